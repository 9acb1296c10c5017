/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A 接龙 as it is copied out of a chat: a heading, then names with numbers, bullets and ways in any of the
 * forms that people type. Only cut here; who is meant is asked of the names. */
#ifndef LUOSHI_WEB_CHAIN_H
#define LUOSHI_WEB_CHAIN_H

#include "base/arena.h"

enum { CHAIN_NAMES = 300, CHAIN_WORD = 60 /* bytes of a name or way */ };

typedef struct ChainName {
  const char *name;
  const char *way; /* as typed, "" if none */
} ChainName;

/* “1. 张三 2、李四（线上）” and one a line alike. A line that begins with # is a heading. */
size_t chain_cut(Arena *a, const char *text, ChainName **out);

#endif
