"""A .docx of a text, a paragraph a line, with what an office's programs put round it. usage: docx.py TEXT DOCX

The first is as plain as can be; `--odd` cuts every line into runs, of which some are insertions, fields and links, and
puts deleted and hidden words between them: what stays is the same text."""
import sys
import zipfile
from xml.sax.saxutils import escape

WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
PACKAGE = 'http://schemas.openxmlformats.org/package/2006/'
TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument'


def run(words):
    return f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def mark(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


WRAPS = [
    lambda r: r,
    lambda r: f'<w:ins w:id="1" w:author="a">{r}</w:ins><w:del w:id="2" w:author="a"><w:r><w:delText>99人次</w:delText></w:r></w:del>',
    lambda r: f'{mark("begin")}<w:r><w:instrText> REF 88人次 </w:instrText></w:r>{mark("separate")}{r}{mark("end")}',
    lambda r: f'<w:hyperlink w:anchor="a">{r}</w:hyperlink><w:r><w:rPr><w:vanish/></w:rPr><w:t>77人次</w:t></w:r>',
    lambda r: f'<w:sdt><w:sdtPr/><w:sdtContent>{r}</w:sdtContent></w:sdt>',
]


def paragraph(line, odd):
    if not odd:
        return f'<w:p>{run(line)}</w:p>'
    runs = [run(line[i:i + 3]) for i in range(0, len(line), 3)]
    return '<w:p>' + ''.join(WRAPS[i % len(WRAPS)](r) for i, r in enumerate(runs)) + '</w:p>'


def main():
    odd = sys.argv[1] == '--odd'
    text, to = sys.argv[1 + odd:]
    lines = open(text, encoding='utf-8').read().rstrip('\n').split('\n')
    body = ''.join(paragraph(line, odd) for line in lines)
    with zipfile.ZipFile(to, 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr('[Content_Types].xml', f'<Types xmlns="{PACKAGE}content-types"><Default Extension="xml" ContentType="application/xml"/>'
                   f'<Override PartName="/word/document.xml" ContentType="{TYPE}"/></Types>')
        z.writestr('_rels/.rels', f'<Relationships xmlns="{PACKAGE}relationships"><Relationship Id="rId1" Type="{RELATION}" '
                   'Target="word/document.xml"/></Relationships>')
        z.writestr('word/document.xml', f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')


main()
