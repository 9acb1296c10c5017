/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Two sheets a run: what it is (small, read for the list) and its text. What is read back is as little trusted as
 * anything from outside: bounds again, a missing member is a run that is not there. */
#include "web/verify_run.h"

#include <string.h>

#include "access/drawer.h"
#include "access/password.h"
#include "base/json.h"
#include "base/utf8.h"

#define KIND "verify"
#define KIND_TEXT "verify-text"

enum { PLACE_NUMBERS = 7 };

static const char *account_of(const Page *p) { return p->signin.account; }

/* ---- to the drawer ---- */

static json_t *text_or_null(const char *s) { return s ? json_string(s) : json_null(); }

static json_t *choices_json(const Run *run) {
  json_t *out = json_array();
  for (size_t i = 0; i < run->choice_count; i++) {
    const RunChoice *c = &run->choices[i];
    json_t *one = json_object();
    json_object_set_new(one, "start", json_integer((json_int_t)c->choice.start));
    json_object_set_new(one, "figure", text_or_null(c->choice.measure));
    json_object_set_new(one, "slice", text_or_null(c->choice.slice));
    json_object_set_new(one, "words", text_or_null(c->words));
    json_object_set_new(one, "label", text_or_null(c->label));
    json_object_set_new(one, "phrase", text_or_null(c->phrase));
    json_array_append_new(out, one);
  }
  return out;
}

static json_t *places_json(const PaperText *paper) {
  json_t *out = json_array();
  for (size_t i = 0; paper->docx && i < paper->count; i++) {
    const PaperParagraph *g = &paper->paragraphs[i];
    const uint32_t numbers[PLACE_NUMBERS] = {g->start, g->end, g->number, g->box, g->table, g->row, g->cell};
    for (size_t k = 0; k < PLACE_NUMBERS; k++) json_array_append_new(out, json_integer(numbers[k]));
  }
  return out;
}

static bool put(Page *p, const char *kind, const char *key, json_t *sheet, Error *e) {
  TEXT_SCOPE text = text_new(8 * 1024 * 1024);
  json_write(sheet, false, &text);
  json_decref(sheet);
  if (text.full || text.length > DRAWER_BYTES)
    return fail(e, ERROR_LIMIT, "稿子太长（文字最多1MB，约30万字），请分几份核对。");
  return drawer_put(p->site, account_of(p), kind, key, text_get(&text), text.length, e);
}

bool run_save(Page *p, Run *run, Error *e) {
  PeriodText period;
  if (!run->key && !(run->key = random_hex(p->arena, 16, e))) return false;
  json_t *text = json_object(), *about = json_object();
  json_object_set_new(text, "text", json_string(run->paper.text));
  json_object_set_new(text, "places", places_json(&run->paper));
  json_object_set_new(about, "title", json_string(run->title));
  json_object_set_new(about, "summary", text_or_null(run->summary));
  json_object_set_new(about, "org", json_integer((json_int_t)run->org));
  json_object_set_new(about, "period", run->given ? json_string(period_text(run->period, period)) : json_null());
  json_object_set_new(about, "file", json_boolean(run->file));
  json_object_set_new(about, "docx", json_boolean(run->paper.docx));
  json_object_set_new(about, "choices", choices_json(run));
  if (!put(p, KIND_TEXT, run->key, text, e)) return json_decref(about), false;
  return put(p, KIND, run->key, about, e);
}

/* ---- from the drawer ---- */

static const char *text_in(Arena *a, const json_t *o, const char *name) {
  const char *s = json_string_value(json_object_get(o, name));
  return s ? arena_copy(a, s) : NULL;
}

static size_t count_in(const json_t *o) { return json_is_integer(o) && json_integer_value(o) >= 0 ? (size_t)json_integer_value(o) : 0; }

static void read_choices(Arena *a, const json_t *from, Run *run) {
  size_t n = json_array_size(from) < RUN_CHOICES ? json_array_size(from) : RUN_CHOICES;
  run->choices = NEW_ARRAY(a, RunChoice, n + 1); /* room for one more */
  for (size_t i = 0; i < n; i++) {
    const json_t *one = json_array_get(from, i);
    run->choices[run->choice_count++] = (RunChoice){
        .choice = {count_in(json_object_get(one, "start")), text_in(a, one, "figure"), text_in(a, one, "slice")},
        .words = text_in(a, one, "words"), .label = text_in(a, one, "label"), .phrase = text_in(a, one, "phrase")};
  }
}

