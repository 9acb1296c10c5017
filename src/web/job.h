/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Work that takes longer than a page may: begun by a request, done by a thread of this process with a site of its
 * own, looked at by whoever began it and nobody else, left and found again. A job is kept in memory alone: what it
 * writes is one operation, whole or not at all, so that a process that ends in the middle leaves nothing behind.
 *
 * What must stay true: at most JOBS_AT_ONCE run, others wait their turn; JOBS_KEPT and JOBS_BYTES bound what is held,
 * the oldest finished one giving way; of one account at most one job of a thing is under way. */
#ifndef LUOSHI_WEB_JOB_H
#define LUOSHI_WEB_JOB_H

#include <jansson.h>

#include "access/site.h"

enum {
  JOBS_AT_ONCE = 2,
  JOBS_KEPT = 20,                /* waiting, running and finished */
  JOBS_BYTES = 96 * 1024 * 1024, /* of what all of them were given */
  JOBS_SECONDS = 30 * 60,        /* that a finished one is kept */
  JOB_KEY = 32,
  JOBS_PATIENCE_MS = 8000 /* that running ones are given when the process stops */
};

typedef enum { JOB_WAITING, JOB_RUNNING, JOB_DONE, JOB_FAILED } JobState;

typedef struct Jobs Jobs;
typedef struct Job Job;
struct Page;

/* Does the work, with nothing but the job's own arena, issues and site; what comes of it stays in job->ask.work. */
typedef bool JobRun(Job *job, Site *site, Error *e);
/* The page that a finished job ends in; also what a small one answers at once. */
typedef bool JobShow(struct Page *p, Job *job, Error *e);

typedef struct JobAsk {
  const char *account; /* whose it is */
  const char *thing;   /* one at a time of an account: a path */
  const char *label;   /* 导入约谈 */
  const char *unit;    /* 条 */
  uint64_t mark;       /* of the request and all that came with it: sent again, it is the same job */
  bool lasting;        /* … also when that one has finished: it wrote something */
  bool writes;         /* holds the area's one write transaction: one such at a time, the next waits its turn */
  JobRun *run;
  JobShow *show;
  void *work; /* on the arena */
  Arena *arena;
  Arena *bulk;  /* what came with the request and is large */
  size_t bytes; /* of it, about */
} JobAsk;

struct Job {
  JobAsk ask;
  char key[JOB_KEY + 1]; /* "" for one that is done in place */
  Error error;           /* of a failed one */
  bool needs_bulk;       /* set by the run: its page needs it too; else it is given back with the end of the run */
  _Atomic size_t done, of;
  _Atomic bool stop;
  /* under the lock of Jobs */
  JobState state;
  bool seen;
  int holders;
  uint64_t number;
  int64_t ended; /* monotonic seconds */
};

typedef struct JobLook {
  JobState state;
  size_t done, of;
  size_t ahead; /* of a waiting one: how many come first */
  bool stopping; /* it was told to stop; it may have got past the point of it */
  bool closing;  /* the process is about to stop: it has a while to finish */
} JobLook;

/* Threads open the site of the folder for each job. NULL with a sentence. */
Jobs *jobs_new(const char *folder, Error *e);
/* Nothing is begun any more, and what waits fails at once; the pages of what runs say so. */
void jobs_close(Jobs *jobs);
/* Then what runs has a while before it is told to stop. How many were not finished. */
size_t jobs_stop(Jobs *jobs, int patience_ms);
void jobs_free(Jobs *jobs); /* stops first; NULL is allowed */

/* Takes the arenas over, also where it fails: ERROR_CONFLICT (another of the thing is under way), ERROR_LIMIT (too
 * many or too much), ERROR_UNAVAILABLE (stopping). The job is held until job_release. */
Job *jobs_begin(Jobs *jobs, JobAsk ask, Error *e);
/* ERROR_MISSING: none of the key that is this account's. Held. */
Job *jobs_find(Jobs *jobs, const char *account, const char *key, Error *e);
/* Without threads: done when this returns, held. */
Job *job_in_place(JobAsk ask, Site *site);
void job_release(Jobs *jobs, Job *job); /* NULL is allowed, of both */
/* Waits until it has finished, `wait_ms` at most. */
JobLook job_look(Jobs *jobs, Job *job, int wait_ms);
void job_seen(Jobs *jobs, Job *job); /* its end was shown: it is no longer news */
void job_stop(Jobs *jobs, Job *job); /* soon, if it has not finished by itself */

typedef struct JobNews {
  const char *key, *thing, *label, *unit;
  JobLook look;
} JobNews;
/* This account's jobs that are under way or whose end was not shown yet, newest first. Arena. */
size_t jobs_list(Jobs *jobs, Arena *a, const char *account, JobNews **out);

/* For a run: how far it is; false when it is to stop. */
bool job_progress(Job *job, size_t done, size_t of);

/* ---- for pages (page_job.c) ---- */
/* Begun, or done already where there are no threads (luoshi page, tests). NULL with a sentence. */
Job *page_begin_job(struct Page *p, JobAsk ask, Error *e);
/* What a small job ends in, or the page of one that takes longer. Releases it. */
bool page_answer_job(struct Page *p, Job *job, Error *e);
/* {label, href, sentence, words, width …} of the account's jobs: for the desk; of a thing: for its own page. */
json_t *page_jobs(struct Page *p, const char *thing);

#endif
