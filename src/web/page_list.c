/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The list of one ledger: what its address asks for (listing.h), a page of it, how many stand in each state, the
 * ledger's own measures of the period. Read by everybody all day: rows go straight into text, names of what they
 * refer to come in one statement a relation, counts stop at a bound. Nothing here knows a ledger by name. */
#include <string.h>

#include "access/names.h"
#include "figure/figure.h"
#include "ledger/record.h"
#include "web/list_rows.h"
#include "web/listing.h"
#include "web/view.h"

enum { BAR_FIELDS = 3, FIGURES_MOST = 4, FIGURES_AT_ONCE = 3000 /* rows up to which figures are computed with the page */ };

static void set(json_t *o, const char *key, json_t *value) { json_object_set_new(o, key, value); }
/* Of a field: "" is a value. */
static void put(json_t *o, const char *key, const char *text) { json_object_set_new(o, key, json_string(text)); }

/* ---- the bar ---- */

static void add_option(json_t *options, const char *value, const char *label, const char *now) {
  json_t *one = json_object();
  put(one, "value", value);
  put(one, "label", label);
  view_flag(one, "chosen", !strcmp(value, now));
  json_array_append_new(options, one);
}

static json_t *bar_field(Page *p, const Column *c) {
  json_t *one = json_object();
  const char *name = arena_print(p->arena, "f.%s", c->name), *now = form_text(&p->query, name);
  view_set(one, "name", name);
  view_set(one, "label", c->label);
  put(one, "value", now);
  if (c->codes || c->type == TYPE_FLAG) {
    json_t *options = json_array();
    for (size_t i = 0; c->codes && i < c->codes->count; i++)
      add_option(options, c->codes->at[i].name, c->codes->at[i].label, now);
    if (!c->codes) add_option(options, "1", "是", now), add_option(options, "0", "否", now);
    set(one, "options", options);
  }
  view_flag(one, "year", c->type == TYPE_YEAR);
  return one;
}

static json_t *org_options(Page *p, const Listing *l) {
  Session *s = p->session;
  json_t *out = json_array();
  const char *now = l->org ? arena_print(p->arena, "%lld", (long long)l->org) : "";
  for (size_t i = 0; i < s->tree->count; i++) {
    const OrgNode *node = &s->tree->at[i];
    if (!may(s, MAY_READ, node->id)) continue;
    const char *name = org_name(s->tree, node->id, s->today);
    if (*name) add_option(out, arena_print(p->arena, "%lld", (long long)node->id), name, now);
  }
  return out;
}

static void add_bar(Page *p, const Listing *l, json_t *context) {
  json_t *first = json_array(), *more = json_array();
  const Relation *r = l->relation;
  bool open = l->advanced;
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (!listing_filterable(r, c)) continue;
    bool early = json_array_size(first) < BAR_FIELDS;
    if (!early && *form_text(&p->query, arena_print(p->arena, "f.%s", c->name))) open = true;
    json_array_append_new(early ? first : more, bar_field(p, c));
  }
  const char *from = form_text(&p->query, "from"), *to = form_text(&p->query, "to");
  DateText text;
  if (!*from && !*to && l->dated) {
    from = arena_copy(p->arena, date_iso(l->period.from, text));
    to = arena_copy(p->arena, date_iso(period_last(l->period), text));
  }
  set(context, "fields", first);
  set(context, "more", more);
  view_flag(context, "open", open);
  set(context, "orgs", r->org >= 0 ? org_options(p, l) : json_false());
  view_set(context, "date_label", r->date >= 0 ? r->columns[r->date].label : NULL);
  put(context, "from", from);
  put(context, "to", to);
  put(context, "q", form_text(&p->query, "q"));
  put(context, "where", form_text(&p->query, "where"));
  view_set(context, "sort", form_text(&p->query, "sort"));
  view_set(context, "state", l->state);
  view_flag(context, "narrowed", l->narrowed || p->query.count);
}

static bool is_shown(const Listing *l, const Column *c) {
  for (size_t i = 0; i < l->column_count; i++)
    if (l->columns[i] == c) return true;
  return false;
}

static json_t *column_choices(const Listing *l) {
  const Relation *r = l->relation;
  json_t *out = json_array();
  for (size_t i = 0; i < r->column_count; i++) {
    if (!listing_column(r, &r->columns[i])) continue;
    json_t *one = json_object();
    view_set(one, "name", r->columns[i].name);
    view_set(one, "label", r->columns[i].label);
    view_flag(one, "shown", is_shown(l, &r->columns[i]));
    view_flag(one, "kept", l->chosen && is_shown(l, &r->columns[i]));
    json_array_append_new(out, one);
  }
  return out;
}

/* ---- heads ---- */

