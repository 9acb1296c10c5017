/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Qualifiers and hints as tables of words. A qualifier touches its number, with at most a small word
 * between (超过了80, 至少有10个); a word that is the tail of another (签约, 传达, 附近) is none. */
#include "language/surroundings.h"

#include <string.h>

#include "base/utf8.h"

typedef struct Phrase {
  const char *words; /* separated by blanks */
  Wording wording;
  const char *not_after; /* characters that make the first one part of another word */
} Phrase;

static const Phrase before[] = {
    {"不少于 不低于 不小于 不下于 不下 至少 最少 起码 大于等于 大于或等于 大于或者等于 ≥ >= 不得少于 不得低于 不应低于 "
     "不能少于",
     WORDING_AT_LEAST, ""},
    {"年满 已满", WORDING_AT_LEAST, ""},
    {"满", WORDING_AT_LEAST, "圆充丰美期届不未爆"},
    {"不超过 不高于 不大于 不多于 至多 最多 小于等于 小于或等于 小于或者等于 ≤ <= 不得超过 不得高于 不得多于 不能超过 "
     "不应超过 "
     "未超过 没有超过 没超过 未突破",
     WORDING_AT_MOST, ""},
    {"超过 突破 多于 大于 高于 > 超出 已超 逾", WORDING_EXCEED, ""},
    {"超", WORDING_EXCEED, "赶反"},
    {"不足 不到 未满 不满 低于 小于 少于 < 未达 未达到 未到 没有达到 没达到 没到", WORDING_SHORT_OF, ""},
    {"将近 接近", WORDING_NEARLY, ""},
    {"近", WORDING_NEARLY, "最附靠临远邻亲贴新相"},
    {"大约 大概 大致 估计 估算", WORDING_ABOUT, ""},
    {"约", WORDING_ABOUT, "签预合节邀违履契制公条集简婚特续失相租缔稿大盟誓赴应践"},
    {"达到 高达 多达 长达", WORDING_REACH, ""},
    {"达", WORDING_REACH, "传送抵表直转下到发通雷哈马畅"},
};

static const Phrase after[] = {
    {"以上 之上 更多", WORDING_AT_LEAST, ""},
    {"以下 以内 之内 之下", WORDING_AT_MOST, ""},
    {"左右 上下", WORDING_ABOUT, ""},
    {"以外 开外", WORDING_EXCEED, ""},
    {"有余", WORDING_MORE, ""},
    {"不到", WORDING_SHORT_OF, ""},
    {"之多", WORDING_REACH, ""},
};

/* The longest word of a blank-separated list that stands at (or ends before) cell i. */
static size_t match_words(const Cells *cs, size_t i, const char *words, bool backwards) {
  size_t best = 0;
  char word[32];
  while (*words) {
    size_t n = strcspn(words, " ");
    if (n < sizeof word) {
      memcpy(word, words, n);
      word[n] = '\0';
      size_t cells = backwards ? cells_match_before(cs, i, word) : cells_match(cs, i, word);
      if (cells > best) best = cells;
    }
    words += n + (words[n] == ' ');
  }
  return best;
}

/* Last characters of `before`, first of `after`: most numbers have none of them beside. */
static const char *const last_of_before = "于少下低多小等≥=满过高≤超破>出逾足到<达近约概致计算";
static const char *const first_of_after = "以之更左上开有不及或和(";

static size_t longest_before(const Cells *cs, size_t i, Wording *out) {
  size_t best = 0;
  if (!is_one_of(cell(cs, i - 1), last_of_before)) return 0;
  for (size_t p = 0; p < sizeof before / sizeof *before; p++) {
    size_t n = match_words(cs, i, before[p].words, true);
    if (n <= best || is_one_of(cell(cs, i - n - 1), before[p].not_after)) continue;
    best = n;
    *out = before[p].wording;
  }
  return best;
}

