/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What speaks against a candidate: the claim names another kind of work, another class (35岁以下), a noun
 * next to the number that the measure does not know. Such words lower the score; words that no label
 * explains lower only what a contradiction may rest on, for prose says more than labels do. */
#include "verify/index.h"

#include <string.h>

#include "base/utf8.h"

enum { WORDS = 160 };

static bool text_in(const char *text, const char *word) { return text && strstr(text, word); }

bool measure_says(const Measure *m, const char *word) {
  const Set *s = m->set;
  if (text_in(m->label, word) || text_in(s->label, word) || text_in(s->from->label, word)) return true;
  for (size_t i = 0; i < m->alias_count; i++)
    if (text_in(m->aliases[i], word)) return true;
  for (size_t i = 0; i < s->alias_count; i++)
    if (text_in(s->aliases[i], word)) return true;
  for (size_t i = 0; i < s->from->alias_count; i++)
    if (text_in(s->from->aliases[i], word)) return true;
  return false;
}

/* Names a kind of work (调研) that the measure does not speak of: another kind of work. */
static bool other_work(const Draft *d, const ClaimFrame *f, const Measure *m) {
  for (size_t k = 0; k < f->own; k++)
    for (size_t i = f->spans[k].from; i < f->spans[k].to && f->spans[k].weight > 50; i++) {
      size_t n = lexicon_at(d->lexicon, d->cp + i, f->spans[k].to - i, WORD_ACTIVITY);
      if (!n) continue;
      if (!measure_says(m, draft_slice(d, i, i + n))) return true;
      i += n - 1;
    }
  return false;
}

/* Whether a character of the noun is one that tells measures apart, or a pair of them is the measure's. */
static bool head_shared(const Index *x, const Measure *measure, const uint32_t *words, size_t at, size_t end) {
  enum { TELLING = 50 }; /* hundredths of the weight of a character that no label has */
  size_t slot = 0;
  int64_t most = index_weight(x, '?', &slot);
  for (; at < end; at++) {
    char text[9] = {0};
    size_t n = utf8_encode(words[at], text);
    if (!measure_says(measure, text)) continue;
    if (index_weight(x, words[at], &slot) * 100 >= most * TELLING) return true;
    if (at + 1 < end && utf8_encode(words[at + 1], text + n) && measure_says(measure, text)) return true;
  }
  return false;
}

/* How many of the nouns next to the number (before it, after it) share nothing with the measure. */
static int other_heads(const Index *x, const Draft *d, const Claim *c, const Measure *measure) {
  enum { HEAD = 3 };
  const ClaimFrame *f = c->frame;
  int foreign = 0, heads = 0;
  for (size_t k = 0; k < f->own; k++) {
    uint32_t words[WORDS];
    const Span *s = &f->spans[k];
    bool before = s->from < c->start;
    if (s->weight < 50) continue;
    size_t from = before && s->to > 40 + s->from ? s->to - 40 : s->from;
    size_t n = draft_content(d, from, s->to, words, WORDS);
    if (n < 2) continue;
    size_t at = before && n > HEAD ? n - HEAD : 0, end = n < at + HEAD ? n : at + HEAD;
    heads++;
    foreign += !head_shared(x, measure, words, at, end);
  }
  return foreign && foreign == heads ? 2 : foreign;
}

/* Part of a choice that the measure's rows can have: 环境整治 of 志愿服务. */
static bool named_choice(const Measure *measure, const char *word) {
  const Relation *rows[] = {measure->rows, measure->rows->parent};
  for (size_t r = 0; r < 2 && rows[r]; r++)
    for (size_t i = 0; i < rows[r]->column_count; i++) {
      const Column *column = &rows[r]->columns[i];
      if (column->type != TYPE_CHOICE || !column->codes || column->system || column->retired) continue;
      for (size_t k = 0; k < column->codes->count; k++)
        if (strstr(column->codes->at[k].label, word)) return true;
    }
  return false;
}

/* What part of the claim's own words (hundredths, by weight) no label of the measure holds. */
static int unexplained(const Index *x, const Draft *d, const Claim *c, const Measure *measure) {
  enum { REACH = 14 };
  const ClaimFrame *f = c->frame;
  int64_t all = 0, lost = 0;
  for (size_t k = 0; k < f->own; k++) {
    uint32_t words[WORDS];
    const Span *s = &f->spans[k];
    bool before = s->from < c->start;
    if (s->weight < 50) continue;
    size_t from = before && s->to > 60 + s->from ? s->to - 60 : s->from;
    size_t n = draft_content(d, from, s->to, words, WORDS);
    size_t at = before && n > REACH ? n - REACH : 0, end = n < at + REACH ? n : at + REACH;
    bool said = false;
    for (size_t i = at; i < end; i++) {
      char text[12] = {0};
      if (char_in(words[i], "且者具或以上下及即则所为")) continue; /* holds words together */
      size_t bytes = utf8_encode(words[i], text), slot = 0;
      bool next = i + 1 < end && utf8_encode(words[i + 1], text + bytes) &&
                  (measure_says(measure, text) || named_choice(measure, text));
      int64_t w = index_weight(x, words[i], &slot) * (int64_t)(REACH - (before ? end - 1 - i : i - at));
      all += w;
      if (!said && !next) lost += w;
      said = next;
    }
  }
  return all ? (int)(lost * 100 / all) : 0;
}

