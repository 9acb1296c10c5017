/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Reading the command line. A command takes only the options its row names; anything else is told with
 * the nearest known word, before anything is opened. */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const Command commands[] = {
    {"init", "[--profile 目录] [--store 地址]", "建立一个空站点", OPTION_STORE | OPTION_PROFILE | OPTION_CLOCK, 0, 0, NULL, command_init},
    {"demo", "[--profile 目录] [--store 地址] [--vary 种子]", "建立演示站点：一个虚构的乡，一整年的记录；--vary 换一组数目和随机数",
     OPTION_STORE | OPTION_PROFILE | OPTION_VARY, 0, 0, NULL, command_demo},
    {"list", "台账 [--where 条件] [--org 组织] [--all]", "列出记录；--all 连同作废的",
     OPTION_AS | OPTION_ORG | OPTION_PERIOD | OPTION_WHERE | OPTION_FORMAT | OPTION_OUTPUT | OPTION_ALL, 0, 1, "table json",
     command_list},
    {"show", "台账 编号", "一条记录的全部内容、明细、附件和修改经过", OPTION_AS | OPTION_FORMAT | OPTION_OUTPUT, 2, 2, "table json",
     command_show},
    {"do", "[操作] [--json 文件|-]", "执行一项操作；不带操作名则列出全部", OPTION_AS | OPTION_JSON | OPTION_REQUEST | OPTION_FORMAT, 0, 1,
     "table json", command_do},
    {"attach", "台账 编号 [文件 [--name 文件名]] | 附件编号 -o 文件 | 文件", "给一条记录添附件；不写文件则列出；取出一份；只给文件则存放它，得到签到表等栏目要填的摘要",
     OPTION_AS | OPTION_NAME | OPTION_OUTPUT, 1, 3, NULL, command_attach},
    {"import", "台账 文件.csv|- [--dry-run] [--org 组织] [--new]", "导入表格：全部核对无误才写入；--new 不按编号修改，全部作为新记录",
     OPTION_AS | OPTION_DRY_RUN | OPTION_ORG | OPTION_NEW | OPTION_FORMAT | OPTION_OUTPUT, 2, 2, "table json", command_import},
    {"export", "台账[.明细] -o 文件.csv|.json [--where 条件]", "导出记录，可改后再导入；--template 只要表头，供填写",
     OPTION_AS | OPTION_ORG | OPTION_PERIOD | OPTION_WHERE | OPTION_OUTPUT | OPTION_FORMAT | OPTION_TEMPLATE, 1, 1, "csv json",
     command_export},
    {"figures", "[--org 组织] [--period 2023]", "全部指标", OPTION_AS | OPTION_ORG | OPTION_PERIOD | OPTION_FORMAT | OPTION_OUTPUT, 0, 0,
     "table json", command_figures},
    {"rows", "指标 [--org 组织] [--period 2023]", "一项指标背后的每一条记录",
     OPTION_AS | OPTION_ORG | OPTION_PERIOD | OPTION_FORMAT | OPTION_OUTPUT, 1, 1, "table json", command_rows},
    {"board", "[--org 组织] [--period 2023]", "各组织应做的事和记录是否做到；--format json 列出每一格的记录",
     OPTION_AS | OPTION_ORG | OPTION_PERIOD | OPTION_FORMAT | OPTION_OUTPUT, 0, 0, "table json", command_board},
    {"report", "报告名 [--period 2023] [--format text|html|json] [--evidence] [--freeze | --frozen [第几稿] | --beside] [-o 文件]",
     "按台账写成的报告；--evidence 文本后附佐证目录；--freeze 定稿；--frozen 看定稿和补录；--beside 与上年并列",
     OPTION_FREEZE | OPTION_FROZEN | OPTION_BESIDE | OPTION_REQUEST | OPTION_EVIDENCE | OPTION_AS | OPTION_ORG | OPTION_PERIOD | OPTION_FORMAT | OPTION_OUTPUT, 1, 1, "text html json", command_report},
    {"verify", "初稿.docx|初稿.txt|- [--period 2023] [--org 组织] [--templates 文件夹] [--format text|html|json] [-o 文件]", "核对初稿：每个数与台账对一遍；--templates 把佐证缺口清单和导入样表写到文件夹",
     OPTION_TEMPLATES | OPTION_AS | OPTION_ORG | OPTION_PERIOD | OPTION_FORMAT | OPTION_OUTPUT, 1, 1, "text html json", command_verify},
    {"serve", "[--listen 127.0.0.1:8420] [--plain] [--proxy]", "在浏览器里用；监听本机以外的地址时用自己的证书加密，前面有反向代理的用 --proxy",
     OPTION_LISTEN | OPTION_PLAIN | OPTION_PROXY, 0, 0, NULL, command_serve},
    {"page", "/路径 [--as 账号]", "任何一页，写到标准输出", OPTION_AS | OPTION_OUTPUT, 1, 1, NULL, command_page},
    {"user", "list | add|password|disable|enable 账号 | grant|revoke 账号 --role 角色 [--org 组织]", "账号：add 可带 --role --org --person；新的一次性密码只打印一次",
     OPTION_AS | OPTION_ROLE | OPTION_PERSON | OPTION_ORG, 1, 2, NULL, command_user},
    {"audit", "[--manifest 文件]", "核验记录链，并证明各表与记录链一致；可与另存的根对照", OPTION_AS | OPTION_FORMAT | OPTION_MANIFEST | OPTION_OUTPUT,
     0, 0, "text json", command_audit},
    {"migrate", "", "让改过的声明生效", 0, 0, 0, NULL, command_migrate},
    {"backup", "[--keys] 文件", "备份数据库和附件，在一个文件里；--keys 备份密钥，分开保存", OPTION_KEYS, 1, 1, NULL, command_backup},
    {"restore", "[--files | --keys] 文件", "用备份换下损坏的数据库（原来的留着）；--files 只放回附件；--keys 放回密钥，并重做此后的清除",
     OPTION_KEYS | OPTION_FILES, 1, 1, NULL, command_restore},
    {"doctor", "", "体检：数据库、记录链、声明、密钥及其备份、磁盘、组织、台账，一项一行", 0, 0, 0, NULL, command_doctor},
};
const size_t command_count = sizeof commands / sizeof *commands;

