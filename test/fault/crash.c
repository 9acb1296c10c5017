/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Crash test: a child does random operations and acknowledges each over a pipe once its commit has returned;
 * the parent kills it with -9 at random moments and starts another, which first repeats the last acknowledged
 * request and then the one that nobody answered. After each kill the parent looks for itself:
 *
 *   every acknowledged request is there, as the revision and with the changes that were acknowledged;
 *   a repeated request did nothing twice: revisions are exactly the requests done, one each;
 *   the tables are, byte for byte, what replaying the journal gives.
 *
 * On SQLite the second half runs over the disk that forgets what was not synced (store/fault.h): a kill then
 * loses what a power cut would have. usage: crash [OPERATIONS [KILLS [SEED]]]; $LUOSHI_TEST_STORE as elsewhere. */
#include "../unit/check.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../unit/sample.h"
#include "../unit/store_fixture.h"
#include "journal/seal.h"

enum { AREA = 1, TRIES = 20 };
static const JournalKey key = {{7, 7, 7}};

typedef struct Ack {
  int64_t operation, seq, changes;
  bool repeated;
} Ack;

typedef struct World {
  Arena *arena;
  Catalogue *catalogue;
  Store *store;
  uint64_t seed;
} World;

_Noreturn static void give_up(const char *what, const Error *e) {
  fprintf(stderr, "crash: %s: %s (%s)\n", what, e ? e->sentence : "", e ? e->cause : "");
  exit(1);
}

