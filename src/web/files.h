/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A record's files on its page: the list, the form to add to it, and what came of it (page_files.c). */
#ifndef LUOSHI_WEB_FILES_H
#define LUOSHI_WEB_FILES_H

#include "ledger/attachment.h"
#include "web/web.h"

/* What went wrong with one of the section's forms, shown beside its field. */
typedef struct FilesTold {
  int64_t withdrawn;    /* the file that was to be withdrawn; 0: some were to be added */
  const char *sentence; /* NULL: nothing went wrong */
  const char *reason;   /* as typed */
} FilesTold;

/* {list[], add, …} for templates/files.mustache; NULL where the relation has no files. */
json_t *files_view(Page *p, const Relation *r, int64_t record, bool may_write, const FilesTold *told, Error *e);
/* The record's page with what was told (page_record.c); the snapshot is not open yet. */
bool record_show_told(Page *p, const FilesTold *told, Error *e);
const char *files_size(Arena *a, int64_t bytes); /* 1.2MB, 350KB */

#endif
