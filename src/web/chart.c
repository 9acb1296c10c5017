/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The numbers of a picture as its template wants them. Nothing is computed here but lengths: a value is drawn as it
 * was counted, and stands in words beside its mark. */
#include "web/chart.h"

void course_add(Course *c, const char *label, const Mark marks[2], bool open) {
  json_t *row = json_object(), *cells = json_array();
  for (size_t i = 0; i < 2 && c->heads[i]; i++) {
    json_t *cell = json_object();
    view_set(cell, "text", marks[i].text);
    view_set(cell, "exact", marks[i].text ? marks[i].exact : NULL);
    view_set(cell, "href", marks[i].href);
    json_array_append_new(cells, cell);
  }
  view_set(row, "label", label);
  view_flag(row, "open", open);
  json_object_set_new(row, "cells", cells);
  if (!c->rows) c->rows = json_array();
  json_array_append_new(c->rows, row);
}

json_t *course_json(Course *c) {
  json_t *chart = json_object(), *heads = json_array(), *rows = c->rows;
  c->rows = NULL;
  if (json_array_size(rows) < 2) return json_decref(chart), json_decref(heads), json_decref(rows), NULL;
  view_set(chart, "kind", c->line ? "trend" : "bars");
  view_set(chart, "id", c->id);
  view_set(chart, "caption", c->caption);
  view_set(chart, "first", c->first);
  view_set(chart, "level", c->level);
  view_set(chart, "level_name", c->level_name);
  for (size_t i = 0; i < 2 && c->heads[i]; i++) {
    json_t *head = json_object();
    view_set(head, "name", c->heads[i]);
    json_array_append_new(heads, head);
  }
  json_object_set_new(chart, "heads", heads);
  json_object_set_new(chart, "rows", rows);
  return chart;
}

static const char *percent(Arena *a, size_t part, size_t whole) {
  return arena_print(a, "%zu", (part * 200 + whole) / (2 * whole));
}

json_t *duty_course(Page *p, const DutyBoard *b, int64_t org, int year) {
  size_t in_time[13] = {0}, owed[13] = {0}, all_in_time = 0, all = 0;
  Date today = p->session->today;
  Arena *a = p->arena;
  for (size_t i = 0; i < b->org_count * b->duty_count; i++)
    for (size_t k = 0; k < b->cells[i].part_count; k++) {
      const DutyPart *part = &b->cells[i].parts[k];
      bool past = part->state == DUTY_DONE || part->state == DUTY_DONE_LATE || part->state >= DUTY_LATE;
      if (!past || date_year(part->due) != year) continue;
      owed[date_month(part->due)]++;
      in_time[date_month(part->due)] += part->state == DUTY_DONE;
    }
  Course course = {.line = true, .id = "course", .caption = "全年按时率", .first = "月份", .heads = {"按时率"}};
  for (int m = 1; m <= 12; m++) {
    Period month = period_month(year, m);
    if (!owed[m] || month.from > today) continue; /* what is done ahead of a month says nothing about it */
    all_in_time += in_time[m], all += owed[m];
    const char *rate = percent(a, in_time[m], owed[m]);
    Mark mark = {.text = arena_print(a, "%s%%", rate), .exact = rate, .href = view_link(p, "/board", org, month)};
    course_add(&course, arena_print(a, "%d月", m), (Mark[2]){mark}, period_last(month) > today);
  }
  if (all) course.level = percent(a, all_in_time, all), course.level_name = arena_print(a, "全年%s%%", course.level);
  return course_json(&course);
}

/* In tenths of a hundredth of the longest. What no Ratio holds is taken in whole units. */
static int64_t tenths(Ratio length, Ratio longest) {
  Ratio part;
  if (length.num <= 0 || longest.num <= 0) return 0;
  if (ratio_make(longest.den, longest.num, &part) && ratio_multiply(length, part, &part) &&
      ratio_multiply(part, ratio_int(1000), &part))
    return ratio_round(part, 0).mantissa;
  int64_t unit = longest.num / longest.den / 1000;
  return unit ? length.num / length.den / unit : 0;
}

static const char *hundredths(Arena *a, Ratio length, Ratio longest) {
  int64_t t = tenths(length, longest);
  if (t > 1000) t = 1000;
  return arena_print(a, "%lld.%lld", (long long)(t / 10), (long long)(t % 10));
}

json_t *bars_json(Arena *a, const char *caption, const char *note, const Bar *bars, size_t count, const Ratio *line) {
  json_t *out = json_object(), *rows = json_array();
  Ratio longest = line ? *line : ratio_int(0);
  for (size_t i = 0; i < count; i++)
    if (ratio_compare(bars[i].length, longest) > 0) longest = bars[i].length;
  const char *at = line ? hundredths(a, *line, longest) : NULL;
  for (size_t i = 0; i < count; i++) {
    json_t *row = json_object();
    view_set(row, "label", bars[i].label);
    view_set(row, "value", bars[i].text);
    view_set(row, "href", bars[i].href);
    view_set(row, "bar", bars[i].main ? "bar-1" : "bar-3");
    view_set(row, "width", hundredths(a, bars[i].length, longest));
    view_set(row, "line", at);
    json_array_append_new(rows, row);
  }
  view_set(out, "caption", caption);
  view_set(out, "note", note);
  json_object_set_new(out, "rows", rows);
  return out;
}
