/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The dated tree, read whole: an area has tens to a few thousand orgs. Every question about a name, a
 * parent or a subtree carries a day. Spans are the same answers unrolled for SQL. */
#include "org/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { DEEPEST = 32 }; /* levels: a parent chain longer than this is a loop */

static OrgNode *find(const OrgTree *t, int64_t id) {
  size_t low = 0, high = t->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (t->at[middle].id < id) low = middle + 1;
    else high = middle;
  }
  return low < t->count && t->at[low].id == id ? &t->at[low] : NULL;
}

const OrgNode *org_node(const OrgTree *t, int64_t id) { return find(t, id); }

static bool load_spells(Arena *a, Tx *tx, int64_t area, OrgTree *t, Error *e) {
  STMT_SCOPE st = stmt_open(tx,
                            "SELECT record_id, from_on, name, parent FROM org_spell WHERE area_id = $1 "
                            "ORDER BY record_id, from_on, id",
                            (Value[]){value_int(area)}, 1, e);
  if (!st) return false;
  size_t room = 0;
  OrgNode *last = NULL;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    OrgNode *n = find(t, stmt_int(st, 0));
    if (!n) continue;
    if (n != last) room = 0;
    last = n;
    *PUSH(a, n->spells, n->spell_count, room) =
        (OrgSpell){(Date)stmt_int(st, 1), arena_copy(a, stmt_text(st, 2)), stmt_null(st, 3) ? 0 : stmt_int(st, 3)};
  }
  return step == STEP_DONE;
}

OrgTree *org_tree_load(Arena *a, Tx *tx, const Catalogue *c, int64_t area, Error *e) {
  (void)c;
  OrgTree *t = NEW(a, OrgTree);
  STMT_SCOPE st = stmt_open(tx,
                            "SELECT id, kind, founded_on, dissolved_on FROM org WHERE area_id = $1 AND state <> $2 "
                            "ORDER BY id",
                            (Value[]){value_int(area), value_text(STATE_VOID)}, 2, e);
  if (!st) return NULL;
  size_t room = 0;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW)
    *PUSH(a, t->at, t->count, room) = (OrgNode){.id = stmt_int(st, 0),
                                                .kind = arena_copy(a, stmt_text(st, 1)),
                                                .founded = (Date)stmt_int(st, 2),
                                                .dissolved = stmt_null(st, 3) ? DATE_END : (Date)stmt_int(st, 3)};
  if (step == STEP_FAILED || !load_spells(a, tx, area, t, e)) return NULL;
  for (size_t i = 0; i < t->count && !t->root; i++)
    if (t->at[i].spell_count && !t->at[i].spells[0].parent) t->root = t->at[i].id;
  return t;
}

static const OrgSpell *spell_at(const OrgNode *n, Date at) {
  const OrgSpell *best = n->spell_count ? &n->spells[0] : NULL;
  for (size_t i = 1; i < n->spell_count && n->spells[i].from <= at; i++) best = &n->spells[i];
  return best;
}

const char *org_name(const OrgTree *t, int64_t id, Date at) {
  const OrgNode *n = find(t, id);
  const OrgSpell *spell = n ? spell_at(n, at) : NULL;
  return spell ? spell->name : "";
}

int64_t org_parent(const OrgTree *t, int64_t id, Date at) {
  const OrgNode *n = find(t, id);
  const OrgSpell *spell = n ? spell_at(n, at) : NULL;
  return spell ? spell->parent : 0;
}

bool org_alive(const OrgNode *n, Date at) { return n && at >= n->founded && at < n->dissolved; }

bool org_under(const OrgTree *t, int64_t org, int64_t top, Date at) {
  for (int level = 0; org && level < DEEPEST; level++, org = org_parent(t, org, at))
    if (org == top) return true;
  return false;
}

size_t org_children(const OrgTree *t, Arena *a, int64_t id, Date at, int64_t **out) {
  size_t count = 0, room = 0;
  *out = NULL;
  for (size_t i = 0; i < t->count; i++)
    if (t->at[i].id != id && org_alive(&t->at[i], at) && org_parent(t, t->at[i].id, at) == id)
      *PUSH(a, *out, count, room) = t->at[i].id;
  return count;
}

/* How many orgs answer to a name on a day: at their present name, or else at any name they ever had. */
static size_t named(const OrgTree *t, const char *name, size_t n, int64_t under, Date at, bool ever, int64_t *found) {
  size_t hits = 0;
  for (size_t i = 0; i < t->count; i++) {
    const OrgNode *node = &t->at[i];
    if (under && (node->id == under || !org_under(t, node->id, under, at))) continue;
    bool hit = false;
    for (size_t k = 0; k < node->spell_count && !hit; k++) {
      const OrgSpell *spell = ever ? &node->spells[k] : spell_at(node, at);
      hit = (ever || org_alive(node, at)) && strlen(spell->name) == n && !memcmp(spell->name, name, n);
    }
    if (hit && !hits++) *found = node->id;
  }
  return hits;
}

