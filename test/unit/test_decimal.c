/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Exact numbers: what is read, written, added and rounded, and every overflow said. */
#include "check.h"

#include <limits.h>
#include <string.h>

#include "base/decimal.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- decimals --- */

static Decimal decimal_of(const char *text) {
  Decimal d = {0};
  Error e = {0};
  if (!decimal_read(text, &d, &e)) fail_msg("%s: %s", text, e.sentence);
  return d;
}

static void test_decimal_read(void **state) {
  (void)state;
  static const struct {
    const char *text, *back;
    int scale;
  } cases[] = {
      {"0", "0", 0},
      {"-0", "0", 0},
      {"-0.00", "0", 2},
      {"007", "7", 0},
      {"12.50", "12.5", 2},
      {"-12.50", "-12.5", 2},
      {"+3", "3", 0},
      {"-0.5", "-0.5", 1},
      {"1,234.5", "1234.5", 1},
      {"1,234,567", "1234567", 0},
      {"４７．６", "47.6", 1},
      {"－１，２３４", "-1234", 0},
      {"350000", "350000", 0},
      {"9223372036854775807", "9223372036854775807", 0},
      {"-9223372036854775808", "-9223372036854775808", 0},
      {"0.000000000000000001", "0.000000000000000001", 18},
      {"-9.223372036854775808", "-9.223372036854775808", 18},
      {"9223372036854775807.000", "9223372036854775807", 0},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    NumberText text;
    Decimal d = decimal_of(cases[i].text);
    assert_string_equal(decimal_text(d, text), cases[i].back);
    assert_int_equal(d.scale, cases[i].scale);
  }
}

