/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What a tag of a report template may be called. */
#ifndef LUOSHI_REPORT_NAMES_H
#define LUOSHI_REPORT_NAMES_H

#include "report/report.h"

/* Names that every report knows. */
extern const char *const report_words[];
extern const size_t report_word_count;

/* ROWS by date, LATEST the last ones first. */
typedef enum { TAG_TEXT, TAG_EXACT, TAG_VALUE, TAG_LABEL, TAG_ANY, TAG_MANY, TAG_ALL, TAG_SHORT, TAG_ROWS, TAG_LATEST } TagVariant;
typedef struct Tag {
  const Set *set;
  const Measure *measure; /* of a bare set.rows: the rows of the set itself */
  TagVariant variant;
  size_t most;            /* of rows: how many; 0: all */
} Tag;
/* `set.measure`, `set.measure.variant`, `set.rows`, `set.rows.5`; a sentence with the nearest name if there is none. */
bool tag_read(Arena *a, const Catalogue *c, const char *name, Tag *out, Error *e);

#endif
