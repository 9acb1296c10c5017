/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Passwords (password.h). The only state of the process is the count of hashes under way, behind one lock:
 * it guards memory, and every thread must see it. */
#include "access/password.h"

#include <argon2.h>
#include <errno.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

enum { MEMORY_KIB = 19456, PASSES = 2, LANES = 1, SALT = 16, HASH = 32, AT_ONCE = 2, WAIT_SECONDS = 5 };

static pthread_mutex_t turn_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn_free = PTHREAD_COND_INITIALIZER;
static int under_way;

static bool turn_take(Error *e) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += WAIT_SECONDS;
  int code = 0;
  pthread_mutex_lock(&turn_lock);
  while (under_way >= AT_ONCE && code != ETIMEDOUT) code = pthread_cond_timedwait(&turn_free, &turn_lock, &until);
  bool mine = under_way < AT_ONCE;
  if (mine) under_way++;
  pthread_mutex_unlock(&turn_lock);
  return mine || fail(e, ERROR_UNAVAILABLE, "现在登录的人太多，请过一会儿再试。");
}

static void turn_give(void) {
  pthread_mutex_lock(&turn_lock);
  under_way--;
  pthread_cond_signal(&turn_free);
  pthread_mutex_unlock(&turn_lock);
}

bool password_fit(const char *password, const char *account, Error *e) {
  size_t n = strlen(password);
  bool small = false, capital = false, digit = false, other = false;
  for (const char *s = password; *s; s++) {
    if (*s >= 'a' && *s <= 'z')
      small = true;
    else if (*s >= 'A' && *s <= 'Z')
      capital = true;
    else if (*s >= '0' && *s <= '9')
      digit = true;
    else
      other = true;
  }
  if (n < PASSWORD_LEAST) return fail(e, ERROR_INVALID, "密码至少%d位，请改长一些。", PASSWORD_LEAST);
  if (n > PASSWORD_MOST) return fail(e, ERROR_INVALID, "密码最多%d个字节，请改短一些。", PASSWORD_MOST);
  if (small + capital + digit + other < 3)
    return fail(e, ERROR_INVALID, "密码要有小写字母、大写字母、数字、其他符号中的三种，请改一个。");
  if (account && *account && strstr(password, account)) return fail(e, ERROR_INVALID, "密码里不要带账号名，请改一个。");
  return true;
}

const char *password_hash(Arena *a, const char *password, Error *e) {
  unsigned char salt[SALT];
  size_t room = argon2_encodedlen(PASSES, MEMORY_KIB, LANES, SALT, HASH, Argon2_id);
  char *encoded = arena_alloc(a, room);
  if (RAND_bytes(salt, SALT) != 1) return fail(e, ERROR_UNAVAILABLE, "取不到随机数，请稍后再试。"), NULL;
  if (!turn_take(e)) return NULL;
  int code = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password, strlen(password), salt, SALT, HASH, encoded, room);
  turn_give();
  if (code != ARGON2_OK)
    return fail_because(e, ERROR_UNAVAILABLE, argon2_error_message(code), "密码处理没有完成，请稍后再试。"), NULL;
  return encoded;
}

bool password_check(const char *encoded, const char *password, bool *right, Error *e) {
  /* Of a password that nobody has. */
  static const char nobody[] =
      "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2Q$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  *right = false;
  if (!turn_take(e)) return false;
  int code = argon2id_verify(encoded ? encoded : nobody, password, strlen(password));
  turn_give();
  *right = encoded && code == ARGON2_OK;
  return true;
}

const char *password_once(Arena *a, Error *e) {
  static const char small[] = "abcdefghjkmnpqrstuvwxyz", capital[] = "ABCDEFGHJKMNPQRSTUVWXYZ", digit[] = "23456789";
  enum { GROUPS = 4, GROUP = 4 };
  unsigned char random[GROUPS * GROUP];
  if (RAND_bytes(random, sizeof random) != 1) return fail(e, ERROR_UNAVAILABLE, "取不到随机数，请稍后再试。"), NULL;
  char *out = arena_alloc(a, GROUPS * (GROUP + 1));
  size_t k = 0;
  for (size_t i = 0; i < sizeof random; i++) {
    if (i && i % GROUP == 0) out[k++] = '-';
    size_t kind = i % GROUP;
    const char *from = kind == 0 ? capital : kind == 3 ? digit : small;
    out[k++] = from[random[i] % strlen(from)];
  }
  return out;
}

const char *random_hex(Arena *a, size_t bytes, Error *e) {
  static const char digits[] = "0123456789abcdef";
  unsigned char random[64];
  if (bytes > sizeof random || RAND_bytes(random, (int)bytes) != 1)
    return fail(e, ERROR_UNAVAILABLE, "取不到随机数，请稍后再试。"), NULL;
  char *out = arena_alloc(a, 2 * bytes + 1);
  for (size_t i = 0; i < bytes; i++) out[2 * i] = digits[random[i] >> 4], out[2 * i + 1] = digits[random[i] & 15];
  return out;
}
