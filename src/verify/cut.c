/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Cuts a draft into sections, sentences and phrases, and finds which phrases speak of the future.
 * Every code point of a line belongs to exactly one sentence; phrases leave out separators only.
 *
 * The section's role comes first (下一步工作打算 makes everything under it a plan); then passages that
 * open with 明年 or 下一步; then clauses with 力争, 务必, 将. A clause that says 已 or 今年 stays done. */
#include "verify/draft.h"

#include <string.h>

#include "base/utf8.h"

enum { HEADING_LIMIT = 48, PHRASE_LIMIT = 400 };

/* `set` is a literal of the program, so its UTF-8 is taken as it is. */
bool char_in(uint32_t c, const char *set) {
  if (!c) return false;
  for (const unsigned char *s = (const unsigned char *)set; *s;) {
    uint32_t k = *s++;
    if (k >= 0xF0)
      k = (k & 7) << 18 | (s[0] & 63u) << 12 | (s[1] & 63u) << 6 | (s[2] & 63u), s += 3;
    else if (k >= 0xE0)
      k = (k & 15) << 12 | (s[0] & 63u) << 6 | (s[1] & 63u), s += 2;
    else if (k >= 0x80)
      k = (k & 31) << 6 | (s[0] & 63u), s += 1;
    if (k == c) return true;
  }
  return false;
}

/* 〇 一 七 万 三 九 二 五 亿 … 零, by code point. */
bool numeral_char(uint32_t c) {
  if (c < 0x3007) return false;
  switch (c) {
  case 0x3007:
  case 0x4E00:
  case 0x4E03:
  case 0x4E07:
  case 0x4E09:
  case 0x4E24:
  case 0x4E5D:
  case 0x4E8C:
  case 0x4E94:
  case 0x4EBF:
  case 0x4EDF:
  case 0x4F0D:
  case 0x4F70:
  case 0x5104:
  case 0x516B:
  case 0x516D:
  case 0x5341:
  case 0x5343:
  case 0x5345:
  case 0x53C1:
  case 0x53CC:
  case 0x56DB:
  case 0x58F9:
  case 0x5EFF:
  case 0x62FE:
  case 0x634C:
  case 0x67D2:
  case 0x7396:
  case 0x767E:
  case 0x8086:
  case 0x842C:
  case 0x8D30:
  case 0x9646:
  case 0x96F6: return true;
  default: return false;
  }
}

bool draft_is(const Draft *d, size_t at, uint32_t c) { return at < d->count && d->cp[at] == c; }

bool draft_has(const Draft *d, size_t from, size_t to, uint32_t kinds) {
  for (size_t i = from; i < to; i++) {
    size_t n = lexicon_at(d->lexicon, d->cp + i, to - i, kinds);
    if (n && i + n <= to) return true;
  }
  return false;
}

size_t draft_ends_with(const Draft *d, size_t from, size_t to, uint32_t kinds) {
  enum { LONGEST = 8 };
  size_t i = to - from > LONGEST ? to - LONGEST : from;
  for (; i < to; i++)
    if (i + lexicon_at(d->lexicon, d->cp + i, to - i, kinds) == to) return i;
  return to;
}

const char *draft_slice(const Draft *d, size_t from, size_t to) {
  return arena_slice(d->arena, d->text + d->byte[from], d->byte[to] - d->byte[from]);
}

size_t draft_phrase(const Draft *d, size_t at) {
  size_t low = 0, high = d->phrase_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (d->phrases[middle].to <= at)
      low = middle + 1;
    else
      high = middle;
  }
  return low < d->phrase_count ? low : d->phrase_count ? d->phrase_count - 1 : 0;
}

static bool blank(uint32_t c) {
  return c == ' ' || c == '\t' || c == '\r' || c == 0x3000 || c == 0xA0 || c == 0xFEFF || c == 0x200B;
}

static size_t skip_blank(const Draft *d, size_t at, size_t to) {
  while (at < to && blank(d->cp[at])) at++;
  return at;
}

