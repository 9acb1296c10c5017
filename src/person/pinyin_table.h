/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * What spell.c writes: the syllable of every character from U+3400 to U+9FFF; 0 is none. */
#ifndef LUOSHI_PERSON_PINYIN_TABLE_H
#define LUOSHI_PERSON_PINYIN_TABLE_H

enum { PINYIN_FIRST = 0x3400, PINYIN_LAST = 0x9fff };
extern const unsigned short pinyin_of[];
extern const char pinyin_syllables[][8];

#endif
