# Drives every path of /api/openapi.json, as generated, against a running server: right values, bad types, missing
# fields, unknown ids, bodies too large or of the wrong kind, deep JSON, huge numbers, NULs, bytes that are no UTF-8.
# Whatever is wrong has a 4xx with a Chinese sentence, never a 5xx. First as a browser that is signed in, then as a program
# with a token that is cut down to one org. Usage: api.py ADDRESS ACCOUNT PASSWORD
import http.client, json, re, sys, urllib.parse

host, port = sys.argv[1].split(':')
account, password = sys.argv[2:4]
cookie, token, bearer, wrong, asked = '', '', '', 0, 0

def bad(*words):
    global wrong
    wrong += 1
    print('WRONG:', *[str(w)[:400] for w in words])

HEADERS = {'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin'}

def send(method, path, body=None, kind='application/json', cookies=True):
    global asked
    asked += 1
    c = http.client.HTTPConnection(host, int(port), timeout=60)
    headers = {'Authorization': 'Bearer ' + bearer} if bearer else {'Cookie': cookie} if cookie else {}
    if not cookies: headers = {}
    if body is not None: headers['Content-Type'] = kind
    c.request(method, path, body=body, headers=headers)
    r = c.getresponse()
    data = r.read()
    for name, value in HEADERS.items():
        if r.getheader(name) != value: bad(method, path, 'has no', name)
    policy = r.getheader('Content-Security-Policy') or ''
    if "frame-ancestors 'none'" not in policy or 'unsafe' in policy: bad(method, path, 'policy', policy)
    if r.status >= 500: bad(method, path, r.status, data[:300], (body or b'')[:200])
    return r.status, data, r

def refused(method, path, body=None, kind='application/json', **more):
    status, data, r = send(method, path, body, kind, **more)
    if not 400 <= status < 500: return bad(method, path, 'is', status, 'for', (body or '')[:120], data[:200])
    try:
        error = json.loads(data)['error']
        if not re.search('[\u4e00-\u9fff]', error['sentence']): bad(method, path, 'sentence', error)
        if not isinstance(error['issues'], list): bad(method, path, 'issues', error)
    except (ValueError, KeyError, UnicodeDecodeError):
        if status != 413: bad(method, path, status, 'is no error in JSON', data[:200])

def got(path):
    status, data, r = send('GET', path)
    if status != 200: bad('GET', path, status, data[:300]); return {}
    return json.loads(data)

def sign_in():
    global cookie, token
    form = urllib.parse.urlencode({'account': account, 'password': password})
    status, data, r = send('POST', '/signin', form, 'application/x-www-form-urlencoded')
    if status != 303: bad('signin', status); sys.exit(1)
    cookie = r.getheader('Set-Cookie').split(';')[0]
    page = send('GET', '/')[1].decode()
    token = re.search(r'name="_token" value="([0-9a-f]+)"', page).group(1)

# ---- the document ----

def walk(node, where, document):
    if isinstance(node, dict):
        ref = node.get('$ref')
        if isinstance(ref, str):
            at = document
            for part in ref[2:].split('/'): at = at.get(part) if isinstance(at, dict) else None
            if at is None: bad('document', where, 'refers to nothing:', ref)
        for k, v in node.items(): walk(v, where + '/' + k, document)
    elif isinstance(node, list):
        for i, v in enumerate(node): walk(v, '%s/%d' % (where, i), document)

def check_document(document):
    walk(document, '', document)
    for path, item in document['paths'].items():
        for method, what in item.items():
            in_path = {p['name'] for p in what['parameters'] if p['in'] == 'path'}
            if in_path != set(re.findall(r'\{(\w+)\}', path)): bad('document', path, 'parameters', in_path)
            if '200' not in what['responses'] or '4XX' not in what['responses']: bad('document', path, 'responses')
    try:
        from openapi_spec_validator import validate
        validate(document)
        print('document: valid by openapi-spec-validator')
    except ImportError:
        print('document: own structural check only (no openapi-spec-validator here)')
    except Exception as e:
        bad('document', 'not valid:', e)

