/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A template holds what a full year would fill; what a sparse one leaves empty is taken out here, after
 * rendering: headings over nothing, leads without a sentence, punctuation without its clause. Numbers of
 * headings and of 一是 are given here, so that they run on whatever was left out.
 *
 * Works on the text while figures are still marks: nothing here looks at a value, and no mark is lost. */
#include "report/outline.h"

#include <string.h>

#include "base/utf8.h"
#include "language/quantity.h"

static bool starts(const char *s, const char *with) { return strncmp(s, with, strlen(with)) == 0; }

static bool pass_han_number(const char **s) {
  static const char *const digits[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
  const char *from = *s;
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
      if (starts(*s, digits[i])) {
        *s += strlen(digits[i]);
        more = true;
      }
  }
  return *s > from;
}

LineKind line_kind(const char *line, const char **body) {
  const char *s = line;
  *body = line;
  if (!*line) return LINE_BLANK;
  if (starts(line, MARK_NEXT)) return LINE_LEAD;
  if (pass_han_number(&s) && starts(s, "、")) {
    *body = s + strlen("、");
    return LINE_PART;
  }
  s = line;
  if (!starts(s, "（")) return LINE_PARAGRAPH;
  s += strlen("（");
  if (!pass_han_number(&s) || !starts(s, "）")) return LINE_PARAGRAPH;
  *body = s + strlen("）");
  return LINE_SECTION;
}

/* ---- punctuation ---- */

/* The stronger of two that stand side by side is kept. */
static int clause_sign(const char *s) {
  static const char *const signs[] = {"、", "，", "：", "；", "。"};
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (starts(s, signs[i])) return (int)i + 1;
  return 0;
}

enum { SIGN_BYTES = 3 };

static const char *tidy(Arena *a, const char *line) {
  char *out = arena_copy(a, line);
  size_t n = 0;
  int before = 5; /* a line does not begin with a sign */
  while (*line == ' ' || *line == '\t') line++;
  for (const char *s = line; *s;) {
    int sign = clause_sign(s);
    const char *from = s;
    utf8_next(&s);
    if (sign && before && (!n || sign <= before)) continue;
    if (sign && before) n -= SIGN_BYTES;
    memcpy(out + n, from, (size_t)(s - from));
    n += (size_t)(s - from);
    before = sign;
  }
  while (n && (out[n - 1] == ' ' || out[n - 1] == '\t' || out[n - 1] == '\r')) n--;
  out[n] = 0;
  return out;
}

/* ---- lines ---- */

typedef struct Line {
  LineKind kind;
  const char *text; /* without its number */
} Line;

typedef struct Lines {
  Line *at;
  size_t count, room;
} Lines;

static bool is_sentence(const char *s) { return strstr(s, "。") != NULL; }

static bool only_lead(const Line *l) {
  const char *end = strstr(l->text, "。");
  return l->kind == LINE_LEAD && (!end || !end[strlen("。")]);
}

static Lines read_lines(Arena *a, const char *composed) {
  Lines lines = {0};
  bool joining = false;
  for (const char *s = composed; *s;) {
    size_t n = strcspn(s, "\n");
    const char *text = tidy(a, arena_slice(a, s, n));
    Line line = {.text = text};
    line.kind = line_kind(text, &line.text);
    s += s[n] ? n + 1 : n;
    if (line.kind == LINE_BLANK) {
      joining = false;
      continue;
    }
    if (!lines.count) line = (Line){LINE_TITLE, text};
    Line *before = lines.count ? &lines.at[lines.count - 1] : NULL;
    if (joining && line.kind == LINE_PARAGRAPH && before) {
      before->text = arena_print(a, "%s%s", before->text, line.text);
      continue;
    }
    joining = line.kind >= LINE_LEAD || (line.kind >= LINE_PART && is_sentence(line.text));
    *PUSH(a, lines.at, lines.count, lines.room) = line;
  }
  return lines;
}

/* Whether something stands under the heading at `at`. One written as a paragraph is something. */
static bool is_filled(const Lines *lines, size_t at) {
  LineKind kind = lines->at[at].kind;
  if (kind == LINE_TITLE || kind == LINE_PARAGRAPH) return true;
  if (kind == LINE_LEAD) return !only_lead(&lines->at[at]);
  if (is_sentence(lines->at[at].text)) return true;
  for (size_t i = at + 1; i < lines->count; i++) {
    if (lines->at[i].kind <= kind) return false;
    if (lines->at[i].kind >= LINE_SECTION && is_filled(lines, i)) return true;
  }
  return false;
}

/* ---- numbers ---- */

static void add_ordinal(int64_t n, Text *out) {
  number_han(n, out);
  text_add(out, "是");
}

static void add_marked(const char *text, int64_t lead, Text *out) {
  int64_t inner = 0;
  bool first = true;
  for (const char *s = text; *s; first = false) {
    if (starts(s, MARK_NEXT)) {
      add_ordinal(first && lead ? lead : ++inner, out);
      s += strlen(MARK_NEXT);
      continue;
    }
    const char *from = s;
    utf8_next(&s);
    text_add_n(out, from, (size_t)(s - from));
  }
  text_add_char(out, '\n');
}

void outline_close(Arena *a, const char *composed, Text *out) {
  Lines lines = read_lines(a, composed);
  int64_t part = 0, section = 0, lead = 0;
  for (size_t i = 0; i < lines.count; i++) {
    const Line *l = &lines.at[i];
    if (!is_filled(&lines, i)) continue;
    if (l->kind == LINE_LEAD) {
      lead++;
    } else {
      lead = 0;
    }
    if (l->kind == LINE_PART) {
      section = 0;
      number_han(++part, out);
      text_add(out, "、");
    } else if (l->kind == LINE_SECTION) {
      text_add(out, "（");
      number_han(++section, out);
      text_add(out, "）");
    }
    add_marked(l->text, l->kind == LINE_LEAD ? lead : 0, out);
  }
}
