/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdlib.h>

/* The dialect: small macros that every file may use. */

/* Number of elements of the array A. */
#define countof(a) (sizeof(a) / sizeof((a)[0]))

/* Run F with a pointer to the variable when it goes out of scope. */
#define _cleanup_(f) __attribute__((cleanup(f)))

/* Checked like printf(3): the format is argument M, its values begin at N. */
#define _printf_(m, n) __attribute__((format(printf, m, n)))

/* Hand over what variable V owns: its value, V itself left as EMPTY. */
#define TAKE(v, empty)                      \
	({                                  \
		__typeof__(v) _taken = (v); \
		(v) = (empty);              \
		_taken;                     \
	})
#define TAKE_PTR(p) TAKE(p, NULL)

/* Free what the pointer P points to points to.  For _cleanup_. */
static inline void freep(void *p)
{
	free(*(void **)p);
}
