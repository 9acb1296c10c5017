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
extern const Operation *const token_operations[];
extern const size_t token_operation_count;

/* Takes back whatever tokens the account has, in the revision that disables it or sets its password for it. */
bool tokens_end(Doing *d, int64_t account, Error *e);

#endif
