/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One part of a duty by itself: when it is due and how it stands on a day. Pure: no store, no clock. */
#ifndef LUOSHI_DUTY_PART_H
#define LUOSHI_DUTY_PART_H

#include "duty/duty.h"

enum { PARTS_MOST = 12 * 20 };

/* The parts of a kind that meet a period, whole. Arena; at most PARTS_MOST, `count` is 0 when there would be more. */
Period *parts_meeting(Arena *a, PeriodKind kind, Period period, size_t *count);
/* Which of them (by the first) a day lies in; it need not be one of them. */
int64_t part_index(Period first, Date day);
/* The day that decides where an org stands for a part. */
Date part_day(Period part, Date today);
bool part_owed(Period part, const OrgNode *org);
Date part_due(const Duty *d, Period part);
/* `done`: the days of the records that count, ascending. Fills in due, state, days, has, wants, done_on. */
void part_settle(const Duty *d, const Date *done, size_t count, bool relieved, Date today, DutyPart *part);
void cell_settle(DutyCell *cell); /* from its parts */

/* Whether the asker might read what an org held on a day. */
bool duty_readable(const Session *s, int64_t org, Date day);
/* Orgs of the tree as of a day, each before what stands under it, from `top` (0: the root); those that do not stand
 * there come last, in the order of their ids. `at` and `depths` have room for all. Indexes into the tree. */
void orgs_in_order(const OrgTree *t, Arena *a, int64_t top, Date day, size_t *at, int *depths);

#endif
