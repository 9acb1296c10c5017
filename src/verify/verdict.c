/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * From candidates to verdicts: figures are asked, written quantities compared by their wording, and the
 * finding said in the office's words (UX.md).
 *
 * The first candidate by words decides. Others are asked only when it fails: another reading of the
 * same words that fits makes the claim a question, never a fault. Absent records make a claim
 * unsupported; only a closed period makes them a contradiction. Plans are not compared. */
#include "verify/verdict.h"

#include <string.h>

#include "base/utf8.h"
#include "relation/row.h"
#include "verify/answers.h"
#include "verify/gap.h"
#include "verify/match.h"

struct Judge {
  Session *s;
  const Draft *d;
  Period period;
  int64_t org, reporter;
  Answers *answers;
  struct {
    const char *name;
    int64_t id;
  } * orgs;
  size_t org_count, org_room;
};

/* ---- asking ---- */

static bool same_text(const char *a, const char *b) { return a && b ? !strcmp(a, b) : a == b; }

bool judge_ask(Judge *j, const Measure *m, const Filter *slice, const char *label, Period period, int64_t org,
               FigureValue *out, Error *e) {
  FigureAsk ask = {.measure = m, .slice = slice, .org = org, .period = period, .reporter = j->reporter};
  return answers_get(j->answers, ask, label, out, e);
}

/* ---- whose and when ---- */

/* 上半年8次，全年15次: the second takes the whole again. */
static bool whole_year(const Draft *d, const ClaimFrame *f) {
  const Phrase *p = &d->phrases[f->phrase];
  size_t bytes = d->byte[p->to] - d->byte[p->from];
  return memmem(d->text + d->byte[p->from], bytes, "全年", strlen("全年")) != NULL;
}

Period judge_claim_period(const Judge *j, const Claim *c, const Measure *m) {
  const ClaimFrame *f = c->frame;
  Period base = j->period;
  if (base.kind != PERIOD_YEAR) return base;
  int year = date_year(base.from);
  if (!m->lag && claim_former(j->d, c)) return period_year(year - 1);
  bool lagged = m->lag && f->year == year - m->lag;
  if (f->year && f->year < year && !lagged) year = f->year;
  if (!f->months || whole_year(j->d, f)) return year == date_year(base.from) ? base : period_year(year);
  if (f->months == 1) return period_month(year, f->month);
  if (f->months == 3 && f->month % 3 == 1) return period_quarter(year, f->month / 3 + 1);
  bool half = f->months == 6 && f->month % 6 == 1;
  Period part = {.kind = half ? PERIOD_HALF : PERIOD_SPAN, .from = date_make(year, f->month, 1)};
  part.to = date_add_months(part.from, f->months);
  return part;
}

static void load_orgs(Judge *j) {
  const OrgTree *t = j->s->tree;
  Date at = period_last(j->period);
  for (size_t i = 0; t && i < t->count; i++) {
    if (t->at[i].id == t->root || t->at[i].id == j->org || !org_alive(&t->at[i], at)) continue;
    const char *name = org_name(t, t->at[i].id, at);
    if (utf8_length(name) < 2) continue;
    size_t k = j->org_count; /* longest first, so that 甲村党支部 is not taken for 甲村 */
    PUSH(j->s->arena, j->orgs, j->org_count, j->org_room);
    for (; k && strlen(j->orgs[k - 1].name) < strlen(name); k--) j->orgs[k] = j->orgs[k - 1];
    j->orgs[k].name = name;
    j->orgs[k].id = t->at[i].id;
  }
}

