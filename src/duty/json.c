/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The board as JSON (docs/json.md): only cells that owe something. */
#include <string.h>

#include "duty/part.h"

static json_t *id_json(int64_t id) {
  char digits[24];
  snprintf(digits, sizeof digits, "%lld", (long long)id);
  return json_string(digits);
}

static json_t *day_json(Date d) {
  DateText text;
  return d ? json_string(date_iso(d, text)) : json_null();
}

static json_t *counts_json(const size_t *count) {
  json_t *out = json_object();
  for (int i = DUTY_EXCUSED; i < DUTY_STATES; i++)
    json_object_set_new(out, duty_state_name((DutyState)i), json_integer((json_int_t)count[i]));
  return out;
}

static json_t *part_json(const DutyPart *p) {
  PeriodText text;
  json_t *out = json_object(), *records = json_array();
  for (size_t i = 0; i < p->record_count; i++) json_array_append_new(records, id_json(p->records[i]));
  json_object_set_new(out, "period", json_string(period_text(p->period, text)));
  json_object_set_new(out, "due_on", day_json(p->due));
  json_object_set_new(out, "state", json_string(duty_state_name(p->state)));
  json_object_set_new(out, "days", json_integer(p->days));
  json_object_set_new(out, "has", json_integer(p->has));
  json_object_set_new(out, "wants", json_integer(p->wants));
  json_object_set_new(out, "done_on", day_json(p->done_on));
  json_object_set_new(out, "relief", p->relief ? json_string(p->relief) : json_null());
  json_object_set_new(out, "records", records);
  return out;
}

static json_t *cell_json(const DutyBoard *b, size_t org, size_t duty) {
  const DutyCell *cell = duty_cell(b, org, duty);
  json_t *out = json_object(), *parts = json_array();
  for (size_t i = 0; i < cell->part_count; i++) json_array_append_new(parts, part_json(&cell->parts[i]));
  json_object_set_new(out, "org", id_json(b->orgs[org]));
  json_object_set_new(out, "duty", json_string(b->duties[duty]->name));
  json_object_set_new(out, "state", json_string(duty_state_name(cell->state)));
  json_object_set_new(out, "parts", parts);
  return out;
}

static json_t *duty_json(const Duty *d) {
  static const char *const every[] = {
      [PERIOD_YEAR] = "year", [PERIOD_HALF] = "half", [PERIOD_QUARTER] = "quarter", [PERIOD_MONTH] = "month"};
  json_t *out = json_object();
  json_object_set_new(out, "name", json_string(d->name));
  json_object_set_new(out, "label", json_string(d->label));
  json_object_set_new(out, "basis", d->basis ? json_string(d->basis) : json_null());
  json_object_set_new(out, "ledger", json_string(d->met_by->name));
  json_object_set_new(out, "every", json_string(every[d->every]));
  json_object_set_new(out, "count", json_integer(d->count));
  return out;
}

json_t *duty_board_json(Session *s, const DutyBoard *b) {
  PeriodText text;
  json_t *out = json_object(), *duties = json_array(), *orgs = json_array(), *cells = json_array();
  for (size_t d = 0; d < b->duty_count; d++) json_array_append_new(duties, duty_json(b->duties[d]));
  for (size_t o = 0; o < b->org_count; o++) {
    json_t *org = json_object();
    json_object_set_new(org, "id", id_json(b->orgs[o]));
    json_object_set_new(org, "name", json_string(org_name(s->tree, b->orgs[o], s->today)));
    json_object_set_new(org, "depth", json_integer(b->depths[o]));
    json_array_append_new(orgs, org);
    for (size_t d = 0; d < b->duty_count; d++)
      if (duty_cell(b, o, d)->part_count) json_array_append_new(cells, cell_json(b, o, d));
  }
  json_object_set_new(out, "period", json_string(period_text(b->period, text)));
  json_object_set_new(out, "today", day_json(s->today));
  json_object_set_new(out, "duties", duties);
  json_object_set_new(out, "tree", orgs);
  json_object_set_new(out, "totals", counts_json(b->count));
  json_object_set_new(out, "cells", cells);
  return out;
}
