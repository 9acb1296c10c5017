/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * When a duty is due and how it stands, as a table over days; then boards over a small site: orgs that were founded,
 * moved and dissolved, records of every kind, exemptions, and who may look. */
#include "figure_site.h"

#include "duty/part.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static Period period_of(const char *text) {
  Period p;
  Error e = {0};
  if (!period_read(text, &p, &e)) fail_msg("%s", e.sentence);
  return p;
}

/* ---- one part ---- */

typedef struct Settling {
  const char *period;
  int count, by, grace, soon;
  Date done[3]; /* 0 ends it */
  bool relieved;
  Date today;
  Date due;
  const char *state;
  int days;
  Date done_on;
} Settling;

static const Settling settlings[] = {
    /* months: the last day is in time, however long the month */
    {"2023-01", 1, 0, 0, 7, {20230131}, false, 20230301, 20230131, "done", 0, 20230131},
    {"2023-02", 1, 0, 0, 7, {0}, false, 20230220, 20230228, "pending", 8, 0},
    {"2023-02", 1, 0, 0, 7, {0}, false, 20230221, 20230228, "soon", 7, 0},
    {"2023-02", 1, 0, 0, 7, {0}, false, 20230228, 20230228, "soon", 0, 0},
    {"2023-02", 1, 0, 0, 7, {0}, false, 20230301, 20230228, "missed", 1, 0},
    {"2024-02", 1, 0, 0, 7, {0}, false, 20240229, 20240229, "soon", 0, 0},
    {"2024-02", 1, 0, 0, 7, {20240229}, false, 20240301, 20240229, "done", 0, 20240229},
    {"2024-02", 1, 0, 0, 0, {0}, false, 20240228, 20240229, "pending", 1, 0},
    {"2024-02", 1, 0, 0, 0, {0}, false, 20240229, 20240229, "soon", 0, 0},
    /* nothing is red while grace runs */
    {"2023-09", 1, 0, 5, 7, {0}, false, 20231005, 20231005, "soon", 0, 0},
    {"2023-09", 1, 0, 5, 7, {0}, false, 20231006, 20231005, "missed", 1, 0},
    {"2023Q4", 1, 0, 5, 7, {0}, false, 20231228, 20240105, "pending", 8, 0},
    {"2023Q4", 1, 0, 5, 7, {0}, false, 20240105, 20240105, "soon", 0, 0},
    {"2023Q4", 1, 0, 5, 7, {0}, false, 20240106, 20240105, "missed", 1, 0},
    /* quarters, half-years and years end where they end */
    {"2023Q1", 1, 0, 0, 7, {20230331}, false, 20230401, 20230331, "done", 0, 20230331},
    {"2023Q2", 1, 0, 0, 7, {0}, false, 20230701, 20230630, "missed", 1, 0},
    {"2023H1", 1, 0, 0, 7, {0}, false, 20230630, 20230630, "soon", 0, 0},
    {"2023H2", 1, 0, 0, 7, {0}, false, 20231224, 20231231, "soon", 7, 0},
    {"2023", 1, 0, 0, 7, {0}, false, 20231231, 20231231, "soon", 0, 0},
    {"2023", 1, 0, 0, 7, {0}, false, 20240101, 20231231, "missed", 1, 0},
    /* a day within the period: late while it runs, missed when it is over */
    {"2023-12", 1, 5, 0, 7, {0}, false, 20231201, 20231205, "soon", 4, 0},
    {"2023-12", 1, 5, 0, 7, {0}, false, 20231206, 20231205, "overdue", 1, 0},
    {"2023-12", 1, 5, 0, 7, {0}, false, 20231231, 20231205, "overdue", 26, 0},
    {"2023-12", 1, 5, 0, 7, {0}, false, 20240101, 20231205, "missed", 27, 0},
    {"2023-12", 1, 5, 0, 7, {20231205}, false, 20231206, 20231205, "done", 0, 20231205},
    {"2023-12", 1, 5, 0, 7, {20231214}, false, 20231220, 20231205, "done_late", 9, 20231214},
    {"2023-12", 1, 5, 2, 7, {20231207}, false, 20231220, 20231207, "done", 0, 20231207},
    {"2023-02", 1, 31, 0, 7, {0}, false, 20230201, 20230228, "pending", 27, 0},
    {"2024", 1, 60, 0, 7, {0}, false, 20240301, 20240229, "overdue", 1, 0},
    {"2023", 1, 60, 0, 7, {0}, false, 20230301, 20230301, "soon", 0, 0},
    {"2023", 1, 366, 0, 7, {0}, false, 20231231, 20231231, "soon", 0, 0},
    /* what has not begun is not near */
    {"2024-01", 1, 3, 0, 7, {0}, false, 20231231, 20240103, "pending", 3, 0},
    /* several wanted: some there is late, nothing there is missed, more than wanted does no harm */
    {"2023-11", 2, 0, 0, 7, {20231102}, false, 20231201, 20231130, "overdue", 1, 0},
    {"2023-11", 2, 0, 0, 7, {20231102, 20231130}, false, 20231201, 20231130, "done", 0, 20231130},
    {"2023-11", 2, 10, 0, 7, {20231102, 20231112, 20231120}, false, 20231201, 20231110, "done_late", 2, 20231112},
    {"2023-11", 1, 10, 0, 7, {20231102, 20231112}, false, 20231201, 20231110, "done", 0, 20231102},
    /* done after the period, where a column says which period it was for */
    {"2023-11", 1, 0, 10, 7, {20231212}, false, 20231220, 20231210, "done_late", 2, 20231212},
    {"2023-12", 1, 5, 0, 7, {20231128}, false, 20231201, 20231205, "done", 0, 20231128},
    /* an exemption hides what is lacking, never what was done */
    {"2023-11", 1, 0, 0, 7, {0}, true, 20231220, 20231130, "excused", 0, 0},
    {"2023-12", 1, 0, 0, 7, {0}, true, 20231230, 20231231, "excused", 0, 0},
    {"2023-11", 1, 0, 0, 7, {20231103}, true, 20231220, 20231130, "done", 0, 20231103},
    {"2023-11", 1, 5, 0, 7, {20231106}, true, 20231220, 20231105, "done_late", 1, 20231106},
    {"2023-11", 2, 0, 0, 7, {20231103}, true, 20231220, 20231130, "excused", 0, 0},
};

