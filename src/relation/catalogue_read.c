/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * First pass of loading: YAML nodes to relations with columns, states and lines. Nothing here looks at
 * another relation; what must is put off with build_later. Every column array has room for retired ones,
 * so that a Column never moves once a filter points at it. */
#include "relation/catalogue_build.h"

#include <string.h>

#include "base/utf8.h"

void build_later(Build *b, LaterKind kind, Relation *r, size_t index, Place place) {
  Later *l = NEW(b->arena, Later);
  *l = (Later){.kind = kind, .relation = r, .index = index, .place = place};
  if (b->last[kind])
    b->last[kind]->next = l;
  else
    b->later[kind] = l;
  b->last[kind] = l;
}

/* ---- names ---- */

static const char *const reserved[] = {"and",  "or", "not",  "in",   "under", "is",       "contains",
                                       "some", "no", "here", "true", "false", "reporter", NULL};
static const char *const engine[] = {"id",    "org",    "state",     "void_reason", "record",  "pos", "headcount",
                                     "sheet", "org_id", "record_id", "area",        "area_id", NULL};

static bool among_words(const char *const *words, const char *s) {
  for (; *words; words++)
    if (strcmp(*words, s) == 0) return true;
  return false;
}

const char *build_name(Build *b, Place p, bool field) {
  const char *s = place_text(p, true);
  if (!s) return NULL;
  size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");
  if (s[n] || n > 40 || s[0] < 'a' || s[0] > 'z') {
    place_issue(p, "名字“%s”不合规：以小写字母开头，只用小写字母、数字和下划线，最长40个。", s);
    return NULL;
  }
  if (among_words(reserved, s)) return place_issue(p, "“%s”是筛选语言的保留字，请换一个名字。", s), NULL;
  if (field && !b->core && among_words(engine, s))
    return place_issue(p, "“%s”是系统自带的字段，请换一个名字。", s), NULL;
  return s;
}

const char *build_label(Place p) {
  const char *s = place_text(p, true);
  if (s && (strchr(s, '\n') || utf8_length(s) > 60)) {
    place_issue(p, "名称要写在一行里，最长60个字。");
    return "";
  }
  return s ? s : "";
}

void build_aliases(Build *b, Place p, const char ***out, size_t *count) {
  size_t n = place_count(p, ALIASES_MOST);
  *out = NEW_ARRAY(b->arena, const char *, n + 1);
  *count = 0;
  for (size_t i = 0; i < n; i++) {
    const char *s = place_one(p, i);
    if (s) (*out)[(*count)++] = s;
  }
}

static const char **name_list(Build *b, Place p, size_t most) {
  size_t n = place_count(p, most), used = 0;
  const char **list = NEW_ARRAY(b->arena, const char *, n + 1);
  for (size_t i = 0; i < n; i++) {
    const char *s = place_one(p, i);
    if (s) list[used++] = s;
  }
  return list;
}

/* ---- codes ---- */

static void choices_check(Codes *codes, Place of) {
  for (size_t i = 0; i < codes->count; i++)
    for (size_t j = 0; j < i; j++) {
      const Choice *a = &codes->at[i], *c = &codes->at[j];
      bool same = strcmp(a->name, c->name) == 0 || strcmp(a->label, c->label) == 0 || strcmp(a->name, c->label) == 0 ||
                  strcmp(a->label, c->name) == 0;
      if (same) place_issue(place_item(of, i), "选项“%s”与前面的“%s”重复，请删去一个。", a->label, c->label);
    }
}

static void choices_read(Build *b, Codes *codes, Place of) {
  static const char *const keys[] = {"name", "label", NULL};
  size_t n = place_count(of, CHOICES_MOST);
  codes->at = NEW_ARRAY(b->arena, Choice, n + 1);
  if (!n) place_issue(of, "缺少选项，请在of里逐个写出。");
  for (size_t i = 0; of.node && i < n; i++) {
    Place item = of.node->kind == NODE_LIST ? place_item(of, i) : of;
    Choice choice = {0};
    if (item.node->kind == NODE_MAP) {
      place_keys(item, keys);
      choice.name = place_text(place_key(item, "name"), true);
      choice.label = place_text(place_key(item, "label"), false);
    } else {
      choice.name = place_text(item, true);
    }
    if (!choice.name) continue;
    if (!choice.label) choice.label = choice.name;
    if (strlen(choice.name) > 120 || strpbrk(choice.name, "\n\t"))
      place_issue(item, "选项要写在一行里，最长40个字。");
    else
      codes->at[codes->count++] = choice;
  }
  choices_check(codes, of);
}