/* 一、 is level 1, （一） 2, 第一部分 1; 0 when the line has no such number. *after is behind it. */
static int numbered(const Draft *d, size_t from, size_t to, size_t *after) {
  size_t i = from;
  bool bracket = i < to && (d->cp[i] == 0xFF08 || d->cp[i] == '(');
  bool ordinal = i < to && d->cp[i] == 0x7B2C; /* 第 */
  if (bracket || ordinal) i++;
  size_t start = i;
  while (i < to && numeral_char(d->cp[i])) i++;
  if (i == start || i - start > 3 || i >= to) return 0;
  if (bracket) {
    if (d->cp[i] != 0xFF09 && d->cp[i] != ')') return 0;
    *after = i + 1;
    return 2;
  }
  if (ordinal) {
    if (i + 1 >= to || d->cp[i] != 0x90E8 || d->cp[i + 1] != 0x5206) return 0; /* 部分 */
    *after = i + 2;
    return 1;
  }
  if (!char_in(d->cp[i], "、．.，,")) return 0;
  *after = i + 1;
  return 1;
}

static bool has_digit(const Draft *d, size_t from, size_t to) {
  while (from < to && !digit_char(d->cp[from])) from++;
  return from < to;
}

/* Behind 1. or 3、 at `from`, or `from`. */
static size_t arabic_number(const Draft *d, size_t from, size_t to) {
  size_t i = from;
  while (i < to && digit_char(d->cp[i])) i++;
  return i > from && i - from <= 2 && i < to && char_in(d->cp[i], "、．.") ? i + 1 : from;
}

/* A numbered line is a heading up to its first 。 (the text may run on in the line); a line without such
 * a number is one when it is short, says so and ends without punctuation or with a colon. */
static int heading_of(const Draft *d, size_t from, size_t to, size_t *words, size_t *end) {
  size_t after = from;
  int level = numbered(d, from, to, &after);
  *words = after;
  size_t stop = after;
  while (stop < to && !char_in(d->cp[stop], "。；;：:！？|｜│") && stop - after < HEADING_LIMIT) stop++;
  *end = stop;
  if (level && stop - after < HEADING_LIMIT) return level;
  if (level || to - from >= HEADING_LIMIT || to - from < 3) return 0;
  for (size_t i = from; i < to; i++)
    if (char_in(d->cp[i], "|｜│")) return 0; /* a row of a table */
  uint32_t last = d->cp[to - 1];
  *end = to;
  bool colon = last == 0xFF1A || last == ':';
  if (char_in(last, "。；;，,、！？") || (to - from >= HEADING_LIMIT / 2 && colon)) return 0;
  size_t number = arabic_number(d, from, to);
  if (number > from && has_digit(d, number, to)) return 0; /* 1.计划发展党员3名 */
  *words = number;
  return draft_has(d, from, to, WORD_PLANNED | WORD_PROBLEM | WORD_HEAD) ? 3 : 0;
}

static int year_within(const Draft *d, size_t from, size_t to);

static bool says(const Draft *d, size_t from, size_t to, const char *word) {
  return memmem(d->text + d->byte[from], d->byte[to] - d->byte[from], word, strlen(word)) != NULL;
}

static bool looks_back(const Draft *d, size_t from, size_t to) {
  static const char *const words[] = {"总结", "汇报", "报告", "述职", "情况", "公报", "纪要",
                                      "简报", "回顾", "成效", "进展", "做法", NULL};
  const char *const *w = words;
  while (*w && !says(d, from, to, *w)) w++;
  return *w != NULL;
}

/* A heading that names plans beside what was done (工作总结和明年计划) leaves it to the sentences; that of a
 * whole plan (工作要点) makes every section one that does not look back. */
static SectionRole role_of(const Draft *d, size_t from, size_t to, int level, SectionRole outer, bool *mixed) {
  bool planned = draft_has(d, from, to, WORD_PLANNED), problem = draft_has(d, from, to, WORD_PROBLEM);
  bool done = looks_back(d, from, to);
  *mixed = planned && (problem || done);
  if (problem) return SECTION_PROBLEM;
  if (done) return SECTION_DONE;
  if (planned || (d->year && year_within(d, from, to) > d->year)) return SECTION_PLAN;
  return level == 2 ? outer : d->planned ? SECTION_PLAN : SECTION_DONE;
}

