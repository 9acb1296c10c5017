/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Opening a site. The declarations in profile/ must be the ones that `migrate` recorded in the journal:
 * tables are what was recorded, so a changed file waits for its migration. The key in keys/ must be the
 * journal's own: a revision under another would break the chain for good. */
#include "access/site.h"

#include "journal/seal.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"

const char *site_path(Arena *a, const char *folder, const char *name) { return arena_print(a, "%s/%s", folder, name); }

bool site_settings_read(Arena *a, const char *folder, SiteSettings *out, Error *e) {
  const char *path = site_path(a, folder, "site.yaml");
  *out = (SiteSettings){.area = 1};
  if (access(path, R_OK))
    return fail_because(e, ERROR_MISSING, strerror(errno), "“%s”还不是落实的站点，请先运行 luoshi -C %s init（空站点）或 demo（演示）。",
                        folder, folder);
  struct fy_parse_cfg quiet = {.flags = FYPCF_QUIET};
  struct fy_document *doc = fy_document_build_from_file(&quiet, path);
  if (!doc) return fail(e, ERROR_INVALID, "%s 不是有效的 YAML，请改正后再试。", path);
  char store[512] = "", clock[32] = "", demo[8] = "";
  long long area = 1;
  fy_document_scanf(doc, "/store %511s", store);
  fy_document_scanf(doc, "/clock %31s", clock);
  fy_document_scanf(doc, "/area %lld", &area);
  fy_document_scanf(doc, "/demo %7s", demo);
  fy_document_destroy(doc);
  out->area = area;
  out->demo = !strcmp(demo, "true");
  out->store_url = *store ? arena_copy(a, store) : NULL;
  if (area < 1) return fail(e, ERROR_INVALID, "%s 里的 area 应是大于0的整数。", path);
  return !*clock || date_read(clock, &out->clock, e);
}

bool site_settings_write(const char *folder, const SiteSettings *settings, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char *path = site_path(a, folder, "site.yaml");
  FILE *f = fopen(path, "wx");
  if (!f) return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能写入 %s，请检查目录权限和磁盘空间。", path);
  DateText day;
  fprintf(f, "# 数据存放处：不填为本目录的 luoshi.db；PostgreSQL 填 postgresql:///库名?host=…\n");
  fprintf(f, settings->store_url ? "store: %s\n" : "# store: postgresql:///luoshi\n", settings->store_url);
  fprintf(f, "area: %lld\n", (long long)settings->area);
  if (settings->clock) fprintf(f, "# 演示站点停在这一天\nclock: %s\n", date_iso(settings->clock, day));
  bool written = !fflush(f) && !fsync(fileno(f));
  if (fclose(f) || !written)
    return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能写入 %s，请检查磁盘空间。", path);
  return true;
}

bool site_mark_demo(const char *folder, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char *path = site_path(a, folder, "site.yaml");
  FILE *f = fopen(path, "a");
  bool written = f && fprintf(f, "# 演示站点：名称都是虚构的，登录用公开的演示密码\ndemo: true\n") > 0 && !fflush(f) && !fsync(fileno(f));
  if (f && fclose(f)) written = false;
  return written || fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能写入 %s，请检查目录权限和磁盘空间。", path);
}

static bool load_catalogue(Site *s, Error *e) {
  Issues issues = {.arena = s->arena};
  s->catalogue = catalogue_load(s->arena, site_path(s->arena, s->folder, "profile"),
                                site_path(s->arena, s->folder, "profile.trees"), &issues, e);
  if (s->catalogue) return true;
  if (issues.count) {
    issues_fail(&issues, e, "台账声明有误。");
  }
  return false;
}

/* Whether the files read are those recorded. */
static bool compare_profile(Site *s, Tx *tx, Error *e) {
  STMT_SCOPE st = stmt_open(tx, "SELECT path, text FROM profile_file WHERE area_id = $1 AND state <> $2",
                            (Value[]){value_int(s->area), value_text(STATE_VOID)}, 2, e);
  if (!st) return false;
  size_t same = 0, count = 0;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    count++;
    for (size_t i = 0; i < s->catalogue->file_count; i++) {
      const ProfileFile *f = &s->catalogue->files[i];
      if (strcmp(f->path, stmt_text(st, 0)) != 0) continue;
      const char *text = stmt_text(st, 1);
      size_t n = strlen(text);
      same += n == f->length && !memcmp(text, f->text, n);
    }
  }
  s->profile_changed = same != count || same != s->catalogue->file_count;
  return step == STEP_DONE;
}

/* Whether a declared column takes over the contents of `name`, which it was once called. */
static bool is_renamed(const Catalogue *c, const Layout *l) {
  const Relation *r = catalogue_find(c, l->relation);
  for (size_t i = 0; r && i < r->column_count; i++)
    if (r->columns[i].was && !strcmp(r->columns[i].was, l->name)) return true;
  return false;
}

static size_t declared_columns(const Catalogue *c) {
  size_t count = 0;
  for (size_t i = 0; i < c->relation_count; i++) count += c->relations[i]->column_count - 1; /* without the id */
  return count;
}

/* Columns that tables still have though no declaration names them any more. One that is declared and in no table yet
 * waits for its migration: of a changed profile, or of a newer program's core relations. */
