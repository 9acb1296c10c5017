/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Which true values a written quantity accepts: the table of VERIFY.md, row by row. Exact fractions; a
 * bound that would not fit in 64 bits is left out, so that nothing is contradicted by an overflow. */
#include "language/quantity.h"

static bool plus(Ratio a, Decimal d, int64_t num, int64_t den, Ratio *out) {
  Ratio b, part;
  return ratio_from_decimal(d, &b) && ratio_make(num, den, &part) && ratio_multiply(b, part, &b) &&
         ratio_add(a, b, out);
}

static bool times(Ratio a, int64_t num, int64_t den, Ratio *out) {
  Ratio b;
  return ratio_make(num, den, &b) && ratio_multiply(a, b, out);
}

/* Half of the last significant digit, or 5 %, whichever is wider. */
static bool about(const Quantity *q, Ratio v, int sign, Ratio *out) {
  Ratio half, share, zero = ratio_int(0);
  bool point = q->value.scale > 0 || decimal_compare(q->place, q->round_place) > 0;
  if (!plus(zero, point ? q->place : q->round_place, 1, 2, &half) || !times(v, 1, 20, &share)) return false;
  if (share.num < 0) share.num = -share.num;
  Ratio wider = ratio_compare(half, share) > 0 ? half : share;
  wider.num *= sign;
  return ratio_add(v, wider, out);
}

static Ratio end_of(Decimal d) {
  Ratio r = {0, 1};
  ratio_from_decimal(d, &r);
  return r;
}

/* [low, high] of what is written, half a unit wider where it was rounded. */
static void written(const Quantity *q, bool rounded, Interval *in) {
  in->low = q->range ? end_of(q->low) : q->exact;
  in->high = q->range ? end_of(q->high) : q->exact;
  in->has_low = in->has_high = true;
  if (!rounded || q->range) return;
  in->has_low = plus(in->low, q->place, -1, 2, &in->low);
  in->has_high = plus(in->high, q->place, 1, 2, &in->high);
}

static void bounds(const Quantity *q, Interval *in) {
  Ratio low = q->range ? end_of(q->low) : q->exact, high = q->range ? end_of(q->high) : q->exact;
  switch (q->wording) {
  case WORDING_PLAIN: written(q, q->scaled, in); return;
  case WORDING_REACH: written(q, true, in); return;
  case WORDING_MORE:
    in->low = low;
    in->has_low = true;
    in->high_strict = true;
    if (q->range)
      in->high = high, in->has_high = true;
    else
      in->has_high = plus(low, q->round_place, 1, 1, &in->high);
    return;
  case WORDING_NEARLY:
    in->has_low = times(low, 9, 10, &in->low);
    in->high = high;
    in->has_high = in->high_strict = true;
    return;
  case WORDING_ABOUT:
    in->has_low = about(q, low, -1, &in->low);
    in->has_high = about(q, high, 1, &in->high);
    return;
  case WORDING_AT_LEAST:
  case WORDING_EXCEED:
    in->low = low;
    in->has_low = true;
    in->low_strict = q->wording == WORDING_EXCEED;
    return;
  case WORDING_AT_MOST:
  case WORDING_SHORT_OF:
    in->high = high;
    in->has_high = true;
    in->high_strict = q->wording == WORDING_SHORT_OF;
    return;
  }
}

static bool whole(const Quantity *q) { return !q->scaled && !q->value.scale && (!q->unit || !q->unit->measured); }

/* A bound as a reader writes it: 79.5万 beside 80万. */
static void show(const Quantity *q, Ratio r, Text *out) {
  Ratio in = r;
  NumberText text;
  const char *scale = "";
  Decimal wan = decimal_int(10000), yi = decimal_int(100000000);
  if (q->scaled && decimal_compare(q->value, yi) >= 0 && times(r, 1, 100000000, &in))
    scale = "亿";
  else if (q->scaled && decimal_compare(q->value, wan) >= 0 && times(r, 1, 10000, &in))
    scale = "万";
  text_add(out, ratio_text(in, text));
  text_add(out, scale);
  if (q->unit && q->unit->name[0] == '%') text_add(out, "%");
}

static const char *words(Arena *a, const Quantity *q, const Interval *in) {
  TEXT_SCOPE t = text_new(400);
  Ratio last;
  if (in->has_low && in->has_high && !ratio_compare(in->low, in->high)) {
    show(q, in->low, &t);
  } else if (in->has_low && in->has_high) {
    show(q, in->low, &t);
    /* of whole things below 130, 129 is the last */
    if (in->high_strict && whole(q) && in->high.den == 1 && ratio_add(in->high, ratio_int(-1), &last)) {
      if (ratio_compare(last, in->low)) text_add(&t, "至"), show(q, last, &t);
    } else {
      text_add(&t, in->high_strict ? "至不足" : "至");
      show(q, in->high, &t);
    }
  } else if (in->has_low) {
    text_add(&t, in->low_strict ? "超过" : "不少于");
    show(q, in->low, &t);
  } else if (in->has_high) {
    text_add(&t, in->high_strict ? "不足" : "不超过");
    show(q, in->high, &t);
  }
  return arena_copy(a, text_get(&t));
}

Interval quantity_interval(Arena *a, const Quantity *q) {
  Interval in = {.low = {0, 1}, .high = {0, 1}};
  bounds(q, &in);
  if (a) in.text = words(a, q, &in);
  return in;
}

static bool inside(const Interval *in, Ratio v) {
  int low = in->has_low ? ratio_compare(v, in->low) : 1, high = in->has_high ? ratio_compare(v, in->high) : -1;
  return (low > 0 || (low == 0 && !in->low_strict)) && (high < 0 || (high == 0 && !in->high_strict));
}

Fit quantity_fits(const Quantity *q, Ratio actual, const char **note) {
  const char *ignored;
  Interval in = {.low = {0, 1}, .high = {0, 1}};
  Ratio cut;
  if (!note) note = &ignored;
  *note = NULL;
  bounds(q, &in);
  if (inside(&in, actual)) {
    if (q->wording == WORDING_MORE && !q->range && !ratio_compare(actual, q->exact)) {
      *note = "恰为整数";
      return FIT_NOTE;
    }
    return FIT_YES;
  }
  if (q->wording == WORDING_REACH && ratio_compare(actual, in.high) > 0) {
    *note = "高于稿中数";
    return FIT_NOTE;
  }
  /* 35.86万 written 35.8万: cut off instead of rounded */
  if (q->wording == WORDING_PLAIN && q->scaled && !q->range && plus(q->exact, q->place, 1, 1, &cut) &&
      ratio_compare(actual, q->exact) >= 0 && ratio_compare(actual, cut) < 0) {
    *note = "截断";
    return FIT_NOTE;
  }
  return FIT_NO;
}
