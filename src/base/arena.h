/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * Memory that lives as long as one request: allocate freely, free once.
 * Running out of memory aborts with a message: the store keeps what was
 * acknowledged, the supervisor starts the program again. */
#ifndef LUOSHI_BASE_ARENA_H
#define LUOSHI_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct Arena Arena;

Arena *arena_new(void);
/* For what will hold a megabyte or more: one page of 2 MB where the system has such, instead of hundreds. */
Arena *arena_new_large(void);
void arena_free(Arena *a); /* NULL is allowed */

/* Zeroed, aligned for any type; never NULL. */
void *arena_alloc(Arena *a, size_t size);
/* Grows an array in place or by copy; the old block stays in the arena. */
void *arena_grow(Arena *a, void *old, size_t old_size, size_t new_size);

char *arena_copy(Arena *a, const char *text);                 /* NULL gives NULL */
char *arena_slice(Arena *a, const char *text, size_t length); /* always NUL-terminated */
char *arena_print(Arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprint(Arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Everything allocated after a mark can be given back: loops over many rows. */
typedef struct { void *block; size_t used; } ArenaMark;
ArenaMark arena_mark(const Arena *a);
void arena_back(Arena *a, ArenaMark mark);

#define NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define NEW_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))

/* Appends to a growing arena array: PUSH(a, items, count, room) is the new slot.
 * `items` is a T*, `count` and `room` are size_t lvalues, all zero at first. */
#define PUSH(arena, items, count, room)                                                            \
  ((count) < (room) ? (void)0                                                                      \
                    : (void)((items) = arena_grow((arena), (items), sizeof *(items) * (room),      \
                                                  sizeof *(items) * ((room) ? (room)*2 : 8)),      \
                             (room) = (room) ? (room)*2 : 8),                                      \
   &(items)[(count)++])

void arena_cleanup(Arena **a);
#define ARENA_SCOPE __attribute__((cleanup(arena_cleanup))) Arena *

#endif
