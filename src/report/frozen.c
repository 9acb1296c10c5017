/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Freezing a report, and reading what was frozen. A frozen report is composed inside the operation that
 * writes it, so text, values and evidence are of one state, which `revision` names. It is written once:
 * nothing changes or voids it, and the next issue stands beside it. */
#include "report/frozen.h"

#include <string.h>

#include "base/json.h"
#include "ledger/record.h"
#include "report/proof.h"

static const Relation *frozen_relation(const Session *s) { return catalogue_core(s->catalogue, "frozen"); }

/* ---- freezing ---- */

static FigureAsk ask_of(const Report *r, const Measure *m) {
  return (FigureAsk){.measure = m, .org = r->org, .period = r->period, .reporter = r->reporter ? r->reporter : -1};
}

static const char *definition_of(Arena *a, const Measure *m) {
  TEXT_SCOPE out = text_new(64 * 1024);
  figure_definition(m, &out);
  return arena_copy(a, text_get(&out));
}

static void put(Row row, const char *column, Value v) { *row_at(row, column) = v; }

static void put_text(Row row, const char *column, const char *text) {
  if (text && *text) put(row, column, value_text(text));
}

static void put_value(Session *s, Row row, const FigureValue *v) {
  put(row, "rows", value_int(v->rows));
  put(row, "undetermined", value_int(v->undetermined));
  put(row, "totals", value_int(v->totals));
  put(row, "part", value_int(v->part));
  put(row, "whole", value_int(v->whole));
  put_text(row, "unanswered", v->unanswered);
  if (v->null) return;
  put_text(row, "value", figure_exact(s->arena, v));
  put(row, "numerator", value_int(v->exact.num));
  put(row, "denominator", value_int(v->exact.den));
}

/* The fold of the rows is the value: rows that were listed and rows that were counted must agree. */
static bool put_evidence(Session *s, const Report *r, const ReportFigure *f, const Salt *salt, Row row, Error *e) {
  Proofs proofs;
  char root[SEAL_HEX];
  TEXT_SCOPE text = text_new(PROOF_MOST);
  if (!proof_collect(s, ask_of(r, f->measure), salt, &proofs, e) || !proof_root(&proofs, root, e)) return false;
  proof_write(&proofs, &text);
  if (text.full) return fail(e, ERROR_LIMIT, "“%s”的明细太多，不能一起定稿，请缩小时段或组织。", f->measure->label);
  if ((int64_t)proofs.count != f->value.rows + f->value.undetermined)
    return fail(e, ERROR_BUG, "“%s”的明细与数值对不上，没有定稿，请联系维护人员。", f->measure->label);
  put_text(row, "proof", arena_copy(s->arena, root));
  put_text(row, "evidence", arena_copy(s->arena, text_get(&text)));
  put_text(row, "definition", definition_of(s->arena, f->measure));
  return true;
}

static bool put_figures(Session *s, const Report *r, const Salt *salt, Record *record, Error *e) {
  Row *rows = NEW_ARRAY(s->arena, Row, r->figure_count + 1);
  for (size_t i = 0; i < r->figure_count; i++) {
    const ReportFigure *f = &r->figures[i];
    Row row = rows[i] = record_add_line(s, record, record->relation->lines[0]);
    put_text(row, "measure", f->measure->full_name);
    put_text(row, "name", f->measure->label);
    put_text(row, "unit", f->measure->unit);
    put_text(row, "words", f->text);
    put(row, "start", value_int((int64_t)f->start));
    put(row, "stop", value_int((int64_t)f->end));
    put_value(s, row, &f->value);
    if (f->first < i)
      put(row, "proof", *row_at(rows[f->first], "proof"));
    else if (!put_evidence(s, r, f, salt, row, e))
      return false;
  }
  return true;
}

static void add_leaf(json_t *leaf, Row row, const char *column) {
  const Value *v = row_at(row, column);
  if (v->null)
    json_array_append_new(leaf, json_null());
  else
    json_array_append_new(leaf, v->kind == VALUE_INT ? json_integer(v->i) : json_string(v->s));
}

static const char *leaf_of(Arena *a, Row row, const char *const *columns, size_t count) {
  JSON_SCOPE leaf = json_array();
  for (size_t i = 0; i < count; i++) add_leaf(leaf, row, columns[i]);
  TEXT_SCOPE text = text_new(TEXT_CEILING);
  json_write(leaf, false, &text);
  return arena_copy(a, text_get(&text));
}

