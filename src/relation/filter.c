/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The filter language: reader, and what is done with trees as wholes. Text is at most 4 KB, brackets 32
 * deep, and a tree with its terms 400 nodes, so that no filter can make a statement too large for either
 * engine. A wrong name does not stop the reading: all are reported at once; a wrong form does. */
#include "relation/filter.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "relation/filter_tree.h"

void parse_issue(Parse *p, Token at, const char *sentence, ...) {
  size_t before = 0, n = at.at;
  for (size_t i = 0; i < n; i++) before += ((unsigned char)p->text[i] & 0xC0) != 0x80;
  va_list args;
  va_start(args, sentence);
  char *text = arena_vprint(p->arena, sentence, args);
  va_end(args);
  if (p->path_only)
    issue_add(p->issues, "", NULL, "%s", text);
  else
    issue_add(p->issues, "", NULL, "筛选条件第%zu个字处：%s", before + 1, text);
}

__attribute__((format(printf, 2, 3))) static void stop(Parse *p, const char *sentence, ...) {
  va_list args;
  va_start(args, sentence);
  char *text = arena_vprint(p->arena, sentence, args);
  va_end(args);
  if (!p->stopped) parse_issue(p, p->token, "%s", text);
  p->stopped = true;
  p->token.kind = TOKEN_END;
}

Filter *parse_node(Parse *p, TestKind kind) {
  if (++*p->nodes > FILTER_NODES) {
    stop(p, "条件太多，最多%d个，请拆成几个。", FILTER_NODES);
    *p->nodes = FILTER_NODES;
  }
  Filter *f = NEW(p->arena, Filter);
  f->kind = kind;
  return f;
}

/* ---- words ---- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_name(char c) { return (c >= 'a' && c <= 'z') || c == '_' || is_digit(c); }

static size_t read_string(Parse *p, const char *s, Token *t) {
  char *out = arena_alloc(p->arena, strlen(s) + 1);
  size_t n = 0, i = 1;
  for (; s[i]; i++) {
    if (s[i] == '\'' && s[i + 1] == '\'')
      i++;
    else if (s[i] == '\'')
      break;
    out[n++] = s[i];
  }
  t->kind = s[i] ? TOKEN_STRING : TOKEN_BAD;
  t->text = s[i] ? out : "引号没有收尾，请补上'。";
  return s[i] ? i + 1 : i;
}

/* 12, -1.5, 2023-05, 2023-05-01 */
static size_t read_number(Parse *p, const char *s, Token *t) {
  size_t n = s[0] == '-';
  while (is_digit(s[n])) n++;
  t->kind = TOKEN_NUMBER;
  if (n == 4 && s[0] != '-' && s[4] == '-' && is_digit(s[5])) {
    t->kind = TOKEN_DATE;
    for (int part = 0; part < 2 && s[n] == '-' && is_digit(s[n + 1]); part++)
      for (n++; is_digit(s[n]);) n++;
  } else if (s[n] == '.' && is_digit(s[n + 1])) {
    for (n++; is_digit(s[n]);) n++;
  }
  t->text = arena_slice(p->arena, s, n);
  if (is_name(s[n])) {
    t->kind = TOKEN_BAD;
    t->text = "数字后面紧跟着字母，请用空格分开，文字请用英文单引号括起来。";
  }
  return n;
}

static size_t read_op(const char *s, Token *t) {
  static const struct {
    const char *text;
    Op op;
  } ops[] = {{"!=", OP_NE}, {"<>", OP_NE}, {"<=", OP_LE}, {">=", OP_GE},
             {"==", OP_EQ}, {"=", OP_EQ},  {"<", OP_LT},  {">", OP_GT}};
  for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
    size_t n = strlen(ops[i].text);
    if (strncmp(s, ops[i].text, n) != 0) continue;
    t->kind = TOKEN_OP;
    t->op = ops[i].op;
    t->text = ops[i].text;
    return n;
  }
  return 0;
}

