/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 工作台: what must I do now, and what is about to be late. One list, newest danger first, one button a row; then
 * what is not finished and what figures could not count. Beside it this month's tally and the year's course. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "figure/figure.h"
#include "ledger/list.h"
#include "ledger/record.h"
#include "web/job.h"
#include "web/chart.h"
#include "web/light.h"

enum { DUE_MOST = 40, UNFINISHED_MOST = 10, UNDETERMINED_MOST = 5, CHOICES_MOST = 80 };

/* ---- what is due ---- */

static json_t *due_json(Page *p, const DutyItem *item) {
  json_t *o = json_object();
  PeriodText text;
  const DutyPart *part = &item->part;
  json_object_set_new(o, "light", light_json(p, part->state, part->days));
  view_set(o, "org", org_name(p->session->tree, item->org, p->session->today));
  view_set(o, "what", arena_print(p->arena, "%s，%s", item->duty->label, period_chinese(part->period, text)));
  view_set(o, "basis", item->duty->basis);
  view_set(o, "day", month_day(p->arena, part->due));
  if (part->wants > 1) view_set(o, "tally", arena_print(p->arena, "已有%d件，还差%d件", part->has, part->wants - part->has));
  view_set(o, "href", duty_form_path(p, item->duty, item->org, &part->period));
  view_set(o, "board", view_link(p, arena_print(p->arena, "/board/%lld", (long long)item->org), item->org, period_year(date_year(part->period.from))));
  return o;
}

static json_t *due_group(Page *p, const DutyList *all, const char *label, DutyState from, DutyState to) {
  json_t *rows = json_array(), *o = json_object();
  size_t total = 0;
  for (DutyState state = from; state <= to; state++) total += all->totals[state];
  for (size_t i = 0; i < all->count; i++)
    if (all->at[i].part.state >= from && all->at[i].part.state <= to) json_array_append_new(rows, due_json(p, &all->at[i]));
  view_set(o, "label", label);
  view_count(o, "total", (int64_t)total);
  json_object_set_new(o, "rows", rows);
  view_flag(o, "any", json_array_size(rows) > 0);
  size_t more = total - json_array_size(rows);
  json_object_set_new(o, "more", more ? json_integer((json_int_t)more) : json_false());
  return o;
}

/* ---- what is not finished ---- */

typedef struct Unfinished { Page *page; json_t *rows; } Unfinished;

static bool add_unfinished(Session *s, const ListRow *row, void *context) {
  Unfinished *u = context;
  const Relation *r = row->row.relation;
  int64_t id = row->row.v[0].i;
  const State *state = relation_state(r, row->row.v[r->state].s);
  json_t *o = json_object();
  view_set(o, "org", row->org ? org_name(s->tree, row->org, s->today) : NULL);
  view_set(o, "what", names_of(s, r, id, s->today));
  view_set(o, "ledger", r->label);
  view_set(o, "state", state ? state->label : NULL);
  view_set(o, "day", row->date ? month_day(u->page->arena, row->date) : NULL);
  bool writes = may(s, MAY_WRITE, row->org);
  view_flag(o, "writes", writes);
  view_set(o, "href", arena_print(u->page->arena, "%s%s", view_record_path(u->page->arena, r, id), writes ? "/edit" : ""));
  json_array_append_new(u->rows, o);
  return json_array_size(u->rows) < UNFINISHED_MOST;
}

/* Records in a state that does not count, newest first within each ledger. */
static bool unfinished(Page *p, json_t *out, Error *e) {
  Session *s = p->session;
  Unfinished u = {p, out};
  for (size_t i = 0; i < s->catalogue->relation_count && json_array_size(out) < UNFINISHED_MOST; i++) {
    const Relation *r = s->catalogue->relations[i];
    if (r->parent || r->retired || r->core || r->state < 0) continue;
    for (size_t k = 0; k < r->state_count && json_array_size(out) < UNFINISHED_MOST; k++) {
      if (r->states[k].counts || !strcmp(r->states[k].name, STATE_VOID)) continue;
      ListAsk ask = {.relation = r, .where = arena_print(p->arena, "state = '%s'", r->states[k].name), .org = p->org,
                     .period = p->period, .descending = true, .limit = 3};
      if (!list_rows(s, ask, add_unfinished, &u, e)) return false;
    }
  }
  return true;
}

/* ---- what could not be counted ---- */

