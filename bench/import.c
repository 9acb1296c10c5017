/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * How long an import takes: 100,000 records with three lines each, from a CSV, checked and journalled, against the
 * same rows and journal rows inserted bare through SQLite's own interface in the same run. At most twice that, and
 * 64 MB. The site and the CSV are made by a child, so that the peak is the import's own.
 * usage: bench_import [RECORDS], from the project's root */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "cli/generate.h"
#include "ledger/import.h"
#include "operation/migrate.h"

_Noreturn static void give_up(const char *what, const char *why) {
  fprintf(stderr, "bench_import: %s: %s\n", what, why);
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

/* What the process itself worked: the wall clock of a busy machine says little. */
static int64_t cpu_ms(void) {
  struct rusage u = used();
  return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

/* ---- the site and its table ---- */

static const Generation *read_declaration(Arena *a, const char *path) {
  Issues issues = {.arena = a};
  Error e = {0};
  const Generation *g = generation_read(a, path, &issues, &e);
  if (!g) give_up(path, issues.count ? issues.at[0].sentence : e.sentence);
  return g;
}

static void make(const char *site_folder, const char *csv_folder, int64_t records) {
  static const char profile[] = "profile/township";
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  Generated made;
  const Generation *demo = read_declaration(a, "profile/township/demo.yaml"), *load = read_declaration(a, "bench/load.yaml");
  if (!site_create(site_folder, NULL, profile, generation_clock(demo), &e)) give_up("site", e.sentence);
  SITE_SCOPE site = site_open(site_folder, false, &e);
  if (!site || !generation_fill(site, demo, 1, &made, &issues, &e) ||
      !generation_csv(site, load, records, csv_folder, &made, &issues, &e))
    give_up("fill", issues.count ? issues.at[0].sentence : e.sentence);
}

/* ---- the import ---- */

typedef struct Cost { int64_t wall, cpu; } Cost;

static Cost run_import(const char *site_folder, const char *csv, ImportTally *tally) {
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  SITE_SCOPE site = site_open(site_folder, false, &e);
  if (!site) give_up("site", e.sentence);
  Cost before = {now_ms(), cpu_ms()};
  TEXT_FILE_SCOPE file = text_file_open(csv, IMPORT_BYTES, &e);
  if (!file) give_up("csv", e.sentence);
  ImportTable table = {.file = file, .tally = tally};
  JSON_SCOPE input = json_pack("{s:s}", "ledger", "meeting");
  JSON_SCOPE result = NULL;
  Issues issues = {.arena = a};
  if (!operation_run(site, exchange_operations[0], input, (OperationCall){.attached = &table}, &result, &issues, &e))
    give_up("import", issues.count ? issues.at[0].sentence : e.sentence);
  return (Cost){now_ms() - before.wall, cpu_ms() - before.cpu};
}

/* ---- the same rows bare ---- */

static sqlite3 *open_bare(const char *path) {
  sqlite3 *db;
  if (sqlite3_open(path, &db)) give_up(path, sqlite3_errmsg(db));
  return db;
}

static void exec(sqlite3 *db, const char *sql) {
  if (sqlite3_exec(db, sql, NULL, NULL, NULL)) give_up(sql, sqlite3_errmsg(db));
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
  sqlite3_stmt *st;
  if (sqlite3_prepare_v2(db, sql, -1, &st, NULL)) give_up(sql, sqlite3_errmsg(db));
  return st;
}

/* The tables of one kind of row, with their indexes, as the site has them. */
static void copy_schema(sqlite3 *from, sqlite3 *to) {
  sqlite3_stmt *st = prepare(from, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name IN "
                                   "('l_meeting','l_meeting_matters','change') ORDER BY type DESC");
  while (sqlite3_step(st) == SQLITE_ROW) exec(to, (const char *)sqlite3_column_text(st, 0));
  sqlite3_finalize(st);
}

typedef struct Copying { sqlite3_stmt *from, *into; int width; } Copying;

static Copying copying(sqlite3 *from, sqlite3 *to, const char *table, const char *where) {
  char sql[2048];
  snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE %s", table, where);
  Copying c = {.from = prepare(from, sql)};
  c.width = sqlite3_column_count(c.from);
  int n = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table);
  for (int i = 1; i < c.width; i++) n += snprintf(sql + n, sizeof sql - (size_t)n, ",?");
  snprintf(sql + n, sizeof sql - (size_t)n, ")");
  c.into = prepare(to, sql);
  return c;
}

enum { TOGETHER = 2000 };

/* Reads some rows, then inserts them; only the inserting is counted. */
static bool copy_some(Copying *c, size_t most, Cost *cost, int64_t *rows) {
  sqlite3_value **held = calloc((size_t)c->width * most, sizeof *held);
  size_t count = 0;
  while (count < most && sqlite3_step(c->from) == SQLITE_ROW) {
    for (int i = 0; i < c->width; i++)
      held[count * (size_t)c->width + (size_t)i] = sqlite3_value_dup(sqlite3_column_value(c->from, i));
    count++;
  }
  Cost before = {now_ms(), cpu_ms()};
  for (size_t row = 0; row < count; row++) {
    for (int i = 0; i < c->width; i++) sqlite3_bind_value(c->into, i + 1, held[row * (size_t)c->width + (size_t)i]);
    if (sqlite3_step(c->into) != SQLITE_DONE) give_up("insert", "failed");
    sqlite3_reset(c->into);
  }
  cost->wall += now_ms() - before.wall;
  cost->cpu += cpu_ms() - before.cpu;
  for (size_t i = 0; i < count * (size_t)c->width; i++) sqlite3_value_free(held[i]);
  free(held);
  *rows += (int64_t)count;
  return count == most;
}

static Cost run_bare(const char *site_db, const char *path, int64_t *rows) {
  sqlite3 *from = open_bare(site_db), *to = open_bare(path);
  exec(to, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384");
  copy_schema(from, to);
  char newest[128], ids[256];
  snprintf(newest, sizeof newest, "seq = (SELECT max(seq) FROM revision)");
  snprintf(ids, sizeof ids, "id >= (SELECT min(row_id) FROM change WHERE %s)", newest);
  Copying tables[] = {copying(from, to, "l_meeting", ids), copying(from, to, "l_meeting_matters", ids),
                      copying(from, to, "change", newest)};
  static const size_t shares[] = {TOGETHER, 3 * TOGETHER, 4 * TOGETHER};
  Cost cost = {0};
  exec(to, "BEGIN IMMEDIATE");
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < 3; i++) more = copy_some(&tables[i], shares[i], &cost, rows) || more;
  }
  Cost before = {now_ms(), cpu_ms()};
  exec(to, "COMMIT");
  cost.wall += now_ms() - before.wall;
  cost.cpu += cpu_ms() - before.cpu;
  for (size_t i = 0; i < 3; i++) sqlite3_finalize(tables[i].from), sqlite3_finalize(tables[i].into);
  sqlite3_close(from);
  sqlite3_close(to);
  return cost;
}

