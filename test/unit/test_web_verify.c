/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 核对初稿 as a browser uses it, over web_answer: what is refused stands beside its field with what was pasted; a run
 * is its maker's alone and is checked anew on every look; a reading is settled and taken back; the gap list turns
 * green. Under the engine of $LUOSHI_TEST_STORE. */
#include "web_stand.h"

#include "check.h"

static void stand_up(Stand *t, Fixture *f) {
  stand_open(t, f, "profile/township");
  act(t, "org.found", "{\"name\": \"甲乡党委\", \"kind\": \"township\", \"founded_on\": \"2000-01-01\"}");
}

static void done(Answer *a) {
  text_free(&a->out.body);
  arena_free(a->arena);
}

static void says(Stand *t, const char *path, const char *query, int status, const char *text, bool there) {
  Answer a = ask(t, "本机", path, query, NULL);
  if (a.out.status != status) fail_msg("%s: %d instead of %d: %s", path, a.out.status, status, a.body);
  if ((strstr(a.body, text) != NULL) != there) fail_msg("%s: %s is %s: %s", path, text, there ? "missing" : "there", a.body);
  done(&a);
}

static char path[200], more[240];

static const char *at(const char *tail) {
  snprintf(more, sizeof more, "%s%s", path, tail);
  return more;
}

static void check_draft(Stand *t, const char *body) {
  Answer a = ask(t, "本机", "/verify", "", body);
  if (a.out.status != 303) fail_msg("%d: %s", a.out.status, a.body);
  snprintf(path, sizeof path, "%s", a.out.location);
  done(&a);
}

#define DRAFT "_token=command-line&org=&period=&text=甲乡党委2023年度工作。%0A下发督查通报1期。红途打卡5次。"

static void test_refused_beside_its_field(void **state) {
  static const struct { const char *body, *says, *keeps; } cases[] = {
      {"_token=command-line&text=", "还没有稿子", "id=\"e-text\""},
      {"_token=command-line&text=%20%0A", "还没有稿子", "id=\"e-text\""},
      {"_token=command-line&text=约谈3次。&period=2023-13", "id=\"e-period\"", "约谈3次。"},
      {"_token=command-line&text=约谈3次。&org=乙乡", "乙乡", "约谈3次。"},
  };
  Stand t;
  stand_up(&t, *state);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Answer a = ask(&t, "本机", "/verify", "", cases[i].body);
    if (a.out.status != 400 || !strstr(a.body, cases[i].says) || !strstr(a.body, cases[i].keeps)) fail_msg("%s: %d %s", cases[i].body, a.out.status, a.body);
    done(&a);
  }
  Answer a = ask(&t, "本机", "/verify", "", "text=约谈3次。");
  assert_int_equal(a.out.status, 403); /* no token */
  done(&a);
  site_close(t.site);
}

static void test_grey_turns_green(void **state) {
  Stand t;
  stand_up(&t, *state);
  says(&t, "/verify", "", 200, "还没有核对过", true);
  check_draft(&t, DRAFT);
  says(&t, path, "", 200, "class=\"claim claim-gap\"", true);
  says(&t, at("/gaps"), "", 200, "0<small> / 1处有台账可对", true);
  says(&t, at("/gaps"), "", 200, "/ledgers/bulletin/import\"", true);
  says(&t, at("/tables.zip"), "", 200, "PK", true);
  act(&t, "record.save", "{\"ledger\": \"person\", \"name\": \"张三\"}");
  act(&t, "record.save", "{\"ledger\": \"bulletin\", \"org\": \"甲乡党委\", \"issued_on\": \"2023-05-12\", \"title\": \"第一期\","
                         "\"domain\": \"党建\", \"approver\": \"张三\", \"state\": \"issued\"}");
  says(&t, path, "", 200, "class=\"claim claim-gap\"", false);
  says(&t, path, "kind=ok", 200, "只列1处", true);
  says(&t, at("/gaps"), "", 200, "1<small> / 1处有台账可对", true);
  says(&t, at("/result.html"), "", 200, "<!DOCTYPE html>", true);
  says(&t, at("/result.json"), "", 200, "\"claims\"", true);
  says(&t, "/verify", "", 200, "共2处", true);
  site_close(t.site);
}

static void test_a_run_is_its_makers_alone(void **state) {
  Stand t;
  stand_up(&t, *state);
  act(&t, "account.open", "{\"name\": \"jingban\", \"role\": \"clerk\", \"org\": \"甲乡党委\"}");
  check_draft(&t, DRAFT);
  static const char *const tails[] = {"", "/gaps", "/tables.zip", "/result.html", "/result.json"};
  for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
    Answer a = ask(&t, "jingban", at(tails[i]), "", NULL);
    assert_int_equal(a.out.status, 404);
    done(&a);
  }
  Answer a = ask(&t, "jingban", at("/choose"), "", "_token=command-line&start=3&do=none");
  assert_int_equal(a.out.status, 404);
  done(&a);
  a = ask(&t, "jingban", at("/drop"), "", "_token=command-line");
  done(&a);
  says(&t, path, "", 200, "红途打卡", true); /* another's drop drops nothing */
  a = ask(&t, "本机", at("/drop"), "", "_token=command-line");
  assert_int_equal(a.out.status, 303);
  done(&a);
  says(&t, path, "", 404, "没有这次核对", true);
  says(&t, "/verify/..%2F..", "", 404, "没有", true);
  site_close(t.site);
}

static void test_choices(void **state) {
  Stand t;
  char body[200];
  stand_up(&t, *state);
  check_draft(&t, DRAFT);
  static const struct { const char *body; int status; } cases[] = {
      {"start=&do=run&candidate=x", 400}, {"start=99999999999999999999&do=none", 400}, {"start=1&do=none", 400}, {"start=-1&do=run", 400}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    snprintf(body, sizeof body, "_token=command-line&%s", cases[i].body);
    Answer a = ask(&t, "本机", at("/choose"), "", body);
    if (a.out.status != cases[i].status) fail_msg("%s: %d %s", cases[i].body, a.out.status, a.body);
    done(&a);
  }
  Answer a = ask(&t, "本机", at("/result.json"), "", NULL);
  JSON_SCOPE all = json_loads(a.body, 0, NULL);
  json_int_t start = json_integer_value(json_object_get(json_array_get(json_object_get(all, "claims"), 0), "start"));
  done(&a);
  snprintf(body, sizeof body, "_token=command-line&start=%lld&do=none", (long long)start);
  a = ask(&t, "本机", at("/choose"), "", body);
  assert_int_equal(a.out.status, 303);
  done(&a);
  says(&t, path, "", 200, "列出的都不是", true);
  says(&t, path, "", 200, "class=\"claim claim-gap\"", false);
  snprintf(body, sizeof body, "_token=command-line&start=%lld&do=undo", (long long)start);
  a = ask(&t, "本机", at("/choose"), "", body);
  done(&a);
  says(&t, path, "", 200, "class=\"claim claim-gap\"", true);
  site_close(t.site);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_refused_beside_its_field, fixture_setup_empty, fixture_teardown),
      cmocka_unit_test_setup_teardown(test_grey_turns_green, fixture_setup_empty, fixture_teardown),
      cmocka_unit_test_setup_teardown(test_a_run_is_its_makers_alone, fixture_setup_empty, fixture_teardown),
      cmocka_unit_test_setup_teardown(test_choices, fixture_setup_empty, fixture_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
