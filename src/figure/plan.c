/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * From a question (measure, slice, org, period) to one SELECT.
 *
 * A row belongs to a measure when its record is in a counting state, its date answers the measure's
 * `when` in the period, it stands under the org, and the measure's condition holds. A record stands where
 * its org stood on the record's own date, whatever date the measure counts by; a span where it stood on the
 * day that counts it: its start, its end, or the period's last day. The condition is
 * taken in its strict form: TRUE is counted, NULL is undetermined, so that the two lists never overlap.
 *
 * Under the area's root stands everything of the area, so no span is asked there. */
#include "figure/plan.h"

#include <string.h>

int plan_amount_scale(const Measure *m) {
  return (m->fold == FOLD_SUM || m->fold == FOLD_MEAN) && m->value.column && !m->value.age ? m->value.column->scale : 0;
}

static Path own_path(const Measure *m, const Relation *on, int column) {
  return (Path){.parent = on != m->rows, .relation = on, .column = &on->columns[column]};
}

static const Relation *record_of(const Measure *m) { return m->rows->parent ? m->rows->parent : m->rows; }

/* Rows that know only their year cannot say in which quarter they fell. */
static const char *unanswerable(Arena *a, const Measure *m, Period p) {
  bool span = m->when == WHEN_ASOF || m->when == WHEN_STARTED || m->when == WHEN_ENDED;
  const Column *dates[2] = {span ? m->from.column : m->on.column, span ? m->to.column : NULL};
  if (m->when == WHEN_STARTED) dates[1] = NULL;
  for (size_t i = 0; i < 2; i++) {
    if (!dates[i] || dates[i]->type != TYPE_YEAR) continue;
    bool whole_start = p.from % 10000 == 101, whole_end = p.to % 10000 == 101;
    if (!whole_end || (!whole_start && m->when != WHEN_ASOF && m->when != WHEN_UPTO))
      return arena_print(a, "“%s”只登记到年度，不能按季度或月份取数，请改选整年。", m->label);
  }
  return NULL;
}

static const char *both(Arena *a, const char *left, const char *right) {
  if (!left) return right;
  return right ? arena_print(a, "%s AND %s", left, right) : left;
}

static const char *day(Query *q, Date d) { return query_bind(q, value_int(d)); }

static const char *when_test(Plan *p) {
  const Measure *m = p->measure;
  Query *q = p->query;
  const char *from = m->from.column ? query_path(q, m->from) : NULL;
  switch (m->when) {
  case WHEN_ASOF: {
    const char *last = day(q, period_last(p->period));
    p->date = from;
    const char *begun = arena_print(p->arena, "%s <= %s", from, last);
    if (!m->to.column) return begun;
    const char *to = query_path(q, m->to);
    return arena_print(p->arena, "%s AND (%s IS NULL OR %s > %s)", begun, to, to, last);
  }
  case WHEN_UPTO:
    p->date = query_path(q, m->on);
    return arena_print(p->arena, "%s < %s", p->date, day(q, p->period.to));
  case WHEN_STARTED: p->date = from; break;
  case WHEN_ENDED: p->date = query_path(q, m->to); break;
  case WHEN_EVENT: p->date = query_path(q, m->on); break;
  }
  return arena_print(p->arena, "%s >= %s AND %s < %s", p->date, day(q, p->period.from), p->date, day(q, p->period.to));
}

/* Which org and which day decide under what a row stands. */
static void add_standing(Plan *p) {
  const Measure *m = p->measure;
  const Relation *r = record_of(m);
  if (!m->org.column) return;
  p->stands_on = p->date;
  if (m->when == WHEN_ASOF)
    p->stands_on = day(p->query, period_last(p->period));
  else if ((m->when == WHEN_EVENT || m->when == WHEN_UPTO) && r->date >= 0)
    p->stands_on = query_path(p->query, own_path(m, r, r->date));
  p->stands_org = query_path(p->query, m->org);
}

static bool under_test(Plan *p, const Session *s, int64_t top, const char **out, Error *e) {
  *out = NULL;
  if (top == s->tree->root) return true;
  if (!p->measure->org.column)
    return fail(e, ERROR_INVALID, "“%s”的记录不分组织，只能按全%s取数，请不要指定下级组织。", p->measure->label,
                p->query->catalogue->profile.label ? p->query->catalogue->profile.label : "域");
  add_standing(p);
  *out = query_under(p->query, p->stands_org, p->stands_on, top);
  return true;
}

static void add_key(Plan *p, Path path, const Column *column) {
  if (p->key_count == PLAN_KEYS) return;
  ValueKind kind = path.age ? VALUE_INT : type_kind(path.column->type, path.column->sensitive);
  p->keys[p->key_count++] = (PlanKey){.sql = query_path(p->query, path), .column = column, .kind = kind};
}

