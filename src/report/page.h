/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A page that stands alone: one file, no script, nothing fetched. It is read on a screen of any width,
 * printed, and handed over. What the report and the checked draft have in common stands here and in
 * page.css, once.
 *
 * The same bodies stand inside a page of the web: then without head, style and heading, in one element of
 * class `paper`, to which every rule of page.css is bound (but for @page, which has names). */
#ifndef LUOSHI_REPORT_PAGE_H
#define LUOSHI_REPORT_PAGE_H

#include "figure/figure.h"

extern const unsigned char page_css[];
extern const size_t page_css_size;

/* Where the rows of a figure are, when they do not stand in the page itself: writes the address as it is,
 * unescaped; nothing where there is none. `ask` has org, period, and the slice of an ad-hoc figure. */
typedef void FigureAddress(const FigureAsk *ask, void *context, Text *out);
/* How a body stands in a page of the web. NULL instead of it: a page that stands alone. */
typedef struct PageLinks {
  FigureAddress *address;
  void *context;
} PageLinks;

/* `body` is the class of the paper: report, checked. */
void page_open(const char *title, const char *body, Text *out);
void page_close(Text *out);
/* The element that all of it stands in, with the drawings that page_icon shows; once a page. */
void page_body_open(const char *body, Text *out);
void page_body_close(Text *out);
/* Opens <a class="figure" href="…"> to the figure's rows, or <span class="figure"> when they have no address; `more`
 * is further attributes, or NULL. The element's name, to close it with. */
const char *page_figure_open(const PageLinks *links, const FigureAsk *ask, const char *more, Text *out);

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
