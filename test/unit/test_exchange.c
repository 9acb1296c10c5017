/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tables in and out of a site: what is written, what is refused and in which words, changing what is there,
 * and that an export goes into an empty site as the same records. Under the engine of $LUOSHI_TEST_STORE. */
#include "ledger/export.h"
#include "ledger/import.h"
#include "ledger/office.h"
#include "ledger/record.h"
#include "operation/migrate.h"

#include "base/json.h"
#include "store_fixture.h"

#include "check.h"

typedef struct Stand {
  Fixture *f;
  char folder[96];
  Site *site;
} Stand;

/* ---- a site with two villages and five people, two of one name ---- */

static const Operation *operation_named(const char *name) {
  for (size_t i = 0; i < tree_operation_count; i++)
    if (!strcmp(tree_operations[i]->name, name)) return tree_operations[i];
  for (size_t i = 0; i < record_operation_count; i++)
    if (!strcmp(record_operations[i]->name, name)) return record_operations[i];
  for (size_t i = 0; i < office_operation_count; i++)
    if (!strcmp(office_operations[i]->name, name)) return office_operations[i];
  for (size_t i = 0; i < account_operation_count; i++)
    if (!strcmp(account_operations[i]->name, name)) return account_operations[i];
  return exchange_operations[0];
}

static int64_t act(Stand *t, const char *account, const char *name, const char *input_text) {
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  JSON_SCOPE input = json_read(input_text, strlen(input_text), 100000, &e);
  if (!input) fail_msg("%s: %s", input_text, e.sentence);
  JSON_SCOPE result = NULL;
  if (!operation_run(t->site, operation_named(name), input, (OperationCall){.account = account}, &result, &issues, &e))
    fail_msg("%s: %s (%s)", input_text, e.sentence, e.cause);
  const char *id = json_string_value(json_object_get(result, "id"));
  return id ? strtoll(id, NULL, 10) : 0;
}

static void site_up(Stand *t, Fixture *f, const char *name) {
  Error e = {0};
  t->f = f;
  snprintf(t->folder, sizeof t->folder, "%s/%s", f->folder, name);
  if (!site_create(t->folder, f->postgres ? f->url : NULL, "test/unit/data/exchange", 20231220, &e) ||
      !(t->site = site_open(t->folder, false, &e)))
    fail_msg("%s (%s)", e.sentence, e.cause);
  act(t, NULL, "org.found", "{\"name\": \"甲乡\", \"kind\": \"township\", \"founded_on\": \"2000-01-01\"}");
  act(t, NULL, "org.found", "{\"name\": \"东村\", \"kind\": \"village\", \"parent\": \"甲乡\", \"founded_on\": \"2000-01-01\"}");
  act(t, NULL, "org.found", "{\"name\": \"西村\", \"kind\": \"village\", \"parent\": \"甲乡\", \"founded_on\": \"2000-01-01\"}");
}

typedef struct Done {
  Arena *arena;
  bool done;
  ImportTally tally;
  Issues issues;
  Error e;
} Done;

typedef struct How { const char *account, *org; bool as_new, rehearse; } How;

static Done import_text(Stand *t, const char *ledger, const char *csv, How how) {
  Done d = {.arena = arena_new()};
  d.issues.arena = d.arena;
  TEXT_FILE_SCOPE file = text_file_of("表.csv", csv, strlen(csv), &d.e);
  if (!file) fail_msg("%s", d.e.sentence);
  ImportTable table = {.file = file, .tally = &d.tally};
  JSON_SCOPE input = json_pack("{s:s}", "ledger", ledger);
  if (how.org) json_object_set_new(input, "org", json_string(how.org));
  if (how.as_new) json_object_set_new(input, "new", json_true());
  JSON_SCOPE result = NULL;
  OperationCall call = {.account = how.account, .attached = &table, .rehearse = how.rehearse};
  d.done = operation_run(t->site, exchange_operations[0], input, call, &result, &d.issues, &d.e);
  return d;
}

