/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The catalogue: what a township's work is declared to be (DECLARE.md), read from YAML once and
 * checked as a whole. Everything that shows, reads, writes, counts or guards rows takes a Relation
 * from here, never a ledger's name. Core relations (org, person, post, stage, …) are declared in the
 * same language in core.yaml, which is compiled in; ledgers come from the profile.
 *
 * The keys of the YAML and their defaults are in docs/declare.md.
 *
 * All pointers live in the catalogue's arena and are constant after loading; catalogue_adopt is part of
 * loading. */
#ifndef LUOSHI_RELATION_CATALOGUE_H
#define LUOSHI_RELATION_CATALOGUE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/error.h"
#include "relation/period.h"
#include "store/store.h"

typedef struct Relation Relation;
typedef struct Filter Filter;

typedef enum {
  TYPE_TEXT,   /* one line */
  TYPE_PROSE,  /* paragraphs */
  TYPE_CHOICE, /* one of a list, stored as its name (choice and code are one type) */
  TYPE_INT,
  TYPE_DECIMAL, /* scaled by `scale`; money (scale 2, 元) and area (scale 2, 亩) are decimals with a unit */
  TYPE_DATE,    /* yyyymmdd */
  TYPE_MONTH,   /* stored as its first day */
  TYPE_YEAR,    /* stored as its first day */
  TYPE_FLAG,    /* 0 or 1 */
  TYPE_REF,     /* the id of a row of `ref`: org, person or any relation */
  TYPE_SERIAL,  /* numbered per org and year; equal numbers are one round */
  TYPE_FILE     /* content hash */
} Type;

typedef struct Choice {
  const char *name;  /* stored */
  const char *label; /* shown; the name itself if not given */
} Choice;

typedef struct Codes {
  const char *name;
  const char *label;
  bool ordered;
  Choice *at;
  size_t count;
} Codes;

typedef struct Column {
  const char *name;  /* declared, as the filter knows it */
  const char *label; /* 约谈时间 */
  const char *sql;   /* column in the table; equals name but for `org` → org_id, `record` → record_id */
  Type type;
  int scale;          /* decimals */
  const char *unit;   /* 元, 亩, 岁 … or NULL */
  const Codes *codes; /* choices */
  const Relation *ref;
  const Filter *among;  /* filter on the rows of `ref` that may be chosen, or NULL */
  const char *fallback; /* default, as text, or NULL */
  bool required;
  bool sensitive;         /* stored encrypted; masked unless the role may see it */
  bool system;            /* id, org, state …: made by the engine, not declared */
  bool retired;           /* no longer declared; kept in table and journal */
  bool own_date;          /* the relation's date */
  bool never_null;        /* NOT NULL in the table: the engine's own columns and a record's date */
  const char **needed_in; /* states that need it, NULL-terminated, or NULL */
  const char *was;
} Column;

typedef struct Term {
  const char *name;
  const char *text;
  const Filter *filter;
} Term;

typedef struct State {
  const char *name, *label;
  bool counts;
  const char **next; /* NULL-terminated */
} State;

/* A one-hop way to a value: own column, the parent's column, or a column of what a reference names.
 * `person.birth`: via = person, column = birth. From a line, `held_on` of its record: parent = true. */
typedef struct Path {
  bool parent;              /* start from the record, not the line */
  const Column *via;        /* reference followed, or NULL */
  const Relation *relation; /* where `column` stands */
  const Column *column;
  bool age; /* age(path): whole years at the period's last day */
} Path;

typedef enum { WHEN_EVENT, WHEN_STARTED, WHEN_ENDED, WHEN_ASOF, WHEN_UPTO } When;
typedef enum { FOLD_COUNT, FOLD_DISTINCT, FOLD_SUM, FOLD_MEAN, FOLD_SHARE } Fold;

typedef struct Say {
  const char *unit; /* 万元 … or NULL: the measure's own */
  int scale;
  const char *as; /* 余, 以上 … or NULL */
  int64_t step;   /* for 余 */
} Say;

