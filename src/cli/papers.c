/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi report` and `luoshi verify`: prose composed from the records, and prose held against them. */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "cli/gaps.h"
#include "paper/paper.h"
#include "report/frozen.h"
#include "verify/verify.h"

static bool put_out(Invocation *in, const Text *text, Error *e) { return write_output(in, text_get(text), text->length, e); }

/* The operation itself: what the session asked for has been read, and its snapshot is closed. */
static int freeze(Invocation *in, Site *site, int64_t org, Period period, Error *e) {
  PeriodText text;
  const Operation *op = operation_find(in->operations, "report.freeze", e);
  JSON_SCOPE input = json_pack("{s:s, s:s, s:s}", "report", in->words[0], "org", arena_print(in->arena, "%lld", (long long)org),
                               "period", period_text(period, text));
  JSON_SCOPE result = NULL;
  Issues issues = {.arena = in->arena};
  OperationCall call = {.account = in->account, .request_id = in->request};
  if (!op || !operation_run(site, op, input, call, &result, &issues, e)) return e->kind == ERROR_MISSING ? EXIT_USAGE : exit_for(e);
  if (is_format(in, "json")) return write_json(in, json_incref(result), e) ? EXIT_DONE : exit_for(e);
  TEXT_SCOPE out = text_new(4096);
  if (json_object_get(result, "repeated"))
    text_print(&out, "这次请求以前已完成，没有再定一稿（记录链第%lld号）。\n",
               (long long)json_integer_value(json_object_get(result, "revision")));
  else
    text_print(&out, "第%lld稿已定，编号%s，记录链第%lld号。定稿后数字不再随台账变化，补录另列。\n佐证根：%s\n",
               (long long)json_integer_value(json_object_get(result, "issue")), json_string_value(json_object_get(result, "id")),
               (long long)json_integer_value(json_object_get(result, "revision")),
               json_string_value(json_object_get(result, "root")));
  return put_out(in, &out, e) ? EXIT_DONE : exit_for(e);
}

static bool show_frozen(Invocation *in, Session *s, int64_t org, Period period, Error *e) {
  FrozenChange *changes;
  size_t count;
  bool fit = in->frozen[strspn(in->frozen, "0123456789")] == 0 && strlen(in->frozen) < 7;
  if (!fit) return fail(e, ERROR_INVALID, "--frozen 后面写第几稿，例如 --frozen 2，不写是最新的一稿。");
  const Frozen *f = frozen_load(s, in->words[0], org, period, (int)strtol(in->frozen, NULL, 10), e);
  if (!f || !frozen_compare(s, f, &changes, &count, e)) return false;
  if (is_format(in, "json")) return write_json(in, frozen_json(s, f, changes, count), e);
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  if (is_format(in, "html")) return frozen_html(s, f, changes, count, &out, e) && put_out(in, &out, e);
  frozen_print(s, f, changes, count, &out);
  return put_out(in, &out, e);
}

static bool show_beside(Invocation *in, Session *s, int64_t org, Period period, Error *e) {
  Beside *b;
  if (is_format(in, "html")) return fail(e, ERROR_INVALID, "--beside 的 --format 可以是：text json。");
  if (!report_beside(s, in->words[0], org, period, &b, e)) return false;
  if (is_format(in, "json")) return write_json(in, beside_json(s, b), e);
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  beside_print(s, b, &out);
  return put_out(in, &out, e);
}

static bool show_report(Invocation *in, Session *s, int64_t org, Period period, Error *e) {
  const Report *report = report_compose(s, in->words[0], org, period, e);
  if (!report) return false;
  if (is_format(in, "json")) return write_json(in, report_json(s, report), e);
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  if (is_format(in, "html")) return report_html(s, report, &out, e) && put_out(in, &out, e);
  text_add(&out, report->text);
  if (in->evidence) report_evidence_print(s, report, &out);
  return put_out(in, &out, e);
}

int command_report(Invocation *in, Error *e) {
  int64_t org;
  Period period;
  if (in->freeze + in->beside + (in->frozen != NULL) > 1)
    return fail(e, ERROR_INVALID, "--freeze、--frozen、--beside 一次只能用一个。"), EXIT_USAGE;
  SITE_SCOPE site = site_open(in->folder, false, e);
  SESSION_SCOPE s = site ? session_open(site, in->account, TX_READ, e) : NULL;
  if (!s) return exit_for(e);
  bool done = asked_org(in, s, &org, e) && asked_period(in, s->today, &period, e);
  if (done && in->freeze) {
    session_cleanup(&s);
    s = NULL;
    return freeze(in, site, org, period, e);
  }
  if (done)
    done = in->frozen   ? show_frozen(in, s, org, period, e)
           : in->beside ? show_beside(in, s, org, period, e)
                        : show_report(in, s, org, period, e);
  if (done) return EXIT_DONE;
  return e->kind == ERROR_MISSING ? EXIT_USAGE : exit_for(e);
}

int command_verify(Invocation *in, Error *e) {
  const char *bytes, *name = in->words[0];
  PaperText paper;
  size_t n;
  if (!read_input(in->arena, name, PAPER_FILE_LIMIT, &bytes, &n, e) ||
      !paper_text(in->arena, strcmp(name, "-") ? name : "输入", bytes, n, &paper, e))
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
  if (!verify_text(s, name, paper.text, org, in->period ? &period : NULL, &v, e)) return exit_for(e);
  v->paper = &paper;
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
