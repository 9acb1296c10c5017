/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Importing a table in two steps. The first does everything but the commit (a rehearsal) and says what will
 * happen, or every fault at once, beside its row, to be mended on the spot; the second writes, in one revision or
 * not at all. Between the two the table stays in the page. */
#include <stdlib.h>
#include <string.h>

#include "ledger/export.h"
#include "ledger/import.h"
#include "ledger/record.h"
#include "web/list_rows.h"
#include "web/sheet.h"
#include "web/view.h"

enum { MADE_SHOWN = 10 };

static bool may_import(Page *p, const Relation *r, Error *e) {
  const Session *s = p->session;
  Right right;
  if (!import_takes(r, &right)) return fail(e, ERROR_INVALID, "“%s”不能这样导入，请从它自己的页面办理。", r->label);
  for (size_t i = 0; i < s->actor.grant_count; i++)
    if (may(s, right, s->actor.grants[i].org)) return true;
  return may_or_fail(s, right, 0, e);
}

static bool write_body(void *self, const char *bytes, size_t n, Error *e) {
  (void)e;
  text_add_n(&((WebResponse *)self)->body, bytes, n);
  return true;
}

bool import_template(Page *p, Error *e) {
  const Relation *r = web_relation(p, p->parts[0], e);
  if (!r || !may_import(p, r, e)) return false;
  p->out->type = "text/csv; charset=utf-8";
  p->out->filename = arena_print(p->arena, "%s_空表.csv", r->label);
  return export_blank(p->session, export_ask(r, (ListAsk){.relation = r}), write_body, p->out, e);
}

/* ---- the page ---- */

static json_t *org_options(Page *p, const Relation *r) {
  Session *s = p->session;
  json_t *out = json_array();
  Right right;
  import_takes(r, &right);
  const char *now = form_text(&p->form, "org");
  for (size_t i = 0; r->org >= 0 && i < s->tree->count; i++) {
    if (!may(s, right, s->tree->at[i].id)) continue;
    const char *value = arena_print(p->arena, "%lld", (long long)s->tree->at[i].id);
    json_t *one = json_object();
    view_set(one, "value", value);
    view_set(one, "label", org_name(s->tree, s->tree->at[i].id, s->today));
    view_flag(one, "chosen", !strcmp(now, value));
    json_array_append_new(out, one);
  }
  return out;
}

static json_t *begin_page(Page *p, const Relation *r) {
  json_t *context = json_object();
  view_set(context, "label", r->label);
  view_set(context, "path", arena_print(p->arena, "/ledgers/%s", r->name));
  json_object_set_new(context, "orgs", org_options(p, r));
  view_flag(context, "as_new", *form_text(&p->form, "new"));
  view_set(context, "org", form_text(&p->form, "org"));
  return context;
}

static bool keep_made(Session *s, const ListRow *row, void *context) {
  json_t *one = json_object();
  const Relation *r = row->row.relation;
  const char *title = r->title >= 0 ? gate_show(s, row->row, &r->columns[r->title], row->org, false) : "";
  view_set(one, "href", arena_print(s->arena, "/ledgers/%s/%lld", r->name, (long long)row_id(row->row)));
  view_set(one, "title", *title ? title : "这条记录");
  json_array_append_new(context, one);
  return true;
}

/* After an import: what it was, the newest records, the ledger's figures. */
static void add_done(Page *p, const Relation *r, json_t *context) {
  long fresh = strtol(form_text(&p->query, "new"), NULL, 10), changed = strtol(form_text(&p->query, "changed"), NULL, 10);
  long same = strtol(form_text(&p->query, "same"), NULL, 10), revision = strtol(form_text(&p->query, "done"), NULL, 10);
  if (revision <= 0 || fresh < 0 || changed < 0 || same < 0) return;
  json_t *done = json_object(), *made = json_array();
  view_set(done, "sentence", arena_print(p->arena, "已导入：新增%ld条，修改%ld条%s；记录链第%ld号。", fresh, changed,
                                         same ? arena_print(p->arena, "，没有变化%ld条", same) : "", revision));
  ListAsk ask = {.relation = r, .order = "id", .descending = true, .limit = fresh < MADE_SHOWN ? fresh : MADE_SHOWN,
                 .period = period_year(date_year(p->session->today)), .voided = true};
  Error ignored = {0};
  if (fresh) list_rows(p->session, ask, keep_made, made, &ignored);
  json_object_set_new(done, "made", made);
  view_flag(done, "more", fresh > MADE_SHOWN);
  json_object_set_new(context, "done", done);
  list_figures(p, r, context);
}

bool import_form(Page *p, Error *e) {
  const Relation *r = web_relation(p, p->parts[0], e);
  if (!r || !may_import(p, r, e)) return false;
  json_t *context = begin_page(p, r);
  if (*form_text(&p->query, "done")) add_done(p, r, context);
  return view_page(p, "import", arena_print(p->arena, "导入%s", r->label), context, e);
}

/* ---- the two steps ---- */

typedef struct Taken {
  SheetText sheet;
  ImportTally tally;
  Issues issues;
  json_t *result;
} Taken;

