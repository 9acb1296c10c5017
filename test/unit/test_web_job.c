/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Long work: bounded, private, one of a kind for each account, stopped when it is told to, its failure kept; and an
 * import of a large table as a browser sees it: it says how far it is, may be left, is found again, writes all or
 * nothing. */
#include <stdatomic.h>
#include <time.h>

#include "ledger/import.h"
#include "web/job.h"

#include "web_stand.h"

#include "check.h"

enum { ROWS = 20000, PATIENCE = 120000 /* ms */ };

/* ---- jobs by themselves ---- */

typedef struct Play { atomic_bool open, well; } Play; /* a run that waits until it is let through or stopped */

static bool play(Job *job, Site *site, Error *e) {
  Play *g = job->ask.work;
  assert_non_null(site);
  while (!atomic_load(&g->open)) {
    if (!job_progress(job, 3, 10)) return fail(e, ERROR_UNAVAILABLE, "停下了。");
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
  }
  return atomic_load(&g->well) || fail(e, ERROR_INVALID, "这件事不能办。");
}

static JobAsk asked(const char *account, const char *thing, uint64_t mark, Play *g) {
  return (JobAsk){.account = account, .thing = thing, .label = "试一试", .unit = "条", .mark = mark, .run = play, .work = g, .arena = arena_new()};
}

static Job *begin(Jobs *jobs, const char *account, const char *thing, uint64_t mark, Play *g) {
  Error e = {0};
  Job *job = jobs_begin(jobs, asked(account, thing, mark, g), &e);
  if (!job) fail_msg("%s", e.sentence);
  return job;
}

static void must_refuse(Jobs *jobs, JobAsk ask, ErrorKind kind) {
  Error e = {0};
  assert_null(jobs_begin(jobs, ask, &e));
  if (e.kind != kind) fail_msg("kind %d: %s", e.kind, e.sentence);
}

static void until_running(Jobs *jobs, Job *job) {
  for (int i = 0; i < PATIENCE && job_look(jobs, job, 0).done != 3; i++) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  assert_int_equal(job_look(jobs, job, 0).state, JOB_RUNNING);
}

static Jobs *new_jobs(Stand *t) {
  Error e = {0};
  Jobs *jobs = jobs_new(t->folder, &e);
  if (!jobs) fail_msg("%s", e.sentence);
  return jobs;
}

static void bounded(void **state) {
  Jobs *jobs = new_jobs(*state);
  Play shut = {.well = true}, open = {.open = true, .well = true};
  Job *at[JOBS_KEPT];
  char thing[16];
  for (int i = 0; i < JOBS_KEPT; i++) {
    snprintf(thing, sizeof thing, "/%d", i);
    JobAsk ask = asked("a", NULL, 1, &shut);
    ask.thing = arena_copy(ask.arena, thing);
    Error e = {0};
    assert_non_null(at[i] = jobs_begin(jobs, ask, &e));
  }
  until_running(jobs, at[0]);
  until_running(jobs, at[1]);
  JobLook last = job_look(jobs, at[JOBS_KEPT - 1], 0);
  assert_int_equal(last.state, JOB_WAITING);
  assert_int_equal(last.ahead, JOBS_KEPT - 1);
  must_refuse(jobs, asked("b", "/more", 1, &open), ERROR_LIMIT);
  atomic_store(&shut.open, true);
  for (int i = 0; i < JOBS_KEPT; i++) assert_int_equal(job_look(jobs, at[i], PATIENCE).state, JOB_DONE);
  Job *more = begin(jobs, "b", "/more", 1, &open); /* the oldest finished one gave way, but whoever holds it keeps it */
  assert_int_equal(job_look(jobs, at[0], 0).state, JOB_DONE);
  Error e = {0};
  assert_null(jobs_find(jobs, "a", at[0]->key, &e));
  JobAsk large = asked("b", "/large", 1, &open);
  large.bytes = (size_t)JOBS_BYTES + 1;
  must_refuse(jobs, large, ERROR_LIMIT);
  for (int i = 0; i < JOBS_KEPT; i++) job_release(jobs, at[i]);
  job_release(jobs, more);
  jobs_free(jobs);
}

