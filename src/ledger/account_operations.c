/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Accounts with their roles and passwords, the site's settings, and the notes of who looked at private items.
 * What must stay true: no password is written anywhere but as its hash, sealed; a role apart stands alone; there
 * is always somebody left who can do what the one that goes could do; in strict mode nobody opens accounts and
 * grants roles as well. */
#include <stdlib.h>
#include <string.h>

#include "access/names.h"
#include "access/password.h"
#include "access/setting.h"
#include "ledger/office.h"
#include "ledger/record.h"

enum { ACCOUNT_NAME = 64 /* bytes */ };

static bool put_new(Doing *d, Record *record, Error *e) {
  record_settle(record);
  return record_check(d->session, NULL, record, NULL, d->issues) && record_put(d, NULL, record, e);
}

static void tell_id(Doing *d, const Record *record, json_t *result) {
  json_object_set_new(result, "id", json_string(arena_print(d->session->arena, "%lld", (long long)row_id(record->row))));
}

/* The living row of a relation whose text column has a value; 0 if none. */
static bool find_row(Session *s, const Relation *r, const char *column, const char *value, int64_t *id, Error *e) {
  *id = 0;
  const char *sql = arena_print(s->arena, "SELECT id FROM \"%s\" WHERE area_id = $1 AND \"%s\" = $2 AND state <> $3 ORDER BY id",
                                r->table, relation_column(r, column)->sql);
  return tx_int(s->tx, sql, (Value[]){value_int(s->area), value_text(value), value_text(STATE_VOID)}, 3, id, NULL, e);
}

static bool find_account(Session *s, const char *name, int64_t *id, Error *e) {
  if (!find_row(s, catalogue_core(s->catalogue, "account"), "name", name, id, e)) return false;
  return *id || fail(e, ERROR_MISSING, "没有账号“%s”，请核对。", name);
}

/* ---- roles ---- */

static const char *role_of(Row grant) { return row_at(grant, "role")->s; }

static bool has_role(const Record *account, const char *role) {
  for (size_t i = 0; i < account->lines[0].count; i++)
    if (!strcmp(role_of(account->lines[0].at[i]), role)) return true;
  return false;
}

static bool is_apart(const char *name) {
  const Role *role = role_find(name);
  return role && role->apart;
}

/* Whether it is one of the three administrators of strict mode. */
static bool is_administrator(const Record *account) {
  for (size_t i = 0; i < account->lines[0].count; i++) {
    const Role *role = role_in(role_of(account->lines[0].at[i]), MODE_STRICT);
    if (role && role->apart) return true;
  }
  return false;
}

/* Accounts in use, but for `but`, that have the role over the whole area; `ready`: with a password. */
static bool count_role(Session *s, const char *role, int64_t but, bool ready, int64_t *out, Error *e) {
  return tx_int(s->tx,
                "SELECT count(*) FROM account a JOIN account_grant g ON g.area_id = a.area_id AND g.record_id = a.id "
                "WHERE a.area_id = $1 AND a.state <> $2 AND a.disabled = 0 AND a.id <> $3 AND g.role = $4 "
                "AND (g.org_id IS NULL OR g.org_id = $5) AND ($6 = 0 OR EXISTS (SELECT 1 FROM credential c "
                "WHERE c.area_id = a.area_id AND c.account = a.id AND c.state <> $2))",
                (Value[]){value_int(s->area), value_text(STATE_VOID), value_int(but), value_text(role), value_int(s->tree->root),
                          value_int(ready)},
                6, out, NULL, e);
}

/* Roles without which nobody could run the site any more. */
static bool is_needed(const Session *s, const char *role) {
  bool small = s->actor.mode == MODE_SMALL;
  return small ? !strcmp(role, "owner") : !strcmp(role, "system") || !strcmp(role, "security") || !strcmp(role, "auditor");
}

static bool somebody_left(Session *s, const Record *before, const Record *after, Error *e) {
  bool disabled = row_at(after->row, "disabled")->i != 0;
  for (size_t i = 0; i < before->lines[0].count; i++) {
    const char *role = role_of(before->lines[0].at[i]);
    int64_t others;
    if (!is_needed(s, role) || (!disabled && has_role(after, role))) continue;
    if (!count_role(s, role, row_id(before->row), false, &others, e)) return false;
    if (!others)
      return fail(e, ERROR_CONFLICT, "这是最后一个%s，请先给别的账号这个角色，再停用或收回。", role_in(role, s->actor.mode)->label);
  }
  return true;
}