/* The one org that the phrase names; several, or none, mean the whole. */
static int64_t named_org(const Judge *j, const ClaimFrame *f) {
  const Phrase *p = &j->d->phrases[f->phrase];
  const char *text = j->d->text + j->d->byte[p->from];
  size_t bytes = j->d->byte[p->to] - j->d->byte[p->from];
  const char *at = NULL;
  int64_t found = 0;
  for (size_t i = 0; i < j->org_count; i++) {
    const char *hit = memmem(text, bytes, j->orgs[i].name, strlen(j->orgs[i].name));
    if (!hit || (found && hit == at)) continue;
    if (found) return j->org;
    found = j->orgs[i].id;
    at = hit;
  }
  return found ? found : j->org;
}

/* ---- comparing ---- */

/* The figure's value in the unit that the draft uses: 公顷 asked of 亩. */
Ratio in_unit(const Quantity *q, const Measure *m, Ratio value) {
  const Unit *own = unit_find(m->unit);
  Ratio factor, out;
  if (!q->unit || !own || !q->unit->measured || !own->measured) return value;
  bool ok = ratio_make(own->num, own->den, &factor) && ratio_multiply(value, factor, &out) &&
            ratio_make(q->unit->den, q->unit->num, &factor) && ratio_multiply(out, factor, &out);
  return ok ? out : value;
}

/* A mean or share is never written more finely than it is declared: 36.95学时 with one digit is 37. */
static bool as_written(const Quantity *q, const Measure *m, Ratio value) {
  if ((m->fold != FOLD_MEAN && m->fold != FOLD_SHARE) || m->say.unit || q->wording != WORDING_PLAIN || q->range)
    return false;
  int64_t parts = 2;
  for (int i = 0; i < m->scale; i++) parts *= 10;
  Ratio less = {-q->exact.num, q->exact.den}, off, half;
  if (!ratio_add(value, less, &off) || !ratio_make(1, parts, &half)) return false;
  if (off.num < 0) off.num = -off.num;
  return ratio_compare(off, half) <= 0;
}

bool judge_candidate(Judge *j, const Claim *c, Candidate *k, Error *e) {
  if (k->asked) return true;
  k->period = judge_claim_period(j, c, k->measure);
  k->org = c->role == ROLE_PLAN ? j->org : named_org(j, c->frame); /* targets are kept by who sets them */
  if (!judge_ask(j, k->measure, k->slice, k->slice_label, k->period, k->org, &k->value, e)) return false;
  k->asked = true;
  k->text = figure_text(j->s->arena, k->measure, &k->value);
  k->fit = FIT_NO;
  if (k->value.null || k->value.unanswered) return true;
  Ratio value = in_unit(&c->quantity, k->measure, k->value.exact);
  k->fit = quantity_fits(&c->quantity, value, &k->note);
  if (k->fit == FIT_NO && as_written(&c->quantity, k->measure, value)) k->fit = FIT_YES;
  return true;
}

/* ---- words ---- */

/* As exact as it is: 24次, never 20余次. */
const char *exact_text(Arena *a, const Measure *m, const FigureValue *v) {
  if (v->unanswered || v->null) return figure_text(a, m, v);
  TEXT_SCOPE out = text_new(4096);
  int scale = m->say.unit || m->say.scale ? m->say.scale : m->scale;
  NumberText full;
  const char *dot = strchr(ratio_text(v->exact, full), '.');
  if (!m->say.unit && !dot) scale = 0;
  quantity_write(v->exact, m->unit, m->say.unit, scale, &out);
  return arena_copy(a, text_get(&out));
}

/* （8/10） of a share, （476/10） of a mean, nothing else. */
const char *parts_text(Arena *a, const Measure *m, const FigureValue *v) {
  if (v->unanswered || v->null) return "";
  if (m->fold == FOLD_SHARE) return arena_print(a, "（%lld/%lld）", (long long)v->part, (long long)v->whole);
  if (m->fold != FOLD_MEAN || !v->whole) return "";
  Decimal sum = {.mantissa = v->part, .scale = m->value.age || !m->value.column ? 0 : m->value.column->scale};
  NumberText text;
  return arena_print(a, "（合计%s，除以%lld）", decimal_text(decimal_trim(sum), text), (long long)v->whole);
}

