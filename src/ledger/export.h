/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Records as a table that import takes back (heads as in heading.h, one row a line, lines of
 * several kinds side by side, the record's columns repeated), or as JSON that record.save takes back. Everything comes through list_rows, so that nobody
 * exports what they may not see; masked cells are exported as shown. Written piece by piece: memory does
 * not grow with the rows. */
#ifndef LUOSHI_LEDGER_EXPORT_H
#define LUOSHI_LEDGER_EXPORT_H

#include "ledger/list.h"

typedef struct ExportAsk {
  const Relation *record;
  const Relation *lines; /* which of the record's lines, NULL: all of them side by side */
  /* list.relation is the record's (all records, also those without such lines), or `lines`: these lines only */
  ListAsk list;
  const Column *const *columns; size_t column_count; /* CSV: of the record's these alone, and its 编号 to know it by; no lines */
} ExportAsk;

/* Of a relation that people name: a record's with all its lines, or lines with their record. A filter on lines
 * chooses lines; without one every record is there. */
ExportAsk export_ask(const Relation *named, ListAsk list);

typedef struct ExportTally { size_t records, rows; } ExportTally;
typedef bool ExportWrite(void *self, const char *bytes, size_t n, Error *e);

bool export_csv(Session *s, ExportAsk ask, ExportWrite *write, void *self, ExportTally *tally, Error *e);
/* The record with all its lines; of a choice of lines each line. */
bool export_json(Session *s, ExportAsk ask, ExportWrite *write, void *self, ExportTally *tally, Error *e);
/* The head line only, to be filled in. */
bool export_blank(Session *s, ExportAsk ask, ExportWrite *write, void *self, Error *e);

#endif