static bool may_add(Doing *d, const Record *account, const char *role, const Value *org, Error *e) {
  Session *s = d->session;
  const Role *known = role_in(role, s->actor.mode);
  if (!may_or_fail(s, MAY_GRANT, org->null ? 0 : org->i, e)) return false;
  if (!known && s->actor.mode == MODE_STRICT)
    return fail(e, ERROR_INVALID, "三员分立时没有“%s”这个角色，请另选。", role_find(role)->label);
  for (size_t i = 0; i < account->lines[0].count; i++) {
    Row other = account->lines[0].at[i];
    Value *at = row_at(other, "org");
    bool same_org = at->null == org->null && (org->null || at->i == org->i);
    if (!strcmp(role_of(other), role) && same_org) return issue_add(d->issues, NULL, "role", "这个角色和组织已经有了，不用再加。"), false;
    if (is_apart(role) || is_apart(role_of(other)))
      return issue_add(d->issues, NULL, "role", "“%s”不能和别的角色合在一个账号上，请另开一个账号。",
                       role_find(is_apart(role) ? role : role_of(other))->label), false;
  }
  return true;
}

static bool add_grant(Doing *d, Record *account, const char *role, const Value *org, Error *e) {
  if (!may_add(d, account, role, org, e)) return false;
  Row row = record_add_line(d->session, account, account->relation->lines[0]);
  *row_at(row, "role") = value_text(role);
  *row_at(row, "org") = *org;
  return true;
}

/* ---- accounts ---- */

static bool name_fit(Doing *d, const char *name) {
  bool fit = strlen(name) <= ACCOUNT_NAME && !strpbrk(name, " \t\r\n/\\:;,'\"<>&%?#") && strcmp(name, "本机") != 0;
  if (!fit) issue_add(d->issues, NULL, "name", "账号名不超过%d个字节，不带空格和标点，也不能叫“本机”，请改一个。", ACCOUNT_NAME);
  return fit;
}

static bool open_account(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Relation *r = catalogue_core(s->catalogue, "account");
  const char *name = row_at(args, "name")->s;
  int64_t taken;
  if (!name_fit(d, name) || !may_or_fail(s, MAY_MANAGE_ACCOUNTS, 0, e) || !find_row(s, r, "name", name, &taken, e)) return false;
  if (taken) return issue_add(d->issues, NULL, "name", "账号“%s”已有，请换一个。", name), false;
  Record record = record_new(s, r);
  *row_at(record.row, "name") = *row_at(args, "name");
  *row_at(record.row, "person") = *row_at(args, "person");
  const Value *role = row_at(args, "role");
  if (!role->null && !add_grant(d, &record, role->s, row_at(args, "org"), e)) return false;
  if (!put_new(d, &record, e)) return false;
  tell_id(d, &record, result);
  return true;
}

typedef bool Change(Doing *d, Record *account, Row args, Error *e);

static bool change_account(Doing *d, Row args, Change *change, Error *e) {
  Session *s = d->session;
  const Relation *r = catalogue_core(s->catalogue, "account");
  Record before, after;
  int64_t id;
  return find_account(s, row_at(args, "name")->s, &id, e) && record_load(s, r, id, &before, e) &&
         record_load(s, r, id, &after, e) && change(d, &after, args, e) && somebody_left(s, &before, &after, e) &&
         record_check(s, &before, &after, NULL, d->issues) && record_put(d, &before, &after, e);
}

static bool add_role(Doing *d, Record *account, Row args, Error *e) {
  return add_grant(d, account, row_at(args, "role")->s, row_at(args, "org"), e);
}

static bool drop_role(Doing *d, Record *account, Row args, Error *e) {
  const Value *org = row_at(args, "org");
  LineRows *lines = &account->lines[0];
  if (!may_or_fail(d->session, MAY_GRANT, org->null ? 0 : org->i, e)) return false;
  for (size_t i = 0; i < lines->count; i++) {
    Value *at = row_at(lines->at[i], "org");
    bool same_org = at->null == org->null && (org->null || at->i == org->i);
    if (strcmp(role_of(lines->at[i]), row_at(args, "role")->s) != 0 || !same_org) continue;
    memmove(&lines->at[i], &lines->at[i + 1], (lines->count - i - 1) * sizeof *lines->at);
    lines->count--;
    return true;
  }
  return fail(e, ERROR_MISSING, "这个账号没有这个角色和组织，请刷新后再看。");
}

