/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The same records, figures and operations as JSON (docs/api.md), for programs of the office's own. What must stay
 * true: nothing here that the pages do not go through too: the gate and web_do. Shapes are those of docs/json.md; what
 * fails is {"error": {kind, sentence, issues}} with a 4xx. */
#include "web/api.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access/names.h"
#include "base/json.h"
#include "figure/figure.h"
#include "ledger/list.h"
#include "ledger/record.h"
#include "paper/paper.h"
#include "report/report.h"
#include "verify/verify.h"
#include "web/story.h"

enum { API_ROWS = 200 /* of one answer */, API_BODY = 8 * 1024 * 1024 };

bool api_is(const WebRequest *q) { return !strncmp(q->path, "/api/", 5); }

bool api_answer(Page *p, json_t *value) {
  if (!value) return false;
  p->out->type = "application/json; charset=utf-8";
  text_clear(&p->out->body);
  json_write(value, false, &p->out->body);
  json_decref(value);
  return true;
}

static const char *kind_name(ErrorKind kind) {
  switch (kind) {
  case ERROR_INVALID: return "invalid";
  case ERROR_FORBIDDEN: return "forbidden";
  case ERROR_MISSING: return "missing";
  case ERROR_CONFLICT: return "conflict";
  case ERROR_LIMIT: return "limit";
  case ERROR_UNAVAILABLE: return "unavailable";
  case ERROR_UNKNOWN: return "unknown";
  default: return "bug";
  }
}

static json_t *issues_json(const Issues *issues) {
  json_t *out = json_array();
  for (size_t i = 0; issues && i < issues->count; i++) {
    const Issue *at = &issues->at[i];
    json_t *one = json_object();
    json_object_set_new(one, "field", at->field ? json_string(at->field) : json_null());
    json_object_set_new(one, "where", at->where ? json_string(at->where) : json_null());
    json_object_set_new(one, "sentence", json_string(at->sentence));
    json_array_append_new(out, one);
  }
  return out;
}

static bool refuse(Page *p, const Error *e, const Issues *issues) {
  json_t *inner = json_object(), *outer = json_object();
  json_object_set_new(inner, "kind", json_string(kind_name(e->kind)));
  json_object_set_new(inner, "sentence", json_string(*e->sentence ? e->sentence : "出了问题，请稍后再试。"));
  json_object_set_new(inner, "issues", issues_json(issues));
  json_object_set_new(outer, "error", inner);
  if (p->out->status < 400) p->out->status = web_status(e);
  p->out->location = NULL;
  return api_answer(p, outer);
}

void api_error(Page *p, const Error *e) { refuse(p, e, NULL); }

/* ---- what is asked for ---- */

static bool number_of(Page *p, const char *name, int64_t least, int64_t most, int64_t usual, int64_t *out, Error *e) {
  const char *text = form_text(&p->query, name);
  size_t n = strlen(text);
  *out = usual;
  if (!n) return true;
  bool fit = n < 19 && strspn(text, "0123456789") == n;
  if (fit) *out = strtoll(text, NULL, 10);
  if (fit && *out >= least && *out <= most) return true;
  return fail(e, ERROR_INVALID, "“%s”应是%lld到%lld的整数，请改后再试。", name, (long long)least, (long long)most);
}

static bool org_of(Page *p, bool all, int64_t *org, Error *e) {
  Session *s = p->session;
  const char *name = form_text(&p->query, "org");
  *org = all ? 0 : s->actor.grant_count ? s->actor.grants[0].org : s->tree->root;
  return !*name || names_find(s, catalogue_core(s->catalogue, "org"), name, s->today, org, e);
}

static bool period_of(Page *p, Period *out, Error *e) {
  const char *text = form_text(&p->query, "period");
  *out = period_year(date_year(p->session->today));
  return !*text || period_read(text, out, e);
}

bool api_known(Page *p, const char *const *names, size_t count, Error *e) {
  for (size_t i = 0; i < p->query.count; i++) {
    const char *name = p->query.at[i].name;
    bool known = false;
    for (size_t k = 0; k < count; k++) known |= !strcmp(name, names[k]);
    if (known) continue;
    const char *near = nearest(name, names, count);
    return near ? fail(e, ERROR_INVALID, "没有“%s”这个参数，是不是“%s”？", name, near)
                : fail(e, ERROR_INVALID, "没有“%s”这个参数，请删去。", name);
  }
  return true;
}
#define KNOWN(p, e, ...) api_known(p, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), e)

bool api_id(const char *text, int64_t *id, Error *e) {
  size_t n = strlen(text);
  if (!n || n > 18 || strspn(text, "0123456789") != n) return fail(e, ERROR_INVALID, "编号应是一串数字，请核对。");
  *id = strtoll(text, NULL, 10);
  return true;
}

/* ---- relations ---- */

bool api_relations(Page *p, Error *e) {
  const Catalogue *c = p->session->catalogue;
  if (!KNOWN(p, e, "")) return false;
  json_t *all = json_array();
  for (size_t i = 0; i < c->relation_count; i++) {
    const Relation *r = c->relations[i];
    if (r->parent || r->retired || r->hidden) continue;
    json_array_append_new(all, json_pack("{s:s, s:s, s:b, s:b}", "name", r->name, "label", r->label, "core", r->core, "enterable",
                                         record_enterable(r)));
  }
  return api_answer(p, json_pack("{s:o}", "relations", all));
}

