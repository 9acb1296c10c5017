/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * libfyaml behind limits. Its own sentences are English and go into the message as they are only after a
 * Chinese one that names the line; nothing of the library leaves this file. */
#include "relation/yaml.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

typedef struct Reader {
  Arena *arena;
  const char *path;
  Issues *issues;
  size_t nodes;
  bool failed;
} Reader;

static void refuse(Reader *r, int line, const char *sentence) {
  if (!r->failed) issue_add(r->issues, arena_print(r->issues->arena, "%s:%d", r->path, line), NULL, "%s", sentence);
  r->failed = true;
}

static int line_of(struct fy_node *n, int fallback) {
  if (!n) return fallback;
  if (fy_node_is_scalar(n)) {
    struct fy_token *t = fy_node_get_scalar_token(n);
    const struct fy_mark *m = t ? fy_token_start_mark(t) : NULL;
    return m ? m->line + 1 : fallback;
  }
  void *at = NULL;
  if (fy_node_is_mapping(n)) {
    struct fy_node_pair *pair = fy_node_mapping_iterate(n, &at);
    return pair ? line_of(fy_node_pair_key(pair), fallback) : fallback;
  }
  return line_of(fy_node_sequence_iterate(n, &at), fallback);
}

static void convert(Reader *r, struct fy_node *from, Node *to, int line, int depth);

static const char *scalar(Reader *r, struct fy_node *n, int line) {
  size_t length = 0;
  const char *s = fy_node_get_scalar(n, &length);
  if (length > YAML_TEXT) {
    refuse(r, line, "这个值太长，请缩短到16KB以内。");
    return "";
  }
  if (s && memchr(s, 0, length)) {
    refuse(r, line, "值里有空字符，请删去。");
    return "";
  }
  return arena_slice(r->arena, s ? s : "", s ? length : 0);
}

static void convert_map(Reader *r, struct fy_node *from, Node *to, int depth) {
  int count = fy_node_mapping_item_count(from);
  to->at = NEW_ARRAY(r->arena, Node, count > 0 ? count : 1);
  void *at = NULL;
  struct fy_node_pair *pair;
  while (!r->failed && (pair = fy_node_mapping_iterate(from, &at))) {
    struct fy_node *key = fy_node_pair_key(pair);
    int line = line_of(key, to->line);
    if (!key || !fy_node_is_scalar(key) || fy_node_is_alias(key)) {
      refuse(r, line, "键只能是一个词。");
      return;
    }
    Node *child = &to->at[to->count++];
    child->key = scalar(r, key, line);
    child->above = to;
    convert(r, fy_node_pair_value(pair), child, line, depth + 1);
    if (child->line < line || child->kind != NODE_TEXT) child->line = line;
  }
}

static void convert(Reader *r, struct fy_node *from, Node *to, int line, int depth) {
  to->line = line_of(from, line);
  to->kind = NODE_TEXT;
  to->text = "";
  if (depth > YAML_DEPTH) {
    refuse(r, to->line, "层次太深，最多16层。");
    return;
  }
  if (++r->nodes > YAML_NODES) {
    refuse(r, to->line, "内容太多，请分成几个文件。");
    return;
  }
  if (!from) return;
  if (fy_node_is_alias(from) || fy_node_get_anchor(from) || fy_node_get_tag(from, NULL)) {
    refuse(r, to->line, "不支持锚点、引用和标签（& * !），请直接写出内容，或给值加引号。");
    return;
  }
  if (fy_node_is_scalar(from)) {
    to->text = scalar(r, from, to->line);
  } else if (fy_node_is_mapping(from)) {
    to->kind = NODE_MAP;
    convert_map(r, from, to, depth);
  } else {
    to->kind = NODE_LIST;
    int count = fy_node_sequence_item_count(from);
    to->at = NEW_ARRAY(r->arena, Node, count > 0 ? count : 1);
    void *at = NULL;
    struct fy_node *item;
    while (!r->failed && (item = fy_node_sequence_iterate(from, &at))) {
      Node *child = &to->at[to->count++];
      child->above = to;
      convert(r, item, child, to->line, depth + 1);
    }
  }
}

