/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Lists, exports, imports and the search as a browser gets them, without a server: what is found, in which order,
 * on which page; what wrong questions answer; that nobody sees past their subtree by any of these ways. */
#include "ledger/import.h"
#include "ledger/office.h"
#include "ledger/record.h"
#include "operation/migrate.h"
#include "web/web.h"

#include "base/json.h"
#include "store_fixture.h"

#include "check.h"

enum { OPERATIONS = 48, DAYS = 60 };

typedef struct Stand {
  Fixture *f;
  char folder[96];
  Site *site;
  const Operation *operations[OPERATIONS];
  Web web;
} Stand;

static void add_operations(Stand *t, const Operation *const *rows, size_t count) {
  for (size_t i = 0; i < count; i++) t->operations[t->web.operations.count++] = rows[i];
}

static void act(Stand *t, const char *name, const char *input_text) {
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  JSON_SCOPE input = json_read(input_text, strlen(input_text), 100000, &e);
  JSON_SCOPE result = NULL;
  const Operation *op = operation_find(t->web.operations, name, &e);
  if (!input || !op || !operation_run(t->site, op, input, (OperationCall){0}, &result, &issues, &e))
    fail_msg("%s: %s (%s)", input_text, issues.count ? issues.at[0].sentence : e.sentence, e.cause);
}

/* ---- one answer ---- */

typedef struct Answer {
  Arena *arena;
  WebResponse out;
  const char *body;
} Answer;

static Answer answer(Stand *t, const char *as, const char *method, const char *address, const char *type, const char *body, size_t n) {
  Answer got = {.arena = arena_new()};
  const char *mark = strchr(address, '?');
  WebRequest q = {.method = method, .query = mark ? mark + 1 : "", .type = type, .body = body, .body_size = n, .peer = "",
                  .path = mark ? arena_slice(got.arena, address, (size_t)(mark - address)) : address};
  got.out.arena = got.arena;
  web_answer(&t->web, t->site, as, &q, &got.out);
  got.body = text_get(&got.out.body);
  return got;
}

static Answer get(Stand *t, const char *as, const char *address) { return answer(t, as, "GET", address, NULL, NULL, 0); }

static Answer post(Stand *t, const char *as, const char *address, const char *form) {
  char body[4096];
  snprintf(body, sizeof body, "_token=command-line&%s", form);
  return answer(t, as, "POST", address, "application/x-www-form-urlencoded", body, strlen(body));
}

