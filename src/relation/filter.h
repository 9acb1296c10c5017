/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The one filter language (grammar in DECLARE.md): parsed once, typed against the catalogue, emitted
 * to bound SQL. Lists, sets, fill lists, permissions and verify's slices all use it.
 *
 * Two-valued by construction: a test on a missing value is false and `not` is its exact complement;
 * every test is emitted as (e) IS TRUE. The strict form leaves NULL where a missing value keeps the
 * test undecided: WHERE (strict) IS NULL lists the undetermined rows. */
#ifndef LUOSHI_RELATION_FILTER_H
#define LUOSHI_RELATION_FILTER_H

#include "relation/catalogue.h"
#include "relation/period.h"

enum { FILTER_BYTES = 4096, FILTER_DEPTH = 32, FILTER_NODES = 400 };

/* Values that words of the filter take when it runs. */
typedef struct FilterScope {
  int64_t area;
  int64_t here;     /* org of the figure or of the asker, for `under here`; 0: the whole area */
  Period period;    /* for `period`, and age() at its last day; must be set */
  int64_t reporter; /* person id; 0: nobody, tests on it are false */
} FilterScope;

/* NULL and a sentence with the place and, for an unknown name or choice, the nearest known one.
 * Every problem goes to `issues` under `where` when it is given, so that a profile reports all. ERROR_FORBIDDEN
 * when all that is wrong is that sensitive columns are tested. */
Filter *filter_parse(Arena *a, const Catalogue *c, const Relation *on, const char *text, const char *where,
                     Issues *issues, Error *e);
Filter *filter_and(Arena *a, const Filter *left, const Filter *right); /* either may be NULL */
Filter *filter_not(Arena *a, const Filter *f);
/* column = 'choice': an ad-hoc slice. `path` must name a choice column. */
Filter *filter_choice(Arena *a, Path path, const char *choice);
/* The same filter read from a line's parent must be said from the line: a set's `where` on its lines. */
Filter *filter_from_line(Arena *a, const Filter *f, const Relation *line);

/* Visits every column the filter tests: rule 3 refuses masked ones, the planner asks what may be missing. */
bool filter_columns(const Filter *f, bool (*visit)(const Relation *r, const Column *column, void *context),
                    void *context);
bool filter_uses_reporter(const Filter *f); /* whether FilterScope.reporter matters; NULL: false */
bool filter_uses_here(const Filter *f);     /* whether FilterScope.here does */
bool filter_fixed(const Filter *f); /* the same whoever asks and for whatever period: no reporter, here, period, age */
bool filter_equal(const Filter *f, Path *path, Value *value); /* whether it is `path = literal` and nothing more */
/* The tests that `and` joins at the top, each of which can be emitted by itself; NULL and 0 for NULL. */
size_t filter_parts(Arena *a, const Filter *f, const Filter ***out);
bool filter_can_miss(const Filter *f);        /* whether the strict form can be NULL at all */
void filter_text(const Filter *f, Text *out); /* canonical text, parseable again */
void filter_say(const Filter *f, Text *out); /* for people: 身份是“班子成员”或“村党组织书记” */

/* Path from text (`person.birth`, `age(person.birth)`, `held_on`), resolved from `on`. */
bool path_parse(const Catalogue *c, const Relation *on, const char *text, Path *out, Error *e);

/* A SELECT under construction over one relation: base row is alias t, its record (for a line) p.
 * Joins are on primary keys only and never multiply rows. All text is the engine's own; every value is bound.
 * `under 'name'` and `village = 'name'` look the name up when they run: an org is known by any name it ever
 * had, another row by its title column. */
typedef struct Joined {
  const Column *via;
  bool record;
  const char *alias;
} Joined;
typedef struct Frame Frame;
struct Frame {
  const Relation *relation;
  const char *row, *record; /* aliases; record NULL unless the rows are lines */
  Text joins;
  Joined *joined;
  size_t joined_count, joined_room;
  Frame *outer; /* of a `some lines (…)` */
};
typedef struct Query {
  Arena *arena;
  const Catalogue *catalogue;
  const Relation *relation;
  FilterScope scope;
  Frame top;
  Value *binds;
  size_t bind_count, bind_room;
  int alias_count;
} Query;

void query_begin(Query *q, Arena *a, const Catalogue *c, const Relation *r, FilterScope scope);
void query_end(Query *q); /* frees the joins' text */
/* `$n` for a value: the only way a value gets into SQL. Arena text. */
const char *query_bind(Query *q, Value v);
/* SQL for a path from the base row, adding the joins it needs. */
const char *query_path(Query *q, Path path);
const char *query_column(Query *q, const char *name); /* own or parent's column by name */
/* A two-valued test, or with `strict` a three-valued one, in brackets. NULL filter gives `1 = 1`. */
const char *query_filter(Query *q, const Filter *f, bool strict);
/* The org in `org` stood under `top` on the day in `date` (SQL expressions); `1 = 1` for top 0, the whole
 * area (a record outside its org's life is refused when saved). False, not NULL, for a missing org or date. */
const char *query_under(Query *q, const char *org, const char *date, int64_t top);
/* The record is in a state that counts: neither voided nor unfinished. */
const char *query_counts(Query *q);
/* FROM clause with joins: `"l_x_people" t JOIN "l_x" p ON … LEFT JOIN … `; call after all paths. */
const char *query_from(Query *q);
/* `t."area_id" = $n`: belongs into every WHERE */
const char *query_area(Query *q);

#endif
