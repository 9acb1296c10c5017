/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * From numbers to quantities: the measure word after (or the currency before), qualifiers on both sides,
 * two numbers that make a range. Works from left to right over the cells; what was taken is not read
 * again, except the second number of what turned out to be no range. */
#include "language/quantity.h"

#include <stdio.h>
#include <string.h>

#include "language/cells.h"
#include "language/lexical.h"
#include "language/numeral.h"
#include "language/surroundings.h"

typedef struct Measure {
  const Unit *unit;
  size_t start, end; /* cells; equal without a unit */
} Measure;

/* One quantity while it is being read, in cells. */
typedef struct Draft {
  Number n, high;
  bool two; /* `high` is the upper number of a range */
  Measure measure;
  size_t low_end, high_start, end;
  size_t from, to;
  Wording wording;
  bool after_unit; /* 多 stands after the unit: less than one unit more */
} Draft;

typedef struct Reader {
  Arena *arena;
  Cells cs;
  Quantity *at;
  size_t count, room;
  size_t taken; /* cells before this belong to the last quantity */
} Reader;

/* ---- measure words ---- */

static size_t cells_of(const char *text, size_t bytes) {
  size_t n = 0;
  for (size_t i = 0; i < bytes; i++) n += ((unsigned char)text[i] & 0xC0) != 0x80;
  return n;
}

/* 万 and the like begin no measure word here: they are the number's. */
static Measure measure_at(const Cells *cs, size_t i, const Number *n) {
  Measure m = {.start = i, .end = i};
  const char *text = cells_from(cs, i);
  if (!*text || n->percent) return m;
  bool yearly = !n->han && n->end - n->core == 4 && n->value.m >= 1949 && n->value.m <= 2060;
  if ((yearly || n->han) && unit_lookalike(text)) return m;
  size_t bytes, more;
  const Unit *u = unit_at(text, &bytes);
  if (!u) return m;
  size_t length = cells_of(text, bytes);
  uint32_t last = cell(cs, i + length - 1), next = cell(cs, i + length);
  if (length == 1 && last == 0x4E24 /* 两 */ &&
      (numeral_small(next) || numeral_big(next) || unit_at(cells_from(cs, i + 1), &more)))
    return m;                                       /* 五 两千, 五 两户 */
  if (is_letter(last) && is_letter(next)) return m; /* 5minutes */
  if (length == 1 && last == 0x4E2A /* 个 */) {
    const Unit *money = unit_at(cells_from(cs, i + 1), &more);
    if (money && !strcmp(money->class_, "money") && more > 6) {
      u = money;
      length += cells_of(cells_from(cs, i + 1), more);
    }
  }
  if (length == 1 && (last == 0x5206 /* 分 */ || last == 0x70B9) && numeral_digit(cell(cs, i + 1)) >= 0 && !n->han &&
      last == 0x5206)
    return m.unit = u, m.end = i + 1, m;
  m.unit = u;
  m.end = i + length;
  /* 人(次) is 人次 */
  if (cell(cs, m.end) == '(' && cell(cs, m.end + 1) == 0x6B21 && cell(cs, m.end + 2) == ')') {
    char name[32];
    int written = snprintf(name, sizeof name, "%s次", u->name);
    const Unit *both = written > 0 && (size_t)written < sizeof name ? unit_find(name) : NULL;
    if (both) m.unit = both, m.end += 3;
  }
  return m;
}

static bool is_class(const Unit *u, const char *class_) { return u && !strcmp(u->class_, class_); }

static bool is_span(const Unit *u) { return is_class(u, "months") || is_class(u, "days") || is_class(u, "time"); }

