/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 我的: what is held on the person an account belongs to, in every ledger that names them, and who looked at their
 * private items. Found from the catalogue, so that no ledger can be left out. It is one's own and needs no right: of
 * a row it shows its day and title and as what one stands there, never others' cells. Also the reason that has to be
 * given before somebody else's private items are shown, and the note of an export. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "journal/seal.h"
#include "ledger/record.h"
#include "web/elder.h"
#include "web/look.h"

enum { ROWS_MOST = 200, ROWS_SHOWN = 30 };

/* ---- one's own ---- */

static json_t *own_fields(Page *p, const Record *person) {
  Session *s = p->session;
  const Relation *r = person->relation;
  json_t *out = json_array();
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->system || c->retired || person->row.v[i].null) continue;
    json_t *one = json_object();
    view_set(one, "label", c->label);
    view_set(one, "text", gate_show(s, person->row, c, 0, false));
    json_array_append_new(out, one);
  }
  return out;
}

static const char *title_of(Session *s, const Record *record) {
  const Relation *r = record->relation;
  if (r->title < 0) return "";
  const Column *c = &r->columns[r->title];
  return c->sensitive ? "" : gate_show(s, record->row, c, record_org(record), false);
}

/* What the year holds on one, in a sentence: how many records, and the last of them. */
typedef struct Year { size_t count; Date day; const char *what, *org; } Year;
typedef struct Held {
  const Relation *record;
  json_t *rows;
  size_t count, seen_count, seen_room;
  int64_t *seen; /* of the year */
  Year *year;
} Held;

/* A record that names one twice is one. */
static void add_to_year(Page *p, Held *h, const Record *record, int64_t id) {
  Session *s = p->session;
  Date day = record_date(record);
  if (h->record->core || !day || date_year(day) != date_year(s->today) || day > s->today) return;
  for (size_t i = 0; i < h->seen_count; i++)
    if (h->seen[i] == id) return;
  *PUSH(p->arena, h->seen, h->seen_count, h->seen_room) = id;
  h->year->count++;
  if (day < h->year->day) return;
  int64_t org = record_org(record);
  const char *title = title_of(s, record);
  h->year->day = day;
  h->year->what = arena_print(p->arena, "%s%s%s", h->record->label, *title ? "，" : "", title);
  h->year->org = org ? org_name(s->tree, org, day) : NULL;
}

static bool add_row(Page *p, Held *h, int64_t id, const char *as, Error *e) {
  Session *s = p->session;
  Record record;
  if (!record_load(s, h->record, id, &record, e)) return false;
  if (h->record->state >= 0 && !strcmp(record.row.v[h->record->state].s, STATE_VOID)) return true;
  add_to_year(p, h, &record, id);
  if (h->count++ >= ROWS_SHOWN) return true;
  json_t *one = json_object();
  int64_t org = record_org(&record);
  Date day = record_date(&record);
  view_set(one, "date", view_date(p->arena, day));
  view_set(one, "title", title_of(s, &record));
  view_set(one, "org", org ? org_name(s->tree, org, day ? day : s->today) : "");
  view_set(one, "as", as);
  json_array_append_new(h->rows, one);
  return true;
}

/* The records in which this column names the person, newest number first. */
static bool add_rows(Page *p, Held *h, const Relation *r, const Column *c, Error *e) {
  Session *s = p->session;
  int64_t *ids = NULL;
  size_t count = 0, room = 0;
  const char *sql = arena_print(s->arena, "SELECT DISTINCT %s FROM \"%s\" WHERE area_id = $1 AND \"%s\" = $2 ORDER BY 1 DESC LIMIT 200",
                                r->parent ? "record_id" : "id", r->table, c->sql);
  STMT_SCOPE st = stmt_open(s->tx, sql, (Value[]){value_int(s->area), value_int(s->actor.person)}, 2, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) *PUSH(s->arena, ids, count, room) = stmt_int(st, 0);
  if (step == STEP_FAILED) return false;
  for (size_t i = 0; i < count; i++)
    if (!add_row(p, h, ids[i], r->parent ? r->label : c->label, e)) return false; /* a line says it: 到会人员 */
  return true;
}