size_t qualifier_before(const Cells *cs, size_t i, const Number *n, bool time, Wording *out) {
  size_t small = is_one_of(cell(cs, i - 1), "了有为是到出至") ? 1 : 0;
  size_t length = longest_before(cs, i, out);
  if (!length && small && (length = longest_before(cs, i - small, out))) length += small;
  if (length && *out == WORDING_NEARLY && time && length == 1) return 0; /* 近三年 */
  if (length) return length;
  uint32_t c = cell(cs, i - 1);
  if (c == 0x4E0A /* 上百 */ && (n->bare || n->several) && !is_one_of(cell(cs, i - 2), "以之")) {
    *out = WORDING_AT_LEAST;
    return 1;
  }
  /* 比三十大 */
  if (c == 0x6BD4 && is_one_of(cell(cs, n->end), "大多高长重") && !time) return *out = WORDING_EXCEED, 1;
  if (c == 0x6BD4 && is_one_of(cell(cs, n->end), "小少低短轻") && !time) return *out = WORDING_SHORT_OF, 1;
  return 0;
}

size_t inclusion_at(const Cells *cs, size_t i) {
  static const char *const forms[] = {"(含)", "(含本数)", "(包含)", "(不含)", 0};
  if (cell(cs, i) != '(') return 0;
  return cells_match_any(cs, i, forms, NULL);
}

size_t qualifier_after(const Cells *cs, size_t i, Wording *out) {
  static const char *const joins[] = {"及其", "及", "或者", "或", "和", 0};
  if (!is_one_of(cell(cs, i), first_of_after)) return 0;
  size_t skip = inclusion_at(cs, i), best = 0;
  skip += cells_match_any(cs, i + skip, joins, NULL);
  for (size_t p = 0; p < sizeof after / sizeof *after; p++) {
    size_t n = match_words(cs, i + skip, after[p].words, false);
    if (n <= best) continue;
    uint32_t next = cell(cs, i + skip + n);
    if (after[p].wording == WORDING_ABOUT && is_one_of(next, "联游手逢为")) continue;
    if (cell(cs, i + skip) == 0x4E0D /* 不到 */ && !is_boundary(next)) continue;
    if (cell(cs, i + skip) == 0x66F4 /* 更多 */ && !skip) continue;
    best = n;
    *out = after[p].wording;
  }
  return best ? skip + best : 0;
}

Qualifier wording_qualifier(Wording w) {
  switch (w) {
  case WORDING_PLAIN:
  case WORDING_REACH: return QUALIFIER_EXACT;
  case WORDING_MORE:
  case WORDING_EXCEED: return QUALIFIER_OVER;
  case WORDING_NEARLY:
  case WORDING_ABOUT: return QUALIFIER_ABOUT;
  case WORDING_AT_LEAST: return QUALIFIER_AT_LEAST;
  case WORDING_AT_MOST: return QUALIFIER_AT_MOST;
  case WORDING_SHORT_OF: return QUALIFIER_UNDER;
  }
  return QUALIFIER_EXACT;
}

/* ---- hints ---- */

static bool named(const Unit *u, const char *names) {
  if (!u) return false;
  for (const char *at = names; (at = strstr(at, u->name)); at++) {
    size_t n = strlen(u->name);
    if ((at == names || at[-1] == ' ') && (!at[n] || at[n] == ' ')) return true;
  }
  return false;
}

/* The whole value when it is a small non-negative integer, else −1. */
static int64_t whole(const Number *n) {
  bool over = false;
  Decimal d = amount_decimal(n->value, &over);
  return over || d.scale || n->percent || d.mantissa < 0 ? -1 : d.mantissa;
}

static bool is_year(const Number *n) {
  int64_t v = whole(n);
  return v >= 1800 && v <= 2199 && !n->scaled && n->end - n->core == 4;
}

/* 2023-05-12, 2023/5/12, 2023.5.12, 8:30. */
static bool in_written_date(const Cells *cs, const Number *n) {
  uint32_t next = cell(cs, n->end), prev = cell(cs, n->start - 1);
  bool joined = is_one_of(next, "-/.") && is_digit(cell(cs, n->end + 1));
  if (n->han || n->decimal) return false;
  if ((next == ':' && is_digit(cell(cs, n->end + 1)) && is_digit(cell(cs, n->end + 2)) && whole(n) < 24) ||
      (prev == ':' && is_digit(cell(cs, n->start - 2)) && n->end - n->start == 2))
    return true;
  if (is_year(n) && joined && prev != next) return true;
  if (!is_one_of(prev, "-/.") || !is_digit(cell(cs, n->start - 2)) || whole(n) > 31) return false;
  /* four digits two or one number back */
  size_t i = n->start - 1;
  for (int part = 0; part < 2; part++) {
    size_t digits = 0;
    while (digits < 5 && i > digits && is_digit(cell(cs, i - 1 - digits)) && (!digits || !cell_gap(cs, i - digits)))
      digits++;
    if (digits == 4) return is_one_of(cell(cs, i - 4), "12");
    if (!digits || digits > 4 || i <= digits || cell(cs, i - 1 - digits) != prev) return false;
    i -= digits + 1;
  }
  return false;
}

