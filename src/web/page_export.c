/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What is done with the rows of a list: exported as they are seen (same conditions, same order, same columns), or
 * the ticked ones moved on or voided. Every row is an operation of its own, so that one that cannot be changed keeps
 * none of the others; each has a request id of its own, so that a form sent twice does nothing twice. */
#include <stdlib.h>
#include <string.h>

#include "ledger/export.h"
#include "ledger/record.h"
#include "web/list_rows.h"
#include "web/listing.h"
#include "web/look.h"
#include "web/view.h"

enum { EXPORT_RECORDS = 20000, TOLD_MOST = 20 };

static bool write_body(void *self, const char *bytes, size_t n, Error *e) {
  WebResponse *out = self;
  text_add_n(&out->body, bytes, n);
  return !out->body.full || fail(e, ERROR_LIMIT, "要导出的内容太多，请用条件或日期缩小范围，分几次导出。");
}

/* The ticked rows, whatever else the list was narrowed by. */
static const char *only_these(Page *p, const int64_t *ids, size_t count) {
  TEXT_SCOPE t = text_new(64 * 1024);
  text_add(&t, "id in (");
  for (size_t i = 0; i < count; i++) text_print(&t, "%s%lld", i ? ", " : "", (long long)ids[i]);
  text_add(&t, ")");
  return arena_copy(p->arena, text_get(&t));
}

static void name_attachment(Page *p, const Relation *r, bool json) {
  DateText day;
  p->out->type = json ? "application/json; charset=utf-8" : "text/csv; charset=utf-8";
  p->out->filename = arena_print(p->arena, "%s_%s_%s.%s", r->label, date_iso(p->session->today, day), p->session->actor.account, json ? "json" : "csv");
}

static bool export_these(Page *p, const Relation *r, const int64_t *ids, size_t count, bool json, Error *e) {
  Listing l;
  Issues issues = {.arena = p->arena};
  ExportTally tally;
  int64_t total;
  if (!listing_read(p, &p->query, r, &l, &issues, e)) return issues_fail(&issues, e, "没有导出：");
  ListAsk ask = l.ask;
  ask.limit = ask.offset = 0;
  if (count) ask.where = only_these(p, ids, count);
  if (!list_count_to(p->session, ask, EXPORT_RECORDS, &total, e)) return false;
  if (total > EXPORT_RECORDS)
    return fail(e, ERROR_LIMIT, "要导出的超过%d条，请用条件或日期缩小范围，分几次导出。", EXPORT_RECORDS);
  ExportAsk export = export_ask(r, ask);
  if (l.chosen) export.columns = l.columns, export.column_count = l.column_count;
  bool done = json ? export_json(p->session, export, write_body, p->out, &tally, e)
                   : export_csv(p->session, export, write_body, p->out, &tally, e);
  if (done) name_attachment(p, r, json);
  return done && web_note_export(p, r, tally.records, e);
}

bool ledger_export_csv(Page *p, Error *e) {
  const Relation *r = web_relation(p, p->parts[0], e);
  return r && export_these(p, r, NULL, 0, false, e);
}

bool ledger_export_json(Page *p, Error *e) {
  const Relation *r = web_relation(p, p->parts[0], e);
  return r && export_these(p, r, NULL, 0, true, e);
}

/* ---- ticked rows ---- */

static size_t ticked(Page *p, int64_t ids[LIST_TICKED], Error *e) {
  size_t count = 0;
  for (size_t i = 0; i < p->form.count; i++) {
    const Field *f = &p->form.at[i];
    if (strcmp(f->name, "id") != 0) continue;
    char *end;
    int64_t id = strtoll(f->value, &end, 10);
    if (*end || id <= 0) return fail(e, ERROR_INVALID, "勾选的行认不出来，请刷新列表后再选。"), 0;
    if (count == LIST_TICKED) return fail(e, ERROR_LIMIT, "一次最多处理%d行，请分几次。", LIST_TICKED), 0;
    ids[count++] = id;
  }
  if (!count) fail(e, ERROR_INVALID, "还没有勾选，请先在列表里勾选要处理的行。");
  return count;
}

typedef struct Bulk {
  Page *page;
  const char *relation, *state, *reason; /* state NULL: 作废 */
  json_t *failed;
  size_t done, wrong;
} Bulk;

