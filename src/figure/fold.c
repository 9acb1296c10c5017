/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The value of a figure from its rows alone, with no store at hand: what a sealed list of evidence is
 * folded with, and what the tests hold against the store's own arithmetic. */
#include "figure/ask.h"

#include <string.h>

typedef struct FoldKey {
  const char *text;
  uint64_t hash;
} FoldKey;

struct FigureFold {
  Arena *arena;
  const Measure *measure;
  FigureSums sums;
  bool overflow;
  FoldKey *slots; /* open addressing, a power of two, never more than half full */
  size_t room;
};

FigureFold *figure_fold_new(Arena *a, const Measure *m) {
  FigureFold *f = NEW(a, FigureFold);
  f->arena = a;
  f->measure = m;
  f->room = 64;
  f->slots = NEW_ARRAY(a, FoldKey, f->room);
  return f;
}

static uint64_t hash_of(const char *s) {
  uint64_t h = 1469598103934665603u;
  for (; *s; s++) h = (h ^ (unsigned char)*s) * 1099511628211u;
  return h;
}

static FoldKey *slot_of(FoldKey *slots, size_t room, const char *text, uint64_t hash) {
  size_t i = hash & (room - 1);
  while (slots[i].text && (slots[i].hash != hash || strcmp(slots[i].text, text) != 0)) i = (i + 1) & (room - 1);
  return &slots[i];
}

static void add_distinct(FigureFold *f, const char *text) {
  uint64_t hash = hash_of(text);
  FoldKey *slot = slot_of(f->slots, f->room, text, hash);
  if (slot->text) return;
  *slot = (FoldKey){.text = arena_copy(f->arena, text), .hash = hash};
  f->sums.keys++;
  if ((size_t)f->sums.keys * 2 <= f->room) return;
  size_t room = f->room * 2;
  FoldKey *slots = NEW_ARRAY(f->arena, FoldKey, room);
  for (size_t i = 0; i < f->room; i++)
    if (f->slots[i].text) *slot_of(slots, room, f->slots[i].text, f->slots[i].hash) = f->slots[i];
  f->slots = slots;
  f->room = room;
}

void figure_fold_add(FigureFold *f, const FigureRow *row) {
  if (row->undetermined) f->sums.undetermined++;
  if (!row->counted) return;
  f->sums.rows++;
  if (row->total) f->sums.totals++;
  if (row->key) add_distinct(f, row->key);
  if (__builtin_add_overflow(f->sums.amount, row->amount, &f->sums.amount)) f->overflow = true;
}

void figure_fold_value(const FigureFold *f, FigureValue *out) {
  if (value_from(f->measure, f->sums, out) && !f->overflow) return;
  *out = (FigureValue){.null = true,
                       .unanswered = "数值过大，无法精确计算。",
                       .exact = ratio_int(0),
                       .rows = f->sums.rows,
                       .undetermined = f->sums.undetermined};
}