/* A file as a browser sends it, with further fields (NAME, VALUE, …, NULL). */
static Answer upload(Stand *t, const char *as, const char *address, const char *file, const char *bytes, size_t n, const char *const *fields) {
  TEXT_SCOPE body = text_new(64 * 1024 * 1024);
  text_add(&body, "--x\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\ncommand-line\r\n");
  for (; fields && *fields; fields += 2)
    text_print(&body, "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", fields[0], fields[1]);
  text_print(&body, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: text/csv\r\n\r\n", file);
  text_add_n(&body, bytes, n);
  text_add(&body, "\r\n--x--\r\n");
  return answer(t, as, "POST", address, "multipart/form-data; boundary=x", text_get(&body), body.length);
}

static void done(Answer *a) {
  text_free(&a->out.body);
  arena_free(a->arena);
}

static void must_have(const Answer *a, const char *what, const char *text) {
  if (!strstr(a->body, text)) fail_msg("%s: no “%s” in\n%s", what, text, a->body);
}

static void must_lack(const Answer *a, const char *what, const char *text) {
  if (strstr(a->body, text)) fail_msg("%s: “%s” in\n%s", what, text, a->body);
}

static size_t count_text(const char *s, const char *what) {
  size_t n = 0;
  for (; (s = strstr(s, what)); s += strlen(what)) n++;
  return n;
}

/* ---- a site: 60 works of 东村, 3 of 西村, visits with lines ---- */

static void fill(Stand *t) {
  char input[512];
  act(t, "org.found", "{\"name\": \"甲乡\", \"kind\": \"township\", \"founded_on\": \"2000-01-01\"}");
  act(t, "org.found", "{\"name\": \"东村\", \"kind\": \"village\", \"parent\": \"甲乡\", \"founded_on\": \"2000-01-01\"}");
  act(t, "org.found", "{\"name\": \"西村\", \"kind\": \"village\", \"parent\": \"甲乡\", \"founded_on\": \"2000-01-01\"}");
  act(t, "account.open", "{\"name\": \"east\", \"role\": \"clerk\", \"org\": \"东村\"}");
  act(t, "account.open", "{\"name\": \"look\", \"role\": \"reader\", \"org\": \"西村\"}");
  act(t, "record.save", "{\"ledger\": \"person\", \"name\": \"赵一\"}");
  for (int i = 1; i <= DAYS; i++) {
    snprintf(input, sizeof input, "{\"ledger\": \"work\", \"org\": \"东村\", \"begun_on\": \"2023-%02d-%02d\", \"title\": \"东渠%03d段\"%s}", (i - 1) / 28 + 1,
             (i - 1) % 28 + 1, i, i == 7 ? ", \"state\": \"doing\"" : "");
    act(t, "record.save", input);
  }
  for (int i = 1; i <= 3; i++) {
    snprintf(input, sizeof input, "{\"ledger\": \"work\", \"org\": \"西村\", \"begun_on\": \"2022-05-0%d\", \"title\": \"西坝%d\"}", i, i);
    act(t, "record.save", input);
  }
  act(t, "record.save", "{\"ledger\": \"visit\", \"org\": \"东村\", \"held_on\": \"2023-06-01\", \"kind\": \"usual\", \"topic\": \"<b>防汛</b>\","
      " \"host\": \"赵一\", \"secret\": \"不外传\", \"people\": [{\"person\": \"赵一\"}]}");
}

static int up(void **state) {
  if (fixture_setup(state)) return -1;
  Stand *t = calloc(1, sizeof *t);
  Fixture *f = *state;
  Error e = {0};
  fixture_empty(f);
  t->f = f;
  t->web.operations.at = t->operations;
  add_operations(t, record_operations, record_operation_count);
  add_operations(t, exchange_operations, exchange_operation_count);
  add_operations(t, tree_operations, tree_operation_count);
  add_operations(t, office_operations, office_operation_count);
  add_operations(t, account_operations, account_operation_count);
  t->web.signins = signins_new();
  snprintf(t->folder, sizeof t->folder, "%s/site", f->folder);
  if (!site_create(t->folder, f->postgres ? f->url : NULL, "test/unit/data/exchange", 20231220, &e) ||
      !(t->site = site_open(t->folder, false, &e)))
    fail_msg("%s (%s)", e.sentence, e.cause);
  fill(t);
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

/* ---- lists ---- */

typedef struct Case {
  const char *as, *address;
  int status;
  const char *has, *lacks; /* further texts after | */
} Case;

static void check_texts(const Answer *a, const Case *c) {
  char text[512];
  for (int lacking = 0; lacking < 2; lacking++) {
    const char *list = lacking ? c->lacks : c->has;
    for (; list && *list;) {
      size_t n = strcspn(list, "|");
      snprintf(text, sizeof text, "%.*s", (int)n, list);
      if (lacking) must_lack(a, c->address, text);
      else must_have(a, c->address, text);
      list += n + (list[n] == '|');
    }
  }
}

static void answers(Stand *t, const Case *cases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    Answer a = get(t, cases[i].as, cases[i].address);
    if (a.out.status != cases[i].status) fail_msg("%s: %d\n%s", cases[i].address, a.out.status, a.body);
    check_texts(&a, &cases[i]);
    done(&a);
  }
}

#define ALL "本机"

static void lists(void **state) {
  static const Case cases[] = {
      {ALL, "/ledgers", 200, "工程|走访|慰问|登记一次|63条未完成", NULL},
      {ALL, "/ledgers/work", 200, "东渠060段|东渠014段|第1–50条，共63条|rel=\"next\"|筹备<span class=\"count\">62", "东渠001段|东渠010段"},
      {ALL, "/ledgers/work?page=2", 200, "东渠001段|西坝1|第51–63条|rel=\"prev\"", "东渠060段|rel=\"next\""},
      {ALL, "/ledgers/work?page=3", 200, "没有符合条件的工程记录", "<tbody>"},
      {ALL, "/ledgers/work?page=1&sort=title", 200, "东渠001段|东渠050段|aria-sort=\"ascending\"", "东渠060段"},
      {ALL, "/ledgers/work?sort=-title", 200, "西坝3|东渠060段", "东渠001段"},
      {ALL, "/ledgers/work?state=doing", 200, "东渠007段|共1条", "东渠008段"},
      {ALL, "/ledgers/work?state=open", 200, "共62条", "东渠007段"},
      {ALL, "/ledgers/work?org=%E8%A5%BF%E6%9D%91", 200, "西坝1|共3条", "东渠"},
      {ALL, "/ledgers/work?from=2022-05-02&to=2022-05-02", 200, "西坝2|共1条|value=\"2022-05-02\"", "西坝1"},
      {ALL, "/ledgers/work?period=2022", 200, "西坝2|共3条|value=\"2022-01-01\"", "东渠"},
      {ALL, "/ledgers/work?q=060", 200, "东渠060段|共1条", "东渠059段"},
      {ALL, "/ledgers/work?where=title+contains+%27003%27", 200, "东渠003段|共1条|<details class=\"fold plain more\" open>", "东渠004段"},
      {ALL, "/ledgers/work?col=leader", 200, "value=\"leader\" checked", "东渠060段"},
      {ALL, "/ledgers/gift", 200, "还没有慰问记录。|登记一次|导入原有表格", "<tbody>"},
      {ALL, "/ledgers/gift?q=x", 200, "没有符合条件的慰问记录", "还没有慰问记录"},
      {ALL, "/ledgers/visit", 200, "&lt;b&gt;防汛&lt;/b&gt;|赵一|例行", "<b>防汛"},
      {ALL, "/ledgers/visit?f.kind=usual&f.open=0", 200, "共1条", NULL},
      {ALL, "/ledgers/visit?f.kind=%E4%B8%93%E9%A2%98", 200, "没有符合条件的走访记录", NULL},
      /* Wrong questions: a sentence, and what was typed. */
      {ALL, "/ledgers/work?page=-1", 400, "没有第“-1”页", "<tbody>"},
      {ALL, "/ledgers/work?page=x", 400, "没有第“x”页", NULL},
      {ALL, "/ledgers/work?page=999999", 400, "最多翻到", NULL},
      {ALL, "/ledgers/work?sort=unknown", 400, "不能按“unknown”排序", NULL},
      {ALL, "/ledgers/visit?sort=secret", 400, "隐私项", NULL},
      {ALL, "/ledgers/visit?where=secret+%3D+%27a%27", 400, "隐私项", NULL},
      {ALL, "/ledgers/work?where=title+%3D", 400, "高级筛选：|value=\"title =\"", NULL},
      {ALL, "/ledgers/work?where=1+%3D+1%29+or+%281+%3D+1", 400, "高级筛选：", NULL},
      {ALL, "/ledgers/work?from=2023-13-01&q=abc", 400, "没有13月|value=\"abc\"|value=\"2023-13-01\"", NULL},
      {ALL, "/ledgers/work?from=2023-02-01&to=2023-01-01", 400, "起始日期在截止日期之后", NULL},
      {ALL, "/ledgers/work?org=%E5%8C%97%E6%9D%91", 400, "北村", NULL},
      {ALL, "/ledgers/work?state=zz", 400, "没有状态“zz”", NULL},
      {ALL, "/ledgers/visit?f.kind=zz&f.round=a", 400, "没有“zz”这一项|要填数字", NULL},
      {ALL, "/ledgers/visit?f.secret=1", 400, "不能按“保密内容”筛选", NULL},
      {ALL, "/ledgers/work?col=zz", 400, "没有“zz”这一列", NULL},
      {ALL, "/ledgers/none", 404, "none", NULL},
  };
  answers(*state, cases, sizeof cases / sizeof *cases);
}

static void subtrees(void **state) {
  static const Case cases[] = {
      {"east", "/ledgers/work", 200, "东渠060段|共60条", "西坝"},
      {"east", "/ledgers/work?org=%E8%A5%BF%E6%9D%91", 200, "没有符合条件", "西坝1"},
      {"east", "/ledgers/work?where=title+contains+%27%E8%A5%BF%E5%9D%9D%27", 200, "没有符合条件", "西坝1"},
      {"east", "/ledgers/work/export.csv", 200, "东渠060段", "西坝"},
      {"east", "/ledgers/work/export.json", 200, "东渠060段", "西坝"},
      {"east", "/search?q=%E8%A5%BF%E5%9D%9D", 200, "没有找到“西坝”", "西坝1"},
      {"east", "/search?q=%E8%A5%BF%E6%9D%91", 200, "没有找到“西村”", "/people?org"},
      {"east", "/ledgers/work/import", 200, "先核对|东村", "西村"},
      {"look", "/ledgers/work", 200, "西坝1", "东渠|登记工程|改为在建|作废所选"},
      {"look", "/ledgers/work/import", 403, "权限", "先核对"},
      {"look", "/ledgers/work/import.csv", 403, "权限", NULL},
      {"east", "/ledgers/visit?col=secret&col=topic", 200, "无权查看", "不外传"},
      {"east", "/ledgers/visit/export.csv", 200, "无权查看", "不外传"},
      {"nobody", "/ledgers/work", 403, NULL, "东渠"},
  };
  Stand *t = *state;
  answers(t, cases, sizeof cases / sizeof *cases - 1);
  Answer a = get(t, "nobody", "/ledgers/work");
  assert_true(a.out.status >= 400);
  must_lack(&a, "nobody", "东渠");
  done(&a);
}

static void finds(void **state) {
  static const Case cases[] = {
      {ALL, "/search", 200, "写姓名、地名、事由里的几个字", "没有找到"},
      {ALL, "/search?q=++", 200, NULL, "没有找到"},
      {ALL, "/search?q=%E8%B5%B5%E4%B8%80", 200, "人员|赵一", NULL},
      {ALL, "/search?q=%E4%B8%9C%E6%B8%A0", 200, "记录：工程|还有，看全部|/ledgers/work?q=", NULL},
      {ALL, "/search?q=%E5%B7%A5%E7%A8%8B", 200, "台账", NULL},
      {ALL, "/search?q=%E4%B8%9C%E6%9D%91", 200, "组织|甲乡", NULL},
      {ALL, "/search?q=%3Cscript%3E", 200, "&lt;script&gt;", "<script>"},
  };
  answers(*state, cases, sizeof cases / sizeof *cases);
}

/* ---- export ---- */

static void exports(void **state) {
  Stand *t = *state;
  Answer a = get(t, ALL, "/ledgers/work/export.csv?q=00&sort=title&col=title");
  assert_int_equal(a.out.status, 200);
  assert_non_null(a.out.filename);
  assert_true(!strncmp(a.body, "\xEF\xBB\xBF编号,名称\r\n", strlen("\xEF\xBB\xBF编号,名称\r\n")));
  assert_int_equal(count_text(a.body, "\r\n"), 10);
  assert_true(strstr(a.body, "东渠001段") < strstr(a.body, "东渠002段"));
  done(&a);
  a = get(t, ALL, "/ledgers/work/export.csv?sort=zz");
  assert_int_equal(a.out.status, 400);
  must_have(&a, "sort", "没有导出");
  done(&a);
  a = get(t, ALL, "/ledgers/work/import.csv");
  must_have(&a, "blank", "名称,");
  done(&a);
}

/* ---- ticked rows ---- */

static int64_t id_of(Stand *t, const char *title) {
  char sql[256];
  snprintf(sql, sizeof sql, "SELECT id FROM l_work WHERE title = '%s'", title);
  int64_t id = 0;
  Error e = {0};
  TX_SCOPE tx = tx_begin(t->site->store, TX_READ, t->site->area, &e);
  if (!tx || !tx_int(tx, sql, NULL, 0, &id, NULL, &e)) fail_msg("%s", e.sentence);
  return id;
}

static void ticks(void **state) {
  Stand *t = *state;
  char form[512];
  long long one = id_of(t, "东渠001段"), two = id_of(t, "东渠002段"), west = id_of(t, "西坝1");
  static const struct { const char *as, *form, *says; int status; } wrong[] = {
      {ALL, "do=void&reason=x", "还没有勾选", 400},
      {ALL, "do=void&reason=x&id=abc", "认不出来", 400},
      {ALL, "id=1", "没有说明要做什么", 400},
      {ALL, "do=void&id=1", "请写明作废原因", 400},
      {ALL, "do=step:zz&id=99999", "1条没有", 200},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    Answer a = post(t, wrong[i].as, "/ledgers/work/bulk", wrong[i].form);
    if (a.out.status != wrong[i].status) fail_msg("%s: %d\n%s", wrong[i].form, a.out.status, a.body);
    must_have(&a, wrong[i].form, wrong[i].says);
    done(&a);
  }
  snprintf(form, sizeof form, "do=step:doing&id=%lld&id=%lld&id=%lld&_request=r1", one, two, west);
  Answer a = post(t, "east", "/ledgers/work/bulk?q=00", form);
  must_have(&a, "step", "已改为“在建”2条；1条没有改为“在建”");
  must_have(&a, "step", "value=\"00\"");
  must_lack(&a, "step", "西坝1");
  done(&a);
  a = post(t, "east", "/ledgers/work/bulk?q=00", form); /* the same form again */
  must_have(&a, "again", "已改为“在建”2条；1条没有");
  done(&a);
  snprintf(form, sizeof form, "do=void&reason=%%E9%%87%%8D%%E5%%A4%%8D&id=%lld", one);
  a = post(t, ALL, "/ledgers/work/bulk", form);
  must_have(&a, "void", "已作废1条，痕迹保留");
  done(&a);
  a = get(t, ALL, "/ledgers/work?state=void");
  must_have(&a, "void", "<tr class=\"void\">");
  must_have(&a, "void", "东渠001段");
  done(&a);
  snprintf(form, sizeof form, "do=export&id=%lld", two);
  a = post(t, ALL, "/ledgers/work/bulk", form);
  must_have(&a, "export", "东渠002段");
  must_lack(&a, "export", "东渠003段");
  done(&a);
  a = answer(t, ALL, "POST", "/ledgers/work/bulk", "application/x-www-form-urlencoded", form, strlen(form));
  assert_int_equal(a.out.status, 403); /* no token */
  done(&a);
}

/* ---- import ---- */

static const char faulty[] = "组织,开工时间,名称\r\n东村,2023-13-05,新渠甲\r\n北村,2023-05-06,新渠乙\r\n东村,2023-05-07,新渠丙\r\n";

/* The page's own hidden fields, as the browser would send them again. */
static const char *kept_of(const Answer *a) {
  const char *at = strstr(a->body, "name=\"kept.0\" value=\"");
  if (!at) fail_msg("nothing kept in\n%s", a->body);
  at += strlen("name=\"kept.0\" value=\"");
  return arena_slice(a->arena, at, strcspn(at, "\""));
}

static Answer send_kept(Stand *t, const char *as, const char *kept, const char *const *fields) {
  const char *all[16] = {"kept.0", kept, "name", "表.csv"};
  size_t n = 4;
  for (; *fields; fields++) all[n++] = *fields;
  all[n] = NULL;
  TEXT_SCOPE body = text_new(1024 * 1024);
  text_add(&body, "--x\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\ncommand-line\r\n");
  for (size_t i = 0; all[i]; i += 2) text_print(&body, "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", all[i], all[i + 1]);
  text_add(&body, "--x--\r\n");
  return answer(t, as, "POST", "/ledgers/work/import", "multipart/form-data; boundary=x", text_get(&body), body.length);
}

static void imports(void **state) {
  Stand *t = *state;
  const char *const check[] = {"do", "check", NULL};
  Answer a = upload(t, "east", "/ledgers/work/import", "表.csv", faulty, strlen(faulty), check);
  assert_int_equal(a.out.status, 400);
  must_have(&a, "faults", "共2处要改。本次未写入任何数据。");
  must_have(&a, "faults", "没有13月");
  must_have(&a, "faults", "name=\"c.2.1\" value=\"2023-13-05\"");
  must_have(&a, "faults", "name=\"c.3.0\" value=\"北村\"");
  must_have(&a, "faults", "aria-invalid=\"true\"");
  must_lack(&a, "faults", "name=\"c.4.0\"");
  const char *kept = kept_of(&a);

  Answer marked = send_kept(t, "east", kept, (const char *const[]){"do", "marked", NULL});
  must_have(&marked, "marked", "\xEF\xBB\xBF导入问题,组织,开工时间,名称");
  must_have(&marked, "marked", "没有13月");
  assert_non_null(marked.out.filename);
  /* The marked table comes back: its first column is not read. */
  Answer again = upload(t, "east", "/ledgers/work/import", "表_问题.csv", marked.body, marked.out.body.length, check);
  must_have(&again, "marked again", "共2处要改");
  done(&again);
  done(&marked);

  Answer mended = send_kept(t, "east", kept, (const char *const[]){"do", "check", "c.2.1", "2023-05-05", "c.3.0", "东村", NULL});
  assert_int_equal(mended.out.status, 200);
  must_have(&mended, "mended", "读入3行：将新增3条，修改0条");
  assert_int_equal(id_of(t, "新渠甲"), 0);
  const char *whole = kept_of(&mended);
  Answer written = send_kept(t, "east", whole, (const char *const[]){"do", "write", "_request", "i1", NULL});
  if (written.out.status != 303) fail_msg("%d\n%s", written.out.status, written.body);
  assert_true(id_of(t, "新渠甲") > 0);
  Answer told = get(t, "east", written.out.location);
  must_have(&told, "told", "已导入：新增3条，修改0条");
  must_have(&told, "told", "新渠丙");
  done(&told);
  done(&written);
  Answer twice = send_kept(t, "east", whole, (const char *const[]){"do", "write", NULL});
  assert_int_equal(twice.out.status, 409);
  must_have(&twice, "twice", "已经导入过");
  done(&twice);
  done(&mended);
  done(&a);
}

static void import_bytes(void **state) {
  /* 组织,开工时间,名称 / 东村,2023-05-08,国标 in GB18030 */
  static const char gb[] = "\xD7\xE9\xD6\xAF,\xBF\xAA\xB9\xA4\xCA\xB1\xBC\xE4,\xC3\xFB\xB3\xC6\n\xB6\xAB\xB4\xE5,2023-05-08,\xB9\xFA\xB1\xEA\n";
  static const struct { const char *file, *bytes; size_t n; int status; const char *says; } cases[] = {
      {"国标.csv", gb, sizeof gb - 1, 200, "将新增1条"},
      {"空.csv", "", 0, 400, "空.csv"},
      {"只有表头.csv", "组织,开工时间,名称\n", sizeof "组织,开工时间,名称\n" - 1, 400, "只有表头"},
      {"表.xlsx", "PK\3\4", 4, 400, "另存为“CSV UTF-8”"},
      {"坏.csv", "\0\1\2\3", 4, 400, "坏.csv"},
      {"错头.csv", "组织,开工时间,名称,zz\n东村,2023-05-08,甲,1\n", sizeof "组织,开工时间,名称,zz\n东村,2023-05-08,甲,1\n" - 1, 400, "zz"},
  };
  Stand *t = *state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Answer a = upload(t, ALL, "/ledgers/work/import", cases[i].file, cases[i].bytes, cases[i].n, (const char *const[]){"do", "check", NULL});
    if (a.out.status != cases[i].status) fail_msg("%s: %d\n%s", cases[i].file, a.out.status, a.body);
    must_have(&a, cases[i].file, cases[i].says);
    done(&a);
  }
  size_t n = 33 * 1024 * 1024;
  char *large = malloc(n);
  memset(large, 'a', n);
  Answer a = upload(t, ALL, "/ledgers/work/import", "大.csv", large, n, (const char *const[]){"do", "check", NULL});
  assert_int_equal(a.out.status, 413);
  must_have(&a, "large", "超过32兆");
  done(&a);
  free(large);
  a = post(t, ALL, "/ledgers/work/import", "do=check");
  must_have(&a, "nothing", "还没有表格");
  done(&a);
  a = post(t, ALL, "/ledgers/work/import", "do=write&kept.0=%21%21");
  must_have(&a, "broken", "不完整");
  done(&a);
  /* Pasted from a spreadsheet. */
  a = post(t, ALL, "/ledgers/work/import",
           "do=check&text=%E5%BC%80%E5%B7%A5%E6%97%B6%E9%97%B4%09%E5%90%8D%E7%A7%B0%0A2023-05-09%09%E8%B4%B4%E5%85%A5%0A&org=%E4%B8%9C%E6%9D%91");
  must_have(&a, "pasted", "将新增1条");
  done(&a);
  a = post(t, "look", "/ledgers/work/import", "do=write&text=%E5%90%8D%E7%A7%B0%0Aa");
  assert_int_equal(a.out.status, 403);
  done(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lists),   cmocka_unit_test(subtrees), cmocka_unit_test(finds),
      cmocka_unit_test(exports), cmocka_unit_test(ticks),    cmocka_unit_test(imports), cmocka_unit_test(import_bytes),
  };
  return cmocka_run_group_tests(tests, up, down);
}
