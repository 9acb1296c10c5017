/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * How the claims of a text stand to one another: a part of what was said before (其中), a count or share out
 * of it (10名村书记中8名), a share that says a count again (312名，占24.3%), a sum of several (共30件), a change
 * instead of a level (比上年增加2个), one of each of several (各1处). And the period a claim speaks of when it
 * is not the report's.
 *
 * Only signs of the language are used, never the numbers: the cross-check does the sums. */
#include "verify/draft.h"

#include <string.h>

/* ---- periods ---- */

static bool says_at(const Draft *d, size_t at, const char *word) {
  size_t bytes = strlen(word);
  return at < d->count && d->byte[d->count] - d->byte[at] >= bytes && !memcmp(d->text + d->byte[at], word, bytes);
}

static size_t two_digits(const Draft *d, size_t at, size_t to, int *value) {
  size_t i = at;
  *value = 0;
  while (i < to && i < at + 2 && digit_char(d->cp[i])) *value = *value * 10 + digit_of(d->cp[i++]);
  return i;
}

/* 1至11月, 截至10月底, 9月份以来, 5月份; not a day (5月12日), nor a term (10月底前). */
static bool months_at(const Draft *d, size_t at, size_t to, ClaimFrame *f) {
  int first = 0, last = 0;
  size_t i = two_digits(d, at, to, &first);
  if (i + 1 < to && char_in(d->cp[i], "-—–~～至到") && digit_char(d->cp[i + 1])) i = two_digits(d, i + 1, to, &last);
  if (!first || !draft_is(d, i, 0x6708) || (i + 1 < to && digit_char(d->cp[i + 1]))) return false;
  i++;
  bool until = at && char_in(d->cp[at - 1], "至止到"), cut_off = until && at > 1 && char_in(d->cp[at - 2], "截止");
  if (until && !cut_off) return false;
  if (cut_off) last = first, first = 1;
  if (draft_is(d, i, 0x4EFD)) i++; /* 份 */
  if (says_at(d, i, "底前") || says_at(d, i, "前")) return false;
  if (!last) last = says_at(d, i, "以来") || says_at(d, i, "起") ? 12 : first;
  if (first < 1 || last > 12 || last < first) return false;
  f->month = first;
  f->months = last - first + 1;
  return true;
}

static bool named_months(const Draft *d, size_t at, ClaimFrame *f) {
  static const struct {
    const char *words;
    int month, months;
  } parts[] = {{"前三季度", 1, 9}, {"一至三季度", 1, 9}, {"一季度", 1, 3}, {"二季度", 4, 3},
               {"三季度", 7, 3},   {"四季度", 10, 3},    {"1季度", 1, 3},  {"2季度", 4, 3},
               {"3季度", 7, 3},    {"4季度", 10, 3},     {"上半年", 1, 6}, {"下半年", 7, 6}};
  size_t i = 0;
  while (i < sizeof parts / sizeof *parts && !says_at(d, at, parts[i].words)) i++;
  if (i == sizeof parts / sizeof *parts) return false;
  f->month = parts[i].month;
  f->months = parts[i].months;
  return true;
}

/* The year and the first months named in [from, to). */
static bool period_in(const Draft *d, size_t from, size_t to, ClaimFrame *f) {
  bool found = false;
  for (size_t i = from; i < to; i++) {
    int year = 0;
    bool digit = digit_char(d->cp[i]);
    if (digit && i > from && digit_char(d->cp[i - 1])) continue;
    if (draft_year(d, i, &year)) {
      f->year = year;
      found = true;
    } else if (!f->months && ((digit && months_at(d, i, to, f)) ||
                              ((digit || char_in(d->cp[i], "前一二三四上下")) && named_months(d, i, f))))
      found = true;
  }
  return found;
}

