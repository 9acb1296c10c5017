/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A good profile becomes what it says; each wrong declaration is named at its place, with the nearest
 * known word, and all of a profile's errors come together. */
#include <string.h>

#include "relation/catalogue.h"
#include "relation/filter.h"
#include "relation/row.h"

#include "check.h"

static const char profile_yaml[] = "profile: office\nlabel: 测试\nreporter: title = '书记'\n";
static const char codes_yaml[] = "codes:\n"
                                 "  - {name: schooling, of: [小学, 初中, 高中], ordered: true}\n"
                                 "  - {name: post_title, of: [书记, 委员]}\n";

static Catalogue *load(Arena *a) {
  Issues issues = {.arena = a};
  Error e = {0};
  Catalogue *c = catalogue_load(a, "test/unit/data/office", NULL, &issues, &e);
  for (size_t i = 0; i < issues.count; i++) print_error("%s %s\n", issues.at[i].where, issues.at[i].sentence);
  if (!c) fail_msg("%s", e.sentence);
  return c;
}

static void a_good_profile(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Error e;
  const Catalogue *c = load(a);
  assert_string_equal(c->profile.label, "测试办公室");
  const Relation *talk = catalogue_find(c, "talk"), *present = catalogue_find(c, "talk.present");
  assert_non_null(talk);
  assert_ptr_equal(catalogue_relation(c, "谈话", &e), talk);
  assert_ptr_equal(present->parent, talk);
  assert_ptr_equal(talk->lines[0], present);
  assert_string_equal(present->table, "l_talk_present");
  static const char *const columns[] = {"id",   "org",  "state", "void_reason", "held_on", "round",
                                        "kind", "host", "note",  "open",        "secret",  "sealed_on"};
  assert_int_equal(talk->column_count, 12);
  for (size_t i = 0; i < 12; i++) assert_string_equal(talk->columns[i].name, columns[i]);
  static const char *const lines[] = {"id", "record", "pos", "headcount", "sheet", "person", "way", "remark"};
  assert_int_equal(present->column_count, 8);
  for (size_t i = 0; i < 8; i++) assert_string_equal(present->columns[i].name, lines[i]);
  assert_string_equal(talk->columns[1].sql, "org_id");
  assert_string_equal(talk->columns[1].ref->name, "org");
  assert_int_equal(talk->state_count, 2);
  assert_string_equal(talk->states[0].name, "draft");
  assert_true(talk->states[1].counts && !talk->states[0].counts);
  assert_string_equal(codes_choice(talk->columns[2].codes, "作废")->name, STATE_VOID);
  assert_true(present->total && present->min == 1 && present->fill);
  assert_string_equal(talk->traits[0].fields[1][1], "present");
  const Relation *plan = catalogue_find(c, "plan");
  assert_int_equal(plan->ends, plan->date + 1);
  assert_string_equal(plan->columns[plan->title].name, "title");
  assert_ptr_equal(relation_column(plan, "talk")->ref, talk);
  const Relation *person = catalogue_core(c, "person");
  assert_int_equal(person->org, -1);
  assert_string_equal(person->seen_in[0]->name, "stage");
  assert_int_equal(catalogue_core(c, "org")->org, 0);
  assert_null(catalogue_core(c, "talk"));
}

