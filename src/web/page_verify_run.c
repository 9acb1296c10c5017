/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One run, worked through: the text with its marks, beside it what needs a hand. It is checked anew on every look.
 * What a reader settles is kept in the run; for the whole office only by the operation that remembers words, whose
 * right is checked there too. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "base/json.h"
#include "ledger/record.h"
#include "verify/gap.h"
#include "web/verify_run.h"
#include "web/view.h"

/* What the slots of the body know. */
typedef struct Desk {
  Page *page;
  const Run *run;
  bool may_name;    /* words for the whole office */
  bool primary;     /* the page's one primary button stands already */
} Desk;

/* The office's words are everybody's: only who may write for all of it sets them. */
static bool may_name(const Session *s) { return s->tree->root && may(s, MAY_WRITE, s->tree->root); }

static const Relation *ledger_of(const Measure *m) { return m->rows->parent ? m->rows->parent : m->rows; }

static void add_attribute(Text *out, const char *name, const char *value) {
  text_print(out, " %s=\"", name);
  text_add_html(out, value);
  text_add_char(out, '"');
}

static void figure_address(const FigureAsk *ask, void *context, Text *out) {
  Page *p = ((Desk *)context)->page;
  text_add(out, view_link(p, arena_print(p->arena, "/figures/%s", ask->measure->full_name), ask->org, ask->period));
  if (!ask->slice) return;
  TEXT_SCOPE slice = text_new(4096);
  filter_text(ask->slice, &slice);
  text_print(out, "&slice=%s", url_encode(p->arena, text_get(&slice)));
}

static void claim_place(const Verification *v, size_t at, void *context, Text *out) {
  Desk *d = context;
  (void)v;
  const char *place = d->run->paper.docx ? paper_place(d->page->arena, &d->run->paper, at) : NULL;
  if (place) text_add_html(out, place);
}

/* ---- which reading is meant ---- */

/* Names a candidate whatever its place among the others becomes: measure, or measure/slice. */
static const char *candidate_value(Arena *a, const Candidate *k) {
  return k->slice_label ? arena_print(a, "%s/%s", k->measure->full_name, k->slice_label) : k->measure->full_name;
}

static size_t preselected(const Claim *c) {
  for (size_t i = 0; i < c->candidate_count; i++)
    if (c->candidates[i].asked && c->candidates[i].fit != FIT_NO) return i;
  return c->candidate_count; /* none: the reader looks for themselves */
}

static void candidate_choice(const Verification *v, size_t claim, size_t candidate, void *context, Text *out) {
  Desk *d = context;
  const Claim *c = &v->claims[claim];
  if (c->verdict != VERDICT_AMBIGUOUS) return;
  text_print(out, "<input class=\"form-check-input\" type=\"radio\" name=\"candidate\" form=\"choose-%zu\"", claim + 1);
  add_attribute(out, "value", candidate_value(d->page->arena, &c->candidates[candidate]));
  text_add(out, candidate == preselected(c) ? " required checked>" : " required>");
}

static void open_form(const Desk *d, size_t claim, const Claim *c, Text *out) {
  text_print(out, "<form method=\"post\" id=\"choose-%zu\"", claim + 1);
  add_attribute(out, "action", run_path(d->page, d->run, "/choose"));
  text_add(out, "><input type=\"hidden\" name=\"_token\"");
  add_attribute(out, "value", d->page->signin.csrf);
  text_print(out, "><input type=\"hidden\" name=\"start\" value=\"%zu\">", c->start);
}

static void add_choosing(Desk *d, const Verification *v, size_t claim, Text *out) {
  const Claim *c = &v->claims[claim];
  const char *phrase = claim_phrase(v, c), *look = d->primary ? "btn-plain" : "btn-primary";
  bool office = phrase && d->may_name;
  open_form(d, claim, c, out);
  text_print(out, "<div class=\"actions\"><button class=\"btn %s\" name=\"do\" value=\"%s\">%s</button>", look, office ? "office" : "run",
             office ? "按此口径，下次照此识别" : "按此口径");
  text_add(out, "<button class=\"btn btn-plain\" name=\"do\" value=\"none\" formnovalidate>都不是</button></div><p class=\"note\">");
  if (office) {
    text_add(out, "以后稿子里的“");
    text_add_html(out, phrase);
    text_add(out, "”就指选定的指标，全单位都照此识别。");
  } else {
    text_add(out, phrase ? "您不能为全单位定说法，选定的口径只用于这次核对。" : "这一处没有能记住的说法，选定的口径只用于这次核对。");
  }
  text_add(out, "</p></form>");
  d->primary = true;
}

