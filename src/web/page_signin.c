/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Signing in and out, and one's own password. What must stay true: whether a name exists is not told, by words or by
 * time; a right password gives a new token; one that is temporary or too old opens nothing but the page for a new one;
 * a new password ends every other sign-in of the account. */
#include <string.h>

#include "access/credential.h"
#include "access/password.h"
#include "web/backups.h"
#include "web/elder.h"

/* What a demo lets anybody try; and whose office it is. Nobody is signed in: read as the machine, shown only this. */
static bool surroundings(Page *p, json_t *context, Error *e) {
  SESSION_SCOPE s = session_open(p->site, NULL, TX_READ, e);
  DemoSignin *all;
  size_t count;
  if (!s || !demo_signins(s, &all, &count, e)) return false;
  view_set(context, "office", org_name(s->tree, s->tree->root, s->today));
  if (!count) return true;
  json_t *rows = json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *one = json_object();
    view_set(one, "account", all[i].account);
    view_set(one, "role", all[i].role);
    view_set(one, "org", all[i].org);
    view_set(one, "person", all[i].person);
    json_array_append_new(rows, one);
  }
  json_object_set_new(context, "demo", rows);
  view_set(context, "demo_password", DEMO_PASSWORD);
  return true;
}

static bool show_signin(Page *p, const char *sentence, const char *account, Error *e) {
  json_t *context = json_object();
  const char *to = form_get(&p->form, "to");
  view_set(context, "to", web_own_path(to ? to : form_text(&p->query, "to")));
  bool failed;
  const char *ended = sentence ? NULL : restore_told(p, &failed);
  view_set(context, "sentence", ended && failed ? ended : sentence);
  view_set(context, "told", ended && !failed ? ended : NULL);
  view_set(context, "name", account);
  view_set(context, "address", p->web->address);
  if (!surroundings(p, context, e)) return json_decref(context), false;
  p->signin.account = NULL; /* whoever is signed in and lets another sign in: no rail around it, but the form's token */
  return view_page(p, "signin", "登录", context, e);
}

bool signin_form(Page *p, Error *e) {
  bool ended = !strcmp(form_text(&p->query, "why"), "ended");
  return show_signin(p, ended ? "密码或权限有变动，请重新登录。" : NULL, NULL, e);
}

static const char *cookie(Page *p, const char *token, long seconds) {
  bool secure = p->request->secure;
  return arena_print(p->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%ld%s", secure ? "__Host-luoshi" : "luoshi",
                     token, seconds, secure ? "; Secure" : "");
}

/* A new token for the account as it is now. */
static bool sign_in(Page *p, const char *account, bool must_change, Error *e) {
  if (p->token) signins_close(p->web->signins, p->token);
  session_close(p->session);
  p->session = NULL;
  p->signin.account = account;
  if (!web_reading(p, e)) return false;
  const char *token = signins_open(p->web->signins, p->arena, account, p->session->actor.stamp, must_change, e);
  if (!token) return false;
  elder_resume(p, account, token);
  p->out->cookie = cookie(p, token, SIGNIN_LONGEST);
  return true;
}

/* False with a sentence: wrong, or tried too often. `why->kind` tells the two apart from what broke (then *e). */
static bool knows_password(Page *p, const char *account, const char *password, Credential *found, Error *why, Error *e) {
  bool right = false;
  if (!signins_may_try(p->web->signins, account, p->request->peer, why)) return false;
  if (!credential_find(p->site, p->arena, account, found, e) || !credential_right(p->site, found, password, &right, e)) return false;
  if (!right) return fail(why, ERROR_FORBIDDEN, "账号或密码不对，请核对大小写后再试。");
  signins_right(p->web->signins, account, p->request->peer);
  return true;
}

bool signin_confirms(Page *p, const char *password, Error *why, Error *e) {
  Credential found = {0};
  return knows_password(p, p->signin.account, password, &found, why, e);
}

bool signin_post(Page *p, Error *e) {
  const char *name = form_text(&p->form, "account"), *password = form_text(&p->form, "password");
  Error why = {0};
  Credential found = {0};
  if (!knows_password(p, name, password, &found, &why, e)) {
    if (!why.kind) return false;
    p->out->status = why.kind == ERROR_LIMIT ? 429 : 403;
    return show_signin(p, why.sentence, name, e);
  }
  if (!sign_in(p, name, found.temporary || found.expired, e)) return false;
  if (found.temporary || found.expired) return web_redirect(p, found.temporary ? "/password" : "/password?why=old");
  return web_redirect(p, web_own_path(form_text(&p->form, "to")));
}

bool signout_post(Page *p, Error *e) {
  (void)e;
  if (p->token) signins_close(p->web->signins, p->token);
  p->out->cookie = cookie(p, "", 0);
  return web_redirect(p, "/signin");
}

static bool show_password(Page *p, const char *sentence, Error *e) {
  json_t *context = json_object();
  Error ignored = {0};
  web_reading(p, &ignored); /* for what stands around it */
  view_set(context, "sentence", sentence);
  view_flag(context, "must", p->signin.must_change);
  elder_show(p, context);
  view_flag(context, "old", !strcmp(form_text(&p->query, "why"), "old"));
  return view_page(p, "password", "改密码", context, e);
}

bool password_form(Page *p, Error *e) { return show_password(p, NULL, e); }

static bool refuse_password(Page *p, const char *sentence, int status, Error *e) {
  p->out->status = status;
  return show_password(p, sentence, e);
}

bool password_post(Page *p, Error *e) {
  const char *old = form_text(&p->form, "old"), *fresh = form_text(&p->form, "new"), *again = form_text(&p->form, "again");
  const char *account = p->signin.account;
  Error why = {0};
  Credential found = {0};
  if (strcmp(fresh, again) != 0) return refuse_password(p, "两次输入的新密码不一样，请重新输入。", 400, e);
  if (!strcmp(fresh, old)) return refuse_password(p, "新密码同原密码一样，请换一个。", 400, e);
  if (!password_fit(fresh, account, &why)) return refuse_password(p, why.sentence, 400, e);
  if (!knows_password(p, account, old, &found, &why, e)) {
    if (!why.kind) return false;
    bool often = why.kind == ERROR_LIMIT;
    return refuse_password(p, often ? why.sentence : "原密码不对，请重新输入。", often ? 429 : 400, e);
  }
  Issues issues = {.arena = p->arena};
  json_t *result = NULL, *input = json_pack("{s:s, s:s}", "account", account, "password", fresh);
  bool done = web_do(p, "account.password", input, NULL, &result, &issues, e);
  json_decref(input);
  json_decref(result);
  if (!done) return issues.count ? refuse_password(p, issues.at[0].sentence, 400, e) : false;
  signins_close_all(p->web->signins, account);
  return sign_in(p, account, false, e) && web_redirect(p, "/");
}
