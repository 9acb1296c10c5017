/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Files over the API. A file is put in first and named by its hash afterwards, in file.attach or in a file column of
 * record.save; one that nothing comes to name within a day is swept. It is given out by its row (page_files.c). */
#include <string.h>
#include <strings.h>

#include "access/files.h"
#include "web/api.h"

static bool begins(const char *type, const char *with) { return type && !strncasecmp(type, with, strlen(with)); }

bool api_body_is_file(const WebRequest *q) {
  return !strcmp(q->path, "/api/files") && !begins(q->type, "multipart/form-data") &&
         !begins(q->type, "application/x-www-form-urlencoded") && !begins(q->type, "application/json");
}

/* The body itself, named in the query; or a form's `file`. */
static bool sent(Page *p, const char **bytes, size_t *n, const char **name, Error *e) {
  const Field *file = form_file(&p->form, "file");
  if (file) {
    *bytes = file->value, *n = file->size, *name = file->filename;
    return true;
  }
  *bytes = p->request->body, *n = p->request->body_size, *name = form_text(&p->query, "name");
  if (!api_body_is_file(p->request))
    return fail(e, ERROR_INVALID, "没有文件：请把文件放在 file，或直接作内容提交（application/octet-stream）。");
  return **name || fail(e, ERROR_INVALID, "缺文件名，请写在 name 参数里。");
}

bool api_file_post(Page *p, Error *e) {
  static const char *const known[] = {"name"};
  char hash[FILES_HASH + 1];
  const FileKind *kind = NULL;
  const char *bytes, *name;
  size_t n;
  if (!api_known(p, known, 1, e) || !web_reading(p, e)) return false;
  if (!may_anywhere(p->session, MAY_WRITE)) return may_or_fail(p->session, MAY_WRITE, 0, e);
  if (!sent(p, &bytes, &n, &name, e) || !files_keep(p->site, bytes, n, hash, &kind, e)) return false;
  const char *shown = files_name(p->arena, name, kind, e);
  return shown && api_answer(p, json_pack("{s:s, s:s, s:s, s:s, s:I}", "hash", hash, "name", shown, "kind", kind->name,
                                          "label", kind->label, "size", (json_int_t)n));
}
