/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Claims without a numeral: 每月下发提醒 (a frequency), 逐项整改 (all of them). A frequency holds when every
 * part of the period has at least one row of the nearest counted figure; “all” holds when the nearest
 * share is 1. What no figure answers is unsupported for want of a duty or a figure, never false. */
#include "verify/verdict.h"

#include <string.h>

enum { LOOKED_AT = 8 };

typedef struct Said {
  size_t from, to;
  const Phrase *phrase;
  Every every; /* EVERY_NONE: all of them */
} Said;

static bool conclude(Statement *t, Verdict verdict, Reason reason, const char *counter) {
  t->verdict = verdict;
  t->reason = reason;
  t->counter = counter;
  return true;
}

/* Every part of the period that is over has a row; else the empty parts. */
static bool frequency(Judge *j, const Said *said, const Measure *m, Statement *t, Error *e) {
  static const int months[] = {[EVERY_YEAR] = 12, [EVERY_HALF] = 6, [EVERY_QUARTER] = 3, [EVERY_MONTH] = 1};
  Session *s = judge_session(j);
  Period whole = judge_period(j);
  TEXT_SCOPE missing = text_new(4096);
  size_t empty = 0, parts = 0;
  for (Date from = whole.from; from < whole.to && date_add_months(from, months[said->every]) <= s->today; parts++) {
    Date to = date_add_months(from, months[said->every]);
    Period part = {.kind = PERIOD_SPAN, .from = from, .to = to < whole.to ? to : whole.to};
    if (said->every == EVERY_MONTH) part = period_month(date_year(from), date_month(from));
    if (said->every == EVERY_QUARTER) part = period_quarter(date_year(from), (date_month(from) + 2) / 3);
    FigureValue v;
    PeriodText text;
    if (!judge_ask(j, m, NULL, NULL, part, judge_org(j), &v, e)) return false;
    if (v.unanswered) return conclude(t, VERDICT_UNSUPPORTED, REASON_NO_DUTY, NULL);
    if (!v.rows) text_print(&missing, "%s%s", empty++ ? "、" : "", period_chinese(part, text));
    from = to;
  }
  if (!empty && parts) return conclude(t, VERDICT_SUPPORTED, REASON_NONE, NULL);
  if (empty == parts) return conclude(t, VERDICT_UNSUPPORTED, REASON_NO_RECORDS, NULL);
  return conclude(t, VERDICT_CONTRADICTED, REASON_NONE, arena_print(s->arena, "%s没有记录", text_get(&missing)));
}

static bool all_of_them(Judge *j, const Measure *m, Statement *t, Error *e) {
  Session *s = judge_session(j);
  FigureValue v;
  if (!judge_ask(j, m, NULL, NULL, judge_period(j), judge_org(j), &v, e)) return false;
  if (v.null || v.unanswered) return conclude(t, VERDICT_UNSUPPORTED, REASON_NO_RECORDS, NULL);
  if (v.part == v.whole) return conclude(t, VERDICT_SUPPORTED, REASON_NONE, NULL);
  return conclude(t, VERDICT_CONTRADICTED, REASON_NONE,
                  arena_print(s->arena, "%s%lld/%lld", m->label, (long long)v.part, (long long)v.whole));
}

static bool answers(const Said *said, const Measure *m) {
  const Unit *u = unit_find(m->unit);
  if (said->every == EVERY_NONE) return m->fold == FOLD_SHARE;
  return m->fold != FOLD_SHARE && m->fold != FOLD_MEAN && u &&
         (!strcmp(u->class_, "event") || !strcmp(u->class_, "session"));
}

/* All of them is asked of the topic too: 3个问题，逐项整改. */
static size_t topic_from(const Draft *d, const Said *said) {
  size_t at = (size_t)(said->phrase - d->phrases);
  if (said->every == EVERY_NONE)
    for (size_t steps = 0; steps < 2 && at && d->phrases[at - 1].sentence == said->phrase->sentence; steps++) at--;
  return d->phrases[at].from;
}

static bool judge(Judge *j, Matcher *m, const Draft *d, const Said *said, Statement *t, Error *e) {
  Candidate found[LOOKED_AT];
  if (said->phrase->plan) return conclude(t, VERDICT_PLAN, REASON_NONE, NULL);
  size_t count = match_words(m, d, topic_from(d, said), said->to, found, LOOKED_AT);
  for (size_t i = 0; i < count; i++) {
    if (!answers(said, found[i].measure)) continue;
    Error refused = {0};
    bool done = said->every == EVERY_NONE ? all_of_them(j, found[i].measure, t, &refused)
                                          : frequency(j, said, found[i].measure, t, &refused);
    if (done) return true;
    if (refused.kind == ERROR_FORBIDDEN) return conclude(t, VERDICT_UNSUPPORTED, REASON_REFUSED, NULL);
    *e = refused;
    return false;
  }
  return conclude(t, VERDICT_UNSUPPORTED, said->every == EVERY_NONE ? REASON_NO_FIGURE : REASON_NO_DUTY, NULL);
}

/* 每月, 按季度: the cadence a phrase names. */
static Every cadence(const Draft *d, const Phrase *p, size_t *from) {
  for (size_t i = p->from; i < p->to; i++) {
    size_t n = lexicon_at(d->lexicon, d->cp + i, p->to - i, WORD_CADENCE);
    if (!n) continue;
    *from = i;
    for (size_t k = i; k < i + n; k++) {
      if (d->cp[k] == 0x6708) return EVERY_MONTH;   /* 月 */
      if (d->cp[k] == 0x5B63) return EVERY_QUARTER; /* 季 */
    }
    return EVERY_NONE;
  }
  return EVERY_NONE;
}

static bool has_claim(const Verification *v, const Phrase *p) {
  size_t low = 0, high = v->claim_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (v->claims[middle].start < p->from)
      low = middle + 1;
    else
      high = middle;
  }
  return low < v->claim_count && v->claims[low].start < p->to;
}

bool statements_find(Judge *j, Matcher *m, Verification *v, Error *e) {
  const Draft *d = v->draft;
  Arena *a = d->arena;
  size_t room = 0;
  for (size_t i = 0; i < d->phrase_count; i++) {
    const Phrase *p = &d->phrases[i];
    const Section *in = &d->sections[d->sentences[p->sentence].section];
    if (in->role == SECTION_PROBLEM || (p->from >= in->heading_from && p->to <= in->heading_to) || has_claim(v, p))
      continue;
    Said said = {.from = p->from, .to = p->to, .phrase = p};
    said.every = cadence(d, p, &said.from);
    if (said.every == EVERY_NONE && !draft_has(d, p->from, p->to, WORD_ALL)) continue;
    Statement *t = PUSH(a, v->statements, v->statement_count, room);
    *t = (Statement){.start = p->from, .end = p->to, .text = draft_slice(d, p->from, p->to)};
    if (!judge(j, m, d, &said, t, e)) return false;
  }
  return true;
}
