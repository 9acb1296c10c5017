# SPDX-License-Identifier: MulanPSL-2.0
"""A server under bad circumstances: killed while it writes, asked nonsense, held by slow connections, uploads cut off,
stopped while it answers, a disk with no room. Each is one test; the number is how many kills, requests, connections.

usage: LUOSHI_BINARY=… python3 test/fault/web.py killed|malformed|slow|cut|stopped|full [NUMBER]"""
import http.client
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

BINARY = os.environ["LUOSHI_BINARY"]
PASSWORD = "Xinmima-2023"
wrong = []


def check(right, what):
    if not right:
        wrong.append(what)
        print("WRONG:", what)


def run(site, *words, text=None):
    return subprocess.run([BINARY, "-C", site, *words], input=text, capture_output=True, text=True)


class Server:
    def __init__(self, site, place, limit=None):
        self.site = site
        temporary = os.path.join(place, "temporary")
        os.makedirs(temporary, exist_ok=True)
        surroundings = dict(os.environ, TMPDIR=temporary)
        surroundings["ASAN_OPTIONS"] = "quarantine_size_mb=2:malloc_context_size=2"  # memory is looked at
        before = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))) if limit else None
        self.errors = open(os.path.join(place, "server.log"), "a" if not limit else "w")
        self.process = subprocess.Popen([BINARY, "-C", site, "serve", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                                        stderr=self.errors if not limit else subprocess.DEVNULL, text=True,
                                        env=surroundings, preexec_fn=before)
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            sys.exit("the server did not start: " + line + open(self.errors.name).read()[-2000:])
        self.port = int(found.group(1))

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))  # KiB

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def alive(self):
        return self.process.poll() is None

    def end(self, how):
        self.process.send_signal(how)
        rest = self.process.stdout.read()
        self.process.wait()
        self.errors.close()
        return rest


class Browser:
    """One that is signed in, over one connection that is kept."""

    def __init__(self, server, account, password=PASSWORD):
        self.port, self.cookie, self.token = server.port, None, None
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        status, headers, _ = self.post("/signin", {"account": account, "password": password, "to": "/me"})
        if status != 303:
            raise RuntimeError(f"signing in gave {status}")
        self.page = headers["Location"]
        self.refresh(self.page)

    def ask(self, method, path, body=None, kind=None):
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if kind:
            headers["Content-Type"] = kind
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return answer.status, answer.headers, text.decode("utf-8", "replace")

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, fields):
        if self.token:
            fields = dict(fields, _token=self.token)
        return self.ask("POST", path, urllib.parse.urlencode(fields), "application/x-www-form-urlencoded")

    def refresh(self, path):
        self.token = re.search(r'name="_token" value="([0-9a-f]+)"', self.get(path)[2]).group(1)


def new_site(place):
    """A committee, and an account that may enter persons."""
    site = os.path.join(place, "site")
    made = run(site, "init", "--clock", "2023-12-20")
    if made.returncode:
        sys.exit(made.stderr)
    run(site, "do", "org.found", "--json", "-", text='{"name": "望禾乡党委", "kind": "township", "founded_on": "1975-01-01"}')
    out = run(site, "user", "add", "zhangsan", "--role", "owner")
    once = re.search(r"[A-Z][a-z]{2}\d(?:-[A-Z][a-z]{2}\d)+", out.stdout)
    if not once:
        sys.exit(out.stdout + out.stderr)
    server = Server(site, place)
    browser = Browser(server, "zhangsan", once.group(0))
    status, _, text = browser.post("/password", {"old": once.group(0), "new": PASSWORD, "again": PASSWORD})
    if status != 303:
        sys.exit("the password was not changed: " + text[-500:])
    server.end(signal.SIGTERM)
    return site


def enter(browser, name, request):
    return browser.post("/ledgers/person/new", {"name": name, "_request": request})


def persons(site):
    out = run(site, "list", "person", "--format", "json")
    return [row["name"] for row in json.loads(out.stdout)["rows"]]


def audited(site):
    out = run(site, "audit")
    check(out.returncode == 0, "audit: " + out.stdout + out.stderr)


