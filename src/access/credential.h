/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What an account signs in with: the core relation `credential`, whose secret is sealed like other
 * sensitive cells. One row an account; a new password changes it. */
#ifndef LUOSHI_ACCESS_CREDENTIAL_H
#define LUOSHI_ACCESS_CREDENTIAL_H

#include "access/session.h"

typedef struct Credential {
  int64_t id;         /* 0: none */
  int64_t account;    /* id; 0: no such account, or it is disabled */
  const char *secret; /* as password_hash made it; NULL: none */
  bool temporary;     /* must be changed at the first sign-in */
} Credential;

/* Also true when there is none: then all is zero. */
bool credential_find(Site *site, Arena *a, const char *account, Credential *out, Error *e);

#endif
