/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The measure words as data. Both tables stay sorted by bytes, for the longest match is a binary search
 * (test_quantity checks the order). The second holds words that merely begin like a measure word
 * (村民, 条例): after 三 or 2010 they are words, after 15 the measure word is the better guess. */
#include "language/unit.h"

#include <string.h>

static const Unit units[] = {
    /* clang-format off */
    {"$", "money", "美元", 1, 1, true}, {"%", "percent", "%", 1, 1, true}, {"CM", "length", "米", 1, 100, true},
    {"CNY", "money", "元", 1, 1, true}, {"EUR", "money", "欧元", 1, 1, true},
    {"G", "data", "字节", 1073741824, 1, true}, {"GB", "data", "字节", 1073741824, 1, true},
    {"GHz", "frequency", "赫", 1000000000, 1, true}, {"GW", "power", "瓦", 1000000000, 1, true},
    {"HK$", "money", "港元", 1, 1, true}, {"Hz", "frequency", "赫", 1, 1, true},
    {"KB", "data", "字节", 1024, 1, true}, {"KG", "mass", "千克", 1, 1, true}, {"KM", "length", "米", 1000, 1, true},
    {"KV", "voltage", "伏", 1000, 1, true}, {"KVA", "apparent", "千伏安", 1, 1, true},
    {"KW", "power", "瓦", 1000, 1, true}, {"KWh", "energy", "千瓦时", 1, 1, true}, {"Kg", "mass", "千克", 1, 1, true},
    {"Km", "length", "米", 1000, 1, true}, {"L", "volume", "立方米", 1, 1000, true}, {"M", "rate", "兆", 1, 1, true},
    {"MB", "data", "字节", 1048576, 1, true}, {"MHz", "frequency", "赫", 1000000, 1, true},
    {"ML", "volume", "立方米", 1, 1000000, true}, {"MM", "length", "米", 1, 1000, true},
    {"MW", "power", "瓦", 1000000, 1, true}, {"Mbps", "rate", "兆", 1, 1, true},
    {"NT$", "money", "新台币", 1, 1, true}, {"RMB", "money", "元", 1, 1, true},
    {"TB", "data", "字节", 1099511627776, 1, true}, {"US$", "money", "美元", 1, 1, true},
    {"USD", "money", "美元", 1, 1, true}, {"W", "power", "瓦", 1, 1, true}, {"cm", "length", "米", 1, 100, true},
    {"g", "mass", "千克", 1, 1000, true}, {"h", "time", "小时", 1, 1, true}, {"kV", "voltage", "伏", 1000, 1, true},
    {"kVA", "apparent", "千伏安", 1, 1, true}, {"kW", "power", "瓦", 1000, 1, true},
    {"kWh", "energy", "千瓦时", 1, 1, true}, {"kg", "mass", "千克", 1, 1, true},
    {"km", "length", "米", 1000, 1, true}, {"km/h", "speed", "公里/小时", 1, 1, true},
    {"km2", "area", "平方米", 1000000, 1, true}, {"km²", "area", "平方米", 1000000, 1, true},
    {"kw", "power", "瓦", 1000, 1, true}, {"kwh", "energy", "千瓦时", 1, 1, true}, {"m", "length", "米", 1, 1, true},
    {"m/s", "speed", "公里/小时", 18, 5, true}, {"m2", "area", "平方米", 1, 1, true},
    {"m3", "volume", "立方米", 1, 1, true}, {"mL", "volume", "立方米", 1, 1000000, true},
    {"m^2", "area", "平方米", 1, 1, true}, {"mg", "mass", "千克", 1, 1000000, true},
    {"ml", "volume", "立方米", 1, 1000000, true}, {"mm", "length", "米", 1, 1000, true},
    {"m²", "area", "平方米", 1, 1, true}, {"m³", "volume", "立方米", 1, 1, true},
    {"nm", "length", "米", 1, 1000000000, true}, {"t", "mass", "千克", 1000, 1, true},
    {"£", "money", "英镑", 1, 1, true}, {"¥", "money", "元", 1, 1, true}, {"°C", "temperature", "℃", 1, 1, true},
    {"°F", "temperature_f", "华氏度", 1, 1, true}, {"μg", "mass", "千克", 1, 1000000000, true},
    {"μm", "length", "米", 1, 1000000, true}, {"‰", "percent", "%", 1, 10, true},
    {"€", "money", "欧元", 1, 1, true}, {"℃", "temperature", "℃", 1, 1, true},
    {"℉", "temperature_f", "华氏度", 1, 1, true}, {"㎡", "area", "平方米", 1, 1, true},
    {"丈", "length", "米", 10, 3, true}, {"世纪", "months", "月", 1200, 1, true}, {"丝", "piece", "丝", 1, 1, false},
    {"丝米", "length", "米", 1, 10000, true}, {"两", "mass", "千克", 1, 20, true}, {"个", "item", "个", 1, 1, false},
    {"个世纪", "months", "月", 1200, 1, true}, {"个人", "person", "个人", 1, 1, false},
    {"个千分点", "point", "百分点", 1, 10, true}, {"个季度", "months", "月", 3, 1, true},
    {"个学期", "months", "月", 6, 1, true}, {"个小时", "time", "小时", 1, 1, true},
    {"个工作日", "workdays", "工作日", 1, 1, true}, {"个星期", "days", "天", 7, 1, true},
    {"个月", "months", "月", 1, 1, true}, {"个百分点", "point", "百分点", 1, 1, true},
    {"个礼拜", "days", "天", 7, 1, true}, {"个钟头", "time", "小时", 1, 1, true},
    {"丹麦克朗", "money", "丹麦克朗", 1, 1, true}, {"乌克兰格里夫纳", "money", "乌克兰格里夫纳", 1, 1, true},
    {"乡", "item", "乡", 1, 1, false}, {"亩", "area", "平方米", 2000, 3, true},
    {"亩地", "area", "平方米", 2000, 3, true}, {"亩次", "area_times", "亩次", 1, 1, true},
    {"人", "person", "人", 1, 1, false}, {"人·次", "person-times", "人·次", 1, 1, false},
    {"人次", "person-times", "人次", 1, 1, false}, {"人次数", "person-times", "人次数", 1, 1, false},
    {"人民币", "money", "元", 1, 1, true}, {"人民币元", "money", "元", 1, 1, true}, {"代", "rank", "代", 1, 1, false},
    {"令吉", "money", "林吉特", 1, 1, true}, {"以太币", "money", "以太币", 1, 1, true},
    {"以色列新谢克尔", "money", "以色列新谢克尔", 1, 1, true}, {"件", "item", "件", 1, 1, false},
    {"件(项)", "item", "件(项)", 1, 1, false}, {"件次", "item", "件次", 1, 1, false},
    {"份", "copy", "份", 1, 1, false}, {"份次", "copy", "份次", 1, 1, false},
    {"伊拉克第纳尔", "money", "伊拉克第纳尔", 1, 1, true}, {"伊朗里亚尔", "money", "伊朗里亚尔", 1, 1, true},
    {"伏", "voltage", "伏", 1, 1, true}, {"伏安", "apparent", "千伏安", 1, 1000, true},
    {"伏特", "voltage", "伏", 1, 1, true}, {"伙", "group", "伙", 1, 1, false}, {"位", "person", "位", 1, 1, false},
    {"例", "item", "例", 1, 1, false}, {"便士", "money", "英镑", 1, 100, true},
    {"俄罗斯卢布", "money", "卢布", 1, 1, true}, {"保加利亚列弗", "money", "保加利亚列弗", 1, 1, true},
    {"倍", "multiple", "倍", 1, 1, false}, {"元", "money", "元", 1, 1, true},
    {"元/亩", "price", "元/亩", 1, 1, false}, {"元/人", "price", "元/人", 1, 1, false},
    {"元/公斤", "price", "元/公斤", 1, 1, false}, {"元/只", "price", "元/只", 1, 1, false},
    {"元/吨", "price", "元/吨", 1, 1, false}, {"元/天", "price", "元/天", 1, 1, false},
    {"元/头", "price", "元/头", 1, 1, false}, {"元/平方米", "price", "元/平方米", 1, 1, false},
    {"元/平米", "price", "元/平米", 1, 1, false}, {"元/年", "price", "元/年", 1, 1, false},
    {"元/户", "price", "元/户", 1, 1, false}, {"元/斤", "price", "元/斤", 1, 1, false},
    {"元/月", "price", "元/月", 1, 1, false}, {"元/株", "price", "元/株", 1, 1, false},
    {"元人民币", "money", "元", 1, 1, true}, {"元整", "money", "元", 1, 1, true},
    {"元新台币", "money", "新台币", 1, 1, true}, {"元日元", "money", "日元", 1, 1, true},
    {"元日币", "money", "日元", 1, 1, true}, {"元欧元", "money", "欧元", 1, 1, true},
    {"元港币", "money", "港元", 1, 1, true}, {"元美元", "money", "美元", 1, 1, true},
    {"元美金", "money", "美元", 1, 1, true}, {"元钱", "money", "元", 1, 1, true},
    {"兆伏", "voltage", "伏", 1000000, 1, true}, {"兆字节", "data", "字节", 1048576, 1, true},
    {"兆帕", "pressure", "帕", 1000000, 1, true}, {"兆比特", "bits", "比特", 1000000, 1, true},
    {"兆焦", "joule", "焦", 1000000, 1, true}, {"兆瓦", "power", "瓦", 1000000, 1, true},
    {"兆瓦时", "energy", "千瓦时", 1000, 1, true}, {"兆赫", "frequency", "赫", 1000000, 1, true},
    {"兆赫兹", "frequency", "赫", 1000000, 1, true}, {"先令", "money", "先令", 1, 1, true},
    {"光年", "length", "米", 9460730472580800, 1, true}, {"克", "mass", "千克", 1, 1000, true},
    {"克拉", "mass", "千克", 2, 10000, true}, {"克朗", "money", "克朗", 1, 1, true},
    {"公亩", "area", "平方米", 100, 1, true}, {"公分", "length", "米", 1, 100, true},
    {"公升", "volume", "立方米", 1, 1000, true}, {"公吨", "mass", "千克", 1000, 1, true},
    {"公尺", "length", "米", 1, 1, true}, {"公担", "mass", "千克", 100, 1, true},
    {"公斤", "mass", "千克", 1, 1, true}, {"公斤/亩", "yield", "公斤/亩", 1, 1, false},
    {"公里", "length", "米", 1000, 1, true}, {"公里/小时", "speed", "公里/小时", 1, 1, true},
    {"公里/时", "speed", "公里/小时", 1, 1, true}, {"公里每小时", "speed", "公里/小时", 1, 1, true},
    {"公里每秒", "speed", "公里/小时", 3600, 1, true}, {"公顷", "area", "平方米", 10000, 1, true},
    {"兰特", "money", "兰特", 1, 1, true}, {"兹罗提", "money", "兹罗提", 1, 1, true},
    {"円", "money", "日元", 1, 1, true}, {"册", "copy", "册", 1, 1, false},
    {"冰岛克朗", "money", "冰岛克朗", 1, 1, true}, {"分", "score", "分", 1, 1, true},
    {"分克", "mass", "千克", 1, 10000, true}, {"分升", "volume", "立方米", 1, 10000, true},
    {"分地", "area", "平方米", 200, 3, true}, {"分米", "length", "米", 1, 10, true},
    {"分钟", "time", "小时", 1, 60, true}, {"分钱", "money", "元", 1, 100, true},
    {"列伊", "money", "列伊", 1, 1, true}, {"列弗", "money", "列弗", 1, 1, true}, {"副", "copy", "副", 1, 1, false},
    {"加仑", "volume", "立方米", 3785411784, 1000000000000, true}, {"加元", "money", "加元", 1, 1, true},
    {"加币", "money", "加元", 1, 1, true}, {"加拿大元", "money", "加元", 1, 1, true},
    {"勺", "piece", "勺", 1, 1, false}, {"包", "piece", "包", 1, 1, false},
    {"匈牙利福林", "money", "匈牙利福林", 1, 1, true}, {"匹", "head", "匹", 1, 1, false},
    {"区", "item", "区", 1, 1, false}, {"千伏", "voltage", "伏", 1000, 1, true},
    {"千伏安", "apparent", "千伏安", 1, 1, true}, {"千克", "mass", "千克", 1, 1, true},
    {"千分点", "point", "百分点", 1, 10, true}, {"千卡", "heat", "卡", 1000, 1, true},
    {"千字节", "data", "字节", 1024, 1, true}, {"千帕", "pressure", "帕", 1000, 1, true},
    {"千比特", "bits", "比特", 1000, 1, true}, {"千焦", "joule", "焦", 1000, 1, true},
    {"千焦耳", "joule", "焦", 1000, 1, true}, {"千瓦", "power", "瓦", 1000, 1, true},
    {"千瓦·时", "energy", "千瓦时", 1, 1, true}, {"千瓦时", "energy", "千瓦时", 1, 1, true},
    {"千米", "length", "米", 1000, 1, true}, {"千米/小时", "speed", "公里/小时", 1, 1, true},
    {"千米/时", "speed", "公里/小时", 1, 1, true}, {"千米/秒", "speed", "公里/小时", 3600, 1, true},
    {"千米每小时", "speed", "公里/小时", 1, 1, true}, {"千米每秒", "speed", "公里/小时", 3600, 1, true},
    {"千赫", "frequency", "赫", 1000, 1, true}, {"千赫兹", "frequency", "赫", 1000, 1, true},
    {"升", "volume", "立方米", 1, 1000, true}, {"华氏度", "temperature_f", "华氏度", 1, 1, true},
    {"华里", "length", "米", 500, 1, true}, {"单", "piece", "单", 1, 1, false},
    {"南非兰特", "money", "南非兰特", 1, 1, true}, {"卡塔尔里亚尔", "money", "卡塔尔里亚尔", 1, 1, true},
    {"卡路里", "heat", "卡", 1, 1, true}, {"卢布", "money", "卢布", 1, 1, true},
    {"卢旺达法郎", "money", "卢旺达法郎", 1, 1, true}, {"卢比", "money", "卢比", 1, 1, true},
    {"印尼卢比", "money", "印尼卢比", 1, 1, true}, {"印尼盾", "money", "印尼盾", 1, 1, true},
    {"印度卢比", "money", "印度卢比", 1, 1, true}, {"印度尼西亚盾", "money", "印度尼西亚盾", 1, 1, true},
    {"卷", "copy", "卷", 1, 1, false}, {"厘克", "mass", "千克", 1, 100000, true},
    {"厘升", "volume", "立方米", 1, 100000, true}, {"厘米", "length", "米", 1, 100, true},
    {"厘米每秒", "speed", "公里/小时", 18, 500, true}, {"县", "item", "县", 1, 1, false},
    {"双", "pair", "双", 1, 1, false}, {"口", "head", "口", 1, 1, false}, {"口人", "person", "口人", 1, 1, false},
    {"古巴比索", "money", "古巴比索", 1, 1, true}, {"句", "point_of", "句", 1, 1, false},
    {"句话", "point_of", "句", 1, 1, false}, {"只", "head", "只", 1, 1, false}, {"台", "machine", "台", 1, 1, false},
    {"台(套)", "machine", "台(套)", 1, 1, false}, {"台套", "machine", "台套", 1, 1, false},
    {"台币", "money", "新台币", 1, 1, true}, {"台次", "vehicle_times", "台次", 1, 1, false},
    {"台湾元", "money", "新台币", 1, 1, true}, {"号", "number", "号", 1, 1, false},
    {"吉字节", "data", "字节", 1073741824, 1, true}, {"吉比特", "bits", "比特", 1000000000, 1, true},
    {"吉瓦", "power", "瓦", 1000000000, 1, true}, {"吉赫兹", "frequency", "赫", 1000000000, 1, true},
    {"吋", "length", "米", 254, 10000, true}, {"名", "person", "名", 1, 1, false},
    {"吨", "mass", "千克", 1000, 1, true}, {"吨/亩", "yield", "吨/亩", 1, 1, false},
    {"员", "person", "员", 1, 1, false}, {"周", "days", "天", 7, 1, true}, {"周岁", "age", "岁", 1, 1, true},
    {"周年", "months", "月", 12, 1, true}, {"品脱", "volume", "立方米", 568261, 1000000000, true},
    {"哥伦比亚比索", "money", "哥伦比亚比索", 1, 1, true}, {"回", "event", "回", 1, 1, false},
    {"团", "group", "团", 1, 1, false}, {"图格里克", "money", "图格里克", 1, 1, true},
    {"圆", "money", "元", 1, 1, true}, {"圆人民币", "money", "元", 1, 1, true}, {"圆整", "money", "元", 1, 1, true},
    {"土耳其里拉", "money", "土耳其里拉", 1, 1, true}, {"场", "event", "场", 1, 1, false},
    {"场次", "event", "场次", 1, 1, false}, {"块", "money", "元", 1, 1, true},
    {"块人民币", "money", "元", 1, 1, true}, {"块钱", "money", "元", 1, 1, true},
    {"坚戈", "money", "坚戈", 1, 1, true}, {"坡币", "money", "新加坡元", 1, 1, true},
    {"埃及镑", "money", "埃及镑", 1, 1, true}, {"基普", "money", "基普", 1, 1, true},
    {"堂", "lesson", "堂", 1, 1, false}, {"堆", "piece", "堆", 1, 1, false}, {"塔卡", "money", "塔卡", 1, 1, true},
    {"墨西哥比索", "money", "墨西哥比索", 1, 1, true}, {"处", "place", "处", 1, 1, false},
    {"大卡", "heat", "卡", 1000, 1, true}, {"大气压", "pressure", "帕", 101325, 1, true},
    {"天", "days", "天", 1, 1, true}, {"太字节", "data", "字节", 1099511627776, 1, true},
    {"太比特", "bits", "比特", 1000000000000, 1, true}, {"头", "head", "头", 1, 1, false},
    {"头(只)", "head", "头(只)", 1, 1, false}, {"头只", "head", "头只", 1, 1, false},
    {"夸脱", "volume", "立方米", 1136523, 1000000000, true}, {"奈拉", "money", "奈拉", 1, 1, true},
    {"套", "machine", "套", 1, 1, false}, {"孔", "place", "孔", 1, 1, false}, {"字", "copy", "字", 1, 1, false},
    {"字节", "data", "字节", 1, 1, true}, {"孟加拉塔卡", "money", "孟加拉塔卡", 1, 1, true},
    {"季度", "months", "月", 3, 1, true}, {"学分", "lesson", "学分", 1, 1, false},
    {"学时", "lesson", "学时", 1, 1, false}, {"学期", "months", "月", 6, 1, true},
    {"安培", "current", "安", 1, 1, true}, {"宗", "item", "宗", 1, 1, false}, {"家", "family", "家", 1, 1, false},
    {"寸", "length", "米", 1, 30, true}, {"对", "pair", "对", 1, 1, false}, {"封", "copy", "封", 1, 1, false},
    {"小时", "time", "小时", 1, 1, true}, {"尺", "length", "米", 1, 3, true},
    {"尼日利亚奈拉", "money", "尼日利亚奈拉", 1, 1, true}, {"尼泊尔卢比", "money", "尼泊尔卢比", 1, 1, true},
    {"尾", "head", "尾", 1, 1, false}, {"层", "rank", "层", 1, 1, false}, {"届", "rank", "届", 1, 1, false},
    {"岁", "age", "岁", 1, 1, true}, {"工作日", "workdays", "工作日", 1, 1, true},
    {"巴基斯坦卢比", "money", "巴基斯坦卢比", 1, 1, true}, {"巴西雷亚尔", "money", "雷亚尔", 1, 1, true},
    {"市", "item", "市", 1, 1, false}, {"市斤", "mass", "千克", 1, 2, true}, {"帕斯卡", "pressure", "帕", 1, 1, true},
    {"席", "piece", "席", 1, 1, false}, {"幅", "copy", "幅", 1, 1, false}, {"幅次", "copy", "幅次", 1, 1, false},
    {"幕", "piece", "幕", 1, 1, false}, {"幢", "place", "幢", 1, 1, false}, {"平方", "area", "平方米", 1, 1, true},
    {"平方公里", "area", "平方米", 1000000, 1, true}, {"平方分米", "area", "平方米", 1, 100, true},
    {"平方千米", "area", "平方米", 1000000, 1, true}, {"平方厘米", "area", "平方米", 1, 10000, true},
    {"平方尺", "area", "平方米", 1, 9, true}, {"平方毫米", "area", "平方米", 1, 1000000, true},
    {"平方码", "area", "平方米", 83612736, 100000000, true}, {"平方米", "area", "平方米", 1, 1, true},
    {"平方英寸", "area", "平方米", 64516, 100000000, true}, {"平方英尺", "area", "平方米", 9290304, 100000000, true},
    {"平方英里", "area", "平方米", 2589988110336, 1000000, true}, {"平米", "area", "平方米", 1, 1, true},
    {"年", "months", "月", 12, 1, true}, {"年代", "months", "月", 120, 1, true},
    {"年度", "months", "月", 12, 1, true}, {"年期", "months", "月", 12, 1, true}, {"床", "piece", "床", 1, 1, false},
    {"度", "energy", "千瓦时", 1, 1, true}, {"度电", "energy", "千瓦时", 1, 1, true},
    {"座", "place", "座", 1, 1, false}, {"延米", "length", "米", 1, 1, true}, {"延长米", "length", "米", 1, 1, true},
    {"开尔文", "kelvin", "开", 1, 1, true}, {"张", "copy", "张", 1, 1, false}, {"弧度", "angle", "度角", 1, 1, true},
    {"微克", "mass", "千克", 1, 1000000000, true}, {"微秒", "time", "小时", 1, 3600000000, true},
    {"微米", "length", "米", 1, 1000000, true}, {"德国马克", "money", "德国马克", 1, 1, true},
    {"德拉姆", "money", "德拉姆", 1, 1, true}, {"意大利里拉", "money", "意大利里拉", 1, 1, true},
    {"户", "family", "户", 1, 1, false}, {"户次", "family", "户次", 1, 1, false},
    {"所", "place", "所", 1, 1, false}, {"批", "batch", "批", 1, 1, false}, {"批次", "batch", "批次", 1, 1, false},
    {"把", "piece", "把", 1, 1, false}, {"担", "mass", "千克", 50, 1, true}, {"拉里", "money", "拉里", 1, 1, true},
    {"拍字节", "data", "字节", 1125899906842624, 1, true}, {"挂", "piece", "挂", 1, 1, false},
    {"挪威克朗", "money", "挪威克朗", 1, 1, true}, {"捆", "piece", "捆", 1, 1, false},
    {"捷克克朗", "money", "捷克克朗", 1, 1, true}, {"摄氏度", "temperature", "℃", 1, 1, true},
    {"摩洛哥迪拉姆", "money", "摩洛哥迪拉姆", 1, 1, true}, {"支", "group", "支", 1, 1, false},
    {"文莱元", "money", "文莱元", 1, 1, true}, {"斐济元", "money", "斐济元", 1, 1, true},
    {"斤", "mass", "千克", 1, 2, true}, {"斤/亩", "yield", "斤/亩", 1, 1, false},
    {"斯里兰卡卢比", "money", "斯里兰卡卢比", 1, 1, true}, {"新元", "money", "新加坡元", 1, 1, true},
    {"新加坡元", "money", "新加坡元", 1, 1, true}, {"新加坡币", "money", "新加坡元", 1, 1, true},
    {"新台币", "money", "新台币", 1, 1, true}, {"新币", "money", "新加坡元", 1, 1, true},
    {"新臺幣", "money", "新台币", 1, 1, true}, {"新西兰元", "money", "新西兰元", 1, 1, true},
    {"新谢克尔", "money", "新谢克尔", 1, 1, true}, {"方", "volume", "立方米", 1, 1, true},
    {"方面", "point_of", "方面", 1, 1, false}, {"日", "days", "天", 1, 1, true},
    {"日元", "money", "日元", 1, 1, true}, {"日圆", "money", "日元", 1, 1, true},
    {"日币", "money", "日元", 1, 1, true}, {"时", "clock", "时", 1, 1, true}, {"星期", "days", "天", 7, 1, true},
    {"昼夜", "days", "天", 1, 1, true}, {"智利比索", "money", "智利比索", 1, 1, true},
    {"曲", "piece", "曲", 1, 1, false}, {"月", "months", "月", 1, 1, true}, {"月份", "months", "月", 1, 1, true},
    {"朝鲜元", "money", "朝鲜元", 1, 1, true}, {"期", "session", "期", 1, 1, false},
    {"期次", "session", "期次", 1, 1, false}, {"本", "copy", "本", 1, 1, false}, {"杆", "piece", "杆", 1, 1, false},
    {"村", "item", "村", 1, 1, false}, {"村组", "item", "村组", 1, 1, false}, {"束", "piece", "束", 1, 1, false},
    {"条", "item", "条", 1, 1, false}, {"条次", "item", "条次", 1, 1, false}, {"杯", "piece", "杯", 1, 1, false},
    {"林吉特", "money", "林吉特", 1, 1, true}, {"枚", "piece", "枚", 1, 1, false}, {"枝", "piece", "枝", 1, 1, false},
    {"枪", "piece", "枪", 1, 1, false}, {"架", "machine", "架", 1, 1, false},
    {"架次", "vehicle_times", "架次", 1, 1, false}, {"柬埔寨瑞尔", "money", "柬埔寨瑞尔", 1, 1, true},
    {"栋", "place", "栋", 1, 1, false}, {"株", "plant", "株", 1, 1, false}, {"样", "kind", "样", 1, 1, false},
    {"根", "piece", "根", 1, 1, false}, {"格里夫纳", "money", "格里夫纳", 1, 1, true},
    {"桌", "piece", "桌", 1, 1, false}, {"桩", "item", "桩", 1, 1, false}, {"桶", "piece", "桶", 1, 1, false},
    {"棵", "plant", "棵", 1, 1, false}, {"樘", "piece", "樘", 1, 1, false}, {"次", "event", "次", 1, 1, false},
    {"次数", "event", "次数", 1, 1, false}, {"欧元", "money", "欧元", 1, 1, true},
    {"欧分", "money", "欧元", 1, 100, true}, {"款", "kind", "款", 1, 1, false}, {"步", "number", "步", 1, 1, false},
    {"步骤", "point_of", "步骤", 1, 1, false}, {"段", "point_of", "段", 1, 1, false},
    {"比利时法郎", "money", "比利时法郎", 1, 1, true}, {"比塞塔", "money", "比塞塔", 1, 1, true},
    {"比尔", "money", "比尔", 1, 1, true}, {"比特", "bits", "比特", 1, 1, true},
    {"比特币", "money", "比特币", 1, 1, true}, {"比索", "money", "比索", 1, 1, true},
    {"毛", "money", "元", 1, 10, true}, {"毛钱", "money", "元", 1, 10, true},
    {"毫伏", "voltage", "伏", 1, 1000, true}, {"毫克", "mass", "千克", 1, 1000000, true},
    {"毫升", "volume", "立方米", 1, 1000000, true}, {"毫安", "current", "安", 1, 1000, true},
    {"毫巴", "pressure", "帕", 100, 1, true}, {"毫秒", "time", "小时", 1, 3600000, true},
    {"毫米", "length", "米", 1, 1000, true}, {"毫米汞柱", "pressure", "帕", 133322, 1000, true},
    {"沙特里亚尔", "money", "沙特里亚尔", 1, 1, true}, {"法国法郎", "money", "法国法郎", 1, 1, true},
    {"法郎", "money", "法郎", 1, 1, true}, {"波兰兹罗提", "money", "波兰兹罗提", 1, 1, true},
    {"泰国铢", "money", "泰铢", 1, 1, true}, {"泰铢", "money", "泰铢", 1, 1, true},
    {"津巴布韦元", "money", "津巴布韦元", 1, 1, true}, {"海里", "length", "米", 1852, 1, true},
    {"港仙", "money", "港元", 1, 100, true}, {"港元", "money", "港元", 1, 1, true},
    {"港币", "money", "港元", 1, 1, true}, {"港幣", "money", "港元", 1, 1, true}, {"滴", "piece", "滴", 1, 1, false},
    {"澳元", "money", "澳元", 1, 1, true}, {"澳大利亚元", "money", "澳元", 1, 1, true},
    {"澳币", "money", "澳元", 1, 1, true}, {"澳洲元", "money", "澳元", 1, 1, true},
    {"澳门元", "money", "澳门元", 1, 1, true}, {"澳门币", "money", "澳门元", 1, 1, true},
    {"点", "point_of", "点", 1, 1, false}, {"点钟", "clock", "时", 1, 1, true}, {"焦耳", "joule", "焦", 1, 1, true},
    {"爱尔兰镑", "money", "爱尔兰镑", 1, 1, true}, {"片", "piece", "片", 1, 1, false},
    {"版", "copy", "版", 1, 1, false}, {"牙买加元", "money", "牙买加元", 1, 1, true},
    {"环节", "point_of", "环节", 1, 1, false}, {"玻利瓦尔", "money", "玻利瓦尔", 1, 1, true},
    {"班", "session", "班", 1, 1, false}, {"班次", "session", "班次", 1, 1, false},
    {"瑞典克朗", "money", "瑞典克朗", 1, 1, true}, {"瑞士克朗", "money", "瑞士克朗", 1, 1, true},
    {"瑞士法郎", "money", "瑞士法郎", 1, 1, true}, {"瑞尔", "money", "瑞尔", 1, 1, true},
    {"瓣", "piece", "瓣", 1, 1, false}, {"瓦", "power", "瓦", 1, 1, true}, {"瓦特", "power", "瓦", 1, 1, true},
    {"瓶", "piece", "瓶", 1, 1, false}, {"番", "event", "番", 1, 1, false},
    {"白俄罗斯卢布", "money", "卢布", 1, 1, true}, {"百分点", "point", "百分点", 1, 1, true},
    {"百帕", "pressure", "帕", 100, 1, true}, {"皮米", "length", "米", 1, 1000000000000, true},
    {"盆", "piece", "盆", 1, 1, false}, {"盎司", "mass", "千克", 28349523125, 1000000000000, true},
    {"盏", "machine", "盏", 1, 1, false}, {"盒", "piece", "盒", 1, 1, false}, {"省", "item", "省", 1, 1, false},
    {"眼", "place", "眼", 1, 1, false}, {"短吨", "mass", "千克", 90718474, 100000, true},
    {"码", "length", "米", 9144, 10000, true}, {"碗", "piece", "碗", 1, 1, false}, {"碟", "piece", "碟", 1, 1, false},
    {"磅", "mass", "千克", 45359237, 100000000, true}, {"礼拜", "days", "天", 7, 1, true},
    {"社区", "item", "社区", 1, 1, false}, {"票", "piece", "票", 1, 1, false}, {"福林", "money", "福林", 1, 1, true},
    {"种", "kind", "种", 1, 1, false}, {"科威特第纳尔", "money", "科威特第纳尔", 1, 1, true},
    {"秒", "time", "小时", 1, 3600, true}, {"秒钟", "time", "小时", 1, 3600, true},
    {"秘鲁新索尔", "money", "秘鲁新索尔", 1, 1, true}, {"穴", "plant", "穴", 1, 1, false},
    {"窝", "piece", "窝", 1, 1, false}, {"立方", "volume", "立方米", 1, 1, true},
    {"立方公里", "volume", "立方米", 1000000000, 1, true}, {"立方分米", "volume", "立方米", 1, 1000, true},
    {"立方厘米", "volume", "立方米", 1, 1000000, true}, {"立方毫米", "volume", "立方米", 1, 1000000000, true},
    {"立方米", "volume", "立方米", 1, 1, true}, {"立方英寸", "volume", "立方米", 16387064, 1000000000000, true},
    {"立方英尺", "volume", "立方米", 28316846592, 1000000000000, true}, {"站", "place", "站", 1, 1, false},
    {"章", "point_of", "章", 1, 1, false}, {"笔", "piece", "笔", 1, 1, false},
    {"第纳尔", "money", "第纳尔", 1, 1, true}, {"笼", "piece", "笼", 1, 1, false}, {"筐", "piece", "筐", 1, 1, false},
    {"箱", "piece", "箱", 1, 1, false}, {"篇", "copy", "篇", 1, 1, false}, {"米", "length", "米", 1, 1, true},
    {"米/秒", "speed", "公里/小时", 18, 5, true}, {"米每秒", "speed", "公里/小时", 18, 5, true},
    {"类", "kind", "类", 1, 1, false}, {"粒", "plant", "粒", 1, 1, false}, {"系列", "point_of", "系列", 1, 1, false},
    {"索尔", "money", "索尔", 1, 1, true}, {"索莫尼", "money", "索莫尼", 1, 1, true},
    {"级", "rank", "级", 1, 1, false}, {"纳秒", "time", "小时", 1, 3600000000000, true},
    {"纳米", "length", "米", 1, 1000000000, true}, {"纽元", "money", "新西兰元", 1, 1, true},
    {"纽币", "money", "新西兰元", 1, 1, true}, {"组", "group", "组", 1, 1, false},
    {"维度", "point_of", "维度", 1, 1, false}, {"缅元", "money", "缅元", 1, 1, true},
    {"缅甸元", "money", "缅甸元", 1, 1, true}, {"缕", "piece", "缕", 1, 1, false}, {"罐", "piece", "罐", 1, 1, false},
    {"罗马尼亚列伊", "money", "罗马尼亚列伊", 1, 1, true}, {"美元", "money", "美元", 1, 1, true},
    {"美刀", "money", "美元", 1, 1, true}, {"美分", "money", "美元", 1, 100, true},
    {"美国元", "money", "美元", 1, 1, true}, {"美圆", "money", "美元", 1, 1, true},
    {"美金", "money", "美元", 1, 1, true}, {"羽", "head", "羽", 1, 1, false},
    {"老挝基普", "money", "老挝基普", 1, 1, true}, {"股", "group", "股", 1, 1, false},
    {"肯尼亚先令", "money", "肯尼亚先令", 1, 1, true}, {"胎", "piece", "胎", 1, 1, false},
    {"自然庄", "item", "自然庄", 1, 1, false}, {"自然村", "item", "自然村", 1, 1, false},
    {"艇", "piece", "艇", 1, 1, false}, {"艘", "machine", "艘", 1, 1, false}, {"节", "point_of", "节", 1, 1, false},
    {"苏丹镑", "money", "苏丹镑", 1, 1, true}, {"苏姆", "money", "苏姆", 1, 1, true},
    {"英亩", "area", "平方米", 40468564224, 10000000, true}, {"英寸", "length", "米", 254, 10000, true},
    {"英寻", "length", "米", 18288, 10000, true}, {"英尺", "length", "米", 3048, 10000, true},
    {"英石", "mass", "千克", 635029318, 100000000, true}, {"英里", "length", "米", 1609344, 1000, true},
    {"英里/小时", "speed", "公里/小时", 1609344, 1000000, true},
    {"英里每小时", "speed", "公里/小时", 1609344, 1000000, true}, {"英镑", "money", "英镑", 1, 1, true},
    {"莱特币", "money", "莱特币", 1, 1, true}, {"菲律宾比索", "money", "菲律宾比索", 1, 1, true},
    {"蒙古图格里克", "money", "蒙古图格里克", 1, 1, true}, {"蒲式耳", "volume", "立方米", 36369, 1000000, true},
    {"行政村", "item", "行政村", 1, 1, false}, {"街道", "item", "街道", 1, 1, false},
    {"袋", "piece", "袋", 1, 1, false}, {"角", "money", "元", 1, 10, true}, {"角钱", "money", "元", 1, 10, true},
    {"讲", "lesson", "讲", 1, 1, false}, {"课", "lesson", "课", 1, 1, false}, {"课时", "lesson", "课时", 1, 1, false},
    {"谢克尔", "money", "谢克尔", 1, 1, true}, {"赫兹", "frequency", "赫", 1, 1, true},
    {"起", "item", "起", 1, 1, false}, {"越南盾", "money", "越盾", 1, 1, true}, {"越盾", "money", "越盾", 1, 1, true},
    {"趟", "event", "趟", 1, 1, false}, {"车次", "vehicle_times", "车次", 1, 1, false},
    {"车皮", "piece", "车皮", 1, 1, false}, {"轮", "event", "轮", 1, 1, false},
    {"轮次", "event", "轮次", 1, 1, false}, {"辆", "machine", "辆", 1, 1, false},
    {"辆次", "vehicle_times", "辆次", 1, 1, false}, {"迪拉姆", "money", "迪拉姆", 1, 1, true},
    {"遍", "event", "遍", 1, 1, false}, {"道", "piece", "道", 1, 1, false}, {"部", "machine", "部", 1, 1, false},
    {"部分", "point_of", "部分", 1, 1, false}, {"里", "length", "米", 500, 1, true},
    {"里亚尔", "money", "里亚尔", 1, 1, true}, {"里地", "length", "米", 500, 1, true},
    {"里拉", "money", "里拉", 1, 1, true}, {"里路", "length", "米", 500, 1, true},
    {"钟头", "time", "小时", 1, 1, true}, {"锅", "piece", "锅", 1, 1, false}, {"镇", "item", "镇", 1, 1, false},
    {"镑", "money", "英镑", 1, 1, true}, {"长吨", "mass", "千克", 1016046909, 1000000, true},
    {"门", "lesson", "门", 1, 1, false}, {"间", "place", "间", 1, 1, false}, {"队", "group", "队", 1, 1, false},
    {"阶", "rank", "阶", 1, 1, false}, {"阿富汗尼", "money", "阿富汗尼", 1, 1, true},
    {"阿根廷比索", "money", "阿根廷比索", 1, 1, true}, {"阿联酋迪拉姆", "money", "阿联酋迪拉姆", 1, 1, true},
    {"集", "piece", "集", 1, 1, false}, {"雷亚尔", "money", "雷亚尔", 1, 1, true},
    {"非洲法郎", "money", "非洲法郎", 1, 1, true}, {"面", "piece", "面", 1, 1, false},
    {"韩元", "money", "韩元", 1, 1, true}, {"韩圆", "money", "韩元", 1, 1, true},
    {"韩國元", "money", "韩元", 1, 1, true}, {"韩币", "money", "韩元", 1, 1, true}, {"页", "copy", "页", 1, 1, false},
    {"顶", "piece", "顶", 1, 1, false}, {"顷", "area", "平方米", 200000, 3, true}, {"项", "item", "项", 1, 1, false},
    {"项次", "item", "项次", 1, 1, false}, {"顿", "piece", "顿", 1, 1, false}, {"颗", "plant", "颗", 1, 1, false},
    {"题", "point_of", "题", 1, 1, false}, {"首", "copy", "首", 1, 1, false}, {"马克", "money", "马克", 1, 1, true},
    {"马力", "power", "瓦", 7355, 10, true}, {"马币", "money", "林吉特", 1, 1, true},
    {"马来西亚林吉特", "money", "林吉特", 1, 1, true}, {"马纳特", "money", "马纳特", 1, 1, true},
    /* clang-format on */
};