static bool undetermined(Page *p, json_t *context, Error *e) {
  Session *s = p->session;
  size_t count = s->catalogue->measure_count, found = 0;
  Error refused = {0};
  if (!gate_figure(s, p->org, &refused)) return true;
  FigureAsk *asks = NEW_ARRAY(p->arena, FigureAsk, count + 1);
  FigureValue *values = NEW_ARRAY(p->arena, FigureValue, count + 1);
  for (size_t i = 0; i < count; i++) asks[i] = (FigureAsk){.measure = s->catalogue->measures[i], .org = p->org, .period = p->period};
  if (!figures_values(s, asks, count, values, e)) return false;
  json_t *rows = json_array();
  for (size_t i = 0; i < count; i++) {
    if (!values[i].undetermined || ++found > UNDETERMINED_MOST) continue;
    json_t *o = json_object();
    view_set(o, "label", asks[i].measure->label);
    view_count(o, "count", values[i].undetermined);
    view_set(o, "href", arena_print(p->arena, "%s&show=undetermined", view_link(p, arena_print(p->arena, "/figures/%s", asks[i].measure->full_name), p->org, p->period)));
    json_array_append_new(rows, o);
  }
  json_object_set_new(context, "undetermined", rows);
  view_count(context, "undetermined_total", (int64_t)found);
  return true;
}

/* ---- beside it ---- */

/* What still wants doing stands open, what is done folds. */
static bool month_tally(Page *p, json_t *open, json_t *finished, Error *e) {
  Session *s = p->session;
  DutyBoard b;
  Period month = period_month(date_year(s->today), date_month(s->today));
  if (!duty_board(s, (DutyAsk){.org = p->org, .period = month}, &b, e)) return false;
  for (size_t i = 0; i < b.duty_count; i++) {
    size_t done = 0, owed = 0;
    DutyState worst = DUTY_NONE;
    int days = 0;
    for (size_t k = 0; k < b.org_count; k++) {
      const DutyCell *c = duty_cell(&b, k, i);
      done += c->count[DUTY_DONE] + c->count[DUTY_DONE_LATE];
      owed += c->part_count - c->count[DUTY_EXCUSED];
      if (c->state > worst) worst = c->state, days = c->worst ? c->worst->days : 0;
    }
    if (!owed || b.duties[i]->every == PERIOD_YEAR) continue;
    json_t *o = json_object();
    view_set(o, "label", b.duties[i]->label);
    view_count(o, "done", (int64_t)done);
    view_count(o, "owed", (int64_t)owed);
    view_count(o, "width", (int64_t)(done * 100 / owed));
    json_object_set_new(o, "light", light_json(p, worst, days));
    json_array_append_new(worst == DUTY_DONE || worst == DUTY_DONE_LATE ? finished : open, o);
  }
  return true;
}

/* Share done in time of what was due in each month so far. */
static bool year_course(Page *p, json_t *context, Error *e) {
  Session *s = p->session;
  DutyBoard b;
  int year = date_year(s->today);
  if (!duty_board(s, (DutyAsk){.org = p->org, .period = period_year(year)}, &b, e)) return false;
  json_t *course = duty_course(p, &b, p->org, year);
  view_flag(context, "charts", course != NULL);
  json_object_set_new(context, "course", course ? course : json_false());
  return true;
}

bool desk_page(Page *p, Error *e) {
  Session *s = p->session;
  int64_t org;
  Period period;
  DutyList due;
  if (!web_scope(p, &org, &period, e) || !duty_list(s, org, false, DUE_MOST, &due, e)) return false;
  json_t *context = json_object(), *groups = json_array(), *open = json_array(), *month = json_array(), *finished = json_array();
  json_array_append_new(groups, due_group(p, &due, "逾期和未开展", DUTY_LATE, DUTY_MISSED));
  json_array_append_new(groups, due_group(p, &due, "临期", DUTY_SOON, DUTY_SOON));
  json_object_set_new(context, "groups", groups);
  json_object_set_new(context, "unfinished", open);
  json_object_set_new(context, "month", month);
  json_object_set_new(context, "finished", finished);
  json_object_set_new(context, "jobs", page_jobs(p, NULL));
  if (!unfinished(p, open, e) || !undetermined(p, context, e) || !month_tally(p, month, finished, e) || !year_course(p, context, e))
    return json_decref(context), false;
  size_t red = due.totals[DUTY_LATE] + due.totals[DUTY_MISSED], all = red + due.totals[DUTY_SOON] + json_array_size(open);
  const Relation *people = catalogue_core(s->catalogue, "person");
  view_set(context, "who", s->actor.person ? names_of(s, people, s->actor.person, s->today) : NULL);
  view_count(context, "all", (int64_t)all);
  view_flag(context, "any", all > 0);
  view_set(context, "day", month_day(p->arena, s->today));
  view_set(context, "board", view_link(p, "/board", org, period_month(date_year(s->today), date_month(s->today))));
  view_flag(context, "writes", may(s, MAY_WRITE, org));
  view_count(context, "finished_count", (int64_t)json_array_size(finished));
  view_flag(context, "any_month", json_array_size(month) + json_array_size(finished) > 0);
  view_count(context, "month_number", date_month(s->today));
  return view_page(p, "desk", "工作台", context, e);
}