# ---- paths ----

turn = 0
def some(values, count):
    # the next few, so that all come round over many paths
    global turn
    turn += count
    return [values[(turn + i) % len(values)] for i in range(count)]

ODD = ['%00', '%ff%fe', '%C3%28', '-1', '99999999999999999999999', '1e9', '%27%20or%201%3D1', 'x' * 300, '%F0%9F%98%80', '0', '..%2f..%2f']

def queries(what):
    names = [p['name'] for p in what['parameters'] if p['in'] == 'query']
    for name in names:
        for odd in ODD: yield name, odd
    yield 'no_such_parameter', '1'

def drive_get(path, what):
    fixed = path
    if path == '/api/files/{file}':
        for odd in ODD + ['9999999999']: refused('GET', path.replace('{file}', odd))
        return
    if path == '/api/orgs/{id}':
        for org in got('/api/orgs')['orgs'][:3]: got('/api/orgs/' + org['id'])
        for odd in ODD: refused('GET', path.replace('{id}', odd))
        return
    if path.endswith('/history'):
        rows = got(path[:-13] + '?limit=1').get('rows', [])
        told = got(path.replace('{id}', rows[0]['id']))['revisions'] if rows else []
        if rows and not told: bad('GET', path, 'tells nothing of', rows[0]['id'])
        for odd in some(ODD, 3) + ['9999999999']: refused('GET', path.replace('{id}', odd))
        return
    if path.endswith('/{id}'):
        rows = got(path[:-5] + '?limit=1').get('rows', [])
        fixed = path.replace('{id}', rows[0]['id'] if rows else '1')
        if rows: got(fixed)
        for odd in some(ODD, 3) + ['9999999999']: refused('GET', path.replace('{id}', odd))
        refused('GET', fixed + '?no_such_parameter=1')
        refused('POST', fixed, b'{}')
        return
    if '{measure}' in path:
        names = next(p['schema']['enum'] for p in what['parameters'] if p['name'] == 'measure')
        for name in names[:4]: got(path.replace('{measure}', name))
        fixed = path.replace('{measure}', names[0])
        for odd in ODD[:8]: refused('GET', path.replace('{measure}', odd))
    answer = got(fixed)
    if not isinstance(answer, dict): bad('GET', fixed, 'is no object')
    few = fixed.startswith('/api/relations/') and fixed != '/api/relations/person'
    for i, (name, odd) in enumerate(queries(what)):
        if few and i % 17 and name != 'no_such_parameter': continue
        status, data, r = send('GET', fixed + '?%s=%s' % (name, odd))
        if status >= 400 and 'sentence' not in data.decode(): bad('GET', fixed, name, odd, data[:200])
        if name == 'no_such_parameter' and status != 400: bad('GET', fixed, 'takes', name)
    refused('GET', fixed, cookies=False)

def value_of(schema):
    if 'enum' in schema: return next((v for v in schema['enum'] if v is not None), None)
    if schema.get('format') == 'date': return '2023-05-12'
    if 'pattern' in schema: return '1'
    if schema.get('type') == 'array': return []
    return '试'

def bodies(schema):
    fields, required = schema['properties'], schema['required']
    whole = {k: value_of(v) for k, v in fields.items() if not k.startswith('_')}
    yield {}
    for name in required: yield {k: v for k, v in whole.items() if k != name}
    for name in whole:
        for odd in some([None, [], {}, [[1]], True, 1.5, -1, 10**17, 'x' * 3000, '😀', '\u0001', '2023-13-45', '99999999999999999999'], 4):
            yield dict(whole, **{name: odd})
    yield dict(whole, no_such_field='1')

