/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 记录链: every revision, one opened to the rows it changed, the audit, and who looked at private items. Private
 * items are never opened here; of what an auditor may not read (all business data in strict mode) only the kind
 * and the number of rows is said. */
#include "web/admin.h"

#include <stdlib.h>
#include <string.h>

#include "access/files.h"
#include "access/names.h"

enum { PAGE_SIZE = 50, CHANGES_MOST = 200 };

/* ---- revisions ---- */

bool journal_page(Page *p, Error *e) {
  Session *s = p->session;
  size_t page = view_page_number(p);
  int64_t last = 0;
  if (!tx_int(s->tx, "SELECT seq FROM head WHERE area_id = $1", (Value[]){value_int(s->area)}, 1, &last, NULL, e)) return false;
  int64_t below = last - (int64_t)(page - 1) * PAGE_SIZE + 1;
  STMT_SCOPE st = stmt_open(s->tx, "SELECT seq, at, actor, op, changes FROM revision WHERE area_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT 50",
                            (Value[]){value_int(s->area), value_int(below)}, 2, e);
  json_t *context = admin_context(p, "/admin/journal"), *rows = json_array();
  json_object_set_new(context, "rows", rows);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) {
    json_t *one = json_object();
    view_count(one, "seq", stmt_int(st, 0));
    view_set(one, "at", admin_when(p->arena, stmt_text(st, 1)));
    view_set(one, "actor", stmt_text(st, 2));
    view_set(one, "label", operation_label(p->web->operations, stmt_text(st, 3)));
    view_count(one, "changes", stmt_int(st, 4));
    json_array_append_new(rows, one);
  }
  if (step == STEP_FAILED) return json_decref(context), false;
  json_object_set_new(context, "pager", view_pager(p, page, PAGE_SIZE, (size_t)last, false));
  view_count(context, "count", last);
  return view_page(p, "admin_journal", "记录链", context, e);
}

/* ---- one revision ---- */

/* What whoever reviews the administrators must see, business data or not. */
static bool is_open(const Session *s, const Relation *r) {
  static const char *const about_accounts[] = {"account", "setting", "look", "credential"};
  const Relation *record = r->parent ? r->parent : r;
  for (size_t i = 0; i < sizeof about_accounts / sizeof *about_accounts; i++)
    if (!strcmp(record->name, about_accounts[i])) return true;
  return may(s, MAY_READ, 0);
}

static const char *cell_text(Page *p, const Row *row, const Column *c) {
  if (!row) return "";
  Value v = row->v[c - row->relation->columns];
  if (v.null) return "";
  if (c->sensitive) return "（隐私项）";
  if (c->type == TYPE_REF) return names_of(p->session, c->ref, v.i, p->session->today);
  return cell_show(p->arena, c, v);
}

static json_t *cells_of(Page *p, const Relation *r, const Row *before, const Row *after) {
  json_t *out = json_array();
  for (size_t i = 1; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (!strcmp(c->name, "record") || !strcmp(c->name, "pos") || (before && after && value_equal(before->v[i], after->v[i]))) continue;
    const char *was = cell_text(p, before, c), *is = cell_text(p, after, c);
    if (!*was && !*is) continue;
    json_t *one = json_object();
    view_set(one, "label", c->label);
    view_set(one, "was", was);
    view_set(one, "is", is);
    json_array_append_new(out, one);
  }
  return out;
}

/* The row as the change before it left it; *out NULL: there was none. */
static bool row_before(Page *p, const Relation *r, int64_t id, int64_t seq, Row **out, Error *e) {
  Session *s = p->session;
  *out = NULL;
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT body FROM change WHERE area_id = $1 AND relation = $2 AND row_id = $3 AND seq < $4 "
                            "ORDER BY seq DESC, n DESC LIMIT 1",
                            (Value[]){value_int(s->area), value_text(r->name), value_int(id), value_int(seq)}, 4, e);
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  if (step != STEP_ROW) return step == STEP_DONE;
  Value body = stmt_value(st, 0, VALUE_TEXT);
  if (!body.n) return true;
  *out = NEW(p->arena, Row);
  return row_read(p->arena, r, id, body.s, body.n, *out, e);
}

static bool add_change(Page *p, const Stmt *st, int64_t seq, json_t *rows, Error *e) {
  const Relation *r = catalogue_find(p->session->catalogue, stmt_text(st, 0));
  int64_t id = stmt_int(st, 1);
  Value body = stmt_value(st, 2, VALUE_TEXT);
  json_t *one = json_object();
  json_array_append_new(rows, one);
  const Relation *record = r && r->parent ? r->parent : r;
  view_set(one, "label", !r ? stmt_text(st, 0) : r->parent ? arena_print(p->arena, "%s：%s", record->label, r->label) : r->label);
  view_count(one, "id", id);
  if (!r || !is_open(p->session, r)) return true;
  Row after, *before;
  if (body.n && !row_read(p->arena, r, id, arena_slice(p->arena, body.s, body.n), body.n, &after, e)) return false;
  if (!row_before(p, r, id, seq, &before, e)) return false;
  view_set(one, "what", !before ? "新增" : body.n ? "改" : "去掉");
  json_object_set_new(one, "cells", cells_of(p, r, before, body.n ? &after : NULL));
  return true;
}

