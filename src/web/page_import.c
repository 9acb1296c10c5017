/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Importing a table in two steps. The first does everything but the commit (a rehearsal) and says what will
 * happen, or every fault at once, beside its row, to be mended on the spot; the second writes, in one revision or
 * not at all. Between the two the table stays in the page. Either step is a job (job.h): a small table is answered at
 * once, a large one shows how far it is and may be left. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "ledger/export.h"
#include "ledger/import.h"
#include "ledger/record.h"
#include "web/job.h"
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

static json_t *org_options(Page *p, const Relation *r, const char *now) {
  Session *s = p->session;
  json_t *out = json_array();
  Right right;
  import_takes(r, &right);
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

static const char *import_path(Arena *a, const Relation *r) { return arena_print(a, "/ledgers/%s/import", r->name); }

static json_t *begin_page(Page *p, const Relation *r, const char *org, bool as_new) {
  json_t *context = json_object();
  view_set(context, "label", r->label);
  view_set(context, "path", arena_print(p->arena, "/ledgers/%s", r->name));
  json_object_set_new(context, "orgs", org_options(p, r, org));
  view_flag(context, "as_new", as_new);
  view_set(context, "org", org);
  json_object_set_new(context, "jobs", page_jobs(p, import_path(p->arena, r)));
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
  json_t *context = begin_page(p, r, "", false);
  if (*form_text(&p->query, "done")) add_done(p, r, context);
  return view_page(p, "import", arena_print(p->arena, "导入%s", r->label), context, e);
}

/* ---- the two steps ---- */

/* What a job works on and what came of it; strings on the job's arena, the table on its bulk. */
typedef struct Work {
  const Operation *operation;
  const char *account, *ledger, *org, *request; /* account NULL: the machine; org "", request NULL: none */
  bool as_new, write, marked;
  SheetText sheet; /* text NULL once it is not needed any more */
  ImportTally tally;
  const char *lines; /* what its lines are called, NULL: none */
  Issues issues;
  long long revision;
} Work;

static bool progress(void *self, size_t done, size_t of) { return job_progress(self, done, of); }

static bool take(Job *job, Work *w, Site *site, Error *e) {
  TEXT_FILE_SCOPE file = text_file_of(w->sheet.name, w->sheet.text, w->sheet.size, e);
  if (!file) return false;
  ImportTable table = {.file = file, .tally = &w->tally, .progress = progress, .self = job};
  JSON_SCOPE input = json_pack("{s:s}", "ledger", w->ledger);
  JSON_SCOPE result = NULL;
  if (*w->org) json_object_set_new(input, "org", json_string(w->org));
  if (w->as_new) json_object_set_new(input, "new", json_true());
  OperationCall call = {.account = w->account, .attached = &table, .rehearse = !w->write, .request_id = w->write ? w->request : NULL};
  bool done = operation_run(site, w->operation, input, call, &result, &w->issues, e);
  w->revision = json_integer_value(json_object_get(result, "revision"));
  return done;
}

/* The relations that the tally names are gone with the site. */
static void keep_words(Job *job, Work *w) {
  const Relation *lines = w->tally.lines;
  if (lines) w->lines = w->tally.several ? "明细" : arena_copy(job->ask.arena, lines->label);
  w->tally.record = w->tally.lines = NULL;
}

static bool run_import(Job *job, Site *site, Error *e) {
  Work *w = job->ask.work;
  bool well = take(job, w, site, e);
  if (!well && job->stop && e->kind != ERROR_UNAVAILABLE) {
    w->issues.count = 0; /* what was found up to there is not all */
    fail(e, ERROR_UNAVAILABLE, "导入中途停下了，没有写入任何数据；要导入请再来一次。");
  } else if (!well && e->kind == ERROR_UNAVAILABLE) {
    w->issues.count = 0;
  }
  keep_words(job, w);
  bool planned = well && !w->write, small = w->sheet.size <= SHEET_KEPT;
  job->needs_bulk = w->issues.count || planned || (small && !well); /* to be written next, or mended in the page */
  if (!job->needs_bulk) w->sheet.text = NULL;
  return well;
}

static json_t *plan_of(Page *p, const Work *w) {
  const ImportTally *t = &w->tally;
  json_t *plan = json_object();
  TEXT_SCOPE s = text_new(4096);
  text_print(&s, "读入%zu行：将新增%zu条，修改%zu条", t->rows, t->fresh, t->changed);
  if (t->same) text_print(&s, "，没有变化%zu条", t->same);
  if (w->lines) text_print(&s, "，“%s”%zu行", w->lines, t->lines_read);
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

static bool add_faults(Page *p, const Relation *r, const Work *w, json_t *context, Error *e) {
  size_t all = w->tally.faults > w->issues.count ? w->tally.faults : w->issues.count;
  json_t *faults = sheet_faults(p, r, &w->sheet, &w->issues, e);
  json_object_set_new(context, "others", others(&w->issues));
  json_object_set_new(context, "faults", faults);
  view_set(context, "summary", arena_print(p->arena, "共%zu处要改。本次未写入任何数据。", all));
  if (all > w->issues.count) view_set(context, "unlisted", arena_print(p->arena, "另有%zu处没有列出，改好这些后再看。", all - w->issues.count));
  return true;
}

static bool is_post(const Page *p) { return !strcmp(p->route->method, "POST"); }

/* `why`: what it came to nothing for, where nothing is wrong with the rows. */
static bool show(Page *p, const Job *job, const Work *w, const Error *why, Error *e) {
  const Relation *r = web_reading(p, e) ? web_relation(p, w->ledger, e) : NULL;
  if (!r || !may_import(p, r, e)) return false;
  bool well = !why->kind;
  json_t *context = begin_page(p, r, w->org, w->as_new);
  if (w->sheet.text) json_object_set_new(context, "sheet", sheet_keep(p, &w->sheet));
  view_flag(context, "large", w->sheet.size > SHEET_KEPT);
  if (well) json_object_set_new(context, "plan", plan_of(p, w));
  view_set(context, "job", well && job ? job->key : NULL);
  if (!well && is_post(p)) p->out->status = w->issues.count ? 400 : web_status(why);
  if (!well && !w->issues.count) view_set(context, "sentence", why->sentence);
  if (w->issues.count && !add_faults(p, r, w, context, e)) return json_decref(context), false;
  if (w->issues.count && job && *job->key) view_set(context, "marked", arena_print(p->arena, "/jobs/%s/table.csv", job->key));
  return view_page(p, "import", arena_print(p->arena, "导入%s", r->label), context, e);
}

static bool redirect_done(Page *p, const Work *w) {
  return web_redirect(p, arena_print(p->arena, "/ledgers/%s/import?done=%lld&new=%zu&changed=%zu&same=%zu", url_encode(p->arena, w->ledger),
                                     w->revision, w->tally.fresh, w->tally.changed, w->tally.same));
}

static bool give_marked(Page *p, const Work *w, Error *e) {
  const Relation *r = web_reading(p, e) ? web_relation(p, w->ledger, e) : NULL;
  return r && may_import(p, r, e) && sheet_marked(p, r, &w->sheet, &w->issues, e);
}

static bool show_import(Page *p, Job *job, Error *e) {
  const Work *w = job->ask.work;
  if (job->state == JOB_DONE && w->write) return redirect_done(p, w);
  bool table = strstr(p->route->path, ".csv") != NULL;
  if (table && !w->issues.count) return fail(e, ERROR_MISSING, "这份表没有要标出的问题，请回到导入页。");
  if (table || (w->marked && w->issues.count && is_post(p))) return give_marked(p, w, e);
  return show(p, job, w, &job->error, e);
}

/* FNV-1a: the same form with the same table again, sent twice, is the same job. */
static void mix(uint64_t *mark, const void *bytes, size_t n) {
  const unsigned char *b = bytes;
  for (size_t i = 0; i < n; i++) *mark = (*mark ^ b[i]) * 1099511628211u;
}

static uint64_t mark_of(const Work *w) {
  uint64_t mark = 14695981039346656037u;
  const char *const words[] = {w->ledger, w->org, w->request ? w->request : "", w->as_new ? "new" : "", w->write ? "write" : "", w->marked ? "marked" : ""};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) mix(&mark, words[i], strlen(words[i]) + 1);
  mix(&mark, w->sheet.text, w->sheet.size);
  return mark;
}

static Work *work_of(Page *p, Arena *a, const Operation *op) {
  Work *w = NEW(a, Work);
  const char *what = form_text(&p->form, "do"), *request = form_text(&p->form, "_request");
  *w = (Work){.operation = op, .account = p->machine ? NULL : arena_copy(a, p->signin.account), .ledger = arena_copy(a, p->parts[0]),
              .org = arena_copy(a, form_text(&p->form, "org")), .request = *request ? arena_copy(a, request) : NULL,
              .as_new = *form_text(&p->form, "new"), .write = !strcmp(what, "write"), .marked = !strcmp(what, "marked"),
              .issues = {.arena = a}};
  return w;
}

static Job *begin_import(Page *p, const Work *of_page, Error *e) {
  Site *site = p->site;
  const Relation *r = catalogue_relation(site->catalogue, p->parts[0], e);
  if (!r) return NULL;
  Arena *a = arena_new(), *bulk = arena_new();
  Work *w = work_of(p, a, of_page->operation);
  w->sheet = (SheetText){arena_copy(a, of_page->sheet.name), arena_slice(bulk, of_page->sheet.text, of_page->sheet.size), of_page->sheet.size};
  JobAsk ask = {.account = arena_copy(a, p->signin.account), .thing = import_path(a, r), .label = arena_print(a, "%s%s", w->write ? "导入" : "核对要导入的", r->label),
                .unit = "条", .mark = mark_of(w), .lasting = w->write, .writes = true, .run = run_import, .show = show_import, .work = w, .arena = a,
                .bulk = bulk, .bytes = w->sheet.size};
  return page_begin_job(p, ask, e);
}

/* A table too large for the page is still with the job that looked through it. */
static bool take_again(Page *p, const char *key, SheetText *out, Error *e) {
  Jobs *jobs = p->web->jobs;
  Job *job = jobs ? jobs_find(jobs, p->signin.account, key, e) : NULL;
  bool there = job && job->ask.run == run_import && job_look(jobs, job, 0).state == JOB_DONE;
  const Work *from = there ? job->ask.work : NULL;
  if (from && from->sheet.text)
    *out = (SheetText){arena_copy(p->arena, from->sheet.name), arena_slice(p->arena, from->sheet.text, from->sheet.size), from->sheet.size};
  job_release(jobs, job);
  return out->text || fail(e, ERROR_MISSING, "核对过的表格已不在了，请重新选同一份文件。");
}

static bool read_table(Page *p, SheetText *out, Error *e) {
  const char *key = form_text(&p->form, "_job");
  bool again = *key && !form_file(&p->form, "file") && !*form_text(&p->form, "text");
  return again ? take_again(p, key, out, e) : sheet_read(p, out, e);
}

bool import_post(Page *p, Error *e) {
  Error why = {0};
  const Operation *op = operation_find(p->web->operations, "import", e);
  if (!op) return false;
  Work *w = work_of(p, p->arena, op);
  Job *job = read_table(p, &w->sheet, &why) ? begin_import(p, w, &why) : NULL;
  return job ? page_answer_job(p, job, e) : show(p, NULL, w, &why, e);
}
