# Bad input and failure: each gets one clear sentence that names the place and the remedy, the right exit code, and loses nothing.
. test/flow/flow.sh

# no site, a folder that is none, a site made twice
luoshi figures; exits 3 init
mkdir -p "$site"; luoshi figures; exits 3 init
luoshi serve; exits 3 init; [ ! -e "$site/lock" ] || bad "a lock was left in a folder that is no site"
small_township
luoshi init; exits 3 已经是一个站点
luoshi demo; exits 3 已经是一个站点

# the command line
luoshi; exits 2 用法
luoshi figurs; exits 2 figures
luoshi figures --orgg 河口村; exits 2 --org
luoshi figures --org; exits 2 缺内容
luoshi figures --format yaml; exits 2 json
luoshi list interview extra; exits 2 用法
luoshi help; exits 0 verify

# names, dates, periods, filters
luoshi figures --org 河口; exits 2 河口村
luoshi figures --period 2023-13; exits 2
luoshi figures --period twenty; exits 2
luoshi rows interviews.person_tmes; exits 2 interviews.person_times
luoshi list intervew; exits 2 interview
luoshi list interview --where "kind = '定其'"; exits 2 定期
luoshi list interview --where "knd = '定期'"; exits 2 kind
luoshi list interview --where "kind ="; exits 2
luoshi list interview --where "held_on > 2023-02-30"; exits 2
luoshi list interview --where "$(printf '(%.0s' {1..100})"; exits 2
luoshi list person --where "phone is not missing"; exits 3 隐私项
luoshi report anual; exits 2 annual
luoshi figures --as nobody; exits 3 nobody
luoshi do record.save; exits 2 --json

# drafts that are none
: >"$place/empty.txt"; luoshi verify "$place/empty.txt"; exits 2 空的
head -c 3000 /dev/urandom >"$place/binary.txt"; luoshi verify "$place/binary.txt"; exits 2 不是文本
printf '\xff\xfe\x00\x4e' >"$place/wide.txt"; luoshi verify "$place/wide.txt"; exits 2 UTF-8
luoshi verify "$place/none.txt"; exits 2 打不开
luoshi verify "$place"; exits 2
truncate -s 100M "$place/large.txt"; luoshi verify "$place/large.txt"; exits 2 太大
echo '全年召开党建工作会议3场次。' | iconv -t GB18030 >"$place/gb.txt"; luoshi verify "$place/gb.txt" --format json; exits 1
same "$(jq -r '.claims[0].value' <<<"$out")" 3 GB18030
printf '\xef\xbb\xbf全年召开党建工作会议3场次。' >"$place/bom.txt"; luoshi verify "$place/bom.txt" --format json; exits 1
same "$(jq -r '.claims[0].text' <<<"$out")" 3 BOM

# tables that are none
: >"$place/empty.csv"; luoshi import interview "$place/empty.csv"; exits 2 空的
luoshi import interview "$place/binary.txt"; exits 2
luoshi import intervew "$place/empty.csv"; exits 2 interview
printf '组织,约谈时间,约谈类型,约谈人,事由,姓名,身份\n望禾乡党委,2023-13-5,定期,沈维岳,季度,贺云生,村党组织书记\n望禾乡党,2023-03-05,定其,沈维岳,季度,贺云声,\n' >"$place/wrong.csv"
luoshi import interview "$place/wrong.csv"; exits 1 第2行 2023-13-5 没有13月 望禾乡党委 定期 贺云生 本次未写入任何数据
luoshi list interview; exits 0 没有符合条件

# a profile with several errors: all of them, by file and place, and the site works again once they are mended
cp "$site/profile/ledgers/interview.yaml" "$place/keep.yaml"
sed -i 's/type: serial/type: serail/; s/standing in/standng in/' "$site/profile/ledgers/interview.yaml"
luoshi figures; exits 2 interview.yaml serial standing
cp "$place/keep.yaml" "$site/profile/ledgers/interview.yaml"
luoshi figures; exits 0

# an output that can't be written leaves nothing behind
luoshi export interview -o "$place/no/where.csv"; exits 3 不能写入
luoshi figures --format json -o /dev/full; exits 3 磁盘

