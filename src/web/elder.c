/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The choice of a size and what shows it. The sign-in carries it from page to page; the drawer from one sign-in to
 * the next, and is put anew each time so that it does not run out for who still comes. */
#include "web/elder.h"

#include <string.h>

#include "access/drawer.h"

static const char KIND[] = "elder", KEY[] = "size";

void elder_show(Page *p, json_t *context) {
  static const char *const looks[ELDER_SIZES] = {NULL, "elder", "elder larger", "elder largest"};
  static const char *const labels[ELDER_SIZES] = {"平常", "大字", "更大", "最大"}, *const letters[ELDER_SIZES] = {
                                                                                       "小", "大", "更大", "最大"};
  int size = p->signin.elder > 0 && p->signin.elder < ELDER_SIZES ? p->signin.elder : 0;
  json_t *out = json_array();
  for (int i = 0; i < ELDER_SIZES; i++) {
    json_t *one = json_object();
    view_set(one, "label", size ? letters[i] : labels[i]);
    view_count(one, "value", i);
    view_flag(one, "current", size == i);
    json_array_append_new(out, one);
  }
  json_object_set_new(context, "sizes", out);
  view_flag(context, "elder", size > 0);
  view_set(context, "look", looks[size]);
  view_set(context, "here", p->request->path);
}

bool elder_keep(Page *p, int size, Error *e) {
  if (p->token) signins_elder(p->web->signins, p->token, size);
  char digit = (char)('0' + size);
  return size ? drawer_put(p->site, p->signin.account, KIND, KEY, &digit, 1, e)
              : drawer_drop(p->site, p->signin.account, KIND, KEY, e);
}

void elder_resume(Page *p, const char *account, const char *token) {
  Sheet sheet;
  Error none = {0};
  if (!drawer_get(p->site, p->arena, account, KIND, KEY, &sheet, &none) || sheet.size != 1) return;
  int size = sheet.bytes[0] - '0';
  if (size <= 0 || size >= ELDER_SIZES) return;
  signins_elder(p->web->signins, token, size);
  drawer_put(p->site, account, KIND, KEY, sheet.bytes, 1, &none);
}
