/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * One SELECT for every list: the gate's test, the asker's filter and words, a subtree, an order, a page of it. Rows
 * are streamed. By date and id no sort is made that grows with the ledger: the index on dates gives the order, and
 * only the rows of one day are put in order among themselves. */
#include "ledger/list.h"

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

typedef struct Listing {
  Query q;
  const char *condition, *org, *date;
} Listing;

/* ---- which rows ---- */

static bool is_blank(const char *s, size_t *n) {
  *n = strncmp(s, "　", 3) ? 1 : 3;
  return *n == 3 || *s == ' ' || *s == '\t' || *s == '\r' || *s == '\n';
}

/* The next word at `*s`, which is moved behind it; NULL when there is none. */
static const char *next_word(Arena *a, const char **s) {
  size_t n;
  while (**s && is_blank(*s, &n)) *s += n;
  const char *begin = *s;
  while (**s && !is_blank(*s, &n)) ++*s;
  return *s > begin ? arena_slice(a, begin, (size_t)(*s - begin)) : NULL;
}

static bool is_prose(const Column *c) {
  return !c->retired && !c->sensitive && !c->system && (c->type == TYPE_TEXT || c->type == TYPE_PROSE);
}

/* What a word may stand in: a text of the row's own, or the title of a row that it names. */
static const char *searched(Query *q, const Relation *r, const Column *c) {
  if (is_prose(c)) return query_path(q, (Path){.relation = r, .column = c});
  if (c->retired || c->sensitive || c->type != TYPE_REF || !c->ref || c->ref->title < 0) return NULL;
  const Column *title = &c->ref->columns[c->ref->title];
  bool record = !strcmp(c->name, "record") || !strcmp(c->name, "id");
  if (record || title->sensitive || title->type != TYPE_TEXT) return NULL;
  return query_path(q, (Path){.via = c, .relation = c->ref, .column = title});
}

static bool add_search(Session *s, const Relation *r, const char *search, Listing *l, Text *sql, Error *e) {
  const char *word, *rest = search;
  size_t words = 0, bad;
  if (strlen(search) > LIST_SEARCH_BYTES) return fail(e, ERROR_LIMIT, "要找的字太多，请只写其中几个词。");
  if (!utf8_valid(search, strlen(search), &bad)) return fail(e, ERROR_INVALID, "要找的字不是有效的文字，请重新输入。");
  while ((word = next_word(s->arena, &rest))) {
    if (++words > LIST_WORDS) return fail(e, ERROR_LIMIT, "一次最多找%d个词，请去掉几个。", LIST_WORDS);
    const char *bound = NULL; /* only where a column is searched: what no statement names may not be bound */
    text_add(sql, " AND (1 = 0");
    for (size_t i = 0; i < r->column_count; i++) {
      const char *in = searched(&l->q, r, &r->columns[i]);
      if (in && !bound) bound = query_bind(&l->q, value_text(word));
      if (in) text_print(sql, " OR strpos(%s, %s) > 0", in, bound);
    }
    text_add(sql, ")");
  }
  return true;
}

static bool plan(Session *s, ListAsk ask, Listing *l, Error *e) {
  const Relation *r = ask.relation, *record = r->parent ? r->parent : r;
  const Filter *filter = NULL;
  FilterScope scope = {.area = s->area, .here = ask.org ? ask.org : s->tree->root, .period = ask.period};
  if (ask.where && *ask.where) {
    filter = filter_parse(s->arena, s->catalogue, r, ask.where, NULL, NULL, e);
    if (!filter || !gate_filter(s, filter, e)) return false;
  }
  if (filter_uses_reporter(filter)) {
    Error why = {0};
    scope.reporter = session_reporter(s, s->tree->root, ask.period, &why);
    if (why.kind) return fail_because(e, why.kind, why.cause, "%s", why.sentence);
  }
  query_begin(&l->q, s->arena, s->catalogue, r, scope);
  l->org = record->org >= 0 ? query_column(&l->q, record->columns[record->org].name) : NULL;
  l->date = record->date >= 0 ? query_column(&l->q, record->columns[record->date].name) : NULL;
  TEXT_SCOPE sql = text_new(256 * 1024);
  text_print(&sql, "%s AND %s AND %s", query_area(&l->q), gate_rows(s, &l->q), query_filter(&l->q, filter, false));
  if (!ask.voided && record->state >= 0)
    text_print(&sql, " AND %s <> %s", query_column(&l->q, "state"), query_bind(&l->q, value_text(STATE_VOID)));
  if (ask.org && ask.org != s->tree->root) {
    if (!l->org) return fail(e, ERROR_INVALID, "“%s”不分组织，请去掉 --org。", r->label);
    const char *day = l->date && strcmp(record->name, "org") ? l->date : query_bind(&l->q, value_int(s->today));
    text_print(&sql, " AND %s", query_under(&l->q, l->org, day, ask.org));
  }
  if (ask.search && !add_search(s, r, ask.search, l, &sql, e)) return false;
  l->condition = arena_copy(s->arena, text_get(&sql));
  return true;
}

