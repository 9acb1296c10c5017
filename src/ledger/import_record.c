/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Everything here lives on the arena of the moment: of a record nothing stays but its rows in the journal's
 * batch and, where something is wrong, sentences. */
#include "ledger/import_record.h"

#include <stdlib.h>
#include <string.h>

#include "access/names.h"

typedef struct Reading {
  Import *m;
  Record before, after;
  bool known;  /* a record that is there already */
  Date at;     /* org names are of this day */
  Issues own;
  size_t place; /* row of the table, for sentences */
  struct ReadLines *lines; /* one for each of the table's */
  size_t row_count;
} Reading;

typedef struct ReadLines {
  size_t *places; size_t place_count, place_room; /* row of the table of each line */
  bool *taken; size_t taken_count; /* lines of `before` that a row went on from */
} ReadLines;

static ImportLines prepare_lines(const Heading *h, const Relation *r, size_t at) {
  ImportLines l = {.relation = r, .at = at, .key = -1, .key_head = -1, .id_head = heading_of_line(h, r, HEAD_LINE_ID, 0)};
  for (size_t i = 0; i < r->column_count && l.key < 0; i++) {
    const Column *c = &r->columns[i];
    bool listed = c->type == TYPE_REF && c->ref && (!strcmp(c->ref->name, "person") || !strcmp(c->ref->name, "org"));
    if (listed && c->required && !c->system && !c->retired) l.key = (int)i;
  }
  if (l.key >= 0) l.key_head = heading_of_line(h, r, HEAD_LINE, l.key);
  return l;
}

void import_prepare(Import *m) {
  const Heading *h = &m->heading;
  m->date_head = m->record->date >= 0 ? heading_of(h, m->record->date) : -1;
  m->org_head = m->record->org >= 0 ? heading_of(h, m->record->org) : -1;
  m->state_head = m->record->state >= 0 ? heading_of(h, m->record->state) : -1;
  m->lines = NEW_ARRAY(m->s->lasting, ImportLines, m->record->line_count + 1);
  for (size_t i = 0; i < m->record->line_count; i++)
    if (heading_has(h, m->record->lines[i])) m->lines[m->line_count++] = prepare_lines(h, m->record->lines[i], i);
}

/* ---- cells ---- */

/* The cell without spaces around it; until the next row is read. */
static const char *cell(Reading *g, const CsvRow *row, int head) {
  if (head < 0 || (size_t)head >= row->count) return "";
  size_t n;
  const char *at = cell_span(row->cells[head], &n);
  if (!n) return "";
  return at[n] ? arena_slice(g->m->s->arena, at, n) : at;
}

static const char *place_word(Reading *g) { return arena_print(g->m->s->arena, "第%zu行", g->place); }

/* “第3行‘约谈时间’填的是2023-13-5，没有13月，请改后重新导入。”: the cell reader's sentence, told from a table. */
static void cell_wrong(Reading *g, const Column *c, const char *text, const Error *e) {
  Arena *a = g->m->s->arena;
  char *sentence = arena_copy(a, e->sentence);
  const char *label = arena_print(a, "“%s”", c->label), *rest = sentence;
  size_t n = strlen(sentence), stop = sizeof "。" - 1;
  bool stopped = n >= stop && !strcmp(sentence + n - stop, "。");
  if (stopped) sentence[n - stop] = 0;
  bool own = !strncmp(rest, label, strlen(label));
  if (own) rest += strlen(label);
  bool told = own && !strncmp(rest, "：", sizeof "：" - 1);
  Clip shown;
  clip(text, strlen(text), shown);
  if (told) {
    const char *why = strstr(rest, "不对：");
    rest = why ? why + sizeof "不对：" - 1 : rest + sizeof "：" - 1;
    const char *quoted = arena_print(a, "“%s”", shown);
    if (!strncmp(rest, quoted, strlen(quoted))) rest += strlen(quoted);
  }
  const char *clause = rest; /* the last one, which may say what to do already */
  for (const char *next; (next = strstr(clause, "，"));) clause = next + sizeof "，" - 1;
  bool asks = clause != rest && !strncmp(clause, "请", sizeof "请" - 1);
  const char *end = !stopped ? "请改后重新导入。" : asks ? "，再重新导入。" : "，请改后重新导入。";
  if (own && !told) issue_add(&g->own, place_word(g), c->name, "‘%s’%s%s", c->label, rest, end);
  else issue_add(&g->own, place_word(g), c->name, "‘%s’填的是%s，%s%s", c->label, shown, rest, end);
}