/* Over the paper and every place of a figure with its own root. */
static bool put_root(Session *s, Record *record, Error *e) {
  static const char *const paper[] = {"report", "period", "issue", "revision", "reported_by", "title", "text"};
  static const char *const place[] = {"measure", "unit",      "start",       "stop", "words", "value",
                                      "numerator", "denominator", "part", "whole", "rows", "undetermined",
                                      "totals", "unanswered", "proof",       "definition"};
  const LineRows *lines = &record->lines[0];
  const char **leaves = NEW_ARRAY(s->arena, const char *, lines->count + 1);
  char root[SEAL_HEX];
  leaves[0] = leaf_of(s->arena, record->row, paper, sizeof paper / sizeof *paper);
  for (size_t i = 0; i < lines->count; i++)
    leaves[i + 1] = leaf_of(s->arena, lines->at[i], place, sizeof place / sizeof *place);
  if (!merkle_root(leaves, lines->count + 1, root, e)) return false;
  put_text(record->row, "root", arena_copy(s->arena, root));
  return true;
}

static bool last_revision(Session *s, int64_t *seq, Error *e) {
  return tx_int(s->tx, "SELECT seq FROM head WHERE area_id = $1", (Value[]){value_int(s->area)}, 1, seq, NULL, e);
}

static bool next_issue(Session *s, const Report *r, int64_t *issue, Error *e) {
  const Relation *f = frozen_relation(s);
  PeriodText period;
  const char *sql = arena_print(s->arena,
                                "SELECT COALESCE(MAX(\"%s\"), 0) FROM \"%s\" WHERE area_id = $1 AND \"%s\" = $2 AND"
                                " \"%s\" = $3 AND \"%s\" = $4",
                                relation_column(f, "issue")->sql, f->table, relation_column(f, "report")->sql,
                                f->columns[f->org].sql, relation_column(f, "period")->sql);
  Value binds[] = {value_int(s->area), value_text(r->name), value_int(r->org), value_text(period_text(r->period, period))};
  if (!tx_int(s->tx, sql, binds, 4, issue, NULL, e)) return false;
  *issue += 1;
  return true;
}

static bool freeze_report(Doing *d, const Report *r, json_t *result, Error *e) {
  Session *s = d->session;
  PeriodText period;
  int64_t revision, issue;
  Salt salt;
  char secret[SEAL_HEX];
  if (!last_revision(s, &revision, e) || !next_issue(s, r, &issue, e) || !random_bytes(&salt, sizeof salt, e))
    return false;
  hex_write(salt.at, SEAL_SIZE, secret);
  Record record = record_new(s, frozen_relation(s));
  Row row = record.row;
  record_settle(&record);
  row.v[row.relation->org] = value_int(r->org);
  row.v[row.relation->date] = value_int(s->today);
  put_text(row, "report", r->name);
  put_text(row, "period", arena_copy(s->arena, period_text(r->period, period)));
  put(row, "issue", value_int(issue));
  put(row, "revision", value_int(revision));
  if (r->reporter) put(row, "reported_by", value_int(r->reporter));
  put_text(row, "title", r->title);
  put_text(row, "text", r->text);
  put_text(row, "salt", arena_copy(s->arena, secret));
  if (!put_figures(s, r, &salt, &record, e) || !put_root(s, &record, e) || !record_put(d, NULL, &record, e)) return false;
  json_object_set_new(result, "id", json_string(arena_print(s->arena, "%lld", (long long)row_id(record.row))));
  json_object_set_new(result, "issue", json_integer(issue));
  json_object_set_new(result, "root", json_string(row_at(record.row, "root")->s));
  return true;
}

static bool freeze(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Value *org_given = row_at(args, "org"), *period_given = row_at(args, "period");
  int64_t org = org_given->null ? s->tree->root : org_given->i;
  Period period = period_year(date_year(s->today));
  Error why = {0};
  if (!org) return fail(e, ERROR_MISSING, "还没有组织，请先建立组织，再定稿。");
  if (!period_given->null && !period_read(period_given->s, &period, &why))
    return issue_add(d->issues, NULL, "period", "%s", why.sentence), false;
  if (!may_or_fail(s, MAY_WRITE, org, e)) return false;
  const Report *r = report_compose(s, row_at(args, "report")->s, org, period, e);
  return r && freeze_report(d, r, result, e);
}