/* A page's private items need a reason that is noted (POST /look); here they are told to be there and no more. */
static void veil(json_t *row, const Relation *r) {
  for (size_t i = 0; i < r->column_count; i++) {
    const char *text = r->columns[i].sensitive ? json_string_value(json_object_get(row, r->columns[i].name)) : NULL;
    if (text && strcmp(text, "无权查看") != 0 && strcmp(text, "已按规定清除") != 0) json_object_set_new(row, r->columns[i].name, json_string(VEIL));
  }
}

static void veil_all(json_t *rows, const Relation *r) {
  size_t i;
  json_t *row;
  json_array_foreach(rows, i, row) veil(row, r);
}

static bool add_row(Session *s, const ListRow *row, void *context) {
  const Relation *r = row->row.relation;
  json_t *o = json_object();
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->retired) continue;
    json_object_set_new(o, c->name, row->row.v[i].null ? json_null() : json_string(gate_show(s, row->row, c, row->org, true)));
  }
  json_object_set_new(o, "id", json_string(arena_print(s->arena, "%lld", (long long)row_id(row->row)))); /* of an org too, whose cell is its name */
  veil(o, r);
  json_array_append_new(context, o);
  return true;
}

bool api_list(Page *p, Error *e) {
  Session *s = p->session;
  int64_t total = 0;
  if (!KNOWN(p, e, "where", "q", "org", "period", "order", "limit", "offset", "void")) return false;
  const Relation *r = catalogue_relation(s->catalogue, p->parts[0], e);
  if (!r || r->retired) return r ? fail(e, ERROR_MISSING, "没有台账“%s”，请核对。", p->parts[0]) : false;
  const char *where = form_text(&p->query, "where"), *words = form_text(&p->query, "q"), *order = form_text(&p->query, "order");
  ListAsk ask = {.relation = r, .where = *where ? where : NULL, .search = *words ? words : NULL,
                 .voided = !strcmp(form_text(&p->query, "void"), "true"), .descending = *order == '-'};
  order += *order == '-';
  ask.order = *order ? order : NULL;
  if (!org_of(p, true, &ask.org, e) || !period_of(p, &ask.period, e) || !number_of(p, "limit", 1, API_ROWS, 50, &ask.limit, e) ||
      !number_of(p, "offset", 0, LIST_DEEPEST, 0, &ask.offset, e) || !list_count_to(s, ask, LIST_COUNTED, &total, e))
    return false;
  json_t *rows = json_array();
  if (!list_rows(s, ask, add_row, rows, e)) return json_decref(rows), false;
  bool capped = total > LIST_COUNTED;
  return api_answer(p, json_pack("{s:s, s:s, s:I, s:b, s:o}", "relation", r->name, "label", r->label, "total",
                             (json_int_t)(capped ? LIST_COUNTED : total), "more", capped, "rows", rows));
}

static bool load_one(Page *p, const Relation **r, int64_t *id, Record *out, Error *e) {
  Session *s = p->session;
  if (!KNOWN(p, e, "") || !(*r = catalogue_relation(s->catalogue, p->parts[0], e))) return false;
  if ((*r)->parent || (*r)->retired) return fail(e, ERROR_MISSING, "请给台账名，不是明细。");
  return api_id(p->parts[1], id, e) && gate_row(s, *r, *id, e) && record_load(s, *r, *id, out, e);
}

bool api_get(Page *p, Error *e) {
  Session *s = p->session;
  int64_t id = 0;
  Record record;
  const Relation *r;
  if (!load_one(p, &r, &id, &record, e)) return false;
  json_t *out = record_to_json(s, &record);
  json_object_set_new(out, "id", json_string(arena_print(p->arena, "%lld", (long long)id)));
  veil(out, r);
  for (size_t i = 0; i < r->line_count; i++) veil_all(json_object_get(out, r->lines[i]->own_name), r->lines[i]);
  return api_answer(p, out);
}

static json_t *change_json(Page *p, const StoryChange *change) {
  json_t *o = json_object();
  json_object_set_new(o, "relation", json_string(change->relation->name));
  json_object_set_new(o, "id", json_string(arena_print(p->arena, "%lld", (long long)change->id)));
  json_object_set_new(o, "field", json_string(change->column->name));
  json_object_set_new(o, "label", json_string(change->column->label));
  json_object_set_new(o, "before", *change->before ? json_string(change->before) : json_null());
  json_object_set_new(o, "after", *change->after ? json_string(change->after) : json_null());
  return o;
}

