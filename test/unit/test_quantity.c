/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The Chinese numeral grammar as tables: what is read, with which words, where. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "language/quantity.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const wordings[] = {"", "余", "近", "约", "≥", "≤", ">", "<", "达"};
static const char *const hints[] = {"", "@date", "@ordinal", "@enumerator"};

/* Code points [start, end) of text. */
static const char *slice(Arena *a, const char *text, size_t start, size_t end) {
  const char *from = text;
  for (size_t i = 0; i < start; i++) utf8_next(&from);
  const char *to = from;
  for (size_t i = start; i < end; i++) utf8_next(&to);
  return arena_slice(a, from, (size_t)(to - from));
}

/* Every quantity as `surface|unit=wording value~high hint`, separated by blanks. */
static const char *render(Arena *a, const char *text) {
  Quantity *q;
  size_t n = quantities_read(a, text, &q);
  TEXT_SCOPE t = text_new(10000);
  for (size_t i = 0; i < n; i++) {
    NumberText number;
    if (i) text_add(&t, "  ");
    text_add(&t, slice(a, text, q[i].start, q[i].end));
    if (q[i].unit_end > q[i].unit_start) text_print(&t, "|%s", slice(a, text, q[i].unit_start, q[i].unit_end));
    text_print(&t, "=%s%s", wordings[q[i].wording], decimal_text(q[i].value, number));
    if (q[i].range) text_print(&t, "~%s", decimal_text(q[i].high, number));
    if (q[i].unit && !strcmp(q[i].unit->name, "%")) text_add(&t, "%");
    text_print(&t, "%s%s", hints[q[i].hint], q[i].bounded ? "@bounded" : "");
  }
  return arena_copy(a, text_get(&t));
}

typedef struct Reading {
  const char *text, *want;
} Reading;

static void check_readings(const Reading *cases, size_t count) {
  ARENA_SCOPE a = arena_new();
  size_t wrong = 0;
  for (size_t i = 0; i < count; i++) {
    const char *have = render(a, cases[i].text);
    if (!strcmp(have, cases[i].want)) continue;
    print_error("%s: read %s, want %s\n", cases[i].text, have, cases[i].want);
    wrong++;
  }
  assert_int_equal(wrong, 0);
}

