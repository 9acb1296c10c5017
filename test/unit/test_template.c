/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The template engine against its own table, against the public Mustache spec
 * when that is at hand, and against templates that are wrong or run away. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/template.h"

static const char *partial_of(void *self, const char *name) { return json_string_value(json_object_get(self, name)); }

static json_t *json_of(const char *text) {
  Error e = {0};
  json_t *value = json_read(text, strlen(text), 1 << 20, &e);
  if (!value) fail_msg("%s: %s", text, e.sentence);
  return value;
}

static bool render(const char *template, json_t *data, json_t *partials, TemplateEscape escape, Text *out, Error *e) {
  ARENA_SCOPE a = arena_new();
  Template *t = template_parse(a, "t.txt", template, e);
  TemplateSources sources = {.self = partials, .partial = partial_of};
  return t && template_render(t, data, sources, escape, out, e);
}

/* --- the public spec --- */

static size_t run_spec(const char *file, const char *path) {
  json_error_t why;
  JSON_SCOPE spec = json_load_file(path, 0, &why);
  if (!spec) return 0;
  size_t i, wrong = 0;
  json_t *each;
  json_array_foreach(json_object_get(spec, "tests"), i, each) {
    TEXT_SCOPE out = text_new(TEXT_CEILING);
    Error e = {0};
    const char *expected = json_string_value(json_object_get(each, "expected"));
    bool done = render(json_string_value(json_object_get(each, "template")), json_object_get(each, "data"),
                       json_object_get(each, "partials"), ESCAPE_HTML, &out, &e);
    if (done && !strcmp(text_get(&out), expected)) continue;
    wrong++;
    print_error("%s: %s: expected [%s] got [%s] %s\n", file, json_string_value(json_object_get(each, "name")), expected,
                text_get(&out), e.sentence);
  }
  assert_int_equal(wrong, 0);
  return i;
}

static void test_spec(void **state) {
  (void)state;
  static const struct {
    const char *file;
    size_t cases;
  } files[] = {{"comments", 12}, {"delimiters", 14}, {"interpolation", 42},
               {"inverted", 22}, {"partials", 12},   {"sections", 34}};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char path[128];
    snprintf(path, sizeof path, "../shared/data/mustache-spec/%s.json", files[i].file);
    size_t ran = run_spec(files[i].file, path);
    if (!ran) {
      print_message("skipped: %s is not here; our own table still ran\n", path);
      skip();
    }
    assert_true(ran >= files[i].cases);
  }
}

/* --- our own cases --- */

