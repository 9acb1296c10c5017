/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Marks every place where a numeral counts nothing: fixed words (统一, 十四五), quoted short names
 * (“四抓两整治”), titles in 《》, slogans by their shape (一户一策), enumerators, ordinals, phases of
 * works (二期工程), dates, numbers in names of places and in codes (1+3, A4, 12345热线).
 *
 * Rules by shape come first and the lexicon only holds what has no shape. Masking never looks at a
 * number's value; one pass a rule, each linear. */
#include "verify/draft.h"

#include <string.h>

static void cover(Draft *d, size_t from, size_t to) {
  for (size_t i = from; i < to && i < d->count; i++) d->mask[i] = 1;
}

static bool number_char(uint32_t c) { return digit_char(c) || numeral_char(c); }

static size_t numeral_end(const Draft *d, size_t at) {
  while (at < d->count && numeral_char(d->cp[at])) at++;
  return at;
}

static size_t digits_end(const Draft *d, size_t at) {
  while (at < d->count && digit_char(d->cp[at])) at++;
  return at;
}

static size_t number_end(const Draft *d, size_t at) {
  return at < d->count && digit_char(d->cp[at]) ? digits_end(d, at) : numeral_end(d, at);
}

/* The measure word at a code point, and its length in code points. */
static const Unit *measure_word(const Draft *d, size_t at, size_t *length) {
  size_t bytes = 0;
  const Unit *u = at < d->count ? unit_at(d->text + d->byte[at], &bytes) : NULL;
  size_t end = at;
  while (u && end < d->count && d->byte[end] < d->byte[at] + bytes) end++;
  *length = u ? end - at : 0;
  return u;
}

static void mask_words(Draft *d) {
  for (size_t i = 0; i < d->count; i++) {
    size_t n = lexicon_at(d->lexicon, d->cp + i, d->count - i, WORD_NAME);
    if (!n) continue;
    bool inside = i && number_char(d->cp[i]) && number_char(d->cp[i - 1]); /* 五万一千 is no 万一 */
    bool more = number_char(d->cp[i + n - 1]) && i + n < d->count && number_char(d->cp[i + n]);
    bool ordinal = d->cp[i] == 0x7B2C; /* 第一 */
    /* 十分钟, 三处置 …: a longer reading with a measure word is left to the grammar. */
    bool minutes = draft_is(d, i, 0x5341) && draft_is(d, i + 1, 0x5206) && draft_is(d, i + 2, 0x949F);
    bool none = d->cp[i] == 0x4E00 && draft_ends_with(d, i > 4 ? i - 4 : 0, i, WORD_NONE) < i; /* 没有一起 */
    bool share = d->cp[i] == 0x4E4B && i && d->cp[i - 1] == 0x5206;                            /* 三分之一 */
    bool last = d->cp[i] == 0x4E00 && n == 2 && char_in(d->cp[i + 1], "套笔块面") &&           /* 设备一套， */
                i && han_char(d->cp[i - 1]) && !char_in(d->cp[i - 1], "另每这那某成") &&
                !(i + 2 < d->count && han_char(d->cp[i + 2]));
    if (share || last || ((inside || more || minutes || none) && !ordinal)) continue;
    cover(d, i, i + n);
  }
}

/* ---- quotes and titles ---- */

enum { QUOTE_LIMIT = 24, NAME_LIMIT = 12, TITLE_LIMIT = 80 };

static size_t closing(const Draft *d, size_t open, uint32_t close, size_t limit) {
  for (size_t i = open + 1; i < d->count && i <= open + limit; i++) {
    if (d->cp[i] == close) return i;
    if (d->cp[i] == '\n') return 0;
  }
  return 0;
}

static bool measured_digits(const Draft *d, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) {
    if (!digit_char(d->cp[i])) continue;
    size_t end = digits_end(d, i), n = 0;
    if (draft_is(d, end, '.') && end + 1 < to && digit_char(d->cp[end + 1])) end = digits_end(d, end + 1);
    while (end < to && char_in(d->cp[end], "万亿余多")) end++;
    const Unit *u = measure_word(d, end, &n);
    if (u && end < to && (u->measured || end + n == to) && to - from > 5) return true;
    i = end;
  }
  return false;
}

static bool speech(const Draft *d, size_t from, size_t to) {
  for (; from < to; from++)
    if (char_in(d->cp[from], "。！？!?")) return true;
  return false;
}

