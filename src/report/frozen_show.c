/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A frozen report and what came after it, as text, JSON and pages. The late entries stand apart from the
 * text, never in it. */
#include "report/frozen.h"

#include <string.h>

#include "base/json.h"
#include "report/page.h"

static size_t late_total(const FrozenChange *changes, size_t count) {
  size_t n = 0;
  for (size_t i = 0; i < count; i++) n += changes[i].late_count;
  return n;
}

static size_t moved(const FrozenChange *changes, size_t count) {
  size_t n = 0;
  for (size_t i = 0; i < count; i++) n += changes[i].figure->measure && !changes[i].same;
  return n;
}

static bool worth_telling(const FrozenChange *c) {
  return c->late_count || !c->figure->measure || c->figure->redefined || !c->same;
}

/* 定稿63人次，今天64人次 */
static const char *both_values(Arena *a, const FrozenChange *c) {
  const FrozenFigure *f = c->figure;
  const char *unit = f->unit ? f->unit : "";
  if (!f->measure) return arena_print(a, "定稿%s，现已没有这项指标", f->text);
  const char *then = f->value.null ? "无" : arena_print(a, "%s%s", figure_exact(a, &f->value), unit);
  const char *now = c->today.null ? c->text : arena_print(a, "%s%s", figure_exact(a, &c->today), unit);
  return arena_print(a, "定稿%s，今天%s%s%s", then, now, c->same ? "，未变" : "", f->redefined ? "（口径已改）" : "");
}

static const char *what_changed(Arena *a, const Late *l) {
  if (!*l->before && !*l->after) return "";
  if (!strcmp(l->before, l->after)) return arena_print(a, "计入不变（%s）", l->after);
  if (!*l->before) return arena_print(a, "计入%s", l->after);
  if (!*l->after) return arena_print(a, "原计入%s", l->before);
  return arena_print(a, "%s → %s", l->before, l->after);
}

static const char *whence(Arena *a, const Late *l) {
  if (!l->revision) return "相关信息有变动";
  return arena_print(a, "%s，%s，记录链第%lld号", l->day, l->account, (long long)l->revision);
}

static const char *ledger_of(const Late *l) { return l->relation->parent ? l->relation->parent->label : l->relation->label; }

/* ---- text ---- */

static void print_late(Session *s, const Late *l, Text *out) {
  DateText date;
  text_print(out, "    %s  %s编号%lld", late_words(l->kind), ledger_of(l), (long long)l->record);
  if (l->date) text_print(out, "  %s", date_chinese(l->date, date));
  if (*l->org) text_print(out, "  %s", l->org);
  if (*l->title) text_print(out, "  %s", l->title);
  const char *what = what_changed(s->arena, l);
  if (*what) text_print(out, "  %s", what);
  text_print(out, "  （%s）", whence(s->arena, l));
  if (l->reason) text_print(out, "  作废原因：%s", l->reason);
  text_add_char(out, '\n');
}

void frozen_print(Session *s, const Frozen *f, const FrozenChange *changes, size_t count, Text *out) {
  DateText date;
  size_t told = 0;
  text_add(out, f->text);
  text_print(out, "\n第%d稿%s，%s定稿，据记录链第%lld号。定稿后数字不再随台账变化，补录另列。\n", f->issue,
             f->in_force ? "" : "（已有新稿）", date_chinese(f->on, date), (long long)f->revision);
  text_print(out, "佐证根：%s\n", f->root);
  for (size_t i = 0; i < count; i++) {
    const FrozenChange *c = &changes[i];
    if (!worth_telling(c)) continue;
    if (!told++) text_add(out, "\n补录另列：\n");
    text_print(out, "  %s：%s\n", c->figure->label, both_values(s->arena, c));
    for (size_t k = 0; k < c->late_count; k++) print_late(s, &c->late[k], out);
  }
  if (!told) text_add(out, "\n定稿以后，这些数据背后的台账没有变化。\n");
}

void beside_print(Session *s, const Beside *b, Text *out) {
  PeriodText now, last;
  text_print(out, "%s  %s与%s\n", b->report->title, period_chinese(b->report->period, now), period_chinese(b->last_period, last));
  if (b->last) text_print(out, "上年按第%d稿的数。\n", b->last->issue);
  if (!b->row_count) text_add(out, "本报告没有数据，没有可比的。\n");
  for (size_t i = 0; i < b->row_count; i++) {
    const BesideRow *r = &b->rows[i];
    text_print(out, "  %s：%s，上年%s%s", r->measure->label, r->now_text, r->last_text,
               b->last && !r->from_frozen ? "（今天算的）" : "");
    if (r->difference) text_print(out, "，%s", r->difference_text);
    text_add_char(out, '\n');
  }
  (void)s;
}

