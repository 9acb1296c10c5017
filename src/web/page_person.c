/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One person: who they are, the stages of their membership and the posts they held, each with its dates, and every
 * record that names them, by ledger. What is private stands hidden until the asker says what for (/look). */
#include "web/people.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/attachment.h"
#include "ledger/list.h"

enum { NAMED_EACH = 6, NAMED_COUNTED = 999 };

static void put(json_t *o, const char *key, const char *text) { json_object_set_new(o, key, json_string(text)); }

static bool number_of(const char *text, int64_t *out) {
  char *end = NULL;
  *out = strlen(text) <= 18 ? strtoll(text, &end, 10) : 0;
  return *out > 0 && !*end;
}

/* ---- fields ---- */

static json_t *fields_json(Page *p, const RosterRow *person) {
  const Relation *r = person->row.relation;
  Session *s = p->session;
  json_t *out = json_array();
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->retired || c->system || (int)i == r->title || person->row.v[i].null) continue;
    json_t *one = json_object();
    const char *text = gate_show(s, person->row, c, person->org, false);
    bool refused = gate_masked(s, c, person->org), veiled = c->sensitive && !strcmp(text, VEIL);
    int age = !strcmp(c->name, "birth") ? roster_age(person, s->today) : -1;
    put(one, "label", c->label);
    put(one, "text", age < 0 ? text : arena_print(p->arena, "%s（%d岁）", text, age));
    view_flag(one, "masked", refused || veiled);
    view_set(one, "look", veiled ? arena_print(p->arena, "/look?relation=person&row=%lld&to=%%2Fpeople%%2F%lld", (long long)person->id, (long long)person->id) : NULL);
    json_array_append_new(out, one);
  }
  return out;
}

static const char *span_text(Page *p, Date from, Date to) {
  return arena_print(p->arena, "%s%s%s", view_date(p->arena, from), to ? "—" : "起", to ? view_date(p->arena, to) : "");
}

/* The papers of a stage are files of its record. */
static bool add_papers(Page *p, const RosterStage *st, json_t *one, Error *e) {
  const Relation *stage = catalogue_core(p->session->catalogue, "stage");
  Attachment *all;
  size_t count, there = 0;
  if (!attachments_of(p->session, stage, st->id, &all, &count, e)) return false;
  for (size_t i = 0; i < count; i++) there += !all[i].withdrawn;
  put(one, "href", view_record_path(p->arena, stage, st->id));
  view_set(one, "papers", there ? arena_print(p->arena, "%zu份", there) : NULL);
  return true;
}

static bool add_stages(Page *p, const RosterRow *person, json_t *context, Error *e) {
  json_t *out = json_array();
  json_object_set_new(context, "stages", out);
  for (size_t i = person->stage_count; i--;) {
    const RosterStage *st = &person->stages[i];
    json_t *one = json_object();
    StepKept kept;
    json_array_append_new(out, one);
    put(one, "stage", people_stage_label(p, st->stage));
    put(one, "org", org_name(p->session->tree, st->org, st->from));
    put(one, "span", span_text(p, st->from, st->to));
    view_set(one, "approved", st->approved ? view_date(p->arena, st->approved) : NULL);
    view_flag(one, "now", st == person->stage);
    if (step_kept(p->arena, st, i + 1 < person->stage_count ? st + 1 : NULL, &kept)) {
      view_set(one, "said", kept.said);
      view_flag(one, "kept", kept.kept);
    }
    if (!add_papers(p, st, one, e)) return false;
  }
  return true;
}

/* ---- posts ---- */

typedef struct Posts { Page *page; int64_t person; json_t *out; } Posts;

static bool add_post(Session *s, const ListRow *row, void *context) {
  Posts *posts = context;
  const Relation *r = row->row.relation;
  if (row->row.v[relation_index(r, "person")].i != posts->person) return true;
  json_t *one = json_object();
  Value ends = row->row.v[r->ends];
  put(one, "title", gate_show(s, row->row, relation_column(r, "title"), row->org, false));
  put(one, "org", org_name(s->tree, row->org, row->date));
  put(one, "span", span_text(posts->page, row->date, ends.null ? 0 : (Date)ends.i));
  put(one, "how", gate_show(s, row->row, relation_column(r, "how"), row->org, false));
  json_array_append_new(posts->out, one);
  return true;
}

/* ---- what names them ---- */

static bool names_persons(const Column *c, const Relation *person) {
  return c->type == TYPE_REF && c->ref == person && !c->retired && !c->sensitive;
}