static void report(Reader *r, struct fy_diag *diag) {
  void *at = NULL;
  struct fy_diag_error *error = fy_diag_errors_iterate(diag, &at);
  int line = error && error->line > 0 ? error->line : 1;
  const char *message = error && error->msg ? error->msg : "unreadable";
  size_t bad;
  if (!utf8_valid(message, strlen(message), &bad)) message = "unreadable";
  refuse(r, line, arena_print(r->arena, "YAML写法有误，请检查缩进、冒号、引号和括号（%s）。", message));
}

const Node *yaml_read(Arena *a, const char *path, const char *text, size_t length, Issues *issues) {
  Reader r = {.arena = a, .path = path, .issues = issues};
  size_t bad = 0;
  if (length > YAML_BYTES) return refuse(&r, 1, "文件超过1MB，请分成几个文件。"), NULL;
  if (!utf8_valid(text, length, &bad)) {
    int line = 1;
    for (size_t i = 0; i < bad; i++) line += text[i] == '\n';
    return refuse(&r, line, "文件不是UTF-8文本，请另存为UTF-8编码。"), NULL;
  }
  struct fy_diag *diag = fy_diag_create(NULL);
  if (!diag) return refuse(&r, 1, "内存不足，读不了这个文件。"), NULL;
  fy_diag_set_collect_errors(diag, true);
  struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DISABLE_MMAP_OPT | FYPCF_JSON_NONE,
                             .diag = diag};
  struct fy_parser *parser = fy_parser_create(&cfg);
  struct fy_document *first = NULL, *second = NULL;
  Node *root = NULL;
  if (parser && !fy_parser_set_string(parser, text, length)) first = fy_parse_load_document(parser);
  if (fy_diag_got_error(diag)) {
    report(&r, diag);
  } else if (!first || !fy_document_root(first)) {
    refuse(&r, 1, "文件是空的，请写上内容或删去这个文件。");
  } else {
    root = NEW(a, Node);
    convert(&r, fy_document_root(first), root, 1, 0);
    if (!r.failed) second = fy_parse_load_document(parser);
    if (fy_diag_got_error(diag))
      report(&r, diag);
    else if (second)
      refuse(&r, line_of(fy_document_root(second), 1), "一个文件只能有一份文档，请删去“---”之后的内容或另存一个文件。");
  }
  if (second) fy_parse_document_destroy(parser, second);
  if (first) fy_parse_document_destroy(parser, first);
  if (parser) fy_parser_destroy(parser);
  fy_diag_destroy(diag);
  return r.failed ? NULL : root;
}

/* ---- places ---- */

Place place_root(Issues *issues, const char *file, const char *path, const Node *node) {
  return (Place){
      .issues = issues, .file = file, .path = path, .top = node, .node = node, .line = node ? node->line : 1};
}

/* Below `p`: what is not there is known by what should hold it. */
static Place below(Place p, const Node *node, const char *key, size_t index) {
  Place child = p;
  if (!p.node) child.path = place_path(p), child.top = NULL;
  child.above = p.node;
  child.node = node;
  child.key = key;
  child.index = index;
  if (node) child.line = node->line;
  return child;
}

Place place_key(Place p, const char *key) {
  const Node *node = NULL;
  if (p.node && p.node->kind == NODE_MAP)
    for (size_t i = 0; i < p.node->count && !node; i++)
      if (strcmp(p.node->at[i].key, key) == 0) node = &p.node->at[i];
  return below(p, node, key, 0);
}

Place place_item(Place p, size_t index) {
  const Node *node = p.node && p.node->kind != NODE_TEXT && index < p.node->count ? &p.node->at[index] : NULL;
  return below(p, node, NULL, index);
}

