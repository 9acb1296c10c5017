/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The gap list is made from what verify found, never from words anew: claims without records name their
 * figure; a plan is matched as if it were a claim; a statement names the measures of its tests. A ledger that
 * these refer to, and that holds nothing yet, is needed too. */
#include "verify/gap.h"

#include <string.h>

#include "relation/row.h"

typedef struct Seeker {
  Judge *j;
  Matcher *m;
  Verification *v;
  Session *s;
  GapList *list;
  Gap **of; /* by position of the relation */
  bool *visited;
  Error *e;
} Seeker;

static const Relation *record_of(const Relation *r) { return r->parent ? r->parent : r; }

static Gap *gap_for(Seeker *k, const Relation *ledger) {
  Gap **at = &k->of[ledger->position];
  if (!*at) {
    *at = NEW(k->s->arena, Gap);
    (*at)->ledger = ledger;
  }
  return *at;
}

/* ---- what is needed ---- */

/* How many rows a written number asks for at least. */
static int64_t rows_for(const Claim *c, const Measure *m) {
  if (!c || (m->fold != FOLD_COUNT && m->fold != FOLD_DISTINCT)) return 0;
  Decimal least = c->quantity.low;
  Ratio exact;
  if (!ratio_from_decimal(least, &exact)) return 0;
  Decimal whole = ratio_round(exact, 0);
  return whole.mantissa > 0 && !whole.scale ? whole.mantissa : 0;
}

/* The words before the number in its phrase, not many. */
static const char *words_around(const Draft *d, const Claim *c) {
  enum { LONGEST = 16 };
  const Phrase *p = &d->phrases[draft_phrase(d, c->start)];
  size_t from = c->start > p->from + LONGEST ? c->start - LONGEST : p->from;
  return from < c->start ? draft_slice(d, from, c->start) : "";
}

static void need(Seeker *k, GapNeed n) {
  Gap *g = gap_for(k, record_of(n.measure->rows));
  for (size_t i = 0; i < g->need_count; i++)
    if (g->needs[i].measure == n.measure && g->needs[i].start == n.start) return;
  *PUSH(k->s->arena, g->needs, g->need_count, g->need_room) = n;
}

/* Records of the figure in the period of the text, or the coming one for a plan. */
static bool has_records(Seeker *k, const Measure *m, const Filter *slice, Period period, bool *has) {
  *has = false;
  if (!k->s->tree->root) return true;
  FigureState state;
  FigureAsk ask = {.measure = m, .slice = slice, .org = k->v->org, .period = period, .reporter = judge_reporter(k->j)};
  Error why = {0};
  if (!figure_state(k->s, ask, &state, &why)) {
    *has = true; /* what the asker may not see is no gap of theirs */
    return why.kind == ERROR_FORBIDDEN || (*k->e = why, false);
  }
  *has = state.records;
  return true;
}

static Period next_year(Period p) { return period_year(date_year(period_last(p)) + 1); }

static bool need_plan(Seeker *k, const Claim *plan) {
  const Draft *d = k->v->draft;
  Claim c = *plan;
  if (!c.candidate_count || c.candidates[0].score < MATCH_FLOOR) { /* no target: what it would be done by */
    c.role = ROLE_CLAIM;
    match_claims(k->m, d, &c, 1);
  }
  if (!c.candidate_count || c.candidates[0].score < MATCH_FLOOR) {
    k->list->unnamed++;
    return true;
  }
  const Candidate *best = &c.candidates[0];
  Period coming = next_year(k->v->period);
  bool now = false, then = false;
  if (!has_records(k, best->measure, best->slice, k->v->period, &now) ||
      !has_records(k, best->measure, best->slice, coming, &then))
    return false;
  if (!now && !then)
    need(k, (GapNeed){.words = plan->text, .around = words_around(d, plan), .start = plan->start, .claim = plan,
                      .measure = best->measure, .period = coming, .rows = c.frame->every ? 0 : rows_for(plan, best->measure)});
  return true;
}

