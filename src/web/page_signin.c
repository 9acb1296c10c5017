/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Signing in and out, and one's own password. What must stay true: the answer to a wrong name and a wrong
 * password is the same and takes as long; a new token at every sign-in; a new password ends the other browsers. */
#include <string.h>

#include "access/credential.h"
#include "access/password.h"
#include "web/view.h"

/* A path of this site and nothing else. */
static const char *safe_path(const char *to) {
  if (*to != '/' || to[1] == '/' || strpbrk(to, "\\\r\n")) return "/";
  return to;
}

static bool show_signin(Page *p, const char *sentence, const char *account, Error *e) {
  json_t *context = json_object();
  const char *to = form_get(&p->form, "to");
  view_set(context, "to", safe_path(to ? to : form_text(&p->query, "to")));
  view_set(context, "sentence", sentence);
  view_set(context, "name", account);
  view_set(context, "address", p->web->address);
  return view_page(p, "signin", "登录", context, e);
}

bool signin_form(Page *p, Error *e) { return show_signin(p, NULL, NULL, e); }

static const char *cookie(Page *p, const char *token, long seconds) {
  bool secure = p->request->secure;
  return arena_print(p->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%ld%s", secure ? "__Host-luoshi" : "luoshi",
                     token, seconds, secure ? "; Secure" : "");
}

bool signin_post(Page *p, Error *e) {
  const char *name = form_text(&p->form, "account"), *password = form_text(&p->form, "password");
  Error why = {0};
  Credential found = {0};
  bool right = false;
  if (!signins_may_try(p->web->signins, name, p->request->peer, &why)) {
    p->out->status = 429;
    return show_signin(p, why.sentence, name, e);
  }
  if (!credential_find(p->site, p->arena, name, &found, e) || !password_check(found.secret, password, &right, e)) return false;
  signins_tried(p->web->signins, name, p->request->peer, right);
  if (!right) {
    p->out->status = 403;
    return show_signin(p, "账号或密码不对，请核对大小写后再试。", name, e);
  }
  if (p->token) signins_close(p->web->signins, p->token);
  const char *token = signins_open(p->web->signins, p->arena, name, found.temporary, e);
  if (!token) return false;
  p->out->cookie = cookie(p, token, SIGNIN_LONGEST);
  return web_redirect(p, found.temporary ? "/password" : safe_path(form_text(&p->form, "to")));
}

bool signout_post(Page *p, Error *e) {
  (void)e;
  if (p->token) signins_close(p->web->signins, p->token);
  p->out->cookie = cookie(p, "", 0);
  return web_redirect(p, "/signin");
}

static bool show_password(Page *p, const char *sentence, Error *e) {
  json_t *context = json_object();
  view_set(context, "sentence", sentence);
  json_object_set_new(context, "must", json_boolean(p->signin.must_change));
  return view_page(p, "password", "改密码", context, e);
}

bool password_form(Page *p, Error *e) { return show_password(p, NULL, e); }

bool password_post(Page *p, Error *e) {
  const char *old = form_text(&p->form, "old"), *fresh = form_text(&p->form, "new"), *again = form_text(&p->form, "again");
  Error why = {0};
  Credential found = {0};
  bool right = false;
  if (!credential_find(p->site, p->arena, p->signin.account, &found, e) || !password_check(found.secret, old, &right, e))
    return false;
  const char *sentence = !right                ? "原密码不对，请重新输入。"
                         : strcmp(fresh, again) ? "两次输入的新密码不一样，请重新输入。"
                         : !strcmp(fresh, old)  ? "新密码同原密码一样，请换一个。"
                                                : NULL;
  if (!sentence && !password_fit(fresh, p->signin.account, &why)) sentence = why.sentence;
  if (sentence) {
    p->out->status = 400;
    return show_password(p, sentence, e);
  }
  Issues issues = {.arena = p->arena};
  json_t *result = NULL, *input = json_pack("{s:s, s:s}", "account", p->signin.account, "password", fresh);
  bool done = web_do(p, "account.password", input, NULL, &result, &issues, e);
  json_decref(input);
  json_decref(result);
  if (!done) return issues.count ? issues_fail(&issues, e, "") : false;
  signins_close_all(p->web->signins, p->signin.account, NULL);
  const char *token = signins_open(p->web->signins, p->arena, p->signin.account, false, e);
  if (!token) return false;
  p->out->cookie = cookie(p, token, SIGNIN_LONGEST);
  return web_redirect(p, "/");
}
