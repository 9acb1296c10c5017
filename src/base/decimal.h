/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Exact numbers, never a double. A Decimal is mantissa / 10^scale; a Ratio is a
 * fraction in lowest terms with a positive denominator. Overflow is reported. */
#ifndef LUOSHI_BASE_DECIMAL_H
#define LUOSHI_BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

typedef struct Decimal {
  int64_t mantissa;
  int scale; /* 0–18 digits after the point */
} Decimal;

typedef struct Ratio {
  int64_t num, den; /* den > 0 */
} Ratio;

typedef char NumberText[48];

Decimal decimal_int(int64_t n);
/* -12.50, 1,234.5 (a comma only before exactly three digits), full-width digits too. */
bool decimal_read(const char *s, Decimal *out, Error *e);
/* Shortest exact form: 47.6, 350000, -0.5. */
const char *decimal_text(Decimal d, NumberText out);
Decimal decimal_trim(Decimal d); /* no trailing zeros after the point */
int decimal_compare(Decimal a, Decimal b);
bool decimal_add(Decimal a, Decimal b, Decimal *out);
bool decimal_subtract(Decimal a, Decimal b, Decimal *out);
bool decimal_multiply(Decimal a, Decimal b, Decimal *out);
bool decimal_shift(Decimal a, int tens, Decimal *out); /* a × 10^tens, exactly */
/* As a scaled integer of a column: false if digits would be lost or it overflows. */
bool decimal_scaled(Decimal a, int scale, int64_t *out);

bool ratio_make(int64_t num, int64_t den, Ratio *out); /* den != 0 */
Ratio ratio_int(int64_t n);
bool ratio_from_decimal(Decimal d, Ratio *out);
int ratio_compare(Ratio a, Ratio b);
int ratio_compare_decimal(Ratio a, Decimal b);
bool ratio_add(Ratio a, Ratio b, Ratio *out);
bool ratio_multiply(Ratio a, Ratio b, Ratio *out);
/* One rounding, half away from zero, to `scale` digits. */
Decimal ratio_round(Ratio r, int scale);
/* Exact decimal if it has one within 12 digits, else rounded to 12. */
const char *ratio_text(Ratio r, NumberText out);

#endif
