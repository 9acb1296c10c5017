/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One SELECT for every list: the gate's test, the asker's filter, a subtree. Rows are streamed. */
#include "ledger/list.h"

#include <string.h>

#include "base/text.h"

typedef struct Listing {
  Query q;
  const char *condition, *org, *date;
} Listing;

static bool plan(Session *s, ListAsk ask, Listing *l, Error *e) {
  const Relation *r = ask.relation, *record = r->parent ? r->parent : r;
  FilterScope scope = {.area = s->area, .here = ask.org ? ask.org : s->tree->root, .period = ask.period,
                       .reporter = session_reporter(s, s->tree->root, ask.period, e)};
  query_begin(&l->q, s->arena, s->catalogue, r, scope);
  const Filter *filter = NULL;
  if (ask.where && *ask.where) {
    filter = filter_parse(s->arena, s->catalogue, r, ask.where, NULL, NULL, e);
    if (!filter || !gate_filter(s, filter, e)) return false;
  }
  l->org = record->org >= 0 ? query_column(&l->q, record->columns[record->org].name) : NULL;
  l->date = record->date >= 0 ? query_column(&l->q, record->columns[record->date].name) : NULL;
  TEXT_SCOPE sql = text_new(256 * 1024);
  text_print(&sql, "%s AND %s AND %s", query_area(&l->q), gate_rows(s, &l->q), query_filter(&l->q, filter, false));
  if (!ask.voided && record->state >= 0)
    text_print(&sql, " AND %s <> %s", query_column(&l->q, "state"), query_bind(&l->q, value_text(STATE_VOID)));
  if (ask.org && ask.org != s->tree->root) {
    if (!l->org) return fail(e, ERROR_INVALID, "“%s”不分组织，请去掉 --org。", r->label);
    const char *day = l->date && strcmp(record->name, "org") ? l->date : query_bind(&l->q, value_int(s->today));
    text_print(&sql, " AND %s", query_under(&l->q, l->org, day, ask.org));
  }
  l->condition = arena_copy(s->arena, text_get(&sql));
  return true;
}

static const char *select_text(Session *s, const Relation *r, Listing *l) {
  TEXT_SCOPE sql = text_new(256 * 1024);
  text_add(&sql, "SELECT ");
  for (size_t i = 0; i < r->column_count; i++) text_print(&sql, "t.\"%s\", ", r->columns[i].sql);
  text_print(&sql, "%s, %s FROM %s WHERE %s ORDER BY ", l->org ? l->org : "0", l->date ? l->date : "0",
             query_from(&l->q), l->condition);
  if (l->date) text_print(&sql, "%s, ", l->date);
  text_add(&sql, r->parent ? "t.record_id, t.pos, t.id" : "t.id");
  return arena_copy(s->arena, text_get(&sql));
}

bool list_rows(Session *s, ListAsk ask, ListVisit *visit, void *context, Error *e) {
  Listing l = {0};
  bool done = plan(s, ask, &l, e);
  if (done) {
    const char *sql = select_text(s, ask.relation, &l);
    STMT_SCOPE st = stmt_open(s->tx, sql, l.q.binds, l.q.bind_count, e);
    size_t n = ask.relation->column_count;
    Step step = st ? STEP_ROW : STEP_FAILED;
    bool going = true;
    ARENA_SCOPE rows = arena_new();
    ArenaMark mark = arena_mark(rows);
    while (going && st && (step = stmt_step(st, e)) == STEP_ROW) {
      arena_back(rows, mark);
      ListRow row = {row_from(rows, ask.relation, st, 0), stmt_int(st, n), (Date)stmt_int(st, n + 1)};
      going = visit(s, &row, context);
    }
    done = step != STEP_FAILED;
  }
  query_end(&l.q);
  return done;
}

bool list_count(Session *s, ListAsk ask, int64_t *out, Error *e) {
  Listing l = {0};
  bool done = plan(s, ask, &l, e);
  if (done) {
    const char *sql = arena_print(s->arena, "SELECT COUNT(*) FROM %s WHERE %s", query_from(&l.q), l.condition);
    done = tx_int(s->tx, sql, l.q.binds, l.q.bind_count, out, NULL, e);
  }
  query_end(&l.q);
  return done;
}
