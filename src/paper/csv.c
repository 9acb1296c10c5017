/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A row is unquoted in place in one sliding buffer: a cell never grows, and the separator behind it, once
 * passed, becomes its end. So what was read is gone from the buffer, and going back reads the source again. */
#include "paper/csv.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER = 64 * 1024, FIRST_FILL = 4 * 1024 /* after going back: often for one row only */ };

struct CsvReader {
  CsvSource source;
  char *buffer;
  size_t room, begin, end; /* begin: first byte not yet handed out */
  uint64_t base;           /* offset of buffer[0] */
  bool ended;              /* the source has no more than what is in the buffer */
  bool failed;
  size_t fill; /* bytes to ask for next */
  char separator;
  size_t number;
  const char *cells[CSV_COLUMNS];
  size_t starts[CSV_COLUMNS];
};

/* ---- reading ---- */

/* Makes more bytes of the present row available; false at the end or on failure. */
static bool more(CsvReader *r, Error *e) {
  if (r->ended || r->failed) return false;
  if (r->begin) {
    memmove(r->buffer, r->buffer + r->begin, r->end - r->begin);
    r->base += r->begin;
    r->end -= r->begin;
    r->begin = 0;
  }
  if (r->end == r->room) {
    char *larger = realloc(r->buffer, r->room * 2 + 1);
    if (!larger) abort();
    r->buffer = larger;
    r->room *= 2;
  }
  size_t got = 0, asked = r->room - r->end < r->fill ? r->room - r->end : r->fill;
  if (r->fill < BUFFER) r->fill *= 2;
  if (!r->source.read(r->source.self, r->base + r->end, r->buffer + r->end, asked, &got, e)) {
    r->failed = true;
    return false;
  }
  r->ended = got < asked;
  r->end += got;
  return got > 0;
}

/* The separator that stands most often, outside quotes, in the first line that has any. */
static char find_separator(const CsvReader *r) {
  static const char known[] = ",;\t";
  size_t counts[sizeof known - 1] = {0};
  bool quoted = false;
  for (size_t i = 0; i < r->end; i++) {
    char c = r->buffer[i];
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    const char *at = memchr(known, c, sizeof known - 1);
    if (at) counts[at - known]++;
    if ((c == '\n' || c == '\r') && (counts[0] || counts[1] || counts[2])) break;
  }
  size_t best = 0;
  for (size_t i = 1; i < sizeof known - 1; i++)
    if (counts[i] > counts[best]) best = i;
  return known[best];
}

CsvReader *csv_open(CsvSource source, Error *e) {
  CsvReader *r = calloc(1, sizeof *r);
  if (!r || !(r->buffer = malloc(BUFFER + 1))) abort();
  r->source = source;
  r->room = r->fill = BUFFER;
  more(r, e);
  r->separator = find_separator(r);
  if (!r->failed) return r;
  csv_close(r);
  return NULL;
}

void csv_close(CsvReader *r) {
  if (!r) return;
  free(r->buffer);
  free(r);
}

void csv_cleanup(CsvReader **r) { csv_close(*r); }
char csv_separator(const CsvReader *r) { return r->separator; }

void csv_seek(CsvReader *r, uint64_t offset, size_t number) {
  r->number = number - 1;
  if (offset >= r->base + r->begin && offset < r->base + r->end) {
    r->begin = (size_t)(offset - r->base);
    return;
  }
  r->base = offset;
  r->begin = r->end = 0;
  r->ended = false;
  r->fill = FIRST_FILL;
}

/* One row on its way: positions count from r->begin, since the buffer slides. */
typedef struct Parse {
  CsvReader *r;
  Error *e;
  size_t at, count;
} Parse;

static inline int peek(Parse *p) {
  CsvReader *r = p->r;
  if (r->begin + p->at < r->end || more(r, p->e)) return (unsigned char)r->buffer[r->begin + p->at];
  return -1;
}

static bool refuse(Parse *p, const char *sentence) {
  p->r->failed = true;
  return fail(p->e, ERROR_INVALID, "第%zu行第%zu列%s", p->r->number, p->count + 1, sentence);
}

static bool is_formula(const char *s) {
  while (*s == '\'') s++;
  return *s && strchr("=+-@\t\r", *s);
}

