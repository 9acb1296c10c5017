/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The organisation tree as JSON, as it stood on a day: what a program needs before it can name an org. Whoever asks
 * sees the subtrees that they may read today; what stands above these is not named. */
#include <stdlib.h>
#include <string.h>

#include "web/api.h"

static json_t *text_or_null(const char *text) { return text && *text ? json_string(text) : json_null(); }

static json_t *id_json(Arena *a, int64_t id) { return id ? json_string(arena_print(a, "%lld", (long long)id)) : json_null(); }

static const char *kind_label(const Session *s, const char *kind) {
  const Relation *r = catalogue_core(s->catalogue, "org");
  const Column *c = relation_column(r, "kind");
  for (size_t i = 0; c && c->codes && i < c->codes->count; i++)
    if (!strcmp(c->codes->at[i].name, kind)) return c->codes->at[i].label;
  return kind;
}

/* A parent out of the asker's sight is as none. */
static int64_t parent_seen(const Session *s, int64_t id, Date at) {
  int64_t parent = org_parent(s->tree, id, at);
  return parent && may(s, MAY_READ, parent) ? parent : 0;
}

static json_t *org_json(Page *p, const OrgNode *n, Date at) {
  Session *s = p->session;
  DateText day;
  json_t *o = json_object();
  json_object_set_new(o, "id", id_json(p->arena, n->id));
  json_object_set_new(o, "name", json_string(org_name(s->tree, n->id, at)));
  json_object_set_new(o, "kind", json_string(n->kind));
  json_object_set_new(o, "kind_label", json_string(kind_label(s, n->kind)));
  json_object_set_new(o, "parent", id_json(p->arena, parent_seen(s, n->id, at)));
  json_object_set_new(o, "founded_on", text_or_null(date_iso(n->founded, day)));
  json_object_set_new(o, "dissolved_on", n->dissolved == DATE_END ? json_null() : text_or_null(date_iso(n->dissolved, day)));
  return o;
}

static bool day_of(Page *p, Date *at, Error *e) {
  const char *text = form_text(&p->query, "at");
  *at = p->session->today;
  return !*text || date_read(text, at, e);
}

/* Depth first, from every org whose parent the asker does not see. A tree is no deeper than it has orgs. */
static void add_below(Page *p, json_t *out, int64_t id, Date at, size_t depth) {
  Session *s = p->session;
  const OrgNode *n = org_node(s->tree, id);
  int64_t *children;
  if (!n || depth > s->tree->count || !org_alive(n, at)) return;
  json_array_append_new(out, org_json(p, n, at));
  size_t count = org_children(s->tree, s->arena, id, at, &children);
  for (size_t i = 0; i < count; i++) add_below(p, out, children[i], at, depth + 1);
}

bool api_orgs(Page *p, Error *e) {
  static const char *const names[] = {"at"};
  Session *s = p->session;
  Date at;
  DateText day;
  if (!api_known(p, names, 1, e) || !day_of(p, &at, e)) return false;
  json_t *rows = json_array();
  for (size_t i = 0; i < s->tree->count; i++) {
    int64_t id = s->tree->at[i].id;
    if (may(s, MAY_READ, id) && !parent_seen(s, id, at)) add_below(p, rows, id, at, 0);
  }
  return api_answer(p, json_pack("{s:s, s:o}", "at", date_iso(at, day), "orgs", rows));
}

/* One org with what it was called and where it stood from which day on, and what stands below it. */
bool api_org(Page *p, Error *e) {
  static const char *const names[] = {"at"};
  Session *s = p->session;
  Date at;
  DateText day;
  int64_t id, *children;
  if (!api_known(p, names, 1, e) || !day_of(p, &at, e) || !api_id(p->parts[0], &id, e)) return false;
  const OrgNode *n = org_node(s->tree, id);
  if (!n || !may(s, MAY_READ, id)) return fail(e, ERROR_MISSING, "没有这个组织，或不在您的权限内，请核对编号。");
  json_t *out = org_json(p, n, at), *below = json_array(), *spells = json_array();
  json_object_set_new(out, "at", json_string(date_iso(at, day)));
  size_t count = org_children(s->tree, s->arena, id, at, &children);
  for (size_t i = 0; i < count; i++) json_array_append_new(below, id_json(p->arena, children[i]));
  for (size_t i = 0; i < n->spell_count; i++) {
    const OrgSpell *spell = &n->spells[i];
    json_t *one = json_object();
    json_object_set_new(one, "from_on", text_or_null(date_iso(spell->from, day)));
    json_object_set_new(one, "name", json_string(spell->name));
    json_object_set_new(one, "parent", id_json(p->arena, spell->parent && may(s, MAY_READ, spell->parent) ? spell->parent : 0));
    json_array_append_new(spells, one);
  }
  json_object_set_new(out, "children", below);
  json_object_set_new(out, "spells", spells);
  return api_answer(p, out);
}
