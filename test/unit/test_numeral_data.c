/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Numerals as other people wrote and annotated them: report texts with every number marked, and the
 * cases of two public recognisers. Where we read differently on purpose, data/numeral_differences.tsv
 * says why; a disagreement that is not listed, or a line that no longer disagrees, fails. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "language/quantity.h"

#define DATA "../shared/data/"
#define COUNT(a) (sizeof(a) / sizeof *(a))

static char *read_all(Arena *a, const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) return NULL;
  size_t room = 1u << 20, n;
  char *text = arena_alloc(a, room + 1);
  n = fread(text, 1, room, f);
  fclose(f);
  text[n] = '\0';
  return text + (memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0);
}

/* The next field of a line of tabs; *at moves past it. */
static char *field(char **at) {
  char *start = *at;
  size_t n = strcspn(start, "\t");
  *at = start + n + (start[n] == '\t');
  start[n] = '\0';
  return start;
}

static char *line_of(char **at) {
  char *start = *at;
  if (!*start) return NULL;
  size_t n = strcspn(start, "\n");
  *at = start + n + (start[n] == '\n');
  start[n] = '\0';
  if (n && start[n - 1] == '\r') start[n - 1] = '\0';
  return start;
}

/* Equal to a decimal text that may be rounded (350.333333333333) or have a power (5E-06). */
static bool says(Ratio value, const char *text) {
  int64_t m = 0;
  int e = 0;
  const char *s = text;
  bool minus = *s == '-', point = false;
  for (s += minus; (*s >= '0' && *s <= '9') || *s == '.'; s++) {
    if (*s == '.') {
      point = true;
      continue;
    }
    if (m > INT64_MAX / 10 - 1) return false;
    m = m * 10 + (*s - '0');
    e -= point;
  }
  if (*s == 'E') e += (int)strtol(s + 1, NULL, 10);
  for (; e > 0; e--)
    if (__builtin_mul_overflow(m, 10, &m)) return false;
  if (minus) m = -m;
  Decimal want = {m, -e}, have = ratio_round(value, -e > 18 ? 18 : -e);
  return decimal_compare(want, have) == 0;
}

static bool is_class(const Quantity *q, const char *classes) {
  if (!q->unit) return false;
  const char *at = strstr(classes, q->unit->class_);
  return at && (at == classes || at[-1] == ' ') && strchr(" ", at[strlen(q->unit->class_)]);
}

/* ---- report texts ---- */

typedef struct Recall {
  size_t asked, found, extra;
} Recall;

static bool part_matches(const Quantity *q, size_t start, size_t end, const char *value) {
  Ratio low, high;
  if (!ratio_from_decimal(q->low, &low) || !ratio_from_decimal(q->high, &high)) return false;
  if (q->start == start && q->end == end && says(q->exact, value)) return true;
  return q->range && ((q->start == start && q->low_end == end && says(low, value)) ||
                      (q->high_start == start && q->end == end && says(high, value)));
}

static const char *qualifier_name(Qualifier q) {
  static const char *const names[] = {"exact", "about", "at_least", "at_most", "over", "under"};
  return names[q];
}

