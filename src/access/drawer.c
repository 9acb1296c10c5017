/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Drawers as files (drawer.h). What must stay true: a name never comes from input but through a digest; the
 * head of a sheet is compared with what was asked for, so that a file moved by hand is nobody's; the age is
 * the file's own time, since a demo's clock stands still. */
#include "access/drawer.h"

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

enum { HEAD_MOST = 4 * DRAWER_WORD + 64, LOOKED_AT = 10000 /* files of one drawer */ };
static const int64_t expires = (int64_t)DRAWER_DAYS * 24 * 3600;

static const char *digest_of(Arena *a, const char *one, const char *two, Error *e) {
  Digest digest;
  SEAL_SCOPE seal = seal_new(NULL, e);
  if (!seal) return NULL;
  seal_start(seal);
  seal_string(seal, one, strlen(one));
  seal_string(seal, two, strlen(two));
  if (!seal_finish(seal, &digest, e)) return NULL;
  char *hex = arena_alloc(a, SEAL_HEX);
  hex_write(digest.at, SEAL_SIZE, hex);
  return hex;
}

static bool is_word(const char *s) { return *s && strlen(s) <= DRAWER_WORD && !strpbrk(s, "\r\n"); }

static const char *drawer_of(const Site *site, Arena *a, const char *account, Error *e) {
  if (!is_word(account)) return fail(e, ERROR_BUG, "没有这样的账号。"), NULL;
  const char *name = digest_of(a, "drawer", account, e);
  return name ? arena_print(a, "%s/drawer/%s", site->folder, name) : NULL;
}

/* What every sheet begins with, and what must be read there again. */
static const char *head_of(Arena *a, const char *account, const char *kind, const char *key) {
  return arena_print(a, "%s\n%s\n%s\n", account, kind, key);
}

static const char *sheet_path(const Site *site, Arena *a, const char *account, const char *kind, const char *key, Error *e) {
  if (!is_word(kind) || !is_word(key)) return fail(e, ERROR_INVALID, "草稿的名称太长或有换行，请改短后再存。"), NULL;
  const char *drawer = drawer_of(site, a, account, e), *name = drawer ? digest_of(a, kind, key, e) : NULL;
  return name ? arena_print(a, "%s/%s", drawer, name) : NULL;
}

static int64_t now(void) { return (int64_t)time(NULL); }

/* ---- looking through a drawer ---- */

typedef struct Found { const char *path; Sheet sheet; } Found;

static int newest_first(const void *a, const void *b) {
  const Found *x = a, *y = b;
  if (x->sheet.at != y->sheet.at) return x->sheet.at < y->sheet.at ? 1 : -1;
  return strcmp(x->path, y->path);
}

/* The key of a sheet of this account and kind; NULL: another's. */
static const char *key_in(Arena *a, const char *path, const char *account, const char *kind, size_t *head) {
  char start[HEAD_MOST];
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  ssize_t got = fd >= 0 ? read(fd, start, sizeof start) : -1;
  if (fd >= 0) close(fd);
  const char *wanted = head_of(a, account, kind, "");
  size_t n = strlen(wanted) - 1; /* without the key's line end */
  if (got < (ssize_t)n || memcmp(start, wanted, n) != 0) return NULL;
  const char *end = memchr(start + n, '\n', (size_t)got - n);
  if (!end) return NULL;
  *head = (size_t)(end - start) + 1;
  return arena_slice(a, start + n, (size_t)(end - start) - n);
}

static bool is_old(const struct stat *about) { return now() - (int64_t)about->st_mtime > expires; }

static void look_at(Arena *a, const char *path, const char *account, const char *kind, Found **all, size_t *count, size_t *room) {
  struct stat about;
  size_t head = 0;
  if (lstat(path, &about) != 0 || !S_ISREG(about.st_mode)) return;
  if (is_old(&about)) {
    unlink(path);
    return;
  }
  if (strstr(strrchr(path, '/'), DISK_PART)) return;
  const char *key = key_in(a, path, account, kind, &head);
  if (!key || (size_t)about.st_size < head) return;
  *PUSH(a, *all, *count, *room) =
      (Found){path, {.key = key, .at = (int64_t)about.st_mtime, .size = (size_t)about.st_size - head}};
}

