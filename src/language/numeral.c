/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Numerals as offices write them, Arabic, Han and mixed: 1.5万, 三万五, 1万600, 四千五百六十九万亿.
 *
 * A number is a row of sections; a section is a number below a big scale (七千四百, 3千, 15.2), followed by
 * scales (万, 亿, 万亿). A scale multiplies every part before it that is smaller. Reading never goes back
 * over what another number has taken, so that the whole text is read in linear time. */
#include "language/numeral.h"

#include <string.h>

#include "language/unit.h"

enum { DIGITS = 18, PARTS = 12 };

/* ---- amounts ---- */

Amount amount(int64_t m, int e) { return (Amount){.m = m, .e = e}; }

/* The same with a smaller exponent; false (and bounded) if it does not fit. */
static bool lower(Amount *a, int e) {
  if (!a->m) a->e = e;
  for (; a->e > e; a->e--) {
    int64_t m;
    if (__builtin_mul_overflow(a->m, 10, &m)) {
      a->m = a->m < 0 ? -INT64_MAX : INT64_MAX;
      a->over = true;
      return false;
    }
    a->m = m;
  }
  return true;
}

Amount amount_add(Amount a, Amount b) {
  if (!b.m) return a.over |= b.over, a;
  if (!a.m) return b.over |= a.over, b;
  Amount larger = a.e > b.e ? a : b, smaller = a.e > b.e ? b : a;
  Amount sum = {.e = smaller.e, .over = a.over || b.over};
  if (!lower(&larger, smaller.e) || __builtin_add_overflow(larger.m, smaller.m, &sum.m)) {
    sum.m = larger.m < 0 ? -INT64_MAX : INT64_MAX;
    sum.over = true;
  }
  return sum;
}

Amount amount_times(Amount a, int64_t n) {
  if (__builtin_mul_overflow(a.m, n, &a.m)) {
    a.m = INT64_MAX;
    a.over = true;
  }
  return a;
}

Decimal amount_decimal(Amount a, bool *over) {
  Decimal d = {0};
  *over |= a.over;
  while (a.e < -DIGITS || (a.e < 0 && a.m && a.m % 10 == 0)) {
    if (a.m % 10) *over = true;
    a.m /= 10;
    a.e++;
  }
  if (!a.m) return d;
  if (a.e > 0 && !lower(&a, 0)) {
    *over = true;
    a.e = 0;
  }
  if (a.m == INT64_MIN) a.m++; /* so that it can be negated */
  return (Decimal){.mantissa = a.m, .scale = -a.e};
}

/* ---- characters ---- */

/* Switches, since these are asked of every character. */
int numeral_digit(uint32_t c) {
  switch (c) {
  case 0x96F6:
  case 0x3007:
  case 0x25CB:
  case 0x25EF: /* 零〇○◯ */ return 0;
  case 0x4E00:
  case 0x58F9:
  case 0x5F0C: /* 一壹弌 */ return 1;
  case 0x4E8C:
  case 0x8D30:
  case 0x8CB3:
  case 0x5F0D:
  case 0x4E24:
  case 0x4FE9: /* 二贰貳弍两俩 */ return 2;
  case 0x4E09:
  case 0x53C1:
  case 0x53C3:
  case 0x53C4:
  case 0x5F0E: /* 三叁參叄弎 */ return 3;
  case 0x56DB:
  case 0x8086: /* 四肆 */ return 4;
  case 0x4E94:
  case 0x4F0D: /* 五伍 */ return 5;
  case 0x516D:
  case 0x9646:
  case 0x9678: /* 六陆陸 */ return 6;
  case 0x4E03:
  case 0x67D2: /* 七柒 */ return 7;
  case 0x516B:
  case 0x634C: /* 八捌 */ return 8;
  case 0x4E5D:
  case 0x7396: /* 九玖 */ return 9;
  default: return -1;
  }
}

bool numeral_capital(uint32_t c) { return is_one_of(c, "壹贰叁參叄肆伍陆陸柒捌玖拾"); }

