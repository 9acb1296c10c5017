/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Documents as Word and WPS write them, made here element by element: what of them is text, where it stands, and what
 * is refused, with its remedy. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zip.h>

#include "base/text.h"
#include "base/utf8.h"
#include "paper/docx.h"
#include "paper/paper.h"

#include "check.h"

#define WORD "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define STRICT "http://purl.oclc.org/ooxml/wordprocessingml/main"
#define SPACES                                                                                                         \
  "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' xmlns:v='urn:schemas-microsoft-com:vml' "     \
  "xmlns:wps='http://schemas.microsoft.com/office/word/2010/wordprocessingShape' "                                      \
  "xmlns:wpsCustomData='http://www.wps.cn/officeDocument/2013/wpsCustomData' "                                          \
  "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math' mc:Ignorable='wpsCustomData'"
#define DOCUMENT(body) "<?xml version='1.0' encoding='UTF-8'?><w:document xmlns:w='" WORD "' " SPACES "><w:body>" body "</w:body></w:document>"
#define TYPES_OF(part, type)                                                                                           \
  "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='xml' "               \
  "ContentType='application/xml'/><Override PartName='/" part "' ContentType='application/vnd." type "'/></Types>"
#define DOCUMENT_TYPE "openxmlformats-officedocument.wordprocessingml.document.main+xml"
#define RELATION "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
#define RELATIONS(type, target)                                                                                        \
  "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"                                \
  "<Relationship Id='rId2' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties' " \
  "Target='docProps/app.xml'/><Relationship Id='rId1' Type='" type "' Target='" target "'/></Relationships>"

typedef struct Bytes { char *at; size_t n; } Bytes;
typedef struct Entry { const char *name, *text; size_t n; /* 0: all of text */ } Entry;

static Bytes zip_of(const Entry *entries, size_t count, const char *password) {
  zip_source_t *buffer = zip_source_buffer_create(NULL, 0, 0, NULL);
  zip_t *z = zip_open_from_source(buffer, ZIP_TRUNCATE, NULL);
  assert_non_null(z);
  zip_source_keep(buffer);
  for (size_t i = 0; i < count; i++) {
    size_t n = entries[i].n ? entries[i].n : strlen(entries[i].text);
    zip_int64_t at = zip_file_add(z, entries[i].name, zip_source_buffer(z, entries[i].text, n, 0), 0);
    assert_true(at >= 0);
    if (password) assert_int_equal(zip_file_set_encryption(z, (zip_uint64_t)at, ZIP_EM_AES_128, password), 0);
  }
  assert_int_equal(zip_close(z), 0);
  zip_stat_t st;
  assert_int_equal(zip_source_stat(buffer, &st), 0);
  Bytes out = {malloc(st.size), st.size};
  assert_int_equal(zip_source_open(buffer), 0);
  assert_int_equal(zip_source_read(buffer, out.at, st.size), st.size);
  zip_source_close(buffer);
  zip_source_free(buffer);
  return out;
}

static Bytes docx_of_n(const char *document, size_t n) {
  Entry entries[] = {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0},
                     {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0},
                     {"word/document.xml", document, n}};
  return zip_of(entries, 3, NULL);
}
static Bytes docx_of(const char *document) { return docx_of_n(document, strlen(document)); }

#define P(inner) "<w:p>" inner "</w:p>"
#define R(inner) "<w:r>" inner "</w:r>"
#define T(words) "<w:r><w:t>" words "</w:t></w:r>"
#define PT(words) P(T(words))
#define MARK(kind) R("<w:fldChar w:fldCharType='" kind "'/>")
#define CODE(words) R("<w:instrText xml:space='preserve'>" words "</w:instrText>")
#define CELL(inner) "<w:tc><w:tcPr/>" inner "</w:tc>"
#define ROW(inner) "<w:tr>" inner "</w:tr>"
#define TABLE(inner) "<w:tbl><w:tblPr/><w:tblGrid/>" inner "</w:tbl>"
#define BOX(inner) R("<w:drawing><wps:wsp><wps:txbx><w:txbxContent>" inner "</w:txbxContent></wps:txbx></wps:wsp></w:drawing>")
#define OLD_BOX(inner) R("<w:pict><v:shape><v:textbox><w:txbxContent>" inner "</w:txbxContent></v:textbox></v:shape></w:pict>")

