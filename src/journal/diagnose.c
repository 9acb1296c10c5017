/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A MAC says that a revision is bad, not where. This looks closer, once, after the pass has stopped: at the
 * numbers and checksums of its changes, and whether another revision belongs in its place. */
#include "journal/chain.h"

#include <inttypes.h>
#include <stdio.h>

enum { SWAP_CHANGES = 256, SWAP_REVISIONS = 10000 };

typedef struct Suspect {
  Tx *tx;
  const Catalogue *catalogue;
  int64_t area, seq;
  const Digest *previous;
  Seal *seal;
  Fault *fault;
} Suspect;

static Stmt *changes_of(const Suspect *s, int64_t seq, Error *e) {
  return stmt_stream(s->tx, "SELECT " CHANGE_COLUMNS " FROM change WHERE area_id = $1 AND seq = $2 ORDER BY seq, n",
                     (Value[]){value_int(s->area), value_int(seq)}, 2, e);
}

/* 约谈（编号12）, for sentences about one change. */
typedef char RowName[160];
static const char *row_name(const Suspect *s, const Change *change, RowName out) {
  const Relation *r = catalogue_find(s->catalogue, change->relation);
  snprintf(out, sizeof(RowName), "“%.60s”编号%" PRId64, r && r->label ? r->label : change->relation, change->row_id);
  return out;
}

static void name_change(const Suspect *s, const Change *change) {
  const Relation *r = catalogue_find(s->catalogue, change->relation);
  s->fault->relation = r ? r->name : NULL;
  s->fault->row_id = change->row_id;
}

static bool belongs_elsewhere(const Change *change, int64_t changes) {
  for (int64_t n = 1; n <= changes; n++)
    if (n != change->n && change_checksum(change, n) == change->checksum) return true;
  return false;
}

/* The first change whose number or checksum is wrong. `count` is how many there are. */
static bool look_at_changes(const Suspect *s, int64_t changes, int64_t *count, Error *e) {
  STMT_SCOPE st = changes_of(s, s->seq, e);
  if (!st) return false;
  RowName name;
  for (*count = 0;; ++*count) {
    Step step = stmt_step(st, e);
    if (step != STEP_ROW) return step == STEP_DONE;
    Change change;
    change_from(st, &change);
    if (change.n == *count + 1 && (change.n > changes || change_checksum(&change, change.n) == change.checksum)) continue;
    if (change.n < *count + 1)
      return fault_found(s->fault, FAULT_EDITED, s->seq, change.n,
                         "记录链第%" PRId64 "号里有一项编号为%" PRId64 "的改动，是在程序之外加进去的。" FAULT_REMEDY, s->seq, change.n);
    if (change.n > *count + 1)
      return fault_found(s->fault, FAULT_MISSING, s->seq, *count + 1,
                         "记录链第%" PRId64 "号的第%" PRId64 "项改动不见了。" FAULT_REMEDY, s->seq, *count + 1);
    if (belongs_elsewhere(&change, changes))
      fault_found(s->fault, FAULT_ORDER, s->seq, change.n,
                  "记录链第%" PRId64 "号里改动的次序在程序之外被换过，从第%" PRId64 "项（%s）起。" FAULT_REMEDY, s->seq, change.n,
                  row_name(s, &change, name));
    else
      fault_found(s->fault, FAULT_EDITED, s->seq, change.n,
                  "记录链第%" PRId64 "号的第%" PRId64 "项改动（%s）在程序之外被改过。" FAULT_REMEDY, s->seq, change.n,
                  row_name(s, &change, name));
    name_change(s, &change);
    return true;
  }
}

/* Whether header `h` with the changes that stand under `seq` would be revision s->seq with this MAC. */
static bool fits(const Suspect *s, RevisionHeader h, int64_t seq, int64_t changes, const Digest *mac, bool *fit, Error *e) {
  STMT_SCOPE st = changes_of(s, seq, e);
  if (!st) return false;
  h.seq = s->seq;
  chain_open(s->seal, s->previous, s->area, &h);
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    Change change;
    change_from(st, &change);
    chain_change(s->seal, &change);
  }
  Digest made;
  if (step == STEP_FAILED || !chain_close(s->seal, changes, &made, e)) return false;
  *fit = digest_equal(&made, mac);
  return true;
}

