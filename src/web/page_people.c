/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 组织·人员: the tree at the left, the roster of the org chosen and of those below it, who they are as bars that
 * filter. Everybody on it came through the gate (person/roster.h); private items stand masked. What a bar or a
 * head says is how many its link lists. */
#include "web/people.h"

#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "base/utf8.h"
#include "person/find.h"
#include "web/chart.h"
#include "web/listing.h"

enum { ROSTER_PAGE = 50, TREE_DEPTH = 20, STEPS_SHOWN = 5 };

typedef struct Band { const char *name, *label; int low, high; bool old; } Band;
static const Band bands[] = {
    {"35", "35岁及以下", 0, 35, false},  {"36-50", "36—50岁", 36, 50, false},   {"51-60", "51—60岁", 51, 60, false},
    {"61-70", "61—70岁", 61, 70, true}, {"71", "71岁及以上", 71, 200, true}, {"60", "60岁及以上", 60, 200, true},
};
enum { BANDS = sizeof bands / sizeof *bands, DRAWN = BANDS - 1 /* the last overlaps */ };

#define MEMBERS "member" /* full and probationary alike */

typedef struct Shown { RosterRow *row; NameFit fit; int64_t key; const char *text; } Shown;

typedef struct People {
  Page *page;
  Roster roster;
  int64_t org; /* chosen; 0: wherever the asker may look */
  const char *q, *stage, *age, *sex, *schooling, *away, *due, *sort;
  bool narrowed;
  int64_t *below; /* persons of each org of the tree and those below it */
  Shown *at;
  size_t count, room;
} People;

static void set(json_t *o, const char *key, json_t *value) { json_object_set_new(o, key, value); }
static void put(json_t *o, const char *key, const char *text) { json_object_set_new(o, key, json_string(text)); }

static const Column *column_of(Page *p, const char *relation, const char *name) {
  return relation_column(catalogue_core(p->session->catalogue, relation), name);
}

const char *people_stage_label(Page *p, const char *stage) {
  const Choice *c = *stage ? codes_choice(column_of(p, "stage", "stage")->codes, stage) : NULL;
  return c ? c->label : "";
}

static const char *choice_label(Page *p, const char *column, const char *name) {
  const Choice *c = *name ? codes_choice(column_of(p, "person", column)->codes, name) : NULL;
  return c ? c->label : name;
}

json_t *people_step(Page *p, const RosterRow *row) {
  StepDue due;
  if (!step_due(row, p->session->today, &due)) return NULL;
  json_t *out = json_object();
  const char *light = due.state == STEP_OVER ? "late" : due.state == STEP_NEAR && !due.earliest ? "soon" : "ahead";
  const char *word = due.state == STEP_OVER ? arena_print(p->arena, "逾期%d天", -due.days)
                     : due.days > 0 || !due.earliest ? arena_print(p->arena, due.days ? "%d天后" : "今天", due.days) : "已满期";
  put(out, "light", light);
  put(out, "sign", light);
  put(out, "word", word);
  put(out, "what", due.what);
  put(out, "rule", due.rule);
  put(out, "basis", due.basis);
  put(out, "by", view_date(p->arena, due.by));
  view_flag(out, "late", due.state == STEP_OVER);
  return out;
}

/* ---- who is meant ---- */

/* A step that has a last day, and that day is near or over. */
static bool is_due(const Page *p, const RosterRow *r, StepDue *due) {
  return step_due(r, p->session->today, due) && !due->earliest && due->state != STEP_AHEAD;
}

static bool is_member(const RosterRow *r) {
  return r->stage && (!strcmp(r->stage->stage, "full") || !strcmp(r->stage->stage, "probationary"));
}

static bool in_stage(const RosterRow *r, const char *stage) {
  const char *now = r->stage ? r->stage->stage : "";
  if (!*stage) return strcmp(now, "left") != 0;
  return !strcmp(stage, MEMBERS) ? is_member(r) : !strcmp(stage, now);
}

static bool in_band(const Page *p, const RosterRow *r, const char *name) {
  int age = roster_age(r, p->session->today);
  if (!*name) return true;
  for (size_t i = 0; i < BANDS; i++)
    if (!strcmp(bands[i].name, name)) return age >= bands[i].low && age <= bands[i].high;
  return false;
}

static bool is_here(const People *w, const RosterRow *r) {
  Session *s = w->page->session;
  return !w->org || w->org == s->tree->root || (r->org && org_under(s->tree, r->org, w->org, s->today));
}