static void a_part_stands(void **state) {
  (void)state;
  size_t bad = 0;
  for (size_t i = 0; i < COUNT(settlings); i++) {
    const Settling *w = &settlings[i];
    Duty d = {.count = w->count, .by = w->by, .grace = w->grace, .soon = w->soon};
    DutyPart p = {.period = period_of(w->period)};
    size_t n = 0;
    while (n < 3 && w->done[n]) n++;
    part_settle(&d, w->done, n, w->relieved, w->today, &p);
    if (p.due == w->due && !strcmp(duty_state_name(p.state), w->state) && p.days == w->days && p.done_on == w->done_on &&
        p.has == (int)n && p.wants == w->count)
      continue;
    bad++;
    print_error("%zu: %s due %d, %s %d, done %d\n", i, w->period, p.due, duty_state_name(p.state), p.days, p.done_on);
  }
  assert_int_equal(bad, 0);
}

typedef struct Cutting {
  PeriodKind kind;
  const char *period, *first, *last;
  size_t count;
} Cutting;

static const Cutting cuttings[] = {
    {PERIOD_MONTH, "2023", "2023-01", "2023-12", 12},
    {PERIOD_MONTH, "2024-02", "2024-02", "2024-02", 1},
    {PERIOD_MONTH, "2023-01-31..2023-03-01", "2023-01", "2023-03", 3},
    {PERIOD_MONTH, "2023-12-31..2024-01-01", "2023-12", "2024-01", 2},
    {PERIOD_QUARTER, "2023", "2023Q1", "2023Q4", 4},
    {PERIOD_QUARTER, "2023-12", "2023Q4", "2023Q4", 1},
    {PERIOD_QUARTER, "2023-03-31..2023-04-01", "2023Q1", "2023Q2", 2},
    {PERIOD_HALF, "2023Q2", "2023H1", "2023H1", 1},
    {PERIOD_HALF, "2023", "2023H1", "2023H2", 2},
    {PERIOD_HALF, "2023-06-30..2023-07-01", "2023H1", "2023H2", 2},
    {PERIOD_YEAR, "2023-05", "2023", "2023", 1},
    {PERIOD_YEAR, "2022-12-31..2024-01-01", "2022", "2024", 3},
    {PERIOD_MONTH, "1990-01-01..2023-12-31", "", "", 0},
};

