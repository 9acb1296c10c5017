/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Putting a file beside a record and withdrawing it. The bytes are on disk before (files_keep): an operation only makes
 * the row. Who may change the record may do both, on the terms of changing it: not void, its days not closed. */
#include "ledger/attachment.h"

static void tell_id(json_t *result, int64_t id) {
  char digits[24];
  snprintf(digits, sizeof digits, "%lld", (long long)id);
  json_object_set_new(result, "id", json_string(digits));
}

static bool open_record(Doing *d, const Relation *r, int64_t id, Record *out, Error *e) {
  return record_load_own(d->session, r, id, out, e) && record_is_open(d->session, out, NULL, d->issues);
}

static bool attach(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Relation *r = record_ledger(s, row_at(args, "ledger")->s, e);
  const char *hash = row_at(args, "hash")->s;
  Record record;
  int64_t id;
  if (r && !attachable(r))
    return fail(e, ERROR_INVALID, "%s本身不放附件（附件不能像隐私项那样遮住），请附在有关的台账记录上。", r->label);
  if (!r || !open_record(d, r, row_at(args, "record")->i, &record, e)) return false;
  if (!files_has(s->site, hash, NULL)) {
    issue_add(d->issues, NULL, "hash", "这份文件不在了（超过一天没有附上会被清理），请重新上传。");
    return false;
  }
  if (!attachment_add(d, &record, row_at(args, "name")->s, hash, &id, e)) return false;
  tell_id(result, id);
  return true;
}

static bool withdraw(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Attachment of;
  Record record;
  if (!attachment_find(d->session, row_at(args, "id")->i, &of, e) || !open_record(d, of.relation, of.record, &record, e)) return false;
  if (of.withdrawn) return fail(e, ERROR_CONFLICT, "附件“%s”已经撤下，不用再撤。", of.name);
  if (!attachment_withdraw(d, &record, &of, row_at(args, "reason")->s, e)) return false;
  tell_id(result, of.id);
  return true;
}

static const Argument attach_arguments[] = {
    {.name = "ledger", .label = "台账", .type = TYPE_TEXT, .required = true},
    {.name = "record", .label = "记录编号", .type = TYPE_INT, .required = true},
    {.name = "hash", .label = "已上传文件的摘要", .type = TYPE_FILE, .required = true},
    {.name = "name", .label = "文件名", .type = TYPE_TEXT, .required = true},
};
static const Argument withdraw_arguments[] = {
    {.name = "id", .label = "附件编号", .type = TYPE_INT, .required = true},
    {.name = "reason", .label = "撤下原因", .type = TYPE_TEXT, .required = true},
};

static const Operation attach_row = {.name = "file.attach", .label = "添加附件", .help = "把已上传的文件附在一条记录上（luoshi attach 连上传一起做）",
                                     .arguments = attach_arguments, .argument_count = 4, .right = MAY_READ, .run = attach};
static const Operation withdraw_row = {.name = "file.withdraw", .label = "撤下附件", .help = "不再给人看，留痕，要写明原因",
                                       .arguments = withdraw_arguments, .argument_count = 2, .right = MAY_READ, .run = withdraw};

const Operation *const file_operations[] = {&attach_row, &withdraw_row};
const size_t file_operation_count = sizeof file_operations / sizeof *file_operations;
