/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Bodies are read back as what was written and nothing else is read; cells are read as people write them
 * and what is exchanged reads back as the same value; periods likewise. */
#include <stdio.h>
#include <string.h>

#include "relation/period.h"
#include "relation/row.h"

#include "check.h"

static Catalogue *load(Arena *a) {
  Issues issues = {.arena = a};
  Error e = {0};
  Catalogue *c = catalogue_load(a, "test/unit/data/office", NULL, &issues, &e);
  if (!c) fail_msg("%s", e.sentence);
  return c;
}

static void bodies_round_trip(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  const Relation *talk = catalogue_find(load(a), "talk");
  static const char secret[] = "\0\xff\x80 abcde";
  for (size_t n = 0; n <= 9; n++) {
    Row row = row_new(a, talk), again;
    row.v[0] = value_int(77);
    *row_at(row, "org") = value_int(INT64_MIN);
    *row_at(row, "held_on") = value_int(INT64_MAX);
    *row_at(row, "kind") = value_text("问题");
    *row_at(row, "note") = value_text("一\"二\\三\n四\t五\x01六\x1f");
    *row_at(row, "void_reason") = value_text("");
    *row_at(row, "open") = value_int(0);
    *row_at(row, "secret") = value_bytes(secret, n);
    TEXT_SCOPE body = text_new(10000);
    TEXT_SCOPE twice = text_new(10000);
    row_body(row, &body);
    if (!row_read(a, talk, 77, body.at, body.length, &again, &e)) fail_msg("%s %s", e.cause, body.at);
    for (size_t i = 0; i < talk->column_count; i++) assert_true(value_equal(row.v[i], again.v[i]));
    row_body(row_copy(a, again), &twice);
    assert_string_equal(text_get(&body), text_get(&twice));
    /* No prefix of a body is a body, and no body has a tail. */
    for (size_t cut = 0; cut < body.length; cut++) assert_false(row_read(a, talk, 77, body.at, cut, &again, &e));
    text_add(&body, " ");
    assert_false(row_read(a, talk, 77, body.at, body.length, &again, &e));
  }
  Row empty = row_new(a, talk), again;
  TEXT_SCOPE body = text_new(100);
  row_body(empty, &body);
  assert_string_equal(text_get(&body), "{}");
  assert_true(row_read(a, talk, 1, "{}", 2, &again, &e) && row_id(again) == 1);
}

static void only_canonical_bodies_are_read(void **state) {
  (void)state;
  static const char *const broken[] = {
      "",
      "[]",
      "{",
      "{ }",
      "{\"kind\":\"问题\"",
      "{\"kind\":\"问题\",}",
      "{\"kind\":\"问题\"}}",
      "{\"kind\": \"问题\"}",
      "{\"nothing\":1}",
      "{\"id\":1}",
      "{\"org\":1,\"kind\":\"问题\"}",
      "{\"kind\":\"a\",\"kind\":\"b\"}",
      "{\"org\":01}",
      "{\"org\":-0}",
      "{\"org\":+1}",
      "{\"org\":1.0}",
      "{\"org\":1e3}",
      "{\"org\":null}",
      "{\"org\":\"1\"}",
      "{\"org\":9223372036854775808}",
      "{\"org\":-9223372036854775809}",
      "{\"kind\":1}",
      "{\"kind\":\"\\u0041\"}",
      "{\"kind\":\"\\u000a\"}",
      "{\"kind\":\"\\u001F\"}",
      "{\"kind\":\"\\u0000\"}",
      "{\"kind\":\"\\/\"}",
      "{\"kind\":\"\\\"}",
      "{\"kind\":\"\xff\"}",
      "{\"kind\":\"\n\"}",
      "{\"secret\":\"AAA\"}",
      "{\"secret\":\"AB==\"}",
      "{\"secret\":\"AAB=\"}",
      "{\"secret\":\"A===\"}",
      "{\"secret\":\"AA==AAAA\"}",
      "{\"secret\":\"AA-A\"}",
  };
  ARENA_SCOPE a = arena_new();
  const Relation *talk = catalogue_find(load(a), "talk");
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    Row row;
    Error e = {0};
    if (row_read(a, talk, 1, broken[i], strlen(broken[i]), &row, &e)) fail_msg("read: %s", broken[i]);
    assert_int_equal(e.kind, ERROR_BROKEN);
  }
}

static void a_key_ends_where_its_name_ends(void **state) {
  (void)state;
  static const char body[] = "{\"kind\0\0\0\0\0\0\0\0\0\0\":\"a\"}";
  ARENA_SCOPE a = arena_new();
  Row row;
  Error e = {0};
  assert_false(row_read(a, catalogue_find(load(a), "talk"), 1, body, sizeof body - 1, &row, &e));
}

