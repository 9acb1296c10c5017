/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Reports: what a template may say, where its figures stand, and the page made of it. */
#include "figure_site.h"

#include "base/json.h"
#include "base/utf8.h"
#include "report/report.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
  const char *template, *text;
} texts[] = {
    {"{{org}}{{period}}工作\n共{{talk.count}}。", "甲乡2023年工作\n共3次。\n"},
    {"{{talk.rounds}}{{people.times}}", "2轮33人次\n"},
    {"{{people.about}}，即{{people.about.exact}}、{{people.about.value}}", "30余人次，即33、30余\n"},
    {"{{funds.yuan.label}}{{funds.yuan}}，{{funds.yuan.exact}}，{{funds.yuan.value}}", "资金0.1万元，1000，0.1万\n"},
    {"{{#talk.count.any}}有{{/talk.count.any}}{{^talk.count.any}}无{{/talk.count.any}}", "有\n"},
    {"{{#talk.rows}}{{ordinal}}{{topic}}{{^last}}；{{/last}}{{#last}}。{{/last}}{{/talk.rows}}",
     "一是春耕；二是防汛；三是秋收<b>。\n"},
    {"{{#talk.kind_a.rows}}{{held_on}}{{leader}}{{/talk.kind_a.rows}}", "2023年3月10日赵一\n"},
    {"{{#held.rows}}{{person}}{{title}}、{{/held.rows}}", "赵一书记、孙三书记、\n"},
    {"{{#people.rows}}{{topic}}{{people.persons.value}}{{/people.rows}}", "春耕2防汛2秋收<b>2\n"},
    {"报告人{{reporter}}，{{today}}，{{year}}", "报告人赵一，2023年12月20日，2023年\n"},
    {"落实三会一课、一岗双责，学习二十大，坚持“两个维护”。一是如此，第二步如此。", NULL},
    /* headings over nothing go, and the numbers of the rest close up */
    {"题\n一、甲\n（一）空\n（二）有\n谈话{{talk.count}}。\n二、空\n三、丙\n段。",
     "题\n一、甲\n（一）有\n谈话3次。\n二、丙\n段。\n"},
    {"题\n一、总体\n（一）分项", "题\n"},
    {"题\n一、总体\n（三）分项已经落实。", "题\n一、总体\n（一）分项已经落实。\n"},
    {"题\n一、总体已经落实。\n还有。\n二、空", "题\n一、总体已经落实。还有。\n"},
    {"一、总体\n（一）分项", "一、总体\n"},
    {"题\n\n{{#left.count.any}}卸任{{left.count}}。\n{{/left.count.any}}", "题\n卸任1人。\n"},
    /* leads gather the sentences below them; one without a sentence goes */
    {"题\n{{next}}抓学习。\n谈话{{talk.count}}。\n又说。\n{{next}}抓空。\n{{next}}抓实。\n有。\n\n段。\n{{next}}"
     "再来。好。",
     "题\n一是抓学习。谈话3次。又说。\n二是抓实。有。\n段。\n一是再来。好。\n"},
    {"题\n原因：{{next}}甲；{{#talk.kind_a.any}}{{next}}乙；{{/talk.kind_a.any}}{{next}}丙。",
     "题\n原因：一是甲；二是乙；三是丙。\n"},
    /* no sign without its clause */
    {"题\n，共{{talk.count}}，{{^talk.count.any}}无{{/talk.count.any}}。；好、，的。\n\n。\n\n完。",
     "题\n共3次。好，的。\n完。\n"},
    /* lines are sentences; a blank line ends a paragraph */
    {"题\n名\n\n谈话{{talk.count}}，\n{{#talk.kind_a.any}}\n甲类有。\n{{/talk.kind_a.any}}\n好。\n\n完。",
     "题\n名\n谈话3次，甲类有。好。\n完。\n"},
    {"{{#talk.rows.2}}{{topic}}{{^last}}、{{/last}}{{#more}}等{{/more}}{{/talk.rows.2}}", "春耕、防汛等\n"},
    {"{{#talk.latest.2}}{{ordinal}}{{topic}}{{#more}}等{{/more}}{{/talk.latest.2}}", "一是秋收<b>二是防汛等\n"},
    {"{{#talk.rows.9}}{{topic}}{{#more}}等{{/more}}{{/talk.rows.9}}", "春耕防汛秋收<b>\n"},
    {"{{#talk.share_a.all}}全是{{/talk.share_a.all}}{{^talk.share_a.all}}{{talk.share_a}}{{/talk.share_a.all}}",
     "50%\n"},
    {"{{#held.young.all}}都年轻{{/held.young.all}}{{^held.young.all}}未必{{/held.young.all}}", "未必\n"},
    {"{{#talk.share_a.short}}有缺{{/talk.share_a.short}}{{#held.young.short}}有缺{{/held.young.short}}", "有缺有缺\n"},
    {"{{#talk.share_a.all|talk.count.any}}有{{/"
     "talk.share_a.all|talk.count.any}}{{^talk.share_a.all|held.young.all}}都不是{{/talk.share_a.all|held.young.all}}",
     "有都不是\n"},
    {"{{#records}}有{{talk.count}}{{/records}}{{^records}}无{{/records}}", "有3次\n"},
    {"{{last_year}}、{{year}}、{{next_year}}、{{term}}", "2022年、2023年、2024年、2023年度\n"},
    {"{{#talk.count.many}}多{{/talk.count.many}}{{^left.count.many}}一{{/left.count.many}}", "多一\n"},
};

