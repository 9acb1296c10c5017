/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The keyring: what is sealed opens again, only in its own place; keys reach the disk when they are flushed
 * and not otherwise; what is erased stays erased, and leaves no trace in the file. */
#include "check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/keyring.h"
#include "sample.h"

typedef struct Ring {
  Arena *arena;
  Catalogue *catalogue;
  const Relation *person;
  const Column *phone, *address;
  Keyring *keyring;
  char folder[64], path[96];
} Ring;

#define ok(call) \
  do { \
    if (!(call)) fail_msg("%s:%d %s: %s (%s)", __FILE__, __LINE__, #call, e.sentence, e.cause); \
  } while (0)

static int setup(void **state) {
  Error e = {0};
  Ring *g = calloc(1, sizeof *g);
  g->arena = arena_new();
  g->catalogue = sample_catalogue(g->arena);
  if (!g->catalogue) return 1;
  g->person = catalogue_find(g->catalogue, "person");
  g->phone = relation_column(g->person, "phone");
  g->address = relation_column(g->person, "address");
  snprintf(g->folder, sizeof g->folder, "/tmp/luoshi-keyring-XXXXXX");
  if (!mkdtemp(g->folder)) return 1;
  snprintf(g->path, sizeof g->path, "%s/keyring.db", g->folder);
  g->keyring = keyring_open(g->path, true, &e);
  ok(g->keyring);
  *state = g;
  return 0;
}

static int teardown(void **state) {
  Ring *g = *state;
  char command[128];
  keyring_close(g->keyring);
  snprintf(command, sizeof command, "rm -rf '%s'", g->folder);
  int rc = system(command);
  arena_free(g->arena);
  free(g);
  return rc;
}

static Value seal(Ring *g, int64_t id, const Column *column, const char *plain) {
  Error e = {0};
  Value cell;
  ok(keyring_seal(g->keyring, g->arena, 1, g->person, id, column, plain, &cell, &e));
  return cell;
}

static const char *opened(Ring *g, Keyring *k, int64_t id, const Column *column, Value cell, bool *erased, ErrorKind *kind) {
  Error e = {0};
  const char *plain = NULL;
  *kind = keyring_open_cell(k, g->arena, 1, g->person, id, column, cell, &plain, erased, &e) ? ERROR_NONE : e.kind;
  return plain;
}

static void reopen(Ring *g) {
  Error e = {0};
  keyring_close(g->keyring);
  g->keyring = keyring_open(g->path, false, &e);
  ok(g->keyring);
}

static void test_round(void **state) {
  Ring *g = *state;
  static const char *const texts[] = {"13800000000", "某县某乡某村3组", "x"};
  Error e = {0};
  Value cells[3];
  for (int i = 0; i < 3; i++) {
    cells[i] = seal(g, 1 + i, g->phone, texts[i]);
    assert_int_equal(cells[i].n, 12 + strlen(texts[i]) + 16);
    assert_int_equal(cells[i].kind, VALUE_BYTES);
  }
  ok(keyring_flush(g->keyring, &e));
  assert_false(value_equal(seal(g, 1, g->phone, texts[0]), cells[0])); /* a nonce each time */
  reopen(g);
  for (int i = 0; i < 3; i++) {
    bool erased;
    ErrorKind kind;
    const char *plain = opened(g, g->keyring, 1 + i, g->phone, cells[i], &erased, &kind);
    assert_int_equal(kind, ERROR_NONE);
    assert_string_equal(plain, texts[i]);
  }
  assert_true(seal(g, 9, g->phone, "").null);
  assert_true(seal(g, 9, g->phone, NULL).null);
}

static void test_only_in_its_place(void **state) {
  Ring *g = *state;
  Error e = {0};
  Value cell = seal(g, 1, g->phone, "13800000000"), other = seal(g, 2, g->phone, "13900000000");
  ok(keyring_flush(g->keyring, &e));
  bool erased;
  ErrorKind kind;
  opened(g, g->keyring, 1, g->address, cell, &erased, &kind);
  assert_int_equal(kind, ERROR_BROKEN);
  opened(g, g->keyring, 1, g->phone, other, &erased, &kind);
  assert_int_equal(kind, ERROR_BROKEN);
  for (size_t i = 0; i < cell.n; i++) {
    Value bent = value_copy(g->arena, cell);
    char *bytes = arena_slice(g->arena, cell.s, cell.n);
    bytes[i] ^= 1;
    bent.s = bytes;
    assert_null(opened(g, g->keyring, 1, g->phone, bent, &erased, &kind));
    assert_int_equal(kind, ERROR_BROKEN);
  }
  assert_null(opened(g, g->keyring, 1, g->phone, value_bytes(cell.s, 20), &erased, &kind));
  assert_int_equal(kind, ERROR_BROKEN);
}

/* Many rows, one transaction; what was not flushed is not there. */
static void test_flush(void **state) {
  Ring *g = *state;
  Error e = {0};
  Value cells[400];
  for (int i = 0; i < 400; i++) cells[i] = seal(g, 100 + i, g->phone, "13800000000");
  bool erased;
  ErrorKind kind;
  Keyring *other = keyring_open(g->path, false, &e);
  ok(other);
  opened(g, other, 100, g->phone, cells[0], &erased, &kind);
  assert_int_equal(kind, ERROR_MISSING);
  ok(keyring_flush(g->keyring, &e) && keyring_flush(g->keyring, &e));
  for (int i = 0; i < 400; i++) assert_string_equal(opened(g, other, 100 + i, g->phone, cells[i], &erased, &kind), "13800000000");
  keyring_close(other);
  Value lost = seal(g, 999, g->phone, "1");
  keyring_forget(g->keyring);
  opened(g, g->keyring, 999, g->phone, lost, &erased, &kind);
  assert_int_equal(kind, ERROR_MISSING);
  assert_non_null(opened(g, g->keyring, 100, g->phone, cells[0], &erased, &kind));
}

/* Two processes make a key for one row: the second learns of it before anything is committed. */
static void test_two_writers(void **state) {
  Ring *g = *state;
  Error e = {0};
  Keyring *other = keyring_open(g->path, false, &e);
  ok(other);
  Value mine = seal(g, 7, g->phone, "mine"), theirs;
  ok(keyring_seal(other, g->arena, 1, g->person, 7, g->phone, "theirs", &theirs, &e));
  ok(keyring_flush(other, &e));
  assert_false(keyring_flush(g->keyring, &e));
  assert_int_equal(e.kind, ERROR_CONFLICT);
  mine = seal(g, 7, g->phone, "mine");
  ok(keyring_flush(g->keyring, &e));
  bool erased;
  ErrorKind kind;
  assert_string_equal(opened(g, other, 7, g->phone, mine, &erased, &kind), "mine");
  keyring_close(other);
}

static bool file_holds(const char *path, const char *bytes, size_t n) {
  FILE *f = fopen(path, "rb");
  if (!f) return false;
  static char all[4 * 1024 * 1024];
  size_t size = fread(all, 1, sizeof all, f);
  fclose(f);
  return memmem(all, size, bytes, n) != NULL;
}

static void stored_key(Ring *g, int64_t id, char out[32]) {
  Error e = {0};
  STORE_SCOPE s = store_open(g->path, false, &e);
  TX_SCOPE tx = tx_begin(s, TX_READ, 0, &e);
  STMT_SCOPE st = stmt_open(tx, "SELECT key FROM keyring WHERE row_id = $1", (Value[]){value_int(id)}, 1, &e);
  assert_int_equal(stmt_step(st, &e), STEP_ROW);
  size_t n;
  const void *key = stmt_bytes(st, 0, &n);
  assert_int_equal(n, 32);
  memcpy(out, key, 32);
}

static void test_erase(void **state) {
  Ring *g = *state;
  Error e = {0};
  Value cell = seal(g, 5, g->phone, "13800000000"), kept = seal(g, 6, g->phone, "13900000000");
  ok(keyring_flush(g->keyring, &e));
  char key[32], log[112];
  stored_key(g, 5, key);
  snprintf(log, sizeof log, "%s-wal", g->path);
  assert_true(file_holds(g->path, key, 32) || file_holds(log, key, 32));
  ok(keyring_erase(g->keyring, 1, g->person, 5, &e));
  assert_false(file_holds(g->path, key, 32) || file_holds(log, key, 32));
  bool erased;
  ErrorKind kind;
  for (int round = 0; round < 2; round++) {
    assert_null(opened(g, g->keyring, 5, g->phone, cell, &erased, &kind));
    assert_int_equal(kind, ERROR_NONE);
    assert_true(erased);
    assert_string_equal(opened(g, g->keyring, 6, g->phone, kept, &erased, &kind), "13900000000");
    reopen(g);
  }
  Value again;
  assert_false(keyring_seal(g->keyring, g->arena, 1, g->person, 5, g->phone, "x", &again, &e));
  assert_int_equal(e.kind, ERROR_CONFLICT);
  ok(keyring_erase(g->keyring, 1, g->person, 5, &e)); /* twice is once */
}

/* Another process learns of an erasure within a second or so. */
static void test_erased_elsewhere(void **state) {
  Ring *g = *state;
  Error e = {0};
  Value cell = seal(g, 5, g->phone, "13800000000");
  ok(keyring_flush(g->keyring, &e));
  Keyring *other = keyring_open(g->path, false, &e);
  bool erased;
  ErrorKind kind;
  assert_non_null(opened(g, other, 5, g->phone, cell, &erased, &kind));
  ok(keyring_erase(g->keyring, 1, g->person, 5, &e));
  usleep(1100000);
  assert_null(opened(g, other, 5, g->phone, cell, &erased, &kind));
  assert_true(erased);
  keyring_close(other);
}

static void test_file(void **state) {
  Ring *g = *state;
  Error e = {0};
  struct stat st;
  assert_int_equal(stat(g->path, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  Value cell = seal(g, 1, g->phone, "13800000000");
  ok(keyring_flush(g->keyring, &e));
  const char *copy = arena_print(g->arena, "%s/copy.db", g->folder);
  ok(keyring_backup(g->keyring, copy, &e));
  assert_int_equal(stat(copy, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  Keyring *k = keyring_open(copy, false, &e);
  ok(k);
  bool erased;
  ErrorKind kind;
  assert_string_equal(opened(g, k, 1, g->phone, cell, &erased, &kind), "13800000000");
  keyring_close(k);
  assert_null(keyring_open(arena_print(g->arena, "%s/none.db", g->folder), false, &e));
  assert_int_equal(e.kind, ERROR_MISSING);
  const char *store = arena_print(g->arena, "%s/luoshi.db", g->folder);
  store_close(store_open(store, true, &e));
  assert_null(keyring_open(store, false, &e)); /* a store, but no keyring */
  assert_int_equal(e.kind, ERROR_BROKEN);
}

/* More rows than are remembered. */
static void test_many(void **state) {
  Ring *g = *state;
  Error e = {0};
  Value first = {0}, cell;
  for (int64_t id = 1; id <= 5000; id++) {
    ArenaMark mark = arena_mark(g->arena);
    cell = seal(g, id, g->phone, "1");
    if (id == 1) first = cell;
    else arena_back(g->arena, mark);
  }
  ok(keyring_flush(g->keyring, &e));
  bool erased;
  ErrorKind kind;
  assert_string_equal(opened(g, g->keyring, 1, g->phone, first, &erased, &kind), "1");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_round, setup, teardown),
      cmocka_unit_test_setup_teardown(test_only_in_its_place, setup, teardown),
      cmocka_unit_test_setup_teardown(test_flush, setup, teardown),
      cmocka_unit_test_setup_teardown(test_two_writers, setup, teardown),
      cmocka_unit_test_setup_teardown(test_erase, setup, teardown),
      cmocka_unit_test_setup_teardown(test_erased_elsewhere, setup, teardown),
      cmocka_unit_test_setup_teardown(test_file, setup, teardown),
      cmocka_unit_test_setup_teardown(test_many, setup, teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
