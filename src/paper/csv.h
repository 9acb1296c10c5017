/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tables as text: RFC 4180 over UTF-8, parted by comma, semicolon or tab (told by the first line that has
 * any). Rows are streamed; nothing is allocated per cell.
 *
 * A spreadsheet runs a cell that begins with = + - @ tab or CR as a formula: such a cell is written with a
 * ' before it (plain numbers excepted), and the reader takes that one ' off again. */
#ifndef LUOSHI_PAPER_CSV_H
#define LUOSHI_PAPER_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum { CSV_COLUMNS = 500, CSV_CELL = 64 * 1024, CSV_ROW_BYTES = 1024 * 1024, CSV_ROWS = 1000000 };

/* Bytes of UTF-8 without NUL from any place; fewer than asked only at the end. */
typedef struct CsvSource {
  void *self;
  bool (*read)(void *self, uint64_t offset, char *to, size_t room, size_t *got, Error *e);
} CsvSource;

typedef struct CsvRow {
  const char *const *cells; /* NUL-terminated, as they stand, spaces included; valid until the next row */
  size_t count;             /* 1 for a blank line */
  size_t number;            /* as a spreadsheet numbers it, from 1 */
  uint64_t offset;          /* where it begins */
} CsvRow;

typedef struct CsvReader CsvReader;
CsvReader *csv_open(CsvSource source, Error *e);
void csv_close(CsvReader *r); /* NULL is allowed */
char csv_separator(const CsvReader *r);

typedef enum { CSV_ROW, CSV_END, CSV_FAILED } CsvStep;
CsvStep csv_next(CsvReader *r, CsvRow *row, Error *e);
/* Goes on with the row that began at `offset` as number `number`. */
void csv_seek(CsvReader *r, uint64_t offset, size_t number);

void csv_cleanup(CsvReader **r);
#define CSV_SCOPE __attribute__((cleanup(csv_cleanup))) CsvReader *

/* Writing: a BOM first, so that spreadsheets know the encoding; rows end in CR LF. */
void csv_add_bom(Text *out);
void csv_add_cell(Text *out, bool first, const char *text); /* NULL is empty */
void csv_end_row(Text *out);

#endif
