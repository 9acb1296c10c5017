/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A .docx is a zip of XML parts; which of them is the document stands in _rels/.rels, what kind of document it is in
 * [Content_Types].xml. Of the zip only these three are ever inflated, as a stream, each byte counted; before that
 * the number of its entries is read from its end, since opening it costs memory for each. A part with a DOCTYPE
 * is refused before the parser has seen it: without one there are no entities and nothing to fetch. So is a tag with
 * more attributes than any program writes, which the parser would compare each with all others. For that the bytes
 * are read as UTF-8 whatever they say, as both Word and WPS write them. */
#include "paper/docx.h"

#include <string.h>
#include <strings.h>
#include <time.h>
#include <zip.h>

#include "paper/docx_walk.h"
#include "paper/pack.h"

enum { PART_NAME = 256, TYPE_NAME = 160 };

bool docx_looks(const char *bytes, size_t n) {
  return n >= 4 && bytes[0] == 'P' && bytes[1] == 'K' &&
         (!memcmp(bytes + 2, "\3\4", 2) || !memcmp(bytes + 2, "\5\6", 2));
}

typedef struct Package {
  zip_t *zip;
  const char *name; /* the file's */
  Arena *arena;
  size_t inflated;
  struct timespec began;
  char part[PART_NAME], type[TYPE_NAME]; /* the document's part, its content type */
} Package;

static bool is_cut(const char *name, Error *e) {
  return fail(e, ERROR_INVALID, "%s 不完整或已损坏，请重新另存为 .docx 再试。", name);
}
static bool is_bomb(const char *name, Error *e) {
  return fail(e, ERROR_LIMIT, "%s 展开后太大，不像一份文稿，请把文字复制到新文档里，另存为 .docx 再试。", name);
}
static bool is_deep(const char *name, Error *e) {
  return fail(e, ERROR_LIMIT, "%s 的内容套了太多层，请把文字复制到新文档里，另存为 .docx 再试。", name);
}
static bool is_locked(const char *name, Error *e) {
  return fail(e, ERROR_INVALID, "%s 设了打开密码，请在 Word 或 WPS 里去掉密码，另存为 .docx 再试。", name);
}

/* ---- one part as a stream ---- */

/* What the parser would be at, were it fed byte by byte. */
typedef enum { AT_TEXT, AT_OPEN, AT_TAG, AT_QUOTE, AT_BANG, AT_COMMENT, AT_CDATA, AT_INSTRUCTION } At;

typedef struct Part {
  Package *package;
  zip_file_t *file;
  uint64_t packed, size; /* as the archive says */
  size_t inflated;
  At at;
  char quote, opened[8]; /* of the tag; behind <! */
  size_t open_length, attributes, closing;
  bool doctype, bomb, cut, deep;
} Part;

/* Behind <! only a comment or CDATA may stand. */
static bool scan_bang(Part *p, char c) {
  static const char cdata[] = "[CDATA[";
  p->opened[p->open_length++] = c;
  if (p->open_length == 2 && !memcmp(p->opened, "--", 2))
    p->at = AT_COMMENT;
  else if (p->open_length == sizeof cdata - 1 && !memcmp(p->opened, cdata, sizeof cdata - 1))
    p->at = AT_CDATA;
  else if (memcmp(p->opened, "--", 1) && memcmp(p->opened, cdata, p->open_length))
    p->doctype = true;
  else if (p->open_length == 2 && *p->opened == '-')
    p->cut = true;
  return !p->doctype && !p->cut;
}

/* -->, ]]> and ?>: `least` of `mark` and the bracket. */
static void scan_to(Part *p, char c, char mark, size_t least) {
  if (c == '>' && p->closing >= least) p->at = AT_TEXT;
  p->closing = c == mark ? p->closing + 1 : 0;
}

static void scan_open(Part *p, char c) {
  p->at = c == '!' ? AT_BANG : c == '?' ? AT_INSTRUCTION : AT_TAG;
  p->open_length = p->attributes = p->closing = 0;
}

/* Attributes are counted before the parser compares each with all others. False: there is no need to go on. */
static bool scan(Part *p, const char *bytes, size_t n) {
  for (const char *s = bytes, *end = bytes + n; s < end; s++) {
    switch (p->at) {
    case AT_TEXT:
      if (!(s = memchr(s, '<', (size_t)(end - s)))) return true;
      p->at = AT_OPEN;
      break;
    case AT_OPEN: scan_open(p, *s); break;
    case AT_TAG:
      if (*s == '>') p->at = AT_TEXT;
      if (*s != '"' && *s != '\'') break;
      p->at = AT_QUOTE;
      p->quote = *s;
      p->bomb = p->bomb || ++p->attributes > DOCX_ATTRIBUTES;
      if (p->bomb) return false;
      break;
    case AT_QUOTE:
      if (*s == p->quote) p->at = AT_TAG;
      break;
    case AT_BANG:
      if (!scan_bang(p, *s)) return false;
      break;
    case AT_COMMENT: scan_to(p, *s, '-', 2); break;
    case AT_CDATA: scan_to(p, *s, ']', 2); break;
    case AT_INSTRUCTION: scan_to(p, *s, '?', 1); break;
    }
  }
  return true;
}

