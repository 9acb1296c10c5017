/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi attach`: a file beside a record, the list of a record's files, one taken out again; or a file kept, for a column
 * that will name it. The bytes are kept first, then file.attach makes the row; what no record comes to name is swept by
 * a later server. */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "cli/table.h"
#include "ledger/attachment.h"

static bool read_id(const char *word, int64_t *out, Error *e) {
  char *end = NULL;
  *out = strlen(word) <= 18 ? strtoll(word, &end, 10) : 0;
  if (*out > 0 && end && !*end) return true;
  return fail(e, ERROR_INVALID, "编号“%.40s”不对，应是记录或附件的编号（数字）。", word);
}

/* ---- putting in ---- */

static json_t *arguments(Invocation *in, const char *hash) {
  return json_pack("{s:s, s:s, s:s, s:s}", "ledger", in->words[0], "record", in->words[1], "hash", hash, "name",
                   in->name ? in->name : in->words[2]);
}

static bool keep(Invocation *in, Site *site, const char *path, char hash[FILES_HASH + 1], const FileKind **kind, Error *e) {
  const char *bytes;
  size_t n;
  return read_input(in->arena, path, FILES_BYTES, &bytes, &n, e) && files_keep(site, bytes, n, hash, kind, e);
}

/* For record.save and import: what a file column takes. */
static int keep_only(Invocation *in, Error *e) {
  char hash[FILES_HASH + 1];
  const FileKind *kind;
  SITE_SCOPE site = site_open(in->folder, false, e);
  if (!site || !keep(in, site, in->words[0], hash, &kind, e)) return exit_for(e);
  printf("已存放%s，一天之内请在记录里填上它的摘要：%s\n", kind->label, hash);
  return EXIT_DONE;
}

static int put_in(Invocation *in, Error *e) {
  char hash[FILES_HASH + 1];
  const FileKind *kind;
  Issues issues = {.arena = in->arena};
  JSON_SCOPE result = NULL;
  SITE_SCOPE site = site_open(in->folder, false, e);
  const Operation *op = site ? operation_find(in->operations, "file.attach", e) : NULL;
  if (!op || !keep(in, site, in->words[2], hash, &kind, e)) return exit_for(e);
  JSON_SCOPE input = arguments(in, hash);
  if (!input) return fail(e, ERROR_INVALID, "文件名不是 UTF-8，请用 --name 给它起一个名字。"), EXIT_USAGE;
  if (!operation_run(site, op, input, (OperationCall){.account = in->account}, &result, &issues, e)) {
    if (!issues.count) return exit_for(e);
    print_issues(&issues);
    *e = (Error){0};
    return EXIT_FOUND;
  }
  printf("已附上：%s，%s，附件编号%s。\n", in->name ? in->name : in->words[2], kind->label,
         json_string_value(json_object_get(result, "id")));
  return EXIT_DONE;
}

/* ---- looking ---- */

static void add_row(Invocation *in, Table *t, const Attachment *f) {
  DateText day;
  table_cell(t, arena_print(in->arena, "%lld", (long long)f->id));
  table_cell(t, f->name);
  table_cell(t, f->field ? f->field : f->kind->label);
  table_cell(t, arena_print(in->arena, "%lld", (long long)f->size));
  table_cell(t, date_iso(f->on, day));
  table_cell(t, f->by);
  table_cell(t, f->withdrawn ? arena_print(in->arena, "已撤下：%s", f->withdrawn) : "");
}

static int show_all(Invocation *in, Session *s, Error *e) {
  static const char *const heads[] = {"编号", "文件名", "类型", "字节", "上传日期", "上传人", "撤下"};
  enum { HEADS = sizeof heads / sizeof *heads, WIDEST = 40 };
  Attachment *all;
  size_t count;
  int64_t id;
  const Relation *r = catalogue_relation(s->catalogue, in->words[0], e);
  if (!r || !read_id(in->words[1], &id, e)) return EXIT_USAGE;
  if (r->parent) return fail(e, ERROR_INVALID, "请给台账名，不是明细。"), EXIT_USAGE;
  if (!attachments_of(s, r, id, &all, &count, e)) return exit_for(e);
  Table *t = table_new(in->arena, HEADS);
  for (size_t i = 0; i < HEADS; i++) table_head(t, i, heads[i], i == 0 || i == 3);
  for (size_t i = 0; i < count; i++) add_row(in, t, &all[i]);
  TEXT_SCOPE text = text_new(TEXT_CEILING);
  if (count) table_print(t, WIDEST, &text);
  else text_print(&text, "%s编号%lld还没有附件。\n", r->label, (long long)id);
  return write_output(in, text_get(&text), text.length, e) ? EXIT_DONE : exit_for(e);
}

static int take_out(Invocation *in, Session *s, Error *e) {
  Attachment of;
  int64_t id;
  const char *bytes;
  size_t n;
  if (!read_id(in->words[0], &id, e)) return EXIT_USAGE;
  if (!attachment_find(s, id, &of, e) || !attachment_read(s, in->arena, &of, &bytes, &n, e)) return exit_for(e);
  return write_output(in, bytes, n, e) ? EXIT_DONE : exit_for(e);
}

int command_attach(Invocation *in, Error *e) {
  if (in->word_count == 3) return put_in(in, e);
  if (in->word_count == 1 && !in->output) return keep_only(in, e);
  SITE_SCOPE site = site_open(in->folder, false, e);
  SESSION_SCOPE s = site ? session_open(site, in->account, TX_READ, e) : NULL;
  if (!s) return exit_for(e);
  return in->word_count == 1 ? take_out(in, s, e) : show_all(in, s, e);
}
