/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Everybody whom the asker may list, each with where they belong, the stage of their membership and the posts they
 * hold today: read in three statements and put together in memory, since an area has hundreds to some thousands. */
#ifndef LUOSHI_PERSON_ROSTER_H
#define LUOSHI_PERSON_ROSTER_H

#include "access/session.h"

typedef struct RosterStage {
  int64_t id, org;
  const char *stage;           /* choice of stage.stage */
  Date from, to, approved, due; /* 0: none; `to` is the first day it is no more */
} RosterStage;

typedef struct RosterRow {
  Row row; /* of person; cells are shown through gate_show */
  int64_t id, org; /* org 0: not known, or not the asker's */
  const char *name, *sex, *schooling; /* choices by name, "" for none */
  Date birth;
  bool away;
  const RosterStage *stage; /* of today; NULL: none */
  RosterStage *stages;      /* all of them, oldest first */
  size_t stage_count, stage_room;
  const char *posts; /* 书记、委员; "" */
} RosterRow;

typedef struct Roster {
  RosterRow *at; /* by id */
  size_t count, room;
  bool cut; /* there are more than are looked at */
} Roster;

/* `person` 0: everybody; else this one alone, who must be the asker's to see. Arena of the session. */
bool roster_load(Session *s, int64_t person, Roster *out, Error *e);
RosterRow *roster_find(const Roster *r, int64_t id); /* NULL if none */
int roster_age(const RosterRow *row, Date at);       /* -1: no birthday */

#endif
