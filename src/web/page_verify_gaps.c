/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 佐证缺口清单 of one run: ledger by ledger, what of the draft rests on it and whether there is anything yet. The order
 * is the one in which it can be entered (verify/gap.h); what is borne out already stands first, so that the list
 * shows what has been reached as well as what is left. */
#include <string.h>

#include "access/names.h"
#include "ledger/export.h"
#include "ledger/import.h"
#include "ledger/record.h"
#include "paper/pack.h"
#include "verify/gap.h"
#include "web/verify_run.h"
#include "web/view.h"

enum { SEGMENTS = 80, STEP = 10 };

typedef struct Lines {
  Page *page;
  const Run *run;
  const Verification *v;
  json_t **of;  /* by position of the relation; borrowed from `all` */
  json_t *all;
} Lines;

static bool has_ground(const Claim *c) {
  return c->role == ROLE_CLAIM && c->verdict != VERDICT_UNSUPPORTED && c->figure && c->candidate_count && c->candidates[0].asked;
}

static bool may_enter(const Session *s, const Relation *r) {
  return record_enterable(r) && may(s, r->core ? MAY_MANAGE_PEOPLE : MAY_WRITE, s->tree->root);
}

static json_t *line_for(Lines *l, const Relation *r) {
  json_t *line = l->of[r->position];
  Page *p = l->page;
  if (line) return line;
  l->of[r->position] = line = json_object();
  json_array_append_new(l->all, line);
  const char *path = arena_print(p->arena, "/ledgers/%s", r->name);
  bool enter = may_enter(p->session, r);
  Right right;
  bool import = import_takes(r, &right) && may(p->session, right, p->session->tree->root);
  view_set(line, "label", r->label);
  view_set(line, "href", record_enterable(r) ? path : NULL);
  view_set(line, "new_href", enter ? arena_print(p->arena, "%s/new", path) : NULL);
  view_set(line, "import_href", import ? arena_print(p->arena, "%s/import", path) : NULL);
  view_set(line, "table_href", import ? arena_print(p->arena, "%s/import.csv", path) : NULL);
  json_object_set_new(line, "needs", json_array());
  /* every name is there: a template looks in the line around it for what is not */
  view_flag(line, "missing", false);
  view_flag(line, "some", false);
  view_set(line, "used_by", NULL);
  return line;
}

static void add_need(Lines *l, json_t *line, const char *words, const char *mark, const char *around, bool have, bool plan) {
  json_t *one = json_object();
  view_set(one, "words", words);
  view_set(one, "around", around);
  view_set(one, "href", run_path(l->page, l->run, mark));
  view_flag(one, "have", have);
  view_flag(one, "plan", plan);
  json_array_append_new(json_object_get(line, "needs"), one);
  view_flag(line, have ? "some" : "missing", true);
}

static void add_grounds(Lines *l) {
  const Verification *v = l->v;
  for (size_t i = 0; i < v->claim_count; i++) {
    const Claim *c = &v->claims[i];
    if (!has_ground(c)) continue;
    const Relation *r = c->figure->rows->parent ? c->figure->rows->parent : c->figure->rows;
    add_need(l, line_for(l, r), c->text, arena_print(l->page->arena, "#claim-%zu", i + 1), NULL, true, false);
  }
}

static void add_gap(Lines *l, const Gap *g) {
  Arena *a = l->page->arena;
  json_t *line = line_for(l, g->ledger);
  for (size_t i = 0; i < g->need_count; i++) {
    const GapNeed *n = &g->needs[i];
    const char *mark = n->claim ? arena_print(a, "#claim-%zu", (size_t)(n->claim - l->v->claims) + 1)
                                : arena_print(a, "#said-%zu", (size_t)(n->statement - l->v->statements) + 1);
    add_need(l, line, n->words, mark, n->around, false, n->claim && n->claim->role == ROLE_PLAN);
  }
  if (g->need_count || !g->used_count) return;
  TEXT_SCOPE used = text_new(4096);
  for (size_t i = 0; i < g->used_count && i < 3; i++) text_print(&used, "%s%s", i ? "、" : "", g->used_by[i]->label);
  if (g->used_count > 3) text_add(&used, "等");
  view_set(line, "used_by", text_get(&used));
  view_flag(line, "missing", true);
}

/* A piece for each claim, or one bar when they are too many to be told apart. */
static void add_bar(json_t *context, size_t have, size_t total) {
  json_t *pieces = json_array();
  bool many = total > SEGMENTS;
  for (size_t i = 0; i < (many ? 2 : total); i++) {
    json_t *one = json_object();
    view_count(one, "x", many ? 0 : (int64_t)(i * STEP));
    view_count(one, "width", !many ? STEP - 1 : (int64_t)(i ? have * SEGMENTS * STEP / total : SEGMENTS * STEP));
    view_set(one, "look", (many ? i == 1 : i < have) ? "bar-good" : "track");
    json_array_append_new(pieces, one);
  }
  view_count(context, "wide", (int64_t)((many ? SEGMENTS : total) * STEP));
  json_object_set_new(context, "pieces", pieces);
}

