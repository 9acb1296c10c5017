# Files on records: put in by content, read through their record, withdrawn and not deleted; in the backup, and back from
# it after a loss; the audit names what was lost or altered behind the program's back.
. test/flow/flow.sh
small_township
op account.open '{"name": "hk", "role": "clerk", "org": "河口村"}'; exits 0
op account.open '{"name": "sq", "role": "reader", "org": "石桥村"}'; exits 0
op account.open '{"name": "ck", "role": "reader", "org": "河口村"}'; exits 0
op record.save '{"ledger": "volunteer", "org": "河口村党支部", "held_on": "2023-03-01", "theme": "环境整治", "topic": "清河道", "state": "done"}'; exits 0; mine=$(id)
printf '%%PDF-1.7\none' >"$place/one.pdf"
printf '\211PNG\r\n\032\n two' >"$place/two.PNG"
printf '姓名,方式\n顾春兰,到会\n' >"$place/three.csv"
sheet() { openssl dgst -sm3 -r "$1" | cut -d' ' -f1; }
kept() { find "$site/files" -type f | wc -l; }

# what may be put in, and by whom
luoshi attach volunteer "$mine" "$place/one.pdf" --as hk; exits 0 PDF文件 已附上; first=$(grep -oE '附件编号[0-9]+' <<<"$out" | tr -dc 0-9)
same "$(kept)" 1
same "$(stat -c %a "$site/files")" 700
[ -f "$site/files/$(sheet "$place/one.pdf" | cut -c1-2)/$(sheet "$place/one.pdf")" ] || bad "the file is not under its SM3"
luoshi attach volunteer "$mine" "$place/one.pdf" --name again.pdf --as hk; exits 0 "附件编号$first"
luoshi attach volunteer "$mine" "$place/two.PNG" --name '活动照片' --as hk; exits 0 图片
luoshi attach volunteer "$mine" "$place/three.csv" --as hk; exits 0 文本
luoshi attach volunteer "$mine" --as hk; exits 0 one.pdf 活动照片.png three.csv hk 2023-12-20
for refused in "<html><body>" "<svg xmlns='x'/>" "#!/bin/sh" ""; do
  printf '%s' "$refused" >"$place/refused.pdf"
  luoshi attach volunteer "$mine" "$place/refused.pdf" --as hk; [ "$code" != 0 ] || bad "took “$refused”"
done
luoshi attach volunteer "$mine" "$binary"; [ "$code" != 0 ] || bad "took a program"
head -c 20971521 /dev/zero >"$place/large"; luoshi attach volunteer "$mine" "$place/large"; exits 3 20
luoshi attach person 1 "$place/one.pdf"; exits 2 人员本身不放附件
luoshi attach nothing 1 "$place/one.pdf"; exits 3 nothing
luoshi attach volunteer 999999 "$place/one.pdf"; exits 3 没有编号
for account in sq ck; do luoshi attach volunteer "$mine" "$place/one.pdf" --as $account; exits 3; done
same "$(kept)" 3

# who reads the record reads its files
luoshi attach "$first" -o "$place/out.pdf" --as ck; exits 0; cmp -s "$place/one.pdf" "$place/out.pdf" || bad "other bytes came out"
luoshi attach "$first" -o "$place/other.pdf" --as sq; exits 3 不在您的权限内; lacks one.pdf
[ ! -e "$place/other.pdf" ] || bad "somebody else's file was written out"
luoshi attach volunteer "$mine" --as sq; exits 3 不在您的权限内
luoshi attach 1 -o "$place/other.pdf"; exits 3
luoshi list attachment; exits 2
op file.withdraw "{\"id\": $first, \"reason\": \"x\"}" --as sq; exits 3 不在您的权限内
op file.withdraw "{\"id\": $first, \"reason\": \"x\"}" --as ck; exits 3

# a head count and the scanned sheet: the file must be there before the record names it
hash=$(sheet "$place/one.pdf"); none=$(printf '%064d' 7)
total() { echo "{\"ledger\": \"volunteer\", \"org\": \"河口村党支部\", \"held_on\": \"2023-04-01\", \"theme\": \"环境整治\", \"topic\": \"植树\", \"attendance\": [{\"headcount\": 30, \"sheet\": \"$1\"}]}"; }
op record.save "$(total nonsense)" --as hk; exits 1 签到表
op record.save "$(total "$none")" --as hk; exits 1 签到表 重新上传
printf '%%PDF-1.7\nsheet' >"$place/sheet.pdf"
luoshi attach "$place/sheet.pdf"; exits 0 "$(sheet "$place/sheet.pdf")"
op record.save "$(total "$(sheet "$place/sheet.pdf")")" --as hk; exits 0; total=$(id)
luoshi attach volunteer "$total" --as ck; exits 0 签到表.pdf
scan=$(awk 'NR == 2 { print $1 }' <<<"$out")
luoshi attach "$scan" -o "$place/out.pdf" --as ck; exits 0; cmp -s "$place/sheet.pdf" "$place/out.pdf" || bad "the sheet is another"
luoshi attach "$scan" -o "$place/other.pdf" --as sq; exits 3
op file.withdraw "{\"id\": $scan, \"reason\": \"扫错了\"}" --as hk; exits 3 签到表 先在记录里换掉
luoshi export volunteer -o "$place/v.csv"; exits 0
luoshi import volunteer "$place/v.csv"; exits 0
luoshi attach volunteer "$total"; same "$(grep -c 签到表.pdf <<<"$out")" 1 "an import of what is there makes no second"
sed "s/$(sheet "$place/sheet.pdf")/$none/" "$place/v.csv" >"$place/w.csv"
luoshi import volunteer "$place/w.csv"; exits 1 签到表 重新上传

