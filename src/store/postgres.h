/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What the two PostgreSQL files share. */
#ifndef LUOSHI_STORE_POSTGRES_H
#define LUOSHI_STORE_POSTGRES_H

#include "store/engine.h"
#include "store/libpq.h"

typedef struct PostgresStore {
  Store base;
  PGconn *conn;
  char place[160];  /* the database for sentences; never the URL, which may hold a password */
  bool head_known;  /* the journal's head table has been seen */
  bool plans_stale; /* another session changed a table under a prepared statement */
  uint64_t names;   /* prepared statements and cursors so far */
  Cache cache;
} PostgresStore;

extern const Engine postgres_engine;

/* Always false: the sentence for a failed result (NULL: the connection's own error). */
bool postgres_fail(PostgresStore *s, const PGresult *result, const char *doing, Error *e);
/* What every session needs, after connecting and after each reconnection. */
bool postgres_greet(PostgresStore *s, Error *e);
bool postgres_backup(Store *s, const char *path, Error *e);
void postgres_close(Store *s);
void postgres_forget(PostgresStore *s); /* the cache, when the session that knew it is gone */

void postgres_result_free(PGresult **result);
#define RESULT_SCOPE __attribute__((cleanup(postgres_result_free))) PGresult *

#endif
