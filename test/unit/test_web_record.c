/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The form of one record as a browser uses it, over web_answer: what is known is filled in, every error stands
 * beside its field with what was typed, the same sent twice is done once, two people at one record are merged
 * or told. Under the engine of $LUOSHI_TEST_STORE. */
#include "web/chain.h"

#include "web_stand.h"

#include "check.h"

static void stand_up(Stand *t, Fixture *f) {
  stand_open(t, f, "test/unit/data/exchange");
  act(t, "org.found", "{\"name\": \"甲乡\", \"kind\": \"township\", \"founded_on\": \"2000-01-01\"}");
  act(t, "org.found", "{\"name\": \"东村\", \"kind\": \"village\", \"parent\": \"甲乡\", \"founded_on\": \"2000-01-01\"}");
  static const char *const people[] = {"张三", "李四", "王五", "赵六"};
  for (size_t i = 0; i < 4; i++) {
    char text[400];
    snprintf(text, sizeof text, "{\"ledger\": \"person\", \"name\": \"%s\"}", people[i]);
    act(t, "record.save", text);
    snprintf(text, sizeof text, "{\"ledger\": \"stage\", \"org\": \"甲乡\", \"person\": \"%s\", \"stage\": \"full\", \"started_on\": \"2010-01-01\"}", people[i]);
    if (i < 3) act(t, "record.save", text);
  }
}

static void done(Answer *a) {
  text_free(&a->out.body);
  arena_free(a->arena);
}

static int64_t saved_id(const Answer *a) {
  if (a->out.status != 303) fail_msg("%d: %s", a->out.status, a->body);
  const char *slash = strrchr(a->out.location, '/');
  return strtoll(slash + 1, NULL, 10);
}

static void says(const Answer *a, int status, const char *text, bool there) {
  if (a->out.status != status) fail_msg("%d instead of %d: %s", a->out.status, status, a->body);
  if ((strstr(a->body, text) != NULL) != there) fail_msg("%s is %s: %s", text, there ? "missing" : "there", a->body);
}

#define VISIT "_token=command-line&_request=%s&_state=done&org=甲乡&held_on=2023-12-1%d&kind=usual&topic=%s&host=张三&people.0.person=李四&people.0.here=1&people.0.way=上门"

static char text[4096];
static const char *visit(const char *request, int day, const char *topic) {
  snprintf(text, sizeof text, VISIT, request, day, topic);
  return text;
}

/* ---- a new one ---- */

static void test_what_is_known_is_there(void **state) {
  Stand t;
  stand_up(&t, *state);
  Answer a = ask(&t, "本机", "/ledgers/visit/new", "kind=专题&place=村部", NULL);
  says(&a, 200, "value=\"2023-12-20\"", true); /* today */
  says(&a, 200, "value=\"村部\"", true);
  says(&a, 200, "value=\"专题\" checked", true);
  says(&a, 200, "name=\"people.0.person\" value=\"张三\"", true); /* the org's members, to tick */
  says(&a, 200, "赵六</b>", false);
  says(&a, 200, "value=\"false\"", false);
  done(&a);
  a = ask(&t, "本机", "/ledgers/account/new", "", NULL);
  assert_int_equal(a.out.status, 404);
  done(&a);
  site_close(t.site);
}

static void test_errors_lose_nothing(void **state) {
  Stand t;
  stand_up(&t, *state);
  Answer a = ask(&t, "本机", "/ledgers/visit/new", "",
                 "_token=command-line&_request=r1&_state=done&org=甲乡&held_on=2023-13-5&kind=&topic=春耕<b>&host=钱七&cost=abc&note=一%0A二"
                 "&people.0.person=李四&people.0.way=电话&people.0.here=1&people.0.remark=在外&people.1.person=无此人&people.1.here=1");
  says(&a, 400, "没有13月", true);
  says(&a, 400, "value=\"2023-13-5\"", true);
  says(&a, 400, "春耕&lt;b&gt;", true);
  says(&a, 400, "value=\"钱七\"", true);
  says(&a, 400, "value=\"abc\"", true);
  says(&a, 400, "一\n二", true);
  says(&a, 400, "value=\"在外\"", true);
  says(&a, 400, "value=\"无此人\"", true);
  says(&a, 400, "href=\"#f-people.1.person\"", true);
  says(&a, 400, "id=\"f-people.1.person\"", true);
  says(&a, 400, "href=\"#f-kind\"", true);
  says(&a, 400, "value=\"电话\" selected", true);
  done(&a);
  site_close(t.site);
}

