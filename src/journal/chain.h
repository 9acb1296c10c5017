/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The chain, for this folder only: what exactly a MAC covers, and the one pass over a journal that verifies
 * it, on which both audit and replay stand. */
#ifndef LUOSHI_JOURNAL_CHAIN_H
#define LUOSHI_JOURNAL_CHAIN_H

#include "journal/journal.h"
#include "journal/seal.h"

typedef struct Change {
  int64_t seq, n;
  const char *relation;
  size_t relation_length;
  int64_t row_id;
  const char *body; /* empty: removed */
  size_t length;
  int64_t checksum;
} Change;

/* The message of a revision: chain_open, its changes in order, chain_close. Every field is of fixed size or
 * has its length before it; a change and the end begin with different marks. */
void chain_open(Seal *s, const Digest *previous, int64_t area, const RevisionHeader *h);
void chain_change(Seal *s, const Change *change);
bool chain_close(Seal *s, int64_t changes, Digest *mac, Error *e);
bool chain_root(Seal *plain, Digest *root, const Digest *mac, Error *e); /* root := SM3(root, mac) */
/* Over relation, row, body and n; not over seq, so that a revision which was moved still proves its changes. */
int64_t change_checksum(const Change *change, int64_t n);

/* ---- reading ---- */
typedef struct Head {
  bool found;
  int64_t seq, next_id;
  Digest mac, root;
} Head;
bool head_read(Tx *tx, int64_t area, Head *out, Error *e);

void change_from(const Stmt *st, Change *out); /* of CHANGE_COLUMNS; borrowed until the next step */
#define CHANGE_COLUMNS "seq, n, relation, row_id, body, checksum"
void header_from(const Stmt *st, RevisionHeader *out, int64_t *changes, Digest *mac); /* of HEADER_COLUMNS */
#define HEADER_COLUMNS "seq, at, actor, op, request_id, changes, mac"

/* False stops the pass with *e, unless the revision turns out to be bad: then with the fault. */
typedef bool ChangeVisit(const Change *change, const Relation *relation, void *context, Error *e);
typedef struct ChainEnd {
  int64_t revisions, changes;
  Digest root;
} ChainEnd;
/* Revisions 1 … `last` (0: all, and then head and anchor must agree). True when the pass could be made. */
bool chain_walk(Tx *tx, const Catalogue *c, int64_t area, const JournalKey *key, int64_t last, const Anchor *anchor,
                ChangeVisit *visit, void *context, ChainEnd *out, Fault *fault, Error *e);

/* Always true: the check could be made, and this is its outcome. */
bool fault_found(Fault *f, FaultKind kind, int64_t seq, int64_t n, const char *sentence, ...)
    __attribute__((format(printf, 5, 6)));
#define FAULT_REMEDY "请停用本库、原样留存备查，再用 luoshi restore 恢复最近的备份。"

/* Why revision h->seq does not verify after `previous`: fills the fault. */
bool chain_diagnose(Tx *tx, const Catalogue *c, int64_t area, const JournalKey *key, const Digest *previous, int64_t seq,
                    Fault *fault, Error *e);

#endif
