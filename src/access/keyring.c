/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Keys are kept in memory while the keyring is open, since a list shows hundreds of sealed cells. Another
 * process may erase a key meanwhile: so the number of erasures is read again once a second, and when it has
 * grown, every remembered key is forgotten.
 *
 * Tables: keyring(area_id, relation, row_id, key); erased(n, area_id, relation, row_id) lists what was erased,
 * so that "erased" is never confused with "a keyring that does not fit". */
#include "access/keyring.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "journal/seal.h"

enum { KEY = 32, NONCE = 12, TAG = 16, PLAIN_CEILING = 1024 * 1024, REMEMBERED = 65536 };

typedef enum { SLOT_FREE, SLOT_KNOWN, SLOT_FRESH, SLOT_ERASED } SlotState;
typedef struct Slot {
  SlotState state; /* FRESH: not on disk yet */
  int64_t area, id;
  const char *relation; /* interned: equal names are one pointer */
  unsigned char key[KEY];
} Slot;

struct Keyring {
  char *path;
  Store *store;
  Arena *arena; /* names of relations */
  const char **names;
  size_t name_count, name_room;
  Slot *slots; /* open addressing, a power of two, at most half full */
  size_t room, used, fresh;
  int64_t erasures, checked; /* how many, as of which second */
  EVP_CIPHER *cipher;
  EVP_CIPHER_CTX *seal;
};

static bool no_cipher(Error *e) {
  return fail_because(e, ERROR_UNAVAILABLE, "AES-256-GCM failed", "本机的 OpenSSL 不能做加密运算，请安装系统自带的 libssl3 后再试。");
}

/* ---- slots ---- */

static const char *intern(Keyring *k, const char *name) {
  for (size_t i = 0; i < k->name_count; i++)
    if (strcmp(k->names[i], name) == 0) return k->names[i];
  return *PUSH(k->arena, k->names, k->name_count, k->name_room) = arena_copy(k->arena, name);
}

static Slot *slot_in(Slot *slots, size_t room, int64_t area, const char *relation, int64_t id) {
  uint64_t h = ((uint64_t)id * 0x9E3779B97F4A7C15u) ^ ((uint64_t)area << 32) ^ (uint64_t)(uintptr_t)relation;
  for (size_t i = (h ^ h >> 29) & (room - 1);; i = (i + 1) & (room - 1)) {
    Slot *s = &slots[i];
    if (s->state == SLOT_FREE || (s->id == id && s->area == area && s->relation == relation)) return s;
  }
}

/* A table of `room` slots with those that `keep` says; the rest is wiped. */
static void rebuild(Keyring *k, size_t room, bool (*keep)(const Slot *)) {
  Slot *slots = calloc(room, sizeof *slots);
  if (!slots) abort();
  size_t used = 0, fresh = 0;
  for (size_t i = 0; i < k->room; i++) {
    const Slot *s = &k->slots[i];
    if (s->state == SLOT_FREE || !keep(s)) continue;
    *slot_in(slots, room, s->area, s->relation, s->id) = *s;
    used++;
    fresh += s->state == SLOT_FRESH;
  }
  if (k->slots) OPENSSL_cleanse(k->slots, k->room * sizeof *k->slots);
  free(k->slots);
  k->slots = slots;
  k->room = room;
  k->used = used;
  k->fresh = fresh;
}

static bool keep_all(const Slot *s) { return s->state != SLOT_FREE; }
static bool keep_fresh(const Slot *s) { return s->state == SLOT_FRESH; }
static bool keep_stored(const Slot *s) { return s->state != SLOT_FRESH; }

static void remember(Keyring *k, const Slot *slot) {
  if (k->used >= REMEMBERED + 2 * k->fresh) rebuild(k, k->room, keep_fresh);
  if (2 * (k->used + 1) > k->room) rebuild(k, 2 * k->room, keep_all);
  *slot_in(k->slots, k->room, slot->area, slot->relation, slot->id) = *slot;
  k->used++;
  k->fresh += slot->state == SLOT_FRESH;
}

/* ---- the file ---- */

static bool create_tables(Store *s, Error *e) {
  TX_SCOPE tx = tx_begin(s, TX_WRITE, 0, e);
  return tx &&
         store_ddl(tx,
                   "CREATE TABLE keyring(area_id {int} NOT NULL, relation {text} NOT NULL, row_id {int} NOT NULL,"
                   " key {bytes} NOT NULL, PRIMARY KEY(area_id, relation, row_id)) {strict};"
                   "CREATE TABLE erased(n {int} NOT NULL, area_id {int} NOT NULL, relation {text} NOT NULL,"
                   " row_id {int} NOT NULL, PRIMARY KEY(n), UNIQUE(area_id, relation, row_id)) {strict}",
                   e) &&
         tx_commit(tx, e);
}