static const Argument freeze_arguments[] = {
    {.name = "report", .label = "报告", .type = TYPE_TEXT, .required = true},
    {.name = "org", .label = "组织", .type = TYPE_REF, .ref = "org"},
    {.name = "period", .label = "时段", .type = TYPE_TEXT},
};
static const Operation freeze_row = {.name = "report.freeze",
                                     .label = "定稿",
                                     .help = "定稿后数字不再随台账变化，补录另列；再定一次是下一稿，先前的都留着",
                                     .arguments = freeze_arguments,
                                     .argument_count = 3,
                                     .right = MAY_WRITE,
                                     .run = freeze};
const Operation *const report_operations[] = {&freeze_row};
const size_t report_operation_count = sizeof report_operations / sizeof *report_operations;

/* ---- reading ---- */

static const char *text_at(Row row, const char *column) {
  const Value *v = row_at(row, column);
  return v->null ? "" : v->s;
}

static int64_t int_at(Row row, const char *column) {
  const Value *v = row_at(row, column);
  return v->null ? 0 : v->i;
}

static bool paper_from(Row row, Frozen *out, Error *e) {
  *out = (Frozen){.id = row_id(row),
                  .org = row.v[row.relation->org].i,
                  .on = (Date)row.v[row.relation->date].i,
                  .reporter = int_at(row, "reported_by"),
                  .issue = (int)int_at(row, "issue"),
                  .revision = int_at(row, "revision"),
                  .report = text_at(row, "report"),
                  .title = text_at(row, "title"),
                  .text = text_at(row, "text"),
                  .root = text_at(row, "root")};
  return period_read(text_at(row, "period"), &out->period, e);
}

static bool same_paper(const Frozen *a, const Frozen *b) {
  return a->org == b->org && !strcmp(a->report, b->report) && a->period.from == b->period.from &&
         a->period.to == b->period.to && a->period.kind == b->period.kind;
}

static bool is_asked(const Session *s, const Frozen *f, const char *report, int64_t org, const Period *period) {
  return (!report || !strcmp(report, f->report)) && (!org || org == f->org) && may(s, MAY_READ, f->org) &&
         (!period || (period->from == f->period.from && period->to == f->period.to && period->kind == f->period.kind));
}

/* Newest first: an id is never smaller than one given before. */
static void turn(Frozen *at, size_t count) {
  for (size_t i = 0; i < count / 2; i++) {
    Frozen other = at[i];
    at[i] = at[count - 1 - i];
    at[count - 1 - i] = other;
  }
  for (size_t i = 0; i < count; i++) {
    at[i].in_force = true;
    for (size_t k = 0; k < i; k++) at[i].in_force = at[i].in_force && !same_paper(&at[k], &at[i]);
  }
}

bool frozen_list(Session *s, const char *report, int64_t org, const Period *period, Frozen **out, size_t *count,
                 Error *e) {
  size_t room = 0;
  *out = NULL;
  *count = 0;
  const Relation *r = frozen_relation(s);
  STMT_SCOPE st = stmt_open(s->tx, row_select_sql(s->arena, r, NULL), (Value[]){value_int(s->area)}, 1, e);
  if (!st) return false;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    ArenaMark mark = arena_mark(s->arena);
    Frozen f;
    if (!paper_from(row_from(s->arena, r, st, 0), &f, e)) return false;
    f.text = "";
    if (is_asked(s, &f, report, org, period))
      *PUSH(s->arena, *out, *count, room) = f;
    else
      arena_back(s->arena, mark);
  }
  turn(*out, *count);
  return step == STEP_DONE;
}

static FigureValue value_of(Row row) {
  FigureValue v = {.rows = int_at(row, "rows"),
                   .undetermined = int_at(row, "undetermined"),
                   .totals = int_at(row, "totals"),
                   .part = int_at(row, "part"),
                   .whole = int_at(row, "whole"),
                   .exact = ratio_int(0)};
  v.null = row_at(row, "numerator")->null || row_at(row, "denominator")->null;
  if (!row_at(row, "unanswered")->null) v.unanswered = text_at(row, "unanswered");
  if (!v.null && !ratio_make(int_at(row, "numerator"), int_at(row, "denominator"), &v.exact)) v.null = true;
  return v;
}