/* ---- what the ledger has instead ---- */

enum { LAST_ROWS = 3, ROW_COLUMNS = 2, ROWS_READ = 3000 };

typedef struct LastRows {
  Session *session;
  const Measure *measure;
  const char *lines[LAST_ROWS]; /* cells of a row, as HTML; the newest is lines[(seen - 1) % LAST_ROWS] */
  size_t seen;
} LastRows;

static bool is_shown(const Measure *m, const Column *c) {
  bool day = c == m->on.column || c == m->from.column || c == m->to.column;
  return !day && !c->system && !c->retired && c->type != TYPE_PROSE && c->type != TYPE_FILE;
}

static bool keep_row(const FigureRow *row, void *context) {
  LastRows *l = context;
  Session *s = l->session;
  DateText day;
  if (row->undetermined) return false;
  TEXT_SCOPE cells = text_new(8192);
  const Relation *r = row->row.relation;
  const char *path = view_record_path(s->arena, ledger_of(l->measure), row->record);
  text_add(&cells, "<td class=\"short\"><a class=\"figure\"");
  add_attribute(&cells, "href", path);
  text_add_char(&cells, '>');
  text_add_html(&cells, row->date ? date_chinese(row->date, day) : "打开");
  text_add(&cells, "</a></td>");
  for (size_t i = 0, shown = 0; i < r->column_count && shown < ROW_COLUMNS; i++) {
    if (!is_shown(l->measure, &r->columns[i]) || row->row.v[i].null) continue;
    text_add(&cells, "<td>");
    text_add_html(&cells, figure_cell(s, row, &r->columns[i], false));
    text_add(&cells, "</td>");
    shown++;
  }
  text_add(&cells, "<td class=\"number short\">");
  text_add_html(&cells, row->counted ? row->contribution : "—");
  text_add(&cells, "</td>");
  l->lines[l->seen++ % LAST_ROWS] = arena_copy(s->arena, text_get(&cells));
  return true;
}

/* The newest rows first: what is missing is most often the last. */
static void add_last_rows(Session *s, const Candidate *k, Text *out) {
  LastRows l = {.session = s, .measure = k->measure};
  Error ignored = {0};
  FigureAsk ask = {.measure = k->measure, .slice = k->slice, .org = k->org, .period = k->period};
  if (!k->value.rows || k->value.rows > ROWS_READ || !figure_rows(s, ask, keep_row, &l, &ignored)) return;
  text_print(out, "<table><caption class=\"hidden\">最近%zu条</caption>", l.seen < LAST_ROWS ? l.seen : (size_t)LAST_ROWS);
  for (size_t i = 0; i < LAST_ROWS && i < l.seen; i++) text_print(out, "<tr>%s</tr>", l.lines[(l.seen - 1 - i) % LAST_ROWS]);
  text_add(out, "</table>");
}

/* The form of a new record with what the claim is about filled in. */
static const char *new_path(Page *p, const Relation *r, int64_t org, Period period) {
  Session *s = p->session;
  DateText day;
  Date last = period_last(period);
  const char *name = names_exact(s, catalogue_core(s->catalogue, "org"), org, last);
  const char *path = arena_print(p->arena, "/ledgers/%s/new?org=%s", r->name, url_encode(p->arena, name));
  return last < s->today ? arena_print(p->arena, "%s&date=%s", path, date_iso(last, day)) : path;
}

static void add_rows_link(Desk *d, const Candidate *k, Text *out) {
  TEXT_SCOPE address = text_new(8192);
  FigureAsk ask = {.measure = k->measure, .slice = k->slice, .org = k->org, .period = k->period};
  figure_address(&ask, d, &address);
  text_add(out, "<a class=\"btn btn-plain btn-sm\"");
  add_attribute(out, "href", text_get(&address));
  text_print(out, ">查看明细（%lld条）</a>", (long long)k->value.rows);
}

