/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Any bytes as a table: recognised, read, gone back to, written and read again as the same; and, as a table of
 * records, headed and gathered. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/gather.h"
#include "paper/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good) {
  if (!good) abort();
}

static bool read_file(void *self, uint64_t offset, char *to, size_t room, size_t *got, Error *e) {
  return text_file_at(self, offset, to, room, got, e);
}

static CsvReader *open_file(TextFile *f) {
  Error e = {0};
  CsvReader *r = csv_open((CsvSource){f, read_file}, &e);
  check(r != NULL);
  return r;
}

/* The row alone, written and read again. */
static void write_and_read(const CsvRow *row) {
  Error e = {0};
  CsvRow again;
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  csv_add_bom(&out);
  csv_add_cell(&out, true, "a,b"); /* a comma somewhere, that the separator is known */
  for (size_t i = 0; i < row->count && i + 1 < CSV_COLUMNS; i++) csv_add_cell(&out, false, row->cells[i]);
  csv_end_row(&out);
  TEXT_FILE_SCOPE f = text_file_of("again", text_get(&out), out.length, &e);
  if (!f) return; /* a form feed alone is no text */
  CSV_SCOPE r = open_file(f);
  if (csv_separator(r) != ',') return; /* a row of semicolons is not written as the first */
  check(csv_next(r, &again, &e) == CSV_ROW && again.count >= row->count);
  for (size_t i = 0; i < row->count && i + 1 < CSV_COLUMNS; i++) check(!strcmp(again.cells[i + 1], row->cells[i]));
  check(csv_next(r, &again, &e) == CSV_END);
}

static void read_rows(TextFile *f) {
  Error e = {0};
  CSV_SCOPE r = open_file(f);
  CSV_SCOPE back = open_file(f);
  CsvRow row, again;
  CsvStep step;
  size_t number = 0;
  while ((step = csv_next(r, &row, &e)) == CSV_ROW) {
    check(row.number == ++number && row.count >= 1 && row.count <= CSV_COLUMNS);
    csv_seek(back, row.offset, row.number);
    check(csv_next(back, &again, &e) == CSV_ROW && again.count == row.count);
    for (size_t i = 0; i < row.count; i++) check(!strcmp(row.cells[i], again.cells[i]));
    if (number <= 3) write_and_read(&row);
  }
  check(step == CSV_END || (e.kind && *e.sentence));
}

static const char ledger[] = "ledger: visit\nlabel: 走访\ndate: {name: held_on, label: 时间}\nfields:\n"
                             "  - {name: round, label: 轮次, type: serial}\n  - {name: topic, label: 主题}\n"
                             "  - {name: place, label: 地点}\n"
                             "lines:\n  - name: people\n    label: 对象\n    total: true\n    fields: [{name: person, label: 姓名, type: person}]\n"
                             "  - name: sites\n    label: 村组\n    fields: [{name: village, label: 村, type: org}, {name: place_note, label: 地点}]\n";
static const char profile[] = "profile: fuzz\nlabel: 样例\nreporter: title = '书记'\n";
static const char codes[] = "codes:\n  - {name: schooling, of: [高中]}\n  - {name: post_title, of: [书记]}\n";

static const Relation *visits(void) {
  static Arena *kept;
  static const Relation *found;
  if (found) return found;
  kept = arena_new();
  ProfileFile files[] = {{"profile.yaml", profile, sizeof profile - 1}, {"codes.yaml", codes, sizeof codes - 1},
                         {"ledgers/visit.yaml", ledger, sizeof ledger - 1}};
  Issues issues = {.arena = kept};
  Error e = {0};
  Catalogue *c = catalogue_read(kept, files, 3, &issues, &e);
  check(c != NULL);
  return found = catalogue_find(c, "visit");
}

/* Every row that is not blank or at fault stands in exactly one record. */
static void gather_rows(TextFile *f) {
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  Issues issues = {.arena = a};
  Heading h;
  CsvRow row;
  CSV_SCOPE r = open_file(f);
  if (csv_next(r, &row, &e) != CSV_ROW) return;
  heading_likely(a, visits(), &row);
  if (!heading_read(a, visits(), NULL, &row, &h, &issues)) check(issues.count > 0);
  Faults faults = {.issues = &issues};
  GATHERING_SCOPE g = {0};
  if (!gather(r, &h, &g, &faults, &e)) return;
  size_t rows = 0;
  for (size_t i = 0; i < g.record_count; i++)
    for (uint32_t at = g.records[i].first + 1; at; at = g.rows[at - 1].next) check(++rows <= g.row_count);
  check(rows == g.row_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Error e = {0};
  TEXT_FILE_SCOPE f = text_file_of("表.csv", (const char *)data, size, &e);
  if (!f) {
    check(e.kind != ERROR_NONE && *e.sentence);
    return 0;
  }
  read_rows(f);
  gather_rows(f);
  return 0;
}
