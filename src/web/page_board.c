/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 督查看板: where it is red, and since when. Orgs × duties, worst first; a cell opens to the records behind it;
 * one org's year as a calendar; orgs × ledgers by month. What an org owes and whether it is met is duty.h's to say. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "web/chart.h"
#include "web/light.h"

/* ---- the board ---- */

typedef struct Standing { size_t row, done, owed, in_time; DutyState worst; int days; } Standing;

static Standing standing_of(const DutyBoard *b, size_t row) {
  Standing s = {.row = row};
  for (size_t i = 0; i < b->duty_count; i++) {
    const DutyCell *c = duty_cell(b, row, i);
    size_t late = c->count[DUTY_LATE] + c->count[DUTY_MISSED];
    s.in_time += c->count[DUTY_DONE];
    s.done += c->count[DUTY_DONE] + c->count[DUTY_DONE_LATE];
    s.owed += c->count[DUTY_DONE] + c->count[DUTY_DONE_LATE] + late;
    int days = c->worst && c->state >= DUTY_LATE ? c->worst->days : 0;
    if (c->state > s.worst) s.worst = c->state;
    if (days > s.days) s.days = days;
  }
  return s;
}

/* Late for longest first; then what is due soon; else as they stand in the tree. */
static int worst_first(const void *a, const void *b) {
  const Standing *x = a, *y = b;
  if (x->days != y->days) return x->days < y->days ? 1 : -1;
  bool soon_x = x->worst >= DUTY_SOON, soon_y = y->worst >= DUTY_SOON;
  if (soon_x != soon_y) return soon_x ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

static const char *rate_text(Page *p, size_t in_time, size_t owed) {
  return owed ? arena_print(p->arena, "%zu%%", (in_time * 200 + owed) / (2 * owed)) : "";
}

static const char *board_path(Page *p, const char *more) {
  return arena_print(p->arena, "%s%s", view_link(p, "/board", p->org, p->period), more);
}

static json_t *cell_json(Page *p, const DutyBoard *b, size_t row, size_t column, const char *opened) {
  const DutyCell *c = duty_cell(b, row, column);
  json_t *o = json_object();
  if (c->state == DUTY_NONE) return o;
  const char *key = arena_print(p->arena, "%lld.%s", (long long)b->orgs[row], b->duties[column]->name);
  json_object_set_new(o, "cell", light_json(p, c->state, c->worst ? c->worst->days : 0));
  view_set(o, "href", board_path(p, arena_print(p->arena, "&cell=%s#cell", key)));
  view_flag(o, "opened", !strcmp(key, opened));
  view_set(o, "of", arena_print(p->arena, "%s，%s", org_name(p->session->tree, b->orgs[row], p->session->today), b->duties[column]->label));
  return o;
}

/* Orgs that owe the same stand in one table, with those columns alone: kinds of org by their duties. */
typedef struct Kin { const char *kinds[8]; size_t kind_count; bool *owes; size_t *columns; size_t column_count; } Kin;

static const char *kind_of(const Page *p, int64_t org) { return org_node(p->session->tree, org)->kind; }

static bool kin_has(const Kin *k, const char *kind) {
  for (size_t i = 0; i < k->kind_count; i++)
    if (!strcmp(k->kinds[i], kind)) return true;
  return false;
}

static bool *owed_by_kind(Page *p, const DutyBoard *b, const char *kind) {
  bool *owes = NEW_ARRAY(p->arena, bool, b->duty_count + 1);
  memset(owes, 0, b->duty_count + 1);
  for (size_t i = 0; i < b->org_count; i++)
    for (size_t k = 0; !strcmp(kind_of(p, b->orgs[i]), kind) && k < b->duty_count; k++) owes[k] |= duty_cell(b, i, k)->state != DUTY_NONE;
  return owes;
}

static size_t kin_of(Page *p, const DutyBoard *b, Kin *out, size_t room) {
  size_t count = 0;
  for (size_t i = 0; i < b->org_count; i++) {
    const char *kind = kind_of(p, b->orgs[i]);
    bool known = false;
    for (size_t k = 0; k < count; k++) known |= kin_has(&out[k], kind);
    if (known) continue;
    bool *owes = owed_by_kind(p, b, kind);
    Kin *same = NULL;
    for (size_t k = 0; k < count; k++)
      if (!memcmp(out[k].owes, owes, b->duty_count) && out[k].kind_count < 8) same = &out[k];
    if (!same && count == room) continue;
    if (!same) {
      same = &out[count++];
      *same = (Kin){.owes = owes, .columns = NEW_ARRAY(p->arena, size_t, b->duty_count + 1)};
      for (size_t k = 0; k < b->duty_count; k++)
        if (owes[k]) same->columns[same->column_count++] = k;
    }
    same->kinds[same->kind_count++] = kind;
  }
  return count;
}

static const char *kin_label(Page *p, const Kin *k) {
  const Column *c = relation_column(catalogue_core(p->session->catalogue, "org"), "kind");
  TEXT_SCOPE t = text_new(1024);
  for (size_t i = 0; i < k->kind_count; i++) {
    const Choice *choice = codes_choice(c->codes, k->kinds[i]);
    text_print(&t, "%s%s", i ? "、" : "", choice ? choice->label : k->kinds[i]);
  }
  return arena_copy(p->arena, text_get(&t));
}

static json_t *columns_json(Page *p, const DutyBoard *b, const Kin *kin) {
  json_t *out = json_array();
  for (size_t n = 0; n < kin->column_count; n++) {
    size_t done = 0, owed = 0, i = kin->columns[n];
    for (size_t k = 0; k < b->org_count; k++) {
      const DutyCell *c = duty_cell(b, k, i);
      if (!kin_has(kin, kind_of(p, b->orgs[k]))) continue;
      done += c->count[DUTY_DONE] + c->count[DUTY_DONE_LATE];
      owed += c->part_count - c->count[DUTY_EXCUSED];
    }
    json_t *o = json_object();
    view_set(o, "label", b->duties[i]->label);
    view_set(o, "tally", arena_print(p->arena, "%zu/%zu", done, owed));
    json_array_append_new(out, o);
  }
  return out;
}

/* ---- a cell opened ---- */

static json_t *records_json(Page *p, const Duty *d, const DutyPart *part) {
  json_t *out = json_array();
  for (size_t i = 0; i < part->record_count; i++) {
    json_t *o = json_object();
    const char *name = names_of(p->session, d->met_by, part->records[i], p->session->today);
    view_set(o, "label", name && *name ? name : d->met_by->label);
    view_set(o, "href", view_record_path(p->arena, d->met_by, part->records[i]));
    json_array_append_new(out, o);
  }
  return out;
}

static json_t *part_json(Page *p, const Duty *d, int64_t org, const DutyPart *part) {
  json_t *o = json_object();
  PeriodText text;
  view_set(o, "period", period_chinese(part->period, text));
  view_set(o, "due", month_day(p->arena, part->due));
  json_object_set_new(o, "light", light_json(p, part->state, part->days));
  view_set(o, "done", part->done_on ? month_day(p->arena, part->done_on) : NULL);
  view_set(o, "relief", part->relief);
  view_flag(o, "red", part->state >= DUTY_LATE);
  if (part->wants > 1) view_set(o, "tally", arena_print(p->arena, "%d/%d", part->has, part->wants));
  json_object_set_new(o, "records", records_json(p, d, part));
  bool open = part->state >= DUTY_SOON || part->state == DUTY_PENDING;
  view_set(o, "form", open ? duty_form_path(p, d, org, &part->period) : NULL);
  return o;
}

/* “截至12月20日，12月主题党日还有2个组织没有登记：……。请于12月18日前补上。” to copy into a chat. */
static const char *reminder(Page *p, const DutyBoard *b, size_t column) {
  const Duty *d = b->duties[column];
  TEXT_SCOPE names = text_new(16 * 1024);
  size_t count = 0;
  for (size_t i = 0; i < b->org_count; i++) {
    const DutyCell *c = duty_cell(b, i, column);
    if (c->state < DUTY_SOON) continue;
    text_print(&names, "%s%s（%s）", count++ ? "、" : "", org_name(p->session->tree, b->orgs[i], p->session->today),
               light_words(p, c->state, c->worst->days));
  }
  if (!count) return NULL;
  return arena_print(p->arena, "截至%s，%s还有%zu个组织没有登记：%s。办了的请补登，没办的请抓紧。",
                     month_day(p->arena, p->session->today), d->label, count, text_get(&names));
}

static json_t *opened_json(Page *p, const DutyBoard *b, const char *key) {
  for (size_t i = 0; i < b->org_count; i++)
    for (size_t k = 0; k < b->duty_count; k++) {
      const DutyCell *c = duty_cell(b, i, k);
      const Duty *d = b->duties[k];
      if (c->state == DUTY_NONE || strcmp(key, arena_print(p->arena, "%lld.%s", (long long)b->orgs[i], d->name)) != 0) continue;
      json_t *o = json_object(), *parts = json_array();
      for (size_t n = c->part_count; n > 0; n--) json_array_append_new(parts, part_json(p, d, b->orgs[i], &c->parts[n - 1]));
      view_set(o, "org", org_name(p->session->tree, b->orgs[i], p->session->today));
      view_set(o, "duty", d->label);
      view_set(o, "every", duty_every(d));
      view_set(o, "basis", d->basis);
      json_object_set_new(o, "light", light_json(p, c->state, c->worst ? c->worst->days : 0));
      view_flag(o, "red", c->state >= DUTY_LATE);
      json_object_set_new(o, "parts", parts);
      view_set(o, "reminder", reminder(p, b, k));
      view_set(o, "year", view_link(p, arena_print(p->arena, "/board/%lld", (long long)b->orgs[i]), b->orgs[i], period_year(date_year(p->period.from))));
      view_set(o, "relieve", may(p->session, MAY_WRITE, b->orgs[i])
                                 ? arena_print(p->arena, "/do/duty.relieve?org=%s&duty=%s",
                                               url_encode(p->arena, org_name(p->session->tree, b->orgs[i], p->session->today)), d->name)
                                 : NULL);
      view_set(o, "close", board_path(p, ""));
      return o;
    }
  return json_false();
}

static json_t *rows_json(Page *p, const DutyBoard *b, const Kin *kin, const Standing *order, const char *opened) {
  json_t *out = json_array();
  for (size_t i = 0; i < b->org_count; i++) {
    const Standing *st = &order[i];
    if (!kin_has(kin, kind_of(p, b->orgs[st->row]))) continue;
    json_t *o = json_object(), *cells = json_array();
    for (size_t k = 0; k < kin->column_count; k++) json_array_append_new(cells, cell_json(p, b, st->row, kin->columns[k], opened));
    view_set(o, "org", org_name(p->session->tree, b->orgs[st->row], p->session->today));
    view_set(o, "href", view_link(p, arena_print(p->arena, "/board/%lld", (long long)b->orgs[st->row]), b->orgs[st->row], period_year(date_year(p->period.from))));
    view_set(o, "rate", rate_text(p, st->in_time, st->owed));
    json_object_set_new(o, "cells", cells);
    json_array_append_new(out, o);
  }
  return out;
}

static json_t *tables_json(Page *p, const DutyBoard *b, const Standing *order, const char *opened) {
  enum { KIN_MOST = 8 };
  Kin kin[KIN_MOST];
  size_t count = kin_of(p, b, kin, KIN_MOST);
  json_t *out = json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *o = json_object();
    size_t in_time = 0, owed = 0;
    for (size_t k = 0; k < b->org_count; k++) {
      if (!kin_has(&kin[i], kind_of(p, b->orgs[order[k].row]))) continue;
      in_time += order[k].in_time;
      owed += order[k].owed;
    }
    view_set(o, "label", kin_label(p, &kin[i]));
    view_set(o, "rate", rate_text(p, in_time, owed));
    json_object_set_new(o, "columns", columns_json(p, b, &kin[i]));
    json_object_set_new(o, "rows", rows_json(p, b, &kin[i], order, opened));
    json_array_append_new(out, o);
  }
  return out;
}

