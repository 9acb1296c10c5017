/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Reading and writing meet in one function, `resolve`: what is written as a head is what resolves to its
 * column and to nothing else. */
#include "ledger/heading.h"

#include <string.h>

#include "base/utf8.h"

static const char dot[] = "·";

const char *clip(const char *s, size_t n, Clip out) {
  if (n >= sizeof(Clip)) n = sizeof(Clip) - 1;
  memcpy(out, s, n);
  out[n] = 0;
  utf8_trim(out);
  if (!n) memcpy(out, "空", sizeof "空");
  return out;
}

/* Columns that a table may show and give. */
static bool is_column(const Relation *r, const Column *c) {
  if (c->retired || c == &r->columns[0]) return false;
  return !r->parent ? strcmp(c->name, "void_reason") != 0 : strcmp(c->name, "record") != 0 && strcmp(c->name, "pos") != 0;
}

/* The column that a word means within one relation: -1 none, -2 several. */
static int column_of(const Relation *r, const char *word) {
  int found = -1;
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (!is_column(r, c)) continue;
    if (!strcmp(c->name, word)) return (int)i;
    if (!strcmp(c->label, word)) found = found == -1 ? (int)i : -2;
  }
  return found;
}

/* Behind `明细·` or `明细.`, or NULL when the word does not begin so. */
static const char *behind(const Relation *r, const char *word) {
  const char *const called[] = {r->label, r->own_name ? r->own_name : r->name};
  for (size_t i = 0; i < 2; i++) {
    size_t n = strlen(called[i]);
    if (strncmp(word, called[i], n) != 0) continue;
    if (word[n] == '.') return word + n + 1;
    if (!strncmp(word + n, dot, sizeof dot - 1)) return word + n + sizeof dot - 1;
  }
  return NULL;
}

typedef struct Meaning { Head head; bool several, full; } Meaning; /* full: with its lines before it */

static Meaning meaning(HeadKind kind, int column, const char *text) {
  return (Meaning){{kind, column < 0 ? -1 : column, text, NULL}, column == -2, false};
}

static Meaning of_lines(const Relation *lines, HeadKind kind, int column, const char *text, bool full) {
  Meaning m = meaning(kind, column, text);
  m.head.lines = lines;
  m.full = full;
  return m;
}

/* 明细·字段 of these lines, or nothing. */
static bool resolve_full(const Relation *lines, const char *word, Meaning *out) {
  const char *rest = behind(lines, word);
  if (!rest) return false;
  bool id = !strcmp(rest, "编号") || !strcmp(rest, "id");
  int column = id ? 0 : column_of(lines, rest);
  if (column < 0) return false;
  *out = of_lines(lines, id ? HEAD_LINE_ID : HEAD_LINE, column, word, true);
  return true;
}

/* What a head means in a table of `record` with `lines` (or without). */
static Meaning resolve(const Relation *record, const Relation *lines, const char *word) {
  const char *of_record = behind(record, word);
  Meaning m;
  if (lines && resolve_full(lines, word, &m)) return m;
  int column = of_record ? column_of(record, of_record) : -1;
  if (column >= 0) return meaning(HEAD_RECORD, column, word);
  if (!strcmp(word, "编号") || !strcmp(word, "id")) return meaning(HEAD_ID, 0, word);
  int own = column_of(record, word), below = lines ? column_of(lines, word) : -1;
  if (own != -1 && below != -1) return (Meaning){{HEAD_NONE, -1, word, NULL}, true, false};
  if (own != -1) return meaning(own == -2 ? HEAD_NONE : HEAD_RECORD, own, word);
  if (below != -1) return of_lines(lines, below == -2 ? HEAD_NONE : HEAD_LINE, below, word, false);
  if (lines && !strcmp(word, "行编号")) return of_lines(lines, HEAD_LINE_ID, 0, word, false);
  if (!strcmp(word, "分组")) return meaning(HEAD_GROUP, 0, word);
  for (size_t i = 0; i < record->line_count; i++)
    if (!record->lines[i]->retired && record->lines[i] != lines && resolve_full(record->lines[i], word, &m)) return m;
  return meaning(HEAD_NONE, -1, word);
}

