/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The form as a template's context: each input by the type of its column, its errors beside it. What cannot
 * be shown in a native input (a date that is none) is shown as the text that was typed. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "ledger/list.h"
#include "web/entry.h"

enum { RADIOS = 5, SERIALS = 12 };

typedef struct Viewing {
  Entry *entry;
  const Issues *issues;
  json_t *lists; /* datalists, by relation's name */
  const char *state; /* that a save would reach: what it needs is not optional */
} Viewing;

static Date day_of(const Entry *n) { return n->date ? n->date : n->page->session->today; }

static const char *errors_of(Viewing *v, const char *input) {
  TEXT_SCOPE all = text_new(8 * 1024);
  for (size_t i = 0; i < v->issues->count; i++)
    if (v->issues->at[i].field && !strcmp(v->issues->at[i].field, input)) text_add(&all, v->issues->at[i].sentence);
  return arena_copy(v->entry->page->arena, text_get(&all));
}

static void add_option(json_t *options, const char *value, const char *label, bool chosen) {
  json_array_append_new(options, json_pack("{s:s, s:s, s:b}", "value", value, "label", label, "chosen", chosen));
}

static bool is_choice(const Choice *c, const char *value) { return !strcmp(c->name, value) || !strcmp(c->label, value); }

static void view_choices(const Column *c, const char *value, bool must, json_t *out) {
  json_t *options = json_array();
  bool radios = must && c->codes->count <= RADIOS, known = !*value;
  for (size_t i = 0; i < c->codes->count; i++) known |= is_choice(&c->codes->at[i], value);
  if (!radios) add_option(options, "", must ? "请选择" : "", !*value);
  for (size_t i = 0; i < c->codes->count; i++)
    add_option(options, c->codes->at[i].name, c->codes->at[i].label, is_choice(&c->codes->at[i], value));
  if (!known) add_option(options, value, value, true);
  json_object_set_new(out, radios ? "radios" : "select", json_pack("{s:o}", "options", options));
}

/* ---- references ---- */

static Right right_for(const Relation *r) { return r->core ? MAY_MANAGE_PEOPLE : MAY_WRITE; }

static void view_orgs(Viewing *v, const Column *c, const char *value, bool own, bool must, json_t *out) {
  Session *s = v->entry->page->session;
  json_t *options = json_array();
  Date at = day_of(v->entry);
  int64_t chosen = 0;
  Error ignored = {0};
  if (*value) names_find(s, c->ref, value, at, &chosen, &ignored);
  size_t count = 0;
  bool listed = false;
  if (!own && !must) add_option(options, "", "", !*value);
  for (size_t i = 0; i < s->tree->count; i++) {
    const OrgNode *node = &s->tree->at[i];
    bool kept = v->entry->id && node->id == chosen; /* named by the record itself; else only what the asker may look at */
    if (!kept && node->id != s->tree->root && !may(s, MAY_READ, node->id)) continue;
    if ((!org_alive(node, at) && node->id != chosen) || (own && !may(s, right_for(v->entry->relation), node->id))) continue;
    add_option(options, names_exact(s, c->ref, node->id, at), org_name(s->tree, node->id, at), node->id == chosen);
    listed |= node->id == chosen;
    count++;
  }
  if (*value && !listed) add_option(options, value, value, true); /* as it was typed */
  if (own && count == 1 && listed) {
    view_set(out, "fixed", org_name(s->tree, chosen, at));
    json_decref(options);
  } else {
    json_object_set_new(out, "select", json_pack("{s:o}", "options", options));
    json_object_set_new(out, "refills", json_boolean(own));
  }
}

static bool offer(Session *s, const ListRow *row, void *context) {
  json_t *options = context;
  const Relation *r = row->row.relation;
  json_array_append_new(options, json_string(names_exact(s, r, row_id(row->row), s->today)));
  return true;
}

/* Names that may be typed, once a relation and page. */
static void view_names(Viewing *v, const Column *c, json_t *out) {
  Session *s = v->entry->page->session;
  Error ignored = {0};
  if (!json_object_get(v->lists, c->ref->name)) {
    json_t *options = json_array();
    ListAsk ask = {.relation = c->ref, .period = period_year(date_year(s->today)), .limit = ENTRY_OFFERED};
    if (c->ref->title >= 0 && !c->ref->columns[c->ref->title].sensitive) list_rows(s, ask, offer, options, &ignored);
    json_object_set_new(v->lists, c->ref->name, options);
  }
  view_set(out, "list", c->ref->name);
}

