/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What must hold of a record before it is written. Every error is found in one pass, beside its field. */
#include "ledger/attachment.h"

#include <string.h>

#include "access/closure.h"
#include "access/names.h"

typedef struct Check {
  Session *s;
  const Record *before, *record; /* before: NULL for a new one */
  const char *where;
  Issues *issues;
} Check;

static bool needed(const Column *c, const char *state) {
  for (const char **n = c->needed_in; n && *n; n++)
    if (!strcmp(*n, state)) return true;
  return c->required;
}

/* Where the record (line 0) or the n-th of its lines stands; made only when there is something to say. */
static const char *place(const Check *k, const LineRows *lines, size_t line) {
  if (!lines) return k->where;
  if (lines->places && lines->places[line - 1]) return arena_print(k->s->arena, "第%zu行", lines->places[line - 1]);
  return k->where ? k->where : arena_print(k->s->arena, "%s第%zu行", lines->relation->label, line);
}

/* What was asked of a reference before: of many rows, most name the same few. */
enum { ANSWERS = 4096 };
typedef struct Answer { const Column *column; int64_t id, here; Date at; bool yes; } Answer;
struct Answers { Answer at[ANSWERS]; };

void record_check_often(Session *s) {
  if (!s->answers) s->answers = NEW(s->lasting, struct Answers);
}

static Answer *answer_to(Session *s, const Column *c, int64_t id, int64_t here, Date at) {
  if (!s->answers) return NULL;
  uint64_t h = ((uint64_t)id * 31 + (uint64_t)here) * 31 + (uint64_t)at + (uint64_t)(uintptr_t)c / sizeof(Column);
  return &s->answers->at[(h * 0x9E3779B97F4A7C15u) >> 52];
}

/* The row that a reference names must be among those it may name. */
static bool is_among(Check *k, const Column *c, int64_t id, Date at, Error *e) {
  int64_t here = record_org(k->record);
  Answer *known = answer_to(k->s, c, id, here, at);
  if (known && known->column == c && known->id == id && known->here == here && known->at == at) return known->yes;
  Query q;
  FilterScope scope = {.area = k->s->area, .here = here, .period = {PERIOD_SPAN, at, date_add_days(at, 1)}};
  query_begin(&q, k->s->arena, k->s->catalogue, c->ref, scope);
  const char *test = query_filter(&q, c->among, false), *by = query_column(&q, "id");
  const char *sql = arena_print(k->s->arena, "SELECT 1 FROM %s WHERE %s AND %s = %s AND %s", query_from(&q),
                                query_area(&q), by, query_bind(&q, value_int(id)), test);
  int64_t one;
  bool found = false, done = tx_int(k->s->tx, sql, q.binds, q.bind_count, &one, &found, e);
  query_end(&q);
  if (known && done) *known = (Answer){c, id, here, at, found};
  return done && found;
}

/* A cell that could not be read is missing too, but that has been said. */
static bool is_told(const Check *k, const char *where, const char *field) {
  for (size_t i = 0; i < k->issues->count; i++) {
    const Issue *one = &k->issues->at[i];
    if (one->field && !strcmp(one->field, field) && !strcmp(one->where ? one->where : "", where ? where : "")) return true;
  }
  return false;
}

