/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * How many records of each ledger an org has in each month, without asking what it owes. The rows are the lists'
 * own: filtered to what the asker may see, each where its org stood on its day. */
#include <string.h>

#include "duty/part.h"

enum { NUMBERS = 13 };

static bool is_counted(const Relation *r) {
  return !r->core && !r->parent && !r->retired && r->org >= 0 && r->date >= 0;
}

/* Rows of (org, month, how many); a ledger that knows years alone gives them all to January. */
static const char *counts_sql(Session *s, int64_t org, int year, const Relation *r, Query *q) {
  Period period = period_year(year);
  query_begin(q, s->arena, s->catalogue, r, (FilterScope){.area = s->area, .period = period});
  const char *column = query_column(q, r->columns[r->org].name), *day = query_column(q, r->columns[r->date].name);
  const char *month = arena_print(s->arena, "(%s / 100 %% 100)", day), *under = "1 = 1";
  if (org && org != s->tree->root) under = query_under(q, column, day, org);
  return arena_print(s->arena,
                     "SELECT %s, %s, count(*) FROM %s WHERE %s AND %s AND %s >= %s AND %s < %s AND %s AND %s GROUP BY 1, 2",
                     column, month, query_from(q), query_area(q), query_counts(q), day,
                     query_bind(q, value_int(period.from)), day, query_bind(q, value_int(period.to)), under,
                     gate_rows(s, q));
}

/* `counts`: org of the tree × 13 of this ledger. */
static bool count_ledger(Session *s, int64_t org, int year, const Relation *r, int64_t *counts, Error *e) {
  Query q;
  const char *sql = counts_sql(s, org, year, r, &q);
  STMT_SCOPE st = stmt_open(s->tx, sql, q.binds, q.bind_count, e);
  query_end(&q);
  if (!st) return false;
  bool months = r->columns[r->date].type != TYPE_YEAR;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    const OrgNode *n = org_node(s->tree, stmt_int(st, 0));
    int64_t month = stmt_int(st, 1), count = stmt_int(st, 2);
    if (!n || month < 1 || month > 12) continue;
    int64_t *own = &counts[(n - s->tree->at) * NUMBERS];
    own[0] += count;
    if (months) own[month] += count;
  }
  return step == STEP_DONE;
}

/* Whether the org stood in the year where it was asked for and where the asker may look. */
static bool stood(const Session *s, const OrgNode *n, int64_t org, int year) {
  Period p = period_year(year);
  if (n->founded >= p.to || n->dissolved <= p.from) return false;
  Date day = part_day(p, s->today), last = date_add_days(n->dissolved, -1);
  if (n->dissolved <= day) day = last;
  return (!org || org_under(s->tree, n->id, org, day)) && duty_readable(s, n->id, day);
}

bool ledger_board(Session *s, int64_t org, int year, LedgerBoard *out, Error *e) {
  const Catalogue *c = s->catalogue;
  size_t orgs = s->tree->count;
  *out = (LedgerBoard){.year = year, .ledgers = NEW_ARRAY(s->arena, const Relation *, c->relation_count + 1)};
  if (org && !org_node(s->tree, org)) return fail(e, ERROR_MISSING, "没有编号%lld的组织，请从组织页进入。", (long long)org);
  for (size_t i = 0; i < c->relation_count; i++)
    if (is_counted(c->relations[i])) out->ledgers[out->ledger_count++] = c->relations[i];
  int64_t **counts = NEW_ARRAY(s->arena, int64_t *, out->ledger_count + 1);
  for (size_t l = 0; l < out->ledger_count; l++) {
    counts[l] = NEW_ARRAY(s->arena, int64_t, orgs * NUMBERS + 1);
    if (!count_ledger(s, org, year, out->ledgers[l], counts[l], e)) return false;
  }
  size_t *order = NEW_ARRAY(s->arena, size_t, orgs + 1);
  int *depths = NEW_ARRAY(s->arena, int, orgs + 1);
  orgs_in_order(s->tree, s->arena, org, part_day(period_year(year), s->today), order, depths);
  out->orgs = NEW_ARRAY(s->arena, int64_t, orgs + 1);
  out->depths = NEW_ARRAY(s->arena, int, orgs + 1);
  out->counts = NEW_ARRAY(s->arena, int64_t, orgs * out->ledger_count * NUMBERS + 1);
  for (size_t k = 0; k < orgs; k++) {
    bool shown = stood(s, &s->tree->at[order[k]], org, year);
    for (size_t l = 0; l < out->ledger_count && !shown; l++) shown = counts[l][order[k] * NUMBERS] > 0;
    if (!shown) continue;
    int64_t *row = &out->counts[out->org_count * out->ledger_count * NUMBERS];
    for (size_t l = 0; l < out->ledger_count; l++)
      memcpy(&row[l * NUMBERS], &counts[l][order[k] * NUMBERS], NUMBERS * sizeof *row);
    out->depths[out->org_count] = depths[k];
    out->orgs[out->org_count++] = s->tree->at[order[k]].id;
  }
  return out->org_count || !org || gate_figure(s, org, e);
}
