/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What turns a plain number into another: a sign, %, 百分之, N分之M, 3/5, 又, 成 and 折. Shares become
 * exact percentages; a fraction that no decimal holds keeps its ratio. */
#include "language/numeral.h"

static size_t sign_at(const Cells *cs, size_t i) {
  uint32_t c = cell(cs, i), before = cell(cs, i - 1);
  if (c == 0x8D1F /* 负 */) return 1;
  if (c != '-' || cell_gap(cs, i + 1)) return 0;
  if (is_digit(before) || is_letter(before) || before == '-' || before == ')' || before == '%' || before == '^')
    return 0;
  return 1;
}

/* A number that may stand alone, or a bare scale that may not. */
static bool read_side(const Cells *cs, size_t i, Number *n, bool bare) {
  return numeral_plain(cs, i, n) || (bare && (*n = (Number){.start = i, .core = i}, numeral_bare(cs, i, n)));
}

static bool divide(Number *n, Amount top, Amount bottom, int64_t times) {
  bool over = false;
  Decimal t = amount_decimal(top, &over), b = amount_decimal(bottom, &over);
  Ratio a, c, inverse, hundred = ratio_int(times);
  if (over || !b.mantissa || !ratio_from_decimal(t, &a) || !ratio_from_decimal(b, &c) ||
      !ratio_make(c.num < 0 ? -c.den : c.den, c.num < 0 ? -c.num : c.num, &inverse) ||
      !ratio_multiply(a, inverse, &a) || !ratio_multiply(a, hundred, &a))
    return false;
  n->ratio = a;
  Decimal d = decimal_trim(ratio_round(a, 12));
  n->value = amount(d.mantissa, -d.scale);
  n->place = -d.scale;
  n->spread = (Amount){0};
  return true;
}

/* M of N分之M; n holds N and ends before 分. */
static bool read_share(const Cells *cs, Number *n) {
  size_t i = n->end + 2;
  bool minus = sign_at(cs, i) > 0;
  Number top;
  if (cell(cs, n->end) != 0x5206 || cell(cs, n->end + 1) != 0x4E4B || !read_side(cs, i + minus, &top, true))
    return false;
  if (minus) top.value.m = -top.value.m;
  Number whole = *n;
  *n = top;
  n->start = whole.start;
  n->percent = true;
  n->carry = 0;
  if (whole.value.m == 1 && whole.value.e >= 2 && whole.bare) { /* 百分之, 千分之: a decimal place, exactly */
    n->value.e += 2 - whole.value.e;
    n->spread.e += 2 - whole.value.e;
    n->place += 2 - whole.value.e;
    n->scaled = true;
    return true;
  }
  n->fraction = true;
  n->scaled = n->open = false;
  if (divide(n, top.value, whole.value, 100)) return true;
  *n = whole;
  return false;
}

/* 3/5, 1 4/3; a date (2023/5) or an address is none. */
static bool read_slash(const Cells *cs, Number *n) {
  size_t i = n->end;
  Number top = *n, bottom;
  bool mixed = is_digit(cell(cs, i)) && cell_gap(cs, i);
  if (n->han || n->decimal || n->scaled) return false;
  if (mixed) {
    Arabic a = numeral_arabic(cs, i);
    if (a.decimal || a.whole > 4 || n->end - n->core > 4) return false;
    top.value = a.value;
    i = a.end;
  }
  if (cell(cs, i) != '/' || !is_digit(cell(cs, i + 1)) || cell_gap(cs, i)) return false;
  Arabic b = numeral_arabic(cs, i + 1);
  bottom = (Number){.value = b.value};
  if (b.decimal || b.whole > 4 || !b.value.m || cell(cs, i + 1) == '0' || cell(cs, b.end) == '/' ||
      is_letter(cell(cs, b.end)) || is_one_of(cell(cs, b.end), "月年") || (top.value.m >= 1000 && b.value.m <= 12) ||
      cell(cs, n->start - 1) == '/')
    return false;
  Amount sum = mixed ? amount_add(amount_times(n->value, b.value.m), top.value) : top.value;
  if (!divide(n, sum, bottom.value, mixed ? 1 : 100)) return false;
  n->fraction = true;
  n->percent = !mixed;
  n->mixed = mixed;
  n->end = b.end;
  return true;
}

