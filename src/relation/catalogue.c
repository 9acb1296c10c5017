/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The catalogue as a whole: files in, relations out, and the look-ups. Loading is all or nothing; the
 * reading itself is in catalogue_read.c, catalogue_check.c, catalogue_set.c, catalogue_statement.c and
 * catalogue_duty.c. */
#include "relation/catalogue.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "relation/catalogue_build.h"
#include "relation/core.h"

enum { FILES_MOST = 500 };

/* ---- files to declarations ---- */

static bool starts(const char *s, const char *with) { return strncmp(s, with, strlen(with)) == 0; }

static void read_profile(Build *b, Place p) {
  static const char *const keys[] = {"profile", "label", "reporter", NULL};
  if (!place_is(p, NODE_MAP)) return;
  place_keys(p, keys);
  Profile *profile = &b->c->profile;
  profile->name = build_name(b, place_key(p, "profile"), false);
  profile->label = build_label(place_key(p, "label"));
  profile->reporter_text = place_text(place_key(p, "reporter"), true);
  if (profile->reporter_text) build_later(b, LATER_REPORTER, NULL, 0, place_key(p, "reporter"));
}

static void read_ledger(Build *b, Place p) {
  static const char *const shared_keys[] = {"shared", "codes", NULL};
  if (!place_is(p, NODE_MAP)) return;
  Place codes = place_key(p, "codes");
  if (codes.node) build_codes(b, codes);
  if (place_key(p, "shared").node || (codes.node && p.node->count == 1))
    place_keys(p, shared_keys);
  else
    build_relation(b, p, "ledger");
}

static void read_sets(Build *b, Place p) {
  static const char *const keys[] = {"sets", "codes", NULL};
  if (!place_is(p, NODE_MAP)) return;
  place_keys(p, keys);
  Place list = place_key(p, "sets"), codes = place_key(p, "codes");
  if (codes.node) build_codes(b, codes);
  if (!list.node && !codes.node) place_issue(list, "缺少sets，请写出集合。");
  if (!list.node || !place_is(list, NODE_LIST)) return;
  size_t n = place_count(list, SETS_MOST);
  for (size_t i = 0; i < n; i++) build_later(b, LATER_SET, NULL, 0, place_item(list, i));
}

/* A file that is one list, under its only key. */
static void read_list(Build *b, Place p, const char *key, const char *what, LaterKind kind, size_t most) {
  const char *const keys[] = {key, NULL};
  if (!place_is(p, NODE_MAP)) return;
  place_keys(p, keys);
  Place list = place_key(p, key);
  if (!list.node) place_issue(list, "缺少%s，请写出%s。", key, what);
  if (!list.node || !place_is(list, NODE_LIST)) return;
  size_t n = place_count(list, most);
  for (size_t i = 0; i < n; i++) build_later(b, kind, NULL, 0, place_item(list, i));
}

static void read_codes(Build *b, Place p) {
  static const char *const keys[] = {"codes", NULL};
  if (!place_is(p, NODE_MAP)) return;
  place_keys(p, keys);
  Place list = place_key(p, "codes");
  if (list.node)
    build_codes(b, list);
  else
    place_issue(list, "缺少codes，请写出代码表。");
}

static const Node *document(Build *b, const char *name, const char *text, size_t length) {
  const Node *root = trees_find(b->known, name, text, length);
  bool fresh = !root;
  if (!root) root = yaml_read(b->arena, name, text, length, b->issues);
  if (!root) return NULL;
  *PUSH(b->arena, b->trees, b->tree_count, b->tree_room) = (Tree){name, text, length, root};
  b->fresh = b->fresh || fresh;
  return root;
}

static void read_core(Build *b) {
  const char *name = "core.yaml";
  const Node *root = document(b, name, (const char *)core_yaml, core_yaml_size);
  if (!root) return;
  Place list = place_key(place_root(b->issues, name, "", root), "relations");
  b->core = true;
  for (size_t i = 0; list.node && i < list.node->count; i++) build_relation(b, place_item(list, i), "relation");
  b->core = false;
}

