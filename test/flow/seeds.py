#!/usr/bin/env python3
"""A demo with other counts, from outside: the report that is composed there holds against its own site, and drafts written
for the demo as declared are matched as they were, and contradicted exactly where the counts differ.

What a claim accepts is worked out here from its words, by the table of VERIFY.md and with nothing of the program's, and
held against the figures that the program prints. Where the figure does not fit and another reading of the words does,
asking (ambiguous) is right as well.
usage: seeds.py BINARY VERIFIER DECLARED-SITE VARIED-SITE... -- DRAFT...
"""
import json, re, subprocess, sys
from decimal import Decimal
from fractions import Fraction

binary, verifier, declared = sys.argv[1:4]
split = sys.argv.index('--')
sites, drafts = sys.argv[4:split], sys.argv[split + 1:]
wrong = 0


def bad(*words):
    global wrong
    wrong += 1
    print('WRONG:', *words)


def luoshi(site, *words):
    run = subprocess.run([binary, '-C', site, *words], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f'{words} failed: {run.stderr}')
    return run.stdout


def verify(site, drafts):
    """The texts against a site, in one process."""
    run = subprocess.run([verifier, site, '2023'], input=''.join(d + '\n' for d in drafts), capture_output=True, text=True)
    lines = run.stdout.splitlines()
    if run.returncode or len(lines) != len(drafts):
        sys.exit(f'verify failed: {run.stderr}')
    return [json.loads(line) for line in lines]


def sentence(text, at):
    begin = max(text.rfind(mark, 0, at) for mark in '。；\n') + 1
    end = min((i for i in (text.find(mark, at) for mark in '。；\n') if i >= 0), default=len(text))
    return text[begin:end]


# ---- the report, against its own site ----

def compose(varied):
    text = luoshi(varied, 'report', 'annual', '--period', '2023', '--format', 'text')
    with open(varied + '.txt', 'w', encoding='utf-8') as f:
        f.write(text)
    return text


def own_report(varied, text, got):
    for c in got['claims']:
        if c['verdict'] not in ('supported', 'supported_with_note', 'plan'):
            bad(f"{varied.split('/')[-1]}: own report: {c['text']} is {c['verdict']} ({c['figure']}): {c['message']} | {sentence(text, c['start'])}")
    for f in got['findings']:
        bad(varied, 'own report:', json.dumps(f, ensure_ascii=False))
    for s in got['statements']:
        if s['verdict'] in ('contradicted', 'ambiguous'):
            bad(f"{varied.split('/')[-1]}: own report: {s['text']} is {s['verdict']}: {s.get('message')}")
    if len(got['claims']) < 45:
        bad(f"{varied.split('/')[-1]}: own report: only {len(got['claims'])} claims")
    return len(got['claims'])


# ---- what words accept (VERIFY.md, verdict intervals) ----

HAN = {c: i for i, c in enumerate('零一二三四五六七八九')} | {'两': 2}


def number(surface):
    """Value and the place of its last written digit; scaled: whether it has a point, 万 or 亿."""
    m = re.search(r'(\d+(?:\.\d+)?)\s*([余多几]?)\s*([万亿千百]?)', surface)
    if m:
        factor = {'': 1, '百': 100, '千': 1000, '万': 10000, '亿': 10 ** 8}[m[3]]
        places = len(m[1].split('.')[1]) if '.' in m[1] else 0
        return Fraction(m[1]) * factor, Fraction(factor, 10 ** places), bool(places or m[3])
    m = re.search(r'[零一二三四五六七八九两十百]+', surface)
    total = part = 0
    for c in m[0]:
        if c == '百':
            total, part = total + (part or 1) * 100, 0
        elif c == '十':
            total, part = total + (part or 1) * 10, 0
        else:
            part = HAN[c]
    return Fraction(total + part), Fraction(1), False