static Report *composed(Session *s, const char *template) {
  Error e = {0};
  Report *r = report_compose_text(s, "try", template, 0, period_year(2023), &e);
  if (!r) fail_msg("%s: %s (%s)", template, e.sentence, e.cause);
  return r;
}

static void test_texts(void **state) {
  Session *s = *state;
  for (size_t i = 0; i < COUNT(texts); i++) {
    const char *expected = texts[i].text ? texts[i].text : arena_print(s->arena, "%s\n", texts[i].template);
    assert_string_equal(composed(s, texts[i].template)->text, expected);
  }
}

static void test_places(void **state) {
  Session *s = *state;
  Report *r = composed(s, "谈话{{talk.count}}，再说{{talk.rounds}}、{{talk.count}}。");
  assert_int_equal(r->figure_count, 3);
  uint32_t points[64];
  size_t n = utf8_decode(r->text, points, COUNT(points));
  for (size_t i = 0; i < r->figure_count; i++) {
    const ReportFigure *f = &r->figures[i];
    uint32_t own[16];
    assert_true(f->end <= n);
    assert_int_equal(utf8_decode(f->text, own, COUNT(own)), f->end - f->start);
    assert_memory_equal(own, points + f->start, sizeof *own * (f->end - f->start));
  }
  assert_int_equal(r->figures[2].first, 0);
  JSON_SCOPE json = report_json(s, r);
  const json_t *figure = json_array_get(json_object_get(json, "figures"), 1);
  assert_string_equal(json_string_value(json_object_get(figure, "name")), "talk.rounds");
  assert_int_equal(json_integer_value(json_object_get(figure, "start")), 7);
  assert_int_equal(json_integer_value(json_object_get(figure, "end")), 9);
  assert_int_equal(json_integer_value(json_object_get(figure, "rows")), 3);
}

static const struct {
  const char *template, *where, *part;
} wrongs[] = {
    {"好\n共3次", "t:2", "数字"},
    {"共三次", "t:1", "三次"},
    {"开了二十余场次会", "t:1", "场次"},
    {"{{talk.counts}}", "t:1", "talk.count"},
    {"{{talks.count}}", "t:1", "talk"},
    {"{{talk.count.valu}}", "t:1", "value"},
    {"{{orgs}}", "t:1", "org"},
    {"{{talk.rows}}", "t:1", "分节"},
    {"好\n{{#talk.rows}}\n{{topics}}{{/talk.rows}}", "t:3", "topics"},
    {"{{#talk.rows}}", "t", "没有结尾"},
    {"{{>other}}", "t:1", "片段"},
    {"{{#talk.count.all}}全{{/talk.count.all}}", "t:1", "比例"},
    {"{{#talk.rows.0}}好{{/talk.rows.0}}", "t:1", "条数"},
    {"{{#talk.rows.3x}}好{{/talk.rows.3x}}", "t:1", "条数"},
    {"{{talk.count.exact.more}}", "t:1", "后面"},
    {"{{record}}", "t:1", "records"},
    {"{{#talk.count.any|talk.rows}}有{{/talk.count.any|talk.rows}}", "t:1", "分节"},
    {"{{#talk.count.any|talk.none.any}}有{{/talk.count.any|talk.none.any}}", "t:1", "none"},
    {"{{#talk.count.short}}有{{/talk.count.short}}", "t:1", "比例"},
};