static bool set_disabled(Doing *d, Record *account, bool disabled, Error *e) {
  if (!may_or_fail(d->session, MAY_MANAGE_ACCOUNTS, 0, e)) return false;
  if (disabled && !strcmp(row_at(account->row, "name")->s, d->session->actor.account))
    return fail(e, ERROR_CONFLICT, "不能停用自己的账号，请别的管理员来做。");
  *row_at(account->row, "disabled") = value_int(disabled);
  return !disabled || tokens_end(d, row_id(account->row), e);
}

static bool switch_off(Doing *d, Record *account, Row args, Error *e) {
  (void)args;
  return set_disabled(d, account, true, e);
}

static bool switch_on(Doing *d, Record *account, Row args, Error *e) {
  (void)args;
  return set_disabled(d, account, false, e);
}

#define CHANGE_RUN(name, change)                                                              \
  static bool name(Doing *d, Row args, json_t *input, json_t *result, Error *e) {             \
    (void)input;                                                                              \
    (void)result;                                                                             \
    return change_account(d, args, change, e);                                                \
  }
CHANGE_RUN(run_grant, add_role)
CHANGE_RUN(run_revoke, drop_role)
CHANGE_RUN(run_disable, switch_off)
CHANGE_RUN(run_enable, switch_on)

/* ---- passwords ---- */

/* One's own, or by who manages accounts: then it must be changed at the next sign-in. In strict mode whoever opens
 * accounts could else sign in as who grants roles: an administrator's is set at the machine alone. */
static bool may_set_password(Doing *d, int64_t account, bool own, Error *e) {
  Session *s = d->session;
  Record record;
  if (own) return true;
  if (!may_or_fail(s, MAY_MANAGE_ACCOUNTS, 0, e)) return false;
  if (s->actor.mode != MODE_STRICT || !strcmp(s->actor.grants[0].role->name, ROLE_MACHINE)) return true;
  if (!record_load(s, catalogue_core(s->catalogue, "account"), account, &record, e)) return false;
  return !is_administrator(&record) ||
         fail(e, ERROR_FORBIDDEN, "三员分立时，三位管理员的密码只能在服务器上用 luoshi user password 重设。");
}

static bool set_password(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  (void)result;
  Session *s = d->session;
  const Relation *r = catalogue_core(s->catalogue, "credential");
  const char *name = row_at(args, "account")->s, *password = row_at(args, "password")->s;
  int64_t account = 0, old = 0;
  bool own = !strcmp(s->actor.account, name), found = false, demo = !strcmp(password, DEMO_PASSWORD);
  if (!find_account(s, name, &account, e) || !may_set_password(d, account, own, e)) return false;
  if (!own && !tokens_end(d, account, e)) return false; /* lost, or in other hands now: what was made with it goes too */
  Error why = {0};
  if (!password_fit(password, name, &why)) return issue_add(d->issues, NULL, "password", "%s", why.sentence), false;
  if (demo && !s->site->demo)
    return issue_add(d->issues, NULL, "password", "这是演示站点公开的密码，请另设一个。"), false;
  const char *secret = password_hash(s->arena, password, e);
  if (!secret || !tx_int(s->tx, "SELECT id FROM credential WHERE area_id = $1 AND account = $2",
                         (Value[]){value_int(s->area), value_int(account)}, 2, &old, &found, e))
    return false;
  Record before = record_new(s, r), after = record_new(s, r);
  if (found && (!record_load(s, r, old, &before, e) || !record_load(s, r, old, &after, e))) return false;
  record_settle(&after);
  *row_at(after.row, "account") = value_int(account);
  *row_at(after.row, "secret") = value_text(secret);
  *row_at(after.row, "temporary") = value_int(!own && !demo);
  *row_at(after.row, "set_on") = value_int(s->today);
  return record_put(d, found ? &before : NULL, &after, e);
}

/* ---- settings ---- */

/* Three people, each with one role and a password, before anybody's rights are taken. */
static bool three_ready(Session *s, Error *e) {
  static const char *const three[] = {"system", "security", "auditor"};
  for (size_t i = 0; i < 3; i++) {
    int64_t count;
    if (!count_role(s, three[i], 0, true, &count, e)) return false;
    if (!count)
      return fail(e, ERROR_CONFLICT, "改为三员分立前，要先有%s的账号：开通、授权并设好密码后再改。",
                  role_in(three[i], MODE_STRICT)->label);
  }
  return true;
}

