/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Sensitive fields stand in table and journal as ciphertext (AES-256-GCM) under a key of the row they
 * belong to (a person, a household). Keys live in a file of their own, outside database, journal and
 * backup; deleting a key erases what it sealed. A key is on disk before anything sealed with it is. */
#ifndef LUOSHI_ACCESS_KEYRING_H
#define LUOSHI_ACCESS_KEYRING_H

#include "relation/row.h"

typedef struct Keyring Keyring;

Keyring *keyring_open(const char *path, bool create, Error *e);
void keyring_close(Keyring *k);
/* The cell of a sensitive column: 12 bytes nonce, ciphertext, 16 bytes tag; relation, id and column are
 * authenticated with it. */
bool keyring_seal(Keyring *k, Arena *a, int64_t area, const Relation *r, int64_t id, const Column *column,
                  const char *plain, Value *out, Error *e);
/* `erased` is set (and *plain NULL) when the key is gone. */
bool keyring_open_cell(Keyring *k, Arena *a, int64_t area, const Relation *r, int64_t id, const Column *column,
                       Value cell, const char **plain, bool *erased, Error *e);
bool keyring_erase(Keyring *k, int64_t area, const Relation *r, int64_t id, Error *e);
bool keyring_backup(Keyring *k, const char *path, Error *e);

#endif
