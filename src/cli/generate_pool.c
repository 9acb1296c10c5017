/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What values are drawn from: random numbers, lists of the declaration, pools of rows that are there.
 * Random numbers are our own (splitmix64), so that a seed gives the same rows on every machine. */
#include "cli/generate_value.h"

#include <stdlib.h>
#include <string.h>

#include "access/names.h"

uint64_t random_next(Maker *m) {
  uint64_t z = (m->random += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

size_t random_below(Maker *m, size_t n) { return (size_t)((random_next(m) >> 32) * (uint64_t)n >> 32); }

int64_t random_between(Maker *m, int64_t low, int64_t high) {
  return high <= low ? low : low + (int64_t)random_below(m, (size_t)(high - low + 1));
}

const char *node_file(const Maker *m, const Node *node) {
  while (node && node->above) node = node->above;
  for (size_t i = 0; i < m->g->part_count; i++)
    if (m->g->parts[i].root == node) return m->g->parts[i].path;
  return m->g->parts[m->part].path;
}

void note_wrong(Maker *m, const Node *node, const char *sentence, ...) {
  va_list args;
  va_start(args, sentence);
  const char *text = arena_vprint(m->issues->arena, sentence, args);
  va_end(args);
  issue_add(m->issues, arena_print(m->issues->arena, "%s:%d", node_file(m, node), node ? node->line : 0), NULL, "%s",
            text);
}

const Node *node_key(const Node *map, const char *key) {
  if (!map || map->kind != NODE_MAP) return NULL;
  for (size_t i = 0; i < map->count; i++)
    if (!strcmp(map->at[i].key, key)) return &map->at[i];
  return NULL;
}

static bool read_number(Maker *m, const Node *node, int64_t *out) {
  if (node->kind == NODE_TEXT && !strcmp(node->text, "size")) return *out = m->size, true;
  char *end = NULL;
  long long n = node->kind == NODE_TEXT ? strtoll(node->text, &end, 10) : 0;
  if (!end || end == node->text || *end || n < -1000000000000 || n > 1000000000000)
    return wrong(m, node, "这里应是一个整数。");
  *out = n;
  return true;
}

bool node_number(Maker *m, const Node *node, int64_t fallback, int64_t *out) {
  *out = fallback;
  if (!node) return true;
  if (node->kind == NODE_TEXT) return read_number(m, node, out);
  int64_t low, high;
  if (node->kind != NODE_LIST || node->count != 2) return wrong(m, node, "这里应是一个整数，或[最少, 最多]。");
  if (!read_number(m, &node->at[0], &low) || !read_number(m, &node->at[1], &high)) return false;
  *out = random_between(m, low, high);
  return true;
}

/* ---- pools ---- */

static bool read_rows(Maker *m, const Relation *r, Path take, const Filter *where, Items *items, Error *e) {
  Session *s = m->s;
  Query q;
  query_begin(&q, m->block, s->catalogue, r,
              (FilterScope){.area = s->area, .period = {PERIOD_SPAN, s->today, DATE_END}});
  const char *value = query_path(&q, take), *test = query_filter(&q, where, false);
  const char *org = r->org >= 0 ? query_column(&q, "org") : "0";
  const char *from = r->date >= 0 ? query_column(&q, r->columns[r->date].name) : "0";
  const char *to = r->ends >= 0 ? query_column(&q, r->columns[r->ends].name) : "0";
  const char *live = r->state >= 0 ? arena_print(m->block, "AND %s <> %s", query_column(&q, "state"),
                                                 query_bind(&q, value_text(STATE_VOID)))
                                   : "";
  const char *area = query_area(&q);
  const char *sql =
      arena_print(m->block,
                  "SELECT %s, COALESCE(%s, 0), COALESCE(%s, 0), COALESCE(%s, 0) FROM %s WHERE %s AND %s %s "
                  "ORDER BY t.id",
                  value, org, from, to, query_from(&q), area, test, live);
  STMT_SCOPE st = stmt_open(s->tx, sql, q.binds, q.bind_count, e);
  query_end(&q);
  if (!st) return false;
  ValueKind kind = type_kind(take.column->type, take.column->sensitive);
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    if (stmt_null(st, 0)) continue;
    Item *item = PUSH(m->block, items->at, items->count, items->room);
    *item = (Item){.v = value_copy(m->block, stmt_value(st, 0, kind)), .org = stmt_int(st, 1)};
    /* Only a span is in force for a time; a record's own date says nothing about others. */
    if (r->ends >= 0) item->from = (Date)stmt_int(st, 2), item->to = (Date)stmt_int(st, 3);
  }
  return step == STEP_DONE;
}

static Pool *load_pool(Maker *m, const Node *node) {
  Error e = {0};
  Session *s = m->s;
  const Node *of = node_key(node, "of"), *where = node_key(node, "where"), *take = node_key(node, "take");
  if (!of || of->kind != NODE_TEXT) return wrong(m, node, "来源“%s”要写明 of（取自哪种台账）。", node->key), NULL;
  const Relation *r = catalogue_relation(s->catalogue, of->text, &e);
  if (!r) return wrong(m, of, "%s", e.sentence), NULL;
  Path path = {.relation = r, .column = &r->columns[0]};
  if (take && (take->kind != NODE_TEXT || !path_parse(s->catalogue, r, take->text, &path, &e)))
    return wrong(m, take, "%s", e.sentence), NULL;
  const Filter *filter = NULL;
  if (where && where->kind == NODE_TEXT) {
    filter = filter_parse(m->block, s->catalogue, r, where->text, "where", NULL, &e);
    if (!filter) return wrong(m, where, "%s", e.sentence), NULL;
  }
  Pool *pool = NEW(m->block, Pool);
  *pool = (Pool){.name = node->key, .ref = take ? path.column->ref : r, .next = m->pools};
  if (!read_rows(m, r, path, filter, &pool->items, &e)) return wrong(m, node, "%s", e.sentence), NULL;
  for (size_t i = 0; i < pool->items.count; i++) {
    Item *item = &pool->items.at[i];
    item->text = pool->ref ? names_of(s, pool->ref, item->v.i, s->today) : item->v.kind == VALUE_TEXT ? item->v.s : "";
    item->text = arena_copy(m->block, item->text);
  }
  return m->pools = pool;
}

static const Node *declared(const Maker *m, const char *name, bool pool) {
  const Node *found = NULL;
  for (size_t i = 0; !found && i <= m->part; i++)
    found = node_key(pool ? m->g->parts[i].pools : m->g->parts[i].lists, name);
  return found;
}

static Pool *pool_named(Maker *m, const char *name) {
  for (Pool *p = m->pools; p; p = p->next)
    if (!strcmp(p->name, name)) return p;
  const Node *node = declared(m, name, true);
  return node ? load_pool(m, node) : NULL;
}

/* ---- lists ---- */

static const Items *list_items(Maker *m, const char *name, const Node *list) {
  for (Pool *p = m->pools; p; p = p->next)
    if (p->name == name || (!p->ref && !strcmp(p->name, name))) return &p->items;
  Pool *pool = NEW(m->block, Pool);
  *pool = (Pool){.name = name, .next = m->pools};
  for (size_t i = 0; i < list->count; i++) {
    Item *item = PUSH(m->block, pool->items.at, pool->items.count, pool->items.room);
    *item = (Item){.node = &list->at[i], .text = list->at[i].kind == NODE_TEXT ? list->at[i].text : ""};
  }
  m->pools = pool;
  return &pool->items;
}

const Items *items_named(Maker *m, const char *name, const Relation **ref) {
  *ref = NULL;
  const Node *list = declared(m, name, false);
  if (list && list->kind == NODE_LIST) return list_items(m, name, list);
  const Pool *pool = pool_named(m, name);
  if (!pool) return NULL;
  *ref = pool->ref;
  return &pool->items;
}

const Items *items_of(Maker *m, const Node *node, const Relation **ref) {
  *ref = NULL;
  const Items *items = NULL;
  if (node->kind == NODE_LIST) {
    /* Written here: known by its place. */
    const char *name = arena_print(m->block, "@%p", (const void *)node);
    items = list_items(m, name, node);
  } else if (node->kind == NODE_TEXT) {
    items = items_named(m, node->text, ref);
  }
  if (!items && !m->issues->count)
    wrong(m, node, "没有“%s”这个名单或来源。", node->kind == NODE_TEXT ? node->text : "");
  if (items && !items->count)
    return wrong(m, node, "“%s”里一个也没有。", node->kind == NODE_TEXT ? node->text : "名单"), NULL;
  return items;
}

bool item_fits(Maker *m, const Item *item, Date at, int64_t in) {
  if (item->from && at && item->from > at) return false;
  if (item->to && at && item->to <= at) return false;
  return !in || item->org == in || (item->org && org_under(m->s->tree, item->org, in, at ? at : m->s->today));
}