/* One statement a relation, through the gate: its records, or those of its lines, in which some column names them. */
static bool find_named(Page *p, const Relation *r, int64_t person, json_t *rows, int64_t *total, Error *e) {
  Session *s = p->session;
  const Relation *who = catalogue_core(s->catalogue, "person"), *record = r->parent ? r->parent : r;
  Query q;
  query_begin(&q, s->arena, s->catalogue, r, (FilterScope){.area = s->area, .period = period_year(date_year(s->today))});
  TEXT_SCOPE test = text_new(64 * 1024);
  TEXT_SCOPE as = text_new(64 * 1024);
  const char *bound = query_bind(&q, value_int(person));
  for (size_t i = 0; i < r->column_count; i++) {
    if (!names_persons(&r->columns[i], who)) continue;
    const char *column = query_column(&q, r->columns[i].name);
    text_print(&test, "%s%s = %s", test.length ? " OR " : "", column, bound);
    text_print(&as, " WHEN %s = %s THEN %zu", column, bound, i);
  }
  bool done = true;
  if (test.length) {
    const Column *title = record->title >= 0 && !record->columns[record->title].sensitive && record->columns[record->title].type == TYPE_TEXT ? &record->columns[record->title] : NULL;
    const char *id = query_column(&q, r->parent ? "record" : "id"), *date = record->date >= 0 ? query_column(&q, record->columns[record->date].name) : "0";
    const char *named = title ? query_column(&q, title->name) : "''", *gate = gate_rows(s, &q);
    const char *state = record->state >= 0 ? arena_print(p->arena, "%s <> %s", query_column(&q, "state"), query_bind(&q, value_text(STATE_VOID))) : "1 = 1";
    const char *sql = arena_print(p->arena, "SELECT %s, %s, %s, CASE%s ELSE 0 END FROM %s WHERE %s AND (%s) AND %s AND %s ORDER BY 2 DESC, 1 DESC LIMIT %s", id,
                                  date, named, text_get(&as), query_from(&q), query_area(&q), text_get(&test), gate, state, query_bind(&q, value_int(NAMED_COUNTED)));
    STMT_SCOPE st = stmt_open(s->tx, sql, q.binds, q.bind_count, e);
    Step step = st ? STEP_ROW : STEP_FAILED;
    while (st && (step = stmt_step(st, e)) == STEP_ROW) {
      if ((*total)++ >= NAMED_EACH) continue;
      json_t *one = json_object();
      put(one, "href", view_record_path(p->arena, record, stmt_int(st, 0)));
      put(one, "date", view_date(p->arena, (Date)stmt_int(st, 1)));
      put(one, "title", *stmt_text(st, 2) ? stmt_text(st, 2) : record->label);
      put(one, "as", r->columns[stmt_int(st, 3)].label);
      json_array_append_new(rows, one);
    }
    done = step != STEP_FAILED;
  }
  query_end(&q);
  return done;
}

static bool named_json(Page *p, int64_t person, json_t *out, Error *e) {
  const Catalogue *c = p->session->catalogue;
  for (size_t i = 0; i < c->relation_count; i++) {
    const Relation *r = c->relations[i];
    if (r->core || r->retired || r->parent) continue;
    json_t *rows = json_array();
    int64_t total = 0;
    bool done = find_named(p, r, person, rows, &total, e);
    for (size_t k = 0; done && k < r->line_count; k++)
      if (!r->lines[k]->retired) done = find_named(p, r->lines[k], person, rows, &total, e);
    json_t *one = json_pack("{s:s, s:I, s:o}", "label", r->label, "count", (json_int_t)total, "rows", rows);
    view_flag(one, "more", total > (int64_t)json_array_size(rows));
    if (done && total) json_array_append_new(out, one);
    else json_decref(one);
    if (!done) return false;
  }
  return true;
}

/* ---- the page ---- */

static void add_actions(Page *p, const RosterRow *person, json_t *context) {
  Session *s = p->session;
  bool manages = person->org ? may(s, MAY_MANAGE_PEOPLE, person->org) : may(s, MAY_MANAGE_PEOPLE, s->tree->root);
  view_flag(context, "manages", manages);
  view_set(context, "edit", manages ? arena_print(p->arena, "/ledgers/person/%lld/edit", (long long)person->id) : NULL);
  if (manages) {
    const char *ask = arena_print(p->arena, "?person=%lld%s", (long long)person->id, person->org ? arena_print(p->arena, "&org=%lld", (long long)person->org) : "");
    view_set(context, "start", arena_print(p->arena, "/do/post.start%s", ask));
    view_set(context, "end", arena_print(p->arena, "/do/post.end%s", ask));
    view_set(context, "enter", arena_print(p->arena, "/do/stage.enter%s", ask));
  }
  people_toast(p, context);
  view_set(context, "history", arena_print(p->arena, "/ledgers/person/%lld/history", (long long)person->id));
  view_set(context, "back", person->org ? arena_print(p->arena, "/people?org=%lld", (long long)person->org) : NULL);
  view_set(context, "branch", person->org ? org_name(s->tree, person->org, s->today) : NULL);
}

bool person_page(Page *p, Error *e) {
  Session *s = p->session;
  const Relation *person = catalogue_core(s->catalogue, "person");
  Roster roster;
  int64_t id;
  if (!number_of(p->parts[0], &id)) return fail(e, ERROR_MISSING, "没有这个人，请从花名册进入。");
  if (!gate_row(s, person, id, e)) return false;
  web_unveil(p, person, id);
  if (!roster_load(s, id, &roster, e)) return false;
  if (!roster.count) return fail(e, ERROR_MISSING, "这个人的登记已作废，请从花名册进入。");
  const RosterRow *row = &roster.at[0];
  json_t *context = json_object();
  Posts posts = {p, id, json_array()};
  json_t *named = json_array();
  json_object_set_new(context, "posts", posts.out);
  json_object_set_new(context, "mentions", named);
  if (!list_rows(s, (ListAsk){.relation = catalogue_core(s->catalogue, "post"), .period = period_year(date_year(s->today)), .descending = true}, add_post, &posts, e) ||
      !named_json(p, id, named, e) || !add_stages(p, row, context, e))
    return json_decref(context), false;
  put(context, "name", row->name);
  view_set(context, "stage", row->stage ? people_stage_label(p, row->stage->stage) : NULL);
  json_object_set_new(context, "fields", fields_json(p, row));
  json_t *step = people_step(p, row);
  json_object_set_new(context, "step", step ? step : json_false());
  add_actions(p, row, context);
  return view_page(p, "person", row->name, context, e);
}