/* A currency written before the number: ¥300, 人民币50元, 港币两千九百六十元. */
static size_t currency_before(const Cells *cs, size_t i, const Unit **unit) {
  static const char *const names[] = {"人民币", "新台币", "台币", "港币", "美金", "美元", "欧元", "日元", "RMB", "USD",
                                      "CNY",    "US$",    "HK$",  "NT$",  "¥",    "$",    "€",    "£",    0};
  if (!is_one_of(cell(cs, i - 1), "¥$€£币金元BDY")) return 0;
  for (size_t k = 0; names[k]; k++) {
    size_t n = cells_match_before(cs, i, names[k]);
    if (!n) continue;
    *unit = unit_find(names[k]);
    return n;
  }
  return 0;
}

/* The unit of 三角 or 三美分 at i, if it is a small part of this money; *e is its power of ten. */
static size_t small_money_at(const Cells *cs, size_t i, const Unit *money, int *e) {
  size_t bytes, length;
  const Unit *u = unit_at(cells_from(cs, i), &bytes);
  if (!strcmp(money->base, "元") && (length = cells_match(cs, i, "分"))) {
    *e = -2;
    return is_one_of(cell(cs, i + length), "钟别类析管布级之") ? 0 : length;
  }
  if (!is_class(u, "money") || strcmp(u->base, money->base) != 0 || (u->den != 10 && u->den != 100)) return 0;
  *e = u->den == 10 ? -1 : -2;
  return cells_of(cells_from(cs, i), bytes);
}

/* 五元三角七分, 两美元又三美分: tenths and hundredths that follow the unit. */
static void read_small_money(const Cells *cs, Draft *d) {
  if (!is_class(d->measure.unit, "money") || d->two || d->n.decimal || d->measure.unit->den != 1) return;
  for (int last = 0;;) {
    Number n;
    int e = 0;
    size_t i = d->measure.end + (is_one_of(cell(cs, d->measure.end), "又零") ? 1 : 0), length;
    if (!numeral_plain(cs, i, &n) || n.value.e || n.value.m < 0 || n.value.m > 99 || n.broken) return;
    length = small_money_at(cs, n.end, d->measure.unit, &e);
    if (!length && !last && n.value.m < 10 && cell(cs, d->measure.end - 1) == 0x5757 && is_boundary(cell(cs, n.end)))
      e = -1; /* 三块五 */
    else if (!length || e >= last)
      return;
    last = e;
    d->n.value = amount_add(d->n.value, amount(n.value.m, last));
    d->n.place = last;
    d->n.scaled = true;
    d->measure.end = n.end + length;
    d->measure.end += is_one_of(cell(cs, d->measure.end), "钱整") ? 1 : 0;
  }
}

/* 三个多月, 两个半小时: 个 and the span apart. */
static bool read_split_measure(const Cells *cs, Draft *d) {
  static const char *const spans[] = {"月", "小时", "星期", "钟头", "世纪", "学期", "季度", "百分点", 0};
  static const char *const names[] = {"个月", "个小时", "个星期", "个钟头", "个世纪", "个学期", "个季度", "个百分点"};
  size_t i = d->measure.start, which = 0;
  uint32_t between = cell(cs, i + 1);
  if (cell(cs, i) != 0x4E2A || (between != 0x591A && between != 0x534A)) return false;
  size_t length = cells_match_any(cs, i + 2, spans, &which);
  if (!length) return false;
  d->measure.unit = unit_find(names[which]);
  d->measure.end = i + 2 + length;
  if (between == 0x591A) {
    d->wording = WORDING_MORE;
    d->after_unit = true;
  } else {
    d->n.value = amount_add(d->n.value, amount(5, -1));
    d->n.place = -1;
    d->n.scaled = true;
  }
  return true;
}

/* 多 and 半 after the unit: 3公里多, 一吨半, 一年多. */
static void read_tail(const Cells *cs, Draft *d) {
  size_t i = d->measure.end;
  uint32_t c = cell(cs, i), next = cell(cs, i + 1);
  const Unit *u = d->measure.unit;
  if (!u || d->two) return;
  if ((c == 0x591A || c == 0x4F59) && (u->measured || is_class(u, "multiple")) &&
      !is_one_of(next, "功媒元样层种类边方次项级点起轮位年")) {
    d->wording = WORDING_MORE;
    d->after_unit = true;
    d->to = i + 1;
  } else if (c == 0x534A && (u->measured || !strcmp(u->name, "个")) &&
             !is_one_of(next, "年月天日小价数径夜路边成自封山坡截个程")) {
    d->n.value = amount_add(d->n.value, amount(5, -1));
    d->n.place = -1;
    d->n.scaled = true;
    d->to = i + 1;
  }
}

