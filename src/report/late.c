/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 补录另列: the evidence of today held against the evidence of the freeze, row by row. A row is as it was when
 * its hash, its contribution and whether it counts are as they were; whatever differs is listed, and the
 * journal says which revision did it. */
#include "report/frozen.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/names.h"
#include "report/proof.h"

typedef struct Comparing {
  Session *session;
  const Frozen *frozen;
  const Measure *measure;
  const Relation *record; /* of the measure's rows */
  FrozenChange *change;
  size_t room;
} Comparing;

const char *late_words(LateKind k) {
  static const char *const words[] = {"补录", "后来计入", "改动", "不再计入"};
  return words[k];
}

static bool open_salt(Session *s, const Frozen *f, Salt *out, Error *e) {
  const Relation *r = catalogue_core(s->catalogue, "frozen");
  const Column *column = relation_column(r, "salt");
  const char *plain = NULL;
  bool erased = false;
  STMT_SCOPE st = stmt_open(s->tx, row_select_sql(s->arena, r, "id = $2"), (Value[]){value_int(s->area), value_int(f->id)}, 2, e);
  if (!st) return false;
  if (stmt_step(st, e) != STEP_ROW) return e->kind ? false : fail(e, ERROR_MISSING, "没有这份定稿，请核对。");
  Row row = row_from(s->arena, r, st, 0);
  if (!keyring_open_cell(s->site->keyring, s->arena, s->area, r, f->id, column, *row_at(row, "salt"), &plain, &erased, e))
    return false;
  if (erased || !plain || !hex_read(plain, out->at, SEAL_SIZE))
    return fail(e, ERROR_BROKEN, "这份定稿的密钥不在了，不能比对此后的变化，请用 luoshi doctor 检查。");
  return true;
}

/* ---- what the journal says of a row ---- */

typedef struct Touch {
  int64_t seq;
  const char *at, *account, *operation;
} Touch;

static bool newest_touch(Comparing *c, const Relation *r, int64_t id, Touch *out, Error *e) {
  Session *s = c->session;
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT r.seq, r.at, r.actor, r.op FROM change c JOIN revision r ON r.area_id = c.area_id AND"
                            " r.seq = c.seq WHERE c.area_id = $1 AND c.relation = $2 AND c.row_id = $3 AND c.seq > $4"
                            " ORDER BY c.seq DESC, c.n DESC LIMIT 1",
                            (Value[]){value_int(s->area), value_text(r->name), value_int(id), value_int(c->frozen->revision)},
                            4, e);
  if (!st) return false;
  Step step = stmt_step(st, e);
  if (step == STEP_FAILED) return false;
  if (step == STEP_ROW && stmt_int(st, 0) > out->seq)
    *out = (Touch){.seq = stmt_int(st, 0),
                   .at = arena_copy(s->arena, stmt_text(st, 1)),
                   .account = arena_copy(s->arena, stmt_text(st, 2)),
                   .operation = arena_copy(s->arena, stmt_text(st, 3))};
  return true;
}

/* Whether the row was there at the freeze. */
static bool was_there(Comparing *c, const Relation *r, int64_t id, bool *there, Error *e) {
  int64_t first = 0;
  Session *s = c->session;
  bool ok = tx_int(s->tx, "SELECT COALESCE(MIN(seq), 0) FROM change WHERE area_id = $1 AND relation = $2 AND row_id = $3",
                   (Value[]){value_int(s->area), value_text(r->name), value_int(id)}, 3, &first, NULL, e);
  *there = first && first <= c->frozen->revision;
  return ok;
}

/* The row as it is, or as it last was; its values are null when nothing is known of it. */
static bool last_row(Comparing *c, const Relation *r, int64_t id, Row *out, Error *e) {
  Session *s = c->session;
  *out = row_new(s->arena, r);
  STMT_SCOPE st = stmt_open(s->tx,
                            "SELECT body FROM change WHERE area_id = $1 AND relation = $2 AND row_id = $3 AND body <> ''"
                            " ORDER BY seq DESC, n DESC LIMIT 1",
                            (Value[]){value_int(s->area), value_text(r->name), value_int(id)}, 3, e);
  if (!st) return false;
  Step step = stmt_step(st, e);
  if (step == STEP_FAILED) return false;
  if (step == STEP_DONE) return true;
  const char *body = stmt_text(st, 0);
  return row_read(s->arena, r, id, body, strlen(body), out, e);
}

