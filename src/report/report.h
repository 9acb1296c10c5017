/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A report: prose with figures in it, composed from a template of the profile (reports/NAME.mustache).
 *
 * The template is the report's plain text: the first line is its title, a line that begins with 一、 is a
 * heading, with （一） a smaller one; other lines are sentences, and a blank line ends a paragraph. Its tags:
 *   {{org}} {{period}} {{term}} (2023年度, 2023年第一季度) {{reporter}} {{today}} {{year}} {{last_year}} {{next_year}}
 *   {{#records}}                whether any figure that the template names has a row
 *   {{set.measure}}             value with unit and wording; {{set.measure.exact}} the exact decimal,
 *                               .value the words without the unit, .label; for sections .any (not zero), .many
 *                               (more than one), of a share .all (no exception) and .short (some);
 *                               {{#a.b.any|c.d.short}} one of them
 *   {{#set.rows}}…{{/set.rows}} the rows of a set (or of one measure, {{#set.measure.rows}}) by date: the columns
 *                               by name, {{ordinal}} (一是, 二是), {{last}} in the last one; {{#set.rows.5}} the
 *                               first five, {{#set.latest.5}} the last five, newest first, and {{more}} in the
 *                               last one shown when there are others
 *   {{next}}                    一是, 二是 …: counts the places that remain. A line that begins with it opens a
 *                               paragraph with a lead
 * What comes out empty leaves nothing behind: headings over nothing and leads without a sentence go, the
 * numbers of the rest close up, a comma before a full stop goes (outline.h). Blank lines are not kept.
 * No numeral stands in it outside a tag: every number of a report is a figure, with its rows. */
#ifndef LUOSHI_REPORT_REPORT_H
#define LUOSHI_REPORT_REPORT_H

#include "figure/figure.h"

typedef struct ReportFigure {
  const Measure *measure;
  FigureValue value;
  const char *text;    /* as it stands in the report */
  size_t start, end;   /* code points of the report's text, end exclusive */
  size_t first;        /* index of the first place with this measure; its own for that one */
} ReportFigure;

typedef struct Report {
  const char *name;    /* annual */
  const char *title;
  int64_t org;
  Period period;
  int64_t reporter;    /* 0: nobody in post */
  const char *text;    /* ends with a line end */
  ReportFigure *figures; size_t figure_count; /* in the order of the text */
  const struct Frozen *frozen; /* what it was read from (frozen.h), or NULL: as of now */
} Report;

/* org 0: the whole area. Refused as a whole when the asker may not see figures of the org. */
Report *report_compose(Session *s, const char *name, int64_t org, Period period, Error *e);
/* The same from a template's text. */
Report *report_compose_text(Session *s, const char *name, const char *text, int64_t org, Period period, Error *e);
/* Everything wrong with a template, by line: unknown names, numerals outside tags. */
void report_check(const Catalogue *c, const char *name, const char *text, Issues *issues);
/* Text of reports/NAME.mustache in the folder of a profile, or NULL; an unknown name lists the known ones. */
/* Names of all of them, sorted. */
size_t report_names(Arena *a, const char *profile_folder, const char ***out);
const char *report_template(Arena *a, const char *profile_folder, const char *name, Error *e);

/* A page of its own: each figure leads to its rows, listed below. */
bool report_html(Session *s, const Report *r, Text *out, Error *e);
/* What stands between page_open and page_close. */
bool report_html_alone(Session *s, const Report *r, Text *out, Error *e);
/* For a page of the web (page.h): the paper with 佐证目录 beside it, no heading above; each figure is a link by
 * `links`, and no rows are listed. Ids: t7 is the seventh figure in the text. */
struct PageLinks;
bool report_html_body(Session *s, const Report *r, const struct PageLinks *links, Text *out, Error *e);
size_t report_noted(const Report *r); /* how many figures have something said about them: 待补信息, 仅有总数 */
json_t *report_json(Session *s, const Report *r); /* docs/json.md; new reference */
/* 佐证目录, as plain text to stand below the report. */
void report_evidence_print(Session *s, const Report *r, Text *out);

#endif
