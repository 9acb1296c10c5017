/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Any bytes as a file from outside: of a known kind, or refused with a sentence; and what is of a kind takes any name
 * with its ending, or none. The same bytes behind the heads of the containers that are looked into. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "access/files.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good) {
  if (!good) abort();
}

static void take(const char *bytes, size_t n) {
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  const FileKind *kind = files_kind(bytes, n, &e);
  check(kind ? kind == files_kind_named(kind->name) : e.kind != ERROR_NONE && *e.sentence);
  if (!kind) return;
  const char *name = files_name(a, arena_slice(a, bytes, n < 300 ? n : 300), kind, &e);
  check(!name || (strlen(name) <= FILES_NAME && utf8_valid(name, strlen(name), NULL) && !strpbrk(name, "/\\\r\n") && *name != '.'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const heads[] = {"", "PK\3\4", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"};
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
    size_t head = strlen(heads[i]);
    char *bytes = malloc(head + size + 1);
    check(bytes != NULL);
    memcpy(bytes, heads[i], head);
    if (size) memcpy(bytes + head, data, size);
    take(bytes, head + size);
    free(bytes);
  }
  return 0;
}
