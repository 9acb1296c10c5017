# What the drafts claim without a number, and what the demo's records say of it: every statement is found, taken for the
# declared one, and judged. Then the records are changed, and words that claim completeness are told what breaks them.
. test/flow/flow.sh
luoshi demo $(store_options); exits 0

held() { # draft file: its rows of the table against what verify finds
  local got
  got=$("$binary" -C "$site" verify "$2" --format json | jq -r '.statements[] | [.start, .end, (.statement // "-"), .verdict] | @tsv')
  same "$got" "$(awk -F'\t' -v d="$1" '$1 == d {print $2 "\t" $3 "\t" $4 "\t" $5}' test/data/statements.tsv)" "$1"
}
held own_words test/data/own_words.txt
seed=$(ls ../shared/seed/*.txt 2>/dev/null | head -1)
if [ -n "$seed" ]; then held seed "$seed"; else echo "skipped the source report: no ../shared/seed"; fi

# what breaks it is named; who urges does not claim; what was not done is no claim; a plan is not judged
said() { # sentence: statement, verdict and counter of what it says
  printf '望禾乡党委2023年度工作报告。%s' "$1" >"$place/said.txt"
  "$binary" -C "$site" verify "$place/said.txt" --format json | jq -r '.statements[] | "\(.statement // "-") \(.verdict)"' | paste -sd' '
}
same "$(said 每月初下发了重点任务清单。)" "monthly_list supported"
same "$(said 各支部材料都按时上传党建平台。)" "upload_on_time contradicted"
same "$(said 督促各支部按时上传党建平台材料。)" "upload_on_time supported_with_note"
same "$(said 个别支部未按时上传党建平台材料。)" ""
same "$(said 明年每月下发重点工作任务提醒。)" "monthly_list plan"
same "$(said 每月开展消防演练，逐户排查隐患。)" "- unsupported"
luoshi verify "$place/said.txt"; exits 0 未核对
printf '望禾乡党委2023年度工作报告。各支部材料都按时上传党建平台。' >"$place/said.txt"
luoshi verify "$place/said.txt"; exits 1 要处理的 与台账不符 未达到的 请查漏登

# no records of the year: unsupported, never false
printf '望禾乡党委2019年度工作报告。每月下发重点工作任务提醒。' >"$place/said.txt"
luoshi verify "$place/said.txt" --format json; exits 0
same "$(jq -r '.statements[0] | .verdict + " " + .reason' <<<"$out")" "unsupported no_records"
same "$(jq -r '.gaps[-1].ledger' <<<"$out")" monthly_list

# a void month breaks 每月
first=$("$binary" -C "$site" rows monthly_list.issued --format json | jq -r '.rows[0].id')
op record.void "{\"ledger\": \"monthly_list\", \"id\": $first, \"reason\": \"误登\"}"; exits 0
printf '望禾乡党委2023年度工作报告。每月下发重点工作任务提醒。' >"$place/said.txt"
luoshi verify "$place/said.txt" --format json; exits 1
same "$(jq -r '.statements[0].verdict' <<<"$out")" contradicted
same "$(jq -r '.statements[0].counter' <<<"$out")" 1月没有记录
