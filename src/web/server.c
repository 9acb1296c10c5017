/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The server (server.h). A body is gathered in memory up to WEB_BODY and refused beyond, before it is read
 * any further; a connection that sends nothing for a while is dropped. Sites are opened before the first
 * request and handed from request to request: one at a time each. */
#include "web/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "access/drawer.h"
#include "access/files.h"

enum {
  THREADS_MOST = 4, CONNECTIONS = 1000, PER_ADDRESS = 700, IDLE_SECONDS = 20, CONNECTION_MEMORY = 24 * 1024,
  LOOK_MS = 100, STOP_OPEN_MS = 10000, QUIET_LOOKS = 5, STOP_MOST_MS = 20000 /* waiting to stop */,
  BODIES_AT_ONCE = 8 /* bodies over BODY_SMALL being gathered */, BODY_SMALL = 64 * 1024
};

struct Server {
  struct MHD_Daemon *daemon;
  const Web *web;
  FILE *log;
  bool secure, proxy;
  pthread_mutex_t lock;
  pthread_cond_t free_site;
  Site *sites[THREADS_MOST];
  bool taken[THREADS_MOST];
  size_t site_count;
  int large; /* large bodies under way */
  size_t under_way, begun; /* requests whose head was read, and not yet answered to the last byte; ever */
  bool stopping, paused;
  const char *folder;
};

typedef struct Exchange {
  Server *server;
  char *body;
  size_t size, room;
  bool large, refused, answered;
  struct timespec began;
} Exchange;

/* ---- sites ---- */

/* NULL while the server is paused. */
static Site *site_take(Server *s, size_t *which) {
  pthread_mutex_lock(&s->lock);
  while (!s->paused) {
    for (size_t i = 0; i < s->site_count; i++)
      if (!s->taken[i]) {
        s->taken[i] = true;
        *which = i;
        pthread_mutex_unlock(&s->lock);
        return s->sites[i];
      }
    pthread_cond_wait(&s->free_site, &s->lock);
  }
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

static void site_give(Server *s, size_t which) {
  pthread_mutex_lock(&s->lock);
  s->taken[which] = false;
  if (s->paused) pthread_cond_broadcast(&s->free_site);
  else pthread_cond_signal(&s->free_site);
  pthread_mutex_unlock(&s->lock);
}

/* ---- one exchange ---- */

static const char *header(struct MHD_Connection *c, const char *name) {
  return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static enum MHD_Result add_query(void *self, enum MHD_ValueKind kind, const char *key, const char *value) {
  (void)kind;
  Text *t = self;
  text_print(t, "%s%s%s%s", t->length ? "&" : "", key, value ? "=" : "", value ? value : "");
  return MHD_YES;
}

/* The last address that a trusted proxy added; lockout by address needs it and nothing else does. */
static const char *forwarded(Arena *a, struct MHD_Connection *c) {
  const char *list = header(c, "X-Forwarded-For");
  if (!list || strlen(list) > 1024) return NULL;
  const char *last = strrchr(list, ',');
  last = last ? last + 1 : list;
  last += strspn(last, " ");
  return strlen(last) < INET6_ADDRSTRLEN ? arena_copy(a, last) : NULL;
}

static const char *peer_of(Arena *a, struct MHD_Connection *c) {
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  char text[INET6_ADDRSTRLEN] = "";
  if (info && info->client_addr->sa_family == AF_INET)
    inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr, text, sizeof text);
  else if (info && info->client_addr->sa_family == AF_INET6)
    inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr, text, sizeof text);
  return arena_copy(a, text);
}

/* A Chinese name of a file to save, as RFC 6266 has it. */
static const char *disposition(const WebResponse *out) {
  return arena_print(out->arena, "%s; filename*=UTF-8''%s", out->shown ? "inline" : "attachment", url_encode(out->arena, out->filename));
}

/* Inline style is for a browser's own page around a picture; in the sandbox there is no other.
 * `lasting`: TLS by a proxy with a certificate that browsers trust; with our own a browser would never let anybody in again. */