static void test_numbers(void **state) {
  (void)state;
  static const Reading cases[] = {
      /* Arabic, 万 and 亿 */
      {"15场次", "15|场次=15"},
      {"0.5亩", "0.5|亩=0.5"},
      {"1.5万亩", "1.5万|亩=15000"},
      {"2.1万元", "2.1万|元=21000"},
      {"4.287亿元", "4.287亿|元=428700000"},
      {"3千人", "3千|人=3000"},
      {"3.2千万元", "3.2千万|元=32000000"},
      {"1.2万亿元", "1.2万亿|元=1200000000000"},
      {"两个亿", "两个亿=200000000"},
      {"12,345户", "12,345|户=12345"},
      {"1,234,567人", "1,234,567|人=1234567"},
      {"12,34户", "12=12  34|户=34"},
      {"1234,567户", "1234=1234  567|户=567"},
      {"１２万元", "１２万|元=120000"},
      {"１，２３４户", "１，２３４|户=1234"},
      {"1万600元", "1万600|元=10600"},
      {"25万6千元", "25万6千|元=256000"},
      {"3万4000元", "3万4000|元=34000"},
      {"1千零20元", "1千零20|元=1020"},
      {"-5.5℃", "-5.5|℃=-5.5"},
      {"负3.9%", "负3.9%=-3.9%"},
      {"2 0 2 1 年", "2 0 2 1|年=2021@date"},
      {"1 200 户", "1=1  200|户=200"},
      {"40k", "40k=40000"},
      {"2.2.2", "2=2  2=2  2=2"},
      {"增长12.5%，较上年提高0.7个百分点", "12.5%=12.5%  0.7|个百分点=0.7"},
      {"20个", "20|个=20"},
      /* Han */
      {"一处", "一|处=1"},
      {"十五名", "十五|名=15"},
      {"二十名", "二十|名=20"},
      {"一百零五户", "一百零五|户=105"},
      {"一百二十户", "一百二十|户=120"},
      {"一百二", "一百二=120"},
      {"三万五", "三万五=35000"},
      {"两千四百五", "两千四百五=2450"},
      {"四千零五万元", "四千零五万|元=40050000"},
      {"一百二十三万四千五百六十七", "一百二十三万四千五百六十七=1234567"},
      {"九千零七万亿零三", "九千零七万亿零三=9007000000000003"},
      {"四万万", "四万万=400000000"},
      {"两户", "两|户=2"},
      {"三十两", "三十|两=30"},
      {"两万两", "两万|两=20000"},
      {"二〇二三年十二月三十一日", "二〇二三|年=2023@date  十二|月=12@date  三十一|日=31@date"},
      {"一点五万亩", "一点五万|亩=15000"},
      {"四十七点六岁", "四十七点六|岁=47.6"},
      /* capitals, 廿 and 卅 */
      {"壹佰贰拾叁万肆仟元整", "壹佰贰拾叁万肆仟|元整=1234000"},
      {"叁拾伍萬圆", "叁拾伍萬|圆=350000"},
      {"廿三日", "廿三|日=23@date"},
      {"卅户", "卅|户=30"},
      {"陆户", "陆|户=6"},
      {"大陆 陆地 队伍 收拾 放肆", ""},
      /* shares */
      {"百分之八十", "百分之八十=80%"},
      {"百分之百", "百分之百=100%"},
      {"千分之二点四", "千分之二点四=0.24%"},
      {"万分之三", "万分之三=0.03%"},
      {"四分之三", "四分之三=75%"},
      {"三分之一", "三分之一=33.333333333333%"},
      {"十分之一", "十分之一=10%"},
      {"3/5", "3/5=60%"},
      {"三又二分之一", "三又二分之一=3.5"},
      {"八成以上", "八成=≥80%"},
      {"七成六", "七成六=76%"},
      {"三成半", "三成半=35%"},
      {"3‰", "3‰=0.3%"},
      {"打7.5折", "7.5折=75%"},
      {"三成员单位", ""},
      {"一半以上", "一半=≥50%"},
      {"过半数", "半数=50%"},
      /* times, halves, pairs */
      {"增长3倍", "3|倍=3"},
      {"翻一番", "翻一番=2"},
      {"翻了两番", "翻了两番=4"},
      {"收入翻番", "翻番=2"},
      {"半亩", "半|亩=0.5"},
      {"一吨半", "一|吨=1.5"},
      {"两个半小时", "两|个半小时=2.5"},
      {"三年半", "三|年=3.5"},
      {"上半年 大半 半山腰", ""},
      {"三双 五对", "三|双=3  五|对=5"},
      {"两打", "两打=24"},
      /* ranges */
      {"2—3万元", "2—3万|元=20000~30000"},
      {"90-100万元", "90-100万|元=900000~1000000"},
      {"10～15万元", "10～15万|元=100000~150000"},
      {"3至5户", "3至5|户=3~5"},
      {"8500到3万元", "8500到3万|元=8500~30000"},
      {"1万元--5万元", "1万元--5万|元=10000~50000"},
      {"5-20%", "5-20%=5~20%"},
      {"百分之5至10", "百分之5至10=5~10%"},
      {"20%-30%", "20%-30%=20~30%"},
      {"三到五成", "三到五成=30~50%"},
      {"两到三百人", "两到三百|人=200~300"},
      {"一百二十到一百五十万元", "一百二十到一百五十万|元=1200000~1500000"},
      {"500-1000万元", "500-1000万|元=5000000~10000000"},
      {"20和30之间", "20和30=20~30"},
      {"由51.4岁下降到49.8岁", "51.4|岁=51.4  49.8|岁=49.8"},
      {"9-3户", "9=9  3|户=3"},
      {"三四十户", "三四十|户=30~40"},
      {"十七八岁", "十七八|岁=17~18"},
      {"三五个", "三五|个=3~5"},
      {"两三百人", "两三百|人=200~300"},
      {"百分之二三十", "百分之二三十=20~30%"},
      {"几十万元", "几十万|元=余100000~1000000"},
      {"数百人", "数百|人=余100~1000"},
      {"人数十五人", "十五|人=15"},
      /* bounded, not overflowed */
      {"99999999999999999999户", "99999999999999999999|户=9223372036854775807@bounded"},
      {"-99999999999999999999", "-99999999999999999999=-9223372036854775807@bounded"},
      {"9亿亿亿亿", "9亿亿亿亿=9223372036854775807@bounded"},
      {"1e999999", "1e999999=9223372036854775807@bounded"},
      {"1e-999999", "1e-999999=0@bounded"},
  };
  check_readings(cases, COUNT(cases));
}

