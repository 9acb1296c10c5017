/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Which step of becoming a member comes next, and by when, told from the dated stages alone. The limits are those of
 * 《中国共产党发展党员工作细则》 (2014); each carries where it stands. A day that the office set itself (stage.due_on)
 * goes before what the rules give. */
#ifndef LUOSHI_PERSON_STEPS_H
#define LUOSHI_PERSON_STEPS_H

#include "person/roster.h"

enum { STEP_SOON = 30 /* days before its end in which a step is shown as near */ };

typedef enum { STEP_AHEAD, STEP_NEAR, STEP_OVER } StepState;

typedef struct StepDue {
  const char *what;  /* 提出转正申请，支部大会讨论 */
  const char *rule;  /* 预备期1年，从支部大会通过之日算起 */
  const char *basis; /* 《发展党员工作细则》第五章 */
  Date by;           /* last day; of a step that may not be taken before a day: that day */
  bool earliest;     /* `by` is the first day on which it may be done, not the last */
  StepState state;   /* an earliest day that has come is near, never over */
  int days;          /* from today to `by`; negative: so long ago */
} StepDue;

/* False: nothing is due (no stage of the course, or all is done). */
bool step_due(const RosterRow *person, Date today, StepDue *out);

typedef struct StepKept {
  bool kept;
  const char *said; /* 审批用了24天，规定3个月；预备期满1年转正 */
} StepKept;

/* Whether a stage kept its limits, as far as its dates show; `next`: the one after it, NULL: none yet. False: they
 * show nothing. Arena. */
bool step_kept(Arena *a, const RosterStage *stage, const RosterStage *next, StepKept *out);

#endif
