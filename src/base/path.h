/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <stddef.h>

/* A path that grows and shrinks at its end, for what is told. */
struct path {
	char *text;  /* owned; NULL until something was added */
	size_t len;  /* bytes, without the NUL */
	size_t size; /* bytes that there is room for */
};

#define PATH_EMPTY                     \
	(struct path)                  \
	{                              \
		.text = NULL, .len = 0 \
	}

/*
 * Add NAME, with a slash before it where one is missing.
 *
 * Returns 0, or -ENOMEM with PATH as it was.
 */
int path_add(struct path *path, const char *name);

/* Cut PATH to LEN bytes, which it has. */
void path_cut(struct path *path, size_t len);

/*
 * How many times does TEXT, a path, say the same beginning, of whole components,
 * and nothing else?  3 for "a/b/a/b/a/b", 1 for "a/b/a".
 */
size_t path_repeats(const char *text);

/* Free what it holds.  For _cleanup_. */
void path_release(struct path *path);
