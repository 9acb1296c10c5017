/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Sets and their measures: the last things a catalogue needs, since they name everything else. A set's
 * `where` is parsed once over `from` and said again from the line for measures that count lines, so that
 * every measure of a set means the same records. */
#include "relation/catalogue_build.h"

#include <string.h>

#include "base/text.h"
#include "relation/filter.h"

static Filter *filter_at(Build *b, Place p, const Relation *on) {
  const char *text = p.node ? place_text(p, true) : NULL;
  return text ? build_filter(b, on, text, p) : NULL;
}

static bool path_at(Build *b, Place p, const Relation *on, const char *text, Path *out) {
  Error e;
  if (!text) return false;
  if (path_parse(b->c, on, text, out, &e)) return true;
  place_issue(p, "%s", e.sentence);
  return false;
}

static bool is_day(const Column *c) { return c->type == TYPE_DATE || c->type == TYPE_MONTH || c->type == TYPE_YEAR; }

/* The column `index` of the rows' relation, or of their record. */
static Path own_or_record(const Relation *rows, int own, int records) {
  if (own >= 0) return (Path){.relation = rows, .column = &rows->columns[own]};
  const Relation *up = rows->parent;
  if (up && records >= 0) return (Path){.parent = true, .relation = up, .column = &up->columns[records]};
  return (Path){0};
}

static When when_read(Place p, When fallback) {
  static const char *const words[] = {"event", "started", "ended", "asof", "upto"};
  const char *s = place_text(p, false);
  if (!s) return fallback;
  for (size_t i = 0; i < 5; i++)
    if (strcmp(words[i], s) == 0) return (When)i;
  const char *near = nearest(s, words, 5);
  place_issue(p, "when只能是event、started、ended、asof或upto%s%s%s", near ? "，是不是“" : "", near ? near : "",
              near ? "”？" : "。");
  return fallback;
}

/* ---- one measure ---- */

static void measure_dates(Build *b, Measure *m, Place p) {
  const Relation *rows = m->rows, *up = rows->parent;
  Place on = place_key(p, "on"), when = place_key(p, "when");
  Place said = when.node ? when : p;
  m->from = own_or_record(rows, rows->date, up ? up->date : -1);
  m->to = own_or_record(rows, rows->ends, up ? up->ends : -1);
  m->on = m->from;
  if (on.node && m->when != WHEN_EVENT && m->when != WHEN_UPTO)
    place_issue(on, "on只用于event和upto。");
  else if (on.node && path_at(b, on, rows, place_text(on, true), &m->on) && (m->on.age || !is_day(m->on.column)))
    place_issue(on, "“%s”不是日期。", m->on.column->label);
  if ((m->when == WHEN_EVENT || m->when == WHEN_UPTO) && !m->on.column)
    place_issue(said, "“%s”没有日期，请用on写出按哪个日期统计。", rows->label);
  bool span = m->when == WHEN_ENDED || m->when == WHEN_ASOF;
  if ((span && !m->to.column) || (m->when == WHEN_STARTED && !m->from.column))
    place_issue(said, "“%s”没有起止日期，请在台账里写出date和ends。", rows->label);
}

static void measure_org(Build *b, Measure *m, Place p) {
  const Relation *rows = m->rows, *up = rows->parent;
  Place org = place_key(p, "org");
  m->org = own_or_record(rows, rows->org, up ? up->org : -1);
  if (org.node && path_at(b, org, rows, place_text(org, true), &m->org)) {
    const Relation *ref = m->org.age ? NULL : m->org.column->ref;
    if (!ref || strcmp(ref->name, "org") != 0) place_issue(org, "“%s”不是组织。", m->org.column->label);
  } else if (!m->org.column) {
    place_issue(p, "“%s”不属于组织，请用org写出按哪个组织统计。", rows->label);
  }
}

static void measure_keys(Build *b, Measure *m, Place p) {
  size_t n = place_count(p, 4);
  for (size_t i = 0; i < n; i++) {
    Place at = p.node->kind == NODE_LIST ? place_item(p, i) : p;
    Path *key = &m->keys[m->key_count];
    if (!path_at(b, at, m->rows, place_one(p, i), key)) continue;
    if (key->age || key->column->sensitive)
      place_issue(at, "“%s”不能用来区分。", key->column->label);
    else
      m->key_count++;
  }
  if (p.node && !n) place_issue(p, "这里是空的，请写出字段名。");
}