/* 三百五十又三分之一. */
static void read_and_share(const Cells *cs, Number *n) {
  Number share;
  if (cell(cs, n->end) != 0x53C8 /* 又 */ || !numeral_plain(cs, n->end + 1, &share) || !read_share(cs, &share) ||
      !share.fraction)
    return;
  bool over = false;
  Ratio whole, part, sum;
  if (!ratio_from_decimal(amount_decimal(n->value, &over), &whole) || over ||
      !ratio_make(share.ratio.num, 100, &part) || !ratio_multiply(part, (Ratio){1, share.ratio.den}, &part) ||
      !ratio_add(whole, part, &sum))
    return;
  Decimal d = decimal_trim(ratio_round(sum, 12));
  n->ratio = sum;
  n->value = amount(d.mantissa, -d.scale);
  n->place = -d.scale;
  n->end = share.end;
  n->fraction = n->mixed = true;
}

/* 八成, 七成六, 三成半, 75折, 半折. */
static void read_tenths(const Cells *cs, Number *n) {
  uint32_t c = cell(cs, n->end), next = cell(cs, n->end + 1);
  bool cheng = c == 0x6210, zhe = c == 0x6298;
  if ((!cheng && !zhe) || n->scaled > n->decimal || n->broken) return;
  bool become = next == 0x4E3A && !is_one_of(cell(cs, n->end + 2), "兼专女男党村农青中老外本大高初");
  if (cheng && (become || is_one_of(next, "立员功果本长就绩效品交片群型套才分人名语都年"))) return;
  if (zhe && is_one_of(next, "合叠旧算页线扣腾磨射返纸子桂")) return;
  bool over = false;
  Decimal v = amount_decimal(n->value, &over);
  if (over || decimal_compare(v, decimal_int(zhe ? 100 : 10)) > 0) return;
  int e = zhe && !n->decimal && v.mantissa >= 10 ? 0 : 1;
  if (zhe && e == 0 && v.mantissa == 10 && n->han) return; /* 十折 is no discount */
  n->value.e += e;
  n->spread.e += e;
  n->place += e;
  n->end++;
  int d = numeral_digit(cell(cs, n->end));
  if (cheng && d > 0 && !is_one_of(cell(cs, n->end), "两俩") && !numeral_small(cell(cs, n->end + 1))) {
    n->value = amount_add(n->value, amount(d, 0));
    n->place = 0;
    n->end++;
  } else if (cheng && cell(cs, n->end) == 0x534A /* 半 */) {
    n->value = amount_add(n->value, amount(5, 0));
    n->place = 0;
    n->end++;
  }
  n->percent = true;
  n->scaled = true;
  n->carry = 0;
}

static void read_percent_sign(const Cells *cs, Number *n) {
  bool more = is_one_of(cell(cs, n->end), "余多"); /* 30多% */
  uint32_t c = cell(cs, n->end + more);
  if (c != '%' && c != 0x2030 /* ‰ */) return;
  n->open |= more;
  n->end += more;
  int e = c == '%' ? 0 : -1;
  n->value.e += e;
  n->spread.e += e;
  n->place += e;
  n->end++;
  n->percent = n->scaled = true;
  n->carry = 0;
}

bool numeral_read(const Cells *cs, size_t i, Number *out) {
  size_t sign = sign_at(cs, i);
  if (!numeral_plain(cs, i + sign, out)) {
    *out = (Number){.core = i + sign};
    if (!numeral_bare(cs, i + sign, out)) return false;
  }
  out->start = i;
  if (out->bare) {
    if (cell(cs, out->end) == 0x5206 && cell(cs, out->end + 1) == 0x4E4B) read_share(cs, out);
  } else if (!out->broken && !read_share(cs, out) && !read_slash(cs, out)) {
    read_and_share(cs, out);
    read_tenths(cs, out);
    if (!out->percent) read_percent_sign(cs, out);
  }
  out->start = i;
  if (sign) {
    out->negative = true;
    out->value.m = -out->value.m;
    out->ratio.num = -out->ratio.num;
  }
  return true;
}
