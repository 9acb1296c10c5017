/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Files on records: what is taken and what is refused, on disk whole or not at all, what the sweep takes and leaves, who
 * gets at one, what a file column of a record does, and a file of several parts through a backup and back. Under the
 * engine of $LUOSHI_TEST_STORE. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#include "base/json.h"
#include "ledger/attachment.h"
#include "ledger/office.h"
#include "operation/migrate.h"
#include "operation/restore.h"
#include "paper/pack.h"
#include "store_fixture.h"

#include "check.h"

/* ---- what it is ---- */

typedef struct Bytes { const char *at; size_t n; } Bytes;
#define B(text) {text, sizeof(text) - 1}

typedef struct KindCase { Bytes bytes; const char *kind, *says; } KindCase;

static const KindCase kind_cases[] = {
    {B("%PDF-1.4\n..."), "pdf", NULL},
    {B("\xFF\xD8\xFF\xE0JFIF"), "jpeg", NULL},
    {B("\x89PNG\r\n\x1A\n...."), "png", NULL},
    {B("RIFF\4\0\0\0WEBPVP8 "), "webp", NULL},
    {B("\0\0\0\x18" "ftypheic"), "heic", NULL},
    {B("II*\0...."), "tiff", NULL},
    {B("MM\0*...."), "tiff", NULL},
    {B("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"), "doc", NULL},
    {B("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..W\0o\0r\0k\0b\0o\0o\0k\0"), "xls", NULL},
    {B("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..W\0o\0r\0k\0b\0o\0o\0k\0_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0"), NULL, "宏"},
    {B("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"), NULL, "密码"},
    {B("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 an installer"), NULL, "不能作附件"},
    {B("姓名,方式\n张三,到会\n"), "text", NULL},
    {B("\xEF\xBB\xBF姓名"), "text", NULL},
    {B("\xD0\xD5\xC3\xFB\xA3\xAC\xD4\xBC\xCC\xB8\n"), "text", NULL}, /* 姓名，约谈 in GB18030 */
    {B("a < b"), "text", NULL},
    {B(""), NULL, "空的"},
    {B("<html><body>"), NULL, "PDF"},
    {B("\n  <?xml version='1.0'?><svg/>"), NULL, "不能作附件"},
    {B("\xEF\xBB\xBF<!DOCTYPE html>"), NULL, "不能作附件"},
    {B("姓名 <SCRIPT src=x>"), NULL, "不能作附件"},
    {B("#!/bin/sh\nrm"), NULL, "不能作附件"},
    {B("@echo off"), NULL, "不能作附件"},
    {B("{\\rtf1 ..."), NULL, "不能作附件"},
    {B("\x7F" "ELF\2\1\1\0"), NULL, "不能作附件"},
    {B("MZ\x90\0\3\0\0\0"), NULL, "不能作附件"},
    {B("PK\3\4 cut off"), NULL, "不能作附件"},
    {B("GIF89a\1\0\1\0"), NULL, "不能作附件"},
};

static void check_kind(const char *what, const char *bytes, size_t n, const char *wanted, const char *says) {
  Error e = {0};
  const FileKind *kind = files_kind(bytes, n, &e);
  if (wanted && (!kind || strcmp(kind->name, wanted) != 0)) fail_msg("%s: %s, not %s (%s)", what, kind ? kind->name : "none", wanted, e.sentence);
  if (!wanted && (kind || !strstr(e.sentence, says))) fail_msg("%s: %s (%s)", what, kind ? kind->name : "none", e.sentence);
}

static void kinds(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof kind_cases / sizeof *kind_cases; i++) {
    const KindCase *c = &kind_cases[i];
    check_kind(c->bytes.at, c->bytes.at, c->bytes.n, c->kind, c->says);
  }
}

typedef struct PackCase { const char *names[4]; const char *kind, *says; } PackCase;

static const PackCase pack_cases[] = {
    {{"[Content_Types].xml", "word/document.xml"}, "docx", NULL},
    {{"[Content_Types].xml", "xl/workbook.xml"}, "xlsx", NULL},
    {{"[Content_Types].xml", "ppt/presentation.xml"}, "pptx", NULL},
    {{"OFD.xml", "Doc_0/Document.xml"}, "ofd", NULL},
    {{"[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"}, NULL, "宏"},
    {{"word/document.xml"}, NULL, "不能作附件"},
    {{"run.exe"}, NULL, "不能作附件"},
};