typedef struct Cutter {
  Draft *d;
  size_t section_room, sentence_room, phrase_room;
  SectionRole outer; /* of the last level 1 heading */
} Cutter;

static void add_section(Cutter *c, size_t from, size_t words, size_t end, int level) {
  Draft *d = c->d;
  bool mixed = false;
  if (d->section_count == 1 && level == 3)
    d->planned = draft_has(d, from, end, WORD_PLANNED) && !looks_back(d, from, end);
  SectionRole role = role_of(d, words, end, level, c->outer, &mixed);
  if (level != 2) c->outer = role;
  if (d->section_count) d->sections[d->section_count - 1].to = from;
  Section *s = PUSH(d->arena, d->sections, d->section_count, c->section_room);
  *s = (Section){.from = from,
                 .to = d->count,
                 .heading_from = from,
                 .heading_to = end,
                 .level = level,
                 .role = role,
                 .mixed = mixed};
}

/* Whether [from, to) is a measure word, 余 before it allowed. */
static bool measured(const Draft *d, size_t from, size_t to) {
  size_t bytes = 0;
  if (from < to && char_in(d->cp[from], "余多")) from++;
  return from < to && unit_at(d->text + d->byte[from], &bytes) && d->byte[from] + bytes == d->byte[to];
}

/* A comma ends a phrase; so does 、 after a measure word (党务培训6期、冬学4期) but not between names,
 * and not between bare numbers (分别为8、2、6名). */
static bool ends_phrase(const Draft *d, size_t at, size_t from, size_t to) {
  uint32_t c = d->cp[at];
  if (c == ',' || c == 0xFF0C) {
    size_t digits = 0;
    while (at + 1 + digits < to && digit_char(d->cp[at + 1 + digits])) digits++;
    return !(digits == 3 && at > from && digit_char(d->cp[at - 1]));
  }
  if (c == 0x2014) return !(at + 1 < to && digit_char(d->cp[at + 1])); /* 5万元—10万元 */
  if (char_in(c, "；;：:。！？!?（）()…|｜│")) return true;
  if (c != 0x3001) return false; /* 、 */
  for (size_t back = 1; back <= 4 && at >= from + back; back++) {
    uint32_t b = d->cp[at - back];
    if (b == '%' || b == 0xFF05) return true;
    if (digit_char(b) || (numeral_char(b) && b != 0x53CC)) return measured(d, at - back + 1, at);
    if (!han_char(b)) return false;
  }
  return false;
}

static void add_phrases(Cutter *c, size_t from, size_t to) {
  Draft *d = c->d;
  size_t start = from;
  for (size_t i = from; i <= to; i++) {
    bool whole = i < to && i - start >= PHRASE_LIMIT; /* keeps work on a phrase bounded */
    if (i < to && !whole && !ends_phrase(d, i, from, to)) continue;
    size_t a = skip_blank(d, start, i), b = i;
    while (b > a && blank(d->cp[b - 1])) b--;
    if (b > a)
      *PUSH(d->arena, d->phrases, d->phrase_count, c->phrase_room) =
          (Phrase){.from = a, .to = b, .sentence = d->sentence_count - 1};
    start = whole ? i : i + 1;
  }
}

static void add_sentences(Cutter *c, size_t from, size_t to) {
  Draft *d = c->d;
  bool opens = true;
  size_t start = from;
  for (size_t i = from; i <= to; i++) {
    if (i < to && !char_in(d->cp[i], "。！？!?")) continue;
    size_t end = i < to ? i + 1 : i;
    if (i < to && end < to && char_in(d->cp[end], "”’\"）)")) end++;
    size_t a = skip_blank(d, start, end);
    start = end;
    if (a >= end) continue;
    *PUSH(d->arena, d->sentences, d->sentence_count, c->sentence_room) =
        (Sentence){.from = a, .to = end, .section = d->section_count - 1, .opens = opens};
    opens = false;
    add_phrases(c, a, end);
  }
}

