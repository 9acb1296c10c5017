/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The frame of a claim: which words around the number say what it counts. The phrase is parted by its
 * quantities; a number takes the words before it (问责4人次), after it (4期培训班) or both. A number
 * without words of its own (4轮63人次, 党务培训：6期) inherits those before it in the sentence, never
 * across a semicolon. Words that stay are content: fillers and numbers are left out.
 *
 * Where one list stands against several numbers (分别) each takes its own noun; where several nouns stand
 * before one number (共) each is a span of its own. Also cues: mean, share, cadence. How claims stand to
 * one another and which period they speak of is found in kin.c. */
#include "verify/draft.h"

#include <string.h>

typedef struct Framer {
  Draft *d;
  Claim *claims;
  size_t count;
} Framer;

size_t claim_from(const Claim *c) { return c->quantity.from < c->start ? c->quantity.from : c->start; }

size_t claim_to(const Claim *c) {
  size_t end = c->quantity.unit_end > c->end ? c->quantity.unit_end : c->end;
  return c->quantity.to > end ? c->quantity.to : end;
}

/* 五十 of 五十岁: a number, like 50. */
static size_t age_in_words(const Draft *d, size_t at, size_t to) {
  size_t i = at;
  while (i < to && numeral_char(d->cp[i])) i++;
  return i > at && i < to && d->cp[i] == 0x5C81 ? i - at : 0;
}

/* Content characters in [from, to): Han or letters outside fillers. */
size_t draft_content(const Draft *d, size_t from, size_t to, uint32_t *out, size_t room) {
  size_t n = 0;
  for (size_t i = from; i < to;) {
    size_t keep = lexicon_at(d->lexicon, d->cp + i, to - i, WORD_KEEP);
    size_t skip = keep ? 0 : lexicon_at(d->lexicon, d->cp + i, to - i, WORD_FILLER);
    if (!keep && !skip) skip = age_in_words(d, i, to);
    if (skip) {
      i += skip;
      continue;
    }
    for (size_t end = i + (keep ? keep : 1); i < end; i++) {
      uint32_t c = d->cp[i];
      if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
      if (!han_char(c) && !latin_char(c)) continue;
      if (n < room && out) out[n] = c;
      n++;
    }
  }
  return n < room || !out ? n : room;
}

static size_t content(const Draft *d, size_t from, size_t to) {
  return from < to ? draft_content(d, from, to, NULL, 0) : 0;
}

static void add_span(ClaimFrame *f, size_t from, size_t to, int weight) {
  if (from >= to || f->span_count == SPAN_LIMIT) return;
  f->spans[f->span_count++] = (Span){from, to, weight};
}

/* First and last claim of the same phrase as claim i. */
static void siblings(const Framer *r, size_t i, size_t *first, size_t *last) {
  const Phrase *p = &r->d->phrases[r->claims[i].frame->phrase];
  *first = *last = i;
  while (*first && r->claims[*first - 1].start >= p->from) --*first;
  while (*last + 1 < r->count && r->claims[*last + 1].start < p->to) ++*last;
}

/* 分别 between the list and its numbers, or `to`. */
static size_t each_in_turn(const Draft *d, size_t from, size_t to) {
  while (from + 1 < to && !(d->cp[from] == 0x5206 && d->cp[from + 1] == 0x522B)) from++;
  return from + 1 < to ? from : to;
}

enum { ITEMS = 12 }; /* of one list, at most */

/* The last claim that only signs part from `first` (36次、34次和28次). */
static size_t last_in_turn(const Framer *r, size_t first) {
  size_t last = first;
  for (; last + 1 < r->count && last - first < ITEMS; last++) {
    size_t from = claim_to(&r->claims[last]), to = claim_from(&r->claims[last + 1]);
    while (from < to && char_in(r->d->cp[from], "、，,和与及 ")) from++;
    if (from < to) break;
  }
  return last;
}

/* The nouns of a list in [from, to) parted by 、 and 和. */
static size_t list_items(const Draft *d, size_t from, size_t to, Span *items) {
  size_t n = 0, start = from;
  for (size_t at = from; at <= to; at++) {
    bool joins = at < to && at > start + 1 && at + 2 < to && char_in(d->cp[at], "和与及");
    bool sign = at < to && (d->cp[at] == 0x3001 || (joins && !lexicon_at(d->lexicon, d->cp + at, to - at, WORD_KEEP)));
    if (at < to && !sign) continue;
    if (n == ITEMS) return 0;
    items[n++] = (Span){start, at, 100};
    start = at + 1;
  }
  return n;
}

