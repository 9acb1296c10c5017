/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The backup is looked at before anything is touched; its files are put where rows will look for them; then the old
 * database is renamed, the backup copied under the name in force as a whole or not at all, and when that fails the old
 * one goes back. */
#include "operation/restore.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "journal/seal.h"
#include "operation/migrate.h"

static const char *const ends[] = {"", "-wal", "-shm"};
enum { ENDS = sizeof ends / sizeof *ends };

static bool check_backup(Store *backup, const char *path, int64_t area, const JournalKey *key, int64_t *seq, Error *e) {
  Glance glance;
  TX_SCOPE tx = tx_begin(backup, TX_READ, area, e);
  if (!tx || !journal_glance(tx, area, key, &glance, e) ||
      !tx_int(tx, "SELECT seq FROM head WHERE area_id = $1", (Value[]){value_int(area)}, 1, seq, NULL, e))
    return false;
  if (glance == GLANCE_KEY) return fail(e, ERROR_BROKEN, "%s 不是这个站点的备份（密钥不符），请换成本站的备份。", path);
  return glance == GLANCE_SOUND || fail(e, ERROR_BROKEN, "%s 的记录链末尾不完整，请换一份备份。", path);
}

static bool move_all(Arena *a, const char *from, const char *to, Error *e) {
  for (size_t i = 0; i < ENDS; i++) {
    const char *old = arena_print(a, "%s%s", from, ends[i]), *new = arena_print(a, "%s%s", to, ends[i]);
    if (rename(old, new) && errno != ENOENT)
      return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能把 %s 移开，请检查目录权限。", old);
  }
  return true;
}

/* The last revision of what stands there; -1 where it cannot be read, which may be why it is replaced. */
static int64_t head_of(const char *db, int64_t area) {
  Error ignored = {0};
  int64_t seq = -1;
  STORE_SCOPE store = access(db, F_OK) ? NULL : store_open(db, false, &ignored);
  TX_SCOPE tx = store ? tx_begin(store, TX_READ, area, &ignored) : NULL;
  if (!tx || !tx_int(tx, "SELECT seq FROM head WHERE area_id = $1", (Value[]){value_int(area)}, 1, &seq, NULL, &ignored)) return -1;
  return seq;
}

/* A revision without changes: who put which state in place of which. It is the first that the backup did not have. */
static bool note(Arena *a, const char *db, int64_t area, const JournalKey *key, const Clock *clock, const char *actor, int64_t to, int64_t from, Error *e) {
  InstantText now;
  bool found = false;
  int64_t seq;
  const char *id = arena_print(a, "restore-%" PRId64 "-from-%" PRId64 "-at-%" PRId64, to, from, (int64_t)time(NULL));
  RevisionHeader header = {.at = clock_now(clock, now), .actor = actor, .op = "site.restore", .request_id = id};
  STORE_SCOPE store = store_open(db, false, e);
  if (!store) return false;
  Tx *tx = tx_begin(store, TX_WRITE, area, e);
  REVISION_SCOPE revision = tx ? revision_begin(a, tx, area, key, header, &found, &seq, e) : NULL;
  if (revision && revision_end(revision, &seq, e)) {
    revision = NULL; /* given back with its end */
    return tx_commit(tx, e);
  }
  if (tx) tx_rollback(tx);
  return false;
}

/* What was put in place is a copy: it goes, and what stood there comes back. */
static void put_back(Arena *a, const char *aside, const char *db) {
  Error ignored = {0};
  for (size_t i = 0; i < ENDS; i++) unlink(arena_print(a, "%s%s", db, ends[i]));
  move_all(a, aside, db, &ignored);
}

static bool exchange(Arena *a, Store *backup, const char *db, int64_t area, Restored *out, Error *e) {
  Error ignored = {0};
  bool there = !access(db, F_OK);
  const char *aside = arena_print(a, "%s.%" PRId64, db, (int64_t)time(NULL));
  if (there && !access(aside, F_OK)) return fail(e, ERROR_CONFLICT, "%s 已经有了，请稍后再试。", aside);
  if (!move_all(a, db, aside, e)) return false;
  if (store_backup_with(backup, db, backup_without_files, &area, e)) {
    out->aside = there ? aside : NULL;
    return true;
  }
  move_all(a, aside, db, &ignored);
  return false;
}

