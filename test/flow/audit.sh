# What was done behind the program's back: the audit names it, also when nothing else can be opened any more.
. test/flow/flow.sh
small_township
op account.open '{"name": "sj", "role": "auditor", "org": "望禾乡党委"}'; exits 0
op account.open '{"name": "cy", "role": "reader", "org": "石桥村"}'; exits 0
audited

# behind SQL: what somebody does who has the database and not the key
behind() {
  if [ -n "${LUOSHI_TEST_STORE:-}" ]; then psql -q -X "$LUOSHI_TEST_STORE" -c "SET search_path = $(tail -1 "$place/schemas")" -c "$1" >/dev/null
  else sqlite3 "$site/luoshi.db" "$1"; fi
}

# a table that is gone: every other command says whom to ask, the audit says which
for table in head revision change org org_spell person profile_file layout account l_interview_people; do
  behind "ALTER TABLE $table RENAME TO gone"
  luoshi audit; exits 1 "表$table" 不见了
  same "$err" "" "audit without $table"
  luoshi audit --as sj; exits 1 "表$table"
  case $table in
    org|org_spell|account) ;; # nobody can tell any more who cy is
    *) luoshi audit --as cy; exits 3 没有审计的权限 ;;
  esac
  case $table in
    account) luoshi figures; exits 0 ;;
    *) luoshi figures; exits 3 "luoshi audit" ;;
  esac
  behind "ALTER TABLE gone RENAME TO $table"
done
luoshi audit --as nobody; exits 3 没有账号
audited

# a column that is gone
behind 'ALTER TABLE l_interview RENAME COLUMN reason TO gone'
luoshi audit; exits 1 l_interview 事由
luoshi list interview; exits 3 "luoshi audit"
behind 'ALTER TABLE l_interview RENAME COLUMN gone TO reason'
audited

# another's key: noticed when the site is opened, before anything is written under it
cp "$site/keys/journal.key" "$place/key"
printf '%064d\n' 7 >"$site/keys/journal.key"
luoshi figures; exits 3 journal.key 不是这个站点
op record.save '{"ledger": "person", "name": "某人"}'; exits 3 journal.key
luoshi audit; exits 1 密钥文件不是本站的
luoshi doctor; exits 1 journal.key
cp "$place/key" "$site/keys/journal.key"
audited

# declarations that were changed and not yet migrated do not hinder the audit: it goes by those in force
cp "$site/profile/profile.yaml" "$place/profile.yaml"
echo '# changed' >>"$site/profile/profile.yaml"
luoshi figures; exits 3 migrate
audited
echo 'profile: [' >"$site/profile/profile.yaml"
audited
cp "$place/profile.yaml" "$site/profile/profile.yaml"

# the end of the journal: told by doctor at once
behind "UPDATE revision SET actor = '某人' WHERE seq = (SELECT max(seq) FROM revision)"
luoshi doctor; exits 1 "✗ 记录链"
luoshi figures; exits 0
luoshi audit; exits 1 经办人

if [ -z "${LUOSHI_TEST_STORE:-}" ]; then
  # pages that were overwritten
  new_site
  cp "$site/luoshi.db" "$place/keep.db"
  size=$(sqlite3 "$site/luoshi.db" 'PRAGMA page_size')
  for table in revision change profile_file layout; do
    page=$(sqlite3 "$site/luoshi.db" "SELECT rootpage FROM sqlite_schema WHERE name = '$table'")
    dd if=/dev/zero of="$site/luoshi.db" bs="$size" seek=$((page - 1)) count=1 conv=notrunc 2>/dev/null
    luoshi audit; exits 1 已损坏
    same "$err" "" "audit of a damaged $table"
    rm -f "$site"/luoshi.db-*; cp "$place/keep.db" "$site/luoshi.db"
  done
  audited

  # the remedy: a backup takes the place of what is damaged, which is kept
  small_township
  luoshi backup "$place/good.bak"; exits 0
  luoshi backup "$place/good.bak"; exits 2 没有覆盖
  op record.save '{"ledger": "person", "name": "后来人"}'; exits 0
  dd if=/dev/zero of="$site/luoshi.db" bs="$size" seek=1 count=20 conv=notrunc 2>/dev/null
  luoshi audit
  [ "$code" != 0 ] || bad "the damage was not seen"
  luoshi restore "$place/none.bak"; exits 3 不存在
  luoshi restore "$place/keep.db"; exits 3 不是这个站点的备份
  luoshi restore "$place/good.bak"; exits 0 记录链第18号 原来的数据库
  audited
  luoshi list person; exits 0 顾春兰; lacks 后来人
  same "$(ls "$site"/luoshi.db.* | wc -l)" 1 "the damaged one is kept"
fi