static void test_qualifiers(void **state) {
  (void)state;
  static const Reading cases[] = {
      {"120余人次", "120|人次=余120"},
      {"20余次", "20|次=余20"},
      {"600余万元", "600余万|元=余6000000"},
      {"956万余元", "956万|元=余9560000"},
      {"十多万人", "十多万|人=余100000"},
      {"十几户", "十几|户=余10"},
      {"一百二十几万元", "一百二十几万|元=余1200000"},
      {"三十万多亿", "三十万多亿=余30000000000000"},
      {"百余名", "百|名=余100"},
      {"千余人次", "千|人次=余1000"},
      {"十来个", "十|个=约10"},
      {"3公里多", "3|公里=余3"},
      {"三个多月", "三|个多月=余3"},
      {"30多%", "30多%=余30%"},
      {"五成多", "五成=余50%"},
      {"增长1倍多", "1|倍=余1"},
      {"100多户", "100|户=余100"},
      {"5个多功能厅", "5|个=5"},
      {"近百户", "百|户=近100"},
      {"近700万元", "700万|元=近7000000"},
      {"接近50人", "50|人=近50"},
      {"近三年", "三|年=3"},
      {"附近3户", "3|户=3"},
      {"约1200人", "1200|人=约1200"},
      {"签约12家", "12|家=12"},
      {"签约亿元以上项目3个", "亿|元=≥100000000  3|个=3"},
      {"50万元左右", "50万|元=约500000"},
      {"1.5万亩以上", "1.5万|亩=≥15000"},
      {"80%以上", "80%=≥80%"},
      {"50岁及以下", "50|岁=≤50"},
      {"50万元（含）以上", "50万|元=≥500000"},
      {"不少于3次", "3|次=≥3"},
      {"至少有10个", "10|个=≥10"},
      {"不超过5%", "5%=≤5%"},
      {"3天以内", "3|天=≤3"},
      {"超过了80人", "80|人=>80"},
      {"突破200万元", "200万|元=>2000000"},
      {"没有超过3次", "3|次=≤3"},
      {"不足10户", "10|户=<10"},
      {"不到两成", "两成=<20%"},
      {"达到80%", "80%=达80%"},
      {"高达95%", "95%=达95%"},
      {"传达3次", "3|次=3"},
      {"送达12份", "12|份=12"},
      {"圆满3场", "3|场=3"},
      {"年满18周岁", "18|周岁=≥18"},
      {"开展过20次", "20|次=20"},
      {"上百人", "百|人=≥100"},
      {"大于等于10且小于20", "10=≥10  20=<20"},
      {"约120余人", "120|人=余120"},
  };
  check_readings(cases, COUNT(cases));
}

