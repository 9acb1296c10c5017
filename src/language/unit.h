/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Units: dimensions with exact factors (亩, 公顷, 斤, 公里, 元, %) and classifier classes
 * ({次 场 场次 轮 轮次} {人 名 位} {人次} {件 项 条 个} {期 班} {处 座} {户 家} …). 人次 is never 人. */
#ifndef LUOSHI_LANGUAGE_UNIT_H
#define LUOSHI_LANGUAGE_UNIT_H

#include <stddef.h>

#include "base/decimal.h"

typedef struct Unit {
  const char *name;   /* as written: 场次, 万元 is 元 with the 万 in the number */
  const char *class_; /* units of one class can answer each other: "event" "person" "person-times" "item" … */
  const char *base;   /* dimension's base unit: 元, 亩, 米 …; the name itself for classifiers */
  int64_t num, den;   /* base = value × num / den */
  bool measured;      /* a dimension (元, 亩, 天), not a classifier; 个 may stand before it */
} Unit;

/* The longest unit that begins at `text` (UTF-8), and its length in bytes; NULL if none. */
const Unit *unit_at(const char *text, size_t *bytes);
const Unit *unit_find(const char *name);
bool unit_answers(const Unit *asked, const Unit *measure); /* same class or same dimension */

/* Whether a word stands here that only begins like a measure word: 村民, 条例. */
bool unit_lookalike(const char *text);

/* The tables, sorted by bytes: for tests and for listing. */
const Unit *units_all(size_t *count);
const char *const *unit_lookalikes(size_t *count);

#endif
