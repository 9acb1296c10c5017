# Scope: role × relation × field through list, export, rows, figure and filter.
. test/flow/flow.sh
small_township
op account.open '{"name": "zx", "role": "clerk", "org": "望禾乡党委"}'; exits 0
op account.open '{"name": "hk", "role": "clerk", "org": "河口村"}'; exits 0
op account.open '{"name": "hkz", "role": "roster", "org": "河口村"}'; exits 0
op account.open '{"name": "cy", "role": "reader", "org": "石桥村"}'; exits 0
op account.open '{"name": "sj", "role": "auditor", "org": "望禾乡党委"}'; exits 0
op account.open '{"name": "wu", "role": "reader", "org": "石桥村党支部"}'; exits 0
for village in 河口村 石桥村; do
  for month in 03 04 05; do
    op record.save "{\"ledger\": \"volunteer\", \"org\": \"${village}党支部\", \"held_on\": \"2023-$month-01\", \"theme\": \"环境整治\", \"topic\": \"${village}清河道\", \"state\": \"done\"}"; exits 0
  done
done
op record.save '{"ledger": "interview", "org": "望禾乡党委", "held_on": "2023-03-05", "kind": "定期", "interviewer": "沈维岳", "reason": "一季度",
  "state": "done", "people": [{"person": "贺云生", "standing": "村党组织书记"}]}'; exits 0

# what each account sees: account, rows of volunteer, rows of interview, persons, the phone as shown
while read -r account volunteer interview persons phone; do
  luoshi list volunteer --as "$account" --format json; exits 0; same "$(jq '.rows | length' <<<"$out")" "$volunteer" "$account volunteer"
  luoshi list interview --as "$account" --format json; exits 0; same "$(jq '.rows | length' <<<"$out")" "$interview" "$account interview"
  luoshi list interview.people --as "$account" --format json; exits 0; same "$(jq '.rows | length' <<<"$out")" "$interview" "$account interview.people"
  luoshi list person --as "$account" --format json; exits 0
  same "$(jq '.rows | length' <<<"$out")" "$persons" "$account person"
  same "$(jq -r '[.rows[].phone] | unique | join(",")' <<<"$out")" "$phone" "$account phone"
  luoshi export person --as "$account" -o "$place/$account.json"; exits 0
  same "$(jq -r '[.. | objects | .phone? // empty] | unique | join(",")' "$place/$account.json")" "$phone" "$account exported phone"
  luoshi list person --as "$account" --where "phone contains '139'"; exits 3 隐私项
  luoshi list account --as "$account" --format json
  [ "$account" = zx ] || [ "$account" = sj ] || same "$(jq '.rows | length' <<<"$out")" 0 "$account account"
done <<'T'
zx 6 1 4 无权查看
hk 3 0 2 无权查看
hkz 3 0 2 13900001111
cy 3 0 1 无权查看
sj 6 1 4 无权查看
wu 3 0 1 无权查看
T

# a figure is whole or refused
luoshi figures --as zx; exits 0
for account in hk hkz cy wu; do
  luoshi figures --as "$account"; exits 3 您的权限限于 全乡数不显示（不是0）
  luoshi rows volunteer.events --as "$account"; exits 3 不是0
  luoshi report annual --as "$account"; exits 3 不是0
done
same "$(figure volunteer.events --as hk --org 河口村)" 3
luoshi figures --as hk --org 石桥村; exits 3 限于河口村 其他组织的数不显示
luoshi rows volunteer.events --as hk --org 河口村; exits 0; lacks 石桥村
luoshi rows village_secretaries.persons --as hk --org 河口村; exits 0; lacks 13900001111

# what may be written where
new() { op record.save "{\"ledger\": \"volunteer\", \"org\": \"$1\", \"held_on\": \"2023-06-01\", \"theme\": \"环境整治\", \"topic\": \"x\"}" --as "$2"; }
new 河口村党支部 hk; exits 0; mine=$(id)
new 石桥村党支部 hk; exits 3 权限限于河口村
new 石桥村党支部 cy; exits 3 没有
new 石桥村党支部 sj; exits 3
op record.save "{\"ledger\": \"volunteer\", \"id\": $mine, \"org\": \"石桥村党支部\"}" --as hk; exits 3 权限限于河口村
op record.void "{\"ledger\": \"volunteer\", \"id\": $mine, \"reason\": \"x\"}" --as wu; exits 3
other=$("$binary" -C "$site" list volunteer --as cy --format json | jq -r '.rows[0].id')
luoshi show volunteer "$other" --as hk; exits 3 不在您的权限内
op record.save "{\"ledger\": \"volunteer\", \"id\": $other, \"topic\": \"y\"}" --as hk; exits 3
op record.save '{"ledger": "person", "name": "某"}' --as hk; exits 3
op post.start '{"person": "顾春兰", "org": "石桥村党支部", "title": "书记", "started_on": "2023-01-01"}' --as hkz; exits 3
op org.rename '{"org": "河口村", "name": "新村", "from_on": "2023-10-01"}' --as hk; exits 3
op account.open '{"name": "x", "role": "owner", "org": "望禾乡党委"}' --as hkz; exits 3
op account.disable '{"name": "hk"}'; exits 0
luoshi list volunteer --as hk; exits 3 停用
luoshi audit --as sj; exits 0
luoshi audit --as cy; exits 3
audited
