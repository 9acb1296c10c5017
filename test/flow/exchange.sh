# Tables in and out on the command line: a template filled in, faults by row and field, a rehearsal, the same table again,
# what a spreadsheet of an office may be like, and a round trip of every ledger.
. test/flow/flow.sh

small_township

# a template is the head line that import takes
luoshi export interview --template -o "$place/blank.csv"; exits 0
same "$(head -c 3 "$place/blank.csv" | od -An -tx1 | tr -d ' ')" efbbbf BOM
head=$(tail -c +4 "$place/blank.csv" | tr -d '\r')
same "$head" 组织,状态,约谈时间,轮次,约谈类型,约谈人,地点,事由,姓名,身份,单位,存在问题,整改要求,整改时限,整改结果
luoshi import interview "$place/blank.csv"; exits 2 只有表头

# all faults at once, by row and field; nothing is written, not even the right rows
cat >"$place/wrong.csv" <<END
组织,约谈时间,约谈类型,约谈人,事由,姓名,身份
望禾乡党委,2023-03-05,定期,沈维岳,季度,贺云生,村党组织书记
望禾乡党委,2023-13-5,定期,沈维岳,季度,顾春兰,其他
望禾乡党委,2023-04-05,定其,沈维岳,季度,顾春蓝,其他
望禾乡党委,2023-04-06,定期,沈维岳,,顾春兰,
END
luoshi import interview "$place/wrong.csv"
exits 1 第3行‘约谈时间’填的是2023-13-5，没有13月，请改后重新导入。 第4行‘约谈类型’没有选项 定期 第4行‘姓名’填的是顾春蓝 顾春兰 第5行缺“事由” 第5行缺“身份” 共5处要改。本次未写入任何数据。
luoshi import interview "$place/wrong.csv" --format json; exits 1
same "$(jq -r '.written, .faults, .errors[0].where, .errors[0].field' <<<"$out" | paste -sd' ')" 'false 5 第3行 held_on'
luoshi list interview; exits 0 没有符合条件

# mended: rehearsed, taken, and not taken twice
sed -i 's/2023-13-5/2023-12-5/; s/定其/定期/; s/顾春蓝/顾春兰/; s/沈维岳,,顾春兰,/沈维岳,年终,顾春兰,其他/' "$place/wrong.csv"
luoshi import interview "$place/wrong.csv" --dry-run; exits 0 新增4条 试运行
luoshi list interview; exits 0 没有符合条件
luoshi import interview "$place/wrong.csv" --format json; exits 0
same "$(jq -r '.new, .changed, .lines, .written' <<<"$out" | paste -sd' ')" '4 0 4 true'
luoshi import interview "$place/wrong.csv"; exits 3 已经导入过
iconv -t GB18030 "$place/wrong.csv" >"$place/gb.csv"; luoshi import interview "$place/gb.csv"; exits 3 已经导入过

# a table from a pipe, in GB18030, with tabs, a title above it, names in one cell, for one org
printf '约谈台账\t\t\t\t\t\n\n约谈\t\t\t\t\t\n序号\t约谈 时间\t约谈类型\t约谈人\t事由\t姓名\t身份\n1\t2023年11月2日\t提醒\t沈 维岳\t防火\t贺云生、顾春兰\t其他\n' |
  iconv -t GB18030 >"$place/tabs.txt"
out=$("$binary" -C "$site" import interview - --org 望禾乡党委 <"$place/tabs.txt" 2>"$place/err"); code=$?; err=$(cat "$place/err")
exits 0 新增1条 2行

luoshi list interview.people --where "held_on = 2023-11-02"; exits 0 贺云生 顾春兰 共2条

# heads that are wrong, tables that are too large or of another kind
printf '组织,约谈日期,约谈人\n望禾乡党委,2023-01-01,沈维岳\n' >"$place/head.csv"; luoshi import interview "$place/head.csv"; exits 1 约谈日期 约谈时间
: >"$place/huge.csv"; truncate -s 300M "$place/huge.csv"; luoshi import interview "$place/huge.csv"; exits 2 太大
printf 'PK\003\004rest' >"$place/book.xlsx"; luoshi import interview "$place/book.xlsx"; exits 2 CSV
printf 'PK\003\004rest' >"$place/book.csv"; luoshi import interview "$place/book.csv"; exits 2 不是文本
luoshi import interview "$place/none.csv"; exits 2 打不开
luoshi import account "$place/wrong.csv"; exits 2 不能这样导入
luoshi export interview -o "$place/x.xlsx"; exits 2 .csv