static void must_import(Stand *t, const char *ledger, const char *csv, How how, size_t fresh, size_t changed, size_t lines) {
  Done d = import_text(t, ledger, csv, how);
  for (size_t i = 0; i < d.issues.count; i++) print_error("%s\n", d.issues.at[i].sentence);
  if (!d.done) fail_msg("%s\n%s (%s)", csv, d.e.sentence, d.e.cause);
  if (d.tally.fresh != fresh || d.tally.changed != changed || d.tally.lines_read != lines)
    fail_msg("%s\n%zu new, %zu changed, %zu lines", csv, d.tally.fresh, d.tally.changed, d.tally.lines_read);
  arena_free(d.arena);
}

static const char people[] = "姓名,性别,出生日期,联系电话\n"
                             "赵一,男,1970-03-01,13900000001\n"
                             "钱二,女,1981年12月31日,\n"
                             "孙三,男,,\n"
                             "李四,男,1960.5.6,\n"
                             "李四,女,1990/7/8,\n";

static int up(void **state) {
  if (fixture_setup(state)) return -1;
  Stand *t = calloc(1, sizeof *t);
  Fixture *f = *state;
  fixture_empty(f);
  site_up(t, f, "site");
  must_import(t, "person", people, (How){0}, 5, 0, 0);
  *state = t;
  return 0;
}

static int down(void **state) {
  Stand *t = *state;
  Fixture *f = t->f;
  site_close(t->site);
  free(t);
  void *fixture = f;
  return fixture_teardown(&fixture);
}

static int64_t number(Stand *t, const char *sql) {
  Error e = {0};
  int64_t n = -1;
  TX_SCOPE tx = tx_begin(t->site->store, TX_READ, t->site->area, &e);
  if (!tx || !tx_int(tx, sql, NULL, 0, &n, NULL, &e)) fail_msg("%s: %s %s", sql, e.sentence, e.cause);
  return n;
}

static bool add_to_text(void *self, const char *bytes, size_t n, Error *e) {
  (void)e;
  text_add_n(self, bytes, n);
  return true;
}

static size_t export_text(Stand *t, const char *account, const char *name, const char *where, bool json, Text *out) {
  Error e = {0};
  ExportTally tally;
  text_clear(out);
  SESSION_SCOPE s = session_open(t->site, account, TX_READ, &e);
  const Relation *r = s ? catalogue_relation(t->site->catalogue, name, &e) : NULL;
  if (!r) fail_msg("%s", e.sentence);
  ExportAsk ask = export_ask(r, (ListAsk){.where = where, .period = period_year(2023)});
  if (!(json ? export_json : export_csv)(s, ask, add_to_text, out, &tally, &e)) fail_msg("%s (%s)", e.sentence, e.cause);
  return tally.rows;
}

static void must_audit(Stand *t) {
  Error e = {0};
  Fault fault;
  AuditSummary summary;
  TX_SCOPE tx = tx_begin(t->site->store, TX_READ, t->site->area, &e);
  if (!tx || !journal_audit(tx, t->site->catalogue, t->site->area, &t->site->key, NULL, &fault, &summary, &e))
    fail_msg("%s (%s)", e.sentence, e.cause);
  if (fault.kind != FAULT_NONE) fail_msg("%s", fault.sentence);
}

/* ---- what is taken ---- */

