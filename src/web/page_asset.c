/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Styles and scripts as built in, the page of all parts (for the theme's own tests), and a sign of life. A
 * name carries the fingerprint of its bytes. */
#include <string.h>

#include "web/view.h"

bool asset_get(Page *p, Error *e) {
  for (size_t i = 0; i < embedded_asset_count; i++) {
    const Embedded *a = &embedded_assets[i];
    if (strcmp(a->name, p->parts[0]) != 0) continue;
    bool packed = a->gzip && p->request->encoding && strstr(p->request->encoding, "gzip");
    p->out->type = a->type;
    p->out->cache = "public, max-age=31536000, immutable";
    p->out->fixed = packed ? a->gzip : a->bytes;
    p->out->fixed_size = packed ? a->gzip_size : a->size;
    p->out->encoding = packed ? "gzip" : NULL;
    return true;
  }
  return fail(e, ERROR_MISSING, "没有这个文件，请刷新页面。");
}

bool health_get(Page *p, Error *e) {
  int64_t one = 0;
  TX_SCOPE tx = tx_begin(p->site->store, TX_READ, p->site->area, e);
  if (!tx || !tx_int(tx, "SELECT 1", NULL, 0, &one, NULL, e)) return false;
  p->out->type = "application/json; charset=utf-8";
  text_add(&p->out->body, "{\"status\":\"ok\"}\n");
  return true;
}

bool components_page(Page *p, Error *e) {
  json_t *context = json_object();
  view_flag(context, "charts", true);
  return view_page(p, "components", "构件", context, e);
}