static void test_cases(void **state) {
  (void)state;
  static const struct {
    const char *template, *data, *partials, *expected;
  } cases[] = {
      {"约谈{{n}}人次", "{\"n\":63}", NULL, "约谈63人次"},
      {"{{a}} {{{a}}} {{&a}}", "{\"a\":\"<'&\\\">\"}", NULL, "&lt;&#39;&amp;&quot;&gt; <'&\"> <'&\">"},
      {"{{n}}{{x}}", "{\"n\":9223372036854775807,\"x\":47.6}", NULL, "922337203685477580747.6"},
      {"[{{no}}{{null}}]", "{\"null\":null}", NULL, "[]"},
      {"{{#rows}}{{name}}、{{/rows}}", "{\"rows\":[{\"name\":\"甲\"},{\"name\":\"乙\"}]}", NULL, "甲、乙、"},
      {"{{#rows}}\n  {{name}}{{unit}}\n{{/rows}}\n完\n",
       "{\"unit\":\"村\",\"rows\":[{\"name\":\"甲\"},{\"name\":\"乙\"}]}", NULL, "  甲村\n  乙村\n完\n"},
      {"{{^rows}}无{{/rows}}{{#rows}}有{{/rows}}", "{\"rows\":[]}", NULL, "无"},
      {"{{^note}}无{{/note}}", "{\"note\":\"\"}", NULL, "无"},
      {"{{#zero}}{{.}}{{/zero}}", "{\"zero\":0}", NULL, "0"},
      {"{{a.b.c}}", "{\"a\":{\"b\":{\"c\":\"深\"}}}", NULL, "深"},
      {"{{#rows.0}}有{{n}}：{{#rows}}{{n}}{{/rows}}{{/rows.0}}", "{\"rows\":[{\"n\":1},{\"n\":2}]}", NULL, "有1：12"},
      {"{{#rows.0}}有{{/rows.0}}{{^rows.0}}无{{/rows.0}}{{rows.1}}", "{\"rows\":[]}", NULL, "无"},
      {"{{a.1.b}}{{a.9}}{{a.99999999999999999999}}{{a.x}}{{a.1x}}", "{\"a\":[0,{\"b\":\"二\"}]}", NULL, "二"},
      {"{{#in}}{{a.b}}{{/in}}", "{\"a\":{\"b\":\"外\"},\"in\":{\"a\":{}}}", NULL, ""},
      {"{{#.}}{{.}},{{/.}}", "[1,2,3]", NULL, "1,2,3,"},
      {"a{{! 注释\n两行 }}b", "{}", NULL, "ab"},
      {"  {{! 独占一行 }}\r\nb", "{}", NULL, "b"},
      {"{{=<% %>=}}<%n%>{{n}}<%={{ }}=%>{{n}}", "{\"n\":1}", NULL, "1{{n}}1"},
      {"头\n  {{>row}}\n尾", "{\"n\":\"一\\n二\"}", "{\"row\":\"- {{{n}}}\\n- 完\\n\"}", "头\n  - 一\n二\n  - 完\n尾"},
      {"{{>no}}|", "{}", "{}", "|"},
      {"{{>tree}}", "{\"n\":1,\"kids\":[{\"n\":2,\"kids\":[]},{\"n\":3,\"kids\":[]}]}",
       "{\"tree\":\"{{n}}({{#kids}}{{>tree}}{{/kids}})\"}", "1(2()3())"},
      {"{{text}}", "{\"text\":\"{{n}}\",\"n\":1}", NULL, "{{n}}"},
      {"", "{}", NULL, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    TEXT_SCOPE out = text_new(4096);
    Error e = {0};
    JSON_SCOPE data = json_of(cases[i].data);
    JSON_SCOPE partials = cases[i].partials ? json_of(cases[i].partials) : NULL;
    if (!render(cases[i].template, data, partials, ESCAPE_HTML, &out, &e))
      fail_msg("%s: %s", cases[i].template, e.sentence);
    assert_string_equal(text_get(&out), cases[i].expected);
  }
}

static void test_plain_text_is_not_escaped(void **state) {
  (void)state;
  TEXT_SCOPE out = text_new(64);
  Error e = {0};
  JSON_SCOPE data = json_of("{\"a\":\"<甲>\"}");
  assert_true(render("{{a}}", data, NULL, ESCAPE_NONE, &out, &e));
  assert_string_equal(text_get(&out), "<甲>");
}

static void test_refusals(void **state) {
  (void)state;
  static const struct {
    const char *template, *sentence;
  } cases[] = {
      {"一\n{{name", "t.txt:2：标签没有结束，请补上“}}”。"},
      {"{{{name}}", "t.txt:1：标签没有结束，请补上“}}}”。"},
      {"\n\n{{}}", "t.txt:3：标签里没有名称，请补上。"},
      {"{{a b}}", "t.txt:1：标签的名称里有空白，请去掉。"},
      {"{{a..b}}", "t.txt:1：名称“a..b”里的点位置不对，请改正。"},
      {"{{a.}}", "t.txt:1：名称“a.”里的点位置不对，请改正。"},
      {"{{#a}}\n{{/b}}", "t.txt:2：这里应先结束第1行的分节“a”，不是“b”。"},
      {"一\n{{#a}}", "t.txt:2：分节“a”没有结尾，请补上{{/a}}。"},
      {"{{/a}}", "t.txt:1：分节“a”没有开头，请补上或去掉这个结尾。"},
      {"{{=a=}}", "t.txt:1：定界符应是空格隔开的两个记号，如{{=<% %>=}}，请改正。"},
      {"{{= a b c =}}", "t.txt:1：定界符应是空格隔开的两个记号，如{{=<% %>=}}，请改正。"},
      {"{{<layout}}", "t.txt:1：模板不支持“<”开头的标签，请改用片段或分节。"},
      {"一\n\xff", "t.txt:2：模板的编码不是UTF-8，请另存为UTF-8。"},
      {"一\n{{rows}}", "t.txt:2：“rows”是一组内容，不能直接写出，请写明其中哪一项。"},
      {"{{>self}}", "self:1：片段“self”套用超过16层，请检查是否套用了自己。"},
      {"{{>bad}}", "bad:2：标签没有结束，请补上“}}”。"},
  };
  JSON_SCOPE data = json_of("{\"rows\":[{}]}");
  JSON_SCOPE partials = json_of("{\"self\":\"{{>self}}\",\"bad\":\"\\n{{x\"}");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    TEXT_SCOPE out = text_new(4096);
    Error e = {0};
    assert_false(render(cases[i].template, data, partials, ESCAPE_HTML, &out, &e));
    assert_string_equal(e.sentence, cases[i].sentence);
  }
}

static void add_times(Text *t, const char *s, int times) {
  while (times--) text_add(t, s);
}

static void test_depth(void **state) {
  (void)state;
  JSON_SCOPE data = json_of("{\"a\":true}");
  for (int depth = 32; depth <= 33; depth++) {
    TEXT_SCOPE template = text_new(4096), out = text_new(4096);
    Error e = {0};
    add_times(&template, "{{#a}}", depth);
    text_add(&template, "底");
    add_times(&template, "{{/a}}", depth);
    bool done = render(text_get(&template), data, NULL, ESCAPE_HTML, &out, &e);
    assert_int_equal(done, depth == 32);
    if (done)
      assert_string_equal(text_get(&out), "底");
    else
      assert_string_equal(e.sentence, "t.txt:1：分节嵌套超过32层，请减少层数。");
  }
}

