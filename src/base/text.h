/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A growing buffer of UTF-8 text with a mandatory ceiling. Writing past the
 * ceiling sets `full` and drops the rest; the owner checks once at the end. */
#ifndef LUOSHI_BASE_TEXT_H
#define LUOSHI_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Text {
  char *at; /* NUL-terminated whenever length > 0 */
  size_t length, room, ceiling;
  bool full;
} Text;

#define TEXT_CEILING ((size_t)64 * 1024 * 1024)

Text text_new(size_t ceiling); /* bytes */
void text_free(Text *t);
void text_clear(Text *t);
const char *text_get(const Text *t); /* "" when empty */

void text_add(Text *t, const char *s); /* NULL adds nothing */
void text_add_n(Text *t, const char *s, size_t n);
void text_add_char(Text *t, char c);
void text_add_int(Text *t, int64_t n);
void text_print(Text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* & < > " ' as entities: the safe way into HTML and XML. */
void text_add_html(Text *t, const char *s);

#define TEXT_SCOPE __attribute__((cleanup(text_free))) Text

#endif
