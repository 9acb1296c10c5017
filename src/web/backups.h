/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What the pages of backups, of restoring and of signing in share. */
#ifndef LUOSHI_WEB_BACKUPS_H
#define LUOSHI_WEB_BACKUPS_H

#include "web/api.h"
#include "web/view.h"

/* The list, with what there is to say; `restore`: a sound backup that may be put in place, NULL: none. */
bool backups_show(Page *p, const char *restore, const char *told, const char *wrong, Error *e);
/* Of a backup's name in the site's own folder; NULL: it is no such name. No path comes from a request. */
const char *backup_path(Page *p, const char *name);
/* {name, seq, now, lost, cannot} of a sound backup up to `seq`. */
json_t *restore_json(Page *p, const char *name, int64_t seq, Error *e);
/* How the last restore ended, as a sentence; NULL: there is nothing to tell. */
const char *restore_told(Page *p, bool *failed);
/* The asker's own password once more, counted like at the sign-in. False with `why`, or with *e where it broke. */
bool signin_confirms(Page *p, const char *password, Error *why, Error *e);

#endif
