/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The only way to change anything. An operation is a row of a const table (each module has its own,
 * operations.c puts them together): name, typed arguments, the right it needs, a help line and a
 * function. Browser, API and command line call operation_run; its prologue does access, idempotency
 * (request_id), validation of arguments and the revision, so that no caller can forget them.
 *
 * Arguments are a Relation like everything else: operation_arguments builds it from the rows below. */
#ifndef LUOSHI_OPERATION_OPERATION_H
#define LUOSHI_OPERATION_OPERATION_H

#include <jansson.h>

#include "access/session.h"

typedef struct Argument {
  const char *name, *label;
  Type type;
  const char *ref;   /* core relation of a TYPE_REF */
  bool required;
  const char *among; /* choices of a TYPE_CHOICE as "a b c", or NULL */
} Argument;

/* What an operation works with. `issues` collects everything that is wrong with the input, field by
 * field; a function that added any returns false and leaves *e alone. */
typedef struct Doing {
  Session *session;
  Revision *revision;
  Issues *issues;
  bool tree_changed;   /* spans are rebuilt before the commit */
  const void *attached; /* bytes or rows that came beside the arguments (import) */
  const Relation *erase; /* whose row's key goes for good, last of all before the commit; NULL: none */
  int64_t erase_id;
  struct Numbering *numbering; /* serials given out in this revision (ledger/record.c) */
  const char **files; size_t file_count, file_room; /* hashes that its rows name: kept for good once it is done */
} Doing;

/* `args`: the typed arguments in the order of the table; `input`: the whole JSON object, for open operations. */
typedef bool OperationRun(Doing *d, Row args, json_t *input, json_t *result, Error *e);

typedef struct Operation {
  const char *name;  /* record.save */
  const char *label; /* 登记或修改 */
  const char *help;  /* one line, with an example where it helps */
  const Argument *arguments;
  size_t argument_count;
  bool open;         /* takes further keys: a record's own fields and lines */
  Right right;       /* checked over the whole actor first; the function checks the org it touches */
  OperationRun *run;
} Operation;

typedef struct Operations { const Operation *const *at; size_t count; } Operations;

/* Relation of an operation's arguments: for forms, the API and help. */
const Relation *operation_arguments(Arena *a, const Catalogue *c, const Operation *op);
const Operation *operation_find(Operations all, const char *name, Error *e); /* with the nearest name */
/* What a revision's op is called, also the three that the engine itself writes; the name if unknown. */
const char *operation_label(Operations all, const char *name);

typedef struct OperationCall {
  const char *account;    /* NULL: the owner at the machine, journalled as 本机 */
  int64_t token;          /* of the account, by which it is done; 0: in person */
  const char *request_id; /* NULL: a new one */
  const void *attached;
  bool rehearse;          /* everything but the commit: `result` says what would have been done */
} OperationCall;

/* One operation, one transaction, one revision. `result` gets a new object with `revision` (and `repeated`
 * when the request_id was done before). On failure nothing changed; `issues` (arena of the caller) lists
 * the fields. A commit of unknown outcome is asked after once with the same request_id. */
bool operation_run(Site *site, const Operation *op, json_t *input, OperationCall call, json_t **result,
                   Issues *issues, Error *e);

#endif
