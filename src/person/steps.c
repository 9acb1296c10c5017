/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The limits of each stage as rows of a table (steps.h). A limit counts in months from the day a stage began; one
 * whose keeping the stages do not show is said only until its day: what is not known is not called late. */
#include "person/steps.h"

#include <string.h>

typedef struct Limit {
  const char *stage;
  int months;
  bool earliest; /* the least time in a stage; else the most */
  bool approval; /* until stage.approved_on is there */
  bool unseen;   /* stages do not show whether it was done: said until its day, then no more */
  const char *what, *rule, *basis;
} Limit;

/* In the order of urgency: the first that applies to the person's present stage is the one that is said. */
static const Limit limits[] = {
    {"applicant", 1, false, false, true, "党组织派人谈话", "收到入党申请书后1个月内派人谈话", "《中国共产党发展党员工作细则》第七条"},
    {"activist", 12, true, false, false, "可以确定为发展对象", "经过1年以上培养教育和考察，每半年考察一次", "《中国共产党发展党员工作细则》第三章"},
    {"probationary", 3, false, true, false, "上级党委审批", "收到支部决议后3个月内审批，特殊情况不超过6个月", "《中国共产党发展党员工作细则》第四章"},
    {"probationary", 12, false, false, false, "本人提出转正申请，支部大会讨论", "预备期1年，从支部大会通过之日算起；可延长一次，不少于半年、最长1年", "《中国共产党发展党员工作细则》第五章"},
};

static StepState state_of(const StepDue *due) {
  if (due->days < 0) return due->earliest ? STEP_NEAR : STEP_OVER;
  return due->days <= STEP_SOON ? STEP_NEAR : STEP_AHEAD;
}

bool step_due(const RosterRow *person, Date today, StepDue *out) {
  const RosterStage *stage = person->stage;
  for (size_t i = 0; stage && i < sizeof limits / sizeof *limits; i++) {
    const Limit *l = &limits[i];
    if (strcmp(l->stage, stage->stage) != 0 || (l->approval && stage->approved)) continue;
    bool own = stage->due && !l->approval;
    *out = (StepDue){.what = l->what, .rule = l->rule, .basis = l->basis, .by = own ? stage->due : date_add_months(stage->from, l->months), .earliest = l->earliest};
    out->days = date_days_between(today, out->by);
    out->state = state_of(out);
    return out->days >= 0 || own || !l->unseen;
  }
  return false;
}
