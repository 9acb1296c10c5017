/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Files in the form of a record (entry.h). A file input cannot be given back filled in, so what it brought is put in
 * files/ when it arrives and goes on as its hash, in a hidden input of the same name: an error elsewhere in the form
 * loses nothing. One that no record comes to name is swept. Nothing is kept for who may not write anywhere. */
#include <string.h>

#include "ledger/attachment.h"
#include "web/entry.h"

static bool may_keep(Page *p, Error *e) {
  SESSION_SCOPE s = session_open(p->site, p->machine ? NULL : p->signin.account, TX_READ, e);
  return s && (may_anywhere(s, MAY_WRITE) || may_anywhere(s, MAY_MANAGE_PEOPLE) || may_or_fail(s, MAY_WRITE, 0, e));
}

static void take(Entry *n, const Field *f) {
  Page *p = n->page;
  char hash[FILES_HASH + 1];
  const FileKind *kind = NULL;
  Error why = {0};
  const char *name = NULL;
  if (!files_keep(p->site, f->value, f->size, hash, &kind, &why) ||
      !(name = files_name(p->arena, f->filename, kind, &why))) {
    issue_add(&n->unfit, NULL, f->name, "“%s”没有收下：%s", f->filename, why.sentence);
    return;
  }
  Form one = {0};
  *PUSH(p->arena, one.at, one.count, one.room) =
      (Field){.name = f->name, .value = arena_copy(p->arena, hash), .size = FILES_HASH};
  entry_from_form(n, &one);
  *PUSH(p->arena, n->files, n->file_count, n->file_room) = (EntryFile){arena_copy(p->arena, hash), name};
}

bool entry_take_files(Entry *n, Error *e) {
  static const char before[] = "_file.";
  Page *p = n->page;
  bool asked = false;
  for (size_t i = 0; i < p->form.count; i++) {
    const Field *f = &p->form.at[i];
    if (!f->filename && !strncmp(f->name, before, strlen(before)) && *f->value)
      *PUSH(p->arena, n->files, n->file_count, n->file_room) = (EntryFile){f->name + strlen(before), f->value};
    if (!f->filename || !*f->filename || f->name[0] == '_') continue;
    if (!asked && !may_keep(p, e)) return false;
    asked = true;
    take(n, f);
  }
  return true;
}

static const char *name_sent(const Entry *n, const char *hash) {
  for (size_t i = n->file_count; i-- > 0;)
    if (!strcmp(n->files[i].hash, hash)) return n->files[i].name;
  return NULL;
}

static const Attachment *attached(Entry *n, const char *hash) {
  Attachment *all;
  size_t count;
  Error none = {0};
  if (!n->id || !attachments_of(n->page->session, n->relation, n->id, &all, &count, &none)) return NULL;
  for (size_t i = 0; i < count; i++)
    if (!all[i].withdrawn && !strcmp(all[i].hash, hash)) return &all[i];
  return NULL;
}

void entry_view_file(Entry *n, const Column *c, const char *hash, json_t *out) {
  Arena *a = n->page->arena;
  const Attachment *there = *hash ? attached(n, hash) : NULL;
  const char *name = *hash ? name_sent(n, hash) : NULL;
  if (!name && there) name = there->name;
  view_flag(out, "file", true);
  view_set(out, "accept", files_accept(a));
  view_set(out, "held", *hash ? name ? name : c->label : NULL);
  view_set(out, "href", there ? arena_print(a, "/files/%lld", (long long)there->id) : NULL);
}
