/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Every operator on real rows, under whichever engine the fixture opens: which rows match, which stay
 * undecided, that a filter and its `not` part every relation, and that its text means the same again.
 * Wrong filters are named at their place. */
#include "store_fixture.h"

#include "relation/filter.h"
#include "relation/row.h"

#include "check.h"

static Catalogue *load(Arena *a) {
  Issues issues = {.arena = a};
  Error e = {0};
  Catalogue *c = catalogue_load(a, "test/unit/data/office", NULL, &issues, &e);
  if (!c) fail_msg("%s", e.sentence);
  return c;
}

/* ---- rows ---- */

#define NONE INT64_MIN /* a missing integer */

typedef struct Site {
  Fixture *f;
  Arena *a;
  const Catalogue *c;
  Tx *tx;
} Site;

static void put(Site *s, int64_t area, const char *relation, int64_t id, const char *names, ...) {
  const Relation *r = catalogue_find(s->c, relation);
  Row row = row_new(s->a, r);
  row.v[0] = value_int(id);
  if (r->state >= 0) row.v[r->state] = value_text("done");
  if (r->parent) *row_at(row, "pos") = value_int(1);
  va_list args;
  va_start(args, names);
  char *list = arena_copy(s->a, names), *save = NULL;
  for (char *name = strtok_r(list, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
    Value *v = row_at(row, name);
    assert_non_null(v);
    if (v->kind == VALUE_INT) {
      int64_t i = va_arg(args, int64_t);
      if (i != NONE) *v = value_int(i);
    } else {
      const char *text = va_arg(args, const char *);
      if (text) *v = value_text(text);
    }
  }
  va_end(args);
  Value *binds = NEW_ARRAY(s->a, Value, r->column_count + 1);
  binds[0] = value_int(area);
  memcpy(binds + 1, row.v, sizeof(Value) * r->column_count);
  OK(s->f, tx_exec(s->tx, row_upsert_sql(s->a, r), binds, r->column_count + 1, NULL, &s->f->e));
}

static void span(Site *s, int64_t top, int64_t org, int64_t from, int64_t to) {
  Value binds[] = {value_int(1), value_int(top), value_int(org), value_int(from), value_int(to)};
  OK(s->f, tx_exec(s->tx,
                   "INSERT INTO \"org_span\" (\"area_id\", \"top_id\", \"org_id\", \"from_on\", \"to_on\") VALUES ($1, "
                   "$2, $3, $4, $5)",
                   binds, 5, NULL, &s->f->e));
}

#define I(n) ((int64_t)(n))

static void fill_core(Site *s) {
  static const char *const kinds[] = {"township", "village_branch", "unit_branch", "village"};
  for (int64_t i = 1; i <= 4; i++) put(s, 1, "org", i, "founded_on kind", I(20000101), kinds[i - 1]);
  put(s, 1, "org.spell", 91, "record from_on name parent", I(1), I(20000101), "安乐乡", NONE);
  put(s, 1, "org.spell", 92, "record from_on name parent", I(2), I(20000101), "河沿村党支部", I(1));
  put(s, 1, "org.spell", 93, "record from_on name parent", I(2), I(20230401), "河口村党支部", I(1));
  put(s, 1, "org.spell", 94, "record from_on name parent", I(3), I(20000101), "机关支部", I(1));
  put(s, 1, "org.spell", 95, "record from_on name parent", I(4), I(20000101), "河口村", I(1));
  for (int64_t i = 1; i <= 4; i++) span(s, 1, i, 20000101, DATE_END);
  span(s, 2, 2, 20000101, DATE_END);
  span(s, 3, 3, 20000101, DATE_END);
  span(s, 4, 4, 20000101, DATE_END);
  span(s, 2, 3, 20000101, 20230601); /* the unit's branch stood under 2 and moved away in June */
  put(s, 1, "person", 1, "name birth schooling sex", "张三", I(19730630), "高中", "男");
  put(s, 1, "person", 2, "name birth schooling sex", "李四", I(20000229), NULL, "女");
  put(s, 1, "person", 3, "name birth schooling sex", "王五", NONE, "本科", NULL);
}

static void fill(Site *s) {
  fill_core(s);
  put(s, 1, "talk", 11, "org held_on round kind host note open", I(1), I(20230310), I(1), "定期", I(1), "学习，党建",
      I(1));
  put(s, 1, "talk", 12, "org held_on round kind host note open", I(2), I(20230531), I(1), "问题", I(2), NULL, I(0));
  put(s, 1, "talk", 13, "org held_on round kind host note open sealed_on", I(3), I(20230615), I(2), "warning", NONE, "",
      NONE, I(20230701));
  put(s, 1, "talk", 14, "org held_on round kind host note open sealed_on", I(3), I(20230515), NONE, NULL, I(3),
      "党建100%_'a'", NONE, I(20230515));
  put(s, 2, "talk", 11, "org held_on round kind host note open", I(1), I(20230310), I(1), "定期", I(1), "另一个区",
      I(1));
  put(s, 1, "talk.present", 21, "record person way", I(11), I(1), "到会");
  put(s, 1, "talk.present", 22, "record person way", I(11), I(2), "请假");
  put(s, 1, "talk.present", 23, "record person way headcount", I(12), NONE, NULL, I(30));
  put(s, 1, "talk.present", 24, "record person way", I(13), I(3), "请假");
  put(s, 1, "talk.matters", 31, "record due_on matter village cost ready", I(11), I(20230401), "修路", I(4), I(200000),
      I(1));
  put(s, 1, "talk.matters", 32, "record due_on matter village cost ready", I(12), NONE, "修桥", NONE, NONE, NONE);
  put(s, 1, "talk.matters", 33, "record due_on matter village cost ready", I(13), I(20230701), "修桥", I(2), I(99999),
      I(0));
  put(s, 1, "plan", 41, "org month ended_on title size land count year talk", I(1), I(20230501), NONE, "甲", I(125),
      I(100), I(7), I(20230101), I(11));
  put(s, 1, "plan", 42, "org month ended_on title size land count year talk", I(2), I(20230701), I(20231231), "乙",
      NONE, I(200), NONE, I(20220101), NONE);
}

static void open_site(Site *s) {
  static const char *const relations[] = {"org", "org.spell", "person", "talk", "talk.present", "talk.matters", "plan"};
  s->c = load(s->a);
  TEXT_SCOPE ddl = text_new(100000);
  for (size_t i = 0; i < sizeof relations / sizeof *relations; i++)
    relation_ddl(catalogue_find(s->c, relations[i]), &ddl);
  text_add(
      &ddl,
      "CREATE TABLE \"org_span\" (\"area_id\" {int} NOT NULL, \"top_id\" {int} NOT NULL, \"org_id\" {int} NOT NULL, "
      "\"from_on\" {int} NOT NULL, \"to_on\" {int} NOT NULL, PRIMARY KEY (\"area_id\", \"top_id\", \"org_id\", "
      "\"from_on\")) {strict};");
  run_ddl(s->f, text_get(&ddl));
  s->tx = tx_begin(s->f->store, TX_WRITE, 1, &s->f->e);
  OK(s->f, s->tx);
  fill(s);
}

/* ---- which rows ---- */

static FilterScope scope(int64_t here) {
  return (FilterScope){.area = 1, .here = here, .period = period_quarter(2023, 2), .reporter = 1};
}

typedef enum { PART_TRUE, PART_NOT, PART_NULL, PART_STRICT, PART_ALL } Part;

/* Ids of a part of the relation, as "11 12". */
static const char *ids(Site *s, const Relation *r, const Filter *f, Part part, int64_t here) {
  Query q;
  query_begin(&q, s->a, s->c, r, scope(here));
  const char *test = query_filter(&q,
                                  part == PART_NOT   ? filter_not(s->a, f)
                                  : part == PART_ALL ? NULL
                                                     : f,
                                  part == PART_NULL || part == PART_STRICT);
  const char *area = query_area(&q);
  const char *sql = arena_print(s->a, "SELECT t.\"id\" FROM %s WHERE %s AND %s%s ORDER BY t.\"id\"", query_from(&q),
                                area, test, part == PART_NULL ? " IS NULL" : "");
  STMT_SCOPE st = stmt_open(s->tx, sql, q.binds, q.bind_count, &s->f->e);
  if (!st) fail_msg("%s (%s)\n%s", s->f->e.sentence, s->f->e.cause, sql);
  TEXT_SCOPE out = text_new(1000);
  Step step;
  while ((step = stmt_step(st, &s->f->e)) == STEP_ROW)
    text_print(&out, "%s%d", out.length ? " " : "", (int)stmt_int(st, 0));
  if (step == STEP_FAILED) fail_msg("%s (%s)\n%s", s->f->e.sentence, s->f->e.cause, sql);
  query_end(&q);
  return arena_copy(s->a, text_get(&out));
}

static bool has(const char *list, const char *id) {
  const char *at = strstr(list, id);
  return at && (at[2] == 0 || at[2] == ' ');
}

/* Where nothing is missing, both forms agree; where something is, `not` may well match. */
static void parts_are_a_partition(const char *text, const char *all, const char *yes, const char *no, const char *null,
                                  const char *strict) {
  for (const char *at = all; *at; at += at[2] ? 3 : 2) {
    char id[3] = {at[0], at[1], 0};
    if (has(yes, id) == has(no, id)) fail_msg("%s: %s stands in %s", text, id, has(yes, id) ? "both" : "neither");
    if (has(strict, id) != (has(yes, id) && !has(null, id))) fail_msg("%s: %s differs when strict", text, id);
  }
}

typedef struct Case {
  const char *relation, *text;
  const char *matches, *undecided;
  int64_t here;
} Case;

static const Case cases[] = {
    /* compare */
    {"talk", "round = 1", "11 12", "14"},
    {"talk", "round != 1", "13", "14"},
    {"talk", "1 < round", "13", "14"},
    {"talk", "not round = 1", "13 14", "14"},
    {"talk", "kind = '提醒'", "13", "14"},
    {"talk", "kind in ('warning', '问题')", "12 13", "14"},
    {"talk", "held_on >= 2023-05-31", "12 13", ""},
    {"talk", "held_on < '2023年5月31日'", "11 14", ""},
    {"talk", "held_on in (2023-03-10, 2023-05-15)", "11 14", ""},
    {"talk", "open", "11", "13 14"},
    {"talk", "not open", "12 13 14", "13 14"},
    {"talk", "open = false", "12", "13 14"},
    {"talk", "sealed_on > held_on", "13", "11 12"},
    {"talk", "state = '已完成'", "11 12 13 14", ""},
    {"talk", "state = 'void'", "", ""},
    {"talk", "id = 13", "13", ""},
    /* and, or, not */
    {"talk", "round = 1 and open", "11", "14"},
    {"talk", "round = 2 and open", "", "13 14"},
    {"talk", "round = 1 or open", "11 12", "13 14"},
    {"talk", "not (round = 1 or not open)", "", "13 14"},
    {"talk", "not not round = 1", "11 12", "14"},
    /* missing, contains */
    {"talk", "kind is missing", "14", ""},
    {"talk", "kind is not missing", "11 12 13", ""},
    {"talk", "secret is missing", "11 12 13 14", ""},
    {"talk", "note contains '党建'", "11 14", "12"},
    {"talk", "note contains '%'", "14", "12"},
    {"talk", "note contains '''a'''", "14", "12"},
    {"talk", "note = ''", "13", "12"},
    /* periods: the asked one is 2023Q2 */
    {"talk", "held_on in period", "12 13 14", ""},
    {"talk", "held_on in year(2023)", "11 12 13 14", ""},
    {"talk", "held_on in month(2023, 5)", "12 14", ""},
    {"talk", "held_on in month(5)", "12 14", ""},
    {"talk", "held_on in quarter(1)", "11", ""},
    {"talk", "held_on in half(2023, 2)", "", ""},
    {"talk", "held_on in span(2023-05-15, 2023-05-31)", "12 14", ""},
    {"talk", "sealed_on in month(2023, 7)", "13", "11 12"},
    {"plan", "month in period", "41", ""},
    {"plan", "month = 2023-07", "42", ""},
    {"plan", "year = 2022", "42", ""},
    {"plan", "year in year(2023)", "41", ""},
    {"plan", "ended_on is missing or ended_on > month", "41 42", ""},
    {"plan", "size >= 12.5", "41", "42"},
    {"plan", "land > 1.5", "42", ""},
    {"plan", "count = 7", "41", "42"},
    /* references */
    {"talk", "org.kind = '乡镇党委'", "11", ""},
    {"talk", "org.is_branch", "12 13 14", ""},
    {"talk", "not org.is_branch", "11", ""},
    {"talk", "host.schooling >= '高中'", "11 14", "12 13"},
    {"talk", "host.schooling < '高中'", "", "12 13"},
    {"talk", "host.schooling > '本科'", "", "12 13"},
    {"talk", "age(host.birth) = 50", "11", "13 14"},
    {"talk", "age(host.birth) <= 23", "12", "13 14"},
    {"talk", "age(host.birth) in (50, 60)", "11", "13 14"},
    {"talk", "age(host.birth) != 50", "12", "13 14"},
    {"talk", "age(host.birth) > 49", "11", "13 14"},
    {"talk", "host = reporter", "11", "13"},
    {"talk", "host != reporter", "12 14", "13"},
    {"talk", "host = '张三'", "11", "13"},
    {"talk", "host != '张三'", "12 14", "13"},
    {"talk", "host in ('张三', '王五')", "11 14", "13"},
    {"talk", "host = 2", "12", "13"},
    {"talk", "org = '河沿村党支部'", "12", ""},
    {"talk", "org = '河口村党支部'", "12", ""},
    {"plan", "talk.round = 1", "41", "42"},
    /* under: on the row's own date */
    {"talk", "org under here", "11 12 13 14", "", 0},
    {"talk", "org under here", "11 12 13 14", "", 1},
    {"talk", "org under here", "12 14", "", 2},
    {"talk", "org under '河口村党支部'", "12 14", ""},
    {"talk", "org under '没有这个村'", "", ""},
    {"talk.matters", "village under here", "31", "32", 4},
    {"talk.matters", "village under here", "31 33", "32", 0},
    {"talk.matters", "village under '河口村'", "31", "32"},
    {"person", "sex = '男'", "1", "3"},
    {"org", "id under here", "2", "", 2},
    {"org", "is_village", "4", ""},
    /* lines */
    {"talk", "some present", "11 12 13", ""},
    {"talk", "no present", "14", ""},
    {"talk", "some present (came)", "11", "12"},
    {"talk", "no present (came)", "12 13 14", "12"},
    {"talk", "some present (person.schooling >= '高中' and way = '请假')", "13", "12 11"},
    {"talk", "some matters (cost >= 1000 and org.is_township)", "11", ""},
    {"talk", "some matters (cost < 1000 and held_on in year(2023))", "13", "12"},
    {"talk", "some matters (ready) and some present", "11", "12"},
    {"talk", "some matters (some present (way = '请假'))", "11 13", "12"},
    {"talk", "weighty", "11 12", "14"},
    {"talk.present", "came", "21", "23"},
    {"talk.present", "came and host = reporter", "21", ""},
    {"talk.present", "weighty", "21 22 23", ""},
    {"talk.present", "org.is_township", "21 22", ""},
    {"talk.present", "record.kind = '定期'", "21 22", ""},
    {"talk.present", "person = host", "21", "23 24"},
    {"talk.present", "some matters (ready)", "21 22", "23"},
    {"talk.present", "headcount > 10", "23", "21 22 24"},
    {"talk.matters", "due_on in period", "31", "32"},
    {"talk.matters", "cost = 2000", "31", "32"},
    {"talk.matters", "village.is_village", "31", "32"},
};

/* Order of ids in `undecided` does not matter. */
static bool same_ids(const char *want, const char *got) {
  if (strlen(want) != strlen(got)) return false;
  for (const char *at = want; *at; at += at[1] == 0 || at[1] == ' ' ? (at[1] ? 2 : 1) : (at[2] ? 3 : 2)) {
    char id[3] = {at[0], at[1] == ' ' ? 0 : at[1], 0};
    if (!strstr(got, id)) return false;
  }
  return true;
}

static void one_case(Site *s, const Case *k) {
  Error e = {0};
  const Relation *r = catalogue_find(s->c, k->relation);
  Filter *f = filter_parse(s->a, s->c, r, k->text, "", NULL, &e);
  if (!f) fail_msg("%s: %s", k->text, e.sentence);
  const char *yes = ids(s, r, f, PART_TRUE, k->here), *null = ids(s, r, f, PART_NULL, k->here);
  if (!same_ids(k->matches, yes)) fail_msg("%s: wanted “%s”, got “%s”", k->text, k->matches, yes);
  if (!same_ids(k->undecided, null)) fail_msg("%s: undecided should be “%s”, is “%s”", k->text, k->undecided, null);
  if (*null && !filter_can_miss(f)) fail_msg("%s: cannot miss, but does", k->text);
  if (r->parent || strcmp(k->relation, "talk") == 0)
    parts_are_a_partition(k->text, ids(s, r, NULL, PART_ALL, 0), yes, ids(s, r, f, PART_NOT, k->here), null,
                          ids(s, r, f, PART_STRICT, k->here));
  TEXT_SCOPE once = text_new(10000);
  TEXT_SCOPE twice = text_new(10000);
  filter_text(f, &once);
  Filter *again = filter_parse(s->a, s->c, r, text_get(&once), "", NULL, &e);
  if (!again) fail_msg("%s → %s: %s", k->text, text_get(&once), e.sentence);
  filter_text(again, &twice);
  assert_string_equal(text_get(&once), text_get(&twice));
  if (strcmp(yes, ids(s, r, again, PART_TRUE, k->here)) != 0)
    fail_msg("%s means something else as %s", k->text, text_get(&once));
}

static void every_operator_on_rows(void **state) {
  ARENA_SCOPE a = arena_new();
  Site s = {.f = *state, .a = a};
  open_site(&s);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) one_case(&s, &cases[i]);
  tx_rollback(s.tx);
}