static bool adopt_layout(Site *s, Tx *tx, Error *e) {
  STMT_SCOPE st = stmt_open(tx, "SELECT relation, name, type FROM layout WHERE area_id = $1 ORDER BY id",
                            (Value[]){value_int(s->area)}, 1, e);
  if (!st) return false;
  Layout *all = NULL;
  size_t count = 0, room = 0, known = 0, declared = declared_columns(s->catalogue);
  Step step;
  const Relation *r = NULL; /* columns of a relation mostly follow one another */
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    Layout l = {stmt_text(st, 0), stmt_text(st, 1), stmt_text(st, 2)};
    if (!r || strcmp(r->name, l.relation) != 0) r = catalogue_find(s->catalogue, l.relation);
    bool there = r && relation_column(r, l.name);
    known += there;
    if (there || is_renamed(s->catalogue, &l)) continue;
    *PUSH(s->arena, all, count, room) =
        (Layout){arena_copy(s->arena, l.relation), arena_copy(s->arena, l.name), arena_copy(s->arena, l.type)};
  }
  s->profile_changed = s->profile_changed || known < declared;
  return step == STEP_DONE && (!count || catalogue_adopt(s->catalogue, all, count, e));
}

static bool check_key(Site *s, Tx *tx, Error *e) {
  Glance glance;
  if (!journal_glance(tx, s->area, &s->key, &glance, e)) return false;
  return glance != GLANCE_KEY ||
         fail(e, ERROR_BROKEN, "%s/keys/journal.key 不是这个站点记录链的密钥，请从密钥备份中放回；密钥无误时请运行 luoshi -C %s audit 查明。",
              s->folder, s->folder);
}

/* In one snapshot. */
static bool look_into_store(Site *s, Error *e) {
  TX_SCOPE tx = tx_begin(s->store, TX_READ, s->area, e);
  return tx && check_key(s, tx, e) && compare_profile(s, tx, e) && adopt_layout(s, tx, e);
}

static Site *site_new(const char *folder) {
  Arena *a = arena_new_large();
  Site *s = NEW(a, Site);
  s->arena = a;
  s->folder = arena_copy(a, folder);
  return s;
}

static bool read_settings(Site *s, Error *e) {
  SiteSettings settings;
  if (!site_settings_read(s->arena, s->folder, &settings, e)) return false;
  s->area = settings.area;
  s->clock.fixed = settings.clock;
  s->demo = settings.demo;
  s->store_url = settings.store_url ? settings.store_url : site_path(s->arena, s->folder, "luoshi.db");
  return true;
}

static bool open_store(Site *s, Error *e) {
  return key_read(site_path(s->arena, s->folder, "keys/journal.key"), s->key.at, e) &&
         (s->store = store_open(s->store_url, false, e));
}

Site *site_open(const char *folder, bool to_migrate, Error *e) {
  Site *s = site_new(folder);
  bool open = read_settings(s, e) && load_catalogue(s, e) &&
              (s->keyring = keyring_at(site_path(s->arena, folder, "keys/keyring.db"), e)) && open_store(s, e) &&
              look_into_store(s, e);
  if (open && s->profile_changed && !to_migrate)
    open = fail(e, ERROR_CONFLICT, "profile/ 里的声明改过或程序换了新版，还没有生效，请先运行 luoshi -C %s migrate。", folder);
  if (open) return s;
  site_close(s);
  return NULL;
}

/* ---- for the audit ---- */

typedef struct Files { ProfileFile *at; size_t count, room; } Files;

static bool add_file(Arena *a, const char *body, size_t n, Files *files, Error *e) {
  JSON_SCOPE row = json_read(body, n, n, e);
  const char *path = json_string_value(json_object_get(row, "path")), *text = json_string_value(json_object_get(row, "text"));
  const char *state = json_string_value(json_object_get(row, "state"));
  if (!path || !text || !state) return false;
  if (strcmp(state, STATE_VOID) != 0)
    *PUSH(a, files->at, files->count, files->room) = (ProfileFile){arena_copy(a, path), arena_copy(a, text), strlen(text)};
  return true;
}

/* The newest text of every file of the profile, from the journal alone. */
static bool journalled_files(Site *s, Files *files, Error *e) {
  TX_SCOPE tx = tx_begin(s->store, TX_READ, s->area, e);
  if (!tx) return false;
  STMT_SCOPE st = stmt_open(tx,
                            "SELECT c.body FROM change c WHERE c.area_id = $1 AND c.relation = $2 AND c.seq = (SELECT max(n.seq)"
                            " FROM change n WHERE n.area_id = c.area_id AND n.relation = c.relation AND n.row_id = c.row_id)",
                            (Value[]){value_int(s->area), value_text("profile_file")}, 2, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) {
    Value body = stmt_value(st, 0, VALUE_TEXT);
    if (!add_file(s->arena, body.s, body.n, files, e)) return false;
  }
  return step == STEP_DONE && files->count;
}

static bool catalogue_in_force(Site *s, Error *e) {
  Files files = {0};
  Issues issues = {.arena = s->arena};
  Error why = {0};
  if (journalled_files(s, &files, &why)) s->catalogue = catalogue_read(s->arena, files.at, files.count, &issues, &why);
  if (!s->catalogue && why.kind == ERROR_UNAVAILABLE) *e = why;
  return s->catalogue || (!e->kind && load_catalogue(s, e));
}

Site *site_open_to_audit(const char *folder, Error *e) {
  Site *s = site_new(folder);
  if (!read_settings(s, e) || !open_store(s, e) || !catalogue_in_force(s, e)) {
    site_close(s);
    return NULL;
  }
  Error ignored = {0}; /* what is wrong with the layout the audit will say */
  TX_SCOPE tx = tx_begin(s->store, TX_READ, s->area, &ignored);
  if (tx) adopt_layout(s, tx, &ignored);
  return s;
}

void site_close(Site *s) {
  if (!s) return;
  store_close(s->store);
  keyring_close(s->keyring);
  arena_free(s->tree_arena);
  arena_free(s->arena);
}

void site_cleanup(Site **s) { site_close(*s); }
