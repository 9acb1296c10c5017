/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Evidence is taken from the same rows as the value, and the rows' bodies from the journal, whose newest
 * change of a row is the row. So a hash taken today is that of the freeze exactly when nothing was changed. */
#include "report/proof.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* ---- Merkle ---- */

static bool leaf_digest(Seal *s, const char *text, Digest *out, Error *e) {
  seal_start(s);
  seal_bytes(s, "\0", 1);
  seal_bytes(s, text, strlen(text));
  return seal_finish(s, out, e);
}

static bool fold_level(Seal *s, Digest *at, size_t *count, Error *e) {
  size_t n = 0;
  for (size_t i = 0; i < *count; i += 2, n++) {
    if (i + 1 == *count) {
      at[n] = at[i];
      continue;
    }
    seal_start(s);
    seal_bytes(s, "\1", 1);
    seal_bytes(s, at[i].at, SEAL_SIZE);
    seal_bytes(s, at[i + 1].at, SEAL_SIZE);
    if (!seal_finish(s, &at[n], e)) return false;
  }
  *count = n;
  return true;
}

bool merkle_root(const char *const *leaves, size_t count, char root[SEAL_HEX], Error *e) {
  ARENA_SCOPE a = arena_new();
  SEAL_SCOPE s = seal_new(NULL, e);
  Digest *at = NEW_ARRAY(a, Digest, count + 1);
  if (!s) return false;
  for (size_t i = 0; i < count; i++)
    if (!leaf_digest(s, leaves[i], &at[i], e)) return false;
  if (!count) {
    seal_start(s);
    if (!seal_finish(s, &at[0], e)) return false;
  }
  while (count > 1)
    if (!fold_level(s, at, &count, e)) return false;
  hex_write(at[0].at, SEAL_SIZE, root);
  return true;
}

/* ---- rows as JSON ---- */

static json_t *row_json(const ProofRow *r) {
  json_t *out = json_array();
  json_array_append_new(out, json_string(r->undetermined ? "u" : r->total ? "t" : "c"));
  json_array_append_new(out, json_integer(r->id));
  json_array_append_new(out, json_integer(r->record));
  json_array_append_new(out, json_integer(r->version));
  json_array_append_new(out, json_string(r->hash));
  json_array_append_new(out, json_string(r->contribution));
  return out;
}

void proof_write(const Proofs *p, Text *out) {
  text_add_char(out, '[');
  for (size_t i = 0; i < p->count; i++) {
    JSON_SCOPE row = row_json(&p->at[i]);
    if (i) text_add(out, ",\n");
    json_write(row, false, out);
  }
  text_add_char(out, ']');
}

bool proof_root(const Proofs *p, char root[SEAL_HEX], Error *e) {
  ARENA_SCOPE a = arena_new();
  const char **leaves = NEW_ARRAY(a, const char *, p->count + 1);
  for (size_t i = 0; i < p->count; i++) {
    JSON_SCOPE row = row_json(&p->at[i]);
    TEXT_SCOPE text = text_new(64 * 1024);
    json_write(row, false, &text);
    leaves[i] = arena_copy(a, text_get(&text));
  }
  return merkle_root(leaves, p->count, root, e);
}

static bool read_row(Arena *a, const json_t *row, ProofRow *out) {
  const char *state = json_string_value(json_array_get(row, 0)), *hash = json_string_value(json_array_get(row, 4));
  const char *contribution = json_string_value(json_array_get(row, 5));
  if (!state || !hash || !contribution) return false;
  *out = (ProofRow){.undetermined = *state == 'u',
                    .total = *state == 't',
                    .id = json_integer_value(json_array_get(row, 1)),
                    .record = json_integer_value(json_array_get(row, 2)),
                    .version = json_integer_value(json_array_get(row, 3)),
                    .hash = arena_copy(a, hash),
                    .contribution = arena_copy(a, contribution)};
  return true;
}

bool proof_read(Arena *a, const char *json, Proofs *out, Error *e) {
  *out = (Proofs){0};
  if (!*json) return true;
  JSON_SCOPE rows = json_read(json, strlen(json), PROOF_MOST, e);
  if (!rows) return false;
  for (size_t i = 0; i < json_array_size(rows); i++)
    if (!read_row(a, json_array_get(rows, i), PUSH(a, out->at, out->count, out->room)))
      return fail(e, ERROR_BROKEN, "定稿的佐证读不出来，请用 luoshi audit 核验。");
  return true;
}

/* ---- rows from the tables ---- */

typedef struct Collecting {
  Session *session;
  FigureAsk ask;
  Seal *keyed;
  Proofs *out;
  bool hide; /* what it counts as is private: only its hash is kept */
  bool broken;
  Error *e;
} Collecting;

