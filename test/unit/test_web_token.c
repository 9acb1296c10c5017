/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tokens of the API: what one may is what its account may at that moment, cut down, and nothing once it has ended;
 * wrong ones are refused and counted; the token itself lies nowhere. With the tree and the history that programs ask
 * for. Under the engine of $LUOSHI_TEST_STORE. */
#include "web_stand.h"

#include "check.h"

enum { EAST, WEST, GROUP, EAST_TALK };

static void stand_up(Stand *t, Fixture *f) {
  stand_open(t, f, "test/unit/data/gate");
  t->web.signins = signins_new();
  act(t, "org.found", "{\"name\": \"北原乡\", \"kind\": \"township\", \"founded_on\": \"2000-01-01\"}");
  t->made[EAST] = act(t, "org.found", "{\"name\": \"东溪村\", \"kind\": \"village\", \"parent\": \"北原乡\", \"founded_on\": \"2000-01-01\"}");
  t->made[WEST] = act(t, "org.found", "{\"name\": \"西岭村\", \"kind\": \"village\", \"parent\": \"北原乡\", \"founded_on\": \"2000-01-01\"}");
  t->made[GROUP] = act(t, "org.found", "{\"name\": \"北岗组\", \"kind\": \"group\", \"parent\": \"西岭村\", \"founded_on\": \"2000-01-01\"}");
  t->made[EAST_TALK] = act(t, "record.save", "{\"ledger\": \"talk\", \"state\": \"done\", \"org\": \"东溪村\", \"held_on\": \"2023-03-01\", \"topic\": \"春耕会\", \"secret\": \"明渠\"}");
  act(t, "record.save", "{\"ledger\": \"talk\", \"state\": \"done\", \"org\": \"西岭村\", \"held_on\": \"2023-03-01\", \"topic\": \"鹤鸣会\"}");
  act(t, "record.save", "{\"ledger\": \"talk\", \"state\": \"done\", \"org\": \"北岗组\", \"held_on\": \"2023-03-01\", \"topic\": \"旧岗会\"}");
  act(t, "org.move", "{\"org\": \"北岗组\", \"parent\": \"东溪村\", \"from_on\": \"2023-06-01\"}");
  act(t, "record.save", "{\"ledger\": \"talk\", \"state\": \"done\", \"org\": \"北岗组\", \"held_on\": \"2023-08-01\", \"topic\": \"新岗会\"}");
  act(t, "account.open", "{\"name\": \"owner\", \"role\": \"owner\"}");
  act(t, "account.open", "{\"name\": \"all\", \"role\": \"clerk\"}");
  act(t, "account.open", "{\"name\": \"dong\", \"role\": \"clerk\", \"org\": \"东溪村\"}");
  act(t, "account.open", "{\"name\": \"reads\", \"role\": \"reader\"}");
  act(t, "account.open", "{\"name\": \"party\", \"role\": \"member\"}");
}

static void take_down(Stand *t) {
  signins_free(t->web.signins);
  site_close(t->site);
}

typedef struct Bearing { const char *token, *path, *query, *body, *cookie, *peer; } Bearing;

static Answer bear(Stand *t, Bearing b) {
  Answer got = {.arena = arena_new()};
  WebRequest q = {.method = b.body ? "POST" : "GET", .path = b.path, .query = b.query ? b.query : "", .peer = b.peer ? b.peer : "", .cookie = b.cookie,
                  .type = "application/json", .body = b.body ? b.body : "", .body_size = b.body ? strlen(b.body) : 0,
                  .authorization = arena_print(got.arena, "Bearer %s", b.token)};
  got.out.arena = got.arena;
  web_answer(&t->web, t->site, NULL, &q, &got.out);
  got.body = arena_copy(got.arena, text_get(&got.out.body));
  return got;
}

/* `text` in the answer, or with a ! before it not there. */
static void expect(Stand *t, Bearing b, int status, const char *text) {
  Answer a = bear(t, b);
  bool there = *text != '!';
  if (a.out.status != status) fail_msg("%s with %.40s: %d instead of %d: %s", b.path, b.token, a.out.status, status, a.body);
  if ((strstr(a.body, text + !there) != NULL) != there) fail_msg("%s with %.40s: %s is %s: %s", b.path, b.token, text, there ? "missing" : "there", a.body);
  text_free(&a.out.body);
  arena_free(a.arena);
}

