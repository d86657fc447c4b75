/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

/* A path for messages, which grows and shrinks at its end. */
struct path {
	char *text;  /* owned; NULL until something was added */
	size_t len;  /* bytes, without the NUL */
	size_t size; /* bytes allocated */
};

#define PATH_EMPTY ((struct path){ .text = NULL, .len = 0 })

/*
 * Append NAME, after a slash if PATH doesn't end in one.
 *
 * Returns 0, or -ENOMEM with PATH unchanged.
 */
int path_add(struct path *path, const char *name);

/* Cut PATH to LEN bytes, which must not be more than it has. */
void path_cut(struct path *path, size_t len);

/* Free the memory of PATH.  For _cleanup_. */
void path_release(struct path *path);