static void advance(Parse *p) {
  if (p->stopped) return;
  p->before = p->token;
  while (p->text[p->offset] && strchr(" \t\r\n", p->text[p->offset])) p->offset++;
  const char *s = p->text + p->offset;
  Token t = {.kind = TOKEN_END, .text = "", .at = p->offset};
  size_t n = 0;
  if (!*s) {
    p->token = t;
    return;
  }
  if (*s == '\'')
    n = read_string(p, s, &t);
  else if (is_digit(*s) || (*s == '-' && is_digit(s[1])))
    n = read_number(p, s, &t);
  else if (is_name(*s)) {
    while (is_name(s[n])) n++;
    t.kind = TOKEN_NAME;
    t.text = arena_slice(p->arena, s, n);
  } else if (strchr("(),.", *s)) {
    t.kind = TOKEN_SIGN;
    t.text = arena_slice(p->arena, s, n = 1);
  } else if (!(n = read_op(s, &t))) {
    t.kind = TOKEN_BAD;
    bool high = (unsigned char)*s >= 0x80;
    t.text = high ? "文字要用英文单引号'括起来，标点要用英文的。"
                  : "不认识这个符号，请改用英文小写的字段名和= != < <= > >=。";
  }
  p->offset += n;
  p->token = t;
  if (t.kind == TOKEN_BAD) stop(p, "%s", t.text);
}

static bool is_word(Token t, const char *word) { return t.kind == TOKEN_NAME && strcmp(t.text, word) == 0; }
static bool is_sign(Token t, char c) { return t.kind == TOKEN_SIGN && t.text[0] == c; }

static bool take_word(Parse *p, const char *word) {
  if (!is_word(p->token, word)) return false;
  advance(p);
  return true;
}

static bool take_sign(Parse *p, char c) {
  if (!is_sign(p->token, c)) return false;
  advance(p);
  return true;
}

static bool expect_sign(Parse *p, char c) {
  if (take_sign(p, c)) return true;
  if (p->token.kind == TOKEN_END)
    stop(p, "这里缺少“%c”。", c);
  else
    stop(p, "这里应当是“%c”，不是“%.60s”。", c, p->token.text);
  return false;
}

static char following(const Parse *p) {
  size_t i = p->offset;
  while (p->text[i] && strchr(" \t\r\n", p->text[i])) i++;
  return p->text[i];
}

/* ---- grammar ---- */

static Filter *parse_or(Parse *p);

static bool is_literal(Token t) {
  return t.kind == TOKEN_STRING || t.kind == TOKEN_NUMBER || t.kind == TOKEN_DATE || is_word(t, "true") ||
         is_word(t, "false");
}

/* name ["." name]; the caller has seen a name. */
static bool parse_named(Parse *p, Named *out) {
  Token first = p->token, second = {.kind = TOKEN_END};
  advance(p);
  if (take_sign(p, '.')) {
    second = p->token;
    if (second.kind != TOKEN_NAME) return stop(p, "“.”后面要写字段名。"), false;
    advance(p);
  }
  return type_name(p, first, second, out);
}

typedef struct Operand {
  enum { OPERAND_NONE, OPERAND_PATH, OPERAND_LITERAL, OPERAND_REPORTER } kind;
  Path path;
  Token token;
  Filter *term;
} Operand;