def raw_bodies():
    yield b'', 'application/json'
    yield b'[]', 'application/json'
    yield b'"x"', 'application/json'
    yield b'{', 'application/json'
    yield b'{"a":1,"a":2}', 'application/json'
    yield b'{"a":"\xff\xfe"}', 'application/json'
    yield b'{"a":"\x00"}', 'application/json'
    yield b'{"a":"\\u0000"}', 'application/json'
    yield b'{"a":' * 3000 + b'1' + b'}' * 3000, 'application/json'
    yield b'[' * 100000, 'application/json'
    yield b'{"a":1e999}', 'application/json'
    yield b'{"a":' + b'9' * 5000 + b'}', 'application/json'
    yield b'{"a":"' + b'x' * (9 * 1024 * 1024) + b'"}', 'application/json'
    yield b'{}', 'text/plain'
    yield b'{}', 'text/html'
    yield b'a=1', 'application/x-www-form-urlencoded'
    yield b'--x', 'multipart/form-data; boundary=x'
    yield b'{}', 'multipart/form-data'

def resolved(document, schema):
    while '$ref' in schema:
        at = document
        for part in schema['$ref'][2:].split('/'): at = at[part]
        schema = at
    return schema

# A file put in, named by a record, given out again; what is no file, too large, nameless is refused.
def drive_files(path):
    refused('POST', path + '?name=a.txt', '字'.encode(), 'text/plain', cookies=False)
    if not bearer: return refused('POST', path + '?name=a.txt', '字'.encode(), 'text/plain') # a browser has a form for it
    paper = '会议记录，第%d次。\n'.encode() % asked
    for name, body in ('', paper), ('a.pdf', b'MZ\0\0'), ('a.txt', b''), ('a.html', b'<!doctype html><script>1</script>'), ('a.pdf', b'%PDF-' + b' ' * (21 << 20)):
        refused('POST', path + '?name=' + name, body, 'application/octet-stream')
    refused('POST', path + '?name=a.txt&x=1', paper, 'application/octet-stream')
    refused('POST', path, b'{}', 'application/json')
    status, data, r = send('POST', path + '?name=' + urllib.parse.quote('记录.txt'), paper, 'application/octet-stream')
    kept = json.loads(data)
    if status != 200 or kept['size'] != len(paper) or kept['kind'] != 'text': return bad('POST', path, status, data)
    row = next((r for r in got('/api/relations/study?limit=1').get('rows', [])), None)
    if not row: return
    body = {'ledger': 'study', 'record': row['id'], 'hash': kept['hash'], 'name': kept['name']}
    status, data, r = send('POST', '/api/do/file.attach', json.dumps(body).encode())
    if status != 200: return bad('file.attach', status, data)
    status, data, r = send('GET', '/api/files/' + json.loads(data)['id'])
    if status != 200 or data != paper or 'attachment' not in r.getheader('Content-Disposition', ''): bad('GET /api/files', status, data[:80])

def drive_post(path, what, document, first):
    if path == '/api/files': return drive_files(path)
    schema = resolved(document, what['requestBody']['content']['application/json']['schema'])
    if not bearer: # a browser's own form, or nothing
        refused('POST', path, b'{}')
        refused('POST', path, json.dumps({'_token': 'x' * 32}).encode())
    refused('POST', path, json.dumps({'_token': token}).encode(), cookies=False)
    refused('GET', path)
    if first:
        for body, kind in raw_bodies(): refused('POST', path, body, kind)
    if path == '/api/verify': return
    done = 0
    for i, body in enumerate(bodies(schema)):
        if path.endswith(('/site.set', '/account.password')): break  # they would end this very sign-in
        if not bearer: body['_token'] = token
        status, data, r = send('POST', path, json.dumps(body).encode())
        if 400 <= status < 500:
            error = json.loads(data)['error']
            if not re.search('[\u4e00-\u9fff]', error['sentence']): bad('POST', path, 'sentence', error)
            if status == 401: bad('POST', path, 'was signed out'); bearer or sign_in()
        elif status == 200: done += 1
    refused('POST', path + 'x', json.dumps({'_token': token}).encode())

