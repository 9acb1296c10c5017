/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What every org owes, and whether its records show it. A duty (relation/catalogue.h, duties/NAME.yaml) is cut into
 * the months, quarters, half-years or years that it is owed for: its parts. Nothing is stored but exemptions: parts
 * and their states are worked out from declarations, the dated tree and records, on the session's snapshot and day.
 * A part is met by records, never by a tick box.
 *
 * - An org owes a part when it stood for the whole of it: founded in the middle, it begins with the next.
 * - A part is due on its last day, or on the day that `by` names, and `grace` days later. It belongs where the org
 *   stands on the part's last day, or today if that is still to come.
 * - A record counts for the org that it is held by, for the part of its date (or of the column that `period` names), if
 *   its state counts and it is not of a day to come. It is in time when its date (or `on`) is not after the due day.
 * - A relief that covers a part's last day excuses it; what is done in spite of it is done.
 *
 * The gate: a part is answered in full or left out, by where the org stood; the records of a part that the asker may
 * not open are counted and not named. */
#ifndef LUOSHI_DUTY_DUTY_H
#define LUOSHI_DUTY_DUTY_H

#include <jansson.h>

#include "access/session.h"
#include "operation/operation.h"

/* In the order of danger: of two states the greater one is shown. */
typedef enum {
  DUTY_NONE,      /* owes nothing: an empty cell */
  DUTY_EXCUSED,   /* 经批准免开 */
  DUTY_PENDING,   /* 未到期 */
  DUTY_DONE,      /* 已完成 */
  DUTY_DONE_LATE, /* 已完成，迟N天 */
  DUTY_SOON,      /* 临期: not done, and no more than `soon` days left */
  DUTY_LATE,      /* 逾期: past due, and the part still runs, or some of what it wants is there */
  DUTY_MISSED     /* 未开展: past due, the part is over, and nothing is there */
} DutyState;
enum { DUTY_STATES = DUTY_MISSED + 1 };

const char *duty_state_name(DutyState state); /* none excused pending done done_late soon overdue missed */
const char *duty_state_word(DutyState state); /* 未开展; for a screen reader, a legend; "" for none */

/* One org's duty for one month, quarter, half-year or year. */
typedef struct DutyPart {
  Period period;
  Date due;
  DutyState state;
  int days;       /* late, missed: since due; done_late: after due; soon, pending: still left (0: today); else 0 */
  int has, wants; /* records that count; how many are wanted */
  Date done_on;   /* when the last one wanted was there; 0: not done */
  const char *relief; /* excused: by what decision; else NULL */
  const int64_t *records; /* ids of duty->met_by, by date, that the asker may open; at most DUTY_RECORDS */
  size_t record_count;    /* ≤ has */
} DutyPart;
enum { DUTY_RECORDS = 60 };

typedef struct DutyCell {
  DutyState state; /* the worst of its parts */
  const DutyPart *worst; /* the oldest of that state: since when it is red; NULL: none */
  DutyPart *parts;
  size_t part_count; /* by period; parts that the org does not owe are left out */
  size_t count[DUTY_STATES]; /* parts by state */
} DutyCell;

typedef struct DutyAsk {
  int64_t org;   /* 0: all that the asker may see */
  bool alone;    /* this org, not what stands under it */
  Period period; /* every part that meets it is answered whole: of December also the fourth quarter and the year */
} DutyAsk;

typedef struct DutyBoard {
  Period period;
  const Duty **duties; /* in the order of declaration; those that somebody here owes */
  size_t duty_count;
  int64_t *orgs; /* down the tree, each before what stands under it; those that owe something here */
  int *depths;   /* below the org asked for */
  size_t org_count;
  DutyCell *cells;           /* org after org: org_count × duty_count */
  size_t count[DUTY_STATES]; /* parts by state, of the whole board */
} DutyBoard;
static inline const DutyCell *duty_cell(const DutyBoard *b, size_t org, size_t duty) {
  return &b->cells[org * b->duty_count + duty];
}

/* Refused when the asker may see nothing of the org. Arena of the session. One statement a duty. */
bool duty_board(Session *s, DutyAsk ask, DutyBoard *out, Error *e);
/* One org's year as a calendar: a board of one org, whose cells have every part of the year. */
bool duty_year(Session *s, int64_t org, int year, DutyBoard *out, Error *e);

/* What is to be done, for the desk. */
typedef struct DutyItem {
  const Duty *duty;
  int64_t org;
  DutyPart part; /* pending, soon, late or missed */
} DutyItem;
typedef struct DutyList {
  DutyItem *at; /* what turned red last comes first; then what is due next */
  size_t count;
  size_t totals[DUTY_STATES]; /* also of what `most` cut off */
} DutyList;
/* Of the last twelve months and the parts that run today. `most` 0: all. */
bool duty_list(Session *s, int64_t org, bool alone, size_t most, DutyList *out, Error *e);

/* What a record that meets the duty must say, as the query of a link to its form: kind=支部党员大会, and the month it is
 * for where a column says that. `period`: of the part, or NULL. */
typedef struct DutyField {
  const Column *column;
  const char *text;
} DutyField;
size_t duty_fields(Arena *a, const Duty *d, const Period *period, DutyField **out);

/* Orgs × ledgers × months of a year: how many records count. Lines, core relations and ledgers without a date are
 * left out. A record stands where its org stood on its day. One statement a ledger. */
typedef struct LedgerBoard {
  int year;
  const Relation **ledgers;
  size_t ledger_count;
  int64_t *orgs; /* down the tree; every org that stood in the year or has a record in it */
  int *depths;
  size_t org_count;
  int64_t *counts; /* org after org, ledger after ledger: 13 numbers, of the year, then of its months; where only the
                      year is known (pledges) the months are 0 */
} LedgerBoard;
static inline const int64_t *ledger_counts(const LedgerBoard *b, size_t org, size_t ledger) {
  return &b->counts[(org * b->ledger_count + ledger) * 13];
}
bool ledger_board(Session *s, int64_t org, int year, LedgerBoard *out, Error *e);

/* As the command line gives it (docs/json.md). New reference. */
json_t *duty_board_json(Session *s, const DutyBoard *b);

/* duty.relieve: an exemption, approved by somebody. duty.restore: takes it back, with a reason. */
extern const Operation *const duty_operations[];
extern const size_t duty_operation_count;

#endif
