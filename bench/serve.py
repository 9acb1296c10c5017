# SPDX-License-Identifier: MulanPSL-2.0
"""The server beside a bare program that makes no page: a list over 100,000 records; the page of all figures; 32 readers
with a writer beside them; memory and descriptors after many requests. Rounds alternate, and ratios are of their medians.

usage: LUOSHI_BINARY=… python3 bench/serve.py figures SITE ASK      (a demo's site)
                        python3 bench/serve.py list SITE ASK BARE   (with load.yaml's records in it besides)"""
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../test/fault"))
from web import Browser, Server  # noqa: E402

LIST = "/ledgers/meeting"


def main():
    what, site, ask = sys.argv[1:4]
    place = tempfile.mkdtemp(prefix="luoshi-bench.")
    server = Server(site, place)
    browser = Browser(server, "jingban", "Yanshi-2023")
    threads = min(4, os.cpu_count() or 1)
    with open(os.path.join(place, "page.html"), "w") as f:
        f.write(browser.get(LIST)[2])

    def load(port, path, connections, requests):
        out = subprocess.run([ask, str(port), path, browser.cookie, str(connections), str(requests)], capture_output=True, text=True)
        if out.returncode:
            sys.exit(out.stderr)
        return [int(n) for n in out.stdout.split()]

    if what == "figures":
        _, middle, late = load(server.port, "/figures", 1, 100)
        print(f"all figures of the demo on one page: median {middle / 1000:.1f} ms, p99 {late / 1000:.1f} ms")
        return server.end(signal.SIGTERM)

    floor = subprocess.Popen([sys.argv[4], os.path.join(site, "luoshi.db"), f.name, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    port = int(floor.stdout.readline())
    ours, theirs = [], []
    for _ in range(5):
        theirs.append(load(port, "/", 8, 400)[0])
        ours.append(load(server.port, LIST, 8, 400)[0])
    floor.stdin.close()
    floor.wait()
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    print(f"list of {os.path.getsize(f.name)} bytes: {ours:.0f} requests a second, bare {theirs:.0f}: {ours / theirs:.2f}")
    stop = threading.Event()
    written = []

    def write():
        writer = Browser(server, "fengjingyi", "Yanshi-2023")
        while not stop.is_set():
            status, _, _ = writer.post("/ledgers/person/new", {"name": f"压测{len(written)}", "_request": f"b{time.time_ns()}"})
            written.append(status)

    t = threading.Thread(target=write)
    t.start()
    _, middle, late = load(server.port, LIST, 32, 2000)
    stop.set()
    t.join()
    print(f"32 readers, a writer ({written.count(303)} of {len(written)} written): median {middle / 1000:.1f} ms, p99 {late / 1000:.1f} ms: {late / middle:.1f} times")

    for more in (1000, 4000, 10000):
        load(server.port, LIST, 8, more)
        print(f"after {more} more: {server.memory() / 1024:.0f} MB, {server.descriptors()} descriptors")
    server.end(signal.SIGTERM)


if __name__ == "__main__":
    main()