const char *candidate_name(Arena *a, const Candidate *k) {
  return k->slice_label ? arena_print(a, "%s（%s）", k->measure->label, k->slice_label) : k->measure->label;
}

static const char *ledger_text(Arena *a, const Candidate *k) {
  return arena_print(a, "%s%s", exact_text(a, k->measure, &k->value), parts_text(a, k->measure, &k->value));
}

/* What the wording takes in, where it is not the bare number: （20至29）. */
static const char *interval_text(Arena *a, const Claim *c) {
  if (c->quantity.wording == WORDING_PLAIN && !c->quantity.scaled && !c->quantity.range) return "";
  const char *text = quantity_interval(a, &c->quantity).text;
  return text && *text ? arena_print(a, "（即%s）", text) : "";
}

static const char *caveats(Arena *a, const Candidate *k) {
  TEXT_SCOPE out = text_new(4096);
  if (k->note) text_print(&out, "%s。", k->note);
  if (k->value.totals) text_print(&out, "其中%lld条仅有总数。", (long long)k->value.totals);
  if (k->value.undetermined) text_print(&out, "待补信息%lld条。", (long long)k->value.undetermined);
  return arena_copy(a, text_get(&out));
}

/* ---- verdicts ---- */

bool claim_concludes(Claim *c, Verdict verdict, Reason reason, const char *message) {
  c->verdict = verdict;
  c->reason = reason;
  c->message = message;
  return true;
}

static bool confirm(Judge *j, Claim *c, const Candidate *k) {
  Arena *a = j->s->arena;
  const char *more = caveats(a, k);
  bool noted = k->fit == FIT_NOTE || *more;
  c->figure = k->measure;
  return claim_concludes(c, noted ? VERDICT_NOTE : VERDICT_SUPPORTED, REASON_NONE,
                         arena_print(a, "台账%s。%s", ledger_text(a, k), more));
}

static bool refuse(Claim *c, Arena *a, const Error *e) {
  return claim_concludes(c, VERDICT_UNSUPPORTED, REASON_REFUSED, arena_copy(a, e->sentence));
}

/* Whether the words of the first candidate may mean this one too. Figures of one set, or two shares of
 * one ledger, are readings of the same words; others must be nearer. */
static bool reading_of(Arena *a, const Candidate *first, const Candidate *k, bool spoken) {
  enum { STRANGER = MATCH_TIE / 2, CLEAR = 600 };
  int apart = first->score - k->score;
  if (spoken && first->led && !k->led) return false; /* 我主持: only what the reporter led */
  int near = first->sure < CLEAR || match_akin(a, first->measure, k->measure) ? MATCH_TIE : STRANGER;
  return k->score >= MATCH_FLOOR && apart <= near;
}

static bool ask_which(Judge *j, Claim *c, const Candidate *const *fits, size_t count) {
  Arena *a = j->s->arena;
  TEXT_SCOPE out = text_new(4096);
  text_print(&out, "“%s”指哪一项？", c->text);
  for (size_t i = 0; i < count; i++)
    text_print(&out, "%s%s%s", i ? "；" : "", candidate_name(a, fits[i]), ledger_text(a, fits[i]));
  text_add(&out, "。请选定，下次照此识别。");
  return claim_concludes(c, VERDICT_AMBIGUOUS, REASON_NONE, arena_copy(a, text_get(&out)));
}

static bool additive(const Candidate *k) {
  return !k->value.null && !k->value.unanswered && (k->measure->fold == FOLD_COUNT || k->measure->fold == FOLD_SUM);
}

static bool adds_up(const Claim *c, Candidate *const *k, size_t count) {
  Ratio sum = ratio_int(0);
  for (size_t i = 0; i < count; i++)
    if (!additive(k[i]) || !k[i]->value.exact.num || !ratio_add(sum, k[i]->value.exact, &sum)) return false;
  return quantity_fits(&c->quantity, in_unit(&c->quantity, k[0]->measure, sum), NULL) != FIT_NO;
}