/* Of its own phrase, else of one before it in the sentence that opens with a period (上半年，…). */
void find_period(const Draft *d, ClaimFrame *f) {
  enum { REACH = 6, HEAD = 12 };
  const Phrase *p = &d->phrases[f->phrase];
  if (period_in(d, p->from, p->to, f)) return;
  for (size_t k = f->phrase, steps = 0; k > 0 && steps < REACH; k--, steps++) {
    const Phrase *q = &d->phrases[k - 1];
    if (q->sentence != p->sentence || char_in(d->cp[q->to], "；;")) return;
    ClaimFrame head = {0};
    if (!period_in(d, q->from, q->to < q->from + HEAD ? q->to : q->from + HEAD, &head)) continue;
    f->month = head.month;
    f->months = head.months;
    f->year = head.months || q->to <= q->from + HEAD ? head.year : 0;
    return;
  }
}

/* ---- parts and wholes ---- */

typedef struct Kin {
  const Draft *d;
  const Claim *claims;
  bool listed; /* 其中：…；…: the list goes on over semicolons */
} Kin;

static bool percent(const Claim *c) { return c->quantity.unit && !strcmp(c->quantity.unit->class_, "percent"); }

static bool alike(const Claim *a, const Claim *b) {
  const Unit *u = a->quantity.unit, *v = b->quantity.unit;
  return !u || !v || !strcmp(u->class_, v->class_);
}

static size_t sentence_of(const Kin *k, size_t i) { return k->d->phrases[k->claims[i].frame->phrase].sentence; }

/* Where the words of claim i begin within its phrase. */
static size_t words_from(const Kin *k, size_t i) {
  size_t from = k->d->phrases[k->claims[i].frame->phrase].from;
  return i && k->claims[i - 1].start >= from ? claim_to(&k->claims[i - 1]) : from;
}

static bool has_sign(const Draft *d, size_t from, size_t to, const char *signs) {
  while (from < to && !char_in(d->cp[from], signs)) from++;
  return from < to;
}

static bool starts_within(Kin *k, size_t i) {
  const Draft *d = k->d;
  const Phrase *p = &d->phrases[k->claims[i].frame->phrase];
  size_t from = words_from(k, i);
  if (draft_has(d, from, k->claims[i].start, WORD_WITHIN)) return k->listed = false, true;
  if (from > p->from || p == d->phrases) return false;
  const Phrase *q = p - 1; /* 其中：女党员158名 */
  if (q->sentence != p->sentence || q->to > q->from + 3 || !draft_has(d, q->from, q->to, WORD_WITHIN)) return false;
  k->listed = char_in(d->cp[q->to], "：:");
  return true;
}

/* 其中 goes on where the next claim is of the same measure or a share of it, in a list over semicolons too. */
static bool goes_on_within(const Kin *k, size_t i) {
  const Claim *c = &k->claims[i], *before = &k->claims[i - 1];
  if (!(before->frame->cues & WORD_WITHIN) || sentence_of(k, i) != sentence_of(k, i - 1)) return false;
  if (!k->listed && has_sign(k->d, claim_to(before), c->start, "；;")) return false;
  if (percent(c) && !percent(before)) return c->frame->cues & WORD_SHARE;
  if (percent(before) && !percent(c)) return i > 1 && alike(c, &k->claims[i - 2]);
  return alike(c, before);
}

/* The last claim before that is no part itself, of the same measure if there is one. */
static size_t whole_of(const Kin *k, size_t i) {
  enum { REACH = 12 };
  size_t sentence = sentence_of(k, i), any = CLAIM_NONE;
  for (size_t j = i, steps = 0; j-- > 0 && steps < REACH; steps++) {
    const Claim *c = &k->claims[j];
    if (sentence_of(k, j) + 1 < sentence) break;
    if ((c->frame->cues & WORD_WITHIN) || percent(c) || c->frame->change) continue;
    if (alike(c, &k->claims[i])) return j;
    if (any == CLAIM_NONE) any = j;
  }
  return any;
}

