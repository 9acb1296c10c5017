/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Names are compared within the two namespaces of WordprocessingML (Word's usual one and the strict one of ISO 29500);
 * what is in no namespace of ours is walked through for what stands in it. Work and memory are bounded by the
 * input: nothing is kept of an element but its kind while it is open.
 *
 * A row of a table is one line with | between its cells, which is where verify's phrases end; once a cell has more
 * than one line, each paragraph of the row is a line of its own (forms with whole texts in their cells). */
#include "paper/docx_walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

typedef enum Kind {
  KIND_OTHER,
  KIND_DOCUMENT,
  KIND_P,
  KIND_PPR,
  KIND_R,
  KIND_RPR,
  KIND_T,
  KIND_CODE,
  KIND_TAB,
  KIND_BREAK,
  KIND_HYPHEN,
  KIND_SYMBOL,
  KIND_FIELD_MARK,
  KIND_FIELD,
  KIND_VANISH,
  KIND_GONE,
  KIND_CELL_GONE,
  KIND_LEFT_OUT,
  KIND_TABLE,
  KIND_ROW,
  KIND_ROW_PR,
  KIND_CELL,
  KIND_BOX,
  KIND_ALTERNATIVE,
  KIND_CHOICE,
  KIND_FOREIGN
} Kind;

static const struct {
  const char *name;
  Kind kind;
} word_names[] = {
    {"document", KIND_DOCUMENT},
    {"p", KIND_P},
    {"pPr", KIND_PPR},
    {"r", KIND_R},
    {"rPr", KIND_RPR},
    {"t", KIND_T},
    {"instrText", KIND_CODE},
    {"tab", KIND_TAB},
    {"ptab", KIND_TAB},
    {"br", KIND_BREAK},
    {"cr", KIND_BREAK},
    {"noBreakHyphen", KIND_HYPHEN},
    {"sym", KIND_SYMBOL},
    {"fldChar", KIND_FIELD_MARK},
    {"fldSimple", KIND_FIELD},
    {"vanish", KIND_VANISH},
    {"del", KIND_GONE},
    {"moveFrom", KIND_GONE},
    {"cellDel", KIND_CELL_GONE},
    {"sdtPr", KIND_LEFT_OUT},
    {"rt", KIND_LEFT_OUT},
    {"tbl", KIND_TABLE},
    {"tr", KIND_ROW},
    {"trPr", KIND_ROW_PR},
    {"tc", KIND_CELL},
    {"txbxContent", KIND_BOX},
    {"altChunk", KIND_FOREIGN},
};

enum { FIELDS = 32, CODE_WORD = 16 };

/* The body, or a text box: its paragraph that is open. */
typedef struct Level {
  Text line;
  bool joins;  /* the mark of this paragraph was deleted: the next one goes on with it */
  bool joined; /* … as this one does */
  bool hidden; /* the run that is open */
  uint32_t box, number;
} Level;

/* A paragraph of a text box, until the paragraph it hangs on is written. */
typedef struct Waiting {
  const char *text;
  uint32_t box, number;
} Waiting;

typedef struct Field {
  bool result, left_out;
  char code[CODE_WORD];
  size_t length;
} Field;

struct DocxWalk {
  Arena *arena;
  Text out;
  uint32_t length; /* of out, in code points */
  PaperParagraph *paragraphs;
  size_t count, room;
  uint8_t kinds[DOCX_DEPTH + 2];
  bool chosen[DOCX_DEPTH + 2]; /* of an alternative: one of its choices was taken */
  int skip;                    /* everything up to the end of the element of this depth is left out; -1: nothing */
  Level levels[DOCX_BOXES + 1];
  size_t level;
  Waiting *waiting;
  size_t waiting_count, waiting_room, waiting_bytes;
  uint32_t boxes, tables, row, cell, table_depth, cell_lines;
  bool in_row, row_broken; /* some cell has more than one line */
  size_t row_start;        /* bytes of out */
  size_t *parts;
  size_t part_count, part_room; /* bytes of out where a cell of this row begins another line */
  bool with_fields, foreign, keeps_blanks;
  Field fields[FIELDS];
  size_t field_count, quiet; /* fields whose text is not shown now */
  size_t words_from;         /* of the line: where the text element began */
};

DocxWalk *docx_walk_new(Arena *a, bool fields) {
  DocxWalk *w = NEW(a, DocxWalk);
  *w = (DocxWalk){.arena = a, .out = text_new(PAPER_TEXT_LIMIT), .skip = -1, .with_fields = fields};
  for (size_t i = 0; i <= DOCX_BOXES; i++) w->levels[i].line = text_new(PAPER_TEXT_LIMIT);
  return w;
}

void docx_walk_free(DocxWalk *w) {
  if (!w) return;
  text_free(&w->out);
  for (size_t i = 0; i <= DOCX_BOXES; i++) text_free(&w->levels[i].line);
}

static bool is_word(const char *uri) {
  return !strcmp(uri, "http://schemas.openxmlformats.org/wordprocessingml/2006/main") ||
         !strcmp(uri, "http://purl.oclc.org/ooxml/wordprocessingml/main");
}

static Kind kind_of(xmlTextReaderPtr r) {
  const char *name = (const char *)xmlTextReaderConstLocalName(r),
             *uri = (const char *)xmlTextReaderConstNamespaceUri(r);
  if (!name || !uri) return KIND_OTHER;
  if (is_word(uri)) {
    size_t length = strlen(name);
    if (length > 6 && !strcmp(name + length - 6, "Change")) return KIND_LEFT_OUT; /* how it was before */
    for (size_t i = 0; i < sizeof word_names / sizeof *word_names; i++)
      if (!strcmp(name, word_names[i].name)) return word_names[i].kind;
  } else if (!strcmp(uri, "http://schemas.openxmlformats.org/markup-compatibility/2006")) {
    if (!strcmp(name, "AlternateContent")) return KIND_ALTERNATIVE;
    if (!strcmp(name, "Choice") || !strcmp(name, "Fallback")) return KIND_CHOICE;
  } else if (strstr(uri, "officeDocument/2006/math") || strstr(uri, "ooxml/officeDocument/math")) {
    if (!strcmp(name, "t")) return KIND_T;
  }
  return KIND_OTHER;
}

/* An attribute in the element's own namespace; "" when it is not there. */
static void attribute(xmlTextReaderPtr r, const char *name, char *to, size_t room) {
  const xmlChar *uri = xmlTextReaderConstNamespaceUri(r);
  *to = '\0';
  if (!uri || xmlTextReaderMoveToAttributeNs(r, (const xmlChar *)name, uri) != 1) return;
  const char *value = (const char *)xmlTextReaderConstValue(r);
  for (size_t n = value ? strlen(value) : 0; n && n < room;) {
    memcpy(to, value, n);
    to[n] = '\0';
    break;
  }
  xmlTextReaderMoveToElement(r);
}

static bool keeps_blanks(xmlTextReaderPtr r) {
  static const char xml[] = "http://www.w3.org/XML/1998/namespace";
  if (xmlTextReaderMoveToAttributeNs(r, (const xmlChar *)"space", (const xmlChar *)xml) != 1) return false;
  const char *value = (const char *)xmlTextReaderConstValue(r);
  bool keeps = value && !strcmp(value, "preserve");
  xmlTextReaderMoveToElement(r);
  return keeps;
}

/* ---- lines ---- */

static bool has_words(const char *text) {
  for (uint32_t c; (c = utf8_next(&text));)
    if (c > ' ' && c != 0x3000 && c != 0xA0 && c != 0xFEFF && c != 0x200B) return true;
  return false;
}

static void add(DocxWalk *w, const char *s, size_t n) {
  text_add_n(&w->out, s, n);
  for (size_t i = 0; i < n; i++) w->length += ((unsigned char)s[i] & 0xC0) != 0x80;
}

static void put(DocxWalk *w, const char *text, uint32_t box, uint32_t number) {
  bool words = has_words(text);
  if (w->in_row) {
    if (!words) return;
    if (w->out.length > w->row_start) {
      *PUSH(w->arena, w->parts, w->part_count, w->part_room) = w->out.length;
      add(w, "\n", 1);
    }
    w->row_broken = w->row_broken || w->cell_lines || strchr(text, '\n');
    if (!box)
      number = ++w->cell_lines;
    else
      w->cell_lines++;
  }
  uint32_t start = w->length;
  add(w, text, strlen(text));
  if (words)
    *PUSH(w->arena, w->paragraphs, w->count, w->room) = (PaperParagraph){.start = start,
                                                                         .end = w->length,
                                                                         .number = number,
                                                                         .box = box,
                                                                         .table = w->in_row ? w->tables : 0,
                                                                         .row = w->in_row ? w->row : 0,
                                                                         .cell = w->in_row ? w->cell : 0};
  if (!w->in_row) add(w, "\n", 1);
}

static void put_waiting(DocxWalk *w) {
  for (size_t i = 0; i < w->waiting_count; i++) put(w, w->waiting[i].text, w->waiting[i].box, w->waiting[i].number);
  w->waiting_count = w->waiting_bytes = 0;
}

static void end_paragraph(DocxWalk *w) {
  Level *l = &w->levels[w->level];
  const char *text = text_get(&l->line);
  bool words = has_words(text);
  if (w->level) {
    if (words) {
      *PUSH(w->arena, w->waiting, w->waiting_count, w->waiting_room) =
          (Waiting){arena_slice(w->arena, text, l->line.length), l->box, ++l->number};
      w->waiting_bytes += l->line.length;
    }
  } else {
    put(w, text, 0, words && !w->in_row ? ++l->number : l->number);
    put_waiting(w);
  }
  text_clear(&l->line);
  l->joins = l->joined = false;
}

/* A paragraph without its mark goes on in the next, but not past the end of what it stands in. */
static void end_joined(DocxWalk *w) {
  if (w->levels[w->level].joined) end_paragraph(w);
}

static void trim_end(Text *t) {
  while (t->length && t->at[t->length - 1] == '\n') t->at[--t->length] = '\0';
}

static void close_paragraph(DocxWalk *w) {
  Level *l = &w->levels[w->level];
  trim_end(&l->line);
  l->joined = l->joins;
  l->joins = false;
  if (!l->joined) end_paragraph(w);
}

static void open_row(DocxWalk *w) {
  w->row++;
  w->cell = w->cell_lines = 0;
  w->in_row = true;
  w->row_broken = false;
  w->row_start = w->out.length;
  w->part_count = 0;
}

static void close_row(DocxWalk *w) {
  end_joined(w);
  w->in_row = false;
  for (size_t i = 0; i < w->part_count && !w->row_broken; i++)
    if (w->parts[i] < w->out.length) w->out.at[w->parts[i]] = '|';
  if (w->out.length > w->row_start) add(w, "\n", 1);
}

/* ---- fields ---- */

/* Words that no author wrote: page numbers, the table of contents. */
static bool no_words_of(const Field *f) {
  static const char *const codes[] = {"PAGE", "NUMPAGES", "PAGEREF", "SECTIONPAGES", "TOC"};
  const char *s = f->code;
  size_t i = 0, n = 0;
  while (*s == ' ') s++;
  while (s[n] && s[n] != ' ' && s[n] != '\t') n++;
  for (i = 0; i < sizeof codes / sizeof *codes; i++)
    if (strlen(codes[i]) == n && !strncmp(codes[i], s, n)) return true;
  return false;
}

static void count_quiet(DocxWalk *w) {
  w->quiet = 0;
  for (size_t i = 0; i < w->field_count && i < FIELDS; i++) w->quiet += !w->fields[i].result || w->fields[i].left_out;
}

static void mark_field(DocxWalk *w, const char *type) {
  Field *last = w->field_count && w->field_count <= FIELDS ? &w->fields[w->field_count - 1] : NULL;
  if (!w->with_fields) return;
  if (!strcmp(type, "begin")) {
    if (w->field_count < FIELDS) w->fields[w->field_count] = (Field){0};
    w->field_count++;
  } else if (!strcmp(type, "separate") && last) {
    last->result = true;
    last->left_out = no_words_of(last);
  } else if (!strcmp(type, "end") && w->field_count) {
    w->field_count--;
  }
  count_quiet(w);
}

static void add_code(DocxWalk *w, const char *s) {
  Field *f = w->field_count && w->field_count <= FIELDS ? &w->fields[w->field_count - 1] : NULL;
  if (!f || f->result) return;
  for (; *s && f->length + 1 < CODE_WORD; s++) f->code[f->length++] = *s;
}

/* ---- words ---- */

static bool shown(const DocxWalk *w) { return !w->quiet && !w->levels[w->level].hidden; }

static void add_words(DocxWalk *w, const char *s) {
  Text *line = &w->levels[w->level].line;
  if (!shown(w)) return;
  if (!w->keeps_blanks && line->length == w->words_from)
    while (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r') s++;
  while (*s) { /* line ends within an element are the writer's, a soft hyphen is shown at a line's end only */
    size_t n = strcspn(s, "\n\r\xC2");
    text_add_n(line, s, n);
    s += n;
    if (*s == '\xC2' && s[1] == '\xAD')
      s += 2;
    else if (*s == '\xC2')
      text_add_char(line, *s++);
    else if (*s)
      text_add_char(line, ' '), s++;
  }
}

static void end_words(DocxWalk *w) {
  Text *line = &w->levels[w->level].line;
  if (w->keeps_blanks) return;
  while (line->length > w->words_from && strchr(" \t", line->at[line->length - 1])) line->at[--line->length] = '\0';
}

static void add_sign(DocxWalk *w, const char *sign) {
  if (shown(w)) text_add(&w->levels[w->level].line, sign);
}

/* A sign of a font of signs: boxes and ticks are kept, other ornaments leave a blank. */
static void add_symbol(DocxWalk *w, xmlTextReaderPtr r) {
  static const struct {
    uint32_t at;
    const char *sign;
  } signs[] = {{0x52, "☑"}, {0xFE, "☑"}, {0x54, "☒"}, {0xFD, "☒"}, {0xA3, "□"}, {0xA8, "□"}, {0x6F, "□"},
               {0x71, "□"}, {0xFC, "√"}, {0x50, "√"}, {0xFB, "×"}, {0x4F, "×"}, {0xB7, "·"}, {0x6C, "●"}};
  char hex[16], byte[5] = "", *end = NULL;
  attribute(r, "char", hex, sizeof hex);
  unsigned long c = strtoul(hex, &end, 16);
  if (!*hex || *end || c > 0x10FFFF || c < ' ' || (c >= 0x7F && c < 0xA0) || (c >= 0xD800 && c < 0xE000) ||
      c == 0xFFFE || c == 0xFFFF)
    return;
  if (c < 0xE000 || c >= 0xF900) {
    byte[utf8_encode((uint32_t)c, byte)] = '\0';
    add_sign(w, byte);
    return;
  }
  const char *sign = " ";
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (signs[i].at == (c & 0xFF)) sign = signs[i].sign;
  add_sign(w, sign);
}

/* ---- elements ---- */

static Kind parent(const DocxWalk *w, int depth, int up) {
  return depth >= up ? (Kind)w->kinds[depth - up] : KIND_OTHER;
}

static void gone(DocxWalk *w, int depth) {
  Kind within = parent(w, depth, 1);
  if (within == KIND_ROW_PR)
    w->skip = depth - 2;
  else if (within == KIND_RPR && parent(w, depth, 2) == KIND_PPR)
    w->levels[w->level].joins = true;
  else if (within != KIND_RPR)
    w->skip = depth;
}

static bool open_box(DocxWalk *w, const char *name, Error *e) {
  if (w->level == DOCX_BOXES) return fail(e, ERROR_LIMIT, "%s 里文本框套文本框太多层，请把文字移到正文里再试。", name);
  w->level++;
  Level *l = &w->levels[w->level];
  text_clear(&l->line);
  l->joins = l->joined = l->hidden = false;
  l->box = ++w->boxes;
  l->number = 0;
  return true;
}

static void open_field(DocxWalk *w, xmlTextReaderPtr r, int depth) {
  Field f = {0};
  char code[256];
  attribute(r, "instr", code, sizeof code);
  for (const char *s = code; *s && f.length + 1 < CODE_WORD; s++) f.code[f.length++] = *s;
  if (w->with_fields && no_words_of(&f)) w->skip = depth;
}

static void open_run_part(DocxWalk *w, xmlTextReaderPtr r, Kind k, int depth) {
  char value[16];
  Level *l = &w->levels[w->level];
  bool in_run = parent(w, depth, 1) == KIND_R;
  switch (k) {
  case KIND_T:
    w->keeps_blanks = keeps_blanks(r);
    w->words_from = l->line.length;
    break;
  case KIND_TAB:
    if (in_run) add_sign(w, "\t");
    break;
  case KIND_BREAK:
    if (in_run && l->line.length) add_sign(w, "\n"); /* the last of a paragraph is trimmed */
    break;
  case KIND_HYPHEN: add_sign(w, "-"); break;
  case KIND_SYMBOL: add_symbol(w, r); break;
  case KIND_FIELD_MARK:
    attribute(r, "fldCharType", value, sizeof value);
    mark_field(w, value);
    break;
  case KIND_VANISH:
    attribute(r, "val", value, sizeof value);
    if (parent(w, depth, 1) == KIND_RPR && parent(w, depth, 2) == KIND_R)
      l->hidden = strcmp(value, "0") && strcmp(value, "false") && strcmp(value, "off");
    break;
  default: break;
  }
}

static bool open_element(DocxWalk *w, xmlTextReaderPtr r, Kind k, int depth, const char *name, Error *e) {
  switch (k) {
  case KIND_P:
    if (!w->levels[w->level].joined) text_clear(&w->levels[w->level].line);
    w->levels[w->level].hidden = false;
    break;
  case KIND_R: w->levels[w->level].hidden = false; break;
  case KIND_FIELD: open_field(w, r, depth); break;
  case KIND_GONE: gone(w, depth); break;
  case KIND_CELL_GONE: w->skip = depth - 2; break;
  case KIND_LEFT_OUT: w->skip = depth; break;
  case KIND_FOREIGN: w->foreign = true; break;
  case KIND_BOX: return open_box(w, name, e);
  case KIND_TABLE:
    if (!w->level) end_joined(w);
    if (!w->level && !w->table_depth++) w->tables++, w->row = 0;
    break;
  case KIND_ROW:
    if (!w->level && w->table_depth == 1) open_row(w);
    break;
  case KIND_CELL:
    if (!w->level && w->table_depth == 1) w->cell++, w->cell_lines = 0;
    break;
  case KIND_ALTERNATIVE: w->chosen[depth] = false; break;
  case KIND_CHOICE:
    if (parent(w, depth, 1) != KIND_ALTERNATIVE) break;
    if (w->chosen[depth - 1]) w->skip = depth;
    w->chosen[depth - 1] = true;
    break;
  default: open_run_part(w, r, k, depth); break;
  }
  return true;
}

static void close_element(DocxWalk *w, Kind k) {
  bool outer = !w->level && w->table_depth == 1;
  switch (k) {
  case KIND_P: close_paragraph(w); break;
  case KIND_T: end_words(w); break;
  case KIND_R: w->levels[w->level].hidden = false; break;
  case KIND_BOX:
    end_joined(w);
    w->level--;
    w->words_from = w->levels[w->level].line.length;
    break;
  case KIND_CELL:
    if (outer) end_joined(w);
    break;
  case KIND_ROW:
    if (outer && w->in_row) close_row(w);
    break;
  case KIND_TABLE:
    if (!w->level && w->table_depth) w->table_depth--;
    break;
  default: break;
  }
}

static bool too_long(const DocxWalk *w, const char *name, Error *e) {
  if (w->count > PAPER_PARAGRAPHS)
    return !fail(e, ERROR_LIMIT, "%s 的段落太多，最多%d段，请分成几份。", name, PAPER_PARAGRAPHS);
  if (w->out.full || w->levels[w->level].line.full || w->waiting_bytes > PAPER_TEXT_LIMIT)
    return !fail(e, ERROR_LIMIT, "%s 的文字太长，最多%d MB，请分成几份。", name, PAPER_TEXT_LIMIT / 1024 / 1024);
  return false;
}

static bool start_element(DocxWalk *w, xmlTextReaderPtr r, int depth, const char *name, Error *e) {
  bool empty = xmlTextReaderIsEmptyElement(r) == 1;
  Kind k = kind_of(r);
  if (!depth && k != KIND_DOCUMENT)
    return fail(e, ERROR_INVALID, "%s 里没有 Word 文稿的正文，请用 Word 或 WPS 打开，另存为 .docx 再试。", name);
  w->kinds[depth] = (uint8_t)k;
  if (w->skip < 0 && !open_element(w, r, k, depth, name, e)) return false;
  if (!empty) return true;
  if (w->skip == depth) w->skip = -1;
  if (w->skip < 0) close_element(w, k);
  return true;
}

bool docx_walk_node(DocxWalk *w, xmlTextReaderPtr r, const char *name, Error *e) {
  int type = xmlTextReaderNodeType(r), depth = xmlTextReaderDepth(r);
  if (depth < 0 || depth > DOCX_DEPTH)
    return fail(e, ERROR_LIMIT, "%s 的内容套了太多层，请把文字复制到新文档里，另存为 .docx 再试。", name);
  if (type == XML_READER_TYPE_ELEMENT) {
    if (!start_element(w, r, depth, name, e)) return false;
  } else if (type == XML_READER_TYPE_END_ELEMENT) {
    if (w->skip == depth) w->skip = -1;
    if (w->skip < 0) close_element(w, (Kind)w->kinds[depth]);
  } else if (w->skip < 0 && depth &&
             (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
              type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE || type == XML_READER_TYPE_WHITESPACE)) {
    const char *value = (const char *)xmlTextReaderConstValue(r);
    if (value && w->kinds[depth - 1] == KIND_T) add_words(w, value);
    if (value && w->kinds[depth - 1] == KIND_CODE) add_code(w, value);
  }
  return !too_long(w, name, e);
}

bool docx_walk_end(DocxWalk *w, const char *name, PaperText *out, bool *open, Error *e) {
  *open = w->field_count > 0;
  end_joined(w);
  if (too_long(w, name, e)) return false;
  if (!w->count && !*open) {
    if (w->foreign)
      return fail(e, ERROR_INVALID, "%s 的正文是嵌在里面的另一份文件，请用 Word 打开，另存为 .docx 再试。", name);
    return fail(e, ERROR_INVALID, "%s 里没有文字，请核对选的是不是这份文件；扫描件和图片里的字读不出来。", name);
  }
  *out = (PaperText){.text = arena_slice(w->arena, text_get(&w->out), w->out.length),
                     .docx = true,
                     .paragraphs = w->paragraphs,
                     .count = w->count};
  return true;
}
