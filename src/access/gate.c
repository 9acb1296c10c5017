/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Rule 3 in one place. Rows are kept to the asker's subtrees on the rows' own dates, cells to what their
 * role may see, figures are whole or refused. Every list, export, figure and operation comes through here. */
#include "access/session.h"

#include <string.h>

#include "access/names.h"

static bool gives(const Role *r, Right right) {
  switch (right) {
  case MAY_READ: return r->reads;
  case MAY_WRITE: return r->writes;
  case MAY_SEE_SENSITIVE: return r->sees_sensitive;
  case MAY_MANAGE_PEOPLE: return r->manages_people;
  case MAY_MANAGE_TREE: return r->manages_tree;
  case MAY_MANAGE_ACCOUNTS: return r->manages_accounts;
  case MAY_CLOSE: return r->closes;
  case MAY_AUDIT: return r->audits;
  case MAY_ERASE: return r->erases;
  case MAY_GRANT: return r->grants;
  case MAY_BACK_UP: return r->backs_up;
  case MAY_SET: return r->sets;
  case MAY_OWN: return false; /* no role's */
  }
  return false;
}

static const char *right_words(Right right) {
  switch (right) {
  case MAY_READ: return "查看";
  case MAY_WRITE: return "登记或修改";
  case MAY_SEE_SENSITIVE: return "查看隐私项";
  case MAY_MANAGE_PEOPLE: return "管理人员";
  case MAY_MANAGE_TREE: return "调整组织";
  case MAY_MANAGE_ACCOUNTS: return "管理账号";
  case MAY_CLOSE: return "结账";
  case MAY_AUDIT: return "审计";
  case MAY_ERASE: return "清除隐私项";
  case MAY_GRANT: return "授权";
  case MAY_BACK_UP: return "备份";
  case MAY_SET: return "改设置";
  case MAY_OWN: return "操作";
  }
  return "";
}

bool grant_reaches(const Session *s, const Grant *g, int64_t org, Date day) {
  if (g->org != s->tree->root && !(org && org_under(s->tree, org, g->org, day))) return false;
  return !g->also || org_under(s->tree, org, g->also, day);
}

bool may(const Session *s, Right right, int64_t org) {
  if (right == MAY_OWN) return !s->actor.token;
  for (size_t i = 0; i < s->actor.grant_count; i++)
    if (gives(s->actor.grants[i].role, right) && grant_reaches(s, &s->actor.grants[i], org, s->today)) return true;
  return false;
}

bool may_anywhere(const Session *s, Right right) {
  for (size_t i = 0; i < s->actor.grant_count; i++)
    if (gives(s->actor.grants[i].role, right)) return true;
  return right == MAY_OWN && !s->actor.token;
}

/* “望禾村、东滩村”: the subtrees over which the actor has the right. */
static const char *reach(const Session *s, Right right) {
  TEXT_SCOPE all = text_new(512);
  for (size_t i = 0; i < s->actor.grant_count; i++)
    if (gives(s->actor.grants[i].role, right))
      text_print(&all, "%s%s", all.length ? "、" : "", org_name(s->tree, s->actor.grants[i].org, s->today));
  return arena_copy(s->arena, text_get(&all));
}

bool may_or_fail(const Session *s, Right right, int64_t org, Error *e) {
  if (may(s, right, org)) return true;
  const char *where = reach(s, right), *words = right_words(right);
  if (!*where && s->actor.token) return fail(e, ERROR_FORBIDDEN, "这个令牌没有%s的权限，请本人在网页上登录后做。", words);
  if (!*where) return fail(e, ERROR_FORBIDDEN, "账号“%s”没有%s的权限，请联系负责人。", s->actor.account, words);
  if (!org) return fail(e, ERROR_FORBIDDEN, "您%s的权限限于%s，这一项要全乡的权限。", words, where);
  /* it may be known by number alone: its name is told to whoever may see it */
  const char *name = may(s, MAY_READ, org) ? org_name(s->tree, org, s->today) : "这个组织";
  return fail(e, ERROR_FORBIDDEN, "您%s的权限限于%s，不含%s。", words, where, name);
}

/* The SQL org and day by which a row of the query's relation is judged. */
static bool place(const Session *s, Query *q, const char **org, const char **day) {
  const Relation *r = q->relation, *record = r->parent ? r->parent : r;
  if (record->org < 0) return false;
  *org = query_column(q, record->columns[record->org].name);
  if (!strcmp(record->name, "org")) *day = query_bind(q, value_int(s->today));
  else if (record->date >= 0) *day = query_column(q, record->columns[record->date].name);
  else *day = query_bind(q, value_int(s->today));
  return true;
}

/* A row without an org of its own (a person) is seen through the rows that place it. */
static const char *placed_under(Query *q, const Relation *record, int64_t top) {
  TEXT_SCOPE sql = text_new(16 * 1024);
  const char *id = q->relation->parent ? query_column(q, "record") : query_column(q, "id");
  for (size_t i = 0; record->seen_by[i]; i++) {
    const Relation *r = record->seen_in[i];
    text_print(&sql,
               "%sEXISTS (SELECT 1 FROM \"%s\" s%zu WHERE s%zu.area_id = t.area_id AND s%zu.\"%s\" = %s AND s%zu.state <> %s "
               "AND %s)",
               i ? " OR " : "(", r->table, i, i, i, record->seen_by[i]->sql, id, i, query_bind(q, value_text(STATE_VOID)),
               query_under(q, arena_print(q->arena, "s%zu.org_id", i),
                           arena_print(q->arena, "s%zu.\"%s\"", i, r->columns[r->date].sql), top));
  }
  text_add(&sql, ")");
  return arena_copy(q->arena, text_get(&sql));
}

