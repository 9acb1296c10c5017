/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The one wish and its outcome (restoring.h), in memory alone: a process that ends before it is done has done nothing. */
#include "web/restoring.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATH = 4096, NAME = 128, SENTENCE = 1024 };

struct Restoring {
  pthread_mutex_t lock;
  void (*wake)(void *self);
  void *self;
  RestoreState state;
  char path[PATH], account[NAME], sentence[SENTENCE];
  int64_t seq, ended;
};

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec;
}

Restoring *restoring_new(void (*wake)(void *self), void *self) {
  Restoring *r = calloc(1, sizeof *r);
  if (!r) abort();
  pthread_mutex_init(&r->lock, NULL);
  r->wake = wake, r->self = self;
  return r;
}

void restoring_free(Restoring *r) {
  if (!r) return;
  pthread_mutex_destroy(&r->lock);
  free(r);
}

bool restoring_ask(Restoring *r, const char *path, const char *account, Error *e) {
  if (!r) return fail(e, ERROR_UNAVAILABLE, "这里没有在服务，请在服务器上运行 luoshi restore。");
  if (strlen(path) >= PATH || strlen(account) >= NAME) return fail(e, ERROR_INVALID, "站点文件夹的路径太长，请在服务器上运行 luoshi restore。");
  pthread_mutex_lock(&r->lock);
  bool busy = r->state == RESTORE_ASKED;
  if (!busy) {
    r->state = RESTORE_ASKED;
    snprintf(r->path, sizeof r->path, "%s", path);
    snprintf(r->account, sizeof r->account, "%s", account);
  }
  pthread_mutex_unlock(&r->lock);
  if (busy) return fail(e, ERROR_CONFLICT, "已经在恢复了，请稍候。");
  r->wake(r->self);
  return true;
}

bool restoring_take(Restoring *r, Arena *a, const char **path, const char **account) {
  pthread_mutex_lock(&r->lock);
  bool asked = r->state == RESTORE_ASKED;
  if (asked) *path = arena_copy(a, r->path), *account = arena_copy(a, r->account);
  pthread_mutex_unlock(&r->lock);
  return asked;
}

void restoring_end(Restoring *r, bool done, int64_t seq, const char *sentence) {
  pthread_mutex_lock(&r->lock);
  r->state = done ? RESTORE_DONE : RESTORE_FAILED;
  r->seq = seq, r->ended = now();
  snprintf(r->sentence, sizeof r->sentence, "%s", sentence);
  pthread_mutex_unlock(&r->lock);
}

RestoreTold restoring_told(Restoring *r, Arena *a) {
  RestoreTold told = {.state = RESTORE_NONE, .sentence = ""};
  if (!r) return told;
  pthread_mutex_lock(&r->lock);
  bool over = r->state == RESTORE_DONE || r->state == RESTORE_FAILED;
  if (!over || now() - r->ended < RESTORE_TOLD) told = (RestoreTold){r->state, r->seq, arena_copy(a, r->sentence)};
  pthread_mutex_unlock(&r->lock);
  return told;
}