/* what it is, the body, its text, its last claim's place: that of the code point before the last line end */
static const struct { const char *what, *document, *text, *place; } cases[] = {
    {"paragraphs", DOCUMENT(PT("一、约谈") PT("4轮63人次")), "一、约谈\n4轮63人次\n", "第2段"},
    {"an empty one is a line and no paragraph", DOCUMENT(PT("约谈") P("") "<w:p/>" PT("4轮")), "约谈\n\n\n4轮\n", "第2段"},
    {"runs of one word", DOCUMENT(P(T("约") T("谈6") T("3人次"))), "约谈63人次\n", "第1段"},
    {"blanks within an element", DOCUMENT(P(T(" 约谈 ") "\n  " R("<w:t xml:space='preserve'> 4轮 </w:t>"))), "约谈 4轮 \n", "第1段"},
    {"entities and CDATA", DOCUMENT(P(T("A&amp;B&#x4E00;<![CDATA[<63>]]>"))), "A&B一<63>\n", "第1段"},
    {"tab, line break, hyphens", DOCUMENT(P(R("<w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/><w:t>丁</w:t><w:softHyphen/><w:t>戊\u00AD己</w:t><w:cr/>"))),
     "甲\t乙\n丙-丁戊己\n", "第1段"},
    {"tab stops are no tabs", DOCUMENT(P("<w:pPr><w:tabs><w:tab w:val='left' w:pos='1'/></w:tabs></w:pPr>" T("甲"))), "甲\n", "第1段"},
    {"page break", DOCUMENT(P(R("<w:br w:type='page'/>") T("甲") R("<w:br w:type='page'/>")) P(R("<w:br w:type='page'/>")) PT("乙")), "甲\n\n乙\n", "第2段"},
    {"symbols", DOCUMENT(P(R("<w:sym w:font='Wingdings' w:char='F0FE'/><w:t>已办</w:t><w:sym w:font='Wingdings' w:char='F0A8'/><w:sym w:char='2103'/><w:sym w:char='xyz'/><w:sym w:char='D800'/><w:sym/>"))),
     "☑已办□℃\n", "第1段"},
    {"field: result, not code", DOCUMENT(P(T("约谈") MARK("begin") CODE(" REF x ") MARK("separate") T("63") MARK("end") T("人次"))), "约谈63人次\n", "第1段"},
    {"field in a field's code", DOCUMENT(P(MARK("begin") CODE(" IF ") MARK("begin") CODE(" REF x ") MARK("separate") T("7") MARK("end") CODE(" = 1 ") MARK("separate") T("63") MARK("end"))), "63\n", "第1段"},
    {"page numbers are no words", DOCUMENT(P(T("甲") MARK("begin") CODE(" PAGE ") MARK("separate") T("12") MARK("end") "<w:fldSimple w:instr=' NUMPAGES '>" T("30") "</w:fldSimple><w:fldSimple w:instr=' REF x '>" T("乙") "</w:fldSimple>")), "甲乙\n", "第1段"},
    {"table of contents", DOCUMENT(P(MARK("begin") CODE(" TOC \\o ") MARK("separate") T("一、工作 3")) P(T("二、打算 5")) P(MARK("end")) PT("正文")), "\n\n\n正文\n", "第1段"},
    {"a field that never ends hides nothing", DOCUMENT(P(T("甲") MARK("begin") CODE(" REF ") T("63人次")) PT("乙")), "甲63人次\n乙\n", "第2段"},
    {"an end without a field", DOCUMENT(P(T("甲") MARK("end") MARK("separate") T("乙"))), "甲乙\n", "第1段"},
    {"inserted kept, deleted not", DOCUMENT(P(T("约谈") "<w:ins w:id='1'>" T("63") "</w:ins><w:del w:id='2'><w:r><w:delText>62</w:delText><w:t>61</w:t></w:r></w:del>" T("人次"))), "约谈63人次\n", "第1段"},
    {"moved to kept, moved from not", DOCUMENT(P("<w:moveFromRangeStart w:id='1'/><w:moveFrom w:id='2'>" T("旧") "</w:moveFrom><w:moveFromRangeEnd w:id='1'/><w:moveTo w:id='3'>" T("新") "</w:moveTo>")), "新\n", "第1段"},
    {"a deleted mark joins paragraphs", DOCUMENT(P("<w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>" T("约谈63")) P(T("人次")) PT("乙")), "约谈63人次\n乙\n", "第2段"},
    {"a deleted mark at the end", DOCUMENT(P("<w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>" T("约谈"))), "约谈\n", "第1段"},
    {"as it was before a change", DOCUMENT(P(R("<w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>甲</w:t>"))), "甲\n", "第1段"},
    {"hidden", DOCUMENT(P(R("<w:rPr><w:vanish/></w:rPr><w:t>62</w:t><w:tab/>") R("<w:rPr><w:vanish w:val='0'/></w:rPr><w:t>63</w:t>") R("<w:rPr><w:vanish w:val='true'/></w:rPr><w:t>64</w:t>") T("人次"))), "63人次\n", "第1段"},
    {"link, content control, smart tag", DOCUMENT(P("<w:hyperlink>" T("甲") "</w:hyperlink><w:sdt><w:sdtPr><w:alias w:val='x'/><w:rPr><w:vanish/></w:rPr></w:sdtPr><w:sdtContent>" T("乙") "</w:sdtContent></w:sdt><w:smartTag>" T("丙") "</w:smartTag>")), "甲乙丙\n", "第1段"},
    {"content control round paragraphs", DOCUMENT("<w:sdt><w:sdtPr/><w:sdtContent>" PT("甲") PT("乙") "</w:sdtContent></w:sdt>"), "甲\n乙\n", "第2段"},
    {"ruby", DOCUMENT(P(R("<w:ruby><w:rubyPr/><w:rt>" T("shě") "</w:rt><w:rubyBase>" T("佘") "</w:rubyBase></w:ruby>"))), "佘\n", "第1段"},
    {"formula", DOCUMENT(P("<m:oMath><m:r><m:t>3+4</m:t></m:r></m:oMath>")), "3+4\n", "第1段"},
    {"table", DOCUMENT(PT("表") TABLE(ROW(CELL(PT("约谈")) CELL(PT("4轮")) CELL(P("")) CELL(PT("63人次"))) ROW(CELL(PT("问责")) CELL(PT("4人次")))) PT("后")),
     "表\n约谈|4轮|63人次\n问责|4人次\n后\n", "第2段"},
    {"a table's end", DOCUMENT(TABLE(ROW(CELL(PT("甲")))) TABLE(ROW(CELL(PT("乙"))) ROW(CELL(P(""))) ROW(CELL(PT("约谈")) CELL(PT("4轮"))))), "甲\n乙\n约谈|4轮\n", "表2第3行第2格"},
    {"a cell of several paragraphs", DOCUMENT(TABLE(ROW(CELL(PT("成效")) CELL(PT("一、约谈") P("") PT("63人次"))))), "成效\n一、约谈\n63人次\n", "表1第1行第2格"},
    {"a cell with a line break", DOCUMENT(TABLE(ROW(CELL(PT("甲")) CELL(P(R("<w:t>乙</w:t><w:br/><w:t>丙</w:t>")))))), "甲\n乙\n丙\n", "表1第1行第2格"},
    {"a table in a table", DOCUMENT(TABLE(ROW(CELL(PT("甲")) CELL(TABLE(ROW(CELL(PT("乙")) CELL(PT("丙")))) P(""))))), "甲\n乙\n丙\n", "表1第1行第2格"},
    {"deleted row and cell", DOCUMENT(TABLE(ROW("<w:trPr><w:del w:id='1'/></w:trPr>" CELL(PT("旧"))) ROW("<w:tc><w:tcPr><w:cellDel w:id='2'/></w:tcPr>" PT("旧") "</w:tc>" CELL(PT("新"))))), "新\n", "表1第2行第2格"},
    {"an inserted row", DOCUMENT(TABLE(ROW("<w:trPr><w:ins w:id='1'/></w:trPr>" CELL(PT("新"))))), "新\n", "表1第1行第1格"},
    {"text box", DOCUMENT(P(T("前") BOX(PT("框一") PT("框二")) T("后")) PT("下")), "前后\n框一\n框二\n下\n", "第2段"},
    {"its place", DOCUMENT(P(BOX(PT("甲"))) P(OLD_BOX(P("") PT("乙") PT("丙")))), "\n甲\n\n乙\n丙\n", "文本框2第2段"},
    {"one of two ways to write a box", DOCUMENT(P("<mc:AlternateContent><mc:Choice Requires='wps'>" BOX(PT("甲")) "</mc:Choice><mc:Fallback>" OLD_BOX(PT("甲")) "</mc:Fallback></mc:AlternateContent>" T("乙"))), "乙\n甲\n", "文本框1第1段"},
    {"the fallback alone", DOCUMENT(P("<mc:AlternateContent><mc:Fallback>" OLD_BOX(PT("甲")) "</mc:Fallback></mc:AlternateContent>")), "\n甲\n", "文本框1第1段"},
    {"a box in a box, a table in a box", DOCUMENT(P(BOX(P(T("外") BOX(PT("内"))) TABLE(ROW(CELL(PT("格"))))))), "\n内\n外\n格\n", NULL},
    {"a box in a cell", DOCUMENT(TABLE(ROW(CELL(PT("甲")) CELL(P(T("乙") BOX(PT("框"))))))), "甲\n乙\n框\n", "表1第1行第2格"},
    {"strict namespace", "<w:document xmlns:w='" STRICT "'><w:body>" PT("约谈") "</w:body></w:document>", "约谈\n", "第1段"},
    {"another prefix", "<document xmlns='" WORD "'><body><p><r><t>约谈</t></r></p></body></document>", "约谈\n", "第1段"},
    {"names of another namespace", "<w:document xmlns:w='" WORD "' xmlns:a='urn:a'><w:body><w:p><a:p><a:t>图</a:t></a:p><w:r><w:t>文</w:t></w:r></w:p></w:body></w:document>", "文\n", "第1段"},
    {"as WPS writes", DOCUMENT("<w:p><w:pPr><w:pStyle w:val='1'/><w:numPr><w:ilvl w:val='0'/></w:numPr><w:rPr><w:rFonts w:hint='eastAsia'/><w:lang w:eastAsia='zh-CN'/></w:rPr></w:pPr><w:bookmarkStart w:id='0' w:name='_GoBack'/><w:bookmarkEnd w:id='0'/>"
      "<w:r><w:rPr><w:rFonts w:hint='eastAsia' w:ascii='仿宋_GB2312'/></w:rPr><w:t>开展约谈</w:t></w:r><w:r><w:rPr><w:rFonts w:hint='default'/></w:rPr><w:t>63</w:t></w:r><w:proofErr w:type='spellStart'/><w:r><w:t>人次</w:t></w:r></w:p><w:sectPr><w:pgSz w:w='11906'/></w:sectPr>"),
     "开展约谈63人次\n", "第1段"},
};

