/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The list of evidence is made from the finished text, so that it says where each figure really stands. */
#include "report/evidence.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "report/outline.h"

static const char *ledger_of(const Measure *m) {
  if (!m->set) return ""; /* no longer declared */
  const Relation *from = m->set->from;
  return from->parent ? from->parent->label : from->label;
}

static const char *note_of(Arena *a, const FigureValue *v) {
  const char *first = v->undetermined ? arena_print(a, "待补信息%lld条", (long long)v->undetermined) : NULL;
  if (!v->totals) return first;
  return arena_print(a, "%s%s仅有总数%lld条", first ? first : "", first ? "，" : "", (long long)v->totals);
}

/* As a person would type it: names with blanks in quotes. */
static const char *command_of(Session *s, const Report *r, const Measure *m) {
  PeriodText period;
  const char *org = "";
  if (r->org != s->tree->root)
    org = arena_print(s->arena, " --org '%s'", org_name(s->tree, r->org, period_last(r->period)));
  return arena_print(s->arena, "luoshi rows %s%s --period %s", m->full_name, org, period_text(r->period, period));
}

/* The sentence of `line` around the byte `at`. */
static const char *sentence_of(Arena *a, const char *line, size_t length, size_t at) {
  size_t from = 0, stop = strlen("。");
  for (size_t i = 0; i + stop <= length; i++) {
    if (strncmp(line + i, "。", stop) != 0) continue;
    if (i >= at) return arena_slice(a, line + from, i + stop - from);
    from = i + stop;
  }
  return arena_slice(a, line + from, length - from);
}

Evidence *report_evidence(Session *s, const Report *r) {
  Evidence *out = NEW_ARRAY(s->arena, Evidence, r->figure_count + 1);
  const char *heading = "", *line = r->text;
  size_t point = 0, next = 0;
  while (*line && next < r->figure_count) {
    size_t length = strcspn(line, "\n"), points = 0;
    const char *body, *at = line, *text = arena_slice(s->arena, line, length);
    LineKind kind = line_kind(text, &body);
    if ((kind == LINE_PART || kind == LINE_SECTION) && !strstr(body, "。")) heading = text;
    for (; at < line + length; points++) {
      for (; next < r->figure_count && r->figures[next].start == point + points; next++) {
        const ReportFigure *f = &r->figures[next];
        out[next] = (Evidence){.figure = f,
                               .heading = heading,
                               .sentence = sentence_of(s->arena, line, length, (size_t)(at - line)),
                               .ledger = ledger_of(f->measure),
                               .note = note_of(s->arena, &f->value),
                               .command = command_of(s, r, f->measure)};
      }
      utf8_next(&at);
    }
    point += points + (line[length] != 0);
    line += length + (line[length] != 0);
  }
  return out;
}

void report_evidence_print(Session *s, const Report *r, Text *out) {
  const Evidence *list = report_evidence(s, r);
  const char *heading = "";
  text_add(out, "\n附件：佐证目录\n");
  if (!r->figure_count) text_add(out, "本报告没有数据，也就没有佐证。\n");
  for (size_t i = 0; i < r->figure_count; i++) {
    const Evidence *v = &list[i];
    if (strcmp(heading, v->heading) != 0) text_print(out, "%s\n", v->heading);
    heading = v->heading;
    text_print(out, "  %zu. %s：%s（%s，%lld条%s%s）  %s\n", i + 1, v->figure->measure->label, v->figure->text,
               v->ledger, (long long)v->figure->value.rows, v->note ? "，" : "", v->note ? v->note : "", v->command);
  }
}

json_t *report_json(Session *s, const Report *r) {
  PeriodText period;
  const Evidence *list = report_evidence(s, r);
  json_t *figures = json_array(), *out = json_object();
  for (size_t i = 0; i < r->figure_count; i++) {
    const ReportFigure *f = &r->figures[i];
    json_t *at = json_object();
    json_object_set_new(at, "name", json_string(f->measure->full_name));
    json_object_set_new(at, "label", json_string(f->measure->label));
    json_object_set_new(at, "unit", f->measure->unit ? json_string(f->measure->unit) : json_null());
    json_object_set_new(at, "value", f->value.null ? json_null() : json_string(figure_exact(s->arena, &f->value)));
    json_object_set_new(at, "text", json_string(f->text));
    json_object_set_new(at, "start", json_integer((json_int_t)f->start));
    json_object_set_new(at, "end", json_integer((json_int_t)f->end));
    json_object_set_new(at, "heading", json_string(list[i].heading));
    json_object_set_new(at, "sentence", json_string(list[i].sentence));
    json_object_set_new(at, "ledger", json_string(list[i].ledger));
    json_object_set_new(at, "rows", json_integer(f->value.rows));
    json_object_set_new(at, "undetermined", json_integer(f->value.undetermined));
    json_object_set_new(at, "totals", json_integer(f->value.totals));
    json_object_set_new(at, "command", json_string(list[i].command));
    json_array_append_new(figures, at);
  }
  json_object_set_new(out, "name", json_string(r->name));
  json_object_set_new(out, "title", json_string(r->title));
  json_object_set_new(out, "org", json_string(org_name(s->tree, r->org, period_last(r->period))));
  json_object_set_new(out, "period", json_string(period_text(r->period, period)));
  json_object_set_new(out, "text", json_string(r->text));
  json_object_set_new(out, "figures", figures);
  return out;
}
