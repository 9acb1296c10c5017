/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A page of rows (list_rows.h). Every cell that came from a record is escaped here, where it is written; a
 * name that is not known (a reference to nothing) is left blank rather than shown as a number. */
#include "web/list_rows.h"

#include <string.h>

#include "web/listing.h"
#include "web/view.h"

enum { NAMES_SHOWN = 6, NAMES_READ = 2000 };

typedef struct Name { int64_t id; const char *text; } Name;
typedef struct Named {
  const Relation *relation;
  Name *at; size_t count, room;
} Named;

/* Who stands in the lines of the records of the page; `ref` 0: a head count that stands for names. */
typedef struct Member { int64_t record, ref, headcount; bool sheet; } Member;

typedef struct Rows {
  Page *page;
  ListRow *at; size_t count;
  Named *named; size_t named_count, named_room;
  const Column *key; /* of the lines: the first required person or org */
  Member *members; size_t member_count, member_room;
  const char *icons; /* path of the sprite, or NULL */
} Rows;

bool list_is_number(const Column *c) { return c->type == TYPE_INT || c->type == TYPE_DECIMAL || c->type == TYPE_SERIAL; }

static bool keep_row(Session *s, const ListRow *row, void *context) {
  Rows *rows = context;
  (void)s;
  if (rows->count == LIST_PAGE) return false;
  rows->at[rows->count++] = (ListRow){row_copy(rows->page->arena, row->row), row->org, row->date};
  return true;
}

/* ---- names ---- */

static bool is_org(const Relation *r) { return !strcmp(r->name, "org"); }

static void want_name(Rows *rows, const Relation *ref, int64_t id) {
  Named *n = NULL;
  for (size_t i = 0; i < rows->named_count && !n; i++)
    if (rows->named[i].relation == ref) n = &rows->named[i];
  Arena *a = rows->page->arena;
  if (!n) {
    n = PUSH(a, rows->named, rows->named_count, rows->named_room);
    *n = (Named){.relation = ref};
  }
  for (size_t i = 0; i < n->count; i++)
    if (n->at[i].id == id) return;
  *PUSH(a, n->at, n->count, n->room) = (Name){id, ""};
}

static const char *name_for(const Rows *rows, const Relation *ref, int64_t id) {
  for (size_t i = 0; i < rows->named_count; i++)
    for (size_t k = 0; rows->named[i].relation == ref && k < rows->named[i].count; k++)
      if (rows->named[i].at[k].id == id) return rows->named[i].at[k].text;
  return "";
}

/* `id IN ($2 … )` of always so many: one prepared statement. Missing places repeat the first. */
static const char *in_text(Arena *a, size_t width) {
  TEXT_SCOPE in = text_new(64 * 1024);
  for (size_t i = 0; i < width; i++) text_print(&in, "%s$%zu", i ? ", " : "", i + 2);
  return arena_copy(a, text_get(&in));
}

static bool read_names(Rows *rows, Named *n, Error *e) {
  Session *s = rows->page->session;
  Arena *a = rows->page->arena;
  const Column *title = n->relation->title >= 0 ? &n->relation->columns[n->relation->title] : NULL;
  if (!title || title->sensitive) return true;
  const char *sql = arena_print(a, "SELECT id, \"%s\" FROM \"%s\" WHERE area_id = $1 AND id IN (%s)", title->sql, n->relation->table, in_text(a, LIST_PAGE));
  for (size_t from = 0; from < n->count; from += LIST_PAGE) {
    Value binds[LIST_PAGE + 1] = {value_int(s->area)};
    for (size_t i = 0; i < LIST_PAGE; i++) binds[i + 1] = value_int(n->at[from + i < n->count ? from + i : from].id);
    STMT_SCOPE st = stmt_open(s->tx, sql, binds, LIST_PAGE + 1, e);
    Step step = st ? STEP_ROW : STEP_FAILED;
    while (st && (step = stmt_step(st, e)) == STEP_ROW)
      for (size_t i = from; i < n->count && i < from + LIST_PAGE; i++)
        if (n->at[i].id == stmt_int(st, 0)) n->at[i].text = arena_copy(a, stmt_text(st, 1));
    if (step == STEP_FAILED) return false;
  }
  return true;
}

