/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * From a claim's frame to candidates. The score of a measure is its best phrasing's: six parts cosine,
 * four parts how much of the phrasing the frame holds (prose says more than a label does), then the
 * gates: measure word, mean, share, comparison. Words near the number weigh more than far ones.
 *
 * A claim gives way to another of its section that fits a figure better, when it has another choice. */
#include "verify/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "verify/index.h"

enum { WORDS = 160, NEAR = 8, FAR = 24, SEEN = 1024, COSINE = 1, COVER = 1, SLICE_WORDS = 3 };

typedef struct Hits {
  int64_t dot, cover;
  size_t stamp;
} Hits;

struct Matcher {
  Arena *arena;
  const Catalogue *catalogue;
  Index *index;
  Hits *hits;      /* one a variant */
  size_t *touched; /* variants with a dot this time */
  size_t touched_count, stamp;
  struct {
    uint64_t key;
    size_t stamp;
  } seen[SEEN];
  const Unit **units; /* one a measure */
  bool *reporter;     /* the measure tests who led */
  Slices *slices;
  int *score;   /* one a measure, scratch */
  int *own;     /* its score by the claim's own words alone */
  size_t *best; /* its best variant */
  size_t *hit;  /* measures touched */
  size_t hit_count;
  const Draft *draft; /* around the claim: where criteria are looked for; NULL: nowhere */
  size_t from, to;
  const ClaimFrame *frame;
};

/* ---- units ---- */

/* Measure words that writers take for one another: 学习班4场, 通报8份, 3批次. */
static const struct {
  const char *asked, *measure;
  int gate;
} near_classes[] = {{"batch", "event", 85},   {"batch", "session", 85}, {"event", "session", 70},
                    {"session", "event", 70}, {"copy", "session", 75},  {"copy", "item", 75}};

int unit_gate(const Unit *asked, const Unit *measure) {
  static const char *const counted[] = {"place", "family", "group", NULL};
  if (!measure) return asked ? 0 : 80;
  if (!asked) return measure->measured ? 0 : !strcmp(measure->class_, "percent") ? 0 : 85;
  if (unit_answers(asked, measure)) return 100;
  for (size_t i = 0; i < sizeof near_classes / sizeof *near_classes; i++)
    if (!strcmp(asked->class_, near_classes[i].asked) && !strcmp(measure->class_, near_classes[i].measure))
      return near_classes[i].gate;
  if (strcmp(asked->name, "个") != 0) return 0; /* 个 stands for most measure words */
  for (size_t i = 0; counted[i]; i++)
    if (!strcmp(measure->class_, counted[i])) return 90;
  return !strcmp(measure->class_, "person") ? 65 : 0;
}

/* ---- the matcher ---- */

static bool tests_reporter(const Measure *m) {
  if (!m->where) return false;
  TEXT_SCOPE text = text_new(64 * 1024);
  filter_text(m->where, &text);
  return strstr(text_get(&text), "reporter") != NULL;
}

Matcher *matcher_new(Arena *a, const Catalogue *c, const Phrasing *phrasings, size_t count) {
  Matcher *m = NEW(a, Matcher);
  size_t n = c->measure_count;
  *m = (Matcher){.arena = a, .catalogue = c, .index = index_new(a, c, lexicon_new(a), phrasings, count)};
  m->hits = NEW_ARRAY(a, Hits, m->index->variant_count + 1);
  m->touched = NEW_ARRAY(a, size_t, m->index->variant_count + 1);
  m->units = NEW_ARRAY(a, const Unit *, n + 1);
  m->reporter = NEW_ARRAY(a, bool, n + 1);
  m->slices = slices_new(a, m->index);
  m->score = NEW_ARRAY(a, int, n + 1);
  m->own = NEW_ARRAY(a, int, n + 1);
  m->hit = NEW_ARRAY(a, size_t, n + 1);
  m->best = NEW_ARRAY(a, size_t, n + 1);
  for (size_t i = 0; i < n; i++) {
    m->units[i] = unit_find(c->measures[i]->unit);
    m->reporter[i] = tests_reporter(c->measures[i]);
  }
  return m;
}