static json_t *heads(Page *p, const Listing *l) {
  json_t *out = json_array();
  const Relation *r = l->relation;
  for (size_t i = 0; i < l->column_count; i++) {
    const Column *c = l->columns[i];
    bool date = r->date >= 0 && c == &r->columns[r->date];
    bool now = l->ask.order ? !strcmp(l->ask.order, c->name) : date;
    json_t *one = json_object();
    view_set(one, "text", c->label);
    view_flag(one, "number", list_is_number(c));
    view_set(one, "sorted", !now ? NULL : l->ask.descending ? "descending" : "ascending");
    view_set(one, "mark", !now ? NULL : l->ask.descending ? "↓" : "↑");
    /* A first click sorts up, dates down: the newest is what is looked for. */
    bool down = now ? !l->ask.descending : c->type == TYPE_DATE;
    if (list_sortable(c)) view_set(one, "href", listing_with(p, "sort", arena_print(p->arena, "%s%s", down ? "-" : "", c->name)));
    json_array_append_new(out, one);
  }
  return out;
}

/* ---- tabs ---- */

static json_t *tab(Page *p, const Listing *l, const char *name, const char *label, int64_t count, bool counted) {
  json_t *one = json_object();
  view_set(one, "label", label);
  view_set(one, "href", listing_with(p, "state", *name ? name : NULL));
  view_flag(one, "current", !strcmp(l->state, name));
  if (counted) view_count(one, "count", count);
  return one;
}

/* Every state with its count; how many the current one has is the total of the pager. */
static bool add_tabs(Page *p, const Listing *l, json_t *context, int64_t *total, bool *capped, Error *e) {
  Session *s = p->session;
  const Relation *r = l->relation;
  ListAsk all = l->ask;
  all.where = *l->without_state ? l->without_state : NULL;
  if (r->state < 0) {
    if (!list_count_to(s, l->ask, LIST_COUNTED, total, e)) return false;
    *capped = *total > LIST_COUNTED;
    return true;
  }
  int64_t *counts = NEW_ARRAY(p->arena, int64_t, r->state_count + 1), sum = 0, open = 0;
  size_t open_states = 0;
  if (!list_count_states(s, all, LIST_COUNTED, counts, capped, e)) return false;
  json_t *tabs = json_array();
  set(context, "tabs", tabs);
  *total = -1;
  for (size_t i = 0; i <= r->state_count; i++) {
    const char *name = i < r->state_count ? r->states[i].name : STATE_VOID;
    bool is_open = i < r->state_count && !r->states[i].counts;
    if (is_open) open += counts[i], open_states++;
    if (!strcmp(name, l->state)) *total = counts[i];
    sum += counts[i];
    json_array_append_new(tabs, tab(p, l, name, i < r->state_count ? r->states[i].label : "作废", counts[i], !*capped));
  }
  if (open_states > 1 || !strcmp(l->state, "open")) json_array_append_new(tabs, tab(p, l, "open", "未完成", open, !*capped));
  json_array_insert_new(tabs, 0, tab(p, l, "", "全部", sum, !*capped));
  if (!strcmp(l->state, "open")) *total = open;
  if (!*l->state) *total = sum;
  if (!*capped || !*l->state) return true;
  if (!list_count_to(s, l->ask, LIST_COUNTED, total, e)) return false; /* the part may be small where the whole is not */
  *capped = *total > LIST_COUNTED;
  return true;
}

/* ---- the ledger's own measures ---- */

static size_t own_measures(const Catalogue *c, const Relation *r, const Measure **out) {
  size_t count = 0;
  for (int pass = 0; pass < 2; pass++) /* what people mean first comes first */
    for (size_t i = 0; i < c->measure_count && count < FIGURES_MOST; i++) {
      const Measure *m = c->measures[i];
      const Relation *from = m->set->from->parent ? m->set->from->parent : m->set->from;
      bool first = m == &m->set->measures[0] || m->primary;
      bool rate = m->fold == FOLD_SHARE || m->fold == FOLD_MEAN; /* 74.6% beside a title says nothing without its words */
      if (from == r && first == !pass && !rate) out[count++] = m;
    }
  return count;
}

/* Nothing when the asker may not ask for the org's figures: the list is there all the same. */
static json_t *figures(Page *p, const Relation *r, int64_t org, Period period) {
  const Measure *measures[FIGURES_MOST];
  FigureAsk asks[FIGURES_MOST];
  FigureValue values[FIGURES_MOST];
  Error ignored = {0};
  json_t *out = json_array();
  size_t count = own_measures(p->session->catalogue, r, measures);
  for (size_t i = 0; i < count; i++) asks[i] = (FigureAsk){.measure = measures[i], .org = org, .period = period};
  if (!count || !figures_values(p->session, asks, count, values, &ignored)) return out;
  for (size_t i = 0; i < count; i++) {
    if (values[i].unanswered) continue;
    json_t *one = json_object();
    view_set(one, "label", measures[i]->label);
    view_set(one, "text", figure_text(p->arena, measures[i], &values[i]));
    view_set(one, "href", view_link(p, arena_print(p->arena, "/figures/%s", measures[i]->full_name), org, period));
    json_array_append_new(out, one);
  }
  return out;
}

static int64_t figures_org(Page *p, const Listing *l) {
  Session *s = p->session;
  if (l->org) return l->org;
  for (size_t i = 0; i < s->actor.grant_count; i++)
    if (s->actor.grants[i].org == s->tree->root) return s->tree->root;
  return s->actor.grant_count ? s->actor.grants[0].org : s->tree->root;
}

