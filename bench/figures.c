/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Ten figures over 100,000 records, half of them over their 300,000 lines, against the hand-written
 * statements of figures.sql: same store, same rows, same values. Prints a line a figure and the ratio of
 * the sums; 1 when the values differ.
 *
 *   bench_figures FIGURES.SQL PROFILE [STORE-URL] [RECORDS]
 *
 * The tables are filled straight, without a journal, inside a transaction that is rolled back: every column
 * by its type, in a fixed sequence, so that each run reads the same rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "figure/figure.h"

enum { SQL_MOST = 64 * 1024, LINES_A_RECORD = 3, PERSONS = 2000, ORGS = 12, BATCH = 2000, RUNS = 5, YEAR = 2023 };

typedef struct Filling {
  Session *session;
  int64_t records, next_id;
  uint64_t random;
} Filling;

static int stop(const Error *e) {
  fprintf(stderr, "%s (%s)\n", e->sentence, e->cause);
  return 3;
}

static uint64_t draw(Filling *f, uint64_t below) {
  f->random = f->random * 6364136223846793005u + 1442695040888963407u;
  return (f->random >> 33) % below;
}

static Date some_day(Filling *f) { return date_make(YEAR, 1 + (int)draw(f, 12), 1 + (int)draw(f, 28)); }

/* ---- filling ---- */

static Value some_value(Filling *f, const Column *c) {
  ValueKind kind = type_kind(c->type, c->sensitive);
  if (c->sensitive || (!c->required && !c->own_date && draw(f, 50) == 0)) return value_null(kind);
  switch (c->type) {
  case TYPE_CHOICE: return value_text(c->codes->at[draw(f, c->codes->count)].name);
  case TYPE_DATE:
  case TYPE_MONTH: return value_int(some_day(f));
  case TYPE_YEAR: return value_int(date_make(YEAR, 1, 1));
  case TYPE_FLAG: return value_int((int64_t)draw(f, 2));
  case TYPE_SERIAL: return value_int(1 + (int64_t)draw(f, 12));
  case TYPE_INT:
  case TYPE_DECIMAL: return value_int((int64_t)draw(f, 100000));
  case TYPE_REF:
    return value_int(strcmp(c->ref->name, "org") ? 1000 + (int64_t)draw(f, PERSONS) : 1 + (int64_t)draw(f, ORGS));
  case TYPE_TEXT: return value_text("一段登记的文字");
  case TYPE_PROSE:
  case TYPE_FILE: break;
  }
  return value_null(kind);
}

static void fill_row(Filling *f, const Relation *r, int64_t id, int64_t record, int64_t pos, Value *v) {
  v[0] = value_int(f->session->area);
  v++;
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    bool given = c->system && (int)i != r->org;
    v[i] = given ? value_null(type_kind(c->type, c->sensitive)) : some_value(f, c);
    if (!strcmp(c->name, "id"))
      v[i] = value_int(id);
    else if (!strcmp(c->name, "record"))
      v[i] = value_int(record);
    else if (!strcmp(c->name, "pos"))
      v[i] = value_int(pos);
    else if (r->total && !strcmp(c->name, "headcount"))
      v[i] = draw(f, 500) ? value_null(VALUE_INT) : value_int(30);
    else if ((int)i == r->state)
      v[i] = value_text(draw(f, 20) ? "done" : STATE_VOID);
    /* most at the township, since most figures ask for what it holds itself */
    else if ((int)i == r->org && draw(f, 10) < 8)
      v[i] = value_int(1);
  }
}

typedef struct Batch {
  const Relation *relation;
  Value *at;
  size_t rows;
} Batch;

static bool flush(Filling *f, Batch *b, Error *e) {
  size_t width = b->relation->column_count + 1, rows = b->rows;
  b->rows = 0;
  return !rows || tx_exec_many(f->session->tx, row_upsert_sql(f->session->arena, b->relation), b->at, width, rows, e);
}

static bool add(Filling *f, Batch *b, int64_t record, int64_t pos, int64_t *id, Error *e) {
  *id = f->next_id++;
  fill_row(f, b->relation, *id, record, pos, b->at + b->rows * (b->relation->column_count + 1));
  return ++b->rows < BATCH || flush(f, b, e);
}

