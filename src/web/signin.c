/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tokens and wrong tries (signin.h). Tables are of fixed size, so that nobody makes them grow by trying;
 * the oldest entry gives way. Time is monotonic: a clock set back signs nobody in for longer. */
#include "web/signin.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/password.h"

enum { NAME = 96, TOKEN_BYTES = 32, CSRF_BYTES = 16, CSRF = 2 * CSRF_BYTES + 1, TRIES = 1024, RELATION = 128 };

typedef struct Look { char relation[RELATION]; int64_t row, until; } Look;

typedef struct Open {
  unsigned char hash[32];
  char account[NAME], csrf[CSRF];
  uint64_t stamp, number;
  int64_t since, used; /* used 0: free */
  bool must_change;
  int elder;
  Look looks[SIGNIN_LOOKS];
} Open;

typedef struct Try {
  char who[NAME + 2]; /* a:account, p:peer, t:peer with tokens */
  int wrong;
  int64_t last;
} Try;

struct Signins {
  pthread_mutex_t lock;
  SigninClock *clock;
  void *self;
  uint64_t numbered;
  Open open[SIGNIN_MOST];
  Try tries[TRIES];
};

static int64_t monotonic(void *self) {
  struct timespec t;
  (void)self;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec + 1;
}

static int64_t now(const Signins *s) { return s->clock(s->self); }

Signins *signins_new_at(SigninClock *clock, void *self) {
  Signins *s = calloc(1, sizeof *s);
  if (!s) abort();
  pthread_mutex_init(&s->lock, NULL);
  s->clock = clock, s->self = self;
  return s;
}

Signins *signins_new(void) { return signins_new_at(monotonic, NULL); }

void signins_free(Signins *s) {
  if (!s) return;
  pthread_mutex_destroy(&s->lock);
  OPENSSL_cleanse(s, sizeof *s);
  free(s);
}

/* ---- open ones ---- */

static void hash_of(const char *token, unsigned char out[32]) {
  unsigned int n = 32;
  EVP_Digest(token, strlen(token), out, &n, EVP_sha256(), NULL);
}

static bool is_live(const Open *o, int64_t t) {
  return o->used && t - o->used < SIGNIN_IDLE && t - o->since < SIGNIN_LONGEST;
}

static Open *find(Signins *s, const char *token) {
  unsigned char hash[32];
  int64_t t = now(s);
  if (!token || strlen(token) != 2 * TOKEN_BYTES) return NULL;
  hash_of(token, hash);
  for (size_t i = 0; i < SIGNIN_MOST; i++)
    if (is_live(&s->open[i], t) && !CRYPTO_memcmp(s->open[i].hash, hash, sizeof hash)) return &s->open[i];
  return NULL;
}

static Open *free_place(Signins *s, int64_t t) {
  Open *oldest = &s->open[0];
  for (size_t i = 0; i < SIGNIN_MOST; i++) {
    Open *o = &s->open[i];
    if (!is_live(o, t)) return o;
    if (o->used < oldest->used) oldest = o;
  }
  return oldest;
}

const char *signins_open(Signins *s, Arena *a, const char *account, uint64_t stamp, bool must_change, Error *e) {
  const char *token = random_hex(a, TOKEN_BYTES, e), *csrf = token ? random_hex(a, CSRF_BYTES, e) : NULL;
  if (!csrf) return NULL;
  if (strlen(account) >= NAME) return fail(e, ERROR_INVALID, "账号名太长，请核对。"), NULL;
  pthread_mutex_lock(&s->lock);
  int64_t t = now(s);
  Open *o = free_place(s, t);
  *o = (Open){.since = t, .used = t, .stamp = stamp, .must_change = must_change, .number = ++s->numbered};
  hash_of(token, o->hash);
  memcpy(o->account, account, strlen(account) + 1);
  memcpy(o->csrf, csrf, CSRF);
  pthread_mutex_unlock(&s->lock);
  return token;
}

bool signins_find(Signins *s, Arena *a, const char *token, Signin *out) {
  pthread_mutex_lock(&s->lock);
  Open *o = find(s, token);
  if (o) {
    o->used = now(s);
    *out = (Signin){arena_copy(a, o->account), arena_copy(a, o->csrf), o->stamp, o->must_change, o->elder};
  }
  pthread_mutex_unlock(&s->lock);
  return o != NULL;
}

void signins_close(Signins *s, const char *token) {
  pthread_mutex_lock(&s->lock);
  Open *o = find(s, token);
  if (o) *o = (Open){0};
  pthread_mutex_unlock(&s->lock);
}

void signins_close_all(Signins *s, const char *account) {
  pthread_mutex_lock(&s->lock);
  for (size_t i = 0; i < SIGNIN_MOST; i++)
    if (s->open[i].used && (!account || !strcmp(s->open[i].account, account))) s->open[i] = (Open){0};
  pthread_mutex_unlock(&s->lock);
}

void signins_close_number(Signins *s, uint64_t number) {
  pthread_mutex_lock(&s->lock);
  for (size_t i = 0; i < SIGNIN_MOST; i++)
    if (s->open[i].used && s->open[i].number == number) s->open[i] = (Open){0};
  pthread_mutex_unlock(&s->lock);
}

void signins_elder(Signins *s, const char *token, int size) {
  pthread_mutex_lock(&s->lock);
  Open *o = find(s, token);
  if (o) o->elder = size < 0 || size > 3 ? 0 : size;
  pthread_mutex_unlock(&s->lock);
}

