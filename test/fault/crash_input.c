/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Random operations that are right for the site as it stands: records with lines, changes of them, steps, voids,
 * persons with sealed fields and their erasure, posts, stages, orgs. What each works on is drawn from what there is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crash.h"

static uint64_t draw(uint64_t *state) { /* splitmix64 */
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

int64_t below(uint64_t *random, int64_t n) { return (int64_t)(draw(random) % (uint64_t)n); }

typedef struct Draw {
  Session *s;
  uint64_t *random;
  int64_t number; /* of the operation: later dates for later ones */
} Draw;

/* ---- drawing from what there is ---- */

typedef enum { PERSON, READABLE, TALK, DRAFT, POST, VILLAGE, BRANCH, GROUP, PLACES } Place;
static const char *const place_sql[PLACES] = {
    [PERSON] = "SELECT id FROM person WHERE area_id = $1 AND state <> 'void' ORDER BY id",
    [READABLE] = ("SELECT id FROM person p WHERE area_id = $1 AND state <> 'void' AND NOT EXISTS (SELECT 1 FROM erasure x"
                  " WHERE x.area_id = p.area_id AND x.\"row\" = p.id) ORDER BY id"),
    [TALK] = "SELECT id FROM l_talk WHERE area_id = $1 AND state <> 'void' ORDER BY id",
    [DRAFT] = "SELECT id FROM l_talk WHERE area_id = $1 AND state = 'draft' ORDER BY id",
    [POST] = "SELECT id FROM post WHERE area_id = $1 AND ended_on IS NULL ORDER BY id",
    [VILLAGE] = "SELECT id FROM org WHERE area_id = $1 AND kind = 'village' ORDER BY id",
    [BRANCH] = "SELECT id FROM org WHERE area_id = $1 AND kind = 'village_branch' ORDER BY id",
    [GROUP] = "SELECT id FROM org WHERE area_id = $1 AND kind = 'group' AND dissolved_on IS NULL ORDER BY id",
};

static int64_t some(Draw *d, Place place) {
  Error e = {0};
  size_t count = 0, room = 0;
  int64_t *ids = NULL;
  STMT_SCOPE st = stmt_open(d->s->tx, place_sql[place], (Value[]){value_int(d->s->area)}, 1, &e);
  while (st && stmt_step(st, &e) == STEP_ROW) *PUSH(d->s->arena, ids, count, room) = stmt_int(st, 0);
  if (!count) give_up(place_sql[place], &e);
  return ids[below(d->random, (int64_t)count)];
}

static int64_t number_of(Draw *d, const char *sql, int64_t id) {
  Error e = {0};
  int64_t n = 0;
  if (!tx_int(d->s->tx, sql, (Value[]){value_int(d->s->area), value_int(id)}, 2, &n, NULL, &e)) give_up(sql, &e);
  return n;
}

static json_t *day_of(Draw *d, Date from, int days) {
  DateText text;
  return json_string(date_iso(date_add_days(from, (int)below(d->random, days)), text));
}

/* A day that no earlier operation has reached. */
static json_t *next_day(const Draw *d) {
  DateText text;
  return json_string(date_iso(date_add_days(20000101, (int)d->number), text));
}

static json_t *words(Draw *d, const char *what) {
  char text[96];
  snprintf(text, sizeof text, "%s%" PRId64 "之%" PRId64, what, d->number, below(d->random, 1000));
  return json_string(text);
}

/* ---- arguments ---- */

/* Somebody who is not on the list yet; few are, and there are always three persons. */
static void add_present(Draw *d, json_t *present, int64_t except) {
  static const char *const ways[] = {"到会", "线上", "请假"};
  int64_t person = some(d, PERSON);
  size_t i;
  json_t *line;
  json_array_foreach(present, i, line)
    if (json_integer_value(json_object_get(line, "person")) == person) return;
  if (person != except)
    json_array_append_new(present, json_pack("{s:I, s:s}", "person", (json_int_t)person, "way", ways[below(d->random, 3)]));
}

static json_t *new_talk(Draw *d) {
  static const char *const kinds[] = {"定期", "提醒", "问题"};
  json_t *present = json_array(), *matters = json_array();
  for (int64_t n = 1 + below(d->random, 3); n > 0; n--) add_present(d, present, 0);
  for (int64_t n = below(d->random, 3); n > 0; n--)
    json_array_append_new(matters, json_pack("{s:o, s:I, s:s}", "matter", words(d, "事项"), "village",
                                             (json_int_t)some(d, VILLAGE), "cost", "1250.50"));
  json_t *talk = json_pack("{s:s, s:I, s:o, s:s, s:I, s:s, s:o, s:o}", "ledger", "talk", "org",
                           (json_int_t)some(d, VILLAGE), "held_on", day_of(d, 20230101, 350), "kind",
                           kinds[below(d->random, 3)], "host", (json_int_t)some(d, PERSON), "sealed_on", "2023-12-19",
                           "present", present, "matters", matters);
  if (below(d->random, 2)) json_object_set_new(talk, "secret", words(d, "密"));
  if (below(d->random, 3) == 0) json_object_set_new(talk, "state", json_string("done"));
  return talk;
}

/* Keeps one line, drops the others, adds one. */
static json_t *changed_talk(Draw *d) {
  int64_t id = some(d, TALK);
  int64_t line = number_of(d, "SELECT max(id) FROM l_talk_present WHERE area_id = $1 AND record_id = $2", id);
  char digits[24];
  snprintf(digits, sizeof digits, "%" PRId64, line);
  json_t *present = json_pack("[{s:s, s:o}]", "id", digits, "remark", words(d, "备注"));
  add_present(d, present, number_of(d, "SELECT person FROM l_talk_present WHERE area_id = $1 AND id = $2", line));
  return json_pack("{s:s, s:I, s:o, s:o, s:o}", "ledger", "talk", "id", (json_int_t)id, "note", words(d, "纪要"), "secret",
                   words(d, "密"), "present", present);
}

static json_t *step_talk(Draw *d) {
  return json_pack("{s:s, s:I, s:s}", "ledger", "talk", "id", (json_int_t)some(d, DRAFT), "state", "done");
}

static json_t *void_talk(Draw *d) {
  return json_pack("{s:s, s:I, s:o}", "ledger", "talk", "id", (json_int_t)some(d, TALK), "reason", words(d, "重复"));
}

static json_t *new_person(Draw *d) {
  return json_pack("{s:s, s:o, s:o, s:o}", "ledger", "person", "name", words(d, "人"), "birth", day_of(d, 19600101, 15000),
                   "phone", words(d, "139"));
}

static json_t *changed_person(Draw *d) {
  return json_pack("{s:s, s:I, s:o, s:o}", "ledger", "person", "id", (json_int_t)some(d, READABLE), "works", words(d, "职务"),
                   "address", words(d, "住址"));
}

static json_t *erased_person(Draw *d) {
  return json_pack("{s:I, s:o}", "person", (json_int_t)some(d, READABLE), "reason", words(d, "申请"));
}

static json_t *start_post(Draw *d) {
  return json_pack("{s:I, s:I, s:s, s:o}", "person", (json_int_t)some(d, PERSON), "org", (json_int_t)some(d, BRANCH), "title",
                   "委员", "started_on", day_of(d, 20220101, 300));
}

static json_t *end_post(Draw *d) {
  int64_t id = some(d, POST);
  return json_pack("{s:I, s:I, s:o}", "person",
                   (json_int_t)number_of(d, "SELECT person FROM post WHERE area_id = $1 AND id = $2", id), "org",
                   (json_int_t)number_of(d, "SELECT org_id FROM post WHERE area_id = $1 AND id = $2", id), "ended_on",
                   day_of(d, 20230101, 300));
}

static json_t *enter_stage(Draw *d) {
  static const char *const stages[] = {"applicant", "activist", "full"};
  return json_pack("{s:I, s:I, s:s, s:o}", "person", (json_int_t)some(d, PERSON), "org", (json_int_t)some(d, BRANCH), "stage",
                   stages[below(d->random, 3)], "started_on", next_day(d));
}

static json_t *found_org(Draw *d) {
  return json_pack("{s:o, s:s, s:I, s:s}", "name", words(d, "小组"), "kind", "group", "parent", (json_int_t)some(d, VILLAGE),
                   "founded_on", "1995-01-01");
}

static json_t *rename_org(Draw *d) {
  return json_pack("{s:I, s:o, s:o}", "org", (json_int_t)some(d, VILLAGE), "name", words(d, "村"), "from_on", next_day(d));
}

static json_t *move_org(Draw *d) {
  return json_pack("{s:I, s:I, s:o}", "org", (json_int_t)some(d, GROUP), "parent", (json_int_t)some(d, VILLAGE), "from_on",
                   next_day(d));
}

static json_t *dissolve_org(Draw *d) {
  return json_pack("{s:I, s:o}", "org", (json_int_t)some(d, GROUP), "on", next_day(d));
}

/* More is made than ends, so that there is always something to draw from. */
static const struct {
  const char *operation;
  int weight;
  json_t *(*input)(Draw *d);
} kinds[] = {
    {"record.save", 24, new_talk},    {"record.save", 16, changed_talk}, {"record.step", 5, step_talk},
    {"record.void", 6, void_talk},    {"record.save", 10, new_person},    {"record.save", 8, changed_person},
    {"post.start", 10, start_post},   {"post.end", 5, end_post},         {"stage.enter", 6, enter_stage},
    {"org.found", 6, found_org},      {"org.rename", 2, rename_org},     {"org.move", 2, move_org},
    {"org.dissolve", 2, dissolve_org}, {"person.erase", 2, erased_person}};
enum { KINDS = sizeof kinds / sizeof *kinds };

json_t *random_input(Site *site, uint64_t *random, int64_t number, const char **operation, Error *e) {
  SESSION_SCOPE s = session_open(site, NULL, TX_READ, e);
  if (!s) return NULL;
  Draw d = {.s = s, .random = random, .number = number};
  int total = 0;
  for (size_t i = 0; i < KINDS; i++) total += kinds[i].weight;
  size_t kind = 0;
  for (int64_t at = below(random, total); at >= kinds[kind].weight; kind++) at -= kinds[kind].weight;
  *operation = kinds[kind].operation;
  return kinds[kind].input(&d);
}

/* ---- the township as it begins ---- */

#define FOUND(name, kind, parent) {"org.found", "{\"name\": \"" name "\", \"kind\": \"" kind "\", \"founded_on\": \"1990-01-01\"" parent "}"}
#define UNDER(parent) ", \"parent\": \"" parent "\""
#define SOMEBODY(name) {"record.save", "{\"ledger\": \"person\", \"name\": \"" name "\", \"phone\": \"13900000000\"}"}
#define TALKED(org, host)                                                                                              \
  {"record.save", "{\"ledger\": \"talk\", \"org\": \"" org "\", \"held_on\": \"2023-03-01\", \"kind\": \"定期\", \"host\": \"" host \
                  "\", \"sealed_on\": \"2023-12-19\", \"present\": [{\"person\": \"" host "\", \"way\": \"到会\"}]}"}
#define POSTED(person) {"post.start", "{\"person\": \"" person "\", \"org\": \"甲村支部\", \"title\": \"委员\", \"started_on\": \"2022-01-01\"}"}
static const char *const first[][2] = {
    FOUND("某乡", "township", ""),
    FOUND("甲村", "village", UNDER("某乡")),
    FOUND("乙村", "village", UNDER("某乡")),
    FOUND("甲村支部", "village_branch", UNDER("甲村")),
    FOUND("乙村支部", "village_branch", UNDER("乙村")),
    FOUND("一组", "group", UNDER("甲村")),
    FOUND("二组", "group", UNDER("甲村")),
    FOUND("三组", "group", UNDER("乙村")),
    FOUND("四组", "group", UNDER("乙村")),
    SOMEBODY("赵一"), SOMEBODY("钱二"), SOMEBODY("孙三"), SOMEBODY("李四"), SOMEBODY("周五"), SOMEBODY("吴六"),
    POSTED("赵一"), POSTED("钱二"), POSTED("孙三"), POSTED("孙三"),
    TALKED("甲村", "赵一"), TALKED("乙村", "钱二"), TALKED("甲村", "孙三"), TALKED("乙村", "赵一"),
    TALKED("甲村", "钱二"), TALKED("乙村", "孙三"), TALKED("甲村", "赵一"), TALKED("乙村", "钱二"),
};

json_t *first_input(size_t n, const char **operation) {
  if (n == sizeof first / sizeof *first) return NULL;
  *operation = first[n][0];
  json_t *input = json_loads(first[n][1], 0, NULL);
  if (!input) give_up(first[n][1], NULL);
  return input;
}
