/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Composing: the template is rendered once, and draws only the figures it names. A figure enters the text
 * between two private characters with its number; they are taken out again afterwards, which is how each
 * figure's place is known exactly. Data never hold these characters: they are replaced on the way in. */
#include "report/report.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "base/json.h"
#include "base/template.h"
#include "base/utf8.h"
#include "language/quantity.h"
#include "report/names.h"
#include "report/outline.h"

#define MARK_OPEN "\xEE\x80\x80"  /* U+E000 */
#define MARK_CLOSE "\xEE\x80\x81" /* U+E001 */
enum { TEMPLATE_MOST = 1024 * 1024, REPORT_MOST = 16 * 1024 * 1024, REPORTS_MOST = 200, ROWS_MOST = 2000 };

typedef struct Drawn {
  const Measure *measure;
  FigureValue value;
  const char *text;
} Drawn;
typedef struct Placed {
  size_t drawn;
  const char *text;
} Placed; /* a mark in the text */

typedef struct Composing {
  Session *session;
  FigureAsk ask; /* of every figure, without its measure */
  Drawn *drawn;
  size_t drawn_count, drawn_room;
  Placed *placed;
  size_t placed_count, placed_room;
  const Template *template;
  json_t *kept; /* array that owns what the hook lends out */
} Composing;

/* ---- the figures a template asks for ---- */

static bool draw(Composing *c, const Measure *m, size_t *index, Error *e) {
  for (*index = 0; *index < c->drawn_count; (*index)++)
    if (c->drawn[*index].measure == m) return true;
  FigureAsk ask = c->ask;
  ask.measure = m;
  Drawn d = {.measure = m};
  if (!figure_value(c->session, ask, &d.value, e)) return false;
  d.text = figure_text(c->session->arena, m, &d.value);
  *PUSH(c->session->arena, c->drawn, c->drawn_count, c->drawn_room) = d;
  return true;
}

static json_t *keep(Composing *c, json_t *value) {
  json_array_append_new(c->kept, value);
  return value;
}

static json_t *place(Composing *c, size_t drawn, const char *text) {
  Arena *a = c->session->arena;
  *PUSH(a, c->placed, c->placed_count, c->placed_room) = (Placed){.drawn = drawn, .text = text};
  return keep(c, json_string(arena_print(a, MARK_OPEN "%zu" MARK_CLOSE, c->placed_count - 1)));
}

/* 63人次 → 63, 35万元 → 35万, 1.5万亩以上 → 1.5万以上. */
static const char *without_unit(Arena *a, const Drawn *d) {
  const char *unit = d->measure->unit, *at = NULL;
  if (!unit || !*unit || d->value.null) return d->text;
  for (const char *s = d->text; (s = strstr(s, unit)); s++) at = s;
  if (!at) return d->text;
  return arena_print(a, "%.*s%s", (int)(at - d->text), d->text, at + strlen(unit));
}

/* Other people's text cannot look like a mark. */
static const char *plain(Arena *a, const char *text) {
  if (!strstr(text, MARK_OPEN) && !strstr(text, MARK_CLOSE) && !strstr(text, MARK_NEXT)) return text;
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  for (const char *s = text; *s;) {
    const char *from = s;
    uint32_t c = utf8_next(&s);
    if (c >= 0xE000 && c <= 0xE002)
      text_add(&out, "\xEF\xBF\xBD");
    else
      text_add_n(&out, from, (size_t)(s - from));
  }
  return arena_copy(a, text_get(&out));
}

/* ---- the rows of a section ---- */

typedef struct Listing {
  Composing *composing;
  json_t *rows;
  size_t most;
  bool more; /* than the list holds */
} Listing;

static bool list_row(const FigureRow *row, void *context) {
  Listing *l = context;
  Session *s = l->composing->session;
  const Relation *r = row->row.relation;
  if (!row->counted) return false;
  if (json_array_size(l->rows) == l->most) {
    l->more = true;
    return false;
  }
  json_t *at = json_object();
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->retired || !strcmp(c->name, "id") || !strcmp(c->name, "record")) continue;
    json_object_set_new(at, c->name, json_string(plain(s->arena, figure_cell(s, row, c, false))));
  }
  json_array_append_new(l->rows, at);
  return true;
}

