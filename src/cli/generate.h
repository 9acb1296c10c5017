/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * The generator: fills a site (or CSV files for import) from a declaration. It knows no ledger, field or
 * word of a profile; demo.yaml and bench/load.yaml say everything. The same declaration, seed and profile
 * give the same rows with the same ids, so that golden files do not move.
 *
 *   demo: 望禾乡              what it is called           seed: 7        of the random numbers
 *   clock: 2023-12-20         the site's own day          lists: {surname: [王, 李], village: [甲村, 乙村]}
 *   pools: {committee: {of: post, where: "…filter…", take: person}}     rows already there, drawn from the store
 *   parts: [demo/a.yaml]      further files beside or below this one, each with lists, pools and blocks only;
 *                             their blocks are done after these, in order, and know the lists and pools of
 *                             the root and of earlier parts. A name stands once in all of them
 *   blocks: a list, done in order; what one made the next can name
 *
 * A block makes records of one relation, its lines, and what follows from each record:
 *   make: study               relation (core ones too)
 *   each: village             once for every item of a list, of a pool, or of [a, b] written here
 *   take: 12 | [8, 14]        only so many of these, drawn at random
 *   in: "{org}"               of a pool: only rows of that org or under it on the record's day
 *   count: 15 | [2, 4]        so many (for every item); `size` is the number the caller gives
 *   columns: [a, b]  rows: ["x y", "z -"]    instead of each: one record a row, cells parted by blanks, - is missing
 *   with: {field: value}      in this order; org, state and void_reason are fields like others
 *   lines: {attendance: [block …]}           the same language
 *   then: [block …]           made after each record; {made} is its id, its fields can be named
 *   batch: 500                records a revision
 *   vary: [9, 21]             in a varied filling (`luoshi demo --vary SEED`) so many instead: of `count`, of the
 *                             first `rows`, of the items of `each`; else without effect
 *
 * Values. A text is written as people write it; {name} in it stands for each, n (counted through the block),
 * made, a field of this row, a field of the record (of a line, of what `then` follows), or one item of a list
 * or pool at random; lines and `then` of a single row keep the n of their record; `org: "{org}"` is the org of
 * the record above. A text that is one {name}
 * keeps its type, so references need no names. ~ is missing.
 *   [a, b, c]                              in turn              {unique: "{surname}{given}"}    never the same twice
 *   {pick: x}  {pick: x, in: "{org}"}      at random            {number: [10, 90], step: 5}
 *   {deck: x, times: [3, 5]}               shuffled and dealt: exact shares; shuffled again when used up
 *   {date: [a, b]}                         a day between
 *   {spread: [a, b]}                       the n-th working day of as many as the block makes
 *   {after: "{held_on}", days: [5, 20], until: 2023-12-19}      a working day later
 *   {case: sex, of: {男: …, 女: …}, else: …}                    by a field before
 *   {chance: 10, then: x}                  x in 10 of 100, else missing
 *   {varied: {number: [10, 90]}}           of a field that `rows` gave: so in a varied filling, else as given
 * where x is the name of a list or pool, or a list of values. The state is the first that counts unless given. */
#ifndef LUOSHI_CLI_GENERATE_H
#define LUOSHI_CLI_GENERATE_H

#include "access/site.h"

typedef struct Generation Generation;

/* Reads and checks the form of a declaration; names of relations and fields are checked when it runs. */
const Generation *generation_read(Arena *a, const char *path, Issues *issues, Error *e);
const char *generation_label(const Generation *g);
Date generation_clock(const Generation *g); /* 0: none given */
/* The same with other counts (`vary`) and other random numbers; one seed gives the same rows each time. */
const Generation *generation_varied(Arena *a, const Generation *g, int64_t seed);

typedef struct Generated { int64_t records, lines, revisions; } Generated;

/* `size` is what `count: size` means. All checks of a typed-in record are made. `issues` says what was wrong
 * in the declaration, by file and line; what was committed before stays. */
bool generation_fill(Site *site, const Generation *g, int64_t size, Generated *out, Issues *issues, Error *e);
/* One CSV a block into `folder`, in the shape that import reads; nothing is written to the site, from which
 * pools are drawn. Blocks with `then` are refused. */
bool generation_csv(Site *site, const Generation *g, int64_t size, const char *folder, Generated *out, Issues *issues,
                    Error *e);

#endif
