/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The Chinese numeral grammar (VERIFY.md, Numerals): finds quantities in text, exactly, with offsets in
 * code points of the original; writes numbers back as offices write them; and says which values a
 * written quantity accepts (VERIFY.md, Verdict intervals).
 *
 * It finds every numeral it can read. Whether a numeral is a claim, a date, an ordinal or part of a
 * name is verify's business; but `hint` says what the near neighbourhood shows. */
#ifndef LUOSHI_LANGUAGE_QUANTITY_H
#define LUOSHI_LANGUAGE_QUANTITY_H

#include "base/arena.h"
#include "base/decimal.h"
#include "base/text.h"
#include "language/unit.h"

typedef enum {
  QUALIFIER_EXACT,
  QUALIFIER_ABOUT,    /* 约 近 左右 上下 大约 */
  QUALIFIER_AT_LEAST, /* 以上 不少于 至少 */
  QUALIFIER_AT_MOST,  /* 以下 以内 不超过 至多 */
  QUALIFIER_OVER,     /* 余 多 超 超过 突破 */
  QUALIFIER_UNDER     /* 不足 不到 近 is about */
} Qualifier;

/* Which words said it: decides the interval. */
typedef enum {
  WORDING_PLAIN,
  WORDING_MORE,   /* 余/多/几: [v, v + one unit of the last non-zero digit) */
  WORDING_NEARLY, /* 近, 接近: [0.9v, v) */
  WORDING_ABOUT,  /* 约, 左右 */
  WORDING_AT_LEAST,
  WORDING_AT_MOST,
  WORDING_EXCEED,   /* 超过, 突破: strict */
  WORDING_SHORT_OF, /* 不足, 不到: strict */
  WORDING_REACH     /* 达到, 达: half-unit; higher is understated */
} Wording;

typedef enum { HINT_NONE, HINT_DATE, HINT_ORDINAL, HINT_ENUMERATOR } Hint;

typedef struct Quantity {
  size_t start, end;           /* the number with 万/亿/% and an inner 余, code points, end exclusive */
  size_t unit_start, unit_end; /* the measure word; equal when there is none. % and 成 are part of the
                                  number: unit is then % and both are end */
  size_t from, to;             /* with qualifier words before and after */
  Decimal value;               /* 万/亿 multiplied out, % as written (80% is 80), N成 and 分数 as exact % */
  Decimal low, high;           /* of a written range; equal to value when it is none */
  bool range;
  size_t low_end, high_start; /* of a range said with two numbers: [start, low_end) and [high_start, end) */
  Ratio exact;                /* value as a fraction: 三分之一 is 100/3 %, which no Decimal holds */
  bool bounded;               /* too large or too fine to hold: the value is the nearest that is */
  Decimal place;              /* one unit of the last written digit: 1.5万 → 1000, 15 → 1, 120 → 1 */
  Decimal round_place;        /* one unit of the last non-zero digit: 120余 → 10, 20余 → 10 */
  bool scaled;                /* written with a decimal point or 万/亿: half-unit interval */
  bool han;                   /* written in Han numerals */
  Qualifier qualifier;
  Wording wording;
  const Unit *unit; /* NULL when none is written */
  Hint hint;
} Quantity;

/* All quantities in order; text is UTF-8 of any length up to the caller's limit. Linear time. */
size_t quantities_read(Arena *a, const char *text, Quantity **out);

/* What a written quantity accepts. Ends in exact ratios. */
typedef enum { FIT_NO, FIT_NOTE, FIT_YES } Fit;
typedef struct Interval {
  Ratio low, high;
  bool has_low, has_high, low_strict, high_strict;
  const char *text; /* Chinese: “120至129” as shown beside the verdict; arena */
} Interval;
Interval quantity_interval(Arena *a, const Quantity *q);
/* `note` is why it is a weak fit (截断, 恰为整数, 高于稿中数), NULL else; static text. */
Fit quantity_fits(const Quantity *q, Ratio actual, const char **note);

/* ---- writing ---- */
/* 350000 元 with say 万元: 35万元. `unit` may be NULL. scale is the number of decimals. */
void quantity_write(Ratio value, const char *unit, const char *say_unit, int scale, Text *out);
void quantity_write_more(int64_t value, int64_t step, const char *unit, Text *out); /* 24, 10, 次 → 20余次 */
void number_han(int64_t n, Text *out); /* 15 → 十五, 120 → 一百二十 */

#endif
