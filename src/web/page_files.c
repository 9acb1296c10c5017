/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Files of a record: shown on its page, added and withdrawn there, given out to whoever may read the record. What must
 * stay true: a file is asked for by its row, never by its hash, so that the gate of the record decides; nothing of it
 * runs in a browser: it comes with the kind that its bytes have, unsniffed, and in place only in a sandbox. */
#include "web/files.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "web/view.h"

static bool number_of(const char *text, int64_t *out) {
  char *end = NULL;
  *out = strlen(text) <= 18 ? strtoll(text, &end, 10) : 0;
  return *out > 0 && !*end;
}

const char *files_size(Arena *a, int64_t bytes) {
  enum { KB = 1024, MB = 1024 * 1024 };
  if (bytes < KB) return arena_print(a, "%lld字节", (long long)bytes);
  if (bytes < MB) return arena_print(a, "%lldKB", (long long)((bytes + KB / 2) / KB));
  int64_t tenths = (bytes * 10 + MB / 2) / MB;
  return arena_print(a, "%lld.%lldMB", (long long)(tenths / 10), (long long)(tenths % 10));
}

/* ---- on the record's page ---- */

static json_t *file_json(Page *p, const Attachment *f, const char *path, bool may_write, const FilesTold *told) {
  json_t *o = json_object();
  const char *id = arena_print(p->arena, "%lld", (long long)f->id);
  bool wrong = told && told->sentence && told->withdrawn == f->id;
  view_set(o, "id", id);
  view_set(o, "name", f->name);
  view_set(o, "href", f->withdrawn ? NULL : arena_print(p->arena, "/files/%s", id));
  view_set(o, "kind", f->kind->label);
  view_set(o, "field", f->field);
  view_set(o, "size", files_size(p->arena, f->size));
  view_set(o, "who", f->by);
  view_set(o, "day", view_date(p->arena, f->on));
  view_set(o, "withdrawn", f->withdrawn);
  view_set(o, "withdraw", may_write && !f->field ? arena_print(p->arena, "%s/files/%s/withdraw", path, id) : NULL);
  view_set(o, "error", wrong ? told->sentence : NULL);
  view_set(o, "reason", wrong ? told->reason : NULL);
  return o;
}

json_t *files_view(Page *p, const Relation *r, int64_t record, bool may_write, const FilesTold *told, Error *e) {
  Attachment *all;
  size_t count;
  if (!attachable(r)) return json_false();
  if (!attachments_of(p->session, r, record, &all, &count, e)) return NULL;
  json_t *out = json_object(), *list = json_array(), *gone = json_array();
  const char *path = view_record_path(p->arena, r, record);
  const char *notice = told && told->withdrawn ? told->sentence : NULL; /* of a file whose form is there no more */
  for (size_t i = 0; i < count; i++) {
    if (notice && all[i].id == told->withdrawn && !all[i].withdrawn && !all[i].field) notice = NULL;
    json_array_append_new(all[i].withdrawn ? gone : list, file_json(p, &all[i], path, may_write, told));
  }
  view_set(out, "notice", notice);
  view_count(out, "count", (int64_t)json_array_size(list));
  view_flag(out, "none", !json_array_size(list));
  view_set(out, "add", may_write ? arena_print(p->arena, "%s/files", path) : NULL);
  view_set(out, "accept", files_accept(p->arena));
  view_set(out, "error", told && told->sentence && !told->withdrawn ? told->sentence : NULL);
  json_object_set_new(out, "list", list);
  json_object_set_new(out, "gone", gone);
  return out;
}

/* ---- adding ---- */

typedef struct Adding {
  Page *page;
  const Operation *operation;
  const char *ledger, *record;
  size_t sent, added;
  Text wrong;
} Adding;

/* Before anything is kept: who may not change the record has nothing to put beside it. */
static bool may_add(Page *p, const Relation **r, Error *e) {
  int64_t id;
  Record record;
  if (!web_reading(p, e) || !(*r = web_relation(p, p->parts[0], e))) return false;
  if (!attachable(*r)) return fail(e, ERROR_INVALID, "%s本身不放附件，请附在有关的台账记录上。", (*r)->label);
  bool well = number_of(p->parts[1], &id) || fail(e, ERROR_MISSING, "没有这条记录，请从台账列表进入。");
  well = well && gate_row(p->session, *r, id, e) && record_load(p->session, *r, id, &record, e) &&
         record_may_write(p->session, &record, e);
  session_close(p->session); /* an operation opens its own */
  p->session = NULL;
  return well;
}

