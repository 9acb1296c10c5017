/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The promises of store.h, the same for both engines. */
#include "store_fixture.h"

#include <pthread.h>
#include <time.h>

#define VALUES(...) ((Value[]){__VA_ARGS__})

static const char things[] =
    "CREATE TABLE thing (area_id {int} NOT NULL, id {int} NOT NULL, name {text}, body {bytes},"
    " PRIMARY KEY (area_id, id)) {strict};"
    "CREATE TABLE head (area_id {int} NOT NULL, seq {int} NOT NULL, PRIMARY KEY (area_id)) {strict};"
    "INSERT INTO head (area_id, seq) VALUES (1, 0), (2, 0);";

static int setup(void **state) {
  fixture_setup(state);
  run_ddl(*state, things);
  return 0;
}

static bool put(Tx *tx, int64_t id, const char *name, Error *e) {
  return tx_exec(tx, "INSERT INTO thing (area_id, id, name) VALUES (1, $1, $2)",
                 VALUES(value_int(id), value_text(name)), 2, NULL, e);
}

static void put_committed(Fixture *f, Store *store, int64_t id) {
  TX_SCOPE tx = tx_begin(store, TX_WRITE, 1, &f->e);
  OK(f, tx);
  OK(f, put(tx, id, "x", &f->e));
  OK(f, tx_commit(tx, &f->e));
}

/* ---- values ---- */

static void values_come_back(void **state) {
  Fixture *f = *state;
  static const struct {
    int64_t i;
    const char *s;
    size_t n;
    const char *bytes;
  } rows[] = {
      {0, "", 0, ""},
      {INT64_MAX, "落实𝄞'\"\\", 4, "\0\xff\x00z"},
      {INT64_MIN, "a\nb", 1, "\0"},
      {-1, NULL, 0, NULL},
  };
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, tx);
  for (size_t i = 0; i < 4; i++)
    OK(f, tx_exec(tx, "INSERT INTO thing (area_id, id, name, body) VALUES (9, $1, $2, $3)",
                  VALUES(value_int(rows[i].i), value_text(rows[i].s), value_bytes(rows[i].bytes, rows[i].n)), 3, NULL,
                  &f->e));
  for (size_t i = 0; i < 4; i++) {
    STMT_SCOPE st =
        stmt_open(tx, "SELECT id, name, body, NULL FROM thing WHERE id = $1", VALUES(value_int(rows[i].i)), 1, &f->e);
    OK(f, st);
    assert_int_equal(stmt_columns(st), 4);
    assert_int_equal(stmt_step(st, &f->e), STEP_ROW);
    assert_int_equal(stmt_int(st, 0), rows[i].i);
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)rows[i].i);
    assert_string_equal(stmt_text(st, 0), digits);
    assert_true(stmt_null(st, 3));
    assert_true(value_equal(stmt_value(st, 1, VALUE_TEXT), value_text(rows[i].s)));
    assert_true(value_equal(stmt_value(st, 2, VALUE_BYTES), value_bytes(rows[i].bytes, rows[i].n)));
    assert_string_equal(stmt_text(st, 1), rows[i].s ? rows[i].s : "");
    size_t n;
    assert_memory_equal(stmt_bytes(st, 2, &n), rows[i].bytes ? rows[i].bytes : "", rows[i].n);
    assert_int_equal(n, rows[i].n);
    assert_int_equal(stmt_step(st, &f->e), STEP_DONE);
    assert_int_equal(stmt_step(st, &f->e), STEP_DONE);
  }
}

static void values_compare_and_copy(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  char text[] = "abc";
  Value copy = value_copy(a, value_text(text));
  text[0] = 'x';
  assert_true(value_equal(copy, value_text("abc")));
  assert_false(value_equal(value_null(VALUE_INT), value_null(VALUE_TEXT)));
  assert_false(value_equal(value_int(0), value_null(VALUE_INT)));
  assert_false(value_equal(value_text("ab"), value_text("abc")));
  assert_true(value_copy(a, value_text(NULL)).null);
}

static void bad_utf8_is_refused(void **state) {
  Fixture *f = *state;
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  assert_false(put(tx, 1, "\xd6\xd0", &f->e));
  assert_int_equal(f->e.kind, ERROR_INVALID);
}

/* ---- placeholders ---- */

