/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Small files written whole or not at all: a part beside the place, synced, then renamed over it. Whoever
 * is killed in between leaves a part that nobody reads. */
#ifndef LUOSHI_BASE_DISK_H
#define LUOSHI_BASE_DISK_H

#include "base/error.h"

#define DISK_PART ".part-" /* what the name of an unfinished file holds */

/* The folder of mode 0700, on disk when this returns, if it is not there yet. Its parent must be. */
bool disk_folder(const char *path, Error *e);
/* Mode 0600, on disk when this returns. */
bool disk_replace(const char *path, const void *bytes, size_t n, Error *e);
/* All of a regular file, NUL after the last byte. One over `ceiling` is ERROR_LIMIT, none ERROR_MISSING. */
bool disk_read(Arena *a, const char *path, size_t ceiling, const char **bytes, size_t *n, Error *e);

#endif