/* What the row names: a person's birthday decides an age. */
static bool touch_named(Comparing *c, Row row, Touch *touch, Error *e) {
  for (size_t i = 0; i < row.relation->column_count; i++) {
    const Column *column = &row.relation->columns[i];
    if (column->type != TYPE_REF || row.v[i].null || !column->ref) continue;
    if (!newest_touch(c, column->ref, row.v[i].i, touch, e)) return false;
  }
  return true;
}

/* ---- words ---- */

static const char *scaled_text(Arena *a, int64_t amount, int scale) {
  NumberText text;
  return arena_copy(a, decimal_text(decimal_trim((Decimal){.mantissa = amount, .scale = scale}), text));
}

static int amount_scale(const Measure *m) {
  return (m->fold == FOLD_SUM || m->fold == FOLD_MEAN) && m->value.column && !m->value.age ? m->value.column->scale : 0;
}

static const char *key_words(Comparing *c, const ProofRow *p, Date at) {
  const Measure *m = c->measure;
  const Column *column = m->keys[0].column;
  bool simple = m->key_count == 1 && column && column->type == TYPE_REF && column->ref;
  return simple ? names_of(c->session, column->ref, strtoll(p->contribution, NULL, 10), at) : "计入";
}

/* What a row contributed when it was frozen, in the words in which rows show it today. */
static const char *frozen_words(Comparing *c, const ProofRow *p, int64_t holder, Date at) {
  const Measure *m = c->measure;
  Session *s = c->session;
  if (p->undetermined) return "待补信息";
  const Column *private = m->fold == FOLD_DISTINCT ? m->keys[0].column : m->value.column;
  if (m->fold != FOLD_COUNT && m->fold != FOLD_SHARE && private && gate_masked(s, private, holder)) return "无权查看";
  if (m->fold == FOLD_DISTINCT) return key_words(c, p, at);
  const char *amount = strrchr(p->contribution, '=');
  return scaled_text(s->arena, strtoll(amount ? amount + 1 : p->contribution, NULL, 10), amount_scale(m));
}

/* The day of an instant where the machine stands; a clock that is set stands at no place. */
static const char *day_of(Session *s, const char *instant) {
  struct tm t = {0};
  DateText text;
  if (!instant || !strptime(instant, "%Y-%m-%dT%H:%M:%S", &t)) return "";
  if (!s->site->clock.fixed) {
    time_t at = timegm(&t);
    localtime_r(&at, &t);
  }
  return arena_copy(s->arena, date_chinese(date_make(t.tm_year + 1900, t.tm_mon + 1, t.tm_mday), text));
}

/* ---- one row that differs ---- */

static void describe(Comparing *c, Row record, Late *late) {
  Session *s = c->session;
  const Relation *r = c->record;
  int64_t org = r->org >= 0 && !record.v[r->org].null ? record.v[r->org].i : 0;
  bool readable = may(s, MAY_READ, org);
  late->date = r->date >= 0 && !record.v[r->date].null ? (Date)record.v[r->date].i : 0;
  late->org = org ? org_name(s->tree, org, late->date ? late->date : s->today) : "";
  late->title = "";
  if (readable && r->title >= 0) late->title = gate_show(s, record, &r->columns[r->title], org, false);
  bool voided = r->state >= 0 && !record.v[r->state].null && !strcmp(record.v[r->state].s, STATE_VOID);
  const Value *reason = voided && readable ? row_at(record, "void_reason") : NULL;
  if (reason && !reason->null) late->reason = reason->s;
}

static LateKind kind_of(const ProofRow *then, const ProofRow *now, bool there) {
  if (!now) return LATE_LEFT;
  if (!then) return there ? LATE_COUNTED : LATE_CAME;
  if (then->undetermined && !now->undetermined) return LATE_COUNTED;
  return LATE_CHANGED;
}

