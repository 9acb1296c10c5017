/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The floor of the list page: the same library, threads and database, the list's two statements, and the bytes of a
 * page that was made before. What lies between this and the server is asking who it is, and writing the page.
 *   bare DATABASE PAGE THREADS
 * Prints its port, and ends when its input does. */
#include <microhttpd.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS_MOST = 4, PAGE_MOST = 1 << 20 };

typedef struct Reader {
  sqlite3 *db;
  sqlite3_stmt *rows, *count;
  bool taken;
} Reader;

typedef struct Bare {
  pthread_mutex_t lock;
  Reader readers[THREADS_MOST];
  char *page;
  size_t size;
} Bare;

static const char rows_sql[] = "SELECT t.* FROM l_meeting t WHERE t.area_id = 1 ORDER BY t.held_on DESC, t.id DESC LIMIT 50";
static const char count_sql[] = "SELECT n.state, COUNT(*) FROM (SELECT t.state AS state FROM l_meeting t WHERE t.area_id = 1 ORDER BY t.id LIMIT 10001) n "
                                "GROUP BY n.state";

static _Noreturn void give_up(const char *what) {
  fprintf(stderr, "bare: %s\n", what);
  exit(3);
}

static void read_all(sqlite3_stmt *st) {
  int rc;
  while ((rc = sqlite3_step(st)) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count(st); i++) sqlite3_column_text(st, i);
  if (rc != SQLITE_DONE) give_up("a statement failed");
  sqlite3_reset(st);
}

static enum MHD_Result answer(void *self, struct MHD_Connection *c, const char *url, const char *method, const char *version,
                              const char *data, size_t *size, void **state) {
  (void)url, (void)method, (void)version, (void)data, (void)size;
  Bare *b = self;
  if (!*state) return *state = b, MHD_YES;
  Reader *r = NULL;
  pthread_mutex_lock(&b->lock);
  for (int i = 0; !r; i++)
    if (!b->readers[i].taken) r = &b->readers[i];
  r->taken = true;
  pthread_mutex_unlock(&b->lock);
  sqlite3_exec(r->db, "BEGIN", NULL, NULL, NULL);
  read_all(r->rows);
  read_all(r->count);
  sqlite3_exec(r->db, "COMMIT", NULL, NULL, NULL);
  pthread_mutex_lock(&b->lock);
  r->taken = false;
  pthread_mutex_unlock(&b->lock);
  struct MHD_Response *out = MHD_create_response_from_buffer(b->size, b->page, MHD_RESPMEM_PERSISTENT);
  MHD_add_response_header(out, "Content-Type", "text/html; charset=utf-8");
  enum MHD_Result queued = MHD_queue_response(c, 200, out);
  MHD_destroy_response(out);
  return queued;
}

int main(int argc, char **argv) {
  if (argc != 4) return fputs("bare DATABASE PAGE THREADS\n", stderr), 2;
  Bare b = {.lock = PTHREAD_MUTEX_INITIALIZER, .page = malloc(PAGE_MOST)};
  FILE *f = fopen(argv[2], "rb");
  long threads = strtol(argv[3], NULL, 10);
  if (!f || !b.page || !(b.size = fread(b.page, 1, PAGE_MOST, f)) || threads < 1 || threads > THREADS_MOST) give_up("no page");
  fclose(f);
  for (long i = 0; i < threads; i++) {
    Reader *r = &b.readers[i];
    if (sqlite3_open_v2(argv[1], &r->db, SQLITE_OPEN_READWRITE, NULL) ||
        sqlite3_exec(r->db, "PRAGMA cache_size = -16384", NULL, NULL, NULL) || /* as much as the server has */
        sqlite3_prepare_v2(r->db, rows_sql, -1, &r->rows, NULL) ||
        sqlite3_prepare_v2(r->db, count_sql, -1, &r->count, NULL))
      give_up("no such table");
  }
  struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD, 0, NULL, NULL, answer, &b, MHD_OPTION_THREAD_POOL_SIZE,
                                          (unsigned)threads, MHD_OPTION_END);
  if (!d) give_up("no port");
  printf("%d\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
  fflush(stdout);
  while (getchar() != EOF) continue;
  MHD_stop_daemon(d);
  return 0;
}
