/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Which quantities of a draft are claims, and whether a claim is past or a plan. A claim counts or
 * measures something; dates, periods, ordinals, bounds that only delimit a class (50岁以下村书记) and
 * the 一 of phrases are none. A written range gives two claims that share scale and unit.
 *
 * Rules look at shapes around the number, never at one report's words. */
#include "verify/draft.h"

#include <string.h>

#include "base/utf8.h"

typedef struct Finder {
  Draft *d;
  const Quantity *q;
  size_t count;
  Claim *claims;
  size_t claim_count, room;
} Finder;

static bool class_in(const Unit *u, const char *const *classes) {
  for (; u && *classes; classes++)
    if (!strcmp(u->class_, *classes)) return true;
  return false;
}

static bool masked(const Draft *d, const Quantity *q) {
  for (size_t i = q->start; i < q->end; i++)
    if (d->mask[i]) return true;
  return false;
}

/* The quantity that follows in the same phrase, or NULL. */
static const Quantity *next_in(const Finder *f, size_t i, const Phrase *p) {
  for (size_t k = i + 1; k < f->count && f->q[k].start < p->to; k++)
    if (f->q[k].hint == HINT_NONE && f->q[k].unit && !masked(f->d, &f->q[k])) return &f->q[k];
  return NULL;
}

static size_t after_quantity(const Quantity *q) {
  size_t end = q->unit_end > q->unit_start ? q->unit_end : q->end;
  return q->to > end ? q->to : end;
}

/* Behind 及以下, 以上, 含, if they stand at `at`. */
static size_t after_bound(const Draft *d, size_t at) {
  size_t i = at;
  if (i < d->count && char_in(d->cp[i], "(（含")) i++;
  if (i < d->count && char_in(d->cp[i], "含及")) i++;
  if (draft_is(d, i, ')') || draft_is(d, i, 0xFF09)) i++;
  if (draft_is(d, i, 0x4EE5) && i + 1 < d->count && char_in(d->cp[i + 1], "上下内")) return i + 2;
  return at;
}

/* 10万元以下薄弱村: what a bound on money delimits is counted, not paid. */
static bool names_bearers(const Draft *d, size_t from, size_t to) {
  enum { NEAR = 7 };
  if (to > from + NEAR) to = from + NEAR;
  for (size_t i = from; i < to && han_char(d->cp[i]); i++)
    if (char_in(d->cp[i], "村户企") || (d->cp[i] == 0x9879 && draft_is(d, i + 1, 0x76EE))) return true; /* 项目 */
  return false;
}

/* 50岁以下村书记, 10～15万元的1个, 60岁以上的党员163名: the number delimits, another one counts. */
static bool criterion(const Finder *f, size_t i, const Phrase *p) {
  static const char *const ages[] = {"age", NULL}, *const money[] = {"money", NULL};
  const Draft *d = f->d;
  const Quantity *q = &f->q[i];
  size_t unit_end = q->unit_end > q->unit_start ? q->unit_end : q->end;
  size_t bound = after_bound(d, unit_end), end = bound > unit_end ? bound : after_quantity(q);
  bool bounded =
      bound > unit_end || (end > unit_end && (q->wording == WORDING_AT_LEAST || q->wording == WORDING_AT_MOST));
  bool goes_on = end < p->to && han_char(d->cp[end]);
  if (class_in(q->unit, ages)) {
    const Phrase *before = p > d->phrases ? p - 1 : p;
    /* 平均年龄47.6岁，其中3名在40岁以下: a bound is of the mean only where the mean is its own */
    size_t from = before->sentence == p->sentence && !bounded ? before->from : p->from;
    bool mean = draft_has(d, from, q->start, WORD_MEAN);
    for (size_t k = from; k + 1 < q->start; k++)
      mean = mean || (d->cp[k] == 0x5E74 && char_in(d->cp[k + 1], "龄纪")) || /* 年龄 */
             (d->cp[k] == 0x6700 && char_in(d->cp[k + 1], "大小长高低年"));   /* 最小的 */
    bool list = end < d->count && d->cp[end] == 0x3001;                       /* 50岁以下、高中以上 */
    return !mean || (bounded && (goes_on || list));
  }
  if (!goes_on && !(bounded && draft_is(d, end, 0x3001))) return false;
  bool those = draft_is(d, end, 0x7684) && (q->range || q->wording == WORDING_EXCEED || q->wording == WORDING_SHORT_OF);
  if ((bounded || those) && next_in(f, i, p)) return true;
  return bounded && class_in(q->unit, money) && names_bearers(d, end, p->to);
}

