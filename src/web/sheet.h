/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A table on its way into a ledger, as the import page holds it: uploaded or pasted, kept in the page between two
 * steps (nowhere else: it may hold what the store would seal), mended cell by cell, given back with its faults. */
#ifndef LUOSHI_WEB_SHEET_H
#define LUOSHI_WEB_SHEET_H

#include "paper/encoding.h"
#include "web/web.h"

enum {
  SHEET_BYTES = 32 * 1024 * 1024, /* of an upload */
  SHEET_KEPT = 2 * 1024 * 1024,   /* what a page keeps; a larger table is chosen again for the second step */
  SHEET_ROWS = 50, SHEET_CELLS = 2500 /* faulty rows and their cells that can be mended in the page */
};

typedef struct SheetText {
  const char *name; /* for messages */
  const char *text; /* UTF-8 without BOM */
  size_t size;
} SheetText;

/* From the form: file, pasted text, or what the page kept, with the cells that were changed in it. */
bool sheet_read(Page *p, SheetText *out, Error *e);
/* {name, pieces[]} to be sent along again; nothing for a table that is too large. */
json_t *sheet_keep(Page *p, const SheetText *t);
/* {heads[], rows[{number, sentence, cells[{name, value, head, bad}]}], more} of the rows that issues name. */
json_t *sheet_faults(Page *p, const Relation *r, const SheetText *t, const Issues *issues, Error *e);
/* The same table with a first column that says what is wrong in each row; import does not read that column. */
bool sheet_marked(Page *p, const Relation *r, const SheetText *t, const Issues *issues, Error *e);

#endif