/* This month, quarter, year: whatever the year that is looked at. */
static json_t *spans_json(Page *p, const char *path, const char *view) {
  Date t = p->session->today;
  int year = date_year(p->period.from), month = date_month(t);
  Period spans[] = {period_month(year, month), period_quarter(year, (month + 2) / 3), period_year(year)};
  static const char *const labels[] = {"本月", "本季", "全年"};
  json_t *out = json_array();
  for (size_t i = 0; i < 3; i++) {
    json_t *o = json_object();
    view_set(o, "label", labels[i]);
    view_set(o, "href", arena_print(p->arena, "%s%s", view_link(p, path, p->org, spans[i]), view));
    view_flag(o, "current", spans[i].from == p->period.from && spans[i].to == p->period.to);
    json_array_append_new(out, o);
  }
  return out;
}

static bool board_scope(Page *p, Error *e) {
  int64_t org;
  Period period;
  if (!web_scope(p, &org, &period, e)) return false;
  if (!*form_text(&p->query, "period")) p->period = period_month(date_year(p->session->today), date_month(p->session->today));
  return true;
}

static void lead(Page *p, const DutyBoard *b, const Standing *order, json_t *context) {
  size_t red = b->count[DUTY_LATE] + b->count[DUTY_MISSED];
  view_count(context, "red", (int64_t)red);
  view_count(context, "late", (int64_t)b->count[DUTY_LATE]);
  view_count(context, "missed", (int64_t)b->count[DUTY_MISSED]);
  view_count(context, "soon", (int64_t)b->count[DUTY_SOON]);
  view_flag(context, "any_red", red > 0);
  view_flag(context, "any_late", b->count[DUTY_LATE] > 0);
  view_flag(context, "any_missed", b->count[DUTY_MISSED] > 0);
  view_flag(context, "any_soon", b->count[DUTY_SOON] > 0);
  if (red && b->org_count) {
    view_set(context, "worst_org", org_name(p->session->tree, b->orgs[order[0].row], p->session->today));
    view_count(context, "worst_days", order[0].days);
  }
}

