/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Templates and assets as built into the program (embed.py), and small shapes that pages share. */
#ifndef LUOSHI_WEB_VIEW_H
#define LUOSHI_WEB_VIEW_H

#include "web/web.h"

typedef struct Embedded {
  const char *name;           /* layout; luoshi.1f2e3d4c.css */
  const char *logical;        /* luoshi.css */
  const char *type;
  const unsigned char *bytes; /* NUL after the last */
  size_t size;
  const unsigned char *gzip;  /* NULL: not smaller */
  size_t gzip_size;
} Embedded;

extern const Embedded embedded_templates[];
extern const size_t embedded_template_count;
extern const Embedded embedded_assets[];
extern const size_t embedded_asset_count;

/* /assets/NAME with the fingerprint of the logical name; NULL: no such asset. */
const char *asset_path(const char *logical, Arena *a);

/* Members of a template's context; an empty or NULL text is false, so that {{#name}} tests for it. */
void view_set(json_t *o, const char *key, const char *text);
void view_flag(json_t *o, const char *key, bool value);
void view_count(json_t *o, const char *key, int64_t value);
/* [{field, where, sentence}] for the summary on top ({{> issues}}) and beside the fields. */
json_t *view_issues(const Issues *issues);

/* {{label, value, href…}} lists that several pages show alike. */
json_t *view_scope(Page *p, int64_t org, Period period); /* org and period pickers: a labelled GET form */
const char *view_date(Arena *a, Date d);                 /* 2023年5月12日, "" for none */
const char *view_link(Page *p, const char *path, int64_t org, Period period); /* path?org=…&period=… */
bool view_is_number(const Column *c); /* stands right in its cell */
const char *view_record_path(Arena *a, const Relation *r, int64_t id); /* /ledgers/…/… */
/* page=… of the query: 1 when it is missing or no number; bounded. */
size_t view_page_number(const Page *p);
/* Pages of a list: {from, to, total, previous, next} with links that keep the query. */
json_t *view_pager(Page *p, size_t page, size_t size, size_t total, bool capped);

#endif
