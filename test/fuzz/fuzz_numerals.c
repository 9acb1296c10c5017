/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Any text through the numeral grammar: quantities come in order, inside the text, without overlap, and
 * each accepts its own value unless its words exclude it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "language/quantity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good) {
  if (!good) abort();
}

static void check_place(const Quantity *q, size_t before, size_t length) {
  check(before <= q->start && q->start < q->end && q->end <= length);
  check(q->from <= q->start && q->end <= q->to && q->to <= length);
  check(q->unit_start <= q->unit_end && q->unit_end <= length && q->end <= q->unit_start);
  if (q->unit_end > q->unit_start) check(q->unit != NULL && q->to >= q->unit_end);
  if (q->low_end) check(q->range && q->start < q->low_end && q->low_end <= q->high_start && q->high_start < q->end);
}

static void check_value(Arena *a, const Quantity *q) {
  NumberText text;
  const char *note;
  check(q->value.scale >= 0 && q->value.scale <= 18 && q->place.mantissa > 0 && q->round_place.mantissa > 0);
  check(decimal_compare(q->low, q->high) <= 0 || q->bounded || q->value.mantissa < 0);
  check(*decimal_text(q->value, text));
  Interval in = quantity_interval(a, q);
  check(in.text != NULL && q->exact.den > 0);
  Fit fit = quantity_fits(q, q->exact, &note);
  bool excluded = q->wording == WORDING_NEARLY || q->wording == WORDING_EXCEED || q->wording == WORDING_SHORT_OF;
  if (!excluded && !q->bounded && q->value.mantissa >= 0) check(fit != FIT_NO);
  quantity_fits(q, (Ratio){INT64_MAX, 1}, NULL);
  quantity_fits(q, (Ratio){-INT64_MAX, 7}, NULL);
  TEXT_SCOPE t = text_new(500);
  quantity_write(q->exact, q->unit ? q->unit->name : NULL, "万元", 2, &t);
  quantity_write_more(q->value.mantissa, 10, "次", &t);
  number_han(q->value.mantissa, &t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ARENA_SCOPE a = arena_new();
  if (size > 65536) return 0;
  const char *text = arena_slice(a, size ? (const char *)data : "", size);
  Quantity *q;
  size_t count = quantities_read(a, text, &q), length = utf8_length(text), before = 0;
  for (size_t i = 0; i < count; i++) {
    check_place(&q[i], before, length);
    check_value(a, &q[i]);
    before = q[i].unit_end > q[i].end ? q[i].unit_end : q[i].end;
  }
  return 0;
}
