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
  struct ImportLines *lines; /* one for each of the record's lines relations that the table has */
  size_t line_count;
  OrgNode *org_nodes; /* room for new orgs in the session's tree */
  size_t org_room;
} Import;

typedef struct ImportLines {
  const Relation *relation;
  size_t at;         /* index in record->lines */
  int key, key_head; /* the first required person or org: index of the column and of its head, -1: none */
  int id_head;
} ImportLines;

void import_prepare(Import *m);
/* Faults of the record go to m->faults; false only when the import cannot go on. */
bool import_record(Import *m, const Gathering *g, const GatheredRecord *r, Error *e);

/* ---- import_org.c ---- */
bool import_is_org(const Import *m);
/* Names, places and rights of a new org; a known one may not be changed. */
bool import_org_check(Import *m, const Record *before, const Record *org, bool changed, const char *where, Issues *issues);
void import_org_add(Import *m, const Record *org);
/* Whether the superiors that its rows name are there already. */
bool import_org_ready(Import *m, const Gathering *g, const GatheredRecord *r, Error *e);

#endif
