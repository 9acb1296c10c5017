/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What a form begins with, so that nobody is asked for what is known: defaults, today, the asker's org, a
 * link's query, the org's last record, and whose names stand on a list to tick. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "ledger/list.h"
#include "web/entry.h"
#include "web/listing.h"

static Date day_of(const Entry *n) { return n->date ? n->date : n->page->session->today; }

static const char *text_of(Entry *n, const Column *c, Value v) {
  Session *s = n->page->session;
  if (v.null) return "";
  if (c->type == TYPE_REF) return names_exact(s, c->ref, v.i, day_of(n));
  if (c->type == TYPE_CHOICE) return arena_copy(n->page->arena, v.s);
  return cell_exchange(n->page->arena, c, v);
}

void entry_place(Entry *n) {
  const Relation *r = n->relation;
  Session *s = n->page->session;
  Error ignored = {0};
  Value day;
  const char *date = r->date >= 0 ? n->cells[r->date] : NULL, *org = r->org >= 0 ? n->cells[r->org] : NULL;
  if (date && *date && cell_read(n->page->arena, &r->columns[r->date], date, &day, &ignored) && !day.null) n->date = (Date)day.i;
  if (!s || !org || !*org) return;
  int64_t id = 0;
  if (names_find(s, catalogue_core(s->catalogue, "org"), org, day_of(n), &id, &ignored)) n->org = id;
}

static Right right_for(const Relation *r) { return r->core ? MAY_MANAGE_PEOPLE : MAY_WRITE; }

/* The org of the asker's first grant that lets them write. */
static int64_t own_org(const Entry *n) {
  Session *s = n->page->session;
  for (size_t i = 0; i < s->actor.grant_count; i++)
    if (may(s, right_for(n->relation), s->actor.grants[i].org)) return s->actor.grants[i].org;
  return 0;
}

void entry_defaults(Entry *n) {
  const Relation *r = n->relation;
  Session *s = n->page->session;
  Record blank = record_new(s, r);
  if (r->date >= 0) {
    blank.row.v[r->date] = value_int(s->today);
    n->date = s->today;
  }
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (!c->retired && (!c->system || (int)i == r->org)) n->cells[i] = text_of(n, c, blank.row.v[i]);
  }
  if (r->org >= 0 && (n->org = own_org(n))) n->cells[r->org] = names_exact(s, r->columns[r->org].ref, n->org, s->today);
}

static void take_row(Entry *n, const Relation *r, Row row, int64_t org, const char **cells) {
  Session *s = n->page->session;
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    bool own = !c->system || (int)i == r->org || !strcmp(c->name, "headcount") || !strcmp(c->name, "sheet");
    if (c->retired || !own || !strcmp(c->name, "state")) continue;
    if (c->sensitive) cells[i] = gate_masked(s, c, org) ? NULL : "";
    else cells[i] = text_of(n, c, row.v[i]);
  }
}

static bool is_absence(const EntryLines *lines, const EntryRow *row) {
  const char *way = row->cells[lines->way - lines->relation->columns];
  return way && *way && !entry_present(lines, way);
}

bool entry_from_record(Entry *n, const Record *record, Error *e) {
  const Relation *r = n->relation;
  (void)e;
  n->org = record_org(record);
  n->date = record_date(record);
  n->state = r->state >= 0 ? record->row.v[r->state].s : NULL;
  n->masked = record->row;
  take_row(n, r, record->row, n->org, n->cells);
  for (size_t i = 0; i < r->line_count; i++) {
    EntryLines *lines = &n->lines[i];
    lines->apart = record->lines[i].count > ENTRY_LINES;
    for (size_t k = 0; !lines->apart && k < record->lines[i].count; k++) {
      EntryRow *row = entry_add(n, lines);
      row->id = arena_print(n->page->arena, "%lld", (long long)row_id(record->lines[i].at[k]));
      take_row(n, lines->relation, record->lines[i].at[k], n->org, row->cells);
      row->here = lines->person && !is_absence(lines, row);
    }
  }
  return true;
}

bool entry_from_query(Entry *n, Error *e) {
  const Relation *r = n->relation;
  const Form *q = &n->page->query;
  (void)e;
  for (size_t i = 0; i < q->count; i++) {
    int at = relation_index(r, q->at[i].name);
    if (!strcmp(q->at[i].name, "date") && r->date >= 0) at = r->date;
    if (at < 0 || r->columns[at].retired || (r->columns[at].system && at != r->org)) continue;
    n->cells[at] = q->at[i].value;
  }
  entry_place(n);
  return true;
}