/* A short quoted string is a name; a longer one only where its numbers are no measured digits. */
static void mask_quotes(Draft *d) {
  static const struct {
    uint32_t open, close;
  } marks[] = {{0x201C, 0x201D}, {0x2018, 0x2019}, {0x300C, 0x300D}, {0x300E, 0x300F}, {'"', '"'}, {0xFF02, 0xFF02}};
  for (size_t i = 0; i < d->count; i++) {
    if (d->cp[i] == 0x300A || d->cp[i] == 0x3014) { /* 《 〔 */
      size_t end = closing(d, i, d->cp[i] + 1, TITLE_LIMIT);
      if (!end) continue;
      bool number = d->cp[i] == 0x3014;
      cover(d, i, number ? digits_end(d, end + 1) : end);
      i = end;
      continue;
    }
    for (size_t m = 0; m < sizeof marks / sizeof *marks; m++) {
      if (d->cp[i] != marks[m].open) continue;
      size_t end = closing(d, i, marks[m].close, QUOTE_LIMIT);
      if (!end) break;
      if (speech(d, i + 1, end)) break;
      if (end - i - 1 <= NAME_LIMIT || !measured_digits(d, i + 1, end)) cover(d, i + 1, end);
      i = end;
      break;
    }
  }
}

/* ---- slogans by shape ---- */

static bool frequency(const Draft *d, size_t word, size_t number, size_t n) {
  size_t k = 0;
  const Unit *time = measure_word(d, word, &k);
  bool every = time && (!strcmp(time->class_, "months") || !strcmp(time->class_, "days"));
  const Unit *u = measure_word(d, number + n, &k);
  return every && u && !u->measured;
}

/* 三会一课, 一岗双责, 四议两公开, 三改一拆: numeral, one or two characters, numeral, word; but not
 * 四轮六十三人次 (two quantities) nor 一月一轮 (a frequency). */
static void mask_slogans(Draft *d) {
  for (size_t i = 0; i < d->count; i++) {
    if (!numeral_char(d->cp[i]) || (i && number_char(d->cp[i - 1]))) continue;
    if (i && char_in(d->cp[i - 1], "余多来几") && char_in(d->cp[i], "百千万亿")) continue;
    size_t word = numeral_end(d, i), next = word;
    while (next < d->count && next - word < 3 && han_char(d->cp[next]) && !numeral_char(d->cp[next])) next++;
    size_t middle = next - word;
    if (middle < 1 || middle > 2 || next >= d->count || !numeral_char(d->cp[next])) continue;
    if (char_in(d->cp[word], "余多来几") && char_in(d->cp[next], "百千万亿")) continue;             /* 八十来万 */
    if (lexicon_at(d->lexicon, d->cp + i, d->count - i, WORD_FILLER | WORD_TOGETHER) > 1) continue; /* 一共十二个 */
    if (d->cp[word] == 0x5206 || d->cp[word] == 0x70B9 || d->cp[word] == 0x4E4B) continue;          /* 分之, 点 */
    size_t end = numeral_end(d, next), k1 = 0, k2 = 0;
    if (draft_is(d, end, 0x5206) && draft_is(d, end + 1, 0x4E4B)) continue; /* 三分之一 */
    if (end >= d->count || !han_char(d->cp[end])) continue;
    const Unit *first = measure_word(d, word, &k1), *second = measure_word(d, end, &k2);
    bool ones = next - i == middle + 1 && d->cp[i] == 0x4E00 && d->cp[next] == 0x4E00 && end == next + 1;
    if (k1 > middle || (first && first->measured && k1 == middle && first->den == 10))
      continue; /* 三个百分点, 六毛五 */
    bool quantities = first && second && k1 == middle && !ones;
    if (quantities || frequency(d, word, next, end - next)) continue;
    size_t to = end;
    while (to < d->count && to - end < 3 && han_char(d->cp[to]) && !numeral_char(d->cp[to])) to++;
    cover(d, i, end + (to > end));
    /* 四议两公开三监督 goes on. */
    while (to < d->count && numeral_char(d->cp[to]) && to - end <= 3) {
      end = numeral_end(d, to);
      cover(d, to, end);
      for (to = end; to < d->count && to - end < 3 && han_char(d->cp[to]) && !numeral_char(d->cp[to]);) to++;
    }
    i = end - 1;
  }
}

