/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The floor that everything stands on: memory, text, errors, dates, JSON. */
#include "check.h"

#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- arena --- */

static void arena_holds(Arena *a) {
  char *kept = arena_copy(a, "留下");
  for (size_t size = 0; size < 3000; size += 7) {
    unsigned char *at = arena_alloc(a, size);
    assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
    for (size_t i = 0; i < size; i++) assert_int_equal(at[i], 0);
    memset(at, 0xA5, size);
  }
  ArenaMark mark = arena_mark(a);
  char *first = arena_alloc(a, 100);
  memset(first, 0xA5, 100);
  memset(arena_alloc(a, 5u << 20), 0xA5, 5u << 20);
  arena_back(a, mark);
  char *again = arena_alloc(a, 100);
  assert_ptr_equal(first, again);
  for (int i = 0; i < 100; i++) assert_int_equal(again[i], 0);
  assert_string_equal(kept, "留下");
  assert_null(arena_copy(a, NULL));
  assert_string_equal(arena_slice(a, "甲乙", 3), "甲");
  assert_string_equal(arena_print(a, "%s%d", "第", 3), "第3");

  int *items = NULL;
  size_t count = 0, room = 0;
  for (int i = 0; i < 1000; i++) *PUSH(a, items, count, room) = i;
  for (int i = 0; i < 1000; i++) assert_int_equal(items[i], i);
  assert_int_equal(count, 1000);
}

static void test_arena(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  ARENA_SCOPE large = arena_new_large();
  arena_holds(a);
  arena_holds(large);
  for (int i = 0; i < 100; i++) memset(arena_alloc(large, 70000), 1, 70000); /* several large pages */
  arena_holds(large);
}

/* --- text --- */

static void test_text_ceiling(void **state) {
  (void)state;
  TEXT_SCOPE t = text_new(10);
  assert_string_equal(text_get(&t), "");
  text_add(&t, "12345");
  text_add_int(&t, -678);
  assert_false(t.full);
  assert_string_equal(text_get(&t), "12345-678");
  text_print(&t, "%d", 99);
  assert_true(t.full);
  text_add_char(&t, 'x'); /* once full, nothing more gets in, however short */
  assert_string_equal(text_get(&t), "12345-678");
  text_clear(&t);
  text_print(&t, "%s", "1234567890");
  assert_false(t.full);
  assert_int_equal(t.length, 10);
  text_add_n(&t, "", 0);
  assert_false(t.full);
  text_add_n(&t, "huge", SIZE_MAX);
  assert_true(t.full);
}

static void test_text_html(void **state) {
  (void)state;
  TEXT_SCOPE t = text_new(1000);
  text_add_html(&t, "<a href=\"x\">甲&'乙'</a>");
  text_add_html(&t, "");
  text_add_html(&t, NULL);
  assert_string_equal(text_get(&t), "&lt;a href=&quot;x&quot;&gt;甲&amp;&#39;乙&#39;&lt;/a&gt;");
}

/* --- utf8 --- */

static void test_utf8_valid(void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    int bad; /* -1: well-formed */
  } cases[] = {
      {"", -1},
      {"abc", -1},
      {"落实", -1},
      {"𠀀", -1},
      {"\xF4\x8F\xBF\xBF", -1},
      {"a\x80", 1},
      {"\xC0\x80", 0},
      {"\xC1\xBF", 0},
      {"\xE8\x90", 0},
      {"\xE0\x9F\xBF", 0},
      {"\xED\xA0\x80", 0},
      {"\xF0\x8F\xBF\xBF", 0},
      {"\xF4\x90\x80\x80", 0},
      {"\xFF", 0},
      {"落\xE8\x90", 3},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    size_t bad = 99;
    assert_int_equal(utf8_valid(cases[i].bytes, strlen(cases[i].bytes), &bad), cases[i].bad < 0);
    if (cases[i].bad >= 0) assert_int_equal(bad, cases[i].bad);
  }
  assert_false(utf8_valid("a\0b", 3, NULL));
}