static bool is_left_unread(const char *word) { return !strcmp(word, "序号") || !strcmp(word, HEADING_FAULTS); }

/* ---- which lines the table has ---- */

typedef struct Fit { size_t unknown, several, below; } Fit;

static Fit fit(const Relation *record, const Relation *lines, char *const *words, size_t count) {
  Fit f = {0};
  for (size_t i = 0; i < count; i++) {
    if (!*words[i] || is_left_unread(words[i])) continue;
    Meaning m = resolve(record, lines, words[i]);
    f.several += m.several;
    f.unknown += m.head.kind == HEAD_NONE && !m.several;
    f.below += m.head.kind == HEAD_LINE && !m.full; /* a full one tells nothing: it means the same beside any lines */
  }
  return f;
}

/* The lines that leave the fewest heads unexplained. `*other` is a second that would do as well. */
static const Relation *find_lines(const Relation *record, char *const *words, size_t count, const Relation **other) {
  const Relation *best = NULL;
  Fit least = fit(record, NULL, words, count);
  *other = NULL;
  for (size_t i = 0; i < record->line_count; i++) {
    if (record->lines[i]->retired) continue;
    Fit f = fit(record, record->lines[i], words, count);
    size_t missed = 2 * f.unknown + f.several, least_missed = 2 * least.unknown + least.several;
    if (missed < least_missed) {
      best = record->lines[i];
      least = f;
      *other = NULL;
    } else if (best && missed == least_missed && f.below == least.below) {
      *other = record->lines[i];
    }
  }
  return best;
}

/* ---- reading ---- */

static char **words_of(Arena *a, const CsvRow *row) {
  char **words = NEW_ARRAY(a, char *, row->count + 1);
  for (size_t i = 0; i < row->count; i++) {
    const char *from = row->cells[i];
    char *to = words[i] = arena_alloc(a, strlen(from) + 1);
    /* Heads are often broken or spread out with spaces to look well. */
    for (; *from; from++) {
      if (!strncmp(from, "　", sizeof "　" - 1)) from += sizeof "　" - 2;
      else if (!strchr(" \t\r\n", *from)) *to++ = *from;
    }
    *to = 0;
  }
  return words;
}

bool heading_likely(Arena *a, const Relation *record, const CsvRow *row) {
  char **words = words_of(a, row);
  size_t filled = 0, known = 0;
  for (size_t i = 0; i < row->count; i++) {
    if (!*words[i]) continue;
    filled++;
    bool is_known = resolve(record, NULL, words[i]).head.kind != HEAD_NONE || is_left_unread(words[i]);
    for (size_t k = 0; k < record->line_count && !is_known; k++) {
      Meaning m = resolve(record, record->lines[k], words[i]);
      is_known = m.head.kind != HEAD_NONE || m.several;
    }
    known += is_known;
  }
  return known >= 2 || (known && filled == 1);
}

static const char *place_of(Arena *a, size_t row) { return arena_print(a, "第%zu行", row); }

static void unknown_head(Arena *a, const Heading *h, const char *word, size_t row, size_t column, Issues *issues) {
  size_t most = h->record->column_count + (h->lines ? h->lines->column_count : 0), n = 0;
  const char **labels = NEW_ARRAY(a, const char *, most + 1);
  for (size_t i = 0; i < h->record->column_count; i++)
    if (is_column(h->record, &h->record->columns[i])) labels[n++] = h->record->columns[i].label;
  for (size_t i = 0; h->lines && i < h->lines->column_count; i++)
    if (is_column(h->lines, &h->lines->columns[i])) labels[n++] = h->lines->columns[i].label;
  const char *near = nearest(word, labels, n);
  Clip cut;
  issue_add(issues, place_of(a, row), word, "第%zu列的表头“%s”不是“%s”的字段，%s%s%s请改表头，或删去这一列。", column,
            clip(word, strlen(word), cut),
            h->record->label, near ? "是不是“" : "", near ? near : "", near ? "”？" : "");
}

