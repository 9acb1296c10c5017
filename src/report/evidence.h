/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 佐证目录: what stands behind a report, figure by figure in the order of its text. */
#ifndef LUOSHI_REPORT_EVIDENCE_H
#define LUOSHI_REPORT_EVIDENCE_H

#include "report/report.h"

typedef struct Evidence {
  const ReportFigure *figure;
  const char *heading;  /* the nearest above it, with its number; "" before the first */
  const char *sentence; /* that it stands in */
  const char *ledger;   /* label of what its rows come from */
  const char *note;     /* 待补信息2条，仅有总数1条, or NULL */
  const char *command;  /* luoshi rows … */
} Evidence;

/* One for each of r->figures. */
Evidence *report_evidence(Session *s, const Report *r);

#endif
