/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Values of the generator's language (generate.h): an expression becomes a typed cell. What is written as
 * text goes through the same reader as what people type. */
#include "cli/generate_value.h"

#include <stdlib.h>
#include <string.h>

#include "access/names.h"

/* A value before it is given a column's type: typed already, or text, or missing. */
typedef struct Cell {
  bool missing, typed;
  Value v;
  const char *text;
  const Relation *ref; /* of a typed one that is an id */
} Cell;

static bool make_cell(Maker *m, const Making *w, const Node *x, Cell *out);

static Cell text_cell(const char *text) { return (Cell){.text = text}; }

/* ---- {name} ---- */

static bool item_cell(Maker *m, const Making *w, const Item *item, const Relation *ref, Cell *out) {
  if (item->node) return make_cell(m, w, item->node, out);
  *out = (Cell){.typed = true, .v = item->v, .text = item->text, .ref = ref};
  return true;
}

static bool field_cell(Maker *m, const Making *w, const char *name, Cell *out) {
  for (const Making *up = w; up; up = up->above) {
    const Column *c = up->row.relation ? relation_column(up->row.relation, name) : NULL;
    if (!c || (up == w && c == w->setting)) continue;
    Value v = up->row.v[c - up->row.relation->columns];
    *out = (Cell){.missing = v.null, .typed = true, .v = v, .ref = c->ref};
    if (v.null) return true;
    out->text = c->ref                 ? names_of(m->s, c->ref, v.i, w->at)
                : v.kind == VALUE_TEXT ? v.s
                                       : cell_exchange(m->s->arena, c, v);
    return true;
  }
  return false;
}

static bool named_cell(Maker *m, const Making *w, const Node *x, const char *name, Cell *out) {
  if (!strcmp(name, "each")) {
    for (const Making *up = w; up; up = up->above)
      if (up->each) return item_cell(m, w, up->each, NULL, out);
    return wrong(m, x, "这里没有 each 可用。");
  }
  if (!strcmp(name, "n")) return *out = text_cell(arena_print(m->s->arena, "%zu", w->n)), true;
  if (!strcmp(name, "made")) {
    if (!w->above) return wrong(m, x, "{made} 只能用在 then 里。");
    int64_t id = row_id(w->above->row);
    *out = (Cell){.typed = true, .v = value_int(id), .text = arena_print(m->s->arena, "%lld", (long long)id)};
    return true;
  }
  if (field_cell(m, w, name, out)) return true;
  const Relation *ref;
  const Items *items = items_named(m, name, &ref);
  if (!items || !items->count)
    return m->issues->count ? false : wrong(m, x, "“{%s}”既不是前面的字段，也不是名单或来源。", name);
  return item_cell(m, w, &items->at[random_below(m, items->count)], ref, out);
}

/* The text with every {name} filled in; a text that is one {name} keeps its type. */
static bool filled(Maker *m, const Making *w, const Node *x, const char *text, Cell *out) {
  if (!strcmp(text, "~")) return *out = (Cell){.missing = true}, true;
  if (!strchr(text, '{')) return *out = text_cell(text), true;
  TEXT_SCOPE whole = text_new(64 * 1024);
  for (const char *at = text; *at;) {
    const char *open = strchr(at, '{'), *close = open ? strchr(open, '}') : NULL;
    if (!close) {
      text_add(&whole, at);
      break;
    }
    Cell part;
    if (!named_cell(m, w, x, arena_slice(m->s->arena, open + 1, (size_t)(close - open - 1)), &part)) return false;
    if (open == text && !close[1]) return *out = part, true;
    text_add_n(&whole, at, (size_t)(open - at));
    if (!part.missing) text_add(&whole, part.text);
    at = close + 1;
  }
  *out = text_cell(arena_copy(m->s->arena, text_get(&whole)));
  return true;
}

/* ---- dates ---- */

static bool date_of(Maker *m, const Making *w, const Node *x, Date *out) {
  Cell cell;
  Error e = {0};
  if (!make_cell(m, w, x, &cell)) return false;
  if (cell.missing) return wrong(m, x, "这里的日期是空的。");
  if (cell.typed && cell.v.kind == VALUE_INT)
    *out = (Date)cell.v.i;
  else if (!date_read(cell.text, out, &e))
    return wrong(m, x, "%s", e.sentence);
  return date_valid(*out) || wrong(m, x, "这里应是一个日期。");
}

static bool date_pair(Maker *m, const Making *w, const Node *x, Date *from, Date *to) {
  if (x->kind != NODE_LIST || x->count != 2) return wrong(m, x, "这里应是[起始日期, 截止日期]。");
  return date_of(m, w, &x->at[0], from) && date_of(m, w, &x->at[1], to);
}

static Cell date_cell(Date d) { return (Cell){.typed = true, .v = value_int(d), .text = ""}; }

/* The working day at or before, but not before `from`. */
static Date working_day(Date d, Date from) {
  int past = date_weekday(d) - 5;
  if (past <= 0) return d;
  Date back = date_add_days(d, -past);
  return back >= from ? back : date_add_days(d, 3 - past);
}

