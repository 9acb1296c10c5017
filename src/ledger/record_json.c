/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A record as JSON: fields by name, lines as arrays of objects. The date is read first, since names of
 * orgs are looked up as of that day. */
#include "ledger/record.h"

#include <string.h>

#include "access/names.h"

bool record_cell(Session *s, const Column *c, const char *text, Date at, Value *out, Error *e) {
  if (c->type == TYPE_REF) {
    int64_t id = 0;
    if (!names_find(s, c->ref, text, at, &id, e)) return false;
    *out = value_int(id);
    return true;
  }
  if (!c->sensitive) return cell_read(s->arena, c, text, out, e);
  if (strlen(text) > 1000) return fail(e, ERROR_LIMIT, "“%s”太长，最多1000字节。", c->label);
  *out = value_text(arena_copy(s->arena, text));
  return true;
}

typedef struct Reading {
  Session *s;
  Date at;
  const char *where; /* “参加人员第3行” or NULL */
  Issues *issues;
} Reading;

static bool engine_kept(const Column *c) {
  return c->retired || !strcmp(c->name, "id") || !strcmp(c->name, "record") || !strcmp(c->name, "pos") ||
         !strcmp(c->name, "state") || !strcmp(c->name, "void_reason");
}

static void read_cell(Reading *g, Row row, const Column *c, const json_t *given) {
  Value *v = &row.v[c - row.relation->columns];
  const char *text = json_is_string(given) ? json_string_value(given) : NULL;
  if (json_is_integer(given)) text = arena_print(g->s->arena, "%lld", (long long)json_integer_value(given));
  if (json_is_boolean(given)) text = json_is_true(given) ? "true" : "false";
  if (json_is_null(given) || (text && !*text)) {
    *v = value_null(type_kind(c->type, c->sensitive));
    return;
  }
  Error e = {0};
  if (json_is_real(given)) fail(&e, ERROR_INVALID, "“%s”的小数请写成字符串，如 \"12.5\"。", c->label);
  else if (!text) fail(&e, ERROR_INVALID, "“%s”应是一个值，不能是数组或对象。", c->label);
  if (!text || !record_cell(g->s, c, text, g->at, v, &e)) issue_add(g->issues, g->where, c->name, "%s", e.sentence);
}

static void unknown_key(Reading *g, const Relation *r, const char *key) {
  const char **names = NEW_ARRAY(g->s->arena, const char *, r->column_count + r->line_count);
  size_t count = 0;
  for (size_t i = 0; i < r->column_count; i++)
    if (!r->columns[i].retired) names[count++] = r->columns[i].name;
  for (size_t i = 0; i < r->line_count; i++) names[count++] = r->lines[i]->own_name;
  const char *near = nearest(key, names, count);
  if (near) issue_add(g->issues, g->where, key, "%s没有“%s”这一项，是不是“%s”？", r->label, key, near);
  else issue_add(g->issues, g->where, key, "%s没有“%s”这一项，请删去。", r->label, key);
}

static void read_row(Reading *g, Row row, json_t *object) {
  const char *key;
  json_t *value;
  json_object_foreach(object, key, value) {
    const Column *c = relation_column(row.relation, key);
    if (!c || c->retired) unknown_key(g, row.relation, key);
    else if (!engine_kept(c)) read_cell(g, row, c, value);
  }
}

/* Lines replace those there are; one that carries an id goes on from the row it names. */
static void read_lines(Reading *g, Record *record, LineRows *lines, json_t *array) {
  LineRows old = *lines;
  *lines = (LineRows){.relation = old.relation};
  if (!json_is_array(array)) {
    issue_add(g->issues, lines->relation->label, lines->relation->own_name, "“%s”应是一个数组，每行一个对象。",
              lines->relation->label);
    return;
  }
  size_t index;
  json_t *object;
  json_array_foreach(array, index, object) {
    Reading line = *g;
    line.where = arena_print(g->s->arena, "%s第%zu行", lines->relation->label, index + 1);
    if (!json_is_object(object)) {
      issue_add(g->issues, line.where, lines->relation->own_name, "应是一个对象。");
      continue;
    }
    Row row = record_add_line(g->s, record, lines->relation);
    Value id = value_int(0);
    const Column *c = &lines->relation->columns[0];
    Error e = {0};
    const char *text = json_string_value(json_object_get(object, "id"));
    if (text && !cell_read(g->s->arena, c, text, &id, &e)) issue_add(g->issues, line.where, "id", "%s", e.sentence);
    bool known = !text;
    for (size_t i = 0; text && i < old.count; i++)
      if (row_id(old.at[i]) == id.i) {
        known = true;
        memcpy(row.v, row_copy(g->s->arena, old.at[i]).v, sizeof(Value) * lines->relation->column_count);
      }
    if (!known) issue_add(g->issues, line.where, "id", "这条记录没有编号%s的行，请去掉编号作为新行。", text);
    read_row(&line, row, object);
  }
}

bool record_from_json(Session *s, Record *record, json_t *object, Issues *issues) {
  const Relation *r = record->relation;
  size_t before = issues->count;
  Reading g = {.s = s, .at = record_date(record) ? record_date(record) : s->today, .issues = issues};
  const Column *date = r->date >= 0 ? &r->columns[r->date] : NULL;
  json_t *day = date ? json_object_get(object, date->name) : NULL;
  if (day) {
    read_cell(&g, record->row, date, day);
    if (record_date(record)) g.at = record_date(record);
  }
  const char *key;
  json_t *value;
  json_object_foreach(object, key, value) {
    LineRows *lines = NULL;
    for (size_t i = 0; i < r->line_count; i++)
      if (!strcmp(r->lines[i]->own_name, key)) lines = &record->lines[i];
    const Column *c = relation_column(r, key);
    if (lines) read_lines(&g, record, lines, value);
    else if (!c || c->retired) unknown_key(&g, r, key);
    else if (c != date && !engine_kept(c)) read_cell(&g, record->row, c, value);
  }
  return issues->count == before;
}

static json_t *row_json(Session *s, Row row, int64_t org) {
  json_t *object = json_object();
  for (size_t i = 0; i < row.relation->column_count; i++) {
    const Column *c = &row.relation->columns[i];
    if (c->retired || !strcmp(c->name, "record") || !strcmp(c->name, "pos")) continue;
    if (row.v[i].null) json_object_set_new(object, c->name, json_null());
    else json_object_set_new(object, c->name, json_string(gate_show(s, row, c, org, true)));
  }
  return object;
}

json_t *record_to_json(Session *s, const Record *record) {
  json_t *object = row_json(s, record->row, record_org(record));
  for (size_t i = 0; i < record->relation->line_count; i++) {
    json_t *lines = json_array();
    for (size_t k = 0; k < record->lines[i].count; k++)
      json_array_append_new(lines, row_json(s, record->lines[i].at[k], record_org(record)));
    json_object_set_new(object, record->relation->lines[i]->own_name, lines);
  }
  return object;
}