/* ---- all of it ---- */

int main(int argc, char **argv) {
  int64_t records = argc > 1 ? strtoll(argv[1], NULL, 10) : 100000;
  char folder[] = "/tmp/luoshi-bench-XXXXXX", site[128], csv[128], db[128], bare[128], clean[160];
  if (records < 1 || !mkdtemp(folder)) give_up("folder", "cannot be made");
  snprintf(site, sizeof site, "%s/site", folder);
  snprintf(csv, sizeof csv, "%s/01_meeting.csv", folder);
  snprintf(db, sizeof db, "%s/site/luoshi.db", folder);
  snprintf(bare, sizeof bare, "%s/bare.db", folder);
  fflush(stdout);
  pid_t child = fork();
  if (!child) {
    make(site, folder, records);
    _exit(0);
  }
  int status = 1;
  if (child < 0 || waitpid(child, &status, 0) < 0 || status) give_up("making the site", "failed");
  struct stat table = {0};
  stat(csv, &table);
  ImportTally tally = {0};
  Cost import = run_import(site, csv, &tally);
  int64_t peak = used().ru_maxrss / 1024, rows = 0;
  Cost plain = run_bare(db, bare, &rows);
  snprintf(clean, sizeof clean, "rm -rf '%s'", folder);
  if (system(clean)) fprintf(stderr, "%s stays\n", folder);
  printf("import: %zu records, %zu lines from %lld KB of CSV, %" PRId64 " rows and journal rows\n", tally.fresh, tally.lines_read,
         (long long)table.st_size / 1024, rows);
  printf("import  %6" PRId64 " ms (%" PRId64 " ms of CPU), peak %" PRId64 " MB (at most 64)\n", import.wall, import.cpu, peak);
  printf("bare    %6" PRId64 " ms (%" PRId64 " ms of CPU)\n", plain.wall, plain.cpu);
  int64_t clock = import.wall * 100 / (plain.wall ? plain.wall : 1), cpu = import.cpu * 100 / (plain.cpu ? plain.cpu : 1);
  printf("ratio   %" PRId64 ".%02" PRId64 " by the clock, %" PRId64 ".%02" PRId64 " by CPU (at most 2.00)\n", clock / 100,
         clock % 100, cpu / 100, cpu % 100);
  return import.cpu <= 2 * plain.cpu && peak <= 64 ? 0 : 1;
}
