/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Every fold with every `when` over a small declared profile, its rows put straight into the tables of a
 * store that is thrown away: values by table, and for each that its rows fold to it, also when one is gone. */
#include "figure_site.h"

#include "base/json.h"
#include "figure/figure.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

typedef struct Case {
  const char *measure;
  int64_t org;
  const char *period, *value, *text; /* value: exact, "" for none */
  int64_t rows, undetermined, totals;
} Case;

static const Case cases[] = {
    /* count by date; drafts and voided records are out */
    {"talk.count", 0, "2023", "3", "3次", 3, 0, 0},
    {"talk.count", 0, "2023Q1", "1", "1次", 1, 0, 0},
    {"talk.count", 0, "2021", "0", "0次", 0, 0, 0},
    /* under on the record's own date: org 4 moved from 2 to 3 on 1 June */
    {"talk.count", 2, "2023", "2", "2次", 2, 0, 0},
    {"talk.count", 3, "2023", "1", "1次", 1, 0, 0},
    {"talk.count", 4, "2023", "2", "2次", 2, 0, 0},
    {"talk.count", 2, "2022", "1", "1次", 1, 0, 0},
    {"talk.count", 3, "2022", "0", "0次", 0, 0, 0},
    /* what is missing decides nothing, either way round */
    {"talk.kind_a", 0, "2023", "1", "1次", 1, 1, 0},
    {"talk.kind_not_a", 0, "2023", "1", "1次", 1, 1, 0},
    {"talk.led", 0, "2023", "1", "1次", 1, 1, 0},
    /* another date, up to a day, a year's lag */
    {"talk.closed", 0, "2023", "1", "1次", 1, 0, 0},
    {"talk.closed", 0, "2024", "1", "1次", 1, 0, 0},
    {"talk.ever", 0, "2023", "5", "5次", 5, 0, 0},
    {"talk.ever", 0, "2022", "2", "2次", 2, 0, 0},
    {"talk.graded", 0, "2023", "2", "2次", 2, 0, 0},
    {"talk.graded", 0, "2024", "1", "1次", 1, 0, 0},
    {"talk.due", 0, "2022", "1", "1次", 1, 0, 0},
    {"talk.due", 0, "2021", "2", "2次", 2, 0, 0},
    /* rounds: by org and year */
    {"talk.rounds", 0, "2023", "2", "2轮", 3, 0, 0},
    {"talk.rounds_ever", 0, "2023", "4", "4轮", 5, 0, 0},
    {"talk.kinds", 0, "2023", "2", "2个", 2, 1, 0},
    /* sums, means, shares */
    {"talk.cost", 0, "2023", "350.5", "350.5元", 2, 1, 0},
    {"talk.cost", 0, "2021", "0", "0元", 0, 0, 0},
    {"talk.mean_cost", 0, "2023", "175.25", "175.3元", 2, 1, 0},
    {"talk.mean_cost", 0, "2021", "", "无", 0, 0, 0},
    {"talk.share_a", 0, "2023", "50", "50%", 2, 1, 0},
    {"talk.share_a", 0, "2021", "", "无", 0, 0, 0},
    /* lines: head counts, names, values */
    {"people.times", 0, "2023", "33", "33人次", 4, 1, 1},
    {"people.about", 0, "2023", "33", "30余人次", 4, 1, 1},
    {"people.persons", 0, "2023", "2", "2人", 3, 2, 0},
    {"people.score", 0, "2023", "240", "240分", 3, 3, 0},
    {"people.mean_score", 0, "2023", "120", "120分", 3, 3, 0},
    {"people.share", 0, "2023", "75", "75%", 4, 2, 0},
    {"people.first", 0, "2023", "2", "2人", 3, 2, 0},
    /* lines with a date and an org of their own */
    {"funds.yuan", 0, "2023", "1000", "0.1万元", 1, 1, 0},
    {"funds.yuan", 0, "2024", "500", "0.1万元", 1, 0, 0},
    {"funds.yuan", 2, "2023", "1000", "0.1万元", 1, 1, 0},
    {"funds.yuan", 3, "2023", "0", "0万元", 0, 0, 0},
    {"funds.yuan", 3, "2024", "500", "0.1万元", 1, 0, 0},
    {"funds.least", 0, "2024", "500", "500元以上", 1, 0, 0},
    {"funds.per_village", 0, "2023", "1000", "1000元", 1, 1, 0},
    /* spans: a span stands where it stood on the day that counts it */
    {"held.persons", 0, "2023-08", "2", "2人", 2, 0, 0},
    {"held.persons", 2, "2023-05", "1", "1人", 1, 0, 0},
    {"held.persons", 2, "2023", "0", "0人", 0, 0, 0},
    {"held.persons", 3, "2023", "1", "1人", 1, 0, 0},
    {"held.mean_age", 0, "2023", "43", "43岁", 2, 0, 0},
    {"held.young", 0, "2023", "50", "50%", 2, 0, 0},
    {"taken_up.count", 0, "2023", "1", "1人", 1, 0, 0},
    {"taken_up.count", 0, "2022", "0", "0人", 0, 0, 0},
    {"left.count", 0, "2023", "1", "1人", 1, 0, 0},
    {"left.count", 0, "2023Q1", "0", "0人", 0, 0, 0},
};

