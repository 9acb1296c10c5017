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

typedef struct Behind {
  const char *stage;
  Date from, approved, due;
  const char *next; /* NULL: none */
  Date next_from;
  const char *said; /* NULL: nothing */
  bool kept;
} Behind;

static const Behind behind[] = {
    {"applicant", 20200908, 0, 0, "activist", 20210320, NULL, true},
    {"activist", 20210320, 0, 0, NULL, 0, NULL, true},
    {"activist", 20210320, 0, 0, "candidate", 20220320, "培养考察满1年", true},
    {"activist", 20210320, 0, 0, "candidate", 20220319, "培养考察不满1年，规定1年以上", false},
    {"activist", 20210320, 0, 0, "left", 20210501, NULL, true},
    {"probationary", 20221225, 20230216, 0, NULL, 0, "审批用了53天，规定3个月", true},
    {"probationary", 20221225, 20230325, 0, NULL, 0, "审批用了90天，规定3个月", true},
    {"probationary", 20221225, 20230326, 0, NULL, 0, "审批用了91天，超过3个月的要有特殊情况", false},
    {"probationary", 20221225, 20230626, 0, NULL, 0, "审批用了183天，规定不超过6个月", false},
    {"probationary", 20221225, 20221201, 0, NULL, 0, NULL, true}, /* approved before it began: no time to tell */
    {"probationary", 20221225, 0, 0, "full", 20231225, "预备期满1年转正", true},
    {"probationary", 20221225, 0, 0, "full", 20231220, "预备期不满1年，规定1年", false},
    {"probationary", 20221225, 0, 0, "full", 20240104, "预备期满后10天转正", true},
    {"probationary", 20221225, 0, 20240625, "full", 20240625, "延长预备期后按期转正", true},
    {"probationary", 20221225, 20230118, 20231225, "full", 20231225, "审批用了24天，规定3个月；预备期满1年转正", true},
    {"full", 20231225, 0, 0, "left", 20240801, NULL, true},
};

static void test_what_is_behind(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
    const Behind *b = &behind[i];
    RosterStage stage = {.stage = b->stage, .from = b->from, .approved = b->approved, .due = b->due};
    RosterStage next = {.stage = b->next, .from = b->next_from};
    StepKept kept;
    bool any = step_kept(a, &stage, b->next ? &next : NULL, &kept);
    if (any != (b->said != NULL) || (any && (strcmp(kept.said, b->said) || kept.kept != b->kept)))
      fail_msg("%zu %s: %s", i, b->stage, any ? kept.said : "nothing");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_behind), cmocka_unit_test(test_every_case), cmocka_unit_test(test_nobody_in_a_stage)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