/* The backup, opened and found to be this site's. */
static Store *open_own(Arena *a, const char *folder, const char *path, const SiteSettings *settings, JournalKey *key, int64_t *seq, Error *e) {
  if (!key_read(site_path(a, folder, "keys/journal.key"), key->at, e)) return NULL;
  Store *backup = store_open(path, false, e);
  if (backup && check_backup(backup, path, settings->area, key, seq, e)) return backup;
  store_close(backup);
  return NULL;
}

static bool is_elsewhere(const char *store_url, Error *e) {
  if (!store_url || !strstr(store_url, "://")) return false;
  fail(e, ERROR_INVALID, "这个站点的数据在 PostgreSQL 里，请用 PostgreSQL 自己的备份恢复，再用 luoshi restore --files 放回附件，"
                         "最后运行 luoshi audit。");
  return true;
}

bool restore_possible(const Site *site, Error *e) { return !is_elsewhere(site->store_url, e); }

static bool restore(Arena *a, const char *folder, const char *path, const char *actor, Restored *out, Error *e) {
  SiteSettings settings;
  JournalKey key;
  if (!site_settings_read(a, folder, &settings, e) || is_elsewhere(settings.store_url, e)) return false;
  const char *db = settings.store_url ? settings.store_url : site_path(a, folder, "luoshi.db");
  int64_t from = head_of(db, settings.area);
  Clock clock = {settings.clock};
  STORE_SCOPE backup = open_own(a, folder, path, &settings, &key, &out->seq, e);
  if (!backup || !backup_files_back(backup, folder, settings.area, &out->files, e) || !exchange(a, backup, db, settings.area, out, e)) return false;
  if (note(a, db, settings.area, &key, &clock, actor, out->seq, from, e)) return true;
  if (out->aside) put_back(a, out->aside, db);
  return false;
}

bool site_restore(Arena *a, const char *folder, const char *path, Restored *out, Error *e) {
  SiteSettings settings;
  *out = (Restored){0};
  if (!site_settings_read(a, folder, &settings, e)) return false; /* no lock in a folder that is no site */
  int lock = site_lock(a, folder, e);
  bool done = lock >= 0 && restore(a, folder, path, "本机", out, e);
  if (lock >= 0) close(lock);
  return done;
}

/* A site that cannot be opened at all is what a restore is for. */
bool restore_settled(const char *folder, Error *e) {
  Error ignored = {0};
  SITE_SCOPE site = site_open(folder, true, &ignored);
  return !site || !site->profile_changed || fail(e, ERROR_CONFLICT, "站点的规则改过、还没有生效，请先停下服务运行 luoshi migrate，再来恢复。");
}

bool site_restore_held(Arena *a, const char *folder, const char *path, const char *actor, Restored *out, Error *e) {
  *out = (Restored){0};
  if (!restore(a, folder, path, actor, out, e)) return false;
  SITE_SCOPE site = site_open(folder, false, e);
  if (site || !out->aside) return site != NULL;
  SiteSettings settings;
  Error ignored = {0};
  if (site_settings_read(a, folder, &settings, &ignored))
    put_back(a, out->aside, settings.store_url ? settings.store_url : site_path(a, folder, "luoshi.db"));
  return false;
}

bool site_restore_files(Arena *a, const char *folder, const char *path, FilesBack *out, Error *e) {
  SiteSettings settings;
  JournalKey key;
  int64_t seq;
  *out = (FilesBack){0};
  if (!site_settings_read(a, folder, &settings, e)) return false;
  STORE_SCOPE backup = open_own(a, folder, path, &settings, &key, &seq, e);
  return backup && backup_files_back(backup, folder, settings.area, out, e);
}

bool backup_check(const Site *site, const char *path, BackupSeen *out, Error *e) {
  *out = (BackupSeen){0};
  STORE_SCOPE backup = store_open(path, false, e);
  return backup && check_backup(backup, path, site->area, &site->key, &out->seq, e) &&
         backup_files_count(backup, site->area, &out->files, e);
}
