/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A paper that somebody wrote elsewhere, as text: plain text in any encoding that encoding.h knows, or a .docx of
 * Word or WPS. What it is is told by its bytes, never by its name. Everything else (.doc, .xlsx, PDF, a picture, a
 * document with a password, a cut file) is refused with a sentence that says what to save it as.
 *
 * Offsets are code points of the text. A claim's place can be told back through the paragraph that holds it. */
#ifndef LUOSHI_PAPER_PAPER_H
#define LUOSHI_PAPER_PAPER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum {
  PAPER_FILE_LIMIT = 20 * 1024 * 1024, /* bytes of a file */
  PAPER_TEXT_LIMIT = 4 * 1024 * 1024,  /* bytes of its text */
  PAPER_PARAGRAPHS = 100000            /* a .docx with more is refused; of plain text the first are remembered */
};

/* One that has words; empty ones are empty lines of the text and no more. */
typedef struct PaperParagraph {
  uint32_t start, end;       /* [start, end) of the text, without the line's end */
  uint32_t number;           /* from 1: of plain text the line, empty ones too; else among its like in the body, table
                                cell or text box */
  uint32_t box;              /* text box, from 1, or 0 */
  uint32_t table, row, cell; /* from 1, or 0; what stands in a table within a table belongs to the outer cell */
} PaperParagraph;

typedef struct PaperText {
  const char *text; /* UTF-8, in the arena; a paragraph a line (a line break within it stays one), a row of a table a line of cells
                       with | between, or one of several lines when a cell has several */
  bool docx;
  const PaperParagraph *paragraphs; /* in the order of the text */
  size_t count;
} PaperText;

/* `name` is the file's name for the sentence of a refusal. ERROR_INVALID what cannot be read, ERROR_LIMIT what is too
 * large. At most PAPER_FILE_LIMIT bytes are looked at. */
bool paper_text(Arena *a, const char *name, const char *bytes, size_t n, PaperText *out, Error *e);

/* The paragraph that holds code point `at`, or NULL. */
const PaperParagraph *paper_paragraph(const PaperText *p, size_t at);
/* 第12段, 表2第3行第2格, 文本框1第2段, of plain text 第12行; NULL between paragraphs. Arena. */
const char *paper_place(Arena *a, const PaperText *p, size_t at);

#endif
