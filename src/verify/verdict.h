/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What claims and statements share while they are judged: figures asked once, the words for values.
 * Inside this folder only. */
#ifndef LUOSHI_VERIFY_VERDICT_H
#define LUOSHI_VERIFY_VERDICT_H

#include "verify/match.h"

typedef struct Judge Judge;
Judge *judge_new(Session *s, const Draft *d, int64_t org, Period period, Error *e);
/* figure_value, asked once for each measure, slice, period and org. */
bool judge_ask(Judge *j, const Measure *m, const Filter *slice, const char *label, Period period, int64_t org,
               FigureValue *out, Error *e);
bool judge_candidate(Judge *j, const Claim *c, Candidate *k, Error *e);
/* 每月一次: every part of the period has so many; the short ones are named. */
bool judge_cadence(Judge *j, Claim *c, Error *e);
Period judge_period(const Judge *j);
Session *judge_session(const Judge *j);
int64_t judge_reporter(const Judge *j);
const Draft *judge_draft(const Judge *j);
int64_t judge_phrase_org(const Judge *j, size_t phrase); /* the one org it names, else the draft's */

const char *exact_text(Arena *a, const Measure *m, const FigureValue *v); /* 24次, never 20余次 */
const char *parts_text(Arena *a, const Measure *m, const FigureValue *v); /* （8/10） or "" */
const char *candidate_name(Arena *a, const Candidate *k);

bool judge_absent(Judge *j, const Candidate *k, bool *absent, Error *e); /* nothing recorded, and not closed */
bool judge_closed(Judge *j, const Candidate *k, bool *closed, Error *e);
Period judge_claim_period(const Judge *j, const Claim *c, const Measure *m);
/* The figure's value in the unit that the draft uses. */
Ratio in_unit(const Quantity *q, const Measure *m, Ratio value);
bool claim_concludes(Claim *c, Verdict verdict, Reason reason, const char *message); /* true */

/* ---- change.c ---- */
/* 比上年增加2个: the figures of two years. */
bool judge_change(Judge *j, Claim *c, Error *e);
/* A plan against what is recorded as target; never contradicted. */
bool judge_plan(Judge *j, Claim *c, Error *e);

/* ---- whose.c ---- */
/* Takes back every verdict when the text speaks of another organisation. */
bool claim_far(const Claim *c, const Candidate *k, int64_t times); /* so many times above or below the figure */
void whose_settle(Judge *j, Verification *v);

/* ---- cross.c ---- */
bool cross_check(Judge *j, Verification *v, Error *e);
const char *finding_name(FindingKind k); /* part_over_whole … */

/* ---- known.c ---- */
size_t phrasings_load(Session *s, Phrasing **out, Error *e); /* (size_t)-1 on failure */
void claims_settle(Verification *v, const ClaimChoice *choices, size_t count);

/* ---- json.c ---- */
typedef struct Tally {
  size_t total, by[VERDICT_PLAN + 1];
  size_t no_records, no_figure; /* of the unsupported: 台账未登记, 无对应指标 */
} Tally;
Tally verification_tally(const Verification *v);
const char *verdict_name(Verdict v);
/* The claim's own noun phrase: what alias.set would remember for it; NULL if it has none of its own. */
const char *claim_phrase(const Verification *v, const Claim *c);

/* ---- statement_test.c ---- */
/* Fills results, verdict, reason, counter and message. `words` are the text's own, from the statement's sentence;
 * `strict`: they claim completeness (每月, 逐项). */
bool statement_judge(Judge *j, const StatementRule *rule, int64_t org, const char *words, bool strict, Statement *t,
                     Error *e);
/* From the results of another place that makes the same statement. */
void statement_judge_again(const Statement *known, bool strict, Arena *a, Statement *t);

/* ---- statement.c ---- */
bool statements_find(Judge *j, Matcher *m, Verification *v, Error *e);

#endif