static void test_units(void **state) {
  (void)state;
  static const Reading cases[] = {
      {"4轮63人次", "4|轮=4  63|人次=63"},
      {"12户22个大棚", "12|户=12  22|个=22"},
      {"12千米", "12|千米=12"},
      {"五十千瓦", "五十|千瓦=50"},
      {"228平方公里", "228|平方公里=228"},
      {"26.85平方米", "26.85|平方米=26.85"},
      {"123元1角1分", "123|元1角1分=123.11"},
      {"十块三毛", "十|块三毛=10.3"},
      {"¥300", "300=300"},
      {"人民币50元", "50|元=50"},
      {"8亿元人民币", "8亿|元人民币=800000000"},
      {"120人（次）", "120|人（次）=120"},
      {"两美元又三美分", "两|美元又三美分=2.03"},
      {"3个人", "3|个人=3"},
      {"三支队伍", "三|支=3"},
      {"5家企业", "5|家=5"},
      {"五保户5户5人", "5|户=5  5|人=5"},
      {"2010农村经济总收入为5714万元", "2010=2010@date  5714万|元=57140000"},
      {"4G网络 5G基站12座", "4|G=4  5|G=5  12|座=12"},
      {"A级景区 3A级 B2021号 PM2.5", ""},
      {"https://a.cn/x?p=20%25&q=3 共3次", "3|次=3"},
  };
  check_readings(cases, COUNT(cases));
  assert_true(unit_answers(unit_find("场次"), unit_find("轮")));
  assert_true(unit_answers(unit_find("名"), unit_find("人")));
  assert_false(unit_answers(unit_find("人次"), unit_find("人")));
  assert_true(unit_answers(unit_find("亩"), unit_find("公顷")));
  assert_false(unit_answers(unit_find("元"), unit_find("美元")));
  assert_false(unit_answers(unit_find("%"), unit_find("百分点")));
  assert_false(unit_answers(unit_find("%"), NULL));
  const Unit *mu = unit_find("亩"), *hectare = unit_find("公顷");
  assert_int_equal(mu->num * 15 * hectare->den, hectare->num * mu->den);
  assert_null(unit_find("没有"));
  size_t count, bytes;
  const Unit *all = units_all(&count);
  for (size_t i = 0; i < count; i++) {
    if (i) assert_true(strcmp(all[i - 1].name, all[i].name) < 0);
    assert_ptr_equal(unit_at(all[i].name, &bytes), &all[i]);
    assert_int_equal(bytes, strlen(all[i].name));
    assert_true(all[i].num > 0 && all[i].den > 0);
  }
  const char *const *words = unit_lookalikes(&count);
  for (size_t i = 1; i < count; i++) assert_true(strcmp(words[i - 1], words[i]) < 0);
}

static void test_hints(void **state) {
  (void)state;
  static const Reading cases[] = {
      {"2023年5月12日", "2023|年=2023@date  5|月=5@date  12|日=12@date"},
      {"2023-05-12 2023/5/12 2023.5.12", "2023=2023@date  05=5@date  12=12@date  2023=2023@date  5=5@date  12=12@date  "
                                         "2023=2023@date  5=5@date  12=12@date"},
      {"8:30开会", "8=8@date  30=30@date"},
      {"上午9时", "9|时=9@date"},
      {"2019—2021年", "2019—2021|年=2019~2021@date"},
      {"一季度", "一|季度=1@date"},
      {"第四季度", "四|季度=4@date"},
      {"3个季度", "3|个季度=3"},
      {"三年来", "三|年=3"},
      {"6个月", "6|个月=6"},
      {"第五届", "五|届=5@ordinal"},
      {"第 3 名", "3|名=3@ordinal"},
      {"十九届六中全会", "十九|届=19@ordinal"},
      {"党的二十大", "二十=20@ordinal"},
      {"四级公路", "四|级=4@ordinal"},
      {"二期工程", "二|期=2@ordinal"},
      {"6期", "6|期=6"},
      {"5号楼", "5|号=5@ordinal"},
      {"十四五规划", ""},
      {"一是抓学习。二是抓整改。", "一=1@enumerator  二=2@enumerator"},
      {"一、工作情况\n二、问题", "一=1@enumerator  二=2@enumerator"},
      {"（一）学习 （12）其他", "一=1@enumerator  12=12@enumerator"},
      {"1.抓学习\n2、抓整改", "1=1@enumerator  2=2@enumerator"},
      {"其一，抓学习", "一=1@enumerator"},
      {"共3、4人", "3=3  4|人=4"},
  };
  check_readings(cases, COUNT(cases));
}