static void add_headers(struct MHD_Response *r, const WebResponse *out, bool lasting) {
  MHD_add_response_header(r, "Content-Type", out->type);
  MHD_add_response_header(r, "Cache-Control", out->cache ? out->cache : "no-store");
  MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
  MHD_add_response_header(r, "Referrer-Policy", "same-origin");
  MHD_add_response_header(r, "Content-Security-Policy",
                          out->sandboxed && out->shown ? "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
                          : out->sandboxed           ? "sandbox; default-src 'none'; frame-ancestors 'none'"
                                                     : "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
                                           "form-action 'self'; frame-ancestors 'none'");
  MHD_add_response_header(r, "Cross-Origin-Opener-Policy", "same-origin");
  if (lasting) MHD_add_response_header(r, "Strict-Transport-Security", "max-age=31536000");
  if (out->status == 401) MHD_add_response_header(r, "WWW-Authenticate", "Bearer realm=\"luoshi\"");
  if (out->location) MHD_add_response_header(r, "Location", out->location);
  if (out->cookie) MHD_add_response_header(r, "Set-Cookie", out->cookie);
  if (out->filename) MHD_add_response_header(r, "Content-Disposition", disposition(out));
  if (out->encoding) MHD_add_response_header(r, "Content-Encoding", out->encoding);
  if (out->encoding) MHD_add_response_header(r, "Vary", "Accept-Encoding");
}

/* A backup is as large as the database: it is sent piece by piece. */
static struct MHD_Response *from_file(const char *path) {
  struct stat about;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return NULL;
  struct MHD_Response *r = fstat(fd, &about) ? NULL : MHD_create_response_from_fd64((uint64_t)about.st_size, fd);
  if (!r) close(fd);
  return r;
}

