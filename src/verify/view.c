/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A verification on a terminal, to work from: the count, then what needs a hand (each in its sentence,
 * with the true value and what to do), then the rest under its headings, one line each.
 * Words are those of UX.md: never 错误, never 造假. */
#include "verify/gap.h"

#include <string.h>

#include "base/utf8.h"

static const char *verdict_words(const Claim *c) {
  static const char *const words[] = {"相符",       "相符，有说明", "与台账不符",
                                      "请确认口径", "台账未登记",   "计划目标，不作核对"};
  if (c->reason == REASON_REFUSED) return "权限所限";
  if (c->reason == REASON_OTHER_ORG) return "不是本单位";
  if (c->verdict == VERDICT_UNSUPPORTED && c->reason != REASON_NO_RECORDS) return "无对应指标";
  return words[c->verdict];
}

static bool is_gap(const Claim *c) {
  return c->verdict == VERDICT_UNSUPPORTED && c->reason == REASON_NO_RECORDS && c->figure;
}

static bool needs_hand(const Claim *c) {
  return c->verdict == VERDICT_CONTRADICTED || c->verdict == VERDICT_AMBIGUOUS ||
         (c->verdict == VERDICT_UNSUPPORTED && c->reason != REASON_NO_FIGURE && c->reason != REASON_NO_DUTY &&
          c->reason != REASON_OTHER_ORG);
}

/* [from, to) of the draft with the claim in 【】; line breaks become blanks. */
static void print_around(const Verification *v, const Claim *c, size_t from, size_t to, Text *out) {
  size_t mark_end = c->quantity.unit_end > c->end ? c->quantity.unit_end : c->end;
  for (size_t i = from; i < to; i++) {
    char byte[4];
    uint32_t ch = v->draft->cp[i];
    if (i == c->start) text_add(out, "【");
    if (ch == '\n' || ch == '\r' || ch == '\t') ch = ' ';
    if (ch >= ' ' && ch != 0x7F) text_add_n(out, byte, utf8_encode(ch, byte));
    if (i + 1 == mark_end) text_add(out, "】");
  }
}

/* A .docx has no lines to count: where in it, for whoever has it open. */
static void print_place(Session *s, const Verification *v, size_t at, Text *out) {
  const char *place = v->paper && v->paper->docx ? paper_place(s->arena, v->paper, at) : NULL;
  if (place) text_print(out, "%s  ", place);
}

static void print_excerpt(const Verification *v, const Claim *c, size_t before, size_t after, Text *out) {
  size_t from = c->start > c->sentence_start + before ? c->start - before : c->sentence_start;
  size_t end = c->quantity.unit_end > c->end ? c->quantity.unit_end : c->end;
  size_t to = end + after < c->sentence_end ? end + after : c->sentence_end;
  if (to < end) to = end;
  if (from > c->sentence_start) text_add(out, "…");
  print_around(v, c, from, to, out);
  if (to < c->sentence_end) text_add(out, "…");
}

static void print_heading(const Verification *v, const Claim *c, size_t *last, Text *out) {
  const Draft *d = v->draft;
  size_t at = d->sentences[d->phrases[draft_phrase(d, c->start)].sentence].section;
  const Section *s = &d->sections[at];
  if (at == *last) return;
  *last = at;
  size_t to = s->heading_to - s->heading_from > 30 ? s->heading_from + 30 : s->heading_to;
  text_add(out, "\n");
  for (size_t i = s->heading_from; i < to; i++) {
    char byte[4];
    text_add_n(out, byte, utf8_encode(d->cp[i], byte));
  }
  if (to > s->heading_from) text_add(out, to < s->heading_to ? "…\n" : "\n");
}

static void print_rows(const Candidate *k, Text *out) {
  PeriodText period;
  text_print(out, "      查看明细（%lld条）：luoshi rows %s --period %s\n", (long long)k->value.rows,
             k->measure->full_name, period_text(k->period, period));
}

static void print_reading(Session *s, const Candidate *k, Text *out) {
  text_print(out, "      · %s", candidate_name(s->arena, k));
  if (k->asked)
    text_print(out, "：%s%s", exact_text(s->arena, k->measure, &k->value), parts_text(s->arena, k->measure, &k->value));
  if (k->measure->reading) text_print(out, "（%s）", k->measure->reading);
  text_add(out, "\n");
  if (k->asked) print_rows(k, out);
}