static Operand parse_operand(Parse *p) {
  Operand o = {.token = p->token};
  if (is_literal(p->token)) {
    o.kind = OPERAND_LITERAL;
    advance(p);
  } else if (take_word(p, "reporter")) {
    o.kind = OPERAND_REPORTER;
  } else if (is_word(p->token, "age") && following(p) == '(') {
    advance(p);
    advance(p);
    Named named = {0};
    if (p->token.kind != TOKEN_NAME) return stop(p, "age()里要写一个日期字段。"), o;
    bool ok = parse_named(p, &named);
    if (!expect_sign(p, ')') || !ok) return o;
    if (!named.found || named.path.column->type != TYPE_DATE)
      return parse_issue(p, o.token, "age()里要写一个日期字段。"), o;
    o.kind = OPERAND_PATH;
    o.path = named.path;
    o.path.age = true;
  } else if (p->token.kind == TOKEN_NAME) {
    Named named = {0};
    if (!parse_named(p, &named)) return o;
    o.term = named.term;
    o.path = named.path;
    if (named.found) o.kind = OPERAND_PATH;
  } else if (p->token.kind == TOKEN_END) {
    stop(p, "条件没有写完。");
  } else {
    stop(p, "这里应当是字段名或值，不是“%.60s”。", p->token.text);
  }
  return o;
}

static Op flipped(Op op) {
  switch (op) {
  case OP_LT: return OP_GT;
  case OP_LE: return OP_GE;
  case OP_GT: return OP_LT;
  case OP_GE: return OP_LE;
  default: return op;
  }
}

static Filter *parse_compare(Parse *p, Operand left) {
  Op op = p->token.op;
  advance(p);
  Operand right = parse_operand(p);
  if (!left.kind || !right.kind) {
    if (left.term || right.term) parse_issue(p, left.token, "术语本身就是条件，不能再比较。");
    return NULL;
  }
  if (left.kind != OPERAND_PATH) {
    Operand swap = left;
    left = right;
    right = swap;
    op = flipped(op);
  }
  if (left.kind != OPERAND_PATH) return parse_issue(p, left.token, "比较的一边要是字段。"), NULL;
  if (!type_testable(p, left.token, left.path)) return NULL;
  if (right.kind == OPERAND_LITERAL) return type_compare(p, left.token, left.path, op, &right.token, 1, false);
  if (right.kind == OPERAND_REPORTER) return type_reporter(p, left.token, left.path, op);
  return type_testable(p, right.token, right.path) ? type_paths(p, left.token, left.path, op, right.path) : NULL;
}

static bool parse_small_int(Parse *p, int low, int high, int *out) {
  Token t = p->token;
  long n = t.kind == TOKEN_NUMBER && strlen(t.text) <= 4 && t.text[0] != '-' && !strchr(t.text, '.')
               ? strtol(t.text, NULL, 10)
               : -1;
  if (n < low || n > high) return stop(p, "这里应当是%d到%d的整数。", low, high), false;
  *out = (int)n;
  advance(p);
  return true;
}

static bool parse_date(Parse *p, Date *out) {
  Error e;
  if ((p->token.kind != TOKEN_DATE && p->token.kind != TOKEN_STRING) || !date_read(p->token.text, out, &e))
    return stop(p, "这里应当是日期，例如2023-05-01。"), false;
  advance(p);
  return true;
}

static bool parse_span(Parse *p, PeriodTest *out) {
  Date from, last;
  if (!parse_date(p, &from) || !expect_sign(p, ',') || !parse_date(p, &last)) return false;
  if (last < from) return stop(p, "span()的后一个日期早于前一个，请对调。"), false;
  out->fixed = period_span(from, last);
  return true;
}

