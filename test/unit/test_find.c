/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Names as people type them: whole, in part, by initials, by syllables, mixed, and characters of several readings. */
#include "person/find.h"

#include <string.h>

#include "check.h"

typedef struct Case {
  const char *name, *typed;
  NameFit fit;
} Case;

static const Case cases[] = {
    {"张建国", "张建国", NAME_WHOLE},
    {"张建国", "张建", NAME_BEGINS},
    {"张建国", "建国", NAME_WITHIN},
    {"张建国", "国建", NAME_NO},
    {"张建国", "张国", NAME_NO},
    {"张建国", "zjg", NAME_WHOLE},
    {"张建国", "ZJG", NAME_WHOLE},
    {"张建国", "zj", NAME_BEGINS},
    {"张建国", "jg", NAME_WITHIN},
    {"张建国", "zjgx", NAME_NO},
    {"张建国", "zg", NAME_NO},
    {"张建国", "zhangjianguo", NAME_WHOLE},
    {"张建国", "zhang jg", NAME_WHOLE},
    {"张建国", "张jg", NAME_WHOLE},
    {"张建国", "zhjg", NAME_WHOLE},
    {"张建国", "jianguo", NAME_WITHIN},
    {"张建国", "", NAME_NO},
    {"张建国", "   ", NAME_NO},
    /* surnames that are read otherwise */
    {"单志强", "szq", NAME_WHOLE},
    {"单志强", "dzq", NAME_WHOLE},
    {"曾小平", "zxp", NAME_WHOLE},
    {"解建军", "xjj", NAME_WHOLE},
    {"仇海燕", "qhy", NAME_WHOLE},
    {"区国栋", "ougd", NAME_WHOLE},
    {"尉迟明", "yuchim", NAME_WHOLE},
    {"查文远", "zwy", NAME_WHOLE},
    {"盖玉兰", "gyl", NAME_WHOLE},
    {"朴正浩", "pzh", NAME_WHOLE},
    {"缪春生", "mcs", NAME_WHOLE},
    {"乐天", "yt", NAME_WHOLE},
    {"乐天", "lt", NAME_WHOLE},
    {"覃秀英", "qxy", NAME_WHOLE},
    {"翟卫东", "zhaiwd", NAME_WHOLE},
    {"万俟明", "mqm", NAME_WHOLE},
    {"长孙亮", "zhangsl", NAME_WHOLE},
    {"任长霞", "rcx", NAME_WHOLE},
    /* ü */
    {"吕绿", "lvlv", NAME_WHOLE},
    {"吕绿", "lulu", NAME_WHOLE},
    {"吕绿", "lülü", NAME_WHOLE},
    /* what is no Han character */
    {"阿依古丽·买买提", "aygl", NAME_BEGINS},
    {"阿依古丽·买买提", "买买提", NAME_WITHIN},
    {"阿依古丽·买买提", "ayglmmt", NAME_WHOLE},
    {"Li Ming", "liming", NAME_WHOLE},
    {"", "z", NAME_NO},
    {"𠮷田", "t", NAME_WITHIN},
};

static void test_names(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Case *c = &cases[i];
    NameFit got = name_fit(c->name, c->typed);
    if (got != c->fit) fail_msg("%s by %s: %d, not %d", c->name, c->typed, got, c->fit);
  }
}

static void test_long(void **state) {
  (void)state;
  char typed[PERSON_TYPED * 2];
  memset(typed, 'z', sizeof typed);
  typed[sizeof typed - 1] = 0;
  assert_int_equal(name_fit("张建国", typed), NAME_NO); /* longer than is read */
  typed[PERSON_TYPED] = 0;
  assert_int_equal(name_fit("张张张张张张张张张张张张张张张张张张张张张张张张张张张张张张张张张张张张", typed), NAME_NO);
  assert_int_equal(name_fit("\xff\xfe", "z"), NAME_NO);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_long)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