static bool say_together(Judge *j, Claim *c, Candidate *const *k, size_t count) {
  Arena *a = j->s->arena;
  TEXT_SCOPE out = text_new(4096);
  text_print(&out, "“%s”正好是", c->text);
  for (size_t i = 0; i < count; i++)
    text_print(&out, "%s%s%s", i ? i + 1 == count ? "与" : "、" : "", candidate_name(a, k[i]), ledger_text(a, k[i]));
  text_add(&out, "之和。如是合计，请在稿中分别写明。");
  return claim_concludes(c, VERDICT_AMBIGUOUS, REASON_NONE, arena_copy(a, text_get(&out)));
}

/* 办实事、解难题共30件 is 15 and 15: the first figure and another or two that the words take together. */
static bool together(Judge *j, Claim *c, Error *e, bool *found) {
  bool cue = (c->frame->cues & WORD_TOGETHER) || c->frame->items > 1;
  Candidate *k[3] = {&c->candidates[0]};
  *found = false;
  for (size_t i = 1; i < c->candidate_count; i++) {
    k[1] = &c->candidates[i];
    bool sums = k[0]->measure->fold == FOLD_SUM && k[1]->measure->fold == FOLD_SUM;
    int least = cue ? MATCH_FLOOR * 7 / 10 : sums ? MATCH_FLOOR : k[0]->score - MATCH_TIE; /* money is summed unsaid */
    if (k[1]->score < least || (!cue && k[1]->score < MATCH_FLOOR)) continue;
    if (k[1]->measure == k[0]->measure && !k[0]->slice) continue; /* a part of itself */
    bool readings = k[1]->measure->set == k[0]->measure->set && !k[0]->slice && !k[1]->slice;
    if (!cue && readings) continue; /* of the same words: one holds the other */
    if (!judge_candidate(j, c, k[1], e)) return false;
    if ((*found = adds_up(c, k, 2))) return say_together(j, c, k, 2);
    for (size_t n = i + 1; cue && n < c->candidate_count; n++) {
      k[2] = &c->candidates[n];
      if (k[2]->score < MATCH_FLOOR * 7 / 10) continue;
      if (!judge_candidate(j, c, k[2], e)) return false;
      if ((*found = adds_up(c, k, 3))) return say_together(j, c, k, 3);
    }
  }
  return true;
}

/* 人次 is never 人: the draft has the other one's number. */
static bool other_head(Judge *j, Claim *c, Error *e, bool *found) {
  Arena *a = j->s->arena;
  const Candidate *k = &c->candidates[0];
  *found = false;
  const char *other = c->quantity.unit && !strcmp(c->quantity.unit->class_, "person")         ? "person-times"
                      : c->quantity.unit && !strcmp(c->quantity.unit->class_, "person-times") ? "person"
                                                                                              : NULL;
  for (size_t i = 0; other && i < k->measure->set->measure_count; i++) {
    const Measure *m = &k->measure->set->measures[i];
    const Unit *u = unit_find(m->unit);
    FigureValue v;
    if (!u || strcmp(u->class_, other) != 0) continue;
    if (!judge_ask(j, m, NULL, NULL, k->period, k->org, &v, e)) return false;
    if (v.null || v.unanswered || quantity_fits(&c->quantity, v.exact, NULL) == FIT_NO) continue;
    *found = true;
    c->figure = k->measure;
    return claim_concludes(c, VERDICT_CONTRADICTED, REASON_NONE,
                           arena_print(a, "稿中%s，台账%s、%s。人次与人数不同，请改量词或改数。", c->text,
                                       exact_text(a, m, &v), ledger_text(a, k)));
  }
  return true;
}

