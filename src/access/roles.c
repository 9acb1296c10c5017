/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What each role may do over the subtree it is granted for. A township starts with one owner and one
 * auditor; nobody's rights are the union of unseen ones: the table is all there is. */
#include "access/session.h"

#include <string.h>

const Role roles[] = {
    {.name = "owner", .label = "负责人", .reads = true, .writes = true, .sees_sensitive = true, .manages_people = true,
     .manages_tree = true, .manages_accounts = true, .closes = true, .audits = true, .erases = true},
    {.name = "clerk", .label = "经办人", .reads = true, .writes = true},
    {.name = "roster", .label = "组织员", .reads = true, .writes = true, .sees_sensitive = true, .manages_people = true},
    {.name = "reader", .label = "查阅人", .reads = true},
    {.name = "auditor", .label = "审计员", .reads = true, .audits = true},
};
const size_t role_count = sizeof roles / sizeof *roles;

const Role *role_find(const char *name) {
  for (size_t i = 0; i < role_count; i++)
    if (!strcmp(roles[i].name, name)) return &roles[i];
  return NULL;
}
