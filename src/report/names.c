/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tag names against the catalogue. The variants are a closed list, so that a template cannot compute. */
#include "report/names.h"

#include <string.h>

const char *const report_words[] = {"org", "period", "year", "today", "reporter"};
const size_t report_word_count = sizeof report_words / sizeof *report_words;

static const struct {
  const char *name;
  TagVariant variant;
} variants[] = {{"exact", TAG_EXACT}, {"value", TAG_VALUE}, {"label", TAG_LABEL}, {"any", TAG_ANY}, {"rows", TAG_ROWS}};

static bool variant_read(const char *name, Tag *out, Error *e) {
  const char *known[sizeof variants / sizeof *variants];
  for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
    known[i] = variants[i].name;
    if (strcmp(name, known[i]) != 0) continue;
    out->variant = variants[i].variant;
    return true;
  }
  const char *near = nearest(name, known, sizeof known / sizeof *known);
  return fail(e, ERROR_INVALID, "没有“.%s”这种写法%s%s%s，只有 .exact .value .label .any .rows，请改正。", name,
              near ? "，是不是“." : "", near ? near : "", near ? "”" : "");
}

/* The rows of the set itself: its first measure, counted whole. */
static const Measure *set_rows(Arena *a, const Set *set) {
  const Measure *like = &set->measures[0];
  for (size_t i = 0; i < set->measure_count; i++)
    if (set->measures[i].rows == set->from) {
      like = &set->measures[i];
      break;
    }
  Measure *m = NEW(a, Measure);
  *m = (Measure){.name = "rows",
                 .full_name = arena_print(a, "%s.rows", set->name),
                 .label = set->label,
                 .set = set,
                 .rows = set->from,
                 .where_text = set->where_text,
                 .where = set->where,
                 .when = like->when,
                 .on = like->on,
                 .from = like->from,
                 .to = like->to,
                 .org = like->org,
                 .lag = like->lag,
                 .fold = FOLD_COUNT};
  if (like->rows == set->from) return m;
  const Relation *r = set->from;
  m->when = WHEN_EVENT;
  if (r->date >= 0) m->on = (Path){.relation = r, .column = &r->columns[r->date]};
  m->org = r->org >= 0 ? (Path){.relation = r, .column = &r->columns[r->org]} : (Path){0};
  return m;
}

bool tag_read(Arena *a, const Catalogue *c, const char *name, Tag *out, Error *e) {
  *out = (Tag){.variant = TAG_TEXT};
  const char *dot = strchr(name, '.');
  if (!dot) {
    const char *near = nearest(name, report_words, report_word_count);
    return near ? fail(e, ERROR_MISSING, "没有“%s”，是不是“%s”？", name, near)
                : fail(e, ERROR_MISSING, "没有“%s”，指标请写成“集合.指标”。", name);
  }
  out->set = catalogue_set(c, arena_slice(a, name, (size_t)(dot - name)), e);
  if (!out->set) return false;
  if (strcmp(dot + 1, "rows") == 0) {
    if (!out->set->measure_count) return fail(e, ERROR_MISSING, "“%s”没有指标，请先声明指标。", out->set->label);
    out->measure = set_rows(a, out->set);
    out->variant = TAG_ROWS;
    return !out->measure->on.column && !out->measure->from.column
               ? fail(e, ERROR_INVALID, "“%s”的记录没有时间，请改写成“集合.指标.rows”。", out->set->label)
               : true;
  }
  const char *second = strchr(dot + 1, '.');
  const char *full = second ? arena_slice(a, name, (size_t)(second - name)) : name;
  out->measure = catalogue_measure(c, full, e);
  return out->measure && (!second || variant_read(second + 1, out, e));
}
