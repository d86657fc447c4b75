/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Names of one directory that are one where case is ignored.  Case is that of
 * ASCII letters: of others, names that differ in them are taken for two.
 */

/* Of names that may be one, the first that was added. */
struct twin {
	uint32_t hash; /* of the name without regard to case; 0: no name */
	uint32_t at;   /* the caller's number of it */
};

struct twins {
	struct twin
		*v; /* owned: a table of 2^n places, a quarter of them free */
	size_t size;
	bool found; /* there are two names that may be one */
};

#define TWINS_EMPTY            \
	(struct twins)         \
	{                      \
		.v = (void *)0 \
	}

/*
 * Make room for N names.
 *
 * Returns 0 or -ENOMEM.
 */
int twins_reserve(struct twins *twins, size_t n);

/* Add NAME, the AT-th; there is room. */
void twins_add(struct twins *twins, const char *name, uint32_t at);

/*
 * The number of the first name that may be one with NAME, which was added; that
 * they are is to be looked at.
 */
uint32_t twins_first(const struct twins *twins, const char *name);

/* Free what it holds.  For _cleanup_. */
void twins_release(struct twins *twins);
