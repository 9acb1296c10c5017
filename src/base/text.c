/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The one growing buffer. Every writer of text goes through it, so that no
 * output can grow past what its owner allowed. */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Text text_new(size_t ceiling) { return (Text){.ceiling = ceiling}; }

void text_free(Text *t) {
  free(t->at);
  *t = (Text){.ceiling = t->ceiling};
}

void text_clear(Text *t) {
  t->length = 0;
  t->full = false;
  if (t->at) t->at[0] = 0;
}

const char *text_get(const Text *t) { return t->at ? t->at : ""; }

static bool make_room(Text *t, size_t more) {
  if (t->full || more > t->ceiling || t->length > t->ceiling - more) {
    t->full = true;
    return false;
  }
  size_t need = t->length + more + 1;
  if (need <= t->room) return true;
  size_t room = t->room ? t->room * 2 : 256;
  if (room < need) room = need;
  char *at = realloc(t->at, room);
  if (!at) {
    fputs("luoshi: 内存不足，已停止；已确认的数据都在。\n", stderr);
    abort();
  }
  t->at = at;
  t->room = room;
  return true;
}

void text_add_n(Text *t, const char *s, size_t n) {
  if (!n || !make_room(t, n)) return;
  memcpy(t->at + t->length, s, n);
  t->length += n;
  t->at[t->length] = 0;
}

void text_add(Text *t, const char *s) {
  if (s) text_add_n(t, s, strlen(s));
}

void text_add_char(Text *t, char c) { text_add_n(t, &c, 1); }

void text_add_int(Text *t, int64_t n) { /* by hand: an audit writes millions of them */
  char digits[24], *at = digits + sizeof digits;
  uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
  do *--at = (char)('0' + left % 10);
  while (left /= 10);
  if (n < 0) *--at = '-';
  text_add_n(t, at, (size_t)(digits + sizeof digits - at));
}

void text_print(Text *t, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (length > 0 && make_room(t, (size_t)length)) {
    vsnprintf(t->at + t->length, (size_t)length + 1, format, again);
    t->length += (size_t)length;
  }
  va_end(again);
}

void text_add_html(Text *t, const char *s) {
  while (s && *s) {
    size_t plain = strcspn(s, "&<>\"'");
    text_add_n(t, s, plain);
    s += plain;
    switch (*s) {
    case '&': text_add(t, "&amp;"); break;
    case '<': text_add(t, "&lt;"); break;
    case '>': text_add(t, "&gt;"); break;
    case '"': text_add(t, "&quot;"); break;
    case '\'': text_add(t, "&#39;"); break;
    default: return;
    }
    s++;
  }
}
