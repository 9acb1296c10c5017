/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Any bytes as a template (up to the first NUL) and as its partial `p` (the rest):
 * it is refused with a sentence, or gives well-formed text, the same each time. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/template.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *partial(void *self, const char *name) { return strcmp(name, "p") ? NULL : self; }

static json_t *missing(void *self, const char *name, Error *e) {
  (void)self;
  if (strchr(name, '!')) fail(e, ERROR_MISSING, "没有“%s”。", name);
  return NULL;
}

static bool render(const Template *t, json_t *context, TemplateSources sources, TemplateEscape escape, Text *out) {
  Error e = {0};
  if (template_render(t, context, sources, escape, out, &e)) {
    if (!utf8_valid(text_get(out), out->length, NULL)) abort();
    return true;
  }
  if (e.kind == ERROR_NONE || !*e.sentence) abort();
  return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ARENA_SCOPE a = arena_new();
  char *text = arena_alloc(a, size + 2);
  if (size) memcpy(text, data, size);
  json_t *context = json_pack("{s:s, s:i, s:b, s:n, s:[{s:s}, {s:s}], s:{s:{s:s}}}", "a", "<甲&>", "n", 63, "t", 1, "z",
                              "r", "a", "乙", "b", "丙", "o", "b", "c", "丁");
  TemplateSources sources = {.self = text + strlen(text) + 1, .partial = partial, .missing = missing};
  Error e = {0};
  Template *t = template_parse(a, "f", text, &e);
  if (!t && (e.kind == ERROR_NONE || !*e.sentence)) abort();
  if (t) {
    TEXT_SCOPE first = text_new(1 << 16);
    TEXT_SCOPE second = text_new(1 << 16);
    TEXT_SCOPE plain = text_new(1 << 16);
    bool done = render(t, context, sources, ESCAPE_HTML, &first);
    if (done != render(t, context, sources, ESCAPE_HTML, &second) || strcmp(text_get(&first), text_get(&second)))
      abort();
    render(t, context, sources, ESCAPE_NONE, &plain);
    TemplateName *names;
    template_names(t, a, &names);
  }
  json_decref(context);
  return 0;
}
