/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Claims without a numeral: which phrases make one, and which declared statement (docs/declare.md) it is.
 * A phrase makes a declared statement when it holds most of the weight of its label or of an alias, in
 * characters and pairs of them; of a list (定期研究、季度督查、年终考核) each item may make one of its own.
 * Where no declared statement fits, 每月… and 逐项… are held against the nearest figure, and only a figure
 * that the words plainly name may fault them.
 *
 * What speaks of a lack (未按时上传) is no claim that it was done; a statement of what is bad is asked for
 * as such. Both keep another's words from being faulted. */
#include "verify/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "verify/index.h"

enum { LOOKED_AT = 8, PHRASE_WORDS = 480, HITS = 4096, SLOTS = 16384, SHORT = 4, CLOSE = 6, PLAIN = 520 };
enum { MOST = 62, MOST_SHORT = 85, MOST_APART = 75 }; /* hundredths of a variant's weight */

typedef struct Word {
  uint32_t c;
  size_t at; /* code point in the draft */
} Word;

typedef struct Hit {
  size_t variant, word;
  uint64_t key;
  int64_t weight;
} Hit;

/* ---- the declared ones, as grams ---- */

typedef struct SaidVariant {
  const StatementRule *rule;
  int64_t weight;
  size_t length;
} SaidVariant;

typedef struct SaidPosting {
  uint64_t key;
  int64_t weight;
  size_t variant;
} SaidPosting;

typedef struct Sayings {
  Arena *arena;
  const Index *index;
  SaidVariant *variants;
  size_t variant_count, variant_room;
  SaidPosting *postings; /* sorted by key */
  size_t posting_count, posting_room;
  bool *some; /* by SLOT of the key: whether any posting may have it */
  Word *words; /* of the phrase looked at */
  Hit *hits;
} Sayings;

typedef struct Adding {
  Sayings *s;
  size_t first; /* posting of this variant */
} Adding;

static void add_gram(uint64_t key, void *context) {
  Adding *a = context;
  Sayings *s = a->s;
  size_t slot = 0;
  for (size_t i = a->first; i < s->posting_count; i++)
    if (s->postings[i].key == key) return;
  int64_t weight = index_weight(s->index, key, &slot);
  *PUSH(s->arena, s->postings, s->posting_count, s->posting_room) =
      (SaidPosting){.key = key, .weight = weight, .variant = s->variant_count - 1};
  s->variants[s->variant_count - 1].weight += weight;
}

static void add_variant(Sayings *s, const Draft *d, const StatementRule *rule, const char *text) {
  uint32_t raw[64], words[64];
  size_t n = utf8_decode(text, raw, 64);
  const Draft own = {.lexicon = d->lexicon, .cp = raw, .count = n};
  size_t count = draft_content(&own, 0, n, words, 64);
  if (count < 3) { /* hardly more than fillers: as it stands */
    count = n;
    memcpy(words, raw, n * sizeof *raw);
  }
  if (count < 2) return;
  *PUSH(s->arena, s->variants, s->variant_count, s->variant_room) = (SaidVariant){.rule = rule, .length = count};
  Adding a = {s, s->posting_count};
  grams_of(words, count, add_gram, &a);
}

static size_t slot_of(uint64_t key) { return (size_t)((key * 0x9E3779B97F4A7C15u) >> 40) % SLOTS; }

static int by_key(const void *a, const void *b) {
  const SaidPosting *x = a, *y = b;
  return x->key != y->key ? (x->key < y->key ? -1 : 1) : x->variant < y->variant ? -1 : x->variant > y->variant;
}

static void sayings_load(Sayings *s, const Draft *d, const Matcher *m, const Catalogue *c) {
  *s = (Sayings){.arena = d->arena, .index = matcher_index(m)};
  s->words = NEW_ARRAY(d->arena, Word, PHRASE_WORDS);
  s->hits = NEW_ARRAY(d->arena, Hit, HITS);
  for (size_t i = 0; i < c->statement_count; i++) {
    const StatementRule *rule = &c->statements[i];
    add_variant(s, d, rule, rule->label);
    for (size_t k = 0; k < rule->alias_count; k++) add_variant(s, d, rule, rule->aliases[k]);
  }
  if (s->posting_count) qsort(s->postings, s->posting_count, sizeof *s->postings, by_key);
  s->some = NEW_ARRAY(d->arena, bool, SLOTS);
  for (size_t i = 0; i < s->posting_count; i++) s->some[slot_of(s->postings[i].key)] = true;
}

