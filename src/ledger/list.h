/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Rows of any relation, as the asker may see them: one place where lists, exports and API answers are
 * filtered to subtree and fields. */
#ifndef LUOSHI_LEDGER_LIST_H
#define LUOSHI_LEDGER_LIST_H

#include "access/session.h"

typedef struct ListAsk {
  const Relation *relation;
  const char *where; /* the asker's filter, NULL: all */
  int64_t org;       /* only under this org on the rows' own dates; 0: wherever the asker may look */
  Period period;     /* for `period` and age() in the filter */
  bool voided;       /* 作废 rows too */
} ListAsk;

typedef struct ListRow {
  Row row;      /* valid until the visit returns */
  int64_t org;  /* of the row or its record; 0: none */
  Date date;    /* 0: none */
} ListRow;

/* In order of date and id. Return false from the visit to stop. */
typedef bool ListVisit(Session *s, const ListRow *row, void *context);
bool list_rows(Session *s, ListAsk ask, ListVisit *visit, void *context, Error *e);
bool list_count(Session *s, ListAsk ask, int64_t *out, Error *e);

#endif
