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

/* ---- what is behind ---- */

enum { PROBATION_MONTHS = 12, LONGEST_PROBATION = 24 /* 第五章: extended once, by a year at most */ };

static void say(Text *t, const char *sentence) { text_print(t, "%s%s", t->length ? "；" : "", sentence); }

static void say_approval(Arena *a, const RosterStage *stage, Text *t, bool *kept) {
  Date ends = date_add_months(stage->from, 3), latest = date_add_months(stage->from, 6);
  int days = date_days_between(stage->from, stage->approved);
  const char *rule = stage->approved <= ends ? "规定3个月" : stage->approved <= latest ? "超过3个月的要有特殊情况" : "规定不超过6个月";
  say(t, arena_print(a, "审批用了%d天，%s", days, rule));
  *kept = *kept && stage->approved <= ends;
}

static void say_probation(Arena *a, const RosterStage *stage, Date end, Text *t, bool *kept) {
  Date full = date_add_months(stage->from, PROBATION_MONTHS), due = stage->due > full ? stage->due : full;
  if (end < full) say(t, "预备期不满1年，规定1年");
  else if (end <= due) say(t, due > full ? "延长预备期后按期转正" : "预备期满1年转正");
  else say(t, arena_print(a, "预备期满后%d天转正", date_days_between(due, end)));
  *kept = *kept && end >= full && end <= date_add_months(stage->from, LONGEST_PROBATION);
}

bool step_kept(Arena *a, const RosterStage *stage, const RosterStage *next, StepKept *out) {
  TEXT_SCOPE t = text_new(1024);
  bool kept = true;
  if (!strcmp(stage->stage, "activist") && next && !strcmp(next->stage, "candidate")) {
    kept = next->from >= date_add_months(stage->from, 12);
    say(&t, kept ? "培养考察满1年" : "培养考察不满1年，规定1年以上");
  }
  if (!strcmp(stage->stage, "probationary") && stage->approved >= stage->from) say_approval(a, stage, &t, &kept);
  if (!strcmp(stage->stage, "probationary") && next && !strcmp(next->stage, "full")) say_probation(a, stage, next->from, &t, &kept);
  *out = (StepKept){.kept = kept, .said = arena_copy(a, text_get(&t))};
  return t.length > 0;
}