/* Two of one name: each with what tells them apart, to be taken by a button. */
static void view_namesakes(Viewing *v, const Column *c, const char *input, const char *value, json_t *out) {
  Session *s = v->entry->page->session;
  int64_t *same;
  size_t count = *value ? names_same(s, c->ref, value, &same) : 0;
  if (count < 2) return;
  json_t *which = json_array();
  for (size_t i = 0; i < count && i < 12; i++) {
    const char *exact = names_exact(s, c->ref, same[i], s->today);
    json_array_append_new(which, json_pack("{s:s, s:s}", "set", arena_print(s->arena, "%s=%s", input, exact), "label", exact));
  }
  json_object_set_new(out, "which", json_pack("{s:o}", "ones", which));
}

/* ---- one input ---- */

static void view_date_input(Viewing *v, const Column *c, const char *value, json_t *out) {
  Value read;
  Error ignored = {0};
  Arena *a = v->entry->page->arena;
  bool good = !*value || (cell_read(a, c, value, &read, &ignored) && !read.null);
  const char *native = c->type == TYPE_DATE ? "date" : c->type == TYPE_MONTH ? "month" : NULL;
  if (good && *value) json_object_set_new(out, "value", json_string(cell_exchange(a, c, read)));
  view_set(out, "text", good && native ? native : "text");
  view_flag(out, "short", true);
  view_set(out, "placeholder", c->type == TYPE_YEAR ? "2023" : c->type == TYPE_MONTH ? "2023-05" : "2023-05-12");
}

static void view_serial(Viewing *v, const Column *c, const char *value, json_t *out) {
  Entry *n = v->entry;
  Session *s = n->page->session;
  const Relation *r = n->relation;
  int64_t highest = 0;
  Error ignored = {0};
  int year = date_year(day_of(n));
  if (n->org && r->date >= 0) {
    const char *date = r->columns[r->date].sql;
    const char *sql = arena_print(s->arena, "SELECT COALESCE(MAX(\"%s\"), 0) FROM \"%s\" WHERE area_id = $1 AND org_id = $2 AND \"%s\" >= $3 AND \"%s\" < $4 AND state <> $5",
                                  c->sql, r->table, date, date);
    tx_int(s->tx, sql, (Value[]){value_int(s->area), value_int(n->org), value_int(date_make(year, 1, 1)), value_int(date_make(year + 1, 1, 1)), value_text(STATE_VOID)},
           5, &highest, NULL, &ignored);
  }
  json_t *options = json_array();
  bool known = !*value;
  if (!n->id || !*value) add_option(options, "", arena_print(s->arena, "新一轮（第%lld轮）", (long long)highest + 1), !*value);
  for (int64_t i = highest; i > 0 && i > highest - SERIALS; i--) {
    const char *text = arena_print(s->arena, "%lld", (long long)i);
    bool chosen = !strcmp(text, value);
    known |= chosen;
    add_option(options, text, arena_print(s->arena, i == highest && !n->id ? "沿用本轮（第%lld轮）" : "第%lld轮", (long long)i), chosen);
  }
  if (!known) add_option(options, value, value, true);
  json_object_set_new(out, "select", json_pack("{s:o}", "options", options));
  view_flag(out, "short", true);
}

static void view_offers(Viewing *v, const char *input, json_t *out) {
  json_t *ones = json_array();
  for (size_t i = 0; i < v->entry->offer_count; i++) {
    const EntryOffer *o = &v->entry->offers[i];
    if (!strcmp(o->input, input)) json_array_append_new(ones, json_pack("{s:s, s:s}", "set", o->set, "label", o->label));
  }
  json_object_set_new(out, "offers", json_array_size(ones) ? json_pack("{s:O}", "ones", ones) : json_false());
  json_decref(ones);
}

