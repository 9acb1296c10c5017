/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Between the files of this folder: a question made ready, and sums made a value. */
#ifndef LUOSHI_FIGURE_ASK_H
#define LUOSHI_FIGURE_ASK_H

#include "figure/plan.h"

#define PLAN_SCOPE __attribute__((cleanup(plan_end))) Plan

/* Passes the gate and fills in the root org and the reporter. */
bool ask_ready(Session *s, FigureAsk *ask, Error *e);

typedef struct FigureSums {
  int64_t rows, undetermined, amount, keys, totals;
} FigureSums;
/* False when the fraction does not fit in 64 bits. */
bool value_from(const Measure *m, FigureSums sums, FigureValue *out);
bool value_too_large(const Measure *m, Error *e); /* false: the sentence for it */
/* The PLAN_VALUE_COLUMNS of a plan from `first` on. */
FigureSums sums_from(const Plan *p, const Stmt *st, size_t first);
/* The value of one question that is ready. */
bool ask_one(Session *s, FigureAsk ask, FigureValue *out, Error *e);

#endif
