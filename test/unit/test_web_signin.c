/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Signing in through the same door as a browser, with a clock of the test's own: wrong passwords, lockout by account
 * and address, a first password that must be changed, idle and absolute limits, what ends a sign-in; and both modes as
 * a table role × right. */
#include "access/credential.h"
#include "access/password.h"
#include "base/json.h"
#include "ledger/office.h"
#include "ledger/record.h"
#include "operation/migrate.h"
#include "store_fixture.h"
#include "web/view.h"

#include "check.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
enum { OPERATIONS = 64 };
#define FIRST "Abcd-2345-first"
#define SECOND "Wxyz-6789-second"

typedef struct Stand {
  Fixture *f;
  char folder[512];
  Site *site;
  Web web;
  const Operation *operations[OPERATIONS];
  int64_t now;
  char cookie[256], csrf[64];
  int status;
  char location[256];
  char body[64 * 1024];
} Stand;

static int64_t tell_time(void *self) { return ((Stand *)self)->now; }

static void add_operations(Stand *t, const Operation *const *rows, size_t count) {
  for (size_t i = 0; i < count; i++) t->operations[t->web.operations.count++] = rows[i];
}

static bool act_as(Stand *t, const char *account, const char *name, const char *json, Error *e) {
  ARENA_SCOPE a = arena_new();
  JSON_SCOPE input = json_read(json, strlen(json), 65536, e);
  JSON_SCOPE result = NULL;
  Issues issues = {.arena = a};
  const Operation *op = operation_find(t->web.operations, name, e);
  return input && op && operation_run(t->site, op, input, (OperationCall){.account = account}, &result, &issues, e);
}

static void act(Stand *t, const char *name, const char *json) {
  Error e = {0};
  if (!act_as(t, NULL, name, json, &e)) fail_msg("%s: %s (%s)", name, e.sentence, e.cause);
}

static int up(void **state) {
  if (fixture_setup(state)) return -1;
  Stand *t = calloc(1, sizeof *t);
  Fixture *f = *state;
  Error e = {0};
  fixture_empty(f);
  t->f = f;
  t->now = 1000;
  t->web.operations.at = t->operations;
  add_operations(t, record_operations, record_operation_count);
  add_operations(t, tree_operations, tree_operation_count);
  add_operations(t, account_operations, account_operation_count);
  t->web.signins = signins_new_at(tell_time, t);
  snprintf(t->folder, sizeof t->folder, "%s/site", f->folder);
  if (!site_create(t->folder, f->postgres ? f->url : NULL, "test/unit/data/exchange", 20231220, &e) ||
      !(t->site = site_open(t->folder, false, &e)))
    fail_msg("%s (%s)", e.sentence, e.cause);
  act(t, "org.found", "{\"name\": \"甲乡\", \"kind\": \"township\", \"founded_on\": \"2000-01-01\"}");
  act(t, "account.open", "{\"name\": \"chief\", \"role\": \"owner\"}");
  act(t, "account.open", "{\"name\": \"desk\", \"role\": \"clerk\", \"org\": \"甲乡\"}");
  act(t, "account.password", "{\"account\": \"desk\", \"password\": \"" FIRST "\"}");
  *state = t;
  return 0;
}

static int down(void **state) {
  Stand *t = *state;
  void *fixture = t->f;
  site_close(t->site);
  signins_free(t->web.signins);
  free(t);
  return fixture_teardown(&fixture);
}

/* ---- a browser ---- */

static void take(char *out, size_t room, const char *from, const char *end) {
  size_t n = from && end ? (size_t)(end - from) : 0;
  if (n >= room) n = room - 1;
  memcpy(out, from ? from : "", n);
  out[n] = 0;
}

