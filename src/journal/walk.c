/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The pass over a journal: headers and changes are two streams in the same order, merged here, so that a
 * header without changes and a change without a header are both seen. Nothing is kept but the last MAC.
 *
 * A change is handed to the visitor before its revision is proved; so whatever a visitor says against a
 * change counts only when the revision proves good. */
#include "journal/chain.h"

#include <inttypes.h>
#include <string.h>

enum { RECENT = 64 };

typedef struct Walk {
  Tx *tx;
  const Catalogue *catalogue;
  const JournalKey *key;
  int64_t area;
  Seal *seal, *plain;
  Stmt *headers, *stream;
  bool more; /* `next` is a change not yet taken */
  Change next;
  int64_t seq, count, top_id;
  Digest mac, root;
  const Relation *recent[RECENT];
  const char *unknown; /* relation of a change that the catalogue does not have */
  char name[128];
  ChangeVisit *visit;
  void *context;
} Walk;

static bool take_change(Walk *w, Error *e) {
  Step step = stmt_step(w->stream, e);
  w->more = step == STEP_ROW;
  if (w->more) change_from(w->stream, &w->next);
  return step != STEP_FAILED;
}

static const Relation *relation_of(Walk *w, const Change *change) {
  size_t n = change->relation_length;
  const char *name = change->relation;
  size_t slot = (n * 31 + (n ? (unsigned char)name[0] * 7u + (unsigned char)name[n - 1] : 0)) % RECENT;
  const Relation *known = w->recent[slot];
  if (known && strcmp(known->name, name) == 0) return known;
  known = catalogue_find(w->catalogue, name);
  if (known) w->recent[slot] = known;
  return known;
}

static bool visit(Walk *w, Error *e) {
  const Relation *r = relation_of(w, &w->next);
  if (w->next.row_id > w->top_id) w->top_id = w->next.row_id;
  if (!r) {
    if (!w->unknown) {
      size_t n = w->next.relation_length < sizeof w->name ? w->next.relation_length : sizeof w->name - 1;
      memcpy(w->name, w->next.relation, n);
      w->name[n] = 0;
      w->unknown = w->name;
    }
    return true;
  }
  return !w->visit || w->visit(&w->next, r, w->context, e);
}

/* Feeds the changes of the current header; `good` is cleared when they cannot be right. */
static bool take_changes(Walk *w, int64_t expected, bool *good, bool *objected, Error *objection, Error *e) {
  int64_t n = 0;
  for (; w->more && w->next.seq == w->seq; n++) {
    if (w->next.n != n + 1 || change_checksum(&w->next, n + 1) != w->next.checksum) *good = false;
    chain_change(w->seal, &w->next);
    if (*good && !*objected && !visit(w, objection)) *objected = true;
    if (!take_change(w, e)) return false;
  }
  if (n != expected) *good = false;
  w->count += n;
  return true;
}

static bool extra_change(Walk *w, Fault *fault) {
  return fault_found(fault, FAULT_EDITED, w->next.seq, w->next.n,
                     "记录链第%" PRId64 "号里有一项不属于它的改动（第%" PRId64 "项），是在程序之外加进去的。" FAULT_REMEDY,
                     w->next.seq, w->next.n);
}

static bool gap(Walk *w, int64_t found, Fault *fault) {
  int64_t seq = w->seq + 1;
  if (found < seq)
    return fault_found(fault, FAULT_EDITED, found, 0, "记录链里有一条第%" PRId64 "号，是在程序之外加进去的。" FAULT_REMEDY, found);
  return fault_found(fault, FAULT_MISSING, seq, 0, "记录链第%" PRId64 "号不见了（前后的还在）。" FAULT_REMEDY, seq);
}

static bool check_anchor(Walk *w, const Anchor *anchor, Fault *fault) {
  char hex[SEAL_HEX];
  hex_write(w->root.at, SEAL_SIZE, hex);
  if (strcmp(hex, anchor->root) == 0) return false;
  return fault_found(fault, FAULT_EDITED, anchor->seq, 0,
                     "到记录链第%" PRId64 "号为止的内容与留存在外的校验值不符，有人重写过其中的内容。" FAULT_REMEDY, anchor->seq);
}

static bool walk_revision(Walk *w, const Anchor *anchor, Fault *fault, Error *e) {
  RevisionHeader h;
  Digest stored, mac, previous = w->mac;
  int64_t changes;
  header_from(w->headers, &h, &changes, &stored);
  if (h.seq != w->seq + 1) return gap(w, h.seq, fault);
  if (w->more && w->next.seq < h.seq) return extra_change(w, fault);
  bool good = true, objected = false;
  Error objection = {0};
  w->seq = h.seq;
  chain_open(w->seal, &previous, w->area, &h);
  if (!take_changes(w, changes, &good, &objected, &objection, e)) return false;
  if (!chain_close(w->seal, changes, &mac, e)) return false;
  if (!good || !digest_equal(&mac, &stored))
    return chain_diagnose(w->tx, w->catalogue, w->area, w->key, &previous, w->seq, fault, e);
  if (objected) {
    *e = objection;
    return false;
  }
  w->mac = mac;
  if (!chain_root(w->plain, &w->root, &mac, e)) return false;
  if (anchor && anchor->seq == w->seq) check_anchor(w, anchor, fault);
  return true;
}