static void a_time_is_cut(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  for (size_t i = 0; i < COUNT(cuttings); i++) {
    const Cutting *w = &cuttings[i];
    size_t count;
    PeriodText text;
    const Period *parts = parts_meeting(a, w->kind, period_of(w->period), &count);
    if (count != w->count) fail_msg("%s: %zu parts", w->period, count);
    if (!count) continue;
    assert_string_equal(period_text(parts[0], text), w->first);
    assert_string_equal(period_text(parts[count - 1], text), w->last);
    for (size_t k = 0; k < count; k++) {
      assert_int_equal(part_index(parts[0], parts[k].from), k);
      assert_int_equal(part_index(parts[0], period_last(parts[k])), k);
      if (k) assert_int_equal(parts[k].from, parts[k - 1].to);
    }
  }
}

static void who_stood_throughout_owes(void **state) {
  (void)state;
  static const struct {
    Date founded, dissolved;
    const char *period;
    bool owed;
  } cases[] = {
      {20000101, DATE_END, "2023-03", true},  {20230301, DATE_END, "2023-03", true},
      {20230302, DATE_END, "2023-03", false}, {20230302, DATE_END, "2023-04", true},
      {20230302, DATE_END, "2023Q1", false},  {20230302, DATE_END, "2023Q2", true},
      {20230302, DATE_END, "2023", false},    {20000101, 20230401, "2023-03", true},
      {20000101, 20230331, "2023-03", false}, {20000101, 20230331, "2023-02", true},
      {20240229, DATE_END, "2024-02", false}, {20240301, DATE_END, "2024-02", false},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    OrgNode n = {.id = 1, .founded = cases[i].founded, .dissolved = cases[i].dissolved};
    if (part_owed(period_of(cases[i].period), &n) != cases[i].owed) fail_msg("%zu: %s", i, cases[i].period);
  }
}

static void a_cell_shows_its_worst(void **state) {
  (void)state;
  DutyPart parts[] = {{.state = DUTY_DONE}, {.state = DUTY_MISSED, .days = 90}, {.state = DUTY_EXCUSED},
                      {.state = DUTY_MISSED, .days = 60}, {.state = DUTY_SOON}};
  DutyCell cell = {.parts = parts, .part_count = 5};
  cell_settle(&cell);
  assert_int_equal(cell.state, DUTY_MISSED);
  assert_ptr_equal(cell.worst, &parts[1]);
  assert_int_equal(cell.count[DUTY_MISSED], 2);
  cell.part_count = 0;
  cell_settle(&cell);
  assert_int_equal(cell.state, DUTY_NONE);
  assert_null(cell.worst);
}

/* ---- boards ---- */

static const char duties[] =
    "duties:\n"
    "  - {name: monthly, label: 月谈, owed_by: is_branch, met_by: talk, where: kind = '甲', every: month}\n"
    "  - {name: quarterly, label: 季谈, basis: 规定, owed_by: is_branch, met_by: talk, every: quarter, grace: 5, soon: 20}\n"
    "  - {name: closing, label: 办结, owed_by: is_village, met_by: talk, on: closed_on, every: half, by: 30}\n"
    "  - {name: graded, label: 年谈, owed_by: is_township, met_by: talk, period: grade, every: year, count: 2}\n";

