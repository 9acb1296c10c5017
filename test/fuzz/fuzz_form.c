/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A first line as the Content-Type, the rest as the body of a form: refused with a sentence, or fields that keep
 * every bound and are text. What was read is written as a query and read again as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "web/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good) {
  if (!good) abort();
}

static void check_field(const Field *f) {
  size_t bad;
  check(f->name && strlen(f->name) <= FORM_NAME && utf8_valid(f->name, strlen(f->name), &bad));
  if (f->filename) {
    check(!strchr(f->filename, '/') && !strchr(f->filename, '\\') && strlen(f->filename) <= FORM_NAME);
    return;
  }
  check(f->size <= 3 * (size_t)FORM_VALUE && strlen(f->value) == f->size && utf8_valid(f->value, f->size, &bad));
}

static void read_again(Arena *a, const Form *f) {
  Error e = {0};
  TEXT_SCOPE query = text_new(TEXT_CEILING);
  Form again = {0};
  for (size_t i = 0; i < f->count; i++)
    if (!f->at[i].filename && *f->at[i].name)
      text_print(&query, "%s%s=%s", query.length ? "&" : "", url_encode(a, f->at[i].name), url_encode(a, f->at[i].value));
  if (!form_read_query(a, text_get(&query), query.length, &again, &e)) {
    check(e.kind == ERROR_LIMIT); /* encoded, a long name or value is longer */
    return;
  }
  size_t at = 0;
  for (size_t i = 0; i < f->count; i++) {
    if (f->at[i].filename || !*f->at[i].name) continue;
    check(at < again.count && !strcmp(again.at[at].name, f->at[i].name) && !strcmp(again.at[at].value, f->at[i].value));
    at++;
  }
  check(at == again.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  Form form = {0};
  const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
  size_t head = line ? (size_t)(line - data) : 0, from = line ? head + 1 : 0;
  const char *type = arena_slice(a, (const char *)data, head);
  if (!form_read_body(a, type, (const char *)data + from, size - from, &form, &e)) {
    check(e.kind != ERROR_NONE && *e.sentence);
    return 0;
  }
  check(form.count <= FORM_FIELDS);
  for (size_t i = 0; i < form.count; i++) check_field(&form.at[i]);
  read_again(a, &form);
  return 0;
}
