/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Opening somebody's session: who they are, what they were granted, the tree as it is. One transaction
 * serves the whole of it, so that everything they see is of one moment. */
#include "access/session.h"

#include <string.h>

#include "access/names.h"
#include "access/token.h"

/* FNV-1a: tells a change, proves nothing. The sealed secret has a new nonce with every password. */
static void stamp(Session *s, const void *bytes, size_t n) {
  const unsigned char *b = bytes;
  for (size_t i = 0; i < n; i++) s->actor.stamp = (s->actor.stamp ^ b[i]) * 1099511628211u;
}

static void stamp_int(Session *s, int64_t n) { stamp(s, &n, sizeof n); }

static void take_mode(Session *s, const char *word) { s->actor.mode = word && !strcmp(word, "strict") ? MODE_STRICT : MODE_SMALL; }

/* With the site's mode and what was last set as password: all in one statement, since every request asks. */
static bool load_account(Session *s, const char *account, int64_t *id, Error *e) {
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT a.id, a.person, a.disabled, a.state, c.secret, m.value FROM account a "
                            "LEFT JOIN credential c ON c.area_id = a.area_id AND c.account = a.id AND c.state <> $3 "
                            "LEFT JOIN setting m ON m.area_id = a.area_id AND m.name = $4 AND m.state <> $3 "
                            "WHERE a.area_id = $1 AND a.name = $2",
                            (Value[]){value_int(s->area), value_text(account), value_text(STATE_VOID), value_text("mode")}, 4, e);
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
  Value secret = stmt_null(st, 4) ? value_null(VALUE_BYTES) : stmt_value(st, 4, VALUE_BYTES);
  if (!secret.null) stamp(s, secret.s, secret.n);
  take_mode(s, stmt_null(st, 5) ? NULL : stmt_text(st, 5));
  stamp_int(s, s->actor.mode);
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
    const char *name = stmt_text(st, 0);
    const Role *role = role_in(name, s->actor.mode);
    int64_t org = stmt_null(st, 1) ? s->tree->root : stmt_int(st, 1); /* none: the whole area */
    stamp(s, name, strlen(name));
    stamp_int(s, stmt_null(st, 1) ? 0 : org); /* as granted: founding the root ends no sign-in */
    if (role && strcmp(name, ROLE_MACHINE) != 0) *PUSH(s->arena, s->actor.grants, s->actor.grant_count, room) = (Grant){.role = role, .org = org};
  }
  return step == STEP_DONE;
}

/* At the machine: the owner; in strict mode there is none, and what remains is what keeps the site running. */
static bool identify_machine(Session *s, Error *e) {
  STMT_SCOPE st = stmt_open(s->tx, "SELECT value FROM setting WHERE area_id = $1 AND name = $2 AND state <> $3",
                            (Value[]){value_int(s->area), value_text("mode"), value_text(STATE_VOID)}, 3, e);
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  if (step == STEP_FAILED) return false;
  take_mode(s, step == STEP_ROW ? stmt_text(st, 0) : NULL);
  s->actor.account = "本机";
  s->actor.grants = NEW(s->arena, Grant);
  s->actor.grants[0] = (Grant){.role = role_in(s->actor.mode == MODE_STRICT ? ROLE_MACHINE : "owner", s->actor.mode), .org = s->tree->root};
  s->actor.grant_count = 1;
  return true;
}

static bool identify(Session *s, const char *account, Error *e) {
  s->actor.stamp = 14695981039346656037u;
  if (!account) return identify_machine(s, e);
  int64_t id = 0;
  s->actor.account = arena_copy(s->arena, account);
  return load_account(s, account, &id, e) && load_grants(s, id, e);
}

/* The newest revision that the snapshot sees; false also where the head is gone, which the audit will say. */
static bool newest(Tx *tx, int64_t area, int64_t *seq, unsigned char mac[32]) {
  Error ignored = {0};
  STMT_SCOPE st = stmt_open(tx, "SELECT seq, mac FROM head WHERE area_id = $1", (Value[]){value_int(area)}, 1, &ignored);
  if (!st || stmt_step(st, &ignored) != STEP_ROW) return false;
  size_t n;
  const void *bytes = stmt_bytes(st, 1, &n);
  if (n != 32) return false;
  *seq = stmt_int(st, 0);
  memcpy(mac, bytes, 32);
  return true;
}

/* Every change of the tree is a revision: between two revisions one reading of it serves all sessions of the site,
 * of which there is one at a time. */
static OrgTree *tree_of(Session *s, Error *e) {
  Site *site = s->site;
  int64_t seq;
  unsigned char mac[sizeof site->tree_mac];
  /* opened to audit: any table may be gone, and nothing more than is needed is asked for */
  if (!site->keyring || !newest(s->tx, s->area, &seq, mac)) return org_tree_load(s->arena, s->tx, s->catalogue, s->area, e);
  if (site->tree && site->tree_seq == seq && !memcmp(site->tree_mac, mac, sizeof mac)) return site->tree;
  arena_free(site->tree_arena);
  site->tree_arena = arena_new();
  site->tree = org_tree_load(site->tree_arena, s->tx, s->catalogue, s->area, e);
  site->tree_seq = seq;
  memcpy(site->tree_mac, mac, sizeof mac);
  return site->tree;
}

Session *session_open(Site *site, const char *account, TxKind kind, Error *e) { return session_open_by(site, account, 0, kind, e); }

Session *session_open_by(Site *site, const char *account, int64_t token, TxKind kind, Error *e) {
  Arena *a = arena_new();
  Session *s = NEW(a, Session);
  *s = (Session){.arena = a, .lasting = a, .site = site, .catalogue = site->catalogue, .area = site->area,
                 .today = clock_today(&site->clock)};
  s->tx = tx_begin(site->store, kind, site->area, e);
  s->tree = s->tx ? tree_of(s, e) : NULL;
  if (s->tree && identify(s, account, e) && (!token || token_cut(s, token, kind, e))) return s;
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
