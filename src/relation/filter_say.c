/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A filter said to people: labels and choice labels, no names of the engine. It is read, never parsed again;
 * filter_text is the exact form. */
#include <string.h>

#include "relation/filter_tree.h"

static void add_path(Path path, Text *out) {
  if (path.via) text_print(out, "%s的", path.via->label);
  text_add(out, path.column->label);
  if (path.age) text_add(out, "（按年龄）");
}

static const char *choice_label(const Column *c, const char *name) {
  const Choice *choice = c->codes ? codes_choice(c->codes, name) : NULL;
  return choice ? choice->label : name;
}

static void add_value(Path path, Value v, Text *out) {
  DateText day;
  NumberText number;
  Date d = (Date)v.i;
  const Column *c = path.column;
  if (v.kind == VALUE_TEXT) {
    const State *state = path.relation && path.relation->state >= 0 && c == &path.relation->columns[path.relation->state]
                             ? relation_state(path.relation, v.s) : NULL;
    text_print(out, "“%s”", state ? state->label : choice_label(c, v.s));
    return;
  }
  if (path.age) {
    text_add_int(out, v.i);
    text_add(out, "岁");
    return;
  }
  switch (c->type) {
  case TYPE_DATE: text_add(out, date_chinese(d, day)); break;
  case TYPE_MONTH: text_print(out, "%d年%d月", date_year(d), date_month(d)); break;
  case TYPE_YEAR: text_print(out, "%d年", date_year(d)); break;
  case TYPE_FLAG: text_add(out, v.i ? "是" : "否"); break;
  case TYPE_DECIMAL: text_print(out, "%s%s", decimal_text((Decimal){v.i, c->scale}, number), c->unit ? c->unit : ""); break;
  default:
    text_add_int(out, v.i);
    text_add(out, c->unit ? c->unit : "");
  }
}

static void add_list(const Filter *f, Text *out) {
  for (size_t i = 0; i < f->count; i++) {
    if (i) text_add(out, i + 1 < f->count ? "、" : "或");
    add_value(f->path, f->values[i], out);
  }
}

static const char *op_words(Op op, bool is_date) {
  static const char *const numbers[] = {"是", "不是", "小于", "不超过", "大于", "不少于"};
  static const char *const dates[] = {"是", "不是", "早于", "不晚于", "晚于", "不早于"};
  return is_date ? dates[op] : numbers[op];
}

static void add_period(const PeriodTest *t, Text *out) {
  PeriodText text;
  static const char *const parts[] = {
      [PERIOD_YEAR] = "全年", [PERIOD_HALF] = "半年", [PERIOD_QUARTER] = "季度", [PERIOD_MONTH] = "月"};
  if (t->kind == PERIOD_ASKED) text_add(out, "在所选期间");
  else if (t->kind == PERIOD_FIXED) text_print(out, "在%s", period_chinese(t->fixed, text));
  else if (t->part == PERIOD_MONTH) text_print(out, "在当年%d月", t->number);
  else text_print(out, "在当年第%d个%s", t->number, parts[t->part]);
}

static void add_test(const Filter *f, bool negated, Text *out) {
  if (f->kind == TEST_SOME) {
    text_print(out, "%s有%s", negated ? "没" : "", f->lines->label);
    if (!f->left) return;
    text_add(out, "（");
    filter_say(f->left, out);
    text_add(out, "）");
    return;
  }
  add_path(f->path, out);
  bool is_date = is_day_type(f->path.column->type) && !f->path.age;
  switch (f->kind) {
  case TEST_COMPARE:
  case TEST_NAMED:
  case TEST_IN: {
    Op op = f->kind == TEST_IN ? OP_EQ : f->op;
    bool equality = op == OP_EQ || op == OP_NE;
    bool no = negated != (op == OP_NE);
    if (equality) text_add(out, no ? "不是" : "是");
    else text_print(out, "%s%s", negated ? "并非" : "", op_words(op, is_date));
    add_list(f, out);
    break;
  }
  case TEST_PATHS:
    text_print(out, "%s%s", negated ? "并非" : "", op_words(f->op, is_date));
    add_path(f->other, out);
    break;
  case TEST_REPORTER: text_add(out, negated != (f->op == OP_NE) ? "不是述职人本人" : "是述职人本人"); break;
  case TEST_PERIOD:
    if (negated) text_add(out, "不");
    add_period(&f->period, out);
    break;
  case TEST_UNDER: text_print(out, "%s%s及所属", negated ? "不属于" : "属于", f->name ? f->name : "所选组织"); break;
  case TEST_MISSING: text_add(out, negated ? "已填" : "没有填"); break;
  case TEST_CONTAINS:
    text_add(out, negated ? "不含" : "含");
    add_value(f->path, f->values[0], out);
    break;
  default: break;
  }
}

static void add_part(const Filter *f, bool brackets, Text *out) {
  if (brackets) text_add(out, "（");
  filter_say(f, out);
  if (brackets) text_add(out, "）");
}

void filter_say(const Filter *f, Text *out) {
  if (!f) return;
  switch (f->kind) {
  case TEST_AND:
    add_part(f->left, f->left->kind == TEST_OR, out);
    text_add(out, "，且");
    add_part(f->right, f->right->kind == TEST_OR, out);
    break;
  case TEST_OR:
    add_part(f->left, f->left->kind == TEST_AND, out);
    text_add(out, "，或");
    add_part(f->right, f->right->kind == TEST_AND, out);
    break;
  case TEST_NOT:
    if (f->left->kind == TEST_AND || f->left->kind == TEST_OR || f->left->kind == TEST_NOT) {
      text_add(out, "不符合");
      add_part(f->left, true, out);
    } else {
      add_test(f->left, true, out);
    }
    break;
  default: add_test(f, false, out);
  }
}
