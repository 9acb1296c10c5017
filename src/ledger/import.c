/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The operation `import`. The table is read twice: once to gather rows into records, once to write them,
 * record by record on an arena that is emptied in between. After the first fault nothing more is written,
 * but everything is still checked, so that all faults are told at once. */
#include "ledger/import.h"

#include <stdlib.h>
#include <string.h>

#include "journal/seal.h"
#include "ledger/import_record.h"

/* ---- the head ---- */

static bool read_source(void *self, uint64_t offset, char *to, size_t room, size_t *got, Error *e) {
  return text_file_at(self, offset, to, room, got, e);
}

/* The first row that looks like a head line; titles may stand above it. */
static bool find_head(Import *m, const Relation *lines, Issues *issues, Error *e) {
  enum { TITLES = 5 };
  Arena *a = m->s->lasting;
  CsvRow row, first = {0};
  CsvStep step = CSV_END;
  for (size_t i = 0; i < TITLES && (step = csv_next(m->csv, &row, e)) == CSV_ROW; i++) {
    bool blank = true;
    for (size_t k = 0; k < row.count; k++) {
      size_t n;
      cell_span(row.cells[k], &n);
      blank = blank && !n;
    }
    if (blank) continue;
    if (heading_likely(a, m->record, &row)) return heading_read(a, m->record, lines, &row, &m->heading, issues);
    if (!first.number) first = row;
  }
  if (step == CSV_FAILED) return false;
  if (!first.number) return fail(e, ERROR_INVALID, "%s 里没有内容，请核对选的是不是这份文件。", text_file_name(m->table->file));
  csv_seek(m->csv, first.offset, first.number);
  return csv_next(m->csv, &row, e) == CSV_ROW && heading_read(a, m->record, lines, &row, &m->heading, issues);
}

static void needs_head(Import *m, const Relation *lines, size_t column, Issues *issues) {
  const Relation *r = lines ? lines : m->record;
  const Column *c = &r->columns[column];
  int head = lines ? heading_of_line(&m->heading, lines, HEAD_LINE, (int)column) : heading_of(&m->heading, (int)column);
  if (!c->required || c->retired || c->fallback || head >= 0) return;
  if (!lines && (int)column == r->org)
    issue_add(issues, "表头", c->name, "缺“%s”一列，请补上；全表是同一个组织的，也可用 --org 写明。", c->label);
  else issue_add(issues, "表头", c->name, "缺“%s”一列，请补上。", c->label);
}

/* Columns without which no new record can be right: said once, not at every row. */
static bool has_needed_heads(Import *m, Issues *issues) {
  size_t before = issues->count;
  if (m->heading.id >= 0 && !m->as_new) return true;
  for (size_t i = 0; i < m->record->column_count; i++)
    if (!((int)i == m->record->org && m->org)) needs_head(m, NULL, i, issues);
  for (size_t k = 0; k < m->record->line_count; k++) {
    const Relation *l = m->record->lines[k];
    bool given = heading_has(&m->heading, l);
    bool total = given && l->total && heading_of_line(&m->heading, l, HEAD_LINE, relation_index(l, "headcount")) >= 0;
    for (size_t i = 0; given && !total && i < l->column_count; i++)
      if (!l->columns[i].system) needs_head(m, l, i, issues);
    if (l->min > 0 && !given)
      issue_add(issues, "表头", l->own_name, "没有“%s”的字段，每条%s至少要有%d行，请补上。", l->label, m->record->label, l->min);
  }
  return issues->count == before;
}

/* ---- the same table again ---- */

static bool hash_of(TextFile *f, char hex[SEAL_HEX], Error *e) {
  SEAL_SCOPE seal = seal_new(NULL, e);
  char block[64 * 1024];
  Digest digest;
  if (!seal) return false;
  seal_start(seal);
  for (uint64_t at = 0; at < text_file_size(f);) {
    size_t got;
    if (!text_file_at(f, at, block, sizeof block, &got, e)) return false;
    if (!got) return fail(e, ERROR_UNAVAILABLE, "%s 在读的时候变短了，请等写完再试。", text_file_name(f));
    seal_bytes(seal, block, got);
    at += got;
  }
  if (!seal_finish(seal, &digest, e)) return false;
  hex_write(digest.at, SEAL_SIZE, hex);
  return true;
}

static bool refuse_known(Import *m, const char *hash, Error *e) {
  Session *s = m->s;
  Value binds[] = {value_int(s->area), value_text(hash), value_text(m->record->name)};
  int64_t id;
  bool known;
  if (!tx_int(s->tx, "SELECT id FROM imported WHERE area_id = $1 AND hash = $2 AND relation = $3", binds, 3, &id, &known, e))
    return false;
  if (!known) return true;
  HistoryEntry *entries;
  size_t count;
  if (!journal_history(s->tx, s->arena, s->area, catalogue_core(s->catalogue, "imported"), id, &entries, &count, e)) return false;
  const char *actor = count ? entries[0].header.actor : "";
  int64_t seq = count ? entries[0].header.seq : 0;
  return fail(e, ERROR_CONFLICT, "这份文件已经导入过（%s，记录链第%lld号），没有重复导入；内容改过的请保存后再试。", actor, (long long)seq);
}

static bool remember_table(Import *m, const char *hash, Error *e) {
  Session *s = m->s;
  Record record = record_new(s, catalogue_core(s->catalogue, "imported"));
  record_settle(&record);
  *row_at(record.row, "hash") = value_text(hash);
  *row_at(record.row, "relation") = value_text(m->record->name);
  *row_at(record.row, "rows") = value_int((int64_t)m->table->tally->rows);
  return record_put(m->d, NULL, &record, e);
}

/* ---- all of it ---- */

