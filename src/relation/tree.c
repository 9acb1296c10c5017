/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The file of trees: a head, an entry a file, the nodes of each file with the document first and the children of
 * a node side by side behind it, and a pool of texts that ends in NUL. Everything is counted and summed, and every
 * index is checked before it is used, so that no contents of the file can lead outside of it. */
#include "relation/tree.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { TREES_BYTES = 64 * 1024 * 1024, KIND_BITS = 2 };

/* The machine's own byte order: another's head does not fit. */
typedef struct Head {
  uint64_t mark, sum; /* sum: of all that follows it */
  uint32_t entries, nodes;
  uint64_t pool; /* bytes */
} Head;

typedef struct Entry {
  uint32_t name, text, length, first, nodes, spare;
} Entry; /* name, text: in the pool */

typedef struct Flat {
  uint32_t kind_line;
  uint32_t key;  /* 0: none */
  uint32_t text; /* NODE_TEXT; else the first child, counted from the file's first node */
  uint32_t count;
} Flat;

struct Trees {
  Arena *arena;
  const Entry *entries;
  const Flat *nodes;
  const char *pool;
  uint32_t entry_count, node_count;
  size_t pool_size;
};

static const uint64_t mark = 0x3165657274736c6fu + sizeof(Flat); /* "lostree1" */

static uint64_t sum_of(const void *bytes, size_t n) {
  const unsigned char *at = bytes;
  uint64_t h = n ^ 0x9e3779b97f4a7c15u;
  while (n) {
    uint64_t word = 0;
    size_t part = n < sizeof word ? n : sizeof word;
    memcpy(&word, at, part);
    h = (h ^ word) * 0xff51afd7ed558ccdu;
    h ^= h >> 32;
    at += part;
    n -= part;
  }
  return h;
}

/* ---- reading ---- */

static void *whole_file(Arena *a, const char *path, size_t *n) {
  int f = open(path, O_RDONLY | O_CLOEXEC);
  struct stat st;
  unsigned char *bytes = NULL;
  if (f < 0) return NULL;
  if (!fstat(f, &st) && S_ISREG(st.st_mode) && st.st_size >= (off_t)sizeof(Head) && st.st_size <= TREES_BYTES) {
    *n = (size_t)st.st_size;
    bytes = arena_alloc(a, *n);
    size_t got = 0;
    ssize_t part;
    while (got < *n && (part = read(f, bytes + got, *n - got)) > 0) got += (size_t)part;
    if (got < *n) bytes = NULL;
  }
  close(f);
  return bytes;
}

const Trees *trees_read(Arena *a, const char *path) {
  size_t n = 0;
  const unsigned char *bytes = whole_file(a, path, &n);
  if (!bytes) return NULL;
  Head head;
  memcpy(&head, bytes, sizeof head);
  size_t summed = offsetof(Head, sum) + sizeof head.sum;
  if (head.mark != mark || head.sum != sum_of(bytes + summed, n - summed)) return NULL;
  uint64_t needed = sizeof head + (uint64_t)head.entries * sizeof(Entry) + (uint64_t)head.nodes * sizeof(Flat);
  if (needed > n || head.pool != n - needed || !head.pool || bytes[n - 1]) return NULL;
  Trees *t = NEW(a, Trees);
  const void *entries = bytes + sizeof head, *nodes = bytes + sizeof head + head.entries * sizeof(Entry);
  *t = (Trees){.arena = a,
               .entries = entries,
               .nodes = nodes,
               .pool = (const char *)bytes + needed,
               .entry_count = head.entries,
               .node_count = head.nodes,
               .pool_size = (size_t)head.pool};
  return t;
}

static const char *pooled(const Trees *t, uint32_t at) { return at < t->pool_size ? t->pool + at : ""; }

/* Children lie behind their parent, so no node holds itself. */
static bool grow(const Trees *t, const Entry *entry, Node *nodes) {
  const Flat *flat = t->nodes + entry->first;
  for (uint32_t i = 0; i < entry->nodes; i++) {
    Node *node = &nodes[i];
    uint32_t kind = flat[i].kind_line & ((1u << KIND_BITS) - 1), first = flat[i].text, count = flat[i].count;
    if (kind > NODE_MAP) return false;
    node->kind = (NodeKind)kind;
    node->line = (int)(flat[i].kind_line >> KIND_BITS);
    node->key = flat[i].key ? pooled(t, flat[i].key) : NULL;
    node->text = kind == NODE_TEXT ? pooled(t, flat[i].text) : NULL;
    if (kind == NODE_TEXT) continue;
    if (first <= i || first > entry->nodes || count > entry->nodes - first) return false;
    node->at = nodes + first;
    node->count = count;
    for (uint32_t k = first; k < first + count; k++) {
      if (nodes[k].above || (kind == NODE_MAP) != (flat[k].key != 0)) return false;
      nodes[k].above = node;
    }
  }
  return true;
}