static void placeholders_are_numbered(void **state) {
  Fixture *f = *state;
  static const char sql[] = "SELECT $2 || '$1' || $1 || $2 /* $9 */ -- $8\n, CASE WHEN $3 = 7 THEN 1 ELSE 0 END";
  TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
  STMT_SCOPE st = stmt_open(tx, sql, VALUES(value_text("a"), value_text("b"), value_int(7)), 3, &f->e);
  OK(f, st);
  assert_int_equal(stmt_step(st, &f->e), STEP_ROW);
  assert_string_equal(stmt_text(st, 0), "b$1ab");
  assert_int_equal(stmt_int(st, 1), 1);
}

static void wrong_statements_are_bugs(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *sql;
    size_t count;
  } cases[] = {
      {"SELECT $1", 0},  {"SELECT 1", 1},         {"SELECT $0", 1},          {"SELECT $name", 1},
      {"SELEKT 1", 0},   {"SELECT $99999999", 1}, {"SELECT 1; SELECT 2", 0}, {"SELECT 1.5", 0},        {"", 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
    OK(f, tx);
    Stmt *st = stmt_open(tx, cases[i].sql, VALUES(value_text("a")), cases[i].count, &f->e);
    if (st) fail_msg("accepted: %s", cases[i].sql);
    assert_int_equal(f->e.kind, ERROR_BUG);
  }
}

/* What the catalogue declares was there: somebody took it away. */
static void missing_tables_are_damage(void **state) {
  Fixture *f = *state;
  static const char *const cases[] = {"SELECT id FROM nowhere", "SELECT absent FROM thing", "UPDATE nowhere SET id = 1",
                                      "UPDATE thing SET absent = 1", "INSERT INTO nowhere (id) VALUES (1)"};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
    OK(f, tx);
    if (tx_exec(tx, cases[i], NULL, 0, NULL, &f->e) || f->e.kind != ERROR_BROKEN) fail_msg("%s: %s (%s)", cases[i], f->e.sentence, f->e.cause);
    assert_non_null(strstr(f->e.sentence, "luoshi audit"));
  }
}

static void dialect_gives_the_same(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *sql, *text;
  } cases[] = {
      {"SELECT 7 / 2", "3"},
      {"SELECT -7 / 2", "-3"},
      {"SELECT -7 % 3", "-1"},
      {"SELECT strpos('环境整治', '整')", "3"},
      {"SELECT strpos('环境整治', '无')", "0"},
      {"SELECT strpos('环境', '')", "1"},
      {"SELECT length('环境')", "2"},
      {"SELECT substr('环境整治', 2, 2)", "境整"},
      {"SELECT upper('aé')", "Aé"},
      {"SELECT replace('a-b', '-', '')", "ab"},
      {"SELECT CAST(12 AS TEXT) || 'x'", "12x"},
      {"SELECT coalesce(nullif('a', 'a'), 'b')", "b"},
      {"SELECT CAST(sum(x) AS BIGINT) FROM (SELECT 1 AS x UNION ALL SELECT 2) AS t", "3"},
      {"SELECT count(*) FROM (SELECT 1 AS x UNION ALL SELECT 2) AS t WHERE (x = 1) IS NOT TRUE", "1"},
      {"SELECT count(*) FROM (SELECT 1 AS x UNION ALL SELECT 2) AS t WHERE x IS NOT DISTINCT FROM NULL", "0"},
      {"SELECT count(*) FILTER (WHERE x > 1) FROM (SELECT 1 AS x UNION ALL SELECT 2) AS t", "1"},
      {"SELECT max(x) FROM (SELECT 'b' AS x UNION ALL SELECT '中' UNION ALL SELECT 'Z') AS t", "中"},
      {"SELECT min(x) FROM (SELECT 'b' AS x UNION ALL SELECT '中' UNION ALL SELECT 'Z') AS t", "Z"},
      {"SELECT CASE WHEN (1, 2) < (1, 3) THEN 1 ELSE 0 END", "1"},
      {"WITH RECURSIVE t(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT max(n) FROM "
       "t",
       "5"},
      {"SELECT row_number() OVER (ORDER BY x DESC) FROM (SELECT 1 AS x) AS t", "1"},
      {"SELECT 1 = 1", "1"},
  };
  TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    STMT_SCOPE st = stmt_open(tx, cases[i].sql, NULL, 0, &f->e);
    OK(f, st);
    assert_int_equal(stmt_step(st, &f->e), STEP_ROW);
    if (strcmp(stmt_text(st, 0), cases[i].text) != 0) fail_msg("%s: %s", cases[i].sql, stmt_text(st, 0));
  }
}

