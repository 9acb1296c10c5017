/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What each role may do over the subtree it is granted for, in either mode. Nobody's rights are the union of
 * unseen ones: the table is all there is. What must stay true of strict mode: no role both opens accounts and
 * grants roles, and none of the three apart reads or writes business data. */
#include "access/session.h"

#include <string.h>

enum { BOTH = MODE_SMALL | MODE_STRICT };

const Role roles[] = {
    {.name = "owner", .label = "管理员", .modes = MODE_SMALL, .help = "管账号、组织、结账和备份，也能登记", .reads = true, .writes = true,
     .sees_sensitive = true, .manages_people = true, .manages_tree = true, .manages_accounts = true, .grants = true,
     .backs_up = true, .sets = true, .closes = true, .audits = true, .erases = true},
    {.name = "clerk", .label = "经办人", .modes = BOTH, .help = "登记台账，看报告，核对初稿", .reads = true, .writes = true},
    {.name = "roster", .label = "党员管理员", .modes = MODE_SMALL, .help = "经办人的权限，加上人员、任职和隐私项", .reads = true,
     .writes = true, .sees_sensitive = true, .manages_people = true},
    /* without an owner, the tree, closing and erasing are theirs: they are business */
    {.name = "roster", .label = "党员管理员", .modes = MODE_STRICT, .help = "经办人的权限，加上人员、隐私项、组织和结账", .reads = true,
     .writes = true, .sees_sensitive = true, .manages_people = true, .manages_tree = true, .closes = true, .erases = true},
    {.name = "reader", .label = "查阅人", .modes = BOTH, .help = "只看，不改", .reads = true},
    {.name = "member", .label = "党员", .modes = BOTH, .help = "只看自己的"},
    {.name = "auditor", .label = "审计人", .modes = MODE_SMALL, .apart = true, .help = "看全部记录和记录链，什么都不能改", .reads = true,
     .audits = true},
    {.name = "auditor", .label = "审计人", .modes = MODE_STRICT, .apart = true, .help = "看记录链，审查两位管理员，不看业务数据", .audits = true},
    {.name = "system", .label = "系统管理员", .modes = MODE_STRICT, .apart = true, .help = "开通和停用账号，备份，不授权，不看业务数据",
     .manages_accounts = true, .backs_up = true},
    {.name = "security", .label = "安全保密员", .modes = MODE_STRICT, .apart = true, .help = "给账号授权，不开账号，不看业务数据", .grants = true,
     .sets = true},
    {.name = ROLE_MACHINE, .label = "本机", .modes = MODE_STRICT, .apart = true, .manages_accounts = true, .backs_up = true,
     .sets = true, .audits = true},
};
const size_t role_count = sizeof roles / sizeof *roles;

const Role *role_in(const char *name, Mode mode) {
  for (size_t i = 0; i < role_count; i++)
    if ((roles[i].modes & mode) && !strcmp(roles[i].name, name)) return &roles[i];
  return NULL;
}

const Role *role_find(const char *name) {
  for (size_t i = 0; i < role_count; i++)
    if (!strcmp(roles[i].name, name)) return &roles[i];
  return NULL;
}
