/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What only a file can suffer: being foreign, locked, read-only, on a full disk, or losing power.
 * A kill alone proves nothing about what reached the disk, so power loss is played by the fault VFS. */
#include "store_fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#ifdef LUOSHI_LINT
#include "store/fault.h"
#endif

static int setup(void **state) {
  unsetenv("LUOSHI_TEST_STORE"); /* always SQLite */
  Fixture *f = calloc(1, sizeof *f);
  *state = f;
  fixture_place(f);
  return 0;
}

static void write_file(const char *path, const char *bytes, size_t n) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  assert_int_equal(write(fd, bytes, n), n);
  close(fd);
}

static void raw(const char *path, const char *sql) {
  sqlite3 *db;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  char *why = NULL;
  if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s: %s", sql, why);
  sqlite3_close(db);
}

/* ---- opening ---- */

static void expect_refusal(Fixture *f, bool create, ErrorKind kind, const char *part) {
  Store *s = store_open(f->url, create, &f->e);
  if (s) fail_msg("opened: expected %s", part);
  if (f->e.kind != kind || !strstr(f->e.sentence, part) || !strstr(f->e.sentence, f->folder) ||
      strcmp(f->e.sentence + strlen(f->e.sentence) - strlen("。"), "。") != 0)
    fail_msg("expected %s, got %d %s (%s)", part, f->e.kind, f->e.sentence, f->e.cause);
}

static void strange_files_are_named(void **state) {
  Fixture *f = *state;
  expect_refusal(f, false, ERROR_MISSING, "不存在");
  write_file(f->url, "", 0);
  expect_refusal(f, false, ERROR_BROKEN, "空文件");
  write_file(f->url, "年度总结", 12);
  expect_refusal(f, false, ERROR_BROKEN, "不是数据库文件");
  expect_refusal(f, true, ERROR_BROKEN, "不是数据库文件");
  char page[8192] = "SQLite format 3";
  write_file(f->url, page, sizeof page);
  expect_refusal(f, true, ERROR_BROKEN, "");
  unlink(f->url);
  assert_int_equal(mkdir(f->url, 0755), 0);
  expect_refusal(f, true, ERROR_BROKEN, "不是文件");
  snprintf(f->url, sizeof f->url, "%s/none/site.db", f->folder);
  expect_refusal(f, true, ERROR_UNAVAILABLE, "无法新建");
}

static void foreign_database_is_left_alone(void **state) {
  Fixture *f = *state;
  raw(f->url, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);");
  char before[8192], after[8192];
  int fd = open(f->url, O_RDONLY | O_CLOEXEC);
  ssize_t n = read(fd, before, sizeof before);
  expect_refusal(f, false, ERROR_BROKEN, "别的程序");
  expect_refusal(f, true, ERROR_BROKEN, "别的程序");
  assert_int_equal(pread(fd, after, sizeof after, 0), n);
  assert_memory_equal(before, after, (size_t)n);
  close(fd);
  unlink(f->url);
  raw(f->url, "PRAGMA application_id = 1280526409; PRAGMA user_version = 99; CREATE TABLE x (y);");
  expect_refusal(f, false, ERROR_BROKEN, "升级程序");
}

static void locked_database_is_unavailable(void **state) {
  Fixture *f = *state;
  store_close(store_open(f->url, true, &f->e));
  sqlite3 *db;
  assert_int_equal(sqlite3_open(f->url, &db), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE x (y)", NULL, NULL, NULL),
                   SQLITE_OK);
  expect_refusal(f, false, ERROR_UNAVAILABLE, "占用");
  sqlite3_close(db);
  STORE_SCOPE s = store_open(f->url, false, &f->e);
  OK(f, s);
}

