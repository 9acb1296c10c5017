/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Properties of every figure × org × period of a site: its rows fold to its value; a row taken away moves
 * it as folding without that row says; another line never moves a figure over records; a condition and its
 * opposite part every relation; a branch that moves leaves last year alone, and what stands under the root
 * is what its parts and the root itself hold; and what a page asks in one call, for an org or over all of them, is
 * what is answered one by one.
 *
 * `all` tries every figure × org × period (script/properties). Else every org meets the year, and the other periods
 * go round orgs and figures, so that every figure meets every org and every period. Under PostgreSQL a sample of
 * orgs and periods.
 *
 * Everything is tried in one write transaction that is rolled back. */
#include <stdio.h>
#include <string.h>

#include "figure/figure.h"
#include "relation/row.h"

enum { WRONGS_SHOWN = 20 };

typedef struct Trial {
  Session *s;
  Period *periods;
  size_t period_count;
  int64_t *orgs;
  size_t org_count;
  bool all;
  int64_t reporter; /* looked up once an org and period */
  long checks, wrong;
  uint64_t random;
  Error e;
} Trial;

static void wrong(Trial *t, const char *property, const Measure *m, int64_t org, Period p, const char *more) {
  PeriodText text;
  if (t->wrong++ < WRONGS_SHOWN)
    printf("WRONG %s: %s, %s, %s: %s\n", property, m ? m->full_name : "-",
           org ? org_name(t->s->tree, org, period_last(p)) : "-", period_text(p, text), more);
}

static uint64_t draw(Trial *t, uint64_t below) {
  t->random = t->random * 6364136223846793005u + 1442695040888963407u;
  return (t->random >> 33) % below;
}

static bool same(const FigureValue *a, const FigureValue *b) {
  return a->null == b->null && !ratio_compare(a->exact, b->exact) && a->rows == b->rows &&
         a->undetermined == b->undetermined && a->totals == b->totals && a->part == b->part && a->whole == b->whole;
}

static const char *told(Trial *t, const FigureValue *a, const FigureValue *b) {
  NumberText x, y;
  return arena_print(t->s->arena, "%s of %lld rows (%lld undetermined), not %s of %lld (%lld)", ratio_text(a->exact, x),
                     (long long)a->rows, (long long)a->undetermined, ratio_text(b->exact, y), (long long)b->rows,
                     (long long)b->undetermined);
}

static bool value_of(Trial *t, const Measure *m, int64_t org, Period p, FigureValue *v) {
  FigureAsk ask = {.measure = m, .org = org, .period = p, .reporter = t->reporter};
  return figure_value(t->s, ask, v, &t->e);
}

static bool settle_reporter(Trial *t, int64_t org, Period p) {
  Error why = {0};
  int64_t found = session_reporter(t->s, org, p, &why);
  t->reporter = found ? found : -1;
  if (why.kind) t->e = why;
  return !why.kind;
}

/* ---- rows fold to the value ---- */

typedef struct Folding {
  FigureFold *all, *others;
  int64_t seen, drop, dropped; /* index and id of the row left out of `others` */
  int64_t loose;               /* amounts at the root itself, or nowhere */
  int64_t root;
} Folding;

static bool add(const FigureRow *row, void *context) {
  Folding *f = context;
  figure_fold_add(f->all, row);
  if (f->seen++ == f->drop)
    f->dropped = row_id(row->row);
  else
    figure_fold_add(f->others, row);
  if (row->counted && (row->org == f->root || !row->org)) f->loose += row->amount;
  return true;
}

static bool fold(Trial *t, Arena *a, const Measure *m, int64_t org, Period p, int64_t drop, Folding *f) {
  *f = (Folding){.all = figure_fold_new(a, m), .others = figure_fold_new(a, m), .drop = drop, .root = t->s->tree->root};
  FigureAsk ask = {.measure = m, .org = org, .period = p, .reporter = t->reporter};
  return figure_rows(t->s, ask, add, f, &t->e);
}

