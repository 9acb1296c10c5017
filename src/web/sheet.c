/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tables between two steps of an import (sheet.h). Rows are told by the number a spreadsheet gives them, which
 * is also how the import names them; a change of a cell writes the table anew and nothing else of it differs. */
#include "web/sheet.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/heading.h"
#include "paper/csv.h"
#include "web/view.h"

enum { PIECE = 150 * 1024, PIECES_MOST = 2 * SHEET_KEPT / PIECE + 2 };

/* ---- in ---- */

static bool is_workbook(const char *name) {
  size_t n = strlen(name);
  return (n > 5 && !strcmp(name + n - 5, ".xlsx")) || (n > 4 && (!strcmp(name + n - 4, ".xls") || !strcmp(name + n - 4, ".ods")));
}

static bool read_kept(Page *p, SheetText *out, Error *e) {
  TEXT_SCOPE all = text_new(2 * (size_t)SHEET_KEPT + 4096);
  for (size_t i = 0; i < PIECES_MOST; i++) {
    const char *piece = form_get(&p->form, arena_print(p->arena, "kept.%zu", i));
    if (!piece) break;
    text_add(&all, piece);
  }
  char *bytes = arena_alloc(p->arena, all.length + 4);
  int n = all.length && all.length % 4 == 0 && !all.full
              ? EVP_DecodeBlock((unsigned char *)bytes, (const unsigned char *)text_get(&all), (int)all.length) : -1;
  if (n < 0) return fail(e, ERROR_INVALID, "页面里留的表格不完整，请重新选文件。");
  for (size_t i = 0; i < 2 && all.at[all.length - 1 - i] == '='; i++) n--;
  out->name = *form_text(&p->form, "name") ? form_text(&p->form, "name") : "表格";
  out->size = (size_t)n;
  return encoding_read(p->arena, out->name, bytes, (size_t)n, &out->text, e);
}

/* ---- rows ---- */

static bool source_at(void *self, uint64_t offset, char *to, size_t room, size_t *got, Error *e) {
  const SheetText *t = self;
  (void)e;
  *got = offset >= t->size ? 0 : t->size - offset < room ? t->size - (size_t)offset : room;
  if (*got) memcpy(to, t->text + offset, *got);
  return true;
}

typedef bool RowVisit(const CsvRow *row, void *context);

static bool each_row(const SheetText *t, RowVisit *visit, void *context, Error *e) {
  SheetText copy = *t;
  CSV_SCOPE csv = csv_open((CsvSource){&copy, source_at}, e);
  CsvRow row;
  CsvStep step = csv ? CSV_ROW : CSV_FAILED;
  while (csv && (step = csv_next(csv, &row, e)) == CSV_ROW)
    if (!visit(&row, context)) return true;
  return step == CSV_END;
}

/* ---- mending ---- */

typedef struct Mend { size_t row, column; const char *value; } Mend;
typedef struct Mending {
  Mend *at; size_t count, room;
  Text out;
} Mending;

/* c.ROW.COLUMN */
static bool is_mend(const Field *f, Mend *out) {
  if (strncmp(f->name, "c.", 2) != 0 || f->filename) return false;
  char *end;
  unsigned long row = strtoul(f->name + 2, &end, 10);
  if (*end != '.' || !row || row > CSV_ROWS) return false;
  unsigned long column = strtoul(end + 1, &end, 10);
  *out = (Mend){row, column, f->value};
  return !*end && column < CSV_COLUMNS;
}

static bool mend_row(const CsvRow *row, void *context) {
  Mending *m = context;
  const char *cells[CSV_COLUMNS];
  size_t count = row->count;
  for (size_t i = 0; i < count; i++) cells[i] = row->cells[i];
  for (size_t i = 0; i < m->count; i++) {
    if (m->at[i].row != row->number) continue;
    while (count <= m->at[i].column) cells[count++] = "";
    cells[m->at[i].column] = m->at[i].value;
  }
  for (size_t i = 0; i < count; i++) csv_add_cell(&m->out, !i, cells[i]);
  csv_end_row(&m->out);
  return !m->out.full;
}

