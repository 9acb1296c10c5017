/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Rows and their canonical body. The reader is a strict scanner of exactly what row_body writes, because
 * replay reads a million bodies and because a body that could be written in two ways could hide an edit:
 * keys in byte order, no spaces, one form for each number and each character. */
#include "relation/row.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

Row row_new(Arena *a, const Relation *r) {
  Row row = {r, NEW_ARRAY(a, Value, r->column_count)};
  for (size_t i = 0; i < r->column_count; i++)
    row.v[i] = value_null(type_kind(r->columns[i].type, r->columns[i].sensitive));
  return row;
}

Row row_copy(Arena *a, Row row) {
  Row copy = {row.relation, NEW_ARRAY(a, Value, row.relation->column_count)};
  for (size_t i = 0; i < row.relation->column_count; i++) copy.v[i] = value_copy(a, row.v[i]);
  return copy;
}

Value *row_at(Row row, const char *column) {
  int i = relation_index(row.relation, column);
  return i < 0 ? NULL : &row.v[i];
}

/* Insertion by name: at most a few hundred columns, once. */
void relation_finish(Arena *a, Relation *r) {
  if (!r->column_count) return;
  int *order = NEW_ARRAY(a, int, r->column_count);
  size_t n = 0;
  for (size_t i = 1; i < r->column_count; i++) {
    size_t at = n++;
    for (; at > 0 && strcmp(r->columns[order[at - 1]].name, r->columns[i].name) > 0; at--) order[at] = order[at - 1];
    order[at] = (int)i;
  }
  r->order = order;
}

/* ---- writing ---- */

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void add_base64(Text *out, const unsigned char *s, size_t n) {
  for (size_t i = 0; i < n; i += 3) {
    size_t left = n - i;
    unsigned bits = (unsigned)s[i] << 16 | (left > 1 ? (unsigned)s[i + 1] << 8 : 0) | (left > 2 ? s[i + 2] : 0u);
    char four[4] = {base64[bits >> 18], base64[bits >> 12 & 63], left > 1 ? base64[bits >> 6 & 63] : '=',
                    left > 2 ? base64[bits & 63] : '='};
    text_add_n(out, four, 4);
  }
}

static char short_escape(unsigned char c) {
  switch (c) {
  case '"': return '"';
  case '\\': return '\\';
  case '\b': return 'b';
  case '\f': return 'f';
  case '\n': return 'n';
  case '\r': return 'r';
  case '\t': return 't';
  default: return 0;
  }
}

static void add_string(Text *out, const char *s, size_t n) {
  static const char hex[] = "0123456789abcdef";
  size_t from = 0;
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)s[i];
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    text_add_n(out, s + from, i - from);
    from = i + 1;
    char e = short_escape(c);
    if (e)
      text_add_n(out, (char[]){'\\', e}, 2);
    else
      text_add_n(out, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
  }
  text_add_n(out, s + from, n - from);
}

void row_body(Row row, Text *out) {
  const Relation *r = row.relation;
  char separator = '{';
  for (size_t k = 0; k + 1 < r->column_count; k++) {
    const Value *v = &row.v[r->order[k]];
    if (v->null) continue;
    const char *name = r->columns[r->order[k]].name;
    text_add_n(out, (char[]){separator, '"'}, 2);
    text_add(out, name);
    separator = ',';
    if (v->kind == VALUE_INT) {
      text_add_n(out, "\":", 2);
      text_add_int(out, v->i);
      continue;
    }
    text_add_n(out, "\":\"", 3);
    if (v->kind == VALUE_TEXT)
      add_string(out, v->s, v->n);
    else
      add_base64(out, (const unsigned char *)v->s, v->n);
    text_add_char(out, '"');
  }
  if (separator == '{') text_add_char(out, '{');
  text_add_char(out, '}');
}

/* ---- reading ---- */

typedef struct Scan {
  Arena *arena;
  const char *at, *end;
} Scan;

static bool take(Scan *s, char c) {
  if (s->at == s->end || *s->at != c) return false;
  s->at++;
  return true;
}

static bool scan_int(Scan *s, int64_t *out) {
  bool minus = take(s, '-');
  const char *first = s->at;
  uint64_t n = 0, most = (uint64_t)INT64_MAX + minus;
  for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++) {
    uint64_t digit = (uint64_t)(*s->at - '0');
    if (n > (most - digit) / 10) return false;
    n = n * 10 + digit;
  }
  size_t digits = (size_t)(s->at - first);
  if (!digits || (*first == '0' && (digits > 1 || minus))) return false;
  *out = minus ? -(int64_t)(n - 1) - 1 : (int64_t)n;
  return true;
}

static int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

/* One escape behind its backslash, as add_string writes it and no other way. */
static bool scan_escape(Scan *s, char *out) {
  static const char shorts[] = "\"\"\\\\b\bf\fn\nr\rt\t";
  if (s->at == s->end) return false;
  char c = *s->at++;
  for (size_t i = 0; c != 'u' && i + 1 < sizeof shorts; i += 2)
    if (shorts[i] == c) return *out = shorts[i + 1], true;
  if (c != 'u' || s->end - s->at < 4 || s->at[0] != '0' || s->at[1] != '0') return false;
  int high = hex_digit(s->at[2]), low = hex_digit(s->at[3]);
  s->at += 4;
  if (high < 0 || high > 1 || low < 0) return false;
  *out = (char)(high * 16 + low);
  return *out && !short_escape((unsigned char)*out);
}

