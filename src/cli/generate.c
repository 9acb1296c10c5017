/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Blocks of the generator's language (generate.h): which records are made, in which order, and into which
 * revisions. After a block names and tree are read again, so that the next sees what it made. A transaction
 * holds a bounded number of records, so that memory does not grow with size. */
#include "cli/generate.h"

#include <string.h>

#include "access/names.h"
#include "cli/generate_block.h"
#include "cli/generate_value.h"

enum { ACROSS = 2000, BATCH = 500, COLUMNS_MOST = 64, DEEP = 4 };

/* ---- how often ---- */

/* How many of this block in a varied filling; -1: as declared. */
static bool vary_plan(Maker *m, const Node *block, int64_t *wanted) {
  const Node *vary = node_key(block, "vary");
  int64_t low, high;
  *wanted = -1;
  if (!vary) return true;
  bool pair = vary->kind == NODE_LIST && vary->count == 2;
  if (!pair) return wrong(m, vary, "vary 应是[最少, 最多]。");
  if (!node_number(m, &vary->at[0], 0, &low) || !node_number(m, &vary->at[1], 0, &high)) return false;
  if (low < 0 || high < low || high > 100000000) return wrong(m, vary, "vary 应从小到大，不小于0。");
  const Node *rows = node_key(block, "rows");
  if (rows && high > (int64_t)rows->count)
    return wrong(m, vary, "vary 最多%zu，rows 只有这么多行。", (size_t)rows->count);
  if (m->g->varied) *wanted = random_between(m, low, high);
  return true;
}

static bool sample(Maker *m, const Node *take, int64_t wanted, Items *items) {
  if (wanted < 0) {
    if (!take) return true;
    if (!node_number(m, take, 0, &wanted)) return false;
    if (wanted < 0) return wrong(m, take, "take 应不小于0。");
  }
  /* Selection sampling keeps the order of the rest. */
  size_t left = items->count, need = (size_t)wanted < left ? (size_t)wanted : left, kept = 0;
  for (size_t i = 0; i < items->count && need; i++, left--)
    if (random_below(m, left) < need) items->at[kept++] = items->at[i], need--;
  items->count = kept;
  return true;
}

static bool gather(Maker *m, const Making *w, const Node *block, int64_t wanted, Items *out) {
  const Node *each = node_key(block, "each"), *in = node_key(block, "in");
  const Relation *ref;
  int64_t org = 0;
  const Items *all = items_of(m, each, &ref);
  if (!all || (in && !value_org(m, w, in, &org))) return false;
  *out = (Items){0};
  for (size_t i = 0; i < all->count; i++)
    if (item_fits(m, &all->at[i], w->at, org)) *PUSH(m->s->arena, out->at, out->count, out->room) = all->at[i];
  return sample(m, node_key(block, "take"), wanted, out);
}

bool turns_plan(Maker *m, const Making *w, const Node *block, Turns *t) {
  static const char *const keys[] = {"make", "each", "take",  "in",   "count", "columns",
                                     "rows", "with", "lines", "then", "batch", "vary"};
  int64_t count, varied;
  *t = (Turns){.block = block, .columns = node_key(block, "columns"), .rows = node_key(block, "rows")};
  if (block->kind != NODE_MAP) return wrong(m, block, "这里应是一组“键: 值”。");
  for (size_t i = 0; i < block->count; i++) {
    size_t k = 0, known = sizeof keys / sizeof *keys;
    while (k < known && strcmp(keys[k], block->at[i].key) != 0) k++;
    if (k < known) continue;
    const char *near = nearest(block->at[i].key, keys, known);
    return wrong(m, &block->at[i], "没有“%s”这个键%s%s%s。", block->at[i].key, near ? "，是不是“" : "",
                 near ? near : "", near ? "”？" : "");
  }
  if (!vary_plan(m, block, &varied)) return false;
  if (t->rows) {
    bool listed =
        t->rows->kind == NODE_LIST && t->columns && t->columns->kind == NODE_LIST && t->columns->count <= COLUMNS_MOST;
    if (!listed) return wrong(m, block, "rows 要同 columns 一起写，都是列表。");
    return t->count = varied < 0 ? t->rows->count : (size_t)varied, true;
  }
  if (!node_number(m, node_key(block, "count"), 1, &count)) return false;
  if (count < 0 || count > 100000000) return wrong(m, block, "count 超出范围。");
  if (node_key(block, "each")) {
    if (!gather(m, w, block, varied, &t->items)) return false;
    t->per = (size_t)count;
    return t->count = t->per * t->items.count, true;
  }
  return t->count = (size_t)(varied < 0 ? count : varied), true;
}

