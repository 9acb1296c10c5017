/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The organisation tree of an area, dated: what an org was called and under whom it stood on a day.
 * Read from the core relations org and org.spell. The span table (area, top, org, from, to) is derived
 * from it, dropped and rebuilt, never journalled. */
#ifndef LUOSHI_ORG_TREE_H
#define LUOSHI_ORG_TREE_H

#include "relation/catalogue.h"

typedef struct OrgSpell { Date from; const char *name; int64_t parent; } OrgSpell;
typedef struct OrgNode {
  int64_t id;
  const char *kind; /* choice of org.kind */
  Date founded, dissolved; /* dissolved: first day it is no more; DATE_END while it stands */
  OrgSpell *spells; size_t spell_count; /* by date; the first begins when the org was founded */
} OrgNode;

typedef struct OrgTree {
  OrgNode *at; size_t count; /* by id */
  int64_t root;
} OrgTree;

OrgTree *org_tree_load(Arena *a, Tx *tx, const Catalogue *c, int64_t area, Error *e);
const OrgNode *org_node(const OrgTree *t, int64_t id); /* NULL if none */
const char *org_name(const OrgTree *t, int64_t id, Date at); /* "" if none; before founding: its first name */
int64_t org_parent(const OrgTree *t, int64_t id, Date at);   /* 0: the root */
bool org_alive(const OrgNode *n, Date at);
bool org_under(const OrgTree *t, int64_t org, int64_t top, Date at);
/* By name as of `at` (earlier names too when unique), or 甲村/甲村党支部 to tell two apart. 0 with the nearest name. */
int64_t org_find(const OrgTree *t, const char *name, Date at, Error *e);
/* Children as of a day, in id order. */
size_t org_children(const OrgTree *t, Arena *a, int64_t id, Date at, int64_t **out);

/* The derived table: created when missing, rebuilt in the same transaction as a change of the tree. */
bool org_spans_create(Tx *tx, Error *e);
bool org_spans_rebuild(Tx *tx, const OrgTree *t, int64_t area, Error *e);

#endif
