/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Which numbers of a text are claims: sentences as a table (data/claims.tsv), passages of many genres
 * marked in the text (test/data/passages: [12] a claim, {12} a plan, [90=900000] with its value), the
 * shipped drafts by several hands exactly, and, where they are at hand, public reports annotated by hand. */
#include "verify/verify.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define REPORTS "../shared/data/reports"
#define SOURCE "../shared/seed"

static char *read_file(Arena *a, const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) return NULL;
  enum { MOST = 1024 * 1024 };
  char *bytes = arena_alloc(a, MOST);
  size_t n = fread(bytes, 1, MOST - 1, f);
  fclose(f);
  bytes[n] = '\0';
  return bytes;
}

static Verification *extract(Arena *a, const char *text) {
  Verification *v = NULL;
  Error e = {0};
  if (!verify_extract(a, text, &v, &e)) fail_msg("%s", e.sentence);
  return v;
}

/* ---- sentences ---- */

static void test_sentences(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  char *rows = read_file(a, "test/unit/data/claims.tsv"), *save = NULL;
  assert_non_null(rows);
  size_t wrong = 0;
  for (char *row = strtok_r(rows, "\n", &save); row; row = strtok_r(NULL, "\n", &save)) {
    char *tab = strchr(row, '\t');
    if (*row == '#' || !tab) continue;
    *tab = '\0';
    const Verification *v = extract(a, row);
    TEXT_SCOPE got = text_new(4096);
    for (size_t i = 0; i < v->claim_count; i++)
      text_print(&got, "%s%s%s", i ? " " : "", v->claims[i].surface, v->claims[i].role == ROLE_PLAN ? ":p" : "");
    if (!strcmp(text_get(&got), tab + 1)) continue;
    print_error("%s\n  want %s\n  got  %s\n", row, tab + 1, text_get(&got));
    wrong++;
  }
  assert_int_equal(wrong, 0);
}

/* ---- annotated texts ---- */

typedef struct Score {
  size_t right, wanted, found;
} Score;

/* The k-th column (from 0) of a tab-separated row. */
static char *column(Arena *a, const char *row, size_t k) {
  for (; k; k--) {
    row = strchr(row, '\t');
    if (!row) return arena_copy(a, "");
    row++;
  }
  return arena_slice(a, row, strcspn(row, "\t"));
}

static const Claim *claim_at(const Verification *v, size_t start) {
  for (size_t i = 0; i < v->claim_count; i++)
    if (v->claims[i].start == start) return &v->claims[i];
  return NULL;
}

static bool same_number(const Claim *c, const char *text) {
  Decimal d;
  char digits[64];
  Error e = {0};
  size_t n = strcspn(text, "%");
  snprintf(digits, sizeof digits, "%.*s", (int)n, text);
  return decimal_read(digits, &d, &e) && !decimal_compare(d, c->value);
}

typedef struct Columns { /* where things stand in a table */
  size_t start, value, role, surface;
  bool surfaces;
} Columns;

static bool is_claim_role(const char *role) {
  static const char *const claim_roles[] = {"count",  "ratio",  "average", "money", "area",
                                            "length", "target", "claim",   "plan"};
  for (size_t i = 0; i < sizeof claim_roles / sizeof *claim_roles; i++)
    if (!strcmp(role, claim_roles[i])) return true;
  return false;
}

static void compare(Arena *a, const char *name, const char *text, char *rows, Columns at, Score *score) {
  const Verification *v = extract(a, text);
  char *save = NULL;
  strtok_r(rows, "\n", &save); /* the head */
  for (char *row = strtok_r(NULL, "\n", &save); row; row = strtok_r(NULL, "\n", &save)) {
    const char *role = column(a, row, at.role);
    if (*row == '#' || !is_claim_role(role)) continue;
    score->wanted++;
    const Claim *c = claim_at(v, strtoul(column(a, row, at.start), NULL, 10));
    bool plan = !strcmp(role, "target") || !strcmp(role, "plan");
    bool right = c && same_number(c, column(a, row, at.value)) && plan == (c->role == ROLE_PLAN);
    if (right && at.surfaces) right = !strcmp(c->surface, column(a, row, at.surface));
    if (right)
      score->right++;
    else
      print_message("%s: %s is %s\n", name, row, c ? c->surface : "no claim");
  }
  score->found += v->claim_count;
}

static void test_drafts(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Score score = {0};
  const Columns at = {.start = 0, .value = 2, .role = 4};
  compare(a, "own words", read_file(a, "test/data/own_words.txt"), read_file(a, "test/data/own_words.tsv"), at, &score);
  assert_int_equal(score.wanted, 42);
  DIR *folder = opendir("test/data/redrafts");
  assert_non_null(folder);
  for (struct dirent *f = readdir(folder); f; f = readdir(folder)) {
    size_t n = strlen(f->d_name);
    if (n < 5 || strcmp(f->d_name + n - 4, ".txt") != 0) continue;
    const char *stem = arena_print(a, "test/data/redrafts/%.*s", (int)(n - 4), f->d_name);
    compare(a, f->d_name, read_file(a, arena_print(a, "%s.txt", stem)), read_file(a, arena_print(a, "%s.tsv", stem)),
            at, &score);
  }
  closedir(folder);
  assert_int_equal(score.right, score.wanted);
  assert_int_equal(score.found, score.wanted);
}

/* ---- passages ---- */

