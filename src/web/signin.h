/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Who is signed in: tokens of this process's browsers, kept in memory alone (a restart signs everybody
 * out). A token is 256 random bits; only its hash is kept. Idle and absolute limits; a new token at every
 * sign-in; lockout by account after wrong passwords, and by address after many. All functions lock. */
#ifndef LUOSHI_WEB_SIGNIN_H
#define LUOSHI_WEB_SIGNIN_H

#include "base/error.h"

typedef struct Signins Signins;

enum {
  SIGNIN_IDLE = 30 * 60, SIGNIN_LONGEST = 10 * 3600, /* seconds */
  SIGNIN_MOST = 4096,                                /* browsers at once; the one idle longest gives way */
  SIGNIN_WRONG = 5, SIGNIN_LOCKED = 15 * 60,         /* wrong passwords of one account, and how long it rests */
  SIGNIN_PEER_WRONG = 50                             /* … of one address in that time */
};

Signins *signins_new(void);
void signins_free(Signins *s);

typedef struct Signin {
  const char *account;
  const char *csrf;   /* what every form of this browser carries */
  bool must_change;   /* nothing but the page for a new password */
  bool elder;         /* 长辈 mode */
} Signin;

/* The new token, for the cookie. Arena. */
const char *signins_open(Signins *s, Arena *a, const char *account, bool must_change, Error *e);
/* Whose the token is; false: nobody's, or too long ago. Counts as use. */
bool signins_find(Signins *s, Arena *a, const char *token, Signin *out);
void signins_close(Signins *s, const char *token);
void signins_close_all(Signins *s, const char *account, const char *but_token); /* after a new password */

/* Before a password is checked: ERROR_LIMIT with how long to wait. */
bool signins_may_try(Signins *s, const char *account, const char *peer, Error *e);
void signins_tried(Signins *s, const char *account, const char *peer, bool right);

#endif