/* Two that write: the second waits though a thread is free, and a third that does not write goes before it. */
static void one_pen(void **state) {
  Jobs *jobs = new_jobs(*state);
  Play shut = {.well = true}, open = {.open = true, .well = true};
  Job *at[3];
  for (int i = 0; i < 2; i++) {
    Error e = {0};
    JobAsk ask = asked(i ? "b" : "a", "/w", 1, i ? &open : &shut);
    ask.writes = true;
    assert_non_null(at[i] = jobs_begin(jobs, ask, &e));
  }
  until_running(jobs, at[0]);
  at[2] = begin(jobs, "c", "/r", 1, &open);
  assert_int_equal(job_look(jobs, at[2], PATIENCE).state, JOB_DONE);
  assert_int_equal(job_look(jobs, at[1], 0).state, JOB_WAITING);
  atomic_store(&shut.open, true);
  assert_int_equal(job_look(jobs, at[1], PATIENCE).state, JOB_DONE);
  for (int i = 0; i < 3; i++) job_release(jobs, at[i]);
  jobs_free(jobs);
}

static void one_of_a_kind(void **state) {
  Jobs *jobs = new_jobs(*state);
  Play shut = {.well = true}, open = {.open = true, .well = true};
  Job *job = begin(jobs, "a", "/x", 7, &shut);
  Job *again = begin(jobs, "a", "/x", 7, &open); /* a retried request */
  assert_ptr_equal(again, job);
  job_release(jobs, again);
  must_refuse(jobs, asked("a", "/x", 8, &open), ERROR_CONFLICT);
  Job *other = begin(jobs, "b", "/x", 8, &open), *elsewhere = begin(jobs, "a", "/y", 8, &open);
  atomic_store(&shut.open, true);
  job_look(jobs, job, PATIENCE);
  JobNews *news;
  ARENA_SCOPE a = arena_new();
  assert_int_equal(jobs_list(jobs, a, "a", &news), 2);
  assert_int_equal(jobs_list(jobs, a, "nobody", &news), 0);
  job_seen(jobs, job);
  job_look(jobs, elsewhere, PATIENCE);
  assert_int_equal(jobs_list(jobs, a, "a", &news), 1);
  Job *next = begin(jobs, "a", "/x", 7, &open); /* a look at something is done anew, what wrote is not */
  assert_ptr_not_equal(next, job);
  job_look(jobs, next, PATIENCE);
  JobAsk lasting = asked("a", "/w", 9, &open);
  lasting.lasting = true;
  Error e = {0};
  Job *wrote = jobs_begin(jobs, lasting, &e);
  job_look(jobs, wrote, PATIENCE);
  lasting = asked("a", "/w", 9, &open);
  lasting.lasting = true;
  Job *twice = jobs_begin(jobs, lasting, &e);
  assert_ptr_equal(twice, wrote);
  Job *const held[] = {job, other, elsewhere, next, wrote, twice};
  for (size_t i = 0; i < sizeof held / sizeof *held; i++) job_release(jobs, held[i]);
  jobs_free(jobs);
}

