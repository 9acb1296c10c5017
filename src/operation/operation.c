/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The prologue and epilogue that every change goes through: who asks, has it been done already, are the
 * arguments right, what was changed, commit. Nothing is written before all of the input was checked. */
#include "operation/operation.h"

#include <stdio.h>
#include <string.h>

#include "access/files.h"
#include "access/names.h"
#include "base/json.h"
#include "journal/seal.h"

static const Codes *word_list(Arena *a, const char *words) {
  Codes *codes = NEW(a, Codes);
  size_t room = 0;
  char *copy = arena_copy(a, words), *rest = NULL;
  for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
    *PUSH(a, codes->at, codes->count, room) = (Choice){word, word};
  return codes;
}

const Relation *operation_arguments(Arena *a, const Catalogue *c, const Operation *op) {
  Relation *r = NEW(a, Relation);
  *r = (Relation){.name = op->name, .own_name = op->name, .label = op->label, .core = true, .org = -1, .date = -1,
                  .ends = -1, .state = -1, .title = -1, .column_count = op->argument_count,
                  .columns = NEW_ARRAY(a, Column, op->argument_count)};
  for (size_t i = 0; i < op->argument_count; i++) {
    const Argument *g = &op->arguments[i];
    r->columns[i] = (Column){.name = g->name, .label = g->label, .sql = g->name, .type = g->type, .required = g->required,
                             .codes = g->among ? word_list(a, g->among) : NULL,
                             .ref = g->ref ? catalogue_core(c, g->ref) : NULL};
  }
  relation_finish(a, r);
  return r;
}

const Operation *operation_find(Operations all, const char *name, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char **names = NEW_ARRAY(a, const char *, all.count);
  for (size_t i = 0; i < all.count; i++) {
    names[i] = all.at[i]->name;
    if (!strcmp(names[i], name)) return all.at[i];
  }
  const char *near = nearest(name, names, all.count);
  if (near) fail(e, ERROR_MISSING, "没有操作“%s”，是不是“%s”？", name, near);
  else fail(e, ERROR_MISSING, "没有操作“%s”，运行 luoshi do 看全部操作。", name);
  return NULL;
}

const char *operation_label(Operations all, const char *name) {
  /* made before there is anybody to do them: a site, its tables, its fictional contents */
  static const char *const engine[][2] = {
      {"site.create", "建立站点"}, {"site.migrate", "声明生效"}, {"demo.fill", "生成演示数据"}, {"site.restore", "恢复备份"}};
  for (size_t i = 0; i < all.count; i++)
    if (!strcmp(all.at[i]->name, name)) return all.at[i]->label;
  for (size_t i = 0; i < sizeof engine / sizeof *engine; i++)
    if (!strcmp(engine[i][0], name)) return engine[i][1];
  return name;
}

/* A JSON scalar as the text that a cell reader takes; NULL for null, objects and arrays. */
static const char *scalar_text(Arena *a, const json_t *v) {
  if (json_is_string(v)) return json_string_value(v);
  if (json_is_integer(v)) return arena_print(a, "%lld", (long long)json_integer_value(v));
  if (json_is_boolean(v)) return json_is_true(v) ? "true" : "false";
  return NULL;
}

static void read_argument(Session *s, const Column *c, const json_t *given, Value *out, Issues *issues) {
  const char *text = scalar_text(s->arena, given);
  if (!text || !*text) {
    if (given && !json_is_null(given) && !text)
      issue_add(issues, NULL, c->name, "“%s”应是一个值，不能是数组、对象或小数，请改后再试。", c->label);
    else if (c->required) issue_add(issues, NULL, c->name, "缺“%s”（%s），请补上。", c->label, c->name);
    return;
  }
  Error e = {0};
  bool read = c->type == TYPE_REF ? names_find(s, c->ref, text, s->today, &out->i, &e) && !(out->null = false)
                                  : cell_read(s->arena, c, text, out, &e);
  if (!read) issue_add(issues, c->type == TYPE_REF ? c->label : NULL, c->name, "%s", e.sentence);
}

static void refuse_unknown(const Relation *arguments, json_t *input, Issues *issues) {
  const char *key;
  json_t *value;
  const char *names[16];
  size_t count = arguments->column_count < 16 ? arguments->column_count : 16;
  for (size_t i = 0; i < count; i++) names[i] = arguments->columns[i].name;
  json_object_foreach(input, key, value) {
    if (relation_index(arguments, key) >= 0) continue;
    const char *near = nearest(key, names, count);
    if (near) issue_add(issues, NULL, key, "没有“%s”这一项，是不是“%s”？", key, near);
    else issue_add(issues, NULL, key, "没有“%s”这一项，请删去。", key);
  }
}

