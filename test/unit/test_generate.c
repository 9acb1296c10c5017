/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The shipped profile and its demo: the declarations load, the generator fills a site that says what the
 * documents promise (test/data/demo_figures.tsv), twice the same, and mistakes in a declaration are named
 * by line. The tables of drafts point at what they say they do. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/generate.h"
#include "figure/figure.h"
#include "operation/migrate.h"
#include "report/report.h"

typedef struct Stand {
  char folder[64];
  Site *site;
  Generated made;
} Stand;

/* `vary` 0: as declared. */
static bool fill_from(Stand *t, const char *file, int64_t vary, Issues *issues, Error *e) {
  const Generation *g = generation_read(issues->arena, file, issues, e);
  if (g && vary) g = generation_varied(issues->arena, g, vary);
  strcpy(t->folder, "/tmp/luoshi-generate-XXXXXX");
  assert_non_null(mkdtemp(t->folder));
  char path[96];
  snprintf(path, sizeof path, "%s/site", t->folder);
  return g && site_create(path, NULL, "profile/township", generation_clock(g), e) &&
         (t->site = site_open(path, false, e)) && generation_fill(t->site, g, 10, &t->made, issues, e);
}

static void stand_close(Stand *t) {
  char command[96];
  site_close(t->site);
  t->site = NULL;
  snprintf(command, sizeof command, "rm -rf '%s'", t->folder);
  assert_int_equal(system(command), 0);
}

static int demo_up(void **state) {
  Stand *t = calloc(1, sizeof *t);
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  if (!fill_from(t, "profile/township/demo.yaml", 0, &issues, &e)) print_error("%s | %s\n", e.sentence, e.cause);
  *state = t;
  return t->site ? 0 : -1;
}

static int demo_down(void **state) {
  stand_close(*state);
  free(*state);
  return 0;
}

static char *file_of(Arena *a, const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) fail_msg("cannot open %s", path);
  char *text = arena_alloc(a, 256 * 1024);
  text[fread(text, 1, 256 * 1024 - 1, f)] = 0;
  fclose(f);
  return text;
}

/* Cells of the next line of a table, in place; 0 at the end. */
static size_t next_line(char **at, char **cells, size_t room) {
  if (!**at) return 0;
  char *line = strsep(at, "\n"), *cell;
  if (!*at) *at = line + strlen(line);
  size_t n = 0;
  while (n < room && (cell = strsep(&line, "\t"))) cells[n++] = cell;
  return n;
}

static void test_figures_are_as_promised(void **state) {
  Stand *t = *state;
  Error e = {0};
  SESSION_SCOPE s = session_open(t->site, NULL, TX_READ, &e);
  assert_non_null(s);
  char *at = file_of(s->arena, "test/data/demo_figures.tsv"), *c[6];
  next_line(&at, c, 6);
  size_t figures = 0;
  while (next_line(&at, c, 6) == 6) {
    const Measure *m = catalogue_measure(s->catalogue, c[1], &e);
    if (!m) fail_msg("%s", e.sentence);
    FigureValue v;
    FigureAsk ask = {.measure = m, .org = s->tree->root, .period = period_year(atoi(c[0]))};
    assert_true(figure_value(s, ask, &v, &e));
    const char *text = figure_text(s->arena, m, &v);
    if (strcmp(text, c[2]) || v.rows != atoll(c[3]) || v.undetermined != atoll(c[4]) || v.totals != atoll(c[5]))
      fail_msg("%s %s: %s, rows %lld, undetermined %lld, totals %lld", c[0], c[1], text, (long long)v.rows,
               (long long)v.undetermined, (long long)v.totals);
    figures += !strcmp(c[0], "2023");
  }
  assert_true(figures >= 25);
}

static int64_t number_of(Session *s, const char *sql) {
  Error e = {0};
  int64_t n = -1;
  assert_true(tx_int(s->tx, sql, (Value[]){value_int(s->area)}, 1, &n, NULL, &e));
  return n;
}

static void test_demo_holds_what_is_unfinished(void **state) {
  Stand *t = *state;
  Error e = {0};
  SESSION_SCOPE s = session_open(t->site, NULL, TX_READ, &e);
  assert_non_null(s);
  assert_int_equal(number_of(s, "SELECT COUNT(*) FROM l_study WHERE area_id = $1 AND state = 'void'"), 1);
  assert_true(number_of(s, "SELECT COUNT(*) FROM l_interview WHERE area_id = $1 AND state = 'draft'") > 0);
  assert_true(number_of(s, "SELECT COUNT(*) FROM l_service WHERE area_id = $1 AND state = 'doing'") > 0);
  assert_int_equal(number_of(s, "SELECT COUNT(*) FROM l_volunteer_attendance WHERE area_id = $1 AND headcount > 0"), 1);
  assert_true(number_of(s, "SELECT COUNT(*) FROM l_interview_people WHERE area_id = $1 AND due_on > 20231220") > 0);
}

