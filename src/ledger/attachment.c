/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Rows of the core relation `attachment` (attachment.h). It is hidden: no list, filter or export reaches it, so this is
 * the one place where somebody gets at a file, and each way in asks the gate about the record first. What must stay
 * true: a row is only made for a file that is on disk and whole, and its operation settles it there; nothing takes a row away. */
#include "ledger/attachment.h"

#include <string.h>

bool attachable(const Relation *r) { return !r->parent && record_enterable(r) && strcmp(r->name, "person") != 0; }

static const Relation *attachments(const Session *s) { return catalogue_core(s->catalogue, "attachment"); }

/* ---- reading ---- */

static const FileKind unknown = {"file", "文件", "application/octet-stream", "", false}; /* of a newer program */

static void take(Session *s, Row row, Attachment *out) {
  const FileKind *kind = files_kind_named(row_at(row, "kind")->s);
  bool withdrawn = !strcmp(row_at(row, "state")->s, STATE_VOID);
  *out = (Attachment){.id = row_id(row),
                      .relation = catalogue_find(s->catalogue, row_at(row, "relation")->s),
                      .record = row_at(row, "row")->i,
                      .field = row_at(row, "field")->null ? NULL : row_at(row, "field")->s,
                      .name = row_at(row, "name")->s,
                      .kind = kind ? kind : &unknown,
                      .size = row_at(row, "size")->i,
                      .hash = row_at(row, "hash")->s,
                      .by = row_at(row, "by")->s,
                      .on = (Date)row_at(row, "attached_on")->i,
                      .withdrawn = withdrawn ? row_at(row, "void_reason")->s : NULL};
}

static bool read_all(Session *s, const Relation *r, int64_t record, Attachment **out, size_t *count, Error *e) {
  size_t room = 0;
  const Relation *of = attachments(s);
  *out = NULL;
  *count = 0;
  STMT_SCOPE st = stmt_open(s->tx, row_select_sql(s->arena, of, "\"row\" = $2 AND \"relation\" = $3"),
                            (Value[]){value_int(s->area), value_int(record), value_text(r->name)}, 3, e);
  Step step = st ? STEP_ROW : STEP_FAILED;
  while (st && (step = stmt_step(st, e)) == STEP_ROW)
    take(s, row_from(s->arena, of, st, 0), PUSH(s->arena, *out, *count, room));
  return step == STEP_DONE;
}

bool attachments_of(Session *s, const Relation *r, int64_t record, Attachment **out, size_t *count, Error *e) {
  return gate_row(s, r, record, e) && read_all(s, r, record, out, count, e);
}

bool attachment_find(Session *s, int64_t id, Attachment *out, Error *e) {
  const Relation *of = attachments(s);
  Error no = {0};
  STMT_SCOPE st = stmt_open(s->tx, row_select_sql(s->arena, of, "id = $2"), (Value[]){value_int(s->area), value_int(id)}, 2, e);
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  if (step == STEP_FAILED) return false;
  if (step == STEP_ROW) take(s, row_from(s->arena, of, st, 0), out);
  if (step == STEP_ROW && out->relation && gate_row(s, out->relation, out->record, &no)) return true;
  if (no.kind && no.kind != ERROR_MISSING) return *e = no, false;
  return fail(e, ERROR_MISSING, "没有编号%lld的附件，或不在您的权限内。", (long long)id);
}

bool attachment_read(Session *s, Arena *a, const Attachment *of, const char **bytes, size_t *n, Error *e) {
  if (of->withdrawn) return fail(e, ERROR_MISSING, "附件“%s”已撤下，原因：%s。", of->name, of->withdrawn);
  return files_read(s->site, a, of->hash, bytes, n, e);
}

/* ---- what file columns name ---- */

typedef struct Naming { const Column *column; const char *hash; } Naming;
typedef struct Namings { Naming *at; size_t count, room; } Namings;

static void add_row(Arena *a, Row row, Namings *all) {
  for (size_t i = 0; i < row.relation->column_count; i++) {
    const Column *c = &row.relation->columns[i];
    if (c->type == TYPE_FILE && !c->retired && !row.v[i].null) *PUSH(a, all->at, all->count, all->room) = (Naming){c, row.v[i].s};
  }
}

static Namings namings_of(Arena *a, const Record *record) {
  Namings all = {0};
  if (!record || !attachable(record->relation)) return all;
  add_row(a, record->row, &all);
  for (size_t i = 0; i < record->relation->line_count; i++)
    for (size_t n = 0; n < record->lines[i].count; n++) add_row(a, record->lines[i].at[n], &all);
  return all;
}

static const Naming *naming_of(const Namings *all, size_t count, const char *hash) {
  for (size_t i = 0; i < count; i++)
    if (!strcmp(all->at[i].hash, hash)) return &all->at[i];
  return NULL;
}

