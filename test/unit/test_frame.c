/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What each claim of a sentence is framed with (data/frames.tsv): its own words, and how it stands to the
 * others. A row is a sentence and, for each claim, `text=words` with these marks: <k part or share of claim
 * k, ~k said out of k, =k says k again as %, +k adds up k claims or nouns, each, change, every, and m+n the
 * months from m. */
#include "verify/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "check.h"

static void say_words(const Draft *d, const ClaimFrame *f, Text *out) {
  for (size_t i = 0; i < f->own; i++) {
    uint32_t words[64];
    size_t n = draft_content(d, f->spans[i].from, f->spans[i].to, words, 64);
    if (i && n) text_add(out, "/");
    for (size_t k = 0; k < n; k++) {
      char bytes[5] = {0};
      utf8_encode(words[k], bytes);
      text_add(out, bytes);
    }
  }
}

static void say_frame(const Draft *d, const Claim *c, Text *out) {
  const ClaimFrame *f = c->frame;
  text_print(out, "%s=", c->text);
  say_words(d, f, out);
  if (f->whole != CLAIM_NONE) text_print(out, " %s%zu", f->out_of ? "~" : "<", f->whole);
  if (f->part != CLAIM_NONE) text_print(out, " =%zu", f->part);
  if (f->items + f->parts) text_print(out, " +%zu", f->items + f->parts);
  if (f->each) text_add(out, " each");
  if (f->change) text_add(out, " change");
  if (f->every) text_print(out, " every%d", f->every);
  if (f->months) text_print(out, " %d+%d", f->month, f->months);
  if (f->year) text_print(out, " %d", f->year);
}

static void test_frames(void **state) {
  (void)state;
  FILE *rows = fopen("test/unit/data/frames.tsv", "r");
  assert_non_null(rows);
  char row[4096];
  size_t wrong = 0, seen = 0;
  while (fgets(row, sizeof row, rows)) {
    row[strcspn(row, "\n")] = '\0';
    char *tab = strchr(row, '\t');
    if (*row == '#' || !tab) continue;
    *tab = '\0';
    ARENA_SCOPE a = arena_new();
    Verification *v = NULL;
    Error e = {0};
    assert_true(verify_extract(a, row, &v, &e));
    frame_claims(v->draft, v->claims, v->claim_count);
    TEXT_SCOPE got = text_new(4096);
    for (size_t i = 0; i < v->claim_count; i++) {
      if (i) text_add(&got, " | ");
      say_frame(v->draft, &v->claims[i], &got);
    }
    seen++;
    if (!strcmp(text_get(&got), tab + 1)) continue;
    print_error("%s\n  want %s\n  got  %s\n", row, tab + 1, text_get(&got));
    wrong++;
  }
  fclose(rows);
  assert_true(seen > 25);
  assert_int_equal(wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_frames)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
