/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * A checked draft as one page of its own, to be read, printed and handed over: what needs a hand beside the
 * text, the text with every number marked in its place, then all of them in a table. A mark is a line of its
 * own kind, a drawing and a word, so that a grey print says as much as the screen; a number in it leads to its
 * line of the table and, on the screen, to the rows behind it.
 *
 * Inside a page of the web the same parts stand without head and rows: rows have pages of their own, paragraphs
 * that need no hand fold, and the page fills the slots of each panel.
 *
 * Everything of the draft and of the records is escaped; links go to places of this page by number, or to where
 * the page of the web says. */
#include <string.h>

#include "base/utf8.h"
#include "verify/html.h"

enum { ROWS_MOST = 300, EXCERPT = 24 };

/* ---- how a verdict looks ---- */

static const struct {
  const char *name, *brief, *words;
} marks[] = {
    [MARK_OK] = {"ok", "相符", "相符"},
    [MARK_NOTE] = {"note", "有说明", "相符，有说明"},
    [MARK_NOT] = {"not", "不符", "与台账不符"},
    [MARK_ASK] = {"ask", "待确认", "请确认口径"},
    [MARK_GAP] = {"gap", "未登记", "台账未登记"},
    [MARK_NONE] = {"none", "无指标", "无对应指标"},
    [MARK_PLAN] = {"plan", "计划", "计划目标，不作核对"},
    [MARK_REFUSED] = {"none", "无权限", "权限所限"},
    [MARK_OTHER] = {"none", "非本单位", "不是本单位"},
    [MARK_UNCHECKED] = {"none", "未核对", "未核对"},
};

const char *mark_name(Mark m) { return marks[m].name; }

Mark mark_of(Verdict verdict, Reason reason) {
  static const Mark of[] = {
      [VERDICT_SUPPORTED] = MARK_OK,  [VERDICT_NOTE] = MARK_NOTE,        [VERDICT_CONTRADICTED] = MARK_NOT,
      [VERDICT_AMBIGUOUS] = MARK_ASK, [VERDICT_UNSUPPORTED] = MARK_NONE, [VERDICT_PLAN] = MARK_PLAN};
  if (reason == REASON_REFUSED) return MARK_REFUSED;
  if (reason == REASON_OTHER_ORG) return MARK_OTHER;
  return verdict == VERDICT_UNSUPPORTED && reason == REASON_NO_RECORDS ? MARK_GAP : of[verdict];
}

Mark mark_of_statement(const Statement *t) {
  Mark m = mark_of(t->verdict, t->reason);
  return m == MARK_NONE ? MARK_UNCHECKED : m;
}

void mark_add(Mark m, bool whole, Text *out) {
  text_print(out, "<span class=\"s-%s\">", marks[m].name);
  page_icon(marks[m].name, out);
  text_print(out, "%s</span>", whole ? marks[m].words : marks[m].brief);
}

const Candidate *claim_bound(const Claim *c) { return c->figure && c->candidate_count ? &c->candidates[0] : NULL; }

/* ---- the text ---- */

static size_t end_of(const Claim *c) { return c->quantity.unit_end > c->end ? c->quantity.unit_end : c->end; }

static const size_t *claims_by_point(Arena *a, const Verification *v, size_t points) {
  size_t *at = NEW_ARRAY(a, size_t, points + 1);
  for (size_t i = 0; i < v->claim_count; i++) {
    size_t end = end_of(&v->claims[i]);
    for (size_t k = v->claims[i].start; k < end && k < points; k++) at[k] = i + 1;
  }
  return at;
}

static const size_t *statements_by_point(Arena *a, const Verification *v, size_t points) {
  size_t *at = NEW_ARRAY(a, size_t, points + 1);
  for (size_t i = 0; i < v->statement_count; i++)
    for (size_t k = v->statements[i].start; k < v->statements[i].end && k < points; k++) at[k] = i + 1;
  return at;
}

static bool needs_panel(Mark m) { return m == MARK_NOT || m == MARK_ASK || m == MARK_REFUSED; }

static bool has_rows(const Claim *c) { return c->role == ROLE_CLAIM && c->candidate_count && c->candidates[0].asked; }

