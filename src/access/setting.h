/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * How the site is run: rows of the core relation `setting`, changed by the operation site.set and so journalled: who
 * holds the machine may edit a file unseen, and the mode of 三员分立 is what an auditor must be able to trust. */
#ifndef LUOSHI_ACCESS_SETTING_H
#define LUOSHI_ACCESS_SETTING_H

#include "access/session.h"

#define SETTING_MODE "mode"                   /* small, strict */
#define SETTING_PASSWORD_DAYS "password_days" /* 0: a password does not expire */
enum { PASSWORD_DAYS = 90, PASSWORD_DAYS_MOST = 3650 };

/* As set, or `otherwise`. Arena. */
bool setting_read(Tx *tx, Arena *a, int64_t area, const char *name, const char *otherwise, const char **out, Error *e);
/* After how many days a password must be changed: as 等保 has it unless set. */
bool setting_password_days(Tx *tx, int64_t area, int *out, Error *e);

#endif