static bool need_claim(Seeker *k, const Claim *c) {
  if (c->role == ROLE_PLAN) return need_plan(k, c);
  if (c->verdict == VERDICT_UNSUPPORTED && c->reason == REASON_NO_FIGURE) k->list->unnamed++;
  if (c->verdict != VERDICT_UNSUPPORTED || c->reason != REASON_NO_RECORDS || !c->figure) return true;
  const Candidate *best = c->candidate_count ? &c->candidates[0] : NULL;
  Period period = best && best->asked ? best->period : k->v->period;
  need(k, (GapNeed){.words = c->text, .around = words_around(k->v->draft, c), .start = c->start, .claim = c,
                    .measure = c->figure, .period = period_back(period, c->figure->lag), .rows = rows_for(c, c->figure)});
  return true;
}

static bool need_statement(Seeker *k, const Statement *t) {
  for (size_t i = 0; t->rule && i < t->rule->test_count; i++)
    for (size_t n = 0; n < t->rule->tests[i].measure_count; n++) {
      const Measure *m = t->rule->tests[i].measures[n];
      bool has = i < t->result_count && t->results[i].outcome != RESULT_ABSENT;
      if (!has && !has_records(k, m, NULL, k->v->period, &has)) return false;
      if (!has)
        need(k, (GapNeed){.words = t->text, .around = "", .start = t->start, .statement = t, .measure = m,
                          .period = period_back(k->v->period, m->lag)});
    }
  return true;
}

/* ---- what it refers to ---- */

static bool is_empty(Seeker *k, const Relation *r, bool *empty) {
  int64_t one;
  bool found = false;
  const char *sql = arena_print(k->s->arena, "SELECT 1 FROM \"%s\" WHERE area_id = $1 LIMIT 1", r->table);
  Value area = value_int(k->s->area);
  if (!tx_int(k->s->tx, sql, &area, 1, &one, &found, k->e)) return false;
  *empty = !found;
  return true;
}

static bool place(Seeker *k, const Relation *r);

static bool refer(Seeker *k, const Relation *from, const Relation *to) {
  bool empty = false;
  to = record_of(to);
  if (to == record_of(from)) return true;
  if (!k->of[to->position] && !is_empty(k, to, &empty)) return false;
  if (!k->of[to->position] && !empty) return true;
  Gap *g = gap_for(k, to);
  for (size_t i = 0; i < g->used_count; i++)
    if (g->used_by[i] == record_of(from)) return place(k, to);
  *PUSH(k->s->arena, g->used_by, g->used_count, g->used_room) = record_of(from);
  return place(k, to);
}

static bool refer_columns(Seeker *k, const Relation *r) {
  for (size_t i = 0; i < r->column_count; i++)
    if (r->columns[i].ref && !r->columns[i].retired && !r->columns[i].ref->retired &&
        strcmp(r->columns[i].name, "record") != 0 && !refer(k, r, r->columns[i].ref))
      return false;
  return true;
}

/* Who reports, who holds a post: a figure that asks for them needs the posts. */
static bool refer_posts(Seeker *k, const Relation *r) {
  const Relation *post = catalogue_core(k->s->catalogue, "post");
  const Gap *g = k->of[r->position];
  for (size_t i = 0; post && g && i < g->need_count; i++)
    if (filter_uses_reporter(g->needs[i].measure->where)) return refer(k, r, post);
  return true;
}

/* A ledger comes after all that it refers to. */
static bool place(Seeker *k, const Relation *r) {
  if (k->visited[r->position]) return true;
  k->visited[r->position] = true;
  if (!refer_columns(k, r) || !refer_posts(k, r)) return false;
  for (size_t i = 0; i < r->line_count; i++)
    if (!r->lines[i]->retired && !refer_columns(k, r->lines[i])) return false;
  GapList *list = k->list;
  Gap *g = k->of[r->position];
  list->at[list->count++] = *g;
  return true;
}

