/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 管理: accounts, what each role may do, who is signed in. A one-time password stands on the page that made it and
 * nowhere else; that page is never cached. In strict mode each of the three sees their own entries of one menu. */
#include "web/admin.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/accounts.h"
#include "access/names.h"
#include "access/password.h"
#include "web/tokens.h"

json_t *admin_context(Page *p, const char *path) {
  static const struct { const char *path, *label; } menu[] = {
      {"/admin/accounts", "账号"}, {"/admin/roles", "角色"},   {"/admin/signins", "已登录"}, {"/admin/journal", "记录链"}, {"/admin/audit", "核验"},
      {"/admin/looks", "查阅记录"}, {"/admin/backup", "备份与恢复"}, {"/admin/settings", "设置"},  {"/admin/profile", "规则"}};
  json_t *context = json_object(), *tabs = json_array();
  for (size_t i = 0; i < sizeof menu / sizeof *menu; i++) {
    if (!web_opens(p, menu[i].path)) continue;
    json_t *one = json_object();
    view_set(one, "href", menu[i].path);
    view_set(one, "label", menu[i].label);
    view_flag(one, "current", !strcmp(menu[i].path, path));
    json_array_append_new(tabs, one);
  }
  json_object_set_new(context, "menu", tabs);
  view_flag(context, "strict", p->session->actor.mode == MODE_STRICT);
  return context;
}

const char *admin_when(Arena *a, const char *at) {
  struct tm utc = {0}, here;
  if (!strptime(at, "%Y-%m-%dT%H:%M:%S", &utc)) return arena_copy(a, at);
  time_t t = timegm(&utc);
  localtime_r(&t, &here);
  return arena_print(a, "%d年%d月%d日 %02d:%02d", here.tm_year + 1900, here.tm_mon + 1, here.tm_mday, here.tm_hour, here.tm_min);
}

bool admin_do(Page *p, const char *operation, json_t *input, const char **wrong, Error *e) {
  Issues issues = {.arena = p->arena};
  Error why = {0};
  json_t *result = NULL;
  *wrong = NULL;
  bool done = web_do(p, operation, input, NULL, &result, &issues, &why);
  json_decref(input);
  json_decref(result);
  if (done) return true;
  if (issues.count) return *wrong = issues.at[0].sentence, true;
  bool theirs = why.kind == ERROR_INVALID || why.kind == ERROR_FORBIDDEN || why.kind == ERROR_CONFLICT || why.kind == ERROR_MISSING;
  if (theirs) return *wrong = arena_copy(p->arena, why.sentence), true;
  *e = why;
  return false;
}

/* ---- accounts ---- */

static const char *standing(const AccountRow *row) {
  return row->disabled ? "已停用" : !row->has_password ? "未设密码" : row->temporary ? "待改密码" : "在用";
}

static json_t *account_json(Page *p, const AccountRow *row) {
  json_t *one = json_object();
  view_set(one, "name", row->name);
  view_set(one, "href", arena_print(p->arena, "/admin/accounts/%s", url_encode(p->arena, row->name)));
  view_set(one, "person", row->person);
  view_set(one, "roles", accounts_roles_text(p->session, row));
  view_set(one, "standing", standing(row));
  view_flag(one, "disabled", row->disabled);
  view_set(one, "set_on", view_date(p->arena, row->set_on));
  return one;
}

bool accounts_page(Page *p, Error *e) {
  AccountRow *all;
  size_t count;
  if (!accounts_list(p->session, &all, &count, e)) return false;
  json_t *context = admin_context(p, "/admin/accounts"), *rows = json_array();
  for (size_t i = 0; i < count; i++) json_array_append_new(rows, account_json(p, &all[i]));
  json_object_set_new(context, "rows", rows);
  view_count(context, "count", (int64_t)count);
  view_flag(context, "may_open", may(p->session, MAY_MANAGE_ACCOUNTS, 0));
  return view_page(p, "admin_accounts", "账号", context, e);
}

static void add_roles(Page *p, json_t *context, const char *now) {
  json_t *out = json_array();
  for (size_t i = 0; i < role_count; i++) {
    const Role *role = &roles[i];
    bool ahead = role_find(role->name) == role && !(role->modes & p->session->actor.mode); /* may wait for the other mode */
    bool given = (role->modes & p->session->actor.mode) || (ahead && p->session->actor.mode == MODE_SMALL);
    if (!given || !strcmp(role->name, ROLE_MACHINE)) continue;
    json_t *one = json_object();
    view_set(one, "value", role->name);
    view_set(one, "label", arena_print(p->arena, "%s：%s%s", role->label, role->help, ahead ? "（三员分立后起作用）" : ""));
    view_flag(one, "chosen", !strcmp(now, role->name));
    json_array_append_new(out, one);
  }
  json_object_set_new(context, "roles", out);
}

