/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * How long an audit takes: the chain of 200,000 revisions of four changes verified, and every base table compared
 * with what they give. At most 4 s and 64 MB on SQLite. The store is made by a child, so that the peak is the
 * audit's own. Then the cost of writing: 400,000 rows in one revision, against the same rows and journal rows
 * inserted bare. usage: bench_replay [REVISIONS] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../test/unit/sample.h"
#include "journal/seal.h"

static const JournalKey key = {{1}};

_Noreturn static void give_up(const char *what, const Error *e) {
  fprintf(stderr, "bench_replay: %s: %s (%s)\n", what, e->sentence, e->cause);
  exit(1);
}

static int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct rusage used(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

static int64_t peak_mb(void) { return used().ru_maxrss / 1024; }

/* What the process itself worked: the wall clock of a busy machine says little. */
static int64_t cpu_ms(void) {
  struct rusage u = used();
  return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

static Revision *begin(Arena *a, Tx *tx, int64_t i) {
  Error e = {0};
  bool found;
  int64_t seq;
  char request_id[40];
  snprintf(request_id, sizeof request_id, "%032" PRIx64, (uint64_t)i);
  RevisionHeader h = {.at = "2023-12-20T09:00:00Z", .actor = "本机", .op = "record.save", .request_id = request_id};
  Revision *r = revision_begin(a, tx, 1, &key, h, &found, &seq, &e);
  if (!r) give_up("begin", &e);
  return r;
}

/* A record and three lines; a sixth of the records are old ones, saved again. */
static void put_record(Arena *a, const Catalogue *c, Revision *r, int64_t i) {
  Error e = {0};
  int64_t id = revision_next_id(r), note = i % 6 == 5 ? id - 4 : id;
  bool ok = change_put(r, sample_note(a, c, note, "支部党员大会 学习传达会议精神", i), &e);
  for (int n = 0; n < 3; n++)
    ok = ok && change_put(r, sample_item(a, c, revision_next_id(r), note, "讨论通过年度工作计划"), &e);
  if (!ok) give_up("put", &e);
}

static void make(const char *path, int64_t revisions) {
  Error e = {0};
  ARENA_SCOPE a = arena_new();
  Catalogue *c = sample_catalogue(a);
  STORE_SCOPE s = store_open(path, true, &e);
  if (!s || !sample_fill(s, c, &e)) give_up("make", &e);
  ArenaMark mark = arena_mark(a);
  for (int64_t i = 0; i < revisions;) {
    TX_SCOPE tx = tx_begin(s, TX_WRITE, 1, &e);
    if (!tx) give_up("begin", &e);
    for (int64_t end = i + 10000; i < end && i < revisions; i++) {
      Revision *r = begin(a, tx, i);
      put_record(a, c, r, i);
      if (!revision_end(r, NULL, &e)) give_up("end", &e);
      arena_back(a, mark);
    }
    if (!tx_commit(tx, &e)) give_up("commit", &e);
  }
}

static void in_child(void (*run)(const char *path, int64_t n), const char *path, int64_t n) {
  pid_t pid = fork();
  if (!pid) {
    run(path, n);
    _exit(0);
  }
  int status;
  if (pid < 0 || waitpid(pid, &status, 0) != pid || status) exit(1);
}

static void audit(const char *path, int64_t revisions) {
  Error e = {0};
  ARENA_SCOPE a = arena_new();
  Catalogue *c = sample_catalogue(a);
  STORE_SCOPE s = store_open(path, false, &e);
  int64_t began = now_ms();
  TX_SCOPE tx = s ? tx_begin(s, TX_READ, 1, &e) : NULL;
  Fault fault;
  AuditSummary sum;
  if (!tx || !journal_audit(tx, c, 1, &key, NULL, &fault, &sum, &e)) give_up("audit", &e);
  if (fault.kind) {
    fprintf(stderr, "%s\n", fault.sentence);
    exit(1);
  }
  int64_t took = now_ms() - began;
  printf("replay  revisions %" PRId64 "  changes %" PRId64 "  rows %" PRId64 "  audit %" PRId64 ".%03" PRId64
         " s, cpu %" PRId64 " ms  peak %" PRId64 " MB  (limits 4 s, 64 MB)\n",
         revisions, sum.changes, sum.rows, took / 1000, took % 1000, cpu_ms(), peak_mb());
}

/* ---- writing ---- */

static void write_one_revision(const char *path, int64_t records) {
  Error e = {0};
  ARENA_SCOPE a = arena_new();
  Catalogue *c = sample_catalogue(a);
  STORE_SCOPE s = store_open(path, true, &e);
  if (!s || !sample_fill(s, c, &e)) give_up("fill", &e);
  int64_t began = now_ms();
  TX_SCOPE tx = tx_begin(s, TX_WRITE, 1, &e);
  Revision *r = begin(a, tx, 1);
  ArenaMark mark = arena_mark(a);
  for (int64_t i = 0; i < records; i++) {
    put_record(a, c, r, i * 6);
    arena_back(a, mark);
  }
  if (!revision_end(r, NULL, &e) || !tx_commit(tx, &e)) give_up("end", &e);
  printf("import  rows %" PRId64 " in one revision  %" PRId64 " ms, cpu %" PRId64 " ms  peak %" PRId64 " MB\n", records * 4,
         now_ms() - began, cpu_ms(), peak_mb());
}

static void write_bare(const char *path, int64_t records) {
  Error e = {0};
  ARENA_SCOPE a = arena_new();
  Catalogue *c = sample_catalogue(a);
  STORE_SCOPE s = store_open(path, true, &e);
  if (!s || !sample_fill(s, c, &e)) give_up("fill", &e);
  enum { LOT = 256 };
  Value *rows = NEW_ARRAY(a, Value, LOT * 32), *changes = NEW_ARRAY(a, Value, LOT * 7);
  const Relation *kinds[] = {catalogue_find(c, "note"), catalogue_find(c, "note.items")};
  const char *sql[] = {row_upsert_sql(a, kinds[0]), row_upsert_sql(a, kinds[1])};
  const char *change = "INSERT INTO change(area_id, seq, n, relation, row_id, body, checksum) VALUES ($1, $2, $3, $4, $5, $6, $7)";
  Row samples[] = {sample_note(a, c, 1, "支部党员大会 学习传达会议精神", 7), sample_item(a, c, 1, 1, "讨论通过年度工作计划")};
  Text bodies[] = {text_new(4096), text_new(4096)};
  int64_t began = now_ms(), n = 0;
  TX_SCOPE tx = tx_begin(s, TX_WRITE, 1, &e);
  for (int k = 0; k < 2; k++) row_body(samples[k], &bodies[k]);
  for (int64_t left = records * 4; left > 0;) {
    int k = left <= records * 3; /* the records first, then their lines */
    size_t width = kinds[k]->column_count + 1, lot = 0;
    for (; lot < LOT && left > 0 && (left <= records * 3) == k; lot++, left--) {
      Value *row = rows + lot * width;
      row[0] = value_int(1);
      memcpy(row + 1, samples[k].v, kinds[k]->column_count * sizeof *row);
      row[1] = value_int(++n);
      memcpy(changes + lot * 7,
             (Value[]){value_int(1), value_int(1), value_int(n), value_text(kinds[k]->name), value_int(n),
                       value_text(text_get(&bodies[k])), value_int(n)},
             7 * sizeof *row);
    }
    if (!tx_exec_many(tx, sql[k], rows, width, lot, &e) || !tx_exec_many(tx, change, changes, 7, lot, &e)) give_up("bare", &e);
  }
  if (!tx_commit(tx, &e)) give_up("commit", &e);
  printf("bare    rows %" PRId64 " and their journal rows  %" PRId64 " ms, cpu %" PRId64 " ms\n", records * 4, now_ms() - began,
         cpu_ms());
  for (int k = 0; k < 2; k++) text_free(&bodies[k]);
}

int main(int count, char **words) {
  int64_t revisions = count > 1 ? strtoll(words[1], NULL, 10) : 200000;
  char folder[] = "/tmp/luoshi-bench-XXXXXX", path[3][64], command[64];
  if (revisions < 1 || !mkdtemp(folder)) return 2;
  for (int i = 0; i < 3; i++) snprintf(path[i], sizeof path[i], "%s/%d.db", folder, i);
  setvbuf(stdout, NULL, _IOLBF, 0);
  in_child(make, path[0], revisions);
  in_child(audit, path[0], revisions);
  in_child(write_one_revision, path[1], revisions / 2);
  in_child(write_bare, path[2], revisions / 2);
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  return system(command) != 0;
}
