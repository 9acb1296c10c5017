/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * All figures of a site's year within one process, as a page asks them: one after the other, all in one call, and
 * all again with what was prepared before; then one measure after the other over twelve months and over all orgs.
 * Prints milliseconds, the first and the least of several runs; 1 when the two ways of asking differ.
 *
 *   bench_all_figures SITE */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "figure/figure.h"

enum { RUNS = 9 };

typedef struct Asked {
  FigureAsk *at;
  size_t count;
} Asked;

static int64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

typedef bool Way(Session *s, const Asked *asked, FigureValue *out, Error *e);

static bool one_by_one(Session *s, const Asked *asked, FigureValue *out, Error *e) {
  for (size_t i = 0; i < asked->count; i++)
    if (!figure_value(s, asked->at[i], &out[i], e)) return false;
  return true;
}

static bool together(Session *s, const Asked *asked, FigureValue *out, Error *e) {
  return figures_values(s, asked->at, asked->count, out, e);
}

static bool time_one(Site *site, Way *way, const Asked *asked, FigureValue *out, int64_t *took, Error *e) {
  SESSION_SCOPE s = session_open(site, NULL, TX_READ, e);
  if (!s) return false;
  int64_t began = now_us();
  if (!way(s, asked, out, e)) return false;
  *took = now_us() - began;
  return true;
}

static bool time_way(const char *folder, const char *name, Way *way, const Asked *asked, FigureValue *out, Error *e) {
  SITE_SCOPE site = site_open(folder, false, e); /* with nothing prepared */
  int64_t first = 0, least = INT64_MAX;
  for (int i = 0; site && i < RUNS; i++) {
    int64_t took;
    if (!time_one(site, way, asked, out, &took, e)) return false;
    if (!i) first = took;
    else if (took < least) least = took;
  }
  if (!site) return false;
  printf("  %-12s first %6lld.%02lld ms, again %6lld.%02lld ms\n", name, (long long)(first / 1000),
         (long long)(first % 1000 / 10), (long long)(least / 1000), (long long)(least % 1000 / 10));
  return true;
}

static bool same(const FigureValue *a, const FigureValue *b) {
  return a->null == b->null && !a->unanswered == !b->unanswered && !ratio_compare(a->exact, b->exact) &&
         a->rows == b->rows && a->undetermined == b->undetermined && a->totals == b->totals && a->part == b->part &&
         a->whole == b->whole;
}

static int compare(const char *folder, const char *what, const Asked *asked, Error *e) {
  ARENA_SCOPE a = arena_new();
  FigureValue *single = NEW_ARRAY(a, FigureValue, asked->count), *all = NEW_ARRAY(a, FigureValue, asked->count);
  printf("%s: %zu figures\n", what, asked->count);
  if (!time_way(folder, "one by one", one_by_one, asked, single, e) ||
      !time_way(folder, "together", together, asked, all, e))
    return 3;
  int code = 0;
  for (size_t i = 0; i < asked->count; i++)
    if (!same(&single[i], &all[i])) {
      code = 1;
      printf("  DIFFERS: %s\n", asked->at[i].measure->full_name);
    }
  return code;
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "bench_all_figures SITE\n"), 2;
  Error e = {0};
  SITE_SCOPE site = site_open(argv[1], false, &e);
  SESSION_SCOPE s = site ? session_open(site, NULL, TX_READ, &e) : NULL;
  if (!s) return fprintf(stderr, "%s\n", e.sentence), 3;
  const Catalogue *c = s->catalogue;
  int year = date_year(s->today), code = 0;
  Asked all = {NEW_ARRAY(s->arena, FigureAsk, c->measure_count), 0}, months = all, orgs = all;
  months.at = NEW_ARRAY(s->arena, FigureAsk, c->measure_count * 12);
  orgs.at = NEW_ARRAY(s->arena, FigureAsk, c->measure_count * s->tree->count);
  for (size_t i = 0; i < c->measure_count; i++) {
    const Measure *m = c->measures[i];
    all.at[all.count++] = (FigureAsk){.measure = m, .org = s->tree->root, .period = period_year(year)};
    for (int n = 1; n <= 12; n++)
      months.at[months.count++] = (FigureAsk){.measure = m, .org = s->tree->root, .period = period_month(year, n)};
    for (size_t k = 0; m->org.column && k < s->tree->count; k++)
      orgs.at[orgs.count++] = (FigureAsk){.measure = m, .org = s->tree->at[k].id, .period = period_year(year)};
  }
  code = compare(argv[1], "one org, one year", &all, &e);
  if (!code) code = compare(argv[1], "each measure over twelve months", &months, &e);
  if (!code) code = compare(argv[1], "each measure over every org", &orgs, &e);
  if (e.kind) fprintf(stderr, "%s (%s)\n", e.sentence, e.cause);
  return code;
}