/* ---- the 一 of phrases ---- */

/* How often: 每季度…一次, 半年研究一次, 一月一轮. */
Every claim_every(const Draft *d, size_t from, size_t at) {
  static const struct {
    const char *at;
    Every every;
  } times[] = {{"年", EVERY_YEAR}, {"季", EVERY_QUARTER}, {"月", EVERY_MONTH}, {"周", EVERY_WEEK}};
  for (size_t i = at; i-- > from;) {
    size_t t = 0;
    while (t < 4 && !char_in(d->cp[i], times[t].at)) t++;
    if (t == 4) continue;
    size_t lead = i;
    bool half = lead > from && d->cp[lead - 1] == 0x534A; /* 半 */
    if (half) lead--;
    if (lead > from && d->cp[lead - 1] == 0x4E2A) lead--; /* 个 */
    uint32_t c = lead > from ? d->cp[lead - 1] : 0;
    bool each = c == 0x6BCF || c == 0x9010;               /* 每, 逐 */
    bool one = c == 0x4E00 && i + 2 >= at && at - i <= 2; /* 一月一轮 */
    bool bare = half && !digit_char(c) && !numeral_char(c) && !char_in(c, "上下大多");
    if (each || one || bare) return half ? EVERY_HALF : times[t].every;
  }
  return EVERY_NONE;
}

/* 没有一例: the claim is 0. */
static bool none_of(const Draft *d, const Quantity *q, const Phrase *p) {
  static const char *const nouns = "例起人件户名次宗";
  bool one = q->han && q->end == q->start + 1 && d->cp[q->start] == 0x4E00;
  if (!one || !q->unit || !char_in(d->cp[q->unit_start], nouns)) return false;
  return draft_ends_with(d, p->from, q->start, WORD_NONE) < q->start;
}

/* 光黄芪一项, 仅此一项: it names one of several. */
static bool only_one(const Draft *d, size_t from, size_t to) {
  for (size_t i = from; i < to; i++)
    if (char_in(d->cp[i], "仅光")) return true;
  return false;
}

/* 一条通后沟，一条通学校，还有一条…: it tells off the members of a number given before. */
static bool told_off(const Draft *d, const Quantity *q, const Phrase *p) {
  if (q->unit_end == q->unit_start) return false;
  enum { AROUND = 4 };
  size_t at = (size_t)(p - d->phrases), from = at > AROUND ? at - AROUND : 0;
  for (size_t i = from; i < d->phrase_count && i <= at + AROUND; i++) {
    const Phrase *o = &d->phrases[i];
    if (o != p && o->sentence == p->sentence && d->cp[o->from] == 0x4E00 &&
        draft_is(d, o->from + 1, d->cp[q->unit_start]))
      return true;
  }
  return false;
}

