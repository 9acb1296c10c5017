/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A new site is a migration from nothing. What the tables look like is itself rows (layout), so that the
 * difference between declared and actual is a comparison of two lists. */
#include "operation/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/seal.h"
#include "org/tree.h"

/* ---- the layout of a table, as rows ---- */

typedef struct LayoutRow { int64_t id; const char *relation, *name, *type; bool retired; } LayoutRow;

typedef struct Migration {
  Arena *arena;
  Tx *tx;
  Catalogue *catalogue;
  int64_t area;
  Revision *revision;
  LayoutRow *layout; size_t layout_count, layout_room;
  Issues *done;   /* what was changed */
  Issues refused; /* what can't be */
} Migration;

static const char *layout_type(Arena *a, const Column *c) {
  const char *word = type_word(c->type, c->scale, a);
  return c->sensitive ? arena_print(a, "%s sensitive", word) : word;
}

static bool is_wording(const char *type) {
  return !strcmp(type, "text") || !strcmp(type, "prose") || !strcmp(type, "choice") || !strcmp(type, "file");
}

/* Text may become prose and back, and a choice free text; a text becomes a choice only if it was one. */
static bool compatible(const char *was, const char *now) {
  return !strcmp(was, now) || (is_wording(was) && is_wording(now) && strcmp(now, "choice"));
}

static LayoutRow *layout_find(Migration *m, const char *relation, const char *name) {
  for (size_t i = 0; i < m->layout_count; i++)
    if (!strcmp(m->layout[i].relation, relation) && (!name || !strcmp(m->layout[i].name, name))) return &m->layout[i];
  return NULL;
}

static bool layout_load(Migration *m, Error *e) {
  STMT_SCOPE st = stmt_open(m->tx, "SELECT id, relation, name, type, retired FROM layout WHERE area_id = $1 ORDER BY id",
                            (Value[]){value_int(m->area)}, 1, e);
  if (!st) return false;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW)
    *PUSH(m->arena, m->layout, m->layout_count, m->layout_room) =
        (LayoutRow){stmt_int(st, 0), arena_copy(m->arena, stmt_text(st, 1)), arena_copy(m->arena, stmt_text(st, 2)),
                    arena_copy(m->arena, stmt_text(st, 3)), stmt_int(st, 4) != 0};
  return step == STEP_DONE;
}

static Row fact(Migration *m, const char *relation, int64_t id) {
  const Relation *r = catalogue_core(m->catalogue, relation);
  Row row = row_new(m->arena, r);
  row.v[0] = value_int(id ? id : revision_next_id(m->revision));
  for (size_t i = 0; i < r->state_count; i++)
    if (r->states[i].counts) {
      row.v[r->state] = value_text(r->states[i].name);
      break;
    }
  return row;
}

static bool layout_put(Migration *m, const LayoutRow *l, Error *e) {
  Row row = fact(m, "layout", l->id);
  *row_at(row, "relation") = value_text(l->relation);
  *row_at(row, "name") = value_text(l->name);
  *row_at(row, "type") = value_text(l->type);
  *row_at(row, "retired") = value_int(l->retired);
  return change_put(m->revision, row, e);
}

/* ---- one relation ---- */