typedef struct Taken { const char *what, *ledger, *csv; How how; size_t fresh, lines; } Taken;
static const Taken taken[] = {
    {"columns repeated", "visit",
     "组织,走访时间,类型,主题,带队人,姓名,方式\n"
     "东村,2023-05-01,例行,春耕,赵一,钱二,上门\n"
     "东村,2023年5月1日,例行,春耕,赵一,孙三,电话\n", {0}, 1, 2},
    {"columns left blank", "visit",
     "组织,走访时间,类型,主题,带队人,姓名\n东村,2023-05-02,例行,春耕,赵一,钱二\n,,,,,孙三\n东村,,例行,,,赵一\n", {0}, 1, 3},
    {"rows of a record apart", "visit",
     "组织,走访时间,类型,主题,带队人,姓名\n东村,2023-05-03,例行,春耕,赵一,钱二\n西村,2023-05-03,例行,春耕,赵一,钱二\n"
     "东村,2023-05-03,例行,春耕,赵一,孙三\n", {0}, 2, 3},
    {"names in one cell", "visit",
     "组织,走访时间,类型,主题,带队人,姓名,方式\n东村,2023-05-04,专题,防汛,赵 一,\"钱二、孙　三,赵一\",电话\n", {0}, 1, 3},
    {"a title above, spread heads, a running number, blank rows", "visit",
     "走访台账,,,,,,\n,,,,,,\n序号,组 织,\"走访\n时间\",类　型,主题,带队人,姓名\n1,东村,2023-05-05,例行,春耕,赵一,钱二\n,,,,,,\n"
     "2,西村,2023-05-05,例行,春耕,赵一,钱二\n", {0}, 2, 2},
    {"names of fields, semicolons, names of choices", "visit",
     "org;held_on;kind;topic;host;person;people.way\n东村;20230506;usual;春耕;赵一;钱二;上门\n", {0}, 1, 1},
    {"a label of both", "visit",
     "组织,走访时间,类型,主题,带队人,姓名,走访·备注,走访对象·备注\n东村,2023-05-07,例行,春耕,赵一,钱二,整次,一人\n", {0}, 1, 1},
    {"a total instead of names", "visit",
     "组织,走访时间,类型,主题,带队人,人数\n东村,2023-05-08,例行,春耕,赵一,30\n", {0}, 1, 1},
    {"an org for all", "visit", "走访时间,类型,主题,带队人,姓名\n2023-05-09,例行,春耕,赵一,钱二\n", {.org = "西村"}, 1, 1},
    {"one of two of a name", "visit",
     "组织,走访时间,类型,主题,带队人,姓名\n东村,2023-05-10,例行,春耕,赵一,钱二\n", {0}, 1, 1},
    {"equal rows told apart", "gift",
     "组织,慰问时间,慰问品,份数,分组\n东村,2023-01-15,米,2,1\n东村,2023-01-15,米,2,2\n", {0}, 2, 0},
    {"alike rows told apart", "visit",
     "分组,组织,走访时间,类型,主题,带队人,地点,姓名\na,东村,2023-05-11,例行,春耕,赵一,村部,钱二\nb,东村,2023-05-11,例行,春耕,赵一,田头,钱二\n"
     "a,东村,2023-05-11,例行,春耕,赵一,村部,孙三\n", {0}, 2, 3},
    {"one field differs, but the day", "visit",
     "组织,走访时间,类型,主题,带队人,姓名\n东村,2023-05-12,例行,春耕,赵一,钱二\n东村,2023-05-19,例行,春耕,赵一,钱二\n", {0}, 2, 2},
    {"a state", "work", "组织,状态,开工时间,名称,来源,金额\n东村,筹备,2023-06-01,渠,县,\"1,000.50\"\n西村,done,2023-06-01,路,县,2000\n", {0}, 2, 2},
    {"the other lines", "work", "组织,开工时间,名称,实施地·村,实施地·金额\n东村,2023-06-02,桥,东村,5\n,,,西村,6\n", {0}, 1, 2},
    {"lines named", "work.sites", "组织,开工时间,名称,村,金额\n东村,2023-06-03,塘,东村,5\n", {0}, 1, 1},
    {"no lines at all", "work", "组织,开工时间,名称\n东村,2023-06-04,泵\n", {0}, 1, 0},
    {"posts", "post", "姓名,任职组织,职务,任职时间,免职时间\n赵一,甲乡,书记,2021-01-01,\n钱二,东村,委员,2021-01-01,2022-01-01\n", {0}, 2, 0},
    {"stages", "党员发展阶段", "姓名,所在支部,阶段,起始时间\n赵一,东村,正式党员,2001-07-01\n", {0}, 1, 0},
};

