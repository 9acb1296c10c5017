/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The tests of a declared statement, asked of the records. A text is contradicted only when its own words
 * claim completeness (每月, 逐项) and a test of completeness fails on records that are there; what else fails
 * is a note that names what breaks it. Where nothing is recorded the statement is unsupported, never false. */
#include "verify/verdict.h"

#include <string.h>

#include "org/tree.h"

enum { NAMED = 5, ORGS_MOST = 256, COVER_MOST = 4096 };

typedef struct Testing {
  Judge *j;
  Session *s;
  int64_t org;
  Period period;
  const char *words;
  Error *e;
} Testing;

static bool settle(StatementResult *r, int outcome, const char *message, const char *counter) {
  r->outcome = outcome;
  r->message = message;
  r->counter = counter;
  return true;
}

static bool none(const Testing *t, StatementResult *r, const Measure *m) {
  return settle(r, RESULT_ABSENT, arena_print(t->s->arena, "%s没有记录", m->label), NULL);
}

static bool ask(const Testing *t, const Measure *m, Period period, FigureValue *v) {
  return judge_ask(t->j, m, NULL, NULL, period, t->org, v, t->e);
}

static const char *measured_text(const Testing *t, const Measure *m, const FigureValue *v) {
  return arena_print(t->s->arena, "%s%s", exact_text(t->s->arena, m, v), parts_text(t->s->arena, m, v));
}

/* ---- every ---- */

static Period part_of(Date from, int months, Date end) {
  int year = date_year(from), month = date_month(from);
  Date to = date_add_months(from, months);
  bool whole = date_day(from) == 1 && to <= end && (month - 1) % months == 0;
  if (whole && months == 1) return period_month(year, month);
  if (whole && months == 3) return period_quarter(year, (month + 2) / 3);
  if (whole && months == 6) return period_half(year, (month + 5) / 6);
  if (whole && months == 12) return period_year(year);
  return (Period){.kind = PERIOD_SPAN, .from = from, .to = to < end ? to : end};
}

/* 第三季度, 5月: the year is the draft's. */
static const char *part_name(Arena *a, Period part) {
  PeriodText text;
  const char *full = period_chinese(part, text), *year = strstr(full, "年");
  bool within = part.kind == PERIOD_MONTH || part.kind == PERIOD_QUARTER || part.kind == PERIOD_HALF;
  return arena_copy(a, within && year ? year + sizeof "年" - 1 : full);
}

static bool test_every(const Testing *t, const Proof *test, StatementResult *r) {
  Arena *a = t->s->arena;
  const Measure *m = test->measures[0];
  FigureValue whole, v;
  if (!ask(t, m, t->period, &whole)) return false;
  if (whole.unanswered || !whole.rows) return none(t, r, m);
  TEXT_SCOPE missing = text_new(4096);
  size_t empty = 0, parts = 0;
  for (Date from = t->period.from; from < t->period.to && date_add_months(from, test->months) <= t->s->today;
       from = date_add_months(from, test->months), parts++) {
    Period part = part_of(from, test->months, t->period.to);
    if (!ask(t, m, part, &v)) return false;
    if (v.unanswered) return none(t, r, m);
    if (!v.rows) text_print(&missing, "%s%s", empty++ ? "、" : "", part_name(a, part));
  }
  const char *each = test->months == 1 ? "月" : test->months == 3 ? "季度" : test->months == 6 ? "半年" : "年度";
  const char *total = measured_text(t, m, &whole);
  if (!empty && parts) return settle(r, RESULT_HELD, arena_print(a, "%s各%s都有（共%s）", m->label, each, total), NULL);
  if (!empty) return settle(r, RESULT_HELD, arena_print(a, "%s%s", m->label, total), NULL);
  const char *counter = arena_print(a, "%s没有记录", text_get(&missing));
  return settle(r, RESULT_BROKEN, arena_print(a, "%s：%s（共%s）", m->label, counter, total), counter);
}

/* ---- all ---- */

/* What breaks a share, row by row while they are few, else by org. */
typedef struct Broken {
  Session *s;
  int64_t org; /* of the statement: not worth naming */
  Text rows;
  size_t count;
  struct {
    int64_t org;
    size_t count;
  } orgs[ORGS_MOST];
  size_t org_count;
} Broken;

/* What people call the row: its title, else the first thing it must have, with its org. */
static const char *row_name(const Broken *b, const FigureRow *row) {
  Session *s = b->s;
  const Relation *r = row->row.relation;
  int at = r->title;
  for (size_t i = 0; at < 0 && i < r->column_count; i++)
    if (r->columns[i].required && !r->columns[i].system && !r->columns[i].retired) at = (int)i;
  const char *text = at >= 0 ? figure_cell(s, row, &r->columns[at], false) : "";
  const char *org = row->org && row->org != b->org ? org_name(s->tree, row->org, row->date ? row->date : s->today) : "";
  return arena_print(s->arena, "%s%s", org, text);
}