/* ---- ranges ---- */

static size_t dash_at(const Cells *cs, size_t i, bool *word) {
  uint32_t c = cell(cs, i);
  *word = is_one_of(c, "至到");
  if (*word) return 1;
  if (!is_one_of(c, "-–—―─~～〜∼")) return 0;
  return is_one_of(cell(cs, i + 1), "-–—―─") ? 2 : 1;
}

static bool coded(const Cells *cs, const Number *n) { /* 0931, 007 */
  return cell(cs, n->core) == '0' && is_digit(cell(cs, n->core + 1));
}

static int compare(Amount a, Amount b) {
  bool over = false;
  Decimal x = amount_decimal(a, &over), y = amount_decimal(b, &over);
  return over ? 0 : decimal_compare(x, y);
}

/* The low end takes the scale that is written once: 2—3万, 90-100万元, 两到三百, 5-20%. */
static void share_scale(const Cells *cs, Number *low, const Number *high) {
  if (low->percent) return;
  if (high->percent && !high->fraction) {
    low->percent = true;
    if (is_one_of(cell(cs, high->end - 1), "成")) low->value.e += 1, low->place += 1;
    return;
  }
  if (!high->carry || low->carry >= 4 || low->carry >= high->carry || (low->scaled > low->decimal && low->carry))
    return;
  Amount bare = high->value;
  bare.e -= high->carry;
  if (compare(low->value, bare) >= 0) return;
  if (high->carry < 4 && (compare(bare, amount(10, 0)) >= 0 || compare(low->value, amount(10, 0)) >= 0) && high->han)
    return;
  low->value.e += high->carry;
  low->place = low->value.e;
  low->scaled |= high->scaled;
}

/* Whether two numbers with what stands between and after make one range. */
static bool read_range(const Cells *cs, Draft *d) {
  size_t i = d->measure.end;
  if (d->n.spread.m || d->n.open || d->n.fraction || coded(cs, &d->n)) return false;
  if (is_one_of(cell(cs, d->n.start - 1), "-~") && is_digit(cell(cs, d->n.start - 2))) return false;
  i += inclusion_at(cs, i);
  bool word = false, pair = is_one_of(cell(cs, i), "和与跟");
  size_t dash = pair ? 1 : dash_at(cs, i, &word);
  Number high, low = d->n;
  if (!dash || !numeral_read(cs, i + dash, &high) || high.bare || high.broken || high.negative || high.spread.m ||
      high.open || coded(cs, &high) || (high.fraction && !low.fraction))
    return false;
  Measure m = measure_at(cs, high.end, &high);
  bool whole = low.percent && low.core > low.start + 1 && !m.unit; /* 百分之5至10 */
  if (low.percent && !high.percent && !whole) return false;
  const Unit *u = d->measure.unit;
  if (u && (!m.unit || strcmp(u->base, m.unit->base) != 0 || is_class(u, "months") || is_class(u, "days") ||
            is_class(u, "clock") || is_class(u, "number") || is_class(u, "rank")))
    return false;
  if (!word && !pair && dash == 1 && is_one_of(cell(cs, high.end), "-/.") && is_digit(cell(cs, high.end + 1)))
    return false;
  if (is_letter(cell(cs, high.end)) && !m.unit) return false;
  if (!u) share_scale(cs, &low, &high);
  if (compare(low.value, high.value) >= 0) return false;
  size_t end = m.end;
  if (pair) {
    size_t between = cells_match(cs, end, "之间");
    if (!between && !u && is_one_of(cell(cs, high.end), "间") && !is_han(cell(cs, high.end + 1))) { /* 与20间 */
      m = (Measure){.start = high.end, .end = high.end};
      end = high.end;
    }
    if (!between) between = cells_match(cs, end, "间");
    if (!between) return false;
    d->to = end + between;
  } else {
    size_t between = cells_match(cs, end, "之间");
    if (between) d->to = end + between;
  }
  d->low_end = d->n.end;
  d->high_start = i + dash;
  d->n.value = low.value;
  d->n.percent = low.percent;
  d->n.place = high.place;
  d->n.scaled = high.scaled || low.scaled;
  d->high = high;
  d->two = true;
  d->end = high.end;
  d->measure = m;
  return true;
}

