/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What a file is, told by its bytes: an office's papers and pictures, and nothing that a browser or a machine would
 * run. What must stay true: the list of kinds is the only way in; what is on none of its lines is refused, a page or
 * a script in text form too, and so is a paper that carries macros. A kind is never taken away again, rows name it. */
#include "access/files.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "paper/encoding.h"
#include "paper/pack.h"

enum { ZIP_ENTRIES = 10000 };

typedef struct KindRow {
  FileKind kind;
  const char *others; /* further endings, each with a space before it */
} KindRow;

#define OFFICE "application/vnd.openxmlformats-officedocument."
static const KindRow kinds[] = {
    {{"pdf", "PDF文件", "application/pdf", ".pdf", true}, ""},
    {{"jpeg", "照片", "image/jpeg", ".jpg", true}, " .jpeg .jpe .jfif"},
    {{"png", "图片", "image/png", ".png", true}, ""},
    {{"webp", "图片", "image/webp", ".webp", true}, ""},
    {{"heic", "照片", "image/heic", ".heic", false}, " .heif"},
    {{"tiff", "扫描图", "image/tiff", ".tif", false}, " .tiff"},
    {{"docx", "Word文档", OFFICE "wordprocessingml.document", ".docx", false}, ""},
    {{"xlsx", "Excel表格", OFFICE "spreadsheetml.sheet", ".xlsx", false}, ""},
    {{"pptx", "演示文稿", OFFICE "presentationml.presentation", ".pptx", false}, ""},
    {{"ofd", "OFD文件", "application/ofd", ".ofd", false}, ""},
    {{"doc", "Word文档", "application/msword", ".doc", false}, " .wps"},
    {{"xls", "Excel表格", "application/vnd.ms-excel", ".xls", false}, " .et"},
    {{"ppt", "演示文稿", "application/vnd.ms-powerpoint", ".ppt", false}, " .dps"},
    {{"text", "文本", "text/plain", ".txt", false}, " .csv .md"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const KindRow *row_named(const char *name) {
  for (size_t i = 0; i < KINDS; i++)
    if (!strcmp(kinds[i].kind.name, name)) return &kinds[i];
  return NULL;
}

const FileKind *files_kind_named(const char *name) {
  const KindRow *row = row_named(name);
  return row ? &row->kind : NULL;
}

const char *files_accept(Arena *a) {
  TEXT_SCOPE all = text_new(1024);
  text_add(&all, "image/*");
  for (size_t i = 0; i < KINDS; i++) {
    text_print(&all, ",%s", kinds[i].kind.ending);
    for (const char *s = kinds[i].others; *s; s++) text_add_n(&all, *s == ' ' ? "," : s, 1);
  }
  return arena_copy(a, text_get(&all));
}

static bool not_taken(Error *e) {
  return fail(e, ERROR_INVALID, "这种文件不能作附件。可以放PDF、照片（jpg、png、webp、heic、tif）、Word、Excel、WPS和演示文稿、"
                                "OFD、纯文本和CSV，请另存为其中一种再试。");
}

static bool no_macros(Error *e) {
  return fail(e, ERROR_INVALID, "这份文件带有宏（会自动运行的程序），不能作附件，请另存为不带宏的 .docx、.xlsx 或 PDF 再试。");
}

/* ---- by its head ---- */

typedef struct Mark {
  const char *kind;
  size_t at, length;
  const char *bytes;
} Mark;

#define MARK(kind, at, bytes) {kind, at, sizeof(bytes) - 1, bytes}
static const Mark marks[] = {
    MARK("pdf", 0, "%PDF-"),
    MARK("jpeg", 0, "\xFF\xD8\xFF"),
    MARK("png", 0, "\x89PNG\r\n\x1A\n"),
    MARK("tiff", 0, "II*\0"),
    MARK("tiff", 0, "MM\0*"),
    MARK("heic", 4, "ftypheic"),
    MARK("heic", 4, "ftypheix"),
    MARK("heic", 4, "ftypmif1"),
    MARK("heic", 4, "ftyphevc"),
};

static const char *by_mark(const char *bytes, size_t n) {
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    const Mark *m = &marks[i];
    if (n >= m->at + m->length && !memcmp(bytes + m->at, m->bytes, m->length)) return m->kind;
  }
  bool riff = n >= 12 && !memcmp(bytes, "RIFF", 4) && !memcmp(bytes + 8, "WEBP", 4);
  return riff ? "webp" : NULL;
}

/* ---- packed: the parts' names tell ---- */

static bool begins(const char *s, const char *with) { return !strncmp(s, with, strlen(with)); }

static bool ends_as(const char *s, const char *with) {
  size_t n = strlen(s), length = strlen(with);
  return n >= length && !strcasecmp(s + n - length, with);
}

static const char *by_parts(const char *bytes, size_t n, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char **names, *folder = NULL;
  size_t count;
  bool types = false, ofd = false, macros = false;
  if (!pack_names(a, bytes, n, ZIP_ENTRIES, &names, &count)) return not_taken(e), NULL;
  for (size_t i = 0; i < count; i++) {
    types = types || !strcmp(names[i], "[Content_Types].xml");
    ofd = ofd || !strcmp(names[i], "OFD.xml");
    macros = macros || ends_as(names[i], "vbaProject.bin");
    if (folder) continue;
    folder = begins(names[i], "word/") ? "docx" : begins(names[i], "xl/") ? "xlsx" : begins(names[i], "ppt/") ? "pptx" : NULL;
  }
  if (macros) return no_macros(e), NULL;
  if (types && folder) return folder;
  return ofd ? "ofd" : (not_taken(e), NULL);
}

/* ---- the old container, of Word, Excel, WPS: names in it are UTF-16, and it holds programs' installers too ---- */

static bool holds_name(const char *bytes, size_t n, const char *name) {
  char wide[64];
  size_t length = strlen(name);
  for (size_t i = 0; i < length; i++) wide[2 * i] = name[i], wide[2 * i + 1] = 0;
  return memmem(bytes, n, wide, 2 * length) != NULL;
}

static const char *by_streams(const char *bytes, size_t n, Error *e) {
  static const char *const streams[][2] = {{"WordDocument", "doc"}, {"Workbook", "xls"}, {"PowerPoint Document", "ppt"}};
  if (holds_name(bytes, n, "_VBA_PROJECT")) return no_macros(e), NULL;
  if (holds_name(bytes, n, "EncryptedPackage"))
    return fail(e, ERROR_INVALID, "这份文件设了打开密码，别人打不开，请去掉密码后另存再试。"), NULL;
  for (size_t i = 0; i < 3; i++)
    if (holds_name(bytes, n, streams[i][0])) return streams[i][1];
  return not_taken(e), NULL;
}

/* ---- text ---- */

/* What a browser or a shell would take for its own. */
static bool is_live(const char *text) {
  static const char *const opening[] = {"<", "#!", "{\\rtf", "@echo"};
  static const char *const anywhere[] = {"<script", "<html", "<!doctype", "<svg", "<iframe"};
  text += strspn(text, " \t\r\n\f");
  for (size_t i = 0; i < sizeof opening / sizeof *opening; i++)
    if (!strncasecmp(text, opening[i], strlen(opening[i]))) return true;
  for (size_t i = 0; i < sizeof anywhere / sizeof *anywhere; i++)
    if (strcasestr(text, anywhere[i])) return true;
  return false;
}

static const char *by_text(const char *bytes, size_t n, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char *text;
  Error why = {0};
  if (!encoding_read(a, "", bytes, n, &text, &why) || is_live(text)) return not_taken(e), NULL;
  return "text";
}

const FileKind *files_kind(const void *from, size_t n, Error *e) {
  const char *bytes = from, *name = n ? by_mark(bytes, n) : NULL;
  if (!n) return fail(e, ERROR_INVALID, "文件是空的，请核对选的是不是这一份。"), NULL;
  if (!name && n >= 4 && !memcmp(bytes, "PK\3\4", 4)) name = by_parts(bytes, n, e);
  else if (!name && n >= 8 && !memcmp(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8)) name = by_streams(bytes, n, e);
  else if (!name) name = by_text(bytes, n, e);
  return name ? files_kind_named(name) : NULL;
}

/* ---- the name it is shown under ---- */

static bool has_ending(const char *name, const FileKind *kind) {
  const char *dot = strrchr(name, '.');
  if (!dot) return false;
  if (!strcasecmp(dot, kind->ending)) return true;
  const char *others = row_named(kind->name)->others;
  for (const char *at = others; (at = strchr(at, '.')); at++) {
    size_t length = strcspn(at, " ");
    if (strlen(dot) == length && !strncasecmp(dot, at, length)) return true;
  }
  return false;
}

const char *files_name(Arena *a, const char *given, const FileKind *kind, Error *e) {
  const char *last = given;
  for (const char *s = given; *s; s++)
    if (*s == '/' || *s == '\\') last = s + 1;
  last += strspn(last, " .");
  size_t n = strlen(last);
  while (n && (last[n - 1] == ' ' || last[n - 1] == '.')) n--;
  if (!n) return fail(e, ERROR_INVALID, "附件没有文件名，请给它起一个名字。"), NULL;
  bool plain = utf8_valid(last, n, NULL);
  for (size_t i = 0; i < n; i++) plain = plain && (unsigned char)last[i] >= 0x20 && last[i] != 0x7F;
  if (!plain) return fail(e, ERROR_INVALID, "附件的文件名里有不能显示的字符，请改名后再试。"), NULL;
  const char *name = arena_slice(a, last, n);
  if (!has_ending(name, kind)) name = arena_print(a, "%s%s", name, kind->ending);
  if (strlen(name) <= FILES_NAME) return name;
  return fail(e, ERROR_LIMIT, "附件的文件名太长（最多约60个汉字），请改短后再试。"), NULL;
}