# an export that is changed and taken back: the record is the same, only what was changed is another
luoshi export interview -o "$place/out.csv"; exits 0 已导出5条、6行
sed -i 's/年终/岁末/' "$place/out.csv"
luoshi import interview "$place/out.csv"; exits 0 修改1条 没有变化4条
luoshi list interview --where "reason = '岁末'"; exits 0 共1条
luoshi export interview.people --where "standing = '村党组织书记'" -o "$place/led.csv"; exits 0 1行
luoshi export interview -o "$place/out.json"; exits 0
same "$(jq '.rows | length' "$place/out.json")" 5
same "$(jq '[.rows[].people | length] | add' "$place/out.json")" 6

# several kinds of lines side by side: fewer of one kind leave their cells blank
printf '组织,督查时间,督查领域,组长,督查内容,单位,发现问题·问题,发现问题·责任单位\n望禾乡党委,2023-06-01,党建,沈维岳,党日,河口村,记录不全,河口村\n,,,,,石桥村,,\n' >"$place/wide.csv"
luoshi import inspection "$place/wide.csv"; exits 0 新增1条 3行
luoshi export inspection -o "$place/wide2.csv"; exits 0
same "$(sed 1d "$place/wide2.csv" | wc -l)" 2
luoshi import inspection "$place/wide2.csv" --dry-run --format json; exits 0
same "$(jq -r '.new, .changed, .unchanged' <<<"$out" | paste -sd' ')" '0 0 1'
luoshi list inspection.findings; exits 0 记录不全 共1条

# orgs, in whatever order; what is there is left alone; two of a name are told apart by a date that holds elsewhere too
printf '成立时间,组织类型,起始时间,名称,上级组织\n2001-03-01,党小组,2001-03-01,一组,柳湾村党支部\n2000-03-01,村党支部,2000-03-01,柳湾村党支部,柳湾村\n2000-01-01,村,2000-01-01,柳湾村,望禾乡党委\n' >"$place/orgs.csv"
luoshi import org "$place/orgs.csv"; exits 0 新增3条
printf '成立时间,组织类型,起始时间,名称,上级组织\n2000-01-01,村,2000-01-01,柳湾村,望禾乡党委\n2000-01-01,村,2000-01-01,河湾村,\n1960-01-01,村,1960-01-01,早村,望禾乡党\n' >"$place/orgs2.csv"
luoshi import org "$place/orgs2.csv"; exits 1 第2行上级组织下面已有“柳湾村” 第3行已有望禾乡党委 第4行 望禾乡党委
luoshi export org -o "$place/orgs3.csv"; exits 0
luoshi import org "$place/orgs3.csv" --dry-run; exits 0 没有变化
op record.save '{"ledger": "person", "name": "顾春兰", "birth": "1962-04-05"}'; exits 0
printf '任职组织,任职时间,姓名,职务\n柳湾村党支部,2023-02-01,顾春兰,书记\n' >"$place/post.csv"; luoshi import post "$place/post.csv"; exits 1 不止一个
printf '任职组织,任职时间,姓名,职务\n柳湾村党支部,2023-02-01,顾春兰（1962年4月5日）,书记\n' >"$place/post.csv"; luoshi import post "$place/post.csv"; exits 0 新增1条
luoshi export post -o "$place/post2.csv"; exits 0
same "$(grep -c '顾春兰（1962-04-05）' "$place/post2.csv")" 1

# every export that a rehearsed import finds unchanged is one that says all there is
audited
if [ -z "${LUOSHI_TEST_STORE:-}" ]; then
  site=$place/demo
  luoshi demo; exits 0
  for r in person post stage household inspection inspection.findings interview meeting meeting.attendance problem project \
    project.sites project.outputs project.income service study volunteer; do
    luoshi export "$r" -o "$place/$r.csv"; exits 0
    luoshi import "$r" "$place/$r.csv" --dry-run --format json; exits 0
    same "$(jq '.new + .changed' <<<"$out")" 0 "$r changed by its own export"
    [ "$r" != inspection.findings ] || continue # a new inspection needs its sites too
    luoshi import "$r" "$place/$r.csv" --dry-run --new --format json; exits 0
    same "$(jq '.changed + .unchanged' <<<"$out")" 0 "$r with --new"
  done
  audited
fi