/* After the last header: what is left over, and what head and anchor say. */
static bool check_end(Walk *w, const Head *head, const Anchor *anchor, Fault *fault) {
  if (w->more && (w->next.seq != w->seq + 1 || w->next.seq > head->seq)) return extra_change(w, fault);
  if (w->more)
    return fault_found(fault, FAULT_MISSING, w->seq + 1, 0, "记录链第%" PRId64 "号的登记不见了（它的改动还在）。" FAULT_REMEDY,
                       w->seq + 1);
  if (head->seq > w->seq)
    return fault_found(fault, FAULT_CUT, w->seq + 1, 0,
                       "记录链应有%" PRId64 "号，只到第%" PRId64 "号，后面的被截去了。" FAULT_REMEDY, head->seq, w->seq);
  if (anchor && anchor->seq > w->seq)
    return fault_found(fault, FAULT_CUT, w->seq + 1, 0,
                       "留存在外的校验值记到记录链第%" PRId64 "号，库里只到第%" PRId64 "号，后面的被截去了。" FAULT_REMEDY,
                       anchor->seq, w->seq);
  if (head->seq < w->seq || !digest_equal(&head->mac, &w->mac) || !digest_equal(&head->root, &w->root))
    return fault_found(fault, FAULT_EDITED, head->seq, 0,
                       "总号（第%" PRId64 "号）与记录链最后一条（第%" PRId64 "号）不符，总号在程序之外被改过。" FAULT_REMEDY,
                       head->seq, w->seq);
  if (head->next_id <= w->top_id)
    return fault_found(fault, FAULT_EDITED, head->seq, 0,
                       "下一个编号是%" PRId64 "，但编号%" PRId64 "已经用过，总号在程序之外被改过。" FAULT_REMEDY, head->next_id,
                       w->top_id);
  return true;
}

static bool check_unknown(const Walk *w, Fault *fault) {
  return fault_found(fault, FAULT_TABLE, 0, 0,
                     "记录链里有台账“%s”，现在的规则文件里没有它，无法核对：请放回它的规则文件后再查。", w->unknown);
}

static bool open_streams(Walk *w, int64_t last, Error *e) {
  Value binds[] = {value_int(w->area), value_int(last)};
  w->headers = stmt_stream(
      w->tx, "SELECT " HEADER_COLUMNS " FROM revision WHERE area_id = $1 AND seq <= $2 ORDER BY seq", binds, 2, e);
  if (!w->headers) return false;
  w->stream = stmt_stream(
      w->tx, "SELECT " CHANGE_COLUMNS " FROM change WHERE area_id = $1 AND seq <= $2 ORDER BY seq, n", binds, 2, e);
  return w->stream && take_change(w, e);
}

static bool walk(Walk *w, const Head *head, int64_t last, const Anchor *anchor, Fault *fault, Error *e) {
  if (!open_streams(w, last ? last : INT64_MAX, e)) return false;
  for (;;) {
    Step step = stmt_step(w->headers, e);
    if (step == STEP_FAILED) return false;
    if (step == STEP_DONE) break;
    if (!walk_revision(w, anchor, fault, e)) return false;
    if (fault->kind) return true;
  }
  if (!last) check_end(w, head, anchor, fault);
  if (!fault->kind && w->unknown) check_unknown(w, fault);
  return true;
}

static bool anchor_valid(const Anchor *anchor, Error *e) {
  Digest root;
  if (!anchor || (anchor->seq > 0 && anchor->root && hex_read(anchor->root, root.at, SEAL_SIZE))) return true;
  return fail(e, ERROR_INVALID, "留存的校验值不对：应是记录链的号数和64位小写十六进制数，请照原样提供。");
}

bool chain_walk(Tx *tx, const Catalogue *c, int64_t area, const JournalKey *key, int64_t last, const Anchor *anchor,
                ChangeVisit *visitor, void *context, ChainEnd *out, Fault *fault, Error *e) {
  *fault = (Fault){0};
  *out = (ChainEnd){0};
  Head head;
  if (!anchor_valid(anchor, e) || !head_read(tx, area, &head, e)) return false;
  if (!head.found)
    return fault_found(fault, FAULT_MISSING, 0, 0, "区域%" PRId64 "的总号不见了。" FAULT_REMEDY, area);
  if (last > head.seq)
    return fail(e, ERROR_INVALID, "记录链没有第%" PRId64 "号，最后一条是第%" PRId64 "号，请改小后再试。", last, head.seq);
  SEAL_SCOPE seal = seal_new(key->at, e);
  SEAL_SCOPE plain = seal_new(NULL, e);
  if (!seal || !plain) return false;
  Walk w = {.tx = tx, .catalogue = c, .key = key, .area = area, .seal = seal, .plain = plain, .visit = visitor,
            .context = context};
  bool ok = walk(&w, &head, last, anchor, fault, e);
  stmt_close(w.headers);
  stmt_close(w.stream);
  *out = (ChainEnd){.revisions = w.seq, .changes = w.count, .root = w.root};
  return ok;
}
