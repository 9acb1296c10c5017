/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The figures of a page at once. Questions whose rows are the same but for what is tested and folded are read in one
 * statement; so is one question about many orgs, each row standing under every org above it. The pieces are those of
 * the plan that answers a question by itself and lists its rows, so that the answers are the same. */
#include "figure/ask.h"

#include <string.h>

enum {
  TOGETHER = 24, /* plans in a statement */
  BLOCK = 1024   /* questions looked at together */
};

typedef struct Reporter {
  int64_t org, person;
  Period period;
} Reporter;

/* Questions read by one statement: `plan` of each is an index into `plans`. */
typedef struct Group {
  size_t members[BLOCK], plan[BLOCK];
  size_t count;
  Plan plans[TOGETHER];
  const FigureAsk *asked[TOGETHER]; /* what each plan is of */
  size_t plan_count;
  bool spread;
} Group;

typedef struct Asking {
  Session *session;
  FigureAsk *asks;
  FigureValue *out;
  bool *done;
  size_t count;
} Asking;

static bool same_period(Period a, Period b) { return a.from == b.from && a.to == b.to; }

/* Gate and reporter of all, each reporter looked up once. Who needs none takes the one that is known, so as to be
 * read with those who do. */
static bool ready(Session *s, FigureAsk *asks, size_t count, Error *e) {
  Reporter *known = NULL;
  size_t known_count = 0, room = 0;
  for (size_t i = 0; i < count; i++) {
    int64_t before = asks[i].reporter;
    if (!asks[i].org) asks[i].org = s->tree->root;
    for (size_t k = 0; k < known_count && !asks[i].reporter; k++)
      if (known[k].org == asks[i].org && same_period(known[k].period, asks[i].period))
        asks[i].reporter = known[k].person;
    if (!ask_ready(s, &asks[i], e)) return false;
    if (!before && asks[i].reporter)
      *PUSH(s->arena, known, known_count, room) = (Reporter){asks[i].org, asks[i].reporter, asks[i].period};
  }
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < known_count && !asks[i].reporter; k++)
      if (known[k].org == asks[i].org && same_period(known[k].period, asks[i].period))
        asks[i].reporter = known[k].person;
  return true;
}

static bool alike(const FigureAsk *a, const FigureAsk *b, bool spread) {
  FigureAsk there = *b;
  if (spread) there.org = a->org;
  return plan_alike(a, &there);
}

static bool may_spread(const Asking *x, size_t i) {
  return x->asks[i].org != x->session->tree->root && plan_spreads(&x->asks[i]);
}

/* Which plan answers the question: one of its measure that is there, or another. False when there is no room. */
static bool find_plan(Group *g, const FigureAsk *ask, size_t *at) {
  for (*at = 0; *at < g->plan_count; ++*at)
    if (g->asked[*at]->measure == ask->measure && g->asked[*at]->slice == ask->slice) return true;
  if (g->plan_count == TOGETHER) return false;
  g->asked[g->plan_count++] = ask;
  return true;
}

static void gather(Asking *x, size_t from, bool spread, Group *g) {
  g->spread = spread;
  g->count = g->plan_count = 0;
  for (size_t i = from; i < x->count; i++) {
    if (x->done[i] || (spread && !may_spread(x, i)) || !alike(&x->asks[from], &x->asks[i], spread)) continue;
    if (!find_plan(g, &x->asks[i], &g->plan[g->count])) continue;
    g->members[g->count++] = i;
  }
}

static bool many_orgs(const Asking *x, const Group *g) {
  for (size_t i = 1; i < g->count; i++)
    if (x->asks[g->members[i]].org != x->asks[g->members[0]].org) return true;
  return false;
}

static bool settle(Asking *x, const Group *g, size_t member, const FigureSums *sums, Error *e) {
  size_t i = g->members[member];
  x->done[i] = true;
  return value_from(x->asks[i].measure, *sums, &x->out[i]) || value_too_large(x->asks[i].measure, e);
}

/* Values of every member that the row is about. */
static bool take_row(Asking *x, const Group *g, const Stmt *st, Error *e) {
  size_t first = g->spread ? 1 : 0;
  for (size_t m = 0; m < g->count; m++) {
    if (g->spread && x->asks[g->members[m]].org != stmt_int(st, 0)) continue;
    FigureSums sums = sums_from(&g->plans[g->plan[m]], st, first + PLAN_VALUE_COLUMNS * g->plan[m]);
    if (!settle(x, g, m, &sums, e)) return false;
  }
  return true;
}

/* The plans of the group are made, and joined to the first. */
static bool ask_store(Asking *x, Group *g, Error *e) {
  Session *s = x->session;
  Plan *plans[TOGETHER];
  for (size_t i = 0; i < g->plan_count; i++) {
    plans[i] = &g->plans[i];
    if (i) plan_join(plans[0], *g->asked[i], plans[i]);
  }
  const char *sql = plan_sql_together(plans, g->plan_count, g->spread);
  STMT_SCOPE st = stmt_open(s->tx, sql, plans[0]->query->binds, plans[0]->query->bind_count, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW)
    if (!take_row(x, g, st, e)) return false;
  if (step == STEP_FAILED) return false;
  const FigureSums nothing = {0}; /* no row stands under the org */
  for (size_t m = 0; m < g->count; m++)
    if (!x->done[g->members[m]] && !settle(x, g, m, &nothing, e)) return false;
  return true;
}

static bool ask_group(Asking *x, Group *g, Error *e) {
  FigureAsk first = *g->asked[0];
  if (g->spread) first.org = x->session->tree->root;
  if (!plan_make(x->session, first, PLAN_VALUE, &g->plans[0], e)) return false;
  bool done = ask_store(x, g, e);
  plan_end(&g->plans[0]);
  return done;
}

static bool ask_block(Asking *x, Group *g, Error *e) {
  for (size_t i = 0; i < x->count; i++) {
    if (x->done[i]) continue;
    bool spread = may_spread(x, i);
    if (spread) gather(x, i, true, g);
    if (!spread || !many_orgs(x, g)) gather(x, i, false, g);
    bool alone = g->count == 1;
    if (alone) x->done[i] = true;
    if (!(alone ? ask_one(x->session, x->asks[i], &x->out[i], e) : ask_group(x, g, e))) return false;
  }
  return true;
}

bool figures_values(Session *s, const FigureAsk *asks, size_t count, FigureValue *out, Error *e) {
  FigureAsk *own = NEW_ARRAY(s->arena, FigureAsk, count + 1);
  bool *done = NEW_ARRAY(s->arena, bool, count + 1);
  Group *g = NEW(s->arena, Group);
  if (count) memcpy(own, asks, sizeof *own * count);
  if (!ready(s, own, count, e)) return false;
  for (size_t i = 0; i < count; i++) {
    const char *why = plan_unanswered(s->arena, own[i].measure, own[i].period);
    done[i] = why != NULL;
    out[i] = (FigureValue){.null = why != NULL, .unanswered = why, .exact = ratio_int(0)};
  }
  for (size_t at = 0; at < count; at += BLOCK) {
    size_t n = count - at < BLOCK ? count - at : BLOCK;
    Asking x = {.session = s, .asks = own + at, .out = out + at, .done = done + at, .count = n};
    if (!ask_block(&x, g, e)) return false;
  }
  return true;
}