/* ---- who stands in the lines ---- */

/* The record's first lines that name somebody: theirs is the first required person or org. */
static const Relation *lines_of(const Relation *r, const Column **key) {
  for (size_t i = 0; i < r->line_count; i++) {
    const Relation *l = r->lines[i];
    for (size_t k = 0; !l->retired && k < l->column_count; k++) {
      const Column *c = &l->columns[k];
      bool names = c->type == TYPE_REF && c->required && !c->sensitive && !c->retired && !c->system && c->ref->title >= 0;
      if (names || (c->type == TYPE_REF && c->required && !c->retired && !c->system && is_org(c->ref))) return *key = c, l;
    }
  }
  return NULL;
}

static bool read_members(Rows *rows, const Relation *lines, Error *e) {
  Session *s = rows->page->session;
  Arena *a = rows->page->arena;
  if (!rows->count) return true;
  const char *sql = arena_print(a, "SELECT record_id, \"%s\"%s FROM \"%s\" WHERE area_id = $1 AND record_id IN (%s) ORDER BY record_id, pos",
                                rows->key->sql, lines->total ? ", \"headcount\", \"sheet\"" : "", lines->table, in_text(a, LIST_PAGE));
  Value binds[LIST_PAGE + 1] = {value_int(s->area)};
  for (size_t i = 0; i < LIST_PAGE; i++) binds[i + 1] = value_int(row_id(rows->at[i < rows->count ? i : 0].row));
  STMT_SCOPE st = stmt_open(s->tx, sql, binds, LIST_PAGE + 1, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  int64_t record = 0;
  size_t of_record = 0;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) {
    if (stmt_null(st, 1)) {
      if (lines->total && !stmt_null(st, 2))
        *PUSH(a, rows->members, rows->member_count, rows->member_room) =
            (Member){.record = stmt_int(st, 0), .headcount = stmt_int(st, 2), .sheet = !stmt_null(st, 3)};
      continue;
    }
    of_record = stmt_int(st, 0) == record ? of_record + 1 : 0;
    record = stmt_int(st, 0);
    *PUSH(a, rows->members, rows->member_count, rows->member_room) = (Member){.record = record, .ref = stmt_int(st, 1)};
    if (of_record < NAMES_SHOWN && !is_org(rows->key->ref)) want_name(rows, rows->key->ref, stmt_int(st, 1));
  }
  return step != STEP_FAILED;
}

/* ---- cells ---- */

static const char *ref_name(Rows *rows, const Column *c, int64_t id, Date at) {
  Session *s = rows->page->session;
  return is_org(c->ref) ? org_name(s->tree, id, at ? at : s->today) : name_for(rows, c->ref, id);
}

static const char *cell_text(Rows *rows, const ListRow *row, const Column *c) {
  Value v = row->row.v[c - row->row.relation->columns];
  if (v.null) return "";
  if (c->type == TYPE_REF && !c->sensitive) return ref_name(rows, c, v.i, row->date);
  return gate_show(rows->page->session, row->row, c, row->org, false);
}

static void add_key(Rows *rows, Text *out, const ListRow *row, const char *text, bool date) {
  text_add(out, date ? "<td class=\"key date\"><a href=\"/ledgers/" : "<td class=\"key\"><a href=\"/ledgers/");
  text_add_html(out, row->row.relation->name);
  text_print(out, "/%lld\">", (long long)row_id(row->row));
  text_add_html(out, *text ? text : "（未填）");
  text_add(out, "</a></td>");
  (void)rows;
}

static void add_cell(Rows *rows, Text *out, const ListRow *row, const Column *c, bool key) {
  const Relation *r = row->row.relation;
  bool title = r->title >= 0 && c == &r->columns[r->title];
  const char *text = cell_text(rows, row, c);
  if (key) {
    add_key(rows, out, row, text, c->own_date);
    return;
  }
  text_add(out, list_is_number(c) ? "<td class=\"number\">" : title ? "<td class=\"main-text\">" : "<td>");
  if (c->sensitive && !strcmp(text, "无权查看")) text_add(out, "<span class=\"masked\">无权查看</span>");
  else text_add_html(out, text);
  text_add(out, "</td>");
}

