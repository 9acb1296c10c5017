/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Blocks are chained newest first; a block is never moved, so pointers stay
 * valid until the arena goes. Going back to a mark frees whole newer blocks. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FIRST_BLOCK = 8 * 1024, SMALL_BLOCK = 64 * 1024, LARGEST_BLOCK = 1024 * 1024, LARGE_PAGE = 2 * 1024 * 1024 };

typedef struct Block {
  struct Block *older;
  size_t size, used;
  size_t touched; /* bytes once given out; beyond them memory is still zero, and costs nothing until written */
  alignas(max_align_t) unsigned char bytes[];
} Block;

struct Arena {
  Block *newest;
  Block *spare; /* given back by arena_back: whoever goes back will come again */
  bool large;   /* of large pages */
};

_Noreturn static void out_of_memory(void) {
  fputs("luoshi: 内存不足，已停止；已确认的数据都在。\n", stderr);
  abort();
}

static Block *block_new(Block *older, size_t size) {
  bool small = size <= SMALL_BLOCK; /* used before, most likely: cleared where it is given out */
  Block *b = small ? malloc(sizeof(Block) + size) : calloc(1, sizeof(Block) + size);
  if (!b) out_of_memory();
  *b = (Block){.older = older, .size = size, .touched = small ? size : 0};
  return b;
}

static Block *large_block(Block *older) {
  Block *b = aligned_alloc(LARGE_PAGE, LARGE_PAGE);
  if (!b) out_of_memory();
  madvise(b, LARGE_PAGE, MADV_HUGEPAGE); /* where there are none, small ones do */
  *b = (Block){.older = older, .size = LARGE_PAGE - sizeof *b, .touched = LARGE_PAGE - sizeof *b};
  return b;
}

Arena *arena_new(void) {
  Arena *a = malloc(sizeof *a);
  if (!a) out_of_memory();
  *a = (Arena){.newest = block_new(NULL, FIRST_BLOCK)};
  return a;
}

Arena *arena_new_large(void) {
  Arena *a = malloc(sizeof *a);
  if (!a) out_of_memory();
  *a = (Arena){.newest = large_block(NULL), .large = true};
  return a;
}

void arena_free(Arena *a) {
  if (!a) return;
  while (a->newest) {
    Block *older = a->newest->older;
    free(a->newest);
    a->newest = older;
  }
  free(a->spare);
  free(a);
}

void arena_cleanup(Arena **a) { arena_free(*a); }

void *arena_alloc(Arena *a, size_t size) {
  if (size > SIZE_MAX / 2) out_of_memory();
  size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
  Block *b = a->newest;
  if (b->size - b->used < size) {
    size_t next = b->size < LARGEST_BLOCK ? b->size * 2 : LARGEST_BLOCK;
    if (a->spare && a->spare->size >= size) {
      a->spare->older = b;
      b = a->newest = a->spare;
      a->spare = NULL;
      b->used = 0;
    } else {
      bool large = a->large && size <= LARGE_PAGE - sizeof *b;
      b = a->newest = large ? large_block(b) : block_new(b, size > next ? size : next);
    }
  }
  void *at = b->bytes + b->used;
  if (b->used < b->touched) memset(at, 0, b->touched - b->used < size ? b->touched - b->used : size);
  b->used += size;
  if (b->touched < b->used) b->touched = b->used;
  return at;
}

void *arena_grow(Arena *a, void *old, size_t old_size, size_t new_size) {
  void *at = arena_alloc(a, new_size);
  if (old && old_size) memcpy(at, old, old_size);
  return at;
}

char *arena_slice(Arena *a, const char *text, size_t length) {
  char *at = arena_alloc(a, length + 1);
  if (length) memcpy(at, text, length);
  return at;
}

char *arena_copy(Arena *a, const char *text) { return text ? arena_slice(a, text, strlen(text)) : NULL; }

char *arena_vprint(Arena *a, const char *format, va_list args) {
  if (!format) format = "";
  va_list again;
  va_copy(again, args);
  int length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (length < 0) return arena_copy(a, "");
  char *at = arena_alloc(a, (size_t)length + 1);
  vsnprintf(at, (size_t)length + 1, format, args);
  return at;
}

char *arena_print(Arena *a, const char *format, ...) {
  va_list args;
  va_start(args, format);
  char *at = arena_vprint(a, format, args);
  va_end(args);
  return at;
}

ArenaMark arena_mark(const Arena *a) { return (ArenaMark){a->newest, a->newest->used}; }

void arena_back(Arena *a, ArenaMark mark) {
  while (a->newest != mark.block) {
    Block *gone = a->newest;
    a->newest = gone->older;
    bool better = gone->size <= LARGEST_BLOCK && (!a->spare || a->spare->size < gone->size);
    if (better) {
      Block *worse = a->spare;
      a->spare = gone;
      gone = worse;
    }
    free(gone);
  }
  a->newest->used = mark.used;
}
