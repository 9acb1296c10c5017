/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Operations on what surrounds the records: the tree, closed periods, ways of saying, accounts. */
#ifndef LUOSHI_LEDGER_OFFICE_H
#define LUOSHI_LEDGER_OFFICE_H

#include "operation/operation.h"

extern const Operation *const tree_operations[];
extern const size_t tree_operation_count;
extern const Operation *const office_operations[];
extern const size_t office_operation_count;
extern const Operation *const account_operations[];
extern const size_t account_operation_count;

#endif
