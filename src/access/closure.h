/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Closed periods (结账): for a ledger, an org and a span of days the office has said “this is all there
 * is”. Only then do absent records contradict a claim; and no record of those days may be changed. */
#ifndef LUOSHI_ACCESS_CLOSURE_H
#define LUOSHI_ACCESS_CLOSURE_H

#include "access/session.h"

/* Whether records of `r` at `org` on `day` are closed. A failed read sets e and gives true. */
bool closed_on(Session *s, const Relation *r, int64_t org, Date day, Error *e);
/* Whether the whole period is closed for the org itself. */
bool closed_throughout(Session *s, const Relation *r, int64_t org, Period period, Error *e);

#endif
