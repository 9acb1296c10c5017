/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Who is signed in: tokens of this process's browsers, kept in memory alone (a restart signs everybody
 * out). A token is 256 random bits; only its hash is kept. Idle and absolute limits; a new token at every
 * sign-in; lockout by account after wrong passwords, and by address after many. All functions lock. */
#ifndef LUOSHI_WEB_SIGNIN_H
#define LUOSHI_WEB_SIGNIN_H

#include <stdint.h>

#include "base/error.h"

typedef struct Signins Signins;

enum {
  SIGNIN_IDLE = 30 * 60, SIGNIN_LONGEST = 10 * 3600, /* seconds */
  SIGNIN_MOST = 4096,                                /* browsers at once; the one idle longest gives way */
  SIGNIN_WRONG = 5, SIGNIN_LOCKED = 15 * 60,         /* wrong passwords of one account, and how long it rests */
  SIGNIN_PEER_WRONG = 50,                            /* … of one address in that time */
  SIGNIN_LOOKS = 8, SIGNIN_LOOK = 10 * 60            /* rows whose private items one browser has open, and how long */
};

/* Seconds that only go forward; tests have their own. */
typedef int64_t SigninClock(void *self);
Signins *signins_new(void);
Signins *signins_new_at(SigninClock *clock, void *self);
void signins_free(Signins *s);

typedef struct Signin {
  const char *account;
  const char *csrf;   /* what every form of this browser carries */
  uint64_t stamp;     /* of the account's session when it signed in: another one now ends it */
  bool must_change;   /* nothing but the page for a new password */
  int elder;          /* 长辈 mode: 0 off, 1 … 3 its sizes */
} Signin;

/* The new token, for the cookie. Arena. */
const char *signins_open(Signins *s, Arena *a, const char *account, uint64_t stamp, bool must_change, Error *e);
/* Whose the token is; false: nobody's, or too long ago. Counts as use. */
bool signins_find(Signins *s, Arena *a, const char *token, Signin *out);
void signins_close(Signins *s, const char *token);
void signins_close_all(Signins *s, const char *account); /* after a new password, other roles, disabling; NULL: everybody's */
void signins_elder(Signins *s, const char *token, int size);

/* Private items of one row, opened with a reason (look.record), for this browser and a while. */
void signins_look(Signins *s, const char *token, const char *relation, int64_t row);
bool signins_looks(Signins *s, const char *token, const char *relation, int64_t row);

/* For whoever looks after accounts: by how long ago they were used. Arena. */
typedef struct SigninSeen { uint64_t number; const char *account; int64_t since, idle; /* seconds ago */ } SigninSeen;
size_t signins_list(Signins *s, Arena *a, SigninSeen **out);
void signins_close_number(Signins *s, uint64_t number);

/* Before a password is checked, and counted as wrong until signins_right: many at once get no more tries than one
 * after the other. ERROR_LIMIT with how long to wait. */
bool signins_may_try(Signins *s, const char *account, const char *peer, Error *e);
void signins_right(Signins *s, const char *account, const char *peer);
/* The same for tokens of the API, by address alone: a wrong token names no account. */
bool signins_may_show(Signins *s, const char *peer, Error *e);
void signins_shown(Signins *s, const char *peer);

#endif