if [ -z "${LUOSHI_TEST_STORE:-}" ]; then
  # a foreign database, one that is none, one that is locked, one that is damaged
  cp "$site/luoshi.db" "$place/keep.db"
  rm -f "$site"/luoshi.db*; sqlite3 "$site/luoshi.db" 'CREATE TABLE t (x)'; luoshi figures; exits 3 不是
  rm -f "$site"/luoshi.db*; head -c 8192 /dev/urandom >"$site/luoshi.db"; luoshi figures; exits 3
  rm -f "$site"/luoshi.db*; luoshi figures; exits 3
  cp "$place/keep.db" "$site/luoshi.db"; luoshi figures; exits 0
  audited
  # another program holds the write lock: reading goes on, writing waits a moment and says so
  mkfifo "$place/hold"
  sqlite3 "$site/luoshi.db" <"$place/hold" & holder=$!
  exec 9>"$place/hold"; echo 'BEGIN IMMEDIATE;' >&9; sleep 0.5
  luoshi figures; exits 0
  op record.save '{"ledger": "person", "name": "等待人"}'; exits 3 正被另一个程序占用 稍后再试
  printf '姓名\n等待人\n' >"$place/waiting.csv"
  luoshi import person "$place/waiting.csv"; exits 3 正被另一个程序占用
  exec 9>&-; wait "$holder"
  luoshi list person --where "name = '等待人'"; exits 0 没有符合条件
  luoshi import person "$place/waiting.csv"; exits 0
  audited
  cp "$site/luoshi.db" "$place/keep.db"
  # a folder that may not be written (root may write everywhere: not without that power)
  bound=()
  [ "$EUID" != 0 ] || bound=(setpriv --bounding-set=-dac_override,-dac_read_search)
  find "$site" -type d -exec chmod 500 {} +; find "$site" -type f -exec chmod 400 {} +
  out='' err=$(echo '{"ledger": "person", "name": "某人"}' | "${bound[@]}" "$binary" -C "$site" do record.save --json - 2>&1 >/dev/null); code=$?
  exits 3 权限
  out='' err=$("${bound[@]}" "$binary" -C "$site" import person "$place/waiting.csv" 2>&1 >/dev/null); code=$?
  exits 3 权限
  find "$site" -type d -exec chmod 700 {} +; find "$site" -type f -exec chmod 600 {} +
  audited
  # edits behind the program's back are named
  sqlite3 "$site/luoshi.db" "UPDATE person SET name = '假' WHERE name = '顾春兰'"; luoshi audit; exits 1 人员
  cp "$place/keep.db" "$site/luoshi.db"
  sqlite3 "$site/luoshi.db" "DELETE FROM revision WHERE seq = 5; DELETE FROM change WHERE seq = 5"; luoshi audit; exits 1 5
  cp "$place/keep.db" "$site/luoshi.db"
  sqlite3 "$site/luoshi.db" "UPDATE change SET body = replace(body, '沈维岳', '沈维山') WHERE body LIKE '%沈维岳%'"; luoshi audit; exits 1
  cp "$place/keep.db" "$site/luoshi.db"
  luoshi audit --format json -o "$place/root.json"; exits 0
  luoshi audit --manifest "$place/root.json"; exits 0
  audited
  # a full disk: a size limit on the process stands in for it; reading goes on, nothing is half done
  (ulimit -f 200; trap '' XFSZ
   for i in $(seq 1 400); do
     printf '{"ledger": "person", "name": "人%s", "works": "%s"}' "$i" "$(printf 'x%.0s' {1..300})" |
       "$binary" -C "$site" do record.save --json - >/dev/null 2>"$place/full" || break
   done; true)
  out=$(cat "$place/full"); err=''; code=3; exits 3 磁盘
  { echo '姓名,工作单位及职务'; for i in $(seq 1 2000); do echo "表中人$i,$(printf 'x%.0s' {1..300})"; done; } >"$place/many.csv"
  out='' err=$(ulimit -f 200; trap '' XFSZ; "$binary" -C "$site" import person "$place/many.csv" 2>&1 >/dev/null); code=$?
  exits 3 磁盘
  luoshi list person --where "name = '表中人1'"; exits 0 没有符合条件
  luoshi import person "$place/many.csv"; exits 0 新增2000条
  luoshi figures; exits 0
  audited
fi
