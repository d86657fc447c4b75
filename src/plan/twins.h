/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Twins are names in one directory that are one name where case is ignored.
 * Only ASCII letters are compared in this way: names that differ in the case of
 * other letters are not taken for twins.
 */

/* The first of several names that may be twins. */
struct twin {
	uint32_t hash; /* of the name in lower case; 0: no name */
	uint32_t at;   /* the number that the caller gave it */
};

struct twins {
	struct twin *v; /* owned: 2^n places, a quarter of them free */
	size_t size;
	bool found; /* at least two names may be twins */
};

#define TWINS_EMPTY ((struct twins){ .v = (void *)0 })

/*
 * Make room for N names.
 *
 * Returns 0 or -ENOMEM.
 */
int twins_reserve(struct twins *twins, size_t n);

/* Add NAME with the number AT; room for it must have been reserved. */
void twins_add(struct twins *twins, const char *name, uint32_t at);

/*
 * The number of the first name that may be a twin of NAME.  NAME must have been
 * added.  The caller checks whether the two really are the same.
 */
uint32_t twins_first(const struct twins *twins, const char *name);

/* Free the table.  For _cleanup_. */
void twins_release(struct twins *twins);