static void add_orgs(Page *p, json_t *context, const char *now) {
  Session *s = p->session;
  json_t *out = json_array();
  for (size_t i = 0; i < s->tree->count; i++) {
    int64_t id = s->tree->at[i].id;
    const char *name = org_name(s->tree, id, s->today);
    if (!*name || id == s->tree->root) continue;
    json_t *one = json_object();
    const char *value = arena_print(p->arena, "%lld", (long long)id);
    view_set(one, "value", value);
    view_set(one, "label", name);
    view_flag(one, "chosen", !strcmp(now, value));
    json_array_append_new(out, one);
  }
  json_object_set_new(context, "orgs", out);
}

static bool show_new(Page *p, const char *wrong, Error *e) {
  if (!web_reading(p, e)) return false;
  json_t *context = admin_context(p, "/admin/accounts");
  view_set(context, "wrong", wrong);
  view_set(context, "name", form_text(&p->form, "name"));
  view_set(context, "person", form_text(&p->form, "person"));
  view_flag(context, "may_grant", may(p->session, MAY_GRANT, 0));
  view_flag(context, "may_bind", may(p->session, MAY_READ, 0));
  add_roles(p, context, form_text(&p->form, "role"));
  add_orgs(p, context, form_text(&p->form, "org"));
  if (wrong) p->out->status = 400;
  return view_page(p, "admin_account_new", "开通账号", context, e);
}

bool account_new_form(Page *p, Error *e) { return show_new(p, NULL, e); }

static void take_field(Page *p, json_t *input, const char *name) {
  const char *text = form_text(&p->form, name);
  if (*text) json_object_set_new(input, name, json_string(text));
}

/* Shown once: no redirect, which would have to keep it somewhere. */
static bool show_password(Page *p, const char *account, const char *password, Error *e) {
  if (!web_reading(p, e)) return false;
  json_t *context = admin_context(p, "/admin/accounts");
  view_set(context, "name", account);
  view_set(context, "href", arena_print(p->arena, "/admin/accounts/%s", url_encode(p->arena, account)));
  view_set(context, "password", password);
  return view_page(p, "admin_password", "一次性密码", context, e);
}

static bool new_password(Page *p, const char *account, const char **password, const char **wrong, Error *e) {
  for (size_t i = 0; i < p->form.count; i++) /* the form's request id belongs to what was done first */
    if (!strcmp(p->form.at[i].name, "_request")) p->form.at[i].value = "";
  if (!(*password = password_once(p->arena, e))) return false;
  return admin_do(p, "account.password", json_pack("{s:s, s:s}", "account", account, "password", *password), wrong, e);
}

bool account_new_post(Page *p, Error *e) {
  const char *name = form_text(&p->form, "name"), *wrong, *password;
  json_t *input = json_pack("{s:s}", "name", name);
  take_field(p, input, "role");
  take_field(p, input, "org");
  take_field(p, input, "person");
  if (!admin_do(p, "account.open", input, &wrong, e)) return false;
  if (wrong) return show_new(p, wrong, e);
  if (!new_password(p, name, &password, &wrong, e)) return false;
  return wrong ? show_new(p, wrong, e) : show_password(p, name, password, e);
}

static bool show_account(Page *p, const char *wrong, Error *e) {
  AccountRow *all;
  size_t count, at = 0;
  if (!web_reading(p, e) || !accounts_list(p->session, &all, &count, e)) return false;
  Session *s = p->session;
  while (at < count && strcmp(all[at].name, p->parts[0]) != 0) at++;
  if (at == count) return fail(e, ERROR_MISSING, "没有账号“%s”，请从账号列表进入。", p->parts[0]);
  json_t *context = admin_context(p, "/admin/accounts"), *grants = json_array();
  json_t *one = account_json(p, &all[at]);
  json_object_update(context, one);
  json_decref(one);
  for (size_t i = 0; i < all[at].grant_count; i++) {
    const AccountGrant *g = &all[at].grants[i];
    one = json_object();
    view_set(one, "text", accounts_role_text(s, g));
    view_set(one, "role", g->role);
    view_set(one, "org", g->org ? arena_print(p->arena, "%lld", (long long)g->org) : "");
    json_array_append_new(grants, one);
  }
  json_object_set_new(context, "grants", grants);
  TokenRow *tokens;
  size_t token_count;
  if (!tokens_list(s, all[at].name, &tokens, &token_count, e)) return json_decref(context), false;
  json_object_set_new(context, "tokens", tokens_json(p, tokens, token_count));
  view_set(context, "wrong", wrong);
  view_flag(context, "may_open", may(s, MAY_MANAGE_ACCOUNTS, 0));
  view_flag(context, "may_grant", may(s, MAY_GRANT, 0));
  view_flag(context, "own", !strcmp(all[at].name, s->actor.account));
  add_roles(p, context, "");
  add_orgs(p, context, "");
  if (wrong) p->out->status = 400;
  return view_page(p, "admin_account", all[at].name, context, e);
}

