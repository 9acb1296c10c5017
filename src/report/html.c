/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A report as one page of its own, without script: the prose as an official paper, each figure a link to
 * its rows, which open beside it; the list of evidence in the margin, and as an appendix when printed. Inside
 * a page of the web the same, but that rows stand on pages of their own. */
#include <string.h>

#include "base/utf8.h"
#include "report/evidence.h"
#include "report/frozen.h"
#include "report/outline.h"
#include "report/page.h"

enum { EVIDENCE_MOST = 500 };

/* ---- prose ---- */

typedef struct Sheet {
  Session *session;
  const Report *report;
  const PageLinks *links; /* NULL: the page stands alone */
  Text *out;
} Sheet;

/* A measure that is no longer declared has no rows to ask for. */
static FigureAsk ask_of(const Report *r, const ReportFigure *f) {
  return (FigureAsk){.measure = f->measure->set ? f->measure : NULL,
                     .org = r->org,
                     .period = r->period,
                     .reporter = r->reporter ? r->reporter : -1};
}

/* To the rows of the figure at `index`, or to wherever the page of the web has them. */
static const char *open_figure(const Sheet *p, size_t index, const char *more) {
  const ReportFigure *f = &p->report->figures[index];
  FigureAsk ask = ask_of(p->report, f);
  if (p->links) return page_figure_open(p->links, &ask, more, p->out);
  if (!ask.measure) return page_figure_open(NULL, &ask, more, p->out);
  text_print(p->out, "<a class=\"figure\" %s%shref=\"#f%zu\">", more, *more ? " " : "", f->first + 1);
  return "a";
}

static void add_figure(const Sheet *p, size_t index) {
  const ReportFigure *f = &p->report->figures[index];
  TEXT_SCOPE more = text_new(8192);
  text_print(&more, "id=\"t%zu\" data-figure=\"", index + 1);
  text_add_html(&more, f->measure->full_name);
  text_add(&more, "\" data-value=\"");
  text_add_html(&more, figure_exact(p->session->arena, &f->value));
  text_add_char(&more, '"');
  const char *element = open_figure(p, index, text_get(&more));
  text_add_html(p->out, f->text);
  text_print(p->out, "</%s>", element);
}

/* One line of the text with its figures; `point` and `next` move along. */
static void add_line(const Sheet *p, const char *line, const char *end, size_t *point, size_t *next) {
  const Report *r = p->report;
  while (line < end) {
    if (*next < r->figure_count && r->figures[*next].start == *point) {
      const ReportFigure *f = &r->figures[*next];
      add_figure(p, (*next)++);
      for (; *point < f->end && line < end; (*point)++) utf8_next(&line);
      continue;
    }
    const char *from = line;
    utf8_next(&line);
    char one[8] = "";
    memcpy(one, from, (size_t)(line - from));
    text_add_html(p->out, one);
    (*point)++;
  }
}

/* Whose report it is stands between the title and the text, and is no sentence. */
static bool is_byline(const char *text, size_t number) {
  const char *body;
  return number == 1 && line_kind(text, &body) == LINE_PARAGRAPH && !strstr(text, "。") && !strstr(text, "：");
}

