/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The failing disk. Writes go to blocks in memory, shared by all handles of a path; a sync moves
 * them to the file; a crash drops them. Locks and the shared-memory index are the real ones.
 * Names are durable at once: only contents can be lost. */
#include "store/fault.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 4096, SECTOR = 512, SECTORS = BLOCK / SECTOR };

typedef struct Block {
  unsigned char bytes[BLOCK];
  unsigned char dirty; /* a bit a sector */
} Block;

/* A path and what is pending on it. */
typedef struct Disk {
  struct Disk *next;
  char *path;
  Block **blocks;
  size_t room;
  bool pending;
  sqlite3_int64 size;  /* as seen, while pending */
  sqlite3_int64 floor; /* the file's own bytes count only below it, while pending */
} Disk;

typedef struct FaultFile {
  sqlite3_file base;
  Disk *disk; /* NULL: a temporary file, passed through */
  unsigned long generation;
  sqlite3_file *real;
} FaultFile;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Disk *disks;
static unsigned long generation, counts[3];
static bool frozen; /* after a crash, until something is opened again */
static struct {
  FaultVfsOp op;
  unsigned after, times;
  int code;
} plan;

static void unlock(pthread_mutex_t **m) { pthread_mutex_unlock(*m); }
#define LOCKED                                                                                                         \
  __attribute__((cleanup(unlock), unused)) pthread_mutex_t *held = &lock;                                              \
  pthread_mutex_lock(&lock)

/* The code to fail with, or SQLITE_OK. */
static int planned(FaultVfsOp op) {
  counts[op]++;
  if (!plan.times || plan.op != op) return SQLITE_OK;
  if (plan.after) {
    plan.after--;
    return SQLITE_OK;
  }
  plan.times--;
  return plan.code;
}

static bool dead(const FaultFile *f) { return f->generation != generation; }
static FaultFile *file_of(sqlite3_file *f) { return (FaultFile *)f; }
static sqlite3_file *real_of(sqlite3_file *f) { return file_of(f)->real; }
#define REAL(f) (real_of(f)->pMethods)

/* ---- pending contents ---- */

static void forget(Disk *d) {
  for (size_t i = 0; i < d->room; i++) free(d->blocks[i]);
  free(d->blocks);
  d->blocks = NULL;
  d->room = 0;
  d->pending = false;
}

static int touch(FaultFile *f) {
  Disk *d = f->disk;
  if (d->pending) return SQLITE_OK;
  int rc = REAL(&f->base)->xFileSize(f->real, &d->size);
  if (rc == SQLITE_OK) {
    d->floor = d->size;
    d->pending = true;
  }
  return rc;
}

static int read_real(FaultFile *f, void *out, int n, sqlite3_int64 at) {
  const Disk *d = f->disk;
  memset(out, 0, (size_t)n);
  if (d->pending && at >= d->floor) return SQLITE_OK;
  if (d->pending && at + n > d->floor) n = (int)(d->floor - at);
  int rc = REAL(&f->base)->xRead(f->real, out, n, at);
  return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : rc;
}

static int block_at(FaultFile *f, size_t index, Block **out) {
  Disk *d = f->disk;
  if (index >= d->room) {
    size_t room = index * 2 + 16;
    Block **grown = realloc(d->blocks, room * sizeof *grown);
    if (!grown) return SQLITE_NOMEM;
    memset(grown + d->room, 0, (room - d->room) * sizeof *grown);
    d->blocks = grown;
    d->room = room;
  }
  if (!d->blocks[index]) {
    Block *b = calloc(1, sizeof *b);
    if (!b) return SQLITE_NOMEM;
    d->blocks[index] = b;
    int rc = read_real(f, b->bytes, BLOCK, (sqlite3_int64)index * BLOCK);
    if (rc != SQLITE_OK) return rc;
  }
  *out = d->blocks[index];
  return SQLITE_OK;
}

static int fault_read(sqlite3_file *base, void *out, int n, sqlite3_int64 at) {
  FaultFile *f = file_of(base);
  if (!f->disk) return REAL(base)->xRead(f->real, out, n, at);
  LOCKED;
  if (dead(f)) return SQLITE_IOERR_READ;
  const Disk *d = f->disk;
  if (!d->pending) return REAL(base)->xRead(f->real, out, n, at);
  for (int done = 0, step; done < n; done += step) {
    sqlite3_int64 from = at + done;
    size_t index = (size_t)(from / BLOCK), within = (size_t)(from % BLOCK);
    step = n - done < (int)(BLOCK - within) ? n - done : (int)(BLOCK - within);
    int rc = SQLITE_OK;
    if (index < d->room && d->blocks[index])
      memcpy((char *)out + done, d->blocks[index]->bytes + within, (size_t)step);
    else
      rc = read_real(f, (char *)out + done, step, from);
    if (rc != SQLITE_OK) return rc;
  }
  if (at + n <= d->size) return SQLITE_OK;
  sqlite3_int64 there = at < d->size ? d->size - at : 0;
  memset((char *)out + there, 0, (size_t)(n - there));
  return SQLITE_IOERR_SHORT_READ;
}

