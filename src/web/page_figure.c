/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 指标: all figures of an org and a period, and one figure: its value with those it is read beside, how it ran
 * over the year, where it comes from, and the rows it is. The gate decides before anything is computed: a
 * figure is shown in full or refused. */
#include <stdlib.h>
#include <string.h>

#include "figure/figure.h"
#include "ledger/record.h"
#include "paper/csv.h"
#include "web/chart.h"
#include "web/view.h"

static const Relation *ledger_of(const Measure *m) { return m->set->from->parent ? m->set->from->parent : m->set->from; }

static const char *figure_path(Page *p, const Measure *m, int64_t org, Period period) {
  return view_link(p, arena_print(p->arena, "/figures/%s", m->full_name), org, period);
}

/* ---- all of them ---- */

static json_t *figure_json(Page *p, const Measure *m, const FigureValue *v, int64_t org, Period period) {
  json_t *one = json_object();
  view_set(one, "label", m->label);
  view_set(one, "href", figure_path(p, m, org, period));
  view_set(one, "value", v->unanswered ? NULL : figure_text(p->arena, m, v));
  view_set(one, "unanswered", v->unanswered);
  view_count(one, "rows", v->rows);
  json_object_set_new(one, "undetermined", v->undetermined ? json_integer(v->undetermined) : json_false());
  json_object_set_new(one, "totals", v->totals ? json_integer(v->totals) : json_false());
  return one;
}

/* Figures stand together by the ledger they are counted from, in the order of their declarations. */
static json_t *group_of(json_t *groups, const Relation *r) {
  json_t *group;
  size_t i;
  json_array_foreach(groups, i, group)
    if (!strcmp(json_string_value(json_object_get(group, "name")), r->name)) return json_object_get(group, "figures");
  json_array_append_new(groups, group = json_object());
  view_set(group, "name", r->name);
  view_set(group, "label", r->label);
  json_object_set_new(group, "figures", json_array());
  return json_object_get(group, "figures");
}

static bool ask_all(Page *p, const Measure *const *measures, size_t count, int64_t org, Period period, FigureValue *out, Error *e) {
  FigureAsk *asks = NEW_ARRAY(p->arena, FigureAsk, count);
  for (size_t i = 0; i < count; i++) asks[i] = (FigureAsk){.measure = measures[i], .org = org, .period = period};
  return figures_values(p->session, asks, count, out, e);
}

bool figures_page(Page *p, Error *e) {
  int64_t org;
  Period period;
  Session *s = p->session;
  size_t count = s->catalogue->measure_count;
  const Measure *const *measures = (const Measure *const *)s->catalogue->measures;
  FigureValue *values = NEW_ARRAY(p->arena, FigureValue, count);
  if (!web_scope(p, &org, &period, e) || !ask_all(p, measures, count, org, period, values, e)) return false;
  json_t *context = json_object(), *groups = json_array();
  json_object_set_new(context, "groups", groups);
  for (size_t i = 0; i < count; i++)
    json_array_append_new(group_of(groups, ledger_of(measures[i])), figure_json(p, measures[i], &values[i], org, period));
  view_count(context, "count", (int64_t)count);
  return view_page(p, "figures", "指标", context, e);
}

/* ---- how it ran, and where it comes from ---- */

enum { PARTS_MOST = 12, ORGS_MOST = 60 };

/* A rate runs as a line, an amount stands as bars. */
static bool is_rate(const Measure *m) { return m->fold == FOLD_SHARE || m->fold == FOLD_MEAN; }

/* The quarters of a year (the months, for a rate), the months of a shorter period; a month, a span of days and
 * figures that reach into another year have no parts. */
static size_t parts_of(const Measure *m, Period period, Period *out) {
  int year = date_year(period.from), first = date_month(period.from), last = date_month(period_last(period));
  if (period.kind == PERIOD_MONTH || period.kind == PERIOD_SPAN || m->lag) return 0;
  if (period.kind == PERIOD_YEAR && !is_rate(m)) {
    for (int quarter = 1; quarter <= 4; quarter++) out[quarter - 1] = period_quarter(year, quarter);
    return 4;
  }
  size_t count = 0;
  for (int month = first; month <= last && count < PARTS_MOST; month++) out[count++] = period_month(year, month);
  return count;
}