/* ---- acceptance ---- */

/* A scale without a digit counts only where the words around say so: 百余人, 近百户, 亿元以上. */
static bool bare_counts(const Cells *cs, const Number *n) {
  Wording w;
  if (n->percent || n->value.m > 1) return true;
  uint32_t prev = cell(cs, n->start - 1), next = cell(cs, n->end);
  if (numeral_digit(prev) >= 0 || numeral_small(prev) || numeral_big(prev)) return false;
  Measure m = measure_at(cs, n->end, n);
  if (is_one_of(next, "余多来")) {
    Measure after = measure_at(cs, n->end + 1, n);
    return after.unit || numeral_big(cell(cs, n->end + 1));
  }
  if (is_class(m.unit, "money") && (qualifier_after(cs, m.end, &w) || is_one_of(cell(cs, m.end), "级"))) return true;
  return m.unit && qualifier_before(cs, n->start, n, false, &w);
}

/* A lone Han digit without a measure word is mostly part of a word (四川, 三农, 一看). */
static bool stands_alone(const Cells *cs, const Draft *d) {
  const Number *n = &d->n;
  if (!n->han || n->end - n->core != 1 || n->percent || d->two || d->measure.unit || d->wording == WORDING_MORE)
    return true;
  uint32_t prev = cell(cs, n->start - 1), next = cell(cs, n->end);
  if (prev == 0x7B2C /* 第 */) return true;
  bool left = is_boundary(prev) || is_one_of(prev, "是为前到至其") || n->negative;
  bool right = is_boundary(next) || is_one_of(next, "的不而却那这和与是要则");
  return left && right;
}

/* ---- drafts to quantities ---- */

static Decimal power(int e, bool *over) { return amount_decimal(amount(1, e < -18 ? -18 : e), over); }

static Decimal round_place(const Draft *d, bool *over) {
  Amount v = d->n.value;
  if (d->after_unit) return power(d->n.place, over);
  if (d->n.stepped) return power(d->n.step, over);
  if (!v.m) return power(d->n.place, over);
  while (v.m % 10 == 0) {
    v.m /= 10;
    v.e++;
  }
  return power(v.e, over);
}

static void keep(Reader *r, const Draft *d) {
  const Cells *cs = &r->cs;
  const Number *n = &d->n;
  Quantity *q = PUSH(r->arena, r->at, r->count, r->room);
  bool over = false;
  *q = (Quantity){.wording = d->wording, .scaled = n->scaled, .han = n->han, .unit = d->measure.unit};
  q->start = cs->at[n->start].at;
  q->end = cs->at[d->end - 1].at + 1;
  bool measure = d->measure.end > d->measure.start;
  q->unit_start = measure ? cs->at[d->measure.start].at : q->end;
  q->unit_end = measure ? cs->at[d->measure.end - 1].at + 1 : q->end;
  q->from = cs->at[d->from].at;
  q->to = cs->at[d->to - 1].at + 1;
  q->value = q->low = q->high = amount_decimal(n->value, &over);
  if (d->two) {
    q->high = amount_decimal(d->high.value, &over);
    q->low_end = cs->at[d->low_end - 1].at + 1;
    q->high_start = cs->at[d->high_start].at;
  } else if (n->spread.m) {
    q->high = amount_decimal(amount_add(n->value, n->spread), &over);
  }
  q->range = d->two || n->spread.m;
  q->place = power(n->place, &over);
  q->round_place = round_place(d, &over);
  if (n->percent) {
    q->unit = unit_find("%");
    Decimal hundred = decimal_int(100);
    if (decimal_compare(q->value, hundred) == 0 && !q->range && !n->decimal) q->scaled = false; /* 100% means all */
  }
  q->bounded = over;
  q->exact = ratio_int(q->value.mantissa);
  if (n->fraction)
    q->exact = n->ratio;
  else if (!ratio_from_decimal(q->value, &q->exact))
    q->bounded = true;
  q->qualifier = wording_qualifier(q->wording);
  q->hint = hint_of(cs, d->two ? &d->high : n, q->unit, d->measure.end);
  if (d->two && q->hint != HINT_DATE) q->hint = hint_of(cs, n, q->unit, d->measure.end);
  r->taken = d->to > d->measure.end ? d->to : d->measure.end;
}