static void add_mending(Desk *d, const Candidate *k, Text *out) {
  Page *p = d->page;
  const Relation *r = ledger_of(k->measure);
  add_last_rows(p->session, k, out);
  text_add(out, "<div class=\"actions\">");
  add_rows_link(d, k, out);
  if (record_enterable(r) && may(p->session, r->core ? MAY_MANAGE_PEOPLE : MAY_WRITE, k->org)) {
    text_add(out, "<a class=\"btn btn-plain btn-sm\"");
    add_attribute(out, "href", new_path(p, r, k->org, k->period));
    text_add(out, ">补登台账</a>");
  }
  if (!k->value.null && !k->value.unanswered) {
    text_add(out, "<button class=\"btn btn-plain btn-sm\" type=\"button\" hidden");
    add_attribute(out, "data-copy", exact_text(p->arena, k->measure, &k->value));
    text_add(out, " data-copied=\"已复制台账数，可以粘贴到稿子里。\">复制台账数</button>");
  }
  text_add(out, "</div>");
}

static void claim_actions(const Verification *v, size_t claim, void *context, Text *out) {
  const Claim *c = &v->claims[claim];
  if (c->verdict == VERDICT_AMBIGUOUS && c->candidate_count) add_choosing(context, v, claim, out);
  else if (c->verdict == VERDICT_CONTRADICTED && c->candidate_count && c->candidates[0].asked) add_mending(context, &c->candidates[0], out);
}

/* ---- the page ---- */

static json_t *chosen_json(Page *p, const Run *run, const Verification *v) {
  json_t *out = json_array();
  for (size_t i = 0; i < run->choice_count; i++) {
    const RunChoice *c = &run->choices[i];
    json_t *one = json_object();
    view_set(one, "words", c->words);
    view_set(one, "label", c->choice.measure ? c->label : NULL);
    view_set(one, "phrase", c->phrase);
    view_set(one, "start", arena_print(p->arena, "%zu", c->choice.start));
    view_set(one, "mark", NULL);
    for (size_t k = 0; k < v->claim_count; k++)
      if (v->claims[k].start == c->choice.start) view_set(one, "mark", arena_print(p->arena, "#claim-%zu", k + 1));
    json_array_append_new(out, one);
  }
  return out;
}

static const char *kind_of(const Page *p) {
  static const char *const kinds[] = {"ok", "note", "not", "ask", "gap", "none", "plan"};
  const char *asked = form_text(&p->query, "kind");
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (!strcmp(asked, kinds[i])) return kinds[i];
  return NULL;
}

static bool load(Page *p, Run *run, Verification **v, Error *e) {
  return run_load(p, p->parts[0], run, e) && run_check(p, run, v, e);
}

bool verify_page(Page *p, Error *e) {
  Run run;
  Verification *v;
  PeriodText period;
  Session *s = p->session;
  if (!load(p, &run, &v, e) || !verification_ask(s, v, e)) return false;
  Desk desk = {.page = p, .run = &run, .may_name = may_name(s)};
  bool gaps = v->gaps && v->gaps->count;
  const VerifyBody body = {.links = {figure_address, &desk}, .fold = true, .kind = kind_of(p), .gaps = run_path(p, &run, "/gaps"),
                           .choice = candidate_choice, .actions = claim_actions, .place = claim_place};
  TEXT_SCOPE paper = text_new(TEXT_CEILING);
  if (!verification_html_body(s, v, &body, &paper, e)) return false;
  json_t *context = json_object();
  view_set(context, "title", run.title);
  view_set(context, "path", run_path(p, &run, ""));
  view_set(context, "again", strlen(run.paper.text) <= FORM_VALUE ? arena_print(p->arena, "/verify?from=%s", run.key) : NULL);
  view_set(context, "org", org_name(s->tree, v->org, period_last(v->period)));
  view_set(context, "period", period_chinese(v->period, period));
  view_set(context, "gaps", gaps ? body.gaps : NULL);
  view_count(context, "missing", (int64_t)verification_tally(v).no_records);
  view_count(context, "ledgers", gaps ? (int64_t)v->gaps->count : 0);
  view_flag(context, "nothing", !v->claim_count && !v->statement_count);
  json_object_set_new(context, "chosen", chosen_json(p, &run, v));
  view_set(context, "paper", text_get(&paper));
  return view_page(p, "verify_run", run.title, context, e);
}

/* ---- taken away ---- */

static const char *result_name(Page *p, const Run *run, const char *ending) {
  size_t n = strlen(run->title);
  const char *dot = strrchr(run->title, '.');
  if (run->file && dot && dot > run->title) n = (size_t)(dot - run->title);
  return arena_print(p->arena, "%s_核对结果.%s", arena_slice(p->arena, run->title, n), ending);
}

