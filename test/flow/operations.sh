# What operations promise: all errors at once, nothing half done, a repeated request done once, dated orgs.
. test/flow/flow.sh
small_township

# a record with lines; every error of a bad one at once
op record.save '{"ledger": "interview", "org": "望禾乡党委", "held_on": "2023-3-5", "kind": "定期", "interviewer": "沈维岳", "reason": "一季度",
  "state": "done", "people": [{"person": "贺云生", "standing": "村党组织书记"}, {"person": "顾春兰", "standing": "其他"}]}'
exits 0; first=$(id)
same "$(figure interviews.person_times)" 1
same "$(figure interviews.rounds)" 1
op record.save '{"ledger": "interview", "org": "望禾乡", "held_on": "2023-02-30", "kind": "定其", "people": [{"person": "贺云声"}], "rond": 1}'
exits 1 望禾乡党委 2月没有30日 定期 贺云生 round 缺“约谈人” 缺“事由” 缺“身份”
op record.save '{"ledger": "intervew", "org": "望禾乡党委"}'; exits 3 interview
op record.sav '{}'; exits 2 record.save
op record.save '[1]'; exits 2 对象
op record.save '{"ledger": '; exits 2

# the next round is numbered by itself; the same round goes on
op record.save '{"ledger": "interview", "org": "望禾乡党委", "held_on": "2023-06-05", "kind": "定期", "interviewer": "沈维岳", "reason": "二季度",
  "state": "done", "people": [{"person": "贺云生", "standing": "村党组织书记"}]}'; exits 0; second=$(id)
op record.save '{"ledger": "interview", "org": "望禾乡党委", "held_on": "2023-06-06", "kind": "定期", "interviewer": "沈维岳", "reason": "二季度", "round": 2,
  "state": "done", "people": [{"person": "贺云生", "standing": "村党组织书记"}]}'; exits 0
same "$(figure interviews.rounds)" 2
same "$(figure interviews.person_times)" 3
same "$(figure interviews.persons)" 1

# draft does not count until it goes on; a step must be declared
op record.save '{"ledger": "interview", "org": "望禾乡党委", "held_on": "2023-09-05", "kind": "定期", "interviewer": "沈维岳", "reason": "三季度",
  "people": [{"person": "贺云生", "standing": "村党组织书记"}]}'; exits 0; third=$(id)
same "$(figure interviews.rounds)" 2
op record.step "{\"ledger\": \"interview\", \"id\": $third, \"state\": \"finished\"}"; exits 1
op record.step "{\"ledger\": \"interview\", \"id\": $third, \"state\": \"done\"}"; exits 0
same "$(figure interviews.rounds)" 3
op record.step "{\"ledger\": \"interview\", \"id\": $third, \"state\": \"draft\"}"; exits 1

# void wants a reason, keeps the row, is final
op record.void "{\"ledger\": \"interview\", \"id\": $second}"; exits 1 作废原因
op record.void "{\"ledger\": \"interview\", \"id\": $second, \"reason\": \"登记重复\"}"; exits 0
same "$(figure interviews.person_times)" 3
op record.save "{\"ledger\": \"interview\", \"id\": $second, \"reason\": \"改\"}"; exits 3 作废
luoshi list interview; lacks 登记重复
luoshi list interview --all; exits 0 登记重复
luoshi show interview "$second"; exits 0 登记重复 修改经过

# the same request twice is done once
op record.void "{\"ledger\": \"interview\", \"id\": $third, \"reason\": \"试\"}" --request once; exits 0
op record.void "{\"ledger\": \"interview\", \"id\": $third, \"reason\": \"试\"}" --request once; exits 0 没有重复写入

# a change of lines: those with an id stay, the others go
luoshi show interview "$first" --format json
line=$(jq -r '.people[0].id' <<<"$out")
op record.save "{\"ledger\": \"interview\", \"id\": $first, \"people\": [{\"id\": \"$line\", \"standing\": \"其他\"}]}"; exits 0
luoshi show interview "$first" --format json
same "$(jq -r '.people | length' <<<"$out")" 1
same "$(jq -r '.people[0].standing' <<<"$out")" 其他

# dated orgs: a branch that moved keeps its spring where it was
op record.save '{"ledger": "volunteer", "org": "河口村党支部", "held_on": "2023-04-01", "theme": "环境整治", "state": "done"}'
[ "$code" = 0 ] || op record.save '{"ledger": "volunteer", "org": "河口村党支部", "held_on": "2023-04-01", "topic": "环境整治", "theme": "环境整治", "state": "done"}'
exits 0
before=$(figure volunteer.events --org 河口村)
op org.move '{"org": "河口村党支部", "parent": "石桥村", "from_on": "2023-07-01"}'; exits 0
same "$(figure volunteer.events --org 河口村)" "$before" "after the move"
same "$(figure volunteer.events --org 石桥村)" 0 "after the move"
op org.rename '{"org": "石桥村", "name": "新石桥村", "from_on": "2023-08-01"}'; exits 0
luoshi figures --org 石桥村; exits 0
op org.rename '{"org": "新石桥村", "name": "河口村", "from_on": "2023-09-01"}'; exits 1 已有
op org.move '{"org": "新石桥村", "parent": "石桥村党支部", "from_on": "2023-09-01"}'; exits 1
op org.dissolve '{"org": "新石桥村", "on": "2023-10-01"}'; exits 1 先移走
op org.dissolve '{"org": "石桥村党支部", "on": "2023-10-01"}'; exits 0
op record.save '{"ledger": "volunteer", "org": "石桥村党支部", "held_on": "2023-11-01", "theme": "环境整治", "topic": "环境整治"}'; exits 1 撤销

# closing a ledger's period
op ledger.close '{"ledger": "interview", "org": "望禾乡党委", "from_on": "2023-01-01", "to_on": "2023-06-30"}'; exits 0; closed=$(id)
op record.save "{\"ledger\": \"interview\", \"id\": $first, \"place\": \"会议室\"}"; exits 1 结账
op record.void "{\"ledger\": \"interview\", \"id\": $first, \"reason\": \"改\"}"; exits 1 结账
op ledger.reopen "{\"id\": $closed, \"reason\": \"补登\"}"; exits 0
op record.save "{\"ledger\": \"interview\", \"id\": $first, \"place\": \"会议室\"}"; exits 0

# stages follow each other; posts end
op stage.enter '{"person": "顾春兰", "org": "石桥村党支部", "stage": "left", "started_on": "2014-01-01"}'; exits 1 早于
op post.end '{"person": "顾春兰", "org": "河口村党支部", "ended_on": "2023-09-01"}'; exits 1 没有在任
op post.end '{"person": "贺云生", "org": "河口村党支部", "ended_on": "2023-09-01"}'; exits 0
audited