static bool name_broken(const FigureRow *row, void *context) {
  Broken *b = context;
  if (!row->counted || row->amount) return true;
  if (b->count++ < NAMED) text_print(&b->rows, "%s%s", b->rows.length ? "、" : "", row_name(b, row));
  size_t i = 0;
  while (i < b->org_count && b->orgs[i].org != row->org) i++;
  if (i == b->org_count && b->org_count < ORGS_MOST) b->orgs[b->org_count++].org = row->org;
  if (i < ORGS_MOST) b->orgs[i].count++;
  return true;
}

/* The orgs with most of them first. */
static const char *broken_text(Broken *b) {
  Session *s = b->s;
  if (b->count <= NAMED || b->org_count < 2) {
    const char *more = b->count > NAMED ? arena_print(s->arena, "等%zu条", b->count) : "";
    return arena_print(s->arena, "未达到的：%s%s", text_get(&b->rows), more);
  }
  TEXT_SCOPE out = text_new(16 * 1024);
  text_print(&out, "未达到的%zu条：", b->count);
  for (size_t n = 0; n < NAMED && n < b->org_count; n++) {
    size_t most = 0;
    for (size_t i = 0; i < b->org_count; i++)
      if (b->orgs[i].count > b->orgs[most].count) most = i;
    text_print(&out, "%s%s%zu条", n ? "、" : "", org_name(s->tree, b->orgs[most].org, s->today), b->orgs[most].count);
    b->orgs[most].count = 0;
  }
  if (b->org_count > NAMED) text_print(&out, "等%zu个组织", b->org_count);
  return arena_copy(s->arena, text_get(&out));
}

static bool test_all(const Testing *t, const Proof *test, StatementResult *r) {
  Arena *a = t->s->arena;
  const Measure *m = test->measures[0];
  FigureValue v;
  if (!ask(t, m, t->period, &v)) return false;
  if (v.null || v.unanswered) return none(t, r, m);
  const char *found = arena_print(a, "%s%s", m->label, measured_text(t, m, &v));
  if (v.part == v.whole) return settle(r, RESULT_HELD, found, NULL);
  Broken b = {.s = t->s, .org = t->org, .rows = text_new(16 * 1024)};
  FigureAsk rest = {.measure = m, .org = t->org, .period = t->period, .reporter = judge_reporter(t->j)};
  rest.slice = filter_not(a, m->share);
  bool well = figure_rows(t->s, rest, name_broken, &b, t->e);
  const char *counter = broken_text(&b);
  text_free(&b.rows);
  return well && settle(r, RESULT_BROKEN, arena_print(a, "%s，%s", found, counter), counter);
}

/* ---- some, at least, at most ---- */

static bool test_some(const Testing *t, const Proof *test, StatementResult *r) {
  const Measure *m = test->measures[0];
  FigureValue v;
  if (!ask(t, m, t->period, &v)) return false;
  if (v.null || v.unanswered || !v.rows) return none(t, r, m);
  return settle(r, RESULT_HELD, arena_print(t->s->arena, "%s%s", m->label, measured_text(t, m, &v)), NULL);
}

static bool test_bound(const Testing *t, const Proof *test, StatementResult *r) {
  Arena *a = t->s->arena;
  const Measure *m = test->measures[0];
  bool least = test->kind == PROOF_AT_LEAST;
  FigureValue v;
  NumberText bound;
  if (!ask(t, m, t->period, &v)) return false;
  bool empty = v.null || v.unanswered;
  if (!empty && !v.rows && !v.exact.num) { /* none of them, or nothing recorded at all */
    FigureAsk whole = {.measure = m, .org = t->org, .period = t->period, .reporter = judge_reporter(t->j)};
    FigureState state;
    if (!figure_state(t->s, whole, &state, t->e)) return false;
    empty = !state.records && !state.closed;
  }
  if (empty) return none(t, r, m);
  int sign = ratio_compare_decimal(v.exact, test->bound);
  const char *text = decimal_text(decimal_trim(test->bound), bound);
  const char *line = !least && !test->bound.mantissa ? ""
                                                     : arena_print(a, "（按%s%s%s算）", text, m->unit, least ? "以上" : "以下");
  const char *found = arena_print(a, "%s%s%s", m->label, measured_text(t, m, &v), line);
  if (least ? sign >= 0 : sign <= 0) return settle(r, RESULT_HELD, found, NULL);
  return settle(r, RESULT_BROKEN, found, arena_print(a, "%s%s", m->label, measured_text(t, m, &v)));
}

