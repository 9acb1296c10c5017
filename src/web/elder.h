/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 长辈 mode: the pages that a member sees, in large type, one column, read aloud. Chosen by the account for all its
 * browsers; kept in its drawer, for it is nobody else's business. */
#ifndef LUOSHI_WEB_ELDER_H
#define LUOSHI_WEB_ELDER_H

#include "web/view.h"

enum { ELDER_SIZES = 4 }; /* 0: off; 1 … 3: 20, 25, 30 px */

/* For {{> sizes}} and the layout: look, elder, sizes, here. */
void elder_show(Page *p, json_t *context);
bool elder_keep(Page *p, int size, Error *e);
/* After signing in: as it was chosen last, if ever. */
void elder_resume(Page *p, const char *account, const char *token);

#endif
