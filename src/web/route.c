/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The table of routes, and what happens before a page's own function (web.h). What must stay true: nothing
 * but an operation writes; every POST carries the token of its browser's forms, or comes with a bearer's token and no
 * cookie; whoever must change a password sees nothing else; an answer to a signed-in browser is never cached. */
#include <string.h>
#include <strings.h>

#include "access/names.h"
#include "access/token.h"
#include "web/api.h"

const Route routes[] = {
    {"GET", "/", ASK_SIGNED, "desk", desk_page, "工作台"},
    {"GET", "/board", ASK_READER, "board", board_page, "督查看板"},
    {"GET", "/board/ledgers", ASK_READER, "board", board_ledgers_page, "各台账登记数"},
    {"GET", "/board/{org}", ASK_READER, "board", calendar_page, "一个组织的一年"},
    {"GET", "/signin", ASK_ANYBODY, NULL, signin_form, "登录"},
    {"POST", "/signin", ASK_ANYBODY, NULL, signin_post, "登录"},
    {"POST", "/signout", ASK_SIGNED, NULL, signout_post, "退出"},
    {"GET", "/password", ASK_SIGNED, NULL, password_form, "改密码"},
    {"POST", "/password", ASK_SIGNED, NULL, password_post, "改密码"},
    {"GET", "/ledgers", ASK_READER, "ledgers", ledgers_page, "台账"},
    {"GET", "/ledgers/{relation}", ASK_READER, "ledgers", ledger_page, "台账列表"},
    {"GET", "/ledgers/{relation}/figures", ASK_READER, "ledgers", ledger_figures_page, "台账的数"},
    {"GET", "/ledgers/{relation}/export.csv", ASK_READER, "ledgers", ledger_export_csv, "导出表格"},
    {"GET", "/ledgers/{relation}/export.json", ASK_READER, "ledgers", ledger_export_json, "导出数据"},
    {"GET", "/ledgers/{relation}/import", ASK_READER, "ledgers", import_form, "导入"},
    {"POST", "/ledgers/{relation}/import", ASK_READER, "ledgers", import_post, "导入"},
    {"GET", "/ledgers/{relation}/import.csv", ASK_READER, "ledgers", import_template, "导入用的空表"},
    {"POST", "/ledgers/{relation}/bulk", ASK_READER, "ledgers", ledger_bulk_post, "处理所选"},
    {"GET", "/ledgers/{relation}/new", ASK_READER, "ledgers", record_new_form, "登记"},
    {"POST", "/ledgers/{relation}/new", ASK_READER, "ledgers", record_post, "登记"},
    {"GET", "/ledgers/{relation}/{id}/edit", ASK_READER, "ledgers", record_form, "改一条记录"},
    {"POST", "/ledgers/{relation}/{id}/edit", ASK_READER, "ledgers", record_post, "改一条记录"},
    {"POST", "/drafts/{key}", ASK_SIGNED, NULL, draft_post, "存草稿"},
    {"POST", "/drafts/{key}/drop", ASK_SIGNED, NULL, draft_drop_post, "不要草稿"},
    {"POST", "/ledgers/{relation}/{id}/state", ASK_READER, "ledgers", record_state_post, "推进状态"},
    {"GET", "/ledgers/{relation}/{id}/void", ASK_READER, "ledgers", record_void_form, "作废"},
    {"POST", "/ledgers/{relation}/{id}/void", ASK_READER, "ledgers", record_void_post, "作废"},
    {"GET", "/ledgers/{relation}/{id}/history", ASK_READER, "ledgers", record_history, "修改记录"},
    {"GET", "/ledgers/{relation}/{id}", ASK_READER, "ledgers", record_page, "一条记录"},
    {"POST", "/ledgers/{relation}/{id}/files", ASK_READER, "ledgers", files_post, "添加附件"},
    {"POST", "/ledgers/{relation}/{id}/files/{file}/withdraw", ASK_READER, "ledgers", file_withdraw_post, "撤下附件"},
    {"GET", "/files/{file}", ASK_READER, NULL, file_get, "一份附件"},
    {"GET", "/people", ASK_READER, "people", people_page, "组织·人员"},
    {"GET", "/people/{id}", ASK_READER, "people", person_page, "一个人"},
    {"GET", "/do/{operation}", ASK_READER, NULL, operation_form, "办一件事"},
    {"POST", "/do/{operation}", ASK_READER, NULL, operation_post, "办一件事"},
    {"GET", "/search", ASK_READER, NULL, search_page, "搜索"},
    {"GET", "/figures", ASK_READER, "figures", figures_page, "指标"},
    {"GET", "/figures/{measure}", ASK_READER, "figures", figure_page, "指标明细"},
    {"GET", "/figures/{measure}/rows.csv", ASK_READER, "figures", figure_csv, "指标明细表"},
    {"GET", "/reports", ASK_READER, "reports", reports_page, "报告"},
    {"GET", "/reports/{name}", ASK_READER, "reports", report_page, "报告"},
    {"GET", "/reports/{name}/beside", ASK_READER, "reports", report_beside_page, "报告同上年比"},
    {"GET", "/reports/{name}/freeze", ASK_READER, "reports", report_freeze_form, "定稿"},
    {"POST", "/reports/{name}/freeze", ASK_READER, "reports", report_freeze_post, "定稿"},
    {"GET", "/verify", ASK_READER, "verify", verify_form, "核对初稿"},
    {"POST", "/verify", ASK_READER, "verify", verify_post, "核对一份初稿"},
    {"GET", "/verify/{run}", ASK_READER, "verify", verify_page, "一次核对"},
    {"GET", "/verify/{run}/gaps", ASK_READER, "verify", verify_gaps, "佐证缺口清单"},
    {"GET", "/verify/{run}/tables.zip", ASK_READER, "verify", verify_tables, "缺口清单的样表"},
    {"GET", "/verify/{run}/result.html", ASK_READER, "verify", verify_result_html, "核对结果"},
    {"GET", "/verify/{run}/result.json", ASK_READER, "verify", verify_result_json, "核对结果数据"},
    {"POST", "/verify/{run}/choose", ASK_READER, "verify", verify_choose, "定口径"},
    {"POST", "/verify/{run}/drop", ASK_READER, "verify", verify_drop, "删除一次核对"},
    {"GET", "/jobs/{key}", ASK_READER, NULL, job_page, "正在办的事"},
    {"GET", "/jobs/{key}/table.csv", ASK_READER, NULL, job_table, "标好问题的表"},
    {"POST", "/jobs/{key}/stop", ASK_READER, NULL, job_stop_post, "停下"},
    {"GET", "/me", ASK_SIGNED, "me", me_page, "我的"},
    {"POST", "/me/elder", ASK_SIGNED, "me", me_elder_post, "长辈模式"},
    {"GET", "/me/tokens", ASK_READER, "me", tokens_page, "接口令牌"},
    {"POST", "/me/tokens", ASK_READER, "me", tokens_post, "接口令牌"},
    {"GET", "/look", ASK_READER, NULL, look_form, "查阅隐私项"},
    {"POST", "/look", ASK_READER, NULL, look_post, "查阅隐私项"},
    {"GET", "/admin/accounts", ASK_ACCOUNTS, "admin", accounts_page, "账号"},
    {"GET", "/admin/accounts/new", ASK_MANAGER, "admin", account_new_form, "开通账号"},
    {"POST", "/admin/accounts/new", ASK_MANAGER, "admin", account_new_post, "开通账号"},
    {"GET", "/admin/accounts/{name}", ASK_ACCOUNTS, "admin", account_page, "一个账号"},
    {"POST", "/admin/accounts/{name}", ASK_ACCOUNTS, "admin", account_post, "改一个账号"},
    {"GET", "/admin/roles", ASK_ACCOUNTS, "admin", roles_page, "角色"},
    {"GET", "/admin/signins", ASK_MANAGER, "admin", signins_page, "已登录"},
    {"POST", "/admin/signins", ASK_MANAGER, "admin", signins_post, "让人退出"},
    {"GET", "/admin/journal", ASK_AUDITOR, "admin", journal_page, "记录链"},
    {"GET", "/admin/journal/{seq}", ASK_AUDITOR, "admin", revision_page, "一次改动"},
    {"GET", "/admin/audit", ASK_AUDITOR, "admin", audit_page, "核验"},
    {"GET", "/admin/looks", ASK_AUDITOR, "admin", looks_page, "查阅记录"},
    {"GET", "/admin/backup", ASK_BACKUP, "admin", backup_page, "备份与恢复"},
    {"POST", "/admin/backup", ASK_BACKUP, "admin", backup_post, "备份"},
    {"GET", "/admin/backup/{name}", ASK_BACKUP, "admin", backup_file, "下载备份"},
    {"POST", "/admin/restore", ASK_BACKUP, "admin", restore_post, "检查备份"},
    {"POST", "/admin/restore/begin", ASK_BACKUP, "admin", restore_begin, "恢复备份"},
    {"GET", "/admin/settings", ASK_SETTER, "admin", settings_page, "设置"},
    {"POST", "/admin/settings", ASK_SETTER, "admin", settings_post, "改设置"},
    {"GET", "/admin/profile", ASK_SETTER, "admin", profile_page, "规则"},
    {"GET", "/api/openapi.json", ASK_SIGNED, NULL, api_openapi, "接口说明"},
    {"GET", "/api/relations", ASK_READER, NULL, api_relations, "接口：有哪些台账"},
    {"GET", "/api/relations/{relation}", ASK_READER, NULL, api_list, "接口：台账的记录"},
    {"GET", "/api/relations/{relation}/{id}", ASK_READER, NULL, api_get, "接口：一条记录"},
    {"GET", "/api/relations/{relation}/{id}/history", ASK_READER, NULL, api_history, "接口：一条记录的修改"},
    {"GET", "/api/orgs", ASK_READER, NULL, api_orgs, "接口：组织树"},
    {"GET", "/api/orgs/{id}", ASK_READER, NULL, api_org, "接口：一个组织"},
    {"GET", "/api/figures", ASK_READER, NULL, api_figures, "接口：全部指标"},
    {"GET", "/api/figures/{measure}/rows", ASK_READER, NULL, api_rows, "接口：指标明细"},
    {"GET", "/api/reports/{name}", ASK_READER, NULL, api_report, "接口：报告"},
    {"POST", "/api/verify", ASK_READER, NULL, api_verify, "接口：核对一份初稿"},
    {"POST", "/api/files", ASK_READER, NULL, api_file_post, "接口：存一份文件"},
    {"GET", "/api/files/{file}", ASK_READER, NULL, file_get, "接口：一份附件"},
    {"POST", "/api/do/{operation}", ASK_SIGNED, NULL, api_do, "接口：操作"},
    {"GET", "/components", ASK_SIGNED, NULL, components_page, "构件"},
    {"GET", "/assets/{name}", ASK_ANYBODY, NULL, asset_get, "样式"},
    {"GET", "/healthz", ASK_ANYBODY, NULL, health_get, "健康检查"},
};
const size_t route_count = sizeof routes / sizeof *routes;