enum { MARKS = 256 };
typedef struct Mark {
  size_t start;
  const char *surface, *value; /* value NULL: not said */
  bool plan;
} Mark;

/* The text without its marks. */
static char *unmark(Arena *a, const char *marked, Mark *marks, size_t *count) {
  char *text = arena_alloc(a, strlen(marked) + 1), *to = text;
  size_t at = 0;
  *count = 0;
  for (const char *s = marked; *s;) {
    if (*s != '[' && *s != '{') {
      at += ((unsigned char)*s & 0xC0) != 0x80;
      *to++ = *s++;
      continue;
    }
    size_t n = strcspn(s + 1, *s == '[' ? "]" : "}"), surface = strcspn(s + 1, "=");
    assert_true(*count < MARKS);
    Mark *m = &marks[(*count)++];
    *m = (Mark){.start = at, .plan = *s == '{'};
    if (surface < n) m->value = arena_slice(a, s + 2 + surface, n - surface - 1);
    if (surface > n) surface = n;
    m->surface = arena_slice(a, s + 1, surface);
    memcpy(to, s + 1, surface);
    to += surface;
    for (const char *c = m->surface; *c; c++) at += ((unsigned char)*c & 0xC0) != 0x80;
    s += n + 2;
  }
  *to = '\0';
  return text;
}

static void run_passage(const char *name, const char *marked, Score *score) {
  ARENA_SCOPE a = arena_new();
  Mark marks[MARKS];
  size_t count = 0;
  const Verification *v = extract(a, unmark(a, marked, marks, &count));
  size_t right = 0;
  for (size_t i = 0; i < count; i++) {
    const Mark *m = &marks[i];
    const Claim *c = claim_at(v, m->start);
    if (c && !strcmp(c->surface, m->surface) && (c->role == ROLE_PLAN) == m->plan &&
        (!m->value || same_number(c, m->value)))
      right++;
    else
      print_error("%s: %zu %s%s is %s\n", name, m->start, m->surface, m->plan ? " (plan)" : "",
                  c ? c->text : "no claim");
  }
  for (size_t i = 0; i < v->claim_count; i++) {
    size_t k = 0;
    while (k < count && marks[k].start != v->claims[i].start) k++;
    if (k == count) print_error("%s: %zu %s is none\n", name, v->claims[i].start, v->claims[i].text);
  }
  score->wanted += count;
  score->found += v->claim_count;
  score->right += right;
}

static void test_passages(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Score score = {0};
  DIR *folder = opendir("test/data/passages");
  assert_non_null(folder);
  for (struct dirent *f = readdir(folder); f; f = readdir(folder))
    if (strstr(f->d_name, ".txt"))
      run_passage(f->d_name, read_file(a, arena_print(a, "test/data/passages/%s", f->d_name)), &score);
  closedir(folder);
  print_message("passages: %zu wanted, %zu found, %zu right\n", score.wanted, score.found, score.right);
  assert_true(score.wanted > 400);
  assert_int_equal(score.right, score.wanted);
  assert_int_equal(score.found, score.wanted);
}

static const Columns annotated = {.start = 0, .value = 3, .role = 6, .surface = 7, .surfaces = true};

static void test_reports(void **state) {
  (void)state;
  static const char *const names[] = {"03", "06", "10", "13", "16", "17"};
  ARENA_SCOPE a = arena_new();
  Score score = {0};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *text = read_file(a, arena_print(a, REPORTS "/%s.txt", names[i]));
    char *rows = read_file(a, arena_print(a, REPORTS "/%s.tsv", names[i]));
    if (!text || !rows) {
      print_message("skipped: no " REPORTS "/%s\n", names[i]);
      arena_free(a); /* skip() jumps past the cleanup */
      skip();
    }
    compare(a, names[i], text, rows, annotated, &score);
  }
  print_message("reports: %zu wanted, %zu found, %zu right\n", score.wanted, score.found, score.right);
  assert_true(score.right * 100 >= score.wanted * 97);
  assert_true(score.right * 100 >= score.found * 97);
}

/* The source report: its 42 claims and nothing else. */
static void test_source(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  char *rows = read_file(a, REPORTS "/seed.tsv"), *text = NULL;
  DIR *folder = opendir(SOURCE);
  for (struct dirent *f = folder ? readdir(folder) : NULL; f && !text; f = readdir(folder))
    if (strstr(f->d_name, ".txt")) text = read_file(a, arena_print(a, SOURCE "/%s", f->d_name));
  if (folder) closedir(folder);
  if (!rows || !text) {
    print_message("skipped: no source report beside the project\n");
    arena_free(a); /* skip() jumps past the cleanup */
    skip();
  }
  Score score = {0};
  compare(a, "source", text, rows, annotated, &score);
  assert_int_equal(score.wanted, 42);
  assert_int_equal(score.right, 42);
  assert_int_equal(score.found, 42);
}

static void test_refused(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Verification *v = NULL;
  Error e = {0};
  assert_false(verify_extract(a, "约谈3次\xff", &v, &e));
  assert_int_equal(e.kind, ERROR_INVALID);
  char *large = arena_alloc(a, VERIFY_LIMIT + 2);
  memset(large, 'a', VERIFY_LIMIT + 1);
  assert_false(verify_extract(a, large, &v, &e));
  assert_int_equal(e.kind, ERROR_LIMIT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sentences), cmocka_unit_test(test_drafts),   cmocka_unit_test(test_reports),
      cmocka_unit_test(test_source),    cmocka_unit_test(test_passages), cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