static bool check_fold(Trial *t, const Measure *m, int64_t org, Period p) {
  ARENA_SCOPE a = arena_new();
  FigureValue v, folded;
  Folding f;
  if (!value_of(t, m, org, p, &v)) return false;
  t->checks++;
  if (v.unanswered) return true;
  if (!fold(t, a, m, org, p, -1, &f)) return false;
  figure_fold_value(f.all, &folded);
  if (!same(&v, &folded)) wrong(t, "fold", m, org, p, told(t, &v, &folded));
  return true;
}

/* ---- asked together ---- */

static void compare_together(Trial *t, const FigureAsk *ask, const FigureValue *all, const char *property) {
  ARENA_SCOPE a = arena_new();
  Arena *whole = t->s->arena;
  FigureValue one;
  t->s->arena = a;
  t->checks++;
  if (!figure_value(t->s, *ask, &one, &t->e))
    wrong(t, property, ask->measure, ask->org, ask->period, t->e.sentence);
  else if (!same(all, &one) || !all->unanswered != !one.unanswered)
    wrong(t, property, ask->measure, ask->org, ask->period, told(t, all, &one));
  t->s->arena = whole;
}

/* All figures of an org, as its page asks them. */
static bool check_together(Trial *t, int64_t org, Period p) {
  const Catalogue *c = t->s->catalogue;
  FigureAsk *asks = NEW_ARRAY(t->s->arena, FigureAsk, c->measure_count);
  FigureValue *all = NEW_ARRAY(t->s->arena, FigureValue, c->measure_count);
  size_t count = 0;
  for (size_t i = 0; i < c->measure_count; i++)
    asks[count++] = (FigureAsk){.measure = c->measures[i], .org = org, .period = p, .reporter = t->reporter};
  if (!figures_values(t->s, asks, count, all, &t->e)) return false;
  for (size_t i = 0; i < count; i++) compare_together(t, &asks[i], &all[i], "together");
  return true;
}

/* Each figure over all orgs, as a table by org asks it: one in `share` of them. */
static bool check_spread(Trial *t, Period p, size_t turn, size_t share) {
  Arena *whole = t->s->arena;
  for (size_t i = 0; i < t->s->catalogue->measure_count; i++) {
    const Measure *m = t->s->catalogue->measures[i];
    if (!m->org.column || (i + turn) % share) continue;
    ARENA_SCOPE own = arena_new();
    t->s->arena = own;
    FigureAsk *asks = NEW_ARRAY(own, FigureAsk, t->org_count);
    FigureValue *all = NEW_ARRAY(own, FigureValue, t->org_count);
    for (size_t k = 0; k < t->org_count; k++) asks[k] = (FigureAsk){.measure = m, .org = t->orgs[k], .period = p};
    bool done = figures_values(t->s, asks, t->org_count, all, &t->e);
    for (size_t k = 0; done && k < t->org_count; k++) compare_together(t, &asks[k], &all[k], "spread");
    t->s->arena = whole;
    if (!done) return false;
  }
  return true;
}

/* Fifty thousand figures: what one org and period takes is given back. */
static bool check_org(Trial *t, int64_t org, Period p) {
  Arena *whole = t->s->arena;
  ARENA_SCOPE own = arena_new();
  t->s->arena = own;
  bool done = settle_reporter(t, org, p);
  for (size_t m = 0; done && m < t->s->catalogue->measure_count; m++)
    done = check_fold(t, t->s->catalogue->measures[m], org, p);
  done = done && check_together(t, org, p);
  t->s->arena = whole;
  return done;
}

/* The first period is tried throughout, of the others one in `share`. */
static bool is_tried(const Trial *t, size_t period, size_t other, size_t share) {
  return t->all || !period || (period + other) % share == 0;
}

static bool check_folds(Trial *t) {
  for (size_t i = 0; i < t->period_count; i++) {
    for (size_t k = 0; k < t->org_count; k++)
      if (is_tried(t, i, k, 16) && !check_org(t, t->orgs[k], t->periods[i])) return false;
    if (!check_spread(t, t->periods[i], i, t->all || !i ? 1 : 16)) return false;
  }
  return true;
}

/* ---- a row taken away, a line added ---- */

