/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A profile of one ledger with a handful of rows, for the tests of figures and reports. Everything happens
 * in one transaction that is never committed. */
#ifndef LUOSHI_TEST_FIGURE_SITE_H
#define LUOSHI_TEST_FIGURE_SITE_H

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/session.h"
#include "store_fixture.h"

static const char site_profile[] = "profile: test\n"
                                   "label: 测试乡镇\n"
                                   "reporter: org.is_township and title = '书记'\n";
static const char site_codes[] = "codes:\n"
                                 "  - {name: schooling, ordered: true, of: [初中, 高中, 大专]}\n"
                                 "  - {name: post_title, of: [书记, 委员]}\n";
static const char site_ledger[] =
    "ledger: talk\n"
    "label: 谈话\n"
    "date: {name: held_on, label: 时间}\n"
    "title: topic\n"
    "fields:\n"
    "  - {name: round, label: 轮次, type: serial}\n"
    "  - {name: kind, label: 类型, type: choice, of: [甲, 乙]}\n"
    "  - {name: topic, label: 主题}\n"
    "  - {name: leader, label: 主持人, type: person}\n"
    "  - {name: grade, label: 年度, type: year}\n"
    "  - {name: closed_on, label: 办结时间, type: date}\n"
    "  - {name: cost, label: 费用, type: money}\n"
    "lines:\n"
    "  - name: people\n"
    "    label: 人员\n"
    "    total: true\n"
    "    fields:\n"
    "      - {name: person, label: 姓名, type: person, required: true}\n"
    "      - {name: way, label: 方式, type: choice, of: [到会, 请假]}\n"
    "      - {name: score, label: 得分, type: int}\n"
    "    terms: [{name: present, is: way = '到会'}]\n"
    "  - name: funds\n"
    "    label: 资金\n"
    "    date: {name: granted_on, label: 拨付时间}\n"
    "    fields:\n"
    "      - {name: village, label: 村, type: org, required: true}\n"
    "      - {name: amount, label: 金额, type: money}\n"
    "      - {name: note, label: 备注}\n"
    "sets:\n"
    "  - name: talk\n"
    "    label: 谈话\n"
    "    measures:\n"
    "      - {name: count, unit: 次}\n"
    "      - {name: kind_a, label: 甲类谈话, unit: 次, where: kind = '甲'}\n"
    "      - {name: kind_not_a, label: 非甲类谈话, unit: 次, where: not kind = '甲'}\n"
    "      - {name: led, label: 主持谈话, unit: 次, where: leader = reporter}\n"
    "      - {name: closed, label: 办结谈话, unit: 次, on: closed_on}\n"
    "      - {name: ever, label: 累计谈话, unit: 次, when: upto}\n"
    "      - {name: graded, label: 上年度谈话, unit: 次, on: grade, lag: 1}\n"
    "      - {name: due, label: 下年度谈话, unit: 次, on: grade, lag: -1}\n"
    "      - {name: rounds, label: 谈话轮次, unit: 轮, distinct: round}\n"
    "      - {name: rounds_ever, label: 累计轮次, unit: 轮, distinct: round, when: upto}\n"
    "      - {name: kinds, label: 谈话类型, unit: 个, distinct: kind}\n"
    "      - {name: cost, label: 谈话费用, unit: 元, sum: cost, scale: 1}\n"
    "      - {name: mean_cost, label: 平均费用, unit: 元, mean: cost, scale: 1}\n"
    "      - {name: share_a, label: 甲类比例, unit: \"%\", share: kind = '甲'}\n"
    "  - name: people\n"
    "    label: 谈话人次\n"
    "    measures:\n"
    "      - {name: times, unit: 人次, rows: people, where: present}\n"
    "      - {name: about, label: 谈话人次约数, unit: 人次, rows: people, where: present, say: {as: 余, step: 10}}\n"
    "      - {name: persons, label: 谈话人数, unit: 人, rows: people, where: present, distinct: person}\n"
    "      - {name: score, label: 得分合计, unit: 分, rows: people, sum: score}\n"
    "      - {name: mean_score, label: 人均得分, unit: 分, rows: people, mean: score, per: person}\n"
    "      - {name: share, label: 到会率, unit: \"%\", rows: people, share: present}\n"
    "      - {name: first, label: 到会人数, unit: 人, rows: people, where: present and round = 1, distinct: [person]}\n"
    "  - name: funds\n"
    "    label: 资金\n"
    "    measures:\n"
    "      - {name: yuan, unit: 元, rows: funds, sum: amount, org: village, say: {unit: 万元, scale: 1}}\n"
    "      - {name: least, label: 资金下限, unit: 元, rows: funds, sum: amount, org: village, say: {unit: 万元, scale: 1, as: 以上}}\n"
    "      - {name: per_village, label: 村均资金, unit: 元, rows: funds, mean: amount, per: [village, granted_on], org: village}\n";