/* A record's filter said from its lines keeps a line exactly when it keeps its record. */
static void from_the_line(void **state) {
  static const struct {
    const char *lines, *at[4][2];
  } of[] = {{"talk.present", {{"21", "11"}, {"22", "11"}, {"23", "12"}, {"24", "13"}}},
            {"talk.matters", {{"31", "11"}, {"32", "12"}, {"33", "13"}}}};
  ARENA_SCOPE a = arena_new();
  Site s = {.f = *state, .a = a};
  Error e = {0};
  open_site(&s);
  const Relation *talk = catalogue_find(s.c, "talk");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    if (strcmp(cases[i].relation, "talk") != 0) continue;
    Filter *f = filter_parse(a, s.c, talk, cases[i].text, "", NULL, &e);
    const char *records = ids(&s, talk, f, PART_TRUE, cases[i].here);
    for (size_t k = 0; k < 2; k++) {
      const Relation *line = catalogue_find(s.c, of[k].lines);
      const char *lines = ids(&s, line, filter_from_line(a, f, line), PART_TRUE, cases[i].here);
      for (size_t l = 0; l < 4 && of[k].at[l][0]; l++)
        if (has(lines, of[k].at[l][0]) != has(records, of[k].at[l][1]))
          fail_msg("%s: line %s", cases[i].text, of[k].at[l][0]);
    }
  }
  tx_rollback(s.tx);
}