/* Each once, and none that it named before. */
static Namings new_namings(Arena *a, const Record *before, const Record *after) {
  Namings all = namings_of(a, after), out = {0};
  Namings old = all.count ? namings_of(a, before) : (Namings){0};
  for (size_t i = 0; i < all.count; i++)
    if (!naming_of(&old, old.count, all.at[i].hash) && !naming_of(&all, i, all.at[i].hash))
      *PUSH(a, out.at, out.count, out.room) = all.at[i];
  return out;
}

bool attachment_is_known(Session *s, const Record *before, const char *hash) {
  Namings old = namings_of(s->arena, before);
  return naming_of(&old, old.count, hash) || files_has(s->site, hash, NULL);
}

static const Attachment *live(const Attachment *all, size_t count, const char *hash) {
  for (size_t i = 0; i < count; i++)
    if (!all[i].withdrawn && !strcmp(all[i].hash, hash)) return &all[i];
  return NULL;
}

static size_t live_count(const Attachment *all, size_t count) {
  size_t n = 0;
  for (size_t i = 0; i < count; i++) n += !all[i].withdrawn;
  return n;
}

bool attachments_fit(Session *s, const Record *before, const Record *after, const char *where, Issues *issues) {
  Namings fresh = new_namings(s->arena, before, after);
  Attachment *all = NULL;
  size_t count = 0, more = 0;
  Error e = {0};
  if (fresh.count && before && !read_all(s, before->relation, row_id(before->row), &all, &count, &e)) return false;
  for (size_t i = 0; i < fresh.count; i++) more += !live(all, count, fresh.at[i].hash);
  if (!more || live_count(all, count) + more <= ATTACHMENTS) return true;
  issue_add(issues, where, NULL, "一条记录最多%d份附件，请把几份合成一份再上传。", ATTACHMENTS);
  return false;
}

/* ---- writing ---- */

/* Reads the file: its kind and size are told by what lies there. */
static bool put_row(Doing *d, const Relation *r, int64_t record, const char *field, const char *name, const char *hash, int64_t *id,
                    Error *e) {
  ARENA_SCOPE a = arena_new();
  Session *s = d->session;
  const char *bytes;
  size_t n;
  if (!files_read(s->site, a, hash, &bytes, &n, e)) return false;
  const FileKind *kind = files_kind(bytes, n, e);
  if (!kind || !(name = files_name(s->arena, name, kind, e))) return false;
  Record row = record_new(s, attachments(s));
  record_settle(&row);
  *row_at(row.row, "attached_on") = value_int(s->today);
  *row_at(row.row, "relation") = value_text(r->name);
  *row_at(row.row, "row") = value_int(record);
  *row_at(row.row, "field") = value_text(field);
  *row_at(row.row, "name") = value_text(name);
  *row_at(row.row, "kind") = value_text(kind->name);
  *row_at(row.row, "size") = value_int((int64_t)n);
  *row_at(row.row, "hash") = value_text(hash);
  *row_at(row.row, "by") = value_text(s->actor.account);
  if (!record_put(d, NULL, &row, e)) return false;
  *PUSH(s->lasting, d->files, d->file_count, d->file_room) = arena_copy(s->lasting, hash);
  *id = row_id(row.row);
  return true;
}

bool attachments_follow(Doing *d, const Record *before, const Record *after, Error *e) {
  Session *s = d->session;
  Namings fresh = new_namings(s->arena, before, after);
  Attachment *all = NULL;
  size_t count = 0;
  int64_t id, record = row_id(after->row);
  if (fresh.count && before && !read_all(s, after->relation, record, &all, &count, e)) return false;
  for (size_t i = 0; i < fresh.count; i++)
    if (!live(all, count, fresh.at[i].hash) &&
        !put_row(d, after->relation, record, fresh.at[i].column->label, fresh.at[i].column->label, fresh.at[i].hash, &id, e))
      return false;
  return true;
}

bool attachment_add(Doing *d, const Record *record, const char *name, const char *hash, int64_t *id, Error *e) {
  Attachment *all;
  size_t count;
  if (!read_all(d->session, record->relation, row_id(record->row), &all, &count, e)) return false;
  const Attachment *there = live(all, count, hash);
  if (there) {
    *id = there->id;
    return true;
  }
  if (live_count(all, count) >= ATTACHMENTS)
    return fail(e, ERROR_LIMIT, "一条记录最多%d份附件，请把几份合成一份，或先撤下不用的。", ATTACHMENTS);
  return put_row(d, record->relation, row_id(record->row), NULL, name, hash, id, e);
}

bool attachment_withdraw(Doing *d, const Record *record, const Attachment *of, const char *reason, Error *e) {
  Record before, after;
  Session *s = d->session;
  Namings named = namings_of(s->arena, record);
  const Naming *naming = naming_of(&named, named.count, of->hash);
  if (naming)
    return fail(e, ERROR_CONFLICT, "“%s”填的就是这份文件，请先在记录里换掉它，再撤下。", naming->column->label);
  if (!record_load(s, attachments(s), of->id, &before, e) || !record_load(s, attachments(s), of->id, &after, e)) return false;
  *row_at(after.row, "state") = value_text(STATE_VOID);
  *row_at(after.row, "void_reason") = value_text(reason);
  return record_put(d, &before, &after, e);
}
