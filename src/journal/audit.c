/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The audit: first the chain, then each base table against the journal. A table in the order of its ids and
 * the last change of each row in the same order are merged, so both may be of any size; a row is compared as
 * the canonical text that the journal would hold of it, byte for byte. */
#include "journal/chain.h"

#include <inttypes.h>
#include <string.h>

enum { BODY_CEILING = 32 * 1024 * 1024 };

typedef struct Merge {
  Tx *tx;
  int64_t area;
  const Relation *relation;
  Arena *scratch;
  Stmt *table, *changes;
  Row row;     /* of the table, borrowed from the statement until its next step */
  bool more;   /* `changes` stands on a change not yet taken */
  bool listed; /* `last` below is the newest change of a row that should be in the table */
  Change last;
  Text body, made;
  Fault *fault;
} Merge;

/* ---- the tables are there, with their columns ---- */

static bool has_column(const StoreColumn *columns, size_t count, const char *name, ValueKind kind) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(columns[i].name, name) == 0) return columns[i].kind == kind;
  return false;
}

typedef struct Expected { const char *table, *name; ValueKind kind; } Expected;

static bool check_journal_tables(Tx *tx, Arena *a, Fault *fault, Error *e) {
  static const Expected expected[] = {
      {"head", "area_id", VALUE_INT},        {"head", "seq", VALUE_INT},         {"head", "mac", VALUE_BYTES},
      {"head", "next_id", VALUE_INT},        {"head", "root", VALUE_BYTES},      {"revision", "area_id", VALUE_INT},
      {"revision", "seq", VALUE_INT},        {"revision", "at", VALUE_TEXT},     {"revision", "actor", VALUE_TEXT},
      {"revision", "op", VALUE_TEXT},        {"revision", "request_id", VALUE_TEXT},
      {"revision", "changes", VALUE_INT},    {"revision", "mac", VALUE_BYTES},   {"change", "area_id", VALUE_INT},
      {"change", "seq", VALUE_INT},          {"change", "n", VALUE_INT},         {"change", "relation", VALUE_TEXT},
      {"change", "row_id", VALUE_INT},       {"change", "body", VALUE_TEXT},     {"change", "checksum", VALUE_INT}};
  StoreColumn *columns = NULL;
  size_t count = 0;
  const char *table = "";
  for (size_t i = 0; i < sizeof expected / sizeof *expected && !fault->kind; i++) {
    if (strcmp(table, expected[i].table) != 0 && !store_columns(tx, a, table = expected[i].table, &columns, &count, e))
      return false;
    if (!has_column(columns, count, expected[i].name, expected[i].kind))
      fault_found(fault, FAULT_MISSING, 0, 0, "记录链所在的表%s%s。" FAULT_REMEDY, table,
                  count ? "缺列或列的类型不对" : "不见了");
  }
  return true;
}

static bool table_fault(Merge *m, int64_t id) {
  m->fault->relation = m->relation->name;
  m->fault->row_id = id;
  return true;
}

static bool check_table(Merge *m, Error *e) {
  const Relation *r = m->relation;
  StoreColumn *columns;
  size_t count;
  if (!store_columns(m->tx, m->scratch, r->table, &columns, &count, e)) return false;
  if (!count) {
    fault_found(m->fault, FAULT_TABLE, 0, 0, "“%s”的数据表%s不见了。" FAULT_REMEDY, r->label, r->table);
    return table_fault(m, 0);
  }
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (has_column(columns, count, c->sql, type_kind(c->type, c->sensitive))) continue;
    fault_found(m->fault, FAULT_TABLE, 0, 0,
                "“%s”的数据表%s里没有“%s”一列或类型不对：如刚改过规则文件，请先执行 luoshi migrate；否则" FAULT_REMEDY, r->label,
                r->table, c->label ? c->label : c->name);
    return table_fault(m, 0);
  }
  return true;
}

/* ---- the merge ---- */

static bool take_change(Merge *m, Error *e) {
  Step step = stmt_step(m->changes, e);
  m->more = step == STEP_ROW;
  return step != STEP_FAILED;
}

/* The newest change of the next row that is not removed. Columns: row_id, seq, n, body. */
static bool next_listed(Merge *m, Error *e) {
  m->listed = false;
  while (m->more && !m->listed) {
    int64_t id = stmt_int(m->changes, 0);
    do {
      Value body = stmt_value(m->changes, 3, VALUE_TEXT);
      m->last = (Change){.row_id = id, .seq = stmt_int(m->changes, 1), .n = stmt_int(m->changes, 2), .length = body.n};
      text_clear(&m->body);
      text_add_n(&m->body, body.s, body.n);
      if (!take_change(m, e)) return false;
    } while (m->more && stmt_int(m->changes, 0) == id);
    m->listed = m->last.length > 0;
  }
  return true;
}

/* The first column in which the row is not what the journal says; -1 for none: the journal then holds the row
 * under a column's former name. -2 when it cannot be read. */
static int differing_column(Merge *m, Row row) {
  Row journalled;
  Error ignored = {0};
  if (!row_read(m->scratch, m->relation, row_id(row), text_get(&m->body), m->body.length, &journalled, &ignored)) return -2;
  for (size_t i = 0; i < m->relation->column_count; i++)
    if (!value_equal(row.v[i], journalled.v[i])) return (int)i;
  return -1;
}