/* 发展、转正、积极分子分别为8、2、6名: the k-th item is the k-th number's, and what stands between 分别 and the
 * numbers (分别开展备课36次、34次) everyone's. */
static bool respectively(const Framer *r, size_t i) {
  const Draft *d = r->d;
  ClaimFrame *f = r->claims[i].frame;
  size_t first = i;
  while (first && i - first < ITEMS && last_in_turn(r, first - 1) >= i) first--;
  const Phrase *p = &d->phrases[r->claims[first].frame->phrase];
  size_t last = last_in_turn(r, first), head = claim_from(&r->claims[first]), mark = each_in_turn(d, p->from, head);
  if (mark == head || last == first) return false;
  Span items[ITEMS];
  size_t many = last - first + 1;
  f->span_count = 0;
  if (!content(d, p->from, mark) && first >= many) {
    const ClaimFrame *named = r->claims[i - many].frame; /* 收入3元，支出2元，分别增长5%、4% */
    for (size_t k = 0; k < named->own; k++)
      add_span(f, named->spans[k].from, named->spans[k].to, named->spans[k].weight);
  } else {
    if (list_items(d, p->from, mark, items) != many) return false;
    add_span(f, items[i - first].from, items[i - first].to, 100);
  }
  if (content(d, mark + 2, head) > 1) add_span(f, mark + 2, head, 50);
  add_span(f, claim_to(&r->claims[last]), d->phrases[r->claims[last].frame->phrase].to, 50);
  return true;
}

/* 办实事、解难题共30件: one number for several nouns. */
static void add_up(const Framer *r, size_t i) {
  const Draft *d = r->d;
  ClaimFrame *f = r->claims[i].frame;
  if (!f->span_count || f->spans[0].weight < 100 || f->spans[0].to > r->claims[i].start) return;
  Span items[ITEMS], s = f->spans[0];
  if (!draft_has(d, s.from, s.to, WORD_TOGETHER)) return;
  size_t n = list_items(d, s.from, s.to, items);
  if (n < 2 || f->span_count + n - 1 > SPAN_LIMIT) return;
  for (size_t k = 0; k < n; k++)
    if (content(d, items[k].from, items[k].to) < 2) return;
  memmove(f->spans + n, f->spans + 1, (f->span_count - 1) * sizeof *f->spans);
  memcpy(f->spans, items, n * sizeof *items);
  f->span_count += n - 1;
  f->items = n;
}

/* Own words of claim i within its phrase. */
static void own_words(const Framer *r, size_t i) {
  const Draft *d = r->d;
  ClaimFrame *f = r->claims[i].frame;
  const Phrase *p = &d->phrases[f->phrase];
  size_t first = i, last = i;
  siblings(r, i, &first, &last);
  if (respectively(r, i)) return;
  f->span_count = 0;
  size_t left = i > first ? claim_to(&r->claims[i - 1]) : p->from, from = claim_from(&r->claims[i]);
  size_t to = claim_to(&r->claims[i]), right = i < last ? claim_from(&r->claims[i + 1]) : p->to;
  size_t head = claim_from(&r->claims[first]), tail = claim_to(&r->claims[last]);
  bool opens = content(d, p->from, head) < 2, closes = !content(d, tail, p->to);
  size_t before = content(d, left, from), after = content(d, to, right);
  if (before == 1 && char_in(d->cp[from - 1], "分用办有设建辖共计达为投修开来")) before = 0; /* 分四轮 */
  bool leading = opens && !closes && last > first; /* 15件实事、8件难事: the word follows */
  if (before)
    add_span(f, left, from, leading && after ? 20 : 100);
  else if (i > first && !leading) { /* 4轮63人次: the words before both */
    for (size_t k = i; k-- > first;) {
      size_t start = k > first ? claim_to(&r->claims[k - 1]) : p->from;
      if (!content(d, start, claim_from(&r->claims[k]))) continue;
      add_span(f, start, claim_from(&r->claims[k]), 100);
      break;
    }
  }
  if (after)
    add_span(f, to, right, i == last || leading || !before ? 100 : closes ? 20 : 50);
  else if (i < last && leading) { /* 30户10个大棚 at the head of a phrase */
    add_span(f, claim_to(&r->claims[last]), p->to, 100);
  }
  if (i > first && before && before < 4 && !opens) add_span(f, p->from, head, 40);
  add_up(r, i);
}

static size_t words_of(const Draft *d, const ClaimFrame *f) {
  size_t n = 0;
  for (size_t i = 0; i < f->span_count; i++) n += content(d, f->spans[i].from, f->spans[i].to);
  return n;
}