static bool read_about(Page *p, const Sheet *sheet, Run *out, Error *e) {
  Arena *a = p->arena;
  JSON_SCOPE about = json_read(sheet->bytes, sheet->size, DRAWER_BYTES, e);
  if (!about) return false;
  const char *title = text_in(a, about, "title"), *period = json_string_value(json_object_get(about, "period"));
  *out = (Run){.key = arena_copy(a, sheet->key), .title = title ? title : "初稿", .summary = text_in(a, about, "summary"), .made = sheet->at,
               .org = json_integer_value(json_object_get(about, "org")), .given = period != NULL,
               .file = json_is_true(json_object_get(about, "file"))};
  out->paper.docx = json_is_true(json_object_get(about, "docx"));
  read_choices(a, json_object_get(about, "choices"), out);
  return !period || period_read(period, &out->period, e);
}

static void read_places(Arena *a, const json_t *from, PaperText *paper) {
  size_t n = json_array_size(from) / PLACE_NUMBERS;
  PaperParagraph *at = NEW_ARRAY(a, PaperParagraph, n + 1);
  for (size_t i = 0; i < n; i++) {
    uint32_t numbers[PLACE_NUMBERS];
    for (size_t k = 0; k < PLACE_NUMBERS; k++) numbers[k] = (uint32_t)count_in(json_array_get(from, i * PLACE_NUMBERS + k));
    at[i] = (PaperParagraph){.start = numbers[0], .end = numbers[1], .number = numbers[2], .box = numbers[3],
                             .table = numbers[4], .row = numbers[5], .cell = numbers[6]};
  }
  paper->paragraphs = at;
  paper->count = n;
}

static bool missing(Error *e) {
  return fail(e, ERROR_MISSING, "没有这次核对，或已超过%d天。请重新贴稿。", DRAWER_DAYS);
}

bool run_load(Page *p, const char *key, Run *out, Error *e) {
  Sheet about, text;
  Error why = {0};
  if (!drawer_get(p->site, p->arena, account_of(p), KIND, key, &about, &why) ||
      !drawer_get(p->site, p->arena, account_of(p), KIND_TEXT, key, &text, &why))
    return why.kind == ERROR_UNAVAILABLE ? (*e = why, false) : missing(e);
  JSON_SCOPE all = json_read(text.bytes, text.size, DRAWER_BYTES, e);
  if (!all || !read_about(p, &about, out, e)) return false;
  out->paper.text = text_in(p->arena, all, "text");
  if (!out->paper.text) return missing(e);
  read_places(p->arena, json_object_get(all, "places"), &out->paper);
  return true;
}

bool run_list(Page *p, Run **out, size_t *count, Error *e) {
  Sheet *sheets;
  size_t n;
  *count = 0;
  if (!drawer_list(p->site, p->arena, account_of(p), KIND, &sheets, &n, e)) return false;
  *out = NEW_ARRAY(p->arena, Run, n + 1);
  for (size_t i = 0; i < n; i++) {
    Sheet sheet;
    Error gone = {0}; /* between the two looks; or not readable: no reason to hide the others */
    if (drawer_get(p->site, p->arena, account_of(p), KIND, sheets[i].key, &sheet, &gone) && read_about(p, &sheet, &(*out)[*count], &gone))
      (*count)++;
  }
  return true;
}

bool run_drop(Page *p, const char *key, Error *e) {
  return drawer_drop(p->site, account_of(p), KIND, key, e) && drawer_drop(p->site, account_of(p), KIND_TEXT, key, e);
}

/* ---- held against the records ---- */

bool run_check(Page *p, const Run *run, Verification **out, Error *e) {
  Session *s = p->session;
  ClaimChoice *choices = NEW_ARRAY(p->arena, ClaimChoice, run->choice_count + 1);
  for (size_t i = 0; i < run->choice_count; i++) choices[i] = run->choices[i].choice;
  if (s->tree->root && !gate_figure(s, run->org ? run->org : s->tree->root, e)) return false;
  return verify_text_settled(s, run->title, run->paper.text, run->org, run->given ? &run->period : NULL, choices,
                             run->choice_count, out, e);
}

const char *run_path(Page *p, const Run *run, const char *more) {
  return arena_print(p->arena, "/verify/%s%s", run->key, more);
}
