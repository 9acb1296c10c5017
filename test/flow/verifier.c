/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi verify --format json` for many texts of one site without starting the program for each: reads a
 * path a line, answers one line of JSON. Each text has a session of its own, as on the command line. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/verify.h"

enum { TEXT_MOST = 1024 * 1024 };

static char *read_text(Arena *a, const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) return NULL;
  char *text = arena_alloc(a, TEXT_MOST + 1);
  size_t n = fread(text, 1, TEXT_MOST, f);
  fclose(f);
  text[n] = '\0';
  return text;
}

static bool answer(Site *site, const char *path, Period period, Error *e) {
  SESSION_SCOPE s = session_open(site, NULL, TX_READ, e);
  const char *text = s ? read_text(s->arena, path) : NULL;
  Verification *v = NULL;
  if (!s) return false;
  if (!text) return fail(e, ERROR_MISSING, "打不开%s，请核对路径。", path);
  if (!verify_text(s, path, text, s->tree->root, &period, &v, e)) return false;
  json_t *out = verification_json(s, v);
  char *line = json_dumps(out, JSON_COMPACT);
  json_decref(out);
  bool written = line && puts(line) >= 0 && fflush(stdout) == 0;
  free(line);
  return written || fail(e, ERROR_UNAVAILABLE, "写不出结果。");
}

int main(int argc, char **argv) {
  char path[4096];
  Error e = {0};
  Period period;
  if (argc != 3) return fprintf(stderr, "verifier SITE PERIOD\n"), 2;
  SITE_SCOPE site = site_open(argv[1], false, &e);
  bool done = site && period_read(argv[2], &period, &e);
  while (done && fgets(path, sizeof path, stdin)) {
    path[strcspn(path, "\n")] = '\0';
    done = answer(site, path, period, &e);
  }
  if (!done) fprintf(stderr, "%s\n", e.sentence);
  return !done;
}
