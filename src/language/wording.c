/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Numbers written as offices write them: 35万元, 47.6岁, 20余次, 十五. What is written here reads back to
 * the same value (tested both ways), except for the one rounding that `scale` asks for. */
#include <string.h>

#include "language/quantity.h"

static void write_decimal(Decimal d, Text *out) {
  NumberText text;
  text_add(out, decimal_text(decimal_trim(d), text));
}

/* 万元 is 元 with a factor of ten thousand: the scale before the unit, and the unit's own name. */
static int64_t written_scale(const char **unit) {
  static const struct {
    const char *word;
    int64_t factor;
  } scales[] = {{"万亿", 1000000000000}, {"亿", 100000000}, {"千万", 10000000}, {"百万", 1000000}, {"万", 10000}};
  for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
    size_t n = strlen(scales[i].word);
    if (strncmp(*unit, scales[i].word, n) != 0) continue;
    *unit += n;
    return scales[i].factor;
  }
  return 1;
}

void quantity_write(Ratio value, const char *unit, const char *say_unit, int scale, Text *out) {
  const char *said = say_unit && *say_unit ? say_unit : unit, *name = said;
  Ratio in = value, factor;
  if (said && unit && said != unit) {
    int64_t scaled = written_scale(&name), other = written_scale(&unit);
    const Unit *from = unit_find(unit), *to = unit_find(name);
    bool same = from && to && unit_answers(from, to);
    int64_t num = same ? from->num : 1, den = same ? from->den : 1;
    if (same) {
      Ratio back;
      if (ratio_make(num, den, &factor) && ratio_make(to->den, to->num, &back) && ratio_multiply(factor, back, &factor))
        ratio_multiply(in, factor, &in);
    }
    if (ratio_make(other, scaled, &factor)) ratio_multiply(in, factor, &in);
  }
  write_decimal(ratio_round(in, scale < 0 ? 0 : scale > 12 ? 12 : scale), out);
  text_add(out, said);
}

void quantity_write_more(int64_t value, int64_t step, const char *unit, Text *out) {
  bool more = step > 1 && value > step && value % step;
  text_add_int(out, more ? value - value % step : value);
  if (more) text_add(out, "余");
  text_add(out, unit);
}

/* A section below 10,000; `lead`: something stands before it. */
static void section_han(int64_t n, bool lead, Text *out) {
  static const char *const digits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  static const char *const scales[] = {"千", "百", "十", ""};
  int64_t at = 1000;
  bool nought = false, any = false;
  for (int i = 0; i < 4; i++, at /= 10) {
    int64_t d = n / at % 10;
    if (!d) {
      nought = any || lead;
      continue;
    }
    if (nought) text_add(out, digits[0]);
    if (d != 1 || i != 2 || any || lead) text_add(out, digits[d]);
    text_add(out, scales[i]);
    any = true;
    nought = false;
  }
}

void number_han(int64_t n, Text *out) {
  static const char *const scales[] = {"", "万", "亿", "万亿", "亿亿"};
  int64_t sections[5];
  int count = 0;
  if (!n) text_add(out, "零");
  if (n < 0) text_add(out, "负");
  for (; n; n /= 10000) sections[count++] = n % 10000 < 0 ? -(n % 10000) : n % 10000;
  bool lead = false, gap = false;
  for (int i = count - 1; i >= 0; i--) {
    if (!sections[i]) {
      gap = true;
      if (i == 2 && lead && count == 4) text_add(out, "亿");
      continue;
    }
    section_han(sections[i], lead, out);
    lead = true;
    (void)gap;
    text_add(out, i == 3 && sections[2] ? "万" : scales[i]);
  }
}
