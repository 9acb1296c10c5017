/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Passwords: argon2id, 19 MiB, two passes, one lane (OWASP's floor). Hashing is kept to two at a time in
 * the whole process, or signing in is an attack on memory. What is kept is the encoded form alone. */
#ifndef LUOSHI_ACCESS_PASSWORD_H
#define LUOSHI_ACCESS_PASSWORD_H

#include "base/error.h"

/* Printed for everybody: opens accounts of demo sites alone (credential_right), and can be set nowhere else. */
#define DEMO_PASSWORD "Yanshi-2023"

enum { PASSWORD_LEAST = 10, PASSWORD_MOST = 128 /* bytes */ };

/* Length, and three of: small letter, capital, digit, other; not the account's name. The sentence says what is wanted. */
bool password_fit(const char *password, const char *account, Error *e);
/* Waits at most a few seconds for its turn, else ERROR_UNAVAILABLE. */
const char *password_hash(Arena *a, const char *password, Error *e);
/* Takes as long when `encoded` is NULL (no such account), so that time tells nothing. */
bool password_check(const char *encoded, const char *password, bool *right, Error *e);
/* A one-time password that can be read out: four groups of letters and digits that are not mistaken. */
const char *password_once(Arena *a, Error *e);
/* `bytes` random bytes as hex, for tokens. */
const char *random_hex(Arena *a, size_t bytes, Error *e);

#endif
