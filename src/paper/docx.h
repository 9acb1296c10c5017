/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The text of a .docx, as its reader sees it with all changes accepted: paragraphs, tables (row by row), text boxes
 * (behind the paragraph they hang on), results of fields, links, content controls. What was deleted or moved away, hidden text, codes
 * of fields, page numbers and tables of contents are left out, and so are headers, footers, footnotes, comments and
 * pictures. Numbers that Word itself puts before a paragraph (一、 1. as a list style) are no text of the document
 * and are not rendered; nor is text hidden by a style alone. */
#ifndef LUOSHI_PAPER_DOCX_H
#define LUOSHI_PAPER_DOCX_H

#include "paper/paper.h"

enum {
  DOCX_ENTRIES = 2000,                 /* files in it */
  DOCX_PART = 32 * 1024 * 1024,        /* bytes of one part, inflated */
  DOCX_TOTAL = 40 * 1024 * 1024,       /* bytes inflated in all */
  DOCX_FREE = 2 * 1024 * 1024,         /* a part up to this may be packed as well as it likes */
  DOCX_RATIO = 200,                    /* beyond it: inflated by packed */
  DOCX_DEPTH = 200,                    /* elements in elements */
  DOCX_ATTRIBUTES = 128,               /* of one element; Word's own root has some 40 */
  DOCX_BOXES = 8,                      /* text boxes in text boxes */
  DOCX_MILLISECONDS = 2000
};

/* Whether the bytes begin as a zip does. */
bool docx_looks(const char *bytes, size_t n);
bool docx_read(Arena *a, const char *name, const char *bytes, size_t n, PaperText *out, Error *e);

#endif
