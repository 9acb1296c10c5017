/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 我的 › 接口令牌: one's tokens for programs, made and taken back. A token stands on the page that made it and nowhere
 * else; that page is never cached. What may be done with tokens is the operations' business, here they are shown. */
#include "web/admin.h"

#include <string.h>

#include "access/token.h"
#include "web/tokens.h"

enum { USUAL_DAYS = 90 };

static const char *state_of(const TokenRow *row) { return row->ended_on ? "已收回" : row->ended ? "已过期" : "在用"; }

json_t *tokens_json(Page *p, const TokenRow *all, size_t count) {
  Session *s = p->session;
  json_t *out = json_array();
  for (size_t i = 0; i < count; i++) {
    const TokenRow *row = &all[i];
    json_t *one = json_object();
    view_set(one, "id", arena_print(p->arena, "%lld", (long long)row->id));
    view_set(one, "label", row->label);
    view_set(one, "scope", row->writes ? "可读写" : "只读");
    view_set(one, "org", row->org ? org_name(s->tree, row->org, s->today) : "账号的全部");
    view_set(one, "made_on", view_date(p->arena, row->made_on));
    view_set(one, "until_on", view_date(p->arena, row->until_on));
    view_set(one, "state", state_of(row));
    view_flag(one, "ended", row->ended);
    json_array_append_new(out, one);
  }
  return out;
}

/* The orgs that the account may read, and so a token of it. */
static json_t *orgs_json(Page *p) {
  Session *s = p->session;
  json_t *out = json_array();
  const char *chosen = form_text(&p->form, "top");
  for (size_t i = 0; i < s->tree->count; i++) {
    int64_t id = s->tree->at[i].id;
    const char *name = org_name(s->tree, id, s->today), *value = arena_print(p->arena, "%lld", (long long)id);
    if (!*name || id == s->tree->root || !org_alive(&s->tree->at[i], s->today) || !may(s, MAY_READ, id)) continue;
    json_t *one = json_object();
    view_set(one, "value", value);
    view_set(one, "label", name);
    view_flag(one, "chosen", !strcmp(chosen, value));
    json_array_append_new(out, one);
  }
  return out;
}

static bool show(Page *p, const char *wrong, Error *e) {
  TokenRow *all;
  size_t count, live = 0;
  DateText day;
  if (!web_reading(p, e)) return false;
  Session *s = p->session;
  if (!tokens_list(s, s->actor.account, &all, &count, e)) return false;
  for (size_t i = 0; i < count; i++) live += !all[i].ended;
  const char *until = form_text(&p->form, "until_on");
  json_t *context = json_object();
  json_object_set_new(context, "rows", tokens_json(p, all, count));
  json_object_set_new(context, "orgs", orgs_json(p));
  view_count(context, "count", (int64_t)live);
  view_flag(context, "may_write", may_anywhere(s, MAY_WRITE) || may_anywhere(s, MAY_MANAGE_PEOPLE));
  view_flag(context, "write", !strcmp(form_text(&p->form, "scope"), "write"));
  view_set(context, "label", form_text(&p->form, "label"));
  view_set(context, "until_on", *until ? until : date_iso(date_add_days(s->today, USUAL_DAYS), day));
  view_set(context, "latest", date_iso(date_add_days(s->today, TOKEN_DAYS), day));
  view_count(context, "days", TOKEN_DAYS);
  view_set(context, "wrong", wrong);
  if (wrong) p->out->status = 400;
  return view_page(p, "tokens", "接口令牌", context, e);
}

bool tokens_page(Page *p, Error *e) { return show(p, NULL, e); }

/* The address that this very browser uses, where the server was not told one. */
static const char *address_of(Page *p) {
  const char *host = p->request->host;
  if (p->web->address) return p->web->address;
  bool fit = host && *host && strlen(host) < 256 && strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == strlen(host);
  return arena_print(p->arena, "%s://%s", p->request->secure ? "https" : "http", fit ? host : "127.0.0.1:8420");
}

/* Shown once: no redirect, which would have to keep it somewhere. */
static bool show_new(Page *p, const char *token, Error *e) {
  if (!web_reading(p, e)) return false;
  json_t *context = json_object();
  view_set(context, "label", form_text(&p->form, "label"));
  view_set(context, "token", token);
  view_set(context, "line", arena_print(p->arena, "curl -H 'Authorization: Bearer %s' %s/api/relations", token, address_of(p)));
  return view_page(p, "token_new", "接口令牌", context, e);
}

static bool make(Page *p, Error *e) {
  static const char *const names[] = {"label", "scope", "top", "until_on"};
  Issues issues = {.arena = p->arena};
  Error why = {0};
  json_t *input = json_object(), *result = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (*form_text(&p->form, names[i])) json_object_set_new(input, names[i], json_string(form_text(&p->form, names[i])));
  bool done = web_do(p, "token.create", input, NULL, &result, &issues, &why);
  json_decref(input);
  const char *token = done ? arena_copy(p->arena, json_string_value(json_object_get(result, "token")) ? json_string_value(json_object_get(result, "token")) : "") : NULL;
  json_decref(result);
  if (done && !*token) return show(p, "这个令牌刚才已开通，只显示一次。没有记下的，请收回后另开一个。", e);
  if (done) return show_new(p, token, e);
  if (issues.count) return show(p, issues.at[0].sentence, e);
  if (web_status(&why) < 500) return show(p, arena_copy(p->arena, why.sentence), e);
  return *e = why, false;
}

bool tokens_post(Page *p, Error *e) {
  const char *what = form_text(&p->form, "do"), *wrong = NULL;
  if (!strcmp(what, "create")) return make(p, e);
  if (strcmp(what, "revoke") != 0) return show(p, "没有说明要做什么，请按页面上的按钮。", e);
  if (!admin_do(p, "token.revoke", json_pack("{s:s}", "token", form_text(&p->form, "token")), &wrong, e)) return false;
  return wrong ? show(p, wrong, e) : web_redirect(p, "/me/tokens");
}
