/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The roster: persons, the posts they hold and the stages of their membership, each a dated row. */
#ifndef LUOSHI_PERSON_PERSON_H
#define LUOSHI_PERSON_PERSON_H

#include "operation/operation.h"

extern const Operation *const person_operations[];
extern const size_t person_operation_count;

#endif
