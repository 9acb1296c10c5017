/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 组织·人员 as a browser gets it: who is found by 拼音, what stands masked, who is not the asker's to see, steps that
 * are due, and the form of an operation: filled in by its link, in error with nothing lost, done once, refused
 * without the right. Under the engine of $LUOSHI_TEST_STORE. */
#include "web_stand.h"

#include "check.h"

enum { VILLAGE, HERE, AWAY };

static void stand_up(Stand *t, Fixture *f) {
  stand_open(t, f, "test/unit/data/exchange");
  act(t, "org.found", "{\"name\": \"甲乡\", \"kind\": \"township\", \"founded_on\": \"2000-01-01\"}");
  t->made[VILLAGE] = act(t, "org.found", "{\"name\": \"东村\", \"kind\": \"village\", \"parent\": \"甲乡\", \"founded_on\": \"2000-01-01\"}");
  act(t, "org.found", "{\"name\": \"西村\", \"kind\": \"village\", \"parent\": \"甲乡\", \"founded_on\": \"2000-01-01\"}");
  t->made[HERE] = act(t, "record.save", "{\"ledger\": \"person\", \"name\": \"张建国\", \"sex\": \"男\", \"birth\": \"1950-03-01\", \"phone\": \"13800001234\"}");
  t->made[AWAY] = act(t, "record.save", "{\"ledger\": \"person\", \"name\": \"李远山\", \"sex\": \"女\"}");
  act(t, "stage.enter", "{\"person\": \"张建国\", \"org\": \"东村\", \"stage\": \"full\", \"started_on\": \"2005-01-01\"}");
  act(t, "stage.enter", "{\"person\": \"李远山\", \"org\": \"西村\", \"stage\": \"probationary\", \"started_on\": \"2022-12-25\", \"approved_on\": \"2023-01-18\"}");
  act(t, "account.open", "{\"name\": \"dong\", \"role\": \"clerk\", \"org\": \"东村\"}");
}

/* Asks and compares: `text` in the answer, or with a ! before it not there. */
static void expect(Stand *t, const char *as, const char *path, const char *query, const char *body, int status, const char *text) {
  Answer a = ask(t, as, path, query, body);
  bool there = *text != '!';
  if (a.out.status != status) fail_msg("%s?%s: %d instead of %d: %s", path, query, a.out.status, status, a.body);
  const char *in = status == 303 ? a.out.location : a.body;
  if ((strstr(in, text + !there) != NULL) != there) fail_msg("%s?%s: %s is %s: %s", path, query, text, there ? "missing" : "there", in);
  text_free(&a.out.body);
  arena_free(a.arena);
}

static const char *person_path(int64_t id) {
  static char path[64];
  snprintf(path, sizeof path, "/people/%lld", (long long)id);
  return path;
}

static void test_the_roster(void **state) {
  Stand t;
  stand_up(&t, *state);
  expect(&t, "本机", "/people", "", NULL, 200, "李远山");
  expect(&t, "本机", "/people", "q=zjg", NULL, 200, "张建国</a></td>");
  expect(&t, "本机", "/people", "q=zjg", NULL, 200, "!李远山</a></td>");
  expect(&t, "本机", "/people", "org=东村", NULL, 200, "!李远山</a></td>");
  expect(&t, "本机", "/people", "age=71&stage=member", NULL, 200, "张建国</a></td>");
  expect(&t, "本机", "/people", "due=1", NULL, 200, "5天后");
  expect(&t, "本机", "/people", "sex=女&age=35", NULL, 200, "没有符合条件的人");
  expect(&t, "本机", "/people", "sort=-age&page=9", NULL, 200, "");
  expect(&t, "本机", "/people", "", NULL, 200, "!13800001234");
  expect(&t, "本机", "/people", "org=北村", NULL, 404, "北村");
  site_close(t.site);
}

static void test_one_person(void **state) {
  Stand t;
  stand_up(&t, *state);
  expect(&t, "本机", person_path(t.made[HERE]), "", NULL, 200, "（73岁）");
  expect(&t, "本机", person_path(t.made[HERE]), "", NULL, 200, "!13800001234");
  expect(&t, "本机", person_path(t.made[HERE]), "", NULL, 200, "查看原文");
  expect(&t, "本机", person_path(t.made[AWAY]), "", NULL, 200, "提出转正申请");
  expect(&t, "本机", "/people/999999", "", NULL, 404, "");
  expect(&t, "本机", "/people/abc", "", NULL, 404, "");
  site_close(t.site);
}

static void test_another_village_is_not_seen(void **state) {
  Stand t;
  stand_up(&t, *state);
  expect(&t, "dong", "/people", "", NULL, 200, "张建国</a></td>");
  expect(&t, "dong", "/people", "", NULL, 200, "!李远山");
  expect(&t, "dong", "/people", "q=lys", NULL, 200, "!李远山");
  expect(&t, "dong", "/people", "org=西村", NULL, 403, "!李远山");
  expect(&t, "dong", person_path(t.made[AWAY]), "", NULL, 404, "!李远山");
  expect(&t, "dong", person_path(t.made[HERE]), "", NULL, 200, "张建国");
  site_close(t.site);
}

static void test_an_operation_as_a_form(void **state) {
  Stand t;
  char query[64], path[64];
  stand_up(&t, *state);
  snprintf(query, sizeof query, "person=%lld&org=%lld", (long long)t.made[HERE], (long long)t.made[VILLAGE]);
  expect(&t, "本机", "/do/post.start", query, NULL, 200, "value=\"张建国\"");
  expect(&t, "本机", "/do/post.start", query, NULL, 200, "selected>东村");
  expect(&t, "本机", "/do/stage.enter", "", NULL, 200, "预备党员</option>");
  expect(&t, "本机", "/do/org.found", "", NULL, 200, "双管单位</option>");
  expect(&t, "本机", "/do/record.save", "", NULL, 404, "没有这项操作");
  expect(&t, "本机", "/do/nothing", "", NULL, 404, "没有这项操作");
  expect(&t, "dong", "/do/org.found", "", NULL, 403, "权限");
  expect(&t, "本机", "/do/org.rename", "", "_token=command-line&_request=r1&org=东村&name=新东村&from_on=2023-13-01", 400, "没有13月");
  expect(&t, "本机", "/do/org.rename", "", "_token=command-line&_request=r1&org=东村&name=新东村&from_on=2023-13-01", 400, "value=\"新东村\"");
  expect(&t, "本机", "/do/org.rename", "", "_token=wrong&org=东村&name=新东村&from_on=2023-12-01", 403, "");
  expect(&t, "dong", "/do/org.rename", "", "_token=command-line&org=东村&name=新东村&from_on=2023-12-01", 403, "");
  snprintf(path, sizeof path, "/people?org=%lld&done=org.rename", (long long)t.made[VILLAGE]);
  for (int twice = 0; twice < 2; twice++)
    expect(&t, "本机", "/do/org.rename", "", "_token=command-line&_request=r2&org=东村&name=新东村&from_on=2023-12-01", 303, twice ? "done=org.rename" : path);
  expect(&t, "本机", "/people", "done=org.rename", NULL, 200, "已办理：组织更名");
  expect(&t, "本机", "/people", "", NULL, 200, "新东村");
  site_close(t.site);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, fixture_setup_empty, fixture_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {TEST(the_roster), TEST(one_person), TEST(another_village_is_not_seen), TEST(an_operation_as_a_form)};
  return cmocka_run_group_tests_name("web_people", tests, NULL, NULL);
}
