/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * An account's drawer: what is not finished and nobody else's business yet (drafts of long forms, runs of
 * 核对初稿). It is scratch, not a record: no revision, no journal, not in the backup, gone after 30 days.
 * One file a sheet in SITE/drawer/ACCOUNT/ (both names are digests), mode 0600, written whole or not at all.
 * Nothing that is kept sealed elsewhere (a sensitive field) belongs in here. See docs/decisions. */
#ifndef LUOSHI_ACCESS_DRAWER_H
#define LUOSHI_ACCESS_DRAWER_H

#include "access/site.h"

enum {
  DRAWER_BYTES = 1024 * 1024, /* of a sheet */
  DRAWER_SHEETS = 100,        /* of an account and kind: the oldest gives way */
  DRAWER_DAYS = 30,
  DRAWER_WORD = 200           /* bytes of a kind or key */
};

typedef struct Sheet {
  const char *key;
  int64_t at;        /* seconds since 1970, by the machine's clock, when it was last put */
  const char *bytes; /* NUL after the last; drawer_list leaves it out */
  size_t size;
} Sheet;

/* Replaces what the key holds. `kind` and `key`: any words without line ends. */
bool drawer_put(const Site *site, const char *account, const char *kind, const char *key, const void *bytes, size_t n, Error *e);
/* ERROR_MISSING when there is none, or it is older than 30 days. */
bool drawer_get(const Site *site, Arena *a, const char *account, const char *kind, const char *key, Sheet *out, Error *e);
/* Newest first. */
bool drawer_list(const Site *site, Arena *a, const char *account, const char *kind, Sheet **out, size_t *count, Error *e);
bool drawer_drop(const Site *site, const char *account, const char *kind, const char *key, Error *e); /* none is no error */
/* All accounts' expired sheets and parts that were never finished. */
bool drawer_sweep(const Site *site, Error *e);
/* 刚才, 3分钟前, 2小时前, 5天前. Arena. */
const char *drawer_ago(Arena *a, int64_t at);

#endif
