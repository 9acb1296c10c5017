/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What both engines promise, kept in one place: one Tx at a time, a failure poisons it, marks nest,
 * statements may outlive their Tx without harm, and only busy and deadlock are tried again. */
#include "store/engine.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RUN_TRIES = 6, RUN_SECONDS = 15 };

static bool bug(Error *e, const char *cause) {
  return fail_because(e, ERROR_BUG, cause, "程序内部错误，请把日志交给开发人员。");
}

Store *store_open(const char *url, bool create, Error *e) {
  if (!url || !*url) {
    fail(e, ERROR_INVALID, "没有写明数据库在哪里：请在站点配置的 store 一项写文件路径或 postgresql:// 地址。");
    return NULL;
  }
  if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
    return postgres_open(url, create, e);
  return sqlite_open(url, create, e);
}

void store_close(Store *s) {
  if (!s) return;
  if (s->tx.open) tx_rollback(&s->tx);
  s->engine->close(s);
}

const char *store_engine(const Store *s) { return s->engine->name; }
const char *store_version(const Store *s) { return s->engine->version(s); }
Store *tx_store(Tx *tx) { return tx->store; }

/* ---- transactions ---- */

static void detach(Stmt *st) {
  st->tx->store->engine->end_stmt(st);
  *st->link = st->next;
  if (st->next) st->next->link = st->link;
  st->tx = NULL;
}

static void detach_from(Tx *tx, unsigned marks) {
  for (Stmt *st = tx->stmts, *next; st; st = next) {
    next = st->next;
    if (st->marks >= marks) detach(st);
  }
}

/* Always false. */
static bool poison(Tx *tx, const Error *e) {
  if (!tx->poisoned) tx->first = *e;
  tx->poisoned = true;
  return false;
}

/* False, with the reason that poisoned it, when the Tx cannot go on. */
static bool usable(Tx *tx, Error *e) {
  if (!tx || !tx->open) return bug(e, "no transaction is open");
  if (!tx->poisoned) return true;
  *e = tx->first;
  return false;
}

Tx *tx_begin(Store *s, TxKind kind, int64_t area, Error *e) {
  if (s->tx.open) {
    bug(e, "a transaction is already open on this store");
    return NULL;
  }
  s->tx = (Tx){.store = s, .kind = kind, .area = area};
  s->again = false;
  if (!s->engine->begin(&s->tx, e)) return NULL;
  s->tx.open = true;
  return &s->tx;
}

bool tx_commit(Tx *tx, Error *e) {
  if (!usable(tx, e)) {
    if (tx) tx_rollback(tx);
    return false;
  }
  tx->open = false; /* first: the end closes cursors by itself */
  detach_from(tx, 0);
  return tx->store->engine->commit(tx, e);
}

void tx_rollback(Tx *tx) {
  if (!tx || !tx->open) return;
  tx->open = false;
  detach_from(tx, 0);
  tx->store->engine->rollback(tx);
}

/* One or two commands on the newest mark. */
static bool run_mark(Tx *tx, const char *verb, const char *then, Error *e) {
  char sql[96];
  int n = snprintf(sql, sizeof sql, "%s m%u", verb, tx->marks);
  if (then) snprintf(sql + n, sizeof sql - (size_t)n, "; %s m%u", then, tx->marks);
  return tx->store->engine->run(tx, sql, e) || poison(tx, e);
}

bool tx_mark(Tx *tx, Error *e) {
  if (!usable(tx, e)) return false;
  tx->marks++;
  return run_mark(tx, "SAVEPOINT", NULL, e);
}

bool tx_back(Tx *tx, Error *e) {
  if (!tx || !tx->open || !tx->marks) return bug(e, "tx_back without a mark");
  if (tx->dead) {
    *e = tx->first;
    return false;
  }
  detach_from(tx, tx->marks);
  tx->poisoned = false;
  tx->store->again = false;
  bool ok = run_mark(tx, "ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT", e);
  tx->marks--;
  return ok;
}

bool tx_keep(Tx *tx, Error *e) {
  if (!usable(tx, e)) return false;
  if (!tx->marks) return bug(e, "tx_keep without a mark");
  if (!run_mark(tx, "RELEASE SAVEPOINT", NULL, e)) return false;
  tx->marks--;
  for (Stmt *st = tx->stmts; st; st = st->next)
    if (st->marks > tx->marks) st->marks = tx->marks;
  return true;
}

