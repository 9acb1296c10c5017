/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Entering and changing one record of any relation. Each button of the form that is not 保存 gives the same
 * form back with something done to it (a line more, a pasted list ticked), so that all of it works without
 * script. Whatever goes wrong with saving, the answer is the form as it was sent. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "base/json.h"
#include "web/entry.h"

/* ---- which record ---- */

static const Relation *entered(Page *p, Error *e) {
  const Relation *r = catalogue_relation(p->site->catalogue, p->parts[0], e);
  if (!r) return NULL;
  if (r->parent || r->retired) return fail(e, ERROR_MISSING, "没有台账“%s”，请从台账栏目进入。", p->parts[0]), NULL;
  if (!record_enterable(r)) return fail(e, ERROR_MISSING, "“%s”不在这里登记，请从管理栏目办理。", r->label), NULL;
  return r;
}

static bool number_of(const char *text, int64_t *out) {
  char *end;
  *out = strlen(text) <= 18 ? strtoll(text, &end, 10) : 0;
  return *out > 0 && !*end;
}

static bool open_record(Page *p, const Relation *r, int64_t id, Record *out, Error *e) {
  Session *s = p->session;
  if (!gate_row(s, r, id, e) || !record_load(s, r, id, out, e) || !record_may_write(s, out, e)) return false;
  if (r->state >= 0 && !strcmp(out->row.v[r->state].s, STATE_VOID))
    return fail(e, ERROR_CONFLICT, "这条%s已作废，不能再改，请另登记一条。", r->label);
  return true;
}

static bool head_of(Session *s, int64_t *seq, Error *e) {
  return tx_int(s->tx, "SELECT seq FROM head WHERE area_id = $1", (Value[]){value_int(s->area)}, 1, seq, NULL, e);
}

/* ---- showing it ---- */

/* Rows to type a person into must not pile up. */
static void prune(EntryLines *lines) {
  size_t kept = 0;
  int person = lines->person ? (int)(lines->person - lines->relation->columns) : -1, total = relation_index(lines->relation, "headcount");
  for (size_t i = 0; i < lines->count; i++) {
    EntryRow *row = &lines->rows[i];
    bool said = *row->id || person < 0 ? *row->id || row->cells : row->cells[person] && *row->cells[person];
    if (person < 0 && !*row->id) {
      said = false;
      for (size_t k = 0; k < lines->relation->column_count; k++) said |= row->cells[k] != NULL;
    }
    if (total >= 0 && row->cells[total] && *row->cells[total]) said = true;
    if (said) lines->rows[kept++] = *row;
  }
  lines->count = kept;
}

static bool show(Entry *n, const Issues *issues, int status, Error *e) {
  Page *p = n->page;
  const Relation *r = n->relation;
  json_t *context = json_object();
  if (!n->revision && !head_of(p->session, &n->revision, e)) return json_decref(context), false;
  for (size_t i = 0; i < r->line_count; i++)
    for (size_t k = n->lines[i].count; !n->lines[i].person && !n->lines[i].apart && k < (size_t)r->lines[i]->min; k++) entry_add(n, &n->lines[i]);
  if (!entry_view(n, issues, context, e)) return json_decref(context), false;
  const char *verb = n->id ? "改" : "登记", *title = arena_print(p->arena, "%s%s", verb, r->label);
  const char *list = arena_print(p->arena, "/ledgers/%s", r->name);
  view_set(context, "title", title);
  view_set(context, "label", r->label);
  view_set(context, "list", list);
  view_set(context, "action", n->id ? arena_print(p->arena, "%s/%lld/edit", list, (long long)n->id) : arena_print(p->arena, "%s/new", list));
  view_set(context, "leave", n->id ? view_record_path(p->arena, r, n->id) : list);
  view_flag(context, "fresh", !n->id);
  view_set(context, "copy", n->id || r->core || !n->org ? NULL
                              : arena_print(p->arena, "%s/new?copy=last&org=%s", list, url_encode(p->arena, names_exact(p->session, catalogue_core(p->session->catalogue, "org"), n->org, n->date ? n->date : p->session->today))));
  view_set(context, "revision", arena_print(p->arena, "%lld", (long long)n->revision));
  const char *sent = form_text(&p->form, "_request");
  view_set(context, "sent", sent);
  view_flag(context, "halves", r->line_count > 0);
  view_set(context, "look", "with-save");
  p->out->status = status;
  return view_page(p, "form", title, context, e);
}

bool record_new_form(Page *p, Error *e) {
  const Relation *r = entered(p, e);
  const char *copy = form_text(&p->query, "copy");
  int64_t id = 0;
  Issues none = {.arena = p->arena};
  if (!r) return false;
  Entry *n = entry_new(p, r);
  entry_defaults(n);
  if (r->org >= 0 && !n->org) return may_or_fail(p->session, r->core ? MAY_MANAGE_PEOPLE : MAY_WRITE, 0, e);
  if (!entry_from_query(n, e)) return false;
  if (*copy && strcmp(copy, "last") != 0 && !number_of(copy, &id)) return fail(e, ERROR_MISSING, "没有要沿用的那一条，请从台账列表进入。");
  if (*copy && !entry_from_last(n, id, true, e)) return false;
  if (*copy && !entry_from_query(n, e)) return false;
  if (!*copy && !entry_from_last(n, 0, false, e)) return false;
  return entry_bring(n, true, e) && show(n, &none, 200, e);
}

