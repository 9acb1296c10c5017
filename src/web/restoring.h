/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A restore that was asked for on a page: noted here by the page, done by whoever serves (cli/serve.c), which stands
 * still meanwhile, and told afterwards to whoever signs in. One at a time; all functions lock. */
#ifndef LUOSHI_WEB_RESTORING_H
#define LUOSHI_WEB_RESTORING_H

#include <stdint.h>

#include "base/error.h"

enum { RESTORE_TOLD = 30 * 60 /* seconds that the outcome is told on the sign-in page */ };

typedef enum { RESTORE_NONE, RESTORE_ASKED, RESTORE_DONE, RESTORE_FAILED } RestoreState;
typedef struct RestoreTold {
  RestoreState state;
  int64_t seq;          /* of one that is done: the last revision that the backup had */
  const char *sentence; /* of one that failed */
} RestoreTold;

typedef struct Restoring Restoring;
/* `wake` tells whoever serves that something was asked; it is called by a thread of the server. */
Restoring *restoring_new(void (*wake)(void *self), void *self);
void restoring_free(Restoring *r);

/* ERROR_CONFLICT when one is under way. */
bool restoring_ask(Restoring *r, const char *path, const char *account, Error *e);
/* What was asked, for whoever does it; false: nothing. Arena. */
bool restoring_take(Restoring *r, Arena *a, const char **path, const char **account);
void restoring_end(Restoring *r, bool done, int64_t seq, const char *sentence);
/* RESTORE_NONE also when it was long ago, and of NULL. Arena. */
RestoreTold restoring_told(Restoring *r, Arena *a);

#endif