static void add_prose(const Sheet *p) {
  const Report *r = p->report;
  Text *out = p->out;
  size_t point = 0, next = 0, number = 0;
  for (const char *line = r->text; *line;) {
    const char *end = line + strcspn(line, "\n");
    if (end > line) {
      const char *text = arena_slice(p->session->arena, line, (size_t)(end - line));
      const char *element = page_element(text, number == 0);
      text_print(out, is_byline(text, number) ? "<%s class=\"byline\">" : "<%s>", element);
      number++;
      add_line(p, line, end, &point, &next);
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

size_t report_noted(const Report *r) {
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
  size_t notes = report_noted(r);
  text_add(out, "<p class=\"tally\">");
  page_icon("ok", out);
  text_print(out, "共<b>%zu</b>处数据，处处有据", r->figure_count);
  if (notes) text_print(out, "，其中<b>%zu</b>处有说明", notes);
  text_add(out, "。点数字看明细；<a href=\"#all\">列出全部明细</a>，可一并打印。</p>\n");
  if (r->frozen)
    text_print(out, "<p class=\"note\">第%d稿，%s定稿%s。定稿后数字不再随台账变化，补录另列。</p>\n</header>\n",
               r->frozen->issue, date_chinese(r->frozen->on, today), r->frozen->in_force ? "" : "，已有新稿");
  else
    text_print(out, "<p class=\"note\">还没定稿，数字随台账变化，算到%s。</p>\n</header>\n",
               date_chinese(s->today, today));
}

static void add_evidence_row(const Sheet *p, const Evidence *v, size_t index) {
  const ReportFigure *f = v->figure;
  Text *out = p->out;
  text_print(out, "<tr><td class=\"number\">%zu</td><td>", index + 1);
  page_icon(v->note ? "note" : "ok", out);
  text_print(out, "<a href=\"#t%zu\">", index + 1);
  text_add_html(out, f->measure->label);
  text_add(out, "</a></td><td class=\"short\"><b>");
  text_add_html(out, f->text);
  text_add(out, "</b></td><td class=\"printed\">");
  text_add_html(out, v->ledger);
  text_add(out, "</td><td class=\"number short\">");
  const char *element = open_figure(p, index, "");
  text_print(out, "%lld条</%s></td>", (long long)f->value.rows, element);
  page_words("td class=\"printed\"", v->note ? v->note : "", out);
  text_add(out, "</tr>\n");
  if (v->note) {
    text_add(out, "<tr class=\"under\"><td></td><td class=\"amber\" colspan=\"4\">");
    text_add_html(out, v->note);
    text_add(out, "</td></tr>\n");
  }
}

static void add_list(const Sheet *p, const Evidence *list) {
  const Report *r = p->report;
  Text *out = p->out;
  const char *heading = "";
  text_add(out,
           "<aside class=\"margin\">\n<h2>佐证目录</h2>\n<table><thead><tr><th class=\"number\">序号</th><th>指标</th>"
           "<th>数据</th><th class=\"printed\">台账</th><th class=\"number\">记录</th><th class=\"printed\">说明</th></tr>"
           "</thead><tbody>\n");
  for (size_t i = 0; i < r->figure_count; i++) {
    if (strcmp(heading, list[i].heading) != 0) {
      heading = list[i].heading;
      text_add(out, "<tr class=\"group\"><th colspan=\"6\">");
      text_add_html(out, heading);
      text_add(out, "</th></tr>\n");
    }
    add_evidence_row(p, &list[i], i);
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
  if (r->frozen) text_add(out, "<p class=\"note\">下面是今天台账里的明细；定稿后的变化见补录另列。</p>\n");
  FigureAsk ask = ask_of(r, f);
  if (!page_rows(s, ask, EVIDENCE_MOST, out, e)) return false;
  text_add(out, "</section>\n");
  return true;
}

static bool whole(const Text *out, Error *e) {
  return out->full ? fail(e, ERROR_LIMIT, "网页太大，请改用文本格式，或缩小取数范围。") : true;
}

bool report_html_alone(Session *s, const Report *r, Text *out, Error *e) {
  Sheet p = {.session = s, .report = r, .out = out};
  add_head(s, r, out);
  text_add(out, "<main class=\"middle\">\n<article class=\"sheet\">\n");
  add_prose(&p);
  text_add(out, "</article>\n</main>\n");
  if (!r->figure_count) return true;
  add_list(&p, report_evidence(s, r));
  text_add(out, "<div class=\"opened\" id=\"all\">\n<h2>数据明细</h2>\n");
  for (size_t i = 0; i < r->figure_count; i++)
    if (r->figures[i].first == i && r->figures[i].measure->set && !add_rows(s, r, i, out, e)) return false;
  text_add(out, "</div>\n");
  return true;
}

bool report_html(Session *s, const Report *r, Text *out, Error *e) {
  page_open(r->title, "report", out);
  if (!report_html_alone(s, r, out, e)) return false;
  page_close(out);
  return whole(out, e);
}

bool report_html_body(Session *s, const Report *r, const PageLinks *links, Text *out, Error *e) {
  static const PageLinks none = {0};
  Sheet p = {.session = s, .report = r, .links = links ? links : &none, .out = out};
  page_body_open("report", out);
  text_add(out, "<div class=\"columns\">\n<article class=\"sheet\">\n");
  add_prose(&p);
  text_add(out, "</article>\n");
  if (r->figure_count) add_list(&p, report_evidence(s, r));
  text_add(out, "</div>\n");
  page_body_close(out);
  return whole(out, e);
}
