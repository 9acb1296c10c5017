/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * From a duty to the form that meets it: where its condition says that a field equals something, the form begins with
 * that. Anything else that it tests is for the person who fills it in. */
#include "duty/duty.h"
#include "relation/row.h"

size_t duty_fields(Arena *a, const Duty *d, const Period *period, DutyField **out) {
  const Filter **tests;
  size_t n = filter_parts(a, d->where, &tests), count = 0;
  *out = NEW_ARRAY(a, DutyField, n + 2);
  for (size_t i = 0; i < n; i++) {
    Path path;
    Value value;
    if (!filter_equal(tests[i], &path, &value) || path.parent || path.via || path.column->system) continue;
    (*out)[count++] = (DutyField){path.column, cell_exchange(a, path.column, value)};
  }
  if (period && !d->part->own_date)
    (*out)[count++] = (DutyField){d->part, cell_exchange(a, d->part, value_int(period->from))};
  return count;
}
