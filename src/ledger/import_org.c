/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Orgs from a table: what `org.found`, `org.rename` and `org.move` would have made one by one. An org that is
 * there already is not changed here: names and places are dated, and each change has its operation. The tree
 * of the session takes every new org at once, so that rows below may name it as their superior; rows whose
 * superior stands further down wait for it. */
#include "ledger/import_record.h"

#include <string.h>

bool import_is_org(const Import *m) { return !strcmp(m->record->name, "org"); }

static const LineRows *spells_of(const Record *org) {
  for (size_t i = 0; i < org->relation->line_count; i++)
    if (!strcmp(org->relation->lines[i]->own_name, "spell")) return &org->lines[i];
  return NULL;
}

static Date day_of(Row row, const char *column) {
  const Value *v = row_at(row, column);
  return v->null ? 0 : (Date)v->i;
}

static int64_t parent_of(Row spell) {
  const Value *v = row_at(spell, "parent");
  return v->null ? 0 : v->i;
}

static bool name_taken(const OrgTree *t, const char *name, int64_t parent, Date at) {
  for (size_t i = 0; i < t->count; i++)
    if (org_alive(&t->at[i], at) && org_parent(t, t->at[i].id, at) == parent && !strcmp(org_name(t, t->at[i].id, at), name))
      return true;
  return false;
}

static void check_spell(Import *m, const Record *org, Row spell, bool first, const char *where, Issues *issues) {
  Session *s = m->s;
  Date from = day_of(spell, "from_on"), founded = day_of(org->row, "founded_on");
  int64_t parent = parent_of(spell);
  const Value *name = row_at(spell, "name");
  Error e = {0};
  if (name->null) return; /* told already */
  if (first && from != founded) issue_add(issues, where, "from_on", "第一个名称的起始时间应是成立时间，请改成一致。");
  if (!parent && s->tree->root)
    issue_add(issues, where, "parent", "已有%s，“%s”要写明上级组织。", org_name(s->tree, s->tree->root, from), name->s);
  else if (parent && !org_alive(org_node(s->tree, parent), from))
    issue_add(issues, where, "parent", "上级组织在“%s”的起始时间还不存在或已撤销，请核对日期。", name->s);
  else if (name_taken(s->tree, name->s, parent, from))
    issue_add(issues, where, "name", "上级组织下面已有“%s”，请去掉重复的。", name->s);
  else if (!may_or_fail(s, MAY_MANAGE_TREE, parent, &e))
    issue_add(issues, where, "parent", "%s", e.sentence);
}

bool import_org_check(Import *m, const Record *before, const Record *org, bool changed, const char *where, Issues *issues) {
  size_t count = issues->count;
  if (before) {
    if (changed) issue_add(issues, where, "id", "已有的组织不在这里改，更名、调整、撤销请用 luoshi do org.rename、org.move、org.dissolve。");
    return issues->count == count;
  }
  const LineRows *spells = spells_of(org);
  for (size_t i = 0; spells && i < spells->count; i++) {
    if (i && day_of(spells->at[i], "from_on") <= day_of(spells->at[i - 1], "from_on"))
      issue_add(issues, where, "from_on", "名称与隶属要按起始时间从早到晚写。");
    check_spell(m, org, spells->at[i], !i, where, issues);
  }
  return issues->count == count;
}

void import_org_add(Import *m, const Record *org) {
  Session *s = m->s;
  const LineRows *spells = spells_of(org);
  OrgTree *tree = NEW(s->lasting, OrgTree);
  *tree = *s->tree; /* a new one, since names are remembered by tree */
  if (!m->org_nodes || tree->count == m->org_room) {
    m->org_room = (tree->count + 8) * 2;
    m->org_nodes = NEW_ARRAY(s->lasting, OrgNode, m->org_room);
    if (tree->count) memcpy(m->org_nodes, tree->at, tree->count * sizeof *tree->at);
    tree->at = m->org_nodes;
  }
  OrgNode *n = &m->org_nodes[tree->count++];
  const Value *dissolved = row_at(org->row, "dissolved_on");
  *n = (OrgNode){.id = row_id(org->row),
                 .kind = arena_copy(s->lasting, row_at(org->row, "kind")->s),
                 .founded = day_of(org->row, "founded_on"),
                 .dissolved = dissolved->null ? DATE_END : (Date)dissolved->i,
                 .spells = NEW_ARRAY(s->lasting, OrgSpell, spells->count + 1)};
  for (size_t i = 0; i < spells->count; i++)
    n->spells[n->spell_count++] = (OrgSpell){day_of(spells->at[i], "from_on"),
                                             arena_copy(s->lasting, row_at(spells->at[i], "name")->s), parent_of(spells->at[i])};
  if (!n->spells[0].parent && !tree->root) {
    tree->root = n->id;
    for (size_t i = 0; i < s->actor.grant_count; i++) /* the owner's right was over an area without a root */
      if (!s->actor.grants[i].org) s->actor.grants[i].org = tree->root;
  }
  s->tree = tree;
  m->d->tree_changed = true;
}

bool import_org_ready(Import *m, const Gathering *g, const GatheredRecord *r, Error *e) {
  const Relation *spell = NULL;
  for (size_t i = 0; i < m->record->line_count; i++)
    if (!strcmp(m->record->lines[i]->own_name, "spell")) spell = m->record->lines[i];
  int head = spell ? heading_of_line(&m->heading, spell, HEAD_LINE, relation_index(spell, "parent")) : -1;
  CsvRow row;
  for (uint32_t at = r->first + 1; head >= 0 && at; at = g->rows[at - 1].next) {
    csv_seek(m->csv, g->rows[at - 1].offset, g->rows[at - 1].number);
    if (csv_next(m->csv, &row, e) != CSV_ROW) return false;
    size_t n = 0;
    const char *cell = (size_t)head < row.count ? cell_span(row.cells[head], &n) : "";
    Error why = {0};
    if (n && !org_find(m->s->tree, arena_slice(m->s->arena, cell, n), m->s->today, &why)) return false;
  }
  return true;
}
