/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Sensitive fields stand in table and journal as ciphertext (AES-256-GCM) under a key of the row they
 * belong to (a person, a household). Keys live in a file of their own, outside database, journal and
 * backup; deleting a key erases what it sealed. A key is on disk before anything sealed with it is:
 * keyring_seal makes keys in memory, keyring_flush puts them on disk, and whoever commits what was sealed
 * flushes first. A keyring belongs to one thread, like a Store; another process sees its keys after the flush. */
#ifndef LUOSHI_ACCESS_KEYRING_H
#define LUOSHI_ACCESS_KEYRING_H

#include "relation/row.h"

typedef struct Keyring Keyring;

Keyring *keyring_open(const char *path, bool create, Error *e);
/* Opened when the first key is asked for: most commands ask for none. That the file is missing is told at once. */
Keyring *keyring_at(const char *path, Error *e);
void keyring_close(Keyring *k); /* NULL is allowed; keys not flushed are gone, and with them what they sealed */
/* The cell of a sensitive column: 12 bytes nonce, ciphertext, 16 bytes tag; area, relation, id and column are
 * authenticated with it. `plain` NULL or empty gives a null. A row whose key was erased takes no new value. */
bool keyring_seal(Keyring *k, Arena *a, int64_t area, const Relation *r, int64_t id, const Column *column,
                  const char *plain, Value *out, Error *e);
/* Before the commit of what was sealed: new keys to disk, in one transaction. After a rollback: forget them. */
bool keyring_flush(Keyring *k, Error *e);
void keyring_forget(Keyring *k);
/* `erased` is set (and *plain NULL) when the key was erased. A key that was never there is an error: this keyring
 * is older than the data. */
bool keyring_open_cell(Keyring *k, Arena *a, int64_t area, const Relation *r, int64_t id, const Column *column,
                       Value cell, const char **plain, bool *erased, Error *e);
bool keyring_erase(Keyring *k, int64_t area, const Relation *r, int64_t id, Error *e);
bool keyring_backup(Keyring *k, const char *path, Error *e); /* a new file of mode 0600 */
/* How many keys were ever made: what a backup should have. */
bool keyring_made(Keyring *k, int64_t *keys, Error *e);

void keyring_cleanup(Keyring **k);
#define KEYRING_SCOPE __attribute__((cleanup(keyring_cleanup))) Keyring *

#endif