/* By the account itself; NULL when it was refused with `refused` in the sentence. */
static const char *make(Stand *t, Arena *a, const char *account, const char *text, const char *refused) {
  Issues issues = {.arena = a};
  Error e = {0};
  JSON_SCOPE input = json_read(text, strlen(text), 100000, &e);
  JSON_SCOPE result = NULL;
  const Operation *op = operation_find(t->web.operations, "token.create", &e);
  if (operation_run(t->site, op, input, (OperationCall){.account = account}, &result, &issues, &e)) {
    if (refused) fail_msg("%s by %s was done", text, account);
    return arena_copy(a, json_string_value(json_object_get(result, "token")));
  }
  const char *said = issues.count ? issues.at[0].sentence : e.sentence;
  if (!refused || !strstr(said, refused)) fail_msg("%s by %s: %s", text, account, said);
  return NULL;
}

static bool try_by(Stand *t, const char *account, const char *name, const char *text, Error *e) {
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  JSON_SCOPE input = json_read(text, strlen(text), 100000, e);
  JSON_SCOPE result = NULL;
  return operation_run(t->site, operation_find(t->web.operations, name, e), input, (OperationCall){.account = account}, &result, &issues, e);
}

#define READ "{\"label\": \"对账\", \"scope\": \"read\", \"until_on\": \"2024-03-01\"}"
#define WRITE "{\"label\": \"对账\", \"scope\": \"write\", \"until_on\": \"2024-03-01\"}"
#define TALKS "/api/relations/talk"

static const char *talk_path(Stand *t, const char *after) {
  static char path[96];
  snprintf(path, sizeof path, TALKS "/%lld%s", (long long)t->made[EAST_TALK], after);
  return path;
}

/* ---- who may have which ---- */

static void test_who_makes_one(void **state) {
  Stand t;
  ARENA_SCOPE a = arena_new();
  stand_up(&t, *state);
  make(&t, a, NULL, READ, "账号自己的");
  make(&t, a, "party", READ, "不看业务数据");
  make(&t, a, "reads", WRITE, "只能查看");
  make(&t, a, "dong", "{\"label\": \"对账\", \"scope\": \"read\", \"top\": \"西岭村\", \"until_on\": \"2024-03-01\"}", "不含");
  make(&t, a, "dong", "{\"label\": \"对账\", \"scope\": \"read\", \"until_on\": \"2023-12-19\"}", "有效期");
  make(&t, a, "dong", "{\"label\": \"对账\", \"scope\": \"read\", \"until_on\": \"2024-12-21\"}", "366天");
  make(&t, a, "dong", "{\"label\": \"对账\", \"scope\": \"all\", \"until_on\": \"2024-03-01\"}", "all");
  make(&t, a, "dong", "{\"label\": \"对账\", \"scope\": \"read\"}", "until_on");
  assert_non_null(make(&t, a, "dong", "{\"label\": \"今天\", \"scope\": \"read\", \"until_on\": \"2023-12-20\"}", NULL));
  assert_non_null(make(&t, a, "reads", READ, NULL));
  for (int i = 1; i < 20; i++) make(&t, a, "reads", READ, NULL);
  make(&t, a, "reads", READ, "最多有20个");
  take_down(&t);
}

/* ---- the cut ---- */