static void read_files(Build *b) {
  Catalogue *c = b->c;
  Place *places = NEW_ARRAY(b->arena, Place, c->file_count + 1);
  for (size_t i = 0; i < c->file_count; i++) {
    const ProfileFile *f = &c->files[i];
    const Node *root = document(b, f->path, f->text, f->length);
    places[i] = place_root(b->issues, f->path, "", root);
    if (root && starts(f->path, "ledgers/") && place_key(places[i], "shared").node)
      build_shared(b, place_key(places[i], "shared"));
  }
  bool profile = false;
  for (size_t i = 0; i < c->file_count; i++) {
    const char *path = c->files[i].path;
    profile = profile || strcmp(path, "profile.yaml") == 0;
    if (!places[i].node) continue;
    if (strcmp(path, "profile.yaml") == 0)
      read_profile(b, places[i]);
    else if (strcmp(path, "codes.yaml") == 0)
      read_codes(b, places[i]);
    else if (strcmp(path, "statements.yaml") == 0)
      read_list(b, places[i], "statements", "说法", LATER_STATEMENT, STATEMENTS_MOST);
    else if (starts(path, "duties/"))
      read_list(b, places[i], "duties", "职责", LATER_DUTY, DUTIES_MOST);
    else if (starts(path, "sets/"))
      read_sets(b, places[i]);
    else if (starts(path, "ledgers/"))
      read_ledger(b, places[i]);
    else
      issue_add(b->issues, path, NULL, "不认识这个文件，请放进ledgers、sets或duties。");
  }
  if (!profile) issue_add(b->issues, "profile.yaml", NULL, "缺少profile.yaml，请写出profile、label和reporter。");
}

static int by_path(const void *a, const void *b) {
  return strcmp(((const ProfileFile *)a)->path, ((const ProfileFile *)b)->path);
}

/* A shared line that is used twice would report its errors twice. */
static void drop_repeated(Issues *issues) {
  size_t kept = 0;
  for (size_t i = 0; i < issues->count; i++) {
    bool known = false;
    for (size_t k = 0; k < kept && !known; k++)
      known = strcmp(issues->at[k].where, issues->at[i].where) == 0 &&
              strcmp(issues->at[k].sentence, issues->at[i].sentence) == 0;
    if (!known) issues->at[kept++] = issues->at[i];
  }
  issues->count = kept;
}

static Catalogue *catalogue_build(Arena *a, const ProfileFile *files, size_t count, const char *kept,
                                  size_t retired_room, Issues *issues, Error *e) {
  if (count > FILES_MOST) {
    fail(e, ERROR_LIMIT, "规则文件有%zu个，最多%d个，请合并。", count, FILES_MOST);
    return NULL;
  }
  Catalogue *c = NEW(a, Catalogue);
  c->arena = a;
  c->files = NEW_ARRAY(a, ProfileFile, count + 1);
  c->file_count = count;
  c->retired_room = retired_room;
  c->kept = kept;
  if (count) memcpy(c->files, files, sizeof *files * count);
  qsort(c->files, count, sizeof *files, by_path);
  Issues own = {.arena = a};
  Build b = {.arena = a, .c = c, .issues = &own, .known = kept ? trees_read(a, kept) : NULL};
  read_core(&b);
  read_files(&b);
  for (size_t i = 0; i < c->relation_count; i++) c->relations[i]->position = (int)i;
  build_check(&b);
  for (size_t i = 0; i < c->relation_count; i++) relation_finish(a, c->relations[i]);
  drop_repeated(&own);
  if (!own.count && kept && b.fresh) trees_write(kept, b.trees, b.tree_count);
  if (!own.count) return c;
  for (size_t i = 0; issues && i < own.count; i++)
    issue_add(issues, own.at[i].where, own.at[i].field, "%s", own.at[i].sentence);
  issues_fail(&own, e, "规则文件有误，未载入。");
  return NULL;
}

Catalogue *catalogue_read(Arena *a, const ProfileFile *files, size_t count, Issues *issues, Error *e) {
  return catalogue_build(a, files, count, NULL, RETIRED_FEW, issues, e);
}

/* ---- a folder ---- */

typedef struct Files {
  ProfileFile *at;
  size_t count, room;
} Files;

static bool read_file(Arena *a, const char *folder, const char *path, Files *files, Error *e) {
  if (files->count == FILES_MOST) return fail(e, ERROR_LIMIT, "规则文件超过%d个，请合并。", FILES_MOST);
  const char *full = arena_print(a, "%s/%s", folder, path);
  int f = open(full, O_RDONLY | O_CLOEXEC);
  struct stat st;
  if (f < 0) return fail_because(e, ERROR_MISSING, strerror(errno), "打不开规则文件%s，请检查文件和权限。", full);
  bool well = !fstat(f, &st) && S_ISREG(st.st_mode);
  /* One byte more than allowed: yaml_read refuses it. */
  size_t room = !well ? 0 : st.st_size > YAML_BYTES ? YAML_BYTES + 1 : (size_t)st.st_size, length = 0;
  char *text = arena_alloc(a, room + 1);
  ssize_t n = 0;
  while (well && length < room && (n = read(f, text + length, room - length)) > 0) length += (size_t)n;
  close(f);
  if (!well || n < 0) return fail(e, ERROR_UNAVAILABLE, "读规则文件%s时出错，请检查磁盘和权限后重试。", full);
  *PUSH(a, files->at, files->count, files->room) = (ProfileFile){path, text, length};
  return true;
}