static const char *part_label(Page *p, Period part) {
  static const char *const quarters[] = {"一季度", "二季度", "三季度", "四季度"};
  int month = date_month(part.from);
  return part.kind == PERIOD_QUARTER ? quarters[(month - 1) / 3] : arena_print(p->arena, "%d月", month);
}

/* Where the caption tells the unit, the bare number stands at its mark. */
static bool is_counted(const Measure *m) { return m->fold == FOLD_COUNT || m->fold == FOLD_DISTINCT; }

static Mark mark_of(Page *p, const Measure *m, const FigureValue *v, const char *href) {
  if (v->null || v->unanswered) return (Mark){0};
  const char *exact = figure_exact(p->arena, v);
  return (Mark){.text = is_counted(m) ? exact : figure_text(p->arena, m, v), .exact = exact, .href = href};
}

/* By month or quarter, with the year before beside. NULL when nothing can be told apart by these. */
static bool trend(Page *p, const Measure *m, const FigureValue *whole, int64_t org, Period period, json_t *context, Error *e) {
  Period parts[2 * PARTS_MOST];
  FigureAsk asks[2 * PARTS_MOST];
  FigureValue values[2 * PARTS_MOST] = {0};
  size_t count = parts_of(m, period, parts);
  Date today = p->session->today;
  for (size_t i = 0; i < count; i++) parts[count + i] = period_back(parts[i], 1);
  for (size_t i = 0; i < 2 * count; i++) asks[i] = (FigureAsk){.measure = m, .org = org, .period = parts[i]};
  if (count && !figures_values(p->session, asks, 2 * count, values, e)) return false;
  if (!count || values[0].unanswered) return true;
  const char *unit = is_counted(m) && m->unit ? m->unit : "";
  Course course = {.line = is_rate(m), .id = "parts", .first = "期间", .heads = {"上年", "今年"},
                   .caption = arena_print(p->arena, "%s%s", parts[0].kind == PERIOD_QUARTER ? "各季度" : "各月", unit)};
  if (is_rate(m) && !whole->null) {
    course.level = figure_exact(p->arena, whole);
    course.level_name = arena_print(p->arena, "全期%s", figure_text(p->arena, m, whole));
  }
  for (size_t i = 0; i < count; i++) {
    bool ahead = parts[i].from > today;
    Mark marks[2] = {mark_of(p, m, &values[count + i], figure_path(p, m, org, parts[count + i])),
                     ahead ? (Mark){0} : mark_of(p, m, &values[i], figure_path(p, m, org, parts[i]))};
    course_add(&course, part_label(p, parts[i]), marks, !ahead && period_last(parts[i]) > today);
  }
  json_t *chart = course_json(&course);
  view_flag(context, "charts", chart != NULL);
  json_object_set_new(context, "course", chart ? chart : json_false());
  return true;
}

typedef struct OrgValue { int64_t org; const FigureValue *value; size_t at; } OrgValue;

static int largest_first(const void *a, const void *b) {
  const OrgValue *x = a, *y = b;
  int order = ratio_compare(y->value->exact, x->value->exact);
  return order ? order : x->at < y->at ? -1 : x->at > y->at;
}

/* Of the orgs right below, largest first; a rate with the whole's own marked. Nothing stands here that the asker may
 * not ask for. */
