/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What the table of routes needs of the API besides its functions (web.h has those). */
#ifndef LUOSHI_WEB_API_H
#define LUOSHI_WEB_API_H

#include "web/web.h"

bool api_is(const WebRequest *q);           /* answers are JSON, errors too */
bool api_read(Page *p, Error *e);           /* the body of a POST: JSON or a form */
void api_error(Page *p, const Error *e);
bool api_answer(Page *p, json_t *value);     /* reference taken; NULL fails */
/* A name of the query that is none of these is an error. */
bool api_known(Page *p, const char *const *names, size_t count, Error *e);
bool api_id(const char *text, int64_t *id, Error *e);
bool api_body_is_file(const WebRequest *q); /* not to be read as a form */
PageRun api_file_post;
PageRun api_relations, api_history, api_orgs, api_org;

#endif