static bool check_mode(Doing *d, const char *value, Error *e) {
  Session *s = d->session;
  if (!strcmp(value, "strict")) return s->actor.mode == MODE_STRICT || three_ready(s, e);
  if (strcmp(value, "small") != 0) return issue_add(d->issues, NULL, "value", "模式是 small（一般）或 strict（三员分立）。"), false;
  /* Nobody may give themselves an owner's rights: back only by whoever holds the machine, for the auditor to see. */
  if (s->actor.mode == MODE_SMALL || !strcmp(s->actor.grants[0].role->name, ROLE_MACHINE)) return true;
  return fail(e, ERROR_FORBIDDEN, "改回一般模式只能在服务器上做：luoshi do site.set。");
}

static bool check_days(Doing *d, const char *value) {
  char *end;
  long days = strtol(value, &end, 10);
  bool fit = end != value && !*end && days >= 0 && days <= PASSWORD_DAYS_MOST;
  if (!fit) issue_add(d->issues, NULL, "value", "密码有效天数是0到%d的整数，0为不过期。", PASSWORD_DAYS_MOST);
  return fit;
}

static bool set_setting(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  (void)result;
  Session *s = d->session;
  const Relation *r = catalogue_core(s->catalogue, "setting");
  const char *name = row_at(args, "name")->s, *value = row_at(args, "value")->s;
  int64_t old = 0;
  if (!may_or_fail(s, MAY_SET, 0, e)) return false;
  if (!(strcmp(name, SETTING_MODE) ? check_days(d, value) : check_mode(d, value, e))) return false;
  if (!find_row(s, r, "name", name, &old, e)) return false;
  Record before = record_new(s, r), after = record_new(s, r);
  if (old && (!record_load(s, r, old, &before, e) || !record_load(s, r, old, &after, e))) return false;
  record_settle(&after);
  *row_at(after.row, "name") = value_text(name);
  *row_at(after.row, "value") = value_text(value);
  return record_put(d, old ? &before : NULL, &after, e);
}

/* ---- looks ---- */

static Record new_look(Session *s, Row args) {
  Record look = record_new(s, catalogue_core(s->catalogue, "look"));
  *row_at(look.row, "looked_on") = value_int(s->today);
  *row_at(look.row, "account") = value_text(s->actor.account);
  *row_at(look.row, "relation") = *row_at(args, "relation");
  *row_at(look.row, "reason") = *row_at(args, "reason");
  return look;
}

/* Only what the account may see anyway: the reason opens nothing, it is what is noted. */
static bool may_look(Session *s, const Relation *r, int64_t id, Error *e) {
  Record record;
  if (!gate_row(s, r, id, e) || !record_load(s, r, id, &record, e)) return false;
  int64_t org = record_org(&record);
  if (org) return may_or_fail(s, MAY_SEE_SENSITIVE, org, e);
  return may_anywhere(s, MAY_SEE_SENSITIVE) || may_or_fail(s, MAY_SEE_SENSITIVE, 0, e);
}

static bool look_at(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Relation *r = catalogue_relation(s->catalogue, row_at(args, "relation")->s, e);
  int64_t row = row_at(args, "row")->i;
  if (!r || r->parent) return r ? fail(e, ERROR_INVALID, "请说明是哪条记录，不是它的明细。") : false;
  if (!may_look(s, r, row, e)) return false;
  Record look = new_look(s, args);
  *row_at(look.row, "relation") = value_text(r->name);
  *row_at(look.row, "row") = value_int(row);
  if (!put_new(d, &look, e)) return false;
  tell_id(d, &look, result);
  return true;
}

static bool look_out(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Relation *r = catalogue_relation(s->catalogue, row_at(args, "relation")->s, e);
  if (!r || (!may_anywhere(s, MAY_READ) && !may_or_fail(s, MAY_READ, 0, e))) return false;
  Record look = new_look(s, args);
  *row_at(look.row, "relation") = value_text(r->name);
  *row_at(look.row, "rows") = *row_at(args, "rows");
  *row_at(look.row, "file") = *row_at(args, "file");
  *row_at(look.row, "hash") = *row_at(args, "hash");
  if (!put_new(d, &look, e)) return false;
  tell_id(d, &look, result);
  return true;
}

/* ---- the rows of the table ---- */

