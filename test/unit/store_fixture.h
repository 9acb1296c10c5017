/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A fresh store for each test, under the engine that $LUOSHI_TEST_STORE names: unset, a SQLite file in a
 * temporary folder; postgresql://…, a schema of its own in that database. */
#ifndef LUOSHI_TEST_STORE_FIXTURE_H
#define LUOSHI_TEST_STORE_FIXTURE_H

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/store.h" /* before cmocka, whose fail is a macro */

#include <cmocka.h>

typedef struct Fixture {
  bool postgres;
  char folder[64], schema[64];
  char url[1024]; /* of the store under test */
  Store *store;
  Error e;
} Fixture;

#define OK(f, expression)                                                                                              \
  do {                                                                                                                 \
    if (!(expression)) fail_msg("%s: %s (%s)", #expression, (f)->e.sentence, (f)->e.cause);                            \
  } while (0)

static inline const char *server_url(void) {
  const char *url = getenv("LUOSHI_TEST_STORE");
  return url && strncmp(url, "postgres", 8) == 0 ? url : NULL;
}

static inline void server_do(const char *sql) {
  PGconn *conn = PQconnectdb(server_url());
  PQclear(PQexec(conn, "SET client_min_messages = error"));
  PGresult *result = PQexec(conn, sql);
  if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
    fail_msg("%s: %s", sql, PQerrorMessage(conn));
  PQclear(result);
  PQfinish(conn);
}

/* Under Debian's temporary folder, open to other accounts where a test needs it. */
static inline void fixture_place(Fixture *f) {
  static int serial;
  char sql[128];
  snprintf(f->folder, sizeof f->folder, "/tmp/luoshi-test-XXXXXX");
  if (!mkdtemp(f->folder)) fail_msg("mkdtemp");
  f->postgres = server_url() != NULL;
  if (!f->postgres) {
    snprintf(f->url, sizeof f->url, "%s/site.db", f->folder);
    return;
  }
  snprintf(f->schema, sizeof f->schema, "test_%ld_%d", (long)getpid(), ++serial);
  snprintf(sql, sizeof sql, "CREATE SCHEMA %s", f->schema);
  server_do(sql);
  snprintf(f->url, sizeof f->url, "%s%coptions=-csearch_path%%3D%s&application_name=%s", server_url(),
           strchr(server_url(), '?') ? '&' : '?', f->schema, f->schema);
}

static inline int fixture_setup(void **state) {
  Fixture *f = calloc(1, sizeof *f);
  *state = f;
  fixture_place(f);
  f->store = store_open(f->url, true, &f->e);
  if (!f->store) fail_msg("%s (%s)", f->e.sentence, f->e.cause);
  return 0;
}

static inline int fixture_teardown(void **state) {
  Fixture *f = *state;
  char command[256];
  store_close(f->store);
  if (f->postgres) {
    snprintf(command, sizeof command, "DROP SCHEMA %s CASCADE", f->schema);
    server_do(command);
  }
  snprintf(command, sizeof command, "rm -rf %s", f->folder);
  if (system(command) != 0) fail_msg("%s", command);
  free(f);
  return 0;
}

/* Nothing in it and not open: for a site, which makes its own store in the same place. */
static inline void fixture_empty(Fixture *f) {
  char sql[128];
  store_close(f->store);
  f->store = NULL;
  if (!f->postgres) return;
  snprintf(sql, sizeof sql, "DROP SCHEMA %s CASCADE", f->schema);
  server_do(sql);
  snprintf(sql, sizeof sql, "CREATE SCHEMA %s", f->schema);
  server_do(sql);
}

static inline int fixture_setup_empty(void **state) {
  if (fixture_setup(state)) return -1;
  fixture_empty(*state);
  return 0;
}

static inline void run_ddl(Fixture *f, const char *ddl) {
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, tx);
  OK(f, store_ddl(tx, ddl, &f->e));
  OK(f, tx_commit(tx, &f->e));
}

static inline int64_t count_of(Fixture *f, Store *store, const char *sql) {
  int64_t n = -1;
  TX_SCOPE tx = tx_begin(store, TX_READ, 1, &f->e);
  OK(f, tx);
  OK(f, tx_int(tx, sql, NULL, 0, &n, NULL, &f->e));
  return n;
}

#endif