static bool by_org(Page *p, const Measure *m, const FigureValue *whole, int64_t org, Period period, json_t *context, Error *e) {
  Session *s = p->session;
  int64_t *children;
  FigureAsk asks[ORGS_MOST];
  FigureValue values[ORGS_MOST];
  OrgValue order[ORGS_MOST];
  Bar bars[ORGS_MOST];
  size_t all = org_children(s->tree, p->arena, org, period_last(period), &children), count = 0, known = 0;
  for (size_t i = 0; i < all && count < ORGS_MOST; i++)
    asks[count++] = (FigureAsk){.measure = m, .org = children[i], .period = period};
  if (!count) return true;
  if (!figures_values(s, asks, count, values, e)) return false;
  bool any = false;
  for (size_t i = 0; i < count; i++) {
    if (values[i].null || values[i].unanswered) continue;
    order[known] = (OrgValue){asks[i].org, &values[i], known}, known++;
    any = any || values[i].exact.num;
  }
  if (!any) return true; /* kept by the org itself alone */
  qsort(order, known, sizeof *order, largest_first);
  bool lined = is_rate(m) && !whole->null && !whole->unanswered;
  for (size_t i = 0; i < known; i++)
    bars[i] = (Bar){.label = org_name(s->tree, order[i].org, period_last(period)),
                    .text = figure_text(p->arena, m, order[i].value),
                    .href = figure_path(p, m, order[i].org, period),
                    .length = order[i].value->exact,
                    .main = lined && ratio_compare(order[i].value->exact, whole->exact) < 0};
  const char *note = "点一行只看该单位";
  const char *name = org_name(s->tree, org, period_last(period));
  if (lined) note = arena_print(p->arena, "竖线是%s，%s", name, figure_text(p->arena, m, whole));
  json_object_set_new(context, "orgs", bars_json(p->arena, "来自哪里", note, bars, known, lined ? &whole->exact : NULL));
  return true;
}

/* ---- its rows ---- */

enum { PAGE_ROWS = 50, COLUMNS_MOST = 9 };

typedef struct Listing {
  Page *page;
  const Measure *measure;
  const Column *columns[COLUMNS_MOST];
  size_t column_count, skip, seen, masked;
  bool undetermined; /* these alone, or the counted ones alone */
  json_t *rows;
} Listing;

/* The day that counts stands in front already. */
static const Column *day_column(const Measure *m) {
  return m->when == WHEN_EVENT || m->when == WHEN_UPTO ? m->on.column : m->when == WHEN_ENDED ? m->to.column : m->from.column;
}

static void choose_columns(Listing *l) {
  const Relation *r = l->measure->rows;
  for (size_t i = 0; i < r->column_count && l->column_count < COLUMNS_MOST; i++) {
    const Column *c = &r->columns[i];
    if (c == day_column(l->measure) || c->system || c->retired || c->type == TYPE_PROSE || c->type == TYPE_FILE) continue;
    l->columns[l->column_count++] = c;
  }
}

static json_t *row_cells(Listing *l, const FigureRow *row) {
  json_t *cells = json_array();
  Session *s = l->page->session;
  for (size_t i = 0; i < l->column_count; i++) {
    const Column *c = l->columns[i];
    json_t *cell = json_object();
    bool null = row->row.v[c - row->row.relation->columns].null;
    view_set(cell, "text", null ? "" : figure_cell(s, row, c, false));
    view_flag(cell, "number", view_is_number(c));
    json_array_append_new(cells, cell);
  }
  return cells;
}

static bool add_row(const FigureRow *row, void *context) {
  Listing *l = context;
  Session *s = l->page->session;
  if (row->undetermined != l->undetermined || l->seen++ < l->skip) return true;
  if (json_array_size(l->rows) == PAGE_ROWS) return true;
  json_t *one = json_object();
  const Relation *record = l->measure->rows->parent ? l->measure->rows->parent : l->measure->rows;
  view_set(one, "date", view_date(s->arena, row->date));
  view_set(one, "org", org_name(s->tree, row->org, row->date));
  view_set(one, "href", view_record_path(s->arena, record, row->record));
  json_object_set_new(one, "cells", row_cells(l, row));
  view_set(one, "adds", row->counted ? row->contribution : "—");
  view_flag(one, "total", row->total);
  json_array_append_new(l->rows, one);
  return true;
}

