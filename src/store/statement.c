/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The text of a statement, as far as the store must understand it (where its placeholders are),
 * and the cache of what was prepared from it. */
#include "store/engine.h"

#include <stdlib.h>
#include <string.h>

enum { HIGHEST_PLACEHOLDER = 32766 };

/* The end of the quoted or commented piece that starts at s, or s when there is none. */
static const char *skip_quoted(const char *s) {
  const char *end = NULL;
  if (*s == '\'' || *s == '"')
    end = strchr(s + 1, *s); /* a doubled quote is two pieces side by side */
  else if (s[0] == '-' && s[1] == '-')
    end = strchr(s, '\n');
  else if (s[0] == '/' && s[1] == '*') {
    end = strstr(s + 2, "*/");
    if (end) end++;
  } else
    return s;
  return end ? end + 1 : s + strlen(s);
}

int placeholders(const char *sql, char mark, Text *out) {
  int highest = 0;
  for (const char *s = sql; *s;) {
    const char *end = skip_quoted(s);
    if (end == s && *s == '$') {
      int n = 0;
      for (end = s + 1; *end >= '0' && *end <= '9' && n <= HIGHEST_PLACEHOLDER; end++) n = n * 10 + (*end - '0');
      if (n < 1 || n > HIGHEST_PLACEHOLDER) return -1;
      if (n > highest) highest = n;
      if (out) text_add_char(out, mark);
      s++;
    } else if (end == s)
      end = s + 1;
    if (out) text_add_n(out, s, (size_t)(end - s));
    s = end;
  }
  return highest;
}

bool placeholders_fit(int highest, size_t count, const char *sql, Error *e) {
  if (highest >= 0 && (size_t)highest == count) return true;
  return fail_because(e, ERROR_BUG, sql, "程序内部错误：语句要%d个参数，却给了%zu个，请把日志交给开发人员。", highest,
                      count);
}

static uint64_t hash_of(const char *key) {
  uint64_t h = 14695981039346656037u; /* FNV-1a */
  for (; *key; key++) h = (h ^ (unsigned char)*key) * 1099511628211u;
  return h;
}

Cached *cache_find(Cache *c, const char *key) {
  uint64_t hash = hash_of(key);
  for (size_t i = 0; i < c->count; i++) {
    Cached *entry = &c->at[i];
    if (entry->hash != hash || entry->busy || strcmp(entry->key, key) != 0) continue;
    entry->used = ++c->clock;
    return entry;
  }
  return NULL;
}

static Cached *longest_unused(Cache *c) {
  Cached *found = NULL;
  for (size_t i = 0; i < c->count; i++)
    if (!c->at[i].busy && (!found || c->at[i].used < found->used)) found = &c->at[i];
  return found;
}

Cached *cache_add(Cache *c, const char *key, void **evicted) {
  *evicted = NULL;
  char *copy = strdup(key);
  if (!copy) abort();
  Cached *entry = c->count < CACHE_ROOM ? &c->at[c->count++] : longest_unused(c);
  if (!entry) {
    free(copy);
    return NULL;
  }
  *evicted = entry->handle;
  free(entry->key);
  *entry = (Cached){.hash = hash_of(key), .used = ++c->clock, .key = copy};
  return entry;
}

void cache_clear(Cache *c, void (*dispose)(void *handle)) {
  for (size_t i = 0; i < c->count; i++) {
    dispose(c->at[i].handle);
    free(c->at[i].key);
    c->at[i] = (Cached){0};
  }
  c->count = 0;
}
