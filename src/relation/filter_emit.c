/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Typed trees to bound SQL of the shared dialect. Two-valued form: every test that could be NULL is closed
 * with IS TRUE, so that NOT, AND and OR never see a NULL. Strict form: tests are left three-valued, and a
 * whole that is NULL is undecided. References are followed by LEFT JOINs on primary keys, which never
 * multiply or drop a row; whatever could multiply stands in an EXISTS. */
#include <inttypes.h>
#include <string.h>

#include "relation/filter_tree.h"

enum { FEW = 6 };

typedef struct Emit {
  Query *q;
  Frame *frame;
  bool strict;
  Text *out;
} Emit;

void query_begin(Query *q, Arena *a, const Catalogue *c, const Relation *r, FilterScope scope) {
  *q = (Query){.arena = a, .catalogue = c, .relation = r, .scope = scope};
  q->top = (Frame){.relation = r, .row = "t", .record = r->parent ? "p" : NULL, .joins = text_new(TEXT_CEILING)};
}

void query_end(Query *q) { text_free(&q->top.joins); }

const char *query_bind(Query *q, Value v) {
  *PUSH(q->arena, q->binds, q->bind_count, q->bind_room) = v;
  return arena_print(q->arena, "$%zu", q->bind_count);
}

static const char *fresh(Query *q, char letter) { return arena_print(q->arena, "%c%d", letter, ++q->alias_count); }

/* ---- paths ---- */

/* Alias of the row that `via` names, from the frame's row or its record. */
static const char *join(Query *q, Frame *f, const Column *via, bool record) {
  if (record && f->outer) { /* the record belongs to the frame outside: join it there, once */
    return join(q, f->outer, via, f->outer->relation->parent != NULL);
  }
  for (size_t i = 0; i < f->joined_count; i++)
    if (f->joined[i].via == via && f->joined[i].record == record) return f->joined[i].alias;
  const char *alias = fresh(q, 'j'), *from = record ? f->record : f->row;
  text_print(&f->joins, " LEFT JOIN \"%s\" %s ON %s.\"area_id\" = %s.\"area_id\" AND %s.\"id\" = %s.\"%s\"",
             via->ref->table, alias, alias, from, alias, from, via->sql);
  *PUSH(q->arena, f->joined, f->joined_count, f->joined_room) = (Joined){via, record, alias};
  return alias;
}

static const char *frame_column(Query *q, Frame *f, Path path) {
  const char *alias = path.via ? join(q, f, path.via, path.parent) : path.parent ? f->record : f->row;
  return arena_print(q->arena, "%s.\"%s\"", alias, path.column->sql);
}

static const char *last_day(Query *q) { return query_bind(q, value_int(period_last(q->scope.period))); }

static const char *frame_path(Query *q, Frame *f, Path path) {
  const char *column = frame_column(q, f, path);
  /* yyyymmdd: whole years are the difference without its last four digits; 29 February counts on 1 March. */
  return path.age ? arena_print(q->arena, "((%s - %s) / 10000)", last_day(q), column) : column;
}

const char *query_path(Query *q, Path path) { return frame_path(q, &q->top, path); }

const char *query_column(Query *q, const char *name) {
  const Relation *r = q->relation;
  const Column *c = relation_column(r, name);
  bool parent = !c && r->parent;
  if (parent) c = relation_column(r->parent, name);
  if (!c) return "NULL";
  return arena_print(q->arena, "%s.\"%s\"", parent ? q->top.record : q->top.row, c->sql);
}

const char *query_area(Query *q) {
  return arena_print(q->arena, "%s.\"area_id\" = %s", q->top.row, query_bind(q, value_int(q->scope.area)));
}

const char *query_from(Query *q) {
  const Relation *r = q->relation;
  const char *joins = text_get(&q->top.joins);
  if (!r->parent) return arena_print(q->arena, "\"%s\" t%s", r->table, joins);
  return arena_print(q->arena,
                     "\"%s\" t JOIN \"%s\" p ON p.\"area_id\" = t.\"area_id\" AND p.\"id\" = t.\"record_id\"%s",
                     r->table, r->parent->table, joins);
}

/* ---- tests ---- */

static const char *op_text(Op op) {
  static const char *const words[] = {"=", "<>", "<", "<=", ">", ">="};
  return words[op];
}

static bool can_miss(Path p) { return !p.column->never_null || (p.via && !p.via->never_null); }

/* One test of the three-valued kind, closed unless strict or never NULL. */
static void closed(Emit *m, bool missing, const char *test) {
  if (missing && !m->strict)
    text_print(m->out, "((%s) IS TRUE)", test);
  else
    text_print(m->out, "(%s)", test);
}

