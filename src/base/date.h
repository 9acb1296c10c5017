/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A calendar day as the integer yyyymmdd: sorts and compares as a number, reads
 * as a date in a table, and is the same on both engines. 0 is no date. */
#ifndef LUOSHI_BASE_DATE_H
#define LUOSHI_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

typedef int32_t Date;

#define DATE_FIRST ((Date)10101)
#define DATE_END ((Date)99991231) /* open end of a half-open span */

bool date_valid(Date d);
/* 2023-05-12, 2023/5/12, 2023.5.12, 20230512, 2023年5月12日, with 前导零 or without; the
 * error says which part is wrong (没有13月, 2月没有30日). */
bool date_read(const char *s, Date *out, Error *e);
/* 2023-05, 2023年5月, 2023/5, 202305: the month's first day. */
bool date_read_month(const char *s, Date *out, Error *e);
/* 2023, 2023年: the year's first day. */
bool date_read_year(const char *s, Date *out, Error *e);

Date date_make(int year, int month, int day);
int date_year(Date d), date_month(Date d), date_day(Date d);
int date_days_in_month(int year, int month);
Date date_add_days(Date d, int days);
/* Anchored: 31 January + 1 month is the last day of February. */
Date date_add_months(Date d, int months);
int date_days_between(Date from, Date to); /* to − from */
int date_weekday(Date d);                  /* 1 Monday … 7 Sunday */
int date_age(Date birth, Date at);         /* whole years; 29 February counts on 1 March */

typedef char DateText[24];
const char *date_iso(Date d, DateText out);     /* 2023-05-12; empty for 0 */
const char *date_chinese(Date d, DateText out); /* 2023年5月12日 */

/* The one clock. A site may carry a fixed day (demo); tests set it. */
typedef struct Clock {
  Date fixed; /* 0: the machine's own day */
} Clock;
Date clock_today(const Clock *c);
typedef char InstantText[32];
const char *clock_now(const Clock *c, InstantText out); /* 2023-12-20T09:00:00Z */

#endif
