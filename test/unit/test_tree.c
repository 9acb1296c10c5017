/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The file of trees: what is read back is what was parsed; what is not whole, of other bytes or made up leads
 * nowhere, least of all out of the file. */
#include "check.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "relation/catalogue.h"
#include "relation/tree.h"

static const char *const texts[] = {
    "a: 1\nb: [x, {c: d, e: []}, '', ~]\nf: {}\ng:\n  - h: |\n      两行\n      文字\n",
    "只有一个值\n",
    "- [一, 二]\n- []\n- {三: [四]}\n",
};
enum { TEXTS = sizeof texts / sizeof *texts };

typedef struct Stand {
  char folder[40], path[64];
  Arena *arena;
  Tree trees[TEXTS];
} Stand;

static int up(void **state) {
  Stand *t = calloc(1, sizeof *t);
  strcpy(t->folder, "/tmp/luoshi-tree-XXXXXX");
  assert_non_null(mkdtemp(t->folder));
  snprintf(t->path, sizeof t->path, "%s/trees", t->folder);
  t->arena = arena_new();
  Issues issues = {.arena = t->arena};
  for (size_t i = 0; i < TEXTS; i++) {
    const char *name = arena_print(t->arena, "%zu.yaml", i);
    t->trees[i] =
        (Tree){name, texts[i], strlen(texts[i]), yaml_read(t->arena, name, texts[i], strlen(texts[i]), &issues)};
    assert_non_null(t->trees[i].root);
  }
  trees_write(t->path, t->trees, TEXTS);
  *state = t;
  return 0;
}

static int down(void **state) {
  Stand *t = *state;
  unlink(t->path);
  assert_int_equal(rmdir(t->folder), 0); /* no part of a file is left */
  arena_free(t->arena);
  free(t);
  return 0;
}

static void same(const Node *a, const Node *b) {
  assert_int_equal(a->kind, b->kind);
  assert_int_equal(a->line, b->line);
  assert_int_equal(a->count, b->count);
  assert_int_equal(!a->key, !b->key);
  if (a->key) assert_string_equal(a->key, b->key);
  if (a->kind == NODE_TEXT) assert_string_equal(a->text, b->text);
  for (size_t i = 0; i < a->count; i++) {
    assert_ptr_equal(b->at[i].above, b);
    same(&a->at[i], &b->at[i]);
  }
}

static void test_read_back(void **state) {
  const Stand *t = *state;
  ARENA_SCOPE a = arena_new();
  const Trees *trees = trees_read(a, t->path);
  assert_non_null(trees);
  for (size_t i = 0; i < TEXTS; i++) {
    const Node *root = trees_find(trees, t->trees[i].name, texts[i], strlen(texts[i]));
    assert_non_null(root);
    assert_null(root->above);
    same(t->trees[i].root, root);
  }
}

static void test_only_for_its_own_bytes(void **state) {
  const Stand *t = *state;
  ARENA_SCOPE a = arena_new();
  const Trees *trees = trees_read(a, t->path);
  assert_null(trees_find(trees, "0.yaml", texts[1], strlen(texts[1])));
  assert_null(trees_find(trees, "9.yaml", texts[0], strlen(texts[0])));
  assert_null(trees_find(trees, "0.yaml", texts[0], strlen(texts[0]) - 1));
  char *changed = arena_copy(a, texts[0]);
  changed[3] = '2';
  assert_null(trees_find(trees, "0.yaml", changed, strlen(changed)));
  assert_null(trees_find(NULL, "0.yaml", texts[0], strlen(texts[0])));
}

static unsigned char *bytes_of(Arena *a, const char *path, size_t *n) {
  unsigned char *at = arena_alloc(a, 1 << 16);
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  *n = fread(at, 1, 1 << 16, f);
  fclose(f);
  return at;
}

static void put_bytes(const char *path, const void *bytes, size_t n) {
  FILE *f = fopen(path, "wb");
  assert_true(f && fwrite(bytes, 1, n, f) == n && !fclose(f));
}

