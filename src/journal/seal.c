/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Messages of the journal are many small fields; they are gathered in a buffer so that OpenSSL is called
 * once for some thousand bytes and not once a field. A failure inside is kept until seal_finish, which no
 * caller can forget. */
#include "journal/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct Seal {
  EVP_MAC_CTX *mac; /* HMAC-SM3, or */
  EVP_MD_CTX *plain;
  EVP_MD *sm3;
  bool bad;
  size_t used;
  unsigned char buffer[4096];
};

static bool no_crypto(Error *e, const char *cause) {
  return fail_because(e, ERROR_UNAVAILABLE, cause, "本机的 OpenSSL 不能做 SM3 运算，请安装系统自带的 libssl3 后再试。");
}

/* openssl.cnf of the machine shall not decide what a journal is sealed with; reading it and tidying up at the end
 * would also cost every command more than the seal does. */
static void start_crypto(void) { OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL); }

static bool open_mac(Seal *s, const unsigned char *key) {
  EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
  if (!hmac) return false;
  s->mac = EVP_MAC_CTX_new(hmac);
  EVP_MAC_free(hmac); /* the context holds its own reference */
  char digest[] = "SM3";
  OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
  return s->mac && EVP_MAC_init(s->mac, key, SEAL_SIZE, params) == 1;
}

Seal *seal_new(const unsigned char key[SEAL_SIZE], Error *e) {
  Seal *s = calloc(1, sizeof *s);
  if (!s) abort();
  start_crypto();
  bool ok;
  if (key)
    ok = open_mac(s, key);
  else {
    s->sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
    s->plain = EVP_MD_CTX_new();
    ok = s->sm3 && s->plain && EVP_DigestInit_ex2(s->plain, s->sm3, NULL) == 1;
  }
  if (ok) return s;
  seal_free(s);
  no_crypto(e, "SM3 or HMAC cannot be fetched");
  return NULL;
}

void seal_free(Seal *s) {
  if (!s) return;
  EVP_MAC_CTX_free(s->mac);
  EVP_MD_CTX_free(s->plain);
  EVP_MD_free(s->sm3);
  free(s);
}

void seal_cleanup(Seal **s) { seal_free(*s); }

void seal_start(Seal *s) {
  s->used = 0;
  s->bad = s->mac ? EVP_MAC_init(s->mac, NULL, 0, NULL) != 1 : EVP_DigestInit_ex2(s->plain, NULL, NULL) != 1;
}

static void feed(Seal *s, const void *bytes, size_t n) {
  if (n && (s->mac ? EVP_MAC_update(s->mac, bytes, n) : EVP_DigestUpdate(s->plain, bytes, n)) != 1) s->bad = true;
}

void seal_bytes(Seal *s, const void *bytes, size_t n) {
  if (n > sizeof s->buffer - s->used) {
    feed(s, s->buffer, s->used);
    s->used = 0;
    if (n >= sizeof s->buffer) {
      feed(s, bytes, n);
      return;
    }
  }
  if (n) memcpy(s->buffer + s->used, bytes, n);
  s->used += n;
}

void seal_int(Seal *s, int64_t n) {
  unsigned char bytes[8];
  uint64_t u = (uint64_t)n;
  for (int i = 7; i >= 0; i--, u >>= 8) bytes[i] = (unsigned char)u;
  seal_bytes(s, bytes, sizeof bytes);
}

void seal_string(Seal *s, const char *text, size_t length) {
  seal_int(s, (int64_t)length);
  seal_bytes(s, text, length);
}

bool seal_finish(Seal *s, Digest *out, Error *e) {
  feed(s, s->buffer, s->used);
  s->used = 0;
  size_t n = 0;
  unsigned int m = 0;
  bool ok = s->mac ? EVP_MAC_final(s->mac, out->at, &n, sizeof out->at) == 1 && n == SEAL_SIZE
                   : EVP_DigestFinal_ex(s->plain, out->at, &m) == 1 && m == SEAL_SIZE;
  return (ok && !s->bad) || no_crypto(e, "SM3 failed");
}

