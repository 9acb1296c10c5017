/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Well-formed UTF-8 is UTF-8; anything else must decode as GB18030 without a flaw and look like text. A short
 * text in GB18030 may be well-formed UTF-8 by chance (约谈 is); it then has no Chinese in it, but Armenian. */
#include "paper/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"

enum { BLOCK = 64 * 1024, BOM = 3 };
static const char bom[] = "\xEF\xBB\xBF";

static bool is_utf16(const char *bytes, size_t n) {
  return n >= 2 && (!memcmp(bytes, "\xFF\xFE", 2) || !memcmp(bytes, "\xFE\xFF", 2));
}

/* Control characters that no text file has: the file is something else. */
static bool is_binary(const char *bytes, size_t n) {
  bool control = false; /* no way out in between: this runs over whole files */
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)bytes[i];
    control |= (c < 0x20) & (c != '\n') & (c != '\r') & (c != '\t') & (c != '\f');
  }
  return control;
}

/* Leading bytes of the bytes that are no ASCII: of Chinese, and of letters that no Chinese text has. */
typedef struct Leads { bool chinese, odd; } Leads;

static void look_at(const char *bytes, size_t n, Leads *leads) {
  bool chinese = false, odd = false;
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)bytes[i];
    chinese |= c >= 0xE0;
    odd |= ((c >= 0xC6) & (c <= 0xCD)) | ((c >= 0xD4) & (c <= 0xDF));
  }
  leads->chinese |= chinese;
  leads->odd |= odd;
}

/* Private-use and unassigned code points show that the guess was wrong. */
static bool is_likely(const char *text) {
  for (uint32_t c; (c = utf8_next(&text));)
    if ((c >= 0xE000 && c < 0xF900) || c == 0xFFFD || (c >= 0x80 && c < 0xA0)) return false;
  return true;
}

static bool no_utf16(const char *name, Error *e) {
  return fail(e, ERROR_INVALID, "%s 是 UTF-16 编码，请另存为“UTF-8”文本再试。", name);
}
static bool no_content(const char *name, Error *e) {
  return fail(e, ERROR_INVALID, "%s 是空的，请核对选的是不是这份文件。", name);
}
static bool no_text(const char *name, Error *e) {
  return fail(e, ERROR_INVALID, "%s 不是文本文件，请把内容另存为“UTF-8”文本或 CSV 再试。", name);
}
static bool no_encoding(const char *name, Error *e) {
  return fail(e, ERROR_INVALID, "%s 的文字编码认不出来，请另存为“UTF-8”再试。", name);
}

/* ---- a text in memory ---- */

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

bool encoding_read(Arena *a, const char *name, const char *bytes, size_t n, const char **text, Error *e) {
  if (is_utf16(bytes, n)) return no_utf16(name, e);
  bool said = n >= BOM && !memcmp(bytes, bom, BOM);
  if (said) {
    bytes += BOM;
    n -= BOM;
  }
  if (!n) return no_content(name, e);
  if (is_binary(bytes, n)) return no_text(name, e);
  Leads leads = {0};
  look_at(bytes, n, &leads);
  bool utf8 = utf8_valid(bytes, n, NULL);
  if (said && !utf8) return no_encoding(name, e);
  if (!utf8 || (leads.odd && !leads.chinese && !said)) {
    if (from_gb18030(a, bytes, n, text) && is_likely(*text)) return true;
    if (!utf8) return no_encoding(name, e);
  }
  *text = arena_slice(a, bytes, n);
  return true;
}

/* ---- a text in a file ---- */

struct TextFile {
  char *name;
  Arena *own;         /* a converted text in memory */
  const char *memory; /* or NULL */
  int fd;
  uint64_t skip, size; /* size without what is skipped */
  struct stat as_opened;
  bool watched; /* somebody else's file, not a temporary one of ours */
};

