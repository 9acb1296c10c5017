/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The value of a figure, in one pass over its rows. The gate comes first: a figure is computed in full or
 * refused, so nothing here narrows rows to what the asker may see. */
#include "figure/ask.h"

#include <string.h>

#include "access/closure.h"

bool ask_ready(Session *s, FigureAsk *ask, Error *e) {
  if (!ask->org) ask->org = s->tree->root;
  if (!gate_figure(s, ask->org, e)) return false;
  if (ask->reporter) return true;
  const Measure *m = ask->measure;
  bool needed = filter_uses_reporter(m->where) || filter_uses_reporter(m->share) || filter_uses_reporter(ask->slice);
  if (!needed) return true;
  Error why = {0};
  ask->reporter = session_reporter(s, ask->org, ask->period, &why);
  if (!ask->reporter) {
    if (why.kind) return fail_because(e, why.kind, why.cause, "%s", why.sentence);
    ask->reporter = -1;
  }
  return true;
}

/* Folded numbers to a value: the one place where a fold becomes a fraction. */
bool value_from(const Measure *m, FigureSums sums, FigureValue *out) {
  *out =
      (FigureValue){.rows = sums.rows, .undetermined = sums.undetermined, .totals = sums.totals, .exact = ratio_int(0)};
  int64_t unit = 1;
  for (int i = plan_amount_scale(m); i > 0; i--) unit *= 10;
  switch (m->fold) {
  case FOLD_COUNT: out->exact = ratio_int(sums.amount); return true;
  case FOLD_DISTINCT: out->exact = ratio_int(sums.keys); return true;
  case FOLD_SUM: return ratio_make(sums.amount, unit, &out->exact);
  case FOLD_MEAN:
  case FOLD_SHARE: break;
  }
  out->part = sums.amount;
  out->whole = m->fold == FOLD_MEAN && m->key_count ? sums.keys : sums.rows;
  out->null = !out->whole;
  if (out->null) return true;
  Ratio part, scaled;
  if (m->fold == FOLD_SHARE)
    return ratio_make(out->part, out->whole, &part) && ratio_multiply(part, ratio_int(100), &out->exact);
  return ratio_make(out->part, out->whole, &part) && ratio_make(1, unit, &scaled) &&
         ratio_multiply(part, scaled, &out->exact);
}

bool value_too_large(const Measure *m, Error *e) {
  return fail(e, ERROR_LIMIT, "“%s”的数值过大，无法精确计算，请核对明细中的数额。", m->label);
}

FigureSums sums_from(const Plan *p, const Stmt *st, size_t first) {
  int64_t possible = stmt_int(st, first), certain = p->certain ? stmt_int(st, first + 1) : possible;
  return (FigureSums){.rows = certain,
                      .undetermined = possible - certain,
                      .amount = strcmp(p->amount, "1") ? stmt_int(st, first + 2) : certain,
                      .keys = stmt_int(st, first + 3),
                      .totals = stmt_int(st, first + 4)};
}

bool ask_one(Session *s, FigureAsk ask, FigureValue *out, Error *e) {
  PLAN_SCOPE plan;
  if (!plan_make(s, ask, PLAN_VALUE, &plan, e)) return false;
  if (plan.unanswered) {
    *out = (FigureValue){.null = true, .unanswered = plan.unanswered, .exact = ratio_int(0)};
    return true;
  }
  STMT_SCOPE st = stmt_open(s->tx, plan_sql(&plan), plan.query->binds, plan.query->bind_count, e);
  if (!st) return false;
  Step step = stmt_step(st, e);
  if (step == STEP_FAILED) return false;
  if (step != STEP_ROW) return fail(e, ERROR_BUG, "“%s”没有算出结果，请联系维护人员。", ask.measure->label);
  return value_from(ask.measure, sums_from(&plan, st, 0), out) || value_too_large(ask.measure, e);
}

bool figure_value(Session *s, FigureAsk ask, FigureValue *out, Error *e) {
  *out = (FigureValue){.exact = ratio_int(0)};
  return ask_ready(s, &ask, e) && ask_one(s, ask, out, e);
}

static bool any_row(Session *s, FigureAsk ask, bool *found, Error *e) {
  *found = false;
  PLAN_SCOPE plan;
  if (!plan_make(s, ask, PLAN_ANY, &plan, e)) return false;
  if (plan.unanswered) return true;
  int64_t one;
  return tx_int(s->tx, plan_sql(&plan), plan.query->binds, plan.query->bind_count, &one, found, e);
}

/* Records of the ledger itself in the period, for a measure over lines that has none. */
static Measure record_measure(const Measure *m) {
  const Relation *r = m->rows->parent;
  Measure out = {.name = m->name,
                 .full_name = m->full_name,
                 .label = m->label,
                 .set = m->set,
                 .rows = r,
                 .when = WHEN_EVENT,
                 .fold = FOLD_COUNT,
                 .lag = m->lag};
  out.on = (Path){.relation = r, .column = &r->columns[r->date]};
  if (r->org >= 0) out.org = (Path){.relation = r, .column = &r->columns[r->org]};
  return out;
}

bool figure_state(Session *s, FigureAsk ask, FigureState *out, Error *e) {
  *out = (FigureState){0};
  if (!ask.org) ask.org = s->tree->root;
  if (!gate_figure(s, ask.org, e)) return false;
  if (!any_row(s, ask, &out->records, e)) return false;
  const Relation *record = ask.measure->rows->parent;
  if (!out->records && record && record->date >= 0) {
    Measure records = record_measure(ask.measure);
    FigureAsk again = {.measure = &records, .org = ask.org, .period = ask.period};
    if (!any_row(s, again, &out->records, e)) return false;
  }
  Error why = {0};
  out->closed = closed_throughout(s, ask.measure->rows, ask.org, period_back(ask.period, ask.measure->lag), &why);
  return !why.kind || fail_because(e, why.kind, why.cause, "%s", why.sentence);
}
