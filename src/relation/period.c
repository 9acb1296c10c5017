/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Periods as people write them, and back. All are half-open; only the written form of a span has both
 * ends in it. */
#include "relation/period.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static Period months(PeriodKind kind, int year, int first, int count) {
  Date from = date_make(year, first, 1);
  return (Period){kind, from, date_add_months(from, count)};
}

Period period_year(int year) { return months(PERIOD_YEAR, year, 1, 12); }
Period period_quarter(int year, int quarter) { return months(PERIOD_QUARTER, year, quarter * 3 - 2, 3); }
Period period_month(int year, int month) { return months(PERIOD_MONTH, year, month, 1); }
Period period_half(int year, int half) { return months(PERIOD_HALF, year, half * 6 - 5, 6); }

Period period_span(Date from, Date last) { return (Period){PERIOD_SPAN, from, date_add_days(last, 1)}; }

Period period_at(PeriodKind kind, Date d) {
  int year = date_year(d), month = date_month(d);
  switch (kind) {
  case PERIOD_YEAR: return period_year(year);
  case PERIOD_HALF: return period_half(year, (month + 5) / 6);
  case PERIOD_QUARTER: return period_quarter(year, (month + 2) / 3);
  case PERIOD_MONTH: return period_month(year, month);
  case PERIOD_SPAN: break;
  }
  return period_span(d, d);
}

Period period_next(Period p) { return period_at(p.kind, p.to); }

Period period_back(Period p, int years) {
  if (p.kind != PERIOD_SPAN)
    return (Period){p.kind, date_add_months(p.from, -12 * years), date_add_months(p.to, -12 * years)};
  return period_span(date_add_months(p.from, -12 * years), date_add_months(period_last(p), -12 * years));
}

Date period_last(Period p) { return date_add_days(p.to, -1); }
bool period_has(Period p, Date d) { return p.from <= d && d < p.to; }

/* Four digits of a year between 1000 and 9998, so that one day more is still a date. */
static const char *read_year(const char *s, int *year) {
  *year = 0;
  for (int i = 0; i < 4; i++, s++) {
    if (*s < '0' || *s > '9') return NULL;
    *year = *year * 10 + (*s - '0');
  }
  return *year >= 1000 && *year <= 9998 ? s : NULL;
}

typedef struct Wording {
  const char *word;
  PeriodKind kind;
  int number;
} Wording;

/* What may stand after the year. */
static const Wording wordings[] = {
    {"", PERIOD_YEAR, 1},
    {"年", PERIOD_YEAR, 1},
    {"年度", PERIOD_YEAR, 1},
    {"年全年", PERIOD_YEAR, 1},
    {"H1", PERIOD_HALF, 1},
    {"H2", PERIOD_HALF, 2},
    {"h1", PERIOD_HALF, 1},
    {"h2", PERIOD_HALF, 2},
    {"年上半年", PERIOD_HALF, 1},
    {"年下半年", PERIOD_HALF, 2},
    {"Q1", PERIOD_QUARTER, 1},
    {"Q2", PERIOD_QUARTER, 2},
    {"Q3", PERIOD_QUARTER, 3},
    {"Q4", PERIOD_QUARTER, 4},
    {"q1", PERIOD_QUARTER, 1},
    {"q2", PERIOD_QUARTER, 2},
    {"q3", PERIOD_QUARTER, 3},
    {"q4", PERIOD_QUARTER, 4},
    {"年第一季度", PERIOD_QUARTER, 1},
    {"年第二季度", PERIOD_QUARTER, 2},
    {"年第三季度", PERIOD_QUARTER, 3},
    {"年第四季度", PERIOD_QUARTER, 4},
    {"年一季度", PERIOD_QUARTER, 1},
    {"年二季度", PERIOD_QUARTER, 2},
    {"年三季度", PERIOD_QUARTER, 3},
    {"年四季度", PERIOD_QUARTER, 4},
    {"年1季度", PERIOD_QUARTER, 1},
    {"年2季度", PERIOD_QUARTER, 2},
    {"年3季度", PERIOD_QUARTER, 3},
    {"年4季度", PERIOD_QUARTER, 4},
};

