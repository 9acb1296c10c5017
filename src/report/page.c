/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The parts of a page that stands alone. Everything that comes from data is escaped; the only links are to
 * places of the same page, by numbers that are made here. */
#include "report/page.h"

#include <string.h>

#include "access/names.h"
#include "report/outline.h"

/* Drawn on 16 × 16; each differs in shape, so that a grey print tells them apart. */
static const struct {
  const char *name, *drawing;
} icons[] = {
    {"ok", "<path d=\"M3 8.5 6.5 12 13 4.5\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>"},
    {"note",
     "<circle cx=\"8\" cy=\"8\" r=\"6.2\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/><path d=\"M8 "
     "7.2V11.5M8 4.2V5.8\" stroke=\"currentColor\" stroke-width=\"1.7\"/>"},
    {"not", "<rect x=\"1\" y=\"1\" width=\"14\" height=\"14\" fill=\"currentColor\"/><path d=\"M4 6.2H12M4 "
            "9.8H12M10.3 3.5 5.7 12.5\" stroke=\"#fff\" stroke-width=\"1.5\"/>"},
    {"ask", "<circle cx=\"8\" cy=\"8\" r=\"7\" fill=\"currentColor\"/><path d=\"M5.9 6.3a2.1 2.1 0 1 1 3.1 1.8c-.7.4-1 "
            ".7-1 1.5M8 11V12.4\" fill=\"none\" stroke=\"#fff\" stroke-width=\"1.6\"/>"},
    {"gap", "<circle cx=\"8\" cy=\"8\" r=\"6\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.7\" "
            "stroke-dasharray=\"3 2.2\"/>"},
    {"none", "<path d=\"M3 8H13\" stroke=\"currentColor\" stroke-width=\"2.4\"/>"},
    {"plan",
     "<circle cx=\"8\" cy=\"8\" r=\"6.2\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/><path d=\"M4.5 "
     "8H11M8.5 5.2 11.3 8 8.5 10.8\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>"},
    {"close", "<path d=\"M4 4 12 12M12 4 4 12\" stroke=\"currentColor\" stroke-width=\"1.7\"/>"},
};

void page_icon(const char *name, Text *out) {
  text_print(out, "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#i-%s\"/></svg>", name);
}

static void add_drawings(Text *out) {
  text_add(out, "<svg class=\"drawings\" aria-hidden=\"true\">");
  for (size_t i = 0; i < sizeof icons / sizeof *icons; i++)
    text_print(out, "<symbol id=\"i-%s\" viewBox=\"0 0 16 16\">%s</symbol>", icons[i].name, icons[i].drawing);
  text_add(out, "</svg>\n");
}

void page_open(const char *title, const char *body, Text *out) {
  text_add(out, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
  text_add_html(out, title);
  text_add(out, "</title>\n<style>\n");
  text_add_n(out, (const char *)page_css, page_css_size);
  text_print(out, "</style>\n</head>\n<body class=\"alone\">\n<div class=\"paper %s\">\n", body);
  add_drawings(out);
}

void page_close(Text *out) { text_add(out, "</div>\n</body>\n</html>\n"); }

void page_body_open(const char *body, Text *out) {
  text_print(out, "<div class=\"paper within %s\">\n", body);
  add_drawings(out);
}

void page_body_close(Text *out) { text_add(out, "</div>\n"); }

const char *page_figure_open(const PageLinks *links, const FigureAsk *ask, const char *more, Text *out) {
  TEXT_SCOPE address = text_new(8192);
  if (links && links->address && ask->measure) links->address(ask, links->context, &address);
  bool linked = address.length && !address.full;
  text_add(out, linked ? "<a class=\"figure\" href=\"" : "<span class=\"figure\"");
  if (linked) {
    text_add_html(out, text_get(&address));
    text_add_char(out, '"');
  }
  if (more && *more) text_print(out, " %s", more);
  text_add_char(out, '>');
  return linked ? "a" : "span";
}

const char *page_element(const char *line, bool first) {
  const char *body;
  if (first) return "h1";
  switch (line_kind(line, &body)) {
  case LINE_PART: return strstr(body, "。") ? "p" : "h2";
  case LINE_SECTION: return strstr(body, "。") ? "p" : "h3";
  default: return "p";
  }
}

void page_words(const char *element, const char *text, Text *out) {
  text_print(out, "<%s>", element);
  text_add_html(out, text);
  text_print(out, "</%.*s>\n", (int)strcspn(element, " "), element);
}

/* ---- rows ---- */

typedef struct Table {
  Session *session;
  const Measure *measure;
  const Relation *relation;
  Text *out;
  size_t rows, most, skipped;
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
  for (size_t i = 0; i < t->relation->column_count; i++)
    if (shown(t, &t->relation->columns[i])) page_words("th", t->relation->columns[i].label, t->out);
  text_add(t->out, "<th class=\"number\">计入</th></tr></thead><tbody>\n");
}

static void close_table(Table *t) {
  if (t->rows) text_add(t->out, "</tbody></table></div>\n");
  if (t->skipped) text_print(t->out, "<p class=\"note\">另有%zu条，请在台账中查看。</p>\n", t->skipped);
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
  if (t->rows == t->most) {
    t->skipped++;
    return true;
  }
  if (!t->rows++) open_table(t);
  text_print(t->out, "<tr%s><td class=\"number\">%zu</td>", row->total ? " class=\"amber\"" : "", t->rows);
  page_words("td class=\"short\"", date_chinese(row->date, date), t->out);
  page_words("td class=\"short\"", org_name(t->session->tree, row->org, row->date), t->out);
  for (size_t i = 0; i < t->relation->column_count; i++) {
    const Column *c = &t->relation->columns[i];
    const char *cell = row->row.v[i].null ? "" : figure_cell(t->session, row, c, false);
    if (shown(t, c)) page_words(c->type == TYPE_TEXT ? "td" : "td class=\"short\"", cell, t->out);
  }
  text_add(t->out, "<td class=\"number short\">");
  text_add_html(t->out, row->counted ? row->contribution : "—");
  text_add(t->out, row->total ? "（仅有总数）</td></tr>\n" : "</td></tr>\n");
  return true;
}

bool page_rows(Session *s, FigureAsk ask, size_t most, Text *out, Error *e) {
  Table t = {.session = s, .measure = ask.measure, .relation = ask.measure->rows, .out = out, .most = most};
  if (!figure_rows(s, ask, add_row, &t, e)) return false;
  close_table(&t);
  return true;
}

void page_rows_note(const Measure *m, const FigureValue *v, Text *out) {
  text_print(out, "<p class=\"note\">共%lld条明细", (long long)v->rows);
  if (m->fold == FOLD_SHARE && v->whole) text_print(out, "，其中符合的%lld条", (long long)v->part);
  if (v->undetermined) text_print(out, "，待补信息%lld条", (long long)v->undetermined);
  if (v->totals) text_print(out, "，仅有总数%lld条", (long long)v->totals);
  text_add(out, "。");
  if (m->reading) {
    text_add(out, "口径：");
    text_add_html(out, m->reading);
    text_add(out, "。");
  }
  text_add(out, "</p>\n");
}