static int read_part(void *context, char *to, int room) {
  Part *p = context;
  zip_int64_t got = room > 0 ? zip_fread(p->file, to, (zip_uint64_t)room) : 0;
  if (got < 0) return -1;
  p->inflated += (size_t)got;
  p->package->inflated += (size_t)got;
  if (p->inflated > DOCX_PART || p->package->inflated > DOCX_TOTAL ||
      (p->inflated > DOCX_FREE && p->inflated / DOCX_RATIO > p->packed) || p->inflated > p->size)
    p->bomb = true;
  return !p->bomb && scan(p, to, (size_t)got) ? (int)got : -1;
}

static int close_part(void *context) {
  (void)context;
  return 0;
}

static void note_error(void *context, xmlErrorPtr error) {
  Part *p = context;
  if (error && error->code == XML_ERR_INTERNAL_ERROR) p->deep = true; /* the parser's own bound, beyond ours */
}

static bool late(const Package *p) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (now.tv_sec - p->began.tv_sec) * 1000 + (now.tv_nsec - p->began.tv_nsec) / 1000000 > DOCX_MILLISECONDS;
}

static bool has_part(const Package *p, const char *name) { return zip_name_locate(p->zip, name, ZIP_FL_NOCASE) >= 0; }

static bool open_part(Package *p, const char *name, Part *out, Error *e) {
  zip_stat_t st;
  zip_int64_t at = zip_name_locate(p->zip, name, ZIP_FL_NOCASE);
  if (at < 0 || zip_stat_index(p->zip, (zip_uint64_t)at, 0, &st)) return is_cut(p->name, e);
  if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE) return is_locked(p->name, e);
  *out = (Part){.package = p, .packed = st.comp_size, .size = st.size};
  if (st.size > DOCX_PART || (st.size > DOCX_FREE && st.size / DOCX_RATIO > st.comp_size)) return is_bomb(p->name, e);
  out->file = zip_fopen_index(p->zip, (zip_uint64_t)at, 0);
  return out->file || is_cut(p->name, e);
}

static bool part_failed(const Part *p, Error *e) {
  const char *name = p->package->name;
  if (p->bomb) return is_bomb(name, e);
  if (p->doctype)
    return fail(e, ERROR_INVALID, "%s 带有外来的定义（DTD），不能读，请用 Word 或 WPS 打开，另存为 .docx 再试。", name);
  return p->deep ? is_deep(name, e) : is_cut(name, e);
}

typedef bool Visit(void *context, xmlTextReaderPtr r, Error *e);

static bool visit_nodes(Part *part, xmlTextReaderPtr r, Visit *visit, void *context, Error *e) {
  enum { NODES = 256 };
  int more = 1;
  for (size_t nodes = 1; (more = xmlTextReaderRead(r)) == 1; nodes++) {
    if (xmlTextReaderNodeType(r) == XML_READER_TYPE_DOCUMENT_TYPE) part->doctype = true;
    if (part->doctype) return part_failed(part, e);
    if (!visit(context, r, e)) return false;
    if (nodes % NODES == 0 && late(part->package))
      return fail(e, ERROR_LIMIT, "%s 读得太久，请分成几份，或把文字复制到新文档里再试。", part->package->name);
  }
  return !more || part_failed(part, e);
}

static bool each_node(Package *p, const char *name, Visit *visit, void *context, Error *e) {
  Part part;
  if (!open_part(p, name, &part, e)) return false;
  xmlTextReaderPtr r = xmlReaderForIO(read_part, close_part, &part, NULL, "UTF-8",
                                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
                                          XML_PARSE_IGNORE_ENC);
  bool well = r != NULL;
  if (r) {
    xmlTextReaderSetStructuredErrorHandler(r, note_error, &part);
    well = visit_nodes(&part, r, visit, context, e);
    xmlFreeTextReader(r);
  } else {
    part_failed(&part, e);
  }
  zip_fclose(part.file);
  return well;
}

/* ---- which part, and of what kind ---- */

static void attribute(xmlTextReaderPtr r, const char *name, char *to, size_t room) {
  *to = '\0';
  if (xmlTextReaderMoveToAttribute(r, (const xmlChar *)name) != 1) return;
  const char *value = (const char *)xmlTextReaderConstValue(r);
  size_t n = value ? strlen(value) : 0;
  if (n < room) memcpy(to, value ? value : "", n + 1);
  xmlTextReaderMoveToElement(r);
}

static bool is_element(xmlTextReaderPtr r, const char *name) {
  const char *local = (const char *)xmlTextReaderConstLocalName(r);
  return xmlTextReaderNodeType(r) == XML_READER_TYPE_ELEMENT && local && !strcmp(local, name);
}