static void tables_are_taken(void **state) {
  Stand *t = *state;
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
    const Taken *c = &taken[i];
    print_message("  %s\n", c->what);
    int64_t revisions = number(t, "SELECT count(*) FROM revision");
    How rehearsal = c->how;
    rehearsal.rehearse = true;
    must_import(t, c->ledger, c->csv, rehearsal, c->fresh, 0, c->lines);
    assert_int_equal(number(t, "SELECT count(*) FROM revision"), revisions);
    must_import(t, c->ledger, c->csv, c->how, c->fresh, 0, c->lines);
    assert_int_equal(number(t, "SELECT count(*) FROM revision"), revisions + 1);
    Done again = import_text(t, c->ledger, c->csv, c->how);
    assert_false(again.done);
    assert_int_equal(again.e.kind, ERROR_CONFLICT);
    assert_non_null(strstr(again.e.sentence, "已经导入过"));
    arena_free(again.arena);
  }
  assert_int_equal(number(t, "SELECT count(*) FROM l_visit WHERE held_on = 20230501 AND round = 1 AND state = 'done'"), 1);
  assert_int_equal(number(t, "SELECT count(*) FROM l_visit_people p JOIN l_visit v ON v.id = p.record_id AND v.area_id = p.area_id "
                             "WHERE v.held_on = 20230504 AND p.way = '电话'"), 3);
  assert_int_equal(number(t, "SELECT headcount FROM l_visit_people WHERE headcount IS NOT NULL"), 30);
  assert_int_equal(number(t, "SELECT amount FROM l_work_funds WHERE source = '县' ORDER BY amount"), 100050);
  assert_int_equal(number(t, "SELECT count(*) FROM l_work WHERE state = 'doing'"), 3);
  assert_int_equal(number(t, "SELECT count(*) FROM l_visit WHERE note = '整次'"), 1);
  assert_int_equal(number(t, "SELECT count(*) FROM l_visit_people WHERE remark = '一人'"), 1);
  /* serials go on within an org's year, in the order of the table */
  assert_int_equal(number(t, "SELECT count(*) FROM l_visit WHERE round IS NULL"), 0);
  assert_int_equal(number(t, "SELECT max(round) FROM l_visit v JOIN org_spell s ON s.record_id = v.org_id AND s.area_id = v.area_id "
                             "WHERE s.name = '西村'"), 3);
  must_audit(t);
}

/* ---- what is refused ---- */