static void add_course(Page *p, const DutyBoard *b, int64_t org, json_t *context) {
  json_t *course = duty_course(p, b, org, date_year(p->period.from));
  view_flag(context, "charts", course != NULL);
  json_object_set_new(context, "course", course ? course : json_false());
}

bool board_page(Page *p, Error *e) {
  DutyBoard b;
  if (!board_scope(p, e) || !duty_board(p->session, (DutyAsk){.org = p->org, .period = p->period}, &b, e)) return false;
  Standing *order = NEW_ARRAY(p->arena, Standing, b.org_count + 1);
  for (size_t i = 0; i < b.org_count; i++) order[i] = standing_of(&b, i);
  qsort(order, b.org_count, sizeof *order, worst_first);
  const char *opened = form_text(&p->query, "cell");
  json_t *context = json_object();
  lead(p, &b, order, context);
  json_object_set_new(context, "tables", tables_json(p, &b, order, opened));
  json_object_set_new(context, "opened", *opened ? opened_json(p, &b, opened) : json_false());
  json_object_set_new(context, "spans", spans_json(p, "/board", ""));
  view_set(context, "ledgers", view_link(p, "/board/ledgers", p->org, period_year(date_year(p->period.from))));
  view_flag(context, "empty", !b.org_count || !b.duty_count);
  view_set(context, "look", "wide");
  if (p->period.kind == PERIOD_YEAR) add_course(p, &b, p->org, context);
  return view_page(p, "board", "督查看板", context, e);
}

