/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Private items on pages: hidden until somebody entitled says what for (web_unveil, POST /look), and noted when they
 * leave in a file. The file's name carries day and account, its hash stands in the note: which copy it is can be told
 * without a line in it that an import would stumble over. */
#ifndef LUOSHI_WEB_LOOK_H
#define LUOSHI_WEB_LOOK_H

#include "web/view.h"

/* After the body of an export is whole and named: the note is written (look.export) or nothing goes out. Ends the
 * page's snapshot. Nothing to note where the relation has no private items or the asker sees none. */
bool web_note_export(Page *p, const Relation *r, int64_t rows, Error *e);

#endif