static void packed_kinds(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof pack_cases / sizeof *pack_cases; i++) {
    const PackCase *c = &pack_cases[i];
    PackFile files[4];
    size_t count = 0;
    Error e = {0};
    TEXT_SCOPE out = text_new(100000);
    while (count < 4 && c->names[count]) files[count] = (PackFile){c->names[count], "x", 1}, count++;
    assert_true(pack_files(files, count, &out, &e));
    check_kind(c->names[0], text_get(&out), out.length, c->kind, c->says);
    if (c->kind) check_kind("cut", text_get(&out), out.length - 10, NULL, "不能作附件");
  }
}

typedef struct NameCase { const char *given, *kind, *name; /* NULL: refused */ } NameCase;

static const NameCase name_cases[] = {
    {"签到表.pdf", "pdf", "签到表.pdf"},
    {"a.PDF", "pdf", "a.PDF"},
    {"照片.jpeg", "jpeg", "照片.jpeg"},
    {"照片", "jpeg", "照片.jpg"},
    {"run.exe", "pdf", "run.exe.pdf"},
    {"C:\\a b\\扫描.pdf", "pdf", "扫描.pdf"},
    {"../../etc/passwd", "text", "passwd.txt"},
    {"名单.csv", "text", "名单.csv"},
    {"旧.wps", "doc", "旧.wps"},
    {"..hidden", "text", "hidden.txt"},
    {" a. ", "text", "a.txt"},
    {"", "pdf", NULL},
    {"a/", "pdf", NULL},
    {"...", "pdf", NULL},
    {"a\nb.pdf", "pdf", NULL},
    {"a\xFF.pdf", "pdf", NULL},
};

static void names(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  for (size_t i = 0; i < sizeof name_cases / sizeof *name_cases; i++) {
    const NameCase *c = &name_cases[i];
    Error e = {0};
    const char *name = files_name(a, c->given, files_kind_named(c->kind), &e);
    if (!name != !c->name || (name && strcmp(name, c->name) != 0)) fail_msg("%s: %s (%s)", c->given, name ? name : "none", e.sentence);
  }
  Error e = {0};
  char *longest = arena_alloc(a, 300);
  memset(longest, 'a', 250);
  assert_null(files_name(a, longest, files_kind_named("pdf"), &e));
  assert_int_equal(e.kind, ERROR_LIMIT);
}

/* ---- a site ---- */

typedef struct Stand {
  Fixture *f;
  char folder[96];
  Site *site;
  int64_t visit; /* at 东村 */
} Stand;

static const Operation *operation_named(const char *name) {
  static const struct { const Operation *const *at; const size_t *count; } tables[] = {
      {file_operations, &file_operation_count},
      {record_operations, &record_operation_count},
      {tree_operations, &tree_operation_count},
      {account_operations, &account_operation_count},
  };
  for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
    for (size_t i = 0; i < *tables[t].count; i++)
      if (!strcmp(tables[t].at[i]->name, name)) return tables[t].at[i];
  return NULL;
}

/* The id of what it made; 0 and `says` when it was refused. */
static int64_t try_or_rehearse(Stand *t, const char *account, bool rehearse, const char *name, json_t *input, char says[1024]) {
  ARENA_SCOPE a = arena_new();
  Issues issues = {.arena = a};
  Error e = {0};
  JSON_SCOPE owned = input;
  JSON_SCOPE result = NULL;
  *says = 0;
  if (!operation_run(t->site, operation_named(name), owned, (OperationCall){.account = account, .rehearse = rehearse}, &result, &issues, &e)) {
    snprintf(says, 1024, "%s", issues.count ? issues.at[0].sentence : e.sentence);
    return 0;
  }
  const char *id = json_string_value(json_object_get(result, "id"));
  return id ? strtoll(id, NULL, 10) : -1;
}

static int64_t try(Stand *t, const char *account, const char *name, json_t *input, char says[1024]) {
  return try_or_rehearse(t, account, false, name, input, says);
}

static int64_t act(Stand *t, const char *name, json_t *input) {
  char says[1024];
  int64_t id = try(t, NULL, name, input, says);
  if (!id) fail_msg("%s: %s", name, says);
  return id;
}

static json_t *visit_of(const char *org, const char *topic) {
  return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:[{s:s}]}", "ledger", "visit", "org", org, "held_on", "2023-05-01", "kind", "专题", "topic",
                   topic, "host", "赵一", "people", "person", "赵一");
}

