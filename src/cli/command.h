/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The command line is a contract (docs/commands.md): one const table of commands, one set of options.
 * Exit codes: 0 done, 1 found something wrong, 2 usage, 3 failed. */
#ifndef LUOSHI_CLI_COMMAND_H
#define LUOSHI_CLI_COMMAND_H

#include <stdio.h>

#include "operation/operation.h"

enum { EXIT_DONE = 0, EXIT_FOUND = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

typedef enum {
  OPTION_AS = 1 << 0, OPTION_ORG = 1 << 1, OPTION_PERIOD = 1 << 2, OPTION_WHERE = 1 << 3, OPTION_FORMAT = 1 << 4,
  OPTION_OUTPUT = 1 << 5, OPTION_JSON = 1 << 6, OPTION_DRY_RUN = 1 << 7, OPTION_STORE = 1 << 8,
  OPTION_PROFILE = 1 << 9, OPTION_REQUEST = 1 << 10, OPTION_ALL = 1 << 11, OPTION_MANIFEST = 1 << 12,
  OPTION_CLOCK = 1 << 13, OPTION_TEMPLATE = 1 << 14, OPTION_NEW = 1 << 15,
  OPTION_KEYS = 1 << 16, OPTION_VARY = 1 << 17, OPTION_EVIDENCE = 1 << 18, OPTION_TEMPLATES = 1 << 19, OPTION_LISTEN = 1 << 20, OPTION_FREEZE = 1 << 21, OPTION_FROZEN = 1 << 22, OPTION_BESIDE = 1 << 23, OPTION_ROLE = 1 << 24, OPTION_PERSON = 1 << 25, OPTION_NAME = 1 << 26, OPTION_FILES = 1 << 27, OPTION_PLAIN = 1 << 29, OPTION_PROXY = 1 << 30
} OptionSet;

typedef struct Invocation {
  Arena *arena;
  Operations operations;
  const char *program;  /* argv[0], to find the shipped profile */
  const char *folder;   /* -C, $LUOSHI_SITE, ./site */
  const char *account, *org, *period, *where, *format, *output, *json, *store, *profile, *request, *manifest, *clock, *vary, *templates, *listen, *role, *person, *name;
  bool help, dry_run, all, template, as_new, keys, evidence, freeze, beside, plain, proxy, files;
  const char *frozen;   /* an issue; "0": the one in force */
  const char **words;   /* what remains: relation, file … */
  size_t word_count;
} Invocation;

typedef struct Command {
  const char *name;
  const char *usage;    /* after the name */
  const char *help;     /* one line */
  unsigned options;     /* OptionSet */
  size_t least, most;   /* words */
  const char *formats;  /* "table json", first is the default; NULL: no --format */
  int (*run)(Invocation *in, Error *e); /* exit code; a failure leaves e filled and returns exit_for(e) */
} Command;

extern const Command commands[];
extern const size_t command_count;

/* Reads the command line and runs it; prints errors on standard error. */
int command_line(int argc, char **argv, Operations operations);
int exit_for(const Error *e);

/* ---- shared by commands ---- */
bool is_format(const Invocation *in, const char *format);
/* The org of --org, or the root; the period of --period, or the site's year. */
bool asked_org(const Invocation *in, const Session *s, int64_t *org, Error *e);
bool asked_period(const Invocation *in, Date today, Period *out, Error *e);
/* What -o names, or standard output. A file is written beside and renamed when it is whole. */
typedef struct Output { FILE *f; const char *name, *part; } Output;
bool output_open(const Invocation *in, Output *o, Error *e);
bool output_write(void *output, const char *bytes, size_t n, Error *e);
bool output_close(Output *o, bool well, Error *e); /* `well` false: nothing is left behind */
bool write_output(const Invocation *in, const char *bytes, size_t n, Error *e);
bool write_json(const Invocation *in, json_t *value, Error *e); /* takes the reference */
/* A whole file or standard input (“-”), at most `ceiling` bytes. Arena. */
bool read_input(Arena *a, const char *path, size_t ceiling, const char **bytes, size_t *n, Error *e);
void print_issues(const Issues *issues); /* on standard error, one a line */

/* ---- one function a command ---- */
int command_init(Invocation *in, Error *e);
int command_demo(Invocation *in, Error *e);
int command_migrate(Invocation *in, Error *e);
int command_list(Invocation *in, Error *e);
int command_show(Invocation *in, Error *e);
int command_do(Invocation *in, Error *e);
int command_attach(Invocation *in, Error *e);
int command_import(Invocation *in, Error *e);
int command_export(Invocation *in, Error *e);
int command_figures(Invocation *in, Error *e);
int command_rows(Invocation *in, Error *e);
int command_board(Invocation *in, Error *e);
int command_report(Invocation *in, Error *e);
int command_verify(Invocation *in, Error *e);
int command_audit(Invocation *in, Error *e);
int command_backup(Invocation *in, Error *e);
int command_restore(Invocation *in, Error *e);
int command_serve(Invocation *in, Error *e);
int command_page(Invocation *in, Error *e);
int command_doctor(Invocation *in, Error *e);
int command_user(Invocation *in, Error *e);

#endif
