/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Text files of the outside world: UTF-8 with or without BOM, or GB18030, told apart by the bytes. */
#ifndef LUOSHI_PAPER_ENCODING_H
#define LUOSHI_PAPER_ENCODING_H

#include "base/arena.h"
#include "base/error.h"

/* UTF-8 in the arena, without BOM. Empty, binary and otherwise encoded input is refused with a sentence
 * that says what to save it as. `name` is the file's name for it. */
bool encoding_read(Arena *a, const char *name, const char *bytes, size_t n, const char **text, Error *e);

#endif
