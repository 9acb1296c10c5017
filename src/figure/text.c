/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A figure as an office writes it: 63人次, 35万元, 20余次, 1.5万亩以上, 80%. One rounding, at the very end;
 * 余 and 以上 never claim more than there is. */
#include "figure/figure.h"

#include <string.h>

#include "language/quantity.h"

/* 万元 counts in tens of thousands. */
static int64_t multiple_of(const char *unit) {
  if (!unit) return 1;
  if (strncmp(unit, "万", strlen("万")) == 0) return 10000;
  if (strncmp(unit, "亿", strlen("亿")) == 0) return 100000000;
  return 1;
}

static int64_t floor_ratio(Ratio r) {
  int64_t whole = r.num / r.den;
  return r.num % r.den < 0 ? whole - 1 : whole;
}

/* The largest number that can be written so and is not above the value. */
static Ratio floor_to(Ratio value, const Say *say) {
  Ratio step, steps, out;
  int64_t digits = 1;
  for (int i = 0; i < say->scale && i < 12; i++) digits *= 10;
  bool ok = say->step > 0 ? ratio_make(say->step, 1, &step) : ratio_make(multiple_of(say->unit), digits, &step);
  ok = ok && ratio_make(step.den, step.num, &out) && ratio_multiply(value, out, &steps);
  if (!ok || !ratio_multiply(ratio_int(floor_ratio(steps)), step, &out)) return value;
  return out;
}

/* Too little for the larger unit: nobody writes 0万亩以上 for 400亩. */
static bool too_little(Ratio value, const Say *say) {
  int64_t least = multiple_of(say->unit);
  if (least == 1 || value.num <= 0) return false;
  if (!say->as) {
    for (int i = 0; i < say->scale && least % 10 == 0; i++) least /= 10;
    return value.num < INT64_MAX / 2 && value.num * 2 / value.den < least;
  }
  return value.num / value.den < least;
}

const char *figure_text(Arena *a, const Measure *m, const FigureValue *v) {
  if (v->unanswered) return v->unanswered;
  if (v->null) return "无";
  TEXT_SCOPE out = text_new(4096);
  Say plain = {.as = m->say.as, .step = m->say.step};
  const Say *say = too_little(v->exact, &m->say) ? &plain : &m->say;
  int scale = say->unit || say->scale ? say->scale : m->scale;
  if (say->as && strcmp(say->as, "余") == 0) {
    quantity_write_more(floor_ratio(v->exact), say->step > 0 ? say->step : 10, m->unit, &out);
  } else if (say->as) {
    quantity_write(floor_to(v->exact, say), m->unit, say->unit, scale, &out);
    text_add(&out, say->as);
  } else {
    quantity_write(v->exact, m->unit, say->unit, scale, &out);
  }
  return arena_copy(a, text_get(&out));
}

const char *figure_exact(Arena *a, const FigureValue *v) {
  if (v->null) return "";
  NumberText text;
  return arena_copy(a, ratio_text(v->exact, text));
}
