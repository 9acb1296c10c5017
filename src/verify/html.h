/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What the parts of a checked draft's page share. Inside this folder only. */
#ifndef LUOSHI_VERIFY_HTML_H
#define LUOSHI_VERIFY_HTML_H

#include "report/page.h"
#include "verify/gap.h"

typedef enum {
  MARK_OK,
  MARK_NOTE,
  MARK_NOT,
  MARK_ASK,
  MARK_GAP,
  MARK_NONE,
  MARK_PLAN,
  MARK_REFUSED,
  MARK_OTHER,
  MARK_UNCHECKED
} Mark;
enum { MARK_SHOWN = MARK_PLAN + 1 };

typedef struct Page {
  Session *session;
  const Verification *v;
  const size_t *claim; /* for each code point: 1 + index of the claim that covers it, or 0 */
  const size_t *said;  /* the same of statements */
  const VerifyBody *body; /* NULL: the page stands alone */
  Text *out;
} Page;

Mark mark_of(Verdict verdict, Reason reason);
/* What has no number and no declared test was not looked at; that is no fault of the draft. */
Mark mark_of_statement(const Statement *t);
const char *mark_name(Mark m); /* ok note not ask gap none plan */
/* Drawing and word: 不符, or with `whole` 与台账不符. */
void mark_add(Mark m, bool whole, Text *out);
const Candidate *claim_bound(const Claim *c); /* NULL: to none */
/* Opens an element to the rows behind a candidate; its name, to close it with. */
const char *page_open_rows(const Page *p, size_t claim, const Candidate *k);
void page_excerpt(const Page *p, const Claim *c); /* the number in its sentence */

void page_place(const Page *p, size_t at); /* of a paper: 第12段 */

/* ---- html_lists.c ---- */
void page_table(const Page *p);      /* every claim a line */
void page_statements(const Page *p);
void page_gaps(const Page *p);       /* 佐证缺口清单 */

#endif
