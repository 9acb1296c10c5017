# Ten demos with other counts: what is composed there is verified there, what was written for another is contradicted
# where the counts differ and nowhere else.
. test/flow/flow.sh
make_site() { # folder [options]
  "$binary" -C "$place/$1" demo $(store_options) "${@:2}" >"$place/$1.out" 2>&1 || { cat "$place/$1.out"; return 1; }
}
drafts=(test/data/own_words.txt ../shared/seed/*.txt)
[ -e "${drafts[1]}" ] || { echo "skipped the source report: no ../shared/seed"; drafts=(test/data/own_words.txt); }
seeds='1 2 3 4 5 6 7 8 9 10'
[ -z "${LUOSHI_TEST_STORE:-}" ] || seeds='1 2' # what is counted does not depend on the engine
sites=()
make_site declared || bad "the demo as declared"
for seed in $seeds; do
  make_site "seed_$seed" --vary $seed || bad "seed $seed"
  sites+=("$place/seed_$seed")
done
python3 test/flow/seeds.py "$binary" "${LUOSHI_VERIFIER:?LUOSHI_VERIFIER is the program of verifier.c}" "$place/declared" "${sites[@]}" -- "${drafts[@]}" || bad "the drafts"
