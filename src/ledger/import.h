/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Importing a table of records: heads as in heading.h, rows gathered as in gather.h, every record checked and
 * written as record.save would, in one revision or not at all.
 *
 *   编号        given: the record is changed; absent: a new one. A column that the table does not have is left
 *               as it is; a blank cell empties the field (of a new record: leaves its default)
 *   lines       one a row; several names in the cell of the lines' first required person or org (张三、李四)
 *               make several lines. In a changed record a row goes on from the line of its 行编号, else from the
 *               line of the same person or org, else it is a new line. Lines that the table does not mention
 *               stay: an import takes nothing away
 *   state       the first that counts, unless 状态 says otherwise
 *   无权查看    and what else a masked cell shows is not read back
 * The same table is not taken twice (core relation imported, SM3 of its text). */
#ifndef LUOSHI_LEDGER_IMPORT_H
#define LUOSHI_LEDGER_IMPORT_H

#include "ledger/gather.h"
#include "operation/operation.h"
#include "paper/encoding.h"

typedef struct ImportTally {
  const Relation *record, *lines; /* lines NULL: none in the table */
  size_t rows, fresh, changed, same, lines_read, lines_kept;
  bool several; /* more lines relations than `lines` */
  size_t faults; /* all that is wrong, also what was not kept as an issue */
} ImportTally;

/* What comes beside the arguments of the operation `import` (Doing.attached). */
typedef struct ImportTable {
  TextFile *file;
  ImportTally *tally;
  bool (*progress)(void *self, size_t done, size_t of); /* records; false: stop, and write nothing; may be NULL */
  void *self;
} ImportTable;

enum { IMPORT_BYTES = 256 * 1024 * 1024, IMPORT_LINES = 5000 /* of one record */ };

/* Whether tables of a relation are taken at all, and with which right. */
bool import_takes(const Relation *r, Right *right);

extern const Operation *const exchange_operations[];
extern const size_t exchange_operation_count;

#endif