/* ---- words of a frame ---- */

typedef struct Words {
  uint32_t c[WORDS]; /* 0: a break, no pair across it */
  int weight[WORDS]; /* in hundredths */
  size_t count;
} Words;

static int fade(size_t distance) {
  return distance <= NEAR ? 100 : distance >= FAR ? 25 : 100 - (int)((distance - NEAR) * 75 / (FAR - NEAR));
}

static void add_words(const Draft *d, Words *w, size_t from, size_t to, int weight, bool before, bool broken) {
  uint32_t c[WORDS];
  enum { REACH = 4 * FAR };
  if (before && to - from > REACH) from = to - REACH;
  if (!before && to - from > REACH) to = from + REACH;
  size_t n = draft_content(d, from, to, c, WORDS);
  if (broken && w->count && w->count < WORDS) w->c[w->count++] = 0;
  for (size_t i = 0; i < n && w->count < WORDS; i++) {
    size_t distance = before ? n - 1 - i : i;
    if (distance > FAR * 2) continue;
    w->c[w->count] = c[i];
    w->weight[w->count++] = weight * fade(distance) / 100;
  }
}

static void frame_words(const Draft *d, const Claim *c, size_t spans, Words *w) {
  const ClaimFrame *f = c->frame;
  w->count = 0;
  for (size_t i = 0; i < spans; i++) {
    const Span *s = &f->spans[i];
    bool joins =
        i && i < f->own && s->weight == f->spans[i - 1].weight && s->from >= c->end && f->spans[i - 1].to <= c->start;
    add_words(d, w, s->from, s->to, s->weight, s->from < c->start, !joins);
  }
}

/* ---- scoring ---- */

typedef struct Vector {
  Matcher *m;
  const Words *w;
  size_t at; /* of the character being visited */
  uint64_t norm;
} Vector;

static bool seen_before(Matcher *m, uint64_t key) {
  size_t at = (size_t)((key * 0x9E3779B97F4A7C15u) >> 40) % SEEN;
  for (size_t steps = 0; steps < SEEN; steps++, at = (at + 1) % SEEN) {
    if (m->seen[at].stamp != m->stamp) {
      m->seen[at].stamp = m->stamp;
      m->seen[at].key = key;
      return false;
    }
    if (m->seen[at].key == key) return true;
  }
  return true;
}

static void weigh(Vector *v, uint64_t key, int weight) {
  Matcher *m = v->m;
  if (seen_before(m, key)) return;
  size_t slot = 0;
  int64_t full = index_weight(m->index, key, &slot), mine = full * weight / 100;
  v->norm += (uint64_t)(mine * mine);
  for (const Posting *p = m->index->table[slot].key ? m->index->table[slot].first : NULL; p; p = p->next) {
    Hits *t = &m->hits[p->variant];
    if (t->stamp != m->stamp) {
      *t = (Hits){.stamp = m->stamp};
      m->touched[m->touched_count++] = p->variant;
    }
    t->dot += mine * full;
    t->cover += full * mine;
  }
}

static void weigh_words(Matcher *m, const Words *w, Vector *v) {
  m->stamp++;
  m->touched_count = 0;
  *v = (Vector){.m = m, .w = w};
  for (size_t i = 0; i < w->count; i++) {
    if (!w->c[i]) continue;
    weigh(v, w->c[i], w->weight[i]);
    if (i + 1 < w->count && w->c[i + 1]) {
      int weight = w->weight[i] < w->weight[i + 1] ? w->weight[i] : w->weight[i + 1];
      weigh(v, (uint64_t)w->c[i] << 32 | w->c[i + 1], weight);
    }
  }
}

/* ---- criteria: 50岁以下, 高中及以上 ---- */

/* The word in [from, to), not as the tail of a longer number: 5万元 is not in 15万元. */
static bool word_in(const Draft *d, size_t from, size_t to, const char *word) {
  const char *end = d->text + d->byte[to];
  for (const char *at = d->text + d->byte[from]; at < end; at++) {
    at = memmem(at, (size_t)(end - at), word, strlen(word));
    if (!at) return false;
    if (at == d->text || !strchr("0123456789.", at[-1])) return true;
  }
  return false;
}