static bool ddl(Migration *m, Error *e, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool ddl(Migration *m, Error *e, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const char *sql = arena_vprint(m->arena, format, args);
  va_end(args);
  return store_ddl(m->tx, sql, e);
}

static const char *kind_word(const Column *c) {
  switch (type_kind(c->type, c->sensitive)) {
  case VALUE_INT: return "{int}";
  case VALUE_TEXT: return "{text}";
  case VALUE_BYTES: return "{bytes}";
  }
  return "";
}

static bool create_table(Migration *m, const Relation *r, Error *e) {
  TEXT_SCOPE sql = text_new(256 * 1024);
  relation_ddl(r, &sql);
  if (!store_ddl(m->tx, text_get(&sql), e)) return false;
  for (size_t i = 1; i < r->column_count; i++) {
    LayoutRow l = {0, r->name, r->columns[i].name, layout_type(m->arena, &r->columns[i]), false};
    if (!r->columns[i].retired && !layout_put(m, &l, e)) return false;
  }
  if (!r->core && !r->parent) issue_add(m->done, r->label, NULL, "新建台账。");
  return true;
}

/* Every row of the table is a change again, under its new name: replay then needs no history of names. */
static bool rewrite_rows(Migration *m, const Relation *r, Error *e) {
  STMT_SCOPE st = stmt_open(m->tx, row_select_sql(m->arena, r, NULL), (Value[]){value_int(m->area)}, 1, e);
  if (!st) return false;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    ArenaMark mark = arena_mark(m->arena);
    if (!change_put(m->revision, row_from(m->arena, r, st, 0), e)) return false;
    arena_back(m->arena, mark);
  }
  return step == STEP_DONE;
}

static bool migrate_column(Migration *m, const Relation *r, const Column *c, bool *rewrite, Error *e) {
  LayoutRow *old = layout_find(m, r->name, c->name);
  const char *type = layout_type(m->arena, c);
  LayoutRow *was = !old && c->was ? layout_find(m, r->name, c->was) : NULL;
  const LayoutRow *from = old ? old : was;
  if (from && !compatible(from->type, type)) {
    issue_add(&m->refused, r->label, c->name, "“%s”不能从%s改为%s，请另立一个字段。", c->label, from->type, type);
    return true;
  }
  if (!from) {
    LayoutRow l = {0, r->name, c->name, type, false};
    issue_add(m->done, r->label, c->name, "新增“%s”。", c->label);
    return ddl(m, e, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" %s;", r->table, c->sql, kind_word(c)) && layout_put(m, &l, e);
  }
  LayoutRow l = {from->id, r->name, c->name, type, false};
  if (was) {
    issue_add(m->done, r->label, c->name, "“%s”改名为“%s”。", c->was, c->name);
    was->name = c->name;
    *rewrite = true;
    if (!ddl(m, e, "ALTER TABLE \"%s\" RENAME COLUMN \"%s\" TO \"%s\";", r->table, c->was, c->sql)) return false;
  } else if (!old->retired && !strcmp(old->type, type)) {
    return true;
  }
  return layout_put(m, &l, e);
}

static bool migrate_relation(Migration *m, const Relation *r, Error *e) {
  if (r->retired) return true;
  if (!layout_find(m, r->name, NULL)) return create_table(m, r, e);
  bool rewrite = false;
  for (size_t i = 1; i < r->column_count; i++)
    if (!r->columns[i].retired && !migrate_column(m, r, &r->columns[i], &rewrite, e)) return false;
  return !rewrite || m->refused.count || rewrite_rows(m, r, e);
}

static bool retire_columns(Migration *m, Error *e) {
  for (size_t i = 0; i < m->layout_count; i++) {
    LayoutRow *l = &m->layout[i];
    const Relation *r = catalogue_find(m->catalogue, l->relation);
    const Column *c = r ? relation_column(r, l->name) : NULL;
    if (l->retired || (c && !c->retired)) continue;
    l->retired = true;
    issue_add(m->done, r ? r->label : l->relation, l->name, "“%s”停用，已有内容保留。", c ? c->label : l->name);
    if (!layout_put(m, l, e)) return false;
  }
  return true;
}

/* ---- the profile's texts ---- */

