/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Errors are sentences. Cutting a long one never splits a character. */
#include "base/error.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

__attribute__((format(printf, 4, 0))) static void vset(Error *e, ErrorKind kind, const char *cause, const char *format,
                                                       va_list args) {
  char sentence[sizeof e->sentence], copy[sizeof e->cause]; /* the arguments may point into *e */
  int length = vsnprintf(sentence, sizeof sentence, format, args);
  if (length >= (int)sizeof sentence) utf8_trim(sentence);
  snprintf(copy, sizeof copy, "%s", cause ? cause : "");
  utf8_trim(copy);
  e->kind = kind;
  memcpy(e->sentence, sentence, sizeof sentence);
  memcpy(e->cause, copy, sizeof copy);
}

bool fail(Error *e, ErrorKind kind, const char *sentence, ...) {
  va_list args;
  va_start(args, sentence);
  vset(e, kind, NULL, sentence, args);
  va_end(args);
  return false;
}

bool fail_because(Error *e, ErrorKind kind, const char *cause, const char *sentence, ...) {
  va_list args;
  va_start(args, sentence);
  vset(e, kind, cause, sentence, args);
  va_end(args);
  return false;
}

void issue_add(Issues *list, const char *where, const char *field, const char *sentence, ...) {
  va_list args;
  va_start(args, sentence);
  Issue *issue = PUSH(list->arena, list->at, list->count, list->room);
  issue->where = arena_copy(list->arena, where);
  issue->field = arena_copy(list->arena, field);
  issue->sentence = arena_vprint(list->arena, sentence, args);
  va_end(args);
}

bool issues_fail(const Issues *list, Error *e, const char *opening) {
  enum { SHOWN = 5 };
  if (!list->count) return true;
  TEXT_SCOPE all = text_new(sizeof e->sentence * 4);
  text_add(&all, opening);
  for (size_t i = 0; i < list->count && i < SHOWN; i++) {
    if (list->at[i].where && *list->at[i].where) text_print(&all, "%s：", list->at[i].where);
    text_add(&all, list->at[i].sentence);
  }
  if (list->count > SHOWN) text_print(&all, "另有%zu处。", list->count - SHOWN);
  return fail(e, ERROR_INVALID, "%s", text_get(&all));
}

const char *nearest(const char *word, const char *const *candidates, size_t count) {
  enum { LONGEST = 64 };
  uint32_t a[LONGEST], b[LONGEST];
  size_t n = utf8_decode(word, a, LONGEST), best = SIZE_MAX;
  const char *found = NULL;
  for (size_t c = 0; c < count; c++) {
    size_t m = utf8_decode(candidates[c], b, LONGEST), row[LONGEST + 1];
    for (size_t j = 0; j <= m; j++) row[j] = j;
    for (size_t i = 1; i <= n; i++) {
      size_t diagonal = row[0];
      row[0] = i;
      for (size_t j = 1; j <= m; j++) {
        size_t up = row[j], cost = diagonal + (a[i - 1] != b[j - 1]);
        if (up + 1 < cost) cost = up + 1;
        if (row[j - 1] + 1 < cost) cost = row[j - 1] + 1;
        row[j] = cost;
        diagonal = up;
      }
    }
    if (row[m] < best && row[m] <= (n > m ? n : m) / 2) {
      best = row[m];
      found = candidates[c];
    }
  }
  return found;
}