static bool look_through(const Site *site, Arena *a, const char *account, const char *kind, Found **all, size_t *count, Error *e) {
  const char *drawer = drawer_of(site, a, account, e);
  size_t room = 0, looked = 0;
  *all = NULL;
  *count = 0;
  if (!drawer) return false;
  DIR *folder = opendir(drawer);
  if (!folder && errno == ENOENT) return true;
  if (!folder) return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能读草稿目录，请检查 %s/drawer 的权限。", site->folder);
  for (struct dirent *entry; looked++ < LOOKED_AT && (entry = readdir(folder));)
    if (*entry->d_name != '.') look_at(a, arena_print(a, "%s/%s", drawer, entry->d_name), account, kind, all, count, &room);
  closedir(folder);
  if (*count) qsort(*all, *count, sizeof **all, newest_first);
  return true;
}

/* ---- the five things to do with it ---- */

bool drawer_put(const Site *site, const char *account, const char *kind, const char *key, const void *bytes, size_t n, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char *path = sheet_path(site, a, account, kind, key, e);
  if (!path) return false;
  if (n > DRAWER_BYTES) return fail(e, ERROR_LIMIT, "草稿太大（最多1MB），没有存下，请分几次做。");
  if (!disk_folder(site_path(a, site->folder, "drawer"), e) || !disk_folder(drawer_of(site, a, account, e), e)) return false;
  const char *head = head_of(a, account, kind, key);
  size_t length = strlen(head), count;
  char *all = arena_alloc(a, length + n + 1);
  memcpy(all, head, length + 1);
  if (n) memcpy(all + length, bytes, n);
  if (!disk_replace(path, all, length + n, e)) return false;
  Found *found;
  if (!look_through(site, a, account, kind, &found, &count, e)) return false;
  for (size_t i = DRAWER_SHEETS; i < count; i++) unlink(found[i].path);
  return true;
}

bool drawer_get(const Site *site, Arena *a, const char *account, const char *kind, const char *key, Sheet *out, Error *e) {
  const char *path = sheet_path(site, a, account, kind, key, e), *head = head_of(a, account, kind, key), *bytes;
  struct stat about;
  size_t n, length = strlen(head);
  if (!path) return false;
  if (lstat(path, &about) != 0 || is_old(&about)) return fail(e, ERROR_MISSING, "没有存着的草稿，或已超过%d天。", DRAWER_DAYS);
  if (!disk_read(a, path, DRAWER_BYTES + HEAD_MOST, &bytes, &n, e)) return false;
  if (n < length || memcmp(bytes, head, length) != 0) return fail(e, ERROR_MISSING, "没有存着的草稿。");
  *out = (Sheet){arena_copy(a, key), (int64_t)about.st_mtime, bytes + length, n - length};
  return true;
}

bool drawer_list(const Site *site, Arena *a, const char *account, const char *kind, Sheet **out, size_t *count, Error *e) {
  Found *found;
  if (!look_through(site, a, account, kind, &found, count, e)) return false;
  *out = NEW_ARRAY(a, Sheet, *count + 1);
  for (size_t i = 0; i < *count; i++) (*out)[i] = found[i].sheet;
  return true;
}

bool drawer_drop(const Site *site, const char *account, const char *kind, const char *key, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char *path = sheet_path(site, a, account, kind, key, e);
  if (!path) return false;
  if (!unlink(path) || errno == ENOENT) return true;
  return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "草稿没有丢掉，请检查 %s/drawer 的权限。", site->folder);
}

bool drawer_sweep(const Site *site, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char *all = site_path(a, site->folder, "drawer");
  DIR *drawers = opendir(all);
  if (!drawers)
    return errno == ENOENT || fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能读草稿目录，请检查 %s 的权限。", all);
  for (struct dirent *one; (one = readdir(drawers));) {
    ArenaMark mark = arena_mark(a);
    const char *path = arena_print(a, "%s/%s", all, one->d_name);
    DIR *folder = *one->d_name == '.' ? NULL : opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
      struct stat about;
      const char *sheet = arena_print(a, "%s/%s", path, entry->d_name);
      if (*entry->d_name != '.' && !lstat(sheet, &about) && S_ISREG(about.st_mode) && is_old(&about)) unlink(sheet);
    }
    if (folder) closedir(folder);
    arena_back(a, mark);
  }
  closedir(drawers);
  return true;
}

const char *drawer_ago(Arena *a, int64_t at) {
  int64_t seconds = now() - at;
  if (seconds < 60) return "刚才";
  if (seconds < 3600) return arena_print(a, "%lld分钟前", (long long)(seconds / 60));
  if (seconds < 24 * 3600) return arena_print(a, "%lld小时前", (long long)(seconds / 3600));
  return arena_print(a, "%lld天前", (long long)(seconds / (24 * 3600)));
}