/* `whose`: the relation's own or a line's; `input`: the name in the form. */
static json_t *view_input(Viewing *v, const Relation *whose, const Column *c, const char *input, const char *value, bool stored) {
  Entry *n = v->entry;
  json_t *out = json_object();
  bool must = entry_needs(n->relation, c, v->state), own = whose == n->relation && n->relation->org >= 0 && c == &whose->columns[n->relation->org];
  const char *error = errors_of(v, input);
  must = must || own || c->own_date || c->never_null;
  view_set(out, "name", input);
  view_set(out, "id", input);
  view_set(out, "label", c->label);
  json_object_set_new(out, "value", json_string(value ? value : ""));
  view_set(out, "error", error);
  view_flag(out, "optional", !must && c->type != TYPE_FLAG);
  /* All that the template asks for, or it would take what stands around this input. */
  static const char *const asked[] = {"hint", "whole", "fixed", "radios", "select", "short", "refills", "offers", "prose", "text", "placeholder",
                                      "list", "number", "unit", "flag", "on", "which", "masked", "private", "file", "held", "href", "accept", "again"};
  for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) view_set(out, asked[i], NULL);
  if (!value) {
    view_flag(out, "masked", true);
    return out;
  }
  if (own || (c->type == TYPE_REF && !strcmp(c->ref->name, "org"))) view_orgs(v, c, value, own, must, out);
  else switch (c->type) {
    case TYPE_PROSE: view_flag(out, "prose", true); view_flag(out, "whole", true); break;
    case TYPE_CHOICE: view_choices(c, value, must, out); break;
    case TYPE_DATE:
    case TYPE_MONTH:
    case TYPE_YEAR: view_date_input(v, c, value, out); break;
    case TYPE_SERIAL: view_serial(v, c, value, out); break;
    case TYPE_FLAG: view_flag(out, "flag", true); view_flag(out, "on", !strcmp(value, "是") || !strcmp(value, "true") || !strcmp(value, "1")); break;
    case TYPE_INT:
    case TYPE_DECIMAL: view_set(out, "number", c->type == TYPE_INT ? "numeric" : "decimal"); view_set(out, "unit", c->unit); break;
    case TYPE_REF:
      view_set(out, "text", "text");
      view_names(v, c, out);
      view_namesakes(v, c, input, value, out);
      break;
    case TYPE_FILE: entry_view_file(n, c, value, out); break;
    case TYPE_TEXT: view_set(out, "text", "text"); break;
    }
  view_offers(v, input, out);
  if (c->sensitive && stored) view_set(out, "hint", "已填的不在这里显示；不改就空着，要改就填新的。");
  if (c->sensitive) view_flag(out, "private", true);
  return out;
}

static json_t *view_fields(Viewing *v) {
  Entry *n = v->entry;
  const Relation *r = n->relation;
  json_t *out = json_array();
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->retired || (c->system && (int)i != r->org)) continue;
    if (!n->cells[i] && !(c->sensitive && n->id)) n->cells[i] = "";
    json_array_append_new(out, view_input(v, r, c, c->name, n->cells[i], n->masked.v && !n->masked.v[i].null));
  }
  return out;
}

/* ---- lines ---- */

static const char *input_name(Viewing *v, const EntryLines *lines, size_t row, const char *what) {
  return arena_print(v->entry->page->arena, "%s.%zu.%s", lines->relation->own_name, row, what);
}

static void view_extra(Viewing *v, EntryLines *lines, size_t at, bool absent, json_t *fields) {
  EntryRow *row = &lines->rows[at];
  for (size_t i = 0; i < lines->relation->column_count; i++) {
    const Column *c = &lines->relation->columns[i];
    if (c->system || c->retired || c == lines->person || c == lines->way) continue;
    const char *input = input_name(v, lines, at, c->name);
    bool asked = absent || c->type == TYPE_CHOICE || (row->cells[i] && *row->cells[i]) || *errors_of(v, input);
    if (!row->cells[i] && !(c->sensitive && *row->id)) row->cells[i] = "";
    if (asked) json_array_append_new(fields, view_input(v, lines->relation, c, input, row->cells[i], *row->id));
  }
}

