/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A long draft asks a hundred figures, many of them twice and most of them over the same rows: they are remembered,
 * and those that can be foreseen are read in few statements. */
#include "verify/answers.h"

#include <string.h>

typedef struct Answer {
  FigureAsk ask;
  const char *label;
  FigureValue value;
} Answer;

struct Answers {
  Session *session;
  Answer *at;
  size_t count, room;
};

Answers *answers_new(Session *s) {
  Answers *a = NEW(s->arena, Answers);
  a->session = s;
  return a;
}

static bool same_text(const char *a, const char *b) { return a && b ? !strcmp(a, b) : a == b; }

static const Answer *known(const Answers *a, const FigureAsk *ask, const char *label) {
  for (const Answer *k = a->at; k < a->at + a->count; k++)
    if (k->ask.measure == ask->measure && k->ask.org == ask->org && k->ask.period.from == ask->period.from &&
        k->ask.period.to == ask->period.to && same_text(k->label, label))
      return k;
  return NULL;
}

static void keep(Answers *a, const FigureAsk *ask, const char *label, const FigureValue *value) {
  *PUSH(a->session->arena, a->at, a->count, a->room) = (Answer){.ask = *ask, .label = label, .value = *value};
}

bool answers_get(Answers *a, FigureAsk ask, const char *label, FigureValue *out, Error *e) {
  const Answer *k = known(a, &ask, label);
  if (k) {
    *out = k->value;
    return true;
  }
  if (!figure_value(a->session, ask, out, e)) return false;
  keep(a, &ask, label, out);
  return true;
}

/* An org that the rows do not know, or that the asker may not see, is left out: it would refuse all of them. */
static bool answerable(Session *s, const FigureAsk *ask) {
  Error why = {0};
  bool part = ask->org && ask->org != s->tree->root;
  return (!part || ask->measure->org.column) && gate_figure(s, ask->org ? ask->org : s->tree->root, &why);
}

void answers_ahead(Answers *a, const FigureAsk *asks, const char *const *labels, size_t count) {
  Arena *arena = a->session->arena;
  FigureAsk *wanted = NEW_ARRAY(arena, FigureAsk, count + 1);
  const char **names = NEW_ARRAY(arena, const char *, count + 1);
  FigureValue *values = NEW_ARRAY(arena, FigureValue, count + 1);
  Answers seen = {.session = a->session};
  size_t n = 0;
  for (size_t i = 0; i < count; i++) {
    if (known(&seen, &asks[i], labels[i]) || !answerable(a->session, &asks[i])) continue;
    keep(&seen, &asks[i], labels[i], &(FigureValue){0});
    wanted[n] = asks[i];
    names[n++] = labels[i];
  }
  Error why = {0};
  if (!figures_values(a->session, wanted, n, values, &why)) return;
  for (size_t i = 0; i < n; i++) keep(a, &wanted[i], names[i], &values[i]);
}
