/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A template is checked before it is used: its names are known, and no number stands in it as plain text,
 * because a number without rows is what a report must not hold. Numbers in names and slogans (三会一课,
 * 二十大, anything in quotation marks), ordinals and 一是 are no claims. */
#include "report/names.h"

#include <string.h>

#include "base/template.h"
#include "base/utf8.h"
#include "language/quantity.h"

enum { TEMPLATE_DEEP = 64 };

static void add_issue(Issues *issues, const char *name, int line, const char *sentence) {
  issue_add(issues, arena_print(issues->arena, "%s:%d", name, line), NULL, "%s", sentence);
}

/* ---- names ---- */

static bool row_word(const Relation *r, const char *name) {
  return relation_column(r, name) || !strcmp(name, "ordinal") || !strcmp(name, "last") || !strcmp(name, "more");
}

/* A choice of conditions opens a section and prints nothing; each of them must be a yes or no. */
static void check_choice(const Catalogue *c, const char *file, const TemplateName *n, Issues *issues) {
  Tag tag;
  for (const char *s = n->name, *end; *s; s = *end ? end + 1 : end) {
    Error why = {0};
    end = s + strcspn(s, "|");
    if (!tag_read(issues->arena, c, arena_slice(issues->arena, s, (size_t)(end - s)), &tag, &why))
      add_issue(issues, file, n->line, why.sentence);
    else if (n->kind == 'v' ||
             (tag.variant != TAG_ANY && tag.variant != TAG_MANY && tag.variant != TAG_ALL && tag.variant != TAG_SHORT))
      add_issue(issues, file, n->line, "“|”只用在分节里，两边是 .any .many .all 或 .short，请改正。");
  }
}

static void check_name(const Catalogue *c, const char *file, const TemplateName *n, const Relation *row,
                       const Relation **opened, Issues *issues) {
  Tag tag;
  Error why = {0};
  *opened = row;
  if (n->kind == '>') {
    add_issue(issues, file, n->line, "报告模板不支持片段，请把内容直接写进来。");
    return;
  }
  if (strchr(n->name, '|')) {
    check_choice(c, file, n, issues);
    return;
  }
  if (row && row_word(row, n->name)) return;
  for (size_t i = 0; i < report_word_count; i++)
    if (!strcmp(n->name, report_words[i])) return;
  if (!tag_read(issues->arena, c, n->name, &tag, &why)) {
    add_issue(issues, file, n->line, why.sentence);
    return;
  }
  bool rows = tag.variant == TAG_ROWS || tag.variant == TAG_LATEST;
  if (rows && n->kind == '#') *opened = tag.measure->rows;
  if (rows && n->kind == 'v')
    add_issue(issues, file, n->line, arena_print(issues->arena, "“%s”是多行内容，请写成分节。", n->name));
}

static void check_names(const Catalogue *c, const char *name, const Template *t, Issues *issues) {
  TemplateName *names;
  size_t count = template_names(t, issues->arena, &names);
  const Relation *opened[TEMPLATE_DEEP + 1] = {NULL}; /* whose rows a name at that depth speaks of */
  for (size_t i = 0; i < count; i++) {
    int depth = names[i].depth < TEMPLATE_DEEP - 1 ? names[i].depth : TEMPLATE_DEEP - 1;
    check_name(c, name, &names[i], opened[depth], &opened[depth + 1], issues);
  }
}

/* ---- numerals ---- */

static void blank(char *from, const char *to) {
  for (char *s = from; s < to; s++)
    if (*s != '\n') *s = ' ';
}

/* Tags and quoted words become blanks; lines stay where they are. */
static char *bare_text(Arena *a, const char *text) {
  char *out = arena_copy(a, text);
  for (char *s = out; (s = strstr(s, "{{"));) {
    char *end = strstr(s, "}}");
    if (!end) break;
    end += 2;
    if (*end == '}') end++;
    blank(s, end);
    s = end;
  }
  static const char *const quotes[][2] = {{"“", "”"}, {"《", "》"}, {"‘", "’"}};
  for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
    for (char *s = out; (s = strstr(s, quotes[i][0]));) {
      char *end = strstr(s, quotes[i][1]);
      if (!end || memchr(s, '\n', (size_t)(end - s))) {
        s += strlen(quotes[i][0]);
        continue;
      }
      end += strlen(quotes[i][1]);
      blank(s, end);
      s = end;
    }
  return out;
}

static bool has_digit(const char *line) {
  for (const char *s = line; *s;) {
    uint32_t c = utf8_next(&s);
    if ((c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19)) return true;
  }
  return false;
}

static const char *code_points(Arena *a, const char *text, size_t start, size_t end) {
  const char *from = text;
  for (size_t i = 0; i < start; i++) utf8_next(&from);
  const char *to = from;
  for (size_t i = start; i < end; i++) utf8_next(&to);
  return arena_slice(a, from, (size_t)(to - from));
}

/* 三会一课, 一岗双责: a single digit with another one or two characters before it is part of a name. */
static bool in_name(const char *line, const Quantity *q) {
  static const char digits[] = "一二两双三四五六七八九十";
  if (!q->han || q->end - q->start != 1) return false;
  const char *s = line;
  for (size_t i = 0; i < q->start; i++) {
    const char *from = s;
    utf8_next(&s);
    char one[8] = "";
    memcpy(one, from, (size_t)(s - from));
    if (i + 3 > q->start && i + 1 < q->start && strstr(digits, one)) return true;
  }
  return false;
}

static void check_line(const char *name, int number, const char *line, Issues *issues) {
  if (has_digit(line)) {
    add_issue(issues, name, number, "正文里有数字，报告中的数都要由指标给出，请换成指标标签。");
    return;
  }
  Quantity *found;
  size_t count = quantities_read(issues->arena, line, &found);
  for (size_t i = 0; i < count; i++) {
    if (!found[i].unit || found[i].hint != HINT_NONE || in_name(line, &found[i])) continue;
    const char *words = code_points(issues->arena, line, found[i].start, found[i].unit_end);
    add_issue(issues, name, number,
              arena_print(issues->arena, "正文里的“%s”是一个数，报告中的数都要由指标给出，请换成指标标签。", words));
  }
}

void report_check(const Catalogue *c, const char *name, const char *text, Issues *issues) {
  Error why = {0};
  Template *t = template_parse(issues->arena, name, text, &why);
  if (!t) {
    issue_add(issues, name, NULL, "%s", why.sentence);
    return;
  }
  check_names(c, name, t, issues);
  const char *bare = bare_text(issues->arena, text);
  int number = 1;
  for (const char *line = bare; *line; number++) {
    size_t n = strcspn(line, "\n");
    check_line(name, number, arena_slice(issues->arena, line, n), issues);
    line += line[n] ? n + 1 : n;
  }
}