typedef struct OptionRow {
  const char *name;
  unsigned bit;      /* 0: every command */
  size_t target;     /* offset of a const char * in Invocation; for switches, of a bool */
  bool is_switch;
  const char *fallback; /* a number may follow, and this is it when none does; NULL: something must follow */
} OptionRow;

#define AT(field) offsetof(Invocation, field)
static const OptionRow option_rows[] = {
    {"-C", 0, AT(folder), false},
    {"--as", OPTION_AS, AT(account), false},
    {"--org", OPTION_ORG, AT(org), false},
    {"--period", OPTION_PERIOD, AT(period), false},
    {"--where", OPTION_WHERE, AT(where), false},
    {"--format", OPTION_FORMAT, AT(format), false},
    {"-o", OPTION_OUTPUT, AT(output), false},
    {"--listen", OPTION_LISTEN, AT(listen), false},
    {"--plain", OPTION_PLAIN, AT(plain), true},
    {"--proxy", OPTION_PROXY, AT(proxy), true},
    {"--role", OPTION_ROLE, AT(role), false},
    {"--person", OPTION_PERSON, AT(person), false},
    {"--name", OPTION_NAME, AT(name), false},
    {"--json", OPTION_JSON, AT(json), false},
    {"--store", OPTION_STORE, AT(store), false},
    {"--profile", OPTION_PROFILE, AT(profile), false},
    {"--request", OPTION_REQUEST, AT(request), false},
    {"--manifest", OPTION_MANIFEST, AT(manifest), false},
    {"--clock", OPTION_CLOCK, AT(clock), false},
    {"--vary", OPTION_VARY, AT(vary), false},
    {"--dry-run", OPTION_DRY_RUN, AT(dry_run), true},
    {"--all", OPTION_ALL, AT(all), true},
    {"--template", OPTION_TEMPLATE, AT(template), true},
    {"--templates", OPTION_TEMPLATES, AT(templates), false},
    {"--new", OPTION_NEW, AT(as_new), true},
    {"--files", OPTION_FILES, AT(files), true},
    {"--keys", OPTION_KEYS, AT(keys), true},
    {"--evidence", OPTION_EVIDENCE, AT(evidence), true},
    {"--freeze", OPTION_FREEZE, AT(freeze), true},
    {"--frozen", OPTION_FROZEN, AT(frozen), false, "0"},
    {"--beside", OPTION_BESIDE, AT(beside), true},
};
enum { OPTION_ROWS = sizeof option_rows / sizeof *option_rows };

static void print_help(void) {
  printf("落实 luoshi：乡镇党委的台账、指标、报告和初稿核对\n\n用法：luoshi [-C 站点目录] 命令 …\n\n");
  for (size_t i = 0; i < command_count; i++)
    printf("  luoshi %s %s\n      %s\n", commands[i].name, commands[i].usage, commands[i].help);
  printf("\n站点目录默认 ./site，也可用环境变量 LUOSHI_SITE。--as 账号 指定是谁，不写是本机负责人。\n"
         "结果：0 完成，1 有问题待处理，2 用法不对，3 没有做成。\n");
}