/* A name, a tick and a way; `typed` where the name is still to be typed, or cannot be read as it is. */
static json_t *view_tick(Viewing *v, EntryLines *lines, size_t at) {
  Entry *n = v->entry;
  Session *s = n->page->session;
  EntryRow *row = &lines->rows[at];
  json_t *one = json_object(), *ways = json_array(), *extra = json_array();
  size_t person = (size_t)(lines->person - lines->relation->columns), way_at = (size_t)(lines->way - lines->relation->columns);
  const char *text = row->cells[person] ? row->cells[person] : "", *way = row->cells[way_at];
  if (!way || !*way) way = row->cells[way_at] = entry_usual_way(lines);
  const Choice *chosen = codes_choice(lines->way->codes, way);
  if (chosen) way = chosen->name;
  int64_t id = 0;
  Error ignored = {0};
  bool known = *text && names_find(s, lines->person->ref, text, day_of(n), &id, &ignored);
  bool absent = !entry_present(lines, way);
  for (size_t i = 0; i < lines->way->codes->count; i++) {
    const Choice *c = &lines->way->codes->at[i];
    json_array_append_new(ways, json_pack("{s:s, s:s, s:b, s:b}", "value", c->name, "label", c->label, "chosen", !strcmp(c->name, way), "absent", !entry_present(lines, c->name)));
  }
  view_set(one, "row", arena_print(s->arena, "%s.%zu", lines->relation->own_name, at));
  view_set(one, "person", lines->person->name);
  view_set(one, "way", lines->way->name);
  view_set(one, "id", row->id);
  json_object_set_new(one, "value", json_string(text));
  view_set(one, "which", NULL);
  view_set(one, "person_name", known ? names_of(s, lines->person->ref, id, day_of(n)) : text);
  view_set(one, "exact", known && strcmp(text, names_of(s, lines->person->ref, id, day_of(n))) ? text : NULL);
  view_set(one, "post", row->post);
  view_flag(one, "typed", !known);
  view_flag(one, "here", row->here);
  view_flag(one, "out", !row->here);
  view_flag(one, "changed", strcmp(way, entry_usual_way(lines)) != 0);
  view_set(one, "error", arena_print(s->arena, "%s%s", errors_of(v, input_name(v, lines, at, lines->person->name)), errors_of(v, input_name(v, lines, at, lines->way->name))));
  if (!known) view_namesakes(v, lines->person, input_name(v, lines, at, lines->person->name), text, one);
  if (*text) view_extra(v, lines, at, absent, extra);
  view_offers(v, input_name(v, lines, at, lines->way->name), one);
  json_object_set_new(one, "ways", ways);
  json_object_set_new(one, "extra", json_array_size(extra) ? json_pack("{s:O}", "inputs", extra) : json_false());
  json_decref(extra);
  return one;
}

static void view_totals(EntryLines *lines, json_t *out) {
  size_t way_at = (size_t)(lines->way - lines->relation->columns), due = 0, came = 0;
  json_t *others = json_array();
  for (size_t k = 0; k < lines->way->codes->count; k++) {
    const Choice *c = &lines->way->codes->at[k];
    size_t count = 0;
    for (size_t i = 0; i < lines->count; i++) {
      const EntryRow *row = &lines->rows[i];
      const char *way = row->cells[way_at];
      bool absent = way && !entry_present(lines, way);
      if (entry_is_total(lines, row) || !way || !is_choice(c, way) || (!row->here && !absent)) continue;
      count++, due++;
      came += !absent;
    }
    if (count && strcmp(c->name, entry_usual_way(lines)) != 0)
      json_array_append_new(others, json_pack("{s:s, s:i}", "label", c->label, "count", (int)count));
  }
  json_object_set_new(out, "totals", json_pack("{s:i, s:i, s:o, s:s}", "came", (int)came, "due", (int)due, "others", others, "usual",
                                               codes_choice(lines->way->codes, entry_usual_way(lines))->label));
}

static json_t *view_row(Viewing *v, EntryLines *lines, size_t at) {
  EntryRow *row = &lines->rows[at];
  json_t *one = json_object(), *fields = json_array();
  for (size_t i = 0; i < lines->relation->column_count; i++) {
    const Column *c = &lines->relation->columns[i];
    if (c->system || c->retired) continue;
    if (!row->cells[i] && !(c->sensitive && *row->id)) row->cells[i] = c->fallback && !*row->id ? c->fallback : "";
    json_array_append_new(fields, view_input(v, lines->relation, c, input_name(v, lines, at, c->name), row->cells[i], *row->id));
  }
  view_set(one, "row", arena_print(v->entry->page->arena, "%s.%zu", lines->relation->own_name, at));
  view_set(one, "id", row->id);
  view_count(one, "number", (int64_t)at + 1);
  json_object_set_new(one, "fields", fields);
  return one;
}

