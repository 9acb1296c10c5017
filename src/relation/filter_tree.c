/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Filters as trees: put together, said from a line, asked what they touch. A tree is never changed once it
 * is made; what differs is a copy. */
#include "relation/filter_tree.h"

Filter *filter_copy(Arena *a, const Filter *f, Path (*change)(Path path, const void *context), const void *context) {
  if (!f) return NULL;
  Filter *copy = NEW(a, Filter);
  *copy = *f;
  if (copy->path.column) copy->path = change(copy->path, context);
  if (copy->other.column) copy->other = change(copy->other, context);
  if (f->kind == TEST_SOME) return copy; /* inside, paths start from the line and stay as they are */
  copy->left = filter_copy(a, f->left, change, context);
  copy->right = filter_copy(a, f->right, change, context);
  return copy;
}

static Path to_record(Path path, const void *context) {
  (void)context;
  path.parent = true;
  return path;
}

Filter *filter_from_line(Arena *a, const Filter *f, const Relation *line) {
  (void)line;
  return filter_copy(a, f, to_record, NULL);
}

static Path same(Path path, const void *context) {
  (void)context;
  return path;
}

Filter *filter_and(Arena *a, const Filter *left, const Filter *right) {
  if (!left || !right) return filter_copy(a, left ? left : right, same, NULL);
  Filter *f = NEW(a, Filter);
  f->kind = TEST_AND;
  f->left = filter_copy(a, left, same, NULL);
  f->right = filter_copy(a, right, same, NULL);
  return f;
}

Filter *filter_not(Arena *a, const Filter *f) {
  Filter *n = NEW(a, Filter);
  n->kind = TEST_NOT;
  n->left = filter_copy(a, f, same, NULL);
  return n;
}

Filter *filter_choice(Arena *a, Path path, const char *choice) {
  Filter *f = NEW(a, Filter);
  f->kind = TEST_COMPARE;
  f->op = OP_EQ;
  f->path = path;
  f->values = NEW(a, Value);
  f->values[0] = value_text(arena_copy(a, choice));
  f->count = 1;
  return f;
}

bool filter_columns(const Filter *f, bool (*visit)(const Relation *r, const Column *column, void *context),
                    void *context) {
  if (!f) return true;
  if (f->path.column && !visit(f->path.relation, f->path.column, context)) return false;
  if (f->other.column && !visit(f->other.relation, f->other.column, context)) return false;
  const Relation *ref = f->kind == TEST_NAMED && f->path.column ? f->path.column->ref : NULL;
  if (ref && ref->title >= 0 && !visit(ref, &ref->columns[ref->title], context)) return false;
  return filter_columns(f->left, visit, context) && filter_columns(f->right, visit, context);
}

static bool path_can_miss(Path p) { return p.column && (!p.column->never_null || (p.via && !p.via->never_null)); }

bool filter_can_miss(const Filter *f) {
  if (!f || f->kind == TEST_MISSING) return false;
  if (path_can_miss(f->path) || path_can_miss(f->other)) return true;
  if (f->kind == TEST_UNDER) return true; /* a line's date may be missing */
  return filter_can_miss(f->left) || filter_can_miss(f->right);
}

bool filter_uses_reporter(const Filter *f) {
  return f && (f->kind == TEST_REPORTER || filter_uses_reporter(f->left) || filter_uses_reporter(f->right));
}

bool filter_uses_here(const Filter *f) {
  return f && ((f->kind == TEST_UNDER && !f->name) || filter_uses_here(f->left) || filter_uses_here(f->right));
}

bool filter_fixed(const Filter *f) {
  if (!f) return true;
  bool asks = f->kind == TEST_REPORTER || (f->kind == TEST_UNDER && !f->name) || f->path.age || f->other.age ||
              (f->kind == TEST_PERIOD && f->period.kind != PERIOD_FIXED);
  return !asks && filter_fixed(f->left) && filter_fixed(f->right);
}

bool filter_equal(const Filter *f, Path *path, Value *value) {
  if (!f || f->kind != TEST_COMPARE || f->op != OP_EQ || f->path.age || f->count != 1) return false;
  *path = f->path;
  *value = f->values[0];
  return true;
}

static void add_parts(Arena *a, const Filter *f, const Filter ***out, size_t *count, size_t *room) {
  if (!f) return;
  if (f->kind == TEST_AND) {
    add_parts(a, f->left, out, count, room);
    add_parts(a, f->right, out, count, room);
  } else {
    *PUSH(a, *out, *count, *room) = f;
  }
}

size_t filter_parts(Arena *a, const Filter *f, const Filter ***out) {
  size_t count = 0, room = 0;
  *out = NULL;
  add_parts(a, f, out, &count, &room);
  return count;
}