static json_t *lines_json(Page *p, const Run *run, const Verification *v) {
  Lines l = {.page = p, .run = run, .v = v, .all = json_array(),
             .of = NEW_ARRAY(p->arena, json_t *, p->session->catalogue->relation_count + 1)};
  add_grounds(&l);
  for (size_t i = 0; v->gaps && i < v->gaps->count; i++) add_gap(&l, &v->gaps->at[i]);
  /* what is borne out in full stands first, the rest in the order of the gap list */
  json_t *sorted = json_array(), *line;
  size_t i;
  json_array_foreach(l.all, i, line)
    if (!json_is_true(json_object_get(line, "missing"))) json_array_append(sorted, line);
  for (i = 0; v->gaps && i < v->gaps->count; i++) json_array_append(sorted, l.of[v->gaps->at[i].ledger->position]);
  json_decref(l.all);
  json_array_foreach(sorted, i, line) {
    size_t count = json_array_size(json_object_get(line, "needs"));
    json_object_set_new(line, "count", count ? json_integer((json_int_t)count) : json_false());
  }
  return sorted;
}

bool verify_gaps(Page *p, Error *e) {
  Run run;
  Verification *v;
  PeriodText period;
  Session *s = p->session;
  if (!run_load(p, p->parts[0], &run, e) || !run_check(p, &run, &v, e)) return false;
  Tally t = verification_tally(v);
  size_t total = t.total - t.by[VERDICT_PLAN] - t.no_figure, have = total - t.no_records;
  json_t *context = json_object();
  view_set(context, "title", run.title);
  view_set(context, "path", run_path(p, &run, ""));
  view_set(context, "org", org_name(s->tree, v->org, period_last(v->period)));
  view_set(context, "period", period_chinese(v->period, period));
  view_set(context, "elsewhere", v->elsewhere);
  view_count(context, "total", (int64_t)total);
  view_count(context, "have", (int64_t)have);
  json_object_set_new(context, "plans", t.by[VERDICT_PLAN] ? json_integer((json_int_t)t.by[VERDICT_PLAN]) : json_false());
  json_object_set_new(context, "unnamed", t.no_figure ? json_integer((json_int_t)t.no_figure) : json_false());
  json_object_set_new(context, "ledgers", v->gaps && v->gaps->count ? json_integer((json_int_t)v->gaps->count) : json_false());
  view_flag(context, "any", total > 0);
  add_bar(context, have, total);
  json_object_set_new(context, "lines", lines_json(p, &run, v));
  return view_page(p, "verify_gaps", "佐证缺口清单", context, e);
}

/* ---- the tables to fill in ---- */

static bool add_bytes(void *self, const char *bytes, size_t n, Error *e) {
  (void)e;
  text_add_n(self, bytes, n);
  return true;
}

static bool add_file(Page *p, PackFile *file, const char *name, const Text *text) {
  *file = (PackFile){name, arena_slice(p->arena, text_get(text), text->length), text->length};
  return !text->full;
}

bool verify_tables(Page *p, Error *e) {
  Run run;
  Verification *v;
  Session *s = p->session;
  if (!run_load(p, p->parts[0], &run, e) || !run_check(p, &run, &v, e)) return false;
  const GapList *gaps = v->gaps;
  size_t count = gaps ? gaps->count : 0, n = 0;
  if (!count) return fail(e, ERROR_MISSING, "这份稿子没有缺的台账，不用样表。");
  PackFile *files = NEW_ARRAY(p->arena, PackFile, count + 1);
  for (size_t i = 0; i < count; i++) {
    TEXT_SCOPE table = text_new(1024 * 1024);
    if (!export_blank(s, export_ask(gaps->at[i].ledger, (ListAsk){0}), add_bytes, &table, e)) return false;
    if (!add_file(p, &files[n++], gap_file(p->arena, gaps, i), &table)) return fail(e, ERROR_LIMIT, "样表太大，请逐本下载。");
  }
  TEXT_SCOPE list = text_new(TEXT_CEILING);
  gaps_print(s, v, true, &list);
  if (!add_file(p, &files[n++], "佐证缺口清单.txt", &list)) return fail(e, ERROR_LIMIT, "清单太长，请逐本下载样表。");
  p->out->type = "application/zip";
  p->out->filename = "登记样表.zip";
  return pack_files(files, n, &p->out->body, e);
}
