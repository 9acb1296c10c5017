/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Only in lint builds: a disk that can fail, for tests. `path?vfs=luoshi-fault`, given to store_open or
 * written as `store:` of a site, opens the SQLite file through it.
 *
 * What was written but not synced is kept in memory, apart from the file. So a process that is killed
 * loses exactly what a power cut would have taken, and fault_vfs_crash does the same within a test.
 * One process at a time may write. The state is the process's, and shared by its threads. */
#ifndef LUOSHI_STORE_FAULT_H
#define LUOSHI_STORE_FAULT_H

#include <stdint.h>

typedef enum { FAULT_VFS_OPEN, FAULT_VFS_WRITE, FAULT_VFS_SYNC } FaultVfsOp;

/* Called by store_open. */
void fault_vfs_register(void);

/* The power goes: every open file of this VFS is dead from now on (close its Store, then open again), and
 * files hold only what was synced. A seed other than 0 lets a random part of the unsynced sectors through,
 * UINT32_MAX all of them. */
void fault_vfs_crash(uint32_t seed);

/* Lets `after` more operations of that kind pass, then fails `times` of them with an SQLite result code
 * (SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC, SQLITE_CANTOPEN). One plan at a time; times 0 ends it. */
void fault_vfs_fail(FaultVfsOp op, unsigned after, unsigned times, int code);
/* Operations of that kind so far: how far a test must count to fail each of them once. */
unsigned long fault_vfs_count(FaultVfsOp op);

#endif