typedef enum { CLASS_LACKING, CLASS_NEAR, CLASS_SAID } Class;

/* A variant that tells its class by a number (50岁以下) which the text around the claim does not hold speaks
 * of fewer than the text does; one whose number stands in the claim's own words is named by it. */
static Class class_said(const Matcher *m, const Variant *v) {
  const ClaimFrame *f = m->frame;
  bool said = true;
  for (size_t i = 0; i < v->criterion_count; i++) {
    if (!word_in(m->draft, m->from, m->to, v->criteria[i]) && !word_in(m->draft, m->from, m->to, v->spelled[i]))
      return CLASS_LACKING;
    bool own = false;
    for (size_t k = 0; k < f->own && !own; k++)
      own = word_in(m->draft, f->spans[k].from, f->spans[k].to, v->criteria[i]) ||
            word_in(m->draft, f->spans[k].from, f->spans[k].to, v->spelled[i]);
    said = said && own;
  }
  return said ? CLASS_SAID : CLASS_NEAR;
}

/* `frame` and `rooted` are the lengths of the two vectors, `norm` the square of the second. */
static int blend(int64_t dot, int64_t cover, uint64_t frame, uint64_t norm, uint64_t rooted) {
  if (!frame || !norm) return 0;
  int64_t cosine = dot * 1000 / (int64_t)(frame * rooted + 1);
  int64_t covered = cover * 1000 / (int64_t)norm;
  if (covered > 1000) covered = 1000;
  return (int)((cosine * COSINE + covered * COVER) / (COSINE + COVER));
}

/* Best phrasing of every measure the words touch. Returns the measures, unordered, in `hit`. */
static size_t score_measures(Matcher *m, uint64_t norm, size_t *hit) {
  size_t count = 0;
  uint64_t frame = root(norm);
  for (size_t i = 0; i < m->catalogue->measure_count; i++) m->score[i] = 0;
  for (size_t i = 0; i < m->touched_count; i++) {
    const Variant *v = &m->index->variants[m->touched[i]];
    const Hits *t = &m->hits[m->touched[i]];
    int s = blend(t->dot, t->cover, frame, v->norm, v->rooted) * v->factor / 1000;
    if (v->criterion_count && m->draft) {
      Class class = class_said(m, v);
      s = s * (class == CLASS_LACKING ? 45 : class == CLASS_SAID ? 120 : 100) / 100;
    }
    if (s <= m->score[v->measure]) continue;
    if (!m->score[v->measure]) hit[count++] = v->measure;
    m->score[v->measure] = s;
    m->best[v->measure] = m->touched[i];
  }
  return count;
}

/* Gates and cues, in hundredths. */
static int cues(const Matcher *m, const Claim *c, size_t at) {
  const Measure *measure = m->catalogue->measures[at];
  const ClaimFrame *f = c->frame;
  int gate = unit_gate(c->quantity.unit, m->units[at]);
  if (!c->quantity.unit && (f->cues & WORD_SHARE) && measure->fold == FOLD_SHARE) gate = 60;
  if (!c->quantity.unit && c->quantity.scaled && m->units[at] && m->units[at]->measured) gate = 70; /* 35万 */
  if (!gate || (measure->lag < 0) != (c->role == ROLE_PLAN)) return 0; /* targets answer plans only */
  bool age = m->units[at] && !strcmp(m->units[at]->class_, "age");
  bool mean = f->cues & WORD_MEAN;
  if (measure->fold == FOLD_MEAN && !mean && !age) gate = gate * 70 / 100;
  if (measure->fold != FOLD_MEAN && mean && measure->fold != FOLD_SHARE) gate = gate * 70 / 100;
  if ((f->cues & WORD_COMPARE) && !f->change && measure->fold != FOLD_SHARE) gate = gate * 50 / 100;
  if ((f->cues & WORD_REPORTER) && m->reporter[at]) gate = gate * 104 / 100;
  if (measure->when == WHEN_UPTO && !(f->cues & WORD_SINCE)) gate = gate * 85 / 100;
  return gate;
}

