/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Accounts as whoever looks after them sees them: who, what roles, how it stands; never what they sign in with. */
#ifndef LUOSHI_ACCESS_ACCOUNTS_H
#define LUOSHI_ACCESS_ACCOUNTS_H

#include "access/session.h"

typedef struct AccountGrant { const char *role; int64_t org; /* 0: all */ } AccountGrant;
typedef struct AccountRow {
  int64_t id;
  const char *name;
  const char *person; /* "" if none, or if the asker may not see persons */
  bool disabled, has_password, temporary;
  Date set_on; /* of the password; 0: unknown */
  AccountGrant *grants; size_t grant_count;
} AccountRow;

/* By name. For who opens accounts, grants roles or audits; others ERROR_FORBIDDEN. Arena of the session. */
bool accounts_list(Session *s, AccountRow **out, size_t *count, Error *e);
/* 经办人（塔坪村）、查阅人 */
const char *accounts_role_text(Session *s, const AccountGrant *grant);
const char *accounts_roles_text(Session *s, const AccountRow *row);

#endif
