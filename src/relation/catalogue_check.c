/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Second pass of loading: everything that needs other relations. Kinds are done in the order of the enum,
 * so that a filter only ever meets columns whose codes and references are resolved. */
#include "relation/catalogue_build.h"

#include <string.h>

#include "relation/filter.h"
#include "relation/row.h"

/* Where it stands is worked out only for a filter that is wrong, by reading it again. */
Filter *build_filter(Build *b, const Relation *on, const char *text, Place p) {
  Issues none = {.arena = b->arena};
  Error e;
  Filter *f = filter_parse(b->arena, b->c, on, text, "", &none, &e);
  return f ? f : filter_parse(b->arena, b->c, on, text, place_where(p), b->issues, &e);
}

static Column *column_of(const Later *l) { return &l->relation->columns[l->index]; }

/* ---- references and codes ---- */

static void check_codes(Build *b, const Later *l) {
  const char *name = place_text(l->place, true);
  if (!name) return;
  const char **names = NEW_ARRAY(b->arena, const char *, b->c->code_count + 1);
  for (size_t i = 0; i < b->c->code_count; i++) {
    names[i] = b->c->codes[i]->name;
    if (strcmp(names[i], name) == 0) {
      column_of(l)->codes = b->c->codes[i];
      return;
    }
  }
  const char *near = nearest(name, names, b->c->code_count);
  if (near)
    place_issue(l->place, "没有代码表“%s”，是不是“%s”？", name, near);
  else
    place_issue(l->place, "没有代码表“%s”，请在codes.yaml里写出。", name);
}

static void check_ref(Build *b, const Later *l) {
  const char *name = "org";
  bool map = l->place.node && l->place.node->kind == NODE_MAP;
  if (!column_of(l)->system) name = map ? place_text(place_key(l->place, "type"), true) : place_text(l->place, true);
  if (!name) return;
  Error e;
  column_of(l)->ref = catalogue_find(b->c, name);
  if (column_of(l)->ref || catalogue_relation(b->c, name, &e)) {
    if (!column_of(l)->ref) place_issue(l->place, "这里要写台账的英文名，不是“%s”。", name);
  } else {
    place_issue(l->place, "%s", e.sentence);
  }
}

static void check_title(Build *b, const Later *l) {
  (void)b;
  Relation *r = l->relation;
  const char *name = place_text(l->place, false);
  r->title = -1;
  if (name) {
    r->title = relation_index(r, name);
    if (r->title < 0) place_issue(l->place, "没有“%s”这个字段，请写一个本表的字段名。", name);
    return;
  }
  for (size_t i = 0; i < r->column_count && r->title < 0; i++) {
    const Column *c = &r->columns[i];
    if (!c->system && !c->sensitive && c->type == TYPE_TEXT) r->title = (int)i;
  }
}

/* ---- one name, one meaning ---- */

static bool has_term(const Relation *r, const char *name) {
  for (size_t i = 0; i < r->term_count; i++)
    if (strcmp(r->terms[i].name, name) == 0) return true;
  return false;
}

static const Relation *has_line(const Relation *r, const char *name) {
  for (size_t i = 0; i < r->line_count; i++)
    if (strcmp(r->lines[i]->own_name, name) == 0) return r->lines[i];
  return NULL;
}

static void clash_with_parent(const Relation *line, const char *name, Place p) {
  const Relation *up = line->parent;
  if (!up) return;
  const Column *c = relation_column(up, name);
  if ((c && strcmp(name, "id") != 0) || has_term(up, name))
    place_issue(p, "“%s”在“%s”里也有，一个名字只能有一个意思，请换一个名字。", name, up->label);
}

