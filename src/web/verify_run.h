/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One run of 核对初稿 as it lies in the drawer of whoever made it (access/drawer.h): the text and what it is held
 * against, never a verdict: those are found anew on every look, so that grey turns green once a ledger is filled. */
#ifndef LUOSHI_WEB_VERIFY_RUN_H
#define LUOSHI_WEB_VERIFY_RUN_H

#include "paper/paper.h"
#include "verify/verify.h"
#include "web/web.h"

enum { RUN_CHOICES = 200, RUN_TITLE = 40 /* characters */ };

typedef struct RunChoice {
  ClaimChoice choice;
  const char *words, *label; /* 80%, 全体村书记: for the list of what was chosen */
  const char *phrase;        /* remembered for the office by this phrase, or NULL */
} RunChoice;

typedef struct Run {
  const char *key;
  const char *title;   /* the file's name, or how the text begins */
  const char *summary; /* of when it was made */
  int64_t made;        /* seconds since 1970, of the last change */
  int64_t org;
  bool given;          /* the period was chosen; else the text's own year */
  Period period;
  bool file;           /* uploaded */
  RunChoice *choices;
  size_t choice_count;
  PaperText paper;     /* not in a list */
} Run;

/* A new key, if it has none. */
bool run_save(Page *p, Run *run, Error *e);
/* ERROR_MISSING: none of that key in this account's drawer. */
bool run_load(Page *p, const char *key, Run *out, Error *e);
bool run_list(Page *p, Run **out, size_t *count, Error *e);
bool run_drop(Page *p, const char *key, Error *e);
/* Against what is recorded now; the session is the page's. */
bool run_check(Page *p, const Run *run, Verification **out, Error *e);
const char *run_path(Page *p, const Run *run, const char *more);

#endif
