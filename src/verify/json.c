/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A verification as docs/json.md has it: a contract with scripts. Numbers are decimal strings, names
 * come in a fixed order, `text` is exactly the code points [start, end) of the draft. */
#include "verify/gap.h"

#include <string.h>

#include "base/json.h"

const char *verdict_name(Verdict v) {
  static const char *const names[] = {"supported", "supported_with_note", "contradicted",
                                      "ambiguous", "unsupported",         "plan"};
  return names[v];
}

static const char *reason_name(Reason r) {
  static const char *const names[] = {NULL, "no_figure", "no_records", "no_duty", "refused", "other_org"};
  return names[r];
}

static const char *fit_name(Fit f) {
  static const char *const names[] = {[FIT_NO] = "no", [FIT_NOTE] = "note", [FIT_YES] = "yes"};
  return names[f];
}

static const char *qualifier_name(Qualifier q) {
  static const char *const names[] = {
      [QUALIFIER_EXACT] = "exact",     [QUALIFIER_ABOUT] = "about", [QUALIFIER_AT_LEAST] = "at_least",
      [QUALIFIER_AT_MOST] = "at_most", [QUALIFIER_OVER] = "over",   [QUALIFIER_UNDER] = "under"};
  return names[q];
}

static json_t *text_or_null(const char *s) { return s ? json_string(s) : json_null(); }

static json_t *decimal_json(Decimal d) {
  NumberText text;
  return json_string(decimal_text(decimal_trim(d), text));
}

static void put_value(json_t *at, const char *name, Arena *a, const Candidate *k) {
  bool known = k && k->asked && !k->value.null && !k->value.unanswered;
  json_object_set_new(at, name, known ? json_string(figure_exact(a, &k->value)) : json_null());
}

/* Where a reader finds it: 第12段. */
static void put_place(json_t *at, Session *s, const Verification *v, size_t start) {
  json_object_set_new(at, "place", text_or_null(v->paper ? paper_place(s->arena, v->paper, start) : NULL));
}

static json_t *candidate_json(Session *s, const Candidate *k) {
  json_t *out = json_object();
  json_object_set_new(out, "figure", json_string(k->measure->full_name));
  json_object_set_new(out, "label", json_string(candidate_name(s->arena, k)));
  json_object_set_new(out, "slice", text_or_null(k->slice_label));
  json_object_set_new(out, "reading", text_or_null(k->measure->reading));
  json_object_set_new(out, "score", json_integer(k->score));
  put_value(out, "value", s->arena, k);
  json_object_set_new(out, "text", k->asked ? json_string(k->text) : json_null());
  json_object_set_new(out, "fit", k->asked ? json_string(fit_name(k->fit)) : json_null());
  return out;
}

/* A filler that begins at `at`, but for those that stand inside a name. */
static size_t filler(const Draft *d, size_t at, size_t to) {
  if (at >= to || lexicon_at(d->lexicon, d->cp + at, to - at, WORD_KEEP)) return 0;
  if (!han_char(d->cp[at]) && !latin_char(d->cp[at])) return 1;
  return lexicon_at(d->lexicon, d->cp + at, to - at, WORD_FILLER);
}

const char *claim_phrase(const Verification *v, const Claim *c) {
  enum { LONGEST = 12, LEAST = 2 };
  const Draft *d = v->draft;
  const ClaimFrame *f = c->frame;
  if (!f || !f->own) return NULL;
  size_t from = f->spans[0].from, to = f->spans[0].to;
  bool before = to <= c->start;
  for (size_t n; (n = filler(d, from, to));) from += n;
  for (size_t at; to > from && (at = draft_ends_with(d, from, to, WORD_FILLER)) < to;) to = at;
  while (to > from && ((!han_char(d->cp[to - 1]) && !latin_char(d->cp[to - 1])) || char_in(d->cp[to - 1], "由进作得把将被"))) to--;
  if (before && to > from + LONGEST) from = to - LONGEST;
  if (!before && to > from + LONGEST) to = from + LONGEST;
  return to >= from + LEAST ? draft_slice(d, from, to) : NULL;
}

static json_t *claim_json(Session *s, const Verification *v, const Claim *c) {
  const Quantity *q = &c->quantity;
  const Candidate *k = c->figure && c->candidate_count ? &c->candidates[0] : NULL;
  json_t *out = json_object(), *candidates = json_array();
  json_object_set_new(out, "start", json_integer((json_int_t)c->start));
  json_object_set_new(out, "end", json_integer((json_int_t)c->end));
  json_object_set_new(out, "text", json_string(c->surface));
  put_place(out, s, v, c->start);
  json_object_set_new(out, "value", decimal_json(c->value));
  json_object_set_new(out, "low", decimal_json(q->low));
  json_object_set_new(out, "high", decimal_json(q->high));
  json_object_set_new(out, "unit", text_or_null(q->unit ? q->unit->name : NULL));
  json_object_set_new(out, "qualifier", json_string(qualifier_name(q->qualifier)));
  json_object_set_new(out, "role", json_string(c->role == ROLE_PLAN ? "plan" : "claim"));
  json_object_set_new(out, "figure", text_or_null(c->figure ? c->figure->full_name : NULL));
  json_object_set_new(out, "phrase", text_or_null(claim_phrase(v, c)));
  json_object_set_new(out, "verdict", json_string(verdict_name(c->verdict)));
  json_object_set_new(out, "reason", text_or_null(reason_name(c->reason)));
  put_value(out, "actual", s->arena, k);
  json_object_set_new(out, "rows", k && k->asked ? json_integer(k->value.rows) : json_null());
  if (c->role == ROLE_CLAIM)
    for (size_t i = 0; i < c->candidate_count; i++)
      json_array_append_new(candidates, candidate_json(s, &c->candidates[i]));
  json_object_set_new(out, "candidates", candidates);
  json_object_set_new(out, "message", text_or_null(c->message));
  return out;
}