static bool contradict(Judge *j, Claim *c, const Candidate *k) {
  Arena *a = j->s->arena;
  int above = ratio_compare_decimal(in_unit(&c->quantity, k->measure, k->value.exact), c->value);
  bool ratio = k->measure->fold == FOLD_MEAN || k->measure->fold == FOLD_SHARE;
  const char *remedy = ratio ? "请核对明细，或改稿。" : above < 0 ? "请查漏登，或改稿。" : "请改稿，或查有无重登。";
  c->figure = k->measure;
  return claim_concludes(
      c, VERDICT_CONTRADICTED, REASON_NONE,
      arena_print(a, "稿中%s%s，台账%s。%s%s", c->text, interval_text(a, c), ledger_text(a, k), remedy, caveats(a, k)));
}

/* An age can hardly be another figure's, whatever the score. */
static bool rests(const Candidate *k) {
  const Unit *u = unit_find(k->measure->unit);
  return u && !strcmp(u->class_, "age") && k->sure * 100 >= k->score * 95;
}

/* The words hardly name the figure, and the number is another: more likely it means something else. */
static bool doubt(Judge *j, Claim *c, const Candidate *k) {
  Arena *a = j->s->arena;
  return claim_concludes(c, VERDICT_AMBIGUOUS, REASON_NONE,
                         arena_print(a, "“%s”是不是指%s（台账%s）？是则请改稿或补登，不是则无对应指标。", c->text,
                                     candidate_name(a, k), ledger_text(a, k)));
}

static bool absent(Judge *j, Claim *c, const Candidate *k) {
  Arena *a = j->s->arena;
  PeriodText period;
  const Set *set = k->measure->set;
  c->figure = k->measure;
  if (k->value.unanswered)
    return claim_concludes(c, VERDICT_UNSUPPORTED, REASON_NO_RECORDS, arena_print(a, "%s", k->value.unanswered));
  return claim_concludes(
      c, VERDICT_UNSUPPORTED, REASON_NO_RECORDS,
      arena_print(a, "台账中没有%s的%s记录，请补登后再核对。", period_chinese(k->period, period), set->from->label));
}

/* Nothing counted, or nothing to divide by, in a ledger that is not closed: unsupported, not false. */
bool judge_absent(Judge *j, const Candidate *k, bool *absent, Error *e) {
  const FigureValue *v = &k->value;
  *absent = v->unanswered != NULL;
  if (*absent || (v->rows && !v->null)) return true;
  FigureState state;
  FigureAsk ask = {
      .measure = k->measure, .slice = k->slice, .org = k->org, .period = k->period, .reporter = j->reporter};
  if (!figure_state(j->s, ask, &state, e)) return false;
  *absent = !state.closed && (!state.records || v->null);
  return true;
}

bool judge_closed(Judge *j, const Candidate *k, bool *closed, Error *e) {
  FigureState state = {0};
  FigureAsk ask = {
      .measure = k->measure, .slice = k->slice, .org = k->org, .period = k->period, .reporter = j->reporter};
  if (!figure_state(j->s, ask, &state, e)) return false;
  *closed = state.closed;
  return true;
}

/* 每月一次 is a frequency; 每村每年2.1万元 is not. */
static bool is_cadence(const Claim *c, const Candidate *k) {
  const Unit *u = c->quantity.unit;
  bool times = u && (!strcmp(u->class_, "event") || !strcmp(u->class_, "session"));
  return c->frame->every && times && k->measure->fold != FOLD_MEAN && decimal_compare(c->value, decimal_int(12)) <= 0;
}

/* The records of a year gone by may never have been complete: only a closed one is held against a draft. */
static bool ask_last_year(Judge *j, Claim *c, const Candidate *k, Error *e) {
  bool closed = false;
  PeriodText period;
  if (!judge_closed(j, k, &closed, e)) return false;
  c->figure = k->measure;
  return claim_concludes(c, closed ? VERDICT_CONTRADICTED : VERDICT_AMBIGUOUS, REASON_NONE,
                         arena_print(j->s->arena, "稿中%s，%s台账%s。请对照上年的报告。", c->text,
                                     period_chinese(k->period, period), ledger_text(j->s->arena, k)));
}

