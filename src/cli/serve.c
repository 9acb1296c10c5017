/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi serve` and `luoshi page`: the same pages, on the network and on standard output. */
#include "cli/command.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/credential.h"
#include "operation/migrate.h"
#include "operation/restore.h"
#include "web/certificate.h"
#include "web/job.h"
#include "web/server.h"

/* 127.0.0.1:8420 → address and port. */
static bool read_listen(Arena *a, const char *listen, ServerSettings *out, Error *e) {
  const char *colon = strrchr(listen, ':');
  char *end = NULL;
  long port = colon ? strtol(colon + 1, &end, 10) : -1;
  if (!colon || !end || *end || port < 0 || port > 65535)
    return fail(e, ERROR_INVALID, "监听地址“%s”不对，请写成127.0.0.1:8420这样。", listen), false;
  out->address = arena_slice(a, listen, (size_t)(colon - listen));
  out->port = (int)port;
  return true;
}

static bool is_loopback(const char *address) { return !strncmp(address, "127.", 4); }

/* Every address that this server answers at: the given one, or all of the machine's for 0.0.0.0. */
static size_t answers_at(Arena *a, const char *address, const char ***out) {
  if (!strcmp(address, "0.0.0.0")) return machine_addresses(a, out);
  *out = NEW_ARRAY(a, const char *, 1);
  (*out)[0] = address;
  return 1;
}

static void tell_addresses(const ServerSettings *settings, const char *const *addresses, size_t count, int port) {
  const char *scheme = settings->certificate ? "https" : "http";
  bool all = !strcmp(settings->address, "0.0.0.0");
  if (all) printf("落实已启动：%s://127.0.0.1:%d\n", scheme, port);
  for (size_t i = 0; i < count; i++) printf("%s%s://%s:%d\n", all ? "手机和别的电脑：" : "落实已启动：", scheme, addresses[i], port);
}

/* A demo says each time who may sign in; of any other site nobody is told. */
static void tell_demo(const Invocation *in) {
  Error ignored = {0};
  SITE_SCOPE site = site_open(in->folder, false, &ignored);
  SESSION_SCOPE s = site && site->demo ? session_open(site, NULL, TX_READ, &ignored) : NULL;
  const char *text = s ? demo_signins_text(s, &ignored) : NULL;
  if (text) fputs(text, stdout);
}

/* A page asked for a restore: this very process is told by a signal that it waits for anyway. */
static void wake(void *self) {
  (void)self;
  kill(getpid(), SIGUSR2);
}

/* Everybody is told to wait meanwhile. False: the server cannot go on. */
static bool restore_now(const Invocation *in, Web *web, Server *server, Error *e) {
  ARENA_SCOPE a = arena_new();
  const char *path, *account;
  Restored done = {0};
  Error why = {0};
  if (!restoring_take(web->restoring, a, &path, &account)) return true;
  if (!restore_settled(in->folder, &why)) return restoring_end(web->restoring, false, 0, why.sentence), true;
  jobs_close(web->jobs);
  server_pause(server);
  jobs_stop(web->jobs, JOBS_PATIENCE_MS);
  jobs_free(web->jobs);
  bool well = site_restore_held(a, in->folder, path, account, &done, &why);
  web->jobs = jobs_new(in->folder, e);
  if (well) signins_close_all(web->signins, NULL);
  restoring_end(web->restoring, well, done.seq, why.sentence);
  if (!web->jobs || !server_resume(server, e)) return false;
  if (well) printf("按网页上的要求恢复到了记录链第%lld号，原来的数据库留在 %s。\n", (long long)done.seq, done.aside ? done.aside : "（没有）");
  else printf("没有恢复，原来的数据照旧：%s（%s）\n", why.sentence, why.cause);
  if (done.files.broken) printf("备份里有%zu份附件不完整，没有放回。\n", done.files.broken);
  fflush(stdout);
  return true;
}

/* Ctrl-C and a service's stop wait for the answers under way. False: it broke, with *e. */
static bool wait_for_stop(const Invocation *in, Web *web, Server *server, const sigset_t *signals, Error *e) {
  int number = 0;
  while (!sigwait(signals, &number) && number == SIGUSR2)
    if (!restore_now(in, web, server, e)) return false;
  return true;
}

static bool make_secure(Invocation *in, ServerSettings *settings, const char *const *addresses, size_t count, Error *e) {
  Certificate own;
  if (in->plain || in->proxy || is_loopback(settings->address)) return true;
  if (!certificate_ready(in->arena, in->folder, addresses, count, &own, e)) return false;
  settings->certificate = own.certificate, settings->key = own.key;
  printf("%s证书指纹（SHA-256，手机第一次打开时核对）：\n  %s\n", own.fresh ? "已做好本机证书。" : "", own.fingerprint);
  return true;
}

int command_serve(Invocation *in, Error *e) {
  ServerSettings settings = {.folder = in->folder, .log = stderr, .proxy = in->proxy};
  const char **addresses = NULL;
  if (!read_listen(in->arena, in->listen ? in->listen : "127.0.0.1:8420", &settings, e)) return EXIT_USAGE;
  int lock = site_lock(in->arena, in->folder, e); /* held until the process ends */
  if (lock < 0) return exit_for(e);
  size_t count = answers_at(in->arena, settings.address, &addresses);
  if (!make_secure(in, &settings, addresses, count, e)) return exit_for(e);
  Web web = {.operations = in->operations};
  if (!is_loopback(settings.address) && count)
    web.address = arena_print(in->arena, "%s://%s:%d", settings.certificate ? "https" : "http", addresses[0], settings.port);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGINT);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &stop, NULL); /* threads of the server inherit it */
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); /* no room is an answer, not an end */
  web.signins = signins_new();
  web.templates = templates_new();
  web.restoring = restoring_new(wake, NULL);
  web.jobs = jobs_new(in->folder, e);
  bool well = false;
  Server *server = web.jobs ? server_start(&web, &settings, e) : NULL;
  if (server) {
    tell_addresses(&settings, addresses, count, server_port(server));
    tell_demo(in);
    printf("按 Ctrl-C 停止。\n");
    fflush(stdout);
    well = wait_for_stop(in, &web, server, &stop, e);
    if (web.jobs) jobs_close(web.jobs);
    server_stop(server);
    size_t unfinished = web.jobs ? jobs_stop(web.jobs, JOBS_PATIENCE_MS) : 0;
    printf("已停止，未完成的请求都已答复。\n");
    if (unfinished) printf("有%zu件没有办完的事停下了，没有写入任何数据，启动后请再办。\n", unfinished);
  }
  jobs_free(web.jobs);
  restoring_free(web.restoring);
  templates_free(web.templates);
  signins_free(web.signins);
  return well ? EXIT_DONE : exit_for(e);
}

int command_page(Invocation *in, Error *e) {
  SITE_SCOPE site = site_open(in->folder, false, e);
  if (!site) return exit_for(e);
  Web web = {.operations = in->operations};
  char *path = arena_copy(in->arena, in->words[0]), *mark = strchr(path, '?');
  if (mark) *mark = '\0';
  WebRequest q = {.method = "GET", .path = path, .query = mark ? mark + 1 : "", .peer = "", .body = ""};
  WebResponse out = {.arena = in->arena};
  web_answer(&web, site, in->account ? in->account : "本机", &q, &out);
  bool written = write_output(in, text_get(&out.body), out.body.length, e);
  text_free(&out.body);
  if (!written) return exit_for(e);
  return out.status < 400 ? EXIT_DONE : out.status < 500 ? EXIT_FOUND : EXIT_FAILED;
}
