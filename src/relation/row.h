/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One row of a relation as values in the order of its columns; how it is written canonically into the
 * journal, read back, put into its table, and how a cell is read from and shown to people. */
#ifndef LUOSHI_RELATION_ROW_H
#define LUOSHI_RELATION_ROW_H

#include "relation/catalogue.h"

typedef struct Row {
  const Relation *relation;
  Value *v; /* relation->column_count of them; v[0] is the id */
} Row;

Row row_new(Arena *a, const Relation *r); /* all null, of the right kinds */
Row row_copy(Arena *a, Row row);
static inline int64_t row_id(Row row) { return row.v[0].i; }
Value *row_at(Row row, const char *column); /* NULL if there is no such column */

/* Canonical body: JSON object, declared names in byte order, missing values left out, integers as
 * numbers, bytes as base64. The id is not in it. The same row always gives the same bytes. */
void row_body(Row row, Text *out);
/* Strict inverse; ERROR_BROKEN for anything row_body would not write. Unknown names are an error. */
bool row_read(Arena *a, const Relation *r, int64_t id, const char *body, size_t n, Row *out, Error *e);

/* Arena SQL texts, one each per relation: INSERT … ON CONFLICT (area_id, id) DO UPDATE with binds area, then
 * columns in order; SELECT of all columns by area in $1, ordered by id (`where` may be NULL, or a test that
 * binds from $2); DELETE by area in $1 and id in $2. */
const char *row_upsert_sql(Arena *a, const Relation *r);
const char *row_select_sql(Arena *a, const Relation *r, const char *where);
const char *row_delete_sql(Arena *a, const Relation *r);
Row row_from(Arena *a, const Relation *r, const Stmt *st, size_t first); /* columns in order from `first` */
/* CREATE TABLE in the store's mapped words, indexes included. */
void relation_ddl(const Relation *r, Text *out);

/* A cell as people write it: dates in several ways, 是/否, choice by name or label, decimals with commas.
 * Blank is null. A sensitive column gives its plain value. References are not resolved here (see
 * access/names.h): TYPE_REF is an error. */
bool cell_read(Arena *a, const Column *c, const char *text, Value *out, Error *e);
/* As shown: 2023年5月12日, labels, decimals with point; as exchanged (csv, json): 2023-05-12, plain. */
const char *cell_show(Arena *a, const Column *c, Value v);
const char *cell_exchange(Arena *a, const Column *c, Value v);

#endif
