/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What the pages of 组织·人员 share. */
#ifndef LUOSHI_WEB_PEOPLE_H
#define LUOSHI_WEB_PEOPLE_H

#include "person/steps.h"
#include "web/view.h"

const char *people_stage_label(Page *p, const char *stage); /* 预备党员; "" for none */
/* The next step as a light: {light, sign, word, what, rule, basis, by}; NULL: nothing is due. */
json_t *people_step(Page *p, const RosterRow *row);
/* What /do/… did, said on the page that it led back to (?done=OPERATION). page_do.c */
void people_toast(Page *p, json_t *context);

#endif
