/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Claims of one text held against each other, whatever the records say: a part above its whole, parts that
 * do not add up, a share or a mean that no count of people can give, attendances below the people who
 * attended, one figure stated twice with two numbers, a change that the records of both years do not show.
 *
 * Only what is sure is said: intervals must be apart, not merely unequal, and a base that the words leave
 * open is tried with every number near that could be it. A false finding is as bad as a false
 * contradiction. Plans are never looked at. */
#include "verify/verdict.h"

#include <string.h>

#include "base/utf8.h"

typedef struct Cross {
  Judge *j;
  Verification *v;
  Arena *arena;
  size_t room;
} Cross;

const char *finding_name(FindingKind k) {
  static const char *const names[] = {
      "part_over_whole", "parts_sum", "ratio", "mean_impossible", "person_times_below_persons",
      "stated_twice",    "last_year"};
  return names[k];
}

static void found(Cross *x, FindingKind kind, const size_t *claims, size_t count, const char *message) {
  Verification *v = x->v;
  Finding *f = PUSH(x->arena, v->findings, v->finding_count, x->room);
  *f = (Finding){.kind = kind, .message = message};
  f->claim_count = count < FINDING_CLAIMS ? count : FINDING_CLAIMS;
  memcpy(f->claims, claims, f->claim_count * sizeof *claims);
}

/* ---- what a number may be ---- */

static const char *class_of(const Claim *c) { return c->quantity.unit ? c->quantity.unit->class_ : ""; }
static bool is_class(const Claim *c, const char *name) { return !strcmp(class_of(c), name); }

static bool is_count(const Claim *c) {
  return c->role == ROLE_CLAIM && !c->frame->change && !c->frame->each && !is_class(c, "percent") &&
         !is_class(c, "age") && !(c->frame->cues & WORD_MEAN);
}

/* A whole number said as it is: 63, not 60余, 约60 or 6.3万. */
static bool exact_count(const Claim *c) {
  const Quantity *q = &c->quantity;
  return is_count(c) && q->wording == WORDING_PLAIN && !q->scaled && !q->range && !q->bounded && c->value.scale == 0;
}

static bool comparable(const Claim *a, const Claim *b) {
  const Unit *u = a->quantity.unit, *v = b->quantity.unit;
  return u && v && (u->measured ? !strcmp(u->name, v->name) : !strcmp(u->class_, v->class_));
}

/* Every value that a may be is below every value that b may be. */
static bool surely_below(Arena *arena, const Claim *a, const Claim *b) {
  Interval x = quantity_interval(arena, &a->quantity), y = quantity_interval(arena, &b->quantity);
  return x.has_high && y.has_low && ratio_compare(x.high, y.low) < 0;
}

static bool apart(Arena *arena, const Claim *a, const Claim *b) {
  return surely_below(arena, a, b) || surely_below(arena, b, a);
}

static size_t sentence_of(const Cross *x, size_t i) {
  return x->v->draft->phrases[x->v->claims[i].frame->phrase].sentence;
}

/* ---- parts and wholes ---- */

/* 个 counts anything, and 里 alone is no 其中 (学习班办到村里，研讨8期): the part must speak of what the whole does, or
 * of nothing of its own. */
static bool same_noun(const Cross *x, const Claim *part, const Claim *whole) {
  if ((part->frame->cues & WORD_WITHIN) && strcmp(part->quantity.unit->name, "个") != 0) return true;
  const Draft *d = x->v->draft;
  uint32_t a[64], b[64];
  size_t n = 0, m = 0;
  for (size_t i = 0; i < part->frame->own && n < 64; i++)
    n += draft_content(d, part->frame->spans[i].from, part->frame->spans[i].to, a + n, 64 - n);
  for (size_t i = 0; i < whole->frame->own && m < 64; i++)
    m += draft_content(d, whole->frame->spans[i].from, whole->frame->spans[i].to, b + m, 64 - m);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < m; k++)
      if (a[i] == b[k] && (i + 1 == n || k + 1 == m || a[i + 1] == b[k + 1])) return true;
  return !n;
}

static void part_over_whole(Cross *x, size_t i) {
  const Claim *c = &x->v->claims[i];
  size_t at = c->frame->whole;
  if (at == CLAIM_NONE || at >= i || !is_count(c)) return;
  const Claim *whole = &x->v->claims[at];
  if (!is_count(whole) || !comparable(c, whole) || !same_noun(x, c, whole)) return;
  if (!surely_below(x->arena, whole, c)) return;
  found(x, FINDING_PART_OVER_WHOLE, (size_t[]){at, i}, 2,
        arena_print(x->arena, "其中的%s多于总数%s，请核对。", c->text, whole->text));
}

