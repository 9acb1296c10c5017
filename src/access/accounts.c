/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Two statements, put together: accounts are some hundred at most. In strict mode who administers them reads no
 * business data, so that whose an account is shows only to those who may read persons. */
#include "access/accounts.h"

#include <string.h>

#include "access/names.h"

static bool load_grants(Session *s, AccountRow *all, size_t count, Error *e) {
  STMT_SCOPE st = stmt_open(s->tx, "SELECT record_id, role, org_id FROM account_grant WHERE area_id = $1 ORDER BY record_id, pos",
                            (Value[]){value_int(s->area)}, 1, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW)
    for (size_t i = 0; i < count; i++) {
      AccountRow *row = &all[i];
      if (row->id != stmt_int(st, 0)) continue;
      size_t room = row->grant_count;
      *PUSH(s->arena, row->grants, row->grant_count, room) =
          (AccountGrant){arena_copy(s->arena, stmt_text(st, 1)), stmt_null(st, 2) ? 0 : stmt_int(st, 2)};
    }
  return step == STEP_DONE;
}

bool accounts_list(Session *s, AccountRow **out, size_t *count, Error *e) {
  *out = NULL;
  *count = 0;
  if (!may(s, MAY_MANAGE_ACCOUNTS, 0) && !may(s, MAY_GRANT, 0) && !may(s, MAY_AUDIT, 0))
    return may_or_fail(s, MAY_MANAGE_ACCOUNTS, 0, e);
  const Relation *person = catalogue_core(s->catalogue, "person");
  bool reads = may(s, MAY_READ, 0);
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT a.id, a.name, a.person, a.disabled, c.temporary, c.set_on FROM account a "
                            "LEFT JOIN credential c ON c.area_id = a.area_id AND c.account = a.id AND c.state <> $2 "
                            "WHERE a.area_id = $1 AND a.state <> $2 ORDER BY a.name, a.id",
                            (Value[]){value_int(s->area), value_text(STATE_VOID)}, 2, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  size_t room = 0;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) {
    AccountRow *row = PUSH(s->arena, *out, *count, room);
    *row = (AccountRow){.id = stmt_int(st, 0), .name = arena_copy(s->arena, stmt_text(st, 1)), .person = "",
                        .disabled = stmt_int(st, 3) != 0, .has_password = !stmt_null(st, 4)};
    if (reads && !stmt_null(st, 2)) row->person = names_of(s, person, stmt_int(st, 2), s->today);
    row->temporary = row->has_password && stmt_int(st, 4);
    row->set_on = stmt_null(st, 5) ? 0 : (Date)stmt_int(st, 5);
  }
  return step == STEP_DONE && load_grants(s, *out, *count, e);
}

const char *accounts_role_text(Session *s, const AccountGrant *grant) {
  const Role *role = role_in(grant->role, s->actor.mode), *waits = role ? NULL : role_find(grant->role);
  if (!role && !waits) return grant->role;
  const char *note = waits ? "，现在不起作用" : "";
  bool all = !grant->org || grant->org == s->tree->root;
  if (all && !waits) return role->label;
  return arena_print(s->arena, "%s（%s%s）", (role ? role : waits)->label, all ? "全部" : org_name(s->tree, grant->org, s->today), note);
}

const char *accounts_roles_text(Session *s, const AccountRow *row) {
  TEXT_SCOPE t = text_new(16 * 1024);
  for (size_t i = 0; i < row->grant_count; i++)
    text_print(&t, "%s%s", i ? "、" : "", accounts_role_text(s, &row->grants[i]));
  return arena_copy(s->arena, text_get(&t));
}
