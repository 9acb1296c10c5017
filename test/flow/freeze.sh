# A report frozen; what comes after stands apart, exactly; a second issue; who may; what a profile changed since.
. test/flow/flow.sh

# frozen [options]: the frozen report as JSON
frozen() { luoshi report annual --frozen "$@" --format json; exits 0; }
late() { jq -c "[.changes[] | select(.name == \"$1\") | .entries[] | [.kind, .record, .before, .after]]" <<<"$out"; }

luoshi demo $(store_options); exits 0
luoshi report annual --frozen; exits 2 还没有定稿
luoshi report annual --freeze --beside; exits 2 一次只能用一个
luoshi report annual --frozen=x; exits 2 第几稿
luoshi report annual; exits 0; text=$out
luoshi report annual --freeze --request once; exits 0 第1稿已定 补录另列
# asked again, it is not done again
luoshi report annual --freeze --request once; exits 0 没有再定一稿
frozen
same "$(jq -r .text <<<"$out")" "$text" "the frozen text"
same "$(jq '[.issue, .in_force, ([.changes[] | select(.same | not)] | length), ([.changes[].entries[]] | length)]' -c <<<"$out")" '[1,true,0,0]'
same "$(jq '[.figures[] | select(.rows > 0 and (.root | length) != 64)] | length' <<<"$out")" 0 "roots"
luoshi report annual --frozen; exits 0 没有变化 第1稿
audited

# one late entry: exactly it, in exactly the figures it counts in, with who and when

op record.save '{"ledger": "meeting", "kind": "党建工作会议", "held_on": "2023-11-02", "org": "望禾乡党委", "topic": "补记的会", "host": "沈维岳", "state": "done"}'; exits 0
meeting=$(id); saved=$(grep -oE '第[0-9]+号' <<<"$out" | tr -dc 0-9)
frozen
same "$(jq '[.changes[].entries[] | .record] | unique | length' <<<"$out")" 1 "records that came"
same "$(jq -r '[.changes[].entries[] | .record] | unique[0]' <<<"$out")" "$meeting"
same "$(late meeting.sessions)" "[[\"came\",\"$meeting\",\"\",\"1\"]]"
same "$(jq -r '[.changes[].entries[0] | select(.) | .revision] | unique[0]' <<<"$out")" "$saved" "the revision that did it"
same "$(jq -r '.changes[] | select(.name == "meeting.sessions") | (.today | tonumber) - (.frozen | tonumber)' <<<"$out")" 1 "the value of today"
same "$(jq -r .text <<<"$out")" "$text" "the frozen text after a late entry"
luoshi report annual --frozen; exits 0 补录另列 补记的会 "记录链第${saved}号" 本机
luoshi report annual --frozen --format html -o "$place/frozen.html"; exits 0
for part in 'id="late"' 补记的会 '第1稿' '定稿后数字不再随台账变化，补录另列'; do grep -qF "$part" "$place/frozen.html" || bad "the page lacks $part"; done
! grep -q '<script\| style=' "$place/frozen.html" || bad "script or inline style in the page"

# a change that leaves the value: told, and the value stands
op record.save "{\"ledger\": \"meeting\", \"id\": $meeting, \"topic\": \"补记的会议\"}"; exits 0
old=$("$binary" -C "$site" rows meeting.sessions --format json | jq -r '.rows[0].id')
op record.save "{\"ledger\": \"meeting\", \"id\": $old, \"topic\": \"改过的题目\"}"; exits 0
frozen
same "$(late meeting.sessions | jq -c 'map([.[0], .[1]]) | sort')" "$(jq -nc --arg a "$meeting" --arg b "$old" '[["came",$a],["changed",$b]] | sort')"
# voided: left, with the reason; the late one voided again is no more
op record.void "{\"ledger\": \"meeting\", \"id\": $old, \"reason\": \"登记重复\"}"; exits 0
op record.void "{\"ledger\": \"meeting\", \"id\": $meeting, \"reason\": \"记错了\"}"; exits 0
frozen
same "$(late meeting.sessions)" "[[\"left\",\"$old\",\"1\",\"\"]]"
luoshi report annual --frozen; exits 0 不再计入 作废原因：登记重复

# the next issue is drawn from today; the first one stays
luoshi report annual --freeze; exits 0 第2稿
frozen; same "$(jq '[.issue, .in_force, ([.changes[].entries[]] | length)]' -c <<<"$out")" '[2,true,0]'
frozen 1; same "$(jq '[.issue, .in_force]' -c <<<"$out")" '[1,false]'
same "$(jq -r .text <<<"$out")" "$text" "the first issue"
luoshi report annual --frozen 3; exits 2 没有第3稿
luoshi report annual --frozen 1; exits 0 已有新稿
audited

# last year's frozen report is what this year stands beside
luoshi report annual --beside --format json; exits 0; same "$(jq '[.last_issue, ([.rows[] | select(.from_frozen)] | length)]' -c <<<"$out")" '[null,0]'
computed=$(jq -c '[.rows[] | [.name, .last, .difference]]' <<<"$out")
same "$(jq '[.rows[] | select((.this == null or .last == null) and .difference != null)] | length' <<<"$out")" 0 "a difference of nothing"
luoshi report annual --period 2022 --freeze; exits 0 第1稿
luoshi report annual --beside --format json; exits 0; same "$(jq '.last_issue' <<<"$out")" 1
same "$(jq '[.rows[] | select(.from_frozen)] | length > 10' <<<"$out")" true "figures of last year's frozen report"
same "$(jq -c '[.rows[] | [.name, .last, .difference]]' <<<"$out")" "$computed" "frozen and computed differ"
luoshi report annual --beside; exits 0 上年按第1稿的数

# a definition changed since is told
sed -i 's/where: org.is_township and kind/where: kind/' "$site/profile/ledgers/study.yaml"
luoshi migrate; exits 0
frozen; same "$(jq -c '[.changes[] | select(.name | startswith("study.")) | .declared] | unique' <<<"$out")" '["otherwise"]'
luoshi report annual --frozen; exits 0 口径已改

# who may: a reader reads and does not freeze; a village's clerk neither
op account.open '{"name": "reader", "role": "reader", "org": "望禾乡党委"}'; exits 0
op account.open '{"name": "village", "role": "clerk", "org": "沙河村"}'; exits 0
luoshi report annual --freeze --as reader; exits 3 权限
luoshi report annual --frozen --as reader; exits 0 第2稿
luoshi report annual --freeze --as village; exits 3 权限限于沙河村
luoshi report annual --frozen --as village; exits 3 全乡数不显示
op report.freeze '{"report": "annual"}' --as village; exits 3 权限
op report.freeze '{"report": "annual", "period": "2023-13"}'; exits 1 看不懂期间
op report.freeze '{"report": "anual"}'; exits 3 annual
op record.save '{"ledger": "frozen", "title": "x"}'; exits 2 不能这样登记
luoshi report annual --freeze --as village --org 沙河村; exits 0 第1稿
luoshi list frozen --as village; exits 0 沙河村 共1条
luoshi list frozen --format json --as reader; exits 0 无权查看
audited

# an org without a record, and a site without an org
new_site
luoshi report annual --freeze; exits 2 组织
op org.found '{"name": "望禾乡党委", "kind": "township", "founded_on": "1975-01-01"}'; exits 0
luoshi report annual --freeze; exits 0 第1稿
frozen; same "$(jq '[(.figures | length), (.changes | length)]' -c <<<"$out")" '[0,0]'
luoshi report annual --beside; exits 0 没有可比的
luoshi report annual --frozen --format html; exits 0 没有变化
audited
