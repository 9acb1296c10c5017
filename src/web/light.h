/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * How a duty's state is shown: a class, a sign of the sprite, a word. Board, calendar and desk alike. */
#ifndef LUOSHI_WEB_LIGHT_H
#define LUOSHI_WEB_LIGHT_H

#include "duty/duty.h"
#include "web/view.h"

/* {light, sign, word, short, bare}: `short` is what stands beside the sign (12天, 迟9天), `bare` when the shape stands
 * alone and the word is for those who cannot see it. */
json_t *light_json(Page *p, DutyState state, int days);
const char *light_words(Page *p, DutyState state, int days); /* 逾期12天, 剩11天, 今天到期, 已完成（迟9天） */
/* To the form of a record that meets the duty, filled in as far as is known. NULL: the asker may not enter one. */
const char *duty_form_path(Page *p, const Duty *d, int64_t org, const Period *period);
const char *duty_every(const Duty *d); /* 每月, 每季度 … */
const char *month_day(Arena *a, Date d); /* 12月20日 */

#endif
