/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A template is parsed once into a flat list of nodes, where a section knows the
 * node behind its end, and is then walked over a stack of JSON values. Partials
 * are indented and parsed when first met, once a rendering, or once for all where
 * Templates keep them.
 *
 * Kept true: values are never parsed again; what is not raw is escaped; sections,
 * partials and steps are bounded, so that no template runs away. Falsy are null,
 * false, the empty list and the empty string; 0 is a value like any other. */
#include "base/template.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

enum { SECTION_DEPTH = 32, PARTIAL_DEPTH = 16, STEPS_MOST = 5 * 1000 * 1000, DELIMITER_LONGEST = 16 };

typedef struct Node {
  char kind; /* 't' text, 'v' escaped, 'r' raw, '#', '^', '>' */
  int line, depth;
  const char *text; /* the text, or the whole name */
  size_t length;    /* of a text */
  const char **path;
  size_t parts;       /* 0 for the implicit iterator */
  size_t end;         /* section: index behind its last node */
  const char *indent; /* standalone partial */
} Node;

struct Template {
  const char *name;
  Node *nodes;
  size_t count, room;
};

/* --- parsing --- */

typedef struct Parser {
  Arena *arena;
  Template *t;
  const char *start, *at;
  const char *counted; /* lines are counted up to here */
  int line;
  char open[DELIMITER_LONGEST + 1], close[DELIMITER_LONGEST + 1];
  size_t section[SECTION_DEPTH];
  int depth;
  Error *e;
} Parser;

typedef struct Tag {
  const char *from, *behind; /* the whole tag */
  char type;                 /* 'v' or the sign that follows the delimiter */
  const char *content;       /* trimmed */
  size_t length;
  int line;
  const char *indent; /* the blanks before a standalone tag, else NULL */
  size_t indent_length;
} Tag;

static bool is_blank(char c) { return c == ' ' || c == '\t'; }
static bool is_space(char c) { return is_blank(c) || c == '\r' || c == '\n'; }

static bool refuse(Parser *p, int line, const char *what) {
  return fail(p->e, ERROR_INVALID, "%s:%d：%s", p->t->name, line, what);
}

static int line_at(Parser *p, const char *at) {
  for (; p->counted < at; p->counted++) p->line += *p->counted == '\n';
  return p->line;
}

static Node *add_node(Parser *p, char kind, int line) {
  Node *node = PUSH(p->arena, p->t->nodes, p->t->count, p->t->room);
  *node = (Node){.kind = kind, .line = line, .depth = p->depth};
  return node;
}

static void add_text(Parser *p, const char *from, const char *to, int line) {
  if (to <= from) return;
  Node *node = add_node(p, 't', line);
  node->text = from;
  node->length = (size_t)(to - from);
}

/* Finds the tag that opens at `from`. */
static bool read_tag(Parser *p, const char *from, Tag *tag) {
  *tag = (Tag){.from = from, .type = 'v', .line = line_at(p, from)};
  const char *s = from + strlen(p->open);
  if (*s && strchr("#^/>!={&", *s)) tag->type = *s++;
  char closing[DELIMITER_LONGEST + 2] = "";
  size_t lead = tag->type == '{' || tag->type == '=';
  closing[0] = tag->type == '{' ? '}' : '=';
  memcpy(closing + lead, p->close, strlen(p->close) + 1);
  const char *end = strstr(s, closing);
  if (!end) return fail(p->e, ERROR_INVALID, "%s:%d：标签没有结束，请补上“%s”。", p->t->name, tag->line, closing);
  tag->behind = end + strlen(closing);
  while (s < end && is_space(*s)) s++;
  while (end > s && is_space(end[-1])) end--;
  tag->content = s;
  tag->length = (size_t)(end - s);
  return true;
}