/* ---- failures ---- */

static void failure_poisons(void **state) {
  Fixture *f = *state;
  Error again = {0};
  int64_t n;
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, put(tx, 1, "a", &f->e));
  assert_false(put(tx, 1, "b", &f->e));
  assert_int_equal(f->e.kind, ERROR_CONFLICT);
  assert_false(put(tx, 2, "c", &again));
  assert_string_equal(again.sentence, f->e.sentence);
  assert_null(stmt_open(tx, "SELECT 1", NULL, 0, &again));
  assert_false(tx_int(tx, "SELECT 1", NULL, 0, &n, NULL, &again));
  assert_false(tx_mark(tx, &again));
  assert_false(tx_commit(tx, &again));
  assert_int_equal(again.kind, ERROR_CONFLICT);
  assert_int_equal(count_of(f, f->store, "SELECT count(*) FROM thing"), 0);
}

static void open_statement_stops_when_poisoned(void **state) {
  Fixture *f = *state;
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, put(tx, 1, "a", &f->e));
  STMT_SCOPE st = stmt_open(tx, "SELECT id FROM thing", NULL, 0, &f->e);
  assert_false(put(tx, 1, "b", &f->e));
  assert_int_equal(stmt_step(st, &f->e), STEP_FAILED);
  assert_int_equal(f->e.kind, ERROR_CONFLICT);
}

static void constraints_have_kinds(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *sql;
    ErrorKind kind;
  } cases[] = {
      {"INSERT INTO thing (area_id, id) VALUES (1, 1), (1, 1)", ERROR_CONFLICT},
      {"INSERT INTO thing (area_id, id) VALUES (1, NULL)", ERROR_BUG},
      {"INSERT INTO thing (area_id, id) VALUES (1, 'abc')", ERROR_BUG},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
    assert_false(tx_exec(tx, cases[i].sql, NULL, 0, NULL, &f->e));
    assert_int_equal(f->e.kind, cases[i].kind);
    assert_non_null(strstr(f->e.sentence, "。"));
  }
}

static void marks_nest(void **state) {
  Fixture *f = *state;
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, put(tx, 1, "a", &f->e));
  OK(f, tx_mark(tx, &f->e));
  OK(f, put(tx, 2, "b", &f->e));
  OK(f, tx_mark(tx, &f->e));
  OK(f, put(tx, 3, "c", &f->e));
  assert_false(put(tx, 3, "c", &f->e));
  OK(f, tx_back(tx, &f->e)); /* 3 is gone, and the poison with it */
  OK(f, put(tx, 4, "d", &f->e));
  OK(f, tx_mark(tx, &f->e));
  OK(f, put(tx, 5, "e", &f->e));
  OK(f, tx_keep(tx, &f->e));
  OK(f, tx_keep(tx, &f->e));
  assert_false(tx_back(tx, &f->e));
  OK(f, tx_commit(tx, &f->e));
  assert_int_equal(count_of(f, f->store, "SELECT CAST(sum(id) AS BIGINT) FROM thing"), 1 + 2 + 4 + 5);
}

static void going_back_ends_newer_statements_only(void **state) {
  Fixture *f = *state;
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, put(tx, 1, "a", &f->e));
  OK(f, put(tx, 2, "b", &f->e));
  STMT_SCOPE outer = stmt_open(tx, "SELECT id FROM thing ORDER BY id", NULL, 0, &f->e);
  STMT_SCOPE streamed = stmt_stream(tx, "SELECT id FROM thing ORDER BY id", NULL, 0, &f->e);
  assert_int_equal(stmt_step(outer, &f->e), STEP_ROW);
  OK(f, tx_mark(tx, &f->e));
  STMT_SCOPE inner = stmt_open(tx, "SELECT id FROM thing", NULL, 0, &f->e);
  OK(f, tx_back(tx, &f->e));
  assert_int_equal(stmt_step(inner, &f->e), STEP_FAILED);
  assert_int_equal(stmt_step(outer, &f->e), STEP_ROW);
  assert_int_equal(stmt_int(outer, 0), 2);
  assert_int_equal(stmt_step(streamed, &f->e), STEP_ROW);
  assert_int_equal(stmt_step(streamed, &f->e), STEP_ROW);
  assert_int_equal(stmt_step(streamed, &f->e), STEP_DONE);
}

