/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The n-gram index of the catalogue: every label and alias as a weighted vector of characters and pairs
 * of neighbours, held as postings by gram. A gram that many sets use says little (党, 工作); one that no
 * set uses says most, and so pulls a foreign topic below the floor.
 *
 * Weights are logarithms to the base 2 in 1/256. A document for the frequency is a set, not a phrase:
 * many aliases of one set must not make its own words common. */
#include "verify/index.h"

#include <string.h>

#include "base/utf8.h"

enum { PAIR = 100, SINGLE = 80, WORDS_LIMIT = 256, SHORT = 4 };

/* log2(n) × 256 */
static int64_t log2_fixed(uint64_t n) {
  int64_t whole = 0;
  while (n >> (whole + 1)) whole++;
  uint64_t x = whole > 30 ? n >> (whole - 30) : n << (30 - whole); /* in [2^30, 2^31) */
  int64_t out = whole << 8;
  for (int bit = 7; bit >= 0; bit--) {
    x = x * x >> 30;
    if (x >> 31) {
      x >>= 1;
      out += 1 << bit;
    }
  }
  return out;
}

uint64_t root(uint64_t n) {
  uint64_t r = 0, bit = (uint64_t)1 << 62;
  while (bit > n) bit >>= 2;
  for (; bit; bit >>= 2) {
    if (n >= r + bit) {
      n -= r + bit;
      r = (r >> 1) + bit;
    } else {
      r >>= 1;
    }
  }
  return r;
}

static size_t slot_of(const Index *x, uint64_t key) {
  uint64_t h = key * 0x9E3779B97F4A7C15u;
  size_t at = (size_t)(h >> 32) & (x->slots - 1);
  while (x->table[at].key && x->table[at].key != key) at = (at + 1) & (x->slots - 1);
  return at;
}

static int64_t weight_for(const Index *x, uint64_t key, size_t documents) {
  /* log2((N + 1) / (df + 1/2)), never below a little. */
  int64_t idf = log2_fixed(2 * (x->documents + 1)) - log2_fixed(2 * documents + 1);
  if (idf < 64) idf = 64;
  return idf * (key >> 32 ? PAIR : SINGLE) / 100;
}

int64_t index_weight(const Index *x, uint64_t key, size_t *slot) {
  *slot = slot_of(x, key);
  return x->table[*slot].key ? x->table[*slot].weight : weight_for(x, key, 0);
}

/* Calls for each character and each pair of a run of content characters. */
void grams_of(const uint32_t *c, size_t n, void (*visit)(uint64_t key, void *context), void *context) {
  for (size_t i = 0; i < n; i++) {
    if (!c[i]) continue; /* a break */
    visit(c[i], context);
    if (i + 1 < n && c[i + 1]) visit((uint64_t)c[i] << 32 | c[i + 1], context);
  }
}

typedef struct Noted {
  Index *x;
  uint32_t document;
} Noted;

static void note_gram(uint64_t key, void *context) {
  Noted *n = context;
  Gram *g = &n->x->table[slot_of(n->x, key)];
  g->key = key;
  if (g->last == n->document) return;
  g->last = n->document;
  g->documents++;
}

typedef struct Posted {
  Index *x;
  size_t variant;
} Posted;

static void post_gram(uint64_t key, void *context) {
  Posted *p = context;
  Gram *g = &p->x->table[slot_of(p->x, key)];
  if (g->first && g->first->variant == p->variant) return; /* once a variant */
  Posting *post = NEW(p->x->arena, Posting);
  *post = (Posting){.variant = p->variant, .next = g->first};
  g->first = post;
  p->x->variants[p->variant].norm += (uint64_t)(g->weight * g->weight);
}

static void add_criterion(Variant *v, const char *word, const char *spelled) {
  for (size_t i = 0; i < v->criterion_count; i++)
    if (!strcmp(v->criteria[i], word)) return;
  if (v->criterion_count == CRITERIA) return;
  v->criteria[v->criterion_count] = word;
  v->spelled[v->criterion_count++] = spelled;
}

static bool begins(const char *s, const char *word) {
  while (*word && *s == *word) s++, word++;
  return !*word;
}

/* A bound stands at s: 以上, 及以下, 以内. */
static bool bounds(const char *s) {
  if (begins(s, "及")) s += strlen("及");
  return begins(s, "以上") || begins(s, "以下") || begins(s, "以内");
}

