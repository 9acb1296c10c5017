/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Only in lint builds: an authorizer that refuses, when a statement is prepared, what PostgreSQL
 * does not know or takes differently. The list of functions is the dialect's; docs/dialect.md says
 * why each other one is out. */
#include "store/sqlite.h"

#include <stdlib.h>
#include <string.h>

static int order(const void *a, const void *b) { return strcmp(a, *(const char *const *)b); }

static bool allowed_function(const char *name) {
  static const char *const allowed[] = {
      "abs",     "coalesce",   "count",  "dense_rank", "first_value", "lag",   "last_value", "lead",
      "length",  "lower",      "max",    "min",        "nth_value",   "ntile", "nullif",     "rank",
      "replace", "row_number", "strpos", "substr",     "sum",         "trim",  "upper",
  };
  char lower[32];
  size_t n = strlen(name);
  if (n >= sizeof lower) return false;
  for (size_t i = 0; i <= n; i++) lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
  return bsearch(lower, allowed, sizeof allowed / sizeof *allowed, sizeof *allowed, order);
}

static int authorize(void *store, int action, const char *a, const char *b, const char *database, const char *trigger) {
  const SqliteStore *s = store;
  (void)database, (void)trigger;
  if (s->inside) return SQLITE_OK;
  switch (action) {
  case SQLITE_FUNCTION: return s->shaping || allowed_function(b) ? SQLITE_OK : SQLITE_DENY;
  case SQLITE_PRAGMA: return s->shaping && strcmp(a, "quick_check") == 0 ? SQLITE_OK : SQLITE_DENY;
  case SQLITE_ATTACH:
  case SQLITE_DETACH:
  case SQLITE_ANALYZE:
  case SQLITE_CREATE_TRIGGER:
  case SQLITE_CREATE_TEMP_TRIGGER:
  case SQLITE_CREATE_VIEW:
  case SQLITE_CREATE_TEMP_VIEW:
  case SQLITE_CREATE_TEMP_TABLE:
  case SQLITE_CREATE_VTABLE: return SQLITE_DENY;
  default: return SQLITE_OK;
  }
}

/* min(a, b) and max(a, b) are other functions on PostgreSQL. */
static void two_arguments(sqlite3_context *c, int count, sqlite3_value **values) {
  (void)count, (void)values;
  sqlite3_result_error(c, "min/max of two arguments is not in the dialect", -1);
}

void sqlite_lint(SqliteStore *s) {
  sqlite3_create_function(s->db, "max", 2, SQLITE_UTF8, NULL, two_arguments, NULL, NULL);
  sqlite3_create_function(s->db, "min", 2, SQLITE_UTF8, NULL, two_arguments, NULL, NULL);
  sqlite3_set_authorizer(s->db, authorize, s);
}
