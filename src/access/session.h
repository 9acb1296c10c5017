/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Somebody at work: an actor with roles over subtrees, one transaction (a read-only snapshot, or the
 * write of one operation), an arena, a day. Every read goes through the gate here (rule 3): lists are
 * filtered to the asker's subtree and fields; a figure is computed in full or refused. */
#ifndef LUOSHI_ACCESS_SESSION_H
#define LUOSHI_ACCESS_SESSION_H

#include "access/site.h"
#include "org/tree.h"
#include "relation/filter.h"

/* Small mode: one owner, and an auditor who changes nothing. Strict mode (三员分立): who opens accounts, who grants
 * roles and who reviews both are three, none of them reads business data, and there is no owner. */
typedef enum { MODE_SMALL = 1, MODE_STRICT = 2 } Mode;

typedef struct Role {
  const char *name, *label;
  unsigned modes; /* in which it is in force; a grant of another mode's role waits and gives nothing */
  bool apart;     /* whoever has it has no other role */
  const char *help; /* one line for whoever grants it */
  bool reads, writes, sees_sensitive, manages_people, manages_tree, manages_accounts, grants, backs_up, sets, closes, audits,
      erases;
} Role;
/* An auditor stands twice: what it may do depends on the mode. */
extern const Role roles[];
extern const size_t role_count;
const Role *role_in(const char *name, Mode mode); /* NULL: no such role in this mode */
const Role *role_find(const char *name);          /* in the first mode that has it */
#define ROLE_MACHINE "machine"                    /* whoever runs commands at the machine, in strict mode; never granted */

typedef struct Grant {
  const Role *role;
  int64_t org;
  int64_t also; /* 0, or an org it must stand under besides: a token's, or that of the grant it was cut from */
} Grant;

typedef struct Actor {
  const char *account; /* 本机 for the site's owner on the command line */
  int64_t person;      /* 0: none */
  Grant *grants; size_t grant_count;
  int64_t token;       /* 0: in person; else by this token, which cuts down what is granted (token.h) */
  Mode mode;
  uint64_t stamp;      /* changes with the account's password, grants, disabling, and the site's mode: sign-ins end then */
} Actor;

typedef struct Session {
  Arena *arena;   /* of the moment: whoever works through many rows may put another here and empty it between them */
  Arena *lasting; /* of the whole session: caches live here */
  Site *site;
  const Catalogue *catalogue;
  Tx *tx;
  int64_t area;
  Actor actor;
  Date today;
  bool veiled;                /* a page: private items are hidden even from who may see them … */
  const Relation *open;       /* … but for the row that was asked for with a reason, NULL: none */
  int64_t open_row;
  OrgTree *tree;
  struct Names *names;       /* cache of names.h */
  struct Closures *closures; /* cache of closure.h */
  struct Blanks *blanks;     /* cache of record.c */
  struct Answers *answers;   /* cache of record_check, where it was asked for */
} Session;

/* `account` NULL: the owner at the machine. Begins the transaction and loads tree and grants. */
Session *session_open(Site *site, const char *account, TxKind kind, Error *e);
/* The same by one of the account's tokens (0: in person): its rights of this moment, cut down to the token's. */
Session *session_open_by(Site *site, const char *account, int64_t token, TxKind kind, Error *e);
void session_close(Session *s); /* rolls back a write that was not committed */
void session_cleanup(Session **s);
#define SESSION_SCOPE __attribute__((cleanup(session_cleanup))) Session *

/* ---- the gate ---- */
typedef enum { MAY_READ, MAY_WRITE, MAY_SEE_SENSITIVE, MAY_MANAGE_PEOPLE, MAY_MANAGE_TREE, MAY_MANAGE_ACCOUNTS,
               MAY_CLOSE, MAY_AUDIT, MAY_ERASE, MAY_GRANT, MAY_BACK_UP, MAY_SET, MAY_OWN /* what is one's own: everybody, in person */ } Right;
/* Whether the org stood where the grant reaches on that day. */
bool grant_reaches(const Session *s, const Grant *g, int64_t org, Date day);
/* Whether some grant gives the right over `org` today (org 0: over the whole area). */
bool may(const Session *s, Right right, int64_t org);
bool may_anywhere(const Session *s, Right right); /* over any org at all */
bool may_or_fail(const Session *s, Right right, int64_t org, Error *e); /* says which subtree the actor has */
/* SQL test that keeps a relation's rows to the asker's subtrees; `1 = 1` for the whole area. */
const char *gate_rows(const Session *s, Query *q);
/* Whether the asker may see this very row at all. */
bool gate_row(Session *s, const Relation *r, int64_t id, Error *e);
/* Whether the column is shown masked to the asker for rows of `org` (0: anywhere). */
bool gate_masked(const Session *s, const Column *column, int64_t org);
/* An asker's own filter (or sort) may not test what is masked for them. */
bool gate_filter(const Session *s, const Filter *f, Error *e);
/* Computed in full or refused: “您的权限限于××村，全乡数不显示（不是0）。” */
bool gate_figure(const Session *s, int64_t org, Error *e);
#define VEIL "已隐藏" /* what a page shows for a private item that its asker may see, until they say what for */
/* The cell as the asker may see it: opened, masked (无权查看), veiled (VEIL) or erased (已按规定清除). Arena. */
const char *gate_show(Session *s, Row row, const Column *column, int64_t org, bool exchange);

/* Whose report it is: who holds the profile's reporter post at `org` on the period's last day; 0 if nobody. */
int64_t session_reporter(Session *s, int64_t org, Period period, Error *e);

#endif
