/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Reading what an account signs in with (credential.h), in a snapshot of its own: nobody is signed in yet. */
#include "access/credential.h"

#include <string.h>

#include "access/names.h"
#include "access/password.h"
#include "access/setting.h"

static bool is_expired(Site *site, Tx *tx, Date set_on, bool *out, Error *e) {
  int days;
  if (!setting_password_days(tx, site->area, &days, e)) return false;
  *out = days && set_on && date_days_between(set_on, clock_today(&site->clock)) >= days;
  return true;
}

bool credential_find(Site *site, Arena *a, const char *account, Credential *out, Error *e) {
  *out = (Credential){0};
  const Relation *r = catalogue_core(site->catalogue, "credential");
  TX_SCOPE tx = tx_begin(site->store, TX_READ, site->area, e);
  if (!tx) return false;
  STMT_SCOPE st = stmt_open(tx,
                            "SELECT a.id, c.id, c.secret, c.temporary, c.set_on FROM account a LEFT JOIN credential c ON "
                            "c.area_id = a.area_id AND c.account = a.id AND c.state <> $3 "
                            "WHERE a.area_id = $1 AND a.name = $2 AND a.disabled = 0 AND a.state <> $3",
                            (Value[]){value_int(site->area), value_text(account), value_text(STATE_VOID)}, 3, e);
  if (!st) return false;
  Step step = stmt_step(st, e);
  if (step != STEP_ROW) return step == STEP_DONE;
  out->account = stmt_int(st, 0);
  if (stmt_null(st, 1)) return true;
  out->id = stmt_int(st, 1);
  out->temporary = stmt_int(st, 3) != 0;
  bool erased = false;
  return is_expired(site, tx, stmt_null(st, 4) ? 0 : (Date)stmt_int(st, 4), &out->expired, e) &&
         keyring_open_cell(site->keyring, a, site->area, r, out->id, relation_column(r, "secret"),
                           stmt_value(st, 2, VALUE_BYTES), &out->secret, &erased, e);
}

bool credential_right(const Site *site, const Credential *c, const char *password, bool *right, Error *e) {
  if (!password_check(c->secret, password, right, e)) return false;
  *right = *right && (site->demo || strcmp(password, DEMO_PASSWORD) != 0);
  return true;
}

/* ---- a demo's own ---- */

static const char *name_at(Session *s, const char *relation, const Stmt *st, size_t column) {
  if (stmt_null(st, column)) return "";
  return names_of(s, catalogue_core(s->catalogue, relation), stmt_int(st, column), s->today);
}

bool demo_signins(Session *s, DemoSignin **out, size_t *count, Error *e) {
  size_t room = 0;
  *out = NULL;
  *count = 0;
  if (!s->site->demo) return true;
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT a.name, g.role, g.org_id, a.person FROM account a "
                            "JOIN account_grant g ON g.area_id = a.area_id AND g.record_id = a.id "
                            "WHERE a.area_id = $1 AND a.disabled = 0 AND a.state <> $2 ORDER BY a.id, g.pos",
                            (Value[]){value_int(s->area), value_text(STATE_VOID)}, 2, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) {
    const Role *role = role_in(stmt_text(st, 1), s->actor.mode);
    if (!role) continue;
    int64_t root = s->tree->root, org = stmt_null(st, 2) ? root : stmt_int(st, 2);
    *PUSH(s->arena, *out, *count, room) =
        (DemoSignin){arena_copy(s->arena, stmt_text(st, 0)), role->label,
                     org == root ? "" : org_name(s->tree, org, s->today), name_at(s, "person", st, 3)};
  }
  return step == STEP_DONE;
}

const char *demo_signins_text(Session *s, Error *e) {
  DemoSignin *all;
  size_t count;
  if (!demo_signins(s, &all, &count, e)) return NULL;
  if (!count) return "";
  TEXT_SCOPE t = text_new(64 * 1024);
  text_print(&t, "演示账号（密码都是 %s，只在演示站点有效）：\n", DEMO_PASSWORD);
  for (size_t i = 0; i < count; i++)
    text_print(&t, "  %-12s %s%s%s%s%s\n", all[i].account, all[i].role, *all[i].org ? "，限" : "", all[i].org,
               *all[i].person ? "，" : "", all[i].person);
  return arena_copy(s->arena, text_get(&t));
}
