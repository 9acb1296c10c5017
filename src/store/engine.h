/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What an engine gives and what it may rely on; for this folder only. store.c keeps the promises
 * that both engines share (one Tx at a time, poison, marks, statements that outlive their Tx), so
 * that an engine only talks to its database. An engine's own structs begin with Store or Stmt. */
#ifndef LUOSHI_STORE_ENGINE_H
#define LUOSHI_STORE_ENGINE_H

#include "store/store.h"

enum { STORE_FORMAT = 1 }; /* of the marker, not of the tables: those have the catalogue */

struct Tx {
  Store *store;
  TxKind kind;
  int64_t area;
  bool open;
  bool dead;     /* the database has rolled back or gone away: no mark can save it */
  bool poisoned; /* `first` says why */
  unsigned marks;
  Stmt *stmts; /* open ones */
  Error first;
};

struct Store {
  const struct Engine *engine;
  bool again; /* the last failure was busy or deadlock: worth another try */
  Tx tx;      /* the one; it lives as long as the Store, so that TX_SCOPE after a commit is harmless */
};

struct Stmt {
  Tx *tx; /* NULL once the Tx is over or went back before it */
  Stmt *next, **link;
  unsigned marks; /* how many stood when it was opened */
  size_t columns;
  char (*digits)[24]; /* integers asked for as text, one slot a column; made by store.c */
};

typedef enum { STMT_WHOLE, STMT_STREAM } StmtMode;

typedef struct Engine {
  const char *name;
  const char *(*version)(const Store *s);
  const char *word_int, *word_text, *word_bytes, *word_strict;
  void (*close)(Store *s);
  bool (*begin)(Tx *tx, Error *e);
  bool (*commit)(Tx *tx, Error *e); /* on failure the engine has rolled back */
  void (*rollback)(Tx *tx);
  bool (*run)(Tx *tx, const char *sql, Error *e); /* statements without values: marks and DDL */
  bool (*shaped)(Tx *tx, Error *e);               /* after DDL; may be NULL */
  /* Executes at once; `*out` is set even when the result is empty. */
  bool (*open_stmt)(Tx *tx, const char *sql, const Value *binds, size_t count, StmtMode mode, Stmt **out, Error *e);
  Step (*step)(Stmt *st, Error *e);
  void (*end_stmt)(Stmt *st); /* gives back what the database holds; called once before free */
  Value (*cell)(const Stmt *st, size_t column);
  bool (*exec_many)(Tx *tx, const char *sql, const Value *binds, size_t width, size_t rows, int64_t *changed, Error *e);
  bool (*columns)(Tx *tx, Arena *a, const char *table, StoreColumn **out, size_t *count, Error *e);
  bool (*backup)(Store *s, const char *path, Error *e);
  bool (*compact)(Store *s, Error *e); /* may be NULL */
} Engine;

Store *sqlite_open(const char *path, bool create, Error *e);
Store *postgres_open(const char *url, bool create, Error *e);

/* Rewrites `$n` outside of quotes and comments with `mark` before the number; the highest n, or -1
 * when a placeholder is malformed (`$0`, `$name`, over 32,766). `out` may be NULL. */
int placeholders(const char *sql, char mark, Text *out);
/* True if `sql` takes exactly `count` values, as both engines are then told. */
bool placeholders_fit(int highest, size_t count, const char *sql, Error *e);

/* ---- prepared statements by key: bounded, the longest unused goes first ---- */
enum { CACHE_ROOM = 256 };
typedef struct Cached {
  uint64_t hash, used;
  char *key;
  void *handle;
  int highest; /* placeholder */
  bool busy;
} Cached;

typedef struct Cache {
  Cached at[CACHE_ROOM];
  size_t count;
  uint64_t clock;
} Cache;

/* An idle entry under `key`, or NULL. */
Cached *cache_find(Cache *c, const char *key);
/* A slot for `key` with no handle yet; `evicted` is a handle to dispose of, or NULL. NULL when every slot is busy. */
Cached *cache_add(Cache *c, const char *key, void **evicted);
void cache_clear(Cache *c, void (*dispose)(void *handle));

#endif