static void did_not(Bulk *b, int64_t id, const Issues *issues, const Error *e) {
  if (b->wrong++ >= TOLD_MOST) return;
  Page *p = b->page;
  json_t *one = json_object();
  view_set(one, "href", arena_print(p->arena, "/ledgers/%s/%lld", b->relation, (long long)id));
  view_count(one, "id", id);
  view_set(one, "sentence", issues->count ? issues->at[0].sentence : e->sentence);
  json_array_append_new(b->failed, one);
}

static void change_one(Bulk *b, const Operation *op, int64_t id) {
  Page *p = b->page;
  Issues issues = {.arena = p->arena};
  Error e = {0};
  json_t *result = NULL, *input = json_pack("{s:s, s:I}", "ledger", b->relation, "id", (json_int_t)id);
  if (b->state) json_object_set_new(input, "state", json_string(b->state));
  else json_object_set_new(input, "reason", json_string(b->reason));
  const char *request = form_text(&p->form, "_request");
  OperationCall call = {.account = p->machine ? NULL : p->signin.account,
                        .request_id = *request && strlen(request) <= 40 ? arena_print(p->arena, "%s-%lld", request, (long long)id) : NULL};
  if (operation_run(p->site, op, input, call, &result, &issues, &e)) b->done++;
  else did_not(b, id, &issues, &e);
  json_decref(result);
  json_decref(input);
}

/* Titles instead of numbers, once everything is done and there is a snapshot again. */
static void name_failed(Page *p, const Relation *r, json_t *failed) {
  json_t *one;
  size_t i;
  json_array_foreach(failed, i, one) {
    Error ignored = {0};
    Record record;
    int64_t id = json_integer_value(json_object_get(one, "id"));
    const char *title = "这条记录";
    if (gate_row(p->session, r, id, &ignored) && record_load(p->session, r, id, &record, &ignored) && r->title >= 0)
      title = gate_show(p->session, record.row, &r->columns[r->title], record_org(&record), false);
    view_set(one, "title", *title ? title : "这条记录");
  }
}

static json_t *tell(Page *p, const Relation *r, Bulk *b) {
  json_t *told = json_object();
  const State *state = b->state ? relation_state(r, b->state) : NULL;
  const char *way = state ? arena_print(p->arena, "改为“%s”", state->label) : "作废";
  const char *done = b->done ? arena_print(p->arena, "已%s%zu条%s", way, b->done, state ? "" : "，痕迹保留") : "";
  const char *wrong = b->wrong ? arena_print(p->arena, "%s%zu条没有%s，原因列在下面", b->done ? "；" : "", b->wrong, way) : "";
  view_set(told, "sentence", arena_print(p->arena, "%s%s。", done, wrong));
  view_flag(told, "partly", b->wrong > 0);
  name_failed(p, r, b->failed);
  json_object_set(told, "failed", b->failed);
  return told;
}

static const Operation *bulk_operation(Page *p, Bulk *b, Error *e) {
  const char *what = form_text(&p->form, "do");
  if (!strncmp(what, "step:", 5) && what[5]) {
    b->state = what + 5;
    return operation_find(p->web->operations, "record.step", e);
  }
  if (strcmp(what, "void") != 0) return fail(e, ERROR_INVALID, "没有说明要做什么，请按列表下面的按钮。"), NULL;
  b->reason = form_text(&p->form, "reason");
  if (!*b->reason) return fail(e, ERROR_INVALID, "请写明作废原因，再按“作废所选”。"), NULL;
  return operation_find(p->web->operations, "record.void", e);
}

bool ledger_bulk_post(Page *p, Error *e) {
  int64_t ids[LIST_TICKED];
  Error why = {0};
  Bulk b = {.page = p, .failed = json_array()};
  size_t count = ticked(p, ids, &why);
  bool exporting = count && !strcmp(form_text(&p->form, "do"), "export");
  const Operation *op = count && !exporting ? bulk_operation(p, &b, &why) : NULL;
  b.relation = p->parts[0];
  for (size_t i = 0; op && i < count; i++) change_one(&b, op, ids[i]);
  const Relation *r = web_reading(p, e) ? web_relation(p, p->parts[0], e) : NULL;
  bool done = false;
  if (r && exporting) done = export_these(p, r, ids, count, false, e);
  else if (r && op) done = list_show(p, r, tell(p, r, &b), e);
  else if (r) {
    p->out->status = web_status(&why);
    done = list_show(p, r, json_pack("{s:s, s:b}", "sentence", why.sentence, "partly", 1), e);
  }
  json_decref(b.failed);
  return done;
}