static void row_differs(Merge *m, Row row) {
  ArenaMark mark = arena_mark(m->scratch);
  int column = differing_column(m, row);
  arena_back(m->scratch, mark);
  if (column == -1) return;
  const char *label = column >= 0 ? m->relation->columns[column].label : NULL;
  fault_found(m->fault, FAULT_TABLE, m->last.seq, m->last.n,
              "“%s”编号%" PRId64 "的%s%s与记录链第%" PRId64 "号所记不符，是在程序之外改的。" FAULT_REMEDY, m->relation->label,
              row_id(row), label ? label : "内容", label ? "一项" : "", m->last.seq);
  table_fault(m, row_id(row));
}

static bool row_unknown(Merge *m, int64_t id) {
  fault_found(m->fault, FAULT_TABLE, 0, 0, "“%s”编号%" PRId64 "记录链里没有，是在程序之外加进去的。" FAULT_REMEDY,
              m->relation->label, id);
  return table_fault(m, id);
}

static bool row_gone(Merge *m) {
  fault_found(m->fault, FAULT_TABLE, m->last.seq, m->last.n,
              "“%s”编号%" PRId64 "不见了（记录链第%" PRId64 "号还记着它），是在程序之外删的。" FAULT_REMEDY, m->relation->label,
              m->last.row_id, m->last.seq);
  return table_fault(m, m->last.row_id);
}

static void borrow_row(Merge *m) {
  const Relation *r = m->relation;
  for (size_t i = 0; i < r->column_count; i++)
    m->row.v[i] = stmt_value(m->table, i, type_kind(r->columns[i].type, r->columns[i].sensitive));
}

static bool compare_row(Merge *m, Error *e) {
  borrow_row(m);
  int64_t id = row_id(m->row);
  if (m->listed && m->last.row_id < id)
    row_gone(m);
  else if (!m->listed || m->last.row_id > id)
    row_unknown(m, id);
  else {
    text_clear(&m->made);
    row_body(m->row, &m->made);
    if (m->made.length != m->body.length || memcmp(text_get(&m->made), text_get(&m->body), m->body.length) != 0)
      row_differs(m, m->row);
  }
  return m->fault->kind || next_listed(m, e);
}

static bool merge(Merge *m, int64_t *rows, Error *e) {
  Value binds[] = {value_int(m->area), value_text(m->relation->name)};
  m->changes = stmt_stream(m->tx,
                           "SELECT row_id, seq, n, body FROM change WHERE area_id = $1 AND relation = $2"
                           " ORDER BY row_id, seq, n",
                           binds, 2, e);
  if (!m->changes || !take_change(m, e) || !next_listed(m, e)) return false;
  m->row = row_new(m->scratch, m->relation);
  m->table = stmt_stream(m->tx, row_select_sql(m->scratch, m->relation, NULL), binds, 1, e);
  if (!m->table) return false;
  Step step;
  while ((step = stmt_step(m->table, e)) == STEP_ROW && !m->fault->kind) {
    if (!compare_row(m, e)) return false;
    ++*rows;
  }
  if (step == STEP_FAILED) return false;
  if (!m->fault->kind && m->listed) row_gone(m);
  return true;
}

static bool audit_table(Tx *tx, int64_t area, const Relation *r, Arena *scratch, Fault *fault, int64_t *rows, Error *e) {
  ArenaMark mark = arena_mark(scratch);
  Merge m = {.tx = tx, .area = area, .relation = r, .scratch = scratch, .fault = fault,
             .body = text_new(BODY_CEILING), .made = text_new(BODY_CEILING)};
  bool ok = check_table(&m, e) && (fault->kind || merge(&m, rows, e));
  stmt_close(m.table);
  stmt_close(m.changes);
  text_free(&m.body);
  text_free(&m.made);
  arena_back(scratch, mark);
  if (ok || e->kind != ERROR_BROKEN) return ok;
  *e = (Error){0};
  fault_found(fault, FAULT_TABLE, 0, 0, "“%s”的数据表%s已损坏，读不全。" FAULT_REMEDY, r->label, r->table);
  return table_fault(&m, 0);
}

/* The chain, or that what holds it can no longer be read. */
static bool audit_chain(Tx *tx, const Catalogue *c, int64_t area, const JournalKey *key, const Anchor *anchor, ChainEnd *end,
                        Fault *fault, Error *e) {
  if (chain_walk(tx, c, area, key, 0, anchor, NULL, NULL, end, fault, e)) return true;
  if (e->kind != ERROR_BROKEN) return false;
  *e = (Error){0};
  return fault_found(fault, FAULT_MISSING, 0, 0, "记录链所在的表已损坏，读不全。" FAULT_REMEDY);
}

bool journal_audit(Tx *tx, const Catalogue *c, int64_t area, const JournalKey *key, const Anchor *anchor, Fault *fault,
                   AuditSummary *out, Error *e) {
  ARENA_SCOPE scratch = arena_new();
  *fault = (Fault){0};
  *out = (AuditSummary){0};
  if (!check_journal_tables(tx, scratch, fault, e)) return false;
  if (fault->kind) return true;
  ChainEnd end;
  if (!audit_chain(tx, c, area, key, anchor, &end, fault, e)) return false;
  out->revisions = end.revisions;
  out->changes = end.changes;
  hex_write(end.root.at, SEAL_SIZE, out->root);
  for (size_t i = 0; i < c->relation_count && !fault->kind; i++)
    if (!audit_table(tx, area, c->relations[i], scratch, fault, &out->rows, e)) return false;
  return true;
}