/* ---- JSON ---- */

static json_t *exact_json(Session *s, const FigureValue *v) {
  return v->null ? json_null() : json_string(figure_exact(s->arena, v));
}

static json_t *figure_json(Session *s, const FrozenFigure *f) {
  json_t *at = json_object();
  json_object_set_new(at, "name", json_string(f->name));
  json_object_set_new(at, "label", json_string(f->label));
  json_object_set_new(at, "unit", f->unit ? json_string(f->unit) : json_null());
  json_object_set_new(at, "value", exact_json(s, &f->value));
  json_object_set_new(at, "text", json_string(f->text));
  json_object_set_new(at, "start", json_integer((json_int_t)f->start));
  json_object_set_new(at, "end", json_integer((json_int_t)f->end));
  json_object_set_new(at, "rows", json_integer(f->value.rows));
  json_object_set_new(at, "undetermined", json_integer(f->value.undetermined));
  json_object_set_new(at, "totals", json_integer(f->value.totals));
  json_object_set_new(at, "root", json_string(f->root));
  return at;
}

static json_t *late_json(Session *s, const Late *l) {
  static const char *const kinds[] = {"came", "counted", "changed", "left"};
  DateText date;
  json_t *at = json_object();
  json_object_set_new(at, "kind", json_string(kinds[l->kind]));
  json_object_set_new(at, "relation", json_string(l->relation->name));
  json_object_set_new(at, "id", json_string(arena_print(s->arena, "%lld", (long long)l->id)));
  json_object_set_new(at, "record", json_string(arena_print(s->arena, "%lld", (long long)l->record)));
  json_object_set_new(at, "date", l->date ? json_string(date_iso(l->date, date)) : json_null());
  json_object_set_new(at, "org", json_string(l->org));
  json_object_set_new(at, "title", json_string(l->title));
  json_object_set_new(at, "before", json_string(l->before));
  json_object_set_new(at, "after", json_string(l->after));
  json_object_set_new(at, "revision", l->revision ? json_integer(l->revision) : json_null());
  json_object_set_new(at, "at", json_string(l->at));
  json_object_set_new(at, "account", json_string(l->account));
  json_object_set_new(at, "operation", json_string(l->operation));
  json_object_set_new(at, "reason", l->reason ? json_string(l->reason) : json_null());
  return at;
}

static json_t *change_json(Session *s, const FrozenChange *c) {
  json_t *at = json_object(), *late = json_array();
  bool known = c->figure->measure != NULL;
  json_object_set_new(at, "name", json_string(c->figure->name));
  json_object_set_new(at, "frozen", exact_json(s, &c->figure->value));
  json_object_set_new(at, "today", known ? exact_json(s, &c->today) : json_null());
  json_object_set_new(at, "text", json_string(c->text));
  json_object_set_new(at, "same", json_boolean(c->same));
  json_object_set_new(at, "declared", json_string(!known ? "gone" : c->figure->redefined ? "otherwise" : "same"));
  for (size_t i = 0; i < c->late_count; i++) json_array_append_new(late, late_json(s, &c->late[i]));
  json_object_set_new(at, "entries", late);
  return at;
}

json_t *frozen_json(Session *s, const Frozen *f, const FrozenChange *changes, size_t count) {
  PeriodText period;
  DateText date;
  json_t *out = json_object(), *figures = json_array(), *after = json_array();
  json_object_set_new(out, "id", json_string(arena_print(s->arena, "%lld", (long long)f->id)));
  json_object_set_new(out, "name", json_string(f->report));
  json_object_set_new(out, "title", json_string(f->title));
  json_object_set_new(out, "org", json_string(org_name(s->tree, f->org, period_last(f->period))));
  json_object_set_new(out, "period", json_string(period_text(f->period, period)));
  json_object_set_new(out, "issue", json_integer(f->issue));
  json_object_set_new(out, "in_force", json_boolean(f->in_force));
  json_object_set_new(out, "frozen_on", json_string(date_iso(f->on, date)));
  json_object_set_new(out, "revision", json_integer(f->revision));
  json_object_set_new(out, "root", json_string(f->root));
  json_object_set_new(out, "text", json_string(f->text));
  for (size_t i = 0; i < f->figure_count; i++) json_array_append_new(figures, figure_json(s, &f->figures[i]));
  for (size_t i = 0; i < count; i++) json_array_append_new(after, change_json(s, &changes[i]));
  json_object_set_new(out, "figures", figures);
  json_object_set_new(out, "changes", after);
  return out;
}

