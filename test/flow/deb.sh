#!/usr/bin/env bash
# The package: built, installed in a throw-away copy of this system, started as its unit starts it, installed again,
# removed and purged. The site stays whatever happens.
. "$(dirname "$0")/flow.sh"
[ "$EUID" = 0 ] || { echo "skipped: 安装软件包要用 root 试。"; exit 77; }
deb=$PWD/$(script/deb "$LUOSHI_BINARY")
again=$(script/deb "$LUOSHI_BINARY" >/dev/null && sha256sum <"$deb")
[ "$(sha256sum <"$deb")" = "$again" ] || bad "the same sources gave another package"

unit=packaging/luoshi.service
score=$(systemd-analyze security --offline=true "$unit" 2>/dev/null | tail -n 1)
systemd-analyze security --offline=true --threshold=20 "$unit" >/dev/null 2>&1 || bad "the unit is exposed: $score"
echo "unit: $score"

upper=$(mktemp -d)
export deb upper
cat >"$upper/inside" <<'END'
set -eu
mount -t tmpfs tmpfs "$upper"
mkdir "$upper/up" "$upper/work" "$upper/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$upper/up,workdir=$upper/work" "$upper/root" || exit 77
cp "$deb" "$upper/root/luoshi.deb"
mount --bind /proc "$upper/root/proc"
mount --bind /dev "$upper/root/dev"
export ASAN_OPTIONS=detect_leaks=0
exec chroot "$upper/root" /bin/bash -eu -c '
  dpkg -i /luoshi.deb >/tmp/dpkg.log 2>&1 || { cat /tmp/dpkg.log; exit 1; }
  test "$(stat -c "%a %U" /var/lib/luoshi)" = "700 luoshi"
  test "$(stat -c "%a %U" /root/luoshi-first-passwords)" = "600 root"
  test "$(stat -c "%U" /var/lib/luoshi/site/site.yaml)" = luoshi
  (cd / && md5sum --quiet -c /var/lib/dpkg/info/luoshi.md5sums)
  systemd-analyze verify /lib/systemd/system/luoshi.service
  . /etc/default/luoshi
  start=$(sed -n "s/^ExecStart=//p" /lib/systemd/system/luoshi.service)
  LUOSHI_SERVE="--listen 127.0.0.1:0"
  eval "exec setpriv --reuid=luoshi --regid=luoshi --clear-groups --no-new-privs --bounding-set=-all $start" >/tmp/serve.log 2>&1 &
  pid=$!
  for i in $(seq 100); do grep -q "已启动" /tmp/serve.log && break; sleep 0.2; done
  address=$(sed -n "s/^落实已启动：//p" /tmp/serve.log)
  curl -sf "$address/healthz" | grep -q ok
  test "$(stat -c %U /proc/$pid)" = luoshi
  dpkg -i /luoshi.deb >/tmp/dpkg.log 2>&1
  kill -TERM $pid
  wait $pid
  dpkg --purge luoshi >/tmp/dpkg.log 2>&1
  test ! -e /usr/bin/luoshi
  test -e /var/lib/luoshi/site/site.yaml
  echo installed'
END
if ! unshare --mount --propagation private true 2>/dev/null; then # / of a chroot is no mount
  echo "skipped: 这里的根目录不是挂载点，不能另开一份文件系统来装。"; exit 77
fi
code=0
out=$(unshare --mount --propagation private bash "$upper/inside" 2>&1) || code=$?
rm -rf --one-file-system "$upper"
[ "$code" != 77 ] || { echo "skipped: 这台机器不能叠加文件系统，装不进临时的一份。"; exit 77; }
[ "$code" = 0 ] && [[ $out == *installed ]] || { code=$code; bad "installing: exit $code"; echo "$out" | tail -n 30; }