static const char *proof_name(ProofKind k) {
  static const char *const names[] = {[PROOF_EVERY] = "every",       [PROOF_ALL] = "all",
                                      [PROOF_SOME] = "some",         [PROOF_AT_LEAST] = "at_least",
                                      [PROOF_AT_MOST] = "at_most",   [PROOF_COVERS] = "covers",
                                      [PROOF_EACH] = "each",         [PROOF_FALLS] = "falls"};
  return names[k];
}

static json_t *result_json(const StatementResult *r) {
  static const char *const outcomes[] = {[RESULT_HELD] = "held", [RESULT_BROKEN] = "broken", [RESULT_ABSENT] = "absent"};
  json_t *out = json_object(), *figures = json_array();
  json_object_set_new(out, "kind", json_string(proof_name(r->test->kind)));
  for (size_t i = 0; i < r->test->measure_count; i++)
    json_array_append_new(figures, json_string(r->test->measures[i]->full_name));
  json_object_set_new(out, "figures", figures);
  json_object_set_new(out, "outcome", json_string(outcomes[r->outcome]));
  json_object_set_new(out, "message", json_string(r->message));
  json_object_set_new(out, "counter", text_or_null(r->counter));
  return out;
}

static json_t *statement_json(Session *s, const Verification *v, const Statement *t) {
  json_t *out = json_object(), *checks = json_array();
  json_object_set_new(out, "start", json_integer((json_int_t)t->start));
  json_object_set_new(out, "end", json_integer((json_int_t)t->end));
  json_object_set_new(out, "text", json_string(t->text));
  put_place(out, s, v, t->start);
  json_object_set_new(out, "verdict", json_string(verdict_name(t->verdict)));
  json_object_set_new(out, "reason", text_or_null(reason_name(t->reason)));
  json_object_set_new(out, "counter", text_or_null(t->counter));
  json_object_set_new(out, "statement", text_or_null(t->rule ? t->rule->name : NULL));
  json_object_set_new(out, "message", text_or_null(t->message));
  for (size_t i = 0; i < t->result_count; i++) json_array_append_new(checks, result_json(&t->results[i]));
  json_object_set_new(out, "checks", checks);
  return out;
}

static json_t *finding_json(const Finding *f) {
  json_t *out = json_object(), *claims = json_array();
  json_object_set_new(out, "kind", json_string(finding_name(f->kind)));
  for (size_t i = 0; i < f->claim_count; i++) json_array_append_new(claims, json_integer((json_int_t)f->claims[i]));
  json_object_set_new(out, "claims", claims);
  json_object_set_new(out, "message", json_string(f->message));
  return out;
}

Tally verification_tally(const Verification *v) {
  Tally t = {.total = v->claim_count};
  for (size_t i = 0; i < v->claim_count; i++) {
    t.by[v->claims[i].verdict]++;
    if (v->claims[i].verdict != VERDICT_UNSUPPORTED) continue;
    if (v->claims[i].reason == REASON_NO_FIGURE || v->claims[i].reason == REASON_NO_DUTY ||
        v->claims[i].reason == REASON_OTHER_ORG)
      t.no_figure++;
    else
      t.no_records++;
  }
  return t;
}

json_t *verification_json(Session *s, const Verification *v) {
  PeriodText period;
  json_t *out = json_object(), *claims = json_array(), *statements = json_array(), *findings = json_array(),
         *summary = json_object();
  Tally tally = verification_tally(v);
  json_object_set_new(out, "file", text_or_null(v->file));
  json_object_set_new(out, "extracted", text_or_null(v->paper && v->paper->docx ? v->text : NULL));
  json_object_set_new(out, "period", json_string(period_text(v->period, period)));
  json_object_set_new(out, "org", json_string(org_name(s->tree, v->org, period_last(v->period))));
  json_object_set_new(out, "elsewhere", text_or_null(v->elsewhere));
  for (size_t i = 0; i < v->claim_count; i++) json_array_append_new(claims, claim_json(s, v, &v->claims[i]));
  json_object_set_new(out, "claims", claims);
  for (size_t i = 0; i < v->statement_count; i++) json_array_append_new(statements, statement_json(s, v, &v->statements[i]));
  json_object_set_new(out, "statements", statements);
  for (size_t i = 0; i < v->finding_count; i++) json_array_append_new(findings, finding_json(&v->findings[i]));
  json_object_set_new(out, "findings", findings);
  json_object_set_new(out, "gaps", gaps_json(s, v));
  json_object_set_new(summary, "total", json_integer((json_int_t)tally.total));
  for (int i = 0; i <= VERDICT_PLAN; i++)
    json_object_set_new(summary, verdict_name((Verdict)i), json_integer((json_int_t)tally.by[i]));
  json_object_set_new(summary, "no_records", json_integer((json_int_t)tally.no_records));
  json_object_set_new(summary, "no_figure", json_integer((json_int_t)tally.no_figure));
  json_object_set_new(out, "summary", summary);
  return out;
}