static void clash_table(Build *b, const Relation *r, Place p) {
  if (strlen(r->table) > TABLE_LONGEST)
    place_issue(p, "名字太长：表名“%s”超过%d个字符，请缩短台账或明细的名字。", r->table, TABLE_LONGEST);
  for (size_t i = 0; i < b->c->relation_count && b->c->relations[i] != r; i++) {
    const Relation *o = b->c->relations[i];
    if (strcmp(o->name, r->name) == 0)
      place_issue(p, "“%s”已经有了（%s），请换一个名字。", r->name, o->label);
    else if (strcmp(o->table, r->table) == 0)
      place_issue(p, "“%s”与“%s”会用同一个表名，请换一个名字。", r->name, o->name);
    else if (!o->parent && !r->parent && strcmp(o->label, r->label) == 0)
      place_issue(p, "名称“%s”已被“%s”使用，请换一个名称。", r->label, o->name);
  }
}

static void check_clash(Build *b, const Later *l) {
  const Relation *r = l->relation;
  if (l->index == SIZE_MAX) {
    clash_table(b, r, l->place);
    if (!r->parent) return;
    const Relation *same = has_line(r->parent, r->own_name);
    if (same != r) place_issue(l->place, "明细“%s”写了两次，请删去或改名。", r->own_name);
    if (relation_column(r->parent, r->own_name) || has_term(r->parent, r->own_name))
      place_issue(l->place, "明细“%s”与一个字段或术语同名，请换一个名字。", r->own_name);
    return;
  }
  const char *name = column_of(l)->name;
  if (!*name) return;
  for (size_t i = 0; i < l->index; i++)
    if (strcmp(r->columns[i].name, name) == 0) place_issue(l->place, "字段“%s”写了两次，请删去一个。", name);
  const char *was = column_of(l)->was;
  if (was && relation_column(r, was)) place_issue(l->place, "曾用名“%s”仍是一个字段的名字，请删去was或改名。", was);
  clash_with_parent(r, name, l->place);
}

static void check_term(Build *b, const Later *l) {
  Relation *r = l->relation;
  Term *t = &r->terms[l->index];
  Place name = place_key(l->place, "name"), is = place_key(l->place, "is");
  if (relation_column(r, t->name)) place_issue(name, "术语“%s”与一个字段同名，请换一个名字。", t->name);
  for (size_t i = 0; i < l->index; i++)
    if (strcmp(r->terms[i].name, t->name) == 0) place_issue(name, "术语“%s”写了两次，请删去一个。", t->name);
  clash_with_parent(r, t->name, name);
  t->filter = build_filter(b, r, t->text, is);
}

/* ---- the rest of a relation ---- */

static void check_among(Build *b, const Later *l) {
  Column *c = column_of(l);
  const char *text = place_text(l->place, true);
  if (text && c->ref) c->among = build_filter(b, c->ref, text, l->place);
}

static void state_issue(Build *b, const Relation *r, const char *name, Place p) {
  const char **names = NEW_ARRAY(b->arena, const char *, r->state_count + 1);
  for (size_t i = 0; i < r->state_count; i++) names[i] = r->states[i].name;
  const char *near = nearest(name, names, r->state_count);
  if (near)
    place_issue(p, "没有状态“%s”，是不是“%s”？", name, near);
  else
    place_issue(p, "没有状态“%s”，请写states里有的名字。", name);
}

static void check_states(Build *b, const Later *l) {
  const Relation *r = l->relation->parent ? l->relation->parent : l->relation;
  const char **names = l->kind == LATER_NEXT ? r->states[l->index].next : column_of(l)->needed_in;
  for (size_t i = 0; names[i]; i++) {
    Place p = l->place.node->kind == NODE_LIST ? place_item(l->place, i) : l->place;
    if (!relation_state(r, names[i])) state_issue(b, r, names[i], p);
  }
}

static void check_default(Build *b, const Later *l) {
  const Column *c = column_of(l);
  Value v;
  Error e;
  if (c->type == TYPE_REF || c->type == TYPE_FILE)
    place_issue(l->place, "引用和附件字段不能有默认值。");
  else if ((c->type != TYPE_CHOICE || c->codes) && !cell_read(b->arena, c, c->fallback, &v, &e))
    place_issue(l->place, "%s", e.sentence);
}

static void check_fill(Build *b, const Later *l) {
  l->relation->fill = build_filter(b, catalogue_core(b->c, "post"), l->relation->fill_text, l->place);
}

