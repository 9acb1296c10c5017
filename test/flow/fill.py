"""Fills a template of the gap list from an export of the same ledger, as a clerk would by copying columns: 编号 becomes
分组, since another site's numbers mean nothing here; columns that the template lacks are left out."""
import csv
import sys

template, export, out = sys.argv[1:4]
with open(template, encoding='utf-8-sig', newline='') as f:
    want = next(csv.reader(f))
with open(export, encoding='utf-8-sig', newline='') as f:
    head, *rows = csv.reader(f)
missing = [w for w in want if w not in head]
if missing:
    sys.exit('not in the export: ' + ' '.join(missing))
with open(out, 'w', encoding='utf-8', newline='') as f:
    writer = csv.writer(f)
    writer.writerow(['分组'] + want)
    writer.writerows([row[head.index('编号')]] + [row[head.index(w)] for w in want] for row in rows)
