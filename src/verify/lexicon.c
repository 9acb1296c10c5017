/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Words of the genre, as data: what office prose says around its numbers. Add a word here when prose
 * of any office uses it; words of one township's work belong into aliases of its profile.
 *
 * Look-up is by first character, longest word first, so that a pass over a text stays linear. */
#include "verify/draft.h"

#include <string.h>

#include "base/utf8.h"

static const struct {
  uint32_t kinds;
  const char *words; /* parted by blanks */
} word_rows[] = {
    /* Numerals inside words. Reduplicated measure words (一件件) and fixed phrases among them. */
    {WORD_NAME,
     "进一步 一些 统一 唯一 之一 逐一 单一 专一 万一 一致 一样 一般 一贯 一律 一体 一线 一流 一同 一起 一道 "
     "一旦 一切 一度 一向 一经 一系列 一揽子 一盘棋 一张网 一把尺子 一竿子 一窝蜂 一方面 一番 一下 一下子 一点 "
     "一种 一定 一手 一直 一时 一味 一概 一举 一面 一再 一应 一连 一早 一心 一头 一身 一片 一路 一并 一天 "
     "第一 同一 某一 每一 任一 哪一 另一 上一 前一 后一 又一 这一 那一 首一 新一轮 一轮又一轮 一本通 一站式 "
     "一条龙 一窗 一网 一码 一把手 一刀切 一肩挑 一风吹 一锤子 一阵风 一条心 一股绳 一家人 一家亲 一张蓝图 "
     "一件件 一桩桩 一户户 一次次 一项项 一个个 一条条 一场场 一批批 一次性 一期一会 一改 一扫 一目了然 一如既往 "
     "一以贯之 一视同仁 一马当先 一脉相承 一抓到底 一插到底 一竿子到底 一票否决 一事一议 一心一意 一对一 "
     "下一步 下一阶段 下一年 下一个 上一年 上一级 再一次 有一定 不一 如一 合一 归一 二合一 三合一 多合一 "
     "十分 万分 千万 百姓 百年 千年 百般 百倍 千方百计 千家万户 千辛万苦 千头万绪 万众一心 万无一失 亿万 万千 万物 "
     "成千上万 千百万 数十 数百 数千 数万 上百 上千 几十 几百 几千 好几 百花 百科 百强 百货 百分点 四面八方 五湖四海 "
     "三令五申 三心二意 三番五次 三三两两 七上八下 四处 四周 四季 四通八达 五谷 五花八门 六畜 八方 九三 五保 "
     "一草一木 一言一行 一举一动 一点一滴 一字一句 一来 二来 两手抓 两手硬 两头 两旁 两侧 两岸 两难 两用 两地 双方 "
     "两者 双向 双重 双双 双赢 双管 双拥 双语 双创 双碳 双减 双肩 "
     "二元 多元 一元化 二维码 二手 二次 三角 三轮车 三农 三资 三务 三支 三定 三重一大 三公 三包 三统 三变 三治 "
     "两委 两会 两新 两代表 两优一先 两学一做 两山 两不愁 三保障 两个维护 两个确立 两个务必 两个毫不动摇 两个先锋 "
     "四个意识 四个自信 四个全面 四个服从 四个伟大 四个合格 四风 四史 四新 四好 四办 四化 四有 五个认同 五位一体 "
     "五大振兴 五大发展 五好 五星 五级 六个一 六稳 六保 七个有之 三个代表 三个务必 三个牢固树立 三严三实 三会一课 "
     "三大攻坚 三大革命 三大作风 四议两公开 一岗双责 八项规定 八个明确 十个明确 十四个坚持 十三个方面成就 "
     "六个必须坚持 五个必由之路 五个牢牢把握 九个坚持 十个坚持 中央一号文件 一号文件 三个一批 四个一批 五个一批 "
     "十一五 十二五 十三五 十四五 十五五 七一 八一 五四 五一 六一 十一国庆 九九重阳 三八 三五 百千万工程 万企兴万村 "
     "千村示范 百日攻坚 百日行动 百日会战 百村 千企 万里行 双百 双千 一带一路 一国两制 第一责任人 第一书记 第一时间 "
     "第一议题 第一线 第一要务 第一位 第二故乡 三级书记 三级网格 一级政府 三甲 二甲 三等功 二等功 一等功 一等奖 二等奖 "
     "三等奖 特等奖 一类 二类 三类 一票 两袖 三伏 三九 四合院 五金 六合 七夕 八角 九年义务 十字路口 十指 "
     "一季度 二季度 三季度 四季度 一二三四季度 一产 二产 三产 一二三产业 一二三产 二三产业 一三产 其一 其二 其三 其四 "
     "其五 "
     "一块 一套 一整套 一桶水 一碗水 一口气 一笔 一本账 一团 一支笔 一技之长 一老一小 一门式 一卡通 一键 一图 一表 "
     "一村 "
     "一户一 一人一 一事一 一月一考 一季一评 一年一考 一件事 一回事 一句话 一席之地 一家之言 一臂之力 一己之力 一生 "
     "百分百 十里八乡 万家 万户 万象 万元户 万亩方 千亩方 百亩方 万亩田 三夏 三秋 三北 四荒 四旁 五小 五荒 双过半 "
     "双提升 双覆盖"},
    {WORD_PLAN, "力争 务必 力求 有望 拟于 确保明年 再添 再新建 再新增 再引进 再新引进 再建 再办 计划于 打算 目标是 "
                "目标为 必须完成 "
                "要完成 要实现 要建成 要达到 要确保 要争取 尽早开工 早日开工 早日建成 尽快建成 尽快开工 动工建设"},
    {WORD_NEXT, "下一步 下步 明年 来年 下年度 下一年 下一阶段 下阶段"},
    {WORD_AHEAD, "今后 接下来 新的一年 未来 下一步 下步 明年 来年 下年度 下一年 下一阶段 下阶段 工作打算 努力方向"},
    {WORD_PLANNED, "下一步 下步 明年 来年 下年度 下一年 下一阶段 下阶段 今后 打算 工作思路 工作计划 工作安排 工作设想 "
                   "努力方向 工作目标 "
                   "目标任务 改进措施 整改措施 整改方向 整改思路 工作谋划 改进方向 新的一年 怎么干 怎么办"},
    {WORD_PROBLEM, "存在的问题 存在问题 问题及原因 问题和原因 问题与不足 问题和不足 主要问题 不足之处 差距和不足 "
                   "差距与不足 原因分析 困难和问题 "
                   "薄弱环节 短板弱项 问题剖析 存在的不足 存在不足 存在的困难 不足与 问题与"},
    {WORD_HEAD, "基本情况 工作情况 主要做法 工作开展 工作成效 工作特色 履职情况 主要工作 主要成效 亮点 工作总结 "
                "工作汇报 述职 回顾 "
                "工作进展 完成情况 做法和成效 做法与成效 特色 经验 体会"},
    {WORD_PAST, "已 今年以来 今年 去年 上年度 截至 一年来 年来 目前 现有 过去一年 本年度 全年共 年内共 迄今 近年来 "
                "完成了 建成了 办成了"},
    {WORD_MEAN, "年均 户均 人均 村均 月均 平均 均增 均收 每村 每户 每人 每年每村"},
    {WORD_SHARE, "比例 占比 比重 占 率 百分比"},
    {WORD_SINCE, "累计"},
    {WORD_REPORTER, "主持 带队 亲自 带头 本人 我带 我主 我先后 我牵头 牵头召开 领着 领学 自己"},
    {WORD_COMPARE, "比上年 同比 较上年 较去年 比去年 净增 环比 比年初 较年初 增长 下降 提高 上升 降低 减少 增幅 增速"},
    {WORD_MAKE, "建成 建设 新建 改建 扩建 改扩建 修建 打造 成立 设立 组建 创建 举办 召开 开展 组织 培育 引进 争取 实施 "
                "完成 发展 新增 "
                "投入 选派 命名 下发 印发 制定 兴办 查处 问责 通报 约谈 处分 化解 解决 办理 建 修 办 添 设 增 有 辖 盖 "
                "建好 落成 投用 建起 "
                "搭建 创办 配备 购置 申报 获批 流转 处理 整顿 约谈了 统筹规划建设 规划建设 只有 仅有 共有 现有"},
    {WORD_ABSTRACT,
     "台阶 格局 局面 氛围 目标 过程 时期 方面 整体 声音 方向 体系 机制 模式 路子 新路 道路 样板 标杆 品牌 队伍 骨干 "
     "铁军 "
     "合力 环境 生态 平台 抓手 任务 工程 工作 重点 关键 问题 标准 要求 原则 重要 长期 系统 思想 精神 时间 阶段 "
     "窗口 旗帜 堡垒 方阵 纽带 桥梁 重要 有效 良好 新的 崭新 全新 共同 难题 课题 链条 主线 主题"},
    {WORD_BUILT, "建成 投入使用 投用 落成 竣工 完工 启用 挂牌 开业 揭牌 投产 建好 通车 交付 成立 开工"},
    {WORD_CADENCE, "每月 每个月 按月 逐月 月月 每季度 每季 按季度 按季 逐季 季度督查 季度研判 季度调度 季度通报"},
    {WORD_ALL, "逐项 逐一 逐条 逐件 全部 全面落实 按时 条条 件件 项项 均已 全覆盖"},
    {WORD_TARGET, "目标任务 年度目标 任务数 任务为 指标为 目标数 预算 概算 估算 计划投资 计划总投资 规划总投资 拟投资"},
    {WORD_WITHIN, "其中"},
    {WORD_SLOGAN,
     "做到 坚持 树牢 增强 坚定 落实 围绕 聚焦 践行 把握 突出 处理好 牢记 贯彻 推进 紧盯 紧扣 对照 深化 弘扬 实现 强化 "
     "严守 遵守 铸牢 心怀 锚定 抓好 抓实 用好 把牢 捍卫 拥护 忠诚"},
    {WORD_PHASE, "工程 项目 建设 扩建 改造 开发 厂区 厂房 之外 以外 建成 完工 投产 续建 基础上 竣工 征地 主体 场地 "
                 "用地 投用 之后 以后"},
    {WORD_TOGETHER, "合计 共计 总计 共 一共 总共 合共"},
    /* Words that any report puts around what it counts. */
    {WORD_FILLER,
     "积极 深入 扎实 认真 全面 切实 大力 全力 着力 有效 及时 持续 不断 进一步 始终 严格 坚持 坚决 坚定不移 协调 充分 "
     "主动 有力 有序 稳步 "
     "全年 年内 今年 本年 本年度 今年以来 一年来 年度 去年 明年 期间 以来 目前 截至 至今 已经 先后 共计 总共 累计 合计 "
     "一共 总计 "
     "组织 开展 举办 召开 进行 实施 完成 实现 达到 落实 推进 推动 加强 做好 抓好 抓实 搞好 主持 带队 亲自 带头 本人 "
     "我们 自己 通过 "
     "按照 根据 围绕 聚焦 针对 结合 统筹 分别 超过 不少于 不低于 突破 以上 以下 左右 其余 其中 另外 同时 此外 总数 "
     "数量 达到了 一批 "
     "帮助 参加 参与 参会 覆盖 惠及 涉及 有关 相关 情况 活动 工作 全乡 全镇 我乡 我镇 各类 各级 各项 以及 上级 争取到 "
     "到位 当年 "
     "年底 年初 岁末 整年 一年 主要 具体 重点工作 有关方面 了 的 等 共 并 也 还 其 又 我 各 已 和 与 及 在 于 对 从 "
     "办结 办成 落地 前后 前前后后 加起来 合起来 算下来 算起来 一共是 总共是 其中有 是 有 就 都"},
    {WORD_KEEP, "积极分子 主要领导 重点工作 达标 及格 和美 在册 在任 在建 对象 对口 对接 对标 从业 从严 并村 其他 共同 "
                "共享 公共 各界 "
                "坚持学 落实责任 与会 面对面 参加人 参加率"},
    {WORD_ACTIVITY,
     "调研 问责 追责 培训 轮训 研讨 讨论 通报 承诺 研判 观摩 宣讲 座谈 走访 慰问 考核 测评 督查 督导 检查 约谈 谈话 "
     "谈心 "
     "党课 演练 竞赛 比赛 巡察 信访 调解 招商 处分 示范户 带头人 大户 能手 合作社 订单 体检 义诊 巡逻 帮扶 述职 评议 "
     "志愿 表彰 宣传 排查 走访 家访 交流 学习班 培训班 冬学 例会 报告会 推介 签约 就业 招聘 搬迁"},
};