def killed(place, kills):
    """Writers are acknowledged until the server is killed; what was acknowledged is there, and nothing is there twice."""
    site, dice = new_site(place), random.Random(7)
    acknowledged, sent, lock, seen, rounds = {}, {}, threading.Lock(), 0, 0

    def write(browser, who, round_):
        try:
            for n in range(1000):
                name = f"人员{round_}之{who}之{n}"
                request = f"r{round_}-{who}-{n}"
                with lock:
                    sent[request] = name
                status, headers, _ = enter(browser, name, request)
                if status != 303:
                    check(False, f"{name}: {status}")
                    return
                with lock:
                    acknowledged[request] = headers["Location"]
        except (OSError, http.client.HTTPException):
            pass  # killed

    for rounds in range(kills):
        server = Server(site, place)
        browser = Browser(server, "zhangsan")
        new = list(acknowledged.items())[seen:]
        seen = len(acknowledged)
        for request, location in dice.sample(new, min(3, len(new))):
            status, _, text = browser.get(location)
            check(status == 200 and sent[request] in text, f"{sent[request]} was acknowledged and is lost")
            check(enter(browser, sent[request], request)[0] == 303, f"asked again: {sent[request]}")
        for request in [r for r in sent if r not in acknowledged]:  # done or not: asking again does it once
            status, headers, _ = enter(browser, sent[request], request)
            check(status == 303, f"cut off, asked again: {status}")
            acknowledged[request] = headers["Location"]
        seen = len(acknowledged)
        writers = []
        for who in range(3):
            one = Browser.__new__(Browser)
            one.cookie, one.token = browser.cookie, browser.token
            one.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            writers.append(threading.Thread(target=write, args=(one, who, rounds)))
        for t in writers:
            t.start()
        time.sleep(dice.uniform(0.01, 0.15))
        server.end(signal.SIGKILL)
        for t in writers:
            t.join()
    names = persons(site)
    for request in acknowledged:
        check(names.count(sent[request]) == 1, f"{sent[request]} is there {names.count(sent[request])} times")
    unsure = set(sent.values()) - {sent[r] for r in acknowledged}
    check(all(names.count(n) <= 1 for n in unsure), "what the last kill cut off is there twice")
    check(len(names) <= len(sent), f"{len(names)} persons of {len(sent)} that were entered")
    audited(site)
    print(f"{kills} kills, {len(acknowledged)} acknowledged, {len(names)} there")
    check(len(acknowledged) >= kills, "too few writes to prove anything")


def nonsense(dice):
    """One request that no browser sends."""
    some = bytes(dice.randrange(256) for _ in range(dice.randrange(1, 200)))
    head = b"GET / HTTP/1.1\r\nHost: a\r\n"
    kinds = (
        lambda: some,
        lambda: b"GET /" + some + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        lambda: b"GET /" + b"a/" * dice.randrange(1, 9000) + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        lambda: b"GET /ledgers/%" + some[:2] + b"?q=%E4%" + some[:3] + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        lambda: head + b"X: " + b"y" * dice.randrange(40000) + b"\r\n\r\n",
        lambda: head + b"".join(b"X%d: y\r\n" % i for i in range(dice.randrange(2000))) + b"\r\n",
        lambda: b"POST /signin HTTP/1.1\r\nHost: a\r\nContent-Length: " + dice.choice((b"-1", b"99999999999999999999", b"x", b"5 5")) + b"\r\n\r\nabc",
        lambda: b"POST /signin HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + dice.choice((b"ffffffffffffffff\r\n", b"-1\r\nabc", b"3\r\nabcdef\r\n0\r\n\r\n", some)),
        lambda: b"POST /signin HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=" + some.replace(b"\n", b"") + b"\r\nContent-Length: 60\r\n\r\n" + b"--" + some[:40] + b"\r\n" + b"x" * 60,
        lambda: b"POST /signin HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 600\r\n\r\n" + (b"a=%00&" * 100),
        lambda: head + b"Cookie: luoshi=" + some.replace(b"\n", b"") + b"; luoshi=; ;;=\r\n\r\n",
        lambda: dice.choice((b"BREW", b"", b"get", b"G\0T", b"OPTIONS", b"TRACE", b"CONNECT")) + b" / HTTP/1.1\r\nHost: a\r\n\r\n",
        lambda: b"GET / HTTP/" + dice.choice((b"9.9", b"1.1.1", b"", b"-1")) + b"\r\n\r\n",
        lambda: b"GET /assets/../../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
        lambda: head + b"If-None-Match: " + b'"' * 500 + b"\r\nAuthorization: Bearer " + some.replace(b"\n", b"") + b"\r\n\r\n",
    )
    return dice.choice(kinds)()


