/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Runs one fuzz target over each file of a folder, with any compiler: what once broke stays tested. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *folder, const char *name) {
  enum { LARGEST = 1 << 20 };
  char path[4096];
  if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) return 0;
  FILE *file = fopen(path, "rb");
  if (!file) return 0;
  uint8_t *bytes = malloc(LARGEST);
  size_t size = bytes ? fread(bytes, 1, LARGEST, file) : 0;
  fclose(file);
  uint8_t *exact = malloc(size ? size : 1); /* so that reading one byte too far is seen */
  for (size_t i = 0; exact && i < size; i++) exact[i] = bytes[i];
  if (exact) LLVMFuzzerTestOneInput(exact, size);
  free(exact);
  free(bytes);
  return 1;
}

int main(int argc, char **argv) {
  DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
  if (!folder) {
    fprintf(stderr, "usage: replay FOLDER\n");
    return 2;
  }
  int ran = 0;
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (entry->d_name[0] != '.') ran += run_file(argv[1], entry->d_name);
  }
  closedir(folder);
  printf("%d inputs\n", ran);
  return ran ? 0 : 1;
}