int numeral_small(uint32_t c) {
  switch (c) {
  case 0x5341:
  case 0x62FE: return 1; /* 十拾 */
  case 0x767E:
  case 0x4F70: return 2; /* 百佰 */
  case 0x5343:
  case 0x4EDF: return 3; /* 千仟 */
  default: return 0;
  }
}

int numeral_big(uint32_t c) {
  switch (c) {
  case 0x4E07: return 4;  /* 万 */
  case 0x4EBF: return 8;  /* 亿 */
  case 0x5146: return 12; /* 兆 */
  default: return 0;
  }
}

static bool is_pair_word(uint32_t c) { return is_one_of(c, "两俩"); }

static bool is_nought(uint32_t c) { return is_one_of(c, "零〇○◯"); }

static bool is_vague(uint32_t c) { return is_one_of(c, "几数"); }

static bool is_more(uint32_t c) { return is_one_of(c, "余多来"); }

/* 千 of 千米, 兆 of 兆瓦: the measure word's, not the number's. */
static bool belongs_to_unit(const Cells *cs, size_t i) {
  size_t bytes;
  const Unit *u = unit_at(cells_from(cs, i), &bytes);
  return u && u->measured && bytes > 3;
}

/* Exponent of the run of big scales at i, and its length: 万亿 is 12. */
static int big_run(const Cells *cs, size_t i, size_t *length) {
  int e = 0, one;
  *length = 0;
  while ((one = numeral_big(cell(cs, i + *length))) && *length < 4 && !belongs_to_unit(cs, i + *length)) {
    e += one;
    ++*length;
  }
  return e;
}

/* ---- Arabic digits ---- */

static void take_digit(Amount *a, uint32_t c, bool fraction) {
  if (a->over) return;
  if (a->m > (INT64_MAX - 9) / 10 || a->e <= -DIGITS) { /* what does not fit: bounded, or cut in the fraction */
    if (!fraction) a->m = INT64_MAX;
    a->over = true;
    return;
  }
  a->m = a->m * 10 + (int64_t)(c - '0');
  if (fraction) a->e--;
}

static bool three_digits(const Cells *cs, size_t i) {
  for (size_t k = 0; k < 3; k++)
    if (!is_digit(cell(cs, i + k)) || cell_gap(cs, i + k)) return false;
  return !is_digit(cell(cs, i + 3)) || cell_gap(cs, i + 3);
}

/* 2 0 2 1 年: single digits set apart, when something follows that only a number has. */
static size_t spaced_digits(const Cells *cs, size_t i) {
  size_t n = 1, bytes;
  while (n < DIGITS && is_digit(cell(cs, i + n)) && cell_gap(cs, i + n)) n++;
  if (n < 2 || (is_digit(cell(cs, i + n)) && !cell_gap(cs, i + n)) || cell(cs, i + n) == '.') return 1;
  uint32_t next = cell(cs, i + n);
  bool follows =
      unit_at(cells_from(cs, i + n), &bytes) || numeral_small(next) || numeral_big(next) || is_one_of(next, "成折%");
  return follows ? n : 1;
}

/* 党员8 642名: thousands set apart by one blank, the whole pressed between a Han character and a measure word. */
static bool spaced_thousands(const Cells *cs, size_t i, size_t end) {
  size_t bytes;
  return cell_gap(cs, end) && cs->at[end].at == cs->at[end - 1].at + 2 && is_digit(cell(cs, end)) &&
         is_digit(cell(cs, end + 1)) && is_digit(cell(cs, end + 2)) && !cell_gap(cs, end + 1) &&
         !cell_gap(cs, end + 2) && !is_digit(cell(cs, end + 3)) && !cell_gap(cs, i) && is_han(cell(cs, i - 1)) &&
         !cell_gap(cs, end + 3) && unit_at(cells_from(cs, end + 3), &bytes);
}

static bool digits_here(const Cells *cs, size_t i) { return is_digit(cell(cs, i)) && !cell_gap(cs, i); }