/* In a process without root's powers, where there are any. */
static void without_root(Fixture *f, ErrorKind kind, const char *part) {
  pid_t pid = fork();
  if (pid == 0) {
    if (geteuid() == 0 && setuid(65534) != 0) _exit(2);
    Store *s = store_open(f->url, false, &f->e);
    bool right = !s && f->e.kind == kind && strstr(f->e.sentence, part);
    if (!right) print_error("%d %s (%s)\n", f->e.kind, f->e.sentence, f->e.cause);
    _exit(right ? 0 : 1);
  }
  int status;
  waitpid(pid, &status, 0);
  assert_int_equal(status, 0);
}

static void permissions_have_their_sentences(void **state) {
  Fixture *f = *state;
  store_close(store_open(f->url, true, &f->e));
  struct stat info;
  assert_int_equal(stat(f->url, &info), 0);
  assert_int_equal(info.st_mode & 0777, 0600);
  chmod(f->folder, 0755);
  chmod(f->url, 0);
  without_root(f, ERROR_FORBIDDEN, "没有权限读取");
  chmod(f->url, 0444);
  without_root(f, ERROR_UNAVAILABLE, "只读");
}

/* ---- the dialect ---- */

#ifdef LUOSHI_LINT
static void lint_refuses_what_differs(void **state) {
  Fixture *f = *state;
  static const char *const refused[] = {
      "SELECT 1 WHERE 'a' LIKE 'A'",
      "SELECT 1 WHERE 'a' GLOB 'a'",
      "SELECT group_concat(name) FROM sqlite_schema",
      "SELECT avg(1)",
      "SELECT max(1, 2)",
      "SELECT ifnull(1, 2)",
      "SELECT random()",
      "SELECT date('now')",
      "PRAGMA user_version",
      "SELECT 0.5",
      "ATTACH ':memory:' AS x",
      "SELECT typeof(1)",
      "SELECT instr('a', 'b')",
      "CREATE VIEW v AS SELECT 1",
      "CREATE TEMP TABLE t (x)",
      "SELECT iif(1, 2, 3)",
      "SELECT last_insert_rowid()",
  };
  f->store = store_open(f->url, true, &f->e);
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
    STMT_SCOPE st = stmt_open(tx, refused[i], NULL, 0, &f->e);
    if (st) fail_msg("accepted: %s", refused[i]);
    assert_int_equal(f->e.kind, ERROR_BUG);
  }
}

/* ---- power and disk ---- */

static const char table[] = "CREATE TABLE thing (area_id {int} NOT NULL, id {int} NOT NULL, body {text} NOT NULL,"
                            " PRIMARY KEY (area_id, id)) {strict}";

static void open_faulty(Fixture *f) {
  f->store = store_open(f->url, true, &f->e);
  OK(f, f->store);
}

static int fault_setup(void **state) {
  setup(state);
  Fixture *f = *state;
  snprintf(f->url, sizeof f->url, "%s/site.db?vfs=luoshi-fault", f->folder);
  open_faulty(f);
  run_ddl(f, table);
  return 0;
}

static int fault_teardown(void **state) {
  fault_vfs_fail(FAULT_VFS_WRITE, 0, 0, 0);
  return fixture_teardown(state);
}

static void lose_power(Fixture *f, uint32_t seed) {
  fault_vfs_crash(seed);
  store_close(f->store);
  open_faulty(f);
}

static bool put(Tx *tx, int64_t id, size_t size, Error *e) {
  TEXT_SCOPE body = text_new(TEXT_CEILING);
  while (body.length < size) text_print(&body, "%zu,", body.length);
  return tx_exec(tx, "INSERT INTO thing (area_id, id, body) VALUES (1, $1, $2)",
                 (Value[]){value_int(id), value_text(text_get(&body))}, 2, NULL, e);
}

static bool put_committed(Fixture *f, int64_t id, size_t size) {
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  return tx && put(tx, id, size, &f->e) && tx_commit(tx, &f->e);
}

static int64_t rows(Fixture *f) { return count_of(f, f->store, "SELECT count(*) FROM thing"); }