static void ambiguous_head(Arena *a, const Heading *h, const char *word, size_t row, Issues *issues) {
  const Relation *of = h->lines && column_of(h->lines, word) != -1 ? h->lines : h->record;
  if (h->lines && column_of(h->lines, word) >= 0 && column_of(h->record, word) >= 0)
    issue_add(issues, place_of(a, row), word, "的表头“%s”在“%s”和“%s”里都有，请写成“%s·%s”或“%s·%s”。", word,
              h->record->label, h->lines->label, h->record->label, word, h->lines->label, word);
  else
    issue_add(issues, place_of(a, row), word, "的表头“%s”在“%s”里不止一个，请改写字段名。", word, of->label);
}

static void take_head(Arena *a, Heading *h, size_t at, char *const *words, size_t row, Issues *issues) {
  const char *word = words[at];
  Meaning m = *word && !is_left_unread(word) ? resolve(h->record, h->lines, word) : meaning(HEAD_NONE, -1, word);
  if (is_left_unread(word)) { /* a field of that name is one */
    Meaning declared = resolve(h->record, h->lines, word);
    if (declared.head.kind != HEAD_NONE) m = declared;
  }
  h->at[at] = m.head;
  if (m.several) ambiguous_head(a, h, word, row, issues);
  else if (m.head.kind == HEAD_NONE && *word && !is_left_unread(word)) unknown_head(a, h, word, row, at + 1, issues);
  if (m.head.kind == HEAD_NONE) return;
  for (size_t i = 0; i < at; i++)
    if (h->at[i].kind == m.head.kind && h->at[i].column == m.head.column && h->at[i].lines == m.head.lines) {
      issue_add(issues, place_of(a, row), word, "的表头“%s”写了两次（第%zu列、第%zu列），请删去一列。", word, i + 1, at + 1);
      h->at[at].kind = HEAD_NONE;
      return;
    }
  if (m.head.kind == HEAD_ID) h->id = (int)at;
  if (m.head.kind == HEAD_GROUP) h->group = (int)at;
}

bool heading_read(Arena *a, const Relation *record, const Relation *lines, const CsvRow *row, Heading *out, Issues *issues) {
  size_t before = issues->count;
  char **words = words_of(a, row);
  const Relation *other = NULL;
  *out = (Heading){.record = record, .lines = lines ? lines : find_lines(record, words, row->count, &other),
                   .at = NEW_ARRAY(a, Head, row->count + 1), .count = row->count, .id = -1, .group = -1};
  if (other)
    issue_add(issues, place_of(a, row->number), NULL,
              "的表头看不出这张表的明细是“%s”还是“%s”，请把明细的表头写成“%s·字段”，或把台账写成“%s”。", out->lines->label, other->label,
              out->lines->label, out->lines->name);
  for (size_t i = 0; i < row->count; i++) take_head(a, out, i, words, row->number, issues);
  const Relation *any = NULL;
  for (size_t i = 0; i < out->count; i++)
    if (out->at[i].lines && (!any || out->at[i].lines == out->lines)) any = out->at[i].lines;
  out->lines = any;
  return issues->count == before;
}

int heading_of(const Heading *h, int column) {
  for (size_t i = 0; i < h->count; i++)
    if (h->at[i].kind == HEAD_RECORD && h->at[i].column == column) return (int)i;
  return -1;
}

int heading_of_line(const Heading *h, const Relation *lines, HeadKind kind, int column) {
  for (size_t i = 0; i < h->count; i++)
    if (h->at[i].kind == kind && h->at[i].lines == lines && h->at[i].column == column) return (int)i;
  return -1;
}

bool heading_has(const Heading *h, const Relation *lines) {
  for (size_t i = 0; i < h->count; i++)
    if (h->at[i].lines == lines) return true;
  return false;
}

/* ---- writing ---- */

static bool means(const Relation *record, const Relation *lines, const char *word, Head head) {
  Meaning m = resolve(record, lines, word);
  return !m.several && m.head.kind == head.kind && m.head.column == head.column && m.head.lines == head.lines;
}