/* ---- which route ---- */

static bool take_parts(Page *p, const char *pattern, const char *path) {
  size_t count = 0;
  while (*pattern) {
    if (*pattern != '{') {
      if (*pattern++ != *path++) return false;
      continue;
    }
    size_t n = strcspn(path, "/");
    pattern = strchr(pattern, '}') + 1;
    if (!n || n > 600 || count == sizeof p->parts / sizeof *p->parts) return false;
    if (!(p->parts[count++] = url_decode(p->arena, path, n, false))) return false;
    path += n;
  }
  return !*path;
}

/* NULL: no such page; `known` when the path is one of another method's. */
static const Route *find_route(Page *p, bool *known) {
  const char *method = strcmp(p->request->method, "HEAD") ? p->request->method : "GET";
  *known = false;
  for (size_t i = 0; i < route_count; i++) {
    if (!take_parts(p, routes[i].path, p->request->path)) continue;
    *known = true;
    if (!strcmp(routes[i].method, method)) return &routes[i];
  }
  return NULL;
}

/* ---- who ---- */

static const char *cookie_value(Arena *a, const char *header, const char *name) {
  size_t length = strlen(name);
  for (const char *s = header; s && *s;) {
    s += strspn(s, " ;");
    size_t n = strcspn(s, ";");
    if (n > length && !strncmp(s, name, length) && s[length] == '=') return arena_slice(a, s + length + 1, n - length - 1);
    s += n;
  }
  return NULL;
}