/* A tag that prints nothing itself and stands alone takes its whole line with it. */
static void find_standalone(const Parser *p, Tag *tag) {
  if (!tag->behind || !strchr("#^/>!=", tag->type)) return;
  const char *line = tag->from;
  while (line > p->start && is_blank(line[-1])) line--;
  if (line > p->start && line[-1] != '\n') return;
  const char *s = tag->behind;
  while (is_blank(*s)) s++;
  if (*s == '\r' && s[1] == '\n') s++;
  if (*s && *s != '\n') return;
  tag->indent = line;
  tag->indent_length = (size_t)(tag->from - line);
  tag->from = line;
  tag->behind = *s ? s + 1 : s;
}

static bool take_name(Parser *p, const Tag *tag, const char **name) {
  for (size_t i = 0; i < tag->length; i++) {
    if (is_space(tag->content[i])) return refuse(p, tag->line, "标签的名称里有空白，请去掉。");
  }
  if (!tag->length) return refuse(p, tag->line, "标签里没有名称，请补上。");
  *name = arena_slice(p->arena, tag->content, tag->length);
  return true;
}

static bool split_name(Parser *p, Node *node) {
  size_t room = 0;
  if (!strcmp(node->text, ".")) return true;
  if (strchr("<$*", node->text[0]))
    return fail(p->e, ERROR_INVALID, "%s:%d：模板不支持“%c”开头的标签，请改用片段或分节。", p->t->name, node->line,
                node->text[0]);
  for (const char *s = node->text;;) {
    size_t n = strcspn(s, ".");
    if (!n)
      return fail(p->e, ERROR_INVALID, "%s:%d：名称“%s”里的点位置不对，请改正。", p->t->name, node->line, node->text);
    *PUSH(p->arena, node->path, node->parts, room) = arena_slice(p->arena, s, n);
    if (!s[n]) return true;
    s += n + 1;
  }
}

static bool open_section(Parser *p, size_t index, int line) {
  if (p->depth == SECTION_DEPTH)
    return fail(p->e, ERROR_LIMIT, "%s:%d：分节嵌套超过%d层，请减少层数。", p->t->name, line, SECTION_DEPTH);
  p->section[p->depth++] = index;
  return true;
}

static bool close_section(Parser *p, const Tag *tag) {
  const char *name = "";
  if (!take_name(p, tag, &name)) return false;
  if (!p->depth)
    return fail(p->e, ERROR_INVALID, "%s:%d：分节“%s”没有开头，请补上或去掉这个结尾。", p->t->name, tag->line, name);
  Node *opened = &p->t->nodes[p->section[p->depth - 1]];
  if (strcmp(opened->text, name) != 0)
    return fail(p->e, ERROR_INVALID, "%s:%d：这里应先结束第%d行的分节“%s”，不是“%s”。", p->t->name, tag->line,
                opened->line, opened->text, name);
  opened->end = p->t->count;
  p->depth--;
  return true;
}

static bool change_delimiters(Parser *p, const Tag *tag) {
  const char *s = tag->content, *end = s + tag->length;
  size_t first = 0, gap = 0;
  while (s + first < end && !is_space(s[first])) first++;
  while (s + first + gap < end && is_space(s[first + gap])) gap++;
  size_t second = tag->length - first - gap;
  bool good = first && gap && second && first <= DELIMITER_LONGEST && second <= DELIMITER_LONGEST &&
              !memchr(s, '=', tag->length);
  for (size_t i = first + gap; i < tag->length; i++) good = good && !is_space(s[i]);
  if (!good) return refuse(p, tag->line, "定界符应是空格隔开的两个记号，如{{=<% %>=}}，请改正。");
  memcpy(p->open, s, first);
  p->open[first] = 0;
  memcpy(p->close, s + first + gap, second);
  p->close[second] = 0;
  return true;
}

