/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The board: orgs × duties, each cell with its parts. Who owes what is read from the orgs, once for each way of
 * saying it; what was done is read from the records, one statement a duty; the rest is arithmetic on the tree.
 *
 * A part is there for an org that stood for the whole of it, under the org asked for, where the asker may read. Of
 * such a part every record counts, also one from before the org moved to where the asker may look. */
#include <stdlib.h>
#include <string.h>

#include "duty/part.h"

enum { KINDS = 4, ORGS_NAMED = 40 };

typedef struct Relief {
  const char *duty, *basis;
  int64_t org;
  Date from, to; /* both in it */
} Relief;

/* The parts of one kind, and for which orgs they are there. */
typedef struct Cut {
  Period *parts;
  size_t count;
  bool *there; /* org × part */
} Cut;

typedef struct Owed {
  const char *text;
  bool *by; /* org */
} Owed;

typedef struct Board {
  Session *s;
  DutyAsk ask;
  const OrgTree *tree;
  Cut cuts[KINDS];
  Owed *owed;
  size_t owed_count, owed_room;
  Relief *reliefs;
  size_t relief_count, relief_room;
  DutyCell *cells; /* org of the tree × duty of the catalogue */
  size_t duties;
} Board;

/* ---- which parts are there ---- */

static bool make_cut(Board *b, PeriodKind kind, Error *e) {
  Cut *cut = &b->cuts[kind];
  if (cut->parts) return true;
  Arena *a = b->s->arena;
  cut->parts = parts_meeting(a, kind, b->ask.period, &cut->count);
  if (!cut->count) return fail(e, ERROR_LIMIT, "时段太长，一次最多看%d个月，请缩短。", PARTS_MOST);
  cut->there = NEW_ARRAY(a, bool, b->tree->count * cut->count + 1);
  for (size_t o = 0; o < b->tree->count; o++) {
    const OrgNode *n = &b->tree->at[o];
    if (b->ask.alone && n->id != b->ask.org) continue;
    for (size_t i = 0; i < cut->count; i++) {
      Date day = part_day(cut->parts[i], b->s->today);
      cut->there[o * cut->count + i] = part_owed(cut->parts[i], n) &&
                                       (!b->ask.org || org_under(b->tree, n->id, b->ask.org, day)) &&
                                       duty_readable(b->s, n->id, day);
    }
  }
  return true;
}

static const bool *owed_by(Board *b, const Duty *d, Error *e) {
  for (size_t i = 0; i < b->owed_count; i++)
    if (!strcmp(b->owed[i].text, d->owed_text)) return b->owed[i].by;
  Session *s = b->s;
  Query q;
  query_begin(&q, s->arena, s->catalogue, catalogue_core(s->catalogue, "org"),
              (FilterScope){.area = s->area, .period = b->ask.period});
  const char *test = query_filter(&q, d->owed_by, false), *id = query_column(&q, "id");
  const char *sql =
      arena_print(s->arena, "SELECT %s FROM %s WHERE %s AND %s", id, query_from(&q), query_area(&q), test);
  STMT_SCOPE st = stmt_open(s->tx, sql, q.binds, q.bind_count, e);
  query_end(&q);
  if (!st) return NULL;
  bool *by = NEW_ARRAY(s->arena, bool, b->tree->count + 1);
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    const OrgNode *n = org_node(b->tree, stmt_int(st, 0));
    if (n) by[n - b->tree->at] = true;
  }
  if (step != STEP_DONE) return NULL;
  *PUSH(s->arena, b->owed, b->owed_count, b->owed_room) = (Owed){d->owed_text, by};
  return by;
}

static bool add_parts(Board *b, size_t duty, Error *e) {
  const Duty *d = &b->s->catalogue->duties[duty];
  const bool *by = make_cut(b, d->every, e) ? owed_by(b, d, e) : NULL;
  if (!by) return false;
  const Cut *cut = &b->cuts[d->every];
  for (size_t o = 0; o < b->tree->count; o++) {
    if (!by[o]) continue;
    DutyCell *cell = &b->cells[o * b->duties + duty];
    size_t room = 0;
    for (size_t i = 0; i < cut->count; i++)
      if (cut->there[o * cut->count + i])
        *PUSH(b->s->arena, cell->parts, cell->part_count, room) = (DutyPart){.period = cut->parts[i]};
  }
  return true;
}

/* ---- exemptions ---- */

static bool load_reliefs(Board *b, Error *e) {
  Session *s = b->s;
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT duty, basis, approved_by, org_id, from_on, to_on FROM relief WHERE area_id = $1 AND "
                            "state <> $2 ORDER BY id",
                            (Value[]){value_int(s->area), value_text(STATE_VOID)}, 2, e);
  if (!st) return false;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW)
    *PUSH(s->arena, b->reliefs, b->relief_count, b->relief_room) =
        (Relief){.duty = arena_copy(s->arena, stmt_text(st, 0)),
                 .basis = arena_print(s->arena, "%s（%s批准）", stmt_text(st, 1), stmt_text(st, 2)),
                 .org = stmt_int(st, 3),
                 .from = (Date)stmt_int(st, 4),
                 .to = stmt_null(st, 5) ? DATE_END : (Date)stmt_int(st, 5)};
  return step == STEP_DONE;
}

