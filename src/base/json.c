/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The one door for JSON from outside. Size and depth are checked on the bytes,
 * before the parser builds anything. */
#include "base/json.h"

#include <string.h>

enum { DEPTH_MOST = 32 };

static bool too_deep(const char *bytes, size_t n) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < n; i++) {
    char c = bytes[i];
    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = false;
    } else if (c == '"')
      in_string = true;
    else if (c == '{' || c == '[') {
      if (++depth > DEPTH_MOST) return true;
    } else if (c == '}' || c == ']')
      depth--;
  }
  return false;
}

static const char *in_words(enum json_error_code code) {
  switch (code) {
  case json_error_premature_end_of_input: return "内容不完整，请补全";
  case json_error_end_of_input_expected: return "完整的值之后还有多余内容，请去掉";
  case json_error_invalid_utf8: return "编码不是UTF-8，请另存为UTF-8";
  case json_error_duplicate_key: return "同一个键出现了两次，请只留一个";
  case json_error_null_character:
  case json_error_null_byte_in_key: return "含有空字符，请去掉";
  case json_error_numeric_overflow: return "数太大，请改写成字符串";
  default: return "不合JSON语法，请改正";
  }
}

json_t *json_read(const char *bytes, size_t n, size_t ceiling, Error *e) {
  if (n > ceiling) {
    fail(e, ERROR_LIMIT, "JSON有%zu字节，超过了%zu字节的上限，请分批提交。", n, ceiling);
    return NULL;
  }
  if (!n) {
    fail(e, ERROR_INVALID, "JSON是空的，请给出内容。");
    return NULL;
  }
  if (memchr(bytes, 0, n)) { /* the parser would take one between two tokens for a blank */
    fail(e, ERROR_INVALID, "JSON含有空字符，请确认交来的是文本。");
    return NULL;
  }
  if (too_deep(bytes, n)) {
    fail(e, ERROR_LIMIT, "JSON嵌套超过%d层，请减少层数。", DEPTH_MOST);
    return NULL;
  }
  json_error_t error;
  json_t *value = json_loadb(bytes, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
  if (!value)
    fail_because(e, ERROR_INVALID, error.text, "JSON第%d行第%d列：%s。", error.line, error.column,
                 in_words(json_error_code(&error)));
  return value;
}

static int add(const char *bytes, size_t n, void *out) {
  Text *t = out;
  text_add_n(t, bytes, n);
  return t->full ? -1 : 0;
}

void json_write(const json_t *value, bool pretty, Text *out) {
  if (!value) {
    text_add(out, "null");
    return;
  }
  /* 15 digits give every decimal of that length back as it was written */
  json_dump_callback(value, add, out,
                     (pretty ? JSON_INDENT(2) : JSON_COMPACT) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
}

void json_release(json_t **value) { json_decref(*value); }
