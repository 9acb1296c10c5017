/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi board`: what every org owes and whether its records show it, as a table of signs or with every record. */
#include "cli/command.h"

#include "cli/table.h"
#include "duty/duty.h"

enum { WIDEST = 36 };

/* One cell in few columns: the state since when it is so, and how many of how many where there are several. */
static const char *cell_text(Arena *a, const DutyCell *c) {
  const DutyPart *p = c->worst;
  if (!p) return "";
  size_t done = c->count[DUTY_DONE] + c->count[DUTY_DONE_LATE];
  const char *sign = "";
  switch (c->state) {
  case DUTY_NONE: break;
  case DUTY_EXCUSED: sign = "免开"; break;
  case DUTY_PENDING: sign = "未到期"; break;
  case DUTY_DONE: sign = "已完成"; break;
  case DUTY_DONE_LATE: sign = arena_print(a, "迟%d天", p->days); break;
  case DUTY_SOON: sign = p->days ? arena_print(a, "剩%d天", p->days) : "今天到期"; break;
  case DUTY_LATE: sign = arena_print(a, "逾期%d天", p->days); break;
  case DUTY_MISSED: sign = arena_print(a, "未开展%zu期", c->count[DUTY_MISSED]); break;
  }
  return c->part_count > 1 ? arena_print(a, "%s %zu/%zu", sign, done, c->part_count) : sign;
}

static int board_table(Invocation *in, Session *s, const DutyBoard *b, Error *e) {
  Table *t = table_new(in->arena, b->duty_count + 1);
  table_head(t, 0, "组织", false);
  for (size_t d = 0; d < b->duty_count; d++) table_head(t, d + 1, b->duties[d]->label, false);
  for (size_t o = 0; o < b->org_count; o++) {
    table_cell(t, org_name(s->tree, b->orgs[o], s->today));
    for (size_t d = 0; d < b->duty_count; d++) table_cell(t, cell_text(in->arena, duty_cell(b, o, d)));
  }
  PeriodText text;
  DateText day;
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  text_print(&out, "%s，截至%s\n", period_chinese(b->period, text), date_chinese(s->today, day));
  if (b->org_count)
    table_print(t, WIDEST, &out);
  else
    text_add(&out, "这里没有组织承担职责。\n");
  for (int i = DUTY_STATES - 1; i > DUTY_NONE; i--)
    if (b->count[i]) text_print(&out, "%s%zu ", duty_state_word((DutyState)i), b->count[i]);
  text_add(&out, "\n");
  return write_output(in, text_get(&out), out.length, e) ? EXIT_DONE : exit_for(e);
}

int command_board(Invocation *in, Error *e) {
  SITE_SCOPE site = site_open(in->folder, false, e);
  SESSION_SCOPE s = site ? session_open(site, in->account, TX_READ, e) : NULL;
  if (!s) return exit_for(e);
  DutyAsk ask = {.org = 0};
  DutyBoard board;
  if ((in->org && !asked_org(in, s, &ask.org, e)) || !asked_period(in, s->today, &ask.period, e))
    return e->kind == ERROR_MISSING ? EXIT_USAGE : exit_for(e);
  if (!duty_board(s, ask, &board, e)) return exit_for(e);
  if (!is_format(in, "json")) return board_table(in, s, &board, e);
  json_t *all = duty_board_json(s, &board);
  return write_json(in, all, e) ? EXIT_DONE : exit_for(e);
}
