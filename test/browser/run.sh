# The browser's tests, where a browser is: run.sh [--shots FOLDER] [sweep | JOURNEY]...
set -eu
cd "$(dirname "$0")/../.."
[ -x "${LUOSHI_CHROMIUM:-/usr/bin/chromium}" ] && command -v node >/dev/null || { echo "skipped: 没有 chromium 或 nodejs，网页的测试不做。"; exit 77; }
[ -d test/browser/node_modules/playwright-core ] || { echo "skipped: 先运行 script/modules test/browser，再做网页的测试。"; exit 77; }
export LUOSHI_PROFILE=$PWD/profile/township
exec node test/browser/all.mjs "$@"
