/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A backup is one file: the database as a consistent copy, with every file that its records name in a table of its
 * own, which a site never has. Whatever the engine, it is an SQLite file. */
#ifndef LUOSHI_OPERATION_BACKUP_H
#define LUOSHI_OPERATION_BACKUP_H

#include "access/site.h"

typedef struct BackedUp {
  size_t files;   /* that it holds */
  size_t missing; /* that records name and that are gone from the disk, or altered: it goes without them */
} BackedUp;

/* A new file of mode 0600, whole or not at all. A running writer is not stopped. */
bool site_backup(Site *site, const char *path, BackedUp *out, Error *e);

typedef struct FilesBack { size_t files, broken; } FilesBack; /* put back or there already; not what they should be */
/* Writes what an opened backup holds into FOLDER/files, each whole and synced; none held is no error. */
bool backup_files_back(Store *backup, const char *folder, int64_t area, FilesBack *out, Error *e);
bool backup_files_count(Store *backup, int64_t area, int64_t *out, Error *e);
/* For store_backup_with: takes the table out of a copy that is to be a site's database. */
bool backup_without_files(Store *copy, void *area, Error *e);

#endif
