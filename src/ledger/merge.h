/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Two people at one record. A form (or a caller of the API) says which revision it was drawn from; what was
 * changed since is put together with what was sent, cell by cell and line by line, where both touched
 * different ones. Where they touched the same one differently it is a clash, never a silent overwrite. */
#ifndef LUOSHI_LEDGER_MERGE_H
#define LUOSHI_LEDGER_MERGE_H

#include "ledger/record.h"

typedef enum { CLASH_CELL, CLASH_THEY_REMOVED, CLASH_I_REMOVED } ClashKind;

typedef struct Clash {
  ClashKind kind;
  const Relation *relation; /* the record's or a line's */
  const Column *column;     /* CLASH_CELL */
  size_t line;              /* which of the merged lines of that name, from 0 */
  Value theirs, mine;
} Clash;

/* The record as it stood after revision `seq`. `changed`: whether it or a line of it was changed since. ERROR_MISSING
 * when it was not there yet. */
bool record_at(Session *s, const Record *now, int64_t seq, Record *out, bool *changed, Error *e);

/* `mine`, made from `base`, is brought up to `now`. */
void record_merge(Session *s, const Record *base, const Record *now, Record *mine, Clash **clashes, size_t *count);

/* All of it: `fields` read onto the record as it stood at `seq`, and that merged with `now`. False and no error when
 * something could not be read, which is in `issues`. */
bool record_rebase(Session *s, const Record *now, int64_t seq, json_t *fields, Record *merged, Clash **clashes, size_t *count,
                   Issues *issues, Error *e);

/* The record that a repeated request made or changed; 0: none of that relation. */
bool record_of_revision(Session *s, const Relation *r, int64_t seq, int64_t *id, Error *e);

#endif