static bool is_asked(const People *w, const RosterRow *r) {
  StepDue due;
  return (!*w->due || is_due(w->page, r, &due)) && in_stage(r, w->stage) && in_band(w->page, r, w->age) && (!*w->sex || !strcmp(w->sex, r->sex)) &&
         (!*w->schooling || !strcmp(w->schooling, r->schooling)) && (!*w->away || r->away == !strcmp(w->away, "1"));
}

/* ---- in which order ---- */

static int by_key(const void *a, const void *b) {
  const Shown *x = a, *y = b;
  if (x->fit != y->fit) return x->fit > y->fit ? -1 : 1;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  int order = strcmp(x->text, y->text);
  return order ? order : (x->row->id > y->row->id) - (x->row->id < y->row->id);
}

/* Missing ones come last either way. By default as the orgs were founded, those with a post first. */
static int64_t key_of(const People *w, const RosterRow *r) {
  bool down = *w->sort == '-';
  const char *name = w->sort + down;
  int64_t key = 0;
  if (!strcmp(name, "age")) key = r->birth ? 99991231 - r->birth : -1;
  else if (!strcmp(name, "stage")) key = r->stage ? r->stage->from : -1;
  else if (!strcmp(name, "org")) key = r->org ? r->org : -1;
  else if (!strcmp(name, "name")) return 0;
  else return r->org ? r->org * 2 + !*r->posts : INT64_MAX;
  return key < 0 ? INT64_MAX : down ? -key : key;
}

static int by_key_down(const void *a, const void *b) { return by_key(b, a); }

static void pick(People *w) {
  for (size_t i = 0; i < w->roster.count; i++) {
    RosterRow *r = &w->roster.at[i];
    NameFit fit = *w->q ? name_fit(r->name, w->q) : NAME_WHOLE;
    if (fit == NAME_NO || !is_here(w, r) || !is_asked(w, r)) continue;
    *PUSH(w->page->arena, w->at, w->count, w->room) = (Shown){r, *w->sort ? NAME_WHOLE : fit, key_of(w, r), r->name};
  }
  if (w->count) qsort(w->at, w->count, sizeof *w->at, strcmp(w->sort, "-name") ? by_key : by_key_down);
}

/* ---- the tree ---- */

static void count_below(People *w) {
  Session *s = w->page->session;
  w->below = NEW_ARRAY(w->page->arena, int64_t, s->tree->count + 1);
  for (size_t i = 0; i < w->roster.count; i++) {
    int64_t org = is_member(&w->roster.at[i]) ? w->roster.at[i].org : 0;
    for (int depth = 0; org && depth < TREE_DEPTH; depth++, org = org_parent(s->tree, org, s->today)) {
      const OrgNode *node = org_node(s->tree, org);
      if (node) w->below[node - s->tree->at]++;
    }
  }
}

static void write_org(People *w, int64_t id, int depth, Text *out) {
  Session *s = w->page->session;
  const OrgNode *node = org_node(s->tree, id);
  int64_t *children;
  size_t count = node && depth < TREE_DEPTH ? org_children(s->tree, w->page->arena, id, s->today, &children) : 0;
  if (!node || !org_alive(node, s->today)) return;
  text_print(out, "<li><a href=\"/people?org=%lld\"%s>", (long long)id, id == w->org ? " aria-current=\"true\"" : "");
  text_add_html(out, org_name(s->tree, id, s->today));
  text_add(out, "</a>");
  if (w->below[node - s->tree->at]) text_print(out, " <span class=\"count\">%lld</span>", (long long)w->below[node - s->tree->at]);
  /* what folds stands beside the link: a summary that holds one cannot be reached with a screen reader */
  bool folds = count && depth >= 2, open = folds && w->org && org_under(s->tree, w->org, id, s->today);
  if (folds) text_print(out, "<details%s><summary class=\"small\">下设%zu个</summary>", open ? " open" : "", count);
  if (count) text_add(out, "<ul>");
  for (size_t i = 0; i < count; i++) write_org(w, children[i], depth + 1, out);
  if (count) text_add(out, "</ul>");
  text_add(out, folds ? "</details></li>" : "</li>");
}

