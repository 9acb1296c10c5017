/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Entering and changing one record of any relation. Each button of the form that is not 保存 gives the same
 * form back with something done to it (a line more, a pasted list ticked), so that all of it works without
 * script. Whatever goes wrong with saving, the answer is the form as it was sent. */
#include <stdlib.h>
#include <string.h>

#include "access/drawer.h"
#include "access/names.h"
#include "base/json.h"
#include "base/utf8.h"
#include "journal/seal.h"
#include "ledger/merge.h"
#include "web/chain.h"
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

/* ---- drafts: what was typed and not sent, in the account's drawer ---- */

static const char draft_kind[] = "form";

static const char *drawer_account(const Page *p) { return p->signin.account; }

static const char *draft_key(const Entry *n) {
  return n->id ? arena_print(n->page->arena, "%s-%lld", n->relation->name, (long long)n->id) : arena_print(n->page->arena, "%s-new", n->relation->name);
}

/* What stands sealed in the store must not lie open in a drawer. */
static bool is_private(const Relation *r, const char *input) {
  const Column *c = relation_column(r, input);
  for (size_t i = 0; !c && i < r->line_count; i++) {
    size_t n = strlen(r->lines[i]->own_name);
    const char *dot = strrchr(input, '.');
    if (dot && !strncmp(input, r->lines[i]->own_name, n) && input[n] == '.') c = relation_column(r->lines[i], dot + 1);
  }
  return c && c->sensitive;
}

bool draft_post(Page *p, Error *e) {
  const char *key = p->parts[0], *dash = strrchr(key, '-');
  const Relation *r = dash ? catalogue_find(p->site->catalogue, arena_slice(p->arena, key, (size_t)(dash - key))) : NULL;
  if (!r || r->parent || r->retired) return fail(e, ERROR_MISSING, "没有这样的草稿，请刷新页面。");
  TEXT_SCOPE all = text_new(DRAWER_BYTES);
  for (size_t i = 0; i < p->form.count; i++) {
    const Field *f = &p->form.at[i];
    if (f->filename || (f->name[0] == '_' && strcmp(f->name, "_revision") != 0) || is_private(r, f->name)) continue;
    text_print(&all, "%s%s=%s", all.length ? "&" : "", url_encode(p->arena, f->name), url_encode(p->arena, f->value));
  }
  if (all.full) return fail(e, ERROR_LIMIT, "草稿太大，没有存下，请先保存再接着填。");
  if (!drawer_put(p->site, drawer_account(p), draft_kind, key, text_get(&all), all.length, e)) return false;
  p->out->type = "text/plain; charset=utf-8";
  text_add(&p->out->body, "已存\n");
  return true;
}

bool draft_drop_post(Page *p, Error *e) {
  const char *key = p->parts[0], *dash = strrchr(key, '-');
  if (!dash || !drawer_drop(p->site, drawer_account(p), draft_kind, key, e)) return dash ? false : fail(e, ERROR_MISSING, "没有这样的草稿。");
  const char *name = url_encode(p->arena, arena_slice(p->arena, key, (size_t)(dash - key)));
  return web_redirect(p, strcmp(dash, "-new") ? arena_print(p->arena, "/ledgers/%s/%s/edit", name, url_encode(p->arena, dash + 1))
                                              : arena_print(p->arena, "/ledgers/%s/new", name));
}

/* ?draft=1: the form as it was left. `taken` false when there is none. */
static bool take_draft(Entry *n, bool *taken, Error *e) {
  Page *p = n->page;
  Sheet sheet;
  Form f = {0};
  Error none = {0};
  *taken = false;
  if (!*form_text(&p->query, "draft") || !drawer_get(p->site, p->arena, drawer_account(p), draft_kind, draft_key(n), &sheet, &none)) return true;
  if (!form_read_query(p->arena, sheet.bytes, sheet.size, &f, e)) return false;
  entry_from_form(n, &f);
  number_of(form_text(&f, "_revision"), &n->revision);
  return *taken = true;
}

