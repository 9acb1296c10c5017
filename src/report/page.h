/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A page that stands alone: one file, no script, nothing fetched. It is read on a screen of any width,
 * printed, and handed over. What the report and the checked draft have in common stands here and in
 * page.css, once. */
#ifndef LUOSHI_REPORT_PAGE_H
#define LUOSHI_REPORT_PAGE_H

#include "figure/figure.h"

extern const unsigned char page_css[];
extern const size_t page_css_size;

/* `body` is the class of the body: report, draft. */
void page_open(const char *title, const char *body, Text *out);
void page_close(Text *out);

/* One of page.c's drawings: ok note not ask gap none plan close. Never the only sign: a word stands by it. */
void page_icon(const char *name, Text *out);
/* h1 of a title, h2 of 一、, h3 of （一）, else p. */
const char *page_element(const char *line, bool first);
/* The same with its words escaped, in an element. */
void page_words(const char *element, const char *text, Text *out);
/* Every row of a figure as a table, the undetermined ones apart; past `most` only how many there are. */
bool page_rows(Session *s, FigureAsk ask, size_t most, Text *out, Error *e);
/* “共63条明细，待补信息1条。” with the reading of the figure. */
void page_rows_note(const Measure *m, const FigureValue *v, Text *out);

#endif
