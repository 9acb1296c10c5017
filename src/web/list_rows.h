/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Rows of a list as HTML: cells through the gate, names of what they refer to in one statement a relation,
 * who stands in each record's lines in one more. */
#ifndef LUOSHI_WEB_LIST_ROWS_H
#define LUOSHI_WEB_LIST_ROWS_H

#include "ledger/list.h"
#include "web/web.h"

typedef struct ListRows {
  const Column *const *columns;
  size_t column_count;
  Text *text;            /* gets <tr>…</tr> */
  size_t count;          /* rows written */
  const Relation *lines; /* whose names stand beside each record, NULL: none */
} ListRows;

bool list_rows_write(Page *p, ListAsk ask, ListRows *out, Error *e); /* ask.limit at most LIST_PAGE */
bool list_is_number(const Column *c);
bool list_show(Page *p, const Relation *r, json_t *told, Error *e); /* page_list.c */

/* span and figures (or figures_later) of a ledger this year, as far as the asker may know them. */
void list_figures(Page *p, const Relation *r, json_t *context);

#endif