static const char *relief_of(const Board *b, const Duty *d, int64_t org, Period part) {
  Date last = period_last(part);
  for (size_t i = 0; i < b->relief_count; i++) {
    const Relief *r = &b->reliefs[i];
    if (r->org == org && r->from <= last && last <= r->to && !strcmp(r->duty, d->name)) return r->basis;
  }
  return NULL;
}

/* ---- records ---- */

typedef struct Found {
  size_t org; /* of the tree */
  int64_t part; /* by the first of the cut */
  Date done;
  int64_t id;
  bool open; /* the asker may open it */
} Found;

typedef struct Finds {
  Found *at;
  size_t count, room;
} Finds;

/* By org and part, within it by day and id. */
static int by_place(const void *left, const void *right) {
  const Found *a = left, *b = right;
  if (a->org != b->org) return a->org < b->org ? -1 : 1;
  if (a->part != b->part) return a->part < b->part ? -1 : 1;
  if (a->done != b->done) return a->done < b->done ? -1 : 1;
  return (a->id > b->id) - (a->id < b->id);
}

/* A few orgs are named, so that a village's page does not read the whole township's records; NULL: all. */
static const char *orgs_test(const Board *b, size_t duty, Query *q) {
  TEXT_SCOPE list = text_new(4096);
  size_t named = 0;
  const char *org = query_column(q, "org");
  for (size_t o = 0; o < b->tree->count; o++) {
    if (!b->cells[o * b->duties + duty].part_count) continue;
    if (++named > ORGS_NAMED) return NULL;
    text_print(&list, "%s%s", named > 1 ? ", " : "", query_bind(q, value_int(b->tree->at[o].id)));
  }
  return arena_print(q->arena, "%s IN (%s)", org, text_get(&list));
}

static const char *records_sql(const Board *b, size_t duty, Query *q) {
  Session *s = b->s;
  const Duty *d = &s->catalogue->duties[duty];
  const Relation *r = d->met_by;
  const Cut *cut = &b->cuts[d->every];
  query_begin(q, s->arena, s->catalogue, r, (FilterScope){.area = s->area, .period = b->ask.period});
  const char *org = query_column(q, r->columns[r->org].name), *part = query_column(q, d->part->name);
  const char *on = query_column(q, d->on->name), *stood = r->date >= 0 ? query_column(q, r->columns[r->date].name) : on;
  const char *orgs = orgs_test(b, duty, q);
  return arena_print(
      s->arena,
      "SELECT %s, %s, %s, %s, %s FROM %s WHERE %s AND %s AND %s >= %s AND %s < %s AND %s <= %s AND %s%s%s",
      query_column(q, "id"), org, part, on, stood, query_from(q), query_area(q), query_counts(q), part,
      query_bind(q, value_int(cut->parts[0].from)), part, query_bind(q, value_int(cut->parts[cut->count - 1].to)), on,
      query_bind(q, value_int(s->today)), query_filter(q, d->where, false), orgs ? " AND " : "", orgs ? orgs : "");
}

static bool find_records(const Board *b, size_t duty, Finds *out, Error *e) {
  Session *s = b->s;
  const Duty *d = &s->catalogue->duties[duty];
  Query q;
  const char *sql = records_sql(b, duty, &q);
  STMT_SCOPE st = stmt_open(s->tx, sql, q.binds, q.bind_count, e);
  query_end(&q);
  if (!st) return false;
  Period first = b->cuts[d->every].parts[0];
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    const OrgNode *n = org_node(b->tree, stmt_int(st, 1));
    if (!n) continue;
    *PUSH(s->arena, out->at, out->count, out->room) = (Found){.org = (size_t)(n - b->tree->at),
                                                              .part = part_index(first, (Date)stmt_int(st, 2)),
                                                              .done = (Date)stmt_int(st, 3),
                                                              .id = stmt_int(st, 0),
                                                              .open = duty_readable(s, n->id, (Date)stmt_int(st, 4))};
  }
  if (out->count) qsort(out->at, out->count, sizeof *out->at, by_place);
  return step == STEP_DONE;
}

