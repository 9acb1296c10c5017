/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * 工作台: what is unfinished, and what lacks something. */
#include "web/view.h"

bool desk_page(Page *p, Error *e) { return view_page(p, "desk", "工作台", json_object(), e); }
