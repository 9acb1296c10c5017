/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Opening, marking, closing and copying a SQLite store. A file that is not ours is named for what
 * it is and never written to: every check comes before the first pragma that could write. */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef LUOSHI_LINT
#include "store/fault.h"
#endif

/* ---- what lies there ---- */

static bool stat_fail(const char *path, Error *e) {
  const char *why = strerror(errno);
  switch (errno) {
  case ENOENT:
    return fail_because(e, ERROR_MISSING, why, "数据库%s不存在：请检查站点目录，或用 luoshi init 新建。", path);
  case EACCES:
  case EPERM: return fail_because(e, ERROR_FORBIDDEN, why, "没有权限读取数据库%s：请检查文件和目录的权限。", path);
  default: return fail_because(e, ERROR_UNAVAILABLE, why, "打不开数据库%s：请检查路径和磁盘。", path);
  }
}

/* By name only: closing a descriptor of a database that another thread has open would drop that thread's locks. */
static bool examine(const char *path, bool create, Error *e) {
  struct stat info;
  if (stat(path, &info) != 0) {
    if (errno != ENOENT || !create) return stat_fail(path, e);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); /* SQLite gives its side files the same mode */
    if (fd >= 0) close(fd);
    return fd >= 0 || errno == EEXIST ||
           fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "无法新建数据库%s：请检查目录是否存在、是否可写。",
                        path);
  }
  if (!S_ISREG(info.st_mode))
    return fail(e, ERROR_BROKEN, "%s不是文件，不能作数据库：请检查站点配置的 store 一项。", path);
  if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0) return stat_fail(path, e);
  return info.st_size > 0 || create ||
         fail(e, ERROR_BROKEN, "%s是空文件，不是落实的数据库：请检查站点目录，或从备份恢复。", path);
}

