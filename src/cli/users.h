/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The first accounts of a site. */
#ifndef LUOSHI_CLI_USERS_H
#define LUOSHI_CLI_USERS_H

#include "access/accounts.h"
#include "base/json.h"
#include "cli/command.h"

/* An owner and an auditor, their one-time passwords printed. */
bool users_first(const Invocation *in, Site *site, Error *e);
/* Every account of a demo gets the demo's password; who they are is printed. */
bool users_demo(const Invocation *in, Site *site, Error *e);

#endif
