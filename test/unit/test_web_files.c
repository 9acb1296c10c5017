/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Files in the pages, as a browser without script sends them: beside a record, in its form across errors, withdrawn,
 * sent twice, over the API; and that what is refused leaves no file behind. */
#include <dirent.h>

#include "ledger/attachment.h"

#include "web_stand.h"

#include "check.h"

static const char pdf[] = "%PDF-1.4\ntrailer<<>>\n%%EOF\n";
#define BODY_HEAD "--x\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\ncommand-line\r\n"

typedef struct Part { const char *name, *file, *value; size_t size; } Part; /* size 0: of the text */

static Answer send(Stand *t, const char *as, const char *path, const Part *parts) {
  Answer a = {.arena = arena_new()};
  TEXT_SCOPE body = text_new(64 * 1024 * 1024);
  text_add(&body, BODY_HEAD);
  for (; parts->name; parts++) {
    text_print(&body, "--x\r\nContent-Disposition: form-data; name=\"%s\"", parts->name);
    if (parts->file) text_print(&body, "; filename=\"%s\"", parts->file);
    text_add(&body, "\r\n\r\n");
    text_add_n(&body, parts->value, parts->size ? parts->size : strlen(parts->value));
    text_add(&body, "\r\n");
  }
  text_add(&body, "--x--\r\n");
  WebRequest q = {.method = "POST", .path = path, .query = "", .peer = "", .type = "multipart/form-data; boundary=x", .body = text_get(&body), .body_size = body.length};
  a.out.arena = a.arena;
  web_answer(&t->web, t->site, as, &q, &a.out);
  a.body = arena_copy(a.arena, text_get(&a.out.body));
  return a;
}
#define SEND(t, as, path, ...) send(t, as, path, (const Part[]){__VA_ARGS__, {0}})

static void done(Answer *a) {
  text_free(&a->out.body);
  arena_free(a->arena);
}

static void expect(Answer *a, const char *what, int status, const char *text) {
  if (a->out.status != status || !strstr(a->body, text)) fail_msg("%s: %d, no “%s” in\n%s", what, a->out.status, text, a->body);
}