/* Ends a cell that was written up to `to`. */
static bool end_cell(Parse *p, size_t start, size_t to) {
  if (to - start > CSV_CELL) return refuse(p, "太长，一格最多64 KB，请缩短。");
  char *cell = p->r->buffer + p->r->begin + start;
  p->r->buffer[p->r->begin + to] = 0;
  if (*cell == '\'' && is_formula(cell)) start++;
  p->r->starts[p->count++] = start;
  return true;
}

/* Up to the quote that closes the cell; `*to` moves behind what was kept. */
static bool quoted(Parse *p, size_t *to) {
  for (int c; (c = peek(p)) >= 0;) {
    p->at++;
    if (p->at > CSV_ROW_BYTES) return refuse(p, "太长，可能有引号没有配对，请检查。");
    if (c == '"') {
      if (peek(p) != '"') return true;
      p->at++;
    }
    p->r->buffer[p->r->begin + (*to)++] = (char)c;
  }
  return !p->r->failed && refuse(p, "的引号没有配对，请补上或去掉。");
}

static bool plain(Parse *p, size_t *to) {
  CsvReader *r = p->r;
  while (peek(p) >= 0) {
    const char *from = r->buffer + r->begin + p->at, *end = r->buffer + r->end, *s = from;
    while (s < end && *s != r->separator && *s != '\n' && *s != '\r') s++;
    p->at += (size_t)(s - from);
    if (p->at > CSV_ROW_BYTES) return refuse(p, "太长，请缩短。");
    if (s < end) break;
  }
  *to = p->at;
  return !r->failed;
}

static bool one_cell(Parse *p, bool *last) {
  if (p->count == CSV_COLUMNS) return refuse(p, "太靠右，最多500列，请删去多余的列。");
  size_t start = p->at, to = p->at;
  if (peek(p) == '"') {
    p->at++;
    start = to = p->at;
    if (!quoted(p, &to)) return false;
  } else if (!plain(p, &to)) {
    return false;
  }
  int c = peek(p);
  if (p->r->failed) return false;
  if (c >= 0 && c != p->r->separator && c != '\n' && c != '\r') return refuse(p, "的引号后面还有字，请把引号成对写全。");
  *last = c != p->r->separator;
  if (c >= 0) p->at++;
  if (c == '\r' && peek(p) == '\n') p->at++; /* before the cell is ended: peeking may slide the buffer */
  return !p->r->failed && end_cell(p, start, to);
}

CsvStep csv_next(CsvReader *r, CsvRow *row, Error *e) {
  Parse p = {.r = r, .e = e};
  if (r->failed) return CSV_FAILED;
  if (peek(&p) < 0) return r->failed ? CSV_FAILED : CSV_END;
  r->number++;
  if (r->number > CSV_ROWS + 1) {
    r->failed = true;
    fail(e, ERROR_LIMIT, "表格超过%d行，请分成几份导入。", CSV_ROWS);
    return CSV_FAILED;
  }
  for (bool last = false; !last;)
    if (!one_cell(&p, &last)) return CSV_FAILED;
  for (size_t i = 0; i < p.count; i++) r->cells[i] = r->buffer + r->begin + r->starts[i];
  *row = (CsvRow){.cells = r->cells, .count = p.count, .number = r->number, .offset = r->base + r->begin};
  r->begin += p.at;
  return CSV_ROW;
}

/* ---- writing ---- */

void csv_add_bom(Text *out) { text_add_n(out, "\xEF\xBB\xBF", 3); }

static bool is_number(const char *s) {
  if (*s == '-') s++;
  size_t whole = strspn(s, "0123456789");
  if (!whole) return false;
  s += whole;
  if (*s != '.') return !*s;
  size_t part = strspn(s + 1, "0123456789");
  return part && !s[1 + part];
}

void csv_add_cell(Text *out, bool first, const char *text) {
  if (!first) text_add_char(out, ',');
  if (!text || !*text) return;
  bool guard = is_formula(text) && !is_number(text);
  if (!text[strcspn(text, ",;\t\"\r\n")]) {
    if (guard) text_add_char(out, '\'');
    text_add(out, text);
    return;
  }
  text_add(out, guard ? "\"'" : "\"");
  for (const char *quote; (quote = strchr(text, '"')); text = quote + 1) {
    text_add_n(out, text, (size_t)(quote - text) + 1);
    text_add_char(out, '"');
  }
  text_add(out, text);
  text_add_char(out, '"');
}

void csv_end_row(Text *out) { text_add_n(out, "\r\n", 2); }
