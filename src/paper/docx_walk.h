/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The main part of a .docx, element by element, to text; inside docx only. */
#ifndef LUOSHI_PAPER_DOCX_WALK_H
#define LUOSHI_PAPER_DOCX_WALK_H

#include <libxml/xmlreader.h>

#include "base/text.h"
#include "paper/docx.h"

typedef struct DocxWalk DocxWalk;

/* `fields` false: as if there were no fields, for a document whose fields are not closed. */
DocxWalk *docx_walk_new(Arena *a, bool fields);
void docx_walk_free(DocxWalk *w); /* NULL is allowed */
/* One node of the reader. False with a sentence past a limit, and where the root is no document. */
bool docx_walk_node(DocxWalk *w, xmlTextReaderPtr r, const char *name, Error *e);
/* After the last node. *open: a field was not closed, and words may have been taken for its code. */
bool docx_walk_end(DocxWalk *w, const char *name, PaperText *out, bool *open, Error *e);

#endif
