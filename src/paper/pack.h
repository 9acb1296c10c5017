/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Several files to take away as one .zip, made in memory; and what a .zip from outside holds, told by names alone. */
#ifndef LUOSHI_PAPER_PACK_H
#define LUOSHI_PAPER_PACK_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

typedef struct PackFile {
  const char *name; /* UTF-8, no folder */
  const char *bytes;
  size_t size;
} PackFile;

/* The same files give the same bytes. */
bool pack_files(const PackFile *files, size_t count, Text *out, Error *e);

/* Opening an archive costs memory for each of its entries, so how many it claims is read from its end first. */
typedef enum { PACK_FITS, PACK_CUT, PACK_CROWDED } PackSize;
PackSize pack_size(const char *bytes, size_t n, unsigned most);
/* Names of its entries as they stand there; nothing is unpacked. False: it is no whole archive of at most `most`. */
bool pack_names(Arena *a, const char *bytes, size_t n, unsigned most, const char ***names, size_t *count);

#endif