/* The deepest stack that both bounds allow: every partial opens 32 sections before the next. */
static void test_deepest_stack(void **state) {
  (void)state;
  TEXT_SCOPE node = text_new(4096), out = text_new(4096);
  add_times(&node, "{{#a}}", 32);
  text_add(&node, "{{>node}}");
  add_times(&node, "{{/a}}", 32);
  JSON_SCOPE data = json_of("{\"a\":true}");
  JSON_SCOPE partials = json_pack("{s:s}", "node", text_get(&node));
  Error e = {0};
  assert_false(render(text_get(&node), data, partials, ESCAPE_HTML, &out, &e));
  assert_string_equal(e.sentence, "node:1：片段“node”套用超过16层，请检查是否套用了自己。");
}

static void test_output_ceiling(void **state) {
  (void)state;
  TEXT_SCOPE out = text_new(10);
  JSON_SCOPE data = json_of("{\"a\":[1,2,3]}");
  Error e = {0};
  assert_false(render("一\n{{#a}}12345{{/a}}", data, NULL, ESCAPE_HTML, &out, &e));
  assert_int_equal(e.kind, ERROR_LIMIT);
  assert_string_equal(e.sentence, "t.txt:2：写出的内容超过了10字节的上限，请缩小范围。");
  assert_string_equal(text_get(&out), "一\n12345");
}

static void test_steps(void **state) {
  (void)state;
  TEXT_SCOPE template = text_new(4096), out = text_new(4096);
  add_times(&template, "{{#a}}", 32);
  add_times(&template, "{{/a}}", 32);
  JSON_SCOPE data = json_of("{\"a\":[1,2,3]}");
  Error e = {0};
  assert_false(render(text_get(&template), data, NULL, ESCAPE_HTML, &out, &e));
  assert_string_equal(e.sentence, "t.txt:1：模板的步数超过了上限，请减少嵌套的分节。");
}

/* --- values from outside the context --- */

typedef struct Figures {
  json_t *value;
  char asked[256];
} Figures;

static json_t *figure(void *self, const char *name, Error *e) {
  Figures *f = self;
  strncat(f->asked, name, sizeof f->asked - strlen(f->asked) - 1);
  strncat(f->asked, ";", sizeof f->asked - strlen(f->asked) - 1);
  if (!strcmp(name, "wrong.figure")) fail(e, ERROR_MISSING, "没有指标“wrong.figure”。");
  return strstr(name, "figure") ? f->value : NULL;
}

static void test_missing(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  JSON_SCOPE context = json_of("{\"held\":1,\"none\":null,\"part\":{\"a\":2}}");
  JSON_SCOPE value = json_of("{\"text\":\"63人次\"}");
  Figures f = {.value = value};
  TemplateSources sources = {.self = &f, .missing = figure};
  TEXT_SCOPE out = text_new(4096);
  Error e = {0};
  Template *t = template_parse(a, "annual.txt",
                               "{{held}}{{none}}{{part.a}}{{part.b}}{{unknown}}"
                               "{{#talks.figure}}{{text}}{{.}}{{/talks.figure}}",
                               &e);
  assert_non_null(t);
  assert_false(template_render(t, context, sources, ESCAPE_NONE, &out, &e));
  assert_string_equal(e.sentence, "annual.txt:1：“.”是一组内容，不能直接写出，请写明其中哪一项。");
  assert_string_equal(text_get(&out), "1263人次");
  assert_string_equal(f.asked, "part.b;unknown;talks.figure;");

  t = template_parse(a, "annual.txt", "\n{{wrong.figure}}后", &e);
  assert_false(template_render(t, context, sources, ESCAPE_NONE, &out, &e));
  assert_int_equal(e.kind, ERROR_MISSING);
  assert_string_equal(e.sentence, "annual.txt:2：没有指标“wrong.figure”。");
}

static void test_names(void **state) {
  (void)state;
  static const TemplateName expected[] = {
      {"a.b", 1, 'v', 0}, {"rows", 2, '#', 0}, {"c", 2, 'v', 1}, {"none", 3, '^', 0}, {"part", 4, '>', 0}};
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  Template *t = template_parse(a, "t", "{{a.b}}\n{{#rows}}{{{c}}}{{.}}{{/rows}}\n{{^none}}x{{/none}}\n{{>part}}", &e);
  assert_non_null(t);
  TemplateName *names;
  size_t n = template_names(t, a, &names);
  assert_int_equal(n, sizeof expected / sizeof *expected);
  for (size_t i = 0; i < n; i++) {
    assert_string_equal(names[i].name, expected[i].name);
    assert_int_equal(names[i].line, expected[i].line);
    assert_int_equal(names[i].kind, expected[i].kind);
    assert_int_equal(names[i].depth, expected[i].depth);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cases),         cmocka_unit_test(test_plain_text_is_not_escaped),
      cmocka_unit_test(test_refusals),      cmocka_unit_test(test_depth),
      cmocka_unit_test(test_deepest_stack), cmocka_unit_test(test_output_ceiling),
      cmocka_unit_test(test_steps),         cmocka_unit_test(test_missing),
      cmocka_unit_test(test_names),         cmocka_unit_test(test_spec),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