/* Where the rows behind a candidate are; in a page that stands alone, the drawer of the claim. */
const char *page_open_rows(const Page *p, size_t i, const Candidate *k) {
  FigureAsk ask = {.measure = k->measure, .slice = k->slice, .org = k->org, .period = k->period};
  if (p->body) return page_figure_open(&p->body->links, &ask, NULL, p->out);
  text_print(p->out, "<a class=\"figure\" href=\"#c%zu\">", i + 1);
  return "a";
}

/* To its panel if it needs a hand, else to the rows behind it, else to its line of the table. */
static void add_aim(const Page *p, size_t i, Mark m) {
  const Claim *c = &p->v->claims[i];
  TEXT_SCOPE address = text_new(8192);
  if (!p->body) {
    text_print(p->out, "#c%zu", i + 1);
    return;
  }
  if (needs_panel(m)) {
    text_print(p->out, "#hand-%zu", i + 1);
    return;
  }
  if (has_rows(c) && p->body->links.address) {
    const Candidate *k = &c->candidates[0];
    FigureAsk ask = {.measure = k->measure, .slice = k->slice, .org = k->org, .period = k->period};
    p->body->links.address(&ask, p->body->links.context, &address);
  }
  if (address.length && !address.full)
    text_add_html(p->out, text_get(&address));
  else
    text_print(p->out, "#line-%zu", i + 1);
}

static void open_claim(const Page *p, size_t number) {
  const Claim *c = &p->v->claims[number - 1];
  Mark m = mark_of(c->verdict, c->reason);
  text_print(p->out, "<a class=\"claim claim-%s\" id=\"claim-%zu\" href=\"", marks[m].name, number);
  add_aim(p, number - 1, m);
  text_add(p->out, "\">");
}

/* A tick says 相符 by its shape; whatever else was found says its word. */
static void close_claim(const Page *p, size_t number) {
  const Claim *c = &p->v->claims[number - 1];
  Mark m = mark_of(c->verdict, c->reason);
  text_print(p->out, "<span class=\"s-%s\">", marks[m].name);
  page_icon(marks[m].name, p->out);
  text_print(p->out, m == MARK_OK ? "<span class=\"hidden\">%s</span>" : "<small>%s</small>", marks[m].brief);
  text_print(p->out, "</span><sup>%zu</sup></a>", number);
}

static void close_statement(const Page *p, size_t number) {
  const Statement *t = &p->v->statements[number - 1];
  Mark m = mark_of_statement(t);
  text_print(p->out, "</span><a class=\"claim\" id=\"said-%zu\" href=\"#s%zu\"><span class=\"s-%s\">", number, number,
             marks[m].name);
  page_icon(marks[m].name, p->out);
  text_print(p->out, m == MARK_OK ? "<span class=\"hidden\">%s</span>" : "<small>%s</small>", marks[m].brief);
  text_add(p->out, "</span></a>");
}

/* A claim inside a statement, or across its border, is closed and opened again: elements never overlap. */
static void add_line(const Page *p, const char *line, const char *end, size_t *point) {
  size_t claim = 0, said = 0;
  while (line < end) {
    size_t claim_here = p->claim[*point], said_here = p->said[*point];
    if (claim && claim_here != claim) close_claim(p, claim);
    if (said && said_here != said) close_statement(p, said);
    if (said_here && said_here != said) text_add(p->out, "<span class=\"claim-said\">");
    if (claim_here && claim_here != claim) open_claim(p, claim_here);
    claim = claim_here;
    said = said_here;
    char one[8] = "";
    const char *from = line;
    uint32_t c = utf8_next(&line);
    memcpy(one, from, (size_t)(line - from));
    if (c >= ' ' && c != 0x7F) text_add_html(p->out, one);
    (*point)++;
  }
  if (claim) close_claim(p, claim);
  if (said) close_statement(p, said);
}