static bool same_figure(const Candidate *a, const Candidate *b) {
  if (a->measure != b->measure) return false;
  return a->slice_label && b->slice_label ? !strcmp(a->slice_label, b->slice_label) : a->slice_label == b->slice_label;
}

static bool goes_before(const Candidate *a, const Candidate *b) {
  if (a->settled != b->settled) return a->settled;
  if (a->score != b->score) return a->score > b->score;
  return a->measure->primary && !b->measure->primary;
}

/* Keeps the best, best first; a figure stands once, with its better score. */
static void place(Candidate *out, size_t *count, size_t room, Candidate c) {
  for (size_t i = 0; i < *count; i++) {
    if (!same_figure(&out[i], &c)) continue;
    if (!goes_before(&c, &out[i])) return;
    memmove(&out[i], &out[i + 1], (--*count - i) * sizeof *out);
    break;
  }
  size_t at = *count < room ? (*count)++ : room;
  if (at == room) {
    if (!goes_before(&c, &out[room - 1])) return;
    at = room - 1;
  }
  while (at && goes_before(&c, &out[at - 1])) {
    out[at] = out[at - 1];
    at--;
  }
  out[at] = c;
}

/* ---- slices ---- */

typedef struct Added {
  Matcher *m;
  uint64_t norm;
  int64_t shared; /* squared weight of grams that the phrasing has too */
  size_t variant;
} Added;

static void add_gram(uint64_t key, void *context) {
  Added *a = context;
  size_t slot = 0;
  int64_t w = index_weight(a->m->index, key, &slot);
  for (const Posting *p = a->m->index->table[slot].key ? a->m->index->table[slot].first : NULL; p; p = p->next)
    if (p->variant == a->variant) {
      a->shared += w * w;
      return;
    }
  a->norm += (uint64_t)(w * w);
}

/* The slice must be named beside the set, not instead of it. */
static void place_slice(Matcher *m, const Draft *d, const Claim *c, size_t at, uint64_t norm, Candidate *out,
                        size_t *count) {
  const Option *o[SLICE_FIELDS];
  size_t fields = slices_named(m->slices, d, c, at, SLICE_WORDS, o);
  if (!fields) return;
  uint32_t words[WORDS];
  const Variant *v = &m->index->variants[m->best[at]];
  const Hits *t = &m->hits[m->best[at]];
  Added added = {.m = m, .variant = m->best[at]};
  for (size_t i = 0; i < fields; i++) grams_of(words, utf8_decode(o[i]->label, words, WORDS), add_gram, &added);
  if ((t->cover - added.shared) * 2 < (int64_t)v->norm) return;
  int64_t more = (int64_t)added.norm;
  int s = blend(t->dot + more, t->cover + more, root(norm), v->norm + added.norm, root(v->norm + added.norm)) *
          v->factor / 1000;
  s = doubt_words(m->index, d, c, m->catalogue->measures[at], s * cues(m, c, at) / 100);
  Candidate k = {.measure = m->catalogue->measures[at], .led = m->reporter[at], .score = s > 1000 ? 1000 : s};
  slices_narrow(m->arena, o, fields, &k);
  place(out, count, MATCH_SHOWN, k);
}

/* A user's own word for a measure, said as it stands, settles it. */
static bool settled(const Matcher *m, const Draft *d, const Claim *c, size_t at) {
  const Index *x = m->index;
  for (size_t i = x->variant_count; i-- > 0 && x->variants[i].chosen;)
    if (x->variants[i].measure == at && frame_says(d, c->frame, x->variants[i].text)) return true;
  return false;
}

/* ---- a claim ---- */

/* Years of age are asked of so few figures that fewer words do. */
static bool rare(const Unit *u) { return u && !strcmp(u->class_, "age"); }