static bool check_removal(Trial *t, const Measure *m, Period p) {
  ARENA_SCOPE a = arena_new();
  Folding f;
  FigureValue v, expected;
  if (!fold(t, a, m, t->s->tree->root, p, -1, &f)) return false;
  if (!f.seen) return true;
  if (!fold(t, a, m, t->s->tree->root, p, (int64_t)draw(t, (uint64_t)f.seen), &f)) return false;
  figure_fold_value(f.others, &expected);
  Value binds[] = {value_int(t->s->area), value_int(f.dropped)};
  bool done = tx_mark(t->s->tx, &t->e) && tx_exec(t->s->tx, row_delete_sql(a, m->rows), binds, 2, NULL, &t->e) &&
              value_of(t, m, t->s->tree->root, p, &v) && tx_back(t->s->tx, &t->e);
  t->checks++;
  if (done && !same(&v, &expected)) wrong(t, "removal", m, t->s->tree->root, p, told(t, &v, &expected));
  return done;
}

/* Another line like one that is there. */
static bool copy_line(Trial *t, Arena *a, const Relation *line, bool *found) {
  STMT_SCOPE st = stmt_open(t->s->tx, row_select_sql(a, line, NULL), (Value[]){value_int(t->s->area)}, 1, &t->e);
  *found = false;
  Step step = st ? STEP_ROW : STEP_FAILED;
  Row row = {0};
  for (uint64_t left = draw(t, 50) + 1; left && st && (step = stmt_step(st, &t->e)) == STEP_ROW; left--) {
    row = row_from(a, line, st, 0);
    *found = true;
  }
  if (step == STEP_FAILED || !*found) return step != STEP_FAILED;
  stmt_close(st);
  st = NULL;
  Value *binds = NEW_ARRAY(a, Value, line->column_count + 1);
  binds[0] = value_int(t->s->area);
  memcpy(binds + 1, row.v, sizeof *binds * line->column_count);
  binds[1] = value_int(INT64_C(1) << 40);
  return tx_exec(t->s->tx, row_upsert_sql(a, line), binds, line->column_count + 1, NULL, &t->e);
}

static bool check_line(Trial *t, const Measure *m, const Relation *line, Period p) {
  ARENA_SCOPE a = arena_new();
  FigureValue before, after;
  bool found;
  int64_t root = t->s->tree->root;
  if (!value_of(t, m, root, p, &before) || !tx_mark(t->s->tx, &t->e) || !copy_line(t, a, line, &found) ||
      !value_of(t, m, root, p, &after) || !tx_back(t->s->tx, &t->e))
    return false;
  t->checks += found;
  if (!same(&after, &before)) wrong(t, "line", m, root, p, told(t, &after, &before));
  return true;
}

static bool check_changes(Trial *t) {
  for (size_t i = 0; i < t->period_count; i++) {
    if (!settle_reporter(t, t->s->tree->root, t->periods[i])) return false;
    for (size_t k = 0; k < t->s->catalogue->measure_count; k++) {
      const Measure *m = t->s->catalogue->measures[k];
      if (!is_tried(t, i, k, 4)) continue;
      if (!check_removal(t, m, t->periods[i])) return false;
      for (size_t n = 0; !m->rows->parent && n < m->rows->line_count; n++)
        if (!check_line(t, m, m->rows->lines[n], t->periods[i])) return false;
    }
  }
  return true;
}

/* ---- a condition and its opposite ---- */

static bool count_where(Trial *t, const Relation *r, const Filter *f, Period p, bool strict, int64_t *out) {
  Query q;
  FilterScope scope = {
      .area = t->s->area, .here = t->s->tree->root, .period = p, .reporter = t->reporter > 0 ? t->reporter : 0};
  query_begin(&q, t->s->arena, t->s->catalogue, r, scope);
  const char *test = query_filter(&q, f, strict), *area = query_area(&q);
  const char *sql = arena_print(t->s->arena, "SELECT COUNT(*) FROM %s WHERE %s AND (%s)%s", query_from(&q), area, test,
                                strict ? " IS NULL" : "");
  bool done = tx_int(t->s->tx, sql, q.binds, q.bind_count, out, NULL, &t->e);
  query_end(&q);
  return done;
}