static void check_row(Check *k, Row row, const LineRows *lines, size_t line) {
  const Relation *r = row.relation;
  int headcount = r->total ? relation_index(r, "headcount") : -1;
  bool total = headcount >= 0 && !row.v[headcount].null;
  const Relation *record = k->record->relation;
  const char *state = record->state >= 0 ? k->record->row.v[record->state].s : "";
  if (total && row.v[headcount].i < 1) issue_add(k->issues, place(k, lines, line), "headcount", "人数应大于0。");
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->type == TYPE_FILE && !c->retired && !row.v[i].null && !attachment_is_known(k->s, k->before, row.v[i].s))
      issue_add(k->issues, place(k, lines, line), c->name, "“%s”的文件不在了（超过一天没有保存会被清理），请重新上传后再保存。", c->label);
    if (c->retired || (c->system && (int)i != r->org)) continue;
    if (row.v[i].null) {
      if (!needed(c, state) || total) continue;
      const char *where = place(k, lines, line);
      if (!is_told(k, where, c->name)) issue_add(k->issues, where, c->name, "缺“%s”，请补上。", c->label);
      continue;
    }
    Error e = {0};
    Date at = record_date(k->record) ? record_date(k->record) : k->s->today;
    if (c->type == TYPE_SERIAL && row.v[i].i < 1)
      issue_add(k->issues, place(k, lines, line), c->name, "“%s”应从1编起，不填则自动编下一个。", c->label);
    if (c->type == TYPE_REF && c->among && !is_among(k, c, row.v[i].i, at, &e))
      issue_add(k->issues, place(k, lines, line), c->name, "“%s”不能填“%s”，请从可选的里面选。", c->label,
                names_of(k->s, c->ref, row.v[i].i, at));
  }
}

/* Nobody stands twice on one list of names. */
static void check_twice(Check *k, const LineRows *lines) {
  for (size_t i = 0; i < lines->relation->column_count; i++) {
    const Column *c = &lines->relation->columns[i];
    if (c->system || c->retired || !c->required || c->type != TYPE_REF || strcmp(c->ref->name, "person") != 0) continue;
    for (size_t a = 0; a < lines->count; a++)
      for (size_t b = 0; b < a; b++)
        if (!lines->at[a].v[i].null && !lines->at[b].v[i].null && lines->at[a].v[i].i == lines->at[b].v[i].i) {
          issue_add(k->issues, place(k, lines, a + 1), c->name, "“%s”在“%s”里已有一行，请去掉重复的。",
                    names_of(k->s, c->ref, lines->at[a].v[i].i, k->s->today), lines->relation->label);
          break;
        }
  }
}

static void check_place(Check *k, const Record *record) {
  int64_t org = record_org(record);
  Date day = record_date(record);
  if (!org || !day || !strcmp(record->relation->name, "org")) return;
  const OrgNode *node = org_node(k->s->tree, org);
  DateText text;
  if (node && !org_alive(node, day))
    issue_add(k->issues, k->where, "org", day < node->founded ? "%s在%s还没有成立，请核对组织或日期。"
                                                              : "%s在%s已经撤销，请核对组织或日期。",
              org_name(k->s->tree, org, day), date_chinese(day, text));
}

bool record_is_open(Session *s, const Record *record, const char *where, Issues *issues) {
  int64_t org = record_org(record);
  Date day = record_date(record);
  DateText text;
  Error e = {0};
  if (!org || !day || !closed_on(s, record->relation, org, day, &e)) return true;
  issue_add(issues, where, NULL, "%s的%s已经结账，要改请先撤销结账。", date_chinese(day, text), record->relation->label);
  return false;
}

bool record_check(Session *s, const Record *before, const Record *after, const char *where, Issues *issues) {
  size_t count = issues->count;
  Check k = {.s = s, .before = before, .record = after, .where = where, .issues = issues};
  check_row(&k, after->row, NULL, 0);
  for (size_t i = 0; i < after->relation->line_count; i++) {
    const LineRows *lines = &after->lines[i];
    if (lines->count < (size_t)lines->relation->min)
      issue_add(issues, where, lines->relation->own_name, "“%s”至少要有%d行，请补上。", lines->relation->label,
                lines->relation->min);
    for (size_t n = 0; n < lines->count; n++) check_row(&k, lines->at[n], lines, n + 1);
    check_twice(&k, lines);
  }
  check_place(&k, after);
  attachments_fit(s, before, after, where, issues);
  record_is_open(s, after, where, issues);
  if (before && (record_date(before) != record_date(after) || record_org(before) != record_org(after)))
    record_is_open(s, before, where, issues);
  return issues->count == count;
}
