/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The table of operations, put together from each module's own rows. */
#include "operations.h"

#include "duty/duty.h"
#include "ledger/attachment.h"
#include "ledger/import.h"
#include "ledger/office.h"
#include "ledger/record.h"
#include "person/person.h"
#include "report/frozen.h"

enum { MOST = 64 };

static void append(Operations *all, const Operation **room, const Operation *const *rows, size_t count) {
  for (size_t i = 0; i < count && all->count < MOST; i++) room[all->count++] = rows[i];
}

Operations operations_all(Arena *a) {
  const Operation **room = NEW_ARRAY(a, const Operation *, MOST);
  Operations all = {.at = room};
  append(&all, room, record_operations, record_operation_count);
  append(&all, room, file_operations, file_operation_count);
  append(&all, room, exchange_operations, exchange_operation_count);
  append(&all, room, person_operations, person_operation_count);
  append(&all, room, tree_operations, tree_operation_count);
  append(&all, room, office_operations, office_operation_count);
  append(&all, room, account_operations, account_operation_count);
  append(&all, room, token_operations, token_operation_count);
  append(&all, room, duty_operations, duty_operation_count);
  append(&all, room, report_operations, report_operation_count);
  return all;
}
