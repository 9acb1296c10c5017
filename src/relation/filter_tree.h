/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Private to the filter: its typed tree and the state of a parse. Every literal is already a Value of its
 * column's kind, every choice is known, every name is a Path: the emitter cannot fail. */
#ifndef LUOSHI_RELATION_FILTER_TREE_H
#define LUOSHI_RELATION_FILTER_TREE_H

#include "relation/filter.h"

typedef enum {
  TEST_AND,
  TEST_OR,
  TEST_NOT,
  TEST_COMPARE,  /* path op values[0]; age(path) too */
  TEST_IN,       /* path in values */
  TEST_PATHS,    /* path op other */
  TEST_REPORTER, /* path = or != reporter */
  TEST_NAMED,    /* reference = or != rows with one of the names in values */
  TEST_PERIOD,
  TEST_UNDER,
  TEST_MISSING,
  TEST_CONTAINS,
  TEST_SOME /* at least one of `lines` for which `left` (may be NULL) holds */
} TestKind;

typedef enum { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE } Op;

typedef enum { PERIOD_ASKED, PERIOD_FIXED, PERIOD_OF_YEAR } PeriodTestKind;
typedef struct PeriodTest {
  PeriodTestKind kind;
  Period fixed;
  PeriodKind part; /* PERIOD_OF_YEAR: month(5) of the year asked for */
  int number;
} PeriodTest;

struct Filter {
  TestKind kind;
  Op op;
  Filter *left, *right;
  Path path, other;
  Value *values;
  size_t count;
  PeriodTest period;
  const char *name; /* TEST_UNDER: NULL is here */
  const Relation *lines;
};

typedef enum {
  TOKEN_END,
  TOKEN_NAME,
  TOKEN_STRING,
  TOKEN_NUMBER,
  TOKEN_DATE,
  TOKEN_OP,
  TOKEN_SIGN,
  TOKEN_BAD
} TokenKind;
typedef struct Token {
  TokenKind kind;
  const char *text; /* arena; a string without its quotes */
  Op op;
  size_t at; /* byte offset */
} Token;

typedef struct Parse {
  Arena *arena;
  const Catalogue *catalogue;
  const Relation *on;
  const char *text;
  size_t offset;
  Token token, before; /* next to be read; the one read last */
  size_t *nodes;       /* shared with terms read on the way */
  int depth, term_depth;
  bool path_only;       /* a path, not a filter: for messages */
  size_t private_items; /* issues that are about sensitive columns */
  bool stopped;         /* a syntax error: nothing more is read */
  Issues *issues;
} Parse;

/* A name in a filter: a path, or a term's tree. */
typedef struct Named {
  bool found;
  Path path;
  Filter *term;
  const char *name; /* as written, for messages */
} Named;

void parse_issue(Parse *p, Token at, const char *sentence, ...) __attribute__((format(printf, 3, 4)));
Filter *parse_node(Parse *p, TestKind kind);
/* The whole of `text` on `on`, as part of the parse `up` (its budget), without issues of its own. */
Filter *parse_term(Parse *up, const Relation *on, const char *text);
Filter *filter_copy(Arena *a, const Filter *f, Path (*change)(Path path, const void *context), const void *context);

/* filter_type.c: all return false with an issue. */
bool type_name(Parse *p, Token first, Token second, Named *out); /* second.kind TOKEN_END: a single name */
bool type_lines(Parse *p, Token name, const Relation **out);
/* A tree for `path op literal`, `path in (literals)`. */
Filter *type_compare(Parse *p, Token at, Path path, Op op, const Token *literals, size_t count, bool list);
Filter *type_paths(Parse *p, Token at, Path path, Op op, Path other);
Filter *type_reporter(Parse *p, Token at, Path path, Op op);
bool type_testable(Parse *p, Token at, Path path); /* not sensitive */
bool is_day_type(Type type);

#endif