static void test_reading(void **state) {
  Stand t;
  ARENA_SCOPE a = arena_new();
  stand_up(&t, *state);
  const char *own = make(&t, a, "dong", READ, NULL), *whole = make(&t, a, "all", READ, NULL);
  const char *cut = make(&t, a, "all", "{\"label\": \"东\", \"scope\": \"read\", \"top\": \"东溪村\", \"until_on\": \"2024-03-01\"}", NULL);
  const char *group = make(&t, a, "dong", "{\"label\": \"组\", \"scope\": \"read\", \"top\": \"北岗组\", \"until_on\": \"2024-03-01\"}", NULL);
  const char *above = make(&t, a, "dong", "{\"label\": \"乡\", \"scope\": \"read\", \"top\": \"北原乡\", \"until_on\": \"2024-03-01\"}", NULL);
  expect(&t, (Bearing){whole, TALKS, NULL}, 200, "鹤鸣会");
  const char *const east[] = {own, cut, above};
  for (size_t i = 0; i < 3; i++) {
    expect(&t, (Bearing){east[i], TALKS, NULL}, 200, "春耕会");
    expect(&t, (Bearing){east[i], TALKS, NULL}, 200, "新岗会");
    expect(&t, (Bearing){east[i], TALKS, NULL}, 200, "!鹤鸣会");
    expect(&t, (Bearing){east[i], TALKS, NULL}, 200, "!旧岗会"); /* the group stood under the other village then */
    expect(&t, (Bearing){east[i], "/api/figures", "org=西岭村"}, 403, "限于东溪村");
    expect(&t, (Bearing){east[i], "/api/figures", "org=东溪村"}, 200, "talks.count");
    expect(&t, (Bearing){east[i], "/api/orgs", NULL}, 200, "北岗组");
    expect(&t, (Bearing){east[i], "/api/orgs", NULL}, 200, "!西岭村");
  }
  /* of a village's clerk, over a group that came to the village later: what was before is neither's */
  expect(&t, (Bearing){group, TALKS, NULL}, 200, "新岗会");
  expect(&t, (Bearing){group, TALKS, NULL}, 200, "!旧岗会");
  expect(&t, (Bearing){group, TALKS, NULL}, 200, "!春耕会");
  expect(&t, (Bearing){group, talk_path(&t, ""), NULL}, 404, "不在您的权限内");
  expect(&t, (Bearing){group, talk_path(&t, "/history"), NULL}, 404, "不在您的权限内");
  /* private items stay hidden */
  expect(&t, (Bearing){whole, talk_path(&t, ""), NULL}, 200, "!明渠");
  expect(&t, (Bearing){whole, talk_path(&t, "/history"), NULL}, 200, "!明渠");
  expect(&t, (Bearing){whole, talk_path(&t, "/history"), NULL}, 200, "春耕会");
  expect(&t, (Bearing){own, "/api/verify", NULL, "{\"text\": \"谈话3次。\"}"}, 200, "claims");
  take_down(&t);
}

static void test_writing(void **state) {
  Stand t;
  ARENA_SCOPE a = arena_new();
  stand_up(&t, *state);
  const char *reads = make(&t, a, "all", READ, NULL), *owner = make(&t, a, "owner", WRITE, NULL);
  const char *east = make(&t, a, "all", "{\"label\": \"东\", \"scope\": \"write\", \"top\": \"东溪村\", \"until_on\": \"2024-03-01\"}", NULL);
  const char *save = "{\"ledger\": \"talk\", \"org\": \"东溪村\", \"held_on\": \"2023-05-01\", \"topic\": \"插秧会\", \"_request\": \"once\"}";
  const char *far = "{\"ledger\": \"talk\", \"org\": \"西岭村\", \"held_on\": \"2023-05-01\", \"topic\": \"插秧会\"}";
  expect(&t, (Bearing){reads, "/api/do/record.save", NULL, save}, 403, "只能读");
  expect(&t, (Bearing){east, "/api/do/record.save", NULL, far}, 403, "不含这个组织");
  expect(&t, (Bearing){east, "/api/do/record.save", NULL, save}, 200, "revision");
  expect(&t, (Bearing){east, "/api/do/record.save", NULL, save}, 200, "repeated");
  expect(&t, (Bearing){east, "/api/orgs", NULL}, 200, "东溪村");
  /* what is one's own, and what runs the site, is done in person, whatever the account may */
  static const char *const personal[][2] = {
      {"/api/do/account.password", "{\"account\": \"owner\", \"password\": \"Better-Than-2023\"}"},
      {"/api/do/token.create", WRITE},
      {"/api/do/token.revoke", "{\"token\": \"1\"}"},
      {"/api/do/account.open", "{\"name\": \"new\"}"},
      {"/api/do/account.grant", "{\"name\": \"party\", \"role\": \"owner\"}"},
      {"/api/do/site.set", "{\"name\": \"password_days\", \"value\": \"0\"}"},
      {"/api/do/person.erase", "{\"person\": \"1\", \"reason\": \"试\"}"},
  };
  for (size_t i = 0; i < sizeof personal / sizeof *personal; i++)
    expect(&t, (Bearing){owner, personal[i][0], NULL, personal[i][1]}, 403, "令牌没有");
  expect(&t, (Bearing){owner, "/api/do/org.rename", NULL, "{\"org\": \"东溪村\", \"name\": \"东溪新村\", \"from_on\": \"2023-12-01\"}"}, 200, "revision");
  take_down(&t);
}

