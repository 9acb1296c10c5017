/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What readers have said their words mean: for the whole office (relation alias), or for one claim of one text. */
#include <string.h>

#include "relation/row.h"
#include "verify/verdict.h"

size_t phrasings_load(Session *s, Phrasing **out, Error *e) {
  const Relation *alias = catalogue_find(s->catalogue, "alias");
  size_t count = 0, room = 0;
  *out = NULL;
  if (!alias) return 0;
  Value area = value_int(s->area);
  STMT_SCOPE st = stmt_open(s->tx, row_select_sql(s->arena, alias, NULL), &area, 1, e);
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  for (; step == STEP_ROW; step = stmt_step(st, e)) {
    Row row = row_from(s->arena, alias, st, 0);
    const Value *phrase = row_at(row, "phrase"), *measure = row_at(row, "measure");
    bool gone = alias->state >= 0 && row.v[alias->state].s && !strcmp(row.v[alias->state].s, STATE_VOID);
    if (gone || !phrase || !measure || phrase->null || measure->null) continue;
    *PUSH(s->arena, *out, count, room) = (Phrasing){arena_copy(s->arena, phrase->s), arena_copy(s->arena, measure->s)};
  }
  return step == STEP_DONE ? count : (size_t)-1;
}

static bool same_label(const char *x, const char *y) { return x && y ? !strcmp(x, y) : x == y; }

/* What the reader chose goes before all others, whatever its words weigh. */
static void settle(Claim *c, const ClaimChoice *choice) {
  enum { CERTAIN = 1000 };
  if (!choice->measure) {
    c->candidate_count = 0;
    return;
  }
  for (size_t i = 0; i < c->candidate_count; i++) {
    Candidate k = c->candidates[i];
    if (strcmp(k.measure->full_name, choice->measure) != 0 || !same_label(k.slice_label, choice->slice)) continue;
    memmove(c->candidates + 1, c->candidates, i * sizeof *c->candidates);
    k.score = k.sure = CERTAIN;
    k.settled = true;
    c->candidates[0] = k;
    return;
  }
}

void claims_settle(Verification *v, const ClaimChoice *choices, size_t count) {
  for (size_t i = 0; i < v->claim_count; i++)
    for (size_t k = 0; k < count; k++)
      if (choices[k].start == v->claims[i].start && v->claims[i].role == ROLE_CLAIM) settle(&v->claims[i], &choices[k]);
}

bool verification_ask(Session *s, Verification *v, Error *e) {
  Judge *j = judge_new(s, v->draft, v->org, v->period, e);
  for (size_t i = 0; j && i < v->claim_count; i++) {
    Claim *c = &v->claims[i];
    for (size_t k = 0; c->verdict == VERDICT_AMBIGUOUS && k < c->candidate_count; k++) {
      Error refused = {0}; /* then it stands there without a value */
      if (c->candidates[k].asked || judge_candidate(j, c, &c->candidates[k], &refused)) continue;
      c->candidates[k].asked = false;
      if (refused.kind != ERROR_FORBIDDEN) return *e = refused, false;
    }
  }
  return j != NULL;
}