void turns_keep(Maker *m, Turns *t) {
  Items kept = {.at = NEW_ARRAY(m->block, Item, t->items.count + 1), .count = t->items.count};
  if (kept.count) memcpy(kept.at, t->items.at, sizeof(Item) * kept.count);
  t->items = kept;
}

/* ---- one row ---- */

static Value *cell_at(Maker *m, Row row, const Node *node, const char *name, const Column **c) {
  *c = relation_column(row.relation, name);
  if (*c) return &row.v[*c - row.relation->columns];
  const char *names[128];
  size_t count = 0;
  for (size_t i = 0; i < row.relation->column_count && count < 128; i++) names[count++] = row.relation->columns[i].name;
  const char *near = nearest(name, names, count);
  wrong(m, node, "%s没有“%s”这一项%s%s%s。", row.relation->label, name, near ? "，是不是“" : "", near ? near : "",
        near ? "”？" : "");
  return NULL;
}

static bool put_cell(Maker *m, Making *w, const char *name, const Node *x) {
  const Column *c;
  Value *cell = cell_at(m, w->row, x, name, &c);
  w->setting = c;
  const Node *varied = node_key(x, "varied");
  if (cell && varied && !m->g->varied) return true;
  if (!cell || !value_make(m, w, varied ? varied : x, c, cell)) return false;
  w->setting = NULL;
  const Relation *r = w->row.relation;
  if (!r->parent && r->date >= 0 && c == &r->columns[r->date] && !cell->null) w->at = (Date)cell->i;
  return true;
}

/* "x y -": each part is a value of its own. */
static bool put_parts(Maker *m, Making *w, const Turns *t, const Node *line) {
  if (line->kind == NODE_MAP) {
    for (size_t i = 0; i < line->count; i++)
      if (!put_cell(m, w, line->at[i].key, &line->at[i])) return false;
    return true;
  }
  if (line->kind != NODE_TEXT) return wrong(m, line, "一行应是用空格分开的文字，或“键: 值”。");
  char *copy = arena_copy(m->s->arena, line->text), *rest = NULL;
  size_t i = 0;
  for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest), i++) {
    if (i >= t->columns->count) return wrong(m, line, "这一行比 columns 多。");
    Node one = {.kind = NODE_TEXT, .text = strcmp(word, "-") ? word : "~", .line = line->line};
    if (t->columns->at[i].kind != NODE_TEXT || !put_cell(m, w, t->columns->at[i].text, &one)) return false;
  }
  return i == t->columns->count || wrong(m, line, "这一行比 columns 少，没有的写 -。");
}

bool turn_row(Maker *m, Turns *t, size_t i, Making *w) {
  bool alone = w->above && t->count == 1 && !t->items.count && !t->rows;
  w->n = alone ? w->above->n : i + 1;
  w->of = t->count;
  if (t->items.count) w->each = &t->items.at[i / t->per];
  if (t->rows && !put_parts(m, w, t, &t->rows->at[i])) return false;
  const Node *with = node_key(t->block, "with");
  for (size_t k = 0; with && k < with->count; k++)
    if (!put_cell(m, w, with->at[k].key, &with->at[k])) return false;
  return true;
}

/* ---- one record ---- */

static const Relation *line_named(Maker *m, const Relation *r, const Node *node) {
  for (size_t i = 0; i < r->line_count; i++)
    if (!strcmp(r->lines[i]->own_name, node->key)) return r->lines[i];
  wrong(m, node, "%s没有明细“%s”。", r->label, node->key);
  return NULL;
}

static bool make_lines(Maker *m, Record *record, const Making *w, const Node *lines) {
  for (size_t k = 0; lines && k < lines->count; k++) {
    const Relation *line = line_named(m, record->relation, &lines->at[k]);
    if (!line) return false;
    const Node *list = &lines->at[k];
    if (list->kind != NODE_LIST) return wrong(m, list, "明细应是一列块。");
    for (size_t b = 0; b < list->count; b++) {
      Turns t;
      if (!turns_plan(m, w, &list->at[b], &t)) return false;
      for (size_t i = 0; i < t.count; i++) {
        Making one = {.above = w, .row = record_add_line(m->s, record, line), .at = w->at};
        if (!turn_row(m, &t, i, &one)) return false;
        m->done->lines++;
      }
    }
  }
  return true;
}