static bool apply_tag(Parser *p, const Tag *tag) {
  if (tag->type == '!') return true;
  if (tag->type == '=') return change_delimiters(p, tag);
  if (tag->type == '/') return close_section(p, tag);
  const char *name = "";
  if (!take_name(p, tag, &name)) return false;
  char kind = tag->type == '{' || tag->type == '&' ? 'r' : tag->type;
  size_t index = p->t->count;
  Node *node = add_node(p, kind, tag->line);
  node->text = name;
  node->indent = "";
  if (kind == '>') {
    if (tag->indent) node->indent = arena_slice(p->arena, tag->indent, tag->indent_length);
    return true;
  }
  if (!split_name(p, node)) return false;
  return kind == '#' || kind == '^' ? open_section(p, index, tag->line) : true;
}

Template *template_parse(Arena *a, const char *name, const char *text, Error *e) {
  size_t bad = 0;
  Parser p = {.arena = a, .t = NEW(a, Template), .line = 1, .open = "{{", .close = "}}", .e = e};
  p.t->name = arena_copy(a, name);
  p.start = p.at = p.counted = arena_copy(a, text);
  if (!utf8_valid(text, strlen(text), &bad)) {
    refuse(&p, line_at(&p, p.start + bad), "模板的编码不是UTF-8，请另存为UTF-8。");
    return NULL;
  }
  for (const char *from; (from = strstr(p.at, p.open));) {
    int line = line_at(&p, p.at);
    Tag tag;
    if (!read_tag(&p, from, &tag)) return NULL;
    find_standalone(&p, &tag);
    add_text(&p, p.at, tag.from, line);
    if (!apply_tag(&p, &tag)) return NULL;
    p.at = tag.behind;
  }
  int line = line_at(&p, p.at);
  add_text(&p, p.at, p.at + strlen(p.at), line);
  if (p.depth) {
    const Node *opened = &p.t->nodes[p.section[p.depth - 1]];
    fail(e, ERROR_INVALID, "%s:%d：分节“%s”没有结尾，请补上{{/%s}}。", name, opened->line, opened->text, opened->text);
    return NULL;
  }
  return p.t;
}

size_t template_names(const Template *t, Arena *a, TemplateName **out) {
  size_t count = 0, room = 0;
  *out = NULL;
  for (size_t i = 0; i < t->count; i++) {
    const Node *node = &t->nodes[i];
    if (node->kind == 't' || (node->kind != '>' && !node->parts)) continue;
    TemplateName *name = PUSH(a, *out, count, room);
    *name = (TemplateName){
        .name = node->text, .line = node->line, .kind = node->kind == 'r' ? 'v' : node->kind, .depth = node->depth};
  }
  return count;
}

static const char *indented(Arena *a, const char *text, const char *indent) {
  if (!*indent) return text;
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  while (*text) {
    size_t line = strcspn(text, "\n");
    if (text[line]) line++;
    text_add(&out, indent);
    text_add_n(&out, text, line);
    text += line;
  }
  return out.full ? NULL : arena_copy(a, text_get(&out));
}

/* `from` is where a message points to. */
static const Template *parse_partial(Arena *a, const char *name, const char *indent, const char *text, const char *from,
                                     int line, Error *e) {
  text = indented(a, text, indent);
  if (!text) return fail(e, ERROR_LIMIT, "%s:%d：片段“%s”太大，请拆小。", from, line, name), NULL;
  return template_parse(a, name, text, e);
}

/* --- kept ones --- */

typedef struct Kept {
  struct Kept *next;
  const char *name, *indent;
  const Template *t;
} Kept;

struct Templates {
  pthread_mutex_t lock; /* of the list and the arena; a template that stands in the list is only read */
  Arena *arena;
  Kept *first;
};

Templates *templates_new(void) {
  Templates *all = calloc(1, sizeof *all);
  if (!all) abort();
  pthread_mutex_init(&all->lock, NULL);
  all->arena = arena_new();
  return all;
}

void templates_free(Templates *all) {
  if (!all) return;
  pthread_mutex_destroy(&all->lock);
  arena_free(all->arena);
  free(all);
}

