/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Crash test: a child does random operations on a site and acknowledges each over a pipe once operation_run has
 * returned; the parent kills it with -9 at random moments and starts another, which first repeats the last
 * acknowledged request and then the one that nobody answered. After each kill the parent looks for itself:
 *
 *   every acknowledged request is there, as the revision that was acknowledged;
 *   a repeated or rehearsed request did nothing more: revisions are exactly the requests done, one each;
 *   the tables are, byte for byte, what replaying the journal gives, and the spans of orgs what the tree gives;
 *   what was sealed can be opened: its key was on disk before it.
 *
 * On SQLite the second half runs over the disk that forgets what was not synced (store/fault.h), site and keyring
 * both: a kill then loses what a power cut would have. usage: crash [OPERATIONS [KILLS [SEED]]];
 * $LUOSHI_TEST_STORE as elsewhere. */
#include "../unit/check.h"

#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/store_fixture.h"
#include "base/json.h"
#include "crash.h"
#include "operation/migrate.h"
#include "operations.h"

enum { TRIES = 20, REHEARSED = 1000000 };

typedef struct Ack {
  int64_t operation, seq;
  bool repeated;
} Ack;

typedef struct World {
  Arena *arena;
  Operations operations;
  const char *folder;
  bool power; /* over the disk that forgets */
  Site *site; /* the child's */
  uint64_t seed;
} World;

_Noreturn void give_up(const char *what, const Error *e) {
  fprintf(stderr, "crash: %s: %s (%s)\n", what, e ? e->sentence : "", e ? e->cause : "");
  exit(1);
}

/* ---- one operation ---- */

static bool call(World *w, const char *name, json_t *input, OperationCall how, json_t **result, Error *e) {
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  const Operation *op = operation_find(w->operations, name, e);
  if (!op) give_up(name, e);
  bool done = operation_run(w->site, op, input, how, result, &issues, e);
  for (size_t i = 0; i < issues.count; i++) fprintf(stderr, "crash: %s: %s\n", name, issues.at[i].sentence);
  return done;
}

/* The same for the same number and the same state of the site. One that is only rehearsed must leave nothing. */
static bool one_operation(World *w, int64_t operation, bool rehearsed, Ack *ack, Error *e) {
  char request_id[32];
  uint64_t random = w->seed ^ (uint64_t)operation << 20;
  const char *name = NULL;
  JSON_SCOPE input = random_input(w->site, &random, operation, &name, e);
  if (!input) return false;
  snprintf(request_id, sizeof request_id, "request-%" PRId64, operation);
  JSON_SCOPE result = NULL;
  if (!call(w, name, input, (OperationCall){.request_id = request_id, .rehearse = rehearsed}, &result, e)) return false;
  *ack = (Ack){.operation = operation, .seq = json_integer_value(json_object_get(result, "revision")),
               .repeated = json_object_get(result, "repeated") != NULL};
  return true;
}

/* ---- the child ---- */

static void must_do(World *w, int64_t operation, bool rehearsed, Ack *ack) {
  Error e = {0};
  for (int try = 0; try < TRIES; try++) {
    if (one_operation(w, operation, rehearsed, ack, &e)) return;
    if (e.kind != ERROR_UNAVAILABLE && e.kind != ERROR_UNKNOWN) break;
    usleep(10000);
  }
  give_up("operation", &e);
}

static void open_site(World *w) {
  Error e = {0};
  w->site = site_open(w->folder, false, &e);
  if (!w->site) give_up("open", &e);
  if (!w->power) return;
  keyring_close(w->site->keyring);
  w->site->keyring = keyring_open(arena_print(w->arena, "%s/keys/keyring.db?vfs=luoshi-fault", w->folder), true, &e);
  if (!w->site->keyring) give_up("keyring", &e);
}

_Noreturn static void child(World *w, int64_t from, int64_t to, int out) {
  open_site(w);
  for (int64_t i = from > 0 ? from - 1 : 0; i < to; i++) { /* the last acknowledged one again, first */
    Ack ack;
    if (i % 7 == 3) must_do(w, REHEARSED + i, true, &ack); /* another than i, which may be done already */
    must_do(w, i, false, &ack);
    if (write(out, &ack, sizeof ack) != (ssize_t)sizeof ack) _exit(1);
  }
  site_close(w->site);
  _exit(0);
}

/* ---- the parent ---- */

typedef struct Run {
  World world;
  int64_t operations, done; /* acknowledged: 0 … done - 1 */
  int64_t before;           /* revisions of the site as it was made */
  int64_t *acks;            /* seq by operation */
  int64_t repeated;         /* requests that were found done though nobody had been told */
  uint64_t random;
} Run;

static void take_ack(Run *run, const Ack *ack) {
  if (ack->operation < run->done) {
    if (!ack->repeated || ack->seq != run->acks[ack->operation]) give_up("a repeated request was done twice", NULL);
    return;
  }
  if (ack->operation != run->done || ack->seq != run->before + run->done + 1)
    give_up("a request got another revision than it should", NULL);
  run->repeated += ack->repeated;
  run->acks[run->done++] = ack->seq;
}

