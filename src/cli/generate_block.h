/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Private to the generator: how often a block makes something, and making one of it, for either sink. */
#ifndef LUOSHI_CLI_GENERATE_BLOCK_H
#define LUOSHI_CLI_GENERATE_BLOCK_H

#include "cli/generate_value.h"

typedef struct Turns {
  const Node *block, *columns, *rows;
  Items items;
  size_t per;   /* for every item */
  size_t count; /* in all */
} Turns;

bool turns_plan(Maker *m, const Making *w, const Node *block, Turns *t);
/* The session's arena goes with the session; what the block still needs stays. */
void turns_keep(Maker *m, Turns *t);
bool turn_row(Maker *m, Turns *t, size_t i, Making *w);
const Relation *block_relation(Maker *m, const Node *block);
/* The i-th record of a block with its lines, checked. */
bool record_make(Maker *m, Turns *t, size_t i, const Relation *r, const Making *above, Making *w, Record *record);

/* Every block in order, each with pools, decks and random numbers of its own. */
typedef bool BlockRun(Maker *m, Site *site, const Node *block, size_t number, void *context, Error *e);
bool blocks_run(Maker *m, Site *site, BlockRun *run, void *context, Error *e);

#endif
