/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The text made even before the grammar sees it. Only what occurs in numbers and measure words is
 * rewritten, character for character: the count of cells never exceeds the count of code points, and
 * `at` always names the code point it came from. Line breaks stay, since no number crosses one. */
#include "language/cells.h"

#include <string.h>

#include "base/utf8.h"

static bool is_blank(uint32_t c) {
  return c == ' ' || c == '\t' || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200B) || c == 0x202F ||
         c == 0xFEFF;
}

static uint32_t normalise(uint32_t c) {
  static const struct {
    uint32_t from, to;
  } forms[] = {
      {0x842C, 0x4E07} /* 萬 万 */, {0x5104, 0x4EBF} /* 億 亿 */, {0x5169, 0x4E24} /* 兩 两 */,
      {0x5006, 0x4FE9} /* 倆 俩 */, {0x9EDE, 0x70B9} /* 點 点 */, {0x500B, 0x4E2A} /* 個 个 */,
      {0x8CA0, 0x8D1F} /* 負 负 */, {0x5E7E, 0x51E0} /* 幾 几 */, {0x9918, 0x4F59} /* 餘 余 */,
      {0x5C0D, 0x5BF9} /* 對 对 */, {0x96D9, 0x53CC} /* 雙 双 */, {0x5713, 0x5706} /* 圓 圆 */,
      {0x584A, 0x5757} /* 塊 块 */, {0x9322, 0x94B1} /* 錢 钱 */, {0x5834, 0x573A} /* 場 场 */,
      {0x9805, 0x9879} /* 項 项 */, {0x6236, 0x6237} /* 戶 户 */, {0x689D, 0x6761} /* 條 条 */,
      {0x9593, 0x95F4} /* 間 间 */, {0x9031, 0x5468} /* 週 周 */, {0x6578, 0x6570} /* 數 数 */,
      {0x8D85, 0x8D85} /* 超 */,    {0x904E, 0x8FC7} /* 過 过 */, {0x9054, 0x8FBE} /* 達 达 */,
      {0xFFE5, 0xA5} /* ￥ ¥ */,    {0x2212, '-'} /* − */,
  };
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (c == forms[i].from) return forms[i].to;
  return c;
}

Cells cells_read(Arena *a, const char *text) {
  size_t length = strlen(text);
  Cells cs = {.at = NEW_ARRAY(a, Cell, length + 1)};
  char *bytes = arena_alloc(a, length * 3 + 1); /* a bad byte becomes U+FFFD, three bytes */
  size_t byte = 0, index = 0;
  bool gap = false;
  for (const char *s = text; *s; index++) {
    uint32_t c = utf8_next(&s);
    if (is_blank(c)) {
      gap = true;
      continue;
    }
    c = normalise(c);
    cs.at[cs.count++] = (Cell){.c = c, .gap = gap, .at = index, .byte = byte};
    byte += utf8_encode(c, bytes + byte);
    gap = false;
  }
  bytes[byte] = '\0';
  cs.bytes = bytes;
  return cs;
}

const char *cells_from(const Cells *cs, size_t i) { return i < cs->count ? cs->bytes + cs->at[i].byte : ""; }

size_t cells_match(const Cells *cs, size_t i, const char *w) {
  const char *at = cells_from(cs, i);
  size_t n = 0;
  if (*at != *w) return 0;
  for (; *w; w++, at++) {
    if (*at != *w) return 0;
    if (((unsigned char)*w & 0xC0) != 0x80) n++;
  }
  return n;
}

size_t cells_match_before(const Cells *cs, size_t i, const char *w) {
  size_t n = utf8_length(w);
  return i >= n && i <= cs->count ? cells_match(cs, i - n, w) : 0;
}

size_t cells_match_any(const Cells *cs, size_t i, const char *const *words, size_t *which) {
  size_t best = 0;
  for (size_t w = 0; words[w]; w++) {
    size_t n = cells_match(cs, i, words[w]);
    if (n > best) {
      best = n;
      if (which) *which = w;
    }
  }
  return best;
}

bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }

bool is_letter(uint32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_han(uint32_t c) {
  return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF) || (c >= 0xF900 && c <= 0xFAFF) || c == 0x3007;
}

bool is_boundary(uint32_t c) { return !is_digit(c) && !is_letter(c) && !is_han(c); }

bool is_one_of(uint32_t c, const char *set) {
  char bytes[4];
  if (!c) return false;
  size_t n = utf8_encode(c, bytes);
  for (; *set; set++) {
    size_t k = 0;
    while (k < n && set[k] == bytes[k]) k++;
    if (k == n) return true; /* UTF-8 starts no character in the middle of another */
  }
  return false;
}
