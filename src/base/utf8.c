/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Strict decoding: no overlong forms, no surrogates, nothing past U+10FFFF. */
#include "base/utf8.h"

#include <string.h>

/* Bytes in the well-formed sequence at s (which ends in NUL or has `left` bytes), or 0. */
static size_t sequence(const unsigned char *s, size_t left, uint32_t *c) {
  static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (!left) return 0;
  if (s[0] < 0x80) {
    *c = s[0];
    return 1;
  }
  size_t n = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : s[0] >= 0xC2 ? 2 : 0;
  if (!n || s[0] > 0xF4 || n > left) return 0;
  uint32_t value = s[0] & (0xFFu >> (n + 1));
  for (size_t i = 1; i < n; i++) {
    if ((s[i] & 0xC0) != 0x80) return 0;
    value = value << 6 | (s[i] & 0x3Fu);
  }
  if (value < smallest[n] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return 0;
  *c = value;
  return n;
}

uint32_t utf8_next(const char **s) {
  uint32_t c = 0;
  if (!**s) return 0;
  size_t n = sequence((const unsigned char *)*s, strnlen(*s, 4), &c);
  *s += n ? n : 1;
  return n ? c : 0xFFFD;
}

/* Bytes that are no NUL and stand for themselves, eight at a time. */
static size_t plain_run(const char *s, size_t n) {
  static const uint64_t high = 0x8080808080808080u, ones = 0x0101010101010101u;
  size_t i = 0;
  for (uint64_t word; i + sizeof word <= n; i += sizeof word) {
    memcpy(&word, s + i, sizeof word);
    if ((word | (word - ones)) & high) break;
  }
  return i;
}

bool utf8_valid(const char *s, size_t n, size_t *bad) {
  const unsigned char *u = (const unsigned char *)s;
  for (size_t i = 0; i < n;) {
    uint32_t c = 0;
    if (u[i] < 0x80) i += plain_run(s + i, n - i);
    /* Most of what is Chinese: three bytes that are neither overlong nor surrogates. */
    while (i + 3 <= n && u[i] > 0xE0 && u[i] < 0xED && (u[i + 1] & 0xC0) == 0x80 && (u[i + 2] & 0xC0) == 0x80) i += 3;
    if (i == n) break;
    size_t step = sequence((const unsigned char *)s + i, n - i, &c);
    if (!step || !c) {
      if (bad) *bad = i;
      return false;
    }
    i += step;
  }
  return true;
}

size_t utf8_decode(const char *s, uint32_t *out, size_t room) {
  size_t n = 0;
  while (*s && n < room) out[n++] = utf8_next(&s);
  return n;
}

size_t utf8_length(const char *s) {
  size_t n = 0;
  while (utf8_next(&s)) n++;
  return n;
}

size_t utf8_encode(uint32_t c, char out[4]) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (char)(0xC0 | c >> 6);
    out[1] = (char)(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = (char)(0xE0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3F));
    out[2] = (char)(0x80 | (c & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | c >> 18);
  out[1] = (char)(0x80 | (c >> 12 & 0x3F));
  out[2] = (char)(0x80 | (c >> 6 & 0x3F));
  out[3] = (char)(0x80 | (c & 0x3F));
  return 4;
}

void utf8_trim(char *s) {
  size_t n = strlen(s), bad = 0;
  if (!utf8_valid(s, n, &bad) && n - bad < 4) s[bad] = 0;
}

size_t utf8_columns(const char *s) {
  size_t n = 0;
  for (uint32_t c; (c = utf8_next(&s));) {
    bool wide = (c >= 0x1100 && c < 0x1160) || (c >= 0x2E80 && c < 0xA4D0) || (c >= 0xAC00 && c < 0xD7A4) ||
                (c >= 0xF900 && c < 0xFB00) || (c >= 0xFE30 && c < 0xFE70) || (c >= 0xFF00 && c < 0xFF61) ||
                (c >= 0xFFE0 && c < 0xFFE7) || (c >= 0x20000 && c < 0x40000) || c == 0x201C || c == 0x201D ||
                c == 0x2018 || c == 0x2019 || c == 0x2026 || c == 0x2014;
    n += wide ? 2 : 1;
  }
  return n;
}