bool gaps_find(Judge *j, Matcher *m, Verification *v, Error *e) {
  Session *s = judge_session(j);
  size_t relations = s->catalogue->relation_count;
  Seeker k = {.j = j, .m = m, .v = v, .s = s, .e = e, .list = NEW(s->arena, GapList)};
  v->gaps = k.list;
  if (v->elsewhere) return true;
  k.of = NEW_ARRAY(s->arena, Gap *, relations + 1);
  k.visited = NEW_ARRAY(s->arena, bool, relations + 1);
  k.list->at = NEW_ARRAY(s->arena, Gap, relations + 1);
  for (size_t i = 0; i < v->claim_count; i++)
    if (!need_claim(&k, &v->claims[i])) return false;
  for (size_t i = 0; i < v->statement_count; i++)
    if (!need_statement(&k, &v->statements[i])) return false;
  for (size_t i = 0; i < relations; i++)
    if (k.of[i] && k.of[i]->need_count && !place(&k, s->catalogue->relations[i])) return false;
  return true;
}

/* ---- shown ---- */

const char *gap_file(Arena *a, const GapList *g, size_t gap) {
  return arena_print(a, "%02zu-%s.csv", gap + 1, g->at[gap].ledger->label);
}

json_t *gaps_json(Session *s, const Verification *v) {
  json_t *out = json_array();
  for (size_t i = 0; v->gaps && i < v->gaps->count; i++) {
    const Gap *g = &v->gaps->at[i];
    json_t *needs = json_array(), *used = json_array();
    for (size_t n = 0; n < g->need_count; n++) {
      const GapNeed *need = &g->needs[n];
      PeriodText period;
      json_array_append_new(
          needs, json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:o}", "text", need->words, "start", (int)need->start, "kind",
                           need->statement                  ? "statement"
                           : need->claim->role == ROLE_PLAN ? "plan"
                                                            : "claim",
                           "figure", need->measure->full_name, "label", need->measure->label, "period",
                           period_text(need->period, period), "rows", need->rows ? json_integer(need->rows) : json_null()));
    }
    for (size_t n = 0; n < g->used_count; n++) json_array_append_new(used, json_string(g->used_by[n]->label));
    json_array_append_new(out, json_pack("{s:s, s:s, s:o, s:o, s:s}", "ledger", g->ledger->name, "label", g->ledger->label,
                                         "needs", needs, "used_by", used, "template", gap_file(s->arena, v->gaps, i)));
  }
  return out;
}

static void print_need(const GapNeed *n, Text *out) {
  PeriodText period;
  if (*n->around) text_print(out, "       · %s【%s】", n->around, n->words);
  else text_print(out, "       · %s", n->words);
  text_print(out, "  %s：%s", period_chinese(n->period, period), n->measure->label);
  if (n->rows) {
    const Relation *r = n->measure->rows;
    text_print(out, "，至少%lld%s", (long long)n->rows, n->measure->fold == FOLD_DISTINCT ? n->measure->unit : "条");
    if (r->parent) text_print(out, "“%s”", r->label);
  }
  if (n->claim && n->claim->role == ROLE_PLAN) text_add(out, "（计划，登记后可跟踪）");
  text_add(out, "\n");
}

static void print_gap(Session *s, const GapList *list, size_t i, bool files, Text *out) {
  const Gap *g = &list->at[i];
  text_print(out, "  %zu. %s", i + 1, g->ledger->label);
  if (!g->need_count) {
    text_add(out, "（先登记，");
    for (size_t n = 0; n < g->used_count && n < 3; n++) text_print(out, "%s“%s”", n ? "、" : "", g->used_by[n]->label);
    text_print(out, "%s里要用到）", g->used_count > 3 ? "等" : "");
  }
  text_add(out, "\n");
  for (size_t n = 0; n < g->need_count; n++) print_need(&g->needs[n], out);
  const char *file = gap_file(s->arena, list, i);
  if (files) text_print(out, "       样表：%s    填好后：luoshi import %s %s\n", file, g->ledger->name, file);
}

void gaps_print(Session *s, const Verification *v, bool files, Text *out) {
  const GapList *list = v->gaps;
  size_t needs = 0;
  if (!list || !list->count) return;
  for (size_t i = 0; i < list->count; i++) needs += list->at[i].need_count;
  text_print(out, "佐证缺口清单：%zu处说法没有依据，涉及%zu本台账。请从上往下登记，再核对一遍。\n", needs, list->count);
  for (size_t i = 0; i < list->count; i++) print_gap(s, list, i, files, out);
  if (list->unnamed) text_print(out, "另有%zu处没有对应的指标，不用登记，请自行核对。\n", list->unnamed);
}
