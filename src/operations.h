/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Every operation there is. */
#ifndef LUOSHI_OPERATIONS_H
#define LUOSHI_OPERATIONS_H

#include "operation/operation.h"

Operations operations_all(Arena *a);

#endif
