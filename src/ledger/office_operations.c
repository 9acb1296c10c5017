/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Closing a ledger's period and opening it again, the way of saying that a choice in verify leaves, and
 * accounts with their roles. */
#include "ledger/office.h"

#include <string.h>

#include "access/password.h"
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
  if (!m || !find_row(s, r, "phrase", row_at(args, "phrase")->s, &old, e)) return false;
  Record before = record_new(s, r), after = record_new(s, r);
  if (old && (!record_load(s, r, old, &before, e) || !record_load(s, r, old, &after, e))) return false;
  record_settle(&after);
  *row_at(after.row, "phrase") = *row_at(args, "phrase");
  *row_at(after.row, "measure") = value_text(m->full_name);
  if (!old) return put_new(d, &after, result, e);
  return record_put(d, &before, &after, e);
}

static bool add_grant(Doing *d, Record *account, const Value *role, const Value *org, Error *e) {
  Session *s = d->session;
  if (!may_or_fail(s, MAY_MANAGE_ACCOUNTS, org->i, e)) return false;
  Row row = record_add_line(s, account, account->relation->lines[0]);
  *row_at(row, "role") = *role;
  *row_at(row, "org") = *org;
  return true;
}

static bool open_account(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Relation *r = catalogue_core(s->catalogue, "account");
  int64_t taken;
  if (!find_row(s, r, "name", row_at(args, "name")->s, &taken, e)) return false;
  if (taken) return issue_add(d->issues, NULL, "name", "账号“%s”已有，请换一个。", row_at(args, "name")->s), false;
  Record record = record_new(s, r);
  record_settle(&record);
  *row_at(record.row, "name") = *row_at(args, "name");
  *row_at(record.row, "person") = *row_at(args, "person");
  return add_grant(d, &record, row_at(args, "role"), row_at(args, "org"), e) && put_new(d, &record, result, e);
}

static bool change_account(Doing *d, Row args, bool disable, Error *e) {
  Session *s = d->session;
  const Relation *r = catalogue_core(s->catalogue, "account");
  Record before, after;
  int64_t id;
  const char *name = row_at(args, "name")->s;
  if (!find_row(s, r, "name", name, &id, e)) return false;
  if (!id) return fail(e, ERROR_MISSING, "没有账号“%s”，请核对。", name);
  if (!record_load(s, r, id, &before, e) || !record_load(s, r, id, &after, e)) return false;
  if (disable) {
    if (!may_or_fail(s, MAY_MANAGE_ACCOUNTS, 0, e)) return false;
    *row_at(after.row, "disabled") = value_int(1);
  } else if (!add_grant(d, &after, row_at(args, "role"), row_at(args, "org"), e)) {
    return false;
  }
  return record_check(s, &before, &after, NULL, d->issues) && record_put(d, &before, &after, e);
}

static bool grant(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  (void)result;
  return change_account(d, args, false, e);
}

static bool disable(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  (void)result;
  return change_account(d, args, true, e);
}

/* One's own, or by who manages accounts: then it must be changed at the next sign-in. */
static bool set_password(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Relation *accounts = catalogue_core(s->catalogue, "account"), *r = catalogue_core(s->catalogue, "credential");
  const char *name = row_at(args, "account")->s, *password = row_at(args, "password")->s;
  int64_t account = 0, old = 0;
  bool own = !strcmp(s->actor.account, name);
  if (!own && !may_or_fail(s, MAY_MANAGE_ACCOUNTS, 0, e)) return false;
  if (!find_row(s, accounts, "name", name, &account, e)) return false;
  if (!account) return fail(e, ERROR_MISSING, "没有账号“%s”，请核对。", name);
  Error why = {0};
  if (!password_fit(password, name, &why)) return issue_add(d->issues, NULL, "password", "%s", why.sentence), false;
  const char *secret = password_hash(s->arena, password, e);
  bool found = false;
  if (!secret || !tx_int(s->tx, "SELECT id FROM credential WHERE area_id = $1 AND account = $2",
                         (Value[]){value_int(s->area), value_int(account)}, 2, &old, &found, e))
    return false;
  Record before = record_new(s, r), after = record_new(s, r);
  if (found && (!record_load(s, r, old, &before, e) || !record_load(s, r, old, &after, e))) return false;
  record_settle(&after);
  *row_at(after.row, "account") = value_int(account);
  *row_at(after.row, "secret") = value_text(secret);
  *row_at(after.row, "temporary") = value_int(!own);
  if (!found) return put_new(d, &after, result, e);
  return record_put(d, &before, &after, e);
}

#define ROLES "owner clerk roster reader auditor"
#define ACCOUNT {.name = "name", .label = "账号名", .type = TYPE_TEXT, .required = true}
#define ROLE {.name = "role", .label = "角色", .type = TYPE_CHOICE, .among = ROLES, .required = true}
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
static const Argument account_arguments[] = {
    ACCOUNT, ROLE, ORG, {.name = "person", .label = "使用人", .type = TYPE_REF, .ref = "person"}};
static const Argument grant_arguments[] = {ACCOUNT, ROLE, ORG};
static const Argument password_arguments[] = {
    {.name = "account", .label = "账号", .type = TYPE_TEXT, .required = true},
    {.name = "password", .label = "新密码", .type = TYPE_TEXT, .required = true},
};
static const Argument disable_arguments[] = {ACCOUNT};

static const Operation close_row = {.name = "ledger.close", .label = "结账", .help = "声明某台账某段时间已登记齐全，之后不再改",
                                    .arguments = close_arguments, .argument_count = 4, .right = MAY_CLOSE, .run = close_ledger};
static const Operation open_row = {.name = "ledger.reopen", .label = "撤销结账", .help = "写明原因，重新开放登记",
                                   .arguments = open_arguments, .argument_count = 2, .right = MAY_CLOSE, .run = open_ledger};
static const Operation alias_row = {.name = "alias.set", .label = "记住说法", .help = "以后核对时，这个说法就指这项指标",
                                    .arguments = alias_arguments, .argument_count = 2, .right = MAY_WRITE, .run = set_alias};
static const Operation account_row = {.name = "account.open", .label = "开通账号", .help = "给出角色和权限所在组织",
                                      .arguments = account_arguments, .argument_count = 4, .right = MAY_MANAGE_ACCOUNTS,
                                      .run = open_account};
static const Operation grant_row = {.name = "account.grant", .label = "增加授权", .help = "给账号再加一个角色和组织",
                                    .arguments = grant_arguments, .argument_count = 3, .right = MAY_MANAGE_ACCOUNTS,
                                    .run = grant};
static const Operation disable_row = {.name = "account.disable", .label = "停用账号", .help = "停用后不能再用，记录都保留",
                                      .arguments = disable_arguments, .argument_count = 1, .right = MAY_MANAGE_ACCOUNTS,
                                      .run = disable};

static const Operation password_row = {.name = "account.password", .label = "设密码", .help = "设自己的密码；管理员给别人设的，首次登录须改",
                                       .arguments = password_arguments, .argument_count = 2, .right = MAY_READ,
                                       .run = set_password};

const Operation *const office_operations[] = {&close_row, &open_row, &alias_row, &account_row, &grant_row, &disable_row,
                                              &password_row};
const size_t office_operation_count = sizeof office_operations / sizeof *office_operations;
