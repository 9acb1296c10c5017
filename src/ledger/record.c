/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Building, loading and writing a record with its lines. Writing puts only the rows that differ, so that
 * the journal says what changed; ids and serials are given here and nowhere else. */
#include "ledger/attachment.h"

#include <string.h>

#include "access/names.h"

/* An empty row with its defaults, read once a session: of many rows each is a copy. */
struct Blanks { Value **at; };

static Row blank_row(Session *s, const Relation *r) {
  if (!s->blanks) {
    s->blanks = NEW(s->lasting, struct Blanks);
    s->blanks->at = NEW_ARRAY(s->lasting, Value *, s->catalogue->relation_count);
  }
  Value **blank = &s->blanks->at[r->position];
  if (!*blank) {
    *blank = row_new(s->lasting, r).v;
    (*blank)[0] = value_int(0);
    for (size_t i = 0; i < r->column_count; i++) {
      const Column *c = &r->columns[i];
      Error e = {0};
      if (c->fallback && !c->retired) cell_read(s->lasting, c, c->fallback, &(*blank)[i], &e);
    }
    if (r->state >= 0 && r->state_count) (*blank)[r->state] = value_text(r->states[0].name);
  }
  Row row = {r, NEW_ARRAY(s->arena, Value, r->column_count)};
  memcpy(row.v, *blank, sizeof(Value) * r->column_count);
  return row;
}

Record record_new(Session *s, const Relation *r) {
  Record record = {.relation = r, .row = blank_row(s, r), .lines = NEW_ARRAY(s->arena, LineRows, r->line_count + 1)};
  for (size_t i = 0; i < r->line_count; i++) record.lines[i].relation = r->lines[i];
  return record;
}

void record_settle(Record *record) {
  const Relation *r = record->relation;
  for (size_t i = 0; i < r->state_count; i++)
    if (r->states[i].counts) {
      record->row.v[r->state] = value_text(r->states[i].name);
      return;
    }
}

static LineRows *lines_of(Record *record, const Relation *line) {
  for (size_t i = 0; i < record->relation->line_count; i++)
    if (record->lines[i].relation == line) return &record->lines[i];
  return NULL;
}

Row record_add_line(Session *s, Record *record, const Relation *line) {
  LineRows *lines = lines_of(record, line);
  Row row = blank_row(s, line);
  *PUSH(s->arena, lines->at, lines->count, lines->room) = row;
  return row;
}

static bool load_lines(Session *s, LineRows *lines, int64_t id, Error *e) {
  int pos = relation_index(lines->relation, "pos");
  const char *sql = row_select_sql(s->arena, lines->relation, "record_id = $2");
  STMT_SCOPE st = stmt_open(s->tx, sql, (Value[]){value_int(s->area), value_int(id)}, 2, e);
  if (!st) return false;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    Row row = row_from(s->arena, lines->relation, st, 0);
    *PUSH(s->arena, lines->at, lines->count, lines->room) = row;
    size_t at = lines->count - 1; /* they come by id, which is nearly always their order */
    for (; at && lines->at[at - 1].v[pos].i > row.v[pos].i; at--) lines->at[at] = lines->at[at - 1];
    lines->at[at] = row;
  }
  return step == STEP_DONE;
}

static bool load_row(Session *s, const Relation *r, int64_t id, Row *out, Error *e) {
  STMT_SCOPE st = stmt_open(s->tx, row_select_sql(s->arena, r, "id = $2"),
                            (Value[]){value_int(s->area), value_int(id)}, 2, e);
  if (!st) return false;
  Step step = stmt_step(st, e);
  if (step == STEP_FAILED) return false;
  if (step == STEP_DONE) return fail(e, ERROR_MISSING, "%s里没有编号%lld，请核对编号。", r->label, (long long)id);
  *out = row_from(s->arena, r, st, 0);
  return true;
}

bool record_load_lines(Session *s, Record *record, size_t n, Error *e) {
  return load_lines(s, &record->lines[n], row_id(record->row), e);
}

bool record_load(Session *s, const Relation *r, int64_t id, Record *out, Error *e) {
  *out = record_new(s, r);
  if (!load_row(s, r, id, &out->row, e)) return false;
  for (size_t i = 0; i < r->line_count; i++)
    if (!load_lines(s, &out->lines[i], id, e)) return false;
  return true;
}

int64_t record_org(const Record *record) {
  int at = record->relation->org;
  return at < 0 || record->row.v[at].null ? 0 : record->row.v[at].i;
}

Date record_date(const Record *record) {
  int at = record->relation->date;
  return at < 0 || record->row.v[at].null ? 0 : (Date)record->row.v[at].i;
}