static void ask(Stand *t, const char *method, const char *path, const char *body, const char *peer) {
  ARENA_SCOPE a = arena_new();
  WebRequest q = {.method = method, .path = path, .query = "", .cookie = t->cookie, .type = "application/x-www-form-urlencoded",
                  .peer = peer, .body = body, .body_size = strlen(body)};
  WebResponse out = {.arena = a};
  web_answer(&t->web, t->site, NULL, &q, &out);
  t->status = out.status;
  snprintf(t->location, sizeof t->location, "%s", out.location ? out.location : "");
  snprintf(t->body, sizeof t->body, "%.*s", (int)(sizeof t->body - 1), text_get(&out.body));
  if (out.cookie) take(t->cookie, sizeof t->cookie, out.cookie, strchr(out.cookie, ';'));
  const char *token = strstr(t->body, "name=\"_token\" value=\"");
  if (token) token += strlen("name=\"_token\" value=\""), take(t->csrf, sizeof t->csrf, token, strchr(token, '"'));
  text_free(&out.body);
}

static void sign_in(Stand *t, const char *account, const char *password, const char *peer) {
  char body[256];
  snprintf(body, sizeof body, "account=%s&password=%s", account, password);
  ask(t, "POST", "/signin", body, peer);
}

static void change(Stand *t, const char *old, const char *fresh) {
  char body[512];
  ask(t, "GET", "/password", "", "1");
  snprintf(body, sizeof body, "_token=%s&old=%s&new=%s&again=%s", t->csrf, old, fresh, fresh);
  ask(t, "POST", "/password", body, "1");
}

static void begin(Stand *t) { /* signed in with a password of one's own */
  t->cookie[0] = 0;
  sign_in(t, "desk", FIRST, "1");
  change(t, FIRST, SECOND);
  assert_string_equal(t->location, "/");
}

/* ---- cases ---- */

static void wrong_and_locked(void **state) {
  Stand *t = *state;
  for (int i = 0; i < SIGNIN_WRONG; i++) {
    sign_in(t, "desk", "Wrong-9999-word", "1");
    assert_int_equal(t->status, 403);
    assert_non_null(strstr(t->body, "账号或密码不对"));
    assert_null(strstr(t->body, "Wrong-9999-word"));
  }
  sign_in(t, "desk", FIRST, "2");
  assert_int_equal(t->status, 429);
  t->now += SIGNIN_LOCKED - 1;
  sign_in(t, "desk", FIRST, "2");
  assert_int_equal(t->status, 429);
  t->now += 1;
  sign_in(t, "desk", FIRST, "2");
  assert_int_equal(t->status, 303);
}

static void locked_by_address(void **state) {
  Stand *t = *state;
  Error e = {0};
  char name[32];
  for (int i = 0; i < SIGNIN_PEER_WRONG; i++) {
    snprintf(name, sizeof name, "nobody%d", i);
    assert_true(signins_may_try(t->web.signins, name, "9", &e));
  }
  assert_false(signins_may_try(t->web.signins, "desk", "9", &e));
  assert_non_null(strstr(e.sentence, "这台设备"));
  assert_true(signins_may_try(t->web.signins, "desk", "8", &e));
  t->now += SIGNIN_LOCKED;
  assert_true(signins_may_try(t->web.signins, "desk", "9", &e));
}

/* A right password gives back what its own try counted, and no more of the address than that. */
static void right_is_not_counted(void **state) {
  Stand *t = *state;
  Error e = {0};
  for (int i = 0; i < 3 * SIGNIN_PEER_WRONG; i++) {
    assert_true(signins_may_try(t->web.signins, "desk", "7", &e));
    signins_right(t->web.signins, "desk", "7");
  }
}

static void first_must_change(void **state) {
  Stand *t = *state;
  sign_in(t, "desk", FIRST, "1");
  assert_string_equal(t->location, "/password");
  char first[256];
  snprintf(first, sizeof first, "%s", t->cookie);
  ask(t, "GET", "/ledgers", "", "1");
  assert_string_equal(t->location, "/password");
  static const struct { const char *fresh, *says; } wrong[] = {
      {"short", "至少"}, {"alllowercaseletters", "三种"}, {"Desk-but-desk-1", "账号名"}, {DEMO_PASSWORD, "演示"}, {FIRST, "同原密码"}};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    change(t, FIRST, wrong[i].fresh);
    assert_int_equal(t->status, 400);
    if (!strstr(t->body, wrong[i].says)) fail_msg("%s: no %s", wrong[i].fresh, wrong[i].says);
  }
  change(t, "Not-the-0ld-one", SECOND);
  assert_non_null(strstr(t->body, "原密码不对"));
  change(t, FIRST, SECOND);
  assert_string_equal(t->location, "/");
  assert_string_not_equal(t->cookie, first);
  ask(t, "GET", "/ledgers", "", "1");
  assert_int_equal(t->status, 200);
  snprintf(t->cookie, sizeof t->cookie, "%s", first);
  ask(t, "GET", "/ledgers", "", "1");
  assert_int_equal(t->status, 303); /* the token of before is nobody's */
}

