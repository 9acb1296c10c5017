/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A draft in anybody's words against the records (VERIFY.md): cut into sections, sentences and phrases;
 * slogans, enumerators, dates, ordinals and names masked; quantities found, framed and matched to a
 * measure; each given a verdict. Words pick the set, the unit picks the measure, the value is weak
 * evidence only; below a margin it abstains and shows candidates.
 *
 *   cut.c → mask.c → claim.c (quantities that are claims, with role and frame) → match.c → verdict.c
 *
 * cut … match know the catalogue and no store; verdict asks figures. */
#ifndef LUOSHI_VERIFY_VERIFY_H
#define LUOSHI_VERIFY_VERIFY_H

#include "figure/figure.h"
#include "language/quantity.h"
#include "paper/paper.h"
#include "report/page.h"

typedef enum { ROLE_CLAIM, ROLE_PLAN } ClaimRole;
typedef enum { VERDICT_SUPPORTED, VERDICT_NOTE, VERDICT_CONTRADICTED, VERDICT_AMBIGUOUS, VERDICT_UNSUPPORTED,
               VERDICT_PLAN } Verdict;
typedef enum { REASON_NONE, REASON_NO_FIGURE, REASON_NO_RECORDS, REASON_NO_DUTY, REASON_REFUSED,
               REASON_OTHER_ORG /* the text speaks of another organisation */ } Reason;

typedef struct Candidate {
  const Measure *measure;
  const Filter *slice;      /* ad-hoc slice by a choice value found in the text, or NULL */
  const char *slice_label;  /* 环境整治 */
  int score;                /* text evidence, 0–1000 */
  int sure;                 /* the same, less what no label explains: what a contradiction needs */
  bool led;                 /* counts only what the reporter led */
  bool settled;             /* a user's own word for it stands in the text: no other reading is asked */
  Fit fit;
  bool asked;               /* what follows is filled in */
  FigureValue value;
  Period period;            /* asked for: the draft's, or the claim's own (一季度) */
  int64_t org;              /* the draft's, or one the phrase names */
  const char *note;         /* why the fit is weak, or NULL */
  const char *text;         /* value as written */
} Candidate;

typedef struct Claim {
  Quantity quantity;
  size_t start, end;        /* code points in the text: the surface */
  const char *surface;      /* text[start, end): the number with 万/亿/% and an inner 余 */
  const char *text;         /* number with its unit, as written */
  Decimal value;            /* of this end, where a range gives two claims */
  size_t sentence_start, sentence_end;
  ClaimRole role;
  struct ClaimFrame *frame;      /* inside verify only */
  Candidate *candidates; size_t candidate_count; /* best first, at most 5 */
  const Measure *figure;    /* the one it is bound to, or NULL */
  Verdict verdict;
  Reason reason;
  const char *message;      /* “稿中63人次，台账62人次。请查漏登，或改稿。” */
} Claim;

/* One test of a declared statement. */
typedef struct StatementResult {
  const Proof *test;
  enum { RESULT_HELD, RESULT_BROKEN, RESULT_ABSENT } outcome;
  const char *message; /* 党建督查总轮次：各季度都有 */
  const char *counter; /* what breaks it: the empty months, the rows; NULL unless broken */
} StatementResult;

typedef struct Statement {
  size_t start, end;
  const char *text;
  Verdict verdict;
  Reason reason;
  const char *counter;
  const StatementRule *rule; /* the declared one, or NULL: the nearest figure answered */
  const char *message;       /* what was found, or NULL */
  StatementResult *results; size_t result_count;
} Statement;

/* Claims of one text held against each other, whatever the records say (cross.c). */
typedef enum { FINDING_PART_OVER_WHOLE, FINDING_PARTS_SUM, FINDING_RATIO, FINDING_MEAN, FINDING_PERSON_TIMES,
               FINDING_STATED_TWICE, FINDING_LAST_YEAR } FindingKind;