/* ---- serials: the next number of an org's year, also over rows of this revision not yet written ---- */

typedef struct Numbered { const Column *column; int64_t org, highest; int year; struct Numbered *next; } Numbered;
struct Numbering { Numbered *first; };

static bool highest_serial(Doing *d, const Relation *r, const Column *c, int64_t org, int year, Numbered **out, Error *e) {
  Session *s = d->session;
  if (!d->numbering) d->numbering = NEW(s->lasting, struct Numbering);
  for (Numbered *n = d->numbering->first; n; n = n->next)
    if (n->column == c && n->org == org && n->year == year) return *out = n, true;
  Numbered *n = NEW(s->lasting, Numbered);
  *n = (Numbered){.column = c, .org = org, .year = year, .next = d->numbering->first};
  const char *date = r->columns[r->date].sql;
  const char *sql = arena_print(s->arena,
                                "SELECT COALESCE(MAX(\"%s\"), 0) FROM \"%s\" WHERE area_id = $1 AND org_id = $2 AND "
                                "\"%s\" >= $3 AND \"%s\" < $4 AND state <> $5",
                                c->sql, r->table, date, date);
  Value binds[] = {value_int(s->area), value_int(org), value_int(date_make(year, 1, 1)),
                   value_int(date_make(year + 1, 1, 1)), value_text(STATE_VOID)};
  if (!tx_int(s->tx, sql, binds, 5, &n->highest, NULL, e)) return false;
  d->numbering->first = n;
  *out = n;
  return true;
}

static bool number_serials(Doing *d, Record *record, Error *e) {
  const Relation *r = record->relation;
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->type != TYPE_SERIAL || c->retired || r->date < 0 || !record_date(record)) continue;
    Numbered *n;
    if (!highest_serial(d, r, c, record_org(record), date_year(record_date(record)), &n, e)) return false;
    Value *v = &record->row.v[i];
    if (v->null) *v = value_int(n->highest + 1);
    if (v->i > n->highest) n->highest = v->i;
  }
  return true;
}

/* ---- writing ---- */

static bool seal_cells(Doing *d, const Relation *sealed_in, int64_t owner, Row row, Error *e) {
  Session *s = d->session;
  for (size_t i = 0; i < row.relation->column_count; i++) {
    const Column *c = &row.relation->columns[i];
    if (!c->sensitive || row.v[i].null || row.v[i].kind != VALUE_TEXT) continue;
    if (!keyring_seal(s->site->keyring, s->arena, s->area, sealed_in, owner, c, row.v[i].s, &row.v[i], e)) return false;
  }
  return true;
}

static bool same_row(Row a, Row b) {
  for (size_t i = 0; i < a.relation->column_count; i++)
    if (!value_equal(a.v[i], b.v[i])) return false;
  return true;
}

static const Row *row_of_id(const LineRows *lines, int64_t id) {
  for (size_t i = 0; id && i < lines->count; i++)
    if (row_id(lines->at[i]) == id) return &lines->at[i];
  return NULL;
}

static bool put_lines(Doing *d, const LineRows *before, LineRows *after, const Record *record, Error *e) {
  int at_record = relation_index(after->relation, "record"), at_pos = relation_index(after->relation, "pos");
  for (size_t i = 0; before && i < before->count; i++)
    if (!row_of_id(after, row_id(before->at[i])) &&
        !change_remove(d->revision, after->relation, row_id(before->at[i]), e))
      return false;
  for (size_t i = 0; i < after->count; i++) {
    Row row = after->at[i];
    const Row *was = before ? row_of_id(before, row_id(row)) : NULL;
    if (!row_id(row)) row.v[0] = value_int(revision_next_id(d->revision));
    row.v[at_record] = value_int(row_id(record->row));
    row.v[at_pos] = value_int((int64_t)i + 1);
    if (!seal_cells(d, record->relation, row_id(record->row), row, e)) return false;
    if ((!was || !same_row(*was, row)) && !change_put(d->revision, row, e)) return false;
  }
  return true;
}

bool record_put(Doing *d, const Record *before, Record *record, Error *e) {
  if (!row_id(record->row)) record->row.v[0] = value_int(revision_next_id(d->revision));
  if (!number_serials(d, record, e)) return false;
  if (!seal_cells(d, record->relation, row_id(record->row), record->row, e)) return false;
  if ((!before || !same_row(before->row, record->row)) && !change_put(d->revision, record->row, e)) return false;
  for (size_t i = 0; i < record->relation->line_count; i++)
    if (!put_lines(d, before ? &before->lines[i] : NULL, &record->lines[i], record, e)) return false;
  return attachments_follow(d, before, record, e);
}