/* What a paragraph needs of its reader: nothing, when every number is borne out, or when it has none. */
static bool is_clean(const Page *p, size_t from, size_t to, size_t counts[2]) {
  enum { SHORT = 40 };
  size_t last = 0, plain = 0;
  counts[0] = counts[1] = 0;
  for (size_t k = from; k < to; k++) {
    const Statement *t = p->said[k] ? &p->v->statements[p->said[k] - 1] : NULL;
    if (t && (t->verdict == VERDICT_CONTRADICTED || t->verdict == VERDICT_AMBIGUOUS)) return false;
    if (!p->claim[k] || p->claim[k] == last) continue;
    last = p->claim[k];
    const Claim *c = &p->v->claims[last - 1];
    Mark m = mark_of(c->verdict, c->reason);
    if (m != MARK_OK && m != MARK_NOTE) return false;
    counts[m == MARK_NOTE]++;
    plain++;
  }
  return plain || to - from > SHORT;
}

static void open_fold(const Page *p, const char *text, const size_t counts[2]) {
  enum { BEGINNING = 12 };
  const char *end = text;
  for (size_t n = 0; n < BEGINNING && *end && strncmp(end, "，", strlen("，")) && strncmp(end, "。", strlen("。")); n++)
    utf8_next(&end);
  text_add(p->out, "<details class=\"clean\"><summary>");
  text_add_html(p->out, arena_slice(p->session->arena, text, (size_t)(end - text)));
  text_add(p->out, "……<span class=\"note\">");
  if (counts[0] + counts[1]) text_print(p->out, "%zu处：", counts[0] + counts[1]);
  if (counts[0]) text_print(p->out, "相符%zu", counts[0]);
  if (counts[1]) text_print(p->out, "%s有说明%zu", counts[0] ? "，" : "", counts[1]);
  text_add(p->out, counts[0] + counts[1] ? "</span></summary>\n" : "没有要核对的数</span></summary>\n");
}

static void add_paragraph(const Page *p, const char *text, const char *line, const char *end, const char *element,
                          size_t *point) {
  size_t counts[2];
  bool fold = p->body && p->body->fold && !strcmp(element, "p") &&
              is_clean(p, *point, *point + utf8_length(text), counts);
  if (fold) open_fold(p, text + strspn(text, " \t\r"), counts);
  text_print(p->out, "<%s>", element);
  add_line(p, line, end, point);
  text_print(p->out, "</%s>\n", element);
  if (fold) text_add(p->out, "</details>\n");
}

static void add_text(const Page *p) {
  enum { TITLE_MOST = 40 };
  size_t point = 0;
  bool first = true;
  text_add(p->out, "<article class=\"text\">\n");
  for (const char *line = p->v->text; *line;) {
    const char *end = line + strcspn(line, "\n");
    const char *text = arena_slice(p->session->arena, line, (size_t)(end - line));
    if (text[strspn(text, " \t\r")]) {
      bool title = first && utf8_length(text) <= TITLE_MOST && !strstr(text, "。") && !strstr(text, "，");
      const char *element = page_element(text, title);
      first = false;
      add_paragraph(p, text, line, end, element, &point);
    } else {
      point += utf8_length(text);
    }
    if (*end) point++;
    line = *end ? end + 1 : end;
  }
  text_add(p->out, "</article>\n");
}

/* ---- what needs a hand ---- */

void page_place(const Page *p, size_t at) {
  if (!p->body || !p->body->place) return;
  text_add(p->out, "<span class=\"place\">");
  p->body->place(p->v, at, p->body->links.context, p->out);
  text_add(p->out, "</span>");
}

/* The number in its sentence. */
void page_excerpt(const Page *p, const Claim *c) {
  size_t end = end_of(c), from = c->start > c->sentence_start + EXCERPT ? c->start - EXCERPT : c->sentence_start;
  size_t to = end + EXCERPT / 2 < c->sentence_end ? end + EXCERPT / 2 : c->sentence_end;
  if (from > c->sentence_start) text_add(p->out, "…");
  text_add_html(p->out, draft_slice(p->v->draft, from, c->start));
  text_add(p->out, "<b>");
  text_add_html(p->out, draft_slice(p->v->draft, c->start, end));
  text_add(p->out, "</b>");
  if (to > end) text_add_html(p->out, draft_slice(p->v->draft, end, to));
  if (to < c->sentence_end) text_add(p->out, "…");
}