static void check_integrity(Fixture *f) {
  char path[128];
  store_close(f->store);
  snprintf(path, sizeof path, "%s/site.db", f->folder);
  sqlite3 *db;
  sqlite3_stmt *st;
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL), SQLITE_OK);
  assert_int_equal(sqlite3_step(st), SQLITE_ROW);
  assert_string_equal(sqlite3_column_text(st, 0), "ok");
  sqlite3_finalize(st);
  sqlite3_close(db);
  open_faulty(f);
}

/* Enough rows that checkpoints happen on the way; each power loss takes an unfinished write with it. */
static void power_loss_keeps_what_was_committed(void **state) {
  Fixture *f = *state;
  int64_t id = 0;
  for (uint32_t seed = 0; seed < 24; seed++) {
    for (int i = 0; i < 12; i++) OK(f, put_committed(f, ++id, seed % 4 == 0 ? 40000 : 900));
    Tx *tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
    OK(f, put(tx, id + 1, 100000, &f->e));
    lose_power(f, seed == 23 ? UINT32_MAX : seed);
    assert_int_equal(rows(f), id);
  }
  check_integrity(f);
  assert_int_equal(rows(f), id);
}

static void power_loss_takes_what_spilled(void **state) {
  Fixture *f = *state;
  OK(f, put_committed(f, 1, 100));
  for (uint32_t seed = 0; seed < 2; seed++) {
    Tx *tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
    for (int64_t i = 0; i < 20; i++) OK(f, put(tx, 2 + i, 1000000, &f->e)); /* more than the page cache */
    lose_power(f, seed);
    assert_int_equal(rows(f), 1);
  }
  check_integrity(f);
}

/* Commits that report failure, followed by a power cut with any part of the writes on the disk. */
static void failed_commit_then_power_loss(void **state) {
  Fixture *f = *state;
  int64_t id = 0, unknown = 0;
  for (uint32_t seed = 1; seed < 40; seed++) {
    bool sync = seed % 2;
    fault_vfs_fail(sync ? FAULT_VFS_SYNC : FAULT_VFS_WRITE, seed / 2 % 5, 1,
                   sync ? SQLITE_IOERR_FSYNC : SQLITE_IOERR_WRITE);
    bool ok = put_committed(f, id + 1, 9000);
    if (!ok) assert_int_equal(f->e.kind, sync ? ERROR_UNKNOWN : ERROR_UNAVAILABLE);
    bool may = ok || f->e.kind == ERROR_UNKNOWN;
    lose_power(f, seed % 3 ? seed : UINT32_MAX);
    int64_t now = rows(f);
    if (ok ? now != id + 1 : now != id && !(may && now == id + 1)) fail_msg("seed %u: %d, %ld", seed, ok, (long)now);
    if (!ok && now > id) unknown++;
    id = now;
  }
  assert_true(unknown > 0); /* that is why it says unknown */
  check_integrity(f);
}

static void full_disk_at_every_write(void **state) {
  Fixture *f = *state;
  static const struct {
    FaultVfsOp op;
    int code;
    const char *part;
  } cases[] = {
      {FAULT_VFS_WRITE, SQLITE_FULL, "磁盘已满"},
      {FAULT_VFS_WRITE, SQLITE_IOERR_WRITE, "出错"},
      {FAULT_VFS_SYNC, SQLITE_FULL, "磁盘已满"},
      {FAULT_VFS_SYNC, SQLITE_IOERR_FSYNC, "不能确定"},
  };
  int64_t id = 0;
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    for (unsigned after = 0, failures = 0;; after++) {
      fault_vfs_fail(cases[c].op, after, UINT32_MAX, cases[c].code);
      bool ok = put_committed(f, id + 1, 20000);
      if (!ok && !strstr(f->e.sentence, cases[c].part)) fail_msg("%s (%s)", f->e.sentence, f->e.cause);
      fault_vfs_fail(cases[c].op, 0, 0, 0);
      if (ok) id++;
      failures += !ok;
      assert_int_equal(rows(f), id); /* on the same store, without a restart */
      OK(f, put_committed(f, ++id, 100));
      if (ok && after > 20) {
        assert_true(failures > 0);
        break;
      }
    }
  }
  check_integrity(f);
  assert_int_equal(rows(f), id);
}