/* ---- the end of one ---- */

static const char *number_of(Arena *a, const char *token) {
  const char *digits = strchr(token, '-') + 1;
  return arena_slice(a, digits, strcspn(digits, "-"));
}

static void test_the_end(void **state) {
  Stand t;
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  stand_up(&t, *state);
  const char *one = make(&t, a, "dong", READ, NULL), *two = make(&t, a, "dong", READ, NULL), *other = make(&t, a, "all", READ, NULL);
  const char *by_number = arena_print(a, "{\"token\": \"%s\"}", number_of(a, one));
  assert_false(try_by(&t, "all", "token.revoke", by_number, &e));
  assert_non_null(strstr(e.sentence, "不是您的"));
  assert_false(try_by(&t, "all", "token.revoke", "{\"token\": \"999999\"}", &e));
  assert_non_null(strstr(e.sentence, "不是您的"));
  expect(&t, (Bearing){one, TALKS, NULL}, 200, "春耕会");
  assert_true(try_by(&t, "dong", "token.revoke", by_number, &e));
  expect(&t, (Bearing){one, TALKS, NULL}, 401, "已收回");
  assert_false(try_by(&t, "dong", "token.revoke", by_number, &e));
  assert_non_null(strstr(e.sentence, "已经收回"));
  /* its last day is in it */
  t.site->clock.fixed = 20240301;
  expect(&t, (Bearing){two, TALKS, NULL}, 200, "春耕会");
  t.site->clock.fixed = 20240302;
  expect(&t, (Bearing){two, TALKS, NULL}, 401, "已过期");
  t.site->clock.fixed = 20231220;
  /* one's own new password leaves them; somebody else's, and being disabled, does not */
  assert_true(try_by(&t, "dong", "account.password", "{\"account\": \"dong\", \"password\": \"Better-Than-2023\"}", &e));
  expect(&t, (Bearing){two, TALKS, NULL}, 200, "春耕会");
  act(&t, "account.password", "{\"account\": \"dong\", \"password\": \"Other-Than-2023\"}");
  expect(&t, (Bearing){two, TALKS, NULL}, 401, "已收回");
  act(&t, "account.disable", "{\"name\": \"all\"}");
  expect(&t, (Bearing){other, TALKS, NULL}, 401, "!春耕会");
  act(&t, "account.enable", "{\"name\": \"all\"}");
  expect(&t, (Bearing){other, TALKS, NULL}, 401, "已收回");
  /* a manager takes back another's; rights that are taken are the token's too */
  const char *third = make(&t, a, "all", READ, NULL), *fourth = make(&t, a, "all", READ, NULL);
  assert_true(try_by(&t, "owner", "token.revoke", arena_print(a, "{\"token\": \"%s\"}", number_of(a, third)), &e));
  expect(&t, (Bearing){third, TALKS, NULL}, 401, "已收回");
  expect(&t, (Bearing){fourth, TALKS, NULL}, 200, "鹤鸣会");
  act(&t, "account.grant", "{\"name\": \"all\", \"role\": \"clerk\", \"org\": \"东溪村\"}");
  act(&t, "account.revoke", "{\"name\": \"all\", \"role\": \"clerk\"}");
  expect(&t, (Bearing){fourth, TALKS, NULL}, 200, "!鹤鸣会");
  act(&t, "account.revoke", "{\"name\": \"all\", \"role\": \"clerk\", \"org\": \"东溪村\"}");
  expect(&t, (Bearing){fourth, TALKS, NULL}, 403, "令牌没有查看的权限");
  take_down(&t);
}

