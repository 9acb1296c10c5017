/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 报告: as the records have it today, each figure a link to its rows; frozen (定稿) with what came after shown
 * apart; and beside last year's. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "report/frozen.h"
#include "web/view.h"

static const char *report_path(Page *p, const char *more, int64_t org, Period period) {
  return view_link(p, arena_print(p->arena, "/reports/%s%s", p->parts[0], more), org, period);
}

/* ---- which reports there are ---- */

bool reports_page(Page *p, Error *e) {
  Session *s = p->session;
  int64_t org;
  Period period;
  const char **names;
  Frozen *frozen = NULL;
  size_t frozen_count = 0;
  if (!web_scope(p, &org, &period, e)) return false;
  size_t count = report_names(p->arena, site_path(p->arena, p->site->folder, "profile"), &names);
  if (!frozen_list(s, NULL, 0, NULL, &frozen, &frozen_count, e)) return false;
  json_t *context = json_object(), *reports = json_array(), *issues = json_array();
  json_object_set_new(context, "reports", reports);
  json_object_set_new(context, "issues_list", issues);
  for (size_t i = 0; i < count; i++) {
    Error refused = {0};
    const Report *r = report_compose(s, names[i], org, period, &refused);
    json_t *one = json_object();
    view_set(one, "title", r ? r->title : names[i]);
    view_set(one, "refused", r ? NULL : refused.sentence);
    view_count(one, "figures", r ? (int64_t)r->figure_count : 0);
    view_set(one, "href", view_link(p, arena_print(p->arena, "/reports/%s", names[i]), org, period));
    json_array_append_new(reports, one);
  }
  for (size_t i = 0; i < frozen_count; i++) {
    const Frozen *f = &frozen[i];
    json_t *one = json_object();
    PeriodText text;
    view_set(one, "title", f->title);
    view_set(one, "org", org_name(s->tree, f->org, f->on));
    view_set(one, "period", period_chinese(f->period, text));
    view_count(one, "issue", f->issue);
    view_set(one, "on", view_date(p->arena, f->on));
    view_count(one, "revision", f->revision);
    view_flag(one, "in_force", f->in_force);
    view_set(one, "href", arena_print(p->arena, "%s&issue=%d", view_link(p, arena_print(p->arena, "/reports/%s", f->report), f->org, f->period), f->issue));
    json_array_append_new(issues, one);
  }
  return view_page(p, "reports", "报告", context, e);
}

/* ---- one ---- */

static void figure_address(const FigureAsk *ask, void *context, Text *out) {
  Page *p = context;
  text_add(out, view_link(p, arena_print(p->arena, "/figures/%s", ask->measure->full_name), ask->org, ask->period));
}

static json_t *change_json(Page *p, const FrozenChange *c) {
  json_t *one = json_object();
  view_set(one, "label", c->figure->label);
  view_set(one, "then", c->figure->text);
  view_set(one, "now", c->text);
  view_flag(one, "same", c->same);
  view_count(one, "late", (int64_t)c->late_count);
  (void)p;
  return one;
}

/* 定稿: the text as it was, and below it what came after. */
static bool show_frozen(Page *p, const Frozen *f, json_t *context, Text *paper, Error *e) {
  Session *s = p->session;
  FrozenChange *changes = NULL;
  size_t count = 0, differ = 0, late = 0;
  PageLinks links = {figure_address, p};
  if (!frozen_compare(s, f, &changes, &count, e) || !report_html_body(s, frozen_report(s, f), &links, paper, e)) return false;
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++) {
    differ += !changes[i].same;
    late += changes[i].late_count;
    if (!changes[i].same || changes[i].late_count) json_array_append_new(list, change_json(p, &changes[i]));
  }
  TEXT_SCOPE after = text_new(TEXT_CEILING);
  frozen_late_html(s, changes, count, &after);
  json_object_set_new(context, "changes", list);
  view_set(context, "late", text_get(&after));
  view_count(context, "differ", (int64_t)differ);
  view_count(context, "late_count", (int64_t)late);
  view_flag(context, "frozen", true);
  view_flag(context, "in_force", f->in_force);
  view_count(context, "issue", f->issue);
  view_count(context, "revision", f->revision);
  view_set(context, "on", view_date(p->arena, f->on));
  return true;
}

static bool show_today(Page *p, const Report *r, json_t *context, Text *paper, Error *e) {
  PageLinks links = {figure_address, p};
  view_count(context, "noted", (int64_t)report_noted(r));
  return report_html_body(p->session, r, &links, paper, e);
}

static json_t *issues_json(Page *p, const Frozen *all, size_t count, int shown) {
  json_t *out = json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *one = json_object();
    view_count(one, "issue", all[i].issue);
    view_set(one, "on", view_date(p->arena, all[i].on));
    view_flag(one, "current", all[i].issue == shown);
    view_flag(one, "in_force", all[i].in_force);
    view_set(one, "href", arena_print(p->arena, "%s&issue=%d", report_path(p, "", all[i].org, all[i].period), all[i].issue));
    json_array_append_new(out, one);
  }
  return out;
}