static bool has_tables(Store *s, bool *found, Error *e) {
  ARENA_SCOPE a = arena_new();
  TX_SCOPE tx = tx_begin(s, TX_READ, 0, e);
  StoreColumn *columns;
  size_t keys = 0, erased = 0;
  if (!tx || !store_columns(tx, a, "keyring", &columns, &keys, e) || !store_columns(tx, a, "erased", &columns, &erased, e))
    return false;
  *found = keys && erased;
  return true;
}

static bool open_store(Keyring *k, bool create, Error *e) {
  bool found;
  k->store = store_open(k->path, create, e);
  if (!k->store || !has_tables(k->store, &found, e)) return false;
  if (found) return true;
  if (create) return create_tables(k->store, e);
  return fail(e, ERROR_BROKEN, "“%s”不是密钥库，请从密钥备份中放回 keyring.db。", k->path);
}

/* Before anything is asked of the file or the cipher. */
static bool ready(Keyring *k, bool create, Error *e) {
  if (!k->cipher) k->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
  if (!k->seal) k->seal = EVP_CIPHER_CTX_new();
  if (!k->cipher || !k->seal) return no_cipher(e);
  if (k->store) return true;
  if (open_store(k, create, e)) return true;
  store_close(k->store);
  k->store = NULL;
  return false;
}

static Keyring *keyring_new(const char *path) {
  Keyring *k = calloc(1, sizeof *k);
  if (!k || !(k->path = strdup(path))) abort();
  k->arena = arena_new();
  k->checked = -1;
  rebuild(k, 64, keep_all);
  return k;
}

Keyring *keyring_at(const char *path, Error *e) {
  if (!access(path, F_OK)) return keyring_new(path);
  fail(e, ERROR_MISSING, "找不到密钥库“%s”，请从密钥备份中放回；没有它，隐私项读不出来。", path);
  return NULL;
}

Keyring *keyring_open(const char *path, bool create, Error *e) {
  Keyring *k = create ? keyring_new(path) : keyring_at(path, e);
  if (!k || ready(k, create, e)) return k;
  keyring_close(k);
  return NULL;
}

void keyring_close(Keyring *k) {
  if (!k) return;
  store_close(k->store);
  EVP_CIPHER_CTX_free(k->seal);
  EVP_CIPHER_free(k->cipher);
  OPENSSL_cleanse(k->slots, k->room * sizeof *k->slots);
  free(k->slots);
  arena_free(k->arena);
  free(k->path);
  free(k);
}

void keyring_cleanup(Keyring **k) { keyring_close(*k); }

/* ---- finding and making keys ---- */

static bool check_erasures(Keyring *k, Error *e) {
  struct timespec now;
  if (!ready(k, false, e)) return false;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (now.tv_sec == k->checked) return true;
  int64_t n = 0;
  TX_SCOPE tx = tx_begin(k->store, TX_READ, 0, e);
  if (!tx || !tx_int(tx, "SELECT max(n) FROM erased", NULL, 0, &n, NULL, e)) return false;
  if (n != k->erasures) rebuild(k, k->room, keep_fresh);
  k->erasures = n;
  k->checked = now.tv_sec;
  return true;
}

static bool load(Keyring *k, Slot *slot, Error *e) {
  Value binds[] = {value_int(slot->area), value_text(slot->relation), value_int(slot->id)};
  TX_SCOPE tx = tx_begin(k->store, TX_READ, 0, e);
  if (!tx) return false;
  STMT_SCOPE st =
      stmt_open(tx, "SELECT key FROM keyring WHERE area_id = $1 AND relation = $2 AND row_id = $3", binds, 3, e);
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  if (step == STEP_FAILED) return false;
  if (step == STEP_ROW) {
    size_t n;
    const void *key = stmt_bytes(st, 0, &n);
    if (n != KEY) return fail(e, ERROR_BROKEN, "密钥库“%s”里有一把密钥已损坏，请用密钥备份恢复。", k->path);
    memcpy(slot->key, key, KEY);
    slot->state = SLOT_KNOWN;
    return true;
  }
  int64_t n;
  bool erased;
  if (!tx_int(tx, "SELECT n FROM erased WHERE area_id = $1 AND relation = $2 AND row_id = $3", binds, 3, &n, &erased, e))
    return false;
  if (erased) slot->state = SLOT_ERASED;
  return true;
}