typedef struct Set Set;
typedef struct Measure {
  const char *name;      /* person_times */
  const char *full_name; /* interviews.person_times */
  const char *label;
  const char **aliases;
  size_t alias_count;
  const char *unit; /* 人次, 元, % … */
  const Set *set;
  const Relation *rows;   /* the set's relation or one of its lines */
  const char *where_text; /* for people and manifests, may be NULL */
  const Filter *where;    /* set's where and measure's where, on `rows`; NULL: all */
  When when;
  Path on;       /* the date that decides event / upto */
  Path from, to; /* started, ended, asof: the span's two dates */
  Path org;      /* whose org column decides `under` */
  Fold fold;
  Path keys[4];
  size_t key_count;    /* distinct columns, or `per` of a mean */
  Path value;          /* sum, mean */
  const Filter *share; /* numerator's test */
  const char *share_text;
  int scale; /* digits of the written value */
  int lag;   /* years back; -1: the year after */
  Say say;
  const char *reading; /* note on how the words are read, may be NULL */
  bool primary;        /* the default reading among measures of one wording */
} Measure;

struct Set {
  const char *name, *label;
  const char **aliases;
  size_t alias_count;
  const Relation *from;
  const char *where_text;
  const Filter *where;
  Measure *measures;
  size_t measure_count;
  const char *file;
  int line;
};

/* What a text may claim without a number (每季度督查), and the figures that must bear it out. */
typedef enum {
  PROOF_EVERY,    /* every part of the period has a row */
  PROOF_ALL,      /* a share that must be 1 */
  PROOF_SOME,     /* at least one row */
  PROOF_AT_LEAST, /* against `bound`, in the measure's unit */
  PROOF_AT_MOST,
  PROOF_COVERS, /* every org (or key) of the second measure occurs in the first */
  PROOF_EACH,   /* every choice of `field` occurs */
  PROOF_FALLS   /* each measure lies below the one before */
} ProofKind;

typedef struct Proof {
  ProofKind kind;
  const Measure **measures;
  size_t measure_count; /* 1; of covers 2; of falls 2 or more */
  int months;           /* every */
  Decimal bound;
  bool by_key;
  Path field;
} Proof;

typedef struct StatementRule {
  const char *name, *label;
  const char **aliases;
  size_t alias_count;
  const char **about; /* the sentence, or the one before it, must have one of these words; none: any */
  size_t about_count;
  bool diagnosis; /* it says what is bad */
  Proof *tests;
  size_t test_count;
} StatementRule;

/* What orgs owe (duties/NAME.yaml): duty/duty.h says what it means. */
typedef struct Duty {
  const char *name, *label;
  const char *basis; /* 支部工作条例, or NULL */
  const char *owed_text;
  const Filter *owed_by; /* over org */
  const Relation *met_by;
  const char *where_text; /* NULL: every record */
  const Filter *where;
  const Column *part; /* `period`: which of met_by's columns says for which period a record is; else its date */
  const Column *on;   /* the day on which it was done */
  PeriodKind every;
  int count;       /* records wanted of each period */
  int by;          /* day of the period on which it is due; 0: its last */
  int grace, soon; /* days */
  const char *file;
  int line;
} Duty;

typedef struct Trait {
  const char *name;
  const char *fields[8][2];
  size_t field_count;
} Trait;

struct Relation {
  const char *name;     /* interview; a line is interview.people */
  const char *own_name; /* people */
  const char *label;
  const char *table; /* l_interview, l_interview_people, org, … */
  bool core;
  bool hidden; /* of the engine alone: found by catalogue_core and by nobody else */
  const Relation *parent; /* the record's relation, for a line */
  Relation **lines;
  size_t line_count;
  Column *columns;
  size_t column_count; /* id first; system columns, then declared, then retired */
  int org;             /* index of the org column, -1: none (person), or a line: its record's; of org itself: its id */
  int date;            /* index of the own date column, -1: the parent's */
  int ends;            /* index of the end-date column of a span, -1: none */
  int state;           /* index of the state column, -1: a line */
  int title;           /* index of the column that names a row to people, -1: none */
  Term *terms;
  size_t term_count;
  State *states;
  size_t state_count; /* without 作废, which every record relation has: STATE_VOID */
  int min;            /* lines: at least so many */
  bool total;         /* lines that may be given as a head count and a sheet: columns headcount, sheet */
  const Filter *fill;
  const char *fill_text; /* who is on the list to tick, over post */
  const char **aliases;
  size_t alias_count;
  Trait *traits;
  size_t trait_count;
  const Column **seen_by;   /* reference columns of other relations whose rows' orgs let this row be seen
                               (a person by stage.person, post.person), NULL-terminated, or NULL */
  const Relation **seen_in; /* the relation each of them stands in */
  bool retired;             /* no longer declared: kept for journal and replay, not shown */
  const int *order;         /* indexes of all columns but id, by byte order of their names */
  const char *file;
  int line;     /* where it is declared */
  int position; /* index in the catalogue */
};