static const char *tree_html(People *w) {
  Session *s = w->page->session;
  TEXT_SCOPE out = text_new(4 * 1024 * 1024);
  for (size_t i = 0; i < s->actor.grant_count; i++) {
    const Grant *g = &s->actor.grants[i];
    bool within = !g->role->reads;
    for (size_t k = 0; k < s->actor.grant_count && !within; k++) {
      const Grant *other = &s->actor.grants[k];
      within = k != i && other->role->reads && (other->org == g->org ? k < i : org_under(s->tree, g->org, other->org, s->today));
    }
    if (!within) write_org(w, g->org, 0, &out);
  }
  return arena_copy(w->page->arena, text_get(&out));
}

/* ---- bars ---- */

static const char *people_link(const People *w, const char *stage, const char *name, const char *value) {
  Arena *a = w->page->arena;
  const char *org = w->org ? arena_print(a, "org=%lld&", (long long)w->org) : "";
  return arena_print(a, "/people?%sstage=%s%s%s%s%s", org, stage, *name ? "&" : "", name, *name ? "=" : "", url_encode(a, value));
}

enum { BARS_MOST = 40 };
typedef struct Bars { const People *of; Bar at[BARS_MOST]; size_t count; } Bars;

static void add_bar(Bars *bars, const char *label, const char *name, const char *value, size_t count, bool main) {
  if (bars->count == BARS_MOST) return;
  bars->at[bars->count++] = (Bar){.label = label, .text = arena_print(bars->of->page->arena, "%zu", count), .href = people_link(bars->of, MEMBERS, name, value),
                                  .length = ratio_int((int64_t)count), .main = main};
}

static void end_bars(const Bars *bars, json_t *groups, const char *caption) {
  if (bars->count) json_array_append_new(groups, bars_json(bars->of->page->arena, caption, NULL, bars->at, bars->count, NULL));
}

static void choice_bars(People *w, json_t *groups, const char *column) {
  const Column *c = column_of(w->page, "person", column);
  Bars bars = {.of = w};
  for (size_t i = 0; i < c->codes->count; i++) {
    size_t count = 0;
    for (size_t k = 0; k < w->roster.count; k++) {
      const RosterRow *r = &w->roster.at[k];
      const char *value = !strcmp(column, "sex") ? r->sex : r->schooling;
      count += is_here(w, r) && is_member(r) && !strcmp(value, c->codes->at[i].name);
    }
    if (count) add_bar(&bars, c->codes->at[i].label, column, c->codes->at[i].name, count, false);
  }
  end_bars(&bars, groups, c->label);
}

static size_t in_bands(const People *w, size_t band) {
  size_t count = 0;
  for (size_t k = 0; k < w->roster.count; k++) {
    const RosterRow *r = &w->roster.at[k];
    count += is_here(w, r) && is_member(r) && in_band(w->page, r, bands[band].name);
  }
  return count;
}

static json_t *composition(People *w) {
  json_t *groups = json_array();
  Bars ages = {.of = w}, care = {.of = w};
  size_t away = 0;
  for (size_t i = 0; i < DRAWN; i++) add_bar(&ages, bands[i].label, "age", bands[i].name, in_bands(w, i), bands[i].old);
  end_bars(&ages, groups, "年龄");
  choice_bars(w, groups, "schooling");
  choice_bars(w, groups, "sex");
  for (size_t k = 0; k < w->roster.count; k++) away += is_here(w, &w->roster.at[k]) && is_member(&w->roster.at[k]) && w->roster.at[k].away;
  add_bar(&care, bands[DRAWN].label, "age", bands[DRAWN].name, in_bands(w, DRAWN), true);
  add_bar(&care, column_of(w->page, "person", "away")->label, "away", "1", away, false);
  end_bars(&care, groups, "重点关心");
  return groups;
}

/* The nearest ends first; the others behind one link. */
static json_t *steps_due(People *w, size_t *count) {
  struct { RosterRow *row; int days; } first[STEPS_SHOWN];
  size_t kept = 0;
  *count = 0;
  for (size_t k = 0; k < w->roster.count; k++) {
    StepDue due;
    if (!is_here(w, &w->roster.at[k]) || !is_due(w->page, &w->roster.at[k], &due)) continue;
    ++*count;
    size_t at = kept < STEPS_SHOWN ? kept++ : kept;
    for (; at && first[at - 1].days > due.days; at--)
      if (at < STEPS_SHOWN) first[at] = first[at - 1];
    if (at < STEPS_SHOWN) first[at].row = &w->roster.at[k], first[at].days = due.days;
  }
  json_t *out = json_array();
  for (size_t i = 0; i < kept; i++) {
    json_t *one = people_step(w->page, first[i].row);
    if (!one) continue;
    put(one, "name", first[i].row->name);
    put(one, "href", arena_print(w->page->arena, "/people/%lld", (long long)first[i].row->id));
    json_array_append_new(out, one);
  }
  return out;
}

