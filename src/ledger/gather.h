/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Which rows of a table are one record. The whole table is read once before anything is written, and only
 * a few dozen bytes a row are kept: where it begins, and which row of its record comes next.
 *
 * In a table with lines, rows are one record when
 *   - they carry the same 编号 or the same mark in 分组;
 *   - else, when their record columns are equal (dates by value), wherever they stand;
 *   - else, when a row gives lines and its record columns are each blank or as in the row above it.
 * Orgs are told by their names, which are lines: there a row that gives any record column is a record of its own.
 * What looks like one record typed in two ways is an error that names both rows:
 *   - equal 编号 or 分组 and a record column that differs;
 *   - equal org, date, title and serials, and exactly one other record column that differs;
 *   - a row behind two of one record and before a third, differing from them in exactly one record column.
 * The way out, where they are two indeed, is 分组. Without lines a row is a record, and two rows that are equal
 * throughout are an error: the second would count again. */
#ifndef LUOSHI_LEDGER_GATHER_H
#define LUOSHI_LEDGER_GATHER_H

#include "ledger/heading.h"

/* Errors of rows: at most FAULTS_KEPT are kept, the others only counted. */
enum { FAULTS_KEPT = 1000 };
typedef struct Faults { Issues *issues; size_t count; } Faults;
/* A sentence goes on after its place: “第3行” “缺‘主题’，请补上。” */
void fault_add(Faults *f, size_t row, const char *field, const char *sentence, ...) __attribute__((format(printf, 4, 5)));

void fault_take(Faults *f, const Issue *issue);

typedef struct GatheredRow { uint64_t offset; uint32_t number, next; } GatheredRow; /* next: index + 1, 0 is the last */
typedef struct GatheredRecord { uint64_t key, identity; uint32_t first, last, alike; bool marked; } GatheredRecord;
typedef struct Gathering {
  GatheredRow *rows; size_t row_count, row_room;
  GatheredRecord *records; size_t record_count, record_room; /* in order of their first rows */
} Gathering;

bool gather(CsvReader *csv, const Heading *h, Gathering *out, Faults *faults, Error *e);
void gathering_free(Gathering *g);
#define GATHERING_SCOPE __attribute__((cleanup(gathering_free))) Gathering

/* A cell without the spaces around it, full-width ones too: where it begins, and its length in *n. */
const char *cell_span(const char *cell, size_t *n);

#endif
