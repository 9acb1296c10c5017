/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One cell between people and the table. Reading is generous in form (several dates, 是/否, labels) and
 * strict in meaning; what comes out of cell_exchange is read back as the same value. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "relation/row.h"

enum { TEXT_LONGEST = 500, PROSE_LONGEST = 20000, SERIAL_MOST = 9999 };
#define INT_MOST INT64_C(1000000000000000)

static const char *trim(Arena *a, const char *s) {
  static const char wide[] = "　";
  size_t n = strlen(s), w = sizeof wide - 1;
  for (;;) {
    if (n && strchr(" \t\r\n", s[0]))
      s++, n--;
    else if (n >= w && memcmp(s, wide, w) == 0)
      s += w, n -= w;
    else
      break;
  }
  for (;;) {
    if (n && strchr(" \t\r\n", s[n - 1]))
      n--;
    else if (n >= w && memcmp(s + n - w, wide, w) == 0)
      n -= w;
    else
      break;
  }
  return arena_slice(a, s, n);
}

static bool read_text(const Column *c, const char *s, Value *out, Error *e) {
  bool prose = c->type == TYPE_PROSE;
  size_t most = prose ? PROSE_LONGEST : TEXT_LONGEST, bad;
  if (!utf8_valid(s, strlen(s), &bad)) return fail(e, ERROR_INVALID, "“%s”不是UTF-8文字，请重新填写。", c->label);
  if (utf8_length(s) > most) return fail(e, ERROR_INVALID, "“%s”太长，最多%zu个字。", c->label, most);
  for (const char *p = s; *p; p++) {
    if ((unsigned char)*p >= 0x20 || (prose && strchr("\n\t\r", *p))) continue;
    return fail(e, ERROR_INVALID,
                *p == '\n' || *p == '\r' ? "“%s”要写在一行里，请去掉换行。" : "“%s”里有控制字符，请重新填写。",
                c->label);
  }
  *out = value_text(s);
  return true;
}

static bool read_choice(Arena *a, const Column *c, const char *s, Value *out, Error *e) {
  const Choice *choice = codes_choice(c->codes, s);
  if (choice) return *out = value_text(choice->name), true;
  size_t n = c->codes ? c->codes->count : 0;
  const char **labels = NEW_ARRAY(a, const char *, n + 1);
  for (size_t i = 0; i < n; i++) labels[i] = c->codes->at[i].label;
  const char *near = nearest(s, labels, n);
  if (near) return fail(e, ERROR_INVALID, "“%s”没有选项“%.90s”，是不是“%s”？", c->label, s, near);
  TEXT_SCOPE all = text_new(400);
  for (size_t i = 0; i < n && i < 8; i++) text_print(&all, "%s%s", i ? "、" : "", labels[i]);
  return fail(e, ERROR_INVALID, "“%s”没有选项“%.90s”，可填%s%s。", c->label, s, text_get(&all), n > 8 ? "等" : "");
}

static bool read_number(const Column *c, const char *s, Value *out, Error *e) {
  Decimal d;
  int64_t n;
  if (!decimal_read(s, &d, e)) return fail(e, ERROR_INVALID, "“%s”应当是数，不是“%.60s”。", c->label, s);
  int scale = c->type == TYPE_DECIMAL ? c->scale : 0;
  if (!decimal_scaled(d, scale, &n) || n > INT_MOST || n < -INT_MOST) {
    if (scale) return fail(e, ERROR_INVALID, "“%s”最多%d位小数，而且不能太大，不能填“%.60s”。", c->label, scale, s);
    return fail(e, ERROR_INVALID, "“%s”应当是整数，不能填“%.60s”。", c->label, s);
  }
  if (c->type == TYPE_SERIAL && (n < 1 || n > SERIAL_MOST))
    return fail(e, ERROR_INVALID, "“%s”应当是1到%d的序号，不能填“%.60s”。", c->label, SERIAL_MOST, s);
  *out = value_int(n);
  return true;
}

