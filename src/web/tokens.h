/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What 我的 and 管理 show alike of an account's tokens. */
#ifndef LUOSHI_WEB_TOKENS_H
#define LUOSHI_WEB_TOKENS_H

#include "access/token.h"
#include "web/view.h"

json_t *tokens_json(Page *p, const TokenRow *all, size_t count);

#endif