/* Sent again with the same _request, none is put there twice. */
static bool attach(Adding *t, const char *name, const char *hash, Error *e) {
  Page *p = t->page;
  Issues issues = {.arena = p->arena};
  JSON_SCOPE result = NULL;
  JSON_SCOPE input =
      json_pack("{s:s, s:s, s:s, s:s}", "ledger", t->ledger, "record", t->record, "name", name, "hash", hash);
  const char *request = form_text(&p->form, "_request");
  OperationCall call = {.account = p->machine ? NULL : p->signin.account,
                        .request_id = *request ? arena_print(p->arena, "%.40s-%zu", request, t->sent) : NULL};
  if (operation_run(p->site, t->operation, input, call, &result, &issues, e)) return true;
  return issues.count ? fail(e, ERROR_INVALID, "%s", issues.at[0].sentence) : false;
}

static void add(Adding *t, const Field *f) {
  char hash[FILES_HASH + 1];
  const FileKind *kind = NULL;
  Error why = {0};
  t->sent++;
  if (files_keep(t->page->site, f->value, f->size, hash, &kind, &why) && attach(t, f->filename, hash, &why))
    t->added++;
  else
    text_print(&t->wrong, "“%s”没有附上：%s", f->filename, why.sentence);
}

static const char *back(Page *p, const char *rest) {
  return arena_print(p->arena, "/ledgers/%s/%s%s", url_encode(p->arena, p->parts[0]), url_encode(p->arena, p->parts[1]),
                     rest);
}

bool files_post(Page *p, Error *e) {
  const Relation *r;
  const Operation *op = operation_find(p->web->operations, "file.attach", e);
  if (!op || !may_add(p, &r, e)) return false;
  Adding t = {.page = p, .operation = op, .ledger = p->parts[0], .record = p->parts[1], .wrong = text_new(16 * 1024)};
  for (size_t i = 0; i < p->form.count; i++)
    if (p->form.at[i].filename && *p->form.at[i].filename && !strcmp(p->form.at[i].name, "file"))
      add(&t, &p->form.at[i]);
  if (!t.sent) text_add(&t.wrong, "还没有选文件，请先选一份。");
  FilesTold told = {.sentence = t.wrong.length
                                    ? arena_print(p->arena, "%s%s", text_get(&t.wrong), t.added ? "其余的已附上。" : "")
                                    : NULL};
  text_free(&t.wrong);
  if (!told.sentence) return web_redirect(p, back(p, arena_print(p->arena, "?filed=%zu#files", t.added)));
  p->out->status = 400;
  return record_show_told(p, &told, e);
}

/* ---- withdrawing ---- */

/* The address names the record too: a file of another one is not withdrawn from here. */
static bool is_of(Page *p, int64_t id, Error *e) {
  Attachment f;
  if (!web_reading(p, e)) return false;
  bool found = attachment_find(p->session, id, &f, e);
  session_close(p->session);
  p->session = NULL;
  if (!found) return false;
  bool same = !strcmp(f.relation->name, p->parts[0]) &&
              !strcmp(arena_print(p->arena, "%lld", (long long)f.record), p->parts[1]);
  return same || fail(e, ERROR_MISSING, "这条记录没有这份附件，请回到记录再看。");
}

bool file_withdraw_post(Page *p, Error *e) {
  int64_t id;
  Issues issues = {.arena = p->arena};
  Error why = {0};
  const char *reason = form_text(&p->form, "reason");
  if (!number_of(p->parts[2], &id)) return fail(e, ERROR_MISSING, "这条记录没有这份附件，请回到记录再看。");
  if (!is_of(p, id, e)) return false;
  JSON_SCOPE input = json_pack("{s:s, s:s}", "id", p->parts[2], "reason", reason);
  JSON_SCOPE result = NULL;
  if (web_do(p, "file.withdraw", input, NULL, &result, &issues, &why))
    return web_redirect(p, back(p, "?unfiled=1#files"));
  if (!issues.count && why.kind != ERROR_CONFLICT) return *e = why, false;
  FilesTold told = {.withdrawn = id,
                    .reason = reason,
                    .sentence = !*reason       ? "请写明为什么撤下。"
                                : issues.count ? issues.at[0].sentence
                                               : why.sentence};
  p->out->status = issues.count ? 400 : 409;
  return record_show_told(p, &told, e);
}

/* ---- giving it out ---- */

bool file_get(Page *p, Error *e) {
  int64_t id;
  Attachment f;
  const char *bytes;
  size_t n;
  if (!number_of(p->parts[0], &id)) return fail(e, ERROR_MISSING, "没有这份附件，请从记录里打开。");
  if (!attachment_find(p->session, id, &f, e) || !attachment_read(p->session, p->arena, &f, &bytes, &n, e))
    return false;
  text_add_n(&p->out->body, bytes, n);
  p->out->type = f.kind->mime;
  p->out->filename = arena_copy(p->arena, f.name); /* the session goes before the answer does */
  p->out->sandboxed = true;
  p->out->shown = f.kind->shown && strncmp(p->request->path, "/api/", 5) != 0;
  return true;
}
