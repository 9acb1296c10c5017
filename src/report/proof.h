/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The evidence rows of a frozen figure, and their Merkle root (docs/frozen.md). A row's hash covers its
 * canonical body and that of its record as the journal has them, behind a salt of its own: names and numbers
 * cannot be guessed from a hash that leaves the house. The salt of a row is HMAC-SM3 of the frozen report's
 * secret over relation and id, so that one row can be shown without opening the others. Inside this folder. */
#ifndef LUOSHI_REPORT_PROOF_H
#define LUOSHI_REPORT_PROOF_H

#include "figure/figure.h"
#include "journal/seal.h"

enum { PROOF_MOST = 8 * 1024 * 1024 }; /* bytes of one figure's evidence */

typedef struct ProofRow {
  bool undetermined, total;
  int64_t id, record;
  int64_t version;          /* revision that last changed the row or its record */
  const char *hash;         /* hex */
  const char *contribution; /* scaled amount, or what it counts as */
  /* of rows read from the tables alone: */
  const char *shown; /* its contribution as the asker may see it */
  Date date;
  int64_t org, holder;
} ProofRow;

typedef struct Proofs {
  ProofRow *at;
  size_t count, room;
} Proofs;

typedef struct Salt { unsigned char at[SEAL_SIZE]; } Salt;

/* Counted rows by date, then undetermined ones, as figure_rows has them. */
bool proof_collect(Session *s, FigureAsk ask, const Salt *salt, Proofs *out, Error *e);
void proof_write(const Proofs *p, Text *out); /* JSON array of [state, id, record, version, hash, contribution] */
bool proof_read(Arena *a, const char *json, Proofs *out, Error *e);
bool proof_root(const Proofs *p, char root[SEAL_HEX], Error *e);
/* Merkle root of texts: SM3(00 text) as leaves, SM3(01 left right) above, an odd one goes up as it is. */
bool merkle_root(const char *const *leaves, size_t count, char root[SEAL_HEX], Error *e);

#endif
