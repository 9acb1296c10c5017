/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Days of the proleptic Gregorian calendar, years 1 to 9999. Arithmetic goes by
 * day numbers and stops at DATE_FIRST and DATE_END, so that an open end stays
 * one. What is no date stays no date: 0 in, 0 out. */
#include "base/date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"

Date date_make(int year, int month, int day) {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > date_days_in_month(year, month)) return 0;
  return (Date)(year * 10000 + month * 100 + day);
}

int date_year(Date d) { return d / 10000; }
int date_month(Date d) { return d / 100 % 100; }
int date_day(Date d) { return d % 100; }

bool date_valid(Date d) { return d > 0 && date_make(date_year(d), date_month(d), date_day(d)) == d; }

int date_days_in_month(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return 0;
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap);
}

/* --- reading --- */

typedef struct Parts {
  int at[3]; /* year, month, day */
} Parts;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* A run of `least` to `most` digits, and no digit behind it. */
static bool take_digits(const char **s, int least, int most, int *out) {
  int n = 0, value = 0;
  for (; is_digit((*s)[n]); n++) {
    if (n == most) return false;
    value = value * 10 + ((*s)[n] - '0');
  }
  if (n < least) return false;
  *s += n;
  *out = value;
  return true;
}

static bool take_word(const char **s, const char *word) {
  size_t n = strlen(word);
  if (strncmp(*s, word, n) != 0) return false;
  *s += n;
  return true;
}

static bool read_compact(const char *s, int parts, Parts *out) {
  size_t n = 2 + 2 * (size_t)parts;
  if (strspn(s, "0123456789") != n || s[n]) return false;
  for (int i = 0; i < parts; i++) {
    int digits = i ? 2 : 4;
    for (out->at[i] = 0; digits--; s++) out->at[i] = out->at[i] * 10 + (*s - '0');
  }
  return true;
}

static bool read_parts(const char *s, int parts, Parts *out) {
  if (read_compact(s, parts, out)) return true;
  if (!take_digits(&s, 4, 4, &out->at[0])) return false;
  if (take_word(&s, "年")) {
    if (parts >= 2 && !(take_digits(&s, 1, 2, &out->at[1]) && take_word(&s, "月"))) return false;
    if (parts == 3 && !(take_digits(&s, 1, 2, &out->at[2]) && (take_word(&s, "日") || take_word(&s, "号"))))
      return false;
    return !*s;
  }
  char separator = *s;
  if (parts == 1 || !separator || !strchr("-/.", separator)) return false;
  for (int i = 1; i < parts; i++) {
    if (*s++ != separator || !take_digits(&s, 1, 2, &out->at[i])) return false;
  }
  return !*s;
}

static bool read_date(const char *s, int parts, Date *out, Error *e) {
  static const char *const form[][2] = {
      {"年份", "2023或2023年"},
      {"月份", "2023-05、2023/5、202305或2023年5月"},
      {"日期", "2023-05-12、2023/5/12、2023.5.12、20230512或2023年5月12日"},
  };
  const char *what = form[parts - 1][0];
  if (!s) s = "";
  char shown[48];
  snprintf(shown, sizeof shown, "%.40s", s);
  utf8_trim(shown);
  if (!*shown) return fail(e, ERROR_INVALID, "%s是空的，请写成%s。", what, form[parts - 1][1]);
  Parts p = {.at = {0, 1, 1}};
  if (!read_parts(s, parts, &p))
    return fail(e, ERROR_INVALID, "“%s”不是%s，请写成%s。", shown, what, form[parts - 1][1]);
  if (p.at[0] < 1) return fail(e, ERROR_INVALID, "%s“%s”不对：没有0年。", what, shown);
  if (p.at[1] < 1 || p.at[1] > 12) return fail(e, ERROR_INVALID, "%s“%s”不对：没有%d月。", what, shown, p.at[1]);
  if (p.at[2] < 1 || p.at[2] > date_days_in_month(p.at[0], p.at[1]))
    return fail(e, ERROR_INVALID, "%s“%s”不对：%d年%d月没有%d日。", what, shown, p.at[0], p.at[1], p.at[2]);
  *out = date_make(p.at[0], p.at[1], p.at[2]);
  return true;
}

bool date_read(const char *s, Date *out, Error *e) { return read_date(s, 3, out, e); }
bool date_read_month(const char *s, Date *out, Error *e) { return read_date(s, 2, out, e); }
bool date_read_year(const char *s, Date *out, Error *e) { return read_date(s, 1, out, e); }

/* --- arithmetic --- */

/* Days since 0000-03-01; years begin in March so that the leap day comes last. */
static int64_t day_number(Date d) {
  int64_t year = date_year(d), month = date_month(d);
  if (month <= 2) {
    year--;
    month += 12;
  }
  return 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + date_day(d) - 1;
}

static Date from_day_number(int64_t n) {
  if (n <= day_number(DATE_FIRST)) return DATE_FIRST;
  if (n >= day_number(DATE_END)) return DATE_END;
  int64_t era = n / 146097, day = n % 146097;
  int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  day -= 365 * year + year / 4 - year / 100;
  int64_t month = (5 * day + 2) / 153;
  day -= (153 * month + 2) / 5;
  month += 3;
  year += era * 400;
  if (month > 12) {
    month -= 12;
    year++;
  }
  return (Date)(year * 10000 + month * 100 + day + 1);
}

Date date_add_days(Date d, int days) { return date_valid(d) ? from_day_number(day_number(d) + days) : 0; }

Date date_add_months(Date d, int months) {
  if (!date_valid(d)) return 0;
  int64_t n = (int64_t)date_year(d) * 12 + date_month(d) - 1 + months;
  if (n < 12) return DATE_FIRST;
  if (n >= 10000 * 12) return DATE_END;
  int year = (int)(n / 12), month = (int)(n % 12) + 1, day = date_day(d), last = date_days_in_month(year, month);
  return date_make(year, month, day < last ? day : last);
}

int date_days_between(Date from, Date to) {
  return date_valid(from) && date_valid(to) ? (int)(day_number(to) - day_number(from)) : 0;
}

int date_weekday(Date d) { return date_valid(d) ? (int)((day_number(d) + 2) % 7) + 1 : 0; }

int date_age(Date birth, Date at) {
  if (!date_valid(birth) || !date_valid(at)) return 0;
  return date_year(at) - date_year(birth) - (at % 10000 < birth % 10000);
}

/* --- writing --- */

const char *date_iso(Date d, DateText out) {
  if (date_valid(d))
    snprintf(out, sizeof(DateText), "%04d-%02d-%02d", date_year(d), date_month(d), date_day(d));
  else
    out[0] = 0;
  return out;
}

const char *date_chinese(Date d, DateText out) {
  if (date_valid(d))
    snprintf(out, sizeof(DateText), "%d年%d月%d日", date_year(d), date_month(d), date_day(d));
  else
    out[0] = 0;
  return out;
}

/* --- the clock --- */

Date clock_today(const Clock *c) {
  if (c && c->fixed) return c->fixed;
  time_t now = time(NULL);
  struct tm tm;
  if (!localtime_r(&now, &tm)) return 0;
  return date_make(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

const char *clock_now(const Clock *c, InstantText out) {
  DateText day;
  if (c && c->fixed) {
    snprintf(out, sizeof(InstantText), "%sT09:00:00Z", date_iso(c->fixed, day));
    return out;
  }
  time_t now = time(NULL);
  struct tm tm;
  out[0] = 0;
  if (gmtime_r(&now, &tm)) strftime(out, sizeof(InstantText), "%Y-%m-%dT%H:%M:%SZ", &tm);
  return out;
}