const Node *trees_find(const Trees *t, const char *name, const char *text, size_t length) {
  for (uint32_t i = 0; t && i < t->entry_count; i++) {
    const Entry *e = &t->entries[i];
    if (strcmp(pooled(t, e->name), name) != 0) continue;
    if (e->length != length || e->text > t->pool_size || t->pool_size - e->text < length) return NULL;
    if (memcmp(t->pool + e->text, text, length) != 0) return NULL;
    if (!e->nodes || e->first > t->node_count || e->nodes > t->node_count - e->first) return NULL;
    Node *nodes = NEW_ARRAY(t->arena, Node, e->nodes);
    return grow(t, e, nodes) ? nodes : NULL;
  }
  return NULL;
}

/* ---- writing ---- */

typedef struct Writing {
  Text nodes, pool;
  uint32_t count;
} Writing;

static uint32_t put(Text *pool, const char *bytes, size_t n) {
  uint32_t at = (uint32_t)pool->length;
  text_add_n(pool, bytes, n);
  text_add_n(pool, "", 1);
  return at;
}

static size_t nodes_in(const Node *node) {
  size_t n = 1;
  for (size_t i = 0; i < node->count; i++) n += nodes_in(&node->at[i]);
  return n;
}

/* Breadth first: a node's children are put one after another. */
static void flatten(Writing *w, const Node *root) {
  size_t count = nodes_in(root), next = 1;
  const Node **queue = calloc(count, sizeof *queue);
  if (!queue) abort();
  queue[0] = root;
  for (size_t i = 0; i < next; i++) {
    const Node *node = queue[i];
    Flat flat = {.kind_line = (uint32_t)node->kind | (uint32_t)node->line << KIND_BITS,
                 .key = node->key ? put(&w->pool, node->key, strlen(node->key)) : 0,
                 .text = (uint32_t)next};
    if (node->kind == NODE_TEXT)
      flat.text = put(&w->pool, node->text, strlen(node->text));
    else
      flat.count = (uint32_t)node->count;
    for (size_t k = 0; k < node->count; k++) queue[next++] = &node->at[k];
    text_add_n(&w->nodes, (const char *)&flat, sizeof flat);
  }
  w->count += (uint32_t)count;
  free(queue);
}

static void put_file(const char *path, const Text *all) {
  char part[4200];
  if (snprintf(part, sizeof part, "%s.%ld", path, (long)getpid()) >= (int)sizeof part) return;
  int f = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (f < 0) return;
  size_t put = 0;
  ssize_t n;
  while (put < all->length && (n = write(f, all->at + put, all->length - put)) > 0) put += (size_t)n;
  bool well = put == all->length;
  if (close(f) || !well || rename(part, path)) unlink(part);
}

void trees_write(const char *path, const Tree *trees, size_t count) {
  TEXT_SCOPE all = text_new(TREES_BYTES), entries = text_new(TREES_BYTES);
  Writing w = {.nodes = text_new(TREES_BYTES), .pool = text_new(TREES_BYTES)};
  put(&w.pool, "", 0); /* 0 is no text */
  for (size_t i = 0; i < count; i++) {
    Entry entry = {.name = put(&w.pool, trees[i].name, strlen(trees[i].name)),
                   .text = put(&w.pool, trees[i].text, trees[i].length),
                   .length = (uint32_t)trees[i].length,
                   .first = w.count};
    flatten(&w, trees[i].root);
    entry.nodes = w.count - entry.first;
    text_add_n(&entries, (const char *)&entry, sizeof entry);
  }
  Head head = {.mark = mark, .entries = (uint32_t)count, .nodes = w.count, .pool = w.pool.length};
  text_add_n(&all, (const char *)&head, sizeof head);
  text_add_n(&all, entries.at, entries.length);
  text_add_n(&all, w.nodes.at, w.nodes.length);
  text_add_n(&all, w.pool.at, w.pool.length);
  if (count && !all.full && !w.nodes.full && !w.pool.full) {
    size_t summed = offsetof(Head, sum) + sizeof head.sum;
    head.sum = sum_of(all.at + summed, all.length - summed);
    memcpy(all.at, &head, sizeof head);
    put_file(path, &all);
  }
  text_free(&w.nodes);
  text_free(&w.pool);
}
