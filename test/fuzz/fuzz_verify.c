/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Any text through extraction and frames: claims come in order, inside the text, each being the very
 * words it says; sections, sentences and phrases lie inside each other; bad bytes are refused. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "verify/draft.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good) {
  if (!good) abort();
}

static void check_layout(const Draft *d) {
  size_t before = 0;
  for (size_t i = 0; i < d->phrase_count; i++) {
    const Phrase *p = &d->phrases[i];
    check(before <= p->from && p->from < p->to && p->to <= d->count && p->sentence < d->sentence_count);
    const Sentence *s = &d->sentences[p->sentence];
    check(s->from <= p->from && p->to <= s->to && s->section < d->section_count);
    before = p->to;
  }
}

static void check_claim(const Draft *d, const Claim *c) {
  check(c->start < c->end && c->end <= d->count && !strcmp(c->surface, draft_slice(d, c->start, c->end)));
  check(c->sentence_start <= c->start && c->end <= c->sentence_end + 1 && c->frame->span_count <= SPAN_LIMIT);
  check(c->frame->own <= c->frame->topic && c->frame->topic <= c->frame->span_count);
  for (size_t i = 0; i < c->frame->span_count; i++)
    check(c->frame->spans[i].from < c->frame->spans[i].to && c->frame->spans[i].to <= d->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ARENA_SCOPE a = arena_new();
  if (size > 65536) return 0;
  const char *text = arena_slice(a, size ? (const char *)data : "", size);
  Verification *v = NULL;
  Error e = {0};
  size_t bad = 0;
  if (!verify_extract(a, text, &v, &e)) {
    check(e.sentence[0] && !utf8_valid(text, strlen(text), &bad));
    return 0;
  }
  check(v->draft->count == utf8_length(text));
  check_layout(v->draft);
  frame_claims(v->draft, v->claims, v->claim_count);
  size_t before = 0;
  for (size_t i = 0; i < v->claim_count; i++) {
    check(before <= v->claims[i].start);
    check_claim(v->draft, &v->claims[i]);
    const ClaimFrame *f = v->claims[i].frame;
    check((f->whole == CLAIM_NONE || f->whole < i) && (f->part == CLAIM_NONE || f->part < i) && f->parts <= i);
    check(f->months >= 0 && f->month + f->months <= 13 && f->items <= f->own);
    before = v->claims[i].end;
  }
  return 0;
}
