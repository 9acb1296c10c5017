/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Merging by cell and line (merge.h). The common ancestor is read from the journal: the last body of each row
 * up to the revision that the form was drawn from. */
#include "ledger/merge.h"

#include <string.h>

/* ---- the record as it stood ---- */

/* The row's last body up to `seq`; body NULL: not there. */
static bool row_then(Session *s, const Relation *r, int64_t id, int64_t seq, Row *out, bool *there, bool *changed, Error *e) {
  HistoryEntry *all;
  size_t count;
  const char *body = NULL;
  if (!journal_history(s->tx, s->arena, s->area, r, id, &all, &count, e)) return false;
  for (size_t i = 0; i < count; i++) {
    if (all[i].header.seq <= seq) body = all[i].body;
    else *changed = true;
  }
  *there = body && *body;
  return !*there || row_read(s->arena, r, id, body, strlen(body), out, e);
}

static void insert_by_pos(Session *s, LineRows *lines, Row row) {
  int pos = relation_index(lines->relation, "pos");
  *PUSH(s->arena, lines->at, lines->count, lines->room) = row;
  size_t at = lines->count - 1;
  for (; at && lines->at[at - 1].v[pos].i > row.v[pos].i; at--) lines->at[at] = lines->at[at - 1];
  lines->at[at] = row;
}

static bool has_row(const LineRows *lines, int64_t id) {
  for (size_t i = 0; i < lines->count; i++)
    if (row_id(lines->at[i]) == id) return true;
  return false;
}

/* Lines of the record that were removed since. */
static bool removed_since(Session *s, const Record *now, const LineRows *lines, int64_t seq, LineRows *out, bool *changed, Error *e) {
  const Relation *r = lines->relation;
  Value binds[] = {value_int(s->area), value_int(seq), value_text(r->name)};
  STMT_SCOPE st = stmt_open(s->tx, "SELECT DISTINCT row_id FROM change WHERE area_id = $1 AND seq > $2 AND relation = $3 AND body = ''", binds, 3, e);
  int record = relation_index(r, "record");
  Step step = STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) {
    Row row;
    bool there, ignored = false;
    int64_t id = stmt_int(st, 0);
    if (has_row(lines, id)) continue;
    if (!row_then(s, r, id, seq, &row, &there, &ignored, e)) return false;
    if (!there || row.v[record].i != row_id(now->row)) continue;
    insert_by_pos(s, out, row);
    *changed = true;
  }
  return step == STEP_DONE;
}

bool record_at(Session *s, const Record *now, int64_t seq, Record *out, bool *changed, Error *e) {
  const Relation *r = now->relation;
  bool there;
  *out = record_new(s, r);
  *changed = false;
  if (!row_then(s, r, row_id(now->row), seq, &out->row, &there, changed, e)) return false;
  if (!there) return fail(e, ERROR_MISSING, "这条%s那时还没有登记，请重新打开后再改。", r->label);
  for (size_t i = 0; i < r->line_count; i++) {
    const LineRows *lines = &now->lines[i];
    for (size_t k = 0; k < lines->count; k++) {
      Row row;
      if (!row_then(s, lines->relation, row_id(lines->at[k]), seq, &row, &there, changed, e)) return false;
      if (there) insert_by_pos(s, &out->lines[i], row);
    }
    if (!removed_since(s, now, lines, seq, &out->lines[i], changed, e)) return false;
  }
  return true;
}

/* ---- merging ---- */

typedef struct Merging {
  Session *session;
  Clash *at;
  size_t count, room;
} Merging;

static void clash(Merging *m, Clash one) { *PUSH(m->session->arena, m->at, m->count, m->room) = one; }

static bool is_place(const Column *c) { return !strcmp(c->name, "id") || !strcmp(c->name, "record") || !strcmp(c->name, "pos"); }

static bool same_cells(Row a, Row b) {
  for (size_t i = 0; i < a.relation->column_count; i++)
    if (!is_place(&a.relation->columns[i]) && !value_equal(a.v[i], b.v[i])) return false;
  return true;
}

static void merge_row(Merging *m, Row base, Row now, Row mine, size_t line) {
  const Relation *r = mine.relation;
  for (size_t i = 0; i < r->column_count; i++) {
    if (is_place(&r->columns[i]) || value_equal(mine.v[i], now.v[i])) continue;
    if (value_equal(mine.v[i], base.v[i])) mine.v[i] = now.v[i];
    else if (!value_equal(now.v[i], base.v[i]))
      clash(m, (Clash){.relation = r, .column = &r->columns[i], .line = line, .theirs = now.v[i], .mine = mine.v[i]});
  }
}

