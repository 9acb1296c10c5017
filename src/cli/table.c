/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tables are measured before they are printed. Columns that are empty in every row are left out, so that a
 * ledger with many optional fields stays readable. */
#include "cli/table.h"

#include <string.h>

#include "base/utf8.h"

struct Table {
  Arena *arena;
  size_t columns;
  const char **heads;
  bool *right;
  const char **cells;
  size_t count, room;
};

Table *table_new(Arena *a, size_t columns) {
  Table *t = NEW(a, Table);
  *t = (Table){.arena = a, .columns = columns, .heads = NEW_ARRAY(a, const char *, columns), .right = NEW_ARRAY(a, bool, columns)};
  return t;
}

void table_head(Table *t, size_t column, const char *label, bool right) {
  t->heads[column] = label;
  t->right[column] = right;
}

void table_cell(Table *t, const char *text) {
  *PUSH(t->arena, t->cells, t->count, t->room) = arena_copy(t->arena, text ? text : "");
}

/* The text as one line, cut to `widest` columns. */
static const char *fitted(Arena *a, const char *text, size_t widest) {
  char *copy = arena_copy(a, text);
  for (char *c = copy; *c; c++)
    if (*c == '\n' || *c == '\r' || *c == '\t') *c = ' ';
  if (utf8_columns(copy) <= widest) return copy;
  size_t width = 0, bytes = 0;
  for (const char *s = copy; *s;) {
    const char *next = s;
    char one[5] = {0};
    utf8_next(&next);
    memcpy(one, s, (size_t)(next - s));
    width += utf8_columns(one);
    if (width > widest - 2) break;
    bytes = (size_t)(next - copy);
    s = next;
  }
  return arena_print(a, "%.*s…", (int)bytes, copy);
}

static void pad(Text *out, size_t n) {
  while (n--) text_add_char(out, ' ');
}

static void print_row(const Table *t, const char *const *cells, const size_t *widths, Text *out) {
  size_t last = t->columns;
  while (last && (!widths[last - 1] || !*cells[last - 1])) last--;
  bool first = true;
  for (size_t c = 0; c < last; c++) {
    if (!widths[c]) continue;
    if (!first) text_add(out, "  ");
    first = false;
    size_t gap = widths[c] - utf8_columns(cells[c]);
    if (t->right[c]) pad(out, gap);
    text_add(out, cells[c]);
    if (!t->right[c] && c + 1 < last) pad(out, gap);
  }
  text_add_char(out, '\n');
}

void table_print(const Table *t, size_t widest, Text *out) {
  ARENA_SCOPE a = arena_new();
  size_t rows = t->count / t->columns, *widths = NEW_ARRAY(a, size_t, t->columns);
  const char **cells = NEW_ARRAY(a, const char *, t->count + 1), **heads = NEW_ARRAY(a, const char *, t->columns);
  for (size_t i = 0; i < rows * t->columns; i++) {
    cells[i] = fitted(a, t->cells[i], widest);
    size_t width = utf8_columns(cells[i]);
    if (width > widths[i % t->columns]) widths[i % t->columns] = width;
  }
  for (size_t c = 0; c < t->columns; c++) {
    heads[c] = t->heads[c] ? t->heads[c] : "";
    if ((widths[c] || !rows) && utf8_columns(heads[c]) > widths[c]) widths[c] = utf8_columns(heads[c]);
  }
  print_row(t, heads, widths, out);
  for (size_t i = 0; i < rows; i++) print_row(t, cells + i * t->columns, widths, out);
}