static FigureAsk asked(Session *s, const char *measure, int64_t org, const char *period) {
  Error e = {0};
  FigureAsk ask = {.measure = catalogue_measure(s->catalogue, measure, &e), .org = org};
  if (!ask.measure || !period_read(period, &ask.period, &e)) fail_msg("%s %s: %s", measure, period, e.sentence);
  return ask;
}

static FigureValue valued(Session *s, FigureAsk ask) {
  Error e = {0};
  FigureValue v;
  if (!figure_value(s, ask, &v, &e)) fail_msg("%s: %s (%s)", ask.measure->full_name, e.sentence, e.cause);
  return v;
}

static void same_value(const char *what, const FigureValue *a, const FigureValue *b) {
  if (a->null == b->null && !ratio_compare(a->exact, b->exact) && a->rows == b->rows && a->part == b->part &&
      a->whole == b->whole && a->undetermined == b->undetermined && a->totals == b->totals)
    return;
  NumberText x, y;
  fail_msg("%s: %s (%lld rows, %lld undetermined), folded %s (%lld rows, %lld undetermined)", what,
           ratio_text(a->exact, x), (long long)a->rows, (long long)a->undetermined, ratio_text(b->exact, y),
           (long long)b->rows, (long long)b->undetermined);
}

typedef struct Folding {
  FigureFold *all, *others; /* `others` leaves out the row that is dropped */
  size_t drop, seen;
  int64_t dropped;
  Date last;
  bool undetermined;
} Folding;

static bool add_to_fold(const FigureRow *row, void *context) {
  Folding *f = context;
  if (row->undetermined)
    f->undetermined = true;
  else {
    assert_false(f->undetermined);
    assert_true(row->date >= f->last);
    f->last = row->date;
  }
  assert_true(row->counted != row->undetermined);
  figure_fold_add(f->all, row);
  if (f->seen++ == f->drop)
    f->dropped = row_id(row->row);
  else
    figure_fold_add(f->others, row);
  return true;
}

static Folding folded(Session *s, FigureAsk ask, size_t drop) {
  Error e = {0};
  Folding f = {
      .all = figure_fold_new(s->arena, ask.measure), .others = figure_fold_new(s->arena, ask.measure), .drop = drop};
  if (!figure_rows(s, ask, add_to_fold, &f, &e)) fail_msg("%s: %s (%s)", ask.measure->full_name, e.sentence, e.cause);
  return f;
}