static void back_off(int round) {
  struct timespec now, pause;
  clock_gettime(CLOCK_MONOTONIC, &now);
  long ms = (10L << round) + now.tv_nsec / 1000 % 10; /* two that collided part ways */
  pause = (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
  nanosleep(&pause, NULL);
}

static bool run_once(Store *s, int64_t area, bool (*body)(Tx *, void *, Error *), void *context, Error *e) {
  TX_SCOPE tx = tx_begin(s, TX_WRITE, area, e);
  return tx && body(tx, context, e) && tx_commit(tx, e);
}

bool tx_run(Store *s, int64_t area, bool (*body)(Tx *tx, void *context, Error *e), void *context, Error *e) {
  struct timespec from, now;
  clock_gettime(CLOCK_MONOTONIC, &from);
  for (int round = 0;; round++) {
    if (run_once(s, area, body, context, e)) return true;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!s->again || round + 1 == RUN_TRIES || now.tv_sec - from.tv_sec >= RUN_SECONDS) return false;
    back_off(round);
  }
}

/* ---- statements ---- */

static Stmt *open_stmt(Tx *tx, const char *sql, const Value *binds, size_t count, StmtMode mode, Error *e) {
  if (!usable(tx, e)) return NULL;
  Stmt *st = NULL;
  if (!tx->store->engine->open_stmt(tx, sql, binds, count, mode, &st, e)) {
    poison(tx, e);
    return NULL;
  }
  st->digits = calloc(st->columns ? st->columns : 1, sizeof *st->digits);
  if (!st->digits) abort();
  st->tx = tx;
  st->marks = tx->marks;
  st->next = tx->stmts;
  st->link = &tx->stmts;
  if (st->next) st->next->link = &st->next;
  tx->stmts = st;
  return st;
}

Stmt *stmt_open(Tx *tx, const char *sql, const Value *binds, size_t count, Error *e) {
  return open_stmt(tx, sql, binds, count, STMT_WHOLE, e);
}

Stmt *stmt_stream(Tx *tx, const char *sql, const Value *binds, size_t count, Error *e) {
  return open_stmt(tx, sql, binds, count, STMT_STREAM, e);
}

Step stmt_step(Stmt *st, Error *e) {
  if (!st->tx) {
    bug(e, "the statement's transaction is over");
    return STEP_FAILED;
  }
  if (!usable(st->tx, e)) return STEP_FAILED;
  Step step = st->tx->store->engine->step(st, e);
  if (step == STEP_FAILED) poison(st->tx, e);
  return step;
}

void stmt_close(Stmt *st) {
  if (!st) return;
  if (st->tx) detach(st);
  free(st->digits);
  free(st);
}

size_t stmt_columns(const Stmt *st) { return st->columns; }

static Value cell(const Stmt *st, size_t column) {
  assert(column < st->columns);
  if (!st->tx || column >= st->columns) return value_null(VALUE_TEXT);
  return st->tx->store->engine->cell(st, column);
}

bool stmt_null(const Stmt *st, size_t column) { return cell(st, column).null; }

int64_t stmt_int(const Stmt *st, size_t column) {
  Value v = cell(st, column);
  assert(v.null || v.kind == VALUE_INT);
  return v.null || v.kind != VALUE_INT ? 0 : v.i;
}

Value stmt_value(const Stmt *st, size_t column, ValueKind kind) {
  Value v = cell(st, column);
  if (v.null) return value_null(kind);
  if (kind == VALUE_INT) return value_int(stmt_int(st, column));
  if (v.kind == VALUE_INT) {
    snprintf(st->digits[column], sizeof st->digits[column], "%" PRId64, v.i);
    v = value_text(st->digits[column]);
  }
  v.kind = kind;
  return v;
}

const char *stmt_text(const Stmt *st, size_t column) {
  Value v = stmt_value(st, column, VALUE_TEXT);
  return v.null || !v.s ? "" : v.s;
}

const void *stmt_bytes(const Stmt *st, size_t column, size_t *n) {
  Value v = stmt_value(st, column, VALUE_BYTES);
  *n = v.null ? 0 : v.n;
  return v.null || !v.s ? "" : v.s;
}

bool tx_exec(Tx *tx, const char *sql, const Value *binds, size_t count, int64_t *changed, Error *e) {
  int64_t n = 0;
  if (!usable(tx, e)) return false;
  if (!tx->store->engine->exec_many(tx, sql, binds, count, 1, &n, e)) return poison(tx, e);
  if (changed) *changed = n;
  return true;
}

bool tx_exec_many(Tx *tx, const char *sql, const Value *binds, size_t width, size_t rows, Error *e) {
  int64_t n = 0;
  if (!usable(tx, e)) return false;
  return !rows || tx->store->engine->exec_many(tx, sql, binds, width, rows, &n, e) || poison(tx, e);
}

bool tx_int(Tx *tx, const char *sql, const Value *binds, size_t count, int64_t *out, bool *found, Error *e) {
  STMT_SCOPE st = stmt_open(tx, sql, binds, count, e);
  if (!st) return false;
  Step step = stmt_step(st, e);
  if (step == STEP_FAILED) return false;
  bool value = step == STEP_ROW && !stmt_null(st, 0);
  *out = value ? stmt_int(st, 0) : 0;
  if (found) *found = value;
  return true;
}