static void measure_fold(Build *b, Measure *m, Place p) {
  Place distinct = place_key(p, "distinct"), sum = place_key(p, "sum"), mean = place_key(p, "mean");
  Place share = place_key(p, "share"), per = place_key(p, "per");
  int given = !!distinct.node + !!sum.node + !!mean.node + !!share.node;
  if (given > 1) place_issue(p, "distinct、sum、mean、share只能写一个。");
  m->fold = distinct.node ? FOLD_DISTINCT
            : sum.node    ? FOLD_SUM
            : mean.node   ? FOLD_MEAN
            : share.node  ? FOLD_SHARE
                          : FOLD_COUNT;
  if (per.node && !mean.node)
    place_issue(per, "per只和mean一起用。");
  else if (per.node)
    measure_keys(b, m, per);
  if (distinct.node) measure_keys(b, m, distinct);
  if (share.node) {
    m->share_text = place_text(share, true);
    m->share = filter_at(b, share, m->rows);
  }
  Place value = sum.node ? sum : mean;
  if (!value.node || !path_at(b, value, m->rows, place_text(value, true), &m->value)) return;
  Type type = m->value.column->type;
  bool number = m->value.age || type == TYPE_INT || type == TYPE_DECIMAL;
  if (!number || m->value.column->sensitive)
    place_issue(value, "“%s”不是数，不能求和或平均。", m->value.column->label);
  else if (m->value.age && sum.node)
    place_issue(value, "年龄不能求和，请用mean。");
}

static void measure_unit(Measure *m, Place p) {
  Place unit = place_key(p, "unit");
  if (unit.node)
    m->unit = place_text(unit, true);
  else if (m->fold == FOLD_SHARE)
    m->unit = "%";
  else if (m->value.age)
    m->unit = "岁";
  else if (m->value.column && m->value.column->unit)
    m->unit = m->value.column->unit;
  else
    place_issue(unit, "缺少单位，请写出unit。");
  if (!m->unit) m->unit = "";
}

static void measure_say(Measure *m, Place p) {
  static const char *const keys[] = {"unit", "scale", "as", "step", NULL};
  if (!p.node || !place_is(p, NODE_MAP)) return;
  place_keys(p, keys);
  Place as = place_key(p, "as"), step = place_key(p, "step");
  m->say.unit = place_text(place_key(p, "unit"), false);
  m->say.scale = (int)place_int(place_key(p, "scale"), 0, 9, 0);
  m->say.as = place_text(as, false);
  m->say.step = place_int(step, 1, 1000000000, 0);
  if (m->say.as && strcmp(m->say.as, "余") == 0 && !m->say.step) place_issue(as, "写“余”时要写step，例如10。");
}

static const char *combined_text(Build *b, const Filter *f) {
  if (!f) return NULL;
  TEXT_SCOPE text = text_new(64 * 1024);
  filter_text(f, &text);
  return arena_copy(b->arena, text_get(&text));
}

static const Relation *measure_rows(Build *b, const Set *set, Place p) {
  const char *name = place_text(p, false);
  if (!name) return set->from;
  const char **names = NEW_ARRAY(b->arena, const char *, set->from->line_count + 1);
  for (size_t i = 0; i < set->from->line_count; i++) {
    names[i] = set->from->lines[i]->own_name;
    if (strcmp(names[i], name) == 0) return set->from->lines[i];
  }
  const char *near = nearest(name, names, set->from->line_count);
  if (near)
    place_issue(p, "“%s”没有明细“%s”，是不是“%s”？", set->from->label, name, near);
  else
    place_issue(p, "“%s”没有明细“%s”。", set->from->label, name);
  return NULL;
}

