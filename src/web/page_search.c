/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One box for everything: pages, ledgers, figures, orgs, persons, records. Each group is bounded and comes through
 * the same gate as its own page, so that a search never shows what a list would not. */
#include <string.h>

#include "access/names.h"
#include "base/utf8.h"
#include "ledger/list.h"
#include "person/find.h"
#include "web/view.h"

enum { GROUP_MOST = 8, RECORDS_EACH = 3, LEDGERS_MOST = 12 };

typedef struct Search {
  Page *page;
  const char *words;
  json_t *groups;
} Search;

static json_t *hit(json_t *group, const char *href, const char *text, const char *note) {
  json_t *one = json_object();
  view_set(one, "href", href);
  view_set(one, "text", text);
  view_set(one, "note", note);
  json_array_append_new(json_object_get(group, "hits"), one);
  return one;
}

static json_t *group_new(const char *label) {
  json_t *group = json_object();
  view_set(group, "label", label);
  json_object_set_new(group, "hits", json_array());
  return group;
}

static size_t hits_of(const json_t *group) { return json_array_size(json_object_get(group, "hits")); }

static void group_end(Search *s, json_t *group) {
  if (hits_of(group)) json_array_append_new(s->groups, group);
  else json_decref(group);
}

static bool among(const char *words, const char *label, const char *const *aliases, size_t count) {
  if (strstr(label, words)) return true;
  for (size_t i = 0; i < count; i++)
    if (strstr(aliases[i], words)) return true;
  return false;
}

static void find_ledgers(Search *s) {
  const Catalogue *c = s->page->session->catalogue;
  json_t *group = group_new("台账");
  for (size_t i = 0; i < c->relation_count && hits_of(group) < GROUP_MOST; i++) {
    const Relation *r = c->relations[i];
    if (r->parent || r->retired || r->core || !among(s->words, r->label, r->aliases, r->alias_count)) continue;
    hit(group, arena_print(s->page->arena, "/ledgers/%s", r->name), r->label, NULL);
  }
  group_end(s, group);
}

static void find_figures(Search *s) {
  const Catalogue *c = s->page->session->catalogue;
  json_t *group = group_new("指标");
  for (size_t i = 0; i < c->measure_count && hits_of(group) < GROUP_MOST; i++) {
    const Measure *m = c->measures[i];
    if (!among(s->words, m->label, m->aliases, m->alias_count)) continue;
    hit(group, arena_print(s->page->arena, "/figures/%s", m->full_name), m->label, m->set->label);
  }
  group_end(s, group);
}

static void find_orgs(Search *s) {
  Session *session = s->page->session;
  json_t *group = group_new("组织");
  for (size_t i = 0; i < session->tree->count && hits_of(group) < GROUP_MOST; i++) {
    int64_t id = session->tree->at[i].id;
    const char *name = org_name(session->tree, id, session->today);
    if (!strstr(name, s->words) || !may(session, MAY_READ, id)) continue;
    hit(group, arena_print(s->page->arena, "/people?org=%lld", (long long)id), name,
        org_name(session->tree, org_parent(session->tree, id, session->today), session->today));
  }
  group_end(s, group);
}

/* ---- rows ---- */

static bool add_row(Session *s, const ListRow *row, void *context) {
  const Relation *r = row->row.relation;
  json_t *group = context;
  const char *title = r->title >= 0 ? gate_show(s, row->row, &r->columns[r->title], row->org, false) : "";
  const char *org = row->org ? org_name(s->tree, row->org, row->date ? row->date : s->today) : "";
  const char *note = row->date ? arena_print(s->arena, "%s%s%s", view_date(s->arena, row->date), *org ? "，" : "", org) : org;
  const char *place = r->core ? "/people" : arena_print(s->arena, "/ledgers/%s", r->name);
  hit(group, arena_print(s->arena, "%s/%lld", place, (long long)row_id(row->row)), *title ? title : "这条记录", note);
  return true;
}

static bool find_rows(Search *s, const Relation *r, json_t *group, int64_t most, Error *e) {
  ListAsk ask = {.relation = r, .search = s->words, .descending = true, .limit = most,
                 .period = period_year(date_year(s->page->session->today))};
  return list_rows(s->page->session, ask, add_row, group, e);
}

/* By name, 拼音 initials or syllables. Names longer than those are no persons. */
static bool find_persons(Search *s, Error *e) {
  PersonFound *found = NULL;
  size_t count = 0;
  if (utf8_length(s->words) > PERSON_TYPED) return true;
  if (!persons_find(s->page->session, s->words, GROUP_MOST, &found, &count, e)) return false;
  json_t *group = group_new("人员");
  for (size_t i = 0; i < count; i++)
    hit(group, arena_print(s->page->arena, "/people/%lld", (long long)found[i].id), found[i].name, NULL);
  group_end(s, group);
  return true;
}

static bool find_records(Search *s, Error *e) {
  const Catalogue *c = s->page->session->catalogue;
  size_t found = 0;
  for (size_t i = 0; i < c->relation_count && found < LEDGERS_MOST; i++) {
    const Relation *r = c->relations[i];
    if (r->parent || r->retired || r->core) continue;
    json_t *group = group_new(arena_print(s->page->arena, "记录：%s", r->label));
    bool done = find_rows(s, r, group, RECORDS_EACH + 1, e);
    if (hits_of(group) > RECORDS_EACH) {
      json_array_remove(json_object_get(group, "hits"), RECORDS_EACH);
      view_set(group, "all", arena_print(s->page->arena, "/ledgers/%s?q=%s", r->name, url_encode(s->page->arena, s->words)));
    }
    found += hits_of(group) > 0;
    group_end(s, group);
    if (!done) return false;
  }
  return true;
}

static void find_pages(Search *s) {
  json_t *group = group_new("页面");
  for (size_t i = 0; i < route_count; i++) {
    const Route *r = &routes[i];
    if (strcmp(r->method, "GET") != 0 || strchr(r->path, '{') || r->asker != ASK_SIGNED || !r->nav || !strstr(r->label, s->words)) continue;
    hit(group, r->path, r->label, NULL);
  }
  group_end(s, group);
}

bool search_page(Page *p, Error *e) {
  Search s = {.page = p, .words = form_text(&p->query, "q"), .groups = json_array()};
  json_t *context = json_object();
  json_object_set_new(context, "groups", s.groups);
  json_object_set_new(context, "q", json_string(s.words));
  bool asked = s.words[strspn(s.words, " \t\r\n")] != '\0', done = true;
  Error why = {0};
  if (strlen(s.words) > LIST_SEARCH_BYTES) {
    view_set(context, "sentence", "要找的字太多，请只写其中几个词。");
    p->out->status = 400;
  } else if (asked) {
    find_pages(&s);
    find_ledgers(&s);
    done = find_persons(&s, &why);
    find_orgs(&s);
    find_figures(&s);
    done = done && find_records(&s, &why);
    view_flag(context, "nothing", !json_array_size(s.groups) && done);
  }
  if (!done) {
    view_set(context, "sentence", why.sentence);
    p->out->status = web_status(&why);
  }
  view_flag(context, "asked", asked);
  return view_page(p, "search", "搜索", context, e);
}
