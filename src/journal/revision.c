/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Writing a revision. Each change goes into the MAC at once and waits in a batch for table and journal; so
 * an import of any length is one revision and holds a few hundred rows. The header comes last, since only
 * then is the MAC known; nothing is seen by others before the commit anyway. */
#include "journal/batch.h"
#include "journal/chain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_CEILING = 16 * 1024 * 1024, HEADER_FIELD = 200 };

struct Revision {
  Tx *tx;
  int64_t area;
  RevisionHeader header;
  Head head;
  int64_t n;
  bool failed; /* half-written: only a rollback can follow */
  /* Given back by revision_drop; `own` is NULL afterwards. */
  Arena *own, *bytes;
  ArenaMark empty;
  Seal *seal;
  Batch *rows;
  Rows changes;
  size_t held;
  Text body;
};

bool journal_create(Tx *tx, Error *e) {
  return store_ddl(tx,
                   "CREATE TABLE head(area_id {int} NOT NULL, seq {int} NOT NULL, mac {bytes} NOT NULL,"
                   " next_id {int} NOT NULL, root {bytes} NOT NULL, PRIMARY KEY(area_id)) {strict};"
                   "CREATE TABLE revision(area_id {int} NOT NULL, seq {int} NOT NULL, at {text} NOT NULL,"
                   " actor {text} NOT NULL, op {text} NOT NULL, request_id {text} NOT NULL, changes {int} NOT NULL,"
                   " mac {bytes} NOT NULL, PRIMARY KEY(area_id, seq), UNIQUE(area_id, request_id)) {strict};"
                   "CREATE TABLE change(area_id {int} NOT NULL, seq {int} NOT NULL, n {int} NOT NULL,"
                   " relation {text} NOT NULL, row_id {int} NOT NULL, body {text} NOT NULL, checksum {int} NOT NULL,"
                   " PRIMARY KEY(area_id, seq, n)) {strict};"
                   "CREATE INDEX change_row ON change(area_id, relation, row_id, seq, n)",
                   e);
}

bool journal_create_area(Tx *tx, int64_t area, Error *e) {
  static const Digest zero;
  Value nothing = value_bytes(zero.at, SEAL_SIZE);
  return tx_exec(tx, "INSERT INTO head(area_id, seq, mac, next_id, root) VALUES ($1, 0, $2, 1, $3)",
                 (Value[]){value_int(area), nothing, nothing}, 3, NULL, e);
}

/* Whether request_id is done already; false with *e when it cannot be told, or belongs to something else. */
static bool already_done(Tx *tx, int64_t area, const RevisionHeader *h, bool *found, int64_t *seq, Error *e) {
  STMT_SCOPE st = stmt_open(tx, "SELECT seq, op FROM revision WHERE area_id = $1 AND request_id = $2",
                            (Value[]){value_int(area), value_text(h->request_id)}, 2, e);
  if (!st) return false;
  Step step = stmt_step(st, e);
  if (step != STEP_ROW) return step == STEP_DONE;
  if (strcmp(stmt_text(st, 1), h->op) != 0)
    return fail_because(e, ERROR_CONFLICT, h->request_id, "这个请求编号已经用于另一项操作，请刷新页面后重新提交。");
  *found = true;
  *seq = stmt_int(st, 0);
  return true;
}

static bool header_valid(const RevisionHeader *h, Error *e) {
  const char *fields[] = {h->at, h->actor, h->op, h->request_id};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    if (!fields[i] || !*fields[i])
      return fail_because(e, ERROR_BUG, "a revision's header has an empty field", "程序内部错误，没有保存，请把日志交给开发人员。");
    if (strlen(fields[i]) > HEADER_FIELD)
      return fail(e, ERROR_LIMIT, "请求编号或账号名太长（最多%d字节），请改短后再试。", HEADER_FIELD);
  }
  return true;
}

static bool check_head(Tx *tx, int64_t area, Head *head, Error *e) {
  if (!head_read(tx, area, head, e)) return false;
  return head->found || fail(e, ERROR_MISSING, "数据库里没有区域%" PRId64 "，请检查站点配置的 area 一项，或先执行 luoshi init。", area);
}

Revision *revision_begin(Arena *a, Tx *tx, int64_t area, const JournalKey *key, RevisionHeader header, bool *found,
                         int64_t *done_seq, Error *e) {
  Head head;
  *found = false;
  if (!header_valid(&header, e) || !check_head(tx, area, &head, e)) return NULL;
  if (!already_done(tx, area, &header, found, done_seq, e)) return NULL;
  if (*found) return NEW(a, Revision); /* ended from the start */
  Seal *seal = seal_new(key->at, e);
  if (!seal) return NULL;
  Revision *r = NEW(a, Revision);
  *r = (Revision){.tx = tx, .area = area, .head = head, .own = arena_new(), .bytes = arena_new(), .seal = seal,
                  .rows = batch_new(tx, area), .body = text_new(BODY_CEILING)};
  r->empty = arena_mark(r->bytes);
  r->header = (RevisionHeader){.seq = head.seq + 1, .at = arena_copy(r->own, header.at),
                               .actor = arena_copy(r->own, header.actor), .op = arena_copy(r->own, header.op),
                               .request_id = arena_copy(r->own, header.request_id)};
  r->changes = (Rows){.width = 7, .sql = "INSERT INTO change(area_id, seq, n, relation, row_id, body, checksum)"
                                         " VALUES ($1, $2, $3, $4, $5, $6, $7)"};
  chain_open(seal, &head.mac, area, &r->header);
  return r;
}