bool account_page(Page *p, Error *e) { return show_account(p, NULL, e); }

bool account_post(Page *p, Error *e) {
  static const struct { const char *what, *operation; bool role; } ways[] = {
      {"grant", "account.grant", true}, {"revoke", "account.revoke", true}, {"disable", "account.disable", false},
      {"enable", "account.enable", false}};
  const char *what = form_text(&p->form, "do"), *wrong = NULL, *password;
  if (!strcmp(what, "password")) {
    if (!new_password(p, p->parts[0], &password, &wrong, e)) return false;
    if (wrong) return show_account(p, wrong, e);
    signins_close_all(p->web->signins, p->parts[0]);
    return show_password(p, p->parts[0], password, e);
  }
  if (!strcmp(what, "token")) {
    if (!admin_do(p, "token.revoke", json_pack("{s:s}", "token", form_text(&p->form, "token")), &wrong, e)) return false;
    return wrong ? show_account(p, wrong, e) : web_redirect(p, arena_print(p->arena, "/admin/accounts/%s", url_encode(p->arena, p->parts[0])));
  }
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    if (strcmp(what, ways[i].what) != 0) continue;
    json_t *input = json_pack("{s:s}", "name", p->parts[0]);
    if (ways[i].role) take_field(p, input, "role"), take_field(p, input, "org");
    if (!admin_do(p, ways[i].operation, input, &wrong, e)) return false;
    if (wrong) return show_account(p, wrong, e);
    signins_close_all(p->web->signins, p->parts[0]);
    return web_redirect(p, arena_print(p->arena, "/admin/accounts/%s", url_encode(p->arena, p->parts[0])));
  }
  return show_account(p, "没有说明要做什么，请按页面上的按钮。", e);
}

/* ---- roles ---- */

bool roles_page(Page *p, Error *e) {
  static const char *const labels[] = {"查看", "登记", "隐私项", "人员", "组织", "结账", "清除隐私", "开账号", "授权", "备份", "设置", "审计"};
  json_t *context = admin_context(p, "/admin/roles"), *heads = json_array(), *rows = json_array();
  for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) json_array_append_new(heads, json_string(labels[i]));
  for (size_t i = 0; i < role_count; i++) {
    const Role *r = &roles[i];
    if (!(r->modes & p->session->actor.mode) || !strcmp(r->name, ROLE_MACHINE)) continue;
    const bool may[] = {r->reads, r->writes, r->sees_sensitive, r->manages_people, r->manages_tree, r->closes, r->erases,
                        r->manages_accounts, r->grants, r->backs_up, r->sets, r->audits};
    json_t *one = json_object(), *cells = json_array();
    for (size_t k = 0; k < sizeof may / sizeof *may; k++) json_array_append_new(cells, json_pack("{s:b}", "may", may[k]));
    view_set(one, "label", r->label);
    view_set(one, "help", r->help);
    view_flag(one, "apart", r->apart);
    json_object_set_new(one, "cells", cells);
    json_array_append_new(rows, one);
  }
  json_object_set_new(context, "heads", heads);
  json_object_set_new(context, "rows", rows);
  return view_page(p, "admin_roles", "角色", context, e);
}

/* ---- who is signed in ---- */

static const char *ago(Arena *a, int64_t seconds) {
  if (seconds < 60) return "刚才";
  if (seconds < 3600) return arena_print(a, "%lld分钟前", (long long)(seconds / 60));
  return arena_print(a, "%lld小时前", (long long)(seconds / 3600));
}

bool signins_page(Page *p, Error *e) {
  SigninSeen *all = NULL;
  size_t count = p->web->signins ? signins_list(p->web->signins, p->arena, &all) : 0;
  json_t *context = admin_context(p, "/admin/signins"), *rows = json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *one = json_object();
    view_set(one, "account", all[i].account);
    view_set(one, "since", ago(p->arena, all[i].since));
    view_set(one, "used", ago(p->arena, all[i].idle));
    view_set(one, "number", arena_print(p->arena, "%llu", (unsigned long long)all[i].number));
    json_array_append_new(rows, one);
  }
  json_object_set_new(context, "rows", rows);
  view_count(context, "count", (int64_t)count);
  view_count(context, "idle", SIGNIN_IDLE / 60);
  view_count(context, "longest", SIGNIN_LONGEST / 3600);
  return view_page(p, "admin_signins", "已登录", context, e);
}

bool signins_post(Page *p, Error *e) {
  char *end;
  const char *text = form_text(&p->form, "number");
  uint64_t number = strtoull(text, &end, 10);
  if (!*text || *end) return fail(e, ERROR_INVALID, "请按列表里的“退出”。");
  signins_close_number(p->web->signins, number);
  return web_redirect(p, "/admin/signins");
}