/* ---- covers ---- */

typedef struct Member {
  int64_t org;
  const char *key, *name;
  bool found;
} Member;
typedef struct Members {
  Session *s;
  bool by_key;
  Member *at;
  size_t count, room;
  bool marking, full;
} Members;

static bool same_member(const Members *all, const Member *a, const FigureRow *row) {
  return all->by_key ? row->key && !strcmp(a->key, row->key) : a->org == row->org;
}

static bool take_member(const FigureRow *row, void *context) {
  Members *all = context;
  if (!row->counted || (all->by_key && !row->key)) return true;
  for (size_t i = 0; i < all->count; i++) {
    if (!same_member(all, &all->at[i], row)) continue;
    all->at[i].found = all->at[i].found || all->marking;
    return true;
  }
  if (all->marking) return true;
  all->full = all->count == COVER_MOST;
  if (all->full) return false;
  Arena *a = all->s->arena;
  *PUSH(a, all->at, all->count, all->room) =
      (Member){.org = row->org,
               .key = row->key ? arena_copy(a, row->key) : NULL,
               .name = arena_copy(a, all->by_key ? row->contribution : org_name(all->s->tree, row->org, all->s->today))};
  return true;
}

static bool test_covers(const Testing *t, const Proof *test, StatementResult *r) {
  Arena *a = t->s->arena;
  const Measure *m = test->measures[0], *due = test->measures[1];
  FigureValue v, whole;
  if (!ask(t, m, t->period, &v) || !ask(t, due, t->period, &whole)) return false;
  if (v.unanswered || !v.rows) return none(t, r, m);
  if (whole.unanswered || !whole.rows) return none(t, r, due);
  Members all = {.s = t->s, .by_key = test->by_key};
  FigureAsk of = {.measure = due, .org = t->org, .period = t->period, .reporter = judge_reporter(t->j)}, in = of;
  in.measure = m;
  if (!figure_rows(t->s, of, take_member, &all, t->e)) return false;
  all.marking = true;
  if (!figure_rows(t->s, in, take_member, &all, t->e)) return false;
  TEXT_SCOPE missing = text_new(16 * 1024);
  size_t out = 0;
  for (size_t i = 0; i < all.count; i++)
    if (!all.at[i].found && out++ < NAMED) text_print(&missing, "%s%s", missing.length ? "、" : "", all.at[i].name);
  const char *found = arena_print(a, "%s覆盖%s%zu/%zu", m->label, due->label, all.count - out, all.count);
  if (!out) return settle(r, RESULT_HELD, found, NULL);
  const char *more = out > NAMED ? arena_print(a, "等%zu个", out) : "";
  const char *counter = arena_print(a, "没有的：%s%s", text_get(&missing), more);
  return settle(r, RESULT_BROKEN, arena_print(a, "%s，%s", found, counter), counter);
}

/* ---- each ---- */

/* Where the text itself names choices, only these are asked for. */
static bool test_each(const Testing *t, const Proof *test, StatementResult *r) {
  Arena *a = t->s->arena;
  const Measure *m = test->measures[0];
  const Codes *codes = test->field.column->codes;
  TEXT_SCOPE missing = text_new(4096);
  TEXT_SCOPE present = text_new(4096);
  size_t named = 0, out = 0, asked = 0;
  for (size_t i = 0; i < codes->count; i++) named += strstr(t->words, codes->at[i].label) != NULL;
  for (size_t i = 0; i < codes->count; i++) {
    const Choice *choice = &codes->at[i];
    FigureValue v;
    if (named && !strstr(t->words, choice->label)) continue;
    if (!judge_ask(t->j, m, filter_choice(a, test->field, choice->name), choice->label, t->period, t->org, &v, t->e))
      return false;
    bool has = !v.unanswered && v.rows;
    Text *list = has ? &present : &missing;
    text_print(list, "%s%s", list->length ? "、" : "", choice->label);
    if (has) text_print(list, "%s", exact_text(a, m, &v));
    out += !has;
    asked++;
  }
  if (out == asked) return none(t, r, m);
  if (!out) return settle(r, RESULT_HELD, arena_print(a, "%s：%s", m->label, text_get(&present)), NULL);
  const char *counter = arena_print(a, "没有%s的记录", text_get(&missing));
  return settle(r, RESULT_BROKEN, arena_print(a, "%s：%s，%s", m->label, text_get(&present), counter), counter);
}