static bool check_partition(Trial *t, const Measure *m, const Filter *f, Period p) {
  if (!f) return true;
  const Filter *not = filter_not(t->s->arena, f);
  int64_t all, yes, no, open, not_open;
  if (!count_where(t, m->rows, NULL, p, false, &all) || !count_where(t, m->rows, f, p, false, &yes) ||
      !count_where(t, m->rows, not, p, false, &no) || !count_where(t, m->rows, f, p, true, &open) ||
      !count_where(t, m->rows, not, p, true, &not_open))
    return false;
  t->checks++;
  if (yes + no != all || open != not_open || open > no + yes)
    wrong(t, "partition", m, 0, p,
          arena_print(t->s->arena, "%lld + %lld of %lld, %lld and %lld open", (long long)yes, (long long)no,
                      (long long)all, (long long)open, (long long)not_open));
  return true;
}

static bool check_partitions(Trial *t) {
  Period p = t->periods[0];
  if (!settle_reporter(t, t->s->tree->root, p)) return false;
  for (size_t k = 0; k < t->s->catalogue->measure_count; k++) {
    const Measure *m = t->s->catalogue->measures[k];
    if (!check_partition(t, m, m->where, p) || !check_partition(t, m, m->share, p)) return false;
  }
  return true;
}

/* ---- the tree ---- */

/* What stands under the root is what its parts hold and what is held at the root itself. */
static bool check_sums(Trial *t, Period p) {
  int64_t root = t->s->tree->root, *parts;
  size_t count = org_children(t->s->tree, t->s->arena, root, period_last(p), &parts);
  if (!settle_reporter(t, root, p)) return false;
  for (size_t k = 0; k < t->s->catalogue->measure_count; k++) {
    const Measure *m = t->s->catalogue->measures[k];
    if ((m->fold != FOLD_COUNT && m->fold != FOLD_SUM) || !m->org.column) continue;
    ARENA_SCOPE a = arena_new();
    Folding f;
    FigureValue whole, part;
    if (!value_of(t, m, root, p, &whole)) return false;
    if (whole.unanswered) continue;
    if (!fold(t, a, m, root, p, -1, &f)) return false;
    int64_t unit = 1;
    for (int i = 0; m->fold == FOLD_SUM && i < m->value.column->scale; i++) unit *= 10;
    Ratio sum;
    bool exact = ratio_make(f.loose, unit, &sum);
    for (size_t i = 0; i < count; i++) {
      if (!value_of(t, m, parts[i], p, &part)) return false;
      exact = exact && ratio_add(sum, part.exact, &sum);
    }
    t->checks++;
    NumberText x, y;
    if (!exact || ratio_compare(sum, whole.exact))
      wrong(t, "sums", m, root, p,
            arena_print(a, "%s in all, %s in parts", ratio_text(whole.exact, x), ratio_text(sum, y)));
  }
  return true;
}

typedef struct Kept {
  FigureValue v;
} Kept;

/* Every figure of every org of a year, in order. */
static bool keep_year(Trial *t, Period p, Kept *at) {
  for (size_t k = 0; k < t->org_count; k++) {
    if (!settle_reporter(t, t->orgs[k], p)) return false;
    for (size_t m = 0; m < t->s->catalogue->measure_count; m++, at++)
      if (!value_of(t, t->s->catalogue->measures[m], t->orgs[k], p, &at->v)) return false;
  }
  return true;
}

static bool move_org(Trial *t, int64_t org, int64_t to, Date on) {
  Session *s = t->s;
  const Relation *spell = catalogue_core(s->catalogue, "org.spell");
  Row row = row_new(s->arena, spell);
  *row_at(row, "id") = value_int(INT64_C(1) << 41);
  *row_at(row, "record") = value_int(org);
  *row_at(row, "pos") = value_int(99);
  *row_at(row, "from_on") = value_int(on);
  *row_at(row, "name") = value_text(org_name(s->tree, org, on));
  *row_at(row, "parent") = value_int(to);
  Value *binds = NEW_ARRAY(s->arena, Value, spell->column_count + 1);
  binds[0] = value_int(s->area);
  memcpy(binds + 1, row.v, sizeof *binds * spell->column_count);
  if (!tx_exec(s->tx, row_upsert_sql(s->arena, spell), binds, spell->column_count + 1, NULL, &t->e)) return false;
  s->tree = org_tree_load(s->arena, s->tx, s->catalogue, s->area, &t->e);
  return s->tree && org_spans_rebuild(s->tx, s->tree, s->area, &t->e);
}

