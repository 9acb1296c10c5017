/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What a written quantity accepts, both edges of every row, and numbers written and read back. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "language/quantity.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void test_intervals(void **state) {
  (void)state;
  static const struct {
    const char *text, *shown;
    const char *actual; /* a decimal, or n/d */
    Fit fit;
    const char *note;
  } cases[] = {
      /* bare integer and classifier: exact */
      {"15场次", "15", "15", FIT_YES, NULL},
      {"15场次", NULL, "14", FIT_NO, NULL},
      {"15场次", NULL, "16", FIT_NO, NULL},
      /* decimals, 万, %: half a unit of the last written digit, zeros counted; cut off is noted */
      {"80万元", "79.5万至80.5万", "795000", FIT_YES, NULL},
      {"80万元", NULL, "794999", FIT_NO, NULL},
      {"80万元", NULL, "805000", FIT_YES, NULL},
      {"80万元", NULL, "805001", FIT_NOTE, "截断"},
      {"80万元", NULL, "809999", FIT_NOTE, "截断"},
      {"80万元", NULL, "810000", FIT_NO, NULL},
      {"1.50万亩", "1.495万至1.505万", "14950", FIT_YES, NULL},
      {"1.50万亩", NULL, "14949", FIT_NO, NULL},
      {"47.6岁", "47.55至47.65", "47.55", FIT_YES, NULL},
      {"47.6岁", NULL, "1427/30", FIT_YES, NULL},
      {"47.6岁", NULL, "47.69", FIT_NOTE, "截断"},
      {"47.6岁", NULL, "47.7", FIT_NO, NULL},
      {"80%", "79.5%至80.5%", "80", FIT_YES, NULL},
      {"80%", NULL, "79.4", FIT_NO, NULL},
      {"100%", "100%", "99.6", FIT_NO, NULL},
      {"100%", NULL, "100", FIT_YES, NULL},
      {"1.9亿元", "1.85亿至1.95亿", "185000000", FIT_YES, NULL},
      {"三分之一", "33.333333333333%", "100/3", FIT_YES, NULL},
      /* 余: up to one unit of the last non-zero digit; the value itself is weak */
      {"120余人次", "120至129", "120", FIT_NOTE, "恰为整数"},
      {"120余人次", NULL, "121", FIT_YES, NULL},
      {"120余人次", NULL, "129", FIT_YES, NULL},
      {"120余人次", NULL, "130", FIT_NO, NULL},
      {"120余人次", NULL, "119", FIT_NO, NULL},
      {"20余次", "20至29", "29", FIT_YES, NULL},
      {"20余次", NULL, "30", FIT_NO, NULL},
      {"600余万元", "600万至不足700万", "6999999", FIT_YES, NULL},
      {"600余万元", NULL, "7000000", FIT_NO, NULL},
      {"956万余元", "956万至不足957万", "9569999", FIT_YES, NULL},
      {"956万余元", NULL, "9570000", FIT_NO, NULL},
      {"十几户", "10至19", "19", FIT_YES, NULL},
      {"几十万元", "10万至不足100万", "999999", FIT_YES, NULL},
      {"几十万元", NULL, "1000000", FIT_NO, NULL},
      {"3公里多", "3至不足4", "3.9", FIT_YES, NULL},
      {"3公里多", NULL, "4", FIT_NO, NULL},
      /* 近: [0.9v, v) */
      {"近100户", "90至99", "90", FIT_YES, NULL},
      {"近100户", NULL, "89", FIT_NO, NULL},
      {"近100户", NULL, "99", FIT_YES, NULL},
      {"近100户", NULL, "100", FIT_NO, NULL},
      {"近700万元", "630万至不足700万", "6300000", FIT_YES, NULL},
      /* 约: half of the last significant digit or 5 % */
      {"约1200人", "1140至1260", "1140", FIT_YES, NULL},
      {"约1200人", NULL, "1139", FIT_NO, NULL},
      {"约1200人", NULL, "1260", FIT_YES, NULL},
      {"约1200人", NULL, "1261", FIT_NO, NULL},
      {"约300人", "250至350", "250", FIT_YES, NULL},
      {"50万元左右", "45万至55万", "550000", FIT_YES, NULL},
      {"约47.6岁", NULL, "45.22", FIT_YES, NULL},
      {"约47.6岁", NULL, "45.21", FIT_NO, NULL},
      /* bounds that count the number in, and those that do not */
      {"1.5万亩以上", "不少于1.5万", "15000", FIT_YES, NULL},
      {"1.5万亩以上", NULL, "14999", FIT_NO, NULL},
      {"不少于3次", "不少于3", "3", FIT_YES, NULL},
      {"至少3次", NULL, "2", FIT_NO, NULL},
      {"5人以下", "不超过5", "5", FIT_YES, NULL},
      {"5人以内", NULL, "6", FIT_NO, NULL},
      {"超过80人", "超过80", "80", FIT_NO, NULL},
      {"突破80人", NULL, "81", FIT_YES, NULL},
      {"不足80人", "不足80", "80", FIT_NO, NULL},
      {"不到80人", NULL, "79", FIT_YES, NULL},
      /* 达到: half a unit; higher is understated */
      {"达到80%", "79.5%至80.5%", "79.5", FIT_YES, NULL},
      {"达到80%", NULL, "79.4", FIT_NO, NULL},
      {"达到80%", NULL, "80.5", FIT_YES, NULL},
      {"达到80%", NULL, "86", FIT_NOTE, "高于稿中数"},
      {"达到15人", NULL, "15", FIT_YES, NULL},
      {"达到15人", NULL, "14", FIT_NO, NULL},
      {"达到15人", NULL, "16", FIT_NOTE, "高于稿中数"},
      {"达1.7万亩", "1.65万至1.75万", "16500", FIT_YES, NULL},
      /* ranges hold both ends */
      {"2—3万元", "2万至3万", "20000", FIT_YES, NULL},
      {"2—3万元", NULL, "30000", FIT_YES, NULL},
      {"2—3万元", NULL, "19999", FIT_NO, NULL},
      {"三四十户", "30至40", "40", FIT_YES, NULL},
      {"三四十户", NULL, "41", FIT_NO, NULL},
  };
  ARENA_SCOPE a = arena_new();
  size_t wrong = 0;
  for (size_t i = 0; i < COUNT(cases); i++) {
    Quantity *q;
    const char *note = "", *slash = strchr(cases[i].actual, '/');
    Ratio actual = {0, 1};
    Decimal d;
    Error e;
    assert_int_equal(quantities_read(a, cases[i].text, &q), 1);
    if (slash) {
      assert_true(ratio_make(atoll(cases[i].actual), atoll(slash + 1), &actual));
    } else {
      assert_true(decimal_read(cases[i].actual, &d, &e) && ratio_from_decimal(d, &actual));
    }
    Fit fit = quantity_fits(q, actual, &note);
    Interval in = quantity_interval(a, q);
    bool note_right = cases[i].note ? note && !strcmp(note, cases[i].note) : !note;
    if (fit == cases[i].fit && note_right && (!cases[i].shown || !strcmp(cases[i].shown, in.text))) continue;
    print_error("%s against %s: fit %d (%s), shown %s\n", cases[i].text, cases[i].actual, fit, note ? note : "-",
                in.text);
    wrong++;
  }
  assert_int_equal(wrong, 0);
}