/* Head count and sheet: one row that stands for names nobody has any more. */
static void view_total(Viewing *v, EntryLines *lines, json_t *out) {
  size_t at = lines->count;
  int head = relation_index(lines->relation, "headcount");
  for (size_t i = 0; i < lines->count; i++)
    if (entry_is_total(lines, &lines->rows[i])) at = i;
  EntryRow *row = at < lines->count ? &lines->rows[at] : NULL;
  const char *input = input_name(v, lines, at, "headcount"), *error = errors_of(v, input);
  json_t *total = json_object();
  view_set(total, "row", arena_print(v->entry->page->arena, "%s.%zu", lines->relation->own_name, at));
  view_set(total, "id", row ? row->id : "");
  json_object_set_new(total, "value", json_string(row ? row->cells[head] : ""));
  view_set(total, "error", error);
  view_flag(total, "open", row != NULL || *error);
  int sheet = relation_index(lines->relation, "sheet");
  const char *hash = row && row->cells[sheet] ? row->cells[sheet] : "";
  json_t *sheet_input = view_input(v, lines->relation, &lines->relation->columns[sheet], input_name(v, lines, at, "sheet"), hash, false);
  view_set(sheet_input, "hint", "扫描件或照片，一份不超过20MB；手机可直接拍。");
  json_object_set_new(total, "inputs", json_pack("[o]", sheet_input));
  json_object_set_new(out, "total", total);
}

static json_t *view_lines(Viewing *v, EntryLines *lines) {
  Entry *n = v->entry;
  json_t *out = json_object(), *rows = json_array();
  const Relation *r = lines->relation;
  view_set(out, "name", r->own_name);
  view_set(out, "label", r->label);
  view_flag(out, "apart", lines->apart);
  view_flag(out, "ticks", lines->person != NULL);
  view_set(out, "error", errors_of(v, r->own_name));
  view_flag(out, "optional", !r->min);
  if (lines->apart) {
    json_object_set_new(out, "rows", rows);
    return out;
  }
  if (r->total) view_total(v, lines, out);
  if (lines->person) {
    view_totals(lines, out);
    view_names(v, lines->person, out);
    view_set(out, "from_last", n->from_last);
    json_object_set_new(out, "chain", json_string(lines->chain ? lines->chain : ""));
    view_flag(out, "recognised", lines->matched || lines->found.count);
    json_object_set_new(out, "unclear", lines->found.count ? json_integer((json_int_t)lines->found.count) : json_false());
    view_flag(out, "chained", lines->chain && *lines->chain);
    view_count(out, "matched", (int64_t)lines->matched);
    json_object_set_new(out, "found", view_issues(&lines->found));
  }
  for (size_t i = 0; i < lines->count; i++)
    if (!entry_is_total(lines, &lines->rows[i])) json_array_append_new(rows, lines->person ? view_tick(v, lines, i) : view_row(v, lines, i));
  json_object_set_new(out, "rows", rows);
  return out;
}

bool entry_view(Entry *n, const Issues *issues, json_t *context, Error *e) {
  const State *done = entry_done(n);
  const Relation *r = n->relation;
  (void)e;
  Viewing v = {.entry = n, .issues = issues, .lists = json_object(), .state = done ? done->name : n->state};
  json_t *fields = view_fields(&v), *lines = json_array(), *lists = json_array();
  for (size_t i = 0; i < r->line_count; i++)
    if (!r->lines[i]->retired) json_array_append_new(lines, view_lines(&v, &n->lines[i]));
  const char *key;
  json_t *options;
  json_object_foreach(v.lists, key, options)
    json_array_append_new(lists, json_pack("{s:s, s:O}", "name", key, "options", options));
  json_decref(v.lists);
  json_object_set_new(context, "fields", fields);
  json_object_set_new(context, "lines", lines);
  json_object_set_new(context, "lists", lists);
  json_object_set_new(context, "issues", view_issues(issues));
  view_set(context, "done", done ? done->name : NULL);
  view_set(context, "copied", n->copied);
  return true;
}