static void test_the_same_twice_is_once(void **state) {
  Stand t;
  stand_up(&t, *state);
  Answer a = ask(&t, "本机", "/ledgers/visit/new", "", visit("r2", 1, "防汛"));
  int64_t first = saved_id(&a);
  done(&a);
  a = ask(&t, "本机", "/ledgers/visit/new", "", visit("r2", 1, "防汛")); /* a double click */
  assert_int_equal(saved_id(&a), first);
  done(&a);
  a = ask(&t, "本机", "/ledgers/visit/new", "", visit("r2", 1, "防汛演练")); /* back, changed, saved again */
  assert_int_equal(saved_id(&a), first);
  done(&a);
  char path[64];
  snprintf(path, sizeof path, "/ledgers/visit/%lld", (long long)first);
  a = ask(&t, "本机", path, "", NULL);
  says(&a, 200, "防汛演练", true);
  done(&a);
  a = ask(&t, "本机", "/ledgers/visit/new", "copy=last", NULL);
  says(&a, 200, "value=\"防汛演练\"", true);
  says(&a, 200, "value=\"2023-12-20\"", true);
  says(&a, 200, "已照2023年12月11日那次填好", true);
  done(&a);
  site_close(t.site);
}

/* The host of the last one that counts; of the rest what was so twice. A draft in between is no last time. */
static void test_the_usual_is_there(void **state) {
  Stand t;
  stand_up(&t, *state);
  char sent[4096];
  for (int day = 1; day <= 3; day++) {
    snprintf(sent, sizeof sent,
             "_token=command-line&_request=u%d&_state=%s&org=甲乡&held_on=2023-12-1%d&kind=usual&topic=防汛&host=%s&place=%s&cost=5"
             "&people.0.person=李四&people.0.here=1&people.0.way=上门",
             day, day == 3 ? "draft" : "done", day, day == 3 ? "李四" : "张三", day == 3 ? "" : "村部");
    Answer a = ask(&t, "本机", "/ledgers/visit/new", "", sent);
    saved_id(&a);
    done(&a);
  }
  Answer a = ask(&t, "本机", "/ledgers/visit/new", "", NULL);
  says(&a, 200, "name=\"host\" type=\"text\" value=\"张三\"", true);
  says(&a, 200, "value=\"村部\"", true);
  says(&a, 200, "value=\"防汛\"", false); /* what it was about is new each time */
  says(&a, 200, "value=\"5\"", false);
  says(&a, 200, "usual\" checked", false);
  says(&a, 200, "2023年12月12日", true);
  done(&a);
  site_close(t.site);
}

/* ---- two at one record ---- */

typedef struct Pair { const char *mine, *theirs; int status; const char *says; } Pair;

static const Pair pairs[] = {
    {"place=村部", "&topic=秋收&place=", 303, NULL},
    {"topic=秋种", "&topic=秋收&place=", 409, "您填的是“秋种”"},
    {"topic=秋收", "&topic=秋收&place=", 303, NULL},
    {"kind=专题", "&kind=慰问&topic=防汛&place=", 409, "改用“慰问”"},
};

static int64_t revision_of(Stand *t) {
  Error e = {0};
  SESSION_SCOPE s = session_open(t->site, NULL, TX_READ, &e);
  int64_t seq = 0;
  assert_true(tx_int(s->tx, "SELECT seq FROM head WHERE area_id = $1", (Value[]){value_int(s->area)}, 1, &seq, NULL, &e));
  return seq;
}

static void test_two_are_merged_or_told(void **state) {
  Stand t;
  stand_up(&t, *state);
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    char request[16], path[64], sent[2048];
    snprintf(request, sizeof request, "p%zu", i);
    Answer a = ask(&t, "本机", "/ledgers/visit/new", "", visit(request, 1, "防汛"));
    int64_t id = saved_id(&a), drawn = revision_of(&t);
    done(&a);
    snprintf(path, sizeof path, "/ledgers/visit/%lld/edit", (long long)id);
    snprintf(sent, sizeof sent, "_token=command-line&_request=t%zu&_revision=%lld&%s", i, (long long)drawn, pairs[i].theirs + 1);
    a = ask(&t, "本机", path, "", sent);
    says(&a, 303, "", true);
    done(&a);
    snprintf(sent, sizeof sent, "_token=command-line&_request=m%zu&_revision=%lld&%s", i, (long long)drawn, pairs[i].mine);
    a = ask(&t, "本机", path, "", sent);
    says(&a, pairs[i].status, pairs[i].says ? pairs[i].says : "", true);
    done(&a);
  }
  site_close(t.site);
}

/* ---- 接龙 ---- */

static const char *const chains[][2] = {
    {"1. 张三 2、李四（线上）", "张三:|李四:线上|"},
    {"#接龙 12月19日学习\n1. 张三\n2. 小冯 到\n3.李四 线上\n", "张三:|小冯:到|李四:线上|"},
    {"①张三②李四【请假】\n③ 王五", "张三:|李四:请假|王五:|"},
    {"- 张三\n• 李四：补学\n* 王五", "张三:|李四:补学|王五:|"},
    {"张三、李四，王五;赵六", "张三:|李四:|王五:|赵六:|"},
    {"１．张　三\n２．阿依·买买提(电话)", "张三:|阿依·买买提:电话|"},
    {"", ""},
    {"1. \n2.\n", ""},
    {"（", ""},
};

