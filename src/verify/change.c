/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Claims that are no level of this period: a change (比上年增加2个, 增长5%) is the figures of two years held
 * against each other; a plan is held against what is recorded as target. A year without records decides
 * nothing, and a plan stays a plan whatever the records say. */
#include "verify/verdict.h"

#include <string.h>

#include "base/utf8.h"

/* 减少, 下降 between the words of the claim. */
static bool falls(const Draft *d, const Claim *c) {
  static const char *const words[] = {"减少", "下降", "降低", "降幅", "减幅", "缩减", "缩短", "少", "降"};
  const Phrase *p = &d->phrases[c->frame->phrase];
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (memmem(d->text + d->byte[p->from], d->byte[c->start] - d->byte[p->from], words[i], strlen(words[i])))
      return true;
  return false;
}

/* This year's value less last year's: in the measure's unit, or in % of last year's. */
static bool change_of(const Quantity *q, const Measure *m, Ratio now, Ratio then, bool fall, Ratio *out) {
  Ratio less, hundred = ratio_int(fall ? -100 : 100), inverse;
  bool share = m->fold == FOLD_SHARE, rate = q->unit && !strcmp(q->unit->class_, "percent") && !share;
  if (!ratio_multiply(then, ratio_int(-1), &less) || !ratio_add(now, less, out)) return false;
  if (!rate) return !fall || ratio_multiply(*out, ratio_int(-1), out);
  return then.num && ratio_make(then.den, then.num, &inverse) && ratio_multiply(*out, inverse, out) &&
         ratio_multiply(*out, hundred, out);
}

/* 0.78个百分点 of a share, 5% or 2个 of a count. */
static bool fits_kind(const Quantity *q, const Measure *m) {
  const Unit *own = unit_find(m->unit);
  bool percent = q->unit && !strcmp(q->unit->class_, "percent"), point = q->unit && strstr(q->unit->name, "百分点");
  if (m->fold == FOLD_MEAN) return false;
  if (m->fold == FOLD_SHARE) return point;
  return percent || (q->unit && own && (unit_answers(q->unit, own) || !strcmp(q->unit->name, "个")));
}

bool judge_change(Judge *j, Claim *c, Error *e) {
  Arena *a = judge_session(j)->arena;
  Candidate *k = &c->candidates[0];
  Candidate before = *k;
  const char *none = "没有对应的指标，本次未核对。";
  if (!fits_kind(&c->quantity, k->measure)) return claim_concludes(c, VERDICT_UNSUPPORTED, REASON_NO_FIGURE, none);
  if (!judge_candidate(j, c, k, e)) return false;
  before.period = period_back(k->period, 1);
  before.org = k->org;
  if (!judge_ask(j, k->measure, k->slice, k->slice_label, before.period, k->org, &before.value, e)) return false;
  bool absent_now = false, absent_then = false;
  if (!judge_absent(j, k, &absent_now, e) || !judge_absent(j, &before, &absent_then, e)) return false;
  PeriodText period;
  c->figure = k->measure;
  if (absent_now || absent_then || before.value.null || k->value.null || !before.value.rows)
    return claim_concludes(c, VERDICT_UNSUPPORTED, REASON_NO_RECORDS,
                           arena_print(a, "台账中没有%s的%s记录，增减无从核对。",
                                       period_chinese(absent_now ? k->period : before.period, period),
                                       k->measure->set->from->label));
  Ratio change;
  if (!change_of(&c->quantity, k->measure, k->value.exact, before.value.exact, falls(judge_draft(j), c), &change))
    return claim_concludes(c, VERDICT_UNSUPPORTED, REASON_NO_FIGURE, none);
  const char *both = arena_print(a, "%s上年%s，今年%s", candidate_name(a, k), exact_text(a, k->measure, &before.value),
                                 exact_text(a, k->measure, &k->value));
  k->fit = quantity_fits(&c->quantity, change, &k->note);
  if (k->fit != FIT_NO)
    return claim_concludes(c, k->fit == FIT_YES ? VERDICT_SUPPORTED : VERDICT_NOTE, REASON_NONE,
                           arena_print(a, "台账%s。", both));
  if (k->sure < MATCH_SURE) return claim_concludes(c, VERDICT_UNSUPPORTED, REASON_NO_FIGURE, none);
  bool closed = false;
  if (!judge_closed(j, &before, &closed, e)) return false;
  return claim_concludes(c, closed ? VERDICT_CONTRADICTED : VERDICT_AMBIGUOUS, REASON_NONE,
                         arena_print(a, "稿中说比上年变动%s，台账%s，两者不符。请核对。", c->text, both));
}

/* 由85%上升到97%: the first is last year's. */
bool claim_former(const Draft *d, const Claim *c) {
  const char *phrase = d->text + d->byte[d->phrases[c->frame->phrase].from];
  if (!strncmp(phrase, "去年", strlen("去年")) || !strncmp(phrase, "上年", strlen("上年"))) return !c->frame->change;
  enum { VERB = 6 };
  size_t from = claim_from(c), to = claim_to(c);
  if (!from || !char_in(d->cp[from - 1], "由从")) return false;
  for (size_t i = to; i < d->count && i < to + VERB && (han_char(d->cp[i])); i++)
    if (i > to && char_in(d->cp[i], "到至为") && char_in(d->cp[to], "上增提升扩下降减缩发跃")) return true;
  return false;
}

/* ---- plans ---- */

bool judge_plan(Judge *j, Claim *c, Error *e) {
  Arena *a = judge_session(j)->arena;
  Candidate *k = c->candidate_count ? &c->candidates[0] : NULL;
  if (!k || k->score < MATCH_FLOOR || c->frame->every)
    return claim_concludes(c, VERDICT_PLAN, REASON_NONE, "计划目标，不作核对。");
  for (size_t i = 0; i < c->candidate_count; i++) { /* words of targets are much alike: the number may tell */
    Candidate *other = &c->candidates[i];
    if (other->score < MATCH_FLOOR || other->score + MATCH_TIE < k->score) continue;
    if (!judge_candidate(j, c, other, e)) return false;
    if (other->fit == FIT_NO) continue;
    Candidate first = *other;
    c->candidates[i] = *k;
    *k = first;
    break;
  }
  if (!judge_candidate(j, c, k, e)) return false;
  c->figure = k->measure;
  if (!k->value.rows)
    return claim_concludes(c, VERDICT_PLAN, REASON_NONE,
                           arena_print(a, "计划目标，%s中还没有登记。", k->measure->set->from->label));
  const char *text = exact_text(a, k->measure, &k->value);
  return claim_concludes(c, VERDICT_PLAN, REASON_NONE,
                         k->fit != FIT_NO ? arena_print(a, "计划目标，与登记的目标%s相符。", text)
                                          : arena_print(a, "计划目标，稿中%s，登记的目标%s，请核对。", c->text, text));
}