def right_values():
    body = {'_token': token, 'ledger': 'person', 'name': '接口甲', '_request': 'api-' + token[:8]}
    status, data, r = send('POST', '/api/do/record.save', json.dumps(body).encode())
    first = json.loads(data)
    if status != 200 or 'id' not in first: return bad('record.save', status, data)
    again = json.loads(send('POST', '/api/do/record.save', json.dumps(body).encode())[1])
    if not again.get('repeated') or again['revision'] != first['revision']: bad('the same request again', again)
    one = got('/api/relations/person/' + first['id'])
    if one.get('name') != '接口甲': bad('person', one)
    found = got('/api/relations/person?q=' + urllib.parse.quote('接口甲'))
    if found.get('total') != 1: bad('search', found)
    status, data, r = send('POST', '/api/verify', json.dumps({'_token': token, 'text': '全年开展约谈63人次。'}).encode())
    checked = json.loads(data)
    if status != 200 or len(checked.get('claims', [])) != 1: bad('verify', status, data)
    figures = got('/api/figures?period=2023')['figures']
    rows = got('/api/figures/%s/rows?period=2023' % figures[0]['name'])
    if len(rows['rows']) != figures[0]['rows']: bad('rows', figures[0], len(rows['rows']))

refused('GET', '/api/openapi.json')
refused('GET', '/api/relations')
refused('GET', '/api/none')
sign_in()
document = got('/api/openapi.json')
check_document(document)
right_values()

def drive():
    first = True
    for path, item in document['paths'].items():
        for method, what in item.items():
            if method == 'get': drive_get(path, what)
            else:
                drive_post(path, what, document, first or path == '/api/verify')
                first = False

def make_token(**more):
    body = dict(label='接口试验', until_on='2024-03-01', _token=token, **more)
    status, data, r = send('POST', '/api/do/token.create', json.dumps(body).encode())
    if status != 200 or b'luoshi-' not in data: bad('token.create', status, data); sys.exit(1)
    return json.loads(data)['token'], json.loads(data)['id']

# What a token over one org sees is no more than what is under it, and never what is beside it.
def narrowed(whole, village):
    seen = got('/api/orgs')['orgs']
    if not seen or seen[0]['name'] != village or seen[0]['parent']: bad('a narrowed tree begins with', seen[:1])
    names = [o['name'] for o in seen]
    for relation in whole:
        answer = got('/api/relations/' + relation + '?limit=200')
        if answer['total'] > whole[relation]['total']: bad(relation, 'has more rows by the token')
        for row in answer['rows']:
            if 'org' in row and row['org'] and row['org'] not in names and relation != 'org': bad(relation, 'shows a row of', row['org'])
        for row in whole[relation]['rows']:
            if relation != 'org' and row.get('org') and row['org'] not in names: refused('GET', '/api/relations/%s/%s' % (relation, row['id']))

drive()
whole = {r['name']: got('/api/relations/' + r['name'] + '?limit=20') for r in got('/api/relations')['relations']}
villages = [o['name'] for o in got('/api/orgs')['orgs'] if o['kind'] == 'village']
reads, number = make_token(scope='read', top=villages[1])
writes, other = make_token(scope='write', top=villages[0])
bearer = reads
refused('POST', '/api/do/record.save', json.dumps({'ledger': 'person', 'name': '接口乙'}).encode())
bearer = writes
refused('POST', '/api/do/token.revoke', json.dumps({'token': number}).encode())
narrowed(whole, villages[0])
drive()
bearer = 'luoshi-%s-%s' % (number, writes.split('-')[2])
refused('GET', '/api/relations')
refused('POST', '/api/do/record.save', b'{}')
refused('POST', '/api/verify', b'x' * 200000)
bearer = ''
for path in ('/healthz', '/signin', '/assets/none', '/none', '/api/none'): send('GET', path)
print('%d paths, %d requests' % (len(document['paths']), asked))
sys.exit(wrong > 0)
