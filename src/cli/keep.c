/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi backup` and `luoshi restore`: the database as a consistent copy, and the keys, apart from it. */
#include "cli/command.h"

#include "access/keys.h"
#include "operation/restore.h"

static bool back_up(Invocation *in, Site *site, Error *e) {
  const char *path = in->words[0];
  if (in->keys ? !keys_backup(site, path, e) : !store_backup(site->store, path, e)) return false;
  if (in->keys) printf("密钥已备份到 %s。它能打开全部隐私项，请存到别处（不要和数据库的备份放在一起），只给该看的人。\n", path);
  else printf("已备份到 %s。密钥要另外备份（luoshi backup --keys 文件），没有它备份里的隐私项打不开。\n", path);
  return true;
}

int command_backup(Invocation *in, Error *e) {
  SITE_SCOPE site = site_open(in->folder, false, e);
  if (site && back_up(in, site, e)) return EXIT_DONE;
  return site && e->kind == ERROR_CONFLICT ? EXIT_USAGE : exit_for(e);
}

static int restore_data(Invocation *in, Error *e) {
  Restored done;
  if (!site_restore(in->arena, in->folder, in->words[0], &done, e)) return exit_for(e);
  printf("已从 %s 恢复到记录链第%lld号，此后的登记要补录。", in->words[0], (long long)done.seq);
  if (done.aside) printf("原来的数据库留在 %s。", done.aside);
  printf("请接着运行 luoshi audit 全面核验。\n");
  return EXIT_DONE;
}

int command_restore(Invocation *in, Error *e) {
  size_t erased = 0;
  if (!in->keys) return restore_data(in, e);
  if (!keys_restore(in->folder, in->words[0], &erased, e)) return exit_for(e);
  printf("密钥已放回 %s/keys。", in->folder);
  if (erased) printf("记录链里记着的%zu次清除已经重做，清除过的打不开。", erased);
  printf("\n");
  return EXIT_DONE;
}
