/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One visit a row of the list; the lines of a record are read when it is its turn. References are written so
 * that the import finds the same row again (names_exact), as of the record's day on both ways. */
#include "ledger/export.h"

#include <string.h>

#include "access/names.h"
#include "base/json.h"
#include "ledger/heading.h"
#include "ledger/record.h"

enum { PIECE = 64 * 1024 };

typedef struct Export {
  Session *s;
  ExportAsk ask;
  Heading heading;
  ExportWrite *write;
  void *self;
  ExportTally *tally;
  Error *e;
  Text out;
  Arena *moment;
  ArenaMark empty;
  const char *select_record; /* of a line, by id */
  Record record;             /* the line's, as last loaded; on the arena `held` */
  Arena *held;
  int64_t held_id;
  bool failed;
} Export;

ExportAsk export_ask(const Relation *named, ListAsk list) {
  ExportAsk ask = {.record = named->parent ? named->parent : named, .lines = named->parent ? named : NULL, .list = list};
  bool chosen = named->parent && list.where && *list.where;
  ask.list.relation = chosen ? named : ask.record;
  return ask;
}

static bool flush(Export *x, size_t least) {
  if (x->out.length < least) return true;
  bool well = !x->out.full || fail(x->e, ERROR_LIMIT, "有一行太长，写不出来，请用 --where 去掉它。");
  well = well && x->write(x->self, text_get(&x->out), x->out.length, x->e);
  text_clear(&x->out);
  return well;
}

static bool one_more_row(Export *x) {
  if (x->tally->rows++ < CSV_ROWS) return true;
  return fail(x->e, ERROR_LIMIT, "要导出的超过%d行，请用 --where 或 --org 分几次导出。", CSV_ROWS);
}

/* ---- csv ---- */

static const char *cell_text(Session *s, Row row, const Column *c, int64_t org, Date at) {
  Value v = row.v[c - row.relation->columns];
  if (v.null) return "";
  if (c == &row.relation->columns[0]) return arena_print(s->arena, "%lld", (long long)v.i);
  if (row.relation->state >= 0 && c == &row.relation->columns[row.relation->state]) {
    const State *state = relation_state(row.relation, v.s);
    return state ? state->label : "作废";
  }
  return c->type == TYPE_REF ? names_exact(s, c->ref, v.i, at) : gate_show(s, row, c, org, true);
}

/* The n-th row of a record: its n-th line of each kind, blank where there are fewer. `only`: this line alone. */
static bool add_row(Export *x, const Record *record, size_t n, const Row *only, int64_t org, Date at) {
  for (size_t i = 0; i < x->heading.count; i++) {
    const Head *h = &x->heading.at[i];
    Row row = h->lines ? (Row){0} : record->row;
    if (h->lines && only && only->relation == h->lines) row = *only;
    for (size_t k = 0; h->lines && !only && k < record->relation->line_count; k++)
      if (record->lines[k].relation == h->lines && n < record->lines[k].count) row = record->lines[k].at[n];
    csv_add_cell(&x->out, !i, row.relation ? cell_text(x->s, row, &row.relation->columns[h->column], org, at) : "");
  }
  csv_end_row(&x->out);
  return one_more_row(x) && flush(x, PIECE);
}

static bool add_record(Export *x, const ListRow *row, Date at) {
  x->tally->records++;
  Record record = {.relation = x->ask.record, .row = row->row,
                   .lines = NEW_ARRAY(x->s->arena, LineRows, x->ask.record->line_count + 1)};
  size_t rows = 1;
  for (size_t n = 0; n < record.relation->line_count; n++) {
    record.lines[n].relation = record.relation->lines[n];
    if (heading_has(&x->heading, record.lines[n].relation) && !record_load_lines(x->s, &record, n, x->e)) return false;
    if (record.lines[n].count > rows) rows = record.lines[n].count;
  }
  for (size_t n = 0; n < rows; n++)
    if (!add_row(x, &record, n, NULL, row->org, at)) return false;
  return true;
}

/* Lines come record by record: each record is read once. */
static bool hold_record(Export *x, int64_t id) {
  if (x->held_id == id) return true;
  Session *s = x->s;
  arena_free(x->held);
  x->held = arena_new();
  STMT_SCOPE st = stmt_open(s->tx, x->select_record, (Value[]){value_int(s->area), value_int(id)}, 2, x->e);
  if (!st) return false;
  Step step = stmt_step(st, x->e);
  if (step == STEP_DONE) fail_because(x->e, ERROR_BROKEN, x->ask.record->name, "有一行明细没有它的记录，请用luoshi audit检查。");
  if (step != STEP_ROW) return false;
  x->record.relation = x->ask.record;
  x->record.row = row_from(x->held, x->ask.record, st, 0);
  x->held_id = id;
  x->tally->records++;
  return true;
}

static bool visit_csv(Session *s, const ListRow *row, void *context) {
  Export *x = context;
  Arena *kept = s->arena;
  s->arena = x->moment;
  Date at = row->date ? row->date : s->today;
  bool well;
  if (!row->row.relation->parent) well = add_record(x, row, at);
  else
    well = hold_record(x, row_at(row->row, "record")->i) && add_row(x, &x->record, 0, &row->row, row->org, at);
  s->arena = kept;
  arena_back(x->moment, x->empty);
  x->failed = !well;
  return well;
}

