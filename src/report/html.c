/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A report as one page of its own, without script: the prose as an official paper, each figure a link to
 * its rows, which open beside it; the list of evidence in the margin, and as an appendix when printed. */
#include <string.h>

#include "base/utf8.h"
#include "report/evidence.h"
#include "report/outline.h"
#include "report/page.h"

enum { EVIDENCE_MOST = 500 };

/* ---- prose ---- */

static void add_figure(const Session *s, const Report *r, size_t index, Text *out) {
  const ReportFigure *f = &r->figures[index];
  text_print(out, "<a class=\"figure\" id=\"t%zu\" href=\"#f%zu\" data-figure=\"", index + 1, f->first + 1);
  text_add_html(out, f->measure->full_name);
  text_add(out, "\" data-value=\"");
  text_add_html(out, figure_exact(s->arena, &f->value));
  text_add(out, "\">");
  text_add_html(out, f->text);
  text_add(out, "</a>");
}

/* One line of the text with its figures; `point` and `next` move along. */
static void add_line(const Session *s, const Report *r, const char *line, const char *end, size_t *point, size_t *next,
                     Text *out) {
  while (line < end) {
    if (*next < r->figure_count && r->figures[*next].start == *point) {
      const ReportFigure *f = &r->figures[*next];
      add_figure(s, r, (*next)++, out);
      for (; *point < f->end && line < end; (*point)++) utf8_next(&line);
      continue;
    }
    const char *from = line;
    utf8_next(&line);
    char one[8] = "";
    memcpy(one, from, (size_t)(line - from));
    text_add_html(out, one);
    (*point)++;
  }
}

/* Whose report it is stands between the title and the text, and is no sentence. */
static bool is_byline(const char *text, size_t number) {
  const char *body;
  return number == 1 && line_kind(text, &body) == LINE_PARAGRAPH && !strstr(text, "。") && !strstr(text, "：");
}

static void add_prose(const Session *s, const Report *r, Text *out) {
  size_t point = 0, next = 0, number = 0;
  for (const char *line = r->text; *line;) {
    const char *end = line + strcspn(line, "\n");
    if (end > line) {
      const char *text = arena_slice(s->arena, line, (size_t)(end - line));
      const char *element = page_element(text, number == 0);
      text_print(out, is_byline(text, number) ? "<%s class=\"byline\">" : "<%s>", element);
      number++;
      add_line(s, r, line, end, &point, &next, out);
      text_print(out, "</%s>\n", element);
    }
    if (*end) {
      end++;
      point++;
    }
    line = end;
  }
}

/* ---- what stands around it ---- */

static size_t noted(const Report *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->figure_count; i++) n += r->figures[i].value.undetermined || r->figures[i].value.totals;
  return n;
}

static void add_head(Session *s, const Report *r, Text *out) {
  PeriodText period;
  DateText today;
  text_add(out, "<header class=\"head\">\n<p class=\"crumb\">报告　");
  text_add_html(out, org_name(s->tree, r->org, period_last(r->period)));
  text_add(out, "　");
  text_add_html(out, period_chinese(r->period, period));
  text_add(out, "</p>\n");
  page_words("p class=\"name\"", r->title, out);
  size_t notes = noted(r);
  text_add(out, "<p class=\"tally\">");
  page_icon("ok", out);
  text_print(out, "共<b>%zu</b>处数据，处处有据", r->figure_count);
  if (notes) text_print(out, "，其中<b>%zu</b>处有说明", notes);
  text_add(out, "。点数字看明细；<a href=\"#all\">列出全部明细</a>，可一并打印。</p>\n");
  text_print(out, "<p class=\"note\">还没定稿，数字随台账变化，算到%s。</p>\n</header>\n",
             date_chinese(s->today, today));
}

static void add_evidence_row(const Evidence *v, size_t index, Text *out) {
  const ReportFigure *f = v->figure;
  text_print(out, "<tr><td class=\"number\">%zu</td><td>", index + 1);
  page_icon(v->note ? "note" : "ok", out);
  text_print(out, "<a href=\"#t%zu\">", index + 1);
  text_add_html(out, f->measure->label);
  text_add(out, "</a></td><td class=\"short\"><b>");
  text_add_html(out, f->text);
  text_add(out, "</b></td><td class=\"paper\">");
  text_add_html(out, v->ledger);
  text_print(out, "</td><td class=\"number short\"><a class=\"figure\" href=\"#f%zu\">%lld条</a></td>", f->first + 1,
             (long long)f->value.rows);
  page_words("td class=\"paper\"", v->note ? v->note : "", out);
  text_add(out, "</tr>\n");
  if (v->note) {
    text_add(out, "<tr class=\"under\"><td></td><td class=\"amber\" colspan=\"4\">");
    text_add_html(out, v->note);
    text_add(out, "</td></tr>\n");
  }
}

static void add_list(const Report *r, const Evidence *list, Text *out) {
  const char *heading = "";
  text_add(out,
           "<aside class=\"margin\">\n<h2>佐证目录</h2>\n<table><thead><tr><th class=\"number\">序号</th><th>指标</th>"
           "<th>数据</th><th class=\"paper\">台账</th><th class=\"number\">记录</th><th class=\"paper\">说明</th></tr>"
           "</thead><tbody>\n");
  for (size_t i = 0; i < r->figure_count; i++) {
    if (strcmp(heading, list[i].heading) != 0) {
      heading = list[i].heading;
      text_add(out, "<tr class=\"group\"><th colspan=\"6\">");
      text_add_html(out, heading);
      text_add(out, "</th></tr>\n");
    }
    add_evidence_row(&list[i], i, out);
  }
  text_add(out, "</tbody></table>\n</aside>\n");
}

static bool add_rows(Session *s, const Report *r, size_t index, Text *out, Error *e) {
  const ReportFigure *f = &r->figures[index];
  text_print(out, "<section class=\"rows\" id=\"f%zu\"><a class=\"close\" href=\"#t%zu\">", index + 1, index + 1);
  page_icon("close", out);
  text_add(out, "回到正文</a>\n<h3>");
  text_add_html(out, f->measure->label);
  text_add(out, "　");
  text_add_html(out, figure_text(s->arena, f->measure, &f->value));
  text_add(out, "</h3>\n");
  page_rows_note(f->measure, &f->value, out);
  FigureAsk ask = {
      .measure = f->measure, .org = r->org, .period = r->period, .reporter = r->reporter ? r->reporter : -1};
  if (!page_rows(s, ask, EVIDENCE_MOST, out, e)) return false;
  text_add(out, "</section>\n");
  return true;
}

bool report_html(Session *s, const Report *r, Text *out, Error *e) {
  page_open(r->title, "report", out);
  add_head(s, r, out);
  text_add(out, "<main>\n<article class=\"sheet\">\n");
  add_prose(s, r, out);
  text_add(out, "</article>\n</main>\n");
  if (r->figure_count) {
    add_list(r, report_evidence(s, r), out);
    text_add(out, "<div class=\"opened\" id=\"all\">\n<h2>数据明细</h2>\n");
    for (size_t i = 0; i < r->figure_count; i++)
      if (r->figures[i].first == i && !add_rows(s, r, i, out, e)) return false;
    text_add(out, "</div>\n");
  }
  page_close(out);
  return out->full ? fail(e, ERROR_LIMIT, "网页太大，请改用文本格式，或缩小取数范围。") : true;
}
