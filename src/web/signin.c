/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tokens and wrong tries (signin.h). Tables are of fixed size, so that nobody makes them grow by trying;
 * the oldest entry gives way. Time is monotonic: a clock set back signs nobody in for longer. */
#include "web/signin.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/password.h"

enum { NAME = 96, TOKEN_BYTES = 32, CSRF = 2 * 16 + 1, TRIES = 1024 };

typedef struct Open {
  unsigned char hash[32];
  char account[NAME], csrf[CSRF];
  time_t since, used; /* used 0: free */
  bool must_change, elder;
} Open;

typedef struct Try {
  char who[NAME + 2]; /* a:account, p:peer */
  int wrong;
  time_t last;
} Try;

struct Signins {
  pthread_mutex_t lock;
  Open open[SIGNIN_MOST];
  Try tries[TRIES];
};

static time_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1;
}

Signins *signins_new(void) {
  Signins *s = calloc(1, sizeof *s);
  if (!s) abort();
  pthread_mutex_init(&s->lock, NULL);
  return s;
}

void signins_free(Signins *s) {
  if (!s) return;
  pthread_mutex_destroy(&s->lock);
  OPENSSL_cleanse(s, sizeof *s);
  free(s);
}

static void hash_of(const char *token, unsigned char out[32]) {
  unsigned int n = 32;
  EVP_Digest(token, strlen(token), out, &n, EVP_sha256(), NULL);
}

static bool is_live(const Open *o, time_t t) {
  return o->used && t - o->used < SIGNIN_IDLE && t - o->since < SIGNIN_LONGEST;
}

static Open *find(Signins *s, const char *token, time_t t) {
  unsigned char hash[32];
  hash_of(token, hash);
  for (size_t i = 0; i < SIGNIN_MOST; i++)
    if (is_live(&s->open[i], t) && !CRYPTO_memcmp(s->open[i].hash, hash, sizeof hash)) return &s->open[i];
  return NULL;
}

const char *signins_open(Signins *s, Arena *a, const char *account, bool must_change, Error *e) {
  const char *token = random_hex(a, TOKEN_BYTES, e), *csrf = token ? random_hex(a, 16, e) : NULL;
  if (!csrf) return NULL;
  if (strlen(account) >= NAME) return fail(e, ERROR_INVALID, "账号名太长，请核对。"), NULL;
  time_t t = now();
  pthread_mutex_lock(&s->lock);
  Open *free_one = &s->open[0];
  for (size_t i = 0; i < SIGNIN_MOST; i++) {
    Open *o = &s->open[i];
    if (!is_live(o, t)) o->used = 0;
    if (o->used < free_one->used) free_one = o;
    if (!free_one->used) break;
  }
  *free_one = (Open){.since = t, .used = t, .must_change = must_change};
  hash_of(token, free_one->hash);
  memcpy(free_one->account, account, strlen(account) + 1);
  memcpy(free_one->csrf, csrf, CSRF);
  pthread_mutex_unlock(&s->lock);
  return token;
}

bool signins_find(Signins *s, Arena *a, const char *token, Signin *out) {
  time_t t = now();
  if (strlen(token) != 2 * TOKEN_BYTES) return false;
  pthread_mutex_lock(&s->lock);
  Open *o = find(s, token, t);
  if (o) {
    o->used = t;
    *out = (Signin){arena_copy(a, o->account), arena_copy(a, o->csrf), o->must_change, o->elder};
  }
  pthread_mutex_unlock(&s->lock);
  return o != NULL;
}

void signins_close(Signins *s, const char *token) {
  pthread_mutex_lock(&s->lock);
  Open *o = strlen(token) == 2 * TOKEN_BYTES ? find(s, token, now()) : NULL;
  if (o) *o = (Open){0};
  pthread_mutex_unlock(&s->lock);
}

void signins_close_all(Signins *s, const char *account, const char *but_token) {
  pthread_mutex_lock(&s->lock);
  const Open *kept = but_token && strlen(but_token) == 2 * TOKEN_BYTES ? find(s, but_token, now()) : NULL;
  for (size_t i = 0; i < SIGNIN_MOST; i++)
    if (s->open[i].used && &s->open[i] != kept && !strcmp(s->open[i].account, account)) s->open[i] = (Open){0};
  pthread_mutex_unlock(&s->lock);
}

/* ---- wrong tries ---- */

static void who_is(char kind, const char *name, char out[NAME + 2]) {
  size_t n = strnlen(name, NAME - 1);
  out[0] = kind;
  out[1] = ':';
  memcpy(out + 2, name, n);
  out[n + 2 < NAME + 2 ? n + 2 : NAME + 1] = '\0';
}

static Try *try_of(Signins *s, const char *who, time_t t, bool make) {
  Try *oldest = &s->tries[0];
  for (size_t i = 0; i < TRIES; i++) {
    Try *one = &s->tries[i];
    if (one->last && t - one->last >= SIGNIN_LOCKED) *one = (Try){0};
    if (one->last && !strcmp(one->who, who)) return one;
    if (one->last < oldest->last) oldest = one;
  }
  if (!make) return NULL;
  *oldest = (Try){.last = t};
  memcpy(oldest->who, who, strlen(who) + 1);
  return oldest;
}

bool signins_may_try(Signins *s, const char *account, const char *peer, Error *e) {
  char by_account[NAME + 2], by_peer[NAME + 2];
  time_t t = now();
  who_is('a', account, by_account);
  who_is('p', peer, by_peer);
  pthread_mutex_lock(&s->lock);
  const Try *one = try_of(s, by_account, t, false), *other = *peer ? try_of(s, by_peer, t, false) : NULL;
  long wait = one && one->wrong >= SIGNIN_WRONG ? (long)(SIGNIN_LOCKED - (t - one->last)) : 0;
  if (other && other->wrong >= SIGNIN_PEER_WRONG) wait = (long)(SIGNIN_LOCKED - (t - other->last));
  pthread_mutex_unlock(&s->lock);
  return wait <= 0 || fail(e, ERROR_LIMIT, "密码错的次数太多，账号暂停登录，请%ld分钟后再试，或请管理员重设密码。", wait / 60 + 1);
}

void signins_tried(Signins *s, const char *account, const char *peer, bool right) {
  char who[NAME + 2];
  time_t t = now();
  pthread_mutex_lock(&s->lock);
  who_is('a', account, who);
  Try *one = try_of(s, who, t, !right);
  if (one && right) *one = (Try){0};
  if (one && !right) one->wrong++, one->last = t;
  if (!right && *peer) {
    who_is('p', peer, who);
    Try *other = try_of(s, who, t, true);
    other->wrong++, other->last = t;
  }
  pthread_mutex_unlock(&s->lock);
}
