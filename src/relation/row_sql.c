/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A relation as a table. Names come from the catalogue, which allows only [a-z0-9_], and are always quoted;
 * values are only ever bound. Index names hold a dot, so that no table can have them. */
#include <string.h>

#include "relation/row.h"

const char *row_upsert_sql(Arena *a, const Relation *r) {
  TEXT_SCOPE sql = text_new(64 * 1024);
  text_print(&sql, "INSERT INTO \"%s\" (\"area_id\"", r->table);
  for (size_t i = 0; i < r->column_count; i++) text_print(&sql, ", \"%s\"", r->columns[i].sql);
  text_add(&sql, ") VALUES ($1");
  for (size_t i = 0; i < r->column_count; i++) text_print(&sql, ", $%zu", i + 2);
  text_add(&sql, ") ON CONFLICT (\"area_id\", \"id\") DO UPDATE SET ");
  for (size_t i = 1; i < r->column_count; i++)
    text_print(&sql, "%s\"%s\" = excluded.\"%s\"", i > 1 ? ", " : "", r->columns[i].sql, r->columns[i].sql);
  return arena_copy(a, text_get(&sql));
}

const char *row_select_sql(Arena *a, const Relation *r, const char *where) {
  TEXT_SCOPE sql = text_new(64 * 1024);
  for (size_t i = 0; i < r->column_count; i++) text_print(&sql, "%s\"%s\"", i ? ", " : "SELECT ", r->columns[i].sql);
  text_print(&sql, " FROM \"%s\" WHERE \"area_id\" = $1", r->table);
  if (where) text_print(&sql, " AND (%s)", where);
  text_add(&sql, " ORDER BY \"id\"");
  return arena_copy(a, text_get(&sql));
}

const char *row_delete_sql(Arena *a, const Relation *r) {
  return arena_print(a, "DELETE FROM \"%s\" WHERE \"area_id\" = $1 AND \"id\" = $2", r->table);
}

Row row_from(Arena *a, const Relation *r, const Stmt *st, size_t first) {
  Row row = {r, NEW_ARRAY(a, Value, r->column_count)};
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    row.v[i] = value_copy(a, stmt_value(st, first + i, type_kind(c->type, c->sensitive)));
  }
  return row;
}

static void add_index(const Relation *r, const char *columns, const char *name, Text *out) {
  text_print(out, "CREATE INDEX \"%s.%s\" ON \"%s\" (\"area_id\", %s);\n", r->table, name, r->table, columns);
}

static void add_indexes(const Relation *r, Text *out) {
  ARENA_SCOPE a = arena_new();
  const char *date = r->date >= 0 ? r->columns[r->date].sql : NULL;
  if (r->parent) add_index(r, "\"record_id\"", "record", out);
  if (date && !r->parent && r->org > 0)
    add_index(r, arena_print(a, "\"%s\", \"org_id\"", date), "date", out);
  else if (date)
    add_index(r, arena_print(a, "\"%s\"", date), "date", out);
  for (size_t i = 0; r->core && i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->type == TYPE_REF && c->ref && strcmp(c->ref->name, "person") == 0)
      add_index(r, arena_print(a, "\"%s\"", c->sql), c->sql, out);
    if (c->type == TYPE_INT && !strcmp(c->name, "row")) add_index(r, "\"row\"", "row", out); /* of a relation named beside it */
  }
}

void relation_ddl(const Relation *r, Text *out) {
  static const char *const words[] = {[VALUE_INT] = "{int}", [VALUE_TEXT] = "{text}", [VALUE_BYTES] = "{bytes}"};
  text_print(out, "CREATE TABLE \"%s\" (\"area_id\" {int} NOT NULL", r->table);
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    text_print(out, ", \"%s\" %s%s", c->sql, words[type_kind(c->type, c->sensitive)], c->never_null ? " NOT NULL" : "");
  }
  text_add(out, ", PRIMARY KEY (\"area_id\", \"id\")) {strict};\n");
  add_indexes(r, out);
}
