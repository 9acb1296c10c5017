# Signing in over a real connection: wrong password, first password, a disabled account, tokens; no password is left anywhere.
. test/flow/flow.sh
new_site
once=$(grep guanliyuan <<<"$out" | awk '{print $NF}')
"$binary" -C "$site" serve --listen 127.0.0.1:0 >"$place/serve.out" 2>"$place/serve.log" & server=$!
for _ in $(seq 100); do grep -q http "$place/serve.out" && break; sleep 0.1; done
base=$(grep -oE 'http://[0-9.:]+' "$place/serve.out" | head -1)
get() { curl -s -o "$place/page" -w '%{http_code} %{redirect_url}' -b "$place/jar" -c "$place/jar" "$@"; }
token() { grep -oE 'name="_token" value="[0-9a-f]+"' "$place/page" | head -1 | grep -oE '[0-9a-f]{32}'; }
same "$(get -d account=guanliyuan -d password=Wrong-1234-x "$base/signin")" "403 "
same "$(get -d account=guanliyuan --data-urlencode "password=$once" "$base/signin")" "303 $base/password"
same "$(get "$base/ledgers")" "303 $base/password"
get "$base/password" >/dev/null; t=$(token)
same "$(get -d old=x -d new=Mine-5678-own -d again=Mine-5678-own "$base/password")" "403 "
same "$(get -d "_token=$t" --data-urlencode "old=$once" -d new=Mine-5678-own -d again=Mine-5678-own "$base/password")" "303 $base/"
same "$(get "$base/admin/accounts")" "200 "
luoshi user add desk --role owner; exits 0
luoshi user disable guanliyuan; exits 0
same "$(get "$base/me" | cut -c1-3)" 303
kill "$server"; wait "$server"
! grep -rqF -e "$once" -e Mine-5678-own -e Wrong-1234-x "$site" "$place/serve.log" || bad "a password is left somewhere"
audited