static void check_text(const char *what, const PaperText *p, const char *text, const char *place) {
  ARENA_SCOPE a = arena_new();
  size_t last = 0, end = utf8_length(p->text);
  if (strcmp(p->text, text)) fail_msg("%s: “%s”, not “%s”", what, p->text, text);
  for (size_t i = 0; i < p->count; i++) {
    const PaperParagraph *one = &p->paragraphs[i];
    if (one->start < last || one->end <= one->start || one->end > end) fail_msg("%s: paragraph %zu out of order", what, i);
    assert_ptr_equal(paper_paragraph(p, one->start), one);
    assert_ptr_equal(paper_paragraph(p, one->end - 1), one);
    last = one->end;
  }
  assert_null(paper_place(a, p, end));
  const char *told = paper_place(a, p, p->paragraphs[p->count - 1].end - 1);
  if (place && strcmp(told, place)) fail_msg("%s: at %s, not %s", what, told, place);
}

static void constructs(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ARENA_SCOPE a = arena_new();
    Error e = {0};
    PaperText p;
    Bytes b = docx_of(cases[i].document);
    if (!paper_text(a, "稿.docx", b.at, b.n, &p, &e)) fail_msg("%s: %s", cases[i].what, e.sentence);
    assert_true(p.docx);
    check_text(cases[i].what, &p, cases[i].text, cases[i].place);
    free(b.at);
  }
}