/* `test` is never NULL by itself; strictly it is undecided where `path` is missing. */
static void decided(Emit *m, bool missing, const char *path, const char *test) {
  if (missing && m->strict)
    text_print(m->out, "(CASE WHEN %s IS NULL THEN NULL ELSE (%s) END)", path, test);
  else
    text_print(m->out, "(%s)", test);
}

static const char *bind_list(Query *q, const Value *values, size_t count) {
  TEXT_SCOPE list = text_new(64 * 1024);
  for (size_t i = 0; i < count; i++) text_print(&list, "%s%s", i ? ", " : "", query_bind(q, values[i]));
  return arena_copy(q->arena, text_get(&list));
}

/* age >= n  ⟺  born on or before the last day less n years, as numbers yyyymmdd. */
static const char *age_test(Query *q, const char *birth, Op op, int64_t n) {
  int64_t last = period_last(q->scope.period);
  const char *at_least = query_bind(q, value_int(last - n * 10000));
  if (op == OP_GE) return arena_print(q->arena, "%s <= %s", birth, at_least);
  if (op == OP_LT) return arena_print(q->arena, "%s > %s", birth, at_least);
  const char *older = query_bind(q, value_int(last - (n + 1) * 10000));
  if (op == OP_GT) return arena_print(q->arena, "%s <= %s", birth, older);
  if (op == OP_LE) return arena_print(q->arena, "%s > %s", birth, older);
  if (op == OP_EQ) return arena_print(q->arena, "%s <= %s AND %s > %s", birth, at_least, birth, older);
  return arena_print(q->arena, "%s > %s OR %s <= %s", birth, at_least, birth, older);
}

/* Codes in order: the values that `op` allows, as a list. */
static const char *order_test(Query *q, const char *sql, const Filter *f) {
  const Codes *codes = f->path.column->codes;
  const Choice *bound = codes_choice(codes, f->values[0].s);
  Value *allowed = NEW_ARRAY(q->arena, Value, codes->count + 1);
  size_t n = 0;
  for (const Choice *c = codes->at; c < codes->at + codes->count; c++) {
    bool in = f->op == OP_LT ? c < bound : f->op == OP_LE ? c <= bound : f->op == OP_GT ? c > bound : c >= bound;
    if (in) allowed[n++] = value_text(c->name);
  }
  if (!n) return arena_print(q->arena, "%s <> %s", sql, sql);
  return arena_print(q->arena, "%s IN (%s)", sql, bind_list(q, allowed, n));
}

static void emit_compare(Emit *m, const Filter *f) {
  Query *q = m->q;
  Path plain = f->path;
  plain.age = false;
  const char *sql = frame_column(q, m->frame, plain), *test;
  bool choice = f->path.column->type == TYPE_CHOICE && f->op != OP_EQ && f->op != OP_NE;
  if (f->path.age)
    test = age_test(q, sql, f->op, f->values[0].i);
  else if (choice)
    test = order_test(q, sql, f);
  else
    test = arena_print(q->arena, "%s %s %s", sql, op_text(f->op), query_bind(q, f->values[0]));
  closed(m, can_miss(f->path), test);
}

/* A short list as single tests: SQLite builds a table for every IN of more than two values, and looks each row up. */
static const char *one_of(Query *q, const char *sql, const Value *values, size_t count) {
  if (count > FEW) return arena_print(q->arena, "%s IN (%s)", sql, bind_list(q, values, count));
  const char *any = NULL;
  for (size_t i = 0; i < count; i++) {
    const char *one = arena_print(q->arena, "%s = %s", sql, query_bind(q, values[i]));
    any = any ? arena_print(q->arena, "%s OR %s", any, one) : one;
  }
  return any ? any : "1 = 0";
}

static void emit_in(Emit *m, const Filter *f) {
  Query *q = m->q;
  Path plain = f->path;
  plain.age = false;
  const char *sql = frame_column(q, m->frame, plain);
  if (!f->path.age) {
    closed(m, can_miss(f->path), one_of(q, sql, f->values, f->count));
    return;
  }
  TEXT_SCOPE any = text_new(64 * 1024);
  for (size_t i = 0; i < f->count; i++)
    text_print(&any, "%s(%s)", i ? " OR " : "", age_test(q, sql, OP_EQ, f->values[i].i));
  closed(m, can_miss(f->path), text_get(&any));
}

static const char *named_test(Query *q, Frame *frame, const char *sql, const Filter *f) {
  const Relation *ref = f->path.column->ref;
  bool org = strcmp(ref->name, "org") == 0;
  const Relation *spell = org ? catalogue_core(q->catalogue, "org.spell") : NULL;
  const char *alias = fresh(q, 'n'), *table = spell ? spell->table : ref->table, *id = spell ? "record_id" : "id";
  const char *name = spell ? "name" : ref->columns[ref->title].sql;
  return arena_print(q->arena,
                     "%sEXISTS (SELECT 1 FROM \"%s\" %s WHERE %s.\"area_id\" = %s.\"area_id\" AND %s.\"%s\" = %s AND "
                     "%s.\"%s\" IN (%s))",
                     f->op == OP_NE ? "NOT " : "", table, alias, alias, frame->row, alias, id, sql, alias, name,
                     bind_list(q, f->values, f->count));
}

