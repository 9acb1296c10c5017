/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What names and literals of a filter mean: names become paths (own first, then the record's, one hop
 * through a reference), terms become trees, literals take their type from the column they are held
 * against. Every miss names the nearest thing that exists. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "relation/filter_tree.h"

bool is_day_type(Type type) { return type == TYPE_DATE || type == TYPE_MONTH || type == TYPE_YEAR; }

/* ---- names ---- */

static const Column *find_column(const Relation *r, const char *name) {
  const Column *c = relation_column(r, name);
  return c && !c->retired ? c : NULL;
}

static const Term *find_term(const Relation *r, const char *name) {
  for (size_t i = 0; i < r->term_count; i++)
    if (strcmp(r->terms[i].name, name) == 0) return &r->terms[i];
  return NULL;
}

typedef struct Names {
  const char **at;
  size_t count, room;
} Names;

static void add_names(Parse *p, Names *names, const Relation *r) {
  for (size_t i = 0; r && i < r->column_count; i++)
    if (!r->columns[i].retired) *PUSH(p->arena, names->at, names->count, names->room) = r->columns[i].name;
  for (size_t i = 0; r && i < r->term_count; i++)
    *PUSH(p->arena, names->at, names->count, names->room) = r->terms[i].name;
}

static bool unknown(Parse *p, Token name, const Relation *r, const Relation *up) {
  Names names = {0};
  add_names(p, &names, r);
  add_names(p, &names, up);
  const char *near = nearest(name.text, names.at, names.count);
  if (near)
    parse_issue(p, name, "“%s”没有字段“%s”，是不是“%s”？", r->label, name.text, near);
  else
    parse_issue(p, name, "“%s”没有字段“%s”。", r->label, name.text);
  return false;
}

static bool term_failed(Parse *p, Token name) {
  parse_issue(p, name, "术语“%s”不能用：它本身有误，或绕回到自己，请先改正它。", name.text);
  return false;
}

/* A term of what a reference names, said from the reference. Its own paths may not hop again. */
static Path hop_path(Path path, const void *context) {
  const Path *start = context;
  path.parent = start->parent;
  path.via = start->column;
  return path;
}

static bool can_hop(const Filter *f) {
  if (!f) return true;
  if (f->kind == TEST_SOME || f->kind == TEST_UNDER) return false;
  if (f->path.column && (f->path.via || f->path.parent)) return false;
  if (f->other.column && (f->other.via || f->other.parent)) return false;
  return can_hop(f->left) && can_hop(f->right);
}

static bool single_name(Parse *p, Token name, Named *out) {
  const Relation *up = p->on->parent;
  const Relation *both[] = {p->on, up};
  for (size_t i = 0; i < 2 && both[i]; i++) {
    const Column *c = find_column(both[i], name.text);
    const Term *t = c ? NULL : find_term(both[i], name.text);
    if (c) {
      *out = (Named){.found = true, .path = {.parent = i == 1, .relation = both[i], .column = c}, .name = name.text};
      return true;
    }
    if (!t) continue;
    Filter *f = parse_term(p, both[i], t->text);
    if (!f) return term_failed(p, name);
    *out = (Named){.term = i == 1 ? filter_from_line(p->arena, f, p->on) : f, .name = name.text};
    return true;
  }
  return unknown(p, name, p->on, up);
}

bool type_name(Parse *p, Token first, Token second, Named *out) {
  *out = (Named){0};
  Named start;
  if (second.kind == TOKEN_END) return single_name(p, first, out);
  if (!single_name(p, first, &start)) return false;
  const Relation *ref = start.found ? start.path.column->ref : NULL;
  if (!ref)
    return parse_issue(p, first, "“%s”不是对组织、人员或台账的引用，后面不能接“.%s”。", first.text, second.text), false;
  if (p->on->parent == ref && strcmp(start.path.column->name, "record") == 0) {
    Parse inner = *p;
    inner.on = ref;
    Named named;
    bool ok = single_name(&inner, second, &named);
    p->offset = inner.offset;
    if (!ok) return false;
    named.path.parent = true;
    if (named.term) named.term = filter_from_line(p->arena, named.term, p->on);
    *out = named;
    return true;
  }
  const Column *c = find_column(ref, second.text);
  if (c) {
    *out = (Named){.found = true,
                   .name = second.text,
                   .path = {.parent = start.path.parent, .via = start.path.column, .relation = ref, .column = c}};
    return true;
  }
  const Term *t = find_term(ref, second.text);
  if (!t) return unknown(p, second, ref, NULL);
  Filter *f = parse_term(p, ref, t->text);
  if (!f) return term_failed(p, second);
  if (!can_hop(f))
    return parse_issue(p, second, "术语“%s”用到别的表，不能经“%s”引用。", second.text, first.text), false;
  *out = (Named){.term = filter_copy(p->arena, f, hop_path, &start.path), .name = second.text};
  return true;
}