/* 50 of 50岁以下, 5万元 of 5万元以上: what a label bounds its class by. */
static void read_criteria(Index *x, Variant *v, const char *text) {
  enum { UNIT = 3 };
  for (const char *s = text; *s;) {
    size_t digits = strspn(s, "0123456789.");
    if (!digits) {
      s++;
      continue;
    }
    const char *end = s + digits;
    if (digits < 4 && begins(end, "岁")) {
      int64_t n = 0;
      for (size_t i = 0; i < digits && s[i] != '.'; i++) n = n * 10 + (s[i] - '0');
      TEXT_SCOPE han = text_new(64);
      number_han(n, &han);
      add_criterion(v, arena_slice(x->arena, s, digits), arena_copy(x->arena, text_get(&han)));
    } else {
      for (int i = 0; i < UNIT && *end && !bounds(end); i++) utf8_next(&end);
      if (bounds(end)) {
        const char *bound = arena_slice(x->arena, s, (size_t)(end - s));
        add_criterion(v, bound, bound);
      }
    }
    s += digits;
  }
}

static void add_variant(Index *x, size_t measure, const char *text, int factor, bool chosen) {
  uint32_t raw[WORDS_LIMIT], c[WORDS_LIMIT];
  if (!text || !*text) return;
  size_t n = utf8_decode(text, raw, WORDS_LIMIT);
  Draft d = {.lexicon = x->lexicon, .cp = raw, .count = n};
  size_t words = draft_content(&d, 0, n, c, WORDS_LIMIT);
  if (words < SHORT) { /* hardly more than fillers: as it stands */
    words = n;
    memcpy(c, raw, n * sizeof *raw);
  }
  Variant *v = PUSH(x->arena, x->variants, x->variant_count, x->variant_room);
  *v = (Variant){.measure = measure, .factor = factor, .text = text, .length = words, .chosen = chosen};
  v->content = arena_alloc(x->arena, words * sizeof *c);
  memcpy(v->content, c, words * sizeof *c);
  x->content_total += words;
  read_criteria(x, v, text);
  /* Words of set and ledger do not take the class of the measure's own label away. */
  const Measure *m = x->catalogue->measures[measure];
  bool own = text == m->label || chosen;
  for (size_t i = 0; !own && i < m->alias_count; i++) own = text == m->aliases[i];
  if (!own && !m->primary) read_criteria(x, v, m->label);
}

/* Words of the set stand for all of its measures, a little weaker where a measure has its own label. */
static void add_measure(Index *x, size_t at) {
  const Measure *m = x->catalogue->measures[at];
  const Set *s = m->set;
  bool own = m->label && s->label && strcmp(m->label, s->label) != 0;
  int set_factor = own && m != s->measures && !m->primary ? SET_FACTOR : 1000;
  add_variant(x, at, m->label, 1000, false);
  for (size_t i = 0; i < m->alias_count; i++) add_variant(x, at, m->aliases[i], 1000, false);
  /* 农户 names whom a share is of, not the share. */
  if (own && !m->primary && (m->fold == FOLD_SHARE || m->fold == FOLD_MEAN)) set_factor = RATIO_FACTOR;
  if (own) add_variant(x, at, s->label, set_factor, false);
  for (size_t i = 0; i < s->alias_count; i++) add_variant(x, at, s->aliases[i], set_factor, false);
  add_variant(x, at, s->from->label, set_factor == RATIO_FACTOR ? RATIO_FACTOR * LEDGER_FACTOR / 1000 : LEDGER_FACTOR,
              false);
}

Index *index_new(Arena *a, const Catalogue *c, Lexicon *lexicon, const Phrasing *phrasings, size_t count) {
  Index *x = NEW(a, Index);
  *x = (Index){.arena = a, .catalogue = c, .lexicon = lexicon, .documents = c->set_count};
  size_t room = 0;
  for (size_t i = 0; i < c->code_count; i++)
    for (size_t k = 0; c->codes[i]->ordered && k < c->codes[i]->count; k++)
      if (utf8_length(c->codes[i]->at[k].label) > 1) *PUSH(a, x->steps, x->step_count, room) = c->codes[i]->at[k].label;
  for (size_t i = 0; i < c->measure_count; i++) add_measure(x, i);
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < c->measure_count; k++)
      if (!strcmp(c->measures[k]->full_name, phrasings[i].measure)) add_variant(x, k, phrasings[i].phrase, 1000, true);
  x->slots = 1024;
  while (x->slots <= x->content_total * 2) x->slots *= 2; /* each character makes at most two grams */
  x->table = NEW_ARRAY(a, Gram, x->slots);
  for (size_t i = 0; i < x->variant_count; i++) {
    const Variant *v = &x->variants[i];
    size_t set = 0;
    while (set < c->set_count && c->sets[set] != c->measures[v->measure]->set) set++;
    Noted n = {x, (uint32_t)set + 1};
    grams_of(v->content, v->length, note_gram, &n);
  }
  for (size_t i = 0; i < x->slots; i++)
    if (x->table[i].key) x->table[i].weight = weight_for(x, x->table[i].key, x->table[i].documents);
  for (size_t i = 0; i < x->variant_count; i++) {
    Posted p = {x, i};
    grams_of(x->variants[i].content, x->variants[i].length, post_gram, &p);
    x->variants[i].rooted = root(x->variants[i].norm);
  }
  return x;
}
