/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Puts and removals of one relation keep their order: gathering a removal first writes the puts before it.
 * Relations among each other are independent, since the tables know no foreign keys. */
#include "journal/batch.h"

#include <stdlib.h>

typedef struct Pending {
  const Relation *relation;
  Rows puts, removals;
} Pending;

struct Batch {
  Tx *tx;
  int64_t area;
  Arena *own;   /* statements and slots, until batch_free */
  Arena *bytes; /* texts of gathered rows, until the next flush */
  ArenaMark empty;
  Pending **at;
  size_t count, room;
  Pending *last;
  size_t rows, held;
};

Value *rows_add(Arena *a, Rows *rows) {
  if (rows->count == rows->room) {
    size_t room = rows->room ? rows->room * 2 : 4, row = rows->width * sizeof(Value);
    rows->binds = arena_grow(a, rows->binds, rows->room * row, room * row);
    rows->room = room;
  }
  return rows->binds + rows->width * rows->count++;
}

bool rows_write(Tx *tx, Rows *rows, Error *e) {
  size_t count = rows->count;
  rows->count = 0;
  return !count || tx_exec_many(tx, rows->sql, rows->binds, rows->width, count, e);
}

Batch *batch_new(Tx *tx, int64_t area) {
  Batch *b = calloc(1, sizeof *b);
  if (!b) abort();
  b->tx = tx;
  b->area = area;
  b->own = arena_new();
  b->bytes = arena_new();
  b->empty = arena_mark(b->bytes);
  return b;
}

void batch_free(Batch *b) {
  if (!b) return;
  arena_free(b->own);
  arena_free(b->bytes);
  free(b);
}

static Pending *pending_of(Batch *b, const Relation *r) {
  if (b->last && b->last->relation == r) return b->last;
  for (size_t i = 0; i < b->count; i++)
    if (b->at[i]->relation == r) return b->last = b->at[i];
  Pending *p = NEW(b->own, Pending);
  p->relation = r;
  p->puts = (Rows){.sql = row_upsert_sql(b->own, r), .width = r->column_count + 1};
  p->removals = (Rows){.sql = row_delete_sql(b->own, r), .width = 2};
  *PUSH(b->own, b->at, b->count, b->room) = p;
  return b->last = p;
}

static bool gathered(Batch *b, size_t bytes, Error *e) {
  b->rows++;
  b->held += bytes;
  return (b->rows < BATCH_ROWS && b->held < BATCH_BYTES) || batch_flush(b, e);
}

bool batch_put(Batch *b, Row row, Error *e) {
  Pending *p = pending_of(b, row.relation);
  if (p->removals.count && !rows_write(b->tx, &p->removals, e)) return false;
  Value *slot = rows_add(b->own, &p->puts);
  size_t bytes = 0;
  slot[0] = value_int(b->area);
  for (size_t i = 0; i < row.relation->column_count; i++) {
    Value v = row.v[i];
    if (!v.null && v.kind != VALUE_INT) {
      v.s = arena_slice(b->bytes, v.s, v.n);
      bytes += v.n;
    }
    slot[i + 1] = v;
  }
  return gathered(b, bytes, e);
}

bool batch_remove(Batch *b, const Relation *r, int64_t id, Error *e) {
  Pending *p = pending_of(b, r);
  if (p->puts.count && !rows_write(b->tx, &p->puts, e)) return false;
  Value *slot = rows_add(b->own, &p->removals);
  slot[0] = value_int(b->area);
  slot[1] = value_int(id);
  return gathered(b, 0, e);
}

bool batch_flush(Batch *b, Error *e) {
  for (size_t i = 0; i < b->count; i++)
    if (!rows_write(b->tx, &b->at[i]->puts, e) || !rows_write(b->tx, &b->at[i]->removals, e)) return false;
  arena_back(b->bytes, b->empty);
  b->rows = b->held = 0;
  return true;
}