typedef struct Refused { const char *what, *ledger, *csv; size_t faults; const char *told[6]; } Refused;
#define HEAD "组织,走访时间,类型,主题,带队人,姓名,方式\n"
static const Refused refused[] = {
    {"cells, all at once", "visit",
     HEAD "东村,2023-13-5,例行,春耕,赵一,钱二,上门\n东村,2023-05-01,例会,春耕,赵一,钱二,上门\n东,2023-05-01,例行,,赵一,王五,走路\n", 6,
     {"第2行‘走访时间’填的是2023-13-5，没有13月，请改后重新导入。", "第3行‘类型’没有选项“例会”，是不是“例行”？", "第4行‘组织’填的是东，没有叫“东”的组织",
      "第4行缺“主题”", "第4行‘姓名’填的是王五，人员里没有“王五”", "第4行‘方式’没有选项“走路”"}},
    {"two of a name", "visit", HEAD "东村,2023-05-01,例行,春耕,赵一,李四,上门\n", 1, {"第2行‘姓名’填的是李四，人员里不止一个“李四”"}},
    {"somebody twice", "visit", HEAD "东村,2023-05-01,例行,春耕,赵一,钱二、钱二,上门\n", 1, {"第2行“钱二”在“走访对象”里已有一行"}},
    {"a record without its lines", "visit", HEAD "东村,2023-05-01,例行,春耕,赵一,,\n", 1, {"第2行“走访对象”至少要有1行"}},
    {"equal rows without lines", "gift", "组织,慰问时间,慰问品,份数\n东村,2023-01-15,米,2\n东村,2023-1-15,米,2\n", 1,
     {"第3行和第2行完全相同"}},
    {"one field of two rows differs", "visit",
     "组织,走访时间,类型,主题,带队人,地点,姓名\n东村,2023-05-01,例行,春耕,赵一,村部,钱二\n东村,2023-05-01,例行,春耕,赵一,田头,孙三\n", 1,
     {"第3行和第2行只有‘地点’不同，一处填“田头”、一处填“村部”", "分组"}},
    {"a row between two of a record", "visit",
     HEAD "东村,2023-05-01,例行,春耕,赵一,钱二,\n,,,,,赵一,\n东村,2023-05-10,例行,春耕,赵一,孙三,\n"
          "东村,2023-05-01,例行,春耕,赵一,孙三,\n", 1, {"第4行和第2行只有‘走访时间’不同"}},
    {"a mark, and fields that differ", "visit",
     "分组,组织,走访时间,类型,主题,带队人,姓名\n1,东村,2023-05-01,例行,春耕,赵一,钱二\n1,东村,2023-05-01,例行,秋收,赵一,孙三\n", 1,
     {"第3行和第2行是同一条，可‘主题’一处填“秋收”、一处填“春耕”"}},
    {"lines before any record", "visit", HEAD ",,,,,钱二,\n", 1, {"第2行只有明细"}},
    {"several names beside an amount", "work.sites", "组织,开工时间,名称,村,金额\n东村,2023-06-01,渠,东村、西村,5\n", 1,
     {"第2行‘村’里不止一个名字，又填了‘金额’"}},
    {"a village that is none", "work.sites", "组织,开工时间,名称,村,金额\n东村,2023-06-01,渠,甲乡,5\n", 1, {"第2行“村”不能填“甲乡”"}},
    {"unknown and missing heads", "visit", "组织,走访日期,类型,主题,带队人\n东村,2023-05-01,例行,春耕,赵一\n", 1,
     {"第1行第2列的表头“走访日期”不是“走访”的字段，是不是“走访时间”？"}},
    {"heads missing", "visit", "走访时间,类型,主题\n2023-05-01,例行,春耕\n", 3,
     {"表头缺“组织”一列", "表头缺“带队人”一列", "表头没有“走访对象”的字段"}},
    {"a head twice", "gift", "组织,慰问时间,慰问品,份数,份数\n东村,2023-01-15,米,2,3\n", 1, {"表头“份数”写了两次（第4列、第5列）"}},
    {"a head of two lines", "work", "组织,开工时间,名称,金额\n东村,2023-06-01,渠,5\n", 1, {"资金", "实施地"}},
    {"a head of record and lines", "visit", "组织,走访时间,类型,主题,带队人,姓名,备注\n东村,2023-05-01,例行,春耕,赵一,钱二,x\n", 1,
     {"表头“备注”在“走访”和“走访对象”里都有，请写成“走访·备注”或“走访对象·备注”"}},
    {"a record that is not there", "gift", "编号,组织,慰问时间,慰问品,份数\n99999,东村,2023-01-15,米,2\n新,东村,2023-01-15,面,2\n", 2,
     {"第2行慰问里没有编号99999", "第3行‘编号’填的是新"}},
    {"numbers", "gift", "组织,慰问时间,慰问品,份数\n东村,2023-01-15,米,两\n东村,2023-01-15,面,1.5\n", 2, {"第2行‘份数’应当是数", "第3行‘份数’应当是整数"}},
    {"before its org was founded", "gift", "组织,慰问时间,慰问品,份数\n东村,1999-01-15,米,2\n", 1, {"第2行东村在1999年1月15日还没有成立"}},
    {"a state that is none", "work", "组织,状态,开工时间,名称\n东村,停工,2023-06-01,渠\n", 1, {"第2行工程没有状态“停工”"}},
    {"a long text", "gift", "组织,慰问时间,慰问品,份数\n东村,2023-01-15,\"a\nb\",2\n", 1, {"第2行‘慰问品’要写在一行里"}},
};

