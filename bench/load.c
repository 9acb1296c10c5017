/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Fills a site with load data of any size, or writes them as CSV for import:
 *   load SITE bench/load.yaml 100000          records with three lines each, into the site
 *   load SITE bench/load.yaml 100000 FOLDER   the same as CSV; the site is only read */
#include <stdio.h>
#include <stdlib.h>

#include "cli/generate.h"

static int failed(const Issues *issues, const Error *e) {
  for (size_t i = 0; i < issues->count; i++) fprintf(stderr, "%s：%s\n", issues->at[i].where, issues->at[i].sentence);
  if (!issues->count) fprintf(stderr, "%s\n", e->sentence);
  return 3;
}

int main(int argc, char **argv) {
  if (argc < 4) return fputs("load SITE FILE.yaml SIZE [FOLDER]\n", stderr), 2;
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  Generated made;
  const Generation *g = generation_read(a, argv[2], &issues, &e);
  SITE_SCOPE site = g ? site_open(argv[1], false, &e) : NULL;
  if (!site) return failed(&issues, &e);
  int64_t size = strtoll(argv[3], NULL, 10);
  bool done = argc > 4 ? generation_csv(site, g, size, argv[4], &made, &issues, &e)
                       : generation_fill(site, g, size, &made, &issues, &e);
  if (!done) return failed(&issues, &e);
  printf("%lld records, %lld lines, %lld revisions\n", (long long)made.records, (long long)made.lines,
         (long long)made.revisions);
  return 0;
}
