/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The trees of a profile's files, kept in one file so that a command need not parse YAML that has not changed
 * (docs/decisions/011-trees-are-kept.md). A tree is used only for exactly the bytes it was made from; a file of
 * trees that is absent, of another build or not whole is as good as none, and losing it costs only time. */
#ifndef LUOSHI_RELATION_TREE_H
#define LUOSHI_RELATION_TREE_H

#include "relation/yaml.h"

typedef struct Tree {
  const char *name; /* ledgers/interview.yaml */
  const char *text;
  size_t length;
  const Node *root;
} Tree;

typedef struct Trees Trees;

const Trees *trees_read(Arena *a, const char *path); /* NULL: none */
/* The document that was read from these bytes, or NULL. Arena of trees_read. */
const Node *trees_find(const Trees *t, const char *name, const char *text, size_t length);
/* In place of what was there, whole or not at all. That it cannot be written is nobody's fault. */
void trees_write(const char *path, const Tree *trees, size_t count);

#endif