static void too_long(void **state) {
  Stand *t = *state;
  begin(t);
  t->now += SIGNIN_IDLE - 1;
  ask(t, "GET", "/me", "", "1");
  assert_int_equal(t->status, 200);
  t->now += SIGNIN_IDLE;
  ask(t, "GET", "/me", "", "1");
  assert_int_equal(t->status, 303);
  t->cookie[0] = 0;
  sign_in(t, "desk", SECOND, "1");
  int64_t since = t->now;
  for (; t->now - since < SIGNIN_LONGEST; t->now += SIGNIN_IDLE / 2) {
    ask(t, "GET", "/me", "", "1");
    assert_int_equal(t->status, 200);
  }
  ask(t, "GET", "/me", "", "1");
  assert_int_equal(t->status, 303);
}

static void what_ends_it(void **state) {
  static const struct { const char *operation, *input; } ends[] = {
      {"account.grant", "{\"name\": \"desk\", \"role\": \"reader\"}"},
      {"account.revoke", "{\"name\": \"desk\", \"role\": \"reader\"}"},
      {"account.password", "{\"account\": \"desk\", \"password\": \"" FIRST "\"}"},
      {"account.disable", "{\"name\": \"desk\"}"}};
  Stand *t = *state;
  begin(t);
  for (size_t i = 0; i < COUNT(ends); i++) {
    ask(t, "GET", "/me", "", "1");
    assert_int_equal(t->status, 200);
    act(t, ends[i].operation, ends[i].input); /* by somebody else, in another process */
    ask(t, i % 2 ? "GET" : "POST", i % 2 ? "/me" : "/me/elder", i % 2 ? "" : "size=1", "1");
    if (i % 2) assert_non_null(strstr(t->location, "why=ended"));
    ask(t, "GET", "/me", "", "1");
    if (t->status != 303) fail_msg("%s: %d", ends[i].operation, t->status);
    t->cookie[0] = 0;
    sign_in(t, "desk", i == 2 ? FIRST : SECOND, "1");
    if (i == 2) change(t, FIRST, SECOND);
  }
  assert_int_equal(t->status, 403); /* disabled: a right password opens nothing */
}

static void token_of_the_form(void **state) {
  Stand *t = *state;
  begin(t);
  static const char *const bodies[] = {"size=1", "_token=&size=1", "_token=00000000000000000000000000000000&size=1"};
  for (size_t i = 0; i < COUNT(bodies); i++) {
    ask(t, "POST", "/me/elder", bodies[i], "1");
    assert_int_equal(t->status, 403);
  }
  char body[128];
  ask(t, "GET", "/me", "", "1");
  snprintf(body, sizeof body, "_token=%s&size=1", t->csrf);
  ask(t, "POST", "/me/elder", body, "1");
  assert_int_equal(t->status, 303);
  ask(t, "GET", "/me", "", "1");
  assert_non_null(strstr(t->body, "class=\"elder\""));
  t->cookie[0] = 0; /* on another browser, and on the other page that is for everybody, as chosen before */
  sign_in(t, "desk", SECOND, "1");
  ask(t, "GET", "/password", "", "1");
  assert_non_null(strstr(t->body, "class=\"elder\""));
}