const char *gate_rows(const Session *s, Query *q) {
  const Relation *record = q->relation->parent ? q->relation->parent : q->relation;
  const char *org = NULL, *day = NULL;
  if (record->hidden) return "1 = 0";
  bool placed = place(s, q, &org, &day);
  TEXT_SCOPE sql = text_new(64 * 1024);
  for (size_t i = 0; i < s->actor.grant_count; i++) {
    const Grant *g = &s->actor.grants[i];
    if (!g->role->reads) continue;
    if (g->org == s->tree->root) return "1 = 1";
    if (!placed && !record->seen_by) continue;
    text_add(&sql, sql.length ? " OR " : "(");
    text_add(&sql, placed ? query_under(q, org, day, g->org) : placed_under(q, record, g->org));
    if (g->also) text_print(&sql, " AND %s", placed ? query_under(q, org, day, g->also) : placed_under(q, record, g->also));
  }
  if (!sql.length) return "1 = 0";
  text_add(&sql, ")");
  return arena_copy(q->arena, text_get(&sql));
}

bool gate_row(Session *s, const Relation *r, int64_t id, Error *e) {
  Query q;
  query_begin(&q, s->arena, s->catalogue, r, (FilterScope){.area = s->area});
  const char *test = gate_rows(s, &q), *by = query_column(&q, "id");
  const char *sql = arena_print(s->arena, "SELECT 1 FROM %s WHERE %s AND %s = %s AND %s", query_from(&q), query_area(&q),
                                by, query_bind(&q, value_int(id)), test);
  int64_t one;
  bool found = false, done = tx_int(s->tx, sql, q.binds, q.bind_count, &one, &found, e);
  query_end(&q);
  if (!done || found) return done;
  return fail(e, ERROR_MISSING, "%s里没有编号%lld，或不在您的权限内。", r->label, (long long)id);
}

bool gate_masked(const Session *s, const Column *column, int64_t org) {
  if (!column->sensitive) return false;
  return org ? !may(s, MAY_SEE_SENSITIVE, org) : !may_anywhere(s, MAY_SEE_SENSITIVE);
}

/* What is held on oneself one may see. */
static bool is_own(const Session *s, const Relation *record, int64_t id) {
  return s->actor.person && id == s->actor.person && !strcmp(record->name, "person");
}

/* What is written for exchange is not a page: whoever writes it notes it (look.c). */
static bool is_veiled(const Session *s, const Relation *record, int64_t id, bool exchange) {
  return s->veiled && !exchange && !(s->open == record && s->open_row == id);
}

typedef struct FilterCheck { const Session *session; Error *e; } FilterCheck;

static bool column_open(const Relation *r, const Column *column, void *context) {
  (void)r;
  FilterCheck *check = context;
  if (!column->sensitive) return true;
  return fail(check->e, ERROR_FORBIDDEN, "“%s”是隐私项，不能用来筛选或排序，请去掉这个条件。", column->label);
}

bool gate_filter(const Session *s, const Filter *f, Error *e) {
  FilterCheck check = {s, e};
  return !f || filter_columns(f, column_open, &check);
}

bool gate_figure(const Session *s, int64_t org, Error *e) {
  if (may(s, MAY_READ, org)) return true;
  const char *where = reach(s, MAY_READ);
  if (!*where) return fail(e, ERROR_FORBIDDEN, "账号“%s”没有查看的权限，请联系负责人。", s->actor.account);
  if (org == s->tree->root)
    return fail(e, ERROR_FORBIDDEN, "您的权限限于%s，全乡数不显示（不是0）。", where);
  return fail(e, ERROR_FORBIDDEN, "您的权限限于%s，其他组织的数不显示（不是0）。", where); /* nor its name: it may be known by number alone */
}

const char *gate_show(Session *s, Row row, const Column *column, int64_t org, bool exchange) {
  Value v = row.v[column - row.relation->columns];
  if (v.null) return "";
  if (column->sensitive) {
    const char *plain = NULL;
    bool erased = false;
    Error e = {0};
    int64_t owner = row.relation->parent ? row.v[relation_index(row.relation, "record")].i : row_id(row);
    const Relation *sealed_in = row.relation->parent ? row.relation->parent : row.relation;
    bool own = is_own(s, sealed_in, owner);
    if (row.relation->hidden || (!own && gate_masked(s, column, org))) return "无权查看";
    if (!own && is_veiled(s, sealed_in, owner, exchange)) return VEIL;
    if (v.kind == VALUE_TEXT) return v.s;
    if (!keyring_open_cell(s->site->keyring, s->arena, s->area, sealed_in, owner, column, v, &plain, &erased, &e))
      return "无法解密";
    return erased ? "已按规定清除" : plain;
  }
  if (column->type == TYPE_REF) {
    Date at = s->today;
    if (row.relation->date >= 0 && !row.v[row.relation->date].null) at = (Date)row.v[row.relation->date].i;
    return names_of(s, column->ref, v.i, at);
  }
  return exchange ? cell_exchange(s->arena, column, v) : cell_show(s->arena, column, v);
}