/* ---- transactions ---- */

static void read_is_one_snapshot(void **state) {
  Fixture *f = *state;
  STORE_SCOPE other = store_open(f->url, false, &f->e);
  OK(f, other);
  int64_t n;
  TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
  put_committed(f, other, 1); /* after the begin, before the first read */
  OK(f, tx_int(tx, "SELECT count(*) FROM thing", NULL, 0, &n, NULL, &f->e));
  assert_int_equal(n, 0);
  assert_false(put(tx, 2, "b", &f->e));
  assert_int_equal(f->e.kind, ERROR_BUG);
  tx_rollback(tx);
  assert_int_equal(count_of(f, f->store, "SELECT count(*) FROM thing"), 1);
}

static void one_transaction_at_a_time(void **state) {
  Fixture *f = *state;
  TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
  assert_null(tx_begin(f->store, TX_WRITE, 1, &f->e));
  assert_int_equal(f->e.kind, ERROR_BUG);
  OK(f, tx_commit(tx, &f->e));
  assert_ptr_equal(tx_store(tx), f->store);
  assert_false(put(tx, 1, "a", &f->e));
}

static void statements_may_outlive_their_transaction(void **state) {
  Fixture *f = *state;
  put_committed(f, f->store, 1);
  Tx *tx = tx_begin(f->store, TX_READ, 1, &f->e);
  STMT_SCOPE st = stmt_open(tx, "SELECT id FROM thing", NULL, 0, &f->e);
  Stmt *streamed = stmt_stream(tx, "SELECT id FROM thing", NULL, 0, &f->e);
  OK(f, tx_commit(tx, &f->e));
  assert_int_equal(stmt_step(st, &f->e), STEP_FAILED);
  assert_int_equal(f->e.kind, ERROR_BUG);
  assert_true(stmt_null(st, 0));
  store_close(f->store);
  f->store = NULL;
  stmt_close(streamed);
}

typedef struct Worker {
  Fixture *f;
  int64_t area, first, second;
  int tries;
  bool ok;
  Error e;
} Worker;

static bool two_rows(Tx *tx, void *context, Error *e) {
  Worker *w = context;
  w->tries++;
  static const char sql[] = "UPDATE thing SET name = name || 'x' WHERE area_id = 1 AND id = $1";
  if (!tx_exec(tx, sql, VALUES(value_int(w->first)), 1, NULL, e)) return false;
  nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
  return tx_exec(tx, sql, VALUES(value_int(w->second)), 1, NULL, e);
}

static void *work(void *context) {
  Worker *w = context;
  STORE_SCOPE own = store_open(w->f->url, false, &w->e);
  w->ok = own && tx_run(own, w->area, two_rows, w, &w->e);
  return NULL;
}

static void run_both(Worker *a, Worker *b) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, work, a);
  pthread_create(&threads[1], NULL, work, b);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  if (!a->ok || !b->ok) fail_msg("%s %s / %s %s", a->e.sentence, a->e.cause, b->e.sentence, b->e.cause);
}

static void deadlock_is_tried_again(void **state) {
  Fixture *f = *state;
  put_committed(f, f->store, 1);
  put_committed(f, f->store, 2);
  Worker a = {.f = f, .area = 1, .first = 1, .second = 2}, b = {.f = f, .area = 2, .first = 2, .second = 1};
  run_both(&a, &b);
  assert_int_equal(a.tries + b.tries, f->postgres ? 3 : 2);
  assert_int_equal(count_of(f, f->store, "SELECT count(*) FROM thing WHERE name = 'xxx'"), 2);
}

static void writes_of_an_area_are_serial(void **state) {
  Fixture *f = *state;
  put_committed(f, f->store, 1);
  put_committed(f, f->store, 2);
  Worker a = {.f = f, .area = 1, .first = 1, .second = 2}, b = {.f = f, .area = 1, .first = 2, .second = 1};
  run_both(&a, &b);
  assert_int_equal(a.tries + b.tries, 2); /* one waited for the other to end */
  assert_int_equal(count_of(f, f->store, "SELECT count(*) FROM thing WHERE name = 'xxx'"), 2);
}