static bool pragma(SqliteStore *s, const char *sql, int64_t *out, Error *e) {
  sqlite3_stmt *st = NULL;
  int rc = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_step(st);
  if (rc == SQLITE_ROW && out) *out = sqlite3_column_int64(st, 0);
  if (rc != SQLITE_ROW && rc != SQLITE_DONE) sqlite_fail(s, rc, sql, e);
  sqlite3_finalize(st);
  return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

/* Whether the mark is there, or may be put there. */
static bool recognise(SqliteStore *s, bool create, bool *fresh, Error *e) {
  int64_t mark = 0, things = 0, format = 0;
  if (!pragma(s, "PRAGMA application_id", &mark, e) || !pragma(s, "SELECT count(*) FROM sqlite_schema", &things, e) ||
      !pragma(s, "PRAGMA user_version", &format, e))
    return false;
  *fresh = create && mark == 0 && things == 0;
  if (*fresh) return true;
  if (mark != SQLITE_STORE_MARK)
    return fail(e, ERROR_BROKEN, "%s是别的程序的数据库，不是落实的：请检查站点配置的 store 一项。", s->path);
  if (format > STORE_FORMAT)
    return fail(e, ERROR_BROKEN, "%s由更新版本的落实写成（格式%d，本程序认得%d）：请升级程序。", s->path, (int)format,
                (int)STORE_FORMAT);
  return true;
}

static bool mark_fresh(SqliteStore *s, Error *e) {
  char sql[128];
  snprintf(sql, sizeof sql, "BEGIN IMMEDIATE; PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
           SQLITE_STORE_MARK, STORE_FORMAT);
  int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
  if (rc == SQLITE_OK) return true;
  sqlite_fail(s, rc, sql, e);
  if (!sqlite3_get_autocommit(s->db)) sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
  return false;
}

static void harden(sqlite3 *db) {
  static const struct {
    int option, value;
  } options[] = {
      {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_DQS_DDL, 0},     {SQLITE_DBCONFIG_DQS_DML, 0},
      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
  };
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    sqlite3_db_config(db, options[i].option, options[i].value, (int *)NULL);
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
}

/* PostgreSQL's strpos: the only way to look for a piece of text in the dialect. Counts characters from 1. */
static void strpos(sqlite3_context *c, int count, sqlite3_value **values) {
  (void)count;
  const char *text = (const char *)sqlite3_value_text(values[0]), *piece = (const char *)sqlite3_value_text(values[1]);
  if (!text || !piece) return; /* null */
  const char *at = strstr(text, piece);
  sqlite3_int64 n = at ? 1 : 0;
  for (; at && text < at; text++)
    if ((*text & 0xC0) != 0x80) n++;
  sqlite3_result_int64(c, n);
}

static bool set_wal(SqliteStore *s, Error *e) {
  int64_t wal = 0;
  if (!pragma(s, "PRAGMA journal_mode = WAL", NULL, e) ||
      !pragma(s, "SELECT journal_mode = 'wal' FROM pragma_journal_mode", &wal, e))
    return false;
  return wal ||
         fail(e, ERROR_UNAVAILABLE, "数据库%s所在的磁盘不支持 WAL（多为网络盘）：请把站点放到本机磁盘。", s->path);
}

static bool configure(SqliteStore *s, bool memory, bool create, Error *e) {
  sqlite3_extended_result_codes(s->db, 1);
  sqlite3_busy_timeout(s->db, SQLITE_PATIENCE_MS);
  harden(s->db);
  sqlite3_create_function(s->db, "strpos", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, strpos, NULL,
                          NULL);
  bool fresh = false;
  if (!recognise(s, create || memory, &fresh, e)) return false;
  if (sqlite3_db_readonly(s->db, "main") == 1) return sqlite_fail(s, SQLITE_READONLY, "open", e);
  if (fresh && !mark_fresh(s, e)) return false;
  static const char *const settings[] = {"PRAGMA synchronous = FULL", "PRAGMA cache_size = -16384",
                                         "PRAGMA mmap_size = 0", "PRAGMA journal_size_limit = 67108864"};
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
    if (!pragma(s, settings[i], NULL, e)) return false;
  return memory || set_wal(s, e);
}

/* In lint builds `path?vfs=NAME` opens through a VFS of that name. */
static const char *split_vfs(char *path) {
#ifdef LUOSHI_LINT
  char *mark = strstr(path, "?vfs=");
  if (mark) {
    *mark = 0;
    fault_vfs_register();
    return mark + 5;
  }
#endif
  (void)path;
  return NULL;
}

Store *sqlite_open(const char *url, bool create, Error *e) {
  SqliteStore *s = calloc(1, sizeof *s);
  if (!s) abort();
  s->base.engine = &sqlite_engine;
  s->path = strdup(url);
  if (!s->path) abort();
  const char *vfs = split_vfs(s->path);
  bool memory = strcmp(s->path, ":memory:") == 0, ok = memory || examine(s->path, create, e);
  if (ok) {
    int rc = sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
    ok = rc == SQLITE_OK ? configure(s, memory, create, e) : sqlite_fail(s, rc, "open", e);
  }
  if (!ok) {
    sqlite_close(&s->base);
    return NULL;
  }
#ifdef LUOSHI_LINT
  sqlite_lint(s);
#endif
  return &s->base;
}

static void finalize(void *handle) { sqlite3_finalize(handle); }

void sqlite_close(Store *base) {
  SqliteStore *s = (SqliteStore *)base;
  cache_clear(&s->cache, finalize);
  sqlite3_close(s->db);
  free(s->path);
  free(s);
}

bool sqlite_backup(Store *base, const char *path, Error *e) {
  SqliteStore *s = (SqliteStore *)base, to = {.path = (char *)(uintptr_t)path};
  int rc = sqlite3_open_v2(path, &to.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, NULL);
  sqlite3_backup *b = rc == SQLITE_OK ? sqlite3_backup_init(to.db, "main", s->db, "main") : NULL;
  if (rc == SQLITE_OK) rc = b ? sqlite3_backup_step(b, -1) : sqlite3_extended_errcode(to.db); /* one snapshot */
  int end = sqlite3_backup_finish(b);
  if (end != SQLITE_OK) rc = end;
  bool ok = rc == SQLITE_DONE || sqlite_fail(&to, rc, "backup", e);
  s->base.again = to.base.again;
  sqlite3_close(to.db);
  return ok;
}

/* VACUUM attaches a database of its own, which is otherwise forbidden. */
bool sqlite_compact(Store *base, Error *e) {
  SqliteStore *s = (SqliteStore *)base;
  s->inside = true;
  sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 1);
  int rc = sqlite3_exec(s->db, "VACUUM", NULL, NULL, NULL);
  sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
  s->inside = false;
  return rc == SQLITE_OK || sqlite_fail(s, rc, "VACUUM", e);
}