bool record_make(Maker *m, Turns *t, size_t i, const Relation *r, const Making *above, Making *w, Record *record) {
  *record = record_new(m->s, r);
  *w = (Making){.above = above, .row = record->row, .at = above ? above->at : 0};
  for (size_t k = 0; r->state >= 0 && k < r->state_count; k++)
    if (r->states[k].counts) {
      record->row.v[r->state] = value_text(r->states[k].name);
      break;
    }
  if (!turn_row(m, t, i, w) || !make_lines(m, record, w, node_key(t->block, "lines"))) return false;
  m->done->records++;
  const char *where = arena_print(m->issues->arena, "%s:%d 第%zu条", node_file(m, t->block), t->block->line, i + 1);
  return record_check(m->s, NULL, record, where, m->issues);
}

const Relation *block_relation(Maker *m, const Node *block) {
  const Node *make = node_key(block, "make");
  Error e = {0};
  if (!make || make->kind != NODE_TEXT) return wrong(m, block, "缺 make，请写明生成哪种记录。"), NULL;
  const Relation *r = catalogue_relation(m->s->catalogue, make->text, &e);
  if (!r) return wrong(m, make, "%s", e.sentence), NULL;
  if (r->parent) return wrong(m, make, "“%s”是明细，请写在所属记录的 lines 里。", r->label), NULL;
  return r;
}

/* ---- into the site ---- */

static bool fill_block(Maker *m, const Node *block, const Making *above, int depth, Error *e);

static bool fill_record(Maker *m, Turns *t, size_t i, const Relation *r, const Making *above, int depth, Error *e) {
  Making w;
  Record record;
  if (!record_make(m, t, i, r, above, &w, &record) || !record_put(m->d, NULL, &record, e)) return false;
  if (!strcmp(r->name, "org")) m->d->tree_changed = true;
  const Node *then = node_key(t->block, "then");
  for (size_t k = 0; then && k < then->count; k++)
    if (!fill_block(m, &then->at[k], &w, depth + 1, e)) return false;
  return true;
}

/* A block of `then`: within the revision of what it follows. */
static bool fill_block(Maker *m, const Node *block, const Making *above, int depth, Error *e) {
  Turns t;
  if (depth > DEEP) return wrong(m, block, "then 套得太深，最多%d层。", DEEP);
  const Relation *r = block_relation(m, block);
  if (!r || !turns_plan(m, above, block, &t)) return false;
  for (size_t i = 0; i < t.count; i++)
    if (!fill_record(m, &t, i, r, above, depth, e)) return false;
  return true;
}

static bool one_revision(Maker *m, Turns *t, size_t from, size_t to, const Relation *r, size_t number, Error *e) {
  Session *s = m->s;
  InstantText now;
  bool found = false;
  int64_t seq = 0;
  RevisionHeader header = {.at = clock_now(&s->site->clock, now),
                           .actor = s->actor.account,
                           .op = "demo.fill",
                           .request_id = arena_print(s->arena, "fill-%s-%zu-%zu", r->name, number, from)};
  REVISION_SCOPE revision = revision_begin(s->arena, s->tx, s->area, &s->site->key, header, &found, &seq, e);
  if (!revision) return false;
  if (found) return fail(e, ERROR_CONFLICT, "这个站点已经生成过，请换一个空站点。");
  Doing d = {.session = s, .revision = revision, .issues = m->issues};
  m->d = &d;
  bool made = true;
  for (size_t i = from; made && i < to; i++) made = fill_record(m, t, i, r, NULL, 0, e);
  m->d = NULL;
  if (!made) return false;
  if (!revision_flush(revision, e)) return false;
  if (d.tree_changed) {
    OrgTree *tree = org_tree_load(s->arena, s->tx, s->catalogue, s->area, e);
    if (!tree || !org_spans_rebuild(s->tx, tree, s->area, e)) return false;
    s->tree = tree;
  }
  m->done->revisions++;
  return revision_end(revision, &seq, e) && keyring_flush(s->site->keyring, e);
}

/* ---- sessions: one serves several blocks, until it holds ACROSS records ---- */

static bool open_session(Maker *m, Site *site, Error *e) {
  if (!m->s) m->s = session_open(site, NULL, TX_WRITE, e);
  return m->s != NULL;
}

static bool commit_session(Maker *m, Error *e) {
  if (!m->s) return true;
  Tx *tx = m->s->tx;
  m->s->tx = NULL;
  bool done = tx_commit(tx, e);
  session_close(m->s);
  m->s = NULL;
  m->together = 0;
  return done;
}