/* The plainest word that means the column here; `full`: with its relation before it in any case. */
static const char *word_for(Arena *a, const Relation *record, const Relation *lines, Head head, bool full) {
  const Relation *r = head.kind == HEAD_LINE ? head.lines : record;
  const Column *c = &r->columns[head.column];
  const char *const words[] = {c->label, arena_print(a, "%s·%s", r->label, c->label), c->name,
                               arena_print(a, "%s.%s", r->own_name ? r->own_name : r->name, c->name)};
  for (size_t i = full ? 1 : 0; i < sizeof words / sizeof *words; i++)
    if (*words[i] && !strpbrk(words[i], " \t") && !is_left_unread(words[i]) &&
        means(record, lines, words[i], head)) return words[i];
  return words[3];
}

static void add_head(Arena *a, Heading *h, size_t *room, Head head) {
  if (head.kind == HEAD_ID) h->id = (int)h->count;
  *PUSH(a, h->at, h->count, *room) = head;
}

/* People never see the state of a core relation: its rows are facts at once. */
static bool is_written(const Relation *r, const Column *c, bool blank) {
  if (!is_column(r, c) || (blank && c->type == TYPE_FILE)) return false;
  return !(r->core && r->state >= 0 && c == &r->columns[r->state]);
}

static void add_lines(Arena *a, Heading *h, size_t *room, const Relation *lines, bool blank, bool full) {
  const Relation *plain = full ? NULL : lines;
  if (!blank) {
    Head id = {HEAD_LINE_ID, 0, full ? arena_print(a, "%s·编号", lines->label) : "行编号", lines};
    if (full && !means(h->record, NULL, id.text, id)) id.text = arena_print(a, "%s.id", lines->own_name);
    add_head(a, h, room, id);
  }
  for (size_t i = 0; i < lines->column_count; i++) {
    Head head = {HEAD_LINE, (int)i, NULL, lines};
    if (!is_written(lines, &lines->columns[i], blank)) continue;
    head.text = word_for(a, h->record, plain, head, full);
    add_head(a, h, room, head);
  }
}

static Heading begin(Arena *a, const Relation *record, const Relation *lines, bool blank, size_t *room) {
  Heading h = {.record = record, .lines = lines, .id = -1, .group = -1};
  if (!blank) add_head(a, &h, room, (Head){HEAD_ID, 0, "编号", NULL});
  for (size_t i = 0; i < record->column_count; i++) {
    Head head = {HEAD_RECORD, (int)i, NULL, NULL};
    if (!is_written(record, &record->columns[i], blank)) continue;
    head.text = word_for(a, record, lines, head, false);
    add_head(a, &h, room, head);
  }
  return h;
}

/* Whether these heads, read again, are told to have these lines plain. */
static bool is_told_again(Arena *a, const Heading *h) {
  char **words = NEW_ARRAY(a, char *, h->count + 1);
  for (size_t i = 0; i < h->count; i++) words[i] = arena_copy(a, h->at[i].text);
  const Relation *other;
  return find_lines(h->record, words, h->count, &other) == h->lines && !other;
}

Heading heading_make(Arena *a, const Relation *record, const Relation *lines, bool blank) {
  size_t room = 0;
  Heading h = begin(a, record, lines, blank, &room);
  if (!lines) return h;
  add_lines(a, &h, &room, lines, blank, false);
  if (is_told_again(a, &h)) return h;
  room = 0;
  h = begin(a, record, lines, blank, &room);
  add_lines(a, &h, &room, lines, blank, true);
  return h;
}

Heading heading_whole(Arena *a, const Relation *record, bool blank) {
  const Relation *first = NULL;
  for (size_t i = 0; !first && i < record->line_count; i++)
    if (!record->lines[i]->retired) first = record->lines[i];
  Heading h = heading_make(a, record, first, blank);
  size_t room = h.count;
  Head *copy = NEW_ARRAY(a, Head, room + 1);
  if (h.count) memcpy(copy, h.at, h.count * sizeof *copy);
  h.at = copy;
  for (size_t i = 0; i < record->line_count; i++)
    if (!record->lines[i]->retired && record->lines[i] != first) add_lines(a, &h, &room, record->lines[i], blank, true);
  return h;
}
