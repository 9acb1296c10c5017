/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * From a query to a ListAsk (listing.h). The conditions of the bar become a filter in the filter language, so
 * that they are typed, checked and refused where the asker's own would be; words the asker typed get into it
 * only after they were found among what the ledger declares, or parsed by themselves. */
#include "web/listing.h"

#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "relation/row.h"

bool listing_column(const Relation *r, const Column *c) {
  if (c->retired || c->type == TYPE_FILE || (r->state >= 0 && c == &r->columns[r->state])) return false;
  if (r->org >= 0 && c == &r->columns[r->org]) return strcmp(c->name, "id") != 0;
  return !c->system;
}

bool listing_filterable(const Relation *r, const Column *c) {
  if (!listing_column(r, c) || c->sensitive || c->own_date) return false;
  return c->codes || c->type == TYPE_FLAG || c->type == TYPE_SERIAL || c->type == TYPE_YEAR;
}

/* ---- columns ---- */

enum { COLUMNS_AT_FIRST = 7 };

static void show_column(Listing *l, const Column *c) {
  for (size_t i = 0; i < l->column_count; i++)
    if (l->columns[i] == c) return;
  if (l->column_count < LIST_COLUMNS) l->columns[l->column_count++] = c;
}

/* Rounds, date, title, org and what else fits; prose stays for the record's own page. */
static void usual_columns(Listing *l, const Relation *r) {
  if (r->date >= 0) show_column(l, &r->columns[r->date]);
  if (r->title >= 0) show_column(l, &r->columns[r->title]);
  if (r->org >= 0 && listing_column(r, &r->columns[r->org])) show_column(l, &r->columns[r->org]);
  for (size_t i = 0; i < r->column_count && l->column_count < COLUMNS_AT_FIRST; i++) {
    const Column *c = &r->columns[i];
    if (listing_column(r, c) && c->type != TYPE_PROSE && !c->sensitive) show_column(l, c);
  }
}

static void read_columns(const Form *query, Listing *l, Issues *issues) {
  const Relation *r = l->relation;
  for (size_t i = 0; i < query->count; i++) {
    if (strcmp(query->at[i].name, "col") != 0 || !*query->at[i].value) continue;
    const Column *c = relation_column(r, query->at[i].value);
    if (c && listing_column(r, c)) show_column(l, c), l->chosen = true;
    else issue_add(issues, NULL, NULL, "%s没有“%s”这一列，请在“选列”里重选。", r->label, query->at[i].value);
  }
  if (!l->column_count) usual_columns(l, r);
}

/* ---- conditions ---- */

static void also(Text *where, const char *condition) { text_print(where, "%s%s", where->length ? " and " : "", condition); }

/* One condition of the bar: what was typed is looked up or read as a number before it stands in the filter. */
static const char *condition_of(Arena *a, const Column *c, const char *value, Issues *issues) {
  const char *field = arena_print(a, "f.%s", c->name);
  if (c->codes) {
    const Choice *choice = codes_choice(c->codes, value);
    if (choice) return arena_print(a, "%s = '%s'", c->name, choice->name);
    issue_add(issues, NULL, field, "“%s”没有“%s”这一项，请重新选。", c->label, value);
    return NULL;
  }
  if (c->type == TYPE_FLAG && (!strcmp(value, "1") || !strcmp(value, "0")))
    return arena_print(a, "%s = %s", c->name, *value == '1' ? "true" : "false");
  char *end = NULL;
  long number = strtol(value, &end, 10);
  bool year = c->type == TYPE_YEAR;
  if (c->type != TYPE_FLAG && *value >= '0' && *value <= '9' && !*end && number >= (year ? 1 : 0) && number <= (year ? 9999 : 1000000))
    return arena_print(a, year ? "%s in year(%ld)" : "%s = %ld", c->name, number);
  issue_add(issues, NULL, field, "“%s”要填数字，请改后再筛选。", c->label);
  return NULL;
}

static void read_fields(const Form *query, Arena *a, Listing *l, Text *where, Issues *issues) {
  for (size_t i = 0; i < query->count; i++) {
    const Field *f = &query->at[i];
    if (strncmp(f->name, "f.", 2) != 0 || !*f->value) continue;
    const Column *c = relation_column(l->relation, f->name + 2);
    if (!c || !listing_filterable(l->relation, c)) {
      issue_add(issues, NULL, f->name, "%s不能按“%s”筛选，请从筛选栏里选。", l->relation->label, c ? c->label : f->name + 2);
      continue;
    }
    const char *condition = condition_of(a, c, f->value, issues);
    if (condition) also(where, condition), l->narrowed = true;
  }
}

