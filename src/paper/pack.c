/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Packed by libzip. No time of day goes in, so that the same files give the same bytes; names are marked as UTF-8,
 * which old unpackers need in order to show Chinese. */
#include "paper/pack.h"

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
