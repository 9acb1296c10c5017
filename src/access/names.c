/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A name index per referred relation: open addressing over the names, and the rows by id. Orgs are asked
 * of the tree, since their names are dated. */
#include "access/names.h"

#include <stdlib.h>
#include <string.h>

typedef struct Named {
  int64_t id;
  const char *name;
  Date day;     /* what tells two of a name apart for people: a birthday, the date of a record; 0: unknown */
  int64_t same; /* next of that name, index + 1 */
} Named;
typedef struct NameIndex {
  const Relation *relation;
  Named *at; size_t count, room; /* by id */
  int64_t *slots; size_t slot_count; /* index + 1 */
  struct NameIndex *next;
} NameIndex;
/* Orgs as they were last asked for: the tree is searched name by name. */
enum { ORGS = 512, ORG_NAME = 48, HINTS = 200 };
typedef struct KnownOrg { char name[ORG_NAME]; Date at; int64_t id; } KnownOrg;
struct Names {
  NameIndex *first;
  const OrgTree *tree; /* whose orgs are known */
  KnownOrg orgs[ORGS];
  size_t hints; /* nearest names looked for: dear, and after so many of no more use */
};

static struct Names *names_begin(Session *s) {
  if (!s->names) s->names = NEW(s->lasting, struct Names);
  return s->names;
}

static uint64_t hash(const char *s) {
  uint64_t h = 1469598103934665603u;
  for (; *s; s++) h = (h ^ (unsigned char)*s) * 1099511628211u;
  return h ^ h >> 29;
}

static int64_t *slot(const NameIndex *x, const char *name) {
  for (size_t i = hash(name) & (x->slot_count - 1);; i = (i + 1) & (x->slot_count - 1))
    if (!x->slots[i] || !strcmp(x->at[x->slots[i] - 1].name, name)) return &x->slots[i];
}

static void index_names(Arena *a, NameIndex *x) {
  x->slot_count = 16;
  while (x->slot_count < x->count * 2) x->slot_count *= 2;
  x->slots = NEW_ARRAY(a, int64_t, x->slot_count);
  for (size_t i = x->count; i-- > 0;) {
    int64_t *at = slot(x, x->at[i].name);
    x->at[i].same = *at;
    *at = (int64_t)i + 1;
  }
}

/* The date that tells rows of one name apart: the relation's own, else its first that is not sensitive. */
static const Column *day_column(const Relation *r) {
  if (r->date >= 0) return &r->columns[r->date];
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->type == TYPE_DATE && !c->sensitive && !c->retired && !c->system) return c;
  }
  return NULL;
}

static NameIndex *names_load(Session *s, const Relation *ref, Error *e) {
  struct Names *names = names_begin(s);
  for (NameIndex *x = names->first; x; x = x->next)
    if (x->relation == ref) return x;
  NameIndex *x = NEW(s->lasting, NameIndex);
  x->relation = ref;
  if (ref->title >= 0) {
    const Column *day = day_column(ref);
    const char *sql = arena_print(s->arena, "SELECT id, \"%s\"%s%s%s FROM \"%s\" WHERE area_id = $1%s ORDER BY id",
                                  ref->columns[ref->title].sql, day ? ", \"" : "", day ? day->sql : "", day ? "\"" : "",
                                  ref->table, ref->state >= 0 ? " AND state <> $2" : "");
    STMT_SCOPE st = stmt_open(s->tx, sql, (Value[]){value_int(s->area), value_text(STATE_VOID)},
                              ref->state >= 0 ? 2 : 1, e);
    if (!st) return NULL;
    Step step;
    while ((step = stmt_step(st, e)) == STEP_ROW)
      *PUSH(s->lasting, x->at, x->count, x->room) = 
          (Named){stmt_int(st, 0), arena_copy(s->lasting, stmt_text(st, 1)), day ? (Date)stmt_int(st, 2) : 0, 0};
    if (step == STEP_FAILED) return NULL;
  }
  index_names(s->lasting, x);
  x->next = names->first;
  names->first = x;
  return x;
}

static const Named *by_id(const NameIndex *x, int64_t id) {
  size_t low = 0, high = x->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (x->at[middle].id < id) low = middle + 1;
    else high = middle;
  }
  return low < x->count && x->at[low].id == id ? &x->at[low] : NULL;
}

static bool number_of(const char *text, int64_t *id) {
  char *end = NULL;
  if (*text < '1' || *text > '9' || strlen(text) > 18) return false;
  *id = strtoll(text, &end, 10);
  return !*end;
}

static bool find_org(Session *s, const char *text, Date at, int64_t *id, Error *e) {
  struct Names *names = names_begin(s);
  if (names->tree != s->tree) memset(names->orgs, 0, sizeof names->orgs);
  names->tree = s->tree;
  KnownOrg *known = &names->orgs[(hash(text) ^ (uint64_t)at * 31) % ORGS];
  if (known->id && known->at == at && !strcmp(known->name, text)) return *id = known->id, true;
  if (!(*id = org_find(s->tree, text, at, e))) return false;
  size_t n = strlen(text);
  if (n < ORG_NAME) {
    memcpy(known->name, text, n + 1);
    known->at = at;
    known->id = *id;
  }
  return true;
}