/* period | month(2023,5) | month(5) | year(2023) | span(a,b) */
static bool parse_period(Parse *p, PeriodTest *out) {
  static const struct {
    const char *word;
    PeriodKind kind;
    int most;
  } parts[] = {{"year", PERIOD_YEAR, 9998},
               {"half", PERIOD_HALF, 2},
               {"quarter", PERIOD_QUARTER, 4},
               {"month", PERIOD_MONTH, 12}};
  if (take_word(p, "period")) return true;
  out->kind = PERIOD_FIXED;
  bool ok = false;
  if (take_word(p, "span")) return expect_sign(p, '(') && parse_span(p, out) && expect_sign(p, ')');
  for (size_t i = 0; i < 4 && !ok; i++) {
    if (!take_word(p, parts[i].word)) continue;
    int first, number = 1;
    bool year = parts[i].kind == PERIOD_YEAR;
    if (!expect_sign(p, '(') || !parse_small_int(p, 1, 9998, &first)) return false;
    if (!year && take_sign(p, ',')) {
      if (!parse_small_int(p, 1, parts[i].most, &number)) return false;
    } else if (!year) {
      out->kind = PERIOD_OF_YEAR;
      number = first;
    }
    if (out->kind == PERIOD_OF_YEAR && number > parts[i].most)
      return stop(p, "%s()里应当是1到%d，或先写年份。", parts[i].word, parts[i].most), false;
    out->part = parts[i].kind;
    out->number = number;
    if (out->kind == PERIOD_FIXED)
      out->fixed = year                              ? period_year(first)
                   : parts[i].kind == PERIOD_HALF    ? period_half(first, number)
                   : parts[i].kind == PERIOD_QUARTER ? period_quarter(first, number)
                                                     : period_month(first, number);
    ok = true;
  }
  if (!ok) return stop(p, "in后面要写(值,…)、period、year(年)、quarter(年,季)、month(年,月)或span(日期,日期)。"), false;
  return expect_sign(p, ')');
}

static Filter *parse_in_list(Parse *p, Operand left) {
  enum { ITEMS_MOST = 200 };
  Token *items = NULL;
  size_t count = 0, room = 0;
  do {
    if (!is_literal(p->token)) return stop(p, "括号里要写值，文字用英文单引号括起来。"), NULL;
    if (count == ITEMS_MOST) return stop(p, "括号里最多写%d个值。", ITEMS_MOST), NULL;
    *PUSH(p->arena, items, count, room) = p->token;
    advance(p);
  } while (take_sign(p, ','));
  if (!expect_sign(p, ')') || !left.kind || !type_testable(p, left.token, left.path)) return NULL;
  return type_compare(p, left.token, left.path, OP_EQ, items, count, true);
}

static Filter *parse_in(Parse *p, Operand left) {
  if (take_sign(p, '(')) return parse_in_list(p, left);
  PeriodTest period = {0};
  if (!parse_period(p, &period) || !left.kind || !type_testable(p, left.token, left.path)) return NULL;
  const Column *c = left.path.column;
  if (left.path.age || !is_day_type(c->type))
    return parse_issue(p, left.token, "“%s”不是日期，不能用in期间。", c->label), NULL;
  bool part = period.kind == PERIOD_OF_YEAR || (period.kind == PERIOD_FIXED && period.fixed.kind != PERIOD_YEAR);
  if (c->type == TYPE_YEAR && part)
    return parse_issue(p, left.token, "“%s”只到年，不能按月、季或半年筛选。", c->label), NULL;
  Filter *f = parse_node(p, TEST_PERIOD);
  f->path = left.path;
  f->period = period;
  return f;
}

static Filter *parse_under(Parse *p, Operand left) {
  const char *name = NULL;
  if (p->token.kind == TOKEN_STRING) {
    name = p->token.text;
    advance(p);
  } else if (!take_word(p, "here")) {
    return stop(p, "under后面要写here或'组织名称'。"), NULL;
  }
  if (!left.kind) return NULL;
  const Relation *ref = left.path.age ? NULL : left.path.column->ref;
  if (!ref || strcmp(ref->name, "org") != 0)
    return parse_issue(p, left.token, "“%s”不是组织，不能用under。", left.path.column->label), NULL;
  Filter *f = parse_node(p, TEST_UNDER);
  f->path = left.path;
  f->name = name;
  return f;
}

static Filter *negated(Parse *p, Filter *f) {
  if (!f) return NULL;
  Filter *n = parse_node(p, TEST_NOT);
  n->left = f;
  return n;
}

