/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Any bytes as the body of a journalled row: refused, or exactly what row_body writes for the row it gives. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "relation/row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good) {
  if (!good) abort();
}

static const char profile[] = "profile: office\nlabel: 测试\nreporter: title = '书记'\n";
static const char codes[] = "codes:\n  - {name: schooling, of: [小学]}\n  - {name: post_title, of: [书记]}\n";

static const Relation *person(void) {
  static const Catalogue *c;
  if (!c) {
    Arena *a = arena_new();
    Issues issues = {.arena = a};
    Error e;
    ProfileFile files[] = {{"profile.yaml", profile, sizeof profile - 1}, {"codes.yaml", codes, sizeof codes - 1}};
    c = catalogue_read(a, files, 2, &issues, &e);
    check(c != NULL);
  }
  return catalogue_core(c, "person");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  Row row;
  if (!row_read(a, person(), 7, (const char *)data, size, &row, &e)) {
    check(e.kind == ERROR_BROKEN && *e.sentence);
    return 0;
  }
  TEXT_SCOPE body = text_new(TEXT_CEILING);
  row_body(row, &body);
  check(row_id(row) == 7 && body.length == size && memcmp(body.at, data, size) == 0);
  return 0;
}
