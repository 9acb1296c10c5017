/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Closures are few; they are read once a session. */
#include "access/closure.h"

#include <string.h>

typedef struct Closure { const char *ledger; int64_t org; Date from, to; } Closure;
struct Closures { Closure *at; size_t count, room; };

static struct Closures *load(Session *s, Error *e) {
  if (s->closures) return s->closures;
  struct Closures *all = NEW(s->lasting, struct Closures);
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT ledger, org_id, from_on, to_on FROM closure WHERE area_id = $1 AND state <> $2 ORDER BY id",
                            (Value[]){value_int(s->area), value_text(STATE_VOID)}, 2, e);
  if (!st) return NULL;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW)
    *PUSH(s->lasting, all->at, all->count, all->room) =
        (Closure){arena_copy(s->lasting, stmt_text(st, 0)), stmt_int(st, 1), (Date)stmt_int(st, 2), (Date)stmt_int(st, 3)};
  return step == STEP_DONE ? (s->closures = all) : NULL;
}

static bool covers(const Session *s, const Closure *c, const Relation *r, int64_t org, Date from, Date last) {
  const Relation *record = r->parent ? r->parent : r;
  return !strcmp(c->ledger, record->name) && c->from <= from && last <= c->to && org_under(s->tree, org, c->org, from);
}

bool closed_on(Session *s, const Relation *r, int64_t org, Date day, Error *e) {
  struct Closures *all = load(s, e);
  if (!all) return true;
  for (size_t i = 0; i < all->count; i++)
    if (covers(s, &all->at[i], r, org, day, day)) return true;
  return false;
}

bool closed_throughout(Session *s, const Relation *r, int64_t org, Period period, Error *e) {
  struct Closures *all = load(s, e);
  for (size_t i = 0; all && i < all->count; i++)
    if (covers(s, &all->at[i], r, org, period.from, period_last(period))) return true;
  return false;
}
