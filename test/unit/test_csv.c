/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tables as text: what is read from them, what is refused and where, and that what is written reads back,
 * with formulas made harmless. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "paper/csv.h"

#include "check.h"

/* A source in memory that hands out at most `piece` bytes at a time. */
typedef struct Memory { const char *text; size_t n, piece; bool broken; } Memory;

static bool read_memory(void *self, uint64_t offset, char *to, size_t room, size_t *got, Error *e) {
  Memory *m = self;
  *got = 0;
  if (m->broken) return fail(e, ERROR_UNAVAILABLE, "读不出来。");
  if (offset >= m->n) return true;
  size_t n = m->n - (size_t)offset;
  if (n > room) n = room;
  memcpy(to, m->text + offset, n);
  *got = n;
  return true;
}

static CsvReader *open_text(Memory *m, const char *text) {
  Error e = {0};
  *m = (Memory){.text = text, .n = strlen(text)};
  CsvReader *r = csv_open((CsvSource){m, read_memory}, &e);
  if (!r) fail_msg("%s", e.sentence);
  return r;
}

/* All rows as `a|b|c` lines. */
static void rows_text(const char *text, Text *out, Error *e) {
  Memory m;
  CSV_SCOPE r = open_text(&m, text);
  CsvRow row;
  CsvStep step;
  while ((step = csv_next(r, &row, e)) == CSV_ROW) {
    for (size_t i = 0; i < row.count; i++) text_print(out, "%s%s", i ? "|" : "", row.cells[i]);
    text_add_char(out, '/');
  }
  assert_int_equal(step == CSV_FAILED, e->kind != ERROR_NONE);
}

static const char *const tables[][2] = {
    {"", ""},
    {"a", "a/"},
    {"a,b\n", "a|b/"},
    {"a,b\r\n1,2", "a|b/1|2/"},
    {"a,b\r1,2\r", "a|b/1|2/"},
    {"a,b\n\n1,2\n", "a|b//1|2/"},
    {"a,,\n,,\n", "a||/||/"},
    {"a;b\n1;2\n", "a|b/1|2/"},
    {"a\tb\n1\t\"2\t3\"\n", "a|b/1|2\t3/"},
    {"title\na;b\n", "title/a|b/"},
    {"\"a,b;c\";d\n", "a,b;c|d/"},
    {"\"a\"\"b\",c\n", "a\"b|c/"},
    {"\"\",\"\"\"\"\n", "|\"/"},
    {"\"a\nb\",\"c\r\nd\"\n1,2\n", "a\nb|c\r\nd/1|2/"},
    {"5\" pipe,b\n", "5\" pipe|b/"},
    {" a , b \n", " a | b /"},
    {"'=1+1,'+2,'-3,'@x,'a,'\n", "=1+1|+2|-3|@x|'a|'/"},
    {"\"'=1,2\",''=x,'''=y\n", "=1,2|'=x|''=y/"},
    {"约谈时间,姓名\n2023年5月1日,张三\n", "约谈时间|姓名/2023年5月1日|张三/"},
};

static void reads(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    TEXT_SCOPE out = text_new(10000);
    Error e = {0};
    rows_text(tables[i][0], &out, &e);
    if (e.kind) fail_msg("%s: %s", tables[i][0], e.sentence);
    assert_string_equal(text_get(&out), tables[i][1]);
  }
}

static void refuses_with_the_place(void **state) {
  (void)state;
  static const char *const broken[][2] = {
      {"a,b\n1,\"2\n3,4\n", "第2行第2列的引号没有配对"},
      {"a,b\n\"1\"x,2\n", "第2行第1列的引号后面还有字"},
      {"a\n\"", "第2行第1列的引号没有配对"},
  };
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    TEXT_SCOPE out = text_new(10000);
    Error e = {0};
    rows_text(broken[i][0], &out, &e);
    if (!strstr(e.sentence, broken[i][1])) fail_msg("%s: %s", broken[i][0], e.sentence);
  }
}