/* ---- a phrase held against them ---- */

/* What fits a statement: where, and how much of it is there. */
typedef struct Fitting {
  const StatementRule *rule;
  size_t from, to; /* code points */
  int64_t weight;  /* found */
} Fitting;

/* Content of [from, to) with its places; a filler parts no pair. */
static size_t words_of(const Draft *d, size_t from, size_t to, Word *out, size_t room) {
  size_t n = 0;
  for (size_t i = from; i < to && n < room;) {
    size_t keep = lexicon_at(d->lexicon, d->cp + i, to - i, WORD_KEEP);
    size_t skip = keep ? 0 : lexicon_at(d->lexicon, d->cp + i, to - i, WORD_FILLER);
    if (skip) {
      i += skip;
      continue;
    }
    for (size_t end = i + (keep ? keep : 1); i < end; i++)
      if (n < room && (han_char(d->cp[i]) || latin_char(d->cp[i]))) out[n++] = (Word){d->cp[i], i};
  }
  return n;
}

static void hits_of(const Sayings *s, uint64_t key, size_t word, Hit *hits, size_t *count) {
  size_t low = 0, high = s->some[slot_of(key)] ? s->posting_count : 0;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (s->postings[middle].key < key)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < s->posting_count && s->postings[low].key == key && *count < HITS; low++)
    hits[(*count)++] = (Hit){s->postings[low].variant, word, key, s->postings[low].weight};
}

static int by_variant(const void *a, const void *b) {
  const Hit *x = a, *y = b;
  if (x->variant != y->variant) return x->variant < y->variant ? -1 : 1;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return x->word < y->word ? -1 : x->word > y->word;
}

/* Weight of the different grams of one variant whose words stand in [from, to) of the draft. */
static int64_t found_in(const Hit *hits, size_t count, const Word *words, size_t from, size_t to) {
  int64_t weight = 0;
  bool taken = false;
  for (size_t i = 0; i < count; i++) {
    if (!i || hits[i].key != hits[i - 1].key) taken = false;
    size_t last = hits[i].word + (hits[i].key >> 32 ? 1 : 0);
    if (taken || words[hits[i].word].at < from || words[last].at >= to) continue;
    taken = true;
    weight += hits[i].weight;
  }
  return weight;
}

/* The same, of the best stretch of words not much longer than the variant: words that are scattered say something else. */
static int64_t found_near(const Hit *hits, size_t count, const Word *words, size_t n, size_t length) {
  enum { SLACK = 2 };
  size_t room = length <= CLOSE ? length + SLACK : 2 * length + 2 * SLACK;
  int64_t best = 0;
  for (size_t i = 0; i < count; i++) {
    size_t from = hits[i].word, to = from + room < n ? words[from + room].at : words[n - 1].at + 1;
    int64_t weight = found_in(hits, count, words, words[from].at, to);
    if (weight > best) best = weight;
  }
  return best;
}

static size_t item_end(const Draft *d, size_t from, size_t to) {
  while (from < to && !char_in(d->cp[from], "、，,：:；;（）()—…")) from++;
  return from;
}

/* The fewest items of a list, else the whole, that hold as good as all that was found. */
static void narrow(const Draft *d, const Hit *hits, size_t count, const Word *words, size_t from, size_t to, Fitting *f) {
  enum { ITEMS = 12, AS_GOOD = 92 };
  size_t starts[ITEMS], ends[ITEMS], n = 0;
  for (size_t at = from; at < to && n < ITEMS; at = ends[n - 1] + 1) {
    starts[n] = at;
    ends[n] = item_end(d, at, to);
    n++;
  }
  if (n) ends[n - 1] = to;
  f->from = from;
  f->to = to;
  for (size_t length = 1; length < n; length++)
    for (size_t i = 0; i + length <= n; i++) {
      int64_t weight = found_in(hits, count, words, starts[i], ends[i + length - 1]);
      if (weight * 100 < f->weight * AS_GOOD) continue;
      f->from = starts[i];
      f->to = ends[i + length - 1];
      f->weight = weight;
      return;
    }
}

static bool has_words(const Draft *d, size_t from, size_t to, const char *word) {
  return memmem(d->text + d->byte[from], d->byte[to] - d->byte[from], word, strlen(word)) != NULL;
}

