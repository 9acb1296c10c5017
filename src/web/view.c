/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Templates to pages. Escaped by default; the one raw tag is the layout's {{{body}}}, which is a page
 * rendered the same way. */
#include "web/view.h"

#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "access/password.h"
#include "base/template.h"

static const Embedded *template_named(const char *name) {
  for (size_t i = 0; i < embedded_template_count; i++)
    if (!strcmp(embedded_templates[i].name, name)) return &embedded_templates[i];
  return NULL;
}

static const char *partial(void *self, const char *name) {
  (void)self;
  const Embedded *t = template_named(name);
  return t ? (const char *)t->bytes : NULL;
}

const char *asset_path(const char *logical, Arena *a) {
  for (size_t i = 0; i < embedded_asset_count; i++)
    if (!strcmp(embedded_assets[i].logical, logical)) return arena_print(a, "/assets/%s", embedded_assets[i].name);
  return NULL;
}

/* {{asset.luoshi_css}} → its path. */
static json_t *missing(void *self, const char *name, Error *e) {
  (void)e;
  Page *p = self;
  if (strncmp(name, "asset.", 6) != 0) return NULL;
  char *logical = arena_copy(p->arena, name + 6), *line = strrchr(logical, '_');
  if (line) *line = '.';
  json_t *known = json_object_get(p->lent, name);
  if (known) return known;
  const char *path = asset_path(logical, p->arena);
  if (!path) return NULL;
  json_t *value = json_string(path);
  json_object_set_new(p->lent, name, value); /* lives as long as the page */
  return value;
}

static bool render(Page *p, const char *name, json_t *context, Text *out, Error *e) {
  const Embedded *text = template_named(name);
  if (!text) return fail_because(e, ERROR_BUG, name, "缺页面模板，请联系开发者。");
  Templates *kept = p->web->templates;
  const Template *t = kept ? templates_get(kept, name, (const char *)text->bytes, e)
                           : template_parse(p->arena, name, (const char *)text->bytes, e);
  return t && template_render(t, context, (TemplateSources){p, partial, missing, kept}, ESCAPE_HTML, out, e);
}

/* The rail, from above; the last stand at its foot. `handy`: also in the bar at the bottom of a phone. */
static const struct {
  const char *nav, *label, *group, *handy, *handy_icon;
  bool last;
} rail[] = {
    {"desk", "工作台", NULL, "待办", "tray", false},       {"board", "督查看板", "推进", NULL, NULL, false},
    {"ledgers", "台账", "底账", "台账", "ledgers", false}, {"people", "组织·人员", NULL, NULL, NULL, false},
    {"figures", "指标", "用数", "指标", "figures", false}, {"reports", "报告", NULL, NULL, NULL, false},
    {"verify", "核对初稿", NULL, NULL, NULL, false},       {"me", "我的", NULL, NULL, NULL, true},
    {"admin", "管理", NULL, NULL, NULL, true},
};

/* Only what the account may open: a page that would refuse is not offered. A group's name stands before the
 * first of its pages that is left. */
static json_t *navigation(Page *p) {
  json_t *out = json_array();
  const char *group = NULL;
  for (size_t i = 0; i < sizeof rail / sizeof *rail; i++) {
    if (rail[i].group) group = rail[i].group;
    const char *path = web_entry(p, rail[i].nav);
    if (!path) continue;
    json_t *one = json_object();
    view_set(one, "label", rail[i].label);
    view_set(one, "icon", strcmp(rail[i].nav, "me") ? rail[i].nav : "person");
    view_set(one, "href", path);
    view_set(one, "group", rail[i].last ? NULL : group);
    view_set(one, "handy", rail[i].handy);
    view_set(one, "handy_icon", rail[i].handy_icon);
    view_set(one, "enter", i || !web_entry(p, "ledgers") ? NULL : "/ledgers?new=1");
    view_flag(one, "last", rail[i].last);
    view_flag(one, "current", p->route && p->route->nav && !strcmp(p->route->nav, rail[i].nav));
    json_array_append_new(out, one);
    group = NULL;
  }
  return out;
}

void view_set(json_t *o, const char *key, const char *text) {
  json_object_set_new(o, key, text && *text ? json_string(text) : json_false());
}

