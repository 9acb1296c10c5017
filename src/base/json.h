/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Jansson behind limits, with errors as sentences. Written JSON is compact,
 * keys in insertion order, so that output is stable. */
#ifndef LUOSHI_BASE_JSON_H
#define LUOSHI_BASE_JSON_H

#include <jansson.h>

#include "base/error.h"
#include "base/text.h"

/* A new reference, or NULL. Refuses more than `ceiling` bytes, NULs, duplicates, depth over 32. */
json_t *json_read(const char *bytes, size_t n, size_t ceiling, Error *e);
void json_write(const json_t *value, bool pretty, Text *out);

void json_release(json_t **value);
#define JSON_SCOPE __attribute__((cleanup(json_release))) json_t *

#endif