static int up(void **state) {
  if (fixture_setup(state)) return -1;
  Stand *t = calloc(1, sizeof *t);
  Error e = {0};
  t->f = *state;
  fixture_empty(t->f);
  snprintf(t->folder, sizeof t->folder, "%s/site", t->f->folder);
  if (!site_create(t->folder, t->f->postgres ? t->f->url : NULL, "test/unit/data/exchange", 20231220, &e) ||
      !(t->site = site_open(t->folder, false, &e)))
    fail_msg("%s (%s)", e.sentence, e.cause);
  act(t, "org.found", json_pack("{s:s, s:s, s:s}", "name", "甲乡", "kind", "township", "founded_on", "2000-01-01"));
  for (const char *const *village = (const char *const[]){"东村", "西村", NULL}; *village; village++)
    act(t, "org.found", json_pack("{s:s, s:s, s:s, s:s}", "name", *village, "kind", "village", "parent", "甲乡", "founded_on", "2000-01-01"));
  act(t, "record.save", json_pack("{s:s, s:s}", "ledger", "person", "name", "赵一"));
  act(t, "account.open", json_pack("{s:s, s:s, s:s}", "name", "dc", "role", "clerk", "org", "东村"));
  act(t, "account.open", json_pack("{s:s, s:s, s:s}", "name", "xc", "role", "clerk", "org", "西村"));
  t->visit = act(t, "record.save", visit_of("东村", "一"));
  *state = t;
  return 0;
}

static int down(void **state) {
  Stand *t = *state;
  Fixture *f = t->f;
  site_close(t->site);
  free(t);
  void *fixture = f;
  return fixture_teardown(&fixture);
}

static const char *keep(Stand *t, const char *bytes, size_t n) {
  static char hash[FILES_HASH + 1];
  const FileKind *kind;
  Error e = {0};
  if (!files_keep(t->site, bytes, n, hash, &kind, &e)) fail_msg("%s (%s)", e.sentence, e.cause);
  return hash;
}

static const char *keep_text(Stand *t, const char *text) { return keep(t, text, strlen(text)); }

static const char *path_of(Stand *t, const char *hash) {
  static char path[256];
  snprintf(path, sizeof path, "%s/files/%.2s/%s", t->folder, hash, hash);
  return path;
}

static ErrorKind read_kind(Stand *t, const char *hash) {
  ARENA_SCOPE a = arena_new();
  const char *bytes;
  size_t n;
  Error e = {0};
  return files_read(t->site, a, hash, &bytes, &n, &e) ? ERROR_NONE : e.kind;
}

static void scribble(const char *path, const char *text) {
  chmod(path, 0600);
  FILE *f = fopen(path, "w");
  assert_true(f && fputs(text, f) >= 0 && !fclose(f));
}

/* ---- on disk ---- */

static void kept_and_read(void **state) {
  Stand *t = *state;
  ARENA_SCOPE a = arena_new();
  const char *bytes;
  char hash[FILES_HASH + 1];
  size_t n;
  int64_t size;
  struct stat about;
  Error e = {0};
  snprintf(hash, sizeof hash, "%s", keep(t, "%PDF-\0\1", 7));
  assert_true(files_has(t->site, hash, &size) && size == 7);
  assert_true(files_read(t->site, a, hash, &bytes, &n, &e) && n == 7 && !memcmp(bytes, "%PDF-\0\1", 8));
  assert_true(!stat(path_of(t, hash), &about) && (about.st_mode & 0777) == 0600);
  assert_string_equal(keep(t, "%PDF-\0\1", 7), hash);
  static const char *const none[] = {"", "../../site.yaml", "0000000000000000000000000000000000000000000000000000000000000000"};
  for (size_t i = 0; i < 3; i++) {
    assert_false(files_has(t->site, none[i], NULL));
    assert_int_equal(read_kind(t, none[i]), ERROR_MISSING);
  }
  scribble(path_of(t, hash), "%PDF");
  assert_int_equal(read_kind(t, hash), ERROR_BROKEN); /* cut */
  scribble(path_of(t, hash), "%PDF-xx");
  assert_int_equal(read_kind(t, hash), ERROR_BROKEN); /* altered */
  keep(t, "%PDF-\0\1", 7);
  assert_int_equal(read_kind(t, hash), ERROR_NONE); /* put in again, it is whole again */
  unlink(path_of(t, hash));
  assert_int_equal(read_kind(t, hash), ERROR_MISSING);
}

