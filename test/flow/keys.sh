# Keys and erasure: kept apart from the data, backed up and put back; a person's private items erased for good; doctor says
# how the site is, a line a thing.
. test/flow/flow.sh
new_site
luoshi doctor; exits 1 "✗ 组织" "✗ 密钥备份" "✓ 记录链"
small_township
luoshi backup --keys "$place/keys.bak"; exits 0
same "$(stat -c %a "$place/keys.bak")" 600
luoshi backup --keys "$place/keys.bak"; exits 2 没有覆盖
op record.save '{"ledger": "person", "name": "新来人", "phone": "138"}'; exits 0
luoshi doctor; exits 1 新密钥

op person.erase '{"person": "顾春兰"}'; exits 1 原因
op person.erase '{"person": "顾春兰", "reason": "本人申请"}' --request once; exits 0
op person.erase '{"person": "顾春兰", "reason": "本人申请"}' --request once; exits 0 没有重复写入
op person.erase '{"person": "顾春兰", "reason": "本人申请"}'; exits 1 不必再做
luoshi list person --where "name = '顾春兰'"; exits 0 已按规定清除; lacks 13900001111
audited

# the keys are lost, the backup is put back: what was erased since stays erased, a newer key is gone
luoshi restore --keys "$place/keys.bak"; exits 3 不会覆盖
mkdir "$place/aside"; mv "$site"/keys/* "$place/aside"
luoshi list person; exits 3 密钥
luoshi doctor; exits 1 "✗ 站点"
luoshi restore --keys "$place/aside/keyring.db"; exits 3 不是密钥备份
luoshi restore --keys "$place/keys.bak"; exits 0 1次清除已经重做
luoshi list person; exits 0 13900001111 已按规定清除 无法解密
chmod 644 "$site/keys/keyring.db"; luoshi doctor; exits 1 "chmod 600"
chmod 600 "$site/keys/keyring.db"
audited
