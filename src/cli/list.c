/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi list` and `luoshi show`: rows of any relation, and one record with its lines and its history. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/table.h"
#include "ledger/attachment.h"
#include "ledger/list.h"

enum { WIDEST = 32 };

typedef struct ListOut {
  Table *table;
  json_t *rows;
  size_t count;
} ListOut;

/* The engine's own columns that tell a reader nothing. */
static bool is_shown(const Relation *r, const Column *c) {
  return !c->retired && strcmp(c->name, "pos") && !(r->core && !strcmp(c->name, "state"));
}

/* An org's id is shown as its name. */
static bool is_own_name(const Column *c) { return !strcmp(c->name, "id") && c->type == TYPE_REF; }

static bool is_number(const Column *c) {
  return c->type == TYPE_INT || c->type == TYPE_DECIMAL || c->type == TYPE_SERIAL;
}

/* The state's label rather than its name. */
static const char *shown(Session *s, Row row, const Column *c, int64_t org) {
  const char *text = gate_show(s, row, c, org, false);
  if (row.relation->state >= 0 && c == &row.relation->columns[row.relation->state]) {
    const State *state = relation_state(row.relation, row.v[row.relation->state].s);
    return state ? state->label : "作废";
  }
  return text;
}

static bool add_row(Session *s, const ListRow *row, void *context) {
  ListOut *out = context;
  const Relation *r = row->row.relation;
  out->count++;
  json_t *object = out->rows ? json_object() : NULL;
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->retired) continue;
    if (out->table && is_shown(r, c)) table_cell(out->table, shown(s, row->row, c, row->org));
    if (object && row->row.v[i].null) json_object_set_new(object, c->name, json_null());
    else if (object) json_object_set_new(object, c->name, json_string(gate_show(s, row->row, c, row->org, true)));
  }
  if (object) json_array_append_new(out->rows, object);
  return true;
}

static Table *table_for(Arena *a, const Relation *r) {
  size_t count = 0;
  for (size_t i = 0; i < r->column_count; i++) count += is_shown(r, &r->columns[i]);
  Table *t = table_new(a, count);
  for (size_t i = 0, at = 0; i < r->column_count; i++)
    if (is_shown(r, &r->columns[i])) {
      table_head(t, at, is_own_name(&r->columns[i]) ? r->label : r->columns[i].label, is_number(&r->columns[i]));
      at++;
    }
  return t;
}

static int list_relations(Invocation *in, Session *s, Error *e) {
  Table *t = table_new(in->arena, 3);
  const char *const heads[] = {"台账", "名称", "记录数"};
  for (size_t i = 0; i < 3; i++) table_head(t, i, heads[i], i == 2);
  for (size_t i = 0; i < s->catalogue->relation_count; i++) {
    const Relation *r = s->catalogue->relations[i];
    int64_t count = 0;
    if (r->parent || r->retired || r->hidden) continue;
    if (!list_count(s, (ListAsk){.relation = r, .period = period_year(date_year(s->today))}, &count, e)) return exit_for(e);
    table_cell(t, r->name);
    table_cell(t, r->label);
    table_cell(t, arena_print(in->arena, "%lld", (long long)count));
  }
  TEXT_SCOPE text = text_new(TEXT_CEILING);
  table_print(t, WIDEST, &text);
  return write_output(in, text_get(&text), text.length, e) ? EXIT_DONE : exit_for(e);
}

int command_list(Invocation *in, Error *e) {
  SITE_SCOPE site = site_open(in->folder, false, e);
  SESSION_SCOPE s = site ? session_open(site, in->account, TX_READ, e) : NULL;
  if (!s) return exit_for(e);
  if (!in->word_count) return list_relations(in, s, e);
  ListAsk ask = {.where = in->where, .voided = in->all};
  ask.relation = catalogue_relation(site->catalogue, in->words[0], e);
  if (!ask.relation || (in->org && !asked_org(in, s, &ask.org, e)) || !asked_period(in, s->today, &ask.period, e))
    return e->kind == ERROR_MISSING ? EXIT_USAGE : exit_for(e);
  ListOut out = {0};
  if (is_format(in, "json")) out.rows = json_array();
  else out.table = table_for(in->arena, ask.relation);
  if (!list_rows(s, ask, add_row, &out, e)) {
    json_decref(out.rows);
    return exit_for(e);
  }
  if (out.rows) {
    json_t *all = json_pack("{s:s, s:s, s:o}", "relation", ask.relation->name, "label", ask.relation->label, "rows", out.rows);
    return write_json(in, all, e) ? EXIT_DONE : exit_for(e);
  }
  TEXT_SCOPE text = text_new(TEXT_CEILING);
  if (out.count) table_print(out.table, WIDEST, &text);
  if (out.count) text_print(&text, "共%zu条。\n", out.count);
  else text_print(&text, "没有符合条件的%s记录。\n", ask.relation->label);
  return write_output(in, text_get(&text), text.length, e) ? EXIT_DONE : exit_for(e);
}

static void show_fields(Session *s, Row row, int64_t org, Text *out) {
  for (size_t i = 0; i < row.relation->column_count; i++) {
    const Column *c = &row.relation->columns[i];
    if (is_shown(row.relation, c) && !row.v[i].null && strcmp(c->name, "id"))
      text_print(out, "  %s：%s\n", c->label, shown(s, row, c, org));
  }
}

static void show_lines(Session *s, Arena *a, const LineRows *lines, int64_t org, Text *out) {
  if (!lines->count) return;
  Table *t = table_for(a, lines->relation);
  for (size_t n = 0; n < lines->count; n++)
    for (size_t i = 0; i < lines->relation->column_count; i++)
      if (is_shown(lines->relation, &lines->relation->columns[i]))
        table_cell(t, strcmp(lines->relation->columns[i].name, "record")
                          ? shown(s, lines->at[n], &lines->relation->columns[i], org)
                          : "");
  text_print(out, "\n%s（%zu）\n", lines->relation->label, lines->count);
  table_print(t, WIDEST, out);
}

static bool show_files(Session *s, const Record *record, Text *out, Error *e) {
  Attachment *all;
  size_t count;
  DateText day;
  if (!attachments_of(s, record->relation, row_id(record->row), &all, &count, e)) return false;
  if (count) text_print(out, "\n附件（%zu）\n", count);
  for (size_t i = 0; i < count; i++)
    text_print(out, "  编号%lld %s %s %s%s%s\n", (long long)all[i].id, all[i].name, date_iso(all[i].on, day), all[i].by,
               all[i].withdrawn ? " 已撤下：" : "", all[i].withdrawn ? all[i].withdrawn : "");
  return true;
}

static bool show_history(Invocation *in, Session *s, const Record *record, Text *out, Error *e) {
  HistoryEntry *entries;
  size_t count;
  if (!journal_history(s->tx, in->arena, s->area, record->relation, row_id(record->row), &entries, &count, e)) return false;
  text_print(out, "\n修改经过（%zu次）\n", count);
  for (size_t i = 0; i < count; i++) {
    const RevisionHeader *h = &entries[i].header;
    text_print(out, "  第%lld号 %.10s %.5s %s %s\n", (long long)h->seq, h->at, h->at + 11, h->actor,
               operation_label(in->operations, h->op));
  }
  return true;
}

int command_show(Invocation *in, Error *e) {
  SITE_SCOPE site = site_open(in->folder, false, e);
  SESSION_SCOPE s = site ? session_open(site, in->account, TX_READ, e) : NULL;
  if (!s) return exit_for(e);
  const Relation *r = catalogue_relation(site->catalogue, in->words[0], e);
  Value id = value_int(0);
  if (!r || r->parent) return r ? (fail(e, ERROR_INVALID, "请给台账名，不是明细。"), EXIT_USAGE) : EXIT_USAGE;
  if (!cell_read(in->arena, &r->columns[0], in->words[1], &id, e)) return EXIT_USAGE;
  Record record;
  if (!gate_row(s, r, id.i, e) || !record_load(s, r, id.i, &record, e)) return exit_for(e);
  if (is_format(in, "json")) return write_json(in, record_to_json(s, &record), e) ? EXIT_DONE : exit_for(e);
  TEXT_SCOPE text = text_new(TEXT_CEILING);
  text_print(&text, "%s 编号%s\n", r->label, in->words[1]);
  show_fields(s, record.row, record_org(&record), &text);
  for (size_t i = 0; i < r->line_count; i++) show_lines(s, in->arena, &record.lines[i], record_org(&record), &text);
  if (!show_files(s, &record, &text, e) || !show_history(in, s, &record, &text, e)) return exit_for(e);
  return write_output(in, text_get(&text), text.length, e) ? EXIT_DONE : exit_for(e);
}