/* e+14 right after the digits. */
static void read_power(const Cells *cs, Arabic *a) {
  size_t i = a->end;
  if ((cell(cs, i) != 'e' && cell(cs, i) != 'E') || cell_gap(cs, i)) return;
  int sign = cell(cs, i + 1) == '-' ? -1 : 1, power = 0;
  if (cell(cs, i + 1) == '-' || cell(cs, i + 1) == '+') i++;
  if (!is_digit(cell(cs, i + 1))) return;
  for (i++; digits_here(cs, i) || (is_digit(cell(cs, i)) && !power); i++)
    if (power < 1000) power = power * 10 + (int)(cell(cs, i) - '0');
  if (is_letter(cell(cs, i))) return;
  a->value.e += sign * power;
  a->end = i;
}

Arabic numeral_arabic(const Cells *cs, size_t i) {
  Arabic a = {.end = i};
  size_t apart = spaced_digits(cs, i);
  for (size_t k = 0; k < apart; k++) take_digit(&a.value, cell(cs, a.end++), false);
  while (apart == 1 && digits_here(cs, a.end)) take_digit(&a.value, cell(cs, a.end++), false);
  /* a comma only after one to three digits, before exactly three */
  if (a.end - i <= 3 && cell(cs, i) != '0')
    while (cell(cs, a.end) == ',' && !cell_gap(cs, a.end) && three_digits(cs, a.end + 1)) {
      a.end++;
      for (int k = 0; k < 3; k++) take_digit(&a.value, cell(cs, a.end++), false);
    }
  if (a.end - i <= 3 && a.end > i && cell(cs, i) != '0' && spaced_thousands(cs, i, a.end))
    for (int k = 0; k < 3; k++) take_digit(&a.value, cell(cs, a.end++), false);
  a.whole = a.end - i;
  if (cell(cs, a.end) == '.' && !cell_gap(cs, a.end) && digits_here(cs, a.end + 1)) {
    size_t end = a.end + 1;
    Amount value = a.value;
    while (digits_here(cs, end)) take_digit(&value, cell(cs, end++), true);
    /* 2222.2222.22 and 2023.5.12 have no decimal point; nor does the second dot's neighbour */
    bool dotted =
        (cell(cs, end) == '.' && digits_here(cs, end + 1)) || (cell(cs, i - 1) == '.' && is_digit(cell(cs, i - 2)));
    if (!dotted) {
      a.value = value;
      a.end = end;
      a.decimal = true;
    }
  }
  read_power(cs, &a);
  return a;
}

/* ---- sections ---- */

typedef struct Section {
  size_t end;
  Amount value, spread;
  int place;
  int small;       /* exponent of the scale it ends with: 3百 2; 0 if it ends with a digit */
  bool any, later; /* something stands in it; a scale stands before it */
  bool open, several, decimal, arabic, han, nought, single;
} Section;

/* Two neighbouring digits that mean from one to the other: 三四, 三五. */
static bool is_adjacent(const Cells *cs, size_t i, bool first) {
  int d = numeral_digit(cell(cs, i)), next = numeral_digit(cell(cs, i + 1));
  if (d < 1 || next < 1 || cell_gap(cs, i + 1)) return false;
  if (is_pair_word(cell(cs, i + 1)) && d != 1) return false;
  if (numeral_digit(cell(cs, i + 2)) >= 0 && !cell_gap(cs, i + 2)) return false;
  return next == d + 1 || (first && d == 3 && next == 5);
}

/* Exponent of 十百千 at i that fits below `limit`; 0 if none. */
static int small_below(const Cells *cs, size_t i, int limit) {
  int e = numeral_small(cell(cs, i));
  if (e && cell_gap(cs, i) && cell(cs, i + 1) == 0x5206 && cell(cs, i + 2) == 0x4E4B) return 0; /* 五 百分之一 */
  return e && e < limit && !belongs_to_unit(cs, i) ? e : 0;
}

