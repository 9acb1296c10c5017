/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi user`: accounts on the command line, and the first ones of a new site. A one-time password is printed on
 * standard output once and stands nowhere else: what is kept is its hash. */
#include "cli/users.h"

#include <string.h>

#include "access/credential.h"
#include "access/password.h"
#include "cli/table.h"

static bool run(const Invocation *in, Site *site, const char *name, json_t *input, Issues *issues, Error *e) {
  JSON_SCOPE given = input;
  JSON_SCOPE result = NULL;
  const Operation *op = operation_find(in->operations, name, e);
  OperationCall call = {.account = in->account};
  return op && operation_run(site, op, given, call, &result, issues, e);
}

static bool set_password(const Invocation *in, Site *site, const char *account, const char *password, Issues *issues, Error *e) {
  return run(in, site, "account.password", json_pack("{s:s, s:s}", "account", account, "password", password), issues, e);
}

/* Sets a new one-time password; NULL when that failed. */
static const char *fresh_password(const Invocation *in, Site *site, const char *account, Issues *issues, Error *e) {
  const char *password = password_once(in->arena, e);
  return password && set_password(in, site, account, password, issues, e) ? password : NULL;
}

bool users_first(const Invocation *in, Site *site, Error *e) {
  static const struct { const char *name, *role; } first[] = {{"guanliyuan", "owner"}, {"shenjiren", "auditor"}};
  const char *passwords[2] = {0};
  for (size_t i = 0; i < 2; i++) {
    Issues issues = {.arena = in->arena};
    if (!run(in, site, "account.open", json_pack("{s:s, s:s}", "name", first[i].name, "role", first[i].role), &issues, e) ||
        !(passwords[i] = fresh_password(in, site, first[i].name, &issues, e)))
      return false;
  }
  printf("两个账号的一次性密码（只显示这一次，首次登录须改）：\n");
  for (size_t i = 0; i < 2; i++)
    printf("  %-12s %s  %s\n", first[i].name, role_find(first[i].role)->label, passwords[i]);
  return true;
}

static bool demo_accounts(const Invocation *in, Site *site, DemoSignin **out, size_t *count, const char **text, Error *e) {
  SESSION_SCOPE s = session_open(site, NULL, TX_READ, e);
  DemoSignin *all;
  if (!s || !demo_signins(s, &all, count, e) || !(*text = demo_signins_text(s, e))) return false;
  *text = arena_copy(in->arena, *text);
  *out = NEW_ARRAY(in->arena, DemoSignin, *count + 1);
  for (size_t i = 0; i < *count; i++) (*out)[i] = (DemoSignin){.account = arena_copy(in->arena, all[i].account)};
  return true;
}

bool users_demo(const Invocation *in, Site *site, Error *e) {
  DemoSignin *all;
  size_t count;
  const char *text;
  if (!demo_accounts(in, site, &all, &count, &text, e)) return false;
  for (size_t i = 0; i < count; i++) {
    Issues issues = {.arena = in->arena};
    if (i && !strcmp(all[i].account, all[i - 1].account)) continue; /* one with several grants */
    if (!set_password(in, site, all[i].account, DEMO_PASSWORD, &issues, e)) return false;
  }
  fputs(text, stdout);
  return true;
}

/* ---- luoshi user ---- */

static const char *word(const Invocation *in, size_t n) { return n < in->word_count ? in->words[n] : NULL; }

/* By its name or as people call it. */
static const char *role_name(const char *text) {
  for (size_t i = 0; i < role_count; i++)
    if (!strcmp(roles[i].label, text)) return roles[i].name;
  return text;
}

static json_t *about(const Invocation *in, bool with_role) {
  json_t *o = json_pack("{s:s}", "name", word(in, 1));
  if (with_role && in->role) json_object_set_new(o, "role", json_string(role_name(in->role)));
  if (with_role && in->org) json_object_set_new(o, "org", json_string(in->org));
  return o;
}

static bool tell_password(const Invocation *in, Site *site, Issues *issues, Error *e) {
  const char *password = fresh_password(in, site, word(in, 1), issues, e);
  if (password) printf("账号 %s 的一次性密码（只显示这一次，首次登录须改）：%s\n", word(in, 1), password);
  return password != NULL;
}

static bool user_add(const Invocation *in, Site *site, Issues *issues, Error *e) {
  json_t *input = about(in, true);
  if (in->person) json_object_set_new(input, "person", json_string(in->person));
  return run(in, site, "account.open", input, issues, e) && tell_password(in, site, issues, e);
}

static bool user_disable(const Invocation *in, Site *site, Issues *issues, Error *e) {
  if (!run(in, site, "account.disable", about(in, false), issues, e)) return false;
  printf("账号 %s 已停用，已登录的都已退出。\n", word(in, 1));
  return true;
}

static bool user_enable(const Invocation *in, Site *site, Issues *issues, Error *e) {
  if (!run(in, site, "account.enable", about(in, false), issues, e)) return false;
  printf("账号 %s 已恢复。\n", word(in, 1));
  return true;
}

static bool need_role(const Invocation *in, Error *e) {
  return in->role || fail(e, ERROR_INVALID, "请用 --role 写明角色，如 --role clerk --org 塔坪村。");
}

static bool user_grant(const Invocation *in, Site *site, Issues *issues, Error *e) {
  if (!need_role(in, e) || !run(in, site, "account.grant", about(in, true), issues, e)) return false;
  printf("账号 %s 已授权，已登录的须重新登录。\n", word(in, 1));
  return true;
}

static bool user_revoke(const Invocation *in, Site *site, Issues *issues, Error *e) {
  if (!need_role(in, e) || !run(in, site, "account.revoke", about(in, true), issues, e)) return false;
  printf("账号 %s 的这项授权已收回，已登录的须重新登录。\n", word(in, 1));
  return true;
}

static const char *row_account(const AccountRow *row) {
  return row->disabled ? "已停用" : !row->has_password ? "未设密码" : row->temporary ? "待改密码" : "在用";
}

static bool user_list(const Invocation *in, Site *site, Issues *issues, Error *e) {
  (void)issues;
  SESSION_SCOPE s = session_open(site, in->account, TX_READ, e);
  AccountRow *all;
  size_t count;
  if (!s || !accounts_list(s, &all, &count, e)) return false;
  Table *t = table_new(in->arena, 4);
  static const char *const heads[] = {"账号", "使用人", "角色", "状态"};
  for (size_t i = 0; i < 4; i++) table_head(t, i, heads[i], false);
  for (size_t i = 0; i < count; i++) {
    table_cell(t, all[i].name);
    table_cell(t, all[i].person);
    table_cell(t, accounts_roles_text(s, &all[i]));
    table_cell(t, row_account(&all[i]));
  }
  TEXT_SCOPE text = text_new(TEXT_CEILING);
  table_print(t, 120, &text);
  fputs(text_get(&text), stdout);
  return true;
}

int command_user(Invocation *in, Error *e) {
  static const struct {
    const char *name;
    size_t words;
    bool (*run)(const Invocation *in, Site *site, Issues *issues, Error *e);
  } ways[] = {{"list", 1, user_list},       {"add", 2, user_add},         {"password", 2, tell_password}, {"disable", 2, user_disable},
              {"enable", 2, user_enable},   {"grant", 2, user_grant},     {"revoke", 2, user_revoke}};
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    if (strcmp(ways[i].name, word(in, 0)) != 0) continue;
    if (ways[i].words != in->word_count) return fail(e, ERROR_INVALID, "请写明账号，如 luoshi user %s zhangsan。", ways[i].name), EXIT_USAGE;
    SITE_SCOPE site = site_open(in->folder, false, e);
    Issues issues = {.arena = in->arena};
    if (site && ways[i].run(in, site, &issues, e)) return EXIT_DONE;
    if (!issues.count) return exit_for(e);
    print_issues(&issues);
    *e = (Error){0};
    return EXIT_FOUND;
  }
  fail(e, ERROR_INVALID, "user 后面是 list、add、password、disable、enable、grant、revoke 之一，没有“%s”。", word(in, 0));
  return EXIT_USAGE;
}