bool record_form(Page *p, Error *e) {
  const Relation *r = entered(p, e);
  Record record;
  int64_t id;
  Issues none = {.arena = p->arena};
  if (!r) return false;
  if (!number_of(p->parts[1], &id)) return fail(e, ERROR_MISSING, "没有这条记录，请从台账列表进入。");
  if (!open_record(p, r, id, &record, e)) return false;
  Entry *n = entry_new(p, r);
  n->id = id;
  return entry_from_record(n, &record, e) && entry_bring(n, false, e) && show(n, &none, 200, e);
}

/* ---- the buttons that give the form back ---- */

static EntryLines *lines_named(Entry *n, const char *name, size_t length) {
  for (size_t i = 0; i < n->relation->line_count; i++)
    if (strlen(n->relation->lines[i]->own_name) == length && !strncmp(n->relation->lines[i]->own_name, name, length)) return &n->lines[i];
  return NULL;
}

static void drop_line(Entry *n, const char *which) {
  const char *dot = strchr(which, '.');
  EntryLines *lines = dot ? lines_named(n, which, (size_t)(dot - which)) : NULL;
  size_t at = dot ? strtoul(dot + 1, NULL, 10) : 0;
  if (!lines || at >= lines->count) return;
  memmove(&lines->rows[at], &lines->rows[at + 1], (lines->count - at - 1) * sizeof *lines->rows);
  lines->count--;
}

/* NAME=VALUE, NAME a field's or LINES.N.COLUMN. */
static void set_input(Entry *n, const char *pair) {
  const char *is = strchr(pair, '=');
  if (!is) return;
  Form one = {0};
  size_t room = 0;
  *PUSH(n->page->arena, one.at, one.count, room) = (Field){.name = arena_slice(n->page->arena, pair, (size_t)(is - pair)), .value = is + 1};
  entry_from_form(n, &one);
}

/* True when one of them was pressed. */
static bool press(Entry *n, bool *bring) {
  const Form *f = &n->page->form;
  const char *add = form_text(f, "_add"), *drop = form_text(f, "_drop"), *set = form_text(f, "_set");
  EntryLines *lines = *add ? lines_named(n, add, strlen(add)) : NULL;
  *bring = *form_text(f, "_bring") != '\0';
  if (*drop) drop_line(n, drop);
  if (*set) set_input(n, set);
  for (size_t i = 0; i < n->relation->line_count; i++) prune(&n->lines[i]);
  if (lines && lines->count < ENTRY_LINES) {
    EntryRow *row = entry_add(n, lines);
    row->here = true;
  }
  return *add || *drop || *set || *bring;
}

/* Who was brought by an org that is no longer the form's go, unless they were changed. */
static void forget_brought(Entry *n) {
  for (size_t i = 0; i < n->relation->line_count; i++) {
    EntryLines *lines = &n->lines[i];
    size_t kept = 0;
    for (size_t k = 0; lines->person && k < lines->count; k++)
      if (*lines->rows[k].id || !lines->rows[k].post) lines->rows[kept++] = lines->rows[k];
    if (lines->person) lines->count = kept;
  }
}

static bool show_again(Entry *n, bool bring, const Issues *issues, int status, Error *e) {
  Page *p = n->page;
  Record record;
  if (!web_reading(p, e)) return false;
  if (n->id) {
    if (!open_record(p, n->relation, n->id, &record, e)) return false;
    n->state = n->relation->state >= 0 ? record.row.v[n->relation->state].s : NULL;
    n->masked = record.row;
  }
  entry_place(n);
  if (bring) forget_brought(n);
  return (!bring || entry_bring(n, true, e)) && show(n, issues, status, e);
}

/* ---- saving ---- */

/* A request that was answered before has no result but its revision. */
static bool made_before(Page *p, const Relation *r, json_t *result, int64_t *id, Error *e) {
  const char *text = json_string_value(json_object_get(result, "id"));
  if (text) return number_of(text, id);
  if (!web_reading(p, e)) return false;
  Value binds[] = {value_int(p->session->area), value_int(json_integer_value(json_object_get(result, "revision"))), value_text(r->name)};
  bool found = false;
  return tx_int(p->session->tx, "SELECT row_id FROM change WHERE area_id = $1 AND seq = $2 AND relation = $3 ORDER BY n", binds, 3, id, &found, e) && found;
}

static bool save(Entry *n, Error *e) {
  Page *p = n->page;
  JSON_SCOPE input = entry_json(n);
  JSON_SCOPE result = NULL;
  Issues found = {.arena = p->arena}, shown = {.arena = p->arena};
  const char *state = form_text(&p->form, "_state");
  if (*state) json_object_set_new(input, "state", json_string(state));
  Error why = {0};
  if (web_do(p, "record.save", input, NULL, &result, &found, &why)) {
    int64_t id = n->id;
    if (!id && !made_before(p, n->relation, result, &id, e)) return web_redirect(p, arena_print(p->arena, "/ledgers/%s", n->relation->name));
    return web_redirect(p, arena_print(p->arena, "%s?saved=1", view_record_path(p->arena, n->relation, id)));
  }
  entry_issues(n, &found, &shown);
  if (!found.count) issue_add(&shown, NULL, NULL, "%s", why.sentence);
  return show_again(n, false, &shown, found.count ? 400 : web_status(&why), e);
}

bool record_post(Page *p, Error *e) {
  const Relation *r = entered(p, e);
  bool bring;
  Issues none = {.arena = p->arena};
  if (!r) return false;
  Entry *n = entry_new(p, r);
  if (p->parts[1] && !number_of(p->parts[1], &n->id)) return fail(e, ERROR_MISSING, "没有这条记录，请从台账列表进入。");
  entry_from_form(n, &p->form);
  number_of(form_text(&p->form, "_revision"), &n->revision);
  if (press(n, &bring)) return show_again(n, bring, &none, 200, e);
  return save(n, e);
}
