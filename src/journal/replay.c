/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The journal read forward: into empty tables (as-of, backup check, crash tests), or of one row as people
 * ask for its history. */
#include "journal/batch.h"
#include "journal/chain.h"

typedef struct Replay {
  Batch *rows;
  Arena *scratch;
} Replay;

static bool apply(const Change *change, const Relation *r, void *context, Error *e) {
  Replay *replay = context;
  if (!change->length) return batch_remove(replay->rows, r, change->row_id, e);
  ArenaMark mark = arena_mark(replay->scratch);
  Row row;
  bool ok = row_read(replay->scratch, r, change->row_id, change->body, change->length, &row, e) &&
            batch_put(replay->rows, row, e);
  arena_back(replay->scratch, mark);
  return ok;
}

bool journal_replay(Tx *tx, const Catalogue *c, int64_t area, const JournalKey *key, int64_t seq, Tx *into,
                    Fault *fault, Error *e) {
  ARENA_SCOPE scratch = arena_new();
  Replay replay = {.rows = batch_new(into, area), .scratch = scratch};
  ChainEnd end;
  bool ok = chain_walk(tx, c, area, key, seq, NULL, apply, &replay, &end, fault, e) && batch_flush(replay.rows, e);
  batch_free(replay.rows);
  return ok;
}

bool journal_history(Tx *tx, Arena *a, int64_t area, const Relation *r, int64_t row_id, HistoryEntry **out,
                     size_t *count, Error *e) {
  size_t room = 0;
  *out = NULL;
  *count = 0;
  STMT_SCOPE st = stmt_open(tx,
                            "SELECT r.seq, r.at, r.actor, r.op, r.request_id, c.body FROM change c"
                            " JOIN revision r ON r.area_id = c.area_id AND r.seq = c.seq"
                            " WHERE c.area_id = $1 AND c.relation = $2 AND c.row_id = $3 ORDER BY c.seq, c.n",
                            (Value[]){value_int(area), value_text(r->name), value_int(row_id)}, 3, e);
  if (!st) return false;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW)
    *PUSH(a, *out, *count, room) = (HistoryEntry){
        .header = {.seq = stmt_int(st, 0), .at = arena_copy(a, stmt_text(st, 1)), .actor = arena_copy(a, stmt_text(st, 2)),
                   .op = arena_copy(a, stmt_text(st, 3)), .request_id = arena_copy(a, stmt_text(st, 4))},
        .body = arena_copy(a, stmt_text(st, 5))};
  return step == STEP_DONE;
}