static bool between(Maker *m, const Making *w, const Node *x, Cell *out) {
  Date from, to;
  if (!date_pair(m, w, x, &from, &to)) return false;
  *out = date_cell(date_add_days(from, (int)random_between(m, 0, date_days_between(from, to))));
  return true;
}

static bool spread(Maker *m, const Making *w, const Node *x, Cell *out) {
  Date from, to;
  if (!date_pair(m, w, x, &from, &to)) return false;
  int64_t days = date_days_between(from, to) + 1, of = w->of ? (int64_t)w->of : 1, n = (int64_t)w->n - 1;
  int64_t low = days * n / of, high = days * (n + 1) / of - 1;
  *out = date_cell(working_day(date_add_days(from, (int)random_between(m, low, high)), from));
  return true;
}

static bool after(Maker *m, const Making *w, const Node *map, const Node *x, Cell *out) {
  Date start, until = DATE_END;
  int64_t days;
  const Node *last = node_key(map, "until");
  if (!date_of(m, w, x, &start) || !node_number(m, node_key(map, "days"), 0, &days)) return false;
  if (last && !date_of(m, w, last, &until)) return false;
  if (days < -200000 || days > 200000) return wrong(m, map, "天数太大。");
  Date day = date_add_days(start, (int)days);
  if (day > until) day = until;
  *out = date_cell(working_day(day, start < until ? start : DATE_FIRST));
  return true;
}

/* ---- drawing ---- */

static bool pick(Maker *m, const Making *w, const Node *map, const Node *x, Cell *out) {
  const Relation *ref;
  const Items *items = items_of(m, x, &ref);
  int64_t in = 0;
  const Node *where = node_key(map, "in");
  if (!items || (where && !value_org(m, w, where, &in))) return false;
  size_t fit = 0;
  for (size_t i = 0; i < items->count; i++) fit += item_fits(m, &items->at[i], w->at, in);
  if (!fit) return wrong(m, x, "当日在这个组织里没有可选的。");
  size_t nth = random_below(m, fit);
  for (size_t i = 0; i < items->count; i++)
    if (item_fits(m, &items->at[i], w->at, in) && !nth--) return item_cell(m, w, &items->at[i], ref, out);
  return false;
}

static bool new_deck(Maker *m, const Node *map, size_t items, const Node *times, Deck **out) {
  Deck *deck = NEW(m->block, Deck);
  *deck = (Deck){.node = map, .after = m->decks};
  size_t room = 0;
  if (times && (times->kind != NODE_LIST || times->count != items))
    return wrong(m, times, "times 的个数应与所列的一样多。");
  for (size_t i = 0; i < items; i++) {
    int64_t copies;
    if (!node_number(m, times ? &times->at[i] : NULL, 1, &copies)) return false;
    if (copies < 0 || copies > 1000000) return wrong(m, times, "times 超出范围。");
    while (copies--) *PUSH(m->block, deck->order, deck->count, room) = i;
  }
  if (!deck->count) return wrong(m, map, "这里一个也没有。");
  deck->next = deck->count;
  m->decks = deck;
  *out = deck;
  return true;
}

static bool deal(Maker *m, const Making *w, const Node *map, const Node *x, Cell *out) {
  const Relation *ref;
  const Items *items = items_of(m, x, &ref);
  if (!items) return false;
  Deck *deck = m->decks;
  while (deck && deck->node != map) deck = deck->after;
  if (!deck && !new_deck(m, map, items->count, node_key(map, "times"), &deck)) return false;
  if (deck->next == deck->count) {
    for (size_t i = deck->count; i > 1; i--) {
      size_t j = random_below(m, i), kept = deck->order[i - 1];
      deck->order[i - 1] = deck->order[j];
      deck->order[j] = kept;
    }
    deck->next = 0;
  }
  return item_cell(m, w, &items->at[deck->order[deck->next++]], ref, out);
}

static uint64_t text_hash(const char *s) {
  uint64_t h = 1469598103934665603u;
  for (; *s; s++) h = (h ^ (unsigned char)*s) * 1099511628211u;
  return h;
}

bool value_remember(Maker *m, const char *text) {
  Seen *seen = &m->seen;
  if (seen->count * 2 >= seen->room) {
    Seen larger = {.room = seen->room ? seen->room * 2 : 1024, .count = seen->count};
    larger.at = NEW_ARRAY(m->keep, const char *, larger.room);
    for (size_t i = 0; i < seen->room; i++) {
      if (!seen->at[i]) continue;
      size_t k = text_hash(seen->at[i]) & (larger.room - 1);
      while (larger.at[k]) k = (k + 1) & (larger.room - 1);
      larger.at[k] = seen->at[i];
    }
    *seen = larger;
  }
  size_t k = text_hash(text) & (seen->room - 1);
  for (; seen->at[k]; k = (k + 1) & (seen->room - 1))
    if (!strcmp(seen->at[k], text)) return false;
  seen->at[k] = arena_copy(m->keep, text);
  seen->count++;
  return true;
}

