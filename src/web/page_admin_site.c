/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 管理: backups, settings, the rules as loaded. A backup is made into the site's own folder and may be downloaded. An
 * uploaded one is looked at beside the running site and kept there when it is sound; then it may be put in place
 * (page_restore.c). */
#include "web/admin.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "access/setting.h"
#include "base/disk.h"
#include "operation/restore.h"
#include "web/backups.h"

enum { FILES_MOST = 200 };

/* ---- backups ---- */

static const char *backup_folder(Page *p) { return site_path(p->arena, p->site->folder, "backup"); }

/* Our own names and nothing else: no path comes from a request. */
static bool is_backup_name(const char *name) {
  size_t n = strlen(name);
  return n > 3 && n < 100 && name[0] != '.' && !strcmp(name + n - 3, ".db") &&
         strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == n && !strstr(name, "..");
}

static bool is_count(const char *s) { return *s >= '1' && *s <= '9' && strlen(s) < 10 && strspn(s, "0123456789") == strlen(s); }

static const char *size_text(Arena *a, int64_t n) {
  return n < 1024 * 1024 ? arena_print(a, "%lldKB", (long long)n / 1024 + 1) : arena_print(a, "%lldMB", (long long)n / 1024 / 1024 + 1);
}

typedef struct Kept { const char *name; int64_t at, size; } Kept;

static int newest_first(const void *a, const void *b) {
  const Kept *x = a, *y = b;
  return x->at < y->at ? 1 : x->at > y->at ? -1 : strcmp(y->name, x->name);
}

static size_t kept_files(Page *p, Kept **out) {
  size_t count = 0, room = 0;
  const char *folder = backup_folder(p);
  DIR *d = opendir(folder);
  *out = NULL;
  for (struct dirent *entry; d && count < FILES_MOST && (entry = readdir(d));) {
    struct stat about;
    if (!is_backup_name(entry->d_name) || lstat(site_path(p->arena, folder, entry->d_name), &about) || !S_ISREG(about.st_mode)) continue;
    *PUSH(p->arena, *out, count, room) = (Kept){arena_copy(p->arena, entry->d_name), (int64_t)about.st_mtime, (int64_t)about.st_size};
  }
  if (d) closedir(d);
  if (count) qsort(*out, count, sizeof **out, newest_first);
  return count;
}

const char *backup_path(Page *p, const char *name) { return is_backup_name(name) ? site_path(p->arena, backup_folder(p), name) : NULL; }

static bool add_restore(Page *p, json_t *context, const char *name, Error *e) {
  BackupSeen seen;
  Error gone = {0};
  if (!name || !backup_check(p->site, backup_path(p, name), &seen, &gone)) return true;
  json_t *restore = restore_json(p, name, seen.seq, e);
  if (restore) json_object_set_new(context, "restore", restore);
  return restore != NULL;
}

bool backups_show(Page *p, const char *restore, const char *told, const char *wrong, Error *e) {
  Kept *all;
  if (!web_reading(p, e)) return false;
  size_t count = kept_files(p, &all);
  json_t *context = admin_context(p, "/admin/backup"), *rows = json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *one = json_object();
    struct tm at;
    time_t t = (time_t)all[i].at;
    localtime_r(&t, &at);
    view_set(one, "name", all[i].name);
    view_set(one, "href", arena_print(p->arena, "/admin/backup/%s", all[i].name));
    view_set(one, "size", size_text(p->arena, all[i].size));
    view_set(one, "at", arena_print(p->arena, "%d年%d月%d日 %02d:%02d", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min));
    json_array_append_new(rows, one);
  }
  json_object_set_new(context, "rows", rows);
  view_count(context, "count", (int64_t)count);
  view_set(context, "told", told);
  view_set(context, "wrong", wrong);
  view_set(context, "site", p->site->folder);
  if (!add_restore(p, context, restore, e)) return json_decref(context), false;
  if (wrong) p->out->status = 400;
  return view_page(p, "admin_backup", "备份与恢复", context, e);
}

/* Out of what the making of it said: the address carries the two numbers. */
static const char *made_text(Page *p, const char *made) {
  const char *files = form_text(&p->query, "files"), *missing = form_text(&p->query, "missing");
  TEXT_SCOPE text = text_new(1024);
  text_print(&text, "已备份为%s", made);
  if (is_count(files)) text_print(&text, "，附件%s份在内", files);
  text_add(&text, "。请下载一份存到别的机器上。");
  if (is_count(missing)) text_print(&text, "有%s份附件的文件不在或被改动过，没有备份进去，请到“核验”查明。", missing);
  return arena_copy(p->arena, text_get(&text));
}

bool backup_page(Page *p, Error *e) {
  const char *made = form_text(&p->query, "made");
  bool failed;
  if (restoring_told(p->web->restoring, p->arena).state == RESTORE_ASKED) return web_waiting(p, "正在恢复备份，请稍候。", e);
  const char *ended = restore_told(p, &failed);
  const char *told = is_backup_name(made) ? made_text(p, made) : failed ? NULL : ended;
  if (!backups_show(p, NULL, told, failed ? ended : NULL, e)) return false;
  p->out->status = 200; /* to tell how it went is no fault of who asks */
  return true;
}

static const char *new_name(Page *p, const char *what) {
  struct tm at;
  time_t t = time(NULL);
  localtime_r(&t, &at);
  return arena_print(p->arena, "%s-%04d%02d%02d-%02d%02d%02d.db", what, at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour,
                     at.tm_min, at.tm_sec);
}