/* 11个社区中仍有3个, 五人中，三人进入: 中 or 里 closes the noun of the claim before. */
static bool out_of(const Kin *k, size_t i) {
  enum { NOUN = 16 };
  const Draft *d = k->d;
  const Claim *c = &k->claims[i], *whole = &k->claims[i - 1];
  if (sentence_of(k, i) != sentence_of(k, i - 1) || percent(whole) || (!alike(c, whole) && !percent(c))) return false;
  size_t from = claim_to(whole), to = claim_from(c);
  for (size_t at = from; at < to && at < from + NOUN && !char_in(d->cp[at], "；;。"); at++) {
    if (!char_in(d->cp[at], "中里") || (at > from && char_in(d->cp[at - 1], "其集城手公高初大当"))) continue;
    if (at + 1 < to && char_in(d->cp[at + 1], "心央学专等国小医药华组期")) continue;
    size_t next = at + 1;
    if (char_in(next < to ? d->cp[next] : 0, "头面边")) next++;
    if (next >= to || percent(c) || char_in(d->cp[next], "，,、已仍有就还只的共达占也便被")) return true;
  }
  return false;
}

/* 15件、15件，共30件: how many of its kind right before it adds up. */
static size_t parts_of(const Kin *k, size_t i) {
  const Claim *c = &k->claims[i];
  enum { PARTS = 12 };
  size_t n = 0;
  if (!(c->frame->cues & WORD_TOGETHER) || draft_content(k->d, words_from(k, i), c->start, NULL, 0)) return 0;
  while (n < i && n < PARTS && sentence_of(k, i - n - 1) == sentence_of(k, i)) {
    const Claim *part = &k->claims[i - n - 1];
    if (!part->quantity.unit || !alike(part, c)) break;
    n++;
  }
  return n > 1 ? n : 0;
}

/* 各1处, 各建成1处, 每人500元; not 各类, 各级, 每月. */
static bool of_each(const Draft *d, size_t from, const Claim *c) {
  for (size_t i = from; i + 1 <= claim_from(c) && i < d->count; i++) {
    if (d->cp[i] == 0x6BCF && !claim_every(d, i, c->start)) return true;
    if (d->cp[i] != 0x5404) continue;
    size_t next = i + 1;
    while (next < claim_from(c) && char_in(d->cp[next], "有为达是了")) next++;
    if (next >= claim_from(c) || lexicon_at(d->lexicon, d->cp + next, c->start - next, WORD_MAKE)) return true;
  }
  return false;
}

/* Nothing but 占, 比例为 in [from, to). */
static bool only_share(const Draft *d, size_t from, size_t to) {
  for (size_t i = from; i < to;) {
    size_t n = lexicon_at(d->lexicon, d->cp + i, to - i, WORD_SHARE | WORD_FILLER);
    if (!n && han_char(d->cp[i]) && d->cp[i] != 0x4E3A) return false;
    i += n ? n : 1;
  }
  return true;
}

static bool listed(const Draft *d, size_t from, size_t to) {
  size_t i = from;
  while (i < to && char_in(d->cp[i], "、和与及 ")) i++;
  return i >= to && to > from;
}

void relate_claims(const Draft *d, Claim *claims, size_t count) {
  Kin k = {.d = d, .claims = claims};
  for (size_t i = 0; i < count; i++) {
    Claim *c = &claims[i];
    ClaimFrame *f = c->frame;
    size_t from = words_from(&k, i);
    bool level = c->start && char_in(d->cp[claim_from(c) - (claim_from(c) > 0)], "到至为达"); /* 增长到 */
    f->change = !level && draft_has(d, from, c->start, WORD_COMPARE);
    f->each = of_each(d, from, c);
    if (i && listed(d, claim_to(&claims[i - 1]), claim_from(c))) { /* 分别增长4.8%、7.3% */
      f->change |= claims[i - 1].frame->change;
      f->each |= claims[i - 1].frame->each;
    }
    if (starts_within(&k, i) || (i && goes_on_within(&k, i))) {
      f->cues |= WORD_WITHIN;
      f->whole = whole_of(&k, i);
    }
    bool again = percent(c) && i && (f->cues & WORD_SHARE) && !percent(&claims[i - 1]) &&
                 sentence_of(&k, i) == sentence_of(&k, i - 1) && only_share(d, from, c->start);
    if (again) {
      f->part = i - 1;
      f->whole = claims[i - 1].frame->whole;
    } else if (i && out_of(&k, i)) {
      f->out_of = true;
      f->whole = i - 1;
    }
    f->parts = parts_of(&k, i);
  }
}