void view_flag(json_t *o, const char *key, bool value) { json_object_set_new(o, key, json_boolean(value)); }

void view_count(json_t *o, const char *key, int64_t value) { json_object_set_new(o, key, json_integer(value)); }

json_t *view_issues(const Issues *issues) {
  json_t *out = json_array();
  for (size_t i = 0; i < issues->count; i++) {
    json_t *one = json_object();
    view_set(one, "field", issues->at[i].field);
    view_set(one, "where", issues->at[i].where);
    view_set(one, "sentence", issues->at[i].sentence);
    json_array_append_new(out, one);
  }
  return out;
}

/* What every template may name besides its own. */
static void surround(Page *p, json_t *context) {
  view_set(context, "csrf", p->signin.csrf);
  view_set(context, "account", p->signin.account);
  Error ignored = {0};
  const char *request = random_hex(p->arena, 16, &ignored);
  view_set(context, "request", request);
}

bool view_part(Page *p, const char *name, json_t *context, Error *e) {
  surround(p, context);
  bool done = render(p, name, context, &p->out->body, e);
  json_decref(context);
  return done;
}

/* What a page says to the layout: look (a class of the body), charts, toast, refresh (asks again where there is no script). */
static void lift(json_t *outer, json_t *context) {
  static const char *const keys[] = {"look", "charts", "toast", "refresh", "wait"};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    json_object_set(outer, keys[i], json_object_get(context, keys[i]));
}

static const char *today_in_words(Page *p) {
  static const char *const days[] = {"一", "二", "三", "四", "五", "六", "日"};
  Date today = p->session->today;
  return arena_print(p->arena, "%s 星期%s", view_date(p->arena, today), days[date_weekday(today) - 1]);
}

bool view_page(Page *p, const char *name, const char *title, json_t *context, Error *e) {
  if (p->request->partial) return view_part(p, name, context, e);
  TEXT_SCOPE body = text_new(TEXT_CEILING);
  json_t *outer = json_object();
  lift(outer, context);
  surround(p, context);
  bool done = render(p, name, context, &body, e);
  json_decref(context);
  if (!done) return json_decref(outer), false;
  surround(p, outer);
  view_set(outer, "title", title);
  if (p->session && p->session->actor.person)
    view_set(outer, "person",
             names_of(p->session, catalogue_core(p->session->catalogue, "person"), p->session->actor.person,
                      p->session->today));
  json_object_set_new(outer, "nav", p->signin.account && !p->signin.must_change ? navigation(p) : json_false());
  if (p->session) view_set(outer, "office", org_name(p->session->tree, p->session->tree->root, p->session->today));
  if (p->session && p->scoped) json_object_set_new(outer, "scope", view_scope(p, p->org, p->period));
  if (p->session) view_set(outer, "today", today_in_words(p));
  view_set(outer, "search", web_opens(p, "/search") ? "/search" : NULL);
  json_object_set_new(outer, "body", json_string(text_get(&body)));
  done = render(p, "layout", outer, &p->out->body, e);
  json_decref(outer);
  return done;
}

void view_error(Page *p, const Error *e) {
  Error again = {0};
  json_t *context = json_object();
  view_set(context, "sentence", *e->sentence ? e->sentence : "出了问题，请稍后再试。");
  text_clear(&p->out->body);
  if (p->out->status == 200 || p->out->status == 303) p->out->status = web_status(e);
  p->out->location = NULL;
  if (!view_page(p, "error", "没有完成", context, &again)) {
    text_clear(&p->out->body);
    text_add(&p->out->body, "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>没有完成</title><p>");
    text_add_html(&p->out->body, e->sentence);
  }
}

const char *view_date(Arena *a, Date d) {
  return d ? arena_print(a, "%d年%d月%d日", date_year(d), date_month(d), date_day(d)) : "";
}

const char *view_link(Page *p, const char *path, int64_t org, Period period) {
  PeriodText text;
  const Relation *orgs = catalogue_core(p->session->catalogue, "org");
  const char *name = names_exact(p->session, orgs, org, period_last(period));
  return arena_print(p->arena, "%s?org=%s&period=%s", path, url_encode(p->arena, name), period_text(period, text));
}