static bool scan_text(Scan *s, Value *out) {
  if (!take(s, '"')) return false;
  const char *from = s->at;
  bool plain = true, ascii = true;
  for (; s->at < s->end && *s->at != '"'; s->at++) {
    unsigned char c = (unsigned char)*s->at;
    if (c < 0x20) return false;
    ascii = ascii && c < 0x80;
    if (c == '\\') {
      plain = false;
      if (++s->at == s->end) return false;
    }
  }
  size_t n = (size_t)(s->at - from), bad;
  if (!take(s, '"') || (!ascii && !utf8_valid(from, n, &bad))) return false;
  char *text = arena_slice(s->arena, from, n);
  if (!plain) {
    Scan inner = {s->arena, from, from + n};
    size_t used = 0;
    while (inner.at < inner.end) {
      char c = *inner.at++;
      if (c == '\\' && !scan_escape(&inner, &c)) return false;
      text[used++] = c;
    }
    text[n = used] = 0;
  }
  *out = (Value){.kind = VALUE_TEXT, .s = text, .n = n};
  return true;
}

static int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool scan_bytes(Scan *s, Value *out) {
  if (!take(s, '"')) return false;
  const char *from = s->at, *quote = memchr(from, '"', (size_t)(s->end - from));
  if (!quote || (quote - from) % 4) return false;
  size_t n = (size_t)(quote - from), used = 0;
  unsigned char *bytes = arena_alloc(s->arena, n / 4 * 3 + 1);
  for (size_t i = 0; i < n; i += 4) {
    bool last = i + 4 == n, one = last && from[i + 2] == '=' && from[i + 3] == '=',
         two = last && !one && from[i + 3] == '=';
    int a = base64_digit(from[i]), b = base64_digit(from[i + 1]), c = one ? 0 : base64_digit(from[i + 2]);
    int d = one || two ? 0 : base64_digit(from[i + 3]);
    if (a < 0 || b < 0 || c < 0 || d < 0 || (one && (b & 15)) || (two && (c & 3))) return false;
    bytes[used++] = (unsigned char)(a << 2 | b >> 4);
    if (!one) bytes[used++] = (unsigned char)((b & 15) << 4 | c >> 2);
    if (!one && !two) bytes[used++] = (unsigned char)((c & 3) << 6 | d);
  }
  s->at = quote + 1;
  *out = (Value){.kind = VALUE_BYTES, .s = (const char *)bytes, .n = used};
  return true;
}

static bool scan_value(Scan *s, Value *v) {
  ValueKind kind = v->kind;
  v->null = false;
  if (kind == VALUE_INT) return scan_int(s, &v->i);
  return kind == VALUE_TEXT ? scan_text(s, v) : scan_bytes(s, v);
}

static bool is_name(const char *name, const char *s, size_t n) { return strlen(name) == n && memcmp(name, s, n) == 0; }

/* Column of a name, looked for from `*next` on in byte order; a former name (`was`) anywhere. */
static int scan_column(const Relation *r, const char *name, size_t n, size_t *next) {
  for (size_t k = *next; k + 1 < r->column_count; k++)
    if (is_name(r->columns[r->order[k]].name, name, n)) {
      *next = k + 1;
      return r->order[k];
    }
  for (size_t i = 1; i < r->column_count; i++)
    if (r->columns[i].was && is_name(r->columns[i].was, name, n)) return (int)i;
  return -1;
}

static bool broken(const Relation *r, int64_t id, const char *cause, Error *e) {
  return fail_because(e, ERROR_BROKEN, cause,
                      "“%s”第%lld号的内容无法辨认，可能在程序之外被改动过，请用luoshi audit检查。", r->label,
                      (long long)id);
}

bool row_read(Arena *a, const Relation *r, int64_t id, const char *body, size_t n, Row *out, Error *e) {
  Scan s = {a, body, body + n};
  Row row = row_new(a, r);
  row.v[0] = value_int(id);
  const char *before = NULL;
  size_t before_n = 0, next = 0;
  if (!take(&s, '{')) return broken(r, id, "no object", e);
  while (!take(&s, '}')) {
    if ((before && !take(&s, ',')) || !take(&s, '"')) return broken(r, id, "no key", e);
    const char *name = s.at, *quote = memchr(name, '"', (size_t)(s.end - name));
    if (!quote) return broken(r, id, "unclosed key", e);
    size_t length = (size_t)(quote - name), both = length < before_n ? length : before_n;
    int order = before ? memcmp(before, name, both) : -1;
    if (order > 0 || (order == 0 && length <= before_n)) return broken(r, id, "keys out of order", e);
    int column = scan_column(r, name, length, &next);
    s.at = quote + 1;
    if (column < 0 || !row.v[column].null) return broken(r, id, "unknown key", e);
    if (!take(&s, ':') || !scan_value(&s, &row.v[column])) return broken(r, id, "bad value", e);
    before = name;
    before_n = length;
  }
  if (s.at != s.end) return broken(r, id, "bytes behind the object", e);
  *out = row;
  return true;
}