static const Command *find_command(const char *name, Error *e) {
  const char *names[sizeof commands / sizeof *commands];
  for (size_t i = 0; i < command_count; i++) {
    names[i] = commands[i].name;
    if (!strcmp(names[i], name)) return &commands[i];
  }
  const char *near = nearest(name, names, command_count);
  if (near) fail(e, ERROR_INVALID, "没有命令“%s”，是不是“%s”？", name, near);
  else fail(e, ERROR_INVALID, "没有命令“%s”，运行 luoshi help 看全部命令。", name);
  return NULL;
}

static const OptionRow *find_option(const char *word, const Command *command, Error *e) {
  const char *names[OPTION_ROWS];
  size_t count = 0;
  for (size_t i = 0; i < OPTION_ROWS; i++) {
    const OptionRow *o = &option_rows[i];
    if (o->bit && command && !(command->options & o->bit)) continue;
    names[count++] = o->name;
    if (!strcmp(o->name, word)) return o;
  }
  const char *near = nearest(word, names, count);
  const char *of = command ? command->name : "luoshi";
  if (near) fail(e, ERROR_INVALID, "%s 没有选项“%s”，是不是“%s”？", of, word, near);
  else fail(e, ERROR_INVALID, "%s 没有选项“%s”，运行 luoshi help 看用法。", of, word);
  return NULL;
}

static bool is_number(const char *word) { return *word && !word[strspn(word, "0123456789")]; }

/* An option may be written --name value or --name=value. */
static bool read_option(Invocation *in, const Command *command, char **words, int *at, int count, Error *e) {
  const char *word = words[*at], *equals = strncmp(word, "--", 2) ? NULL : strchr(word, '=');
  const char *name = equals ? arena_slice(in->arena, word, (size_t)(equals - word)) : word;
  const OptionRow *o = find_option(name, command, e);
  if (!o) return false;
  char *base = (char *)in;
  if (o->is_switch) {
    memcpy(base + o->target, &(bool){true}, sizeof(bool));
    return !equals || fail(e, ERROR_INVALID, "选项“%s”后面不带内容。", name);
  }
  if (o->fallback && !equals && (*at + 1 == count || !is_number(words[*at + 1]))) {
    memcpy(base + o->target, &o->fallback, sizeof o->fallback);
    return true;
  }
  const char *value = equals ? equals + 1 : *at + 1 < count ? words[++*at] : NULL;
  if (!value || !*value) return fail(e, ERROR_INVALID, "选项“%s”后面缺内容，请补上。", name);
  memcpy(base + o->target, &value, sizeof value);
  return true;
}

static bool check_format(Invocation *in, const Command *command, Error *e) {
  if (!command->formats) return true;
  char *copy = arena_copy(in->arena, command->formats), *rest = NULL;
  char *first = strtok_r(copy, " ", &rest);
  if (!in->format) {
    in->format = first;
    return true;
  }
  for (char *word = first; word; word = strtok_r(NULL, " ", &rest))
    if (!strcmp(word, in->format)) return true;
  return fail(e, ERROR_INVALID, "%s 的 --format 可以是：%s，没有“%s”。", command->name, command->formats, in->format);
}

static bool read_line(Invocation *in, const Command **command, int count, char **words, Error *e) {
  in->words = NEW_ARRAY(in->arena, const char *, count + 1);
  for (int i = 1; i < count; i++) {
    bool option = words[i][0] == '-' && words[i][1];
    if ((option && !strcmp(words[i], "--help")) || (!*command && !strcmp(words[i], "help"))) {
      *command = NULL;
      return in->help = true;
    }
    if (option && !read_option(in, *command, words, &i, count, e)) return false;
    if (option) continue;
    if (*command) in->words[in->word_count++] = words[i];
    else if (!(*command = find_command(words[i], e))) return false;
  }
  if (!*command) return true;
  if (in->word_count < (*command)->least || in->word_count > (*command)->most)
    return fail(e, ERROR_INVALID, "用法：luoshi %s %s。", (*command)->name, (*command)->usage);
  return check_format(in, *command, e);
}

int exit_for(const Error *e) { return e->kind == ERROR_INVALID ? EXIT_USAGE : EXIT_FAILED; }

int command_line(int argc, char **argv, Operations operations) {
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  const char *site = getenv("LUOSHI_SITE");
  Invocation in = {.arena = a, .operations = operations, .program = argv[0], .folder = site && *site ? site : "site"};
  const Command *command = NULL;
  int code = EXIT_USAGE;
  if (read_line(&in, &command, argc, argv, &e)) {
    if (!command) {
      print_help();
      return in.help ? EXIT_DONE : EXIT_USAGE;
    }
    code = command->run(&in, &e);
  }
  if (e.kind) fprintf(stderr, "%s\n", e.sentence);
  if (e.kind && *e.cause && getenv("LUOSHI_DEBUG")) fprintf(stderr, "（%s）\n", e.cause);
  if (fflush(stdout)) {
    fprintf(stderr, "结果没有写完，请检查磁盘空间。\n");
    return EXIT_FAILED;
  }
  return code;
}