/* The bound on the birth date agrees with date_age on every day around birthdays and leap days. */
static void ages_agree(void **state) {
  (void)state;
  static const Date births[] = {20000228, 20000229, 20000301, 19991231, 20000101, 20010228, 20010301};
  static const Date lasts[] = {20230228, 20230301, 20240228, 20240229, 20240301, 20231231, 20240101};
  for (size_t i = 0; i < 7; i++)
    for (size_t k = 0; k < 7; k++) {
      int age = date_age(births[i], lasts[k]);
      assert_true(births[i] <= lasts[k] - age * 10000 && births[i] > lasts[k] - (age + 1) * 10000);
      assert_int_equal((lasts[k] - births[i]) / 10000, age);
    }
}

/* ---- wrong filters ---- */

static const struct {
  const char *text, *part;
} wrongs[] = {
    {"", "条件是空的"},
    {"kind", "后面缺少比较"},
    {"kind =", "条件没有写完"},
    {"kind = '问题", "引号没有收尾"},
    {"kind = ‘问题’", "第8个字处：文字要用英文单引号"},
    {"kind = \"问题\"", "不认识这个符号"},
    {"kind == '问题' )", "多出来的"},
    {"(kind = '问题'", "缺少“)”"},
    {"kind = '问题' kind = '定期'", "要用and或or连接"},
    {"knd = '问题'", "第1个字处：“谈话”没有字段“knd”，是不是“kind”？"},
    {"kind = '党客'", "“类型”没有选项“党客”"},
    {"kind = '提性'", "是不是“提醒”？"},
    {"kind > '问题'", "没有大小先后"},
    {"kind = 3", "单引号括起来的选项"},
    {"kind not in ('问题')", "not要写在条件的最前面"},
    {"kind in ()", "括号里要写值"},
    {"kind in ('问题',)", "括号里要写值"},
    {"round = '三'", "要和数比较"},
    {"round = 1.5", "是整数"},
    {"round = 1a", "数字后面紧跟着字母"},
    {"held_on = 5", "日期（2023-05-01）"},
    {"held_on = 2023-02-30", "要和日期"},
    {"held_on in month(13)", "1到12"},
    {"held_on in month(2023, 13)", "1到12"},
    {"held_on in week(3)", "in后面要写"},
    {"held_on in span(2023-05-02, 2023-05-01)", "请对调"},
    {"kind in period", "不是日期"},
    {"org under 3", "under后面要写here"},
    {"kind under here", "不是组织"},
    {"kind is null", "missing"},
    {"round contains '1'", "不是文字"},
    {"note contains ''", "不能是空的"},
    {"note contains note", "英文单引号括起来的文字"},
    {"secret = 'a'", "隐私项"},
    {"secret contains 'a'", "隐私项"},
    {"some people", "没有明细“people”"},
    {"some presnt (came)", "是不是“present”？"},
    {"some present (cam)", "是不是“came”？"},
    {"host.nam = 'a'", "第6个字处：“人员”没有字段“nam”，是不是“name”？"},
    {"kind.name = 'a'", "不是对组织、人员或台账的引用"},
    {"host.id_number = '1'", "隐私项"},
    {"org.kind.x = 'a'", "多出来的"},
    {"host = reporter.name", "多出来的"},
    {"kind = reporter", "reporter是人"},
    {"reporter", "缺少比较"},
    {"1 = 1", "比较的一边要是字段"},
    {"age(kind) > 3", "日期字段"},
    {"age(host.birth) > 50.5", "是整数"},
    {"age(host.birth) > 300", "0到200"},
    {"weighty = true", "术语本身就是条件"},
    {"host = org", "不能这样比较"},
    {"host > 3", "没有大小先后"},
    {"host in ('张三', 3)", "同一种值"},
    {"year in month(2023, 1)", "没有字段“year”"},
};

