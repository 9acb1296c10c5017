/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What commands share: reading a bounded input, writing an output whole or not at all, org and period. */
#include "cli/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"

bool is_format(const Invocation *in, const char *format) { return !strcmp(in->format, format); }

bool asked_org(const Invocation *in, const Session *s, int64_t *org, Error *e) {
  *org = s->tree->root;
  if (!*org) return fail(e, ERROR_MISSING, "站点里还没有组织，请先运行 luoshi do org.found 成立党委。");
  return !in->org || (*org = org_find(s->tree, in->org, s->today, e)) != 0;
}

bool asked_period(const Invocation *in, Date today, Period *out, Error *e) {
  *out = period_year(date_year(today));
  return !in->period || period_read(in->period, out, e);
}

bool output_open(const Invocation *in, Output *o, Error *e) {
  *o = (Output){.f = stdout, .name = in->output};
  if (!in->output || !strcmp(in->output, "-")) return true;
  struct stat st;
  bool device = !stat(in->output, &st) && !S_ISREG(st.st_mode); /* never to be replaced by a file */
  o->part = device ? NULL : arena_print(in->arena, "%s.part%ld", in->output, (long)getpid());
  o->f = fopen(device ? in->output : o->part, "wbe");
  if (o->f) return true;
  return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能写入 %s，请检查目录、权限和磁盘空间。", in->output);
}

static bool unwritten(const Output *o, int why, Error *e) {
  if (o->f == stdout) return fail_because(e, ERROR_UNAVAILABLE, strerror(why), "结果没有写完，请检查磁盘空间。");
  return fail_because(e, ERROR_UNAVAILABLE, strerror(why), "不能写入 %s，请检查目录、权限和磁盘空间。", o->name);
}

bool output_write(void *output, const char *bytes, size_t n, Error *e) {
  Output *o = output;
  return fwrite(bytes, 1, n, o->f) == n || unwritten(o, errno, e);
}

bool output_close(Output *o, bool well, Error *e) {
  bool flushed = !fflush(o->f) && (!o->part || !fsync(fileno(o->f)));
  int why = errno;
  if (o->f != stdout && fclose(o->f)) flushed = false;
  if (o->part && well && flushed) {
    flushed = !rename(o->part, o->name);
    why = errno;
  }
  if (o->part && !(well && flushed)) unlink(o->part);
  return well && (flushed || unwritten(o, why, e));
}

bool write_output(const Invocation *in, const char *bytes, size_t n, Error *e) {
  Output o;
  return output_open(in, &o, e) && output_close(&o, output_write(&o, bytes, n, e), e);
}

bool write_json(const Invocation *in, json_t *value, Error *e) {
  TEXT_SCOPE out = text_new(TEXT_CEILING);
  json_write(value, true, &out);
  json_decref(value);
  text_add_char(&out, '\n');
  if (out.full) return fail(e, ERROR_LIMIT, "结果太大，请用 --org 或 --period 缩小范围。");
  return write_output(in, text_get(&out), out.length, e);
}

bool read_input(Arena *a, const char *path, size_t ceiling, const char **bytes, size_t *n, Error *e) {
  bool standard = !strcmp(path, "-");
  struct stat st;
  FILE *f = standard ? stdin : fopen(path, "rb");
  if (!f) return fail_because(e, ERROR_MISSING, strerror(errno), "打不开文件 %s，请核对文件名和权限。", path);
  bool well = true;
  TEXT_SCOPE all = text_new(ceiling);
  if (!standard && (fstat(fileno(f), &st) || !S_ISREG(st.st_mode)))
    well = fail(e, ERROR_INVALID, "%s 不是一个文件，请核对。", path);
  char block[64 * 1024];
  for (size_t got; well && (got = fread(block, 1, sizeof block, f));) {
    text_add_n(&all, block, got);
    if (all.full)
      well = fail(e, ERROR_LIMIT, "%s 太大，最多%zu MB，请分成几份。", standard ? "输入" : path, ceiling / (1024 * 1024));
  }
  if (well && ferror(f)) well = fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "读文件 %s 时出错，请再试。", path);
  if (!standard) fclose(f);
  if (!well) return false;
  *bytes = arena_slice(a, text_get(&all), all.length);
  *n = all.length;
  return true;
}

void print_issues(const Issues *issues) {
  enum { SHOWN = 200 };
  for (size_t i = 0; i < issues->count && i < SHOWN; i++) {
    const Issue *issue = &issues->at[i];
    bool placed = issue->where && *issue->where;
    fprintf(stderr, "  %s%s%s\n", placed ? issue->where : "", placed ? "：" : "", issue->sentence);
  }
  if (issues->count > SHOWN) fprintf(stderr, "  另有%zu处。\n", issues->count - SHOWN);
}
