/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The few things taken from OpenSSL for the journal: SM3 and HMAC-SM3 over a message that is fed piece by
 * piece, random bytes, hex, and a secret key as a file that only its owner may read. */
#ifndef LUOSHI_JOURNAL_SEAL_H
#define LUOSHI_JOURNAL_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { SEAL_SIZE = 32, SEAL_HEX = 2 * SEAL_SIZE + 1 };
typedef struct Digest { unsigned char at[SEAL_SIZE]; } Digest;

/* One context for any number of messages: making one is dear, starting again is cheap. */
typedef struct Seal Seal;
Seal *seal_new(const unsigned char key[SEAL_SIZE], Error *e); /* key NULL: plain SM3 */
void seal_free(Seal *s);                                      /* NULL is allowed */
void seal_start(Seal *s);
void seal_bytes(Seal *s, const void *bytes, size_t n);
void seal_int(Seal *s, int64_t n);                           /* 8 bytes, big-endian */
void seal_string(Seal *s, const char *text, size_t length);  /* its length first, so that nothing moves between fields */
bool seal_finish(Seal *s, Digest *out, Error *e);            /* any failure since seal_start is told here */

bool digest_equal(const Digest *a, const Digest *b); /* in constant time */
void hex_write(const unsigned char *bytes, size_t n, char *out); /* 2n + 1 characters */
bool hex_read(const char *hex, unsigned char *out, size_t n);    /* exactly 2n digits */

bool random_bytes(void *out, size_t n, Error *e);
/* A new random key in a new file of mode 0600, on disk when this returns. An existing file is an error. */
bool key_create(const char *path, unsigned char key[SEAL_SIZE], Error *e);
/* The same for a key that is known. */
bool key_write(const char *path, const unsigned char key[SEAL_SIZE], Error *e);
/* Refuses a file that others may read, and one that is no key. */
bool key_read(const char *path, unsigned char key[SEAL_SIZE], Error *e);

void seal_cleanup(Seal **s);
#define SEAL_SCOPE __attribute__((cleanup(seal_cleanup))) Seal *

#endif
