/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The head line of a table of records, for import, export and templates alike.
 *
 * A head is the label or the name of a field of the record or of its lines. A table may have several of the
 * record's lines side by side: the first of them as they are, the others always as 明细·字段 (also 明细.字段, with
 * names as well as labels). So are the first where a label stands in both, or where the lines could not be told
 * by it; the record's own is then 台账·字段. Besides:
 *   编号      the record that the row belongs to
 *   行编号    the line that the row is; 明细·编号 of the others
 *   分组      any mark of the writer's: rows of one mark are one record, of two marks two
 *   状态      label or name of the record's state
 *   人数 签到表  of lines that may stand as a total
 *   序号      is not read, nor is what a table came back with (HEADING_FAULTS) */
#ifndef LUOSHI_LEDGER_HEADING_H
#define LUOSHI_LEDGER_HEADING_H

#include "paper/csv.h"
#include "relation/catalogue.h"

#define HEADING_FAULTS "导入问题"

typedef enum { HEAD_NONE, HEAD_ID, HEAD_LINE_ID, HEAD_GROUP, HEAD_RECORD, HEAD_LINE } HeadKind;
typedef struct Head {
  HeadKind kind;
  int column; /* HEAD_RECORD, HEAD_LINE: index in the relation */
  const char *text;
  const Relation *lines; /* HEAD_LINE, HEAD_LINE_ID: whose */
} Head;

typedef struct Heading {
  const Relation *record, *lines; /* the lines that stand as they are; NULL: the table has none at all */
  Head *at;
  size_t count;
  int id, group; /* index of the head, -1: none */
} Heading;

/* Whether the row looks like a head line at all: a title above the table does not. */
bool heading_likely(Arena *a, const Relation *record, const CsvRow *row);
/* `lines` NULL: told from the heads. Unknown, doubled and ambiguous heads are issues at `第n行`. */
bool heading_read(Arena *a, const Relation *record, const Relation *lines, const CsvRow *row, Heading *out, Issues *issues);
/* Index of the head that gives the record's column, or that of its lines; -1 if none. */
int heading_of(const Heading *h, int column);
int heading_of_line(const Heading *h, const Relation *lines, HeadKind kind, int column);
bool heading_has(const Heading *h, const Relation *lines); /* any head of these lines */

/* What an export writes, or with `blank` what is to be filled in by hand: heads that heading_read takes back to
 * the same columns. `lines` may be NULL. */
Heading heading_make(Arena *a, const Relation *record, const Relation *lines, bool blank);
/* With all of the record's lines side by side. */
Heading heading_whole(Arena *a, const Relation *record, bool blank);

/* A cell as a sentence quotes it: cut at a character, 空 when there is nothing. */
typedef char Clip[64];
const char *clip(const char *s, size_t n, Clip out);

#endif
