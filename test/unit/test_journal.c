/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The journal: sealing, writing, reading again; and every way to tamper with a store, each with the fault and
 * the place that the audit must name. Tampering happens in a transaction that is rolled back. */
#include "check.h"

#include <sys/stat.h>

#include "journal/seal.h"
#include "sample.h"
#include "store_fixture.h"

static const JournalKey key = {{1, 2, 3, 4, 5, 6, 7, 8}};

typedef struct Town {
  Arena *arena;
  Catalogue *catalogue;
  Fixture *fixture;
  Store *store;
  char root[7][65]; /* after revision 1 … 6 */
} Town;

#define ok(call) \
  do { \
    if (!(call)) fail_msg("%s:%d %s: %s (%s)", __FILE__, __LINE__, #call, e.sentence, e.cause); \
  } while (0)

/* ---- writing ---- */

static Revision *begin_op(Town *t, Tx *tx, int64_t area, const char *request_id, const char *op, bool *found, int64_t *seq,
                          Error *e) {
  RevisionHeader h = {.at = "2023-12-20T09:00:00Z", .actor = "本机", .op = op, .request_id = request_id};
  return revision_begin(t->arena, tx, area, &key, h, found, seq, e);
}

static Revision *begin(Town *t, Tx *tx, int64_t area, const char *request_id) {
  Error e = {0};
  bool found;
  int64_t seq;
  Revision *r = begin_op(t, tx, area, request_id, "note.save", &found, &seq, &e);
  ok(r);
  assert_false(found);
  return r;
}

/* Revision `seq` of the journal that all tampering starts from; ids as they fall. */
static void write_revision(Town *t, int seq) {
  Error e = {0};
  TX_SCOPE tx = tx_begin(t->store, TX_WRITE, 1, &e);
  ok(tx);
  Arena *a = t->arena;
  const Catalogue *c = t->catalogue;
  Revision *r = begin(t, tx, 1, arena_print(a, "request-%d", seq));
  switch (seq) {
  case 1: /* 1, 2, 3 */
    for (int64_t id = 1; id <= 3; id++) assert_int_equal(revision_next_id(r), id);
    ok(change_put(r, sample_note(a, c, 1, "甲", 100), &e) && change_put(r, sample_item(a, c, 2, 1, "一"), &e) &&
       change_put(r, sample_item(a, c, 3, 1, "二"), &e));
    break;
  case 2: /* 4, 5 */
    ok(change_put(r, sample_note(a, c, 4, "乙", 200), &e) && change_put(r, sample_item(a, c, 5, 4, "三"), &e));
    break;
  case 3: ok(change_put(r, sample_note(a, c, 1, "甲改", 150), &e) && change_remove(r, catalogue_find(c, "note.items"), 3, &e)); break;
  case 4: break;
  case 5: /* 6 … 9; an id that was not asked for moves the head too */
    ok(change_put(r, sample_note(a, c, 6, "丙\n“引号\"\\”", 0), &e));
    for (int64_t id = 7; id <= 9; id++) ok(change_put(r, sample_item(a, c, id, 6, "四"), &e));
    break;
  default: ok(change_put(r, sample_note(a, c, 4, "乙改", 200), &e));
  }
  int64_t done;
  ok(revision_end(r, &done, &e) && tx_commit(tx, &e));
  assert_int_equal(done, seq);
}

static void audit_in(Town *t, Tx *tx, const Anchor *anchor, Fault *fault, AuditSummary *sum) {
  Error e = {0};
  ok(journal_audit(tx, t->catalogue, 1, &key, anchor, fault, sum, &e));
}

static void audit(Town *t, Fault *fault, AuditSummary *sum) {
  Error e = {0};
  TX_SCOPE tx = tx_begin(t->store, TX_READ, 1, &e);
  ok(tx);
  audit_in(t, tx, NULL, fault, sum);
}

static int setup(void **state) {
  Town *t = calloc(1, sizeof *t);
  Error e = {0};
  fixture_setup((void **)&t->fixture);
  t->store = t->fixture->store;
  t->arena = arena_new();
  t->catalogue = sample_catalogue(t->arena);
  ok(t->catalogue && sample_fill(t->store, t->catalogue, &e));
  for (int seq = 1; seq <= 6; seq++) {
    Fault fault;
    AuditSummary sum;
    write_revision(t, seq);
    audit(t, &fault, &sum);
    assert_int_equal(fault.kind, FAULT_NONE);
    memcpy(t->root[seq], sum.root, sizeof sum.root);
  }
  TX_SCOPE tx = tx_begin(t->store, TX_WRITE, 2, &e);
  Revision *r = begin(t, tx, 2, "request-1"); /* the same words in another area are another request */
  ok(change_put(r, sample_note(t->arena, t->catalogue, 1, "外乡", 1), &e) && revision_end(r, NULL, &e) && tx_commit(tx, &e));
  *state = t;
  return 0;
}

static int teardown(void **state) {
  Town *t = *state;
  int rc = fixture_teardown((void **)&t->fixture);
  arena_free(t->arena);
  free(t);
  return rc;
}

/* ---- sealing ---- */

static void test_sm3(void **state) {
  (void)state;
  static const struct { const char *text, *hex; } cases[] = {
      /* GB/T 32905-2016, appendix A */
      {"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
      {"abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
       "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"},
  };
  Error e = {0};
  SEAL_SCOPE s = seal_new(NULL, &e);
  ok(s);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Digest d;
    char hex[SEAL_HEX];
    seal_start(s);
    seal_bytes(s, cases[i].text, strlen(cases[i].text));
    ok(seal_finish(s, &d, &e));
    hex_write(d.at, SEAL_SIZE, hex);
    assert_string_equal(hex, cases[i].hex);
  }
}

static void test_hmac(void **state) {
  (void)state;
  Error e = {0};
  unsigned char ones[SEAL_SIZE];
  memset(ones, 1, sizeof ones);
  SEAL_SCOPE s = seal_new(ones, &e);
  ok(s);
  Digest small, long_whole, long_pieces, again;
  char hex[SEAL_HEX], block[10000];
  memset(block, 'x', sizeof block);
  seal_start(s);
  seal_bytes(s, "abc", 3);
  ok(seal_finish(s, &small, &e));
  hex_write(small.at, SEAL_SIZE, hex);
  assert_string_equal(hex, "1a8c22f4c137e76eab6a9707d63e41686156245cdeb761b4d39cd721d6533f22"); /* openssl dgst */
  seal_start(s);
  seal_bytes(s, block, sizeof block);
  ok(seal_finish(s, &long_whole, &e));
  seal_start(s);
  for (size_t i = 0; i < sizeof block; i += 100) seal_bytes(s, block + i, 100);
  ok(seal_finish(s, &long_pieces, &e));
  assert_true(digest_equal(&long_whole, &long_pieces));
  seal_start(s);
  seal_string(s, "ab", 2);
  seal_string(s, "c", 1);
  ok(seal_finish(s, &small, &e));
  seal_start(s);
  seal_string(s, "a", 1);
  seal_string(s, "bc", 2);
  ok(seal_finish(s, &again, &e));
  assert_false(digest_equal(&small, &again));
}

static void test_key_file(void **state) {
  Town *t = *state;
  Error e = {0};
  unsigned char made[SEAL_SIZE], read[SEAL_SIZE];
  const char *path = arena_print(t->arena, "%s/journal.key", t->fixture->folder);
  assert_false(key_read(path, read, &e));
  assert_int_equal(e.kind, ERROR_MISSING);
  ok(key_create(path, made, &e));
  struct stat st;
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  ok(key_read(path, read, &e));
  assert_memory_equal(made, read, SEAL_SIZE);
  assert_false(key_create(path, made, &e));
  assert_int_equal(e.kind, ERROR_CONFLICT);
  assert_int_equal(chmod(path, 0640), 0);
  assert_false(key_read(path, read, &e));
  assert_int_equal(e.kind, ERROR_FORBIDDEN);
  assert_int_equal(chmod(path, 0600) | truncate(path, 60), 0);
  assert_false(key_read(path, read, &e));
  assert_int_equal(e.kind, ERROR_BROKEN);
}

/* ---- revisions ---- */

static void test_repeated_request(void **state) {
  Town *t = *state;
  Error e = {0};
  TX_SCOPE tx = tx_begin(t->store, TX_WRITE, 1, &e);
  bool found = false;
  int64_t seq = 0;
  Revision *r = begin_op(t, tx, 1, "request-3", "note.save", &found, &seq, &e);
  assert_true(r && found);
  assert_int_equal(seq, 3);
  assert_false(change_put(r, sample_note(t->arena, t->catalogue, 50, "重", 1), &e)); /* nothing can be written with it */
  assert_null(begin_op(t, tx, 1, "request-3", "note.void", &found, &seq, &e));
  assert_false(found);
  assert_int_equal(e.kind, ERROR_CONFLICT);
  assert_null(begin_op(t, tx, 3, "request-3", "note.save", &found, &seq, &e));
  assert_int_equal(e.kind, ERROR_MISSING); /* no such area */
  assert_null(begin_op(t, tx, 1, "", "note.save", &found, &seq, &e));
}

static void test_misuse(void **state) {
  Town *t = *state;
  Error e = {0};
  TX_SCOPE tx = tx_begin(t->store, TX_WRITE, 1, &e);
  REVISION_SCOPE r = begin(t, tx, 1, "misuse");
  assert_false(change_remove(r, catalogue_find(t->catalogue, "note"), 1, &e)); /* records are voided */
  assert_int_equal(e.kind, ERROR_BUG);
  assert_false(change_put(r, (sample_note(t->arena, t->catalogue, 1, "\xff", 1)), &e) && revision_end(r, NULL, &e));
}

static void test_history(void **state) {
  Town *t = *state;
  Error e = {0};
  TX_SCOPE tx = tx_begin(t->store, TX_READ, 1, &e);
  HistoryEntry *at;
  size_t count;
  ok(journal_history(tx, t->arena, 1, catalogue_find(t->catalogue, "note"), 1, &at, &count, &e));
  assert_int_equal(count, 2);
  assert_int_equal(at[0].header.seq, 1);
  assert_int_equal(at[1].header.seq, 3);
  assert_string_equal(at[1].header.request_id, "request-3");
  assert_non_null(strstr(at[1].body, "甲改"));
  ok(journal_history(tx, t->arena, 1, catalogue_find(t->catalogue, "note.items"), 3, &at, &count, &e));
  assert_int_equal(count, 2);
  assert_string_equal(at[1].body, "");
}

/* ---- replay ---- */

static void dump(Town *t, Tx *tx, Text *out) {
  Error e = {0};
  for (size_t i = 0; i < t->catalogue->relation_count; i++) {
    const Relation *r = t->catalogue->relations[i];
    STMT_SCOPE st = stmt_open(tx, row_select_sql(t->arena, r, NULL), (Value[]){value_int(1)}, 1, &e);
    ok(st);
    while (stmt_step(st, &e) == STEP_ROW) {
      Row row = row_from(t->arena, r, st, 0);
      text_print(out, "%s %lld ", r->name, (long long)row_id(row));
      row_body(row, out);
      text_add_char(out, '\n');
    }
  }
}

static void replay(Town *t, int64_t seq, Text *out) {
  Error e = {0};
  Fault fault;
  STORE_SCOPE memory = store_open(":memory:", true, &e);
  ok(memory && sample_fill(memory, t->catalogue, &e));
  TX_SCOPE tx = tx_begin(t->store, TX_READ, 1, &e);
  TX_SCOPE into = tx_begin(memory, TX_WRITE, 1, &e);
  ok(tx && into && journal_replay(tx, t->catalogue, 1, &key, seq, into, &fault, &e));
  assert_int_equal(fault.kind, FAULT_NONE);
  dump(t, into, out);
}

static void test_replay(void **state) {
  Town *t = *state;
  Error e = {0};
  TEXT_SCOPE now = text_new(TEXT_CEILING);
  TEXT_SCOPE replayed = text_new(TEXT_CEILING);
  TEXT_SCOPE before = text_new(TEXT_CEILING);
  TX_SCOPE tx = tx_begin(t->store, TX_READ, 1, &e);
  dump(t, tx, &now);
  tx_rollback(tx);
  replay(t, 0, &replayed);
  assert_string_equal(text_get(&now), text_get(&replayed));
  replay(t, 2, &before);
  assert_non_null(strstr(text_get(&before), "\"甲\""));
  assert_non_null(strstr(text_get(&before), "note.items 3 "));
  assert_null(strstr(text_get(&before), "丙"));
  tx = tx_begin(t->store, TX_READ, 1, &e);
  Fault fault;
  assert_false(journal_replay(tx, t->catalogue, 1, &key, 7, tx, &fault, &e));
  assert_int_equal(e.kind, ERROR_INVALID);
}

/* Many rows in one revision, more than a batch, rows twice and put back among them. */
static void test_bulk(void **state) {
  Town *t = *state;
  Error e = {0};
  TX_SCOPE tx = tx_begin(t->store, TX_WRITE, 1, &e);
  Revision *r = begin(t, tx, 1, "bulk");
  const Relation *items = catalogue_find(t->catalogue, "note.items");
  for (int64_t id = 100; id < 1100; id++) {
    ArenaMark mark = arena_mark(t->arena); /* what a caller gives is not held */
    ok(change_put(r, sample_item(t->arena, t->catalogue, id, 1, "批"), &e));
    if (id % 7 == 0) ok(change_remove(r, items, id, &e));
    if (id % 14 == 0) ok(change_put(r, sample_item(t->arena, t->catalogue, id, 4, "再"), &e));
    arena_back(t->arena, mark);
  }
  assert_int_equal(revision_next_id(r), 1100);
  int64_t seq, n;
  ok(revision_end(r, &seq, &e));
  ok(tx_int(tx, "SELECT count(*) FROM \"l_note_items\" WHERE area_id = 1 AND id >= 100", NULL, 0, &n, NULL, &e));
  assert_int_equal(n, 1000 - 143 + 71);
  Fault fault;
  AuditSummary sum;
  audit_in(t, tx, NULL, &fault, &sum);
  if (fault.kind) fail_msg("%s", fault.sentence);
  assert_int_equal(sum.revisions, 7);
  assert_int_equal(sum.changes, 12 + 1000 + 143 + 71);
}

/* ---- tampering ---- */

typedef struct Tampering {
  const char *name, *sql[5];
  FaultKind kind;
  int64_t seq, n;
  const char *relation;
  int64_t row_id;
  int anchor; /* revision whose true root is known outside */
} Tampering;

#define CHANGE "area_id, seq, n, relation, row_id, body, checksum"
static const Tampering tamperings[] = {
    {"nothing", {0}, FAULT_NONE, .anchor = 6},
    {"nothing, an old anchor", {0}, FAULT_NONE, .anchor = 2},
    {"a body", {"UPDATE change SET body = replace(body, '甲', '丁') WHERE area_id = 1 AND seq = 1 AND n = 1"}, FAULT_EDITED, 1, 1, "note", 1},
    {"the body of a line", {"UPDATE change SET body = replace(body, '三', '四') WHERE area_id = 1 AND seq = 2 AND n = 2"}, FAULT_EDITED, 2, 2, "note.items", 5},
    {"body and row alike",
     {"UPDATE change SET body = replace(body, '乙改', '丁') WHERE area_id = 1 AND seq = 6", "UPDATE l_note SET title = '丁' WHERE area_id = 1 AND id = 4"},
     FAULT_EDITED, 6, 1, "note", 4},
    {"a removal made a change of nothing", {"UPDATE change SET body = '{}' WHERE area_id = 1 AND seq = 3 AND n = 2"}, FAULT_EDITED, 3, 2, "note.items", 3},
    {"whose row it is", {"UPDATE change SET row_id = 6 WHERE area_id = 1 AND seq = 2 AND n = 1"}, FAULT_EDITED, 2, 1, "note", 6},
    {"whose table it is", {"UPDATE change SET relation = 'person' WHERE area_id = 1 AND seq = 2 AND n = 1"}, FAULT_EDITED, 2, 1, "person", 4},
    {"a table unknown", {"UPDATE change SET relation = 'nobody' WHERE area_id = 1 AND seq = 2 AND n = 1"}, FAULT_EDITED, 2, 1, NULL, 4},
    {"a checksum", {"UPDATE change SET checksum = checksum + 1 WHERE area_id = 1 AND seq = 5 AND n = 3"}, FAULT_EDITED, 5, 3, "note.items", 8},
    {"when", {"UPDATE revision SET at = '2023-12-19T09:00:00Z' WHERE area_id = 1 AND seq = 3"}, FAULT_EDITED, 3},
    {"who", {"UPDATE revision SET actor = '王五' WHERE area_id = 1 AND seq = 3"}, FAULT_EDITED, 3},
    {"what", {"UPDATE revision SET op = 'note.void' WHERE area_id = 1 AND seq = 4"}, FAULT_EDITED, 4},
    {"which request", {"UPDATE revision SET request_id = 'x' WHERE area_id = 1 AND seq = 1"}, FAULT_EDITED, 1},
    {"moved between fields", {"UPDATE revision SET actor = '本', op = '机note.save' WHERE area_id = 1 AND seq = 2"}, FAULT_EDITED, 2},
    {"how many", {"UPDATE revision SET changes = changes + 1 WHERE area_id = 1 AND seq = 2"}, FAULT_EDITED, 2},
    {"a MAC", {"UPDATE revision SET mac = (SELECT mac FROM revision WHERE area_id = 1 AND seq = 1) WHERE area_id = 1 AND seq = 5"}, FAULT_EDITED, 5},
    {"a change gone", {"DELETE FROM change WHERE area_id = 1 AND seq = 5 AND n = 2"}, FAULT_MISSING, 5, 2},
    {"the last change gone", {"DELETE FROM change WHERE area_id = 1 AND seq = 5 AND n = 4"}, FAULT_MISSING, 5, 4},
    {"all changes gone", {"DELETE FROM change WHERE area_id = 1 AND seq = 5"}, FAULT_MISSING, 5, 1},
    {"the last change gone, counted", {"DELETE FROM change WHERE area_id = 1 AND seq = 5 AND n = 4", "UPDATE revision SET changes = 3 WHERE area_id = 1 AND seq = 5"}, FAULT_EDITED, 5},
    {"a change gone, the rest moved up",
     {"DELETE FROM change WHERE area_id = 1 AND seq = 5 AND n = 2", "UPDATE change SET n = 2 WHERE area_id = 1 AND seq = 5 AND n = 3",
      "UPDATE change SET n = 3 WHERE area_id = 1 AND seq = 5 AND n = 4", "UPDATE revision SET changes = 3 WHERE area_id = 1 AND seq = 5"},
     FAULT_ORDER, 5, 2, "note.items", 8},
    {"a change put in", {"INSERT INTO change(" CHANGE ") VALUES (1, 2, 3, 'note', 77, '{}', 0)"}, FAULT_EDITED, 2, 3},
    {"a change put before", {"INSERT INTO change(" CHANGE ") VALUES (1, 2, 0, 'note', 77, '{}', 0)"}, FAULT_EDITED, 2},
    {"a change of no revision", {"INSERT INTO change(" CHANGE ") VALUES (1, 99, 1, 'note', 77, '{}', 0)"}, FAULT_EDITED, 99, 1},
    {"two changes swapped",
     {"UPDATE change SET n = 1000 WHERE area_id = 1 AND seq = 5 AND n = 2", "UPDATE change SET n = 2 WHERE area_id = 1 AND seq = 5 AND n = 3",
      "UPDATE change SET n = 3 WHERE area_id = 1 AND seq = 5 AND n = 1000"},
     FAULT_ORDER, 5, 2, "note.items", 8},
    {"a header gone", {"DELETE FROM revision WHERE area_id = 1 AND seq = 3"}, FAULT_MISSING, 3},
    {"a revision gone", {"DELETE FROM revision WHERE area_id = 1 AND seq = 2", "DELETE FROM change WHERE area_id = 1 AND seq = 2"}, FAULT_MISSING, 2},
    {"the first gone", {"DELETE FROM revision WHERE area_id = 1 AND seq = 1"}, FAULT_MISSING, 1},
    {"two headers swapped",
     {"UPDATE revision SET seq = 1000 WHERE area_id = 1 AND seq = 2", "UPDATE revision SET seq = 2 WHERE area_id = 1 AND seq = 3",
      "UPDATE revision SET seq = 3 WHERE area_id = 1 AND seq = 1000"},
     FAULT_ORDER, 2},
    {"two revisions swapped",
     {"UPDATE revision SET seq = 1000 - seq WHERE area_id = 1 AND seq IN (2, 3)", "UPDATE change SET seq = 1000 - seq WHERE area_id = 1 AND seq IN (2, 3)",
      "UPDATE revision SET seq = seq - 995 WHERE area_id = 1 AND seq >= 997", "UPDATE change SET seq = seq - 995 WHERE area_id = 1 AND seq >= 997"},
     FAULT_ORDER, 2},
    {"a revision moved up", {"DELETE FROM revision WHERE area_id = 1 AND seq = 4", "UPDATE revision SET seq = 4 WHERE area_id = 1 AND seq = 5", "UPDATE change SET seq = 4 WHERE area_id = 1 AND seq = 5"}, FAULT_EDITED, 4},
    {"a revision put in", {"INSERT INTO revision(area_id, seq, at, actor, op, request_id, changes, mac) SELECT 1, 7, at, actor, op, 'x', 0, mac FROM revision WHERE area_id = 1 AND seq = 6"}, FAULT_EDITED, 7},
    {"a revision put before all", {"INSERT INTO revision(area_id, seq, at, actor, op, request_id, changes, mac) SELECT 1, 0, at, actor, op, 'x', 0, mac FROM revision WHERE area_id = 1 AND seq = 6"}, FAULT_EDITED, 0},
    {"the end cut", {"DELETE FROM revision WHERE area_id = 1 AND seq >= 5", "DELETE FROM change WHERE area_id = 1 AND seq >= 5"}, FAULT_CUT, 5},
    {"the last header cut", {"DELETE FROM revision WHERE area_id = 1 AND seq = 6"}, FAULT_MISSING, 6},
    {"all cut", {"DELETE FROM revision WHERE area_id = 1", "DELETE FROM change WHERE area_id = 1"}, FAULT_CUT, 1},
    {"the head set back", {"UPDATE head SET seq = 5 WHERE area_id = 1"}, FAULT_EDITED, 5},
    {"the head's MAC", {"UPDATE head SET mac = (SELECT mac FROM revision WHERE area_id = 1 AND seq = 5) WHERE area_id = 1"}, FAULT_EDITED, 6},
    {"the head's root", {"UPDATE head SET root = mac WHERE area_id = 1"}, FAULT_EDITED, 6},
    {"the next id", {"UPDATE head SET next_id = 9 WHERE area_id = 1"}, FAULT_EDITED, 6},
    {"the head gone", {"DELETE FROM head WHERE area_id = 1"}, FAULT_MISSING, 0},
    {"a journal table gone", {"DROP TABLE revision"}, FAULT_MISSING, 0},
    {"a journal column gone", {"DROP TABLE change; CREATE TABLE change(area_id {int} NOT NULL, seq {int} NOT NULL, PRIMARY KEY(area_id, seq)) {strict}"}, FAULT_MISSING, 0},
    {"a title", {"UPDATE l_note SET title = '丁' WHERE area_id = 1 AND id = 1"}, FAULT_TABLE, 3, 1, "note", 1},
    {"a value set", {"UPDATE l_note SET detail = '' WHERE area_id = 1 AND id = 4"}, FAULT_TABLE, 6, 1, "note", 4},
    {"a value cleared", {"UPDATE l_note SET amount = NULL WHERE area_id = 1 AND id = 4"}, FAULT_TABLE, 6, 1, "note", 4},
    {"a sealed cell", {"UPDATE l_note SET phone = (SELECT mac FROM head WHERE area_id = 1) WHERE area_id = 1 AND id = 6"}, FAULT_TABLE, 5, 1, "note", 6},
    {"a row's id", {"UPDATE l_note_items SET id = 70 WHERE area_id = 1 AND id = 7"}, FAULT_TABLE, 5, 2, "note.items", 7},
    {"a row deleted", {"DELETE FROM l_note_items WHERE area_id = 1 AND id = 5"}, FAULT_TABLE, 2, 2, "note.items", 5},
    {"the last row deleted", {"DELETE FROM l_note_items WHERE area_id = 1 AND id = 9"}, FAULT_TABLE, 5, 4, "note.items", 9},
    {"a row added", {"INSERT INTO l_note_items(area_id, id, record_id, pos, what) VALUES (1, 50, 1, 1, '多')"}, FAULT_TABLE, 0, 0, "note.items", 50},
    {"a removed line put back", {"INSERT INTO l_note_items(area_id, id, record_id, pos, what) VALUES (1, 3, 1, 3, '二')"}, FAULT_TABLE, 0, 0, "note.items", 3},
    {"a table emptied", {"DELETE FROM l_note"}, FAULT_TABLE, 3, 1, "note", 1},
    {"a table gone", {"DROP TABLE l_note_items"}, FAULT_TABLE, 0, 0, "note.items", 0},
    {"a column gone", {"DROP TABLE l_note; CREATE TABLE l_note(area_id {int} NOT NULL, id {int} NOT NULL, PRIMARY KEY(area_id, id)) {strict}"}, FAULT_TABLE, 0, 0, "note", 0},
    {"another area", {"UPDATE l_note SET title = '丁' WHERE area_id = 2"}, FAULT_NONE},
};

static const char *const kinds[] = {"none", "edited", "missing", "order", "cut", "table"};

static bool tampering_named(Town *t, const Tampering *c) {
  Error e = {0};
  TX_SCOPE tx = tx_begin(t->store, TX_WRITE, 1, &e);
  for (size_t i = 0; i < 5 && c->sql[i]; i++) {
    bool table = strncmp(c->sql[i], "DROP", 4) == 0;
    ok(table ? store_ddl(tx, c->sql[i], &e) : tx_exec(tx, c->sql[i], NULL, 0, NULL, &e));
  }
  Fault f;
  AuditSummary sum;
  Anchor anchor = {c->anchor, c->anchor ? t->root[c->anchor] : NULL};
  audit_in(t, tx, c->anchor ? &anchor : NULL, &f, &sum);
  bool place = f.seq == c->seq && f.n == c->n && f.row_id == c->row_id &&
               (c->relation ? f.relation && strcmp(f.relation, c->relation) == 0 : !f.relation);
  size_t n = strlen(f.sentence);
  if (f.kind == c->kind && place && (!f.kind || (n > 3 && strcmp(f.sentence + n - 3, "。") == 0))) return true;
  print_error("%s: %s at %lld.%lld %s %lld: %s\n", c->name, kinds[f.kind], (long long)f.seq, (long long)f.n,
              f.relation ? f.relation : "-", (long long)f.row_id, f.sentence);
  return false;
}

static void test_tampering(void **state) {
  bool all = true;
  for (size_t i = 0; i < sizeof tamperings / sizeof *tamperings; i++)
    if (!tampering_named(*state, &tamperings[i])) all = false;
  assert_true(all);
}

/* At every opening: the key, and the end of the journal. What lies further back is for the audit. */
static void test_glance(void **state) {
  static const struct {
    const char *name, *sql;
    bool foreign;
    Glance expected;
  } cases[] = {
      {"as it was written", NULL, false, GLANCE_SOUND},
      {"another's key", NULL, true, GLANCE_KEY},
      {"the end cut", "DELETE FROM revision WHERE area_id = 1 AND seq = 6", false, GLANCE_END},
      {"the head set back", "UPDATE head SET seq = 5 WHERE area_id = 1", false, GLANCE_END},
      {"no head", "DELETE FROM head WHERE area_id = 1", false, GLANCE_END},
      {"the last change edited", "UPDATE change SET body = '{}' WHERE area_id = 1 AND seq = 6", false, GLANCE_END},
      {"an old change edited", "UPDATE change SET body = '{}' WHERE area_id = 1 AND seq = 2", false, GLANCE_SOUND},
  };
  Town *t = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Error e = {0};
    Glance glance = {0};
    JournalKey used = key;
    if (cases[i].foreign) used.at[0] ^= 1;
    TX_SCOPE tx = tx_begin(t->store, TX_WRITE, 1, &e);
    ok(tx && (!cases[i].sql || tx_exec(tx, cases[i].sql, NULL, 0, NULL, &e)) && journal_glance(tx, 1, &used, &glance, &e));
    if (glance != cases[i].expected) fail_msg("%s: %d, not %d", cases[i].name, glance, cases[i].expected);
  }
}

