/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Keeping the keys, and putting them back. Erasures are rows of the journal, so a keyring that is older than an
 * erasure cannot bring back what was erased. */
#include "access/keys.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/seal.h"

static const char journal_key_ddl[] = "CREATE TABLE journal_key(n {int} NOT NULL, key {bytes} NOT NULL, PRIMARY KEY(n)) {strict}";

/* ---- out ---- */

static bool add_journal_key(const char *path, const JournalKey *key, Error *e) {
  STORE_SCOPE s = store_open(path, false, e);
  TX_SCOPE tx = s ? tx_begin(s, TX_WRITE, 0, e) : NULL;
  return tx && store_ddl(tx, journal_key_ddl, e) &&
         tx_exec(tx, "INSERT INTO journal_key(n, key) VALUES (1, $1)", (Value[]){value_bytes(key->at, JOURNAL_KEY)}, 1, NULL, e) &&
         tx_commit(tx, e);
}

static const char *note_path(const Site *site) { return site_path(site->arena, site->folder, "keys/backed_up"); }

static bool write_note(Site *site, Error *e) {
  int64_t keys = 0;
  if (!keyring_made(site->keyring, &keys, e)) return false;
  const char *path = note_path(site), *part = arena_print(site->arena, "%s.part", path);
  FILE *f = fopen(part, "wbe");
  bool written = f && fprintf(f, "%d %lld\n", (int)clock_today(&site->clock), (long long)keys) > 0 && !fflush(f) &&
                 !fsync(fileno(f)) && !fchmod(fileno(f), 0600);
  if (f && fclose(f)) written = false;
  if (written && !rename(part, path)) return true;
  return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "密钥已备份，但记不下这件事：请检查 %s/keys 的权限和磁盘空间。",
                      site->folder);
}

bool keys_backup(Site *site, const char *path, Error *e) {
  if (!keyring_backup(site->keyring, path, e)) return false;
  if (add_journal_key(path, &site->key, e)) return write_note(site, e);
  unlink(path);
  return false;
}

KeysBackup keys_backed_up(const Site *site) {
  int on = 0;
  long long keys = 0;
  char line[64] = "", *rest = line;
  FILE *f = fopen(note_path(site), "rbe");
  if (f && fgets(line, sizeof line, f)) {
    on = (int)strtol(line, &rest, 10);
    keys = strtoll(rest, NULL, 10);
  }
  if (f) fclose(f);
  return date_valid(on) ? (KeysBackup){on, keys} : (KeysBackup){0};
}

/* ---- back ---- */

static bool read_journal_key(Store *s, const char *path, JournalKey *out, Error *e) {
  ARENA_SCOPE a = arena_new();
  StoreColumn *columns;
  size_t count = 0, n = 0;
  TX_SCOPE tx = tx_begin(s, TX_READ, 0, e);
  if (!tx || !store_columns(tx, a, "journal_key", &columns, &count, e)) return false;
  STMT_SCOPE st = count ? stmt_open(tx, "SELECT key FROM journal_key", NULL, 0, e) : NULL;
  if (count && !st) return false;
  const void *key = st && stmt_step(st, e) == STEP_ROW ? stmt_bytes(st, 0, &n) : NULL;
  if (n == JOURNAL_KEY) memcpy(out->at, key, JOURNAL_KEY);
  return n == JOURNAL_KEY || fail(e, ERROR_BROKEN, "%s 不是密钥备份，请用 luoshi backup --keys 做成的文件。", path);
}

static bool copy_keyring(Store *backup, const char *to, Error *e) {
  if (!store_backup(backup, to, e)) return false;
  STORE_SCOPE copy = store_open(to, false, e);
  TX_SCOPE tx = copy ? tx_begin(copy, TX_WRITE, 0, e) : NULL;
  return tx && store_ddl(tx, "DROP TABLE journal_key", e) && tx_commit(tx, e);
}

static bool erase_again(Site *site, size_t *erased, Error *e) {
  TX_SCOPE tx = tx_begin(site->store, TX_READ, site->area, e);
  STMT_SCOPE st = tx ? stmt_open(tx, "SELECT relation, \"row\" FROM erasure WHERE area_id = $1 AND state <> $2 ORDER BY id",
                                 (Value[]){value_int(site->area), value_text(STATE_VOID)}, 2, e)
                     : NULL;
  if (!st) return false;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    const Relation *r = catalogue_find(site->catalogue, stmt_text(st, 0));
    if (r && !keyring_erase(site->keyring, site->area, r, stmt_int(st, 1), e)) return false;
    ++*erased;
  }
  return step == STEP_DONE;
}

static bool put_back(const char *folder, const char *path, const char *key_path, const char *ring_path, size_t *erased, Error *e) {
  JournalKey key;
  STORE_SCOPE backup = store_open(path, false, e);
  bool put = backup && read_journal_key(backup, path, &key, e) && key_write(key_path, key.at, e) && copy_keyring(backup, ring_path, e);
  OPENSSL_cleanse(&key, sizeof key);
  SITE_SCOPE site = put ? site_open(folder, true, e) : NULL;
  return site && erase_again(site, erased, e) && write_note(site, e);
}

bool keys_restore(const char *folder, const char *path, size_t *erased, Error *e) {
  ARENA_SCOPE a = arena_new();
  SiteSettings settings;
  const char *keys = site_path(a, folder, "keys");
  const char *key_path = site_path(a, keys, "journal.key"), *ring_path = site_path(a, keys, "keyring.db");
  if (!site_settings_read(a, folder, &settings, e)) return false;
  if (!access(key_path, F_OK) || !access(ring_path, F_OK))
    return fail(e, ERROR_CONFLICT, "%s 里已有密钥，不会覆盖；确要放回备份，请先把其中的文件移走保存。", keys);
  if (mkdir(keys, 0700) && errno != EEXIST)
    return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能建立目录 %s，请检查上级目录和权限。", keys);
  *erased = 0;
  if (put_back(folder, path, key_path, ring_path, erased, e)) return true;
  unlink(key_path);
  unlink(ring_path);
  return false;
}