/* on the site's own rows: branch 4 moved from 2 to 3 on 1 June 2023; 5 was founded in March, 6 dissolved in September */
static const char *const more_rows[][3] = {
    {"org", "5", "kind=unit_branch founded_on=20230310"},
    {"org", "6", "kind=unit_branch founded_on=20000101 dissolved_on=20230915"},
    {"org.spell", "16", "record=5 pos=1 from_on=20230310 name=新支部 parent=1"},
    {"org.spell", "17", "record=6 pos=1 from_on=20000101 name=旧支部 parent=1"},
    {"talk", "111", "org=4 held_on=20230228 kind=甲 topic=月末"},
    {"talk", "112", "org=4 held_on=20230615 kind=甲 topic=搬后"},
    {"talk", "113", "org=4 held_on=20230603 kind=甲 topic=搬后二"},
    {"talk", "114", "org=4 held_on=20231225 kind=甲 topic=未来"},
    {"talk", "115", "org=4 held_on=20231101 kind=甲 topic=草稿 state=draft"},
    {"talk", "116", "org=4 held_on=20231102 kind=甲 topic=作废 state=void"},
    {"talk", "117", "org=5 held_on=20230312 kind=甲 topic=成立当月"},
    {"talk", "118", "org=5 held_on=20230401 kind=甲 topic=首月"},
    {"talk", "121", "org=1 held_on=20240105 kind=乙 topic=年谈一 grade=20230101"},
    {"talk", "122", "org=1 held_on=20230105 kind=乙 topic=年谈二 grade=20230101"},
    {"talk", "123", "org=1 held_on=20230205 kind=乙 topic=无年度"},
    {"talk", "124", "org=3 held_on=20230110 topic=及时 closed_on=20230130"},
    {"talk", "125", "org=3 held_on=20230710 topic=迟办 closed_on=20230808"},
    {"relief", "401", "org=4 from_on=20230701 to_on=20230731 duty=monthly basis=抢收 approved_by=县委"},
    {"relief", "402", "org=4 from_on=20230801 to_on=20230830 duty=monthly basis=差一天 approved_by=县委"},
    {"relief", "403", "org=4 from_on=20230901 to_on=20230930 duty=monthly basis=已撤销 approved_by=县委 state=void"},
    {"relief", "404", "org=5 from_on=20231001 to_on=20231031 duty=quarterly basis=别的职责 approved_by=县委"},
};

static int open_site(void **state) {
  figure_site_open(state);
  Session *s = *state;
  Error e = {0};
  Issues issues = {.arena = s->arena};
  const ProfileFile files[] = {{"profile.yaml", site_profile, sizeof site_profile - 1},
                               {"codes.yaml", site_codes, sizeof site_codes - 1},
                               {"ledgers/talk.yaml", site_ledger, sizeof site_ledger - 1},
                               {"duties/all.yaml", duties, sizeof duties - 1}};
  s->catalogue = catalogue_read(s->arena, files, 4, &issues, &e);
  site_must(s->catalogue != NULL, "profile", &e);
  for (size_t i = 0; i < COUNT(more_rows); i++) site_put(s, more_rows[i]);
  s->tree = org_tree_load(s->arena, s->tx, s->catalogue, s->area, &e);
  site_must(s->tree != NULL, "tree", &e);
  site_must(org_spans_rebuild(s->tx, s->tree, s->area, &e), "spans", &e);
  return 0;
}

static const DutyCell *cell_of(const DutyBoard *b, int64_t org, const char *duty) {
  for (size_t o = 0; o < b->org_count; o++)
    for (size_t d = 0; d < b->duty_count; d++)
      if (b->orgs[o] == org && !strcmp(b->duties[d]->name, duty)) return duty_cell(b, o, d);
  return NULL;
}

static const char *part_words(Arena *a, const DutyPart *p) {
  TEXT_SCOPE out = text_new(1024);
  PeriodText text;
  text_print(&out, "%s %s %d/%d", period_text(p->period, text), duty_state_name(p->state), p->has, p->wants);
  for (size_t i = 0; i < p->record_count; i++) text_print(&out, " %lld", (long long)p->records[i]);
  return arena_copy(a, text_get(&out));
}

typedef struct Seen {
  int64_t under, org; /* the org asked for, 0: all */
  const char *duty, *part; /* as part_words writes it; a period alone: not there */
} Seen;