static void a_former_name_is_read(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  const Relation *plan = catalogue_find(load(a), "plan");
  static const char body[] = "{\"count\":3,\"heading\":\"修路\",\"month\":20230501}";
  Row row;
  assert_true(row_read(a, plan, 1, body, sizeof body - 1, &row, &e));
  assert_string_equal(row_at(row, "title")->s, "修路");
}

/* ---- cells ---- */

typedef struct Cell {
  const char *relation, *column, *text;
  int64_t i;     /* of an integer */
  const char *s; /* of a text; a part of the sentence when `wrong` */
  bool wrong, null;
  const char *shown, *exchanged;
} Cell;

static const Cell cells[] = {
    {"talk", "held_on", "2023年5月1日", 20230501, .shown = "2023年5月1日", .exchanged = "2023-05-01"},
    {"talk", "held_on", " 2023/5/1　", 20230501, .shown = "2023年5月1日", .exchanged = "2023-05-01"},
    {"talk", "held_on", "2023-02-30", .s = "没有30日", .wrong = true},
    {"talk", "held_on", "　 ", .null = true},
    {"talk", "round", "3", 3, .shown = "3", .exchanged = "3"},
    {"talk", "round", "0", .s = "1到9999", .wrong = true},
    {"talk", "round", "第三", .s = "应当是数", .wrong = true},
    {"talk", "kind", "提醒", .s = "warning", .shown = "提醒", .exchanged = "提醒"},
    {"talk", "kind", "warning", .s = "warning", .shown = "提醒", .exchanged = "提醒"},
    {"talk", "kind", "提示", .s = "是不是“提醒”？", .wrong = true},
    {"talk", "kind", "开会研究", .s = "可填定期、提醒、问题", .wrong = true},
    {"talk", "open", "是", 1, .shown = "是", .exchanged = "是"},
    {"talk", "open", "false", 0, .shown = "否", .exchanged = "否"},
    {"talk", "open", "大概", .s = "请填是或否", .wrong = true},
    {"talk", "note", "甲\n乙", .s = "甲\n乙", .shown = "甲\n乙", .exchanged = "甲\n乙"},
    {"talk", "host", "张三", .s = "无法在这里填写", .wrong = true},
    {"talk", "secret", "138", .s = "138", .shown = "138", .exchanged = "138"},
    {"talk.matters", "cost", "1,234.5", 123450, .shown = "1234.5", .exchanged = "1234.5"},
    {"talk.matters", "cost", "１２", 1200, .shown = "12", .exchanged = "12"},
    {"talk.matters", "cost", "-3.05", -305, .shown = "-3.05", .exchanged = "-3.05"},
    {"talk.matters", "cost", "1.234", .s = "最多2位小数", .wrong = true},
    {"talk.matters", "cost", "10000000000000000", .s = "不能太大", .wrong = true},
    {"talk.matters", "matter", "甲\n乙", .s = "写在一行里", .wrong = true},
    {"talk.matters", "matter", "甲\x02", .s = "控制字符", .wrong = true},
    {"talk.present", "sheet", "abc", .s = "请先上传附件", .wrong = true},
    {"plan", "month", "2023年5月", 20230501, .shown = "2023年5月", .exchanged = "2023-05"},
    {"plan", "month", "2023-05-01", 20230501, .shown = "2023年5月", .exchanged = "2023-05"},
    {"plan", "month", "2023-05-02", .s = "月份", .wrong = true},
    {"plan", "year", "2023年", 20230101, .shown = "2023年", .exchanged = "2023"},
    {"plan", "year", "二〇二三", .s = "年份", .wrong = true},
    {"plan", "size", "12.5", 125, .shown = "12.5", .exchanged = "12.5"},
    {"plan", "count", "12.5", .s = "应当是整数", .wrong = true},
};

static void one_cell(Arena *a, const Catalogue *c, const Cell *cell) {
  const Column *column = relation_column(catalogue_find(c, cell->relation), cell->column);
  Value v, again;
  Error e = {0};
  bool ok = cell_read(a, column, cell->text, &v, &e);
  if (ok == cell->wrong) fail_msg("%s.%s “%s”: %s", cell->relation, cell->column, cell->text, e.sentence);
  if (cell->wrong) {
    if (!strstr(e.sentence, cell->s)) fail_msg("“%s”: %s", cell->text, e.sentence);
    return;
  }
  assert_int_equal(v.null, cell->null);
  if (cell->null) {
    assert_string_equal(cell_show(a, column, v), "");
    return;
  }
  if (v.kind == VALUE_INT)
    assert_int_equal(v.i, cell->i);
  else
    assert_string_equal(v.s, cell->s);
  assert_string_equal(cell_show(a, column, v), cell->shown);
  assert_string_equal(cell_exchange(a, column, v), cell->exchanged);
  assert_true(cell_read(a, column, cell->exchanged, &again, &e) && value_equal(v, again));
}

