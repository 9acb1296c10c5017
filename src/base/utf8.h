/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * UTF-8 as code points. Offsets given to users count code points. */
#ifndef LUOSHI_BASE_UTF8_H
#define LUOSHI_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The code point at *s, moving *s past it; 0 at the end; U+FFFD for a bad byte (moves by one). */
uint32_t utf8_next(const char **s);
/* Whether all n bytes are well-formed UTF-8 without NUL; *bad is the first bad offset. */
bool utf8_valid(const char *s, size_t n, size_t *bad);
/* Code points in s; out may hold fewer: the rest is dropped. Returns how many were written. */
size_t utf8_decode(const char *s, uint32_t *out, size_t room);
size_t utf8_length(const char *s); /* code points */
/* Writes 1–4 bytes and returns how many. */
size_t utf8_encode(uint32_t c, char out[4]);
/* Drops an incomplete character at the end, in place. */
void utf8_trim(char *s);
/* Columns on a terminal: 2 for CJK and full-width, 1 else. */
size_t utf8_columns(const char *s);

#endif