static const char site_sets[] =
    "sets:\n"
    "  - {name: held, label: 在任书记, from: post, when: asof, where: title = '书记', measures: ["
    "{name: persons, unit: 人, distinct: person},"
    "{name: mean_age, label: 平均年龄, unit: 岁, mean: age(person.birth)},"
    "{name: young, label: 年轻书记, unit: \"%\", share: age(person.birth) <= 40}]}\n"
    "  - {name: taken_up, label: 新任书记, from: post, when: started, measures: [{name: count, unit: 人}]}\n"
    "  - {name: left, label: 卸任书记, from: post, when: ended, measures: [{name: count, unit: 人}]}\n";

/* relation, id, then `column=value`; integers as stored */
static const char *const site_rows[][3] = {
    {"org", "1", "kind=township founded_on=20000101"},
    {"org", "2", "kind=village founded_on=20000101"},
    {"org", "3", "kind=village founded_on=20000101"},
    {"org", "4", "kind=village_branch founded_on=20000101"},
    {"org.spell", "11", "record=1 pos=1 from_on=20000101 name=甲乡"},
    {"org.spell", "12", "record=2 pos=1 from_on=20000101 name=东村 parent=1"},
    {"org.spell", "13", "record=3 pos=1 from_on=20000101 name=西村 parent=1"},
    {"org.spell", "14", "record=4 pos=1 from_on=20000101 name=东村党支部 parent=2"},
    {"org.spell", "15", "record=4 pos=2 from_on=20230601 name=东村党支部 parent=3"},
    {"person", "50", "name=赵一 birth=19700301"},
    {"person", "51", "name=钱二 birth=19801231"},
    {"person", "52", "name=孙三 birth=19900615"},
    {"person", "53", "name=李四"},
    {"post", "60", "org=1 person=50 title=书记 started_on=20200101"},
    {"post", "61", "org=4 person=51 title=书记 started_on=20210101 ended_on=20230901"},
    {"post", "62", "org=4 person=52 title=书记 started_on=20230901"},
    {"closure", "70", "org=1 ledger=talk from_on=20200101 to_on=20201231"},
    {"talk", "101", "org=4 held_on=20230310 round=1 kind=甲 topic=春耕 leader=50 grade=20220101 closed_on=20230701 cost=10000"},
    {"talk", "102", "org=4 held_on=20230810 round=1 kind=乙 topic=秋收<b> leader=51 grade=20230101 cost=25050"},
    {"talk", "103", "org=2 held_on=20230520 round=1 topic=防汛 grade=20220101 closed_on=20240105"},
    {"talk", "104", "org=4 held_on=20220401 round=1 kind=甲 topic=旧事 cost=700"},
    {"talk", "105", "org=4 held_on=20230301 round=9 kind=甲 topic=草稿 state=draft"},
    {"talk", "106", "org=4 held_on=20230302 round=8 kind=甲 topic=作废 state=void"},
    {"talk", "107", "org=1 held_on=20190105 round=1 kind=甲 topic=资金 state=done"},
    {"talk.people", "201", "record=101 pos=1 person=50 way=到会 score=80"},
    {"talk.people", "202", "record=101 pos=2 person=51 way=到会 score=90"},
    {"talk.people", "203", "record=101 pos=3 person=52 way=请假"},
    {"talk.people", "204", "record=102 pos=1 person=50 way=到会 score=70"},
    {"talk.people", "205", "record=102 pos=2 way=到会 headcount=30"},
    {"talk.people", "206", "record=103 pos=1 person=53"},
    {"talk.people", "207", "record=105 pos=1 person=53 way=到会 score=1"},
    {"talk.funds", "301", "record=107 pos=1 village=2 amount=100000 granted_on=20230701 note=备注"},
    {"talk.funds", "302", "record=107 pos=2 village=3 amount=50000 granted_on=20240101"},
    {"talk.funds", "303", "record=107 pos=3 village=2 granted_on=20230901"},
};

