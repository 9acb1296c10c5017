/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Rows on their way into base tables, gathered so that a statement is prepared once a relation and runs for
 * some hundred rows at a time. Memory is bounded by a batch, whatever the number of rows. */
#ifndef LUOSHI_JOURNAL_BATCH_H
#define LUOSHI_JOURNAL_BATCH_H

#include "relation/row.h"

/* Bind rows of one statement: rows_add gives the next row's slots. Values' bytes belong to whoever flushes. */
enum { BATCH_ROWS = 256, BATCH_BYTES = 1024 * 1024 };
typedef struct Rows {
  const char *sql;
  Value *binds;
  size_t width, count, room;
} Rows;
Value *rows_add(Arena *a, Rows *rows);
bool rows_write(Tx *tx, Rows *rows, Error *e);

typedef struct Batch Batch;
Batch *batch_new(Tx *tx, int64_t area);
void batch_free(Batch *b); /* drops what was not flushed; NULL is allowed */
/* Both copy what they are given; they write when enough has been gathered. */
bool batch_put(Batch *b, Row row, Error *e);
bool batch_remove(Batch *b, const Relation *r, int64_t id, Error *e);
bool batch_flush(Batch *b, Error *e);

#endif