static bool add_columns(Page *p, Held *h, const Relation *r, const Relation *person, Error *e) {
  for (size_t i = 0; i < r->column_count; i++)
    if (r->columns[i].type == TYPE_REF && r->columns[i].ref == person && !r->columns[i].retired && !add_rows(p, h, r, &r->columns[i], e))
      return false;
  return true;
}

static bool own_rows(Page *p, const Relation *person, json_t *groups, Year *year, Error *e) {
  const Catalogue *c = p->session->catalogue;
  for (size_t i = 0; i < c->relation_count; i++) {
    const Relation *r = c->relations[i];
    if (r->parent || r->retired || r->hidden) continue;
    Held h = {.record = r, .rows = json_array(), .year = year};
    bool done = add_columns(p, &h, r, person, e);
    for (size_t k = 0; done && k < r->line_count; k++) done = r->lines[k]->retired || add_columns(p, &h, r->lines[k], person, e);
    if (done && h.count) {
      json_t *one = json_object();
      view_set(one, "label", r->label);
      view_count(one, "count", (int64_t)h.count);
      view_flag(one, "more", h.count > ROWS_SHOWN);
      json_object_set(one, "rows", h.rows);
      json_array_append_new(groups, one);
    }
    json_decref(h.rows);
    if (!done) return false;
  }
  return true;
}

static bool who_looked(Page *p, const Relation *person, json_t *looks, Error *e) {
  Session *s = p->session;
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT looked_on, account, reason FROM look WHERE area_id = $1 AND relation = $2 AND \"row\" = $3 "
                            "AND state <> $4 ORDER BY id DESC LIMIT 100",
                            (Value[]){value_int(s->area), value_text(person->name), value_int(s->actor.person), value_text(STATE_VOID)}, 4, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) {
    json_t *one = json_object();
    view_set(one, "on", view_date(p->arena, (Date)stmt_int(st, 0)));
    view_set(one, "account", stmt_text(st, 1));
    view_set(one, "reason", stmt_text(st, 2));
    json_array_append_new(looks, one);
  }
  return step != STEP_FAILED;
}

static void add_year(Page *p, const Year *year, json_t *context) {
  Session *s = p->session;
  int64_t org = s->actor.grant_count ? s->actor.grants[0].org : 0;
  view_set(context, "branch", org ? org_name(s->tree, org, s->today) : NULL);
  view_count(context, "year_count", (int64_t)year->count);
  view_set(context, "last_what", year->what);
  view_set(context, "last_org", year->org);
  view_set(context, "last_day", year->day ? view_date(p->arena, year->day) : NULL);
}

bool me_page(Page *p, Error *e) {
  Session *s = p->session;
  const Relation *person = catalogue_core(s->catalogue, "person");
  json_t *context = json_object(), *groups = json_array(), *looks = json_array();
  json_object_set_new(context, "groups", groups);
  json_object_set_new(context, "looks", looks);
  elder_show(p, context);
  view_flag(context, "desk", may_anywhere(s, MAY_READ));
  if (s->actor.person) {
    Record own;
    Year year = {0};
    if (!record_load(s, person, s->actor.person, &own, e) || !own_rows(p, person, groups, &year, e) || !who_looked(p, person, looks, e))
      return json_decref(context), false;
    view_set(context, "name", title_of(s, &own));
    json_object_set_new(context, "fields", own_fields(p, &own));
    add_year(p, &year, context);
  }
  view_flag(context, "tokens", web_opens(p, "/me/tokens"));
  view_count(context, "look_count", (int64_t)json_array_size(looks));
  return view_page(p, "me", "我的", context, e);
}

bool me_elder_post(Page *p, Error *e) {
  char *end;
  long size = strtol(form_text(&p->form, "size"), &end, 10);
  if (*end || size < 0 || size >= ELDER_SIZES) return fail(e, ERROR_INVALID, "请按页面上的字号。");
  if (!elder_keep(p, (int)size, e)) return false;
  return web_redirect(p, *form_text(&p->form, "to") ? web_own_path(form_text(&p->form, "to")) : "/me");
}