/* Reads until `stop` more were acknowledged (or the child ends), kills, and takes what was still in the pipe. */
static bool run_child(Run *run, int64_t stop) {
  int pipes[2];
  if (pipe(pipes) != 0) give_up("pipe", NULL);
  fflush(NULL);
  pid_t pid = fork();
  if (pid < 0) give_up("fork", NULL);
  if (!pid) {
    close(pipes[0]);
    child(&run->world, run->done, run->operations, pipes[1]);
  }
  close(pipes[1]);
  Ack ack;
  bool open = true;
  for (int64_t n = 0; open && n < stop; n++) {
    open = read(pipes[0], &ack, sizeof ack) == (ssize_t)sizeof ack;
    if (open) take_ack(run, &ack);
  }
  if (open) usleep((useconds_t)below(&run->random, 4000)); /* into the middle of whatever it does now */
  if (open && stop < INT64_MAX) kill(pid, SIGKILL);
  while (open && read(pipes[0], &ack, sizeof ack) == (ssize_t)sizeof ack) take_ack(run, &ack);
  close(pipes[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status)) give_up("the child failed", NULL);
  return WIFEXITED(status);
}

static void check_acknowledged(Run *run, Tx *tx) {
  Error e = {0};
  STMT_SCOPE st = stmt_open(tx, "SELECT seq, request_id FROM revision WHERE area_id = $1 AND seq > $2 ORDER BY seq",
                            (Value[]){value_int(1), value_int(run->before)}, 2, &e);
  if (!st) give_up("revisions", &e);
  int64_t n = 0;
  for (; stmt_step(st, &e) == STEP_ROW; n++) {
    char request_id[32];
    snprintf(request_id, sizeof request_id, "request-%" PRId64, n);
    if (stmt_int(st, 0) != run->before + n + 1 || strcmp(stmt_text(st, 1), request_id) != 0) give_up(request_id, NULL);
  }
  if (n < run->done) give_up("an acknowledged operation is gone", NULL);
  if (n > run->done + 1) give_up("there are operations nobody asked for", NULL);
}

static void check(Run *run) {
  Error e = {0};
  Fault fault;
  AuditSummary sum;
  SITE_SCOPE site = site_open(run->world.folder, false, &e);
  if (!site) give_up("open after a kill", &e);
  SESSION_SCOPE s = session_open(site, NULL, TX_READ, &e);
  if (!s) give_up("read after a kill", &e);
  check_acknowledged(run, s->tx);
  if (!journal_audit(s->tx, site->catalogue, site->area, &site->key, NULL, &fault, &sum, &e)) give_up("audit", &e);
  if (fault.kind) give_up(fault.sentence, NULL);
  check_replay(s);
  check_sealed(s);
}

static void crash_run(World world, const char *name, int64_t before, int64_t operations, int64_t kills) {
  Run run = {.world = world, .operations = operations, .before = before, .random = world.seed};
  run.acks = NEW_ARRAY(world.arena, int64_t, operations);
  int64_t killed = 0;
  while (run.done < operations) {
    int64_t pace = killed < kills ? (operations - run.done) / (kills - killed) : 0;
    int64_t stop = killed < kills ? below(&run.random, 2 * pace + 1) : INT64_MAX; /* 0: while it opens the site */
    if (!run_child(&run, stop)) killed++;
    check(&run);
  }
  printf("%s: %" PRId64 " operations, %" PRId64 " kills, %" PRId64 " done but not acknowledged\n", name, operations, killed,
         run.repeated);
}

/* A township small enough to look at after every kill, with something of everything that operations work on. */
static int64_t fill(World *w, const char *url) {
  Error e = {0};
  if (!site_create(w->folder, url, "test/unit/data/office", 20231220, &e)) give_up("create", &e);
  open_site(w);
  int64_t before = 0;
  const char *name;
  for (size_t i = 0;; i++) {
    JSON_SCOPE input = first_input(i, &name);
    if (!input) break;
    JSON_SCOPE result = NULL;
    if (!call(w, name, input, (OperationCall){0}, &result, &e)) give_up(name, &e);
    before = json_integer_value(json_object_get(result, "revision"));
  }
  site_close(w->site);
  w->site = NULL;
  return before;
}

static void crash_on(World world, bool power, int64_t operations, int64_t kills) {
  Fixture f = {0};
  fixture_place(&f);
  world.power = power;
  world.folder = arena_print(world.arena, "%s/site", f.folder);
  const char *url = power ? arena_print(world.arena, "%s?vfs=luoshi-fault", f.url) : f.url;
  int64_t before = fill(&world, url);
  crash_run(world, f.postgres ? "postgresql, kill" : power ? "sqlite, power loss" : "sqlite, kill", before, operations, kills);
  char command[128];
  if (f.postgres) {
    snprintf(command, sizeof command, "DROP SCHEMA %s CASCADE", f.schema);
    server_do(command);
  }
  snprintf(command, sizeof command, "rm -rf '%s'", f.folder);
  if (system(command) != 0) give_up(command, NULL);
}

static int64_t argument(int count, char **words, int i, int64_t otherwise) {
  char *end = NULL;
  int64_t n = i < count ? strtoll(words[i], &end, 10) : otherwise;
  if (i < count && (*end || n < 1)) give_up("usage: crash [OPERATIONS [KILLS [SEED]]]", NULL);
  return n;
}

int main(int count, char **words) {
  int64_t operations = argument(count, words, 1, 150), kills = argument(count, words, 2, 10);
  World w = {.arena = arena_new(), .seed = (uint64_t)argument(count, words, 3, 20231220)};
  w.operations = operations_all(w.arena);
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (server_url())
    crash_on(w, false, operations, kills);
  else {
    crash_on(w, false, operations / 2, kills / 2 + 1);
#ifdef LUOSHI_LINT
    crash_on(w, true, operations - operations / 2, kills / 2 + 1);
#else
    puts("skipped: 断电一半要 -Dlint=true 的构建，这次只做了 kill -9。");
#endif
  }
  arena_free(w.arena);
  return 0;
}
