/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Any bytes as a paper; and, since a zip seldom survives a change, the same bytes as the document of a good .docx: its
 * paragraphs stand in order within its text, and each is found again by its place. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/utf8.h"
#include "paper/paper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good) {
  if (!good) abort();
}

static void read_paper(const char *bytes, size_t n) {
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  PaperText p;
  if (!paper_text(a, "稿", bytes, n, &p, &e)) {
    check(e.kind != ERROR_NONE && *e.sentence && !p.text);
    return;
  }
  size_t end = utf8_length(p.text), last = 0;
  check(utf8_valid(p.text, strlen(p.text), NULL));
  for (size_t i = 0; i < p.count; i++) {
    const PaperParagraph *one = &p.paragraphs[i];
    check(one->start >= last && one->start < one->end && one->end <= end);
    check(paper_paragraph(&p, one->start) == one && paper_paragraph(&p, one->end - 1) == one);
    check(paper_place(a, &p, one->start) != NULL);
    last = one->end;
  }
}

static void add(zip_t *z, const char *name, const void *bytes, size_t n) {
  zip_int64_t at = zip_file_add(z, name, zip_source_buffer(z, bytes, n, 0), 0);
  check(at >= 0 && !zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_STORE, 0));
}

static void read_document(const uint8_t *data, size_t size) {
  static const char types[] = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>";
  zip_stat_t st;
  zip_source_t *buffer = zip_source_buffer_create(NULL, 0, 0, NULL);
  zip_t *z = zip_open_from_source(buffer, ZIP_TRUNCATE, NULL);
  check(z != NULL);
  zip_source_keep(buffer);
  add(z, "[Content_Types].xml", types, sizeof types - 1);
  add(z, "word/document.xml", data, size);
  check(!zip_close(z) && !zip_source_stat(buffer, &st) && !zip_source_open(buffer));
  char *bytes = malloc(st.size);
  check(bytes && zip_source_read(buffer, bytes, st.size) == (zip_int64_t)st.size);
  zip_source_close(buffer);
  zip_source_free(buffer);
  read_paper(bytes, st.size);
  free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  read_paper((const char *)data, size);
  read_document(data, size);
  return 0;
}