static bool record_files(Migration *m, Error *e) {
  const Relation *r = catalogue_core(m->catalogue, "profile_file");
  typedef struct Known { int64_t id; const char *path; bool kept; } Known;
  Known *known = NULL;
  size_t count = 0, room = 0;
  STMT_SCOPE st = stmt_open(m->tx, "SELECT id, path FROM profile_file WHERE area_id = $1 ORDER BY id",
                            (Value[]){value_int(m->area)}, 1, e);
  if (!st) return false;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW)
    *PUSH(m->arena, known, count, room) = (Known){stmt_int(st, 0), arena_copy(m->arena, stmt_text(st, 1)), false};
  if (step == STEP_FAILED) return false;
  for (size_t i = 0; i < m->catalogue->file_count; i++) {
    const ProfileFile *f = &m->catalogue->files[i];
    int64_t id = 0;
    for (size_t k = 0; k < count; k++)
      if (!strcmp(known[k].path, f->path)) {
        id = known[k].id;
        known[k].kept = true;
      }
    Row row = fact(m, "profile_file", id);
    *row_at(row, "path") = value_text(f->path);
    *row_at(row, "text") = value_text(f->text);
    if (!change_put(m->revision, row, e)) return false;
  }
  for (size_t k = 0; k < count; k++) {
    if (known[k].kept) continue;
    Row row = fact(m, "profile_file", known[k].id);
    *row_at(row, "path") = value_text(known[k].path);
    *row_at(row, "text") = value_text("");
    row.v[r->state] = value_text(STATE_VOID);
    if (!change_put(m->revision, row, e)) return false;
  }
  return true;
}

static bool begin(Migration *m, const JournalKey *key, const char *op, const char *at, Error *e) {
  unsigned char bytes[16];
  char request_id[33];
  if (!random_bytes(bytes, sizeof bytes, e)) return false;
  hex_write(bytes, sizeof bytes, request_id);
  bool found = false;
  int64_t seq;
  RevisionHeader header = {.at = at, .actor = "本机", .op = op, .request_id = arena_copy(m->arena, request_id)};
  m->revision = revision_begin(m->arena, m->tx, m->area, key, header, &found, &seq, e);
  return m->revision != NULL;
}

static bool bring_up(Migration *m, Error *e) {
  for (size_t i = 0; i < m->catalogue->relation_count; i++)
    if (!migrate_relation(m, m->catalogue->relations[i], e)) return false;
  if (!retire_columns(m, e)) return false;
  if (m->refused.count) return issues_fail(&m->refused, e, "声明的改动不能生效，什么都没有改。");
  int64_t seq;
  return record_files(m, e) && revision_flush(m->revision, e) && revision_end(m->revision, &seq, e);
}

int site_lock(Arena *a, const char *folder, Error *e) {
  SiteSettings settings;
  if (!site_settings_read(a, folder, &settings, e)) return -1; /* no lock is left in a folder that is no site */
  int fd = open(site_path(a, folder, "lock"), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB)) return fd;
  if (fd < 0) return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "“%s”不能写入，请核对文件夹的权限和磁盘空间。", folder), -1;
  fail_because(e, ERROR_CONFLICT, strerror(errno), "这个站点正在服务或升级，请先停下再试。");
  close(fd);
  return -1;
}

bool site_migrate(Site *site, Issues *done, Error *e) {
  ARENA_SCOPE a = arena_new();
  int lock = site_lock(a, site->folder, e);
  if (lock < 0) return false;
  InstantText now;
  Migration m = {.arena = a, .catalogue = site->catalogue, .area = site->area, .done = done, .refused = {.arena = a}};
  m.tx = tx_begin(site->store, TX_WRITE, site->area, e);
  bool well = m.tx && begin(&m, &site->key, "site.migrate", clock_now(&site->clock, now), e) && layout_load(&m, e) &&
              bring_up(&m, e);
  if (well) well = tx_commit(m.tx, e);
  else if (m.tx) tx_rollback(m.tx);
  revision_drop(m.revision);
  close(lock);
  return well;
}

/* ---- a new site ---- */

static bool make_folder(const char *path, mode_t mode, Error *e) {
  if (!mkdir(path, mode) || errno == EEXIST) return true;
  return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能建立目录 %s，请检查上级目录和权限。", path);
}