/* ---- one org's year ---- */

static int months_of(Period period) {
  return (date_year(period_last(period)) - date_year(period.from)) * 12 + date_month(period_last(period)) - date_month(period.from) + 1;
}

static json_t *calendar_row(Page *p, const DutyBoard *b, size_t column, const char *opened) {
  const DutyCell *c = duty_cell(b, 0, column);
  const Duty *d = b->duties[column];
  json_t *row = json_object(), *cells = json_array();
  int month = 1;
  for (size_t i = 0; i < c->part_count; i++) {
    const DutyPart *part = &c->parts[i];
    int first = date_month(part->period.from), span = months_of(part->period);
    for (; month < first; month++) json_array_append_new(cells, json_pack("{s:i}", "span", 1));
    json_t *o = json_object();
    const char *key = arena_print(p->arena, "%s.%zu", d->name, i);
    view_count(o, "span", span);
    json_object_set_new(o, "cell", light_json(p, part->state, part->days));
    const char *done = span == 1 && date_month(part->done_on) == first ? arena_print(p->arena, "%d日", date_day(part->done_on)) : month_day(p->arena, part->done_on);
    view_set(o, "text", part->done_on ? done : NULL);
    bool again = !part->done_on && (part->state >= DUTY_LATE || part->state == DUTY_EXCUSED); /* seen, and said already */
    view_set(o, "again", again ? duty_state_word(part->state) : NULL);
    view_set(o, "href", arena_print(p->arena, "%s&cell=%s#cell", view_link(p, arena_print(p->arena, "/board/%lld", (long long)b->orgs[0]), b->orgs[0], b->period), key));
    view_flag(o, "opened", !strcmp(key, opened));
    json_array_append_new(cells, o);
    month = first + span;
  }
  for (; month <= 12; month++) json_array_append_new(cells, json_pack("{s:i}", "span", 1));
  view_set(row, "label", d->label);
  view_set(row, "every", duty_every(d));
  json_object_set_new(row, "cells", cells);
  return row;
}

