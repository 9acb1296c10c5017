/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What a MAC covers, and how head, header and change are read. A change of this message is a change of every
 * journal there is: it must never happen. */
#include "journal/chain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum { MARK_CHANGE = 1, MARK_END = 2 };

static void seal_text(Seal *s, const char *text) { seal_string(s, text, strlen(text)); }

void chain_open(Seal *s, const Digest *previous, int64_t area, const RevisionHeader *h) {
  seal_start(s);
  seal_bytes(s, previous->at, SEAL_SIZE);
  seal_int(s, area);
  seal_int(s, h->seq);
  seal_text(s, h->at);
  seal_text(s, h->actor);
  seal_text(s, h->op);
  seal_text(s, h->request_id);
}

void chain_change(Seal *s, const Change *change) {
  seal_bytes(s, &(unsigned char){MARK_CHANGE}, 1);
  seal_int(s, change->n);
  seal_string(s, change->relation, change->relation_length);
  seal_int(s, change->row_id);
  seal_string(s, change->body, change->length);
}

bool chain_close(Seal *s, int64_t changes, Digest *mac, Error *e) {
  seal_bytes(s, &(unsigned char){MARK_END}, 1);
  seal_int(s, changes);
  return seal_finish(s, mac, e);
}

bool chain_root(Seal *plain, Digest *root, const Digest *mac, Error *e) {
  seal_start(plain);
  seal_bytes(plain, root->at, SEAL_SIZE);
  seal_bytes(plain, mac->at, SEAL_SIZE);
  return seal_finish(plain, root, e);
}

/* Eight bytes at a time: no proof of anything, but it must not cost anything either. */
static uint64_t mix_word(uint64_t h, uint64_t word) {
  h = (h ^ word) * 0x9E3779B97F4A7C15u;
  return h ^ h >> 29;
}

static uint64_t mix(uint64_t h, const char *at, size_t n) {
  unsigned char left[8];
  for (; n >= 8; n -= 8, at += 8) {
    memcpy(left, at, 8);
    h = mix_word(h, (uint64_t)left[0] | (uint64_t)left[1] << 8 | (uint64_t)left[2] << 16 | (uint64_t)left[3] << 24 |
                        (uint64_t)left[4] << 32 | (uint64_t)left[5] << 40 | (uint64_t)left[6] << 48 | (uint64_t)left[7] << 56);
  }
  uint64_t rest = n; /* fewer than eight, with how many there are */
  for (size_t i = 0; i < n; i++) rest |= (uint64_t)(unsigned char)at[i] << 8 * (i + 1);
  return mix_word(h, rest);
}

int64_t change_checksum(const Change *change, int64_t n) {
  uint64_t h = mix(0, change->relation, change->relation_length);
  h = mix_word(h, (uint64_t)change->row_id);
  h = mix(h, change->body, change->length);
  h = mix_word(h, (uint64_t)n);
  return (int64_t)(h >> 1); /* never negative: a plain number on both engines */
}

static bool digest_from(const Stmt *st, size_t column, Digest *out) {
  size_t n;
  const void *bytes = stmt_bytes(st, column, &n);
  memset(out->at, 0, SEAL_SIZE);
  if (n == SEAL_SIZE) memcpy(out->at, bytes, SEAL_SIZE);
  return n == SEAL_SIZE; /* another length is left as zeros, which no MAC is */
}

bool head_read(Tx *tx, int64_t area, Head *out, Error *e) {
  *out = (Head){0};
  STMT_SCOPE st = stmt_open(tx, "SELECT seq, mac, next_id, root FROM head WHERE area_id = $1",
                            (Value[]){value_int(area)}, 1, e);
  if (!st) return false;
  Step step = stmt_step(st, e);
  if (step != STEP_ROW) return step == STEP_DONE;
  out->found = true;
  out->seq = stmt_int(st, 0);
  out->next_id = stmt_int(st, 2);
  digest_from(st, 1, &out->mac);
  digest_from(st, 3, &out->root);
  return true;
}

void change_from(const Stmt *st, Change *out) {
  Value relation = stmt_value(st, 2, VALUE_TEXT), body = stmt_value(st, 4, VALUE_TEXT);
  *out = (Change){.seq = stmt_int(st, 0), .n = stmt_int(st, 1), .row_id = stmt_int(st, 3), .checksum = stmt_int(st, 5),
                  .relation = relation.null ? "" : relation.s, .relation_length = relation.null ? 0 : relation.n,
                  .body = body.null ? "" : body.s, .length = body.null ? 0 : body.n};
}

void header_from(const Stmt *st, RevisionHeader *out, int64_t *changes, Digest *mac) {
  *out = (RevisionHeader){.seq = stmt_int(st, 0), .at = stmt_text(st, 1), .actor = stmt_text(st, 2),
                          .op = stmt_text(st, 3), .request_id = stmt_text(st, 4)};
  *changes = stmt_int(st, 5);
  digest_from(st, 6, mac);
}

bool fault_found(Fault *f, FaultKind kind, int64_t seq, int64_t n, const char *sentence, ...) {
  *f = (Fault){.kind = kind, .seq = seq, .n = n};
  va_list args;
  va_start(args, sentence);
  vsnprintf(f->sentence, sizeof f->sentence, sentence, args);
  va_end(args);
  utf8_trim(f->sentence);
  return true;
}
