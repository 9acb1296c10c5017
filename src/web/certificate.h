/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The office's own certificate, for phones on its network: made at the first start that needs one, kept in
 * the site's keys/web.pem (0600, key and certificate), made anew when it has less than a month left or the
 * machine answers at an address that it does not name. */
#ifndef LUOSHI_WEB_CERTIFICATE_H
#define LUOSHI_WEB_CERTIFICATE_H

#include "base/error.h"

typedef struct Certificate {
  const char *certificate, *key; /* PEM. Arena. */
  const char *fingerprint;       /* SHA-256, 32 pairs of digits parted by colons */
  bool fresh;                    /* made just now */
} Certificate;

/* `addresses`: those that the server answers at, numeric; count may be 0. */
bool certificate_ready(Arena *a, const char *site_folder, const char *const *addresses, size_t count, Certificate *out, Error *e);

/* The machine's own addresses but loopback ones, numeric. Arena. */
size_t machine_addresses(Arena *a, const char ***out);

#endif