/* A round is known by its number, its year and the org that numbered it. */
static void add_serial(Plan *p, Path path) {
  const Relation *at = path.relation, *record = path.via || !at->parent ? at : at->parent;
  Path org = path, date = path;
  org.relation = date.relation = record;
  if (record != at) org.parent = date.parent = true;
  if (record->org >= 0) {
    org.column = &record->columns[record->org];
    add_key(p, org, NULL);
  }
  if (record->date >= 0 && p->key_count < PLAN_KEYS) {
    date.column = &record->columns[record->date];
    const char *year = arena_print(p->arena, "(%s / 10000)", query_path(p->query, date));
    p->keys[p->key_count++] = (PlanKey){.sql = year, .kind = VALUE_INT};
  }
  add_key(p, path, path.column);
}

static void add_keys(Plan *p) {
  const Measure *m = p->measure;
  for (size_t i = 0; i < m->key_count; i++) {
    if (m->keys[i].column->type == TYPE_SERIAL)
      add_serial(p, m->keys[i]);
    else
      add_key(p, m->keys[i], m->keys[i].column);
  }
  for (size_t i = 0; i < p->key_count; i++)
    if (!p->keys[i].column || !p->keys[i].column->never_null)
      p->certain = both(p->arena, p->certain, arena_print(p->arena, "%s IS NOT NULL", p->keys[i].sql));
}

static const char *head_count(Plan *p) {
  const Relation *r = p->measure->rows;
  int at = r->total ? relation_index(r, "headcount") : -1;
  return at < 0 ? NULL : query_path(p->query, (Path){.relation = r, .column = &r->columns[at]});
}

/* What a row adds, and when that cannot be said. */
static void add_fold(Plan *p) {
  const Measure *m = p->measure;
  Query *q = p->query;
  Arena *a = p->arena;
  p->heads = head_count(p);
  p->amount = "1";
  switch (m->fold) {
  case FOLD_COUNT:
    if (p->heads) p->amount = arena_print(a, "COALESCE(%s, 1)", p->heads);
    break;
  case FOLD_DISTINCT: add_keys(p); break;
  case FOLD_SUM:
  case FOLD_MEAN:
    p->amount = query_path(q, m->value);
    p->certain = both(a, p->certain, arena_print(a, "%s IS NOT NULL", p->amount));
    if (m->fold == FOLD_MEAN) add_keys(p);
    break;
  case FOLD_SHARE: {
    const char *share = query_filter(q, m->share, true);
    p->amount = arena_print(a, "CASE WHEN %s THEN 1 ELSE 0 END", share);
    p->certain = both(a, p->certain, arena_print(a, "(%s) IS NOT NULL", share));
    if (p->heads) p->certain = both(a, p->certain, arena_print(a, "%s IS NULL", p->heads));
    break;
  }
  }
}

/* Each part by itself, so that a test of the record can be made before its lines are read. The whole is false
 * exactly where a part is, and true where all are. */
static void add_test(Plan *p, const Filter *slice) {
  const Filter **parts;
  size_t count = filter_parts(p->arena, filter_and(p->arena, p->measure->where, slice), &parts);
  for (size_t i = 0; i < count; i++) {
    const char *test = arena_print(p->arena, "(%s)", query_filter(p->query, parts[i], true));
    bool misses = filter_can_miss(parts[i]) || p->measure->rows->total;
    if (misses)
      p->certain = both(p->arena, p->certain, test);
    else
      p->decided = both(p->arena, p->decided, test);
    p->possible = both(p->arena, p->possible, misses ? arena_print(p->arena, "%s IS NOT FALSE", test) : test);
  }
}

/* Whose row it is (for the gate), where it counts, and its record. */
static void add_row_columns(Plan *p) {
  const Measure *m = p->measure;
  const Relation *r = record_of(m);
  p->org = m->org.column ? query_path(p->query, m->org) : "CAST(NULL AS BIGINT)";
  p->holder = r->org >= 0 ? query_path(p->query, own_path(m, r, r->org)) : p->org;
  int record = m->rows->parent ? relation_index(m->rows, "record") : 0;
  p->record = query_path(p->query, (Path){.relation = m->rows, .column = &m->rows->columns[record < 0 ? 0 : record]});
}

const char *plan_unanswered(Arena *a, const Measure *m, Period asked) {
  return unanswerable(a, m, m->lag ? period_back(asked, m->lag) : asked);
}