static void test_values(void **state) {
  Session *s = *state;
  for (size_t i = 0; i < COUNT(cases); i++) {
    const Case *c = &cases[i];
    FigureAsk ask = asked(s, c->measure, c->org, c->period);
    FigureValue v = valued(s, ask), again;
    const char *exact = figure_exact(s->arena, &v), *text = figure_text(s->arena, ask.measure, &v);
    if (strcmp(exact, c->value) != 0 || strcmp(text, c->text) != 0 || v.rows != c->rows ||
        v.undetermined != c->undetermined || v.totals != c->totals)
      fail_msg("%s org %lld %s: got \"%s\" \"%s\" rows %lld undetermined %lld totals %lld", c->measure,
               (long long)c->org, c->period, exact, text, (long long)v.rows, (long long)v.undetermined,
               (long long)v.totals);
    Folding f = folded(s, ask, SIZE_MAX);
    figure_fold_value(f.all, &again);
    same_value(c->measure, &v, &again);
  }
}

/* Every row of every figure, taken away in turn. */
static void test_removal(void **state) {
  Session *s = *state;
  Error e = {0};
  for (size_t i = 0; i < COUNT(cases); i++) {
    FigureAsk ask = asked(s, cases[i].measure, cases[i].org, cases[i].period);
    size_t count = folded(s, ask, SIZE_MAX).seen;
    for (size_t drop = 0; drop < count; drop++) {
      Folding f = folded(s, ask, drop);
      FigureValue expected;
      figure_fold_value(f.others, &expected);
      assert_true(tx_mark(s->tx, &e));
      Value binds[] = {value_int(s->area), value_int(f.dropped)};
      assert_true(tx_exec(s->tx, row_delete_sql(s->arena, ask.measure->rows), binds, 2, NULL, &e));
      FigureValue got = valued(s, ask);
      assert_true(tx_back(s->tx, &e));
      same_value(cases[i].measure, &got, &expected);
    }
  }
}

static void test_unanswered(void **state) {
  Session *s = *state;
  static const char *const periods[] = {"2023Q1", "2023-05", "2023H1", "2023-01-01..2023-11-30"};
  for (size_t i = 0; i < COUNT(periods); i++) {
    FigureValue v = valued(s, asked(s, "talk.graded", 0, periods[i]));
    assert_true(v.null);
    assert_non_null(v.unanswered);
    assert_string_equal(figure_exact(s->arena, &v), "");
  }
  FigureValue whole = valued(s, asked(s, "talk.graded", 0, "2023-01-01..2023-12-31"));
  assert_null(whole.unanswered);
  assert_int_equal(whole.exact.num, 2);
}

static void test_slices(void **state) {
  Session *s = *state;
  static const struct {
    const char *measure, *choice, *value;
    int64_t undetermined;
  } slices[] = {{"talk.count", "甲", "1", 1},
                {"talk.count", "乙", "1", 1},
                {"people.times", "甲", "2", 1},
                {"people.times", "乙", "31", 1}};
  for (size_t i = 0; i < COUNT(slices); i++) {
    Error e = {0};
    FigureAsk ask = asked(s, slices[i].measure, 0, "2023");
    Path kind;
    assert_true(path_parse(s->catalogue, ask.measure->rows, "kind", &kind, &e));
    ask.slice = filter_choice(s->arena, kind, slices[i].choice);
    FigureValue v = valued(s, ask), again;
    assert_string_equal(figure_exact(s->arena, &v), slices[i].value);
    assert_int_equal(v.undetermined, slices[i].undetermined);
    Folding f = folded(s, ask, SIZE_MAX);
    figure_fold_value(f.all, &again);
    same_value(slices[i].measure, &v, &again);
  }
}

