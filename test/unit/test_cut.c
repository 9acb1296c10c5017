/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * How a draft is laid out: sections with their roles, phrases, and which of them look ahead. */
#include "verify/draft.h"

#include <string.h>

#include "check.h"

static const char text[] = "某乡2023年度工作报告\n"
                           "一、主要工作\n"
                           "全年办了3件事，集体收入达1,286万元。党务培训6期、冬学4期。明年再办2件。\n"
                           "（一）具体做法。甲村、乙村都建了。\n"
                           "二、存在的问题\n"
                           "人手不足。\n"
                           "三、下一步打算\n"
                           "新建2处。今年已建1处。\n";

static Draft *laid_out(Arena *a) {
  Draft *d = draft_cut(a, text);
  draft_plan(d);
  return d;
}

static void test_sections(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  const Draft *d = laid_out(a);
  static const struct {
    const char *heading;
    int level;
    SectionRole role;
  } rows[] = {{"一、主要工作", 1, SECTION_DONE},
              {"（一）具体做法", 2, SECTION_DONE},
              {"二、存在的问题", 1, SECTION_PROBLEM},
              {"三、下一步打算", 1, SECTION_PLAN}};
  assert_int_equal(d->year, 2023);
  assert_int_equal(d->section_count, 5); /* the title stands before the first */
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const Section *s = &d->sections[i + 1];
    assert_string_equal(draft_slice(d, s->heading_from, s->heading_to), rows[i].heading);
    assert_int_equal(s->level, rows[i].level);
    assert_int_equal(s->role, rows[i].role);
  }
}

static void test_phrases(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  const Draft *d = laid_out(a);
  static const struct {
    const char *text;
    bool plan;
  } rows[] = {{"全年办了3件事", false}, {"集体收入达1,286万元", false}, {"党务培训6期", false}, {"冬学4期", false},
              {"明年再办2件", true},    {"甲村、乙村都建了", false},    {"新建2处", true},      {"今年已建1处", false}};
  size_t found = 0;
  for (size_t i = 0; i < d->phrase_count; i++) {
    const char *phrase = draft_slice(d, d->phrases[i].from, d->phrases[i].to);
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
      if (strcmp(phrase, rows[k].text) != 0) continue;
      found++;
      if (d->phrases[i].plan != rows[k].plan) fail_msg("%s: plan %d", phrase, d->phrases[i].plan);
    }
  }
  assert_int_equal(found, sizeof rows / sizeof *rows);
}

/* A phrase is bounded whatever the text, so that work on it is. */
static void test_long(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  enum { SIGNS = 3000 };
  char *words = arena_alloc(a, SIGNS * 3 + 1);
  for (size_t i = 0; i < SIGNS; i++) memcpy(words + i * 3, "村", 3);
  Draft *d = draft_cut(a, words);
  assert_true(d->phrase_count > 5);
  size_t covered = 0;
  for (size_t i = 0; i < d->phrase_count; i++) covered += d->phrases[i].to - d->phrases[i].from;
  assert_int_equal(covered, SIGNS);
}

static void test_empty(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  static const char *const texts[] = {"", "\n\n", "。", "   ", "，，，"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    Verification *v = NULL;
    Error e = {0};
    assert_true(verify_extract(a, texts[i], &v, &e));
    assert_int_equal(v->claim_count, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sections),
      cmocka_unit_test(test_phrases),
      cmocka_unit_test(test_long),
      cmocka_unit_test(test_empty),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
