/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 管理 › 备份与恢复: a backup put in place of what stands there. A page only asks (web/restoring.h): whoever serves stops
 * answering, exchanges the data and goes on. What must stay true: nothing is asked without the password of who asks,
 * a box that says what will be lost, and a backup that was found sound just before. */
#include <string.h>

#include "operation/restore.h"
#include "web/admin.h"
#include "web/backups.h"

bool web_waiting(Page *p, const char *sentence, Error *e) {
  json_t *context = json_object();
  if (api_is(p->request)) return json_decref(context), fail(e, ERROR_UNAVAILABLE, "%s", sentence);
  session_close(p->session); /* nothing of the site is shown: it is about to be another */
  p->session = NULL;
  p->signin = (Signin){0};
  view_set(context, "sentence", sentence);
  bool asked = p->route && p->route->run == restore_begin;
  view_set(context, "wait", asked ? "/admin/backup" : strcmp(p->request->method, "GET") ? "/" : p->request->path); /* no form is sent twice */
  return view_page(p, "waiting", "请稍候", context, e);
}

const char *restore_told(Page *p, bool *failed) {
  RestoreTold told = restoring_told(p->web->restoring, p->arena);
  *failed = told.state == RESTORE_FAILED;
  if (*failed) return arena_print(p->arena, "没有恢复，原来的数据照旧：%s", told.sentence);
  return told.state == RESTORE_DONE ? arena_print(p->arena, "数据已恢复到记录链第%lld号，请重新登录。此后的改动要补做。", (long long)told.seq) : NULL;
}

json_t *restore_json(Page *p, const char *name, int64_t seq, Error *e) {
  int64_t now = 0;
  Error no = {0};
  if (!web_reading(p, e) || !tx_int(p->session->tx, "SELECT seq FROM head WHERE area_id = $1", (Value[]){value_int(p->session->area)}, 1, &now, NULL, e))
    return NULL;
  json_t *out = json_object();
  view_set(out, "name", name);
  view_set(out, "seq", arena_print(p->arena, "%lld", (long long)seq));
  view_set(out, "now", arena_print(p->arena, "%lld", (long long)now));
  if (now > seq) view_set(out, "lost", arena_print(p->arena, "%lld", (long long)(now - seq)));
  if (!restore_possible(p->site, &no)) view_set(out, "cannot", no.sentence);
  return out;
}

bool restore_begin(Page *p, Error *e) {
  const char *name = form_text(&p->form, "name"), *path = backup_path(p, name);
  Error why = {0};
  BackupSeen seen;
  if (!path) return fail(e, ERROR_MISSING, "没有这份备份，请从备份列表里选。");
  if (!restore_possible(p->site, &why) || !backup_check(p->site, path, &seen, &why)) return backups_show(p, NULL, NULL, why.sentence, e);
  if (strcmp(form_text(&p->form, "sure"), "1") != 0) return backups_show(p, name, NULL, "请先勾选“我知道”那一项，再按恢复。", e);
  if (!signin_confirms(p, form_text(&p->form, "password"), &why, e)) {
    if (!why.kind) return false;
    return backups_show(p, name, NULL, why.kind == ERROR_LIMIT ? why.sentence : "密码不对，请重新输入。", e);
  }
  if (!restoring_ask(p->web->restoring, path, p->signin.account, &why)) return backups_show(p, NULL, NULL, why.sentence, e);
  return web_waiting(p, "正在恢复备份，请稍候。", e);
}
