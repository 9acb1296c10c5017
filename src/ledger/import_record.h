/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One record of an imported table: its rows read, checked, written. Part of import.c. */
#ifndef LUOSHI_LEDGER_IMPORT_RECORD_H
#define LUOSHI_LEDGER_IMPORT_RECORD_H

#include "ledger/import.h"
#include "ledger/record.h"

typedef struct Import {
  Doing *d;
  Session *s;
  const ImportTable *table;
  const Relation *record;
  int64_t org;  /* of rows that name none; 0: none */
  bool as_new;  /* 编号 tells records apart and no more */
  CsvReader *csv;
  Heading heading;
  Faults faults;
  /* Set by import_prepare. */
  int date_head, org_head, state_head; /* -1: none */
  int key;       /* the lines' first required person or org: index of the column, -1: none */
  size_t at_lines; /* which of the record's lines relations the table has */
} Import;

void import_prepare(Import *m);
/* Faults of the record go to m->faults; false only when the import cannot go on. */
bool import_record(Import *m, const Gathering *g, const GatheredRecord *r, Error *e);

#endif