typedef struct Word {
  uint32_t *cp;
  size_t length;
  uint32_t kinds;
  struct Word *next; /* same first character, shorter or equal */
} Word;

enum { BUCKETS = 2048 };

struct Lexicon {
  Word *buckets[BUCKETS];
};

static size_t bucket_of(uint32_t c) { return (c * 2654435761u >> 16) % BUCKETS; }

static void add_word(Arena *a, Lexicon *l, const char *word, size_t bytes, uint32_t kinds) {
  Word *w = NEW(a, Word);
  const char *text = arena_slice(a, word, bytes);
  w->cp = NEW_ARRAY(a, uint32_t, bytes);
  w->length = utf8_decode(text, w->cp, bytes);
  w->kinds = kinds;
  Word **at = &l->buckets[bucket_of(w->cp[0])];
  for (; *at && (*at)->length >= w->length; at = &(*at)->next) {
    Word *same = *at;
    if (same->length == w->length && !memcmp(same->cp, w->cp, w->length * sizeof *w->cp)) {
      same->kinds |= kinds;
      return;
    }
  }
  w->next = *at;
  *at = w;
}

Lexicon *lexicon_new(Arena *a) {
  Lexicon *l = NEW(a, Lexicon);
  for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++)
    for (const char *s = word_rows[i].words; *s;) {
      size_t n = strcspn(s, " ");
      if (n) add_word(a, l, s, n, word_rows[i].kinds);
      s += n + (s[n] == ' ');
    }
  return l;
}

size_t lexicon_at(const Lexicon *l, const uint32_t *cp, size_t left, uint32_t kinds) {
  for (const Word *w = l->buckets[bucket_of(cp[0])]; w; w = w->next)
    if ((w->kinds & kinds) && w->length <= left && !memcmp(w->cp, cp, w->length * sizeof *cp)) return w->length;
  return 0;
}
