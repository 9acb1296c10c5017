/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi init`, `luoshi demo`, `luoshi migrate`: making a site and bringing it to its declarations. */
#include "cli/command.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/generate.h"
#include "cli/users.h"
#include "operation/migrate.h"

/* The shipped profile: --profile, $LUOSHI_PROFILE, beside the program or above it, or where it is installed. */
static const char *profile_folder(const Invocation *in, Error *e) {
  static const char *const near[] = {"profile/township", "../profile/township", "../../profile/township",
                                     "../share/luoshi/profile/township"};
  const char *named = in->profile ? in->profile : getenv("LUOSHI_PROFILE");
  if (named && *named) return named;
  char self[4096];
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  if (n > 0) {
    self[n] = 0;
    const char *folder = dirname(self);
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
      const char *path = arena_print(in->arena, "%s/%s", folder, near[i]);
      if (!access(path, R_OK)) return path;
    }
  }
  if (!access(near[0], R_OK)) return near[0];
  fail(e, ERROR_MISSING, "找不到随程序的声明目录 profile/township，请用 --profile 指出它在哪里。");
  return NULL;
}

int command_init(Invocation *in, Error *e) {
  const char *profile = profile_folder(in, e);
  Date clock = 0;
  if (!profile || (in->clock && !date_read(in->clock, &clock, e))) return EXIT_USAGE;
  if (!site_create(in->folder, in->store, profile, clock, e)) return exit_for(e);
  SITE_SCOPE site = site_open(in->folder, false, e);
  if (!site) return exit_for(e);
  printf("已建立空站点 %s。下一步：用 luoshi do org.found 成立党委，再导入花名册和台账。\n", in->folder);
  if (!users_first(in, site, e)) return exit_for(e);
  return EXIT_DONE;
}

static bool seed_asked(const char *text, int64_t *out, Error *e) {
  char *end;
  errno = 0;
  long long n = strtoll(text, &end, 10);
  if (errno || *end || end == text || n < 0 || n > 2000000000)
    return fail(e, ERROR_INVALID, "--vary 后应是0到2000000000的整数，没有“%s”。", text);
  return *out = n, true;
}

int command_demo(Invocation *in, Error *e) {
  const char *profile = profile_folder(in, e);
  int64_t seed = 0;
  if (!profile || (in->vary && !seed_asked(in->vary, &seed, e))) return EXIT_USAGE;
  Issues issues = {.arena = in->arena};
  const Generation *g = generation_read(in->arena, arena_print(in->arena, "%s/demo.yaml", profile), &issues, e);
  if (g && in->vary) g = generation_varied(in->arena, g, seed);
  SITE_SCOPE site = NULL;
  Generated made;
  bool well = g && site_create(in->folder, in->store, profile, generation_clock(g), e) &&
              site_mark_demo(in->folder, e) && (site = site_open(in->folder, false, e)) && generation_fill(site, g, 1, &made, &issues, e);
  if (issues.count) print_issues(&issues);
  if (!well) return exit_for(e);
  printf("已建立演示站点 %s：%s，%lld条记录、%lld行明细，名称都是虚构的。\n", in->folder, generation_label(g),
         (long long)made.records, (long long)made.lines);
  return users_demo(in, site, e) ? EXIT_DONE : exit_for(e);
}

int command_migrate(Invocation *in, Error *e) {
  SITE_SCOPE site = site_open(in->folder, true, e);
  if (!site) return exit_for(e);
  Issues done = {.arena = in->arena};
  if (!site_migrate(site, &done, e)) return exit_for(e);
  for (size_t i = 0; i < done.count; i++) printf("%s：%s\n", done.at[i].where, done.at[i].sentence);
  printf(done.count ? "声明已生效。\n" : "声明与各表一致，没有要改的表。\n");
  return EXIT_DONE;
}