void build_codes(Build *b, Place list) {
  static const char *const keys[] = {"name", "label", "ordered", "of", NULL};
  if (!place_is(list, NODE_LIST)) return;
  for (size_t i = 0; i < list.node->count; i++) {
    Place p = place_item(list, i);
    if (!place_is(p, NODE_MAP)) continue;
    place_keys(p, keys);
    Codes *codes = NEW(b->arena, Codes);
    codes->name = build_name(b, place_key(p, "name"), false);
    Place label = place_key(p, "label");
    codes->label = label.node ? build_label(label) : codes->name;
    codes->ordered = place_flag(place_key(p, "ordered"), false);
    choices_read(b, codes, place_key(p, "of"));
    if (!codes->name) continue;
    bool known = false;
    for (size_t k = 0; k < b->c->code_count; k++) known = known || strcmp(b->c->codes[k]->name, codes->name) == 0;
    if (known)
      place_issue(place_key(p, "name"), "代码表“%s”已经有了，请换一个名字或合并。", codes->name);
    else
      *PUSH(b->arena, b->c->codes, b->c->code_count, b->code_room) = codes;
  }
}

/* ---- columns ---- */

typedef struct TypeWord {
  const char *word;
  Type type;
  const char *ref;
  int scale;
  const char *unit;
} TypeWord;

static const TypeWord type_words[] = {{"text", TYPE_TEXT, NULL, 0, NULL},     {"prose", TYPE_PROSE, NULL, 0, NULL},
                                      {"choice", TYPE_CHOICE, NULL, 0, NULL}, {"code", TYPE_CHOICE, NULL, 0, NULL},
                                      {"int", TYPE_INT, NULL, 0, NULL},       {"decimal", TYPE_DECIMAL, NULL, 0, NULL},
                                      {"money", TYPE_DECIMAL, NULL, 2, "元"}, {"area", TYPE_DECIMAL, NULL, 2, "亩"},
                                      {"date", TYPE_DATE, NULL, 0, NULL},     {"month", TYPE_MONTH, NULL, 0, NULL},
                                      {"year", TYPE_YEAR, NULL, 0, NULL},     {"flag", TYPE_FLAG, NULL, 0, NULL},
                                      {"org", TYPE_REF, "org", 0, NULL},      {"person", TYPE_REF, "person", 0, NULL},
                                      {"ref", TYPE_REF, NULL, 0, NULL},       {"serial", TYPE_SERIAL, NULL, 0, NULL},
                                      {"file", TYPE_FILE, NULL, 0, NULL}};
enum { TYPE_WORDS = sizeof type_words / sizeof *type_words };

static const TypeWord *type_read(Place p) {
  const char *word = place_text(p, false), *words[TYPE_WORDS];
  if (!word) return &type_words[0];
  for (size_t i = 0; i < TYPE_WORDS; i++) {
    if (strcmp(type_words[i].word, word) == 0) return &type_words[i];
    words[i] = type_words[i].word;
  }
  const char *near = nearest(word, words, TYPE_WORDS);
  if (near)
    place_issue(p, "没有“%s”这种类型，是不是“%s”？", word, near);
  else
    place_issue(p, "没有“%s”这种类型，可用text、choice、int、money、date、person等。", word);
  return NULL;
}

/* `of`: choices, the name of codes, or the relation a reference names. */
static void column_of(Build *b, Relation *r, Place p, Column *c, size_t index, const TypeWord *type) {
  Place of = place_key(p, "of"), ordered = place_key(p, "ordered");
  if (c->type == TYPE_CHOICE) {
    if (of.node && of.node->kind == NODE_TEXT) {
      build_later(b, LATER_CODES, r, index, of);
      if (ordered.node) place_issue(ordered, "ordered请写在代码表里。");
      return;
    }
    Codes *codes = NEW(b->arena, Codes);
    codes->name = c->name;
    codes->label = c->label;
    codes->ordered = place_flag(ordered, false);
    choices_read(b, codes, of);
    c->codes = codes;
    return;
  }
  if (ordered.node) place_issue(ordered, "只有choice类型可以写ordered。");
  if (c->type != TYPE_REF) {
    if (of.node) place_issue(of, "只有choice、code和ref类型可以写of。");
  } else if (type->ref) {
    if (of.node) place_issue(of, "“%s”类型不用写of。", type->word);
    build_later(b, LATER_REF, r, index, p);
  } else if (place_text(of, true)) {
    build_later(b, LATER_REF, r, index, of);
  }
}

