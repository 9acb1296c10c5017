/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Settings are few and asked for rarely: read when needed (the mode by session.c, with the account). */
#include "access/setting.h"

#include <stdlib.h>

bool setting_read(Tx *tx, Arena *a, int64_t area, const char *name, const char *otherwise, const char **out, Error *e) {
  STMT_SCOPE st = stmt_open(tx, "SELECT value FROM setting WHERE area_id = $1 AND name = $2 AND state <> $3 ORDER BY id",
                            (Value[]){value_int(area), value_text(name), value_text(STATE_VOID)}, 3, e);
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  *out = step == STEP_ROW ? arena_copy(a, stmt_text(st, 0)) : otherwise;
  return step != STEP_FAILED;
}

bool setting_password_days(Tx *tx, int64_t area, int *out, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char *word;
  if (!setting_read(tx, a, area, SETTING_PASSWORD_DAYS, NULL, &word, e)) return false;
  long days = word ? strtol(word, NULL, 10) : PASSWORD_DAYS;
  *out = days >= 0 && days <= PASSWORD_DAYS_MOST ? (int)days : PASSWORD_DAYS;
  return true;
}