/* One pass over so many spans of the frame; keeps the better of old and new score of each measure. */
static void pass(Matcher *m, const Draft *d, const Claim *c, size_t spans, int least_own, Candidate *out,
                 size_t *count) {
  Words w;
  Vector v;
  frame_words(d, c, spans, &w);
  weigh_words(m, &w, &v);
  m->hit_count = score_measures(m, v.norm, m->hit);
  bool own = spans == c->frame->own;
  for (size_t i = 0; i < m->hit_count; i++) {
    size_t at = m->hit[i];
    if (own)
      m->own[at] = m->score[at];
    else if (m->own[at] < least_own)
      continue;
    int s = m->score[at] * cues(m, c, at) / 100;
    if (s < MATCH_FLOOR / 2) continue;
    const Measure *measure = m->catalogue->measures[at];
    bool told = settled(m, d, c, at);
    s = told ? 1000 : doubt_words(m->index, d, c, measure, s > 1000 ? 1000 : s);
    if (rare(m->units[at]) && s >= MATCH_RARE && s < MATCH_FLOOR) s = MATCH_FLOOR;
    place(out, count, MATCH_SHOWN,
          (Candidate){.measure = measure, .score = s, .led = m->reporter[at], .settled = told});
    if (!told) place_slice(m, d, c, at, v.norm, out, count);
  }
}

static const char *filter_words(Arena *a, const Filter *f) {
  TEXT_SCOPE text = text_new(64 * 1024);
  if (f) filter_text(f, &text);
  return arena_copy(a, text_get(&text));
}

bool match_akin(Arena *a, const Measure *x, const Measure *y) {
  if (x->set == y->set) return true;
  if (x->set->from != y->set->from || x->fold != y->fold) return false;
  if (x->fold == FOLD_SHARE || x->fold == FOLD_MEAN) return true;
  return x->rows == y->rows && x->when != y->when && !strcmp(filter_words(a, x->where), filter_words(a, y->where));
}

/* A label that says more than the default reading's (新任) must find it in the claim's own words. */
static bool unsaid(const Draft *d, const Claim *c, const Measure *special, const Measure *plain) {
  uint32_t label[WORDS];
  size_t n = utf8_decode(special->label, label, WORDS), more = 0, said = 0;
  for (size_t i = 0; i < n; i++) {
    char text[5] = {0};
    utf8_encode(label[i], text);
    if (!han_char(label[i]) || measure_says(plain, text)) continue;
    more++;
    said += frame_says(d, c->frame, text);
  }
  return more && said * 2 < more;
}

/* Of two readings that words hardly part, the default one leads. */
static void prefer_default(const Draft *d, const Claim *c, Candidate *out, size_t count) {
  for (size_t i = 1; i < count && !out[0].settled; i++) {
    bool reading =
        match_akin(d->arena, out[i].measure, out[0].measure) && out[i].measure->primary && !out[0].measure->primary;
    if (!reading || out[i].slice || out[0].slice) continue;
    int near = unsaid(d, c, out[0].measure, out[i].measure) ? 3 * MATCH_TIE : MATCH_TIE;
    if (out[i].score + near < out[0].score) continue;
    Candidate first = out[i];
    memmove(&out[1], &out[0], i * sizeof *out);
    out[0] = first;
    return;
  }
}

/* Where the criteria of a claim may stand: its phrase, the two before and the one after, in its sentence. */
static void surround(Matcher *m, const Draft *d, const Claim *c) {
  const Phrase *p = &d->phrases[c->frame->phrase];
  size_t first = c->frame->phrase, last = first;
  for (size_t steps = 0; steps < 2 && first && d->phrases[first - 1].sentence == p->sentence; steps++) first--;
  if (last + 1 < d->phrase_count && d->phrases[last + 1].sentence == p->sentence) last++;
  m->draft = d;
  m->frame = c->frame;
  m->from = d->phrases[first].from;
  m->to = d->phrases[last].to;
}

