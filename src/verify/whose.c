/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Whose report a text is. A county's statistics or a company's summary speaks of the same things in the
 * same words; held against this site's records it would be faulted throughout. Two kinds of evidence must
 * meet before a text is taken for somebody else's:
 *
 *   what it calls itself   全县, 我公司 (another level than the org asked), or a place in its title and
 *                          opening that no org of the site ever was; nothing when it names this org
 *   how little agrees      of the claims that words bind to a figure, few fit
 *
 * A draft of one's own with wrong numbers, or under a made-up name, still agrees in most; a stranger's
 * agrees in hardly any. Then its claims are unsupported with a note, never contradicted. */
#include "verify/verdict.h"

#include <string.h>

#include "base/utf8.h"

typedef enum { LEVEL_NONE, LEVEL_VILLAGE, LEVEL_COMMUNITY, LEVEL_TOWN, LEVEL_STREET, LEVEL_COUNTY, LEVEL_BODY } Level;

/* How a text speaks of its own org. */
static const struct {
  Level level;
  const char *words; /* parted by blanks */
  const char *kind;  /* of one level, told apart: 乡 is no 镇 */
} selves[] = {
    {LEVEL_COUNTY, "全县 我县 本县 全市 我市 本市 全区 我区 本区 全旗 我旗 全省 我省 全州 我州 该县 该市 该区"},
    {LEVEL_STREET, "全街道 我街道 本街道 该街道 街道党工委 街道办 办事处党工委"},
    {LEVEL_COMMUNITY, "我社区 本社区 全社区 该社区 社区党委 社区党总支"},
    {LEVEL_VILLAGE, "我村 本村 该村"},
    {LEVEL_BODY,
     "我公司 本公司 全公司 该公司 集团公司 公司党委 公司党总支 公司党支部 集团党委 我厂 全厂 厂党委 我局 "
     "局党组 局党委 局机关 机关党委 我校 全校 校党委 学校党委 学校党总支 我院 全院 院党委 医院党委 学院党委 "
     "我中心 我站"},
    {LEVEL_TOWN, "全乡 我乡 本乡 该乡 乡党委 乡政府", "乡"},
    {LEVEL_TOWN, "全镇 我镇 本镇 该镇 镇党委 镇政府", "镇"},
};

/* 安全区, 健全市场, 乡镇党委, 全区域: other words that hold one of those. */
static bool other_word(const Draft *d, size_t at, size_t end, Level level) {
  uint32_t before = at ? d->cp[at - 1] : 0, after = end < d->count ? d->cp[end] : 0;
  if (char_in(before, "安健完齐周保成乡各自")) return true;
  return level == LEVEL_COUNTY && char_in(after, "域场长块间委");
}

static size_t count_words(const Draft *d, const char *words, Level level, const char **first) {
  size_t count = 0;
  for (const char *s = words; *s;) {
    size_t bytes = strcspn(s, " ");
    for (const char *hit = d->text; (hit = memmem(hit, strlen(hit), s, bytes)) != NULL; hit += bytes) {
      size_t low = 0, high = d->count, at = (size_t)(hit - d->text);
      while (low < high) {
        size_t middle = (low + high) / 2;
        if (d->byte[middle] < at)
          low = middle + 1;
        else
          high = middle;
      }
      size_t end = low;
      while (d->byte[end] < at + bytes) end++;
      if (other_word(d, low, end, level)) continue;
      if (!count++ && first && !*first) *first = draft_slice(d, low, end);
    }
    s += bytes + (s[bytes] == ' ');
  }
  return count;
}

/* The place in an org's name: 甲乡 of 甲乡党委. Empty where there is none. */
static size_t place_bytes(const char *name, Level *level) {
  static const struct {
    const char *tail;
    Level level;
  } tails[] = {{"街道", LEVEL_STREET}, {"社区", LEVEL_COMMUNITY}, {"乡", LEVEL_TOWN},
               {"镇", LEVEL_TOWN},     {"村", LEVEL_VILLAGE},     {"县", LEVEL_COUNTY},
               {"市", LEVEL_COUNTY},   {"区", LEVEL_COUNTY},      {"旗", LEVEL_COUNTY}};
  *level = LEVEL_NONE;
  const char *best = NULL;
  size_t length = 0;
  for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
    const char *hit = strstr(name, tails[i].tail);
    if (!hit || hit < name + 3 || (best && hit >= best)) continue;
    best = hit;
    length = strlen(tails[i].tail);
    *level = tails[i].level;
  }
  return best ? (size_t)(best - name) + length : 0;
}

