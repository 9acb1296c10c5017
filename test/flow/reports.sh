# The annual report of a township, of a sparse village branch and of an org without a record, word for word as somebody
# read them (test/data/golden), and each found again by verify in its plain text.
# After a change that is meant: LUOSHI_GOLDEN=renew bash test/flow/reports.sh, and read what git diff shows.
. test/flow/flow.sh
golden=test/data/golden

# report FILE ORG [options]: as it stands there
report() {
  local file=$golden/$1.txt org=$2; shift 2
  luoshi report annual --org "$org" "$@" -o "$place/report.txt"; exits 0
  if [ "${LUOSHI_GOLDEN:-}" = renew ]; then cp "$place/report.txt" "$file"; fi
  diff "$file" "$place/report.txt" || bad "the report of $org is not $file"
  grep -nE '[，；：、。][，；、。]|^[，；：、。]|：$|[^0-9.]0[人名次件个户条项期轮亩万元]' "$place/report.txt" && bad "an empty sentence in the report of $org"
  luoshi verify "$place/report.txt" --org "$org" "$@" --format json; exits 0
  same "$(jq '.summary | .total - .supported - .supported_with_note - .plan' <<<"$out")" 0 "claims of $org not borne out"
  same "$(jq '.findings | length' <<<"$out")" 0 "findings in the report of $org"
}

luoshi demo $(store_options); exits 0
report township 望禾乡党委
same "$("$binary" -C "$site" report annual --format json | jq '[.figures[].name] | unique | length >= 45')" true "figures in the report"
report branch 派出所党支部
report village 沙河村 --period 2022

# each figure of the page leads to its rows; the checked draft is a page too
luoshi report annual --format html -o "$place/report.html"; exits 0
same "$(grep -o 'class="figure" id="t[0-9]*" href="#f[0-9]*"' "$place/report.html" | sed 's/.*href="#//;s/"//' | sort -u | while read -r id; do
  grep -q "id=\"$id\"" "$place/report.html" || echo "$id"; done)" "" "links without rows"
luoshi verify profile/township/drafts/sample.txt --format html -o "$place/draft.html"; exits 1
for part in '与台账不符' 'class="claim claim-not"' 'class="claim claim-plan"' '逐处核对表' '查看明细'; do
  grep -qF "$part" "$place/draft.html" || bad "the page lacks $part"
done
printf '一、工作\n开展党建调研10次<script>alert(1)</script>，"召开"党建工作会议3场次&。\n' >"$place/sly.txt"
luoshi verify "$place/sly.txt" --format html -o "$place/sly.html"
grep -qF '&lt;script&gt;alert(1)&lt;/script&gt;' "$place/sly.html" || bad "a draft's own signs are lost"
! grep -q '<script\|"召开"' "$place/sly.html" || bad "a draft's own signs are markup"
! grep -q '<script\| style=' "$place/report.html" "$place/draft.html" || bad "script or inline style in a page"
luoshi report annual --evidence; exits 0 '附件：佐证目录' 'luoshi rows study.sessions --period 2023'

# an org without a record says so, and claims nothing
new_site
op org.found '{"name": "望禾乡党委", "kind": "township", "founded_on": "1975-01-01"}'; exits 0
report empty 望禾乡党委
luoshi verify profile/township/drafts/sample.txt --format html; exits 1 '佐证缺口清单' '台账未登记'