/* ---- wrong ones ---- */

static void test_wrong_ones(void **state) {
  Stand t;
  ARENA_SCOPE a = arena_new();
  stand_up(&t, *state);
  const char *mine = make(&t, a, "dong", READ, NULL), *theirs = make(&t, a, "all", READ, NULL);
  const char *mixed = arena_print(a, "luoshi-%s-%s", number_of(a, theirs), strrchr(mine, '-') + 1);
  char *turned = arena_copy(a, mine);
  turned[strlen(turned) - 1] = turned[strlen(turned) - 1] == '0' ? '1' : '0';
  const char *const wrong[] = {mixed, turned, "", "luoshi-", "luoshi-1-", "luoshi--", "x", arena_print(a, "%s0", mine), arena_print(a, "luoshi-99999999999999999999-%s", strrchr(mine, '-') + 1),
                               arena_print(a, "luoshi-999-%s", strrchr(mine, '-') + 1), arena_print(a, "%5000d", 1), "luoshi-1-\xff\xfe"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    expect(&t, (Bearing){wrong[i], TALKS, NULL}, 401, "令牌");
    expect(&t, (Bearing){wrong[i], "/api/do/record.save", NULL, "{}"}, 401, "令牌");
  }
  /* a cookie beside a token is not heard, and a token only on /api/ */
  const char *cookie = arena_print(a, "luoshi=%s", signins_open(t.web.signins, a, "owner", 0, false, &(Error){0}));
  expect(&t, (Bearing){.token = turned, .path = TALKS, .cookie = cookie}, 401, "令牌");
  expect(&t, (Bearing){.token = mine, .path = TALKS, .cookie = cookie}, 200, "!鹤鸣会");
  Answer page = bear(&t, (Bearing){.token = mine, .path = "/ledgers"});
  assert_int_equal(page.out.status, 303);
  text_free(&page.out.body);
  arena_free(page.arena);
  WebRequest basic = {.method = "GET", .path = TALKS, .query = "", .peer = "", .body = "", .authorization = "Basic ZG9uZzp4"};
  WebResponse out = {.arena = a};
  web_answer(&t.web, t.site, NULL, &basic, &out);
  assert_int_equal(out.status, 401);
  text_free(&out.body);
  /* many from one address rest it, right or wrong; another goes on */
  for (int i = 0; i < SIGNIN_PEER_WRONG; i++) expect(&t, (Bearing){.token = turned, .path = TALKS, .peer = "10.0.0.9"}, 401, "令牌");
  expect(&t, (Bearing){.token = mine, .path = TALKS, .peer = "10.0.0.9"}, 429, "分钟后再试");
  for (int i = 0; i < 2 * SIGNIN_PEER_WRONG; i++) expect(&t, (Bearing){.token = mine, .path = TALKS, .peer = "10.0.0.8"}, 200, "春耕会");
  take_down(&t);
}

static void test_it_lies_nowhere(void **state) {
  Stand t;
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  stand_up(&t, *state);
  const char *token = make(&t, a, "dong", READ, NULL), *secret = strrchr(token, '-') + 1;
  Tx *tx = tx_begin(t.site->store, TX_READ, t.site->area, &e);
  int64_t times = -1;
  assert_true(tx_int(tx, "SELECT count(*) FROM change WHERE strpos(body, $1) > 0", (Value[]){value_text(secret)}, 1, &times, NULL, &e));
  assert_int_equal(times, 0);
  assert_true(tx_int(tx, "SELECT count(*) FROM change WHERE relation = 'token'", NULL, 0, &times, NULL, &e));
  assert_int_equal(times, 1);
  tx_rollback(tx);
  take_down(&t);
}

/* ---- pages, tree ---- */

