/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Founding, renaming, moving and dissolving an org. Each adds a dated spell or an end; nothing that was
 * true on an earlier day is overwritten, so that last year's figures stay where they were. */
#include "ledger/office.h"

#include <string.h>

#include "access/names.h"
#include "ledger/record.h"

static const Relation *spell_of(const Relation *org) {
  for (size_t i = 0; i < org->line_count; i++)
    if (!strcmp(org->lines[i]->own_name, "spell")) return org->lines[i];
  return NULL;
}

static void add_spell(Session *s, Record *record, Date from, const char *name, int64_t parent) {
  Row row = record_add_line(s, record, spell_of(record->relation));
  *row_at(row, "from_on") = value_int(from);
  *row_at(row, "name") = value_text(name);
  if (parent) *row_at(row, "parent") = value_int(parent);
}

static bool finish(Doing *d, const Record *before, Record *after, json_t *result, Error *e) {
  if (!record_check(d->session, before, after, NULL, d->issues)) return false;
  d->tree_changed = true;
  if (!record_put(d, before, after, e)) return false;
  json_object_set_new(result, "id", json_string(arena_print(d->session->arena, "%lld", (long long)row_id(after->row))));
  return true;
}

static bool name_is_free(Doing *d, const char *name, int64_t parent, int64_t except, Date on) {
  Session *s = d->session;
  for (size_t i = 0; i < s->tree->count; i++) {
    const OrgNode *n = &s->tree->at[i];
    if (n->id == except || !org_alive(n, on) || org_parent(s->tree, n->id, on) != parent) continue;
    if (strcmp(org_name(s->tree, n->id, on), name)) continue;
    issue_add(d->issues, NULL, "name", "%s下面已有“%s”，请换一个名称。", org_name(s->tree, parent, on), name);
    return false;
  }
  return true;
}

static bool found(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  const Value *parent = row_at(args, "parent");
  Date on = (Date)row_at(args, "founded_on")->i;
  const char *name = row_at(args, "name")->s;
  if (parent->null && s->tree->root)
    return issue_add(d->issues, NULL, "parent", "已有%s，新组织要写明上级组织。", org_name(s->tree, s->tree->root, on)), false;
  if (!parent->null && !org_alive(org_node(s->tree, parent->i), on))
    return issue_add(d->issues, NULL, "parent", "上级组织在这一天不存在，请核对日期。"), false;
  if (!parent->null && !may_or_fail(s, MAY_MANAGE_TREE, parent->i, e)) return false;
  if (!name_is_free(d, name, parent->null ? 0 : parent->i, 0, on)) return false;
  const Relation *org = catalogue_core(s->catalogue, "org");
  Record record = record_new(s, org);
  record_settle(&record);
  const Column *kind = relation_column(org, "kind");
  if (!record_cell(s, kind, row_at(args, "kind")->s, on, row_at(record.row, "kind"), e)) return false;
  *row_at(record.row, "founded_on") = value_int(on);
  add_spell(s, &record, on, name, parent->null ? 0 : parent->i);
  return finish(d, NULL, &record, result, e);
}

/* Loads the org twice and refuses a day that is not after its newest spell. */
static bool open_org(Doing *d, int64_t id, Date from, Record *before, Record *after, Error *e) {
  Session *s = d->session;
  const Relation *org = catalogue_core(s->catalogue, "org");
  const OrgNode *node = org_node(s->tree, id);
  if (!may_or_fail(s, MAY_MANAGE_TREE, id, e) || !record_load(s, org, id, before, e) || !record_load(s, org, id, after, e))
    return false;
  DateText text;
  if (!org_alive(node, from))
    return issue_add(d->issues, NULL, "from_on", "%s在%s不存在，请核对日期。", org_name(s->tree, id, from), date_chinese(from, text)),
           false;
  if (node->spells[node->spell_count - 1].from >= from)
    return issue_add(d->issues, NULL, "from_on", "日期要晚于上次变动的%s。",
                     date_chinese(node->spells[node->spell_count - 1].from, text)),
           false;
  return true;
}