static void rows_are_bounded(void **state) {
  (void)state;
  const size_t size = 3 * CSV_ROW_BYTES;
  char *text = malloc(size + 1);
  assert_non_null(text);
  static const struct { char fill; size_t n; const char *told; } cases[] = {
      {',', CSV_COLUMNS - 1, NULL}, {',', CSV_COLUMNS, "最多500列"}, {'a', CSV_CELL, NULL},
      {'a', CSV_CELL + 1, "太长"},  {'a', size, "太长"},            {'"', size, "引号"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    memset(text, cases[i].fill, cases[i].n);
    text[cases[i].n] = 0;
    TEXT_SCOPE out = text_new(size * 2);
    Error e = {0};
    rows_text(text, &out, &e);
    if (!cases[i].told) assert_int_equal(e.kind, ERROR_NONE);
    else if (!e.kind || (cases[i].fill != '"' && !strstr(e.sentence, cases[i].told))) fail_msg("%zu: %s", i, e.sentence);
  }
  memset(text, '\n', CSV_ROWS + 2);
  text[CSV_ROWS + 2] = 0;
  TEXT_SCOPE out = text_new(size);
  Error e = {0};
  rows_text(text, &out, &e);
  assert_int_equal(e.kind, ERROR_LIMIT);
  free(text);
}

/* Rows longer than the buffer, and going back to any of them. */
static void slides_and_seeks(void **state) {
  (void)state;
  TEXT_SCOPE text = text_new(TEXT_CEILING);
  enum { ROWS = 400 };
  for (size_t i = 0; i < ROWS; i++) {
    text_print(&text, "%zu,\"%zu \"\"", i, i);
    for (size_t k = 0; k < (i * 37) % 900; k++) text_add(&text, "约");
    text_add(&text, "\"\"\nz\",end\r\n");
  }
  Memory m;
  Error e = {0};
  CSV_SCOPE r = open_text(&m, text_get(&text));
  CsvRow row;
  uint64_t offsets[ROWS];
  for (size_t i = 0; i < ROWS; i++) {
    assert_int_equal(csv_next(r, &row, &e), CSV_ROW);
    assert_int_equal(row.count, 3);
    assert_int_equal(row.number, i + 1);
    assert_int_equal(strtoul(row.cells[0], NULL, 10), i);
    assert_string_equal(row.cells[2], "end");
    assert_int_equal(utf8_length(strchr(row.cells[1], '"') + 1), (i * 37) % 900 + 3);
    offsets[i] = row.offset;
  }
  assert_int_equal(csv_next(r, &row, &e), CSV_END);
  for (size_t i = 0; i < 3000; i++) {
    size_t at = (i * 7919) % ROWS;
    csv_seek(r, offsets[at], at + 1);
    assert_int_equal(csv_next(r, &row, &e), CSV_ROW);
    assert_int_equal(strtoul(row.cells[0], NULL, 10), at);
    assert_int_equal(row.offset, offsets[at]);
    assert_int_equal(row.number, at + 1);
    if (at + 1 < ROWS) {
      assert_int_equal(csv_next(r, &row, &e), CSV_ROW);
      assert_int_equal(strtoul(row.cells[0], NULL, 10), at + 1);
    }
  }
}

static void a_source_may_fail(void **state) {
  (void)state;
  Memory m = {.broken = true};
  Error e = {0};
  assert_null(csv_open((CsvSource){&m, read_memory}, &e));
  assert_int_equal(e.kind, ERROR_UNAVAILABLE);
}

static void what_is_written_reads_back(void **state) {
  (void)state;
  static const char *const cells[] = {"",      "a",     "=1+1",  "+86 139", "-5",    "-5.25", "-5-5",  "@x",   "\tx",  "\rx", "'",
                                      "'=1",   "''-2x", "a,b",   "a\"b",    "\"",    "a\nb",  "a\r\nb", "a;b", " a ",  "约谈", "=约,谈",
                                      "'a",    "-",     "5\"",   "0012",    "1e5",   "张三、李四"};
  const size_t n = sizeof cells / sizeof *cells;
  TEXT_SCOPE out = text_new(10000);
  for (size_t i = 0; i < n; i++) csv_add_cell(&out, !i, cells[i]);
  csv_end_row(&out);
  for (const char *s = text_get(&out); *s; s++) { /* no cell of the file begins a formula but for plain numbers */
    bool begins = s == text_get(&out) || s[-1] == ',';
    if (begins && *s == '-') assert_true(strncmp(s, "-5,", 3) == 0 || strncmp(s, "-5.25,", 6) == 0);
    else if (begins) assert_null(memchr("=+@\t", *s, 4));
  }
  Memory m;
  Error e = {0};
  CSV_SCOPE r = open_text(&m, text_get(&out));
  CsvRow row;
  assert_int_equal(csv_next(r, &row, &e), CSV_ROW);
  assert_int_equal(row.count, n);
  for (size_t i = 0; i < n; i++) assert_string_equal(row.cells[i], cells[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads),           cmocka_unit_test(refuses_with_the_place),     cmocka_unit_test(rows_are_bounded),
      cmocka_unit_test(slides_and_seeks), cmocka_unit_test(a_source_may_fail),          cmocka_unit_test(what_is_written_reads_back),
  };
  return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