/* 15件、15件，共30件. Of items named before one total only a sum is known: 办实事、解难题共30件 is not looked at. */
static void parts_sum(Cross *x, size_t i) {
  const Claim *c = &x->v->claims[i];
  size_t n = c->frame->parts, claims[FINDING_CLAIMS];
  if (n < 2 || n + 1 > FINDING_CLAIMS || n > i || !exact_count(c)) return;
  Decimal sum = decimal_int(0);
  TEXT_SCOPE text = text_new(1024);
  for (size_t k = 0; k < n; k++) {
    const Claim *part = &x->v->claims[i - n + k];
    bool inside = part->frame->cues & WORD_WITHIN;
    if (inside || !exact_count(part) || !comparable(part, c) || !decimal_add(sum, part->value, &sum)) return;
    claims[k] = i - n + k;
    text_print(&text, "%s%s", k ? "＋" : "", part->surface);
  }
  claims[n] = i;
  NumberText number;
  if (decimal_compare(sum, c->value) == 0) return;
  found(x, FINDING_PARTS_SUM, claims, n + 1,
        arena_print(x->arena, "分项%s得%s，与合计%s不符，请核对。", text_get(&text),
                    decimal_text(decimal_trim(sum), number), c->text));
}

static bool starts_with(const Draft *d, const Claim *c, const char *word) {
  for (size_t k = 0; k < c->frame->own; k++) {
    const char *s = d->text + d->byte[c->frame->spans[k].from];
    size_t bytes = d->byte[c->frame->spans[k].to] - d->byte[c->frame->spans[k].from];
    if (bytes >= strlen(word) && memmem(s, bytes, word, strlen(word))) return true;
  }
  return false;
}

/* 党员601名，男党员511名，女党员90名: men and women are all there are. */
static void men_and_women(Cross *x, size_t i) {
  const Draft *d = x->v->draft;
  const Claim *c = &x->v->claims[i];
  if (i < 2 || !exact_count(c) || !is_class(c, "person")) return;
  const Claim *other = &x->v->claims[i - 1], *whole = &x->v->claims[i - 2];
  bool pair = (starts_with(d, c, "女") && starts_with(d, other, "男")) ||
              (starts_with(d, c, "男") && starts_with(d, other, "女"));
  if (!pair || !exact_count(other) || !exact_count(whole) || !is_class(other, "person") || !is_class(whole, "person"))
    return;
  if (sentence_of(x, i) != sentence_of(x, i - 2) || starts_with(d, whole, "男") || starts_with(d, whole, "女")) return;
  Decimal sum;
  if (!decimal_add(c->value, other->value, &sum) || !decimal_compare(sum, whole->value)) return;
  NumberText number;
  found(x, FINDING_PARTS_SUM, (size_t[]){i - 2, i - 1, i}, 3,
        arena_print(x->arena, "男女相加得%s，与总数%s不符，请核对。", decimal_text(decimal_trim(sum), number),
                    whole->text));
}

/* ---- shares and means ---- */

/* Whether part of whole can be written as the share: rounded or cut off in its last place. */
static bool gives(const Quantity *share, int64_t part, int64_t whole) {
  Ratio value, place, diff, minus;
  if (whole <= 0) return true;
  if (!ratio_make(part * 100, whole, &value) || !ratio_from_decimal(share->place, &place) ||
      !ratio_multiply(share->exact, ratio_int(-1), &minus) || !ratio_add(value, minus, &diff))
    return true;
  if (diff.num < 0 && !ratio_multiply(diff, ratio_int(-1), &diff)) return true;
  return ratio_compare(diff, place) < 0;
}

static bool small_count(const Claim *c, int64_t *n) {
  enum { MOST = 100000000 };
  if (!exact_count(c) || c->value.mantissa <= 0 || c->value.mantissa > MOST) return false;
  *n = c->value.mantissa;
  return true;
}

static bool plain_share(const Claim *c) {
  size_t n = strlen(c->surface);
  bool percent = (n && c->surface[n - 1] == '%') || (n > 3 && !strcmp(c->surface + n - 3, "％"));
  return c->role == ROLE_CLAIM && percent && is_class(c, "percent") && c->quantity.wording == WORDING_PLAIN &&
         !c->quantity.range && !c->frame->change && !c->quantity.han;
}