/* 仅有总数63人, with its sheet or the want of it. */
static void add_headcount(Rows *rows, Text *out, const ListRow *row, const Member *m) {
  text_print(out, "仅有总数%lld人 ", (long long)m->headcount);
  if (m->sheet) {
    text_print(out, "<a href=\"/ledgers/%s/%lld#files\">签到表</a>", row->row.relation->name, (long long)row_id(row->row));
    return;
  }
  text_add(out, "<span class=\"light soon\">");
  if (rows->icons) text_print(out, "<svg class=\"i\" aria-hidden=\"true\"><use href=\"%s#soon\"/></svg>", rows->icons);
  text_add(out, "没有签到表</span>");
}

static void add_members(Rows *rows, Text *out, const ListRow *row) {
  size_t count = 0;
  text_add(out, "<td class=\"who-list\">");
  for (size_t i = 0; i < rows->member_count; i++) {
    if (rows->members[i].record != row_id(row->row) || !rows->members[i].ref) continue;
    if (count++ >= NAMES_SHOWN) continue;
    if (count > 1) text_add(out, "、");
    text_add_html(out, ref_name(rows, rows->key, rows->members[i].ref, row->date));
  }
  if (count > NAMES_SHOWN) text_print(out, !strcmp(rows->key->ref->name, "person") ? "等%zu人" : "等%zu个", count);
  for (size_t i = 0; i < rows->member_count; i++) {
    if (rows->members[i].record != row_id(row->row) || rows->members[i].ref) continue;
    if (count++) text_add(out, "；");
    add_headcount(rows, out, row, &rows->members[i]);
  }
  text_add(out, "</td>");
}

/* A shape beside the word: ticked, still open, or struck out. */
static void add_state(Rows *rows, Text *out, const ListRow *row) {
  const Relation *r = row->row.relation;
  if (r->state < 0) return;
  const State *state = relation_state(r, row->row.v[r->state].s);
  const char *sign = !state ? "excused" : state->counts ? "done" : "ahead";
  text_print(out, "<td class=\"state light %s\">", sign);
  if (rows->icons) text_print(out, "<svg class=\"i\" aria-hidden=\"true\"><use href=\"%s#%s\"/></svg>", rows->icons, sign);
  text_add_html(out, state ? state->label : "作废");
  text_add(out, "</td>");
}

static void add_row(Rows *rows, ListRows *to, const ListRow *row) {
  const Relation *r = row->row.relation;
  Text *out = to->text;
  bool voided = r->state >= 0 && !strcmp(row->row.v[r->state].s, STATE_VOID);
  text_add(out, voided ? "<tr class=\"void\">" : "<tr>");
  text_print(out, "<td class=\"tick\"><input class=\"form-check-input\" type=\"checkbox\" name=\"id\" value=\"%lld\" aria-label=\"选这一行\"></td>",
             (long long)row_id(row->row));
  for (size_t i = 0; i < to->column_count; i++) add_cell(rows, out, row, to->columns[i], !i);
  if (to->lines) add_members(rows, out, row);
  add_state(rows, out, row);
  text_add(out, "</tr>\n");
}

bool list_rows_write(Page *p, ListAsk ask, ListRows *out, Error *e) {
  Rows rows = {.page = p, .at = NEW_ARRAY(p->arena, ListRow, LIST_PAGE), .icons = asset_path("icons.svg", p->arena)};
  if (!list_rows(p->session, ask, keep_row, &rows, e)) return false;
  out->lines = lines_of(ask.relation, &rows.key);
  if (out->lines && !read_members(&rows, out->lines, e)) return false;
  for (size_t i = 0; i < rows.count; i++)
    for (size_t k = 0; k < out->column_count; k++) {
      const Column *c = out->columns[k];
      Value v = rows.at[i].row.v[c - ask.relation->columns];
      if (c->type == TYPE_REF && !c->sensitive && !v.null && !is_org(c->ref)) want_name(&rows, c->ref, v.i);
    }
  for (size_t i = 0; i < rows.named_count; i++)
    if (!read_names(&rows, &rows.named[i], e)) return false;
  for (size_t i = 0; i < rows.count; i++) add_row(&rows, out, &rows.at[i]);
  out->count = rows.count;
  return true;
}
