/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Private to the catalogue: loading in two passes. The first (catalogue_read.c) makes relations with their
 * columns; whatever needs other relations is put off as a Later. The second (catalogue_check.c,
 * catalogue_set.c, catalogue_statement.c, catalogue_duty.c) does them kind by kind, in the order of the enum: each may rely on the ones
 * before. */
#ifndef LUOSHI_RELATION_CATALOGUE_BUILD_H
#define LUOSHI_RELATION_CATALOGUE_BUILD_H

#include "relation/catalogue.h"
#include "relation/tree.h"
#include "relation/yaml.h"

enum {
  FIELDS_MOST = 100,
  LINES_MOST = 20,
  CHOICES_MOST = 500,
  SETS_MOST = 100,
  MEASURES_MOST = 40,
  RETIRED_MOST = 64,
  RETIRED_FEW = 4,
  TABLE_LONGEST = 52,
  ALIASES_MOST = 50,
  STATEMENTS_MOST = 100,
  TESTS_MOST = 8,
  DUTIES_MOST = 100
};

typedef enum {
  LATER_CODES, /* `of` names codes */
  LATER_REF,   /* `of` names a relation */
  LATER_TITLE,
  LATER_CLASH, /* names of a relation against each other and its record's */
  LATER_TERM,
  LATER_AMONG,
  LATER_NEEDED, /* needed_in: states */
  LATER_NEXT,   /* next: states */
  LATER_DEFAULT,
  LATER_FILL,
  LATER_TRAIT,
  LATER_SEEN,
  LATER_REPORTER,
  LATER_SET,
  LATER_STATEMENT,
  LATER_DUTY,
  LATER_KINDS
} LaterKind;

typedef struct Later {
  struct Later *next; /* of its kind */
  LaterKind kind;
  Relation *relation; /* LATER_SET: the set's default, may be NULL */
  size_t index;       /* of the column, term or state */
  Place place;
} Later;

typedef struct Shared {
  const char *name;
  Place place;
} Shared;

typedef struct Build {
  Arena *arena;
  Catalogue *c;
  Issues *issues;
  bool core;          /* reading core.yaml */
  const Trees *known; /* of an earlier reading, or NULL */
  Tree *trees;        /* of this one */
  size_t tree_count, tree_room;
  bool fresh; /* one of them had to be parsed */
  size_t relation_room, code_room, set_room, measure_room, statement_room, duty_room;
  Shared *shared;
  size_t shared_count, shared_room;
  Later *later[LATER_KINDS], *last[LATER_KINDS];
} Build;

void build_later(Build *b, LaterKind kind, Relation *r, size_t index, Place place);
/* [a-z][a-z0-9_]{0,39}; NULL and an issue if not. `field`: the engine's own names are refused too. */
const char *build_name(Build *b, Place p, bool field);
const char *build_label(Place p);
void build_aliases(Build *b, Place p, const char ***out, size_t *count);

/* First pass. */
void build_codes(Build *b, Place list);
void build_shared(Build *b, Place list);
void build_relation(Build *b, Place p, const char *name_key);
void build_column(Build *b, Relation *r, Place p, Column *out, size_t index);
void build_terms(Build *b, Relation *r, Place list, Place more);

/* Second pass. */
Filter *build_filter(Build *b, const Relation *on, const char *text, Place p);
void build_check(Build *b);
void build_set(Build *b, const Relation *from, Place p);
/* month, quarter, half or year; an issue if not. */
bool build_every(Place p, PeriodKind *out);
void build_statement(Build *b, Place p);
void build_duty(Build *b, Place p);

#endif
