/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 台账: every ledger, one ledger's records, one record with its lines and its history. No page per ledger:
 * labels, columns and choices come from the declarations. Rows and cells come through the gate. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "ledger/list.h"
#include "ledger/record.h"
#include "web/listing.h"
#include "web/view.h"

/* ---- all ledgers ---- */

typedef struct LedgerGlance { int64_t year, open; Date last; bool capped; } LedgerGlance;

static bool keep_last(Session *s, const ListRow *row, void *context) {
  (void)s;
  *(Date *)context = row->date;
  return false;
}

/* Three small questions a ledger, each answered from an index or stopped at a bound. */
static bool glance(Page *p, const Relation *r, LedgerGlance *out, Error *e) {
  Session *s = p->session;
  Period year = period_year(date_year(s->today));
  ListAsk all = {.relation = r, .period = year}, open = all, of_year = all;
  TEXT_SCOPE states = text_new(64 * 1024);
  for (size_t i = 0; i < r->state_count; i++)
    if (!r->states[i].counts) text_print(&states, "%s'%s'", states.length ? ", " : "state in (", r->states[i].name);
  text_add(&states, states.length ? ")" : "");
  if (r->date >= 0)
    of_year.where = listing_days(p->arena, r, year.from, period_last(year));
  open.where = text_get(&states);
  all.descending = true, all.limit = 1;
  *out = (LedgerGlance){0};
  if (!list_rows(s, all, keep_last, &out->last, e)) return false;
  if (!out->last) return true; /* nothing there */
  if (!list_count_to(s, of_year, LIST_COUNTED, &out->year, e)) return false;
  if (states.length && !list_count_to(s, open, LIST_COUNTED, &out->open, e)) return false;
  out->capped = out->year > LIST_COUNTED;
  if (out->capped) out->year = LIST_COUNTED;
  return true;
}

static json_t *ledger_json(Page *p, const Relation *r, const LedgerGlance *g) {
  json_t *one = json_object();
  const char *path = arena_print(p->arena, "/ledgers/%s", r->name);
  view_set(one, "label", r->label);
  view_set(one, "href", path);
  view_count(one, "count", g->year);
  view_flag(one, "capped", g->capped);
  view_set(one, "year_href", arena_print(p->arena, "%s?period=%d", path, date_year(p->session->today)));
  json_object_set_new(one, "open", g->open ? json_integer(g->open) : json_false());
  view_set(one, "open_href", arena_print(p->arena, "%s?state=open", path));
  view_set(one, "last", view_date(p->arena, g->last));
  return one;
}

/* Those with records first; the others say what to do. Both in the order of their declarations. */
bool ledgers_page(Page *p, Error *e) {
  Session *s = p->session;
  json_t *context = json_object(), *used = json_array(), *empty = json_array();
  int64_t open = 0;
  json_object_set_new(context, "ledgers", used);
  json_object_set_new(context, "empty", empty);
  for (size_t i = 0; i < s->catalogue->relation_count; i++) {
    const Relation *r = s->catalogue->relations[i];
    LedgerGlance g;
    if (r->parent || r->retired || r->core) continue;
    if (!glance(p, r, &g, e)) return json_decref(context), false;
    json_array_append_new(g.last ? used : empty, ledger_json(p, r, &g));
    open += g.open;
  }
  view_count(context, "used_count", (int64_t)json_array_size(used));
  view_count(context, "empty_count", (int64_t)json_array_size(empty));
  json_object_set_new(context, "open", open ? json_integer(open) : json_false());
  view_count(context, "year", date_year(s->today));
  bool may_enter = false;
  for (size_t i = 0; i < s->actor.grant_count; i++) may_enter = may_enter || may(s, MAY_WRITE, s->actor.grants[i].org);
  view_flag(context, "may_enter", may_enter);
  return view_page(p, "ledgers", "台账", context, e);
}

/* ---- one record ---- */

static const char *state_label(const Relation *r, Row row) {
  if (r->state < 0) return "";
  const State *state = relation_state(r, row.v[r->state].s);
  return state ? state->label : "作废";
}

static json_t *field(Session *s, const char *label, const char *text) {
  (void)s;
  json_t *one = json_object();
  view_set(one, "label", label);
  view_set(one, "text", text);
  return one;
}

static json_t *lines_table(Page *p, const Record *record, const LineRows *lines) {
  Session *s = p->session;
  json_t *out = json_object(), *heads = json_array(), *rows = json_array();
  const Relation *r = lines->relation;
  for (size_t i = 0; i < r->column_count; i++)
    if (!r->columns[i].system && !r->columns[i].retired) json_array_append_new(heads, json_string(r->columns[i].label));
  for (size_t k = 0; k < lines->count; k++) {
    json_t *cells = json_array();
    for (size_t i = 0; i < r->column_count; i++)
      if (!r->columns[i].system && !r->columns[i].retired)
        json_array_append_new(cells, json_string(gate_show(s, lines->at[k], &r->columns[i], record_org(record), false)));
    json_array_append_new(rows, json_pack("{s:o}", "cells", cells));
  }
  view_set(out, "label", r->label);
  json_object_set_new(out, "count", json_integer((json_int_t)lines->count));
  json_object_set_new(out, "heads", heads);
  json_object_set_new(out, "rows", rows);
  return out;
}

bool record_page(Page *p, Error *e) {
  Session *s = p->session;
  const Relation *r = web_relation(p, p->parts[0], e);
  char *end;
  int64_t id = strtoll(p->parts[1], &end, 10);
  Record record;
  if (!r) return false;
  if (*end || id <= 0) return fail(e, ERROR_MISSING, "没有这条记录，请从台账列表进入。");
  if (!gate_row(s, r, id, e) || !record_load(s, r, id, &record, e)) return false;
  json_t *context = json_object(), *fields = json_array(), *lines = json_array();
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->retired || (c->system && (int)i != r->org) || record.row.v[i].null) continue;
    json_array_append_new(fields, field(s, c->label, gate_show(s, record.row, c, record_org(&record), false)));
  }
  for (size_t i = 0; i < r->line_count; i++)
    if (!r->lines[i]->retired && record.lines[i].count)
      json_array_append_new(lines, lines_table(p, &record, &record.lines[i]));
  view_set(context, "label", r->label);
  view_set(context, "title", r->title >= 0 ? gate_show(s, record.row, &r->columns[r->title], record_org(&record), false) : "");
  view_set(context, "state", state_label(r, record.row));
  view_set(context, "back", arena_print(p->arena, "/ledgers/%s", r->name));
  json_object_set_new(context, "fields", fields);
  json_object_set_new(context, "lines", lines);
  return view_page(p, "record", r->label, context, e);
}