static void measures_say_what_they_count(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Error e;
  const Catalogue *c = load(a);
  const Measure *m = catalogue_measure(c, "talks.rounds", &e);
  assert_string_equal(m->label, "谈话活动");
  assert_string_equal(m->where_text, "org.kind = 'township' and some present (way in ('到会', '线上'))");
  assert_true(m->fold == FOLD_DISTINCT && m->key_count == 1 && m->on.column->own_date);
  m = catalogue_measure(c, "talks.person_times", &e);
  assert_string_equal(m->where_text, "org.kind = 'township' and way in ('到会', '线上') and host = reporter");
  assert_true(m->rows->parent && m->org.parent && m->on.parent && m->fold == FOLD_COUNT);
  m = catalogue_measure(c, "talks.cost", &e);
  assert_string_equal(m->unit, "元");
  assert_string_equal(m->say.unit, "万元");
  assert_string_equal(m->on.column->name, "due_on");
  m = catalogue_measure(c, "talks.mean_cost", &e);
  assert_true(m->key_count == 2 && !m->org.parent);
  m = catalogue_measure(c, "secretaries.mean_age", &e);
  assert_true(m->value.age && m->value.via && m->when == WHEN_ASOF);
  assert_string_equal(m->unit, "岁");
  assert_string_equal(m->from.column->name, "started_on");
  assert_string_equal(m->to.column->name, "ended_on");
  assert_int_equal(catalogue_measure(c, "secretaries.started", &e)->when, WHEN_STARTED);
  assert_null(catalogue_measure(c, "talks.round", &e));
  assert_string_equal(e.sentence, "没有指标“talks.round”，是不是“talks.rounds”？");
  assert_null(catalogue_relation(c, "谈活", &e));
  assert_string_equal(e.sentence, "没有台账“谈活”，是不是“谈话”？");
}

/* ---- wrong declarations ---- */

typedef struct Wrong {
  const char *file, *yaml;
  const char *where, *sentence; /* one of the issues; sentence a part of it */
} Wrong;

#define HEAD "ledger: talk\nlabel: 谈话\ndate: {name: held_on, label: 时间}\n"
#define FIELD(x) HEAD "fields:\n  - " x "\n"
#define PEOPLE                                                                                                         \
  "lines:\n  - {name: people, label: 人, fields: [{name: person, label: 姓名, type: person}, {name: way, label: "   \
  "方式, "                                                                                                           \
  "type: choice, of: [到会, 线上]}]}\n"
#define SET(x) HEAD PEOPLE "sets:\n  - name: talks\n    label: 谈话\n    measures:\n      - " x "\n"
#define L "ledgers/talk.yaml"

#define D "duties/a.yaml"
#define DUTY(more) "duties:\n  - {name: d, label: 甲, owed_by: is_branch, met_by: post, every: month, " more "}\n"