static bool unique(Maker *m, const Making *w, const Node *x, Cell *out) {
  for (int tries = 0; tries < 1000; tries++) {
    if (!make_cell(m, w, x, out)) return false;
    if (out->missing || !out->text) return wrong(m, x, "unique 要有文字。");
    if (value_remember(m, out->text)) return true;
  }
  return wrong(m, x, "组合已用完，请在名单里多写一些。");
}

/* ---- maps ---- */

static bool by_case(Maker *m, const Making *w, const Node *map, const Node *x, Cell *out) {
  Cell value;
  if (x->kind != NODE_TEXT || !field_cell(m, w, x->text, &value)) return wrong(m, x, "case 后应是前面的一个字段。");
  const Node *of = node_key(map, "of"), *found = value.missing ? NULL : node_key(of, value.text);
  if (!found) found = node_key(map, "else");
  if (!found) return *out = (Cell){.missing = true}, true;
  return make_cell(m, w, found, out);
}

static bool number(Maker *m, const Node *map, const Node *x, Cell *out) {
  int64_t low, high, step;
  if (x->kind != NODE_LIST || x->count != 2) return wrong(m, x, "number 后应是[最小, 最大]。");
  if (!node_number(m, &x->at[0], 0, &low) || !node_number(m, &x->at[1], 0, &high) ||
      !node_number(m, node_key(map, "step"), 1, &step))
    return false;
  if (step < 1 || high < low) return wrong(m, x, "number 应从小到大，step 大于0。");
  long long drawn = low + step * random_between(m, 0, (high - low) / step);
  *out = text_cell(arena_print(m->s->arena, "%lld", drawn));
  return true;
}

static bool chance(Maker *m, const Making *w, const Node *map, const Node *x, Cell *out) {
  int64_t percent;
  const Node *then = node_key(map, "then");
  if (!node_number(m, x, 0, &percent)) return false;
  if (!then) return wrong(m, map, "chance 要写明 then。");
  if (random_between(m, 1, 100) > percent) return *out = (Cell){.missing = true}, true;
  return make_cell(m, w, then, out);
}

static bool map_cell(Maker *m, const Making *w, const Node *map, Cell *out) {
  const Node *x;
  if ((x = node_key(map, "pick"))) return pick(m, w, map, x, out);
  if ((x = node_key(map, "deck"))) return deal(m, w, map, x, out);
  if ((x = node_key(map, "unique"))) return unique(m, w, x, out);
  if ((x = node_key(map, "number"))) return number(m, map, x, out);
  if ((x = node_key(map, "date"))) return between(m, w, x, out);
  if ((x = node_key(map, "spread"))) return spread(m, w, x, out);
  if ((x = node_key(map, "after"))) return after(m, w, map, x, out);
  if ((x = node_key(map, "case"))) return by_case(m, w, map, x, out);
  if ((x = node_key(map, "chance"))) return chance(m, w, map, x, out);
  return wrong(m, map, "看不懂这个值，写法见 generate.h：pick deck unique number date spread after case chance。");
}

static bool make_cell(Maker *m, const Making *w, const Node *x, Cell *out) {
  switch (x->kind) {
  case NODE_TEXT: return filled(m, w, x, x->text, out);
  case NODE_LIST:
    if (!x->count) return wrong(m, x, "这里一个值也没有。");
    return make_cell(m, w, &x->at[(w->n ? w->n - 1 : 0) % x->count], out);
  case NODE_MAP: return map_cell(m, w, x, out);
  }
  return false;
}

bool value_make(Maker *m, const Making *w, const Node *expression, const Column *c, Value *out) {
  Cell cell;
  if (!make_cell(m, w, expression, &cell)) return false;
  *out = value_null(type_kind(c->type, c->sensitive));
  if (cell.missing || (!cell.typed && !*cell.text)) return true;
  bool same = cell.typed && !c->sensitive && cell.v.kind == type_kind(c->type, false) &&
              (c->type != TYPE_REF || !cell.ref || cell.ref == c->ref);
  if (same) return *out = value_copy(m->s->arena, cell.v), true;
  Error e = {0};
  Date at = w->at ? w->at : m->s->today;
  return record_cell(m->s, c, cell.text, at, out, &e) || wrong(m, expression, "“%s”：%s", c->label, e.sentence);
}

bool value_org(Maker *m, const Making *w, const Node *node, int64_t *out) {
  Cell cell;
  Error e = {0};
  if (!make_cell(m, w, node, &cell)) return false;
  if (cell.missing) return wrong(m, node, "这里要有一个组织。");
  if (cell.typed && cell.v.kind == VALUE_INT) return *out = cell.v.i, true;
  const Relation *org = catalogue_core(m->s->catalogue, "org");
  return names_find(m->s, org, cell.text, w->at ? w->at : m->s->today, out, &e) || wrong(m, node, "%s", e.sentence);
}
