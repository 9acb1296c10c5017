/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The number grammar: what a numeral is worth, without qualifiers and measure words. Values are an
 * integer times a power of ten, so that 4.287亿 and 九万亿 are exact; what does not fit is bounded. */
#ifndef LUOSHI_LANGUAGE_NUMERAL_H
#define LUOSHI_LANGUAGE_NUMERAL_H

#include "base/decimal.h"
#include "language/cells.h"

/* m × 10^e. `over`: too large or too fine for 64 bits; m is then the nearest that fits. */
typedef struct Amount {
  int64_t m;
  int e;
  bool over;
} Amount;

typedef struct Number {
  size_t start, end; /* cells; with sign, scale, %, 百分之 and an inner 余 */
  size_t core;       /* where the digits begin: after sign and 百分之 */
  Amount value;
  Amount spread; /* 三四十 is 30 and 10 more, 几十 is 10 and 90 more; m is 0 else */
  int place;     /* exponent of the last written digit, before any %-like factor */
  int step;      /* exponent that 几 stays below: 二十几 1, 一百几十 2; only with `stepped` */
  int carry;     /* exponent of the trailing scale that the low end of a range shares: 2—3万, 90-100万 */
  bool open;     /* 几 or 数 stands for a digit, or 余/多 before the scale: worth more than said */
  bool stepped;
  bool several; /* begins with 几/数/上: 几十, 数百 */
  bool negative, scaled, han, decimal;
  bool digits;   /* a Han number said digit by digit: 二〇二三 */
  bool bare;     /* a scale without a digit: 百 in 百余人 */
  bool broken;   /* 十三五: digits that make no number */
  bool percent;  /* %, 百分之, 成, 折 and fractions; value is in % */
  bool fraction; /* N分之M, 又, 3/5: `ratio` is exact where no decimal is */
  bool mixed;    /* 三又二分之一: a plain number, not % */
  Ratio ratio;
} Number;

/* The number that begins at cell i, if any. */
bool numeral_read(const Cells *cs, size_t i, Number *out);
/* A plain number without sign, %, fraction. */
bool numeral_plain(const Cells *cs, size_t i, Number *out);

/* 百 in 百余人, 百分之, 近百户: a scale without a digit. Whether it counts is for the caller to see. */
bool numeral_bare(const Cells *cs, size_t i, Number *out);

/* Digits with commas and a point. */
typedef struct Arabic {
  size_t end;
  Amount value;
  size_t whole; /* digits before the point */
  bool decimal;
} Arabic;
Arabic numeral_arabic(const Cells *cs, size_t i);

int numeral_digit(uint32_t c);    /* Han digit 0–9, capitals too, 两 and 俩 are 2; −1 else */
int numeral_small(uint32_t c);    /* 十 1, 百 2, 千 3; 0 else */
int numeral_big(uint32_t c);      /* 万 4, 亿 8, 兆 12; 0 else */
bool numeral_capital(uint32_t c); /* a form that is mostly another word: 陆 伍 拾 */

Amount amount(int64_t m, int e);
Amount amount_add(Amount a, Amount b);
Amount amount_times(Amount a, int64_t n);
Decimal amount_decimal(Amount a, bool *over);

#endif
