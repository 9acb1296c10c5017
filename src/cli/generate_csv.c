/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The generator's other sink: one CSV a block, as import reads it, for trying and timing import. A table has
 * the lines of one kind, so a block that makes two kinds is refused. Nothing is kept of a record once its
 * rows are written. */
#include "cli/generate.h"

#include <stdio.h>
#include <string.h>

#include "access/names.h"
#include "cli/generate_block.h"
#include "ledger/heading.h"

enum { TOGETHER = 2000 };

static const char *cell_text(Maker *m, const Making *w, Row row, int column) {
  const Column *c = &row.relation->columns[column];
  Value v = row.v[column];
  if (v.null) return "";
  if (c->type == TYPE_REF) return names_of(m->s, c->ref, v.i, w->at ? w->at : m->s->today);
  return c->sensitive ? v.s : cell_exchange(m->s->arena, c, v);
}

static void add_row(Maker *m, const Heading *h, const Making *w, const Record *record, const Row *line, Text *out) {
  for (size_t i = 0; i < h->count; i++) {
    const char *text = "";
    if (h->at[i].kind == HEAD_GROUP) text = arena_print(m->s->arena, "%zu", w->n);
    if (h->at[i].kind == HEAD_RECORD) text = cell_text(m, w, record->row, h->at[i].column);
    if (h->at[i].kind == HEAD_LINE && line) text = cell_text(m, w, *line, h->at[i].column);
    csv_add_cell(out, i == 0, text);
  }
  csv_end_row(out);
}

static void add_record(Maker *m, const Heading *h, const Making *w, const Record *record, Text *out) {
  const LineRows *lines = NULL;
  for (size_t i = 0; i < record->relation->line_count; i++)
    if (record->lines[i].relation == h->lines) lines = &record->lines[i];
  if (!lines || !lines->count) add_row(m, h, w, record, NULL, out);
  for (size_t i = 0; lines && i < lines->count; i++) add_row(m, h, w, record, &lines->at[i], out);
}

static bool one_kind(Maker *m, const Node *block, const Relation *r, const Relation **lines) {
  const Node *list = node_key(block, "lines");
  *lines = NULL;
  if (node_key(block, "then")) return wrong(m, block, "有 then 的块不能写成CSV，请直接生成到站点里。");
  if (!list) return true;
  if (list->count > 1) return wrong(m, list, "一张表只放一种明细，请拆成几个块。");
  for (size_t i = 0; list->count && i < r->line_count; i++)
    if (!strcmp(r->lines[i]->own_name, list->at[0].key)) *lines = r->lines[i];
  return true;
}

static bool put(FILE *f, Text *text, const char *path, Error *e) {
  bool done = !text->full && fwrite(text_get(text), 1, text->length, f) == text->length;
  text_clear(text);
  return done || fail(e, ERROR_UNAVAILABLE, "写%s时出错，请检查磁盘空间。", path);
}

/* One file being written; sessions come and go, so that memory does not grow with the number of records. */
typedef struct Sheet {
  const Node *block;
  const char *path;
  FILE *file;
  Turns turns;
  size_t next;
} Sheet;

static bool begin(Maker *m, Sheet *sheet, const Heading *h, Text *out) {
  if (!turns_plan(m, &(Making){0}, sheet->block, &sheet->turns)) return false;
  turns_keep(m, &sheet->turns);
  csv_add_bom(out);
  for (size_t i = 0; i < h->count; i++) csv_add_cell(out, i == 0, h->at[i].text);
  csv_end_row(out);
  return true;
}

static bool write_some(Maker *m, Site *site, Sheet *sheet, Error *e) {
  SESSION_SCOPE s = session_open(site, NULL, TX_READ, e);
  if (!s) return false;
  m->s = s;
  const Relation *r = block_relation(m, sheet->block), *lines;
  if (!r || !one_kind(m, sheet->block, r, &lines)) return false;
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  Heading h = heading_make(s->arena, r, lines, true);
  if (!sheet->next && !begin(m, sheet, &h, &out)) return false;
  for (size_t made = 0; sheet->next < sheet->turns.count && made < TOGETHER; made++, sheet->next++) {
    Making w;
    Record record;
    if (!record_make(m, &sheet->turns, sheet->next, r, NULL, &w, &record)) return false;
    add_record(m, &h, &w, &record, &out);
  }
  return put(sheet->file, &out, sheet->path, e);
}

static bool one_file(Maker *m, Site *site, const Node *block, size_t number, void *context, Error *e) {
  const char *folder = context;
  const Node *make = node_key(block, "make");
  const char *named = make && make->kind == NODE_TEXT && !strchr(make->text, '/') ? make->text : "block";
  Sheet sheet = {.block = block, .path = arena_print(m->block, "%s/%02zu_%s.csv", folder, number + 1, named)};
  sheet.file = fopen(sheet.path, "wb");
  if (!sheet.file) return fail(e, ERROR_UNAVAILABLE, "写不了%s，请检查目录和权限。", sheet.path);
  bool written;
  do written = write_some(m, site, &sheet, e);
  while (written && sheet.next < sheet.turns.count);
  if (fclose(sheet.file) && written) return fail(e, ERROR_UNAVAILABLE, "写%s时出错，请检查磁盘空间。", sheet.path);
  return written;
}

bool generation_csv(Site *site, const Generation *g, int64_t size, const char *folder, Generated *out, Issues *issues,
                    Error *e) {
  ARENA_SCOPE keep = arena_new();
  *out = (Generated){0};
  char *where = arena_copy(keep, folder);
  Maker m = {.g = g, .keep = keep, .issues = issues, .size = size, .done = out};
  return blocks_run(&m, site, one_file, where, e);
}
