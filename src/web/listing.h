/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What the address of a list asks for, read once for the page, its export and what is done to ticked rows, so
 * that all three mean the same rows. Names in the query:
 *
 *   q            words                          state        a state's name, open (whatever does not count yet), void
 *   org          name or 编号, 含下级            from, to     days; period stands for both
 *   f.COLUMN     a choice, 是/否, a number       where        the filter language, beside all the others
 *   sort         COLUMN, or -COLUMN              col          again and again: the columns shown, kept in the address
 *   page         from 1                          id           again and again: these rows alone */
#ifndef LUOSHI_WEB_LISTING_H
#define LUOSHI_WEB_LISTING_H

#include "ledger/list.h"
#include "web/web.h"

enum { LIST_PAGE = 50, LIST_COLUMNS = 24, LIST_TICKED = 200 };

typedef struct Listing {
  const Relation *relation;
  ListAsk ask;            /* with the order; limit and offset are those of the page */
  const char *without_state; /* ask.where but for the state: what the tabs count */
  size_t page;
  const Column *columns[LIST_COLUMNS];
  size_t column_count;
  bool chosen;            /* the columns are the asker's own choice */
  const char *state;      /* "" all */
  bool narrowed;          /* by anything but the state */
  bool advanced;          /* by something that stands behind 更多条件 */
  Period period;          /* from and to, or the site's year when neither is given */
  bool dated;
  int64_t org;            /* 0: wherever the asker may look */
} Listing;

/* What is wrong goes to `issues`, all of it, and false is returned: the form is then shown again as it was. False
 * with `e` and no issue: the list cannot be asked for at all. */
bool listing_read(Page *p, const Form *query, const Relation *r, Listing *out, Issues *issues, Error *e);

/* The condition that a row's own date lies in these days, both in; 0: open. */
const char *listing_days(Arena *a, const Relation *r, Date from, Date to);

/* The page's query again with another value of one name (NULL: without it), on its first page. */
const char *listing_with(Page *p, const char *name, const char *value);

/* Whether a column is chosen from in the bar: choices, 是/否, numbered rounds. */
bool listing_filterable(const Relation *r, const Column *c);
/* Whether a column may stand in a list at all. */
bool listing_column(const Relation *r, const Column *c);

#endif
