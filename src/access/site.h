/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A site: one directory that holds everything of an installation.
 *
 *   site.yaml    store, area, clock (a demo's own day), demo     luoshi.db    the embedded store
 *   profile/     the declarations in force                   files/       evidence, by content hash
 *   profile.trees  what parsing profile/ gave, to spare doing it again (relation/tree.h)
 *   keys/        journal.key and keyring.db: outside database, journal and backup
 */
#ifndef LUOSHI_ACCESS_SITE_H
#define LUOSHI_ACCESS_SITE_H

#include "access/keyring.h"
#include "base/date.h"
#include "journal/journal.h"
#include "relation/catalogue.h"

typedef struct Site {
  Arena *arena;
  const char *folder;
  const char *store_url;
  Store *store;
  Catalogue *catalogue; /* as declared in profile/, checked against the journalled profile */
  bool profile_changed; /* profile/ differs from what `migrate` last recorded */
  JournalKey key;
  Keyring *keyring;
  Clock clock;
  int64_t area;
  bool demo; /* fictional: the demo's printed password opens it, and no other site */
  Arena *tree_arena;    /* the tree as of a revision, which sessions borrow: session.c reads it anew after the next one */
  struct OrgTree *tree;
  int64_t tree_seq;
  unsigned char tree_mac[32];
} Site;

/* The site's own settings, site.yaml. */
typedef struct SiteSettings { const char *store_url; int64_t area; Date clock; bool demo; } SiteSettings;
bool site_settings_read(Arena *a, const char *folder, SiteSettings *out, Error *e);
bool site_settings_write(const char *folder, const SiteSettings *settings, Error *e);
bool site_mark_demo(const char *folder, Error *e); /* once, before anything fictional is put in */
const char *site_path(Arena *a, const char *folder, const char *name);

/* NULL with a sentence: no such site (and what to run), a broken profile (all its errors), a foreign store, a
 * journal key that is another's. A profile that differs from the one in force is refused unless `to_migrate`. */
Site *site_open(const char *folder, bool to_migrate, Error *e);
/* For the audit, which must be able to begin whatever is missing: declarations in force as the journal has them (those
 * in profile/ when it cannot be read), no keyring, and nothing else looked at. */
Site *site_open_to_audit(const char *folder, Error *e);
void site_close(Site *s);

void site_cleanup(Site **s);
#define SITE_SCOPE __attribute__((cleanup(site_cleanup))) Site *

#endif