static const char *token_name(bool secure) { return secure ? "__Host-luoshi" : "luoshi"; }

static bool by_bearer(const WebRequest *q) { return api_is(q) && q->authorization; }

/* A program's token: wrong ones are counted by address. */
static bool find_bearer(const Web *web, Site *site, Arena *a, const WebRequest *q, TokenHolder *out, Error *e) {
  static const char scheme[] = "Bearer ";
  const char *text = q->authorization;
  if (strncasecmp(text, scheme, strlen(scheme)) != 0) return fail(e, ERROR_FORBIDDEN, "接口只认 Authorization: Bearer 后面的令牌，请改后再试。");
  if (web->signins && !signins_may_show(web->signins, q->peer, e)) return false;
  text += strlen(scheme);
  bool found = token_find(site, a, text + strspn(text, " "), out, e);
  if (web->signins && (found || e->kind != ERROR_FORBIDDEN)) signins_shown(web->signins, q->peer);
  return found;
}

bool web_knows(const Web *web, Site *site, const WebRequest *head) {
  ARENA_SCOPE a = arena_new();
  Signin signin;
  TokenHolder holder = {0};
  Error no = {0};
  if (by_bearer(head)) return find_bearer(web, site, a, head, &holder, &no);
  const char *token = cookie_value(a, head->cookie, token_name(head->secure));
  return token && signins_find(web->signins, a, token, &signin);
}