/* Which words to remember for which figure; `figure` NULL: the reader looks it up. */
static void print_choice(const Verification *v, const Claim *c, const Measure *figure, Text *out) {
  const char *phrase = claim_phrase(v, c);
  if (!phrase) return;
  text_print(out, "      选定后下次照此识别：echo '{\"phrase\":\"%s\",\"measure\":\"%s\"}' | luoshi do alias.set --json -\n", phrase,
             figure ? figure->full_name : "指标名");
}

static void print_problem(Session *s, const Verification *v, const Claim *c, Text *out) {
  text_print(out, "  ▲ %s  ", verdict_words(c));
  print_place(s, v, c->start, out);
  print_excerpt(v, c, 40, 24, out);
  text_print(out, "\n      %s\n", c->message);
  if (c->verdict == VERDICT_AMBIGUOUS) {
    for (size_t i = 0; i < c->candidate_count; i++)
      if (c->candidates[i].asked) print_reading(s, &c->candidates[i], out);
    print_choice(v, c, c->candidates[0].measure, out);
  } else if (c->figure && c->candidate_count && c->candidates[0].asked) {
    print_rows(&c->candidates[0], out);
  }
}

static void print_line(Session *s, const Verification *v, const Claim *c, Text *out) {
  const Candidate *k = c->figure && c->candidate_count ? &c->candidates[0] : NULL;
  text_print(out, "  %s %s  ",
             needs_hand(c)                     ? "▲"
             : c->verdict == VERDICT_NOTE      ? "△"
             : c->verdict == VERDICT_SUPPORTED ? "√"
                                               : "－",
             verdict_words(c));
  print_place(s, v, c->start, out);
  print_excerpt(v, c, 14, 4, out);
  if (k && k->asked && !needs_hand(c))
    text_print(out, "  %s：%s（%lld条）", candidate_name(s->arena, k), c->message, (long long)k->value.rows);
  text_add(out, "\n");
}

static void print_statement(Session *s, const Verification *v, const Statement *t, Text *out) {
  static const char *const words[] = {"相符", "相符，有说明", "与台账不符", "请确认口径", "台账未登记", "计划"};
  bool hand = t->verdict == VERDICT_CONTRADICTED;
  const char *word = t->reason == REASON_REFUSED                                             ? "权限所限"
                     : t->verdict == VERDICT_UNSUPPORTED && t->reason != REASON_NO_RECORDS ? "未核对"
                                                                                             : words[t->verdict];
  text_print(out, "  %s %s  ",
             hand                              ? "▲"
             : t->verdict == VERDICT_NOTE      ? "△"
             : t->verdict == VERDICT_SUPPORTED ? "√"
                                               : "－",
             word);
  print_place(s, v, t->start, out);
  text_print(out, "%s\n", t->text);
  if (t->message) text_print(out, "      %s\n", t->message);
}

/* What needs a hand stands above; here is the rest. */
static void print_statements(Session *s, const Verification *v, Text *out) {
  size_t told = 0;
  for (size_t i = 0; i < v->statement_count; i++) {
    if (v->statements[i].verdict == VERDICT_CONTRADICTED) continue;
    if (!told++) text_add(out, "\n没有数字、但同样要有依据的说法：\n");
    print_statement(s, v, &v->statements[i], out);
  }
}

static void print_finding(const Verification *v, const Finding *f, Text *out) {
  text_add(out, "  ▲ 前后不一致  ");
  for (size_t i = 0; i < f->claim_count; i++) {
    if (i) text_add(out, " … ");
    print_excerpt(v, &v->claims[f->claims[i]], 12, 4, out);
  }
  text_print(out, "\n      %s\n", f->message);
}

