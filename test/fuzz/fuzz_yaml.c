/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Any bytes as one file of a profile: a catalogue, or at least one issue with a place and a sentence. The
 * first byte picks which file it is. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "relation/catalogue.h"
#include "relation/row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good) {
  if (!good) abort();
}

static const char profile[] = "profile: office\nlabel: 测试\nreporter: title = '书记'\n";
static const char codes[] =
    "codes:\n  - {name: schooling, of: [小学, 高中], ordered: true}\n  - {name: post_title, of: [书记]}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const paths[] = {"ledgers/a.yaml", "sets/a.yaml", "profile.yaml", "codes.yaml"};
  ARENA_SCOPE a = arena_new();
  if (!size) return 0;
  const char *path = paths[data[0] & 3], *text = arena_slice(a, (const char *)data + 1, size - 1);
  ProfileFile files[3] = {{path, text, size - 1}};
  size_t count = 1;
  if (strcmp(path, "profile.yaml") != 0) files[count++] = (ProfileFile){"profile.yaml", profile, sizeof profile - 1};
  if (strcmp(path, "codes.yaml") != 0) files[count++] = (ProfileFile){"codes.yaml", codes, sizeof codes - 1};
  Issues issues = {.arena = a};
  Error e = {0};
  Catalogue *c = catalogue_read(a, files, count, &issues, &e);
  if (!c) {
    check(issues.count && *e.sentence);
    for (size_t i = 0; i < issues.count; i++) check(*issues.at[i].where && *issues.at[i].sentence);
    return 0;
  }
  TEXT_SCOPE ddl = text_new(TEXT_CEILING);
  for (size_t i = 0; i < c->relation_count; i++) relation_ddl(c->relations[i], &ddl);
  for (size_t i = 0; i < c->measure_count; i++) check(c->measures[i]->org.column && *c->measures[i]->unit);
  return 0;
}
