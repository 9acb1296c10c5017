/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A draft laid out for verify: code points, sections with a role, sentences, phrases, and what is
 * masked. Inside this folder only. All offsets are code points, half-open; everything in the arena.
 *
 * The lexicon is data: words of the genre with what they tell. No word of a profile stands in it. */
#ifndef LUOSHI_VERIFY_DRAFT_H
#define LUOSHI_VERIFY_DRAFT_H

#include "verify/verify.h"

/* What a word tells; a word may tell several things. */
enum {
  WORD_NAME = 1u << 0,      /* a numeral inside is no quantity: 三会一课, 统一, 十四五 */
  WORD_FILLER = 1u << 1,    /* says nothing of what is counted: 积极, 全年, 开展 */
  WORD_PLAN = 1u << 2,      /* this clause and the rest of the sentence are a plan: 力争 */
  WORD_NEXT = 1u << 3,      /* a later time, wherever it stands: 明年 */
  WORD_PROBLEM = 1u << 4,   /* heads a section of problems */
  WORD_PAST = 1u << 5,      /* done: 已, 今年 */
  WORD_MEAN = 1u << 6,      /* 年均, 平均 */
  WORD_SHARE = 1u << 7,     /* 比例, 占 */
  WORD_SINCE = 1u << 8,     /* 累计: from inception */
  WORD_REPORTER = 1u << 9,  /* 主持, 带队: about the person who reports */
  WORD_COMPARE = 1u << 10,  /* 比上年, 同比 */
  WORD_MAKE = 1u << 11,     /* a verb whose object may be counted with 一: 建成一处 */
  WORD_ABSTRACT = 1u << 12, /* a head that 一个 does not count: 台阶, 格局 */
  WORD_TARGET = 1u << 13,   /* the number itself is a target or budget: 目标任务, 预算 */
  WORD_WITHIN = 1u << 14,   /* filters the population before it: 其中 */
  WORD_SLOGAN = 1u << 15,   /* 做到, 坚持: followed by N个X it is a slogan */
  WORD_PHASE = 1u << 16,    /* after N期 it is a phase of works: 工程 */
  WORD_TOGETHER = 1u << 17, /* 共, 合计: may add two figures */
  WORD_HEAD = 1u << 18,     /* heads an ordinary section */
  WORD_AHEAD = 1u << 19,    /* opens a passage that looks ahead: 今后 */
  WORD_KEEP = 1u << 22,     /* a word of weight that holds a filler: 积极分子 */
  WORD_ACTIVITY = 1u << 23, /* names a kind of work: 调研 is no 督查 */
  WORD_NONE = 1u << 26,     /* 没有, 未发生: with 一例 it is 0 */
  WORD_CADENCE = 1u << 24,  /* 每月, 按季度 */
  WORD_ALL = 1u << 25,      /* 逐项, 全部 */
  WORD_BUILT = 1u << 21,    /* what became of a subject: 投入使用 */
  WORD_WILL = 1u << 27,     /* after 将 it looks ahead: 继续 */
  WORD_MONEY = 1u << 29,    /* 万 without a unit after it is 万元: 资金 */
  WORD_SPAN = 1u << 28,     /* what is measured in days or hours: 时长 */
  WORD_PLANNED = 1u << 20   /* heads a section of plans: 工作打算 */
};

typedef struct Lexicon Lexicon;
Lexicon *lexicon_new(Arena *a);
/* Length of the longest word of one of `kinds` that begins at cp, 0 if none. */
size_t lexicon_at(const Lexicon *l, const uint32_t *cp, size_t left, uint32_t kinds);

typedef enum { SECTION_DONE, SECTION_PROBLEM, SECTION_PLAN } SectionRole;

typedef struct Section {
  size_t from, to;
  size_t heading_from, heading_to; /* equal: text before the first heading */
  int level;                       /* 1 for 一、, 2 for （一）, 3 for an unnumbered heading line */
  SectionRole role;
  bool mixed; /* its heading names plans beside something else: what opens with 下一步 goes on to its end */
} Section;

typedef struct Sentence {
  size_t from, to;
  size_t section;
  bool opens; /* first of its paragraph */
} Sentence;

typedef struct Phrase {
  size_t from, to; /* without the separator */
  size_t sentence;
  bool plan, past;
} Phrase;

