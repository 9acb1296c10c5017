/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A load of its own: N connections that are kept, each asking the same page again as soon as it was answered.
 *   ask PORT PATH COOKIE CONNECTIONS REQUESTS
 * Prints requests a second, and the median and 99th percentile in microseconds. Another answer than 200 ends it. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MOST = 256, REQUESTS_MOST = 1000000, BUFFER = 1 << 20 };

typedef struct Load {
  int port;
  const char *path, *cookie;
  long wanted;
  atomic_long taken;
  long *microseconds;
} Load;

static _Noreturn void give_up(const char *what) {
  fprintf(stderr, "ask: %s\n", what);
  exit(3);
}

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

static void send_all(int fd, const char *at, size_t n) {
  while (n) {
    ssize_t sent = write(fd, at, n);
    if (sent <= 0) give_up("the connection was closed");
    at += sent, n -= (size_t)sent;
  }
}

/* One answer to its last byte. */
static void receive(int fd, char *buffer) {
  size_t have = 0, whole = 0;
  while (!whole || have < whole) {
    ssize_t n = have < BUFFER - 1 ? read(fd, buffer + have, BUFFER - 1 - have) : 0;
    if (n <= 0) give_up("the answer was cut");
    have += (size_t)n;
    buffer[have] = '\0';
    const char *end = whole ? NULL : strstr(buffer, "\r\n\r\n");
    if (!end) continue;
    const char *length = strcasestr(buffer, "\r\nContent-Length:");
    if (strncmp(buffer, "HTTP/1.1 200", 12) != 0 || !length || length > end) give_up(buffer);
    whole = (size_t)(end + 4 - buffer) + strtoul(length + 17, NULL, 10);
  }
}

static void *work(void *context) {
  Load *l = context;
  char head[4096], *buffer = malloc(BUFFER);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)l->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (!buffer || fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to)) give_up("nobody listens there");
  int n = snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: a\r\nCookie: %s\r\n\r\n", l->path, l->cookie);
  if (n < 0 || (size_t)n >= sizeof head) give_up("path or cookie is too long");
  for (long i; (i = atomic_fetch_add(&l->taken, 1)) < l->wanted;) {
    long began = now();
    send_all(fd, head, (size_t)n);
    receive(fd, buffer);
    l->microseconds[i] = now() - began;
  }
  close(fd);
  free(buffer);
  return NULL;
}

static int by_size(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc != 6) return fputs("ask PORT PATH COOKIE CONNECTIONS REQUESTS\n", stderr), 2;
  long connections = strtol(argv[4], NULL, 10);
  Load l = {.port = (int)strtol(argv[1], NULL, 10), .path = argv[2], .cookie = argv[3], .wanted = strtol(argv[5], NULL, 10)};
  if (connections < 1 || connections > CONNECTIONS_MOST || l.wanted < 1 || l.wanted > REQUESTS_MOST) return 2;
  pthread_t threads[CONNECTIONS_MOST];
  if (!(l.microseconds = calloc((size_t)l.wanted, sizeof *l.microseconds))) return 3;
  long began = now();
  for (long i = 0; i < connections; i++)
    if (pthread_create(&threads[i], NULL, work, &l)) give_up("no more threads");
  for (long i = 0; i < connections; i++) pthread_join(threads[i], NULL);
  long took = now() - began;
  qsort(l.microseconds, (size_t)l.wanted, sizeof *l.microseconds, by_size);
  printf("%ld %ld %ld\n", took ? l.wanted * 1000000L / took : 0, l.microseconds[l.wanted / 2], l.microseconds[l.wanted * 99 / 100]);
  free(l.microseconds);
  return 0;
}