static bool unknown(Claim *c) {
  return claim_concludes(c, VERDICT_UNSUPPORTED, REASON_NO_FIGURE, "没有对应的指标，本次未核对。");
}

static bool decide(Judge *j, Claim *c, Error *e) {
  Candidate *first = &c->candidates[0];
  if (!judge_candidate(j, c, first, e)) return false;
  if (is_cadence(c, first)) return judge_cadence(j, c, e);
  if (first->fit != FIT_NO) return confirm(j, c, first);
  const Candidate *fits[MATCH_SHOWN] = {first};
  size_t count = 1;
  for (size_t i = 1; i < c->candidate_count && !first->settled; i++) {
    if (!reading_of(j->s->arena, first, &c->candidates[i], c->frame->cues & WORD_REPORTER)) continue;
    if (!judge_candidate(j, c, &c->candidates[i], e)) return false;
    if (c->candidates[i].fit != FIT_NO) fits[count++] = &c->candidates[i];
  }
  if (count > 1) return ask_which(j, c, fits, count);
  bool found = false;
  if (!first->settled && !together(j, c, e, &found)) return false;
  if (found) return true;
  bool none = false;
  if (!judge_absent(j, first, &none, e)) return false;
  if (none) return absent(j, c, first);
  if (!other_head(j, c, e, &found)) return false;
  if (found) return true;
  if (!first->measure->lag && claim_former(j->d, c) && first->sure >= MATCH_FLOOR) return ask_last_year(j, c, first, e);
  if (rests(first)) return contradict(j, c, first);
  if (first->sure < MATCH_FLOOR) return unknown(c);
  int least = claim_far(c, first, 5) ? MATCH_FAR : MATCH_SURE;
  return first->sure < least ? doubt(j, c, first) : contradict(j, c, first);
}

/* ---- cadence: 每月一次 in a past section ---- */

bool judge_cadence(Judge *j, Claim *c, Error *e) {
  static const int months[] = {[EVERY_YEAR] = 12, [EVERY_HALF] = 6, [EVERY_QUARTER] = 3, [EVERY_MONTH] = 1};
  Arena *a = j->s->arena;
  const Candidate *k = &c->candidates[0];
  int step = c->frame->every == EVERY_WEEK ? 0 : months[c->frame->every];
  if (!step) return claim_concludes(c, VERDICT_UNSUPPORTED, REASON_NO_DUTY, "没有按周核对的职责，未作核对。");
  TEXT_SCOPE missing = text_new(4096);
  size_t short_of = 0, parts = 0;
  for (Date from = k->period.from; from < k->period.to && date_add_months(from, step) <= j->s->today;
       from = date_add_months(from, step), parts++) {
    int year = date_year(from), month = date_month(from);
    Period part = step == 1   ? period_month(year, month)
                  : step == 3 ? period_quarter(year, (month + 2) / 3)
                  : step == 6 ? (Period){PERIOD_HALF, from, date_add_months(from, 6)}
                              : period_year(year);
    FigureValue v;
    PeriodText text;
    if (!judge_ask(j, k->measure, k->slice, k->slice_label, part, k->org, &v, e)) return false;
    if (v.unanswered) return absent(j, c, k);
    if (!v.null && ratio_compare_decimal(v.exact, c->value) >= 0) continue;
    text_print(&missing, "%s%s", short_of++ ? "、" : "", period_chinese(part, text));
  }
  c->figure = k->measure;
  const char *whole = exact_text(a, k->measure, &k->value);
  if (!parts && k->value.rows) return confirm(j, c, k); /* no part is over yet */
  if (!short_of && parts)
    return claim_concludes(c, VERDICT_SUPPORTED, REASON_NONE, arena_print(a, "各期都有，台账共%s。", whole));
  bool none = false;
  if (!judge_absent(j, k, &none, e)) return false;
  if (none) return absent(j, c, k);
  return claim_concludes(c, VERDICT_CONTRADICTED, REASON_NONE,
                         arena_print(a, "%s不足%s，台账共%s。请查漏登，或改稿。", text_get(&missing), c->text, whole));
}