static void match_claim(Matcher *m, const Draft *d, Claim *c) {
  enum { HARDLY = 6, OWN = 100 };
  Candidate out[MATCH_SHOWN];
  size_t count = 0;
  const ClaimFrame *f = c->frame;
  memset(m->own, 0, m->catalogue->measure_count * sizeof *m->own);
  surround(m, d, c);
  size_t words = 0;
  for (size_t i = 0; i < f->own; i++) words += draft_content(d, f->spans[i].from, f->spans[i].to, NULL, 0);
  if (f->own) pass(m, d, c, f->own, 0, out, &count);
  if (f->topic > f->own) pass(m, d, c, f->topic, words <= HARDLY ? 0 : OWN, out, &count);
  if (f->span_count > f->topic && (!count || out[0].score < MATCH_FLOOR))
    pass(m, d, c, f->span_count, f->bare ? 0 : OWN, out, &count);
  prefer_default(d, c, out, count);
  for (size_t i = 0; i < count; i++) out[i].sure = out[i].settled ? 1000 : doubt_assured(m->index, d, c, &out[i]);
  c->candidates = NEW_ARRAY(m->arena, Candidate, count + 1);
  memcpy(c->candidates, out, count * sizeof *out);
  c->candidate_count = count;
}

/* ---- one figure per claim and section ---- */

static bool same_value(const Claim *a, const Claim *b) {
  return !decimal_compare(a->value, b->value) && a->quantity.wording == b->quantity.wording;
}

typedef struct Twin {
  Claim *claim;
  size_t section, measure;
  int period; /* of its own: 一季度 and 全年 are no twins */
  const char *slice;
} Twin;

static int by_figure(const void *a, const void *b) {
  const Twin *x = a, *y = b;
  if (x->section != y->section) return x->section < y->section ? -1 : 1;
  if (x->period != y->period) return x->period < y->period ? -1 : 1;
  if (x->measure != y->measure) return x->measure < y->measure ? -1 : 1;
  int slice = strcmp(x->slice, y->slice);
  if (slice) return slice;
  int score = y->claim->candidates[0].score - x->claim->candidates[0].score;
  return score ? score : x->claim->start < y->claim->start ? -1 : x->claim->start > y->claim->start;
}

/* The weaker of two claims on one figure takes its next choice if that is near. */
static void give_way(const Draft *d, const Claim *stronger, Claim *c) {
  if (c->candidate_count < 2 || c->candidates[0].settled) return;
  Candidate first = c->candidates[0];
  if (unsaid(d, c, c->candidates[1].measure, first.measure)) return;
  bool near = c->candidates[1].score >= MATCH_FLOOR && c->candidates[1].score * 100 >= first.score * 80;
  if (!near || (same_value(stronger, c) && stronger->candidates[0].score - first.score < MATCH_TIE)) return;
  c->candidates[0] = c->candidates[1];
  c->candidates[1] = first;
}

static void part_twins(Matcher *m, const Draft *d, Claim *claims, size_t count) {
  Twin *t = NEW_ARRAY(m->arena, Twin, count + 1);
  size_t n = 0;
  for (size_t i = 0; i < count; i++) {
    if (claims[i].role == ROLE_PLAN || !claims[i].candidate_count || claims[i].candidates[0].score < MATCH_FLOOR)
      continue;
    const Candidate *c = claims[i].candidates;
    size_t at = 0;
    while (m->catalogue->measures[at] != c->measure) at++;
    const ClaimFrame *f = claims[i].frame;
    t[n++] = (Twin){.claim = &claims[i],
                    .section = d->sentences[d->phrases[f->phrase].sentence].section,
                    .measure = at,
                    .period = f->year * 10000 + f->month * 100 + f->months,
                    .slice = c->slice_label ? c->slice_label : ""};
  }
  qsort(t, n, sizeof *t, by_figure);
  for (size_t i = 0, head = 0; i < n; i++) {
    bool same = i && t[i].section == t[head].section && t[i].period == t[head].period &&
                t[i].measure == t[head].measure && !strcmp(t[i].slice, t[head].slice);
    if (same)
      give_way(d, t[head].claim, t[i].claim);
    else
      head = i;
  }
}

