# A backup put back from the pages of a running server: checked, confirmed, done, told. Others ask all the while and are
# answered or told to wait, never cut off. Usage: restore.py ADDRESS ACCOUNT PASSWORD make|done|failed|cannot [NAME [TEXT]]
import http.client, re, sys, threading, time, urllib.parse

host, port = sys.argv[1].split(':')
account, password, what = sys.argv[2:5]
name, text = (sys.argv[5:] + ['', ''])[:2]
wrong = 0
cookie = token = ''


def bad(*words):
    global wrong
    wrong += 1
    print('WRONG:', *[str(w)[:600] for w in words])


def send(method, path, form=None, cookies=True):
    c = http.client.HTTPConnection(host, int(port), timeout=60)
    headers = {'Cookie': cookie} if cookies and cookie else {}
    body = None
    if form is not None:
        body = urllib.parse.urlencode(dict(form, _token=token))
        headers['Content-Type'] = 'application/x-www-form-urlencoded'
    c.request(method, path, body=body, headers=headers)
    r = c.getresponse()
    return r.status, r.read().decode(), r


def sign_in():
    global cookie, token
    status, page, r = send('POST', '/signin', {'account': account, 'password': password})
    if status != 303: bad('signin', status, page); sys.exit(1)
    cookie = r.getheader('Set-Cookie').split(';')[0]
    token = re.search(r'name="_token" value="([0-9a-f]+)"', send('GET', '/me')[1]).group(1)


asked, stop = [], threading.Event()


def others():
    while not stop.is_set():
        try:
            status, page, r = send('GET', '/signin', cookies=False)
            asked.append(status)
            if status not in (200, 503) or (status == 503 and 'http-equiv="refresh"' not in page): bad('others', status, page)
            status, page, r = send('GET', '/api/relations', cookies=False)
            if status not in (401, 503) or 'sentence' not in page: bad('others, API', status, page)
        except OSError as e:
            bad('others were cut off', e)
            return
        time.sleep(0.01)


def put_back():
    status, page, r = send('POST', '/admin/restore', {'name': name})
    if what == 'cannot':
        if status != 200 or 'PostgreSQL' not in page or 'restore/begin' in page: bad('check', status, page)
        status, page, r = send('POST', '/admin/restore/begin', {'name': name, 'password': password, 'sure': '1'})
        if status != 400 or 'PostgreSQL' not in page: bad('begin', status, page)
        return
    if status != 200 or '记录链完整' not in page or '/admin/restore/begin' not in page: bad('check', status, page)
    if what == 'done' and '要补做' not in page: bad('the page does not say what is lost', page)
    for form, said in (({'name': name, 'password': password}, '勾选'), ({'name': name, 'password': 'x', 'sure': '1'}, '密码不对')):
        status, page, r = send('POST', '/admin/restore/begin', form)
        if status != 400 or said not in page or '/admin/restore/begin' not in page: bad('begin', form, status, page)
    for odd in ('', '../luoshi.db', 'none.db', '/etc/passwd'):
        status, page, r = send('POST', '/admin/restore/begin', {'name': odd, 'password': password, 'sure': '1'})
        if not 400 <= status < 500: bad('begin', odd, status, page)
    watcher = threading.Thread(target=others)
    watcher.start()
    status, page, r = send('POST', '/admin/restore/begin', {'name': name, 'password': password, 'sure': '1'})
    if status != 200 or '正在恢复' not in page or 'url=/admin/backup' not in page: bad('begin', status, page)
    for _ in range(600):
        status, page, r = send('GET', '/admin/backup')
        if status not in (200, 303, 503): bad('waiting', status, page); break
        if '正在恢复' not in page: break
        time.sleep(0.1)
    time.sleep(0.3)
    stop.set()
    watcher.join()
    if what == 'failed':
        if status != 200 or '没有恢复，原来的数据照旧' not in page or text not in page: bad('outcome', status, page)
        return
    if status != 303 or not r.getheader('Location').startswith('/signin'): bad('the sign-in goes on', status, page)
    status, page, r = send('GET', '/signin', cookies=False)
    if '数据已恢复到记录链第%s号' % text not in page: bad('the sign-in page does not say it', page)
    sign_in()
    if send('GET', '/admin/backup')[0] != 200: bad('cannot sign in any more')


sign_in()
if what == 'make':
    status, page, r = send('POST', '/admin/backup', {})
    print(re.search('made=([^&]+)', r.getheader('Location')).group(1))
else:
    put_back()
sys.exit(wrong > 0)
