/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Duties: who owes which records, how often, by when. Read after all relations, since a duty names a ledger. Its
 * filters must say the same of a row whoever asks and for whatever period, or one org's light would hang on who
 * looks at it: words of the moment (reporter, here, period, age) are refused here. */
#include "relation/catalogue_build.h"

#include <string.h>

#include "relation/filter.h"

enum { WANTED_MOST = 100, DAYS_MOST = 366 };

bool build_every(Place p, PeriodKind *out) {
  static const char *const words[] = {
      [PERIOD_YEAR] = "year", [PERIOD_HALF] = "half", [PERIOD_QUARTER] = "quarter", [PERIOD_MONTH] = "month"};
  const char *word = place_text(p, true);
  for (size_t i = 0; word && i < sizeof words / sizeof *words; i++) {
    if (strcmp(words[i], word) != 0) continue;
    *out = (PeriodKind)i;
    return true;
  }
  const char *near = word ? nearest(word, words, sizeof words / sizeof *words) : NULL;
  if (near)
    place_issue(p, "every只能是month、quarter、half或year，是不是“%s”？", near);
  else if (word)
    place_issue(p, "every只能是month、quarter、half或year。");
  return false;
}

static const Filter *filter_at(Build *b, Place p, const Relation *on, const char *text) {
  const Filter *f = text && on ? build_filter(b, on, text, p) : NULL;
  if (!filter_fixed(f)) place_issue(p, "这里不能用reporter、here、period、age或不写年份的月份、季度，请只写记录本身的条件。");
  return f;
}

/* Obligations are looked for among records of an org. */
static const Relation *met_by(Build *b, Place p) {
  const char *name = place_text(p, true);
  if (!name) return NULL;
  const Relation *r = catalogue_find(b->c, name);
  Error e;
  if (!r && catalogue_relation(b->c, name, &e))
    place_issue(p, "这里要写台账的英文名，不是“%s”。", name);
  else if (!r)
    place_issue(p, "%s", e.sentence);
  else if (r->parent)
    place_issue(p, "“%s”是明细，请写它的台账“%s”。", name, r->parent->name);
  else if (r->org < 0 || !strcmp(r->name, "org"))
    place_issue(p, "“%s”的记录不分组织，不能用来核对职责。", r->label);
  else
    return r;
  return NULL;
}

static const Column *day_at(const Relation *r, Place p, const Column *fallback) {
  const char *name = place_text(p, false);
  if (!name || !r) return fallback;
  const char **names = NEW_ARRAY(p.issues->arena, const char *, r->column_count + 1);
  size_t n = 0;
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    bool day = (c->type == TYPE_DATE || c->type == TYPE_MONTH || c->type == TYPE_YEAR) && !c->sensitive;
    if (day && !strcmp(c->name, name)) return c;
    if (day) names[n++] = c->name;
  }
  const char *near = nearest(name, names, n);
  if (near)
    place_issue(p, "“%s”没有日期字段“%s”，是不是“%s”？", r->label, name, near);
  else
    place_issue(p, "“%s”没有日期字段“%s”，请写它自己的一个日期、月份或年度字段。", r->label, name);
  return fallback;
}

static int months_of(PeriodKind kind) {
  static const int months[] = {[PERIOD_YEAR] = 12, [PERIOD_HALF] = 6, [PERIOD_QUARTER] = 3, [PERIOD_MONTH] = 1};
  return months[kind];
}

/* A record that knows its year alone cannot say which month it is of. */
static void dates(Duty *d, Place p) {
  Place part = place_key(p, "period"), on = place_key(p, "on");
  const Relation *r = d->met_by;
  const Column *own = r && r->date >= 0 ? &r->columns[r->date] : NULL;
  d->part = day_at(r, part, own);
  d->on = day_at(r, on, own);
  if (!r) return;
  if (!d->part) place_issue(part, "“%s”没有日期，请用period写出按哪个字段认定所属期。", r->label);
  if (!d->on) place_issue(on, "“%s”没有日期，请用on写出哪个字段是完成日期。", r->label);
  int months = months_of(d->every), knows = !d->part || d->part->type == TYPE_DATE ? 0 : d->part->type == TYPE_MONTH ? 1 : 12;
  if (knows > months) place_issue(part.node ? part : p, "“%s”只登记到年度，every只能是year。", d->part->label);
}

void build_duty(Build *b, Place p) {
  static const char *const keys[] = {"name",  "label", "basis", "owed_by", "met_by", "where", "period",
                                     "on",    "every", "count", "by",      "grace",  "soon",  NULL};
  static const int longest[] = {[PERIOD_YEAR] = 366, [PERIOD_HALF] = 184, [PERIOD_QUARTER] = 92, [PERIOD_MONTH] = 31};
  if (!place_is(p, NODE_MAP)) return;
  place_keys(p, keys);
  Place owed = place_key(p, "owed_by"), where = place_key(p, "where"), every = place_key(p, "every");
  Duty d = {.name = build_name(b, place_key(p, "name"), false),
            .label = build_label(place_key(p, "label")),
            .basis = place_text(place_key(p, "basis"), false),
            .owed_text = place_text(owed, true),
            .met_by = met_by(b, place_key(p, "met_by")),
            .where_text = place_text(where, false),
            .every = PERIOD_YEAR,
            .count = (int)place_int(place_key(p, "count"), 1, WANTED_MOST, 1),
            .grace = (int)place_int(place_key(p, "grace"), 0, DAYS_MOST, 0),
            .soon = (int)place_int(place_key(p, "soon"), 0, DAYS_MOST, 7),
            .file = p.file,
            .line = p.line};
  if (build_every(every, &d.every)) dates(&d, p);
  d.by = (int)place_int(place_key(p, "by"), 1, longest[d.every], 0);
  d.owed_by = filter_at(b, owed, catalogue_core(b->c, "org"), d.owed_text);
  d.where = filter_at(b, where, d.met_by, d.where_text);
  if (!d.name || !d.label) return;
  for (size_t i = 0; i < b->c->duty_count; i++) {
    const Duty *o = &b->c->duties[i];
    if (!strcmp(o->name, d.name))
      place_issue(place_key(p, "name"), "职责“%s”已经有了（%s），请换一个名字。", d.name, o->file);
    else if (!strcmp(o->label, d.label))
      place_issue(place_key(p, "label"), "名称“%s”已被职责“%s”使用，请换一个名称。", d.label, o->name);
  }
  *PUSH(b->arena, b->c->duties, b->c->duty_count, b->duty_room) = d;
}