bool plan_make(Session *s, FigureAsk ask, PlanKind kind, Plan *out, Error *e) {
  const Measure *m = ask.measure;
  *out = (Plan){.arena = s->arena, .kind = kind, .measure = m, .period = ask.period, .query = &out->own};
  if (m->lag) out->period = period_back(ask.period, m->lag);
  int64_t top = ask.org ? ask.org : s->tree->root;
  FilterScope scope = {
      .area = s->area, .here = top, .period = out->period, .reporter = ask.reporter > 0 ? ask.reporter : 0};
  query_begin(&out->own, s->arena, s->catalogue, m->rows, scope);
  out->unanswered = unanswerable(s->arena, m, out->period);
  if (out->unanswered) return true;
  const char *under;
  const char *area = query_area(out->query), *state = query_counts(out->query), *when = when_test(out);
  if (!under_test(out, s, top, &under, e)) {
    plan_end(out);
    return false;
  }
  out->base = both(s->arena, both(s->arena, both(s->arena, area, state), when), under);
  if (kind == PLAN_ANY) return true;
  add_test(out, ask.slice);
  add_fold(out);
  if (kind == PLAN_ROWS) add_row_columns(out);
  return true;
}

void plan_end(Plan *p) { query_end(&p->own); }

static bool same_path(Path a, Path b) {
  return a.parent == b.parent && a.via == b.via && a.column == b.column && a.age == b.age;
}

bool plan_alike(const FigureAsk *a, const FigureAsk *b) {
  const Measure *m = a->measure, *n = b->measure;
  return m->rows == n->rows && m->when == n->when && m->lag == n->lag && same_path(m->on, n->on) &&
         same_path(m->from, n->from) && same_path(m->to, n->to) && same_path(m->org, n->org) &&
         a->reporter == b->reporter && a->org == b->org && a->period.from == b->period.from &&
         a->period.to == b->period.to;
}

bool plan_spreads(const FigureAsk *ask) {
  const Measure *m = ask->measure;
  const Filter *tests[] = {m->where, m->share, ask->slice};
  if (!m->org.column) return false;
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
    if (filter_uses_here(tests[i]) || filter_uses_reporter(tests[i])) return false;
  return true;
}

void plan_join(Plan *first, FigureAsk ask, Plan *out) {
  *out = (Plan){.arena = first->arena,
                .kind = PLAN_VALUE,
                .measure = ask.measure,
                .period = first->period,
                .query = first->query,
                .base = first->base,
                .date = first->date};
  add_test(out, ask.slice);
  add_fold(out);
}

static void add_from(Plan *p, Text *sql) {
  text_print(sql, " FROM %s WHERE %s", query_from(p->query), p->base);
  if (p->possible) text_print(sql, " AND %s", p->possible);
}

/* ---- the statements ---- */

/* The value of certain rows, missing for the others. */
static const char *if_certain(Plan *p, const char *value) {
  return p->certain ? arena_print(p->arena, "CASE WHEN %s THEN %s END", p->certain, value) : value;
}

/* At most one key: aggregates over the rows themselves. */
static void plain_value(Plan *p, Text *sql) {
  bool ones = !strcmp(p->amount, "1");
  text_add(sql, "SELECT COUNT(*), ");
  if (p->certain)
    text_print(sql, "COUNT(%s), ", if_certain(p, "1"));
  else
    text_add(sql, "COUNT(*), ");
  if (ones)
    text_add(sql, "0, ");
  else
    text_print(sql, "CAST(COALESCE(SUM(%s), 0) AS BIGINT), ", if_certain(p, p->amount));
  if (p->key_count)
    text_print(sql, "COUNT(DISTINCT %s), ", if_certain(p, p->keys[0].sql));
  else
    text_add(sql, "0, ");
  if (p->heads)
    text_print(sql, "COUNT(%s)", if_certain(p, p->heads));
  else
    text_add(sql, "0");
  add_from(p, sql);
}

/* Several keys, or sums by key: grouped first. */
static void grouped_value(Plan *p, Text *sql) {
  text_add(sql, "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT), CAST(COALESCE(SUM(n) FILTER (WHERE u = 0), 0) AS BIGINT),"
                " CAST(COALESCE(SUM(a) FILTER (WHERE u = 0), 0) AS BIGINT), COUNT(*) FILTER (WHERE u = 0),"
                " CAST(COALESCE(SUM(h) FILTER (WHERE u = 0), 0) AS BIGINT)"
                " FROM (SELECT u, COUNT(*) AS n, SUM(a) AS a, COUNT(h) AS h FROM (SELECT ");
  if (p->certain)
    text_print(sql, "CASE WHEN %s THEN 0 ELSE 1 END AS u", p->certain);
  else
    text_add(sql, "0 AS u");
  for (size_t i = 0; i < p->key_count; i++) text_print(sql, ", %s AS k%zu", p->keys[i].sql, i);
  text_print(sql, ", %s AS a, %s AS h", p->amount, p->heads ? p->heads : "CAST(NULL AS BIGINT)");
  add_from(p, sql);
  text_add(sql, ") r GROUP BY u");
  for (size_t i = 0; i < p->key_count; i++) text_print(sql, ", k%zu", i);
  text_add(sql, ") g");
}