#define ROLES "owner clerk roster reader member auditor system security"
#define NAME {.name = "name", .label = "账号名", .type = TYPE_TEXT, .required = true}
#define ORG {.name = "org", .label = "组织，不填为全部", .type = TYPE_REF, .ref = "org"}
#define REASON {.name = "reason", .label = "事由", .type = TYPE_TEXT, .required = true}
#define RELATION {.name = "relation", .label = "台账", .type = TYPE_TEXT, .required = true}

static const Argument account_arguments[] = {
    NAME, {.name = "role", .label = "角色", .type = TYPE_CHOICE, .among = ROLES}, ORG,
    {.name = "person", .label = "使用人", .type = TYPE_REF, .ref = "person"}};
static const Argument grant_arguments[] = {
    NAME, {.name = "role", .label = "角色", .type = TYPE_CHOICE, .among = ROLES, .required = true}, ORG};
static const Argument name_arguments[] = {NAME};
static const Argument password_arguments[] = {
    {.name = "account", .label = "账号", .type = TYPE_TEXT, .required = true},
    {.name = "password", .label = "新密码", .type = TYPE_TEXT, .required = true},
};
static const Argument setting_arguments[] = {
    {.name = "name", .label = "设置", .type = TYPE_CHOICE, .among = SETTING_MODE " " SETTING_PASSWORD_DAYS, .required = true},
    {.name = "value", .label = "值", .type = TYPE_TEXT, .required = true},
};
static const Argument look_arguments[] = {RELATION, {.name = "row", .label = "编号", .type = TYPE_INT, .required = true}, REASON};
static const Argument out_arguments[] = {RELATION,
                                         {.name = "rows", .label = "条数", .type = TYPE_INT, .required = true},
                                         {.name = "file", .label = "文件名", .type = TYPE_TEXT, .required = true},
                                         {.name = "hash", .label = "文件摘要", .type = TYPE_TEXT, .required = true},
                                         REASON};

#define COUNT(array) (sizeof(array) / sizeof *(array))
static const Operation rows[] = {
    {.name = "account.open", .label = "开通账号", .help = "给出名字；角色和组织可以一起给，也可以以后再授权", .arguments = account_arguments,
     .argument_count = COUNT(account_arguments), .right = MAY_MANAGE_ACCOUNTS, .run = open_account},
    {.name = "account.grant", .label = "增加授权", .help = "给账号再加一个角色和组织，这个账号要重新登录", .arguments = grant_arguments,
     .argument_count = COUNT(grant_arguments), .right = MAY_GRANT, .run = run_grant},
    {.name = "account.revoke", .label = "收回授权", .help = "收回一个角色和组织，这个账号要重新登录", .arguments = grant_arguments,
     .argument_count = COUNT(grant_arguments), .right = MAY_GRANT, .run = run_revoke},
    {.name = "account.disable", .label = "停用账号", .help = "停用后不能再用，记录都保留", .arguments = name_arguments,
     .argument_count = COUNT(name_arguments), .right = MAY_MANAGE_ACCOUNTS, .run = run_disable},
    {.name = "account.enable", .label = "恢复账号", .help = "停用的账号重新能用", .arguments = name_arguments,
     .argument_count = COUNT(name_arguments), .right = MAY_MANAGE_ACCOUNTS, .run = run_enable},
    {.name = "account.password", .label = "设密码", .help = "设自己的密码；管理员给别人设的，首次登录须改", .arguments = password_arguments,
     .argument_count = COUNT(password_arguments), .right = MAY_OWN, .run = set_password},
    {.name = "site.set", .label = "改设置", .help = "mode：small 一般，strict 三员分立；password_days：密码多少天后须改，0为不过期",
     .arguments = setting_arguments, .argument_count = COUNT(setting_arguments), .right = MAY_SET, .run = set_setting},
    {.name = "look.record", .label = "查阅隐私项", .help = "写明事由，看一条记录的隐私项，留下谁在哪天看过", .arguments = look_arguments,
     .argument_count = COUNT(look_arguments), .right = MAY_SEE_SENSITIVE, .run = look_at},
    {.name = "look.export", .label = "导出隐私项", .help = "导出的文件里有隐私项时，记下条数和文件的摘要", .arguments = out_arguments,
     .argument_count = COUNT(out_arguments), .right = MAY_SEE_SENSITIVE, .run = look_out},
};

const Operation *const account_operations[] = {&rows[0], &rows[1], &rows[2], &rows[3], &rows[4], &rows[5], &rows[6], &rows[7], &rows[8]};
const size_t account_operation_count = COUNT(account_operations);