static bool keyed_text(Seal *keyed, const char *text, char out[SEAL_HEX], Error *e) {
  Digest d;
  seal_start(keyed);
  seal_string(keyed, text, strlen(text));
  if (!seal_finish(keyed, &d, e)) return false;
  hex_write(d.at, SEAL_SIZE, out);
  return true;
}

static bool gather(const FigureRow *row, void *context) {
  Collecting *c = context;
  Arena *a = c->session->arena;
  char hidden[SEAL_HEX];
  const char *contribution = "";
  if (row->counted) contribution = row->key ? row->key : arena_print(a, "%lld", (long long)row->amount);
  if (row->counted && row->key && c->hide) {
    c->broken = !keyed_text(c->keyed, row->key, hidden, c->e);
    if (c->broken) return false;
    contribution = hidden;
  }
  /* a mean has both: what it is counted per, and what it adds */
  if (row->counted && row->key && c->ask.measure->fold == FOLD_MEAN)
    contribution = arena_print(a, "%s=%lld", contribution, (long long)row->amount);
  *PUSH(a, c->out->at, c->out->count, c->out->room) = (ProofRow){.undetermined = row->undetermined,
                                                                 .total = row->counted && row->total,
                                                                 .id = row_id(row->row),
                                                                 .record = row->record,
                                                                 .contribution = arena_copy(a, contribution),
                                                                 .shown = arena_copy(a, row->contribution),
                                                                 .date = row->date,
                                                                 .org = row->org,
                                                                 .holder = row->holder};
  return true;
}

/* The newest body of a row, and the revision that wrote it. */
typedef struct Body {
  int64_t id, version;
  const char *text;
} Body;

static bool newest(Session *s, const Relation *r, int64_t id, Body *out, Error *e) {
  *out = (Body){.id = id, .text = ""};
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT seq, body FROM change WHERE area_id = $1 AND relation = $2 AND row_id = $3"
                            " ORDER BY seq DESC, n DESC LIMIT 1",
                            (Value[]){value_int(s->area), value_text(r->name), value_int(id)}, 3, e);
  if (!st) return false;
  Step step = stmt_step(st, e);
  if (step == STEP_FAILED) return false;
  if (step == STEP_ROW) {
    out->version = stmt_int(st, 0);
    out->text = arena_copy(s->arena, stmt_text(st, 1));
  }
  return true;
}

static bool hash_row(Seal *plain, Seal *keyed, const Relation *r, const Body *row, const Body *record, ProofRow *out,
                     Arena *a, Error *e) {
  Digest salt, hash;
  seal_start(keyed);
  seal_string(keyed, r->name, strlen(r->name));
  seal_int(keyed, row->id);
  if (!seal_finish(keyed, &salt, e)) return false;
  seal_start(plain);
  seal_bytes(plain, salt.at, SEAL_SIZE);
  seal_string(plain, row->text, strlen(row->text));
  if (record) seal_string(plain, record->text, strlen(record->text));
  if (!seal_finish(plain, &hash, e)) return false;
  char hex[SEAL_HEX];
  hex_write(hash.at, SEAL_SIZE, hex);
  out->hash = arena_copy(a, hex);
  out->version = record && record->version > row->version ? record->version : row->version;
  return true;
}

static bool hash_all(Session *s, const Relation *r, Seal *keyed, Proofs *p, Error *e) {
  SEAL_SCOPE plain = seal_new(NULL, e);
  Arena *lasting = s->arena;
  ARENA_SCOPE scratch = arena_new(); /* of one row */
  ARENA_SCOPE kept = arena_new();    /* of one record: its lines follow each other */
  Body row, record = {.text = ""};
  bool ok = plain != NULL;
  for (size_t i = 0; ok && i < p->count; i++) {
    ArenaMark mark = arena_mark(scratch);
    s->arena = kept;
    if (r->parent && record.id != p->at[i].record) {
      arena_free(kept);
      s->arena = kept = arena_new();
      ok = newest(s, r->parent, p->at[i].record, &record, e);
    }
    s->arena = scratch;
    ok = ok && newest(s, r, p->at[i].id, &row, e) &&
         hash_row(plain, keyed, r, &row, r->parent ? &record : NULL, &p->at[i], lasting, e);
    arena_back(scratch, mark);
  }
  s->arena = lasting;
  return ok;
}

bool proof_collect(Session *s, FigureAsk ask, const Salt *salt, Proofs *out, Error *e) {
  *out = (Proofs){0};
  SEAL_SCOPE keyed = seal_new(salt->at, e);
  if (!keyed) return false;
  Collecting c = {.session = s, .ask = ask, .keyed = keyed, .out = out, .e = e};
  for (size_t i = 0; i < ask.measure->key_count; i++) c.hide = c.hide || ask.measure->keys[i].column->sensitive;
  return figure_rows(s, ask, gather, &c, e) && !c.broken && hash_all(s, ask.measure->rows, keyed, out, e);
}
