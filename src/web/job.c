/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Jobs and the threads that do them (job.h). One lock and one condition for all: jobs are few. What a run reads and
 * writes is its own until it has finished; counters and the wish to stop are atomic, since both sides look at them
 * meanwhile. A finished job is not changed any more but for having been seen, and is freed when nobody holds it. */
#include "web/job.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/password.h"

struct Jobs {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  Arena *arena;
  const char *folder;
  pthread_t threads[JOBS_AT_ONCE];
  size_t thread_count;
  Job *at[JOBS_KEPT]; /* in the order in which they came */
  size_t count;
  uint64_t numbered;
  bool stopping;
  size_t unfinished; /* by stopping */
};

static int64_t now_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec;
}

static struct timespec after_ms(int ms) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  t.tv_nsec += (long)(ms % 1000) * 1000000;
  t.tv_sec += ms / 1000 + t.tv_nsec / 1000000000;
  t.tv_nsec %= 1000000000;
  return t;
}

static bool has_ended(const Job *job) { return job->state == JOB_DONE || job->state == JOB_FAILED; }

static void free_bulk(Job *job) {
  arena_free(job->ask.bulk);
  job->ask.bulk = NULL;
  job->ask.bytes = 0;
}

static void free_job(Job *job) {
  free_bulk(job);
  arena_free(job->ask.arena);
}

/* ---- under the lock ---- */

static void take_out(Jobs *jobs, size_t i) {
  Job *job = jobs->at[i];
  memmove(&jobs->at[i], &jobs->at[i + 1], (jobs->count - i - 1) * sizeof *jobs->at);
  jobs->count--;
  if (!--job->holders) free_job(job);
}

static void expire(Jobs *jobs) {
  for (size_t i = jobs->count; i-- > 0;)
    if (has_ended(jobs->at[i]) && now_seconds() - jobs->at[i]->ended > JOBS_SECONDS) take_out(jobs, i);
}

/* Room for one more: finished ones give way, the oldest first. */
static bool make_room(Jobs *jobs, const JobAsk *ask) {
  for (;;) {
    size_t bytes = ask->bytes, oldest = jobs->count;
    for (size_t i = jobs->count; i-- > 0;) {
      bytes += jobs->at[i]->ask.bytes;
      if (has_ended(jobs->at[i])) oldest = i;
    }
    if (jobs->count < JOBS_KEPT && bytes <= JOBS_BYTES) return true;
    if (oldest == jobs->count) return false;
    take_out(jobs, oldest);
  }
}

/* What this account has of the thing; a finished one makes place for the next. */
static Job *known(Jobs *jobs, const JobAsk *ask, bool *same) {
  for (size_t i = jobs->count; i-- > 0;) {
    Job *job = jobs->at[i];
    if (strcmp(job->ask.account, ask->account) != 0 || strcmp(job->ask.thing, ask->thing) != 0) continue;
    *same = job->ask.mark == ask->mark && (!has_ended(job) || (ask->lasting && job->state == JOB_DONE));
    if (*same || !has_ended(job)) return job;
    take_out(jobs, i);
  }
  return NULL;
}

static void end(Jobs *jobs, Job *job, bool well) {
  if (!job->needs_bulk) free_bulk(job);
  job->state = well ? JOB_DONE : JOB_FAILED;
  job->ended = now_seconds();
  pthread_cond_broadcast(&jobs->changed);
}

static void end_unbegun(Jobs *jobs, Job *job) {
  fail(&job->error, ERROR_UNAVAILABLE, "“%s”没有开始就停了，没有写入任何数据，请再办一次。", job->ask.label);
  end(jobs, job, false);
}

/* ---- the threads ---- */

static bool run(Job *job, const char *folder) {
  SITE_SCOPE site = site_open(folder, false, &job->error);
  return site && job->ask.run(job, site, &job->error);
}

