/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The server engine. Parameters go with their types and in binary, so that nothing is guessed.
 * A write transaction is READ COMMITTED behind the area's head row: operations of an area are
 * serial, and none fails for serialisation. A connection that breaks kills its Tx; the next
 * tx_begin connects again. Broken in COMMIT, the outcome is unknown, and said to be so. */
#include "store/postgres.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FETCH_ROWS = 1000, PIPELINE_ROWS = 256, PIPELINE_BYTES = 1024 * 1024 };
enum {
  OID_BOOL = 16,
  OID_BYTEA = 17,
  OID_CHAR = 18,
  OID_NAME = 19,
  OID_INT8 = 20,
  OID_INT2 = 21,
  OID_INT4 = 23,
  OID_TEXT = 25,
  OID_UNKNOWN = 705,
  OID_BPCHAR = 1042,
  OID_VARCHAR = 1043
};

typedef struct PostgresStmt {
  Stmt base;
  PGresult *result;
  int row;
  char cursor[24]; /* empty: `result` is all there is */
} PostgresStmt;

static PostgresStore *store_of(const Tx *tx) { return (PostgresStore *)tx->store; }

void postgres_result_free(PGresult **result) { libpq()->clear(*result); }

/* ---- errors ---- */

static bool in(const char *state, const char *prefix) { return strncmp(state, prefix, strlen(prefix)) == 0; }