static uint64_t draw(uint64_t *state) { /* splitmix64 */
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

static int64_t below(uint64_t *state, int64_t n) { return (int64_t)(draw(state) % (uint64_t)n); }

/* ---- one random operation: all that must change when the harness drives real operations ---- */

/* Some row's id, or 0. */
static bool some_row(Tx *tx, const char *table, uint64_t *random, int64_t *id, Error *e) {
  int64_t most = 0;
  char sql[128];
  snprintf(sql, sizeof sql, "SELECT max(id) FROM \"%s\" WHERE area_id = $1", table);
  if (!tx_int(tx, sql, (Value[]){value_int(AREA)}, 1, &most, NULL, e)) return false;
  snprintf(sql, sizeof sql, "SELECT id FROM \"%s\" WHERE area_id = $1 AND id >= $2 ORDER BY id LIMIT 1", table);
  *id = 0;
  return !most || tx_int(tx, sql, (Value[]){value_int(AREA), value_int(1 + below(random, most))}, 2, id, NULL, e);
}

static bool random_changes(World *w, Tx *tx, Revision *r, int64_t operation, uint64_t *random, int64_t *changes, Error *e) {
  int64_t note, item, count = 1 + below(random, 4);
  if (!some_row(tx, "l_note", random, &note, e) || !some_row(tx, "l_note_items", random, &item, e)) return false;
  if (!note || below(random, 3) == 0) note = revision_next_id(r);
  const char *title = arena_print(w->arena, "第%" PRId64 "次", operation);
  if (!change_put(r, sample_note(w->arena, w->catalogue, note, title, operation + 1), e)) return false;
  for (int64_t i = 0; i < count; i++)
    if (!change_put(r, sample_item(w->arena, w->catalogue, revision_next_id(r), note, title), e)) return false;
  bool remove = item && below(random, 2) == 0;
  *changes = 1 + count + remove;
  return !remove || change_remove(r, catalogue_find(w->catalogue, "note.items"), item, e);
}

static bool one_operation(World *w, int64_t operation, Ack *ack, Error *e) {
  TX_SCOPE tx = tx_begin(w->store, TX_WRITE, AREA, e);
  if (!tx) return false;
  uint64_t random = w->seed ^ (uint64_t)operation << 20;
  char request_id[32];
  snprintf(request_id, sizeof request_id, "request-%" PRId64, operation);
  RevisionHeader h = {.at = "2023-12-20T09:00:00Z", .actor = "本机", .op = "note.save", .request_id = request_id};
  *ack = (Ack){.operation = operation};
  REVISION_SCOPE r = revision_begin(w->arena, tx, AREA, &key, h, &ack->repeated, &ack->seq, e);
  if (!r) return false;
  if (ack->repeated)
    return tx_int(tx, "SELECT changes FROM revision WHERE area_id = $1 AND seq = $2",
                  (Value[]){value_int(AREA), value_int(ack->seq)}, 2, &ack->changes, NULL, e);
  return random_changes(w, tx, r, operation, &random, &ack->changes, e) && revision_end(r, &ack->seq, e) && tx_commit(tx, e);
}

/* Half-done work that is given up: it must leave nothing. */
static void abandon(World *w, int64_t operation) {
  Error e = {0};
  bool found;
  int64_t seq, changes;
  uint64_t random = w->seed ^ (uint64_t)operation;
  TX_SCOPE tx = tx_begin(w->store, TX_WRITE, AREA, &e);
  if (!tx) return;
  RevisionHeader h = {.at = "2023-12-20T09:00:00Z", .actor = "本机", .op = "note.save", .request_id = "abandoned"};
  REVISION_SCOPE r = revision_begin(w->arena, tx, AREA, &key, h, &found, &seq, &e);
  if (r && random_changes(w, tx, r, operation, &random, &changes, &e)) revision_flush(r, &e);
}

/* ---- the child ---- */

static void must_do(World *w, int64_t operation, Ack *ack) {
  Error e = {0};
  for (int try = 0; try < TRIES; try++) {
    ArenaMark mark = arena_mark(w->arena);
    bool done = one_operation(w, operation, ack, &e);
    arena_back(w->arena, mark);
    if (done) return;
    if (e.kind != ERROR_UNAVAILABLE && e.kind != ERROR_UNKNOWN) break;
    usleep(10000);
  }
  give_up("operation", &e);
}

_Noreturn static void child(World *w, const char *url, int64_t from, int64_t to, int out) {
  Error e = {0};
  w->store = store_open(url, false, &e);
  if (!w->store) give_up("open", &e);
  for (int64_t i = from > 0 ? from - 1 : 0; i < to; i++) { /* the last acknowledged one again, first */
    Ack ack;
    if (i % 7 == 3) abandon(w, i);
    must_do(w, i, &ack);
    if (write(out, &ack, sizeof ack) != (ssize_t)sizeof ack) _exit(1);
  }
  store_close(w->store);
  _exit(0);
}

/* ---- the parent ---- */

typedef struct Run {
  World world;
  const char *url;
  int64_t operations, done; /* acknowledged: 0 … done - 1 */
  Ack *acks;
  int64_t repeated; /* requests that were found done though nobody had been told */
  uint64_t random;
} Run;

static void take_ack(Run *run, const Ack *ack) {
  if (ack->operation < run->done) {
    const Ack *before = &run->acks[ack->operation];
    if (!ack->repeated || ack->seq != before->seq || ack->changes != before->changes) give_up("a repeated request was done twice", NULL);
    return;
  }
  if (ack->operation != run->done || ack->seq != run->done + 1) give_up("a request got another revision than it should", NULL);
  run->repeated += ack->repeated;
  run->acks[run->done++] = *ack;
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
    child(&run->world, run->url, run->done, run->operations, pipes[1]);
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
  STMT_SCOPE st = stmt_open(tx, "SELECT seq, request_id, changes FROM revision WHERE area_id = $1 ORDER BY seq",
                            (Value[]){value_int(AREA)}, 1, &e);
  if (!st) give_up("revisions", &e);
  int64_t n = 0;
  for (; stmt_step(st, &e) == STEP_ROW; n++) {
    char request_id[32];
    snprintf(request_id, sizeof request_id, "request-%" PRId64, n);
    bool same = stmt_int(st, 0) == n + 1 && strcmp(stmt_text(st, 1), request_id) == 0;
    if (same && n < run->done) same = stmt_int(st, 2) == run->acks[n].changes;
    if (!same) give_up(request_id, NULL);
  }
  if (n < run->done) give_up("an acknowledged operation is gone", NULL);
  if (n > run->done + 1) give_up("there are operations nobody asked for", NULL);
}

static void dump(Run *run, Tx *tx, Text *out) {
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  for (size_t i = 0; i < run->world.catalogue->relation_count; i++) {
    const Relation *r = run->world.catalogue->relations[i];
    STMT_SCOPE st = stmt_open(tx, row_select_sql(a, r, NULL), (Value[]){value_int(AREA)}, 1, &e);
    if (!st) give_up("rows", &e);
    while (stmt_step(st, &e) == STEP_ROW) {
      Row row = row_from(a, r, st, 0);
      text_print(out, "%s %" PRId64 " ", r->name, row_id(row));
      row_body(row, out);
      text_add_char(out, '\n');
    }
  }
}

static void check_replay(Run *run, Tx *tx) {
  Error e = {0};
  Fault fault;
  STORE_SCOPE memory = store_open(":memory:", true, &e);
  if (!memory || !sample_fill(memory, run->world.catalogue, &e)) give_up("memory", &e);
  TX_SCOPE into = tx_begin(memory, TX_WRITE, AREA, &e);
  if (!journal_replay(tx, run->world.catalogue, AREA, &key, 0, into, &fault, &e)) give_up("replay", &e);
  if (fault.kind) give_up(fault.sentence, NULL);
  TEXT_SCOPE there = text_new(TEXT_CEILING);
  TEXT_SCOPE replayed = text_new(TEXT_CEILING);
  dump(run, tx, &there);
  dump(run, into, &replayed);
  if (strcmp(text_get(&there), text_get(&replayed)) != 0) give_up("the tables are not what the journal gives", NULL);
}

static void check(Run *run) {
  Error e = {0};
  Fault fault;
  AuditSummary sum;
  STORE_SCOPE s = store_open(run->url, false, &e);
  if (!s) give_up("open after a kill", &e);
  TX_SCOPE tx = tx_begin(s, TX_READ, AREA, &e);
  if (!tx) give_up("read after a kill", &e);
  check_acknowledged(run, tx);
  if (!journal_audit(tx, run->world.catalogue, AREA, &key, NULL, &fault, &sum, &e)) give_up("audit", &e);
  if (fault.kind) give_up(fault.sentence, NULL);
  check_replay(run, tx);
}

static void crash_run(World world, const char *url, const char *name, int64_t operations, int64_t kills) {
  Run run = {.world = world, .url = url, .operations = operations, .random = world.seed};
  run.acks = NEW_ARRAY(world.arena, Ack, operations);
  int64_t killed = 0;
  while (run.done < operations) {
    int64_t pace = killed < kills ? (operations - run.done) / (kills - killed) : 0;
    int64_t stop = killed < kills ? below(&run.random, 2 * pace + 1) : INT64_MAX; /* 0: while it opens the store */
    if (!run_child(&run, stop)) killed++;
    check(&run);
  }
  printf("%s: %" PRId64 " operations, %" PRId64 " kills, %" PRId64 " done but not acknowledged\n", name, operations, killed,
         run.repeated);
}

static void fill(const World *w, const char *url) {
  Error e = {0};
  STORE_SCOPE s = store_open(url, true, &e);
  if (!s || !sample_fill(s, w->catalogue, &e)) give_up("fill", &e);
}

static void crash_on(World world, bool power, int64_t operations, int64_t kills) {
  Fixture f = {0};
  fixture_place(&f);
  const char *url = power ? arena_print(world.arena, "%s?vfs=luoshi-fault", f.url) : f.url;
  fill(&world, url);
  crash_run(world, url, f.postgres ? "postgresql, kill" : power ? "sqlite, power loss" : "sqlite, kill", operations, kills);
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
  w.catalogue = sample_catalogue(w.arena);
  if (!w.catalogue) give_up("catalogue", NULL);
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