/* A copy of the row's key; state SLOT_FREE when there is none and none was asked to be made. */
static bool key_of(Keyring *k, int64_t area, const Relation *r, int64_t id, bool make, Slot *out, Error *e) {
  if (!check_erasures(k, e)) return false;
  const char *relation = intern(k, r->name);
  *out = *slot_in(k->slots, k->room, area, relation, id);
  if (out->state != SLOT_FREE) return true;
  *out = (Slot){.area = area, .relation = relation, .id = id};
  if (!load(k, out, e)) return false;
  if (out->state == SLOT_FREE && make) {
    if (!random_bytes(out->key, KEY, e)) return false;
    out->state = SLOT_FRESH;
  }
  if (out->state != SLOT_FREE) remember(k, out);
  return true;
}

bool keyring_flush(Keyring *k, Error *e) {
  if (!k->fresh) return true;
  Value *binds = calloc(k->fresh, 4 * sizeof *binds), *next = binds;
  if (!binds) abort();
  for (size_t i = 0; i < k->room; i++) {
    const Slot *s = &k->slots[i];
    if (s->state != SLOT_FRESH) continue;
    *next++ = value_int(s->area);
    *next++ = value_text(s->relation);
    *next++ = value_int(s->id);
    *next++ = value_bytes(s->key, KEY);
  }
  TX_SCOPE tx = tx_begin(k->store, TX_WRITE, 0, e);
  bool ok = tx && tx_exec_many(tx, "INSERT INTO keyring(area_id, relation, row_id, key) VALUES ($1, $2, $3, $4)", binds, 4,
                               k->fresh, e);
  if (!ok && e->kind == ERROR_CONFLICT) { /* another process made one: ours must not be used again */
    keyring_forget(k);
    fail(e, ERROR_CONFLICT, "有人刚填写了同一人的隐私项，这次没有保存，请刷新后再试。");
  }
  ok = ok && tx_commit(tx, e);
  free(binds);
  for (size_t i = 0; ok && i < k->room; i++)
    if (k->slots[i].state == SLOT_FRESH) k->slots[i].state = SLOT_KNOWN;
  if (ok) k->fresh = 0;
  return ok;
}

void keyring_forget(Keyring *k) {
  if (k->fresh) rebuild(k, k->room, keep_stored);
}

/* ---- cells ---- */

static void bind_context(Text *t, int64_t area, const Relation *r, int64_t id, const Column *column) {
  text_add_int(t, area);
  text_add_char(t, '\n');
  text_add(t, r->name);
  text_add_char(t, '\n');
  text_add_int(t, id);
  text_add_char(t, '\n');
  text_add(t, column->name);
}

static bool encrypt(Keyring *k, const Slot *slot, const Text *context, const char *plain, size_t n, unsigned char *out) {
  int done = 0, last = 0;
  EVP_CIPHER_CTX *c = k->seal;
  return EVP_EncryptInit_ex2(c, k->cipher, slot->key, out, NULL) == 1 &&
         EVP_EncryptUpdate(c, NULL, &done, (const unsigned char *)text_get(context), (int)context->length) == 1 &&
         EVP_EncryptUpdate(c, out + NONCE, &done, (const unsigned char *)plain, (int)n) == 1 && (size_t)done == n &&
         EVP_EncryptFinal_ex(c, out + NONCE + n, &last) == 1 &&
         EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, out + NONCE + n) == 1;
}

static bool decrypt(Keyring *k, const Slot *slot, const Text *context, const unsigned char *cell, size_t n, char *out) {
  int done = 0, last = 0;
  unsigned char tag[TAG];
  EVP_CIPHER_CTX *c = k->seal;
  memcpy(tag, cell + NONCE + n, TAG);
  return EVP_DecryptInit_ex2(c, k->cipher, slot->key, cell, NULL) == 1 &&
         EVP_DecryptUpdate(c, NULL, &done, (const unsigned char *)text_get(context), (int)context->length) == 1 &&
         EVP_DecryptUpdate(c, (unsigned char *)out, &done, cell + NONCE, (int)n) == 1 && (size_t)done == n &&
         EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1 &&
         EVP_DecryptFinal_ex(c, (unsigned char *)out + n, &last) == 1;
}

bool keyring_seal(Keyring *k, Arena *a, int64_t area, const Relation *r, int64_t id, const Column *column,
                  const char *plain, Value *out, Error *e) {
  *out = value_null(VALUE_BYTES);
  if (!plain || !*plain) return true;
  size_t n = strlen(plain);
  if (n > PLAIN_CEILING) return fail(e, ERROR_LIMIT, "“%s”太长，请改短后再存。", column->label);
  Slot slot;
  if (!key_of(k, area, r, id, true, &slot, e)) return false;
  if (slot.state == SLOT_ERASED)
    return fail(e, ERROR_CONFLICT, "“%s”编号%" PRId64 "的隐私项已按规定清除，不能再填；确需登记请新建一条。", r->label, id);
  unsigned char *cell = arena_alloc(a, NONCE + n + TAG);
  TEXT_SCOPE context = text_new(4096);
  bind_context(&context, area, r, id, column);
  bool ok = random_bytes(cell, NONCE, e) && (encrypt(k, &slot, &context, plain, n, cell) || no_cipher(e));
  OPENSSL_cleanse(&slot, sizeof slot);
  if (ok) *out = value_bytes(cell, NONCE + n + TAG);
  return ok;
}