#define STATE_VOID "void" /* 作废: engine's own state, never counts */

typedef struct Profile {
  const char *name; /* township */
  const char *label;
  const char *reporter_text; /* filter over post: whose report it is, e.g. title = '书记' */
  const Filter *reporter;
} Profile;

typedef struct ProfileFile {
  const char *path;
  const char *text;
  size_t length;
} ProfileFile;

typedef struct Catalogue {
  Arena *arena;
  Profile profile;
  Relation **relations;
  size_t relation_count; /* core first, each record followed by its lines */
  Codes **codes;
  size_t code_count;
  Set **sets;
  size_t set_count;
  Measure **measures;
  size_t measure_count; /* all of them, in the order of sets */
  StatementRule *statements;
  size_t statement_count;
  Duty *duties;
  size_t duty_count;
  ProfileFile *files;
  size_t file_count; /* as read, sorted by path: journalled by migrate */
  const char *kept;  /* its file of trees, or NULL */
  size_t retired_room; /* columns that catalogue_adopt may add to a relation without building all again */
} Catalogue;

/* Reads core.yaml and every .yaml under `folder` (ledgers/, sets/, duties/, statements.yaml and the like). NULL with every problem in
 * `issues` (file:line path) when anything is wrong: nothing half-loaded. `kept` names the
 * file of trees (relation/tree.h) that spares parsing, or is NULL. */
Catalogue *catalogue_load(Arena *a, const char *folder, const char *kept, Issues *issues, Error *e);
/* From texts instead of a folder: replay, tests. */
Catalogue *catalogue_read(Arena *a, const ProfileFile *files, size_t count, Issues *issues, Error *e);

/* What older profiles declared and this one does not, from the core relation layout: columns and whole
 * relations are kept as retired ones, so that tables and journal stay readable. `type` is a word of
 * type_word, with a space and `sensitive` after it where it is. Done before anything points into the catalogue:
 * where much is retired it is built anew. */
typedef struct Layout {
  const char *relation, *name, *type;
} Layout;
bool catalogue_adopt(Catalogue *c, const Layout *at, size_t count, Error *e);
const char *type_word(Type type, int scale, Arena *a); /* text, decimal(2), ref … */
/* Computes `order`; for relations that are made by hand (arguments of operations). */
void relation_finish(Arena *a, Relation *r);

/* Look-ups fill `e` with the nearest known name when there is none. */
const Relation *catalogue_relation(const Catalogue *c, const char *name, Error *e); /* by name or label */
const Relation *catalogue_find(const Catalogue *c, const char *name);               /* by name, NULL if none */
const Measure *catalogue_measure(const Catalogue *c, const char *full_name, Error *e);
const Set *catalogue_set(const Catalogue *c, const char *name, Error *e);
const Duty *catalogue_duty(const Catalogue *c, const char *name, Error *e); /* by name or label */

const Column *relation_column(const Relation *r, const char *name); /* declared name; NULL if none */
int relation_index(const Relation *r, const char *name);            /* -1 if none */
const State *relation_state(const Relation *r, const char *name);
const Choice *codes_choice(const Codes *codes, const char *name_or_label);
ValueKind type_kind(Type type, bool sensitive); /* how a column of the type is stored */
/* Core relations the engine itself works with. */
const Relation *catalogue_core(const Catalogue *c, const char *name);

#endif
