/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What the crash test does (crash_input.c) and what must hold after it (crash_check.c). */
#ifndef LUOSHI_TEST_CRASH_H
#define LUOSHI_TEST_CRASH_H

#include <jansson.h>

#include "access/session.h"

_Noreturn void give_up(const char *what, const Error *e);
int64_t below(uint64_t *random, int64_t n); /* 0 … n - 1 */

/* The n-th operation that makes the township, NULL when there are no more. */
json_t *first_input(size_t n, const char **operation);
/* Arguments that are right for the site as it stands. The operation depends on the random state alone: a request
 * that is repeated must be of the same one. NULL with e when the site cannot be read. */
json_t *random_input(Site *site, uint64_t *random, int64_t number, const char **operation, Error *e);

/* Both give up with a message. */
void check_replay(Session *s); /* tables and spans are what the journal gives, row by row, byte by byte */
void check_sealed(Session *s); /* every sealed cell opens, or was erased and journalled as such */

#endif
