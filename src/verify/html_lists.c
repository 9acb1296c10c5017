/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The lists that stand behind a checked draft: every claim a line, the statements, and what is missing ledger by
 * ledger. Each line leads back to its place in the text. */
#include "verify/html.h"

#include <string.h>

/* ---- all of them ---- */

static void add_claim_line(const Page *p, size_t i) {
  const Claim *c = &p->v->claims[i];
  const Candidate *k = claim_bound(c);
  text_print(p->out, "<tr id=\"line-%zu\"><td class=\"number\"><a class=\"figure\" href=\"#claim-%zu\">%zu</a></td><td>", i + 1,
             i + 1, i + 1);
  page_excerpt(p, c);
  page_place(p, c->start);
  text_add(p->out, "</td><td class=\"short\">");
  mark_add(mark_of(c->verdict, c->reason), true, p->out);
  text_add(p->out, "</td><td>");
  if (k) text_add_html(p->out, candidate_name(p->session->arena, k));
  text_add(p->out, "</td><td class=\"number short\">");
  if (k && k->asked && !k->value.null) {
    text_add_html(p->out, exact_text(p->session->arena, k->measure, &k->value));
    text_add(p->out, "<br>");
    const char *element = page_open_rows(p, i, k);
    text_print(p->out, "%lld条</%s>", (long long)k->value.rows, element);
  }
  text_add(p->out, "</td><td>");
  if (c->message && c->verdict != VERDICT_SUPPORTED) text_add_html(p->out, c->message);
  text_add(p->out, "</td></tr>\n");
}

/* The seven that the tally counts; what rights or another's text leave open goes with them as it does there. */
static bool of_kind(const Page *p, const Claim *c) {
  if (!p->body || !p->body->kind) return true;
  Mark m = mark_of(c->verdict, c->reason);
  return !strcmp(p->body->kind, m == MARK_REFUSED ? "gap" : mark_name(m));
}

void page_table(const Page *p) {
  size_t shown = 0;
  if (!p->v->claim_count) return;
  for (size_t i = 0; i < p->v->claim_count; i++) shown += of_kind(p, &p->v->claims[i]);
  text_add(p->out, "<h2 id=\"lines\">逐处核对表");
  if (shown < p->v->claim_count) text_print(p->out, "<span class=\"note\">　只列%zu处，<a class=\"figure\" href=\"?#lines\">看全部%zu处</a></span>", shown, p->v->claim_count);
  text_add(p->out,
           "</h2>\n<div class=\"wide\"><table><thead><tr><th class=\"number\">序号</th><th>稿中</th>"
           "<th>结论</th><th>指标</th><th class=\"number\">台账</th><th>说明</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < p->v->claim_count; i++)
    if (of_kind(p, &p->v->claims[i])) add_claim_line(p, i);
  text_add(p->out, "</tbody></table></div>\n");
}

void page_statements(const Page *p) {
  if (!p->v->statement_count) return;
  text_add(p->out, "<h2>没有数字、但同样要有依据的说法</h2>\n<div class=\"wide\"><table><thead><tr><th "
                   "class=\"number\">序号</th><th>稿中</th><th>结论</th><th>说明</th></tr></thead><tbody>\n");
  for (size_t i = 0; i < p->v->statement_count; i++) {
    const Statement *t = &p->v->statements[i];
    Mark m = mark_of_statement(t);
    text_print(p->out, "<tr id=\"s%zu\"><td class=\"number\"><a class=\"figure\" href=\"#said-%zu\">%zu</a></td>", i + 1,
               i + 1, i + 1);
    page_words("td", t->text, p->out);
    text_add(p->out, "<td class=\"short\">");
    mark_add(m, true, p->out);
    text_add(p->out, "</td>");
    text_add(p->out, "<td>");
    text_add_html(p->out, t->message ? t->message : "");
    text_add_html(p->out, t->counter ? t->counter : "");
    text_add(p->out, "</td></tr>\n");
  }
  text_add(p->out, "</tbody></table></div>\n");
}

/* What it asks of the ledger: 至少15条. */
static void add_need(const Page *p, const GapNeed *n) {
  PeriodText period;
  const Verification *v = p->v;
  text_add(p->out, "<p>");
  if (n->claim)
    text_print(p->out, "<a class=\"figure\" href=\"#claim-%zu\">", (size_t)(n->claim - v->claims) + 1);
  else
    text_print(p->out, "<a class=\"figure\" href=\"#said-%zu\">", (size_t)(n->statement - v->statements) + 1);
  text_add_html(p->out, n->words);
  text_add(p->out, "</a>　");
  text_add_html(p->out, n->measure->label);
  text_add(p->out, "，");
  text_add_html(p->out, period_chinese(n->period, period));
  text_add(p->out, n->claim && n->claim->role == ROLE_PLAN ? "（计划，登记后可跟踪）</p>" : "</p>");
}

static void add_gap(const Page *p, size_t i) {
  const GapList *list = p->v->gaps;
  const Gap *g = &list->at[i];
  text_print(p->out, "<tr><td class=\"number\">%zu</td><td><b>", i + 1);
  text_add_html(p->out, g->ledger->label);
  text_add(p->out, "</b></td><td>");
  for (size_t k = 0; k < g->need_count; k++) add_need(p, &g->needs[k]);
  for (size_t k = 0; k < g->used_count; k++) {
    text_add(p->out, k ? "、" : "<p class=\"note\">先登记，后面要用到：");
    text_add_html(p->out, g->used_by[k]->label);
    if (k + 1 == g->used_count) text_add(p->out, "</p>");
  }
  text_print(p->out, "</td><td class=\"number\">%zu</td><td class=\"short\">", g->need_count);
  text_add_html(p->out, gap_file(p->session->arena, list, i));
  text_add(p->out, "</td><td class=\"short\">□</td></tr>\n");
}

/* What is missing, ledger by ledger, in the order to enter it: a plan of work that is ticked off on paper. */
void page_gaps(const Page *p) {
  const GapList *list = p->v->gaps;
  size_t needs = 0;
  if (!list || !list->count) return;
  for (size_t i = 0; i < list->count; i++) needs += list->at[i].need_count;
  text_print(
      p->out,
      "<h2 id=\"gaps\">佐证缺口清单</h2>\n<p class=\"note\">%zu处说法还没有台账可对，涉及%zu本台账；刚开始用时很正常。"
      "从上往下登记，登记一张，核对一张。</p>\n<div class=\"wide\"><table><thead><tr><th class=\"number\">序号</th>"
      "<th>需要的台账</th><th>撑起的数和说法</th><th "
      "class=\"number\">几处</th><th>登记样表</th><th>已登记</th></tr></thead>"
      "<tbody>\n",
      needs, list->count);
  for (size_t i = 0; i < list->count; i++) add_gap(p, i);
  text_add(p->out, "</tbody></table></div>\n");
  if (list->unnamed)
    text_print(p->out, "<p class=\"note\">另有%zu处没有对应的指标，不用登记，请自行核对。</p>\n", list->unnamed);
}
