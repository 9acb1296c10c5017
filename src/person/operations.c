/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Taking up and laying down a post, entering a stage, and erasing what is private of a person. A stage entered
 * ends the one before it on the same day; neither is ever overwritten. (A person's own fields are saved with
 * record.save.) */
#include "person/person.h"

#include <string.h>

#include "access/names.h"
#include "ledger/record.h"

/* Copies arguments of the same names into the record's fields, read as cells of those fields. */
static bool take(Doing *d, Row args, Record *record, Error *e) {
  const Relation *r = record->relation;
  for (size_t i = 0; i < args.relation->column_count; i++) {
    const Column *given = &args.relation->columns[i], *c = relation_column(r, given->name);
    if (!c || args.v[i].null) continue;
    Value *to = row_at(record->row, c->name);
    if (args.v[i].kind == VALUE_INT) *to = args.v[i];
    else if (!record_cell(d->session, c, args.v[i].s, d->session->today, to, e)) return false;
  }
  return true;
}

static bool put(Doing *d, const Record *before, Record *record, json_t *result, Error *e) {
  if (!record_check(d->session, before, record, NULL, d->issues) || !record_put(d, before, record, e)) return false;
  json_object_set_new(result, "id", json_string(arena_print(d->session->arena, "%lld", (long long)row_id(record->row))));
  return true;
}

/* The row of `r` of this person that has no end yet; with `org`, only there. 0 if none. */
static bool open_row(Session *s, const Relation *r, int64_t person, int64_t org, int64_t *id, Error *e) {
  *id = 0;
  const char *ends = r->columns[r->ends].sql, *date = r->columns[r->date].sql;
  const char *sql = arena_print(s->arena,
                                "SELECT id FROM \"%s\" WHERE area_id = $1 AND person = $2 AND state <> $3 AND \"%s\" IS NULL "
                                "AND ($4 = 0 OR org_id = $4) ORDER BY \"%s\" DESC, id DESC",
                                r->table, ends, date);
  Value binds[] = {value_int(s->area), value_int(person), value_text(STATE_VOID), value_int(org)};
  return tx_int(s->tx, sql, binds, 4, id, NULL, e);
}

static bool start_post(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  if (!may_or_fail(d->session, MAY_MANAGE_PEOPLE, row_at(args, "org")->i, e)) return false;
  Record record = record_new(d->session, catalogue_core(d->session->catalogue, "post"));
  record_settle(&record);
  return take(d, args, &record, e) && put(d, NULL, &record, result, e);
}

/* Ends the open row of a person on a day, which must lie after its beginning. */
static bool end_row(Doing *d, const Relation *r, int64_t id, Date on, json_t *result, Error *e) {
  Session *s = d->session;
  Record before, after;
  if (!record_load(s, r, id, &before, e) || !record_load(s, r, id, &after, e)) return false;
  if (!may_or_fail(s, MAY_MANAGE_PEOPLE, record_org(&before), e)) return false;
  DateText text;
  if (record_date(&before) > on)
    return issue_add(d->issues, NULL, r->columns[r->ends].name, "日期早于起始的%s，请核对。",
                     date_chinese(record_date(&before), text)),
           false;
  after.row.v[r->ends] = value_int(on);
  return put(d, &before, &after, result, e);
}

static bool end_post(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Relation *r = catalogue_core(s->catalogue, "post");
  int64_t id, person = row_at(args, "person")->i, org = row_at(args, "org")->i;
  if (!open_row(s, r, person, org, &id, e)) return false;
  if (!id)
    return issue_add(d->issues, NULL, "person", "“%s”在%s没有在任职务，请核对。",
                     names_of(s, catalogue_core(s->catalogue, "person"), person, s->today), org_name(s->tree, org, s->today)),
           false;
  return end_row(d, r, id, (Date)row_at(args, "ended_on")->i, result, e);
}

