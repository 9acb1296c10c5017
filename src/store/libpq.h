/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The functions of libpq that the PostgreSQL engine calls. libpq brings some twenty libraries, which cost
 * every command of an embedded site more than all its own work (docs/decisions/010-libpq-when-needed.md), so it is
 * loaded when the first PostgreSQL store is opened. The table is written once and never changes or goes. */
#ifndef LUOSHI_STORE_LIBPQ_H
#define LUOSHI_STORE_LIBPQ_H

#include <libpq-fe.h>

#include "base/error.h"

/* clang-format off */
#define LIBPQ_FUNCTIONS(X) \
  X(clear) X(cmdStatus) X(cmdTuples) X(connectdbParams) X(conninfoFree) X(conninfoParse) X(db) \
  X(enterPipelineMode) X(errorMessage) X(exec) X(execParams) X(execPrepared) X(exitPipelineMode) X(finish) \
  X(freemem) X(ftype) X(getResult) X(getisnull) X(getlength) X(getvalue) X(host) X(nfields) X(ntuples) \
  X(parameterStatus) X(pipelineSync) X(prepare) X(reset) X(resultErrorField) X(resultStatus) \
  X(sendQueryPrepared) X(serverVersion) X(setNoticeReceiver) X(status)
/* clang-format on */

#define LIBPQ_MEMBER(name) __typeof__(PQ##name) *name;
typedef struct Libpq {
  LIBPQ_FUNCTIONS(LIBPQ_MEMBER)
} Libpq;
#undef LIBPQ_MEMBER

bool libpq_load(Error *e); /* any number of times, by any thread */
const Libpq *libpq(void);  /* once it is loaded */

#endif