static bool conflicts(Tx *tx, void *context, Error *e) {
  ++*(int *)context;
  return put(tx, 1, "a", e) && put(tx, 1, "a", e);
}

static void only_busy_is_tried_again(void **state) {
  Fixture *f = *state;
  int tries = 0;
  assert_false(tx_run(f->store, 1, conflicts, &tries, &f->e));
  assert_int_equal(f->e.kind, ERROR_CONFLICT);
  assert_int_equal(tries, 1);
}

static void busy_ends_with_a_sentence(void **state) {
  Fixture *f = *state;
  STORE_SCOPE other = store_open(f->url, false, &f->e);
  TX_SCOPE held = tx_begin(other, TX_WRITE, 1, &f->e);
  OK(f, held);
  assert_null(tx_begin(f->store, TX_WRITE, 1, &f->e));
  assert_int_equal(f->e.kind, ERROR_UNAVAILABLE);
  TX_SCOPE reader = tx_begin(f->store, TX_READ, 1, &f->e); /* readers never wait */
  OK(f, reader);
}

/* ---- statements ---- */

static void same_statement_twice_at_once(void **state) {
  Fixture *f = *state;
  for (int i = 1; i <= 3; i++) put_committed(f, f->store, i);
  static const char sql[] = "SELECT id FROM thing WHERE id >= $1 ORDER BY id";
  TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
  STMT_SCOPE outer = stmt_open(tx, sql, VALUES(value_int(1)), 1, &f->e);
  int seen = 0;
  while (stmt_step(outer, &f->e) == STEP_ROW) {
    STMT_SCOPE inner = stmt_open(tx, sql, VALUES(value_int(stmt_int(outer, 0))), 1, &f->e);
    OK(f, inner);
    while (stmt_step(inner, &f->e) == STEP_ROW) seen++;
  }
  assert_int_equal(seen, 3 + 2 + 1);
}

static void same_text_with_other_kinds(void **state) {
  Fixture *f = *state;
  TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
  const Value values[] = {value_int(5), value_text("five"), value_null(VALUE_INT)};
  for (size_t i = 0; i < 3; i++) {
    STMT_SCOPE st = stmt_open(tx, "SELECT $1", &values[i], 1, &f->e);
    OK(f, st);
    assert_int_equal(stmt_step(st, &f->e), STEP_ROW);
    assert_true(value_equal(stmt_value(st, 0, values[i].kind), values[i]));
  }
}

static void cache_is_bounded(void **state) {
  Fixture *f = *state;
  enum { MANY = 300 };
  Stmt *open[MANY];
  char sql[64];
  TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < MANY; i++) {
      snprintf(sql, sizeof sql, "SELECT %d", i);
      open[i] = stmt_open(tx, sql, NULL, 0, &f->e);
      OK(f, open[i]);
    }
    for (int i = 0; i < MANY; i++) {
      assert_int_equal(stmt_step(open[i], &f->e), STEP_ROW);
      assert_int_equal(stmt_int(open[i], 0), i);
      stmt_close(open[i]);
    }
  }
}

static void returning_has_written_when_opened(void **state) {
  Fixture *f = *state;
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  Stmt *st = stmt_open(tx, "INSERT INTO thing (area_id, id) VALUES (1, 1), (1, 2) RETURNING id", NULL, 0, &f->e);
  OK(f, st);
  assert_int_equal(stmt_step(st, &f->e), STEP_ROW);
  stmt_close(st); /* the second row was never asked for */
  OK(f, tx_commit(tx, &f->e));
  assert_int_equal(count_of(f, f->store, "SELECT count(*) FROM thing"), 2);
}