static void tables_are_refused(void **state) {
  Stand *t = *state;
  int64_t revisions = number(t, "SELECT count(*) FROM revision"), changes = number(t, "SELECT count(*) FROM change");
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    const Refused *c = &refused[i];
    Done d = import_text(t, c->ledger, c->csv, (How){0});
    TEXT_SCOPE told = text_new(100000);
    for (size_t k = 0; k < d.issues.count; k++) text_print(&told, "%s%s\n", d.issues.at[k].where, d.issues.at[k].sentence);
    if (d.done || d.tally.faults != c->faults || d.issues.count != c->faults)
      fail_msg("%s: %zu faults, not %zu\n%s%s", c->what, d.tally.faults, c->faults, text_get(&told), d.e.sentence);
    for (size_t k = 0; k < 6 && c->told[k]; k++)
      if (!strstr(text_get(&told), c->told[k])) fail_msg("%s: no “%s” in\n%s", c->what, c->told[k], text_get(&told));
    arena_free(d.arena);
  }
  static const char *const broken[][3] = {
      {"visit", HEAD "东村,\"2023-05-01\n", "第2行第2列的引号没有配对"}, {"visit", HEAD, "只有表头"}, {"visit", "\n\n \n", "没有内容"},
      {"account", "账号名\n甲\n", "不能这样导入"},
  };
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    Done d = import_text(t, broken[i][0], broken[i][1], (How){0});
    if (d.done || !strstr(d.e.sentence, broken[i][2])) fail_msg("%s: %s", broken[i][1], d.e.sentence);
    arena_free(d.arena);
  }
  assert_int_equal(number(t, "SELECT count(*) FROM revision"), revisions);
  assert_int_equal(number(t, "SELECT count(*) FROM change"), changes);
}

/* More faults than are kept are counted; nothing is written although the first rows were right. */
static void faults_are_bounded(void **state) {
  Stand *t = *state;
  TEXT_SCOPE csv = text_new(TEXT_CEILING);
  text_add(&csv, "组织,慰问时间,慰问品,份数\n");
  for (int i = 0; i < 3000; i++) text_print(&csv, "东村,2023-01-15,米%d,%s\n", i, i < 1000 ? "1" : "x");
  Done d = import_text(t, "gift", text_get(&csv), (How){0});
  assert_false(d.done);
  assert_int_equal(d.tally.faults, 2000);
  assert_int_equal(d.issues.count, 1000);
  assert_int_equal(number(t, "SELECT count(*) FROM l_gift"), 0);
  arena_free(d.arena);
}

/* ---- changing what is there ---- */

static void records_are_changed(void **state) {
  Stand *t = *state;
  must_import(t, "visit",
              "组织,走访时间,类型,主题,带队人,地点,保密内容,姓名,方式,走访对象·备注\n"
              "东村,2023-05-01,例行,春耕,赵一,村部,甲,钱二,上门,好\n,,,,,,,孙三,电话,中\n西村,2023-05-02,例行,春耕,赵一,村部,,钱二,上门,\n",
              (How){0}, 2, 0, 3);
  int64_t id = number(t, "SELECT id FROM l_visit WHERE held_on = 20230501");
  int64_t line = number(t, "SELECT id FROM l_visit_people WHERE way = '电话'");
  TEXT_SCOPE csv = text_new(10000);
  /* columns that the table does not have stay, a blank empties, a line goes on by its name, others stay */
  text_print(&csv, "编号,主题,地点,姓名,方式\n%lld,秋收,,孙三,上门\n%lld,,,赵一,电话\n", (long long)id, (long long)id);
  must_import(t, "visit", text_get(&csv), (How){0}, 0, 1, 2);
  assert_int_equal(number(t, "SELECT count(*) FROM l_visit WHERE held_on = 20230501 AND topic = '秋收' AND place IS NULL AND secret IS NOT NULL"), 1);
  assert_int_equal(number(t, "SELECT count(*) FROM l_visit_people WHERE way = '上门' AND remark = '中'"), 1);
  assert_int_equal(number(t, "SELECT count(*) FROM l_visit_people"), 4);
  /* a line by its id may get another name */
  text_clear(&csv);
  text_print(&csv, "编号,行编号,姓名\n%lld,%lld,李四#%lld\n", (long long)id, (long long)line,
             (long long)number(t, "SELECT max(id) FROM person"));
  must_import(t, "visit", text_get(&csv), (How){0}, 0, 1, 1);
  assert_int_equal(number(t, "SELECT count(*) FROM l_visit_people WHERE remark = '中' AND person = (SELECT max(id) FROM person)"), 1);
  /* an export that was not touched changes nothing, sealed cells included */
  TEXT_SCOPE all = text_new(TEXT_CEILING);
  int64_t changes = number(t, "SELECT count(*) FROM change");
  export_text(t, NULL, "visit", NULL, false, &all);
  Done d = import_text(t, "visit", text_get(&all), (How){0});
  if (!d.done) fail_msg("%s", d.e.sentence);
  assert_int_equal(d.tally.same, 2);
  assert_int_equal(d.tally.changed + d.tally.fresh, 0);
  arena_free(d.arena);
  assert_int_equal(number(t, "SELECT count(*) FROM change"), changes + 1); /* the note of the import */
  /* states go their way */
  must_import(t, "work", "组织,开工时间,名称\n东村,2023-06-04,泵\n", (How){0}, 1, 0, 0);
  text_clear(&csv);
  text_print(&csv, "编号,状态\n%lld,筹备\n", (long long)number(t, "SELECT id FROM l_work"));
  d = import_text(t, "work", text_get(&csv), (How){0});
  assert_false(d.done);
  assert_string_equal(d.issues.at[0].where, "第2行");
  assert_non_null(strstr(d.issues.at[0].sentence, "“在建”的记录不能改为“筹备”"));
  arena_free(d.arena);
  text_clear(&csv);
  text_print(&csv, "编号,状态\n%lld,完工\n", (long long)number(t, "SELECT id FROM l_work"));
  must_import(t, "work", text_get(&csv), (How){0}, 0, 1, 0);
  must_audit(t);
}