/* 发展党员8名，比上年增加2名; 由85%提高到92%: the number that follows is of the same figure. */
static void match_level(const Draft *d, const Claim *before, Claim *c) {
  enum { SAID = 450 };
  const ClaimFrame *f = c->frame, *g = before->frame;
  if (!before->candidate_count || before->role != c->role || g->change) return;
  if (d->phrases[f->phrase].sentence != d->phrases[g->phrase].sentence) return;
  if (c->candidate_count && c->candidates[0].score >= SAID) return;
  bool rise = claim_former(d, before) && f->phrase == g->phrase;
  bool change = f->change && f->phrase <= g->phrase + 1;
  if (!rise && !change) return;
  c->candidates = NEW_ARRAY(d->arena, Candidate, before->candidate_count);
  memcpy(c->candidates, before->candidates, before->candidate_count * sizeof *c->candidates);
  c->candidate_count = before->candidate_count;
}

/* 其中环境整治8次: a part of what was counted before is that figure narrowed by what the part is called; never
 * the same figure again. */
static void match_part(Matcher *m, const Draft *d, const Claim *whole, Claim *c) {
  enum { PART_WORDS = 2 };
  const Candidate *of = whole->candidate_count ? &whole->candidates[0] : NULL;
  const char *class = c->quantity.unit ? c->quantity.unit->class_ : "";
  if (!strcmp(class, "percent")) return; /* a share may well be of other people than were counted before */
  bool same = of && of->score >= MATCH_FLOOR && unit_gate(c->quantity.unit, unit_find(of->measure->unit));
  if (!same) { /* 平均47.6岁，其中3名: of whom is not said, so not all of them */
    for (size_t i = 0; i < c->candidate_count; i++) c->candidates[i].score = c->candidates[i].score * 60 / 100;
    return;
  }
  size_t at = 0;
  while (m->catalogue->measures[at] != of->measure) at++;
  const Option *o[SLICE_FIELDS];
  size_t fields = of->measure->fold == FOLD_SHARE || of->measure->fold == FOLD_MEAN
                      ? 0
                      : slices_named(m->slices, d, c, at, PART_WORDS, o);
  Candidate *out = NEW_ARRAY(m->arena, Candidate, MATCH_SHOWN + 1);
  size_t count = 0;
  for (size_t i = 0; i < c->candidate_count; i++) {
    Candidate k = c->candidates[i];
    if (k.measure == of->measure && same_figure(&k, of)) k.score = k.score * 45 / 100;
    place(out, &count, MATCH_SHOWN, k);
  }
  if (fields) {
    Candidate k = {.measure = of->measure, .slice = of->slice, .slice_label = of->slice_label, .led = of->led};
    slices_narrow(m->arena, o, fields, &k);
    k.score = k.sure = of->score;
    place(out, &count, MATCH_SHOWN, k);
  }
  c->candidates = out;
  c->candidate_count = count;
}

void match_claims(Matcher *m, const Draft *d, Claim *claims, size_t count) {
  bool targets = false;
  for (size_t i = 0; i < m->catalogue->measure_count; i++) targets = targets || m->catalogue->measures[i]->lag < 0;
  for (size_t i = 0; i < count; i++) {
    if (claims[i].role == ROLE_PLAN && !targets) continue;
    match_claim(m, d, &claims[i]);
    if (i) match_level(d, &claims[i - 1], &claims[i]);
    size_t whole = claims[i].frame->whole;
    if ((claims[i].frame->cues & WORD_WITHIN) && whole < i) match_part(m, d, &claims[whole], &claims[i]);
  }
  part_twins(m, d, claims, count);
}

size_t match_words(Matcher *m, const Draft *d, size_t from, size_t to, Candidate *out, size_t room) {
  Words w = {.count = 0};
  Vector v;
  size_t count = 0;
  m->draft = NULL;
  add_words(d, &w, from, to, 100, true, false);
  weigh_words(m, &w, &v);
  size_t hits = score_measures(m, v.norm, m->hit);
  for (size_t i = 0; i < hits; i++)
    if (m->score[m->hit[i]] >= MATCH_FLOOR)
      place(out, &count, room, (Candidate){.measure = m->catalogue->measures[m->hit[i]], .score = m->score[m->hit[i]]});
  return count;
}

const Index *matcher_index(const Matcher *m) { return m->index; }