/* Somebody signed in lets another sign in: the page stands alone and its form is taken; without its token it is not. */
static void another_signs_in(void **state) {
  Stand *t = *state;
  char body[256];
  begin(t);
  ask(t, "GET", "/signin", "", "1");
  assert_int_equal(t->status, 200);
  assert_null(strstr(t->body, "class=\"rail\""));
  ask(t, "POST", "/signin", "account=desk&password=" SECOND, "1");
  assert_int_equal(t->status, 403);
  ask(t, "GET", "/signin", "", "1");
  snprintf(body, sizeof body, "_token=%s&account=desk&password=" SECOND, t->csrf);
  ask(t, "POST", "/signin", body, "1");
  assert_int_equal(t->status, 303);
  assert_string_equal(t->location, "/");
}

static void expires(void **state) {
  Stand *t = *state;
  begin(t);
  t->site->clock.fixed = date_add_days(20231220, 89);
  t->cookie[0] = 0;
  sign_in(t, "desk", SECOND, "1");
  assert_string_equal(t->location, "/");
  t->site->clock.fixed = date_add_days(20231220, 90);
  t->cookie[0] = 0;
  sign_in(t, "desk", SECOND, "1");
  assert_string_equal(t->location, "/password?why=old");
  act(t, "site.set", "{\"name\": \"password_days\", \"value\": \"0\"}");
  t->cookie[0] = 0;
  sign_in(t, "desk", SECOND, "1");
  assert_string_equal(t->location, "/");
}

/* The demo's password opens no other site, even where its hash was put by hand. */
static void demo_elsewhere(void **state) {
  Stand *t = *state;
  Error e = {0};
  Credential c = {0};
  bool right = false;
  ARENA_SCOPE a = arena_new();
  c.secret = password_hash(a, DEMO_PASSWORD, &e);
  assert_true(credential_right(t->site, &c, DEMO_PASSWORD, &right, &e));
  assert_false(right);
  t->site->demo = true;
  assert_true(credential_right(t->site, &c, DEMO_PASSWORD, &right, &e));
  assert_true(right);
  assert_false(act_as(t, NULL, "account.password", "{\"account\": \"desk\", \"password\": \"password\"}", &e));
}

/* ---- modes: role × right ---- */

static const struct { const char *role; const char *small, *strict; } rights[] = {
    /* R read W write S sensitive P people T tree A accounts C close U audit E erase G grant B backup M settings */
    {"owner", "RWSPTACUEGBM", ""},
    {"clerk", "RW", "RW"},
    {"roster", "RWSP", "RWSPTCE"},
    {"reader", "R", "R"},
    {"member", "", ""},
    {"auditor", "RU", "U"},
    {"system", "", "AB"},
    {"security", "", "GM"},
};

static void check_rights(Stand *t, bool strict) {
  static const struct { char letter; Right right; } letters[] = {
      {'R', MAY_READ}, {'W', MAY_WRITE}, {'S', MAY_SEE_SENSITIVE}, {'P', MAY_MANAGE_PEOPLE}, {'T', MAY_MANAGE_TREE}, {'A', MAY_MANAGE_ACCOUNTS},
      {'C', MAY_CLOSE}, {'U', MAY_AUDIT}, {'E', MAY_ERASE}, {'G', MAY_GRANT}, {'B', MAY_BACK_UP}, {'M', MAY_SET}};
  for (size_t i = 0; i < COUNT(rights); i++) {
    Error e = {0};
    char name[32];
    snprintf(name, sizeof name, "a_%s", rights[i].role);
    SESSION_SCOPE s = session_open(t->site, name, TX_READ, &e);
    assert_non_null(s);
    const char *given = strict ? rights[i].strict : rights[i].small;
    for (size_t k = 0; k < COUNT(letters); k++)
      if (may(s, letters[k].right, 0) != (strchr(given, letters[k].letter) != NULL)) fail_msg("%s %c %d", name, letters[k].letter, strict);
  }
}