/* The last rows first. */
static void turn(Listing *l, size_t most) {
  json_t *turned = json_array();
  size_t count = json_array_size(l->rows);
  for (size_t i = count; i-- && json_array_size(turned) < most;) json_array_append(turned, json_array_get(l->rows, i));
  l->more = json_array_size(turned) < count;
  l->rows = keep(l->composing, turned);
}

static void number_rows(const Listing *l) {
  size_t count = json_array_size(l->rows);
  for (size_t i = 0; i < count; i++) {
    json_t *at = json_array_get(l->rows, i);
    TEXT_SCOPE ordinal = text_new(256);
    number_han((int64_t)i + 1, &ordinal);
    text_add(&ordinal, "是");
    json_object_set_new(at, "ordinal", json_string(text_get(&ordinal)));
    json_object_set_new(at, "last", json_boolean(i + 1 == count));
    json_object_set_new(at, "more", json_boolean(i + 1 == count && l->more));
  }
}

static json_t *list_rows(Composing *c, const Tag *tag, Error *e) {
  FigureAsk ask = c->ask;
  size_t most = tag->most ? tag->most : ROWS_MOST;
  ask.measure = tag->measure;
  Listing l = {.composing = c, .rows = keep(c, json_array()), .most = tag->variant == TAG_ROWS ? most : ROWS_MOST};
  if (!figure_rows(c->session, ask, list_row, &l, e)) return NULL;
  if (tag->variant == TAG_LATEST) turn(&l, most);
  number_rows(&l);
  return l.rows;
}

/* ---- names ---- */

/* Whether any figure that the template names has a row. */
static json_t *has_records(Composing *c, Error *e) {
  TemplateName *names;
  size_t count = template_names(c->template, c->session->arena, &names), at;
  Tag tag;
  for (size_t i = 0; i < count; i++) {
    Error other = {0}; /* a column of a row, or a word */
    if (!strchr(names[i].name, '.') || strchr(names[i].name, '|') ||
        !tag_read(c->session->arena, c->session->catalogue, names[i].name, &tag, &other))
      continue;
    if (!draw(c, tag.measure, &at, e)) return NULL;
    if (c->drawn[at].value.rows || c->drawn[at].value.undetermined) return keep(c, json_true());
  }
  return keep(c, json_false());
}

/* One place is 一处, never 1处; what is counted oftener keeps its digits. */
static const char *written(Arena *a, const Drawn *d) {
  static const char *const places[] = {"处", "座", "所"};
  bool one = !d->value.null && !d->value.unanswered && d->value.exact.num == d->value.exact.den;
  for (size_t i = 0; one && d->measure->unit && i < sizeof places / sizeof *places; i++)
    if (!strcmp(d->measure->unit, places[i])) return arena_print(a, "一%s", places[i]);
  return d->text;
}

static json_t *missing(void *self, const char *name, Error *e);

/* `a.b.any|c.d.short`: whether one of them is so. */
static json_t *one_of(Composing *c, const char *names, Error *e) {
  for (const char *s = names, *end; *s; s = *end ? end + 1 : end) {
    end = s + strcspn(s, "|");
    const json_t *value = missing(c, arena_slice(c->session->arena, s, (size_t)(end - s)), e);
    if (!value) return NULL;
    if (json_is_true(value)) return keep(c, json_true());
  }
  return keep(c, json_false());
}

static json_t *missing(void *self, const char *name, Error *e) {
  Composing *c = self;
  Arena *a = c->session->arena;
  Tag tag;
  size_t at;
  if (strchr(name, '|')) return one_of(c, name, e);
  if (!strcmp(name, "records")) return has_records(c, e);
  if (!tag_read(a, c->session->catalogue, name, &tag, e)) return NULL;
  if (tag.variant == TAG_LABEL) return keep(c, json_string(tag.measure->label));
  if (tag.variant == TAG_ROWS || tag.variant == TAG_LATEST) return list_rows(c, &tag, e);
  if (!draw(c, tag.measure, &at, e)) return NULL;
  const Drawn *d = &c->drawn[at];
  const FigureValue *v = &d->value;
  switch (tag.variant) {
  case TAG_ANY: return keep(c, json_boolean(!v->null && v->exact.num != 0));
  case TAG_MANY: return keep(c, json_boolean(!v->null && ratio_compare(v->exact, ratio_int(1)) > 0));
  case TAG_ALL: return keep(c, json_boolean(!v->null && v->whole && v->part == v->whole && !v->undetermined));
  case TAG_SHORT: return keep(c, json_boolean(!v->null && v->part < v->whole));
  case TAG_EXACT: return place(c, at, figure_exact(a, v));
  case TAG_VALUE: return place(c, at, without_unit(a, d));
  case TAG_TEXT:
  case TAG_LABEL:
  case TAG_ROWS:
  case TAG_LATEST: break;
  }
  return place(c, at, written(a, d));
}