/* Whether the draft names an org of the site by its place, and how often at most twice over. */
static bool names_us(const Draft *d, const OrgTree *t, int64_t org) {
  size_t others = 0;
  for (size_t i = 0; t && i < t->count; i++)
    for (size_t k = 0; k < t->at[i].spell_count; k++) {
      Level level;
      const char *name = t->at[i].spells[k].name;
      size_t bytes = place_bytes(name, &level);
      if (!bytes) continue;
      if (!memmem(d->text, strlen(d->text), name, bytes)) continue;
      if (t->at[i].id == org || t->at[i].id == t->root || level == LEVEL_TOWN) return true;
      others++;
      break;
    }
  return others > 2; /* branch and village of one place are two */
}

static bool place_end(const Draft *d, size_t at, size_t *length) {
  static const char *const two[] = {"街道", "社区", "公司", "集团", "学校", "医院", "中学", "小学"};
  for (size_t i = 0; i < sizeof two / sizeof *two; i++) {
    const char *s = d->text + d->byte[at];
    if (!strncmp(s, two[i], strlen(two[i]))) {
      *length = 2;
      return true;
    }
  }
  *length = 1;
  return char_in(d->cp[at], "乡镇县市区旗州");
}

/* xx乡, **镇, 某县: a name blanked out. */
static const char *blanked_at(const Draft *d, size_t at, size_t to) {
  enum { LONGEST = 6 };
  size_t n = 0, length = 0;
  while (n < LONGEST && at + n < to && (char_in(d->cp[at + n], "*_×某＊") || latin_char(d->cp[at + n]))) n++;
  return n && at + n < to && place_end(d, at + n, &length) ? draft_slice(d, at, at + n + length) : NULL;
}

/* 甲镇 at the head of a line, of a sentence, or after a place of a higher level: no word of the genre in it. */
static const char *stranger_at(const Draft *d, size_t at, size_t to) {
  enum { LONGEST = 6 };
  for (size_t n = 0, length = 0; n < LONGEST && at + n < to; n++) {
    uint32_t c = d->cp[at + n];
    if (n && place_end(d, at + n, &length))
      return n > 1 || !char_in(c, "区市") ? draft_slice(d, at, at + n + length) : NULL;
    if (!han_char(c) || numeral_char(c) || char_in(c, "的了是在和与及对以把将让为我本全各该这那新老城乡镇村县市区党"))
      return NULL;
    if (lexicon_at(d->lexicon, d->cp + at + n, to - at - n, ~0u & ~WORD_MAKE)) return NULL;
  }
  return NULL;
}

/* A body or place of another kind in the title itself, where the title has none of our kind: 某集团2023年…. */
static const char *title_names(const Draft *d) {
  enum { LONGEST = 40 };
  static const char *const kinds[] = {"集团", "公司", "街道", "社区", "学校", "中学", "小学",
                                      "医院", "学院", "大学", "局",   "村",   "县",   "市"};
  size_t to = 0;
  while (to < d->count && d->cp[to] != '\n' && to < LONGEST) to++;
  if (to == LONGEST || char_in(to ? d->cp[to - 1] : 0, "。；：，")) return NULL;
  const char *title = draft_slice(d, 0, to);
  if (strstr(title, "乡") || strstr(title, "镇")) return NULL;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    const char *hit = strstr(title, kinds[i]);
    if (!hit || hit == title || !strncmp(hit, "村级", strlen("村级")) || !strncmp(hit, "局面", strlen("局面")))
      continue;
    return arena_slice(d->arena, title, (size_t)(hit - title) + strlen(kinds[i]));
  }
  return NULL;
}