static bool is_yaml(const char *name) {
  size_t n = strlen(name);
  return name[0] != '.' && n > 5 && strcmp(name + n - 5, ".yaml") == 0;
}

static bool read_folder(Arena *a, const char *folder, const char *part, Files *files, Error *e) {
  const char *full = arena_print(a, "%s/%s", folder, part);
  DIR *d = opendir(full);
  if (!d)
    return errno == ENOENT || fail_because(e, ERROR_MISSING, strerror(errno), "打不开文件夹%s，请检查权限。", full);
  bool ok = true;
  const struct dirent *entry;
  while (ok && (entry = readdir(d)))
    if (is_yaml(entry->d_name)) ok = read_file(a, folder, arena_print(a, "%s/%s", part, entry->d_name), files, e);
  closedir(d);
  return ok;
}

static bool read_top(Arena *a, const char *folder, Files *files, Issues *issues, Error *e) {
  static const char *const ours[] = {"profile.yaml", "codes.yaml", "statements.yaml"}, *const others[] = {"demo.yaml",
                                                                                                          "load.yaml"};
  DIR *d = opendir(folder);
  if (!d) return fail_because(e, ERROR_MISSING, strerror(errno), "打不开规则文件夹%s，请检查路径和权限。", folder);
  bool ok = true;
  const struct dirent *entry;
  while (ok && (entry = readdir(d))) {
    const char *name = entry->d_name;
    if (!is_yaml(name) || strcmp(name, others[0]) == 0 || strcmp(name, others[1]) == 0) continue;
    if (strcmp(name, ours[0]) == 0 || strcmp(name, ours[1]) == 0 || strcmp(name, ours[2]) == 0) {
      ok = read_file(a, folder, arena_copy(a, name), files, e);
      continue;
    }
    const char *near = nearest(name, ours, 3);
    if (near)
      issue_add(issues, name, NULL, "不认识这个文件，是不是“%s”？", near);
    else
      issue_add(issues, name, NULL, "不认识这个文件，请放进ledgers、sets或duties。");
  }
  closedir(d);
  return ok;
}

Catalogue *catalogue_load(Arena *a, const char *folder, const char *kept, Issues *issues, Error *e) {
  Files files = {0};
  Issues strange = {.arena = a};
  if (!read_top(a, folder, &files, &strange, e) || !read_folder(a, folder, "ledgers", &files, e) ||
      !read_folder(a, folder, "sets", &files, e) || !read_folder(a, folder, "duties", &files, e))
    return NULL;
  for (size_t i = 0; issues && i < strange.count; i++)
    issue_add(issues, strange.at[i].where, strange.at[i].field, "%s", strange.at[i].sentence);
  Catalogue *c = catalogue_build(a, files.at, files.count, kept, RETIRED_FEW, issues, e);
  if (!c || !strange.count) return c;
  issues_fail(&strange, e, "规则文件有误，未载入。");
  return NULL;
}

/* ---- look-ups ---- */

const Relation *catalogue_find(const Catalogue *c, const char *name) {
  for (size_t i = 0; i < c->relation_count; i++)
    if (strcmp(c->relations[i]->name, name) == 0) return c->relations[i];
  return NULL;
}

const Relation *catalogue_core(const Catalogue *c, const char *name) {
  const Relation *r = catalogue_find(c, name);
  return r && r->core ? r : NULL;
}

static void *none_near(const char *what, const char *word, const char *const *names, size_t count, Error *e) {
  const char *near = nearest(word, names, count);
  char shown[128];
  snprintf(shown, sizeof shown, "%.100s", word);
  utf8_trim(shown);
  if (near)
    fail(e, ERROR_MISSING, "没有%s“%s”，是不是“%s”？", what, shown, near);
  else
    fail(e, ERROR_MISSING, "没有%s“%s”，请检查名字。", what, shown);
  return NULL;
}

