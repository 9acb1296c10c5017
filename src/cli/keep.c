/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi backup` and `luoshi restore`: the database as a consistent copy with the records' files, and the keys, apart. */
#include "cli/command.h"

#include "access/keys.h"
#include "operation/restore.h"

static bool back_up_keys(Site *site, const char *path, Error *e) {
  if (!keys_backup(site, path, e)) return false;
  printf("密钥已备份到 %s。它能打开全部隐私项，请存到别处（不要和数据库的备份放在一起），只给该看的人。\n", path);
  return true;
}

static bool back_up(Site *site, const char *path, Error *e) {
  BackedUp done;
  if (!site_backup(site, path, &done, e)) return false;
  printf("已备份到 %s", path);
  if (done.files) printf("，附件%zu份在内", done.files);
  printf("。密钥要另外备份（luoshi backup --keys 文件），没有它备份里的隐私项打不开。\n");
  if (done.missing) fprintf(stderr, "有%zu份附件的文件不在或被改动过，没有备份进去，请运行 luoshi audit 查明。\n", done.missing);
  return true;
}

int command_backup(Invocation *in, Error *e) {
  SITE_SCOPE site = site_open(in->folder, false, e);
  const char *path = in->words[0];
  if (site && (in->keys ? back_up_keys(site, path, e) : back_up(site, path, e))) return EXIT_DONE;
  return site && e->kind == ERROR_CONFLICT ? EXIT_USAGE : exit_for(e);
}

static void tell_files(const FilesBack *files) {
  if (files->files) printf("附件%zu份已在原处。", files->files);
  if (files->broken) printf("备份里有%zu份附件不完整，没有放回，请换一份备份用 --files 再放一次。", files->broken);
}

static int restore_files(Invocation *in, Error *e) {
  FilesBack done;
  if (!site_restore_files(in->arena, in->folder, in->words[0], &done, e)) return exit_for(e);
  if (!done.files && !done.broken) printf("%s 里没有附件。", in->words[0]);
  tell_files(&done);
  printf("请接着运行 luoshi audit 全面核验。\n");
  return done.broken ? EXIT_FOUND : EXIT_DONE;
}

static int restore_data(Invocation *in, Error *e) {
  Restored done;
  if (!site_restore(in->arena, in->folder, in->words[0], &done, e)) return exit_for(e);
  printf("已从 %s 恢复到记录链第%lld号，此后的登记要补录。", in->words[0], (long long)done.seq);
  if (done.aside) printf("原来的数据库留在 %s。", done.aside);
  tell_files(&done.files);
  printf("请接着运行 luoshi audit 全面核验。\n");
  return done.files.broken ? EXIT_FOUND : EXIT_DONE;
}

int command_restore(Invocation *in, Error *e) {
  size_t erased = 0;
  if (in->keys && in->files) return fail(e, ERROR_INVALID, "--keys 和 --files 请分两次做。"), EXIT_USAGE;
  if (!in->keys) return in->files ? restore_files(in, e) : restore_data(in, e);
  if (!keys_restore(in->folder, in->words[0], &erased, e)) return exit_for(e);
  printf("密钥已放回 %s/keys。", in->folder);
  if (erased) printf("记录链里记着的%zu次清除已经重做，清除过的打不开。", erased);
  printf("\n");
  return EXIT_DONE;
}
