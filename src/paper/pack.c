/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Packed by libzip. No time of day goes in, so that the same files give the same bytes; names are marked as UTF-8,
 * which old unpackers need in order to show Chinese. */
#include "paper/pack.h"

#include <string.h>
#include <zip.h>

static bool cannot(Error *e, const char *cause) {
  return fail_because(e, ERROR_UNAVAILABLE, cause, "压缩包没有做成，请重试。");
}

static bool add_files(zip_t *zip, const PackFile *files, size_t count, Error *e) {
  for (size_t i = 0; i < count; i++) {
    zip_source_t *from = zip_source_buffer(zip, files[i].bytes, files[i].size, 0);
    zip_int64_t at = from ? zip_file_add(zip, files[i].name, from, ZIP_FL_ENC_UTF_8 | ZIP_FL_OVERWRITE) : -1;
    if (at < 0) {
      if (from) zip_source_free(from);
      return cannot(e, zip_strerror(zip));
    }
    if (zip_file_set_mtime(zip, (zip_uint64_t)at, 0, 0) < 0) return cannot(e, zip_strerror(zip));
  }
  return true;
}

static bool take_bytes(zip_source_t *from, Text *out, Error *e) {
  char some[8192];
  zip_int64_t got;
  if (zip_source_open(from) < 0) return cannot(e, "zip_source_open");
  while ((got = zip_source_read(from, some, sizeof some)) > 0) text_add_n(out, some, (size_t)got);
  zip_source_close(from);
  return (!got && !out->full) || cannot(e, "zip_source_read");
}

bool pack_files(const PackFile *files, size_t count, Text *out, Error *e) {
  zip_error_t why;
  zip_error_init(&why);
  zip_source_t *packed = zip_source_buffer_create(NULL, 0, 0, &why);
  zip_t *zip = packed ? zip_open_from_source(packed, ZIP_TRUNCATE, &why) : NULL;
  if (!zip) {
    if (packed) zip_source_free(packed);
    zip_error_fini(&why);
    return cannot(e, "zip_open_from_source");
  }
  zip_source_keep(packed); /* closing the archive gives up its own hold */
  bool done = add_files(zip, files, count, e);
  if (!done) zip_discard(zip);
  else if (zip_close(zip) < 0) {
    done = cannot(e, zip_strerror(zip));
    zip_discard(zip);
  }
  if (done) done = take_bytes(packed, out, e);
  zip_source_free(packed);
  zip_error_fini(&why);
  return done;
}

/* ---- from outside ---- */

static unsigned little(const char *at) { return (unsigned char)at[0] | (unsigned)(unsigned char)at[1] << 8; }

/* The end record stands in the last 64 KB; any that claims too much is enough to refuse. */
PackSize pack_size(const char *bytes, size_t n, unsigned most) {
  enum { END = 22, COMMENT = 65535, LOCATOR = 20 };
  size_t from = n > END + COMMENT ? n - END - COMMENT : 0;
  bool found = false;
  for (size_t i = from; i + END <= n; i++) {
    if (memcmp(bytes + i, "PK\5\6", 4)) continue;
    found = true;
    bool large = i >= LOCATOR && !memcmp(bytes + i - LOCATOR, "PK\6\7", 4); /* a zip64, where 32 bits are too few */
    if (large || little(bytes + i + 8) > most || little(bytes + i + 10) > most) return PACK_CROWDED;
  }
  return found ? PACK_FITS : PACK_CUT;
}

bool pack_names(Arena *a, const char *bytes, size_t n, unsigned most, const char ***names, size_t *count) {
  *count = 0;
  if (pack_size(bytes, n, most) != PACK_FITS) return false;
  zip_error_t why;
  zip_error_init(&why);
  zip_source_t *source = zip_source_buffer_create(bytes, n, 0, &why);
  zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
  if (source && !zip) zip_source_free(source);
  zip_error_fini(&why);
  zip_int64_t all = zip ? zip_get_num_entries(zip, 0) : -1;
  bool fits = all >= 0 && all <= (zip_int64_t)most;
  *names = NEW_ARRAY(a, const char *, fits ? all + 1 : 1);
  for (zip_int64_t i = 0; fits && i < all; i++) {
    const char *name = zip_get_name(zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
    if (name) (*names)[(*count)++] = arena_copy(a, name);
  }
  if (zip) zip_discard(zip);
  return fits;
}
