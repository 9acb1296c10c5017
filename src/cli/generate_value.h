/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Private to the generator: what is being made, and the values it is made of. */
#ifndef LUOSHI_CLI_GENERATE_VALUE_H
#define LUOSHI_CLI_GENERATE_VALUE_H

#include "cli/generate.h"
#include "ledger/record.h"
#include "relation/yaml.h"

/* One file of a declaration. */
typedef struct Part {
  const char *path;
  uint64_t salt; /* 0 for the root */
  const Node *root, *lists, *pools, *blocks;
} Part;

struct Generation {
  const char *label;
  int64_t seed, vary;
  bool varied;
  Date clock;
  const Part *parts; /* the root first */
  size_t part_count;
};

typedef struct Item {
  const Node *node; /* of a list: a value still to be made; NULL: v and text are given */
  Value v;
  const char *text;
  int64_t org;
  Date from, to; /* in force [from, to) */
} Item;

typedef struct Items { Item *at; size_t count, room; } Items;

typedef struct Pool { const char *name; const Relation *ref; Items items; struct Pool *next; } Pool;
typedef struct Deck { const Node *node; size_t *order; size_t count, next; struct Deck *after; } Deck;

/* A text once made by `unique`. */
typedef struct Seen { const char **at; size_t count, room; } Seen;

typedef struct Maker {
  const Generation *g;
  Arena *keep;  /* lives as long as the filling */
  Arena *block; /* pools and decks of a block */
  Session *s;
  size_t part;     /* whose blocks are being made; lists and pools of later ones are not known yet */
  size_t together; /* records in its transaction */
  Doing *d;
  Issues *issues;
  uint64_t random;
  int64_t size;
  Pool *pools;
  Deck *decks;
  Seen seen;
  Generated *done;
} Maker;

/* One row under construction. */
typedef struct Making {
  const struct Making *above; /* the record of a line, or what `then` follows */
  Row row;
  const Item *each;
  size_t n, of; /* n-th of so many, from 1 */
  Date at;      /* day on which names are looked up */
  int64_t org;
  const Column *setting; /* what is being filled: `org: "{org}"` means the org of the record above */
} Making;

uint64_t random_next(Maker *m);
size_t random_below(Maker *m, size_t n); /* n > 0 */
int64_t random_between(Maker *m, int64_t low, int64_t high);

/* An issue under the declaration's file and line; false, so that `return wrong(m, node, …)` reads well. */
void note_wrong(Maker *m, const Node *node, const char *sentence, ...) __attribute__((format(printf, 3, 4)));
static inline bool refused(int nothing) { return nothing != 0; }
#define wrong(m, node, ...) refused((note_wrong((m), (node), __VA_ARGS__), 0))
const Node *node_key(const Node *map, const char *key);
const char *node_file(const Maker *m, const Node *node); /* of the part that wrote it */
/* 3, or one number of [2, 5]; `size` where allowed. */
bool node_number(Maker *m, const Node *node, int64_t fallback, int64_t *out);

/* The items of a list written here, of a named list, or of a pool; NULL with an issue. */
const Items *items_of(Maker *m, const Node *node, const Relation **ref);
const Items *items_named(Maker *m, const char *name, const Relation **ref);
/* Whether a pool's row is in force on the day and in the org (0: anywhere). */
bool item_fits(Maker *m, const Item *item, Date at, int64_t in);

/* The value of `expression` for a column; null when missing. */
bool value_make(Maker *m, const Making *w, const Node *expression, const Column *c, Value *out);
/* False if `unique` has made it already. */
bool value_remember(Maker *m, const char *text);
/* An org named by a text such as "{org}" or "甲村". */
bool value_org(Maker *m, const Making *w, const Node *node, int64_t *out);

#endif
