/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Finding a person as people type: 建国, zjg, zhangjianguo, zhang jg, 张jg. A roster has hundreds to some thousands
 * of names, so that each is looked at; nothing is stored. Only who may be listed is found. */
#ifndef LUOSHI_PERSON_FIND_H
#define LUOSHI_PERSON_FIND_H

#include "access/session.h"

enum { PERSON_TYPED = 64 /* characters */, PERSON_ROSTER = 50000 /* names looked at */ };

typedef struct PersonFound {
  int64_t id;
  const char *name;
} PersonFound;

/* The best fits first, then by name; at most `most`. Nothing typed: the first by name. Arena of the session. */
bool persons_find(Session *s, const char *typed, size_t most, PersonFound **out, size_t *count, Error *e);

/* How well a name answers to what was typed. */
typedef enum {
  NAME_NO,
  NAME_WITHIN, /* from a later character on */
  NAME_BEGINS,
  NAME_WHOLE /* every character is typed, or its initial, or its syllable */
} NameFit;
NameFit name_fit(const char *name, const char *typed);

#endif