static void trait_read(Relation *r, Place p) {
  static const char *const known[] = {"life", "problem", "assignment"};
  if (!place_is(p, NODE_MAP)) return;
  Trait *t = &r->traits[r->trait_count];
  const char *name = place_text(place_key(p, "name"), true);
  bool found = false;
  for (size_t i = 0; name && i < 3; i++) found = found || strcmp(known[i], name) == 0;
  if (name && !found) {
    const char *near = nearest(name, known, 3);
    place_issue(place_key(p, "name"), "没有特性“%s”，%s%s%s", name, near ? "是不是“" : "可用life、problem、assignment",
                near ? near : "", near ? "”？" : "。");
  }
  t->name = name ? name : "";
  for (size_t i = 0; i < p.node->count; i++) {
    const char *role = p.node->at[i].key, *field;
    Place at = place_key(p, role);
    if (strcmp(role, "name") == 0 || !(field = place_text(at, true))) continue;
    if (!relation_column(r, field) && !has_line(r, field)) place_issue(at, "没有“%s”这个字段或明细。", field);
    if (t->field_count == 8) {
      place_issue(at, "一个特性最多写8项。");
      break;
    }
    t->fields[t->field_count][0] = role;
    t->fields[t->field_count++][1] = field;
  }
  r->trait_count++;
}

static void check_trait(Build *b, const Later *l) {
  bool list = l->place.node->kind == NODE_LIST;
  size_t n = list ? place_count(l->place, 10) : 1;
  l->relation->traits = NEW_ARRAY(b->arena, Trait, n + 1);
  for (size_t i = 0; i < n; i++) trait_read(l->relation, list ? place_item(l->place, i) : l->place);
}

static void check_seen(Build *b, const Later *l) {
  size_t n = place_count(l->place, 10), used = 0;
  const Column **columns = NEW_ARRAY(b->arena, const Column *, n + 1);
  const Relation **relations = NEW_ARRAY(b->arena, const Relation *, n + 1);
  for (size_t i = 0; i < n; i++) {
    const char *path = place_one(l->place, i), *dot = path ? strchr(path, '.') : NULL;
    const Relation *r = dot ? catalogue_find(b->c, arena_slice(b->arena, path, (size_t)(dot - path))) : NULL;
    const Column *c = r ? relation_column(r, dot + 1) : NULL;
    if (!c || c->ref != l->relation) {
      place_issue(place_item(l->place, i), "应当写“表.字段”，字段指向“%s”。", l->relation->label);
      continue;
    }
    columns[used] = c;
    relations[used++] = r;
  }
  l->relation->seen_by = columns;
  l->relation->seen_in = relations;
}

static void check_reporter(Build *b, const Later *l) {
  Profile *p = &b->c->profile;
  p->reporter = build_filter(b, catalogue_core(b->c, "post"), p->reporter_text, l->place);
}

static void check_one(Build *b, const Later *l) {
  switch (l->kind) {
  case LATER_CODES: check_codes(b, l); break;
  case LATER_REF: check_ref(b, l); break;
  case LATER_TITLE: check_title(b, l); break;
  case LATER_CLASH: check_clash(b, l); break;
  case LATER_TERM: check_term(b, l); break;
  case LATER_AMONG: check_among(b, l); break;
  case LATER_NEEDED:
  case LATER_NEXT: check_states(b, l); break;
  case LATER_DEFAULT: check_default(b, l); break;
  case LATER_FILL: check_fill(b, l); break;
  case LATER_TRAIT: check_trait(b, l); break;
  case LATER_SEEN: check_seen(b, l); break;
  case LATER_REPORTER: check_reporter(b, l); break;
  case LATER_SET: build_set(b, l->relation, l->place); break;
  case LATER_STATEMENT: build_statement(b, l->place); break;
  case LATER_DUTY: build_duty(b, l->place); break;
  case LATER_KINDS: break;
  }
}

void build_check(Build *b) {
  for (LaterKind kind = 0; kind < LATER_KINDS; kind++)
    for (const Later *l = b->later[kind]; l; l = l->next) check_one(b, l);
}
