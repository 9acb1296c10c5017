/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One form for operations that have no page of their own: posts and stages, the tree, closed periods, exemptions,
 * ways of saying. Its inputs are the operation's arguments (a relation, drawn as a record's form is); a query fills
 * them in. Who may do it, and whether it is done once, is the operation's own affair. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "base/json.h"
#include "web/entry.h"
#include "web/people.h"

/* Where each stands, and the right without which its form is not offered. */
typedef struct Offered { const char *operation, *place, *href; Right right; } Offered;
static const Offered offered[] = {
    {"post.start", "人员", "/people", MAY_MANAGE_PEOPLE},    {"post.end", "人员", "/people", MAY_MANAGE_PEOPLE},
    {"stage.enter", "人员", "/people", MAY_MANAGE_PEOPLE},   {"person.erase", "人员", "/people", MAY_ERASE},
    {"org.found", "组织", "/people", MAY_MANAGE_TREE},       {"org.rename", "组织", "/people", MAY_MANAGE_TREE},
    {"org.move", "组织", "/people", MAY_MANAGE_TREE},        {"org.dissolve", "组织", "/people", MAY_MANAGE_TREE},
    {"ledger.close", "台账", "/ledgers", MAY_CLOSE},         {"ledger.reopen", "台账", "/ledgers", MAY_CLOSE},
    {"duty.relieve", "督查看板", "/board", MAY_CLOSE},       {"duty.restore", "督查看板", "/board", MAY_CLOSE},
    {"alias.set", "核对初稿", "/verify", MAY_WRITE},
};

typedef struct Asked {
  const Operation *op;
  const Offered *where;
  Relation *arguments; /* with choices where the operation takes the name of something declared */
} Asked;

/* ---- what may be chosen ---- */

static Codes *codes_new(Arena *a, const char *name, size_t room) {
  Codes *codes = NEW(a, Codes);
  *codes = (Codes){.name = name, .label = name, .at = NEW_ARRAY(a, Choice, room + 1)};
  return codes;
}

static const Codes *declared(Page *p, const char *argument) {
  const Catalogue *c = p->session->catalogue;
  Codes *codes = NULL;
  if (!strcmp(argument, "ledger")) {
    codes = codes_new(p->arena, argument, c->relation_count);
    for (size_t i = 0; i < c->relation_count; i++) {
      const Relation *r = c->relations[i];
      if (!r->parent && !r->retired && !r->core && r->date >= 0) codes->at[codes->count++] = (Choice){r->name, r->label};
    }
  } else if (!strcmp(argument, "duty")) {
    codes = codes_new(p->arena, argument, c->duty_count);
    for (size_t i = 0; i < c->duty_count; i++) codes->at[codes->count++] = (Choice){c->duties[i].name, c->duties[i].label};
  } else if (!strcmp(argument, "measure")) {
    codes = codes_new(p->arena, argument, c->measure_count);
    for (size_t i = 0; i < c->measure_count; i++)
      codes->at[codes->count++] = (Choice){c->measures[i]->full_name, arena_print(p->arena, "%s：%s", c->measures[i]->set->label, c->measures[i]->label)};
  }
  return codes;
}

/* The choices of the column of the same name where the operation is about rows of that relation: post.start's title. */
static const Codes *column_codes(Page *p, const Operation *op, const char *argument) {
  const char *dot = strchr(op->name, '.');
  const Relation *r = dot ? catalogue_find(p->session->catalogue, arena_slice(p->arena, op->name, (size_t)(dot - op->name))) : NULL;
  const Column *c = r && r->core ? relation_column(r, argument) : NULL;
  return c ? c->codes : NULL;
}

static bool ask_for(Page *p, Asked *out, Error *e) {
  *out = (Asked){0};
  for (size_t i = 0; i < sizeof offered / sizeof *offered; i++)
    if (!strcmp(offered[i].operation, p->parts[0])) out->where = &offered[i];
  Error unknown = {0};
  out->op = out->where ? operation_find(p->web->operations, p->parts[0], &unknown) : NULL;
  if (!out->op) return fail(e, ERROR_MISSING, "这里没有这项操作，请从左边的栏目进入。");
  if (!may_anywhere(p->session, out->where->right)) return may_or_fail(p->session, out->where->right, 0, e);
  const Relation *r = operation_arguments(p->arena, p->session->catalogue, out->op);
  out->arguments = NEW(p->arena, Relation);
  *out->arguments = *r;
  for (size_t i = 0; i < r->column_count; i++) {
    Column *c = &out->arguments->columns[i];
    if (c->type != TYPE_TEXT) continue;
    const Codes *codes = declared(p, c->name);
    if (!codes) codes = column_codes(p, out->op, c->name);
    if (codes) c->codes = codes, c->type = TYPE_CHOICE;
  }
  return true;
}

/* ---- the form ---- */