static bool lost(const PostgresStore *s, const PGresult *result) {
  if (libpq()->status(s->conn) != CONNECTION_OK) return true;
  const char *severity = libpq()->resultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

static bool state_fail(const PostgresStore *s, const char *state, const char *cause, Error *e) {
  if (strcmp(state, "23505") == 0)
    return fail_because(e, ERROR_CONFLICT, cause, "已有一条同样的记录，这次没有保存；请刷新后核对再试。");
  if (in(state, "23"))
    return fail_because(e, ERROR_BUG, cause, "程序内部错误：要写入的数据不合表的约束，请把日志交给开发人员。");
  if (s->base.again) return fail_because(e, ERROR_UNAVAILABLE, cause, "%s正忙，请稍后再试。", s->place);
  if (strcmp(state, "53100") == 0 || in(state, "58"))
    return fail_because(e, ERROR_UNAVAILABLE, cause,
                        "%s所在的磁盘已满或有故障，这次没有保存：请清理或检查后再试，不必重启。", s->place);
  if (in(state, "53"))
    return fail_because(e, ERROR_UNAVAILABLE, cause, "%s资源不足（内存或连接数），请稍后再试。", s->place);
  if (strcmp(state, "22021") == 0 || strcmp(state, "22P05") == 0)
    return fail_because(e, ERROR_INVALID, cause, "文字里有不合 UTF-8 的字节，请换一种编码再试。");
  if (strcmp(state, "25006") == 0)
    return fail_because(e, ERROR_BUG, cause, "程序内部错误：只读的一步里不能写入，请把日志交给开发人员。");
  if (in(state, "28") || strcmp(state, "42501") == 0)
    return fail_because(e, ERROR_FORBIDDEN, cause, "账号没有权限使用%s：请检查站点配置的 store 一项和数据库授权。",
                        s->place);
  if (in(state, "54")) return fail_because(e, ERROR_LIMIT, cause, "内容太大，数据库存不下，请拆分后再试。");
  if (strcmp(state, "42P01") == 0 || strcmp(state, "42703") == 0) /* the catalogue declares it: it was taken away */
    return fail_because(e, ERROR_BROKEN, cause, "%s里缺表或缺列，请运行 luoshi audit 查明是哪一张。", s->place);
  if (in(state, "XX00") && state[4] != '0')
    return fail_because(e, ERROR_BROKEN, cause, "%s的数据已损坏，请停止写入并从备份恢复。", s->place);
  return fail_because(e, ERROR_BUG, cause, "程序内部错误：数据库拒绝执行语句，请把日志交给开发人员。");
}

bool postgres_fail(PostgresStore *s, const PGresult *result, const char *doing, Error *e) {
  const char *state = libpq()->resultErrorField(result, PG_DIAG_SQLSTATE);
  const char *message = libpq()->resultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  char cause[sizeof e->cause];
  if (!message) message = libpq()->errorMessage(s->conn);
  snprintf(cause, sizeof cause, "postgresql %s: %s: %s", state ? state : "-", message, doing);
  s->base.again = false;
  if (lost(s, result))
    return fail_because(e, ERROR_UNAVAILABLE, cause, "与%s的连接断了，这次没有保存：请检查数据库服务后再试，不必重启。",
                        s->place);
  if (!state) return fail_because(e, ERROR_BUG, cause, "程序内部错误：数据库没有执行语句，请把日志交给开发人员。");
  bool stale = strcmp(state, "0A000") == 0 && strstr(message, "cached plan"); /* another session changed a table */
  s->plans_stale |= stale;
  s->base.again = stale || in(state, "40") || strcmp(state, "55P03") == 0;
  return state_fail(s, state, cause, e);
}

static bool good(const PGresult *result) {
  ExecStatusType status = libpq()->resultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static bool tx_fail(Tx *tx, const PGresult *result, const char *doing, Error *e) {
  if (lost(store_of(tx), result)) tx->dead = true;
  return postgres_fail(store_of(tx), result, doing, e);
}

/* ---- transactions ---- */

static bool simple(PostgresStore *s, const char *sql, Error *e) {
  RESULT_SCOPE result = libpq()->exec(s->conn, sql);
  return good(result) || postgres_fail(s, result, sql, e);
}

/* Whether the journal's tables are there yet: the first transactions of a new store make them. */
static bool find_head(PostgresStore *s, Error *e) {
  RESULT_SCOPE result = libpq()->exec(s->conn, "SELECT to_regclass('head')::text");
  if (!good(result)) return postgres_fail(s, result, "to_regclass", e);
  s->head_known = libpq()->ntuples(result) == 1 && !libpq()->getisnull(result, 0, 0);
  return true;
}

static bool begin_once(Tx *tx, Error *e) {
  PostgresStore *s = store_of(tx);
  char lock[128];
  if (tx->kind == TX_READ) /* BEGIN alone takes no snapshot; the read does */
    return simple(s, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1", e);
  if (!simple(s, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", e)) return false;
  if (!s->head_known && !find_head(s, e)) return false;
  if (!s->head_known) return true;
  snprintf(lock, sizeof lock, "SELECT seq FROM head WHERE area_id = %" PRId64 " FOR UPDATE", tx->area);
  return simple(s, lock, e);
}

static void rollback(Tx *tx) {
  PostgresStore *s = store_of(tx);
  if (libpq()->status(s->conn) == CONNECTION_OK) libpq()->clear(libpq()->exec(s->conn, "ROLLBACK"));
}

static bool reconnect(PostgresStore *s, Error *e) {
  libpq()->reset(s->conn);
  postgres_forget(s);
  if (libpq()->status(s->conn) == CONNECTION_OK) return postgres_greet(s, e);
  return fail_because(e, ERROR_UNAVAILABLE, libpq()->errorMessage(s->conn),
                      "连不上%s：请检查数据库服务和网络后再试，不必重启。", s->place);
}

/* Twice, if the first time shows that the connection went stale while idle, or that the head table has gone. */
static bool begin(Tx *tx, Error *e) {
  PostgresStore *s = store_of(tx);
  if (s->plans_stale && libpq()->status(s->conn) == CONNECTION_OK) {
    libpq()->clear(libpq()->exec(s->conn, "DEALLOCATE ALL"));
    postgres_forget(s);
  }
  for (int again = 0;; again++) {
    if (libpq()->status(s->conn) != CONNECTION_OK && !reconnect(s, e)) return false;
    bool known = s->head_known;
    if (begin_once(tx, e)) return true;
    bool alive = libpq()->status(s->conn) == CONNECTION_OK;
    rollback(tx);
    if (again || (alive && (s->base.again || !known))) return false;
    s->head_known = false;
  }
}

static bool commit(Tx *tx, Error *e) {
  PostgresStore *s = store_of(tx);
  RESULT_SCOPE result = libpq()->exec(s->conn, "COMMIT");
  if (good(result) && strcmp(libpq()->cmdStatus(result), "COMMIT") == 0) return true;
  bool unknown = lost(s, result) && tx->kind == TX_WRITE;
  postgres_fail(s, result, "COMMIT", e);
  if (unknown)
    fail_because(e, ERROR_UNKNOWN, e->cause, "提交时与%s的连接断了，不能确定是否已保存：请原样再提交一次，不会重复。",
                 s->place);
  else
    rollback(tx);
  return false;
}

static bool run(Tx *tx, const char *sql, Error *e) {
  RESULT_SCOPE result = libpq()->exec(store_of(tx)->conn, sql);
  return good(result) || libpq()->resultStatus(result) == PGRES_EMPTY_QUERY || tx_fail(tx, result, sql, e);
}

/* ---- parameters ---- */

typedef struct Params {
  Oid *types;
  const char **at;
  int *lengths, *formats;
  int64_t *ints;
  size_t bytes; /* all of them together */
} Params;

static void params_free(Params *p) { free(p->at); }
#define PARAMS_SCOPE __attribute__((cleanup(params_free))) Params

/* One block for all arrays; the widest come first. */
static Params params_new(size_t count) {
  char *block = malloc((count + 1) * (sizeof(char *) + sizeof(int64_t) + sizeof(Oid) + 2 * sizeof(int)));
  if (!block) abort();
  Params p = {.at = (const char **)block};
  p.ints = (int64_t *)(p.at + count);
  p.types = (Oid *)(p.ints + count);
  p.lengths = (int *)(p.types + count);
  p.formats = p.lengths + count;
  return p;
}

static bool params_fill(Params *p, const Value *binds, size_t count, Error *e) {
  static const Oid types[] = {[VALUE_INT] = OID_INT8, [VALUE_TEXT] = OID_TEXT, [VALUE_BYTES] = OID_BYTEA};
  p->bytes = 0;
  for (size_t i = 0; i < count; i++) {
    const Value *v = &binds[i];
    if (!v->null && v->kind != VALUE_INT && v->n > INT32_MAX / 2)
      return fail(e, ERROR_LIMIT, "内容太大，数据库存不下，请拆分后再试。");
    p->types[i] = types[v->kind];
    p->formats[i] = 1;
    p->ints[i] = (int64_t)htobe64((uint64_t)v->i);
    p->at[i] = v->null ? NULL : v->kind == VALUE_INT ? (const char *)&p->ints[i] : v->s ? v->s : "";
    p->lengths[i] = v->null ? 0 : v->kind == VALUE_INT ? 8 : (int)v->n;
    p->bytes += (size_t)p->lengths[i] + 8;
  }
  return true;
}

/* ---- statements ---- */

static void deallocate(PostgresStore *s, char *name) {
  char sql[64];
  if (!name) return;
  snprintf(sql, sizeof sql, "DEALLOCATE %s", name);
  libpq()->clear(libpq()->exec(s->conn, sql));
  free(name);
}

void postgres_forget(PostgresStore *s) {
  cache_clear(&s->cache, free);
  s->head_known = s->plans_stale = false;
}

/* The name of `sql` prepared for these kinds of value. The kinds are part of the key. */
static const char *prepared(Tx *tx, const char *sql, const Value *binds, size_t count, const Params *p, Error *e) {
  PostgresStore *s = store_of(tx);
  TEXT_SCOPE key = text_new(TEXT_CEILING);
  for (size_t i = 0; i < count; i++) text_add_char(&key, "itb"[binds[i].kind]);
  text_add_char(&key, ' ');
  text_add(&key, sql);
  Cached *entry = cache_find(&s->cache, text_get(&key));
  if (entry) return entry->handle;
  if (!placeholders_fit(placeholders(sql, '$', NULL), count, sql, e)) return NULL;
  char name[24];
  snprintf(name, sizeof name, "s%" PRIu64, ++s->names);
  RESULT_SCOPE result = libpq()->prepare(s->conn, name, sql, (int)count, p->types);
  if (!good(result)) {
    tx_fail(tx, result, sql, e);
    return NULL;
  }
  void *evicted;
  entry = cache_add(&s->cache, text_get(&key), &evicted); /* none is ever busy: results are held, not handles */
  deallocate(s, evicted);
  entry->handle = strdup(name);
  if (!entry->handle) abort();
  return entry->handle;
}

static bool is_int(Oid type) { return type == OID_INT8 || type == OID_INT4 || type == OID_INT2 || type == OID_BOOL; }

static bool is_text(Oid type) {
  return type == OID_TEXT || type == OID_VARCHAR || type == OID_NAME || type == OID_BPCHAR || type == OID_UNKNOWN ||
         type == OID_CHAR;
}

/* Only the three kinds come out; SUM of a BIGINT is a NUMERIC here, and must be cast. */
static bool readable(const PGresult *result, const char *sql, Error *e) {
  for (int i = 0; i < libpq()->nfields(result); i++) {
    Oid type = libpq()->ftype(result, i);
    if (!is_int(type) && !is_text(type) && type != OID_BYTEA)
      return fail_because(e, ERROR_BUG, sql,
                          "程序内部错误：第%d列的类型（%u）不在共用写法里（docs/dialect.md），请把日志交给开发人员。",
                          i + 1, type);
  }
  return true;
}

static bool fetch(Tx *tx, PostgresStmt *st, Error *e) {
  char sql[64];
  snprintf(sql, sizeof sql, "FETCH %d FROM %s", FETCH_ROWS, st->cursor);
  libpq()->clear(st->result);
  st->row = -1;
  st->result = libpq()->execParams(store_of(tx)->conn, sql, 0, NULL, NULL, NULL, NULL, 1);
  return good(st->result) || tx_fail(tx, st->result, sql, e);
}

static bool open_cursor(Tx *tx, PostgresStmt *st, const char *sql, size_t count, const Params *p, Error *e) {
  PostgresStore *s = store_of(tx);
  TEXT_SCOPE declare = text_new(TEXT_CEILING);
  if (!placeholders_fit(placeholders(sql, '$', NULL), count, sql, e)) return false;
  snprintf(st->cursor, sizeof st->cursor, "c%" PRIu64, ++s->names);
  text_print(&declare, "DECLARE %s NO SCROLL CURSOR FOR %s", st->cursor, sql);
  RESULT_SCOPE result =
      libpq()->execParams(s->conn, text_get(&declare), (int)count, p->types, p->at, p->lengths, p->formats, 1);
  return (good(result) || tx_fail(tx, result, sql, e)) && fetch(tx, st, e);
}

static bool open_whole(Tx *tx, PostgresStmt *st, const char *sql, const Value *binds, size_t count, const Params *p,
                       Error *e) {
  const char *name = prepared(tx, sql, binds, count, p, e);
  if (!name) return false;
  st->row = -1;
  st->result = libpq()->execPrepared(store_of(tx)->conn, name, (int)count, p->at, p->lengths, p->formats, 1);
  return good(st->result) || tx_fail(tx, st->result, sql, e);
}

static void end_stmt(Stmt *base) {
  PostgresStmt *st = (PostgresStmt *)base;
  char sql[64];
  libpq()->clear(st->result);
  st->result = NULL;
  Tx *tx = base->tx;
  if (!st->cursor[0] || !tx || !tx->open || tx->poisoned) return; /* the end of the Tx closes it */
  snprintf(sql, sizeof sql, "CLOSE %s", st->cursor);
  libpq()->clear(libpq()->exec(store_of(tx)->conn, sql));
}

static bool open_stmt(Tx *tx, const char *sql, const Value *binds, size_t count, StmtMode mode, Stmt **out, Error *e) {
  PARAMS_SCOPE p = params_new(count);
  if (!params_fill(&p, binds, count, e)) return false;
  PostgresStmt *st = calloc(1, sizeof *st);
  if (!st) abort();
  bool ok = mode == STMT_STREAM ? open_cursor(tx, st, sql, count, &p, e) : open_whole(tx, st, sql, binds, count, &p, e);
  if (!ok || !readable(st->result, sql, e)) {
    libpq()->clear(st->result);
    free(st);
    return false;
  }
  st->base.columns = (size_t)libpq()->nfields(st->result);
  *out = &st->base;
  return true;
}

static Step step(Stmt *base, Error *e) {
  PostgresStmt *st = (PostgresStmt *)base;
  int rows = st->result ? libpq()->ntuples(st->result) : 0;
  if (st->row + 1 >= rows && st->cursor[0] && rows == FETCH_ROWS) {
    if (!fetch(base->tx, st, e)) return STEP_FAILED;
    rows = libpq()->ntuples(st->result);
  }
  if (st->row + 1 < rows) {
    st->row++;
    return STEP_ROW;
  }
  st->row = rows;
  return STEP_DONE;
}

static int64_t read_int(const char *at, int n) {
  uint64_t value = 0;
  for (int i = 0; i < n; i++) value = value << 8 | (unsigned char)at[i];
  if (n == 1) return (int64_t)value; /* bool */
  return n == 2 ? (int16_t)value : n == 4 ? (int32_t)value : (int64_t)value;
}

static Value cell(const Stmt *base, size_t column) {
  const PostgresStmt *st = (const PostgresStmt *)base;
  int i = (int)column;
  if (!st->result || st->row < 0 || st->row >= libpq()->ntuples(st->result) ||
      libpq()->getisnull(st->result, st->row, i))
    return value_null(VALUE_TEXT);
  const char *at = libpq()->getvalue(st->result, st->row, i);
  int n = libpq()->getlength(st->result, st->row, i);
  Oid type = libpq()->ftype(st->result, i);
  if (is_int(type)) return value_int(read_int(at, n));
  return (Value){.kind = type == OID_BYTEA ? VALUE_BYTES : VALUE_TEXT, .s = at, .n = (size_t)n};
}

/* Rows written; what a SELECT gave does not count. */
static int64_t changed_by(PGresult *result) {
  const char *tag = libpq()->cmdStatus(result);
  return in(tag, "SELECT") ? 0 : strtoll(libpq()->cmdTuples(result), NULL, 10);
}

/* Takes every result up to the sync, keeping the first failure. */
static bool drain(Tx *tx, const char *sql, int64_t *changed, Error *e) {
  PGconn *conn = store_of(tx)->conn;
  bool ok = true;
  for (int gaps = 0; gaps < 2;) { /* a NULL parts the results of two statements; two running are the end */
    RESULT_SCOPE result = libpq()->getResult(conn);
    gaps = result ? 0 : gaps + 1;
    if (!result) continue;
    if (libpq()->resultStatus(result) == PGRES_PIPELINE_SYNC) return ok;
    if (good(result))
      *changed += changed_by(result);
    else if (ok)
      ok = tx_fail(tx, result, sql, e);
  }
  return ok && tx_fail(tx, NULL, sql, e);
}

static bool pipeline(Tx *tx, const char *sql, const char *name, const Value *binds, size_t width, size_t rows,
                     int64_t *changed, Error *e) {
  PGconn *conn = store_of(tx)->conn;
  PARAMS_SCOPE p = params_new(width);
  bool ok = libpq()->enterPipelineMode(conn) || tx_fail(tx, NULL, sql, e);
  for (size_t row = 0; row < rows && ok;) {
    size_t bytes = 0;
    bool filled = true;
    for (size_t n = 0; row < rows && n < PIPELINE_ROWS && bytes < PIPELINE_BYTES && ok && filled; n++, row++) {
      filled = params_fill(&p, binds + row * width, width, e);
      ok = !filled || libpq()->sendQueryPrepared(conn, name, (int)width, p.at, p.lengths, p.formats, 1) ||
           tx_fail(tx, NULL, sql, e);
      bytes += p.bytes;
    }
    if (ok) ok = (libpq()->pipelineSync(conn) || tx_fail(tx, NULL, sql, e)) && drain(tx, sql, changed, e);
    ok = ok && filled;
  }
  libpq()->exitPipelineMode(conn); /* NOLINT(clang-analyzer-unix.Malloc): p is freed by its cleanup */
  return ok;
}

static bool exec_many(Tx *tx, const char *sql, const Value *binds, size_t width, size_t rows, int64_t *changed,
                      Error *e) {
  PARAMS_SCOPE p = params_new(width);
  if (!params_fill(&p, binds, width, e)) return false;
  const char *name = prepared(tx, sql, binds, width, &p, e);
  if (!name) return false;
  if (rows > 1) return pipeline(tx, sql, name, binds, width, rows, changed, e);
  RESULT_SCOPE result = libpq()->execPrepared(store_of(tx)->conn, name, (int)width, p.at, p.lengths, p.formats, 1);
  if (!good(result)) return tx_fail(tx, result, sql, e);
  *changed = changed_by(result);
  return true;
}

/* ---- tables ---- */

static bool columns(Tx *tx, Arena *a, const char *table, StoreColumn **out, size_t *count, Error *e) {
  static const char sql[] = "SELECT a.attname::text, format_type(a.atttypid, NULL), a.attnotnull FROM pg_attribute a"
                            " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                            " WHERE n.nspname = current_schema() AND c.relname = $1::text AND c.relkind IN ('r', 'p')"
                            " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
  size_t room = 0;
  STMT_SCOPE st = stmt_open(tx, sql, (Value[]){value_text(table)}, 1, e);
  Step got = st ? STEP_ROW : STEP_FAILED;
  while (st && (got = stmt_step(st, e)) == STEP_ROW) {
    const char *type = stmt_text(st, 1);
    StoreColumn *c = PUSH(a, *out, *count, room);
    c->name = arena_copy(a, stmt_text(st, 0));
    c->kind = strstr(type, "int") ? VALUE_INT : strcmp(type, "bytea") == 0 ? VALUE_BYTES : VALUE_TEXT;
    c->not_null = stmt_int(st, 2) != 0;
  }
  return got == STEP_DONE;
}

static const char *version(const Store *s) {
  const char *known = libpq()->parameterStatus(((const PostgresStore *)s)->conn, "server_version");
  return known ? known : "";
}

const Engine postgres_engine = {
    .name = "postgresql",
    .version = version,
    .word_int = "BIGINT",
    .word_text = "TEXT",
    .word_bytes = "BYTEA",
    .word_strict = "",
    .close = postgres_close,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .run = run,
    .open_stmt = open_stmt,
    .step = step,
    .end_stmt = end_stmt,
    .cell = cell,
    .exec_many = exec_many,
    .columns = columns,
    .backup = postgres_backup,
};
