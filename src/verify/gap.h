/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 佐证缺口清单: what would have to be recorded for a text's claims, plans and statements to be borne out,
 * ledger by ledger, in the order in which it can be entered: what others refer to comes first. */
#ifndef LUOSHI_VERIFY_GAP_H
#define LUOSHI_VERIFY_GAP_H

#include "verify/verdict.h"

/* One figure that a claim, plan or statement asks for. */
typedef struct GapNeed {
  const char *words;          /* 15场次, 每月下发重点工作任务提醒 */
  const char *around;         /* the words before the number, for a reader; "" if none */
  size_t start;               /* code points in the text */
  const Claim *claim;         /* or NULL */
  const Statement *statement; /* or NULL */
  const Measure *measure;
  Period period;
  int64_t rows; /* at least so many of measure->rows, 0: the words do not say */
} GapNeed;

typedef struct Gap {
  const Relation *ledger; /* a record's */
  GapNeed *needs;
  size_t need_count, need_room;
  const Relation **used_by; /* needs empty: the ledgers that refer to it */
  size_t used_count, used_room;
} Gap;

typedef struct GapList {
  Gap *at;
  size_t count;
  size_t unnamed; /* claims that no figure answers: nothing to record for them */
} GapList;

bool gaps_find(Judge *j, Matcher *m, Verification *v, Error *e);
/* 03-会议.csv: the table to fill in. */
const char *gap_file(Arena *a, const GapList *g, size_t gap);
json_t *gaps_json(Session *s, const Verification *v);
/* The list as a work plan. `files`: templates were written beside it, so name them. */
void gaps_print(Session *s, const Verification *v, bool files, Text *out);

#endif