/* The text of a phrase without its claims, as spans. */
static void take_phrase(const Framer *r, ClaimFrame *f, size_t phrase, size_t near, int weight) {
  const Phrase *p = &r->d->phrases[phrase];
  size_t at = p->from, k = near;
  while (k && r->claims[k - 1].start >= p->from) k--;
  for (; k < r->count && r->claims[k].start < p->to; k++) {
    add_span(f, at, claim_from(&r->claims[k]), weight);
    at = claim_to(&r->claims[k]);
  }
  add_span(f, at, p->to, weight);
}

static bool parted(const Draft *d, size_t from, size_t to) {
  for (size_t i = from; i < to; i++)
    if (char_in(d->cp[i], "；;。")) return true;
  return false;
}

static bool has_claims(const Framer *r, size_t phrase, size_t near) {
  const Phrase *p = &r->d->phrases[phrase];
  while (near && r->claims[near - 1].start >= p->from) near--;
  return near < r->count && r->claims[near].start < p->to;
}

static size_t taken_words(const Draft *d, const ClaimFrame *f, size_t from) {
  size_t words = 0;
  for (size_t s = from; s < f->span_count; s++) words += content(d, f->spans[s].from, f->spans[s].to);
  return words;
}

/* Phrases right before that carry no number open the topic (村里的阵地改扩建，要来35万元); the nearest one
 * with a number is another claim's and comes last, for a number that has hardly a word of its own. */
static void inherit(const Framer *r, size_t i, int topic, int prior) {
  enum { REACH = 4 };
  const Draft *d = r->d;
  ClaimFrame *f = r->claims[i].frame;
  const Phrase *p = &d->phrases[f->phrase];
  size_t k = f->phrase, steps = 0;
  for (; k > 0 && steps < REACH; k--, steps++) {
    const Phrase *q = &d->phrases[k - 1];
    if (q->sentence != p->sentence || parted(d, q->to, p->from) || has_claims(r, k - 1, i)) break;
    if (topic > 0 && q->to > q->from + 1) take_phrase(r, f, k - 1, i, topic);
    topic -= 10;
  }
  f->topic = f->span_count;
  for (; k > 0 && steps < REACH; k--, steps++) {
    const Phrase *q = &d->phrases[k - 1];
    if (q->sentence != p->sentence || parted(d, q->to, p->from)) break;
    size_t had = f->span_count;
    take_phrase(r, f, k - 1, i, prior);
    if (taken_words(d, f, had) > 1) return;
    f->span_count = had;
  }
}

static void find_cues(const Framer *r, size_t i) {
  static const uint32_t kinds[] = {WORD_MEAN,    WORD_SHARE,  WORD_SINCE,   WORD_REPORTER,
                                   WORD_COMPARE, WORD_WITHIN, WORD_TOGETHER};
  const Draft *d = r->d;
  const Claim *c = &r->claims[i];
  ClaimFrame *f = c->frame;
  const Phrase *p = &d->phrases[f->phrase];
  size_t from = i && r->claims[i - 1].start >= p->from ? claim_to(&r->claims[i - 1]) : p->from;
  size_t to = i + 1 < r->count && r->claims[i + 1].start < p->to ? claim_from(&r->claims[i + 1]) : p->to;
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    bool narrow = kinds[k] != WORD_REPORTER;
    if (draft_has(d, narrow ? from : p->from, narrow ? to : p->to, kinds[k])) f->cues |= kinds[k];
  }
  for (size_t k = 0; k < f->topic; k++) /* 书记主持党建工作会议：3次 */
    if (draft_has(d, f->spans[k].from, f->spans[k].to, WORD_REPORTER)) f->cues |= WORD_REPORTER;
  f->every = claim_every(d, p->from, c->start);
  find_period(d, f);
}

void frame_claims(Draft *d, Claim *claims, size_t count) {
  static const int topics[] = {90, 70, 70, 70, 60, 60, 50, 50, 40}; /* by how many words are its own */
  Framer r = {.d = d, .claims = claims, .count = count};
  for (size_t i = 0; i < count; i++) {
    claims[i].frame = NEW(d->arena, ClaimFrame);
    *claims[i].frame =
        (ClaimFrame){.phrase = draft_phrase(d, claims[i].start), .whole = CLAIM_NONE, .part = CLAIM_NONE};
  }
  for (size_t i = 0; i < count; i++) {
    ClaimFrame *f = claims[i].frame;
    own_words(&r, i);
    size_t words = words_of(d, f);
    f->bare = !words;
    f->own = f->span_count;
    if (f->bare) f->span_count = f->own = 0;
    inherit(&r, i, topics[words < 8 ? words : 8], f->bare ? 90 : 50);
    find_cues(&r, i);
  }
  relate_claims(d, claims, count);
}