static const Template *keep(Templates *all, const char *name, const char *indent, const char *text, const char *from,
                            int line, Error *e) {
  const Template *found = NULL;
  pthread_mutex_lock(&all->lock);
  for (const Kept *k = all->first; k && !found; k = k->next)
    if (!strcmp(k->name, name) && !strcmp(k->indent, indent)) found = k->t;
  if (!found && (found = parse_partial(all->arena, name, indent, text, from, line, e))) {
    Kept *k = NEW(all->arena, Kept);
    *k = (Kept){all->first, arena_copy(all->arena, name), arena_copy(all->arena, indent), found};
    all->first = k;
  }
  pthread_mutex_unlock(&all->lock);
  return found;
}

const Template *templates_get(Templates *all, const char *name, const char *text, Error *e) {
  return keep(all, name, "", text, name, 1, e);
}

/* --- rendering --- */

typedef struct Partial {
  struct Partial *next;
  const char *name, *indent;
  const Template *t; /* NULL: there is none of that name */
} Partial;

typedef struct Render {
  Arena *arena;
  json_t *stack[1 + SECTION_DEPTH * (PARTIAL_DEPTH + 1)];
  size_t depth;
  int partial_depth;
  long steps;
  Partial *partials;
  TemplateSources sources;
  TemplateEscape escape;
  Text *out;
  Error *e;
} Render;

/* A member of an object, or the item of a list by its number from 0: {{#rows.0}} asks whether there are any. */
static json_t *member(const json_t *value, const char *name) {
  if (!json_is_array(value)) return json_object_get(value, name);
  size_t index = 0, digits = strspn(name, "0123456789");
  if (!digits || name[digits] || digits > 9) return NULL;
  for (size_t i = 0; i < digits; i++) index = index * 10 + (size_t)(name[i] - '0');
  return json_array_get(value, index);
}

static json_t *in_stack(const Render *r, const Node *node) {
  if (!node->parts) return r->stack[r->depth - 1];
  for (size_t d = r->depth; d--;) {
    json_t *value = json_object_get(r->stack[d], node->path[0]);
    if (!value) continue;
    for (size_t i = 1; value && i < node->parts; i++) value = member(value, node->path[i]);
    return value;
  }
  return NULL;
}

/* False only when the hook failed; a name that nobody knows is NULL. */
static bool find_value(Render *r, const Template *t, const Node *node, json_t **value) {
  *value = in_stack(r, node);
  if (*value || !node->parts || !r->sources.missing) return true;
  Error own = {0};
  *value = r->sources.missing(r->sources.self, node->text, &own);
  if (own.kind == ERROR_NONE) return true;
  return fail_because(r->e, own.kind, own.cause, "%s:%d：%s", t->name, node->line, own.sentence);
}

static bool write_value(Render *r, const Template *t, const Node *node, const json_t *value) {
  if (json_is_array(value) || json_is_object(value))
    return fail(r->e, ERROR_INVALID, "%s:%d：“%s”是一组内容，不能直接写出，请写明其中哪一项。", t->name, node->line,
                node->text);
  if (json_is_string(value)) {
    if (node->kind == 'r' || r->escape == ESCAPE_NONE)
      text_add_n(r->out, json_string_value(value), json_string_length(value));
    else
      text_add_html(r->out, json_string_value(value));
  } else if (value && !json_is_null(value) && !json_is_false(value))
    json_write(value, false, r->out);
  return true;
}

static bool is_truthy(const json_t *value) {
  if (!value || json_is_null(value) || json_is_false(value)) return false;
  if (json_is_array(value)) return json_array_size(value) > 0;
  return !json_is_string(value) || json_string_length(value) > 0;
}

