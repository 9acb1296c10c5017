/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The journal is the truth; tables are what replaying it gives. One operation is one revision with
 * every row it changed, in the same transaction, chained by HMAC-SM3 over the previous MAC, the
 * header and all bodies. Every base table changes only through change_put and change_remove.
 *
 * Tables: head(area_id, seq, mac, next_id, root), revision(area_id, seq, at, actor, op, request_id, changes,
 * mac), change(area_id, seq, n, relation, row_id, body, checksum). An empty body is a removed line.
 * The MAC is the proof; `changes` and `checksum` prove nothing, they only let an audit name the bad row.
 * root is SM3 over the last root and the new MAC, from 32 zero bytes on: it needs no key to be compared. */
#ifndef LUOSHI_JOURNAL_JOURNAL_H
#define LUOSHI_JOURNAL_JOURNAL_H

#include "base/date.h"
#include "relation/row.h"

enum { JOURNAL_KEY = 32 };
typedef struct JournalKey { unsigned char at[JOURNAL_KEY]; } JournalKey;

typedef struct Revision Revision; /* one being written */

typedef struct RevisionHeader {
  int64_t seq;
  const char *at;         /* instant, UTC */
  const char *actor;      /* account name, or 本机 */
  const char *op;         /* operation's name */
  const char *request_id; /* unique per area */
} RevisionHeader;

/* The chain's own tables; part of every new store. */
bool journal_create(Tx *tx, Error *e);
bool journal_create_area(Tx *tx, int64_t area, Error *e);

/* In a TX_WRITE of the area. `found` is set when request_id is already done as revision `done_seq`: then nothing
 * can be written with it. A request_id that was used for another operation is ERROR_CONFLICT. */
Revision *revision_begin(Arena *a, Tx *tx, int64_t area, const JournalKey *key, RevisionHeader header, bool *found,
                         int64_t *done_seq, Error *e);
int64_t revision_next_id(Revision *r);
/* Upserts the row and records it; the row is copied. Rows are gathered and written in batches: read nothing
 * back before revision_flush. */
bool change_put(Revision *r, Row row, Error *e);
bool change_remove(Revision *r, const Relation *relation, int64_t id, Error *e); /* lines only */
bool revision_flush(Revision *r, Error *e);
/* Writes the header and the head. A revision without changes is still written. */
bool revision_end(Revision *r, int64_t *seq, Error *e);
/* Gives back what a revision holds; needed where revision_end was not reached, harmless after it and on NULL.
 * The Tx must then be rolled back. */
void revision_drop(Revision *r);
void revision_cleanup(Revision **r);
#define REVISION_SCOPE __attribute__((cleanup(revision_cleanup))) Revision *

/* ---- reading it again ---- */
typedef enum {
  FAULT_NONE,
  FAULT_EDITED,  /* a header, a change or the head is not what was written; also one that was put in */
  FAULT_MISSING, /* a revision, a change, the head or a table of the journal is gone */
  FAULT_ORDER,   /* revisions or changes stand in another order */
  FAULT_CUT,     /* the journal ends too early */
  FAULT_TABLE    /* a base table differs from the journal, or is missing */
} FaultKind;
typedef struct Fault {
  FaultKind kind;
  int64_t seq, n;          /* first bad revision and change (n = 0: the header); FAULT_TABLE: the row's last change */
  const char *relation;    /* whose change or row it is, where that is known; lives in the catalogue */
  int64_t row_id;
  char sentence[512];      /* Chinese: what is wrong where, what to do */
} Fault;

typedef struct AuditSummary {
  int64_t revisions, changes, rows;
  char root[65]; /* hex: for manifests and anchors off the host */
} AuditSummary;

/* What was noted off the host: the root after revision `seq`. Tells a journal that was cut or written anew in
 * full, key and head included. */
typedef struct Anchor { int64_t seq; const char *root; } Anchor;

/* Verifies the chain, then that every base table is byte for byte what the changes give. `anchor` may be NULL.
 * True when the check could be made; fault->kind says how it ended. Streams: memory does not grow with the journal. */
bool journal_audit(Tx *tx, const Catalogue *c, int64_t area, const JournalKey *key, const Anchor *anchor, Fault *fault,
                   AuditSummary *out, Error *e);
/* What can be told cheaply, at every opening. GLANCE_KEY: neither the newest revision nor the first verifies, so the
 * key is another's (or much was changed). GLANCE_END: head and newest revision are not what was written. */
typedef enum { GLANCE_SOUND, GLANCE_KEY, GLANCE_END } Glance;
bool journal_glance(Tx *tx, int64_t area, const JournalKey *key, Glance *out, Error *e);
/* Replays up to and including `seq` (0: all) into `into`, which holds empty tables; verifies the chain on the way.
 * With a fault, what stands in `into` is worth nothing. */
bool journal_replay(Tx *tx, const Catalogue *c, int64_t area, const JournalKey *key, int64_t seq, Tx *into,
                    Fault *fault, Error *e);

typedef struct HistoryEntry { RevisionHeader header; const char *body; } HistoryEntry;
/* Every change of a row, oldest first. */
bool journal_history(Tx *tx, Arena *a, int64_t area, const Relation *r, int64_t row_id, HistoryEntry **out,
                     size_t *count, Error *e);

#endif