static const Seen seen[] = {
    /* the last day of a month; drafts, voided ones, another kind and a day to come do not count */
    {0, 4, "monthly", "2023-02 done 1/1 111"},
    {0, 4, "monthly", "2023-03 done 1/1 101"},
    {0, 4, "monthly", "2023-11 missed 0/1"},
    {0, 4, "monthly", "2023-12 pending 0/1"},
    {0, 4, "monthly", "2023-06 done 2/1 113 112"},
    /* exempt on the last day, not on the last but one, not when taken back, not by another duty's */
    {0, 4, "monthly", "2023-07 excused 0/1"},
    {0, 4, "monthly", "2023-08 missed 0/1"},
    {0, 4, "monthly", "2023-09 missed 0/1"},
    {0, 5, "monthly", "2023-10 missed 0/1"},
    {0, 5, "quarterly", "2023Q4 soon 0/1"},
    /* founded in the middle: from the next whole period; dissolved: up to the last whole one */
    {0, 5, "monthly", "2023-03"},
    {0, 5, "monthly", "2023-04 done 1/1 118"},
    {0, 5, "quarterly", "2023Q1"},
    {0, 5, "quarterly", "2023Q2 done 1/1 118"},
    {0, 6, "monthly", "2023-08 missed 0/1"},
    {0, 6, "monthly", "2023-09"},
    {0, 6, "quarterly", "2023Q3"},
    /* moved on 1 June: its spring is under 2, June and after under 3 */
    {2, 4, "monthly", "2023-05 missed 0/1"},
    {2, 4, "monthly", "2023-06"},
    {3, 4, "monthly", "2023-05"},
    {3, 4, "monthly", "2023-06 done 2/1 113 112"},
    {3, 4, "quarterly", "2023Q2 done 2/1 113 112"},
    {2, 4, "quarterly", "2023Q2"},
    /* done on another day than its date; in time, late, not yet closed */
    {0, 3, "closing", "2023H1 done 1/1 124"},
    {0, 3, "closing", "2023H2 done_late 1/1 125"},
    {0, 2, "closing", "2023H1 missed 0/1"},
    /* the year it is for, whatever its date; a day to come and a missing year do not count */
    {0, 1, "graded", "2023 pending 1/2 122"},
};

static void a_board_shows(void **state) {
  Session *s = *state;
  size_t bad = 0;
  for (size_t i = 0; i < COUNT(seen); i++) {
    const Seen *w = &seen[i];
    DutyBoard b;
    Error e = {0};
    site_must(duty_board(s, (DutyAsk){.org = w->under, .period = period_of("2023")}, &b, &e), w->part, &e);
    const DutyCell *cell = cell_of(&b, w->org, w->duty);
    const char *got = NULL;
    size_t n = strcspn(w->part, " ");
    for (size_t k = 0; cell && k < cell->part_count; k++) {
      const char *words = part_words(s->arena, &cell->parts[k]);
      if (!strncmp(words, w->part, n) && words[n] == ' ') got = words;
    }
    if (w->part[n] ? got && !strcmp(got, w->part) : !got) continue;
    bad++;
    print_error("%zu: org %d %s: wanted %s, got %s\n", i, (int)w->org, w->duty, w->part, got ? got : "nothing");
  }
  assert_int_equal(bad, 0);
}

static void a_year_is_a_board_of_one(void **state) {
  Session *s = *state;
  DutyBoard b;
  Error e = {0};
  site_must(duty_year(s, 4, 2023, &b, &e), "year", &e);
  assert_int_equal(b.org_count, 1);
  assert_int_equal(b.duty_count, 2);
  assert_int_equal(duty_cell(&b, 0, 0)->part_count, 12);
  assert_int_equal(duty_cell(&b, 0, 1)->part_count, 4);
  /* January and the months with nothing */
  assert_int_equal(duty_cell(&b, 0, 0)->count[DUTY_MISSED], 7);
  assert_int_equal(duty_cell(&b, 0, 0)->worst->period.from, 20230101);
  assert_int_equal(b.count[DUTY_EXCUSED], 1);
  /* before it was there, and where nothing is owed */
  site_must(duty_year(s, 5, 2022, &b, &e), "year", &e);
  assert_int_equal(b.org_count, 0);
  assert_false(duty_year(s, 99, 2023, &b, &e));
  assert_int_equal(e.kind, ERROR_MISSING);
  assert_false(duty_board(s, (DutyAsk){.period = period_span(19500101, 20231231)}, &b, &e));
  assert_int_equal(e.kind, ERROR_LIMIT);
}

static void a_quarter_of_the_month_is_whole(void **state) {
  Session *s = *state;
  DutyBoard b;
  Error e = {0};
  site_must(duty_board(s, (DutyAsk){.org = 4, .period = period_of("2023-02")}, &b, &e), "month", &e);
  const DutyCell *cell = cell_of(&b, 4, "quarterly");
  assert_non_null(cell);
  assert_string_equal(part_words(s->arena, &cell->parts[0]), "2023Q1 done 2/1 111 101");
}