void build_column(Build *b, Relation *r, Place p, Column *out, size_t index) {
  static const char *const keys[] = {"name",      "label",     "type",    "of",   "ordered", "required", "among",
                                     "sensitive", "needed_in", "default", "unit", "scale",   "was",      NULL};
  *out = (Column){.name = "", .label = "", .sql = ""};
  if (!place_is(p, NODE_MAP)) return;
  place_keys(p, keys);
  const char *name = build_name(b, place_key(p, "name"), true);
  const TypeWord *type = type_read(place_key(p, "type"));
  if (name) out->name = out->sql = name;
  if (b->core && name && strcmp(name, "org") == 0) out->sql = "org_id";
  out->label = build_label(place_key(p, "label"));
  out->type = type ? type->type : TYPE_TEXT;
  out->scale = type ? type->scale : 0;
  Place unit = place_key(p, "unit"), scale = place_key(p, "scale"), was = place_key(p, "was");
  Place needed = place_key(p, "needed_in"), fallback = place_key(p, "default"), among = place_key(p, "among");
  out->unit = unit.node ? place_text(unit, true) : type ? type->unit : NULL;
  if (unit.node && (out->type != TYPE_DECIMAL || (type && type->unit)) && out->type != TYPE_INT)
    place_issue(unit, "只有int和decimal类型可以写unit。");
  if (scale.node && (out->type != TYPE_DECIMAL || (type && type->unit)))
    place_issue(scale, "只有decimal类型可以写scale。");
  else if (scale.node)
    out->scale = (int)place_int(scale, 0, 9, 0);
  out->required = place_flag(place_key(p, "required"), false);
  out->sensitive = place_flag(place_key(p, "sensitive"), false);
  if (out->sensitive && (out->type == TYPE_REF || out->type == TYPE_SERIAL || out->type == TYPE_FILE))
    place_issue(place_key(p, "sensitive"), "引用、序号和附件字段不能加密。");
  if (type) column_of(b, r, p, out, index, type);
  if (was.node) out->was = build_name(b, was, true);
  if (fallback.node && (out->fallback = place_text(fallback, true))) build_later(b, LATER_DEFAULT, r, index, fallback);
  if (needed.node) {
    out->needed_in = name_list(b, needed, 20);
    build_later(b, LATER_NEEDED, r, index, needed);
  }
  if (among.node && out->type != TYPE_REF)
    place_issue(among, "只有org、person和ref类型可以写among。");
  else if (among.node)
    build_later(b, LATER_AMONG, r, index, among);
  build_later(b, LATER_CLASH, r, index, place_key(p, "name"));
}

typedef struct Columns {
  Column *at;
  size_t count, room;
} Columns;

static Column *add(Build *b, Columns *list, Column c) {
  Column *at = PUSH(b->arena, list->at, list->count, list->room);
  *at = c;
  if (!at->sql) at->sql = at->name;
  return at;
}

/* The own date, or the end of the span that begins there. */
static int add_date(Build *b, Relation *r, Columns *list, Place p, bool own) {
  static const char *const keys[] = {"name", "label", "type", "required", NULL};
  if (!p.node || !place_is(p, NODE_MAP)) return -1;
  place_keys(p, keys);
  const char *name = build_name(b, place_key(p, "name"), true);
  Place type = place_key(p, "type"), required = place_key(p, "required");
  const TypeWord *word = type.node ? type_read(type) : NULL;
  Column c = {
      .name = name ? name : "", .label = build_label(place_key(p, "label")), .type = TYPE_DATE, .own_date = own};
  if (word && (word->type == TYPE_DATE || (own && (word->type == TYPE_MONTH || word->type == TYPE_YEAR))))
    c.type = word->type;
  else if (word)
    place_issue(type, own ? "日期的类型只能是date、month或year。" : "截止日期的类型只能是date。");
  c.required = own && place_flag(required, true);
  c.never_null = own && !r->parent;
  if (required.node && (!own || !r->parent)) place_issue(required, "只有明细的日期可以写required。");
  build_later(b, LATER_CLASH, r, list->count, place_key(p, "name"));
  add(b, list, c);
  return (int)list->count - 1;
}

static void add_fields(Build *b, Relation *r, Columns *list, Place fields) {
  if (!fields.node || !place_is(fields, NODE_LIST)) return;
  size_t n = place_count(fields, FIELDS_MOST);
  for (size_t i = 0; i < n; i++) {
    Column c;
    build_column(b, r, place_item(fields, i), &c, list->count);
    add(b, list, c);
  }
}