static void run_report(const char *name, const char *text_path, const char *rows_path, Recall *sum) {
  ARENA_SCOPE a = arena_new();
  char *text = read_all(a, text_path), *rows = read_all(a, rows_path), *line;
  if (!text || !rows) return;
  Quantity *q;
  size_t n = quantities_read(a, text, &q);
  bool *claimed = NEW_ARRAY(a, bool, n + 1);
  line_of(&rows);
  while ((line = line_of(&rows))) {
    size_t start = strtoul(field(&line), NULL, 10);
    const char *clause = field(&line);
    field(&line);
    const char *value = field(&line), *unit = field(&line), *qualifier = field(&line), *role = field(&line),
               *surface = field(&line);
    size_t end = start + utf8_length(surface), k = 0;
    for (size_t i = 0; i < n; i++)
      if (q[i].start < end && start < q[i].end) claimed[i] = true;
    if (!*value || !strstr("count ratio average money area length target", role)) continue;
    sum->asked++;
    while (k < n && !part_matches(&q[k], start, end, value)) k++;
    bool unit_right = k < n && (!*unit || (q[k].unit && (unit_answers(q[k].unit, unit_find(unit)))));
    if (k < n && unit_right && q[k].hint == HINT_NONE && !strcmp(qualifier, qualifier_name(q[k].qualifier)))
      sum->found++;
    else
      printf("  %s %zu %s%s %s not read so in: %s (%s %s)\n", name, start, surface, unit, qualifier, clause,
             k < n && q[k].unit ? q[k].unit->name : "-", k < n ? qualifier_name(q[k].qualifier) : "not found");
  }
  for (size_t i = 0; i < n; i++)
    if (!claimed[i] && q[i].hint == HINT_NONE && q[i].unit) {
      NumberText t;
      sum->extra++;
      printf("  %s %zu reads %s%s, nowhere annotated\n", name, q[i].start, decimal_text(q[i].value, t),
             q[i].unit->name);
    }
}

static void test_reports(void **state) {
  (void)state;
  static const char *const names[] = {"03", "06", "10", "13", "16", "17"};
  Recall sum = {0};
  char text[128], rows[128];
  for (size_t i = 0; i < COUNT(names); i++) {
    snprintf(text, sizeof text, DATA "reports/%s.txt", names[i]);
    snprintf(rows, sizeof rows, DATA "reports/%s.tsv", names[i]);
    run_report(names[i], text, rows, &sum);
  }
  run_report("seed", "../shared/seed/000_6f08fb754db6567c.txt", DATA "reports/seed.tsv", &sum);
  if (!sum.asked) {
    print_message("skipped: " DATA "reports is not here\n");
    skip();
  }
  print_message("reports: %zu of %zu claims read with place, value, unit, qualifier; %zu quantities more\n", sum.found,
                sum.asked, sum.extra);
  assert_true(sum.found * 100 >= sum.asked * 97);
}

/* ---- cases of recognisers ---- */

typedef struct Differences {
  char *input[128], *file[128], *reason[128];
  bool met[128];
  size_t count;
} Differences;

static Differences read_differences(Arena *a) {
  Differences d = {0};
  char *text = read_all(a, "test/unit/data/numeral_differences.tsv"), *line;
  assert_non_null(text);
  line_of(&text);
  while (d.count < COUNT(d.input) && (line = line_of(&text))) {
    d.file[d.count] = field(&line);
    d.input[d.count] = field(&line);
    d.reason[d.count++] = field(&line);
  }
  return d;
}

typedef struct Case {
  const char *input;
  const json_t *results;
  const Quantity *q;
  size_t count;
  Arena *arena;
} Case;

static size_t from_of(const json_t *r) { return (size_t)json_integer_value(json_object_get(r, "Start")); }
static size_t end_of(const json_t *r) { return (size_t)json_integer_value(json_object_get(r, "End")) + 1; }
static const char *value_of(const json_t *r) {
  return json_string_value(json_object_get(json_object_get(r, "Resolution"), "value"));
}

static bool overlaps(const Quantity *q, const json_t *r) {
  return q->from < end_of(r) && from_of(r) < (q->unit_end > q->to ? q->unit_end : q->to);
}

/* Each result is one of our quantities of these classes (all if NULL) and the other way round. */
static bool agree(const Case *c, const char *classes, bool (*same)(const Quantity *, const json_t *),
                  bool (*ours)(const Quantity *)) {
  size_t i;
  json_t *r;
  json_array_foreach(c->results, i, r) {
    size_t k = 0;
    if (!value_of(r)) continue; /* the name of a currency without a number */
    while (k < c->count && !(overlaps(&c->q[k], r) && same(&c->q[k], r))) k++;
    if (k == c->count) return false;
  }
  for (size_t k = 0; k < c->count; k++) {
    bool claimed = false;
    json_array_foreach(c->results, i, r) claimed |= overlaps(&c->q[k], r);
    if (!claimed && (!classes || is_class(&c->q[k], classes)) && (!ours || ours(&c->q[k]))) return false;
  }
  return true;
}

