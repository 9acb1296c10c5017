/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What SQLite's planner is told about our tables. Every key begins with the area, of which an embedded
 * store has one or a few: without statistics the planner takes the area alone for selective, prefers the
 * primary key to an index, and reads all lines for each record. Gathered statistics would differ between an
 * empty site and a full one; these are written by rule when tables are made, so that plans never move. */
#include <stdio.h>

#include "store/sqlite.h"

enum { ROWS_EXPECTED = 1000000, COLUMNS_MOST = 16 };

/* Rows that share the first n columns: all of an area, then a thousand, a hundred, ten; one under a whole
 * unique key. */
static void expect(int columns, bool area, bool unique, char *out, size_t room) {
  int at = snprintf(out, room, "%d", ROWS_EXPECTED), narrowing = 0;
  for (int i = 1; i <= columns; i++) {
    int rows = ROWS_EXPECTED;
    if (i > 1 || !area) {
      static const int steps[] = {1000, 100, 10};
      int left = columns - i; /* the last column of an index is its narrowest */
      int step = left == 0 ? 2 : narrowing < 2 ? narrowing : 2;
      rows = unique && left == 0 ? 1 : steps[step];
      narrowing++;
    }
    at += snprintf(out + at, room - (size_t)at, " %d", rows);
  }
}

static bool store_one(sqlite3 *db, const char *table, const char *index, const char *stat) {
  sqlite3_stmt *st = NULL;
  int rc = sqlite3_prepare_v2(db, "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)", -1, &st, NULL);
  if (rc == SQLITE_OK) {
    sqlite3_bind_text(st, 1, table, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 2, index, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 3, stat, -1, SQLITE_STATIC);
    rc = sqlite3_step(st);
  }
  sqlite3_finalize(st);
  return rc == SQLITE_DONE;
}

static bool store_all(sqlite3 *db) {
  static const char sql[] =
      "SELECT t.name, CASE WHEN i.origin = 'pk' THEN t.name ELSE i.name END, i.\"unique\","
      " (SELECT count(*) FROM pragma_index_info(i.name)), (SELECT c.name FROM pragma_index_info(i.name) c WHERE c.seqno = 0)"
      " FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY 1, 2";
  sqlite3_stmt *st = NULL;
  int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
  while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
    char stat[16 * (COLUMNS_MOST + 1)];
    int columns = sqlite3_column_int(st, 3);
    const char *first = (const char *)sqlite3_column_text(st, 4);
    bool area = first && sqlite3_stricmp(first, "area_id") == 0;
    expect(columns < COLUMNS_MOST ? columns : COLUMNS_MOST, area, sqlite3_column_int(st, 2) != 0, stat, sizeof stat);
    const char *table = (const char *)sqlite3_column_text(st, 0), *index = (const char *)sqlite3_column_text(st, 1);
    rc = store_one(db, table, index, stat) ? SQLITE_OK : SQLITE_ERROR;
  }
  sqlite3_finalize(st);
  return rc == SQLITE_DONE;
}

bool sqlite_shaped(Tx *tx, Error *e) {
  SqliteStore *s = (SqliteStore *)tx->store;
  s->inside = true;
  int rc = sqlite3_exec(s->db, "ANALYZE sqlite_schema; DELETE FROM sqlite_stat1", NULL, NULL, NULL);
  if (rc == SQLITE_OK && !store_all(s->db)) rc = sqlite3_extended_errcode(s->db);
  if (rc == SQLITE_OK) rc = sqlite3_exec(s->db, "ANALYZE sqlite_schema", NULL, NULL, NULL);
  s->inside = false;
  return rc == SQLITE_OK || sqlite_fail(s, rc, "statistics", e);
}