const Relation *catalogue_relation(const Catalogue *c, const char *name, Error *e) {
  const Relation *r = catalogue_find(c, name);
  if (r && !r->hidden) return r;
  ARENA_SCOPE a = arena_new();
  const char **names = NEW_ARRAY(a, const char *, c->relation_count * 2 + 1);
  size_t n = 0;
  for (size_t i = 0; i < c->relation_count; i++) {
    r = c->relations[i];
    if (r->retired || r->hidden) continue;
    if (!r->parent && strcmp(r->label, name) == 0) return r;
    names[n++] = r->name;
    if (!r->parent) names[n++] = r->label;
  }
  return none_near("台账", name, names, n, e);
}

const Measure *catalogue_measure(const Catalogue *c, const char *full_name, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char **names = NEW_ARRAY(a, const char *, c->measure_count + 1);
  for (size_t i = 0; i < c->measure_count; i++) {
    names[i] = c->measures[i]->full_name;
    if (strcmp(names[i], full_name) == 0) return c->measures[i];
  }
  return none_near("指标", full_name, names, c->measure_count, e);
}

const Set *catalogue_set(const Catalogue *c, const char *name, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char **names = NEW_ARRAY(a, const char *, c->set_count + 1);
  for (size_t i = 0; i < c->set_count; i++) {
    names[i] = c->sets[i]->name;
    if (strcmp(names[i], name) == 0) return c->sets[i];
  }
  return none_near("集合", name, names, c->set_count, e);
}

const Duty *catalogue_duty(const Catalogue *c, const char *name, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char **names = NEW_ARRAY(a, const char *, c->duty_count * 2 + 1);
  for (size_t i = 0; i < c->duty_count; i++) {
    names[i * 2] = c->duties[i].name;
    names[i * 2 + 1] = c->duties[i].label;
    if (!strcmp(names[i * 2], name) || !strcmp(names[i * 2 + 1], name)) return &c->duties[i];
  }
  return none_near("职责", name, names, c->duty_count * 2, e);
}

int relation_index(const Relation *r, const char *name) {
  for (size_t i = 0; i < r->column_count; i++)
    if (strcmp(r->columns[i].name, name) == 0) return (int)i;
  return -1;
}

const Column *relation_column(const Relation *r, const char *name) {
  int i = relation_index(r, name);
  return i < 0 ? NULL : &r->columns[i];
}

const State *relation_state(const Relation *r, const char *name) {
  for (size_t i = 0; i < r->state_count; i++)
    if (strcmp(r->states[i].name, name) == 0) return &r->states[i];
  return NULL;
}

const Choice *codes_choice(const Codes *codes, const char *name_or_label) {
  for (size_t i = 0; codes && i < codes->count; i++)
    if (strcmp(codes->at[i].name, name_or_label) == 0) return &codes->at[i];
  for (size_t i = 0; codes && i < codes->count; i++)
    if (strcmp(codes->at[i].label, name_or_label) == 0) return &codes->at[i];
  return NULL;
}

ValueKind type_kind(Type type, bool sensitive) {
  if (sensitive) return VALUE_BYTES;
  return type == TYPE_TEXT || type == TYPE_PROSE || type == TYPE_CHOICE || type == TYPE_FILE ? VALUE_TEXT : VALUE_INT;
}

/* ---- what is no longer declared ---- */

static const char *const type_names[] = {
    [TYPE_TEXT] = "text",       [TYPE_PROSE] = "prose", [TYPE_CHOICE] = "choice", [TYPE_INT] = "int",
    [TYPE_DECIMAL] = "decimal", [TYPE_DATE] = "date",   [TYPE_MONTH] = "month",   [TYPE_YEAR] = "year",
    [TYPE_FLAG] = "flag",       [TYPE_REF] = "ref",     [TYPE_SERIAL] = "serial", [TYPE_FILE] = "file"};

const char *type_word(Type type, int scale, Arena *a) {
  return type == TYPE_DECIMAL && scale ? arena_print(a, "decimal(%d)", scale) : type_names[type];
}

static bool type_from_word(const char *word, Column *out) {
  size_t n = strcspn(word, "( ");
  for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++) {
    if (strlen(type_names[i]) != n || strncmp(type_names[i], word, n) != 0) continue;
    out->type = (Type)i;
    if (word[n] == '(' && word[n + 1] >= '0' && word[n + 1] <= '9') out->scale = word[n + 1] - '0';
    out->sensitive = strstr(word, " sensitive") != NULL;
    return true;
  }
  return false;
}

