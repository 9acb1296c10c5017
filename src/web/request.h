/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A request and its answer as plain data: what the server, `luoshi page` and the tests all speak. All
 * strings live as long as the request; bytes of the body are as sent and bounded by whoever read them. */
#ifndef LUOSHI_WEB_REQUEST_H
#define LUOSHI_WEB_REQUEST_H

#include "base/error.h"
#include "base/text.h"

typedef struct WebRequest {
  const char *method;     /* GET, HEAD, POST */
  const char *path;       /* begins with /, as sent */
  const char *query;      /* after the ?, "" if none */
  const char *cookie;     /* header, or NULL */
  const char *host;       /* header, or NULL: as sent, to be shown back only */
  const char *authorization; /* header, or NULL; heard on /api/ alone, where no cookie is heard beside it */
  const char *type;       /* Content-Type, or NULL */
  const char *encoding;   /* Accept-Encoding, or NULL */
  const char *partial;    /* HX-Target of a partial update, or NULL */
  const char *peer;       /* for lockout and log, "" when there is no network */
  const char *body;
  size_t body_size;
  bool secure;            /* came over TLS */
  bool foreign;           /* the browser says that a page of another site sent it */
} WebRequest;

typedef struct WebResponse {
  Arena *arena;
  int status;
  const char *type;       /* Content-Type */
  Text body;
  const unsigned char *fixed; /* instead of body: bytes that outlive the request (assets) */
  size_t fixed_size;
  const char *encoding;   /* gzip, or NULL */
  const char *location;   /* of a redirect */
  const char *cookie;     /* whole Set-Cookie value */
  const char *cache;      /* Cache-Control; NULL: no-store */
  const char *filename;   /* an attachment … */
  bool shown;             /* … that a browser may show in place */
  bool sandboxed;         /* somebody's file: nothing in it may run or load */
  const char *file;       /* instead of body: a file of the site whose bytes are sent */
} WebResponse;

#endif