static bool read_day(const char *text, Date *out, const char *field, const char *label, Issues *issues) {
  Error e = {0};
  if (!*text || date_read(text, out, &e)) return true;
  issue_add(issues, NULL, field, "%s：%s", label, e.sentence);
  return false;
}

/* A month or a year stands for its first day: it is in as soon as any day of it is asked for. */
const char *listing_days(Arena *a, const Relation *r, Date from, Date to) {
  const Column *c = &r->columns[r->date];
  DateText first, last;
  if (!from) from = DATE_FIRST;
  if (c->type == TYPE_MONTH) from = date_make(date_year(from), date_month(from), 1);
  if (c->type == TYPE_YEAR) return arena_print(a, "%s >= %04d and %s <= %d", c->name, date_year(from), c->name, to ? date_year(to) : 9998);
  return arena_print(a, "%s in span(%s, %s)", c->name, date_iso(from, first), date_iso(to ? to : date_make(9999, 12, 30), last));
}

static void read_days(Page *p, const Form *query, Listing *l, Text *where, Issues *issues) {
  const Relation *r = l->relation;
  Date from = 0, to = 0;
  Error e = {0};
  const char *span = form_text(query, "period");
  l->period = period_year(date_year(p->session->today));
  bool begins = read_day(form_text(query, "from"), &from, "from", "起始日期", issues);
  bool ends = read_day(form_text(query, "to"), &to, "to", "截止日期", issues);
  if (!begins || !ends) return;
  if (!from && !to && *span) {
    if (!period_read(span, &l->period, &e)) {
      issue_add(issues, NULL, "from", "%s", e.sentence);
      return;
    }
    from = l->period.from, to = period_last(l->period);
  }
  if (!from && !to) return;
  if (from && to && from > to) {
    issue_add(issues, NULL, "from", "起始日期在截止日期之后，请对调后再筛选。");
    return;
  }
  if (r->date < 0) {
    issue_add(issues, NULL, "from", "%s没有日期，不能按日期筛选，请清空日期。", r->label);
    return;
  }
  also(where, listing_days(p->arena, r, from, to));
  if (from && to && !*span) l->period = period_span(from, to);
  else if (from && !*span) l->period = period_year(date_year(from));
  else if (to && !*span) l->period = period_year(date_year(to));
  l->dated = l->narrowed = true;
}

static void read_where(Page *p, const Form *query, Listing *l, Text *where, Issues *issues) {
  const char *own = form_text(query, "where");
  if (!*own) return;
  Error e = {0};
  const Filter *f = filter_parse(p->arena, p->session->catalogue, l->relation, own, NULL, NULL, &e);
  if (!f || !gate_filter(p->session, f, &e)) {
    issue_add(issues, NULL, "where", "高级筛选：%s", e.sentence);
    return;
  }
  also(where, arena_print(p->arena, "(%s)", own));
  l->narrowed = l->advanced = true;
}

static void read_org(Page *p, const Form *query, Listing *l, Issues *issues) {
  const char *name = form_text(query, "org");
  Session *s = p->session;
  Error e = {0};
  if (!*name) return;
  if (!names_find(s, catalogue_core(s->catalogue, "org"), name, period_last(l->period), &l->org, &e)) {
    issue_add(issues, NULL, "org", "%s", e.sentence);
    return;
  }
  if (l->relation->org < 0 && l->org == s->tree->root) l->org = 0; /* a link that carries the scope */
  else if (l->relation->org < 0) issue_add(issues, NULL, "org", "%s不分组织，请去掉这个条件。", l->relation->label);
  l->ask.org = l->org;
  l->narrowed |= l->org && l->org != s->tree->root;
}

/* ---- state ---- */

static const char *open_states(Arena *a, const Relation *r) {
  TEXT_SCOPE names = text_new(64 * 1024);
  for (size_t i = 0; i < r->state_count; i++)
    if (!r->states[i].counts) text_print(&names, "%s'%s'", names.length ? ", " : "", r->states[i].name);
  return names.length ? arena_print(a, "state in (%s)", text_get(&names)) : NULL;
}