static void wrong_filters(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  const Catalogue *c = load(a);
  const Relation *talk = catalogue_find(c, "talk");
  size_t bad = 0;
  for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
    Error e = {0};
    if (!filter_parse(a, c, talk, wrongs[i].text, "", NULL, &e) && strstr(e.sentence, wrongs[i].part)) continue;
    print_error("%s: wanted %s, got %s\n", wrongs[i].text, wrongs[i].part, e.sentence);
    bad++;
  }
  assert_int_equal(bad, 0);
  Error e = {0};
  assert_null(filter_parse(a, c, catalogue_find(c, "plan"), "year in month(2023, 1)", "", NULL, &e));
  assert_non_null(strstr(e.sentence, "只到年"));
}

static void all_wrong_names_at_once(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  const Catalogue *c = load(a);
  const char *text = "knd = '问题' or (host.nam = 'a' and some presnt) and kind = '党客'";
  assert_null(filter_parse(a, c, catalogue_find(c, "talk"), text, "talk.yaml:3 talk.where", &issues, &e));
  assert_int_equal(issues.count, 4);
  assert_string_equal(issues.at[3].where, "talk.yaml:3 talk.where");
}

static void repeat(Text *t, const char *s, size_t n) {
  while (n--) text_add(t, s);
}

static void limits(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  const Catalogue *c = load(a);
  const Relation *talk = catalogue_find(c, "talk");
  static const struct {
    const char *head, *more, *tail;
    size_t n;
    bool good;
  } texts[] = {
      {"", "(", "open", 31, false},           {"open", " or open", "", 150, true},
      {"open", " or open", "", 300, false},   {"open", " or weighty", "", 150, false},
      {"", "not ", "open", 31, true},         {"", "not ", "open", 32, false},
      {"note = '", "党", "'", 2000, false},   {"round in (1", ",2", ")", 150, true},
      {"round in (1", ",2", ")", 250, false},
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    Error e = {0};
    TEXT_SCOPE t = text_new(100000);
    text_add(&t, texts[i].head);
    repeat(&t, texts[i].more, texts[i].n);
    text_add(&t, texts[i].tail);
    bool good = filter_parse(a, c, talk, text_get(&t), "", NULL, &e) != NULL;
    if (good != texts[i].good) fail_msg("%zu: %s", i, e.sentence);
    if (!good) assert_true(*e.sentence);
  }
}

