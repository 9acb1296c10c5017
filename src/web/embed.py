# SPDX-License-Identifier: MulanPSL-2.0
# Templates and assets built in: embed.py OUTPUT DEPFILE TEMPLATES ASSET... Used at build only. An asset's name
# carries a fingerprint of its bytes, so that a browser may keep it for good. The assembler takes the bytes in
# from one file: as C arrays they took the compiler seconds at every change of a template.
import gzip, hashlib, os, sys

target, depfile, folder, assets = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
types = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
templates, files = [], []


arrays, blob = [], bytearray()


def array(data):
    name = "bytes_%d" % len(arrays)
    arrays.append((name, len(blob), len(data)))
    blob.extend(data)
    return name


for file in sorted(os.listdir(folder)):
    if file.endswith(".mustache"):
        data = open(os.path.join(folder, file), "rb").read()
        base = file[:-len(".mustache")]
        templates.append('{"%s", "%s", "text/html", %s, %d, 0, 0}' % (base, base, array(data), len(data)))
for path in assets:
    data = open(path, "rb").read()
    base, ext = os.path.basename(path).rsplit(".", 1)
    packed = gzip.compress(data, 9, mtime=0)
    smaller = len(packed) < len(data)
    mark = hashlib.sha256(data).hexdigest()[:12]
    files.append('{"%s.%s.%s", "%s.%s", "%s", %s, %d, %s, %d}' % (
        base, mark, ext, base, ext, types[ext], array(data), len(data), array(packed) if smaller else "0", len(packed) if smaller else 0))
with open(target, "w", encoding="ascii") as f:
    f.write('#include "web/view.h"\n\n/* %s */\n' % hashlib.sha256(blob).hexdigest()) # other bytes, another text
    for name, start, size in arrays:
        f.write('__asm__(".section .rodata\\n%s: .incbin \\"%s\\", %d, %d\\n.byte 0\\n.previous\\n");\n' % (
            name, os.path.abspath(target) + ".bytes", start, size))
        f.write("extern const unsigned char %s[];\n" % name)
    for name, rows in (("template", templates), ("asset", files)):
        f.write("const Embedded embedded_%ss[] = {%s};\n" % (name, ",\n".join(rows)))
        f.write("const size_t embedded_%s_count = %d;\n" % (name, len(rows)))
with open(target + ".bytes", "wb") as f:
    f.write(blob)
# the folder itself too: a new template changes it
with open(depfile, "w", encoding="utf-8") as f:
    f.write("%s: %s\n" % (target, " ".join([folder] + [os.path.join(folder, x) for x in sorted(os.listdir(folder))])))