/* Looks for a later revision that follows on `previous`: it was moved, with its changes or without. */
static bool look_for_moved(const Suspect *s, int64_t count, Error *e) {
  STMT_SCOPE st = stmt_stream(
      s->tx, "SELECT " HEADER_COLUMNS " FROM revision WHERE area_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
      (Value[]){value_int(s->area), value_int(s->seq), value_int(SWAP_REVISIONS)}, 3, e);
  if (!st) return false;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    RevisionHeader h;
    Digest mac;
    int64_t changes;
    header_from(st, &h, &changes, &mac);
    bool fit = false;
    if (changes <= SWAP_CHANGES && !fits(s, h, h.seq, changes, &mac, &fit, e)) return false;
    if (!fit && changes == count && count <= SWAP_CHANGES && !fits(s, h, s->seq, changes, &mac, &fit, e)) return false;
    if (!fit) continue;
    return fault_found(s->fault, FAULT_ORDER, s->seq, 0,
                       "记录链的次序在程序之外被换过：排在第%" PRId64 "号的应是现在的第%" PRId64 "号。" FAULT_REMEDY, s->seq, h.seq);
  }
  return step == STEP_DONE;
}

/* Whether the revision is right but for the number of changes that its header gives. */
static bool only_count_wrong(const Suspect *s, int64_t count, bool *fit, Error *e) {
  STMT_SCOPE st = stmt_open(s->tx, "SELECT " HEADER_COLUMNS " FROM revision WHERE area_id = $1 AND seq = $2",
                            (Value[]){value_int(s->area), value_int(s->seq)}, 2, e);
  if (!st || stmt_step(st, e) != STEP_ROW) return false;
  RevisionHeader h;
  Digest mac;
  int64_t changes;
  header_from(st, &h, &changes, &mac);
  return fits(s, h, s->seq, count, &mac, fit, e);
}

static bool look_at_header(const Suspect *s, int64_t changes, int64_t count, Error *e) {
  bool listed = false;
  if (count != changes && !only_count_wrong(s, count, &listed, e)) return false;
  if (count < changes && !listed)
    return fault_found(s->fault, FAULT_MISSING, s->seq, count + 1,
                       "记录链第%" PRId64 "号应有%" PRId64 "项改动，只有%" PRId64 "项，第%" PRId64 "项起不见了。" FAULT_REMEDY, s->seq,
                       changes, count, count + 1);
  if (count > changes && !listed)
    return fault_found(s->fault, FAULT_EDITED, s->seq, changes + 1,
                       "记录链第%" PRId64 "号应有%" PRId64 "项改动，却有%" PRId64 "项，多出的是在程序之外加进去的。" FAULT_REMEDY, s->seq,
                       changes, count);
  if (s->seq == 1)
    return fault_found(s->fault, FAULT_EDITED, 1, 0,
                       "记录链第1号的登记验不过：或在程序之外被改过，或密钥文件不是本站的。请先放回本站的密钥文件再查；仍不过，" FAULT_REMEDY);
  return fault_found(s->fault, FAULT_EDITED, s->seq, 0,
                     "记录链第%" PRId64 "号的登记（时间、经办人、操作等）在程序之外被改过。" FAULT_REMEDY, s->seq);
}

bool chain_diagnose(Tx *tx, const Catalogue *c, int64_t area, const JournalKey *key, const Digest *previous, int64_t seq,
                    Fault *fault, Error *e) {
  SEAL_SCOPE seal = seal_new(key->at, e);
  Suspect s = {.tx = tx, .catalogue = c, .area = area, .seq = seq, .previous = previous, .seal = seal, .fault = fault};
  int64_t changes = 0, count = 0;
  if (!seal || !tx_int(tx, "SELECT changes FROM revision WHERE area_id = $1 AND seq = $2",
                       (Value[]){value_int(area), value_int(seq)}, 2, &changes, NULL, e))
    return false;
  if (!look_at_changes(&s, changes, &count, e)) return false;
  if (!fault->kind && !look_for_moved(&s, count, e)) return false;
  return fault->kind || look_at_header(&s, changes, count, e);
}