static Filter *parse_missing(Parse *p, Operand left) {
  bool not_missing = take_word(p, "not");
  if (!take_word(p, "missing")) return stop(p, "is后面要写missing或not missing。"), NULL;
  if (!left.kind) return NULL;
  Filter *f = parse_node(p, TEST_MISSING);
  f->path = left.path;
  return not_missing ? negated(p, f) : f;
}

static Filter *parse_contains(Parse *p, Operand left) {
  Token word = p->token;
  if (word.kind != TOKEN_STRING) return stop(p, "contains后面要写英文单引号括起来的文字。"), NULL;
  advance(p);
  if (!left.kind || !type_testable(p, left.token, left.path)) return NULL;
  Type type = left.path.column->type;
  if (left.path.age || (type != TYPE_TEXT && type != TYPE_PROSE))
    return parse_issue(p, left.token, "“%s”不是文字，不能用contains。", left.path.column->label), NULL;
  if (!*word.text) return parse_issue(p, word, "contains后面的文字不能是空的。"), NULL;
  Filter *f = parse_node(p, TEST_CONTAINS);
  f->path = left.path;
  f->values = NEW(p->arena, Value);
  f->values[0] = value_text(word.text);
  f->count = 1;
  return f;
}

static Filter *parse_some(Parse *p, bool none) {
  const Relation *lines = NULL, *on = p->on;
  if (p->token.kind != TOKEN_NAME) return stop(p, "some和no后面要写明细的名字。"), NULL;
  bool ok = type_lines(p, p->token, &lines);
  advance(p);
  Filter *f = parse_node(p, TEST_SOME);
  f->lines = lines;
  if (take_sign(p, '(')) {
    if (!ok) return stop(p, "先改正明细的名字。"), NULL; /* nothing inside can be judged */
    p->on = lines;
    f->left = parse_or(p);
    p->on = on;
    if (!expect_sign(p, ')')) return NULL;
  }
  if (!ok) return NULL;
  return none ? negated(p, f) : f;
}

static Filter *parse_test(Parse *p) {
  if (take_word(p, "some")) return parse_some(p, false);
  if (take_word(p, "no")) return parse_some(p, true);
  Operand left = parse_operand(p);
  if (p->stopped) return NULL;
  if (p->token.kind == TOKEN_OP) return parse_compare(p, left);
  if (left.term) return left.term;
  if (left.kind == OPERAND_LITERAL || left.kind == OPERAND_REPORTER) return stop(p, "这里缺少比较，例如=。"), NULL;
  if (take_word(p, "in")) return parse_in(p, left);
  if (take_word(p, "under")) return parse_under(p, left);
  if (take_word(p, "is")) return parse_missing(p, left);
  if (take_word(p, "contains")) return parse_contains(p, left);
  if (is_word(p->token, "not")) return stop(p, "not要写在条件的最前面，例如not kind in ('甲','乙')。"), NULL;
  if (!left.kind) return NULL;
  if (left.path.age || left.path.column->type != TYPE_FLAG)
    return parse_issue(p, left.token, "“%s”后面缺少比较，例如= '…'。", left.path.column->label), NULL;
  if (!type_testable(p, left.token, left.path)) return NULL;
  Token yes = {.kind = TOKEN_NAME, .text = "true", .at = left.token.at};
  return type_compare(p, left.token, left.path, OP_EQ, &yes, 1, false);
}

static Filter *parse_unary(Parse *p) {
  if (p->depth == FILTER_DEPTH) return stop(p, "括号套得太深，最多%d层。", FILTER_DEPTH), NULL;
  p->depth++;
  Filter *f;
  if (take_word(p, "not")) {
    f = negated(p, parse_unary(p));
  } else if (take_sign(p, '(')) {
    f = parse_or(p);
    expect_sign(p, ')');
  } else {
    f = parse_test(p);
  }
  p->depth--;
  return f;
}