/* How many are in each stage, in the head. */
static json_t *stage_figures(People *w) {
  const Column *c = column_of(w->page, "stage", "stage");
  json_t *out = json_array();
  for (size_t i = c->codes->count; i--;) {
    size_t count = 0;
    if (!strcmp(c->codes->at[i].name, "left")) continue;
    for (size_t k = 0; k < w->roster.count; k++) count += is_here(w, &w->roster.at[k]) && in_stage(&w->roster.at[k], c->codes->at[i].name);
    if (!count) continue;
    json_array_append_new(out, json_pack("{s:s, s:I, s:s}", "label", c->codes->at[i].label, "count", (json_int_t)count, "href",
                                         people_link(w, c->codes->at[i].name, "", "")));
  }
  return out;
}

/* ---- the bar of filters ---- */

static void add_option(json_t *options, const char *value, const char *label, const char *now) {
  json_array_append_new(options, json_pack("{s:s, s:s, s:b}", "value", value, "label", label, "chosen", !strcmp(value, now)));
}

static void add_field(json_t *fields, const char *name, const char *label, json_t *options) {
  json_array_append_new(fields, json_pack("{s:s, s:s, s:o}", "name", name, "label", label, "options", options));
}

static json_t *choice_options(const Column *c, const char *now) {
  json_t *out = json_array();
  for (size_t i = 0; i < c->codes->count; i++) add_option(out, c->codes->at[i].name, c->codes->at[i].label, now);
  return out;
}

static json_t *filter_fields(const People *w) {
  json_t *out = json_array(), *stages = json_array(), *ages = json_array(), *away = json_array();
  const Column *c = column_of(w->page, "stage", "stage");
  add_option(stages, MEMBERS, "党员（正式、预备）", w->stage);
  for (size_t i = 0; i < c->codes->count; i++) add_option(stages, c->codes->at[i].name, c->codes->at[i].label, w->stage);
  for (size_t i = 0; i < BANDS; i++) add_option(ages, bands[i].name, bands[i].label, w->age);
  add_option(away, "1", column_of(w->page, "person", "away")->label, w->away);
  add_option(away, "0", "在本地", w->away);
  add_field(out, "stage", "类别", stages);
  add_field(out, "age", "年龄", ages);
  add_field(out, "sex", "性别", choice_options(column_of(w->page, "person", "sex"), w->sex));
  add_field(out, "schooling", "学历", choice_options(column_of(w->page, "person", "schooling"), w->schooling));
  add_field(out, "away", "流动", away);
  return out;
}

static json_t *heads(const People *w) {
  static const struct { const char *label, *sort; bool number; } all[] = {
      {"姓名", "name", false}, {"性别", NULL, false}, {"年龄", "age", true}, {"学历", NULL, false}, {"所在支部", "org", false},
      {"职务", NULL, false}, {"类别", NULL, false}, {"起始时间", "stage", false}, {"联系电话", NULL, false}, {"备注", NULL, false}};
  json_t *out = json_array();
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    json_t *one = json_object();
    const char *sort = all[i].sort;
    bool down = sort && *w->sort == '-' && !strcmp(w->sort + 1, sort), up = sort && !strcmp(w->sort, sort);
    view_set(one, "text", all[i].label);
    view_flag(one, "number", all[i].number);
    view_set(one, "sorted", down ? "descending" : up ? "ascending" : NULL);
    view_set(one, "mark", down ? "↓" : up ? "↑" : NULL);
    view_set(one, "href", sort ? listing_with(w->page, "sort", arena_print(w->page->arena, "%s%s", up ? "-" : "", sort)) : NULL);
    json_array_append_new(out, one);
  }
  return out;
}

/* ---- rows ---- */