static int fault_write(sqlite3_file *base, const void *in, int n, sqlite3_int64 at) {
  FaultFile *f = file_of(base);
  if (!f->disk) return REAL(base)->xWrite(f->real, in, n, at);
  LOCKED;
  if (dead(f)) return SQLITE_IOERR_WRITE;
  int rc = planned(FAULT_VFS_WRITE);
  if (rc == SQLITE_OK) rc = touch(f);
  for (int done = 0, step; rc == SQLITE_OK && done < n; done += step) {
    sqlite3_int64 from = at + done;
    size_t within = (size_t)(from % BLOCK);
    Block *b = NULL;
    step = n - done < (int)(BLOCK - within) ? n - done : (int)(BLOCK - within);
    rc = block_at(f, (size_t)(from / BLOCK), &b);
    if (rc != SQLITE_OK) break;
    memcpy(b->bytes + within, (const char *)in + done, (size_t)step);
    for (size_t s = within / SECTOR; s <= (within + (size_t)step - 1) / SECTOR; s++)
      b->dirty |= (unsigned char)(1u << s);
  }
  if (rc == SQLITE_OK && at + n > f->disk->size) f->disk->size = at + n;
  return rc;
}

static int fault_truncate(sqlite3_file *base, sqlite3_int64 size) {
  FaultFile *f = file_of(base);
  if (!f->disk) return REAL(base)->xTruncate(f->real, size);
  LOCKED;
  if (dead(f)) return SQLITE_IOERR_TRUNCATE;
  int rc = touch(f);
  if (rc != SQLITE_OK) return rc;
  Disk *d = f->disk;
  for (size_t i = (size_t)(size / BLOCK); i < d->room; i++) {
    if (!d->blocks[i]) continue;
    if ((sqlite3_int64)i * BLOCK < size)
      memset(d->blocks[i]->bytes + size % BLOCK, 0, (size_t)(BLOCK - size % BLOCK));
    else {
      free(d->blocks[i]);
      d->blocks[i] = NULL;
    }
  }
  d->size = size;
  if (size < d->floor) d->floor = size;
  return SQLITE_OK;
}

static int fault_sync(sqlite3_file *base, int flags) {
  FaultFile *f = file_of(base);
  if (!f->disk) return REAL(base)->xSync(f->real, flags);
  LOCKED;
  if (dead(f)) return SQLITE_IOERR_FSYNC;
  int rc = planned(FAULT_VFS_SYNC);
  Disk *d = f->disk;
  if (rc != SQLITE_OK || !d->pending) return rc;
  sqlite3_int64 size = 0;
  rc = REAL(base)->xFileSize(f->real, &size);
  if (rc == SQLITE_OK && d->floor < size) rc = REAL(base)->xTruncate(f->real, d->floor);
  for (size_t i = 0; i < d->room && rc == SQLITE_OK; i++) {
    sqlite3_int64 at = (sqlite3_int64)i * BLOCK;
    if (d->blocks[i] && d->blocks[i]->dirty && at < d->size)
      rc = REAL(base)->xWrite(f->real, d->blocks[i]->bytes, d->size - at < BLOCK ? (int)(d->size - at) : BLOCK, at);
  }
  if (rc == SQLITE_OK) forget(d); /* no fsync: the machine itself stays up */
  return rc;
}

static int fault_size(sqlite3_file *base, sqlite3_int64 *size) {
  FaultFile *f = file_of(base);
  LOCKED;
  if (f->disk && dead(f)) return SQLITE_IOERR_FSTAT;
  if (!f->disk || !f->disk->pending) return REAL(base)->xFileSize(f->real, size);
  *size = f->disk->size;
  return SQLITE_OK;
}

/* ---- passed through, unless the power is off ---- */

static bool off(sqlite3_file *f) {
  LOCKED;
  return file_of(f)->disk && dead(file_of(f));
}

