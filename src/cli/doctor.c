/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi doctor`: what an office should know of its site, one line each: in order, or what to do. A site that
 * cannot be opened is looked at from outside as far as that goes. */
#include "cli/command.h"

#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "access/files.h"
#include "access/keys.h"

enum { ROOM_MB = 500 };

typedef struct Checkup { const Invocation *in; Site *site; int amiss; } Checkup;

static void well(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void well(const char *format, ...) {
  va_list args;
  va_start(args, format);
  printf("✓ ");
  vprintf(format, args);
  printf("\n");
  va_end(args);
}

static void amiss(Checkup *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void amiss(Checkup *c, const char *format, ...) {
  va_list args;
  va_start(args, format);
  printf("✗ ");
  vprintf(format, args);
  printf("\n");
  va_end(args);
  c->amiss++;
}

/* ---- from outside ---- */

static const char *path_of(const Checkup *c, const char *name) { return site_path(c->in->arena, c->in->folder, name); }

static bool open_to_others(const char *path) {
  struct stat st;
  return !stat(path, &st) && (st.st_mode & 077);
}

static void check_keys_closed(Checkup *c) {
  static const char *const names[] = {"keys", "keys/journal.key", "keys/keyring.db"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (access(path_of(c, names[i]), F_OK)) return; /* said already */
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (!open_to_others(path_of(c, names[i]))) continue;
    amiss(c, "密钥：别的账号也能进 %s，请执行 chmod %s %s。", path_of(c, names[i]), i ? "600" : "700", path_of(c, names[i]));
    return;
  }
  well("密钥：只有本账号能读。");
}

static void check_room(Checkup *c) {
  struct statvfs fs;
  if (statvfs(c->in->folder, &fs)) {
    amiss(c, "磁盘：查不到 %s 所在磁盘的余量，请检查目录权限。", c->in->folder);
    return;
  }
  unsigned long long mb = (unsigned long long)fs.f_bavail * fs.f_frsize / (1024 * 1024);
  if (mb < ROOM_MB) amiss(c, "磁盘：%s 所在磁盘只剩 %llu MB，请清理。", c->in->folder, mb);
  else well("磁盘：还有 %llu GB。", mb / 1024 ? mb / 1024 : 1);
}

/* ---- from inside ---- */

static void check_store(const Checkup *c) {
  const char *engine = store_engine(c->site->store);
  well("数据库：%s %s。", strcmp(engine, "sqlite") ? "PostgreSQL" : "SQLite", store_version(c->site->store));
}

static void check_profile(Checkup *c) {
  if (c->site->profile_changed) amiss(c, "声明：profile/ 改过，还没有生效，请运行 luoshi migrate。");
  else well("声明：%s，已生效，%zu个指标。", c->site->catalogue->profile.label, c->site->catalogue->measure_count);
}

static bool check_chain(Checkup *c, const Session *s, Error *e) {
  Glance glance;
  int64_t last = 0;
  if (!journal_glance(s->tx, s->area, &c->site->key, &glance, e) ||
      !tx_int(s->tx, "SELECT seq FROM head WHERE area_id = $1", (Value[]){value_int(s->area)}, 1, &last, NULL, e))
    return false;
  if (glance == GLANCE_SOUND) well("记录链：第%lld号，末尾完好（全面核验用 luoshi audit）。", (long long)last);
  else amiss(c, "记录链：末尾与当初写下的不符，请运行 luoshi audit 查明。");
  return true;
}

static bool check_clock(Checkup *c, const Session *s, Error *e) {
  InstantText now;
  STMT_SCOPE st = stmt_open(s->tx, "SELECT at FROM revision WHERE area_id = $1 ORDER BY seq DESC LIMIT 1",
                            (Value[]){value_int(s->area)}, 1, e);
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  if (step == STEP_ROW && strcmp(clock_now(&c->site->clock, now), stmt_text(st, 0)) < 0)
    amiss(c, "时间：本机时间比最后一次登记（%.10s）还早，请校准。", stmt_text(st, 0));
  else if (step == STEP_ROW && c->site->clock.fixed) well("时间：本站点停在%.10s（演示）。", now);
  return step != STEP_FAILED;
}

static bool check_backup(Checkup *c, Error *e) {
  int64_t made = 0;
  DateText on;
  KeysBackup kept = keys_backed_up(c->site);
  if (!keyring_made(c->site->keyring, &made, e)) return false;
  if (!kept.on) amiss(c, "密钥备份：还没有，请运行 luoshi backup --keys 文件，存到别处；没有密钥，备份里的隐私项打不开。");
  else if (made > kept.keys)
    amiss(c, "密钥备份：%s以后又有%lld把新密钥，请再运行 luoshi backup --keys 文件。", date_chinese(kept.on, on),
          (long long)(made - kept.keys));
  else well("密钥备份：%s，%lld把密钥都在内。", date_chinese(kept.on, on), (long long)kept.keys);
  return true;
}

/* By name and size; whether every byte is as it was is for the audit. */
static bool check_files(Checkup *c, const Session *s, Error *e) {
  Issues wrong = {.arena = s->arena};
  size_t count;
  if (!files_check(c->site, s->tx, false, &count, &wrong, e)) return false;
  if (wrong.count) amiss(c, "附件：%zu份里有%zu份不对，其一是%s：%s", count, wrong.count, wrong.at[0].where, wrong.at[0].sentence);
  else if (count) well("附件：%zu份都在（逐字核验用 luoshi audit）。", count);
  return true;
}

static void check_tree(Checkup *c, const Session *s) {
  if (s->tree->root) well("组织：%zu个，最上级是%s。", s->tree->count, org_name(s->tree, s->tree->root, s->today));
  else amiss(c, "组织：还没有，请用 luoshi do org.found 成立党委。");
}

static bool has_records(const Session *s, const Relation *r, bool *found, Error *e) {
  int64_t one;
  const char *sql = arena_print(s->arena, "SELECT 1 FROM \"%s\" WHERE area_id = $1 AND state <> $2 LIMIT 1", r->table);
  return tx_int(s->tx, sql, (Value[]){value_int(s->area), value_text(STATE_VOID)}, 2, &one, found, e);
}

/* Figures of a ledger without records are 0, and a draft's claims about it find nothing. */
static bool check_records(Checkup *c, const Session *s, Error *e) {
  TEXT_SCOPE empty = text_new(64 * 1024);
  size_t all = 0, without = 0;
  for (size_t i = 0; i < s->catalogue->relation_count; i++) {
    const Relation *r = s->catalogue->relations[i];
    bool wanted = false, found = false;
    for (size_t k = 0; k < s->catalogue->set_count; k++) wanted = wanted || s->catalogue->sets[k]->from == r;
    if (!wanted || r->state < 0) continue;
    all++;
    if (!has_records(s, r, &found, e)) return false;
    if (!found) text_print(&empty, "%s%s", without++ ? "、" : "", r->label);
  }
  if (without) amiss(c, "台账：%s还没有记录，它们的指标都是0，请登记或导入。", text_get(&empty));
  else well("台账：有指标的%zu种都有记录。", all);
  return true;
}

static bool look_inside(Checkup *c, Error *e) {
  SESSION_SCOPE s = session_open(c->site, NULL, TX_READ, e);
  if (!s) return false;
  check_store(c);
  check_profile(c);
  if (!check_chain(c, s, e) || !check_clock(c, s, e)) return false;
  check_tree(c, s);
  return (c->site->profile_changed || check_records(c, s, e)) && check_files(c, s, e) && check_backup(c, e);
}

int command_doctor(Invocation *in, Error *e) {
  SiteSettings settings;
  Checkup c = {.in = in};
  if (!site_settings_read(in->arena, in->folder, &settings, e)) return exit_for(e);
  SITE_SCOPE site = site_open(in->folder, true, e);
  c.site = site;
  if (!site || !look_inside(&c, e)) {
    amiss(&c, "站点：%s", e->sentence);
    *e = (Error){0};
  }
  check_keys_closed(&c);
  check_room(&c);
  return c.amiss ? EXIT_FOUND : EXIT_DONE;
}
