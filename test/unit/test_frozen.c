/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What a frozen report rests on: roots of evidence, their rows as text, definitions that tell measures apart,
 * and this year beside last year. Freezing itself and what comes after it: test/flow/freeze.sh. */
#include "figure_site.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/frozen.h"
#include "report/proof.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
enum { LEAVES = 20 };

static Digest node(Seal *s, const unsigned char mark, const void *a, size_t an, const void *b, size_t bn) {
  Digest out;
  Error e = {0};
  seal_start(s);
  seal_bytes(s, &mark, 1);
  seal_bytes(s, a, an);
  if (bn) seal_bytes(s, b, bn);
  assert_true(seal_finish(s, &out, &e));
  return out;
}

/* The definition, said again: leaves, pairs, an odd one goes up. */
static void test_root_is_as_described(void **state) {
  (void)state;
  Error e = {0};
  static const char *const leaves[] = {"甲", "", "丙"};
  SEAL_SCOPE s = seal_new(NULL, &e);
  Digest d[3], pair, all;
  char root[SEAL_HEX], want[SEAL_HEX];
  for (size_t i = 0; i < 3; i++) d[i] = node(s, 0, leaves[i], strlen(leaves[i]), NULL, 0);
  pair = node(s, 1, d[0].at, SEAL_SIZE, d[1].at, SEAL_SIZE);
  all = node(s, 1, pair.at, SEAL_SIZE, d[2].at, SEAL_SIZE);
  assert_true(merkle_root(leaves, 3, root, &e));
  hex_write(all.at, SEAL_SIZE, want);
  assert_string_equal(root, want);
  assert_true(merkle_root(leaves, 1, root, &e));
  hex_write(d[0].at, SEAL_SIZE, want);
  assert_string_equal(root, want);
  /* SM3 of nothing */
  assert_true(merkle_root(NULL, 0, root, &e));
  assert_string_equal(root, "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
}

/* One leaf changed, dropped or moved is another root, for every count and place. */
static void test_every_leaf_counts(void **state) {
  (void)state;
  Error e = {0};
  char text[LEAVES][16], before[SEAL_HEX], after[SEAL_HEX];
  const char *leaves[LEAVES], *other[LEAVES];
  for (size_t i = 0; i < LEAVES; i++) {
    snprintf(text[i], sizeof text[i], "行%zu", i);
    leaves[i] = text[i];
  }
  for (size_t n = 1; n <= LEAVES; n++) {
    assert_true(merkle_root(leaves, n, before, &e));
    for (size_t k = 0; k < n; k++) {
      memcpy(other, leaves, sizeof other);
      other[k] = "别的";
      assert_true(merkle_root(other, n, after, &e));
      assert_string_not_equal(before, after);
      memcpy(other, leaves, sizeof other);
      other[k] = leaves[(k + 1) % n];
      other[(k + 1) % n] = leaves[k];
      assert_true(n == 1 || merkle_root(other, n, after, &e));
      if (n > 1) assert_string_not_equal(before, after);
    }
    assert_true(merkle_root(leaves, n - 1, after, &e));
    assert_string_not_equal(before, after);
  }
}

static void test_rows_go_and_come(void **state) {
  (void)state;
  Error e = {0};
  ARENA_SCOPE a = arena_new();
  ProofRow rows[] = {
      {.id = 1, .record = 1, .version = 7, .hash = "00ff", .contribution = "1"},
      {.id = INT64_MAX, .record = 2, .version = 8, .hash = "11", .contribution = "a\"b\\/\n东村", .total = true},
      {.id = 3, .record = 2, .version = 0, .hash = "", .contribution = "", .undetermined = true},
  };
  Proofs p = {.at = rows, .count = COUNT(rows)}, read;
  char one[SEAL_HEX], two[SEAL_HEX];
  TEXT_SCOPE text = text_new(4096);
  proof_write(&p, &text);
  assert_true(proof_read(a, text_get(&text), &read, &e));
  assert_int_equal(read.count, COUNT(rows));
  for (size_t i = 0; i < COUNT(rows); i++) {
    assert_true(read.at[i].id == rows[i].id && read.at[i].record == rows[i].record && read.at[i].version == rows[i].version);
    assert_true(read.at[i].total == rows[i].total && read.at[i].undetermined == rows[i].undetermined);
    assert_string_equal(read.at[i].hash, rows[i].hash);
    assert_string_equal(read.at[i].contribution, rows[i].contribution);
  }
  assert_true(proof_root(&p, one, &e) && proof_root(&read, two, &e));
  assert_string_equal(one, two);
  static const char *const bad[] = {"[", "[[1]]", "[[\"c\",1,1,1,\"x\"]]", "[[\"c\",1,1,1,2,\"x\"]]"};
  for (size_t i = 0; i < COUNT(bad); i++) {
    e = (Error){0};
    assert_false(proof_read(a, bad[i], &read, &e));
    assert_true(*e.sentence);
  }
  Proofs none = {0};
  text_clear(&text);
  proof_write(&none, &text);
  assert_true(proof_read(a, text_get(&text), &read, &e) && !read.count);
}

static const char *definition(Arena *a, const Measure *m) {
  TEXT_SCOPE out = text_new(64 * 1024);
  figure_definition(m, &out);
  assert_false(out.full);
  return arena_copy(a, text_get(&out));
}

/* Past their first line, which is the name, measures of the site all differ but for those that differ in label alone. */
static void test_definitions_tell_apart(void **state) {
  Session *s = *state;
  const Catalogue *c = s->catalogue;
  for (size_t i = 0; i < c->measure_count; i++)
    for (size_t k = 0; k < i; k++) {
      const char *one = definition(s->arena, c->measures[i]), *two = definition(s->arena, c->measures[k]);
      if (!strcmp(strchr(one, '\n'), strchr(two, '\n')))
        fail_msg("%s and %s are defined alike:\n%s", c->measures[i]->full_name, c->measures[k]->full_name, one);
    }
}

static const struct {
  const char *measure, *last, *difference, *words;
} besides[] = {
    {"talk.count", "1", "+2", "+2次"},
    {"talk.kind_a", "1", "0", "持平"},
    {"talk.rounds", "1", "+1", "+1轮"},
    {"talk.cost", "7", "+343.5", "+343.5元"},
    {"talk.share_a", "100", "-50", "-50个百分点"},
    {"people.times", "0", "+33", "+33人次"},
    {"people.mean_score", NULL, NULL, NULL}, /* nobody was there the year before */
    {"left.count", NULL, NULL, NULL},
};

static void test_beside_last_year(void **state) {
  Session *s = *state;
  Error e = {0};
  char folder[] = "/tmp/luoshi-frozen.XXXXXX";
  assert_non_null(mkdtemp(folder));
  const char *profile = arena_print(s->arena, "%s/profile", folder), *reports = arena_print(s->arena, "%s/reports", profile);
  const char *file = arena_print(s->arena, "%s/all.mustache", reports);
  assert_true(!mkdir(profile, 0700) && !mkdir(reports, 0700));
  FILE *f = fopen(file, "w");
  assert_non_null(f);
  fputs("题\n", f);
  for (size_t i = 0; i < COUNT(besides); i++) fprintf(f, "有{{%s}}，又{{%s.exact}}。\n", besides[i].measure, besides[i].measure);
  assert_int_equal(fclose(f), 0);
  s->site->folder = folder;
  Beside *b = NULL;
  if (!report_beside(s, "all", 0, period_year(2023), &b, &e)) fail_msg("%s (%s)", e.sentence, e.cause);
  assert_int_equal(b->row_count, COUNT(besides));
  assert_null(b->last);
  for (size_t i = 0; i < COUNT(besides); i++) {
    const BesideRow *r = &b->rows[i];
    NumberText text;
    assert_string_equal(r->measure->full_name, besides[i].measure);
    const char *last = r->last_null ? "-" : ratio_text(r->last, text);
    if (strcmp(last, besides[i].last ? besides[i].last : "-")) fail_msg("%s: last year %s", besides[i].measure, last);
    const char *difference = r->difference ? r->difference : "-", *words = r->difference_text ? r->difference_text : "-";
    if (strcmp(difference, besides[i].difference ? besides[i].difference : "-"))
      fail_msg("%s: difference %s", besides[i].measure, difference);
    if (strcmp(words, besides[i].words ? besides[i].words : "-")) fail_msg("%s: %s", besides[i].measure, words);
  }
  s->site->folder = NULL;
  assert_true(!unlink(file) && !rmdir(reports) && !rmdir(profile) && !rmdir(folder));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_root_is_as_described), cmocka_unit_test(test_every_leaf_counts),
      cmocka_unit_test(test_rows_go_and_come),
      cmocka_unit_test_setup_teardown(test_definitions_tell_apart, figure_site_open, figure_site_close),
      cmocka_unit_test_setup_teardown(test_beside_last_year, figure_site_open, figure_site_close),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