static bool mend(Page *p, SheetText *t, Error *e) {
  Mending m = {.out = text_new(2 * (size_t)SHEET_KEPT)};
  for (size_t i = 0; i < p->form.count; i++) {
    Mend one;
    if (is_mend(&p->form.at[i], &one)) *PUSH(p->arena, m.at, m.count, m.room) = one;
  }
  bool done = !m.count || (each_row(t, mend_row, &m, e) && (!m.out.full || fail(e, ERROR_LIMIT, "改后的表格太大，请改在文件里再导入。")));
  if (done && m.count) {
    t->text = arena_slice(p->arena, text_get(&m.out), m.out.length);
    t->size = m.out.length;
  }
  text_free(&m.out);
  return done;
}

bool sheet_read(Page *p, SheetText *out, Error *e) {
  const Field *file = form_file(&p->form, "file");
  const char *pasted = form_text(&p->form, "text");
  *out = (SheetText){0};
  if (file) {
    out->name = file->filename;
    if (is_workbook(file->filename))
      return fail(e, ERROR_INVALID, "%s 请先在表格软件里另存为“CSV UTF-8”再导入，或把表格复制后粘贴到下面。", file->filename);
    if (file->size > SHEET_BYTES) return fail(e, ERROR_LIMIT, "%s 超过%d兆，请分成几份导入。", file->filename, SHEET_BYTES / 1024 / 1024);
    if (!encoding_read(p->arena, file->filename, file->value, file->size, &out->text, e)) return false;
  } else if (*pasted) {
    out->name = "粘贴的表格";
    out->text = pasted;
  } else if (form_get(&p->form, "kept.0")) {
    return read_kept(p, out, e) && (out->size = strlen(out->text), mend(p, out, e));
  } else {
    return fail(e, ERROR_INVALID, "还没有表格，请选一个文件，或从表格软件里复制后粘贴。");
  }
  out->size = strlen(out->text);
  return true;
}

json_t *sheet_keep(Page *p, const SheetText *t) {
  json_t *out = json_object(), *pieces = json_array();
  view_set(out, "name", t->name);
  json_object_set_new(out, "pieces", pieces);
  if (t->size > SHEET_KEPT) return out;
  char *all = arena_alloc(p->arena, t->size / 3 * 4 + 8);
  size_t n = (size_t)EVP_EncodeBlock((unsigned char *)all, (const unsigned char *)t->text, (int)t->size);
  for (size_t at = 0; at < n; at += PIECE) {
    json_t *one = json_object();
    view_set(one, "name", arena_print(p->arena, "kept.%zu", at / PIECE));
    view_set(one, "value", arena_slice(p->arena, all + at, n - at < PIECE ? n - at : PIECE));
    json_array_append_new(pieces, one);
  }
  return out;
}

/* ---- faults beside their rows ---- */

static size_t row_of(const Issue *issue) {
  size_t skip = strlen("第");
  if (!issue->where || strncmp(issue->where, "第", skip) != 0) return 0;
  char *end;
  unsigned long row = strtoul(issue->where + skip, &end, 10);
  return strncmp(end, "行", strlen("行")) ? 0 : row;
}

typedef struct Marking {
  Page *page;
  const Relation *relation;
  const Issues *issues;
  Heading heading; /* count 0 until the head line is found */
  size_t head_row, looked;
  json_t *rows;
  size_t cells, left;
} Marking;

static void find_head(Marking *m, const CsvRow *row) {
  enum { TITLES = 5 };
  if (m->head_row || m->looked++ >= TITLES || !heading_likely(m->page->arena, m->relation, row)) return;
  Issues none = {.arena = m->page->arena};
  heading_read(m->page->arena, m->relation, NULL, row, &m->heading, &none);
  m->head_row = row->number;
}

static const char *field_of(const Marking *m, size_t i) {
  if (i >= m->heading.count) return NULL;
  const Head *h = &m->heading.at[i];
  if (h->kind == HEAD_RECORD) return m->relation->columns[h->column].name;
  if (h->kind == HEAD_LINE) return h->lines->columns[h->column].name;
  return h->kind == HEAD_ID || h->kind == HEAD_LINE_ID ? "id" : NULL;
}

