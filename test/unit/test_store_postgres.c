/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What only a server can suffer: being unreachable, foreign or of the wrong collation, going away in
 * the middle of a transaction or of its commit. */
#include "store_fixture.h"

#include <time.h>

static const char tables[] =
    "CREATE TABLE thing (area_id {int} NOT NULL, id {int} NOT NULL, PRIMARY KEY (area_id, id)) {strict};"
    "CREATE TABLE head (area_id {int} NOT NULL, seq {int} NOT NULL, PRIMARY KEY (area_id)) {strict};"
    "INSERT INTO head (area_id, seq) VALUES (1, 0), (2, 0);";

static int setup(void **state) {
  fixture_setup(state);
  run_ddl(*state, tables);
  return 0;
}

static int place(void **state) {
  Fixture *f = calloc(1, sizeof *f);
  *state = f;
  fixture_place(f);
  return 0;
}

static bool put(Tx *tx, int64_t id, Error *e) {
  return tx_exec(tx, "INSERT INTO thing (area_id, id) VALUES (1, $1)", (Value[]){value_int(id)}, 1, NULL, e);
}

/* Ends the sessions of this test, and waits until they are gone. */
static void break_connection(Fixture *f) {
  char sql[256];
  snprintf(sql, sizeof sql,
           "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '%s'", f->schema);
  server_do(sql);
}

static int64_t rows(Fixture *f) { return count_of(f, f->store, "SELECT count(*) FROM thing"); }

static void lost_while_idle_is_not_noticed(void **state) {
  Fixture *f = *state;
  assert_int_equal(rows(f), 0);
  break_connection(f);
  assert_int_equal(rows(f), 0);
  break_connection(f);
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, tx);
  OK(f, put(tx, 1, &f->e));
  OK(f, tx_commit(tx, &f->e));
}

static void lost_within_a_transaction(void **state) {
  Fixture *f = *state;
  Tx *tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, put(tx, 1, &f->e));
  OK(f, tx_mark(tx, &f->e));
  STMT_SCOPE st = stmt_stream(tx, "SELECT id FROM thing", NULL, 0, &f->e);
  OK(f, st);
  break_connection(f);
  assert_false(put(tx, 2, &f->e));
  assert_int_equal(f->e.kind, ERROR_UNAVAILABLE);
  assert_non_null(strstr(f->e.sentence, "连接断了"));
  assert_false(tx_back(tx, &f->e)); /* nothing to go back to */
  assert_false(tx_commit(tx, &f->e));
  assert_int_equal(f->e.kind, ERROR_UNAVAILABLE);
  assert_int_equal(rows(f), 0); /* connected again by itself */
}

static void lost_in_commit_is_unknown(void **state) {
  Fixture *f = *state;
  Tx *tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, put(tx, 1, &f->e));
  break_connection(f);
  assert_false(tx_commit(tx, &f->e));
  assert_int_equal(f->e.kind, ERROR_UNKNOWN);
  tx = tx_begin(f->store, TX_READ, 1, &f->e);
  OK(f, tx);
  break_connection(f);
  assert_false(tx_commit(tx, &f->e));
  assert_int_equal(f->e.kind, ERROR_UNAVAILABLE); /* there was nothing to lose */
}

static void lost_in_a_pipeline(void **state) {
  Fixture *f = *state;
  Value binds[600];
  for (int i = 0; i < 600; i++) binds[i] = value_int(i);
  Tx *tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, put(tx, 1000, &f->e));
  break_connection(f);
  assert_false(tx_exec_many(tx, "INSERT INTO thing (area_id, id) VALUES (1, $1)", binds, 1, 600, &f->e));
  assert_int_equal(f->e.kind, ERROR_UNAVAILABLE);
  tx_rollback(tx);
  tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, tx);
  OK(f, tx_exec_many(tx, "INSERT INTO thing (area_id, id) VALUES (1, $1)", binds, 1, 600, &f->e));
  OK(f, tx_commit(tx, &f->e));
  assert_int_equal(rows(f), 600);
}

static void areas_do_not_wait_for_each_other(void **state) {
  Fixture *f = *state;
  STORE_SCOPE other = store_open(f->url, false, &f->e);
  TX_SCOPE one = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, one);
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  TX_SCOPE two = tx_begin(other, TX_WRITE, 2, &f->e);
  OK(f, two);
  clock_gettime(CLOCK_MONOTONIC, &to);
  assert_true(to.tv_sec - from.tv_sec < 3);
}

static void dropped_head_table_is_noticed(void **state) {
  Fixture *f = *state;
  run_ddl(f, "DROP TABLE head");
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, tx);
}