json_t *beside_json(Session *s, const Beside *b) {
  PeriodText period;
  json_t *out = json_object(), *rows = json_array();
  json_object_set_new(out, "name", json_string(b->report->name));
  json_object_set_new(out, "org", json_string(org_name(s->tree, b->report->org, period_last(b->report->period))));
  json_object_set_new(out, "period", json_string(period_text(b->report->period, period)));
  json_object_set_new(out, "last_period", json_string(period_text(b->last_period, period)));
  json_object_set_new(out, "last_issue", b->last ? json_integer(b->last->issue) : json_null());
  for (size_t i = 0; i < b->row_count; i++) {
    const BesideRow *r = &b->rows[i];
    NumberText text;
    json_t *at = json_object();
    json_object_set_new(at, "name", json_string(r->measure->full_name));
    json_object_set_new(at, "label", json_string(r->measure->label));
    json_object_set_new(at, "unit", r->measure->unit ? json_string(r->measure->unit) : json_null());
    json_object_set_new(at, "this", exact_json(s, &r->now));
    json_object_set_new(at, "last", r->last_null ? json_null() : json_string(ratio_text(r->last, text)));
    json_object_set_new(at, "difference", r->difference ? json_string(r->difference) : json_null());
    json_object_set_new(at, "this_text", json_string(r->now_text));
    json_object_set_new(at, "last_text", json_string(r->last_text));
    json_object_set_new(at, "difference_text", r->difference_text ? json_string(r->difference_text) : json_null());
    json_object_set_new(at, "from_frozen", json_boolean(r->from_frozen));
    json_array_append_new(rows, at);
  }
  json_object_set_new(out, "rows", rows);
  return out;
}

/* ---- pages ---- */

static void add_row(Session *s, const Late *l, Text *out) {
  DateText date;
  text_print(out, "<tr><td class=\"short kind\">%s</td>", late_words(l->kind));
  page_words("td class=\"short\"", arena_print(s->arena, "%s %lld", ledger_of(l), (long long)l->record), out);
  page_words("td class=\"short\"", l->date ? date_chinese(l->date, date) : "", out);
  page_words("td", l->org, out);
  page_words("td", l->title, out);
  page_words("td class=\"short\"", what_changed(s->arena, l), out);
  text_add(out, "<td>");
  text_add_html(out, whence(s->arena, l));
  if (l->reason) {
    text_add(out, "<br>作废原因：");
    text_add_html(out, l->reason);
  }
  text_add(out, "</td></tr>\n");
}

static void add_change(Session *s, const FrozenChange *c, Text *out) {
  text_add(out, "<h3>");
  text_add_html(out, c->figure->label);
  text_add(out, "：");
  text_add_html(out, both_values(s->arena, c));
  text_add(out, "</h3>\n");
  if (!c->late_count) return;
  text_add(out, "<div class=\"wide\"><table><thead><tr><th>情况</th><th>台账、编号</th><th>日期</th><th>组织</th><th>名称</th>"
                "<th>计入</th><th>何时、何人</th></tr></thead><tbody>\n");
  for (size_t k = 0; k < c->late_count; k++) add_row(s, &c->late[k], out);
  text_add(out, "</tbody></table></div>\n");
}

void frozen_late_html(Session *s, const FrozenChange *changes, size_t count, Text *out) {
  size_t told = 0;
  text_add(out, "<section class=\"late\" id=\"late\">\n<h2>补录另列</h2>\n<p class=\"note\">定稿后数字不再随台账变化，补录另列。");
  if (late_total(changes, count))
    text_print(out, "定稿以后有<b>%zu</b>条记录补录、改动或不再计入，<b>%zu</b>项数据与今天不同。", late_total(changes, count),
               moved(changes, count));
  text_add(out, "</p>\n");
  for (size_t i = 0; i < count; i++) {
    if (!worth_telling(&changes[i])) continue;
    told++;
    add_change(s, &changes[i], out);
  }
  if (!told) text_add(out, "<p>定稿以后，这些数据背后的台账没有变化。</p>\n");
  text_add(out, "</section>\n");
}

bool frozen_html(Session *s, const Frozen *f, const FrozenChange *changes, size_t count, Text *out, Error *e) {
  const Report *r = frozen_report(s, f);
  page_open(r->title, "report", out);
  if (!report_html_alone(s, r, out, e)) return false;
  text_add(out, "<div class=\"all\">\n");
  frozen_late_html(s, changes, count, out);
  text_add(out, "</div>\n");
  page_close(out);
  return out->full ? fail(e, ERROR_LIMIT, "网页太大，请改用文本格式，或缩小取数范围。") : true;
}
