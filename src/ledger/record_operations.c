/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Saving, moving on and voiding a record of any ledger, and of the core relations that are entered like
 * one (person, post, stage). Nothing is deleted: 作废 keeps the row and its reason. */
#include "ledger/merge.h"

#include <string.h>

#include "base/json.h"

bool record_enterable(const Relation *r) {
  static const char *const people[] = {"person", "post", "stage"};
  if (!r->core) return true;
  for (size_t i = 0; i < sizeof people / sizeof *people; i++)
    if (!strcmp(r->name, people[i])) return true;
  return false;
}

const Relation *record_ledger(Session *s, const char *name, Error *e) {
  const Relation *r = catalogue_relation(s->catalogue, name, e);
  if (r && (r->parent || !record_enterable(r))) {
    fail(e, ERROR_INVALID, "“%s”不能这样登记，运行 luoshi do 看有哪些操作。", r->label);
    return NULL;
  }
  return r;
}

static const Relation *ledger_of(Doing *d, Row args, Error *e) { return record_ledger(d->session, row_at(args, "ledger")->s, e); }

bool record_may_write(Session *s, const Record *record, Error *e) {
  Right right = record->relation->core ? MAY_MANAGE_PEOPLE : MAY_WRITE;
  if (record->relation->org >= 0) return may_or_fail(s, right, record_org(record), e);
  for (size_t i = 0; i < s->actor.grant_count; i++)
    if (may(s, right, s->actor.grants[i].org)) return true;
  return may_or_fail(s, right, 0, e);
}

bool record_set_state(Session *s, const Record *before, Record *after, const char *wanted, const char *where, Issues *issues) {
  const Relation *r = after->relation;
  const State *state = relation_state(r, wanted);
  const char **names = NEW_ARRAY(s->arena, const char *, r->state_count + 1);
  for (size_t i = 0; i < r->state_count; i++) {
    names[i] = r->states[i].name;
    if (!strcmp(r->states[i].label, wanted)) state = &r->states[i];
  }
  if (!state) {
    const char *near = nearest(wanted, names, r->state_count);
    issue_add(issues, where, "state", "%s没有状态“%s”%s%s%s。", r->label, wanted, near ? "，是不是“" : "", near ? near : "",
              near ? "”？" : "");
    return false;
  }
  const char *was = before ? before->row.v[r->state].s : NULL;
  bool open = !was || !strcmp(was, state->name);
  const State *from = was ? relation_state(r, was) : NULL;
  for (const char **n = from ? from->next : NULL; n && *n; n++) open = open || !strcmp(*n, state->name);
  if (!open) {
    issue_add(issues, where, "state", "“%s”的记录不能改为“%s”。", from ? from->label : "作废", state->label);
    return false;
  }
  after->row.v[r->state] = value_text(state->name);
  return true;
}

static json_t *own_keys(json_t *input) {
  json_t *copy = json_copy(input);
  static const char *const engine[] = {"ledger", "id", "state", "revision"};
  for (size_t i = 0; i < sizeof engine / sizeof *engine; i++) json_object_del(copy, engine[i]);
  return copy;
}

static bool report_id(json_t *result, const Record *record) {
  char digits[24];
  snprintf(digits, sizeof digits, "%lld", (long long)row_id(record->row));
  json_object_set_new(result, "id", json_string(digits));
  return true;
}

bool record_load_own(Session *s, const Relation *r, int64_t id, Record *out, Error *e) {
  if (!gate_row(s, r, id, e) || !record_load(s, r, id, out, e) || !record_may_write(s, out, e)) return false;
  if (r->state >= 0 && !strcmp(out->row.v[r->state].s, STATE_VOID))
    return fail(e, ERROR_CONFLICT, "%s编号%lld已作废，不能再改。", r->label, (long long)id);
  return true;
}

/* What was sent was drawn from an older revision: what others changed since stays. */
static bool save_onto(Doing *d, const Record *now, int64_t seq, json_t *fields, Record *after, Error *e) {
  Clash *clashes;
  size_t count;
  Error why = {0};
  if (!record_rebase(d->session, now, seq, fields, after, &clashes, &count, d->issues, &why)) {
    if (why.kind) *e = why;
    return false;
  }
  if (!count) return true;
  const char *what = clashes[0].column ? clashes[0].column->label : clashes[0].relation->label;
  return fail(e, ERROR_CONFLICT, "这条%s在您打开之后被别人改过，“%s”等%zu处两边改得不一样，请核对后再保存。", now->relation->label, what, count);
}