static void plain_text(void **state) {
  (void)state;
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  PaperText p;
  static const char crlf[] = "一、约谈\r\n\r\n4轮63人次";
  assert_true(paper_text(a, "稿.txt", crlf, sizeof crlf - 1, &p, &e));
  assert_false(p.docx);
  check_text("CR LF", &p, crlf, "第3行");
  assert_true(paper_text(a, "稿.txt", "\xD4\xBC\xCC\xB8\n\n\n4", 8, &p, &e)); /* GB18030 */
  check_text("GB18030", &p, "约谈\n\n\n4", "第4行");
}

/* Where the document is, is read, not guessed. */
static const struct { const char *what; Entry entries[4]; const char *told; } packages[] = {
    {"another name", {{"[Content_Types].xml", TYPES_OF("word/document2.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "/word/document2.xml"), 0}, {"word/document2.xml", DOCUMENT(PT("约谈")), 0}, {"word/document.xml", DOCUMENT(PT("不是")), 0}}, NULL},
    {"strict", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS("http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument", "word/document.xml"), 0}, {"word/document.xml", DOCUMENT(PT("约谈")), 0}}, NULL},
    {"capitals", {{"[content_types].xml", TYPES_OF("Word/Document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "./word/document.xml"), 0}, {"word/document.xml", DOCUMENT(PT("约谈")), 0}}, NULL},
    {"macros", {{"[Content_Types].xml", TYPES_OF("word/document.xml", "ms-word.document.macroEnabled.main+xml"), 0}, {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0}, {"word/document.xml", DOCUMENT(PT("约谈")), 0}}, NULL},
    {"no relations", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"word/document.xml", DOCUMENT(PT("约谈")), 0}}, NULL},
    {"xlsx", {{"[Content_Types].xml", TYPES_OF("xl/workbook.xml", "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), 0}, {"_rels/.rels", RELATIONS(RELATION, "xl/workbook.xml"), 0}, {"xl/workbook.xml", "<workbook/>", 0}}, "电子表格"},
    {"pptx", {{"[Content_Types].xml", TYPES_OF("ppt/p.xml", "openxmlformats-officedocument.presentationml.presentation.main+xml"), 0}, {"_rels/.rels", RELATIONS(RELATION, "ppt/p.xml"), 0}, {"ppt/p.xml", "<p/>", 0}}, "演示文稿"},
    {"ofd", {{"OFD.xml", "<OFD/>", 0}}, "OFD"},
    {"odt", {{"mimetype", "application/vnd.oasis.opendocument.text", 0}, {"content.xml", "<a/>", 0}}, "ODF"},
    {"zip", {{"稿.txt", "约谈", 0}}, "压缩包"},
    {"no document", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0}}, "不完整"},
    {"another root", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0}, {"word/document.xml", "<html/>", 0}}, "没有 Word 文稿的正文"},
    {"no words", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0}, {"word/document.xml", DOCUMENT(PT(" ") "<w:p/>"), 0}}, "没有文字"},
    {"a document inside", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0}, {"word/document.xml", DOCUMENT("<w:altChunk/>"), 0}}, "嵌在里面"},
    {"broken XML", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0}, {"word/document.xml", "<w:document xmlns:w='" WORD "'><w:body><w:p>", 0}}, "不完整"},
    {"DOCTYPE", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0}, {"word/document.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]>" "<w:document xmlns:w='" WORD "'/>", 0}}, "DTD"},
    {"DOCTYPE in the relations", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/a'><a/>", 0}, {"word/document.xml", DOCUMENT(PT("约谈")), 0}}, "DTD"},
    {"a comment that opens a tag and a quote", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0}, {"word/document.xml", "\xEF\xBB\xBF<?xml version='1.0'?><!-- <a b='\"-><!DOCTYPE --><?x <!DOCTYPE ?>" "<w:document xmlns:w='" WORD "'>" PT("<![CDATA[约]]><![CDATA[谈]]>") "</w:document>", 0}}, NULL},
    {"DOCTYPE behind a comment", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0}, {"word/document.xml", "<?xml version='1.0'?><!-- a --><!DOCTYPE a><a/>", 0}}, "DTD"},
    {"another encoding", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0}, {"word/document.xml", "<?xml version='1.0' encoding='UTF-16'?>" "<w:document xmlns:w='" WORD "'>" PT("约谈") "</w:document>", 0}}, NULL},
    {"an entity nobody declared", {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0}, {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0}, {"word/document.xml", DOCUMENT(PT("&a;")), 0}}, "不完整"},
};

