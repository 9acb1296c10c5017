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
  bool expired;       /* older than the site's password_days: must be changed too */
} Credential;

/* Also true when there is none: then all is zero. */
bool credential_find(Site *site, Arena *a, const char *account, Credential *out, Error *e);
/* Whether the password opens the account at this site. Takes as long whatever is wrong. */
bool credential_right(const Site *site, const Credential *c, const char *password, bool *right, Error *e);

/* The accounts that a demo site lets anybody sign in with, and what each may do; none (and true) elsewhere. */
typedef struct DemoSignin { const char *account, *role, *org, *person; } DemoSignin;
bool demo_signins(Session *s, DemoSignin **out, size_t *count, Error *e);
/* The same as lines of text, with the password; "" elsewhere. Arena of the session. */
const char *demo_signins_text(Session *s, Error *e);

#endif
