/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Files on disk by their content (files.h). What must stay true: a path is made of a digest and nothing else; a file
 * under its name is whole, since it is written beside and renamed; and what a record ever named is never taken away:
 * it is read-only from then on, and the sweep asks the rows as well, under the lock under which operations write, so
 * that no file goes while somebody is about to name it. */
#include "access/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/disk.h"
#include "journal/seal.h"

static bool is_hash(const char *s) { return strlen(s) == FILES_HASH && strspn(s, "0123456789abcdef") == FILES_HASH; }

static bool hash_of(const void *bytes, size_t n, char out[FILES_HASH + 1], Error *e) {
  Digest digest;
  SEAL_SCOPE seal = seal_new(NULL, e);
  if (!seal) return false;
  seal_start(seal);
  seal_bytes(seal, bytes, n);
  if (!seal_finish(seal, &digest, e)) return false;
  hex_write(digest.at, SEAL_SIZE, out);
  return true;
}

static const char *folder_of(const Site *site, Arena *a, const char *hash) {
  return arena_print(a, "%s/files/%.2s", site->folder, hash);
}

/* NULL: no hash, so no file. */
static const char *path_of(const Site *site, Arena *a, const char *hash) {
  return is_hash(hash) ? arena_print(a, "%s/%s", folder_of(site, a, hash), hash) : NULL;
}

/* ---- one file ---- */

bool files_has(const Site *site, const char *hash, int64_t *size) {
  ARENA_SCOPE a = arena_new();
  struct stat about;
  const char *path = path_of(site, a, hash);
  bool there = path && !lstat(path, &about) && S_ISREG(about.st_mode);
  if (size) *size = there ? (int64_t)about.st_size : 0;
  return there;
}

bool files_read(const Site *site, Arena *a, const char *hash, const char **bytes, size_t *n, Error *e) {
  char found[FILES_HASH + 1];
  const char *path = path_of(site, a, hash);
  if (!path || !files_has(site, hash, NULL))
    return fail(e, ERROR_MISSING, "附件的文件不在了，请负责人从备份放回（luoshi restore --files 备份文件）。");
  if (!disk_read(a, path, FILES_BYTES, bytes, n, e)) {
    if (e->kind != ERROR_LIMIT) return false; /* larger than any is put in */
  } else if (!hash_of(*bytes, *n, found, e)) {
    return false;
  } else if (!strcmp(found, hash)) {
    return true;
  }
  return fail(e, ERROR_BROKEN, "附件的文件被改动过，与上传时不同，请负责人从备份放回（luoshi restore --files 备份文件）。");
}

static bool is_whole(const Site *site, const char *hash) {
  ARENA_SCOPE a = arena_new();
  const char *bytes;
  size_t n;
  Error ignored = {0};
  return files_has(site, hash, NULL) && files_read(site, a, hash, &bytes, &n, &ignored);
}

static bool write_file(const Site *site, const char *hash, const void *bytes, size_t n, Error *e) {
  ARENA_SCOPE a = arena_new();
  return disk_folder(site_path(a, site->folder, "files"), e) && disk_folder(folder_of(site, a, hash), e) &&
         disk_replace(path_of(site, a, hash), bytes, n, e);
}

/* Its idle time begins anew. */
static bool touch(const Site *site, const char *hash) {
  ARENA_SCOPE a = arena_new();
  return !utimensat(AT_FDCWD, path_of(site, a, hash), NULL, AT_SYMLINK_NOFOLLOW);
}

bool files_keep(const Site *site, const void *bytes, size_t n, char hash[FILES_HASH + 1], const FileKind **kind, Error *e) {
  if (n > FILES_BYTES)
    return fail(e, ERROR_LIMIT, "文件太大，一份最多%dMB，请压缩图片，或分成几份。", FILES_BYTES / 1024 / 1024);
  *kind = files_kind(bytes, n, e);
  if (!*kind || !hash_of(bytes, n, hash, e)) return false;
  return (is_whole(site, hash) && touch(site, hash)) || write_file(site, hash, bytes, n, e);
}

bool files_settle(const Site *site, const char *hash, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char *path = path_of(site, a, hash);
  if (path && !chmod(path, 0400)) return true;
  return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "附件的文件不能设为只读，请检查 %s/files 的权限。", site->folder);
}

bool files_put_back(const Site *site, const char *hash, const void *bytes, size_t n, Error *e) {
  char found[FILES_HASH + 1];
  if (!hash_of(bytes, n, found, e)) return false;
  if (strcmp(found, hash) != 0) return fail(e, ERROR_BROKEN, "备份里的一份附件与它的摘要不符，没有放回，请换一份备份再试。");
  return (is_whole(site, hash) || write_file(site, hash, bytes, n, e)) && files_settle(site, hash, e);
}

