/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The roster (roster.h). Rows come through the lists of person, stage and post, so that the gate decides about
 * each of them; a stage or post that the asker may not see simply is not there. */
#include "person/roster.h"

#include <string.h>

#include "ledger/list.h"
#include "person/find.h"

static const Value *cell(const ListRow *row, const char *name) { return &row->row.v[relation_index(row->row.relation, name)]; }
static const char *text_of(Session *s, const ListRow *row, const char *name) {
  const Value *v = cell(row, name);
  return v->null ? "" : arena_copy(s->arena, v->s);
}
static Date date_of(const ListRow *row, const char *name) {
  const Value *v = cell(row, name);
  return v->null ? 0 : (Date)v->i;
}

static bool keep_person(Session *s, const ListRow *row, void *context) {
  Roster *r = context;
  if (r->count == PERSON_ROSTER) {
    r->cut = true;
    return false;
  }
  const Value *away = cell(row, "away");
  *PUSH(s->arena, r->at, r->count, r->room) = (RosterRow){
      .row = row_copy(s->arena, row->row), .id = row_id(row->row), .name = text_of(s, row, "name"), .sex = text_of(s, row, "sex"),
      .schooling = text_of(s, row, "schooling"), .birth = date_of(row, "birth"), .away = !away->null && away->i, .posts = ""};
  return true;
}

RosterRow *roster_find(const Roster *r, int64_t id) {
  size_t low = 0, high = r->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (r->at[middle].id < id) low = middle + 1;
    else high = middle;
  }
  return low < r->count && r->at[low].id == id ? &r->at[low] : NULL;
}

static bool is_now(Date from, Date to, Date today) { return from && from <= today && (!to || to > today); }

static bool keep_stage(Session *s, const ListRow *row, void *context) {
  RosterRow *person = roster_find(context, cell(row, "person")->i);
  if (!person) return true;
  *PUSH(s->arena, person->stages, person->stage_count, person->stage_room) = (RosterStage){
      .id = row_id(row->row), .org = row->org, .stage = text_of(s, row, "stage"), .from = row->date, .to = date_of(row, "ended_on"),
      .approved = date_of(row, "approved_on"), .due = date_of(row, "due_on")};
  return true;
}

/* A post elsewhere than where the person belongs says where. */
static bool keep_post(Session *s, const ListRow *row, void *context) {
  RosterRow *person = roster_find(context, cell(row, "person")->i);
  const Relation *r = row->row.relation;
  if (!person || !is_now(row->date, date_of(row, "ended_on"), s->today)) return true;
  const char *title = gate_show(s, row->row, relation_column(r, "title"), row->org, false);
  bool home = !person->org || person->org == row->org;
  if (!person->org) person->org = row->org;
  person->posts = arena_print(s->arena, "%s%s%s%s", person->posts, *person->posts ? "、" : "",
                              home ? "" : org_name(s->tree, row->org, s->today), title);
  return true;
}

static void settle(Session *s, Roster *r) {
  for (size_t i = 0; i < r->count; i++) {
    RosterRow *person = &r->at[i];
    for (size_t k = 0; k < person->stage_count; k++)
      if (is_now(person->stages[k].from, person->stages[k].to, s->today)) person->stage = &person->stages[k];
    if (person->stage) person->org = person->stage->org;
  }
}

bool roster_load(Session *s, int64_t person, Roster *out, Error *e) {
  Period period = period_year(date_year(s->today));
  *out = (Roster){0};
  ListAsk ask = {.relation = catalogue_core(s->catalogue, "person"), .period = period};
  if (person) ask.where = arena_print(s->arena, "id in (%lld)", (long long)person);
  if (!list_rows(s, ask, keep_person, out, e)) return false;
  ask = (ListAsk){.relation = catalogue_core(s->catalogue, "stage"), .period = period};
  if (!list_rows(s, ask, keep_stage, out, e)) return false;
  settle(s, out);
  ask = (ListAsk){.relation = catalogue_core(s->catalogue, "post"), .period = period};
  return list_rows(s, ask, keep_post, out, e);
}

int roster_age(const RosterRow *row, Date at) { return row->birth ? date_age(row->birth, at) : -1; }
