/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One record of any relation: its fields, lines and state, what may be done with it, and who changed what when.
 * Cells come through the gate, in the history as on the page. Nothing is deleted: 作废 wants a reason. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "base/json.h"
#include "ledger/record.h"
#include "web/files.h"
#include "web/story.h"
#include "web/view.h"

static bool number_of(const char *text, int64_t *out) {
  char *end = NULL;
  *out = strlen(text) <= 18 ? strtoll(text, &end, 10) : 0;
  return *out > 0 && !*end;
}

static bool open_record(Page *p, const Relation **r, Record *out, Error *e) {
  Session *s = p->session;
  int64_t id;
  *r = web_relation(p, p->parts[0], e);
  if (!*r) return false;
  if (!number_of(p->parts[1], &id)) return fail(e, ERROR_MISSING, "没有这条记录，请从台账列表进入。"), false;
  web_unveil(p, *r, id);
  return gate_row(s, *r, id, e) && record_load(s, *r, id, out, e);
}

static bool is_void(const Relation *r, const Record *record) { return r->state >= 0 && !strcmp(record->row.v[r->state].s, STATE_VOID); }

/* ---- a cell ---- */

static const char *link_of(Page *p, const Column *c, Value v) {
  if (c->type != TYPE_REF || v.null || c->ref->parent) return NULL;
  if (!strcmp(c->ref->name, "person")) return arena_print(p->arena, "/people/%lld", (long long)v.i);
  return strcmp(c->ref->name, "org") ? view_record_path(p->arena, c->ref, v.i) : NULL;
}

/* A file is shown by its name and opened by its row among the record's; a head count without its sheet says so. */
static void view_file(Page *p, Row row, const Column *c, json_t *out) {
  const Relation *r = row.relation;
  Value v = row.v[c - r->columns];
  Attachment *all = NULL;
  size_t count = 0;
  int64_t id = 0;
  Error none = {0};
  if (v.null) {
    int head = r->total && !strcmp(c->name, "sheet") ? relation_index(r, "headcount") : -1;
    view_flag(out, "no_sheet", head >= 0 && !row.v[head].null);
    return;
  }
  if (!number_of(p->parts[1] ? p->parts[1] : "", &id) || !attachments_of(p->session, r->parent ? r->parent : r, id, &all, &count, &none)) return;
  for (size_t i = 0; i < count; i++) {
    if (all[i].withdrawn || strcmp(all[i].hash, v.s) != 0) continue;
    view_set(out, "text", all[i].name);
    view_set(out, "href", arena_print(p->arena, "/files/%lld", (long long)all[i].id));
    return;
  }
}

static json_t *view_cell(Page *p, Row row, const Column *c, int64_t org) {
  Session *s = p->session;
  Value v = row.v[c - row.relation->columns];
  json_t *out = json_object();
  view_set(out, "label", c->label);
  const char *text = v.null ? "" : gate_show(s, row, c, org, false);
  const Relation *record = row.relation->parent ? row.relation->parent : row.relation;
  const char *id = p->parts[1] ? p->parts[1] : "";
  view_set(out, "text", text);
  view_flag(out, "masked", !v.null && gate_masked(s, c, org));
  view_flag(out, "number", view_is_number(c));
  const char *look = arena_print(p->arena, "/look?relation=%s&row=%s&to=%s", record->name, url_encode(p->arena, id),
                                 url_encode(p->arena, p->request->path));
  view_set(out, "href", c->sensitive && !strcmp(text, VEIL) ? look : link_of(p, c, v)); /* asks what for */
  view_set(out, "unit", v.null || c->type == TYPE_REF ? NULL : c->unit);
  view_flag(out, "no_sheet", false);
  if (c->type == TYPE_FILE) view_file(p, row, c, out);
  return out;
}

static bool is_shown(const LineRows *lines, size_t at) {
  const Column *c = &lines->relation->columns[at];
  bool sheet = lines->relation->total && !strcmp(c->name, "sheet"), total = sheet || !strcmp(c->name, "headcount");
  if (c->retired || (c->system && !total)) return false;
  if (sheet) at = (size_t)relation_index(lines->relation, "headcount"); /* a head count wants one */
  for (size_t k = 0; k < lines->count; k++)
    if (!lines->at[k].v[at].null) return true;
  return false; /* a column that nobody filled in says nothing */
}