static void test_damaged_is_none(void **state) {
  const Stand *t = *state;
  ARENA_SCOPE a = arena_new();
  size_t n;
  unsigned char *bytes = bytes_of(a, t->path, &n);
  ArenaMark mark = arena_mark(a);
  for (size_t i = 0; i < n; i++) {
    bytes[i] ^= 0x10;
    put_bytes(t->path, bytes, n);
    assert_null(trees_read(a, t->path));
    bytes[i] ^= 0x10;
    arena_back(a, mark);
  }
  for (size_t i = 0; i < n; i += 7) {
    put_bytes(t->path, bytes, i);
    assert_null(trees_read(a, t->path));
  }
  assert_null(trees_read(a, t->folder));
  put_bytes(t->path, bytes, n);
  assert_non_null(trees_read(a, t->path));
}

/* As tree.c sums: so that what is made up gets past the sum, to the checks behind it. */
static void put_sum(unsigned char *bytes, size_t n) {
  uint64_t h = (n - 16) ^ 0x9e3779b97f4a7c15u;
  for (size_t i = 16; i < n; i += 8) {
    uint64_t word = 0;
    memcpy(&word, bytes + i, n - i < 8 ? n - i : 8);
    h = (h ^ word) * 0xff51afd7ed558ccdu;
    h ^= h >> 32;
  }
  memcpy(bytes + 8, &h, 8);
}

static size_t walked(const Node *node, int depth) {
  size_t n = node->key ? strlen(node->key) : 0;
  if (node->kind == NODE_TEXT) n += strlen(node->text);
  assert_true(depth < 200);
  for (size_t i = 0; i < node->count; i++) n += walked(&node->at[i], depth + 1);
  return n;
}

static void test_made_up_leads_nowhere(void **state) {
  const Stand *t = *state;
  ARENA_SCOPE a = arena_new();
  size_t n, found = 0;
  unsigned char *whole = bytes_of(a, t->path, &n), *bytes = arena_alloc(a, n);
  uint64_t seed = 1;
  ArenaMark mark = arena_mark(a);
  for (int turn = 0; turn < 4000; turn++, arena_back(a, mark)) {
    memcpy(bytes, whole, n);
    for (int change = 0; change < 1 + turn % 3; change++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      size_t at = 16 + (size_t)(seed >> 33) % (n - 16);
      bytes[at] = (unsigned char)(seed >> 20);
    }
    put_sum(bytes, n);
    put_bytes(t->path, bytes, n);
    const Trees *trees = trees_read(a, t->path);
    for (size_t i = 0; i < TEXTS; i++) {
      const Node *root = trees_find(trees, t->trees[i].name, texts[i], strlen(texts[i]));
      if (root) found += walked(root, 0) > 0;
    }
  }
  assert_true(found > 0);
  put_bytes(t->path, whole, n);
}

static void test_a_profile_is_the_same_with_and_without(void **state) {
  const Stand *t = *state;
  char kept[80];
  snprintf(kept, sizeof kept, "%s/profile.trees", t->folder);
  static const char *const before[] = {NULL, "", "rubbish that is no file of trees, but long enough to be read as one"};
  for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
    if (before[i]) put_bytes(kept, before[i], strlen(before[i]));
    for (int turn = 0; turn < 2; turn++) {
      ARENA_SCOPE a = arena_new();
      Issues issues = {.arena = a};
      Error e = {0};
      const Catalogue *c = catalogue_load(a, "test/unit/data/office", kept, &issues, &e);
      const Catalogue *plain = catalogue_load(a, "test/unit/data/office", NULL, &issues, &e);
      if (!c || !plain) fail_msg("%s", e.sentence);
      assert_int_equal(c->relation_count, plain->relation_count);
      assert_int_equal(c->measure_count, plain->measure_count);
      for (size_t k = 0; k < c->measure_count; k++)
        assert_string_equal(c->measures[k]->full_name, plain->measures[k]->full_name);
      const Trees *trees = trees_read(a, kept);
      assert_non_null(trees);
      assert_non_null(trees_find(trees, c->files[0].path, c->files[0].text, c->files[0].length));
    }
  }
  unlink(kept);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_read_back), cmocka_unit_test(test_only_for_its_own_bytes),
                                     cmocka_unit_test(test_damaged_is_none),
                                     cmocka_unit_test(test_made_up_leads_nowhere),
                                     cmocka_unit_test(test_a_profile_is_the_same_with_and_without)};
  return cmocka_run_group_tests(tests, up, down);
}
