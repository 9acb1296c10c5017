/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Which figures a claim may mean. The words around the number are compared with label and aliases of
 * measure, set and ledger by IDF-weighted cosine over characters and pairs of them; the measure word
 * gates; a choice value of the ledger found in the text narrows the figure to a slice. Integers only.
 *
 * The index is built once a run; a claim costs the postings of its own pairs. No store is asked, and
 * no value looked at: that is verdict's. */
#ifndef LUOSHI_VERIFY_MATCH_H
#define LUOSHI_VERIFY_MATCH_H

#include "verify/draft.h"

typedef struct Phrasing {
  const char *phrase; /* a user's word for a measure, from relation alias */
  const char *measure; /* full name */
} Phrasing;

typedef struct Matcher Matcher;
Matcher *matcher_new(Arena *a, const Catalogue *c, const Phrasing *phrasings, size_t count);
const struct Index *matcher_index(const Matcher *m); /* the weights of grams, for statements */
/* Fills candidates of every claim that is no plan: at most MATCH_SHOWN, best first, above the floor. */
void match_claims(Matcher *m, const Draft *d, Claim *claims, size_t count);
/* The measures nearest to any words of the text (statements): best first, above the floor. */
size_t match_words(Matcher *m, const Draft *d, size_t from, size_t to, Candidate *out, size_t room);

enum {
  MATCH_SHOWN = 5,
  MATCH_FLOOR = 320, /* below it words mean no declared figure */
  MATCH_SURE = 360,  /* below it a number that differs is asked about, not faulted */
  MATCH_FAR = 700,   /* … and below this when it is out of all proportion */
  MATCH_RARE = 240,  /* the floor for rare units */
  MATCH_TIE = 70     /* nearer than this, words alone do not part two readings */
};

/* Two readings of the same words: measures of one set, shares (or means) of one ledger, or what came and what
 * there is of the same rows. */
bool match_akin(Arena *a, const Measure *x, const Measure *y);
/* 由85%上升到97%: the claim is the first of the two, a level of last year. */
bool claim_former(const Draft *d, const Claim *c);

/* How well a written unit can be answered in the unit of a measure, in hundredths; 0: never. */
int unit_gate(const Unit *asked, const Unit *measure);

#endif
