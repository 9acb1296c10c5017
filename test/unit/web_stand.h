/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A site with the pages in front of it, for tests that ask as a browser does, over web_answer and without a network.
 * Under the engine of $LUOSHI_TEST_STORE (store_fixture.h). */
#ifndef LUOSHI_TEST_WEB_STAND_H
#define LUOSHI_TEST_WEB_STAND_H

#include "ledger/office.h"
#include "ledger/record.h"
#include "operation/migrate.h"
#include "person/person.h"
#include "web/web.h"

#include "base/json.h"
#include "store_fixture.h"

typedef struct Stand {
  char folder[96];
  Site *site;
  Web web;
  const Operation *operations[64];
  int64_t made[4]; /* ids that a test keeps */
} Stand;

static inline void add_operations(Stand *t, const Operation *const *rows, size_t count) {
  for (size_t i = 0; i < count; i++) t->operations[t->web.operations.count++] = rows[i];
}

/* Done by the machine's owner; the id of what it made, or 0. */
static inline int64_t act(Stand *t, const char *name, const char *text) {
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  JSON_SCOPE input = json_read(text, strlen(text), 100000, &e);
  JSON_SCOPE result = NULL;
  const Operation *op = operation_find(t->web.operations, name, &e);
  if (!input || !op || !operation_run(t->site, op, input, (OperationCall){0}, &result, &issues, &e))
    fail_msg("%s: %s (%s)", text, issues.count ? issues.at[0].sentence : e.sentence, e.cause);
  const char *id = json_string_value(json_object_get(result, "id"));
  return id ? strtoll(id, NULL, 10) : 0;
}

/* An empty site of the profile; `*t` is of the caller's frame and not moved. */
static inline void stand_open(Stand *t, Fixture *f, const char *profile) {
  Error e = {0};
  *t = (Stand){0};
  t->web.operations.at = t->operations;
  add_operations(t, record_operations, record_operation_count);
  add_operations(t, tree_operations, tree_operation_count);
  add_operations(t, office_operations, office_operation_count);
  add_operations(t, person_operations, person_operation_count);
  add_operations(t, account_operations, account_operation_count);
  add_operations(t, token_operations, token_operation_count);
  snprintf(t->folder, sizeof t->folder, "%s/site", f->folder);
  if (!site_create(t->folder, f->postgres ? f->url : NULL, profile, 20231220, &e) || !(t->site = site_open(t->folder, false, &e)))
    fail_msg("%s (%s)", e.sentence, e.cause);
}

typedef struct Answer { Arena *arena; WebResponse out; const char *body; } Answer;

/* `body` NULL: a GET. The form's token is the command line's. Arena and body of the answer are the caller's. */
static inline Answer ask(Stand *t, const char *as, const char *path, const char *query, const char *body) {
  Answer a = {.arena = arena_new()};
  WebRequest q = {.method = body ? "POST" : "GET", .path = path, .query = query, .peer = "",
                  .type = "application/x-www-form-urlencoded", .body = body ? body : "", .body_size = body ? strlen(body) : 0};
  a.out.arena = a.arena;
  web_answer(&t->web, t->site, as, &q, &a.out);
  a.body = arena_copy(a.arena, text_get(&a.out.body));
  return a;
}

#endif