/* ---- taking the marks out ---- */

static size_t first_of(const Report *r, const Measure *m) {
  size_t i = 0;
  while (i < r->figure_count && r->figures[i].measure != m) i++;
  return i;
}

static const char *title_of(Arena *a, const char *text) {
  text += strspn(text, "\n");
  return arena_slice(a, text, strcspn(text, "\n"));
}

static bool take_marks(Composing *c, const char *marked, Report *r, Error *e) {
  Arena *a = c->session->arena;
  TEXT_SCOPE out = text_new(REPORT_MOST);
  size_t room = 0, points = 0;
  for (const char *s = marked; *s;) {
    if (strncmp(s, MARK_OPEN, strlen(MARK_OPEN)) != 0) {
      const char *from = s;
      utf8_next(&s);
      text_add_n(&out, from, (size_t)(s - from));
      points++;
      continue;
    }
    size_t index = strtoul(s + strlen(MARK_OPEN), NULL, 10);
    s = strstr(s, MARK_CLOSE);
    if (!s || index >= c->placed_count) return fail(e, ERROR_BUG, "报告没有排好，请联系维护人员。");
    s += strlen(MARK_CLOSE);
    const Drawn *d = &c->drawn[c->placed[index].drawn];
    ReportFigure f = {.measure = d->measure, .value = d->value, .text = c->placed[index].text, .start = points};
    points = f.end = points + utf8_length(f.text);
    f.first = first_of(r, d->measure);
    text_add(&out, f.text);
    *PUSH(a, r->figures, r->figure_count, room) = f;
  }
  if (out.full) return fail(e, ERROR_LIMIT, "报告太长，请缩小模板中的列举。");
  r->text = arena_slice(a, text_get(&out), out.length);
  r->title = title_of(a, text_get(&out));
  return true;
}

static json_t *words_of(Session *s, const Report *r) {
  PeriodText period;
  DateText today;
  Date last = period_last(r->period);
  const Relation *person = catalogue_core(s->catalogue, "person");
  const char *reporter = r->reporter && person ? names_of(s, person, r->reporter, last) : "";
  json_t *out = json_object();
  json_object_set_new(out, "org", json_string(plain(s->arena, org_name(s->tree, r->org, last))));
  json_object_set_new(out, "period", json_string(period_chinese(r->period, period)));
  json_object_set_new(out, "term",
                      json_string(arena_print(s->arena, r->period.kind == PERIOD_YEAR ? "%s度" : "%s", period)));
  static const char *const years[] = {"last_year", "year", "next_year"};
  for (int i = 0; i < 3; i++)
    json_object_set_new(out, years[i], json_string(arena_print(s->arena, "%d年", date_year(r->period.from) + i - 1)));
  json_object_set_new(out, "next", json_string(MARK_NEXT));
  json_object_set_new(out, "today", json_string(date_chinese(s->today, today)));
  json_object_set_new(out, "reporter", json_string(plain(s->arena, reporter)));
  return out;
}

