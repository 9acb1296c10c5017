/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Typed values. A null keeps its kind, because PostgreSQL must know the type of every parameter. */
#include "store/store.h"

#include <string.h>

Value value_int(int64_t i) { return (Value){.kind = VALUE_INT, .i = i}; }

Value value_text(const char *s) { return (Value){.kind = VALUE_TEXT, .null = !s, .s = s, .n = s ? strlen(s) : 0}; }

Value value_bytes(const void *bytes, size_t n) {
  return (Value){.kind = VALUE_BYTES, .null = !bytes, .s = bytes, .n = n};
}

Value value_null(ValueKind kind) { return (Value){.kind = kind, .null = true}; }

bool value_equal(Value a, Value b) {
  if (a.kind != b.kind || a.null != b.null) return false;
  if (a.null) return true;
  if (a.kind == VALUE_INT) return a.i == b.i;
  return a.n == b.n && (!a.n || memcmp(a.s, b.s, a.n) == 0);
}

Value value_copy(Arena *a, Value v) {
  if (!v.null && v.kind != VALUE_INT) v.s = arena_slice(a, v.s, v.n);
  return v;
}
