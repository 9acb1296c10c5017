/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One interface to two engines. Statements are written once, in the dialect that
 * both accept (docs/dialect.md); `$1`…`$n` are the only way a value gets in.
 *
 * A Store is one connection with one Tx at a time; threads open their own.
 * A Tx belongs to one thread. TX_READ holds one read-only snapshot. TX_WRITE belongs to one
 * area and starts serial: SQLite takes the write lock, PostgreSQL waits for the area's head row.
 * A failed statement poisons its Tx until rollback or tx_back, on both engines.
 * Handles are freed by their close functions (or the _SCOPE macros); text and bytes read from a
 * statement live until its next step. */
#ifndef LUOSHI_STORE_STORE_H
#define LUOSHI_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

typedef enum { VALUE_INT, VALUE_TEXT, VALUE_BYTES } ValueKind;

/* A typed value; `null` keeps its kind, since PostgreSQL must know it. Text is NUL-terminated too. */
typedef struct Value {
  ValueKind kind;
  bool null;
  int64_t i;     /* VALUE_INT */
  const char *s; /* VALUE_TEXT (UTF-8), VALUE_BYTES; borrowed */
  size_t n;      /* bytes in s */
} Value;

Value value_int(int64_t i);
Value value_text(const char *s); /* NULL gives a null text */
Value value_bytes(const void *bytes, size_t n);
Value value_null(ValueKind kind);
bool value_equal(Value a, Value b);
Value value_copy(Arena *a, Value v);

typedef struct Store Store;
typedef struct Tx Tx;
typedef struct Stmt Stmt;

/* `url`: a file's path, `:memory:`, or postgresql://… . The database is created when `create`,
 * else it must be a Luoshi store (application_id / marker table), or ERROR_BROKEN names what it is.
 * PostgreSQL must be UTF-8 with collation C. */
Store *store_open(const char *url, bool create, Error *e);
void store_close(Store *s);
const char *store_engine(const Store *s);  /* "sqlite" or "postgresql", for messages and doctor */
const char *store_version(const Store *s); /* of the library, or of the server */

typedef enum { TX_READ, TX_WRITE } TxKind;
Tx *tx_begin(Store *s, TxKind kind, int64_t area, Error *e);
/* Both end the Tx (a TX_SCOPE after them does nothing). A commit may fail with ERROR_UNKNOWN: ask again with
 * the same request_id. */
bool tx_commit(Tx *tx, Error *e);
void tx_rollback(Tx *tx);
bool tx_mark(Tx *tx, Error *e); /* savepoint; marks nest */
bool tx_back(Tx *tx, Error *e); /* to the newest mark, which it releases; un-poisons */
bool tx_keep(Tx *tx, Error *e); /* releases the newest mark, keeping its work */
/* Runs `body` in a TX_WRITE, retrying a bounded number of times on busy and deadlock only. */
bool tx_run(Store *s, int64_t area, bool (*body)(Tx *tx, void *context, Error *e), void *context, Error *e);
Store *tx_store(Tx *tx);

/* Executes at once; the binds need not outlive the call. `$1`…`$n` must be exactly `count`. Prepared statements
 * are cached by text in the Store; the same SQL may be open several times. PostgreSQL holds the whole result. */
Stmt *stmt_open(Tx *tx, const char *sql, const Value *binds, size_t count, Error *e);
/* For a SELECT whose rows do not fit in memory: rows come in batches. A round trip more on PostgreSQL. */
Stmt *stmt_stream(Tx *tx, const char *sql, const Value *binds, size_t count, Error *e);
typedef enum { STEP_ROW, STEP_DONE, STEP_FAILED } Step;
Step stmt_step(Stmt *st, Error *e);
void stmt_close(Stmt *st); /* NULL is allowed */
size_t stmt_columns(const Stmt *st);
bool stmt_null(const Stmt *st, size_t column);
int64_t stmt_int(const Stmt *st, size_t column);
const char *stmt_text(const Stmt *st, size_t column); /* "" for null, digits for an integer */
const void *stmt_bytes(const Stmt *st, size_t column, size_t *n);
Value stmt_value(const Stmt *st, size_t column, ValueKind kind); /* borrowed */

/* Runs to the end; `changed` (may be NULL) is the number of rows written. */
bool tx_exec(Tx *tx, const char *sql, const Value *binds, size_t count, int64_t *changed, Error *e);
/* The same statement for `rows` rows of `width` binds each: one prepared loop, or one pipeline. */
bool tx_exec_many(Tx *tx, const char *sql, const Value *binds, size_t width, size_t rows, Error *e);
/* First row, first column as integer; `found` may be NULL. */
bool tx_int(Tx *tx, const char *sql, const Value *binds, size_t count, int64_t *out, bool *found, Error *e);

/* DDL words are mapped per engine: {int} {text} {bytes} for column types, {strict} at the end of
 * CREATE TABLE (STRICT, WITHOUT ROWID on SQLite). Several statements parted by ';' are allowed. */
bool store_ddl(Tx *tx, const char *ddl, Error *e);
typedef struct StoreColumn {
  const char *name;
  ValueKind kind;
  bool not_null;
} StoreColumn;
/* Columns in table order; zero columns if there is no such table. */
bool store_columns(Tx *tx, Arena *a, const char *table, StoreColumn **out, size_t *count, Error *e);
/* A consistent copy as one SQLite file (a running writer is not stopped). PostgreSQL: every table copied. */
bool store_backup(Store *s, const char *path, Error *e);
/* The same with something done to the copy before it has its name: all of it is there, or nothing. */
bool store_backup_with(Store *s, const char *path, bool (*more)(Store *copy, void *context, Error *e), void *context, Error *e);
/* Gives back the disk that dropped tables held. Not inside a transaction. PostgreSQL does so by itself. */
bool store_compact(Store *s, Error *e);

void store_cleanup(Store **s);
void tx_cleanup(Tx **tx); /* rolls back */
void stmt_cleanup(Stmt **st);
#define STORE_SCOPE __attribute__((cleanup(store_cleanup))) Store *
#define TX_SCOPE __attribute__((cleanup(tx_cleanup))) Tx *
#define STMT_SCOPE __attribute__((cleanup(stmt_cleanup))) Stmt *

#endif