/* The records of one part lie side by side from `*next` on; those of parts that are not there are passed over. */
static void settle_part(const Board *b, size_t org, const Duty *d, DutyPart *part, const Finds *all, size_t *next) {
  Arena *a = b->s->arena;
  Found key = {.org = org, .part = part_index(b->cuts[d->every].parts[0], part->period.from)};
  while (*next < all->count && by_place(&all->at[*next], &key) < 0) ++*next;
  size_t from = *next;
  while (*next < all->count && all->at[*next].org == org && all->at[*next].part == key.part) ++*next;
  size_t count = *next - from;
  Date *done = NEW_ARRAY(a, Date, count + 1);
  int64_t *records = NEW_ARRAY(a, int64_t, count + 1);
  for (size_t i = 0; i < count; i++) {
    const Found *f = &all->at[from + i];
    done[i] = f->done;
    if (f->open && part->record_count < DUTY_RECORDS) records[part->record_count++] = f->id;
  }
  part->records = records;
  const char *relief = relief_of(b, d, b->tree->at[org].id, part->period);
  part_settle(d, done, count, relief != NULL, b->s->today, part);
  part->relief = part->state == DUTY_EXCUSED ? relief : NULL;
}

static bool settle_duty(Board *b, size_t duty, Error *e) {
  Finds all = {0};
  const Duty *d = &b->s->catalogue->duties[duty];
  bool any = false;
  for (size_t o = 0; o < b->tree->count; o++) any = any || b->cells[o * b->duties + duty].part_count;
  if (!any) return true;
  if (!find_records(b, duty, &all, e)) return false;
  size_t next = 0;
  for (size_t o = 0; o < b->tree->count; o++) {
    DutyCell *cell = &b->cells[o * b->duties + duty];
    for (size_t i = 0; i < cell->part_count; i++) settle_part(b, o, d, &cell->parts[i], &all, &next);
    cell_settle(cell);
  }
  return true;
}

/* ---- the answer ---- */

/* Rows and columns that have anything, in the order of the tree and of declaration. */
static void gather(Board *b, DutyBoard *out) {
  Arena *a = b->s->arena;
  size_t orgs = b->tree->count, *order = NEW_ARRAY(a, size_t, orgs + 1), *columns = NEW_ARRAY(a, size_t, b->duties + 1);
  int *depths = NEW_ARRAY(a, int, orgs + 1);
  Date last = period_last(b->ask.period);
  orgs_in_order(b->tree, a, b->ask.org, last < b->s->today ? last : b->s->today, order, depths);
  out->duties = NEW_ARRAY(a, const Duty *, b->duties + 1);
  for (size_t d = 0; d < b->duties; d++) {
    bool owed = false;
    for (size_t o = 0; o < orgs && !owed; o++) owed = b->cells[o * b->duties + d].part_count > 0;
    if (!owed) continue;
    columns[out->duty_count] = d;
    out->duties[out->duty_count++] = &b->s->catalogue->duties[d];
  }
  out->orgs = NEW_ARRAY(a, int64_t, orgs + 1);
  out->depths = NEW_ARRAY(a, int, orgs + 1);
  out->cells = NEW_ARRAY(a, DutyCell, orgs * out->duty_count + 1);
  for (size_t k = 0; k < orgs; k++) {
    const DutyCell *row = &b->cells[order[k] * b->duties];
    bool owes = false;
    for (size_t d = 0; d < b->duties && !owes; d++) owes = row[d].part_count > 0;
    if (!owes) continue;
    for (size_t d = 0; d < out->duty_count; d++) {
      const DutyCell *cell = &row[columns[d]];
      out->cells[out->org_count * out->duty_count + d] = *cell;
      for (int i = 0; i < DUTY_STATES; i++) out->count[i] += cell->count[i];
    }
    out->depths[out->org_count] = depths[k];
    out->orgs[out->org_count++] = b->tree->at[order[k]].id;
  }
}

bool duty_board(Session *s, DutyAsk ask, DutyBoard *out, Error *e) {
  *out = (DutyBoard){.period = ask.period};
  if (ask.org && !org_node(s->tree, ask.org)) return fail(e, ERROR_MISSING, "没有编号%lld的组织，请从组织页进入。", (long long)ask.org);
  Board b = {.s = s, .ask = ask, .tree = s->tree, .duties = s->catalogue->duty_count};
  b.cells = NEW_ARRAY(s->arena, DutyCell, s->tree->count * b.duties + 1);
  if (!load_reliefs(&b, e)) return false;
  for (size_t d = 0; d < b.duties; d++)
    if (!add_parts(&b, d, e)) return false;
  for (size_t d = 0; d < b.duties; d++)
    if (!settle_duty(&b, d, e)) return false;
  gather(&b, out);
  /* Nothing to see, and nothing that might be seen: say so, rather than that all is well. */
  if (!out->org_count && ask.org && !gate_figure(s, ask.org, e)) return false;
  return true;
}

bool duty_year(Session *s, int64_t org, int year, DutyBoard *out, Error *e) {
  return duty_board(s, (DutyAsk){.org = org, .alone = true, .period = period_year(year)}, out, e);
}