Period judge_period(const Judge *j) { return j->period; }
Session *judge_session(const Judge *j) { return j->s; }
int64_t judge_reporter(const Judge *j) { return j->reporter; }
const Draft *judge_draft(const Judge *j) { return j->d; }

int64_t judge_phrase_org(const Judge *j, size_t phrase) {
  const ClaimFrame f = {.phrase = phrase};
  return named_org(j, &f);
}

/* A figure that another claim of the text has right is hardly meant by this one too. */
static bool doubt_again(Judge *j, Verification *v, Claim *c, Error *e) {
  const Candidate *k = &c->candidates[0];
  const Claim *other = NULL;
  if (c->verdict != VERDICT_CONTRADICTED || c->frame->change || k->sure >= MATCH_FAR) return true;
  for (size_t i = 0; i < v->claim_count && !other; i++) {
    const Claim *b = &v->claims[i];
    bool fits = b->verdict == VERDICT_SUPPORTED || b->verdict == VERDICT_NOTE;
    if (fits && b->figure == k->measure && same_text(b->candidates[0].slice_label, k->slice_label) &&
        b->candidates[0].score >= k->score)
      other = b;
  }
  if (!other) return true;
  const Candidate *fits[MATCH_SHOWN] = {k};
  size_t count = 1;
  for (size_t i = 1; i < c->candidate_count; i++) {
    if (c->candidates[i].score < MATCH_FLOOR) continue;
    if (!judge_candidate(j, c, &c->candidates[i], e)) return false;
    if (c->candidates[i].fit != FIT_NO) fits[count++] = &c->candidates[i];
  }
  c->figure = NULL;
  return count > 1 ? ask_which(j, c, fits, count) : doubt(j, c, k);
}

/* 15件、15件，共30件: the total of what was said is as good as its parts; of itself it names no figure. */
static void settle_total(Judge *j, Verification *v, size_t i) {
  Claim *c = &v->claims[i];
  size_t n = c->frame->parts;
  bool borne_out = true;
  Ratio sum = ratio_int(0), part;
  if (n < 2 || n > i || c->role != ROLE_CLAIM) return;
  for (const Claim *b = c - n; b < c; b++) {
    if (!ratio_from_decimal(b->value, &part) || !ratio_add(sum, part, &sum)) return;
    borne_out = borne_out && (b->verdict == VERDICT_SUPPORTED || b->verdict == VERDICT_NOTE);
  }
  bool adds = quantity_fits(&c->quantity, sum, NULL) != FIT_NO;
  c->figure = NULL;
  if (adds && borne_out)
    claim_concludes(c, VERDICT_SUPPORTED, REASON_NONE, "与前面各项之和相符。");
  else
    claim_concludes(c, VERDICT_UNSUPPORTED, REASON_NO_FIGURE,
                    arena_print(j->s->arena, adds ? "是前面各项之和，随各项核对。" : "与前面各项之和不符，请核对。"));
}

static bool judge_past(Judge *j, Claim *c, Error *e) {
  if (!c->candidate_count || c->candidates[0].score < MATCH_FLOOR) return unknown(c);
  return c->frame->change ? judge_change(j, c, e) : decide(j, c, e);
}