static void two_modes(void **state) {
  static const char *const three[] = {"system", "security", "auditor"};
  Stand *t = *state;
  Error e = {0};
  char input[256];
  for (size_t i = 0; i < COUNT(rights); i++) {
    snprintf(input, sizeof input, "{\"name\": \"a_%s\", \"role\": \"%s\"}", rights[i].role, rights[i].role);
    act(t, "account.open", input);
  }
  check_rights(t, false);
  for (size_t i = 0; i < COUNT(three); i++) { /* not before all three can sign in */
    assert_false(act_as(t, "a_owner", "site.set", "{\"name\": \"mode\", \"value\": \"strict\"}", &e));
    assert_int_equal(e.kind, ERROR_CONFLICT);
    snprintf(input, sizeof input, "{\"account\": \"a_%s\", \"password\": \"" FIRST "\"}", three[i]);
    act(t, "account.password", input);
  }
  assert_true(act_as(t, "a_owner", "site.set", "{\"name\": \"mode\", \"value\": \"strict\"}", &e));
  check_rights(t, true);
  static const struct { const char *as, *operation, *input; bool may; } acts[] = {
      {"a_system", "account.open", "{\"name\": \"new\"}", true},
      {"a_system", "account.open", "{\"name\": \"new2\", \"role\": \"clerk\"}", false},
      {"a_system", "account.grant", "{\"name\": \"new\", \"role\": \"clerk\"}", false},
      {"a_system", "account.password", "{\"account\": \"new\", \"password\": \"" FIRST "\"}", true},
      {"a_system", "account.password", "{\"account\": \"a_security\", \"password\": \"" SECOND "\"}", false},
      {"a_security", "account.open", "{\"name\": \"new3\"}", false},
      {"a_security", "account.grant", "{\"name\": \"new\", \"role\": \"clerk\"}", true},
      {"a_security", "account.grant", "{\"name\": \"a_security\", \"role\": \"clerk\"}", false},
      {"a_security", "account.grant", "{\"name\": \"a_system\", \"role\": \"security\"}", false},
      {"a_security", "account.grant", "{\"name\": \"new\", \"role\": \"auditor\"}", false},
      {"a_security", "account.grant", "{\"name\": \"new\", \"role\": \"owner\"}", false},
      {"a_security", "account.revoke", "{\"name\": \"a_system\", \"role\": \"system\"}", false},
      {"a_security", "site.set", "{\"name\": \"mode\", \"value\": \"small\"}", false},
      {"a_system", "account.disable", "{\"name\": \"a_auditor\"}", false},
      {"a_auditor", "account.disable", "{\"name\": \"desk\"}", false},
      {"a_owner", "account.open", "{\"name\": \"new4\"}", false},
      {NULL, "record.save", "{\"ledger\": \"person\", \"name\": \"赵一\"}", false},
      {NULL, "account.password", "{\"account\": \"a_security\", \"password\": \"" SECOND "\"}", true},
      {NULL, "site.set", "{\"name\": \"mode\", \"value\": \"small\"}", true},
  };
  for (size_t i = 0; i < COUNT(acts); i++) {
    e = (Error){0};
    if (act_as(t, acts[i].as, acts[i].operation, acts[i].input, &e) != acts[i].may)
      fail_msg("%s %s %s: %s", acts[i].as ? acts[i].as : "本机", acts[i].operation, acts[i].input, e.sentence);
  }
  check_rights(t, false);
}

static void somebody_stays(void **state) {
  Stand *t = *state;
  Error e = {0};
  assert_false(act_as(t, "chief", "account.disable", "{\"name\": \"chief\"}", &e));
  assert_false(act_as(t, NULL, "account.disable", "{\"name\": \"chief\"}", &e));
  assert_non_null(strstr(e.sentence, "最后一个"));
  assert_false(act_as(t, NULL, "account.revoke", "{\"name\": \"chief\", \"role\": \"owner\"}", &e));
  act(t, "account.open", "{\"name\": \"chief2\", \"role\": \"owner\"}");
  act(t, "account.disable", "{\"name\": \"chief\"}");
}

