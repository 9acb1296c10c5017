/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The rows behind a figure, each with what it contributes: first the counted ones by date, then those that
 * cannot be decided. They come from the same plan as the value. Every row of the figure is listed, also
 * when its record belongs to somebody whose records the asker may not read; such cells are masked. */
#include "figure/ask.h"

#include <string.h>

#include "access/names.h"

#define MASKED "无权查看"

typedef struct Reading {
  Session *session;
  Plan *plan;
  Arena *scratch; /* given back after every row */
  const Stmt *stmt;
} Reading;

/* Parts are kept apart, whatever stands in them. */
static void add_escaped(Text *out, const char *part) {
  for (const char *s = part; *s; s++) {
    if (*s == '/' || *s == '\\') text_add_char(out, '\\');
    text_add_char(out, *s);
  }
}

static const char *key_text(const Reading *r) {
  TEXT_SCOPE out = text_new(64 * 1024);
  for (size_t i = 0; i < r->plan->key_count; i++) {
    size_t at = PLAN_ROW_KEYS + i;
    if (i) text_add_char(&out, '/');
    if (r->plan->keys[i].kind == VALUE_INT)
      text_add_int(&out, stmt_int(r->stmt, at));
    else
      add_escaped(&out, stmt_text(r->stmt, at));
  }
  return arena_copy(r->scratch, text_get(&out));
}

static const char *value_words(const Reading *r, const Column *c, Value v, Date at) {
  if (c->type == TYPE_REF) return names_of(r->session, c->ref, v.i, at);
  if (c->type == TYPE_SERIAL) {
    const char *unit = r->plan->measure->unit;
    return arena_print(r->scratch, "第%lld%s", (long long)v.i, unit ? unit : "");
  }
  return cell_show(r->scratch, c, v);
}

/* What the row counts as, in words: 第3轮, a person's name, a village and a year. */
static const char *key_words(const Reading *r, const FigureRow *row) {
  TEXT_SCOPE out = text_new(64 * 1024);
  for (size_t i = 0; i < r->plan->key_count; i++) {
    const PlanKey *key = &r->plan->keys[i];
    if (!key->column) continue;
    if (out.length) text_add(&out, "、");
    Value v = stmt_value(r->stmt, PLAN_ROW_KEYS + i, key->kind);
    bool masked = gate_masked(r->session, key->column, row->holder);
    text_add(&out, masked ? MASKED : value_words(r, key->column, v, row->date));
  }
  return arena_copy(r->scratch, text_get(&out));
}

static const char *contribution(const Reading *r, const FigureRow *row) {
  const Measure *m = r->plan->measure;
  if (m->fold == FOLD_DISTINCT) return key_words(r, row);
  if ((m->fold == FOLD_SUM || m->fold == FOLD_MEAN) && gate_masked(r->session, m->value.column, row->holder))
    return MASKED;
  int scale = plan_amount_scale(m);
  if (!scale) return arena_print(r->scratch, "%lld", (long long)row->amount);
  uint64_t size = row->amount < 0 ? 0 - (uint64_t)row->amount : (uint64_t)row->amount, unit = 1;
  for (int i = 0; i < scale; i++) unit *= 10;
  return arena_print(r->scratch, "%s%llu.%0*llu", row->amount < 0 ? "-" : "", (unsigned long long)(size / unit), scale,
                     (unsigned long long)(size % unit));
}

static FigureRow row_of(const Reading *r) {
  const Stmt *st = r->stmt;
  const Plan *p = r->plan;
  FigureRow row = {.record = stmt_int(st, PLAN_ROW_RECORD),
                   .date = (Date)stmt_int(st, PLAN_ROW_DATE),
                   .org = stmt_int(st, PLAN_ROW_ORG),
                   .holder = stmt_int(st, PLAN_ROW_HOLDER),
                   .undetermined = stmt_int(st, PLAN_ROW_UNDECIDED) != 0,
                   .total = !stmt_null(st, PLAN_ROW_HEADS)};
  row.row = row_from(r->scratch, p->measure->rows, st, PLAN_ROW_KEYS + p->key_count);
  row.counted = !row.undetermined;
  row.contribution = "";
  if (!row.counted) return row;
  row.amount = p->measure->fold == FOLD_DISTINCT ? 0 : stmt_int(st, PLAN_ROW_AMOUNT);
  if (p->key_count) row.key = key_text(r);
  row.contribution = contribution(r, &row);
  return row;
}

static bool read_rows(Reading *r, FigureVisit *visit, void *context, Error *e) {
  Plan *p = r->plan;
  STMT_SCOPE st = stmt_stream(r->session->tx, plan_sql(p), p->query->binds, p->query->bind_count, e);
  if (!st) return false;
  r->stmt = st;
  for (;;) {
    Step step = stmt_step(st, e);
    if (step == STEP_FAILED) return false;
    if (step == STEP_DONE) return true;
    ArenaMark mark = arena_mark(r->scratch);
    FigureRow row = row_of(r);
    bool more = visit(&row, context);
    arena_back(r->scratch, mark);
    if (!more) return true;
  }
}

bool figure_rows(Session *s, FigureAsk ask, FigureVisit *visit, void *context, Error *e) {
  if (!ask_ready(s, &ask, e)) return false;
  PLAN_SCOPE plan;
  if (!plan_make(s, ask, PLAN_ROWS, &plan, e)) return false;
  if (plan.unanswered) return true;
  ARENA_SCOPE scratch = arena_new();
  Reading reading = {.session = s, .plan = &plan, .scratch = scratch};
  return read_rows(&reading, visit, context, e);
}

const char *figure_cell(Session *s, const FigureRow *row, const Column *column, bool exchange) {
  Value v = row->row.v[column - row->row.relation->columns];
  if (v.null) return "";
  if (!column->system && !may(s, MAY_READ, row->holder)) return MASKED;
  if (column->type == TYPE_REF && !column->sensitive) return names_of(s, column->ref, v.i, row->date);
  return gate_show(s, row->row, column, row->holder, exchange);
}