static bool take(Page *p, Taken *t, bool rehearse, Error *e) {
  const Operation *op = operation_find(p->web->operations, "import", e);
  TEXT_FILE_SCOPE file = op ? text_file_of(t->sheet.name, t->sheet.text, t->sheet.size, e) : NULL;
  if (!file) return false;
  ImportTable table = {.file = file, .tally = &t->tally};
  json_t *input = json_pack("{s:s}", "ledger", p->parts[0]);
  if (*form_text(&p->form, "org")) json_object_set_new(input, "org", json_string(form_text(&p->form, "org")));
  if (*form_text(&p->form, "new")) json_object_set_new(input, "new", json_true());
  const char *request = form_get(&p->form, "_request");
  OperationCall call = {.account = p->machine ? NULL : p->signin.account, .attached = &table, .rehearse = rehearse,
                        .request_id = !rehearse && request && *request ? request : NULL};
  bool done = operation_run(p->site, op, input, call, &t->result, &t->issues, e);
  json_decref(input);
  return done;
}

static json_t *plan_of(Page *p, const ImportTally *t) {
  json_t *plan = json_object();
  TEXT_SCOPE s = text_new(4096);
  text_print(&s, "读入%zu行：将新增%zu条，修改%zu条", t->rows, t->fresh, t->changed);
  if (t->same) text_print(&s, "，没有变化%zu条", t->same);
  if (t->lines) text_print(&s, "，“%s”%zu行", t->several ? "明细" : t->lines->label, t->lines_read);
  text_add(&s, "。还没有写入。");
  view_set(plan, "sentence", text_get(&s));
  if (t->lines_kept)
    view_set(plan, "kept", arena_print(p->arena, "表里没有列出的%zu行明细保留未动；要去掉请逐条修改。", t->lines_kept));
  view_flag(plan, "nothing", !t->fresh && !t->changed);
  return plan;
}

/* Issues that no row of the table can show. */
static json_t *others(const Issues *issues) {
  json_t *out = json_array();
  for (size_t i = 0; i < issues->count; i++) {
    const Issue *one = &issues->at[i];
    if (one->where && !strncmp(one->where, "第", strlen("第"))) continue;
    json_t *other = json_object();
    view_set(other, "sentence", one->sentence);
    view_set(other, "where", one->where);
    json_array_append_new(out, other);
  }
  return out;
}

static bool show(Page *p, Taken *t, bool well, const Error *why, Error *e) {
  const Relation *r = web_reading(p, e) ? web_relation(p, p->parts[0], e) : NULL;
  if (!r || !may_import(p, r, e)) return false;
  json_t *context = begin_page(p, r);
  if (t->sheet.text) json_object_set_new(context, "sheet", sheet_keep(p, &t->sheet));
  view_flag(context, "large", t->sheet.size > SHEET_KEPT);
  if (well) json_object_set_new(context, "plan", plan_of(p, &t->tally));
  if (!well) p->out->status = t->issues.count ? 400 : web_status(why);
  if (!well && !t->issues.count) view_set(context, "sentence", why->sentence);
  if (t->issues.count) {
    size_t all = t->tally.faults > t->issues.count ? t->tally.faults : t->issues.count;
    json_object_set_new(context, "others", others(&t->issues));
    json_object_set_new(context, "faults", sheet_faults(p, r, &t->sheet, &t->issues, e));
    view_set(context, "summary", arena_print(p->arena, "共%zu处要改。本次未写入任何数据。", all));
    if (all > t->issues.count) view_set(context, "unlisted", arena_print(p->arena, "另有%zu处没有列出，改好这些后再看。", all - t->issues.count));
  }
  return view_page(p, "import", arena_print(p->arena, "导入%s", r->label), context, e);
}

static bool give_marked(Page *p, Taken *t, Error *e) {
  const Relation *r = web_reading(p, e) ? web_relation(p, p->parts[0], e) : NULL;
  return r && may_import(p, r, e) && sheet_marked(p, r, &t->sheet, &t->issues, e);
}

static bool redirect_done(Page *p, const Taken *t) {
  return web_redirect(p, arena_print(p->arena, "/ledgers/%s/import?done=%lld&new=%lld&changed=%lld&same=%lld", url_encode(p->arena, p->parts[0]),
                                     (long long)json_integer_value(json_object_get(t->result, "revision")), (long long)t->tally.fresh,
                                     (long long)t->tally.changed, (long long)t->tally.same));
}

bool import_post(Page *p, Error *e) {
  Taken t = {.issues = {.arena = p->arena}};
  Error why = {0};
  const char *what = form_text(&p->form, "do");
  bool write = !strcmp(what, "write"), done = false;
  bool well = sheet_read(p, &t.sheet, &why) && take(p, &t, !write, &why);
  if (well && write) done = redirect_done(p, &t);
  else if (!well && t.issues.count && !strcmp(what, "marked")) done = give_marked(p, &t, e);
  else done = show(p, &t, well, &why, e);
  json_decref(t.result);
  return done;
}