/* Private items of a page: hidden, then open for this browser and a while, with a note of who and why. */
static void looked_at(void **state) {
  Stand *t = *state;
  Error e = {0};
  act(t, "record.save", "{\"ledger\": \"person\", \"name\": \"赵一\", \"phone\": \"13900001111\"}");
  SESSION_SCOPE s = session_open(t->site, "chief", TX_READ, &e);
  const Relation *person = catalogue_core(s->catalogue, "person");
  Record record;
  int64_t id = 0;
  assert_true(tx_int(s->tx, "SELECT max(id) FROM person WHERE area_id = 1", NULL, 0, &id, NULL, &e));
  assert_true(record_load(s, person, id, &record, &e));
  const Column *phone = relation_column(person, "phone");
  assert_string_equal(gate_show(s, record.row, phone, 0, false), "13900001111");
  s->veiled = true;
  assert_string_equal(gate_show(s, record.row, phone, 0, false), VEIL);
  assert_string_equal(gate_show(s, record.row, phone, 0, true), "13900001111");
  s->open = person, s->open_row = id;
  assert_string_equal(gate_show(s, record.row, phone, 0, false), "13900001111");
  s->open_row = id + 1;
  assert_string_equal(gate_show(s, record.row, phone, 0, false), VEIL);
  ARENA_SCOPE a = arena_new();
  const char *token = signins_open(t->web.signins, a, "chief", 0, false, &e);
  signins_look(t->web.signins, token, "person", id);
  assert_true(signins_looks(t->web.signins, token, "person", id));
  assert_false(signins_looks(t->web.signins, token, "person", id + 1));
  t->now += SIGNIN_LOOK;
  assert_false(signins_looks(t->web.signins, token, "person", id));
}

static void nobody_reaches_credentials(void **state) {
  Stand *t = *state;
  Error e = {0};
  SESSION_SCOPE s = session_open(t->site, NULL, TX_READ, &e);
  static const char *const hidden[] = {"credential", "登录密码", "setting", "look"};
  for (size_t i = 0; i < COUNT(hidden); i++) assert_null(catalogue_relation(s->catalogue, hidden[i], &e));
  Query q;
  query_begin(&q, s->arena, s->catalogue, catalogue_core(s->catalogue, "credential"), (FilterScope){.area = s->area});
  assert_string_equal(gate_rows(s, &q), "1 = 0");
  query_end(&q);
  assert_false(act_as(t, NULL, "record.save", "{\"ledger\": \"credential\", \"account\": \"desk\"}", &e));
}

/* Signing in leads on to a page of this site, never elsewhere. */
static void leads_nowhere_else(void **state) {
  static const struct { const char *to, *location; } cases[] = {
      {"%2Fledgers%3Forg%3Da", "/ledgers?org=a"}, {"", "/"}, {"ledgers", "/"}, {"https%3A%2F%2Felsewhere", "/"},
      {"%2F%2Felsewhere", "/"}, {"%2F%5Celsewhere", "/"}, {"%2F%09%2Felsewhere", "/"}, {"%2F%0A%2Felsewhere", "/"}, {"%2F+%2Felsewhere", "/"}};
  Stand *t = *state;
  begin(t);
  for (size_t i = 0; i < COUNT(cases); i++) {
    char body[256];
    t->cookie[0] = 0;
    snprintf(body, sizeof body, "account=desk&password=%s&to=%s", SECOND, cases[i].to);
    ask(t, "POST", "/signin", body, "1");
    assert_int_equal(t->status, 303);
    assert_string_equal(t->location, cases[i].location);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(wrong_and_locked, up, down), cmocka_unit_test_setup_teardown(locked_by_address, up, down),
      cmocka_unit_test_setup_teardown(right_is_not_counted, up, down), cmocka_unit_test_setup_teardown(first_must_change, up, down),
      cmocka_unit_test_setup_teardown(too_long, up, down), cmocka_unit_test_setup_teardown(what_ends_it, up, down),
      cmocka_unit_test_setup_teardown(token_of_the_form, up, down), cmocka_unit_test_setup_teardown(another_signs_in, up, down), cmocka_unit_test_setup_teardown(expires, up, down),
      cmocka_unit_test_setup_teardown(demo_elsewhere, up, down), cmocka_unit_test_setup_teardown(two_modes, up, down),
      cmocka_unit_test_setup_teardown(somebody_stays, up, down), cmocka_unit_test_setup_teardown(looked_at, up, down),
      cmocka_unit_test_setup_teardown(nobody_reaches_credentials, up, down), cmocka_unit_test_setup_teardown(leads_nowhere_else, up, down)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
