/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi do`: any operation of the table, with its arguments as one JSON object. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "journal/seal.h"

enum { INPUT_CEILING = 8 * 1024 * 1024 };

static int list_operations(const Invocation *in) {
  for (size_t i = 0; i < in->operations.count; i++) {
    const Operation *op = in->operations.at[i];
    printf("%s  %s：%s\n", op->name, op->label, op->help);
    for (size_t k = 0; k < op->argument_count; k++) {
      const Argument *g = &op->arguments[k];
      printf("    %-12s %s%s%s%s\n", g->name, g->label, g->required ? "" : "（可不填）", g->among ? "：" : "", g->among ? g->among : "");
    }
  }
  printf("\n例：echo '{\"ledger\": \"台账名\", …}' | luoshi do record.save --json -\n");
  return EXIT_DONE;
}

/* A number of its own, so that a request whose end nobody knows can be made again. */
static bool number_request(Invocation *in, Error *e) {
  unsigned char bytes[8];
  char hex[2 * sizeof bytes + 1];
  if (in->request) return true;
  if (!random_bytes(bytes, sizeof bytes, e)) return false;
  hex_write(bytes, sizeof bytes, hex);
  in->request = arena_copy(in->arena, hex);
  return true;
}

static int tell_failure(const Invocation *in, const Issues *issues, Error *e) {
  char cause[sizeof e->cause];
  memcpy(cause, e->cause, sizeof cause);
  if (e->kind == ERROR_UNKNOWN)
    fail_because(e, ERROR_UNKNOWN, cause, "提交时数据库断开或出错，不能确定是否已保存：恢复后请加上 --request %s 原样再做一次，不会重复。",
                 in->request);
  if (!issues->count) return exit_for(e);
  fprintf(stderr, "没有做成，什么都没有改。请改正：\n");
  print_issues(issues);
  *e = (Error){0};
  return EXIT_FOUND;
}

int command_do(Invocation *in, Error *e) {
  if (!in->word_count) return list_operations(in);
  const Operation *op = operation_find(in->operations, in->words[0], e);
  if (!op) return EXIT_USAGE;
  if (!in->json) return fail(e, ERROR_INVALID, "请用 --json 给出参数文件，或用 --json - 从标准输入读。"), EXIT_USAGE;
  const char *bytes;
  size_t n;
  if (!read_input(in->arena, in->json, INPUT_CEILING, &bytes, &n, e)) return exit_for(e);
  JSON_SCOPE input = json_read(bytes, n, INPUT_CEILING, e);
  if (!input) return exit_for(e);
  SITE_SCOPE site = site_open(in->folder, false, e);
  if (!site || !number_request(in, e)) return exit_for(e);
  JSON_SCOPE result = NULL;
  Issues issues = {.arena = in->arena};
  OperationCall call = {.account = in->account, .request_id = in->request};
  if (!operation_run(site, op, input, call, &result, &issues, e)) return tell_failure(in, &issues, e);
  if (is_format(in, "json")) return write_json(in, json_incref(result), e) ? EXIT_DONE : exit_for(e);
  const char *id = json_string_value(json_object_get(result, "id"));
  printf("%s：已完成%s%s，记录链第%lld号%s。\n", op->label, id ? "，编号" : "", id ? id : "",
         (long long)json_integer_value(json_object_get(result, "revision")),
         json_object_get(result, "repeated") ? "（这次请求以前已完成，没有重复写入）" : "");
  return EXIT_DONE;
}
