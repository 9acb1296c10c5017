/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A report as one page of its own, without script: the prose in the official layout's fonts, each figure a
 * link to its rows, which follow below. Everything that comes from data is escaped. */
#include <string.h>

#include "base/utf8.h"
#include "report/report.h"

enum { EVIDENCE_MOST = 1000 };

static const char style[] =
    "body{margin:0;background:#F6F4F1;color:#1D1B19;font:14px/20px \"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK"
    " SC\",\"Source Han Sans SC\",\"WenQuanYi Micro Hei\",sans-serif;font-variant-numeric:tabular-nums}\n"
    "main{max-width:1100px;margin:0 auto;padding:32px 24px}\n"
    "article{max-width:676px;margin:0 auto;background:#fff;border:1px solid #E7E3DD;padding:32px;font:16px/34px "
    "FangSong,FangSong_GB2312,仿宋,STFangsong,"
    "\"Noto Serif CJK SC\",serif}\n"
    "h1{font:400 28px/40px \"方正小标宋简体\",\"Noto Serif CJK SC\",serif;text-align:center;margin:0 0 24px}\n"
    "article h2{font:400 16px/34px 黑体,SimHei,sans-serif;margin:0;text-indent:2em}\n"
    "article h3{font:400 16px/34px 楷体,KaiTi,serif;margin:0;text-indent:2em}\n"
    "article p{margin:0;text-indent:2em}\n"
    "a.figure{color:inherit;text-decoration:none;border-bottom:1px dotted #6B665F;white-space:nowrap}\n"
    "a:focus{outline:3px solid #1F5A99;outline-offset:2px}\n"
    ".evidence{margin-top:32px}\n"
    ".evidence h2{font-size:20px;line-height:28px;margin:0 0 8px}\n"
    ".evidence section{border-top:1px solid #D5D0C8;padding:16px 0}\n"
    ".evidence section:target h3{border-bottom:2px solid #A31D22}\n"
    ".evidence h3{font-size:14px;line-height:20px;margin:0 0 8px;display:inline-block}\n"
    ".note{color:#55504A;font-size:13px;margin:0 0 8px}\n"
    ".amber{background:#FDF3DC;color:#7F5200}\n"
    ".wide{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%;font-size:13px;line-height:20px}\n"
    "th{font-size:12px;line-height:16px;color:#55504A;text-align:left}\n"
    "th,td{border-bottom:1px solid #E7E3DD;padding:6px 8px;vertical-align:top}\n"
    "td.number,th.number{text-align:right}\n"
    "th,td.short{white-space:nowrap}\n"
    "@media print{body{background:#fff}article{border:0;padding:0}a.figure{border:0}}\n";

/* ---- prose ---- */

static bool begins_with_han(const char **s) {
  static const char *const digits[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
  const char *from = *s;
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
      if (strncmp(*s, digits[i], strlen(digits[i])) == 0) {
        *s += strlen(digits[i]);
        more = true;
      }
  }
  return *s > from;
}

static const char *element_of(const char *line, bool first) {
  if (first) return "h1";
  const char *s = line;
  if (begins_with_han(&s) && strncmp(s, "、", strlen("、")) == 0) return "h2";
  s = line;
  if (strncmp(s, "（", strlen("（")) != 0) return "p";
  s += strlen("（");
  return begins_with_han(&s) && strncmp(s, "）", strlen("）")) == 0 ? "h3" : "p";
}