/* The sentence of the phrase and the one before it, in the same section. */
static bool is_about(const Draft *d, const StatementRule *rule, const Phrase *p) {
  const Sentence *s = &d->sentences[p->sentence];
  size_t from = p->sentence && d->sentences[p->sentence - 1].section == s->section ? s[-1].from : s->from;
  for (size_t i = 0; i < rule->about_count; i++)
    if (has_words(d, from, s->to, rule->about[i])) return true;
  return !rule->about_count;
}

/* Says that something was not done, or not well. */
static bool lacks(const Draft *d, size_t from, size_t to) {
  static const char *const words[] = {"未能", "没有", "没能", "未按", "未及时", "不够", "不到位", "不力", "不及时", "不严", "不实",
                                      "不高", "不好", "缺乏", "缺少", "欠缺", "滞后", "流于形式", "有差距", "不规范"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (has_words(d, from, to, words[i])) return true;
  return false;
}

/* Everything that [from, to) may say, best first; several of one rule are one. */
static size_t fittings(const Sayings *s, const Draft *d, const Phrase *p, size_t from, size_t to, bool apart,
                       Fitting *out, size_t room) {
  static const size_t none = (size_t)-1;
  Word *words = s->words;
  Hit *hits = s->hits;
  size_t hit_count = 0, count = 0, n = words_of(d, from, to, words, PHRASE_WORDS);
  bool problem = d->sections[d->sentences[p->sentence].section].role == SECTION_PROBLEM, lack = lacks(d, from, to);
  for (size_t i = 0; i < n; i++) {
    hits_of(s, words[i].c, i, hits, &hit_count);
    if (i + 1 < n) hits_of(s, (uint64_t)words[i].c << 32 | words[i + 1].c, i, hits, &hit_count);
  }
  qsort(hits, hit_count, sizeof *hits, by_variant);
  for (size_t i = 0, next; i < hit_count; i = next) {
    for (next = i; next < hit_count && hits[next].variant == hits[i].variant;) next++;
    const SaidVariant *v = &s->variants[hits[i].variant];
    int least = v->length <= SHORT ? MOST_SHORT : apart ? MOST_APART : MOST;
    Fitting f = {.rule = v->rule, .weight = found_in(&hits[i], next - i, words, from, to)};
    if (f.weight * 100 < v->weight * least) continue;
    f.weight = found_near(&hits[i], next - i, words, n, v->length);
    if (f.weight * 100 < v->weight * least) continue;
    if (!v->rule->diagnosis && (problem || lack)) continue;
    if (!is_about(d, v->rule, p)) continue;
    narrow(d, &hits[i], next - i, words, from, to, &f);
    size_t same = none;
    for (size_t k = 0; k < count; k++)
      if (out[k].rule == f.rule) same = k;
    if (same != none && out[same].weight >= f.weight) continue;
    size_t at = same != none ? same : count < room ? count++ : room - 1;
    if (same == none && count == room && at == room - 1 && out[at].rule && out[at].weight >= f.weight) continue;
    out[at] = f;
    for (; at && out[at - 1].weight < out[at].weight; at--) {
      Fitting swap = out[at];
      out[at] = out[at - 1];
      out[at - 1] = swap;
    }
  }
  return count;
}

/* ---- finding ---- */

typedef struct Known {
  const StatementRule *rule;
  int64_t org;
  Statement statement;
} Known;

typedef struct Finder {
  Judge *j;
  Matcher *m;
  Verification *v;
  const Draft *d;
  Sayings sayings;
  size_t room;
  Known *known;
  size_t known_count, known_room;
  Error *e;
} Finder;

static Statement *add_statement(Finder *f, size_t from, size_t to, bool plan) {
  while (from < to && char_in(f->d->cp[from], " 　")) from++;
  Statement *t = PUSH(f->d->arena, f->v->statements, f->v->statement_count, f->room);
  *t = (Statement){.start = from, .end = to, .text = draft_slice(f->d, from, to)};
  t->verdict = plan ? VERDICT_PLAN : VERDICT_UNSUPPORTED;
  return t;
}

static const char *sentence_words(const Finder *f, const Phrase *p) {
  const Sentence *s = &f->d->sentences[p->sentence];
  return draft_slice(f->d, s->from, s->to);
}

/* 每月, 逐项: the words claim that nothing is missing. Who urges others (督促…按时上传) does not claim that they did. */
static bool is_strict(const Draft *d, size_t from, size_t to) {
  static const char *const urging[] = {"督促", "要求", "引导", "推动", "指导"};
  for (size_t i = 0; i < sizeof urging / sizeof *urging; i++)
    if (has_words(d, from, to, urging[i])) return false;
  static const char *const words[] = {"每", "逐", "全部", "所有", "全面", "按时", "按期", "均已", "都已", "一律", "无一"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (has_words(d, from, to, words[i])) return true;
  return draft_has(d, from, to, WORD_CADENCE | WORD_ALL);
}

/* ---- without a declaration ---- */

typedef struct Said {
  size_t from;
  const Phrase *phrase;
  Every every; /* EVERY_NONE: all of them */
} Said;

static bool answers(const Said *said, const Candidate *k) {
  const Measure *m = k->measure;
  const Unit *u = unit_find(m->unit);
  if (said->every == EVERY_NONE) return m->fold == FOLD_SHARE && k->score >= PLAIN;
  return m->fold != FOLD_SHARE && m->fold != FOLD_MEAN && u &&
         (!strcmp(u->class_, "event") || !strcmp(u->class_, "session"));
}

/* The nearest figure, read as a statement of one test. */
static bool judge_nearest(Finder *f, const Said *said, const Candidate *k, Statement *t) {
  static const int months[] = {[EVERY_YEAR] = 12, [EVERY_HALF] = 6, [EVERY_QUARTER] = 3, [EVERY_MONTH] = 1};
  Arena *a = f->d->arena;
  StatementRule *rule = NEW(a, StatementRule);
  Proof *test = NEW(a, Proof);
  const Measure **measures = NEW_ARRAY(a, const Measure *, 1);
  measures[0] = k->measure;
  *test = (Proof){.kind = said->every == EVERY_NONE ? PROOF_ALL : PROOF_EVERY,
                          .measures = measures,
                          .measure_count = 1,
                          .months = months[said->every]};
  *rule = (StatementRule){.label = k->measure->label, .tests = test, .test_count = 1};
  int64_t org = judge_phrase_org(f->j, (size_t)(said->phrase - f->d->phrases));
  bool done = statement_judge(f->j, rule, org, sentence_words(f, said->phrase), k->score >= PLAIN, t, f->e);
  t->rule = NULL;
  /* A share that is not whole, or of nothing, is more likely another one than meant. */
  if (said->every == EVERY_NONE && t->verdict != VERDICT_SUPPORTED && t->reason != REASON_REFUSED) {
    t->verdict = VERDICT_UNSUPPORTED;
    t->reason = REASON_NO_FIGURE;
    t->counter = t->message = NULL;
    t->result_count = 0;
  }
  return done;
}

/* All of them is asked of the topic too: 3个问题，逐项整改. */
static size_t topic_from(const Draft *d, const Said *said) {
  size_t at = (size_t)(said->phrase - d->phrases);
  if (said->every == EVERY_NONE)
    for (size_t steps = 0; steps < 2 && at && d->phrases[at - 1].sentence == said->phrase->sentence; steps++) at--;
  return d->phrases[at].from;
}

/* 每月, 按季度: the cadence a phrase names. */
static Every cadence(const Draft *d, const Phrase *p) {
  for (size_t i = p->from; i < p->to; i++) {
    size_t n = lexicon_at(d->lexicon, d->cp + i, p->to - i, WORD_CADENCE);
    for (size_t k = i; k < i + n; k++) {
      if (d->cp[k] == 0x6708) return EVERY_MONTH;   /* 月 */
      if (d->cp[k] == 0x5B63) return EVERY_QUARTER; /* 季 */
    }
    if (n) return EVERY_NONE;
  }
  return EVERY_NONE;
}

static bool undeclared(Finder *f, const Phrase *p) {
  const Draft *d = f->d;
  Said said = {.phrase = p, .every = cadence(d, p)};
  if (said.every == EVERY_NONE && !draft_has(d, p->from, p->to, WORD_ALL)) return true;
  if (d->sections[d->sentences[p->sentence].section].role == SECTION_PROBLEM || lacks(d, p->from, p->to)) return true;
  Statement *t = add_statement(f, p->from, p->to, p->plan);
  if (p->plan) return true;
  t->reason = said.every == EVERY_NONE ? REASON_NO_FIGURE : REASON_NO_DUTY;
  Candidate found[LOOKED_AT];
  size_t count = match_words(f->m, d, topic_from(d, &said), p->to, found, LOOKED_AT);
  for (size_t i = 0; i < count; i++)
    if (answers(&said, &found[i])) return judge_nearest(f, &said, &found[i], t);
  return true;
}

/* ---- phrase by phrase ---- */

static bool has_claim(const Verification *v, const Phrase *p) {
  size_t low = 0, high = v->claim_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (v->claims[middle].start < p->from)
      low = middle + 1;
    else
      high = middle;
  }
  return low < v->claim_count && v->claims[low].start < p->to;
}

static bool is_heading(const Draft *d, const Phrase *p) {
  const Section *in = &d->sections[d->sentences[p->sentence].section];
  return p->from >= in->heading_from && p->to <= in->heading_to;
}

/* A statement that the text makes twice is asked of the records once, unless its own words choose what is asked. */
static bool judge_declared(Finder *f, const StatementRule *rule, int64_t org, const Phrase *p, bool strict, Statement *t) {
  bool chosen = false;
  for (size_t i = 0; i < rule->test_count; i++) chosen = chosen || rule->tests[i].kind == PROOF_EACH;
  for (size_t i = 0; !chosen && i < f->known_count; i++) {
    const Known *k = &f->known[i];
    if (k->rule != rule || k->org != org) continue;
    statement_judge_again(&k->statement, strict, f->d->arena, t);
    return true;
  }
  if (!statement_judge(f->j, rule, org, sentence_words(f, p), strict, t, f->e)) return false;
  if (t->reason != REASON_REFUSED)
    *PUSH(f->d->arena, f->known, f->known_count, f->known_room) = (Known){rule, org, *t};
  return true;
}

/* Declared statements in [from, to) of the phrase (or of it and the next); *count of them. */
static bool declared(Finder *f, const Phrase *p, size_t to, bool apart, size_t *count) {
  enum { ROOM = 8 };
  Fitting found[ROOM + 1] = {0};
  size_t n = fittings(&f->sayings, f->d, p, p->from, to, apart, found, ROOM);
  *count = 0;
  for (size_t i = 0; i < n; i++) {
    bool overlaps = false;
    for (size_t k = 0; k < i; k++) overlaps = overlaps || (found[k].rule && found[i].from < found[k].to && found[k].from < found[i].to);
    if (overlaps) {
      found[i].rule = NULL;
      continue;
    }
    ++*count;
  }
  for (size_t at = p->from; at < to;) { /* in the order of the text */
    const Fitting *next = NULL;
    for (size_t i = 0; i < n; i++)
      if (found[i].rule && found[i].from >= at && (!next || found[i].from < next->from)) next = &found[i];
    if (!next) break;
    Statement *t = add_statement(f, next->from, next->to, p->plan);
    t->rule = next->rule;
    at = next->to;
    if (p->plan) continue;
    int64_t org = judge_phrase_org(f->j, (size_t)(p - f->d->phrases));
    if (!judge_declared(f, next->rule, org, p, is_strict(f->d, p->from, to), t)) return false;
  }
  return true;
}

bool statements_find(Judge *j, Matcher *m, Verification *v, Error *e) {
  Finder f = {.j = j, .m = m, .v = v, .d = v->draft, .e = e};
  const Draft *d = f.d;
  sayings_load(&f.sayings, d, m, judge_session(j)->catalogue);
  for (size_t i = 0; i < d->phrase_count; i++) {
    const Phrase *p = &d->phrases[i], *next = i + 1 < d->phrase_count ? p + 1 : NULL;
    size_t count = 0;
    if (is_heading(d, p) || has_claim(v, p)) continue;
    if (!declared(&f, p, p->to, false, &count)) return false;
    if (count) continue;
    bool goes_on = next && next->sentence == p->sentence && next->plan == p->plan && !has_claim(v, next);
    Fitting alone[2] = {0};
    goes_on = goes_on && !fittings(&f.sayings, d, next, next->from, next->to, false, alone, 1);
    if (goes_on && !declared(&f, p, next->to, true, &count)) return false;
    if (count) {
      i++;
      continue;
    }
    if (!undeclared(&f, p)) return false;
  }
  return true;
}