static bool not_found(Session *s, const NameIndex *x, const char *text, Error *e) {
  const char *near = NULL;
  if (x->count <= 20000 && s->names->hints++ < HINTS) {
    ARENA_SCOPE a = arena_new();
    const char **all = NEW_ARRAY(a, const char *, x->count + 1);
    for (size_t i = 0; i < x->count; i++) all[i] = x->at[i].name;
    near = nearest(text, all, x->count);
  }
  return near ? fail(e, ERROR_MISSING, "%s里没有“%s”，是不是“%s”？没有登记的请先登记。", x->relation->label, text, near)
              : fail(e, ERROR_MISSING, "%s里没有“%s”，请先登记。", x->relation->label, text);
}

/* 张三#12: the name for whoever reads it, the id for whoever looks it up. */
static bool find_marked(const NameIndex *x, const char *text, int64_t *id) {
  const char *mark = strrchr(text, '#');
  if (!mark || !number_of(mark + 1, id)) return false;
  const Named *n = by_id(x, *id);
  return n && strlen(n->name) == (size_t)(mark - text) && !memcmp(n->name, text, (size_t)(mark - text));
}

/* 张三（1975-03-02）: the name with the date that tells it apart. */
static bool find_dated(const NameIndex *x, const char *text, int64_t *id) {
  const char *open = NULL, *close;
  size_t bracket = sizeof "（" - 1, n = strlen(text);
  for (const char *at = text; (at = strstr(at, "（")); at += bracket) open = at;
  if (!open || open == text || n < bracket || strcmp(close = text + n - bracket, "）") != 0 || close < open + bracket)
    return false;
  char name[256], date[32];
  size_t length = (size_t)(open - text), digits = (size_t)(close - open) - bracket;
  Date day;
  Error e = {0};
  if (length >= sizeof name || digits >= sizeof date) return false;
  memcpy(name, text, length);
  name[length] = 0;
  memcpy(date, open + bracket, digits);
  date[digits] = 0;
  if (!date_read(date, &day, &e)) return false;
  size_t found = 0;
  for (int64_t at = *slot(x, name); at; at = x->at[at - 1].same)
    if (x->at[at - 1].day == day && !found++) *id = x->at[at - 1].id;
  return found == 1;
}

bool names_find(Session *s, const Relation *ref, const char *text, Date at, int64_t *id, Error *e) {
  bool numbered = number_of(text, id);
  if (!strcmp(ref->name, "org")) {
    if (numbered && org_node(s->tree, *id)) return true;
    if (numbered) return fail(e, ERROR_MISSING, "没有编号%s的组织，请核对编号。", text);
    return find_org(s, text, at, id, e);
  }
  const NameIndex *x = names_load(s, ref, e);
  if (!x) return false;
  if (numbered)
    return by_id(x, *id) || fail(e, ERROR_MISSING, "%s里没有编号%s，请核对编号。", ref->label, text);
  int64_t found = *slot(x, text);
  if (!found) return find_marked(x, text, id) || find_dated(x, text, id) || not_found(s, x, text, e);
  const Named *n = &x->at[found - 1];
  if (n->same)
    return fail(e, ERROR_INVALID, "%s里不止一个“%s”（编号%lld、%lld），请改填编号。", ref->label, text,
                (long long)n->id, (long long)x->at[n->same - 1].id);
  *id = n->id;
  return true;
}

const char *names_of(Session *s, const Relation *ref, int64_t id, Date at) {
  if (!strcmp(ref->name, "org")) return org_name(s->tree, id, at);
  Error e = {0};
  const NameIndex *x = names_load(s, ref, &e);
  const Named *n = x ? by_id(x, id) : NULL;
  return n ? n->name : "";
}

const char *names_exact(Session *s, const Relation *ref, int64_t id, Date at) {
  const char *name = names_of(s, ref, id, at);
  int64_t found = 0;
  Error e = {0};
  if (*name && names_find(s, ref, name, at, &found, &e) && found == id) return name;
  if (*name && strcmp(ref->name, "org") != 0) {
    const NameIndex *x = names_load(s, ref, &e);
    const Named *n = x ? by_id(x, id) : NULL;
    DateText day;
    const char *dated = n && n->day ? arena_print(s->arena, "%s（%s）", name, date_iso(n->day, day)) : NULL;
    if (dated && find_dated(x, dated, &found) && found == id) return dated;
  }
  if (!*name || strcmp(ref->name, "org") != 0) return arena_print(s->arena, *name ? "%s#%lld" : "%s%lld", name, (long long)id);
  const char *path = name;
  for (int64_t up = org_parent(s->tree, id, at); up; up = org_parent(s->tree, up, at)) {
    path = arena_print(s->arena, "%s/%s", org_name(s->tree, up, at), path);
    if (names_find(s, ref, path, at, &found, &e) && found == id) return path;
  }
  return arena_print(s->arena, "%lld", (long long)id);
}

size_t names_same(Session *s, const Relation *ref, const char *name, int64_t **ids) {
  Error e = {0};
  size_t count = 0, room = 0;
  *ids = NULL;
  const NameIndex *x = strcmp(ref->name, "org") ? names_load(s, ref, &e) : NULL;
  for (int64_t at = x ? *slot(x, name) : 0; at; at = x->at[at - 1].same) *PUSH(s->arena, *ids, count, room) = x->at[at - 1].id;
  return count;
}

void names_forget(Session *s) { s->names = NULL; }