/* What was not chosen is left out; an import of the rest leaves it as it is. */
static void keep_chosen(Export *x) {
  Heading *h = &x->heading;
  size_t kept = 0;
  for (size_t i = 0; i < h->count; i++) {
    bool keep = h->at[i].kind == HEAD_ID;
    for (size_t k = 0; k < x->ask.column_count && h->at[i].kind == HEAD_RECORD; k++)
      keep = keep || &x->ask.record->columns[h->at[i].column] == x->ask.columns[k];
    if (keep) h->at[kept++] = h->at[i];
  }
  h->count = kept;
  h->lines = NULL;
}

static void write_head(Export *x, bool blank) {
  x->heading = x->ask.lines ? heading_make(x->s->arena, x->ask.record, x->ask.lines, blank)
                            : heading_whole(x->s->arena, x->ask.record, blank);
  if (x->ask.columns && !x->ask.lines) keep_chosen(x);
  csv_add_bom(&x->out);
  for (size_t i = 0; i < x->heading.count; i++) csv_add_cell(&x->out, !i, x->heading.at[i].text);
  csv_end_row(&x->out);
}

/* ---- json ---- */

static json_t *line_json(Export *x, const ListRow *row) {
  json_t *object = json_object();
  for (size_t i = 0; i < row->row.relation->column_count; i++) {
    const Column *c = &row->row.relation->columns[i];
    if (c->retired || !strcmp(c->name, "pos")) continue;
    const char *text = strcmp(c->name, "record") ? gate_show(x->s, row->row, c, row->org, true)
                                                 : arena_print(x->s->arena, "%lld", (long long)row->row.v[i].i);
    json_object_set_new(object, c->name, row->row.v[i].null ? json_null() : json_string(text));
  }
  return object;
}

static json_t *record_json(Export *x, const ListRow *row) {
  Record record = {.relation = x->ask.record, .row = row->row,
                   .lines = NEW_ARRAY(x->s->arena, LineRows, x->ask.record->line_count + 1)};
  for (size_t i = 0; i < record.relation->line_count; i++) {
    record.lines[i].relation = record.relation->lines[i];
    if (!record_load_lines(x->s, &record, i, x->e)) return NULL;
  }
  return record_to_json(x->s, &record);
}

static bool visit_json(Session *s, const ListRow *row, void *context) {
  Export *x = context;
  Arena *kept = s->arena;
  s->arena = x->moment;
  JSON_SCOPE object = row->row.relation->parent ? line_json(x, row) : record_json(x, row);
  x->tally->records++;
  text_add(&x->out, x->tally->rows ? ",\n" : "\n");
  if (object) json_write(object, false, &x->out);
  bool well = object && one_more_row(x) && flush(x, PIECE);
  s->arena = kept;
  arena_back(x->moment, x->empty);
  x->failed = !well;
  return well;
}

/* ---- all of it ---- */

static bool run(Export *x, ListVisit *visit, const char *end) {
  Session *s = x->s;
  x->moment = arena_new();
  x->empty = arena_mark(x->moment);
  x->select_record = row_select_sql(s->arena, x->ask.record, "id = $2");
  *x->tally = (ExportTally){0};
  bool well = list_rows(s, x->ask.list, visit, x, x->e) && !x->failed;
  text_add(&x->out, end);
  well = well && flush(x, 0);
  arena_free(x->moment);
  arena_free(x->held);
  text_free(&x->out);
  return well;
}

bool export_csv(Session *s, ExportAsk ask, ExportWrite *write, void *self, ExportTally *tally, Error *e) {
  Export x = {.s = s, .ask = ask, .write = write, .self = self, .tally = tally, .e = e, .out = text_new(TEXT_CEILING)};
  write_head(&x, false);
  return run(&x, visit_csv, "");
}

bool export_json(Session *s, ExportAsk ask, ExportWrite *write, void *self, ExportTally *tally, Error *e) {
  Export x = {.s = s, .ask = ask, .write = write, .self = self, .tally = tally, .e = e, .out = text_new(TEXT_CEILING)};
  JSON_SCOPE head = json_pack("{s:s, s:s}", "relation", ask.list.relation->name, "label", ask.list.relation->label);
  TEXT_SCOPE begin = text_new(4096);
  json_write(head, false, &begin);
  text_add_n(&x.out, text_get(&begin), begin.length ? begin.length - 1 : 0);
  text_add(&x.out, ",\"rows\":[");
  return run(&x, visit_json, "\n]}\n");
}

bool export_blank(Session *s, ExportAsk ask, ExportWrite *write, void *self, Error *e) {
  ExportTally none;
  Export x = {.s = s, .ask = ask, .write = write, .self = self, .tally = &none, .e = e, .out = text_new(TEXT_CEILING)};
  write_head(&x, true);
  bool well = flush(&x, 0);
  text_free(&x.out);
  return well;
}
