/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Connecting, marking and copying out of PostgreSQL. The order of text and what counts as a letter
 * must be those of SQLite, so a database that is not UTF-8 with collation C is refused. A schema
 * that holds others' tables is never taken over. */
#include "store/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OLDEST_SERVER = 150000, COPY_ROWS = 500 };

/* ---- connecting ---- */

bool postgres_greet(PostgresStore *s, Error *e) {
  static const char sql[] = "SET synchronous_commit = on; SET lock_timeout = '5s'; SET jit = off;"
                            " SET cursor_tuple_fraction = 1; SET client_min_messages = error;"
                            " SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0";
  RESULT_SCOPE result = libpq()->exec(s->conn, sql);
  return libpq()->resultStatus(result) == PGRES_COMMAND_OK || postgres_fail(s, result, sql, e);
}

static bool connect_fail(PostgresStore *s, Error *e) {
  const char *why = libpq()->errorMessage(s->conn);
  if (strstr(why, "database \"") && strstr(why, "does not exist"))
    return fail_because(e, ERROR_MISSING, why,
                        "%s不存在：请用 createdb -T template0 -E UTF8 -l C 新建，或检查站点配置的 store 一项。",
                        s->place);
  if (strstr(why, "authentication failed") || strstr(why, "no password") || strstr(why, "pg_hba") ||
      strstr(why, "role \""))
    return fail_because(e, ERROR_FORBIDDEN, why, "%s不接受这个账号或口令：请检查站点配置的 store 一项。", s->place);
  return fail_because(e, ERROR_UNAVAILABLE, why, "连不上%s：请检查数据库服务是否在运行、地址是否正确。", s->place);
}

static void silent(void *self, const PGresult *result) { (void)self, (void)result; }

static bool connect_to(PostgresStore *s, const char *url, Error *e) {
  char *why = NULL;
  PQconninfoOption *parsed = libpq()->conninfoParse(url, &why);
  if (!parsed) {
    fail_because(e, ERROR_INVALID, why ? why : "",
                 "数据库地址写错了：应形如 postgresql://用户@主机/数据库，请检查站点配置的 store 一项。");
    libpq()->freemem(why);
    return false;
  }
  libpq()->conninfoFree(parsed);
  const char *const keys[] = {"client_encoding",  "application_name", "connect_timeout",
                              "tcp_user_timeout", "dbname",           NULL};
  const char *const values[] = {"UTF8", "luoshi", "10", "20000", url, NULL};
  s->conn = libpq()->connectdbParams(keys, values, 1);
  if (!s->conn) abort();
  snprintf(s->place, sizeof s->place, "PostgreSQL 数据库%.60s（%.80s）",
           libpq()->db(s->conn) ? libpq()->db(s->conn) : "", libpq()->host(s->conn) ? libpq()->host(s->conn) : "");
  if (libpq()->status(s->conn) != CONNECTION_OK) return connect_fail(s, e);
  libpq()->setNoticeReceiver(s->conn, silent, NULL);
  if (libpq()->serverVersion(s->conn) < OLDEST_SERVER)
    return fail(e, ERROR_INVALID, "%s的版本太旧：请升级到 PostgreSQL 15 以上。", s->place);
  return postgres_greet(s, e);
}

/* ---- what lies there ---- */

static const char recognise_sql[] =
    "SELECT pg_encoding_to_char(d.encoding), d.datcollate, d.datlocprovider = 'c', n.nspname,"
    " to_regclass(quote_ident(n.nspname) || '.luoshi_store') IS NOT NULL,"
    " (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.objid = c.oid AND x.deptype = 'e'))"
    " FROM pg_database d LEFT JOIN pg_namespace n ON n.nspname = current_schema()"
    " WHERE d.datname = current_database()";

static bool is(const PGresult *result, int column, const char *text) {
  return strcmp(libpq()->getvalue(result, 0, column), text) == 0;
}