static void only_what_may_be_seen(void **state) {
  Session *s = *state;
  Grant whole = s->actor.grants[0];
  DutyBoard b;
  Error e = {0};
  s->actor.grants[0] = (Grant){.role = role_find("reader"), .org = 3};
  site_must(duty_board(s, (DutyAsk){.period = period_of("2023")}, &b, &e), "own", &e);
  assert_int_equal(b.org_count, 2); /* 3 and, since June, 4 */
  const DutyCell *cell = cell_of(&b, 4, "monthly");
  assert_int_equal(cell->part_count, 7);
  assert_int_equal(cell->parts[0].period.from, 20230601);
  /* asked for from above it is the same; asked for elsewhere it is refused */
  site_must(duty_board(s, (DutyAsk){.org = 1, .period = period_of("2023")}, &b, &e), "own", &e);
  assert_int_equal(b.org_count, 2);
  assert_false(duty_board(s, (DutyAsk){.org = 2, .period = period_of("2023-12")}, &b, &e));
  assert_int_equal(e.kind, ERROR_FORBIDDEN);
  assert_false(duty_year(s, 5, 2023, &b, &e));
  LedgerBoard l;
  site_must(ledger_board(s, 0, 2023, &l, &e), "ledgers", &e);
  for (size_t i = 0; i < l.org_count; i++) assert_true(l.orgs[i] == 3 || l.orgs[i] == 4);
  assert_false(ledger_board(s, 2, 2024, &l, &e));
  assert_int_equal(e.kind, ERROR_FORBIDDEN);
  /* the quarter in which it moved is whole, but the record from before June is not named */
  site_put(s, (const char *const[]){"talk", "131", "org=4 held_on=20230505 kind=甲 topic=搬前"});
  site_must(duty_board(s, (DutyAsk){.period = period_of("2023")}, &b, &e), "own", &e);
  assert_string_equal(part_words(s->arena, &cell_of(&b, 4, "quarterly")->parts[0]), "2023Q2 done 3/1 113 112");
  s->actor.grants[0] = whole;
  site_must(duty_board(s, (DutyAsk){.period = period_of("2023")}, &b, &e), "all", &e);
  assert_string_equal(part_words(s->arena, &cell_of(&b, 4, "quarterly")->parts[1]), "2023Q2 done 3/1 131 113 112");
  site_must(tx_exec(s->tx, "DELETE FROM l_talk WHERE id = 131", NULL, 0, NULL, &e), "delete", &e);
  /* whoever has no role sees nothing, and is told so where they ask for an org */
  s->actor.grant_count = 0;
  site_must(duty_board(s, (DutyAsk){.period = period_of("2023")}, &b, &e), "none", &e);
  assert_int_equal(b.org_count, 0);
  assert_false(duty_board(s, (DutyAsk){.org = 1, .period = period_of("2023")}, &b, &e));
  s->actor.grant_count = 1;
}

static void the_list_begins_with_the_newest(void **state) {
  Session *s = *state;
  DutyList all, some;
  Error e = {0};
  site_must(duty_list(s, 0, false, 0, &all, &e), "list", &e);
  assert_true(all.count > 5);
  bool red = true;
  size_t totals = 0;
  for (size_t i = 0; i < all.count; i++) {
    const DutyPart *p = &all.at[i].part;
    assert_true(p->state == DUTY_PENDING || p->state >= DUTY_SOON);
    if (p->state < DUTY_LATE) red = false;
    assert_int_equal(p->state >= DUTY_LATE, red);
    if (i && red) assert_true(all.at[i - 1].part.days <= p->days);
    /* nothing from before the last twelve months, but for what still reaches into them */
    assert_true(p->period.to > 20230101);
  }
  for (int i = 0; i < DUTY_STATES; i++) totals += all.totals[i];
  assert_int_equal(totals, all.count);
  assert_int_equal(all.at[0].part.period.from, 20231101);
  site_must(duty_list(s, 0, false, 2, &some, &e), "list", &e);
  assert_int_equal(some.count, 2);
  assert_int_equal(some.totals[DUTY_MISSED], all.totals[DUTY_MISSED]);
  assert_int_equal(some.at[0].org, all.at[0].org);
}

