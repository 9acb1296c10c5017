/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Any text as a filter over relations with lines, references and every type: refused with a sentence, or
 * emitted both ways and written down as a text that means and reads the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "relation/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good) {
  if (!good) abort();
}

static const char profile[] = "profile: office\nlabel: 测试\nreporter: title = '书记'\n";
static const char codes[] = "codes:\n  - {name: schooling, of: [小学, 初中, 高中], ordered: true}\n"
                            "  - {name: post_title, of: [书记, 委员]}\n";
static const char ledger[] =
    "ledger: talk\nlabel: 谈话\ndate: {name: held_on, label: 时间}\n"
    "fields:\n"
    "  - {name: kind, label: 类型, type: choice, of: [定期, 问题]}\n  - {name: host, label: 人, type: person}\n"
    "  - {name: round, label: 轮, type: serial}\n  - {name: cost, label: 钱, type: money}\n"
    "  - {name: year, label: 年, type: year}\n  - {name: open, label: 公开, type: flag}\n  - {name: note, label: 注}\n"
    "lines:\n  - {name: people, label: 参加, fields: [{name: person, label: 姓名, type: person}, {name: way, label: "
    "方式,"
    " type: choice, of: [到会, 请假]}], terms: [{name: came, is: \"way = '到会' and org.is_branch\"}]}\n"
    "terms: [{name: heavy, is: \"cost > 10 or some people (came)\"}]\n";

static const Catalogue *catalogue(void) {
  static Catalogue *c;
  static Arena *a;
  if (c) return c;
  a = arena_new();
  Issues issues = {.arena = a};
  Error e;
  ProfileFile files[] = {{"profile.yaml", profile, sizeof profile - 1},
                         {"codes.yaml", codes, sizeof codes - 1},
                         {"ledgers/talk.yaml", ledger, sizeof ledger - 1}};
  c = catalogue_read(a, files, 3, &issues, &e);
  check(c != NULL);
  return c;
}

static void emit(Arena *a, const Relation *r, const Filter *f) {
  FilterScope scope = {.area = 1, .here = 2, .period = period_year(2023), .reporter = 3};
  for (int strict = 0; strict < 2; strict++) {
    Query q;
    query_begin(&q, a, catalogue(), r, scope);
    check(*query_filter(&q, f, strict) && *query_from(&q));
    query_end(&q);
  }
}

static void try_on(Arena *a, const Relation *r, const char *text) {
  Error e = {0};
  Filter *f = filter_parse(a, catalogue(), r, text, "x", NULL, &e);
  if (!f) {
    check(e.kind != ERROR_NONE && *e.sentence);
    return;
  }
  emit(a, r, f);
  TEXT_SCOPE once = text_new(TEXT_CEILING);
  TEXT_SCOPE twice = text_new(TEXT_CEILING);
  filter_text(f, &once);
  if (once.length > FILTER_BYTES) return; /* terms written out may be longer than what people may write */
  Filter *again = filter_parse(a, catalogue(), r, text_get(&once), "x", NULL, &e);
  if (!again)
    check(strstr(e.sentence, "括号套得太深") || strstr(e.sentence, "条件太多"));
  else {
    filter_text(again, &twice);
    check(strcmp(text_get(&once), text_get(&twice)) == 0);
  }
  if (!r->parent) emit(a, r->lines[0], filter_from_line(a, f, r->lines[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ARENA_SCOPE a = arena_new();
  char *text = arena_slice(a, (const char *)data, size);
  const Relation *talk = catalogue_find(catalogue(), "talk");
  Path path;
  Error e = {0};
  if (!path_parse(catalogue(), talk, text, &path, &e)) check(e.kind != ERROR_NONE && *e.sentence);
  try_on(a, talk, text);
  try_on(a, talk->lines[0], text);
  return 0;
}
