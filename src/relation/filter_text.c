/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A filter written down again: one text for one meaning, with terms written out, so that a manifest says
 * what was counted without the profile. What is written here parses to the same meaning
 * and is written the same again. */
#include <inttypes.h>
#include <string.h>

#include "relation/filter_tree.h"

static void add_path(Path path, Text *out) {
  if (path.age) text_add(out, "age(");
  if (path.via) text_print(out, "%s.", path.via->name);
  text_add(out, path.column->name);
  if (path.age) text_add(out, ")");
}

static void add_quoted(const char *s, Text *out) {
  text_add_char(out, '\'');
  for (; *s; s++) {
    if (*s == '\'') text_add_char(out, '\'');
    text_add_char(out, *s);
  }
  text_add_char(out, '\'');
}

static void add_value(Path path, Value v, Text *out) {
  DateText day;
  NumberText number;
  Date d = (Date)v.i;
  if (v.kind == VALUE_TEXT) {
    add_quoted(v.s, out);
    return;
  }
  if (path.age) {
    text_add_int(out, v.i);
    return;
  }
  switch (path.column->type) {
  case TYPE_DATE: text_add(out, date_iso(d, day)); break;
  case TYPE_MONTH: text_print(out, "%04d-%02d", date_year(d), date_month(d)); break;
  case TYPE_YEAR: text_print(out, "%04d", date_year(d)); break;
  case TYPE_FLAG: text_add(out, v.i ? "true" : "false"); break;
  case TYPE_DECIMAL: text_add(out, decimal_text((Decimal){v.i, path.column->scale}, number)); break;
  default: text_add_int(out, v.i);
  }
}

static void add_list(const Filter *f, Text *out) {
  text_add(out, " in (");
  for (size_t i = 0; i < f->count; i++) {
    if (i) text_add(out, ", ");
    add_value(f->path, f->values[i], out);
  }
  text_add(out, ")");
}

static void add_period(const PeriodTest *t, Text *out) {
  DateText a, b;
  static const char *const parts[] = {
      [PERIOD_YEAR] = "year", [PERIOD_HALF] = "half", [PERIOD_QUARTER] = "quarter", [PERIOD_MONTH] = "month"};
  int year = date_year(t->fixed.from);
  text_add(out, " in ");
  if (t->kind == PERIOD_ASKED)
    text_add(out, "period");
  else if (t->kind == PERIOD_OF_YEAR)
    text_print(out, "%s(%d)", parts[t->part], t->number);
  else if (t->fixed.kind == PERIOD_SPAN)
    text_print(out, "span(%s, %s)", date_iso(t->fixed.from, a), date_iso(period_last(t->fixed), b));
  else if (t->fixed.kind == PERIOD_YEAR)
    text_print(out, "year(%d)", year);
  else
    text_print(out, "%s(%d, %d)", parts[t->part], year, t->number);
}

static void add_test(const Filter *f, Text *out) {
  static const char *const ops[] = {"=", "!=", "<", "<=", ">", ">="};
  if (f->kind == TEST_SOME) {
    text_print(out, "some %s", f->lines->own_name);
    if (!f->left) return;
    text_add(out, " (");
    filter_text(f->left, out);
    text_add(out, ")");
    return;
  }
  add_path(f->path, out);
  switch (f->kind) {
  case TEST_COMPARE:
    text_print(out, " %s ", ops[f->op]);
    add_value(f->path, f->values[0], out);
    break;
  case TEST_NAMED:
    if (f->count > 1)
      add_list(f, out);
    else {
      text_print(out, " %s ", ops[f->op]);
      add_value(f->path, f->values[0], out);
    }
    break;
  case TEST_IN: add_list(f, out); break;
  case TEST_PATHS:
    text_print(out, " %s ", ops[f->op]);
    add_path(f->other, out);
    break;
  case TEST_REPORTER: text_print(out, " %s reporter", ops[f->op]); break;
  case TEST_PERIOD: add_period(&f->period, out); break;
  case TEST_UNDER:
    text_add(out, " under ");
    if (f->name)
      add_quoted(f->name, out);
    else
      text_add(out, "here");
    break;
  case TEST_MISSING: text_add(out, " is missing"); break;
  case TEST_CONTAINS:
    text_add(out, " contains ");
    add_value(f->path, f->values[0], out);
    break;
  default: break;
  }
}

/* Brackets where the grammar needs them: around `or` in `and`, around both under `not`. */
static void add_part(const Filter *f, bool brackets, Text *out) {
  if (brackets) text_add(out, "(");
  filter_text(f, out);
  if (brackets) text_add(out, ")");
}

void filter_text(const Filter *f, Text *out) {
  if (!f) return;
  switch (f->kind) {
  case TEST_AND:
    add_part(f->left, f->left->kind == TEST_OR, out);
    text_add(out, " and ");
    add_part(f->right, f->right->kind == TEST_OR, out);
    break;
  case TEST_OR:
    filter_text(f->left, out);
    text_add(out, " or ");
    filter_text(f->right, out);
    break;
  case TEST_NOT:
    text_add(out, "not ");
    add_part(f->left, f->left->kind == TEST_AND || f->left->kind == TEST_OR, out);
    break;
  default: add_test(f, out);
  }
}