/* 一 counts in 建成服务中心一处 and 建成一个30户的示范点, not in 上一个台阶 or 作为一项任务. */
static bool counted_one(const Draft *d, const Quantity *q, const Phrase *p) {
  size_t end = after_quantity(q);
  uint32_t before = q->start > p->from ? d->cp[q->start - 1] : 0;
  if (told_off(d, q, p)) return false;
  if (claim_every(d, p->from, q->start)) return true;
  if (none_of(d, q, p)) return true;
  if (!before && end >= p->to) { /* 服务中心也建起来了，一处 */
    const Phrase *said = p > d->phrases && p[-1].sentence == p->sentence ? p - 1 : p;
    return draft_has(d, said->from, said->to, WORD_MAKE | WORD_BUILT);
  }
  if (!before) /* 一处服务中心投入使用 */
    return end < p->to && draft_has(d, end, p->to, WORD_BUILT) && !draft_has(d, end, p->to, WORD_ABSTRACT);
  if (end >= p->to && char_in(d->cp[q->unit_start], "遍下番")) return false; /* 走访了一遍 */
  if (end >= p->to && d->cp[q->unit_start] == 0x9879 && only_one(d, p->from, q->start)) return false;
  if (end >= p->to)
    return han_char(before) && !char_in(before, "这那每某任同另第下上前后新又再之唯哪进有是为作逐单统另整");
  size_t verb = q->start;
  if (char_in(before, "了起成出好") && draft_ends_with(d, p->from, verb, WORD_MAKE) == verb) verb--;
  return draft_ends_with(d, p->from, verb, WORD_MAKE) < verb && !draft_has(d, end, p->to, WORD_ABSTRACT);
}

/* 修路花了一百三十来万: a sum of money without its unit. */
static bool counted_sum(const Draft *d, const Quantity *q, const Phrase *p) {
  uint32_t last = q->end ? d->cp[q->end - 1] : 0, before = q->start > p->from ? d->cp[q->start - 1] : 0;
  if (!char_in(last, "万亿") || q->end < q->start + 2 || char_in(d->cp[q->start], "百千万亿零〇")) return false;
  size_t end = q->to > q->end ? q->to : q->end;
  return han_char(before) && (end >= p->to || q->end > q->start + 2) && !char_in(d->cp[q->end], "众家户里事象物");
}

/* Han numerals count only with a measure word; 三类, 两级 and bare 百名 count nothing. */
static bool counted_han(const Draft *d, const Quantity *q, const Phrase *p) {
  static const char *const loose[] = {"kind", "point_of", "rank", NULL};
  if (!q->unit) return counted_sum(d, q, p);
  if (class_in(q->unit, loose)) return false;
  bool one = q->end == q->start + 1 && d->cp[q->start] == 0x4E00;
  if (one) return counted_one(d, q, p);
  size_t left = q->unit_end < p->to ? p->to - q->unit_end : 0;
  if (left && lexicon_at(d->lexicon, d->cp + q->unit_end, left, WORD_TOGETHER)) return false; /* 两项合计 */
  uint32_t first = d->cp[q->start];
  bool rough = q->wording == WORDING_MORE || q->wording == WORDING_NEARLY; /* 百余名, 近百户 */
  if (char_in(first, "百千万亿零〇") && !rough && !q->unit->measured && strcmp(q->unit->class_, "percent") != 0)
    return false;
  return true;
}

/* 党员总数：1286 as a line of a list: the whole phrase is the number, and what stands before the colon names
 * no number of a telephone, a document or a place in a row. */
static bool listed_value(const Draft *d, const Quantity *q, const Phrase *p) {
  if (q->start != p->from || p == d->phrases) return false;
  const Phrase *name = p - 1;
  uint32_t sign = name->to < d->count ? d->cp[name->to] : 0;
  if (name->sentence != p->sentence || (sign != ':' && sign != 0xFF1A && sign != 0xFF09 && sign != ')')) return false;
  for (size_t i = name->from; i < name->to; i++)
    if (char_in(d->cp[i], "号码话真机编址期时序名次第")) return false;
  return name->to > name->from + 1 && han_char(d->cp[name->to - 1]);
}

