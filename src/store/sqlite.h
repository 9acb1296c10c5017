/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What the three SQLite files share. */
#ifndef LUOSHI_STORE_SQLITE_H
#define LUOSHI_STORE_SQLITE_H

#include <sqlite3.h>

#include "store/engine.h"

enum { SQLITE_STORE_MARK = 0x4C534849, SQLITE_PATIENCE_MS = 5000 };

typedef struct SqliteStore {
  Store base;
  sqlite3 *db;
  char *path;
  bool inside;  /* the store's own statements, which may use pragmas */
  bool shaping; /* DDL: SQLite runs statements of its own within it */
  Cache cache;
} SqliteStore;

extern const Engine sqlite_engine;

/* Always false: the sentence for a result code, `doing` (SQL, or what was attempted) for the log. */
bool sqlite_fail(SqliteStore *s, int rc, const char *doing, Error *e);
bool sqlite_backup(Store *s, const char *path, Error *e);
bool sqlite_compact(Store *s, Error *e);
bool sqlite_shaped(Tx *tx, Error *e); /* tells the planner what to expect */
void sqlite_close(Store *s);

#ifdef LUOSHI_LINT
/* Refuses what is not in docs/dialect.md. */
void sqlite_lint(SqliteStore *s);
#endif

#endif
