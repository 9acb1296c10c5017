/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 台账: every ledger and how it stands. No page per ledger:
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