/* ---- whose rows they are ---- */

static void rights_are_checked(void **state) {
  Stand *t = *state;
  act(t, NULL, "account.open", "{\"name\": \"east\", \"role\": \"clerk\", \"org\": \"东村\"}");
  act(t, NULL, "account.open", "{\"name\": \"look\", \"role\": \"reader\", \"org\": \"东村\"}");
  static const char csv[] = "组织,慰问时间,慰问品,份数\n东村,2023-01-15,米,2\n西村,2023-01-15,米,2\n";
  Done d = import_text(t, "gift", csv, (How){.account = "east"});
  assert_false(d.done);
  assert_int_equal(d.issues.count, 1);
  assert_string_equal(d.issues.at[0].where, "第3行");
  assert_non_null(strstr(d.issues.at[0].sentence, "您登记或修改的权限限于东村"));
  arena_free(d.arena);
  d = import_text(t, "gift", csv, (How){.account = "look"});
  assert_false(d.done);
  assert_int_equal(d.e.kind, ERROR_FORBIDDEN);
  arena_free(d.arena);
  must_import(t, "gift", csv, (How){0}, 2, 0, 0);
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  assert_int_equal(export_text(t, "east", "gift", NULL, false, &out), 1);
  assert_null(strstr(text_get(&out), "西村"));
  /* somebody else's record is not there */
  TEXT_SCOPE theirs = text_new(1000);
  text_print(&theirs, "编号,份数\n%lld,9\n", (long long)number(t, "SELECT max(id) FROM l_gift"));
  d = import_text(t, "gift", text_get(&theirs), (How){.account = "east"});
  assert_false(d.done);
  assert_non_null(strstr(d.issues.at[0].sentence, "不在您的权限内"));
  arena_free(d.arena);
}

/* ---- out and in again ---- */

static bool read_file(void *self, uint64_t offset, char *to, size_t room, size_t *got, Error *e) {
  return text_file_at(self, offset, to, room, got, e);
}

/* The table without 编号 and 行编号, which differ from site to site. */
static void without_ids(const char *csv, Text *out) {
  Error e = {0};
  TEXT_FILE_SCOPE file = text_file_of("x", csv, strlen(csv), &e);
  CSV_SCOPE r = csv_open((CsvSource){file, read_file}, &e);
  CsvRow row;
  size_t drop[2] = {SIZE_MAX, SIZE_MAX};
  while (csv_next(r, &row, &e) == CSV_ROW) {
    for (size_t i = 0; i < row.count; i++) {
      if (row.number == 1 && !strcmp(row.cells[i], "编号")) drop[0] = i;
      if (row.number == 1 && !strcmp(row.cells[i], "行编号")) drop[1] = i;
      if (i != drop[0] && i != drop[1]) text_print(out, "%s|", row.cells[i]);
    }
    text_add_char(out, '\n');
  }
  assert_int_equal(e.kind, ERROR_NONE);
}

