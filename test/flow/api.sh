# The API as its document describes it, driven over every path of that document; the server serves on, and what is
# recorded passes its audit.
. "$(dirname "$0")/flow.sh"

luoshi demo $(store_options)
exits 0
"$binary" -C "$site" serve --listen 127.0.0.1:0 >"$place/served" 2>"$place/log" &
server=$!
for _ in $(seq 300); do grep -q 已启动 "$place/served" && break; sleep 0.1; done
address=$(grep -oE '127\.0\.0\.1:[0-9]+' "$place/served" | head -1)
[ -n "$address" ] || bad "the server did not start: $(cat "$place/log")"
account=$("$binary" -C "$site" list account --where "id > 0" --format json | jq -r '.rows[0].name')
python3 "$(dirname "$0")/api.py" "$address" "$account" Yanshi-2023 || wrong=$((wrong + 1))
kill -0 "$server" 2>/dev/null || bad "the server is gone: $(tail -5 "$place/log")"
kill "$server" 2>/dev/null
wait "$server"; same "$?" 0 "exit of the server"
! grep -qE 'ERROR: AddressSanitizer|runtime error' "$place/log" || bad "$(grep -E -A3 'AddressSanitizer|runtime error' "$place/log" | head -20)"
audited
