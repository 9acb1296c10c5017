/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi figures` and `luoshi rows`: every figure of an org and a period, and one figure opened to the
 * rows that it is. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "cli/table.h"
#include "figure/figure.h"

enum { WIDEST = 36 };

static int exit_asked(const Error *e) { return e->kind == ERROR_MISSING ? EXIT_USAGE : exit_for(e); }

static int figures_table(Invocation *in, Session *s, int64_t org, Period period, Error *e) {
  static const char *const heads[] = {"指标", "名称", "数值", "记录", "待补"};
  Table *t = table_new(in->arena, 5);
  for (size_t i = 0; i < 5; i++) table_head(t, i, heads[i], i > 1);
  for (size_t i = 0; i < s->catalogue->measure_count; i++) {
    const Measure *m = s->catalogue->measures[i];
    FigureValue v;
    if (!figure_value(s, (FigureAsk){.measure = m, .org = org, .period = period}, &v, e)) return exit_for(e);
    table_cell(t, m->label);
    table_cell(t, m->full_name);
    table_cell(t, v.unanswered ? "按年登记" : figure_text(in->arena, m, &v));
    table_cell(t, arena_print(in->arena, "%lld", (long long)v.rows));
    table_cell(t, v.undetermined ? arena_print(in->arena, "%lld", (long long)v.undetermined) : "");
  }
  PeriodText text;
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  text_print(&out, "%s %s\n", org_name(s->tree, org, period_last(period)), period_chinese(period, text));
  table_print(t, WIDEST, &out);
  text_print(&out, "看一项背后的记录：luoshi rows 名称 --period %s\n", period_text(period, text));
  return write_output(in, text_get(&out), out.length, e) ? EXIT_DONE : exit_for(e);
}

int command_figures(Invocation *in, Error *e) {
  SITE_SCOPE site = site_open(in->folder, false, e);
  SESSION_SCOPE s = site ? session_open(site, in->account, TX_READ, e) : NULL;
  int64_t org;
  Period period;
  if (!s) return exit_for(e);
  if (!asked_org(in, s, &org, e) || !asked_period(in, s->today, &period, e)) return exit_asked(e);
  if (!gate_figure(s, org, e)) return exit_for(e);
  if (!is_format(in, "json")) return figures_table(in, s, org, period, e);
  json_t *all = figures_json(s, org, period, e);
  return all && write_json(in, all, e) ? EXIT_DONE : exit_for(e);
}

/* ---- rows ---- */

typedef struct RowsOut {
  Invocation *in;
  Session *s;
  Table *table;
  size_t counted, undetermined;
} RowsOut;

/* A line's own words and, before them, its record's number, day and org. */
static bool is_told(const Relation *r, const Column *c) {
  (void)r;
  return !c->retired && !c->system;
}

static bool add_row(const FigureRow *row, void *context) {
  RowsOut *out = context;
  const Relation *r = row->row.relation;
  DateText day;
  out->counted += row->counted;
  out->undetermined += row->undetermined;
  table_cell(out->table, arena_print(out->in->arena, "%lld", (long long)row->record));
  table_cell(out->table, date_chinese(row->date, day));
  table_cell(out->table, org_name(out->s->tree, row->org, row->date));
  for (size_t i = 0; i < r->column_count; i++)
    if (is_told(r, &r->columns[i])) table_cell(out->table, figure_cell(out->s, row, &r->columns[i], false));
  table_cell(out->table, row->total ? "仅有总数" : row->undetermined ? "待补信息" : row->counted ? "" : "不计");
  table_cell(out->table, row->contribution);
  return true;
}

static Table *rows_table(Arena *a, const Relation *r) {
  size_t told = 0;
  for (size_t i = 0; i < r->column_count; i++) told += is_told(r, &r->columns[i]);
  Table *t = table_new(a, told + 5);
  static const char *const heads[] = {"编号", "日期", "组织"};
  for (size_t i = 0; i < 3; i++) table_head(t, i, heads[i], i == 0);
  size_t at = 3;
  for (size_t i = 0; i < r->column_count; i++)
    if (is_told(r, &r->columns[i])) table_head(t, at++, r->columns[i].label, r->columns[i].type == TYPE_DECIMAL);
  table_head(t, at++, "说明", false);
  table_head(t, at, "计入", true);
  return t;
}

static int rows_print(Invocation *in, Session *s, FigureAsk ask, Error *e) {
  FigureValue v;
  if (!figure_value(s, ask, &v, e)) return exit_for(e);
  RowsOut out = {.in = in, .s = s, .table = rows_table(in->arena, ask.measure->rows)};
  if (!figure_rows(s, ask, add_row, &out, e)) return exit_for(e);
  PeriodText text;
  TEXT_SCOPE page = text_new(TEXT_CEILING);
  const Measure *m = ask.measure;
  text_print(&page, "%s（%s）：%s %s %s\n", m->label, m->full_name, org_name(s->tree, ask.org, period_last(ask.period)),
             period_chinese(ask.period, text), v.unanswered ? "" : figure_text(in->arena, m, &v));
  if (v.unanswered) text_print(&page, "%s\n", v.unanswered);
  if (m->reading) text_print(&page, "口径：%s\n", m->reading);
  if (m->where_text) text_print(&page, "条件：%s\n", m->where_text);
  if (out.counted + out.undetermined) table_print(out.table, WIDEST, &page);
  text_print(&page, "计入%zu条", out.counted);
  if (out.undetermined) text_print(&page, "，待补信息%zu条", out.undetermined);
  text_add(&page, "。\n");
  return write_output(in, text_get(&page), page.length, e) ? EXIT_DONE : exit_for(e);
}

int command_rows(Invocation *in, Error *e) {
  SITE_SCOPE site = site_open(in->folder, false, e);
  SESSION_SCOPE s = site ? session_open(site, in->account, TX_READ, e) : NULL;
  if (!s) return exit_for(e);
  FigureAsk ask = {.measure = catalogue_measure(site->catalogue, in->words[0], e)};
  if (!ask.measure || !asked_org(in, s, &ask.org, e) || !asked_period(in, s->today, &ask.period, e)) return exit_asked(e);
  if (!is_format(in, "json")) return rows_print(in, s, ask, e);
  json_t *all = figure_rows_json(s, ask, e);
  return all && write_json(in, all, e) ? EXIT_DONE : exit_for(e);
}
