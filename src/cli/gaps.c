/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Each template is in the shape that import reads, so that the list can be worked off from top to bottom. */
#include "cli/gaps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "ledger/export.h"
#include "verify/gap.h"

#define LIST_NAME "佐证缺口清单.txt"

static bool write_bytes(void *self, const char *bytes, size_t n, Error *e) {
  return fwrite(bytes, 1, n, self) == n || fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "样表没有写完，请检查磁盘空间后重试。");
}

static FILE *open_in(Arena *a, const char *folder, const char *name, Error *e) {
  FILE *f = fopen(arena_print(a, "%s/%s", folder, name), "wb");
  if (!f) fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "写不了%s/%s，请检查文件夹和权限。", folder, name);
  return f;
}

static bool write_table(Session *s, const char *folder, const char *name, const Relation *table, Error *e) {
  FILE *f = open_in(s->arena, folder, name, e);
  if (!f) return false;
  bool well = export_blank(s, export_ask(table, (ListAsk){0}), write_bytes, f, e);
  if (fclose(f) && well) well = fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "样表没有写完，请检查磁盘空间后重试。");
  return well;
}

bool write_gaps(Session *s, const Verification *v, const char *folder, Error *e) {
  if (mkdir(folder, 0777) && errno != EEXIST)
    return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "建不了文件夹%s，请检查路径和权限。", folder);
  const GapList *list = v->gaps;
  for (size_t i = 0; list && i < list->count; i++)
    if (!write_table(s, folder, gap_file(s->arena, list, i), list->at[i].ledger, e)) return false;
  TEXT_SCOPE text = text_new(TEXT_CEILING);
  gaps_print(s, v, true, &text);
  if (!text.length) text_add(&text, "没有佐证缺口。\n");
  FILE *f = open_in(s->arena, folder, LIST_NAME, e);
  if (!f) return false;
  bool well = write_bytes(f, text_get(&text), text.length, e);
  return !fclose(f) && well;
}