static void test_decimal_refused(void **state) {
  (void)state;
  static const struct {
    const char *text, *sentence;
  } cases[] = {
      {"", "数是空的，请填一个数，如1234.5。"},
      {"甲", "“甲”不是数，请写成1234.5或1,234.5。"},
      {"12.", "“12.”不是数，请写成1234.5或1,234.5。"},
      {".5", "“.5”不是数，请写成1234.5或1,234.5。"},
      {"1.2.3", "“1.2.3”不是数，请写成1234.5或1,234.5。"},
      {"--1", "“--1”不是数，请写成1234.5或1,234.5。"},
      {"1e5", "“1e5”不是数，请写成1234.5或1,234.5。"},
      {" 1", "“ 1”不是数，请写成1234.5或1,234.5。"},
      {"12,34", "“12,34”里的逗号不对，逗号后面应正好是三位数字，如1,234.5。"},
      {"1234,567", "“1234,567”里的逗号不对，逗号后面应正好是三位数字，如1,234.5。"},
      {"1,2345", "“1,2345”里的逗号不对，逗号后面应正好是三位数字，如1,234.5。"},
      {"1,234,56", "“1,234,56”里的逗号不对，逗号后面应正好是三位数字，如1,234.5。"},
      {",123", "“,123”里的逗号不对，逗号后面应正好是三位数字，如1,234.5。"},
      {"1.234,567", "“1.234,567”里的逗号不对，逗号后面应正好是三位数字，如1,234.5。"},
      {"9223372036854775808", "“9223372036854775808”太大，最多能记十八位数字。"},
      {"-9223372036854775809", "“-9223372036854775809”太大，最多能记十八位数字。"},
      {"10000000000000000000000000000000000000000000000000000000000",
       "“10000000000000000000000000000000000000000000000000000000000”太大，最多能记十八位数字。"},
      {"0.0000000000000000001", "“0.0000000000000000001”的小数太长，小数点后最多18位。"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Decimal d;
    Error e = {0};
    assert_false(decimal_read(cases[i].text, &d, &e));
    assert_string_equal(e.sentence, cases[i].sentence);
  }
  char longer[300];
  memset(longer, '1', sizeof longer - 1);
  longer[sizeof longer - 1] = 0;
  Decimal d;
  Error e = {0};
  assert_false(decimal_read(longer, &d, &e));
  assert_int_equal(e.kind, ERROR_LIMIT);
  assert_false(decimal_read(NULL, &d, &e));
}

typedef bool Arithmetic(Decimal, Decimal, Decimal *);

static void test_decimal_arithmetic(void **state) {
  (void)state;
#define MOST "9223372036854775807"
  static const struct {
    Arithmetic *act;
    const char *a, *b, *result; /* NULL: overflow */
  } cases[] = {
      {decimal_add, "0.1", "0.2", "0.3"},
      {decimal_add, "47.6", "-47.6", "0"},
      {decimal_add, MOST, "1", NULL},
      {decimal_add, MOST, "0.1", NULL},
      {decimal_add, MOST, "0.0", MOST},
      {decimal_subtract, "1", "0.999999999999999999", "0.000000000000000001"},
      {decimal_subtract, "-" MOST, "2", NULL},
      {decimal_multiply, "1.5", "-2", "-3"},
      {decimal_multiply, "47.6", "10000", "476000"},
      {decimal_multiply, "0.0000000001", "0.0000000001", NULL},
      {decimal_multiply, "0.0000000005", "0.000000002", "0.000000000000000001"},
      {decimal_multiply, "4611686018427387904", "2", NULL},
      {decimal_multiply, MOST, "1.000", MOST},
      {decimal_multiply, MOST, "-" MOST, NULL},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    NumberText text;
    Decimal out;
    bool done = cases[i].act(decimal_of(cases[i].a), decimal_of(cases[i].b), &out);
    assert_int_equal(done, cases[i].result != NULL);
    if (done) assert_string_equal(decimal_text(out, text), cases[i].result);
  }
}

static void test_decimal_shift(void **state) {
  (void)state;
  static const struct {
    const char *a;
    int tens;
    const char *result;
  } cases[] = {{"47.6", 4, "476000"},
               {"350000", -4, "35"},
               {"0.05", 1, "0.5"},
               {"1", -18, "0.000000000000000001"},
               {"1", -19, NULL},
               {"10", -19, NULL},
               {"1", 18, "1000000000000000000"},
               {"1", 19, NULL},
               {"0", 1000, "0"},
               {"5", INT_MAX, NULL},
               {"5", INT_MIN, NULL},
               {"-3.5", 8, "-350000000"}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    NumberText text;
    Decimal out;
    bool done = decimal_shift(decimal_of(cases[i].a), cases[i].tens, &out);
    assert_int_equal(done, cases[i].result != NULL);
    if (done) assert_string_equal(decimal_text(out, text), cases[i].result);
  }
}

static void test_decimal_compare_and_scale(void **state) {
  (void)state;
  static const struct {
    const char *a, *b;
    int order;
  } order[] = {
      {"1.50", "1.5", 0}, {"-1", "1", -1}, {"0.1", "0.09", 1}, {MOST, "0.000000000000000001", 1}, {"-2", "-1.9", -1}};
  for (size_t i = 0; i < COUNT(order); i++) {
    Decimal a = decimal_of(order[i].a), b = decimal_of(order[i].b);
    assert_int_equal(decimal_compare(a, b), order[i].order);
    assert_int_equal(decimal_compare(b, a), -order[i].order);
  }
  int64_t n = 0;
  assert_true(decimal_scaled(decimal_of("12.50"), 2, &n));
  assert_int_equal(n, 1250);
  assert_true(decimal_scaled(decimal_of("12.500"), 1, &n));
  assert_int_equal(n, 125);
  assert_true(decimal_scaled(decimal_of("-3"), 2, &n));
  assert_int_equal(n, -300);
  assert_false(decimal_scaled(decimal_of("12.55"), 1, &n));
  assert_false(decimal_scaled(decimal_of(MOST), 1, &n));
  assert_false(decimal_scaled(decimal_of("1"), 19, &n));
  assert_false(decimal_scaled(decimal_of("1"), -1, &n));
}

/* --- ratios --- */

static void test_ratio_make(void **state) {
  (void)state;
  static const struct {
    int64_t num, den;
    bool good;
    int64_t to_num, to_den;
  } cases[] = {
      {6, 4, true, 3, 2},
      {-6, 4, true, -3, 2},
      {6, -4, true, -3, 2},
      {0, -7, true, 0, 1},
      {1, 0, false, 0, 0},
      {INT64_MIN, INT64_MIN, true, 1, 1},
      {INT64_MIN, -2, true, INT64_C(4611686018427387904), 1},
      {INT64_MIN, -1, false, 0, 0},
      {1, INT64_MIN, false, 0, 0},
      {INT64_MIN, 1, true, INT64_MIN, 1},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Ratio r = {0};
    assert_int_equal(ratio_make(cases[i].num, cases[i].den, &r), cases[i].good);
    if (!cases[i].good) continue;
    assert_true(r.num == cases[i].to_num && r.den == cases[i].to_den);
  }
}

static void test_ratio_arithmetic(void **state) {
  (void)state;
  Ratio r;
  assert_true(ratio_add((Ratio){1, 3}, (Ratio){1, 6}, &r));
  assert_true(r.num == 1 && r.den == 2);
  assert_true(ratio_add((Ratio){1, 2}, (Ratio){-1, 2}, &r));
  assert_true(r.num == 0 && r.den == 1);
  assert_false(ratio_add(ratio_int(INT64_MAX), ratio_int(1), &r));
  assert_false(ratio_add((Ratio){1, INT64_MAX}, (Ratio){1, INT64_MAX - 1}, &r));
  assert_false(ratio_add((Ratio){INT64_MIN, INT64_MAX}, (Ratio){INT64_MIN, INT64_MAX - 1}, &r));
  assert_true(ratio_multiply((Ratio){2, 3}, (Ratio){-3, 4}, &r));
  assert_true(r.num == -1 && r.den == 2);
  assert_true(ratio_multiply((Ratio){INT64_MAX, 2}, (Ratio){2, INT64_MAX}, &r));
  assert_true(r.num == 1 && r.den == 1);
  assert_false(ratio_multiply(ratio_int(INT64_MAX), ratio_int(2), &r));
  assert_true(ratio_from_decimal(decimal_of("47.60"), &r));
  assert_true(r.num == 238 && r.den == 5);
  assert_int_equal(ratio_compare((Ratio){1, 3}, (Ratio){33, 100}), 1);
  assert_int_equal(ratio_compare((Ratio){INT64_MIN, 1}, (Ratio){INT64_MAX, 1}), -1);
  assert_int_equal(ratio_compare((Ratio){INT64_MAX, INT64_MAX - 1}, (Ratio){INT64_MAX - 1, INT64_MAX - 2}), -1);
  assert_int_equal(ratio_compare_decimal((Ratio){4, 5}, decimal_of("0.80")), 0);
  assert_int_equal(ratio_compare_decimal((Ratio){1, 3}, decimal_of("0.333333333333333333")), 1);
}

static void test_ratio_round(void **state) {
  (void)state;
  static const struct {
    int64_t num, den;
    int scale;
    const char *text;
  } cases[] = {
      {1, 3, 1, "0.3"},
      {2, 3, 1, "0.7"},
      {1, 2, 0, "1"},
      {-1, 2, 0, "-1"},
      {1, 20, 1, "0.1"},
      {-1, 20, 1, "-0.1"},
      {149, 100, 1, "1.5"},
      {149, 100, 0, "1"},
      {-149, 100, 0, "-1"},
      {2500, 63, 1, "39.7"},
      {0, 1, 2, "0"},
      {INT64_MAX, 1, 12, MOST},
      {INT64_MIN, 1, 18, "-9223372036854775808"},
      {INT64_MAX, 2, 1, "4611686018427387904"},
      {1, INT64_MAX, 18, "0"},
      {4, 5, 99, "0.8"},
      {7, 2, -3, "4"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    NumberText text;
    assert_string_equal(decimal_text(ratio_round((Ratio){cases[i].num, cases[i].den}, cases[i].scale), text),
                        cases[i].text);
  }
  NumberText text;
  assert_string_equal(ratio_text((Ratio){1, 3}, text), "0.333333333333");
  assert_string_equal(ratio_text((Ratio){1, 8}, text), "0.125");
  assert_string_equal(ratio_text((Ratio){-7, 1}, text), "-7");
  assert_string_equal(ratio_text((Ratio){INT64_MAX, 1}, text), MOST);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_decimal_read),
      cmocka_unit_test(test_decimal_refused),
      cmocka_unit_test(test_decimal_arithmetic),
      cmocka_unit_test(test_decimal_shift),
      cmocka_unit_test(test_decimal_compare_and_scale),
      cmocka_unit_test(test_ratio_make),
      cmocka_unit_test(test_ratio_arithmetic),
      cmocka_unit_test(test_ratio_round),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
