# The choice that a reader makes is kept: the words of one claim mean the chosen figure from then on, and no other claim's.
. test/flow/flow.sh
luoshi demo $(store_options); exits 0

printf '望禾乡党委2023年度工作报告。\n红途打卡5次。' >"$place/draft.txt"
luoshi verify "$place/draft.txt" --format json; exits 1
same "$(jq -r '.claims[0] | "\(.verdict) \(.reason) \(.phrase)"' <<<"$out")" "unsupported no_figure 红途打卡"
luoshi verify "$place/draft.txt"; exits 1 'luoshi do alias.set --json -' '"phrase":"红途打卡"'
op alias.set '{"phrase": "红途打卡", "measure": "visit.trips"}'; exits 0
luoshi verify "$place/draft.txt" --format json; exits 0
same "$(jq -r '.claims[0] | "\(.verdict) \(.figure)"' <<<"$out")" "supported visit.trips"
luoshi list alias; exits 0 红途打卡 visit.trips 共1条
op alias.set '{"phrase": "红途打卡", "measure": "visit.trip"}'; exits 3 是不是
# chosen again: the newer choice holds
op alias.set '{"phrase": "红途打卡", "measure": "volunteer.events"}'; exits 0
luoshi list alias; exits 0 volunteer.events 共1条
luoshi verify "$place/draft.txt" --format json; exits 1
same "$(jq -r '.claims[0] | "\(.verdict) \(.figure)"' <<<"$out")" "contradicted volunteer.events"

# whatever the words of one claim are taken for, the others stay what they were
figures() { "$binary" -C "$site" verify test/data/own_words.txt --format json | jq -r '.claims[] | select(.role == "claim") | "\(.start) \(.figure)"'; }
figures >"$place/before"
"$binary" -C "$site" verify test/data/own_words.txt --format json |
  jq -r '.claims[] | select(.role == "claim" and .phrase != null) | [.start, .phrase, .figure] | @tsv' >"$place/claims"
take() { # what a claim is bound to by its own words: what it is taken for
  local start phrase
  start=$(awk -F'\t' -v f="$1" '$3 == f {print $1; exit}' "$place/claims")
  phrase=$(awk -F'\t' -v f="$1" '$3 == f {print $2; exit}' "$place/claims")
  [ -n "$phrase" ] || { bad "nothing is bound to $1"; return; }
  op alias.set "{\"phrase\": \"$phrase\", \"measure\": \"$2\"}"; exits 0
  figures >"$place/after"
  same "$(diff "$place/before" "$place/after" | grep '^>')" "> $start $2" "“$phrase” for $2"
  op alias.set "{\"phrase\": \"$phrase\", \"measure\": \"$1\"}"; exits 0
  same "$(diff "$place/before" <(figures))" "" "“$phrase” given back to $1"
}
take volunteer.events visit.trips
take pledge.items responsibility.items
take admitted.persons activists.persons
take interviews.person_times class.all_person_times
take bulletin.issues monthly_list.reminders