static Relation *adopt_relation(Catalogue *c, const char *name) {
  const char *dot = strchr(name, '.');
  Relation *parent = NULL;
  if (dot) {
    const char *up = arena_slice(c->arena, name, (size_t)(dot - name));
    for (size_t i = 0; i < c->relation_count && !parent; i++)
      if (strcmp(c->relations[i]->name, up) == 0) parent = c->relations[i];
    if (!parent) parent = adopt_relation(c, up);
  }
  Relation *r = NEW(c->arena, Relation);
  *r = (Relation){.name = arena_copy(c->arena, name),
                  .parent = parent,
                  .retired = true,
                  .org = -1,
                  .date = -1,
                  .ends = -1,
                  .state = -1,
                  .title = -1,
                  .position = (int)c->relation_count};
  r->own_name = dot ? r->name + (dot - name) + 1 : r->name;
  r->label = r->own_name;
  r->table = parent ? arena_print(c->arena, "%s_%s", parent->table, r->own_name) : arena_print(c->arena, "l_%s", name);
  r->columns = NEW_ARRAY(c->arena, Column, FIELDS_MOST + RETIRED_MOST);
  r->columns[r->column_count++] =
      (Column){.name = "id", .label = "编号", .sql = "id", .type = TYPE_INT, .system = true, .never_null = true};
  Relation **list = NEW_ARRAY(c->arena, Relation *, c->relation_count + 1);
  memcpy(list, c->relations, sizeof *list * c->relation_count);
  list[c->relation_count++] = r;
  c->relations = list;
  return r;
}

static bool adopt_column(Catalogue *c, Relation *r, const Layout *l, Error *e) {
  static const char *const engine[] = {"org", "state", "record", "pos"};
  size_t room = r->retired ? FIELDS_MOST + RETIRED_MOST : c->retired_room, used = 0;
  for (size_t i = 0; i < r->column_count; i++) used += r->retired || r->columns[i].retired;
  if (used >= room) return fail(e, ERROR_LIMIT, "“%s”停用的字段超过%d个，请联系维护人员整理。", r->label, RETIRED_MOST);
  Column *col = &r->columns[r->column_count];
  *col = (Column){.name = arena_copy(c->arena, l->name), .retired = true};
  col->label = col->sql = col->name;
  if (!type_from_word(l->type, col))
    return fail(e, ERROR_BROKEN, "表结构里“%s.%s”的类型“%s”不认识，请用新版程序打开。", l->relation, l->name, l->type);
  for (size_t i = 0; r->retired && i < 4; i++) {
    if (strcmp(engine[i], l->name) != 0) continue;
    col->never_null = col->system = true;
    if (i == 0) col->sql = "org_id", r->org = (int)r->column_count;
    if (i == 1) r->state = (int)r->column_count;
    if (i == 2) col->sql = "record_id";
  }
  r->column_count++;
  return true;
}

/* More than a few is rare, and room for many in every relation would cost each start. */
static bool make_room(Catalogue *c, const Layout *at, size_t count, Error *e) {
  size_t most = 0;
  for (size_t i = 0; i < count; i++) {
    size_t same = 0;
    for (size_t k = 0; k < count; k++) same += strcmp(at[i].relation, at[k].relation) == 0;
    if (same > most && catalogue_find(c, at[i].relation)) most = same;
  }
  if (most <= c->retired_room) return true;
  Catalogue *larger = catalogue_build(c->arena, c->files, c->file_count, c->kept, RETIRED_MOST, NULL, e);
  if (larger) *c = *larger;
  return larger != NULL;
}

bool catalogue_adopt(Catalogue *c, const Layout *at, size_t count, Error *e) {
  if (!make_room(c, at, count, e)) return false;
  for (size_t i = 0; i < count; i++) {
    Relation *r = NULL;
    for (size_t k = 0; k < c->relation_count && !r; k++)
      if (strcmp(c->relations[k]->name, at[i].relation) == 0) r = c->relations[k];
    if (!r) r = adopt_relation(c, at[i].relation);
    if (relation_index(r, at[i].name) >= 0) continue;
    bool renamed = false;
    for (size_t k = 0; k < r->column_count; k++)
      renamed = renamed || (r->columns[k].was && strcmp(r->columns[k].was, at[i].name) == 0);
    if (!renamed && !adopt_column(c, r, &at[i], e)) return false;
  }
  for (size_t i = 0; i < c->relation_count; i++) relation_finish(c->arena, c->relations[i]);
  return true;
}