static bool note(const Relation *r, const Column *column, void *context) {
  text_print(context, "%s.%s ", r->name, column->name);
  return strcmp(column->name, "round") != 0;
}

static void columns_are_visited(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  const Catalogue *c = load(a);
  Error e = {0};
  TEXT_SCOPE seen = text_new(1000);
  Filter *f = filter_parse(a, c, catalogue_find(c, "talk"), "host.sex = '男' and some present (came) and host = '张三'",
                           "", NULL, &e);
  assert_true(filter_columns(f, note, &seen));
  assert_string_equal(text_get(&seen), "person.sex talk.present.way talk.host person.name ");
  text_clear(&seen);
  f = filter_parse(a, c, catalogue_find(c, "talk"), "round = 1 and open", "", NULL, &e);
  assert_false(filter_columns(f, note, &seen));
  assert_false(
      filter_can_miss(filter_parse(a, c, catalogue_find(c, "talk"), "held_on in period and no present", "", NULL, &e)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(every_operator_on_rows, fixture_setup, fixture_teardown),
      cmocka_unit_test_setup_teardown(from_the_line, fixture_setup, fixture_teardown),
      cmocka_unit_test(ages_agree),
      cmocka_unit_test(wrong_filters),
      cmocka_unit_test(all_wrong_names_at_once),
      cmocka_unit_test(limits),
      cmocka_unit_test(columns_are_visited),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