static void add_figure(const Session *s, const Report *r, size_t index, Text *out) {
  const ReportFigure *f = &r->figures[index];
  text_print(out, "<a class=\"figure\" href=\"#f%zu\" data-figure=\"", f->first + 1);
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

static void add_prose(const Session *s, const Report *r, Text *out) {
  size_t point = 0, next = 0;
  bool first = true;
  for (const char *line = r->text; *line;) {
    const char *end = line + strcspn(line, "\n");
    if (end > line) {
      const char *element = element_of(line, first);
      first = false;
      text_print(out, "<%s>", element);
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

/* ---- evidence ---- */

typedef struct Table {
  Session *session;
  const Measure *measure;
  const Relation *relation;
  Text *out;
  int64_t rows, skipped;
  bool undetermined;
} Table;

/* The day that counts stands in front already. */
static bool shown(const Table *t, const Column *c) {
  const Measure *m = t->measure;
  const Column *day = m->when == WHEN_EVENT || m->when == WHEN_UPTO ? m->on.column
                      : m->when == WHEN_ENDED                       ? m->to.column
                                                                    : m->from.column;
  return c != day && !c->system && !c->retired && c->type != TYPE_PROSE && c->type != TYPE_FILE;
}

static void open_table(Table *t) {
  text_add(t->out, "<div class=\"wide\"><table><thead><tr><th>序号</th><th>日期</th><th>组织</th>");
  for (size_t i = 0; i < t->relation->column_count; i++) {
    const Column *c = &t->relation->columns[i];
    if (!shown(t, c)) continue;
    text_add(t->out, "<th>");
    text_add_html(t->out, c->label);
    text_add(t->out, "</th>");
  }
  text_add(t->out, "<th class=\"number\">计入</th></tr></thead><tbody>\n");
}

static void close_table(Table *t) {
  if (t->rows) text_add(t->out, "</tbody></table></div>\n");
  if (t->skipped) text_print(t->out, "<p class=\"note\">另有%lld条，请在台账中查看。</p>\n", (long long)t->skipped);
}

static void add_cell(Text *out, bool brief, const char *text) {
  text_add(out, brief ? "<td class=\"short\">" : "<td>");
  text_add_html(out, text);
  text_add(out, "</td>");
}

static bool add_row(const FigureRow *row, void *context) {
  Table *t = context;
  DateText date;
  if (row->undetermined && !t->undetermined) {
    close_table(t);
    t->rows = t->skipped = 0;
    t->undetermined = true;
    text_add(t->out, "<p class=\"note amber\">待补信息，未计入：</p>\n");
  }
  if (t->rows == EVIDENCE_MOST) {
    t->skipped++;
    return true;
  }
  if (!t->rows++) open_table(t);
  text_print(t->out, "<tr%s><td>%lld</td>", row->total ? " class=\"amber\"" : "", (long long)t->rows);
  add_cell(t->out, true, date_chinese(row->date, date));
  add_cell(t->out, true, org_name(t->session->tree, row->org, row->date));
  for (size_t i = 0; i < t->relation->column_count; i++) {
    const Column *c = &t->relation->columns[i];
    if (!shown(t, c)) continue;
    add_cell(t->out, c->type != TYPE_TEXT, row->row.v[i].null ? "" : figure_cell(t->session, row, c, false));
  }
  text_add(t->out, "<td class=\"number short\">");
  text_add_html(t->out, row->counted ? row->contribution : "—");
  text_add(t->out, row->total ? "（仅有总数）</td></tr>\n" : "</td></tr>\n");
  return true;
}

static bool add_evidence(Session *s, const Report *r, size_t index, Text *out, Error *e) {
  const ReportFigure *f = &r->figures[index];
  const Measure *m = f->measure;
  text_print(out, "<section id=\"f%zu\"><h3>", index + 1);
  text_add_html(out, m->label);
  text_add(out, "　");
  text_add_html(out, figure_text(s->arena, m, &f->value));
  text_print(out, "</h3>\n<p class=\"note\">共%lld条明细", (long long)f->value.rows);
  if (f->value.undetermined) text_print(out, "，待补信息%lld条", (long long)f->value.undetermined);
  if (m->fold == FOLD_SHARE && f->value.whole) text_print(out, "，其中符合的%lld条", (long long)f->value.part);
  text_add(out, "。");
  if (m->reading) text_add_html(out, m->reading);
  text_add(out, "</p>\n");
  Table t = {.session = s, .measure = m, .relation = m->rows, .out = out};
  FigureAsk ask = {.measure = m, .org = r->org, .period = r->period, .reporter = r->reporter ? r->reporter : -1};
  if (!figure_rows(s, ask, add_row, &t, e)) return false;
  close_table(&t);
  text_add(out, "</section>\n");
  return true;
}

bool report_html(Session *s, const Report *r, Text *out, Error *e) {
  text_add(out, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
  text_add_html(out, r->title);
  text_print(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n<article>\n", style);
  add_prose(s, r, out);
  text_add(out, "</article>\n");
  if (r->figure_count) text_add(out, "<div class=\"evidence\">\n<h2>数据来源</h2>\n");
  for (size_t i = 0; i < r->figure_count; i++)
    if (r->figures[i].first == i && !add_evidence(s, r, i, out, e)) return false;
  if (r->figure_count) text_add(out, "</div>\n");
  text_add(out, "</main>\n</body>\n</html>\n");
  return out->full ? fail(e, ERROR_LIMIT, "网页太大，请改用文本格式，或缩小取数范围。") : true;
}