/* One digit or its like, at *i: its worth and how much more it may be. */
static bool read_item(const Cells *cs, size_t *i, const Section *s, Amount *worth, int *spread, int limit) {
  uint32_t c = cell(cs, *i);
  *spread = 0;
  if (is_digit(c)) {
    if (s->any && (s->decimal || (cell_gap(cs, *i) && !small_below(cs, *i + 1, limit)))) return false;
    *worth = numeral_arabic(cs, *i).value;
    return true; /* the caller reads it again for its end */
  }
  if (is_vague(c)) {
    bool scale = small_below(cs, *i + 1, limit) || numeral_big(cell(cs, *i + 1));
    if (s->any ? c != 0x51E0 && !scale : !scale) return false;
    *worth = amount(s->any ? 0 : 1, 0);
    *spread = s->any ? 0 : 9;
    ++*i;
    return true;
  }
  int d = numeral_digit(c);
  if (d < 0) return false;
  if (is_pair_word(c) && (s->any || s->later) && !small_below(cs, *i + 1, limit)) return false; /* 三十两 */
  *worth = amount(d, 0);
  ++*i;
  if (is_adjacent(cs, *i - 1, !s->any)) {
    *spread = numeral_digit(cell(cs, *i)) - d;
    ++*i;
  }
  return true;
}

static void section_add(Section *s, Amount worth, int spread, int e, bool scaled) {
  worth.e += e;
  s->value = amount_add(s->value, worth);
  if (spread) s->spread = amount_add(s->spread, amount(spread, e));
  s->place = worth.e;
  s->small = scaled ? e : 0;
  s->any = true;
}

/* 廿 and 卅 are 二十 and 三十 in one character. */
static int joined_tens(uint32_t c) {
  return is_one_of(c, "廿") ? 2 : is_one_of(c, "卅") ? 3 : is_one_of(c, "卌") ? 4 : 0;
}

static Section read_section(const Cells *cs, size_t i, bool later) {
  Section s = {.end = i, .later = later};
  int limit = 4;
  while (limit > 0) {
    size_t at = s.end;
    bool nought = false;
    if (is_nought(cell(cs, at)) && (s.any || later || small_below(cs, at + 1, limit))) {
      uint32_t next = cell(cs, at + 1);
      if (numeral_digit(next) < 1 && !is_digit(next) && !is_vague(next) && !small_below(cs, at + 1, limit)) break;
      nought = true;
      at++;
    }
    uint32_t c = cell(cs, at);
    int tens = joined_tens(c), spread = 0, e;
    Amount worth = {0};
    if (limit > 1 && (tens || (small_below(cs, at, limit) == 1 && (at == i || nought || limit > 2 || s.any)))) {
      section_add(&s, amount(tens ? tens : 1, 0), 0, 1, true);
      s.han = true;
      s.nought |= nought;
      limit = 1;
      s.end = at + 1;
      continue;
    }
    size_t begin = at;
    if (!read_item(cs, &at, &s, &worth, &spread, limit)) break;
    size_t digits = 1;
    if (is_digit(c)) {
      Arabic a = numeral_arabic(cs, begin);
      if (a.decimal && s.any) break;
      if (s.any && a.whole >= (size_t)limit + (limit == 4) && !a.decimal) break; /* 3千2000 are two numbers */
      at = a.end;
      digits = a.whole;
      s.decimal |= a.decimal;
      s.arabic = true;
    } else {
      s.han = true;
      if (is_vague(c)) s.open = true, s.several |= !s.any;
    }
    e = small_below(cs, at, limit);
    bool last = !e;
    if (last && s.any && !nought && !s.nought && limit > 1 && limit < 4 && digits == 1 && !s.open)
      e = limit - 1; /* 一百二 */
    s.single = last && !s.any && digits == 1 && !s.decimal;
    s.nought |= nought;
    section_add(&s, worth, spread, e, !last);
    s.end = last ? at : at + 1;
    if (last) break;
    limit = e;
    if (s.nought) s.nought = false;
  }
  return s;
}

/* 点五五 after a section: only plain digits, and no scale within. */
static size_t read_han_fraction(const Cells *cs, size_t i, Amount *value) {
  if (cell(cs, i) != 0x70B9 /* 点 */) return 0;
  size_t end = i + 1;
  Amount sum = *value;
  lower(&sum, 0);
  int d;
  while ((d = numeral_digit(cell(cs, end))) >= 0 && !is_pair_word(cell(cs, end)) &&
         (end == i + 1 || !cell_gap(cs, end))) {
    take_digit(&sum, (uint32_t)('0' + d), true);
    end++;
  }
  if (end == i + 1 || numeral_small(cell(cs, end))) return 0;
  *value = sum;
  return end;
}