/* ---- tables ---- */

static const char *mapped_word(const Engine *engine, const char *word, size_t n) {
  const struct {
    const char *name, *text;
  } words[] = {{"int", engine->word_int},
               {"text", engine->word_text},
               {"bytes", engine->word_bytes},
               {"strict", engine->word_strict}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strlen(words[i].name) == n && memcmp(words[i].name, word, n) == 0) return words[i].text;
  return NULL;
}

bool store_ddl(Tx *tx, const char *ddl, Error *e) {
  if (!usable(tx, e)) return false;
  TEXT_SCOPE sql = text_new(TEXT_CEILING);
  const Engine *engine = tx->store->engine;
  for (const char *s = ddl; *s;) {
    size_t n = strcspn(s, "{");
    text_add_n(&sql, s, n);
    s += n;
    if (!*s) break;
    size_t length = strcspn(s, "}");
    const char *word = s[length] ? mapped_word(engine, s + 1, length - 1) : NULL;
    if (!word) {
      bug(e, "unknown {word} in DDL");
      return poison(tx, e);
    }
    text_add(&sql, word);
    s += length + 1;
  }
  if (sql.full) {
    bug(e, "DDL too long");
    return poison(tx, e);
  }
  bool done = engine->run(tx, text_get(&sql), e) && (!engine->shaped || engine->shaped(tx, e));
  return done || poison(tx, e);
}

bool store_columns(Tx *tx, Arena *a, const char *table, StoreColumn **out, size_t *count, Error *e) {
  if (!usable(tx, e)) return false;
  *out = NULL;
  *count = 0;
  return tx->store->engine->columns(tx, a, table, out, count, e) || poison(tx, e);
}

static bool sync_path(const char *path, int flags) {
  int fd = open(path, flags | O_CLOEXEC);
  bool ok = fd >= 0 && fsync(fd) == 0;
  if (fd >= 0) close(fd);
  return ok;
}

/* The name appears only when all of it is on the disk. */
static bool publish(const char *part, const char *path, Error *e) {
  TEXT_SCOPE folder = text_new(PATH_MAX);
  const char *slash = strrchr(path, '/');
  text_add_n(&folder, slash ? path : ".", slash > path ? (size_t)(slash - path) : 1);
  if (sync_path(part, O_RDONLY) && link(part, path) == 0 && unlink(part) == 0 &&
      sync_path(text_get(&folder), O_RDONLY | O_DIRECTORY))
    return true;
  if (errno == EEXIST) return fail(e, ERROR_CONFLICT, "%s已经存在，没有覆盖：请换一个文件名。", path);
  return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "备份写不到%s：请检查磁盘和权限。", path);
}

static void remove_parts(const char *part) {
  static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
  char name[PATH_MAX + 16];
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    snprintf(name, sizeof name, "%s%s", part, ends[i]);
    unlink(name);
  }
}

/* What was added must stand in the file itself: closing brings it there from the log beside it. */
static bool add_more(const char *part, bool (*more)(Store *copy, void *context, Error *e), void *context, Error *e) {
  char log[PATH_MAX + 16];
  struct stat info;
  Store *copy = store_open(part, false, e);
  bool ok = copy && more(copy, context, e);
  store_close(copy);
  snprintf(log, sizeof log, "%s-wal", part);
  return ok && (lstat(log, &info) || !info.st_size ||
                fail_because(e, ERROR_UNAVAILABLE, "log not taken over", "备份没有写完：请检查磁盘空间，再试一次。"));
}

bool store_backup(Store *s, const char *path, Error *e) { return store_backup_with(s, path, NULL, NULL, e); }

bool store_backup_with(Store *s, const char *path, bool (*more)(Store *copy, void *context, Error *e), void *context, Error *e) {
  char part[PATH_MAX];
  struct stat info;
  if (s->tx.open) return bug(e, "backup inside a transaction");
  if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part)
    return fail(e, ERROR_LIMIT, "备份文件名太长：请换一个短些的。");
  if (lstat(path, &info) == 0) return fail(e, ERROR_CONFLICT, "%s已经存在，没有覆盖：请换一个文件名。", path);
  remove_parts(part); /* of a backup that was cut off */
  int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "备份写不到%s：请检查目录和权限。", path);
  close(fd);
  bool ok = s->engine->backup(s, part, e) && (!more || add_more(part, more, context, e)) && publish(part, path, e);
  remove_parts(part);
  return ok;
}

bool store_compact(Store *s, Error *e) {
  if (s->tx.open) return bug(e, "compact inside a transaction");
  return !s->engine->compact || s->engine->compact(s, e);
}

void store_cleanup(Store **s) { store_close(*s); }
void tx_cleanup(Tx **tx) { tx_rollback(*tx); }
void stmt_cleanup(Stmt **st) { stmt_close(*st); }
