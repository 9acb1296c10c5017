/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * luoshi: one program for the browser and the command line (docs/architecture.md). */
#include <locale.h>

#include "cli/command.h"
#include "operations.h"

int main(int argc, char **argv) {
  setlocale(LC_CTYPE, "C.UTF-8");
  ARENA_SCOPE a = arena_new();
  return command_line(argc, argv, operations_all(a));
}