static void emit_named(Emit *m, const Filter *f) {
  const char *sql = frame_column(m->q, m->frame, f->path), *test = named_test(m->q, m->frame, sql, f);
  bool missing = can_miss(f->path);
  /* Two-valued, `!=` must still be false for a missing reference. */
  if (missing && !m->strict && f->op == OP_NE)
    text_print(m->out, "(%s IS NOT NULL AND %s)", sql, test);
  else
    decided(m, missing, sql, test);
}

static void emit_period(Emit *m, const Filter *f) {
  Query *q = m->q;
  const PeriodTest *t = &f->period;
  Period p = t->kind == PERIOD_FIXED ? t->fixed : q->scope.period;
  if (t->kind == PERIOD_OF_YEAR) {
    int year = date_year(q->scope.period.from);
    p = t->part == PERIOD_HALF      ? period_half(year, t->number)
        : t->part == PERIOD_QUARTER ? period_quarter(year, t->number)
                                    : period_month(year, t->number);
  }
  const char *sql = frame_column(q, m->frame, f->path), *from = query_bind(q, value_int(p.from));
  closed(m, can_miss(f->path),
         arena_print(q->arena, "%s >= %s AND %s < %s", sql, from, sql, query_bind(q, value_int(p.to))));
}

/* The day on which the row stands that a path starts from: its own date, else its record's, else the period's
 * last. An org stands where it is by then, not where it was founded. */
static const char *row_date(Query *q, Frame *f, Path path, bool *missing) {
  const Relation *r = f->relation, *up = r->parent;
  *missing = false;
  if ((path.parent ? up : r)->org == 0) return last_day(q);
  if (r->date >= 0 && !path.parent) {
    *missing = !r->columns[r->date].never_null;
    return arena_print(q->arena, "%s.\"%s\"", f->row, r->columns[r->date].sql);
  }
  if (up && up->date >= 0) return arena_print(q->arena, "%s.\"%s\"", f->record, up->columns[up->date].sql);
  return last_day(q);
}

/* `top` is a test on the span table's alias `s`. */
static const char *span_test(Query *q, const char *s, const char *row, const char *org, const char *date,
                             const char *top) {
  return arena_print(
      q->arena,
      "EXISTS (SELECT 1 FROM \"org_span\" %s WHERE %s.\"area_id\" = %s.\"area_id\" AND %s.\"org_id\" = %s"
      " AND %s.\"from_on\" <= %s AND %s.\"to_on\" > %s AND %s)",
      s, s, row, s, org, s, date, s, date, top);
}

static const char *under_id(Query *q, const char *row, const char *org, const char *date, int64_t top) {
  const char *s = fresh(q, 'u');
  return span_test(q, s, row, org, date, arena_print(q->arena, "%s.\"top_id\" = %s", s, query_bind(q, value_int(top))));
}

static const char *under_name(Query *q, const char *row, const char *org, const char *date, const char *name) {
  const char *s = fresh(q, 'u'), *n = fresh(q, 'n');
  const Relation *spell = catalogue_core(q->catalogue, "org.spell");
  const char *top =
      arena_print(q->arena,
                  "%s.\"top_id\" IN (SELECT %s.\"record_id\" FROM \"%s\" %s WHERE %s.\"area_id\" = %s.\"area_id\""
                  " AND %s.\"name\" = %s)",
                  s, n, spell->table, n, n, row, n, query_bind(q, value_text(name)));
  return span_test(q, s, row, org, date, top);
}

const char *query_under(Query *q, const char *org, const char *date, int64_t top) {
  return top ? under_id(q, q->top.row, org, date, top) : "1 = 1";
}

static void emit_under(Emit *m, const Filter *f) {
  Query *q = m->q;
  bool no_date, no_org = can_miss(f->path);
  const char *org = frame_column(q, m->frame, f->path), *row = m->frame->row;
  if (!f->name && !q->scope.here) {
    if (!no_org)
      text_add(m->out, "(1 = 1)");
    else if (m->strict)
      text_print(m->out, "(%s = %s)", org, org);
    else
      text_print(m->out, "(%s IS NOT NULL)", org);
    return;
  }
  const char *date = row_date(q, m->frame, f->path, &no_date);
  const char *test = f->name ? under_name(q, row, org, date, f->name) : under_id(q, row, org, date, q->scope.here);
  const char *either = no_org ? (no_date ? arena_print(q->arena, "%s + %s", org, date) : org) : date;
  decided(m, no_org || no_date, either, test);
}