/* The rest of the query, which choosing another org or period keeps; but not the place in a list. */
static json_t *kept(const Page *p) {
  json_t *out = json_array();
  for (size_t i = 0; i < p->query.count; i++) {
    const char *name = p->query.at[i].name;
    if (!strcmp(name, "org") || !strcmp(name, "period") || !strcmp(name, "page")) continue;
    json_t *one = json_object();
    json_object_set_new(one, "name", json_string(name));
    json_object_set_new(one, "value", json_string(p->query.at[i].value));
    json_array_append_new(out, one);
  }
  return out;
}

json_t *view_scope(Page *p, int64_t org, Period period) {
  Session *s = p->session;
  PeriodText text;
  json_t *out = json_object(), *orgs = json_array(), *periods = json_array();
  for (size_t i = 0; i < s->tree->count; i++) {
    const OrgNode *node = &s->tree->at[i];
    Error no = {0};
    const char *name = org_name(s->tree, node->id, period_last(period));
    if (!*name || !gate_figure(s, node->id, &no)) continue;
    json_t *one = json_object();
    view_set(one, "value", names_exact(s, catalogue_core(s->catalogue, "org"), node->id, period_last(period)));
    view_set(one, "label", name);
    json_object_set_new(one, "chosen", json_boolean(node->id == org));
    json_array_append_new(orgs, one);
  }
  int year = date_year(s->today);
  Period choices[8] = {period_year(year), period_quarter(year, 1), period_quarter(year, 2), period_quarter(year, 3),
                       period_quarter(year, 4), period_month(year, date_month(s->today)), period_year(year - 1)};
  size_t count = 7;
  bool among = false;
  for (size_t i = 0; i < count; i++) among |= choices[i].from == period.from && choices[i].to == period.to;
  if (!among) choices[count++] = period;
  for (size_t i = 0; i < count; i++) {
    json_t *one = json_object();
    view_set(one, "value", period_text(choices[i], text));
    view_set(one, "label", period_chinese(choices[i], text));
    json_object_set_new(one, "chosen", json_boolean(choices[i].from == period.from && choices[i].to == period.to));
    json_array_append_new(periods, one);
  }
  json_object_set_new(out, "orgs", orgs);
  json_object_set_new(out, "periods", periods);
  json_object_set_new(out, "keep", kept(p));
  return out;
}

bool view_is_number(const Column *c) {
  return c->type == TYPE_INT || c->type == TYPE_DECIMAL || c->type == TYPE_SERIAL;
}

const char *view_record_path(Arena *a, const Relation *r, int64_t id) {
  return arena_print(a, "/ledgers/%s/%lld", r->name, (long long)id);
}

size_t view_page_number(const Page *p) {
  char *end;
  long page = strtol(form_text(&p->query, "page"), &end, 10);
  return !*end && page > 1 && page < 100000 ? (size_t)page : 1;
}

/* The query again with another page. */
static const char *at_page(Page *p, size_t page) {
  TEXT_SCOPE t = text_new(64 * 1024);
  for (size_t i = 0; i < p->query.count; i++) {
    if (!strcmp(p->query.at[i].name, "page")) continue;
    text_print(&t, "%s%s=%s", t.length ? "&" : "?", url_encode(p->arena, p->query.at[i].name),
               url_encode(p->arena, p->query.at[i].value));
  }
  text_print(&t, "%spage=%zu", t.length ? "&" : "?", page);
  return arena_copy(p->arena, text_get(&t));
}

json_t *view_pager(Page *p, size_t page, size_t size, size_t total, bool capped) {
  json_t *out = json_object();
  size_t from = (page - 1) * size + 1, to = page * size < total ? page * size : total;
  json_object_set_new(out, "from", json_integer((json_int_t)(total ? from : 0)));
  json_object_set_new(out, "to", json_integer((json_int_t)to));
  json_object_set_new(out, "total", json_integer((json_int_t)total));
  json_object_set_new(out, "capped", json_boolean(capped));
  view_set(out, "previous", page > 1 ? at_page(p, page - 1) : NULL);
  view_set(out, "next", page * size < total || capped ? at_page(p, page + 1) : NULL);
  return out;
}
