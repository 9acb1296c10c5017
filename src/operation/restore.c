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
static Store *open_own(Arena *a, const char *folder, const char *path, const SiteSettings *settings, int64_t *seq, Error *e) {
  JournalKey key;
  if (!key_read(site_path(a, folder, "keys/journal.key"), key.at, e)) return NULL;
  Store *backup = store_open(path, false, e);
  if (backup && check_backup(backup, path, settings->area, &key, seq, e)) return backup;
  store_close(backup);
  return NULL;
}

static bool restore(Arena *a, const char *folder, const char *path, Restored *out, Error *e) {
  SiteSettings settings;
  if (!site_settings_read(a, folder, &settings, e)) return false;
  if (settings.store_url && strstr(settings.store_url, "://"))
    return fail(e, ERROR_INVALID, "这个站点的数据在 PostgreSQL 里，请用 PostgreSQL 自己的备份恢复，再用 luoshi restore --files 放回附件，"
                                  "最后运行 luoshi audit。");
  const char *db = settings.store_url ? settings.store_url : site_path(a, folder, "luoshi.db");
  STORE_SCOPE backup = open_own(a, folder, path, &settings, &out->seq, e);
  return backup && backup_files_back(backup, folder, settings.area, &out->files, e) &&
         exchange(a, backup, db, settings.area, out, e);
}

bool site_restore(Arena *a, const char *folder, const char *path, Restored *out, Error *e) {
  SiteSettings settings;
  *out = (Restored){0};
  if (!site_settings_read(a, folder, &settings, e)) return false; /* no lock in a folder that is no site */
  int lock = site_lock(a, folder, e);
  bool done = lock >= 0 && restore(a, folder, path, out, e);
  if (lock >= 0) close(lock);
  return done;
}

bool site_restore_files(Arena *a, const char *folder, const char *path, FilesBack *out, Error *e) {
  SiteSettings settings;
  int64_t seq;
  *out = (FilesBack){0};
  if (!site_settings_read(a, folder, &settings, e)) return false;
  STORE_SCOPE backup = open_own(a, folder, path, &settings, &seq, e);
  return backup && backup_files_back(backup, folder, settings.area, out, e);
}

bool backup_check(const Site *site, const char *path, BackupSeen *out, Error *e) {
  *out = (BackupSeen){0};
  STORE_SCOPE backup = store_open(path, false, e);
  return backup && check_backup(backup, path, site->area, &site->key, &out->seq, e) &&
         backup_files_count(backup, site->area, &out->files, e);
}