static bool concerns(const Marking *m, const Issue *issue, const CsvRow *row, size_t i) {
  if (!issue->field || row_of(issue) != row->number) return false;
  const char *field = field_of(m, i);
  return row->number == m->head_row ? i < row->count && !strcmp(row->cells[i], issue->field) : field && !strcmp(field, issue->field);
}

static const char *sentences_of(const Marking *m, size_t row) {
  TEXT_SCOPE t = text_new(64 * 1024);
  for (size_t i = 0; i < m->issues->count; i++)
    if (row_of(&m->issues->at[i]) == row) text_add(&t, m->issues->at[i].sentence);
  return arena_copy(m->page->arena, text_get(&t));
}

static json_t *cells_of(Marking *m, const CsvRow *row) {
  json_t *cells = json_array();
  size_t width = m->heading.count > row->count ? m->heading.count : row->count;
  for (size_t i = 0; i < width; i++) {
    json_t *one = json_object();
    bool bad = false;
    for (size_t k = 0; k < m->issues->count; k++) bad = bad || concerns(m, &m->issues->at[k], row, i);
    view_set(one, "name", arena_print(m->page->arena, "c.%zu.%zu", row->number, i));
    view_set(one, "head", i < m->heading.count && m->heading.at[i].text ? m->heading.at[i].text : "表头");
    json_object_set_new(one, "value", json_string(i < row->count ? row->cells[i] : ""));
    view_flag(one, "bad", bad);
    json_array_append_new(cells, one);
  }
  m->cells += width;
  return cells;
}

static bool fault_row(const CsvRow *row, void *context) {
  Marking *m = context;
  find_head(m, row);
  const char *sentences = sentences_of(m, row->number);
  if (!*sentences) return true;
  if (json_array_size(m->rows) >= SHEET_ROWS || m->cells + row->count + m->heading.count > SHEET_CELLS) {
    m->left++;
    return true;
  }
  json_t *one = json_object();
  view_count(one, "number", (int64_t)row->number);
  view_set(one, "sentence", sentences);
  json_object_set_new(one, "cells", cells_of(m, row));
  json_array_append_new(m->rows, one);
  return true;
}

json_t *sheet_faults(Page *p, const Relation *r, const SheetText *t, const Issues *issues, Error *e) {
  Marking m = {.page = p, .relation = r, .issues = issues, .rows = json_array()};
  json_t *out = json_object(), *heads = json_array();
  bool well = each_row(t, fault_row, &m, e);
  for (size_t i = 0; well && i < m.heading.count; i++)
    json_array_append_new(heads, json_string(m.heading.at[i].text ? m.heading.at[i].text : ""));
  json_object_set_new(out, "heads", heads);
  json_object_set_new(out, "rows", m.rows);
  json_object_set_new(out, "left", m.left ? json_integer((json_int_t)m.left) : json_false());
  return out;
}

static bool marked_row(const CsvRow *row, void *context) {
  Marking *m = context;
  Text *out = &m->page->out->body;
  bool head = !m->head_row;
  find_head(m, row);
  head = head && m->head_row;
  const char *sentences = sentences_of(m, row->number);
  csv_add_cell(out, true, head ? HEADING_FAULTS : sentences);
  for (size_t i = 0; i < row->count; i++) csv_add_cell(out, false, row->cells[i]);
  csv_end_row(out);
  return !out->full;
}

bool sheet_marked(Page *p, const Relation *r, const SheetText *t, const Issues *issues, Error *e) {
  Marking m = {.page = p, .relation = r, .issues = issues};
  csv_add_bom(&p->out->body);
  if (!each_row(t, marked_row, &m, e)) return false;
  const char *dot = strrchr(t->name, '.');
  p->out->type = "text/csv; charset=utf-8";
  p->out->filename = arena_print(p->arena, "%s_问题.csv", arena_slice(p->arena, t->name, dot ? (size_t)(dot - t->name) : strlen(t->name)));
  return true;
}
