/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Which step comes next and by when, as a table: one row a stage and a day. */
#include "check.h"

#include <string.h>

#include "person/steps.h"

typedef struct Case {
  const char *name, *stage;
  Date from, approved, due, today;
  const char *what; /* how it begins; NULL: nothing is due */
  Date by;
  StepState state;
  int days;
} Case;

static const Case cases[] = {
    {"applied last week", "applicant", 20231213, 0, 0, 20231220, "党组织派人谈话", 20240113, STEP_NEAR, 24},
    {"applied long ago: not known, not late", "applicant", 20230101, 0, 0, 20231220, NULL, 0, STEP_AHEAD, 0},
    {"the office's own day is held to", "applicant", 20230101, 0, 20231210, 20231220, "党组织派人谈话", 20231210, STEP_OVER, -10},
    {"activist, less than a year", "activist", 20230301, 0, 0, 20231220, "可以确定", 20240301, STEP_AHEAD, 72},
    {"activist for over a year: may be, is not late", "activist", 20220301, 0, 0, 20231220, "可以确定", 20230301, STEP_NEAR, -294},
    {"waits for the approval", "probationary", 20231001, 0, 20241001, 20231220, "上级党委审批", 20240101, STEP_NEAR, 12},
    {"approval is late", "probationary", 20230901, 0, 0, 20231220, "上级党委审批", 20231201, STEP_OVER, -19},
    {"probation ends in five days", "probationary", 20221225, 20230118, 20231225, 20231220, "本人提出", 20231225, STEP_NEAR, 5},
    {"its day is reckoned where none is written", "probationary", 20220303, 20220601, 0, 20230201, "本人提出", 20230303, STEP_NEAR, 30},
    {"from a last of February", "probationary", 20240229, 20240401, 0, 20250301, "本人提出", 20250228, STEP_OVER, -1},
    {"extended", "probationary", 20221225, 20230118, 20240625, 20231220, "本人提出", 20240625, STEP_AHEAD, 188},
    {"the very day", "probationary", 20221220, 20230118, 0, 20231220, "本人提出", 20231220, STEP_NEAR, 0},
    {"full", "full", 20100101, 0, 0, 20231220, NULL, 0, STEP_AHEAD, 0},
    {"left", "left", 20100101, 0, 0, 20231220, NULL, 0, STEP_AHEAD, 0},
};

static void test_every_case(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const Case *c = &cases[i];
    RosterStage stage = {.stage = c->stage, .from = c->from, .approved = c->approved, .due = c->due};
    RosterRow person = {.stage = &stage};
    StepDue due;
    bool any = step_due(&person, c->today, &due);
    if (any != (c->what != NULL)) fail_msg("%s: %s", c->name, any ? due.what : "nothing");
    if (!any) continue;
    if (strncmp(due.what, c->what, strlen(c->what)) || due.by != c->by || due.state != c->state || due.days != c->days)
      fail_msg("%s: %s %d %d %d", c->name, due.what, due.by, (int)due.state, due.days);
    assert_true(*due.rule && *due.basis);
  }
}

static void test_nobody_in_a_stage(void **state) {
  (void)state;
  RosterRow person = {0};
  StepDue due;
  assert_false(step_due(&person, 20231220, &due));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_case), cmocka_unit_test(test_nobody_in_a_stage)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
