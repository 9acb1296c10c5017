/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * core.yaml as bytes, made at build by embed.py. */
#ifndef LUOSHI_RELATION_CORE_H
#define LUOSHI_RELATION_CORE_H

#include <stddef.h>

extern const unsigned char core_yaml[];
extern const size_t core_yaml_size;

#endif
