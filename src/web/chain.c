/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Cutting a 接龙 (chain.h). A name begins after a number with its mark, a bullet, a separator or a line's
 * beginning; a way is what stands after it in brackets or behind a blank. */
#include "web/chain.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

static bool is_any(uint32_t c, const char *of) {
  for (uint32_t one; (one = utf8_next(&of));)
    if (one == c) return true;
  return false;
}

static bool is_digit(uint32_t c) { return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19); }
static bool is_circled(uint32_t c) { return (c >= 0x2460 && c <= 0x249B) || c == 0x20E3 || c == 0xFE0F; }
static bool is_space(uint32_t c) { return is_any(c, " \t\u00A0\u2003\u200B　"); }
static bool is_bullet(uint32_t c) { return is_any(c, "·•●○-—*＊✅√☑✔"); }
static bool is_between(uint32_t c) { return is_any(c, "、，,;；\n\r|/"); }
static bool is_mark(uint32_t c) { return is_any(c, ".．、)）:：,，"); }
static bool opens(uint32_t c) { return is_any(c, "（([【［"); }
static bool closes(uint32_t c) { return is_any(c, "）)]】］"); }

static uint32_t peek(const char *s) { return utf8_next(&s); }

/* Blanks, bullets, numbers with their marks. */
static void skip_lead(const char **s) {
  for (;;) {
    uint32_t c = peek(*s);
    const char *before = *s;
    if (c && (is_space(c) || is_bullet(c) || is_between(c) || is_circled(c))) {
      utf8_next(s);
      continue;
    }
    if (is_digit(c)) {
      while (is_digit(peek(*s))) utf8_next(s);
      while (is_circled(peek(*s))) utf8_next(s);
      while (is_space(peek(*s))) utf8_next(s);
      if (is_mark(peek(*s))) utf8_next(s);
      continue;
    }
    if (*s == before) return;
  }
}

/* From `s` while `goes`; without the blanks at its end. */
static const char *take(Arena *a, const char **s, bool (*stops)(uint32_t)) {
  const char *from = *s, *end = *s;
  while (peek(*s) && !stops(peek(*s))) {
    uint32_t c = utf8_next(s);
    if (!is_space(c)) end = *s;
  }
  size_t n = (size_t)(end - from);
  char *word = arena_slice(a, from, n < CHAIN_WORD ? n : CHAIN_WORD);
  utf8_trim(word);
  return word;
}

static bool ends_name(uint32_t c) { return is_space(c) || is_between(c) || opens(c) || is_digit(c) || is_circled(c) || is_any(c, ":：。"); }
static bool ends_way(uint32_t c) { return is_between(c) || closes(c) || opens(c) || is_digit(c) || is_circled(c) || is_any(c, "。"); }
static bool ends_bracket(uint32_t c) { return closes(c) || c == '\n'; }
static bool ends_line(uint32_t c) { return c == '\n'; }

/* A name of two characters is sometimes spread: 张　三. */
static bool is_spread(const char *name, const char *s) {
  if (utf8_length(name) != 1 || !is_space(peek(s))) return false;
  while (is_space(peek(s))) utf8_next(&s);
  uint32_t c = utf8_next(&s), after = peek(s);
  return c >= 0x4E00 && c <= 0x9FFF && (!after || ends_name(after));
}

static ChainName take_one(Arena *a, const char **s) {
  ChainName one = {.name = take(a, s, ends_name), .way = ""};
  if (is_spread(one.name, *s)) {
    while (is_space(peek(*s))) utf8_next(s);
    one.name = arena_print(a, "%s%s", one.name, take(a, s, ends_name));
  }
  while (is_space(peek(*s)) || is_any(peek(*s), ":：")) utf8_next(s);
  if (opens(peek(*s))) {
    utf8_next(s);
    one.way = take(a, s, ends_bracket);
    if (closes(peek(*s))) utf8_next(s);
  } else if (peek(*s) && !ends_way(peek(*s))) {
    one.way = take(a, s, ends_way);
  }
  return one;
}

size_t chain_cut(Arena *a, const char *text, ChainName **out) {
  size_t count = 0, room = 0;
  *out = NULL;
  for (const char *s = text; *s && count < CHAIN_NAMES;) {
    skip_lead(&s);
    if (peek(s) == '#' || peek(s) == 0xFF03) {
      take(a, &s, ends_line);
      continue;
    }
    const char *before = s;
    ChainName one = take_one(a, &s);
    if (*one.name) *PUSH(a, *out, count, room) = one;
    else if (s == before && *s) utf8_next(&s);
  }
  return count;
}