/* Takes the body over. */
static struct MHD_Response *response_of(WebResponse *out) {
  Text body = out->body;
  out->body = (Text){0};
  if (!out->file && !out->fixed)
    return MHD_create_response_from_buffer(body.length, body.at ? body.at : calloc(1, 1), MHD_RESPMEM_MUST_FREE);
  text_free(&body);
  if (out->file) return from_file(out->file);
  return MHD_create_response_from_buffer(out->fixed_size, (void *)(uintptr_t)out->fixed, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_answer(Server *s, struct MHD_Connection *c, WebResponse *out) {
  struct MHD_Response *r = response_of(out);
  if (!r) return MHD_NO;
  add_headers(r, out, s->proxy);
  pthread_mutex_lock(&s->lock);
  bool last = s->stopping;
  pthread_mutex_unlock(&s->lock);
  if (last) MHD_add_response_header(r, "Connection", "close");
  enum MHD_Result queued = MHD_queue_response(c, (unsigned)out->status, r);
  MHD_destroy_response(r);
  return queued;
}

/* Time, method, status, bytes, milliseconds: no names, no addresses, no query. */
static void log_line(Server *s, const Exchange *x, const char *method, int status, size_t bytes) {
  struct timespec end;
  char when[32];
  struct tm tm;
  time_t t = time(NULL);
  if (!s->log) return;
  clock_gettime(CLOCK_MONOTONIC, &end);
  long ms = (end.tv_sec - x->began.tv_sec) * 1000 + (end.tv_nsec - x->began.tv_nsec) / 1000000;
  localtime_r(&t, &tm);
  strftime(when, sizeof when, "%F %T", &tm);
  fprintf(s->log, "%s %s %d %zu %ldms\n", when, method, status, bytes, ms);
  fflush(s->log);
}

static WebRequest head_of(const Server *s, Arena *a, struct MHD_Connection *c, const char *url, const char *method) {
  const char *from = header(c, "Sec-Fetch-Site"), *peer = s->proxy ? forwarded(a, c) : NULL;
  return (WebRequest){.method = method, .path = url, .query = "", .body = "", .cookie = header(c, "Cookie"), .host = header(c, "Host"),
                      .authorization = header(c, "Authorization"), .type = header(c, "Content-Type"),
                      .encoding = header(c, "Accept-Encoding"), .partial = header(c, "HX-Target"),
                      .peer = peer ? peer : peer_of(a, c), .secure = s->secure, .foreign = from && !strcmp(from, "cross-site")};
}

static enum MHD_Result answer(Exchange *x, struct MHD_Connection *c, const char *url, const char *method) {
  Server *s = x->server;
  ARENA_SCOPE a = arena_new();
  TEXT_SCOPE query = text_new(32 * 1024);
  MHD_get_connection_values(c, MHD_GET_ARGUMENT_KIND, add_query, &query);
  WebRequest q = head_of(s, a, c, url, method);
  q.query = text_get(&query);
  q.body = x->body ? x->body : "", q.body_size = x->size;
  WebResponse out = {.arena = a};
  size_t which;
  Site *site = site_take(s, &which);
  web_answer(s->web, site, NULL, &q, &out);
  if (site) site_give(s, which);
  log_line(s, x, method, out.status, out.fixed ? out.fixed_size : out.body.length);
  return send_answer(s, c, &out);
}

/* Much is taken in only from who is signed in: nobody else has anything to upload. */
static bool is_known(Server *s, const WebRequest *head) {
  size_t which;
  Site *site = site_take(s, &which);
  bool known = site && web_knows(s->web, site, head);
  if (site) site_give(s, which);
  return known;
}

static bool gather(Exchange *x, struct MHD_Connection *c, const char *url, const char *data, size_t n) {
  Server *s = x->server;
  if (x->size + n > WEB_BODY) return false;
  if (x->size + n > BODY_SMALL && !x->large) {
    ARENA_SCOPE a = arena_new();
    WebRequest head = head_of(s, a, c, url, "POST");
    if (!is_known(s, &head)) return false;
  }
  if (x->size + n > BODY_SMALL && !x->large) {
    pthread_mutex_lock(&s->lock);
    bool may = s->large < BODIES_AT_ONCE;
    if (may) s->large++;
    pthread_mutex_unlock(&s->lock);
    if (!may) return false;
    x->large = true;
  }
  if (x->size + n > x->room) {
    size_t room = x->room ? 2 * x->room : 4096;
    while (room < x->size + n) room *= 2;
    char *more = realloc(x->body, room);
    if (!more) return false;
    x->body = more, x->room = room;
  }
  memcpy(x->body + x->size, data, n);
  x->size += n;
  return true;
}

static enum MHD_Result too_large(Exchange *x, struct MHD_Connection *c) {
  WebResponse out = {.status = 413, .type = "text/plain; charset=utf-8"};
  out.body = text_new(1024);
  text_add(&out.body, "提交的内容太大，或登录已过期，或现在上传的人太多，未保存任何内容，请改小、重新登录或稍后再试。");
  x->answered = true;
  return send_answer(x->server, c, &out);
}

static enum MHD_Result handle(void *self, struct MHD_Connection *c, const char *url, const char *method, const char *version,
                              const char *data, size_t *size, void **state) {
  (void)version;
  Exchange *x = *state;
  if (!x) {
    if (!(*state = x = calloc(1, sizeof *x))) return MHD_NO;
    x->server = self;
    pthread_mutex_lock(&x->server->lock);
    x->server->under_way++, x->server->begun++;
    pthread_mutex_unlock(&x->server->lock);
    clock_gettime(CLOCK_MONOTONIC, &x->began);
    const char *length = header(c, "Content-Length");
    if (length && strtoull(length, NULL, 10) > WEB_BODY) return too_large(x, c);
    return MHD_YES;
  }
  if (*size) {
    if (!x->refused && !gather(x, c, url, data, *size)) x->refused = true;
    *size = 0;
    return MHD_YES;
  }
  if (x->answered) return MHD_YES;
  return x->refused ? too_large(x, c) : answer(x, c, url, method);
}

static void done(void *self, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode code) {
  (void)c;
  (void)code;
  Server *s = self;
  Exchange *x = *state;
  if (!x) return;
  pthread_mutex_lock(&s->lock);
  s->large -= x->large;
  s->under_way--;
  pthread_mutex_unlock(&s->lock);
  free(x->body);
  free(x);
  *state = NULL;
}

/* The library decodes what our own reader must see undecoded. */
static size_t keep(void *self, struct MHD_Connection *c, char *s) {
  (void)self;
  (void)c;
  return strlen(s);
}

/* ---- start and stop ---- */

static bool open_sites(Server *s, const ServerSettings *settings, Error *e) {
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  size_t wanted = settings->threads > 0 ? (size_t)settings->threads : (size_t)(processors > 1 ? processors : 1);
  if (wanted > THREADS_MOST) wanted = THREADS_MOST;
  for (; s->site_count < wanted; s->site_count++)
    if (!(s->sites[s->site_count] = site_open(settings->folder, false, e))) return false;
  return true;
}

Server *server_start(const Web *web, const ServerSettings *settings, Error *e) {
  Server *s = calloc(1, sizeof *s);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)settings->port)};
  if (!s) abort();
  s->web = web, s->folder = settings->folder, s->log = settings->log, s->proxy = settings->proxy;
  s->secure = settings->certificate != NULL || settings->proxy;
  pthread_mutex_init(&s->lock, NULL);
  pthread_cond_init(&s->free_site, NULL);
  if (inet_pton(AF_INET, settings->address, &at.sin_addr) != 1) {
    server_stop(s);
    return fail(e, ERROR_INVALID, "监听地址“%s”不对，请写成127.0.0.1:8420这样。", settings->address), NULL;
  }
  if (!open_sites(s, settings, e)) return server_stop(s), NULL;
  Error swept = {0}; /* what is too old in the drawers, files that no record came to name: a start does not fail for it */
  drawer_sweep(s->sites[0], &swept);
  files_sweep(s->sites[0], &swept);
  struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)settings->certificate},
                                 {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)settings->key},
                                 {MHD_OPTION_END, 0, NULL}};
  struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
  /* poll, not epoll: there a connection whose end comes together with its last bytes is held until it idles out.
   * ITC: to stop in good order. */
  unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ITC | (settings->certificate ? MHD_USE_TLS : 0);
  s->daemon = MHD_start_daemon(
      flags, 0, NULL, NULL, handle, s, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_NOTIFY_COMPLETED, done, s,
      MHD_OPTION_THREAD_POOL_SIZE, (unsigned)s->site_count, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
      MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)PER_ADDRESS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_UNESCAPE_CALLBACK, keep, NULL,
      MHD_OPTION_ARRAY, settings->certificate ? tls : none, MHD_OPTION_END);
  if (s->daemon) return s;
  server_stop(s);
  return fail(e, ERROR_UNAVAILABLE, "%s:%d已被占用或不能监听，请换一个端口，如 --listen 127.0.0.1:8421。", settings->address,
              settings->port), NULL;
}

