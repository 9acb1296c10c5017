/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 报告 and 核对初稿: prose composed from the records, and prose held against them. The text of a draft is
 * kept nowhere but in the answer: runs are private to who made them. */
#include <string.h>

#include "report/report.h"
#include "verify/verify.h"
#include "web/view.h"

bool reports_page(Page *p, Error *e) {
  (void)e;
  return web_redirect(p, "/reports/annual");
}

bool report_page(Page *p, Error *e) {
  int64_t org;
  Period period;
  Session *s = p->session;
  if (!web_scope(p, &org, &period, e)) return false;
  const Report *r = report_compose(s, p->parts[0], org, period, e);
  if (!r) return false;
  return report_html(s, r, &p->out->body, e);
}