static const Row *find_row(const LineRows *lines, int64_t id) {
  for (size_t i = 0; id && i < lines->count; i++)
    if (row_id(lines->at[i]) == id) return &lines->at[i];
  return NULL;
}

static void merge_lines(Merging *m, const LineRows *base, const LineRows *now, LineRows *mine) {
  Session *s = m->session;
  LineRows out = {.relation = mine->relation};
  for (size_t i = 0; i < mine->count; i++) {
    Row row = mine->at[i];
    const Row *was = find_row(base, row_id(row)), *is = find_row(now, row_id(row));
    if (was && !is && same_cells(*was, row)) continue; /* they took it away */
    if (was && !is) {
      row.v[0] = value_int(0);
      clash(m, (Clash){.kind = CLASH_THEY_REMOVED, .relation = row.relation, .line = out.count});
    }
    if (was && is) merge_row(m, *was, *is, row, out.count);
    *PUSH(s->arena, out.at, out.count, out.room) = row;
  }
  for (size_t i = 0; i < now->count; i++) {
    Row row = now->at[i];
    const Row *was = find_row(base, row_id(row));
    if (find_row(mine, row_id(row)) || (was && same_cells(*was, row))) continue; /* I took it away */
    bool twice = false;
    for (size_t k = 0; !was && k < mine->count; k++) twice |= !row_id(mine->at[k]) && same_cells(mine->at[k], row);
    if (twice) continue; /* both put the same line in */
    if (was) clash(m, (Clash){.kind = CLASH_I_REMOVED, .relation = row.relation, .line = out.count});
    *PUSH(s->arena, out.at, out.count, out.room) = row_copy(s->arena, row);
  }
  /* The line that both put in is theirs. */
  for (size_t i = 0; i < out.count; i++)
    for (size_t k = 0; !row_id(out.at[i]) && k < now->count; k++)
      if (!find_row(base, row_id(now->at[k])) && !find_row(&out, row_id(now->at[k])) && same_cells(out.at[i], now->at[k])) out.at[i].v[0] = now->at[k].v[0];
  *mine = out;
}

void record_merge(Session *s, const Record *base, const Record *now, Record *mine, Clash **clashes, size_t *count) {
  Merging m = {.session = s};
  merge_row(&m, base->row, now->row, mine->row, 0);
  for (size_t i = 0; i < mine->relation->line_count; i++) merge_lines(&m, &base->lines[i], &now->lines[i], &mine->lines[i]);
  *clashes = m.at;
  *count = m.count;
}

static Record copy_record(Session *s, const Record *of) {
  Record out = *of;
  out.row = row_copy(s->arena, of->row);
  out.lines = NEW_ARRAY(s->arena, LineRows, of->relation->line_count + 1);
  for (size_t i = 0; i < of->relation->line_count; i++) {
    out.lines[i].relation = of->lines[i].relation;
    for (size_t k = 0; k < of->lines[i].count; k++)
      *PUSH(s->arena, out.lines[i].at, out.lines[i].count, out.lines[i].room) = row_copy(s->arena, of->lines[i].at[k]);
  }
  return out;
}

bool record_rebase(Session *s, const Record *now, int64_t seq, json_t *fields, Record *merged, Clash **clashes, size_t *count,
                   Issues *issues, Error *e) {
  Record base;
  bool changed;
  *clashes = NULL;
  *count = 0;
  if (!record_at(s, now, seq, &base, &changed, e)) return false;
  *merged = copy_record(s, changed ? &base : now);
  if (!record_from_json(s, merged, fields, issues)) return false;
  if (changed) record_merge(s, &base, now, merged, clashes, count);
  return true;
}

bool record_of_revision(Session *s, const Relation *r, int64_t seq, int64_t *id, Error *e) {
  bool found = false;
  Value binds[] = {value_int(s->area), value_int(seq), value_text(r->name)};
  *id = 0;
  return tx_int(s->tx, "SELECT row_id FROM change WHERE area_id = $1 AND seq = $2 AND relation = $3 ORDER BY n LIMIT 1", binds, 3, id, &found, e);
}