static void add_figures(Page *p, const Listing *l, bool many, json_t *context) {
  const Measure *measures[FIGURES_MOST];
  PeriodText text;
  int64_t org = figures_org(p, l);
  if (!own_measures(p->session->catalogue, l->relation, measures)) return;
  view_set(context, "span", period_chinese(l->period, text));
  if (many) view_set(context, "figures_later", view_link(p, arena_print(p->arena, "/ledgers/%s/figures", l->relation->name), org, l->period));
  else set(context, "figures", figures(p, l->relation, org, l->period));
}

void list_figures(Page *p, const Relation *r, json_t *context) {
  Listing l = {.relation = r, .period = period_year(date_year(p->session->today))};
  add_figures(p, &l, false, context);
}

bool ledger_figures_page(Page *p, Error *e) {
  int64_t org;
  Period period;
  PeriodText text;
  const Relation *r = web_relation(p, p->parts[0], e);
  if (!r || !web_scope(p, &org, &period, e)) return false;
  json_t *context = json_object();
  view_set(context, "label", r->label);
  view_set(context, "href", arena_print(p->arena, "/ledgers/%s", r->name));
  view_set(context, "span", period_chinese(period, text));
  set(context, "figures", figures(p, r, org, period));
  return view_page(p, "list_figures", r->label, context, e);
}

/* ---- what may be done with rows ---- */

static bool may_enter(const Session *s, const Relation *r) {
  Right right = r->core ? MAY_MANAGE_PEOPLE : MAY_WRITE;
  if (!record_enterable(r)) return false;
  for (size_t i = 0; i < s->actor.grant_count; i++)
    if (may(s, right, s->actor.grants[i].org)) return true;
  return false;
}

static json_t *steps(const Relation *r) {
  json_t *out = json_array();
  for (size_t i = 0; i < r->state_count; i++) {
    bool reached = false;
    for (size_t k = 0; k < r->state_count; k++)
      for (const char **n = r->states[k].next; n && *n; n++) reached = reached || !strcmp(*n, r->states[i].name);
    if (!reached) continue;
    json_t *one = json_object();
    view_set(one, "name", r->states[i].name);
    view_set(one, "label", r->states[i].label);
    json_array_append_new(out, one);
  }
  return out;
}

/* ---- all of it ---- */

static bool add_rows(Page *p, const Listing *l, json_t *context, Error *e) {
  int64_t total = 0;
  bool capped = false;
  TEXT_SCOPE rows = text_new(4 * 1024 * 1024);
  ListRows out = {.columns = l->columns, .column_count = l->column_count, .text = &rows};
  if (!add_tabs(p, l, context, &total, &capped, e) || !list_rows_write(p, l->ask, &out, e)) return false;
  set(context, "rows", rows.length ? json_string(text_get(&rows)) : json_false());
  view_set(context, "lines_label", out.lines ? out.lines->label : NULL);
  view_flag(context, "empty", !out.count && l->page == 1 && !l->narrowed && !*l->state);
  view_flag(context, "none", !out.count && (l->page > 1 || l->narrowed || *l->state));
  if (total > LIST_COUNTED) total = LIST_COUNTED;
  set(context, "pager", view_pager(p, l->page, LIST_PAGE, (size_t)total, capped));
  add_figures(p, l, total > FIGURES_AT_ONCE, context);
  return true;
}

/* Also for what was done to ticked rows: `told` is shown above the list. */
bool list_show(Page *p, const Relation *r, json_t *told, Error *e) {
  Listing l;
  Issues issues = {.arena = p->arena};
  json_t *context = json_object();
  bool asked = listing_read(p, &p->query, r, &l, &issues, e);
  bool may_change = may_enter(p->session, r);
  add_bar(p, &l, context);
  set(context, "columns", column_choices(&l));
  view_flag(context, "chosen", l.chosen);
  set(context, "heads", heads(p, &l));
  set(context, "told", told ? told : json_false());
  if (!asked) {
    set(context, "issues", view_issues(&issues));
    if (p->out->status == 200) p->out->status = 400;
  } else {
    Error why = {0};
    if (!add_rows(p, &l, context, &why)) {
      if (why.kind == ERROR_BUG || why.kind == ERROR_UNAVAILABLE || why.kind == ERROR_BROKEN) return json_decref(context), *e = why, false;
      issue_add(&issues, NULL, NULL, "%s", why.sentence);
      set(context, "issues", view_issues(&issues));
      p->out->status = web_status(&why);
    }
  }
  const char *query = *p->request->query ? arena_print(p->arena, "?%s", p->request->query) : "";
  view_set(context, "label", r->label);
  view_set(context, "path", arena_print(p->arena, "/ledgers/%s", r->name));
  view_set(context, "query", query);
  view_flag(context, "may_change", may_change);
  set(context, "steps", may_change && r->state >= 0 ? steps(r) : json_false());
  view_flag(context, "stateful", r->state >= 0);
  return view_page(p, "ledger", r->label, context, e);
}

bool ledger_page(Page *p, Error *e) {
  const Relation *r = web_relation(p, p->parts[0], e);
  return r && list_show(p, r, NULL, e);
}