static bool take_relation(void *context, xmlTextReaderPtr r, Error *e) {
  static const char end[] = "/officeDocument";
  Package *p = context;
  char type[TYPE_NAME], target[PART_NAME], mode[16];
  (void)e;
  if (*p->part || !is_element(r, "Relationship")) return true;
  attribute(r, "Type", type, sizeof type);
  attribute(r, "Target", target, sizeof target);
  attribute(r, "TargetMode", mode, sizeof mode);
  size_t n = strlen(type);
  if (n < sizeof end || strcmp(type + n - (sizeof end - 1), end) || !strcmp(mode, "External")) return true;
  const char *from = target;
  while (*from == '/' || (from[0] == '.' && from[1] == '/')) from++;
  memcpy(p->part, from, strlen(from) + 1);
  return true;
}

static bool take_type(void *context, xmlTextReaderPtr r, Error *e) {
  Package *p = context;
  char part[PART_NAME];
  (void)e;
  if (!is_element(r, "Override")) return true;
  attribute(r, "PartName", part, sizeof part);
  if (!strcasecmp(*part == '/' ? part + 1 : part, p->part)) attribute(r, "ContentType", p->type, sizeof p->type);
  return true;
}

static bool other_zip(const Package *p, Error *e) {
  if (has_part(p, "OFD.xml"))
    return fail(e, ERROR_INVALID, "%s 是 OFD 版式文件，请用它的 Word 原稿，或把文字复制出来存为 .txt 再试。", p->name);
  if (has_part(p, "content.xml"))
    return fail(e, ERROR_INVALID, "%s 是 ODF 文档，请用 Word 或 WPS 打开，另存为 .docx 再试。", p->name);
  return fail(e, ERROR_INVALID, "%s 是压缩包，不是 Word 文稿，请选 .docx 或 .txt 的初稿。", p->name);
}

static bool find_document(Package *p, Error *e) {
  static const char usual[] = "word/document.xml";
  if (!has_part(p, "[Content_Types].xml")) return other_zip(p, e);
  if (has_part(p, "_rels/.rels") && !each_node(p, "_rels/.rels", take_relation, p, e)) return false;
  if (!*p->part || !has_part(p, p->part)) {
    if (!has_part(p, usual)) return *p->part ? is_cut(p->name, e) : other_zip(p, e);
    memcpy(p->part, usual, sizeof usual);
  }
  if (!each_node(p, "[Content_Types].xml", take_type, p, e)) return false;
  if (strstr(p->type, "spreadsheetml") || strstr(p->type, "ms-excel"))
    return fail(e, ERROR_INVALID, "%s 是电子表格，不是文稿，请选 .docx 或 .txt 的初稿。", p->name);
  if (strstr(p->type, "presentationml") || strstr(p->type, "ms-powerpoint"))
    return fail(e, ERROR_INVALID, "%s 是演示文稿，请选 .docx 或 .txt 的初稿。", p->name);
  return true;
}

/* ---- the document ---- */

typedef struct Reading {
  DocxWalk *walk;
  const char *name;
} Reading;

static bool take_node(void *context, xmlTextReaderPtr r, Error *e) {
  const Reading *reading = context;
  return docx_walk_node(reading->walk, r, reading->name, e);
}

static bool walk_document(Package *p, bool fields, PaperText *out, bool *open, Error *e) {
  Reading reading = {docx_walk_new(p->arena, fields), p->name};
  bool well = each_node(p, p->part, take_node, &reading, e) && docx_walk_end(reading.walk, p->name, out, open, e);
  docx_walk_free(reading.walk);
  return well;
}

static bool read_package(Package *p, PaperText *out, Error *e) {
  bool open = false;
  if (!find_document(p, e) || !walk_document(p, true, out, &open, e)) return false;
  if (!open) return true;
  p->inflated = 0; /* once more, bounded anew */
  return walk_document(p, false, out, &open, e);
}

bool docx_read(Arena *a, const char *name, const char *bytes, size_t n, PaperText *out, Error *e) {
  Package p = {.name = name, .arena = a};
  zip_error_t why;
  *out = (PaperText){0};
  PackSize size = pack_size(bytes, n, DOCX_ENTRIES);
  if (size != PACK_FITS) return size == PACK_CUT ? is_cut(name, e) : is_bomb(name, e);
  clock_gettime(CLOCK_MONOTONIC, &p.began);
  zip_error_init(&why);
  zip_source_t *source = zip_source_buffer_create(bytes, n, 0, &why);
  p.zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
  if (source && !p.zip) zip_source_free(source);
  zip_error_fini(&why);
  if (!p.zip) return is_cut(name, e);
  bool well = read_package(&p, out, e);
  zip_discard(p.zip);
  if (!well) *out = (PaperText){0};
  return well;
}