/* 余, 多, 来, 几 right after the number; the cell after it. */
static size_t read_more(const Cells *cs, Draft *d) {
  const Number *n = &d->n;
  size_t next = n->end + 1;
  uint32_t c = cell(cs, n->end);
  bool round = n->value.e > 0 || n->value.m % 10 == 0, large = round || n->value.m >= 10;
  d->wording = n->open ? WORDING_MORE : WORDING_PLAIN;
  if (n->fraction) return n->end;
  if (is_one_of(c, "余多") && (!n->han || n->bare || large) && !is_one_of(cell(cs, next), "样功媒"))
    d->wording = WORDING_MORE;
  else if (c == 0x6765 /* 来 */ && round && !n->percent && measure_at(cs, next, n).unit)
    d->wording = WORDING_ABOUT;
  else if (c == 0x51E0 /* 几 */ && !n->han && !n->percent && measure_at(cs, next, n).unit)
    d->wording = WORDING_MORE;
  else
    return n->end;
  return next;
}

/* The measure word and all that may stand between and after: 80以上人, 50万元（含）以上, 三个多月. */
static void read_after(const Cells *cs, Draft *d) {
  size_t after = read_more(cs, d);
  Wording word = WORDING_PLAIN;
  size_t length = after > d->n.end ? 0 : qualifier_after(cs, after, &word);
  d->measure = measure_at(cs, after, &d->n);
  d->to = d->measure.end;
  if (d->wording == WORDING_PLAIN && !length && !d->n.bare) read_range(cs, d);
  if (length) {
    d->measure = measure_at(cs, after + length, &d->n);
    if (is_span(d->measure.unit) || !d->measure.unit) d->measure = (Measure){.start = after, .end = after};
    d->to = d->measure.unit ? d->measure.end : after + length;
  }
  if (d->to < d->measure.end) d->to = d->measure.end;
  if (!d->two && d->wording != WORDING_MORE && read_split_measure(cs, d)) {
    d->to = d->measure.end;
  } else if (!d->two) {
    read_small_money(cs, d);
    if (d->to < d->measure.end) d->to = d->measure.end;
    read_tail(cs, d);
  }
  if (!length && (length = qualifier_after(cs, d->to, &word))) d->to += length;
  if (length) d->wording = word;
}

/* Currency and qualifier before the number; a qualifier after it has the last word. */
static void read_front(const Reader *r, Draft *d) {
  const Cells *cs = &r->cs;
  const Unit *money = NULL;
  Wording ahead = WORDING_PLAIN;
  size_t prefix = currency_before(cs, d->n.start, &money);
  if (prefix && d->n.start - prefix >= r->taken && (!d->measure.unit || is_class(d->measure.unit, "money"))) {
    d->from = d->n.start - prefix;
    if (!d->measure.unit || strcmp(money->base, "元") != 0) d->measure.unit = money;
  }
  bool recent = is_span(d->measure.unit) && !d->n.scaled;
  size_t front = qualifier_before(cs, d->from, d->two ? &d->high : &d->n, recent, &ahead);
  if (!front || d->from < r->taken + front) return;
  d->from -= front;
  if (d->wording == WORDING_PLAIN) d->wording = ahead;
}

