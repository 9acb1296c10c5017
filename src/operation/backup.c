/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Files in a backup (backup.h): table backup_file, a file in parts of a megabyte. The database is copied first and its
 * own rows say which files go in: a file is on disk before a row names it, so none is missed. Each is held against its
 * name on the way in and on the way out; one that is not what it should be is counted and left out, since a backup
 * without it is better than none. */
#include "operation/backup.h"

#include <string.h>

#include "access/files.h"

enum { PART = 1024 * 1024, TOGETHER = 32 * 1024 * 1024 /* bytes of a commit */ };

static const char table_ddl[] = "CREATE TABLE \"backup_file\" (\"area_id\" {int} NOT NULL, \"hash\" {text} NOT NULL, "
                                "\"part\" {int} NOT NULL, \"bytes\" {bytes} NOT NULL, PRIMARY KEY (\"area_id\", \"hash\", \"part\"))";

/* ---- in ---- */

typedef struct Filling { Site *site; BackedUp *out; Tx *tx; size_t pending; } Filling;

static bool put_parts(Filling *f, const char *hash, const char *bytes, size_t n, Error *e) {
  for (size_t at = 0, part = 0; at < n; at += PART, part++) {
    Value row[] = {value_int(f->site->area), value_text(hash), value_int((int64_t)part),
                   value_bytes(bytes + at, n - at < PART ? n - at : PART)};
    if (!tx_exec(f->tx, "INSERT INTO \"backup_file\" VALUES ($1, $2, $3, $4)", row, 4, NULL, e)) return false;
  }
  f->pending += n;
  return true;
}

static bool put_file(Filling *f, const char *hash, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char *bytes;
  size_t n;
  Error why = {0};
  if (files_read(f->site, a, hash, &bytes, &n, &why)) {
    f->out->files++;
    return put_parts(f, hash, bytes, n, e);
  }
  f->out->missing++;
  return true;
}

/* The log beside the copy must not grow with all of it. */
static bool commit_some(Filling *f, Store *copy, bool last, Error *e) {
  if (!last && f->pending < TOGETHER) return true;
  f->pending = 0;
  if (!tx_commit(f->tx, e)) return false;
  return last || (f->tx = tx_begin(copy, TX_WRITE, f->site->area, e)) != NULL;
}

static bool named_in(Store *copy, Arena *a, int64_t area, FileNamed **named, size_t *count, Error *e) {
  TX_SCOPE tx = tx_begin(copy, TX_READ, area, e);
  return tx && files_named(tx, a, area, named, count, e);
}

static bool fill(Store *copy, void *context, Error *e) {
  ARENA_SCOPE a = arena_new();
  Filling *f = context;
  FileNamed *named;
  size_t count;
  if (!named_in(copy, a, f->site->area, &named, &count, e)) return false;
  f->tx = tx_begin(copy, TX_WRITE, f->site->area, e);
  bool well = f->tx && store_ddl(f->tx, table_ddl, e);
  for (size_t i = 0; well && i < count; i++) well = put_file(f, named[i].hash, e) && commit_some(f, copy, false, e);
  if (well) return commit_some(f, copy, true, e);
  if (f->tx) tx_rollback(f->tx);
  return false;
}

bool site_backup(Site *site, const char *path, BackedUp *out, Error *e) {
  *out = (BackedUp){0};
  Filling f = {.site = site, .out = out};
  return store_backup_with(site->store, path, fill, &f, e);
}

/* ---- out ---- */

static bool has_table(Tx *tx, bool *out, Error *e) {
  ARENA_SCOPE a = arena_new();
  StoreColumn *columns;
  size_t count;
  if (!store_columns(tx, a, "backup_file", &columns, &count, e)) return false;
  *out = count > 0;
  return true;
}

typedef struct Emptying {
  Site place; /* no more than a folder */
  FilesBack *out;
  char hash[FILES_HASH + 1];
  Text bytes;
  int64_t next; /* part */
  bool whole;
} Emptying;

/* The file that is complete now. A disk that cannot be written to ends it all; a file that is wrong does not. */
static bool put_back(Emptying *m, Error *e) {
  Error why = {0};
  bool back = m->whole && !m->bytes.full && files_put_back(&m->place, m->hash, text_get(&m->bytes), m->bytes.length, &why);
  if (!back && why.kind && why.kind != ERROR_BROKEN) return *e = why, false;
  if (back) m->out->files++;
  else m->out->broken++;
  return true;
}

static bool take_part(Emptying *m, const Stmt *st, Error *e) {
  const char *hash = stmt_text(st, 0);
  size_t n;
  bool named = strlen(hash) == FILES_HASH && strspn(hash, "0123456789abcdef") == FILES_HASH;
  if (strcmp(hash, m->hash) != 0) {
    if (*m->hash && !put_back(m, e)) return false;
    if (named) memcpy(m->hash, hash, sizeof m->hash);
    else *m->hash = 0, m->out->broken++;
    text_clear(&m->bytes);
    m->next = 0;
    m->whole = true;
  }
  const void *bytes = stmt_bytes(st, 2, &n);
  m->whole = m->whole && stmt_int(st, 1) == m->next++;
  if (named) text_add_n(&m->bytes, bytes, n);
  return true;
}

bool backup_files_back(Store *backup, const char *folder, int64_t area, FilesBack *out, Error *e) {
  bool there;
  *out = (FilesBack){0};
  TX_SCOPE tx = tx_begin(backup, TX_READ, area, e);
  if (!tx || !has_table(tx, &there, e)) return false;
  if (!there) return true;
  Emptying m = {.place = {.folder = folder}, .out = out, .bytes = text_new(FILES_BYTES + 1)};
  STMT_SCOPE st = stmt_stream(tx, "SELECT \"hash\", \"part\", \"bytes\" FROM \"backup_file\" WHERE area_id = $1 ORDER BY \"hash\", \"part\"",
                              (Value[]){value_int(area)}, 1, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW)
    if (!take_part(&m, st, e)) break;
  bool well = step == STEP_DONE && (!*m.hash || put_back(&m, e));
  text_free(&m.bytes);
  return well;
}

bool backup_files_count(Store *backup, int64_t area, int64_t *out, Error *e) {
  bool there;
  *out = 0;
  TX_SCOPE tx = tx_begin(backup, TX_READ, area, e);
  return tx && has_table(tx, &there, e) &&
         (!there || tx_int(tx, "SELECT count(*) FROM \"backup_file\" WHERE area_id = $1 AND \"part\" = 0", (Value[]){value_int(area)}, 1,
                           out, NULL, e));
}

bool backup_without_files(Store *copy, void *area, Error *e) {
  bool there;
  TX_SCOPE tx = tx_begin(copy, TX_WRITE, *(int64_t *)area, e);
  if (!tx || !has_table(tx, &there, e)) return false;
  if (!there) return true;
  return store_ddl(tx, "DROP TABLE \"backup_file\"", e) && tx_commit(tx, e) && store_compact(copy, e);
}
