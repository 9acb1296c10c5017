/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * From words to figures. A small catalogue of its own shows the rules one by one (measure word, slice,
 * mean, default reading, a user's own word); the shipped profile must know what it declares in sentences
 * that matchers get wrong, and must leave alone what it does not declare. */
#include "verify/match.h"

#include <string.h>

#include "check.h"

static const char profile_yaml[] = "profile: sample\nlabel: 样例\nreporter: title = '书记'\n";
static const char codes_yaml[] = "codes:\n"
                                 "  - {name: schooling, label: 学历, ordered: true, of: [高中, 本科]}\n"
                                 "  - {name: post_title, label: 职务, of: [书记, 委员]}\n";
static const char patrol_yaml[] =
    "ledger: patrol\n"
    "label: 巡河\n"
    "date: {name: held_on, label: 时间}\n"
    "fields:\n"
    "  - {name: kind, label: 类别, type: choice, of: [汛期值守, 清淤疏浚], required: true}\n"
    "  - {name: leader, label: 带队人, type: person}\n"
    "  - {name: length, label: 里程, type: decimal, scale: 1, unit: 公里}\n"
    "lines:\n"
    "  - name: people\n"
    "    label: 参加人\n"
    "    fields:\n"
    "      - {name: person, label: 姓名, type: person, required: true}\n"
    "sets:\n"
    "  - name: patrol\n"
    "    label: 河道巡查\n"
    "    aliases: [巡河]\n"
    "    measures:\n"
    "      - {name: times, unit: 次, where: leader = reporter, primary: true}\n"
    "      - {name: all_times, label: 河道巡查总次数, unit: 次}\n"
    "      - {name: person_times, label: 巡河人次, unit: 人次, rows: people}\n"
    "      - {name: persons, label: 巡河人数, unit: 人, rows: people, distinct: person}\n"
    "      - {name: mean_length, label: 平均每次巡河里程, unit: 公里, mean: length, scale: 1}\n"
    "      - {name: length, label: 巡河里程, unit: 公里, sum: length, scale: 1}\n";

static Catalogue *own_catalogue(Arena *a) {
  const ProfileFile files[] = {{"profile.yaml", profile_yaml, sizeof profile_yaml - 1},
                               {"codes.yaml", codes_yaml, sizeof codes_yaml - 1},
                               {"ledgers/patrol.yaml", patrol_yaml, sizeof patrol_yaml - 1}};
  Issues issues = {.arena = a};
  Error e = {0};
  Catalogue *c = catalogue_read(a, files, 3, &issues, &e);
  if (!c) fail_msg("%s", e.sentence);
  return c;
}

static Verification *matched(Arena *a, Matcher *m, const char *text) {
  Verification *v = NULL;
  Error e = {0};
  assert_true(verify_extract(a, text, &v, &e));
  frame_claims(v->draft, v->claims, v->claim_count);
  match_claims(m, v->draft, v->claims, v->claim_count);
  return v;
}

/* The figures of a text's claims in order: `patrol.times patrol.times@汛期值守 -`. */
static void figures_of(const Verification *v, Text *out) {
  for (size_t i = 0; i < v->claim_count; i++) {
    const Claim *c = &v->claims[i];
    const Candidate *k = c->candidate_count && c->candidates[0].score >= MATCH_FLOOR ? &c->candidates[0] : NULL;
    text_print(out, "%s%s", i ? " " : "", c->role == ROLE_PLAN ? "plan" : k ? k->measure->full_name : "-");
    if (k && k->slice_label) text_print(out, "@%s", k->slice_label);
  }
}

typedef struct Said {
  const char *text, *figures;
} Said;

static void check_all(Arena *a, Matcher *m, const Said *rows, size_t count) {
  size_t wrong = 0;
  for (size_t i = 0; i < count; i++) {
    TEXT_SCOPE got = text_new(4096);
    figures_of(matched(a, m, rows[i].text), &got);
    if (!strcmp(text_get(&got), rows[i].figures)) continue;
    print_error("%s\n  want %s\n  got  %s\n", rows[i].text, rows[i].figures, text_get(&got));
    wrong++;
  }
  assert_int_equal(wrong, 0);
}

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void test_rules(void **state) {
  (void)state;
  static const Said rows[] = {
      {"开展河道巡查12次。", "patrol.times"},
      {"河道巡查总次数为20次。", "patrol.all_times"},
      {"河道巡查12次，86人次。", "patrol.times patrol.person_times"}, /* the second has no words of its own */
      {"参加巡河的有31人。", "patrol.persons"},
      {"平均每次巡河3.5公里。", "patrol.mean_length"},
      {"巡河里程达到42公里。", "patrol.length"},
      {"汛期值守巡河4次。", "patrol.times@汛期值守"},
      {"汛期值守、清淤疏浚等巡河16次。", "patrol.times"}, /* two choices of one column are the whole set */
      {"河道巡查12次，其中汛期值守4次。", "patrol.times patrol.times@汛期值守"},
      {"河道巡查12次，其中夜间4次。", "patrol.times -"}, /* a part is never the whole again */
      {"河道巡查12次，比上年增加2次。", "patrol.times patrol.times"},
      {"河道巡查由10次增加到12次。", "patrol.times patrol.times"},
      {"巡河总数达到12。", "patrol.times"},               /* a number without any measure word */
      {"党员占全村总人口91。", "-"},
      {"植树造林500亩。", "-"},
      {"召开座谈会12次。", "-"},
      {"明年巡河20次。", "plan"},
      {"巡河：12次；护林：6次。", "patrol.times -"}, /* nothing is inherited across a semicolon */
  };
  ARENA_SCOPE a = arena_new();
  Matcher *m = matcher_new(a, own_catalogue(a), NULL, 0);
  check_all(a, m, rows, COUNT(rows));
}

static void test_own_words(void **state) {
  (void)state;
  static const Phrasing phrasings[] = {{"护河行动", "patrol.all_times"}, {"走河道", "no.such"}};
  static const Said rows[] = {{"护河行动搞了20次。", "patrol.all_times"}, {"护林行动搞了20次。", "-"}};
  ARENA_SCOPE a = arena_new();
  Matcher *m = matcher_new(a, own_catalogue(a), phrasings, 2);
  check_all(a, m, rows, COUNT(rows));
}

static void test_units(void **state) {
  (void)state;
  static const struct {
    const char *asked, *measure;
    bool answers;
  } rows[] = {{"人", "人次", false}, {"人次", "人", false}, {"名", "人", true},    {"场次", "次", true},
              {"个", "处", true},    {"户", "处", false},   {"个", "人次", false}, {"公顷", "亩", true},
              {"元", "%", false},    {"批次", "轮", true}};
  assert_int_equal(unit_gate(unit_find("人"), NULL), 0);
  assert_true(unit_gate(NULL, unit_find("次")) > 0 && unit_gate(NULL, NULL) > 0);
  for (size_t i = 0; i < COUNT(rows); i++) {
    int gate = unit_gate(unit_find(rows[i].asked), unit_find(rows[i].measure));
    if ((gate > 0) != rows[i].answers) fail_msg("%s asked of %s: %d", rows[i].asked, rows[i].measure, gate);
  }
}

/* The shipped profile. What stands in “-” belongs to ledgers that it does not declare yet. */
static void test_township(void **state) {
  (void)state;
  static const Said rows[] = {
      {"中心组学了15场，专题研究党建3次。", "study.sessions meeting.sessions"},
      {"分四轮谈话提醒班子成员和村书记63人次。", "interviews.rounds interviews.person_times"},
      {"党务培训6期、冬学4期，参训120余人次。", "class.terms class.winter class.person_times"},
      {"10名村书记中8名在50岁以下、有高中以上学历。", "village_secretaries.persons village_secretaries.young_count"},
      {"发展、转正、积极分子分别为8、2、6名。", "admitted.persons full_on_time.persons activists_new.persons"},
      {"约谈班子成员4轮63人次，问责4人次。", "interviews.rounds interviews.person_times accountability.person_times"},
      {"下乡调研10次，示范户128家，订单农业突破1.5万亩。", "research.trips model_household.households contract.mu"},
      {"党建督查一月一轮。", "inspection.rounds"},
      {"环境整治志愿服务8次。", "volunteer.events@环境整治"},
      {"开展环境整治、学雷锋等志愿服务24次。", "volunteer.events"},
      {"民族发展资金80万元，阵地改扩建资金35万元。", "minority_funds.yuan position.yuan"},
      {"办实事15件，解决群众困难15件，重难点问题8件。", "service.practical service.difficulties service.hard"},
      {"村书记中年轻人占80%，平均年龄47.6岁。", "village_secretaries.young village_secretaries.mean_age"},
      {"年人均纯收入1.2万元，粮食总产量同比增长3%。", "- -"},
      {"户厕改造50户，明年务必见底。", "plan"},
  };
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  Catalogue *c = catalogue_load(a, "profile/township", NULL, &issues, &e);
  if (!c) fail_msg("%s", e.sentence);
  check_all(a, matcher_new(a, c, NULL, 0), rows, COUNT(rows));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rules),
      cmocka_unit_test(test_own_words),
      cmocka_unit_test(test_units),
      cmocka_unit_test(test_township),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