static void refused(const char *what, const char *bytes, size_t n, const char *told) {
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  PaperText p;
  if (paper_text(a, "稿.docx", bytes, n, &p, &e)) fail_msg("%s is read as “%s”", what, p.text);
  if (p.text || p.count) fail_msg("%s: something was left", what);
  const char *end = strrchr(e.sentence, 0x82); /* the last byte of 。 */
  if (!strstr(e.sentence, told) || !strstr(e.sentence, "稿.docx") || !end || end[1]) fail_msg("%s: %s", what, e.sentence);
}

static void parts(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
    ARENA_SCOPE a = arena_new();
    size_t count = 0;
    while (count < 4 && packages[i].entries[count].name) count++;
    Bytes b = zip_of(packages[i].entries, count, NULL);
    Error e = {0};
    PaperText p;
    if (packages[i].told) {
      refused(packages[i].what, b.at, b.n, packages[i].told);
    } else {
      if (!paper_text(a, "稿.docx", b.at, b.n, &p, &e)) fail_msg("%s: %s", packages[i].what, e.sentence);
      check_text(packages[i].what, &p, "约谈\n", "第1段");
    }
    free(b.at);
  }
}

#define OLE "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
static const struct { const char *what, *bytes; size_t n; const char *told; } others[] = {
    {"nothing", "", 0, "空的"},
    {".doc", OLE "W\0o\0r\0d\0D\0o\0c", 22, "旧版的 .doc"},
    {".xls", OLE "W\0o\0r\0k\0b\0o\0o\0k\0", 24, "电子表格"},
    {"a password", OLE "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 40, "密码"},
    {"PDF", "%PDF-1.4\n", 9, "PDF"},
    {"RTF", "{\\rtf1 x}", 9, "RTF"},
    {"web page", "\xEF\xBB\xBF \r\n<!DOCTYPE html><html>", 27, "网页"},
    {"flat XML", "<?xml version='1.0'?><pkg:package/>", 35, "XML"},
    {"picture", "\x89PNG\r\n\x1A\n", 8, "图片"},
    {"begins as a zip", "PK\3\4", 4, "不完整"},
    {"an empty zip", "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22, "压缩包"},
    {"other bytes", "\1\2\3", 3, "不是文本文件"},
};

static void other_files(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) refused(others[i].what, others[i].bytes, others[i].n, others[i].told);
  Entry entries[] = {{"[Content_Types].xml", TYPES_OF("word/document.xml", DOCUMENT_TYPE), 0},
                     {"_rels/.rels", RELATIONS(RELATION, "word/document.xml"), 0},
                     {"word/document.xml", DOCUMENT(PT("约谈")), 0}};
  Bytes locked = zip_of(entries, 3, "abc");
  refused("a zip with a password", locked.at, locked.n, "密码");
  free(locked.at);
}

/* Cut after any byte (“P” and “PK” are words), or with any byte changed: read as it is or refused, never worse. */
static void cut_and_spoilt(void **state) {
  (void)state;
  Bytes b = docx_of(DOCUMENT(PT("约谈4轮63人次") TABLE(ROW(CELL(PT("甲")) CELL(PT("乙"))))));
  for (size_t n = 3; n < b.n; n++) {
    char *cut = malloc(n);
    memcpy(cut, b.at, n);
    ARENA_SCOPE a = arena_new();
    Error e = {0};
    PaperText p;
    if (paper_text(a, "稿.docx", cut, n, &p, &e)) fail_msg("cut at %zu it is read as “%s”", n, p.text);
    if (!strstr(e.sentence, "稿.docx")) fail_msg("cut at %zu: %s", n, e.sentence);
    free(cut);
  }
  for (size_t i = 0; i < b.n; i++) {
    ARENA_SCOPE a = arena_new();
    Error e = {0};
    PaperText p;
    b.at[i] = (char)(b.at[i] ^ (1 << i % 8));
    if (paper_text(a, "稿.docx", b.at, b.n, &p, &e)) assert_true(p.count > 0);
    else assert_true(e.kind == ERROR_INVALID || e.kind == ERROR_LIMIT);
    b.at[i] = (char)(b.at[i] ^ (1 << i % 8));
  }
  free(b.at);
}

static void repeat(Text *t, const char *s, size_t times) {
  for (size_t i = 0; i < times; i++) text_add(t, s);
}

static void refused_body(const char *what, const char *open, const char *again, size_t times, const char *shut, const char *told) {
  TEXT_SCOPE t = text_new(TEXT_CEILING);
  text_add(&t, "<w:document xmlns:w='" WORD "'><w:body>");
  repeat(&t, open, times);
  text_add(&t, again);
  repeat(&t, shut, times);
  text_add(&t, "</w:body></w:document>");
  assert_false(t.full);
  Bytes b = docx_of_n(text_get(&t), t.length);
  refused(what, b.at, b.n, told);
  free(b.at);
}

/* The sizes that the archive tells are changed to small ones, in both places. */
static void lie(Bytes b) {
  for (size_t i = 0; i + 46 < b.n; i++) {
    bool local = !memcmp(b.at + i, "PK\3\4", 4), central = !memcmp(b.at + i, "PK\1\2", 4);
    if (local) memcpy(b.at + i + 22, "\0\1\0\0", 4);
    if (central) memcpy(b.at + i + 24, "\0\1\0\0", 4);
  }
}

static void bounds(void **state) {
  (void)state;
  refused_body("depth", "<w:p>", "", DOCX_DEPTH, "</w:p>", "太多层");
  refused_body("depth past the parser's own", "<w:p>", "", 20000, "</w:p>", "太多层");
  TEXT_SCOPE tag = text_new(TEXT_CEILING); /* would take the parser minutes */
  text_add(&tag, "<w:document xmlns:w='" WORD "'><w:body><w:p ");
  for (size_t i = 0; i < 150000; i++) text_print(&tag, "a%zu='>' ", i);
  text_add(&tag, "/></w:body></w:document>");
  Bytes wide = docx_of_n(text_get(&tag), tag.length);
  refused("attributes", wide.at, wide.n, "展开后太大");
  free(wide.at);
  refused_body("boxes in boxes", "<w:p><w:txbxContent>", PT("甲"), DOCX_BOXES + 1, "</w:txbxContent></w:p>", "文本框");
  Bytes words = {malloc(PAPER_TEXT_LIMIT + 200), 0};
  words.n = (size_t)snprintf(words.at, 200, "<w:document xmlns:w='" WORD "'><w:body><w:p><w:r><w:t>");
  for (size_t i = 0, x = 1; i <= PAPER_TEXT_LIMIT - 200; i++, x = (x * 1103515245 + 12345) & 0x7fffffff)
    words.at[words.n++] = (char)('a' + (x >> 16) % 26);
  words.n += (size_t)snprintf(words.at + words.n, 200, "</w:t></w:r></w:p></w:body></w:document>");
  ARENA_SCOPE a = arena_new();
  Error e = {0};
  PaperText p;
  Bytes b = docx_of_n(words.at, words.n);
  assert_true(paper_text(a, "稿.docx", b.at, b.n, &p, &e)); /* just fits */
  free(b.at);
  free(words.at);

  TEXT_SCOPE t = text_new(TEXT_CEILING); /* words that do not pack well, or it would be a bomb */
  uint32_t x = 1;
  text_add(&t, "<w:document xmlns:w='" WORD "'><w:body>");
  for (size_t i = 0; i <= PAPER_PARAGRAPHS; i++) {
    x = x * 1103515245u + 12345u;
    text_print(&t, "<w:p><w:r><w:t>%x</w:t></w:r></w:p>", x);
  }
  text_add(&t, "</w:body></w:document>");
  b = docx_of_n(text_get(&t), t.length);
  refused("paragraphs", b.at, b.n, "段落太多");
  free(b.at);
  text_clear(&t);
  text_add(&t, "<w:document xmlns:w='" WORD "'><w:body><w:p>");
  for (size_t i = 0; t.length < PAPER_TEXT_LIMIT * 2; i++) {
    x = x * 1103515245u + 12345u;
    text_print(&t, "<w:r><w:t>%x%x%x%x</w:t></w:r>", x, ~x, x >> 3, x * 7);
  }
  text_add(&t, "</w:p></w:body></w:document>");
  b = docx_of_n(text_get(&t), t.length);
  refused("words", b.at, b.n, "文字太长");
  free(b.at);

  size_t large = DOCX_PART - 1000; /* bombs: of the honest kind, and one that lies of its size */
  char *blanks = malloc(large);
  memset(blanks, ' ', large);
  memcpy(blanks, "<a>", 3);
  b = docx_of_n(blanks, large);
  refused("bomb", b.at, b.n, "展开后太大");
  lie(b);
  refused("bomb that lies", b.at, b.n, "稿.docx");
  free(b.at);
  free(blanks);

  Entry *many = calloc(DOCX_ENTRIES + 1, sizeof *many);
  char (*name)[16] = calloc(DOCX_ENTRIES + 1, sizeof *name);
  for (size_t i = 0; i <= DOCX_ENTRIES; i++) {
    snprintf(name[i], sizeof name[i], "%zu", i);
    many[i] = (Entry){name[i], "a", 1};
  }
  b = zip_of(many, DOCX_ENTRIES + 1, NULL);
  refused("entries", b.at, b.n, "展开后太大");
  free(b.at);
  free(many);
  free(name);
  char *huge = calloc(1, PAPER_FILE_LIMIT + 1);
  refused("a large file", huge, PAPER_FILE_LIMIT + 1, "太大");
  memset(huge, 'a', PAPER_TEXT_LIMIT + 1);
  refused("a long text", huge, PAPER_TEXT_LIMIT + 1, "太长");
  free(huge);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(constructs), cmocka_unit_test(plain_text), cmocka_unit_test(parts),
                                     cmocka_unit_test(other_files), cmocka_unit_test(cut_and_spoilt), cmocka_unit_test(bounds)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
