/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Lists: their order by every kind of column, pages of them, words searched for, counts up to a bound, and what is
 * refused. Under the engine of $LUOSHI_TEST_STORE. */
#include "ledger/list.h"

#include "figure_site.h"

typedef struct Case {
  const char *relation;
  ListAsk ask;
  const char *ids; /* in order, or the refusal's words after a “!” */
} Case;

static const Case cases[] = {
    /* 106 is void; 105 a draft. By date and id */
    {"talk", {.limit = 0}, "107 104 105 101 103 102"},
    {"talk", {.descending = true}, "102 103 101 105 104 107"},
    {"talk", {.limit = 2}, "107 104"},
    {"talk", {.limit = 2, .offset = 2}, "105 101"},
    {"talk", {.limit = 2, .offset = 5}, "102"},
    {"talk", {.limit = 2, .offset = 6}, ""},
    {"talk", {.offset = 4}, "103 102"},
    {"talk", {.offset = LIST_DEEPEST + 1}, "!最多翻到"},
    {"talk", {.offset = -1}, "!没有这一页"},
    {"talk", {.limit = -1}, "!没有这一页"},
    {"talk", {.voided = true, .descending = true, .limit = 4}, "102 103 101 106"},
    /* a column: what is missing stands last both ways, and equals by date and id */
    {"talk", {.order = "held_on", .descending = true, .limit = 1}, "102"},
    {"talk", {.order = "cost"}, "104 101 102 107 105 103"},
    {"talk", {.order = "cost", .descending = true}, "102 101 104 103 105 107"},
    {"talk", {.order = "kind"}, "107 104 105 101 102 103"}, /* 甲 before 乙, as declared */
    {"talk", {.order = "round", .descending = true, .limit = 1}, "105"},
    {"talk", {.order = "state", .limit = 1}, "105"}, /* a draft before what is done */
    {"talk", {.order = "leader", .limit = 2}, "101 102"}, /* 赵 before 钱 by code point, then nobody */
    {"talk", {.order = "org", .limit = 2}, "107 103"},
    {"talk", {.order = "nothing"}, "!没有“nothing”这一项"},
    {"talk", {.order = "id; DROP TABLE l_talk"}, "!没有"},
    {"person", {.order = "phone"}, "!隐私项"},
    {"person", {.order = "name"}, "52 53 50 51"},
    {"person", {.order = "birth", .descending = true}, "52 51 50 53"},
    {"talk.people", {.order = "score", .limit = 2}, "207 204"},
    {"talk.people", {.limit = 3, .descending = true}, "205 204 206"},
    /* words */
    {"talk", {.search = "春"}, "101"},
    {"talk", {.search = "春耕 赵"}, "101"}, /* a text and the name of whom it names */
    {"talk", {.search = "　春　耕　"}, "101"},
    {"talk", {.search = "春 秋"}, ""},
    {"talk", {.search = "  "}, "107 104 105 101 103 102"},
    {"talk", {.search = "秋收<b>"}, "102"},
    {"talk", {.search = "%"}, ""},
    {"talk", {.search = "' OR 1=1 --"}, ""},
    {"talk", {.search = "作废"}, ""},
    {"talk", {.search = "a b c d e f g h i"}, "!最多找8个词"},
    {"talk", {.search = "\xff"}, "!不是有效的文字"},
    {"person", {.search = "钱"}, "51"},
    {"talk.people", {.search = "钱二"}, "202"},
    /* together */
    {"talk", {.where = "kind = '甲'", .search = "资金", .order = "cost", .limit = 1}, "107"},
    {"talk", {.org = 3, .limit = 5}, "102"}, /* the branch stands under 西村 since June */
};

typedef struct Ids {
  Text text;
  size_t count;
} Ids;

static bool add_id(Session *s, const ListRow *row, void *context) {
  (void)s;
  Ids *ids = context;
  text_print(&ids->text, "%s%lld", ids->count++ ? " " : "", (long long)row_id(row->row));
  return true;
}

static void test_lists(void **state) {
  Session *s = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Case *c = &cases[i];
    Error e = {0};
    Ids ids = {.text = text_new(4096)};
    ListAsk ask = c->ask;
    ask.relation = catalogue_find(s->catalogue, c->relation);
    ask.period = period_year(2023);
    bool done = list_rows(s, ask, add_id, &ids, &e);
    if (*c->ids == '!') {
      if (done || !strstr(e.sentence, c->ids + 1)) fail_msg("case %zu: not refused with %s: %s", i, c->ids, e.sentence);
    } else if (!done || strcmp(text_get(&ids.text), c->ids)) {
      fail_msg("case %zu: “%s”, not “%s” (%s %s)", i, text_get(&ids.text), c->ids, e.sentence, e.cause);
    }
    text_free(&ids.text);
  }
}

static void test_counts(void **state) {
  Session *s = *state;
  Error e = {0};
  int64_t n;
  ListAsk ask = {.relation = catalogue_find(s->catalogue, "talk"), .period = period_year(2023), .limit = 1, .offset = 3};
  assert_true(list_count(s, ask, &n, &e));
  assert_int_equal(n, 6);
  assert_true(list_count_to(s, ask, 6, &n, &e));
  assert_int_equal(n, 6);
  assert_true(list_count_to(s, ask, 5, &n, &e));
  assert_int_equal(n, 6); /* one more than asked for: there are more */
  assert_true(list_count_to(s, ask, 3, &n, &e));
  assert_int_equal(n, 4);
  ask.search = "春";
  assert_true(list_count_to(s, ask, 3, &n, &e));
  assert_int_equal(n, 1);
  ask.where = "kind = '乙'";
  assert_true(list_count_to(s, ask, 3, &n, &e));
  assert_int_equal(n, 0);
}

/* A clerk of one village lists and finds what stands under it, whatever is searched. */
static void test_scope(void **state) {
  Session clerk = *(Session *)*state;
  Grant grant = {.role = role_find("clerk"), .org = 2};
  clerk.actor = (Actor){.account = "村文书", .grants = &grant, .grant_count = 1};
  Error e = {0};
  Ids ids = {.text = text_new(4096)};
  ListAsk ask = {.relation = catalogue_find(clerk.catalogue, "talk"), .period = period_year(2023), .descending = true};
  assert_true(list_rows(&clerk, ask, add_id, &ids, &e));
  assert_string_equal(text_get(&ids.text), "103 101 105 104");
  int64_t n;
  ask.search = "秋收";
  assert_true(list_count_to(&clerk, ask, 10, &n, &e));
  assert_int_equal(n, 0);
  text_free(&ids.text);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_lists), cmocka_unit_test(test_counts),
                                     cmocka_unit_test(test_scope)};
  return cmocka_run_group_tests(tests, figure_site_open, figure_site_close);
}
