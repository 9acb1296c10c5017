/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * YAML as a plain tree of maps, lists and texts that know their line: all that declarations need. What
 * could make a small file large (anchors, aliases, tags, many documents, depth) is refused; sizes and
 * counts are bounded. Readers of the tree report every problem at once, with file, line and path. */
#ifndef LUOSHI_RELATION_YAML_H
#define LUOSHI_RELATION_YAML_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum { YAML_BYTES = 1024 * 1024, YAML_DEPTH = 16, YAML_NODES = 50000, YAML_TEXT = 16 * 1024 };

typedef enum { NODE_TEXT, NODE_LIST, NODE_MAP } NodeKind;

typedef struct Node Node;
struct Node {
  NodeKind kind;
  int line; /* from 1 */
  uint32_t count;
  const char *key;   /* in a map, else NULL */
  const char *text;  /* NODE_TEXT: never NULL */
  const Node *above; /* what holds it; NULL for the document */
  Node *at;          /* children */
};

/* The one document of a file, or NULL with issues under `path:line`. */
const Node *yaml_read(Arena *a, const char *path, const char *text, size_t length, Issues *issues);

/* A node with the way to it, for messages: `ledgers/interview.yaml:12 interview.sets[0].where`. The way is
 * written out only when something is wrong: a profile has thousands of places, and none of them is. */
typedef struct Place {
  Issues *issues; /* its arena keeps the messages */
  const char *file;
  const char *path;  /* of `top`; of what should hold an absent node where `top` is NULL */
  const Node *top;   /* where the way begins */
  const Node *node;  /* NULL: absent */
  const Node *above; /* what should hold an absent node */
  const char *key;   /* of an absent node of a map */
  size_t index;      /* of an absent node of a list */
  int line;          /* of the node, or of what should hold it */
} Place;

Place place_root(Issues *issues, const char *file, const char *path, const Node *node);
Place place_key(Place p, const char *key); /* node NULL if there is no such key */
Place place_item(Place p, size_t index);   /* of a list */
const char *place_path(Place p);           /* interview.sets[0]; arena text */
const char *place_where(Place p);          /* arena text; an absent node has its path and its parent's line */
void place_issue(Place p, const char *sentence, ...) __attribute__((format(printf, 2, 3)));

/* Checked reading; every miss is an issue and gives the fallback. `keys` is NULL-terminated. */
bool place_is(Place p, NodeKind kind);             /* an issue unless absent; true only if present and of that kind */
void place_keys(Place p, const char *const *keys); /* unknown keys, with the nearest */
const char *place_text(Place p, bool required);    /* NULL if absent or empty */
bool place_flag(Place p, bool fallback);           /* true/false, 是/否 */
long place_int(Place p, long low, long high, long fallback);
size_t place_count(Place p, size_t most);     /* items of a list or, for a single text, 1; 0 if absent */
const char *place_one(Place p, size_t index); /* index-th text of such a list */

#endif
