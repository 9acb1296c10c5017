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
  Query own, *query;       /* plan_end; `query` is another's where plans are read together */
  const char *base;        /* area, counting state, when, under */
  const char *stands_org, *stands_on; /* under an org by this column on this day; NULL: the rows have no org */
  const char *possible;    /* the measure's condition is not false; NULL: every row */
  const char *decided;     /* those parts of `possible` that are never undecided; NULL: none */
  const char *certain;     /* of possible rows: it is true and nothing that counts is missing; NULL: all are */
  const char *date, *org, *holder, *record;
  PlanKey keys[PLAN_KEYS]; size_t key_count;
  const char *amount;      /* what a row adds */
  const char *heads;       /* its head count, or NULL */
} Plan;

/* The ask's org and reporter are filled in. */
bool plan_make(Session *s, FigureAsk ask, PlanKind kind, Plan *out, Error *e);
void plan_end(Plan *p);
/* Why rows that know only their year cannot answer for the period asked for; NULL when they can, or know more. */
const char *plan_unanswered(Arena *a, const Measure *m, Period asked);
/* Whether two questions differ in nothing but what they test and fold: their rows are the same, of the same days. */
bool plan_alike(const FigureAsk *a, const FigureAsk *b);
/* Whether the answer for an org needs to know no more of it than what stands under it. */
bool plan_spreads(const FigureAsk *ask);
/* A PLAN_VALUE on the query and the base of `first`, which must be alike and outlive it. */
void plan_join(Plan *first, FigureAsk ask, Plan *out);
/* Values of plans that joined the first, read in one go: the columns of PLAN_VALUE, for each in turn. With
 * `spread`, which the first was made without an org for, a row for every org below the root that anything stands
 * under: the org, then the columns. */
const char *plan_sql_together(Plan *const *plans, size_t count, bool spread);
/* PLAN_VALUE: possible rows, certain rows, sum of their amounts, distinct keys, head-count rows.
 * PLAN_ROWS: the PLAN_ROW_* columns, keys, then the relation's columns, by (undetermined, date, id).
 * PLAN_ANY: at most one row. */
const char *plan_sql(Plan *p);
enum { PLAN_VALUE_COLUMNS = 5 };
enum { PLAN_ROW_UNDECIDED, PLAN_ROW_DATE, PLAN_ROW_ID, PLAN_ROW_RECORD, PLAN_ROW_ORG, PLAN_ROW_HOLDER,
       PLAN_ROW_HEADS, PLAN_ROW_AMOUNT, PLAN_ROW_KEYS };
/* How many decimals the scaled amounts have. */
int plan_amount_scale(const Measure *m);

#endif
