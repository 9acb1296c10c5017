/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Pictures beside the table they are drawn from. A course is one or two series over time: {{> chart}} writes its
 * table, and charts.js draws it above. Bars are rows that are links, their lengths SVG: {{> bars}}. */
#ifndef LUOSHI_WEB_CHART_H
#define LUOSHI_WEB_CHART_H

#include "base/decimal.h"
#include "duty/duty.h"
#include "web/view.h"

typedef struct Mark {
  const char *text;  /* as read: 93%; NULL: nothing known */
  const char *exact; /* as drawn, a decimal; NULL: text says it */
  const char *href;  /* to the rows behind, or NULL */
} Mark;

typedef struct Course {
  bool line;           /* else upright bars */
  const char *id;      /* of the table on its page */
  const char *caption, *first; /* first: head of the column of names */
  const char *heads[2]; /* names of the series; the last one matters. One series: heads[1] NULL */
  const char *level, *level_name; /* a dashed line across: 93.5, 全年93.5%; or NULL */
  json_t *rows;                   /* by course_add; NULL to begin with */
} Course;

/* `open`: what it tells is not over yet. */
void course_add(Course *c, const char *label, const Mark marks[2], bool open);
/* Takes the rows; NULL when there are fewer than two: no picture. */
json_t *course_json(Course *c);
/* Done in time of what was due, month by month, of a board of one year; NULL: fewer than two months. */
json_t *duty_course(Page *p, const DutyBoard *b, int64_t org, int year);

typedef struct Bar {
  const char *label, *text, *href;
  Ratio length; /* below nothing is drawn as nothing */
  bool main;    /* dark */
} Bar;

/* In the order given, the longest full. `line`, when not NULL, is marked in every row. Arena. */
json_t *bars_json(Arena *a, const char *caption, const char *note, const Bar *bars, size_t count, const Ratio *line);

#endif