bool type_lines(Parse *p, Token name, const Relation **out) {
  const Relation *up = p->on->parent ? p->on->parent : p->on;
  const char **names = NEW_ARRAY(p->arena, const char *, up->line_count + 1);
  for (size_t i = 0; i < up->line_count; i++) {
    names[i] = up->lines[i]->own_name;
    if (strcmp(names[i], name.text) == 0) return *out = up->lines[i], true;
  }
  const char *near = nearest(name.text, names, up->line_count);
  if (near)
    parse_issue(p, name, "“%s”没有明细“%s”，是不是“%s”？", up->label, name.text, near);
  else
    parse_issue(p, name, "“%s”没有明细“%s”。", up->label, name.text);
  return false;
}

bool type_testable(Parse *p, Token at, Path path) {
  if (!path.column->sensitive) return true;
  parse_issue(p, at, "“%s”是隐私项，加密存放，不能比较或查找；规则文件里只能用is missing判断是否填写。",
              path.column->label);
  p->private_items++;
  return false;
}

/* ---- literals ---- */

static bool is_flag_word(Token t) { return t.kind == TOKEN_NAME; } /* true, false */

static bool wrong(Parse *p, Token t, const Column *c, const char *want) {
  parse_issue(p, t, "“%s”要和%s比较，不能是“%.60s”。", c->label, want, t.text);
  return false;
}

static bool number_value(Parse *p, Token t, const Column *c, int scale, Value *out) {
  Decimal d;
  Error e;
  int64_t n;
  if (t.kind != TOKEN_NUMBER || !decimal_read(t.text, &d, &e)) return wrong(p, t, c, "数");
  if (!decimal_scaled(d, scale, &n)) {
    if (scale)
      parse_issue(p, t, "“%s”最多%d位小数，而且不能太大。", c->label, scale);
    else
      parse_issue(p, t, "“%s”是整数，不能和“%s”比较。", c->label, t.text);
    return false;
  }
  *out = value_int(n);
  return true;
}

static bool day_value(Parse *p, Token t, const Column *c, Value *out) {
  Date d;
  Error e;
  bool ok = false;
  if (is_flag_word(t) || (t.kind == TOKEN_NUMBER && c->type != TYPE_YEAR))
    ok = false;
  else if (c->type == TYPE_DATE)
    ok = date_read(t.text, &d, &e);
  else if (c->type == TYPE_MONTH)
    ok = date_read_month(t.text, &d, &e);
  else
    ok = date_read_year(t.text, &d, &e);
  if (!ok)
    return wrong(p, t, c,
                 c->type == TYPE_DATE    ? "日期（2023-05-01）"
                 : c->type == TYPE_MONTH ? "月份（2023-05）"
                                         : "年份（2023）");
  *out = value_int(d);
  return true;
}

static bool choice_value(Parse *p, Token t, const Column *c, Value *out) {
  if (t.kind != TOKEN_STRING) return wrong(p, t, c, "英文单引号括起来的选项");
  if (!c->codes) return *out = value_text(t.text), true; /* its codes are reported where it is declared */
  const Choice *choice = codes_choice(c->codes, t.text);
  if (choice) return *out = value_text(choice->name), true;
  const char **names = NEW_ARRAY(p->arena, const char *, c->codes->count * 2 + 1);
  for (size_t i = 0; i < c->codes->count; i++) {
    names[2 * i] = c->codes->at[i].label;
    names[2 * i + 1] = c->codes->at[i].name;
  }
  const char *near = nearest(t.text, names, c->codes->count * 2);
  if (near)
    parse_issue(p, t, "“%s”没有选项“%.60s”，是不是“%s”？", c->label, t.text, near);
  else
    parse_issue(p, t, "“%s”没有选项“%.60s”。", c->label, t.text);
  return false;
}

static bool literal_value(Parse *p, Token t, Path path, Value *out) {
  const Column *c = path.column;
  if (path.age) {
    if (!number_value(p, t, c, 0, out)) return false;
    if (out->i >= 0 && out->i <= 200) return true;
    return parse_issue(p, t, "年龄应当是0到200的整数。"), false;
  }
  switch (c->type) {
  case TYPE_CHOICE: return choice_value(p, t, c, out);
  case TYPE_INT:
  case TYPE_SERIAL:
  case TYPE_REF: return number_value(p, t, c, 0, out);
  case TYPE_DECIMAL: return number_value(p, t, c, c->scale, out);
  case TYPE_DATE:
  case TYPE_MONTH:
  case TYPE_YEAR: return day_value(p, t, c, out);
  case TYPE_FLAG:
    if (!is_flag_word(t)) return wrong(p, t, c, "true或false");
    *out = value_int(strcmp(t.text, "true") == 0);
    return true;
  case TYPE_TEXT:
  case TYPE_PROSE:
  case TYPE_FILE: break;
  }
  if (t.kind != TOKEN_STRING) return wrong(p, t, c, "英文单引号括起来的文字");
  *out = value_text(t.text);
  return true;
}