static json_t *view_lines(Page *p, const Record *record, const LineRows *lines) {
  json_t *out = json_object(), *heads = json_array(), *rows = json_array();
  const Relation *r = lines->relation;
  for (size_t i = 0; i < r->column_count; i++)
    if (is_shown(lines, i)) json_array_append_new(heads, json_pack("{s:s, s:b}", "text", r->columns[i].label, "number", view_is_number(&r->columns[i])));
  for (size_t k = 0; k < lines->count; k++) {
    json_t *cells = json_array();
    for (size_t i = 0; i < r->column_count; i++)
      if (is_shown(lines, i)) json_array_append_new(cells, view_cell(p, lines->at[k], &r->columns[i], record_org(record)));
    json_array_append_new(rows, json_pack("{s:o}", "cells", cells));
  }
  view_set(out, "label", r->label);
  view_count(out, "count", (int64_t)lines->count);
  json_object_set_new(out, "heads", heads);
  json_object_set_new(out, "rows", rows);
  return out;
}

/* ---- the page ---- */

static const char *title_of(Page *p, const Relation *r, const Record *record) {
  const char *title = r->title >= 0 ? gate_show(p->session, record->row, &r->columns[r->title], record_org(record), false) : "";
  if (*title) return title;
  return record_date(record) ? arena_print(p->arena, "%s %s", r->label, view_date(p->arena, record_date(record))) : r->label;
}

static void view_head(Page *p, const Relation *r, const Record *record, json_t *context) {
  const State *state = r->state >= 0 ? relation_state(r, record->row.v[r->state].s) : NULL;
  const char *path = view_record_path(p->arena, r, row_id(record->row));
  view_set(context, "label", r->label);
  view_set(context, "title", title_of(p, r, record));
  view_set(context, "state", r->state < 0 ? NULL : state ? state->label : "作废");
  view_set(context, "sign", !state ? "excused" : state->counts ? "done" : "ahead");
  view_set(context, "back", arena_print(p->arena, "/ledgers/%s", r->name));
  view_set(context, "path", path);
}

static void view_actions(Page *p, const Relation *r, const Record *record, json_t *context) {
  Error no = {0};
  json_t *states = json_array();
  bool enterable = record_enterable(r), may_write = enterable && !is_void(r, record) && record_may_write(p->session, record, &no);
  const State *now = r->state >= 0 ? relation_state(r, record->row.v[r->state].s) : NULL;
  for (const char **next = may_write && now ? now->next : NULL; next && *next; next++) {
    const State *to = relation_state(r, *next);
    if (to) json_array_append_new(states, json_pack("{s:s, s:s}", "name", to->name, "label", to->label));
  }
  json_object_set_new(context, "states", states);
  view_flag(context, "may_write", may_write);
  view_set(context, "copy", enterable && !r->core && may_anywhere(p->session, MAY_WRITE) ? arena_print(p->arena, "/ledgers/%s/new?copy=%lld", r->name, (long long)row_id(record->row)) : NULL);
}

static const Issues *none(Page *p) {
  Issues *issues = NEW(p->arena, Issues);
  issues->arena = p->arena;
  return issues;
}

static bool show_record(Page *p, const Relation *r, const Record *record, const Issues *issues, const FilesTold *told, Error *e) {
  Error no = {0};
  bool may_write = record_enterable(r) && !is_void(r, record) && record_may_write(p->session, record, &no);
  json_t *files = files_view(p, r, row_id(record->row), may_write, told, e);
  if (!files) return false;
  json_t *context = json_object(), *fields = json_array(), *lines = json_array();
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    bool reason = !strcmp(c->name, "void_reason");
    if (c->retired || (c->system && (int)i != r->org && !reason) || record->row.v[i].null) continue;
    json_array_append_new(fields, view_cell(p, record->row, c, record_org(record)));
  }
  for (size_t i = 0; i < r->line_count; i++)
    if (!r->lines[i]->retired && record->lines[i].count) json_array_append_new(lines, view_lines(p, record, &record->lines[i]));
  view_head(p, r, record, context);
  view_actions(p, r, record, context);
  json_object_set_new(context, "fields", fields);
  json_object_set_new(context, "lines", lines);
  json_object_set_new(context, "files", files);
  json_object_set_new(context, "issues", view_issues(issues));
  if (*form_text(&p->query, "filed") || *form_text(&p->query, "unfiled"))
    json_object_set_new(context, "toast", json_pack("{s:s}", "sentence", *form_text(&p->query, "filed") ? "已附上。" : "已撤下，经过留在修改记录里。"));
  if (*form_text(&p->query, "saved"))
    json_object_set_new(context, "toast", json_pack("{s:s, s:s, s:s}", "sentence", arena_print(p->arena, "已保存：%s，%s。", r->label, title_of(p, r, record)),
                                                    "href", arena_print(p->arena, "/ledgers/%s/new", r->name), "next", "再登一条"));
  return view_page(p, "record", title_of(p, r, record), context, e);
}

bool record_page(Page *p, Error *e) {
  const Relation *r;
  Record record;
  return open_record(p, &r, &record, e) && show_record(p, r, &record, none(p), NULL, e);
}

