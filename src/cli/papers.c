/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi report` and `luoshi verify`: prose composed from the records, and prose held against them. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "cli/gaps.h"
#include "paper/encoding.h"
#include "report/report.h"
#include "verify/verify.h"

int command_report(Invocation *in, Error *e) {
  SITE_SCOPE site = site_open(in->folder, false, e);
  SESSION_SCOPE s = site ? session_open(site, in->account, TX_READ, e) : NULL;
  int64_t org;
  Period period;
  if (!s) return exit_for(e);
  if (!asked_org(in, s, &org, e) || !asked_period(in, s->today, &period, e))
    return e->kind == ERROR_MISSING ? EXIT_USAGE : exit_for(e);
  const Report *report = report_compose(s, in->words[0], org, period, e);
  if (!report) return e->kind == ERROR_MISSING ? EXIT_USAGE : exit_for(e);
  if (is_format(in, "json")) return write_json(in, report_json(s, report), e) ? EXIT_DONE : exit_for(e);
  if (is_format(in, "text")) {
    TEXT_SCOPE text = text_new(TEXT_CEILING);
    text_add(&text, report->text);
    if (in->evidence) report_evidence_print(s, report, &text);
    return write_output(in, text_get(&text), text.length, e) ? EXIT_DONE : exit_for(e);
  }
  TEXT_SCOPE html = text_new(TEXT_CEILING);
  return report_html(s, report, &html, e) && write_output(in, text_get(&html), html.length, e) ? EXIT_DONE : exit_for(e);
}

int command_verify(Invocation *in, Error *e) {
  const char *bytes, *text, *name = in->words[0];
  size_t n;
  if (!read_input(in->arena, name, VERIFY_LIMIT, &bytes, &n, e) ||
      !encoding_read(in->arena, strcmp(name, "-") ? name : "输入", bytes, n, &text, e))
    return e->kind == ERROR_UNAVAILABLE ? EXIT_FAILED : EXIT_USAGE;
  SITE_SCOPE site = site_open(in->folder, false, e);
  SESSION_SCOPE s = site ? session_open(site, in->account, TX_READ, e) : NULL;
  int64_t org;
  Period period;
  if (!s) return exit_for(e);
  bool bare = !in->org && !s->tree->root; /* no org yet: all of it is a gap */
  if (bare) org = 0;
  if ((!bare && !asked_org(in, s, &org, e)) || !asked_period(in, s->today, &period, e))
    return e->kind == ERROR_MISSING ? EXIT_USAGE : exit_for(e);
  Verification *v = NULL;
  if (!verify_text(s, name, text, org, in->period ? &period : NULL, &v, e)) return exit_for(e);
  if (in->templates && !write_gaps(s, v, in->templates, e)) return exit_for(e);
  bool written = false;
  if (is_format(in, "json")) {
    written = write_json(in, verification_json(s, v), e);
  } else if (is_format(in, "html")) {
    TEXT_SCOPE page = text_new(TEXT_CEILING);
    written = verification_html(s, v, &page, e) && write_output(in, text_get(&page), page.length, e);
  } else {
    TEXT_SCOPE page = text_new(TEXT_CEILING);
    verification_print(s, v, &page);
    written = write_output(in, text_get(&page), page.length, e);
  }
  if (!written) return exit_for(e);
  return verification_clean(v) ? EXIT_DONE : EXIT_FOUND;
}