/* Whoever cuts the journal and sets head and tables back leaves a chain without fault: only an anchor tells. */
static void test_anchor(void **state) {
  Town *t = *state;
  Error e = {0};
  Digest root;
  assert_true(hex_read(t->root[5], root.at, SEAL_SIZE));
  TX_SCOPE tx = tx_begin(t->store, TX_WRITE, 1, &e);
  ok(store_ddl(tx,
               "DELETE FROM revision WHERE area_id = 1 AND seq = 6; DELETE FROM change WHERE area_id = 1 AND seq = 6;"
               "UPDATE l_note SET title = '乙' WHERE area_id = 1 AND id = 4;"
               "UPDATE head SET seq = 5, mac = (SELECT mac FROM revision WHERE area_id = 1 AND seq = 5) WHERE area_id = 1",
               &e) &&
     tx_exec(tx, "UPDATE head SET root = $1 WHERE area_id = 1", (Value[]){value_bytes(root.at, SEAL_SIZE)}, 1, NULL, &e));
  Fault f;
  AuditSummary sum;
  audit_in(t, tx, NULL, &f, &sum);
  assert_int_equal(f.kind, FAULT_NONE);
  audit_in(t, tx, &(Anchor){6, t->root[6]}, &f, &sum);
  assert_int_equal(f.kind, FAULT_CUT);
  assert_int_equal(f.seq, 6);
  audit_in(t, tx, &(Anchor){4, t->root[5]}, &f, &sum); /* rewritten from the start, key and all */
  assert_int_equal(f.kind, FAULT_EDITED);
  assert_int_equal(f.seq, 4);
  assert_false(journal_audit(tx, t->catalogue, 1, &key, &(Anchor){4, "abc"}, &f, &sum, &e));
  assert_int_equal(e.kind, ERROR_INVALID);
}