static void test_chains_are_cut(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
    ARENA_SCOPE a = arena_new();
    ChainName *names;
    size_t count = chain_cut(a, chains[i][0], &names);
    TEXT_SCOPE out = text_new(4096);
    for (size_t k = 0; k < count; k++) text_print(&out, "%s:%s|", names[k].name, names[k].way);
    assert_string_equal(text_get(&out), chains[i][1]);
  }
}

static void test_a_chain_ticks(void **state) {
  Stand t;
  stand_up(&t, *state);
  Answer a = ask(&t, "本机", "/ledgers/visit/new", "",
                 "_token=command-line&_request=r5&org=甲乡&held_on=2023-12-12&people.0.person=张三&people.0.here=1&people.1.person=李四&people.1.here=1"
                 "&people.chain=1.%20李四（电话）%0A2.%20赵六%0A3.%20小张%0A4.%20无此人&_chain=people");
  says(&a, 200, "对上<b>2人</b>", true);
  says(&a, 200, "是张三</button>", true);
  says(&a, 200, "“无此人”没有对上", true);
  says(&a, 200, "赵六", true);
  says(&a, 200, "小张", true);
  done(&a);
  site_close(t.site);
}

/* ---- its page, its history, its draft ---- */

static void test_the_page_of_one(void **state) {
  Stand t;
  stand_up(&t, *state);
  Answer a = ask(&t, "本机", "/ledgers/visit/new", "", visit("q1", 1, "防汛"));
  int64_t id = saved_id(&a), drawn = revision_of(&t);
  char path[96], sent[512];
  done(&a);
  snprintf(path, sizeof path, "/ledgers/visit/%lld/edit", (long long)id);
  snprintf(sent, sizeof sent, "_token=command-line&_request=q2&_revision=%lld&topic=抗旱&secret=机密&people.shown=1&people.0.person=王五&people.0.here=1&people.0.way=电话", (long long)drawn);
  a = ask(&t, "本机", path, "", sent);
  says(&a, 303, "", true);
  done(&a);
  snprintf(path, sizeof path, "/ledgers/visit/%lld/history", (long long)id);
  a = ask(&t, "本机", path, "", NULL);
  says(&a, 200, "<del>防汛</del>", true);
  says(&a, 200, "<ins>抗旱</ins>", true);
  says(&a, 200, "<del>李四</del>", true); /* the line that was taken away */
  says(&a, 200, "<ins>王五</ins>", true);
  done(&a);
  snprintf(path, sizeof path, "/ledgers/visit/%lld/void", (long long)id);
  a = ask(&t, "本机", path, "", NULL);
  says(&a, 200, "作废“抗旱”", true);
  done(&a);
  a = ask(&t, "本机", path, "", "_token=command-line&_request=q3&reason=");
  says(&a, 400, "缺“作废原因”", true);
  done(&a);
  a = ask(&t, "本机", path, "", "_token=command-line&_request=q4&reason=重复");
  says(&a, 303, "", true);
  done(&a);
  snprintf(path, sizeof path, "/ledgers/visit/%lld", (long long)id);
  a = ask(&t, "本机", path, "", NULL);
  says(&a, 200, "重复", true);
  says(&a, 200, "/edit", false);
  done(&a);
  site_close(t.site);
}

static void test_drafts_are_kept(void **state) {
  Stand t;
  stand_up(&t, *state);
  Answer a = ask(&t, "本机", "/drafts/visit-new", "", "_token=command-line&topic=半句&secret=机密&org=甲乡&people.0.person=李四&people.0.pin=123");
  says(&a, 200, "已存", true);
  done(&a);
  a = ask(&t, "本机", "/ledgers/visit/new", "", NULL);
  says(&a, 200, "上次没提交的内容还在，刚才", true);
  done(&a);
  a = ask(&t, "本机", "/ledgers/visit/new", "draft=1", NULL);
  says(&a, 200, "value=\"半句\"", true);
  says(&a, 200, "机密", false);
  says(&a, 200, "value=\"123\"", false);
  done(&a);
  a = ask(&t, "本机", "/ledgers/visit/new", "", visit("d1", 1, "防汛"));
  says(&a, 303, "", true);
  done(&a);
  a = ask(&t, "本机", "/ledgers/visit/new", "", NULL);
  says(&a, 200, "上次没提交", false);
  done(&a);
  site_close(t.site);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, fixture_setup_empty, fixture_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_is_known_is_there), TEST(errors_lose_nothing), TEST(the_same_twice_is_once), TEST(the_usual_is_there), TEST(two_are_merged_or_told),
      cmocka_unit_test(test_chains_are_cut), TEST(a_chain_ticks), TEST(the_page_of_one), TEST(drafts_are_kept),
  };
  return cmocka_run_group_tests_name("web_record", tests, NULL, NULL);
}
