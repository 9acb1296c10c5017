/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 核对初稿: a draft is pasted or uploaded, kept as a run of whoever brought it, and worked through on a page of its
 * own (page_verify_run.c). What is refused comes back with the reason beside its field and what was pasted. */
#include <string.h>

#include "access/drawer.h"
#include "access/names.h"
#include "base/utf8.h"
#include "web/verify_run.h"
#include "web/view.h"

/* ---- the form ---- */

static json_t *runs_json(Page *p, const Run *runs, size_t count) {
  json_t *out = json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *one = json_object();
    view_set(one, "title", runs[i].title);
    view_set(one, "summary", runs[i].summary);
    view_set(one, "ago", drawer_ago(p->arena, runs[i].made));
    view_set(one, "href", run_path(p, &runs[i], ""));
    view_set(one, "drop", run_path(p, &runs[i], "/drop"));
    json_array_append_new(out, one);
  }
  return out;
}

/* The sentence beside each field; the summary on top has them all. */
static void add_errors(json_t *context, const Issues *issues) {
  json_t *errors = json_object();
  for (size_t i = 0; issues && i < issues->count; i++)
    if (issues->at[i].field) view_set(errors, issues->at[i].field, issues->at[i].sentence);
  json_object_set_new(context, "errors", errors);
  if (issues && issues->count) json_object_set_new(context, "issues", view_issues(issues));
}

/* A run to begin from: the draft again, to be mended and checked anew. */
static const char *begun(Page *p) {
  Run from;
  Error none = {0};
  const char *key = form_text(&p->query, "from");
  if (!*key || !run_load(p, key, &from, &none) || strlen(from.paper.text) > FORM_VALUE) return NULL;
  return from.paper.text;
}

static void choose_org(json_t *scope, const char *value) {
  size_t i;
  json_t *one;
  json_array_foreach(json_object_get(scope, "orgs"), i, one)
    json_object_set_new(one, "chosen", json_boolean(!strcmp(json_string_value(json_object_get(one, "value")), value)));
}

static bool show(Page *p, const Issues *issues, Error *e) {
  int64_t org;
  Period period;
  Run *runs;
  size_t count;
  bool again = issues != NULL, given = *form_text(again ? &p->form : &p->query, "period");
  if (!web_scope(p, &org, &period, e) || !run_list(p, &runs, &count, e)) return false;
  p->scoped = false; /* it is chosen in the form, where changing it loses nothing */
  json_t *context = json_object(), *scope = view_scope(p, org, period);
  if (again) choose_org(scope, form_text(&p->form, "org"));
  json_object_set_new(context, "choices", scope);
  view_flag(context, "several", json_array_size(json_object_get(scope, "orgs")) > 1);
  view_flag(context, "own_year", !given);
  view_set(context, "text", again ? form_text(&p->form, "text") : begun(p));
  json_object_set_new(context, "runs", runs_json(p, runs, count));
  view_count(context, "days", DRAWER_DAYS);
  add_errors(context, issues);
  return view_page(p, "verify", "核对初稿", context, e);
}

bool verify_form(Page *p, Error *e) { return show(p, NULL, e); }

/* ---- a draft comes in ---- */

/* The file's name, or how the text begins. */
static const char *title_of(Arena *a, const Field *file, const char *text) {
  if (file) return file->filename;
  const char *begin = text + strspn(text, " \t\r\n"), *end = begin;
  while (!strncmp(begin, "　", strlen("　"))) begin = end = begin + strlen("　");
  for (size_t n = 0; n < RUN_TITLE && *end && *end != '\n' && *end != '\r'; n++) utf8_next(&end);
  return *begin ? arena_slice(a, begin, (size_t)(end - begin)) : "初稿";
}

static bool is_blank(const char *s) {
  for (const char *at = s; *at;) {
    uint32_t c = utf8_next(&at);
    if (c > ' ' && c != 0x3000 && c != 0xFEFF) return false;
  }
  return true;
}

static void read_draft(Page *p, Run *run, Issues *issues) {
  const Field *file = form_file(&p->form, "file");
  const char *text = form_text(&p->form, "text"), *field = file ? "file" : "text";
  Error why = {0};
  if (!file && is_blank(text)) {
    issue_add(issues, NULL, "text", "还没有稿子。请把初稿粘贴在这里，或选一个文件。");
    return;
  }
  if (!paper_text(p->arena, file ? file->filename : "粘贴的稿子", file ? file->value : text, file ? file->size : strlen(text), &run->paper, &why)) {
    issue_add(issues, NULL, field, "%s", why.sentence);
    return;
  }
  if (is_blank(run->paper.text)) issue_add(issues, NULL, field, "文件里没有文字，请选有正文的文件，或直接粘贴。");
  run->file = file != NULL;
  run->title = title_of(p->arena, file, run->paper.text);
}

static void read_scope(Page *p, Run *run, Issues *issues) {
  Session *s = p->session;
  Error why = {0};
  const char *org = form_text(&p->form, "org"), *period = form_text(&p->form, "period");
  Period now;
  if (!web_scope(p, &run->org, &now, &why)) issue_add(issues, NULL, "org", "%s", why.sentence);
  p->scoped = false;
  why = (Error){0};
  run->given = *period;
  if (*period && !period_read(period, &run->period, &why)) issue_add(issues, NULL, "period", "%s", why.sentence);
  Date on = *period && !why.kind ? period_last(run->period) : s->today;
  why = (Error){0};
  if (*org && !names_find(s, catalogue_core(s->catalogue, "org"), org, on, &run->org, &why)) issue_add(issues, NULL, "org", "%s", why.sentence);
  else if (s->tree->root && !gate_figure(s, run->org, &why)) issue_add(issues, NULL, "org", "%s", why.sentence);
}

bool verify_post(Page *p, Error *e) {
  Issues issues = {.arena = p->arena};
  Run run = {0};
  Verification *v = NULL;
  Error why = {0};
  if (!web_reading(p, e)) return false;
  read_draft(p, &run, &issues);
  read_scope(p, &run, &issues);
  if (!issues.count) {
    TEXT_SCOPE summary = text_new(1024);
    bool kept = run_check(p, &run, &v, &why);
    if (kept) verification_summary(v, &summary);
    run.summary = text_get(&summary);
    if (!kept || !run_save(p, &run, &why)) {
      if (web_status(&why) >= 500) return *e = why, false;
      issue_add(&issues, NULL, run.file ? "file" : "text", "%s", why.sentence);
    }
  }
  if (!issues.count) return web_redirect(p, run_path(p, &run, ""));
  p->out->status = 400;
  return show(p, &issues, e);
}

bool verify_drop(Page *p, Error *e) { return run_drop(p, p->parts[0], e) && web_redirect(p, "/verify"); }
