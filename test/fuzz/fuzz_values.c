/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Any bytes as a date, a decimal and JSON: what is read and written is read again as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/decimal.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good) {
  if (!good) abort();
}

static void try_date(const char *s) {
  Date d = 0, again = 0;
  Error e = {0};
  DateText text;
  if (!date_read(s, &d, &e))
    check(e.kind != ERROR_NONE && *e.sentence);
  else
    check(date_valid(d) && date_read(date_iso(d, text), &again, &e) && again == d);
  if (date_read_month(s, &d, &e)) check(date_valid(d) && date_day(d) == 1);
  if (date_read_year(s, &d, &e)) check(date_valid(d) && d % 10000 == 101);
}

static void try_decimal(const char *s) {
  Decimal d, again, sum;
  Error e = {0};
  NumberText text;
  if (!decimal_read(s, &d, &e)) {
    check(e.kind != ERROR_NONE && *e.sentence);
    return;
  }
  check(decimal_read(decimal_text(d, text), &again, &e) && !decimal_compare(d, again));
  check(decimal_subtract(d, again, &sum) && !sum.mantissa);
  Ratio r;
  if (ratio_from_decimal(d, &r)) check(!ratio_compare_decimal(r, d) && !decimal_compare(ratio_round(r, d.scale), d));
}

static void try_json(const char *bytes, size_t size) {
  Error e = {0};
  JSON_SCOPE value = json_read(bytes, size, 4096, &e);
  if (!value) {
    check(e.kind != ERROR_NONE && *e.sentence);
    return;
  }
  TEXT_SCOPE once = text_new(1 << 20);
  TEXT_SCOPE twice = text_new(1 << 20);
  json_write(value, false, &once);
  JSON_SCOPE again = json_read(text_get(&once), once.length, 1 << 20, &e);
  check(again != NULL);
  json_write(again, false, &twice);
  check(!strcmp(text_get(&once), text_get(&twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ARENA_SCOPE a = arena_new();
  char *text = arena_alloc(a, size + 1);
  if (size) memcpy(text, data, size);
  try_date(text);
  try_decimal(text);
  char *exact = malloc(size ? size : 1);
  check(exact != NULL);
  memcpy(exact, text, size);
  try_json(exact, size);
  free(exact);
  return 0;
}