int server_port(const Server *s) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info ? info->port : 0;
}

/* Until nothing is under way and nothing new came for a moment; false when that lasts longer than `looks`. */
static bool wait_until_quiet(Server *s, int looks) {
  size_t before = SIZE_MAX;
  for (int quiet = 0; looks > 0; looks--) {
    pthread_mutex_lock(&s->lock);
    size_t begun = s->begun, under_way = s->under_way;
    pthread_mutex_unlock(&s->lock);
    quiet = !under_way && begun == before ? quiet + 1 : 0;
    if (quiet == QUIET_LOOKS) return true;
    before = begun;
    nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
  }
  return false;
}

/* What was asked before the signal is answered, also by connections that still wait to be taken; then nobody new is
 * let in, and who is there is answered a last time. */
static void finish(Server *s) {
  pthread_mutex_lock(&s->lock);
  s->stopping = true;
  pthread_mutex_unlock(&s->lock);
  wait_until_quiet(s, STOP_OPEN_MS / LOOK_MS);
  MHD_socket door = MHD_quiesce_daemon(s->daemon);
  wait_until_quiet(s, STOP_MOST_MS / LOOK_MS);
  MHD_stop_daemon(s->daemon);
  if (door != MHD_INVALID_SOCKET) close(door);
}

static bool is_taken(const Server *s) {
  for (size_t i = 0; i < s->site_count; i++)
    if (s->taken[i]) return true;
  return false;
}

void server_pause(Server *s) {
  pthread_mutex_lock(&s->lock);
  s->paused = true;
  pthread_cond_broadcast(&s->free_site);
  while (is_taken(s)) pthread_cond_wait(&s->free_site, &s->lock);
  pthread_mutex_unlock(&s->lock);
  for (size_t i = 0; i < s->site_count; i++) site_close(s->sites[i]), s->sites[i] = NULL;
}

bool server_resume(Server *s, Error *e) {
  for (size_t i = 0; i < s->site_count; i++)
    if (!s->sites[i] && !(s->sites[i] = site_open(s->folder, false, e))) return false;
  pthread_mutex_lock(&s->lock);
  s->paused = false;
  pthread_mutex_unlock(&s->lock);
  return true;
}

void server_stop(Server *s) {
  if (!s) return;
  if (s->daemon) finish(s);
  for (size_t i = 0; i < s->site_count; i++) site_close(s->sites[i]);
  pthread_cond_destroy(&s->free_site);
  pthread_mutex_destroy(&s->lock);
  free(s);
}