/* ---- numbers ---- */

typedef struct Parts {
  Amount value[PARTS], spread[PARTS];
  int scale[PARTS];
  size_t count;
} Parts;

/* A scale of exponent e after a section: multiplies the section and every smaller part before it. */
static void parts_scale(Parts *p, Amount value, Amount spread, int e, bool empty) {
  while (p->count && (p->scale[p->count - 1] < e || empty)) {
    p->count--;
    value = amount_add(p->value[p->count], value);
    spread = amount_add(p->spread[p->count], spread);
    if (empty) e += p->scale[p->count], value.e -= p->scale[p->count], spread.e -= p->scale[p->count];
    empty = false;
  }
  value.e += e;
  spread.e += e;
  p->value[p->count] = value;
  p->spread[p->count] = spread;
  p->scale[p->count++] = e;
}

/* Han digits one after the other: 二〇二三, 九八. */
static bool read_positional(const Cells *cs, size_t i, Number *n) {
  size_t end = i, noughts = 0;
  Amount value = {0};
  int d;
  while ((d = numeral_digit(cell(cs, end))) >= 0 && !is_pair_word(cell(cs, end)) &&
         (end == i || !cell_gap(cs, end) || cell_gap(cs, i + 1))) {
    noughts += is_nought(cell(cs, end));
    take_digit(&value, (uint32_t)('0' + d), false);
    end++;
  }
  size_t length = end - i, bytes;
  if (length < 2 || is_adjacent(cs, i, true)) return false;
  uint32_t next = cell(cs, end);
  if (numeral_small(next) || numeral_big(next) || next == 0x70B9) return false;
  bool meant = length >= 4 || noughts || is_one_of(next, "年折号%") ||
               (length == 3 && unit_at(cells_from(cs, end), &bytes) && !unit_lookalike(cells_from(cs, end)));
  n->end = end;
  n->value = value;
  n->han = n->digits = true;
  n->broken = !meant;
  return true;
}

bool numeral_bare(const Cells *cs, size_t i, Number *n) {
  int e = numeral_small(cell(cs, i));
  size_t end = i, length;
  if (e >= 2 && !belongs_to_unit(cs, i))
    end++;
  else
    e = 0;
  int big = big_run(cs, end, &length);
  end += length;
  if (end == i) return false;
  n->end = end;
  n->value = amount(1, e + big);
  n->place = e + big;
  int d = numeral_digit(cell(cs, end));
  if (e && !big && d > 0 && is_boundary(cell(cs, end + 1))) { /* 千三 is 1300 */
    n->value = amount(10 + d, e - 1);
    n->end++;
    n->han = true;
    return true;
  }
  n->han = n->bare = true;
  n->scaled = big > 0;
  return true;
}

/* Whether the section that follows a scale begins a number of its own: 10万2023年. */
static bool starts_anew(const Cells *cs, size_t i, const Section *s, const Parts *p, int scale) {
  int before = p->scale[p->count - 1];
  if (s->arabic && scale && scale >= before) return true;
  if (s->arabic && !scale && s->place == 0 && s->value.m >= 1000 && cell(cs, s->end) == 0x5E74 /* 年 */) return true;
  if (cell_gap(cs, i) && !scale && !s->small && (s->arabic || s->single)) return true;
  if (s->decimal && s->arabic) return true;
  if (s->several) return true;
  if (scale == before) return true;
  Amount value = s->value;
  if (scale) return false;
  for (; value.e < 0; value.e++) value.m /= 10;
  for (int e = 0; e < before; e++) value.m /= 10; /* 1万60000 */
  return value.m > 0;
}