/* Who changed what, newest first: what the page shows, with its private items hidden the same. */
bool api_history(Page *p, Error *e) {
  const Relation *r;
  int64_t id = 0;
  Record record;
  Story story;
  if (!load_one(p, &r, &id, &record, e) || !story_of(p->session, &record, &story, e)) return false;
  json_t *revisions = json_array();
  for (size_t i = 0; i < story.count; i++) {
    const RevisionHeader *h = &story.at[i].header;
    json_t *changes = json_array();
    for (size_t k = 0; k < story.at[i].count; k++) json_array_append_new(changes, change_json(p, &story.at[i].changes[k]));
    json_array_append_new(revisions, json_pack("{s:I, s:s, s:s, s:s, s:s, s:o}", "revision", (json_int_t)h->seq, "at", h->at, "actor", h->actor,
                                               "operation", h->op, "label", operation_label(p->web->operations, h->op), "changes", changes));
  }
  const char *digits = arena_print(p->arena, "%lld", (long long)id);
  return api_answer(p, json_pack("{s:s, s:s, s:b, s:o}", "relation", r->name, "id", digits, "more", story.cut, "revisions", revisions));
}

/* ---- figures, reports, drafts ---- */

bool api_figures(Page *p, Error *e) {
  int64_t org;
  Period period;
  return KNOWN(p, e, "org", "period") && org_of(p, false, &org, e) && period_of(p, &period, e) &&
         api_answer(p, figures_json(p->session, org, period, e));
}

bool api_rows(Page *p, Error *e) {
  FigureAsk ask = {0};
  if (!KNOWN(p, e, "org", "period")) return false;
  ask.measure = catalogue_measure(p->session->catalogue, p->parts[0], e);
  if (!ask.measure || !org_of(p, false, &ask.org, e) || !period_of(p, &ask.period, e)) return false;
  json_t *out = figure_rows_json(p->session, ask, e);
  veil_all(json_object_get(out, "rows"), ask.measure->rows);
  veil_all(json_object_get(out, "undetermined"), ask.measure->rows);
  return api_answer(p, out);
}

bool api_report(Page *p, Error *e) {
  int64_t org;
  Period period;
  if (!KNOWN(p, e, "org", "period") || !org_of(p, false, &org, e) || !period_of(p, &period, e)) return false;
  const Report *report = report_compose(p->session, p->parts[0], org, period, e);
  return report && api_answer(p, report_json(p->session, report));
}

/* The body is the paper itself; whatever is kept of a run is the page's business, here nothing is. */
bool api_verify(Page *p, Error *e) {
  PaperText paper;
  int64_t org = 0;
  Period period;
  Verification *v = NULL;
  const Field *file = form_file(&p->form, "file");
  const char *text = form_text(&p->form, "text");
  if (!file && !*text) return fail(e, ERROR_INVALID, "没有稿子：请把文字放在 text，或把文件放在 file。");
  const char *name = file ? file->filename : "输入";
  if (!paper_text(p->arena, name, file ? file->value : text, file ? file->size : strlen(text), &paper, e)) return false;
  if (!web_reading(p, e)) return false;
  bool given = *form_text(&p->query, "period") != 0;
  if (!KNOWN(p, e, "org", "period") || (p->session->tree->root && !org_of(p, false, &org, e)) || !period_of(p, &period, e) ||
      !verify_text(p->session, name, paper.text, org, given ? &period : NULL, &v, e))
    return false;
  v->paper = &paper;
  return api_answer(p, verification_json(p->session, v));
}

/* ---- operations ---- */

static bool is_json(const char *type) {
  size_t n = strlen("application/json");
  return type && !strncasecmp(type, "application/json", n) && (!type[n] || type[n] == ';' || type[n] == ' ');
}

/* A body of JSON becomes fields of the form, so that its token is looked at where every form's is: "_token" and
 * "_request"; the rest stays in p->json. */
bool api_read(Page *p, Error *e) {
  const WebRequest *q = p->request;
  if (api_body_is_file(q)) return true;
  if (!is_json(q->type)) return form_read_body(p->arena, q->type, q->body, q->body_size, &p->form, e);
  JSON_SCOPE body = json_read(q->body, q->body_size, API_BODY, e);
  if (!body) return false;
  if (!json_is_object(body)) return fail(e, ERROR_INVALID, "内容应是一个 JSON 对象，例如 {\"name\": \"…\"}。");
  static const char *const lifted[] = {"_token", "_request", "text"};
  for (size_t i = 0; i < sizeof lifted / sizeof *lifted; i++) {
    json_t *v = json_object_get(body, lifted[i]);
    if (!json_is_string(v)) continue;
    *PUSH(p->arena, p->form.at, p->form.count, p->form.room) =
        (Field){.name = lifted[i], .value = arena_copy(p->arena, json_string_value(v)), .size = json_string_length(v)};
  }
  json_object_set(p->lent, "body", body);
  return true;
}

bool api_do(Page *p, Error *e) {
  Issues issues = {.arena = p->arena};
  json_t *input = json_object_get(p->lent, "body"), *result = NULL;
  if (!input) {
    p->out->status = 415;
    return fail(e, ERROR_INVALID, "操作的参数要用 application/json 提交，请改后再试。");
  }
  json_object_del(input, "_token");
  json_object_del(input, "_request");
  if (!web_do(p, p->parts[0], input, NULL, &result, &issues, e)) return issues.count ? refuse(p, e, &issues) : false;
  return api_answer(p, result);
}