static bool read_day(const Column *c, const char *s, Value *out, Error *e) {
  Date d = 0;
  Error why;
  bool ok = c->type == TYPE_DATE    ? date_read(s, &d, &why)
            : c->type == TYPE_MONTH ? date_read_month(s, &d, &why)
                                    : date_read_year(s, &d, &why);
  if (!ok && c->type != TYPE_DATE && date_read(s, &d, e)) /* a whole date given for a month or year */
    ok = date_day(d) == 1 && (c->type == TYPE_MONTH || date_month(d) == 1);
  if (!ok) return fail(e, ERROR_INVALID, "“%s”：%s", c->label, why.sentence);
  *out = value_int(d);
  return true;
}

static bool read_flag(const Column *c, const char *s, Value *out, Error *e) {
  static const char *const yes[] = {"是", "true", "1", "有", "√", "Y", "y"}, *const no[] = {"否", "false", "0", "无",
                                                                                            "×",  "N",     "n"};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
    if (strcmp(s, yes[i]) == 0) return *out = value_int(1), true;
    if (strcmp(s, no[i]) == 0) return *out = value_int(0), true;
  }
  return fail(e, ERROR_INVALID, "“%s”请填是或否，不能填“%.60s”。", c->label, s);
}

static bool read_file(const Column *c, const char *s, Value *out, Error *e) {
  if (strlen(s) != 64 || strspn(s, "0123456789abcdef") != 64)
    return fail(e, ERROR_INVALID, "“%s”应当是已上传附件的编号，请先上传附件。", c->label);
  *out = value_text(s);
  return true;
}

bool cell_read(Arena *a, const Column *c, const char *text, Value *out, Error *e) {
  const char *s = trim(a, text ? text : "");
  *out = value_null(type_kind(c->type, false));
  if (!*s) return true;
  switch (c->type) {
  case TYPE_TEXT:
  case TYPE_PROSE: return read_text(c, s, out, e);
  case TYPE_CHOICE: return read_choice(a, c, s, out, e);
  case TYPE_INT:
  case TYPE_DECIMAL:
  case TYPE_SERIAL: return read_number(c, s, out, e);
  case TYPE_DATE:
  case TYPE_MONTH:
  case TYPE_YEAR: return read_day(c, s, out, e);
  case TYPE_FLAG: return read_flag(c, s, out, e);
  case TYPE_FILE: return read_file(c, s, out, e);
  case TYPE_REF: break;
  }
  return fail_because(e, ERROR_BUG, "references are resolved by names.h", "“%s”无法在这里填写，请联系维护人员。",
                      c->label);
}

static const char *number(Arena *a, const Column *c, Value v) {
  NumberText text;
  return arena_copy(a, decimal_text((Decimal){v.i, c->scale}, text));
}

static const char *plain_int(Arena *a, Value v) { return arena_print(a, "%" PRId64, v.i); }

const char *cell_show(Arena *a, const Column *c, Value v) {
  DateText day;
  if (v.null) return "";
  if (v.kind == VALUE_BYTES) return "＊＊＊";
  Date d = (Date)v.i;
  switch (c->type) {
  case TYPE_CHOICE: {
    const Choice *choice = codes_choice(c->codes, v.s);
    return arena_copy(a, choice ? choice->label : v.s);
  }
  case TYPE_DATE: return arena_copy(a, date_chinese(d, day));
  case TYPE_MONTH: return arena_print(a, "%d年%d月", date_year(d), date_month(d));
  case TYPE_YEAR: return arena_print(a, "%d年", date_year(d));
  case TYPE_FLAG: return v.i ? "是" : "否";
  case TYPE_DECIMAL: return number(a, c, v);
  case TYPE_FILE: return arena_print(a, "文件%.6s", v.s); /* enough of its hash to tell two apart */
  default: return v.kind == VALUE_TEXT ? arena_copy(a, v.s) : plain_int(a, v);
  }
}

const char *cell_exchange(Arena *a, const Column *c, Value v) {
  DateText day;
  if (v.null) return "";
  if (v.kind == VALUE_BYTES) return "＊＊＊";
  Date d = (Date)v.i;
  switch (c->type) {
  case TYPE_DATE: return arena_copy(a, date_iso(d, day));
  case TYPE_MONTH: return arena_print(a, "%04d-%02d", date_year(d), date_month(d));
  case TYPE_YEAR: return arena_print(a, "%04d", date_year(d));
  case TYPE_FILE: return arena_copy(a, v.s); /* an import takes it back */
  default: return cell_show(a, c, v);
  }
}