/* 张 三 spread out to look well is 张三. */
static const char *squeezed(Arena *a, const char *text) {
  char *out = arena_alloc(a, strlen(text) + 1), *to = out;
  for (const char *at = text; *at; at++) {
    if (!strncmp(at, "　", sizeof "　" - 1)) at += sizeof "　" - 2;
    else if (*at != ' ') *to++ = *at;
  }
  *to = 0;
  return out;
}

static bool read_value(Reading *g, const Column *c, const char *text, Value *out, Error *e) {
  Session *s = g->m->s;
  if (record_cell(s, c, text, g->at, out, e)) return true;
  if (c->type != TYPE_REF || e->kind != ERROR_MISSING) return false;
  const char *close = squeezed(s->arena, text);
  Error again = {0};
  return strcmp(close, text) != 0 && record_cell(s, c, close, g->at, out, &again);
}

/* A sensitive cell that says what is there already, or only that it may not be seen, changes nothing. */
static bool is_as_sealed(Reading *g, Row row, const Column *c, const char *text) {
  static const char *const masks[] = {"无权查看", "已按规定清除", "无法解密", "＊＊＊"};
  for (size_t i = 0; i < sizeof masks / sizeof *masks; i++)
    if (!strcmp(text, masks[i])) return true;
  Session *s = g->m->s;
  Value v = row.v[c - row.relation->columns];
  const char *plain = NULL;
  bool erased;
  Error e;
  if (v.null || v.kind != VALUE_BYTES || !g->known) return false;
  return keyring_open_cell(s->site->keyring, s->arena, s->area, g->m->record, row_id(g->before.row), c, v, &plain, &erased, &e) &&
         plain && !strcmp(plain, text);
}

/* Reads one cell into the row. A blank one empties what is there, or leaves a new row's default. */
static void take_cell(Reading *g, Row row, const Column *c, const char *text, bool is_new) {
  Value *v = &row.v[c - row.relation->columns], read = value_null(v->kind);
  Error e = {0};
  if (!*text) {
    if (!is_new) *v = value_null(type_kind(c->type, c->sensitive));
  } else if (c->sensitive && is_as_sealed(g, row, c, text)) {
    return;
  } else if (read_value(g, c, text, &read, &e)) {
    *v = read;
  } else {
    cell_wrong(g, c, text, &e);
    *v = value_null(type_kind(c->type, c->sensitive));
  }
}

/* ---- the record's own fields ---- */

static bool id_of(const char *text, int64_t *id) {
  if (*text < '1' || *text > '9' || strlen(text) > 18 || text[strspn(text, "0123456789")]) return false;
  *id = strtoll(text, NULL, 10);
  return true;
}

static Record copy_of(Session *s, const Record *from) {
  Record to = {.relation = from->relation, .row = row_copy(s->arena, from->row),
               .lines = NEW_ARRAY(s->arena, LineRows, from->relation->line_count + 1)};
  for (size_t i = 0; i < from->relation->line_count; i++) {
    to.lines[i] = (LineRows){.relation = from->lines[i].relation};
    for (size_t k = 0; k < from->lines[i].count; k++)
      *PUSH(s->arena, to.lines[i].at, to.lines[i].count, to.lines[i].room) = row_copy(s->arena, from->lines[i].at[k]);
  }
  return to;
}

