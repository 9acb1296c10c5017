/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tokens made and taken back (access/token.h). What must stay true: the token itself stands in the one answer that
 * made it, in no row, journal or log; whoever makes one makes it for themselves; a disabled account, or one whose
 * password somebody else set anew, has none that works. */
#include <string.h>

#include "access/names.h"
#include "access/password.h"
#include "access/token.h"
#include "ledger/office.h"
#include "ledger/record.h"

static bool find_own(Session *s, int64_t *account, Error *e) {
  bool found = false;
  if (!tx_int(s->tx, "SELECT id FROM account WHERE area_id = $1 AND name = $2 AND state <> $3",
              (Value[]){value_int(s->area), value_text(s->actor.account), value_text(STATE_VOID)}, 3, account, &found, e))
    return false;
  return found || fail(e, ERROR_INVALID, "令牌是账号自己的，请登录后开通，或用 --as 写明账号。");
}

static bool check_days(Doing *d, Date until) {
  int days = date_days_between(d->session->today, until);
  if (days >= 0 && days <= TOKEN_DAYS) return true;
  issue_add(d->issues, NULL, "until_on", "有效期最早到今天，最长%d天，请改一个日子。", TOKEN_DAYS);
  return false;
}

static bool check_few(Session *s, Error *e) {
  TokenRow *all;
  size_t count, live = 0;
  if (!tokens_list(s, s->actor.account, &all, &count, e)) return false;
  for (size_t i = 0; i < count; i++) live += !all[i].ended;
  return live < TOKEN_MOST || fail(e, ERROR_CONFLICT, "一个账号最多有%d个令牌，请先收回不用的。", TOKEN_MOST);
}

/* What the account has not, its token has not either: said now, not when the program fails. */
static bool check_scope(Doing *d, Row args, Error *e) {
  Session *s = d->session;
  const Value *top = row_at(args, "top");
  bool writes = !strcmp(row_at(args, "scope")->s, "write");
  if (!may_anywhere(s, MAY_READ)) return fail(e, ERROR_FORBIDDEN, "这个账号不看业务数据，不用令牌。");
  if (writes && !may_anywhere(s, MAY_WRITE) && !may_anywhere(s, MAY_MANAGE_PEOPLE))
    return issue_add(d->issues, NULL, "scope", "这个账号只能查看，令牌请选只读。"), false;
  if (top->null) return true;
  if (may(s, MAY_READ, top->i)) return true;
  for (size_t i = 0; i < s->actor.grant_count; i++)
    if (s->actor.grants[i].role->reads && org_under(s->tree, s->actor.grants[i].org, top->i, s->today)) return true;
  return may_or_fail(s, MAY_READ, top->i, e);
}

static bool create(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  int64_t account = 0;
  const char *label = row_at(args, "label")->s;
  if (strlen(label) > TOKEN_LABEL) return issue_add(d->issues, NULL, "label", "用途最多%d个字节，请写短一些。", TOKEN_LABEL), false;
  if (!find_own(s, &account, e) || !check_scope(d, args, e) || !check_days(d, (Date)row_at(args, "until_on")->i) || !check_few(s, e))
    return false;
  const char *secret = random_hex(s->arena, TOKEN_SECRET, e), *digest = secret ? token_digest(s->arena, secret, e) : NULL;
  if (!digest) return false;
  Record record = record_new(s, catalogue_core(s->catalogue, "token"));
  record_settle(&record);
  *row_at(record.row, "account") = value_int(account);
  *row_at(record.row, "label") = value_text(label);
  *row_at(record.row, "digest") = value_text(digest);
  *row_at(record.row, "scope") = *row_at(args, "scope");
  *row_at(record.row, "top") = *row_at(args, "top");
  *row_at(record.row, "made_on") = value_int(s->today);
  *row_at(record.row, "until_on") = *row_at(args, "until_on");
  if (!record_put(d, NULL, &record, e)) return false;
  int64_t id = row_id(record.row);
  json_object_set_new(result, "id", json_string(arena_print(s->arena, "%lld", (long long)id)));
  json_object_set_new(result, "token", json_string(token_text(s->arena, id, secret)));
  return true;
}

/* ---- the end of one ---- */

static bool end_one(Doing *d, int64_t id, Error *e) {
  Session *s = d->session;
  const Relation *r = catalogue_core(s->catalogue, "token");
  Record before, after;
  if (!record_load(s, r, id, &before, e) || !record_load(s, r, id, &after, e)) return false;
  *row_at(after.row, "ended_on") = value_int(s->today);
  return record_put(d, &before, &after, e);
}

static bool revoke(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  (void)result;
  Session *s = d->session;
  int64_t id = row_at(args, "token")->i;
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT a.name, t.ended_on FROM token t JOIN account a ON a.area_id = t.area_id AND a.id = t.account "
                            "WHERE t.area_id = $1 AND t.id = $2 AND t.state <> $3",
                            (Value[]){value_int(s->area), value_int(id), value_text(STATE_VOID)}, 3, e);
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  if (step == STEP_FAILED) return false;
  bool theirs = step == STEP_ROW && (!strcmp(stmt_text(st, 0), s->actor.account) || may(s, MAY_MANAGE_ACCOUNTS, 0));
  if (!theirs) return fail(e, ERROR_MISSING, "没有这个令牌，或不是您的，请刷新后再看。");
  if (!stmt_null(st, 1)) return fail(e, ERROR_CONFLICT, "这个令牌已经收回了，不用再收。");
  return end_one(d, id, e);
}

bool tokens_end(Doing *d, int64_t account, Error *e) {
  Session *s = d->session;
  int64_t *ids = NULL;
  size_t count = 0, room = 0;
  STMT_SCOPE st = stmt_open(s->tx, "SELECT id FROM token WHERE area_id = $1 AND account = $2 AND ended_on IS NULL AND state <> $3 ORDER BY id",
                            (Value[]){value_int(s->area), value_int(account), value_text(STATE_VOID)}, 3, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) *PUSH(s->arena, ids, count, room) = stmt_int(st, 0);
  if (step == STEP_FAILED) return false;
  for (size_t i = 0; i < count; i++)
    if (!end_one(d, ids[i], e)) return false;
  return true;
}

/* ---- the rows of the table ---- */

static const Argument create_arguments[] = {
    {.name = "label", .label = "用途", .type = TYPE_TEXT, .required = true},
    {.name = "scope", .label = "权限", .type = TYPE_CHOICE, .among = "read write", .required = true},
    {.name = "top", .label = "限于，不填为账号的全部", .type = TYPE_REF, .ref = "org"},
    {.name = "until_on", .label = "有效到", .type = TYPE_DATE, .required = true},
};
static const Argument revoke_arguments[] = {{.name = "token", .label = "令牌编号", .type = TYPE_INT, .required = true}};

#define COUNT(array) (sizeof(array) / sizeof *(array))
static const Operation rows[] = {
    {.name = "token.create", .label = "开通接口令牌", .help = "给自己的程序用：read 只读，write 可读写；令牌只显示这一次", .arguments = create_arguments,
     .argument_count = COUNT(create_arguments), .right = MAY_OWN, .run = create},
    {.name = "token.revoke", .label = "收回接口令牌", .help = "收回自己的；管账号的可以收回别人的", .arguments = revoke_arguments,
     .argument_count = COUNT(revoke_arguments), .right = MAY_OWN, .run = revoke},
};

const Operation *const token_operations[] = {&rows[0], &rows[1]};
const size_t token_operation_count = COUNT(token_operations);