static bool fill_ledger(Filling *f, const char *name, Error *e) {
  const Relation *r = catalogue_relation(f->session->catalogue, name, e);
  if (!r) return false;
  ARENA_SCOPE a = arena_new();
  Batch batches[8] = {{.relation = r}};
  size_t count = r->line_count < 7 ? r->line_count + 1 : 8;
  for (size_t i = 0; i < count; i++) {
    if (i) batches[i].relation = r->lines[i - 1];
    batches[i].at = NEW_ARRAY(a, Value, BATCH * (batches[i].relation->column_count + 1));
  }
  for (int64_t n = 0; n < f->records; n++) {
    int64_t record, line;
    if (!add(f, &batches[0], 0, 0, &record, e)) return false;
    for (int64_t k = 0; count > 1 && k < LINES_A_RECORD; k++)
      if (!add(f, &batches[1 + (size_t)k % (count - 1)], record, k + 1, &line, e)) return false;
  }
  for (size_t i = 0; i < count; i++)
    if (!flush(f, &batches[i], e)) return false;
  return true;
}

/* A township, villages under it, people and one secretary. */
static bool fill_core(Session *s, Error *e) {
  for (int64_t i = 1; i <= ORGS; i++) {
    const char *name = arena_print(s->arena, "组织%lld", (long long)i);
    Value org[] = {value_int(s->area), value_int(i), value_text(i == 1 ? "township" : "village")};
    Value spell[] = {value_int(s->area), value_int(100 + i), value_int(i), value_text(name),
                     i == 1 ? value_null(VALUE_INT) : value_int(1)};
    if (!tx_exec(s->tx, "INSERT INTO org (area_id, id, state, kind, founded_on) VALUES ($1, $2, 'done', $3, 20000101)",
                 org, 3, NULL, e) ||
        !tx_exec(s->tx,
                 "INSERT INTO org_spell (area_id, id, record_id, pos, from_on, name, parent)"
                 " VALUES ($1, $2, $3, 1, 20000101, $4, $5)",
                 spell, 5, NULL, e))
      return false;
  }
  for (int64_t i = 0; i < PERSONS; i++) {
    Value person[] = {value_int(s->area), value_int(1000 + i),
                      value_text(arena_print(s->arena, "人员%lld", (long long)i))};
    if (!tx_exec(s->tx, "INSERT INTO person (area_id, id, state, name) VALUES ($1, $2, 'done', $3)", person, 3, NULL,
                 e))
      return false;
  }
  Value post[] = {value_int(s->area)};
  return tx_exec(s->tx,
                 "INSERT INTO post (area_id, id, state, org_id, person, title, started_on)"
                 " VALUES ($1, 900, 'done', 1, 1000, '书记', 20200101)",
                 post, 1, NULL, e);
}

static bool fill(Filling *f, Error *e) {
  static const char *const ledgers[] = {"study", "interview", "service"};
  Session *s = f->session;
  TEXT_SCOPE ddl = text_new(TEXT_CEILING);
  for (size_t i = 0; i < s->catalogue->relation_count; i++) relation_ddl(s->catalogue->relations[i], &ddl);
  if (!store_ddl(s->tx, text_get(&ddl), e) || !org_spans_create(s->tx, e) || !fill_core(s, e)) return false;
  s->tree = org_tree_load(s->arena, s->tx, s->catalogue, s->area, e);
  if (!s->tree || !org_spans_rebuild(s->tx, s->tree, s->area, e)) return false;
  s->actor.grants = NEW(s->arena, Grant);
  s->actor.grants[0] = (Grant){.role = role_find("owner"), .org = s->tree->root};
  s->actor.grant_count = 1;
  for (size_t i = 0; i < sizeof ledgers / sizeof *ledgers; i++)
    if (!fill_ledger(f, ledgers[i], e)) return false;
  return true;
}

/* ---- measuring ---- */

static int64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool by_plan(Session *s, const Measure *m, FigureValue *v, int64_t *best, Error *e) {
  *best = INT64_MAX;
  for (int i = 0; i < RUNS; i++) {
    int64_t began = now_us();
    if (!figure_value(s, (FigureAsk){.measure = m, .period = period_year(YEAR)}, v, e)) return false;
    int64_t took = now_us() - began;
    if (took < *best) *best = took;
  }
  return true;
}

