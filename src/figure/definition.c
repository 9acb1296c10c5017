/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What a measure counts, in full and in one canonical form: two measures with the same text give the same
 * value over the same rows. A frozen report keeps it, so that a declaration changed since is noticed. How a
 * measure is labelled is no part of it; how it is written is. */
#include "figure/figure.h"

static void add_path(Text *out, const char *key, const Path *p) {
  if (!p->column) return;
  text_print(out, "%s: %s%s%s%s%s%s\n", key, p->age ? "age(" : "", p->parent ? "record." : "", p->via ? p->via->name : "",
             p->via ? "." : "", p->column->name, p->age ? ")" : "");
}

static void add_filter(Text *out, const char *key, const Filter *f) {
  if (!f) return;
  text_print(out, "%s: ", key);
  filter_text(f, out);
  text_add_char(out, '\n');
}

void figure_definition(const Measure *m, Text *out) {
  static const char *const whens[] = {"event", "started", "ended", "asof", "upto"};
  static const char *const folds[] = {"count", "distinct", "sum", "mean", "share"};
  text_print(out, "measure: %s\nfrom: %s\nrows: %s\n", m->full_name, m->set->from->name, m->rows->name);
  add_filter(out, "where", m->where);
  text_print(out, "when: %s\n", whens[m->when]);
  add_path(out, "on", &m->on);
  add_path(out, "begins", &m->from);
  add_path(out, "ends", &m->to);
  add_path(out, "org", &m->org);
  text_print(out, "fold: %s\n", folds[m->fold]);
  for (size_t i = 0; i < m->key_count; i++) add_path(out, "key", &m->keys[i]);
  add_path(out, "value", &m->value);
  add_filter(out, "share", m->share);
  text_print(out, "unit: %s\nscale: %d\nlag: %d\n", m->unit ? m->unit : "", m->scale, m->lag);
  text_print(out, "say: %s %d %s %lld\n", m->say.unit ? m->say.unit : "-", m->say.scale, m->say.as ? m->say.as : "-",
             (long long)m->say.step);
}