/* A number that lost its unit: 分别为8、2、6名, 占全村总人口91, 20村, 300余群众. */
static bool counted_bare(const Finder *f, size_t i, const Phrase *p) {
  const Draft *d = f->d;
  const Quantity *q = &f->q[i];
  if (q->han) return false;
  size_t end = q->to > q->end ? q->to : q->end;
  uint32_t next = end < d->count ? d->cp[end] : 0, before = q->start ? d->cp[q->start - 1] : 0;
  if (next == 0x3001 || next == 0x548C || next == 0x53CA) return false; /* a list without a unit at its end */
  if (end - q->start == 4 && !q->scaled && q->value.mantissa >= 1900 && q->value.mantissa <= 2100) return false;
  if (end >= p->to) {
    bool share = draft_has(d, p->from, q->start, WORD_SHARE) || q->scaled; /* 实有人口3.4万 */
    if (listed_value(d, q, p)) return true;
    return han_char(before) && (share || char_in(before, "到达为共计至约近超人"));
  }
  if (!q->scaled && end - q->start > 4) return false; /* 12345热线 */
  return han_char(next) && !char_in(next, "年月日号级届版路线楼型至到") && !d->mask[end] &&
         (han_char(before) || q->start == p->from || char_in(before, "、”\""));
}

/* Days and hours are mostly periods; they are counted where the words say so (优良天数328天, 累计1200小时), as
 * a mean (4.6天) and as a large sum that ends its clause (服务200多小时). */
static bool counted_span(const Draft *d, const Quantity *q, const Phrase *p) {
  static const char *const days[] = {"days", "workdays", NULL}, *const hours[] = {"time", NULL};
  bool hour = class_in(q->unit, hours);
  if (!hour && !class_in(q->unit, days)) return true;
  if (q->wording == WORDING_AT_MOST || char_in(d->cp[q->start ? q->start - 1 : 0], "近每第")) return false;
  const Phrase *before = p > d->phrases && p[-1].sentence == p->sentence ? p - 1 : p;
  if (draft_has(d, p->from, q->start, WORD_SPAN)) return true;
  if (draft_has(d, p->from, q->start, WORD_COMPARE) && draft_has(d, before->from, before->to, WORD_SPAN)) return true;
  if (q->value.scale && q->scaled && !q->han) return true;
  if (!hour) return false;
  if (draft_has(d, p->from, q->start, WORD_SINCE | WORD_TOGETHER | WORD_MEAN)) return true;
  size_t end = after_quantity(q);
  static const Decimal day = {.mantissa = 24};
  return q->unit && end >= p->to && q->unit_end > q->unit_start && !strcmp(q->unit->base, "小时") &&
         q->start > p->from && han_char(d->cp[q->start - 1]) && decimal_compare(q->value, day) > 0 && q->unit->den == 1;
}

static bool countable(const Finder *f, size_t i, const Phrase *p) {
  static const char *const periods[] = {"months", "clock", "rank", "number", NULL};
  const Draft *d = f->d;
  const Quantity *q = &f->q[i];
  if (q->hint != HINT_NONE || masked(d, q) || class_in(q->unit, periods)) return false;
  if (q->unit && q->han && (!strcmp(q->unit->name, "番") || d->cp[q->start] == 0x7FFB)) return false; /* 翻两番 */
  if (!counted_span(d, q, p)) return false;
  if (q->han ? !counted_han(d, q, p) : !q->unit && !counted_bare(f, i, p)) return false;
  return !criterion(f, i, p);
}

/* ---- claims ---- */

/* 任务数为30户, not 完成年度目标任务的70% nor 完成预算53%. */
static bool targeted(const Draft *d, const Quantity *q, const Phrase *p) {
  for (size_t i = p->from; i < q->start; i++) {
    size_t n = lexicon_at(d->lexicon, d->cp + i, q->start - i, WORD_TARGET);
    bool head = i == p->from || char_in(d->cp[i - 1], "年度原");
    if (head && i + 2 == q->start && char_in(d->cp[i], "计任目指") && char_in(d->cp[i + 1], "划务标"))
      return true; /* 计划9名，完成9名 */
    if (n && !draft_is(d, i + n, 0x7684) && !(q->unit && !strcmp(q->unit->class_, "percent") && i + n == q->start))
      return true;
  }
  return false;
}

