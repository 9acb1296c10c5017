/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Names and values of a query or a form's body. Read by hand because the HTTP library's reader wants a
 * live connection, which tests and fuzzing do not have. Bounds are met before anything is copied. */
#ifndef LUOSHI_WEB_FORM_H
#define LUOSHI_WEB_FORM_H

#include "web/request.h"

enum { FORM_FIELDS = 6000, FORM_NAME = 200, FORM_VALUE = 256 * 1024 };

typedef struct Field {
  const char *name;
  const char *value;    /* NUL-terminated UTF-8 text without other control characters; of a file its bytes */
  size_t size;
  const char *filename; /* of a file, without any folder; NULL: plain field */
} Field;

typedef struct Form {
  Field *at;
  size_t count, room;
} Form;

/* a=1&b=2, percent-encoded, + for a blank. */
bool form_read_query(Arena *a, const char *query, size_t n, Form *out, Error *e);
/* A body of either form type; another type is ERROR_INVALID. */
bool form_read_body(Arena *a, const char *type, const char *body, size_t n, Form *out, Error *e);

const char *form_get(const Form *f, const char *name); /* first of the name; NULL if none */
const char *form_text(const Form *f, const char *name); /* "" if none */
const Field *form_file(const Form *f, const char *name); /* NULL: none, or none chosen */

/* One piece of a path or query. NULL when it is no UTF-8 or has a control character. */
const char *url_decode(Arena *a, const char *s, size_t n, bool plus);
const char *url_encode(Arena *a, const char *s);

#endif