Report *report_compose_text(Session *s, const char *name, const char *text, int64_t org, Period period, Error *e) {
  Report *r = NEW(s->arena, Report);
  *r = (Report){.name = arena_copy(s->arena, name), .org = org ? org : s->tree->root, .period = period};
  if (!gate_figure(s, r->org, e)) return NULL;
  Issues issues = {.arena = s->arena};
  const char *file = arena_print(s->arena, "reports/%s.mustache", name);
  report_check(s->catalogue, file, text, &issues);
  if (!issues_fail(&issues, e, "报告模板有误：")) return NULL;
  Error why = {0};
  r->reporter = session_reporter(s, r->org, period, &why);
  if (!r->reporter && why.kind) {
    *e = why;
    return NULL;
  }
  Template *t = template_parse(s->arena, file, text, e);
  if (!t) return NULL;
  JSON_SCOPE kept = json_array();
  JSON_SCOPE words = words_of(s, r);
  Composing c = {.session = s,
                 .template = t,
                 .kept = kept,
                 .ask = {.org = r->org, .period = period, .reporter = r->reporter ? r->reporter : -1}};
  TEXT_SCOPE marked = text_new(REPORT_MOST);
  TemplateSources sources = {.self = &c, .missing = missing};
  if (!template_render(t, words, sources, ESCAPE_NONE, &marked, e)) return NULL;
  TEXT_SCOPE closed = text_new(REPORT_MOST);
  outline_close(s->arena, text_get(&marked), &closed);
  if (closed.full) {
    fail(e, ERROR_LIMIT, "报告太长，请缩小模板中的列举。");
    return NULL;
  }
  return take_marks(&c, text_get(&closed), r, e) ? r : NULL;
}

/* ---- where templates stand ---- */

static const char *read_file(Arena *a, const char *path, Error *e) {
  FILE *f = fopen(path, "rb");
  if (!f) {
    fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能读取 %s，请检查文件权限。", path);
    return NULL;
  }
  char *text = arena_alloc(a, TEMPLATE_MOST + 1);
  size_t n = fread(text, 1, TEMPLATE_MOST + 1, f), bad;
  bool broken = ferror(f);
  fclose(f);
  if (broken)
    fail(e, ERROR_UNAVAILABLE, "读取 %s 时出错，请检查磁盘。", path);
  else if (n > TEMPLATE_MOST)
    fail(e, ERROR_LIMIT, "%s 超过1兆字节，不像报告模板，请检查。", path);
  else if (!utf8_valid(text, n, &bad))
    fail(e, ERROR_INVALID, "%s 不是 UTF-8 文本，请另存为 UTF-8 后再试。", path);
  else {
    text[n] = 0;
    return text;
  }
  return NULL;
}

static const char *without_ending(Arena *a, const char *file) {
  static const char ending[] = ".mustache";
  size_t n = strlen(file), tail = strlen(ending);
  return n > tail && strcmp(file + n - tail, ending) == 0 ? arena_slice(a, file, n - tail) : NULL;
}

static int by_name(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

size_t report_names(Arena *a, const char *profile_folder, const char ***out) {
  const char **names = NEW_ARRAY(a, const char *, REPORTS_MOST);
  size_t count = 0;
  DIR *dir = opendir(arena_print(a, "%s/reports", profile_folder));
  for (struct dirent *at; dir && count < REPORTS_MOST && (at = readdir(dir));) {
    names[count] = without_ending(a, at->d_name);
    if (names[count]) count++;
  }
  if (dir) closedir(dir);
  qsort(names, count, sizeof *names, by_name);
  *out = names;
  return count;
}

static void no_such(Arena *a, const char *profile_folder, const char *name, Error *e) {
  const char **known;
  size_t count = report_names(a, profile_folder, &known);
  TEXT_SCOPE list = text_new(2048);
  for (size_t i = 0; i < count; i++) text_print(&list, "%s%s", i ? "、" : "", known[i]);
  if (count)
    fail(e, ERROR_MISSING, "没有名为“%s”的报告，现有：%s。", name, text_get(&list));
  else
    fail(e, ERROR_MISSING, "没有名为“%s”的报告，%s/reports 里还没有报告模板。", name, profile_folder);
}

const char *report_template(Arena *a, const char *profile_folder, const char *name, Error *e) {
  const char *folder = arena_print(a, "%s/reports", profile_folder);
  bool fit = *name && strlen(name) <= 64 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(name);
  const char *path = arena_print(a, "%s/%s.mustache", folder, fit ? name : "");
  FILE *f = fit ? fopen(path, "rb") : NULL;
  if (!f) {
    no_such(a, profile_folder, name, e);
    return NULL;
  }
  fclose(f);
  return read_file(a, path, e);
}

Report *report_compose(Session *s, const char *name, int64_t org, Period period, Error *e) {
  const char *profile = arena_print(s->arena, "%s/profile", s->site->folder);
  const char *text = report_template(s->arena, profile, name, e);
  return text ? report_compose_text(s, name, text, org, period, e) : NULL;
}
