/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What can go wrong, as a kind for the program, a Chinese sentence for the user
 * that says what to do, and a cause for the log. Functions that can fail return
 * bool or NULL and fill an Error; they neither log nor exit.
 *
 * Issues collects many errors of one input, so that all are reported at once. */
#ifndef LUOSHI_BASE_ERROR_H
#define LUOSHI_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

typedef enum {
  ERROR_NONE,
  ERROR_INVALID,     /* the input is wrong: exit 1 or 2 */
  ERROR_FORBIDDEN,   /* the actor may not */
  ERROR_MISSING,     /* no such thing */
  ERROR_CONFLICT,    /* somebody else was first, or a second serve/migrate */
  ERROR_LIMIT,       /* too large, too deep, too many */
  ERROR_UNAVAILABLE, /* disk full, database gone or locked: try again later */
  ERROR_UNKNOWN,     /* the connection broke in COMMIT: retry with the same request_id */
  ERROR_BROKEN,      /* stored data fail their own check: chain, foreign database */
  ERROR_BUG
} ErrorKind;

typedef struct Error {
  ErrorKind kind;
  char sentence[1024]; /* Chinese, ends with 。, cut at a character if too long */
  char cause[512];     /* English, may be empty */
} Error;

/* Both return false, so that `return fail(e, …)` reads well. Overwrites *e. */
bool fail(Error *e, ErrorKind kind, const char *sentence, ...) __attribute__((format(printf, 3, 4)));
bool fail_because(Error *e, ErrorKind kind, const char *cause, const char *sentence, ...)
    __attribute__((format(printf, 4, 5)));

typedef struct Issue {
  const char *where;    /* `interview.yaml:12 interview.sets[0].where`, `第3行`, a field's name */
  const char *field;    /* machine name of the field or path, may be NULL */
  const char *sentence; /* what is wrong and what to do */
} Issue;

typedef struct Issues {
  Arena *arena;
  Issue *at;
  size_t count, room;
} Issues;

void issue_add(Issues *list, const char *where, const char *field, const char *sentence, ...)
    __attribute__((format(printf, 4, 5)));
/* False with the first sentences joined, and how many more there are; true if the list is empty. */
bool issues_fail(const Issues *list, Error *e, const char *opening);

/* The candidate nearest to `word` by edit distance over code points, or NULL when none is near. */
const char *nearest(const char *word, const char *const *candidates, size_t count);

#endif