static void full_disk_within_a_large_write(void **state) {
  Fixture *f = *state;
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, put(tx, 1, 100, &f->e));
  OK(f, tx_mark(tx, &f->e));
  fault_vfs_fail(FAULT_VFS_WRITE, 5, UINT32_MAX, SQLITE_FULL);
  bool ok = true;
  for (int64_t i = 0; i < 40 && ok; i++) ok = put(tx, 2 + i, 1000000, &f->e);
  assert_false(ok);
  assert_int_equal(f->e.kind, ERROR_UNAVAILABLE);
  fault_vfs_fail(FAULT_VFS_WRITE, 0, 0, 0);
  if (tx_back(tx, &f->e)) { /* SQLite kept the transaction: the mark must have saved it */
    OK(f, tx_commit(tx, &f->e));
    assert_int_equal(rows(f), 1);
  } else {
    assert_false(tx_commit(tx, &f->e));
    assert_int_equal(rows(f), 0);
  }
  OK(f, put_committed(f, 100, 100));
}

static void opening_can_fail(void **state) {
  Fixture *f = *state;
  store_close(f->store);
  fault_vfs_fail(FAULT_VFS_OPEN, 0, 1, SQLITE_CANTOPEN);
  expect_refusal(f, false, ERROR_UNAVAILABLE, "打不开");
  open_faulty(f);
  assert_true(fault_vfs_count(FAULT_VFS_OPEN) > 0);
}
#endif

/* ---- plans ---- */

/* Without being told, the planner reads every line of the area for each record. */
static void lines_are_found_by_their_record(void **state) {
  Fixture *f = *state;
  f->store = store_open(f->url, true, &f->e);
  OK(f, f->store);
  run_ddl(f, "CREATE TABLE line (area_id {int} NOT NULL, id {int} NOT NULL, record_id {int} NOT NULL,"
             " PRIMARY KEY (area_id, id)) {strict}; CREATE INDEX \"line.record\" ON line (area_id, record_id)");
  for (int again = 0; again < 2; again++) { /* as made, and as opened again */
    {
      TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
      OK(f, tx);
      STMT_SCOPE st = stmt_open(tx, "EXPLAIN QUERY PLAN SELECT id FROM line WHERE area_id = $1 AND record_id = $2",
                                (Value[]){value_int(1), value_int(2)}, 2, &f->e);
      OK(f, st);
      assert_int_equal(stmt_step(st, &f->e), STEP_ROW);
      if (!strstr(stmt_text(st, 3), "line.record")) fail_msg("%s", stmt_text(st, 3));
    }
    store_close(f->store);
    f->store = store_open(f->url, false, &f->e);
    OK(f, f->store);
  }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, fault_setup, fault_teardown)
  const struct CMUnitTest tests[] = {
      TEST(strange_files_are_named),
      TEST(foreign_database_is_left_alone),
      TEST(locked_database_is_unavailable),
      TEST(permissions_have_their_sentences),
      TEST(lines_are_found_by_their_record),
#ifdef LUOSHI_LINT
      TEST(lint_refuses_what_differs),
      FAULT_TEST(power_loss_keeps_what_was_committed),
      FAULT_TEST(power_loss_takes_what_spilled),
      FAULT_TEST(failed_commit_then_power_loss),
      FAULT_TEST(full_disk_at_every_write),
      FAULT_TEST(full_disk_within_a_large_write),
      FAULT_TEST(opening_can_fail),
#endif
  };
#ifndef LUOSHI_LINT
  print_message("skipped: fault VFS and dialect lint, which need a build with -Dlint=true\n");
#endif
  return cmocka_run_group_tests_name("store_sqlite", tests, NULL, NULL);
}
