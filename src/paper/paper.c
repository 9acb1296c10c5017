/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What a paper is, is told by its first bytes. What an office has besides text and .docx is known by its kind, so
 * that the sentence says what to do with it. */
#include "paper/paper.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "paper/docx.h"
#include "paper/encoding.h"

static bool opens_with(const char *bytes, size_t n, const char *mark) {
  size_t length = strlen(mark);
  return n >= length && !strncasecmp(bytes, mark, length);
}

/* The container of .doc, .wps, .xls, and of a .docx that wants a password: names in it are UTF-16. */
static bool old_container(const char *name, const char *bytes, size_t n, Error *e) {
  static const char locked[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
  static const char sheet[] = "W\0o\0r\0k\0b\0o\0o\0k";
  if (memmem(bytes, n, locked, sizeof locked)) /* the last letter's second byte is the closing NUL */
    return fail(e, ERROR_INVALID, "%s 设了打开密码，请在 Word 或 WPS 里去掉密码，另存为 .docx 再试。", name);
  if (memmem(bytes, n, sheet, sizeof sheet))
    return fail(e, ERROR_INVALID, "%s 是电子表格，不是文稿，请选 .docx 或 .txt 的初稿。", name);
  return fail(e, ERROR_INVALID, "%s 是旧版的 .doc 或 .wps，请用 Word 或 WPS 打开，另存为 .docx 再试。", name);
}

/* False with a sentence for what is neither text nor .docx. */
static bool other_kind(const char *name, const char *bytes, size_t n, Error *e) {
  static const char *const marked[] = {"<?xml", "<html", "<!doctype", "MIME-Version:"};
  static const char *const pictures[] = {"\x89PNG", "\xFF\xD8\xFF", "GIF8"};
  const char *at = bytes;
  size_t left = n;
  if (opens_with(bytes, n, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return old_container(name, bytes, n, e);
  if (opens_with(bytes, n, "%PDF-"))
    return fail(e, ERROR_INVALID, "%s 是 PDF，请用它的 Word 原稿，或把文字复制出来存为 .txt 再试。", name);
  for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
    if (opens_with(bytes, n, pictures[i]))
      return fail(e, ERROR_INVALID, "%s 是图片，里面的字读不出来，请选 .docx 或 .txt 的初稿。", name);
  if (opens_with(at, left, "\xEF\xBB\xBF")) at += 3, left -= 3;
  while (left && strchr(" \t\r\n", *at) && *at) at++, left--;
  if (opens_with(at, left, "{\\rtf"))
    return fail(e, ERROR_INVALID, "%s 是 RTF，请用 Word 或 WPS 打开，另存为 .docx 再试。", name);
  for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
    if (opens_with(at, left, marked[i]))
      return fail(e, ERROR_INVALID, "%s 是网页或 XML，请用 Word 或 WPS 打开，另存为 .docx 再试。", name);
  return true;
}

static bool is_line_end(uint32_t c) { return c == '\n' || c == '\r' || c == 0x2028; }

/* A line of plain text is a paragraph; CR LF ends one. */
static void add_lines(Arena *a, PaperText *out) {
  PaperParagraph *lines = NULL;
  size_t room = 0, count = 0;
  uint32_t at = 0, start = 0, number = 1, last = 0;
  for (const char *s = out->text; count < PAPER_PARAGRAPHS; at++) {
    uint32_t c = utf8_next(&s);
    if (c && !is_line_end(c)) {
      last = c;
      continue;
    }
    if (at > start) *PUSH(a, lines, count, room) = (PaperParagraph){.start = start, .end = at, .number = number};
    if (!c) break;
    start = at + 1;
    if (c != '\n' || last != '\r') number++;
    last = c;
  }
  out->paragraphs = lines;
  out->count = count;
}

bool paper_text(Arena *a, const char *name, const char *bytes, size_t n, PaperText *out, Error *e) {
  *out = (PaperText){0};
  if (!bytes || !n) return encoding_read(a, name, "", 0, &out->text, e);
  if (n > PAPER_FILE_LIMIT)
    return fail(e, ERROR_LIMIT, "%s 太大，最多%d MB，请去掉里面的图片，或分成几份。", name,
                PAPER_FILE_LIMIT / 1024 / 1024);
  if (docx_looks(bytes, n)) return docx_read(a, name, bytes, n, out, e);
  if (!other_kind(name, bytes, n, e)) return false;
  if (n > PAPER_TEXT_LIMIT)
    return fail(e, ERROR_LIMIT, "%s 的文字太长，最多%d MB，请分成几份。", name, PAPER_TEXT_LIMIT / 1024 / 1024);
  const char *text;
  if (!encoding_read(a, name, bytes, n, &text, e)) return false;
  out->text = text;
  add_lines(a, out);
  return true;
}

const PaperParagraph *paper_paragraph(const PaperText *p, size_t at) {
  size_t low = 0, high = p->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (p->paragraphs[middle].end <= at)
      low = middle + 1;
    else
      high = middle;
  }
  return low < p->count && p->paragraphs[low].start <= at ? &p->paragraphs[low] : NULL;
}

const char *paper_place(Arena *a, const PaperText *p, size_t at) {
  const PaperParagraph *one = paper_paragraph(p, at);
  if (!one) return NULL;
  if (!p->docx) return arena_print(a, "第%u行", one->number);
  if (one->table) return arena_print(a, "表%u第%u行第%u格", one->table, one->row, one->cell);
  if (one->box) return arena_print(a, "文本框%u第%u段", one->box, one->number);
  return arena_print(a, "第%u段", one->number);
}