/* ---- what rows name ---- */

bool files_named(Tx *tx, Arena *a, int64_t area, FileNamed **out, size_t *count, Error *e) {
  StoreColumn *columns;
  size_t column_count, room = 0;
  *out = NULL;
  *count = 0;
  if (!store_columns(tx, a, "attachment", &columns, &column_count, e)) return false;
  if (!column_count) return true;
  STMT_SCOPE st = stmt_stream(tx,
                              "SELECT \"hash\", \"name\", \"relation\", \"row\", \"size\" FROM \"attachment\" "
                              "WHERE area_id = $1 ORDER BY \"hash\", id",
                              (Value[]){value_int(area)}, 1, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) {
    const char *hash = stmt_text(st, 0);
    if (!is_hash(hash) || (*count && !strcmp((*out)[*count - 1].hash, hash))) continue;
    *PUSH(a, *out, *count, room) = (FileNamed){arena_copy(a, hash), arena_copy(a, stmt_text(st, 1)),
                                               arena_copy(a, stmt_text(st, 2)), stmt_int(st, 3), stmt_int(st, 4)};
  }
  return step == STEP_DONE;
}

static const char *place_of(const Site *site, Arena *a, const FileNamed *f) {
  const Relation *r = catalogue_find(site->catalogue, f->relation);
  return arena_print(a, "%s编号%lld", r ? r->label : f->relation, (long long)f->row);
}

bool files_check(const Site *site, Tx *tx, bool fully, size_t *count, Issues *amiss, Error *e) {
  ARENA_SCOPE a = arena_new();
  FileNamed *all;
  if (!files_named(tx, a, site->area, &all, count, e)) return false;
  for (size_t i = 0; i < *count; i++) {
    const FileNamed *f = &all[i];
    int64_t size;
    if (!files_has(site, f->hash, &size))
      issue_add(amiss, place_of(site, amiss->arena, f), NULL, "附件“%s”的文件不在了，请从备份放回（luoshi restore --files 备份文件）。", f->name);
    else if (size != f->size || (fully && !is_whole(site, f->hash)))
      issue_add(amiss, place_of(site, amiss->arena, f), NULL, "附件“%s”的文件与上传时不同，请从备份放回（luoshi restore --files 备份文件）。", f->name);
  }
  return true;
}

/* ---- the sweep ---- */

static int by_hash(const void *key, const void *item) { return strcmp(key, ((const FileNamed *)item)->hash); }

/* A part that was never finished, or a file that nobody came to name. */
static bool is_stray(const char *path, const char *name, const FileNamed *named, size_t count, time_t now) {
  struct stat about;
  if (lstat(path, &about) || !S_ISREG(about.st_mode) || now - about.st_mtime <= FILES_IDLE) return false;
  if (strstr(name, DISK_PART)) return true;
  bool settled = !(about.st_mode & S_IWUSR);
  return is_hash(name) && !settled && !(count && bsearch(name, named, count, sizeof *named, by_hash));
}

static void sweep_folder(Arena *a, const char *path, const FileNamed *named, size_t count) {
  DIR *folder = opendir(path);
  time_t now = time(NULL);
  for (struct dirent *entry; folder && (entry = readdir(folder));) {
    if (*entry->d_name == '.') continue;
    ArenaMark mark = arena_mark(a);
    const char *file = arena_print(a, "%s/%s", path, entry->d_name);
    if (is_stray(file, entry->d_name, named, count, now)) unlink(file);
    arena_back(a, mark);
  }
  if (folder) closedir(folder);
}

bool files_sweep(Site *site, Error *e) {
  ARENA_SCOPE a = arena_new();
  FileNamed *named;
  size_t count;
  const char *path = site_path(a, site->folder, "files");
  DIR *all = opendir(path);
  if (!all) return errno == ENOENT || fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能读附件目录，请检查 %s 的权限。", path);
  TX_SCOPE tx = tx_begin(site->store, TX_WRITE, site->area, e);
  bool read = tx && files_named(tx, a, site->area, &named, &count, e);
  for (struct dirent *one; read && (one = readdir(all));) {
    if (strlen(one->d_name) != 2 || *one->d_name == '.') continue;
    sweep_folder(a, arena_print(a, "%s/%s", path, one->d_name), named, count);
  }
  closedir(all);
  return read;
}