/* Array with room for retired columns behind. */
static void keep_columns(Build *b, Relation *r, const Columns *list) {
  r->columns = NEW_ARRAY(b->arena, Column, list->count + b->c->retired_room);
  memcpy(r->columns, list->at, sizeof(Column) * list->count);
  r->column_count = list->count;
}

/* ---- terms, states ---- */

void build_terms(Build *b, Relation *r, Place list, Place more) {
  static const char *const keys[] = {"name", "is", NULL};
  Place lists[] = {list, more};
  size_t n = place_count(list, FIELDS_MOST) + place_count(more, FIELDS_MOST);
  r->terms = NEW_ARRAY(b->arena, Term, n + 1);
  for (size_t l = 0; l < 2; l++) {
    if (!lists[l].node || !place_is(lists[l], NODE_LIST)) continue;
    for (size_t i = 0; i < lists[l].node->count && r->term_count < n; i++) {
      Place p = place_item(lists[l], i);
      if (!place_is(p, NODE_MAP)) continue;
      place_keys(p, keys);
      Term *t = &r->terms[r->term_count];
      t->name = build_name(b, place_key(p, "name"), true);
      t->text = place_text(place_key(p, "is"), true);
      if (!t->name || !t->text) continue;
      build_later(b, LATER_TERM, r, r->term_count++, p);
    }
  }
}

static void states_default(Build *b, Relation *r) {
  static const char *next_done[] = {"done", NULL};
  static const char *none[] = {NULL};
  r->states = NEW_ARRAY(b->arena, State, 2);
  if (!b->core) r->states[r->state_count++] = (State){"draft", "草稿", false, next_done};
  r->states[r->state_count++] = (State){"done", b->core ? "有效" : "已完成", true, none};
}

static void states_read(Build *b, Relation *r, Place list) {
  static const char *const keys[] = {"name", "label", "counts", "next", NULL};
  if (!list.node) {
    states_default(b, r);
    return;
  }
  if (!place_is(list, NODE_LIST)) return;
  size_t n = place_count(list, 20);
  bool counts = false;
  r->states = NEW_ARRAY(b->arena, State, n + 1);
  for (size_t i = 0; i < n; i++) {
    Place p = place_item(list, i), name = place_key(p, "name"), next = place_key(p, "next");
    if (!place_is(p, NODE_MAP)) continue;
    place_keys(p, keys);
    State s = {.name = build_name(b, name, false), .label = build_label(place_key(p, "label"))};
    s.counts = place_flag(place_key(p, "counts"), false);
    s.next = name_list(b, next, 20);
    if (!s.name) continue;
    if (strcmp(s.name, STATE_VOID) == 0 || strcmp(s.label, "作废") == 0) {
      place_issue(name, "作废是系统自带的状态，请删去这一条。");
      continue;
    }
    for (size_t k = 0; k < r->state_count; k++)
      if (strcmp(r->states[k].name, s.name) == 0 || strcmp(r->states[k].label, s.label) == 0)
        place_issue(name, "状态“%s”与前面的重复，请删去一个。", s.name);
    counts = counts || s.counts;
    if (next.node) build_later(b, LATER_NEXT, r, r->state_count, next);
    r->states[r->state_count++] = s;
  }
  if (r->state_count && !counts) place_issue(list, "没有一个状态计入统计，请给完成的状态加上counts: true。");
  if (!r->state_count && !n) place_issue(list, "状态是空的，请删去states或写出状态。");
}

static const Codes *state_codes(Build *b, const Relation *r) {
  Codes *codes = NEW(b->arena, Codes);
  codes->name = "state";
  codes->label = "状态";
  codes->at = NEW_ARRAY(b->arena, Choice, r->state_count + 1);
  for (size_t i = 0; i < r->state_count; i++)
    codes->at[codes->count++] = (Choice){r->states[i].name, r->states[i].label};
  codes->at[codes->count++] = (Choice){STATE_VOID, "作废"};
  return codes;
}

/* ---- lines ---- */