static bool add_late(Comparing *c, const ProofRow *then, const ProofRow *now, Error *e) {
  Session *s = c->session;
  const ProofRow *any = now ? now : then;
  const Relation *r = c->measure->rows;
  Touch touch = {0};
  Row row, record;
  bool there = false;
  if (!newest_touch(c, r, any->id, &touch, e) || !last_row(c, r, any->id, &row, e) || !was_there(c, r, any->id, &there, e))
    return false;
  record = row;
  if (r->parent && (!newest_touch(c, r->parent, any->record, &touch, e) || !last_row(c, r->parent, any->record, &record, e)))
    return false;
  if (!touch.seq && (!touch_named(c, row, &touch, e) || !touch_named(c, record, &touch, e))) return false;
  Late *late = PUSH(s->arena, c->change->late, c->change->late_count, c->room);
  *late = (Late){.kind = kind_of(then, now, there),
                 .relation = r,
                 .id = any->id,
                 .record = any->record,
                 .before = "",
                 .after = "",
                 .revision = touch.seq,
                 .at = touch.at ? touch.at : "",
                 .day = day_of(s, touch.at),
                 .account = touch.account ? touch.account : "",
                 .operation = touch.operation ? touch.operation : ""};
  describe(c, record, late);
  int64_t holder = c->record->org >= 0 && !record.v[c->record->org].null ? record.v[c->record->org].i : 0;
  if (then) late->before = frozen_words(c, then, holder, late->date ? late->date : s->today);
  if (now) late->after = now->undetermined ? "待补信息" : now->shown;
  if (then && now && !strcmp(then->contribution, now->contribution) && then->undetermined == now->undetermined)
    late->before = late->after;
  return true;
}

/* ---- the two lists ---- */

static int by_id(const void *a, const void *b) {
  int64_t x = ((const ProofRow *)a)->id, y = ((const ProofRow *)b)->id;
  return x < y ? -1 : x > y;
}

static bool as_it_was(const ProofRow *then, const ProofRow *now) {
  return then->undetermined == now->undetermined && then->total == now->total && !strcmp(then->hash, now->hash) &&
         !strcmp(then->contribution, now->contribution);
}

static bool hold_against(Comparing *c, Proofs *then, Proofs *now, Error *e) {
  if (then->count) qsort(then->at, then->count, sizeof *then->at, by_id);
  if (now->count) qsort(now->at, now->count, sizeof *now->at, by_id);
  for (size_t i = 0, k = 0; i < then->count || k < now->count;) {
    const ProofRow *t = i < then->count ? &then->at[i] : NULL, *n = k < now->count ? &now->at[k] : NULL;
    if (t && n && t->id != n->id) *(t->id < n->id ? &n : &t) = NULL;
    if (!(t && n && as_it_was(t, n)) && !add_late(c, t, n, e)) return false;
    if (t) i++;
    if (n) k++;
  }
  return true;
}

static int by_revision(const void *a, const void *b) {
  const Late *x = a, *y = b;
  if (x->revision != y->revision) return x->revision < y->revision ? -1 : 1;
  return x->id < y->id ? -1 : x->id > y->id;
}

static bool compare_figure(Session *s, const Frozen *f, const Salt *salt, const FrozenFigure *g, FrozenChange *out, Error *e) {
  *out = (FrozenChange){.figure = g, .text = ""};
  if (!g->measure) return true;
  FigureAsk ask = {.measure = g->measure, .org = f->org, .period = f->period, .reporter = f->reporter ? f->reporter : -1};
  Proofs then, now;
  if (!figure_value(s, ask, &out->today, e) || !proof_read(s->arena, g->evidence, &then, e) ||
      !proof_collect(s, ask, salt, &now, e))
    return false;
  out->text = figure_text(s->arena, g->measure, &out->today);
  out->same = out->today.null == g->value.null && (out->today.null || !ratio_compare(out->today.exact, g->value.exact));
  Comparing c = {.session = s, .frozen = f, .measure = g->measure, .change = out};
  c.record = g->measure->rows->parent ? g->measure->rows->parent : g->measure->rows;
  if (!hold_against(&c, &then, &now, e)) return false;
  if (out->late_count) qsort(out->late, out->late_count, sizeof *out->late, by_revision);
  return true;
}

bool frozen_compare(Session *s, const Frozen *f, FrozenChange **out, size_t *count, Error *e) {
  Salt salt;
  *out = NEW_ARRAY(s->arena, FrozenChange, f->figure_count + 1);
  *count = 0;
  if (!gate_figure(s, f->org, e) || !open_salt(s, f, &salt, e)) return false;
  for (size_t i = 0; i < f->figure_count; i++)
    if (f->figures[i].first == i && !compare_figure(s, f, &salt, &f->figures[i], &(*out)[(*count)++], e)) return false;
  return true;
}