/* Everything around the number of a draft; true if it stays. */
static bool complete(Reader *r, Draft *d) {
  d->from = d->n.start;
  d->end = d->to = d->n.end;
  read_after(&r->cs, d);
  read_front(r, d);
  return stands_alone(&r->cs, d);
}

/* ---- what is no plain numeral ---- */

static void keep_given(Reader *r, size_t start, size_t end, Amount value, const char *unit, Wording wording) {
  Draft d = {.n = {.start = start,
                   .core = start,
                   .end = end,
                   .value = value,
                   .han = true,
                   .scaled = value.e < 0,
                   .place = value.e},
             .from = start,
             .end = end,
             .to = end,
             .measure = {.start = end, .end = end},
             .wording = wording};
  d.n.percent = !strcmp(unit, "%");
  d.measure.unit = unit_find(unit);
  Wording word = wording, ahead = wording;
  size_t length = qualifier_after(&r->cs, end, &word);
  size_t front = qualifier_before(&r->cs, start, &d.n, false, &ahead);
  if (front && start >= r->taken + front) {
    d.from -= front;
    d.wording = ahead;
  }
  if (length) {
    d.to += length;
    d.wording = word;
  }
  keep(r, &d);
}

/* 翻番, 翻一番, 翻了两番: twice, twice, four times. */
static size_t read_doubling(Reader *r, size_t i) {
  const Cells *cs = &r->cs;
  size_t at = i + 1 + (cell(cs, i + 1) == 0x4E86 /* 了 */);
  int64_t times = 1;
  Number n;
  if (cell(cs, at) != 0x756A /* 番 */) {
    if (!numeral_plain(cs, at, &n) || n.value.e || n.value.m < 1 || n.value.m > 20 || cell(cs, n.end) != 0x756A)
      return i + 1;
    times = n.value.m;
    at = n.end;
  }
  keep_given(r, i, at + 1, amount((int64_t)1 << times, 0), "倍", WORDING_PLAIN);
  return at + 1;
}

/* 半亩, 半个月, 半数, 半百, 半成, 过半. */
static size_t read_half(Reader *r, size_t i) {
  const Cells *cs = &r->cs;
  uint32_t prev = cell(cs, i - 1), next = cell(cs, i + 1);
  bool inside;
  size_t word = lexical_word(cs, i, &inside);
  if (word) return word;
  if (next == 0x6570 /* 数 */) return keep_given(r, i, i + 2, amount(50, 0), "%", WORDING_PLAIN), i + 2;
  if (next == 0x767E /* 百 */) return keep_given(r, i, i + 2, amount(50, 0), "", WORDING_PLAIN), i + 2;
  if (next == 0x6210 && (is_boundary(cell(cs, i + 2)) || cell(cs, i + 2) == 0x4EE5))
    return keep_given(r, i, i + 2, amount(5, 0), "%", WORDING_PLAIN), i + 2;
  if (next == 0x6298 && is_boundary(cell(cs, i + 2)))
    return keep_given(r, i, i + 2, amount(50, 0), "%", WORDING_PLAIN), i + 2;
  if (prev == 0x8FC7 /* 过 */ && is_boundary(next))
    return keep_given(r, i, i + 1, amount(50, 0), "%", WORDING_EXCEED), i + 1;
  if (is_one_of(prev, "上下前后大小多夜泰过月") || numeral_digit(prev) >= 0) return i + 1;
  Draft d = {
      .n = {.start = i, .core = i, .end = i + 1, .value = {5, -1, false}, .place = -1, .scaled = true, .han = true}};
  const Unit *u = measure_at(cs, i + 1, &d.n).unit;
  if ((!u || !u->measured) && next != 0x4E2A) return i + 1;
  if (complete(r, &d)) keep(r, &d);
  return d.to;
}

