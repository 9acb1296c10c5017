/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Reading forms (form.h). Whatever stands in a body, nothing is read past its end, and a value is text
 * only when it is UTF-8 without control characters but line ends and tabs. */
#include "web/form.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

static bool is_text(const char *s, size_t n) {
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)s[i];
    if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f) return false;
  }
  return utf8_valid(s, n, NULL);
}

const char *url_decode(Arena *a, const char *s, size_t n, bool plus) {
  char *out = arena_alloc(a, n + 1);
  size_t k = 0;
  for (size_t i = 0; i < n; i++) {
    int high, low;
    if (s[i] == '%' && i + 2 < n && (high = hex(s[i + 1])) >= 0 && (low = hex(s[i + 2])) >= 0) {
      out[k++] = (char)(high * 16 + low);
      i += 2;
    } else {
      out[k++] = plus && s[i] == '+' ? ' ' : s[i];
    }
  }
  out[k] = '\0';
  return is_text(out, k) ? out : NULL;
}

const char *url_encode(Arena *a, const char *s) {
  static const char digits[] = "0123456789ABCDEF";
  size_t n = strlen(s), k = 0;
  char *out = arena_alloc(a, 3 * n + 1);
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)s[i];
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("-_.~", c);
    if (plain) {
      out[k++] = (char)c;
    } else {
      out[k++] = '%';
      out[k++] = digits[c >> 4];
      out[k++] = digits[c & 15];
    }
  }
  return out;
}

static bool add(Arena *a, Form *f, Field field, Error *e) {
  if (f->count >= FORM_FIELDS) return fail(e, ERROR_LIMIT, "表单的项目太多，请分几次提交。");
  *PUSH(a, f->at, f->count, f->room) = field;
  return true;
}

bool form_read_query(Arena *a, const char *query, size_t n, Form *out, Error *e) {
  for (size_t at = 0; at < n;) {
    const char *amp = memchr(query + at, '&', n - at);
    size_t end = amp ? (size_t)(amp - query) : n;
    const char *is = memchr(query + at, '=', end - at);
    size_t name_end = is ? (size_t)(is - query) : end, value_at = is ? name_end + 1 : end;
    if (name_end - at > FORM_NAME || end - value_at > 3 * (size_t)FORM_VALUE)
      return fail(e, ERROR_LIMIT, "表单里有一项太长，请改短后再提交。");
    if (name_end > at) {
      const char *name = url_decode(a, query + at, name_end - at, true);
      const char *value = url_decode(a, query + value_at, end - value_at, true);
      if (!name || !value) return fail(e, ERROR_INVALID, "表单里有无法识别的字符，请重新填写。");
      if (!add(a, out, (Field){name, value, strlen(value), NULL}, e)) return false;
    }
    at = end + 1;
  }
  return true;
}

/* The value of `key=` in a header's parameters, without quotes. */
static const char *parameter(Arena *a, const char *header, size_t n, const char *key) {
  size_t length = strlen(key);
  for (size_t i = 0; i + length < n; i++) {
    bool starts = !i || header[i - 1] == ';' || header[i - 1] == ' ' || header[i - 1] == '\t';
    if (!starts || strncasecmp(header + i, key, length) != 0 || header[i + length] != '=') continue;
    size_t from = i + length + 1, to;
    if (from < n && header[from] == '"') {
      const char *quote = memchr(header + from + 1, '"', n - from - 1);
      return quote ? arena_slice(a, header + from + 1, (size_t)(quote - header) - from - 1) : NULL;
    }
    for (to = from; to < n && header[to] != ';' && header[to] != ' ' && header[to] != '\r';) to++;
    return arena_slice(a, header + from, to - from);
  }
  return NULL;
}

/* C:\a\b.csv, ../b.csv → b.csv */
static const char *base_name(const char *name) {
  const char *slash = strrchr(name, '/'), *back = strrchr(name, '\\');
  if (slash) name = slash + 1;
  if (back && back >= name) name = back + 1;
  return name;
}

/* One part: header lines, an empty line, content. */
static bool read_part(Arena *a, const char *s, size_t n, Form *out, Error *e) {
  enum { HEADERS = 4096 };
  const char *gap = memmem(s, n < HEADERS ? n : HEADERS, "\r\n\r\n", 4);
  if (!gap) return fail(e, ERROR_INVALID, "提交的表单不完整，请重新提交。");
  size_t head = (size_t)(gap - s), from = head + 4;
  const char *name = parameter(a, s, head, "name"), *filename = parameter(a, s, head, "filename");
  if (!name || strlen(name) > FORM_NAME || !is_text(name, strlen(name)))
    return fail(e, ERROR_INVALID, "提交的表单不完整，请重新提交。");
  const char *value = arena_slice(a, s + from, n - from);
  if (filename) {
    filename = base_name(filename);
    if (strlen(filename) > FORM_NAME || !is_text(filename, strlen(filename))) filename = "file";
    return add(a, out, (Field){name, value, n - from, filename}, e);
  }
  if (n - from > FORM_VALUE) return fail(e, ERROR_LIMIT, "表单里有一项太长，请改短后再提交。");
  if (!is_text(value, n - from)) return fail(e, ERROR_INVALID, "表单里有无法识别的字符，请重新填写。");
  return add(a, out, (Field){name, value, n - from, NULL}, e);
}

static bool read_multipart(Arena *a, const char *boundary, const char *body, size_t n, Form *out, Error *e) {
  const char *mark = arena_print(a, "\r\n--%s", boundary);
  size_t length = strlen(mark), at = 0;
  /* The first boundary has no line end before it. */
  if (n < length - 2 || memcmp(body, mark + 2, length - 2) != 0)
    return fail(e, ERROR_INVALID, "提交的表单不完整，请重新提交。");
  at = length - 2;
  for (;;) {
    if (n - at >= 2 && !memcmp(body + at, "--", 2)) return true;
    if (n - at < 2 || memcmp(body + at, "\r\n", 2) != 0) break;
    at += 2;
    const char *next = memmem(body + at, n - at, mark, length);
    if (!next) break;
    if (!read_part(a, body + at, (size_t)(next - body) - at, out, e)) return false;
    at = (size_t)(next - body) + length;
  }
  return fail(e, ERROR_INVALID, "上传没有传完，未保存任何内容，请重新提交。");
}

bool form_read_body(Arena *a, const char *type, const char *body, size_t n, Form *out, Error *e) {
  enum { BOUNDARY = 70 };
  *out = (Form){0};
  if (type && !strncasecmp(type, "application/x-www-form-urlencoded", 33)) return form_read_query(a, body, n, out, e);
  if (type && !strncasecmp(type, "multipart/form-data", 19)) {
    const char *boundary = parameter(a, type, strlen(type), "boundary");
    if (boundary && *boundary && strlen(boundary) <= BOUNDARY) return read_multipart(a, boundary, body, n, out, e);
  }
  return fail(e, ERROR_INVALID, "提交的内容不是表单，请从页面上提交。");
}

static const Field *find(const Form *f, const char *name) {
  for (size_t i = 0; i < f->count; i++)
    if (!strcmp(f->at[i].name, name)) return &f->at[i];
  return NULL;
}

const char *form_get(const Form *f, const char *name) {
  const Field *field = find(f, name);
  return field && !field->filename ? field->value : NULL;
}

const char *form_text(const Form *f, const char *name) {
  const char *value = form_get(f, name);
  return value ? value : "";
}

const Field *form_file(const Form *f, const char *name) {
  const Field *field = find(f, name);
  return field && field->filename && *field->filename ? field : NULL;
}
