/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Writing and reading small files whole (disk.h). */
#include "base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, const char *bytes, size_t n) {
  while (n) {
    ssize_t written = write(fd, bytes, n);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    n -= (size_t)written;
  }
  return true;
}

static bool sync_folder_of(Arena *a, const char *path) {
  const char *slash = strrchr(path, '/');
  const char *folder = !slash ? "." : slash == path ? "/" : arena_slice(a, path, (size_t)(slash - path));
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool synced = fd >= 0 && fsync(fd) == 0;
  if (fd >= 0) close(fd);
  return synced;
}

bool disk_folder(const char *path, Error *e) {
  if (!mkdir(path, 0700)) {
    ARENA_SCOPE a = arena_new();
    if (sync_folder_of(a, path)) return true;
  } else if (errno == EEXIST) {
    return true;
  }
  return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能建立目录 %s，请检查权限和磁盘空间。", path);
}

bool disk_replace(const char *path, const void *bytes, size_t n, Error *e) {
  ARENA_SCOPE a = arena_new();
  char *part = arena_print(a, "%s" DISK_PART "XXXXXX", path);
  int fd = mkostemp(part, O_CLOEXEC); /* 0600 */
  bool well = fd >= 0 && write_all(fd, bytes, n) && fsync(fd) == 0;
  int why = errno;
  if (fd >= 0 && close(fd) != 0) well = false;
  if (well && (rename(part, path) != 0 || !sync_folder_of(a, path))) {
    why = errno;
    well = false;
  }
  if (well) return true;
  if (fd >= 0) unlink(part);
  return fail_because(e, ERROR_UNAVAILABLE, strerror(why), "不能写入 %s，请检查权限和磁盘空间，再试一次。", path);
}

static bool read_all(int fd, char *to, size_t n) {
  while (n) {
    ssize_t got = read(fd, to, n);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    n -= (size_t)got;
  }
  return true;
}

bool disk_read(Arena *a, const char *path, size_t ceiling, const char **bytes, size_t *n, Error *e) {
  struct stat about;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0 && errno == ENOENT) return fail(e, ERROR_MISSING, "没有文件 %s，可能已被清理。", path);
  bool regular = fd >= 0 && !fstat(fd, &about) && S_ISREG(about.st_mode);
  bool fits = regular && (size_t)about.st_size <= ceiling;
  char *all = NULL;
  if (fits) {
    *n = (size_t)about.st_size;
    all = arena_alloc(a, *n + 1);
    if (!read_all(fd, all, *n)) all = NULL;
  }
  int why = errno;
  if (fd >= 0) close(fd);
  *bytes = all;
  if (all) return true;
  if (regular && !fits) return fail(e, ERROR_LIMIT, "文件 %s 太大，请检查它是不是本系统写的。", path);
  return fail_because(e, ERROR_UNAVAILABLE, strerror(why), "不能读 %s，请检查权限。", path);
}