/* Keys as one text, told apart whatever stands in them: an integer up to its stroke, a text behind its length. */
static const char *joined_keys(Plan *p) {
  if (p->key_count == 1) return p->keys[0].sql;
  TEXT_SCOPE sql = text_new(64 * 1024);
  for (size_t i = 0; i < p->key_count; i++) {
    const char *key = p->keys[i].sql;
    if (i) text_add(&sql, " || ");
    if (p->keys[i].kind == VALUE_INT)
      text_print(&sql, "CAST(%s AS TEXT) || '/'", key);
    else
      text_print(&sql, "CAST(length(%s) AS TEXT) || ':' || %s", key, key);
  }
  return arena_copy(p->arena, text_get(&sql));
}

static void add_counted(const char *test, const char *value, Text *sql) {
  if (test)
    text_print(sql, "CASE WHEN %s THEN %s END", test, value);
  else
    text_add(sql, value);
}

/* One plan's columns among others': what would stand in its WHERE stands in each of them. A part that is true is
 * not false either, so that what counts need not ask for both. */
static void columns_together(Plan *p, Text *sql) {
  const char *counted = both(p->arena, p->decided, p->certain);
  text_add(sql, "COUNT(");
  add_counted(p->possible, "1", sql);
  text_add(sql, "), ");
  if (p->certain) {
    text_add(sql, "COUNT(");
    add_counted(counted, "1", sql);
    text_add(sql, "), ");
  } else
    text_add(sql, "-1, "); /* all of them */
  if (strcmp(p->amount, "1")) {
    text_add(sql, "CAST(COALESCE(SUM(");
    add_counted(counted, p->amount, sql);
    text_add(sql, "), 0) AS BIGINT), ");
  } else
    text_add(sql, "0, ");
  if (p->key_count) {
    text_add(sql, "COUNT(DISTINCT ");
    add_counted(counted, joined_keys(p), sql);
    text_add(sql, "), ");
  } else
    text_add(sql, "0, ");
  if (p->heads) {
    text_add(sql, "COUNT(");
    add_counted(counted, p->heads, sql);
    text_add(sql, ")");
  } else
    text_add(sql, "0");
}

const char *plan_sql_together(Plan *const *plans, size_t count, bool spread) {
  Plan *first = plans[0];
  TEXT_SCOPE sql = text_new(1024 * 1024);
  if (spread) add_standing(first);
  text_add(&sql, spread ? "SELECT g.\"top_id\", " : "SELECT ");
  for (size_t i = 0; i < count; i++) {
    if (i) text_add(&sql, ", ");
    columns_together(plans[i], &sql);
  }
  text_print(&sql, " FROM %s", query_from(first->query));
  if (spread)
    text_print(&sql,
               " JOIN \"org_span\" g ON g.\"area_id\" = t.\"area_id\" AND g.\"org_id\" = %s AND g.\"from_on\" <= %s"
               " AND g.\"to_on\" > %s",
               first->stands_org, first->stands_on, first->stands_on);
  text_print(&sql, " WHERE %s", first->base);
  if (spread) text_add(&sql, " GROUP BY g.\"top_id\"");
  return arena_copy(first->arena, text_get(&sql));
}

static void rows_sql(Plan *p, Text *sql) {
  text_print(sql, "SELECT CASE WHEN %s THEN 0 ELSE 1 END, %s, t.\"id\", %s, %s, %s, %s, %s",
             p->certain ? p->certain : "1 = 1", p->date, p->record, p->org, p->holder,
             p->heads ? p->heads : "CAST(NULL AS BIGINT)", p->amount);
  for (size_t i = 0; i < p->key_count; i++) text_print(sql, ", %s", p->keys[i].sql);
  const Relation *r = p->measure->rows;
  for (size_t i = 0; i < r->column_count; i++) text_print(sql, ", t.\"%s\"", r->columns[i].sql);
  add_from(p, sql);
  text_add(sql, " ORDER BY 1, 2, 3");
}

const char *plan_sql(Plan *p) {
  TEXT_SCOPE sql = text_new(1024 * 1024);
  if (p->kind == PLAN_ROWS)
    rows_sql(p, &sql);
  else if (p->kind == PLAN_VALUE && p->key_count > 1)
    grouped_value(p, &sql);
  else if (p->kind == PLAN_VALUE)
    plain_value(p, &sql);
  else {
    text_add(&sql, "SELECT 1");
    add_from(p, &sql);
    text_add(&sql, " LIMIT 1");
  }
  return arena_copy(p->arena, text_get(&sql));
}