/* ---- falls ---- */

static bool test_falls(const Testing *t, const Proof *test, StatementResult *r) {
  Arena *a = t->s->arena;
  TEXT_SCOPE out = text_new(4096);
  bool falls = true;
  Ratio before = {0, 1};
  for (size_t i = 0; i < test->measure_count; i++) {
    const Measure *m = test->measures[i];
    FigureValue v;
    if (!ask(t, m, t->period, &v)) return false;
    if (v.null || v.unanswered || !v.rows) return none(t, r, m);
    falls = falls && (!i || ratio_compare(v.exact, before) < 0);
    before = v.exact;
    text_print(&out, "%s%s%s", i ? "，" : "", m->label, measured_text(t, m, &v));
  }
  const char *found = arena_copy(a, text_get(&out));
  if (falls) return settle(r, RESULT_HELD, found, NULL);
  return settle(r, RESULT_BROKEN, arena_print(a, "%s，没有逐级降低", found), "没有逐级降低");
}

/* ---- together ---- */

static bool run_test(const Testing *t, const Proof *test, StatementResult *r) {
  r->test = test;
  switch (test->kind) {
  case PROOF_EVERY: return test_every(t, test, r);
  case PROOF_ALL: return test_all(t, test, r);
  case PROOF_SOME: return test_some(t, test, r);
  case PROOF_AT_LEAST:
  case PROOF_AT_MOST: return test_bound(t, test, r);
  case PROOF_COVERS: return test_covers(t, test, r);
  case PROOF_EACH: return test_each(t, test, r);
  case PROOF_FALLS: return test_falls(t, test, r);
  }
  return true;
}

static bool complete(ProofKind kind) {
  return kind == PROOF_EVERY || kind == PROOF_ALL || kind == PROOF_COVERS || kind == PROOF_EACH;
}

static void conclude(Arena *a, const StatementRule *rule, bool strict, Statement *t) {
  TEXT_SCOPE message = text_new(64 * 1024);
  TEXT_SCOPE counter = text_new(64 * 1024);
  size_t held = 0, broken = 0;
  bool faulted = false;
  for (size_t i = 0; i < t->result_count; i++) {
    const StatementResult *r = &t->results[i];
    held += r->outcome == RESULT_HELD;
    broken += r->outcome == RESULT_BROKEN;
    faulted = faulted || (r->outcome == RESULT_BROKEN && complete(r->test->kind));
    text_print(&message, "%s%s", i ? "；" : "", r->message);
    if (r->counter) text_print(&counter, "%s%s", counter.length ? "；" : "", r->counter);
  }
  t->reason = REASON_NONE;
  t->counter = counter.length ? arena_copy(a, text_get(&counter)) : NULL;
  if (held == t->result_count)
    t->verdict = VERDICT_SUPPORTED;
  else if (!held && !broken)
    t->verdict = VERDICT_UNSUPPORTED, t->reason = REASON_NO_RECORDS;
  else
    t->verdict = strict && faulted && !rule->diagnosis ? VERDICT_CONTRADICTED : VERDICT_NOTE;
  const char *end = t->verdict == VERDICT_CONTRADICTED     ? "。请查漏登，或改稿。"
                    : t->verdict == VERDICT_UNSUPPORTED    ? "。请补登后再核对。"
                    : rule->diagnosis && broken             ? "。台账不足以说明，请补充依据。"
                                                           : "。";
  text_add(&message, end);
  t->message = arena_copy(a, text_get(&message));
}

void statement_judge_again(const Statement *known, bool strict, Arena *a, Statement *t) {
  t->rule = known->rule;
  t->results = known->results;
  t->result_count = known->result_count;
  conclude(a, known->rule, strict, t);
}

bool statement_judge(Judge *j, const StatementRule *rule, int64_t org, const char *words, bool strict, Statement *t,
                     Error *e) {
  Session *s = judge_session(j);
  Error why = {0};
  Testing testing = {.j = j, .s = s, .org = org, .period = judge_period(j), .words = words, .e = &why};
  t->rule = rule;
  t->results = NEW_ARRAY(s->arena, StatementResult, rule->test_count + 1);
  for (t->result_count = 0; t->result_count < rule->test_count; t->result_count++) {
    if (run_test(&testing, &rule->tests[t->result_count], &t->results[t->result_count])) continue;
    if (why.kind != ERROR_FORBIDDEN) return *e = why, false;
    t->verdict = VERDICT_UNSUPPORTED;
    t->reason = REASON_REFUSED;
    t->message = arena_copy(s->arena, why.sentence);
    return true;
  }
  conclude(s->arena, rule, strict, t);
  return true;
}