static size_t count_files(const char *folder) {
  size_t n = 0;
  DIR *d = opendir(folder);
  for (struct dirent *one; d && (one = readdir(d));) {
    char path[1024];
    if (one->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/%s", folder, one->d_name);
    n += one->d_type == DT_DIR ? count_files(path) : 1;
  }
  if (d) closedir(d);
  return n;
}

static size_t kept(Stand *t) {
  char folder[128];
  snprintf(folder, sizeof folder, "%s/files", t->folder);
  return count_files(folder);
}

static Answer get(Stand *t, const char *as, const char *path) { return ask(t, as, path, "", NULL); }

/* What stands between `before` and the next quote. */
static const char *after(const Answer *a, const char *before) {
  const char *at = strstr(a->body, before);
  if (!at) fail_msg("no %s in\n%s", before, a->body);
  at += strlen(before);
  return arena_slice(a->arena, at, strcspn(at, "\"?#"));
}

enum { VISIT, COUNTED }; /* records of 东村; the second a head count without its sheet */

static const char *record_path(Arena *a, Stand *t, int which) { return arena_print(a, "/ledgers/visit/%lld", (long long)t->made[which]); }

static void beside_a_record(void **state) {
  Stand *t = *state;
  ARENA_SCOPE a = arena_new();
  const char *record = record_path(a, t, VISIT), *files = arena_print(a, "%s/files", record);
  Answer got = get(t, "east", record);
  expect(&got, "empty", 200, "还没有附件。");
  if (strstr(got.body, "capture")) fail_msg("a phone is made to use its camera");
  done(&got);
  got = get(t, "look", record); /* who may read and no more has no form */
  expect(&got, "a reader", 200, "还没有附件。");
  assert_null(strstr(got.body, "添加附件"));
  done(&got);
  got = SEND(t, "east", files, {"file", "", ""});
  expect(&got, "none chosen", 400, "还没有选文件");
  done(&got);
  got = SEND(t, "look", files, {"file", "稿.pdf", pdf});
  expect(&got, "a reader adds", 403, "");
  done(&got);
  assert_int_equal(kept(t), 0);
  got = SEND(t, "east", files, {"_request", NULL, "f1"}, {"file", "C:\\稿\\讲稿.pdf", pdf}, {"file", "说明.txt", "说明。\n"}, {"file", "坏.pdf", "MZ\1\2"});
  expect(&got, "two of three", 400, "“坏.pdf”没有附上：这种文件不能作附件");
  expect(&got, "two of three", 400, "其余的已附上");
  expect(&got, "two of three", 400, ">讲稿.pdf</a>");
  expect(&got, "two of three", 400, "PDF文件");
  const char *first = arena_print(a, "/files/%s", after(&got, "href=\"/files/")), *withdraw = arena_print(a, "%s%s/withdraw", record, first);
  done(&got);
  assert_int_equal(kept(t), 2);
  got = SEND(t, "east", files, {"_request", NULL, "f1"}, {"file", "讲稿.pdf", pdf}, {"file", "说明.txt", "说明。\n"}); /* sent again */
  expect(&got, "again", 303, "");
  done(&got);
  got = get(t, "east", record);
  expect(&got, "no more than before", 200, "2份");
  done(&got);
  got = get(t, "look", first);
  expect(&got, "a reader's copy", 200, pdf);
  assert_string_equal(got.out.type, "application/pdf");
  assert_string_equal(got.out.filename, "讲稿.pdf");
  assert_true(got.out.shown && got.out.sandboxed && !got.out.cache);
  done(&got);
  got = get(t, "west", first);
  expect(&got, "the other village's clerk", 404, "");
  done(&got);
  got = ask(t, "west", withdraw, "", "_token=command-line&reason=x");
  expect(&got, "withdrawn by the other village", 404, "");
  done(&got);
  got = ask(t, "east", withdraw, "", "_token=command-line&reason=");
  expect(&got, "no reason", 400, "请写明为什么撤下");
  done(&got);
  got = ask(t, "east", withdraw, "", "_token=command-line&reason=%E4%BC%A0%E9%94%99");
  expect(&got, "withdrawn", 303, "");
  done(&got);
  got = ask(t, "east", withdraw, "", "_token=command-line&reason=%E4%BC%A0%E9%94%99");
  expect(&got, "withdrawn twice", 409, "已经撤下");
  done(&got);
  got = get(t, "east", first);
  expect(&got, "after it was withdrawn", 404, "传错");
  done(&got);
  got = get(t, "east", record);
  expect(&got, "one is left", 200, "另有撤下的");
  assert_null(strstr(got.body, "讲稿.pdf"));
  done(&got);
  got = get(t, "east", arena_print(a, "%s/history", record));
  expect(&got, "history", 200, "撤下的原因：传错");
  done(&got);
}

static void too_large(void **state) {
  Stand *t = *state;
  ARENA_SCOPE a = arena_new();
  size_t n = FILES_BYTES + 1, before = kept(t);
  char *large = calloc(1, n);
  memcpy(large, pdf, sizeof pdf - 1);
  Answer got = SEND(t, "east", arena_print(a, "%s/files", record_path(a, t, VISIT)), {"file", "大.pdf", large, n});
  expect(&got, "too large", 400, "最多20MB");
  assert_int_equal(kept(t), before);
  done(&got);
  free(large);
}

#define VISIT_FORM {"org", NULL, "东村"}, {"held_on", NULL, "2023-06-02"}, {"kind", NULL, "usual"}, {"host", NULL, "赵一"}, {"people.shown", NULL, "1"}

/* The scanned sheet of a head count. */
static void sheets(void **state) {
  Stand *t = *state;
  ARENA_SCOPE a = arena_new();
  static const char scan[] = "%PDF-1.4\nsheet\n%%EOF\n", other[] = "%PDF-1.4\nsecond\n%%EOF\n";
  Answer got = get(t, "east", "/ledgers/visit/new");
  expect(&got, "form", 200, "type=\"file\" id=\"i-people.0.sheet\" name=\"people.0.sheet\"");
  assert_non_null(strstr(got.body, "multipart/form-data"));
  done(&got);
  got = SEND(t, "look", "/ledgers/visit/new", VISIT_FORM, {"people.0.headcount", NULL, "9"}, {"people.0.sheet", "表.pdf", scan});
  expect(&got, "who may not write", 403, "");
  done(&got);
  size_t before = kept(t);
  got = SEND(t, "east", "/ledgers/visit/new", VISIT_FORM, {"people.0.sheet", "九月.pdf", scan});
  expect(&got, "no head count, no topic", 400, "有签到表还要填人数");
  expect(&got, "all at once", 400, "缺“主题”");
  expect(&got, "by its name", 400, "九月.pdf");
  expect(&got, "another", 400, "换一份");
  assert_null(strstr(got.body, "缺“姓名”"));
  assert_int_equal(kept(t), before + 1);
  const char *hash = arena_copy(a, after(&got, "name=\"people.0.sheet\" value=\""));
  assert_int_equal(strlen(hash), FILES_HASH);
  const char *named = arena_print(a, "_file.%s", hash);
  done(&got);
  got = SEND(t, "east", "/ledgers/visit/new", VISIT_FORM, {"topic", NULL, "补录"}, {"people.0.headcount", NULL, "9"}, {"people.0.sheet", NULL, hash}, {named, NULL, "九月.pdf"},
             {"people.0.sheet", "x.exe", "MZ\1\2"});
  expect(&got, "another that is none", 400, "“x.exe”没有收下");
  expect(&got, "the first is still there", 400, "九月.pdf");
  done(&got);
  got = SEND(t, "east", "/ledgers/visit/new", VISIT_FORM, {"topic", NULL, "补录"}, {"people.0.headcount", NULL, "9"}, {"people.0.sheet", NULL, hash}, {"people.0.sheet", "", ""},
             {"_state", NULL, ""});
  expect(&got, "saved", 303, "");
  const char *record = arena_slice(a, got.out.location, strcspn(got.out.location, "?"));
  done(&got);
  got = get(t, "east", record);
  expect(&got, "on its page", 200, "签到表.pdf");
  const char *file = arena_print(a, "/files/%s", after(&got, "href=\"/files/"));
  done(&got);
  got = get(t, "east", file);
  expect(&got, "the sheet", 200, scan);
  done(&got);
  got = get(t, "west", file);
  expect(&got, "the sheet in another village", 404, "");
  done(&got);
  got = get(t, "east", "/ledgers/visit");
  expect(&got, "list", 200, "仅有总数9人 <a href=\"");
  expect(&got, "list", 200, "仅有总数7人 <span class=\"light soon\">");
  done(&got);
  got = get(t, "east", record_path(a, t, COUNTED));
  expect(&got, "without a sheet", 200, "没有签到表");
  done(&got);
  const char *edit = arena_print(a, "%s/edit", record);
  got = get(t, "east", edit);
  expect(&got, "its form", 200, file);
  const char *line = arena_copy(a, after(&got, "name=\"people.0.id\" value=\""));
  done(&got);
  got = SEND(t, "east", edit, VISIT_FORM, {"topic", NULL, "补录"}, {"people.0.id", NULL, line}, {"people.0.headcount", NULL, "9"}, {"people.0.sheet", NULL, hash}, {"people.0.sheet", "二.pdf", other});
  expect(&got, "another sheet", 303, "");
  done(&got);
  got = get(t, "east", record);
  expect(&got, "both are the record's files", 200, "2份");
  done(&got);
}

typedef struct Ground { Stand stand; void *fixture; } Ground; /* tests see its stand */

static int up(void **state) {
  if (fixture_setup(state)) return -1;
  Ground *g = calloc(1, sizeof *g);
  Stand *t = &g->stand;
  g->fixture = *state;
  fixture_empty(g->fixture);
  stand_open(t, g->fixture, "test/unit/data/exchange");
  add_operations(t, file_operations, file_operation_count);
  act(t, "org.found", "{\"name\": \"甲乡\", \"kind\": \"township\", \"founded_on\": \"2000-01-01\"}");
  act(t, "org.found", "{\"name\": \"东村\", \"kind\": \"village\", \"parent\": \"甲乡\", \"founded_on\": \"2000-01-01\"}");
  act(t, "org.found", "{\"name\": \"西村\", \"kind\": \"village\", \"parent\": \"甲乡\", \"founded_on\": \"2000-01-01\"}");
  act(t, "record.save", "{\"ledger\": \"person\", \"name\": \"赵一\"}");
  act(t, "account.open", "{\"name\": \"east\", \"role\": \"clerk\", \"org\": \"东村\"}");
  act(t, "account.open", "{\"name\": \"west\", \"role\": \"clerk\", \"org\": \"西村\"}");
  act(t, "account.open", "{\"name\": \"look\", \"role\": \"reader\", \"org\": \"东村\"}");
  t->made[VISIT] = act(t, "record.save", "{\"ledger\": \"visit\", \"org\": \"东村\", \"held_on\": \"2023-06-01\", \"kind\": \"usual\", \"topic\": \"防汛\", \"host\": \"赵一\","
                                         " \"people\": [{\"person\": \"赵一\"}]}");
  t->made[COUNTED] = act(t, "record.save", "{\"ledger\": \"visit\", \"org\": \"东村\", \"held_on\": \"2023-06-03\", \"kind\": \"usual\", \"topic\": \"旧的\", \"host\": \"赵一\","
                                             " \"people\": [{\"headcount\": \"7\"}]}");
  *state = t;
  return 0;
}

static int down(void **state) {
  Ground *g = *state;
  site_close(g->stand.site);
  void *fixture = g->fixture;
  free(g);
  return fixture_teardown(&fixture);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(beside_a_record), cmocka_unit_test(too_large), cmocka_unit_test(sheets)};
  return cmocka_run_group_tests(tests, up, down);
}
