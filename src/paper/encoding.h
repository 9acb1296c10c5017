/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Text files of the outside world: UTF-8 with or without BOM, or GB18030, told apart by the bytes. */
#ifndef LUOSHI_PAPER_ENCODING_H
#define LUOSHI_PAPER_ENCODING_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* UTF-8 in the arena, without BOM. Empty, binary and otherwise encoded input is refused with a sentence
 * that says what to save it as. `name` is the file's name for it. */
bool encoding_read(Arena *a, const char *name, const char *bytes, size_t n, const char **text, Error *e);

/* A text file that need not fit in memory: recognised in one pass, then read as UTF-8 from any place. Offsets
 * count bytes of that UTF-8, without BOM. GB18030 and pipes go through a temporary file without a name. */
typedef struct TextFile TextFile;
TextFile *text_file_open(const char *path, uint64_t ceiling, Error *e); /* “-”: standard input */
TextFile *text_file_of(const char *name, const char *bytes, size_t n, Error *e); /* bytes are borrowed */
void text_file_close(TextFile *f); /* NULL is allowed */
uint64_t text_file_size(const TextFile *f);
const char *text_file_name(const TextFile *f);
/* Fewer than `room` bytes only at the end. */
bool text_file_at(TextFile *f, uint64_t offset, char *to, size_t room, size_t *got, Error *e);
/* Whether nobody wrote to the file since it was opened. */
bool text_file_same(const TextFile *f);

void text_file_cleanup(TextFile **f);
#define TEXT_FILE_SCOPE __attribute__((cleanup(text_file_cleanup))) TextFile *

#endif