/* ---- the text ---- */

/* An address of the web, a code (A2021…), a word with digits in it: skipped whole. */
static size_t skip_word(const Cells *cs, size_t i) {
  uint32_t c = cell(cs, i);
  if (is_letter(c)) {
    bool web = cells_match(cs, i, "http://") || cells_match(cs, i, "https://") || cells_match(cs, i, "www.");
    for (i++; i < cs->count && !cell_gap(cs, i); i++) {
      c = cell(cs, i);
      bool point = c == '.' && is_digit(cell(cs, i + 1));
      if (web ? c <= ' ' || c >= 0x7F : !is_letter(c) && !is_digit(c) && c != '_' && !point) break;
    }
  }
  return i;
}

/* Digits that run on into letters which are no measure word: 4G网络 has a unit, 3D and 5A have none. */
static bool runs_into_word(const Cells *cs, const Number *n) {
  return is_letter(cell(cs, n->end)) && !cell_gap(cs, n->end) && !measure_at(cs, n->end, n).unit;
}

static size_t read_at(Reader *r, size_t i) {
  const Cells *cs = &r->cs;
  bool inside = false;
  uint32_t c = cell(cs, i);
  size_t word = c < 0x80 ? 0 : lexical_word(cs, i, &inside);
  if (word && inside) return word;
  Draft d = {0};
  if (!numeral_read(cs, i, &d.n)) return word ? word : i + 1;
  if (word >= d.n.end && !d.n.percent) return word;
  if (d.n.broken) return d.n.end;
  if (d.n.bare && !bare_counts(cs, &d.n)) return i + 1;
  if (runs_into_word(cs, &d.n)) return skip_word(cs, d.n.end);
  if (cell(cs, d.n.end) == 0x534A && d.n.end - d.n.core == 1 && c == 0x4E00) { /* 一半 */
    bool ignored;
    if (!lexical_word(cs, d.n.end, &ignored)) return keep_given(r, i, i + 2, amount(50, 0), "%", WORDING_PLAIN), i + 2;
  }
  bool stays = complete(r, &d);
  bool plan = cell(cs, d.n.core) == 0x5341 && d.n.spread.m && d.n.end - d.n.core == 3 && !d.measure.unit; /* 十四五 */
  if (!stays || plan) return d.n.end;
  keep(r, &d);
  return r->taken;
}

/* Whether a number may begin with this character. */
static bool may_begin(const Cells *cs, size_t i, uint32_t c) {
  if (c < 0x80) return is_digit(c) || ((c == '-' || c == '.') && (is_digit(cell(cs, i + 1)) || cell(cs, i + 1) == '.'));
  return numeral_digit(c) >= 0 || numeral_small(c) || numeral_big(c) || c == 0x8D1F /* 负 */ || c == 0x51E0 /* 几 */ ||
         c == 0x5EFF || c == 0x5345 || c == 0x534C ||
         (c == 0x6570 /* 数 */ && !is_one_of(cell(cs, i - 1), "人户次件总基倍岁整系位指个分点参天年月岗亩倍"));
}

size_t quantities_read(Arena *a, const char *text, Quantity **out) {
  Reader r = {.arena = a, .cs = cells_read(a, text)};
  const Cells *cs = &r.cs;
  for (size_t i = 0; i < cs->count;) {
    uint32_t c = cell(cs, i);
    if (is_letter(c))
      i = skip_word(cs, i);
    else if (may_begin(cs, i, c))
      i = read_at(&r, i);
    else if (c == 0x7FFB /* 翻 */)
      i = read_doubling(&r, i);
    else if (c == 0x534A /* 半 */)
      i = read_half(&r, i);
    else if (c == 0x5BF9 /* 对折 */ && cell(cs, i + 1) == 0x6298 && cell(cs, i - 1) == 0x6253)
      keep_given(&r, i, i + 2, amount(50, 0), "%", WORDING_PLAIN), i += 2;
    else
      i++;
  }
  *out = r.at;
  return r.count;
}
