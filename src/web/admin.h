/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What the pages of 管理 share: the menu of what this account may look after. */
#ifndef LUOSHI_WEB_ADMIN_H
#define LUOSHI_WEB_ADMIN_H

#include "web/view.h"

/* A new context with the menu; `path` is the current entry. */
json_t *admin_context(Page *p, const char *path);
/* 2023年12月20日 17:00 of an instant in UTC, on the machine's own clock. Arena. */
const char *admin_when(Arena *a, const char *at);
/* An operation from a page's form; a sentence in `*wrong` when the input was at fault. False: broke, with *e. */
bool admin_do(Page *p, const char *operation, json_t *input, const char **wrong, Error *e);

#endif
