# The demo township, and drafts by several hands held against it.
. test/flow/flow.sh
luoshi demo $(store_options); exits 0
luoshi figures --format json; exits 0
audited
python3 test/flow/drafts.py "${LUOSHI_VERIFIER:?LUOSHI_VERIFIER is the program of verifier.c}" "$site" || wrong=$((wrong + 1))