static int fault_close(sqlite3_file *f) { return REAL(f)->xClose(real_of(f)); }
static int fault_lock(sqlite3_file *f, int level) {
  return off(f) ? SQLITE_IOERR_LOCK : REAL(f)->xLock(real_of(f), level);
}
static int fault_unlock(sqlite3_file *f, int level) { return REAL(f)->xUnlock(real_of(f), level); }
static int fault_reserved(sqlite3_file *f, int *out) { return REAL(f)->xCheckReservedLock(real_of(f), out); }
static int fault_control(sqlite3_file *f, int op, void *arg) {
  if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK; /* would write past us */
  return REAL(f)->xFileControl(real_of(f), op, arg);
}
static int fault_sector(sqlite3_file *f) {
  (void)f;
  return SECTOR;
}
static int fault_traits(sqlite3_file *f) { return REAL(f)->xDeviceCharacteristics(real_of(f)); }
static int shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
  return off(f) ? SQLITE_IOERR_SHMMAP : REAL(f)->xShmMap(real_of(f), page, size, extend, out);
}
static int shm_lock(sqlite3_file *f, int at, int n, int flags) {
  bool taking = flags & SQLITE_SHM_LOCK;
  return taking && off(f) ? SQLITE_IOERR_SHMLOCK : REAL(f)->xShmLock(real_of(f), at, n, flags);
}
static void shm_barrier(sqlite3_file *f) { REAL(f)->xShmBarrier(real_of(f)); }
static int shm_unmap(sqlite3_file *f, int remove) { return REAL(f)->xShmUnmap(real_of(f), remove); }

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* no memory mapping: it would read past us */
    .xClose = fault_close,
    .xRead = fault_read,
    .xWrite = fault_write,
    .xTruncate = fault_truncate,
    .xSync = fault_sync,
    .xFileSize = fault_size,
    .xLock = fault_lock,
    .xUnlock = fault_unlock,
    .xCheckReservedLock = fault_reserved,
    .xFileControl = fault_control,
    .xSectorSize = fault_sector,
    .xDeviceCharacteristics = fault_traits,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

/* ---- the VFS ---- */

static sqlite3_vfs *below(sqlite3_vfs *vfs) { return vfs->pAppData; }

static Disk *disk_at(const char *path) {
  for (Disk *d = disks; d; d = d->next)
    if (strcmp(d->path, path) == 0) return d;
  Disk *d = calloc(1, sizeof *d);
  if (!d || !(d->path = strdup(path))) abort();
  d->next = disks;
  return disks = d;
}

static int fault_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out) {
  FaultFile *f = file_of(base);
  int kept = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
  *f = (FaultFile){.real = (sqlite3_file *)(f + 1)};
  if (path && (flags & kept)) {
    LOCKED;
    int rc = planned(FAULT_VFS_OPEN);
    if (rc != SQLITE_OK) return rc;
    if (flags & SQLITE_OPEN_MAIN_DB) frozen = false;
    f->disk = disk_at(path);
    f->generation = generation;
  }
  int rc = below(vfs)->xOpen(below(vfs), path, f->real, flags, out);
  if (f->real->pMethods) base->pMethods = &methods;
  return rc;
}

static int fault_delete(sqlite3_vfs *vfs, const char *path, int sync) {
  LOCKED;
  if (frozen) return SQLITE_IOERR_DELETE;
  for (Disk *d = disks; d; d = d->next)
    if (strcmp(d->path, path) == 0) forget(d);
  return below(vfs)->xDelete(below(vfs), path, sync);
}

void fault_vfs_register(void) {
  static sqlite3_vfs vfs;
  LOCKED;
  if (sqlite3_vfs_find("luoshi-fault")) return;
  sqlite3_vfs *real = sqlite3_vfs_find(NULL);
  vfs = *real;
  vfs.szOsFile = (int)sizeof(FaultFile) + real->szOsFile;
  vfs.pNext = NULL;
  vfs.zName = "luoshi-fault";
  vfs.pAppData = real;
  vfs.xOpen = fault_open;
  vfs.xDelete = fault_delete;
  sqlite3_vfs_register(&vfs, 0);
}

/* ---- faults ---- */

/* Some of the sectors had reached the disk already. */
static void let_through(const Disk *d, uint32_t *random, bool all) {
  int fd = open(d->path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  for (size_t i = 0; i < d->room * SECTORS; i++) {
    const Block *b = d->blocks[i / SECTORS];
    off_t at = (off_t)i * SECTOR;
    if (!b || !(b->dirty >> i % SECTORS & 1) || at >= d->size) continue;
    *random = *random * 1664525u + 1013904223u;
    if ((all || *random >> 31) && pwrite(fd, b->bytes + i % SECTORS * SECTOR, SECTOR, at) != SECTOR) break;
  }
  close(fd);
}

void fault_vfs_crash(uint32_t seed) {
  LOCKED;
  bool some = seed != 0, all = seed == UINT32_MAX;
  for (Disk *d = disks; d; d = d->next) {
    if (some && d->pending) let_through(d, &seed, all);
    forget(d);
  }
  generation++;
  frozen = true;
  plan.times = 0;
}

void fault_vfs_fail(FaultVfsOp op, unsigned after, unsigned times, int code) {
  LOCKED;
  plan.op = op;
  plan.after = after;
  plan.times = times;
  plan.code = code;
}

unsigned long fault_vfs_count(FaultVfsOp op) {
  LOCKED;
  return counts[op];
}