void build_shared(Build *b, Place list) {
  if (!place_is(list, NODE_LIST)) return;
  for (size_t i = 0; i < list.node->count; i++) {
    Place p = place_item(list, i);
    if (!place_is(p, NODE_MAP)) continue;
    const char *name = build_name(b, place_key(p, "name"), true);
    if (!name) continue;
    for (size_t k = 0; k < b->shared_count; k++)
      if (strcmp(b->shared[k].name, name) == 0)
        place_issue(place_key(p, "name"), "共用明细“%s”已经有了，请换一个名字。", name);
    *PUSH(b->arena, b->shared, b->shared_count, b->shared_room) = (Shared){name, p};
  }
}

static bool shared_find(Build *b, Place use, Place *out) {
  const char *name = place_text(use, true), *near;
  if (!name) return false;
  const char **names = NEW_ARRAY(b->arena, const char *, b->shared_count + 1);
  for (size_t i = 0; i < b->shared_count; i++) {
    names[i] = b->shared[i].name;
    if (strcmp(name, names[i]) == 0) return *out = b->shared[i].place, true;
  }
  near = nearest(name, names, b->shared_count);
  if (near)
    place_issue(use, "没有共用明细“%s”，是不是“%s”？", name, near);
  else
    place_issue(use, "没有共用明细“%s”，请先在shared里写出。", name);
  return false;
}

static Place pick(Place over, Place base, const char *key) {
  Place p = place_key(over, key);
  return p.node ? p : place_key(base, key);
}

static void line_columns(Build *b, Relation *line, Place over, Place base, bool shared) {
  Columns list = {0};
  add(b, &list, (Column){.name = "id", .label = "编号", .type = TYPE_INT, .system = true, .never_null = true});
  add(b, &list,
      (Column){.name = "record",
               .label = "所属记录",
               .sql = "record_id",
               .type = TYPE_REF,
               .ref = line->parent,
               .system = true,
               .never_null = true});
  add(b, &list, (Column){.name = "pos", .label = "序号", .type = TYPE_INT, .system = true, .never_null = true});
  if (line->total) {
    add(b, &list, (Column){.name = "headcount", .label = "人数", .type = TYPE_INT, .system = true, .unit = "人"});
    add(b, &list, (Column){.name = "sheet", .label = "签到表", .type = TYPE_FILE, .system = true});
  }
  line->org = line->state = -1;
  line->date = add_date(b, line, &list, pick(over, base, "date"), true);
  line->ends = add_date(b, line, &list, pick(over, base, "ends"), false);
  add_fields(b, line, &list, place_key(base, "fields"));
  if (shared) add_fields(b, line, &list, place_key(over, "fields"));
  keep_columns(b, line, &list);
  if (!place_key(base, "fields").node && !place_key(over, "fields").node && line->date < 0)
    place_issue(over, "明细没有字段，请在fields里写出。");
}

static Relation *build_line(Build *b, Relation *parent, Place p) {
  static const char *const keys[] = {"name",  "label", "date",  "ends", "title", "fields",
                                     "terms", "min",   "total", "fill", NULL};
  static const char *const use_keys[] = {"use", "name", "label", "fields", "terms", "min", "total", "fill", NULL};
  if (!place_is(p, NODE_MAP)) return NULL;
  Place use = place_key(p, "use"), base = p;
  place_keys(p, use.node ? use_keys : keys);
  if (use.node) {
    if (!shared_find(b, use, &base)) return NULL;
    place_keys(base, keys);
  }
  const char *name = build_name(b, pick(p, base, "name"), true);
  if (!name) return NULL;
  Relation *line = NEW(b->arena, Relation);
  *line = (Relation){.own_name = name, .parent = parent, .core = b->core, .file = p.file, .line = p.line};
  line->name = arena_print(b->arena, "%s.%s", parent->name, name);
  line->table = arena_print(b->arena, "%s_%s", parent->table, name);
  line->label = build_label(pick(p, base, "label"));
  line->min = (int)place_int(pick(p, base, "min"), 0, 1000, 0);
  line->total = place_flag(pick(p, base, "total"), false);
  line_columns(b, line, p, base, use.node != NULL);
  build_terms(b, line, place_key(base, "terms"), use.node ? place_key(p, "terms") : (Place){.issues = b->issues});
  Place fill = pick(p, base, "fill");
  if (fill.node && (line->fill_text = place_text(fill, true))) build_later(b, LATER_FILL, line, 0, fill);
  build_later(b, LATER_TITLE, line, 0, pick(p, base, "title"));
  build_later(b, LATER_CLASH, line, SIZE_MAX, use.node && !place_key(p, "name").node ? p : pick(p, base, "name"));
  return line;
}

