/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Exemptions are dated rows, never a mark on an org: by whom, on what ground, from when to when. Who may close a
 * ledger's period for an org may grant one; taking it back keeps the row. */
#include <string.h>

#include "duty/duty.h"
#include "ledger/record.h"

static bool relieve(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Duty *duty = catalogue_duty(s->catalogue, row_at(args, "duty")->s, e);
  if (!duty) return false;
  Value *org = row_at(args, "org"), *from = row_at(args, "from_on"), *to = row_at(args, "to_on");
  if (from->i > to->i) return issue_add(d->issues, NULL, "to_on", "截止时间早于起始时间，请改后再试。"), false;
  if (!may_or_fail(s, MAY_CLOSE, org->i, e)) return false;
  Record record = record_new(s, catalogue_core(s->catalogue, "relief"));
  record_settle(&record);
  *row_at(record.row, "duty") = value_text(duty->name);
  *row_at(record.row, "org") = *org;
  *row_at(record.row, "from_on") = *from;
  *row_at(record.row, "to_on") = *to;
  *row_at(record.row, "basis") = *row_at(args, "basis");
  *row_at(record.row, "approved_by") = *row_at(args, "approved_by");
  if (!record_check(s, NULL, &record, NULL, d->issues) || !record_put(d, NULL, &record, e)) return false;
  json_object_set_new(result, "id", json_string(arena_print(s->arena, "%lld", (long long)row_id(record.row))));
  return true;
}

static bool restore(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  (void)result;
  Session *s = d->session;
  const Relation *r = catalogue_core(s->catalogue, "relief");
  int64_t id = row_at(args, "id")->i;
  Record before, after;
  if (!gate_row(s, r, id, e) || !record_load(s, r, id, &before, e) || !record_load(s, r, id, &after, e) ||
      !may_or_fail(s, MAY_CLOSE, record_org(&before), e))
    return false;
  if (!strcmp(row_at(before.row, "state")->s, STATE_VOID))
    return fail(e, ERROR_CONFLICT, "免开编号%lld已撤销，不必再做。", (long long)id);
  *row_at(after.row, "state") = value_text(STATE_VOID);
  *row_at(after.row, "void_reason") = *row_at(args, "reason");
  return record_put(d, &before, &after, e);
}

static const Argument relieve_arguments[] = {
    {.name = "org", .label = "组织", .type = TYPE_REF, .ref = "org", .required = true},
    {.name = "duty", .label = "职责", .type = TYPE_TEXT, .required = true},
    {.name = "from_on", .label = "起始时间", .type = TYPE_DATE, .required = true},
    {.name = "to_on", .label = "截止时间", .type = TYPE_DATE, .required = true},
    {.name = "basis", .label = "免开依据", .type = TYPE_TEXT, .required = true},
    {.name = "approved_by", .label = "批准人", .type = TYPE_TEXT, .required = true},
};
static const Argument restore_arguments[] = {
    {.name = "id", .label = "免开编号", .type = TYPE_INT, .required = true},
    {.name = "reason", .label = "原因", .type = TYPE_TEXT, .required = true},
};

static const Operation relieve_row = {.name = "duty.relieve", .label = "批准免开", .help = "某组织在一段时间内免做一项职责，写明依据和批准人",
                                      .arguments = relieve_arguments, .argument_count = 6, .right = MAY_CLOSE,
                                      .run = relieve};
static const Operation restore_row = {.name = "duty.restore", .label = "撤销免开", .help = "写明原因，职责照常",
                                      .arguments = restore_arguments, .argument_count = 2, .right = MAY_CLOSE,
                                      .run = restore};

const Operation *const duty_operations[] = {&relieve_row, &restore_row};
const size_t duty_operation_count = sizeof duty_operations / sizeof *duty_operations;
