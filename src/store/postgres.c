/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The server engine (being written). */
#include "store/engine.h"

Store *postgres_open(const char *url, bool create, Error *e) {
  (void)url, (void)create;
  fail(e, ERROR_UNAVAILABLE, "本次构建还不能连接 PostgreSQL。");
  return NULL;
}