static bool copy_file(const char *from, const char *to, Error *e) {
  char block[64 * 1024];
  FILE *in = fopen(from, "rb"), *out = in ? fopen(to, "wb") : NULL;
  bool well = out != NULL;
  size_t n;
  while (well && (n = fread(block, 1, sizeof block, in))) well = fwrite(block, 1, n, out) == n;
  well = well && !ferror(in) && !fflush(out) && !fsync(fileno(out));
  if (in) fclose(in);
  if (out && fclose(out)) well = false;
  return well || fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能把 %s 复制到 %s，请检查磁盘空间和权限。", from, to);
}

static bool copy_folder(Arena *a, const char *from, const char *to, int depth, Error *e) {
  if (!make_folder(to, 0755, e)) return false;
  DIR *folder = opendir(from);
  if (!folder) return fail_because(e, ERROR_MISSING, strerror(errno), "找不到声明目录 %s，请用 --profile 指出它在哪里。", from);
  bool well = true;
  for (struct dirent *entry; well && (entry = readdir(folder));) {
    if (entry->d_name[0] == '.') continue;
    const char *source = site_path(a, from, entry->d_name), *target = site_path(a, to, entry->d_name);
    struct stat st;
    if (stat(source, &st)) continue;
    if (S_ISDIR(st.st_mode)) well = depth < 4 && copy_folder(a, source, target, depth + 1, e);
    else if (S_ISREG(st.st_mode)) well = copy_file(source, target, e);
  }
  closedir(folder);
  return well;
}

static bool make_files(Arena *a, const char *folder, const char *profile_folder, JournalKey *key, Error *e) {
  const char *yaml = site_path(a, folder, "site.yaml");
  if (!access(yaml, F_OK)) return fail(e, ERROR_CONFLICT, "“%s”已经是一个站点，请换一个目录。", folder);
  if (!make_folder(folder, 0755, e) || !make_folder(site_path(a, folder, "keys"), 0700, e) ||
      !make_folder(site_path(a, folder, "files"), 0700, e) ||
      !copy_folder(a, profile_folder, site_path(a, folder, "profile"), 0, e))
    return false;
  const char *journal_key = site_path(a, folder, "keys/journal.key"), *ring = site_path(a, folder, "keys/keyring.db");
  bool made = !access(journal_key, F_OK) ? key_read(journal_key, key->at, e) : key_create(journal_key, key->at, e);
  Keyring *keyring = made ? keyring_open(ring, true, e) : NULL;
  keyring_close(keyring);
  return keyring != NULL;
}

static bool fill_store(Arena *a, Store *store, const char *folder, const JournalKey *key, const Clock *clock, int64_t area,
                       Error *e) {
  Issues issues = {.arena = a}, done = {.arena = a};
  Migration m = {.arena = a, .area = area, .done = &done, .refused = {.arena = a}};
  m.catalogue = catalogue_load(a, site_path(a, folder, "profile"), NULL, &issues, e);
  if (!m.catalogue) return issues.count ? issues_fail(&issues, e, "台账声明有误。") : false;
  m.tx = tx_begin(store, TX_WRITE, area, e);
  if (!m.tx) return false;
  InstantText now;
  bool well = journal_create(m.tx, e) && journal_create_area(m.tx, area, e) && org_spans_create(m.tx, e) &&
              begin(&m, key, "site.create", clock_now(clock, now), e);
  if (well && bring_up(&m, e)) return tx_commit(m.tx, e);
  tx_rollback(m.tx);
  revision_drop(m.revision);
  return false;
}

bool site_create(const char *folder, const char *store_url, const char *profile_folder, Date clock, Error *e) {
  ARENA_SCOPE a = arena_new();
  JournalKey key;
  SiteSettings settings = {.store_url = store_url, .area = 1, .clock = clock};
  Clock ticking = {.fixed = clock};
  if (!make_files(a, folder, profile_folder, &key, e)) return false;
  STORE_SCOPE store = store_open(store_url ? store_url : site_path(a, folder, "luoshi.db"), true, e);
  return store && fill_store(a, store, folder, &key, &ticking, settings.area, e) &&
         site_settings_write(folder, &settings, e);
}
