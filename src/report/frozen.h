/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 定稿: a report as it stood at a revision, kept for good. 定稿后数字不再随台账变化，补录另列。 Freezing again makes the next
 * issue (第2稿); earlier ones stay, and the highest issue of a report, org and period is the one in force.
 *
 * Kept in the core relation `frozen` (lines frozen.figure): the text, and for each place of a figure its
 * measure with its canonical definition, exact value, text, counts, evidence rows and their Merkle root
 * (evidence.h, docs/frozen.md). What came after is found by holding the evidence of today against that,
 * row by row; who changed it and when stands in the journal. */
#ifndef LUOSHI_REPORT_FROZEN_H
#define LUOSHI_REPORT_FROZEN_H

#include "operation/operation.h"
#include "report/page.h"
#include "report/report.h"

typedef struct FrozenFigure {
  const char *name, *label, *unit; /* as they were; unit may be NULL */
  const char *definition;          /* canonical text of set and measure */
  const Measure *measure;          /* today's of that name, NULL: no longer declared */
  bool redefined;                  /* declared otherwise since */
  FigureValue value;
  const char *text;                /* as it stands in the report */
  size_t start, end;               /* code points of the text */
  size_t first;                    /* index of the first place with this measure */
  const char *root;                /* hex: Merkle root of its evidence rows */
  const char *evidence;            /* JSON array of them; only in the first place of a measure, else "" */
} FrozenFigure;

typedef struct Frozen {
  int64_t id, org, reporter; /* reporter 0: nobody was in post */
  int issue;                 /* 1, 2 … */
  Date on;
  int64_t revision;          /* the last one it was drawn from */
  const char *report;        /* annual */
  Period period;
  const char *title, *text, *root;
  bool in_force;
  FrozenFigure *figures; size_t figure_count; /* in the order of the text; frozen_list leaves them out */
} Frozen;

/* Of one report (NULL: of all), org (0: of every org that the asker may see) and period (NULL: of all),
 * newest issue first. Without text, figures. */
bool frozen_list(Session *s, const char *report, int64_t org, const Period *period, Frozen **out, size_t *count,
                 Error *e);
/* issue 0: the one in force. ERROR_MISSING when there is none; the gate is that of the report. */
Frozen *frozen_load(Session *s, const char *report, int64_t org, Period period, int issue, Error *e);
Frozen *frozen_load_id(Session *s, int64_t id, Error *e);
/* As a report, to be shown by report_html_body and the like; `frozen` of it is set. */
const Report *frozen_report(Session *s, const Frozen *f);

/* ---- what came after ---- */
typedef enum {
  LATE_CAME,    /* 补录: entered after it */
  LATE_COUNTED, /* was there, and counts since (a draft done, a date mended) */
  LATE_CHANGED, /* counts, but not as then, or with other contents */
  LATE_LEFT     /* voided, taken out, or counts no more */
} LateKind;
const char *late_words(LateKind k); /* 补录, 后来计入, 改动, 不再计入 */

typedef struct Late {
  LateKind kind;
  const Relation *relation;     /* the row's; a line or a record */
  int64_t id, record;           /* the row's; its record's */
  Date date;                    /* of its record; 0: none */
  const char *org, *title;      /* names, as the asker may see them; "" if none */
  const char *before, *after;   /* what it contributed then, today, as shown; "" for nothing; 待补信息 */
  int64_t revision;             /* newest after the freeze that touched it, its record or what it names; 0: none did */
  const char *at, *day;         /* of that revision: instant; 2023年12月20日 */
  const char *account, *operation; /* operation's name */
  const char *reason;           /* why it was voided, or NULL */
} Late;

typedef struct FrozenChange {
  const FrozenFigure *figure;   /* the first place of its measure */
  FigureValue today;            /* of no meaning where figure->measure is NULL */
  const char *text;             /* of today; "" where figure->measure is NULL */
  bool same;                    /* value as then */
  Late *late; size_t late_count;
} FrozenChange;

/* One for each measure of the frozen report, in the order of the text. A figure whose value stands may have
 * late entries all the same. */
bool frozen_compare(Session *s, const Frozen *f, FrozenChange **out, size_t *count, Error *e);

/* ---- beside last year's ---- */
typedef struct BesideRow {
  const Measure *measure;
  FigureValue now;
  bool from_frozen;       /* last year's value is that of the frozen report, else computed today */
  bool last_null;         /* nothing to set beside it: no value, or nothing recorded */
  Ratio last;             /* when not last_null */
  const char *now_text, *last_text; /* with unit; 无, 没有登记 */
  const char *difference; /* exact decimal with its sign (+3, -0.5, 0); NULL when either is null */
  const char *difference_text; /* as people say it: +3次, -2.8个百分点, 持平; NULL as above */
} BesideRow;
typedef struct Beside {
  const Report *report;
  const Frozen *last;     /* last year's frozen report, NULL: computed from the records */
  Period last_period;
  BesideRow *rows; size_t row_count;
} Beside;
/* Each measure of the report once, in the order of its text. `name` as of report_compose. */
bool report_beside(Session *s, const char *name, int64_t org, Period period, Beside **out, Error *e);

/* ---- faces ---- */
json_t *frozen_json(Session *s, const Frozen *f, const FrozenChange *changes, size_t count); /* docs/json.md */
json_t *beside_json(Session *s, const Beside *b);
void frozen_print(Session *s, const Frozen *f, const FrozenChange *changes, size_t count, Text *out);
void beside_print(Session *s, const Beside *b, Text *out);
/* A page of its own; and 补录另列 (heading and tables) for a page of the web, inside page_body_open and _close. The
 * paper itself is report_html_body of frozen_report. */
bool frozen_html(Session *s, const Frozen *f, const FrozenChange *changes, size_t count, Text *out, Error *e);
void frozen_late_html(Session *s, const FrozenChange *changes, size_t count, Text *out);

/* report.freeze {report, org, period} */
extern const Operation *const report_operations[];
extern const size_t report_operation_count;

#endif
