# SPDX-License-Identifier: MulanPSL-2.0
# A file as a C array: embed.py INPUT OUTPUT NAME [HEADER]. Used at build only.
import sys

source, target, name, header = (sys.argv[1:] + ["relation/core.h"])[:4]
with open(source, "rb") as f:
    data = f.read()
rows = [", ".join(str(b) for b in data[i:i + 24]) for i in range(0, len(data), 24)]
with open(target, "w", encoding="ascii") as f:
    f.write('#include "%s"\n\n' % header)
    f.write("const unsigned char %s[] = {%s, 0};\n" % (name, ",\n".join(rows)))
    f.write("const size_t %s_size = %d;\n" % (name, len(data)))
