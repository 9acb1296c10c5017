/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Putting a backup in the place of a damaged database. What stood there is set aside, never deleted. */
#ifndef LUOSHI_OPERATION_RESTORE_H
#define LUOSHI_OPERATION_RESTORE_H

#include "operation/backup.h"

typedef struct Restored {
  int64_t seq;       /* the last revision that the backup has */
  const char *aside; /* where the old database is now; NULL: there was none */
  FilesBack files;
} Restored;

typedef struct BackupSeen { int64_t seq, files; /* its last revision; how many files it holds */ } BackupSeen;
/* Whether the file is a sound backup of this site; changes nothing, and may be asked while the site serves. */
bool backup_check(const Site *site, const char *path, BackupSeen *out, Error *e);

/* Only a backup whose journal is this site's (its key says so) and whole at its end. Its files come first, the database
 * after, and the restored journal goes on with a revision that says so. The keyring stays as it is: what was erased after the backup stays erased. Refused while another serves,
 * migrates or restores. */
bool site_restore(Arena *a, const char *folder, const char *path, Restored *out, Error *e);
/* The same for whoever holds the site's lock and serves on afterwards: when the site cannot be opened with what was put
 * back, the old database is put in place again and the sentence says why. */
bool site_restore_held(Arena *a, const char *folder, const char *path, const char *actor, Restored *out, Error *e);
/* Whether it can be done here at all: not where the data lie in PostgreSQL. */
bool restore_possible(const Site *site, Error *e);
/* Not with declarations that are changed and not in force: nothing could be opened afterwards, neither the one nor the other. */
bool restore_settled(const char *folder, Error *e);
/* Its files alone, for those that are gone or altered; the database stays, so it may be done while the site serves. */
bool site_restore_files(Arena *a, const char *folder, const char *path, FilesBack *out, Error *e);

#endif