static bool identify(Page *p, const char *as, Error *e) {
  if (as) {
    p->machine = !strcmp(as, "本机");
    p->signin = (Signin){.account = as, .csrf = "command-line"};
    return true;
  }
  if (by_bearer(p->request)) {
    TokenHolder holder = {0};
    if (!find_bearer(p->web, p->site, p->arena, p->request, &holder, e)) {
      if (e->kind == ERROR_FORBIDDEN || e->kind == ERROR_LIMIT) p->out->status = e->kind == ERROR_LIMIT ? 429 : 401;
      return false;
    }
    p->bearer = holder.token;
    p->signin = (Signin){.account = holder.account};
    return true;
  }
  p->token = cookie_value(p->arena, p->request->cookie, token_name(p->request->secure));
  if (p->token && !signins_find(p->web->signins, p->arena, p->token, &p->signin)) p->token = NULL;
  return true;
}

static bool may_ask(const Page *p, const Route *route, Error *e) {
  switch (route->asker) {
  case ASK_ANYBODY:
  case ASK_SIGNED: return true;
  case ASK_READER: return may_anywhere(p->session, MAY_READ) || may_or_fail(p->session, MAY_READ, 0, e);
  case ASK_ACCOUNTS: return may(p->session, MAY_GRANT, 0) || may(p->session, MAY_AUDIT, 0) || may_or_fail(p->session, MAY_MANAGE_ACCOUNTS, 0, e);
  case ASK_MANAGER: return may_or_fail(p->session, MAY_MANAGE_ACCOUNTS, 0, e);
  case ASK_BACKUP: return may_or_fail(p->session, MAY_BACK_UP, 0, e);
  case ASK_SETTER: return may_or_fail(p->session, MAY_SET, 0, e);
  case ASK_AUDITOR: return may_or_fail(p->session, MAY_AUDIT, 0, e);
  }
  return fail(e, ERROR_BUG, "没有这种页面。");
}

static bool is_get(const Page *p) { return !strcmp(p->route->method, "GET"); }

/* Where to come back to after signing in. */
static const char *here(Page *p) {
  const char *q = *p->request->query ? "?" : "";
  return url_encode(p->arena, arena_print(p->arena, "%s%s%s", p->request->path, q, p->request->query));
}

static bool same_token(const char *given, const char *wanted) {
  size_t n = strlen(wanted);
  unsigned char differs = strlen(given) != n;
  for (size_t i = 0; !differs && i < n; i++) differs |= (unsigned char)(given[i] ^ wanted[i]);
  return !differs;
}

