/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A token: a program's own key to the API, made by an account for itself (core relation `token`). It is told once; kept
 * is a digest of it, sealed. It does never more than its account may at that moment, and less: reading alone or writing
 * as well, at most under one org, until its last day. What is one's own (password, tokens), other accounts, settings,
 * backups, erasing and the audit are done in person. */
#ifndef LUOSHI_ACCESS_TOKEN_H
#define LUOSHI_ACCESS_TOKEN_H

#include "access/session.h"

enum {
  TOKEN_SECRET = 32,         /* random bytes of one */
  TOKEN_DAYS = 366,          /* from the first day to the last, at most */
  TOKEN_MOST = 20,           /* of an account in force */
  TOKEN_LABEL = 100          /* bytes of what it is for */
};

/* How it is written: its number, then the secret as hex. */
const char *token_text(Arena *a, int64_t token, const char *secret);
/* What is kept of the secret. Arena. */
const char *token_digest(Arena *a, const char *secret, Error *e);

typedef struct TokenHolder { int64_t token; const char *account; } TokenHolder;
/* Whose the text is; ERROR_FORBIDDEN when it is nobody's, has ended, or its account has. */
bool token_find(Site *site, Arena *a, const char *text, TokenHolder *out, Error *e);

/* For session_open_by: what the session's actor may do, cut down to the token's. */
bool token_cut(Session *s, int64_t token, TxKind kind, Error *e);

typedef struct TokenRow {
  int64_t id;
  const char *label;
  bool writes, ended; /* ended: taken back, or its last day is over */
  int64_t org;        /* 0: wherever the account may */
  Date made_on, until_on, ended_on;
} TokenRow;
/* Those of an account, newest first: one's own, or for who looks after accounts. Arena of the session. */
bool tokens_list(Session *s, const char *account, TokenRow **out, size_t *count, Error *e);

#endif