def accepts(around, surface, value, claim):
    """Whether the words accept the value: the claim's own, and what stands before and behind it."""
    v, place, scaled = number(surface)
    if Fraction(claim['value'].rstrip('%')) != v:
        return None  # read as something else: 半, 成, a range; then the program's own bounds are used
    whole = v.numerator if v.denominator == 1 else 0
    last = 1
    while whole and whole % (last * 10) == 0:
        last *= 10
    before, behind = around
    if re.search('[余多]', surface) or behind[:1] in ('余', '多'):
        return v <= value < v + max(Fraction(last), place)
    if re.search('以上|不少于|至少', surface + behind[:4] + before[-3:]):
        return value >= v
    if re.search('以下|以内', surface + behind[:4]):
        return value <= v
    if re.search('超过|突破', before[-3:]):
        return value > v
    if re.search('不足|不到', before[-3:]):
        return value < v
    if re.search('接近|近', before[-2:]):
        return v * 9 / 10 <= value < v
    if re.search('约|左右|大概', before[-2:] + behind[:4]):
        return abs(value - v) <= max(Fraction(last if not place < 1 else place) / 2, v / 20)
    if '达' in before[-2:] and not scaled and '%' not in surface:
        return value >= v - place / 2
    if '达' in before[-2:]:
        return value >= v - place / 2
    if scaled:
        return v - place / 2 <= value <= v + place / 2 or v <= value < v + place
    return value == v


def worth(figures, name):
    value = figures.get(name)
    return None if value in (None, '') else Fraction(Decimal(value.rstrip('%')))


def held(draft, before, now, varied, figures):
    text = open(draft, encoding='utf-8').read()
    before, now = ({c['start']: c for c in got['claims']} for got in (before, now))
    count = 0
    for at in sorted(set(before) ^ set(now)):
        c = before.get(at) or now[at]
        bad(f"{varied}: {draft}: {c['text']} at {at} is a claim on one site only")
    for at in sorted(set(before) & set(now)):
        was, c = before[at], now[at]
        where = f"{varied.split('/')[-1]}: {draft}: {c['text']} at {at} ({was['figure']}), {sentence(text, at)}"
        if was['role'] == 'plan':
            if c['verdict'] != 'plan':
                bad(where, 'was a plan and is', c['verdict'])
            continue
        if was['figure'] is None or was['verdict'] not in ('supported', 'supported_with_note'):
            continue  # says nothing of the demo's counts
        fitting = [k for k in c['candidates'] if k['figure'] != was['figure'] and k['fit'] == 'yes']
        slices = [k['slice'] for k in was['candidates'] if k['figure'] == was['figure']]
        value = worth(figures, was['figure']) if not any(slices) else None
        if value is None:
            value = worth({'': c['actual']}, '')
        if value is None:
            if c['verdict'] != 'unsupported':
                bad(where, 'has no value and is', c['verdict'])
            continue
        fits = accepts((text[:at], text[c['end']:]), text[at:c['end']], value, c)
        if fits is None:
            low, high = (None if c[k] is None else Fraction(c[k].rstrip('%')) for k in ('low', 'high'))
            fits = (low is None or low <= value) and (high is None or value <= high)
        count += 1
        if c['verdict'] == 'ambiguous' and c['figure'] is None and not fits and fitting:
            continue
        if c['figure'] != was['figure']:
            bad(where, 'is bound to', c['figure'], c['verdict'], c['message'])
        elif fits and c['verdict'] not in ('supported', 'supported_with_note'):
            bad(where, 'fits', value, 'and is', c['verdict'], c['message'])
        elif not fits and c['verdict'] != 'contradicted':
            bad(where, 'does not fit', value, 'and is', c['verdict'], c['message'])
    return count


as_declared = verify(declared, drafts)
for site in sites:
    rows = json.loads(luoshi(site, 'figures', '--period', '2023', '--format', 'json'))['figures']
    figures = {f['name']: f['value'] for f in rows}
    report = compose(site)
    own, *others = verify(site, [site + '.txt'] + drafts)
    counts = [own_report(site, report, own)]
    counts += [held(draft, before, now, site, figures) for draft, before, now in zip(drafts, as_declared, others)]
    print(site.split('/')[-1], 'claims:', *counts, flush=True)
sys.exit(wrong > 0)