static json_t *calendar_opened(Page *p, const DutyBoard *b, const char *key) {
  for (size_t k = 0; k < b->duty_count; k++) {
    const DutyCell *c = duty_cell(b, 0, k);
    for (size_t i = 0; i < c->part_count; i++) {
      if (strcmp(key, arena_print(p->arena, "%s.%zu", b->duties[k]->name, i)) != 0) continue;
      json_t *o = part_json(p, b->duties[k], b->orgs[0], &c->parts[i]);
      view_set(o, "duty", b->duties[k]->label);
      view_set(o, "every", duty_every(b->duties[k]));
      view_set(o, "basis", b->duties[k]->basis);
      return o;
    }
  }
  return json_false();
}

static int64_t of_same_kind(Page *p, const DutyBoard *all, size_t from, int step) {
  const char *kind = kind_of(p, all->orgs[from]);
  for (size_t i = from; (step > 0 || i > 0) && (step < 0 || i + 1 < all->org_count);) {
    i = step > 0 ? i + 1 : i - 1;
    if (!strcmp(kind_of(p, all->orgs[i]), kind)) return all->orgs[i];
  }
  return 0;
}

/* The orgs of its kind before and after this one, as the board of the area has them. */
static bool neighbours(Page *p, int64_t org, Period period, json_t *context, Error *e) {
  DutyBoard all;
  if (!duty_board(p->session, (DutyAsk){.period = period}, &all, e)) return false;
  for (size_t i = 0; i < all.org_count; i++) {
    if (all.orgs[i] != org) continue;
    for (int step = -1; step <= 1; step += 2) {
      int64_t other = of_same_kind(p, &all, i, step);
      if (!other) continue;
      json_t *o = json_object();
      view_set(o, "label", org_name(p->session->tree, other, p->session->today));
      view_set(o, "href", view_link(p, arena_print(p->arena, "/board/%lld", (long long)other), other, period));
      json_object_set_new(context, step < 0 ? "before" : "after", o);
    }
  }
  return true;
}