static const char *const words[] = {
    /* clang-format off */
    "两委", "两山", "两岸", "两新", "两级", "乡村", "乡级", "乡镇", "人口", "人员", "人均", "人大", "人才", "人民",
    "代表", "例会", "元宵", "元旦", "元素", "分别", "分工", "分布", "分析", "分管", "分类", "分级", "包含", "包抓",
    "包括", "包村", "包联", "区域", "区级", "升级", "单价", "单位", "县城", "县委", "县直", "县级", "发展", "发布",
    "发挥", "发放", "口号", "台湾", "台账", "号召", "名录", "名称", "员工", "周围", "周边", "回头", "回应", "回访",
    "团委", "团支部", "团结", "场所", "场馆", "处于", "处置", "天津", "天然", "字样", "宗旨", "家园", "家庭", "家长",
    "层面", "市场", "市委", "市直", "市级", "年初", "年均", "年底", "年终", "年轻", "年龄", "座谈", "户主", "户均",
    "户籍", "所以", "所在", "所属", "所有", "批示", "批评", "把关", "把握", "担任", "担当", "支书", "支委", "支持",
    "支撑", "支部", "方向", "方式", "方案", "方法", "方针", "日均", "日常", "时代", "时期", "时间", "月均", "期末",
    "期间", "期限", "本乡", "本地", "本年", "本村", "本科", "本级", "本镇", "村两委", "村党", "村务", "村委", "村支",
    "村民", "村级", "条件", "条例", "条款", "样本", "次日", "次要", "款项", "步伐", "点评", "片区", "版本", "环保",
    "环境", "班子", "班长", "省委", "省直", "省级", "种植", "种类", "站点", "章程", "章节", "等级", "篇章", "类别",
    "类型", "级别", "组建", "组织", "组长", "股东", "股份", "节日", "节约", "节能", "角度", "讲话", "课程", "课题",
    "起点", "起草", "轮换", "轮训", "道德", "道路", "部署", "部门", "部队", "里面", "镇党委", "镇政府", "镇级",
    "门户", "队员", "队长", "集中", "集体", "集资", "面临", "面向", "面对", "面积", "首批", "首次",
    /* clang-format on */
};