static bool rows_json(Page *p, FigureAsk ask, const FigureValue *v, json_t *context, Error *e) {
  size_t page = view_page_number(p);
  Listing l = {.page = p, .measure = ask.measure, .rows = json_array(), .skip = (page - 1) * PAGE_ROWS,
               .undetermined = !strcmp(form_text(&p->query, "show"), "undetermined")};
  json_t *heads = json_array();
  choose_columns(&l);
  for (size_t i = 0; i < l.column_count; i++) {
    json_t *head = json_object();
    view_set(head, "text", l.columns[i]->label);
    view_flag(head, "number", view_is_number(l.columns[i]));
    json_array_append_new(heads, head);
  }
  json_object_set_new(context, "heads", heads);
  json_object_set_new(context, "rows", l.rows);
  view_flag(context, "showing_undetermined", l.undetermined);
  if (!figure_rows(p->session, ask, add_row, &l, e)) return false;
  view_count(context, "rows_count", v->rows);
  json_object_set_new(context, "pager", view_pager(p, page, PAGE_ROWS, l.seen, false));
  view_flag(context, "empty", !json_array_size(l.rows));
  return true;
}

/* ---- one figure ---- */

/* Those of its set side by side: 4轮 63人次. */
static bool beside(Page *p, const Measure *m, int64_t org, Period period, json_t *context, Error *e) {
  const Set *set = m->set;
  const Measure **measures = NEW_ARRAY(p->arena, const Measure *, set->measure_count);
  FigureValue *values = NEW_ARRAY(p->arena, FigureValue, set->measure_count), last;
  for (size_t i = 0; i < set->measure_count; i++) measures[i] = &set->measures[i];
  if (!ask_all(p, measures, set->measure_count, org, period, values, e) ||
      !figure_value(p->session, (FigureAsk){.measure = m, .org = org, .period = period_back(period, 1)}, &last, e))
    return false;
  json_t *others = json_array();
  for (size_t i = 0; i < set->measure_count; i++)
    if (measures[i] != m) json_array_append_new(others, figure_json(p, measures[i], &values[i], org, period));
  json_object_set_new(context, "others", others);
  view_set(context, "last", last.unanswered ? NULL : figure_text(p->arena, m, &last));
  view_set(context, "last_href", figure_path(p, m, org, period_back(period, 1)));
  return true;
}

static void definition(Page *p, const Measure *m, const FigureValue *v, int64_t org, Period period, json_t *context) {
  PeriodText text;
  view_set(context, "period", period_chinese(period, text));
  view_set(context, "org", org_name(p->session->tree, org, period_last(period)));
  view_set(context, "reading", m->reading);
  TEXT_SCOPE words = text_new(16 * 1024);
  filter_say(m->where, &words);
  view_set(context, "where", text_get(&words));
  view_flag(context, "ratio", is_rate(m) && v->whole);
  view_flag(context, "share", m->fold == FOLD_SHARE && v->whole);
  view_count(context, "part", v->part);
  view_count(context, "whole", v->whole);
}

/* Of a checked draft: the figure's rows of one kind alone (环境整治). */
static bool read_slice(Page *p, const Measure *m, const Filter **out, Error *e) {
  const char *text = form_text(&p->query, "slice");
  *out = NULL;
  if (!*text) return true;
  *out = filter_parse(p->arena, p->session->catalogue, m->rows, text, NULL, NULL, e);
  return *out && gate_filter(p->session, *out, e);
}

static const char *with_slice(Page *p, const char *path) {
  const char *text = form_text(&p->query, "slice");
  return *text ? arena_print(p->arena, "%s&slice=%s", path, url_encode(p->arena, text)) : path;
}

static void add_slice(const Filter *slice, json_t *context) {
  if (!slice) return;
  TEXT_SCOPE words = text_new(4096);
  filter_say(slice, &words);
  view_set(context, "slice", text_get(&words));
}

/* What stands around the rows; of a slice nothing is known but its value. */
static bool around(Page *p, const Measure *m, const FigureValue *v, int64_t org, Period period, json_t *context, Error *e) {
  return beside(p, m, org, period, context, e) && trend(p, m, v, org, period, context, e) && by_org(p, m, v, org, period, context, e);
}

