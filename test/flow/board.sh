# What every org owes: the demo's board is true and has every light, cells open to their records, an exemption is granted
# and taken back, who sees what, and what a wrong declaration of a duty says.
. test/flow/flow.sh

luoshi demo $(store_options); exits 0
luoshi board --period 2023-12; exits 0 望禾乡党委 剩5天 逾期2天 免开
luoshi board --period 2023-12 --format json; exits 0
december=$out
for state in done done_late soon overdue pending excused; do
  [ "$(jq ".totals.$state" <<<"$december")" -gt 0 ] || bad "no $state in December"
done
luoshi board --format json; exits 0
year=$out
[ "$(jq '.totals.missed' <<<"$year")" -gt 0 ] || bad "nothing missed in the year"
# mostly done
[ "$(jq '(.totals.done + .totals.done_late) * 10 > ([.totals[]] | add) * 9' <<<"$year")" = true ] || bad "not mostly done"
# the totals are the parts
same "$(jq -c '[.cells[].parts[].state] | group_by(.) | map({(.[0]): length}) | add | to_entries | sort_by(.key) | from_entries' <<<"$year")" \
     "$(jq -c '.totals | to_entries | map(select(.value > 0)) | sort_by(.key) | from_entries' <<<"$year")"
# every org × duty once; a cell is as bad as its worst part
same "$(jq '[.cells[] | [.org, .duty]] | length == (unique | length)' <<<"$year")" true
same "$(jq -r '.totals | keys_unsorted | join(" ")' <<<"$year")" "excused pending done done_late soon overdue missed"
same "$(jq -r '["excused","pending","done","done_late","soon","overdue","missed"] as $rank
  | [.cells[] | select((.state as $s | $rank | index($s)) != ([.parts[].state | . as $s | $rank | index($s)] | max))] | length' <<<"$year")" 0

# the clinic's committee did not meet in August and September, nor do its records say so
clinic=$(jq -r '.tree[] | select(.name == "卫生院党支部") | .id' <<<"$year")
same "$(jq -r --arg o "$clinic" '[.cells[] | select(.org == $o and .duty == "branch_committee").parts[] | select(.state == "missed").period] | join(" ")' <<<"$year")" "2023-08 2023-09"
# every record named is there, counts, is the org's and lies in the part
jq -r '.cells[] | select(.duty == "branch_assembly") | .org as $o | .parts[] | .period as $p | .records[] | "\(.) \($o) \($p)"' <<<"$year" | sort >"$place/board"
luoshi list life --where "kind = '支部党员大会' and held_on in year(2023)" --format json; exits 0
same "$(jq '.rows | length' <<<"$out")" "$(wc -l <"$place/board")" "assemblies"
jq -r '.rows[].id' <<<"$out" | sort >"$place/list"
same "$(cut -d' ' -f1 "$place/board" | sort | tr '\n' ' ')" "$(tr '\n' ' ' <"$place/list")" "assemblies by id"
# and the figure says the same
same "$(figure life.assemblies)" "$(wc -l <"$place/board")"

# one org; a village's subtree; a name that is none
luoshi board --org 塔坪村 --period 2023-12 --format json; exits 0
same "$(jq -r '[.tree[].name] | join(" ")' <<<"$out")" "塔坪村党支部 塔坪村第一党小组 塔坪村第二党小组"
luoshi board --org 塔坪; exits 2 塔坪村
luoshi board --period 2023-13; exits 2
luoshi board --period 1950-01-01..2023-12-31; exits 3 时段太长
luoshi board extra; exits 2 用法

# who sees what
op account.open '{"name": "tp", "role": "clerk", "org": "塔坪村"}'; exits 0
luoshi board --as tp --format json; exits 0
same "$(jq -r '[.tree[].name] | join(" ")' <<<"$out")" "塔坪村党支部 塔坪村第一党小组 塔坪村第二党小组"
luoshi board --as tp --org 沙河村; exits 3 塔坪村
op duty.relieve '{"org": "塔坪村党支部", "duty": "theme_day", "from_on": "2023-01-01", "to_on": "2023-12-31", "basis": "自己", "approved_by": "自己"}' --as tp; exits 3 权限