static void cut_line(Cutter *c, size_t from, size_t to) {
  Draft *d = c->d;
  from = skip_blank(d, from, to);
  while (to > from && blank(d->cp[to - 1])) to--;
  if (from == to) return;
  size_t words = from, end = from;
  int level = heading_of(d, from, to, &words, &end);
  if (level) add_section(c, from, words, end, level);
  add_sentences(c, from, to);
}

static int year_digit(uint32_t c) {
  static const uint32_t han[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
  if (digit_char(c)) return digit_of(c);
  if (c == 0x96F6) return 0; /* 零 */
  for (int i = 0; i < 10; i++)
    if (c == han[i]) return i;
  return -1;
}

/* 2023年, 二〇二三年. */
bool draft_year(const Draft *d, size_t at, int *year) {
  if (at + 4 >= d->count || d->cp[at + 4] != 0x5E74 || (at && digit_char(d->cp[at - 1]))) return false;
  int n = 0;
  for (size_t i = 0; i < 4; i++) {
    int digit = year_digit(d->cp[at + i]);
    if (digit < 0) return false;
    n = n * 10 + digit;
  }
  *year = n;
  return n >= 1949 && n <= 2100;
}

/* The first N年度 of a stretch, else its first N年 that is no mere start or comparison (自2021年以来), else 0. */
static int year_within(const Draft *d, size_t from, size_t to) {
  int first = 0, year = 0;
  for (size_t i = from; i < to; i++) {
    if (!draft_year(d, i, &year)) continue;
    if (draft_is(d, i + 5, 0x5EA6) || (i == from && draft_is(d, i + 5, 0xFF0C))) return year; /* 度; 2023年，… */
    bool other = (i > from && char_in(d->cp[i - 1], "自从由比较到至")) || char_in(d->cp[i + 5], "以起底前");
    if (!first && !other) first = year;
  }
  return first;
}

/* The year the report is about: that of its title or opening, since the body also speaks of the year before
 * (2022年度述职评议); only then the first anywhere. */
static int year_of(Draft *d) {
  enum { OPENING = 4 };
  size_t from = 0;
  int year = 0;
  for (size_t i = 0, lines = 0; i <= d->count && lines < OPENING && !year; i++) {
    if (i < d->count && d->cp[i] != '\n') continue;
    year = year_within(d, from, i);
    bool title = i - from < HEADING_LIMIT && i > from && d->cp[i - 1] != 0x3002;
    d->dated = year && (title || says(d, from, i, "年度"));
    d->half_year = d->half_year || (title && says(d, from, i, "上半年"));
    lines += i > from;
    from = i + 1;
  }
  return year ? year : year_within(d, 0, d->count);
}

Draft *draft_cut(Arena *a, const char *text) {
  Draft *d = NEW(a, Draft);
  size_t bytes = strlen(text);
  *d = (Draft){.arena = a, .text = text, .lexicon = lexicon_new(a)};
  d->cp = NEW_ARRAY(a, uint32_t, bytes + 1);
  d->byte = NEW_ARRAY(a, uint32_t, bytes + 1);
  for (const char *s = text; *s;) {
    d->byte[d->count] = (uint32_t)(s - text);
    d->cp[d->count++] = utf8_next(&s);
  }
  d->byte[d->count] = (uint32_t)bytes;
  d->mask = NEW_ARRAY(a, uint8_t, d->count + 1);
  Cutter c = {.d = d};
  *PUSH(a, d->sections, d->section_count, c.section_room) = (Section){.to = d->count};
  d->year = year_of(d);
  size_t from = 0;
  for (size_t i = 0; i <= d->count; i++)
    if (i == d->count || d->cp[i] == '\n' || d->cp[i] == '\r' || d->cp[i] == 0x2028) {
      cut_line(&c, from, i);
      from = i + 1;
    }
  return d;
}

/* ---- plans ---- */

/* 将 is the future before a verb of doing or an adverb, and after the word for a subject or a time; not in
 * 现将, nor where it only puts the object first (将20户纳入). */
static bool will(const Draft *d, size_t at, const Phrase *p) {
  if (d->cp[at] != 0x5C06) return false;
  if (at > p->from && char_in(d->cp[at - 1], "现已须即")) return false;
  if (at + 1 >= p->to) return false;
  bool verb = lexicon_at(d->lexicon, d->cp + at + 1, p->to - at - 1, WORD_MAKE | WORD_WILL) > 0;
  if (at == p->from || verb) return verb;
  for (size_t i = at + 1; i < p->to; i++)
    if (char_in(d->cp[i], "为成到入给于")) return false; /* 该乡将12个村划分为… */
  return char_in(d->cp[at - 1], "们委府年步还也必仍乡镇村县月后里都均便") && !char_in(d->cp[at + 1], "其此该这军");
}

/* 争取 before money is the verb to obtain; before a wish it is a plan. */
static bool strives(const Draft *d, size_t at, const Phrase *p) {
  if (d->cp[at] != 0x4E89 || !draft_is(d, at + 1, 0x53D6)) return false;
  for (size_t i = at + 2; i < p->to; i++)
    if (char_in(d->cp[i], "早尽底前")) return true;
  if (at + 3 >= p->to) return false;
  static const char *const verbs = "完实建达突开新再让使办创";
  return char_in(d->cp[at + 2], verbs);
}

static bool later_year(const Draft *d, const Phrase *p) {
  int year = 0;
  for (size_t i = p->from; d->dated && i < p->to; i++)
    if (draft_year(d, i, &year) && year > d->year) return true;
  return false;
}

/* 计划 is a noun after 按, 制定, 年度; a plan else. */
static bool intends(const Draft *d, size_t at, const Phrase *p) {
  if (d->cp[at] == 0x62DF) /* 拟 */
    return at + 1 < p->to && !(at > p->from && char_in(d->cp[at - 1], "虚模比草")) &&
           !char_in(d->cp[at + 1], "定制订写稿合");
  if (d->cp[at] == 0x8981 && at == p->from) /* 要 */
    return at + 1 < p->to && !char_in(d->cp[at + 1], "求点素件害来到了回钱说么");
  if (d->cp[at] != 0x8BA1 || !draft_is(d, at + 1, 0x5212)) return false;
  return !(at > p->from && char_in(d->cp[at - 1], "按定度照展习作的")) && at + 2 < p->to && han_char(d->cp[at + 2]) &&
         !char_in(d->cp[at + 2], "的书生数等");
}

/* 确保元旦前完成11公里: a promise with a number. 确保了 is done. */
static bool ensures(const Draft *d, size_t at, const Phrase *p) {
  if (d->cp[at] != 0x786E || !draft_is(d, at + 1, 0x4FDD) || draft_is(d, at + 2, 0x4E86)) return false;
  return has_digit(d, at + 2, p->to);
}

/* 再建2处, 再新引进3家: what is still to be made; 再建了 and 今年再… are done. */
static bool again(const Draft *d, size_t at, const Phrase *p) {
  if (d->cp[at] != 0x518D) return false;
  size_t verb = at + 1;
  if (verb < p->to && char_in(d->cp[verb], "新多次去")) verb++;
  size_t n = verb < p->to ? lexicon_at(d->lexicon, d->cp + verb, p->to - verb, WORD_MAKE) : 0;
  return n && !char_in(d->cp[verb + n], "了过成") && !draft_has(d, p->from, at, WORD_PAST);
}

static bool looks_ahead(const Draft *d, const Phrase *p) {
  if (later_year(d, p) || (d->half_year && says(d, p->from, p->to, "下半年"))) return true;
  for (size_t i = p->from; i < p->to; i++)
    if (lexicon_at(d->lexicon, d->cp + i, p->to - i, WORD_PLAN) || will(d, i, p) || strives(d, i, p) ||
        intends(d, i, p) || ensures(d, i, p) || again(d, i, p))
      return true;
  return false;
}

/* Whether the first words of a sentence (after 一是, 首先 …) open a plan passage. */
static bool opens_with(const Draft *d, const Sentence *s, uint32_t kinds) {
  enum { NEAR = 6 };
  size_t to = s->from + NEAR * 2 < s->to ? s->from + NEAR * 2 : s->to;
  for (size_t i = s->from; i < to && i < s->from + NEAR; i++)
    if (lexicon_at(d->lexicon, d->cp + i, s->to - i, kinds)) return true;
  return false;
}

/* 工作计划：… heads the passage behind its colon. */
static bool names_plans(const Draft *d, const Sentence *s) {
  enum { NEAR = 16 };
  size_t colon = s->from, to = s->to < s->from + NEAR ? s->to : s->from + NEAR;
  while (colon < to && d->cp[colon] != 0xFF1A && d->cp[colon] != ':') colon++;
  if (colon >= to || looks_back(d, s->from, colon)) return false;
  bool plan = colon >= s->from + 2 && char_in(d->cp[colon - 2], "计安打") && char_in(d->cp[colon - 1], "划排算");
  return plan || draft_has(d, s->from, colon, WORD_PLANNED | WORD_AHEAD);
}

typedef struct Outlook {
  bool passage;  /* opened with 明年 and goes on to the end of the paragraph */
  bool sentence; /* a clause of this sentence looked ahead */
  bool past;     /* … or back, in a passage of plans */
  size_t last;   /* sentence of the phrase before */
  size_t section;
} Outlook;

static bool earlier_year(const Draft *d, const Phrase *p) {
  int year = 0;
  for (size_t i = p->from; d->dated && i < p->to; i++)
    if (draft_year(d, i, &year) && year < d->year) return true;
  return false;
}

static void next_sentence(const Draft *d, Outlook *o, const Sentence *s) {
  const Section *in = &d->sections[s->section];
  bool stays = in->mixed && o->section == s->section;
  if (s->opens && !stays) o->passage = false;
  if (opens_with(d, s, WORD_PAST)) o->passage = false;
  if (opens_with(d, s, WORD_AHEAD) || names_plans(d, s)) o->passage = true;
  o->sentence = o->past = false;
  o->section = s->section;
}

/* 务必 or 明年 at the end of a sentence carries the clauses before it, unless they say 已. */
static void carry_back(Draft *d, size_t at) {
  const Phrase *p = &d->phrases[at];
  if (!draft_has(d, p->from, p->to, WORD_NEXT | WORD_PLAN)) return;
  for (size_t i = p->from; i < p->to; i++)
    if (digit_char(d->cp[i]) || numeral_char(d->cp[i])) return; /* it speaks of a number of its own */
  for (size_t i = at; i > 0 && d->phrases[i - 1].sentence == p->sentence; i--) {
    Phrase *before = &d->phrases[i - 1];
    if (before->past || before->plan || draft_is(d, before->to, 0xFF1B)) return;
    before->plan = true;
  }
}

void draft_plan(Draft *d) {
  Outlook o = {.last = (size_t)-1, .section = (size_t)-1};
  for (size_t i = 0; i < d->phrase_count; i++) {
    Phrase *p = &d->phrases[i];
    const Sentence *s = &d->sentences[p->sentence];
    const Section *in = &d->sections[s->section];
    if (p->sentence != o.last) next_sentence(d, &o, s);
    o.last = p->sentence;
    bool ahead = looks_ahead(d, p), next = draft_has(d, p->from, p->to, WORD_NEXT);
    p->past = !ahead && (draft_has(d, p->from, p->to, WORD_PAST) || earlier_year(d, p));
    if (ahead || next)
      o.sentence = true, o.past = false;
    else if (p->past)
      o.sentence = false, o.past = true;
    p->plan = ahead || o.sentence || ((o.passage || in->role == SECTION_PLAN) && !p->past && !o.past);
    if (ahead || next) carry_back(d, i);
  }
}