static bool read_forms(Page *p, Error *e) {
  const WebRequest *q = p->request;
  if (!form_read_query(p->arena, q->query, strlen(q->query), &p->query, e)) return false;
  if (is_get(p)) return true;
  if (q->foreign) return fail(e, ERROR_FORBIDDEN, "这次提交来自别的网站，没有受理，请从本系统的页面操作。");
  if (!(api_is(q) ? api_read(p, e) : form_read_body(p->arena, q->type, q->body, q->body_size, &p->form, e))) return false;
  /* Signing in has no browser yet to bind a token to: SameSite and a fresh session stand for it. */
  if (!p->signin.account) return true;
  if (p->bearer) return true; /* no browser sends it by itself */
  return same_token(form_text(&p->form, "_token"), p->signin.csrf) ||
         fail(e, ERROR_FORBIDDEN, "页面放得太久或不是从本系统打开的，请回到上一页，刷新后再提交。");
}

/* The password, a role or the account itself changed since this browser signed in: it signs in again. */
static bool end_signin(Page *p, Error *e) {
  signins_close(p->web->signins, p->token);
  session_close(p->session);
  p->session = NULL;
  p->signin = (Signin){0};
  if (api_is(p->request)) return p->out->status = 401, fail(e, ERROR_FORBIDDEN, "登录已失效，请重新登录后再试。");
  return web_redirect(p, arena_print(p->arena, "/signin?why=ended&to=%s", is_get(p) ? here(p) : "%2F"));
}

/* Opens the snapshot of whoever is signed in; `ended` when they are no more. */
static bool open_signed(Page *p, bool *ended, Error *e) {
  Error why = {0};
  *ended = false;
  if (!web_reading(p, &why)) {
    if (!p->token || why.kind != ERROR_FORBIDDEN) return *e = why, false;
    *ended = true;
  }
  if (p->token && !*ended) *ended = p->session->actor.stamp != p->signin.stamp;
  return !*ended || end_signin(p, e);
}

static bool run(Page *p, const char *as, Error *e) {
  bool known;
  p->route = find_route(p, &known);
  if (!p->site && !(p->route && p->route->run == asset_get)) {
    p->out->status = 503;
    return web_waiting(p, "正在恢复备份，请稍候。", e);
  }
  if (!identify(p, as, e)) return false;
  if (!p->route) {
    p->out->status = known ? 405 : 404;
    return fail(e, ERROR_MISSING, known ? "这个页面不能这样提交，请从页面上的按钮操作。" : "没有这个页面，请核对网址，或从左边的栏目进入。");
  }
  if (p->route->asker != ASK_ANYBODY && !p->signin.account) {
    if (api_is(p->request)) return p->out->status = 401, fail(e, ERROR_FORBIDDEN, "没有登录，或登录已过期，请登录后再试。");
    return web_redirect(p, arena_print(p->arena, "/signin?to=%s", is_get(p) ? here(p) : "%2F"));
  }
  bool password = !strcmp(p->route->path, "/password") || !strcmp(p->route->path, "/signout");
  if (p->signin.must_change && p->route->asker != ASK_ANYBODY && !password) {
    if (api_is(p->request)) return fail(e, ERROR_FORBIDDEN, "请先在网页上改掉首次登录的密码，再用接口。");
    return web_redirect(p, "/password");
  }
  if (!read_forms(p, e)) return false;
  if (p->signin.account && p->route->asker != ASK_ANYBODY) {
    bool ended;
    if (!open_signed(p, &ended, e)) return false;
    if (ended) return true;
    if (!may_ask(p, p->route, e)) return false;
    if (!strcmp(p->route->path, "/") && !may_anywhere(p->session, MAY_READ))
      return web_redirect(p, web_entry(p, "admin") ? web_entry(p, "admin") : "/me");
    if (!is_get(p)) session_close(p->session), p->session = NULL; /* an operation opens its own */
  }
  return p->route->run(p, e);
}

static void say_no(Page *p, const Error *e) { api_is(p->request) ? api_error(p, e) : view_error(p, e); }