static Filter *joined(Parse *p, TestKind kind, Filter *left, Filter *right) {
  if (!left || !right) return NULL;
  Filter *f = parse_node(p, kind);
  f->left = left;
  f->right = right;
  return f;
}

static Filter *parse_and(Parse *p) {
  Filter *f = parse_unary(p);
  while (take_word(p, "and")) f = joined(p, TEST_AND, f, parse_unary(p));
  return f;
}

static Filter *parse_or(Parse *p) {
  Filter *f = parse_and(p);
  while (take_word(p, "or")) f = joined(p, TEST_OR, f, parse_and(p));
  return f;
}

static Filter *parse_whole(Parse *p) {
  size_t bad, n = strnlen(p->text, FILTER_BYTES + 1);
  p->token = (Token){.kind = TOKEN_END, .text = ""};
  if (n > FILTER_BYTES) return stop(p, "条件太长，最多%d字节。", FILTER_BYTES), NULL;
  if (!utf8_valid(p->text, n, &bad)) return stop(p, "条件不是UTF-8文字，请重新填写。"), NULL;
  advance(p);
  if (p->token.kind == TOKEN_END && !p->stopped) return stop(p, "条件是空的，请写上。"), NULL;
  Filter *f = parse_or(p);
  if (p->token.kind != TOKEN_END) stop(p, "“%.60s”是多出来的，条件之间要用and或or连接。", p->token.text);
  return p->stopped ? NULL : f;
}

Filter *parse_term(Parse *up, const Relation *on, const char *text) {
  enum { TERMS_DEEP = 8 };
  if (up->term_depth == TERMS_DEEP) return NULL;
  Issues ignored = {.arena = up->arena};
  Parse p = {.arena = up->arena,
             .catalogue = up->catalogue,
             .on = on,
             .text = text,
             .nodes = up->nodes,
             .term_depth = up->term_depth + 1,
             .issues = &ignored};
  Filter *f = parse_whole(&p);
  return ignored.count ? NULL : f;
}

Filter *filter_parse(Arena *a, const Catalogue *c, const Relation *on, const char *text, const char *where,
                     Issues *issues, Error *e) {
  size_t nodes = 0;
  Issues own = {.arena = a};
  Parse p = {.arena = a, .catalogue = c, .on = on, .text = text, .nodes = &nodes, .issues = &own};
  Filter *f = parse_whole(&p);
  if (!own.count && f) return f;
  if (!own.count) issue_add(&own, "", NULL, "筛选条件有误，请检查。");
  for (size_t i = 0; issues && i < own.count; i++) issue_add(issues, where, NULL, "%s", own.at[i].sentence);
  issues_fail(&own, e, "");
  if (p.private_items == own.count) e->kind = ERROR_FORBIDDEN; /* well formed, but not to be asked */
  return NULL;
}

bool path_parse(const Catalogue *c, const Relation *on, const char *text, Path *out, Error *e) {
  ARENA_SCOPE scratch = arena_new();
  size_t nodes = 0, bad;
  Issues own = {.arena = scratch};
  Parse p = {
      .arena = scratch, .catalogue = c, .on = on, .text = text, .nodes = &nodes, .path_only = true, .issues = &own};
  p.token = (Token){.kind = TOKEN_END, .text = ""};
  size_t n = strnlen(text, 201);
  if (n > 200 || !utf8_valid(text, n, &bad)) return fail(e, ERROR_INVALID, "字段路径太长，请写成字段或字段.字段。");
  advance(&p);
  Operand o = {0};
  if (p.token.kind == TOKEN_NAME) o = parse_operand(&p);
  if (own.count) return issues_fail(&own, e, "");
  if (o.kind != OPERAND_PATH || p.token.kind != TOKEN_END)
    return fail(e, ERROR_INVALID, "“%s”不是字段，请写成字段、字段.字段或age(字段)。", text);
  *out = o.path;
  return true;
}
