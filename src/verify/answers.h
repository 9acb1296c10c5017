/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Figures that a draft asks for, each asked of the store once. */
#ifndef LUOSHI_VERIFY_ANSWERS_H
#define LUOSHI_VERIFY_ANSWERS_H

#include "figure/figure.h"

typedef struct Answers Answers;
Answers *answers_new(Session *s);
/* figure_value; a slice is known by its label (NULL: none). */
bool answers_get(Answers *a, FigureAsk ask, const char *label, FigureValue *out, Error *e);
/* Asks many together, so that answers_get finds them. What cannot be answered is left for answers_get to say. */
void answers_ahead(Answers *a, const FigureAsk *asks, const char *const *labels, size_t count);

#endif