/* What a large run took would stay with its thread's heap for good. */
static void give_back(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

static Job *next_waiting(Jobs *jobs) {
  bool writing = false;
  for (size_t i = 0; i < jobs->count; i++) writing |= jobs->at[i]->state == JOB_RUNNING && jobs->at[i]->ask.writes;
  for (size_t i = 0; i < jobs->count; i++)
    if (jobs->at[i]->state == JOB_WAITING && !(writing && jobs->at[i]->ask.writes)) return jobs->at[i];
  return NULL;
}

static void *work(void *self) {
  Jobs *jobs = self;
  pthread_mutex_lock(&jobs->lock);
  while (!jobs->stopping) {
    Job *job = next_waiting(jobs);
    if (!job) {
      pthread_cond_wait(&jobs->changed, &jobs->lock);
      continue;
    }
    job->state = JOB_RUNNING;
    job->holders++;
    pthread_mutex_unlock(&jobs->lock);
    bool well = run(job, jobs->folder);
    pthread_mutex_lock(&jobs->lock);
    jobs->unfinished += !well && job->stop && jobs->stopping;
    end(jobs, job, well);
    if (!--job->holders) free_job(job);
    pthread_mutex_unlock(&jobs->lock);
    give_back();
    pthread_mutex_lock(&jobs->lock);
  }
  pthread_mutex_unlock(&jobs->lock);
  return NULL;
}

Jobs *jobs_new(const char *folder, Error *e) {
  Arena *a = arena_new();
  Jobs *jobs = NEW(a, Jobs);
  pthread_condattr_t monotonic;
  pthread_mutex_init(&jobs->lock, NULL);
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&jobs->changed, &monotonic);
  pthread_condattr_destroy(&monotonic);
  jobs->arena = a;
  jobs->folder = arena_copy(a, folder);
  for (; jobs->thread_count < JOBS_AT_ONCE; jobs->thread_count++)
    if (pthread_create(&jobs->threads[jobs->thread_count], NULL, work, jobs)) {
      jobs_free(jobs);
      return fail(e, ERROR_UNAVAILABLE, "系统开不出新的线程，请关掉别的程序后再启动。"), NULL;
    }
  return jobs;
}

void jobs_close(Jobs *jobs) {
  pthread_mutex_lock(&jobs->lock);
  jobs->stopping = true;
  for (size_t i = 0; i < jobs->count; i++)
    if (jobs->at[i]->state == JOB_WAITING) end_unbegun(jobs, jobs->at[i]), jobs->unfinished++;
  pthread_cond_broadcast(&jobs->changed);
  pthread_mutex_unlock(&jobs->lock);
}

static size_t running(const Jobs *jobs) {
  size_t count = 0;
  for (size_t i = 0; i < jobs->count; i++) count += jobs->at[i]->state == JOB_RUNNING;
  return count;
}

size_t jobs_stop(Jobs *jobs, int patience_ms) {
  struct timespec patience = after_ms(patience_ms);
  jobs_close(jobs);
  pthread_mutex_lock(&jobs->lock);
  for (int late = 0; running(jobs) && !late;) late = pthread_cond_timedwait(&jobs->changed, &jobs->lock, &patience);
  for (size_t i = 0; i < jobs->count; i++)
    if (jobs->at[i]->state == JOB_RUNNING) jobs->at[i]->stop = true;
  pthread_mutex_unlock(&jobs->lock);
  for (; jobs->thread_count; jobs->thread_count--) pthread_join(jobs->threads[jobs->thread_count - 1], NULL);
  return jobs->unfinished;
}

void jobs_free(Jobs *jobs) {
  if (!jobs) return;
  jobs_stop(jobs, 0);
  while (jobs->count) take_out(jobs, jobs->count - 1);
  pthread_cond_destroy(&jobs->changed);
  pthread_mutex_destroy(&jobs->lock);
  arena_free(jobs->arena);
}

/* ---- one job ---- */

static Job *refuse(JobAsk *ask) {
  arena_free(ask->bulk);
  arena_free(ask->arena);
  return NULL;
}

static Job *add(Jobs *jobs, JobAsk *ask, const char *key) {
  Job *job = NEW(ask->arena, Job);
  job->ask = *ask;
  memcpy(job->key, key, JOB_KEY + 1);
  job->number = ++jobs->numbered;
  job->holders = 2; /* the list and whoever began it */
  jobs->at[jobs->count++] = job;
  pthread_cond_broadcast(&jobs->changed);
  return job;
}

