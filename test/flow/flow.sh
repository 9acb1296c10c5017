# Sourced by the flow tests: a site of its own in a temporary folder (and a schema of its own in PostgreSQL), and checks
# that print what was expected. Any failed check fails the test at its end.
set -u
export LC_ALL=C.UTF-8
place=$(mktemp -d "${TMPDIR:-/tmp}/luoshi-flow.XXXXXX")
wrong=0
binary=${LUOSHI_BINARY:?LUOSHI_BINARY is the program under test}
# exit code and output of the last luoshi
code=0 out='' err=''

finish() {
  local was=$? s
  [ ! -f "$place/schemas" ] || while read -r s; do
    psql -q -X "$LUOSHI_TEST_STORE" -c "DROP SCHEMA $s CASCADE" >/dev/null 2>&1
  done <"$place/schemas"
  rm -rf "$place"
  [ "$wrong" = 0 ] || echo "$wrong checks failed"
  [ "$was" != 77 ] || exit 77
  exit $((wrong > 0))
}
trap finish EXIT

# where a new site keeps its data: nothing for SQLite, a new schema for PostgreSQL
store_options() {
  [ -n "${LUOSHI_TEST_STORE:-}" ] || return 0
  local schema="flow_${BASHPID}_$RANDOM"
  psql -q -X "$LUOSHI_TEST_STORE" -c "CREATE SCHEMA $schema" >/dev/null
  echo "$schema" >>"$place/schemas"
  echo "--store $LUOSHI_TEST_STORE&options=-csearch_path%3D$schema"
}

site=$place/site
luoshi() {
  out=$("$binary" -C "$site" "$@" 2>"$place/err" </dev/null); code=$?
  err=$(cat "$place/err")
}
# op OPERATION JSON
op() {
  out=$(printf '%s' "$2" | "$binary" -C "$site" do "$1" --json - "${@:3}" 2>"$place/err"); code=$?
  err=$(cat "$place/err")
}

bad() { wrong=$((wrong + 1)); echo "WRONG: $*"; [ -z "$out" ] || echo "  out: $(head -c 600 <<<"$out")"; [ -z "$err" ] || echo "  err: $(head -c 600 <<<"$err")"; }
# exits CODE [TEXT]...: the exit code, and texts that the output or the error must have
exits() {
  local want=$1 text; shift
  [ "$code" = "$want" ] || bad "exit $code, not $want"
  for text in "$@"; do grep -qF -- "$text" <<<"$out$err" || bad "lacks “$text”"; done
}
lacks() { local text; for text in "$@"; do ! grep -qF -- "$text" <<<"$out$err" || bad "has “$text”"; done; }
same() { [ "$1" = "$2" ] || bad "is “$1”, not “$2”${3:+ ($3)}"; }
id() { grep -oE '编号[0-9]+' <<<"$out" | head -1 | tr -dc 0-9; }
figure() { "$binary" -C "$site" figures --format json "${@:2}" | jq -r --arg n "$1" '.figures[] | select(.name == $n) | .value'; }
audited() { luoshi audit; exits 0 核验通过; }

new_site() { # [luoshi init options]
  rm -rf "$site"
  luoshi init --clock 2023-12-20 $(store_options) "$@"
  exits 0
}
# a committee with two villages, a branch in each, a secretary and two members
small_township() {
  new_site "$@"
  op org.found '{"name": "望禾乡党委", "kind": "township", "founded_on": "1975-01-01"}'; exits 0; township=$(id)
  local village
  for village in 河口村 石桥村; do
    op org.found "{\"name\": \"$village\", \"kind\": \"village\", \"parent\": \"望禾乡党委\", \"founded_on\": \"1975-01-01\"}"; exits 0
    op org.found "{\"name\": \"${village}党支部\", \"kind\": \"village_branch\", \"parent\": \"$village\", \"founded_on\": \"1975-01-01\"}"; exits 0
  done
  local person
  for person in 沈维岳:1979-05-01 贺云生:1975-03-02 顾春兰:1990-07-09 杜长河:1950-11-30; do
    op record.save "{\"ledger\": \"person\", \"name\": \"${person%:*}\", \"birth\": \"${person#*:}\", \"phone\": \"13900001111\"}"; exits 0
  done
  op post.start '{"person": "沈维岳", "org": "望禾乡党委", "title": "书记", "started_on": "2021-01-01"}'; exits 0
  op post.start '{"person": "贺云生", "org": "河口村党支部", "title": "书记", "started_on": "2021-01-01"}'; exits 0
  op stage.enter '{"person": "顾春兰", "org": "河口村党支部", "stage": "full", "started_on": "2015-06-01"}'; exits 0
  op stage.enter '{"person": "杜长河", "org": "石桥村党支部", "stage": "full", "started_on": "1980-06-01"}'; exits 0
}