/* ---- in which order ---- */

bool list_sortable(const Column *c) {
  return !c->retired && !c->sensitive && c->type != TYPE_FILE && strcmp(c->name, "record") != 0;
}

/* The place of each name in its declared order, unknown ones behind. */
static const char *by_place(Query *q, const char *column, const char *const *names, size_t count) {
  TEXT_SCOPE sql = text_new(64 * 1024);
  text_print(&sql, "CASE %s", column);
  for (size_t i = 0; i < count; i++)
    text_print(&sql, " WHEN %s THEN %zu", query_bind(q, value_text(names[i])), i);
  text_print(&sql, " ELSE %zu END", count);
  return arena_copy(q->arena, text_get(&sql));
}

static const char *sort_key(Query *q, const Relation *r, const Column *c) {
  const char *plain = query_path(q, (Path){.relation = r, .column = c});
  bool state = r->state >= 0 && c == &r->columns[r->state];
  size_t count = state ? r->state_count : c->codes ? c->codes->count : 0;
  if (count) {
    const char **names = NEW_ARRAY(q->arena, const char *, count);
    for (size_t i = 0; i < count; i++) names[i] = state ? r->states[i].name : c->codes->at[i].name;
    return by_place(q, plain, names, count);
  }
  const Column *title = c->type == TYPE_REF && c->ref && c->ref->title >= 0 ? &c->ref->columns[c->ref->title] : NULL;
  if (!title || title->sensitive || !strcmp(c->name, "id")) return plain;
  return query_path(q, (Path){.via = c, .relation = c->ref, .column = title});
}

static bool order_text(ListAsk ask, Listing *l, Text *sql, Error *e) {
  const Relation *r = ask.relation;
  const char *way = ask.descending ? " DESC" : "";
  const Column *c = ask.order && *ask.order ? relation_column(r, ask.order) : NULL;
  if (ask.order && *ask.order && (!c || c->retired))
    return fail(e, ERROR_MISSING, "%s没有“%s”这一项，不能按它排序。", r->label, ask.order);
  if (c && c->sensitive) return fail(e, ERROR_FORBIDDEN, "“%s”是隐私项，不能用来筛选或排序，请去掉这个条件。", c->label);
  if (c && !list_sortable(c)) return fail(e, ERROR_INVALID, "%s不能按“%s”排序。", r->label, c->label);
  if (c && (r->date < 0 || c != &r->columns[r->date])) {
    const char *key = sort_key(&l->q, r, c);
    if (!c->never_null || c->type == TYPE_REF) text_print(sql, "CASE WHEN %s IS NULL THEN 1 ELSE 0 END, ", key);
    text_print(sql, "%s%s, ", key, way);
  }
  if (l->date) text_print(sql, "%s%s, ", l->date, way);
  if (r->parent) text_print(sql, "t.\"record_id\"%s, t.\"pos\"%s, ", way, way);
  text_print(sql, "t.\"id\"%s", way);
  return true;
}

static bool select_text(Session *s, ListAsk ask, Listing *l, const char **out, Error *e) {
  const Relation *r = ask.relation;
  if (ask.offset < 0 || ask.limit < 0) return fail(e, ERROR_INVALID, "没有这一页，请从第1页看起。");
  if (ask.offset > LIST_DEEPEST)
    return fail(e, ERROR_LIMIT, "列表最多翻到第%d条，请用条件或日期缩小范围。", LIST_DEEPEST);
  TEXT_SCOPE order = text_new(64 * 1024);
  if (!order_text(ask, l, &order, e)) return false;
  TEXT_SCOPE sql = text_new(256 * 1024);
  text_add(&sql, "SELECT ");
  for (size_t i = 0; i < r->column_count; i++) text_print(&sql, "t.\"%s\", ", r->columns[i].sql);
  text_print(&sql, "%s, %s FROM %s WHERE %s ORDER BY %s", l->org ? l->org : "0", l->date ? l->date : "0",
             query_from(&l->q), l->condition, text_get(&order));
  if (ask.limit) text_print(&sql, " LIMIT %s", query_bind(&l->q, value_int(ask.limit)));
  if (ask.offset) text_print(&sql, "%s OFFSET %s", ask.limit ? "" : " LIMIT 9223372036854775807",
                             query_bind(&l->q, value_int(ask.offset)));
  *out = arena_copy(s->arena, text_get(&sql));
  return true;
}

