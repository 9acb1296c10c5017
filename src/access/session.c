/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Opening somebody's session: who they are, what they were granted, the tree as it is. One transaction
 * serves the whole of it, so that everything they see is of one moment. */
#include "access/session.h"

#include <string.h>

#include "access/names.h"

static bool load_account(Session *s, const char *account, int64_t *id, Error *e) {
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT id, person, disabled, state FROM account WHERE area_id = $1 AND name = $2",
                            (Value[]){value_int(s->area), value_text(account)}, 2, e);
  if (!st) return false;
  switch (stmt_step(st, e)) {
  case STEP_FAILED: return false;
  case STEP_DONE:
    return fail(e, ERROR_FORBIDDEN, "没有账号“%s”，请核对 --as 后的账号名，或请负责人开通。", account);
  case STEP_ROW: break;
  }
  *id = stmt_int(st, 0);
  s->actor.person = stmt_null(st, 1) ? 0 : stmt_int(st, 1);
  if (stmt_int(st, 2) || !strcmp(stmt_text(st, 3), STATE_VOID))
    return fail(e, ERROR_FORBIDDEN, "账号“%s”已停用，请联系负责人。", account);
  return true;
}

static bool load_grants(Session *s, int64_t account, Error *e) {
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT role, org_id FROM account_grant WHERE area_id = $1 AND record_id = $2 ORDER BY pos",
                            (Value[]){value_int(s->area), value_int(account)}, 2, e);
  if (!st) return false;
  size_t room = 0;
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    const Role *role = role_find(stmt_text(st, 0));
    if (role) *PUSH(s->arena, s->actor.grants, s->actor.grant_count, room) = (Grant){role, stmt_int(st, 1)};
  }
  return step == STEP_DONE;
}

static bool identify(Session *s, const char *account, Error *e) {
  if (!account) {
    s->actor.account = "本机";
    s->actor.grants = NEW(s->arena, Grant);
    s->actor.grants[0] = (Grant){role_find("owner"), s->tree->root};
    s->actor.grant_count = 1;
    return true;
  }
  int64_t id = 0;
  s->actor.account = arena_copy(s->arena, account);
  return load_account(s, account, &id, e) && load_grants(s, id, e);
}

Session *session_open(Site *site, const char *account, TxKind kind, Error *e) {
  Arena *a = arena_new();
  Session *s = NEW(a, Session);
  *s = (Session){.arena = a, .lasting = a, .site = site, .catalogue = site->catalogue, .area = site->area,
                 .today = clock_today(&site->clock)};
  s->tx = tx_begin(site->store, kind, site->area, e);
  s->tree = s->tx ? org_tree_load(a, s->tx, s->catalogue, s->area, e) : NULL;
  if (s->tree && identify(s, account, e)) return s;
  session_close(s);
  return NULL;
}

void session_close(Session *s) {
  if (!s) return;
  if (s->tx) tx_rollback(s->tx);
  arena_free(s->lasting);
}

void session_cleanup(Session **s) { session_close(*s); }

int64_t session_reporter(Session *s, int64_t org, Period period, Error *e) {
  const Relation *post = catalogue_core(s->catalogue, "post");
  if (!post || !s->catalogue->profile.reporter) return 0;
  Query q;
  FilterScope scope = {.area = s->area, .here = org, .period = period};
  query_begin(&q, s->arena, s->catalogue, post, scope);
  Date last = period_last(period);
  const char *test = query_filter(&q, s->catalogue->profile.reporter, false);
  const char *person = query_column(&q, "person"), *state = query_column(&q, "state");
  const char *started = query_column(&q, "started_on"), *ended = query_column(&q, "ended_on");
  const char *held = query_column(&q, "org");
  const char *sql = arena_print(
      s->arena,
      "SELECT %s FROM %s WHERE %s AND %s = %s AND %s <> %s AND %s <= %s AND (%s IS NULL OR %s > %s) AND %s "
      "ORDER BY %s DESC, t.id",
      person, query_from(&q), query_area(&q), held, query_bind(&q, value_int(org)), state,
      query_bind(&q, value_text(STATE_VOID)), started, query_bind(&q, value_int(last)), ended, ended,
      query_bind(&q, value_int(last)), test, started);
  int64_t found = 0;
  bool any = false, done = tx_int(s->tx, sql, q.binds, q.bind_count, &found, &any, e);
  query_end(&q);
  return done && any ? found : 0;
}
