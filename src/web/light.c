/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Lights (light.h). Only what is due soon or late has words beside its sign; what is fine stays quiet. */
#include "web/light.h"

#include "access/names.h"

static const struct { const char *light, *sign; } lights[DUTY_STATES] = {
    [DUTY_NONE] = {"", ""},          [DUTY_EXCUSED] = {"excused", "excused"}, [DUTY_PENDING] = {"ahead", "ahead"},
    [DUTY_DONE] = {"done", "tick"},  [DUTY_DONE_LATE] = {"late-done", "tick"}, [DUTY_SOON] = {"soon", "soon"},
    [DUTY_LATE] = {"late", "late"},  [DUTY_MISSED] = {"missed", "missed"}};

static const char *left(Page *p, int days) {
  return days == 0 ? "今天" : days == 1 ? "明天" : arena_print(p->arena, "%d天", days);
}

const char *light_words(Page *p, DutyState state, int days) {
  switch (state) {
  case DUTY_LATE: return arena_print(p->arena, "逾期%d天", days);
  case DUTY_SOON: return days <= 1 ? arena_print(p->arena, "%s到期", left(p, days)) : arena_print(p->arena, "剩%d天", days);
  case DUTY_DONE_LATE: return arena_print(p->arena, "已完成，迟%d天", days);
  default: return duty_state_word(state);
  }
}

json_t *light_json(Page *p, DutyState state, int days) {
  json_t *o = json_object();
  const char *beside = NULL;
  if (state == DUTY_LATE || state == DUTY_MISSED) beside = arena_print(p->arena, "%d天", days);
  else if (state == DUTY_SOON) beside = left(p, days);
  else if (state == DUTY_DONE_LATE) beside = arena_print(p->arena, "迟%d天", days);
  view_set(o, "light", lights[state].light);
  view_set(o, "sign", lights[state].sign);
  view_set(o, "word", light_words(p, state, days));
  view_set(o, "short", beside);
  view_flag(o, "tinted", state == DUTY_LATE || state == DUTY_MISSED || state == DUTY_SOON);
  return o;
}

const char *duty_form_path(Page *p, const Duty *d, int64_t org, const Period *period) {
  Session *s = p->session;
  DutyField *fields;
  if (!may(s, MAY_WRITE, org)) return NULL;
  TEXT_SCOPE t = text_new(16 * 1024);
  const char *name = names_exact(s, catalogue_core(s->catalogue, "org"), org, s->today);
  text_print(&t, "/ledgers/%s/new?org=%s", d->met_by->name, url_encode(p->arena, name));
  size_t count = duty_fields(p->arena, d, period, &fields);
  for (size_t i = 0; i < count; i++) text_print(&t, "&%s=%s", fields[i].column->name, url_encode(p->arena, fields[i].text));
  return arena_copy(p->arena, text_get(&t));
}

const char *duty_every(const Duty *d) {
  switch (d->every) {
  case PERIOD_MONTH: return "每月";
  case PERIOD_QUARTER: return "每季度";
  case PERIOD_HALF: return "每半年";
  default: return "每年";
  }
}

const char *month_day(Arena *a, Date d) { return arena_print(a, "%d月%d日", date_month(d), date_day(d)); }