static void build_measure(Build *b, Set *set, Measure *m, Place p, bool first, When when) {
  static const char *const keys[] = {"name",  "label", "aliases",  "unit",    "rows",    "where", "when",
                                     "on",    "org",   "distinct", "sum",     "mean",    "per",   "share",
                                     "scale", "lag",   "say",      "reading", "primary", NULL};
  place_keys(p, keys);
  m->set = set;
  m->name = build_name(b, place_key(p, "name"), false);
  if (!m->name) m->name = "";
  for (const Measure *o = set->measures; o < m; o++)
    if (strcmp(o->name, m->name) == 0) place_issue(place_key(p, "name"), "指标“%s”写了两次，请删去一个。", m->name);
  m->full_name = arena_print(b->arena, "%s.%s", set->name, m->name);
  Place label = place_key(p, "label"), share = place_key(p, "share");
  m->label = label.node || !first ? build_label(label) : set->label;
  build_aliases(b, place_key(p, "aliases"), &m->aliases, &m->alias_count);
  m->scale = (int)place_int(place_key(p, "scale"), 0, 9, 0);
  m->lag = (int)place_int(place_key(p, "lag"), -1, 10, 0);
  m->reading = place_text(place_key(p, "reading"), false);
  m->primary = place_flag(place_key(p, "primary"), false);
  m->when = when_read(place_key(p, "when"), when);
  measure_say(m, place_key(p, "say"));
  m->rows = measure_rows(b, set, place_key(p, "rows"));
  if (!m->rows) return;
  (void)share;
  Filter *all =
      m->rows == set->from ? filter_and(b->arena, set->where, NULL) : filter_from_line(b->arena, set->where, m->rows);
  m->where = filter_and(b->arena, all, filter_at(b, place_key(p, "where"), m->rows));
  m->where_text = combined_text(b, m->where);
  measure_dates(b, m, p);
  measure_org(b, m, p);
  measure_fold(b, m, p);
  measure_unit(m, p);
}

/* ---- a set ---- */

static const Relation *set_from(Build *b, Place p, const Relation *fallback) {
  if (!p.node && fallback) return fallback;
  const char *name = place_text(p, true);
  if (!name) return NULL;
  const Relation *r = catalogue_find(b->c, name);
  Error e;
  if (r) return r;
  if (catalogue_relation(b->c, name, &e))
    place_issue(p, "这里要写台账的英文名，不是“%s”。", name);
  else
    place_issue(p, "%s", e.sentence);
  return NULL;
}

void build_set(Build *b, const Relation *from, Place p) {
  static const char *const keys[] = {"name", "label", "aliases", "from", "where", "when", "measures", NULL};
  if (!place_is(p, NODE_MAP)) return;
  place_keys(p, keys);
  Set *set = NEW(b->arena, Set);
  *set = (Set){.name = build_name(b, place_key(p, "name"), false), .file = p.file, .line = p.line};
  set->label = build_label(place_key(p, "label"));
  build_aliases(b, place_key(p, "aliases"), &set->aliases, &set->alias_count);
  When when = when_read(place_key(p, "when"), WHEN_EVENT);
  set->from = set_from(b, place_key(p, "from"), from);
  if (!set->name) return;
  for (size_t i = 0; i < b->c->set_count; i++)
    if (strcmp(b->c->sets[i]->name, set->name) == 0)
      place_issue(place_key(p, "name"), "集合“%s”已经有了（%s），请换一个名字。", set->name, b->c->sets[i]->file);
  *PUSH(b->arena, b->c->sets, b->c->set_count, b->set_room) = set;
  if (!set->from) return;
  Place where = place_key(p, "where"), list = place_key(p, "measures");
  set->where = filter_at(b, where, set->from);
  set->where_text = combined_text(b, set->where);
  if (!list.node) {
    place_issue(list, "缺少指标，请在measures里写出。");
    return;
  }
  if (!place_is(list, NODE_LIST)) return;
  size_t n = place_count(list, MEASURES_MOST);
  if (!n) place_issue(list, "缺少指标，请在measures里写出。");
  set->measures = NEW_ARRAY(b->arena, Measure, n + 1);
  for (size_t i = 0; i < n; i++) {
    Place item = place_item(list, i);
    if (!place_is(item, NODE_MAP)) continue;
    Measure *m = &set->measures[set->measure_count];
    build_measure(b, set, m, item, i == 0, when);
    set->measure_count++;
    *PUSH(b->arena, b->c->measures, b->c->measure_count, b->measure_room) = m;
  }
}