void signins_look(Signins *s, const char *token, const char *relation, int64_t row) {
  if (strlen(relation) >= RELATION) return;
  pthread_mutex_lock(&s->lock);
  Open *o = find(s, token);
  Look *place = o ? &o->looks[0] : NULL;
  for (size_t i = 1; o && i < SIGNIN_LOOKS; i++)
    if (o->looks[i].until < place->until) place = &o->looks[i];
  if (place) {
    memcpy(place->relation, relation, strlen(relation) + 1);
    place->row = row;
    place->until = now(s) + SIGNIN_LOOK;
  }
  pthread_mutex_unlock(&s->lock);
}

bool signins_looks(Signins *s, const char *token, const char *relation, int64_t row) {
  bool open = false;
  pthread_mutex_lock(&s->lock);
  const Open *o = find(s, token);
  for (size_t i = 0; o && i < SIGNIN_LOOKS; i++)
    open = open || (o->looks[i].row == row && o->looks[i].until > now(s) && !strcmp(o->looks[i].relation, relation));
  pthread_mutex_unlock(&s->lock);
  return open;
}

static int latest_first(const void *a, const void *b) {
  const SigninSeen *x = a, *y = b;
  return x->idle < y->idle ? -1 : x->idle > y->idle;
}

size_t signins_list(Signins *s, Arena *a, SigninSeen **out) {
  size_t count = 0, room = 0;
  *out = NULL;
  pthread_mutex_lock(&s->lock);
  int64_t t = now(s);
  for (size_t i = 0; i < SIGNIN_MOST; i++) {
    const Open *o = &s->open[i];
    if (is_live(o, t)) *PUSH(a, *out, count, room) = (SigninSeen){o->number, arena_copy(a, o->account), t - o->since, t - o->used};
  }
  pthread_mutex_unlock(&s->lock);
  if (count) qsort(*out, count, sizeof **out, latest_first);
  return count;
}

/* ---- wrong tries ---- */

static void who_is(char kind, const char *name, char out[NAME + 2]) {
  size_t n = strnlen(name, NAME - 1);
  out[0] = kind;
  out[1] = ':';
  memcpy(out + 2, name, n);
  out[n + 2] = '\0';
}

static Try *try_of(Signins *s, const char *who, int64_t t) {
  Try *oldest = &s->tries[0];
  for (size_t i = 0; i < TRIES; i++) {
    Try *one = &s->tries[i];
    if (one->last && t - one->last >= SIGNIN_LOCKED) *one = (Try){0};
    if (one->last && !strcmp(one->who, who)) return one;
    if (one->last < oldest->last) oldest = one;
  }
  *oldest = (Try){.last = t};
  memcpy(oldest->who, who, strlen(who) + 1);
  return oldest;
}

/* Seconds still to wait. One that is locked is not counted any further: it rests so long and no longer. */
static int64_t count_try(Signins *s, char kind, const char *name, int most, int64_t t) {
  char who[NAME + 2];
  who_is(kind, name, who);
  Try *one = try_of(s, who, t);
  if (one->wrong >= most) return SIGNIN_LOCKED - (t - one->last);
  one->wrong++, one->last = t;
  return 0;
}

static void take_back(Signins *s, char kind, const char *name, bool all, int64_t t) {
  char who[NAME + 2];
  who_is(kind, name, who);
  Try *one = try_of(s, who, t);
  if (all || one->wrong <= 1) *one = (Try){0};
  else one->wrong--;
}

bool signins_may_try(Signins *s, const char *account, const char *peer, Error *e) {
  pthread_mutex_lock(&s->lock);
  int64_t t = now(s), wait = *peer ? count_try(s, 'p', peer, SIGNIN_PEER_WRONG, t) : 0;
  bool address = wait > 0;
  if (!address) wait = count_try(s, 'a', account, SIGNIN_WRONG, t);
  pthread_mutex_unlock(&s->lock);
  if (wait <= 0) return true;
  long long minutes = (long long)wait / 60 + 1;
  return address ? fail(e, ERROR_LIMIT, "这台设备密码错的次数太多，请%lld分钟后再试。", minutes)
                 : fail(e, ERROR_LIMIT, "密码错的次数太多，账号暂停登录，请%lld分钟后再试，或请管理员重设密码。", minutes);
}

void signins_right(Signins *s, const char *account, const char *peer) {
  pthread_mutex_lock(&s->lock);
  int64_t t = now(s);
  take_back(s, 'a', account, true, t);
  if (*peer) take_back(s, 'p', peer, false, t);
  pthread_mutex_unlock(&s->lock);
}

bool signins_may_show(Signins *s, const char *peer, Error *e) {
  if (!*peer) return true;
  pthread_mutex_lock(&s->lock);
  int64_t wait = count_try(s, 't', peer, SIGNIN_PEER_WRONG, now(s));
  pthread_mutex_unlock(&s->lock);
  return wait <= 0 || fail(e, ERROR_LIMIT, "这台设备令牌错的次数太多，请%lld分钟后再试。", (long long)wait / 60 + 1);
}

void signins_shown(Signins *s, const char *peer) {
  if (!*peer) return;
  pthread_mutex_lock(&s->lock);
  take_back(s, 't', peer, false, now(s));
  pthread_mutex_unlock(&s->lock);
}