# an exemption: by label too; it excuses what is lacking, and is taken back with a reason
state() { "$binary" -C "$site" board --period 2023-12 --format json | jq -r --arg n "$1" --arg d "$2" '(.tree[] | select(.name == $n).id) as $o | .cells[] | select(.org == $o and .duty == $d).state'; }
same "$(state 北滩村党支部 theme_day)" overdue
op duty.relieve '{"org": "北滩村党支部", "duty": "主题党日", "from_on": "2023-12-01", "to_on": "2023-12-31", "basis": "抢收", "approved_by": "县委组织部"}'; exits 0
relief=$(id)
same "$(state 北滩村党支部 theme_day)" excused
luoshi board --org 北滩村 --period 2023-12 --format json; exits 0 '抢收（县委组织部批准）'
op duty.relieve '{"org": "北滩村党支部", "duty": "theme_dey", "from_on": "2023-12-01", "to_on": "2023-12-31", "basis": "x", "approved_by": "y"}'; exits 3 是不是“theme_day”
op duty.relieve '{"org": "北滩村党支部", "duty": "theme_day", "from_on": "2023-12-31", "to_on": "2023-12-01", "basis": "x", "approved_by": "y"}'; exits 1 早于
op duty.relieve '{"org": "北滩村党支部", "duty": "theme_day", "from_on": "2023-12-01", "to_on": "2023-12-31", "approved_by": "y"}'; exits 1 免开依据
op duty.restore "{\"id\": $relief}"; exits 1 原因
op duty.restore "{\"id\": $relief, \"reason\": \"已补开\"}" --as tp; exits 3
op duty.restore "{\"id\": $relief, \"reason\": \"已补开\"}"; exits 0
same "$(state 北滩村党支部 theme_day)" overdue
op duty.restore "{\"id\": $relief, \"reason\": \"再来\"}"; exits 3 已撤销
op duty.restore '{"id": 999999, "reason": "x"}'; exits 3 没有编号
# the record that was lacking; late, and done all the same; a draft and a void do not count
op record.save '{"ledger": "life", "org": "北滩村党支部", "held_on": "2023-12-19", "kind": "主题党日", "topic": "补上", "host": "张怀仁"}'; exits 0; made=$(id)
same "$(state 北滩村党支部 theme_day)" overdue
op record.step "{\"ledger\": \"life\", \"id\": $made, \"state\": \"done\"}"; exits 0
same "$(state 北滩村党支部 theme_day)" done_late
op record.void "{\"ledger\": \"life\", \"id\": $made, \"reason\": \"重复\"}"; exits 0
same "$(state 北滩村党支部 theme_day)" overdue
audited

# a duty more is a column more, without a table; the profile's errors come all at once, by file and place
cat >"$site/profile/duties/mine.yaml" <<'Y'
duties:
  - {name: volunteering, label: 志愿服务, owed_by: is_village_branch, met_by: volunteer, every: half}
Y
luoshi migrate; exits 0
luoshi board --format json; exits 0
same "$(jq '[.cells[] | select(.duty == "volunteering")] | length' <<<"$out")" 10
cat >"$site/profile/duties/mine.yaml" <<'Y'
duties:
  - {name: volunteering, label: 志愿服务, owed_by: is_vilage_branch, met_by: volunter, every: hlf}
Y
luoshi board; exits 2 duties/mine.yaml:2 is_village_branch volunteer half
rm "$site/profile/duties/mine.yaml"
luoshi migrate; exits 0
audited

# nobody owes anything: an empty site says so
new_site; op org.found '{"name": "空乡党委", "kind": "township", "founded_on": "2023-12-01"}'; exits 0
luoshi board --period 2023-12; exits 0
luoshi board --period 2022; exits 0 没有组织承担职责