static bool is_date(const Cells *cs, const Number *n, const Unit *unit, size_t unit_end) {
  int64_t v = whole(n);
  uint32_t prev = cell(cs, n->start - 1), next = cell(cs, unit_end);
  if (v < 0) return in_written_date(cs, n);
  if (n->digits && named(unit, "年 年度")) return true;
  if (is_year(n) && (!unit || named(unit, "年 年度 年代 年期"))) return true;
  if (named(unit, "月 月份") && v >= 1 && v <= 12) return true;
  if (named(unit, "日") && v >= 1 && v <= 31) return !is_one_of(next, "游内");
  if (named(unit, "号") && v >= 1 && v <= 31 && prev == 0x6708 /* 月 */) return true;
  if (named(unit, "时") && v <= 24) return true;
  if (named(unit, "年代")) return true;
  if (named(unit, "点 点钟 分") && v <= 60 &&
      (is_one_of(prev, "午上晚晨早间时点日") && (prev != 0x70B9 || named(unit, "分"))))
    return true;
  if (is_one_of(prev, "期拜") &&
      (cells_match_before(cs, n->start, "星期") || cells_match_before(cs, n->start, "礼拜")) && !unit)
    return true;
  return in_written_date(cs, n);
}

static bool is_ordinal(const Cells *cs, const Number *n, const Unit *unit, size_t unit_end) {
  uint32_t prev = cell(cs, n->start - 1), next = cell(cs, unit_end);
  if (n->broken) return true;
  if (prev == 0x7B2C /* 第 */) return true;
  if (n->percent || n->scaled) return false;
  if (prev == 0x521D /* 初 */ && n->han && !unit && whole(n) <= 10) return true;
  if (named(unit, "届")) return prev != 0x591A;
  if (prev == 0x5C4A /* 十九届六中全会, 七届三次会议 */) return true;
  if (named(unit, "号")) return true;
  if (named(unit, "级") && !cell_gap(cs, unit_end) && is_han(next)) return true;
  if (!unit && next == 0x7B49 && cell(cs, unit_end + 1) == 0x5956 /* 等奖 */) return true;
  if (!unit && n->han && next == 0x5927 /* 二十大 */ && whole(n) >= 2 &&
      !is_one_of(cell(cs, unit_end + 1), "队项类件户批"))
    return true;
  if (!unit && cells_match(cs, unit_end, "中全会")) return true;
  if (!unit && next == 0x540E /* 80后 */ && whole(n) >= 50 && whole(n) <= 99) return true;
  if (n->han && named(unit, "期") && (cells_match(cs, unit_end, "工程") || cells_match(cs, unit_end, "项目")))
    return true;
  return false;
}

static bool is_enumerator(const Cells *cs, const Number *n, const Unit *unit) {
  uint32_t prev = cell(cs, n->start - 1), next = cell(cs, n->end);
  int64_t v = whole(n);
  if (v < 0 || v > 99 || unit) return false;
  if (prev == '(' && next == ')') return true;
  bool opens = !prev || prev == '\n' || prev == '\r' || is_one_of(prev, "。;:!?”》");
  if (opens && is_one_of(next, "、.") && !is_digit(cell(cs, n->end + 1))) return true;
  if (opens && !n->han && next == ')') return true;
  if (n->han && v <= 30 && is_boundary(prev) && is_one_of(next, "是要则为")) return true;
  if (prev == 0x5176 /* 其 */ && n->han && v <= 10 && is_boundary(next)) return true;
  return false;
}

Hint hint_of(const Cells *cs, const Number *n, const Unit *unit, size_t unit_end) {
  if (is_enumerator(cs, n, unit)) return HINT_ENUMERATOR;
  if (named(unit, "季度") && whole(n) >= 1 && whole(n) <= 4) return HINT_DATE;
  if (is_ordinal(cs, n, unit, unit_end)) return HINT_ORDINAL;
  if (is_date(cs, n, unit, unit_end)) return HINT_DATE;
  return HINT_NONE;
}