static int64_t not_found(const OrgTree *t, const char *name, Date at, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char **names = NEW_ARRAY(a, const char *, t->count + 1);
  size_t count = 0;
  for (size_t i = 0; i < t->count; i++)
    if (org_alive(&t->at[i], at)) names[count++] = org_name(t, t->at[i].id, at);
  const char *near = nearest(name, names, count);
  if (near) fail(e, ERROR_MISSING, "没有叫“%s”的组织，是不是“%s”？", name, near);
  else fail(e, ERROR_MISSING, "没有叫“%s”的组织，用 luoshi list org 看全部组织。", name);
  return 0;
}

int64_t org_find(const OrgTree *t, const char *name, Date at, Error *e) {
  int64_t found = 0, under = 0;
  for (const char *part = name;;) {
    const char *slash = strchr(part, '/');
    size_t n = slash ? (size_t)(slash - part) : strlen(part);
    size_t hits = named(t, part, n, under, at, false, &found);
    if (!hits) hits = named(t, part, n, under, at, true, &found);
    if (!hits) return not_found(t, name, at, e);
    if (hits > 1) {
      fail(e, ERROR_INVALID, "叫“%s”的组织有%zu个，请写成“上级/名称”。", name, hits);
      return 0;
    }
    if (!slash) return found;
    under = found;
    part = slash + 1;
  }
}

bool org_spans_create(Tx *tx, Error *e) {
  return store_ddl(tx,
                   "CREATE TABLE IF NOT EXISTS org_span (area_id {int} NOT NULL, top_id {int} NOT NULL, org_id {int} NOT NULL, "
                   "from_on {int} NOT NULL, to_on {int} NOT NULL, PRIMARY KEY (area_id, top_id, org_id, from_on)) {strict};"
                   "CREATE INDEX IF NOT EXISTS \"org_span.org\" ON org_span (area_id, org_id);",
                   e);
}

static int by_date(const void *a, const void *b) {
  Date x = *(const Date *)a, y = *(const Date *)b;
  return (x > y) - (x < y);
}

/* Days on which the chain above an org may change: its own spells and those of anything that was above it. */
static size_t turning_days(const OrgTree *t, Arena *a, const OrgNode *n, Date **out) {
  size_t count = 0, room = 0;
  *out = NULL;
  *PUSH(a, *out, count, room) = n->founded;
  for (size_t i = 0; i < t->count; i++)
    for (size_t k = 1; k < t->at[i].spell_count; k++)
      if (t->at[i].spells[k].parent != t->at[i].spells[k - 1].parent && t->at[i].spells[k].from > n->founded &&
          t->at[i].spells[k].from < n->dissolved)
        *PUSH(a, *out, count, room) = t->at[i].spells[k].from;
  qsort(*out, count, sizeof **out, by_date);
  return count;
}

typedef struct Spans { Arena *arena; Value *at; size_t count, room; } Spans;

static void span_add(Spans *s, int64_t area, int64_t top, int64_t org, Date from, Date to) {
  /* a span that goes on under the same top is one span */
  for (size_t i = s->count; i >= 5; i -= 5) {
    Value *v = &s->at[i - 5];
    if (v[2].i != org) break;
    if (v[1].i == top && v[4].i == from) {
      v[4] = value_int(to);
      return;
    }
  }
  const int64_t cells[5] = {area, top, org, from, to};
  for (int i = 0; i < 5; i++) *PUSH(s->arena, s->at, s->count, s->room) = value_int(cells[i]);
}

bool org_spans_rebuild(Tx *tx, const OrgTree *t, int64_t area, Error *e) {
  ARENA_SCOPE a = arena_new();
  Spans spans = {.arena = a};
  for (size_t i = 0; i < t->count; i++) {
    const OrgNode *n = &t->at[i];
    Date *days;
    size_t count = turning_days(t, a, n, &days);
    for (size_t d = 0; d < count; d++) {
      Date from = days[d], to = d + 1 < count ? days[d + 1] : n->dissolved;
      if (from >= to) continue;
      int64_t top = n->id;
      for (int level = 0; top && level < DEEPEST; level++, top = org_parent(t, top, from))
        span_add(&spans, area, top, n->id, from, to);
    }
  }
  return tx_exec(tx, "DELETE FROM org_span WHERE area_id = $1", (Value[]){value_int(area)}, 1, NULL, e) &&
         (!spans.count || tx_exec_many(tx,
                                       "INSERT INTO org_span (area_id, top_id, org_id, from_on, to_on) "
                                       "VALUES ($1, $2, $3, $4, $5)",
                                       spans.at, 5, spans.count / 5, e));
}
