/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * From a form to what record.save takes, and its issues back to the form's inputs. */
#include <stdlib.h>
#include <string.h>

#include "web/entry.h"

static bool is_blank(const char *s) { return !s || !s[strspn(s, " \t\r\n")]; }

/* Whether a new row says anything but what it would say by itself. */
static bool says_nothing(const EntryLines *lines, const EntryRow *row) {
  for (size_t i = 0; i < lines->relation->column_count; i++) {
    const Column *c = &lines->relation->columns[i];
    if (is_blank(row->cells[i]) || c->type == TYPE_FLAG) continue;
    const Choice *usual = c->fallback && c->codes ? codes_choice(c->codes, c->fallback) : NULL;
    const char *own = usual ? usual->name : c->fallback;
    if (!own || strcmp(row->cells[i], own) != 0) return false;
  }
  return true;
}

/* On a list to tick whoever is ticked is on it, and whoever has a way that means absence. */
static bool is_listed(const EntryLines *lines, const EntryRow *row) {
  const char *way = row->cells[lines->way - lines->relation->columns];
  if (entry_is_total(lines, row)) return true;
  if (is_blank(row->cells[lines->person - lines->relation->columns])) return false;
  return row->here || (way && !entry_present(lines, way));
}

static json_t *row_json(const EntryLines *lines, const EntryRow *row) {
  json_t *out = json_object();
  bool count = entry_is_total(lines, row);
  if (*row->id) json_object_set_new(out, "id", json_string(row->id));
  for (size_t i = 0; i < lines->relation->column_count; i++) {
    const Column *c = &lines->relation->columns[i];
    if (!row->cells[i]) continue;
    if (c->sensitive && *row->id && !*row->cells[i]) continue; /* stays as it is */
    if (count && c == lines->way) continue;
    json_object_set_new(out, c->name, json_string(row->cells[i]));
  }
  if (count && lines->way) json_object_set_new(out, lines->way->name, json_null());
  return out;
}

static json_t *lines_json(EntryLines *lines) {
  json_t *out = json_array();
  for (size_t i = 0; i < lines->count; i++) {
    EntryRow *row = &lines->rows[i];
    bool on = lines->person ? is_listed(lines, row) : *row->id || !says_nothing(lines, row);
    row->sent = on ? json_array_size(out) + 1 : 0;
    if (on) json_array_append_new(out, row_json(lines, row));
  }
  return out;
}

json_t *entry_json(Entry *n) {
  const Relation *r = n->relation;
  json_t *out = json_object();
  json_object_set_new(out, "ledger", json_string(r->name));
  if (n->id) json_object_set_new(out, "id", json_string(arena_print(n->page->arena, "%lld", (long long)n->id)));
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (!n->cells[i] || (c->system && (int)i != r->org) || (c->sensitive && n->id && !*n->cells[i])) continue;
    json_object_set_new(out, c->name, json_string(n->cells[i]));
  }
  for (size_t i = 0; i < r->line_count; i++)
    if (n->lines[i].shown && !n->lines[i].apart && !r->lines[i]->retired) json_object_set_new(out, r->lines[i]->own_name, lines_json(&n->lines[i]));
  return out;
}

/* “参加人员第3行” → the row that was third in the JSON. */
static const char *input_of(Entry *n, const Issue *issue) {
  for (size_t i = 0; issue->where && i < n->relation->line_count; i++) {
    EntryLines *lines = &n->lines[i];
    const char *label = lines->relation->label;
    size_t length = strlen(label);
    if (strncmp(issue->where, label, length) != 0 || strncmp(issue->where + length, "第", 3) != 0) continue;
    size_t number = strtoul(issue->where + length + 3, NULL, 10);
    for (size_t k = 0; number && k < lines->count; k++)
      if (lines->rows[k].sent == number)
        return arena_print(n->page->arena, "%s.%zu.%s", lines->relation->own_name, k, issue->field ? issue->field : "id");
  }
  return issue->field;
}

void entry_issues(Entry *n, const Issues *from, Issues *to) {
  for (size_t i = 0; i < from->count; i++) {
    const Issue *issue = &from->at[i];
    const char *input = input_of(n, issue);
    bool line = input && strchr(input, '.');
    issue_add(to, line ? NULL : issue->where, input, "%s%s%s", line ? issue->where : "", line ? "：" : "", issue->sentence);
  }
}
