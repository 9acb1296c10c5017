/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * `luoshi serve` and `luoshi page`: the same pages, on the network and on standard output. */
#include "cli/command.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "web/server.h"

/* 127.0.0.1:8420 → address and port. */
static bool read_listen(Arena *a, const char *listen, ServerSettings *out, Error *e) {
  const char *colon = strrchr(listen, ':');
  char *end = NULL;
  long port = colon ? strtol(colon + 1, &end, 10) : -1;
  if (!colon || !end || *end || port < 0 || port > 65535)
    return fail(e, ERROR_INVALID, "监听地址“%s”不对，请写成127.0.0.1:8420这样。", listen);
  out->address = arena_slice(a, listen, (size_t)(colon - listen));
  out->port = (int)port;
  return true;
}

int command_serve(Invocation *in, Error *e) {
  ServerSettings settings = {.folder = in->folder, .log = stderr};
  Web web = {.operations = in->operations};
  if (!read_listen(in->arena, in->listen ? in->listen : "127.0.0.1:8420", &settings, e)) return EXIT_USAGE;
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGINT);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, NULL); /* threads of the server inherit it */
  signal(SIGPIPE, SIG_IGN);
  web.signins = signins_new();
  Server *server = server_start(&web, &settings, e);
  if (!server) {
    signins_free(web.signins);
    return exit_for(e);
  }
  printf("落实已启动：http://%s:%d\n", settings.address, server_port(server));
  fflush(stdout);
  int signal_number = 0;
  sigwait(&stop, &signal_number);
  server_stop(server);
  signins_free(web.signins);
  printf("已停止，未完成的请求都已答复。\n");
  return EXIT_DONE;
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