static Claim *add_claim(Finder *f, const Quantity *q, size_t start, size_t end, const Phrase *p) {
  Draft *d = f->d;
  const Sentence *s = &d->sentences[p->sentence];
  bool plan = p->plan || targeted(d, q, p);
  Claim *c = PUSH(d->arena, f->claims, f->claim_count, f->room);
  *c = (Claim){.quantity = *q,
               .start = start,
               .end = end,
               .sentence_start = s->from,
               .sentence_end = s->to,
               .role = plan ? ROLE_PLAN : ROLE_CLAIM,
               .value = q->value};
  c->surface = draft_slice(d, start, end);
  c->text = draft_slice(d, start, q->unit_end > end ? q->unit_end : end);
  return c;
}

/* 90-100万元: two claims, both in 万. 三四十 has no sign between and stays one. */
static bool add_range(Finder *f, const Quantity *q, const Phrase *p) {
  if (!q->range) return false;
  if (q->low_end <= q->start || q->high_start <= q->low_end) return false;
  add_claim(f, q, q->start, q->low_end, p)->value = q->low;
  add_claim(f, q, q->high_start, q->end, p)->value = q->high;
  return true;
}

/* 争取资金35万, 岁数平均47.6: the unit that the words right before tell. */
static const Unit *understood(const Draft *d, const Phrase *p, const Quantity *q) {
  enum { NEAR = 8 };
  size_t from = q->start > p->from + NEAR ? q->start - NEAR : p->from;
  if (q->scaled && draft_has(d, from, q->start, WORD_MONEY)) return unit_find("元");
  for (size_t i = from; i + 1 < q->start; i++)
    if ((d->cp[i] == 0x5E74 && char_in(d->cp[i + 1], "龄纪")) || (d->cp[i] == 0x5C81 && d->cp[i + 1] == 0x6570))
      return unit_find("岁");
  return NULL;
}

void claims_find(Draft *d, Claim **out, size_t *count) {
  Quantity *q = NULL;
  Finder f = {.d = d, .count = quantities_read(d->arena, d->text, &q)};
  f.q = q;
  /* 8、2、6名: the last unit is everyone's. */
  for (size_t i = f.count; i-- > 1;) {
    size_t end = q[i - 1].to > q[i - 1].end ? q[i - 1].to : q[i - 1].end;
    bool listed = q[i].start == end + 1 && (draft_is(d, end, 0x3001) || draft_is(d, end, 0x548C));
    if (listed && !q[i - 1].unit && q[i].unit && !q[i - 1].han) q[i - 1].unit = q[i].unit;
  }
  static const Decimal nothing = {0};
  for (size_t i = 0; i < f.count && d->phrase_count; i++) {
    const Phrase *p = &d->phrases[draft_phrase(d, q[i].start)];
    if (q[i].start < p->from || !countable(&f, i, p)) continue;
    if (add_range(&f, &q[i], p)) continue;
    Claim *c = add_claim(&f, &q[i], q[i].start, q[i].end, p);
    if (!q[i].unit) c->quantity.unit = understood(d, p, &q[i]);
    if (!none_of(d, &q[i], p)) continue;
    c->value = c->quantity.value = c->quantity.low = c->quantity.high = nothing;
    c->quantity.exact = ratio_int(0);
  }
  *out = f.claims;
  *count = f.claim_count;
}

bool verify_extract(Arena *a, const char *text, Verification **out, Error *e) {
  size_t bytes = strnlen(text, VERIFY_LIMIT + 1), bad = 0;
  if (bytes > VERIFY_LIMIT) return fail(e, ERROR_LIMIT, "初稿超过%d兆字节，请分段核对。", VERIFY_LIMIT / 1024 / 1024);
  if (!utf8_valid(text, bytes, &bad))
    return fail(e, ERROR_INVALID, "初稿第%zu个字节起不是文字，请存为UTF-8或GB18030文本后重试。", bad + 1);
  Draft *d = draft_cut(a, text);
  draft_plan(d);
  draft_mask(d);
  Verification *v = NEW(a, Verification);
  *v = (Verification){.text = text, .draft = d};
  claims_find(d, &v->claims, &v->claim_count);
  *out = v;
  return true;
}