static void exports_are_imports(void **state) {
  Stand *t = *state;
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    must_import(t, taken[i].ledger, taken[i].csv, taken[i].how, taken[i].fresh, 0, taken[i].lines);
  must_import(t, "gift", "组织,慰问时间,慰问品,份数\n东村,2023-01-16,'=1+1,2\n东村,2023-01-16,'@米;\"\"面,3\n", (How){0}, 2, 0, 0);
  act(t, NULL, "record.save",
      "{\"ledger\": \"visit\", \"org\": \"东村\", \"held_on\": \"2023-08-01\", \"kind\": \"专题\", \"topic\": \"=a,\\\"b\\\"\", \"host\": \"赵一\","
      " \"note\": \"一行\\n二行,\\r\\n-三\", \"cost\": \"-12.50\", \"secret\": \"+86 1\", \"people\": [{\"person\": \"钱二\", \"pin\": \"=x\"}]}");
  static const char *const names[] = {"person", "post", "stage", "gift", "visit", "work.sites"};
  Fixture *other = NULL;
  void *fixture = NULL;
  assert_int_equal(fixture_setup_empty(&fixture), 0);
  other = fixture;
  Stand empty = {0};
  site_up(&empty, other, "other");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    TEXT_SCOPE first = text_new(TEXT_CEILING);
    TEXT_SCOPE second = text_new(TEXT_CEILING);
    TEXT_SCOPE a = text_new(TEXT_CEILING);
    TEXT_SCOPE b = text_new(TEXT_CEILING);
    size_t rows = export_text(t, NULL, names[i], NULL, false, &first);
    assert_true(rows > 0);
    Done d = import_text(&empty, names[i], text_get(&first), (How){.as_new = true});
    for (size_t k = 0; k < d.issues.count; k++) print_error("%s\n", d.issues.at[k].sentence);
    if (!d.done) fail_msg("%s: %s (%s)\n%s", names[i], d.e.sentence, d.e.cause, text_get(&first));
    assert_int_equal(d.tally.rows, rows);
    arena_free(d.arena);
    export_text(&empty, NULL, names[i], NULL, false, &second);
    without_ids(text_get(&first), &a);
    without_ids(text_get(&second), &b);
    const char *x = text_get(&a), *y = text_get(&b);
    while (*x && *x == *y) x++, y++;
    if (*x || *y) fail_msg("%s differ from\n%.200s\n---\n%.200s", names[i], x, y);
  }
  must_audit(&empty);
  site_close(empty.site);
  fixture_teardown(&fixture);
}

static void lines_are_chosen(void **state) {
  Stand *t = *state;
  must_import(t, "visit", HEAD "东村,2023-05-01,例行,春耕,赵一,钱二,上门\n,,,,,孙三,电话\n西村,2023-05-02,例行,春耕,赵一,钱二,上门\n", (How){0}, 2, 0, 3);
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  assert_int_equal(export_text(t, NULL, "visit.people", "way = '电话'", false, &out), 1);
  assert_non_null(strstr(text_get(&out), "孙三,电话"));
  assert_int_equal(export_text(t, NULL, "visit", "held_on = 2023-05-02", false, &out), 1);
  /* as json every record is what record.save takes */
  assert_int_equal(export_text(t, NULL, "visit", NULL, true, &out), 2);
  Error e = {0};
  JSON_SCOPE all = json_read(text_get(&out), out.length, TEXT_CEILING, &e);
  if (!all) fail_msg("%s\n%s", e.sentence, text_get(&out));
  json_t *rows = json_object_get(all, "rows");
  assert_int_equal(json_array_size(rows), 2);
  assert_int_equal(json_array_size(json_object_get(json_array_get(rows, 0), "people")), 2);
  assert_int_equal(export_text(t, NULL, "visit.people", "way = '上门'", true, &out), 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, up, down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(tables_are_taken),   TEST(tables_are_refused),  TEST(faults_are_bounded), TEST(records_are_changed),
      TEST(rights_are_checked), TEST(exports_are_imports), TEST(lines_are_chosen),
  };
  return cmocka_run_group_tests_name("exchange", tests, NULL, NULL);
}
