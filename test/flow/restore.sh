# A backup put back from the pages while the site is served: what came after it is gone and kept aside, everybody signs in
# again, the journal says who did it and passes its audit; what cannot be put back leaves everything as it was.
. "$(dirname "$0")/flow.sh"

serve() {
  "$binary" -C "$site" serve --listen 127.0.0.1:0 >"$place/served" 2>"$place/log" &
  server=$!
  for _ in $(seq 300); do grep -q 已启动 "$place/served" && break; sleep 0.1; done
  address=$(grep -oE '127\.0\.0\.1:[0-9]+' "$place/served" | head -1)
  [ -n "$address" ] || bad "the server did not start: $(cat "$place/log")"
}
stopped() {
  kill "$server" 2>/dev/null
  wait "$server"; same "$?" 0 "exit of the server"
  ! grep -qE 'ERROR: AddressSanitizer|runtime error' "$place/log" || bad "$(grep -E -A3 'AddressSanitizer|runtime error' "$place/log" | head -20)"
}
page() { python3 "$(dirname "$0")/restore.py" "$address" owner Better-Than-2023 "$@"; }
people() { "$binary" -C "$site" list person --where "id > 0" --format json | jq '.rows | length'; }

new_site
op org.found '{"name": "甲乡", "kind": "township", "founded_on": "2000-01-01"}'; exits 0
op account.open '{"name": "owner", "role": "owner"}'; exits 0
# a password of one's own, as it would be after the first sign-in
op account.password '{"account": "owner", "password": "Better-Than-2023"}' --as owner; exits 0
op record.save '{"ledger": "person", "name": "张三"}'; exits 0
serve
name=$(page make)
seq=$("$binary" -C "$site" do record.save --json - <<<'{"ledger": "person", "name": "李四"}' --format json | jq .revision)
kept=$((seq - 1))
if [ -n "${LUOSHI_TEST_STORE:-}" ]; then
  page cannot "$name" || wrong=$((wrong + 1))
  same "$(people)" 2
  stopped
  exit 0
fi
page done "$name" "$kept" || wrong=$((wrong + 1))
same "$(people)" 1 "persons after the restore"
grep -q "恢复到了记录链第${kept}号" "$place/served" || bad "nothing was printed: $(cat "$place/served")"
ls "$site"/luoshi.db.[0-9]* >/dev/null || bad "the old database is not kept"
audited
# who did it stands in the journal
luoshi page "/admin/journal" ; exits 0 恢复备份 owner
op record.save '{"ledger": "person", "name": "王五"}'; exits 0
# declarations that are changed and not yet in force: nothing is touched
find "$site/profile" -name '*.yaml' | head -1 | xargs -I{} sh -c 'echo "# changed" >>{}'
page failed "$name" migrate || wrong=$((wrong + 1))
same "$(cat "$place/log" | grep -c Sanitizer)" 0
stopped
# a backup of declarations that are no longer in force cannot be opened: what stood there stands there again
luoshi migrate; exits 0
same "$(people)" 2 "persons after a restore that was not made"
serve
page failed "$name" migrate || wrong=$((wrong + 1))
same "$(people)" 2 "persons after a restore that failed"
op record.save '{"ledger": "person", "name": "赵六"}'; exits 0
stopped
audited