static void test_wrong_key(void **state) {
  Town *t = *state;
  Error e = {0};
  TX_SCOPE tx = tx_begin(t->store, TX_READ, 1, &e);
  Fault f;
  AuditSummary sum;
  ok(journal_audit(tx, t->catalogue, 1, &(JournalKey){{9}}, NULL, &f, &sum, &e));
  assert_int_equal(f.kind, FAULT_EDITED);
  assert_int_equal(f.seq, 1);
  assert_non_null(strstr(f.sentence, "密钥"));
}

/* Replay refuses what the audit would name. */
static void test_replay_of_tampered(void **state) {
  Town *t = *state;
  Error e = {0};
  STORE_SCOPE memory = store_open(":memory:", true, &e);
  ok(memory && sample_fill(memory, t->catalogue, &e));
  TX_SCOPE tx = tx_begin(t->store, TX_WRITE, 1, &e);
  TX_SCOPE into = tx_begin(memory, TX_WRITE, 1, &e);
  ok(store_ddl(tx, "UPDATE change SET body = 'x' WHERE area_id = 1 AND seq = 2 AND n = 1", &e));
  Fault f;
  ok(journal_replay(tx, t->catalogue, 1, &key, 0, into, &f, &e));
  assert_int_equal(f.kind, FAULT_EDITED);
  assert_int_equal(f.seq, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sm3),      cmocka_unit_test(test_hmac),       cmocka_unit_test(test_key_file),
      cmocka_unit_test(test_history),  cmocka_unit_test(test_replay),     cmocka_unit_test(test_repeated_request),
      cmocka_unit_test(test_misuse),   cmocka_unit_test(test_bulk),       cmocka_unit_test(test_tampering),
      cmocka_unit_test(test_anchor),   cmocka_unit_test(test_wrong_key),  cmocka_unit_test(test_replay_of_tampered),
      cmocka_unit_test(test_glance),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