static bool same_number(const Quantity *q, const json_t *r) {
  Ratio part;
  if (q->start > from_of(r)) return false;
  if (says(q->exact, value_of(r))) return true;
  return is_class(q, "percent") && ratio_multiply(q->exact, (Ratio){1, 100}, &part) && says(part, value_of(r));
}
static bool no_percent(const Quantity *q) { return !is_class(q, "percent point"); }
static bool agree_number(const Case *c) { return agree(c, NULL, same_number, no_percent); }

static bool same_percent(const Quantity *q, const json_t *r) {
  return q->start == from_of(r) && q->unit_end == end_of(r) && is_class(q, "percent point") &&
         says(q->exact, value_of(r));
}
static bool agree_percent(const Case *c) { return agree(c, "percent point", same_percent, NULL); }

static bool same_measure(const Quantity *q, const json_t *r) {
  bool ends = q->unit_end == end_of(r) || q->to == end_of(r); /* 一吨半 */
  return q->start == from_of(r) && ends && q->unit && q->unit->measured && says(q->exact, value_of(r));
}
static bool agree_dimension(const Case *c) {
  return agree(c, "length area mass volume power energy data bits frequency speed heat", same_measure, NULL);
}
static bool same_money(const Quantity *q, const json_t *r) {
  return q->unit_end >= q->start && is_class(q, "money") && says(q->exact, value_of(r)) &&
         (q->start == from_of(r) || q->from == from_of(r)) && (q->unit_end == end_of(r) || q->end == end_of(r));
}
static bool agree_currency(const Case *c) { return agree(c, "money", same_money, NULL); }
static bool same_age(const Quantity *q, const json_t *r) {
  Ratio high;
  if (q->range && ratio_from_decimal(q->high, &high) && q->high_start == from_of(r) && says(high, value_of(r)))
    return true;
  return q->start == from_of(r) && is_class(q, "age months days") && says(q->exact, value_of(r)) &&
         (q->unit_end == end_of(r) || q->unit_end + 1 == end_of(r)); /* 大 after the unit */
}
static bool agree_age(const Case *c) { return agree(c, "age", same_age, NULL); }

/* Ends of ranges: every end they give is one of ours, and of ours that are bounds every one is theirs. */
typedef struct Ends {
  Ratio low[8], high[8];
  size_t lows, highs;
} Ends;

static void add_end(Ratio *list, size_t *count, Ratio r) {
  for (size_t i = 0; i < *count; i++)
    if (!ratio_compare(list[i], r)) return;
  if (*count < 8) list[(*count)++] = r;
}

static Ends our_ends(const Case *c, bool exact_too) {
  Ends e = {0};
  for (size_t i = 0; i < c->count; i++) {
    const Quantity *q = &c->q[i];
    Ratio low = q->exact, high = q->exact;
    if (q->range) ratio_from_decimal(q->low, &low), ratio_from_decimal(q->high, &high);
    Wording w = q->wording;
    if (w == WORDING_PLAIN && !q->range && !exact_too) continue;
    if (w != WORDING_AT_MOST && w != WORDING_SHORT_OF) add_end(e.low, &e.lows, low);
    if (w == WORDING_AT_MOST || w == WORDING_SHORT_OF || q->range || w == WORDING_PLAIN)
      add_end(e.high, &e.highs, high);
  }
  return e;
}

static bool has_end(const Ratio *list, size_t count, const char *text) {
  Ratio part;
  for (size_t i = 0; i < count; i++)
    if (says(list[i], text) || (ratio_multiply(list[i], (Ratio){1, 100}, &part) && says(part, text)))
      return true; /* 1/2 */
  return false;
}

