/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Reading a declaration of the generator: the root file and the parts it names, which lie beside or below it.
 * A name of a list or pool stands once in all of them, so that a part means the same wherever it is done. */
#include <stdio.h>
#include <string.h>

#include "cli/generate_value.h"

enum { PARTS_MOST = 100 };

static char *file_text(Arena *a, const char *path, size_t *n, Error *e) {
  FILE *f = fopen(path, "rb");
  if (!f) return fail(e, ERROR_MISSING, "打不开%s，请核对路径。", path), NULL;
  char *text = arena_alloc(a, YAML_BYTES + 2);
  *n = fread(text, 1, YAML_BYTES + 1, f);
  bool broken = ferror(f);
  fclose(f);
  if (broken) return fail(e, ERROR_UNAVAILABLE, "读%s时出错，请稍后再试。", path), NULL;
  if (*n > YAML_BYTES) return fail(e, ERROR_LIMIT, "%s超过1MB，请分成几个。", path), NULL;
  return text;
}

static Place within(Place root, const char *key, NodeKind kind) {
  Place p = place_key(root, key);
  if (!place_is(p, kind)) p.node = NULL;
  return p;
}

/* What `name` of this part was declared as before: in an earlier part, or as a list where this is a pool. */
static const Part *earlier(const Part *parts, size_t index, const char *name, bool pool) {
  for (size_t i = 0; i <= index; i++) {
    bool list = node_key(parts[i].lists, name) && (i < index || pool);
    if (list || (i < index && node_key(parts[i].pools, name))) return &parts[i];
  }
  return NULL;
}

static void check_names(const Part *parts, size_t index, Place map, bool pool) {
  for (size_t i = 0; map.node && i < map.node->count; i++) {
    const char *name = map.node->at[i].key;
    const Part *before = earlier(parts, index, name, pool);
    if (before == &parts[index])
      place_issue(place_key(map, name), "“%s”既是名单又是来源，请改一个名字。", name);
    else if (before)
      place_issue(place_key(map, name), "“%s”在%s里已经有了，请改一个名字。", name, before->path);
  }
}

static bool read_part(Arena *a, Part *parts, size_t index, const char *const *keys, Issues *issues, Place *out,
                      Error *e) {
  Part *part = &parts[index];
  size_t n;
  char *text = file_text(a, part->path, &n, e);
  if (!text) return false;
  part->root = yaml_read(a, part->path, text, n, issues);
  if (!part->root) return issues_fail(issues, e, "");
  *out = place_root(issues, part->path, "", part->root);
  if (!place_is(*out, NODE_MAP)) return issues_fail(issues, e, "");
  place_keys(*out, keys);
  Place lists = within(*out, "lists", NODE_MAP), pools = within(*out, "pools", NODE_MAP);
  part->lists = lists.node;
  part->pools = pools.node;
  part->blocks = within(*out, "blocks", NODE_LIST).node;
  check_names(parts, index, lists, false);
  check_names(parts, index, pools, true);
  return true;
}

static uint64_t name_salt(const char *name) {
  uint64_t h = 14695981039346656037u;
  for (; *name; name++) h = (h ^ (unsigned char)*name) * 1099511628211u;
  return h;
}

/* A part lies where the root does or below: a declaration that is copied stays whole. */
static bool part_name(Place p, const char *name) {
  if (!name) return false;
  bool inside = name[0] != '/' && !strstr(name, "..");
  if (!inside) place_issue(p, "“%s”应在同一目录之下，不写 / 开头，也不写 ..。", name);
  return inside;
}

static bool read_parts(Arena *a, Generation *g, Part *parts, Place list, Issues *issues, Error *e) {
  static const char *const keys[] = {"lists", "pools", "blocks", NULL};
  size_t count = place_count(list, PARTS_MOST);
  const char *slash = strrchr(parts[0].path, '/');
  const char *folder = arena_slice(a, parts[0].path, slash ? (size_t)(slash - parts[0].path) + 1 : 0);
  for (size_t i = 0; i < count; i++) {
    Place at = list.node->kind == NODE_LIST ? place_item(list, i) : list, root;
    const char *name = place_one(list, i);
    if (!part_name(at, name)) continue;
    parts[g->part_count] = (Part){.path = arena_print(a, "%s%s", folder, name), .salt = name_salt(name)};
    bool again = false;
    for (size_t k = 1; k < g->part_count; k++) again = again || !strcmp(parts[k].path, parts[g->part_count].path);
    if (again) {
      place_issue(at, "“%s”写了两次，请删去一个。", name);
      continue;
    }
    Error bad = {0};
    if (read_part(a, parts, g->part_count, keys, issues, &root, &bad))
      g->part_count++;
    else if (bad.kind == ERROR_MISSING || bad.kind == ERROR_LIMIT)
      place_issue(at, "%s", bad.sentence);
    else if (!issues->count)
      return *e = bad, false;
  }
  return true;
}

const Generation *generation_read(Arena *a, const char *path, Issues *issues, Error *e) {
  static const char *const keys[] = {"demo", "seed", "clock", "parts", "lists", "pools", "blocks", NULL};
  Generation *g = NEW(a, Generation);
  Part *parts = NEW_ARRAY(a, Part, PARTS_MOST + 1);
  parts[0] = (Part){.path = arena_copy(a, path)};
  g->parts = parts;
  g->part_count = 1;
  Place root = {0};
  if (!read_part(a, parts, 0, keys, issues, &root, e)) return NULL;
  g->label = place_text(place_key(root, "demo"), true);
  g->seed = place_int(place_key(root, "seed"), 0, 2000000000, 1);
  const char *clock = place_text(place_key(root, "clock"), false);
  Error bad = {0};
  if (clock && !date_read(clock, &g->clock, &bad)) place_issue(place_key(root, "clock"), "%s", bad.sentence);
  if (!parts[0].blocks) place_issue(root, "缺 blocks，请写明要生成什么。");
  if (!read_parts(a, g, parts, place_key(root, "parts"), issues, e)) return NULL;
  return issues_fail(issues, e, "") ? g : NULL;
}

const Generation *generation_varied(Arena *a, const Generation *g, int64_t seed) {
  Generation *varied = NEW(a, Generation);
  *varied = *g;
  varied->varied = true;
  varied->vary = seed;
  return varied;
}

const char *generation_label(const Generation *g) { return g->label; }
Date generation_clock(const Generation *g) { return g->clock; }