static void test_utf8(void **state) {
  (void)state;
  static const uint32_t points[] = {1, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};
  for (size_t i = 0; i < COUNT(points); i++) {
    char bytes[5] = "";
    size_t n = utf8_encode(points[i], bytes);
    const char *s = bytes;
    assert_int_equal(strlen(bytes), n);
    assert_int_equal(utf8_next(&s), points[i]);
    assert_ptr_equal(s, bytes + n);
    assert_int_equal(utf8_next(&s), 0);
  }
  uint32_t out[3];
  assert_int_equal(utf8_decode("落实a好", out, 3), 3);
  assert_int_equal(out[2], 'a');
  assert_int_equal(utf8_length("落\xFF实"), 3);
  assert_int_equal(utf8_columns("落实ab，"), 8);
  assert_int_equal(utf8_columns("“甲”"), 6);
  char cut[] = "落实", whole[] = "落实";
  cut[5] = 0;
  utf8_trim(cut);
  utf8_trim(whole);
  assert_string_equal(cut, "落");
  assert_string_equal(whole, "落实");
}

/* --- errors --- */

static void test_error_is_cut_at_a_character(void **state) {
  (void)state;
  for (int lead = 0; lead < 3; lead++) { /* each way in which the end can fall into a character */
    char lines[2000] = "";
    memset(lines, 'x', (size_t)lead);
    while (strlen(lines) < 1900) strcat(lines, "错");
    Error e = {0};
    assert_false(fail_because(&e, ERROR_LIMIT, lines, "%s", lines));
    assert_true(strlen(e.sentence) > sizeof e.sentence - 4);
    assert_true(utf8_valid(e.sentence, strlen(e.sentence), NULL));
    assert_true(utf8_valid(e.cause, strlen(e.cause), NULL));
    assert_int_equal(e.kind, ERROR_LIMIT);
  }
  Error e = {0};
  fail(&e, ERROR_INVALID, "甲。");
  fail_because(&e, ERROR_BUG, e.sentence, "乙：%s", e.sentence); /* its own text as an argument */
  assert_string_equal(e.sentence, "乙：甲。");
  assert_string_equal(e.cause, "甲。");
}

static void test_issues(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Issues list = {.arena = a};
  Error e = {0};
  assert_true(issues_fail(&list, &e, "导入失败。"));
  for (int i = 1; i <= 7; i++) issue_add(&list, arena_print(a, "第%d行", i), "name", "缺少姓名。");
  assert_false(issues_fail(&list, &e, "导入失败。"));
  assert_string_equal(
      e.sentence,
      "导入失败。第1行：缺少姓名。第2行：缺少姓名。第3行：缺少姓名。第4行：缺少姓名。第5行：缺少姓名。另有2处。");
}

static void test_nearest(void **state) {
  (void)state;
  static const char *const words[] = {"interview", "inspection", "约谈", "党课", "志愿服务"};
  static const struct {
    const char *word, *near;
  } cases[] = {{"intervew", "interview"},
               {"inspction", "inspection"},
               {"约谈", "约谈"},
               {"约淡", "约谈"},
               {"志愿活动", "志愿服务"},
               {"党客", "党课"},
               {"zzz", NULL},
               {"", NULL}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    const char *found = nearest(cases[i].word, words, COUNT(words));
    if (cases[i].near)
      assert_string_equal(found, cases[i].near);
    else
      assert_null(found);
  }
  assert_null(nearest("党课", NULL, 0));
}

/* --- dates --- */