void revision_drop(Revision *r) {
  if (!r || !r->own) return;
  batch_free(r->rows);
  seal_free(r->seal);
  text_free(&r->body);
  arena_free(r->bytes);
  arena_free(r->own);
  r->own = NULL;
}

void revision_cleanup(Revision **r) { revision_drop(*r); }

int64_t revision_next_id(Revision *r) { return r->head.next_id++; }

static bool usable(const Revision *r, Error *e) {
  if (r->own && !r->failed) return true;
  return fail_because(e, ERROR_BUG, "a revision is used after it failed or ended", "程序内部错误，没有保存，请把日志交给开发人员。");
}

static bool write_out(Revision *r, Error *e) {
  bool ok = batch_flush(r->rows, e) && rows_write(r->tx, &r->changes, e);
  arena_back(r->bytes, r->empty);
  r->held = 0;
  return ok;
}

static bool journal(Revision *r, const Relation *relation, int64_t id, Error *e) {
  const char *body = text_get(&r->body);
  size_t length = r->body.length;
  if (r->body.full)
    return fail(e, ERROR_LIMIT, "“%s”的一条记录太大（超过%d字节），请拆分后再存。", relation->label, BODY_CEILING);
  Change change = {.seq = r->header.seq, .n = ++r->n, .relation = relation->name, .row_id = id, .body = body,
                   .relation_length = strlen(relation->name), .length = length};
  change.checksum = change_checksum(&change, change.n);
  chain_change(r->seal, &change);
  if (id >= r->head.next_id) r->head.next_id = id + 1;
  Value *slot = rows_add(r->own, &r->changes);
  slot[0] = value_int(r->area);
  slot[1] = value_int(change.seq);
  slot[2] = value_int(change.n);
  slot[3] = (Value){.kind = VALUE_TEXT, .s = change.relation, .n = change.relation_length};
  slot[4] = value_int(id);
  slot[5] = (Value){.kind = VALUE_TEXT, .s = arena_slice(r->bytes, body, length), .n = length};
  slot[6] = value_int(change.checksum);
  r->held += length;
  return (r->changes.count < BATCH_ROWS && r->held < BATCH_BYTES) || write_out(r, e);
}

bool change_put(Revision *r, Row row, Error *e) {
  if (!usable(r, e)) return false;
  text_clear(&r->body);
  row_body(row, &r->body);
  bool ok = batch_put(r->rows, row, e) && journal(r, row.relation, row_id(row), e);
  r->failed = !ok;
  return ok;
}

bool change_remove(Revision *r, const Relation *relation, int64_t id, Error *e) {
  if (!usable(r, e)) return false;
  if (!relation->parent)
    return fail_because(e, ERROR_BUG, relation->name, "程序内部错误：记录只能作废，不能删除，请把日志交给开发人员。");
  text_clear(&r->body);
  bool ok = batch_remove(r->rows, relation, id, e) && journal(r, relation, id, e);
  r->failed = !ok;
  return ok;
}

bool revision_flush(Revision *r, Error *e) {
  if (!usable(r, e)) return false;
  bool ok = write_out(r, e);
  r->failed = !ok;
  return ok;
}

static bool write_header(Revision *r, const Digest *mac, const Digest *root, Error *e) {
  const RevisionHeader *h = &r->header;
  Value sealed = value_bytes(mac->at, SEAL_SIZE);
  if (!tx_exec(r->tx,
               "INSERT INTO revision(area_id, seq, at, actor, op, request_id, changes, mac)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
               (Value[]){value_int(r->area), value_int(h->seq), value_text(h->at), value_text(h->actor), value_text(h->op),
                         value_text(h->request_id), value_int(r->n), sealed},
               8, NULL, e))
    return false;
  int64_t moved = 0;
  if (!tx_exec(r->tx, "UPDATE head SET seq = $2, mac = $3, next_id = $4, root = $5 WHERE area_id = $1 AND seq = $6",
               (Value[]){value_int(r->area), value_int(h->seq), sealed, value_int(r->head.next_id),
                         value_bytes(root->at, SEAL_SIZE), value_int(r->head.seq)},
               6, &moved, e))
    return false;
  return moved == 1 || fail_because(e, ERROR_BUG, "the head moved under a revision", "程序内部错误，没有保存，请把日志交给开发人员。");
}

static bool finish(Revision *r, Error *e) {
  Digest mac, root = r->head.root;
  SEAL_SCOPE plain = seal_new(NULL, e);
  return plain && write_out(r, e) && chain_close(r->seal, r->n, &mac, e) && chain_root(plain, &root, &mac, e) &&
         write_header(r, &mac, &root, e);
}

bool revision_end(Revision *r, int64_t *seq, Error *e) {
  bool ok = usable(r, e) && finish(r, e);
  if (ok && seq) *seq = r->header.seq;
  revision_drop(r);
  return ok;
}
