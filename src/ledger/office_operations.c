/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Closing a ledger's period and opening it again, and the way of saying that a choice in verify leaves. */
#include "ledger/office.h"

#include <string.h>

#include "ledger/record.h"

static bool put_new(Doing *d, Record *record, json_t *result, Error *e) {
  if (!record_check(d->session, NULL, record, NULL, d->issues) || !record_put(d, NULL, record, e)) return false;
  json_object_set_new(result, "id", json_string(arena_print(d->session->arena, "%lld", (long long)row_id(record->row))));
  return true;
}

/* The living row of a relation whose text column has a value; 0 if none. */
static bool find_row(Session *s, const Relation *r, const char *column, const char *value, int64_t *id, Error *e) {
  *id = 0;
  const char *sql = arena_print(s->arena, "SELECT id FROM \"%s\" WHERE area_id = $1 AND \"%s\" = $2 AND state <> $3 ORDER BY id",
                                r->table, relation_column(r, column)->sql);
  return tx_int(s->tx, sql, (Value[]){value_int(s->area), value_text(value), value_text(STATE_VOID)}, 3, id, NULL, e);
}

static bool close_ledger(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Relation *ledger = catalogue_relation(s->catalogue, row_at(args, "ledger")->s, e);
  if (!ledger) return false;
  Value *org = row_at(args, "org"), *from = row_at(args, "from_on"), *to = row_at(args, "to_on");
  if (ledger->parent || ledger->date < 0)
    return fail(e, ERROR_INVALID, "“%s”没有日期，不能结账。", ledger->label);
  if (from->i > to->i) return issue_add(d->issues, NULL, "to_on", "截止时间早于起始时间，请改后再试。"), false;
  if (!may_or_fail(s, MAY_CLOSE, org->i, e)) return false;
  Record record = record_new(s, catalogue_core(s->catalogue, "closure"));
  record_settle(&record);
  *row_at(record.row, "ledger") = value_text(ledger->name);
  *row_at(record.row, "org") = *org;
  *row_at(record.row, "from_on") = *from;
  *row_at(record.row, "to_on") = *to;
  return put_new(d, &record, result, e);
}

static bool void_row(Doing *d, const Relation *r, int64_t id, const Value *reason, Error *e) {
  Record before, after;
  if (!record_load(d->session, r, id, &before, e) || !record_load(d->session, r, id, &after, e)) return false;
  *row_at(after.row, "state") = value_text(STATE_VOID);
  *row_at(after.row, "void_reason") = *reason;
  return record_put(d, &before, &after, e);
}

static bool open_ledger(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  (void)result;
  const Relation *r = catalogue_core(d->session->catalogue, "closure");
  Record closure;
  int64_t id = row_at(args, "id")->i;
  return record_load(d->session, r, id, &closure, e) && may_or_fail(d->session, MAY_CLOSE, record_org(&closure), e) &&
         void_row(d, r, id, row_at(args, "reason"), e);
}

static bool set_alias(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Measure *m = catalogue_measure(s->catalogue, row_at(args, "measure")->s, e);
  const Relation *r = catalogue_core(s->catalogue, "alias");
  int64_t old = 0;
  /* it tells every draft of the office what the words mean */
  if (!may_or_fail(s, MAY_WRITE, 0, e)) return false;
  if (!m || !find_row(s, r, "phrase", row_at(args, "phrase")->s, &old, e)) return false;
  Record before = record_new(s, r), after = record_new(s, r);
  if (old && (!record_load(s, r, old, &before, e) || !record_load(s, r, old, &after, e))) return false;
  record_settle(&after);
  *row_at(after.row, "phrase") = *row_at(args, "phrase");
  *row_at(after.row, "measure") = value_text(m->full_name);
  if (!old) return put_new(d, &after, result, e);
  return record_put(d, &before, &after, e);
}

#define ORG {.name = "org", .label = "组织", .type = TYPE_REF, .ref = "org", .required = true}

static const Argument close_arguments[] = {
    {.name = "ledger", .label = "台账", .type = TYPE_TEXT, .required = true},
    ORG,
    {.name = "from_on", .label = "起始时间", .type = TYPE_DATE, .required = true},
    {.name = "to_on", .label = "截止时间", .type = TYPE_DATE, .required = true},
};
static const Argument open_arguments[] = {
    {.name = "id", .label = "结账编号", .type = TYPE_INT, .required = true},
    {.name = "reason", .label = "原因", .type = TYPE_TEXT, .required = true},
};
static const Argument alias_arguments[] = {
    {.name = "phrase", .label = "说法", .type = TYPE_TEXT, .required = true},
    {.name = "measure", .label = "指标", .type = TYPE_TEXT, .required = true},
};

static const Operation close_row = {.name = "ledger.close", .label = "结账", .help = "声明某台账某段时间已登记齐全，之后不再改",
                                    .arguments = close_arguments, .argument_count = 4, .right = MAY_CLOSE, .run = close_ledger};
static const Operation open_row = {.name = "ledger.reopen", .label = "撤销结账", .help = "写明原因，重新开放登记",
                                   .arguments = open_arguments, .argument_count = 2, .right = MAY_CLOSE, .run = open_ledger};
static const Operation alias_row = {.name = "alias.set", .label = "记住说法", .help = "以后核对时，这个说法就指这项指标",
                                    .arguments = alias_arguments, .argument_count = 2, .right = MAY_WRITE, .run = set_alias};

const Operation *const office_operations[] = {&close_row, &open_row, &alias_row};
const size_t office_operation_count = sizeof office_operations / sizeof *office_operations;
