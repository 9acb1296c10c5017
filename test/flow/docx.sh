# The sample draft as a .docx says what it says as text: the same claims, offsets and verdicts; each has its paragraph.
# What is no .docx is refused with a remedy, whatever its name.
. test/flow/flow.sh
luoshi demo $(store_options); exits 0
draft=profile/township/drafts/sample.txt
same_but='del(.file, .extracted, .claims[].place, .statements[].place)'
luoshi verify "$draft" --format json; exits 1
want=$(jq "$same_but" <<<"$out")
for odd in '' --odd; do
  python3 test/flow/docx.py $odd "$draft" "$place/draft.doc" # typed by what it is
  luoshi verify "$place/draft.doc" --format json; exits 1
  same "$(jq "$same_but" <<<"$out")" "$want" "as .docx $odd"
  same "$(jq -r .extracted <<<"$out")" "$(cat "$draft")" "its text $odd"
  # every claim is where it is said to be
  same "$(jq -r '.extracted as $t | [.claims[], .statements[] | select($t[.start:.end] != .text)] | length' <<<"$out")" 0
  number=$(grep -v '^$' "$draft" | grep -nF 62人次 | cut -d: -f1)
  same "$(jq -r '.claims[] | select(.text == "62") | .place' <<<"$out")" "第${number}段"
done
luoshi verify "$place/draft.doc"; exits 1 "第${number}段"
luoshi verify "$draft"; lacks "第${number}段" 第1行
out=$("$binary" -C "$site" verify - --format json <"$place/draft.doc" | jq .summary.total)
same "$out" "$(jq .summary.total <<<"$want")" "from standard input"

# a table: the row's heading makes no section, the cells make phrases of their own
python3 - "$place/table.docx" <<'PY'
import subprocess, sys, zipfile
subprocess.run([sys.executable, 'test/flow/docx.py', '/dev/null', sys.argv[1]], check=True)
old = zipfile.ZipFile(sys.argv[1])
parts = {n: old.read(n).decode() for n in old.namelist()}
cell = lambda words: f'<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>'
row = lambda *cells: '<w:tr>' + ''.join(map(cell, cells)) + '</w:tr>'
title = '<w:p><w:r><w:t>望禾乡党委2023年度抓党建工作情况</w:t></w:r></w:p>'
table = '<w:tbl>' + row('工作', '计划目标', '完成情况') + row('约谈', '4轮', '63人次') + row('问责', '', '4人次') + '</w:tbl>'
parts['word/document.xml'] = parts['word/document.xml'].replace('<w:p><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve"></w:t></w:r></w:p>', title + table)
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    for name, text in parts.items(): z.writestr(name, text)
PY
luoshi verify "$place/table.docx" --format json
same "$(jq -r '.claims[] | "\(.text)\(.unit) \(.place) \(.role) \(.verdict)"' <<<"$out" | paste -sd,)" \
  "4轮 表1第2行第2格 claim supported,63人次 表1第2行第3格 claim supported,4人次 表1第3行第3格 claim supported"

# refused
head -c 700 "$place/draft.doc" >"$place/cut.docx"
luoshi verify "$place/cut.docx"; exits 2 不完整 另存为
printf '\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old' >"$place/old.docx"
luoshi verify "$place/old.docx"; exits 2 旧版的 另存为
python3 -c "
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('[Content_Types].xml', '<Types/>')
    z.writestr('word/document.xml', ' ' * 30000000)" "$place/bomb.docx"
luoshi verify "$place/bomb.docx"; exits 2 展开后太大