static void a_link_fills_the_form(void **state) {
  Session *s = *state;
  Error e = {0};
  DutyField *f;
  Period year = period_of("2023");
  assert_int_equal(duty_fields(s->arena, catalogue_duty(s->catalogue, "monthly", &e), &year, &f), 1);
  assert_string_equal(f[0].column->name, "kind");
  assert_string_equal(f[0].text, "甲");
  assert_int_equal(duty_fields(s->arena, catalogue_duty(s->catalogue, "季谈", &e), &year, &f), 0);
  const Duty *graded = catalogue_duty(s->catalogue, "graded", &e);
  assert_int_equal(duty_fields(s->arena, graded, &year, &f), 1);
  assert_string_equal(f[0].column->name, "grade");
  assert_string_equal(f[0].text, "2023");
  assert_int_equal(duty_fields(s->arena, graded, NULL, &f), 0);
  assert_null(catalogue_duty(s->catalogue, "grade", &e));
  assert_non_null(strstr(e.sentence, "graded"));
}

static int64_t counted(const LedgerBoard *b, int64_t org, size_t month) {
  for (size_t o = 0; o < b->org_count; o++)
    if (b->orgs[o] == org) return ledger_counts(b, o, 0)[month];
  return -1;
}

static void ledgers_by_month(void **state) {
  Session *s = *state;
  LedgerBoard b;
  Error e = {0};
  site_must(ledger_board(s, 0, 2023, &b, &e), "ledgers", &e);
  assert_int_equal(b.ledger_count, 1);
  assert_string_equal(b.ledgers[0]->name, "talk");
  assert_int_equal(b.org_count, 6);
  assert_int_equal(b.orgs[0], 1);
  assert_int_equal(b.depths[0], 0);
  assert_int_equal(counted(&b, 4, 0), 6);
  assert_int_equal(counted(&b, 4, 6), 2);
  assert_int_equal(counted(&b, 4, 11), 0);
  assert_int_equal(counted(&b, 5, 3), 1);
  /* 4 moved in June: its spring stands under 2 */
  site_must(ledger_board(s, 2, 2023, &b, &e), "ledgers", &e);
  assert_int_equal(counted(&b, 4, 0), 2);
  assert_int_equal(counted(&b, 4, 6), 0);
  site_must(ledger_board(s, 3, 2023, &b, &e), "ledgers", &e);
  assert_int_equal(counted(&b, 4, 0), 4);
  assert_int_equal(counted(&b, 4, 3), 0);
  site_must(ledger_board(s, 0, 1980, &b, &e), "ledgers", &e);
  assert_int_equal(b.org_count, 0);
}

static void the_board_as_json(void **state) {
  Session *s = *state;
  DutyBoard b;
  Error e = {0};
  site_must(duty_board(s, (DutyAsk){.org = 4, .period = period_of("2023-06")}, &b, &e), "board", &e);
  json_t *out = duty_board_json(s, &b);
  assert_string_equal(json_string_value(json_object_get(out, "period")), "2023-06");
  const json_t *cell = json_array_get(json_object_get(out, "cells"), 0);
  assert_string_equal(json_string_value(json_object_get(cell, "state")), "done");
  const json_t *part = json_array_get(json_object_get(cell, "parts"), 0);
  assert_string_equal(json_string_value(json_array_get(json_object_get(part, "records"), 0)), "113");
  assert_string_equal(json_string_value(json_object_get(part, "done_on")), "2023-06-03");
  assert_true(json_is_null(json_object_get(part, "relief")));
  json_decref(out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_part_stands),
      cmocka_unit_test(a_time_is_cut),
      cmocka_unit_test(who_stood_throughout_owes),
      cmocka_unit_test(a_cell_shows_its_worst),
      cmocka_unit_test_setup_teardown(a_board_shows, open_site, figure_site_close),
      cmocka_unit_test_setup_teardown(a_year_is_a_board_of_one, open_site, figure_site_close),
      cmocka_unit_test_setup_teardown(a_quarter_of_the_month_is_whole, open_site, figure_site_close),
      cmocka_unit_test_setup_teardown(only_what_may_be_seen, open_site, figure_site_close),
      cmocka_unit_test_setup_teardown(the_list_begins_with_the_newest, open_site, figure_site_close),
      cmocka_unit_test_setup_teardown(a_link_fills_the_form, open_site, figure_site_close),
      cmocka_unit_test_setup_teardown(ledgers_by_month, open_site, figure_site_close),
      cmocka_unit_test_setup_teardown(the_board_as_json, open_site, figure_site_close),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