static void emit(Emit *m, const Filter *f);

static void inner(Emit *m, Frame *frame, const Filter *f, bool strict, Text *out) {
  Emit in = {m->q, frame, strict, out};
  emit(&in, f);
}

static const char *lines_exist(Query *q, const Frame *f, const char *record, const char *test, const char *is_null) {
  return arena_print(q->arena,
                     "EXISTS (SELECT 1 FROM \"%s\" %s%s WHERE %s.\"area_id\" = %s.\"area_id\" AND %s.\"record_id\" = "
                     "%s.\"id\" AND %s%s)",
                     f->relation->table, f->row, text_get(&f->joins), f->row, record, f->row, record, test, is_null);
}

static void emit_some(Emit *m, const Filter *f) {
  Query *q = m->q;
  const char *record = m->frame->relation->parent ? m->frame->record : m->frame->row;
  Frame frame = {
      .relation = f->lines, .row = fresh(q, 's'), .record = record, .joins = text_new(TEXT_CEILING), .outer = m->frame};
  if (!f->left) {
    text_print(m->out, "(%s)", lines_exist(q, &frame, record, "1 = 1", ""));
    text_free(&frame.joins);
    return;
  }
  bool undecided = m->strict && filter_can_miss(f->left);
  TEXT_SCOPE test = text_new(TEXT_CEILING);
  inner(m, &frame, f->left, undecided, &test);
  const char *some = lines_exist(q, &frame, record, text_get(&test), "");
  if (undecided)
    text_print(m->out, "(CASE WHEN %s THEN 1 = 1 WHEN %s THEN NULL ELSE 1 = 0 END)", some,
               lines_exist(q, &frame, record, text_get(&test), " IS NULL"));
  else
    text_print(m->out, "(%s)", some);
  text_free(&frame.joins);
}

static void emit_simple(Emit *m, const Filter *f) {
  Query *q = m->q;
  const char *sql = frame_column(q, m->frame, f->path);
  bool missing = can_miss(f->path);
  switch (f->kind) {
  case TEST_MISSING: text_print(m->out, "(%s IS NULL)", sql); break;
  case TEST_CONTAINS:
    closed(m, missing, arena_print(q->arena, "replace(%s, %s, '') <> %s", sql, query_bind(q, f->values[0]), sql));
    break;
  case TEST_REPORTER:
    closed(m, missing,
           arena_print(q->arena, "%s %s %s", sql, op_text(f->op), query_bind(q, value_int(q->scope.reporter))));
    break;
  default: /* TEST_PATHS */
    missing = missing || can_miss(f->other);
    closed(m, missing, arena_print(q->arena, "%s %s %s", sql, op_text(f->op), frame_column(q, m->frame, f->other)));
  }
}

static void emit(Emit *m, const Filter *f) {
  switch (f->kind) {
  case TEST_AND:
  case TEST_OR:
    text_add(m->out, "(");
    emit(m, f->left);
    text_add(m->out, f->kind == TEST_AND ? " AND " : " OR ");
    emit(m, f->right);
    text_add(m->out, ")");
    break;
  case TEST_NOT:
    text_add(m->out, "(NOT ");
    emit(m, f->left);
    text_add(m->out, ")");
    break;
  case TEST_COMPARE: emit_compare(m, f); break;
  case TEST_IN: emit_in(m, f); break;
  case TEST_NAMED: emit_named(m, f); break;
  case TEST_PERIOD: emit_period(m, f); break;
  case TEST_UNDER: emit_under(m, f); break;
  case TEST_SOME: emit_some(m, f); break;
  case TEST_MISSING:
  case TEST_CONTAINS:
  case TEST_REPORTER:
  case TEST_PATHS: emit_simple(m, f); break;
  }
}

const char *query_filter(Query *q, const Filter *f, bool strict) {
  if (!f) return "1 = 1";
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  Emit m = {q, &q->top, strict, &out};
  emit(&m, f);
  return arena_copy(q->arena, text_get(&out));
}

const char *query_counts(Query *q) {
  const Relation *r = q->relation->parent ? q->relation->parent : q->relation;
  if (r->state < 0) return "1 = 1";
  const char *column = query_column(q, r->columns[r->state].name), *any = NULL;
  if (!r->state_count) return arena_print(q->arena, "%s <> %s", column, query_bind(q, value_text(STATE_VOID)));
  for (size_t i = 0; i < r->state_count; i++) {
    if (!r->states[i].counts) continue;
    const char *one = arena_print(q->arena, "%s = %s", column, query_bind(q, value_text(r->states[i].name)));
    any = any ? arena_print(q->arena, "%s OR %s", any, one) : one;
  }
  return any ? arena_print(q->arena, "(%s)", any) : "1 = 0";
}
