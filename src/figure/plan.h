/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What a figure asks of the store, said once. A plan holds the pieces of one SELECT over the measure's
 * rows; the value, the rows and the question whether there is anything at all are read from the same
 * pieces, so that they cannot drift apart. */
#ifndef LUOSHI_FIGURE_PLAN_H
#define LUOSHI_FIGURE_PLAN_H

#include "figure/figure.h"

enum { PLAN_KEYS = 12 }; /* four declared keys, each at most org, year and number */

typedef enum {
  PLAN_VALUE, /* one row: the aggregates */
  PLAN_ROWS,  /* every row, counted first */
  PLAN_ANY    /* whether a counted record of the period stands under the org: no test of the measure */
} PlanKind;

typedef struct PlanKey {
  const char *sql;
  const Column *column; /* NULL: the org or the year that a serial is numbered in */
  ValueKind kind;
} PlanKey;

typedef struct Plan {
  Arena *arena;
  PlanKind kind;
  const Measure *measure;
  Period period;           /* after the measure's lag */
  const char *unanswered;  /* why the store need not be asked; the rest is empty then */
  Query query;             /* plan_end */
  const char *base;        /* area, counting state, when, under */
  const char *possible;    /* the measure's condition is not false; NULL: every row */
  const char *certain;     /* of possible rows: it is true and nothing that counts is missing; NULL: all are */
  const char *date, *org, *holder, *record;
  PlanKey keys[PLAN_KEYS]; size_t key_count;
  const char *amount;      /* what a row adds */
  const char *heads;       /* its head count, or NULL */
} Plan;

/* The ask's org and reporter are filled in. */
bool plan_make(Session *s, FigureAsk ask, PlanKind kind, Plan *out, Error *e);
void plan_end(Plan *p);
/* PLAN_VALUE: possible rows, certain rows, sum of their amounts, distinct keys, head-count rows.
 * PLAN_ROWS: the PLAN_ROW_* columns, keys, then the relation's columns, by (undetermined, date, id).
 * PLAN_ANY: at most one row. */
const char *plan_sql(Plan *p);
enum { PLAN_ROW_UNDECIDED, PLAN_ROW_DATE, PLAN_ROW_ID, PLAN_ROW_RECORD, PLAN_ROW_ORG, PLAN_ROW_HOLDER,
       PLAN_ROW_HEADS, PLAN_ROW_AMOUNT, PLAN_ROW_KEYS };
/* How many decimals the scaled amounts have. */
int plan_amount_scale(const Measure *m);

#endif