static void cells_as_people_write_them(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  const Catalogue *c = load(a);
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) one_cell(a, c, &cells[i]);
}

/* ---- periods ---- */

static void periods(void **state) {
  (void)state;
  static const struct {
    const char *text;
    Date from, to;
    const char *again, *chinese;
  } good[] = {
      {"2023", 20230101, 20240101, "2023", "2023年"},
      {"2023年", 20230101, 20240101, "2023", "2023年"},
      {"2023H2", 20230701, 20240101, "2023H2", "2023年下半年"},
      {"2023年上半年", 20230101, 20230701, "2023H1", "2023年上半年"},
      {"2023Q1", 20230101, 20230401, "2023Q1", "2023年第一季度"},
      {"2023年第四季度", 20231001, 20240101, "2023Q4", "2023年第四季度"},
      {"2024-02", 20240201, 20240301, "2024-02", "2024年2月"},
      {"2023年12月", 20231201, 20240101, "2023-12", "2023年12月"},
      {"2023-05-01..2023-05-31", 20230501, 20230601, "2023-05-01..2023-05-31", "2023年5月1日至2023年5月31日"},
      {"2023年5月1日至2023年5月1日", 20230501, 20230502, "2023-05-01..2023-05-01", "2023年5月1日至2023年5月1日"},
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    Period p, q;
    Error e = {0};
    PeriodText text;
    if (!period_read(good[i].text, &p, &e)) fail_msg("%s", e.sentence);
    assert_int_equal(p.from, good[i].from);
    assert_int_equal(p.to, good[i].to);
    assert_string_equal(period_chinese(p, text), good[i].chinese);
    assert_string_equal(period_text(p, text), good[i].again);
    assert_true(period_read(text, &q, &e) && q.kind == p.kind && q.from == p.from && q.to == p.to);
  }
  static const char *const bad[] = {
      "", "23", "2023Q5", "2023-13", "2023-05-31..2023-05-01", "2023-02-30..2023-03-01", "全年", "9999"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    Period p;
    Error e = {0};
    assert_false(period_read(bad[i], &p, &e));
    assert_int_equal(e.kind, ERROR_INVALID);
  }
  Period leap = period_back(period_month(2024, 2), 1), year = period_back(period_year(2023), 1);
  assert_int_equal(leap.to, 20230301);
  Period next = period_back(period_year(2023), -1), span = period_back(period_span(20240229, 20240331), -1);
  assert_true(next.kind == PERIOD_YEAR && next.from == 20240101 && period_last(next) == 20241231);
  assert_true(span.from == 20250228 && period_last(span) == 20250331);
  assert_true(year.from == 20220101 && period_last(year) == 20221231 && !period_has(year, 20230101));
}

static void tables_in_words_of_both_engines(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  const Relation *matters = catalogue_find(load(a), "talk.matters");
  TEXT_SCOPE ddl = text_new(10000);
  relation_ddl(matters, &ddl);
  assert_string_equal(text_get(&ddl),
                      "CREATE TABLE \"l_talk_matters\" (\"area_id\" {int} NOT NULL, \"id\" {int} NOT NULL, "
                      "\"record_id\" {int} NOT NULL, "
                      "\"pos\" {int} NOT NULL, \"due_on\" {int}, \"matter\" {text}, \"village\" {int}, \"cost\" {int}, "
                      "\"ready\" {int}, "
                      "PRIMARY KEY (\"area_id\", \"id\")) {strict};\n"
                      "CREATE INDEX \"l_talk_matters.record\" ON \"l_talk_matters\" (\"area_id\", \"record_id\");\n"
                      "CREATE INDEX \"l_talk_matters.date\" ON \"l_talk_matters\" (\"area_id\", \"due_on\");\n");
  assert_string_equal(row_delete_sql(a, matters),
                      "DELETE FROM \"l_talk_matters\" WHERE \"area_id\" = $1 AND \"id\" = $2");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bodies_round_trip),
      cmocka_unit_test(only_canonical_bodies_are_read),
      cmocka_unit_test(a_key_ends_where_its_name_ends),
      cmocka_unit_test(a_former_name_is_read),
      cmocka_unit_test(cells_as_people_write_them),
      cmocka_unit_test(periods),
      cmocka_unit_test(tables_in_words_of_both_engines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