/* The record that 编号 names. What the asker may not see is not there. */
static bool open_known(Reading *g, int64_t id, Error *e) {
  Session *s = g->m->s;
  const Relation *r = g->m->record;
  Error why = {0};
  if (!gate_row(s, r, id, &why) || !record_load(s, r, id, &g->before, &why) || !record_may_write(s, &g->before, &why)) {
    if (why.kind != ERROR_MISSING && why.kind != ERROR_FORBIDDEN) return *e = why, false;
    issue_add(&g->own, place_word(g), "id", why.kind == ERROR_MISSING ? "%s要作为新记录导入，请删去编号，或加 --new。" : "%s", why.sentence);
    return true;
  }
  if (r->state >= 0 && !strcmp(g->before.row.v[r->state].s, STATE_VOID))
    issue_add(&g->own, place_word(g), "id", "%s编号%lld已作废，不能再改，请删去这一行。", r->label, (long long)id);
  g->after = copy_of(s, &g->before);
  g->known = true;
  for (size_t i = 0; i < g->m->line_count; i++) {
    g->lines[i].taken_count = g->before.lines[g->m->lines[i].at].count;
    g->lines[i].taken = NEW_ARRAY(s->arena, bool, g->lines[i].taken_count + 1);
  }
  return true;
}

static bool begin_record(Reading *g, const CsvRow *row, Error *e) {
  Import *m = g->m;
  const char *text = m->as_new ? "" : cell(g, row, m->heading.id);
  int64_t id = 0;
  if (*text && !id_of(text, &id)) {
    Clip shown;
    issue_add(&g->own, place_word(g), "id", "‘编号’填的是%s，应是这条记录原来的编号；新记录请留空。", clip(text, strlen(text), shown));
  }
  if (id && !open_known(g, id, e)) return false;
  if (g->known) return true;
  g->after = record_new(m->s, m->record);
  record_settle(&g->after);
  return true;
}

static void take_fields(Reading *g, const CsvRow *row) {
  Import *m = g->m;
  const Relation *r = m->record;
  Row to = g->after.row;
  if (m->date_head >= 0) take_cell(g, to, &r->columns[r->date], cell(g, row, m->date_head), !g->known);
  if (record_date(&g->after)) g->at = record_date(&g->after);
  for (size_t i = 0; i < m->heading.count; i++) {
    const Head *h = &m->heading.at[i];
    if (h->kind != HEAD_RECORD || (int)i == m->date_head) continue;
    const char *text = cell(g, row, (int)i);
    if ((int)i == m->state_head) {
      if (*text) record_set_state(m->s, g->known ? &g->before : NULL, &g->after, text, place_word(g), &g->own);
    } else if ((int)i == m->org_head && !*text) {
      continue;
    } else {
      take_cell(g, to, &r->columns[h->column], text, !g->known);
    }
  }
  if (r->org >= 0 && to.v[r->org].null && m->org) to.v[r->org] = value_int(m->org);
}

/* ---- its lines ---- */

static bool has_line(const Heading *h, const Relation *lines, const CsvRow *row) {
  for (size_t i = 0; i < h->count; i++) {
    size_t n = 0;
    if (h->at[i].lines == lines && i < row->count) cell_span(row->cells[i], &n);
    if (n) return true;
  }
  return false;
}

static bool equal_where_given(const Heading *h, Row a, Row b) {
  for (size_t i = 0; i < h->count; i++)
    if (h->at[i].kind == HEAD_LINE && h->at[i].lines == a.relation &&
        !value_equal(a.v[h->at[i].column], b.v[h->at[i].column]))
      return false;
  return true;
}

/* The line of a known record that the row goes on from: index, or -1. `read` are the row's own cells. */
static long line_before(Reading *g, size_t at, const char *line_id, Row read) {
  const ImportLines *l = &g->m->lines[at];
  const LineRows *lines = &g->before.lines[l->at];
  const bool *taken = g->lines[at].taken;
  int64_t id = 0;
  if (*line_id) {
    bool valid = id_of(line_id, &id);
    for (size_t i = 0; valid && i < lines->count; i++)
      if (row_id(lines->at[i]) == id) return taken[i] ? -1 : (long)i;
    Clip shown;
    issue_add(&g->own, place_word(g), "id", "‘%s’填的是%s，这条记录没有这一行；新的一行请留空。",
              g->m->heading.at[l->id_head].text, clip(line_id, strlen(line_id), shown));
    return -1;
  }
  for (size_t i = 0; i < lines->count; i++) {
    if (taken[i]) continue;
    bool same = l->key >= 0 ? !read.v[l->key].null && value_equal(read.v[l->key], lines->at[i].v[l->key])
                            : equal_where_given(&g->m->heading, read, lines->at[i]);
    if (same) return (long)i;
  }
  return -1;
}

