/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * This year's figures beside last year's: those of last year's frozen report where they were counted the same
 * way, else computed today. What was never recorded is no zero: nothing is subtracted from it, nor it from
 * anything. */
#include "report/frozen.h"

#include <string.h>

static const FrozenFigure *frozen_value(const Frozen *f, const Measure *m) {
  for (size_t i = 0; f && i < f->figure_count; i++)
    if (f->figures[i].measure == m) return f->figures[i].redefined ? NULL : &f->figures[i];
  return NULL;
}

static bool is_absent(Session *s, FigureAsk ask, const FigureValue *v, bool *absent, Error *e) {
  FigureState state = {0};
  *absent = false;
  if (v->rows || v->undetermined || v->unanswered) return true;
  if (!figure_state(s, ask, &state, e)) return false;
  *absent = !state.records && !state.closed;
  return true;
}

/* Rounded as the figure is, but never to nothing. */
static const char *difference_words(Arena *a, const Measure *m, Ratio difference) {
  enum { DIGITS_MOST = 12 };
  NumberText text;
  int scale = m->scale;
  if (!difference.num) return "持平";
  while (scale < DIGITS_MOST && !ratio_round(difference, scale).mantissa) scale++;
  const char *unit = !m->unit ? "" : strcmp(m->unit, "%") ? m->unit : "个百分点";
  return arena_print(a, "%s%s%s", difference.num > 0 ? "+" : "", decimal_text(ratio_round(difference, scale), text), unit);
}

static void set_difference(Arena *a, BesideRow *row) {
  NumberText text;
  Ratio difference, last = row->last;
  if (last.num == INT64_MIN || !ratio_add(row->now.exact, (Ratio){-last.num, last.den}, &difference)) return;
  row->difference = arena_print(a, "%s%s", difference.num > 0 ? "+" : "", ratio_text(difference, text));
  row->difference_text = difference_words(a, row->measure, difference);
}

static bool set_beside(Session *s, const Beside *b, const ReportFigure *f, BesideRow *out, Error *e) {
  const Report *r = b->report;
  FigureAsk ask = {.measure = f->measure, .org = r->org, .period = r->period, .reporter = r->reporter ? r->reporter : -1};
  FigureAsk before = {.measure = f->measure, .org = r->org, .period = b->last_period};
  const FrozenFigure *kept = frozen_value(b->last, f->measure);
  bool now_absent, last_absent = false;
  FigureValue last = {0};
  *out = (BesideRow){.measure = f->measure, .now = f->value, .from_frozen = kept != NULL};
  if (!is_absent(s, ask, &f->value, &now_absent, e)) return false;
  if (kept)
    last = kept->value;
  else if (!figure_value(s, before, &last, e))
    return false;
  if (!is_absent(s, before, &last, &last_absent, e)) return false;
  out->last = last.exact;
  out->last_null = last.null || last_absent;
  out->now_text = now_absent ? "没有登记" : figure_text(s->arena, f->measure, &f->value);
  out->last_text = last_absent ? "没有登记" : figure_text(s->arena, f->measure, &last);
  if (!f->value.null && !now_absent && !out->last_null) set_difference(s->arena, out);
  return true;
}

bool report_beside(Session *s, const char *name, int64_t org, Period period, Beside **out, Error *e) {
  Beside *b = *out = NEW(s->arena, Beside);
  Error none = {0};
  *b = (Beside){.report = report_compose(s, name, org, period, e), .last_period = period_back(period, 1)};
  if (!b->report) return false;
  b->last = frozen_load(s, name, b->report->org, b->last_period, 0, &none);
  if (!b->last && none.kind != ERROR_MISSING) {
    *e = none;
    return false;
  }
  b->rows = NEW_ARRAY(s->arena, BesideRow, b->report->figure_count + 1);
  for (size_t i = 0; i < b->report->figure_count; i++)
    if (b->report->figures[i].first == i && !set_beside(s, b, &b->report->figures[i], &b->rows[b->row_count++], e))
      return false;
  return true;
}
