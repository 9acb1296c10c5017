/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Tokens read and obeyed (token.h). What must stay true: a token's session is its account's with grants taken away or
 * narrowed, never one added; whether it is in force is asked in the very transaction that it works in. */
#include "access/token.h"

#include <stdlib.h>
#include <string.h>

#include "journal/seal.h"

#define PREFIX "luoshi-"
enum { NUMBER = 18 /* digits */ };

const char *token_text(Arena *a, int64_t token, const char *secret) {
  return arena_print(a, PREFIX "%lld-%s", (long long)token, secret);
}

const char *token_digest(Arena *a, const char *secret, Error *e) {
  Digest digest;
  SEAL_SCOPE seal = seal_new(NULL, e);
  if (!seal) return NULL;
  seal_start(seal);
  seal_bytes(seal, secret, strlen(secret));
  if (!seal_finish(seal, &digest, e)) return NULL;
  char *hex = arena_alloc(a, SEAL_HEX);
  hex_write(digest.at, SEAL_SIZE, hex);
  return hex;
}

/* ---- whose ---- */

static bool read_text(const char *text, int64_t *token, const char **secret) {
  size_t prefix = strlen(PREFIX), digits;
  if (strncmp(text, PREFIX, prefix) != 0) return false;
  text += prefix;
  digits = strspn(text, "0123456789");
  if (!digits || digits > NUMBER || text[digits] != '-') return false;
  *token = strtoll(text, NULL, 10);
  *secret = text + digits + 1;
  return strlen(*secret) == 2 * TOKEN_SECRET && strspn(*secret, "0123456789abcdef") == 2 * TOKEN_SECRET;
}

static bool same_digest(const char *kept, const char *given) {
  Digest a, b;
  return kept && hex_read(kept, a.at, SEAL_SIZE) && hex_read(given, b.at, SEAL_SIZE) && digest_equal(&a, &b);
}

static bool in_force(const Stmt *st, size_t ended_on, size_t until_on, Date today, Error *e) {
  if (!stmt_null(st, ended_on)) return fail(e, ERROR_FORBIDDEN, "这个令牌已收回，请在“我的”里另开一个。");
  if ((Date)stmt_int(st, until_on) < today) return fail(e, ERROR_FORBIDDEN, "这个令牌已过期，请在“我的”里另开一个。");
  return true;
}

static bool take_holder(Site *site, Arena *a, const Stmt *st, const char *secret, TokenHolder *out, Error *e) {
  const Relation *r = catalogue_core(site->catalogue, "token");
  bool erased = false;
  const char *kept = NULL, *given = token_digest(a, secret, e);
  int64_t id = stmt_int(st, 0);
  if (!given || !keyring_open_cell(site->keyring, a, site->area, r, id, relation_column(r, "digest"), stmt_value(st, 2, VALUE_BYTES), &kept, &erased, e))
    return false;
  if (!same_digest(kept, given)) return fail(e, ERROR_FORBIDDEN, "没有这个令牌，请核对，或在“我的”里另开一个。");
  if (!in_force(st, 4, 3, clock_today(&site->clock), e)) return false;
  if (stmt_int(st, 5)) return fail(e, ERROR_FORBIDDEN, "这个令牌的账号已停用，请联系负责人。");
  *out = (TokenHolder){id, arena_copy(a, stmt_text(st, 1))};
  return true;
}

bool token_find(Site *site, Arena *a, const char *text, TokenHolder *out, Error *e) {
  int64_t token;
  const char *secret;
  *out = (TokenHolder){0};
  if (!read_text(text, &token, &secret)) return fail(e, ERROR_FORBIDDEN, "令牌的写法不对，请照开通时显示的原样填写。");
  TX_SCOPE tx = tx_begin(site->store, TX_READ, site->area, e);
  if (!tx) return false;
  STMT_SCOPE st = stmt_open(tx,
                            "SELECT t.id, a.name, t.digest, t.until_on, t.ended_on, a.disabled FROM token t "
                            "JOIN account a ON a.area_id = t.area_id AND a.id = t.account AND a.state <> $3 "
                            "WHERE t.area_id = $1 AND t.id = $2 AND t.state <> $3",
                            (Value[]){value_int(site->area), value_int(token), value_text(STATE_VOID)}, 3, e);
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  if (step == STEP_DONE) return fail(e, ERROR_FORBIDDEN, "没有这个令牌，请核对，或在“我的”里另开一个。");
  return step == STEP_ROW && take_holder(site, a, st, secret, out, e);
}

