/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Files kept with records: SITE/files/ab/abcdef…, named by what is in them (SM3, 64 hex digits, lower case), so the
 * same scan put in twice lies there once. A file is on disk, whole and synced, before a row names it; one that no row
 * came to name is swept later. What it is, is told by its content, never by its name or by what a browser says.
 * Who may read a file is not asked here: its row (core relation `attachment`) is of a record, and who reads that
 * record reads its files (ledger/attachment.h). */
#ifndef LUOSHI_ACCESS_FILES_H
#define LUOSHI_ACCESS_FILES_H

#include "access/session.h"

enum {
  FILES_BYTES = 20 * 1024 * 1024, /* of one file */
  FILES_HASH = 64,                /* hex digits */
  FILES_IDLE = 24 * 60 * 60,      /* seconds that a file may lie without a row */
  FILES_NAME = 200                /* bytes of the name that it is shown under */
};

typedef struct FileKind {
  const char *name;   /* pdf png jpeg docx xlsx ofd … */
  const char *label;  /* PDF文件, 照片 … */
  const char *mime;
  const char *ending; /* .pdf */
  bool shown;         /* a browser may show it in place: pictures and PDF */
} FileKind;

/* By content. NULL with a sentence that lists what may be put in: neither a known kind nor plain text. */
const FileKind *files_kind(const void *bytes, size_t n, Error *e);
const FileKind *files_kind_named(const char *name); /* NULL: none of the name */
const char *files_accept(Arena *a); /* all endings, for a browser's file dialog */
/* The last part of a name as somebody's machine gives it, ending as the kind does: C:\a\scan.exe → scan.exe.pdf. NULL
 * with a sentence: nothing left of it, too long, no text. */
const char *files_name(Arena *a, const char *given, const FileKind *kind, Error *e);

/* Puts the bytes in (empty, over FILES_BYTES, of no known kind are refused). `hash`: FILES_HASH digits and a NUL. */
bool files_keep(const Site *site, const void *bytes, size_t n, char hash[FILES_HASH + 1], const FileKind **kind, Error *e);
/* The same for a file that was here before (a backup's): whatever its kind, but it must be what its name says. */
bool files_put_back(const Site *site, const char *hash, const void *bytes, size_t n, Error *e);
/* Whether it is there; does not read it. `size` may be NULL. */
bool files_has(const Site *site, const char *hash, int64_t *size);
/* All of it, NUL after the last byte; ERROR_MISSING when it is gone, ERROR_BROKEN when it is not what its name says. */
bool files_read(const Site *site, Arena *a, const char *hash, const char **bytes, size_t *n, Error *e);
/* From now on it is a record's: never swept, also when the database is later put back to an earlier day. */
bool files_settle(const Site *site, const char *hash, Error *e);
/* Takes away what no record ever named and nobody touched for FILES_IDLE, and parts never finished. At a server's start. */
bool files_sweep(Site *site, Error *e);

/* ---- what rows name, withdrawn ones too ---- */
typedef struct FileNamed {
  const char *hash, *name, *relation; /* one row of possibly several that name it */
  int64_t row, size;
} FileNamed;
/* Each hash once, in their order. A store that has no such table yet has none. */
bool files_named(Tx *tx, Arena *a, int64_t area, FileNamed **out, size_t *count, Error *e);
/* Holds the disk against the rows: an issue for each file that is gone or altered. `fully` reads every byte. */
bool files_check(const Site *site, Tx *tx, bool fully, size_t *count, Issues *amiss, Error *e);

#endif
