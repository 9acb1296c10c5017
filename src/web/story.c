/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The changes of a record and of every line that it ever had, put together by revision (story.h). Nothing is kept for
 * it beside the journal: what is told is what the chain holds. */
#include "web/story.h"

#include <stdlib.h>
#include <string.h>

typedef struct Event {
  const Relation *relation;
  int64_t id, seq;
  HistoryEntry now;
  const char *before; /* body, NULL: new */
} Event;

typedef struct Events {
  Event *at;
  size_t count, room;
} Events;

static bool tell_row(Session *s, Events *events, const Relation *r, int64_t id, Error *e) {
  HistoryEntry *all;
  size_t count;
  if (!journal_history(s->tx, s->arena, s->area, r, id, &all, &count, e)) return false;
  for (size_t i = 0; i < count && events->count < STORY_LONGEST; i++)
    *PUSH(s->arena, events->at, events->count, events->room) =
        (Event){.relation = r, .id = id, .seq = all[i].header.seq, .now = all[i], .before = i && *all[i - 1].body ? all[i - 1].body : NULL};
  return true;
}

/* Every line that ever belonged to the record: its id is greater, and its bodies name the record. */
static bool tell_lines(Session *s, Events *events, const Relation *r, int64_t record, Error *e) {
  TEXT_SCOPE comma = text_new(64);
  TEXT_SCOPE last = text_new(64);
  text_print(&comma, "\"record\":%lld,", (long long)record);
  text_print(&last, "\"record\":%lld}", (long long)record);
  Value binds[] = {value_int(s->area), value_text(r->name), value_int(record), value_text(text_get(&comma)), value_text(text_get(&last))};
  STMT_SCOPE st = stmt_open(s->tx, "SELECT DISTINCT row_id FROM change WHERE area_id = $1 AND relation = $2 AND row_id > $3 AND (strpos(body, $4) > 0 OR strpos(body, $5) > 0)",
                            binds, 5, e);
  Step step = STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW)
    if (!tell_row(s, events, r, stmt_int(st, 0), e)) return false;
  return step == STEP_DONE;
}

static int newest_first(const void *a, const void *b) {
  const Event *x = a, *y = b;
  if (x->seq != y->seq) return x->seq < y->seq ? 1 : -1;
  if (x->relation != y->relation) return x->relation->parent ? 1 : -1;
  return x->id < y->id ? -1 : x->id > y->id;
}

static const char *cell_then(Session *s, Row row, const Column *c, int64_t org) {
  const Relation *r = row.relation;
  const char *text = row.v[c - r->columns].null ? "" : gate_show(s, row, c, org, false);
  if (c - r->columns != r->state || !*text) return text;
  const State *state = relation_state(r, row.v[r->state].s);
  return state ? state->label : "作废";
}

/* Every cell that differs; of a new line what it is called by its cells. */
static bool tell_change(Session *s, const Event *event, int64_t org, StoryRevision *out, Error *e) {
  const Relation *r = event->relation;
  Row now = row_new(s->arena, r), was = row_new(s->arena, r);
  if (*event->now.body && !row_read(s->arena, r, event->id, event->now.body, strlen(event->now.body), &now, e)) return false;
  if (event->before && !row_read(s->arena, r, event->id, event->before, strlen(event->before), &was, e)) return false;
  for (size_t i = 1; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (!strcmp(c->name, "record") || !strcmp(c->name, "pos") || value_equal(now.v[i], was.v[i])) continue;
    *PUSH(s->arena, out->changes, out->count, out->room) =
        (StoryChange){.relation = r, .id = event->id, .column = c, .before = cell_then(s, was, c, org), .after = cell_then(s, now, c, org),
                      .removed = !*event->now.body};
  }
  return true;
}

bool story_of(Session *s, const Record *record, Story *out, Error *e) {
  const Relation *r = record->relation;
  Events events = {0};
  *out = (Story){0};
  if (!tell_row(s, &events, r, row_id(record->row), e)) return false;
  for (size_t i = 0; i < r->line_count; i++)
    if (!tell_lines(s, &events, r->lines[i], row_id(record->row), e)) return false;
  out->cut = events.count == STORY_LONGEST;
  if (events.count) qsort(events.at, events.count, sizeof *events.at, newest_first);
  for (size_t i = 0; i < events.count; i++) {
    if (!i || events.at[i - 1].seq != events.at[i].seq)
      *PUSH(s->arena, out->at, out->count, out->room) = (StoryRevision){.header = events.at[i].now.header};
    if (!tell_change(s, &events.at[i], record_org(record), &out->at[out->count - 1], e)) return false;
  }
  return true;
}