/* ---- the org's last record ---- */

/* `id` and what came before it, 0: none. What is not finished, or was voided, was no last time. */
typedef struct Last { int64_t org, not, id, earlier; Date date; } Last;

static bool see_last(Session *s, const ListRow *row, void *context) {
  Last *l = context;
  (void)s;
  const Relation *r = row->row.relation;
  const State *state = r->state >= 0 ? relation_state(r, row->row.v[r->state].s) : NULL;
  if (row->org != l->org || row_id(row->row) == l->not || (state && !state->counts)) return true;
  if (l->id) return l->earlier = row_id(row->row), false;
  l->id = row_id(row->row);
  l->date = row->date;
  return true;
}

static bool find_last(Entry *n, Last *last, Error *e) {
  Session *s = n->page->session;
  *last = (Last){.org = n->org, .not = n->id};
  if (!n->org || n->relation->date < 0 || n->relation->core) return true;
  const char *where = listing_days(s->arena, n->relation, 0, day_of(n));
  ListAsk ask = {.relation = n->relation, .org = n->org, .where = where, .descending = true, .limit = 200,
                 .period = period_year(date_year(day_of(n)))};
  return list_rows(s, ask, see_last, last, e);
}

static bool is_copied(const Relation *r, int at, const Column *c, bool all) {
  if (c->retired || c->system || at == r->date || at == r->ends || c->type == TYPE_SERIAL || c->type == TYPE_FILE || c->sensitive) return false;
  return all || (c->type == TYPE_REF && (c->required || c->needed_in));
}

/* What was the same the last two times (the room, who keeps the minutes) will be so again. A choice or a number may be
 * a finding, and is never said for anybody. */
static bool copy_usual(Entry *n, const Entry *old, int64_t earlier, Error *e) {
  const Relation *r = n->relation;
  Record record;
  if (!gate_row(n->page->session, r, earlier, e) || !record_load(n->page->session, r, earlier, &record, e)) return false;
  Entry *older = entry_new(n->page, r);
  if (!entry_from_record(older, &record, e)) return false;
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if ((c->type != TYPE_TEXT && c->type != TYPE_REF) || (int)i == r->title || !is_copied(r, (int)i, c, true)) continue;
    if (n->cells[i] && *n->cells[i]) continue;
    if (old->cells[i] && *old->cells[i] && older->cells[i] && !strcmp(old->cells[i], older->cells[i])) n->cells[i] = old->cells[i];
  }
  return true;
}

bool entry_from_last(Entry *n, int64_t id, bool all, Error *e) {
  const Relation *r = n->relation;
  Session *s = n->page->session;
  Last last = {.id = id};
  Record record;
  if (!id && !find_last(n, &last, e)) return false;
  if (!last.id) return true;
  if (!gate_row(s, r, last.id, e) || !record_load(s, r, last.id, &record, e)) return false;
  Entry *old = entry_new(n->page, r);
  if (!entry_from_record(old, &record, e)) return false;
  for (size_t i = 0; i < r->column_count; i++)
    if (is_copied(r, (int)i, &r->columns[i], all) && (all || !n->cells[i] || !*n->cells[i])) n->cells[i] = old->cells[i];
  if (!all && last.earlier && !copy_usual(n, old, last.earlier, e)) return false;
  if (id && r->org >= 0) n->cells[r->org] = old->cells[r->org];
  for (size_t i = 0; all && i < r->line_count; i++) {
    n->lines[i].rows = old->lines[i].rows;
    n->lines[i].count = n->lines[i].room = old->lines[i].count;
    for (size_t k = 0; k < n->lines[i].count; k++) n->lines[i].rows[k].id = "";
  }
  n->copied = all && old->date ? view_date(n->page->arena, old->date) : NULL;
  entry_place(n);
  return true;
}

/* ---- who is on a list to tick ---- */

static EntryRow *row_of_person(EntryLines *lines, const char *person) {
  size_t at = (size_t)(lines->person - lines->relation->columns);
  for (size_t i = 0; i < lines->count; i++)
    if (lines->rows[i].cells[at] && !strcmp(lines->rows[i].cells[at], person)) return &lines->rows[i];
  return NULL;
}

