# docs/how-to.md, “… a ledger”, followed literally: a new YAML dropped into the site's profile is a table, an import, a list,
# a figure, a line of the report and a claim of verify, without a rebuild. Then the declaration changes.
. test/flow/flow.sh
small_township

awk '/^   ```yaml/ {on = 1; next} /^   ```/ {on = 0} on {sub(/^   /, ""); print}' docs/how-to.md >"$site/profile/ledgers/home_visit.yaml"
luoshi list interview; exits 3 migrate
luoshi migrate; exits 0 新建台账
luoshi export home_visit --template -o "$place/home_visit.csv"; exits 0
printf '组织,走访时间,走访人,事由\n河口村党支部,2023-05-01,贺云生,看望老党员\n河口村党支部,2023年6月1日,顾春兰,春耕\n' >"$place/home_visit.csv"
luoshi import home_visit "$place/home_visit.csv" --dry-run; exits 0
same "$(figure visits.count)" 0 "a dry run writes nothing"
luoshi import home_visit "$place/home_visit.csv"; exits 0
luoshi list home_visit; exits 0 看望老党员 顾春兰
same "$(figure visits.count)" 2
luoshi rows visits.count; exits 0 春耕
printf '\n{{#visits.count.any}}开展走访{{visits.count}}。{{/visits.count.any}}\n' >>"$site/profile/reports/annual.mustache"
luoshi report annual; exits 0 开展走访2次
echo '2023年，全年开展走访2次。' >"$place/draft.txt"
luoshi verify "$place/draft.txt" --format json; exits 0
same "$(jq -r '.claims[0].figure' <<<"$out")" visits.count
echo '2023年，全年开展走访5次。' >"$place/draft.txt"
luoshi verify "$place/draft.txt" --format json; exits 1
same "$(jq -r '.claims[0].verdict' <<<"$out")" contradicted
same "$(jq -r '.claims[0].actual' <<<"$out")" 2

# a field more, one renamed, one retired; old rows stay readable and the chain whole
cat >"$site/profile/ledgers/home_visit.yaml" <<'Y'
ledger: home_visit
label: 走访
date: {name: visited_on, label: 走访时间}
fields:
  - {name: visitor, label: 走访人, type: person, required: true, was: host}
  - {name: minutes, label: 时长, type: int}
sets:
  - name: visits
    label: 开展走访
    aliases: [走访, 入户走访]
    measures:
      - {name: count, unit: 次}
Y
luoshi migrate; exits 0 改名 新增 停用
luoshi list home_visit; exits 0 顾春兰; lacks 看望老党员
first=$("$binary" -C "$site" list home_visit --format json | jq -r '.rows[0].id')
op record.save "{\"ledger\": \"home_visit\", \"id\": $first, \"minutes\": 30}"; exits 0
audited
# what can't be changed is refused and changes nothing
sed -i 's/type: int/type: date/' "$site/profile/ledgers/home_visit.yaml"
luoshi migrate; exits 2 不能从
sed -i 's/type: date}$/type: int}/; s/type: int}$/type: int, colour: red}/' "$site/profile/ledgers/home_visit.yaml"
luoshi migrate; exits 2 home_visit.yaml colour
sed -i 's/, colour: red//' "$site/profile/ledgers/home_visit.yaml"
luoshi migrate; exits 0
audited