static bool save(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  Session *s = d->session;
  const Relation *r = ledger_of(d, args, e);
  if (!r) return false;
  Record before, after = record_new(s, r);
  const Value *id = row_at(args, "id"), *state = row_at(args, "state");
  if (!id->null && (!record_load_own(d->session, r, id->i, &before, e) || !record_load(s, r, id->i, &after, e))) return false;
  JSON_SCOPE fields = own_keys(input);
  bool drawn = !id->null && !row_at(args, "revision")->null;
  bool read = drawn ? save_onto(d, &before, row_at(args, "revision")->i, fields, &after, e) : record_from_json(s, &after, fields, d->issues);
  if (!read && !d->issues->count) return false;
  if (!state->null) read = record_set_state(s, id->null ? NULL : &before, &after, state->s, NULL, d->issues) && read;
  if (!record_check(s, id->null ? NULL : &before, &after, NULL, d->issues) || !read) return false;
  return record_may_write(s, &after, e) && record_put(d, id->null ? NULL : &before, &after, e) && report_id(result, &after);
}

static bool step(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Record before, after;
  const Relation *r = ledger_of(d, args, e);
  if (!r || !record_load_own(d->session, r, row_at(args, "id")->i, &before, e) ||
      !record_load(d->session, r, row_at(args, "id")->i, &after, e))
    return false;
  if (!record_set_state(d->session, &before, &after, row_at(args, "state")->s, NULL, d->issues) ||
      !record_check(d->session, &before, &after, NULL, d->issues))
    return false;
  return record_put(d, &before, &after, e) && report_id(result, &after);
}

static bool void_record(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Record before, after;
  const Relation *r = ledger_of(d, args, e);
  if (!r || !record_load_own(d->session, r, row_at(args, "id")->i, &before, e) ||
      !record_load(d->session, r, row_at(args, "id")->i, &after, e))
    return false;
  *row_at(after.row, "state") = value_text(STATE_VOID);
  *row_at(after.row, "void_reason") = *row_at(args, "reason");
  return record_is_open(d->session, &before, NULL, d->issues) && record_put(d, &before, &after, e) && report_id(result, &after);
}

#define LEDGER {.name = "ledger", .label = "台账", .type = TYPE_TEXT, .required = true}

static const Argument save_arguments[] = {
    LEDGER,
    {.name = "id", .label = "编号", .type = TYPE_INT},
    {.name = "state", .label = "状态", .type = TYPE_TEXT},
    {.name = "revision", .label = "所据修订", .type = TYPE_INT},
};
static const Argument step_arguments[] = {
    LEDGER,
    {.name = "id", .label = "编号", .type = TYPE_INT, .required = true},
    {.name = "state", .label = "状态", .type = TYPE_TEXT, .required = true},
};
static const Argument void_arguments[] = {
    LEDGER,
    {.name = "id", .label = "编号", .type = TYPE_INT, .required = true},
    {.name = "reason", .label = "作废原因", .type = TYPE_TEXT, .required = true},
};

static const Operation save_row = {.name = "record.save", .label = "登记或修改记录",
                                   .help = "给出台账、各字段和明细；有 id 是修改，没有是登记",
                                   .arguments = save_arguments, .argument_count = 4, .open = true,
                                   .right = MAY_READ, .run = save};
static const Operation step_row = {.name = "record.step", .label = "推进状态", .help = "按声明的下一步改变一条记录的状态",
                                   .arguments = step_arguments, .argument_count = 3, .right = MAY_READ, .run = step};
static const Operation void_row = {.name = "record.void", .label = "作废记录", .help = "保留痕迹，不再计数，要写明原因",
                                   .arguments = void_arguments, .argument_count = 3, .right = MAY_READ,
                                   .run = void_record};

const Operation *const record_operations[] = {&save_row, &step_row, &void_row};
const size_t record_operation_count = sizeof record_operations / sizeof *record_operations;