static void offer_draft(Entry *n, json_t *context) {
  Page *p = n->page;
  Sheet sheet;
  Error none = {0};
  const char *key = draft_key(n);
  view_set(context, "draft_key", key);
  if (strcmp(p->request->method, "POST") == 0 || *form_text(&p->query, "draft")) return;
  if (!drawer_get(p->site, p->arena, drawer_account(p), draft_kind, key, &sheet, &none)) return;
  json_object_set_new(context, "draft", json_pack("{s:s, s:s, s:s}", "ago", drawer_ago(p->arena, sheet.at), "drop", arena_print(p->arena, "/drafts/%s/drop", key), "take",
                                                  n->id ? arena_print(p->arena, "%s/edit?draft=1", view_record_path(p->arena, n->relation, n->id))
                                                        : arena_print(p->arena, "/ledgers/%s/new?draft=1", n->relation->name)));
}

/* ---- showing it ---- */

/* Rows to type a person into must not pile up. */
static void prune(EntryLines *lines) {
  size_t kept = 0;
  int person = lines->person ? (int)(lines->person - lines->relation->columns) : -1;
  for (size_t i = 0; i < lines->count; i++) {
    EntryRow *row = &lines->rows[i];
    bool said = *row->id || person < 0 ? *row->id || row->cells : row->cells[person] && *row->cells[person];
    if (person < 0 && !*row->id) {
      said = false;
      for (size_t k = 0; k < lines->relation->column_count; k++) said |= row->cells[k] != NULL;
    }
    if (entry_is_total(lines, row)) said = true;
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
  const char *sent = form_text(&p->form, "_request"), *dash = strchr(sent, '-');
  view_set(context, "sent", status == 409 ? NULL : dash ? arena_slice(p->arena, sent, (size_t)(dash - sent)) : sent);
  offer_draft(n, context);
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
  bool taken;
  if (!take_draft(n, &taken, e)) return false;
  if (taken) return show(n, &none, 200, e);
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
  bool taken;
  n->masked = record.row;
  n->state = r->state >= 0 ? record.row.v[r->state].s : NULL;
  if (!take_draft(n, &taken, e)) return false;
  if (taken) return show(n, &none, 200, e);
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

/* ---- a pasted list ---- */

static const Choice *way_of(const EntryLines *lines, const char *typed) {
  const Choice *exact = *typed ? codes_choice(lines->way->codes, typed) : NULL;
  for (size_t i = 0; *typed && !exact && i < lines->way->codes->count; i++) {
    const Choice *c = &lines->way->codes->at[i];
    if (strstr(c->label, typed) || strstr(typed, c->label)) exact = c;
  }
  return exact;
}

static EntryRow *row_named(Entry *n, EntryLines *lines, const char *name) {
  Session *s = n->page->session;
  size_t at = (size_t)(lines->person - lines->relation->columns);
  for (size_t i = 0; i < lines->count; i++) {
    int64_t id;
    Error ignored = {0};
    const char *text = lines->rows[i].cells[at];
    if (!text || !*text) continue;
    if (!strcmp(text, name)) return &lines->rows[i];
    if (names_find(s, lines->person->ref, text, n->date ? n->date : s->today, &id, &ignored) && !strcmp(names_of(s, lines->person->ref, id, s->today), name))
      return &lines->rows[i];
  }
  return NULL;
}

/* Somebody of the list who may be meant by 小冯, 冯书记. */
static const char *meant(const EntryLines *lines, const char *nick) {
  size_t at = (size_t)(lines->person - lines->relation->columns);
  for (size_t i = 0; i < lines->count; i++) {
    const char *name = lines->rows[i].cells[at], *rest = nick, *first = name;
    if (!name || !*name || !utf8_next(&first)) continue;
    const char *surname = arena_slice(lines->found.arena, name, (size_t)(first - name));
    if (strstr(rest, surname)) return name;
  }
  return NULL;
}

static void take_name(Entry *n, EntryLines *lines, ChainName one) {
  Session *s = n->page->session;
  size_t person = (size_t)(lines->person - lines->relation->columns), way_at = (size_t)(lines->way - lines->relation->columns);
  EntryRow *row = row_named(n, lines, one.name);
  int64_t *same = NULL;
  if (!row && lines->count < ENTRY_LINES && names_same(s, lines->person->ref, one.name, &same)) {
    row = entry_add(n, lines);
    row->cells[person] = one.name; /* of two with that name the form asks which */
  }
  if (!row) {
    const char *near = meant(lines, one.name);
    if (near) issue_add(&lines->found, near, one.name, "“%s”没有对上，是%s吗？", one.name, near);
    else issue_add(&lines->found, NULL, one.name, "“%s”没有对上，请在名单里勾选，或改成全名再认。", one.name);
    return;
  }
  const Choice *way = way_of(lines, one.way);
  if (*one.way && !way) issue_add(&lines->found, NULL, NULL, "%s后面的“%s”不是方式，已按%s，请核对。", one.name, one.way, entry_usual_way(lines));
  row->cells[way_at] = way ? way->name : entry_usual_way(lines);
  row->here = entry_present(lines, row->cells[way_at]);
  lines->matched++;
}

static const char *replaced(Arena *a, const char *text, const char *what, const char *by) {
  const char *at = *what ? strstr(text, what) : NULL;
  return at ? arena_print(a, "%.*s%s%s", (int)(at - text), text, by, at + strlen(what)) : text;
}

/* LINES, or LINES=小冯=冯静宜: that is who is meant. */
static void take_chain(Entry *n, const char *which) {
  const char *is = strchr(which, '='), *then = is ? strchr(is + 1, '=') : NULL;
  EntryLines *lines = lines_named(n, which, is ? (size_t)(is - which) : strlen(which));
  ChainName *names;
  if (!lines || !lines->person || !lines->chain) return;
  if (then) lines->chain = replaced(n->page->arena, lines->chain, arena_slice(n->page->arena, is + 1, (size_t)(then - is) - 1), then + 1);
  size_t count = chain_cut(n->page->arena, lines->chain, &names);
  for (size_t i = 0; count && i < lines->count; i++)
    if (!*lines->rows[i].id) lines->rows[i].here = false;
  for (size_t i = 0; i < count; i++) take_name(n, lines, names[i]);
}

/* True when one of them was pressed. */
static bool press(Entry *n, bool *bring) {
  const Form *f = &n->page->form;
  const char *add = form_text(f, "_add"), *drop = form_text(f, "_drop"), *set = form_text(f, "_set");
  EntryLines *lines = *add ? lines_named(n, add, strlen(add)) : NULL;
  *bring = *form_text(f, "_bring") != '\0';
  bool chain = *form_text(f, "_chain") != '\0';
  if (*drop) drop_line(n, drop);
  if (*set) set_input(n, set);
  for (size_t i = 0; i < n->relation->line_count; i++) prune(&n->lines[i]);
  if (lines && lines->count < ENTRY_LINES) {
    EntryRow *row = entry_add(n, lines);
    row->here = true;
  }
  return *add || *drop || *set || *bring || chain;
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
  if (*form_text(&p->form, "_chain")) take_chain(n, form_text(&p->form, "_chain"));
  return (!bring || entry_bring(n, true, e)) && show(n, issues, status, e);
}

/* ---- saving ---- */

/* A request that was answered before has no result but its revision. */
static bool made_before(Page *p, const Relation *r, json_t *result, int64_t *id, Error *e) {
  const char *text = json_string_value(json_object_get(result, "id"));
  if (text) return number_of(text, id);
  return web_reading(p, e) && record_of_revision(p->session, r, json_integer_value(json_object_get(result, "revision")), id, e) && *id;
}

/* A double click sends the same twice; going back, changing something and saving again does not. So the request is
 * named by what it says too: the same is done once, and what was changed after saving changes the record just made. */
static bool name_request(Entry *n, json_t *input, Error *e) {
  Page *p = n->page;
  const char *sent = form_text(&p->form, "_request");
  TEXT_SCOPE text = text_new(TEXT_CEILING);
  Digest digest;
  char hex[SEAL_HEX];
  if (!*sent || strlen(sent) > 40) return true;
  json_write(input, false, &text);
  SEAL_SCOPE seal = seal_new(NULL, e);
  if (!seal) return false;
  seal_start(seal);
  seal_string(seal, text_get(&text), text.length);
  if (!seal_finish(seal, &digest, e)) return false;
  hex_write(digest.at, 8, hex);
  const char *name = arena_print(p->arena, "%s-%s", sent, hex);
  for (size_t i = 0; i < p->form.count; i++)
    if (!strcmp(p->form.at[i].name, "_request")) p->form.at[i].value = name;
  if (n->id) return true;
  SESSION_SCOPE s = session_open(p->site, p->machine ? NULL : p->signin.account, TX_READ, e);
  int64_t seq = 0, id = 0;
  bool found = false;
  if (!s) return false;
  Value binds[] = {value_int(s->area), value_text(arena_print(p->arena, "%s-", sent)), value_text(arena_print(p->arena, "%s.", sent)), value_text(name)};
  if (!tx_int(s->tx, "SELECT MAX(seq) FROM revision WHERE area_id = $1 AND request_id > $2 AND request_id < $3 AND request_id <> $4", binds, 4, &seq, &found, e)) return false;
  if (!found || !seq || !record_of_revision(s, n->relation, seq, &id, e) || !id) return true;
  n->id = id;
  json_object_set_new(input, "id", json_string(arena_print(p->arena, "%lld", (long long)id)));
  return true;
}

/* ---- two at one record ---- */

static const char *shown(Session *s, const Column *c, Value v) {
  if (v.null) return "（空）";
  if (c->sensitive) return "（隐私项）";
  return c->type == TYPE_REF ? names_of(s, c->ref, v.i, s->today) : cell_show(s->arena, c, v);
}

static const char *who_changed(Session *s, const Relation *r, int64_t id) {
  HistoryEntry *all;
  size_t count;
  Error ignored = {0};
  return journal_history(s->tx, s->arena, s->area, r, id, &all, &count, &ignored) && count ? all[count - 1].header.actor : "别人";
}

static const char *as_input(Session *s, const Column *c, Value v) {
  if (v.null) return "";
  if (c->type == TYPE_CHOICE) return v.s;
  return c->type == TYPE_REF ? names_exact(s, c->ref, v.i, s->today) : cell_exchange(s->arena, c, v);
}

static void tell_clash(Entry *n, const Clash *c, const char *who, Issues *out) {
  Session *s = n->page->session;
  const char *own = c->relation->own_name, *label = c->relation->label;
  if (c->kind == CLASH_THEY_REMOVED)
    issue_add(out, NULL, own, "%s：第%zu行被%s去掉了，而您改了它。现在还留着，不要就去掉这一行。", label, c->line + 1, who);
  if (c->kind == CLASH_I_REMOVED)
    issue_add(out, NULL, own, "%s：您去掉的第%zu行被%s改过。现在还留着，不要就再去掉一次。", label, c->line + 1, who);
  if (c->kind != CLASH_CELL) return;
  const char *input = c->relation == n->relation ? c->column->name : arena_print(n->page->arena, "%s.%zu.%s", own, c->line, c->column->name);
  issue_add(out, NULL, input, "%s：您填的是“%s”，%s刚改成“%s”。直接保存用您的。", c->column->label, shown(s, c->column, c->mine), who, shown(s, c->column, c->theirs));
  if (!c->column->sensitive)
    *PUSH(n->page->arena, n->offers, n->offer_count, n->offer_room) =
        (EntryOffer){input, arena_print(n->page->arena, "%s=%s", input, as_input(s, c->column, c->theirs)), arena_print(n->page->arena, "改用“%s”", shown(s, c->column, c->theirs))};
}

/* The form again, brought up to what others did, with both values wherever they differ. Nothing typed is lost: what is
 * the asker's own stands in the inputs. */
static bool show_clash(Entry *n, json_t *input, Error *e) {
  Page *p = n->page;
  Record now, merged;
  Clash *clashes;
  size_t count;
  Issues found = {.arena = p->arena}, told = {.arena = p->arena};
  if (!web_reading(p, e) || !open_record(p, n->relation, n->id, &now, e)) return false;
  static const char *const engine[] = {"ledger", "id", "state", "revision"};
  for (size_t i = 0; i < sizeof engine / sizeof *engine; i++) json_object_del(input, engine[i]);
  if (!record_rebase(p->session, &now, n->revision, input, &merged, &clashes, &count, &found, e)) return false;
  Entry *again = entry_new(p, n->relation);
  again->id = n->id;
  if (!entry_from_record(again, &merged, e)) return false;
  again->masked = now.row;
  for (size_t i = 0; i < n->relation->column_count; i++)
    if (n->relation->columns[i].sensitive && n->cells[i]) again->cells[i] = n->cells[i];
  const char *who = who_changed(p->session, n->relation, n->id);
  for (size_t i = 0; i < count; i++) tell_clash(again, &clashes[i], who, &told);
  return show(again, &told, 409, e);
}

static bool is_blank(const char *s) { return !s || !s[strspn(s, " \t\r\n")]; }

/* A sheet says nothing without its head count; what else such a row lacks need not be told. */
static void miss_headcount(Entry *n) {
  for (size_t i = 0; i < n->relation->line_count; i++) {
    EntryLines *lines = &n->lines[i];
    int head = relation_index(lines->relation, "headcount");
    for (size_t k = 0; head >= 0 && k < lines->count; k++)
      if (entry_is_total(lines, &lines->rows[k]) && is_blank(lines->rows[k].cells[head]))
        issue_add(&n->unfit, NULL, arena_print(n->page->arena, "%s.%zu.headcount", lines->relation->own_name, k), "有签到表还要填人数，请照表数一数再填。");
  }
}

static bool is_told(const Issues *told, const char *input) {
  const char *dot = input ? strrchr(input, '.') : NULL;
  for (size_t i = 0; dot && i < told->count; i++) {
    const char *field = told->at[i].field;
    if (field && !strncmp(field, input, (size_t)(dot - input) + 1) && !strcmp(field + (dot - input) + 1, "headcount")) return true;
  }
  return false;
}

/* Something is wrong already: what else would be is told with it, and nothing is written. */
static bool refuse(Entry *n, json_t *input, Error *e) {
  Page *p = n->page;
  Issues found = {.arena = p->arena}, told = {.arena = p->arena};
  Error why = {0};
  JSON_SCOPE result = NULL;
  const Operation *op = operation_find(p->web->operations, "record.save", e);
  if (!op) return false;
  operation_run(p->site, op, input, (OperationCall){.account = p->machine ? NULL : p->signin.account, .rehearse = true}, &result, &found, &why);
  entry_issues(n, &found, &told);
  for (size_t i = 0, first = n->unfit.count; i < told.count; i++) {
    Issues before = n->unfit;
    before.count = first;
    if (!is_told(&before, told.at[i].field)) issue_add(&n->unfit, told.at[i].where, told.at[i].field, "%s", told.at[i].sentence);
  }
  return show_again(n, false, &n->unfit, 400, e);
}

static bool save(Entry *n, Error *e) {
  Page *p = n->page;
  JSON_SCOPE input = entry_json(n);
  JSON_SCOPE result = NULL;
  Issues found = {.arena = p->arena}, told = {.arena = p->arena};
  const char *state = form_text(&p->form, "_state");
  if (*state) json_object_set_new(input, "state", json_string(state));
  miss_headcount(n);
  if (n->unfit.count) return refuse(n, input, e);
  if (!name_request(n, input, e)) return false;
  if (n->id && n->revision) json_object_set_new(input, "revision", json_integer(n->revision));
  Error why = {0};
  if (web_do(p, "record.save", input, NULL, &result, &found, &why)) {
    int64_t id = n->id;
    Error ignored = {0};
    drawer_drop(p->site, drawer_account(p), draft_kind, draft_key(&(Entry){.page = p, .relation = n->relation, .id = p->parts[1] ? n->id : 0}), &ignored);
    if (!id && !made_before(p, n->relation, result, &id, e)) return web_redirect(p, arena_print(p->arena, "/ledgers/%s", n->relation->name));
    return web_redirect(p, arena_print(p->arena, "%s?saved=1", view_record_path(p->arena, n->relation, id)));
  }
  if (why.kind == ERROR_CONFLICT && n->id && n->revision && !found.count) {
    Error other = {0};
    if (show_clash(n, input, &other)) return true;
  }
  entry_issues(n, &found, &told);
  if (!found.count) issue_add(&told, NULL, NULL, "%s", why.sentence);
  return show_again(n, false, &told, found.count ? 400 : web_status(&why), e);
}

bool record_post(Page *p, Error *e) {
  const Relation *r = entered(p, e);
  bool bring;
  if (!r) return false;
  Entry *n = entry_new(p, r);
  if (p->parts[1] && !number_of(p->parts[1], &n->id)) return fail(e, ERROR_MISSING, "没有这条记录，请从台账列表进入。");
  entry_from_form(n, &p->form);
  if (!entry_take_files(n, e)) return false;
  number_of(form_text(&p->form, "_revision"), &n->revision);
  if (press(n, &bring)) return show_again(n, bring, &n->unfit, n->unfit.count ? 400 : 200, e);
  return save(n, e);
}