static const Wrong wrongs[] = {
    {L, "", L ":1", "文件是空的"},
    {L, "ledger: [a\n", L ":2", "YAML写法有误"},
    {L, "ledger: talk\n\tlabel: x\n", L ":1", "YAML写法有误"},
    {L, "ledger: &a talk\nlabel: *a\n", L ":1", "不支持锚点"},
    {L, "ledger: !x talk\n", L ":1", "不支持锚点"},
    {L, "ledger: talk\nledger: talk\n", L ":2", "YAML写法有误"},
    {L, HEAD "---\na: b\n", L ":5", "一个文件只能有一份文档"},
    {L, "[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]", L ":1", "层次太深"},
    {L, "ledger: \xff\n", L ":1", "不是UTF-8"},
    {L, "- a\n", L ":1", "一组"},
    {L, HEAD "fileds: []\n", L ":4 talk.fileds", "没有“fileds”这个键，是不是“fields”？"},
    {L, "label: 谈话\n", L ":1 ledger", "缺少这个键"},
    {L, "ledger: talk\ndate: {name: d, label: 日}\n", L ":1 talk.label", "缺少这个键"},
    {L, "ledger: talk\nlabel: 谈话\n", L ":1 talk.date", "缺少日期"},
    {L, "ledger: Talk\nlabel: 谈话\n", L ":1 ledger", "不合规"},
    {L, "ledger: under\nlabel: 谈话\n", L ":1 ledger", "保留字"},
    {L, "ledger: person\nlabel: 谈话\ndate: {name: d, label: 日}\n", L ":1 person.ledger", "已经有了"},
    {L, "ledger: talk\nlabel: 人员\ndate: {name: d, label: 日}\n", L ":1 talk.ledger", "名称“人员”已被“person”使用"},
    {L, "ledger: a234567890123456789012345678901234567890123\nlabel: 谈话\n", L ":1 ledger", "不合规"},
    {L, FIELD("{name: kind, lable: 类型}"), L ":5 talk.fields[0].lable", "是不是“label”？"},
    {L, FIELD("{name: kind}"), L ":5 talk.fields[0].label", "缺少这个键"},
    {L, FIELD("{name: 2kind, label: 类型}"), L ":5 talk.fields[0].name", "不合规"},
    {L, FIELD("{name: org, label: 类型}"), L ":5 talk.fields[0].name", "系统自带"},
    {L, FIELD("{name: kind, label: 类型, type: choise, of: [a]}"), L ":5 talk.fields[0].type", "是不是“choice”？"},
    {L, FIELD("{name: kind, label: 类型, type: choice}"), L ":5 talk.fields[0].of", "缺少选项"},
    {L, FIELD("{name: kind, label: 类型, type: choice, of: [甲, 乙, 甲]}"), L ":5 talk.fields[0].of[2]", "重复"},
    {L, FIELD("{name: kind, label: 类型, type: choice, of: [{name: a, label: 甲}, {name: 甲}]}"),
     L ":5 talk.fields[0].of[1]", "重复"},
    {L, FIELD("{name: kind, label: 类型, type: code, of: scooling}"), L ":5 talk.fields[0].of",
     "没有代码表“scooling”，是不是“schooling”？"},
    {L, FIELD("{name: kind, label: 类型, type: ref, of: persom}"), L ":5 talk.fields[0].of", "是不是“person”？"},
    {L, FIELD("{name: kind, label: 类型, type: ref}"), L ":5 talk.fields[0].of", "缺少这个键"},
    {L, FIELD("{name: kind, label: 类型, type: int, of: [a]}"), L ":5 talk.fields[0].of", "只有choice"},
    {L, FIELD("{name: kind, label: 类型, required: maybe}"), L ":5 talk.fields[0].required", "不是true或false"},
    {L, FIELD("{name: kind, label: 类型, type: money, scale: 3}"), L ":5 talk.fields[0].scale", "只有decimal"},
    {L, FIELD("{name: kind, label: 类型, type: decimal, scale: 12}"), L ":5 talk.fields[0].scale", "0到9的整数"},
    {L, FIELD("{name: kind, label: 类型, type: flag, default: 大概}"), L ":5 talk.fields[0].default", "是或否"},
    {L, FIELD("{name: kind, label: 类型, type: choice, of: [定期], default: 定其}"), L ":5 talk.fields[0].default",
     "是不是“定期”？"},
    {L, FIELD("{name: kind, label: 类型, needed_in: [doen]}"), L ":5 talk.fields[0].needed_in[0]",
     "没有状态“doen”，是不是“done”？"},
    {L, FIELD("{name: kind, label: 类型, among: \"a = 1\"}"), L ":5 talk.fields[0].among", "只有org"},
    {L, FIELD("{name: v, label: 村, type: org, among: \"knd = 'village'\"}"), L ":5 talk.fields[0].among",
     "是不是“kind”？"},
    {L, FIELD("{name: a, label: 甲}\n  - {name: a, label: 乙}"), L ":6 talk.fields[1].name", "写了两次"},
    {L, FIELD("{name: held_on, label: 甲}"), L ":5 talk.fields[0].name", "写了两次"},
    {L, FIELD("{name: a, label: 甲, was: held_on}"), L ":5 talk.fields[0].name", "曾用名"},
    {L, FIELD("{name: a, label: 甲, sensitive: true, type: person}"), L ":5 talk.fields[0].sensitive", "不能加密"},
    {L, HEAD "fields: {a: b}\n", L ":4 talk.fields", "应当是一个列表"},
    {L, HEAD "title: nam\n", L ":4 talk.title", "没有“nam”这个字段"},
    {L, HEAD "lines: [{name: p, label: 人}]\n", L ":4 talk.lines[0]", "没有字段"},
    {L, HEAD "lines: [{use: presence}]\n", L ":4 talk.lines[0].use", "没有共用明细“presence”"},
    {L, HEAD "lines: [{name: p, label: 人, fields: [{name: held_on, label: 时间}]}]\n",
     L ":4 talk.lines[0].fields[0].name", "一个名字只能有一个意思"},
    {L, HEAD "lines: [{name: held_on, label: 人, fields: [{name: x, label: 时间}]}]\n", L ":4 talk.lines[0].name",
     "同名"},
    {L, HEAD "lines: [{name: p, label: 人, min: many, fields: [{name: x, label: 时间}]}]\n", L ":4 talk.lines[0].min",
     "整数"},
    {L, HEAD "lines: [{name: p, label: 人, fill: \"titel = '书记'\", fields: [{name: x, label: 时间}]}]\n",
     L ":4 talk.lines[0].fill", "是不是“title”？"},
    {L, HEAD PEOPLE "terms: [{name: held, is: \"held_on in period\"}, {name: held, is: \"held_on is missing\"}]\n",
     L ":6 talk.terms[1].name", "写了两次"},
    {L, HEAD "terms: [{name: a, is: b}, {name: b, is: a}]\n", L ":4 talk.terms[0].is", "绕回到自己"},
    {L, HEAD "terms: [{name: held_on, is: held_on is missing}]\n", L ":4 talk.terms[0].name", "与一个字段同名"},
    {L, HEAD "states: [{name: void, label: 作废}]\n", L ":4 talk.states[0].name", "系统自带"},
    {L, HEAD "states: [{name: a, label: 甲}]\n", L ":4 talk.states", "没有一个状态计入统计"},
    {L, HEAD "states: [{name: a, label: 甲, counts: true, next: [b]}]\n", L ":4 talk.states[0].next[0]", "没有状态“b”"},
    {L, HEAD "states: [{name: a, label: 甲, counts: true}, {name: a, label: 乙}]\n", L ":4 talk.states[1].name",
     "重复"},
    {L, HEAD "trait: {name: lief}\n", L ":4 talk.trait.name", "是不是“life”？"},
    {L, HEAD "trait: {name: life, kind: knd}\n", L ":4 talk.trait.kind", "没有“knd”"},
    {L, SET("{name: rounds, unit: 轮, were: a}"), L ":10 talk.sets[0].measures[0].were", "是不是“where”？"},
    {L, SET("{name: rounds}"), L ":10 talk.sets[0].measures[0].unit", "缺少单位"},
    {L, SET("{name: rounds, unit: 轮, where: \"kind = '党客'\"}"), L ":10 talk.sets[0].measures[0].where",
     "没有字段“kind”"},
    {L, SET("{name: rounds, unit: 轮, rows: people, where: \"way = '道会'\"}"), L ":10 talk.sets[0].measures[0].where",
     "是不是“到会”？"},
    {L, SET("{name: rounds, unit: 轮, rows: peple}"), L ":10 talk.sets[0].measures[0].rows", "是不是“people”？"},
    {L, SET("{name: rounds, unit: 轮, when: evnt}"), L ":10 talk.sets[0].measures[0].when", "是不是“event”？"},
    {L, SET("{name: rounds, unit: 轮, when: asof}"), L ":10 talk.sets[0].measures[0].when", "没有起止日期"},
    {L, SET("{name: rounds, unit: 轮, on: held_o}"), L ":10 talk.sets[0].measures[0].on", "是不是“held_on”？"},
    {L, SET("{name: rounds, unit: 轮, on: state}"), L ":10 talk.sets[0].measures[0].on", "不是日期"},
    {L, SET("{name: rounds, unit: 轮, org: state}"), L ":10 talk.sets[0].measures[0].org", "不是组织"},
    {L, SET("{name: rounds, unit: 轮, distinct: id, sum: id}"), L ":10 talk.sets[0].measures[0]", "只能写一个"},
    {L, SET("{name: rounds, unit: 轮, sum: state}"), L ":10 talk.sets[0].measures[0].sum", "不是数"},
    {L, SET("{name: rounds, unit: 轮, rows: people, sum: age(person.birth)}"), L ":10 talk.sets[0].measures[0].sum",
     "不能求和"},
    {L, SET("{name: rounds, unit: 轮, per: id}"), L ":10 talk.sets[0].measures[0].per", "只和mean一起用"},
    {L, SET("{name: rounds, unit: 轮, say: {as: 余}}"), L ":10 talk.sets[0].measures[0].say.as", "要写step"},
    {L, SET("{name: rounds, unit: 轮, lag: 11}"), L ":10 talk.sets[0].measures[0].lag", "-1到10的整数"},
    {L, SET("{name: rounds, unit: 轮, lag: -2}"), L ":10 talk.sets[0].measures[0].lag", "-1到10的整数"},
    {L, SET("{name: a, unit: 轮}\n      - {name: a, label: 甲, unit: 轮}"), L ":11 talk.sets[0].measures[1].name",
     "写了两次"},
    {L, SET("{name: a, unit: 轮}\n      - {name: b, unit: 轮}"), L ":11 talk.sets[0].measures[1].label", "缺少这个键"},
    {L, SET("{name: a, unit: 轮, where: (way = '到会'}"), L ":10 talk.sets[0].measures[0].where", "第2个字处"},
    {"sets/a.yaml", "sets:\n  - {name: s, label: 甲, measures: [{name: a, unit: 个}]}\n", "sets/a.yaml:2 sets[0].from",
     "缺少这个键"},
    {"sets/a.yaml", "sets:\n  - {name: s, label: 甲, from: pots, measures: []}\n", "sets/a.yaml:2 sets[0].from",
     "是不是“post”？"},
    {"sets/a.yaml", "sets:\n  - {name: s, label: 甲, from: person, measures: [{name: a, unit: 个}]}\n",
     "sets/a.yaml:2 sets[0].measures[0]", "没有日期"},
    {"sets/a.yaml", "set: []\n", "sets/a.yaml:1 set", "是不是“sets”？"},
    {"statements.yaml", "statement: []\n", "statements.yaml:1 statement", "是不是“statements”？"},
    {"statements.yaml", "statements:\n  - {name: s, label: 甲}\n", "statements.yaml:2 statements[0].checks", "缺少checks"},
    {"statements.yaml", "statements:\n  - {name: s, label: 甲, checks: [{measure: people.personz, some: true}]}\n",
     "statements.yaml:2 statements[0].checks[0].measure", "没有指标"},
    {"statements.yaml", "statements:\n  - {name: s, label: 甲, checks: [{falls: [a.b]}]}\n",
     "statements.yaml:2 statements[0].checks[0].falls", "至少要两项"},
    {"statements.yaml", "statements:\n  - {name: s, label: 甲, checks: [{some: true, all: true}]}\n",
     "statements.yaml:2 statements[0].checks[0]", "中的一个"},
    {"ledgers/s.yaml",
     "shared:\n  - {name: p, label: 人, fields: [{name: x, label: 甲}]}\n  - {name: p, label: 人, fields: []}\n",
     "ledgers/s.yaml:3 shared[1].name", "已经有了"},
    {"codes2", "codes: []\n", "codes2", "不认识这个文件"},
    {D, "duty: []\n", D ":1 duty", "是不是“duties”？"},
    {D, "duties: {a: b}\n", D ":1 duties", "应当是一个列表"},
    {D, DUTY("nam: x"), D ":2 duties[0].nam", "是不是“name”？"},
    {D, "duties:\n  - {name: d}\n", D ":2 duties[0].owed_by", "缺少这个键"},
    {D, "duties:\n  - {name: d}\n", D ":2 duties[0].met_by", "缺少这个键"},
    {D, "duties:\n  - {name: d}\n", D ":2 duties[0].every", "缺少这个键"},
    {D, "duties:\n  - {name: d, label: 甲, owed_by: is_brunch, met_by: post, every: year}\n", D ":2 duties[0].owed_by",
     "是不是“is_branch”？"},
    {D, "duties:\n  - {name: d, label: 甲, owed_by: is_branch, met_by: pots, every: year}\n", D ":2 duties[0].met_by",
     "是不是“post”？"},
    {D, "duties:\n  - {name: d, label: 甲, owed_by: is_branch, met_by: 任职, every: year}\n", D ":2 duties[0].met_by",
     "要写台账的英文名"},
    {D, "duties:\n  - {name: d, label: 甲, owed_by: is_branch, met_by: org.spell, every: year}\n",
     D ":2 duties[0].met_by", "是明细"},
    {D, "duties:\n  - {name: d, label: 甲, owed_by: is_branch, met_by: person, every: year}\n", D ":2 duties[0].met_by",
     "不分组织"},
    {D, "duties:\n  - {name: d, label: 甲, owed_by: is_branch, met_by: post, every: yaer}\n", D ":2 duties[0].every",
     "是不是“year”？"},
    {D, DUTY("where: titel = '书记'"), D ":2 duties[0].where", "是不是“title”？"},
    {D, DUTY("where: title = '书己'"), D ":2 duties[0].where", "是不是“书记”？"},
    {D, DUTY("where: person = reporter"), D ":2 duties[0].where", "不能用reporter"},
    {D, DUTY("where: started_on in period"), D ":2 duties[0].where", "不能用reporter"},
    {D, DUTY("where: started_on in month(5)"), D ":2 duties[0].where", "不能用reporter"},
    {D, DUTY("where: age(person.birth) > 50"), D ":2 duties[0].where", "不能用reporter"},
    {D, DUTY("where: org under here"), D ":2 duties[0].where", "不能用reporter"},
    {D, DUTY("on: title"), D ":2 duties[0].on", "没有日期字段“title”"},
    {D, DUTY("period: start_on"), D ":2 duties[0].period", "是不是“started_on”？"},
    {D, DUTY("count: 0"), D ":2 duties[0].count", "1到100的整数"},
    {D, DUTY("by: 32"), D ":2 duties[0].by", "1到31的整数"},
    {D, DUTY("grace: -1"), D ":2 duties[0].grace", "0到366的整数"},
    {D, DUTY("soon: 一周"), D ":2 duties[0].soon", "整数"},
    {D, DUTY("by: 5") "  - {name: d, label: 乙, owed_by: is_branch, met_by: post, every: year}\n", D ":3 duties[1].name",
     "已经有了"},
    {D, DUTY("by: 5") "  - {name: e, label: 甲, owed_by: is_branch, met_by: post, every: year}\n",
     D ":3 duties[1].label", "已被职责“d”使用"},
};