static void add_candidates(const Page *p, size_t claim) {
  Arena *a = p->session->arena;
  const Claim *c = &p->v->claims[claim];
  static const Mark fits[] = {[FIT_NO] = MARK_NOT, [FIT_NOTE] = MARK_NOTE, [FIT_YES] = MARK_OK};
  text_add(p->out, "<table>\n");
  for (size_t i = 0; i < c->candidate_count; i++) {
    const Candidate *k = &c->candidates[i];
    bool slot = p->body && p->body->choice;
    text_add(p->out, slot ? "<tr><td><label>" : "<tr><td>");
    if (slot) p->body->choice(p->v, claim, i, p->body->links.context, p->out);
    page_words("b", candidate_name(a, k), p->out);
    if (slot) text_add(p->out, "</label>");
    if (k->measure->reading) page_words("div class=\"note\"", k->measure->reading, p->out);
    text_add(p->out, "</td><td class=\"number short\">");
    if (k->asked) {
      text_add_html(p->out, exact_text(a, k->measure, &k->value));
      text_add_html(p->out, parts_text(a, k->measure, &k->value));
    }
    if (k->asked && p->body) {
      text_add(p->out, "<br>");
      const char *element = page_open_rows(p, claim, k);
      text_print(p->out, "%lld条</%s>", (long long)k->value.rows, element);
    }
    text_add(p->out, "</td><td class=\"short\">");
    if (k->asked) mark_add(fits[k->fit], false, p->out);
    text_add(p->out, "</td></tr>\n");
  }
  text_add(p->out, "</table>\n");
}

static void add_card(const Page *p, size_t i) {
  const Claim *c = &p->v->claims[i];
  Mark m = mark_of(c->verdict, c->reason);
  text_print(p->out, "<section class=\"%s\" id=\"hand-%zu\"><h3>", m == MARK_ASK ? "card asked" : "card", i + 1);
  mark_add(m, true, p->out);
  text_print(p->out, "　<a class=\"figure\" href=\"#claim-%zu\">第%zu处</a>", i + 1, i + 1);
  page_place(p, c->start);
  text_add(p->out, "</h3>\n<p class=\"quote\">");
  page_excerpt(p, c);
  text_add(p->out, "</p>\n");
  if (c->message) page_words("p class=\"said\"", c->message, p->out);
  if (m == MARK_ASK) add_candidates(p, i);
  bool actions = p->body && p->body->actions;
  if (has_rows(c) && !actions && (m != MARK_ASK || !p->body)) {
    text_add(p->out, "<p class=\"screen\">");
    const char *element = page_open_rows(p, i, &c->candidates[0]);
    text_print(p->out, "查看明细（%lld条）</%s></p>\n", (long long)c->candidates[0].value.rows, element);
  }
  if (actions) {
    text_add(p->out, "<div class=\"actions\">");
    p->body->actions(p->v, i, p->body->links.context, p->out);
    text_add(p->out, "</div>\n");
  }
  text_add(p->out, "</section>\n");
}

static void add_statement_card(const Page *p, size_t i) {
  const Statement *t = &p->v->statements[i];
  text_print(p->out, "<section class=\"card\" id=\"hand-said-%zu\"><h3>", i + 1);
  mark_add(mark_of(t->verdict, t->reason), true, p->out);
  text_print(p->out, "　<a class=\"figure\" href=\"#said-%zu\">没有数字的说法</a>", i + 1);
  page_place(p, t->start);
  text_add(p->out, "</h3>\n");
  page_words("p class=\"quote\"", t->text, p->out);
  if (t->message) page_words("p", t->message, p->out);
  if (t->counter) page_words("p class=\"said\"", t->counter, p->out);
  text_add(p->out, "</section>\n");
}

static void add_finding(const Page *p, const Finding *f) {
  text_add(p->out, "<section class=\"card\"><h3>");
  page_icon("not", p->out);
  text_add(p->out, "前后对不上　");
  for (size_t i = 0; i < f->claim_count; i++)
    text_print(p->out, "%s<a class=\"figure\" href=\"#claim-%zu\">第%zu处</a>", i ? "、" : "", f->claims[i] + 1,
               f->claims[i] + 1);
  text_add(p->out, "</h3>\n");
  page_words("p class=\"said\"", f->message, p->out);
  text_add(p->out, "</section>\n");
}