static bool find_partial(Render *r, const Template *t, const Node *node, const Template **found) {
  for (Partial *p = r->partials; p; p = p->next) {
    if (!strcmp(p->name, node->text) && !strcmp(p->indent, node->indent)) {
      *found = p->t;
      return true;
    }
  }
  Partial *p = NEW(r->arena, Partial);
  const char *text = r->sources.partial ? r->sources.partial(r->sources.self, node->text) : NULL;
  if (text) {
    p->t = r->sources.kept ? keep(r->sources.kept, node->text, node->indent, text, t->name, node->line, r->e)
                           : parse_partial(r->arena, node->text, node->indent, text, t->name, node->line, r->e);
    if (!p->t) return false;
  }
  p->name = node->text; /* nodes live at least as long as the rendering */
  p->indent = node->indent;
  p->next = r->partials;
  r->partials = p;
  *found = p->t;
  return true;
}

static bool render_range(Render *r, const Template *t, size_t from, size_t to);

static bool render_partial(Render *r, const Template *t, const Node *node) {
  const Template *partial = NULL;
  if (!find_partial(r, t, node, &partial)) return false;
  if (!partial) return true;
  if (r->partial_depth == PARTIAL_DEPTH)
    return fail(r->e, ERROR_LIMIT, "%s:%d：片段“%s”套用超过%d层，请检查是否套用了自己。", t->name, node->line,
                node->text, PARTIAL_DEPTH);
  r->partial_depth++;
  bool done = render_range(r, partial, 0, partial->count);
  r->partial_depth--;
  return done;
}

/* Counts rounds of a section as well as nodes: an empty section over a long list is work too. */
static bool count_step(Render *r, const Template *t, const Node *node) {
  if (r->steps++ < STEPS_MOST) return true;
  return fail(r->e, ERROR_LIMIT, "%s:%d：模板的步数超过了上限，请减少嵌套的分节。", t->name, node->line);
}

static bool render_under(Render *r, const Template *t, size_t section, json_t *value) {
  if (!count_step(r, t, &t->nodes[section])) return false;
  r->stack[r->depth++] = value;
  bool done = render_range(r, t, section + 1, t->nodes[section].end);
  r->depth--;
  return done;
}

static bool render_section(Render *r, const Template *t, size_t section) {
  const Node *node = &t->nodes[section];
  json_t *value;
  if (!find_value(r, t, node, &value)) return false;
  if (is_truthy(value) == (node->kind == '^')) return true;
  if (node->kind == '^') return render_range(r, t, section + 1, node->end);
  if (!json_is_array(value)) return render_under(r, t, section, value);
  for (size_t i = 0; i < json_array_size(value); i++) {
    if (!render_under(r, t, section, json_array_get(value, i))) return false;
  }
  return true;
}

static bool render_node(Render *r, const Template *t, size_t index) {
  const Node *node = &t->nodes[index];
  json_t *value;
  switch (node->kind) {
  case 't': text_add_n(r->out, node->text, node->length); return true;
  case '>': return render_partial(r, t, node);
  case '#':
  case '^': return render_section(r, t, index);
  default: return find_value(r, t, node, &value) && write_value(r, t, node, value);
  }
}

static bool render_range(Render *r, const Template *t, size_t from, size_t to) {
  for (size_t i = from; i < to;) {
    const Node *node = &t->nodes[i];
    if (!render_node(r, t, i)) return false;
    if (r->out->full)
      return fail(r->e, ERROR_LIMIT, "%s:%d：写出的内容超过了%zu字节的上限，请缩小范围。", t->name, node->line,
                  r->out->ceiling);
    if (!count_step(r, t, node)) return false;
    i = node->kind == '#' || node->kind == '^' ? node->end : i + 1;
  }
  return true;
}

bool template_render(const Template *t, json_t *context, TemplateSources sources, TemplateEscape escape, Text *out,
                     Error *e) {
  ARENA_SCOPE arena = arena_new();
  Render r = {.arena = arena, .sources = sources, .escape = escape, .out = out, .e = e};
  r.stack[r.depth++] = context;
  return render_range(&r, t, 0, t->count);
}