enum { FINDING_CLAIMS = 12 };
typedef struct Finding {
  FindingKind kind;
  size_t claims[FINDING_CLAIMS]; /* indexes into Verification.claims, in the order of the text */
  size_t claim_count;
  const char *message;
} Finding;

typedef struct Verification {
  const char *file;
  const char *text; /* UTF-8, as checked */
  const PaperText *paper; /* where it was read from, set by who read it: tells a claim's place; may be NULL */
  struct Draft *draft; /* the text cut up; inside verify only */
  Period period;
  int64_t org;
  Claim *claims; size_t claim_count;
  Statement *statements; size_t statement_count;
  Finding *findings; size_t finding_count;
  struct GapList *gaps; /* what would have to be recorded (gap.h) */
  const char *elsewhere; /* whom the text speaks of, when it is not this site; else NULL */
} Verification;

enum { VERIFY_LIMIT = 4 * 1024 * 1024 }; /* bytes of a draft */

/* `period` kind PERIOD_YEAR of the year the text itself speaks of when `period_given` is false
 * (“2023年度…报告如下”), else the site's current year. */
bool verify_text(Session *s, const char *file, const char *text, int64_t org, const Period *period,
                 Verification **out, Error *e);
/* What a reader settled for one claim of this text, and for no other text. */
typedef struct ClaimChoice {
  size_t start;        /* the claim's */
  const char *measure; /* full name of a candidate's; NULL: it is none of them */
  const char *slice;   /* its slice's label, or NULL */
} ClaimChoice;
bool verify_text_settled(Session *s, const char *file, const char *text, int64_t org, const Period *period,
                         const ClaimChoice *choices, size_t count, Verification **out, Error *e);
/* Fills in the value of every candidate that a reader is asked to choose among; verify itself asks only the likely ones. */
bool verification_ask(Session *s, Verification *v, Error *e);
/* Only extraction: claims with role, no matching; for texts from outside and tests. */
bool verify_extract(Arena *a, const char *text, Verification **out, Error *e);

json_t *verification_json(Session *s, const Verification *v);      /* docs/json.md; new reference */
void verification_summary(const Verification *v, Text *out); /* 共42处：相符31，有说明2。 */
void verification_print(Session *s, const Verification *v, Text *out); /* terminal view a clerk works from */
/* A page of its own, to be printed and handed over (html.c). */
bool verification_html(Session *s, const Verification *v, Text *out, Error *e);
/* For a page of the web (page.h): count, text with its marks, beside it what needs a hand, below it the gap list
 * and all claims in a table. Claims count from 1: `claim-7` is the id of the mark, `hand-7` of its panel, `line-7` of
 * its line in the table; `said-2` and `hand-said-2` of a statement. A mark that needs a hand leads to its panel, another
 * to the figure's rows. Classes of a mark: claim and claim-ok, -note, -not, -ask, -gap, -none, -plan. */
typedef struct VerifyBody {
  PageLinks links;
  bool fold;        /* paragraphs that need no hand are <details class="clean"> */
  const char *kind; /* the table lists claims of this mark alone: ok, note, not, ask, gap, none, plan; NULL: all */
  const char *gaps; /* where the gap list has a page of its own; NULL: it stands below */
  /* Slots; each may be NULL, and write nothing. `context` is links.context. */
  void (*choice)(const Verification *v, size_t claim, size_t candidate, void *context, Text *out); /* inside the label: a radio */
  void (*actions)(const Verification *v, size_t claim, void *context, Text *out); /* end of the panel, the way to the rows too; claim from 0 */
  void (*place)(const Verification *v, size_t at, void *context, Text *out); /* where code point `at` stands: 第12段 */
} VerifyBody;
bool verification_html_body(Session *s, const Verification *v, const VerifyBody *body, Text *out, Error *e);
/* Exit code: 1 when anything is contradicted, unsupported or ambiguous, or there is a finding. */
bool verification_clean(const Verification *v);

#endif
