/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A small catalogue of its own, the tables for it, and rows to put into them. */
#ifndef LUOSHI_TEST_SAMPLE_H
#define LUOSHI_TEST_SAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal.h"

static const char sample_yaml[] = "ledger: note\n"
                                  "label: 记事\n"
                                  "date: {name: held_on, label: 时间}\n"
                                  "fields:\n"
                                  "  - {name: title, label: 标题, required: true}\n"
                                  "  - {name: detail, label: 详情, type: prose}\n"
                                  "  - {name: amount, label: 金额, type: money}\n"
                                  "  - {name: phone, label: 电话, sensitive: true}\n"
                                  "lines:\n"
                                  "  - name: items\n"
                                  "    label: 事项\n"
                                  "    fields:\n"
                                  "      - {name: what, label: 内容, required: true}\n"
                                  "      - {name: number, label: 数量, type: int}\n";
static const char sample_profile[] = "profile: sample\nlabel: 样例\nreporter: title = '书记'\n";
static const char sample_codes[] = "codes:\n"
                                   "  - {name: schooling, label: 学历, ordered: true, of: [高中, 本科]}\n"
                                   "  - {name: post_title, label: 职务, of: [书记, 委员]}\n";

static inline Catalogue *sample_catalogue(Arena *a) {
  ProfileFile files[] = {{"profile.yaml", sample_profile, sizeof sample_profile - 1},
                         {"codes.yaml", sample_codes, sizeof sample_codes - 1},
                         {"ledgers/note.yaml", sample_yaml, sizeof sample_yaml - 1}};
  Issues issues = {.arena = a};
  Error e = {0};
  Catalogue *c = catalogue_read(a, files, 3, &issues, &e);
  if (!c) fprintf(stderr, "%s\n", e.sentence);
  return c;
}

static inline bool sample_tables(Tx *tx, const Catalogue *c, Error *e) {
  TEXT_SCOPE ddl = text_new(TEXT_CEILING);
  for (size_t i = 0; i < c->relation_count; i++) relation_ddl(c->relations[i], &ddl);
  return store_ddl(tx, text_get(&ddl), e);
}

/* Journal, tables and areas 1 and 2, empty. */
static inline bool sample_fill(Store *s, const Catalogue *c, Error *e) {
  TX_SCOPE tx = tx_begin(s, TX_WRITE, 1, e);
  return tx && journal_create(tx, e) && journal_create_area(tx, 1, e) &&
         journal_create_area(tx, 2, e) && sample_tables(tx, c, e) && tx_commit(tx, e);
}

static inline Row sample_note(Arena *a, const Catalogue *c, int64_t id, const char *title, int64_t amount) {
  Row row = row_new(a, catalogue_find(c, "note"));
  row.v[0] = value_int(id);
  *row_at(row, "org") = value_int(1);
  *row_at(row, "state") = value_text("draft");
  *row_at(row, "held_on") = value_int(20230512);
  *row_at(row, "title") = value_text(title);
  if (amount) *row_at(row, "amount") = value_int(amount);
  *row_at(row, "phone") = value_bytes("\0\1\2\3", 4);
  return row;
}

static inline Row sample_item(Arena *a, const Catalogue *c, int64_t id, int64_t record, const char *what) {
  Row row = row_new(a, catalogue_find(c, "note.items"));
  row.v[0] = value_int(id);
  *row_at(row, "record") = value_int(record);
  *row_at(row, "pos") = value_int(id);
  *row_at(row, "what") = value_text(what);
  return row;
}

#endif
