/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi audit`: the chain and the tables against it. It can begin whatever is missing. */
#include "cli/command.h"

#include <stdio.h>
#include <unistd.h>

#include "base/json.h"

/* What an earlier `luoshi audit --format json` printed, kept elsewhere, is the anchor. */
static bool read_anchor(Invocation *in, Anchor *out, Error *e) {
  const char *bytes;
  size_t n;
  if (!read_input(in->arena, in->manifest, 1024 * 1024, &bytes, &n, e)) return false;
  JSON_SCOPE manifest = json_read(bytes, n, 1024 * 1024, e);
  if (!manifest) return false;
  out->seq = json_integer_value(json_object_get(manifest, "revisions"));
  out->root = arena_copy(in->arena, json_string_value(json_object_get(manifest, "root")));
  return (out->root && out->seq > 0) ||
         fail(e, ERROR_INVALID, "%s 不是以前核验时留下的结果，请用 luoshi audit --format json 存下的文件。", in->manifest);
}

/* Whether the actor may, as far as that can still be read: a store that cannot say who they are is what the audit
 * is for, and whoever runs it here holds the file and the key. */
static bool may_audit(Site *site, const char *account, Error *e) {
  Error why = {0};
  SESSION_SCOPE s = session_open(site, account, TX_READ, &why);
  if (s) return may_or_fail(s, MAY_AUDIT, 0, e);
  if (why.kind == ERROR_BROKEN) return true;
  *e = why;
  return false;
}

static bool audit(Site *site, const Anchor *anchor, Fault *fault, AuditSummary *sum, Error *e) {
  TX_SCOPE tx = tx_begin(site->store, TX_READ, site->area, e);
  return tx && journal_audit(tx, site->catalogue, site->area, &site->key, anchor, fault, sum, e);
}

int command_audit(Invocation *in, Error *e) {
  Fault fault = {0};
  AuditSummary sum = {0};
  Anchor anchor;
  if (in->manifest && !read_anchor(in, &anchor, e)) return exit_for(e);
  SITE_SCOPE site = site_open_to_audit(in->folder, e);
  if (!site || !may_audit(site, in->account, e) || !audit(site, in->manifest ? &anchor : NULL, &fault, &sum, e))
    return exit_for(e);
  bool well = fault.kind == FAULT_NONE;
  if (is_format(in, "json")) {
    json_t *o = json_pack("{s:b, s:I, s:I, s:I, s:s, s:s?, s:I, s:s?, s:I}", "clean", well, "revisions",
                          (json_int_t)sum.revisions, "changes", (json_int_t)sum.changes, "rows", (json_int_t)sum.rows,
                          "root", sum.root, "fault", well ? NULL : fault.sentence, "seq", (json_int_t)fault.seq,
                          "relation", fault.relation, "row", (json_int_t)fault.row_id);
    return write_json(in, o, e) ? (well ? EXIT_DONE : EXIT_FOUND) : exit_for(e);
  }
  if (!well) {
    printf("核验没有通过。%s\n", fault.sentence);
    return EXIT_FOUND;
  }
  printf("核验通过：记录链%lld号、改动%lld处，连续完整；各表%lld行与记录链逐字一致。\n当前根：%s\n", (long long)sum.revisions,
         (long long)sum.changes, (long long)sum.rows, sum.root);
  return EXIT_DONE;
}