static bool read_at(int fd, uint64_t offset, char *to, size_t room, size_t *got) {
  *got = 0;
  while (*got < room) {
    ssize_t n = pread(fd, to + *got, room - *got, (off_t)(offset + *got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    if (!n) break;
    *got += (size_t)n;
  }
  return true;
}

static bool write_all(int fd, const char *bytes, size_t n) {
  while (n) {
    ssize_t done = write(fd, bytes, n);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    bytes += done;
    n -= (size_t)done;
  }
  return true;
}

static bool read_failed(const TextFile *f, Error *e) {
  return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "读文件 %s 时出错，请再试。", f->name);
}

static int nameless_file(Error *e) {
  const char *folder = getenv("TMPDIR");
  char path[512];
  int n = snprintf(path, sizeof path, "%s/luoshi-XXXXXX", folder && *folder ? folder : "/tmp");
  int fd = n < (int)sizeof path ? mkostemp(path, 0) : -1;
  if (fd >= 0) unlink(path);
  else fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "不能在临时目录写文件，请检查磁盘空间和权限。");
  return fd;
}

static bool no_room(Error *e) {
  return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "临时目录写不下，请清理磁盘空间后再试。");
}

static bool too_large(const TextFile *f, uint64_t ceiling, Error *e) {
  return fail(e, ERROR_LIMIT, "%s 太大，最多%llu MB，请分成几份。", f->name, (unsigned long long)(ceiling / (1024 * 1024)));
}

/* Where reading may begin anywhere: a regular file as it is, a pipe copied first. */
static bool make_seekable(TextFile *f, uint64_t ceiling, Error *e) {
  if (fstat(f->fd, &f->as_opened)) return read_failed(f, e);
  if (S_ISDIR(f->as_opened.st_mode)) return fail(e, ERROR_INVALID, "%s 是目录，不是文件，请核对。", f->name);
  if (S_ISREG(f->as_opened.st_mode)) {
    f->watched = true;
    f->size = (uint64_t)f->as_opened.st_size;
    return f->size <= ceiling || too_large(f, ceiling, e);
  }
  int to = nameless_file(e);
  if (to < 0) return false;
  char block[BLOCK];
  bool well = true;
  for (ssize_t n; well && (n = read(f->fd, block, sizeof block));) {
    if (n < 0 && errno == EINTR) continue;
    well = n < 0 ? read_failed(f, e) : write_all(to, block, (size_t)n) || no_room(e);
    f->size += well ? (uint64_t)n : 0;
    if (well && f->size > ceiling) well = too_large(f, ceiling, e);
  }
  close(f->fd);
  f->fd = to;
  return well;
}

/* Bytes at the end of a block that may be the beginning of a character that goes on in the next. */
static size_t open_tail(const char *s, size_t n) {
  for (size_t back = 1; back <= 3 && back <= n; back++) {
    unsigned char c = (unsigned char)s[n - back];
    if (c < 0x80) return 0;
    if (c < 0xC0) continue;
    size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    return need > back ? back : 0;
  }
  return 0;
}

/* One pass over all bytes: text at all, and in UTF-8? */
static bool scan(TextFile *f, bool *utf8, Leads *leads, Error *e) {
  char block[BLOCK];
  *utf8 = true;
  for (uint64_t at = 0; at < f->size;) {
    size_t got;
    if (!read_at(f->fd, f->skip + at, block, sizeof block, &got)) return read_failed(f, e);
    if (!got) return fail(e, ERROR_UNAVAILABLE, "%s 在读的时候变短了，请等写完再试。", f->name);
    if (is_binary(block, got)) return no_text(f->name, e);
    if (!leads->chinese) look_at(block, got, leads);
    size_t tail = at + got < f->size ? open_tail(block, got) : 0;
    *utf8 = *utf8 && utf8_valid(block, got - tail, NULL);
    at += *utf8 ? got - tail : got;
  }
  return true;
}

static bool put_converted(const TextFile *f, int to, char *text, size_t n, Error *e) {
  text[n] = 0;
  if (!is_likely(text)) return no_encoding(f->name, e);
  return write_all(to, text, n) || no_room(e);
}

static bool convert_blocks(TextFile *f, iconv_t convert, int to, uint64_t *written, Error *e) {
  char block[BLOCK], text[2 * BLOCK + 16];
  size_t kept = 0; /* bytes of a character that the last block cut */
  for (uint64_t at = 0; at < f->size;) {
    size_t got;
    if (!read_at(f->fd, f->skip + at, block + kept, sizeof block - kept, &got) || !got) return read_failed(f, e);
    at += got;
    char *in = block, *out = text;
    size_t left = kept + got, room = sizeof text - 1;
    if (iconv(convert, &in, &left, &out, &room) == (size_t)-1 && (errno != EINVAL || at >= f->size || left > 3))
      return no_encoding(f->name, e);
    if (!put_converted(f, to, text, (size_t)(out - text), e)) return false;
    *written += (uint64_t)(out - text);
    memmove(block, in, left);
    kept = left;
  }
  return true;
}