static void add_step(Text *way, const char *key, size_t index) {
  if (key)
    text_print(way, "%s%s", way->length ? "." : "", key);
  else
    text_print(way, "[%zu]", index);
}

static void add_way(Text *way, Place p, const Node *node) {
  if (node == p.top || !node->above) {
    text_add(way, p.path);
    return;
  }
  add_way(way, p, node->above);
  add_step(way, node->key, (size_t)(node - node->above->at));
}

const char *place_path(Place p) {
  TEXT_SCOPE way = text_new(64 * 1024);
  if (p.node)
    add_way(&way, p, p.node);
  else {
    if (p.above)
      add_way(&way, p, p.above);
    else
      text_add(&way, p.path);
    if (p.key || p.above) add_step(&way, p.key, p.index);
  }
  return arena_copy(p.issues->arena, text_get(&way));
}

const char *place_where(Place p) {
  const char *path = place_path(p);
  return arena_print(p.issues->arena, "%s:%d%s%s", p.file, p.line, *path ? " " : "", path);
}

void place_issue(Place p, const char *sentence, ...) {
  va_list args;
  va_start(args, sentence);
  char *text = arena_vprint(p.issues->arena, sentence, args);
  va_end(args);
  issue_add(p.issues, place_where(p), place_path(p), "%s", text);
}

bool place_is(Place p, NodeKind kind) {
  static const char *const words[] = {"一个值", "一个列表", "一组“键: 值”"};
  if (!p.node) return false;
  if (p.node->kind == kind) return true;
  place_issue(p, "这里应当是%s，不是%s。", words[kind], words[p.node->kind]);
  return false;
}

void place_keys(Place p, const char *const *keys) {
  size_t count = 0;
  while (keys[count]) count++;
  for (size_t i = 0; p.node && p.node->kind == NODE_MAP && i < p.node->count; i++) {
    const char *key = p.node->at[i].key;
    bool known = false;
    for (size_t k = 0; k < count && !known; k++) known = strcmp(keys[k], key) == 0;
    if (known) continue;
    const char *near = nearest(key, keys, count);
    Place child = place_key(p, key);
    if (near)
      place_issue(child, "没有“%s”这个键，是不是“%s”？", key, near);
    else
      place_issue(child, "这里没有“%s”这个键，请删去或改正。", key);
  }
}

const char *place_text(Place p, bool required) {
  if (!p.node) {
    if (required) place_issue(p, "缺少这个键，请补上。");
    return NULL;
  }
  if (!place_is(p, NODE_TEXT)) return NULL;
  if (*p.node->text) return p.node->text;
  if (required) place_issue(p, "这里是空的，请填上。");
  return NULL;
}

bool place_flag(Place p, bool fallback) {
  const char *s = place_text(p, false);
  if (!s) return fallback;
  if (strcmp(s, "true") == 0 || strcmp(s, "是") == 0) return true;
  if (strcmp(s, "false") == 0 || strcmp(s, "否") == 0) return false;
  place_issue(p, "“%s”不是true或false。", s);
  return fallback;
}

long place_int(Place p, long low, long high, long fallback) {
  const char *s = place_text(p, false);
  if (!s) return fallback;
  char *end = NULL;
  errno = 0;
  long n = strtol(s, &end, 10);
  if (!errno && end != s && !*end && n >= low && n <= high) return n;
  place_issue(p, "“%s”应当是%ld到%ld的整数。", s, low, high);
  return fallback;
}

size_t place_count(Place p, size_t most) {
  if (!p.node) return 0;
  if (p.node->kind == NODE_TEXT) return *p.node->text ? 1 : 0;
  if (!place_is(p, NODE_LIST)) return 0;
  if (p.node->count <= most) return p.node->count;
  place_issue(p, "这里最多写%zu项，现有%u项。", most, (unsigned)p.node->count);
  return most;
}

const char *place_one(Place p, size_t index) {
  if (!p.node) return NULL;
  return p.node->kind == NODE_LIST ? place_text(place_item(p, index), true) : place_text(p, true);
}