def ask_nonsense(port, bytes_):
    """The status, or what became of the connection."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as s:
            s.sendall(bytes_)
            s.shutdown(socket.SHUT_WR)
            first = s.recv(65536)  # the rest of an answer is not waited for
            return first[9:12].decode("ascii", "replace") if first.startswith(b"HTTP/1") else "none"
    except socket.timeout:
        return "silent"
    except OSError:
        return "closed"


def settled(look, most):
    """Connections that were closed are given a while to be gone."""
    for _ in range(100):
        if look() <= most:
            return True
        time.sleep(0.1)
    return False


def malformed(place, count):
    server = Server(new_site(place), place)
    held, statuses, lock = server.descriptors(), {}, threading.Lock()

    def ask(seed, n):
        dice = random.Random(seed)
        for _ in range(n):
            status = ask_nonsense(server.port, nonsense(dice))
            with lock:
                statuses[status] = statuses.get(status, 0) + 1
            if not server.alive():
                return

    def ask_together(first_seed, n):
        askers = [threading.Thread(target=ask, args=(first_seed + i, n // 8)) for i in range(8)]
        for t in askers:
            t.start()
        for t in askers:
            t.join()

    warm = count * 5 // 8  # the allocator of a sanitized build levels off by then
    ask_together(0, warm)
    memory = server.memory()
    ask_together(8, count - warm)
    print(count, "requests:", dict(sorted(statuses.items())))
    check(server.alive(), "the server is gone")
    if not server.alive():
        return
    check(not statuses.get("silent"), "some were never answered")
    check(not statuses.get("500"), "some broke a page")
    check(Browser(server, "zhangsan").get("/me")[0] == 200, "a page after it all")
    check(settled(server.descriptors, held + 3), f"descriptors: {held} before, {server.descriptors()} after")
    print(f"memory: {memory} KiB when warm, {server.memory()} KiB at the end")
    check(server.memory() <= memory + 8 * 1024, "memory grows")
    check("已停止" in server.end(signal.SIGTERM), "it stops as it should")


def times(browser, seconds):
    out, until = [], time.monotonic() + seconds
    while time.monotonic() < until or len(out) < 20:
        began = time.monotonic()
        check(browser.get("/ledgers/person")[0] == 200, "the list")
        out.append(time.monotonic() - began)
    return sorted(out)


def slow(place, count):
    """Connections that send a byte now and then hold nothing that others need."""
    server = Server(new_site(place), place)
    browser = Browser(server, "zhangsan")
    enter(browser, "沈维岳", "one")
    alone = times(browser, 3)
    held, stop = [], threading.Event()
    for n in range(count):
        s = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-" if n % 2 else b"POST /signin HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n\r\naccount=")
        held.append(s)

    def dribble():
        while not stop.wait(1):
            for s in held:
                try:
                    s.send(b"a")
                except OSError:
                    pass

    t = threading.Thread(target=dribble)
    t.start()
    beside = times(browser, 8)
    fresh = time.monotonic()
    Browser(server, "zhangsan")
    fresh = time.monotonic() - fresh
    stop.set()
    t.join()
    last = [x[int(len(x) * 0.99)] for x in (alone, beside)]
    print(f"p99 {last[0] * 1000:.0f} ms alone, {last[1] * 1000:.0f} ms beside {count} slow connections; a new browser signs in after {fresh * 1000:.0f} ms")
    check(last[1] < max(1, 4 * last[0]), "others wait")
    for s in held:
        s.close()
    server.end(signal.SIGTERM)


def everything(site):
    return sorted(os.path.join(d, f) for d, _, files in os.walk(site) for f in files if not f.endswith(("-wal", "-shm")))


def cut(place, count):
    site = new_site(place)
    server, dice = Server(site, place), random.Random(5)
    browser = Browser(server, "zhangsan")
    table = "姓名,出生日期\r\n" + "".join(f"人员{n},1990-01-01\r\n" for n in range(3000))
    body = (f'--b\r\nContent-Disposition: form-data; name="_token"\r\n\r\n{browser.token}\r\n'
            f'--b\r\nContent-Disposition: form-data; name="_request"\r\n\r\nup\r\n'
            f'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n{table}\r\n--b--\r\n').encode()
    head = (f"POST /ledgers/person/import HTTP/1.1\r\nHost: a\r\nCookie: {browser.cookie}\r\n"
            f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}\r\n\r\n").encode()
    whole, before = head + body, everything(site)
    held = server.descriptors()
    for n in range(count):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as s:
            s.sendall(whole[:dice.randrange(1, len(whole))])
            if n % 2:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # with a reset
    check(settled(server.descriptors, held + 3), "descriptors of uploads that were cut")
    check(persons(site) == [], "persons of an upload that was cut")
    check(everything(site) == before, "files of an upload that was cut")
    check(os.listdir(os.path.join(place, "temporary")) == [], "temporary files of an upload that was cut")
    status, _, text = browser.ask("POST", "/ledgers/person/import", body, "multipart/form-data; boundary=b")
    check(status in (200, 303), f"the whole of it: {status} {text[-300:]}")
    server = cut_files(site, server, browser, count, dice)
    server.end(signal.SIGTERM)
    audited(site)
    print(f"{count} uploads of each kind cut; the whole one gave {status}")


BULLETIN = {"ledger": "bulletin", "org": "望禾乡党委", "issued_on": "2023-05-04", "title": "通报", "domain": "党建"}


def kept(site):
    return everything(os.path.join(site, "files"))


def cut_files(site, server, browser, count, dice):
    """Files of a record: nothing of one that was cut stays; of those that came whole, only what a row names once swept."""
    made = run(site, "do", "record.save", "--json", "-", "--format", "json", text=json.dumps(BULLETIN))
    record = json.loads(made.stdout or "{}").get("id")
    check(record, f"a record for files: {made.stdout}{made.stderr}")
    path, paper = f"/ledgers/{BULLETIN['ledger']}/{record}/files", "签到记录\n" * 30000
    body = (f'--b\r\nContent-Disposition: form-data; name="_token"\r\n\r\n{browser.token}\r\n'
            f'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n{paper}\r\n--b--\r\n').encode()
    whole = (f"POST {path} HTTP/1.1\r\nHost: a\r\nCookie: {browser.cookie}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
             f"Content-Length: {len(body)}\r\n\r\n").encode() + body
    held = server.descriptors()
    for n in range(count):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as s:
            s.sendall(whole[:dice.randrange(1, len(whole))])
            if n % 2:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    check(settled(server.descriptors, held + 3), "descriptors of files that were cut")
    check(kept(site) == [], f"what was cut lies in files/: {kept(site)}")
    status, headers, text = browser.ask("POST", path, body, "multipart/form-data; boundary=b")
    check(status == 303 and len(kept(site)) == 1, f"a whole file: {status} {kept(site)} {text[-300:]}")
    named = kept(site)
    status, _, text = browser.ask("POST", "/api/files", body.replace("签到".encode(), "会议".encode()), "multipart/form-data; boundary=b")
    check(status == 200 and len(kept(site)) == 2, f"a file that no row names: {status} {text[-300:]}")
    day = time.time() - 2 * 24 * 3600
    for f in kept(site):
        os.utime(f, (day, day))
    run(site, "list", BULLETIN["ledger"])
    check(len(kept(site)) == 2, "swept by who should not")
    server.end(signal.SIGTERM)
    server = Server(site, os.path.dirname(site))
    check(kept(site) == named, f"swept at a start: {kept(site)} instead of {named}")
    return server


def stopped(place, count):
    """Told to stop, it answers what it was asked before."""
    site = new_site(place)
    server = Server(site, place)
    browser = Browser(server, "zhangsan")
    sockets = []
    for n in range(count):
        s = socket.create_connection(("127.0.0.1", server.port), timeout=60)
        form = urllib.parse.urlencode({"_token": browser.token, "_request": f"s{n}", "name": f"人员{n}"}).encode()
        s.sendall(b"POST /ledgers/person/new HTTP/1.1\r\nHost: a\r\nCookie: " + browser.cookie.encode() +
                  b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(form) + form)
        sockets.append(s)
    server.process.send_signal(signal.SIGTERM)
    answered = 0
    for s in sockets:
        try:
            answered += s.recv(65536).startswith(b"HTTP/1.1 303")
        except OSError:
            pass
    check(answered == count, f"{answered} of {count} were answered")
    check("已停止" in server.end(signal.SIGTERM), "it says that it stopped")
    check(server.process.returncode == 0, f"exit {server.process.returncode}")
    check(len(persons(site)) == count, "all of them are there")
    print(f"{answered} of {count} answered after the signal")


def full(place, _):
    """No room for another byte: a sentence, reading goes on, and with room it writes again without a restart."""
    site = new_site(place)
    size = max(os.path.getsize(f) for f in everything(site) if f.endswith(".db"))
    server = Server(site, place, limit=size + 200 * 1024)
    browser = Browser(server, "zhangsan")
    failed, done = None, 0
    for n in range(2000):
        status, _, text = enter(browser, f"人员{n}", f"f{n}")
        if status != 303:
            failed = n
            break
        done += 1
    check(failed is not None, "the limit was never met")
    check(server.alive(), "the server is gone")
    if failed is None or not server.alive():
        return
    check(status == 503 and "磁盘" in text, f"{status}: {re.sub('<[^>]*>', ' ', text)[-300:]}")
    check(browser.get("/ledgers/person")[0] == 200, "reading goes on")
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    check(enter(browser, f"人员{failed}", f"f{failed}")[0] == 303, "with room again")
    server.end(signal.SIGTERM)
    check(len(persons(site)) == done + 1, "what was acknowledged, and nothing else")
    audited(site)
    print(f"{done} written, one refused, and written when there was room")


def main():
    what, number = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    usual = {"killed": 50, "malformed": 8000, "slow": 500, "cut": 40, "stopped": 20, "full": 1}
    place = tempfile.mkdtemp(prefix="luoshi-fault.")
    try:
        globals()[what](place, number or usual[what])
        log = os.path.join(place, "server.log")
        said = open(log, errors="replace").read() if os.path.exists(log) else ""
        check("Sanitizer" not in said and "runtime error" not in said, "sanitizer: " + said[-3000:])
    finally:
        shutil.rmtree(place, ignore_errors=True)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
