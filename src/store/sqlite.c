/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The embedded engine. A write takes the lock when it begins, so that no statement within it can
 * find the database busy; a read takes its snapshot when it begins, as on PostgreSQL. When SQLite
 * itself rolls back (disk full, I/O error) the Tx is dead: its marks are gone too. */
#include "store/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

typedef struct SqliteStmt {
  Stmt base;
  sqlite3_stmt *handle; /* NULL when given back */
  Cached *entry;        /* NULL: not cached */
  bool first;           /* the row that opening found is still to be handed out */
} SqliteStmt;

static SqliteStore *store_of(const Tx *tx) { return (SqliteStore *)tx->store; }

/* ---- errors ---- */

static bool constraint_fail(int rc, const char *cause, Error *e) {
  if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID)
    return fail_because(e, ERROR_CONFLICT, cause, "已有一条同样的记录，这次没有保存；请刷新后核对再试。");
  return fail_because(e, ERROR_BUG, cause, "程序内部错误：要写入的数据不合表的约束，请把日志交给开发人员。");
}

static bool io_fail(const SqliteStore *s, int rc, const char *cause, Error *e) {
  if ((rc & 0xff) == SQLITE_FULL)
    return fail_because(e, ERROR_UNAVAILABLE, cause, "磁盘已满，这次没有保存：请清理%s所在磁盘后再试，不必重启。",
                        s->path);
  return fail_because(e, ERROR_UNAVAILABLE, cause,
                      "读写%s出错，这次没有保存：磁盘可能已满或有故障，请检查后再试，不必重启。", s->path);
}

/* Statements are written against the tables that the catalogue declares: one that is not there was taken away. */
static bool shape_fail(const SqliteStore *s, const char *cause, Error *e) {
  if (strstr(cause, ": no such table: ") || strstr(cause, ": no such column: "))
    return fail_because(e, ERROR_BROKEN, cause, "数据库%s里缺表或缺列，请运行 luoshi audit 查明是哪一张。", s->path);
  return fail_because(e, ERROR_BUG, cause, "程序内部错误：数据库拒绝执行语句，请把日志交给开发人员。");
}

bool sqlite_fail(SqliteStore *s, int rc, const char *doing, Error *e) {
  char cause[sizeof e->cause];
  snprintf(cause, sizeof cause, "sqlite %d: %s: %s", rc, s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc),
           doing ? doing : "");
  int plain = rc & 0xff;
  s->base.again = plain == SQLITE_BUSY || plain == SQLITE_LOCKED;
  switch (plain) {
  case SQLITE_CONSTRAINT: return constraint_fail(rc, cause, e);
  case SQLITE_FULL:
  case SQLITE_IOERR: return io_fail(s, rc, cause, e);
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return fail_because(e, ERROR_UNAVAILABLE, cause, "数据库%s正被另一个程序占用，请稍后再试。", s->path);
  case SQLITE_READONLY:
    return fail_because(e, ERROR_UNAVAILABLE, cause,
                        "数据库%s只读，无法写入：请检查文件和目录的权限，或磁盘是否只读挂载。", s->path);
  case SQLITE_CANTOPEN:
    return fail_because(e, ERROR_UNAVAILABLE, cause, "打不开数据库%s：请检查路径、权限和磁盘。", s->path);
  case SQLITE_PERM:
    return fail_because(e, ERROR_FORBIDDEN, cause, "没有权限读写数据库%s：请检查文件和目录的权限。", s->path);
  case SQLITE_NOTADB:
    return fail_because(e, ERROR_BROKEN, cause, "%s不是数据库文件，请检查站点配置的 store 一项。", s->path);
  case SQLITE_CORRUPT:
    return fail_because(e, ERROR_BROKEN, cause, "数据库%s已损坏，请停止写入并用 luoshi restore 从备份恢复。", s->path);
  case SQLITE_NOMEM: return fail_because(e, ERROR_UNAVAILABLE, cause, "内存不足，请关闭其他程序后再试。");
  case SQLITE_TOOBIG: return fail_because(e, ERROR_LIMIT, cause, "内容太大，数据库存不下，请拆分后再试。");
  case SQLITE_AUTH:
    return fail_because(e, ERROR_BUG, cause,
                        "程序内部错误：语句超出两种数据库共用的写法（docs/dialect.md），请把日志交给开发人员。");
  default: return shape_fail(s, cause, e);
  }
}