bool list_rows(Session *s, ListAsk ask, ListVisit *visit, void *context, Error *e) {
  Listing l = {0};
  const char *sql = NULL;
  bool done = plan(s, ask, &l, e) && select_text(s, ask, &l, &sql, e);
  if (done) {
    STMT_SCOPE st = stmt_open(s->tx, sql, l.q.binds, l.q.bind_count, e);
    size_t n = ask.relation->column_count;
    Step step = st ? STEP_ROW : STEP_FAILED;
    bool going = true;
    ARENA_SCOPE rows = arena_new();
    ArenaMark mark = arena_mark(rows);
    while (going && st && (step = stmt_step(st, e)) == STEP_ROW) {
      arena_back(rows, mark);
      ListRow row = {row_from(rows, ask.relation, st, 0), stmt_int(st, n), (Date)stmt_int(st, n + 1)};
      going = visit(s, &row, context);
    }
    done = step != STEP_FAILED;
  }
  query_end(&l.q);
  return done;
}

bool list_count(Session *s, ListAsk ask, int64_t *out, Error *e) {
  Listing l = {0};
  bool done = plan(s, ask, &l, e);
  if (done) {
    const char *sql = arena_print(s->arena, "SELECT COUNT(*) FROM %s WHERE %s", query_from(&l.q), l.condition);
    done = tx_int(s->tx, sql, l.q.binds, l.q.bind_count, out, NULL, e);
  }
  query_end(&l.q);
  return done;
}

bool list_count_to(Session *s, ListAsk ask, int64_t most, int64_t *out, Error *e) {
  Listing l = {0};
  bool done = plan(s, ask, &l, e);
  if (done) {
    /* In the order of the key, where nothing narrows the rows: SQLite would go by the date's index and look each up. */
    bool all = !(ask.where && *ask.where) && !ask.org && !(ask.search && *ask.search);
    const char *sql = arena_print(s->arena, "SELECT COUNT(*) FROM (SELECT 1 AS one FROM %s WHERE %s%s LIMIT %s) n",
                                  query_from(&l.q), l.condition, all ? " ORDER BY t.\"id\"" : "",
                                  query_bind(&l.q, value_int(most + 1)));
    done = tx_int(s->tx, sql, l.q.binds, l.q.bind_count, out, NULL, e);
  }
  query_end(&l.q);
  return done;
}

bool list_count_states(Session *s, ListAsk ask, int64_t most, int64_t *out, bool *capped, Error *e) {
  Listing l = {0};
  const Relation *r = ask.relation;
  int64_t all = 0;
  bool done = plan(s, ask, &l, e);
  memset(out, 0, sizeof *out * (r->state_count + 1));
  if (done) {
    bool every = !(ask.where && *ask.where) && !ask.org && !(ask.search && *ask.search); /* by the key, as above */
    const char *sql = arena_print(s->arena, "SELECT n.state, COUNT(*) FROM (SELECT t.state AS state FROM %s WHERE %s%s LIMIT %s) n "
                                  "GROUP BY n.state", query_from(&l.q), l.condition, every ? " ORDER BY t.\"id\"" : "",
                                  query_bind(&l.q, value_int(most + 1)));
    STMT_SCOPE st = stmt_open(s->tx, sql, l.q.binds, l.q.bind_count, e);
    Step step = st ? STEP_ROW : STEP_FAILED;
    while (st && (step = stmt_step(st, e)) == STEP_ROW) {
      const State *state = relation_state(r, stmt_text(st, 0));
      out[state ? (size_t)(state - r->states) : r->state_count] += stmt_int(st, 1);
      all += stmt_int(st, 1);
    }
    done = step != STEP_FAILED;
  }
  *capped = all > most;
  query_end(&l.q);
  return done;
}
