/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * libmicrohttpd in front of web_answer. A few threads, each with its own opened site; limits on headers,
 * bodies, connections and time before anything is looked at; a stop lets answers under way finish. */
#ifndef LUOSHI_WEB_SERVER_H
#define LUOSHI_WEB_SERVER_H

#include "web/web.h"

typedef struct ServerSettings {
  const char *folder;       /* the site's */
  const char *address;      /* 127.0.0.1 */
  int port;                 /* 0: any free one */
  const char *certificate;  /* PEM texts; NULL: no TLS */
  const char *key;
  bool proxy;               /* a proxy in front does TLS: cookies as over TLS, the peer from X-Forwarded-For */
  int threads;              /* 0: as many as processors, at most 4 */
  FILE *log;                /* access log: no names, no addresses of pages with ids; NULL: none */
} ServerSettings;

typedef struct Server Server;
Server *server_start(const Web *web, const ServerSettings *settings, Error *e);
int server_port(const Server *s);
/* Answers under way are finished, whoever asks then is told to wait, the sites are closed: the data may be exchanged. */
void server_pause(Server *s);
/* Opens the sites anew and answers again; false: still paused. */
bool server_resume(Server *s, Error *e);
void server_stop(Server *s); /* answers under way are finished */

#endif