/* ---- tests ---- */

static bool orders(Path path) {
  switch (path.column->type) {
  case TYPE_TEXT:
  case TYPE_PROSE:
  case TYPE_FLAG:
  case TYPE_REF:
  case TYPE_FILE: return false;
  case TYPE_CHOICE: return path.column->codes && path.column->codes->ordered;
  default: return true;
  }
}

static bool op_fits(Parse *p, Token at, Path path, Op op) {
  if (op == OP_EQ || op == OP_NE || path.age || orders(path)) return true;
  parse_issue(p, at, "“%s”没有大小先后，只能用=、!=或in。", path.column->label);
  return false;
}

/* A reference held against names of what it refers to. */
static Filter *named(Parse *p, Token at, Path path, Op op, const Token *literals, size_t count) {
  const Relation *ref = path.column->ref;
  if (!ref) return NULL;
  bool org = strcmp(ref->name, "org") == 0;
  if (!org && ref->title < 0) return parse_issue(p, at, "“%s”没有名称，只能和编号比较。", ref->label), NULL;
  if (!org && ref->columns[ref->title].sensitive)
    return parse_issue(p, at, "“%s”的名称是隐私项，不能比较。", ref->label), NULL;
  Filter *f = parse_node(p, TEST_NAMED);
  f->path = path;
  f->op = op;
  f->values = NEW_ARRAY(p->arena, Value, count);
  f->count = count;
  for (size_t i = 0; i < count; i++) {
    if (literals[i].kind != TOKEN_STRING)
      return wrong(p, literals[i], path.column, "同一种值（都是名称，或都是编号）"), NULL;
    f->values[i] = value_text(literals[i].text);
  }
  return f;
}

Filter *type_compare(Parse *p, Token at, Path path, Op op, const Token *literals, size_t count, bool list) {
  if (!op_fits(p, at, path, op)) return NULL;
  if (!path.age && path.column->type == TYPE_REF && literals[0].kind == TOKEN_STRING)
    return named(p, at, path, op, literals, count);
  Filter *f = parse_node(p, list ? TEST_IN : TEST_COMPARE);
  f->path = path;
  f->op = op;
  f->values = NEW_ARRAY(p->arena, Value, count);
  f->count = count;
  bool ok = true;
  for (size_t i = 0; i < count; i++) ok = literal_value(p, literals[i], path, &f->values[i]) && ok;
  return ok ? f : NULL;
}

static bool comparable(Path a, Path b) {
  const Column *x = a.column, *y = b.column;
  if (a.age || b.age) return false;
  if (is_day_type(x->type) && is_day_type(y->type)) return true;
  bool numbers = (x->type == TYPE_INT || x->type == TYPE_DECIMAL) && (y->type == TYPE_INT || y->type == TYPE_DECIMAL);
  if (numbers) return x->scale == y->scale;
  bool texts = (x->type == TYPE_TEXT || x->type == TYPE_PROSE) && (y->type == TYPE_TEXT || y->type == TYPE_PROSE);
  if (texts) return true;
  if (x->type != y->type) return false;
  return x->type == TYPE_FLAG || x->type == TYPE_SERIAL || (x->type == TYPE_REF && x->ref == y->ref) ||
         (x->type == TYPE_CHOICE && x->codes == y->codes);
}

Filter *type_paths(Parse *p, Token at, Path path, Op op, Path other) {
  bool ordered_codes = path.column->type == TYPE_CHOICE && op != OP_EQ && op != OP_NE;
  if (!comparable(path, other) || ordered_codes) {
    parse_issue(p, at, "“%s”和“%s”不能这样比较。", path.column->label, other.column->label);
    return NULL;
  }
  if (!op_fits(p, at, path, op)) return NULL;
  Filter *f = parse_node(p, TEST_PATHS);
  f->path = path;
  f->op = op;
  f->other = other;
  return f;
}

Filter *type_reporter(Parse *p, Token at, Path path, Op op) {
  const Relation *ref = path.age ? NULL : path.column->ref;
  if (!ref || strcmp(ref->name, "person") != 0 || (op != OP_EQ && op != OP_NE)) {
    parse_issue(p, at, "reporter是人，只能和人员字段用=或!=比较。");
    return NULL;
  }
  Filter *f = parse_node(p, TEST_REPORTER);
  f->path = path;
  f->op = op;
  return f;
}
