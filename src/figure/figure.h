/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A figure is rows: value and rows come from one plan. The fold of the rows' contributions is the value,
 * exactly. Rows whose test (or whose value) cannot be decided because something is missing are a
 * further list, always shown, never counted: the two lists do not overlap. So a share or a mean has only
 * decided rows in its base. A head count without names counts in `count`, and is undetermined for distinct
 * persons and for a share. A missing date is no undecided test: what has no date has not happened. */
#ifndef LUOSHI_FIGURE_FIGURE_H
#define LUOSHI_FIGURE_FIGURE_H

#include <jansson.h>

#include "access/session.h"

typedef struct FigureAsk {
  const Measure *measure;
  const Filter *slice; /* narrows the measure's rows, on measure->rows; NULL: none */
  int64_t org;
  Period period;
  int64_t reporter;    /* 0: looked up when the measure needs one; below 0: known to be nobody */
} FigureAsk;

typedef struct FigureValue {
  bool null;             /* mean or share over nothing */
  const char *unanswered; /* why there is no answer at all (year-grained rows asked for a quarter), or NULL */
  Ratio exact;           /* in the measure's unit; a share in % (80, not 0.8) */
  int64_t part, whole;   /* share: 8 of 10; mean: sum (scaled column units) and divisor */
  int64_t rows;          /* rows behind it */
  int64_t undetermined;  /* rows that could not be decided */
  int64_t totals;        /* rows among them that are a head count only (仅有总数) */
} FigureValue;

/* The gate first: refused, never thinned. */
bool figure_value(Session *s, FigureAsk ask, FigureValue *out, Error *e);
/* Many at once, each answer in its question's place, exactly as figure_value gives it. Ask a page's questions in
 * one call (all measures of an org; one measure over the orgs of a table; one over twelve months): what can be read
 * together is read in one statement. A question that the gate refuses refuses them all. */
bool figures_values(Session *s, const FigureAsk *asks, size_t count, FigureValue *out, Error *e);
/* What an empty figure means: whether the ledger has any counted record of the period under the org, and
 * whether it is closed for the whole period (结账). */
typedef struct FigureState { bool records, closed; } FigureState;
bool figure_state(Session *s, FigureAsk ask, FigureState *out, Error *e);
/* As written, with unit: 63人次, 2.1万元, 20余次, 80%; “无” for null. Arena. */
const char *figure_text(Arena *a, const Measure *m, const FigureValue *v);
/* Exact decimal string, "" for null. */
const char *figure_exact(Arena *a, const FigureValue *v);

typedef struct FigureRow {
  Row row;            /* of measure->rows, all columns */
  int64_t record;     /* its record's id (its own for a record) */
  Date date;
  int64_t org;        /* where it counts: the measure's org column */
  int64_t holder;     /* whose record it is: decides what the asker may see of it */
  const char *key;    /* distinct and per: what it counts as, for equality; NULL else or undecided */
  int64_t amount;     /* count: 1 or the head count; sum, mean: scaled value; share: 0 or 1 */
  const char *contribution; /* as shown: "1", "12000.00", the key's words */
  bool counted;       /* in the value */
  bool undetermined;
  bool total;         /* head count only */
} FigureRow;

/* Visits counted rows by (date, id), then undetermined ones; a row lives until the visit returns. Return
 * false to stop. */
typedef bool FigureVisit(const FigureRow *row, void *context);
bool figure_rows(Session *s, FigureAsk ask, FigureVisit *visit, void *context, Error *e);
/* A cell as the asker may see it, references by name; a row of somebody else's record is masked but for
 * what made it count here. Arena of the session. */
const char *figure_cell(Session *s, const FigureRow *row, const Column *column, bool exchange);

/* What it counts, canonically, a line a key: the same text, the same value over the same rows (definition.c). */
void figure_definition(const Measure *m, Text *out);

/* The fold itself, for tests and sealing: value from rows alone. */
typedef struct FigureFold FigureFold;
FigureFold *figure_fold_new(Arena *a, const Measure *m);
void figure_fold_add(FigureFold *f, const FigureRow *row);
void figure_fold_value(const FigureFold *f, FigureValue *out);

/* JSON as the command-line contract has it (docs/json.md). New references. */
json_t *figures_json(Session *s, int64_t org, Period period, Error *e);
json_t *figure_rows_json(Session *s, FigureAsk ask, Error *e);

#endif