void web_answer(const Web *web, Site *site, const char *as, const WebRequest *request, WebResponse *out) {
  Page p = {.arena = out->arena, .web = web, .site = site, .request = request, .out = out, .lent = json_object()};
  Error e = {0};
  out->status = 200;
  out->type = "text/html; charset=utf-8";
  out->body = text_new(TEXT_CEILING);
  if (!run(&p, as, &e)) say_no(&p, &e);
  if (out->body.full) {
    text_clear(&out->body);
    fail(&e, ERROR_LIMIT, "这一页的内容太多，请用筛选缩小范围。");
    say_no(&p, &e);
  }
  session_close(p.session);
  json_decref(p.lent);
}

/* ---- for pages ---- */

static bool opens(const Page *p, const Route *route) {
  Error no = {0};
  if (!strcmp(route->path, "/") && p->session && !may_anywhere(p->session, MAY_READ)) return false;
  return !strcmp(route->method, "GET") && (p->session || route->asker <= ASK_SIGNED) && may_ask(p, route, &no);
}

bool web_opens(const Page *p, const char *path) {
  for (size_t i = 0; i < route_count; i++)
    if (!strcmp(routes[i].path, path) && opens(p, &routes[i])) return true;
  return false;
}

const char *web_entry(const Page *p, const char *nav) {
  for (size_t i = 0; i < route_count; i++)
    if (routes[i].nav && !strcmp(routes[i].nav, nav) && !strchr(routes[i].path, '{') && opens(p, &routes[i]))
      return routes[i].path;
  return NULL;
}

int web_status(const Error *e) {
  switch (e->kind) {
  case ERROR_INVALID: return 400;
  case ERROR_FORBIDDEN: return 403;
  case ERROR_MISSING: return 404;
  case ERROR_CONFLICT: return 409;
  case ERROR_LIMIT: return 413;
  case ERROR_UNAVAILABLE:
  case ERROR_UNKNOWN: return 503;
  default: return 500;
  }
}

bool web_redirect(Page *p, const char *location) {
  p->out->status = 303;
  p->out->location = location;
  return true;
}

bool web_reading(Page *p, Error *e) {
  if (p->session) return true;
  p->session = session_open_by(p->site, p->machine ? NULL : p->signin.account, p->bearer, TX_READ, e);
  if (p->session) p->session->veiled = true;
  return p->session != NULL;
}

const char *web_own_path(const char *to) {
  if (*to != '/' || to[1] == '/') return "/";
  for (const char *s = to; *s; s++)
    if ((unsigned char)*s <= ' ' || *s == '\\') return "/"; /* a tab is left out by browsers: "/\t/elsewhere" */
  return to;
}

void web_unveil(Page *p, const Relation *r, int64_t id) {
  if (!p->token || !p->session || !signins_looks(p->web->signins, p->token, r->name, id)) return;
  p->session->open = r;
  p->session->open_row = id;
}

bool web_do(Page *p, const char *name, json_t *input, const void *attached, json_t **result, Issues *issues, Error *e) {
  const Operation *op = operation_find(p->web->operations, name, e);
  if (!op) return false;
  const char *request = form_get(&p->form, "_request");
  OperationCall call = {.account = p->machine ? NULL : p->signin.account, .token = p->bearer, .request_id = request && *request ? request : NULL, .attached = attached};
  return operation_run(p->site, op, input, call, result, issues, e);
}

const Relation *web_relation(Page *p, const char *name, Error *e) {
  const Relation *r = catalogue_relation(p->session->catalogue, name, e);
  if (r && (r->parent || r->retired)) return fail(e, ERROR_MISSING, "没有台账“%s”，请从台账栏目进入。", name), NULL;
  return r;
}

bool web_scope(Page *p, int64_t *org, Period *period, Error *e) {
  Session *s = p->session;
  const char *name = form_text(&p->query, "org"), *span = form_text(&p->query, "period");
  *org = s->actor.grant_count ? s->actor.grants[0].org : s->tree->root;
  for (size_t i = 0; i < s->actor.grant_count; i++)
    if (s->actor.grants[i].org == s->tree->root) *org = s->tree->root;
  if (*span && !period_read(span, period, e)) return false;
  if (!*span) *period = period_year(date_year(s->today));
  if (*name && !names_find(s, catalogue_core(s->catalogue, "org"), name, period_last(*period), org, e)) return false;
  p->scoped = true, p->org = *org, p->period = *period;
  return true;
}
