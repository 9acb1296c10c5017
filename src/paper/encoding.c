/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Well-formed UTF-8 is UTF-8; anything else must decode as GB18030 without a flaw and look like text. */
#include "paper/encoding.h"

#include <iconv.h>
#include <string.h>

#include "base/utf8.h"

/* Control characters that no text file has: the file is something else. */
static bool is_binary(const char *bytes, size_t n) {
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f') return true;
  }
  return false;
}

static bool from_gb18030(Arena *a, const char *bytes, size_t n, const char **text) {
  iconv_t convert = iconv_open("UTF-8", "GB18030");
  if (convert == (iconv_t)-1) return false;
  char *out = arena_alloc(a, n * 2 + 16), *to = out, *in = arena_slice(a, bytes, n);
  size_t left = n, room = n * 2 + 15;
  bool well = iconv(convert, &in, &left, &to, &room) != (size_t)-1 && !left;
  iconv_close(convert);
  *text = out;
  return well;
}

/* Private-use and unassigned code points show that the guess was wrong. */
static bool is_likely(const char *text) {
  for (uint32_t c; (c = utf8_next(&text));)
    if ((c >= 0xE000 && c < 0xF900) || c == 0xFFFD || (c >= 0x80 && c < 0xA0)) return false;
  return true;
}

bool encoding_read(Arena *a, const char *name, const char *bytes, size_t n, const char **text, Error *e) {
  static const char bom[] = "\xEF\xBB\xBF";
  if (n >= 2 && (!memcmp(bytes, "\xFF\xFE", 2) || !memcmp(bytes, "\xFE\xFF", 2)))
    return fail(e, ERROR_INVALID, "%s 是 UTF-16 编码，请另存为“UTF-8”文本再试。", name);
  if (n >= 3 && !memcmp(bytes, bom, 3)) {
    bytes += 3;
    n -= 3;
  }
  if (!n) return fail(e, ERROR_INVALID, "%s 是空的，请核对选的是不是这份文件。", name);
  if (is_binary(bytes, n))
    return fail(e, ERROR_INVALID, "%s 不是文本文件，请把内容另存为“UTF-8”文本或 CSV 再试。", name);
  if (utf8_valid(bytes, n, NULL)) {
    *text = arena_slice(a, bytes, n);
    return true;
  }
  if (from_gb18030(a, bytes, n, text) && is_likely(*text)) return true;
  return fail(e, ERROR_INVALID, "%s 的文字编码认不出来，请另存为“UTF-8”再试。", name);
}