/* Where the number that began with sections goes on; false when it is complete. */
static bool read_part(const Cells *cs, Number *n, Parts *p) {
  size_t i = n->end, length;
  Section s = read_section(cs, i, p->count > 0);
  size_t end = s.any ? s.end : i;
  if (!s.any && !p->count) return false;
  size_t fraction = s.arabic ? 0 : read_han_fraction(cs, end, &s.value);
  if (fraction) {
    end = fraction;
    s.decimal = true;
    s.place = s.value.e;
  }
  bool more = is_more(cell(cs, end)) && (numeral_big(cell(cs, end + 1)) || (cell(cs, end + 1) == 0x5343 && s.arabic));
  bool measure = cell(cs, end) == 0x4E2A /* 个亿 */ && cell(cs, end + 1) == 0x4EBF;
  int scale = big_run(cs, end + more + measure, &length);
  if (!scale && more) more = false;
  if (!s.any && !fraction && !scale) return false;
  if (p->count == PARTS) return false;
  if (p->count && s.any && starts_anew(cs, i, &s, p, scale)) return false;
  int last = p->count ? p->scale[p->count - 1] : 0;
  if (p->count && s.any && !scale && s.single && !s.open && !n->decimal && last >= 2 && !is_nought(cell(cs, i))) {
    s.value.e += last - 1; /* 三万五 */
    s.spread.e += last - 1;
    s.place += last - 1;
  }
  parts_scale(p, s.value, s.spread, scale, !s.any && !fraction);
  n->end = end + (scale ? more + measure + length : 0);
  n->place = s.any || fraction ? s.place + scale : n->place + scale;
  n->carry = scale ? (s.any || fraction ? scale : n->carry + scale) : 0;
  n->step += scale;
  if (s.open && !s.several) {
    n->step = s.place + 1 + scale;
    n->stepped = true;
  }
  n->open |= s.open || more;
  n->several |= s.several;
  n->decimal |= s.decimal;
  n->han |= s.han;
  n->scaled |= scale || s.decimal || (s.arabic && s.small);
  if (!scale && s.small && s.small != 1 && p->count == 1 && s.single == false) n->carry = s.small;
  return scale && !fraction;
}

/* k, w, M after digits, when no word goes on from them. */
static void read_suffix(const Cells *cs, Number *n) {
  uint32_t c = cell(cs, n->end), next = cell(cs, n->end + 1);
  int e = c == 'k' || c == 'K' ? 3 : c == 'w' || c == 'W' ? 4 : c == 'M' ? 6 : 0;
  if (!e || is_letter(next) || (c == 'M' && !is_boundary(next)) || (c == 'W' && is_one_of(next, "的"))) return;
  n->value.e += e;
  n->place += e;
  n->carry = e;
  n->scaled = true;
  n->end++;
}

bool numeral_plain(const Cells *cs, size_t i, Number *out) {
  *out = (Number){.start = i, .core = i, .end = i};
  if (!is_digit(cell(cs, i)) && read_positional(cs, i, out)) return true;
  Parts parts = {0};
  if (cell(cs, i) == '.' && is_digit(cell(cs, i + 1)) && cell(cs, i - 1) != '.' && !is_digit(cell(cs, i - 1))) {
    while (digits_here(cs, ++out->end)) take_digit(&out->value, cell(cs, out->end), true);
    out->place = out->value.e;
    out->scaled = out->decimal = true;
    return true;
  }
  while (read_part(cs, out, &parts)) continue;
  if (out->end == i) return false;
  for (size_t p = 0; p < parts.count; p++) {
    out->value = amount_add(out->value, parts.value[p]);
    out->spread = amount_add(out->spread, parts.spread[p]);
  }
  if (!out->scaled) out->place = 0; /* 一百二十 says 120 */
  if (!out->han || out->decimal) read_suffix(cs, out);
  /* 打 is twelve, unless it begins a verb */
  if (cell(cs, out->end) == 0x6253 && !is_one_of(cell(cs, out->end + 1), "造击开好牢响破通算印包工拐黑防卡赢")) {
    out->value = amount_times(out->value, 12);
    out->spread = amount_times(out->spread, 12);
    out->end++;
  }
  /* 十三五: a digit that no number can hold there */
  size_t end = out->end;
  if (out->han && !out->decimal)
    while (numeral_digit(cell(cs, end)) > 0 && !is_pair_word(cell(cs, end)) && !cell_gap(cs, end)) end++;
  if (end > out->end) {
    out->broken = true;
    out->end = end;
  }
  return true;
}
