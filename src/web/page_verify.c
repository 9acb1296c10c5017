/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 核对初稿: a draft pasted or uploaded, held against the records. */
#include "web/view.h"

bool verify_form(Page *p, Error *e) {
  int64_t org;
  Period period;
  if (!web_scope(p, &org, &period, e)) return false;
  return view_page(p, "verify", "核对初稿", json_object(), e);
}