static void test_words(void **state) {
  (void)state;
  static const char *const none[] = {
      "一些 一定 统一 十分 进一步 一体 单一 逐一 唯一 一切 一看 一般",
      "统一思想、一致行动",
      "这一目标",
      "四川 三农 五谷 陆地",
      "两委 两新 两不愁",
      "收入和支出",
      "万元户 千万不要",
      "百花齐放",
      "",
      "\xFF\xFE\x80",
      "点 分 之 万 亿",
      "人数不多",
      "四处 四面 四周",
      "千方百计",
      "三三两两",
      "三番五次",
      "数一数二",
      "万无一失",
  };
  ARENA_SCOPE a = arena_new();
  for (size_t i = 0; i < COUNT(none); i++) assert_string_equal(render(a, none[i]), "");
  static const Reading cases[] = {
      {"第一责任人 第一时间", "一=1@ordinal"},
      {"一起案件 一起学习", "一|起=1"},
      {"一点五 一点问题", "一点五=1.5"},
      {"三会一课", "一|课=1"},
      {"在10个村实施", "10|个=10"},
  };
  check_readings(cases, COUNT(cases));
}

/* Offsets are code points of the original, whatever was normalised away. */
static void test_offsets(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t start, end, unit_start, unit_end, from, to;
  } cases[] = {
      {"𠮷村１２户", 2, 4, 4, 5, 2, 5},
      {"😀😀约１.５万亩左右。", 3, 7, 7, 8, 2, 10},
      {"　　共 2 0 0 人", 4, 9, 10, 11, 4, 11},
      {"超过 了 80 人", 5, 7, 8, 9, 0, 9},
      {"达到百分之八十", 2, 7, 7, 7, 0, 7},
      {"600余万元以上", 0, 5, 5, 6, 0, 8},
      {"3公里多", 0, 1, 1, 3, 0, 4},
      {"人民币 50 元", 4, 6, 7, 8, 0, 8},
  };
  ARENA_SCOPE a = arena_new();
  for (size_t i = 0; i < COUNT(cases); i++) {
    Quantity *q;
    if (quantities_read(a, cases[i].text, &q) != 1) fail_msg("%s: %s", cases[i].text, render(a, cases[i].text));
    if (q->start != cases[i].start || q->end != cases[i].end || q->unit_start != cases[i].unit_start ||
        q->unit_end != cases[i].unit_end || q->from != cases[i].from || q->to != cases[i].to)
      fail_msg("%s: [%zu,%zu) unit [%zu,%zu) with qualifiers [%zu,%zu)", cases[i].text, q->start, q->end, q->unit_start,
               q->unit_end, q->from, q->to);
  }
}

/* Twice the text takes about twice the time, also where every character may begin a number. */
static void test_linear(void **state) {
  (void)state;
  static const char *const patterns[] = {
      "开展调研10次，", "一", "9",    "1-", "十",  "一分之", "几",       "1,", "1 ", "万",  "1.",
      "2023-",          "半", "一个", "两", "负-", "百",     "http://1", "约", "1e", "三四"};
  for (size_t p = 0; p < COUNT(patterns); p++) {
    size_t length = strlen(patterns[p]), times = 60000 / length;
    ARENA_SCOPE a = arena_new();
    char *text = arena_alloc(a, length * times + 1);
    for (size_t i = 0; i < times; i++) memcpy(text + i * length, patterns[p], length);
    Quantity *q;
    clock_t before = clock();
    quantities_read(a, text, &q);
    clock_t ms = (clock() - before) * 1000 / CLOCKS_PER_SEC;
    if (ms > 2000) fail_msg("%s: %ld ms for 60 kB", patterns[p], (long)ms);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_numbers), cmocka_unit_test(test_qualifiers), cmocka_unit_test(test_units),
      cmocka_unit_test(test_hints),   cmocka_unit_test(test_words),      cmocka_unit_test(test_offsets),
      cmocka_unit_test(test_linear),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