# withdrawn: row and bytes stay, nobody gets them; the record may have it again
op file.withdraw "{\"id\": $first}" --as hk; exits 1 撤下原因
op file.withdraw "{\"id\": $first, \"reason\": \"传错了\"}" --as hk; exits 0
op file.withdraw "{\"id\": $first, \"reason\": \"传错了\"}" --as hk; exits 3 已经撤下
luoshi attach "$first" -o "$place/out.pdf"; exits 3 传错了
luoshi attach volunteer "$mine" --as ck; exits 0 "已撤下：传错了"
luoshi show volunteer "$mine" --as ck; exits 0 "附件（3）" "已撤下：传错了" 活动照片.png
same "$(kept)" 4
luoshi attach volunteer "$mine" "$place/one.pdf" --as hk; exits 0; again=$(grep -oE '附件编号[0-9]+' <<<"$out" | tr -dc 0-9)
[ "$again" != "$first" ] || bad "a withdrawn one came back"

# closed days and void records take no file and lose none
op ledger.close '{"ledger": "volunteer", "org": "望禾乡党委", "from_on": "2023-03-01", "to_on": "2023-03-31"}'; exits 0; closed=$(id)
printf 'x' >"$place/late.txt"
luoshi attach volunteer "$mine" "$place/late.txt"; exits 1 已经结账
op file.withdraw "{\"id\": $again, \"reason\": \"x\"}"; exits 1 已经结账
op ledger.reopen "{\"id\": $closed, \"reason\": \"补登\"}"; exits 0
op record.void "{\"ledger\": \"volunteer\", \"id\": $mine, \"reason\": \"重复登记\"}"; exits 0
luoshi attach volunteer "$mine" "$place/late.txt"; exits 3 已作废
luoshi attach "$again" -o "$place/out.pdf" --as ck; exits 0
audited; exits 0 附件4份

# lost and altered behind the program's back, told by audit and doctor, not by other commands
luoshi backup "$place/one.bak"; exits 0 附件4份在内
file() { echo "$site/files/$(sheet "$1" | cut -c1-2)/$(sheet "$1")"; }
chmod u+w "$(file "$place/one.pdf")"; printf '%%PDF-1.7\nONE' >"$(file "$place/one.pdf")"
rm -f "$(file "$place/sheet.pdf")"
luoshi audit; exits 1 没有通过 2份不对 one.pdf 签到表.pdf 不在了 与上传时不同
luoshi audit --format json; exits 1; same "$(jq '.files_amiss | length' <<<"$out")" 2; same "$(jq -r .clean <<<"$out")" false
luoshi doctor; exits 1 "✗ 附件" 签到表.pdf
luoshi attach "$again" -o "$place/out.pdf"; exits 3 被改动过
luoshi list volunteer; exits 0
op record.save "{\"ledger\": \"volunteer\", \"id\": $total, \"topic\": \"植树造林\"}" --as hk; exits 0
luoshi backup "$place/two.bak"; exits 0 附件2份在内 2份附件的文件不在

# back from the one file
rm -rf "$site/files"
luoshi restore --files "$place/two.bak"; exits 0 附件2份
luoshi audit; exits 1 2份不对
luoshi restore --files "$place/one.bak"; exits 0 附件4份
audited
luoshi restore --files "$place/one.pdf"; [ "$code" != 0 ] || bad "took what is no backup"
if [ -z "${LUOSHI_TEST_STORE:-}" ]; then
  # a backup whose file was altered: told, and the rest goes back
  cp "$place/one.bak" "$place/bad.bak"
  sqlite3 "$place/bad.bak" "UPDATE backup_file SET bytes = x'00' WHERE hash = '$(sheet "$place/one.pdf")'"
  rm -rf "$site/files"
  luoshi restore --files "$place/bad.bak"; exits 1 1份附件不完整
  luoshi audit; exits 1 one.pdf
  rm -rf "$site/files"; rm -f "$site"/luoshi.db*
  luoshi restore "$place/one.bak"; exits 0 附件4份
  same "$(sqlite3 "$site/luoshi.db" "SELECT count(*) FROM sqlite_schema WHERE name = 'backup_file'")" 0
  audited; exits 0 附件4份
  # an old backup has no such table
  cp "$place/one.bak" "$place/old.bak"; sqlite3 "$place/old.bak" "DROP TABLE backup_file"
  luoshi restore "$place/old.bak"; exits 0; lacks 附件
  luoshi restore --files "$place/old.bak"; exits 0 没有附件
  audited
else
  luoshi restore "$place/one.bak"; exits 2 "restore --files"
fi