bool backup_post(Page *p, Error *e) {
  const char *name = new_name(p, "luoshi"), *path = site_path(p->arena, backup_folder(p), name);
  BackedUp done = {0};
  if (!disk_folder(backup_folder(p), e)) return false;
  if (access(path, F_OK) && !site_backup(p->site, path, &done, e)) return false; /* there already: asked twice in one second */
  return web_redirect(p, arena_print(p->arena, "/admin/backup?made=%s&files=%zu&missing=%zu", name, done.files, done.missing));
}

bool backup_file(Page *p, Error *e) {
  if (!is_backup_name(p->parts[0])) return fail(e, ERROR_MISSING, "没有这份备份，请从备份列表下载。");
  const char *path = site_path(p->arena, backup_folder(p), p->parts[0]);
  struct stat about;
  if (lstat(path, &about) || !S_ISREG(about.st_mode)) return fail(e, ERROR_MISSING, "没有备份%s，请从备份列表下载。", p->parts[0]);
  p->out->type = "application/octet-stream";
  p->out->filename = p->parts[0];
  p->out->file = path;
  return true;
}

static bool check_file(Page *p, const char *name, const char **told, const char **wrong, Error *e) {
  const char *path = site_path(p->arena, backup_folder(p), name);
  BackupSeen seen;
  Error why = {0};
  (void)e;
  if (backup_check(p->site, path, &seen, &why)) {
    const char *files = seen.files ? arena_print(p->arena, "，附件%lld份在内", (long long)seen.files) : "";
    *told = arena_print(p->arena, "%s 是本站的备份，记录链完整，到第%lld号%s。", name, (long long)seen.seq, files);
    return true;
  }
  *wrong = arena_copy(p->arena, why.sentence);
  return false;
}

bool restore_post(Page *p, Error *e) {
  const char *told = NULL, *wrong = NULL, *name = form_text(&p->form, "name");
  const Field *file = form_file(&p->form, "file");
  if (is_backup_name(name)) {
    check_file(p, name, &told, &wrong, e);
  } else if (!file || !file->size) {
    wrong = "还没有选备份文件，请先选一个。";
  } else {
    name = new_name(p, "brought");
    const char *path = site_path(p->arena, backup_folder(p), name);
    if (!disk_folder(backup_folder(p), e) || !disk_replace(path, file->value, file->size, e)) return false;
    if (!check_file(p, name, &told, &wrong, e)) unlink(path);
  }
  return backups_show(p, wrong ? NULL : name, told, wrong, e);
}

/* ---- settings ---- */

static bool show_settings(Page *p, const char *wrong, Error *e) {
  int days;
  if (!web_reading(p, e) || !setting_password_days(p->session->tx, p->session->area, &days, e)) return false;
  json_t *context = admin_context(p, "/admin/settings");
  view_set(context, "days", arena_print(p->arena, "%d", days));
  view_set(context, "wrong", wrong);
  if (wrong) p->out->status = 400;
  return view_page(p, "admin_settings", "设置", context, e);
}

bool settings_page(Page *p, Error *e) { return show_settings(p, NULL, e); }

bool settings_post(Page *p, Error *e) {
  const char *wrong;
  json_t *input = json_pack("{s:s, s:s}", "name", form_text(&p->form, "name"), "value", form_text(&p->form, "value"));
  if (!input) return fail(e, ERROR_INVALID, "请按页面上的按钮。");
  if (!admin_do(p, "site.set", input, &wrong, e)) return false;
  return wrong ? show_settings(p, wrong, e) : web_redirect(p, "/admin/settings");
}

/* ---- the rules as loaded ---- */

static json_t *files_json(Page *p) {
  const Catalogue *c = p->session->catalogue;
  json_t *out = json_array();
  for (size_t i = 0; i < c->file_count; i++) {
    json_t *one = json_object();
    view_set(one, "path", c->files[i].path);
    view_set(one, "size", size_text(p->arena, (int64_t)c->files[i].length));
    json_array_append_new(out, one);
  }
  return out;
}

static bool is_same(const Catalogue *a, const Catalogue *b) {
  bool same = a->file_count == b->file_count;
  for (size_t i = 0; same && i < a->file_count; i++)
    same = !strcmp(a->files[i].path, b->files[i].path) && a->files[i].length == b->files[i].length &&
           !memcmp(a->files[i].text, b->files[i].text, a->files[i].length);
  return same;
}

bool profile_page(Page *p, Error *e) {
  const Catalogue *c = p->session->catalogue;
  json_t *context = admin_context(p, "/admin/profile");
  Issues issues = {.arena = p->arena};
  Error why = {0};
  Catalogue *now = catalogue_load(p->arena, site_path(p->arena, p->site->folder, "profile"), NULL, &issues, &why);
  int64_t ledgers = 0;
  for (size_t i = 0; i < c->relation_count; i++) ledgers += !c->relations[i]->core && !c->relations[i]->parent && !c->relations[i]->retired;
  view_set(context, "label", c->profile.label);
  view_count(context, "ledgers", ledgers);
  view_count(context, "sets", (int64_t)c->set_count);
  view_count(context, "measures", (int64_t)c->measure_count);
  view_count(context, "duties", (int64_t)c->duty_count);
  view_count(context, "statements", (int64_t)c->statement_count);
  json_object_set_new(context, "files", files_json(p));
  view_count(context, "file_count", (int64_t)c->file_count);
  view_flag(context, "changed", now && !is_same(c, now));
  if (issues.count) json_object_set_new(context, "issues", view_issues(&issues));
  else if (!now) view_set(context, "wrong", why.sentence);
  view_set(context, "site", p->site->folder);
  return view_page(p, "admin_profile", "规则", context, e);
}