static void push_place(Reading *g, size_t at, size_t place) {
  ReadLines *l = &g->lines[at];
  *PUSH(g->m->s->arena, l->places, l->place_count, l->place_room) = place;
}

static void take_cells(Reading *g, size_t at, const CsvRow *row, const char *name, Row to) {
  const Heading *h = &g->m->heading;
  const ImportLines *l = &g->m->lines[at];
  for (size_t i = 0; i < h->count; i++) {
    if (h->at[i].kind != HEAD_LINE || h->at[i].lines != l->relation) continue;
    const char *text = name && h->at[i].column == l->key ? name : cell(g, row, (int)i);
    take_cell(g, to, &l->relation->columns[h->at[i].column], text, true);
  }
}

/* The columns that the table has, from the row's own cells into the line it goes on from. */
static void go_on(Reading *g, const CsvRow *row, Row read, Row to) {
  const Heading *h = &g->m->heading;
  for (size_t i = 0; i < h->count; i++) {
    if (h->at[i].kind != HEAD_LINE || h->at[i].lines != to.relation) continue;
    const Column *c = &to.relation->columns[h->at[i].column];
    const char *text = c->sensitive ? cell(g, row, (int)i) : "";
    if (!*text || !is_as_sealed(g, to, c, text)) to.v[h->at[i].column] = read.v[h->at[i].column];
  }
}

/* One line from the row, with `name` in place of the cell of the key column when it is given. */
static void take_line(Reading *g, size_t at, const CsvRow *row, const char *name) {
  Import *m = g->m;
  const ImportLines *l = &m->lines[at];
  LineRows *lines = &g->after.lines[l->at];
  const char *line_id = m->as_new ? "" : cell(g, row, l->id_head);
  m->table->tally->lines_read++;
  if (*line_id && !g->known) {
    issue_add(&g->own, place_word(g), "id", "有‘%s’却没有‘编号’，请补上编号，或删去%s。", m->heading.at[l->id_head].text,
              m->heading.at[l->id_head].text);
    return;
  }
  if (g->known) {
    Row read = row_new(m->s->arena, l->relation);
    size_t wrong = g->own.count;
    take_cells(g, at, row, name, read);
    long before = g->own.count == wrong ? line_before(g, at, line_id, read) : -1;
    if (g->own.count != wrong) return;
    if (before >= 0) {
      g->lines[at].taken[before] = true;
      g->lines[at].places[before] = g->place;
      go_on(g, row, read, lines->at[before]);
      return;
    }
  }
  take_cells(g, at, row, name, record_add_line(m->s, &g->after, l->relation));
  push_place(g, at, g->place);
}

static size_t name_end(const char *at) {
  static const char *const marks[] = {"、", "，", "；", ",", ";", "\n", "\r"};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (!strncmp(at, marks[i], strlen(marks[i]))) return strlen(marks[i]);
  return 0;
}

/* A number beside several names would be counted for each of them. */
static const Column *amount_beside(Reading *g, const Relation *lines, const CsvRow *row) {
  const Heading *h = &g->m->heading;
  for (size_t i = 0; i < h->count; i++) {
    if (h->at[i].kind != HEAD_LINE || h->at[i].lines != lines) continue;
    const Column *c = &lines->columns[h->at[i].column];
    if ((c->type == TYPE_INT || c->type == TYPE_DECIMAL) && *cell(g, row, (int)i)) return c;
  }
  return NULL;
}

static void take_lines(Reading *g, size_t at, const CsvRow *row) {
  Import *m = g->m;
  const ImportLines *l = &m->lines[at];
  if (!has_line(&m->heading, l->relation, row)) return;
  const char *names = cell(g, row, l->key_head);
  size_t mark = 0;
  for (const char *c = names; *c && !mark; c++) mark = name_end(c);
  if (!mark) {
    take_line(g, at, row, NULL);
    return;
  }
  const Column *amount = amount_beside(g, l->relation, row), *key = &l->relation->columns[l->key];
  if (amount || *cell(g, row, l->id_head)) {
    issue_add(&g->own, place_word(g), key->name, "‘%s’里不止一个名字，又填了‘%s’，请一个名字一行。", key->label,
              amount ? amount->label : m->heading.at[l->id_head].text);
    return;
  }
  for (const char *from = names, *c = names;; c++) {
    size_t n = *c ? name_end(c) : 0, length;
    if (*c && !n) continue;
    const char *one = cell_span(arena_slice(m->s->arena, from, (size_t)(c - from)), &length);
    if (length) take_line(g, at, row, arena_slice(m->s->arena, one, length));
    if (!*c) return;
    from = c + n;
    c += n - 1;
  }
}

