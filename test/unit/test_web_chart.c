/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Lengths of bars are exact shares of the longest, of rates too; a course of one point is no picture, and what is not
 * over says so. */
#include "web/chart.h"

#include "check.h"

typedef struct Case { Ratio lengths[3]; const char *widths[3]; } Case;

static const Case cases[] = {
    {{{10, 1}, {5, 1}, {0, 1}}, {"100.0", "50.0", "0.0"}},
    {{{1000, 11}, {1003, 11}, {-3, 1}}, {"99.7", "100.0", "0.0"}}, /* 90.9 and 91.2 in a hundred */
    {{{0, 1}, {0, 1}, {0, 1}}, {"0.0", "0.0", "0.0"}},
    {{{INT64_MAX, 1}, {INT64_MAX / 2, 1}, {1, 1}}, {"100.0", "50.0", "0.0"}},
    {{{INT64_MAX / 3, 7}, {1, 1}, {INT64_MAX / 6, 7}}, {"100.0", "0.0", "50.0"}},
};

static void bars_are_shares_of_the_longest(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ARENA_SCOPE a = arena_new();
    Bar bars[3] = {{.label = "甲"}, {.label = "乙"}, {.label = "丙"}};
    for (size_t k = 0; k < 3; k++) bars[k].length = cases[i].lengths[k];
    json_t *out = bars_json(a, "图", NULL, bars, 3, NULL);
    for (size_t k = 0; k < 3; k++)
      assert_string_equal(json_string_value(json_object_get(json_array_get(json_object_get(out, "rows"), k), "width")), cases[i].widths[k]);
    json_decref(out);
  }
}

static void a_line_is_drawn_to_scale(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Bar bars[1] = {{.label = "甲", .length = {40, 1}}};
  Ratio line = {80, 1};
  json_t *out = bars_json(a, "图", NULL, bars, 1, &line), *row = json_array_get(json_object_get(out, "rows"), 0);
  assert_string_equal(json_string_value(json_object_get(row, "width")), "50.0");
  assert_string_equal(json_string_value(json_object_get(row, "line")), "100.0");
  json_decref(out);
}

static void a_course_wants_two_points(void **state) {
  (void)state;
  Course c = {.id = "c", .heads = {"上年", "今年"}};
  assert_null(course_json(&c));
  course_add(&c, "1月", (Mark[2]){{.text = "1"}, {.text = "2"}}, false);
  assert_null(course_json(&c));
  course_add(&c, "1月", (Mark[2]){{.text = "1"}, {.text = "2"}}, false);
  course_add(&c, "2月", (Mark[2]){{0}, {.text = "3", .exact = "3", .href = "/"}}, true);
  json_t *out = course_json(&c), *row = json_array_get(json_object_get(out, "rows"), 1);
  assert_int_equal(json_array_size(json_object_get(out, "rows")), 2);
  assert_true(json_is_true(json_object_get(row, "open")));
  assert_true(json_is_false(json_object_get(json_array_get(json_object_get(row, "cells"), 0), "text")));
  json_decref(out);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(bars_are_shares_of_the_longest), cmocka_unit_test(a_line_is_drawn_to_scale),
                                     cmocka_unit_test(a_course_wants_two_points)};
  return cmocka_run_group_tests_name("web_chart", tests, NULL, NULL);
}