bool digest_equal(const Digest *a, const Digest *b) { return CRYPTO_memcmp(a->at, b->at, SEAL_SIZE) == 0; }

void hex_write(const unsigned char *bytes, size_t n, char *out) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < n; i++) {
    *out++ = digits[bytes[i] >> 4];
    *out++ = digits[bytes[i] & 15];
  }
  *out = 0;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool hex_read(const char *hex, unsigned char *out, size_t n) {
  if (strlen(hex) != 2 * n) return false;
  for (size_t i = 0; i < n; i++) {
    int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = (unsigned char)(high << 4 | low);
  }
  return true;
}

bool random_bytes(void *out, size_t n, Error *e) {
  if (n <= INT32_MAX && RAND_bytes(out, (int)n) == 1) return true;
  return fail_because(e, ERROR_UNAVAILABLE, "RAND_bytes failed", "系统的随机数不可用，没有写入任何内容，请稍后再试。");
}

/* ---- the key's file: 64 hex digits and a newline, so that it can also be kept on paper ---- */

static void fd_cleanup(int *fd) {
  if (*fd >= 0) close(*fd);
}
#define FD_SCOPE __attribute__((cleanup(fd_cleanup))) int

static bool sync_folder(const char *path) {
  const char *slash = strrchr(path, '/');
  char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
  if (!folder) abort();
  FD_SCOPE fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  free(folder);
  return fd >= 0 && fsync(fd) == 0;
}

bool key_create(const char *path, unsigned char key[SEAL_SIZE], Error *e) {
  return random_bytes(key, SEAL_SIZE, e) && key_write(path, key, e);
}

bool key_write(const char *path, const unsigned char key[SEAL_SIZE], Error *e) {
  char line[SEAL_HEX + 1];
  hex_write(key, SEAL_SIZE, line);
  line[SEAL_HEX - 1] = '\n';
  FD_SCOPE fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 && errno == EEXIST)
    return fail(e, ERROR_CONFLICT, "密钥文件“%s”已经存在，不会覆盖；如确要换新站点，请先把它移走保存。", path);
  bool written = fd >= 0 && write(fd, line, SEAL_HEX) == SEAL_HEX && fsync(fd) == 0 && sync_folder(path);
  OPENSSL_cleanse(line, sizeof line);
  if (written) return true;
  int cause = errno;
  if (fd >= 0) unlink(path);
  return fail_because(e, ERROR_UNAVAILABLE, strerror(cause), "密钥文件“%s”写不进去，请检查目录权限和磁盘空间。", path);
}

bool key_read(const char *path, unsigned char key[SEAL_SIZE], Error *e) {
  FD_SCOPE fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT)
    return fail(e, ERROR_MISSING, "找不到密钥文件“%s”，请从密钥备份中放回。", path);
  struct stat st;
  if (fd < 0 || fstat(fd, &st) != 0)
    return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "密钥文件“%s”打不开，请用建站的账号运行。", path);
  if (S_ISREG(st.st_mode) && (st.st_mode & 077))
    return fail(e, ERROR_FORBIDDEN, "密钥文件“%s”别人也能读，请先执行 chmod 600 再试。", path);
  char line[SEAL_HEX + 2] = {0};
  ssize_t n = S_ISREG(st.st_mode) ? read(fd, line, sizeof line - 1) : -1;
  if (n == SEAL_HEX && line[SEAL_HEX - 1] == '\n') line[SEAL_HEX - 1] = 0;
  bool ok = n >= SEAL_HEX - 1 && hex_read(line, key, SEAL_SIZE);
  OPENSSL_cleanse(line, sizeof line);
  return ok || fail(e, ERROR_BROKEN, "“%s”不是本程序的密钥文件，请从密钥备份中放回原来的文件。", path);
}