static const size_t unit_total = sizeof units / sizeof *units, word_total = sizeof words / sizeof *words;

const Unit *units_all(size_t *count) {
  *count = unit_total;
  return units;
}

const char *const *unit_lookalikes(size_t *count) {
  *count = word_total;
  return words;
}

static const char *unit_name(size_t i) { return units[i].name; }

static const char *word_name(size_t i) { return words[i]; }

/* Bytes of the longest sorted name that begins `text`, at most `longest` bytes; *at is its index. */
static size_t longest_at(const char *text, const char *(*name)(size_t), size_t total, size_t *at) {
  enum { LONGEST = 24 };
  size_t low = 0, high = total, best = 0;
  /* Narrow to the names that share ever longer beginnings with the text. */
  for (size_t n = 0; n < LONGEST && text[n] && low < high; n++) {
    unsigned char c = (unsigned char)text[n];
    size_t from = low, to = high;
    while (from < to) {
      size_t middle = from + (to - from) / 2;
      if ((unsigned char)name(middle)[n] < c)
        from = middle + 1;
      else
        to = middle;
    }
    low = from;
    to = high;
    while (from < to) {
      size_t middle = from + (to - from) / 2;
      if ((unsigned char)name(middle)[n] <= c)
        from = middle + 1;
      else
        to = middle;
    }
    high = from;
    if (low < high && !name(low)[n + 1]) {
      best = n + 1;
      *at = low;
    }
  }
  return best;
}

const Unit *unit_at(const char *text, size_t *bytes) {
  size_t at = 0, n = longest_at(text, unit_name, unit_total, &at);
  if (bytes) *bytes = n;
  return n ? &units[at] : NULL;
}

bool unit_lookalike(const char *text) {
  size_t at;
  return longest_at(text, word_name, word_total, &at) > 0;
}

const Unit *unit_find(const char *name) {
  size_t at = 0;
  if (!name || !*name || longest_at(name, unit_name, unit_total, &at) != strlen(name)) return NULL;
  return &units[at];
}

bool unit_answers(const Unit *asked, const Unit *measure) {
  if (!asked || !measure || strcmp(asked->class_, measure->class_) != 0) return false;
  return !asked->measured || !strcmp(asked->base, measure->base); /* 美元 is money too, but never 元 */
}