/* ---- what it may ---- */

static const Role *cut_role(Session *s, const Role *whole, bool writes) {
  Role *r = NEW(s->arena, Role);
  *r = (Role){.name = whole->name, .label = whole->label, .modes = whole->modes, .apart = whole->apart, .help = whole->help, .reads = whole->reads};
  if (!writes) return r;
  r->writes = whole->writes, r->sees_sensitive = whole->sees_sensitive, r->closes = whole->closes;
  r->manages_people = whole->manages_people, r->manages_tree = whole->manages_tree;
  return r;
}

/* Rows are judged on days of their own, on which the one org may not have stood under the other: both must hold. */
static bool cut_org(const Session *s, Grant *g, int64_t top) {
  if (!top || top == s->tree->root || top == g->org) return true;
  if (g->org == s->tree->root) g->org = top;
  else if (org_under(s->tree, top, g->org, s->today)) g->also = g->org, g->org = top;
  else if (org_under(s->tree, g->org, top, s->today)) g->also = top;
  else return false;
  return true;
}

bool token_cut(Session *s, int64_t token, TxKind kind, Error *e) {
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT t.scope, t.top, t.until_on, t.ended_on FROM token t "
                            "JOIN account a ON a.area_id = t.area_id AND a.id = t.account "
                            "WHERE t.area_id = $1 AND t.id = $2 AND a.name = $3 AND t.state <> $4",
                            (Value[]){value_int(s->area), value_int(token), value_text(s->actor.account), value_text(STATE_VOID)}, 4, e);
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  if (step == STEP_DONE) return fail(e, ERROR_FORBIDDEN, "没有这个令牌，请核对，或在“我的”里另开一个。");
  if (step == STEP_FAILED || !in_force(st, 3, 2, s->today, e)) return false;
  bool writes = !strcmp(stmt_text(st, 0), "write");
  if (kind == TX_WRITE && !writes) return fail(e, ERROR_FORBIDDEN, "这个令牌只能读，要登记或修改，请另开一个可读写的。");
  int64_t top = stmt_null(st, 1) ? 0 : stmt_int(st, 1);
  size_t kept = 0;
  for (size_t i = 0; i < s->actor.grant_count; i++) {
    Grant g = s->actor.grants[i];
    g.role = cut_role(s, g.role, writes);
    if (cut_org(s, &g, top)) s->actor.grants[kept++] = g;
  }
  s->actor.grant_count = kept;
  s->actor.token = token;
  s->actor.person = 0; /* what is held on oneself is looked at in person */
  return true;
}

/* ---- for whoever looks after them ---- */

bool tokens_list(Session *s, const char *account, TokenRow **out, size_t *count, Error *e) {
  size_t room = 0;
  *out = NULL;
  *count = 0;
  bool own = !strcmp(account, s->actor.account) && may(s, MAY_OWN, 0);
  if (!own && !may(s, MAY_GRANT, 0) && !may(s, MAY_AUDIT, 0) && !may_or_fail(s, MAY_MANAGE_ACCOUNTS, 0, e)) return false;
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT t.id, t.label, t.scope, t.top, t.made_on, t.until_on, t.ended_on FROM token t "
                            "JOIN account a ON a.area_id = t.area_id AND a.id = t.account "
                            "WHERE t.area_id = $1 AND a.name = $2 AND t.state <> $3 ORDER BY t.id DESC",
                            (Value[]){value_int(s->area), value_text(account), value_text(STATE_VOID)}, 3, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW) {
    TokenRow *row = PUSH(s->arena, *out, *count, room);
    *row = (TokenRow){.id = stmt_int(st, 0), .label = arena_copy(s->arena, stmt_text(st, 1)), .writes = !strcmp(stmt_text(st, 2), "write"),
                      .org = stmt_null(st, 3) ? 0 : stmt_int(st, 3), .made_on = (Date)stmt_int(st, 4), .until_on = (Date)stmt_int(st, 5),
                      .ended_on = stmt_null(st, 6) ? 0 : (Date)stmt_int(st, 6)};
    row->ended = row->ended_on || row->until_on < s->today;
  }
  return step == STEP_DONE;
}
