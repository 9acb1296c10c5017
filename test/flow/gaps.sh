# From a report to a year of records: on an empty site the gap list names a ledger for every claim; the list is worked off
# from top to bottom, each template filled from the demo's export; then the report is borne out as on the demo itself.
. test/flow/flow.sh
demo=$place/demo empty=$place/empty
site=$demo; luoshi demo $(store_options); exits 0
site=$empty; luoshi init --clock 2023-12-20 $(store_options); exits 0

follow() { # draft file
  local draft=$1 list=$place/list file ledger demo_code
  rm -rf "$list"
  site=$empty
  luoshi verify "$draft" --templates "$list"; exits 1 佐证缺口清单 "luoshi verify"
  luoshi verify "$draft" --format json; exits 1
  # every claim and every plan stands in a gap
  same "$(jq '[.claims[].start] - [.gaps[].needs[] | select(.kind != "statement") | .start] | length' <<<"$out")" 0 "claims without a gap"
  same "$(jq '[.gaps[] | select(.needs == [] and .used_by == [])] | length' <<<"$out")" 0 "gaps that nothing needs"
  # what others refer to comes first, and each ledger has its template, named in the list
  same "$(jq -r '[.gaps[].ledger] | index("org") < index("post") and index("person") < index("stage") and index("household") < index("service")' <<<"$out")" true order
  while IFS=$'\t' read -r ledger file; do
    [ -s "$list/$file" ] || { bad "no template $file"; continue; }
    grep -qF "luoshi import $ledger $file" "$list/佐证缺口清单.txt" || bad "the list does not say how to import $file"
    site=$demo; luoshi export "$ledger" -o "$place/export.csv"; exits 0
    python3 test/flow/fill.py "$list/$file" "$place/export.csv" "$place/$file" || { bad "$file cannot be filled"; continue; }
    site=$empty; luoshi import "$ledger" "$place/$file"; exits 0 已写入
  done < <(jq -r '.gaps[] | [.ledger, .template] | @tsv' <<<"$out")
  site=$demo; luoshi verify "$draft" --format json; demo_code=$code
  jq -S '{claims: [.claims[] | [.start, .verdict, .figure, .actual, .rows]], statements: [.statements[] | [.start, .statement, .verdict]]}' <<<"$out" >"$place/want.json"
  site=$empty; luoshi verify "$draft" --format json; exits "$demo_code"
  same "$(jq '.gaps | length' <<<"$out")" 0 "gaps left"
  same "$(jq -r '[.claims[] | select(.role == "claim") | .verdict] | unique | join(" ")' <<<"$out")" supported
  jq -S '{claims: [.claims[] | [.start, .verdict, .figure, .actual, .rows]], statements: [.statements[] | [.start, .statement, .verdict]]}' <<<"$out" >"$place/got.json"
  diff "$place/want.json" "$place/got.json" >"$place/diff" || bad "not as on the demo: $(head -c 600 "$place/diff")"
}
seed=$(ls ../shared/seed/*.txt 2>/dev/null | head -1)
if [ -z "$seed" ]; then echo "own words in the place of the source report: no ../shared/seed"; seed=test/data/own_words.txt; fi
follow "$seed"
site=$empty; audited