/* ---- writing ---- */

static void test_writing(void **state) {
  (void)state;
  static const struct {
    int64_t num, den;
    const char *unit, *say;
    int scale;
    const char *want;
  } cases[] = {
      {350000, 1, "元", "万元", 0, "35万元"},
      {21000, 1, "元", "万元", 1, "2.1万元"},
      {20400, 1, "元", "万元", 1, "2万元"},
      {15, 1, "场次", NULL, 0, "15场次"},
      {1428, 30, "岁", NULL, 1, "47.6岁"},
      {80, 1, "%", NULL, 0, "80%"},
      {200, 3, "%", NULL, 1, "66.7%"},
      {190000000, 1, "元", "亿元", 1, "1.9亿元"},
      {12700, 1, "米", "公里", 1, "12.7公里"},
      {15, 1, "亩", "公顷", 0, "1公顷"},
      {-5, 1, "元", "", 0, "-5元"},
      {3, 1, NULL, NULL, 0, "3"},
      {35, 1, "万元", "元", 0, "350000元"},
      {1, 2, "次", NULL, 0, "1次"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    TEXT_SCOPE t = text_new(100);
    Ratio r;
    assert_true(ratio_make(cases[i].num, cases[i].den, &r));
    quantity_write(r, cases[i].unit, cases[i].say, cases[i].scale, &t);
    assert_string_equal(text_get(&t), cases[i].want);
  }
  static const struct {
    int64_t value, step;
    const char *want;
  } more[] = {{24, 10, "20余次"},      {20, 10, "20次"}, {7, 10, "7次"}, {10, 10, "10次"},
              {1234, 100, "1200余次"}, {0, 10, "0次"},   {5, 0, "5次"}};
  for (size_t i = 0; i < COUNT(more); i++) {
    TEXT_SCOPE t = text_new(100);
    quantity_write_more(more[i].value, more[i].step, "次", &t);
    assert_string_equal(text_get(&t), more[i].want);
  }
  static const struct {
    int64_t n;
    const char *want;
  } han[] = {{0, "零"},
             {7, "七"},
             {10, "十"},
             {15, "十五"},
             {20, "二十"},
             {105, "一百零五"},
             {110, "一百一十"},
             {120, "一百二十"},
             {1005, "一千零五"},
             {10015, "一万零一十五"},
             {100000, "十万"},
             {-12, "负十二"},
             {1050000, "一百零五万"},
             {100000000, "一亿"},
             {1000500000000, "一万零五亿"},
             {20000000005, "二百亿零五"}};
  for (size_t i = 0; i < COUNT(han); i++) {
    TEXT_SCOPE t = text_new(200);
    number_han(han[i].n, &t);
    assert_string_equal(text_get(&t), han[i].want);
  }
}

/* What is written reads back: Han numbers of every size, and values in every scale. */
static void test_round_trips(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  uint64_t seed = 20231220;
  ArenaMark mark = arena_mark(a);
  for (int i = 0; i < 20000; i++, arena_back(a, mark)) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    int64_t n =
        i < 12000 ? i : (int64_t)((seed >> 1) % (uint64_t[]){100000, 100000000, 1000000000000, INT64_MAX}[i % 4]);
    if (i > 12000 && i % 3 == 0) n -= n % 1000000;
    TEXT_SCOPE t = text_new(300);
    Quantity *q;
    number_han(n, &t);
    text_add(&t, "户");
    if (quantities_read(a, text_get(&t), &q) != 1 || q->value.mantissa != n || q->value.scale || q->bounded)
      fail_msg("%lld is written %s and not read so", (long long)n, text_get(&t));
    text_clear(&t);
    quantity_write(ratio_int(n), "元", "万元", 4, &t);
    if (quantities_read(a, text_get(&t), &q) != 1 || q->value.mantissa != n || q->value.scale)
      fail_msg("%lld is written %s and not read so", (long long)n, text_get(&t));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_intervals), cmocka_unit_test(test_writing),
                                     cmocka_unit_test(test_round_trips)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
