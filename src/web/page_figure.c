/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 指标: all figures of an org and a period, and one figure with the rows it is. The gate decides before
 * anything is computed: a figure is shown in full or refused. */
#include <string.h>

#include "figure/figure.h"
#include "report/page.h"
#include "web/view.h"

static bool add_figure(Page *p, const Measure *m, int64_t org, Period period, json_t *list, Error *e) {
  FigureValue v;
  json_t *one = json_object();
  json_array_append_new(list, one);
  if (!figure_value(p->session, (FigureAsk){.measure = m, .org = org, .period = period}, &v, e)) return false;
  view_set(one, "label", m->label);
  view_set(one, "href", view_link(p, arena_print(p->arena, "/figures/%s", m->full_name), org, period));
  view_set(one, "value", figure_text(p->arena, m, &v));
  json_object_set_new(one, "rows", json_integer(v.rows));
  json_object_set_new(one, "undetermined", v.undetermined ? json_integer(v.undetermined) : json_false());
  json_object_set_new(one, "totals", v.totals ? json_integer(v.totals) : json_false());
  return true;
}

bool figures_page(Page *p, Error *e) {
  int64_t org;
  Period period;
  Session *s = p->session;
  if (!web_scope(p, &org, &period, e) || !gate_figure(s, org, e)) return false;
  json_t *context = json_object(), *groups = json_array();
  json_object_set_new(context, "scope", view_scope(p, org, period));
  json_object_set_new(context, "groups", groups);
  const Relation *last = NULL;
  json_t *list = NULL;
  for (size_t i = 0; i < s->catalogue->measure_count; i++) {
    const Measure *m = s->catalogue->measures[i];
    const Relation *r = m->set->from->parent ? m->set->from->parent : m->set->from;
    if (r != last) {
      json_t *group = json_object();
      view_set(group, "label", r->label);
      json_object_set_new(group, "figures", list = json_array());
      json_array_append_new(groups, group);
      last = r;
    }
    if (!add_figure(p, m, org, period, list, e)) return json_decref(context), false;
  }
  return view_page(p, "figures", "指标", context, e);
}

bool figure_page(Page *p, Error *e) {
  enum { MOST = 1000 };
  int64_t org;
  Period period;
  Session *s = p->session;
  const Measure *m = catalogue_measure(s->catalogue, p->parts[0], e);
  FigureValue v;
  if (!m || !web_scope(p, &org, &period, e)) return false;
  FigureAsk ask = {.measure = m, .org = org, .period = period};
  if (!figure_value(s, ask, &v, e)) return false;
  TEXT_SCOPE rows = text_new(TEXT_CEILING);
  if (!page_rows(s, ask, MOST, &rows, e)) return false;
  json_t *context = json_object();
  json_object_set_new(context, "scope", view_scope(p, org, period));
  view_set(context, "label", m->label);
  view_set(context, "value", figure_text(p->arena, m, &v));
  view_set(context, "reading", m->reading);
  view_set(context, "where", m->where_text);
  json_object_set_new(context, "share", json_boolean(m->fold == FOLD_SHARE || m->fold == FOLD_MEAN));
  json_object_set_new(context, "part", json_integer(v.part));
  json_object_set_new(context, "whole", json_integer(v.whole));
  json_object_set_new(context, "rows_count", json_integer(v.rows));
  json_object_set_new(context, "undetermined", v.undetermined ? json_integer(v.undetermined) : json_false());
  view_set(context, "table", text_get(&rows));
  view_set(context, "back", view_link(p, "/figures", org, period));
  return view_page(p, "figure", m->label, context, e);
}