static bool add_changes(Page *p, int64_t seq, json_t *context, Error *e) {
  Session *s = p->session;
  json_t *rows = json_array();
  size_t count = 0;
  json_object_set_new(context, "rows", rows);
  STMT_SCOPE st = stmt_open(s->tx, "SELECT relation, row_id, body FROM change WHERE area_id = $1 AND seq = $2 ORDER BY n",
                            (Value[]){value_int(s->area), value_int(seq)}, 2, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && count < CHANGES_MOST && (step = stmt_step(st, e)) == STEP_ROW) {
    if (!add_change(p, st, seq, rows, e)) return false;
    count++;
  }
  return step != STEP_FAILED;
}

bool revision_page(Page *p, Error *e) {
  Session *s = p->session;
  char *end;
  int64_t seq = strtoll(p->parts[0], &end, 10);
  if (*end || seq < 1) return fail(e, ERROR_MISSING, "没有这一号，请从记录链进入。");
  STMT_SCOPE st = stmt_open(s->tx, "SELECT at, actor, op, changes FROM revision WHERE area_id = $1 AND seq = $2",
                            (Value[]){value_int(s->area), value_int(seq)}, 2, e);
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  if (step == STEP_DONE) return fail(e, ERROR_MISSING, "记录链没有第%lld号，请从记录链进入。", (long long)seq);
  if (step == STEP_FAILED) return false;
  json_t *context = admin_context(p, "/admin/journal");
  const char *label = operation_label(p->web->operations, stmt_text(st, 2));
  view_count(context, "seq", seq);
  view_set(context, "at", admin_when(p->arena, stmt_text(st, 0)));
  view_set(context, "actor", stmt_text(st, 1));
  view_set(context, "label", label);
  view_count(context, "changes", stmt_int(st, 3));
  view_flag(context, "more", stmt_int(st, 3) > CHANGES_MOST);
  if (!add_changes(p, seq, context, e)) return json_decref(context), false;
  return view_page(p, "admin_revision", arena_print(p->arena, "第%lld号", (long long)seq), context, e);
}

/* ---- audit ---- */

/* Files by name and size: to read every byte of them is more than a page should take. What they are called is business
 * data. */
static bool view_files(Page *p, json_t *context, Error *e) {
  Session *s = p->session;
  Issues amiss = {.arena = p->arena};
  size_t count;
  if (!files_check(s->site, s->tx, false, &count, &amiss, e)) return false;
  view_count(context, "files", (int64_t)count);
  view_count(context, "lost", (int64_t)amiss.count);
  if (amiss.count && may(s, MAY_READ, 0)) json_object_set_new(context, "amiss", view_issues(&amiss));
  return true;
}

bool audit_page(Page *p, Error *e) {
  Session *s = p->session;
  json_t *context = admin_context(p, "/admin/audit");
  bool asked = *form_text(&p->query, "run") != '\0';
  view_flag(context, "asked", asked);
  if (asked) {
    Fault fault = {0};
    AuditSummary sum = {0};
    if (!journal_audit(s->tx, s->catalogue, s->area, &s->site->key, NULL, &fault, &sum, e) || !view_files(p, context, e))
      return json_decref(context), false;
    view_flag(context, "clean", fault.kind == FAULT_NONE);
    view_set(context, "fault", fault.kind == FAULT_NONE ? NULL : fault.sentence);
    view_count(context, "revisions", sum.revisions);
    view_count(context, "changes", sum.changes);
    view_count(context, "count", sum.rows);
    view_set(context, "root", sum.root);
  }
  return view_page(p, "admin_audit", "核验", context, e);
}

/* ---- looks ---- */

static json_t *look_json(Page *p, const Stmt *st) {
  Session *s = p->session;
  json_t *one = json_object();
  const Relation *r = catalogue_find(s->catalogue, stmt_text(st, 2));
  view_set(one, "on", view_date(p->arena, (Date)stmt_int(st, 0)));
  view_set(one, "account", stmt_text(st, 1));
  view_set(one, "relation", r ? r->label : stmt_text(st, 2));
  bool export = stmt_null(st, 3);
  if (!export && r && may(s, MAY_READ, 0)) view_set(one, "whose", names_of(s, r, stmt_int(st, 3), s->today));
  view_set(one, "reason", stmt_text(st, 4));
  view_flag(one, "export", export);
  if (!stmt_null(st, 5)) view_count(one, "count", stmt_int(st, 5));
  if (!stmt_null(st, 6)) view_set(one, "file", stmt_text(st, 6));
  if (!stmt_null(st, 7)) view_set(one, "hash", arena_slice(p->arena, stmt_text(st, 7), 16));
  return one;
}

bool looks_page(Page *p, Error *e) {
  Session *s = p->session;
  size_t page = view_page_number(p);
  int64_t total = 0;
  Value binds[] = {value_int(s->area), value_text(STATE_VOID), value_int((int64_t)(page - 1) * PAGE_SIZE)};
  if (!tx_int(s->tx, "SELECT count(*) FROM look WHERE area_id = $1 AND state <> $2", binds, 2, &total, NULL, e)) return false;
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT looked_on, account, relation, \"row\", reason, \"rows\", file, hash FROM look WHERE area_id = $1 "
                            "AND state <> $2 ORDER BY id DESC LIMIT 50 OFFSET $3",
                            binds, 3, e);
  json_t *context = admin_context(p, "/admin/looks"), *rows = json_array();
  json_object_set_new(context, "rows", rows);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) json_array_append_new(rows, look_json(p, st));
  if (step == STEP_FAILED) return json_decref(context), false;
  view_count(context, "count", total);
  json_object_set_new(context, "pager", view_pager(p, page, PAGE_SIZE, (size_t)total, false));
  return view_page(p, "admin_looks", "查阅记录", context, e);
}