/* The first place named in title and opening. */
static const char *stranger(const Draft *d) {
  enum { OPENING = 160, BLANKED = 600 };
  size_t to = d->count < OPENING ? d->count : OPENING, far = d->count < BLANKED ? d->count : BLANKED;
  bool head = true;
  for (size_t i = 0; i < far; i++) {
    uint32_t c = d->cp[i];
    bool opens = head || char_in(d->cp[i - 1], "是从在到的将现省市县区");
    const char *name = opens && i < to ? stranger_at(d, i, to) : NULL;
    if (!name && (!i || !latin_char(d->cp[i - 1]))) name = blanked_at(d, i, far);
    if (name) return name;
    head = (!han_char(c) && !digit_char(c)) || char_in(c, "年度"); /* 2023年某县 */
  }
  return NULL;
}

typedef struct Agreement {
  size_t fit, miss, far;
} Agreement;

/* A number out of all proportion: a slip seldom triples a figure. */
bool claim_far(const Claim *c, const Candidate *k, int64_t times) {
  Ratio part, bound, value = in_unit(&c->quantity, k->measure, k->value.exact);
  if (!value.num) return decimal_compare(c->value, decimal_int(times)) > 0;
  if (!ratio_multiply(value, ratio_int(times), &bound)) return false;
  if (ratio_compare_decimal(bound, c->value) < 0) return true;
  return ratio_make(1, times, &part) && ratio_multiply(value, part, &bound) &&
         ratio_compare_decimal(bound, c->value) > 0;
}

static Agreement agreement(const Verification *v) {
  Agreement a = {0};
  for (size_t i = 0; i < v->claim_count; i++) {
    const Claim *c = &v->claims[i];
    if (c->role != ROLE_CLAIM || !c->candidate_count || c->candidates[0].sure < MATCH_SURE) continue;
    if (c->verdict == VERDICT_SUPPORTED || c->verdict == VERDICT_NOTE) a.fit++;
    if (c->verdict != VERDICT_CONTRADICTED) continue;
    bool far = claim_far(c, &c->candidates[0], 3);
    a.miss += far ? 2 : 1;
    a.far += far;
  }
  return a;
}

/* The name of whom the text speaks of when it is not this site; NULL: it may well be ours. */
static const char *speaks_of(const Verification *v, const OrgTree *t) {
  const Draft *d = v->draft;
  Level level = LEVEL_NONE;
  Agreement a = agreement(v);
  if (names_us(d, t, v->org)) return NULL;
  const char *us = org_name(t, v->org, period_last(v->period));
  size_t bytes = place_bytes(us, &level), own = 0, other = 0, kin = 0;
  const char *called = NULL, *kind = NULL;
  for (size_t i = 0; i < sizeof selves / sizeof *selves; i++) {
    bool mine = selves[i].level == level;
    bool apart = mine && selves[i].kind && !memmem(us, bytes, selves[i].kind, strlen(selves[i].kind));
    size_t n = count_words(d, selves[i].words, selves[i].level, apart ? &kind : mine ? NULL : &called);
    *(apart ? &kin : mine ? &own : &other) += n;
  }
  const char *named = stranger(d);
  if (level != LEVEL_NONE && other > own + kin && 2 * a.fit <= a.miss) return named ? named : called;
  if (!named && !own) named = title_names(d);
  if (!named && kin > own) named = kind; /* a 镇, where we are a 乡 */
  if (!named && !own && !a.fit && a.far > 2) named = "别处";
  return named && 3 * a.fit < a.fit + a.miss ? named : NULL;
}

void whose_settle(Judge *j, Verification *v) {
  Session *s = judge_session(j);
  const char *name = speaks_of(v, s->tree);
  if (!name) return;
  v->elsewhere = name;
  const char *message = arena_print(s->arena, "稿中说的是“%s”，不是本单位，未作核对。", name);
  for (size_t i = 0; i < v->claim_count; i++) {
    Claim *c = &v->claims[i];
    if (c->verdict == VERDICT_PLAN) continue;
    c->verdict = VERDICT_UNSUPPORTED;
    c->reason = REASON_OTHER_ORG;
    c->figure = NULL;
    c->message = message;
  }
  for (size_t i = 0; i < v->statement_count; i++) {
    Statement *t = &v->statements[i];
    if (t->verdict == VERDICT_PLAN) continue;
    t->verdict = VERDICT_UNSUPPORTED;
    t->reason = REASON_OTHER_ORG;
    t->counter = NULL;
    t->message = message;
  }
}