/* Orgs whose superiors stand further down come after them; what is left at the end is told. */
static bool take_orgs(Import *m, const Gathering *g, Error *e) {
  bool *done = NEW_ARRAY(m->s->lasting, bool, g->record_count + 1), moved = true, forced = false;
  for (size_t left = g->record_count; left;) {
    moved = false;
    for (size_t i = 0; i < g->record_count; i++) {
      if (done[i] || (!forced && !import_org_ready(m, g, &g->records[i], e))) continue;
      if (!import_record(m, g, &g->records[i], e)) return false;
      done[i] = moved = true;
      left--;
    }
    forced = !moved;
  }
  return true;
}

static bool goes_on(Import *m, size_t done, size_t of, Error *e) {
  if (!m->table->progress || m->table->progress(m->table->self, done, of)) return true;
  return fail(e, ERROR_UNAVAILABLE, "导入中途停下了，没有写入任何数据；要导入请再来一次。");
}

static bool take_records(Import *m, const Gathering *g, Error *e) {
  if (import_is_org(m)) return take_orgs(m, g, e);
  Session *s = m->s;
  Arena *kept = s->arena;
  ARENA_SCOPE moment = arena_new();
  ArenaMark empty = arena_mark(moment);
  s->arena = moment;
  record_check_often(s);
  bool well = true;
  for (size_t i = 0; well && i < g->record_count; i++) {
    well = import_record(m, g, &g->records[i], e);
    arena_back(moment, empty);
    if (well && (i % 100 == 0 || i + 1 == g->record_count)) well = goes_on(m, i + 1, g->record_count, e);
  }
  s->arena = kept;
  return well;
}

static bool take_table(Import *m, const Relation *lines, Error *e) {
  GATHERING_SCOPE g = {0};
  ImportTally *tally = m->table->tally;
  if (!find_head(m, lines, m->d->issues, e) || !has_needed_heads(m, m->d->issues)) {
    tally->faults = m->d->issues->count;
    return false;
  }
  import_prepare(m);
  tally->lines = m->heading.lines;
  tally->several = m->line_count > 1;
  bool well = gather(m->csv, &m->heading, &g, &m->faults, e);
  tally->rows = g.row_count;
  if (well && !g.row_count) well = fail(e, ERROR_INVALID, "%s 只有表头，没有要导入的行。", text_file_name(m->table->file));
  well = well && take_records(m, &g, e);
  tally->faults = m->faults.count;
  if (well && !text_file_same(m->table->file))
    well = fail(e, ERROR_CONFLICT, "%s 在导入时被别的程序改动，请关闭后再试。", text_file_name(m->table->file));
  return well && !m->faults.count;
}

bool import_takes(const Relation *r, Right *right) {
  bool org = r->core && !strcmp(r->name, "org");
  *right = org ? MAY_MANAGE_TREE : r->core ? MAY_MANAGE_PEOPLE : MAY_WRITE;
  return (org || record_enterable(r)) && !r->retired;
}

static bool has_right(Session *s, Right right, Error *e) {
  for (size_t i = 0; i < s->actor.grant_count; i++)
    if (may(s, right, s->actor.grants[i].org)) return true;
  return may_or_fail(s, right, 0, e);
}

static void report(const ImportTally *t, json_t *result) {
  json_object_set_new(result, "ledger", json_string(t->record->name));
  json_object_set_new(result, "rows", json_integer((json_int_t)t->rows));
  json_object_set_new(result, "new", json_integer((json_int_t)t->fresh));
  json_object_set_new(result, "changed", json_integer((json_int_t)t->changed));
  json_object_set_new(result, "unchanged", json_integer((json_int_t)t->same));
  json_object_set_new(result, "lines", json_integer((json_int_t)t->lines_read));
}

static bool import(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  const ImportTable *table = d->attached;
  if (!table) return fail(e, ERROR_INVALID, "导入要给出文件，请用 luoshi import 台账 文件.csv。");
  const Relation *named = catalogue_relation(d->session->catalogue, row_at(args, "ledger")->s, e);
  if (!named) return false;
  const Value *org = row_at(args, "org"), *as_new = row_at(args, "new");
  Import m = {.d = d, .s = d->session, .table = table, .record = named->parent ? named->parent : named,
              .org = org->null ? 0 : org->i, .as_new = !as_new->null && as_new->i, .faults = {.issues = d->issues}};
  *table->tally = (ImportTally){.record = m.record};
  char hash[SEAL_HEX];
  Right right;
  if (!import_takes(m.record, &right))
    return fail(e, ERROR_INVALID, "“%s”不能这样导入，运行 luoshi do 看有哪些操作。", m.record->label);
  if (!has_right(m.s, right, e) || !hash_of(table->file, hash, e) || !refuse_known(&m, hash, e)) return false;
  CSV_SCOPE csv = m.csv = csv_open((CsvSource){table->file, read_source}, e);
  if (!csv || !take_table(&m, named->parent ? named : NULL, e) || !remember_table(&m, hash, e)) return false;
  report(table->tally, result);
  return true;
}

static const Argument import_arguments[] = {
    {.name = "ledger", .label = "台账", .type = TYPE_TEXT, .required = true},
    {.name = "org", .label = "组织", .type = TYPE_REF, .ref = "org"},
    {.name = "new", .label = "全部作为新记录", .type = TYPE_FLAG},
};
static const Operation import_row = {.name = "import", .label = "导入表格", .help = "一张表的记录，全部核对无误才写入；用 luoshi import",
                                     .arguments = import_arguments, .argument_count = 3, .right = MAY_READ, .run = import};

const Operation *const exchange_operations[] = {&import_row};
const size_t exchange_operation_count = sizeof exchange_operations / sizeof *exchange_operations;