static void changes_are_counted(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *sql;
    int64_t changed;
  } cases[] = {
      {"INSERT INTO thing (area_id, id) VALUES (1, 1), (1, 2), (1, 3)", 3},
      {"INSERT INTO thing (area_id, id) VALUES (1, 1) ON CONFLICT (area_id, id) DO NOTHING", 0},
      {"INSERT INTO thing (area_id, id, name) VALUES (1, 1, 'u') ON CONFLICT (area_id, id) DO UPDATE SET name = "
       "excluded.name",
       1},
      {"UPDATE thing SET name = 'v' WHERE id > 1", 2},
      {"SELECT id FROM thing", 0},
      {"UPDATE thing SET name = 'w' WHERE id = 3 RETURNING id", 1},
      {"UPDATE thing SET name = 'w' WHERE id = 9", 0},
      {"DELETE FROM thing", 3},
  };
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t changed = -1;
    OK(f, tx_exec(tx, cases[i].sql, NULL, 0, &changed, &f->e));
    assert_int_equal(changed, cases[i].changed);
  }
}

static void many_rows_in_one_call(void **state) {
  Fixture *f = *state;
  enum { ROWS = 3000 };
  static Value binds[ROWS * 2];
  for (int i = 0; i < ROWS; i++) {
    binds[i * 2] = value_int(i);
    binds[i * 2 + 1] = i % 2 ? value_text("奇") : value_text(NULL);
  }
  static const char sql[] = "INSERT INTO thing (area_id, id, name) VALUES (1, $1, $2)";
  Tx *tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, tx_exec_many(tx, sql, binds, 2, ROWS, &f->e));
  OK(f, tx_exec_many(tx, sql, NULL, 2, 0, &f->e));
  OK(f, tx_mark(tx, &f->e));
  binds[0].i = ROWS; /* one good, then a duplicate */
  assert_false(tx_exec_many(tx, sql, binds, 2, ROWS, &f->e));
  assert_int_equal(f->e.kind, ERROR_CONFLICT);
  OK(f, tx_back(tx, &f->e));
  OK(f, tx_commit(tx, &f->e));
  assert_int_equal(count_of(f, f->store, "SELECT count(*) FROM thing"), ROWS);
  assert_int_equal(count_of(f, f->store, "SELECT count(*) FROM thing WHERE name = '奇'"), ROWS / 2);

  tx = tx_begin(f->store, TX_READ, 1, &f->e);
  STMT_SCOPE st = stmt_stream(tx, "SELECT id FROM thing WHERE id >= $1 ORDER BY id", VALUES(value_int(500)), 1, &f->e);
  OK(f, st);
  int64_t at = 500, inner;
  while (stmt_step(st, &f->e) == STEP_ROW) {
    assert_int_equal(stmt_int(st, 0), at++);
    if (at % 500 == 0) OK(f, tx_int(tx, "SELECT 1", NULL, 0, &inner, NULL, &f->e));
  }
  assert_int_equal(at, ROWS);
  tx_rollback(tx);
}

static void first_integer(void **state) {
  Fixture *f = *state;
  TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
  int64_t n = -1;
  bool found = true;
  OK(f, tx_int(tx, "SELECT id FROM thing", NULL, 0, &n, &found, &f->e));
  assert_false(found);
  assert_int_equal(n, 0);
  OK(f, tx_int(tx, "SELECT $1 + 1", VALUES(value_int(INT32_MAX)), 1, &n, &found, &f->e));
  assert_true(found);
  assert_int_equal(n, INT32_MAX + (int64_t)1);
}

/* ---- tables ---- */

static void columns_are_told(void **state) {
  Fixture *f = *state;
  static const StoreColumn expected[] = {{"area_id", VALUE_INT, true},
                                         {"id", VALUE_INT, true},
                                         {"name", VALUE_TEXT, false},
                                         {"body", VALUE_BYTES, false},
                                         {"extra", VALUE_INT, false}};
  run_ddl(f, "ALTER TABLE thing ADD COLUMN extra {int}; CREATE INDEX thing_by_name ON thing (area_id, name)");
  ARENA_SCOPE a = arena_new();
  StoreColumn *columns;
  size_t count;
  TX_SCOPE tx = tx_begin(f->store, TX_READ, 1, &f->e);
  OK(f, store_columns(tx, a, "thing", &columns, &count, &f->e));
  assert_int_equal(count, 5);
  for (size_t i = 0; i < count; i++) {
    assert_string_equal(columns[i].name, expected[i].name);
    assert_int_equal(columns[i].kind, expected[i].kind);
    assert_int_equal(columns[i].not_null, expected[i].not_null);
  }
  OK(f, store_columns(tx, a, "nowhere", &columns, &count, &f->e));
  assert_int_equal(count, 0);
}