bool record_show_told(Page *p, const FilesTold *told, Error *e) {
  const Relation *r;
  Record record;
  return web_reading(p, e) && open_record(p, &r, &record, e) && show_record(p, r, &record, none(p), told, e);
}

/* ---- going on, and 作废 ---- */

static bool change(Page *p, const char *operation, const char *key, const char *value, Issues *issues, Error *e) {
  JSON_SCOPE input = json_pack("{s:s, s:s, s:s}", "ledger", p->parts[0], "id", p->parts[1], key, value);
  JSON_SCOPE result = NULL;
  return web_do(p, operation, input, NULL, &result, issues, e);
}

static bool back_to_record(Page *p) {
  return web_redirect(p, arena_print(p->arena, "/ledgers/%s/%s", url_encode(p->arena, p->parts[0]), url_encode(p->arena, p->parts[1])));
}

bool record_state_post(Page *p, Error *e) {
  Issues issues = {.arena = p->arena};
  Error why = {0};
  const Relation *r;
  Record record;
  if (change(p, "record.step", "state", form_text(&p->form, "state"), &issues, &why)) return back_to_record(p);
  if (!issues.count) {
    *e = why;
    return false;
  }
  if (!web_reading(p, e) || !open_record(p, &r, &record, e)) return false;
  p->out->status = 400;
  return show_record(p, r, &record, &issues, NULL, e);
}

static bool ask_void(Page *p, const char *sentence, Error *e) {
  const Relation *r;
  Record record;
  if (!open_record(p, &r, &record, e)) return false;
  if (is_void(r, &record)) return fail(e, ERROR_CONFLICT, "这条%s已经作废了。", r->label);
  if (!record_enterable(r)) return fail(e, ERROR_MISSING, "“%s”不在这里作废，请从管理栏目办理。", r->label);
  if (!record_may_write(p->session, &record, e)) return false;
  json_t *context = json_object();
  view_head(p, r, &record, context);
  view_set(context, "sentence", sentence);
  json_object_set_new(context, "reason", json_string(form_text(&p->form, "reason")));
  return view_page(p, "record_void", "作废", context, e);
}

bool record_void_form(Page *p, Error *e) { return ask_void(p, NULL, e); }

bool record_void_post(Page *p, Error *e) {
  Issues issues = {.arena = p->arena};
  Error why = {0};
  if (change(p, "record.void", "reason", form_text(&p->form, "reason"), &issues, &why)) return back_to_record(p);
  if (!issues.count) {
    *e = why;
    return false;
  }
  p->out->status = 400;
  return web_reading(p, e) && ask_void(p, issues.at[0].sentence, e);
}

/* ---- who changed what when ---- */

static const char *when_of(Arena *a, const char *at) {
  int year, month, day, hour, minute;
  if (sscanf(at, "%4d-%2d-%2dT%2d:%2d", &year, &month, &day, &hour, &minute) != 5) return at;
  return arena_print(a, "%d年%d月%d日 %02d:%02d", year, month, day, hour, minute);
}

bool record_history(Page *p, Error *e) {
  Session *s = p->session;
  const Relation *r;
  Record record;
  Story story;
  if (!open_record(p, &r, &record, e) || !story_of(s, &record, &story, e)) return false;
  json_t *context = json_object(), *revisions = json_array();
  json_object_set_new(context, "revisions", revisions);
  for (size_t i = 0; i < story.count; i++) {
    const StoryRevision *at = &story.at[i];
    json_t *one = json_object(), *changes = json_array();
    view_set(one, "when", when_of(p->arena, at->header.at));
    view_set(one, "at", at->header.at);
    view_set(one, "who", at->header.actor);
    view_set(one, "what", operation_label(p->web->operations, at->header.op));
    view_count(one, "seq", at->header.seq);
    json_object_set_new(one, "changes", changes);
    json_array_append_new(revisions, one);
    for (size_t k = 0; k < at->count; k++) {
      const StoryChange *change = &at->changes[k];
      const Relation *of = change->relation;
      json_t *cell = json_object();
      view_set(cell, "label", of->parent ? arena_print(p->arena, "%s·%s", of->label, change->column->label) : change->column->label);
      view_set(cell, "old", change->before);
      view_set(cell, "new", change->after);
      view_flag(cell, "removed", change->removed);
      json_array_append_new(changes, cell);
    }
  }
  view_flag(context, "cut", story.cut);
  view_head(p, r, &record, context);
  json_t *files = files_view(p, r, row_id(record.row), false, NULL, e);
  if (!files) return json_decref(context), false;
  json_object_set_new(context, "files", files);
  return view_page(p, "record_history", "修改记录", context, e);
}
