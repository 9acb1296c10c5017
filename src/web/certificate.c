/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The office's own certificate (certificate.h): an EC key on P-256, signed by itself, good for two years.
 * What must stay true: the key is never readable by others, not even while it is being written, and a file
 * that was cut off is never taken for whole. */
#include "web/certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "access/site.h"
#include "base/text.h"

enum { GOOD_DAYS = 730, LEAST_DAYS = 30, PEM_MOST = 64 * 1024, NAMES_MOST = 16 };

static void key_end(EVP_PKEY **k) { EVP_PKEY_free(*k); }
static void cert_end(X509 **x) { X509_free(*x); }
static void bio_end(BIO **b) { BIO_free(*b); }
#define KEY_SCOPE __attribute__((cleanup(key_end))) EVP_PKEY *
#define CERT_SCOPE __attribute__((cleanup(cert_end))) X509 *
#define BIO_SCOPE __attribute__((cleanup(bio_end))) BIO *

static bool openssl_fail(Error *e, const char *what) {
  return fail_because(e, ERROR_BUG, what, "本机证书没有做成，请重试；仍不行请用 --plain 并在前面放反向代理。");
}

size_t machine_addresses(Arena *a, const char ***out) {
  struct ifaddrs *all = NULL;
  const char **list = NEW_ARRAY(a, const char *, NAMES_MOST);
  size_t count = 0;
  if (getifaddrs(&all) != 0) all = NULL;
  for (struct ifaddrs *i = all; i && count < NAMES_MOST; i = i->ifa_next) {
    char text[INET6_ADDRSTRLEN];
    if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET || (i->ifa_flags & IFF_LOOPBACK) || !(i->ifa_flags & IFF_UP)) continue;
    const struct sockaddr_in *at = (const struct sockaddr_in *)(const void *)i->ifa_addr;
    if (inet_ntop(AF_INET, &at->sin_addr, text, sizeof text)) list[count++] = arena_copy(a, text);
  }
  if (all) freeifaddrs(all);
  *out = list;
  return count;
}

/* ---- making ---- */

static bool add_extension(X509 *x, int nid, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, x, x, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
  bool added = extension && X509_add_ext(x, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

static const char *names_text(Arena *a, const char *const *addresses, size_t count) {
  TEXT_SCOPE t = text_new(8 * 1024);
  text_add(&t, "DNS:localhost,IP:127.0.0.1");
  for (size_t i = 0; i < count; i++)
    if (strcmp(addresses[i], "127.0.0.1") != 0) text_print(&t, ",IP:%s", addresses[i]);
  return arena_copy(a, text_get(&t));
}

static X509 *sign_own(EVP_PKEY *key, const char *names) {
  X509 *x = X509_new();
  unsigned char number[16];
  BIGNUM *serial = RAND_bytes(number, sizeof number) == 1 ? BN_bin2bn(number, sizeof number, NULL) : NULL;
  bool made = x && serial && X509_set_version(x, 2) == 1 && BN_clear_bit(serial, 127) == 1 &&
              BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(x)) && X509_gmtime_adj(X509_getm_notBefore(x), -3600) &&
              X509_gmtime_adj(X509_getm_notAfter(x), 86400L * GOOD_DAYS) && X509_set_pubkey(x, key) == 1 &&
              X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, (const unsigned char *)"落实", -1, -1, 0) == 1 &&
              X509_set_issuer_name(x, X509_get_subject_name(x)) == 1 && add_extension(x, NID_subject_alt_name, names) &&
              add_extension(x, NID_basic_constraints, "critical,CA:FALSE") && add_extension(x, NID_ext_key_usage, "serverAuth") &&
              X509_sign(x, key, EVP_sha256()) > 0;
  BN_free(serial);
  if (made) return x;
  X509_free(x);
  return NULL;
}

static const char *bio_text(Arena *a, BIO *bio) {
  char *at = NULL;
  long n = BIO_get_mem_data(bio, &at);
  return n > 0 ? arena_slice(a, at, (size_t)n) : "";
}

static bool write_whole(Arena *a, const char *path, const char *key, const char *certificate, Error *e) {
  const char *part = arena_print(a, "%s.part", path);
  int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool written = fd >= 0 && dprintf(fd, "%s%s", key, certificate) > 0 && fsync(fd) == 0;
  if (fd >= 0 && close(fd) != 0) written = false;
  if (written && rename(part, path) == 0) return true;
  unlink(part);
  return fail_because(e, ERROR_UNAVAILABLE, strerror(errno), "证书写不进%s，请查磁盘空间和权限。", path);
}

/* ---- reading ---- */

static const char *read_pem(Arena *a, const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return NULL;
  char *text = arena_alloc(a, PEM_MOST);
  ssize_t n = read(fd, text, PEM_MOST - 1);
  close(fd);
  if (n <= 0) return NULL;
  text[n] = '\0';
  return text;
}

static bool names_all(X509 *x, const char *const *addresses, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (X509_check_ip_asc(x, addresses[i], 0) != 1) return false;
  return true;
}

static bool good_still(X509 *x) {
  time_t then = time(NULL) + 86400L * LEAST_DAYS;
  return X509_cmp_time(X509_get0_notAfter(x), &then) > 0;
}

static bool read_kept(const char *pem, EVP_PKEY **key, X509 **certificate) {
  BIO_SCOPE bio = BIO_new_mem_buf(pem, -1);
  *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
  *certificate = *key ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
  return *certificate && X509_check_private_key(*certificate, *key) == 1;
}

static bool tell(Arena *a, EVP_PKEY *key, X509 *x, Certificate *out, Error *e) {
  BIO_SCOPE keys = BIO_new(BIO_s_mem());
  BIO_SCOPE certificates = BIO_new(BIO_s_mem());
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  if (!keys || !certificates || PEM_write_bio_PrivateKey(keys, key, NULL, NULL, 0, NULL, NULL) != 1 ||
      PEM_write_bio_X509(certificates, x) != 1 || X509_digest(x, EVP_sha256(), digest, &n) != 1)
    return openssl_fail(e, "PEM");
  out->key = bio_text(a, keys);
  out->certificate = bio_text(a, certificates);
  TEXT_SCOPE t = text_new(256);
  for (unsigned i = 0; i < n; i++) text_print(&t, "%s%02X", i ? ":" : "", digest[i]);
  out->fingerprint = arena_copy(a, text_get(&t));
  return true;
}

bool certificate_ready(Arena *a, const char *site_folder, const char *const *addresses, size_t count, Certificate *out, Error *e) {
  const char *path = site_path(a, site_folder, "keys/web.pem"), *pem = read_pem(a, path);
  KEY_SCOPE key = NULL;
  CERT_SCOPE certificate = NULL;
  *out = (Certificate){0};
  if (pem && read_kept(pem, &key, &certificate) && good_still(certificate) && names_all(certificate, addresses, count))
    return tell(a, key, certificate, out, e);
  EVP_PKEY_free(key);
  X509_free(certificate);
  certificate = NULL;
  key = EVP_EC_gen("P-256");
  if (!key || !(certificate = sign_own(key, names_text(a, addresses, count)))) return openssl_fail(e, "X509");
  out->fresh = true;
  return tell(a, key, certificate, out, e) && write_whole(a, path, out->key, out->certificate, e);
}
