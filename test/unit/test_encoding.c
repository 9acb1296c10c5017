/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Text of the outside world is recognised by its bytes, whole in memory and as a file that is read piece by
 * piece; what is no text is refused with a remedy. */
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "paper/encoding.h"

#include "check.h"

static const struct { const char *bytes; size_t n; const char *text, *told; } cases[] = {
    {"约谈", 6, "约谈", NULL},
    {"\xEF\xBB\xBF约谈", 9, "约谈", NULL},
    {"abc\r\n\t", 6, "abc\r\n\t", NULL},
    {"\xD4\xBC\xCC\xB8", 4, "约谈", NULL},          /* GB18030 */
    {"\x95\x32\x82\x36", 4, "𠀀", NULL},          /* its four-byte form */
    {"", 0, NULL, "空的"},
    {"\xEF\xBB\xBF", 3, NULL, "空的"},
    {"a\0b", 3, NULL, "不是文本文件"},
    {"\x7f" "ELF\x02\x01", 6, NULL, "不是文本文件"},
    {"PK\x03\x04", 4, NULL, "不是文本文件"},
    {"\xFF\xFE\xA6\x7E", 4, NULL, "UTF-16"},
    {"\xFE\xFF\x7E\xA6", 4, NULL, "UTF-16"},
    {"\x80\x80\x80", 3, NULL, "认不出来"},
    {"\xE7\xBA\xA6\xFF", 4, NULL, "认不出来"},
    {"\xD4\xBC\xCC", 3, NULL, "认不出来"}, /* cut in the middle of a character */
};

static void in_memory(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ARENA_SCOPE a = arena_new();
    Error e = {0};
    const char *text = NULL;
    bool read = encoding_read(a, "表.csv", cases[i].bytes, cases[i].n, &text, &e);
    assert_int_equal(read, cases[i].text != NULL);
    if (read) assert_string_equal(text, cases[i].text);
    else if (!strstr(e.sentence, cases[i].told) || !strstr(e.sentence, "表.csv")) fail_msg("%zu: %s", i, e.sentence);
  }
}

static void put_file(char *path, size_t room, const char *bytes, size_t n) {
  snprintf(path, room, "/tmp/luoshi-encoding-XXXXXX");
  int fd = mkstemp(path);
  if (fd < 0 || write(fd, bytes, n) != (ssize_t)n || close(fd)) fail_msg("cannot write %s", path);
}

static void as_file(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char path[64], bytes[64];
    size_t got = 0;
    Error e = {0};
    put_file(path, sizeof path, cases[i].bytes, cases[i].n);
    TEXT_FILE_SCOPE f = text_file_open(path, 1000, &e);
    unlink(path);
    assert_int_equal(f != NULL, cases[i].text != NULL);
    if (!f) {
      if (!strstr(e.sentence, cases[i].told)) fail_msg("%zu: %s", i, e.sentence);
      continue;
    }
    assert_true(text_file_at(f, 0, bytes, sizeof bytes - 1, &got, &e));
    bytes[got] = 0;
    assert_string_equal(bytes, cases[i].text);
    assert_int_equal(text_file_size(f), strlen(cases[i].text));
    assert_true(text_file_at(f, got, bytes, 1, &got, &e) && !got);
    assert_true(text_file_same(f));
  }
}

/* Characters lie across every border of a block. */
static void large_files(void **state) {
  (void)state;
  for (int form = 0; form < 6; form++) {
    TEXT_SCOPE text = text_new(TEXT_CEILING);
    for (int i = 0; i < form; i++) text_add(&text, "a");
    for (int i = 0; i < 60000; i++) text_print(&text, "约谈%d𠀀\n", i);
    TEXT_SCOPE gb = text_new(TEXT_CEILING);
    iconv_t convert = iconv_open("GB18030", "UTF-8");
    char *in = text.at, block[4096];
    for (size_t left = text.length; left;) {
      char *out = block;
      size_t room = sizeof block;
      iconv(convert, &in, &left, &out, &room);
      text_add_n(&gb, block, (size_t)(out - block));
    }
    iconv_close(convert);
    for (int as_gb = 0; as_gb < 2; as_gb++) {
      const Text *put = as_gb ? &gb : &text;
      char path[64];
      Error e = {0};
      put_file(path, sizeof path, put->at, put->length);
      TEXT_FILE_SCOPE f = text_file_open(path, TEXT_CEILING, &e);
      unlink(path);
      if (!f) fail_msg("%d: %s", form, e.sentence);
      assert_int_equal(text_file_size(f), text.length);
      char *all = malloc(text.length);
      size_t got;
      assert_true(all && text_file_at(f, 0, all, text.length, &got, &e) && got == text.length);
      assert_memory_equal(all, text.at, text.length);
      assert_true(text_file_at(f, 100001, all, 777, &got, &e) && got == 777);
      assert_memory_equal(all, text.at + 100001, 777);
      free(all);
    }
  }
}

static void files_have_a_ceiling_and_are_watched(void **state) {
  (void)state;
  char path[64];
  Error e = {0};
  put_file(path, sizeof path, "0123456789", 10);
  assert_null(text_file_open(path, 9, &e));
  assert_int_equal(e.kind, ERROR_LIMIT);
  TEXT_FILE_SCOPE f = text_file_open(path, 10, &e);
  assert_non_null(f);
  assert_int_equal(truncate(path, 3), 0);
  assert_false(text_file_same(f));
  unlink(path);
  assert_null(text_file_open(path, 10, &e));
  assert_int_equal(e.kind, ERROR_MISSING);
  assert_null(text_file_open("/tmp", 10, &e));
  assert_int_equal(e.kind, ERROR_INVALID);
}

static void a_pipe_is_copied(void **state) {
  (void)state;
  char path[64], bytes[16];
  size_t got;
  Error e = {0};
  snprintf(path, sizeof path, "/tmp/luoshi-pipe-%ld", (long)getpid());
  assert_int_equal(mkfifo(path, 0600), 0);
  pid_t child = fork();
  if (!child) {
    FILE *to = fopen(path, "w");
    if (to) fputs("\xEF\xBB\xBF约谈", to), fclose(to);
    _exit(0);
  }
  TEXT_FILE_SCOPE f = text_file_open(path, 100, &e);
  unlink(path);
  if (!f) fail_msg("%s", e.sentence);
  assert_true(text_file_at(f, 3, bytes, 16, &got, &e) && got == 3 && !memcmp(bytes, "谈", 3));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(in_memory), cmocka_unit_test(as_file), cmocka_unit_test(large_files),
      cmocka_unit_test(files_have_a_ceiling_and_are_watched), cmocka_unit_test(a_pipe_is_copied),
  };
  return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