/* A figure is whole or refused, also for somebody of one village. */
static void test_gate(void **state) {
  Session *s = *state;
  Session clerk = *s;
  Grant grant = {.role = role_find("reader"), .org = 2};
  clerk.actor = (Actor){.account = "village", .grants = &grant, .grant_count = 1};
  Error e = {0};
  FigureValue v;
  assert_false(figure_value(&clerk, asked(s, "talk.count", 0, "2023"), &v, &e));
  assert_int_equal(e.kind, ERROR_FORBIDDEN);
  assert_null(figures_json(&clerk, 0, period_year(2023), &e));
  assert_null(figure_rows_json(&clerk, asked(s, "talk.count", 3, "2023"), &e));
  assert_true(figure_value(&clerk, asked(s, "talk.count", 2, "2023"), &v, &e));
  assert_string_equal(figure_exact(s->arena, &v), "2");
}

/* A row that the township keeps counts for the village, which sees that it is there and no more. */
static void test_masks(void **state) {
  Session *s = *state;
  Session clerk = *s;
  Grant grant = {.role = role_find("reader"), .org = 2};
  clerk.actor = (Actor){.account = "village", .grants = &grant, .grant_count = 1};
  Error e = {0};
  JSON_SCOPE mine = figure_rows_json(s, asked(s, "funds.yuan", 2, "2023"), &e);
  JSON_SCOPE theirs = figure_rows_json(&clerk, asked(s, "funds.yuan", 2, "2023"), &e);
  assert_non_null(mine);
  assert_non_null(theirs);
  const json_t *full = json_array_get(json_object_get(mine, "rows"), 0);
  const json_t *masked = json_array_get(json_object_get(theirs, "rows"), 0);
  assert_string_equal(json_string_value(json_object_get(full, "note")), "备注");
  assert_string_equal(json_string_value(json_object_get(masked, "note")), "无权查看");
  assert_string_equal(json_string_value(json_object_get(masked, "contribution")), "1000.00");
  assert_string_equal(json_string_value(json_object_get(theirs, "value")), "1000");
}

static void test_json(void **state) {
  Session *s = *state;
  Error e = {0};
  JSON_SCOPE all = figures_json(s, 0, period_year(2023), &e);
  if (!all) fail_msg("%s", e.sentence);
  assert_string_equal(json_string_value(json_object_get(all, "period")), "2023");
  assert_string_equal(json_string_value(json_object_get(all, "org")), "甲乡");
  const json_t *figures = json_object_get(all, "figures");
  assert_int_equal(json_array_size(figures), s->catalogue->measure_count);
  JSON_SCOPE one = figure_rows_json(s, asked(s, "people.persons", 0, "2023"), &e);
  if (!one) fail_msg("%s", e.sentence);
  const json_t *rows = json_object_get(one, "rows");
  assert_int_equal(json_array_size(rows), 3);
  assert_int_equal(json_array_size(json_object_get(one, "undetermined")), 2);
  const json_t *first = json_array_get(rows, 0);
  assert_string_equal(json_string_value(json_object_get(first, "relation")), "talk.people");
  assert_string_equal(json_string_value(json_object_get(first, "date")), "2023-03-10");
  assert_string_equal(json_string_value(json_object_get(first, "contribution")), "赵一");
  assert_string_equal(json_string_value(json_object_get(first, "record")), "101");
}

static void test_state(void **state) {
  Session *s = *state;
  Error e = {0};
  FigureState st;
  assert_true(figure_state(s, asked(s, "talk.count", 0, "2023"), &st, &e));
  assert_true(st.records && !st.closed);
  assert_true(figure_state(s, asked(s, "talk.count", 0, "2020"), &st, &e));
  assert_true(!st.records && st.closed);
  assert_true(figure_state(s, asked(s, "funds.yuan", 3, "2023"), &st, &e));
  assert_true(st.records); /* the ledger has records there, the line has none */
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_values),     cmocka_unit_test(test_removal),
                                     cmocka_unit_test(test_unanswered), cmocka_unit_test(test_slices),
                                     cmocka_unit_test(test_gate),       cmocka_unit_test(test_masks),
                                     cmocka_unit_test(test_json),       cmocka_unit_test(test_state)};
  return cmocka_run_group_tests(tests, figure_site_open, figure_site_close);
}
