/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Figures and their rows as the command line and the API give them (docs/json.md). Numbers are decimal
 * strings, ids are strings, names come in a fixed order. */
#include "figure/ask.h"

#include <string.h>

#include "base/json.h"

static json_t *id_text(Arena *a, int64_t id) {
  return id ? json_string(arena_print(a, "%lld", (long long)id)) : json_null();
}

/* "value" is null where there is none. */
static void put_value(json_t *at, Arena *a, const Measure *m, const FigureValue *v) {
  json_object_set_new(at, "value", v->null ? json_null() : json_string(figure_exact(a, v)));
  json_object_set_new(at, "text", json_string(figure_text(a, m, v)));
}

static json_t *figure_json(Session *s, const Measure *m, const FigureValue *v) {
  json_t *out = json_object();
  json_object_set_new(out, "name", json_string(m->full_name));
  json_object_set_new(out, "label", json_string(m->label));
  json_object_set_new(out, "unit", m->unit ? json_string(m->unit) : json_null());
  put_value(out, s->arena, m, v);
  json_object_set_new(out, "rows", json_integer(v->rows));
  json_object_set_new(out, "undetermined", json_integer(v->undetermined));
  json_object_set_new(out, "unanswered", v->unanswered ? json_string(v->unanswered) : json_null());
  if (v->totals) json_object_set_new(out, "totals", json_integer(v->totals));
  if (v->whole) {
    json_object_set_new(out, "part", json_integer(v->part));
    json_object_set_new(out, "whole", json_integer(v->whole));
  }
  return out;
}

json_t *figures_json(Session *s, int64_t org, Period period, Error *e) {
  if (!org) org = s->tree->root;
  if (!gate_figure(s, org, e)) return NULL;
  Error why = {0};
  int64_t reporter = session_reporter(s, org, period, &why);
  if (!reporter && why.kind) {
    *e = why;
    return NULL;
  }
  size_t count = s->catalogue->measure_count;
  FigureAsk *asks = NEW_ARRAY(s->arena, FigureAsk, count + 1);
  FigureValue *values = NEW_ARRAY(s->arena, FigureValue, count + 1);
  for (size_t i = 0; i < count; i++)
    asks[i] = (FigureAsk){
        .measure = s->catalogue->measures[i], .org = org, .period = period, .reporter = reporter ? reporter : -1};
  if (!figures_values(s, asks, count, values, e)) return NULL;
  PeriodText text;
  JSON_SCOPE figures = json_array();
  for (size_t i = 0; i < count; i++) json_array_append_new(figures, figure_json(s, asks[i].measure, &values[i]));
  json_t *out = json_object();
  json_object_set_new(out, "period", json_string(period_text(period, text)));
  json_object_set_new(out, "org", json_string(org_name(s->tree, org, period_last(period))));
  json_object_set(out, "figures", figures);
  return out;
}

typedef struct Collecting {
  Session *session;
  json_t *rows, *undetermined;
} Collecting;

static json_t *row_json(Session *s, const FigureRow *row) {
  const Relation *r = row->row.relation;
  DateText date;
  json_t *out = json_object();
  json_object_set_new(out, "relation", json_string(r->name));
  json_object_set_new(out, "id", id_text(s->arena, row_id(row->row)));
  json_object_set_new(out, "record", id_text(s->arena, row->record));
  json_object_set_new(out, "date", json_string(date_iso(row->date, date)));
  json_object_set_new(out, "org", json_string(org_name(s->tree, row->org, row->date)));
  json_object_set_new(out, "contribution", row->counted ? json_string(row->contribution) : json_null());
  if (row->key) json_object_set_new(out, "key", json_string(row->key));
  if (row->total) json_object_set_new(out, "total", json_true());
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->retired || json_object_get(out, c->name)) continue;
    if (c->system && row->row.v[i].null) continue;
    const char *cell = row->row.v[i].null ? NULL : figure_cell(s, row, c, true);
    json_object_set_new(out, c->name, cell ? json_string(cell) : json_null());
  }
  return out;
}

static bool collect(const FigureRow *row, void *context) {
  Collecting *c = context;
  json_array_append_new(row->counted ? c->rows : c->undetermined, row_json(c->session, row));
  return true;
}

json_t *figure_rows_json(Session *s, FigureAsk ask, Error *e) {
  if (!ask_ready(s, &ask, e)) return NULL;
  FigureValue value;
  if (!figure_value(s, ask, &value, e)) return NULL;
  JSON_SCOPE rows = json_array();
  JSON_SCOPE undetermined = json_array();
  Collecting collecting = {.session = s, .rows = rows, .undetermined = undetermined};
  if (!figure_rows(s, ask, collect, &collecting, e)) return NULL;
  PeriodText period;
  json_t *out = json_object();
  json_object_set_new(out, "figure", json_string(ask.measure->full_name));
  json_object_set_new(out, "label", json_string(ask.measure->label));
  json_object_set_new(out, "period", json_string(period_text(ask.period, period)));
  json_object_set_new(out, "org", json_string(org_name(s->tree, ask.org, period_last(ask.period))));
  put_value(out, s->arena, ask.measure, &value);
  json_object_set(out, "rows", rows);
  json_object_set(out, "undetermined", undetermined);
  return out;
}