bool keyring_open_cell(Keyring *k, Arena *a, int64_t area, const Relation *r, int64_t id, const Column *column,
                       Value cell, const char **plain, bool *erased, Error *e) {
  *plain = NULL;
  *erased = false;
  if (cell.null) return true;
  Slot slot;
  if (!key_of(k, area, r, id, false, &slot, e)) return false;
  *erased = slot.state == SLOT_ERASED;
  if (*erased) return true;
  if (slot.state == SLOT_FREE)
    return fail(e, ERROR_MISSING, "密钥库里没有“%s”编号%" PRId64 "的密钥，密钥库比数据旧：请用最近的密钥备份恢复。", r->label, id);
  TEXT_SCOPE context = text_new(4096);
  bind_context(&context, area, r, id, column);
  size_t n = cell.n >= NONCE + TAG ? cell.n - NONCE - TAG : 0;
  char *text = arena_alloc(a, n + 1);
  bool ok = n && n <= PLAIN_CEILING && cell.kind == VALUE_BYTES &&
            decrypt(k, &slot, &context, (const unsigned char *)cell.s, n, text);
  OPENSSL_cleanse(&slot, sizeof slot);
  if (!ok)
    return fail(e, ERROR_BROKEN, "“%s”编号%" PRId64 "的“%s”解不开，内容被改过或密钥不对：请执行 luoshi audit 查明。", r->label, id,
                column->label);
  *plain = text;
  return true;
}

/* ---- erasing and keeping ---- */

static bool erase(Tx *tx, const Value *row, Error *e) {
  static const unsigned char zero[KEY];
  int64_t n = 0;
  /* Overwritten before it is deleted, and the store is closed after it, so that neither page nor log keeps it. */
  return tx_exec(tx, "UPDATE keyring SET key = $4 WHERE area_id = $1 AND relation = $2 AND row_id = $3",
                 (Value[]){row[0], row[1], row[2], value_bytes(zero, KEY)}, 4, NULL, e) &&
         tx_exec(tx, "DELETE FROM keyring WHERE area_id = $1 AND relation = $2 AND row_id = $3", row, 3, NULL, e) &&
         tx_int(tx, "SELECT max(n) FROM erased", NULL, 0, &n, NULL, e) &&
         tx_exec(tx,
                 "INSERT INTO erased(n, area_id, relation, row_id) VALUES ($1, $2, $3, $4)"
                 " ON CONFLICT (area_id, relation, row_id) DO NOTHING",
                 (Value[]){value_int(n + 1), row[0], row[1], row[2]}, 4, NULL, e);
}

bool keyring_erase(Keyring *k, int64_t area, const Relation *r, int64_t id, Error *e) {
  if (!ready(k, false, e)) return false;
  TX_SCOPE tx = tx_begin(k->store, TX_WRITE, 0, e);
  Value row[] = {value_int(area), value_text(r->name), value_int(id)};
  if (!tx || !erase(tx, row, e) || !tx_commit(tx, e)) return false;
  tx = NULL;
  Slot *slot = slot_in(k->slots, k->room, area, intern(k, r->name), id);
  if (slot->state == SLOT_FRESH) k->fresh--;
  if (slot->state != SLOT_FREE) {
    OPENSSL_cleanse(slot->key, KEY);
    slot->state = SLOT_ERASED;
  }
  store_close(k->store); /* the last to close empties the write-ahead log */
  k->store = NULL;
  return open_store(k, false, e);
}

bool keyring_backup(Keyring *k, const char *path, Error *e) {
  return ready(k, false, e) && store_backup(k->store, path, e);
}

bool keyring_made(Keyring *k, int64_t *keys, Error *e) {
  if (!ready(k, false, e)) return false;
  TX_SCOPE tx = tx_begin(k->store, TX_READ, 0, e);
  int64_t erased = 0;
  if (!tx || !tx_int(tx, "SELECT count(*) FROM keyring", NULL, 0, keys, NULL, e) ||
      !tx_int(tx, "SELECT count(*) FROM erased", NULL, 0, &erased, NULL, e))
    return false;
  *keys += erased;
  return true;
}
