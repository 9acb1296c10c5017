#!/usr/bin/env python3
"""How long a command takes before it does anything, beside /bin/true in the same run: on the demo's site, and on
one whose profile is three times as large (every ledger and set twice more under other names).
usage: start.py BINARY FOLDER PROFILE    (FOLDER must not exist)
"""
import os, re, shutil, statistics, subprocess, sys, time

binary, folder, profile = sys.argv[1:4]
RUNS, TIMES = 41, 3


def again(text, suffix):
    """The same ledger under another name: itself and its sets; codes stay where they are."""
    out, part = [], ''
    for line in text.split('\n'):
        if re.match(r'\w', line):
            part = line.split(':')[0]
        if part == 'codes':
            continue
        if part == 'ledger':
            line = re.sub(r'^(ledger: *\w+)', r'\1' + suffix, line)
        if part == 'label':
            line = re.sub(r'^(label: *[^ #]+)', r'\1' + suffix, line)
        if part == 'sets':
            line = re.sub(r'^(  - \{?name: *\w+)', r'\1' + suffix, line)
        out.append(line)
    return '\n'.join(out)


def enlarge():
    large = os.path.join(folder, 'profile')
    shutil.copytree(profile, large)
    for part in ('ledgers', 'sets'):
        for name in os.listdir(os.path.join(profile, part)):
            text = open(os.path.join(profile, part, name), encoding='utf-8').read()
            if not re.search(r'^(ledger|sets):', text, re.M):
                continue
            for k in range(1, TIMES):
                with open(os.path.join(large, part, f'{name[:-5]}_x{k}.yaml'), 'w', encoding='utf-8') as f:
                    f.write(again(text, f'_x{k}'))
    return large


def size_of(where):
    names = [os.path.join(where, part, n) for part in ('ledgers', 'sets') for n in os.listdir(os.path.join(where, part))]
    return len(names), sum(os.path.getsize(n) for n in names) // 1024


os.mkdir(folder)
demo, large = os.path.join(folder, 'demo'), os.path.join(folder, 'large')
big = enlarge()
for words in (['-C', demo, 'demo', '--profile', profile], ['-C', large, 'demo', '--profile', big]):
    subprocess.run([binary, *words], check=True, stdout=subprocess.DEVNULL)
commands = {
    '/bin/true': ['/bin/true'],
    'luoshi help': [binary, 'help'],
    'luoshi list org': [binary, '-C', demo, 'list', 'org'],
    f'luoshi list org, profile × {TIMES}': [binary, '-C', large, 'list', 'org'],
}
taken = {name: [] for name in commands}
for turn in range(RUNS + 1):
    for name, words in commands.items():
        began = time.monotonic()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        if turn:
            taken[name].append((time.monotonic() - began) * 1000)
print('profile: %d files, %d KB; × %d: %d files, %d KB' % (*size_of(profile), TIMES, *size_of(big)))
for name, times in taken.items():
    print(f'{name:36}{min(times):7.1f} ms least {statistics.median(times):6.1f} ms median')
