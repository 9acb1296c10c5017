/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What can be told of a journal in a moment, at every opening: is this its key, and does its end stand as it was
 * written? One revision is computed again, never a long one. The audit looks at everything else. */
#include "journal/chain.h"

enum { GLANCE_CHANGES = 200 }; /* some 3 ms */

typedef struct Glancing {
  Tx *tx;
  int64_t area;
  Seal *seal;
} Glancing;

typedef struct Known { bool found; RevisionHeader h; int64_t changes; Digest mac; } Known;

/* The texts of the header live as long as the statement. */
static Stmt *read_header(const Glancing *g, int64_t seq, Known *out, Error *e) {
  Stmt *st = stmt_open(g->tx, "SELECT " HEADER_COLUMNS " FROM revision WHERE area_id = $1 AND seq = $2",
                       (Value[]){value_int(g->area), value_int(seq)}, 2, e);
  *out = (Known){0};
  Step step = st ? stmt_step(st, e) : STEP_FAILED;
  if (step == STEP_ROW) {
    out->found = true;
    header_from(st, &out->h, &out->changes, &out->mac);
  }
  if (step != STEP_FAILED) return st;
  stmt_close(st);
  return NULL;
}

/* Whether revision `seq` is what was written, under this key, after the revision before it. */
static bool verify(const Glancing *g, int64_t seq, bool *fits, Error *e) {
  Known before, now;
  STMT_SCOPE previous = read_header(g, seq - 1, &before, e);
  STMT_SCOPE header = previous ? read_header(g, seq, &now, e) : NULL;
  *fits = false;
  if (!header) return false;
  if (!now.found || (seq > 1 && !before.found)) return true;
  STMT_SCOPE st = stmt_open(g->tx, "SELECT " CHANGE_COLUMNS " FROM change WHERE area_id = $1 AND seq = $2 ORDER BY seq, n LIMIT $3",
                            (Value[]){value_int(g->area), value_int(seq), value_int(now.changes + 1)}, 3, e);
  if (!st) return false;
  chain_open(g->seal, &before.mac, g->area, &now.h);
  Step step;
  while ((step = stmt_step(st, e)) == STEP_ROW) {
    Change change;
    change_from(st, &change);
    chain_change(g->seal, &change);
  }
  Digest made;
  if (step == STEP_FAILED || !chain_close(g->seal, now.changes, &made, e)) return false;
  *fits = digest_equal(&made, &now.mac);
  return true;
}

/* Whether the head names the newest revision, and whether that is short enough to be computed. */
static bool look_at_end(const Glancing *g, const Head *head, bool *agrees, bool *is_short, Error *e) {
  Known last;
  int64_t newest = 0;
  STMT_SCOPE st = read_header(g, head->seq, &last, e);
  if (!st || !tx_int(g->tx, "SELECT max(seq) FROM revision WHERE area_id = $1", (Value[]){value_int(g->area)}, 1, &newest,
                     NULL, e))
    return false;
  *agrees = newest == head->seq && last.found && digest_equal(&last.mac, &head->mac);
  *is_short = last.found && last.changes <= GLANCE_CHANGES;
  return true;
}

bool journal_glance(Tx *tx, int64_t area, const JournalKey *key, Glance *out, Error *e) {
  Head head;
  *out = GLANCE_END;
  if (!head_read(tx, area, &head, e)) return false;
  if (!head.found) return true;
  bool agrees, is_short, fits = false;
  SEAL_SCOPE seal = seal_new(key->at, e);
  Glancing g = {.tx = tx, .area = area, .seal = seal};
  if (!seal || !look_at_end(&g, &head, &agrees, &is_short, e) || (is_short && !verify(&g, head.seq, &fits, e))) return false;
  if (fits) *out = agrees ? GLANCE_SOUND : GLANCE_END;
  if (fits) return true;
  if (!verify(&g, 1, &fits, e)) return false;
  *out = !fits ? GLANCE_KEY : !is_short && agrees ? GLANCE_SOUND : GLANCE_END;
  return true;
}