/* 345名，占59.4%: of the whole it is part of, or of any other count of its kind in this sentence or the last. */
static void share_again(Cross *x, size_t i) {
  enum { REACH = 24 };
  const Claim *claims = x->v->claims, *c = &claims[i];
  size_t at = c->frame->part, whole = c->frame->whole;
  int64_t part = 0, n = 0;
  if (!plain_share(c) || at == CLAIM_NONE || at >= i || whole == CLAIM_NONE || whole >= at) return;
  if (!small_count(&claims[at], &part) || !small_count(&claims[whole], &n) || !comparable(&claims[at], &claims[whole]))
    return;
  if (gives(&c->quantity, part, n) || part > n) return;
  for (size_t k = i, steps = 0; k-- > 0 && steps < REACH; steps++) {
    if (sentence_of(x, k) + 1 < sentence_of(x, i)) break;
    if (k != at && comparable(&claims[at], &claims[k]) &&
        (!small_count(&claims[k], &n) || gives(&c->quantity, part, n)))
      return;
  }
  found(x, FINDING_RATIO, (size_t[]){whole, at, i}, 3,
        arena_print(x->arena, "%s占%s的比例不是%s，请核对。", claims[at].text, claims[whole].text, c->surface));
}

/* 10名…中，8名…: the counts of people that a share or a mean may be of: those near before it. */
static size_t bases(const Cross *x, size_t i, size_t *out, size_t room) {
  size_t n = 0, sentence = sentence_of(x, i);
  for (size_t k = i; k-- > 0 && n < room;) {
    if (sentence_of(x, k) != sentence) break;
    if (is_class(&x->v->claims[k], "person")) out[n++] = k;
  }
  return n;
}

static bool possible_share(const Quantity *q, int64_t n) {
  Ratio share = q->exact;
  if (share.den <= 0 || share.num < 0 || n > INT64_MAX / 1000 || share.num > INT64_MAX / 1000 / (n + 1)) return true;
  int64_t low = share.num * n / share.den / 100; /* nearest counts below and above */
  return gives(q, low, n) || gives(q, low + 1, n);
}

/* A mean of whole years over n people: its n-fold is within rounding of a whole number. */
static bool possible_mean(const Quantity *q, int64_t n) {
  Ratio mean = q->exact, place, half, sum, low, high;
  if (!ratio_from_decimal(q->place, &place) || !ratio_multiply(place, ratio_int(n), &half) ||
      !ratio_multiply(mean, ratio_int(n), &sum) || !ratio_make(half.num, half.den, &half))
    return true;
  Ratio minus;
  if (!ratio_multiply(half, ratio_int(-1), &minus) || !ratio_add(sum, minus, &low) || !ratio_add(sum, half, &high))
    return true;
  int64_t k = low.num / low.den; /* a whole number strictly between, or cut off: at most one place away */
  for (int64_t step = 0; step < 3; step++) {
    Ratio whole = ratio_int(k + step);
    if (ratio_compare(whole, low) > 0 && ratio_compare(whole, high) < 0) return true;
  }
  return false;
}

/* GRIM: 47.6岁 of seven people, 85% of fifteen. Every base that the sentence offers, and the one that the
 * figure itself has, must be impossible. */
static void impossible(Cross *x, size_t i) {
  enum { BASES = 8 };
  const Claim *claims = x->v->claims, *c = &claims[i];
  bool age = is_class(c, "age") && c->quantity.wording == WORDING_PLAIN && !c->quantity.range && c->role == ROLE_CLAIM;
  bool share = plain_share(c) && c->frame->part == CLAIM_NONE && (c->frame->cues & (WORD_SHARE | WORD_WITHIN));
  size_t at[BASES], n = bases(x, i, at, BASES);
  if ((!age && !share) || !n || c->frame->change) return;
  for (size_t k = 0; k < n; k++) {
    int64_t people = 0;
    if (!small_count(&claims[at[k]], &people)) return;
    if (age ? possible_mean(&c->quantity, people) : possible_share(&c->quantity, people)) return;
  }
  for (size_t k = 0; k < c->candidate_count; k++) {
    const Candidate *q = &c->candidates[k];
    if (!q->asked || q->value.whole <= 0 || q->value.null) continue;
    if (q->fit != FIT_NO ||
        (age ? possible_mean(&c->quantity, q->value.whole) : possible_share(&c->quantity, q->value.whole)))
      return;
  }
  found(x, FINDING_MEAN, (size_t[]){at[0], i}, 2,
        age ? arena_print(x->arena, "按%s算，平均不可能是%s，请核对人数或平均数。", claims[at[0]].text, c->text)
            : arena_print(x->arena, "按%s算，比例不可能是%s，请核对人数或比例。", claims[at[0]].text, c->surface));
}

/* ---- people and attendances ---- */