static void ask_page(Stand *t, const char *as, const char *path, const char *body, int status, const char *text) {
  Answer a = ask(t, as, path, "", body);
  bool there = *text != '!';
  if (a.out.status != status) fail_msg("%s as %s: %d: %s", path, as, a.out.status, a.body);
  if (status != 303 && (strstr(a.body, text + !there) != NULL) != there) fail_msg("%s as %s: %s: %s", path, as, text, a.body);
  text_free(&a.out.body);
  arena_free(a.arena);
}

static void test_pages(void **state) {
  Stand t;
  ARENA_SCOPE a = arena_new();
  stand_up(&t, *state);
  ask_page(&t, "dong", "/me", NULL, 200, "/me/tokens");
  ask_page(&t, "party", "/me", NULL, 200, "!/me/tokens");
  ask_page(&t, "dong", "/me/tokens", NULL, 200, "还没有令牌");
  ask_page(&t, "dong", "/me/tokens", NULL, 200, "!西岭村");
  ask_page(&t, "dong", "/me/tokens", "_token=command-line&do=create&label=对账&scope=read&until_on=2025-12-01", 400, "最长366天");
  ask_page(&t, "dong", "/me/tokens", "_token=command-line&_request=r1&do=create&label=对账&scope=read&until_on=2024-03-01", 200, "Authorization: Bearer luoshi-");
  ask_page(&t, "dong", "/me/tokens", "_token=command-line&_request=r1&do=create&label=对账&scope=read&until_on=2024-03-01", 400, "只显示一次");
  ask_page(&t, "dong", "/me/tokens", NULL, 200, "在用1个");
  ask_page(&t, "owner", "/admin/accounts/dong", NULL, 200, "对账");
  const char *number = number_of(a, make(&t, a, "dong", READ, NULL));
  ask_page(&t, "dong", "/me/tokens", arena_print(a, "_token=command-line&do=revoke&token=%s", number), 303, "");
  ask_page(&t, "dong", "/me/tokens", arena_print(a, "_token=command-line&do=revoke&token=%s", number), 400, "已经收回");
  number = number_of(a, make(&t, a, "dong", READ, NULL));
  ask_page(&t, "owner", "/admin/accounts/dong", arena_print(a, "_token=command-line&do=token&token=%s", number), 303, "");
  ask_page(&t, "owner", "/admin/accounts/dong", NULL, 200, "已收回");
  take_down(&t);
}

static void test_the_tree(void **state) {
  Stand t;
  ARENA_SCOPE a = arena_new();
  stand_up(&t, *state);
  const char *all = make(&t, a, "all", READ, NULL), *dong = make(&t, a, "dong", READ, NULL);
  const char *east = arena_print(a, "/api/orgs/%lld", (long long)t.made[EAST]), *west = arena_print(a, "/api/orgs/%lld", (long long)t.made[WEST]);
  const char *group = arena_print(a, "\"children\":[\"%lld\"]", (long long)t.made[GROUP]);
  expect(&t, (Bearing){all, east, "at=2023-07-01"}, 200, group);
  expect(&t, (Bearing){all, east, "at=2023-05-01"}, 200, "\"children\":[]");
  expect(&t, (Bearing){all, west, "at=2023-05-01"}, 200, group);
  expect(&t, (Bearing){dong, east, NULL}, 200, "\"parent\":null"); /* what stands above is not named */
  expect(&t, (Bearing){dong, west, NULL}, 404, "没有这个组织");
  expect(&t, (Bearing){dong, "/api/orgs/999", NULL}, 404, "没有这个组织");
  expect(&t, (Bearing){all, "/api/orgs", "at=1999-01-01"}, 200, "\"orgs\":[]");
  expect(&t, (Bearing){all, "/api/orgs", "at=2023-02-30"}, 400, "2");
  expect(&t, (Bearing){all, "/api/orgs", "on=2023-02-01"}, 400, "没有“on”");
  expect(&t, (Bearing){all, "/api/orgs/x", NULL}, 400, "编号");
  take_down(&t);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, fixture_setup_empty, fixture_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {TEST(who_makes_one), TEST(reading),          TEST(writing), TEST(the_end),
                                     TEST(wrong_ones),    TEST(it_lies_nowhere), TEST(pages),   TEST(the_tree)};
  return cmocka_run_group_tests_name("web_token", tests, NULL, NULL);
}