/* What needs a hand, in the order of the text; then what its own numbers say of one another. */
static void print_hands(Session *s, const Verification *v, Text *out) {
  size_t hands = 0, said = 0;
  for (size_t i = 0; i <= v->claim_count; i++) {
    const Claim *c = i < v->claim_count ? &v->claims[i] : NULL;
    for (; said < v->statement_count && (!c || v->statements[said].start < c->start); said++) {
      if (v->statements[said].verdict != VERDICT_CONTRADICTED) continue;
      if (!hands++) text_add(out, "\n要处理的：\n");
      print_statement(s, v, &v->statements[said], out);
    }
    if (!c || !needs_hand(c) || is_gap(c)) continue;
    if (!hands++) text_add(out, "\n要处理的：\n");
    print_problem(s, v, c, out);
  }
  for (size_t i = 0; i < v->finding_count; i++) {
    if (!hands++) text_add(out, "\n要处理的：\n");
    print_finding(v, &v->findings[i], out);
  }
}

static void add_count(Text *out, size_t *told, const char *what, size_t n) {
  if (n) text_print(out, "%s%s%zu", (*told)++ ? "，" : "：", what, n);
}

void verification_summary(const Verification *v, Text *out) {
  Tally t = verification_tally(v);
  size_t told = 0;
  text_print(out, "共%zu处", t.total);
  add_count(out, &told, "相符", t.by[VERDICT_SUPPORTED]);
  add_count(out, &told, "有说明", t.by[VERDICT_NOTE]);
  add_count(out, &told, "不符", t.by[VERDICT_CONTRADICTED]);
  add_count(out, &told, "待确认口径", t.by[VERDICT_AMBIGUOUS]);
  add_count(out, &told, "台账未登记", t.no_records);
  add_count(out, &told, "无对应指标", t.no_figure);
  add_count(out, &told, "计划", t.by[VERDICT_PLAN]);
  text_add(out, "。");
}

static void print_counts(const Verification *v, Text *out) {
  size_t told = 0, by[VERDICT_PLAN + 1] = {0};
  verification_summary(v, out);
  for (size_t i = 0; i < v->statement_count; i++) by[v->statements[i].verdict]++;
  if (v->statement_count) text_print(out, "没有数字的说法%zu处", v->statement_count);
  told = 0;
  add_count(out, &told, "相符", by[VERDICT_SUPPORTED]);
  add_count(out, &told, "有说明", by[VERDICT_NOTE]);
  add_count(out, &told, "不符", by[VERDICT_CONTRADICTED]);
  add_count(out, &told, "没有依据或未核对", by[VERDICT_UNSUPPORTED]);
  add_count(out, &told, "计划", by[VERDICT_PLAN]);
  if (v->statement_count) text_add(out, "。");
  if (v->finding_count) text_print(out, "前后不一致%zu处。", v->finding_count);
  text_add(out, "\n");
}

void verification_print(Session *s, const Verification *v, Text *out) {
  Tally t = verification_tally(v);
  PeriodText period;
  size_t last = (size_t)-1;
  text_print(out, "核对初稿  %s  %s  %s\n", v->file ? v->file : "", org_name(s->tree, v->org, period_last(v->period)),
             period_chinese(v->period, period));
  if (v->elsewhere) {
    text_print(out, "稿中说的是“%s”，不是本单位，%zu处都未作核对。如确是本单位的稿，请写明本单位名称。\n", v->elsewhere, t.total);
    return;
  }
  print_counts(v, out);
  if (!v->claim_count && !v->statement_count) text_add(out, "稿里没有要核对的数，也没有要有依据的说法。\n");
  print_hands(s, v, out);
  if (v->gaps && v->gaps->count) {
    text_add(out, "\n");
    gaps_print(s, v, false, out);
    text_print(out, "  把清单和导入样表写到一个文件夹：luoshi verify %s --templates 文件夹\n", v->file ? v->file : "初稿.txt");
  }
  if (v->claim_count) text_add(out, "\n逐处：");
  for (size_t i = 0; i < v->claim_count; i++) {
    print_heading(v, &v->claims[i], &last, out);
    print_line(s, v, &v->claims[i], out);
  }
  print_statements(s, v, out);
  for (size_t i = 0; i < v->claim_count; i++) {
    const Claim *c = &v->claims[i];
    if (c->verdict != VERDICT_UNSUPPORTED || c->reason != REASON_NO_FIGURE || !claim_phrase(v, c)) continue;
    text_print(out, "\n无对应指标的%zu处，如台账里其实有，请用 luoshi figures 查到指标名，再记住说法。例如“%s”：\n", t.no_figure, c->text);
    print_choice(v, c, NULL, out);
    return;
  }
}
