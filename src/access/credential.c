/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Reading what an account signs in with (credential.h), in a snapshot of its own: nobody is signed in yet. */
#include "access/credential.h"

bool credential_find(Site *site, Arena *a, const char *account, Credential *out, Error *e) {
  *out = (Credential){0};
  const Relation *r = catalogue_core(site->catalogue, "credential");
  TX_SCOPE tx = tx_begin(site->store, TX_READ, site->area, e);
  if (!tx) return false;
  STMT_SCOPE st = stmt_open(tx,
                            "SELECT a.id, c.id, c.secret, c.temporary FROM account a LEFT JOIN credential c ON "
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
  return keyring_open_cell(site->keyring, a, site->area, r, out->id, relation_column(r, "secret"),
                           stmt_value(st, 2, VALUE_BYTES), &out->secret, &erased, e);
}
