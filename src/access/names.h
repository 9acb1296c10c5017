/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Names for references, both ways, loaded once a session: 张三 → person, 甲村 → org as of a day, a
 * household by its head. Two of one name are an error that tells them apart. */
#ifndef LUOSHI_ACCESS_NAMES_H
#define LUOSHI_ACCESS_NAMES_H

#include "access/session.h"

/* `text` is a name, or 编号 (digits), or, for one of two of a name, 张三#12 or 张三（1975-03-02）: a birthday,
 * or the date of a record. The latter holds on another site too. */
bool names_find(Session *s, const Relation *ref, const char *text, Date at, int64_t *id, Error *e);
/* "" when there is none. */
const char *names_of(Session *s, const Relation *ref, int64_t id, Date at);
/* What names_find takes back to this very row on that day: the name; 上级/名称, 张三（1975-03-02） or 张三#12 where it is not the only one. */
const char *names_exact(Session *s, const Relation *ref, int64_t id, Date at);
/* All of that very name, by id; 0 for orgs. Arena of the session. */
size_t names_same(Session *s, const Relation *ref, const char *name, int64_t **ids);
void names_forget(Session *s); /* after a write that made new ones */

#endif
