/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What takes longer than a page may, as its account sees it: how far it is, how to stop it, and in the end the page
 * that it came to. A page asks again by itself, with script or without, and may be left: the desk and the page from
 * which it was begun lead back to it. Another account is told that there is no such thing. */
#include "web/job.h"

#include <string.h>

#include "web/view.h"

enum { AT_ONCE_MS = 800 };

static bool has_ended(JobLook look) { return look.state == JOB_DONE || look.state == JOB_FAILED; }

static const char *job_path(Arena *a, const char *key) { return arena_print(a, "/jobs/%s", key); }

/* ---- in words ---- */

static const char *words_of(Page *p, JobLook look, const char *unit) {
  switch (look.state) {
  case JOB_DONE: return "办完了";
  case JOB_FAILED: return "没有办成";
  case JOB_WAITING: return arena_print(p->arena, "前面还有%zu件，轮到就开始", look.ahead);
  case JOB_RUNNING: break;
  }
  if (look.stopping) return "正在停下";
  if (look.closing) return "系统正在停止，几秒内办得完就办完，办不完的不写入任何数据";
  return look.of ? arena_print(p->arena, "%zu / %zu%s", look.done, look.of, unit) : "正在读表";
}

static json_t *job_json(Page *p, const JobNews *job) {
  json_t *o = json_object();
  bool ended = has_ended(job->look);
  view_set(o, "label", job->label);
  view_set(o, "href", job_path(p->arena, job->key));
  view_set(o, "words", words_of(p, job->look, job->unit));
  view_count(o, "width", (int64_t)(job->look.of ? job->look.done * 100 / job->look.of : 0));
  view_flag(o, "under_way", !ended);
  view_flag(o, "failed", job->look.state == JOB_FAILED);
  return o;
}

json_t *page_jobs(Page *p, const char *thing) {
  json_t *out = json_array();
  JobNews *all = NULL;
  size_t count = p->web->jobs ? jobs_list(p->web->jobs, p->arena, p->signin.account, &all) : 0;
  for (size_t i = 0; i < count; i++)
    if (!thing || !strcmp(all[i].thing, thing)) json_array_append_new(out, job_json(p, &all[i]));
  return out;
}

/* ---- pages ---- */

Job *page_begin_job(Page *p, JobAsk ask, Error *e) {
  return p->web->jobs ? jobs_begin(p->web->jobs, ask, e) : job_in_place(ask, p->site);
}

static bool show_end(Page *p, Job *job, Error *e) {
  if (p->web->jobs) job_seen(p->web->jobs, job);
  return job->ask.show(p, job, e);
}

bool page_answer_job(Page *p, Job *job, Error *e) {
  Jobs *jobs = p->web->jobs;
  bool ended = !jobs || has_ended(job_look(jobs, job, AT_ONCE_MS));
  bool done = ended ? show_end(p, job, e) : web_redirect(p, job_path(p->arena, job->key));
  job_release(jobs, job);
  return done;
}

static Job *find(Page *p, Error *e) {
  if (p->web->jobs) return jobs_find(p->web->jobs, p->signin.account, p->parts[0], e);
  return fail(e, ERROR_MISSING, "这件事早已办完或不在了，请从台账里看结果。"), NULL;
}

static bool show_way(Page *p, const Job *job, JobLook look, Error *e) {
  JobNews news = {job->key, job->ask.thing, job->ask.label, job->ask.unit, look};
  json_t *context = job_json(p, &news);
  view_set(context, "back", job->ask.thing);
  view_flag(context, "stoppable", !look.stopping);
  view_flag(context, "refresh", true);
  return view_page(p, "job", job->ask.label, context, e);
}

bool job_page(Page *p, Error *e) {
  Job *job = find(p, e);
  if (!job) return false;
  JobLook look = job_look(p->web->jobs, job, 0);
  bool done = has_ended(look) ? show_end(p, job, e) : show_way(p, job, look, e);
  job_release(p->web->jobs, job);
  return done;
}

bool job_table(Page *p, Error *e) {
  Job *job = find(p, e);
  if (!job) return false;
  bool done = has_ended(job_look(p->web->jobs, job, 0)) ? job->ask.show(p, job, e)
                                                        : fail(e, ERROR_MISSING, "还没有办完，请等办完再下载。");
  job_release(p->web->jobs, job);
  return done;
}

/* What stops, stops within a moment: then its end is shown at once. */
bool job_stop_post(Page *p, Error *e) {
  Job *job = find(p, e);
  if (!job) return false;
  job_stop(p->web->jobs, job);
  job_look(p->web->jobs, job, AT_ONCE_MS);
  job_release(p->web->jobs, job);
  return web_redirect(p, job_path(p->arena, p->parts[0]));
}