static void site_must(bool done, const char *what, const Error *e) {
  if (!done) fail_msg("%s: %s (%s)", what, e->sentence, e->cause);
}

static void site_cell(Arena *a, Row row, char *pair) {
  char *equals = strchr(pair, '=');
  *equals = 0;
  Value *v = row_at(row, pair);
  if (!v) fail_msg("%s has no column %s", row.relation->name, pair);
  *v = v->kind == VALUE_INT ? value_int(strtoll(equals + 1, NULL, 10)) : value_text(arena_copy(a, equals + 1));
}

static void site_put(Session *s, const char *const row_text[3]) {
  Error e = {0};
  const Relation *r = catalogue_find(s->catalogue, row_text[0]);
  if (!r) fail_msg("no relation %s", row_text[0]);
  Row row = row_new(s->arena, r);
  row.v[0] = value_int(strtoll(row_text[1], NULL, 10));
  if (r->state >= 0) row.v[r->state] = value_text("done");
  char *text = arena_copy(s->arena, row_text[2]), *rest = NULL;
  for (char *pair = strtok_r(text, " ", &rest); pair; pair = strtok_r(NULL, " ", &rest)) site_cell(s->arena, row, pair);
  Value *binds = NEW_ARRAY(s->arena, Value, r->column_count + 1);
  binds[0] = value_int(s->area);
  memcpy(binds + 1, row.v, sizeof *binds * r->column_count);
  site_must(tx_exec(s->tx, row_upsert_sql(s->arena, r), binds, r->column_count + 1, NULL, &e), row_text[2], &e);
}

static void *site_store; /* its Fixture */

static int figure_site_open(void **state) {
  Error e = {0};
  Arena *a = arena_new();
  Session *s = NEW(a, Session);
  const ProfileFile files[] = {{"profile.yaml", site_profile, sizeof site_profile - 1},
                               {"codes.yaml", site_codes, sizeof site_codes - 1},
                               {"ledgers/talk.yaml", site_ledger, sizeof site_ledger - 1},
                               {"sets/posts.yaml", site_sets, sizeof site_sets - 1}};
  Issues issues = {.arena = a};
  Catalogue *c = catalogue_read(a, files, 4, &issues, &e);
  for (size_t i = 0; i < issues.count; i++) print_error("%s %s\n", issues.at[i].where, issues.at[i].sentence);
  site_must(c != NULL, "profile", &e);
  fixture_setup(&site_store);
  Store *store = ((Fixture *)site_store)->store;
  *s = (Session){.arena = a, .lasting = a, .catalogue = c, .area = 1, .today = 20231220, .site = NEW(a, Site)};
  s->tx = tx_begin(store, TX_WRITE, s->area, &e);
  site_must(s->tx != NULL, "transaction", &e);
  TEXT_SCOPE ddl = text_new(TEXT_CEILING);
  for (size_t i = 0; i < c->relation_count; i++) relation_ddl(c->relations[i], &ddl);
  site_must(store_ddl(s->tx, text_get(&ddl), &e), "tables", &e);
  for (size_t i = 0; i < sizeof site_rows / sizeof *site_rows; i++) site_put(s, site_rows[i]);
  site_must(org_spans_create(s->tx, &e), "spans", &e);
  s->tree = org_tree_load(a, s->tx, c, s->area, &e);
  site_must(s->tree != NULL, "tree", &e);
  site_must(org_spans_rebuild(s->tx, s->tree, s->area, &e), "spans", &e);
  s->actor = (Actor){.account = "本机", .grants = NEW(a, Grant), .grant_count = 1};
  s->actor.grants[0] = (Grant){.role = role_find("owner"), .org = s->tree->root};
  *state = s;
  return 0;
}

static int figure_site_close(void **state) {
  session_close(*state);
  return fixture_teardown(&site_store);
}

#endif
