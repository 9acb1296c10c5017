# A PostgreSQL that goes away while operations run: one clear sentence, exit 3, nothing acknowledged is lost, and the request
# that was cut off can be asked again by its number. A server of its own, since it is killed.
. test/flow/flow.sh
if [ -n "${LUOSHI_TEST_STORE:-}" ]; then
  echo "skipped: once is enough, and it brings its own server"
  exit 77
fi
cluster=$(mktemp -d "${TMPDIR:-/tmp}/luoshi-pg.XXXXXX")
stop_cluster() { script/postgres stop "$cluster" >/dev/null 2>&1; rm -rf "$cluster"; finish; }
trap stop_cluster EXIT
LUOSHI_TEST_STORE=$(script/postgres start "$cluster") || { bad "the server did not start"; exit 1; }
small_township

person() { printf '{"ledger": "person", "name": "人员%s", "works": "第%s次"}' "$1" "$1"; }
work() { # saves one person after another, noting what was acknowledged
  local n
  for n in $(seq 1 200); do
    person "$n" | "$binary" -C "$site" do record.save --json - --request "r$n" >/dev/null 2>>"$place/errors" || break
    echo "$n" >>"$place/acknowledged"
  done
  echo "${PIPESTATUS[0]}" >"$place/ended"
}
for round in 1 2; do
  : >"$place/acknowledged"; : >"$place/errors"
  work & worker=$!
  while [ "$(wc -l <"$place/acknowledged")" -lt 5 ]; do sleep 0.05; done
  kill -QUIT "$(head -1 "$cluster/data/postmaster.pid")"   # at once, in the middle of whatever it does
  wait "$worker"
  err=$(cat "$place/errors"); out=''; code=3
  exits 3 数据库
  same "$(grep -c . <<<"$err")" 1 "one sentence"
  luoshi figures; exits 3 数据库
  script/postgres start "$cluster" >/dev/null
  last=$(tail -1 "$place/acknowledged")
  for n in $(cat "$place/acknowledged"); do
    person "$n" >"$place/again"
    luoshi do record.save --json "$place/again" --request "r$n"; exits 0 没有重复写入
  done
  person $((last + 1)) >"$place/again"   # cut off: done or not, asking again does it once
  luoshi do record.save --json "$place/again" --request "r$((last + 1))"; exits 0
  luoshi list person --where "name = '人员$((last + 1))'" --format json
  same "$(jq '.rows | length' <<<"$out")" 1 "the request that was cut off"
  audited
done

# In the middle of a commit, to the point: written on the server, and nobody answers (it waits for a standby that is not there)
sql() { psql -q -X -At "$LUOSHI_TEST_STORE" -c "$1"; }
sql "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"; sql "SELECT pg_reload_conf()" >/dev/null
person 900 >"$place/again"
"$binary" -C "$site" do record.save --json "$place/again" >/dev/null 2>"$place/err" & worker=$!
for i in $(seq 100); do
  [ -z "$(sql "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")" ] || break
  sleep 0.1
done
sql "ALTER SYSTEM RESET synchronous_standby_names"
kill -QUIT "$(head -1 "$cluster/data/postmaster.pid")"
wait "$worker"; code=$? err=$(cat "$place/err") out=''
exits 3 不能确定是否已保存 --request
request=$(grep -oE 'request [0-9a-f]+' <<<"$err" | cut -d' ' -f2)
script/postgres start "$cluster" >/dev/null
luoshi do record.save --json "$place/again" --request "$request"; exits 0 没有重复写入
luoshi list person --where "name = '人员900'" --format json
same "$(jq '.rows | length' <<<"$out")" 1 "the commit that nobody answered"
audited
