/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What stands around a number: qualifier words before and after, and the hint whether it is a date,
 * an ordinal or an enumerator. */
#ifndef LUOSHI_LANGUAGE_SURROUNDINGS_H
#define LUOSHI_LANGUAGE_SURROUNDINGS_H

#include "language/cells.h"
#include "language/numeral.h"
#include "language/quantity.h"

/* Cells of the qualifier that ends right before cell i, 0 if none. `time`: the unit is a span of time,
 * where 近 means recent. */
size_t qualifier_before(const Cells *cs, size_t i, const Number *n, bool time, Wording *out);
/* Cells of the qualifier that begins at i. */
size_t qualifier_after(const Cells *cs, size_t i, Wording *out);
Qualifier wording_qualifier(Wording w);

/* (含), （含本数） before a qualifier or a range: its cells. */
size_t inclusion_at(const Cells *cs, size_t i);

Hint hint_of(const Cells *cs, const Number *n, const Unit *unit, size_t unit_end);

#endif
