/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdlib.h>

/* Small macros that every file may use. */

/* Number of elements of the array A. */
#define countof(a) (sizeof(a) / sizeof((a)[0]))

/* Run F with a pointer to the variable when it goes out of scope. */
#define _cleanup_(f) __attribute__((cleanup(f)))

/* Check calls as of printf(3): argument M is the format, N the first value. */
#define _printf_(m, n) __attribute__((format(printf, m, n)))

/* Hand over what the variable V owns: yield its value, and set V to EMPTY. */
#define TAKE(v, empty)                      \
	({                                  \
		__typeof__(v) _taken = (v); \
		(v) = (empty);              \
		_taken;                     \
	})
#define TAKE_PTR(p) TAKE(p, NULL)

/* Free *P, P being the address of a pointer.  For _cleanup_. */
static inline void freep(void *p)
{
	free(*(void **)p);
}