/* The number before 岁 at `at`, as text; NULL if none ends there. */
static const char *age_at(const Draft *d, size_t from, size_t at) {
  size_t start = at;
  if (start > from && d->cp[start - 1] == 0x5468) start--; /* 周岁 */
  size_t end = start;
  while (start > from && (digit_char(d->cp[start - 1]) || numeral_char(d->cp[start - 1]))) start--;
  return start < end ? draft_slice(d, start, end) : NULL;
}

/* Whether a bound of a class follows: 高中及以上, 大专以上. */
static bool bound_follows(const Draft *d, size_t at, size_t to) {
  return at < to && (char_in(d->cp[at], "以") || (char_in(d->cp[at], "及含（(") && at + 1 < to));
}

static bool tests_word(const Measure *m, const char *word) {
  return measure_says(m, word) || text_in(m->where_text, word) || text_in(m->share_text, word) ||
         text_in(m->set->where_text, word);
}

/* The claim's own words bound a class (35岁以下, 大专及以上) that the measure does not test. */
static bool other_class(const Index *x, const Draft *d, const Claim *c, const Measure *measure) {
  const ClaimFrame *f = c->frame;
  for (size_t k = 0; k < f->own; k++) {
    const Span *s = &f->spans[k];
    if (s->weight < 50) continue;
    for (size_t i = s->from; i < s->to; i++) {
      if (d->cp[i] == 0x5C81) { /* 岁 */
        const char *age = age_at(d, s->from, i);
        if (age && !tests_word(measure, age)) return true;
      }
      for (size_t n = 0; n < x->step_count; n++) {
        const char *label = x->steps[n];
        size_t length = utf8_length(label);
        if (i + length >= s->to || strncmp(d->text + d->byte[i], label, strlen(label)) != 0) continue;
        if (bound_follows(d, i + length, s->to) && !tests_word(measure, label)) return true;
      }
    }
  }
  return false;
}

/* What the words are worth when the number is another: less by what no label explains. */
int doubt_assured(const Index *x, const Draft *d, const Claim *c, const Candidate *k) {
  enum { ALLOWED = 36 };
  int lost = unexplained(x, d, c, k->measure);
  return lost > ALLOWED ? k->score * (100 - (lost - ALLOWED) / 2) / 100 : k->score;
}

/* 新选配15名 is what came, not what there is. */
static bool other_time(const Draft *d, const Claim *c, const Measure *measure) {
  return measure->when == WHEN_ASOF && frame_says(d, c->frame, "新") && !measure_says(measure, "新");
}

/* 其余14户: what is left over is no figure of its own. */
static bool left_over(const Draft *d, const Claim *c) {
  const Phrase *p = &d->phrases[c->frame->phrase];
  size_t from = p->from + 8 < c->start ? c->start - 8 : p->from;
  return memmem(d->text + d->byte[from], d->byte[c->start] - d->byte[from], "其余", strlen("其余")) != NULL;
}

/* 个 counts what follows it: 12个问题 are no branches, whatever stands before. */
static bool other_thing(const Index *x, const Draft *d, const Claim *c, const Measure *measure) {
  enum { HEAD = 3 };
  uint32_t words[WORDS];
  const ClaimFrame *f = c->frame;
  if (!c->quantity.unit || strcmp(c->quantity.unit->name, "个") != 0) return false;
  for (size_t k = 0; k < f->own; k++) {
    const Span *s = &f->spans[k];
    if (s->from < c->start || s->from > claim_to(c) + 1) continue;
    size_t n = draft_content(d, s->from, s->to, words, WORDS);
    return n > 1 && !head_shared(x, measure, words, 0, n < HEAD ? n : HEAD);
  }
  return false;
}

int doubt_words(const Index *x, const Draft *d, const Claim *c, const Measure *measure, int score) {
  if (other_class(x, d, c, measure)) score = score * 50 / 100;
  if (other_time(d, c, measure)) score = score * 65 / 100;
  if (other_thing(x, d, c, measure)) score = score * 70 / 100;
  if (left_over(d, c)) score = score * 50 / 100;
  if (other_work(d, c->frame, measure)) score = score * 62 / 100;
  int heads = other_heads(x, d, c, measure);
  return heads == 2 ? score * 85 / 100 : heads ? score * 88 / 100 : score;
}
