/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Words in which a numeral character counts nothing: 一些, 统一, 十分, 队伍. */
#ifndef LUOSHI_LANGUAGE_LEXICAL_H
#define LUOSHI_LANGUAGE_LEXICAL_H

#include "language/cells.h"

/* The cell after the word that holds the numeral at i, or 0. `inside`: the numeral is not its first
 * character, so that no number can begin there whatever follows. */
size_t lexical_word(const Cells *cs, size_t i, bool *inside);

#endif
