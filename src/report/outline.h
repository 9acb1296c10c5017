/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What a composed text looks like when sections of it came out empty: no heading over nothing, numbers
 * that run on, no comma without its clause. Inside this folder only. */
#ifndef LUOSHI_REPORT_OUTLINE_H
#define LUOSHI_REPORT_OUTLINE_H

#include "base/arena.h"
#include "base/text.h"

/* Stands in a composed text for the next of 一是, 二是 …; data never hold it. */
#define MARK_NEXT "\xEE\x80\x82" /* U+E002 */

typedef enum { LINE_BLANK, LINE_TITLE, LINE_PART, LINE_SECTION, LINE_LEAD, LINE_PARAGRAPH } LineKind;
/* A line with 一、 is a part, with （一） a section; `body` is what follows the number. */
LineKind line_kind(const char *line, const char **body);

/* Closes up: the title, then headings that have something under them, numbered anew; lines without a blank
 * line between them joined to one paragraph; blank lines gone. */
void outline_close(Arena *a, const char *composed, Text *out);

#endif