static Job *begin(Jobs *jobs, JobAsk *ask, const char *key, Error *e) {
  bool same = false;
  if (jobs->stopping)
    return fail(e, ERROR_UNAVAILABLE, "系统正在停止，“%s”没有开始，没有写入任何数据，请稍后再试。", ask->label),
           refuse(ask);
  expire(jobs);
  Job *job = known(jobs, ask, &same);
  if (job && same) return refuse(ask), job->holders++, job;
  if (job)
    return fail(e, ERROR_CONFLICT, "您的另一份“%s”还在办，等它办完再来，或先把它停下。", job->ask.label), refuse(ask);
  if (!make_room(jobs, ask))
    return fail(e, ERROR_LIMIT, "现在排着的事太多，“%s”没有开始，请过几分钟再试。", ask->label), refuse(ask);
  return add(jobs, ask, key);
}

Job *jobs_begin(Jobs *jobs, JobAsk ask, Error *e) {
  const char *key = random_hex(ask.arena, JOB_KEY / 2, e);
  if (!key) return refuse(&ask);
  pthread_mutex_lock(&jobs->lock);
  Job *job = begin(jobs, &ask, key, e);
  pthread_mutex_unlock(&jobs->lock);
  return job;
}

Job *jobs_find(Jobs *jobs, const char *account, const char *key, Error *e) {
  Job *found = NULL;
  pthread_mutex_lock(&jobs->lock);
  expire(jobs);
  for (size_t i = 0; i < jobs->count && !found; i++)
    if (!strcmp(jobs->at[i]->key, key) && !strcmp(jobs->at[i]->ask.account, account)) found = jobs->at[i];
  if (found) found->holders++;
  pthread_mutex_unlock(&jobs->lock);
  if (!found) fail(e, ERROR_MISSING, "这件事早已办完或不在了，请从台账里看结果。");
  return found;
}

Job *job_in_place(JobAsk ask, Site *site) {
  Job *job = NEW(ask.arena, Job);
  *job = (Job){.ask = ask, .holders = 1};
  job->state = ask.run(job, site, &job->error) ? JOB_DONE : JOB_FAILED;
  if (!job->needs_bulk) free_bulk(job);
  return job;
}

void job_release(Jobs *jobs, Job *job) {
  if (!job) return;
  if (jobs) pthread_mutex_lock(&jobs->lock);
  bool last = !--job->holders;
  if (jobs) pthread_mutex_unlock(&jobs->lock);
  if (last) free_job(job);
}

static JobLook look(const Jobs *jobs, const Job *job) {
  JobLook out = {
      .state = job->state, .done = job->done, .of = job->of, .stopping = job->stop, .closing = jobs->stopping};
  for (size_t i = 0; i < jobs->count && job->state == JOB_WAITING; i++)
    out.ahead += jobs->at[i]->number < job->number && !has_ended(jobs->at[i]);
  return out;
}

JobLook job_look(Jobs *jobs, Job *job, int wait_ms) {
  struct timespec until = after_ms(wait_ms);
  pthread_mutex_lock(&jobs->lock);
  int late = wait_ms <= 0;
  while (!has_ended(job) && !late) late = pthread_cond_timedwait(&jobs->changed, &jobs->lock, &until);
  JobLook out = look(jobs, job);
  pthread_mutex_unlock(&jobs->lock);
  return out;
}

void job_seen(Jobs *jobs, Job *job) {
  pthread_mutex_lock(&jobs->lock);
  job->seen = has_ended(job);
  pthread_mutex_unlock(&jobs->lock);
}

void job_stop(Jobs *jobs, Job *job) {
  pthread_mutex_lock(&jobs->lock);
  job->stop = true;
  if (job->state == JOB_WAITING) end_unbegun(jobs, job);
  pthread_mutex_unlock(&jobs->lock);
}

size_t jobs_list(Jobs *jobs, Arena *a, const char *account, JobNews **out) {
  size_t count = 0;
  *out = NEW_ARRAY(a, JobNews, JOBS_KEPT);
  pthread_mutex_lock(&jobs->lock);
  expire(jobs);
  for (size_t i = jobs->count; i-- > 0;) {
    const Job *job = jobs->at[i];
    if (job->seen || strcmp(job->ask.account, account) != 0) continue;
    (*out)[count++] = (JobNews){.key = arena_copy(a, job->key),
                                .thing = arena_copy(a, job->ask.thing),
                                .label = arena_copy(a, job->ask.label),
                                .unit = arena_copy(a, job->ask.unit),
                                .look = look(jobs, job)};
  }
  pthread_mutex_unlock(&jobs->lock);
  return count;
}

bool job_progress(Job *job, size_t done, size_t of) {
  job->done = done;
  job->of = of;
  return !job->stop;
}