bool report_page(Page *p, Error *e) {
  int64_t org;
  Period period;
  Session *s = p->session;
  Frozen *all = NULL;
  size_t count = 0;
  if (!web_scope(p, &org, &period, e)) return false;
  const Report *r = report_compose(s, p->parts[0], org, period, e);
  if (!r || !frozen_list(s, p->parts[0], org, &period, &all, &count, e)) return false;
  char *end;
  long issue = strtol(form_text(&p->query, "issue"), &end, 10);
  const Frozen *f = issue > 0 && issue < 100000 && !*end ? frozen_load(s, p->parts[0], org, period, (int)issue, e) : NULL;
  if (issue && !f) return *e->sentence ? false : fail(e, ERROR_MISSING, "没有这一稿，请从报告页上选。");
  json_t *context = json_object();
  TEXT_SCOPE paper = text_new(TEXT_CEILING);
  view_set(context, "title", r->title);
  view_count(context, "count", (int64_t)(f ? f->figure_count : r->figure_count));
  view_set(context, "today_href", report_path(p, "", org, period));
  view_set(context, "beside_href", report_path(p, "/beside", org, period));
  view_set(context, "freeze_href", may(s, MAY_CLOSE, org) ? report_path(p, "/freeze", org, period) : NULL);
  view_set(context, "back", view_link(p, "/reports", org, period));
  json_object_set_new(context, "issues_list", issues_json(p, all, count, f ? f->issue : 0));
  if (!(f ? show_frozen(p, f, context, &paper, e) : show_today(p, r, context, &paper, e))) return json_decref(context), false;
  view_set(context, "paper", text_get(&paper));
  view_set(context, "look", "letter");
  return view_page(p, "report", r->title, context, e);
}

/* ---- beside last year's ---- */

bool report_beside_page(Page *p, Error *e) {
  int64_t org;
  Period period;
  Beside *b = NULL;
  if (!web_scope(p, &org, &period, e) || !report_beside(p->session, p->parts[0], org, period, &b, e)) return false;
  json_t *context = json_object(), *rows = json_array();
  PeriodText text;
  for (size_t i = 0; i < b->row_count; i++) {
    const BesideRow *row = &b->rows[i];
    json_t *one = json_object();
    view_set(one, "label", row->measure->label);
    view_set(one, "now", row->now_text);
    view_set(one, "last", row->last_text);
    view_set(one, "difference", row->difference);
    view_set(one, "href", view_link(p, arena_print(p->arena, "/figures/%s", row->measure->full_name), org, period));
    view_set(one, "last_href", view_link(p, arena_print(p->arena, "/figures/%s", row->measure->full_name), org, b->last_period));
    json_array_append_new(rows, one);
  }
  json_object_set_new(context, "rows", rows);
  view_set(context, "title", b->report->title);
  view_set(context, "now_period", period_chinese(period, text));
  view_set(context, "last_period", period_chinese(b->last_period, text));
  view_flag(context, "last_frozen", b->last != NULL);
  view_set(context, "back", report_path(p, "", org, period));
  return view_page(p, "report_beside", "同上年比", context, e);
}

/* ---- 定稿 ---- */

/* What will happen, before it does. */
static bool show_freeze(Page *p, const Issues *issues, Error *e) {
  int64_t org;
  Period period;
  Frozen *all = NULL;
  size_t count = 0;
  Session *s = p->session;
  PeriodText text;
  if (!web_scope(p, &org, &period, e) || !may_or_fail(s, MAY_WRITE, org, e)) return false;
  const Report *r = report_compose(s, p->parts[0], org, period, e);
  if (!r || !frozen_list(s, p->parts[0], org, &period, &all, &count, e)) return false;
  json_t *context = json_object();
  view_set(context, "title", r->title);
  view_count(context, "count", (int64_t)r->figure_count);
  view_count(context, "noted", (int64_t)report_noted(r));
  view_count(context, "next", count ? all[0].issue + 1 : 1);
  view_flag(context, "again", count > 0);
  view_set(context, "org", names_exact(s, catalogue_core(s->catalogue, "org"), org, period_last(period)));
  view_set(context, "period", period_text(period, text));
  view_set(context, "action", report_path(p, "/freeze", org, period));
  view_set(context, "back", report_path(p, "", org, period));
  if (issues) json_object_set_new(context, "issues", view_issues(issues));
  return view_page(p, "report_freeze", "定稿", context, e);
}

bool report_freeze_form(Page *p, Error *e) { return show_freeze(p, NULL, e); }

bool report_freeze_post(Page *p, Error *e) {
  Issues issues = {.arena = p->arena};
  json_t *result = NULL;
  json_t *input = json_pack("{s:s, s:s, s:s}", "report", p->parts[0], "org", form_text(&p->query, "org"), "period", form_text(&p->query, "period"));
  bool done = web_do(p, "report.freeze", input, NULL, &result, &issues, e);
  json_int_t issue = json_integer_value(json_object_get(result, "issue"));
  json_decref(input);
  json_decref(result);
  if (!done && issues.count) {
    p->out->status = 400;
    return web_reading(p, e) && show_freeze(p, &issues, e);
  }
  if (!done) return false;
  return web_redirect(p, arena_print(p->arena, "/reports/%s?org=%s&period=%s&issue=%lld", p->parts[0],
                                     url_encode(p->arena, form_text(&p->query, "org")),
                                     url_encode(p->arena, form_text(&p->query, "period")), (long long)issue));
}