/* A disk that takes no more: told, and nothing is left of it. */
static void full_disk(void **state) {
  Stand *t = *state;
  char hash[FILES_HASH + 1] = "", command[256];
  const FileKind *kind;
  Error e = {0};
  struct rlimit was, small = {.rlim_cur = 4096};
  char *large = malloc(FILES_BYTES + 1);
  assert_non_null(large);
  memset(large, 'a', FILES_BYTES + 1);
  keep_text(t, "first");
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &was);
  small.rlim_max = was.rlim_max;
  setrlimit(RLIMIT_FSIZE, &small);
  bool kept = files_keep(t->site, large, 100000, hash, &kind, &e);
  setrlimit(RLIMIT_FSIZE, &was);
  assert_false(kept);
  assert_int_equal(e.kind, ERROR_UNAVAILABLE);
  assert_false(files_has(t->site, hash, NULL));
  snprintf(command, sizeof command, "%s/files/%.2s", t->folder, hash);
  assert_true(rmdir(command) == 0); /* no part was left in it */
  assert_false(files_keep(t->site, large, FILES_BYTES + 1, hash, &kind, &e));
  assert_int_equal(e.kind, ERROR_LIMIT);
  assert_true(files_keep(t->site, large, FILES_BYTES, hash, &kind, &e));
  free(large);
}

static void age(const char *path) {
  struct timespec old[2] = {{.tv_sec = time(NULL) - FILES_IDLE - 60}, {.tv_sec = time(NULL) - FILES_IDLE - 60}};
  assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
}

static void swept(void **state) {
  Stand *t = *state;
  char young[65], old[65], named[65], was_named[65], part[300], says[1024];
  Error e = {0};
  snprintf(young, sizeof young, "%s", keep_text(t, "young"));
  snprintf(old, sizeof old, "%s", keep_text(t, "old"));
  snprintf(named, sizeof named, "%s", keep_text(t, "named"));
  snprintf(was_named, sizeof was_named, "%s", keep_text(t, "was named"));
  snprintf(part, sizeof part, "%s.part-abcdef", path_of(t, old));
  scribble(part, "unfinished");
  int64_t id = try(t, "dc", "file.attach", json_pack("{s:s, s:I, s:s, s:s}", "ledger", "visit", "record", (json_int_t)t->visit, "hash", named, "name", "a"), says);
  assert_true(id > 0);
  struct stat about;
  assert_true(!stat(path_of(t, named), &about) && (about.st_mode & 0777) == 0400);
  chmod(path_of(t, named), 0600); /* the row alone holds it */
  assert_true(files_settle(t->site, was_named, &e));
  const char *const aged[] = {old, named, was_named};
  for (size_t i = 0; i < 3; i++) age(path_of(t, aged[i]));
  age(part);
  assert_true(files_sweep(t->site, &e));
  assert_true(files_has(t->site, young, NULL) && files_has(t->site, named, NULL) && files_has(t->site, was_named, NULL));
  assert_false(files_has(t->site, old, NULL));
  assert_int_equal(access(part, F_OK), -1);
  keep_text(t, "old");
  json_t *rehearsed = json_pack("{s:s, s:I, s:s, s:s}", "ledger", "visit", "record", (json_int_t)t->visit, "hash", old, "name", "a");
  assert_true(try_or_rehearse(t, "dc", true, "file.attach", rehearsed, says) > 0); /* which names nothing */
  age(path_of(t, old));
  assert_true(files_sweep(t->site, &e) && !files_has(t->site, old, NULL));
  keep_text(t, "old");
  age(path_of(t, old));
  keep_text(t, "old"); /* asked for again: its time begins anew */
  assert_true(files_sweep(t->site, &e) && files_has(t->site, old, NULL));
}

/* ---- on records ---- */

static int64_t attach(Stand *t, const char *account, int64_t record, const char *hash, char says[1024]) {
  return try(t, account, "file.attach", json_pack("{s:s, s:I, s:s, s:s}", "ledger", "visit", "record", (json_int_t)record, "hash", hash, "name", "a"), says);
}

static bool finds(Stand *t, const char *account, int64_t id) {
  Error e = {0};
  Attachment found;
  SESSION_SCOPE s = session_open(t->site, account, TX_READ, &e);
  return s && attachment_find(s, id, &found, &e);
}

static size_t number_of(Stand *t, int64_t record, size_t *live) {
  Error e = {0};
  Attachment *all = NULL;
  size_t count = 0;
  SESSION_SCOPE s = session_open(t->site, NULL, TX_READ, &e);
  assert_true(s && attachments_of(s, catalogue_find(s->catalogue, "visit"), record, &all, &count, &e));
  *live = 0;
  for (size_t i = 0; i < count; i++) *live += !all[i].withdrawn;
  return count;
}

