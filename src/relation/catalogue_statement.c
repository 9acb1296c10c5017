/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Statements: claims without a number, each with the tests that bear it out. Read after all sets, since a
 * test names measures. A test that a measure cannot answer (a share that must be 1 of a count) is refused
 * here, so that verify needs no second look. */
#include "relation/catalogue_build.h"

#include <string.h>

#include "relation/filter.h"

/* The key that makes a test what it is, one for each kind. */
static const char *const kind_keys[] = {[PROOF_EVERY] = "every",       [PROOF_ALL] = "all",
                                        [PROOF_SOME] = "some",         [PROOF_AT_LEAST] = "at_least",
                                        [PROOF_AT_MOST] = "at_most",   [PROOF_COVERS] = "covers",
                                        [PROOF_EACH] = "each",         [PROOF_FALLS] = "falls"};
enum { KINDS = sizeof kind_keys / sizeof *kind_keys };

static const Measure *measure_at(Build *b, Place p, const char *name) {
  Error e = {0};
  const Measure *m = name ? catalogue_measure(b->c, name, &e) : NULL;
  if (name && !m) place_issue(p, "%s", e.sentence);
  return m;
}

static void test_every(Proof *t, Place p) {
  static const int months[] = {[PERIOD_YEAR] = 12, [PERIOD_HALF] = 6, [PERIOD_QUARTER] = 3, [PERIOD_MONTH] = 1};
  PeriodKind kind;
  if (build_every(p, &kind)) t->months = months[kind];
}

static void test_bound(Proof *t, Place p) {
  Error e = {0};
  const char *text = place_text(p, true);
  if (text && !decimal_read(text, &t->bound, &e)) place_issue(p, "%s", e.sentence);
}

static void test_covers(Build *b, Proof *t, Place p, Place by) {
  const Measure *m = measure_at(b, p, place_text(p, true));
  if (m) t->measures[t->measure_count++] = m;
  const char *word = place_text(by, true);
  if (word && strcmp(word, "org") != 0 && strcmp(word, "key") != 0) place_issue(by, "by只能是org或key。");
  t->by_key = word && !strcmp(word, "key");
  for (size_t i = 0; t->by_key && i < t->measure_count; i++)
    if (t->measures[i]->fold != FOLD_DISTINCT) place_issue(by, "“%s”没有distinct，不能按key比。", t->measures[i]->full_name);
}

static void test_each(Build *b, Proof *t, Place p) {
  Error e = {0};
  const char *text = place_text(p, true);
  if (!text || !t->measure_count) return;
  if (!path_parse(b->c, t->measures[0]->rows, text, &t->field, &e))
    place_issue(p, "%s", e.sentence);
  else if (t->field.age || t->field.column->type != TYPE_CHOICE || !t->field.column->codes)
    place_issue(p, "“%s”不是选项，each要写一个选项字段。", text);
}

static void test_falls(Build *b, Proof *t, Place p) {
  if (!place_is(p, NODE_LIST)) return;
  size_t n = place_count(p, TESTS_MOST);
  for (size_t i = 0; i < n; i++) {
    const Measure *m = measure_at(b, place_item(p, i), place_one(p, i));
    if (m) t->measures[t->measure_count++] = m;
  }
  if (n < 2) place_issue(p, "falls至少要两项指标，从高到低写。");
}

static void test_fits(const Proof *t, Place p) {
  const Measure *m = t->measure_count ? t->measures[0] : NULL;
  if (m && t->kind == PROOF_ALL && m->fold != FOLD_SHARE)
    place_issue(p, "“%s”不是比例，all只用于比例。", m->full_name);
}

static bool build_test(Build *b, Proof *t, Place p) {
  static const char *const keys[] = {"measure", "every",  "all", "some", "at_least", "at_most",
                                     "covers",  "each",   "by",  "falls", NULL};
  if (!place_is(p, NODE_MAP)) return false;
  place_keys(p, keys);
  size_t given = 0;
  for (int k = 0; k < KINDS; k++)
    if (place_key(p, kind_keys[k]).node) t->kind = (ProofKind)k, given++;
  if (given != 1) {
    place_issue(p, "每项核对要写every、all、some、at_least、at_most、covers、each、falls中的一个。");
    return false;
  }
  Place key = place_key(p, kind_keys[t->kind]), measure = place_key(p, "measure"), by = place_key(p, "by");
  t->measures = NEW_ARRAY(b->arena, const Measure *, TESTS_MOST + 1);
  const Measure *m = t->kind == PROOF_FALLS ? NULL : measure_at(b, measure, place_text(measure, true));
  if (m) t->measures[t->measure_count++] = m;
  if (by.node && t->kind != PROOF_COVERS) place_issue(by, "by只和covers一起用。");
  if (measure.node && t->kind == PROOF_FALLS) place_issue(measure, "falls自己写出指标，不要measure。");
  switch (t->kind) {
  case PROOF_EVERY: test_every(t, key); break;
  case PROOF_AT_LEAST:
  case PROOF_AT_MOST: test_bound(t, key); break;
  case PROOF_COVERS: test_covers(b, t, key, by); break;
  case PROOF_EACH: test_each(b, t, key); break;
  case PROOF_FALLS: test_falls(b, t, key); break;
  case PROOF_ALL:
  case PROOF_SOME:
    if (!place_flag(key, true)) place_issue(key, "%s只能写true。", kind_keys[t->kind]);
    break;
  }
  test_fits(t, key);
  return t->measure_count > 0;
}

void build_statement(Build *b, Place p) {
  static const char *const keys[] = {"name", "label", "aliases", "about", "diagnosis", "checks", NULL};
  if (!place_is(p, NODE_MAP)) return;
  place_keys(p, keys);
  StatementRule r = {.name = build_name(b, place_key(p, "name"), false), .label = build_label(place_key(p, "label"))};
  build_aliases(b, place_key(p, "aliases"), &r.aliases, &r.alias_count);
  build_aliases(b, place_key(p, "about"), &r.about, &r.about_count);
  r.diagnosis = place_flag(place_key(p, "diagnosis"), false);
  Place list = place_key(p, "checks");
  if (!list.node) place_issue(list, "缺少checks，请写出怎样核对。");
  size_t n = list.node && place_is(list, NODE_LIST) ? place_count(list, TESTS_MOST) : 0;
  if (list.node && !n) place_issue(list, "checks是空的，请写出怎样核对。");
  r.tests = NEW_ARRAY(b->arena, Proof, n + 1);
  for (size_t i = 0; i < n; i++) r.test_count += build_test(b, &r.tests[r.test_count], place_item(list, i));
  if (!r.name) return;
  for (size_t i = 0; i < b->c->statement_count; i++)
    if (!strcmp(b->c->statements[i].name, r.name))
      place_issue(place_key(p, "name"), "说法“%s”写了两次，请删去一个。", r.name);
  *PUSH(b->arena, b->c->statements, b->c->statement_count, b->statement_room) = r;
}