static const Issue *issue_at(const Issues *issues, const char *where, const char *part) {
  for (size_t i = 0; i < issues->count; i++)
    if (strcmp(issues->at[i].where, where) == 0 && strstr(issues->at[i].sentence, part)) return &issues->at[i];
  return NULL;
}

static void wrong_declarations(void **state) {
  (void)state;
  size_t bad = 0;
  for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
    const Wrong *w = &wrongs[i];
    ARENA_SCOPE a = arena_new();
    Issues issues = {.arena = a};
    Error e = {0};
    ProfileFile files[] = {{"profile.yaml", profile_yaml, strlen(profile_yaml)},
                           {w->file, w->yaml, strlen(w->yaml)},
                           {"codes.yaml", codes_yaml, strlen(codes_yaml)}};
    const Catalogue *c = catalogue_read(a, files, 3, &issues, &e);
    if (!c && issue_at(&issues, w->where, w->sentence)) continue;
    bad++;
    print_error("%zu: wanted %s … %s\n", i, w->where, w->sentence);
    for (size_t k = 0; k < issues.count; k++)
      print_error("     got %s %s\n", issues.at[k].where, issues.at[k].sentence);
  }
  assert_int_equal(bad, 0);
}

static void all_errors_of_all_files_at_once(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  const char *one = FIELD("{name: kind, label: 类型, type: choise}\n  - {name: x, lable: 甲}"),
             *two = "sets: [{name: s}]\n";
  ProfileFile files[] = {{"ledgers/talk.yaml", one, strlen(one)}, {"sets/s.yaml", two, strlen(two)}};
  assert_null(catalogue_read(a, files, 2, &issues, &e));
  assert_non_null(issue_at(&issues, L ":5 talk.fields[0].type", "choice"));
  assert_non_null(issue_at(&issues, L ":6 talk.fields[1].lable", "label"));
  assert_non_null(issue_at(&issues, "sets/s.yaml:1 sets[0].from", "缺少"));
  assert_non_null(issue_at(&issues, "profile.yaml", "缺少profile.yaml"));
  assert_int_equal(e.kind, ERROR_INVALID);
}

