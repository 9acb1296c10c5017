/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Plain words of the language, as data. Slogans and names (三会一课, 两委) are not here: they belong to
 * verify, which knows the profile. A Han digit without a measure word is dropped elsewhere, so only
 * words that could pass for digit and measure word need a line. */
#include "language/lexical.h"

#include "language/numeral.h"

enum { LONGEST = 4 }; /* characters before the numeral */

static const char *const first[] = {
    /* clang-format off */
    "一一", "一些", "一定", "一样", "一起", "一直", "一切", "一般", "一贯", "一律", "一致", "一旦", "一边", "一面",
    "一方面", "一向", "一概", "一度", "一再", "一并", "一共", "一同", "一道", "一下", "一经", "一味", "一心", "一时",
    "一路", "一生", "一身", "一带", "一线", "一流", "一手", "一把手", "一揽子", "一系列", "一体", "一站式", "一条龙",
    "一盘棋", "一条心", "一张网", "一把抓", "一刀切", "一股劲", "一股绳", "一会儿", "一点", "一如既往", "一丝不苟",
    "一以贯之", "一马当先", "一鼓作气", "一视同仁", "一目了然", "一帆风顺", "一举", "一齐", "一应", "一窝蜂", "一头",
    "一行", "一番", "一批", "一大批", "一阵", "一部分", "一段时间", "一段时期", "一家人", "一家亲", "一票否决", "一次性",
    "一代代", "一年一度", "一成不变", "一丝", "一抓到底", "一竿子", "一包到底", "一层层", "一步步", "一次次", "一件件",
    "一项项", "一个个", "一名名", "一条条", "一户户", "一遍遍", "一股脑", "一号工程", "一本通", "一件事", "一门式",
    "一口气", "一套班子", "一代人", "一席之地", "一枝独秀", "一针见血", "一对一", "一村一", "一户一", "一事一",
    "一人一", "一企一", "一年来",
    "七七八八", "三三两两", "三番五次", "五湖四海", "三天两头", "四处", "四面", "四周", "五台山", "三轮车", "七里河",
    "八方", "三角", "五角", "三包", "三门峡", "三部曲", "八股", "三代人", "两面", "两头", "两口子", "两样", "两手",
    "两点一线", "两两", "十分", "十足", "十字", "十里八乡", "二维码", "二手", "百分百", "百分制", "百年大计", "百家争鸣",
    "千方百计", "千家万户", "千头万绪", "千辛万苦", "千山万水", "千军万马", "千言万语", "千变万化", "万无一失", "万众一心",
    "陆地", "陆续", "陆军", "肆意", "肆无忌惮", "肆虐", "拾取", "拾起", "拾到", "拾金不昧", "拾遗", "伍仁",
    "半途", "半径", "半岛", "半夜", "半路", "半边", "半价", "半截", "半信半疑", "半导体", "半成品", "半山", "半坡", "半封闭",
    "半自动", "半月谈", "半点", "半面", "半壁",
    0
    /* clang-format on */
};

static const char *const inner[] = {
    /* clang-format off */
    "统一", "唯一", "惟一", "逐一", "单一", "专一", "划一", "归一", "合一", "同一", "万一", "某一", "每一", "任一", "这一",
    "那一", "哪一", "之一", "不一", "如一", "独一无二", "独一", "说一不二", "进一步", "下一步", "另一方面", "下一阶段",
    "下一年", "下一个", "下一轮", "下一代", "上一年", "上一轮", "上一届", "上一级", "下一级", "前一阶段", "举一反三",
    "数一数二", "百里挑一", "不二", "无二", "接二连三", "丢三落四", "颠三倒四", "朝三暮四", "张三", "李四", "王五",
    "成百上千", "成千上万", "四面八方", "七上八下", "万无一失", "一丝一毫", "一心一意", "一言一行", "一举一动", "一点一滴",
    "一砖一瓦", "一草一木", "一分为二", "合二为一", "三位一体", "多位一体", "融为一体", "一体两翼", "五花八门",
    "队伍", "入伍", "退伍", "行伍", "收拾", "夕拾", "捡拾", "大陆", "登陆", "海陆", "着陆", "水陆", "放肆", "酒肆",
    "老百", "上百度",
    0
    /* clang-format on */
};

/* 一起案件, 一起事故 count; so does 一点五. */
static bool counts_after_all(const Cells *cs, size_t end) {
  uint32_t c = cell(cs, end), last = cell(cs, end - 1);
  if (last == 0x70B9 /* 点 */) return numeral_digit(c) >= 0;
  if (last == 0x8D77 /* 起 */)
    return is_one_of(c, "案事纠矛信违涉安重火交刑治轻伤警舆") ||
           is_one_of(cell(cs, end - 3), "生无有现理处办查破获立调");
  if (last == 0x5934 /* 头 */) return is_one_of(c, "牛猪羊驴马奶肉母公毛骆");
  if (last == 0x9762 /* 面 */) return is_one_of(c, "锦旗国党墙");
  if (last == 0x6837 /* 样 */ || last == 0x9053 /* 道 */) return is_one_of(c, "菜题工");
  return false;
}

size_t lexical_word(const Cells *cs, size_t i, bool *inside) {
  size_t best = 0;
  *inside = false;
  for (const char *const *w = inner; *w; w++)
    for (size_t k = 1; k <= LONGEST && k <= i; k++) {
      size_t n = cells_match(cs, i - k, *w);
      if (n > k && i - k + n > best) best = i - k + n;
    }
  if (best) {
    *inside = true;
    return best;
  }
  for (const char *const *w = first; *w; w++) {
    size_t n = cells_match(cs, i, *w);
    if (n && i + n > best && !counts_after_all(cs, i + n)) best = i + n;
  }
  return best;
}