static void failures(void **state) {
  Jobs *jobs = new_jobs(*state);
  Play bad = {.open = true}, shut = {.well = true};
  Error e = {0};
  Job *job = begin(jobs, "a", "/x", 1, &bad);
  assert_int_equal(job_look(jobs, job, PATIENCE).state, JOB_FAILED);
  job_release(jobs, job);
  assert_null(jobs_find(jobs, "b", job->key, &e));
  assert_int_equal(e.kind, ERROR_MISSING);
  job = jobs_find(jobs, "a", job->key, &e); /* still there, with its sentence */
  assert_non_null(job);
  assert_string_equal(job->error.sentence, "这件事不能办。");
  job_release(jobs, job);
  Job *one = begin(jobs, "a", "/y", 1, &shut), *two = begin(jobs, "b", "/y", 1, &shut), *three = begin(jobs, "c", "/y", 1, &shut);
  until_running(jobs, one);
  until_running(jobs, two);
  job_stop(jobs, three); /* it never began */
  assert_int_equal(job_look(jobs, three, 0).state, JOB_FAILED);
  job_stop(jobs, one);
  assert_int_equal(job_look(jobs, one, PATIENCE).state, JOB_FAILED);
  assert_string_equal(one->error.sentence, "停下了。");
  job_release(jobs, three);
  three = begin(jobs, "c", "/y", 1, &shut);
  until_running(jobs, three);
  Job *four = begin(jobs, "d", "/y", 1, &shut);
  jobs_close(jobs);
  must_refuse(jobs, asked("e", "/y", 1, &shut), ERROR_UNAVAILABLE);
  assert_true(job_look(jobs, two, 0).closing && !job_look(jobs, two, 0).stopping);
  assert_int_equal(jobs_stop(jobs, 50), 3); /* two running, one waiting */
  Job *const held[] = {one, two, three, four};
  for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
    assert_int_equal(job_look(jobs, held[i], 0).state, JOB_FAILED);
    job_release(jobs, held[i]);
  }
  jobs_free(jobs);
}

static void finishes_when_stopped(void **state) {
  Jobs *jobs = new_jobs(*state);
  Play open = {.open = true, .well = true}, shut = {.well = true};
  Job *job = begin(jobs, "a", "/x", 1, &shut);
  until_running(jobs, job);
  atomic_store(&shut.open, true);
  assert_int_equal(jobs_stop(jobs, PATIENCE), 0);
  assert_int_equal(job_look(jobs, job, 0).state, JOB_DONE);
  job_release(jobs, job);
  jobs_free(jobs);
  Site *site = ((Stand *)*state)->site;
  job = job_in_place(asked("a", "/x", 1, &open), site); /* without threads */
  assert_int_equal(job->state, JOB_DONE);
  job_release(NULL, job);
}

/* ---- an import ---- */

static Answer upload(Stand *t, const char *as, const char *what, const char *request, const char *bytes, size_t n) {
  Answer a = {.arena = arena_new()};
  TEXT_SCOPE body = text_new(8 * 1024 * 1024);
  const char *const fields[] = {"_token", "command-line", "do", what, "_request", request};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i += 2)
    text_print(&body, "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", fields[i], fields[i + 1]);
  text_add(&body, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"大表.csv\"\r\n\r\n");
  text_add_n(&body, bytes, n);
  text_add(&body, "\r\n--x--\r\n");
  WebRequest q = {.method = "POST", .path = "/ledgers/work/import", .query = "", .peer = "", .type = "multipart/form-data; boundary=x",
                  .body = text_get(&body), .body_size = body.length};
  a.out.arena = a.arena;
  web_answer(&t->web, t->site, as, &q, &a.out);
  a.body = arena_copy(a.arena, text_get(&a.out.body));
  return a;
}

static void done(Answer *a) {
  text_free(&a->out.body);
  arena_free(a->arena);
}

/* A page's status and a part of it; the path stays with the caller. */
static void must_say(Stand *t, const char *as, const char *path, int status, const char *text) {
  const char *mark = strchr(path, '?');
  ARENA_SCOPE a = arena_new();
  Answer got = ask(t, as, mark ? arena_slice(a, path, (size_t)(mark - path)) : path, mark ? mark + 1 : "", NULL);
  if (got.out.status != status || (text && !strstr(got.body, text))) fail_msg("%s: %d, no “%s” in\n%s", path, got.out.status, text, got.body);
  done(&got);
}

