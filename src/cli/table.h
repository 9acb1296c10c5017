/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A table on the terminal: columns aligned by display width, figures to the right, long cells cut. */
#ifndef LUOSHI_CLI_TABLE_H
#define LUOSHI_CLI_TABLE_H

#include "base/arena.h"
#include "base/text.h"

typedef struct Table Table;

Table *table_new(Arena *a, size_t columns);
void table_head(Table *t, size_t column, const char *label, bool right);
/* Cells in reading order; NULL is empty. */
void table_cell(Table *t, const char *text);
/* Left out when every row's cell is empty. `widest` in columns of the terminal, per cell. */
void table_print(const Table *t, size_t widest, Text *out);

#endif
