/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi import` and `luoshi export`: tables in and out. An import tells every fault at once, by row and
 * field, and says that nothing was written; an export is whole under its name, or not there at all. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "ledger/export.h"
#include "ledger/import.h"

/* ---- import ---- */

/* Progress on a terminal, once it takes longer than a moment. */
typedef struct Progress { struct timespec began; bool shown; } Progress;

static bool show_progress(void *self, size_t done, size_t of) {
  Progress *p = self;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (now.tv_sec - p->began.tv_sec < 1) return true;
  fprintf(stderr, "\r正在导入：%zu/%zu条", done, of);
  return p->shown = true;
}

static void tell_faults(Invocation *in, const Issues *issues, const ImportTally *tally) {
  const char *const ends[] = {"本次未写入任何数据。", "这是试运行，没有写入任何数据。"};
  for (size_t i = 0; i < issues->count; i++)
    fprintf(stderr, "%s%s\n", issues->at[i].where ? issues->at[i].where : "", issues->at[i].sentence);
  if (tally->faults > issues->count) fprintf(stderr, "另有%zu处没有列出。\n", tally->faults - issues->count);
  fprintf(stderr, "共%zu处要改。%s\n", tally->faults > issues->count ? tally->faults : issues->count, ends[in->dry_run]);
}

static json_t *faults_json(const Issues *issues, const ImportTally *tally) {
  json_t *list = json_array();
  for (size_t i = 0; i < issues->count; i++) {
    const Issue *issue = &issues->at[i];
    json_array_append_new(list, json_pack("{s:s?, s:s?, s:s}", "where", issue->where, "field", issue->field, "sentence", issue->sentence));
  }
  size_t all = tally->faults > issues->count ? tally->faults : issues->count;
  return json_pack("{s:b, s:i, s:o}", "written", 0, "faults", (int)all, "errors", list);
}

static int tell_done(Invocation *in, json_t *result, const ImportTally *t, Error *e) {
  if (is_format(in, "json")) {
    json_object_set_new(result, "written", json_boolean(!in->dry_run));
    return write_json(in, json_incref(result), e) ? EXIT_DONE : exit_for(e);
  }
  printf("%s：读入%zu行，新增%zu条，修改%zu条", t->record->label, t->rows, t->fresh, t->changed);
  if (t->same) printf("，没有变化%zu条", t->same);
  const char *lines = !t->lines ? "" : t->several ? "明细" : t->lines->label;
  if (t->lines) printf("，“%s”%zu行", lines, t->lines_read);
  printf("。\n");
  if (t->lines && t->lines_kept) printf("表里没有列出的%zu行“%s”保留未动；要去掉请逐条修改。\n", t->lines_kept, lines);
  if (in->dry_run) printf("这是试运行，没有写入任何数据。\n");
  else printf("已写入，记录链第%lld号。\n", (long long)json_integer_value(json_object_get(result, "revision")));
  return EXIT_DONE;
}

static bool is_workbook(const char *path) {
  size_t n = strlen(path);
  return n > 5 && (!strcmp(path + n - 5, ".xlsx") || !strcmp(path + n - 4, ".xls"));
}

static const Operation *import_operation(Operations all) {
  for (size_t i = 0; i < all.count; i++)
    if (!strcmp(all.at[i]->name, "import")) return all.at[i];
  return exchange_operations[0];
}

int command_import(Invocation *in, Error *e) {
  if (is_workbook(in->words[1])) return fail(e, ERROR_INVALID, "%s 请先在表格软件里另存为“CSV UTF-8”再导入。", in->words[1]), EXIT_USAGE;
  SITE_SCOPE site = site_open(in->folder, false, e);
  if (!site) return exit_for(e);
  if (!catalogue_relation(site->catalogue, in->words[0], e)) return EXIT_USAGE;
  TEXT_FILE_SCOPE file = text_file_open(in->words[1], IMPORT_BYTES, e);
  if (!file) return e->kind == ERROR_UNAVAILABLE ? EXIT_FAILED : EXIT_USAGE;
  ImportTally tally = {0};
  Progress progress = {0};
  clock_gettime(CLOCK_MONOTONIC, &progress.began);
  ImportTable table = {.file = file, .tally = &tally, .self = &progress, .progress = isatty(STDERR_FILENO) ? show_progress : NULL};
  JSON_SCOPE input = json_pack("{s:s}", "ledger", in->words[0]);
  if (in->org) json_object_set_new(input, "org", json_string(in->org));
  if (in->as_new) json_object_set_new(input, "new", json_true());
  JSON_SCOPE result = NULL;
  Issues issues = {.arena = in->arena};
  OperationCall call = {.account = in->account, .attached = &table, .rehearse = in->dry_run};
  bool done = operation_run(site, import_operation(in->operations), input, call, &result, &issues, e);
  if (progress.shown) fprintf(stderr, "\n");
  if (done) return tell_done(in, result, &tally, e);
  if (!issues.count) return exit_for(e);
  *e = (Error){0};
  if (!is_format(in, "json")) tell_faults(in, &issues, &tally);
  else if (!write_json(in, faults_json(&issues, &tally), e)) return exit_for(e);
  return EXIT_FOUND;
}

/* ---- export ---- */

static bool ends_in(const char *path, const char *with) {
  size_t n = path ? strlen(path) : 0, m = strlen(with);
  return n > m && !strcmp(path + n - m, with);
}

int command_export(Invocation *in, Error *e) {
  if (in->output && is_workbook(in->output)) return fail(e, ERROR_INVALID, "请导出为 .csv（表格软件可直接打开）或 .json。"), EXIT_USAGE;
  bool json = is_format(in, "json") || ends_in(in->output, ".json");
  SITE_SCOPE site = site_open(in->folder, false, e);
  SESSION_SCOPE s = site ? session_open(site, in->account, TX_READ, e) : NULL;
  if (!s) return exit_for(e);
  const Relation *named = catalogue_relation(site->catalogue, in->words[0], e);
  ListAsk list = {.where = in->where};
  if (!named || (in->org && !asked_org(in, s, &list.org, e)) || !asked_period(in, s->today, &list.period, e))
    return e->kind == ERROR_MISSING ? EXIT_USAGE : exit_for(e);
  ExportAsk ask = export_ask(named, list);
  Output out;
  ExportTally tally = {0};
  if (!output_open(in, &out, e)) return exit_for(e);
  bool well = in->template ? export_blank(s, ask, output_write, &out, e)
              : json       ? export_json(s, ask, output_write, &out, &tally, e)
                           : export_csv(s, ask, output_write, &out, &tally, e);
  if (!output_close(&out, well, e)) return exit_for(e);
  if (out.f == stdout) return EXIT_DONE;
  if (in->template) printf("已写成导入用的空表 %s。\n", out.name);
  else printf("已导出%zu条、%zu行到 %s。\n", tally.records, tally.rows, out.name);
  return EXIT_DONE;
}