/* An org two levels down, and another parent for it of the kind that it has. */
static bool find_move(Trial *t, Date on, int64_t *org, int64_t *to) {
  const OrgTree *tree = t->s->tree;
  for (size_t i = 0; i < tree->count; i++) {
    int64_t parent = org_parent(tree, tree->at[i].id, on), top = parent ? org_parent(tree, parent, on) : 0;
    for (size_t k = 0; top == tree->root && k < tree->count; k++)
      if (tree->at[k].id != parent && !strcmp(tree->at[k].kind, org_node(tree, parent)->kind) &&
          org_parent(tree, tree->at[k].id, on) == tree->root) {
        *org = tree->at[i].id;
        *to = tree->at[k].id;
        return true;
      }
  }
  return false;
}

static bool check_move(Trial *t, int year) {
  size_t count = t->org_count * t->s->catalogue->measure_count;
  Kept *before = NEW_ARRAY(t->s->arena, Kept, count), *after = NEW_ARRAY(t->s->arena, Kept, count);
  int64_t org, to;
  Period last = period_year(year - 1);
  if (!find_move(t, date_make(year, 6, 1), &org, &to)) return true;
  if (!check_sums(t, period_year(year)) || !keep_year(t, last, before) || !tx_mark(t->s->tx, &t->e) ||
      !move_org(t, org, to, date_make(year, 6, 1)) || !keep_year(t, last, after) || !check_sums(t, period_year(year)) ||
      !check_sums(t, last) || !tx_back(t->s->tx, &t->e))
    return false;
  for (size_t i = 0; i < count; i++) {
    t->checks++;
    const Measure *m = t->s->catalogue->measures[i % t->s->catalogue->measure_count];
    if (!same(&before[i].v, &after[i].v))
      wrong(t, "move", m, t->orgs[i / t->s->catalogue->measure_count], last, told(t, &after[i].v, &before[i].v));
  }
  return true;
}

/* ---- what is tried ---- */

static void choose(Trial *t, int year, bool sample) {
  const OrgTree *tree = t->s->tree;
  size_t room = 0, org_room = 0;
  *PUSH(t->s->arena, t->periods, t->period_count, room) = period_year(year);
  *PUSH(t->s->arena, t->periods, t->period_count, room) = period_year(year - 1);
  for (int q = 1; q <= (sample ? 1 : 4); q++)
    *PUSH(t->s->arena, t->periods, t->period_count, room) = period_quarter(year, q);
  for (int m = sample ? 6 : 1; m <= (sample ? 6 : 12); m++)
    *PUSH(t->s->arena, t->periods, t->period_count, room) = period_month(year, m);
  for (size_t i = 0; i < tree->count; i += sample ? 9 : 1)
    *PUSH(t->s->arena, t->orgs, t->org_count, org_room) = tree->at[i].id;
}

int main(int argc, char **argv) {
  if (argc < 2 || argc > 3) return fprintf(stderr, "properties SITE [all]\n"), 2;
  Trial t = {.random = 20231220, .all = argc == 3 && !strcmp(argv[2], "all")};
  SITE_SCOPE site = site_open(argv[1], false, &t.e);
  SESSION_SCOPE s = site ? session_open(site, NULL, TX_WRITE, &t.e) : NULL;
  if (!s) return fprintf(stderr, "%s\n", t.e.sentence), 3;
  t.s = s;
  int year = date_year(s->today);
  bool sample = !t.all && strcmp(store_engine(site->store), "sqlite") != 0;
  choose(&t, year, sample);
  bool done = check_folds(&t) && check_changes(&t) && check_partitions(&t) && check_move(&t, year);
  if (!done) printf("WRONG: %s (%s)\n", t.e.sentence, t.e.cause);
  printf("%zu figures, %zu orgs, %zu periods: %ld checks, %ld wrong\n", s->catalogue->measure_count, t.org_count,
         t.period_count, t.checks, t.wrong);
  return !done || t.wrong || !t.checks;
}
