/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A name against what was typed, character by character: each takes up itself, or a beginning of one of its
 * readings. A character with several readings answers to each of them, since nobody should have to know which one
 * the machine holds for right: 单 as a surname is shan, elsewhere dan. */
#include "person/find.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ledger/list.h"
#include "person/pinyin_table.h"

enum { NAME_ROOM = 32, READINGS = 3 };

/* Readings beside the usual one: surnames first, then what is common in given names. */
static const struct {
  const char *han, *reading;
} others[] = {
    {"单", "shan"}, {"单", "chan"}, {"曾", "zeng"}, {"解", "xie"},  {"仇", "qiu"},  {"区", "ou"},   {"尉", "yu"},
    {"尉", "wei"},  {"查", "zha"},  {"盖", "ge"},   {"朴", "piao"}, {"缪", "miao"}, {"乐", "yue"},  {"乐", "le"},
    {"员", "yun"},  {"黑", "he"},   {"种", "chong"}, {"秘", "bi"},  {"冼", "xian"}, {"召", "shao"}, {"折", "she"},
    {"洗", "xian"}, {"哈", "ha"},   {"繁", "po"},   {"万", "mo"},   {"俟", "qi"},   {"澹", "tan"},  {"长", "zhang"},
    {"长", "chang"}, {"覃", "qin"}, {"覃", "tan"},  {"宓", "mi"},   {"郇", "xun"},  {"郇", "huan"}, {"隗", "kui"},
    {"隗", "wei"},  {"任", "ren"},  {"华", "hua"},  {"翟", "zhai"}, {"翟", "di"},   {"燕", "yan"},  {"纪", "ji"},
    {"过", "guo"},  {"那", "na"},   {"牟", "mou"},  {"谌", "chen"}, {"谌", "shen"}, {"贾", "jia"},
    {"费", "bi"},   {"佴", "nai"},  {"晁", "chao"}, {"撒", "sa"},   {"葛", "ge"},   {"柏", "bo"},   {"柏", "bai"},
    {"应", "ying"}, {"宁", "ning"}, {"车", "che"},  {"石", "shi"},  {"沈", "shen"}, {"行", "xing"}, {"行", "hang"},
    {"朝", "zhao"}, {"朝", "chao"}, {"重", "chong"}, {"重", "zhong"}, {"茜", "qian"}, {"茜", "xi"}, {"晟", "sheng"},
    {"晟", "cheng"}, {"都", "du"},  {"都", "dou"},  {"卜", "bu"},   {"调", "diao"}, {"调", "tiao"}, {"藏", "zang"},
    {"藏", "cang"}, {"参", "shen"}, {"大", "da"},   {"会", "hui"},  {"会", "kuai"}, {"传", "chuan"}, {"传", "zhuan"},
};

static size_t readings(uint32_t c, const char *out[READINGS + 1]) {
  size_t count = 0;
  if (c < PINYIN_FIRST || c > PINYIN_LAST) return 0;
  const char *usual = pinyin_syllables[pinyin_of[c - PINYIN_FIRST]];
  if (*usual) out[count++] = usual;
  for (size_t i = 0; i < sizeof others / sizeof *others && count <= READINGS; i++) {
    const char *han = others[i].han;
    if (utf8_next(&han) == c && (!count || strcmp(usual, others[i].reading))) out[count++] = others[i].reading;
  }
  return count;
}

