/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What stands in the form of one record: texts as typed, by column, whatever they are worth. It is filled
 * from a record, from what is known (today, the org, last time, a link's query) or from what was sent, shown
 * as it is, and turned into the JSON that record.save takes. Since a form in error is shown from the very
 * same thing, nothing typed is lost.
 *
 * Names of inputs: a field's own name; LINES.N.COLUMN, LINES.N.id and LINES.N.here for the N-th line;
 * LINES.chain for a pasted list. Names that begin with _ are the page's own; _file.HASH is what a file that came
 * before was called. */
#ifndef LUOSHI_WEB_ENTRY_H
#define LUOSHI_WEB_ENTRY_H

#include "ledger/record.h"
#include "web/view.h"

enum {
  ENTRY_LINES = 300,    /* of one name: more are brought in as a table */
  ENTRY_LISTED = 200,   /* persons brought onto a list */
  ENTRY_OFFERED = 500   /* names offered while typing */
};

typedef struct EntryRow {
  const char *id;     /* of a line that is there, "" */
  const char **cells; /* by column; NULL: not in the form, left as it is */
  bool here;          /* ticked */
  bool brought;       /* put there by the list, not by a record */
  const char *post;   /* what the person is, for people; may be NULL */
  size_t sent;        /* its place in the JSON, from 1; 0: left out */
} EntryRow;

typedef struct EntryLines {
  const Relation *relation;
  const Column *person, *way; /* both: a list to tick; else NULL */
  EntryRow *rows;
  size_t count, room;
  bool shown;          /* in the form that was sent */
  bool apart;          /* too many to show: not in the form at all */
  const char *chain;   /* pasted text */
  Issues found;        /* what could not be made out of it */
  size_t matched;
} EntryLines;

/* A file that came with this form, or with an earlier sending of it: kept already, named by its hash. */
typedef struct EntryFile { const char *hash, *name; } EntryFile;

/* A button beside an input that puts another value into it. */
typedef struct EntryOffer { const char *input, *set, *label; } EntryOffer;

typedef struct Entry {
  Page *page;
  const Relation *relation;
  int64_t id;          /* 0: a new one */
  int64_t revision;    /* that the form was drawn from */
  int64_t org;         /* as far as can be told; 0 */
  Date date;
  const char **cells;  /* by column */
  EntryLines *lines;
  const char *state;   /* of the record as it is, NULL: new */
  EntryOffer *offers;
  size_t offer_count, offer_room;
  EntryFile *files;
  size_t file_count, file_room;
  Issues unfit;        /* files that could not be taken, beside their inputs */
  Row masked;          /* the record as stored, to tell what is masked; v NULL: new */
  const char *copied;    /* when that was which the form was filled in after */
  const char *from_last; /* … whose persons were brought onto the lists */
} Entry;

Entry *entry_new(Page *p, const Relation *r);
EntryRow *entry_add(Entry *n, EntryLines *lines);

/* ---- entry_fill.c: where it comes from ---- */
void entry_defaults(Entry *n);                          /* of a new one */
bool entry_from_record(Entry *n, const Record *record, Error *e);
bool entry_from_query(Entry *n, Error *e);              /* ?org=…&date=…&kind=… */
bool entry_from_last(Entry *n, int64_t id, bool all, Error *e); /* 0: the org's last one; `all`: everything but date and serial */
bool entry_bring(Entry *n, bool ticked, Error *e);      /* persons onto the lists to tick */
void entry_from_form(Entry *n, const Form *f);
void entry_place(Entry *n);                             /* org and date out of the cells */

/* ---- entry_files.c ---- */
/* What was chosen in file inputs goes to files/ and its hash into the cell: kept across an error. After entry_from_form. */
bool entry_take_files(Entry *n, Error *e);
/* A file input's context: {held, href} of the file that is its value now, and what a dialog offers. */
void entry_view_file(Entry *n, const Column *c, const char *hash, json_t *out);

/* ---- entry_save.c ---- */
json_t *entry_json(Entry *n);                           /* what record.save takes; a new reference */
void entry_issues(Entry *n, const Issues *from, Issues *to); /* fields named as the form's inputs are */

/* ---- entry_view.c ---- */
/* Members for templates/form.mustache. */
bool entry_view(Entry *n, const Issues *issues, json_t *context, Error *e);

/* A row that stands for names nobody has: a head count, a sheet. */
bool entry_is_total(const EntryLines *lines, const EntryRow *row);
/* Whether a choice of the way means that somebody was there. */
bool entry_present(const EntryLines *lines, const char *way);
/* Which column of the record's the way is; whoever is ticked with nothing chosen has the first. */
const char *entry_usual_way(const EntryLines *lines);
bool entry_needs(const Relation *r, const Column *c, const char *state);
/* The state that 保存 goes on to: the first that counts; NULL: stay. */
const State *entry_done(const Entry *n);

#endif
