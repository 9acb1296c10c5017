#!/usr/bin/env python3
"""Whole commands on the demo, as a user waits for them: least and median of several runs, and the peak of memory.

verify is timed beside the same command on a draft without a number: the difference is what the checking costs.
usage: whole.py BINARY FOLDER    (FOLDER must not exist; the demo is made in it)
"""
import glob, json, os, subprocess, sys, time

binary, site = sys.argv[1:3]
RUNS = 21


def run(*words):
    began = time.monotonic()
    child = subprocess.Popen([binary, '-C', site, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        sys.exit(f'{words} failed with {child.returncode}')
    return (time.monotonic() - began) * 1000, usage.ru_maxrss / 1024


def measure(*words):
    runs = [run(*words) for _ in range(RUNS)]
    times = sorted(t for t, _ in runs)
    return times[0], times[RUNS // 2], max(m for _, m in runs)


def long_draft():
    """At least 6,000 characters and 100 claims, out of the drafts by several hands."""
    text = ''
    for path in ['test/data/own_words.txt', *sorted(glob.glob('test/data/redrafts/*.txt'))]:
        text += open(path, encoding='utf-8').read() + '\n'
        if len(text) >= 6000:
            break
    return text


one = run('demo')
print(f'luoshi demo                     {one[0]:7.0f} ms                    {one[1]:5.1f} MB')
draft, plain = site + '/long.txt', site + '/plain.txt'
open(draft, 'w', encoding='utf-8').write(long_draft())
open(plain, 'w', encoding='utf-8').write('工作情况如下。\n')
claims = len(json.loads(subprocess.run([binary, '-C', site, 'verify', draft, '--format', 'json'], capture_output=True, text=True).stdout)['claims'])
for words in (['figures'], ['report', 'annual'], ['rows', 'interviews.person_times'], ['verify', plain], ['verify', draft]):
    least, median, peak = measure(*words)
    name = 'luoshi ' + ' '.join(os.path.basename(w) for w in words)
    print(f'{name:32}{least:7.0f} ms least {median:5.0f} ms median {peak:5.1f} MB')
    if words[-1] == plain:
        floor = (least, median)
print(f'verify beyond start-up: {least - floor[0]:.0f} ms least, {median - floor[1]:.0f} ms median, {len(long_draft())} characters, {claims} claims (bound 50 ms)')