static bool enter_stage(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Relation *r = catalogue_core(s->catalogue, "stage");
  int64_t old;
  if (!may_or_fail(s, MAY_MANAGE_PEOPLE, row_at(args, "org")->i, e) ||
      !open_row(s, r, row_at(args, "person")->i, 0, &old, e))
    return false;
  if (old && !end_row(d, r, old, (Date)row_at(args, "started_on")->i, result, e)) return false;
  Record record = record_new(s, r);
  record_settle(&record);
  return take(d, args, &record, e) && put(d, NULL, &record, result, e);
}

/* The key goes, and with it what it sealed, in the table and everywhere in the journal; the row and the name stay. */
static bool erase_person(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Relation *r = catalogue_core(s->catalogue, "erasure"), *person = catalogue_core(s->catalogue, "person");
  int64_t id = row_at(args, "person")->i, done = 0;
  if (!may_or_fail(s, MAY_ERASE, 0, e)) return false;
  Value binds[] = {value_int(s->area), value_text(person->name), value_int(id)};
  if (!tx_int(s->tx, "SELECT erased_on FROM erasure WHERE area_id = $1 AND relation = $2 AND \"row\" = $3", binds, 3, &done, NULL, e))
    return false;
  DateText day;
  if (done)
    return issue_add(d->issues, NULL, "person", "“%s”的隐私项已于%s清除，不必再做。", names_of(s, person, id, s->today),
                     date_chinese((Date)done, day)),
           false;
  Record record = record_new(s, r);
  record_settle(&record);
  *row_at(record.row, "relation") = value_text(person->name);
  *row_at(record.row, "row") = value_int(id);
  *row_at(record.row, "reason") = *row_at(args, "reason");
  *row_at(record.row, "erased_on") = value_int(s->today);
  d->erase = person;
  d->erase_id = id;
  return put(d, NULL, &record, result, e);
}

#define PERSON {.name = "person", .label = "姓名", .type = TYPE_REF, .ref = "person", .required = true}
#define ORG(words) {.name = "org", .label = words, .type = TYPE_REF, .ref = "org", .required = true}

static const Argument start_arguments[] = {
    PERSON,
    ORG("任职组织"),
    {.name = "title", .label = "职务", .type = TYPE_TEXT, .required = true},
    {.name = "started_on", .label = "任职时间", .type = TYPE_DATE, .required = true},
    {.name = "how", .label = "任职方式", .type = TYPE_TEXT},
};
static const Argument end_arguments[] = {
    PERSON, ORG("任职组织"), {.name = "ended_on", .label = "免职时间", .type = TYPE_DATE, .required = true}};
static const Argument stage_arguments[] = {
    PERSON,
    ORG("所在支部"),
    {.name = "stage", .label = "阶段", .type = TYPE_TEXT, .required = true},
    {.name = "started_on", .label = "起始时间", .type = TYPE_DATE, .required = true},
    {.name = "approved_on", .label = "审批时间", .type = TYPE_DATE},
    {.name = "due_on", .label = "应办期限", .type = TYPE_DATE},
};
static const Argument erase_arguments[] = {PERSON, {.name = "reason", .label = "原因", .type = TYPE_TEXT, .required = true}};

static const Operation start_operation = {.name = "post.start", .label = "任职", .help = "从某日起担任一个职务",
                                    .arguments = start_arguments, .argument_count = 5, .right = MAY_READ, .run = start_post};
static const Operation end_operation = {.name = "post.end", .label = "免职", .help = "从某日起不再担任",
                                   .arguments = end_arguments, .argument_count = 3, .right = MAY_READ, .run = end_post};
static const Operation stage_operation = {.name = "stage.enter", .label = "进入阶段",
                                    .help = "进入发展党员的一个阶段，前一阶段同日结束", .arguments = stage_arguments,
                                    .argument_count = 6, .right = MAY_READ, .run = enter_stage};
static const Operation erase_operation = {.name = "person.erase", .label = "清除隐私项",
                                    .help = "身份证号、电话、住址等永久清除，不能恢复；姓名和记录保留，要写明原因",
                                    .arguments = erase_arguments, .argument_count = 2, .right = MAY_ERASE, .run = erase_person};

const Operation *const person_operations[] = {&start_operation, &end_operation, &stage_operation, &erase_operation};
const size_t person_operation_count = sizeof person_operations / sizeof *person_operations;
