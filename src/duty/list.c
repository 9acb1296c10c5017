/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What is to be done, out of the board of the last twelve months: what is red, then what soon will be. A duty that
 * nobody met for a whole year is no news to the desk; the board still shows it. */
#include <stdlib.h>

#include "duty/part.h"

enum { MONTHS_BACK = 11 };

static bool is_red(const DutyItem *i) { return i->part.state >= DUTY_LATE; }

/* Red first, the newest before the older; then by the days that are left. Order of duties and orgs is kept. */
static int by_danger(const void *left, const void *right) {
  const DutyItem *a = left, *b = right;
  if (is_red(a) != is_red(b)) return is_red(a) ? -1 : 1;
  if (!is_red(a) && a->part.state != b->part.state) return a->part.state > b->part.state ? -1 : 1;
  if (a->part.days != b->part.days) return a->part.days < b->part.days ? -1 : 1;
  if (a->duty != b->duty) return a->duty < b->duty ? -1 : 1;
  if (a->org != b->org) return a->org < b->org ? -1 : 1;
  return (a->part.period.from > b->part.period.from) - (a->part.period.from < b->part.period.from);
}

static bool is_open(DutyState state) { return state == DUTY_PENDING || state >= DUTY_SOON; }

bool duty_list(Session *s, int64_t org, bool alone, size_t most, DutyList *out, Error *e) {
  DutyBoard b;
  Date month = period_at(PERIOD_MONTH, s->today).from;
  *out = (DutyList){0};
  Period period = period_span(date_add_months(month, -MONTHS_BACK), s->today);
  if (!duty_board(s, (DutyAsk){.org = org, .alone = alone, .period = period}, &b, e)) return false;
  size_t room = 0;
  for (size_t i = 0; i < b.org_count * b.duty_count; i++)
    for (size_t k = 0; k < b.cells[i].part_count; k++) {
      const DutyPart *part = &b.cells[i].parts[k];
      if (!is_open(part->state)) continue;
      out->totals[part->state]++;
      *PUSH(s->arena, out->at, out->count, room) =
          (DutyItem){b.duties[i % b.duty_count], b.orgs[i / b.duty_count], *part};
    }
  if (out->count) qsort(out->at, out->count, sizeof *out->at, by_danger);
  if (most && out->count > most) out->count = most;
  return true;
}
