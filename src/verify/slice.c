/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Ad-hoc slices: a choice of the ledger that the words name (环境整治志愿服务8次) narrows a figure to its rows of
 * that choice. Fields that the measure tests itself are none; nor are choices that its own words hold. */
#include "verify/index.h"

#include <string.h>

#include "base/utf8.h"

struct Slices {
  Arena *arena;
  const Index *index;
  Option **options;
  size_t *option_counts; /* one list a measure */
  bool *optioned;
};

Slices *slices_new(Arena *a, const Index *index) {
  Slices *x = NEW(a, Slices);
  size_t n = index->catalogue->measure_count;
  *x = (Slices){.arena = a, .index = index};
  x->options = NEW_ARRAY(a, Option *, n + 1);
  x->option_counts = NEW_ARRAY(a, size_t, n + 1);
  x->optioned = NEW_ARRAY(a, bool, n + 1);
  return x;
}

typedef struct Tested {
  const Column *column;
  bool found;
} Tested;

static bool tests_column(const Relation *r, const Column *column, void *context) {
  (void)r;
  Tested *t = context;
  if (column == t->column) t->found = true;
  return !t->found;
}

static bool in_phrasings(const Slices *x, size_t measure, const char *label) {
  for (size_t i = 0; i < x->index->variant_count; i++)
    if (x->index->variants[i].measure == measure && strstr(x->index->variants[i].text, label)) return true;
  return false;
}

static void add_options(Slices *x, size_t at, const Relation *r, bool parent, size_t *room) {
  const Measure *measure = x->index->catalogue->measures[at];
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *column = &r->columns[i];
    if (column->type != TYPE_CHOICE || !column->codes || column->retired || column->system) continue;
    Tested t = {.column = column};
    if (measure->where) filter_columns(measure->where, tests_column, &t);
    for (size_t k = 0; !t.found && k < column->codes->count; k++) {
      const Choice *choice = &column->codes->at[k];
      if (utf8_length(choice->label) < 2 || in_phrasings(x, at, choice->label)) continue;
      *PUSH(x->arena, x->options[at], x->option_counts[at], *room) = (Option){
          .path = {.parent = parent, .relation = r, .column = column}, .name = choice->name, .label = choice->label};
    }
  }
}

static void load_options(Slices *x, size_t at) {
  if (x->optioned[at]) return;
  x->optioned[at] = true;
  size_t room = 0;
  const Relation *rows = x->index->catalogue->measures[at]->rows;
  add_options(x, at, rows, false, &room);
  if (rows->parent) add_options(x, at, rows->parent, true, &room);
}

bool frame_says(const Draft *d, const ClaimFrame *f, const char *label) {
  for (size_t i = 0; i < f->span_count; i++) {
    const Span *s = &f->spans[i];
    if (i >= f->own && !f->bare) break;
    if (memmem(d->text + d->byte[s->from], d->byte[s->to] - d->byte[s->from], label, strlen(label))) return true;
  }
  return false;
}

/* The choices that the words name, one a column; two of one column name the whole set. */
size_t slices_named(Slices *x, const Draft *d, const Claim *c, size_t at, size_t least, const Option **out) {
  const Option *found[SLICE_FIELDS + 1] = {NULL};
  size_t count = 0, kept = 0;
  load_options(x, at);
  for (size_t i = 0; i < x->option_counts[at];) {
    const Column *column = x->options[at][i].path.column;
    const Option *one = NULL;
    size_t named = 0;
    for (; i < x->option_counts[at] && x->options[at][i].path.column == column; i++) {
      const Option *o = &x->options[at][i];
      if (utf8_length(o->label) < least || !frame_says(d, c->frame, o->label)) continue;
      named += !one || !strstr(one->label, o->label);
      if (!one || strlen(o->label) > strlen(one->label)) one = o;
    }
    if (named == 1 && count <= SLICE_FIELDS) found[count++] = one;
  }
  for (size_t i = 0; i < count && kept < SLICE_FIELDS; i++) {
    bool inside = false; /* one word is one choice: the longest */
    for (size_t k = 0; k < count; k++)
      inside = inside || (k != i && strstr(found[k]->label, found[i]->label) &&
                          (k < i || strcmp(found[k]->label, found[i]->label) != 0));
    if (!inside) out[kept++] = found[i];
  }
  return kept;
}

void slices_narrow(Arena *a, const Option *const *o, size_t count, Candidate *k) {
  for (size_t i = 0; i < count; i++) {
    k->slice = filter_and(a, k->slice, filter_choice(a, o[i]->path, o[i]->name));
    k->slice_label = k->slice_label ? arena_print(a, "%s、%s", k->slice_label, o[i]->label) : o[i]->label;
  }
}
