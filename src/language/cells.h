/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Text as the numeral grammar reads it: one cell a code point, width and the few traditional forms
 * that stand in numbers normalised, blanks within a line left out but remembered (`2 0 2 1 年`). Every
 * cell knows where it came from, so that offsets into the original survive. */
#ifndef LUOSHI_LANGUAGE_CELLS_H
#define LUOSHI_LANGUAGE_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct Cell {
  uint32_t c;  /* normalised */
  bool gap;    /* blanks before it */
  size_t at;   /* code point in the original */
  size_t byte; /* of `bytes` */
} Cell;

typedef struct Cells {
  Cell *at;
  size_t count;
  const char *bytes; /* the cells as UTF-8, for comparing with words */
} Cells;

Cells cells_read(Arena *a, const char *text);
/* 0 beyond either end: cell(cs, i - 1) of the first is 0. */
static inline uint32_t cell(const Cells *cs, size_t i) { return i < cs->count ? cs->at[i].c : 0; }
static inline bool cell_gap(const Cells *cs, size_t i) { return i < cs->count && cs->at[i].gap; }
const char *cells_from(const Cells *cs, size_t i);                   /* bytes from cell i; "" beyond the end */
size_t cells_match(const Cells *cs, size_t i, const char *w);        /* cells of word w if it stands at i, else 0 */
size_t cells_match_before(const Cells *cs, size_t i, const char *w); /* … if it ends right before i */
/* The longest of NULL-terminated words standing at i; `which` is its index. */
size_t cells_match_any(const Cells *cs, size_t i, const char *const *words, size_t *which);

bool is_digit(uint32_t c);
bool is_letter(uint32_t c); /* ASCII */
bool is_han(uint32_t c);
/* Start or end of text, punctuation, blank line: not a letter, digit or Han character. */
bool is_boundary(uint32_t c);
bool is_one_of(uint32_t c, const char *set); /* set is UTF-8; false for 0 */

#endif