static const Measure *declared(const Catalogue *c, const char *name) {
  for (size_t i = 0; i < c->measure_count; i++)
    if (!strcmp(c->measures[i]->full_name, name)) return c->measures[i];
  return NULL;
}

static void figure_from(Session *s, Row row, Frozen *f, size_t at) {
  FrozenFigure *out = &f->figures[at];
  *out = (FrozenFigure){.name = text_at(row, "measure"),
                        .label = text_at(row, "name"),
                        .unit = row_at(row, "unit")->null ? NULL : text_at(row, "unit"),
                        .definition = text_at(row, "definition"),
                        .measure = declared(s->catalogue, text_at(row, "measure")),
                        .value = value_of(row),
                        .text = text_at(row, "words"),
                        .start = (size_t)int_at(row, "start"),
                        .end = (size_t)int_at(row, "stop"),
                        .root = text_at(row, "proof"),
                        .evidence = text_at(row, "evidence")};
  while (out->first < at && strcmp(f->figures[out->first].name, out->name) != 0) out->first++;
  if (out->first < at) out->definition = f->figures[out->first].definition;
  out->redefined = out->measure && strcmp(definition_of(s->arena, out->measure), out->definition) != 0;
}

Frozen *frozen_load_id(Session *s, int64_t id, Error *e) {
  Record record;
  Frozen *f = NEW(s->arena, Frozen), *all;
  size_t count;
  if (!record_load(s, frozen_relation(s), id, &record, e) || !paper_from(record.row, f, e) ||
      !gate_figure(s, f->org, e))
    return NULL;
  const LineRows *lines = &record.lines[0];
  f->figures = NEW_ARRAY(s->arena, FrozenFigure, lines->count + 1);
  for (; f->figure_count < lines->count; f->figure_count++) figure_from(s, lines->at[f->figure_count], f, f->figure_count);
  if (!frozen_list(s, f->report, f->org, &f->period, &all, &count, e)) return NULL;
  f->in_force = count && all[0].id == f->id;
  return f;
}

Frozen *frozen_load(Session *s, const char *report, int64_t org, Period period, int issue, Error *e) {
  Frozen *all;
  size_t count;
  PeriodText text;
  if (!org) org = s->tree->root;
  if (!gate_figure(s, org, e) || !frozen_list(s, report, org, &period, &all, &count, e)) return NULL;
  for (size_t i = 0; i < count; i++)
    if (!issue || all[i].issue == issue) return frozen_load_id(s, all[i].id, e);
  period_chinese(period, text);
  if (!count)
    fail(e, ERROR_MISSING, "%s%s的报告“%s”还没有定稿，请先定稿。", org_name(s->tree, org, s->today), text, report);
  else
    fail(e, ERROR_MISSING, "报告“%s”没有第%d稿，最新的是第%d稿。", report, issue, all[0].issue);
  return NULL;
}

/* A measure that is no longer declared: its words, and no rows to ask for. */
static const Measure *gone_measure(Arena *a, const FrozenFigure *f) {
  Measure *m = NEW(a, Measure);
  *m = (Measure){.name = f->name, .full_name = f->name, .label = f->label, .unit = f->unit};
  return m;
}

const Report *frozen_report(Session *s, const Frozen *f) {
  Report *r = NEW(s->arena, Report);
  *r = (Report){.name = f->report,
                .title = f->title,
                .org = f->org,
                .period = f->period,
                .reporter = f->reporter,
                .text = f->text,
                .figures = NEW_ARRAY(s->arena, ReportFigure, f->figure_count + 1),
                .figure_count = f->figure_count,
                .frozen = f};
  for (size_t i = 0; i < f->figure_count; i++) {
    const FrozenFigure *g = &f->figures[i];
    r->figures[i] = (ReportFigure){.measure = g->measure      ? g->measure
                                              : g->first < i ? r->figures[g->first].measure
                                                             : gone_measure(s->arena, g),
                                   .value = g->value,
                                   .text = g->text,
                                   .start = g->start,
                                   .end = g->end,
                                   .first = g->first};
  }
  return r;
}