static bool convert_file(TextFile *f, Error *e) {
  iconv_t convert = iconv_open("UTF-8", "GB18030");
  if (convert == (iconv_t)-1) return no_encoding(f->name, e);
  int to = nameless_file(e);
  uint64_t written = 0;
  bool well = to >= 0 && convert_blocks(f, convert, to, &written, e);
  iconv_close(convert);
  if (well && f->watched) well = text_file_same(f) || fail(e, ERROR_CONFLICT, "%s 正在被别的程序改动，请关闭后再试。", f->name);
  if (to >= 0) close(well ? f->fd : to);
  if (well) {
    f->fd = to;
    f->watched = false;
    f->skip = 0;
    f->size = written;
  }
  return well;
}

static bool recognise(TextFile *f, Error *e) {
  char head[BOM];
  size_t got;
  bool utf8;
  Leads leads = {0};
  if (!read_at(f->fd, 0, head, sizeof head, &got)) return read_failed(f, e);
  if (is_utf16(head, got)) return no_utf16(f->name, e);
  f->skip = got == BOM && !memcmp(head, bom, BOM) ? BOM : 0;
  f->size -= f->skip;
  if (!f->size) return no_content(f->name, e);
  if (!scan(f, &utf8, &leads, e)) return false;
  if (!utf8) return f->skip ? no_encoding(f->name, e) : convert_file(f, e);
  Error no_gb = {0};
  if (leads.odd && !leads.chinese && !f->skip) convert_file(f, &no_gb);
  return true;
}

static TextFile *file_new(const char *name) {
  TextFile *f = calloc(1, sizeof *f);
  if (!f || !(f->name = strdup(name))) abort();
  f->fd = -1;
  return f;
}

TextFile *text_file_open(const char *path, uint64_t ceiling, Error *e) {
  bool standard = !strcmp(path, "-");
  TextFile *f = file_new(standard ? "标准输入" : path);
  FILE *opened = standard ? NULL : fopen(path, "rbe");
  f->fd = standard ? dup(STDIN_FILENO) : opened ? dup(fileno(opened)) : -1;
  int why = errno;
  if (opened) fclose(opened);
  bool open = f->fd >= 0;
  if (!open) fail_because(e, ERROR_MISSING, strerror(why), "打不开文件 %s，请核对文件名和权限。", path);
  if (open && make_seekable(f, ceiling, e) && recognise(f, e)) return f;
  text_file_close(f);
  return NULL;
}

TextFile *text_file_of(const char *name, const char *bytes, size_t n, Error *e) {
  TextFile *f = file_new(name);
  f->own = arena_new();
  if (encoding_read(f->own, name, bytes, n, &f->memory, e) && f->memory) {
    f->size = strlen(f->memory);
    return f;
  }
  text_file_close(f);
  return NULL;
}

void text_file_close(TextFile *f) {
  if (!f) return;
  if (f->fd >= 0) close(f->fd);
  arena_free(f->own);
  free(f->name);
  free(f);
}

void text_file_cleanup(TextFile **f) { text_file_close(*f); }

uint64_t text_file_size(const TextFile *f) { return f->size; }
const char *text_file_name(const TextFile *f) { return f->name; }

bool text_file_at(TextFile *f, uint64_t offset, char *to, size_t room, size_t *got, Error *e) {
  *got = 0;
  if (offset >= f->size) return true;
  if (room > f->size - offset) room = (size_t)(f->size - offset);
  if (f->memory) {
    memcpy(to, f->memory + offset, room);
    *got = room;
    return true;
  }
  return read_at(f->fd, f->skip + offset, to, room, got) || read_failed(f, e);
}

bool text_file_same(const TextFile *f) {
  struct stat now;
  if (!f->watched) return true;
  return !fstat(f->fd, &now) && now.st_size == f->as_opened.st_size && now.st_mtim.tv_sec == f->as_opened.st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == f->as_opened.st_mtim.tv_nsec;
}