static bool fill_some(Maker *m, Site *site, const Node *block, size_t number, Turns *t, size_t *next, Error *e) {
  int64_t batch;
  if (!open_session(m, site, e)) return false;
  const Relation *r = block_relation(m, block);
  if (!r || !node_number(m, node_key(block, "batch"), BATCH, &batch)) return false;
  if (batch < 1) return wrong(m, block, "batch 应大于0。");
  if (!*next) {
    if (!turns_plan(m, &(Making){0}, block, t)) return false;
    turns_keep(m, t);
  }
  while (*next < t->count && m->together < ACROSS) {
    size_t from = *next;
    *next = from + (size_t)batch < t->count ? from + (size_t)batch : t->count;
    m->together += *next - from;
    if (!one_revision(m, t, from, *next, r, number, e)) return false;
  }
  return m->together < ACROSS || commit_session(m, e);
}

static bool fill_one(Maker *m, Site *site, const Node *block, size_t number, void *context, Error *e) {
  (void)context;
  Turns t = {0};
  size_t next = 0;
  do {
    if (!fill_some(m, site, block, number, &t, &next, e)) return false;
  } while (next < t.count);
  if (m->s) names_forget(m->s);
  return true;
}

/* A part's blocks draw from its name and their place in it, so that parts do not move one another's rows. */
static uint64_t block_seed(const Generation *g, const Part *part, size_t index) {
  uint64_t seed = ((uint64_t)g->seed << 20) ^ ((uint64_t)(index + 1) * 0x9e3779b97f4a7c15u) ^ part->salt;
  return g->varied ? seed ^ ((uint64_t)(g->vary + 1) * 0xd1342543de82ef95u) : seed;
}

static bool run_block(Maker *m, Site *site, size_t index, size_t number, BlockRun *run, void *context, Error *e) {
  const Part *part = &m->g->parts[m->part];
  ARENA_SCOPE block = arena_new();
  m->block = block;
  m->pools = NULL;
  m->decks = NULL;
  m->random = block_seed(m->g, part, index);
  bool done = run(m, site, &part->blocks->at[index], number, context, e);
  return m->issues->count ? issues_fail(m->issues, e, "") : done;
}

static const char *nth_word(Arena *a, const char *text, size_t n) {
  char *rest = NULL, *word = strtok_r(arena_copy(a, text), " ", &rest);
  while (word && n--) word = strtok_r(NULL, " ", &rest);
  return word;
}

/* Names written anywhere in the declaration are drawn nowhere by `unique`: a later block may go by them. */
static void keep_titles(Maker *m, const Site *site, const Node *block) {
  const Node *make = node_key(block, "make"), *columns = node_key(block, "columns"), *rows = node_key(block, "rows");
  const Relation *r = make && make->kind == NODE_TEXT ? catalogue_find(site->catalogue, make->text) : NULL;
  if (!r || r->title < 0 || !columns || !rows) return;
  for (size_t c = 0; c < columns->count; c++) {
    const Node *name = &columns->at[c];
    if (name->kind != NODE_TEXT || strcmp(name->text, r->columns[r->title].name) != 0) continue;
    for (size_t i = 0; i < rows->count; i++) {
      const char *word = rows->at[i].kind == NODE_TEXT ? nth_word(m->keep, rows->at[i].text, c) : NULL;
      if (word) value_remember(m, word);
    }
  }
}

bool blocks_run(Maker *m, Site *site, BlockRun *run, void *context, Error *e) {
  size_t number = 0;
  for (size_t p = 0; p < m->g->part_count; p++)
    for (size_t i = 0; m->g->parts[p].blocks && i < m->g->parts[p].blocks->count; i++)
      keep_titles(m, site, &m->g->parts[p].blocks->at[i]);
  for (m->part = 0; m->part < m->g->part_count; m->part++) {
    const Node *blocks = m->g->parts[m->part].blocks;
    for (size_t i = 0; blocks && i < blocks->count; i++)
      if (!run_block(m, site, i, number++, run, context, e)) return false;
  }
  return true;
}

bool generation_fill(Site *site, const Generation *g, int64_t size, Generated *out, Issues *issues, Error *e) {
  ARENA_SCOPE keep = arena_new();
  *out = (Generated){0};
  Maker m = {.g = g, .keep = keep, .issues = issues, .size = size, .done = out};
  bool done = blocks_run(&m, site, fill_one, NULL, e) && commit_session(&m, e);
  session_close(m.s);
  return done;
}
