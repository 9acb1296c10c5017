/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Who changed what of a record, and when: read from the journal, its lines too, for the page and the API alike. Cells
 * come through the gate; private ones stay hidden as they are for who is asking. */
#ifndef LUOSHI_WEB_STORY_H
#define LUOSHI_WEB_STORY_H

#include "journal/journal.h"
#include "ledger/record.h"

enum { STORY_LONGEST = 2000 /* changes of rows */ };

typedef struct StoryChange {
  const Relation *relation; /* the record's, or that of one of its lines */
  int64_t id;
  const Column *column;
  const char *before, *after; /* as shown; "" for none */
  bool removed;               /* the line was taken out */
} StoryChange;

typedef struct StoryRevision {
  RevisionHeader header;
  StoryChange *changes; size_t count, room;
} StoryRevision;

typedef struct Story {
  StoryRevision *at; size_t count, room; /* newest first */
  bool cut;                              /* there are more than STORY_LONGEST */
} Story;

/* Arena of the session. */
bool story_of(Session *s, const Record *record, Story *out, Error *e);

#endif