static bool by_hand(Session *s, const char *sql, Ratio *out, int64_t *best, Error *e) {
  Value binds[] = {value_int(s->area), value_int(date_make(YEAR, 1, 1)), value_int(date_make(YEAR + 1, 1, 1)),
                   value_int(1000)};
  *best = INT64_MAX;
  for (int i = 0; i < RUNS; i++) {
    int64_t began = now_us();
    STMT_SCOPE st = stmt_open(s->tx, sql, binds, strstr(sql, "$4") ? 4 : 3, e);
    if (!st || stmt_step(st, e) != STEP_ROW) return false;
    Ratio part;
    if (stmt_columns(st) == 1)
      *out = ratio_int(stmt_int(st, 0));
    else if (!ratio_make(stmt_int(st, 0), stmt_int(st, 1), &part) || !ratio_multiply(part, ratio_int(100), out))
      return false;
    int64_t took = now_us() - began;
    if (took < *best) *best = took;
  }
  return true;
}

/* Microseconds as milliseconds and the ratio, in hundredths. */
static void print_line(const char *name, const char *over, const char *value, int64_t planned, int64_t written) {
  int64_t ratio = planned * 100 / (written ? written : 1);
  printf("%-26s %-6s %10s %7lld.%02lld ms %7lld.%02lld ms %4lld.%02lld", name, over, value, (long long)(planned / 1000),
         (long long)(planned % 1000 / 10), (long long)(written / 1000), (long long)(written % 1000 / 10),
         (long long)(ratio / 100), (long long)(ratio % 100));
}

static Ratio decimals(Ratio r) {
  Ratio out;
  return ratio_from_decimal(ratio_round(r, 2), &out) ? out : r;
}

static bool compare(Session *s, const char *name, const char *sql, int64_t sums[2], bool *same, Error *e) {
  const Measure *m = catalogue_measure(s->catalogue, name, e);
  FigureValue v;
  Ratio hand;
  int64_t planned, written;
  NumberText a, b;
  if (!m || !by_plan(s, m, &v, &planned, e) || !by_hand(s, sql, &hand, &written, e)) return false;
  bool equal = !v.null && !ratio_compare(v.exact, hand);
  *same = *same && equal;
  sums[0] += planned;
  sums[1] += written;
  print_line(name, m->rows->parent ? "lines" : "rows", ratio_text(decimals(v.exact), a), planned, written);
  printf("%s\n", equal ? "" : arena_print(s->arena, "  DIFFERS: %s", ratio_text(hand, b)));
  return true;
}

/* `-- name`, then a statement up to its semicolon. */
static bool compare_all(Session *s, char *text, bool *same, Error *e) {
  int64_t sums[2] = {0, 0};
  printf("%-26s %-6s %10s %12s %12s  ratio\n", "figure", "over", "value", "plan", "by hand");
  for (char *end; (end = strchr(text, ';')); text = end + 1) {
    *end = 0;
    char *name = NULL;
    for (char *line = strstr(text, "-- "); line; line = strstr(line + 3, "\n-- "))
      name = line + (*line == '\n' ? 4 : 3);
    size_t n = name ? strcspn(name, "\n") : 0;
    if (!n) return fail(e, ERROR_INVALID, "语句前缺少“-- 指标名”一行。");
    if (!compare(s, arena_slice(s->arena, name, n), name + n + 1, sums, same, e)) return false;
  }
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  print_line("all", "", "", sums[0], sums[1]);
  printf("   peak %ld MB\n", used.ru_maxrss / 1024);
  return true;
}

static char *read_sql(const char *path) {
  FILE *f = fopen(path, "rb");
  char *text = calloc(1, SQL_MOST + 1);
  if (!f || !text || fread(text, 1, SQL_MOST, f) == 0) {
    free(text);
    text = NULL;
  }
  if (f) fclose(f);
  return text;
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (argc < 3) return fprintf(stderr, "bench_figures FIGURES.SQL PROFILE [STORE-URL] [RECORDS]\n"), 2;
  Error e = {0};
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Session s = {.arena = a, .area = 1, .today = date_make(YEAR, 12, 31)};
  s.catalogue = catalogue_load(a, argv[2], NULL, &issues, &e);
  if (!s.catalogue) return stop(&e);
  STORE_SCOPE store = store_open(argc > 3 ? argv[3] : ":memory:", true, &e);
  if (!store) return stop(&e);
  s.tx = tx_begin(store, TX_WRITE, s.area, &e);
  if (!s.tx) return stop(&e);
  Filling filling = {
      .session = &s, .records = argc > 4 ? strtoll(argv[4], NULL, 10) : 100000, .next_id = 10000, .random = 7};
  char *sql = read_sql(argv[1]);
  bool same = true, done = sql && fill(&filling, &e) && compare_all(&s, sql, &same, &e);
  free(sql);
  tx_rollback(s.tx);
  return !done ? stop(&e) : same ? 0 : 1;
}