static void other_types_are_refused(void **state) {
  Fixture *f = *state;
  static const char *const refused[] = {"SELECT sum(id) FROM thing", "SELECT 0.5", "SELECT current_date"};
  for (size_t i = 0; i < 3; i++) {
    TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
    assert_null(stmt_open(tx, refused[i], NULL, 0, &f->e));
    assert_int_equal(f->e.kind, ERROR_BUG);
  }
}

/* A table that another session changed under a prepared statement costs one more try, not an error. */
static bool read_all(Tx *tx, void *context, Error *e) {
  ++*(int *)context;
  STMT_SCOPE st = stmt_open(tx, "SELECT * FROM thing", NULL, 0, e);
  return st != NULL;
}

static void changed_table_is_prepared_again(void **state) {
  Fixture *f = *state;
  int tries = 0;
  char sql[128];
  for (int i = 0; i < 6; i++) OK(f, tx_run(f->store, 1, read_all, &tries, &f->e));
  snprintf(sql, sizeof sql, "ALTER TABLE %s.thing ADD COLUMN more BIGINT", f->schema);
  server_do(sql);
  OK(f, tx_run(f->store, 1, read_all, &tries, &f->e));
  assert_int_equal(tries, 8);
}

/* ---- opening ---- */

static void expect_refusal(Fixture *f, const char *url, bool create, ErrorKind kind, const char *part) {
  Store *s = store_open(url, create, &f->e);
  if (s) fail_msg("opened: expected %s", part);
  if (f->e.kind != kind || !strstr(f->e.sentence, part)) fail_msg("%d %s (%s)", f->e.kind, f->e.sentence, f->e.cause);
}

static void strange_databases_are_named(void **state) {
  Fixture *f = *state;
  char sql[256], url[1200];
  expect_refusal(f, f->url, false, ERROR_BROKEN, "是空的");
  snprintf(sql, sizeof sql, "CREATE TABLE %s.theirs (x INT)", f->schema);
  server_do(sql);
  expect_refusal(f, f->url, false, ERROR_BROKEN, "别的程序");
  expect_refusal(f, f->url, true, ERROR_BROKEN, "别的程序");
  snprintf(sql, sizeof sql, "CREATE TABLE %s.luoshi_store AS SELECT 1 AS mark, 99 AS format", f->schema);
  server_do(sql);
  expect_refusal(f, f->url, false, ERROR_BROKEN, "升级程序");
  snprintf(url, sizeof url, "%s&options=-csearch_path%%3Dnowhere", f->url);
  expect_refusal(f, url, true, ERROR_MISSING, "schema");
  expect_refusal(f, "postgresql:///luoshi?host=/nonexistent", false, ERROR_UNAVAILABLE, "连不上");
  expect_refusal(f, "postgresql://[bad", false, ERROR_INVALID, "写错了");
}

static void wrong_databases_are_refused(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *name, *traits;
    const char *part;
  } cases[] = {
      {"luoshi_test_ascii", "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", "编码是SQL_ASCII"},
      {"luoshi_test_order", "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'", "排序规则是C.UTF-8"},
  };
  char sql[256], url[1200];
  for (size_t i = 0; i < 2; i++) {
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s", cases[i].name);
    server_do(sql);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0 %s", cases[i].name, cases[i].traits);
    server_do(sql);
    snprintf(url, sizeof url, "%s%cdbname=%s", server_url(), strchr(server_url(), '?') ? '&' : '?', cases[i].name);
    expect_refusal(f, url, true, ERROR_BROKEN, cases[i].part);
    snprintf(sql, sizeof sql, "DROP DATABASE %s", cases[i].name);
    server_do(sql);
    expect_refusal(f, url, false, ERROR_MISSING, "不存在");
  }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
#define OPEN_TEST(name) cmocka_unit_test_setup_teardown(name, place, fixture_teardown)
  const struct CMUnitTest tests[] = {
      TEST(lost_while_idle_is_not_noticed),   TEST(lost_within_a_transaction),
      TEST(lost_in_commit_is_unknown),        TEST(lost_in_a_pipeline),
      TEST(areas_do_not_wait_for_each_other), TEST(dropped_head_table_is_noticed),
      TEST(other_types_are_refused),          TEST(changed_table_is_prepared_again),
      OPEN_TEST(strange_databases_are_named), OPEN_TEST(wrong_databases_are_refused),
  };
  if (!server_url()) {
    print_message("skipped: $LUOSHI_TEST_STORE names no PostgreSQL (script/postgres start DIR prints one)\n");
    return 77;
  }
  return cmocka_run_group_tests_name("store_postgres", tests, NULL, NULL);
}