static bool recognise(PostgresStore *s, bool create, bool *fresh, Error *e) {
  RESULT_SCOPE result = libpq()->exec(s->conn, recognise_sql);
  if (libpq()->resultStatus(result) != PGRES_TUPLES_OK) return postgres_fail(s, result, "recognise", e);
  if (!is(result, 0, "UTF8"))
    return fail(e, ERROR_BROKEN, "%s的编码是%s，不是 UTF8：请用 createdb -T template0 -E UTF8 -l C 另建一个。",
                s->place, libpq()->getvalue(result, 0, 0));
  if (!is(result, 2, "t") || (!is(result, 1, "C") && !is(result, 1, "POSIX")))
    return fail(e, ERROR_BROKEN, "%s的排序规则是%s，不是 C：请用 createdb -T template0 -E UTF8 -l C 另建一个。",
                s->place, libpq()->getvalue(result, 0, 1));
  if (libpq()->getisnull(result, 0, 3))
    return fail(e, ERROR_MISSING, "%s里没有可用的模式（schema）：请检查 search_path 和账号的授权。", s->place);
  bool marked = is(result, 4, "t"), empty = is(result, 5, "0");
  *fresh = create && !marked && empty;
  if (marked || *fresh) return true;
  return fail(e, ERROR_BROKEN,
              empty ? "%s是空的，还不是落实的数据库：请用 luoshi init 新建，或从备份恢复。"
                    : "%s里是别的程序的表，不是落实的数据库：请换一个空的数据库。",
              s->place);
}

static bool check_format(PostgresStore *s, Error *e) {
  RESULT_SCOPE result = libpq()->exec(s->conn, "SELECT max(format) FROM luoshi_store");
  if (libpq()->resultStatus(result) != PGRES_TUPLES_OK) return postgres_fail(s, result, "format", e);
  int format = (int)strtol(libpq()->getvalue(result, 0, 0), NULL, 10);
  return format <= STORE_FORMAT || fail(e, ERROR_BROKEN, "%s由更新版本的落实写成（格式%d，本程序认得%d）：请升级程序。",
                                        s->place, format, (int)STORE_FORMAT);
}

static bool mark_fresh(PostgresStore *s, Error *e) {
  char sql[256];
  snprintf(sql, sizeof sql,
           "BEGIN; CREATE TABLE luoshi_store (mark BIGINT PRIMARY KEY, format BIGINT NOT NULL);"
           " INSERT INTO luoshi_store VALUES (1, %d); COMMIT",
           STORE_FORMAT);
  RESULT_SCOPE result = libpq()->exec(s->conn, sql);
  if (libpq()->resultStatus(result) == PGRES_COMMAND_OK) return true;
  postgres_fail(s, result, sql, e);
  libpq()->clear(libpq()->exec(s->conn, "ROLLBACK"));
  return false;
}

Store *postgres_open(const char *url, bool create, Error *e) {
  if (!libpq_load(e)) return NULL;
  PostgresStore *s = calloc(1, sizeof *s);
  if (!s) abort();
  s->base.engine = &postgres_engine;
  snprintf(s->place, sizeof s->place, "PostgreSQL 数据库");
  bool fresh = false;
  if (connect_to(s, url, e) && recognise(s, create, &fresh, e) && (fresh ? mark_fresh(s, e) : check_format(s, e)))
    return &s->base;
  postgres_close(&s->base);
  return NULL;
}

void postgres_close(Store *base) {
  PostgresStore *s = (PostgresStore *)base;
  postgres_forget(s);
  libpq()->finish(s->conn);
  free(s);
}

/* ---- backup: every table, with its key and indexes, into a SQLite store ---- */

static const char tables_sql[] =
    "SELECT c.relname::text, coalesce((SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM pg_index i"
    " CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(at, n)"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.at WHERE i.indrelid = c.oid AND i.indisprimary), '')"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
    " AND c.relname <> 'luoshi_store'"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.objid = c.oid AND x.deptype = 'e')"
    " ORDER BY c.relname";

/* Column names and a predicate without its casts are the same text in both dialects. */
static const char indexes_sql[] =
    "SELECT 'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX ' || quote_ident(x.relname) || ' ON ' ||"
    " quote_ident(c.relname) || ' (' || (SELECT string_agg(pg_get_indexdef(i.indexrelid, k.n::int, true), ', ' ORDER BY k.n)"
    " FROM unnest(i.indkey) WITH ORDINALITY AS k(at, n)) || ')' ||"
    " coalesce(' WHERE ' || regexp_replace(pg_get_expr(i.indpred, i.indrelid), '::[a-z]+', '', 'g'), '')"
    " FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND NOT i.indisprimary AND NOT c.relispartition AND c.relname <> "
    "'luoshi_store'"
    " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
    " ORDER BY x.relname";

typedef struct TableCopy {
  const char *name, *key; /* key: column names, empty for none */
  StoreColumn *columns;
  size_t count;
} TableCopy;

