/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi audit`: the chain, the tables against it, and every byte of the files that records name. It can begin whatever
 * is missing. */
#include "cli/command.h"

#include <stdio.h>
#include <unistd.h>

#include "access/files.h"
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

typedef struct Audited {
  Fault fault;
  AuditSummary sum;
  size_t files;
  Issues amiss; /* files that are gone or altered */
} Audited;

static bool audit(Site *site, const Anchor *anchor, Audited *out, Error *e) {
  TX_SCOPE tx = tx_begin(site->store, TX_READ, site->area, e);
  return tx && journal_audit(tx, site->catalogue, site->area, &site->key, anchor, &out->fault, &out->sum, e) &&
         (out->fault.kind != FAULT_NONE || files_check(site, tx, true, &out->files, &out->amiss, e));
}

static json_t *audit_json(const Audited *done, bool well) {
  const Fault *fault = &done->fault;
  bool chain = fault->kind == FAULT_NONE;
  json_t *files = json_array();
  for (size_t i = 0; i < done->amiss.count; i++)
    json_array_append_new(files, json_pack("{s:s, s:s}", "where", done->amiss.at[i].where, "sentence", done->amiss.at[i].sentence));
  return json_pack("{s:b, s:I, s:I, s:I, s:s, s:s?, s:I, s:s?, s:I, s:I, s:o}", "clean", well, "revisions",
                   (json_int_t)done->sum.revisions, "changes", (json_int_t)done->sum.changes, "rows", (json_int_t)done->sum.rows,
                   "root", done->sum.root, "fault", chain ? NULL : fault->sentence, "seq", (json_int_t)fault->seq, "relation",
                   fault->relation, "row", (json_int_t)fault->row_id, "files", (json_int_t)done->files, "files_amiss", files);
}

static void tell_audit(const Audited *done, bool well) {
  if (done->fault.kind != FAULT_NONE) {
    printf("核验没有通过。%s\n", done->fault.sentence);
    return;
  }
  printf("%s：记录链%lld号、改动%lld处，连续完整；各表%lld行与记录链逐字一致", well ? "核验通过" : "核验没有通过",
         (long long)done->sum.revisions, (long long)done->sum.changes, (long long)done->sum.rows);
  if (well && done->files) printf("；附件%zu份与上传时逐字一致", done->files);
  if (!well) printf("；附件%zu份里有%zu份不对", done->files, done->amiss.count);
  printf("。\n当前根：%s\n", done->sum.root);
  if (!well) print_issues(&done->amiss);
}

int command_audit(Invocation *in, Error *e) {
  Audited done = {.amiss = {.arena = in->arena}};
  Anchor anchor;
  if (in->manifest && !read_anchor(in, &anchor, e)) return exit_for(e);
  SITE_SCOPE site = site_open_to_audit(in->folder, e);
  if (!site || !may_audit(site, in->account, e) || !audit(site, in->manifest ? &anchor : NULL, &done, e)) return exit_for(e);
  bool well = done.fault.kind == FAULT_NONE && !done.amiss.count;
  if (is_format(in, "json")) {
    if (!write_json(in, audit_json(&done, well), e)) return exit_for(e);
  } else {
    tell_audit(&done, well);
  }
  return well ? EXIT_DONE : EXIT_FOUND;
}