bool figure_page(Page *p, Error *e) {
  int64_t org;
  Period period;
  Session *s = p->session;
  const Measure *m = catalogue_measure(s->catalogue, p->parts[0], e);
  FigureValue v;
  const Filter *slice;
  if (!m || !web_scope(p, &org, &period, e) || !read_slice(p, m, &slice, e)) return false;
  FigureAsk ask = {.measure = m, .slice = slice, .org = org, .period = period};
  if (!figure_value(s, ask, &v, e)) return false;
  json_t *context = json_object();
  const Relation *r = ledger_of(m);
  definition(p, m, &v, org, period, context);
  json_t *figure = figure_json(p, m, &v, org, period);
  view_set(figure, "href", with_slice(p, figure_path(p, m, org, period)));
  json_object_set_new(context, "figure", figure);
  add_slice(slice, context);
  view_set(context, "whole_href", slice ? figure_path(p, m, org, period) : NULL);
  view_set(context, "ledger", r->label);
  view_set(context, "ledger_href", r->core ? NULL : view_link(p, arena_print(p->arena, "/ledgers/%s", r->name), org, period));
  view_set(context, "new_href", record_enterable(r) && may(s, MAY_WRITE, org) ? arena_print(p->arena, "/ledgers/%s/new", r->name) : NULL);
  view_set(context, "back", view_link(p, "/figures", org, period));
  view_set(context, "here", with_slice(p, figure_path(p, m, org, period)));
  view_set(context, "csv", with_slice(p, view_link(p, arena_print(p->arena, "/figures/%s/rows.csv", m->full_name), org, period)));
  if ((!slice && !around(p, m, &v, org, period, context, e)) || !rows_json(p, ask, &v, context, e))
    return json_decref(context), false;
  return view_page(p, "figure", m->label, context, e);
}

/* ---- its rows as a table to take away ---- */

typedef struct Sheet {
  Page *page;
  Listing *columns;
  Text *out;
} Sheet;

static bool add_csv(const FigureRow *row, void *context) {
  Sheet *sheet = context;
  Session *s = sheet->page->session;
  DateText day;
  csv_add_cell(sheet->out, true, date_iso(row->date, day));
  csv_add_cell(sheet->out, false, org_name(s->tree, row->org, row->date));
  for (size_t i = 0; i < sheet->columns->column_count; i++) {
    const Column *c = sheet->columns->columns[i];
    bool null = row->row.v[c - row->row.relation->columns].null;
    csv_add_cell(sheet->out, false, null ? "" : figure_cell(s, row, c, true));
  }
  csv_add_cell(sheet->out, false, row->undetermined ? "待补信息" : row->contribution);
  csv_end_row(sheet->out);
  return !sheet->out->full;
}

bool figure_csv(Page *p, Error *e) {
  int64_t org;
  Period period;
  const Measure *m = catalogue_measure(p->session->catalogue, p->parts[0], e);
  const Filter *slice;
  if (!m || !web_scope(p, &org, &period, e) || !read_slice(p, m, &slice, e)) return false;
  Listing l = {.page = p, .measure = m};
  Sheet sheet = {p, &l, &p->out->body};
  choose_columns(&l);
  csv_add_bom(sheet.out);
  csv_add_cell(sheet.out, true, "日期");
  csv_add_cell(sheet.out, false, "组织");
  for (size_t i = 0; i < l.column_count; i++) csv_add_cell(sheet.out, false, l.columns[i]->label);
  csv_add_cell(sheet.out, false, "计入");
  csv_end_row(sheet.out);
  if (!figure_rows(p->session, (FigureAsk){.measure = m, .slice = slice, .org = org, .period = period}, add_csv, &sheet, e)) return false;
  p->out->type = "text/csv; charset=utf-8";
  p->out->filename = arena_print(p->arena, "%s.csv", m->label);
  return true;
}
