/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Labels and aliases of a catalogue as weighted grams (see index.c). Inside this folder only. */
#ifndef LUOSHI_VERIFY_INDEX_H
#define LUOSHI_VERIFY_INDEX_H

#include "verify/match.h"

enum {
  SET_FACTOR = 920,    /* words of the set, for a measure that has a label of its own */
  LEDGER_FACTOR = 700, /* the ledger's label */
  RATIO_FACTOR = 550,  /* words of the set for a share or a mean of its rows */
  CRITERIA = 4
};

typedef struct Posting {
  size_t variant;
  struct Posting *next;
} Posting;

typedef struct Gram {
  uint64_t key; /* a character, or two: first << 32 | second; 0: free slot */
  uint32_t documents, last;
  int64_t weight;
  Posting *first;
} Gram;

typedef struct Variant {
  size_t measure; /* index in the catalogue */
  int factor;     /* in thousandths */
  const char *text;
  uint32_t *content;
  size_t length;
  uint64_t norm;   /* sum of squared weights */
  uint64_t rooted; /* its root */
  bool chosen;     /* a user's own word */
  /* What bounds the class it speaks of: 50 of 50岁以下, 高中 of 高中以上; a number also as 五十. */
  const char *criteria[CRITERIA], *spelled[CRITERIA];
  size_t criterion_count;
} Variant;

typedef struct Index {
  Arena *arena;
  const Catalogue *catalogue;
  Lexicon *lexicon;
  size_t documents;
  Variant *variants;
  size_t variant_count, variant_room, content_total;
  Gram *table;
  size_t slots;
  const char **steps; /* labels of ordered codes: 高中, 大专 */
  size_t step_count;
} Index;

Index *index_new(Arena *a, const Catalogue *c, Lexicon *lexicon, const Phrasing *phrasings, size_t count);
/* A gram's weight, also of one that no label has; *slot is where it stands or would stand. */
int64_t index_weight(const Index *x, uint64_t key, size_t *slot);
void grams_of(const uint32_t *c, size_t n, void (*visit)(uint64_t key, void *context), void *context);
uint64_t root(uint64_t n);

/* ---- doubt.c ---- */
bool measure_says(const Measure *m, const char *word); /* some label or alias of it holds the word */
/* The score, less what speaks against the measure. */
int doubt_words(const Index *x, const Draft *d, const Claim *c, const Measure *measure, int score);
/* What the words are worth when the number is another. */
int doubt_assured(const Index *x, const Draft *d, const Claim *c, const Candidate *k);

/* ---- slice.c ---- */
typedef struct Option { /* a choice value that a measure can be narrowed by */
  Path path;
  const char *name, *label;
} Option;
enum { SLICE_FIELDS = 2 };
typedef struct Slices Slices;
Slices *slices_new(Arena *a, const Index *index);
/* The choices of at least so many characters that the claim's words name, one a column; two of one column name
 * the whole set. `out` has room for SLICE_FIELDS. */
size_t slices_named(Slices *x, const Draft *d, const Claim *c, size_t at, size_t least, const Option **out);
void slices_narrow(Arena *a, const Option *const *o, size_t count, Candidate *k);
bool frame_says(const Draft *d, const ClaimFrame *f, const char *label); /* in the claim's own words */

#endif