typedef struct Draft {
  Arena *arena;
  const char *text;
  Lexicon *lexicon;
  uint32_t *cp;
  uint32_t *byte; /* offset of each code point in text, one more than count */
  uint8_t *mask;  /* 1: a numeral here is no claim */
  size_t count;
  Section *sections;
  size_t section_count;
  Sentence *sentences;
  size_t sentence_count;
  Phrase *phrases;
  size_t phrase_count;
  int year;       /* the text speaks of, 0 if it names none */
  bool dated;     /* the year is that of its title: later years are plans */
  bool half_year; /* … and only of its first half: 下半年 is to come */
  bool planned;   /* its title says that it is a plan */
} Draft;

Draft *draft_cut(Arena *a, const char *text);
/* The year must be known: phrases of a later year are plans. */
void draft_plan(Draft *d);
void draft_mask(Draft *d);

bool draft_is(const Draft *d, size_t at, uint32_t c); /* false past the end */
bool draft_has(const Draft *d, size_t from, size_t to, uint32_t kinds);
/* A word of `kinds` that ends exactly at `to`, within [from, to): where it begins, or `to`. */
size_t draft_ends_with(const Draft *d, size_t from, size_t to, uint32_t kinds);
bool draft_year(const Draft *d, size_t at, int *year); /* 2023年 or 二〇二三年 begins at `at` */
const char *draft_slice(const Draft *d, size_t from, size_t to); /* arena copy */
size_t draft_phrase(const Draft *d, size_t at);                  /* index of the phrase at a code point */

static inline bool han_char(uint32_t c) { return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF); }
static inline bool latin_char(uint32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
/* Width is even here: draft_cut keeps full-width forms, so both are asked. */
static inline bool digit_char(uint32_t c) { return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19); }
static inline int digit_of(uint32_t c) { return (int)(c >= 0xFF10 ? c - 0xFF10 : c - '0'); }
bool numeral_char(uint32_t c); /* Han: 〇 零 一 … 九 十 百 千 万 亿 两 双 廿 卅 and capitals */
bool char_in(uint32_t c, const char *set);

/* ---- claim.c ---- */

/* What stands around a quantity, as spans of the text with a weight in hundredths. */
typedef struct Span {
  size_t from, to;
  int weight;
} Span;

enum { SPAN_LIMIT = 12 };
typedef enum { EVERY_NONE, EVERY_YEAR, EVERY_HALF, EVERY_QUARTER, EVERY_MONTH, EVERY_WEEK } Every;

/* What stands around a claim, for the matcher, and how it stands to other claims of the text, for the
 * matcher and the cross-check. Claims are named by their index. */
typedef struct ClaimFrame {
  Span spans[SPAN_LIMIT]; /* own words first, then context */
  size_t span_count;
  size_t phrase; /* index */
  uint32_t cues; /* WORD_MEAN … near it; WORD_WITHIN also for those that 其中 goes on to */
  Every every;   /* 每季度一次: a frequency */
  int month, months, year; /* a period of its own: 一季度 is 1, 3; 截至10月底 is 1, 10; 5月 is 5, 1; 0: none.
                              It may stand at the head of an earlier phrase of the sentence */
  bool bare;     /* no words of its own: spans are inherited */
  bool each;     /* 各建成1处, 每人500元: of each of several, not what they come to together */
  bool change;   /* 比上年增加2个, 同比增长5%: the number is the change, not the level */
  bool out_of;   /* 10名村书记中8名, 202名书记中…占48%: said as a count or share of claim `whole` */
  size_t own;    /* how many spans are its own */
  size_t topic;  /* … and with those that open its topic; the rest belongs to the claim before */
  size_t items;  /* how many nouns it adds up (办实事、解难题共30件 is 2: own spans 0 and 1); 0 else */
  size_t parts;  /* … or how many claims right before it (15件、15件，共30件 is 2); 0 else */
  size_t whole;  /* the claim that this is a part of (其中) or a share of; CLAIM_NONE */
  size_t part;   /* 女党员312名，占24.3%: the claim that a share says again as %; CLAIM_NONE */
} ClaimFrame;

#define CLAIM_NONE ((size_t)-1)

/* The cadence that stands before a number in [from, at). */
Every claim_every(const Draft *d, size_t from, size_t at);
void claims_find(Draft *d, Claim **out, size_t *count);
void frame_claims(Draft *d, Claim *claims, size_t count);
size_t claim_from(const Claim *c); /* with qualifiers and unit: 近七成, 120余人次 */
size_t claim_to(const Claim *c);
/* whole, part, parts, out_of of framed claims (kin.c). */
void relate_claims(const Draft *d, Claim *claims, size_t count);
void find_period(const Draft *d, ClaimFrame *f);
/* Characters that say something in [from, to): no fillers, no digits, no signs. `out` may be NULL. */
size_t draft_content(const Draft *d, size_t from, size_t to, uint32_t *out, size_t room);

#endif