static void add_hands(const Page *p) {
  const Verification *v = p->v;
  size_t before = p->out->length;
  text_add(p->out, "<aside class=\"margin\">\n<h2>要处理的</h2>\n");
  size_t opened = p->out->length;
  for (size_t i = 0; i < v->claim_count; i++) {
    Mark m = mark_of(v->claims[i].verdict, v->claims[i].reason);
    if (needs_panel(m)) add_card(p, i);
  }
  for (size_t i = 0; i < v->finding_count; i++) add_finding(p, &v->findings[i]);
  for (size_t i = 0; i < v->statement_count; i++)
    if (v->statements[i].verdict == VERDICT_CONTRADICTED) add_statement_card(p, i);
  Tally t = verification_tally(v);
  if (t.no_records) {
    text_print(p->out, "<section class=\"card\"><h3>");
    page_icon("gap", p->out);
    text_print(p->out, "%zu处台账未登记</h3>\n<p>补登台账或导入原有表格，灰的就会变绿，见<a class=\"figure\" href=\"", t.no_records);
    text_add_html(p->out, p->body && p->body->gaps ? p->body->gaps : "#gaps");
    text_add(p->out, "\">佐证缺口清单</a>。</p></section>\n");
  }
  if (p->out->length == opened && p->out->length > before) text_add(p->out, "<p>没有要处理的。</p>\n");
  text_add(p->out, "</aside>\n");
}

/* ---- the rows behind a claim ---- */

static bool add_rows(const Page *p, const Candidate *k, Error *e) {
  page_words("h4", candidate_name(p->session->arena, k), p->out);
  page_rows_note(k->measure, &k->value, p->out);
  FigureAsk ask = {.measure = k->measure, .slice = k->slice, .org = k->org, .period = k->period};
  return page_rows(p->session, ask, ROWS_MOST, p->out, e);
}

static bool add_drawer(const Page *p, size_t i, Error *e) {
  const Claim *c = &p->v->claims[i];
  Mark m = mark_of(c->verdict, c->reason);
  text_print(p->out, "<section class=\"rows\" id=\"c%zu\"><a class=\"close\" href=\"#claim-%zu\">", i + 1, i + 1);
  page_icon("close", p->out);
  text_print(p->out, "回到正文</a>\n<h3>第%zu处　", i + 1);
  text_add_html(p->out, c->text);
  text_add(p->out, "</h3>\n<p>");
  mark_add(m, true, p->out);
  text_add(p->out, "</p>\n");
  if (c->message) page_words("p class=\"said\"", c->message, p->out);
  if (c->role == ROLE_CLAIM && c->candidate_count > 1 && m != MARK_OK) add_candidates(p, i);
  for (size_t k = 0; has_rows(c) && k < c->candidate_count; k++) {
    bool wanted = k == 0 || m == MARK_ASK;
    if (wanted && c->candidates[k].asked && m != MARK_REFUSED && !add_rows(p, &c->candidates[k], e)) return false;
  }
  text_add(p->out, "</section>\n");
  return true;
}

/* ---- the page ---- */

/* Inside a page each kind leads to its lines of the table. */
static void add_kind(const Page *p, Mark m, size_t count) {
  bool current = p->body && p->body->kind && !strcmp(p->body->kind, marks[m].name);
  if (p->body && count)
    text_print(p->out, "<a class=\"kind\" href=\"?kind=%s#lines\"%s>", marks[m].name, current ? " aria-current=\"true\"" : "");
  else
    text_add(p->out, "<span class=\"kind\">");
  mark_add(m, false, p->out);
  text_print(p->out, p->body && count ? " <b class=\"figure\">%zu</b></a>" : " <b>%zu</b></span>", count);
}

static void add_tally(const Page *p, const Tally *t) {
  const size_t counts[MARK_SHOWN] = {[MARK_OK] = t->by[VERDICT_SUPPORTED],
                                     [MARK_NOTE] = t->by[VERDICT_NOTE],
                                     [MARK_NOT] = t->by[VERDICT_CONTRADICTED],
                                     [MARK_ASK] = t->by[VERDICT_AMBIGUOUS],
                                     [MARK_GAP] = t->no_records,
                                     [MARK_NONE] = t->no_figure,
                                     [MARK_PLAN] = t->by[VERDICT_PLAN]};
  text_print(p->out, "<p class=\"tally\"><b class=\"kind\">共%zu处：</b>", t->total);
  for (size_t i = 0; i < MARK_SHOWN; i++)
    if (counts[i] || i == MARK_OK || i == MARK_NOT) add_kind(p, (Mark)i, counts[i]);
  text_add(p->out, "</p>\n");
}

