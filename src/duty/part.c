/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Cutting a time into parts and judging one of them. Days are whole days of the calendar, so that no time zone and no
 * hour can change a light. */
#include "duty/part.h"

#include <string.h>

static const struct {
  const char *name, *word;
} states[] = {[DUTY_NONE] = {"none", ""},
              [DUTY_EXCUSED] = {"excused", "经批准免开"},
              [DUTY_PENDING] = {"pending", "未到期"},
              [DUTY_DONE] = {"done", "已完成"},
              [DUTY_DONE_LATE] = {"done_late", "已完成（迟）"},
              [DUTY_SOON] = {"soon", "临期"},
              [DUTY_LATE] = {"overdue", "逾期"},
              [DUTY_MISSED] = {"missed", "未开展"}};

const char *duty_state_name(DutyState state) { return states[state].name; }
const char *duty_state_word(DutyState state) { return states[state].word; }

static int months_of(PeriodKind kind) {
  static const int months[] = {[PERIOD_YEAR] = 12, [PERIOD_HALF] = 6, [PERIOD_QUARTER] = 3, [PERIOD_MONTH] = 1};
  return months[kind];
}

static int64_t month_number(Date d) { return (int64_t)date_year(d) * 12 + date_month(d) - 1; }

/* Both begin on the first of a month, so the division is exact for the days that parts begin on. */
int64_t part_index(Period first, Date day) {
  int64_t months = month_number(day) - month_number(first.from);
  return months < 0 ? -1 : months / months_of(first.kind);
}

Period *parts_meeting(Arena *a, PeriodKind kind, Period period, size_t *count) {
  *count = 0;
  Period first = period_at(kind, period.from);
  int64_t n = part_index(first, period_last(period)) + 1;
  if (n < 1 || n > PARTS_MOST) return NULL;
  Period *all = NEW_ARRAY(a, Period, n);
  for (Period p = first; *count < (size_t)n; p = period_next(p)) all[(*count)++] = p;
  return all;
}

Date part_day(Period part, Date today) {
  Date last = period_last(part);
  return last < today ? last : today;
}

bool part_owed(Period part, const OrgNode *org) { return org->founded <= part.from && org->dissolved >= part.to; }

Date part_due(const Duty *d, Period part) {
  Date last = period_last(part), by = d->by ? date_add_days(part.from, d->by - 1) : last;
  return date_add_days(by < last ? by : last, d->grace);
}

void part_settle(const Duty *d, const Date *done, size_t count, bool relieved, Date today, DutyPart *part) {
  part->due = part_due(d, part->period);
  part->has = (int)count;
  part->wants = d->count;
  if (count >= (size_t)d->count) {
    part->done_on = done[d->count - 1];
    bool late = part->done_on > part->due;
    part->state = late ? DUTY_DONE_LATE : DUTY_DONE;
    part->days = late ? date_days_between(part->due, part->done_on) : 0;
  } else if (relieved) {
    part->state = DUTY_EXCUSED;
  } else if (today <= part->due) {
    part->days = date_days_between(today, part->due);
    part->state = part->period.from <= today && part->days <= d->soon ? DUTY_SOON : DUTY_PENDING;
  } else {
    part->days = date_days_between(part->due, today);
    part->state = !count && today >= part->period.to ? DUTY_MISSED : DUTY_LATE;
  }
}

void cell_settle(DutyCell *cell) {
  memset(cell->count, 0, sizeof cell->count);
  cell->state = DUTY_NONE;
  cell->worst = NULL;
  for (size_t i = 0; i < cell->part_count; i++) {
    const DutyPart *p = &cell->parts[i];
    cell->count[p->state]++;
    if (p->state <= cell->state) continue;
    cell->state = p->state;
    cell->worst = p;
  }
}

/* ---- orgs ---- */

bool duty_readable(const Session *s, int64_t org, Date day) {
  for (size_t i = 0; i < s->actor.grant_count; i++) {
    const Grant *g = &s->actor.grants[i];
    if (g->role->reads && grant_reaches(s, g, org, day)) return true;
  }
  return false;
}

static size_t node_index(const OrgTree *t, int64_t id) {
  const OrgNode *n = id ? org_node(t, id) : NULL;
  return n ? (size_t)(n - t->at) : t->count;
}

void orgs_in_order(const OrgTree *t, Arena *a, int64_t top, Date day, size_t *at, int *depths) {
  size_t n = t->count, none = t->count, placed = 0, waiting = 0;
  size_t *first = NEW_ARRAY(a, size_t, n + 1), *next = NEW_ARRAY(a, size_t, n + 1), *stack = NEW_ARRAY(a, size_t, n + 1);
  int *level = NEW_ARRAY(a, int, n + 1);
  bool *seen = NEW_ARRAY(a, bool, n + 1);
  for (size_t i = 0; i <= n; i++) first[i] = none;
  for (size_t i = 0; i < n; i++) {
    size_t up = node_index(t, org_parent(t, t->at[i].id, day));
    next[i] = first[up];
    first[up] = i;
  }
  size_t root = node_index(t, top ? top : t->root);
  if (root < n) stack[waiting++] = root;
  while (waiting) {
    size_t i = stack[--waiting];
    if (seen[i]) continue;
    seen[i] = true;
    depths[placed] = level[i];
    at[placed++] = i;
    /* children were put in front one after the other, so the last comes off the list first and the stack turns it */
    for (size_t c = first[i]; c != none; c = next[c]) {
      level[c] = level[i] + 1;
      if (!seen[c]) stack[waiting++] = c;
    }
  }
  for (size_t i = 0; i < n; i++)
    if (!seen[i]) depths[placed] = 0, at[placed++] = i;
}