static void test_same_declaration_same_rows(void **state) {
  Stand *t = *state, again = {0};
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  assert_true(fill_from(&again, "profile/township/demo.yaml", 0, &issues, &e));
  assert_int_equal(again.made.records, t->made.records);
  SESSION_SCOPE one = session_open(t->site, NULL, TX_READ, &e);
  SESSION_SCOPE two = session_open(again.site, NULL, TX_READ, &e);
  static const char *const sql[] = {
      "SELECT SUM(id * started_on % 1000003) FROM stage WHERE area_id = $1",
      "SELECT SUM(person * record_id % 1000003) FROM l_study_attendance WHERE area_id = $1",
      "SELECT SUM(id * done_on % 1000003) FROM l_service WHERE area_id = $1"};
  for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
    assert_int_equal(number_of(one, sql[i]), number_of(two, sql[i]));
  session_close(two);
  two = NULL;
  stand_close(&again);
}

static void test_report_has_no_empty_sentence(void **state) {
  Stand *t = *state;
  Error e = {0};
  SESSION_SCOPE s = session_open(t->site, NULL, TX_READ, &e);
  assert_non_null(s);
  const char *text = report_template(s->arena, "profile/township", "annual", &e);
  assert_non_null(text);
  Issues issues = {.arena = s->arena};
  report_check(s->catalogue, "annual", text, &issues);
  if (issues.count) fail_msg("%s %s", issues.at[0].where, issues.at[0].sentence);
  for (int year = 2019; year <= 2023; year++) {
    Report *r = report_compose_text(s, "annual", text, 0, period_year(year), &e);
    if (!r) fail_msg("%s", e.sentence);
    static const char *const bad[] = {"无，", "无。", "；。", "，。", "。。", "{{", "}}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
      if (strstr(r->text, bad[i])) fail_msg("%d: “%s” in:\n%s", year, bad[i], r->text);
  }
}

static void test_csv_is_what_import_reads(void **state) {
  Stand *t = *state;
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  Generated made;
  const Generation *g = generation_read(a, "bench/load.yaml", &issues, &e);
  assert_non_null(g);
  if (!generation_csv(t->site, g, 10, t->folder, &made, &issues, &e)) fail_msg("%s", e.sentence);
  assert_int_equal(made.records, 10);
  assert_int_equal(made.lines, 30);
  char *at = file_of(a, arena_print(a, "%s/01_meeting.csv", t->folder)), *cell[1];
  size_t lines = 0;
  while (next_line(&at, cell, 1)) {
    if (lines++ == 0)
      assert_non_null(strstr(cell[0], "会议时间,"));
    else
      assert_non_null(strstr(cell[0], "望禾乡党委,已完成,20"));
  }
  assert_int_equal(lines, 31);
}

/* ---- mistakes ---- */

static void test_mistakes_are_named(void **state) {
  (void)state;
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"demo: x\nblocks:\n  - make: studdy\n", "studdy"},
      {"demo: x\nblocks:\n  - {make: person, with: {nane: 甲}}\n", "name"},
      {"demo: x\nblocks:\n  - {make: person, wiht: {name: 甲}}\n", "with"},
      {"demo: x\nblocks:\n  - {make: person, with: {name: \"{nobody}\"}}\n", "nobody"},
      {"demo: x\nblocks:\n  - {make: person, with: {name: 甲, birth: 2023-02-30}}\n", "2月"},
      {"demo: x\nblocks:\n  - {make: person, each: nowhere, with: {name: 甲}}\n", "nowhere"},
      {"demo: x\nlists: {a: [甲]}\nblocks:\n  - {make: person, count: 2, with: {name: {unique: \"{a}\"}}}\n", "用完"},
      {"demo: x\nblocks:\n  - {make: person, columns: [name, sex], rows: [甲]}\n", "少"},
      {"demo: x\nblokcs: []\n", "blocks"},
      {"demo: x\nblocks:\n  - {make: person, with: {sex: 男}}\n", "姓名"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ARENA_SCOPE a = arena_new();
    Issues issues = {.arena = a};
    Error e = {0};
    Stand t = {0};
    char file[] = "/tmp/luoshi-demo-XXXXXX";
    int f = mkstemp(file);
    assert_true(f >= 0 && write(f, cases[i].text, strlen(cases[i].text)) == (ssize_t)strlen(cases[i].text));
    close(f);
    assert_false(fill_from(&t, file, 0, &issues, &e));
    if (!issues.count || !strstr(e.sentence, cases[i].says)) fail_msg("case %zu: %s", i, e.sentence);
    unlink(file);
    stand_close(&t);
  }
}