static bool is_number(const char *s) {
  size_t n = strspn(s, "0123456789");
  return n && !s[n] && n <= 18;
}

/* A link names rows by their number; the form says whom it means, as far as the asker may know. */
static const char *filled(Page *p, const Column *c, const char *text) {
  Session *s = p->session;
  Error no = {0};
  if (c->type != TYPE_REF || !is_number(text)) return text;
  int64_t id = strtoll(text, NULL, 10);
  if (id != s->tree->root && !gate_row(s, c->ref, id, &no)) return "";
  return names_exact(s, c->ref, id, s->today);
}

/* Sentences about what is no input of the form stand in the summary alone. */
static Issues known_fields(Page *p, const Relation *r, const Issues *from) {
  Issues out = {.arena = p->arena};
  for (size_t i = 0; i < from->count; i++) {
    const char *field = from->at[i].field && relation_column(r, from->at[i].field) ? from->at[i].field : NULL;
    issue_add(&out, field ? NULL : from->at[i].where, field, "%s", from->at[i].sentence);
  }
  return out;
}

static bool show(Page *p, const Asked *asked, const Form *from, const Issues *issues, Error *e) {
  const Relation *r = asked->arguments;
  Entry *entry = entry_new(p, r);
  json_t *context = json_object();
  entry->date = p->session->today;
  for (size_t i = 0; i < r->column_count; i++) entry->cells[i] = filled(p, &r->columns[i], form_text(from, r->columns[i].name));
  Issues known = known_fields(p, r, issues);
  if (!entry_view(entry, &known, context, e)) return json_decref(context), false;
  const char *sent = form_text(&p->form, "_request");
  view_set(context, "label", asked->op->label);
  view_set(context, "help", asked->op->help);
  view_set(context, "place", asked->where->place);
  view_set(context, "href", asked->where->href);
  view_set(context, "action", arena_print(p->arena, "/do/%s", asked->op->name));
  view_set(context, "sent", strlen(sent) <= 64 ? sent : NULL);
  return view_page(p, "do", asked->op->label, context, e);
}

bool operation_form(Page *p, Error *e) {
  Asked asked;
  Issues none = {.arena = p->arena};
  return ask_for(p, &asked, e) && show(p, &asked, &p->query, &none, e);
}

/* ---- doing it ---- */

/* Back to whom or what it was about, where a toast says that it is done. */
static const char *destination(Page *p, const Asked *asked) {
  Session *s = p->session;
  static const char *const about[] = {"person", "org"};
  for (size_t i = 0; i < 2; i++) {
    const Relation *r = catalogue_core(s->catalogue, about[i]);
    const char *text = form_text(&p->form, about[i]);
    int64_t id = 0;
    Error no = {0};
    if (strcmp(asked->where->href, "/people") != 0 || !*text || !names_find(s, r, text, s->today, &id, &no)) continue;
    return arena_print(p->arena, i ? "/people?org=%lld&done=%s" : "/people/%lld?done=%s", (long long)id, asked->op->name);
  }
  return arena_print(p->arena, "%s?done=%s", asked->where->href, asked->op->name);
}

static json_t *input_of(Page *p, const Asked *asked) {
  json_t *input = json_object();
  for (size_t i = 0; i < asked->op->argument_count; i++) {
    const char *name = asked->op->arguments[i].name, *text = form_text(&p->form, name);
    if (*text) json_object_set_new(input, name, json_string(text));
  }
  return input;
}

bool operation_post(Page *p, Error *e) {
  Asked asked;
  Issues issues = {.arena = p->arena};
  Error why = {0};
  if (!web_reading(p, e) || !ask_for(p, &asked, e)) return false;
  session_close(p->session); /* the operation opens its own */
  p->session = NULL;
  JSON_SCOPE input = input_of(p, &asked);
  JSON_SCOPE result = NULL;
  bool done = web_do(p, asked.op->name, input, NULL, &result, &issues, &why);
  if (!done && !issues.count && why.kind != ERROR_INVALID && why.kind != ERROR_CONFLICT && why.kind != ERROR_FORBIDDEN) return *e = why, false;
  if (!web_reading(p, e) || !ask_for(p, &asked, e)) return false;
  if (done) return web_redirect(p, destination(p, &asked));
  if (!issues.count) issue_add(&issues, NULL, NULL, "%s", why.sentence);
  p->out->status = why.kind == ERROR_FORBIDDEN ? 403 : why.kind == ERROR_CONFLICT ? 409 : 400;
  return show(p, &asked, &p->form, &issues, e);
}

void people_toast(Page *p, json_t *context) {
  const char *name = form_text(&p->query, "done");
  for (size_t i = 0; *name && i < p->web->operations.count; i++)
    if (!strcmp(p->web->operations.at[i]->name, name))
      json_object_set_new(context, "toast", json_pack("{s:s}", "sentence", arena_print(p->arena, "已办理：%s。", p->web->operations.at[i]->label)));
}