static uint32_t lower(uint32_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

/* ü is typed v, u or ü. */
static bool same_letter(char letter, uint32_t typed) {
  return (uint32_t)(unsigned char)letter == typed || (letter == 'v' && (typed == 'u' || typed == 0xfc));
}

typedef struct Typed {
  uint32_t at[PERSON_TYPED];
  size_t count;
} Typed;

/* Blanks and the signs between syllables say nothing. */
static bool says_nothing(uint32_t c) {
  return c == ' ' || c == '\'' || c == 0x3000 || c == 0x2019 || c == '-' || c == 0xb7 || c == 0x2022;
}

static bool typed_from(const char *text, Typed *out) {
  out->count = 0;
  for (uint32_t c; (c = utf8_next(&text));) {
    if (says_nothing(c)) continue;
    if (out->count == PERSON_TYPED) return false;
    out->at[out->count++] = lower(c);
  }
  return true;
}

/* From the positions that the characters before reach to those that this one reaches. */
static bool reach(const Typed *typed, uint32_t c, const bool *from, bool *to) {
  const char *said[READINGS + 1];
  size_t count = readings(c, said);
  bool any = false;
  memset(to, 0, sizeof *to * (PERSON_TYPED + 1));
  for (size_t p = 0; p < typed->count; p++) {
    if (!from[p]) continue;
    if (typed->at[p] == lower(c)) any = to[p + 1] = true;
    for (size_t r = 0; r < count; r++)
      for (size_t k = 0; said[r][k] && p + k < typed->count && same_letter(said[r][k], typed->at[p + k]); k++)
        any = to[p + k + 1] = true;
  }
  return any;
}

/* Whether the whole of what was typed is taken up from character `first` on; `whole`, by all of them. */
static bool taken_up(const uint32_t *name, size_t length, size_t first, const Typed *typed, bool *whole) {
  bool ways[2][PERSON_TYPED + 1] = {{true}};
  bool found = false;
  *whole = false;
  for (size_t i = first; i < length; i++) {
    const bool *from = ways[(i - first) % 2];
    bool *to = ways[(i - first + 1) % 2];
    if (!reach(typed, name[i], from, to)) return found;
    if (to[typed->count]) {
      found = true;
      *whole = first == 0 && i + 1 == length;
    }
  }
  return found;
}

static NameFit fit(const char *name, const Typed *typed) {
  uint32_t all[NAME_ROOM], said[NAME_ROOM];
  size_t n = utf8_decode(name, all, NAME_ROOM), length = 0;
  for (size_t i = 0; i < n; i++)
    if (!says_nothing(all[i])) said[length++] = all[i];
  for (size_t first = 0; first < length; first++) {
    bool whole;
    if (taken_up(said, length, first, typed, &whole)) return whole ? NAME_WHOLE : first ? NAME_WITHIN : NAME_BEGINS;
  }
  return NAME_NO;
}

NameFit name_fit(const char *name, const char *text) {
  Typed typed;
  return typed_from(text, &typed) && typed.count ? fit(name, &typed) : NAME_NO;
}

/* ---- the roster ---- */

typedef struct Candidate {
  PersonFound found;
  NameFit fit;
} Candidate;

typedef struct Looking {
  Typed typed;
  int name; /* its column */
  Candidate *at;
  size_t count, room;
} Looking;

static bool look(Session *s, const ListRow *row, void *context) {
  Looking *l = context;
  const char *name = row->row.v[l->name].null ? "" : row->row.v[l->name].s;
  NameFit fits = l->typed.count ? fit(name, &l->typed) : NAME_WITHIN;
  if (fits != NAME_NO)
    *PUSH(s->arena, l->at, l->count, l->room) =
        (Candidate){.found = {.id = row_id(row->row), .name = arena_copy(s->arena, name)}, .fit = fits};
  return true;
}

static int better(const void *a, const void *b) {
  const Candidate *x = a, *y = b;
  if (x->fit != y->fit) return x->fit > y->fit ? -1 : 1;
  int order = strcmp(x->found.name, y->found.name);
  return order ? order : (x->found.id > y->found.id) - (x->found.id < y->found.id);
}

bool persons_find(Session *s, const char *typed, size_t most, PersonFound **out, size_t *count, Error *e) {
  const Relation *person = catalogue_core(s->catalogue, "person");
  Looking l = {.name = relation_index(person, "name")};
  size_t bad;
  *out = NULL;
  *count = 0;
  if (!utf8_valid(typed, strlen(typed), &bad)) return fail(e, ERROR_INVALID, "要找的字不是有效的文字，请重新输入。");
  if (!typed_from(typed, &l.typed)) return fail(e, ERROR_LIMIT, "要找的姓名太长，请只写姓名或拼音首字母。");
  ListAsk ask = {.relation = person, .period = period_year(date_year(s->today)), .limit = PERSON_ROSTER};
  if (!list_rows(s, ask, look, &l, e)) return false;
  if (l.count) qsort(l.at, l.count, sizeof *l.at, better);
  *count = l.count < most ? l.count : most;
  *out = NEW_ARRAY(s->arena, PersonFound, *count + 1);
  for (size_t i = 0; i < *count; i++) (*out)[i] = l.at[i].found;
  return true;
}
