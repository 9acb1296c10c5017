/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Loading libpq. What is missing is kept as a sentence, so that every later try says the same. */
#include "store/libpq.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static struct {
  pthread_once_t once;
  Libpq table;
  char why[200]; /* empty: loaded */
} loaded = {.once = PTHREAD_ONCE_INIT};

static void find(void *library, const char *name, void *slot) {
  void *address = dlsym(library, name);
  if (address)
    memcpy(slot, &address, sizeof address); /* ISO C has no cast from data to function */
  else if (!*loaded.why)
    snprintf(loaded.why, sizeof loaded.why, "no %s", name);
}

static void load(void) {
  void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *why = dlerror();
    snprintf(loaded.why, sizeof loaded.why, "%s", why ? why : "dlopen");
    return;
  }
#define LIBPQ_FIND(name) find(library, "PQ" #name, &loaded.table.name);
  LIBPQ_FUNCTIONS(LIBPQ_FIND)
#undef LIBPQ_FIND
}

bool libpq_load(Error *e) {
  pthread_once(&loaded.once, load);
  return !*loaded.why || fail_because(e, ERROR_UNAVAILABLE, loaded.why,
                                      "找不到PostgreSQL的客户端库 libpq.so.5：请安装系统的 libpq5 软件包。");
}

const Libpq *libpq(void) { return &loaded.table; }
