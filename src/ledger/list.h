/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Rows of any relation, as the asker may see them: one place where lists, exports and API answers are
 * filtered to subtree and fields. */
#ifndef LUOSHI_LEDGER_LIST_H
#define LUOSHI_LEDGER_LIST_H

#include "access/session.h"

enum {
  LIST_DEEPEST = 10000, /* offset: beyond it a list is narrowed, not paged through */
  LIST_COUNTED = 10000, /* what pages count up to: “10000+” */
  LIST_WORDS = 8,
  LIST_SEARCH_BYTES = 256
};

typedef struct ListAsk {
  const Relation *relation;
  const char *where; /* the asker's filter, NULL: all */
  int64_t org;       /* only under this org on the rows' own dates; 0: wherever the asker may look */
  Period period;     /* for `period` and age() in the filter */
  bool voided;       /* 作废 rows too */
  /* Words parted by blanks: each must stand in some text of the row, or in the name of somebody it names. What is
   * sensitive is not searched. NULL: all. */
  const char *search;
  /* A column of the relation by name; NULL: date and id (which an index serves). Missing values come last either
   * way; choices in their declared order, persons by name, orgs by age of the org (its id). A sensitive column is
   * refused, as in a filter. */
  const char *order;
  bool descending;
  int64_t limit, offset; /* 0: all, from the first; an offset over LIST_DEEPEST is refused */
} ListAsk;

typedef struct ListRow {
  Row row;      /* valid until the visit returns */
  int64_t org;  /* of the row or its record; 0: none */
  Date date;    /* 0: none */
} ListRow;

/* Return false from the visit to stop. */
typedef bool ListVisit(Session *s, const ListRow *row, void *context);
bool list_rows(Session *s, ListAsk ask, ListVisit *visit, void *context, Error *e);
/* Limit and offset do not matter here. */
bool list_count(Session *s, ListAsk ask, int64_t *out, Error *e);
/* No further than `most`: most + 1 when there are more. */
bool list_count_to(Session *s, ListAsk ask, int64_t most, int64_t *out, Error *e);
/* How many of the first `most` stand in each state: relation->state_count of them and 作废 last. True for `capped`
 * when there are more than `most`. For a relation with states. */
bool list_count_states(Session *s, ListAsk ask, int64_t most, int64_t *out, bool *capped, Error *e);
/* Whether a list may be ordered by the column: it is shown and not sensitive. */
bool list_sortable(const Column *c);

#endif