static bool agree_range(const Case *c) {
  size_t i, lows = 0, highs = 0;
  json_t *r;
  Ends bounds = our_ends(c, false), all = our_ends(c, true);
  char *seen[16] = {0};
  json_array_foreach(c->results, i, r) {
    char *value = arena_copy(c->arena, value_of(r)), *comma = strchr(value, ',');
    size_t last = strlen(value) - 1;
    bool exact = value[0] == '[' && value[last] == ']' && !strncmp(value + 1, comma + 1, (size_t)(comma - value) - 1);
    const Ends *e = exact ? &all : &bounds;
    value[last] = *comma = '\0';
    if (exact) continue;
    bool again = false;
    for (size_t k = 0; k < 16 && seen[k]; k++)
      again |= !strcmp(seen[k], value + 1) && !strcmp(seen[k] + strlen(seen[k]) + 1, comma + 1);
    for (size_t k = 0; k < 16 && !again; k++)
      if (!seen[k]) {
        seen[k] = value + 1;
        break;
      }
    if (value[1]) lows++;
    if (comma[1]) highs++;
    if (value[1] && !has_end(e->low, e->lows, value + 1)) return false;
    if (comma[1] && !has_end(e->high, e->highs, comma + 1)) return false;
  }
  return bounds.lows <= lows && bounds.highs <= highs;
}

/* ---- the money cases ---- */

static bool agree_money(const Case *c) {
  const json_t *num = json_object_get(c->results, "num");
  const char *kind = json_string_value(json_object_get(c->results, "definition"));
  if (c->count != 1) return false;
  const Quantity *q = c->q;
  Interval in = quantity_interval(NULL, q);
  if (json_is_string(num)) {
    Ratio cents = q->exact;
    Decimal rounded = ratio_round(cents, 2);
    Ratio r;
    if (!ratio_from_decimal(rounded, &r) || !says(r, json_string_value(num))) return false;
  } else {
    Ratio low = {0, 1}, high = {0, 1};
    if (q->range)
      ratio_from_decimal(q->low, &low), ratio_from_decimal(q->high, &high);
    else
      low = in.low, high = in.high;
    if (!says(low, json_string_value(json_array_get(num, 0))) || !says(high, json_string_value(json_array_get(num, 1))))
      return false;
  }
  switch (q->qualifier) {
  case QUALIFIER_EXACT: return !strcmp(kind, q->range ? "blur" : "accurate");
  case QUALIFIER_ABOUT: return !strcmp(kind, q->wording == WORDING_NEARLY ? "blur-" : "blur");
  case QUALIFIER_OVER: return !strcmp(kind, q->wording == WORDING_MORE ? "blur" : "blur+");
  case QUALIFIER_AT_LEAST: return !strcmp(kind, "blur+");
  case QUALIFIER_UNDER:
  case QUALIFIER_AT_MOST: return !strcmp(kind, "blur-");
  }
  return false;
}

/* Money found in running text, by place. */
static bool agree_money_places(const Case *c) {
  size_t i, k;
  json_t *r;
  bool taken[64] = {0};
  json_array_foreach(c->results, i, r) {
    const json_t *at = json_object_get(r, "offset");
    size_t from = (size_t)json_integer_value(json_array_get(at, 0)),
           end = (size_t)json_integer_value(json_array_get(at, 1));
    for (k = 0; k < c->count; k++)
      if (k < 64 && c->q[k].start == from && c->q[k].unit_end == end) break;
    if (k == c->count) return false;
    taken[k] = true;
  }
  for (k = 0; k < c->count && k < 64; k++)
    if (!taken[k] && is_class(&c->q[k], "money")) return false;
  return true;
}

/* ---- running them ---- */

typedef struct Score {
  size_t cases, agree, listed, unlisted;
} Score;