static json_t *row_json(const People *w, const RosterRow *r) {
  Page *p = w->page;
  Session *s = p->session;
  json_t *one = json_object();
  int age = roster_age(r, s->today);
  put(one, "href", arena_print(p->arena, "/people/%lld", (long long)r->id));
  put(one, "name", r->name);
  put(one, "sex", choice_label(p, "sex", r->sex));
  put(one, "age", age < 0 ? "" : arena_print(p->arena, "%d", age));
  put(one, "schooling", choice_label(p, "schooling", r->schooling));
  put(one, "org", org_name(s->tree, r->org, s->today));
  put(one, "posts", *r->posts ? r->posts : "—");
  put(one, "stage", r->stage ? people_stage_label(p, r->stage->stage) : "—");
  put(one, "since", r->stage ? view_date(p->arena, r->stage->from) : "");
  view_set(one, "phone", gate_show(s, r->row, column_of(p, "person", "phone"), r->org, false));
  view_set(one, "note", r->away ? column_of(p, "person", "away")->label : NULL);
  json_t *step = people_step(p, r);
  set(one, "step", step ? step : json_false());
  return one;
}

/* What may be done with the org chosen. */
static void add_org_actions(People *w, json_t *context) {
  Page *p = w->page;
  Session *s = p->session;
  int64_t org = w->org ? w->org : s->tree->root;
  bool manages = org && may(s, MAY_MANAGE_TREE, org);
  view_set(context, "found", manages || (!org && may_anywhere(s, MAY_MANAGE_TREE)) ? arena_print(p->arena, "/do/org.found%s", org ? arena_print(p->arena, "?parent=%lld", (long long)org) : "") : NULL);
  view_set(context, "change", manages && w->org ? arena_print(p->arena, "%lld", (long long)w->org) : NULL);
  view_flag(context, "below", manages && w->org && w->org != s->tree->root);
  view_set(context, "year", w->org ? arena_print(p->arena, "/board/%lld", (long long)w->org) : NULL);
}

static bool read_query(People *w, Error *e) {
  Page *p = w->page;
  Session *s = p->session;
  const Form *f = &p->query;
  const char *org = form_text(f, "org");
  w->q = form_text(f, "q"), w->stage = form_text(f, "stage"), w->age = form_text(f, "age"), w->sex = form_text(f, "sex");
  w->schooling = form_text(f, "schooling"), w->away = form_text(f, "away"), w->sort = form_text(f, "sort");
  w->due = form_text(f, "due");
  w->narrowed = *w->q || *w->stage || *w->age || *w->sex || *w->schooling || *w->away || *w->due;
  if (utf8_length(w->q) > PERSON_TYPED) return fail(e, ERROR_LIMIT, "要找的姓名太长，请只写姓名或拼音首字母。");
  if (!*org) return true;
  return names_find(s, catalogue_core(s->catalogue, "org"), org, s->today, &w->org, e) && may_or_fail(s, MAY_READ, w->org, e);
}

bool people_page(Page *p, Error *e) {
  People w = {.page = p};
  Session *s = p->session;
  if (!read_query(&w, e) || !roster_load(s, 0, &w.roster, e)) return false;
  pick(&w);
  count_below(&w);
  size_t page = view_page_number(p), from = (page - 1) * ROSTER_PAGE;
  json_t *context = json_object(), *rows = json_array();
  for (size_t i = from; i < w.count && i < from + ROSTER_PAGE; i++) json_array_append_new(rows, row_json(&w, w.at[i].row));
  put(context, "tree", tree_html(&w));
  set(context, "rows", rows);
  set(context, "heads", heads(&w));
  set(context, "figures", stage_figures(&w));
  set(context, "groups", composition(&w));
  size_t due;
  set(context, "steps", steps_due(&w, &due));
  view_set(context, "all_due", due > STEPS_SHOWN ? people_link(&w, "", "due", "1") : NULL);
  view_count(context, "due_count", (int64_t)due);
  add_org_actions(&w, context);
  set(context, "fields", filter_fields(&w));
  set(context, "pager", w.count ? view_pager(p, page, ROSTER_PAGE, w.count, w.roster.cut) : json_false());
  put(context, "q", w.q);
  view_set(context, "sort", w.sort);
  view_set(context, "org", w.org ? arena_print(p->arena, "%lld", (long long)w.org) : NULL);
  view_set(context, "org_name", w.org ? org_name(s->tree, w.org, s->today) : NULL);
  people_toast(p, context);
  view_flag(context, "narrowed", w.narrowed);
  view_flag(context, "none", !w.count && (w.narrowed || w.org));
  view_flag(context, "empty", !w.count && !w.narrowed && !w.org);
  view_flag(context, "may_manage", may_anywhere(s, MAY_MANAGE_PEOPLE));
  return view_page(p, "people", "人员", context, e);
}
