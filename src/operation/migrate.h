/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Brings the tables to what is declared, as one revision: new relations and columns are made, fields with
 * `was:` renamed (their rows rewritten, so that replay needs no history of names), fields no longer declared
 * retired (kept in table and journal). Incompatible changes are a named list and refused. The profile's
 * texts and the layout of every table are rows of core relations, journalled like any others. */
#ifndef LUOSHI_OPERATION_MIGRATE_H
#define LUOSHI_OPERATION_MIGRATE_H

#include "access/site.h"

/* Makes folder, keys, profile copy and store, and the first revision. `store_url` NULL: luoshi.db inside.
 * `clock` 0: the machine's day. Refuses a folder that is already a site. */
bool site_create(const char *folder, const char *store_url, const char *profile_folder, Date clock, Error *e);

/* One migration, restore or serve at a time: a descriptor to close, or -1. */
int site_lock(Arena *a, const char *folder, Error *e);

/* What was done, as Chinese sentences (arena of `done`). */
bool site_migrate(Site *site, Issues *done, Error *e);

#endif
