/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Records are told by 64-bit hashes of their columns; where two records are alike enough to compare them,
 * the earlier row is read again. So memory grows by rows and records, never by their text. */
#include "ledger/gather.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"

enum { ALIKE_MOST = 16 }; /* records of one identity that a new one is compared with */

void fault_add(Faults *f, size_t row, const char *field, const char *sentence, ...) {
  if (f->count++ >= FAULTS_KEPT) return;
  va_list args;
  va_start(args, sentence);
  Arena *a = f->issues->arena;
  const char *rest = arena_vprint(a, sentence, args);
  va_end(args);
  issue_add(f->issues, arena_print(a, "第%zu行", row), field, "%s", rest);
}

void fault_take(Faults *f, const Issue *issue) {
  if (f->count++ < FAULTS_KEPT)
    issue_add(f->issues, issue->where, issue->field, "%s", issue->sentence);
}

/* ---- cells ---- */

static size_t space_at(const char *s) {
  if (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n') return 1;
  return strncmp(s, "　", sizeof "　" - 1) ? 0 : sizeof "　" - 1;
}

const char *cell_span(const char *cell, size_t *n) {
  for (size_t space; (space = space_at(cell));) cell += space;
  size_t length = strlen(cell);
  for (bool trimmed = true; trimmed && length;) {
    trimmed = false;
    if (strchr(" \t\r\n", cell[length - 1])) trimmed = true, length--;
    else if (length >= sizeof "　" - 1 && space_at(cell + length - (sizeof "　" - 1)) > 1)
      trimmed = true, length -= sizeof "　" - 1;
  }
  *n = length;
  return cell;
}

/* A cell of a row by its head; a row that is too short is blank behind its end. */
typedef struct Span { const char *at; size_t n; } Span;

static Span span_of(const CsvRow *row, size_t head) {
  Span s = {"", 0};
  if (head < row->count) s.at = cell_span(row->cells[head], &s.n);
  return s;
}

static bool same_span(Span a, Span b) { return a.n == b.n && !memcmp(a.at, b.at, a.n); }

static uint64_t mix(uint64_t h, const char *s, size_t n) {
  for (; n >= 8; s += 8, n -= 8) {
    uint64_t word;
    memcpy(&word, s, sizeof word);
    h = (h ^ word) * 0x9E3779B97F4A7C15u;
    h ^= h >> 29;
  }
  for (; n; s++, n--) h = (h ^ (unsigned char)*s) * 1099511628211u;
  return h ^ h >> 32;
}

typedef struct Gatherer {
  CsvReader *csv;
  const Heading *h;
  Gathering *out;
  Faults *faults;
  Error *e;
  bool *record_head, *identity_head; /* by index of the head */
  uint32_t *by_key, *by_identity;    /* open addressing: record + 1 */
  size_t slots;
  Text above;   /* record cells of the present record's first row, each with its end */
  Span *before; /* the same as spans */
  uint32_t present; /* record of the row before, + 1; 0: none */
  uint32_t outer;   /* the record before it, while the present one has a single row; + 1 */
} Gatherer;

static bool is_day(const Gatherer *g, size_t head) {
  const Head *at = &g->h->at[head];
  return at->kind == HEAD_RECORD && g->h->record->columns[at->column].type == TYPE_DATE;
}

/* 2023-5-1 and 2023年5月1日 are one day. */
static uint64_t mix_cell(const Gatherer *g, uint64_t h, size_t head, Span s) {
  h = mix(h, (const char *)&(uint64_t){head + 1}, sizeof(uint64_t));
  char text[40];
  Date day;
  Error e;
  if (s.n && s.n < sizeof text && is_day(g, head)) {
    memcpy(text, s.at, s.n);
    text[s.n] = 0;
    if (date_read(text, &day, &e)) return mix(h, (const char *)&(uint64_t){(uint64_t)day}, sizeof(uint64_t));
  }
  return mix(h, s.at, s.n);
}

static bool same_cell(const Gatherer *g, size_t head, Span a, Span b) {
  return same_span(a, b) || (is_day(g, head) && a.n && b.n && mix_cell(g, 1, head, a) == mix_cell(g, 1, head, b));
}

/* ---- what is kept ---- */

static void *larger(void *at, size_t *room, size_t size) {
  *room = *room ? *room * 2 : 1024;
  void *grown = realloc(at, *room * size);
  if (!grown) abort();
  return grown;
}

static void put_slot(uint32_t *slots, size_t room, uint64_t hash, uint32_t record) {
  size_t i = hash & (room - 1);
  while (slots[i]) i = (i + 1) & (room - 1);
  slots[i] = record + 1;
}

/* The newest record of this identity stands in the slot; `alike` leads on to older ones. */
static uint32_t *find_identity(const Gatherer *g, uint64_t identity) {
  size_t i = identity & (g->slots - 1);
  while (g->by_identity[i] && g->out->records[g->by_identity[i] - 1].identity != identity) i = (i + 1) & (g->slots - 1);
  return &g->by_identity[i];
}

static void grow_slots(Gatherer *g) {
  g->slots = g->slots ? g->slots * 2 : 1024;
  free(g->by_key);
  free(g->by_identity);
  g->by_key = calloc(g->slots, sizeof *g->by_key);
  g->by_identity = calloc(g->slots, sizeof *g->by_identity);
  if (!g->by_key || !g->by_identity) abort();
  for (size_t i = 0; i < g->out->record_count; i++) {
    const GatheredRecord *r = &g->out->records[i];
    put_slot(g->by_key, g->slots, r->key, (uint32_t)i);
    *find_identity(g, r->identity) = (uint32_t)i + 1; /* the newest of them stays */
  }
}

/* Record + 1 with this key, 0 if none. */
static uint32_t find_key(const Gatherer *g, uint64_t key) {
  for (size_t i = key & (g->slots - 1); g->by_key[i]; i = (i + 1) & (g->slots - 1))
    if (g->out->records[g->by_key[i] - 1].key == key) return g->by_key[i];
  return 0;
}

static uint32_t add_row(Gatherer *g, const CsvRow *row) {
  Gathering *o = g->out;
  if (o->row_count == o->row_room) o->rows = larger(o->rows, &o->row_room, sizeof *o->rows);
  o->rows[o->row_count] = (GatheredRow){.offset = row->offset, .number = (uint32_t)row->number};
  return (uint32_t)o->row_count++;
}

static void append(Gatherer *g, uint32_t record, const CsvRow *row) {
  uint32_t at = add_row(g, row);
  GatheredRecord *r = &g->out->records[record];
  g->out->rows[r->last].next = at + 1;
  r->last = at;
}

static void keep_above(Gatherer *g, const CsvRow *row) {
  text_clear(&g->above);
  for (size_t i = 0; i < g->h->count; i++) {
    Span s = g->record_head[i] ? span_of(row, i) : (Span){"", 0};
    text_add_n(&g->above, s.at, s.n);
    g->before[i].n = s.n;
  }
  const char *at = text_get(&g->above);
  for (size_t i = 0; i < g->h->count; at += g->before[i++].n) g->before[i].at = at;
}

/* ---- comparing ---- */

static size_t first_number(const Gatherer *g, uint32_t record) {
  return g->out->rows[g->out->records[record].first].number;
}

/* Reads the record's first row again and compares it with `kept`, the spans of another. Differences in record
 * columns; *which is the first. With `blank` a blank cell in `kept` differs from nothing. */
static bool differences(Gatherer *g, uint32_t record, const Span *kept, bool blank, size_t *count, size_t *which,
                        Text *theirs) {
  const GatheredRow *r = &g->out->rows[g->out->records[record].first];
  CsvRow row;
  csv_seek(g->csv, r->offset, r->number);
  if (csv_next(g->csv, &row, g->e) != CSV_ROW) return false;
  *count = 0;
  for (size_t i = 0; i < g->h->count; i++) {
    if (!g->record_head[i]) continue;
    Span s = span_of(&row, i);
    if ((blank && !kept[i].n) || same_cell(g, i, s, kept[i])) continue;
    if (!(*count)++) {
      *which = i;
      text_clear(theirs);
      text_add_n(theirs, s.at, s.n);
    }
  }
  return true;
}

static void one_differs(Gatherer *g, size_t row, uint32_t other, size_t head, Span mine, const char *theirs, bool marked) {
  const Head *h = &g->h->at[head];
  const Column *c = &g->h->record->columns[h->column];
  Clip own, others;
  clip(mine.at, mine.n, own);
  clip(theirs, strlen(theirs), others);
  if (marked)
    fault_add(g->faults, row, c->name, "和第%zu行是同一条，可‘%s’一处填“%s”、一处填“%s”，请改成一致后重新导入。",
              first_number(g, other), c->label, own, others);
  else
    fault_add(g->faults, row, c->name,
              "和第%zu行只有‘%s’不同，一处填“%s”、一处填“%s”：是同一条请改成一致；确是两条请加一列“分组”填上不同的号，再重新导入。",
              first_number(g, other), c->label, own, others);
}

/* The present row as spans of its own, since reading another row takes its cells away. */
typedef struct Kept { Text text; Span *at; } Kept;

static Kept keep_row(Gatherer *g, const CsvRow *row) {
  Kept k = {text_new(2 * CSV_ROW_BYTES), calloc(g->h->count + 1, sizeof *k.at)};
  if (!k.at) abort();
  for (size_t i = 0; i < g->h->count; i++) {
    Span s = span_of(row, i);
    text_add_n(&k.text, s.at, s.n);
    k.at[i].n = s.n;
  }
  const char *at = text_get(&k.text);
  for (size_t i = 0; i < g->h->count; at += k.at[i++].n) k.at[i].at = at;
  return k;
}

static void free_kept(Kept *k) {
  text_free(&k->text);
  free(k->at);
}

/* Goes on behind the row after others were read. */
static bool resume(Gatherer *g, const CsvRow *row) {
  CsvRow again;
  csv_seek(g->csv, row->offset, row->number);
  return csv_next(g->csv, &again, g->e) == CSV_ROW;
}

static bool compare_alike(Gatherer *g, const CsvRow *row, uint32_t newest) {
  Kept kept = keep_row(g, row);
  TEXT_SCOPE theirs = text_new(2 * CSV_ROW_BYTES);
  bool well = true, told = false;
  uint32_t other = newest;
  for (size_t n = 0; well && !told && other && n < ALIKE_MOST; n++, other = g->out->records[other - 1].alike) {
    size_t count, which;
    if (g->out->records[other - 1].marked) continue;
    well = differences(g, other - 1, kept.at, false, &count, &which, &theirs);
    if (well && count == 1) {
      one_differs(g, row->number, other - 1, which, kept.at[which], text_get(&theirs), false);
      told = true;
    }
  }
  well = well && resume(g, row);
  free_kept(&kept);
  return well;
}

/* A single row between two of one record: `row` is the one after it, `inner` the record of that single row. */
static bool compare_between(Gatherer *g, const CsvRow *row, uint32_t inner) {
  Kept kept = keep_row(g, row);
  TEXT_SCOPE theirs = text_new(2 * CSV_ROW_BYTES);
  size_t count, which;
  bool well = differences(g, inner, kept.at, false, &count, &which, &theirs);
  if (well && count == 1 && g->identity_head[which]) { /* else compare_alike has told it */
    Clip around;
    Span odd = {text_get(&theirs), theirs.length};
    one_differs(g, first_number(g, inner), g->outer - 1, which, odd, clip(kept.at[which].at, kept.at[which].n, around), false);
  }
  well = well && resume(g, row);
  free_kept(&kept);
  return well;
}

static bool compare_marked(Gatherer *g, const CsvRow *row, uint32_t record) {
  Kept kept = keep_row(g, row);
  TEXT_SCOPE theirs = text_new(2 * CSV_ROW_BYTES);
  size_t count, which;
  bool well = differences(g, record, kept.at, true, &count, &which, &theirs);
  if (well && count) one_differs(g, row->number, record, which, kept.at[which], text_get(&theirs), true);
  well = well && resume(g, row);
  free_kept(&kept);
  return well;
}

/* ---- one row ---- */

typedef struct Seen { bool of_record, of_line; uint64_t key, identity; int mark; bool as_above; } Seen;

static int mark_of(const Gatherer *g, const CsvRow *row) {
  int heads[] = {g->h->id, g->h->group};
  for (size_t i = 0; i < 2; i++)
    if (heads[i] >= 0 && span_of(row, (size_t)heads[i]).n) return heads[i];
  return -1;
}

static Seen look(Gatherer *g, const CsvRow *row) {
  Seen s = {.key = 1, .identity = 2, .as_above = g->present != 0, .mark = mark_of(g, row)};
  for (size_t i = 0; i < g->h->count; i++) {
    if (!g->record_head[i] && g->h->at[i].kind == HEAD_NONE) continue;
    Span cell = span_of(row, i);
    if (!g->record_head[i]) {
      bool below = g->h->at[i].kind == HEAD_LINE || g->h->at[i].kind == HEAD_LINE_ID;
      s.of_line = s.of_line || (below && cell.n);
      continue;
    }
    s.of_record = s.of_record || cell.n;
    s.key = mix_cell(g, s.key, i, cell);
    if (g->identity_head[i]) s.identity = mix_cell(g, s.identity, i, cell);
    if (cell.n && g->present && !same_span(cell, g->before[i])) s.as_above = false;
  }
  if (s.mark >= 0) s.key = mix_cell(g, 3, (size_t)s.mark, span_of(row, (size_t)s.mark));
  return s;
}

static void new_record(Gatherer *g, const CsvRow *row, Seen s) {
  Gathering *o = g->out;
  if ((o->record_count + 1) * 2 > g->slots) grow_slots(g);
  if (o->record_count == o->record_room) o->records = larger(o->records, &o->record_room, sizeof *o->records);
  uint32_t at = add_row(g, row), record = (uint32_t)o->record_count;
  uint32_t *alike = find_identity(g, s.identity);
  o->records[o->record_count++] = (GatheredRecord){.key = s.key, .identity = s.identity, .first = at, .last = at,
                                                   .alike = *alike, .marked = s.mark >= 0};
  *alike = record + 1;
  put_slot(g->by_key, g->slots, s.key, record);
  g->outer = g->present;
  g->present = record + 1;
  keep_above(g, row);
}

/* Takes the row into a record there is. */
static bool join(Gatherer *g, const CsvRow *row, uint32_t record, Seen s) {
  bool between = g->h->lines && g->outer == record + 1 && g->present && s.mark < 0;
  uint32_t inner = g->present - 1;
  between = between && !g->out->records[inner].marked &&
            g->out->records[inner].first == g->out->records[inner].last &&
            g->out->records[record].first != g->out->records[record].last;
  if (between && !compare_between(g, row, inner)) return false;
  append(g, record, row);
  if (g->present != record + 1) {
    g->outer = 0;
    g->present = record + 1;
    keep_above(g, row);
  }
  return true;
}

static bool take(Gatherer *g, const CsvRow *row) {
  Seen s = look(g, row);
  if (!s.of_record && !s.of_line && s.mark < 0) return true;
  if (!g->slots) grow_slots(g);
  bool lines = g->h->lines != NULL;
  if (s.mark >= 0) {
    uint32_t known = find_key(g, s.key);
    if (known && !lines) fault_add(g->faults, row->number, "id", "的编号或分组和第%zu行重复，请去掉一行后重新导入。", first_number(g, known - 1));
    if (!known) return new_record(g, row, s), true;
    if ((g->present != known || !s.as_above) && !compare_marked(g, row, known - 1)) return false;
    return join(g, row, known - 1, s);
  }
  /* Orgs have nothing of their own to be told apart by: a row that gives their columns is another. */
  bool apart = lines && g->h->record->org == 0;
  if (lines && s.of_line && ((s.as_above && !apart) || !s.of_record) && g->present) {
    append(g, g->present - 1, row);
    g->outer = 0;
    return true;
  }
  if (!s.of_record) {
    fault_add(g->faults, row->number, NULL, "只有明细，上面没有它的记录，请补上记录的各列。");
    return true;
  }
  uint32_t known = apart ? 0 : find_key(g, s.key);
  if (known && lines && s.of_line) return join(g, row, known - 1, s);
  if (known) {
    fault_add(g->faults, row->number, NULL,
              lines ? "和第%zu行是同一条，却没有明细，请删去这一行；确是两条请加一列“分组”填上不同的号，再重新导入。"
                    : "和第%zu行完全相同，请删去一行；确是两条请加一列“分组”填上不同的号，再重新导入。",
              first_number(g, known - 1));
    return true;
  }
  uint32_t alike = lines && !apart ? *find_identity(g, s.identity) : 0;
  if (alike && !compare_alike(g, row, alike)) return false;
  new_record(g, row, s);
  return true;
}

/* ---- the table ---- */

static bool identifies(const Relation *r, int column) {
  return column == r->org || column == r->date || column == r->title || r->columns[column].type == TYPE_SERIAL;
}

static void prepare(Gatherer *g) {
  size_t n = g->h->count + 1;
  g->record_head = calloc(n, sizeof *g->record_head);
  g->identity_head = calloc(n, sizeof *g->identity_head);
  g->before = calloc(n, sizeof *g->before);
  if (!g->record_head || !g->identity_head || !g->before) abort();
  for (size_t i = 0; i < g->h->count; i++) {
    g->record_head[i] = g->h->at[i].kind == HEAD_RECORD;
    g->identity_head[i] = g->record_head[i] && identifies(g->h->record, g->h->at[i].column);
  }
}

bool gather(CsvReader *csv, const Heading *h, Gathering *out, Faults *faults, Error *e) {
  Gatherer g = {.csv = csv, .h = h, .out = out, .faults = faults, .e = e, .above = text_new(2 * CSV_ROW_BYTES)};
  prepare(&g);
  CsvStep step;
  CsvRow row;
  bool well = true;
  while (well && (step = csv_next(csv, &row, e)) != CSV_END) well = step == CSV_ROW && take(&g, &row);
  free(g.record_head);
  free(g.identity_head);
  free(g.before);
  free(g.by_key);
  free(g.by_identity);
  text_free(&g.above);
  return well;
}

void gathering_free(Gathering *g) {
  free(g->rows);
  free(g->records);
  *g = (Gathering){0};
}