static const char *file_name(const char *path) {
  const char *slash = path ? strrchr(path, '/') : NULL;
  return slash ? slash + 1 : path && *path ? path : "初稿";
}

static void add_elsewhere(const Page *p) {
  if (!p->v->elsewhere) return;
  text_add(p->out, "<p class=\"amber\">稿中说的是“");
  text_add_html(p->out, p->v->elsewhere);
  text_add(p->out, "”，不是本单位，各处都未作核对。如确是本单位的稿，请写明本单位名称。</p>\n");
}

static void add_head(const Page *p) {
  const Verification *v = p->v;
  Tally t = verification_tally(v);
  PeriodText period;
  DateText today;
  text_add(p->out, "<header class=\"head\">\n<p class=\"crumb\">核对初稿　");
  text_add_html(p->out, org_name(p->session->tree, v->org, period_last(v->period)));
  text_add(p->out, "　");
  text_add_html(p->out, period_chinese(v->period, period));
  text_add(p->out, "</p>\n");
  page_words("p class=\"name\"", file_name(v->file), p->out);
  add_tally(p, &t);
  text_print(p->out, "<p class=\"note\">%s与台账核对；台账变了，结论也会变。</p>\n",
             date_chinese(p->session->today, today));
  add_elsewhere(p);
  text_add(p->out, "</header>\n");
}

static void add_legend(Text *out) {
  text_add(out, "<p class=\"legend\">");
  for (size_t i = 0; i < MARK_SHOWN; i++) {
    text_print(out, "<span><span class=\"claim-%s\">例</span> ", marks[i].name);
    mark_add((Mark)i, true, out);
    text_add(out, "</span>");
  }
  text_add(out, "</p>\n");
}

static Page page_of(Session *s, const Verification *v, const VerifyBody *body, Text *out) {
  size_t points = utf8_length(v->text);
  return (Page){.session = s,
                .v = v,
                .claim = claims_by_point(s->arena, v, points),
                .said = statements_by_point(s->arena, v, points),
                .body = body,
                .out = out};
}

static void add_all(const Page *p) {
  text_add(p->out, "<div class=\"all\">\n");
  if (!p->body || !p->body->gaps) page_gaps(p);
  page_table(p);
  page_statements(p);
  text_add(p->out, "</div>\n");
}

static bool whole(const Text *out, Error *e) {
  return out->full ? fail(e, ERROR_LIMIT, "网页太大，请改用文本格式，或把初稿分开核对。") : true;
}

bool verification_html(Session *s, const Verification *v, Text *out, Error *e) {
  Page p = page_of(s, v, NULL, out);
  page_open(arena_print(s->arena, "核对初稿：%s", file_name(v->file)), "checked", out);
  add_head(&p);
  text_add(out, "<main class=\"middle\">\n");
  if (v->claim_count) add_legend(out);
  add_text(&p);
  text_add(out, "</main>\n");
  add_hands(&p);
  add_all(&p);
  for (size_t i = 0; i < v->claim_count && !out->full; i++)
    if (!add_drawer(&p, i, e)) return false;
  page_close(out);
  return whole(out, e);
}

bool verification_html_body(Session *s, const Verification *v, const VerifyBody *body, Text *out, Error *e) {
  static const VerifyBody none = {0};
  Page p = page_of(s, v, body ? body : &none, out);
  Tally t = verification_tally(v);
  page_body_open("checked", out);
  add_tally(&p, &t);
  add_elsewhere(&p);
  text_add(out, "<div class=\"columns\">\n<div class=\"middle\">\n");
  if (v->claim_count) add_legend(out);
  add_text(&p);
  text_add(out, "</div>\n");
  add_hands(&p);
  text_add(out, "</div>\n");
  add_all(&p);
  page_body_close(out);
  return whole(out, e);
}
