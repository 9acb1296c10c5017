/* SPDX-License-Identifier: MulanPSL-2.0
 *
 * cmocka as our tests include it: its macro fail() would hide our function of that name. */
#ifndef LUOSHI_TEST_CHECK_H
#define LUOSHI_TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#undef fail
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#endif