static void bring(Entry *n, EntryLines *lines, int64_t person, const char *post, bool ticked) {
  Session *s = n->page->session;
  const char *name = names_exact(s, lines->person->ref, person, day_of(n));
  EntryRow *row = row_of_person(lines, name);
  if (row) {
    if (post && !row->post) row->post = post;
    else if (post && !strstr(row->post, post)) row->post = arena_print(n->page->arena, "%s、%s", row->post, post);
    return;
  }
  if (lines->count >= ENTRY_LISTED) return;
  row = entry_add(n, lines);
  row->cells[lines->person - lines->relation->columns] = name;
  row->cells[lines->way - lines->relation->columns] = entry_usual_way(lines);
  row->post = post;
  row->here = ticked;
  row->brought = true;
}

/* Persons by a dated core relation at the org: those whom `fill` names by their posts, else the members. */
static bool bring_from(Entry *n, EntryLines *lines, const char *core, const Filter *filter, bool ticked, size_t *found, Error *e) {
  Session *s = n->page->session;
  const Relation *r = catalogue_core(s->catalogue, core);
  const Column *what = relation_column(r, filter ? "title" : "stage");
  Date day = day_of(n);
  Query q;
  query_begin(&q, s->arena, s->catalogue, r, (FilterScope){.area = s->area, .here = n->org, .period = period_span(day, day)});
  const char *org = query_column(&q, "org"), *from = query_column(&q, r->columns[r->date].name), *to = query_column(&q, r->columns[r->ends].name);
  const char *bound = query_bind(&q, value_int(day)), *test = query_filter(&q, filter, false);
  const char *here = filter ? query_under(&q, org, bound, n->org) : arena_print(s->arena, "%s = %s", org, query_bind(&q, value_int(n->org)));
  const char *kind = filter ? "1 = 1" : arena_print(s->arena, "%s IN (%s, %s)", query_column(&q, what->name),
                                                    query_bind(&q, value_text("full")), query_bind(&q, value_text("probationary")));
  const char *sql = arena_print(s->arena, "SELECT %s, %s FROM %s WHERE %s AND %s AND %s AND %s AND %s <= %s AND (%s IS NULL OR %s > %s) AND %s <> %s ORDER BY t.\"id\" LIMIT %d",
                                query_column(&q, "person"), query_column(&q, what->name), query_from(&q), query_area(&q), test, here, kind, from, bound,
                                to, to, bound, query_column(&q, "state"), query_bind(&q, value_text(STATE_VOID)), ENTRY_LISTED);
  STMT_SCOPE st = stmt_open(s->tx, sql, q.binds, q.bind_count, e);
  Step step = STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) {
    const Choice *choice = codes_choice(what->codes, stmt_text(st, 1));
    bring(n, lines, stmt_int(st, 0), filter && choice ? choice->label : NULL, ticked);
    ++*found;
  }
  query_end(&q);
  return step == STEP_DONE;
}

static bool bring_last(Entry *n, EntryLines *lines, const Record *last, Error *e) {
  (void)e;
  int person = relation_index(lines->relation, lines->person->name);
  for (size_t i = 0; i < n->relation->line_count; i++) {
    if (last->lines[i].relation != lines->relation) continue;
    for (size_t k = 0; k < last->lines[i].count && k < ENTRY_LISTED; k++)
      if (!last->lines[i].at[k].v[person].null) bring(n, lines, last->lines[i].at[k].v[person].i, NULL, false);
  }
  return true;
}

bool entry_bring(Entry *n, bool ticked, Error *e) {
  Session *s = n->page->session;
  Last last = {0};
  Record record = {0};
  bool any = false;
  for (size_t i = 0; i < n->relation->line_count; i++) any |= n->lines[i].person != NULL;
  if (!any || !n->org || !may(s, MAY_READ, n->org)) return true;
  if (!find_last(n, &last, e) || (last.id && !record_load(s, n->relation, last.id, &record, e))) return false;
  for (size_t i = 0; i < n->relation->line_count; i++) {
    EntryLines *lines = &n->lines[i];
    size_t found = 0;
    if (!lines->person || lines->apart) continue;
    bool empty = !lines->count;
    const Filter *fill = lines->relation->fill;
    if (fill && !bring_from(n, lines, "post", fill, ticked && empty, &found, e)) return false;
    if (!found && !bring_from(n, lines, "stage", NULL, ticked && empty, &found, e)) return false;
    if (last.id && !bring_last(n, lines, &record, e)) return false;
    if (last.id && !n->from_last) n->from_last = view_date(n->page->arena, last.date);
  }
  return true;
}