static void ddl_is_transactional(void **state) {
  Fixture *f = *state;
  TX_SCOPE tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, store_ddl(tx, "CREATE TABLE fleeting (area_id {int} NOT NULL, PRIMARY KEY (area_id)) {strict}", &f->e));
  OK(f, tx_exec(tx, "INSERT INTO fleeting (area_id) VALUES (1)", NULL, 0, NULL, &f->e));
  tx_rollback(tx);
  ARENA_SCOPE a = arena_new();
  StoreColumn *columns;
  size_t count;
  TX_SCOPE again = tx_begin(f->store, TX_WRITE, 1, &f->e);
  OK(f, store_columns(again, a, "fleeting", &columns, &count, &f->e));
  assert_int_equal(count, 0);
  assert_false(store_ddl(again, "CREATE TABLE t (id {integer})", &f->e));
  assert_int_equal(f->e.kind, ERROR_BUG);
}

static void backup_is_a_store(void **state) {
  Fixture *f = *state;
  char path[128];
  snprintf(path, sizeof path, "%s/copy.db", f->folder);
  run_ddl(f, "CREATE UNIQUE INDEX thing_name ON thing (area_id, name) WHERE name <> '同';"
             "CREATE TABLE note (area_id {int} NOT NULL, text {text} NOT NULL, PRIMARY KEY (area_id, text)) {strict}");
  Tx *tx = tx_begin(f->store, TX_WRITE, 1, &f->e);
  for (int i = 0; i < 1200; i++) OK(f, put(tx, i, i % 2 ? "同" : NULL, &f->e));
  OK(f, tx_exec(tx, "UPDATE thing SET body = $1, name = '独' WHERE id = 7", VALUES(value_bytes("\0\1", 2)), 1, NULL,
                &f->e));
  assert_false(store_backup(f->store, path, &f->e)); /* not inside a transaction */
  OK(f, tx_commit(tx, &f->e));
  OK(f, store_backup(f->store, path, &f->e));
  assert_false(store_backup(f->store, path, &f->e));
  assert_int_equal(f->e.kind, ERROR_CONFLICT);
  assert_false(store_backup(f->store, "/nowhere/copy.db", &f->e));
  assert_int_equal(f->e.kind, ERROR_UNAVAILABLE);

  STORE_SCOPE copy = store_open(path, false, &f->e);
  OK(f, copy);
  assert_string_equal(store_engine(copy), "sqlite");
  assert_int_equal(count_of(f, copy, "SELECT count(*) FROM thing"), 1200);
  assert_int_equal(count_of(f, copy, "SELECT count(*) FROM thing WHERE name IS NULL"), 600);
  assert_int_equal(count_of(f, copy, "SELECT id FROM thing WHERE length(body) = 2"), 7);
  TX_SCOPE twice = tx_begin(copy, TX_WRITE, 1, &f->e);
  assert_false(put(twice, 5000, "独", &f->e)); /* the index came along */
  assert_int_equal(f->e.kind, ERROR_CONFLICT);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
  const struct CMUnitTest tests[] = {
      TEST(values_come_back),
      cmocka_unit_test(values_compare_and_copy),
      TEST(bad_utf8_is_refused),
      TEST(placeholders_are_numbered),
      TEST(wrong_statements_are_bugs),
      TEST(missing_tables_are_damage),
      TEST(dialect_gives_the_same),
      TEST(failure_poisons),
      TEST(open_statement_stops_when_poisoned),
      TEST(constraints_have_kinds),
      TEST(marks_nest),
      TEST(going_back_ends_newer_statements_only),
      TEST(read_is_one_snapshot),
      TEST(one_transaction_at_a_time),
      TEST(statements_may_outlive_their_transaction),
      TEST(deadlock_is_tried_again),
      TEST(writes_of_an_area_are_serial),
      TEST(only_busy_is_tried_again),
      TEST(busy_ends_with_a_sentence),
      TEST(same_statement_twice_at_once),
      TEST(same_text_with_other_kinds),
      TEST(cache_is_bounded),
      TEST(returning_has_written_when_opened),
      TEST(changes_are_counted),
      TEST(many_rows_in_one_call),
      TEST(first_integer),
      TEST(columns_are_told),
      TEST(ddl_is_transactional),
      TEST(backup_is_a_store),
  };
  return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