/* 研究一件解决一件, 一村一个: the same measure word after two 一 in one clause counts nothing. */
static void mask_pairs(Draft *d) {
  enum { APART = 7 };
  for (size_t i = 0; i + 3 < d->count; i++) {
    if (d->cp[i] != 0x4E00) continue;
    for (size_t k = i + 2; k < i + APART && k + 1 < d->count && (han_char(d->cp[k]) || d->cp[k] == 0x3001); k++) {
      if (d->cp[k] != 0x4E00 || d->cp[k + 1] != d->cp[i + 1]) continue;
      cover(d, i, i + 1);
      cover(d, k, k + 1);
      break;
    }
  }
}

/* 做到“两个维护” without the quotes: 坚持, 做到 … + numeral + 个 + two characters, then the clause ends. */
static void mask_resolves(Draft *d) {
  for (size_t p = 0; p < d->phrase_count; p++) {
    const Phrase *f = &d->phrases[p];
    for (size_t i = f->from + 1; i + 3 < f->to; i++) {
      if (!numeral_char(d->cp[i]) || numeral_char(d->cp[i - 1])) continue;
      size_t end = numeral_end(d, i);
      if (!draft_is(d, end, 0x4E2A) || end - i > 1) continue; /* 个 */
      size_t after = end + 3;
      bool closes = after >= f->to || char_in(d->cp[after], "、”和与及的");
      closes = closes || lexicon_at(d->lexicon, d->cp + end + 1, f->to - end - 1, WORD_ABSTRACT);
      if (closes && draft_ends_with(d, f->from, i, WORD_SLOGAN) < i) cover(d, i, end);
    }
  }
}

/* ---- enumerators and ordinals ---- */

static bool starts_clause(const Draft *d, size_t at) {
  while (at && (d->cp[at - 1] == ' ' || d->cp[at - 1] == 0x3000 || d->cp[at - 1] == '\t')) at--;
  return !at || d->cp[at - 1] == '\n' || char_in(d->cp[at - 1], "。；;：:！？!?，,、）)");
}

static bool starts_sentence(const Draft *d, size_t at) {
  while (at && (d->cp[at - 1] == ' ' || d->cp[at - 1] == 0x3000 || d->cp[at - 1] == '\t')) at--;
  return !at || d->cp[at - 1] == '\n' || char_in(d->cp[at - 1], "。；;：:！？!?");
}

static void mask_enumerators(Draft *d) {
  for (size_t i = 0; i < d->count; i++) {
    if (!number_char(d->cp[i]) || (i && number_char(d->cp[i - 1]))) continue;
    size_t end = number_end(d, i);
    if (end - i > 3 || end >= d->count) continue;
    uint32_t next = d->cp[end];
    bool bracket = i && (d->cp[i - 1] == 0xFF08 || d->cp[i - 1] == '(') && (next == 0xFF09 || next == ')');
    bool list = char_in(next, "是要则") && starts_clause(d, i) && !digit_char(d->cp[i]);
    bool point =
        char_in(next, "、．.)）") && starts_sentence(d, i) && !(end + 1 < d->count && digit_char(d->cp[end + 1]));
    if (bracket || list || point) cover(d, i, end);
  }
}

static bool place_word(const Draft *d, size_t at) {
  if (at >= d->count || !char_in(d->cp[at], "镇乡村庄屯寨铺沟湾坪坝岭桥")) return false;
  return !(at + 1 < d->count && char_in(d->cp[at + 1], "民级干党支集两务贤医规组居委书"));
}

/* 第六批, 二十大, 十九届六中全会, 三等, 二期工程, 五人小组, 三台村. */
static void mask_ordinals(Draft *d) {
  for (size_t i = 0; i < d->count; i++) {
    if (!number_char(d->cp[i]) || (i && number_char(d->cp[i - 1]))) continue;
    size_t end = number_end(d, i);
    bool han = !digit_char(d->cp[i]);
    uint32_t next = end < d->count ? d->cp[end] : 0, after = end + 1 < d->count ? d->cp[end + 1] : 0;
    size_t k = 0;
    const Unit *u = measure_word(d, end, &k);
    bool ordinal = i && d->cp[i - 1] == 0x7B2C;                                     /* 第 */
    bool congress = han && ((next == 0x5927 && !char_in(after, "棚户块批型类力项")) /* 二十大 */
                            || next == 0x5C4A || (next == 0x4E2D && after == 0x5168));
    bool rank = (next == 0x53F7 || next == 0x7EA7 || next == 0x7B49 || next == 0x661F) && u != NULL; /* 号级等 */
    rank = rank || (han && (next == 0x661F || next == 0x7EA7)) || (next == 0x5C4A && !han);
    bool phase = next == 0x671F && lexicon_at(d->lexicon, d->cp + end + 1, d->count - end - 1, WORD_PHASE);
    bool group = next == 0x4EBA && after == 0x5C0F && draft_is(d, end + 2, 0x7EC4); /* 人小组 */
    bool place =
        han && end - i <= 2 &&
        (place_word(d, end) || (u && !char_in(next, "个名位项件次场座人期家") && k == 1 && place_word(d, end + 1)));
    place = place && !(i && char_in(d->cp[i - 1], "在了共有各为成至到达辖近约"));
    /* 三年级二班; 前三名, 后十位; 连续两次未达标 */
    bool class_ = next == 0x73ED && i && d->cp[i - 1] == 0x7EA7;
    bool placed =
        i && char_in(d->cp[i - 1], "前后末") && char_in(next, "名位") && !(i > 1 && char_in(d->cp[i - 2], "先目以"));
    bool digits = next == 0x4F4D && after == 0x6570; /* 七位数 */
    bool running = i > 1 && d->cp[i - 1] == 0x7EED && d->cp[i - 2] == 0x8FDE && char_in(next, "次轮届");
    if (ordinal || congress || rank || phase || group || place || class_ || placed || running || digits)
      cover(d, i, end);
  }
}

