/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The gap list of a verified text on disk: the list itself and an empty table to fill in for each ledger. */
#ifndef LUOSHI_CLI_GAPS_H
#define LUOSHI_CLI_GAPS_H

#include "verify/verify.h"

/* Makes the folder if need be; files there of the same names are overwritten, no other is touched. */
bool write_gaps(Session *s, const Verification *v, const char *folder, Error *e);

#endif