static void test_date_read(void **state) {
  (void)state;
  static const struct {
    const char *text;
    Date date;
  } cases[] = {
      {"2023-05-12", 20230512}, {"2023-5-12", 20230512},     {"2023/5/12", 20230512},      {"2023.05.12", 20230512},
      {"20230512", 20230512},   {"2023年5月12日", 20230512}, {"2023年05月02日", 20230502}, {"2023年5月12号", 20230512},
      {"2024-02-29", 20240229}, {"2000-02-29", 20000229},    {"0001-01-01", DATE_FIRST},   {"9999-12-31", DATE_END},
      {"2023-12-31", 20231231},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Date d = 0;
    Error e = {0};
    if (!date_read(cases[i].text, &d, &e)) fail_msg("%s: %s", cases[i].text, e.sentence);
    assert_int_equal(d, cases[i].date);
  }
}

typedef bool Reader(const char *, Date *, Error *);

static void test_date_refused(void **state) {
  (void)state;
#define FORMS "请写成2023-05-12、2023/5/12、2023.5.12、20230512或2023年5月12日。"
#define MONTHS "请写成2023-05、2023/5、202305或2023年5月。"
  static const struct {
    Reader *read;
    const char *text, *sentence;
  } cases[] = {
      {date_read, "2023-13-01", "日期“2023-13-01”不对：没有13月。"},
      {date_read, "2023-00-01", "日期“2023-00-01”不对：没有0月。"},
      {date_read, "2023-02-30", "日期“2023-02-30”不对：2023年2月没有30日。"},
      {date_read, "2023年2月29日", "日期“2023年2月29日”不对：2023年2月没有29日。"},
      {date_read, "1900-02-29", "日期“1900-02-29”不对：1900年2月没有29日。"},
      {date_read, "20230431", "日期“20230431”不对：2023年4月没有31日。"},
      {date_read, "2023.5.0", "日期“2023.5.0”不对：2023年5月没有0日。"},
      {date_read, "0000-01-01", "日期“0000-01-01”不对：没有0年。"},
      {date_read, "", "日期是空的，" FORMS},
      {date_read, "2023-05", "“2023-05”不是日期，" FORMS},
      {date_read, "23-5-12", "“23-5-12”不是日期，" FORMS},
      {date_read, "2023-5/12", "“2023-5/12”不是日期，" FORMS},
      {date_read, "2023-05-12 ", "“2023-05-12 ”不是日期，" FORMS},
      {date_read, "2023-005-12", "“2023-005-12”不是日期，" FORMS},
      {date_read, "2023年5月12", "“2023年5月12”不是日期，" FORMS},
      {date_read, "2023年5月12日上午", "“2023年5月12日上午”不是日期，" FORMS},
      {date_read, "202305123", "“202305123”不是日期，" FORMS},
      {date_read, "五月十二日", "“五月十二日”不是日期，" FORMS},
      {date_read, "-2023-05-12", "“-2023-05-12”不是日期，" FORMS},
      {date_read_month, "2023-13", "月份“2023-13”不对：没有13月。"},
      {date_read_month, "2023", "“2023”不是月份，" MONTHS},
      {date_read_month, "2023-05-12", "“2023-05-12”不是月份，" MONTHS},
      {date_read_year, "23", "“23”不是年份，请写成2023或2023年。"},
      {date_read_year, "0000", "年份“0000”不对：没有0年。"},
      {date_read_year, "2023-", "“2023-”不是年份，请写成2023或2023年。"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Date d = 7;
    Error e = {0};
    assert_false(cases[i].read(cases[i].text, &d, &e));
    assert_string_equal(e.sentence, cases[i].sentence);
    assert_int_equal(d, 7);
  }
  Date d;
  Error e = {0};
  assert_false(date_read(NULL, &d, &e));
  char longer[500];
  memset(longer, '9', sizeof longer - 1);
  longer[sizeof longer - 1] = 0;
  assert_false(date_read(longer, &d, &e));
}

static void test_date_month_year(void **state) {
  (void)state;
  static const struct {
    Reader *read;
    const char *text;
    Date date;
  } cases[] = {{date_read_month, "2023-05", 20230501}, {date_read_month, "2023年5月", 20230501},
               {date_read_month, "2023/5", 20230501},  {date_read_month, "202305", 20230501},
               {date_read_month, "2023-12", 20231201}, {date_read_year, "2023", 20230101},
               {date_read_year, "2023年", 20230101}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    Date d = 0;
    Error e = {0};
    if (!cases[i].read(cases[i].text, &d, &e)) fail_msg("%s: %s", cases[i].text, e.sentence);
    assert_int_equal(d, cases[i].date);
  }
}

static void test_date_months(void **state) {
  (void)state;
  static const struct {
    Date from;
    int months;
    Date to;
  } cases[] = {
      {20230131, 1, 20230228},
      {20240131, 1, 20240229},
      {20230131, 2, 20230331},
      {20231031, -1, 20230930},
      {20240229, 12, 20250228},
      {20240229, 48, 20280229},
      {20230115, -1, 20221215},
      {20231201, 1, 20240101},
      {20230530, -3, 20230228},
      {20230512, 0, 20230512},
      {99991231, 1, DATE_END},
      {10101, -1, DATE_FIRST},
      {20230101, INT_MAX, DATE_END},
      {20230101, INT_MIN, DATE_FIRST},
      {0, 5, 0},
      {20230230, 1, 0},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    assert_int_equal(date_add_months(cases[i].from, cases[i].months), cases[i].to);
}

static void test_date_days(void **state) {
  (void)state;
  static const struct {
    Date from;
    int days;
    Date to;
  } cases[] = {
      {20230228, 1, 20230301},   {20240228, 1, 20240229}, {20240229, 1, 20240301},    {19000228, 1, 19000301},
      {20000228, 1, 20000229},   {20231231, 1, 20240101}, {20240101, -1, 20231231},   {20230101, 365, 20240101},
      {20240101, 366, 20250101}, {20230512, 0, 20230512}, {10101, 3652058, 99991231},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    assert_int_equal(date_add_days(cases[i].from, cases[i].days), cases[i].to);
    assert_int_equal(date_days_between(cases[i].from, cases[i].to), cases[i].days);
  }
  assert_int_equal(date_add_days(20230101, INT_MAX), DATE_END);
  assert_int_equal(date_add_days(20230101, INT_MIN), DATE_FIRST);
  assert_int_equal(date_add_days(0, 1), 0);

  /* four centuries day by day: numbers, weekdays and validity never slip */
  Date d = 18000101;
  for (int n = 0, weekday = 3; d < 22000101; n++, weekday = weekday % 7 + 1) {
    if (!date_valid(d) || date_days_between(18000101, d) != n || date_weekday(d) != weekday) fail_msg("%d", d);
    Date next = date_add_days(d, 1);
    if (next <= d || date_add_days(next, -1) != d) fail_msg("%d", d);
    d = next;
  }
  assert_int_equal(d, 22000101);
}

static void test_date_rest(void **state) {
  (void)state;
  static const struct {
    Date birth, at;
    int age;
  } ages[] = {
      {19730512, 20230511, 49}, {19730512, 20230512, 50}, {20000229, 20230228, 22}, {20000229, 20230301, 23},
      {20000229, 20240228, 23}, {20000229, 20240229, 24}, {19731231, 20231231, 50}, {19740101, 20231231, 49},
  };
  for (size_t i = 0; i < COUNT(ages); i++) assert_int_equal(date_age(ages[i].birth, ages[i].at), ages[i].age);
  assert_int_equal(date_weekday(20231220), 3);
  assert_int_equal(date_weekday(20240101), 1);
  assert_int_equal(date_weekday(20231231), 7);
  assert_int_equal(date_make(2023, 2, 29), 0);
  assert_int_equal(date_days_in_month(2024, 2), 29);
  assert_false(date_valid(0));
  assert_false(date_valid(-20230512));
  assert_false(date_valid(20231301));
  assert_true(date_valid(DATE_END));
  DateText text;
  assert_string_equal(date_iso(20230502, text), "2023-05-02");
  assert_string_equal(date_chinese(20230502, text), "2023年5月2日");
  assert_string_equal(date_iso(0, text), "");
  Clock fixed = {.fixed = 20231220};
  InstantText instant;
  assert_int_equal(clock_today(&fixed), 20231220);
  assert_string_equal(clock_now(&fixed, instant), "2023-12-20T09:00:00Z");
  Clock machine = {0};
  assert_true(date_valid(clock_today(&machine)));
  assert_int_equal(strlen(clock_now(&machine, instant)), 20);
}

/* --- JSON --- */

static void test_json_refused(void **state) {
  (void)state;
  static const struct {
    const char *text, *sentence;
  } cases[] = {
      {"", "JSON是空的，请给出内容。"},
      {"{\"a\":1,\n\"a\":2}", "JSON第2行第3列：同一个键出现了两次，请只留一个。"},
      {"{\"a\":", "JSON第1行第5列：内容不完整，请补全。"},
      {"{\"a\":1}x", "JSON第1行第8列：完整的值之后还有多余内容，请去掉。"},
      {"[1,]", "JSON第1行第4列：不合JSON语法，请改正。"},
      {"[\"\\u0000\"]", "JSON第1行第9列：含有空字符，请去掉。"},
      {"[99999999999999999999]", "JSON第1行第21列：数太大，请改写成字符串。"},
      {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "JSON嵌套超过32层，请减少层数。"},
      {"[\"a long text\", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]",
       "JSON有106字节，超过了100字节的上限，请分批提交。"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Error e = {0};
    assert_null(json_read(cases[i].text, strlen(cases[i].text), 100, &e));
    assert_string_equal(e.sentence, cases[i].sentence);
  }
  Error e = {0};
  assert_null(json_read("[\"\xFF\"]", 5, 100, &e));
  assert_non_null(strstr(e.sentence, "编码不是UTF-8"));
  assert_null(json_read("[1\0]", 4, 100, &e));
}

static void test_json(void **state) {
  (void)state;
  static const char *const same[] = {"{\"z\":1,\"a\":[1.21,47.6,true,null,\"落实\\n\"],\"m\":{}}", "63",
                                     "\"[[[[\\\"[[[\"",
                                     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"};
  for (size_t i = 0; i < COUNT(same); i++) {
    Error e = {0};
    JSON_SCOPE value = json_read(same[i], strlen(same[i]), 200, &e);
    if (!value) fail_msg("%s: %s", same[i], e.sentence);
    TEXT_SCOPE out = text_new(1000);
    json_write(value, false, &out);
    assert_string_equal(text_get(&out), same[i]);
  }
  Error e = {0};
  JSON_SCOPE value = json_read("{\"a\":[1]}", 9, 100, &e);
  TEXT_SCOPE out = text_new(1000);
  json_write(value, true, &out);
  assert_string_equal(text_get(&out), "{\n  \"a\": [\n    1\n  ]\n}");
  TEXT_SCOPE small = text_new(4);
  json_write(value, false, &small);
  assert_true(small.full);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_arena),
      cmocka_unit_test(test_text_ceiling),
      cmocka_unit_test(test_text_html),
      cmocka_unit_test(test_utf8_valid),
      cmocka_unit_test(test_utf8),
      cmocka_unit_test(test_error_is_cut_at_a_character),
      cmocka_unit_test(test_issues),
      cmocka_unit_test(test_nearest),
      cmocka_unit_test(test_date_read),
      cmocka_unit_test(test_date_refused),
      cmocka_unit_test(test_date_month_year),
      cmocka_unit_test(test_date_months),
      cmocka_unit_test(test_date_days),
      cmocka_unit_test(test_date_rest),
      cmocka_unit_test(test_json_refused),
      cmocka_unit_test(test_json),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
