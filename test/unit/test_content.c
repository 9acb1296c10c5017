/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Engine and content are apart: no string literal in src/ equals the name of a ledger, set, measure or
 * choice that only the profile declares. A measure is ever only named in full (set.measure): its own word may be any. */
#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "relation/catalogue.h"

typedef struct Words { Arena *arena; const char **at; size_t count, room; } Words;

static void add(Words *w, const char *word) { *PUSH(w->arena, w->at, w->count, w->room) = word; }

static bool has(const Words *w, const char *word, size_t n) {
  for (size_t i = 0; i < w->count; i++)
    if (strlen(w->at[i]) == n && !memcmp(w->at[i], word, n)) return true;
  return false;
}

static void add_choices(Words *w, const Relation *r) {
  for (size_t i = 0; i < r->column_count; i++)
    for (size_t k = 0; !r->columns[i].system && r->columns[i].codes && k < r->columns[i].codes->count; k++)
      add(w, r->columns[i].codes->at[k].name);
}

/* Literals of one file that are words of the profile; prints each. */
static size_t breaches_of(const char *path, const Words *content, const Words *engine) {
  static char line[16 * 1024];
  size_t found = 0, number = 0;
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  while (fgets(line, sizeof line, f)) {
    number++;
    if (!strncmp(line, "#include", 8)) continue;
    for (const char *s = line; (s = strchr(s, '"'));) {
      const char *end = ++s;
      while (*end && *end != '"') end += *end == '\\' && end[1] ? 2 : 1;
      size_t n = (size_t)(end - s);
      if (has(content, s, n) && !has(engine, s, n)) {
        print_error("%s:%zu: \"%.*s\" is a word of the profile\n", path, number, (int)n, s);
        found++;
      }
      s = *end ? end + 1 : end;
    }
  }
  fclose(f);
  return found;
}

static size_t walk(Arena *a, const char *folder, const Words *content, const Words *engine) {
  size_t found = 0;
  DIR *d = opendir(folder);
  assert_non_null(d);
  for (struct dirent *entry; (entry = readdir(d));) {
    const char *path = arena_print(a, "%s/%s", folder, entry->d_name);
    size_t n = strlen(path);
    if (entry->d_name[0] == '.') continue;
    if (entry->d_type == DT_DIR) found += walk(a, path, content, engine);
    else if (n > 2 && (!strcmp(path + n - 2, ".c") || !strcmp(path + n - 2, ".h"))) found += breaches_of(path, content, engine);
  }
  closedir(d);
  return found;
}

static void engine_knows_no_content(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  Catalogue *c = catalogue_load(a, "profile/township", NULL, &issues, &e);
  for (size_t i = 0; i < issues.count; i++) print_error("%s %s\n", issues.at[i].where, issues.at[i].sentence);
  assert_non_null(c);
  Words content = {.arena = a}, engine = {.arena = a};
  /* the traits that hooks of the engine hang on (DESIGN: life, problem, assignment) and the keys of a declaration
   * (docs/declare.md) are the engine's own names */
  add(&engine, "problem");
  add(&engine, "life");
  add(&engine, "terms");
  add(&engine, "orgs"); /* its own noun, several of them */
  for (size_t i = 0; i < c->relation_count; i++) {
    const Relation *r = c->relations[i];
    if (!r->parent) add(r->core ? &engine : &content, r->name);
    if (r->core) {
      for (size_t k = 0; k < r->column_count; k++) add(&engine, r->columns[k].name);
      for (size_t k = 0; k < r->line_count; k++) add(&engine, r->lines[k]->own_name);
    }
    add_choices(r->core ? &engine : &content, r);
  }
  for (size_t i = 0; i < c->duty_count; i++) {
    add(&content, c->duties[i].name);
    add(&content, c->duties[i].label);
  }
  for (size_t i = 0; i < c->set_count; i++) {
    add(&content, c->sets[i]->name);
    for (size_t k = 0; k < c->sets[i]->measure_count; k++) add(&content, c->sets[i]->measures[k].full_name);
  }
  assert_int_equal(walk(a, "src", &content, &engine), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(engine_knows_no_content)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