static void read_state(const Form *query, Arena *a, Listing *l, Text *where, Issues *issues) {
  const Relation *r = l->relation;
  const char *condition = NULL;
  l->state = form_text(query, "state");
  l->ask.voided = true;
  if (!*l->state) return;
  const State *state = r->state >= 0 ? relation_state(r, l->state) : NULL;
  if (state) condition = arena_print(a, "state = '%s'", state->name);
  else if (r->state >= 0 && !strcmp(l->state, STATE_VOID)) condition = "state = '" STATE_VOID "'";
  else if (r->state >= 0 && !strcmp(l->state, "open")) condition = open_states(a, r);
  if (condition) also(where, condition);
  else issue_add(issues, NULL, NULL, "%s没有状态“%s”，请从上面的几项里选。", r->label, l->state);
}

/* ---- order, page ---- */

static void read_order(Page *p, const Form *query, Listing *l, Issues *issues) {
  const char *sort = form_text(query, "sort"), *page = form_text(query, "page");
  const Relation *r = l->relation;
  l->ask.descending = true; /* newest first */
  if (*sort) {
    const Column *c = relation_column(r, sort + (*sort == '-'));
    if (c && c->sensitive) issue_add(issues, NULL, NULL, "“%s”是隐私项，不能用来排序，请换一列。", c->label);
    else if (!c || !list_sortable(c)) issue_add(issues, NULL, NULL, "%s不能按“%s”排序，请点列名来排。", r->label, c ? c->label : sort);
    else l->ask.order = c->name, l->ask.descending = *sort == '-';
  }
  char *end = NULL;
  long wanted = *page ? strtol(page, &end, 10) : 1;
  l->page = 1;
  if ((end && *end) || wanted < 1 || wanted > 1000000) issue_add(issues, NULL, NULL, "没有第“%s”页，请从第1页看起。", page);
  else if ((wanted - 1) * LIST_PAGE > LIST_DEEPEST)
    issue_add(issues, NULL, NULL, "列表最多翻到第%d条，请用条件或日期缩小范围。", LIST_DEEPEST);
  else l->page = (size_t)wanted;
  (void)p;
  l->ask.limit = LIST_PAGE;
  l->ask.offset = (int64_t)(l->page - 1) * LIST_PAGE;
}

bool listing_read(Page *p, const Form *query, const Relation *r, Listing *l, Issues *issues, Error *e) {
  *l = (Listing){.relation = r, .ask = {.relation = r}, .state = ""};
  TEXT_SCOPE where = text_new(64 * 1024);
  size_t before = issues->count;
  read_columns(query, l, issues);
  read_fields(query, p->arena, l, &where, issues);
  read_days(p, query, l, &where, issues);
  read_where(p, query, l, &where, issues);
  read_org(p, query, l, issues);
  l->without_state = arena_copy(p->arena, text_get(&where));
  read_state(query, p->arena, l, &where, issues);
  read_order(p, query, l, issues);
  const char *words = form_text(query, "q");
  if (strlen(words) > LIST_SEARCH_BYTES) issue_add(issues, NULL, "q", "要找的字太多，请只写其中几个词。");
  else if (*words) l->ask.search = words, l->narrowed = true;
  if (where.length > FILTER_BYTES) issue_add(issues, NULL, "where", "条件太长，请减少几个。");
  l->ask.where = where.length ? arena_copy(p->arena, text_get(&where)) : NULL;
  l->ask.period = l->period;
  (void)e;
  return issues->count == before;
}

const char *listing_with(Page *p, const char *name, const char *value) {
  TEXT_SCOPE t = text_new(64 * 1024);
  for (size_t i = 0; i < p->query.count; i++) {
    const Field *f = &p->query.at[i];
    if (!*f->value || !strcmp(f->name, name) || !strcmp(f->name, "page") || !strcmp(f->name, "id")) continue;
    text_print(&t, "%s%s=%s", t.length ? "&" : "?", url_encode(p->arena, f->name), url_encode(p->arena, f->value));
  }
  if (value) text_print(&t, "%s%s=%s", t.length ? "&" : "?", name, url_encode(p->arena, value));
  return arena_copy(p->arena, t.length ? text_get(&t) : "?");
}