static void must_post(Stand *t, const char *as, const char *path, int status) {
  Answer got = ask(t, as, path, "", "_token=command-line");
  if (got.out.status != status) fail_msg("%s: %d\n%s", path, got.out.status, got.body);
  done(&got);
}

static const char *table(Arena *a, bool faulty, size_t *n) {
  TEXT_SCOPE t = text_new(8 * 1024 * 1024);
  text_add(&t, "组织,开工时间,名称\r\n");
  for (int i = 1; i <= ROWS; i++) text_print(&t, "东村,2023-%02d-%02d,渠%05d段\r\n", faulty && i == ROWS ? 13 : i % 12 + 1, i % 28 + 1, i);
  *n = t.length;
  return arena_slice(a, text_get(&t), t.length);
}

static int64_t count_works(Stand *t) {
  Error e = {0};
  SESSION_SCOPE s = session_open(t->site, NULL, TX_READ, &e);
  int64_t n = -1;
  bool found;
  const Relation *r = s ? catalogue_relation(s->catalogue, "work", &e) : NULL;
  if (!r || !tx_int(s->tx, arena_print(s->arena, "SELECT count(*) FROM %s WHERE area_id = $1", r->table), (Value[]){value_int(s->area)}, 1, &n, &found, &e)) fail_msg("%s", e.sentence);
  return n;
}

static const char *sent_on(Arena *keep, Answer *a) {
  if (a->out.status != 303 || strncmp(a->out.location, "/jobs/", 6) != 0) fail_msg("%d %s\n%s", a->out.status, a->out.location, a->body);
  const char *path = arena_copy(keep, a->out.location);
  done(a);
  return path;
}

/* Until the page leads on or shows its end; whether it was seen half-way. */
static bool follow(Stand *t, const char *as, const char *path, Answer *last) {
  bool half_way = false;
  for (int i = 0; i < PATIENCE / 20; i++) {
    *last = ask(t, as, path, "", NULL);
    if (last->out.status != 200 || !strstr(last->body, "role=\"progressbar\"")) return half_way;
    half_way = half_way || strstr(last->body, " / 20000条");
    done(last);
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
  }
  fail_msg("%s does not end", path);
  return false;
}

/* With both threads busy elsewhere a table waits its turn, whatever the machine's speed. */
static void long_import(void **state) {
  Stand *t = *state;
  ARENA_SCOPE a = arena_new();
  size_t n;
  const char *bytes = table(a, false, &n);
  Play shut = {.well = true};
  t->web.jobs = new_jobs(t);
  Job *one = begin(t->web.jobs, "x", "/1", 1, &shut), *two = begin(t->web.jobs, "x", "/2", 1, &shut);
  until_running(t->web.jobs, one);
  until_running(t->web.jobs, two);
  Answer got = upload(t, "east", "write", "r1", bytes, n);
  const char *path = sent_on(a, &got);
  must_say(t, "east", path, 200, "前面还有2件");
  must_say(t, "east", path, 200, "http-equiv=\"refresh\"");
  must_say(t, "east", "/", 200, path);
  must_say(t, "east", "/ledgers/work/import", 200, path);
  must_say(t, "other", path, 404, NULL); /* private, though it may import too */
  must_say(t, "other", arena_print(a, "%s/table.csv", path), 404, NULL);
  must_post(t, "other", arena_print(a, "%s/stop", path), 404);
  got = upload(t, "east", "write", "r1", bytes, n); /* sent again: the same job */
  assert_string_equal(sent_on(a, &got), path);
  got = upload(t, "east", "write", "r2", bytes, n - 20);
  assert_int_equal(got.out.status, 409);
  done(&got);
  assert_int_equal(count_works(t), 0);
  atomic_store(&shut.open, true);
  assert_true(follow(t, "east", path, &got));
  assert_int_equal(got.out.status, 303);
  must_say(t, "east", got.out.location, 200, "已导入：新增20000条，修改0条");
  done(&got);
  assert_int_equal(count_works(t), ROWS);
  got = upload(t, "east", "write", "r1", bytes, n); /* and once more when it has long been done */
  assert_int_equal(got.out.status, 303);
  assert_non_null(strstr(got.out.location, "new=20000"));
  done(&got);
  assert_int_equal(count_works(t), ROWS);
  job_release(t->web.jobs, one);
  job_release(t->web.jobs, two);
  jobs_free(t->web.jobs);
  t->web.jobs = NULL;
}