/* ---- somebody else's private items ---- */

static bool show_reason(Page *p, const Form *from, const char *wrong, Error *e) {
  if (!web_reading(p, e)) return false;
  Session *s = p->session;
  const Relation *r = catalogue_relation(s->catalogue, form_text(from, "relation"), e);
  char *end;
  int64_t id = strtoll(form_text(from, "row"), &end, 10);
  Record record;
  if (!r) return false;
  if (r->parent || *end || id < 1) return fail(e, ERROR_MISSING, "没有这条记录，请从它的页面进入。");
  if (!gate_row(s, r, id, e) || !record_load(s, r, id, &record, e)) return false;
  json_t *context = json_object();
  view_set(context, "relation", r->name);
  view_set(context, "label", r->label);
  view_set(context, "row", arena_print(p->arena, "%lld", (long long)id));
  view_set(context, "title", title_of(s, &record));
  view_set(context, "to", web_own_path(form_text(from, "to")));
  view_set(context, "wrong", wrong);
  view_count(context, "minutes", SIGNIN_LOOK / 60);
  if (wrong) p->out->status = 400;
  return view_page(p, "look", "查看隐私项", context, e);
}

bool look_form(Page *p, Error *e) { return show_reason(p, &p->query, NULL, e); }

bool look_post(Page *p, Error *e) {
  const char *relation = form_text(&p->form, "relation"), *row = form_text(&p->form, "row"), *reason = form_text(&p->form, "reason");
  Issues issues = {.arena = p->arena};
  json_t *result = NULL;
  if (strlen(reason) < 4) return show_reason(p, &p->form, "请写明查看的事由，如“核对身份证号”。", e);
  json_t *input = json_pack("{s:s, s:s, s:s}", "relation", relation, "row", row, "reason", reason);
  bool done = web_do(p, "look.record", input, NULL, &result, &issues, e);
  json_decref(input);
  json_decref(result);
  if (!done) return issues.count ? show_reason(p, &p->form, issues.at[0].sentence, e) : false;
  if (p->token) signins_look(p->web->signins, p->token, relation, strtoll(row, NULL, 10));
  return web_redirect(p, web_own_path(form_text(&p->form, "to")));
}

/* ---- exports ---- */

static bool has_private(const Relation *r) {
  for (size_t i = 0; i < r->column_count; i++)
    if (r->columns[i].sensitive && !r->columns[i].retired) return true;
  for (size_t i = 0; i < r->line_count; i++)
    if (has_private(r->lines[i])) return true;
  return false;
}

static const char *body_hash(Page *p, Error *e) {
  Digest digest;
  SEAL_SCOPE seal = seal_new(NULL, e);
  if (!seal) return NULL;
  seal_start(seal);
  seal_bytes(seal, text_get(&p->out->body), p->out->body.length);
  if (!seal_finish(seal, &digest, e)) return NULL;
  char *hex = arena_alloc(p->arena, SEAL_HEX);
  hex_write(digest.at, SEAL_SIZE, hex);
  return hex;
}

bool web_note_export(Page *p, const Relation *r, int64_t rows, Error *e) {
  if (!has_private(r) || !may_anywhere(p->session, MAY_SEE_SENSITIVE)) return true;
  const char *hash = body_hash(p, e), *file = p->out->filename ? p->out->filename : r->name;
  if (!hash) return false;
  session_close(p->session); /* an operation is not done beside a snapshot */
  p->session = NULL;
  Issues issues = {.arena = p->arena};
  json_t *result = NULL;
  json_t *input = json_pack("{s:s, s:I, s:s, s:s, s:s}", "relation", r->name, "rows", (json_int_t)rows, "file", file, "hash", hash,
                            "reason", "导出");
  bool done = web_do(p, "look.export", input, NULL, &result, &issues, e);
  json_decref(input);
  json_decref(result);
  if (!done) text_clear(&p->out->body), p->out->filename = NULL, p->out->type = "text/html; charset=utf-8";
  return done || (issues.count ? issues_fail(&issues, e, "没有导出：") : false);
}
