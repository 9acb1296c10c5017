/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A period is half-open [from, to) and remembers how it was said. */
#ifndef LUOSHI_RELATION_PERIOD_H
#define LUOSHI_RELATION_PERIOD_H

#include "base/date.h"

typedef enum { PERIOD_YEAR, PERIOD_HALF, PERIOD_QUARTER, PERIOD_MONTH, PERIOD_SPAN } PeriodKind;

typedef struct Period {
  PeriodKind kind;
  Date from, to; /* to is the first day after it */
} Period;

/* 2023, 2023H1, 2023Q1, 2023-05, 2023-05-01..2023-05-31 (both ends in), also 2023年, 2023年第一季度, 2023年5月. */
bool period_read(const char *s, Period *out, Error *e);
Period period_year(int year);
Period period_quarter(int year, int quarter);
Period period_month(int year, int month);
Period period_half(int year, int half);
Period period_span(Date from, Date last); /* last is in it */
/* The month, quarter, half-year or year that a day lies in; the one after a period of such a kind. */
Period period_at(PeriodKind kind, Date d);
Period period_next(Period p);
Period period_back(Period p, int years); /* negative: on */
Date period_last(Period p); /* its last day */
bool period_has(Period p, Date d);
typedef char PeriodText[64];
const char *period_text(Period p, PeriodText out);    /* 2023Q1 */
const char *period_chinese(Period p, PeriodText out); /* 2023年第一季度 */

#endif
