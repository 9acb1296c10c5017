/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A record with its lines: read from JSON or built cell by cell, checked as a whole with every error at
 * once, put into the revision. Forms, import, the generator and the API all end here.
 *
 * In memory a sensitive cell that was typed is plain VALUE_TEXT; record_put seals it. A cell read from the
 * store stays sealed and is written back as it is. */
#ifndef LUOSHI_LEDGER_RECORD_H
#define LUOSHI_LEDGER_RECORD_H

#include <jansson.h>

#include "operation/operation.h"

typedef struct LineRows {
  const Relation *relation;
  Row *at;
  size_t count, room;
  const size_t *places; /* the row of the table that each came from, for messages; NULL: from no table */
} LineRows;

typedef struct Record {
  const Relation *relation;
  Row row;         /* id 0: new */
  LineRows *lines; /* relation->line_count of them, in order */
} Record;

/* An empty record with defaults filled in; org 0 stays missing. */
Record record_new(Session *s, const Relation *r);
Row record_add_line(Session *s, Record *record, const Relation *line); /* defaults filled in; pos is set by put */
/* Into the first state that counts: entries that are facts at once (a post, an account, imported rows). */
void record_settle(Record *record);
bool record_load(Session *s, const Relation *r, int64_t id, Record *out, Error *e);

/* Cells as people write them: names for references (persons, orgs, titles of records), several dates,
 * 是/否. `at` is the day on which org names are looked up. */
bool record_cell(Session *s, const Column *c, const char *text, Date at, Value *out, Error *e);

/* Keys of the object are fields and line names (arrays of objects, which replace all lines of that name
 * unless they carry ids); unknown keys are issues with the nearest name. */
bool record_from_json(Session *s, Record *record, json_t *object, Issues *issues);
json_t *record_to_json(Session *s, const Record *record); /* as the asker may see it; ids as strings */

/* Required fields, states, choices, references and whom they may name, the org's life on that day, closed
 * periods, lines, head counts. `before` NULL for a new one. `where` names the place (第3行) or is NULL. */
bool record_check(Session *s, const Record *before, const Record *after, const char *where, Issues *issues);
/* For whoever checks many records and changes nothing that references may name: answers are kept. */
void record_check_often(Session *s);
/* Gives ids, numbers a missing serial, seals sensitive cells, writes what differs from `before`. */
bool record_put(Doing *d, const Record *before, Record *record, Error *e);

/* Core relations that have operations of their own (org, account …) are not entered as records. */
bool record_enterable(const Relation *r);
/* The relation of an operation's argument `ledger`, if its records are entered like one. */
const Relation *record_ledger(Session *s, const char *name, Error *e);
/* A record that the actor may see and change, and that is not void. */
bool record_load_own(Session *s, const Relation *r, int64_t id, Record *out, Error *e);
/* Whether its days are open; an issue else. */
bool record_is_open(Session *s, const Record *record, const char *where, Issues *issues);
/* The right to enter or change this record, at its org. */
bool record_may_write(Session *s, const Record *record, Error *e);
/* A state by name or label: a new record may begin in any, an old one stays or goes on to a next one. */
bool record_set_state(Session *s, const Record *before, Record *after, const char *wanted, const char *where, Issues *issues);
/* The n-th lines relation's rows of a record that is already there. */
bool record_load_lines(Session *s, Record *record, size_t n, Error *e);

/* The org and the day a record stands for: for gates, serials and closed periods. */
int64_t record_org(const Record *record);
Date record_date(const Record *record);

extern const Operation *const record_operations[];
extern const size_t record_operation_count;

#endif
