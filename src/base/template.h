/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A subset of Mustache: variables (escaped by default, {{{ }}} and & raw), sections,
 * inverted sections, partials, comments, changed delimiters; dotted names (an item of a
 * list by its number from 0) and the implicit iterator. No lambdas, no inheritance. Run against the public spec's cases.
 *
 * Numbers print exactly as JSON holds them; a list or object cannot be printed. Falsy are
 * null, false, [] and "". Sections nest 32 deep, partials 16, and steps are bounded. */
#ifndef LUOSHI_BASE_TEMPLATE_H
#define LUOSHI_BASE_TEMPLATE_H

#include <jansson.h>

#include "base/error.h"
#include "base/text.h"

typedef struct Template Template;

/* Templates parsed once and shared by threads: what is in it never changes while it is there. */
typedef struct Templates Templates;

typedef enum { ESCAPE_HTML, ESCAPE_NONE } TemplateEscape;

typedef struct TemplateSources {
  void *self;
  /* Text of a partial, or NULL for none. May be NULL. */
  const char *(*partial)(void *self, const char *name);
  /* Asked for a whole (dotted) name that the context does not hold: a borrowed value or NULL.
   * This is how a report draws only the figures it names. `e` filled stops the rendering. May be NULL. */
  json_t *(*missing)(void *self, const char *name, Error *e);
  Templates *kept; /* keeps partials too, whose text must then always be the same. May be NULL. */
} TemplateSources;

/* `name` is the file's name for messages (`annual.txt:12`). Lives in the arena. */
Template *template_parse(Arena *a, const char *name, const char *text, Error *e);
Templates *templates_new(void);
void templates_free(Templates *all); /* NULL is allowed */
/* As template_parse, but once for each name; one that fails is not kept. */
const Template *templates_get(Templates *all, const char *name, const char *text, Error *e);
bool template_render(const Template *t, json_t *context, TemplateSources sources, TemplateEscape escape, Text *out,
                     Error *e);
/* Every name used in tags (but not {{.}}) with its line, for checking against the catalogue when loaded. */
typedef struct TemplateName {
  const char *name;
  int line;
  char kind; /* 'v' variable, '#', '^', '>' */
  int depth; /* sections around it; inside one, names are first those of its value */
} TemplateName;
size_t template_names(const Template *t, Arena *a, TemplateName **out);

#endif