static bool tx_fail(Tx *tx, int rc, const char *sql, Error *e) {
  sqlite_fail(store_of(tx), rc, sql, e);
  if (sqlite3_get_autocommit(store_of(tx)->db)) tx->dead = true;
  return false;
}

/* ---- transactions ---- */

static bool begin(Tx *tx, Error *e) {
  SqliteStore *s = store_of(tx);
  /* BEGIN alone takes no snapshot; the read does. */
  const char *sql = tx->kind == TX_WRITE ? "BEGIN IMMEDIATE" : "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1";
  int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
  if (rc == SQLITE_OK) return true;
  sqlite_fail(s, rc, sql, e);
  if (!sqlite3_get_autocommit(s->db)) sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
  return false;
}

static void rollback(Tx *tx) {
  SqliteStore *s = store_of(tx);
  if (!sqlite3_get_autocommit(s->db)) sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

static bool commit(Tx *tx, Error *e) {
  SqliteStore *s = store_of(tx);
  int rc = sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
  if (rc == SQLITE_OK) return true;
  sqlite_fail(s, rc, "COMMIT", e);
  /* The frames were written and may yet reach the disk: a crash now could bring them back. */
  if (rc == SQLITE_IOERR_FSYNC && tx->kind == TX_WRITE)
    fail_because(e, ERROR_UNKNOWN, e->cause,
                 "写入%s时磁盘出错，不能确定是否已保存：请检查磁盘后原样再提交一次，不会重复。", s->path);
  rollback(tx);
  return false;
}

static bool run(Tx *tx, const char *sql, Error *e) {
  SqliteStore *s = store_of(tx);
  s->shaping = true;
  int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
  s->shaping = false;
  return rc == SQLITE_OK || tx_fail(tx, rc, sql, e);
}

/* ---- statements ---- */

static sqlite3_stmt *prepare(Tx *tx, const char *sql, int *highest, Error *e) {
  SqliteStore *s = store_of(tx);
  TEXT_SCOPE numbered = text_new(TEXT_CEILING);
  *highest = placeholders(sql, '?', &numbered);
  sqlite3_stmt *handle = NULL;
  const char *rest = NULL;
  if (*highest < 0 || numbered.full) {
    placeholders_fit(-1, 0, sql, e);
    return NULL;
  }
  int rc = sqlite3_prepare_v3(s->db, text_get(&numbered), (int)numbered.length + 1, SQLITE_PREPARE_PERSISTENT, &handle,
                              &rest);
  if (rc != SQLITE_OK) {
    tx_fail(tx, rc, sql, e);
    return NULL;
  }
  bool single = handle && !rest[strspn(rest, " \t\r\n;")];
  if (single && (tx->kind == TX_WRITE || sqlite3_stmt_readonly(handle))) return handle;
  fail_because(e, ERROR_BUG, sql,
               single ? "程序内部错误：只读的一步里不能写入，请把日志交给开发人员。"
                      : "程序内部错误：一次只能执行一条语句，请把日志交给开发人员。");
  sqlite3_finalize(handle);
  return NULL;
}

/* A handle of its own for as long as it is used; `*entry` is NULL when the cache had no room. */
static sqlite3_stmt *take(Tx *tx, const char *sql, size_t count, Cached **entry, Error *e) {
  SqliteStore *s = store_of(tx);
  *entry = cache_find(&s->cache, sql);
  if (*entry) {
    sqlite3_stmt *known = (*entry)->handle;
    if (!placeholders_fit((*entry)->highest, count, sql, e)) return NULL;
    if (tx->kind == TX_READ && !sqlite3_stmt_readonly(known)) {
      fail_because(e, ERROR_BUG, sql, "程序内部错误：只读的一步里不能写入，请把日志交给开发人员。");
      return NULL;
    }
    (*entry)->busy = true;
    return known;
  }
  int highest;
  sqlite3_stmt *handle = prepare(tx, sql, &highest, e);
  if (!handle) return NULL;
  if (!placeholders_fit(highest, count, sql, e)) {
    sqlite3_finalize(handle);
    return NULL;
  }
  void *evicted;
  *entry = cache_add(&s->cache, sql, &evicted);
  sqlite3_finalize(evicted);
  if (*entry) {
    (*entry)->handle = handle;
    (*entry)->highest = highest;
    (*entry)->busy = true;
  }
  return handle;
}

static void give_back(sqlite3_stmt *handle, Cached *entry) {
  if (!entry) {
    sqlite3_finalize(handle);
    return;
  }
  sqlite3_reset(handle);
  sqlite3_clear_bindings(handle);
  entry->busy = false;
}

static bool bind(Tx *tx, sqlite3_stmt *handle, const Value *binds, size_t count, sqlite3_destructor_type life,
                 Error *e) {
  for (size_t i = 0; i < count; i++) {
    const Value *v = &binds[i];
    const char *at = v->s ? v->s : ""; /* a NULL pointer would bind a null */
    int n = (int)i + 1, rc;
    size_t bad;
    if (v->null)
      rc = sqlite3_bind_null(handle, n);
    else if (v->kind == VALUE_INT)
      rc = sqlite3_bind_int64(handle, n, v->i);
    else if (v->kind == VALUE_BYTES)
      rc = sqlite3_bind_blob64(handle, n, at, v->n, life);
    else if (!utf8_valid(at, v->n, &bad)) /* PostgreSQL refuses it too */
      return fail_because(e, ERROR_INVALID, sqlite3_sql(handle), "文字里有不合 UTF-8 的字节，请换一种编码再试。");
    else
      rc = sqlite3_bind_text64(handle, n, at, v->n, life, SQLITE_UTF8);
    if (rc != SQLITE_OK) return tx_fail(tx, rc, sqlite3_sql(handle), e);
  }
  return true;
}

static bool real_found(sqlite3_stmt *handle, Error *e) {
#ifdef LUOSHI_LINT
  for (int i = 0; i < sqlite3_data_count(handle); i++)
    if (sqlite3_column_type(handle, i) == SQLITE_FLOAT)
      return !fail_because(e, ERROR_BUG, sqlite3_sql(handle),
                           "程序内部错误：语句算出了小数（docs/dialect.md），请把日志交给开发人员。");
#else
  (void)handle, (void)e;
#endif
  return false;
}

static void end_stmt(Stmt *base) {
  SqliteStmt *st = (SqliteStmt *)base;
  if (st->handle) give_back(st->handle, st->entry);
  st->handle = NULL;
}

static Step advance(Tx *tx, SqliteStmt *st, Error *e) {
  int rc = sqlite3_step(st->handle);
  if (rc == SQLITE_ROW) return real_found(st->handle, e) ? STEP_FAILED : STEP_ROW;
  if (rc != SQLITE_DONE) tx_fail(tx, rc, sqlite3_sql(st->handle), e);
  end_stmt(&st->base);
  return rc == SQLITE_DONE ? STEP_DONE : STEP_FAILED;
}

static bool open_stmt(Tx *tx, const char *sql, const Value *binds, size_t count, StmtMode mode, Stmt **out, Error *e) {
  (void)mode; /* every statement streams */
  Cached *entry;
  sqlite3_stmt *handle = take(tx, sql, count, &entry, e);
  if (!handle) return false;
  if (!bind(tx, handle, binds, count, SQLITE_TRANSIENT, e)) {
    give_back(handle, entry);
    return false;
  }
  SqliteStmt *st = calloc(1, sizeof *st);
  if (!st) abort();
  *st = (SqliteStmt){.base.columns = (size_t)sqlite3_column_count(handle), .handle = handle, .entry = entry};
  Step step = advance(tx, st, e);
  st->first = step == STEP_ROW;
  if (step == STEP_FAILED) {
    end_stmt(&st->base);
    free(st);
    return false;
  }
  *out = &st->base;
  return true;
}

static Step step(Stmt *base, Error *e) {
  SqliteStmt *st = (SqliteStmt *)base;
  if (!st->handle) return STEP_DONE;
  if (!st->first) return advance(base->tx, st, e);
  st->first = false;
  return STEP_ROW;
}

static Value cell(const Stmt *base, size_t column) {
  const SqliteStmt *st = (const SqliteStmt *)base;
  int i = (int)column;
  if (!st->handle) return value_null(VALUE_TEXT);
  switch (sqlite3_column_type(st->handle, i)) {
  case SQLITE_INTEGER: return value_int(sqlite3_column_int64(st->handle, i));
  case SQLITE_TEXT: {
    const char *s = (const char *)sqlite3_column_text(st->handle, i);
    return (Value){.kind = VALUE_TEXT, .s = s, .n = (size_t)sqlite3_column_bytes(st->handle, i)};
  }
  case SQLITE_BLOB: {
    const void *bytes = sqlite3_column_blob(st->handle, i);
    return value_bytes(bytes ? bytes : "", (size_t)sqlite3_column_bytes(st->handle, i));
  }
  default: return value_null(VALUE_TEXT);
  }
}

static bool exec_many(Tx *tx, const char *sql, const Value *binds, size_t width, size_t rows, int64_t *changed,
                      Error *e) {
  SqliteStore *s = store_of(tx);
  Cached *entry;
  sqlite3_stmt *handle = take(tx, sql, width, &entry, e);
  if (!handle) return false;
  bool ok = true;
  int64_t before = sqlite3_total_changes64(s->db);
  for (size_t row = 0; row < rows && ok; row++) {
    ok = bind(tx, handle, binds + row * width, width, SQLITE_STATIC, e);
    int rc = SQLITE_ROW;
    while (ok && (rc = sqlite3_step(handle)) == SQLITE_ROW) {
    }
    if (ok && rc != SQLITE_DONE) ok = tx_fail(tx, rc, sql, e);
    sqlite3_reset(handle);
  }
  *changed = sqlite3_total_changes64(s->db) - before;
  give_back(handle, entry);
  return ok;
}

/* ---- tables ---- */

static bool columns(Tx *tx, Arena *a, const char *table, StoreColumn **out, size_t *count, Error *e) {
  SqliteStore *s = store_of(tx);
  static const char sql[] = "SELECT name, upper(type), \"notnull\" FROM pragma_table_info($1) ORDER BY cid";
  size_t room = 0;
  s->inside = true;
  STMT_SCOPE st = stmt_open(tx, sql, (Value[]){value_text(table)}, 1, e);
  Step got = st ? STEP_ROW : STEP_FAILED;
  while (st && (got = stmt_step(st, e)) == STEP_ROW) {
    const char *type = stmt_text(st, 1);
    StoreColumn *c = PUSH(a, *out, *count, room);
    c->name = arena_copy(a, stmt_text(st, 0));
    c->kind = strstr(type, "INT") ? VALUE_INT : strstr(type, "BLOB") ? VALUE_BYTES : VALUE_TEXT;
    c->not_null = stmt_int(st, 2) != 0;
  }
  s->inside = false;
  return got == STEP_DONE;
}

static const char *version(const Store *s) {
  (void)s;
  return sqlite3_libversion();
}

const Engine sqlite_engine = {
    .name = "sqlite",
    .version = version,
    .word_int = "INTEGER",
    .word_text = "TEXT",
    .word_bytes = "BLOB",
    .word_strict = "STRICT, WITHOUT ROWID",
    .close = sqlite_close,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .run = run,
    .shaped = sqlite_shaped,
    .open_stmt = open_stmt,
    .step = step,
    .end_stmt = end_stmt,
    .cell = cell,
    .exec_many = exec_many,
    .columns = columns,
    .backup = sqlite_backup,
    .compact = sqlite_compact,
};
