/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A record's files. There is one gate and one list: whoever may read the record reads its files, nobody else, and the
 * record's own org decides, today's even where it has moved since. What a file column of the record or of a line
 * names (a scanned 签到表) stands on the list too: saving the record puts it there in the same revision. */
#ifndef LUOSHI_LEDGER_ATTACHMENT_H
#define LUOSHI_LEDGER_ATTACHMENT_H

#include "access/files.h"
#include "ledger/record.h"

enum { ATTACHMENTS = 30 /* of a record, withdrawn ones aside */ };

typedef struct Attachment {
  int64_t id;
  const Relation *relation; /* whose record … */
  int64_t record;           /* … has it */
  const char *field;        /* 签到表: the label of the column that named it; NULL: put beside the record */
  const char *name;         /* to save it under; ends as its kind does */
  const FileKind *kind;
  int64_t size;
  const char *hash;
  const char *by; /* account */
  Date on;
  const char *withdrawn; /* the reason; NULL: it is there */
} Attachment;

/* Oldest first, withdrawn ones with them (for the history; their bytes are no longer given out). Asks the gate. */
bool attachments_of(Session *s, const Relation *r, int64_t record, Attachment **out, size_t *count, Error *e);
/* By its own id, if the asker may read the record; ERROR_MISSING else. A withdrawn one is found. */
bool attachment_find(Session *s, int64_t id, Attachment *out, Error *e);
/* Its bytes, NUL after the last; refuses a withdrawn one. */
bool attachment_read(Session *s, Arena *a, const Attachment *of, const char **bytes, size_t *n, Error *e);
/* Whether records of the relation may have files at all: what is private about a person does not lie in files. */
bool attachable(const Relation *r);

/* ---- for record.c: file columns are a part of the record ---- */
/* What a cell may name: a file that is on disk, or that the record named before (saving it again needs no disk). */
bool attachment_is_known(Session *s, const Record *before, const char *hash);
/* An issue when there would be too many. */
bool attachments_fit(Session *s, const Record *before, const Record *after, const char *where, Issues *issues);
/* Rows for what the record names anew, in the revision that names it. */
bool attachments_follow(Doing *d, const Record *before, const Record *after, Error *e);

/* ---- for file_operations.c ---- */
/* A file that is on disk, beside the record. One that it has already is not had twice: the id is the first's. */
bool attachment_add(Doing *d, const Record *record, const char *name, const char *hash, int64_t *id, Error *e);
/* Refused while a cell of the record names it. Row and bytes stay. */
bool attachment_withdraw(Doing *d, const Record *record, const Attachment *of, const char *reason, Error *e);

extern const Operation *const file_operations[];
extern const size_t file_operation_count;

#endif