static bool read_span(const char *s, const char *dots, const char *word, Period *out, Error *e) {
  char first[64], last[64];
  size_t n = (size_t)(dots - s), m = strlen(dots + strlen(word));
  if (n >= sizeof first || m >= sizeof last)
    return fail(e, ERROR_INVALID, "期间写得太长，请写成2023-05-01..2023-05-31。");
  memcpy(first, s, n);
  first[n] = 0;
  memcpy(last, dots + strlen(word), m + 1);
  Date from, to;
  if (!date_read(first, &from, e) || !date_read(last, &to, e)) return false;
  if (to < from) return fail(e, ERROR_INVALID, "期间“%s”的截止日早于起始日，请对调。", s);
  if (date_year(to) > 9998) return fail(e, ERROR_INVALID, "期间“%s”的年份太大，请写到9998年为止。", s);
  *out = period_span(from, to);
  return true;
}

bool period_read(const char *s, Period *out, Error *e) {
  static const char *const dots[] = {"..", "至", "到", "~", "～"};
  if (strlen(s) > 100) return fail(e, ERROR_INVALID, "期间写得太长，请写成2023、2023Q1或2023-05。");
  for (size_t i = 0; i < sizeof dots / sizeof *dots; i++) {
    const char *at = strstr(s, dots[i]);
    if (at) return read_span(s, at, dots[i], out, e);
  }
  int year;
  const char *rest = read_year(s, &year);
  for (size_t i = 0; rest && i < sizeof wordings / sizeof *wordings; i++) {
    const Wording *w = &wordings[i];
    if (strcmp(rest, w->word) != 0) continue;
    if (w->kind == PERIOD_YEAR)
      *out = period_year(year);
    else if (w->kind == PERIOD_HALF)
      *out = period_half(year, w->number);
    else
      *out = period_quarter(year, w->number);
    return true;
  }
  Date month;
  Error ignored;
  if (rest && date_read_month(s, &month, &ignored)) {
    *out = period_month(date_year(month), date_month(month));
    return true;
  }
  return fail(e, ERROR_INVALID, "看不懂期间“%s”，请写成2023、2023H1、2023Q1、2023-05或2023-05-01..2023-05-31。", s);
}

const char *period_text(Period p, PeriodText out) {
  int year = date_year(p.from), month = date_month(p.from);
  DateText a, b;
  switch (p.kind) {
  case PERIOD_YEAR: snprintf(out, sizeof(PeriodText), "%04d", year); break;
  case PERIOD_HALF: snprintf(out, sizeof(PeriodText), "%04dH%d", year, month > 6 ? 2 : 1); break;
  case PERIOD_QUARTER: snprintf(out, sizeof(PeriodText), "%04dQ%d", year, (month + 2) / 3); break;
  case PERIOD_MONTH: snprintf(out, sizeof(PeriodText), "%04d-%02d", year, month); break;
  case PERIOD_SPAN:
    snprintf(out, sizeof(PeriodText), "%s..%s", date_iso(p.from, a), date_iso(period_last(p), b));
    break;
  }
  return out;
}

const char *period_chinese(Period p, PeriodText out) {
  static const char *const ordinals[] = {"一", "二", "三", "四"};
  int year = date_year(p.from), month = date_month(p.from);
  DateText a, b;
  switch (p.kind) {
  case PERIOD_YEAR: snprintf(out, sizeof(PeriodText), "%d年", year); break;
  case PERIOD_HALF: snprintf(out, sizeof(PeriodText), "%d年%s", year, month > 6 ? "下半年" : "上半年"); break;
  case PERIOD_QUARTER: snprintf(out, sizeof(PeriodText), "%d年第%s季度", year, ordinals[(month - 1) / 3 % 4]); break;
  case PERIOD_MONTH: snprintf(out, sizeof(PeriodText), "%d年%d月", year, month); break;
  case PERIOD_SPAN:
    snprintf(out, sizeof(PeriodText), "%s至%s", date_chinese(p.from, a), date_chinese(period_last(p), b));
    break;
  }
  return out;
}