static bool take_rows(Reading *g, const Gathering *all, const GatheredRecord *r, Error *e) {
  CsvRow row;
  for (uint32_t at = r->first + 1; at; at = all->rows[at - 1].next) {
    csv_seek(g->m->csv, all->rows[at - 1].offset, all->rows[at - 1].number);
    if (csv_next(g->m->csv, &row, e) != CSV_ROW)
      return e->kind ? false : fail(e, ERROR_CONFLICT, "%s 在导入时被别的程序改动，请关闭后再试。", text_file_name(g->m->table->file));
    g->place = row.number;
    if (at == r->first + 1) {
      if (!begin_record(g, &row, e)) return false;
      for (size_t i = 0; i < g->m->line_count; i++)
        for (size_t k = 0; k < g->lines[i].taken_count; k++) push_place(g, i, 0);
      take_fields(g, &row);
    }
    if (++g->row_count > IMPORT_LINES) {
      issue_add(&g->own, place_word(g), NULL, "这条记录的明细超过%d行，请核对，或加一列“分组”把它分开。", IMPORT_LINES);
      return true;
    }
    for (size_t i = 0; i < g->m->line_count; i++) take_lines(g, i, &row);
  }
  return true;
}

/* ---- checking and writing ---- */

static bool same_rows(const Row *a, size_t n, const Row *b, size_t m) {
  if (n != m) return false;
  for (size_t i = 0; i < n; i++)
    for (size_t c = 0; c < a[i].relation->column_count; c++)
      if (!value_equal(a[i].v[c], b[i].v[c])) return false;
  return true;
}

static bool is_unchanged(const Reading *g) {
  if (!same_rows(&g->before.row, 1, &g->after.row, 1)) return false;
  for (size_t i = 0; i < g->m->line_count; i++) {
    const LineRows *a = &g->before.lines[g->m->lines[i].at], *b = &g->after.lines[g->m->lines[i].at];
    if (!same_rows(a->at, a->count, b->at, b->count)) return false;
  }
  return true;
}

static void count(Reading *g) {
  ImportTally *t = g->m->table->tally;
  if (!g->known) t->fresh++;
  else if (is_unchanged(g)) t->same++;
  else t->changed++;
  for (size_t i = 0; i < g->m->line_count; i++)
    for (size_t k = 0; k < g->lines[i].taken_count; k++) t->lines_kept += !g->lines[i].taken[k];
}

bool import_record(Import *m, const Gathering *all, const GatheredRecord *r, Error *e) {
  Session *s = m->s;
  size_t first = all->rows[r->first].number;
  Reading g = {.m = m, .at = s->today, .own = {.arena = s->arena}, .place = first,
               .lines = NEW_ARRAY(s->arena, ReadLines, m->line_count + 1)};
  if (!take_rows(&g, all, r, e)) return false;
  g.place = first;
  if (g.after.relation) {
    for (size_t i = 0; i < m->line_count; i++) g.after.lines[m->lines[i].at].places = g.lines[i].places;
    const Record *before = g.known ? &g.before : NULL;
    record_check(s, before, &g.after, place_word(&g), &g.own);
    Error why = {0};
    bool org = import_is_org(m);
    if (!g.own.count && org) import_org_check(m, before, &g.after, before && !is_unchanged(&g), place_word(&g), &g.own);
    if (!g.own.count && !org && !record_may_write(s, &g.after, &why)) issue_add(&g.own, place_word(&g), "org", "%s", why.sentence);
    if (!g.own.count) count(&g);
    if (!g.own.count && !m->faults.count && !record_put(m->d, before, &g.after, e)) return false;
    if (!g.own.count && org && !before) import_org_add(m, &g.after);
  }
  for (size_t i = 0; i < g.own.count; i++) fault_take(&m->faults, &g.own.at[i]);
  return true;
}