/* Where the record is today, not where it was when the file was put in. */
static void gate_is_the_record(void **state) {
  Stand *t = *state;
  char says[1024];
  size_t live;
  const char *hash = keep_text(t, "text");
  assert_int_equal(attach(t, "xc", t->visit, hash, says), 0);
  int64_t id = attach(t, "dc", t->visit, hash, says);
  assert_true(id > 0);
  assert_true(attach(t, NULL, t->visit, hash, says) == id && number_of(t, t->visit, &live) == 1);
  assert_true(finds(t, "dc", id) && !finds(t, "xc", id) && !finds(t, "dc", id + 1) && !finds(t, "dc", t->visit));
  act(t, "record.save", json_pack("{s:s, s:I, s:s}", "ledger", "visit", "id", (json_int_t)t->visit, "org", "西村"));
  assert_true(!finds(t, "dc", id) && finds(t, "xc", id));
  assert_int_equal(try(t, "dc", "file.withdraw", json_pack("{s:I, s:s}", "id", (json_int_t)id, "reason", "x"), says), 0);
  assert_non_null(strstr(says, "不在您的权限内"));
  assert_int_equal(try(t, "xc", "file.withdraw", json_pack("{s:I, s:s}", "id", (json_int_t)id, "reason", "x"), says), id);
  assert_true(number_of(t, t->visit, &live) == 1 && !live);
  assert_true(attach(t, "xc", t->visit, hash, says) > id);
  act(t, "record.void", json_pack("{s:s, s:I, s:s}", "ledger", "visit", "id", (json_int_t)t->visit, "reason", "x"));
  assert_int_equal(attach(t, "xc", t->visit, keep_text(t, "other"), says), 0);
  assert_non_null(strstr(says, "已作废"));
  assert_true(finds(t, "xc", id));
}

static void not_too_many(void **state) {
  Stand *t = *state;
  char says[1024], text[32];
  size_t live;
  json_t *sheets = json_array();
  for (int i = 0; i < ATTACHMENTS; i++) {
    snprintf(text, sizeof text, "file %d", i);
    assert_true(attach(t, NULL, t->visit, keep_text(t, text), says) > 0);
  }
  assert_int_equal(attach(t, NULL, t->visit, keep_text(t, "one more"), says), 0);
  assert_non_null(strstr(says, "30份"));
  json_array_append_new(sheets, json_pack("{s:i, s:s}", "headcount", 3, "sheet", keep_text(t, "one more")));
  json_t *save = json_pack("{s:s, s:I, s:o}", "ledger", "visit", "id", (json_int_t)t->visit, "people", sheets);
  assert_int_equal(try(t, NULL, "record.save", save, says), 0);
  assert_non_null(strstr(says, "30份"));
  assert_int_equal(number_of(t, t->visit, &live), ATTACHMENTS);
}

static json_t *with_sheet(Stand *t, int64_t id, const char *hash) {
  json_t *o = id ? json_pack("{s:s, s:I}", "ledger", "visit", "id", (json_int_t)id) : visit_of("东村", "二");
  (void)t;
  json_object_set_new(o, "people", json_pack("[{s:i, s:s}, {s:i, s:s}]", "headcount", 3, "sheet", hash, "headcount", 4, "sheet", hash));
  return o;
}

/* A column's file stands on the list once, and needs the disk only when it is named anew. */
static void columns_name_files(void **state) {
  Stand *t = *state;
  char says[1024], hash[65];
  size_t live;
  Error e = {0};
  Attachment *all = NULL;
  size_t count = 0;
  assert_int_equal(try(t, "dc", "record.save", with_sheet(t, 0, "00000000000000000000000000000000000000000000000000000000000000aa"), says), 0);
  assert_non_null(strstr(says, "重新上传"));
  snprintf(hash, sizeof hash, "%s", keep_text(t, "a sheet"));
  int64_t id = try(t, "dc", "record.save", with_sheet(t, 0, hash), says);
  assert_true(id > 0);
  SESSION_SCOPE s = session_open(t->site, "dc", TX_READ, &e);
  assert_true(s && attachments_of(s, catalogue_find(s->catalogue, "visit"), id, &all, &count, &e));
  assert_true(count == 1 && !strcmp(all[0].field, "签到表") && !strcmp(all[0].name, "签到表.txt") && all[0].size == 7 && !strcmp(all[0].by, "dc"));
  int64_t sheet = all[0].id;
  session_close(s);
  s = NULL;
  assert_int_equal(try(t, "dc", "file.withdraw", json_pack("{s:I, s:s}", "id", (json_int_t)sheet, "reason", "x"), says), 0);
  assert_non_null(strstr(says, "换掉"));
  unlink(path_of(t, hash));
  assert_int_equal(try(t, "dc", "record.save", with_sheet(t, id, hash), says), id);
  assert_true(number_of(t, id, &live) == 1 && live == 1);
}