static void run_case(const char *file, Case c, bool (*check)(const Case *), Differences *known, Score *score) {
  Quantity *q;
  c.count = quantities_read(c.arena, c.input, &q);
  c.q = q;
  score->cases++;
  bool same = check(&c);
  for (size_t i = 0; i < known->count; i++)
    if (!strcmp(known->file[i], file) && !strcmp(known->input[i], c.input)) {
      known->met[i] = true;
      if (same) fail_msg("%s: no longer different, take it off the list: %s", file, c.input);
      score->listed++;
      return;
    }
  if (same) {
    score->agree++;
    return;
  }
  score->unlisted++;
  printf("  %s: %s read as", file, c.input);
  for (size_t i = 0; i < c.count; i++) {
    NumberText t, h;
    printf(" %s%s%s%s[%zu,%zu)%zu", decimal_text(q[i].value, t), q[i].range ? "~" : "",
           q[i].range ? decimal_text(q[i].high, h) : "", q[i].unit ? q[i].unit->name : "", q[i].start, q[i].end,
           q[i].unit_end);
  }
  char *want = json_dumps(c.results, JSON_COMPACT);
  printf("\n      %s\n", want);
  free(want);
}

static void report_score(const char *file, Score s, Score *sum) {
  print_message("%-32s %3zu cases: %3zu agree, %2zu differ for a reason, %zu unlisted\n", file, s.cases, s.agree,
                s.listed, s.unlisted);
  sum->cases += s.cases;
  sum->agree += s.agree;
  sum->listed += s.listed;
  sum->unlisted += s.unlisted;
}

static json_t *load(Arena *a, const char *folder, const char *file) {
  Error e;
  char *text = read_all(a, arena_print(a, DATA "numeral-specs/%s/%s", folder, file));
  if (!text) return NULL;
  json_t *root = json_loads(text, 0, NULL);
  (void)e;
  return root;
}

static bool run_recognizer(const char *file, bool (*check)(const Case *), Differences *known, Score *sum) {
  ARENA_SCOPE a = arena_new();
  JSON_SCOPE root = load(a, "recognizers-text", file);
  Score score = {0};
  size_t i;
  json_t *c;
  if (!root) return false;
  json_array_foreach(root, i, c) run_case(file,
                                          (Case){.input = json_string_value(json_object_get(c, "Input")),
                                                 .results = json_object_get(c, "Results"),
                                                 .arena = a},
                                          check, known, &score);
  report_score(file, score, sum);
  return true;
}

static void run_money(const char *key, bool (*check)(const Case *), Differences *known, Score *sum) {
  ARENA_SCOPE a = arena_new();
  JSON_SCOPE root = load(a, "jionlp", "jionlp_tests.json");
  Score score = {0};
  size_t i;
  json_t *c;
  json_array_foreach(json_object_get(root, key), i, c) run_case(
      key, (Case){.input = json_string_value(json_array_get(c, 0)), .results = json_array_get(c, 1), .arena = a}, check,
      known, &score);
  report_score(key, score, sum);
}

static void test_specs(void **state) {
  (void)state;
  static const struct {
    const char *file;
    bool (*check)(const Case *);
  } files[] = {{"NumberModel.json", agree_number},     {"PercentModel.json", agree_percent},
               {"NumberRangeModel.json", agree_range}, {"DimensionModel.json", agree_dimension},
               {"CurrencyModel.json", agree_currency}, {"AgeModel.json", agree_age}};
  ARENA_SCOPE a = arena_new();
  Differences known = read_differences(a);
  Score sum = {0};
  for (size_t i = 0; i < COUNT(files); i++)
    if (!run_recognizer(files[i].file, files[i].check, &known, &sum)) {
      print_message("skipped: " DATA "numeral-specs is not here\n");
      arena_free(a); /* skip() jumps past the cleanup */
      skip();
    }
  run_money("test_money_parser.money_string_list", agree_money, &known, &sum);
  run_money("test_money_extractor.money_string_list", agree_money_places, &known, &sum);
  report_score("all", sum, &(Score){0});
  for (size_t i = 0; i < known.count; i++) {
    assert_true(strlen(known.reason[i]) > 10);
    if (!known.met[i]) fail_msg("no such case: %s %s", known.file[i], known.input[i]);
  }
  assert_int_equal(sum.unlisted, 0);
  assert_true(sum.listed * 10 <= sum.cases);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_reports), cmocka_unit_test(test_specs)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