static void test_check(void **state) {
  Session *s = *state;
  for (size_t i = 0; i < COUNT(wrongs); i++) {
    Issues issues = {.arena = s->arena};
    report_check(s->catalogue, "t", wrongs[i].template, &issues);
    if (issues.count != 1) fail_msg("%s: %zu issues", wrongs[i].template, issues.count);
    assert_string_equal(issues.at[0].where, wrongs[i].where);
    if (!strstr(issues.at[0].sentence, wrongs[i].part)) fail_msg("%s: %s", wrongs[i].template, issues.at[0].sentence);
  }
}

static void test_html(void **state) {
  Session *s = *state;
  Error e = {0};
  Report *r = composed(
      s, "谈话情况\n一、总体\n谈话{{talk.count}}：{{#talk.rows}}{{topic}}{{/talk.rows}}，{{people.persons}}。");
  TEXT_SCOPE page = text_new(TEXT_CEILING);
  assert_true(report_html(s, r, &page, &e));
  static const char *const parts[] = {
      "<title>谈话情况</title>",
      "<h1>谈话情况</h1>",
      "<h2>一、总体</h2>",
      "<a class=\"figure\" id=\"t1\" data-figure=\"talk.count\" data-value=\"3\" href=\"#f1\">3次</a>",
      "秋收&lt;b&gt;",
      "<section class=\"rows\" id=\"f2\">",
      "谈话人数　2人</h3>",
      "待补信息，未计入",
      "（仅有总数）"};
  for (size_t i = 0; i < COUNT(parts); i++)
    if (!strstr(text_get(&page), parts[i])) fail_msg("not in the page: %s\n%s", parts[i], text_get(&page));
  assert_null(strstr(text_get(&page), "秋收<b>"));
  assert_null(strstr(text_get(&page), "<script"));
}

static const char *const evidence[] = {
    "附件：佐证目录\n一、总体\n  1. 谈话：3次（谈话，3条）  luoshi rows talk.count --period 2023\n",
    "  2. 谈话人数：2人（谈话，3条，待补信息2条）  luoshi rows people.persons --period 2023\n",
};

static void test_evidence(void **state) {
  Session *s = *state;
  Report *r = composed(s, "谈话情况\n一、总体\n先说。谈话{{talk.count}}，{{people.persons}}，再说{{talk.count}}。完。");
  TEXT_SCOPE list = text_new(TEXT_CEILING);
  report_evidence_print(s, r, &list);
  for (size_t i = 0; i < COUNT(evidence); i++)
    if (!strstr(text_get(&list), evidence[i])) fail_msg("not in the list: %s\n%s", evidence[i], text_get(&list));
  JSON_SCOPE json = report_json(s, r);
  const json_t *third = json_array_get(json_object_get(json, "figures"), 2);
  assert_string_equal(json_string_value(json_object_get(third, "heading")), "一、总体");
  assert_string_equal(json_string_value(json_object_get(third, "sentence")), "谈话3次，2人，再说3次。");
}

static void test_refused(void **state) {
  Session *s = *state;
  Session clerk = *s;
  Grant grant = {.role = role_find("reader"), .org = 2};
  clerk.actor = (Actor){.account = "village", .grants = &grant, .grant_count = 1};
  Error e = {0};
  assert_null(report_compose_text(&clerk, "try", "{{talk.count}}", 0, period_year(2023), &e));
  assert_int_equal(e.kind, ERROR_FORBIDDEN);
  Report *r = report_compose_text(&clerk, "try", "{{talk.count}}", 2, period_year(2023), &e);
  assert_non_null(r);
  assert_string_equal(r->text, "2次\n");
}

static void test_unknown(void **state) {
  Session *s = *state;
  static const char *const names[] = {"none", "../../etc/passwd", "", "a/b"};
  for (size_t i = 0; i < COUNT(names); i++) {
    Error e = {0};
    assert_null(report_template(s->arena, "no-such-folder", names[i], &e));
    assert_int_equal(e.kind, ERROR_MISSING);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_texts),    cmocka_unit_test(test_places),
                                     cmocka_unit_test(test_check),    cmocka_unit_test(test_html),
                                     cmocka_unit_test(test_evidence), cmocka_unit_test(test_refused),
                                     cmocka_unit_test(test_unknown)};
  return cmocka_run_group_tests(tests, figure_site_open, figure_site_close);
}