static void build_lines(Build *b, Relation *r, Place list) {
  if (!list.node || !place_is(list, NODE_LIST)) return;
  size_t n = place_count(list, LINES_MOST);
  r->lines = NEW_ARRAY(b->arena, Relation *, n + 1);
  for (size_t i = 0; i < n; i++) {
    Relation *line = build_line(b, r, place_item(list, i));
    if (line) r->lines[r->line_count++] = line;
  }
}

/* ---- a record's relation ---- */

static void record_columns(Build *b, Relation *r, Place p) {
  Columns list = {0};
  const char *org = place_text(place_key(p, "org"), false);
  bool self = b->core && org && strcmp(org, "self") == 0, none = b->core && org && strcmp(org, "none") == 0;
  add(b, &list,
      (Column){.name = "id",
               .label = "编号",
               .type = self ? TYPE_REF : TYPE_INT,
               .ref = self ? r : NULL,
               .system = true,
               .never_null = true});
  r->org = self ? 0 : -1;
  if (!self && !none) {
    Place label = place_key(p, "org");
    add(b, &list,
        (Column){.name = "org",
                 .label = label.node ? build_label(label) : "组织",
                 .sql = "org_id",
                 .type = TYPE_REF,
                 .required = true,
                 .system = true,
                 .never_null = true});
    r->org = (int)list.count - 1;
    build_later(b, LATER_REF, r, list.count - 1, label);
  }
  add(b, &list,
      (Column){.name = "state",
               .label = "状态",
               .type = TYPE_CHOICE,
               .codes = state_codes(b, r),
               .system = true,
               .never_null = true});
  r->state = (int)list.count - 1;
  add(b, &list, (Column){.name = "void_reason", .label = "作废原因", .type = TYPE_TEXT, .system = true});
  Place date = place_key(p, "date");
  if (!date.node && !b->core) place_issue(date, "缺少日期，请写出date: {name, label}。");
  r->date = add_date(b, r, &list, date, true);
  r->ends = add_date(b, r, &list, place_key(p, "ends"), false);
  add_fields(b, r, &list, place_key(p, "fields"));
  keep_columns(b, r, &list);
}

static void queue_sets(Build *b, Relation *r, Place list) {
  if (!list.node || !place_is(list, NODE_LIST)) return;
  size_t n = place_count(list, SETS_MOST);
  for (size_t i = 0; i < n; i++) build_later(b, LATER_SET, r, 0, place_item(list, i));
}

void build_relation(Build *b, Place p, const char *name_key) {
  static const char *const keys[] = {"ledger", "label", "aliases", "org",   "date", "ends",  "title", "fields",
                                     "lines",  "terms", "states",  "trait", "sets", "codes", NULL};
  static const char *const core_keys[] = {"relation", "label",  "aliases", "org",   "date",    "ends",
                                          "title",    "fields", "lines",   "terms", "seen_by", "hidden", NULL};
  if (!place_is(p, NODE_MAP)) return;
  const char *name = build_name(b, place_key(p, name_key), false);
  if (!b->core && name) p.path = name;
  place_keys(p, b->core ? core_keys : keys);
  if (!name) return;
  Relation *r = NEW(b->arena, Relation);
  *r = (Relation){.name = name, .own_name = name, .core = b->core, .file = p.file, .line = p.line};
  r->table = b->core ? name : arena_print(b->arena, "l_%s", name);
  r->hidden = b->core && place_flag(place_key(p, "hidden"), false);
  r->label = build_label(place_key(p, "label"));
  build_aliases(b, place_key(p, "aliases"), &r->aliases, &r->alias_count);
  states_read(b, r, place_key(p, "states"));
  record_columns(b, r, p);
  build_lines(b, r, place_key(p, "lines"));
  build_terms(b, r, place_key(p, "terms"), (Place){.issues = b->issues});
  build_later(b, LATER_TITLE, r, 0, place_key(p, "title"));
  build_later(b, LATER_CLASH, r, SIZE_MAX, place_key(p, name_key));
  Place trait = place_key(p, "trait"), seen = place_key(p, "seen_by");
  if (trait.node) build_later(b, LATER_TRAIT, r, 0, trait);
  if (seen.node) build_later(b, LATER_SEEN, r, 0, seen);
  queue_sets(b, r, place_key(p, "sets"));
  *PUSH(b->arena, b->c->relations, b->c->relation_count, b->relation_room) = r;
  for (size_t i = 0; i < r->line_count; i++)
    *PUSH(b->arena, b->c->relations, b->c->relation_count, b->relation_room) = r->lines[i];
}
