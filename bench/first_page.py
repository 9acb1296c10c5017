#!/usr/bin/env python3
"""From a finished build to the first page: what script/run does with the program once it is built, on a folder with
no site, until the sign-in page has arrived.
usage: first_page.py FOLDER    (a copy of the checkout with build/src/luoshi in it and no site)
"""
import os, re, subprocess, sys, time, urllib.request

folder = sys.argv[1]
began = time.monotonic()
run = subprocess.Popen(['script/run', '--listen', '127.0.0.1:0'], cwd=folder, stdout=subprocess.PIPE, text=True)
try:
    for line in run.stdout:
        found = re.search(r'http://127\.0\.0\.1:\d+', line)
        if found:
            page = urllib.request.urlopen(found[0] + '/signin').read()
            print(f'{time.monotonic() - began:.2f} s from script/run to the sign-in page ({len(page)} bytes), with the site made anew')
            break
    else:
        sys.exit('the server did not start')
finally:
    run.terminate()
    run.wait()