/* What the claims will ask first, asked together. */
static void judge_ahead(Judge *j, const Claim *claims, size_t count) {
  FigureAsk *asks = NEW_ARRAY(j->s->arena, FigureAsk, count + 1);
  const char **labels = NEW_ARRAY(j->s->arena, const char *, count + 1);
  size_t n = 0;
  for (const Claim *c = claims; c < claims + count; c++) {
    const Candidate *k = c->candidates;
    if (c->role == ROLE_PLAN || !c->candidate_count || k->score < MATCH_FLOOR) continue;
    labels[n] = k->slice_label;
    asks[n++] = (FigureAsk){.measure = k->measure, .slice = k->slice, .org = named_org(j, c->frame),
                            .period = judge_claim_period(j, c, k->measure), .reporter = j->reporter};
  }
  answers_ahead(j->answers, asks, labels, n);
}

static bool judge_claim(Judge *j, Claim *c, Error *e) {
  Error refused = {0};
  if (c->role == ROLE_PLAN ? judge_plan(j, c, &refused) : judge_past(j, c, &refused)) return true;
  if (refused.kind == ERROR_FORBIDDEN) return refuse(c, j->s->arena, &refused);
  *e = refused;
  return false;
}

Judge *judge_new(Session *s, const Draft *d, int64_t org, Period period, Error *e) {
  Judge *j = NEW(s->arena, Judge);
  *j = (Judge){.s = s, .d = d, .period = period, .org = org};
  Error mine = {0};
  j->reporter = session_reporter(s, org, period, &mine);
  if (!j->reporter && !mine.kind) j->reporter = -1; /* nobody: figures need not look again */
  if (mine.kind) {
    *e = mine;
    return NULL;
  }
  j->answers = answers_new(s);
  load_orgs(j);
  return j;
}

/* ---- the whole ---- */

bool verify_text(Session *s, const char *file, const char *text, int64_t org, const Period *period, Verification **out,
                 Error *e) {
  return verify_text_settled(s, file, text, org, period, NULL, 0, out, e);
}

bool verify_text_settled(Session *s, const char *file, const char *text, int64_t org, const Period *period,
                         const ClaimChoice *choices, size_t choice_count, Verification **out, Error *e) {
  Verification *v = NULL;
  if (!verify_extract(s->arena, text, &v, e)) return false;
  v->file = file;
  v->org = org ? org : s->tree->root;
  int year = v->draft->year ? v->draft->year : date_year(s->today);
  v->period = period ? *period : period_year(year);
  frame_claims(v->draft, v->claims, v->claim_count);
  Phrasing *phrasings = NULL;
  size_t count = phrasings_load(s, &phrasings, e);
  if (count == (size_t)-1) return false;
  Matcher *m = matcher_new(s->arena, s->catalogue, phrasings, count);
  match_claims(m, v->draft, v->claims, v->claim_count);
  claims_settle(v, choices, choice_count);
  Judge *j = judge_new(s, v->draft, v->org, v->period, e);
  if (!j) return false;
  judge_ahead(j, v->claims, v->claim_count);
  for (size_t i = 0; i < v->claim_count; i++)
    if (!judge_claim(j, &v->claims[i], e)) return false;
  for (size_t i = 0; i < v->claim_count; i++)
    if (!doubt_again(j, v, &v->claims[i], e)) return false;
  for (size_t i = 0; i < v->claim_count; i++) settle_total(j, v, i);
  if (!statements_find(j, m, v, e)) return false;
  whose_settle(j, v);
  if (!cross_check(j, v, e) || !gaps_find(j, m, v, e)) return false;
  *out = v;
  return true;
}

bool verification_clean(const Verification *v) {
  for (size_t i = 0; i < v->claim_count; i++) {
    Verdict k = v->claims[i].verdict;
    if (k == VERDICT_CONTRADICTED || k == VERDICT_AMBIGUOUS || k == VERDICT_UNSUPPORTED) return false;
  }
  for (size_t i = 0; i < v->statement_count; i++)
    if (v->statements[i].verdict == VERDICT_CONTRADICTED) return false;
  return !v->finding_count;
}
