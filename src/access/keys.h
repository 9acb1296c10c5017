/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A site's keys as one file that is kept elsewhere: the keyring with the journal's key in it. Database and
 * backup are worth little without it, and it is worth nothing without them. */
#ifndef LUOSHI_ACCESS_KEYS_H
#define LUOSHI_ACCESS_KEYS_H

#include "access/site.h"

/* A new file of mode 0600, and a note in keys/ that there is one. */
bool keys_backup(Site *site, const char *path, Error *e);
/* Puts the keys back into a site that has none, and erases again whatever the journal says was erased since. Refuses
 * a file that is no backup of keys, or another site's: then nothing is left behind. */
bool keys_restore(const char *folder, const char *path, size_t *erased, Error *e);

typedef struct KeysBackup { Date on; int64_t keys; } KeysBackup;
/* What the newest backup holds; `on` 0: there was none. */
KeysBackup keys_backed_up(const Site *site);

#endif