static bool create_copy(Tx *to, const TableCopy *t, Error *e) {
  static const char *const words[] = {[VALUE_INT] = "{int}", [VALUE_TEXT] = "{text}", [VALUE_BYTES] = "{bytes}"};
  TEXT_SCOPE ddl = text_new(TEXT_CEILING);
  text_print(&ddl, "CREATE TABLE \"%s\" (", t->name);
  for (size_t i = 0; i < t->count; i++)
    text_print(&ddl, "%s\"%s\" %s%s", i ? ", " : "", t->columns[i].name, words[t->columns[i].kind],
               t->columns[i].not_null ? " NOT NULL" : "");
  if (*t->key)
    text_print(&ddl, ", PRIMARY KEY (%s)) {strict}", t->key);
  else
    text_add(&ddl, ")");
  return store_ddl(to, text_get(&ddl), e);
}

static void copy_statements(const TableCopy *t, Text *select, Text *insert) {
  text_add(select, "SELECT ");
  text_print(insert, "INSERT INTO \"%s\" VALUES (", t->name);
  for (size_t i = 0; i < t->count; i++) {
    text_print(select, "%s\"%s\"", i ? ", " : "", t->columns[i].name);
    text_print(insert, "%s$%zu", i ? ", " : "", i + 1);
  }
  text_print(select, " FROM \"%s\"", t->name);
  if (*t->key) text_print(select, " ORDER BY %s", t->key);
  text_add(insert, ")");
}

static bool copy_rows(Tx *from, Tx *to, const TableCopy *t, Error *e) {
  TEXT_SCOPE select = text_new(TEXT_CEILING), insert = text_new(TEXT_CEILING);
  copy_statements(t, &select, &insert);
  ARENA_SCOPE batch = arena_new();
  Value *values = NEW_ARRAY(batch, Value, COPY_ROWS * t->count);
  ArenaMark start = arena_mark(batch);
  STMT_SCOPE st = stmt_stream(from, text_get(&select), NULL, 0, e);
  size_t rows = 0;
  Step got = st ? STEP_ROW : STEP_FAILED;
  while (got == STEP_ROW) {
    got = stmt_step(st, e);
    for (size_t i = 0; got == STEP_ROW && i < t->count; i++)
      values[rows * t->count + i] = value_copy(batch, stmt_value(st, i, t->columns[i].kind));
    rows += got == STEP_ROW;
    if (rows == COPY_ROWS || (got == STEP_DONE && rows)) {
      if (!tx_exec_many(to, text_get(&insert), values, t->count, rows, e)) return false;
      rows = 0;
      arena_back(batch, start);
    }
  }
  return got == STEP_DONE;
}

static bool copy_tables(Tx *from, Tx *to, Error *e) {
  ARENA_SCOPE a = arena_new();
  TableCopy *tables = NULL;
  size_t count = 0, room = 0;
  STMT_SCOPE list = stmt_open(from, tables_sql, NULL, 0, e);
  Step got = list ? STEP_ROW : STEP_FAILED;
  while (list && (got = stmt_step(list, e)) == STEP_ROW) {
    TableCopy *t = PUSH(a, tables, count, room);
    t->name = arena_copy(a, stmt_text(list, 0));
    t->key = arena_copy(a, stmt_text(list, 1));
  }
  if (got != STEP_DONE) return false;
  for (size_t i = 0; i < count; i++) {
    TableCopy *t = &tables[i];
    if (!store_columns(from, a, t->name, &t->columns, &t->count, e) || !create_copy(to, t, e) ||
        !copy_rows(from, to, t, e))
      return false;
  }
  STMT_SCOPE indexes = stmt_open(from, indexes_sql, NULL, 0, e);
  got = indexes ? STEP_ROW : STEP_FAILED;
  while (indexes && (got = stmt_step(indexes, e)) == STEP_ROW)
    if (!store_ddl(to, stmt_text(indexes, 0), e)) return false;
  return got == STEP_DONE;
}

bool postgres_backup(Store *s, const char *path, Error *e) {
  STORE_SCOPE copy = store_open(path, true, e);
  if (!copy) return false;
  TX_SCOPE from = tx_begin(s, TX_READ, 0, e);
  TX_SCOPE to = from ? tx_begin(copy, TX_WRITE, 0, e) : NULL;
  return to && copy_tables(from, to, e) && tx_commit(to, e);
}
