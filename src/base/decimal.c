/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Work is done in 128 bits, where no step below can overflow, and the result is
 * brought back to 64: first by dropping zeros after the point, then by saying no.
 * Nothing is ever rounded except in ratio_round, and there once. */
#include "base/decimal.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

__extension__ typedef __int128 Wide;

enum { SCALE_MOST = 18 };

static Wide ten_to(int n) {
  Wide p = 1;
  while (n-- > 0) p *= 10;
  return p;
}

static bool fits(Wide n) { return n >= INT64_MIN && n <= INT64_MAX; }

static bool narrow(Wide mantissa, int scale, Decimal *out) {
  while (scale > 0 && (scale > SCALE_MOST || !fits(mantissa)) && mantissa % 10 == 0) {
    mantissa /= 10;
    scale--;
  }
  if (scale > SCALE_MOST || !fits(mantissa)) return false;
  *out = (Decimal){(int64_t)mantissa, scale};
  return true;
}

/* The mantissa that `d` has at a scale not smaller than its own. */
static Wide at_scale(Decimal d, int scale) { return (Wide)d.mantissa * ten_to(scale - d.scale); }

Decimal decimal_int(int64_t n) { return (Decimal){n, 0}; }

/* --- reading --- */

/* Full-width digits and signs as their plain forms; 0 for what a number never holds. */
static char plain(uint32_t c) {
  if (c >= 0xFF10 && c <= 0xFF19) return (char)('0' + (c - 0xFF10));
  switch (c) {
  case 0xFF0B: return '+';
  case 0xFF0D:
  case 0x2212: return '-';
  case 0xFF0E: return '.';
  case 0xFF0C: return ',';
  default: return c < 0x80 ? (char)c : 0;
  }
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The number without its commas, or false if a comma stands anywhere but before each three digits. */
static bool drop_commas(const char *s, char *out) {
  size_t first = strspn(s, "0123456789");
  bool grouped = s[first] == ',';
  if (!first || (grouped && first > 3)) return false;
  memcpy(out, s, first);
  out += first;
  s += first;
  while (*s == ',') {
    if (strspn(++s, "0123456789") != 3) return false;
    memcpy(out, s, 3);
    out += 3;
    s += 3;
  }
  if (*s == '.') {
    size_t n = strspn(s + 1, "0123456789");
    if (!n || s[n + 1]) return false;
    memcpy(out, s, n + 1);
    out += n + 1;
    s += n + 1;
  }
  *out = 0;
  return !*s;
}

bool decimal_read(const char *s, Decimal *out, Error *e) {
  enum { LONGEST = 80 };
  if (!s) s = "";
  char shown[64], buffer[LONGEST + 1], digits[LONGEST + 1];
  snprintf(shown, sizeof shown, "%.60s", s);
  utf8_trim(shown);
  if (!*shown) return fail(e, ERROR_INVALID, "数是空的，请填一个数，如1234.5。");
  size_t n = 0;
  for (const char *p = s; *p; n++) {
    if (n == LONGEST) return fail(e, ERROR_LIMIT, "“%s……”太长，一个数最多%d个字符。", shown, LONGEST);
    buffer[n] = plain(utf8_next(&p));
    if (!buffer[n]) return fail(e, ERROR_INVALID, "“%s”不是数，请写成1234.5或1,234.5。", shown);
  }
  buffer[n] = 0;
  bool negative = buffer[0] == '-', sign = negative || buffer[0] == '+';
  if (!drop_commas(buffer + sign, digits)) {
    if (strchr(buffer, ','))
      return fail(e, ERROR_INVALID, "“%s”里的逗号不对，逗号后面应正好是三位数字，如1,234.5。", shown);
    return fail(e, ERROR_INVALID, "“%s”不是数，请写成1234.5或1,234.5。", shown);
  }
  const char *point = strchr(digits, '.');
  int scale = point ? (int)strlen(point + 1) : 0;
  if (scale > SCALE_MOST) return fail(e, ERROR_LIMIT, "“%s”的小数太长，小数点后最多%d位。", shown, SCALE_MOST);
  Wide mantissa = 0;
  for (const char *p = digits; *p; p++) {
    if (!is_digit(*p)) continue;
    mantissa = mantissa * 10 + (*p - '0');
    if (mantissa > ten_to(36)) break; /* far out of range already: do not let the sum run over */
  }
  if (!narrow(negative ? -mantissa : mantissa, scale, out))
    return fail(e, ERROR_LIMIT, "“%s”太大，最多能记十八位数字。", shown);
  return true;
}

/* --- writing --- */

const char *decimal_text(Decimal d, NumberText out) {
  d = decimal_trim(d);
  bool negative = d.mantissa < 0;
  uint64_t magnitude = negative ? 0 - (uint64_t)d.mantissa : (uint64_t)d.mantissa;
  uint64_t unit = (uint64_t)ten_to(d.scale);
  if (d.scale)
    snprintf(out, sizeof(NumberText), "%s%llu.%0*llu", negative ? "-" : "", (unsigned long long)(magnitude / unit),
             d.scale, (unsigned long long)(magnitude % unit));
  else
    snprintf(out, sizeof(NumberText), "%s%llu", negative ? "-" : "", (unsigned long long)magnitude);
  return out;
}

Decimal decimal_trim(Decimal d) {
  while (d.scale > 0 && d.mantissa % 10 == 0) {
    d.mantissa /= 10;
    d.scale--;
  }
  return d;
}

/* --- arithmetic --- */

int decimal_compare(Decimal a, Decimal b) {
  int scale = a.scale > b.scale ? a.scale : b.scale;
  Wide x = at_scale(a, scale), y = at_scale(b, scale);
  return (x > y) - (x < y);
}

bool decimal_add(Decimal a, Decimal b, Decimal *out) {
  int scale = a.scale > b.scale ? a.scale : b.scale;
  return narrow(at_scale(a, scale) + at_scale(b, scale), scale, out);
}

bool decimal_subtract(Decimal a, Decimal b, Decimal *out) {
  int scale = a.scale > b.scale ? a.scale : b.scale;
  return narrow(at_scale(a, scale) - at_scale(b, scale), scale, out);
}

bool decimal_multiply(Decimal a, Decimal b, Decimal *out) {
  return narrow((Wide)a.mantissa * b.mantissa, a.scale + b.scale, out);
}

bool decimal_shift(Decimal a, int tens, Decimal *out) {
  a = decimal_trim(a);
  int64_t scale = (int64_t)a.scale - tens;
  if (!a.mantissa) scale = 0;
  if (scale > SCALE_MOST || scale < -SCALE_MOST) return false;
  if (scale >= 0) return narrow(a.mantissa, (int)scale, out);
  return narrow((Wide)a.mantissa * ten_to((int)-scale), 0, out);
}

bool decimal_scaled(Decimal a, int scale, int64_t *out) {
  a = decimal_trim(a);
  if (scale < a.scale || scale > SCALE_MOST) return false;
  Wide n = at_scale(a, scale);
  if (!fits(n)) return false;
  *out = (int64_t)n;
  return true;
}

/* --- ratios --- */

static Wide greatest_divisor(Wide a, Wide b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  while (b) {
    Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

static bool reduce(Wide num, Wide den, Ratio *out) {
  if (!den) return false;
  Wide g = greatest_divisor(num, den);
  if (den < 0) g = -g;
  num /= g;
  den /= g;
  if (!fits(num) || !fits(den)) return false;
  *out = (Ratio){(int64_t)num, (int64_t)den};
  return true;
}

bool ratio_make(int64_t num, int64_t den, Ratio *out) { return reduce(num, den, out); }

Ratio ratio_int(int64_t n) { return (Ratio){n, 1}; }

bool ratio_from_decimal(Decimal d, Ratio *out) { return reduce(d.mantissa, ten_to(d.scale), out); }

int ratio_compare(Ratio a, Ratio b) {
  Wide x = (Wide)a.num * b.den, y = (Wide)b.num * a.den;
  return (x > y) - (x < y);
}

int ratio_compare_decimal(Ratio a, Decimal b) {
  Wide x = (Wide)a.num * ten_to(b.scale), y = (Wide)b.mantissa * a.den;
  return (x > y) - (x < y);
}

bool ratio_add(Ratio a, Ratio b, Ratio *out) {
  Wide g = greatest_divisor(a.den, b.den);
  return reduce(a.num * (b.den / g) + b.num * (a.den / g), a.den / g * b.den, out);
}

bool ratio_multiply(Ratio a, Ratio b, Ratio *out) { return reduce((Wide)a.num * b.num, (Wide)a.den * b.den, out); }

/* A value too long for 64 bits at this scale is rounded to as many digits as it has room for. */
Decimal ratio_round(Ratio r, int scale) {
  if (scale < 0) scale = 0;
  if (scale > SCALE_MOST) scale = SCALE_MOST;
  for (;; scale--) {
    Wide scaled = (Wide)r.num * ten_to(scale), whole = scaled / r.den, rest = scaled % r.den;
    if (rest < 0) rest = -rest;
    if (rest * 2 >= r.den) whole += scaled < 0 ? -1 : 1;
    if (fits(whole) || scale == 0) return (Decimal){(int64_t)whole, scale};
  }
}

const char *ratio_text(Ratio r, NumberText out) { return decimal_text(ratio_round(r, 12), out); }
