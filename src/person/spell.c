/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Run while building: writes how each Han character is read, without tones, as ICU says it. So the program needs no
 * ICU to run, starts no slower, and finds people by 拼音 alike everywhere. ü is written v.
 *
 *   spell OUTPUT.c */
#include <stdio.h>
#include <string.h>
#include <unicode/utrans.h>

enum { FIRST = 0x3400, LAST = 0x9fff, LONGEST = 7, SYLLABLES = 600 };

/* The letters of what ICU wrote, or none when it is no single syllable of letters. */
static void letters(const UChar *from, int32_t n, char out[LONGEST + 1]) {
  size_t length = 0;
  for (int32_t i = 0; i < n; i++) {
    if (from[i] >= 0x300 && from[i] < 0x370) {
      if (from[i] == 0x308 && length) out[length - 1] = 'v';
      continue; /* a tone */
    }
    if (from[i] < 'a' || from[i] > 'z' || length == LONGEST) {
      length = 0;
      break;
    }
    out[length++] = (char)from[i];
  }
  out[length] = 0;
}

static size_t place(char syllables[][LONGEST + 1], size_t *count, const char *word) {
  size_t at = 0;
  while (at < *count && strcmp(syllables[at], word)) at++;
  if (at == *count && *count < SYLLABLES) memcpy(syllables[(*count)++], word, LONGEST + 1);
  return at;
}

int main(int argc, char **argv) {
  static const UChar id[] = u"Han-Latin; Lower; NFD";
  static char syllables[SYLLABLES][LONGEST + 1];
  UErrorCode code = U_ZERO_ERROR;
  UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
  FILE *out = argc == 2 && U_SUCCESS(code) ? fopen(argv[1], "w") : NULL;
  if (!out) return fprintf(stderr, "spell: %s\n", u_errorName(code)), 1;
  size_t count = 1; /* the first is no reading */
  fprintf(out, "#include \"person/pinyin_table.h\"\n\nconst unsigned short pinyin_of[] = {");
  for (int c = FIRST; c <= LAST; c++) {
    UChar text[32] = {(UChar)c};
    int32_t n = 1, limit = 1;
    char word[LONGEST + 1] = "";
    code = U_ZERO_ERROR;
    utrans_transUChars(t, text, &n, 32, 0, &limit, &code);
    if (U_SUCCESS(code)) letters(text, n, word);
    fprintf(out, "%s%zu,", c % 24 ? " " : "\n  ", place(syllables, &count, word));
  }
  fprintf(out, "\n};\n\nconst char pinyin_syllables[][8] = {\n");
  for (size_t i = 0; i < count; i++) fprintf(out, "  \"%s\",\n", syllables[i]);
  fprintf(out, "};\n");
  utrans_close(t);
  return fclose(out) || count == SYLLABLES;
}