static void a_strange_folder(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  assert_null(catalogue_load(a, "test/unit/data/none", NULL, &issues, &e));
  assert_non_null(strstr(e.sentence, "打不开规则文件夹"));
}

static void what_is_gone_is_kept(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  Catalogue *c = load(a);
  static const Layout old[] = {
      {"talk", "kind", "choice"},      {"talk", "mood", "choice"},   {"talk", "phone", "text sensitive"},
      {"trip", "org", "ref"},          {"trip", "state", "choice"},  {"trip", "price", "decimal(2)"},
      {"trip.stops", "record", "ref"}, {"trip.stops", "pos", "int"}, {"plan", "heading", "text"}};
  assert_true(catalogue_adopt(c, old, sizeof old / sizeof *old, &e));
  const Relation *talk = catalogue_find(c, "talk"), *trip = catalogue_find(c, "trip"),
                 *stops = catalogue_find(c, "trip.stops");
  assert_int_equal(talk->column_count, 14);
  assert_true(talk->columns[12].retired && talk->columns[13].sensitive);
  assert_true(trip->retired && stops->parent == trip && relation_column(trip, "price")->scale == 2);
  assert_string_equal(relation_column(stops, "record")->sql, "record_id");
  assert_int_equal(relation_index(catalogue_find(c, "plan"), "heading"), -1); /* renamed, not retired */
  assert_null(filter_parse(a, c, talk, "mood = 'x'", "", NULL, &e));
  Row row = row_new(a, talk);
  row.v[12] = value_text("好");
  TEXT_SCOPE body = text_new(1000);
  row_body(row, &body);
  assert_string_equal(text_get(&body), "{\"mood\":\"好\"}");
}

static void much_that_is_gone_is_kept(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  Catalogue *c = load(a);
  size_t before = catalogue_find(c, "talk")->column_count;
  Layout old[66];
  for (size_t i = 0; i < 66; i++) old[i] = (Layout){"talk", arena_print(a, "gone_%zu", i), "text"};
  assert_true(catalogue_adopt(c, old, 64, &e));
  const Relation *talk = catalogue_find(c, "talk");
  assert_int_equal(talk->column_count, before + 64);
  for (size_t i = 0; i < 64; i++) assert_true(relation_column(talk, old[i].name)->retired);
  assert_non_null(filter_parse(a, c, talk, "kind = '定期'", "", NULL, &e));
  assert_false(catalogue_adopt(load(a), old, 66, &e));
  assert_int_equal(e.kind, ERROR_LIMIT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(much_that_is_gone_is_kept),
      cmocka_unit_test(a_good_profile),
      cmocka_unit_test(measures_say_what_they_count),
      cmocka_unit_test(wrong_declarations),
      cmocka_unit_test(all_errors_of_all_files_at_once),
      cmocka_unit_test(a_strange_folder),
      cmocka_unit_test(what_is_gone_is_kept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
