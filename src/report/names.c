/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tag names against the catalogue. The variants are a closed list, so that a template cannot compute. */
#include "report/names.h"

#include <string.h>

const char *const report_words[] = {"org",       "period",   "term",  "year",    "last_year",
                                    "next_year", "reporter", "today", "records", "next"};
const size_t report_word_count = sizeof report_words / sizeof *report_words;

static const struct {
  const char *name;
  TagVariant variant;
} variants[] = {{"exact", TAG_EXACT}, {"value", TAG_VALUE}, {"label", TAG_LABEL},
                {"any", TAG_ANY},     {"many", TAG_MANY},   {"all", TAG_ALL},
                {"short", TAG_SHORT}, {"rows", TAG_ROWS},   {"latest", TAG_LATEST}};

static bool variant_read(const char *name, TagVariant *out, Error *e) {
  const char *known[sizeof variants / sizeof *variants];
  for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
    known[i] = variants[i].name;
    if (strcmp(name, known[i]) != 0) continue;
    *out = variants[i].variant;
    return true;
  }
  const char *near = nearest(name, known, sizeof known / sizeof *known);
  return fail(e, ERROR_INVALID,
              "没有“.%s”这种写法%s%s%s，只有 .exact .value .label .any .many .all .short .rows .latest，请改正。", name,
              near ? "，是不是“." : "", near ? near : "", near ? "”" : "");
}

static bool is_rows(TagVariant v) { return v == TAG_ROWS || v == TAG_LATEST; }

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

/* What follows rows or latest: how many. */
static bool most_read(const char *text, Tag *out, Error *e) {
  enum { MOST = 1000 };
  for (const char *d = text; *d >= '0' && *d <= '9' && out->most <= MOST; d++)
    out->most = out->most * 10 + (size_t)(*d - '0');
  if (out->most && out->most <= MOST && text[strspn(text, "0123456789")] == 0) return true;
  return fail(e, ERROR_INVALID, "“.%s”应是列举的条数，1至%d，请改正。", text, MOST);
}

static bool set_tag(Arena *a, const char *part, const char *rest, Tag *out, Error *e) {
  if (!variant_read(part, &out->variant, e)) return false;
  if (!out->set->measure_count) return fail(e, ERROR_MISSING, "“%s”没有指标，请先声明指标。", out->set->label);
  out->measure = set_rows(a, out->set);
  if (!out->measure->on.column && !out->measure->from.column)
    return fail(e, ERROR_INVALID, "“%s”的记录没有时间，请改写成“集合.指标.rows”。", out->set->label);
  return !rest || most_read(rest, out, e);
}

/* The part of a name before the dot; *rest behind it, or NULL. */
static const char *part_of(Arena *a, const char *name, const char **rest) {
  const char *dot = strchr(name, '.');
  *rest = dot ? dot + 1 : NULL;
  return dot ? arena_slice(a, name, (size_t)(dot - name)) : name;
}

bool tag_read(Arena *a, const Catalogue *c, const char *name, Tag *out, Error *e) {
  const char *rest = NULL, *more = NULL;
  *out = (Tag){.variant = TAG_TEXT};
  const char *set = part_of(a, name, &rest);
  if (!rest) {
    const char *near = nearest(name, report_words, report_word_count);
    return near ? fail(e, ERROR_MISSING, "没有“%s”，是不是“%s”？", name, near)
                : fail(e, ERROR_MISSING, "没有“%s”，指标请写成“集合.指标”。", name);
  }
  out->set = catalogue_set(c, set, e);
  if (!out->set) return false;
  const char *part = part_of(a, rest, &rest);
  if (!strcmp(part, "rows") || !strcmp(part, "latest")) return set_tag(a, part, rest, out, e);
  out->measure = catalogue_measure(c, arena_print(a, "%s.%s", set, part), e);
  if (!out->measure || !rest) return out->measure != NULL;
  const char *variant = part_of(a, rest, &more);
  if (!variant_read(variant, &out->variant, e)) return false;
  if ((out->variant == TAG_ALL || out->variant == TAG_SHORT) && out->measure->fold != FOLD_SHARE)
    return fail(e, ERROR_INVALID, "“%s”不是比例，不能用“.%s”，请改正。", out->measure->label, variant);
  if (!more) return true;
  return is_rows(out->variant) ? most_read(more, out, e)
                               : fail(e, ERROR_INVALID, "“.%s”后面不能再写“.%s”，请改正。", variant, more);
}