bool calendar_page(Page *p, Error *e) {
  int64_t ignored, org;
  Period period;
  char *end;
  DutyBoard b;
  if (!web_scope(p, &ignored, &period, e)) return false;
  org = strtoll(p->parts[0], &end, 10);
  if (*end || !org_node(p->session->tree, org)) return fail(e, ERROR_MISSING, "没有这个组织，请从督查看板进入。");
  int year = date_year(period.from);
  p->org = org, p->period = period_year(year);
  if (!duty_year(p->session, org, year, &b, e)) return false;
  json_t *context = json_object(), *rows = json_array(), *months = json_array();
  const char *opened = form_text(&p->query, "cell");
  Standing st = b.org_count ? standing_of(&b, 0) : (Standing){0};
  for (size_t i = 0; b.org_count && i < b.duty_count; i++) json_array_append_new(rows, calendar_row(p, &b, i, opened));
  for (int m = 1; m <= 12; m++) {
    json_t *o = json_object();
    view_set(o, "label", arena_print(p->arena, "%d月", m));
    view_flag(o, "current", date_year(p->session->today) == year && date_month(p->session->today) == m);
    json_array_append_new(months, o);
  }
  if (!neighbours(p, org, p->period, context, e)) return json_decref(rows), json_decref(months), json_decref(context), false;
  view_set(context, "org", org_name(p->session->tree, org, p->session->today));
  view_set(context, "board", view_link(p, "/board", p->session->tree->root, p->period));
  view_count(context, "year", year);
  view_set(context, "rate", rate_text(p, st.in_time, st.owed));
  lead(p, &b, &st, context);
  view_count(context, "done", (int64_t)st.done);
  view_count(context, "owed", (int64_t)st.owed);
  json_object_set_new(context, "rows", rows);
  json_object_set_new(context, "months", months);
  json_object_set_new(context, "opened", *opened && b.org_count ? calendar_opened(p, &b, opened) : json_false());
  view_flag(context, "empty", !json_array_size(rows));
  add_course(p, &b, org, context);
  view_set(context, "look", "wide");
  return view_page(p, "calendar", arena_print(p->arena, "%s的一年", org_name(p->session->tree, org, p->session->today)), context, e);
}

/* ---- orgs × ledgers by month ---- */

static json_t *counts_row(Page *p, const LedgerBoard *b, size_t org, int month) {
  json_t *row = json_object(), *cells = json_array();
  Period period = month ? period_month(b->year, month) : period_year(b->year);
  DateText from, to;
  const char *name = names_exact(p->session, catalogue_core(p->session->catalogue, "org"), b->orgs[org], p->session->today);
  for (size_t i = 0; i < b->ledger_count; i++) {
    int64_t n = ledger_counts(b, org, i)[month];
    json_t *o = json_object();
    json_object_set_new(o, "count", n ? json_integer(n) : json_false());
    view_set(o, "href", n ? arena_print(p->arena, "/ledgers/%s?org=%s&from=%s&to=%s", b->ledgers[i]->name, url_encode(p->arena, name),
                                        date_iso(period.from, from), date_iso(period_last(period), to)) : NULL);
    json_array_append_new(cells, o);
  }
  view_set(row, "org", org_name(p->session->tree, b->orgs[org], p->session->today));
  json_object_set_new(row, "cells", cells);
  return row;
}

bool board_ledgers_page(Page *p, Error *e) {
  int64_t org;
  Period period;
  LedgerBoard b;
  if (!web_scope(p, &org, &period, e) || !ledger_board(p->session, org, date_year(period.from), &b, e)) return false;
  int month = period.kind == PERIOD_MONTH ? date_month(period.from) : 0;
  json_t *context = json_object(), *heads = json_array(), *rows = json_array(), *months = json_array();
  for (size_t i = 0; i < b.ledger_count; i++) json_array_append_new(heads, json_string(b.ledgers[i]->label));
  for (size_t i = 0; i < b.org_count; i++) json_array_append_new(rows, counts_row(p, &b, i, month));
  for (int m = 0; m <= 12; m++) {
    json_t *o = json_object();
    view_set(o, "label", m ? arena_print(p->arena, "%d月", m) : "全年");
    view_set(o, "href", view_link(p, "/board/ledgers", org, m ? period_month(b.year, m) : period_year(b.year)));
    view_flag(o, "current", m == month);
    json_array_append_new(months, o);
  }
  json_object_set_new(context, "heads", heads);
  json_object_set_new(context, "rows", rows);
  json_object_set_new(context, "months", months);
  view_count(context, "year", b.year);
  view_set(context, "board", view_link(p, "/board", org, period));
  view_flag(context, "empty", !b.org_count);
  view_set(context, "look", "wide");
  return view_page(p, "board_ledgers", "各台账登记数", context, e);
}