bool verify_result_html(Page *p, Error *e) {
  Run run;
  Verification *v;
  if (!load(p, &run, &v, e)) return false;
  p->out->filename = result_name(p, &run, "html");
  return verification_html(p->session, v, &p->out->body, e);
}

bool verify_result_json(Page *p, Error *e) {
  Run run;
  Verification *v;
  if (!load(p, &run, &v, e)) return false;
  JSON_SCOPE json = verification_json(p->session, v);
  p->out->type = "application/json; charset=utf-8";
  p->out->filename = result_name(p, &run, "json");
  json_write(json, true, &p->out->body);
  return true;
}

/* ---- a choice ---- */

static void forget(Run *run, size_t start) {
  size_t kept = 0;
  for (size_t i = 0; i < run->choice_count; i++)
    if (run->choices[i].choice.start != start) run->choices[kept++] = run->choices[i];
  run->choice_count = kept;
}

/* The claim at `start` and the candidate chosen of it, copied out of the session's arena. */
static bool find_choice(Page *p, const Verification *v, size_t start, bool none, RunChoice *out, size_t *number, Error *e) {
  Arena *a = p->arena;
  const char *value = form_text(&p->form, "candidate");
  for (size_t i = 0; i < v->claim_count; i++) {
    const Claim *c = &v->claims[i];
    if (c->start != start || c->role != ROLE_CLAIM) continue;
    const char *phrase = claim_phrase(v, c);
    *number = i + 1;
    *out = (RunChoice){.choice = {.start = start}, .words = arena_copy(a, c->text), .phrase = phrase ? arena_copy(a, phrase) : NULL};
    if (none) return true;
    for (size_t k = 0; k < c->candidate_count; k++) {
      const Candidate *one = &c->candidates[k];
      if (strcmp(candidate_value(a, one), value) != 0) continue;
      out->choice.measure = arena_copy(a, one->measure->full_name);
      out->choice.slice = one->slice_label ? arena_copy(a, one->slice_label) : NULL;
      out->label = arena_copy(a, candidate_name(a, one));
      return true;
    }
    return fail(e, ERROR_INVALID, "还没有选口径，请先选一项，或按“都不是”。");
  }
  return fail(e, ERROR_INVALID, "稿子里没有这一处，请回到核对页面再选。");
}

static bool remember(Page *p, const RunChoice *choice, Error *e) {
  Issues issues = {.arena = p->arena};
  json_t *result = NULL, *input = json_pack("{s:s, s:s}", "phrase", choice->phrase, "measure", choice->choice.measure);
  bool done = web_do(p, "alias.set", input, NULL, &result, &issues, e);
  json_decref(input);
  json_decref(result);
  return done || (issues.count && issues_fail(&issues, e, "说法没有记住："));
}

static size_t number_in(const char *s) {
  char *end;
  unsigned long long n = strtoull(s, &end, 10);
  return *s >= '0' && *s <= '9' && !*end && n <= VERIFY_LIMIT ? (size_t)n : (size_t)VERIFY_LIMIT + 1;
}

bool verify_choose(Page *p, Error *e) {
  Run run = {0};
  Verification *v = NULL;
  RunChoice choice = {0};
  const char *what = form_text(&p->form, "do");
  size_t start = number_in(form_text(&p->form, "start")), number = 0;
  if (!run_load(p, p->parts[0], &run, e)) return false;
  if (!strcmp(what, "undo")) {
    forget(&run, start);
    return run_save(p, &run, e) && web_redirect(p, run_path(p, &run, ""));
  }
  if (!web_reading(p, e) || !run_check(p, &run, &v, e) || !find_choice(p, v, start, !strcmp(what, "none"), &choice, &number, e)) return false;
  bool office = !strcmp(what, "office") && choice.phrase && may_name(p->session);
  session_close(p->session); /* an operation opens its own */
  p->session = NULL;
  if (office && !remember(p, &choice, e)) return false;
  if (!office) choice.phrase = NULL;
  forget(&run, start);
  if (run.choice_count >= RUN_CHOICES) return fail(e, ERROR_LIMIT, "这份稿子里定过的口径太多，请先撤回一些。");
  run.choices[run.choice_count++] = choice; /* run_load leaves room for one */
  return run_save(p, &run, e) && web_redirect(p, run_path(p, &run, arena_print(p->arena, "#claim-%zu", number)));
}