/* ---- in the backup ---- */

static void through_a_backup(void **state) {
  Stand *t = *state;
  enum { LONG = 3 * 1024 * 1024 + 12345 };
  char says[1024], hash[65], path[160], command[256];
  Error e = {0};
  BackedUp done;
  BackupSeen seen;
  FilesBack back;
  char *large = malloc(LONG);
  assert_non_null(large);
  for (size_t i = 0; i < LONG; i++) large[i] = (char)('a' + i * 7 / 3 % 26);
  snprintf(hash, sizeof hash, "%s", keep(t, large, LONG));
  assert_true(attach(t, NULL, t->visit, hash, says) > 0);
  assert_true(attach(t, NULL, t->visit, keep_text(t, "small"), says) > 0);
  keep_text(t, "nobody names it");
  snprintf(path, sizeof path, "%s/whole.bak", t->f->folder);
  assert_true(site_backup(t->site, path, &done, &e) && done.files == 2 && !done.missing);
  assert_true(backup_check(t->site, path, &seen, &e) && seen.files == 2);
  assert_false(site_backup(t->site, path, &done, &e));
  assert_int_equal(e.kind, ERROR_CONFLICT);
  snprintf(command, sizeof command, "%s/files", t->folder);
  char aside[sizeof command + 8];
  snprintf(aside, sizeof aside, "%s.aside", command);
  assert_int_equal(rename(command, aside), 0);
  ARENA_SCOPE a = arena_new();
  assert_true(site_restore_files(a, t->folder, path, &back, &e) && back.files == 2 && !back.broken);
  const char *bytes;
  size_t n;
  assert_true(files_read(t->site, a, hash, &bytes, &n, &e) && n == LONG && !memcmp(bytes, large, LONG));
  free(large);
  snprintf(path, sizeof path, "%s/poor.bak", t->f->folder);
  unlink(path_of(t, hash));
  assert_true(site_backup(t->site, path, &done, &e) && done.files == 1 && done.missing == 1);
}

/* A disk that has room for the database and not for the files: no backup, and nothing left of one. */
static void backup_without_room(void **state) {
  Stand *t = *state;
  enum { LONG = 12 * 1024 * 1024 };
  static const char *const ends[] = {"", ".part", ".part-wal", ".part-shm", ".part-journal"};
  char says[1024], path[160], left[200];
  Error e = {0};
  BackedUp done;
  struct rlimit was, small = {.rlim_cur = 8 * 1024 * 1024};
  char *large = malloc(LONG);
  assert_non_null(large);
  memset(large, 'a', LONG);
  assert_true(attach(t, NULL, t->visit, keep(t, large, LONG), says) > 0);
  free(large);
  snprintf(path, sizeof path, "%s/none.bak", t->f->folder);
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &was);
  small.rlim_max = was.rlim_max;
  setrlimit(RLIMIT_FSIZE, &small);
  bool made = site_backup(t->site, path, &done, &e);
  setrlimit(RLIMIT_FSIZE, &was);
  assert_true(!made && e.kind == ERROR_UNAVAILABLE);
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    snprintf(left, sizeof left, "%s%s", path, ends[i]);
    assert_int_equal(access(left, F_OK), -1);
  }
  if (!site_backup(t->site, path, &done, &e)) fail_msg("%s (%s)", e.sentence, e.cause);
  assert_int_equal(done.files, 1);
}

#define SITE_TEST(f) cmocka_unit_test_setup_teardown(f, up, down)

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kinds),
      cmocka_unit_test(packed_kinds),
      cmocka_unit_test(names),
      SITE_TEST(kept_and_read),
      SITE_TEST(full_disk),
      SITE_TEST(swept),
      SITE_TEST(gate_is_the_record),
      SITE_TEST(not_too_many),
      SITE_TEST(columns_name_files),
      SITE_TEST(through_a_backup),
      SITE_TEST(backup_without_room),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