static bool rename_org(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  Record before, after;
  int64_t id = row_at(args, "org")->i;
  Date from = (Date)row_at(args, "from_on")->i;
  if (!open_org(d, id, from, &before, &after, e)) return false;
  int64_t parent = org_parent(s->tree, id, from);
  if (!name_is_free(d, row_at(args, "name")->s, parent, id, from)) return false;
  add_spell(s, &after, from, row_at(args, "name")->s, parent);
  return finish(d, &before, &after, result, e);
}

static bool move(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  Record before, after;
  int64_t id = row_at(args, "org")->i, parent = row_at(args, "parent")->i;
  Date from = (Date)row_at(args, "from_on")->i;
  if (!open_org(d, id, from, &before, &after, e) || !may_or_fail(s, MAY_MANAGE_TREE, parent, e)) return false;
  if (id == s->tree->root || org_under(s->tree, parent, id, from))
    return issue_add(d->issues, NULL, "parent", "不能把组织移到它自己或它的下级下面。"), false;
  if (!org_alive(org_node(s->tree, parent), from))
    return issue_add(d->issues, NULL, "parent", "新的上级组织在这一天不存在，请核对日期。"), false;
  const char *name = org_name(s->tree, id, from);
  if (!name_is_free(d, name, parent, id, from)) return false;
  add_spell(s, &after, from, name, parent);
  return finish(d, &before, &after, result, e);
}

static bool dissolve(Doing *d, Row args, json_t *input, json_t *result, Error *e) {
  (void)input;
  Session *s = d->session;
  Record before, after;
  int64_t id = row_at(args, "org")->i, *below;
  Date on = (Date)row_at(args, "on")->i;
  if (!open_org(d, id, on, &before, &after, e)) return false;
  if (id == s->tree->root) return issue_add(d->issues, NULL, "org", "最上级的组织不能撤销。"), false;
  if (org_children(s->tree, s->arena, id, on, &below))
    return issue_add(d->issues, NULL, "org", "%s下面还有%s等组织，请先移走或撤销。", org_name(s->tree, id, on),
                     org_name(s->tree, below[0], on)),
           false;
  *row_at(after.row, "dissolved_on") = value_int(on);
  return finish(d, &before, &after, result, e);
}

#define ORG {.name = "org", .label = "组织", .type = TYPE_REF, .ref = "org", .required = true}
#define FROM {.name = "from_on", .label = "起始时间", .type = TYPE_DATE, .required = true}

static const Argument found_arguments[] = {
    {.name = "name", .label = "名称", .type = TYPE_TEXT, .required = true},
    {.name = "kind", .label = "组织类型", .type = TYPE_TEXT, .required = true},
    {.name = "parent", .label = "上级组织", .type = TYPE_REF, .ref = "org"},
    {.name = "founded_on", .label = "成立时间", .type = TYPE_DATE, .required = true},
};
static const Argument rename_arguments[] = {ORG, {.name = "name", .label = "新名称", .type = TYPE_TEXT, .required = true}, FROM};
static const Argument move_arguments[] = {
    ORG, {.name = "parent", .label = "新的上级组织", .type = TYPE_REF, .ref = "org", .required = true}, FROM};
static const Argument dissolve_arguments[] = {ORG, {.name = "on", .label = "撤销时间", .type = TYPE_DATE, .required = true}};

static const Operation found_row = {.name = "org.found", .label = "成立组织", .help = "在上级组织下成立一个组织",
                                    .arguments = found_arguments, .argument_count = 4, .right = MAY_MANAGE_TREE, .run = found};
static const Operation rename_row = {.name = "org.rename", .label = "组织更名", .help = "从某日起改名，以前的名称保留",
                                     .arguments = rename_arguments, .argument_count = 3, .right = MAY_MANAGE_TREE,
                                     .run = rename_org};
static const Operation move_row = {.name = "org.move", .label = "调整隶属", .help = "从某日起改属另一上级，以前的记录留在原处",
                                   .arguments = move_arguments, .argument_count = 3, .right = MAY_MANAGE_TREE, .run = move};
static const Operation dissolve_row = {.name = "org.dissolve", .label = "撤销组织", .help = "从某日起撤销，记录都保留",
                                       .arguments = dissolve_arguments, .argument_count = 2, .right = MAY_MANAGE_TREE,
                                       .run = dissolve};

const Operation *const tree_operations[] = {&found_row, &rename_row, &move_row, &dissolve_row};
const size_t tree_operation_count = sizeof tree_operations / sizeof *tree_operations;