/* ---- dates and codes ---- */

static bool year_like(const Draft *d, size_t i, size_t end) {
  if (end - i != 4) return false;
  int n = 0;
  for (size_t k = i; k < end; k++) n = n * 10 + digit_of(d->cp[k]);
  return n >= 1900 && n <= 2100;
}

/* A bare year before a word: 2010农村经济, 2015发展壮大. */
static bool bare_year(const Draft *d, size_t i, size_t end) {
  size_t k = 0;
  return year_like(d, i, end) && end < d->count && han_char(d->cp[end]) && !measure_word(d, end, &k) &&
         !char_in(d->cp[end], "余多来万亿");
}

/* 2023-05-12, 2023.5.12, 2023/5 and 10:30: digits joined by points that are no decimal. */
static size_t dotted(const Draft *d, size_t i, size_t end) {
  if (end >= d->count) return 0;
  uint32_t mark = d->cp[end];
  if (mark != '-' && mark != '.' && mark != '/' && mark != ':' && mark != 0xFF1A) return 0;
  size_t second = digits_end(d, end + 1);
  if (second == end + 1 || second - end > 3) return 0;
  if (mark == ':' || mark == 0xFF1A) return end - i <= 2 && second - end == 3 ? second : 0;
  bool third = draft_is(d, second, mark) && digits_end(d, second + 1) > second + 1;
  if (third) return digits_end(d, second + 1);
  return year_like(d, i, end) && mark != '-' ? second : 0;
}

/* Letters that are a unit (km, kW) do not make a code. */
static bool code(const Draft *d, size_t i, size_t end) {
  size_t k = 0;
  bool network =
      end == i + 1 && end < d->count && d->cp[end] == 'G' && !(end + 1 < d->count && latin_char(d->cp[end + 1]));
  if (network) return true; /* 5G */
  if (i && (latin_char(d->cp[i - 1]) || char_in(d->cp[i - 1], "+＋#＃*×=@_"))) return true;
  if (end >= d->count) return false;
  if (char_in(d->cp[end], "+＋#＃*×=@_")) return true;
  return latin_char(d->cp[end]) && (!measure_word(d, end, &k) || (end + k < d->count && latin_char(d->cp[end + k])));
}

static void mask_digits(Draft *d) {
  for (size_t i = 0; i < d->count; i++) {
    if (!digit_char(d->cp[i])) continue;
    size_t end = digits_end(d, i), date = dotted(d, i, end);
    size_t point = draft_is(d, end, '.') ? digits_end(d, end + 1) : end;
    if (point > end + 1 && draft_is(d, point, 0x7248)) date = point; /* 2.0版 */
    if (date)
      cover(d, i, date);
    else if (bare_year(d, i, end) || code(d, i, end))
      cover(d, i, end);
    /* 1-5月, 6至9日: the first end has no unit of its own. */
    size_t second = end + 1 < d->count && char_in(d->cp[end], "-—–~～至到") ? digits_end(d, end + 1) : 0;
    if (second > end + 1 && second < d->count && char_in(d->cp[second], "月日号") && end - i <= 2) cover(d, i, second);
    i = (date ? date : end) - 1;
  }
}

void draft_mask(Draft *d) {
  mask_enumerators(d);
  mask_words(d);
  mask_quotes(d);
  mask_slogans(d);
  mask_resolves(d);
  mask_pairs(d);
  mask_ordinals(d);
  mask_digits(d);
}
