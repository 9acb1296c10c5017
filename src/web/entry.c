/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The thing between a form and a record (entry.h): its shape, and what was sent. */
#include "web/entry.h"

#include <stdlib.h>
#include <string.h>

static bool is_person(const Column *c) { return c->type == TYPE_REF && c->ref && !strcmp(c->ref->name, "person"); }

/* Lines that name persons each in a way are a list to tick. */
static void find_roles(EntryLines *lines) {
  const Relation *r = lines->relation;
  for (size_t i = 0; i < r->column_count; i++) {
    const Column *c = &r->columns[i];
    if (c->system || c->retired || !c->required) continue;
    if (!lines->person && is_person(c)) lines->person = c;
    else if (!lines->way && c->type == TYPE_CHOICE && c->codes && c->fallback) lines->way = c;
  }
  if (!lines->person || !lines->way) lines->person = lines->way = NULL;
}

Entry *entry_new(Page *p, const Relation *r) {
  Entry *n = NEW(p->arena, Entry);
  *n = (Entry){.page = p, .relation = r, .cells = NEW_ARRAY(p->arena, const char *, r->column_count),
               .lines = NEW_ARRAY(p->arena, EntryLines, r->line_count + 1), .unfit = {.arena = p->arena}};
  for (size_t i = 0; i < r->line_count; i++) {
    n->lines[i] = (EntryLines){.relation = r->lines[i], .found = {.arena = p->arena}};
    find_roles(&n->lines[i]);
  }
  return n;
}

EntryRow *entry_add(Entry *n, EntryLines *lines) {
  EntryRow *row = PUSH(n->page->arena, lines->rows, lines->count, lines->room);
  *row = (EntryRow){.id = "", .cells = NEW_ARRAY(n->page->arena, const char *, lines->relation->column_count)};
  return row;
}

const char *entry_usual_way(const EntryLines *lines) {
  const Choice *usual = lines->way->fallback ? codes_choice(lines->way->codes, lines->way->fallback) : NULL;
  return usual ? usual->name : lines->way->codes->at[0].name;
}

bool entry_is_total(const EntryLines *lines, const EntryRow *row) {
  static const char *const of_totals[] = {"headcount", "sheet"};
  for (size_t i = 0; lines->relation->total && i < sizeof of_totals / sizeof *of_totals; i++) {
    int at = relation_index(lines->relation, of_totals[i]);
    if (at >= 0 && row->cells[at] && row->cells[at][strspn(row->cells[at], " \t\r\n")]) return true;
  }
  return false;
}

/* `way in ('a','b')` or `way = 'a'`: the declared meaning of being there, read from the term's own text. */
static bool says(const Term *term, const Column *way, const char *choice, bool *about) {
  TEXT_SCOPE text = text_new(FILTER_BYTES);
  filter_text(term->filter, &text);
  const char *t = text_get(&text);
  size_t n = strlen(way->name);
  *about = !strncmp(t, way->name, n) && (!strncmp(t + n, " in (", 5) || !strncmp(t + n, " = '", 4)) && !strstr(t, " and ") &&
           !strstr(t, " or ");
  TEXT_SCOPE quoted = text_new(1024);
  text_print(&quoted, "'%s'", choice);
  return *about && strstr(t, text_get(&quoted));
}

bool entry_present(const EntryLines *lines, const char *way) {
  for (size_t i = 0; i < lines->relation->term_count; i++) {
    bool about, yes = says(&lines->relation->terms[i], lines->way, way, &about);
    if (about) return yes;
  }
  return true;
}

bool entry_needs(const Relation *r, const Column *c, const char *state) {
  (void)r;
  if (c->required) return true;
  for (const char **s = c->needed_in; state && s && *s; s++)
    if (!strcmp(*s, state)) return true;
  return false;
}

const State *entry_done(const Entry *n) {
  const Relation *r = n->relation;
  if (r->state < 0) return NULL;
  const State *now = n->state ? relation_state(r, n->state) : r->state_count ? &r->states[0] : NULL;
  if (!now || now->counts) return NULL;
  for (size_t i = 0; i < r->state_count; i++) {
    const State *to = &r->states[i];
    if (!to->counts) continue;
    if (!n->state) return to;
    for (const char **next = now->next; next && *next; next++)
      if (!strcmp(*next, to->name)) return to;
  }
  return NULL;
}

/* ---- what was sent ---- */

/* LINES.N.REST → which row; the rest of the name. */
static const char *row_of(const char *name, const char *lines, size_t *at) {
  size_t n = strlen(lines);
  char *end;
  if (strncmp(name, lines, n) != 0 || name[n] != '.' || name[n + 1] < '0' || name[n + 1] > '9') return NULL;
  unsigned long number = strtoul(name + n + 1, &end, 10);
  if (*end != '.' || number >= ENTRY_LINES) return NULL;
  *at = number;
  return end + 1;
}

static void take(Entry *n, EntryLines *lines, size_t at, const char *what, const Field *f) {
  while (lines->count <= at) entry_add(n, lines);
  EntryRow *row = &lines->rows[at];
  int column = relation_index(lines->relation, what);
  lines->shown = true;
  if (!strcmp(what, "id")) row->id = f->value;
  else if (!strcmp(what, "here")) row->here = true;
  else if (!strcmp(what, "post")) row->post = f->value;
  else if (column >= 0 && !lines->relation->columns[column].retired) row->cells[column] = f->value;
}

void entry_from_form(Entry *n, const Form *f) {
  const Relation *r = n->relation;
  for (size_t i = 0; i < f->count; i++) {
    const Field *field = &f->at[i];
    int column = relation_index(r, field->name);
    if (field->filename || field->name[0] == '_') continue;
    if (column >= 0 && !r->columns[column].retired) n->cells[column] = field->value;
    for (size_t k = 0; k < r->line_count; k++) {
      EntryLines *lines = &n->lines[k];
      size_t at, name = strlen(lines->relation->own_name);
      const char *what = row_of(field->name, lines->relation->own_name, &at);
      if (what) take(n, lines, at, what, field);
      else if (!strncmp(field->name, lines->relation->own_name, name) && !strcmp(field->name + name, ".chain")) lines->chain = field->value;
      else if (!strncmp(field->name, lines->relation->own_name, name) && !strcmp(field->name + name, ".apart")) lines->apart = true;
      else if (!strncmp(field->name, lines->relation->own_name, name) && !strcmp(field->name + name, ".shown")) lines->shown = true;
    }
  }
  entry_place(n);
}