static void stopped_import(void **state) {
  Stand *t = *state;
  ARENA_SCOPE a = arena_new();
  size_t n;
  int64_t before = count_works(t);
  const char *bytes = table(a, true, &n);
  Play shut = {.well = true};
  t->web.jobs = new_jobs(t);
  Job *one = begin(t->web.jobs, "x", "/1", 1, &shut), *two = begin(t->web.jobs, "x", "/2", 1, &shut);
  Answer got = upload(t, "other", "check", "s1", bytes, n);
  const char *path = sent_on(a, &got);
  atomic_store(&shut.open, true);
  follow(t, "other", path, &got);
  if (!strstr(got.body, "没有13月") || !strstr(got.body, "共1处要改")) fail_msg("%s", got.body);
  done(&got);
  must_say(t, "other", arena_print(a, "%s/table.csv", path), 200, "没有13月");
  atomic_store(&shut.open, false);
  Job *three = begin(t->web.jobs, "y", "/1", 1, &shut), *four = begin(t->web.jobs, "y", "/2", 1, &shut);
  got = upload(t, "other", "write", "s2", bytes, n - 40);
  path = sent_on(a, &got);
  atomic_store(&shut.open, true);
  Error e = {0};
  Job *job = jobs_find(t->web.jobs, "other", path + strlen("/jobs/"), &e);
  for (int i = 0; i < PATIENCE && !job_look(t->web.jobs, job, 0).done; i++) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  must_post(t, "other", arena_print(a, "%s/stop", path), 303);
  must_say(t, "other", path, 200, "导入中途停下了，没有写入任何数据");
  assert_int_equal(count_works(t), before);
  Job *const held[] = {one, two, three, four, job};
  for (size_t i = 0; i < sizeof held / sizeof *held; i++) job_release(t->web.jobs, held[i]);
  jobs_free(t->web.jobs);
  t->web.jobs = NULL;
}

typedef struct Ground { Stand stand; void *fixture; } Ground; /* tests see its stand */

static int up(void **state) {
  if (fixture_setup(state)) return -1;
  Ground *g = calloc(1, sizeof *g);
  Stand *t = &g->stand;
  g->fixture = *state;
  fixture_empty(g->fixture);
  stand_open(t, g->fixture, "test/unit/data/exchange");
  add_operations(t, exchange_operations, exchange_operation_count);
  act(t, "org.found", "{\"name\": \"甲乡\", \"kind\": \"township\", \"founded_on\": \"2000-01-01\"}");
  act(t, "org.found", "{\"name\": \"东村\", \"kind\": \"village\", \"parent\": \"甲乡\", \"founded_on\": \"2000-01-01\"}");
  act(t, "account.open", "{\"name\": \"east\", \"role\": \"clerk\", \"org\": \"东村\"}");
  act(t, "account.open", "{\"name\": \"other\", \"role\": \"clerk\", \"org\": \"东村\"}");
  *state = t;
  return 0;
}

static int down(void **state) {
  Ground *g = *state;
  site_close(g->stand.site);
  void *fixture = g->fixture;
  free(g);
  return fixture_teardown(&fixture);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bounded),     cmocka_unit_test(one_pen), cmocka_unit_test(one_of_a_kind),  cmocka_unit_test(failures), cmocka_unit_test(finishes_when_stopped),
      cmocka_unit_test(long_import), cmocka_unit_test(stopped_import),
  };
  return cmocka_run_group_tests(tests, up, down);
}