/* ---- parts, and other counts ---- */

static void put_file(const char *folder, const char *name, const char *text) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "wb");
  if (!f || fputs(text, f) < 0 || fclose(f)) fail_msg("cannot write %s", path);
}

static const char *const root_text = "demo: x\nlists: {a: [甲, 乙]}\nparts: [one.yaml, two.yaml]\n"
                                     "blocks:\n  - {make: person, count: 3, vary: [5, 9], with: {name: \"{a}{n}\"}}\n";

static void test_parts_go_on_where_the_root_ends(void **state) {
  (void)state;
  static const struct {
    const char *one, *two, *says; /* NULL: made as asked */
  } cases[] = {
      {"lists: {b: [丙]}\n", "blocks:\n  - {make: person, each: b, with: {name: \"{each}{a}\"}}\n", NULL},
      {"blocks:\n  - {make: person, each: b, with: {name: 甲}}\n", "lists: {b: [丙]}\n", "one.yaml:2"},
      {"lists: {b: [丙], a: [丁]}\n", "blocks: []\n", "one.yaml:1 lists.a"},
      {"pools: {a: {of: person}}\n", "blocks: []\n", "one.yaml:1 pools.a"},
      {"seed: 3\n", "blocks: []\n", "one.yaml:1 seed"},
      {"blocks:\n  - {make: person, with: {name: 甲, sex: 无}}\n", "", "two.yaml"},
      {"blocks:\n  - {make: person, with: {name: 甲, sex: 无}}\n", "blocks: []\n", "one.yaml:2"},
      {"blocks:\n  - {make: person, columns: [name], rows: [甲], vary: [1, 2]}\n", "blocks: []\n", "vary"},
      {"blocks:\n  - {make: person, vary: [2, 1], with: {name: 甲}}\n", "blocks: []\n", "vary"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ARENA_SCOPE a = arena_new();
    Issues issues = {.arena = a};
    Error e = {0};
    Stand t = {0};
    char folder[] = "/tmp/luoshi-parts-XXXXXX", command[96];
    assert_non_null(mkdtemp(folder));
    put_file(folder, "root.yaml", root_text);
    put_file(folder, "one.yaml", cases[i].one);
    put_file(folder, "two.yaml", cases[i].two);
    bool made = fill_from(&t, arena_print(a, "%s/root.yaml", folder), 0, &issues, &e);
    if (made != !cases[i].says) fail_msg("case %zu: %s", i, e.sentence);
    if (made)
      assert_int_equal(t.made.records, 4);
    else if (!strstr(e.sentence, cases[i].says))
      fail_msg("case %zu: %s", i, e.sentence);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
    stand_close(&t);
  }
}

static void test_written_names_are_not_drawn(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  Stand t = {0};
  char folder[] = "/tmp/luoshi-parts-XXXXXX", command[96];
  assert_non_null(mkdtemp(folder));
  put_file(folder, "root.yaml",
           "demo: x\nlists: {a: [甲, 乙, 丙]}\nparts: [one.yaml]\nblocks:\n"
           "  - {make: person, count: 2, with: {name: {unique: \"{a}\"}}}\n");
  put_file(folder, "one.yaml", "blocks:\n  - {make: person, columns: [sex, name], rows: [男 乙]}\n");
  if (!fill_from(&t, arena_print(a, "%s/root.yaml", folder), 0, &issues, &e)) fail_msg("%s", e.sentence);
  SESSION_SCOPE s = session_open(t.site, NULL, TX_READ, &e);
  assert_int_equal(number_of(s, "SELECT COUNT(DISTINCT name) FROM person WHERE area_id = $1"), 3);
  session_close(s);
  s = NULL;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  assert_int_equal(system(command), 0);
  stand_close(&t);
}

static void test_parts_stay_below_the_root(void **state) {
  (void)state;
  static const char *const names[] = {"/etc/one.yaml", "../one.yaml", "missing.yaml", "[x, x]"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    ARENA_SCOPE a = arena_new();
    Issues issues = {.arena = a};
    Error e = {0};
    char folder[] = "/tmp/luoshi-parts-XXXXXX", command[96];
    assert_non_null(mkdtemp(folder));
    put_file(folder, "x", "lists: {a: [甲]}\n");
    put_file(folder, "root.yaml", arena_print(a, "demo: x\nparts: %s\nblocks: []\n", names[i]));
    assert_null(generation_read(a, arena_print(a, "%s/root.yaml", folder), &issues, &e));
    if (!strstr(e.sentence, "root.yaml:2")) fail_msg("%s: %s", names[i], e.sentence);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
  }
}

static void test_varied_counts_stay_in_their_range(void **state) {
  (void)state;
  static const char *const text =
      "demo: x\nlists: {a: [甲, 乙, 丙, 丁, 戊, 己, 庚, 辛]}\nblocks:\n"
      "  - {make: person, count: 3, vary: [10, 19], with: {name: 甲, sex: {deck: [男, 女], times: [2, 1]}}}\n"
      "  - {make: person, each: a, vary: [2, 6], with: {name: \"{each}\"}}\n"
      "  - {make: person, columns: [name], rows: [子, 丑, 寅], vary: [1, 3], with: {name: {varied: 卯}}}\n";
  char file[] = "/tmp/luoshi-demo-XXXXXX";
  int f = mkstemp(file);
  assert_true(f >= 0 && write(f, text, strlen(text)) == (ssize_t)strlen(text));
  close(f);
  int64_t least = INT64_MAX, most = 0;
  for (int64_t seed = 0; seed <= 3; seed++) {
    int64_t before = 0;
    for (int turn = 0; turn < 2; turn++) {
      ARENA_SCOPE a = arena_new();
      Issues issues = {.arena = a};
      Error e = {0};
      Stand t = {0};
      if (!fill_from(&t, file, seed, &issues, &e)) fail_msg("%s", e.sentence);
      if (turn) assert_int_equal(t.made.records, before);
      before = t.made.records;
      SESSION_SCOPE s = session_open(t.site, NULL, TX_READ, &e);
      int64_t as_given = number_of(s, "SELECT COUNT(*) FROM person WHERE area_id = $1 AND name = '子'"),
              as_varied = number_of(s, "SELECT COUNT(*) FROM person WHERE area_id = $1 AND name = '卯'");
      assert_true(seed ? !as_given && as_varied : as_given == 1 && !as_varied);
      session_close(s);
      s = NULL;
      stand_close(&t);
    }
    if (!seed)
      assert_int_equal(before, 3 + 8 + 3);
    else
      assert_in_range(before, 10 + 2 + 1, 19 + 6 + 3);
    if (seed && before < least) least = before;
    if (seed && before > most) most = before;
  }
  assert_true(least < most);
  unlink(file);
}

/* ---- tables of drafts ---- */

static const char *at_point(const char *text, size_t n) {
  while (n-- && *text) utf8_next(&text);
  return text;
}

static void check_table(const Catalogue *c, const char *text_file, const char *table_file) {
  ARENA_SCOPE a = arena_new();
  char *text = file_of(a, text_file), *at = file_of(a, table_file), *cell[7];
  next_line(&at, cell, 7);
  size_t count = 0;
  while (next_line(&at, cell, 7) == 7) {
    count++;
    const char *there = at_point(text, strtoul(cell[0], NULL, 10));
    if (strncmp(there, cell[1], strlen(cell[1]))) fail_msg("%s: %s is not “%s”", table_file, cell[0], cell[1]);
    Error e = {0};
    if (strcmp(cell[5], "-") && !catalogue_measure(c, cell[5], &e)) fail_msg("%s: %s", table_file, e.sentence);
  }
  assert_true(count > 20);
}

static void test_tables_point_at_their_drafts(void **state) {
  Stand *t = *state;
  const Catalogue *c = t->site->catalogue;
  check_table(c, "test/data/own_words.txt", "test/data/own_words.tsv");
  check_table(c, "profile/township/drafts/sample.txt", "test/data/sample.tsv");
  static const char *const hands[] = {"01_bulletin", "02_spoken", "03_county",  "04_han",       "05_reversed",
                                      "06_synonyms", "07_merged", "08_listing", "09_news",      "10_minutes",
                                      "11_personal", "12_short",  "13_dialect", "14_experience"};
  for (size_t i = 0; i < sizeof hands / sizeof *hands; i++) {
    char text[96], table[96];
    snprintf(text, sizeof text, "test/data/redrafts/%s.txt", hands[i]);
    snprintf(table, sizeof table, "test/data/redrafts/%s.tsv", hands[i]);
    check_table(c, text, table);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_figures_are_as_promised),         cmocka_unit_test(test_demo_holds_what_is_unfinished),
      cmocka_unit_test(test_same_declaration_same_rows),      cmocka_unit_test(test_report_has_no_empty_sentence),
      cmocka_unit_test(test_csv_is_what_import_reads),        cmocka_unit_test(test_mistakes_are_named),
      cmocka_unit_test(test_parts_go_on_where_the_root_ends), cmocka_unit_test(test_parts_stay_below_the_root),
      cmocka_unit_test(test_written_names_are_not_drawn),     cmocka_unit_test(test_varied_counts_stay_in_their_range),
      cmocka_unit_test(test_tables_point_at_their_drafts)};
  return cmocka_run_group_tests(tests, demo_up, demo_down);
}
