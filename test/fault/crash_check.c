/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * After a kill: the journal replayed into an empty store in memory gives the same rows of every base table, and
 * the tree in it the same spans; and no cell was sealed with a key that is not on disk. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "access/keyring.h"
#include "crash.h"

static void dump_spans(Tx *tx, Text *out) {
  Error e = {0};
  STMT_SCOPE st = stmt_open(tx, "SELECT top_id, org_id, from_on, to_on FROM org_span WHERE area_id = $1"
                                " ORDER BY top_id, org_id, from_on, to_on", (Value[]){value_int(1)}, 1, &e);
  if (!st) give_up("spans", &e);
  while (stmt_step(st, &e) == STEP_ROW) {
    for (size_t i = 0; i < 4; i++) text_print(out, " %" PRId64, stmt_int(st, i));
    text_add_char(out, '\n');
  }
}

static void dump(const Catalogue *c, Tx *tx, Text *out) {
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  for (size_t i = 0; i < c->relation_count; i++) {
    const Relation *r = c->relations[i];
    STMT_SCOPE st = stmt_open(tx, row_select_sql(a, r, NULL), (Value[]){value_int(1)}, 1, &e);
    if (!st) give_up(r->name, &e);
    Step step;
    while ((step = stmt_step(st, &e)) == STEP_ROW) {
      Row row = row_from(a, r, st, 0);
      text_print(out, "%s %" PRId64 " ", r->name, row_id(row));
      row_body(row, out);
      text_add_char(out, '\n');
    }
    if (step == STEP_FAILED) give_up(r->name, &e);
  }
  dump_spans(tx, out);
}

static bool make_tables(const Catalogue *c, Tx *tx, Error *e) {
  TEXT_SCOPE ddl = text_new(TEXT_CEILING);
  for (size_t i = 0; i < c->relation_count; i++) relation_ddl(c->relations[i], &ddl);
  return store_ddl(tx, text_get(&ddl), e) && org_spans_create(tx, e);
}

static void first_difference(const char *there, const char *replayed) {
  while (*there && *there == *replayed) there++, replayed++;
  fprintf(stderr, "crash: there: %.200s\ncrash: replayed: %.200s\n", there, replayed);
  give_up("the tables are not what the journal gives", NULL);
}

void check_replay(Session *s) {
  Error e = {0};
  Fault fault;
  const Catalogue *c = s->catalogue;
  STORE_SCOPE memory = store_open(":memory:", true, &e);
  TX_SCOPE into = memory ? tx_begin(memory, TX_WRITE, s->area, &e) : NULL;
  if (!into || !make_tables(c, into, &e)) give_up("memory", &e);
  if (!journal_replay(s->tx, c, s->area, &s->site->key, 0, into, &fault, &e)) give_up("replay", &e);
  if (fault.kind) give_up(fault.sentence, NULL);
  const OrgTree *tree = org_tree_load(s->arena, into, c, s->area, &e);
  if (!tree || !org_spans_rebuild(into, tree, s->area, &e)) give_up("spans", &e);
  TEXT_SCOPE there = text_new(TEXT_CEILING);
  TEXT_SCOPE replayed = text_new(TEXT_CEILING);
  dump(c, s->tx, &there);
  dump(c, into, &replayed);
  if (there.full || strcmp(text_get(&there), text_get(&replayed)) != 0)
    first_difference(text_get(&there), text_get(&replayed));
}

/* A key may be gone without a note, once: the kill came between the two, and the request is about to be repeated. */
static void check_erased(Session *s, const Relation *owner, int64_t id, bool erased, int64_t *open) {
  Error e = {0};
  int64_t one;
  bool noted;
  Value binds[] = {value_int(s->area), value_text(owner->name), value_int(id)};
  if (!tx_int(s->tx, "SELECT id FROM erasure WHERE area_id = $1 AND relation = $2 AND \"row\" = $3", binds, 3, &one, &noted, &e))
    give_up("erasure", &e);
  if (noted && !erased) give_up("an erased cell can still be read", NULL);
  if (!erased || noted || *open == id) return;
  if (*open) give_up("a key is gone that nobody asked to erase", NULL);
  *open = id;
}

static void check_cells(Session *s, Row row, int64_t *open) {
  const Relation *r = row.relation, *owner = r->parent ? r->parent : r;
  int64_t id = r->parent ? row_at(row, "record")->i : row_id(row);
  for (size_t i = 0; i < r->column_count; i++) {
    const char *plain;
    bool erased;
    Error e = {0};
    if (!r->columns[i].sensitive || row.v[i].null) continue;
    if (!keyring_open_cell(s->site->keyring, s->arena, s->area, owner, id, &r->columns[i], row.v[i], &plain, &erased, &e))
      give_up(r->name, &e);
    check_erased(s, owner, id, erased, open);
  }
}

void check_sealed(Session *s) {
  Error e = {0};
  int64_t open = 0;
  for (size_t i = 0; i < s->catalogue->relation_count; i++) {
    const Relation *r = s->catalogue->relations[i];
    STMT_SCOPE st = stmt_open(s->tx, row_select_sql(s->arena, r, NULL), (Value[]){value_int(s->area)}, 1, &e);
    if (!st) give_up(r->name, &e);
    while (stmt_step(st, &e) == STEP_ROW) check_cells(s, row_from(s->arena, r, st, 0), &open);
  }
}