static Row read_arguments(Session *s, const Operation *op, json_t *input, Issues *issues) {
  const Relation *r = operation_arguments(s->arena, s->catalogue, op);
  Row row = row_new(s->arena, r);
  for (size_t i = 0; i < r->column_count; i++)
    read_argument(s, &r->columns[i], json_object_get(input, r->columns[i].name), &row.v[i], issues);
  if (!op->open) refuse_unknown(r, input, issues);
  return row;
}

/* The state between begin and commit; true with `done_seq` when the request was answered before. */
typedef struct Attempt {
  Site *site;
  const Operation *op;
  json_t *input, *result;
  OperationCall call;
  Issues *issues;
  int64_t seq;
  bool repeated;
} Attempt;

/* Before the commit: sealed cells must never be there without their key. A key goes before it too: should the commit
 * fail, what was to be erased is erased, and asking again makes the note; the other way round a note could lie. */
static bool settle_keys(Site *site, const Doing *d, Error *e) {
  return keyring_flush(site->keyring, e) && (!d->erase || keyring_erase(site->keyring, site->area, d->erase, d->erase_id, e));
}

static bool settle_files(Site *site, const Doing *d, Error *e) {
  for (size_t i = 0; i < d->file_count; i++)
    if (!files_settle(site, d->files[i], e)) return false;
  return true;
}

static bool change(Attempt *t, Session *s, Error *e) {
  InstantText now;
  const char *actor = s->actor.account;
  if (s->actor.token) actor = arena_print(s->arena, "%s（令牌%lld）", actor, (long long)s->actor.token);
  RevisionHeader header = {.at = clock_now(&t->site->clock, now), .actor = actor, .op = t->op->name,
                           .request_id = t->call.request_id};
  REVISION_SCOPE revision =
      revision_begin(s->arena, s->tx, s->area, &t->site->key, header, &t->repeated, &t->seq, e);
  if (!revision) return false;
  if (t->repeated) return true;
  Doing d = {.session = s, .revision = revision, .issues = t->issues, .attached = t->call.attached};
  Row args = read_arguments(s, t->op, t->input, t->issues);
  if (t->issues->count) return issues_fail(t->issues, e, "");
  if (!t->op->run(&d, args, t->input, t->result, e)) return t->issues->count ? issues_fail(t->issues, e, "") : false;
  if (t->issues->count) return issues_fail(t->issues, e, "");
  if (!revision_flush(revision, e)) return false;
  if (d.tree_changed) {
    OrgTree *tree = org_tree_load(s->arena, s->tx, s->catalogue, s->area, e);
    if (!tree || !org_spans_rebuild(s->tx, tree, s->area, e)) return false;
  }
  if (!revision_end(revision, &t->seq, e)) return false;
  if (!t->call.rehearse) return settle_files(t->site, &d, e) && settle_keys(t->site, &d, e);
  keyring_forget(t->site->keyring);
  return true;
}

static bool attempt(Attempt *t, Error *e) {
  SESSION_SCOPE s = session_open_by(t->site, t->call.account, t->call.token, TX_WRITE, e);
  if (!s) return false;
  if (!may_anywhere(s, t->op->right)) return may_or_fail(s, t->op->right, 0, e);
  if (!change(t, s, e)) {
    keyring_forget(t->site->keyring); /* keys of what is rolled back */
    return false;
  }
  Tx *tx = s->tx;
  s->tx = NULL;
  if (t->repeated || t->call.rehearse) {
    tx_rollback(tx);
    return true;
  }
  return tx_commit(tx, e);
}

bool operation_run(Site *site, const Operation *op, json_t *input, OperationCall call, json_t **result,
                   Issues *issues, Error *e) {
  char made[33];
  if (!call.request_id) {
    unsigned char bytes[16];
    if (!random_bytes(bytes, sizeof bytes, e)) return false;
    hex_write(bytes, sizeof bytes, made);
    call.request_id = made;
  }
  if (strlen(call.request_id) > 64 || !*call.request_id)
    return fail(e, ERROR_INVALID, "request_id 应是1到64个字符，请改后再试。");
  if (!json_is_object(input)) return fail(e, ERROR_INVALID, "参数应是一个 JSON 对象，例如 {\"name\": \"…\"}。");
  JSON_SCOPE output = json_object();
  Attempt t = {.site = site, .op = op, .input = input, .result = output, .call = call, .issues = issues};
  bool done = attempt(&t, e);
  if (!done && e->kind == ERROR_UNKNOWN) {
    Error unknown = *e;
    json_object_clear(output);
    done = attempt(&t, e); /* the same request_id: found if the first commit went through */
    if (!done && e->kind == ERROR_UNAVAILABLE) *e = unknown; /* nobody there to ask: that it is open matters more */
  }
  if (!done) return false;
  if (call.rehearse) json_object_set_new(output, "rehearsed", json_true());
  else json_object_set_new(output, "revision", json_integer(t.seq));
  if (t.repeated) json_object_set_new(output, "repeated", json_true());
  *result = json_incref(output);
  return true;
}