static const Candidate *bound(const Claim *c) {
  enum { STRONG = 660 };
  const Candidate *k = c->candidate_count ? &c->candidates[0] : NULL;
  bool telling = c->role == ROLE_CLAIM && k && k->sure >= STRONG && !c->frame->change && !c->frame->each;
  return telling && c->verdict != VERDICT_UNSUPPORTED && c->verdict != VERDICT_AMBIGUOUS ? k : NULL;
}

static bool same_slice(const Candidate *a, const Candidate *b) {
  return a->slice_label && b->slice_label ? !strcmp(a->slice_label, b->slice_label) : a->slice_label == b->slice_label;
}

static bool same_scope(const Candidate *a, const Candidate *b) {
  return same_slice(a, b) && a->org == b->org && a->period.from == b->period.from && a->period.to == b->period.to;
}

static void person_times(Cross *x, size_t i) {
  const Claim *claims = x->v->claims, *c = &claims[i];
  if (!is_count(c) || (!is_class(c, "person-times") && !is_class(c, "person"))) return;
  for (size_t k = i; k-- > 0;) {
    const Claim *b = &claims[k];
    bool pair = is_count(b) && ((is_class(c, "person") && is_class(b, "person-times")) ||
                                (is_class(c, "person-times") && is_class(b, "person")));
    if (!pair) continue;
    const Candidate *p = bound(c), *q = bound(b);
    /* 31人、28人次 in one phrase, or two figures of one set */
    bool together = k + 1 == i && sentence_of(x, k) == sentence_of(x, i) && c->frame->bare;
    bool set = p && q && p->measure->set == q->measure->set && p->measure->rows == q->measure->rows && same_scope(p, q);
    if (!together && !set) continue;
    const Claim *times = is_class(c, "person-times") ? c : b, *persons = times == c ? b : c;
    if (!surely_below(x->arena, times, persons)) continue;
    found(x, FINDING_PERSON_TIMES, (size_t[]){k, i}, 2,
          arena_print(x->arena, "人次（%s）少于人数（%s），请核对。", times->text, persons->text));
    return;
  }
}

/* ---- said twice ---- */

/* Words that narrow a figure to some of its rows without a filter: 其中, 第一轮, 3月, a village. */
static bool narrowed(const Cross *x, const Claim *c) {
  const Draft *d = x->v->draft;
  const Phrase *p = &d->phrases[c->frame->phrase];
  if ((c->frame->cues & (WORD_WITHIN | WORD_SINCE | WORD_MEAN)) || c->frame->every || c->frame->months ||
      c->frame->out_of || c->frame->items || c->frame->parts)
    return true;
  for (size_t i = p->from; i < p->to; i++) {
    if (char_in(d->cp[i], "第首每各另再又")) return true;
    if (char_in(d->cp[i], "月日周") && i > p->from && (digit_char(d->cp[i - 1]) || numeral_char(d->cp[i - 1])))
      return true;
  }
  return false;
}

static void stated_twice(Cross *x, size_t i) {
  const Claim *claims = x->v->claims, *c = &claims[i];
  const Candidate *p = bound(c);
  if (!p || narrowed(x, c)) return;
  for (size_t k = i; k-- > 0;) {
    const Claim *b = &claims[k];
    const Candidate *q = bound(b);
    if (!q || q->measure != p->measure || !same_scope(p, q) || narrowed(x, b)) continue;
    if (!apart(x->arena, c, b) || !comparable(c, b)) continue;
    found(x, FINDING_STATED_TWICE, (size_t[]){k, i}, 2,
          arena_print(x->arena, "%s前面写%s，这里写%s，请核对统一。", candidate_name(x->arena, p), b->text, c->text));
    return;
  }
}

/* ---- last year ---- */

static void last_year(Cross *x, size_t i) {
  const Claim *c = &x->v->claims[i];
  if (!c->frame->change || c->verdict != VERDICT_CONTRADICTED) return;
  size_t base = i && sentence_of(x, i - 1) == sentence_of(x, i) ? i - 1 : i;
  found(x, FINDING_LAST_YEAR, (size_t[]){base, i}, base == i ? 1 : 2, c->message);
}

bool cross_check(Judge *j, Verification *v, Error *e) {
  (void)e;
  Cross x = {.j = j, .v = v, .arena = judge_session(j)->arena};
  if (v->elsewhere) return true;
  for (size_t i = 0; i < v->claim_count; i++) {
    if (v->claims[i].role != ROLE_CLAIM) continue;
    part_over_whole(&x, i);
    parts_sum(&x, i);
    men_and_women(&x, i);
    share_again(&x, i);
    impossible(&x, i);
    person_times(&x, i);
    stated_twice(&x, i);
    last_year(&x, i);
  }
  return true;
}
