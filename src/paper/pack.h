/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Several files to take away as one .zip, made in memory. */
#ifndef LUOSHI_PAPER_PACK_H
#define LUOSHI_PAPER_PACK_H

#include "base/error.h"
#include "base/text.h"

typedef struct PackFile {
  const char *name; /* UTF-8, no folder */
  const char *bytes;
  size_t size;
} PackFile;

/* The same files give the same bytes. */
bool pack_files(const PackFile *files, size_t count, Text *out, Error *e);

#endif
